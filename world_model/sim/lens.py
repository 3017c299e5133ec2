"""The lens: glow around lights (bloom and halation), depth of field, colour fringe.

Glow is gathered on a small copy of about 72 lines whatever the size, so it looks alike and costs little everywhere.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from world_model.sim.compiled import kernel
from world_model.sim.stylise_bands import run_bands

Floats = NDArray[np.float32]

SMALL_LINES = 72
_TAPS = 12


@kernel
def _shrink(first: int, last: int, source: Floats, factor: int, gain: float, threshold: float, out: Floats) -> None:
    height, width = source.shape[0], source.shape[1]
    for y in range(first, last):
        for x in range(out.shape[1]):
            r = g = b = np.float32(0.0)
            count = 0
            for yy in range(y * factor, min((y + 1) * factor, height)):
                for xx in range(x * factor, min((x + 1) * factor, width)):
                    p, q, s = source[yy, xx, 0] * gain, source[yy, xx, 1] * gain, source[yy, xx, 2] * gain
                    if threshold > 0.0:
                        top = max(p, q, s)
                        if not top > threshold:
                            count += 1
                            continue
                        over = min(top, 9.0)
                        k = (over - threshold) * (over - threshold) / (over - threshold + 0.6) / top
                        p, q, s = p * k, q * k, s * k
                    r, g, b, count = r + p, g + q, b + s, count + 1
            inverse = np.float32(1.0) / np.float32(max(count, 1))
            out[y, x, 0], out[y, x, 1], out[y, x, 2] = r * inverse, g * inverse, b * inverse


@kernel
def _blur_small(source: Floats, weights: Floats, half: Floats, out: Floats) -> None:
    height, width = source.shape[0], source.shape[1]
    radius = weights.shape[0] - 1
    for y in range(height):
        for x in range(width):
            r = g = b = np.float32(0.0)
            for k in range(-radius, radius + 1):
                xx = min(max(x + k, 0), width - 1)
                w = weights[abs(k)]
                r, g, b = r + w * source[y, xx, 0], g + w * source[y, xx, 1], b + w * source[y, xx, 2]
            half[y, x, 0], half[y, x, 1], half[y, x, 2] = r, g, b
    for y in range(height):
        for x in range(width):
            r = g = b = np.float32(0.0)
            for k in range(-radius, radius + 1):
                yy = min(max(y + k, 0), height - 1)
                w = weights[abs(k)]
                r, g, b = r + w * half[yy, x, 0], g + w * half[yy, x, 1], b + w * half[yy, x, 2]
            out[y, x, 0], out[y, x, 1], out[y, x, 2] = r, g, b


def _bell(sigma_px: float) -> Floats:
    reach = max(1, int(np.ceil(2.5 * sigma_px)))
    weights = np.exp(-0.5 * (np.arange(reach + 1) / sigma_px) ** 2)
    return (weights / (weights[0] + 2.0 * weights[1:].sum())).astype(np.float32)


def small_copy(picture: Floats, threads: int, gain: float = 1.0, threshold: float = 0.0) -> Floats:
    """Mean of picture (H, W, 3) on about 72 lines; only the light above `threshold` when that is above 0."""
    height, width = picture.shape[:2]
    factor = max(1, round(height / SMALL_LINES))
    out = np.empty((-(-height // factor), -(-width // factor), 3), np.float32)
    run_bands(_shrink, out.shape[0], threads, picture, factor, gain, threshold, out)
    return out


def blur(small: Floats, sigma_of_height: float) -> Floats:
    """Gaussian blur of a small copy; sigma as a fraction of the picture height."""
    half, out = np.empty_like(small), np.empty_like(small)
    _blur_small(small, _bell(max(0.3, sigma_of_height * small.shape[0])), half, out)
    return out


def glow_of(hdr: Floats, gain: float, threads: int) -> Floats:
    """Light scattered around highlights: a near and a wide halo, the wide one reddened as film backing does."""
    lights = small_copy(hdr, threads, gain, 0.85)
    if float(lights.max()) <= 0.0:
        return lights
    near = blur(lights, 0.014)
    half = small_copy(near, 1) if near.shape[0] > 2 * SMALL_LINES else near
    wide = blur(half, 0.05)
    if wide.shape != near.shape:
        wide = near
    return (np.float32(0.55) * near + wide * np.array([0.50, 0.42, 0.38], np.float32)).astype(np.float32)


@kernel
def _defocus(first: int, last: int, hdr: Floats, depth: Floats, focus_m: float, aperture_px: float, most_px: float,
             taps: Floats, out: Floats) -> None:
    height, width = depth.shape
    for y in range(first, last):
        for x in range(width):
            z = depth[y, x]
            spread = min(most_px, aperture_px * abs(1.0 / max(z, 0.05) - 1.0 / focus_m))
            r, g, b = hdr[y, x, 0], hdr[y, x, 1], hdr[y, x, 2]
            if spread < 0.4:
                out[y, x, 0], out[y, x, 1], out[y, x, 2] = r, g, b
                continue
            total = np.float32(1.0)
            for k in range(taps.shape[0]):
                yy = min(max(int(y + taps[k, 0] * spread + 0.5), 0), height - 1)
                xx = min(max(int(x + taps[k, 1] * spread + 0.5), 0), width - 1)
                other = depth[yy, xx]
                # A sharp thing in front must not smear into the soft thing behind it.
                w = np.float32(1.0)
                if other < z * 0.9:
                    reach = aperture_px * abs(1.0 / max(other, 0.05) - 1.0 / focus_m)
                    w = np.float32(min(1.0, max(0.03, reach / spread)))
                r, g, b = r + hdr[yy, xx, 0] * w, g + hdr[yy, xx, 1] * w, b + hdr[yy, xx, 2] * w
                total += w
            inverse = np.float32(1.0) / total
            out[y, x, 0], out[y, x, 1], out[y, x, 2] = r * inverse, g * inverse, b * inverse


def defocus(hdr: Floats, depth_m: Floats, focus_m: float, aperture_m: float, threads: int) -> Floats:
    """Depth of field: blur radius (of the height) is aperture_m·|1/depth - 1/focus|, at most 1.2 %."""
    height = hdr.shape[0]
    focus_m = max(0.1, focus_m)
    if aperture_m * max(1.0 / focus_m, 0.0) * height < 0.4:
        return hdr
    turn = np.arange(_TAPS) * 2.399963
    away = np.sqrt((np.arange(_TAPS) + 0.5) / _TAPS)
    taps = np.stack([away * np.sin(turn), away * np.cos(turn)], 1).astype(np.float32)
    out = np.empty_like(hdr)
    run_bands(_defocus, height, threads, hdr, depth_m, focus_m, aperture_m * height, 0.012 * height, taps, out)
    return out
