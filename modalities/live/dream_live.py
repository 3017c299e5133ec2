"""The world model as a live painter: it dreams the rows, three frames at a time."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from modalities.engines.dream import enlarged
from modalities.faults import Unavailable, Unusable
from modalities.live.row_engine import RowEngine
from modalities.live.start import LIVE_GRID
from world_model.dream_guide import GRAIN, GuideView, guided, with_grain
from world_model.joint.guide import Hold
from world_model.streams.from_state import state_streams
from world_model.streams.layout import FRAMES_PER_STEP, PICTURE_FPS

# To tell two worlds apart, both are drawn small: it must not cost the next picture.
GLANCE_PX = (128, 72)
PLAIN = 0.03


class DreamPainter:
    """Loose and alive: a picture depends on its row and on what was dreamt before. It takes a quarter second of rows
    at once and shows three pictures of it, each as long as a third."""

    id = "dream"
    frames_per_slice = LIVE_GRID.frames_per_step

    def __init__(self, passes: int = 2, hold: Hold = "full") -> None:
        self._passes = passes
        self._hold: Hold = hold

    def open(self, first_row: NDArray[np.float32], size_px: tuple[int, int], fps: int, seed: int) -> None:
        from world_model.dream import Dreamer
        from world_model.joint.shipped import open_picture_codec, open_world

        if fps % PICTURE_FPS:
            raise Unusable(f"The dream plays at multiples of {PICTURE_FPS} frames a second, not {fps}.")
        self._size, self._seed = size_px, seed
        self._view, self._glance = GuideView(2), GuideView(2, GLANCE_PX)
        self._dreamer = Dreamer(open_world("live"), open_picture_codec(), self._passes)
        self.paint(np.repeat(first_row.reshape(1, -1), self.frames_per_slice, 0), 0)
        self._dreamer.begin(seed, ())

    def paint(self, rows: NDArray[np.float32], frame0: int) -> NDArray[np.uint8]:
        three = thirds(rows)
        guide = guided(self._view, three, self._hold)
        frames = self._dreamer.step(state_streams(three, PICTURE_FPS), guide, self._hold)
        frames = with_grain(frames, three[:, GRAIN], frame0, self._seed)
        each = [enlarged(frame, self._size) for frame in frames]
        return np.stack([each[k * FRAMES_PER_STEP // len(rows)] for k in range(len(rows))])

    def glance(self, rows: NDArray[np.float32], frame0: int) -> NDArray[np.uint8]:
        """A dream goes on from itself; there is no shorter way to its next picture."""
        return self.paint(rows, frame0)

    def differs(self, row: NDArray[np.float32], other: NDArray[np.float32]) -> bool:
        """By what the model would see in either, from the same noise and past."""
        if np.array_equal(row, other):
            return False
        still = [np.repeat(r[None], FRAMES_PER_STEP, 0) for r in (row, other)]
        one, two = (state_streams(rows, PICTURE_FPS) for rows in still)
        guides = guided(self._glance, still[0], self._hold), guided(self._glance, still[1], self._hold)
        if self._hold == "full" and guides[0] is not None and guides[1] is not None and float(
                np.sqrt(np.square(guides[0] - guides[1]).mean())) > PLAIN:
            return True  # what the dream holds to differs plainly: no need to ask it
        return self._dreamer.tells_apart(one, two, guides=guides, hold=self._hold)

    def close(self) -> None:
        return None


def thirds(rows: NDArray[np.float32]) -> NDArray[np.float32]:
    """The three of a quarter second's rows that are dreamt."""
    return rows[np.arange(FRAMES_PER_STEP) * len(rows) // FRAMES_PER_STEP]


def dream_engine() -> RowEngine:
    """The dream, ready to be opened. Raises Unavailable when the weights are not here."""
    from world_model.joint.shipped import missing

    wrong = missing("live") or missing("picture_codec")
    if wrong:
        raise Unavailable(f"The dream cannot play here: {wrong}.")
    return RowEngine(DreamPainter())
