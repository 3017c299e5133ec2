"""The simulator as a live painter."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from modalities.live.row_engine import RowEngine
from world_model.state import offsets

AT = offsets()
CAMERA = AT["camera"]
# The little picture in which two rows are compared, and the least step of a colour that counts (of 255).
PROBE_PX, LEAST_STEP = (64, 36), 3
# How large a picture is drawn for somebody who waits, as a share of each side.
GLANCE = 0.5


class SimPainter:
    """Crisp and exact: a picture is a function of its row."""

    id = "sim"
    frames_per_slice = 1

    def __init__(self, threads: int = 2) -> None:
        self._threads = threads

    def open(self, first_row: NDArray[np.float32], size_px: tuple[int, int], fps: int, seed: int) -> None:
        from world_model.sim.picture import Renderer

        self._size, self._seed = size_px, seed
        self._renderer = Renderer(size_px, threads=self._threads)
        self._probe = Renderer(PROBE_PX, threads=1)
        width, height = (max(16, 2 * round(GLANCE * side / 2)) for side in size_px)
        self._small = Renderer((width, height), threads=self._threads)
        self._renderer.render(first_row, 0)
        self._small.render(first_row, 0)
        self._probe.render(first_row, 0)

    def paint(self, rows: NDArray[np.float32], frame0: int) -> NDArray[np.uint8]:
        return np.stack([self._renderer.render(row, 0, self._seed) for row in rows])

    def glance(self, rows: NDArray[np.float32], frame0: int) -> NDArray[np.uint8]:
        """Drawn smaller and enlarged; the next picture is sharp again."""
        import cv2

        small = [self._small.render(row, 0, self._seed) for row in rows]
        return np.stack([cv2.resize(one, self._size, interpolation=cv2.INTER_CUBIC) for one in small]).astype(np.uint8)

    def differs(self, row: NDArray[np.float32], other: NDArray[np.float32]) -> bool:
        """By the picture itself, drawn small; a moved camera by how far it shifts what is near, in pixels."""
        if np.array_equal(row, other):
            return False
        if self._shift_px(row[CAMERA].astype(np.float64), other[CAMERA].astype(np.float64)) >= 1.0:
            return True
        rest = row.copy()
        rest[CAMERA] = other[CAMERA]
        if np.array_equal(rest, other):
            return False
        one, two = (self._probe.render(r, 0, self._seed).astype(np.int16) for r in (rest, other))
        return int(np.abs(one - two).max()) >= LEAST_STEP

    def _shift_px(self, a: NDArray[np.float64], b: NDArray[np.float64]) -> float:
        """Pixels by which the picture's middle turns, or a thing at 12 m moves."""
        turn = np.abs((a[3:6] - b[3:6] + np.pi) % (2 * np.pi) - np.pi).max()
        return float((turn + np.linalg.norm(a[:3] - b[:3]) / 12.0) * self._size[0] / max(a[6], 0.1))

    def close(self) -> None:
        self._renderer.close()
        self._probe.close()
        self._small.close()


def sim_engine() -> RowEngine:
    """The simulator, ready to be opened."""
    return RowEngine(SimPainter())
