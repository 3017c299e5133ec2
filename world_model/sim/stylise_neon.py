"""Synthwave: a violet night, glowing lines, a grid on the ground and a striped sun over the horizon."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from world_model.sim.compiled import kernel
from world_model.sim.stylise_noise import ramp, sample

Floats = NDArray[np.float32]


@kernel
def _grid_line(at: float, cell: float, footprint: float) -> float:
    """A line through every multiple of `cell`, smoothed over `footprint` metres."""
    t = at / cell
    away = abs(t - np.floor(t + 0.5)) * cell
    half = max(0.012 * cell, 0.55 * footprint)
    fade = 1.0 - ramp(0.10, 0.34, footprint / cell)
    return max(0.0, 1.0 - away / (half * 1.6)) * fade


@kernel
def neon_base(first: int, last: int, code: Floats, lines: Floats, depth: Floats, normal: Floats,
              ids: NDArray[np.int16], view: NDArray[np.float64], sun: Floats, colours: Floats, amount: float,
              line_amount: float, base: Floats, light: Floats) -> None:
    """Night base and emitted light (both (H, W, 3)) from display code.

    sun is the unit direction to the striped sun; colours (6, 3): ground grid, water, growth, structure, body, sky rim.
    """
    width = code.shape[1]
    for y in range(first, last):
        for x in range(width):
            r, g, b = code[y, x, 0], code[y, x, 1], code[y, x, 2]
            l = 0.3 * r + 0.59 * g + 0.11 * b
            a, c = (x + 0.5 - view[13]) / view[12], (view[14] - y - 0.5) / view[12]
            dx = view[9] + a * view[3] + c * view[6]
            dy = view[10] + a * view[4] + c * view[7]
            dz = view[11] + a * view[5] + c * view[8]
            oid = ids[y, x]
            er = eg = eb = 0.0
            if oid == 0:
                inv = 1.0 / np.sqrt(dx * dx + dy * dy + dz * dz)
                ex, ey, ez = dx * inv, dy * inv, dz * inv
                low = np.exp(-max(ey, 0.0) * 5.5)
                high = ramp(0.0, 0.7, ey)
                cloud = (l - 0.45) * 0.16
                br = 0.085 + 0.52 * low * low + 0.12 * low - 0.03 * high + cloud * 0.9
                bg = 0.028 + 0.10 * low * low * low + cloud * 0.35
                bb = 0.17 + 0.24 * low + 0.04 * high + cloud
                if l > 0.75:
                    star = (l - 0.75) * 0.9 * (1.0 - low)
                    er, eg, eb = star, star, star
                # The sun: a disc of 10.5 degrees, yellow above and pink below, with bands that widen downward.
                cosine = ex * sun[0] + ey * sun[1] + ez * sun[2]
                if cosine > 0.5:
                    away = np.arccos(min(1.0, cosine)) / 0.185
                    soft = view[12] * 0.185
                    disc = min(1.0, max(0.0, (1.0 - away) * soft * 0.7 + 0.5))
                    t = (ey - sun[1]) / 0.185  # -1 at the foot, 1 at the crown
                    band = 1.0
                    if t < 0.30:
                        phase = (0.30 - t) * 5.0
                        off = abs(phase - np.floor(phase) - 0.5)
                        gap = 0.10 + 0.17 * min(1.0, (0.30 - t) / 1.2)
                        aa = max(0.05, 5.0 / soft)
                        band = ramp(0.5 - aa, 0.5 + aa, off + 0.5 - gap)
                    k = disc * band
                    warm = ramp(-0.9, 0.9, t)
                    sr, sg, sb = 1.0, 0.16 + 0.70 * warm, 0.52 - 0.24 * warm
                    br, bg, bb = br + (sr - br) * k, bg + (sg - bg) * k, bb + (sb - bb) * k
                    er, eg, eb = er + 0.30 * k * sr, eg + 0.30 * k * sg * 0.7, eb + 0.30 * k * sb
                    halo = np.exp(-max(0.0, away - 1.0) * 1.7) * (1.0 - disc) * 0.30
                    br, bg, bb = br + halo * 0.95, bg + halo * 0.12, bb + halo * 0.55
            else:
                z = depth[y, x]
                mist = 1.0 - np.exp(-z / 260.0)
                br = 0.035 + 0.30 * l * l + 0.16 * (r - l)
                bg = 0.018 + 0.12 * l * l + 0.16 * (g - l)
                bb = 0.085 + 0.42 * l * l + 0.16 * (b - l)
                mist *= 0.75
                br, bg, bb = br + (0.42 - br) * mist, bg + (0.07 - bg) * mist, bb + (0.38 - bb) * mist
                which = 0 if oid == 1 else (1 if oid == 2 else (2 if oid == 3 else (3 if oid == 4 else 4)))
                e = lines[y, x] * line_amount
                if oid == 3:
                    e *= 0.8
                if oid <= 2:
                    # Lines of the world's own metres, one in four kept as it recedes.
                    px, pz = view[0] + dx * z, view[2] + dz * z
                    norm = np.sqrt(dx * dx + dy * dy + dz * dz)
                    facing = abs(normal[y, x, 0] * dx + normal[y, x, 1] * dy + normal[y, x, 2] * dz) / norm
                    pixel = z * norm / view[12]
                    long = pixel / max(0.03, facing)
                    flat = np.sqrt(dx * dx + dz * dz) + 1e-6
                    fx = pixel + (long - pixel) * abs(dx) / flat
                    fz = pixel + (long - pixel) * abs(dz) / flat
                    octave = 0.5 * np.log2(max(pixel * view[16] / 9.0, 1e-6))
                    lowest = np.floor(octave)
                    cell = 4.0 ** lowest
                    t = 1.0 - ramp(0.45, 1.0, octave - lowest)
                    fine = max(_grid_line(px, cell, fx), _grid_line(pz, cell, fz))
                    coarse = max(_grid_line(px, cell * 4.0, fx), _grid_line(pz, cell * 4.0, fz))
                    e = max(e, 0.85 * max(fine * t, coarse))
                er, eg, eb = colours[which, 0] * e, colours[which, 1] * e, colours[which, 2] * e
                glow = 0.16 * l if oid >= 3 else 0.03 * l
                er, eg, eb = er + colours[which, 0] * glow, eg + colours[which, 1] * glow, eb + colours[which, 2] * glow
                if oid >= 10:
                    er += 0.10 * r
                    eg += 0.10 * g
                    eb += 0.10 * b
            k = np.float32(amount)
            base[y, x, 0] = r + (min(1.0, max(0.012, br)) - r) * k
            base[y, x, 1] = g + (min(1.0, max(0.008, bg)) - g) * k
            base[y, x, 2] = b + (min(1.0, max(0.030, bb)) - b) * k
            light[y, x, 0], light[y, x, 1], light[y, x, 2] = er * k, eg * k, eb * k


@kernel
def neon_glow(first: int, last: int, base: Floats, light: Floats, near: Floats, wide: Floats, bloom: float) -> None:
    """Add the emitted light and its glow to the base, in place; over-full channels run to white."""
    height, width = base.shape[0], base.shape[1]
    scale_y, scale_x = near.shape[0] / height, near.shape[1] / width
    for y in range(first, last):
        for x in range(width):
            sy, sx = (y + 0.5) * scale_y - 0.5, (x + 0.5) * scale_x - 0.5
            nr, ng, nb = sample(near, sy, sx)
            wr, wg, wb = sample(wide, sy, sx)
            r = base[y, x, 0] + light[y, x, 0] + bloom * (1.1 * nr + 1.0 * wr)
            g = base[y, x, 1] + light[y, x, 1] + bloom * (1.1 * ng + 1.0 * wg)
            b = base[y, x, 2] + light[y, x, 2] + bloom * (1.1 * nb + 1.0 * wb)
            spill = 0.30 * (max(0.0, r - 1.0) + max(0.0, g - 1.0) + max(0.0, b - 1.0))
            base[y, x, 0] = min(1.0, r + spill)
            base[y, x, 1] = min(1.0, g + spill)
            base[y, x, 2] = min(1.0, b + spill)
