"""Sections: where a piece changes, which parts are alike (A B A …) and what each does (intro, build, drop …).

Boundaries are the best piecewise constant fit to bar-wise features: least squares with a price for each section, by
dynamic programming (Jackson et al., 2005), where sections of four bars are cheaper than odd ones; labels come from
average-linkage clustering of the sections' means.
"""

from __future__ import annotations

import itertools

import numpy as np
from numpy.typing import NDArray
from scipy.cluster.hierarchy import fcluster, linkage
from scipy.spatial.distance import cdist, squareform

from modalities.perceive.music_features import CHROMA_EVERY, FRAME_HZ, Features

Section = tuple[str, str, float, float, float]
Rows = NDArray[np.float64]
FREE_UNIT_S = 2.0
SHORT_PIECE_S = 14.0
SHORTEST_S = 3.3
LONGEST_S = 40.0
# The price of a section against the noise between neighbouring bars; what an odd length and one not of fours add.
PRICE, ODD, NOT_FOURS = 0.5, 0.6, 0.5
# Weights of timbre, harmony, onsets, level, and what lasts and strikes.
WEIGHTS = (0.7, 0.2, 1.0, 0.7, 0.7)


def sections(features: Features, downbeats_s: NDArray[np.float64], energy: NDArray[np.float32],
             rate_hz: float) -> tuple[Section, ...]:
    """(label, function, start_s, end_s, energy [0, 1]) tiling [0, duration_s]."""
    duration_s = features.duration_s
    if len(downbeats_s) >= 4:
        edges = np.unique(np.concatenate([[0.0], downbeats_s[downbeats_s < duration_s - 0.2], [duration_s]]))
    else:
        edges = np.append(np.arange(0.0, max(duration_s - 0.5, 0.1), FREE_UNIT_S), duration_s)
    if len(edges) < 4 or duration_s < SHORT_PIECE_S:
        mean = _mean(energy, rate_hz, 0.0, duration_s)
        return (("A", "verse", 0.0, duration_s, mean),)
    bars = _bar_features(features, edges)
    bounds = _bounds(bars, edges, gridded=len(downbeats_s) >= 4)
    if len(downbeats_s) < 4:
        edges[bounds[1:-1]] = [_turn(features, float(edges[b])) for b in bounds[1:-1]]
    spans = [(float(edges[a]), float(edges[b])) for a, b in itertools.pairwise(bounds)]
    means = np.stack([bars[a:b].mean(0) for a, b in itertools.pairwise(bounds)])
    levels = [_mean(energy, rate_hz, *span) for span in spans]
    slopes = [_slope(energy, rate_hz, *span) for span in spans]
    labels = _labels(means)
    roles = _functions(levels, slopes, spans, duration_s)
    return tuple((label, role, *span, level)
                 for label, role, span, level in zip(labels, roles, spans, levels, strict=True))


def _turn(features: Features, near_s: float) -> float:
    """The moment within a second of near_s where the sound changes most, on the onset there if there is one."""
    half = FRAME_HZ * 7 // 10
    first = max(half, int((near_s - 1) * FRAME_HZ))
    last = min(len(features.mel) - half, int((near_s + 1) * FRAME_HZ))
    if last <= first:
        return near_s
    sums = np.concatenate([np.zeros((1, 24)), np.cumsum(features.mel[first - half: last + half], axis=0)])
    at = np.arange(half, half + last - first)
    step = np.linalg.norm(sums[at + half] - 2 * sums[at] + sums[at - half], axis=1)
    turn = first + int(step.argmax())
    onset = max(0, turn - 20) + int(features.flux[max(0, turn - 20): turn + 20].argmax())
    return onset / FRAME_HZ


def _bar_features(features: Features, edges: Rows) -> Rows:
    """(bars, 24 + 12 + 4 + 1 + 2): timbre, harmony, onsets, level, harmonic and percussive power of each bar, each
    block in deviations from the piece's mean and weighted as a whole."""
    def means(rows: NDArray[np.float32], rate_hz: float) -> Rows:
        sums = np.concatenate([np.zeros((1, rows.shape[1])), np.cumsum(rows, axis=0, dtype=np.float64)])
        a = np.clip(np.round(edges[:-1] * rate_hz).astype(np.int64), 0, len(rows) - 1)
        b = np.clip(np.round(edges[1:] * rate_hz).astype(np.int64), a + 1, len(rows))
        return (sums[b] - sums[a]) / (b - a)[:, None]

    chroma = means(features.chroma, FRAME_HZ / CHROMA_EVERY)
    power = 10 ** (np.clip(features.level_db, -80, 0) / 10)
    blocks = (means(features.mel, FRAME_HZ), chroma / (np.linalg.norm(chroma, axis=1, keepdims=True) + 1e-9),
              means(np.stack([features.flux, features.low, features.mid, features.high], 1), FRAME_HZ),
              np.log(np.sqrt(means(power[:, None].astype(np.float32), FRAME_HZ)) + 1e-4),
              np.log(means(np.stack([features.harmonic, features.percussive], 1), FRAME_HZ) + 1e-3))
    found: list[Rows] = []
    for block, weight in zip(blocks, WEIGHTS, strict=True):
        spread = block.std(0) + 1e-3 * float(np.abs(block).max()) + 1e-9
        found.append((block - block.mean(0)) / spread * (weight / np.sqrt(block.shape[1])))
    return np.concatenate(found, axis=1)


