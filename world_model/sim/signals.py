"""Curves that couplings listen to, read from a composition's notes: the names of modalities.cues.MusicCues.signals."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from world_model.score import PARTS, Composition

NAMES = ("energy", "kick", "snare", "hihat", "bass", "onset", "brightness", "beat", "downbeat", "build")
FALL_S = {"kick": .14, "snare": .16, "hihat": .07, "onset": .12, "beat": .18, "downbeat": .4}


def _pulses(times_s: NDArray[np.float64], weights: NDArray[np.float64], count: int, rate_hz: float, fall_s: float
            ) -> NDArray[np.float64]:
    """A peak at the first step at or after each time, falling by 1/e in fall_s; overlapping pulses keep the higher."""
    out = np.zeros(count)
    steps = np.ceil(times_s * rate_hz - 1e-6).astype(np.int64)
    keep = (steps >= 0) & (steps < count)
    np.maximum.at(out, steps[keep], weights[keep])
    fall = float(np.exp(-1 / (fall_s * rate_hz)))
    for n in range(1, count):
        out[n] = max(out[n], out[n - 1] * fall)
    return out


def _smooth(values: NDArray[np.float64], width: int) -> NDArray[np.float64]:
    width = max(1, min(width | 1, len(values) | 1))
    window = np.hanning(width + 2)[1:-1]
    padded = np.pad(values, width // 2, mode="edge")
    return np.asarray(np.convolve(padded, window / window.sum(), "valid")[:len(values)], dtype=np.float64)


def signals(composition: Composition, duration_s: float, rate_hz: float = 50.0) -> dict[str, NDArray[np.float32]]:
    """Name to (T,) float32 in [0, 1], T = max(1, ceil(duration_s * rate_hz)): what the score's notes do."""
    count = max(1, int(np.ceil(duration_s * rate_hz - 1e-6)))
    c, t = composition, np.arange(count) / rate_hz
    drums, weight = c.part == PARTS.index("drums"), c.velocity / 127.0
    out: dict[str, NDArray[np.float64]] = {}
    for name, pitches in (("kick", (35, 36)), ("snare", (37, 38, 39, 40)), ("hihat", (42, 44, 46, 51, 54, 70))):
        hit = drums & np.isin(c.pitch, pitches)
        out[name] = _pulses(c.start_s[hit], weight[hit], count, rate_hz, FALL_S[name])
    out["onset"] = _pulses(c.start_s, weight, count, rate_hz, FALL_S["onset"])
    for name, times in (("beat", c.beats_s), ("downbeat", c.downbeats_s)):
        out[name] = _pulses(times, np.ones(len(times)), count, rate_hz, FALL_S[name])
    load, low, pitch_sum, pitch_weight = (np.zeros(count) for _ in range(4))
    for start, length, pitch, w, part in zip(c.start_s, c.duration_s, c.pitch, weight, c.part):
        a, b = int(start * rate_hz), min(count, int((start + length) * rate_hz) + 1)
        share = w * (.55 if PARTS[part] == "harmony" else 1.0)
        load[a:b] += share * w
        if PARTS[part] == "bass":
            low[a:b] = np.maximum(low[a:b], w)
        height = .9 if PARTS[part] == "drums" and pitch >= 42 else np.clip((pitch - 40) / 55, 0, 1)
        pitch_sum[a:b] += height * w
        pitch_weight[a:b] += w
    loud = _smooth(load, round(rate_hz * 1.2))
    out["energy"] = loud / max(1e-9, float(np.percentile(loud, 98)))
    out["bass"] = _smooth(low, round(rate_hz * .06))
    out["brightness"] = _smooth(np.divide(pitch_sum, pitch_weight, out=np.zeros(count), where=pitch_weight > 0),
                                round(rate_hz * .6))
    build = np.zeros(count)
    for name, a, b in c.sections:
        if name == "build" and b > a:
            build = np.where((t >= a) & (t < b), (t - a) / (b - a), build)
    out["build"] = build
    return {name: np.clip(out[name], 0, 1).astype(np.float32) for name in NAMES}
