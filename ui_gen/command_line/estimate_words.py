"""The options of `beecam estimate`, and --cap of `make` and `edit`."""

from __future__ import annotations

import argparse


def add_estimate(sub: argparse.ArgumentParser) -> None:
    """The options of `beecam estimate`."""
    sub.add_argument("what", metavar="PROMPT|TAKE", help="what should be seen and heard, or a take's id or name")
    sub.add_argument("--ref", action="append", default=[], metavar="FILE[:role,role]", help="as of make")
    sub.add_argument("--duration", type=float, metavar="S", help="seconds of film")
    sub.add_argument("--size", metavar="WxH", help="pixels")
    sub.add_argument("--fps", type=int, metavar="N", help="frames a second")
    sub.add_argument("--engine", metavar="ID", help="one engine only (default: every one that can run here)")
    sub.add_argument("--set", action="append", default=[], metavar="POINTER=VALUE", dest="settings",
                     help="of a take: as edited so, as with edit")


def add_cap(sub: argparse.ArgumentParser) -> None:
    """The option --cap of `make` and `edit`."""
    sub.add_argument("--cap", type=float, metavar="SECONDS",
                     help="render nothing when it may take longer than this (see: beecam estimate)")
