"""Paint: even regions, soft tone steps, and watercolour.

Regions are evened out by a smooth Kuwahara filter (M. Kuwahara 1976; weighted as in Papari et al. 2007) over eight
box means, so its cost does not grow with the brush. Tones step in OKLab lightness, keeping hue and chroma.
"""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

from world_model.sim.compiled import kernel
from world_model.sim.stylise_bands import run_bands
from world_model.sim.stylise_noise import ramp, sample, value_noise, warp_at

Floats = NDArray[np.float32]

_BLOCK_ROWS = 32  # running sums restart here, so that rounding does not depend on how rows are banded


@kernel
def _box_across(first: int, last: int, code: Floats, radius: int, out: Floats) -> None:
    width = code.shape[1]
    inverse = np.float32(1.0 / (2 * radius + 1))
    for y in range(first, last):
        r = g = b = q = np.float32(0.0)
        for k in range(-radius, radius + 1):
            x = min(max(k, 0), width - 1)
            cr, cg, cb = code[y, x, 0], code[y, x, 1], code[y, x, 2]
            l = np.float32(0.3) * cr + np.float32(0.59) * cg + np.float32(0.11) * cb
            r, g, b, q = r + cr, g + cg, b + cb, q + l * l
        for x in range(width):
            out[y, x, 0], out[y, x, 1], out[y, x, 2], out[y, x, 3] = r * inverse, g * inverse, b * inverse, q * inverse
            i, o = min(x + radius + 1, width - 1), max(x - radius, 0)
            cr, cg, cb = code[y, i, 0], code[y, i, 1], code[y, i, 2]
            dr, dg, db = code[y, o, 0], code[y, o, 1], code[y, o, 2]
            l = np.float32(0.3) * cr + np.float32(0.59) * cg + np.float32(0.11) * cb
            m = np.float32(0.3) * dr + np.float32(0.59) * dg + np.float32(0.11) * db
            r, g, b, q = r + cr - dr, g + cg - dg, b + cb - db, q + l * l - m * m


@njit(nogil=True, cache=True, error_model="numpy")
def _box_down(first: int, last: int, rows_in: Floats, radius: int, out: Floats) -> None:
    """Vertical mean over blocks [first, last) of _BLOCK_ROWS rows, and the weight of each patch."""
    height, width = rows_in.shape[0], rows_in.shape[1]
    inverse = np.float32(1.0 / (2 * radius + 1))
    total = np.empty((width, 4), np.float32)
    for block in range(first, last):
        start = block * _BLOCK_ROWS
        total[:] = 0.0
        for k in range(-radius, radius + 1):
            y = min(max(start + k, 0), height - 1)
            for x in range(width):
                for c in range(4):
                    total[x, c] += rows_in[y, x, c]
        for y in range(start, min(start + _BLOCK_ROWS, height)):
            i, o = min(y + radius + 1, height - 1), max(y - radius, 0)
            for x in range(width):
                r, g, b = total[x, 0] * inverse, total[x, 1] * inverse, total[x, 2] * inverse
                l = np.float32(0.3) * r + np.float32(0.59) * g + np.float32(0.11) * b
                # The quieter a patch, the more it counts: what the filter weighs by is stored beside the mean.
                spread = max(total[x, 3] * inverse - l * l, np.float32(0.0)) + np.float32(0.00012)
                w = np.float32(1e-4) / spread
                out[y, x, 0], out[y, x, 1], out[y, x, 2], out[y, x, 3] = r, g, b, w * w * w
                total[x, 0] += rows_in[i, x, 0] - rows_in[o, x, 0]
                total[x, 1] += rows_in[i, x, 1] - rows_in[o, x, 1]
                total[x, 2] += rows_in[i, x, 2] - rows_in[o, x, 2]
                total[x, 3] += rows_in[i, x, 3] - rows_in[o, x, 3]


