"""How a track feels and moves: valence and arousal with a word, its tempo over time, and whether somebody sings.

Valence and arousal are Russell's circumplex (1980); that mode, tempo, loudness and brightness carry them is the old
finding of Hevner (1937) and of Eerola, Friberg and Bresin (2013). The weights here are set by hand.
"""

from __future__ import annotations

import itertools

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter1d

from modalities.perceive.music_features import FRAME_HZ, Features
from modalities.perceive.music_parts import PARTIAL_HZ

Rows = NDArray[np.float64]
Stretch = tuple[float, float, float, float]
# Word to (valence, arousal).
WORDS: dict[str, tuple[float, float]] = {
    "calm": (0.35, -0.65), "dreamy": (0.1, -0.45), "melancholy": (-0.5, -0.5), "sad": (-0.7, -0.65),
    "dark": (-0.6, 0.05), "tense": (-0.55, 0.5), "dramatic": (-0.2, 0.75), "epic": (0.3, 0.7), "energetic": (0.5, 0.9),
    "happy": (0.75, 0.45), "hopeful": (0.55, 0.05), "cosy": (0.6, -0.35), "mysterious": (-0.3, -0.2),
    "eerie": (-0.75, -0.15)}
CHANGE = 0.06  # of a tempo: less is a player's breath
SPAN_BEATS = 8
FELT_BPM = 165.0  # a faster pulse is felt at half its tempo
VOICE_MIDDLE, VOICE_SOFT = 0.2, 0.02


def tempo_curve(beats_s: Rows, confidence: float) -> tuple[Stretch, ...]:
    """(start_s, end_s, bpm, confidence) of stretches with one tempo, in order; empty for fewer than five beats."""
    if len(beats_s) < 5:
        return ()
    steps = np.diff(beats_s)
    half = SPAN_BEATS // 2
    local = np.array([np.median(steps[max(0, n - half): n + half]) for n in range(len(steps))])
    edges = [0]
    for n in range(1, len(local)):
        mean = float(np.median(local[edges[-1]: n]))
        ahead = float(np.median(local[n: n + half]))
        if abs(local[n] / mean - 1) > CHANGE and abs(ahead / mean - 1) > CHANGE and n - edges[-1] >= half:
            edges.append(n)
    edges.append(len(steps))
    found: list[Stretch] = []
    for a, b in itertools.pairwise(edges):
        piece = steps[a:b]
        middle = float(np.median(piece))
        steady = float(np.clip(1.2 - 4 * np.median(np.abs(piece / middle - 1)), 0.2, 1))
        found.append((float(beats_s[a]), float(beats_s[b]), round(60 / middle, 2), round(confidence * steady, 3)))
    return tuple(found)


def vocals(features: Features, count: int, rate_hz: float) -> tuple[float, NDArray[np.float32]]:
    """How likely a voice is heard in the track [0, 1], and over time (count,) [0, 1] at rate_hz. Voices glide from
    note to note and tremble; so do slides, bends and strings, so this never claims much more than 0.8."""
    slow = gaussian_filter1d(features.gliding, 0.6 * PARTIAL_HZ, mode="nearest")
    times = np.arange(count) / rate_hz
    curve = np.interp(times, np.arange(len(slow)) / PARTIAL_HZ, slow)
    level_db = np.interp(times, np.arange(len(features.level_db)) / FRAME_HZ, features.level_db)
    audible = np.clip((level_db - np.quantile(level_db, 0.95) + 35) / 10, 0, 1)
    likely = 0.85 / (1 + np.exp(-np.clip((curve - VOICE_MIDDLE) / VOICE_SOFT, -30, 30))) * audible
    # A track has vocals when a good part of it has: the upper third tells.
    return float(np.sort(likely)[-max(1, len(likely) // 3):].mean()), likely.astype(np.float32)


def mood(features: Features, tempo_bpm: float, beat_confidence: float, minor: bool, key_confidence: float,
         loudness_lufs: float) -> tuple[float, float, str]:
    """(valence, arousal) in [-1, 1] and the nearest word of WORDS. Without a sure beat the tempo does not count."""
    loud = features.level_db > np.quantile(features.level_db, 0.9) - 40
    if not loud.any():
        return 0.0, -0.6, "calm"
    bright = float(np.mean(np.log2(np.clip(features.centroid_hz[loud], 100, 12000)) - np.log2(1000.0)))
    strikes = float(features.percussive[loud].sum() / (features.percussive[loud].sum() + features.harmonic[loud].sum()
                                                       + 1e-9))
    busy = float(features.flux[loud].mean())
    felt_bpm = tempo_bpm / 2 if tempo_bpm > FELT_BPM else tempo_bpm
    pace = float(np.clip((felt_bpm - 105) / 50, -1, 1)) * min(1.0, 1.5 * beat_confidence) if tempo_bpm else 0.0
    level = float(np.clip((loudness_lufs + 16) / 10, -1, 1))
    # The middles are near the means of mastered real tracks: what is usual leaves the answer near zero.
    arousal = float(np.tanh(0.6 * pace + 0.35 * level + 3.0 * (strikes - 0.42) + 0.25 * (bright + 0.6)
                            + 2.5 * (busy - 0.14) + (0.1 if beat_confidence > 0.5 else -0.25)))
    sure = 0.4 + 0.6 * key_confidence
    valence = float(np.tanh((-0.65 if minor else 0.55) * sure + 0.25 * pace + 0.15 * arousal + 0.15 * (bright + 0.6)))
    word = min(WORDS, key=lambda name: (WORDS[name][0] - valence) ** 2 + (WORDS[name][1] - arousal) ** 2)
    return round(valence, 3), round(arousal, 3), word
