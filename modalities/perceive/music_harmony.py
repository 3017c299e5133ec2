"""Harmony: the key, and the chords over time.

Pitch classes are measured in thirds of a semitone, so that an instrument tuned a little high or low is read at its own
pitch. Chords are the most likely path of a hidden Markov model (Viterbi) over triads, on beats where there are any
(Sheh and Ellis, 2003; templates after Fujishima, 1999).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from modalities.perceive.music_features import CHROMA_EVERY, FRAME_HZ, Features
from modalities.perceive.music_parts import STEPS

Rows = NDArray[np.float64]
Chord = tuple[float, float, str, float]
RATE_HZ = FRAME_HZ / CHROMA_EVERY
NAMES = ("C", "C#", "D", "D#", "E", "F", "F#", "G", "G#", "A", "A#", "B")
# Key profiles of Albrecht and Shanahan (2013).
MAJOR = np.array([0.238, 0.006, 0.111, 0.006, 0.137, 0.094, 0.016, 0.214, 0.009, 0.080, 0.008, 0.081])
MINOR = np.array([0.220, 0.006, 0.104, 0.123, 0.019, 0.103, 0.012, 0.214, 0.062, 0.022, 0.061, 0.052])
FREE_UNIT_S = 0.5
STAY = 2.6  # log odds of a chord going on
SHARPNESS = 9.0  # how much a better fit is worth, in log odds for all of a correlation
IN_KEY = 0.5
DETUNED = 0.2  # semitones from which pitch classes at the track's own tuning tell the key better
# What a tonic chord all the time, fifths all the time, and the last chord add to a key's correlation.
TONIC, FIFTHS, LAST_CHORD = 0.5, 0.25, 0.1
LEAST = 0.35  # confidence under which no chord is claimed


def tuned(pitch: NDArray[np.float32]) -> tuple[Rows, float]:
    """(T, 12) pitch classes read at the track's own tuning, and that tuning in semitones [-0.5, 0.5]."""
    total = pitch.sum(0).astype(np.float64).reshape(12, STEPS)
    turn = np.exp(2j * np.pi * np.arange(STEPS) / STEPS)
    mean = (total @ turn).sum()
    offset = float(np.angle(mean) / (2 * np.pi)) if np.abs(mean) > 0.02 * total.sum() else 0.0
    return tuned_to(pitch, offset), offset


def harmony(features: Features, beats_s: Rows) -> tuple[int, bool, float, tuple[Chord, ...]]:
    """(key as a pitch class, minor, confidence [0, 1], chords). The chords are read without a key first, help to find
    it, and are read again in it."""
    chroma, offset = tuned(features.pitch)
    key, minor, sure = key_of(chroma if abs(offset) > DETUNED else features.chroma.astype(np.float64),
                              chords(features, beats_s, None))
    return key, minor, sure, chords(features, beats_s, (key, minor))


def key_of(chroma: Rows, found: tuple[Chord, ...] = ()) -> tuple[int, bool, float]:
    """(pitch class, minor, confidence [0, 1]) by correlation with key profiles, and by how long the tonic's,
    dominant's and subdominant's chords sound and which chords come last and first."""
    mean = chroma.mean(0).astype(np.float64)
    if mean.std() < 1e-9:
        return 0, False, 0.0
    share, ends = np.zeros((2, 12)), np.zeros((2, 12))
    places = [(int(name.endswith("m")), NAMES.index(name.rstrip("m"))) for _, _, name, _ in found]
    for place, (start, end, _, sure) in zip(places, found, strict=True):
        share[place] += (end - start) * sure
    share /= share.sum() + 1e-9
    if found:
        ends[places[-1]] += LAST_CHORD
        ends[places[0]] += 0.5 * LAST_CHORD
    scores = [(float(np.corrcoef(np.roll(profile, k), mean)[0, 1]) + float(
        TONIC * share[minor, k] + FIFTHS * (share[0, (k + 7) % 12] + share[minor, (k + 5) % 12]) + ends[minor, k]),
        k, bool(minor)) for minor, profile in ((0, MAJOR), (1, MINOR)) for k in range(12)]
    scores.sort(reverse=True)
    return scores[0][1], scores[0][2], float(np.clip(4 * (scores[0][0] - scores[1][0]), 0, 1))


def templates() -> Rows:
    """(24, 12) unit rows: twelve major triads, then twelve minor ones, with the overtones of their notes."""
    overtones = np.zeros(12)
    for number, weight in ((1, 1.0), (2, 0.6), (3, 0.36), (4, 0.22), (5, 0.13), (6, 0.08)):
        overtones[round(12 * np.log2(number)) % 12] += weight
    rows = []
    for third in (4, 3):
        one = np.zeros(12)
        for tone, weight in ((0, 1.0), (third, 0.9), (7, 0.9)):
            one += weight * np.roll(overtones, tone)
        rows += [np.roll(one, k) for k in range(12)]
    table = np.stack(rows)
    table -= table.mean(1, keepdims=True)
    return table / np.linalg.norm(table, axis=1, keepdims=True)


