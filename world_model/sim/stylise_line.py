"""Line and stroke: outlines, pencil hatching and ink painting.

Hatching follows the layering of tonal art maps (E. Praun et al., Real-Time Hatching, 2001): layers of strokes come
in one after another as it gets darker, and the first layer turns with the surface. Ink painting puts tone into a few
washes that pool and dry unevenly, lets distance vanish into mist and draws with a brush that runs dry.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from world_model.sim.compiled import kernel
from world_model.sim.stylise_noise import hash01, ramp, sample1, value_noise, warp_at

Floats = NDArray[np.float32]


@kernel
def outline(first: int, last: int, code: Floats, lines: Floats, amount: float, warped: bool, field: Floats,
            step: int) -> None:
    """Dark contours over display code, in place. The line takes its hue from what it borders, never plain black."""
    for y in range(first, last):
        for x in range(code.shape[1]):
            if warped:
                w, h = warp_at(field, step, y, x)
                e = sample1(lines, y + h, x + w)
            else:
                e = lines[y, x]
            if e > 0.01:
                k = np.float32(min(1.0, e * amount))
                r, g, b = code[y, x, 0], code[y, x, 1], code[y, x, 2]
                code[y, x, 0] = r + (r * 0.18 + 0.035 - r) * k
                code[y, x, 1] = g + (g * 0.16 + 0.030 - g) * k
                code[y, x, 2] = b + (b * 0.20 + 0.050 - b) * k


@kernel
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


# Six layers: angle, spacing in heights. The first three are one layer for surfaces that face left, right and up.
_LAYERS = np.array([[-0.82, 1.0], [-2.25, 1.0], [0.10, 1.15], [-0.30, 0.93], [-1.45, 0.88], [-2.6, 0.8]])


@kernel
def _fill_strokes(out: Floats, layers: NDArray[np.float64], seed: int) -> None:
    height, width = out.shape[0], out.shape[1]
    spacing = 1.0 / 74.0
    blur = min(0.3, max(0.12, 0.6 / (spacing * height)))
    for y in range(height):
        for x in range(width):
            u, v = (x + 0.5) / height, (y + 0.5) / height
            for k in range(layers.shape[0]):
                out[y, x, k] = _strokes(u, v, layers[k, 0], spacing * layers[k, 1], seed + 9 * k, blur)


@lru_cache(maxsize=2)
def stroke_sheet(height_px: int, width_px: int, seed: int) -> Floats:
    """(H, W, 6) float32 coverage of six layers of pencil strokes, the same drawing at every size."""
    out = np.zeros((height_px, width_px, len(_LAYERS)), np.float32)
    _fill_strokes(out, _LAYERS, seed & 0x7FFFFFFF)
    out.setflags(write=False)
    return out


@kernel
def hatch(first: int, last: int, code: Floats, lines: Floats, normal: Floats, ids: NDArray[np.int16], paper: Floats,
          strokes: Floats, amount: float, line_amount: float, field: Floats, step: int) -> None:
    """Pencil drawing in place of display code: paper where it is light, up to four layers of strokes in the dark."""
    height, width = code.shape[0], code.shape[1]
    lift = 0.0035 * height
    for y in range(first, last):
        for x in range(width):
            r, g, b = code[y, x, 0], code[y, x, 1], code[y, x, 2]
            l = 0.3 * r + 0.59 * g + 0.11 * b
            dark = min(1.0, max(0.0, (0.86 - l) * 1.32))
            sky = ids[y, x] == 0
            if sky:
                dark *= 0.6
            tooth = paper[y, x]
            w, h = warp_at(field, step, y, x)
            lead = 0.0
            if dark > 0.02:
                yy, xx = min(max(int(y + h + 0.5), 0), height - 1), min(max(int(x + w + 0.5), 0), width - 1)
                lean = 0.0 if sky else ramp(-0.35, 0.35, normal[y, x, 0])
                flat = 0.0 if sky else ramp(0.80, 0.99, normal[y, x, 1])
                # A layer of strokes, and under it the side of the lead rubbed over the paper's tooth.
                one = (1.0 - flat) * ((1.0 - lean) * strokes[yy, xx, 0] + lean * strokes[yy, xx, 1]) \
                    + flat * strokes[yy, xx, 2]
                lead = 0.24 * dark * (0.8 + 0.6 * tooth) + 0.46 * ramp(0.04, 0.45, dark) * one
                if dark > 0.36:
                    lead += 0.42 * ramp(0.36, 0.68, dark) * strokes[yy, xx, 3]
                if dark > 0.56:
                    lead += 0.46 * ramp(0.56, 0.82, dark) * strokes[yy, xx, 4]
                if dark > 0.72:
                    lead += 0.55 * ramp(0.72, 0.95, dark) * strokes[yy, xx, 5]
            e = sample1(lines, y + h, x + w) + 0.5 * sample1(lines, y - 0.8 * w + lift, x - 0.8 * h - 0.5 * lift)
            lead += min(1.0, e * line_amount * 1.15) * (0.66 + 0.3 * tooth)
            lead = min(0.90, max(0.0, lead * (1.0 + 0.40 * tooth)))
            # Coloured pencil where the picture has colour, graphite where it has none.
            pale = max(l, 0.05)
            cr, cg, cb = min(0.9, 0.19 * r / pale), min(0.9, 0.19 * g / pale), min(0.9, 0.205 * b / pale)
            vivid = max(r, g, b) - min(r, g, b)
            if vivid > 0.03:
                k = ramp(0.03, 0.25, vivid) * 0.75
                cr, cg, cb = cr + (r * 0.85 - cr) * k, cg + (g * 0.85 - cg) * k, cb + (b * 0.85 - cb) * k
            pr, pg, pb = 0.945 + (cr - 0.945) * lead, 0.935 + (cg - 0.935) * lead, 0.905 + (cb - 0.905) * lead
            a = np.float32(amount)
            code[y, x, 0] = r + (pr - r) * a
            code[y, x, 1] = g + (pg - g) * a
            code[y, x, 2] = b + (pb - b) * a


@kernel
def ink(first: int, last: int, code: Floats, lines: Floats, depth: Floats, ids: NDArray[np.int16], paper: Floats,
        blots: Floats, amount: float, line_amount: float, accent: Floats, field: Floats, step: int, seed: int) -> None:
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
            pool = blots[y, x] - 0.5
            dark = min(1.0, max(0.0, (0.80 - l) * 1.45))
            if sky:
                dark *= 0.40
            else:
                # Mist: what is far keeps half its ink, and the foot of the far things sinks away.
                dark *= 0.42 + 0.58 * np.exp(-z / 160.0)
            at = dark * 4.0 + 1.1 * pool * min(1.0, dark * 2.5)
            low = np.floor(at)
            wash = max(0.0, (low + ramp(0.30, 0.70, at - low)) / 4.0)
            wash = 0.75 * wash + 0.25 * dark
            # A wash dries darker at its rim.
            rim = 1.0 - abs((at - low) - 0.66) * 9.0
            wash = wash * 0.86 + (0.07 * rim if rim > 0.0 and at > 0.35 else 0.0)
            wash *= 1.0 + 0.16 * paper[y, x] + 0.5 * pool
            w, h = warp_at(field, step, y, x)
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
                    keep *= 0.06
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
