"""The world model as a live painter: it dreams the rows, three frames at a time."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from modalities.engines.dream import enlarged
from modalities.faults import Unavailable, Unusable
from modalities.live.row_engine import RowEngine
from modalities.live.start import LIVE_GRID
from world_model.streams.layout import FRAMES_PER_STEP, PICTURE_FPS, Floats


class DreamPainter:
    """Loose and alive: a picture depends on its row and on what was dreamt before. It takes a quarter second of rows
    at once and shows three pictures of it, each as long as a third."""

    id = "dream"
    frames_per_slice = LIVE_GRID.frames_per_step

    def __init__(self, passes: int = 2) -> None:
        self._passes = passes

    def open(self, first_row: NDArray[np.float32], size_px: tuple[int, int], fps: int, seed: int) -> None:
        from world_model.dream import Dreamer
        from world_model.joint.shipped import open_picture_codec, open_world

        if fps % PICTURE_FPS:
            raise Unusable(f"The dream plays at multiples of {PICTURE_FPS} frames a second, not {fps}.")
        self._size = size_px
        self._dreamer = Dreamer(open_world("live"), open_picture_codec(), self._passes)
        self.paint(np.repeat(first_row.reshape(1, -1), self.frames_per_slice, 0), 0)
        self._dreamer.begin(seed, ())

    def paint(self, rows: NDArray[np.float32], frame0: int) -> NDArray[np.uint8]:
        frames = self._dreamer.step(self._streams(rows))
        each = [enlarged(frame, self._size) for frame in frames]
        return np.stack([each[k * FRAMES_PER_STEP // len(rows)] for k in range(len(rows))])

    def differs(self, row: NDArray[np.float32], other: NDArray[np.float32]) -> bool:
        """By what the model would see in either, from the same noise and past."""
        if np.array_equal(row, other):
            return False
        one, two = (self._streams(np.repeat(r[None], FRAMES_PER_STEP, 0)) for r in (row, other))
        return self._dreamer.tells_apart(one, two)

    def _streams(self, rows: NDArray[np.float32]) -> dict[str, Floats]:
        from world_model.streams.from_state import state_streams

        return state_streams(rows[np.arange(FRAMES_PER_STEP) * len(rows) // FRAMES_PER_STEP], PICTURE_FPS)

    def close(self) -> None:
        return None


def dream_engine() -> RowEngine:
    """The dream, ready to be opened. Raises Unavailable when the weights are not here."""
    from world_model.joint.shipped import missing

    wrong = missing("live") or missing("picture_codec")
    if wrong:
        raise Unavailable(f"The dream cannot play here: {wrong}.")
    return RowEngine(DreamPainter())