def chords(features: Features, beats_s: Rows, key: tuple[int, bool] | None) -> tuple[Chord, ...]:
    """(start_s, end_s, name, confidence [0, 1]) of the triads heard, such as "C#m"; gaps where none is. In a key
    (pitch class, minor) its own chords are a little likelier."""
    end_s = features.duration_s
    edges = beats_s if len(beats_s) >= 8 else np.arange(0.0, end_s, FREE_UNIT_S)
    edges = np.unique(np.concatenate([[0.0], edges[(edges > 0.15) & (edges < end_s - 0.15)], [end_s]]))
    chroma, offset = tuned(features.pitch)
    bass = tuned_to(features.bass_pitch, offset)
    heard, low, level = _spans(chroma, edges), _spans(bass, edges), _spans(chroma.sum(1, keepdims=True), edges)[:, 0]
    fit, sure = _fits(heard, low)
    loud = level > 0.06 * (np.quantile(level, 0.95) + 1e-9)
    liking = np.zeros(24) if key is None else _liking(*key)
    path = _path(SHARPNESS * fit + liking)
    found: list[Chord] = []
    start = 0
    for n in range(1, len(path) + 1):
        if n < len(path) and path[n] == path[start] and loud[n] == loud[start]:
            continue
        confidence = float(np.mean(sure[start:n, path[start]]))
        if loud[start] and confidence >= LEAST:
            name = NAMES[path[start] % 12] + ("m" if path[start] >= 12 else "")
            found.append((float(edges[start]), float(edges[n]), name, round(confidence, 3)))
        start = n
    return tuple(found)


def tuned_to(pitch: NDArray[np.float32], offset: float) -> Rows:
    """(T, 12) pitch classes read at a tuning `offset` semitones above the standard one."""
    away = (np.arange(12 * STEPS)[None] / STEPS - offset - np.arange(12)[:, None] + 6) % 12 - 6
    return np.asarray(pitch @ np.exp(-0.5 * (away / 0.24) ** 2).T, np.float64)


def _liking(tonic: int, minor: bool) -> Rows:
    """(24,) what each triad's tones in the key add to its score."""
    scale = (0, 2, 3, 5, 7, 8, 10, 11) if minor else (0, 2, 4, 5, 7, 9, 11)
    inside = {(tonic + s) % 12 for s in scale}
    return np.array([IN_KEY * sum((k + s) % 12 in inside for s in (0, third, 7)) / 3
                     for third in (4, 3) for k in range(12)])


def _spans(rows: Rows, edges: Rows) -> Rows:
    """Means of the rows between edges; the first tenth after each edge, where the chord before rings on, is left."""
    sums = np.concatenate([np.zeros((1, rows.shape[1])), np.cumsum(rows, axis=0)])
    length = np.diff(edges)
    a = np.clip(np.round((edges[:-1] + 0.1 * length) * RATE_HZ).astype(int), 0, len(rows) - 1)
    b = np.clip(np.round(edges[1:] * RATE_HZ).astype(int), a + 1, len(rows))
    return (sums[b] - sums[a]) / (b - a)[:, None]


def _fits(heard: Rows, low: Rows) -> tuple[Rows, Rows]:
    """(spans, 24) correlation of each span with each triad, with what the bass adds; and confidences [0, 1]."""
    centred = heard - heard.mean(1, keepdims=True)
    fit = centred / (np.linalg.norm(centred, axis=1, keepdims=True) + 1e-9) @ templates().T
    roots = low / (low.max(1, keepdims=True) + 1e-9)
    sure = np.clip((fit - 0.3) / 0.5, 0, 1)
    fit = fit + 0.15 * np.concatenate([roots, roots], axis=1)
    rest = np.sort(fit, axis=1)
    clear = np.clip((fit - np.where(fit == rest[:, -1:], rest[:, -2:-1], rest[:, -1:])) / 0.15 + 0.5, 0, 1)
    return fit, sure * (0.4 + 0.6 * clear)


def _path(score: Rows) -> NDArray[np.int64]:
    back = np.zeros(score.shape, np.int64)
    total = score[0].copy()
    for t in range(1, len(score)):
        best = int(total.argmax())
        change = total[best] - STAY
        stays = total >= change
        back[t] = np.where(stays, np.arange(len(total)), best)
        total = np.where(stays, total, change) + score[t]
    path = np.zeros(len(score), np.int64)
    path[-1] = int(total.argmax())
    for t in range(len(score) - 1, 0, -1):
        path[t - 1] = back[t, path[t]]
    return path
