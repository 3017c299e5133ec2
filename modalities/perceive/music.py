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
from modalities.perceive import (
    music_features,
    music_grids,
    music_harmony,
    music_mood,
    music_sections,
    music_signals,
    speech,
)

VERSION = 5
SURE = 0.35  # beat confidence from which the grid is followed
KEYS = music_harmony.NAMES
CURVES = {"energy": "band power over the piece", "brightness": "spectral centroid",
          "harmonic": "harmonic-percussive separation", "percussive": "harmonic-percussive separation",
          "bass": "power under 150 Hz"}
BANDS = {"low": "kick", "mid": "snare", "high": "hihat"}
ROLE_NAMES = {"rhythm": ("tempo_bpm", "metre", "beat", "downbeat", "onset", "percussive"),
              "structure": ("section", "chord"), "pacing": ("tempo_bpm", "section", "energy"),
              "mood": ("mood", "energy", "key", "chord", "brightness", "loudness", "vocals", "genre", "moods"),
              "timbre": ("brightness", "harmonic", "percussive", "bass", "vocals", "genre", "instruments")}


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
    confidence = _less_for_talk(track, grid.confidence)
    downbeats_s = grid.beats_s[grid.first]
    beats_s, downbeats_s = (times[times < track.duration_s] for times in (grid.beats_s, downbeats_s))
    curves = music_signals.signals(features, beats_s, downbeats_s)
    sung, curves["vocals"] = music_mood.vocals(features, len(curves["energy"]), music_signals.SIGNAL_HZ)
    if silent:
        sung, curves = 0.0, {name: np.zeros_like(curve) for name, curve in curves.items()}
    sure = confidence >= SURE
    parts = music_sections.sections(features, downbeats_s if sure else np.zeros(0), curves["energy"],
                                    music_signals.SIGNAL_HZ)
    key, minor, key_sure, chords = (0, False, 0.0, ()) if silent else music_harmony.harmony(
        features, beats_s if sure else np.zeros(0))
    loudness_lufs = loudness(track)
    valence, arousal, word = (0.0, 0.0, "") if silent else music_mood.mood(
        features, grid.tempo_bpm, confidence, minor, key_sure, loudness_lufs)
    progress(1.0)
    return MusicCues(
        duration_s=track.duration_s, tempo_bpm=grid.tempo_bpm, beats_per_bar=grid.beats_per_bar, beats_s=beats_s,
        downbeats_s=downbeats_s, sections=parts, signals=curves, signal_rate_hz=music_signals.SIGNAL_HZ, key=key,
        minor=minor, loudness_lufs=loudness_lufs, beat_confidence=confidence, silent=silent,
        key_confidence=key_sure, chords=chords, tempo_curve=music_mood.tempo_curve(beats_s, confidence),
        vocals=sung, valence=valence, arousal=arousal, mood=word)


def _less_for_talk(track: Track, confidence: float) -> float:
    """Confidence in the beat, lowered where the track is talk. A very regular grid under the talk keeps its own."""
    if not 0.2 < confidence < 0.8:
        return confidence
    return confidence * (1 - speech.sounds_like_speech(track) * min(1.0, (0.8 - confidence) / 0.2))


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
    end, sure = heard.duration_s, heard.beat_confidence
    grid = "bar-pointer HMM on band onsets"
    key = f"{KEYS[heard.key]} {'minor' if heard.minor else 'major'}"
    found = [Cue("tempo_bpm", (0.0, end), "bpm", round(heard.tempo_bpm, 2) if heard.tempo_bpm else None, sure, grid)]
    if len(heard.tempo_curve) > 1:
        found += [Cue("tempo_bpm", (start, finish), "bpm", bpm, certain, "median of beats in the stretch")
                  for start, finish, bpm, certain in heard.tempo_curve]
    found += [Cue("metre", (0.0, end), "beats a bar", heard.beats_per_bar, 0.8 * sure, "self-similarity by beats"),
              Cue("key", (0.0, end), "", key, heard.key_confidence, "chroma against key profiles, chords"),
              Cue("loudness", (0.0, end), "LUFS", round(heard.loudness_lufs, 2), 1.0, "ITU-R BS.1770"),
              Cue("vocals", (0.0, end), "0..1", round(heard.vocals, 3), 0.6, "partials that glide"),
              Cue("mood", (0.0, end), "", {"word": heard.mood, "valence": heard.valence, "arousal": heard.arousal},
                  0.0 if heard.silent else 0.5, "mode, tempo, level, attacks, brightness")]
    found += [Cue(name, (0.0, end), "weights", dict(weights), max(weights.values()), heard.named_by)
              for name, weights in (("genre", heard.genres), ("moods", heard.moods), ("instruments", heard.instruments))
              if weights]
    found += [Cue("beat", (float(t), float(t)), "s", i, sure, grid) for i, t in enumerate(heard.beats_s)]
    found += [Cue("downbeat", (float(t), float(t)), "s", i, 0.8 * sure, f"{heard.beats_per_bar} beats a bar, Viterbi")
              for i, t in enumerate(heard.downbeats_s)]
    found += [Cue("section", (start, finish), "", {"label": label, "function": role_name,
                                                  "energy": round(level, 3)}, 0.5, "checkerboard novelty, clustering")
              for label, role_name, start, finish, level in heard.sections]
    found += [Cue("chord", (start, finish), "", name, certain, "chroma HMM over triads")
              for start, finish, name, certain in heard.chords]
    second = int(heard.signal_rate_hz)
    for name, method in CURVES.items():
        curve = heard.signals[name]
        found += [Cue(name, (float(t), min(end, t + 1.0)), "0..1",
                      round(float(curve[t * second: (t + 1) * second].mean()), 4), 0.9, method)
                  for t in range(int(np.ceil(len(curve) / second)))]
    found += _onsets(heard)
    names = ROLE_NAMES.get(role) if role else None
    return [cue for cue in found if names is None or cue.name in names]


def _onsets(heard: MusicCues) -> list[Cue]:
    """Onset cues with the band that struck hardest."""
    found: list[Cue] = []
    onset = heard.signals["onset"]
    for peak in np.flatnonzero((onset[1:] > onset[:-1] + 0.12) & (onset[1:] > 0.25)) + 1:
        at_s = float(peak / heard.signal_rate_hz)
        near = slice(max(0, int(peak) - 1), int(peak) + 2)
        band = max(BANDS, key=lambda name: float(heard.signals[BANDS[name]][near].max()))
        found.append(Cue("onset", (at_s, at_s), "s", {"band": band, "strength": round(float(onset[peak]), 3)}, 0.7,
                         "SuperFlux"))
    return found


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
            plain["chords"] = tuple((float(a), float(b), str(c), float(d)) for a, b, c, d in plain["chords"])
            plain["tempo_curve"] = tuple((float(a), float(b), float(c), float(d))
                                         for a, b, c, d in plain["tempo_curve"])
            curves = {name.removeprefix("signal_"): data[name] for name in data.files if name.startswith("signal_")}
            return MusicCues(**plain, beats_s=data["beats_s"], downbeats_s=data["downbeats_s"], signals=curves)
    except (OSError, ValueError, KeyError, TypeError, EOFError, BadZipFile, zlib.error):
        return None
