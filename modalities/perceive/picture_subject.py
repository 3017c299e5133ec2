"""What draws the eye: colours that are rare and stand together, near the middle.

Uniqueness and distribution of colours as in Perazzi et al., "Saliency filters: contrast based filtering for salient
region detection" (2012), on the filled cells of a colour grid.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from modalities.cues import Box

Floats = NDArray[np.float64]
CELL = 0.06
STRETCH = np.array([1.0, 1.8, 1.8])


def subject_of(lab: Floats, border: Floats | None) -> tuple[Box | None, float]:
    """(box, confidence [0, 1]) of small OKLab pixels (H, W, 3); border: (W,) the row where the land begins."""
    height, width = lab.shape[:2]
    saliency = _saliency(lab)
    level = float(saliency.mean() + 1.2 * saliency.std())
    peak = float(saliency.max())
    level = max(level, 0.4 * peak)
    mask = cv2.morphologyEx((saliency > level).astype(np.uint8), cv2.MORPH_CLOSE, np.ones((3, 3), np.uint8))
    count, labels, stats, _ = cv2.connectedComponentsWithStats(mask, connectivity=8)
    worths: list[tuple[float, int]] = []
    for k in range(1, count):
        left, top, wide, tall, area = (int(v) for v in stats[k])
        if area < 14:
            continue
        sides = (left == 0) + (left + wide == width) + (top == 0) + (top + tall == height)
        worth = float(saliency[labels == k].sum()) * (1.0, 0.7, 0.3, 0.1, 0.05)[sides]
        if border is not None and wide > 0.6 * width:
            worth *= 0.3
        worths.append((worth, k))
    if not worths:
        return None, 0.0
    worths.sort(reverse=True)
    first, chosen = worths[0]
    left, top, wide, tall = (int(v) for v in stats[chosen][:4])
    if wide > 0.92 * width or first <= 0.0:
        return None, 0.0
    second = worths[1][0] if len(worths) > 1 else 0.0
    inside = float(saliency[labels == chosen].mean())
    stands_out = np.clip((inside / max(float(saliency.mean()), 1e-6) - 1.5) / 3.5, 0.05, 1.0)
    box = (left / width, top / height, (left + wide) / width, (top + tall) / height)
    return box, float(np.clip(stands_out * (1.0 - 0.5 * second / first), 0.05, 0.9))


def _saliency(lab: Floats) -> Floats:
    """(H, W) in [0, 1]."""
    height, width = lab.shape[:2]
    pixels = (cv2.GaussianBlur(lab.astype(np.float32), (0, 0), 0.7).astype(np.float64) * STRETCH).reshape(-1, 3)
    index = np.floor(pixels / CELL).astype(np.int64) + 64
    code = (index[:, 0] * 128 + index[:, 1]) * 128 + index[:, 2]
    _, cell, counts = np.unique(code, return_inverse=True, return_counts=True)
    many = len(counts)
    share = counts / len(pixels)
    colour = np.stack([np.bincount(cell, pixels[:, c], many) for c in range(3)], 1) / counts[:, None]
    rows, columns = np.mgrid[0:height, 0:width]
    x, y = (columns.ravel() + 0.5) / width, (rows.ravel() + 0.5) / height
    moments = np.stack([np.bincount(cell, v, many) for v in (x, y, x * x, y * y)], 1)
    apart = ((colour[:, None] - colour[None]) ** 2).sum(-1)
    unique = np.sqrt(apart) @ share
    alike = np.exp(-apart / (2 * 0.07 ** 2))
    mass = alike @ counts
    mx, my, mxx, myy = (alike @ moments / mass[:, None]).T
    spread = np.sqrt(np.maximum(mxx - mx ** 2 + myy - my ** 2, 0.0))
    worth = unique * np.exp(-4.0 * spread)
    # Neighbouring cells of the grid share their worth, so that shading does not cut a thing in two.
    worth = (alike * share[None]) @ worth / ((alike * share[None]).sum(1))
    centre = np.exp(-(((x - 0.5) / 0.36) ** 2 + ((y - 0.52) / 0.4) ** 2) / 2.0)
    found = cv2.GaussianBlur((worth[cell] * centre).reshape(height, width), (0, 0), 1.2)
    return found / max(float(found.max()), 1e-9)
