"""Small exceptions: phrases that hold a colour word but speak of something else."""

from __future__ import annotations

NOT_COLOURS = frozenset({"golden"})
