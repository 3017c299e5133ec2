"""Listening to a track: MusicCues for a director, Cues for a reader, and their cache on disk."""

from __future__ import annotations

import json
import zlib
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from threading import Event as Flag
from typing import Any
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray
from scipy.signal import sosfilt

from modalities.cues import Cue, MusicCues
from modalities.faults import Stopped
from modalities.media import SILENT_PEAK, Track
from modalities.perceive import music_features, music_grids, music_sections, music_signals

VERSION = 3
KEYS = ("C", "C#", "D", "D#", "E", "F", "F#", "G", "G#", "A", "A#", "B")
# Key profiles of Albrecht and Shanahan (2013).
MAJOR = np.array([0.238, 0.006, 0.111, 0.006, 0.137, 0.094, 0.016, 0.214, 0.009, 0.080, 0.008, 0.081])
MINOR = np.array([0.220, 0.006, 0.104, 0.123, 0.019, 0.103, 0.012, 0.214, 0.062, 0.022, 0.061, 0.052])
ROLE_NAMES = {"rhythm": ("tempo_bpm", "beat", "downbeat", "onset"), "structure": ("section",),
              "mood": ("energy", "key", "brightness", "loudness")}


def hear(track: Track, stop: Flag | None = None, progress: Callable[[float], None] = lambda _: None) -> MusicCues:
    """Everything heard in a track. Any length from one sample; silence gives `silent` and no beats. Raises Stopped."""
    flag = stop or Flag()
    try:
        features = music_features.measure(track, flag.is_set, progress)
    except InterruptedError:
        raise Stopped("The run was stopped; nothing of this take was kept.") from None
    silent = track.peak < SILENT_PEAK
    grid = music_grids.EMPTY if silent else music_grids.grid(features)
    progress(0.9)
    downbeats_s = grid.beats_s[grid.first]
    beats_s, downbeats_s = (times[times < track.duration_s] for times in (grid.beats_s, downbeats_s))
    curves = music_signals.signals(features, beats_s, downbeats_s)
    if silent:
        curves = {name: np.zeros_like(curve) for name, curve in curves.items()}
    gridded = downbeats_s if grid.confidence >= 0.35 else np.zeros(0)
    parts = music_sections.sections(features, gridded, curves["energy"], music_signals.SIGNAL_HZ)
    key, minor, _ = key_of(features.chroma)
    progress(1.0)
    return MusicCues(
        duration_s=track.duration_s, tempo_bpm=grid.tempo_bpm, beats_per_bar=grid.beats_per_bar, beats_s=beats_s,
        downbeats_s=downbeats_s, sections=parts, signals=curves, signal_rate_hz=music_signals.SIGNAL_HZ, key=key,
        minor=minor, loudness_lufs=loudness(track), beat_confidence=grid.confidence, silent=silent)


def key_of(chroma: NDArray[np.float32]) -> tuple[int, bool, float]:
    """(pitch class, minor, confidence [0, 1]) by correlation with key profiles."""
    mean = chroma.mean(0).astype(np.float64)
    if mean.std() < 1e-9:
        return 0, False, 0.0
    scores = [(float(np.corrcoef(np.roll(profile, k), mean)[0, 1]), k, minor)
              for minor, profile in ((False, MAJOR), (True, MINOR)) for k in range(12)]
    scores.sort(reverse=True)
    return scores[0][1], scores[0][2], float(np.clip(4 * (scores[0][0] - scores[1][0]), 0, 1))


