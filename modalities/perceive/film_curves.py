"""From steps between looks to curves on the clock of cues: camera, motion, light; nothing leaks over a cut."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from modalities.cues import CURVE_HZ
from modalities.perceive import film_camera
from modalities.perceive.film_camera import REACH, Motion, Step
from modalities.perceive.film_cuts import LAG, Border
from modalities.perceive.film_likeness import Glance, movement

Floats = NDArray[np.float64]
CAMERA = ("camera.pan", "camera.tilt", "camera.roll", "camera.zoom", "camera.dolly", "camera.truck",
          "camera.pedestal", "camera.trust")
SAME, LONGEST_HOLD = 0.3, 6
HALF_SIDES_PER_S, FLOOR_SIDES_PER_S = 0.25, 0.012
BAR_LEVEL = 20
BLOCKS_FINE, BLOCKS_COST, BLOCKS_TRUST, BLOCKS_LOOKS = 0.05, 4.0, 0.1, 6
SMOOTH_STEPS, LEAST_TRUST = 1.0, 0.3
# Degrees a second, and log of magnification a second, that are never taken for wild.
STEADY_FLOOR = np.array([0.5, 0.5, 0.5, 0.01, 0.01, 0.5, 0.5])


class Bars:
    """Black bars at the edges, found by what never was bright."""

    def __init__(self) -> None:
        self._most: NDArray[np.uint8] | None = None

    def see(self, grey: NDArray[np.uint8]) -> None:
        self._most = grey.copy() if self._most is None else np.maximum(self._most, grey)

    def inside(self) -> tuple[float, float, float, float]:
        """(left, top, right, bottom) of what is shown, as shares of the picture; all of it where little is lit."""
        if self._most is None:
            return 0.0, 0.0, 1.0, 1.0
        high, wide = self._most.shape
        rows, columns = (np.flatnonzero(self._most.max(axis) > BAR_LEVEL) for axis in (1, 0))
        if len(rows) < 0.4 * high or len(columns) < 0.4 * wide:
            return 0.0, 0.0, 1.0, 1.0
        return (float(columns[0]) / wide, float(rows[0]) / high, float(columns[-1] + 1) / wide,
                float(rows[-1] + 1) / high)


class Steps:
    """Looks in, one measured step each; settled when the borders round it are known. A few numbers a look are kept."""

    def __init__(self) -> None:
        self.times_s: list[float] = []
        self.luma: list[float] = []
        self.motion: list[tuple[float, float]] = []
        self.settled: list[Motion] = [Motion()]
        self._steps: deque[Step] = deque(maxlen=LAG + 3 * REACH + 10)
        self._first = 0
        self.blocks: list[float] = []
        self._before: tuple[float, NDArray[np.uint8]] | None = None
        self._grey: NDArray[np.uint8] | None = None
        self._glance: Glance | None = None
        self._held = 0

    def see(self, time_s: float, grey: NDArray[np.uint8], look: Glance, bars: Bars, blocks: float = 0.0) -> None:
        """The next look; grey uint8 (h, w); blocks as in Moment."""
        even = film_camera.even_light(grey)
        n = len(self.times_s)
        self.times_s.append(time_s)
        self.luma.append(look.luma)
        self.blocks.append(blocks)
        if self._before is None or self._grey is None or self._glance is None:
            self._push(film_camera.blank(1.0 / CURVE_HZ))
            self.motion.append((0.0, 0.0))
            self._before, self._grey, self._glance = (time_s, even), grey, look
            return
        dt_s = time_s - self.times_s[n - 1]
        if float(cv2.absdiff(grey, self._grey).mean()) < SAME:
            self._held += 1
            self._push(film_camera.blank(dt_s, held=True))
            self.motion.append((0.0, 0.0))
            return
        since_s, before = self._before
        long = self._held > LONGEST_HOLD
        span_s = dt_s if long else time_s - since_s
        points, moved, share = film_camera.follow(before, even, _mask(grey.shape, bars))
        step = film_camera.measure(points, moved, (grey.shape[0], grey.shape[1]), span_s, share)
        self._push(step)
        whole, beside = film_camera.beside(step, movement(self._glance, look), _texture(self._glance.small))
        self.motion.append((whole / span_s, beside / span_s))
        if not long:  # pictures that are held, as in drawn films, move at the pace of the next one
            for k in range(1, self._held + 1):
                self._steps[-1 - k] = step
                self.motion[-1 - k] = self.motion[-1]
        self._held = 0
        self._before, self._grey, self._glance = (time_s, even), grey, look

    def settle(self, borders: Sequence[Border], until: int) -> None:
        """Settle the steps before look `until`; the borders near them must be known."""
        while len(self.settled) < min(until, len(self.times_s)):
            k = len(self.settled)
            low, high = k, k
            if not _crosses(borders, k):
                while low > max(1, self._first, k - REACH) and not _crosses(borders, low - 1):
                    low -= 1
                while high < min(len(self.times_s) - 1, k + REACH) and not _crosses(borders, high + 1):
                    high += 1
                window = [self._steps[i - self._first] for i in range(low, high + 1)]
                self.settled.append(film_camera.settled(window, k - low))
            else:
                self.settled.append(Motion())

    def _push(self, step: Step) -> None:
        if len(self._steps) == self._steps.maxlen:
            self._first += 1
        self._steps.append(step)


def _crosses(borders: Sequence[Border], step: int) -> bool:
    """Whether the step from look step - 1 to look `step` lies in a transition."""
    return any(border.first < step <= border.last for border in borders)


def _mask(shape: tuple[int, ...], bars: Bars) -> NDArray[np.uint8] | None:
    left, top, right, bottom = bars.inside()
    if (left, top, right, bottom) == (0.0, 0.0, 1.0, 1.0):
        return None
    mask = np.zeros(shape[:2], np.uint8)
    high, wide = mask.shape
    mask[round(top * high) + 4: round(bottom * high) - 4, round(left * wide) + 4: round(right * wide) - 4] = 255
    return mask if mask.any() else None


def _texture(small: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Weights [0, 1] (h, w): 1 where there is something to follow."""
    x = cv2.Sobel(small, cv2.CV_32F, 1, 0)
    y = cv2.Sobel(small, cv2.CV_32F, 0, 1)
    return np.asarray(cv2.blur(np.minimum(np.hypot(x, y) / 60.0, 1.0), (5, 5)) + 0.02, np.float32)


