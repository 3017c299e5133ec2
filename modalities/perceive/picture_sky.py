"""Where the sky ends: the border that best parts two regions of a picture, if the upper one can be a sky at all.

Borders are proposed in two ways: where gradients first pass a threshold (after Shen and Wang, "Sky region detection in
a single image for autonomous ground robot navigation", 2013), and as paths of least cost along edges near the rows that
part the picture best. The one whose two sides differ most across it, for its roughness, is taken.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
STRETCH = np.array([1.0, 1.7, 1.7])
LEAST_WORTH = 0.5
STRIP = 5
_REACH = 3


@dataclass(frozen=True)
class Sky:
    """border: (W,) the row where the land begins. confidence [0, 1]."""

    border: Floats
    confidence: float


def sky_of(lab: Floats) -> Sky | None:
    """The sky of small OKLab pixels (H, W, 3), or None where there is none."""
    stretched = lab * STRETCH
    soft = np.asarray(cv2.GaussianBlur(stretched.astype(np.float32), (0, 0), 1.5), np.float32)
    calm = np.asarray(cv2.GaussianBlur(stretched.astype(np.float32), (0, 0), 3.0), np.float32)
    candidates = [*_first_edges(soft), *_first_edges(calm), *_paths(calm), *_paths(soft)]
    best, chosen = LEAST_WORTH, None
    sums = np.concatenate([np.zeros((1, *lab.shape[1:])), np.cumsum(soft.astype(np.float64), 0)])
    squares = np.concatenate([np.zeros((1, *lab.shape[1:])), np.cumsum(stretched ** 2, 0)])
    plain = np.concatenate([np.zeros((1, *lab.shape[1:])), np.cumsum(stretched, 0)])
    for border in candidates:
        worth = _worth(border, sums, plain, squares)
        if worth > best:
            worth *= _can_be_sky(lab, border)
            if worth > best:
                best, chosen = worth, border
    if chosen is None:
        return None
    border = cv2.medianBlur(chosen.astype(np.float32)[None], 5)[0].astype(np.float64)
    return Sky(border, float(np.clip((best - LEAST_WORTH) / 2.0 + 0.2, 0.1, 1.0)))


def _first_edges(soft: NDArray[np.float32]) -> list[NDArray[np.int64]]:
    height = soft.shape[0]
    across, down = cv2.Sobel(soft, cv2.CV_32F, 1, 0), cv2.Sobel(soft, cv2.CV_32F, 0, 1)
    step = np.sqrt((across ** 2 + down ** 2).sum(-1))
    step[:3] = 0.0
    out: list[NDArray[np.int64]] = []
    for level in np.geomspace(0.03, 0.9, 14):
        over = step > level
        out.append(np.where(over.any(0), over.argmax(0), height).astype(np.int64))
    return out


def _paths(soft: NDArray[np.float32]) -> list[NDArray[np.int64]]:
    """Paths from left to right along strong steps downwards, around the three rows that part the picture best."""
    height, width = soft.shape[:2]
    down = np.sqrt((cv2.Sobel(soft, cv2.CV_32F, 0, 1) ** 2).sum(-1)).astype(np.float64)
    down /= float(np.quantile(down, 0.98)) + 1e-6
    profile = soft.mean(1).astype(np.float64)
    split = [_parting(profile, row) for row in range(4, height - 3)]
    step = np.abs(profile[4:] - profile[:-4]).sum(1)
    starts = {int(np.argmax(split)) + 4, int(np.argmax(step)) + 2, int(np.argmax(down.mean(1)))}
    out: list[NDArray[np.int64]] = []
    rows = np.arange(height)
    for start in sorted(starts):
        cost = 1.0 - np.minimum(down, 1.0) + 2.0 * (np.abs(rows - start)[:, None] / height)
        total, came = cost[:, 0].copy(), np.zeros((height, width), np.int64)
        for column in range(1, width):
            near = np.stack([total[np.clip(rows - k, 0, height - 1)] + 0.12 * abs(k)
                             for k in range(-_REACH, _REACH + 1)])
            pick = near.argmin(0)
            came[:, column] = np.clip(rows - (pick - _REACH), 0, height - 1)
            total = near[pick, rows] + cost[:, column]
        row, path = int(total.argmin()), np.zeros(width, np.int64)
        for column in range(width - 1, -1, -1):
            path[column] = row
            row = int(came[row, column])
        out.append(path)
    return out


def _parting(profile: Floats, row: int) -> float:
    """Variance between the rows above and below (Otsu, 1979)."""
    share = row / len(profile)
    return float(share * (1.0 - share) * ((profile[:row].mean(0) - profile[row:].mean(0)) ** 2).sum())


def _worth(border: NDArray[np.int64], sums: Floats, plain: Floats, squares: Floats) -> float:
    """How much the picture changes across a border, against how uneven the sky above it and the border are."""
    height, width = sums.shape[0] - 1, sums.shape[1]
    share = border.mean() / height
    if not 0.06 < share < 0.93:
        return 0.0
    at = np.arange(width)
    inner = (border >= STRIP) & (border <= height - STRIP)
    if inner.mean() < 0.4:
        return 0.0
    b = border[inner]
    above = (sums[b, at[inner]] - sums[b - STRIP, at[inner]]) / STRIP
    below = (sums[b + STRIP, at[inner]] - sums[b, at[inner]]) / STRIP
    jump = np.linalg.norm(above - below, axis=1)
    count = float(border.sum())
    first = plain[border, at].sum(0) / count
    spread = np.sqrt(np.maximum(squares[border, at].sum(0) / count - first ** 2, 0.0).sum())
    rest = max(1.0, width * height - count)
    second = (plain[-1].sum(0) - plain[border, at].sum(0)) / rest
    apart = float(np.linalg.norm(first - second))
    rough = float(np.abs(np.diff(border)).mean()) / height
    steady = float(np.quantile(jump, 0.25)) + 0.5 * float(jump.mean())
    return (6.0 * steady + 2.5 * apart) * float(inner.mean()) / (0.35 + 3.0 * spread) - 5.0 * rough


def _can_be_sky(lab: Floats, border: NDArray[np.int64]) -> float:
    """[0, 1]: skies are blue, grey, white, black or of a sunset, never grass-green; most are smoother than land."""
    above = np.arange(lab.shape[0])[:, None] < border[None]
    sky = lab[above]
    chroma = np.hypot(sky[:, 1], sky[:, 2])
    hue = np.degrees(np.arctan2(sky[:, 2], sky[:, 1])) % 360.0
    green = (chroma > 0.06) & (hue > 105.0) & (hue < 165.0)
    bright = lab[..., 0]
    detail = np.abs(np.diff(bright, axis=1, append=bright[:, -1:]))
    uneven = float(detail[above].mean() + 0.004) / float(detail[~above].mean() + 0.004)
    top = float(above[: max(2, lab.shape[0] // 20)].mean())
    return float((1.0 - 0.8 * min(1.0, 1.5 * float(green.mean()))) * np.clip(1.6 - 0.6 * uneven, 0.2, 1.0)
                 * np.clip(top, 0.2, 1.0))
