"""The words of `beecam roto`; what it does is in rotoscoping.py, which loads more."""

from __future__ import annotations

import argparse
from pathlib import Path

RESULTS = ("alpha", "mask", "film")


def add_roto(sub: argparse.ArgumentParser) -> None:
    """The words of `beecam roto`."""
    sub.add_argument("film", type=Path, metavar="FILM")
    sub.add_argument("--at", metavar="X,Y", help="the subject is here in the first picture: fractions, or pixels")
    sub.add_argument("--box", metavar="L,T,R,B", help="the subject fills this box; without --at or --box it is the "
                     "main subject")
    sub.add_argument("--world", metavar="TEXT", help="keep the subject, replace its world by this one")
    sub.add_argument("--world-take", metavar="TAKE", help="keep the subject, replace its world by a take's pictures")
    sub.add_argument("--to", choices=RESULTS, help="alpha (default), a grey film of the mask, or the film in its new "
                     "world (default with --world)")
    sub.add_argument("--out", type=Path, metavar="PATH", help="alpha: a folder for PNG pictures, or a .mov (ProRes "
                     "4444), .webm (VP9) or .mkv (FFV1) file; mask: an .mp4 file; film: a folder to copy the take to")
    sub.add_argument("--no-shadow", action="store_true", help="no shadow under the subject in its new world")
    sub.add_argument("--still-world", action="store_true", help="the new world's camera stands still instead of "
                     "moving as the film's does")
    sub.add_argument("--seed", type=int, default=1, metavar="N")
    sub.add_argument("--weights", type=Path, metavar="DIR", help="follow the subject with a SAM 2 video model from "
                     "this folder (transformers format) instead of the built-in way (default: sam2-tiny, where "
                     "beecam engines get sam2-tiny has fetched it)")
