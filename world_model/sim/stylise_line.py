"""Line and stroke: outlines, pencil hatching and ink painting.

Hatching follows the layering of tonal art maps (E. Praun et al., Real-Time Hatching, 2001): layers of strokes come
in one after another as it gets darker, and the first layer turns with the surface. Ink painting puts tone into a few
washes that pool and dry unevenly, lets distance vanish into mist and draws with a brush that runs dry.
"""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

from world_model.sim.stylise_noise import hash01, ramp, sample1, value_noise

Floats = NDArray[np.float32]


@njit(nogil=True, cache=True, error_model="numpy")
def outline(first: int, last: int, code: Floats, lines: Floats, amount: float, warp_px: float, boil: int) -> None:
    """Dark contours over display code, in place. The line takes its hue from what it borders, never plain black."""
    unit = 1.0 / code.shape[0]
    for y in range(first, last):
        for x in range(code.shape[1]):
            if warp_px > 0.0:
                u, v = (x + 0.5) * unit * 17.0, (y + 0.5) * unit * 17.0
                e = sample1(lines, y + (value_noise(u, v, boil + 1) - 0.5) * 2.0 * warp_px,
                            x + (value_noise(u, v, boil) - 0.5) * 2.0 * warp_px)
            else:
                e = lines[y, x]
            if e > 0.01:
                k = np.float32(min(1.0, e * amount))
                r, g, b = code[y, x, 0], code[y, x, 1], code[y, x, 2]
                code[y, x, 0] = r + (r * 0.18 + 0.035 - r) * k
                code[y, x, 1] = g + (g * 0.16 + 0.030 - g) * k
                code[y, x, 2] = b + (b * 0.20 + 0.050 - b) * k


@njit(nogil=True, cache=True, error_model="numpy")
def _strokes(u: float, v: float, turn: float, spacing: float, seed: int, blur: float) -> float:
    """Pencil strokes at angle `turn`, coverage in [0, 1]; lengths vary, pressure swells and fades along each."""
    c, s = np.cos(turn), np.sin(turn)
    along, across = u * c + v * s, v * c - u * s
    across += 0.0035 * (value_noise(along * 7.0, across * 9.0, seed) - 0.5)
    at = across / spacing
    row = np.floor(at)
    off = at - row - 0.5
    key = int(row)
    length = 0.10 + 0.09 * hash01(key, 3, seed)
    place = along / length + hash01(key, 5, seed)
    piece = np.floor(place)
    t = place - piece
    off += (hash01(key, int(piece), seed + 1) - 0.5) * 0.5 + (t - 0.5) * (hash01(key, int(piece), seed + 2) - 0.5) * 0.5
    press = (0.55 + 0.45 * hash01(key, int(piece), seed + 3)) * ramp(0.0, 0.12, t) * (1.0 - ramp(0.75, 1.0, t))
    half = 0.30
    return press * (1.0 - ramp(half - blur, half + blur, abs(off)))


@njit(nogil=True, cache=True, error_model="numpy")
def hatch(first: int, last: int, code: Floats, lines: Floats, normal: Floats, ids: NDArray[np.int16], paper: Floats,
          amount: float, line_amount: float, warp_px: float, boil: int, seed: int) -> None:
    """Pencil drawing in place of display code: paper where it is light, up to four layers of strokes in the dark."""
    height, width = code.shape[0], code.shape[1]
    unit = 1.0 / height
    spacing = 1.0 / 82.0
    blur = min(0.3, max(0.12, 0.6 / (spacing * height)))
    for y in range(first, last):
        for x in range(width):
            u, v = (x + 0.5) * unit, (y + 0.5) * unit
            r, g, b = code[y, x, 0], code[y, x, 1], code[y, x, 2]
            l = 0.3 * r + 0.59 * g + 0.11 * b
            dark = min(1.0, max(0.0, (0.80 - l) * 1.5))
            if ids[y, x] == 0:
                dark *= 0.55
            tooth = paper[y, x]
            w = h = 0.0
            if warp_px > 0.0:
                w = (value_noise(u * 17.0, v * 17.0, boil) - 0.5) * 2.0 * warp_px
                h = (value_noise(u * 17.0, v * 17.0, boil + 1) - 0.5) * 2.0 * warp_px
            lean = ramp(-0.35, 0.35, normal[y, x, 0]) if ids[y, x] else 0.0
            flat = ramp(0.75, 0.98, normal[y, x, 1]) if ids[y, x] else 0.0
            lead = 0.0
            if dark > 0.02:
                us, vs = u + w * unit * 0.6, v + h * unit * 0.6
                tone = 0.30 * dark * (0.8 + 0.5 * tooth)  # the side of the lead, rubbed over the paper's tooth
                first_layer = 0.0
                if lean < 0.99 and flat < 0.99:
                    first_layer += (1.0 - lean) * (1.0 - flat) * _strokes(us, vs, -0.82, spacing, seed, blur)
                if lean > 0.01 and flat < 0.99:
                    first_layer += lean * (1.0 - flat) * _strokes(us, vs, -2.25, spacing, seed + 9, blur)
                if flat > 0.01:
                    first_layer += flat * _strokes(us, vs, 0.10, spacing * 1.15, seed + 18, blur)
                lead = tone + 0.75 * ramp(0.06, 0.42, dark) * first_layer
                if dark > 0.34:
                    lead += 0.62 * ramp(0.34, 0.66, dark) * _strokes(us, vs, -0.30, spacing * 0.93, seed + 27, blur)
                if dark > 0.55:
                    lead += 0.62 * ramp(0.55, 0.82, dark) * _strokes(us, vs, -1.45, spacing * 0.88, seed + 36, blur)
                if dark > 0.72:
                    lead += 0.7 * ramp(0.72, 0.98, dark) * _strokes(us, vs, -2.6, spacing * 0.8, seed + 45, blur)
            e = sample1(lines, y + h, x + w) + 0.55 * sample1(lines, y - 0.8 * w + 0.003 * height, x - 0.8 * h)
            lead += min(1.0, e * line_amount) * (0.72 + 0.3 * tooth)
            lead = min(0.93, max(0.0, lead * (1.0 + 0.45 * tooth)))
            # Coloured pencil where the picture has colour, graphite where it has none.
            pale = max(l, 0.05)
            cr, cg, cb = 0.20 * r / pale, 0.20 * g / pale, 0.21 * b / pale
            tint = 0.05 * (1.0 - dark)
            pr = (0.945 + tint * (r - l)) + (min(cr, 0.9) - 0.945) * lead
            pg = (0.935 + tint * (g - l)) + (min(cg, 0.9) - 0.935) * lead
            pb = (0.905 + tint * (b - l)) + (min(cb, 0.9) - 0.905) * lead
            a = np.float32(amount)
            code[y, x, 0] = r + (pr - r) * a
            code[y, x, 1] = g + (pg - g) * a
            code[y, x, 2] = b + (pb - b) * a


