"""Rotoscoping: one subject cut out of a film, frame by frame, and what can be done with it."""
