"""Tempo, beats, downbeats and metre.

Beats: a bar-pointer hidden Markov model over (beat period, phase), decoded by Viterbi (Whiteley, Cemgil and Godsill,
2006; Krebs, Böck and Widmer, 2015) on the onset curve, with a tempo prior from the autocorrelation. Downbeats: a
second small model over (metre, place in the bar) on harmonic change, bass and accents at the beats.
"""

from __future__ import annotations

import itertools

import numpy as np
from numba import njit
from numpy.typing import NDArray

from modalities.perceive.music_features import CHROMA_EVERY, FRAME_HZ, Features, local_contrast

Floats = NDArray[np.float32]
SLOWEST_BPM, FASTEST_BPM = 50.0, 215.0
SHORTEST = int(60 * FRAME_HZ / FASTEST_BPM)
LONGEST = int(60 * FRAME_HZ / SLOWEST_BPM)


def activation(features: Features) -> Floats:
    """(T,) in [0, 1]: how likely a beat starts in each frame, from onsets in all bands, low ones counted more."""
    curve = (local_contrast(features.flux) + 0.6 * local_contrast(features.low) + 0.3 * local_contrast(features.mid))
    high = float(np.quantile(curve, 0.985)) + 1e-6
    return np.clip(curve / high, 0, 1).astype(np.float32)


def tempo_prior(strength: Floats) -> Floats:
    """Log weight of each beat period (frames SHORTEST … LONGEST): periodicity times a preference near 115 bpm."""
    centred = strength - strength.mean()
    size = 1 << int(np.ceil(np.log2(2 * len(centred))))
    spectrum = np.fft.rfft(centred, size)
    repeats = np.fft.irfft(spectrum * np.conj(spectrum), size)[: 4 * LONGEST + 8]
    repeats = repeats / (repeats[0] + 1e-9)
    periods = np.arange(SHORTEST, LONGEST + 1)
    comb = np.zeros(len(periods))
    for multiple, weight in ((1, 1.0), (2, 0.7), (3, 0.25), (4, 0.6)):
        near = [repeats[np.clip(periods * multiple + d, 0, len(repeats) - 1)] for d in range(-multiple, multiple + 1)]
        comb += weight * np.max(near, axis=0)
    comb = np.maximum(comb, 0) / (comb.max() + 1e-9)
    bpm = 60.0 * FRAME_HZ / periods
    taste = np.exp(-0.5 * (np.log2(bpm / 112.0) / 0.62) ** 2)
    return (1.6 * np.log(comb**2 + 0.02) + np.log(taste + 1e-3)).astype(np.float32)


@njit(nogil=True, cache=True)
def _decode(strength: Floats, prior: Floats, shortest: int, tightness: float) -> NDArray[np.int64]:
    """Beat frames of the most likely path. The beat state is hit once a period; elsewhere silence is expected."""
    frames, tempi = len(strength), len(prior)
    # Against chance: a beat on an onset is worth having, one in silence costs, so more beats are not dear in
    # themselves and the tempo prior settles the octave.
    hit = np.log((strength * 0.98 + 0.02) / 0.16)
    rest = np.log((1.0 - strength) * 0.98 + 0.01) * 0.05
    passed = np.zeros(frames + 1)
    for t in range(frames):
        passed[t + 1] = passed[t] + rest[t]
    change = np.zeros((tempi, tempi), np.float32)
    for a in range(tempi):
        for b in range(tempi):
            change[a, b] = -tightness * abs((b + shortest) / (a + shortest) - 1.0)
    best = np.full((frames, tempi), -1e18)
    came = np.full((frames, tempi), -1, np.int32)
    for t in range(frames):
        for b in range(tempi):
            period = b + shortest
            if t < period:
                best[t, b] = hit[t] + prior[b] + passed[t] * 1.0
                continue
            top, who = -1e18, -1
            low, high = max(0, b - 9), min(tempi, b + 10)
            for a in range(low, high):
                score = best[t - period, a] + change[a, b]
                if score > top:
                    top, who = score, a
            best[t, b] = top + hit[t] + prior[b] * 0.5 * period / 100.0 + passed[t] - passed[t - period + 1]
            came[t, b] = who
    end, tempo, top = frames - 1, 0, -1e18
    for t in range(max(0, frames - shortest - tempi), frames):
        for b in range(tempi):
            if frames - t <= b + shortest and best[t, b] + passed[frames] - passed[t] > top:
                top, end, tempo = best[t, b] + passed[frames] - passed[t], t, b
    found = []
    t, b = end, tempo
    while t >= 0 and b >= 0:
        found.append(t)
        previous = came[t, b]
        t = t - (b + shortest)
        b = previous
    return np.array(found[::-1], np.int64)


def beats(features: Features) -> tuple[NDArray[np.float64], float, float]:
    """Beat times in seconds, tempo in bpm (the median), and the confidence [0, 1] of the grid."""
    strength = activation(features)
    if len(strength) < 2 * LONGEST or strength.max() <= 0 or features.flux.max() < 1e-3:
        return np.zeros(0), 0.0, 0.0
    prior = tempo_prior(strength)
    frames = _decode(strength, prior - prior.max(), SHORTEST, 60.0)
    if len(frames) < 4:
        return np.zeros(0), 0.0, 0.0
    times = _refined(frames, strength)
    period_s = float(np.median(np.diff(times)))
    return times, 60.0 / period_s, _confidence(strength, frames)


