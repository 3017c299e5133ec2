"""The options of `beecam resume`."""

from __future__ import annotations

import argparse

from ui_gen.command_line.cluster_words import add_cluster


def add_resume(sub: argparse.ArgumentParser) -> None:
    """The options of `beecam resume`."""
    sub.add_argument("job", metavar="JOB", nargs="?", help="which run (default: the newest one that died)")
    sub.add_argument("--answer", metavar="TEXT", help="what a run that asked something is told")
    add_cluster(sub)
    sub.add_argument("--forget", action="store_true", help="give the run up; takes it made stay")
    sub.add_argument("--list", action="store_true", dest="list_only", help="only list what is unfinished")
