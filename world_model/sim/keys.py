"""How a number moves in time: easing, keys, smooth noise, smoothing that never undercuts.

Plain vectorised numpy, float64. Everything returned is C1 continuous in its argument unless said otherwise, because
a camera that changes speed in one frame reads as a fault.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]


def smoothstep(u: ArrayLike) -> Floats:
    """Cubic Hermite ease (…,), 0 below 0 and 1 above 1."""
    u = np.clip(np.asarray(u, np.float64), 0.0, 1.0)
    return u * u * (3.0 - 2.0 * u)


def smootherstep(u: ArrayLike) -> Floats:
    """Quintic ease (…,): speed and acceleration are 0 at both ends (Perlin, "Improving noise", 2002)."""
    u = np.clip(np.asarray(u, np.float64), 0.0, 1.0)
    return u * u * u * (u * (u * 6.0 - 15.0) + 10.0)


def ease_rate(u: ArrayLike, duration_s: float, ramp_s: float = 1.1) -> Floats:
    """Speed profile (n,) of a move over u in [0, 1]: rises, holds, falls; about 1 in the middle.

    A long shot starts and ends at rest with ramps of `ramp_s` (at most 45 % each). Under about two seconds the
    floor of the profile lifts, so that in fast cutting the move runs through the cut instead of twitching.
    """
    u = np.clip(np.asarray(u, np.float64), 0.0, 1.0)
    ramp = min(0.45, ramp_s / max(duration_s, 1e-6))
    floor = float(1.0 - smoothstep((duration_s - 0.9) / 2.1))
    shape = smoothstep(u / ramp) * smoothstep((1.0 - u) / ramp)
    return floor + (1.0 - floor) * shape


def progress(duration_s: float, speed: Floats) -> Floats:
    """How far a move is, (n,) from 0 to 1, never falling, for a speed factor (n,) >= 0 per frame.

    The move always completes; `speed` only says where it goes fast. n = 1 gives 0.
    """
    count = len(speed)
    if count < 2:
        return np.zeros(count)
    rate = (ease_rate(np.linspace(0.0, 1.0, count), duration_s) + 1e-4) * (np.maximum(speed, 0.0) + 0.02)
    far = np.concatenate([[0.0], np.cumsum(0.5 * (rate[1:] + rate[:-1]))])
    return far / max(far[-1], 1e-12)


def keyed(keys: Sequence[tuple[float, float]], u: ArrayLike) -> Floats:
    """Values (n,) at u (n,) of keys (position, value): monotone cubic, flat outside.

    Fritsch & Butland (1984) slopes: C1, passes through every key, never overshoots between two. Keys may come in any
    order; of keys at one position the last counts. Raises ValueError without keys.
    """
    if not keys:
        raise ValueError("a curve needs at least one key")
    table = dict(sorted((float(at), float(value)) for at, value in keys)) if len(keys) > 1 else dict(keys)
    for at, value in keys:
        table[float(at)] = float(value)
    at = np.array(list(table))
    value = np.array(list(table.values()))
    u = np.clip(np.asarray(u, np.float64), at[0], at[-1])
    if len(at) == 1:
        return np.full(u.shape, value[0])
    step = np.diff(at)
    slope = np.diff(value) / step
    tangent = np.zeros(len(at))
    if len(at) > 2:
        left, right, near, far = slope[:-1], slope[1:], step[:-1], step[1:]
        same = left * right > 0
        w1, w2 = 2 * far + near, far + 2 * near
        with np.errstate(divide="ignore", invalid="ignore"):
            mean = (w1 + w2) / (w1 / left + w2 / right)
        tangent[1:-1] = np.where(same, mean, 0.0)
    i = np.clip(np.searchsorted(at, u, side="right") - 1, 0, len(step) - 1)
    t = (u - at[i]) / step[i]
    t2, t3 = t * t, t * t * t
    return ((2 * t3 - 3 * t2 + 1) * value[i] + (t3 - 2 * t2 + t) * step[i] * tangent[i]
            + (3 * t2 - 2 * t3) * value[i + 1] + (t3 - t2) * step[i] * tangent[i + 1])


def _lattice(i: NDArray[np.int64], seed: int) -> Floats:
    """A value in [-1, 1] for every whole number (Steele et al. 2014, splitmix64 finaliser)."""
    with np.errstate(over="ignore"):
        x = i.astype(np.uint64) * np.uint64(0x9E3779B97F4A7C15) + np.uint64((seed * 0xD1342543DE82EF95) % 2**64)
        x = (x ^ (x >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        x = (x ^ (x >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        x ^= x >> np.uint64(31)
    return (x >> np.uint64(11)).astype(np.float64) / 2.0**52 - 1.0


def wander(t: ArrayLike, seed: int, octaves: int = 2) -> Floats:
    """Smooth noise in about [-1, 1] at t (…,), one bend per unit, C2 continuous (value noise, quintic).

    Octaves are 2.17 apart so that their periods never line up.
    """
    t = np.asarray(t, np.float64)
    total = np.zeros(t.shape)
    weight, norm, rate = 1.0, 0.0, 1.0
    for octave in range(octaves):
        x = t * rate + 17.31 * octave
        i = np.floor(x).astype(np.int64)
        f = smootherstep(x - i)
        salt = seed * 31 + octave
        total += weight * ((1.0 - f) * _lattice(i, salt) + f * _lattice(i + 1, salt))
        norm += weight
        weight *= 0.45
        rate *= 2.17
    return total / norm


def chance(seed: int, *what: int) -> float:
    """A number in [0, 1) from whole numbers: the same for the same numbers, on every machine."""
    mixed = seed
    for number in what:
        mixed = (mixed * 1000003 + number + 7919) % 2**61
    return float(_lattice(np.array([mixed % 2**53], np.int64), 77)[0]) * 0.5 + 0.5


def smoothed(values: Floats, radius: int) -> Floats:
    """values (n,) or (n, k) under a raised-cosine window of ± `radius` samples; edges continue straight on, so a
    steady drift is left as it is."""
    if radius < 1 or len(values) < 2:
        return values.copy()
    window = 0.5 + 0.5 * np.cos(np.linspace(-np.pi, np.pi, 2 * radius + 3)[1:-1])
    window /= window.sum()
    flat = values.reshape(len(values), -1)
    ahead = np.arange(1, radius + 1)[:, None]
    span = min(radius, len(values) - 1)
    before = flat[0] - ahead[::-1] * (flat[span] - flat[0]) / span
    after = flat[-1] + ahead * (flat[-1] - flat[-1 - span]) / span
    padded = np.concatenate([before, flat, after])
    columns = [np.convolve(padded[:, k], window, "valid") for k in range(flat.shape[1])]
    return np.asarray(np.stack(columns, 1), np.float64).reshape(values.shape)


def cover(values: Floats, radius: int) -> Floats:
    """A smooth curve (n,) that is nowhere below values (n,): running maximum over ± radius, then a window of the
    same radius."""
    if radius < 1 or len(values) < 2:
        return values.copy()
    padded = np.pad(values, 2 * radius, mode="edge")
    highest = np.lib.stride_tricks.sliding_window_view(padded, 2 * radius + 1).max(1)
    window = 0.5 + 0.5 * np.cos(np.linspace(-np.pi, np.pi, 2 * radius + 3)[1:-1])
    return np.convolve(highest, window / window.sum(), "valid")


def lagged(values: Floats, lag_s: float, fps: float) -> Floats:
    """values (n,) as a follower sees them, critically damped with time constant lag_s; starts settled on the line
    through the first second, so that nothing swings in at the cut."""
    if lag_s <= 0 or len(values) < 2:
        return values.copy()
    keep = float(np.exp(-1.0 / (lag_s * fps)))
    span = min(len(values) - 1, round(fps))
    drift = (values[span] - values[0]) / span
    delay = keep / (1.0 - keep)
    first = second = 0.0
    out = np.empty(len(values))
    first = values[0] - drift * delay
    second = first - drift * delay
    for i, value in enumerate(values):
        first = keep * first + (1.0 - keep) * value if i else first
        second = keep * second + (1.0 - keep) * first if i else second
        out[i] = second
    return out


def soft_clip(values: Floats, most: float) -> Floats:
    """values (n,) held inside ± most: untouched up to 60 % of it, then bending, C1."""
    room = max(0.4 * most, 1e-9)
    size: Floats = np.abs(values)
    bent = np.minimum(size, 1.5 * room) + room * np.tanh(np.maximum(size - 1.5 * room, 0.0) / room)
    return np.asarray(np.copysign(bent, values), np.float64)
