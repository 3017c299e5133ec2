"""The words of `beecam engines`; what it does is in engines.py."""

from __future__ import annotations

import argparse
from pathlib import Path


def add_engines(sub: argparse.ArgumentParser) -> None:
    """The words of `beecam engines`."""
    sub.add_argument("action", nargs="?", choices=("get", "remove"),
                     help="get: fetch the weights of an engine (the only command that downloads); remove: delete them")
    sub.add_argument("name", nargs="?", metavar="NAME", help="an engine or a set of weights, as the list names it")
    sub.add_argument("--yes", action="store_true", help="do not ask")
    sub.add_argument("--accept-licence", action="store_true",
                     help="weights that forbid selling what is made with them are wanted all the same")
    sub.add_argument("--out", type=Path, metavar="DIR", help="the folder that holds one folder for each set "
                     "(default: BEECAM_MODELS, or ~/.local/share/beecam/models)")
