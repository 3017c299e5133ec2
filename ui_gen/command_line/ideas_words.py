"""The options of `beecam ideas`."""

from __future__ import annotations

import argparse
from pathlib import Path

from agent.ideas_types import MOST_IDEAS
from ui_gen.command_line.cluster_words import add_cluster


def add_ideas(sub: argparse.ArgumentParser) -> None:
    sub.add_argument("what", metavar="TAKE|PROMPT", help="a take's id, or what should be seen and heard")
    sub.add_argument("--count", "--n", type=int, default=4, metavar="N", dest="count",
                     help=f"how many ideas, 1 to {MOST_IDEAS} (default: 4)")
    sub.add_argument("--out", type=Path, metavar="DIR",
                     help="where the thumbnails go (default: a folder in the project)")
    add_cluster(sub)
    sub.add_argument("--seed", type=int, default=1, metavar="N")
    sub.add_argument("--take", type=int, metavar="N", dest="number",
                     help="make idea N of the list shown last for the same words and seed, as a new take")
