"""How a picture is framed: skyline, horizon and its lean, the box of the subject, depth layers.

Sky: the threshold on gradients that best parts two uniform regions (Shen and Wang, "Sky region detection in a single
image for autonomous ground robot navigation", 2013), then a path of least cost along the border. Subject: saliency by
contrast of colour against the border and the rest (after Achanta et al., 2009), with a bias towards the middle.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from modalities.cues import Box, Framing
from world_model.colour import linear_to_oklab

Floats = NDArray[np.float64]
COLUMNS = 32
SMALL_PX = (128, 72)


def framing(lab: Floats) -> Framing:
    """Framing of OKLab pixels (H, W, 3)."""
    small = cv2.resize(lab.astype(np.float32), SMALL_PX, interpolation=cv2.INTER_AREA).astype(np.float64)
    border, sky_confidence = _border(small)
    skyline = None
    horizon, tilt_deg, horizon_confidence = None, 0.0, 0.0
    if sky_confidence > 0.0:
        at = ((np.arange(COLUMNS) + 0.5) * SMALL_PX[0] / COLUMNS).astype(int)
        skyline = (border[at] / SMALL_PX[1]).astype(np.float32)
        horizon, tilt_deg, straight = _line(skyline, lab.shape[1] / lab.shape[0])
        horizon_confidence = sky_confidence * straight
    subject, subject_confidence = _subject(small, border if sky_confidence > 0.0 else None)
    sky = float(skyline.mean()) if skyline is not None else 0.0
    ground = 1.0 - max(sky, horizon if horizon is not None else sky)
    near = 0.6 * max(0.0, ground)
    return Framing(horizon, tilt_deg, skyline, subject, (sky, max(0.0, 1.0 - sky - near), near),
                   float(horizon_confidence), float(subject_confidence))


def _border(lab: Floats) -> tuple[Floats, float]:
    """((W,) row where the land begins, confidence); confidence 0 where no sky is found."""
    height, width = lab.shape[:2]
    soft = cv2.GaussianBlur(lab.astype(np.float32), (0, 0), 1.5)
    step = np.zeros((height, width), np.float64)
    for c, weight in enumerate((1.0, 1.6, 1.6)):
        gx = cv2.Sobel(soft[..., c], cv2.CV_32F, 1, 0, ksize=3)
        gy = cv2.Sobel(soft[..., c], cv2.CV_32F, 0, 1, ksize=3)
        step += weight * (gx.astype(np.float64) ** 2 + gy.astype(np.float64) ** 2)
    step = np.sqrt(step)
    step[:3] = 0.0
    best, chosen = -1.0, np.full(width, height)
    for level in np.geomspace(0.02, 0.6, 24):
        over = step > level
        first = np.where(over.any(0), over.argmax(0), height)
        above = np.arange(height)[:, None] < first[None]
        share = above.mean()
        if not 0.06 < share < 0.92:
            continue
        sky, land = lab[above], lab[~above]
        within = sky.var(0).sum() + 0.5 * land.var(0).sum()
        jump = ((sky.mean(0) - land.mean(0)) ** 2 * np.array([1.0, 2.0, 2.0])).sum()
        rough = np.abs(np.diff(first)).mean() / height
        worth = jump / (within + 2e-3) - 2.0 * rough
        if worth > best:
            best, chosen = worth, first
    if best < 0.35:
        return np.zeros(width), 0.0
    border = cv2.medianBlur(chosen.astype(np.float32)[None], 5)[0].astype(np.float64)
    return border, float(np.clip(best / 3.0, 0.1, 1.0))


def _line(skyline: NDArray[np.float32], aspect: float) -> tuple[float, float, float]:
    """(height in the middle, lean in degrees, how straight [0, 1]) of a robust line through a skyline."""
    x = (np.arange(COLUMNS) + 0.5) / COLUMNS - 0.5
    y = skyline.astype(np.float64)
    pairs = np.triu_indices(COLUMNS, 4)
    slope = float(np.median((y[pairs[1]] - y[pairs[0]]) / (x[pairs[1]] - x[pairs[0]])))
    slope = float(np.clip(slope, -0.3, 0.3))
    away = y - slope * x
    # Land rises above the horizon, never below it.
    level = float(np.quantile(away, 0.7))
    straight = float((np.abs(away - level) < 0.02).mean())
    return level, float(np.degrees(np.arctan(slope / aspect))), straight


def _subject(lab: Floats, border: Floats | None) -> tuple[Box | None, float]:
    height, width = lab.shape[:2]
    stretched = lab * np.array([1.0, 1.8, 1.8])
    rim = np.concatenate([stretched[:4].reshape(-1, 3), stretched[:, :4].reshape(-1, 3),
                          stretched[:, -4:].reshape(-1, 3)])
    fine = cv2.GaussianBlur(stretched.astype(np.float32), (0, 0), 1.0).astype(np.float64)
    rare = np.sqrt(((fine - stretched.mean((0, 1))) ** 2).sum(-1))
    coarse = cv2.GaussianBlur(stretched.astype(np.float32), (0, 0), 12.0).astype(np.float64)
    pops = np.sqrt(((fine - coarse) ** 2).sum(-1))
    rows, columns = np.mgrid[0:height, 0:width]
    centre = np.exp(-(((columns / width - 0.5) / 0.38) ** 2 + ((rows / height - 0.52) / 0.42) ** 2) / 2.0)
    spread = float(np.sqrt(rim.var(0).sum())) + 0.03
    saliency = (0.5 * rare + pops) / spread * centre
    saliency = cv2.GaussianBlur(saliency.astype(np.float32), (0, 0), 1.5)
    level = float(saliency.mean() + 1.6 * saliency.std())
    count, labels, stats, _ = cv2.connectedComponentsWithStats((saliency > level).astype(np.uint8), connectivity=8)
    best, chosen = 0.0, 0
    for k in range(1, count):
        worth = float(saliency[labels == k].sum())
        if worth > best:
            best, chosen = worth, k
    if chosen == 0:
        return None, 0.0
    left, top, wide, tall, area = (int(v) for v in stats[chosen])
    if area < 12 or wide > 0.92 * width:
        return None, 0.0
    peak = float(saliency[labels == chosen].mean() / max(float(saliency.mean()), 1e-6))
    box = (left / width, top / height, (left + wide) / width, (top + tall) / height)
    return box, float(np.clip((peak - 1.5) / 4.0, 0.05, 0.9))


def lab_of(rgb: NDArray[np.uint8]) -> Floats:
    """OKLab of sRGB (H, W, 3) uint8."""
    return linear_to_oklab(_LINEAR[rgb])


_LINEAR = np.where(np.arange(256) <= 10.31475, np.arange(256) / 255.0 / 12.92,
                   ((np.arange(256) / 255.0 + 0.055) / 1.055) ** 2.4)
