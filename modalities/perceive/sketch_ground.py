"""The drawn ground: the line that spans most of the width, as a path of least cost through the ink."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
COLUMNS = 32
WIDE, TALL = 128, 96
STEEPEST = 5
NEAR = 0.02
CLIMB = 0.07
LEAST_COVERED = 0.62
WIDEST_THING = 0.3


@dataclass(frozen=True)
class Ground:
    """skyline: (32,) y of the ground's upper edge, and upper (128,) the same. base: (128,) y of the line that things
    stand on. covered [0, 1]: share of the width with ink on it. horizon: y in the middle, lean_deg: clockwise.
    straight [0, 1]."""

    skyline: NDArray[np.float32]
    upper: Floats
    base: Floats
    covered: float
    horizon: float
    lean_deg: float
    straight: float


def ground_of(mask: NDArray[np.bool_], shut: NDArray[np.bool_]) -> Ground | None:
    """The ground of a drawing's ink (h, w), or None where no line spans most of the width. shut: (h, w), what lines
    shut in: the upper side of one large thing is no ground."""
    if not mask.any():
        return None
    away = _away(mask)
    cost = np.minimum(away / NEAR, 1.0)
    base, covered = _path(cost, away)
    at_rims = away[np.minimum((base * TALL).astype(int), TALL - 1), np.arange(WIDE)][[0, 1, 2, 3, -4, -3, -2, -1]]
    through = bool((at_rims[:4] < NEAR).any() and (at_rims[4:] < NEAR).any())
    if covered < LEAST_COVERED or (not through and _is_outline(base, shut)):
        return None
    upper = _raised(base, cost, away)
    skyline = np.interp((np.arange(COLUMNS) + 0.5) / COLUMNS, (np.arange(WIDE) + 0.5) / WIDE, upper)
    level, slope, straight = line_through(base)
    lean_deg = float(np.degrees(np.arctan(slope * mask.shape[0] / mask.shape[1])))
    return Ground(skyline.astype(np.float32), upper, base, covered, level, lean_deg, straight)


def _is_outline(base: Floats, shut: NDArray[np.bool_]) -> bool:
    """Whether a path mostly has the inside of something on exactly one of its sides."""
    height, width = shut.shape
    columns = ((np.arange(WIDE) + 0.5) / WIDE * width).astype(int)
    rows = base * height
    side = [shut[np.clip(rows + away * height, 0, height - 1).astype(int), columns] for away in (-0.035, 0.035)]
    return float((side[0] != side[1]).mean()) > 0.45


def line_through(y: Floats) -> tuple[float, float, float]:
    """(y in the middle, slope in heights a width, share within 1.2 % of it) of a robust line (Theil, 1950)."""
    x = (np.arange(len(y)) + 0.5) / len(y) - 0.5
    a, b = np.triu_indices(len(y), max(1, len(y) // 8))
    slope = float(np.clip(np.median((y[b] - y[a]) / (x[b] - x[a])), -0.3, 0.3))
    away = y - slope * x
    level = float(np.median(away))
    return level, slope, float((np.abs(away - level) < 0.012).mean())


def _away(mask: NDArray[np.bool_]) -> Floats:
    """(TALL, WIDE) distance from the ink in heights."""
    height = mask.shape[0]
    far = cv2.distanceTransform((~mask).astype(np.uint8), cv2.DIST_L2, 3)
    # The nearest ink of a cell, so that a thin line is not lost between samples.
    rows = np.linspace(0, height, TALL + 1).astype(int)
    columns = np.linspace(0, mask.shape[1], WIDE + 1).astype(int)
    low = np.minimum.reduceat(far, np.minimum(rows[:-1], height - 1), axis=0)
    low = np.minimum.reduceat(low, np.minimum(columns[:-1], mask.shape[1] - 1), axis=1)
    return low.astype(np.float64) / height


def _path(cost: Floats, away: Floats) -> tuple[Floats, float]:
    """((WIDE,) y of the cheapest way from left to right, share of columns where it lies on ink)."""
    total = cost[:, 0].copy()
    came = np.zeros((TALL, WIDE), np.int64)
    rows = np.arange(TALL)
    moves = np.array(sorted(range(-STEEPEST, STEEPEST + 1), key=abs))
    starts = np.clip(rows[None] - moves[:, None], 0, TALL - 1)
    climb = CLIMB * np.abs(moves)[:, None]
    for column in range(1, WIDE):
        through = total[starts] + climb
        pick = through.argmin(0)
        came[:, column] = starts[pick, rows]
        total = through[pick, rows] + cost[:, column]
    row = int(total.argmin())
    path = np.zeros(WIDE, np.int64)
    for column in range(WIDE - 1, -1, -1):
        path[column] = row
        row = int(came[row, column])
    on = away[path, np.arange(WIDE)] < 0.012
    return (path + 0.5) / TALL, float(on.mean())


def _raised(base: Floats, cost: Floats, away: Floats) -> Floats:
    """The upper edge: wide hills above the base line count, narrow things on it (houses, trees) do not."""
    upper = base.copy()
    rows = (np.arange(TALL)[:, None] + 0.5) / TALL
    for _ in range(2):
        allowed = rows <= upper[None] + 0.5 / TALL
        worth = np.where(allowed, cost - 0.35 * np.clip(upper[None] - rows, 0.0, 0.5) * (away < 0.012), 3.0)
        path, _covered = _path(worth, away)
        path = np.minimum(path, upper)
        on = away[np.minimum((path * TALL).astype(int), TALL - 1), np.arange(WIDE)] < 0.02
        higher = path < upper - 0.025
        found = False
        for start, end in _runs(higher):
            holes = max([b - a for a, b in _runs(~on[start:end])], default=0)
            # A hill comes down to the base line by ink, or leaves the sheet.
            rests = (start == 0 or on[start - 1:start + 3].all()) and (end == WIDE or on[end - 3:end + 1].all())
            if rests and end - start >= WIDEST_THING * WIDE and on[start:end].mean() > 0.85 and holes <= 0.05 * WIDE:
                upper[start:end] = path[start:end]
                found = True
        if not found:
            break
    return upper


def _runs(flags: NDArray[np.bool_]) -> list[tuple[int, int]]:
    edges = np.flatnonzero(np.diff(np.concatenate([[0], flags.astype(np.int8), [0]])))
    return [(int(a), int(b)) for a, b in zip(edges[::2], edges[1::2], strict=True)]
