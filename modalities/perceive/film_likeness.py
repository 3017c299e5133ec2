"""How unlike two pictures are: what is left after one is moved onto the other, and how their colours differ."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
SMALL_PX = 96
TINY_PX = (32, 18)


@dataclass(frozen=True)
class Glance:
    """A picture as it is compared. small: uint8 grey, 96 px on its longer side. tiny: (18, 32, 3) float32 in [0, 1],
    blurred. colours: (N,) float32 histogram that sums to 1, of Lab with soft bins. luma, spread: mean and standard
    deviation of light in [0, 1]."""

    small: NDArray[np.uint8]
    tiny: Floats
    colours: Floats
    luma: float
    spread: float


def glance(rgb: NDArray[np.uint8], grey: NDArray[np.uint8]) -> Glance:
    """The glance at a picture, uint8 (h, w, 3) sRGB and its grey (h, w)."""
    high, wide = grey.shape
    scale = min(1.0, SMALL_PX / max(high, wide))
    size = max(8, round(wide * scale)), max(8, round(high * scale))
    small = cv2.resize(grey, size, interpolation=cv2.INTER_AREA)
    few = cv2.resize(rgb, (48, 27), interpolation=cv2.INTER_AREA)
    lab = cv2.cvtColor(few.astype(np.float32) / 255.0, cv2.COLOR_RGB2Lab).reshape(-1, 3)
    light = np.histogram(lab[:, 0], 20, (0.0, 100.0))[0].astype(np.float32)
    light = np.convolve(light, (0.25, 0.5, 0.25), "same")
    hue = np.histogram2d(lab[:, 1], lab[:, 2], 14, ((-70, 70), (-70, 70)))[0].astype(np.float32)
    hue = cv2.GaussianBlur(hue, (3, 3), 0.8)
    colours = np.concatenate([light / max(light.sum(), 1e-6), hue.ravel() / max(hue.sum(), 1e-6)]) * 0.5
    tiny = cv2.resize(rgb, TINY_PX, interpolation=cv2.INTER_AREA).astype(np.float32) / 255.0
    tiny = cv2.GaussianBlur(tiny, (0, 0), 1.0)
    return Glance(np.asarray(small, np.uint8), np.asarray(tiny, np.float32), colours.astype(np.float32),
                  float(grey.mean()) / 255.0, float(grey.std()) / 255.0)


def movement(a: Glance, b: Glance) -> Floats:
    """(h, w, 2) float32: dense flow from a to b in pixels of `small`, right and down (DIS, Kroeger et al. 2016)."""
    # One of its own for every call: they keep buffers and films may be seen side by side.
    dense = cv2.DISOpticalFlow.create(cv2.DISOPTICAL_FLOW_PRESET_FAST)
    return np.asarray(dense.calc(a.small, b.small, None), np.float32)  # type: ignore[arg-type]


def unlike(a: Glance, b: Glance) -> tuple[float, float]:
    """(form, colour), both [0, 1]: one minus the correlation of b with a moved onto it, and one minus what their colour
    histograms share."""
    flow = movement(b, a)
    high, wide = b.small.shape
    y, x = np.mgrid[:high, :wide].astype(np.float32)
    moved = cv2.remap(a.small, x + flow[..., 0], y + flow[..., 1], cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    form = 0.5 - 0.5 * _correlation(moved.astype(np.float32), b.small.astype(np.float32))
    colour = 1.0 - float(np.minimum(a.colours, b.colours).sum())
    return 2.0 * min(form, 0.5), colour


def _correlation(a: Floats, b: Floats) -> float:
    """Pearson's, 1 where both are flat; coarse noise of 2 levels counts as flat."""
    a, b = a - a.mean(), b - b.mean()
    flat = 4.0 * a.size
    return float(((a * b).sum() + flat) / (np.sqrt((a * a).sum() + flat) * np.sqrt((b * b).sum() + flat)))
