"""From radiance to the display: exposure, filmic tone curve, contrast, saturation, split toning, vignette, grain.

The tone curve works like the formation of a picture on film (compare AgX, T. Sobotka 2022): colours are first
drawn a little towards their own grey, each channel goes through one sigmoid in stops around mid grey, and the
colourfulness is given back afterwards. Bright saturated lights therefore run to white without turning hue. The
curve is a Naka-Rushton response whose slope is gentler under mid grey, so that darks keep detail.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from world_model.sim.compiled import kernel
from world_model.sim.stylise_noise import GRAIN_TILE_PX, ramp, sample

Floats = NDArray[np.float32]

CURVE_SIZE = 2048
CURVE_TOP = 4.0  # fourth root of the brightest radiance told apart (256)
MID_GREY = 0.18
MID_CODE = 0.44
BLACK_CODE = 0.030
WHITE_CODE = 0.972
BASE_GAIN = 1.3  # a middle grey of 0.18 / 1.3 in the world lands on mid grey
INSET = 0.11  # how far colours are drawn to grey before the curve
OUTSET = 1.24  # how much colourfulness is given back after it


def tone_curve(contrast: float) -> Floats:
    """(2048,) float32 display code by fourth root of exposed radiance, from BLACK_CODE to WHITE_CODE."""
    x = (np.linspace(0.0, CURVE_TOP, CURVE_SIZE) ** 4).clip(1e-9)
    stops = np.log2(x / MID_GREY)
    slope = 0.62 * stops + 0.16 * (np.logaddexp(0.0, 2.0 * stops) - np.log(2.0)) / 2.0
    y = 1.0 / (1.0 + (1.0 / MID_CODE - 1.0) * np.exp(-slope))
    if contrast != 1.0:
        # A second sigmoid that holds black, mid grey and white still: contrast cannot crush the toe.
        up = np.maximum(y, 1e-9) ** contrast
        down = np.maximum(1.0 - y, 1e-9) ** contrast
        y = up / (up + down * (MID_CODE / (1.0 - MID_CODE)) ** (contrast - 1.0))
    return (BLACK_CODE + (WHITE_CODE - BLACK_CODE) * y).astype(np.float32)


@kernel
def _look_up(curve: Floats, radiance: Any, gain: Any) -> Any:
    x = radiance * gain
    if not x > 0.0:
        x = 0.0
    at = np.sqrt(np.sqrt(x)) * np.float32((CURVE_SIZE - 1) / CURVE_TOP)
    if at >= CURVE_SIZE - 1:
        return curve[CURVE_SIZE - 1]
    i = int(at)
    return curve[i] + (curve[i + 1] - curve[i]) * (at - i)


@kernel
def grade(first: int, last: int, hdr: Floats, out: Floats, curve: Floats, gain: float, saturation: float,
          warmth: float, glow: Floats, glow_amount: float) -> None:
    """Radiance hdr (H, W, 3) to display code out (H, W, 3) in [0, 1], rows [first, last).

    glow is the blurred light around highlights at low resolution (already exposed), added before the curve.
    """
    width = hdr.shape[1]
    scale_y, scale_x = glow.shape[0] / hdr.shape[0], glow.shape[1] / hdr.shape[1]
    exposure = np.float32(gain)
    keep, grey = np.float32(1.0 - INSET), np.float32(INSET)
    chroma = np.float32(OUTSET * saturation)
    warm = np.float32(warmth)
    for y in range(first, last):
        for x in range(width):
            r, g, b = hdr[y, x, 0], hdr[y, x, 1], hdr[y, x, 2]
            if glow_amount > 0.0:
                p, q, s = sample(glow, (y + 0.5) * scale_y - 0.5, (x + 0.5) * scale_x - 0.5)
                k = np.float32(glow_amount) / exposure
                r, g, b = r + p * k, g + q * k, b + s * k
            m = grey * (np.float32(0.35) * r + np.float32(0.5) * g + np.float32(0.15) * b)
            r = _look_up(curve, r * keep + m, exposure)
            g = _look_up(curve, g * keep + m, exposure)
            b = _look_up(curve, b * keep + m, exposure)
            l = np.float32(0.2126) * r + np.float32(0.7152) * g + np.float32(0.0722) * b
            r, g, b = l + (r - l) * chroma, l + (g - l) * chroma, l + (b - l) * chroma
            if warm != 0.0:
                # Split toning: lights to amber, darks to teal, mid grey untouched.
                t = warm * (l - np.float32(0.40)) * np.float32(0.22)
                dark = warm * np.float32(0.035)
                r, g, b = r + t + dark, g + t * np.float32(0.25) + dark * np.float32(0.25), b - t - dark * 0.5
            out[y, x, 0] = min(max(r, np.float32(0.0)), np.float32(1.0))
            out[y, x, 1] = min(max(g, np.float32(0.0)), np.float32(1.0))
            out[y, x, 2] = min(max(b, np.float32(0.0)), np.float32(1.0))


@kernel
def lay_on_paper(first: int, last: int, code: Floats, paper: Floats, amount: float) -> None:
    """Show the sheet through display code, in place: its tooth shades the picture, most where it is light."""
    for y in range(first, last):
        for x in range(code.shape[1]):
            r, g, b = code[y, x, 0], code[y, x, 1], code[y, x, 2]
            l = np.float32(0.3) * r + np.float32(0.59) * g + np.float32(0.11) * b
            k = np.float32(1.0) - np.float32(amount) * (np.float32(0.022) + np.float32(0.045) * l) * (
                np.float32(0.35) + paper[y, x])
            warm = np.float32(1.0 - 0.030 * amount)
            code[y, x, 0] = min(r * k, np.float32(1.0))
            code[y, x, 1] = min(g * k * np.float32(1.0 - 0.008 * amount), np.float32(1.0))
            code[y, x, 2] = min(b * k * warm, np.float32(1.0))


@kernel
def develop(first: int, last: int, code: Floats, out: NDArray[np.uint8], vignette: float, grain: float, tile: Floats,
            tile_y: int, tile_x: int, grains_per_px: float) -> None:
    """Last pass: display code (H, W, 3) float32 to uint8 with vignette and film grain, rows [first, last).

    grain rides on luma: strongest in the lower mid tones, none in paper white, like silver in a print.
    """
    height, width = code.shape[0], code.shape[1]
    half = 0.5 * np.sqrt(float(height * height + width * width))
    mask = GRAIN_TILE_PX - 1
    for y in range(first, last):
        dy = (y + 0.5 - 0.5 * height) / half
        for x in range(width):
            r, g, b = code[y, x, 0], code[y, x, 1], code[y, x, 2]
            if vignette > 0.0:
                dx = (x + 0.5 - 0.5 * width) / half
                d = dx * dx + dy * dy
                fall = np.float32(1.0 - 0.42 * vignette * ramp(0.12, 1.15, d))
                r, g, b = r * fall, g * fall, b * fall
            if grain > 0.0:
                gy, gx = (y + 0.5) * grains_per_px, (x + 0.5) * grains_per_px
                iy, ix = int(gy), int(gx)
                v, u = np.float32(gy - iy), np.float32(gx - ix)
                iy, ix = iy + tile_y, ix + tile_x
                p, q = tile[iy & mask, ix & mask], tile[iy & mask, (ix + 1) & mask]
                s, t = tile[(iy + 1) & mask, ix & mask], tile[(iy + 1) & mask, (ix + 1) & mask]
                n = (p + (q - p) * u) * (np.float32(1.0) - v) + (s + (t - s) * u) * v
                l = np.float32(0.3) * r + np.float32(0.59) * g + np.float32(0.11) * b
                n *= np.float32(0.075 * grain) * (np.float32(0.18) + l * (np.float32(1.0) - l) * np.float32(2.2))
                r, g, b = r + n, g + n, b + n
            out[y, x, 0] = np.uint8(min(max(r, np.float32(0.0)), np.float32(1.0)) * np.float32(255.0) + np.float32(0.5))
            out[y, x, 1] = np.uint8(min(max(g, np.float32(0.0)), np.float32(1.0)) * np.float32(255.0) + np.float32(0.5))
            out[y, x, 2] = np.uint8(min(max(b, np.float32(0.0)), np.float32(1.0)) * np.float32(255.0) + np.float32(0.5))
