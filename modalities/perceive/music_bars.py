"""Bars: which beats start one, and whether three or four beats make one.

Each beat is described by what starts there (bass, drums, harmony, timbre, over one to eight beats). A linear model,
fitted by `python -m benchmarks.music_fit`, says how much a beat and the one after it look like a downbeat and its
successor; a small Viterbi over the place in the bar keeps the bars regular (after Krebs, Böck and Widmer, 2015), and
the metre is decided by that evidence together with how alike the music is at a distance of three or four beats.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from modalities.perceive.music_features import CHROMA_EVERY, FRAME_HZ, Features, local_contrast

Rows = NDArray[np.float64]
BEAT_FEATURES = ("bass attack", "mid attack", "high attack", "attack", "harmony over 1 beat", "over 2", "over 4",
                 "timbre over 1 beat", "over 4", "bass level", "rise of bass", "bass register", "harmony over 8",
                 "timbre over 8")
# One weight for each feature at the beat, and at the next beat.
WEIGHTS = np.array([
    [0.351, 0.115, 0.005, 0.124, 0.264, 0.176, 0.137, 0.141, 0.08, 0.196, 0.256, 0.139, 0.059, 0.029],
    [-0.175, -0.043, 0.039, -0.046, -0.056, -0.065, -0.091, 0.012, -0, -0.027, -0.19, -0.039, -0.007, 0.009]])
THREE_NEEDS = 0.35
SLIP = 11.0  # in evidence: about ten bars must speak against a phase before it moves


@dataclass(frozen=True)
class Listened:
    """Features with what every grid asks of them: running sums and contrasts. Frames at FRAME_HZ."""

    features: Features
    contrasts: tuple[NDArray[np.float32], ...]
    chroma_sum: Rows
    timbre_sum: Rows
    register_sum: Rows
    bass_sum: Rows
    likeness_sum: Rows


def listen(features: Features) -> Listened:
    """What the bars and grids are judged by, computed once for a track."""
    contrasts = tuple(local_contrast(c) for c in (features.low, features.mid, features.high, features.flux))
    mel = features.mel
    likeness = np.concatenate([mel / (mel.std() + 1e-9), np.stack(contrasts[:3], 1)], axis=1)
    return Listened(features, contrasts, _sums(features.chroma), _sums(mel), _sums(features.register),
                    _sums(features.low_level[:, None]), _sums(likeness))


def _sums(rows: NDArray[np.float32]) -> Rows:
    return np.concatenate([np.zeros((1, rows.shape[1])), np.cumsum(rows, axis=0, dtype=np.float64)])


def span_means(sums: Rows, start: Rows, end: Rows, rate: float = 1.0) -> Rows:
    """Means of the summed rows over [start, end) in frames, at least one row each; rate is rows a frame."""
    last = len(sums) - 2
    a = np.clip(np.round(start * rate).astype(np.int64), 0, last)
    b = np.maximum(a + 1, np.clip(np.round(end * rate).astype(np.int64), 0, last + 1))
    return (sums[b] - sums[a]) / (b - a)[:, None]


def change(sums: Rows, frames: Rows, span: float, rate: float = 1.0) -> Rows:
    """1 - cosine between the `span` frames after each moment and those before it."""
    after, before = span_means(sums, frames, frames + span, rate), span_means(sums, frames - span, frames, rate)
    norms = np.linalg.norm(after, axis=1) * np.linalg.norm(before, axis=1)
    return 1.0 - (after * before).sum(1) / (norms + 1e-9)


def peak_near(curve: NDArray[np.float32], frames: Rows, reach: int = 3) -> Rows:
    """The highest value within `reach` frames of each moment."""
    at = np.round(frames).astype(np.int64)
    return np.max([curve[np.clip(at + d, 0, len(curve) - 1)] for d in range(-reach, reach + 1)], axis=0).astype(float)


def beat_features(heard: Listened, frames: Rows) -> Rows:
    """(beats, features) in deviations from the piece's own mean, within 3."""
    period, slow = float(np.median(np.diff(frames))), 1.0 / CHROMA_EVERY
    bass = span_means(heard.bass_sum, frames, frames + period)[:, 0]
    columns = [peak_near(curve, frames) for curve in heard.contrasts]
    columns += [change(heard.chroma_sum, frames, n * period, slow) for n in (1, 2, 4)]
    columns += [change(heard.timbre_sum, frames, n * period) for n in (1, 4)]
    columns += [bass, bass - span_means(heard.bass_sum, frames - period, frames)[:, 0],
                change(heard.register_sum, frames, period), change(heard.chroma_sum, frames, 8 * period, slow),
                change(heard.timbre_sum, frames, 8 * period)]
    table = np.stack(columns, 1)
    return np.clip((table - table.mean(0)) / (table.std(0) + 1e-9), -3, 3)


def evidence(table: Rows) -> Rows:
    """(beats,) how much each beat looks like the first of a bar; near 0 for a beat like any other."""
    here = table @ WEIGHTS[0]
    here[:-1] += table[1:] @ WEIGHTS[1]
    return here - here.mean()


def strongest(values: Rows, metre: int) -> float:
    """The mean evidence of the best fixed phase of a metre."""
    return max(float(values[k::metre].mean()) for k in range(metre))


def alike(heard: Listened, frames: Rows) -> dict[int, float]:
    """How alike (correlation) the music is 3, 4, 6 and 8 beats apart, in half-beat steps."""
    period = np.append(np.diff(frames), np.median(np.diff(frames)))
    halves = np.stack([frames, frames + period / 2], 1).ravel()
    length = np.repeat(period / 2, 2)
    table = np.concatenate([
        span_means(heard.likeness_sum, halves, halves + length),
        span_means(heard.chroma_sum, halves, halves + length, 1.0 / CHROMA_EVERY)], axis=1)
    table = (table - table.mean(0)) / (table.std(0) + 1e-6)
    return {lag: float((table[2 * lag:] * table[:-2 * lag]).mean()) if len(table) > 4 * lag else 0.0
            for lag in (3, 4, 6, 8)}


def downbeats(heard: Listened, frames: Rows) -> tuple[NDArray[np.int64], int]:
    """Indices of the beats that start a bar, and beats per bar (3 or 4)."""
    if len(frames) < 8:
        return np.arange(0, len(frames), 4), 4
    values = evidence(beat_features(heard, frames))
    near = alike(heard, frames)
    three = strongest(values, 3) - strongest(values, 4) + near[3] + near[6] - near[4] - near[8]
    metre = 3 if three > THREE_NEEDS and len(frames) >= 12 else 4
    return _bars(np.clip(values, -3.0, 4.0), metre), metre


def _bars(values: Rows, metre: int) -> NDArray[np.int64]:
    """Viterbi over the place in the bar; a bar of the wrong length is possible but dear."""
    score = np.zeros(metre)
    back = np.zeros((len(values), metre), np.int64)
    places = (np.arange(metre) - 1) % metre
    for t, value in enumerate(values):
        stay = score[places]
        slip = score.max() - SLIP
        take = stay >= slip
        back[t] = np.where(take, places, int(score.argmax()))
        score = np.where(take, stay, slip)
        score[0] += value
    state = int(score.argmax())
    first: list[int] = []
    for t in range(len(values) - 1, -1, -1):
        if state == 0:
            first.append(t)
        state = int(back[t, state])
    return np.array(first[::-1], np.int64)


def rate_s(frames: Rows) -> Rows:
    """Frames to seconds. Frames are centred, and the flux of a sharp attack peaks within 2 ms of it."""
    return np.maximum(0.0, frames / FRAME_HZ)
