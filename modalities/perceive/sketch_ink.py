"""The ink of a drawing: what is line and what is paper, whatever the paper, the pen, the light or the camera.

Paper is what a closing of the picture leaves (lines are thinner than its window), so shadows and uneven light divide
out. Everything is measured on the most unlike colour channel: yellow pencil is seen in blue.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
LONGEST_PX = 640
LEAST_DEPTH = 0.055
LEAST_SHARE = 0.0004
_PAPER_PX = 128


@dataclass(frozen=True)
class Ink:
    """mask: (h, w) bool. depth: (h, w) float32 [0, 1], how far from the paper. rgb: (h, w, 3) uint8 at the same size,
    as it was drawn. light_on_dark: whether the paper is the darker. width_px: median width of lines. unrest: how
    uneven the paper is away from lines. tint: chroma of the paper in [0, 1]."""

    mask: NDArray[np.bool_]
    depth: Floats
    rgb: NDArray[np.uint8]
    light_on_dark: bool
    width_px: float
    unrest: float
    tint: float


def ink_of(picture: NDArray[np.uint8]) -> Ink:
    """The ink of a picture uint8 (H, W, 3) or, where parts are transparent, (H, W, 4)."""
    rgb = _small(flattened(picture))
    values = cv2.GaussianBlur(rgb, (0, 0), 0.6).astype(np.float32) + 1.0
    dark, paper = _dark_on_light(values)
    light, night = _dark_on_light(257.0 - values)
    # Whichever reading explains more with less ink: the paper is the smoother of both envelopes.
    inverted = _is_light_on_dark(values, dark, light)
    depth, ground = (light, 257.0 - night) if inverted else (dark, paper)
    mask = _lines(depth)
    near = cv2.dilate(mask.astype(np.uint8), np.ones((7, 7), np.uint8)) > 0
    unrest = float(depth[~near].mean() + depth[~near].std()) if (~near).any() else 1.0
    middle = np.median(ground[::4, ::4].reshape(-1, 3), axis=0)
    tint = float((middle.max() - middle.min()) / 255.0)
    return Ink(mask, depth, rgb, inverted, _width(mask), unrest, tint)


def flattened(picture: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """(H, W, 3): what is transparent becomes the paper, white or black, on which the strokes show more."""
    if picture.ndim == 2:
        return np.repeat(picture[..., None], 3, axis=2)
    if picture.shape[2] == 3:
        return picture
    alpha = picture[..., 3:].astype(np.float32) / 255.0
    colour = picture[..., :3].astype(np.float32)
    shown = [float((np.abs(colour - ground).max(-1, keepdims=True) * alpha).sum()) for ground in (255.0, 0.0)]
    ground = 255.0 if shown[0] >= 0.6 * shown[1] else 0.0
    return np.rint(colour * alpha + ground * (1.0 - alpha)).astype(np.uint8)


def _small(rgb: NDArray[np.uint8]) -> NDArray[np.uint8]:
    height, width = rgb.shape[:2]
    scale = LONGEST_PX / max(height, width)
    size = (max(24, round(width * scale)), max(24, round(height * scale)))
    how = cv2.INTER_AREA if scale < 1.0 else cv2.INTER_CUBIC
    return np.asarray(cv2.resize(np.ascontiguousarray(rgb), size, interpolation=how), np.uint8)


def _dark_on_light(values: Floats) -> tuple[Floats, Floats]:
    """(depth of what is darker than its surroundings, the paper) of colours in [1, 256]."""
    height, width = values.shape[:2]
    scale = _PAPER_PX / max(height, width)
    size = (max(8, round(width * scale)), max(8, round(height * scale)))
    coarse = cv2.resize(values, size, interpolation=cv2.INTER_AREA)
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (15, 15))
    paper = cv2.morphologyEx(coarse, cv2.MORPH_CLOSE, kernel)
    paper = cv2.GaussianBlur(paper, (0, 0), 4.0)
    # A closing of noise lies above its mean: brought back to where the paper mostly is.
    wide = np.asarray(cv2.resize(paper, (width, height), interpolation=cv2.INTER_LINEAR), np.float32)
    ratio = values / np.maximum(wide, 12.0)
    level = np.clip(np.quantile(ratio[::3, ::3], 0.6, axis=(0, 1)), 0.6, 1.05)
    depth = np.clip(1.0 - (ratio / level).min(-1), 0.0, 1.0)
    return depth.astype(np.float32), wide


def _is_light_on_dark(values: Floats, dark: Floats, light: Floats) -> bool:
    """Paper is what there is most of: ink lies on the side of the longer tail of brightness."""
    grey = values[::2, ::2].mean(-1)
    middle = float(np.median(grey))
    low, high = middle - float(np.quantile(grey, 0.01)), float(np.quantile(grey, 0.99)) - middle
    if middle > 150.0 and low > 0.25 * high:
        return False
    if middle < 90.0 and high > low:
        return True
    return bool(high > 1.5 * low and (light > 0.2).mean() < (dark > 0.2).mean() + 0.2 and middle < 150.0)


def _lines(depth: Floats) -> NDArray[np.bool_]:
    """Ink by two thresholds: what is surely ink, and all that hangs together with it."""
    quiet = depth[depth <= float(np.quantile(depth, 0.8))]
    noise = 1.4826 * float(np.median(np.abs(quiet - np.median(quiet)))) if quiet.size else 0.0
    base = float(np.median(quiet)) if quiet.size else 0.0
    top = float(np.quantile(depth, 0.9985))
    high = max(LEAST_DEPTH, base + 6.0 * noise, 0.38 * top)
    low = max(0.6 * LEAST_DEPTH, base + 3.5 * noise, 0.2 * top)
    weak = (depth > low).astype(np.uint8)
    count, labels, stats, _ = cv2.connectedComponentsWithStats(weak, connectivity=8)
    strong = np.zeros(count, bool)
    strong[np.unique(np.asarray(labels, np.int64)[depth > high])] = True
    least = max(10.0, 1.2e-4 * depth.size)
    long = np.maximum(stats[:, cv2.CC_STAT_WIDTH], stats[:, cv2.CC_STAT_HEIGHT]) >= 0.012 * max(depth.shape)
    keep = strong & (stats[:, cv2.CC_STAT_AREA] >= least) & long
    keep[0] = False
    mask = keep[np.asarray(labels, np.int64)]
    if mask.mean() < LEAST_SHARE:
        return np.zeros(depth.shape, bool)
    return mask


def _width(mask: NDArray[np.bool_]) -> float:
    """Median width of what is marked, in pixels; 0 where nothing is."""
    if not mask.any():
        return 0.0
    away = cv2.distanceTransform(np.pad(mask, 1).astype(np.uint8), cv2.DIST_L2, 3)[1:-1, 1:-1]
    ridge = (away > 0) & (away >= cv2.dilate(away, np.ones((3, 3), np.uint8)) - 1e-6)
    return float(2.0 * np.median(away[ridge]))
