"""What really stands in a frame of a world: its skyline and its subject's box, from the simulator's own ids."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from modalities.cues import Box
from world_model.state import World

COLUMNS = 32
SKY = 0
FIRST_BODY = 10
LOOKED_PX = 320


@dataclass(frozen=True)
class FrameTruth:
    """skyline: (COLUMNS,) y from the top of what is not sky, 1 where a column is all sky; subject: box of the body
    that the camera is about (or of the largest), None where no body is seen."""

    skyline: NDArray[np.float64] | None
    subject: Box | None


def frame_truth(world: World, frame: int, size_px: tuple[int, int]) -> FrameTruth:
    """The truth of one frame, looked at in a small size of the same shape."""
    from world_model.sim.picture import Renderer, packed_rows

    scale = min(1.0, LOOKED_PX / max(size_px))
    small = max(16, 2 * round(size_px[0] * scale / 2)), max(16, 2 * round(size_px[1] * scale / 2))
    ids = Renderer(small, threads=1).geometry(packed_rows(world.state)[frame: frame + 1]).object_id
    return FrameTruth(_skyline(ids), _subject(ids))


def _skyline(ids: NDArray[np.int16]) -> NDArray[np.float64] | None:
    land = (ids > SKY) & (ids < FIRST_BODY)
    if not land.any():
        return None
    height, width = ids.shape
    tops = np.where(land.any(0), land.argmax(0), height) / height
    edges = np.linspace(0, width, COLUMNS + 1).round().astype(int)
    return np.array([float(np.median(tops[a:b])) for a, b in pairwise(edges)])


def _subject(ids: NDArray[np.int16]) -> Box | None:
    kinds, counts = np.unique(ids[ids >= FIRST_BODY], return_counts=True)
    if not len(kinds):
        return None
    rows, columns = np.nonzero(ids == kinds[counts.argmax()])
    height, width = ids.shape
    return (float(columns.min()) / width, float(rows.min()) / height, float(columns.max() + 1) / width,
            float(rows.max() + 1) / height)
