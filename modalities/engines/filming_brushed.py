"""A film's frames with its motion brushes laid over them, and how far the picture followed them."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from modalities.engine import Job
from modalities.engines.brushes import Brush, Brushes
from modalities.segments import Picture, middle


class Brushed:
    """A film's frames with its motion brushes, and what the brushes added: the flow in the middle of every shot that
    has some, against the same two frames without."""

    def __init__(self, job: Job, draw: Callable[[int], Picture]) -> None:
        fps = job.world.grid.fps
        shots = job.world.state.shot[:, 0].numpy().astype(np.int64)
        # Rows carry single precision; the drawing's own frame gives its time exactly.
        drawn = np.rint(job.world.state.time_s[:, 0].numpy().astype(np.float64) * fps)
        times_s = np.clip(drawn, 0, np.arange(len(shots))) / fps
        self._brushes, self._draw, self._times_s = Brushes(job.brushes, job.size_px, shots, times_s), draw, times_s
        self._looks = {middle(shots, shot): shot for shot in job.brushes if (shots == shot).sum() > 4}
        self._before: tuple[int, Picture, Picture] | None = None
        self.found: list[tuple[float, float]] = []

    def begin(self) -> None:
        """A new piece begins: nothing that was seen before belongs to it."""
        self._before = None

    def draw(self, index: int) -> Picture:
        plain = self._draw(index)
        moved = self._brushes.moved(index, plain)
        begin = self._before
        if begin is not None and self._times_s[index] > self._times_s[begin[0]]:
            self._look(begin, plain, moved, index)
            self._before = begin = None
        if begin is None and index in self._looks:
            self._before = (index, plain.copy(), moved.copy())
        return moved

    def measured(self) -> dict[str, float]:
        """brush_cosine: the least agreement with a direction; brush_outside: the most that moved beside a region."""
        found = [pair for pair in self.found if pair[0] == pair[0]]
        return {} if not found else {"brush_cosine": round(min(c for c, _ in found), 3),
                                     "brush_outside": round(max(o for _, o in found), 3)}

    def _look(self, before: tuple[int, Picture, Picture], plain: Picture, moved: Picture, index: int) -> None:
        from modalities.engines.brush_truth import followed

        brushes: tuple[Brush, ...] = self._brushes.of(before[0])
        # Two brushes in one shot cross each other's regions; one alone can be told apart.
        if len(brushes) == 1 and brushes[0].start < 0.5 < brushes[0].end:
            step_s = float(self._times_s[index] - self._times_s[before[0]])
            seen = followed(brushes[0], (before[1], plain), (before[2], moved), step_s)
            self.found.append((seen.cosine, seen.outside))
