"""The main thing of a drawing: the closed or dense shape that is neither ground nor sun nor arrow."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from modalities.cues import Box
from modalities.perceive.sketch_ground import Ground

LEAST_SPAN = 0.06


def enclosed(mask: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """What lines shut in: paper that cannot be reached from the rim of the sheet, gaps of a few pixels closed."""
    shut = cv2.morphologyEx(mask.astype(np.uint8), cv2.MORPH_CLOSE, np.ones((5, 5), np.uint8))
    _, labels = cv2.connectedComponents((shut == 0).astype(np.uint8), connectivity=4)
    outside = np.unique(np.concatenate([labels[0], labels[-1], labels[:, 0], labels[:, -1]]))
    return ~np.isin(labels, outside) & (shut == 0)


def without_frame(mask: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Ink without what runs along the rim of the sheet: drawn frames, the sheet's own edge, holes of a notebook."""
    height, width = mask.shape
    count, labels, stats, _ = cv2.connectedComponentsWithStats(mask.astype(np.uint8), connectivity=8)
    rim = max(3, round(0.05 * min(height, width)))
    middle = np.zeros(mask.shape, bool)
    middle[rim:-rim, rim:-rim] = True
    out = mask.copy()
    for k in range(1, count):
        left, top, wide, tall, area = (int(v) for v in stats[k])
        touches = (left < rim) + (top < rim) + (left + wide > width - rim) + (top + tall > height - rim)
        if not touches or max(wide / width, tall / height) < 0.5:
            continue
        part = np.s_[top:top + tall, left:left + wide]
        if ((labels[part] == k) & middle[part]).sum() < 0.12 * area:
            out[labels == k] = False
    return out


def subject_of(mask: NDArray[np.bool_], ground: Ground | None, width_px: float,
               tails: list[tuple[float, float]]) -> tuple[Box | None, float]:
    """(box, confidence [0, 1]) of the main thing in ink (h, w) without sun and arrows. tails: where arrows begin, as
    fractions: what an arrow sets out from is what moves."""
    height, width = mask.shape
    rest = mask.copy()
    level = np.full(width, 2.0 * height)
    if ground is not None:
        band = max(3.0, 0.9 * width_px + 2.0, 0.012 * height)
        at = (np.arange(len(ground.base)) + 0.5) / len(ground.base)
        for line in (ground.upper, ground.base):
            level = np.interp((np.arange(width) + 0.5) / width, at, line) * height
            steep = np.abs(np.gradient(level))[None]  # a band across the line, not straight down
            rest &= np.abs(np.arange(height)[:, None] + 0.5 - level[None]) > band * np.sqrt(1.0 + steep ** 2)
    if rest.sum() < 20:
        return None, 0.0
    # The fewer lines there are, the farther apart the parts of one thing may be.
    sparse = float(np.clip(1.0 - rest.mean() / 0.03, 0.0, 1.0))
    reach = max(3, round((0.022 + 0.02 * sparse) * max(height, width)))
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (reach, reach))
    shut = enclosed(mask)
    together = cv2.dilate((rest | (shut & _small_cells(shut, mask.size))).astype(np.uint8), kernel)
    count, labels, stats, _ = cv2.connectedComponentsWithStats(together, connectivity=8)
    found: list[tuple[float, Box]] = []
    for k in range(1, count):
        left, top, wide, tall = (int(v) for v in stats[k][:4])
        part = labels[top:top + tall, left:left + wide] == k
        ink = rest[top:top + tall, left:left + wide] & part
        if ink.sum() < 20 or max(wide / width, tall / height) < LEAST_SPAN:
            continue
        rows, columns = np.flatnonzero(ink.any(1)), np.flatnonzero(ink.any(0))
        box = ((left + columns[0]) / width, (top + rows[0]) / height,
               (left + columns[-1] + 1) / width, (top + rows[-1] + 1) / height)
        if ground is not None:  # what stands on the line reaches down to it
            foot = float(level[left:left + wide].mean()) / height
            if 0.0 < foot - box[3] < 0.03:
                box = (box[0], box[1], box[2], foot)
        worth = _worth(box, ink, shut[top:top + tall, left:left + wide] & part, level, mask.shape)
        found.append((worth * (1.0 + max((_beside(box, tail) for tail in tails), default=0.0)), box))
    if not found:
        return None, 0.0
    found.sort(key=lambda one: -one[0])
    first = found[0][0]
    if first <= 0.0:
        return None, 0.0
    second = found[1][0] if len(found) > 1 else 0.0
    left, top, right, bottom = (float(v) for v in found[0][1])
    return (left, top, right, bottom), float(np.clip(1.0 - 0.7 * second / first, 0.15, 0.95))


def _beside(box: Box, point: tuple[float, float]) -> float:
    """1 at a box, falling with the distance from it."""
    away = np.hypot(max(box[0] - point[0], 0.0, point[0] - box[2]), max(box[1] - point[1], 0.0, point[1] - box[3]))
    return float(np.exp(-((away / 0.12) ** 2)))


def _small_cells(shut: NDArray[np.bool_], area: int) -> NDArray[np.bool_]:
    """Enclosed regions of at most a quarter of the sheet: a whole landscape closed by its frame is no thing."""
    count, labels, stats, _ = cv2.connectedComponentsWithStats(shut.astype(np.uint8), connectivity=4)
    keep = stats[:, cv2.CC_STAT_AREA] < 0.25 * area
    keep[0] = False
    return keep[np.asarray(labels, np.int64)] if count > 1 else np.zeros(shut.shape, bool)


def _worth(box: Box, ink: NDArray[np.bool_], shut: NDArray[np.bool_], level: NDArray[np.float64],
           shape: tuple[int, ...]) -> float:
    height, width = shape
    left, top, right, bottom = box
    wide, tall = right - left, bottom - top
    area = wide * tall
    filled = float((shut.sum() + ink.sum()) / max(1.0, area * height * width))
    middle = np.exp(-(((left + right) / 2 - 0.5) / 0.4) ** 2 / 2 - (((top + bottom) / 2 - 0.52) / 0.35) ** 2 / 2)
    worth = np.sqrt(area) * (0.25 + min(1.0, filled)) * middle
    if left < 0.015 or right > 0.985:
        worth *= 0.5  # what goes on outside the sheet is surroundings
    if wide > 0.85:
        worth *= 0.15
    elif wide > 0.6:
        worth *= 0.6
    ground = float(level[int(left * width):max(int(left * width) + 1, int(right * width))].mean()) / height
    if bottom < min(ground, 1.0) - 0.05 and wide > 1.6 * tall * height / width and (top + bottom) / 2 < 0.4:
        worth *= 0.5  # a cloud
    return float(worth)
