"""Screens and grids: pixel art and risograph printing."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from world_model.sim.compiled import kernel
from world_model.sim.stylise_noise import ramp, sample

Floats = NDArray[np.float32]

_CELLS = 78.0

# Bayer's ordered matrix, 4 x 4, centred on 0.
_BAYER = ((np.array([[0, 8, 2, 10], [12, 4, 14, 6], [3, 11, 1, 9], [15, 7, 13, 5]]) + 0.5) / 16.0 - 0.5
          ).astype(np.float32)


@kernel
def _group(oid: int) -> int:
    return 0 if oid == 0 else (oid if oid >= 10 else (2 if oid == 4 else 1))


@kernel
def _to_lab(r: Any, g: Any, b: Any) -> tuple[float, float, float]:
    r, g, b = r ** 2.2, g ** 2.2, b ** 2.2
    l = (0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b) ** (1.0 / 3.0)
    m = (0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b) ** (1.0 / 3.0)
    s = (0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b) ** (1.0 / 3.0)
    return (0.2104542553 * l + 0.7936177850 * m - 0.0040720468 * s,
            1.9779984951 * l - 2.4285922050 * m + 0.4505937099 * s,
            0.0259040371 * l + 0.7827717662 * m - 0.8086757660 * s)


@kernel
def _to_code(l: float, a: float, b: float) -> tuple[float, float, float]:
    p = (l + 0.3963377774 * a + 0.2158037573 * b) ** 3
    q = (l - 0.1055613458 * a - 0.0638541728 * b) ** 3
    s = (l - 0.0894841775 * a - 1.2914855480 * b) ** 3
    r = 4.0767416621 * p - 3.3077115913 * q + 0.2309699292 * s
    g = -1.2684380046 * p + 2.6097574011 * q - 0.3413193965 * s
    b = -0.0041960863 * p - 0.7034186147 * q + 1.7076147010 * s
    return (min(1.0, max(0.0, r)) ** 0.4545, min(1.0, max(0.0, g)) ** 0.4545, min(1.0, max(0.0, b)) ** 0.4545)


@kernel
def pixel_blocks(first: int, last: int, code: Floats, ids: NDArray[np.int16], block: int, palette: float,
                 bayer: Floats, out: Floats) -> None:
    """One colour per block for rows of blocks [first, last).

    A block belongs to the thing that fills most of it (a body wins from two fifths on, so silhouettes hold) and
    takes that thing's mean colour, set to a lattice of about forty colours in OKLab with ordered dither.
    """
    height, width = code.shape[0], code.shape[1]
    for row in range(first, last):
        y0, y1 = row * block, min((row + 1) * block, height)
        for column in range(-(-width // block)):
            x0, x1 = column * block, min((column + 1) * block, width)
            body = things = sky = 0
            body_id = 0
            for y in range(y0, y1):
                for x in range(x0, x1):
                    k = _group(ids[y, x])
                    if k >= 10:
                        body, body_id = body + 1, k
                    elif k == 0:
                        sky += 1
                    else:
                        things += 1
            total = body + things + sky
            keep = 0
            if body * 5 >= total * 2:
                keep = body_id
            elif things >= sky:
                keep = 1
            r = g = b = np.float32(0.0)
            count = 0
            for y in range(y0, y1):
                for x in range(x0, x1):
                    k = _group(ids[y, x])
                    if k == keep or (keep == 1 and 0 < k < 10):
                        r, g, b, count = r + code[y, x, 0], g + code[y, x, 1], b + code[y, x, 2], count + 1
            if count == 0:
                for y in range(y0, y1):
                    for x in range(x0, x1):
                        r, g, b, count = r + code[y, x, 0], g + code[y, x, 1], b + code[y, x, 2], count + 1
            r, g, b = r / count, g / count, b / count
            if palette > 0.0:
                l, p, q = _to_lab(r, g, b)
                dither = bayer[row & 3, column & 3]
                step, hue = 0.088, 0.042
                # Dither only between neighbouring tones; a wide dither turns shapes to noise.
                tone = (np.floor(l / step + 0.5 + dither * 0.50) + 0.12) * step
                tp = np.round(p / hue + dither * 0.22) * hue
                tq = np.round(q / hue - dither * 0.22) * hue
                # Darks lean to violet, lights to yellow, as pixel artists shift their ramps.
                lean = (tone - 0.55) * 0.035
                tr, tg, tb = _to_code(tone, tp - lean * 0.25, tq + lean)
                r, g, b = r + (tr - r) * palette, g + (tg - g) * palette, b + (tb - b) * palette
            for y in range(y0, y1):
                for x in range(x0, x1):
                    out[y, x, 0], out[y, x, 1], out[y, x, 2] = r, g, b


def bayer() -> Floats:
    """The 4 x 4 ordered dither matrix in [-0.5, 0.5]."""
    return _BAYER


@kernel
def _dots(u: float, v: float, turn_c: float, turn_s: float, cells: float) -> float:
    """Height of a round-dot screen in [0, 1] at (u, v)."""
    a, b = (u * turn_c + v * turn_s) * cells, (v * turn_c - u * turn_s) * cells
    return 0.5 + 0.25 * (np.cos(6.2831853 * a) + np.cos(6.2831853 * b))


@kernel
def _fill_screens(out: Floats) -> None:
    height, width = out.shape[0], out.shape[1]
    for y in range(height):
        for x in range(width):
            u, v = (x + 0.5) / height, (y + 0.5) / height
            out[y, x, 0] = _dots(u, v, np.cos(1.309), np.sin(1.309), _CELLS)
            out[y, x, 1] = _dots(u, v, np.cos(0.2618), np.sin(0.2618), _CELLS)
            out[y, x, 2] = _dots(u, v, np.cos(0.7854), np.sin(0.7854), _CELLS * 0.9)


@lru_cache(maxsize=2)
def dot_screens(height_px: int, width_px: int) -> Floats:
    """(H, W, 3) float32 in [0, 1]: round-dot screens at 75, 15 and 45 degrees, about 78 cells in the height."""
    out = np.zeros((height_px, width_px, 3), np.float32)
    _fill_screens(out)
    out.setflags(write=False)
    return out


@kernel
def halftone(first: int, last: int, code: Floats, screens: Floats, paper: Floats, blots: Floats, amount: float,
             slip_px: float, out: Floats) -> None:
    """Risograph: blue, fluorescent pink and yellow drums, rotated dot screens, plates a little out of register."""
    height, width = code.shape[0], code.shape[1]
    soft = min(0.45, 2.6 * _CELLS / height)
    for y in range(first, last):
        for x in range(width):
            r1, _, _ = sample(code, y + 0.35 * slip_px, x - 0.8 * slip_px)
            _, g2, _ = sample(code, y - 0.55 * slip_px, x + 0.7 * slip_px)
            r3, g3, b3 = code[y, x, 0], code[y, x, 1], code[y, x, 2]
            # What each drum must lay down. Pink's plate also carries a share of the darks, for warm blacks.
            blue = min(1.0, max(0.0, (1.0 - r1) * 1.18 - 0.10))
            pink = min(1.0, max(0.0, (1.0 - g2) * 1.16 - 0.14))
            yellow = min(1.0, max(0.0, (1.0 - b3) * 1.05 - 0.14))
            worn = 1.0 - 0.20 * ramp(0.1, 0.9, paper[y, x]) - 0.10 * blots[y, x]
            k1 = ramp(-soft, soft, blue * 1.06 - 1.0 + screens[y, x, 0] - 0.02)
            k2 = ramp(-soft, soft, pink * 1.06 - 1.0 + screens[y, x, 1] - 0.02)
            k3 = ramp(-soft, soft, yellow * 1.06 - 1.0 + screens[y, x, 2] - 0.02)
            k1, k2, k3 = k1 * worn * 0.93, k2 * worn * 0.90, k3 * worn * 0.88
            # Inks are translucent and multiply where they overlap.
            pr = 0.955 * (1.0 - k1 * 0.94) * (1.0 - k2 * 0.02) * (1.0 - k3 * 0.01)
            pg = 0.940 * (1.0 - k1 * 0.60) * (1.0 - k2 * 0.72) * (1.0 - k3 * 0.10)
            pb = 0.895 * (1.0 - k1 * 0.25) * (1.0 - k2 * 0.40) * (1.0 - k3 * 0.86)
            a = np.float32(amount)
            out[y, x, 0] = r3 + (max(pr, 0.03) - r3) * a
            out[y, x, 1] = g3 + (max(pg, 0.03) - g3) * a
            out[y, x, 2] = b3 + (max(pb, 0.03) - b3) * a