def curves(steps: Steps, borders: Sequence[Border], duration_s: float) -> dict[str, NDArray[np.float32]]:
    """All curves, (T,) float32 at CURVE_HZ, T = the film's length rounded up to a whole step.

    A value is the mean rate round its instant, smoothed within its shot by trust; where nothing could be measured the
    nearest value of the shot stands.
    """
    grid = np.arange(max(1, int(np.ceil(duration_s * CURVE_HZ - 1e-6)))) / CURVE_HZ
    times = np.array(steps.times_s)
    rows = np.array([(m.pan + m.truck, m.tilt + m.pedestal, m.roll, m.zoom, m.dolly, m.truck, m.pedestal, m.trust)
                     for m in steps.settled]).reshape(-1, 8)
    seen = np.maximum(np.array(steps.motion) - FLOOR_SIDES_PER_S, 0.0)
    seen = 1.0 - np.exp(-seen / HALF_SIDES_PER_S)
    middles = np.concatenate([times[:1], 0.5 * (times[1:] + times[:-1])])
    out = np.zeros((len(grid), rows.shape[1] + 2))
    mixed = {k for border in borders for k in range(border.first + 1, border.last + 1)}
    starts = [0, *(border.look for border in borders), len(times)]
    at_s = [0.0, *(border.at_s for border in borders), np.inf]
    for a, b, from_s, to_s in zip(starts, starts[1:], at_s, at_s[1:]):
        inside = (grid >= from_s - 1e-6) & (grid < to_s - 1e-6)
        whole = [k for k in range(max(a, 1), b) if k not in mixed]
        if not inside.any() or not whole:
            continue
        values = np.concatenate([rows[whole], seen[whole]], 1)
        trust = np.append(rows[whole, 7:8], 0.0).clip(0.02)[: len(whole)]
        out[inside] = _sampled(middles[whole], _steady(values, trust), trust, grid[inside])
    # What follows the blocks of a hard compression agrees with itself all the same: the points' word is not enough.
    blocky = np.convolve(np.pad(steps.blocks, BLOCKS_LOOKS, mode="edge"), np.full(2 * BLOCKS_LOOKS + 1, 1.0)
                         / (2 * BLOCKS_LOOKS + 1), "valid")
    out[:, 7] *= np.interp(grid, times, np.clip(1.0 - BLOCKS_COST * (blocky - BLOCKS_FINE), BLOCKS_TRUST, 1.0))
    found = {name: out[:, k].astype(np.float32) for k, name in enumerate(CAMERA)}
    found["motion"], found["subject_motion"] = out[:, -2].astype(np.float32), out[:, -1].astype(np.float32)
    found["luma"] = np.interp(grid, times, steps.luma).astype(np.float32)
    return found


def _steady(values: Floats, trust: Floats) -> Floats:
    """The camera of (n, c) steps without single wild ones (Hampel's filter over the REACH steps to either side): where
    the points followed another motion for a moment, the middle of the neighbours stands, the more so the less the
    step is trusted. Steps where hardly any point could be followed take what lies between their neighbours."""
    out = values.copy()
    good = trust >= LEAST_TRUST
    steps = np.arange(len(values))
    for k in range(7):
        out[~good, k] = np.interp(steps[~good], steps[good], values[good, k]) if good.any() else 0.0
    values = out.copy()
    if len(values) < 5:
        return values
    half = min(REACH, (len(values) - 1) // 2)
    padded = np.pad(values[:, :7], ((half, half), (0, 0)), mode="reflect")
    windows = np.lib.stride_tricks.sliding_window_view(padded, 2 * half + 1, axis=0)
    middle = np.median(windows, -1)
    spread = 1.48 * np.median(np.abs(windows - middle[..., None]), -1) + STEADY_FLOOR
    off = np.abs(values[:, :7] - middle) / (spread * (0.7 + 2.3 * trust[:, None]))
    keep = np.clip(2.0 - off, 0.0, 1.0)
    out[:, :7] = keep * values[:, :7] + (1.0 - keep) * middle
    return out


def _sampled(times_s: Floats, values: Floats, trust: Floats, grid_s: Floats) -> Floats:
    """Gaussian means (m, c) over values (n, c) at times (n,), weighted by trust; far from all, the nearest value."""
    width = SMOOTH_STEPS / CURVE_HZ
    out = np.zeros((len(grid_s), values.shape[1]))
    for start in range(0, len(grid_s), 512):
        part = grid_s[start: start + 512]
        low, high = np.searchsorted(times_s, (part[0] - 4 * width, part[-1] + 4 * width))
        low, high = max(0, min(int(low), len(times_s) - 1) - 1), min(len(times_s), int(high) + 1)
        off = part[:, None] - times_s[None, low:high]
        nearest = np.abs(off).min(1, keepdims=True)
        weight = np.exp(-0.5 * (off / width) ** 2 + 0.5 * (nearest / width) ** 2) * trust[None, low:high]
        out[start: start + 512] = weight @ values[low:high] / weight.sum(1, keepdims=True)
    return out
