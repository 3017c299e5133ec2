"""Modelled clay: thumb dents and finger prints in the surface, soft sheen, warm shadows."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from world_model.sim.compiled import kernel
from world_model.sim.stylise_noise import ramp, value_noise3

Floats = NDArray[np.float32]


@kernel
def _print_at(px: float, py: float, pz: float, seed: int) -> float:
    """Relief of pressed clay: broad dents, and their level lines, which look like finger prints."""
    dent = value_noise3(px, py, pz, seed)
    return dent * 2.2 + ramp(0.50, 0.72, dent) * 0.11 * np.sin(dent * 95.0)


@kernel
def clay_relief(first: int, last: int, depth: Floats, view: NDArray[np.float64], seed: int, out: Floats) -> None:
    """Relief (H, W) fixed to the world, its grain doubling with distance so that it keeps one size on screen."""
    width = depth.shape[1]
    for y in range(first, last):
        for x in range(width):
            a, b = (x + 0.5 - view[13]) / view[12], (view[14] - y - 0.5) / view[12]
            z = max(depth[y, x], 0.1)
            dx = view[9] + a * view[3] + b * view[6]
            dy = view[10] + a * view[4] + b * view[7]
            dz = view[11] + a * view[5] + b * view[8]
            px, py, pz = view[0] + dx * z, view[1] + dy * z, view[2] + dz * z
            # Cells of about an eleventh of the height, at two neighbouring scales, mixed.
            octave = np.log2(view[12] * 11.0 / (view[16] * z))
            low = np.floor(octave)
            t = octave - low
            f = 2.0 ** low
            h = _print_at(px * f, py * f, pz * f, seed)
            if t > 0.62:
                f *= 2.0
                t = ramp(0.62, 1.0, t)
                h += (_print_at(px * f, py * f, pz * f, seed) - h) * t
            out[y, x] = h


@kernel
def clay(first: int, last: int, code: Floats, relief: Floats, normal: Floats, ids: NDArray[np.int16],
         view: NDArray[np.float64], sun_right: float, sun_up: float, amount: float) -> None:
    """Emboss the relief with light from the sun's side and add the waxy sheen, in place."""
    height, width = code.shape[0], code.shape[1]
    reach = max(1, int(height / 260.0 + 0.5))
    strength = 1.15 * (height / 288.0) / (2.0 * reach)
    for y in range(first, last):
        y0, y1 = max(y - reach, 0), min(y + reach, height - 1)
        for x in range(width):
            x0, x1 = max(x - reach, 0), min(x + reach, width - 1)
            gx, gy = relief[y, x1] - relief[y, x0], relief[y0, x] - relief[y1, x]
            bump = -(gx * sun_right + gy * sun_up) * strength * (0.45 if ids[y, x] == 0 else 1.0)
            if ids[y, x] != 0:
                # Seen along its surface, relief would close up into stripes.
                a, c = (x + 0.5 - view[13]) / view[12], (view[14] - y - 0.5) / view[12]
                face = normal[y, x, 0] * (view[9] + a * view[3] + c * view[6]) \
                    + normal[y, x, 1] * (view[10] + a * view[4] + c * view[7]) \
                    + normal[y, x, 2] * (view[11] + a * view[5] + c * view[8])
                bump *= 0.10 + 0.90 * ramp(0.03, 0.40, abs(face))
            bump = min(0.22, max(-0.22, bump))
            r, g, b = code[y, x, 0], code[y, x, 1], code[y, x, 2]
            l = 0.3 * r + 0.59 * g + 0.11 * b
            sheen = max(0.0, bump - 0.03) * 0.55 * ramp(0.25, 0.8, l)
            k = 1.0 + bump
            # Light wanders in plasticine: shadows lift and turn warm, lights round off.
            lift = 0.055 * (1.0 - l) * (1.0 - l)
            pr = min(0.95, r * k * 0.965 + sheen + lift * 1.25)
            pg = min(0.95, g * k * 0.965 + sheen + lift)
            pb = min(0.95, b * k * 0.955 + sheen + lift * 0.85)
            a = np.float32(amount)
            code[y, x, 0], code[y, x, 1], code[y, x, 2] = r + (pr - r) * a, g + (pg - g) * a, b + (pb - b) * a