@njit(nogil=True, cache=True, error_model="numpy")
def ink(first: int, last: int, code: Floats, lines: Floats, depth: Floats, ids: NDArray[np.int16], paper: Floats,
        amount: float, line_amount: float, accent: Floats, warp_px: float, boil: int, seed: int) -> None:
    """Ink painting (sumi-e) in place of display code. accent is a unit direction in (r - g, (r + g)/2 - b)."""
    height, width = code.shape[0], code.shape[1]
    unit = 1.0 / height
    for y in range(first, last):
        for x in range(width):
            u, v = (x + 0.5) * unit, (y + 0.5) * unit
            r, g, b = code[y, x, 0], code[y, x, 1], code[y, x, 2]
            l = 0.3 * r + 0.59 * g + 0.11 * b
            z = depth[y, x]
            sky = ids[y, x] == 0
            pool = value_noise(u * 7.0, v * 7.0, seed) * 0.6 + value_noise(u * 23.0, v * 23.0, seed + 1) * 0.4 - 0.5
            dark = min(1.0, max(0.0, (0.74 - l) * 1.65))
            if sky:
                dark *= 0.30
            else:
                dark *= 0.30 + 0.70 * np.exp(-z / 140.0)
            at = dark * 4.0 + 0.9 * pool
            low = np.floor(at)
            wash = max(0.0, (low + ramp(0.40, 0.62, at - low)) / 4.0)
            # A wash dries darker at its rim.
            rim = 1.0 - abs((at - low) - 0.66) * 9.0
            wash = wash * 0.86 + (0.07 * rim if rim > 0.0 and at > 0.35 else 0.0)
            wash *= 1.0 + 0.35 * paper[y, x] + 0.5 * pool
            w = h = 0.0
            if warp_px > 0.0:
                w = (value_noise(u * 17.0, v * 17.0, boil) - 0.5) * 2.0 * warp_px
                h = (value_noise(u * 17.0, v * 17.0, boil + 1) - 0.5) * 2.0 * warp_px
            e = sample1(lines, y + h, x + w)
            if e > 0.0:
                # Thick and thin, and hairs of the brush showing as it runs dry.
                press = value_noise(u * 8.0, v * 8.0, seed + 5)
                hairs = value_noise(u * 60.0 + v * 35.0, v * 190.0 - u * 110.0, seed + 6)
                e = ramp(0.55 - 0.5 * press, 0.95 - 0.5 * press, e)
                e *= 1.0 - ramp(0.35, 0.75, value_noise(u * 13.0, v * 13.0, seed + 7)) * ramp(0.35, 0.6, hairs)
            far = 1.0 if z < 1.0 else 0.35 + 0.65 * np.exp(-z / 90.0)
            lead = min(0.93, max(0.0, max(wash, e * line_amount * 1.15 * far)))
            pr, pg, pb = 0.935 - 0.015 * paper[y, x], 0.912 - 0.016 * paper[y, x], 0.858 - 0.02 * paper[y, x]
            pr, pg, pb = pr + (0.065 - pr) * lead, pg + (0.065 - pg) * lead, pb + (0.085 - pb) * lead
            # One colour is kept: a seal of vermilion, or whatever the palette's accent is.
            p, q = r - g, 0.5 * (r + g) - b
            c = np.sqrt(p * p + q * q)
            if c > 0.02:
                keep = ramp(0.70, 0.94, (p * accent[0] + q * accent[1]) / c) * ramp(0.08, 0.24, c)
                if ids[y, x] < 10:
                    keep *= 0.25
                if keep > 0.0:
                    shade = max(0.25, 1.0 - 0.55 * wash) * (1.0 + 0.25 * pool)
                    k = keep * (1.0 - min(1.0, e * line_amount))
                    top = max(r, g, b)
                    pr += (min(0.95, (r / top) * 0.84 * shade) - pr) * k
                    pg += (min(0.95, (g / top) * 0.80 * shade) - pg) * k
                    pb += (min(0.95, (b / top) * 0.80 * shade) - pb) * k
            a = np.float32(amount)
            code[y, x, 0] = r + (pr - r) * a
            code[y, x, 1] = g + (pg - g) * a
            code[y, x, 2] = b + (pb - b) * a
