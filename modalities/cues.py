"""Cues: things measured in a reference, each with its span, unit, value, confidence and method."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class Cue:
    """span_s is (start, end); an instant has start == end."""

    name: str
    span_s: tuple[float, float]
    unit: str
    value: Any
    confidence: float
    method: str


@dataclass(frozen=True)
class MusicCues:
    """What was heard in a track, ready for a director.

    beats_s, downbeats_s: float64 seconds. sections: (label such as "A", function such as "drop", start_s, end_s,
    energy [0, 1]). signals: name to (T,) float32 in [0, 1] at signal_rate_hz, for energy, kick, snare, hihat, bass,
    onset, brightness, beat, downbeat, build. key: 0 = C … 11 = B. confidence [0, 1] of the beat grid: below 0.35 the
    music is treated as free of metre.
    """

    duration_s: float
    tempo_bpm: float
    beats_per_bar: int
    beats_s: NDArray[np.float64]
    downbeats_s: NDArray[np.float64]
    sections: tuple[tuple[str, str, float, float, float], ...]
    signals: dict[str, NDArray[np.float32]]
    signal_rate_hz: float
    key: int
    minor: bool
    loudness_lufs: float
    beat_confidence: float
    silent: bool
