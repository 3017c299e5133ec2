"""The options of `beecam panel`. Imports nothing heavy."""

from __future__ import annotations

import argparse

FOCUSES = ("light", "colour", "camera", "subject", "weather", "land", "look", "music", "sound", "time")


def add_panel(sub: argparse.ArgumentParser) -> None:
    sub.add_argument("take", metavar="TAKE", nargs="?", help="a take's id or name")
    sub.add_argument("--focus", choices=FOCUSES, help="what the panel should be about")
    sub.add_argument("--schema", action="store_true", help="the JSON schema of panels, instead of a panel")
    sub.add_argument("--a2ui", action="store_true", help="the panel as A2UI messages as well")