def loudness(track: Track) -> float:
    """Integrated loudness (ITU-R BS.1770-4) in LUFS; -70 for silence or under 0.4 s. Reads in blocks."""
    rate = track.sample_rate_hz
    step = rate // 10
    stages = _k_weighting(rate)
    state = np.zeros((len(stages), 2, 2))
    tenths: list[NDArray[np.float64]] = []
    for start in range(0, track.frames // step * step, step * 100):
        block = track.read(start, min(step * 100, track.frames // step * step - start)).astype(np.float64)
        weighted, state = sosfilt(stages, block, axis=0, zi=state)
        tenths.append((np.asarray(weighted) ** 2).sum(1).reshape(-1, step).mean(1))
    if sum(map(len, tenths)) < 4:
        return -70.0
    power = np.convolve(np.concatenate(tenths), np.full(4, 0.25), "valid")
    loud = power[power > 10 ** ((-70.0 + 0.691) / 10)]
    if not len(loud):
        return -70.0
    return max(-70.0, float(-0.691 + 10 * np.log10(loud[loud > loud.mean() / 10].mean())))


def _k_weighting(rate_hz: int) -> NDArray[np.float64]:
    """(2, 6) second-order sections: the shelf of the head and the high-pass of BS.1770, for any rate."""
    k, q = np.tan(np.pi * 1681.974450955533 / rate_hz), 0.7071752369554196
    gain = 10 ** (3.999843853973347 / 20)
    bend = gain**0.4996667741545416
    norm = 1 + k / q + k * k
    shelf = [(gain + bend * k / q + k * k) / norm, 2 * (k * k - gain) / norm, (gain - bend * k / q + k * k) / norm,
             1.0, 2 * (k * k - 1) / norm, (1 - k / q + k * k) / norm]
    k, q = np.tan(np.pi * 38.13547087602444 / rate_hz), 0.5003270373238773
    norm = 1 + k / q + k * k
    return np.array([shelf, [1.0, -2.0, 1.0, 1.0, 2 * (k * k - 1) / norm, (1 - k / q + k * k) / norm]])


def as_cues(heard: MusicCues, role: str | None = None) -> list[Cue]:
    """The cues as the command line names them; `role` keeps only those of one job."""
    end = heard.duration_s
    sure = heard.beat_confidence
    found = [Cue("tempo_bpm", (0.0, end), "bpm", round(heard.tempo_bpm, 2) if heard.tempo_bpm else None, sure,
                 "bar-pointer HMM on band onsets"),
             Cue("key", (0.0, end), "", f"{KEYS[heard.key]} {'minor' if heard.minor else 'major'}", 0.6,
                 "chroma against key profiles"),
             Cue("loudness", (0.0, end), "LUFS", round(heard.loudness_lufs, 2), 1.0, "ITU-R BS.1770")]
    found += [Cue("beat", (float(t), float(t)), "s", i, sure, "bar-pointer HMM on band onsets")
              for i, t in enumerate(heard.beats_s)]
    found += [Cue("downbeat", (float(t), float(t)), "s", i, 0.8 * sure, f"{heard.beats_per_bar} beats a bar, Viterbi")
              for i, t in enumerate(heard.downbeats_s)]
    found += [Cue("section", (start, finish), "", {"label": label, "function": role_name,
                                                  "energy": round(level, 3)}, 0.5, "checkerboard novelty, clustering")
              for label, role_name, start, finish, level in heard.sections]
    second = int(heard.signal_rate_hz)
    for name in ("energy", "brightness"):
        curve = heard.signals[name]
        found += [Cue(name, (float(t), min(end, t + 1.0)), "0..1",
                      round(float(curve[t * second: (t + 1) * second].mean()), 4), 0.9, "band power over the piece")
                  for t in range(int(np.ceil(len(curve) / second)))]
    onset = heard.signals["onset"]
    peaks = np.flatnonzero((onset[1:] > onset[:-1] + 0.12) & (onset[1:] > 0.25)) + 1
    for peak in peaks:
        at_s = float(peak / heard.signal_rate_hz)
        found.append(Cue("onset", (at_s, at_s), "s", round(float(onset[peak]), 3), 0.7, "SuperFlux"))
    names = ROLE_NAMES.get(role) if role else None
    return [cue for cue in found if names is None or cue.name in names]


def save(heard: MusicCues, path: Path) -> None:
    """One compressed file, replaced whole."""
    plain = {k: v for k, v in asdict(heard).items() if k not in ("signals", "beats_s", "downbeats_s")}
    part = path.with_suffix(".part.npz")
    arrays: dict[str, Any] = {f"signal_{k}": v for k, v in heard.signals.items()}
    np.savez_compressed(part, plain=json.dumps(plain), beats_s=heard.beats_s, downbeats_s=heard.downbeats_s, **arrays)
    part.replace(path)


def load(path: Path) -> MusicCues | None:
    """What `save` wrote, or None when it is not there or damaged."""
    try:
        with np.load(path, allow_pickle=False) as data:
            plain = json.loads(str(data["plain"]))
            plain["sections"] = tuple((str(a), str(b), float(c), float(d), float(e))
                                      for a, b, c, d, e in plain["sections"])
            curves = {name.removeprefix("signal_"): data[name] for name in data.files if name.startswith("signal_")}
            return MusicCues(**plain, beats_s=data["beats_s"], downbeats_s=data["downbeats_s"], signals=curves)
    except (OSError, ValueError, KeyError, TypeError, EOFError, BadZipFile, zlib.error):
        return None
