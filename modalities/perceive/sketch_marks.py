"""Marks that mean something in a drawing: arrows, sun or moon, and the point where lines of perspective meet."""

from __future__ import annotations

import itertools
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from modalities.perceive.sketch_thin import Path, simplified

Floats = NDArray[np.float32]
Point = tuple[float, float]


@dataclass(frozen=True)
class FoundArrow:
    """tail, head in pixels; parts: which pieces it is made of (shaft first)."""

    tail: Point
    head: Point
    parts: tuple[int, ...]


@dataclass(frozen=True)
class FoundSun:
    """centre in pixels and radius_px of the disc; reach_px with its rays."""

    centre: Point
    radius_px: float
    reach_px: float


def arrows_of(parts: list[Path], size_px: tuple[int, int], width_px: float) -> list[FoundArrow]:
    """Arrows among the pieces of a skeleton (cut at crossings and corners): a shaft with two barbs that point back."""
    span = float(max(size_px))
    lengths = [part.length_px for part in parts]
    found: list[FoundArrow] = []
    for k, part in enumerate(parts):
        if part.closed or lengths[k] < 0.05 * span:
            continue
        for end in (0, 1):
            run = part.points if end == 1 else part.points[::-1]
            head, tail = run[-1].astype(float), run[0].astype(float)
            if np.linalg.norm(head - tail) < 0.5 * lengths[k]:
                continue
            near = max(4.0, 1.6 * width_px, 0.014 * span, min(0.03 * span, 0.05 * lengths[k]))
            # Where the shaft comes from near its head; the last pixels bend into the crossing.
            back = run[max(0, len(run) - 1 - int(max(8.0, 0.25 * len(run))))].astype(float) - head
            barbs = _barbs(parts, lengths, k, head, back, near)
            if barbs is None:
                continue
            tip = max([head, *(parts[j].points[0 if e == 0 else -1].astype(float) for j, e in barbs)],
                      key=lambda p: -float(np.dot(p - head, back)))
            found.append(FoundArrow((float(tail[0]), float(tail[1])), (float(tip[0]), float(tip[1])),
                                    (k, *(j for j, _ in barbs))))
    found.sort(key=lambda arrow: -lengths[arrow.parts[0]])
    kept: list[FoundArrow] = []
    for arrow in found:
        if not any(set(arrow.parts) & set(other.parts) for other in kept):
            kept.append(arrow)
    return kept


def _barbs(parts: list[Path], lengths: list[float], shaft: int, head: NDArray[np.float64],
           back: NDArray[np.float64], near: float) -> tuple[tuple[int, int], tuple[int, int]] | None:
    """The two pieces (index, which end is at the tip) that make a head with a shaft, or None."""
    left: list[tuple[float, int, int]] = []
    right: list[tuple[float, int, int]] = []
    for j, other in enumerate(parts):
        if j == shaft or other.closed or not 0.06 * lengths[shaft] <= lengths[j] <= 0.6 * lengths[shaft]:
            continue
        for end in (0, 1):
            tip = other.points[0 if end == 0 else -1].astype(float)
            if np.linalg.norm(tip - head) > near or not other.free[1 - end]:
                continue
            away = other.points[-1 if end == 0 else 0].astype(float) - tip
            cross = float(back[0] * away[1] - back[1] * away[0])
            angle = float(np.degrees(np.arctan2(cross, float(back @ away))))
            if 12.0 <= abs(angle) <= 80.0:
                (left if angle > 0 else right).append((abs(angle), j, end))
    best: tuple[float, tuple[int, int], tuple[int, int]] | None = None
    for a, j, e in left:
        for b, k, f in right:
            ratio = lengths[j] / max(lengths[k], 1e-6)
            if j != k and 0.4 < ratio < 2.5 and abs(a - b) < 45.0 and (best is None or abs(a - b) < best[0]):
                best = (abs(a - b), (j, e), (k, f))
    return None if best is None else (best[1], best[2])


def at_corners(parts: list[Path], tolerance_px: float) -> list[Path]:
    """The pieces cut where they bend by more than 70 degrees, so that a V is two barbs."""
    out: list[Path] = []
    for part in parts:
        corners = simplified(part.points, False, tolerance_px)
        if part.closed or len(corners) < 3:
            out.append(part)
            continue
        ways = np.diff(corners, axis=0)
        ways = ways / np.maximum(np.linalg.norm(ways, axis=1, keepdims=True), 1e-6)
        sharp = [corners[k + 1] for k in range(len(ways) - 1) if float(ways[k] @ ways[k + 1]) < 0.34]
        cuts = [0, *sorted(int(np.abs(part.points - corner).sum(1).argmin()) for corner in sharp),
                len(part.points) - 1]
        for n, (a, b) in enumerate(itertools.pairwise(cuts)):
            if b > a:
                free = (part.free[0] if n == 0 else False, part.free[1] if n == len(cuts) - 2 else False)
                out.append(Path(part.points[a:b + 1], False, free))
    return out