def _bounds(bars: Rows, edges: Rows, *, gridded: bool) -> list[int]:
    """Bar indices of the section borders, 0 and the last included."""
    count = len(bars)
    sums = np.concatenate([np.zeros((1, bars.shape[1])), np.cumsum(bars, axis=0)])
    squares = np.concatenate([[0.0], np.cumsum((bars**2).sum(1))])
    unit_s = float(np.median(np.diff(edges)))
    shortest = max(2, int(np.ceil(SHORTEST_S / unit_s - 0.01)))
    longest = max(shortest * 2, round(LONGEST_S / unit_s))
    steps = ((bars[1:] - bars[:-1]) ** 2).sum(1)
    noise = max(float(np.quantile(steps, 0.4)) / 2, 0.05 * float(squares[-1]) / count)
    price = noise * PRICE * np.log(count + 2)
    best, came = np.full(count + 1, np.inf), np.zeros(count + 1, np.int64)
    best[0] = 0.0
    for end in range(1, count + 1):
        start = np.arange(max(0, end - longest), end)
        length = end - start
        rest = squares[end] - squares[start] - ((sums[end] - sums[start]) ** 2).sum(1) / length
        odd = ODD * (length % 2 != 0) + NOT_FOURS * (length % 4 != 0) if gridded else 0.0
        cost = best[start] + rest + price * (1 + odd)
        cost[(length < shortest) & (length < count)] = np.inf
        pick = int(cost.argmin())
        best[end], came[end] = cost[pick], start[pick]
    bounds = [count]
    while bounds[-1] > 0:
        bounds.append(int(came[bounds[-1]]))
    return bounds[::-1]


def _labels(means: NDArray[np.float64]) -> list[str]:
    """A letter for each section, in order of appearance; sections that sound alike share one."""
    if len(means) < 2:
        return ["A"] * len(means)
    distance = cdist(means, means)
    near = 0.55 * float(np.median(distance[np.triu_indices(len(means), 1)]))
    groups = fcluster(linkage(squareform(distance, checks=False), "average"), near, "distance")
    order = list(dict.fromkeys(groups.tolist()))
    return [chr(ord("A") + min(order.index(group), 25)) for group in groups.tolist()]


def _functions(levels: list[float], slopes: list[float], spans: list[tuple[float, float]],
               duration_s: float) -> list[str]:
    """What each section does, from how its energy stands to the piece and to its neighbours."""
    high, low = float(np.quantile(levels, 0.75)), float(np.quantile(levels, 0.3))
    spread = max(levels) - min(levels)
    found: list[str] = []
    for i, level in enumerate(levels):
        before = levels[i - 1] if i else 0.0
        after = levels[i + 1] if i + 1 < len(levels) else 0.0
        first, last = i == 0, i == len(levels) - 1
        if first and len(levels) > 1 and (level <= after or level < high) and spans[0][1] < 0.3 * duration_s:
            role = "intro"
        elif last and len(levels) > 1 and level < high:
            role = "outro"
        elif spread > 0.15 and level >= high and level - before > 0.5 * spread:
            role = "drop"
        elif spread > 0.15 and slopes[i] > 0.25 * spread and after > level:
            role = "build"
        elif spread > 0.15 and level <= low and before > level and not first:
            role = "break"
        elif level >= high:
            role = "chorus"
        else:
            role = "verse"
        found.append(role)
    return found


def _mean(curve: NDArray[np.float32], rate_hz: float, start_s: float, end_s: float) -> float:
    a = min(int(start_s * rate_hz), max(0, len(curve) - 1))
    piece = curve[a: max(a + 1, int(end_s * rate_hz))]
    return float(np.clip(piece.mean(), 0, 1)) if len(piece) else 0.0


def _slope(curve: NDArray[np.float32], rate_hz: float, start_s: float, end_s: float) -> float:
    third = (end_s - start_s) / 3
    return _mean(curve, rate_hz, end_s - third, end_s) - _mean(curve, rate_hz, start_s, start_s + third)
