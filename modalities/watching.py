"""What can be measured of a film while it is made: light, motion, stillness, and how picture follows sound."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

THUMB = (36, 64)


@dataclass(frozen=True)
class Seen:
    """What was measured of a run of frames. luma, motion (n,): as a Watcher keeps them, motion[0] being 0; first, last:
    the outer frames' thumbnails, so that runs can be joined."""

    luma: NDArray[np.float64]
    motion: NDArray[np.float64]
    first: NDArray[np.float32]
    last: NDArray[np.float32]


class Watcher:
    """Collects one thumbnail's worth of measurements a frame; memory is a few numbers a frame."""

    def __init__(self, fps: int) -> None:
        self._fps = fps
        self._luma: list[float] = []
        self._motion: list[float] = []
        self._first: NDArray[np.float32] | None = None
        self._last: NDArray[np.float32] | None = None

    def see(self, rgb: NDArray[np.uint8]) -> None:
        """The next frame, uint8 (height, width, 3)."""
        height, width = rgb.shape[:2]
        rows = np.linspace(0, height - 1, min(THUMB[0], height)).astype(int)
        columns = np.linspace(0, width - 1, min(THUMB[1], width)).astype(int)
        thumb = rgb[np.ix_(rows, columns)].astype(np.float32).mean(2) / 255.0
        self._luma.append(float(thumb.mean()))
        self._motion.append(0.0 if self._last is None else float(np.abs(thumb - self._last).mean()))
        self._first = thumb if self._first is None else self._first
        self._last = thumb

    @property
    def seen(self) -> Seen:
        """All frames so far as one run; there must be one."""
        assert self._first is not None and self._last is not None
        return Seen(np.asarray(self._luma), np.asarray(self._motion), self._first, self._last)

    def join(self, run: Seen) -> None:
        """The next frames, measured before."""
        motion = run.motion.tolist()
        if self._last is not None:
            motion[0] = float(np.abs(run.first - self._last).mean())
        self._luma += run.luma.tolist()
        self._motion += motion
        self._first = run.first if self._first is None else self._first
        self._last = run.last

    @property
    def motion(self) -> NDArray[np.float64]:
        """(n,) mean absolute change [0, 1] since the frame before; 0 for the first."""
        return np.asarray(self._motion, np.float64)

    def measured(self, cut_frames: NDArray[np.int64], energy: NDArray[np.float32] | None) -> dict[str, float]:
        """mean_luma [0, 1], black_share (frames under 2 %), longest_still_s, motion (mean absolute change between
        frames, cuts left out), cuts, and, when `energy` (one value a frame) is given, follows_music: the Pearson
        correlation of picture energy with it, both smoothed over half a second, and follows_shuffled: the mean
        of the same against 20 circular shifts."""
        luma = np.asarray(self._luma, np.float64)
        motion = np.asarray(self._motion, np.float64)
        inside = np.ones(len(motion), bool)
        inside[cut_frames[cut_frames < len(motion)]] = False
        still = longest_run(motion[1:] < 2e-4) + 1 if len(motion) > 1 else 0
        found = {"mean_luma": float(luma.mean()), "black_share": float((luma < 0.02).mean()),
                 "longest_still_s": still / self._fps, "motion": float(motion[inside].mean()),
                 "cuts": float(len(cut_frames))}
        if energy is not None and len(luma) > 2 * self._fps:
            picture = smooth(motion + np.abs(np.gradient(luma)), self._fps // 2)
            music = smooth(np.asarray(energy[: len(luma)], np.float64), self._fps // 2)
            found["follows_music"] = pearson(picture, music)
            shifts = np.linspace(0.2, 0.8, 20) * len(music)
            found["follows_shuffled"] = float(np.mean([pearson(picture, np.roll(music, int(s))) for s in shifts]))
        return {name: round(value, 5) for name, value in found.items()}


def longest_run(flags: NDArray[np.bool_]) -> int:
    """The length of the longest run of True."""
    best = run = 0
    for flag in flags:
        run = run + 1 if flag else 0
        best = max(best, run)
    return best


def smooth(values: NDArray[np.float64], width: int) -> NDArray[np.float64]:
    """A centred moving mean, edges held."""
    width = max(1, width)
    padded = np.pad(values, (width // 2, width - 1 - width // 2), mode="edge")
    return np.convolve(padded, np.ones(width) / width, mode="valid")


def pearson(a: NDArray[np.float64], b: NDArray[np.float64]) -> float:
    """Correlation in [-1, 1]; 0 when either is constant."""
    a, b = a - a.mean(), b - b.mean()
    scale = float(np.sqrt((a * a).sum() * (b * b).sum()))
    return float((a * b).sum() / scale) if scale > 1e-12 else 0.0
