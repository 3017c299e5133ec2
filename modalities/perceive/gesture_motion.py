"""A hand's motion as camera curves: smoothed by the One-Euro filter, forwards and backwards, then as rates at 12 Hz."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from modalities.cues import CURVE_HZ
from modalities.live.flight import MOST_MPS, MOST_TURN
from modalities.perceive.gesture_file import Drawn, Recorded

F64 = NDArray[np.float64]
HAND_HZ = 60
# A stroke across the whole frame turns the camera by a usual field of view, one from bottom to top by its share.
PAN_DEG, TILT_DEG = 60.0, 36.0
TURN_DEG_PER_S, TILT_SHARE = float(np.degrees(MOST_TURN)), 0.8
# One-Euro (Casiez, Roussel and Vogel 2012): cutoff at rest in Hz, and how it grows with speed (surfaces a second).
STILL_HZ, QUICKER, SPEED_HZ = 1.2, 6.0, 1.0
PAD_S = 0.5
# Below this a path on a plan has no heading of its own, metres a twelfth of a second.
STANDING_M = 0.02


def one_euro(values: F64, rate_hz: float, still_hz: float = STILL_HZ, quicker: float = QUICKER) -> F64:
    """(N, ...) values at an even rate, smoothed as they come: strongly where the hand is slow, hardly where it is
    quick. The first value is kept."""
    out = np.array(values, np.float64)
    speed = np.zeros(out.shape[1:])
    slow = _share(SPEED_HZ, rate_hz)
    for i in range(1, len(out)):
        # The speed is taken from the raw values; the filtered ones would lag behind it.
        speed = speed + slow * ((values[i] - values[i - 1]) * rate_hz - speed)
        share = _share(still_hz + quicker * np.abs(speed), rate_hz)
        out[i] = out[i - 1] + share * (values[i] - out[i - 1])
    return out


def steadied(values: F64, rate_hz: float) -> F64:
    """The filter forwards and backwards, so that nothing lags; both ends stay where they were."""
    if len(values) < 3:
        return np.array(values, np.float64)
    pad = round(PAD_S * rate_hz)
    still = [(pad, pad), *[(0, 0)] * (values.ndim - 1)]
    padded = np.pad(np.asarray(values, np.float64), still, mode="edge")
    both = 0.5 * (one_euro(padded, rate_hz) + one_euro(padded[::-1], rate_hz)[::-1])[pad:pad + len(values)]
    u = np.linspace(0.0, 1.0, len(values)).reshape(-1, *[1] * (values.ndim - 1))
    return both + (1.0 - u) * (values[0] - both[0]) + u * (values[-1] - both[-1])


def camera_curves(gesture: Recorded) -> dict[str, NDArray[np.float32]]:
    """Rates (T,) float32 at CURVE_HZ by name: camera.pan, camera.tilt (degrees a second, right and up), camera.dolly
    (log of magnification a second), forward, right, up (metres a second). Only those that move at all."""
    count = max(1, int(np.ceil(gesture.duration_s * CURVE_HZ - 1e-6)))
    out = {name: np.zeros(count) for name in ("camera.pan", "camera.tilt", "camera.dolly", "forward", "right", "up")}
    for stroke in gesture.strokes:
        if stroke.on == "frame":
            x, y = _at_edges(stroke.table[:, 0], stroke.table[:, 1:3], count).T
            out["camera.pan"] += np.diff(x) * CURVE_HZ * PAN_DEG
            out["camera.tilt"] -= np.diff(y) * CURVE_HZ * TILT_DEG
        elif stroke.on == "plan":
            _add_path(out, stroke, gesture, count)
    if len(gesture.hand):
        hand = _held(gesture.hand, count)
        for name, column, most in (("right", 0, MOST_MPS), ("up", 1, 0.7 * MOST_MPS), ("forward", 2, MOST_MPS),
                                   ("camera.pan", 3, TURN_DEG_PER_S), ("camera.tilt", 4, TILT_SHARE * TURN_DEG_PER_S)):
            out[name] += hand[:, column] * most
    for t, yaw, pitch in gesture.turns:
        k = min(int(t * CURVE_HZ + 1e-6), count - 1)
        out["camera.pan"][k] += yaw * CURVE_HZ
        out["camera.tilt"][k] += pitch * CURVE_HZ
    if len(gesture.dolly) > 1:
        out["camera.dolly"] += np.diff(_at_edges(gesture.dolly[:, 0], gesture.dolly[:, 1:], count)[:, 0]) * CURVE_HZ
    return {name: curve.astype(np.float32) for name, curve in out.items() if float(np.abs(curve).max()) > 1e-6}


def _add_path(out: dict[str, F64], stroke: Drawn, gesture: Recorded, count: int) -> None:
    """A path on a plan, seen from above with ahead upwards: the camera goes along it."""
    places = stroke.table[:, 1:3] * (gesture.plan_m, -gesture.plan_m / gesture.aspect)
    steps = np.diff(_at_edges(stroke.table[:, 0], places, count, scale=gesture.plan_m), axis=0)
    if not gesture.along:
        out["right"] += steps[:, 0] * CURVE_HZ
        out["forward"] += steps[:, 1] * CURVE_HZ
        return
    gone = np.hypot(steps[:, 0], steps[:, 1])
    going = np.flatnonzero(gone > STANDING_M)
    out["forward"] += gone * CURVE_HZ
    if len(going) > 1:
        heading = np.degrees(np.unwrap(np.arctan2(steps[going, 0], steps[going, 1])))
        # Between two places where it moves, the heading turns evenly.
        out["camera.pan"] += np.gradient(np.interp(np.arange(count), going, heading)) * CURVE_HZ


def _at_edges(times: F64, values: F64, count: int, scale: float = 1.0) -> F64:
    """(count + 1, columns) of values at the edges of the curves' steps, steadied between the first time and the last
    and still outside. scale: the surface's width in the values' unit."""
    first, last = float(times[0]), float(times[-1])
    samples = max(2, round((last - first) * HAND_HZ) + 1)
    even = np.linspace(first, max(last, first + 1e-6), samples)
    straight = np.stack([np.interp(even, times, column) for column in values.T], 1)
    calm = steadied(straight / scale, HAND_HZ) * scale
    return np.stack([np.interp(np.arange(count + 1) / CURVE_HZ, even, column) for column in calm.T], 1)


def _held(hand: F64, count: int) -> F64:
    """(count, 5) means over each step of what was held, after the filter."""
    per = round(HAND_HZ / CURVE_HZ)
    times = (np.arange(count * per) + 0.5) / HAND_HZ
    at = np.searchsorted(hand[:, 0], times, side="right") - 1
    values = np.where((at >= 0)[:, None], hand[np.maximum(at, 0), 1:], 0.0)
    return steadied(values, HAND_HZ).reshape(count, per, 5).mean(1)


def _share(cutoff_hz: float | F64, rate_hz: float) -> float | F64:
    gone = 2.0 * np.pi * cutoff_hz / rate_hz
    return gone / (gone + 1.0)
