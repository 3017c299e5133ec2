"""The words of `beecam sound` and `beecam codec`, and `--sound`; what they do is in sounding.py, which loads more."""

from __future__ import annotations

import argparse
from pathlib import Path


def add_sound(sub: argparse.ArgumentParser) -> None:
    """The words of `beecam sound`."""
    sub.add_argument("what", metavar="TAKE|FILM", help="a take's id or name, or a film file")
    sub.add_argument("--engine", metavar="ID", help="who makes the sound; see beecam engines (default: the take's own, "
                     "and for a film our own synthesis)")
    sub.add_argument("--param", action="append", default=[], metavar="NAME=VALUE", dest="params",
                     help="a knob of that engine, such as follow=0.8")
    sub.add_argument("--foley", action="store_true", help="of a take: what happens is heard by the engine's own "
                     "sounds; of a film it always is")
    sub.add_argument("--narrate", action="store_true", help="of a take: its subtitles are spoken")
    sub.add_argument("--seed", type=int, metavar="N")
    sub.add_argument("--out", type=Path, metavar="DIR", help="where it goes (default: sounds in the project)")


def add_codec(sub: argparse.ArgumentParser) -> None:
    """The words of `beecam codec`."""
    sub.add_argument("file", type=Path, metavar="FILE", help="sound, or a film with sound")
    sub.add_argument("--kbps", type=float, metavar="N", help="kilobits a second; the nearest that the codec offers is "
                     "taken (default: its highest)")
    sub.add_argument("--codec", default="sound_codec", metavar="NAME", help="sound_codec, which ships with Beecam, or "
                     "the folder of an EnCodec model among the large models")
    sub.add_argument("--out", type=Path, metavar="FILE", help="a .wav file (default: beside the file; of a take, in "
                     "the project's sounds)")


def add_sound_choice(sub: argparse.ArgumentParser) -> None:
    """--sound and --sound-param of make and plan."""
    sub.add_argument("--sound", default="synth", metavar="ID", help="who plays the music; see beecam engines")
    sub.add_argument("--sound-param", action="append", default=[], metavar="NAME=VALUE", dest="sound_params",
                     help="a knob of that, such as narrate=true or follow=0.8")
