"""Sections: where a piece changes, which parts are alike (A B A …) and what each does (intro, build, drop …).

Boundaries by checkerboard novelty on bar-wise features (Foote, 2000), preferring multiples of four bars; labels by
average-linkage clustering of the sections' means.
"""

from __future__ import annotations

import itertools

import numpy as np
from numpy.typing import NDArray

from modalities.perceive.music_features import CHROMA_EVERY, FRAME_HZ, Features

Section = tuple[str, str, float, float, float]
FREE_UNIT_S = 2.0
SHORTEST_S = 6.0


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
    spans = [(float(edges[a]), float(edges[b])) for a, b in itertools.pairwise(bounds)]
    means = np.stack([bars[a:b].mean(0) for a, b in itertools.pairwise(bounds)])
    levels = [_mean(energy, rate_hz, *span) for span in spans]
    slopes = [_slope(energy, rate_hz, *span) for span in spans]
    labels = _labels(means)
    roles = _functions(levels, slopes, spans, duration_s)
    return tuple((label, role, *span, level)
                 for label, role, span, level in zip(labels, roles, spans, levels, strict=True))


def _bar_features(features: Features, edges: NDArray[np.float64]) -> NDArray[np.float64]:
    """(bars, 24 + 12 + 1): timbre, harmony and level of each bar, each block of equal weight."""
    rows = []
    for start, end in itertools.pairwise(edges):
        a = min(int(start * FRAME_HZ), len(features.mel) - 1)
        b = max(a + 1, int(end * FRAME_HZ))
        c = min(int(start * FRAME_HZ / CHROMA_EVERY), len(features.chroma) - 1)
        d = max(c + 1, int(end * FRAME_HZ / CHROMA_EVERY))
        mel = features.mel[a:b].mean(0).reshape(24, -1).mean(1)
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
    distance = np.linalg.norm(bars[:, None] - bars[None], axis=2)
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
    longest = max(shortest * 2, round(40.0 / unit_s))
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
    groups: list[list[int]] = [[i] for i in range(len(means))]
    distance = np.linalg.norm(means[:, None] - means[None], axis=2)
    near = 0.55 * float(np.median(distance[np.triu_indices(len(means), 1)])) if len(means) > 1 else 0.0
    while len(groups) > 1:
        pairs = [(float(np.mean([distance[i, j] for i in a for j in b])), x, y)
                 for x, a in enumerate(groups) for y, b in enumerate(groups) if x < y]
        gap, x, y = min(pairs)
        if gap > near:
            break
        groups[x] += groups.pop(y)
    order = sorted(groups, key=min)
    names = {i: chr(ord("A") + min(k, 25)) for k, group in enumerate(order) for i in group}
    return [names[i] for i in range(len(means))]


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