@kernel
def _even(first: int, last: int, code: Floats, box: Floats, reach: NDArray[np.int64], mix: float, warped: bool,
          field: Floats, step: int, out: Floats) -> None:
    height, width = code.shape[0], code.shape[1]
    share = np.float32(mix)
    for y in range(first, last):
        for x in range(width):
            dy = dx = 0.0
            if warped:
                dx, dy = warp_at(field, step, y, x)
                r, g, b = sample(code, y + dy, x + dx)
            else:
                r, g, b = code[y, x, 0], code[y, x, 1], code[y, x, 2]
            if mix > 0.0:
                yy, xx = int(np.floor(y + dy + 0.5)), int(np.floor(x + dx + 0.5))
                sr = sg = sb = sw = np.float32(0.0)
                for k in range(reach.shape[0]):
                    py, px = min(max(yy + reach[k, 0], 0), height - 1), min(max(xx + reach[k, 1], 0), width - 1)
                    w = box[py, px, 3]
                    sr, sg, sb, sw = sr + box[py, px, 0] * w, sg + box[py, px, 1] * w, sb + box[py, px, 2] * w, sw + w
                inv = np.float32(1.0) / max(sw, np.float32(1e-30))
                r, g, b = r + (sr * inv - r) * share, g + (sg * inv - g) * share, b + (sb * inv - b) * share
            out[y, x, 0], out[y, x, 1], out[y, x, 2] = r, g, b


