"""What sizes and lengths a video model takes, and how a long shot is cut into windows of its latents.

A causal video coder turns frame 0 into one latent and every `step` frames after it into one more, so a model makes
step * k + 1 frames at a time. Windows overlap by whole latents, which are handed on as they are: nothing is decoded and
encoded again at a join.
"""

from __future__ import annotations

import math
from dataclasses import dataclass


@dataclass(frozen=True)
class Shape:
    """multiple_px: sides are multiples of it; step: frames to a latent; most_frames: to a window; fps: what the model
    was taught at, or 0 where it takes any; area_px: width times height it was taught at; least_frames: the
    fewest it makes at a time."""

    multiple_px: int
    step: int
    most_frames: int
    fps: float
    area_px: int
    least_frames: int = 1

    def frames(self, wanted: int) -> int:
        """The least length the model makes that is not shorter than `wanted` frames."""
        return math.ceil(max(0, max(wanted, self.least_frames) - 1) / self.step) * self.step + 1

    def latents(self, frames: int) -> int:
        """Latents of a legal length."""
        return (frames - 1) // self.step + 1

    def size_px(self, film_px: tuple[int, int], area_px: int) -> tuple[int, int]:
        """(width, height) of nearly the film's shape, in steps the model takes, no more than `area_px` and no more than
        the film needs, but at least one step."""
        width, height = film_px
        scale = min(1.0, math.sqrt(area_px / (width * height)))
        side = self.multiple_px
        if scale == 1.0:
            return (math.ceil(width / side) * side, math.ceil(height / side) * side)
        return (max(side, math.floor(width * scale / side) * side), max(side, math.floor(height * scale / side) * side))

    def windows(self, frames: int, most_frames: int, overlap: int) -> tuple[tuple[int, int], ...]:
        """(first latent, latents) of each window over a shot of `frames` (a legal length), in order. All are as long as
        the first; each begins at least `overlap` latents before the one before it ends; the last ends with the shot."""
        total, longest = self.latents(frames), max(2, self.latents(self.frames(min(most_frames, frames))))
        if self.frames(min(most_frames, frames)) > most_frames and longest > 2:
            longest -= 1
        if total <= longest:
            return ((0, total),)
        kept = max(1, min(overlap, longest - 1))
        starts = list(range(0, total - longest, longest - kept))
        return tuple((start, longest) for start in (*starts, total - longest))

    def frames_of(self, window: tuple[int, int]) -> tuple[int, int]:
        """The [first, after the last) frames of a shot that a window shows: its first latent stands for the last of the
        frames it was made of."""
        first, count = window
        return self.step * first, self.step * (first + count - 1) + 1
