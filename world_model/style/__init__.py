"""A look learnt from pictures: low-rank additions to the joint model's picture path, and what they were measured to do.
"""