def even_regions(code: Floats, radius_px: float, mix: float, warped: bool, field: Floats, step: int,
                 threads: int) -> Floats:
    """Code (H, W, 3) with texture smoothed inside regions and edges kept, moved by the warp field."""
    height, width = code.shape[:2]
    radius = round(radius_px)
    mix = min(1.0, mix)
    if radius == 0 or mix <= 0.0:
        mix = 0.0
        box = np.empty((1, 1, 4), np.float32)
    else:
        across, box = np.empty((height, width, 4), np.float32), np.empty((height, width, 4), np.float32)
        run_bands(_box_across, height, threads, code, radius, across)
        run_bands(_box_down, -(-height // _BLOCK_ROWS), threads, across, radius, box)
    slant = max(1, round(radius * 0.72))
    reach = np.array([[-radius, 0], [radius, 0], [0, -radius], [0, radius], [-slant, -slant], [-slant, slant],
                      [slant, -slant], [slant, slant]], np.int64)
    out = np.empty_like(code)
    run_bands(_even, height, threads, code, box, reach, mix, warped, field, step, out)
    return out


def tone_range(small: Floats) -> tuple[float, float, float]:
    """Dark, middle and light (5, 50 and 95 of 100) of luma in a small copy of display code."""
    luma = small @ np.array([0.3, 0.59, 0.11], np.float32)
    dark, middle, light = np.percentile(luma, [5.0, 50.0, 95.0])
    return float(dark), float(middle), float(light)


@kernel
def rekey(first: int, last: int, code: Floats, dark: float, power: float, light: float, floor: float,
          amount: float, chroma: float) -> None:
    """Paper is a bright ground: move the picture's tones, in place, so that its middle sits high on the sheet."""
    span = max(0.12, light - dark)
    share = np.float32(amount)
    for y in range(first, last):
        for x in range(code.shape[1]):
            r, g, b = code[y, x, 0], code[y, x, 1], code[y, x, 2]
            l = np.float32(0.3) * r + np.float32(0.59) * g + np.float32(0.11) * b
            t = np.float32(min(1.25, max(0.0, (l - dark) / span)))
            t = np.float32(floor) + np.float32(0.91 - floor) * t ** np.float32(power)
            gain = np.float32(1.0) + (t / max(l, np.float32(0.02)) - np.float32(1.0)) * np.float32(0.55)
            # Half of the lift scales the colour, half adds light, so that darks do not turn garish.
            shift = t - l * gain
            more = np.float32(chroma)
            pr, pg, pb = t + (r * gain + shift - t) * more, t + (g * gain + shift - t) * more, \
                t + (b * gain + shift - t) * more
            code[y, x, 0] = r + (min(np.float32(1.0), max(np.float32(0.0), pr)) - r) * share
            code[y, x, 1] = g + (min(np.float32(1.0), max(np.float32(0.0), pg)) - g) * share
            code[y, x, 2] = b + (min(np.float32(1.0), max(np.float32(0.0), pb)) - b) * share


_STEPS = 1024


def tone_steps(amount: float) -> Floats:
    """(1024,) float32 factor on display code, by square root of its own square-law luminance.

    OKLab lightness of display code is close to that luminance to the power 0.37 (2.2 under a cube root); it is moved
    to soft steps, fewer and firmer with more amount. The factor scales all channels, so hue and chroma stay.
    """
    amount = min(1.0, amount)
    count, soft, mix = 9.0 - 4.0 * amount, 0.5 - 0.38 * amount, min(1.0, amount * 1.4)
    lightness = np.linspace(0.0, 1.0, _STEPS).clip(1e-4) ** 0.74
    at = lightness * count
    low = np.floor(at)
    t = ((at - low - (0.5 - soft)) / (2.0 * soft)).clip(0.0, 1.0)
    stepped = (low + t * t * (3.0 - 2.0 * t) + 0.04) / (count + 0.08)
    target = lightness + (stepped - lightness) * mix
    factor = (target / lightness) ** 1.35
    # Below the first step nothing is lifted out of black.
    return np.minimum(factor, 4.0).astype(np.float32)


@kernel
def posterise(first: int, last: int, code: Floats, factor: Floats) -> None:
    """Steps of lightness with soft treads, in place; factor from `tone_steps`."""
    for y in range(first, last):
        for x in range(code.shape[1]):
            r, g, b = code[y, x, 0], code[y, x, 1], code[y, x, 2]
            l = np.sqrt(np.float32(0.2126) * r * r + np.float32(0.7152) * g * g + np.float32(0.0722) * b * b)
            at = l * np.float32(_STEPS - 1)
            i = min(int(at), _STEPS - 2)
            k = factor[i] + (factor[i + 1] - factor[i]) * (at - i)
            code[y, x, 0] = min(np.float32(1.0), r * k)
            code[y, x, 1] = min(np.float32(1.0), g * k)
            code[y, x, 2] = min(np.float32(1.0), b * k)


@kernel
def watercolour(first: int, last: int, code: Floats, slow: Floats, paper: Floats, blots: Floats, amount: float,
                seed: int, out: Floats) -> None:
    """Pigment on wet paper, in place of display code.

    Colour bleeds over the drawing (hue from the blurred picture `slow`), pigment gathers at wet edges, settles in
    the paper's valleys, thins where the water ran, and the sheet stays white along a torn border.
    """
    height, width = code.shape[0], code.shape[1]
    scale_y, scale_x = slow.shape[0] / height, slow.shape[1] / width
    unit = 1.0 / height
    # Only a whole watercolour leaves its border bare; a light wash over another look must not veil its rim.
    border = ramp(0.6, 1.0, amount)
    for y in range(first, last):
        for x in range(width):
            u, v = (x + 0.5) * unit, (y + 0.5) * unit
            r, g, b = code[y, x, 0], code[y, x, 1], code[y, x, 2]
            p, q, s = sample(slow, (y + 0.5) * scale_y - 0.5, (x + 0.5) * scale_x - 0.5)
            l = 0.3 * r + 0.59 * g + 0.11 * b
            m = 0.3 * p + 0.59 * q + 0.11 * s
            bleed = 0.45
            r, g, b = l + (r - l) * (1 - bleed) + (p - m) * bleed, l + (g - l) * (1 - bleed) + (q - m) * bleed, \
                l + (b - l) * (1 - bleed) + (s - m) * bleed
            # Transparent pigment: density is what the paper lacks of white.
            wet = min(max((m - l) * 2.6, 0.0), 0.5)
            back = blots[y, x]
            bloom = ramp(0.48, 0.54, back) * (1.0 - ramp(0.54, 0.72, back))
            density = 0.92 + wet * 1.3 + 0.42 * (back - 0.5) + 0.16 * bloom
            density += 0.20 * paper[y, x] * (1.0 - l)
            r, g, b = r * 1.06 + 0.02, g * 1.06 + 0.02, b * 1.06 + 0.02
            r, g, b = max(0.004, r), max(0.004, g), max(0.004, b)
            # The painter leaves a ragged white border.
            rim = min(min(u, width * unit - u), min(v, 1.0 - v))
            if border > 0.0 and rim < 0.07:
                ragged = rim + 0.030 * (value_noise(u * 9.0, v * 9.0, seed + 3) - 0.5) \
                    + 0.010 * (value_noise(u * 40.0, v * 40.0, seed + 4) - 0.5)
                cover = ramp(0.020, 0.027, ragged)
                pool = cover * (1.0 - ramp(0.027, 0.045, ragged))
                density += ((density + 0.35 * pool) * cover - density) * border
            k = np.float32(density)
            one = np.float32(1.0)
            r, g, b = min(np.float32(r), one) ** k, min(np.float32(g), one) ** k, min(np.float32(b), one) ** k
            r, g, b = 0.035 + 0.93 * r, 0.035 + 0.92 * g, 0.035 + 0.895 * b
            a = np.float32(amount)
            out[y, x, 0] = code[y, x, 0] + (r - code[y, x, 0]) * a
            out[y, x, 1] = code[y, x, 1] + (g - code[y, x, 1]) * a
            out[y, x, 2] = code[y, x, 2] + (b - code[y, x, 2]) * a
