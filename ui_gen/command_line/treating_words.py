"""The options of `beecam treatment`."""

from __future__ import annotations

import argparse
from pathlib import Path


def add_treatment(sub: argparse.ArgumentParser) -> None:
    sub.add_argument("take", metavar="TAKE", help="a take's id or name")
    sub.add_argument("--out", type=Path, metavar="FILE", help="write the text here")
