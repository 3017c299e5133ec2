"""The joint model: one transformer over aligned streams, in which anything is known or to be filled in."""
