"""The most likely path through beat periods and phases: compiled, and in a file of its own, so that an edit to the rest
of perception compiles nothing again (see world_model/kernel_cache.py)."""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

Floats = NDArray[np.float32]


@njit(nogil=True, cache=True)
def decode(strength: Floats, prior: Floats, shortest: int, tightness: float) -> NDArray[np.int64]:
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
    # Scores are looked up one period back at most, so a ring is enough; the way back needs one byte a state.
    ring = shortest + tempi + 1
    best = np.full((ring, tempi), -1e18)
    came = np.full((frames, tempi), -100, np.int8)
    for t in range(frames):
        for b in range(tempi):
            period = b + shortest
            if t < period:
                best[t % ring, b] = hit[t] + prior[b] + passed[t]
                continue
            top, who = -1e18, -1
            low, high = max(0, b - 9), min(tempi, b + 10)
            for a in range(low, high):
                score = best[(t - period) % ring, a] + change[a, b]
                if score > top:
                    top, who = score, a
            best[t % ring, b] = top + hit[t] + prior[b] * 0.5 * period / 100.0 + passed[t] - passed[t - period + 1]
            came[t, b] = who - b
    end, tempo, top = frames - 1, 0, -1e18
    for t in range(max(0, frames - shortest - tempi), frames):
        for b in range(tempi):
            if frames - t <= b + shortest and best[t % ring, b] + passed[frames] - passed[t] > top:
                top, end, tempo = best[t % ring, b] + passed[frames] - passed[t], t, b
    found = []
    t, b = end, tempo
    while t >= 0 and b >= 0:
        found.append(t)
        step = came[t, b]
        t = t - (b + shortest)
        b = -1 if step == -100 else b + step
    return np.array(found[::-1], np.int64)