def sun_of(paths: list[Path], mask: NDArray[np.bool_], shut: NDArray[np.bool_], ground: NDArray[np.float64] | None
           ) -> FoundSun | None:
    """A small ring, disc or spiral in the upper part of the sheet (surer with rays), or an arc in an upper corner.

    mask: ink (h, w); shut: what lines shut in, where no sun can be.
    """
    height, width = mask.shape
    best: tuple[float, FoundSun] | None = None
    rings = [(path, found) for path in paths if (found := _round(path, (width, height))) is not None]
    for path, (centre, radius, quality) in [*rings, *((None, disc) for disc in _discs(mask))]:
        edge = float(ground[min(len(ground) - 1, int(centre[0] / width * len(ground)))]) if ground is not None else 0.6
        if centre[1] / height > min(0.6, edge):
            continue
        rays = _rays(paths, path, centre, radius)
        small = radius / height
        low = max(0.0, centre[1] / height - 0.4)
        worth = quality + 0.22 * min(len(rays), 5) - 1.2 * low - 4.0 * max(0.0, small - 0.13)
        if not rays and (small < 0.022 or small > 0.13 or centre[1] / height > 0.45):
            continue
        if _crowd(mask, centre, radius) > (0.3 if rays else 0.06) or _crowd(shut, centre, radius) > 0.25:
            continue
        reach = max([radius, *(float(np.linalg.norm(p - centre, axis=1).max()) for p in rays)])
        if best is None or worth > best[0]:
            best = (worth, FoundSun((float(centre[0]), float(centre[1])), radius, reach))
    return best[1] if best is not None else None


def _round(path: Path, size_px: tuple[int, int]) -> tuple[NDArray[np.float64], float, float] | None:
    """(centre, radius, quality) where a path is a circle, nearly one, or a spiral; or an arc around an upper corner."""
    width, height = size_px
    points = path.points.astype(np.float64)
    if len(points) < 12:
        return None
    design = np.column_stack([2.0 * points, np.ones(len(points))])
    solved, *_ = np.linalg.lstsq(design, (points ** 2).sum(1), rcond=None)
    centre = solved[:2]
    radius = float(np.sqrt(max(0.0, solved[2] + (centre ** 2).sum())))
    if not 0.012 * height < radius < 0.3 * height:
        return None
    away = points - centre
    turned = np.unwrap(np.arctan2(away[:, 1], away[:, 0]))
    swept = abs(float(turned[-1] - turned[0]))
    off = float(np.sqrt(((np.linalg.norm(away, axis=1) - radius) ** 2).mean())) / radius
    if swept > 1.75 * np.pi and off < 0.14:
        return centre, radius, 1.0 - 3.0 * off
    if swept > 3.0 * np.pi and off < 0.6:  # a spiral or a scribbled disc
        middle = points.mean(0)
        outer = float(np.quantile(np.linalg.norm(points - middle, axis=1), 0.95))
        return (middle, outer, 0.7) if outer < 0.16 * height else None
    corner = centre[1] < 0.12 * height and (centre[0] < 0.12 * width or centre[0] > 0.88 * width)
    if corner and swept > 0.33 * np.pi and off < 0.1 and radius < 0.26 * height:
        ends = points[[0, -1]]
        rim = np.minimum(ends[:, 1], np.minimum(ends[:, 0], width - ends[:, 0]))
        if (rim < 0.05 * height).all():
            return np.array([np.clip(centre[0], 0, width), max(0.0, centre[1])]), radius, 0.6
    return None


def _crowd(mask: NDArray[np.bool_], centre: NDArray[np.float64], radius: float) -> float:
    """Share of ink just around a disc: a sun stands alone but for its rays."""
    over = np.zeros(mask.shape, np.uint8)
    at = (round(float(centre[0])), round(float(centre[1])))
    cv2.circle(over, at, round(1.7 * radius + 4), 1, -1)
    cv2.circle(over, at, round(1.2 * radius + 4), 0, -1)
    around = over > 0
    return float(mask[around].mean()) if around.any() else 0.0