def _refined(frames: NDArray[np.int64], strength: Floats) -> NDArray[np.float64]:
    """Each beat to the centre of its onset within 30 ms, by parabola; then a light smoothing of the periods."""
    found = frames.astype(np.float64)
    for i, frame in enumerate(frames):
        low, high = max(1, frame - 3), min(len(strength) - 1, frame + 4)
        if high <= low:
            continue
        at = low + int(np.argmax(strength[low:high]))
        if strength[at] < 0.15 or at < 1 or at + 1 >= len(strength):
            continue
        left, here, right = (float(strength[at + d]) for d in (-1, 0, 1))
        bend = left - 2 * here + right
        found[i] = at + (0.5 * (left - right) / bend if abs(bend) > 1e-6 else 0.0)
    if len(found) > 6:
        around = np.pad(found, 2, mode="reflect", reflect_type="odd")
        smooth = sum(w * around[k: k + len(found)] for k, w in enumerate((-3 / 35, 12 / 35, 17 / 35, 12 / 35, -3 / 35)))
        found = 0.5 * found + 0.5 * np.asarray(smooth)
    # An onset is seen when the energy has risen: the flux peaks about one frame after the attack began.
    return np.maximum(0.0, (found - 0.5) / FRAME_HZ)


def _confidence(strength: Floats, frames: NDArray[np.int64]) -> float:
    """How much stronger onsets are on the beats than between them."""
    spread = np.maximum.reduce([np.roll(strength, d) for d in (-2, -1, 0, 1, 2)])
    on = float(spread[frames].mean())
    off = float(np.mean([spread[np.clip(frames + int(s), 0, len(spread) - 1)].mean()
                         for s in np.diff(frames).mean() * np.array([0.3, 0.38, 0.62, 0.7])]))
    return float(np.clip((on - off) / (on + off + 1e-6) * 1.6 * min(1.0, on / 0.35), 0, 1))


def downbeats(features: Features, times: NDArray[np.float64]) -> tuple[NDArray[np.int64], int]:
    """Indices of the beats that start a bar, and beats per bar (3 or 4).

    Evidence at each beat: how the harmony changes there, the bass attack, the accent, and a missing backbeat.
    """
    if len(times) < 8:
        return np.arange(0, len(times), 4), 4
    frames = np.clip((times * FRAME_HZ).astype(int), 0, len(features.flux) - 1)
    harmony = _change(features.chroma, times, FRAME_HZ / CHROMA_EVERY)
    timbre = _change(features.mel, times, FRAME_HZ)
    low, mid, high = (_around(local_contrast(c), frames) for c in (features.low, features.mid, features.high))
    bass = _around(features.low_level, frames)
    evidence = (1.1 * _z(harmony) + 0.35 * _z(timbre) + 0.55 * _z(low) + 0.35 * _z(bass) + 0.15 * _z(mid)
                - 0.3 * _z(mid + high - low))
    return _bars(np.clip(evidence, -2.5, 3.0))


def _bars(evidence: NDArray[np.float64]) -> tuple[NDArray[np.int64], int]:
    """Viterbi over the place in the bar; a bar of the wrong length is possible but dear."""
    best_score, best = -np.inf, (np.arange(0, len(evidence), 4), 4)
    for metre, handicap in ((4, 0.0), (3, 0.12)):
        score = np.zeros(metre)
        back = np.zeros((len(evidence), metre), np.int64)
        for t, value in enumerate(evidence):
            gain = np.full(metre, -value / (metre - 1))
            gain[0] = value
            stay = np.roll(score, 1)
            slip = score.max() - 9.0
            take = stay >= slip
            back[t] = np.where(take, (np.arange(metre) - 1) % metre, int(score.argmax()))
            score = np.where(take, stay, slip) + gain
        total = float(score.max()) / len(evidence) * np.sqrt(metre - 1) / np.sqrt(3) - handicap
        if total > best_score:
            state = int(score.argmax())
            path = np.zeros(len(evidence), np.int64)
            for t in range(len(evidence) - 1, -1, -1):
                path[t] = state
                state = int(back[t, state])
            best_score, best = total, (np.flatnonzero(path == 0), metre)
    return best


def _change(rows: Floats, times: NDArray[np.float64], rate_hz: float) -> NDArray[np.float64]:
    """1 - cosine between what sounds in the beat after each time and in the beat before."""
    edges = np.clip((np.append(times, 2 * times[-1] - times[-2]) * rate_hz).astype(int), 0, len(rows) - 1)
    means = np.stack([rows[a: max(a + 1, b)].mean(0) for a, b in itertools.pairwise(edges)])
    means = means / (np.linalg.norm(means, axis=1, keepdims=True) + 1e-9)
    two = means.copy()
    two[:-1] = means[:-1] + means[1:]
    two /= np.linalg.norm(two, axis=1, keepdims=True) + 1e-9
    change = np.zeros(len(times))
    change[1:] = 1 - (means[1:] * means[:-1]).sum(1)
    change[2:] += 1 - (two[2:] * two[:-2]).sum(1)
    return change


def _around(curve: Floats, frames: NDArray[np.int64]) -> NDArray[np.float64]:
    return np.max([curve[np.clip(frames + d, 0, len(curve) - 1)] for d in range(-3, 5)], axis=0).astype(np.float64)


def _z(values: NDArray[np.float64]) -> NDArray[np.float64]:
    return (values - values.mean()) / (values.std() + 1e-9)
