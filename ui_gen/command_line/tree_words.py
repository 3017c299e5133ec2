"""The options of what works on the tree of takes: label, diff, merge, verify, prune, export. Imports nothing heavy."""

from __future__ import annotations

import argparse
from pathlib import Path

from ui_gen.command_line.cluster_words import add_cluster

FORMATS = ("otio", "fcpxml", "edl", "mp4", "frames")


def add_label(sub: argparse.ArgumentParser) -> None:
    sub.add_argument("take", metavar="TAKE", help="a take's id or name")
    sub.add_argument("--name", metavar="TEXT", help="a name that takes can be called by; an empty one takes it away")
    stars = sub.add_mutually_exclusive_group()
    stars.add_argument("--star", action="store_const", const=True, dest="starred", help="a favourite")
    stars.add_argument("--unstar", action="store_const", const=False, dest="starred")
    sub.add_argument("--note", metavar="TEXT", help="what you want to remember; an empty one takes it away")
    kept = sub.add_mutually_exclusive_group()
    kept.add_argument("--discard", action="store_const", const=True, dest="discarded",
                      help="not wanted: beecam prune may move it to the trash")
    kept.add_argument("--keep", action="store_const", const=False, dest="discarded", help="wanted again")


def add_diff(sub: argparse.ArgumentParser) -> None:
    sub.add_argument("first", metavar="A", help="a take's id or name")
    sub.add_argument("second", metavar="B", help="another's")


def add_merge(sub: argparse.ArgumentParser) -> None:
    sub.add_argument("ours", metavar="A", help="a take's id or name")
    sub.add_argument("theirs", metavar="B", help="another's")
    sub.add_argument("--base", metavar="TAKE", help="what both are compared with (default: the nearest take both come "
                                                    "from)")
    sub.add_argument("--take", choices=("ours", "theirs"), dest="side",
                     help="whose value holds where both changed the same thing (ours is A); without it such a merge "
                          "ends with exit code 1")
    add_cluster(sub)
    sub.add_argument("--plan-only", action="store_true", help="the merged Direction and what clashes; nothing is made")


def add_verify(sub: argparse.ArgumentParser) -> None:
    sub.add_argument("takes", nargs="*", metavar="TAKE", help="ids or names, or the folder of a take or a file in it")
    sub.add_argument("--all", action="store_true", help="every take of the project")
    sub.add_argument("--rerender", action="store_true",
                     help="make each again from its sidecar in another process and compare the bytes")


def add_prune(sub: argparse.ArgumentParser) -> None:
    sub.add_argument("--dry-run", action="store_true", help="say what would go, move nothing")
    sub.add_argument("--restore", action="append", default=[], metavar="TAKE",
                     help="bring a take back, with the takes it comes from")


def add_export(sub: argparse.ArgumentParser) -> None:
    sub.add_argument("takes", nargs="+", metavar="TAKE", help="ids or names")
    sub.add_argument("--to", required=True, choices=FORMATS, dest="kind",
                     help="a timeline (otio, fcpxml, edl) that points at the film where it lies, the film, or pictures")
    sub.add_argument("--out", type=Path, metavar="PATH",
                     help="the file (of one take) or the folder (default: exports in the project)")