def _discs(mask: NDArray[np.bool_]) -> list[tuple[NDArray[np.float64], float, float]]:
    """(centre, radius, quality) of marks that stand alone and are round as a whole: discs, scribbles, spirals."""
    height = mask.shape[0]
    found, _ = cv2.findContours(mask.astype(np.uint8), cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    out: list[tuple[NDArray[np.float64], float, float]] = []
    for one in found:
        _, _, wide, tall = cv2.boundingRect(one)
        if not (0.025 * height < tall < 0.3 * height and 0.75 < wide / tall < 1.33):
            continue
        hull = cv2.convexHull(one)
        area = float(cv2.contourArea(hull))
        roundness = 4.0 * np.pi * area / max(float(cv2.arcLength(hull, True)) ** 2, 1e-6)
        solid = float(cv2.contourArea(one)) / max(area, 1e-6)
        if roundness > 0.87 and solid > 0.8:
            middle = hull[:, 0].astype(np.float64)
            out.append(((middle.min(0) + middle.max(0)) / 2.0, 0.25 * (wide + tall), 0.5 * roundness))
    return out


def _rays(paths: list[Path], own: Path | None, centre: NDArray[np.float64], radius: float) -> list[Floats]:
    """Short pieces around a disc that point at its middle."""
    rays: list[Floats] = []
    for path in paths:
        if path is own or path.closed or not 0.2 * radius < path.length_px < 4.0 * radius:
            continue
        ends = path.points[[0, -1]].astype(np.float64)
        away = np.linalg.norm(ends - centre, axis=1)
        near, far = (ends[0], ends[1]) if away[0] < away[1] else (ends[1], ends[0])
        if not 0.8 * radius < away.min() < 2.6 * radius:
            continue
        out, way = near - centre, far - near
        if float(out @ way) > 0.85 * float(np.linalg.norm(out) * np.linalg.norm(way)):
            rays.append(path.points)
    return rays if len(rays) >= 3 else []


def vanishing_of(paths: list[Path], size_px: tuple[int, int], tolerance_px: float) -> Point | None:
    """Where at least four slanted straight lines meet without crossing there, as pixels; None where none do."""
    width, height = size_px
    span = float(max(size_px))
    lines: list[tuple[NDArray[np.float64], NDArray[np.float64], float]] = []
    for path in paths:
        corners = simplified(path.points, path.closed, tolerance_px).astype(np.float64)
        for a, b in itertools.pairwise(corners):
            way = b - a
            length = float(np.linalg.norm(way))
            lean = abs(float(np.degrees(np.arctan2(way[1], way[0])))) % 180.0
            if length > 0.1 * span and min(lean, 180.0 - lean) > 5.0 and abs(lean - 90.0) > 5.0:
                lines.append((a, way / length, length))
    if len(lines) < 4:
        return None
    lines = sorted(lines, key=lambda line: -line[2])[:40]
    start = np.array([line[0] for line in lines])
    way = np.array([line[1] for line in lines])
    length = np.array([line[2] for line in lines])
    best, chosen = 0.0, None
    for i in range(len(lines)):
        for j in range(i + 1, len(lines)):
            cross = float(way[i, 0] * way[j, 1] - way[i, 1] * way[j, 0])
            if abs(cross) < 0.17:
                continue
            gap = start[j] - start[i]
            point = start[i] + way[i] * ((gap[0] * way[j, 1] - gap[1] * way[j, 0]) / cross)
            if not (-0.5 * width < point[0] < 1.5 * width and -0.5 * height < point[1] < 1.5 * height):
                continue
            to = point[None] - start
            off = np.abs(way[:, 0] * to[:, 1] - way[:, 1] * to[:, 0])
            along = (way * to).sum(1)
            outside = (along < 0.02 * span) | (along > length - 0.02 * span)
            fits = (off < 0.012 * span + 0.03 * np.abs(along - 0.5 * length) * 0.5) & outside
            angles = np.degrees(np.arctan2(way[fits, 1], way[fits, 0])) % 180.0
            kinds = len(np.unique((angles / 12.0).astype(int))) if fits.any() else 0
            worth = float(np.sqrt(length[fits]).sum()) if fits.sum() >= 4 and kinds >= 3 else 0.0
            if worth > best:
                best, chosen = worth, fits
    if chosen is None or chosen.mean() < 0.3:
        return None
    # Least squares over all that fit.
    normal = np.stack([-way[chosen, 1], way[chosen, 0]], 1)
    right = (normal * start[chosen]).sum(1)
    solved, *_ = np.linalg.lstsq(normal, right, rcond=None)
    return float(solved[0]), float(solved[1])
