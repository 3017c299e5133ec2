"""How unlike two pictures are: what is left after one is moved onto the other, and how their colours differ.

Stretches of pictures are compared by their medians over time: rain, grain, lightning and what flies past are not in
them, the place and its light are.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
SMALL_PX = 96
TINY_PX = (32, 18)
WINDOW_PX, NOISE_LEVELS_2 = 13, 4.0


@dataclass(frozen=True)
class Glance:
    """A picture as it is compared. small: uint8 grey, 96 px on its longer side. tiny: (18, 32, 3) float32 in [0, 1],
    blurred. places: (27, 48, 3) float32 Lab, blurred more. colours: (N,) float32 histogram that sums to 1, of Lab with
    soft bins. luma, spread: mean and standard deviation of light in [0, 1]."""

    small: NDArray[np.uint8]
    tiny: Floats
    places: Floats
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
    places = cv2.cvtColor(few.astype(np.float32) / 255.0, cv2.COLOR_RGB2Lab)
    lab = places.reshape(-1, 3)
    light = np.histogram(lab[:, 0], 20, (0.0, 100.0))[0].astype(np.float32)
    light = np.convolve(light, (0.25, 0.5, 0.25), "same")
    hue = np.histogram2d(lab[:, 1], lab[:, 2], 14, ((-70, 70), (-70, 70)))[0].astype(np.float32)
    hue = cv2.GaussianBlur(hue, (3, 3), 0.8)
    colours = np.concatenate([light / max(light.sum(), 1e-6), hue.ravel() / max(hue.sum(), 1e-6)]) * 0.5
    tiny = cv2.resize(rgb, TINY_PX, interpolation=cv2.INTER_AREA).astype(np.float32) / 255.0
    tiny = cv2.GaussianBlur(tiny, (0, 0), 1.0)
    return Glance(np.asarray(small, np.uint8), np.asarray(tiny, np.float32),
                  np.asarray(cv2.GaussianBlur(places, (0, 0), 2.25), np.float32), colours.astype(np.float32),
                  float(grey.mean()) / 255.0, float(grey.std()) / 255.0)


@dataclass(frozen=True)
class Stretch:
    """The median over time of a few looks: small and places as in Glance."""

    small: NDArray[np.uint8]
    places: Floats


def stretch(looks: Sequence[Glance]) -> Stretch:
    """The median of at least one look."""
    return Stretch(np.median([one.small for one in looks], 0).astype(np.uint8),
                   np.median([one.places for one in looks], 0).astype(np.float32))


def apart(a: Stretch, b: Stretch) -> tuple[float, float]:
    """(form, colour): one minus the correlation, window by window and by how much is drawn there, of b with a moved
    onto it, in [0, 2] (0.5 is already another picture); and the mean difference of colour place by place, in Lab."""
    moved, seen = _onto(a.small, b.small), b.small.astype(np.float32)
    size = WINDOW_PX, WINDOW_PX
    mean_a, mean_b = cv2.blur(moved, size), cv2.blur(seen, size)
    var_a = np.maximum(cv2.blur(moved * moved, size) - mean_a * mean_a, 0.0)
    var_b = np.maximum(cv2.blur(seen * seen, size) - mean_b * mean_b, 0.0)
    both = cv2.blur(moved * seen, size) - mean_a * mean_b
    alike = (both + NOISE_LEVELS_2) / np.sqrt((var_a + NOISE_LEVELS_2) * (var_b + NOISE_LEVELS_2))
    drawn = np.sqrt(var_a + var_b) + 1e-3
    return 1.0 - float((alike * drawn).sum() / drawn.sum()), float(np.abs(a.places - b.places).sum(2).mean())


def movement(a: Glance, b: Glance) -> Floats:
    """(h, w, 2) float32: dense flow from a to b in pixels of `small`, right and down (DIS, Kroeger et al. 2016)."""
    return _flow(a.small, b.small)


def unlike(a: Glance, b: Glance) -> tuple[float, float]:
    """(form, colour), both [0, 1]: one minus the correlation of b with a moved onto it, and one minus what their colour
    histograms share."""
    form = 0.5 - 0.5 * _correlation(_onto(a.small, b.small), b.small.astype(np.float32))
    colour = 1.0 - float(np.minimum(a.colours, b.colours).sum())
    return 2.0 * min(form, 0.5), colour


def _flow(a: NDArray[np.uint8], b: NDArray[np.uint8]) -> Floats:
    # One of its own for every call: they keep buffers and films may be seen side by side.
    dense = cv2.DISOpticalFlow.create(cv2.DISOPTICAL_FLOW_PRESET_FAST)
    return np.asarray(dense.calc(a, b, None), np.float32)  # type: ignore[arg-type]


def _onto(a: NDArray[np.uint8], b: NDArray[np.uint8]) -> Floats:
    """(h, w) float32: a, moved onto b."""
    flow = _flow(b, a)
    high, wide = b.shape
    y, x = np.mgrid[:high, :wide].astype(np.float32)
    return np.asarray(cv2.remap(a.astype(np.float32), x + flow[..., 0], y + flow[..., 1], cv2.INTER_LINEAR,
                                borderMode=cv2.BORDER_REPLICATE), np.float32)


def _correlation(a: Floats, b: Floats) -> float:
    """Pearson's, 1 where both are flat; coarse noise of 2 levels counts as flat."""
    a, b = a - a.mean(), b - b.mean()
    flat = 4.0 * a.size
    return float(((a * b).sum() + flat) / (np.sqrt((a * a).sum() + flat) * np.sqrt((b * b).sum() + flat)))
