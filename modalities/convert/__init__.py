"""Any-to-any: an encoder at one end, the joint model's infilling in the middle, a decoder at the other end."""
