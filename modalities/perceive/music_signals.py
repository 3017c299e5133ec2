"""Curves a picture can follow: energy, drums by band, bass, onsets, brightness, the pulse, the build,
what lasts and what strikes.

All in [0, 1] at SIGNAL_HZ, scaled by the track's own quiet and loud so that any mastering uses the whole range.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter1d

from modalities.perceive.music_features import FRAME_HZ, Features, local_contrast

SIGNAL_HZ = 50.0
Floats = NDArray[np.float32]


def signals(features: Features, beats_s: NDArray[np.float64], downbeats_s: NDArray[np.float64]) -> dict[str, Floats]:
    """Name to (ceil(duration_s * SIGNAL_HZ),) float32 in [0, 1]."""
    count = max(1, int(np.ceil(features.duration_s * SIGNAL_HZ)))
    times = np.arange(count) / SIGNAL_HZ

    def at(curve: NDArray[np.float32]) -> NDArray[np.float64]:
        return np.interp(times, np.arange(len(curve)) / FRAME_HZ, curve)

    loud = 10 ** (np.clip(features.level_db, -70, 0) / 33.0)
    busy = gaussian_filter1d(features.flux, 0.5 * FRAME_HZ)
    force = _scaled(gaussian_filter1d(loud, 0.35 * FRAME_HZ), 0.05, 0.98) * 0.7 + _scaled(busy, 0.05, 0.98) * 0.3
    energy = _scaled(force, 0.02, 0.99)
    slow = gaussian_filter1d(energy, 2.0 * FRAME_HZ)
    rise = np.roll(slow, -int(3 * FRAME_HZ)) - slow
    rise[-int(3 * FRAME_HZ):] = 0
    bright = np.log2(np.clip(gaussian_filter1d(features.centroid_hz, 0.1 * FRAME_HZ), 100, 12000))
    audible = np.clip((features.level_db + 60) / 20, 0, 1)
    whole = float(np.quantile(np.hypot(features.harmonic, features.percussive), 0.98)) + 1e-9
    found = {
        "energy": energy * np.clip((gaussian_filter1d(features.level_db, 20) + 75) / 12, 0, 1),
        "kick": _hits(features.low) * audible, "snare": _hits(features.mid) * audible,
        "hihat": _hits(features.high) * audible, "onset": _hits(features.flux) * audible,
        "bass": _scaled(gaussian_filter1d(features.low_level, 0.06 * FRAME_HZ), 0.05, 0.98) * audible,
        "brightness": _scaled(bright, 0.05, 0.95) * audible, "build": np.clip(rise * 3.5, 0, 1),
        "harmonic": _stem(features.harmonic, whole), "percussive": _stem(features.percussive, whole)}
    curves = {name: np.clip(at(curve.astype(np.float32)), 0, 1).astype(np.float32) for name, curve in found.items()}
    curves["beat"] = pulse(beats_s, times, 0.16)
    curves["downbeat"] = pulse(downbeats_s, times, 0.3)
    return curves


def pulse(at_s: NDArray[np.float64], times: NDArray[np.float64], decay_s: float) -> Floats:
    """1 at each moment, falling by e every decay_s."""
    if len(at_s) == 0:
        return np.zeros(len(times), np.float32)
    index = np.searchsorted(at_s, times + 1e-9, side="right") - 1
    since = times - at_s[np.maximum(index, 0)]
    return np.where(index >= 0, np.exp(-since / decay_s), 0).astype(np.float32)


def _hits(curve: Floats) -> Floats:
    """Onsets of one band as short pulses that jump up and fall away."""
    sharp = local_contrast(curve)
    sharp = np.clip(sharp / (np.quantile(sharp, 0.99) + 1e-6), 0, 1)
    fall = np.exp(-1 / (0.09 * FRAME_HZ))
    held = np.empty_like(sharp)
    level = 0.0
    for i, value in enumerate(sharp):
        level = max(float(value), level * fall)
        held[i] = level
    return held


def _stem(curve: Floats, whole: float) -> Floats:
    """How much of the track's full level a stem has, smoothed over 60 ms; both stems share one scale."""
    return np.clip(gaussian_filter1d(curve, 0.06 * FRAME_HZ) / whole, 0, 1).astype(np.float32)


def _scaled(curve: NDArray[Any], low: float, high: float) -> Floats:
    a, b = np.quantile(curve, [low, high])
    if b - a < 1e-4:
        return np.full(len(curve), 0.5 if b > 0.05 else 0.0, np.float32)
    return np.clip((curve - a) / (b - a), 0, 1).astype(np.float32)
