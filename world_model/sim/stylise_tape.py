"""Home video: chroma that smears and lags, lines that wander, a torn foot, and noise on the tape."""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

from world_model.sim.stylise_noise import hash01, ramp, value_noise

Floats = NDArray[np.float32]

TAPE_LINES = 240.0  # what a home recorder resolves; noise and line structure are tied to it


@njit(nogil=True, cache=True, error_model="numpy")
def tape(first: int, last: int, code: Floats, scanline: float, chroma: float, tick: int, time_s: float, seed: int,
         out: Floats) -> None:
    """Display code played back from tape, rows [first, last). scanline and chroma are amounts in [0, 1]."""
    height, width = code.shape[0], code.shape[1]
    line_px = height / TAPE_LINES
    shift_px = chroma * 0.017 * height
    smear = np.float32(np.exp(-1.0 / max(1e-3, chroma * 0.042 * height))) if chroma > 0.0 else np.float32(0.0)
    soft = np.float32(min(0.55, 0.30 * scanline * height / 288.0)) if height < 500 else np.float32(0.55 * scanline)
    row_y = np.empty(width, np.float32)
    row_i = np.empty(width, np.float32)
    row_q = np.empty(width, np.float32)
    for y in range(first, last):
        v = (y + 0.5) / height
        line = int(v * TAPE_LINES)
        # Slow tracking wobble, jitter of single lines, and the head switch at the foot of the picture.
        wander = 0.0022 * (value_noise(v * 5.0 + time_s * 0.9, time_s * 2.3, seed) - 0.5) \
            + 0.0009 * (hash01(line, tick, seed) - 0.5)
        bar = (time_s * 0.11 + 0.3) % 1.35
        near = 1.0 - min(1.0, abs(v - bar) / 0.035)
        if near > 0.0:
            wander += 0.010 * near * near * (hash01(line // 2, tick, seed + 3) - 0.3)
        foot = ramp(0.962, 0.985, v)
        wander += foot * (0.035 + 0.05 * hash01(line, tick, seed + 4))
        move = wander * scanline * height
        for x in range(width):
            at = min(max(x - move, 0.0), width - 1.001)
            i = int(at)
            t = np.float32(at - i)
            j = min(i + 1, width - 1)
            r = code[y, i, 0] + (code[y, j, 0] - code[y, i, 0]) * t
            g = code[y, i, 1] + (code[y, j, 1] - code[y, i, 1]) * t
            b = code[y, i, 2] + (code[y, j, 2] - code[y, i, 2]) * t
            row_y[x] = np.float32(0.299) * r + np.float32(0.587) * g + np.float32(0.114) * b
            row_i[x] = np.float32(0.596) * r - np.float32(0.274) * g - np.float32(0.322) * b
            row_q[x] = np.float32(0.211) * r - np.float32(0.523) * g + np.float32(0.312) * b
        # Chroma has a fraction of luma's bandwidth: smear it both ways, further to the right.
        if chroma > 0.0:
            back = np.float32(smear * smear)
            for x in range(1, width):
                row_i[x] = row_i[x - 1] * smear + row_i[x] * (np.float32(1.0) - smear)
                row_q[x] = row_q[x - 1] * smear + row_q[x] * (np.float32(1.0) - smear)
            for x in range(width - 2, -1, -1):
                row_i[x] = row_i[x + 1] * back + row_i[x] * (np.float32(1.0) - back)
                row_q[x] = row_q[x + 1] * back + row_q[x] * (np.float32(1.0) - back)
        if scanline > 0.0:
            # Luma rings a little at edges: soften, then overshoot.
            held = row_y[0]
            for x in range(1, width):
                held = held * soft + row_y[x] * (np.float32(1.0) - soft)
                row_y[x] = held + (row_y[x] - held) * np.float32(0.25)
        dropout = hash01(line, tick, seed + 7) < 0.0035 * scanline
        start = hash01(line, tick, seed + 8) * width
        reach = (0.02 + 0.10 * hash01(line, tick, seed + 9)) * height
        beam = 0.5 - 0.5 * np.cos(6.2831853 * v * 144.0)
        # Few rows per line alias to a beat; there the structure is drawn as plain odd and even rows.
        if height < 432:
            beam = 1.0 if (y * 144 // height) * height // 144 == y else 0.0
        dark = np.float32(1.0 - 0.24 * scanline * beam)
        for x in range(width):
            at = x - shift_px
            i = min(max(int(np.floor(at)), 0), width - 1)
            j = min(i + 1, width - 1)
            t = np.float32(min(max(at - i, 0.0), 1.0))
            ci = row_i[i] + (row_i[j] - row_i[i]) * t
            cq = row_q[i] + (row_q[j] - row_q[i]) * t
            l = row_y[x]
            if scanline > 0.0:
                cell = int(x / (line_px * 1.8))
                snow = hash01(cell, line * 3 + 1, tick + seed) - 0.5
                l += snow * scanline * (0.032 + 0.32 * near * near * (near > 0.0) + 0.30 * foot)
                hue = hash01(cell // 5, line // 2, tick + seed + 77) - 0.5
                ci += hue * 0.045 * scanline
                cq += (hash01(cell // 5, line // 2, tick + seed + 78) - 0.5) * 0.045 * scanline
                if dropout and start < x < start + reach:
                    l += 0.5 * (1.0 - (x - start) / reach)
                l = (l * (1.0 + 0.02 * scanline) + 0.045 * scanline) * dark 
            r = l + 0.956 * ci + 0.621 * cq
            g = l - 0.272 * ci - 0.647 * cq
            b = l - 1.106 * ci + 1.703 * cq
            out[y, x, 0], out[y, x, 1], out[y, x, 2] = min(1.0, max(0.0, r)), min(1.0, max(0.0, g)), \
                min(1.0, max(0.0, b))
