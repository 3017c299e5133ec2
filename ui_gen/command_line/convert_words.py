"""The words of `beecam convert` and `beecam matrix`; what they do is in converting.py, which loads more."""

from __future__ import annotations

import argparse
from pathlib import Path

from modalities.convert.kinds import INPUTS, OUTPUTS

WORLDS, QUICK_WORLDS = 16, 4


def add_convert(sub: argparse.ArgumentParser) -> None:
    """The words of `beecam convert`."""
    sub.add_argument("input", metavar="INPUT", help="a file, or with --from text a sentence")
    sub.add_argument("--to", required=True, metavar="|".join(OUTPUTS))
    sub.add_argument("--from", dest="kind", metavar="KIND", help=f"what the input is: {', '.join(INPUTS)}")
    sub.add_argument("--out", type=Path, metavar="FILE", help="default: beside the input; nothing is overwritten")
    sub.add_argument("--seed", type=int, default=0, metavar="N")
    sub.add_argument("--duration", type=float, metavar="S", help="default: the input's own (up to 60 s), or 4 s")
    sub.add_argument("--size", metavar="WxH", help="pixels of pictures (default: 768x432)")
    sub.add_argument("--steps", type=int, default=12, metavar="N", help="sampling steps of the model (default: 12)")


def add_matrix(sub: argparse.ArgumentParser) -> None:
    """The words of `beecam matrix`."""
    sub.add_argument("--worlds", type=int, metavar="N", help=f"held-out worlds (default: {WORLDS})")
    sub.add_argument("--quick", action="store_true", help=f"{QUICK_WORLDS} worlds only")
    sub.add_argument("--out", type=Path, metavar="FILE", help="write the table as a Markdown page")
