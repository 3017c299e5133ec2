"""The option --cluster of `make`, `edit`, `merge`, `ideas` and `resume`."""

from __future__ import annotations

import argparse


def add_cluster(sub: argparse.ArgumentParser) -> None:
    """The option --cluster."""
    sub.add_argument("--cluster", action="store_true",
                     help="let the workers of a Ray cluster draw: that of RAY_ADDRESS (HOST:PORT or auto; used without "
                          "this option as well), or one on this machine's own cores (see docs/scale.md)")
