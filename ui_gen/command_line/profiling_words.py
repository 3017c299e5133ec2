"""The options of `beecam taste`. Imports nothing heavy."""

from __future__ import annotations

import argparse

ACTIONS = ("show", "set", "forget", "off", "on", "learn")


def add_taste(sub: argparse.ArgumentParser) -> None:
    sub.add_argument("action", nargs="?", choices=ACTIONS, default="show",
                     help="show it (the default); set AXIS VALUE WEIGHT; forget AXIS or --all; off; on; learn from the "
                          "project's labels, edits and ideas")
    sub.add_argument("words", nargs="*", metavar="AXIS VALUE WEIGHT",
                     help="such as: look noir 0.8; the weight goes from -1 (never) to 1 (always)")
    sub.add_argument("--all", action="store_true", help="with forget: everything")
