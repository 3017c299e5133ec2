"""Beats: a hidden Markov model over (beat period, phase), decoded by Viterbi on the onset curve.

After the bar-pointer model (Whiteley, Cemgil and Godsill, 2006; Krebs, Böck and Widmer, 2015), with a tempo prior
from the autocorrelation. Which of several such grids is the right one is music_grids' question.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from modalities.perceive.music_features import FRAME_HZ, Features, local_contrast
from modalities.perceive.music_viterbi import decode

Floats = NDArray[np.float32]
SLOWEST_BPM, FASTEST_BPM = 50.0, 215.0
SHORTEST = int(60 * FRAME_HZ / FASTEST_BPM)
LONGEST = int(60 * FRAME_HZ / SLOWEST_BPM)
TIGHTNESS = 60.0  # the log cost of a change of tempo by all of itself


def activation(features: Features) -> Floats:
    """(T,) in [0, 1]: how likely a beat starts in each frame, from onsets in all bands, low ones counted more."""
    curve = (local_contrast(features.flux) + 0.6 * local_contrast(features.low) + 0.3 * local_contrast(features.mid))
    high = float(np.quantile(curve, 0.985)) + 1e-6
    return np.clip(curve / high, 0, 1).astype(np.float32)


def autocorrelation(strength: Floats) -> NDArray[np.float64]:
    """Of the curve without its mean, for lags up to 4 * LONGEST + 8 frames; 1 at lag 0. The mean over parts of about
    a minute, so that a tempo that drifts over a long piece still shows."""
    total = np.zeros(4 * LONGEST + 8)
    parts = max(1, round(len(strength) / (60 * FRAME_HZ)))
    for part in np.array_split(strength, parts):
        centred = part - part.mean()
        size = 1 << int(np.ceil(np.log2(2 * len(centred) + 8 * LONGEST)))
        spectrum = np.fft.rfft(centred, size)
        total += np.fft.irfft(spectrum * np.conj(spectrum), size)[: len(total)]
    return np.asarray(total / (total[0] + 1e-9), np.float64)


def tempo_prior(strength: Floats) -> Floats:
    """Log weight of each beat period (frames SHORTEST … LONGEST): periodicity times a preference near 115 bpm."""
    repeats = autocorrelation(strength)
    periods = np.arange(SHORTEST, LONGEST + 1)
    comb = np.zeros(len(periods))
    for multiple, weight in ((1, 1.0), (2, 0.7), (3, 0.25), (4, 0.6)):
        near = [repeats[np.clip(periods * multiple + d, 0, len(repeats) - 1)] for d in range(-multiple, multiple + 1)]
        comb += weight * np.max(near, axis=0)
    comb = np.maximum(comb, 0) / (comb.max() + 1e-9)
    bpm = 60.0 * FRAME_HZ / periods
    taste = np.exp(-0.5 * (np.log2(bpm / 112.0) / 0.62) ** 2)
    return (1.6 * np.log(comb**2 + 0.02) + np.log(taste + 1e-3)).astype(np.float32)


def refined(frames: NDArray[np.float64], strength: Floats) -> NDArray[np.float64]:
    """Each beat to the centre of its onset within 30 ms, by parabola; then a light smoothing of the periods."""
    found = np.array(frames, np.float64)
    for i, frame in enumerate(np.round(frames).astype(np.int64)):
        low, high = max(1, int(frame) - 3), min(len(strength) - 1, int(frame) + 4)
        if high <= low:
            continue
        at = low + int(np.argmax(strength[low:high]))
        if strength[at] < 0.15 or at + 1 >= len(strength):
            continue
        left, here, right = (float(strength[at + d]) for d in (-1, 0, 1))
        bend = left - 2 * here + right
        found[i] = at + (float(np.clip(0.5 * (left - right) / bend, -0.5, 0.5)) if abs(bend) > 1e-6 else 0.0)
    if len(found) > 6:
        around = np.pad(found, 2, mode="reflect", reflect_type="odd")
        smooth = sum(w * around[k: k + len(found)] for k, w in enumerate((-3 / 35, 12 / 35, 17 / 35, 12 / 35, -3 / 35)))
        found = 0.5 * found + 0.5 * np.asarray(smooth)
    return found


def contrast(strength: Floats, frames: NDArray[np.float64]) -> float:
    """[0, 1]: how much stronger onsets are on the beats than between them."""
    spread = np.maximum.reduce([np.roll(strength, d) for d in (-2, -1, 0, 1, 2)])
    at = np.clip(np.round(frames).astype(np.int64), 0, len(spread) - 1)
    on = float(spread[at].mean())
    off = float(np.mean([spread[np.clip(at + int(s), 0, len(spread) - 1)].mean()
                         for s in np.diff(frames).mean() * np.array([0.3, 0.38, 0.62, 0.7])]))
    return float(np.clip((on - off) / (on + off + 1e-6) * 1.6 * min(1.0, on / 0.35), 0, 1))


def tempo_of(frames: NDArray[np.float64]) -> float:
    """bpm: the median over spans of eight beats, which a wandering onset cannot move."""
    span = min(8, len(frames) - 1)
    return 60.0 * FRAME_HZ * span / float(np.median(frames[span:] - frames[:-span]))


__all__ = ["activation", "autocorrelation", "contrast", "decode", "refined", "tempo_of", "tempo_prior"]
