"""A film in pieces: which frames make a piece, what a piece is made from, and a piece of H.264 that stands alone.

Every piece is a closed group of pictures encoded by an encoder of its own, so its packets depend on its frames alone;
a film is its pieces' packets one after another, and does not tell which of them came from an earlier take.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from modalities.film import ENCODING, Coded
from modalities.machine import facts
from modalities.watching import Seen

Picture = NDArray[np.uint8]
PIECE_S = 2
LEAST_FRAMES = 2
ROOT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class Source:
    """What an engine draws a film from. rows (T, K): of each frame; made_by: all else that its pixels depend on; alone:
    whether a frame depends on its own row only, or on every row before it as well."""

    rows: NDArray[np.float32]
    made_by: str
    alone: bool = True


@dataclass(frozen=True)
class Segment:
    """A finished piece. coded: its packets; header: the encoder's parameter sets; seen: what was measured of its
    frames; stills: frames worth a poster, by their number in the piece; brushed: what was measured of motion brushes,
    pairs of (agreement, what moved outside)."""

    coded: tuple[Coded, ...]
    header: bytes
    seen: Seen
    stills: Mapping[int, Picture] = field(default_factory=dict)
    brushed: tuple[tuple[float, float], ...] = ()


def middle(shots: NDArray[np.int64], shot: int) -> int:
    """The frame in the middle of a shot."""
    same = np.flatnonzero(shots == shot)
    return int(same[len(same) // 2])


def pieces(shots: NDArray[np.int64], fps: int, joins: Iterable[int] = ()) -> list[tuple[int, int]]:
    """[start, end) of every piece, in order: the shots (T,), cut where `joins` says that a transition begins or ends,
    and every PIECE_S seconds. None is shorter than LEAST_FRAMES where the film is not."""
    total = len(shots)
    starts = [0]
    for at in (np.flatnonzero(np.diff(shots) != 0) + 1).tolist():
        if at - starts[-1] >= LEAST_FRAMES and total - at >= LEAST_FRAMES:
            starts.append(at)
    # A brush is measured on the frames after a shot's middle, which belong into one piece.
    middles = np.array(sorted({middle(shots, shot) for shot in np.unique(shots).tolist()}))
    ends = [*starts[1:], total]
    found: list[int] = []
    for start, end in zip(starts, ends, strict=True):
        inner = [at for at in sorted(set(joins)) if start < at < end]
        marks = [start]
        for at in [*inner, end]:
            grid = range(marks[-1] + PIECE_S * fps, at - fps + 1, PIECE_S * fps)
            for mark in [*grid, *([at] if at < end else [])]:
                held = ((start <= middles) & (middles < mark) & (mark <= middles + max(1, fps // 3))).any()
                if mark - marks[-1] >= LEAST_FRAMES and end - mark >= LEAST_FRAMES and not held:
                    marks.append(mark)
        found += marks
    return list(zip(found, [*found[1:], total], strict=True))


def keys(source: Source, plan: list[tuple[int, int]], size_px: tuple[int, int], fps: int,
         added: Mapping[int, Any] | None = None, made_on: str = "") -> list[str]:
    """A name for each piece that changes with anything that can change its bytes. added: JSON of what is laid over the
    finished frames, by the start of the piece; made_on: as of Job."""
    common = json.dumps([source.made_by, source.alone, size_px, fps, ENCODING, made_on or made_with()],
                        sort_keys=True).encode()
    before = hashlib.sha256(common)
    found: list[str] = []
    for start, end in plan:
        digest = before if not source.alone else hashlib.sha256(common)
        digest.update(f"{start if not source.alone else 0} {end - start} {source.rows.shape[1]}".encode())
        digest.update(np.ascontiguousarray(source.rows[start:end]).tobytes())
        own = digest.copy()
        own.update(json.dumps((added or {}).get(start), sort_keys=True).encode())
        found.append(own.hexdigest())
    return found


@cache
def made_with() -> str:
    """The versions, sources and machine that pictures are made with: what else could change a byte."""
    digest = hashlib.sha256()
    rooms = [path for room in ("world_model", "modalities/engines") for path in (ROOT / room).rglob("*.py")]
    for path in sorted([*rooms, *(ROOT / "modalities" / f"{name}.py" for name in ("film", "segments", "watching"))]):
        digest.update(path.relative_to(ROOT).as_posix().encode())
        digest.update(path.read_bytes())
    packages = [f"{name} {_version(name)}" for name in ("av", "numpy", "numba", "torch", "opencv-python-headless")]
    return json.dumps([digest.hexdigest(), packages, facts()["cpu"], facts()["system"]])


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "none"
