"""Lines one pixel wide from ink, and the strokes traced along them."""

from __future__ import annotations

import itertools
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Pixel = tuple[int, int]
_AROUND = ((-1, 0), (-1, 1), (0, 1), (1, 1), (1, 0), (1, -1), (0, -1), (-1, -1))
MOST_ROUNDS = 40


def _tables() -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Which neighbourhoods (8 bits, clockwise from north) let a pixel go in the two halves of a round."""
    codes = np.arange(256)
    p = [(codes >> k & 1).astype(int) for k in range(8)]
    count = sum(p)
    turns = sum(((p[k] == 0) & (p[(k + 1) % 8] == 1)).astype(int) for k in range(8))
    base = (count >= 2) & (count <= 6) & (turns == 1)
    north, east, south, west = p[0], p[2], p[4], p[6]
    first = base & (north * east * south == 0) & (east * south * west == 0)
    second = base & (north * east * west == 0) & (north * south * west == 0)
    return first, second


_FIRST, _SECOND = _tables()


def thinned(mask: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """The skeleton of a mask (H, W) (Zhang and Suen, "A fast parallel algorithm for thinning digital patterns",
    1984)."""
    live = np.pad(mask, 1).astype(np.uint8)
    for _ in range(MOST_ROUNDS):
        gone = False
        for table in (_FIRST, _SECOND):
            rows, columns = np.nonzero(live)
            if not len(rows):
                break
            code = np.zeros(len(rows), np.intp)
            for k, (dy, dx) in enumerate(_AROUND):
                code |= live[rows + dy, columns + dx].astype(np.intp) << k
            drop = table[code]
            if drop.any():
                live[rows[drop], columns[drop]] = 0
                gone = True
        if not gone:
            break
    return live[1:-1, 1:-1] > 0


@dataclass(frozen=True)
class Path:
    """points: (N, 2) float32 (x, y) in pixels, from one end to the other. closed: the end meets the start. free: which
    of its ends (start, end) hang loose."""

    points: Floats
    closed: bool
    free: tuple[bool, bool]

    @property
    def length_px(self) -> float:
        return float(np.linalg.norm(np.diff(self.points, axis=0), axis=1).sum())


def pieces(skeleton: NDArray[np.bool_], spur_px: float) -> list[Path]:
    """Runs of a skeleton between its ends and crossings; loose ends shorter than spur_px at a crossing are dropped."""
    live: set[Pixel] = set(zip(*(v.tolist() for v in np.nonzero(skeleton)), strict=True))
    links = {p: [q for dy, dx in _AROUND if (q := (p[0] + dy, p[1] + dx)) in live] for p in live}
    # A diagonal beside a corner is no crossing: it is left out where two straight steps lead there as well.
    for p, near in links.items():
        links[p] = [q for q in near if p[0] == q[0] or p[1] == q[1]
                    or not ((p[0], q[1]) in live or (q[0], p[1]) in live)]
    node = {p for p, near in links.items() if len(near) != 2}
    seen: set[frozenset[Pixel]] = set()
    runs: list[list[Pixel]] = []
    for start in sorted(node):
        for step in links[start]:
            if frozenset((start, step)) in seen:
                continue
            run = [start, step]
            while run[-1] not in node:
                ahead = [q for q in links[run[-1]] if q != run[-2]]
                if not ahead:
                    break
                run.append(ahead[0])
            for a, b in itertools.pairwise(run):
                seen.add(frozenset((a, b)))
            runs.append(run)
    covered = {p for run in runs for p in run}
    for start in sorted(live - covered):
        if start in covered or not links[start]:
            continue
        run = [start, links[start][0]]
        while run[-1] != start:
            ahead = [q for q in links[run[-1]] if q != run[-2]]
            if not ahead:
                break
            run.append(ahead[0])
        covered.update(run)
        runs.append(run)
    out: list[Path] = []
    for run in runs:
        points = np.array([(x, y) for y, x in run], np.float32)
        closed = run[0] == run[-1] and len(run) > 3
        free = (len(links[run[0]]) == 1, len(links[run[-1]]) == 1)
        path = Path(points, closed, free)
        if not closed and free[0] != free[1] and path.length_px < spur_px:
            continue
        out.append(path)
    return out


def joined(parts: list[Path], reach_px: float) -> list[Path]:
    """Pieces that go on into each other become one: at a crossing, and over gaps up to reach_px, the straightest way.

    The pieces that are left keep their order, longest first.
    """
    ends: list[tuple[int, int]] = [(k, e) for k, part in enumerate(parts) if not part.closed for e in (0, 1)]
    if not ends:
        return sorted(parts, key=lambda part: -part.length_px)
    spot = np.array([parts[k].points[0 if e == 0 else -1] for k, e in ends], np.float64)
    outward = np.array([_outward(parts[k].points, e, 2.0 * reach_px + 6.0) for k, e in ends])
    free = np.array([parts[k].free[e] for k, e in ends])
    apart = np.linalg.norm(spot[:, None] - spot[None], axis=-1)
    turn = (outward[:, None] * outward[None]).sum(-1)  # -1: one goes straight on into the other
    toward = spot[None] - spot[:, None]
    ahead = (outward[:, None] * toward).sum(-1) / np.maximum(apart, 1e-6)
    touching = apart <= 2.5
    near = touching | ((apart <= reach_px) & free[:, None] & free[None] & (ahead > 0.5) & (ahead.T > 0.5))
    fit = np.where(near & (turn < -0.7), turn + 0.02 * apart, np.inf)
    np.fill_diagonal(fit, np.inf)
    partner = dict[int, int]()
    for flat in np.argsort(fit, axis=None, kind="stable"):
        a, b = divmod(int(flat), len(ends))
        if not np.isfinite(fit[a, b]):
            break
        if a not in partner and b not in partner and a != b:
            partner[a], partner[b] = b, a
    return _chained(parts, ends, partner)


def _chained(parts: list[Path], ends: list[tuple[int, int]], partner: dict[int, int]) -> list[Path]:
    index = {end: k for k, end in enumerate(ends)}
    used: set[int] = set()
    out = [part for part in parts if part.closed]
    order = sorted(index, key=lambda end: (index[end] in partner, end))
    for begin in order:
        if begin[0] in used or parts[begin[0]].closed:
            continue
        run: list[Floats] = []
        k, entry = begin
        first_free, last_free, ring = parts[k].free[entry], True, False
        while True:
            used.add(k)
            points = parts[k].points
            run.append(points if entry == 0 else points[::-1])
            leave = index[(k, 1 - entry)]
            last_free = parts[k].free[1 - entry]
            if leave not in partner:
                break
            k, entry = ends[partner[leave]]
            if k in used:
                ring = (k, entry) == begin
                break
        whole = np.concatenate(run)
        out.append(Path(np.concatenate([whole, whole[:1]]) if ring else whole, ring, (first_free, last_free)))
    return sorted(out, key=lambda part: -part.length_px)


def _outward(points: Floats, end: int, span_px: float) -> NDArray[np.float64]:
    """Unit direction in which a path leaves through one of its ends."""
    run = points if end == 1 else points[::-1]
    steps = np.linalg.norm(np.diff(run, axis=0), axis=1)[::-1].cumsum()
    back = min(len(run) - 1, int(np.searchsorted(steps, span_px)) + 1)
    way = (run[-1] - run[-1 - back]).astype(np.float64)
    return way / max(float(np.linalg.norm(way)), 1e-6)


def simplified(points: Floats, closed: bool, tolerance_px: float) -> Floats:
    """Fewer points that stay within tolerance_px (Douglas and Peucker, 1973)."""
    if len(points) < 3:
        return points
    found = cv2.approxPolyDP(points[:, None].astype(np.float32), tolerance_px, closed)[:, 0]
    if closed and len(found) > 1:
        found = np.concatenate([found, found[:1]])
    return np.asarray(found, np.float32) if len(found) >= 2 else points[[0, -1]]
