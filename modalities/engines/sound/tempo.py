"""Music of a model held to the film's beats: its tempo measured, stretched where it is near, its downbeat shifted.

Beats are our own tracker's (modalities.perceive.music_grids). The stretch is a phase vocoder (Flanagan and Golden 1966,
Laroche and Dolson 1999, as in librosa).
"""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from modalities.media import Sound, Track
from modalities.perceive.music_grids import EMPTY, Grid

F64 = NDArray[np.float64]
# Music further off than this was not meant to be in this tempo; stretching it would be heard.
NEAR = 1.08
SURE = 0.3
LEAST_S = 4.0
# Over the whole piece, what nobody notices against a cut.
DRIFT_S = 0.01
# The most silence that may come before the music for the sake of a downbeat; beyond it music is cut away instead.
PAUSE_S = 0.1


@dataclass(frozen=True)
class TempoFit:
    """stretch: factor of duration; shift_s: then the music begins so much later (negative: earlier, its head is cut).
    heard_bpm: as it came; near: whether it was near enough to be fitted."""

    stretch: float
    shift_s: float
    heard_bpm: float
    near: bool


def heard_grid(sound: Sound, rate_hz: int) -> Grid:
    """The beats of an (n, 2) sound; EMPTY where there are none or it is too short."""
    from modalities.perceive import music_features, music_grids

    if len(sound) < LEAST_S * rate_hz or not np.any(sound):
        return EMPTY
    import soundfile as sf

    with tempfile.TemporaryDirectory(prefix="beecam-tempo-") as folder:
        path = Path(folder) / "heard.wav"
        sf.write(path, sound, rate_hz, subtype="FLOAT")
        track = Track(path, path, "", rate_hz, len(sound), float(np.abs(sound).max()), None, ())
        return music_grids.grid(music_features.measure(track, lambda: False, lambda _: None))


def fit(heard: Grid, beats_s: Sequence[float], downbeats_s: Sequence[float]) -> TempoFit:
    """How to bring what was heard onto the film's beats. Half and double tempo count as the same."""
    off = TempoFit(1.0, 0.0, heard.tempo_bpm, False)
    if len(heard.beats_s) < 6 or heard.confidence < SURE or len(beats_s) < 4:
        return off
    period, _ = _line(np.asarray(heard.beats_s, np.float64))
    wanted, wanted_first = _line(np.asarray(beats_s, np.float64))
    stretch = min((wanted / (period * times) for times in (0.5, 1.0, 2.0)), key=lambda one: abs(np.log(one)))
    if abs(np.log(stretch)) > np.log(NEAR):
        return off
    # Where beats fall after the stretch, against the film's: the part of a beat by which they are late.
    fine = min(wanted, period * stretch)
    late = _turn(np.asarray(heard.beats_s) * stretch - wanted_first, fine)
    shift = -late
    downs = np.asarray(heard.beats_s)[heard.first] * stretch
    if len(downs) >= 2 and len(downbeats_s) >= 1:
        bar = float(np.median(np.diff(downbeats_s))) if len(downbeats_s) > 1 else wanted * heard.beats_per_bar
        whole = -_turn(downs - downbeats_s[0], bar)
        shift = -late + round((whole + late) / wanted) * wanted
        shift = (shift + bar / 2) % bar - bar / 2
        if shift > PAUSE_S:
            shift -= bar
    elif shift > PAUSE_S:
        shift -= wanted
    return TempoFit(float(stretch), float(shift), 60.0 / period, True)


def fitted(sound: Sound, rate_hz: int, how: TempoFit) -> Sound:
    """(n, 2) sound stretched and shifted; its length changes accordingly."""
    if not how.near:
        return sound
    out = sound
    if abs(how.stretch - 1.0) * len(sound) / rate_hz > DRIFT_S:
        from librosa.effects import time_stretch

        out = np.ascontiguousarray(time_stretch(np.ascontiguousarray(sound.T), rate=1.0 / how.stretch).T, np.float32)
    moved = round(how.shift_s * rate_hz)
    if moved > 0:
        return np.concatenate([np.zeros((moved, 2), np.float32), out])
    return out[-moved:]


def _line(times: F64) -> tuple[float, float]:
    """Period and first of evenly spaced beats with gaps and strays: least squares on the beats' own numbers."""
    step = float(np.median(np.diff(times)))
    numbers = np.round((times - times[0]) / step)
    slope, first = np.polyfit(numbers, times, 1)
    for _ in range(3):
        off = np.abs(times - (slope * numbers + first))
        keep = off <= max(0.06 * step, 2.5 * float(np.median(off)))
        if keep.sum() < 4 or keep.all():
            break
        numbers, times = numbers[keep], times[keep]
        slope, first = np.polyfit(numbers, times, 1)
    return float(slope), float(first)


def _turn(offsets: F64, period: float) -> float:
    """The circular mean of offsets within (-period / 2, period / 2]."""
    mean = np.exp(2j * np.pi * np.asarray(offsets) / period).mean()
    return float(np.angle(mean) / (2 * np.pi) * period)
