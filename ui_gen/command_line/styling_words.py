"""The words of `beecam style`."""

from __future__ import annotations

import argparse
from pathlib import Path


def add_style(sub: argparse.ArgumentParser) -> None:
    """`learn NAME CLIPS…` and `list`."""
    sub.add_argument("action", choices=("learn", "list"))
    sub.add_argument("name", nargs="?", metavar="NAME", help="of the new style: a-z, 0-9, _ and -")
    sub.add_argument("clips", nargs="*", type=Path, metavar="CLIP", help="films that have the look")
    sub.add_argument("--minutes", type=float, default=4.0, metavar="N", help="how long to learn (default: 4)")
    sub.add_argument("--steps", type=int, metavar="N", help="instead of minutes: the same adapter on every run")
    sub.add_argument("--seed", type=int, default=1, metavar="N")
