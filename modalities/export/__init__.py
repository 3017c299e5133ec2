"""A finished take handed over to an editing program."""
