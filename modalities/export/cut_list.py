"""A finished film as an editor sees it: one media file, cut into clips on whole frames, with markers."""

from __future__ import annotations

import os
import secrets
import unicodedata
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Literal

import av
from av.error import FFmpegError

from modalities.faults import Unusable

MarkerKind = Literal["section", "bar", "beat"]
COLOURS: dict[MarkerKind, str] = {"section": "GREEN", "bar": "CYAN", "beat": "BLUE"}


@dataclass(frozen=True)
class Clip:
    """Frames [start, end) of the film. name: of the shot; cut: how it comes in (hard, dissolve, fade); the picture of
    dissolves and fades is in the media already."""

    name: str
    start: int
    end: int
    cut: str
    note: str = ""


@dataclass(frozen=True)
class Marker:
    """Frames [start, end) of the film; a beat is one frame long."""

    name: str
    start: int
    end: int
    kind: MarkerKind


@dataclass(frozen=True)
class CutList:
    """clips tile the film. rate: frames a second, exact; media: absolute path of the film."""

    title: str
    media: Path
    rate: Fraction
    frames: int
    size_px: tuple[int, int]
    sample_rate_hz: int
    clips: tuple[Clip, ...]
    markers: tuple[Marker, ...]


@dataclass(frozen=True)
class Film:
    """What the film's own file says."""

    rate: Fraction
    frames: int
    size_px: tuple[int, int]
    sample_rate_hz: int


def film_of(video: Path) -> Film:
    """Frame rate, number of frames, size and rate of the sound. Raises Unusable when it cannot be read."""
    try:
        with av.open(str(video)) as container:
            stream = container.streams.video[0]
            frames = stream.frames or sum(1 for packet in container.demux(stream) if packet.size)
            sound = container.streams.audio[0].rate if container.streams.audio else 48000
            return Film(Fraction(stream.average_rate or 24), frames, (stream.width, stream.height), int(sound or 48000))
    except (FFmpegError, IndexError, OSError):
        raise Unusable(f"{video} cannot be read as a film.") from None


def plain(text: str, longest: int = 200) -> str:
    """One line without control letters and lone surrogates, which no editing format may hold."""
    kept = "".join(" " if unicodedata.category(letter) in ("Cc", "Zl", "Zp") else letter for letter in text
                   if unicodedata.category(letter) not in ("Cs", "Cn"))
    return " ".join(kept.split())[:longest]


@contextmanager
def written(out: Path) -> Generator[Path]:
    """A place to write a file or a folder that becomes `out` in one step, or nothing. Raises Unusable when something
    is there already."""
    if out.exists():
        raise Unusable(f"{out} is there already; nothing is overwritten.")
    out.parent.mkdir(parents=True, exist_ok=True)
    part = out.with_name(f".{out.name[:80]}.{os.getpid()}-{secrets.token_hex(4)}.part")
    try:
        yield part
        if out.exists():
            raise Unusable(f"{out} is there already; nothing is overwritten.")
        part.rename(out)
    finally:
        if part.is_dir():
            import shutil

            shutil.rmtree(part, ignore_errors=True)
        else:
            part.unlink(missing_ok=True)
