"""Sections: where a piece changes, which parts are alike (A B A …) and what each does (intro, build, drop …).

Boundaries by checkerboard novelty on bar-wise features (Foote, 2000), preferring multiples of four bars; labels by
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
FREE_UNIT_S = 2.0
SHORTEST_S = 7.0
LONGEST_S = 40.0


def sections(features: Features, downbeats_s: NDArray[np.float64], energy: NDArray[np.float32],
             rate_hz: float) -> tuple[Section, ...]:
    """(label, function, start_s, end_s, energy [0, 1]) tiling [0, duration_s]."""
    duration_s = features.duration_s
    if len(downbeats_s) >= 4:
        edges = np.unique(np.concatenate([[0.0], downbeats_s[downbeats_s < duration_s - 0.2], [duration_s]]))
    else:
        edges = np.append(np.arange(0.0, max(duration_s - 0.5, 0.1), FREE_UNIT_S), duration_s)
    if len(edges) < 4 or duration_s < 2 * SHORTEST_S:
        mean = _mean(energy, rate_hz, 0.0, duration_s)
        return (("A", "verse", 0.0, duration_s, mean),)
    bars = _bar_features(features, edges)
    bounds = _bounds(bars, edges, gridded=len(downbeats_s) >= 4)
    means = np.stack([bars[a:b].mean(0) for a, b in itertools.pairwise(bounds)])
    bounds = _merged(bounds, _labels(means), edges)
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


def _bar_features(features: Features, edges: NDArray[np.float64]) -> NDArray[np.float64]:
    """(bars, 24 + 12 + 1): timbre, harmony and level of each bar, each block of equal weight."""
    rows = []
    for start, end in itertools.pairwise(edges):
        a = min(int(start * FRAME_HZ), len(features.mel) - 1)
        b = max(a + 1, int(end * FRAME_HZ))
        c = min(int(start * FRAME_HZ / CHROMA_EVERY), len(features.chroma) - 1)
        d = max(c + 1, int(end * FRAME_HZ / CHROMA_EVERY))
        mel = features.mel[a:b].mean(0)
        chroma = features.chroma[c:d].mean(0)
        rows.append(np.concatenate([mel, chroma / (np.linalg.norm(chroma) + 1e-9),
                                    [features.flux[a:b].mean(), features.low[a:b].mean(), features.high[a:b].mean()]]))
    table = np.stack(rows)
    table = (table - table.mean(0)) / (table.std(0) + 1e-3 * np.abs(table).max() + 1e-9)
    table[:, :24] *= 1.0 / np.sqrt(24)
    table[:, 24:36] *= 0.5 / np.sqrt(12)
    table[:, 36:] *= 0.8 / np.sqrt(3)
    return table


def _bounds(bars: NDArray[np.float64], edges: NDArray[np.float64], *, gridded: bool) -> list[int]:
    """Bar indices of the section borders, 0 and the last included."""
    count = len(bars)
    distance = cdist(bars, bars)
    likeness = np.exp(-(distance / (np.median(distance) + 1e-9)) ** 2)
    unit_s = float(np.median(np.diff(edges)))
    reach = int(np.clip(round(9.0 / unit_s), 2, 8))
    novelty = np.zeros(count + 1)
    for i in range(1, count):
        r = min(reach, i, count - i)
        inside = likeness[i - r: i, i - r: i].mean() + likeness[i: i + r, i: i + r].mean()
        novelty[i] = (inside - 2 * likeness[i - r: i, i: i + r].mean()) * (0.55 + 0.45 * r / reach)
    shortest = max(2, int(np.ceil(SHORTEST_S / unit_s)))
    chosen: list[int] = []
    weight = novelty.copy()
    if gridded:
        phase = max(range(4), key=lambda p: float(novelty[p::4].sum()))
        aligned = np.arange(count + 1) % 4 == phase
        weight *= np.where(aligned, 1.25, 1.0)
    level = 0.35 * float(np.sort(weight)[-max(3, count // 16):].mean()) + 0.03
    for i in np.argsort(-weight):
        at = int(i)
        if weight[at] < level:
            break
        if all(abs(at - other) >= shortest for other in [0, count, *chosen]):
            chosen.append(at)
    bounds = [0, *sorted(chosen), count]
    longest = max(shortest * 2, round(LONGEST_S / unit_s))
    filled = [0]
    for b in bounds[1:]:
        while b - filled[-1] > longest:
            low, high = filled[-1] + shortest, min(filled[-1] + longest, b - shortest)
            if high <= low:
                break
            filled.append(low + int(np.argmax(weight[low:high])))
        filled.append(b)
    return filled


def _labels(means: NDArray[np.float64]) -> list[str]:
    """A letter for each section, in order of appearance; sections that sound alike share one."""
    if len(means) < 2:
        return ["A"] * len(means)
    distance = cdist(means, means)
    near = 0.55 * float(np.median(distance[np.triu_indices(len(means), 1)]))
    groups = fcluster(linkage(squareform(distance, checks=False), "average"), near, "distance")
    order = list(dict.fromkeys(groups.tolist()))
    return [chr(ord("A") + min(order.index(group), 25)) for group in groups.tolist()]


def _merged(bounds: list[int], labels: list[str], edges: NDArray[np.float64]) -> list[int]:
    """Bounds without those between two short neighbours that sound alike."""
    kept = [bounds[0]]
    for at, before, after, end in zip(bounds[1:-1], labels, labels[1:], bounds[2:], strict=False):
        if before != after or edges[end] - edges[kept[-1]] > LONGEST_S:
            kept.append(at)
    return [*kept, bounds[-1]]


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
