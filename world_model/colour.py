"""Colour in a perceptual space: OKLab and OKLCH (Björn Ottosson, 2020), linear RGB and sRGB.

All functions take and return numpy arrays (…, 3). Hues are in degrees, lightness and chroma as in OKLCH
(lightness [0, 1], chroma about [0, 0.37]).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]

_LMS = np.array([[0.4122214708, 0.5363325363, 0.0514459929], [0.2119034982, 0.6806995451, 0.1073969566],
                 [0.0883024619, 0.2817188376, 0.6299787005]])
_LAB = np.array([[0.2104542553, 0.7936177850, -0.0040720468], [1.9779984951, -2.4285922050, 0.4505937099],
                 [0.0259040371, 0.7827717662, -0.8086757660]])
_LMS_INV = np.linalg.inv(_LMS)
_LAB_INV = np.linalg.inv(_LAB)


def linear_to_oklab(rgb: ArrayLike) -> Floats:
    """Linear RGB (…, 3), 1 = display white, to OKLab."""
    return np.cbrt(np.asarray(rgb, np.float64) @ _LMS.T) @ _LAB.T


def oklab_to_linear(lab: ArrayLike) -> Floats:
    """OKLab to linear RGB; colours outside the display come back outside [0, 1]."""
    return ((np.asarray(lab, np.float64) @ _LAB_INV.T) ** 3) @ _LMS_INV.T


def oklch_to_oklab(lch: ArrayLike) -> Floats:
    """OKLCH (lightness, chroma, hue in degrees) to OKLab."""
    lch = np.asarray(lch, np.float64)
    hue = np.radians(lch[..., 2])
    return np.stack([lch[..., 0], lch[..., 1] * np.cos(hue), lch[..., 1] * np.sin(hue)], -1)


def oklab_to_oklch(lab: ArrayLike) -> Floats:
    """OKLab to OKLCH, hue in [0, 360)."""
    lab = np.asarray(lab, np.float64)
    return np.stack([lab[..., 0], np.hypot(lab[..., 1], lab[..., 2]),
                     np.degrees(np.arctan2(lab[..., 2], lab[..., 1])) % 360.0], -1)


def linear_to_srgb(rgb: ArrayLike) -> Floats:
    """Linear to display values in [0, 1] (IEC 61966-2-1), clipped."""
    rgb = np.clip(np.asarray(rgb, np.float64), 0.0, 1.0)
    return np.where(rgb <= 0.0031308, 12.92 * rgb, 1.055 * rgb ** (1 / 2.4) - 0.055)


def srgb_to_linear(rgb: ArrayLike) -> Floats:
    """Display values in [0, 1] to linear."""
    rgb = np.asarray(rgb, np.float64)
    return np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)
