"""The world as aligned streams of numbers, one row a step: what the joint model reads and writes."""
