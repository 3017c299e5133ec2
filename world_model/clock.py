"""The one clock. Every count of frames, samples and steps in Beecam comes from a TimeGrid.

Sound is the master clock: a picture may be held or dropped, a sample never. A step is the unit the joint model
thinks in; it holds a whole number of frames and a whole number of samples, so that no stream drifts from another.
"""

from __future__ import annotations

import math
from dataclasses import dataclass


@dataclass(frozen=True)
class TimeGrid:
    """Rates that divide each other exactly.

    steps_per_s, fps and sample_rate_hz are positive whole numbers; fps and sample_rate_hz are multiples of
    steps_per_s. Raises ValueError, naming both numbers, when they are not.
    """

    steps_per_s: int = 4
    fps: int = 24
    sample_rate_hz: int = 48000

    def __post_init__(self) -> None:
        for name in ("steps_per_s", "fps", "sample_rate_hz"):
            value = getattr(self, name)
            if int(value) != value or value <= 0:
                raise ValueError(f"{name} must be a whole number above 0, not {value}")
        for name in ("fps", "sample_rate_hz"):
            value = getattr(self, name)
            if value % self.steps_per_s:
                raise ValueError(f"{name} {value} is not a multiple of steps_per_s {self.steps_per_s}")

    @classmethod
    def for_fps(cls, fps: int, sample_rate_hz: int = 48000, most_steps_per_s: int = 8) -> TimeGrid:
        """The grid with the most steps per second, up to `most_steps_per_s`, that divides both rates."""
        if int(fps) != fps or fps <= 0:
            raise ValueError(f"fps must be a whole number above 0, not {fps}")
        common = math.gcd(int(fps), int(sample_rate_hz))
        steps = max(n for n in range(1, most_steps_per_s + 1) if common % n == 0)
        return cls(steps, int(fps), int(sample_rate_hz))

    @property
    def frames_per_step(self) -> int:
        return self.fps // self.steps_per_s

    @property
    def samples_per_step(self) -> int:
        return self.sample_rate_hz // self.steps_per_s

    def frames(self, duration_s: float) -> int:
        """Frames that cover `duration_s` (rounded up: a picture never ends before its sound)."""
        return max(1, math.ceil(duration_s * self.fps - 1e-6))

    def samples(self, duration_s: float) -> int:
        """Samples in `duration_s`, rounded to the nearest."""
        return round(duration_s * self.sample_rate_hz)

    def frame_at(self, time_s: float) -> int:
        """The frame on screen at `time_s`."""
        return max(0, math.floor(time_s * self.fps + 1e-6))

    def time_of(self, frame: int) -> float:
        """Seconds at which `frame` first shows."""
        return frame / self.fps
