"""What shines behind the clouds: sun and moon, stars, Milky Way and nebula, a neighbouring planet, aurora.

All are functions of direction; azimuth comes in half turns (`turn`, [-1, 1]) and every noise over it has a period
that divides the circle, so that there is no seam. Nothing is smaller than a pixel, so nothing shimmers.
"""

from __future__ import annotations

import math
from typing import Any

from world_model.sim.optics import (
    P_ACCENT,
    P_AURORA,
    P_DISC,
    P_GROUND2,
    P_MOON,
    P_PIXEL,
    P_SPACE,
    P_SUN,
    P_TIME,
    P_WATER,
    clamp01,
    kernel,
    mix,
    scramble,
    smooth,
    tap,
)

STAR_CELLS = 52
# The neighbour's middle lies this far from the zenith axis (cosine of its elevation).
NEIGHBOUR_FLAT = 0.9602
NEIGHBOUR_MIDDLE = (0.3136, 0.2793, 0.9075)
NEIGHBOUR_SINE = 0.20
NEIGHBOUR_LIMB = 1.0 - math.sqrt(1.0 - NEIGHBOUR_SINE * NEIGHBOUR_SINE)


@kernel
def stars(p: Any, dx: float, dy: float, dz: float) -> tuple[float, float, float]:
    """Stars on the faces of a cube: at most one in a cell, kept off the cell's edge, never under a pixel wide."""
    ax = abs(dx)
    ay = abs(dy)
    az = abs(dz)
    if ay >= ax and ay >= az:
        face, u, v, w = (0 if dy > 0 else 1), dx / ay, dz / ay, ay
    elif ax >= az:
        face, u, v, w = (2 if dx > 0 else 3), dy / ax, dz / ax, ax
    else:
        face, u, v, w = (4 if dz > 0 else 5), dx / az, dy / az, az
    s = (u + 1.0) * 0.5 * STAR_CELLS
    t = (v + 1.0) * 0.5 * STAR_CELLS
    i = math.floor(s)
    j = math.floor(t)
    h = scramble(i, j, face)
    size = (h & 0xFF) / 255.0
    if size < 0.35:
        return 0.0, 0.0, 0.0
    size = (size - 0.35) / 0.65
    cx = i + 0.32 + 0.36 * ((h >> 8) & 0xFF) / 255.0
    cy = j + 0.32 + 0.36 * ((h >> 16) & 0xFF) / 255.0
    # Radius in cells: a cell is about 2 / STAR_CELLS wide on a face at distance w.
    radius = max(0.95 * p[P_PIXEL], 0.0009) * (0.8 + 0.45 * size * size) * STAR_CELLS * 0.5 / (w * w)
    radius = min(radius, 0.15)
    d2 = ((s - cx) * (s - cx) + (t - cy) * (t - cy)) / (radius * radius)
    if d2 > 4.0:
        return 0.0, 0.0, 0.0
    twinkle = 0.85 + 0.15 * math.sin((1.1 + 2.3 * size) * p[P_TIME] + (h & 0x3FF))
    light = (0.03 + 0.97 * size ** 9) * math.exp(-1.6 * d2) * (1.0 - 0.25 * d2) * twinkle
    warm = ((h >> 24) & 0xFF) / 255.0
    return light * (0.75 + 0.35 * warm), light * 0.88, light * (1.15 - 0.4 * warm)


@kernel
def deep_sky(p: Any, tex: Any, turn: float, dx: float, dy: float, dz: float) -> tuple[float, float, float]:
    """Milky Way by night; in space a nebula in the palette's colours and a great ringed neighbour's glow."""
    # Azimuth and height; at the poles, where that map pinches, the noise gives way to its mean.
    n0, n1, _, n3 = tap(tex, turn, 0.30 * dy + 0.2)
    even = smooth(0.90, 0.99, abs(dy))
    n0 += (0.5 - n0) * even
    n1 += (0.5 - n1) * even
    n3 += (0.2 - n3) * even
    across = 0.42 * dx + 0.62 * dy - 0.66 * dz + 0.25 * (n0 - 0.5)
    band = math.exp(-9.0 * across * across)
    lane = clamp01(1.25 - 1.1 * math.exp(-260.0 * across * across) * (0.3 + n3)) * (0.35 + 0.9 * n0 + 0.35 * (n1 - 0.5))
    night = band * lane * 0.030
    space = p[P_SPACE]
    veil = band * clamp01(2.4 * (n0 + 0.25 * (n1 - 0.5)) - 0.75)
    far = (1.0 - band) * clamp01(2.2 * n0 - 1.25)
    core = veil * veil
    r = night * 1.0 + space * (0.16 * veil * p[P_ACCENT] + 0.32 * core * (p[P_ACCENT] + 0.10) + 0.030 * far)
    g = night * 0.95 + space * (0.16 * veil * p[P_WATER + 1] + 0.32 * core * (p[P_ACCENT + 1] + 0.04) + 0.025 * far)
    b = night * 1.1 + space * (0.30 * veil * p[P_WATER + 2] + 0.32 * core * (p[P_ACCENT + 2] + 0.10) + 0.070 * far)
    return r, g, b


@kernel
def neighbour(p: Any, tex: Any, dx: float, dy: float, dz: float) -> tuple[float, float, float, float]:
    """A gas giant low in the sky of `space`: colour and cover."""
    # Unit direction of its middle, and the sine of its radius.
    mx, my, mz = NEIGHBOUR_MIDDLE
    radius = NEIGHBOUR_SINE
    away = 1.0 - (dx * mx + dy * my + dz * mz)
    if away > NEIGHBOUR_LIMB * 4.0:
        return 0.0, 0.0, 0.0, 0.0
    # Its own axes: right and up on the disc.
    rx, rz = mz / NEIGHBOUR_FLAT, -mx / NEIGHBOUR_FLAT
    px = (dx * rx + dz * rz) / radius
    py = (dx * (-my * mx / NEIGHBOUR_FLAT) + dy * NEIGHBOUR_FLAT + dz * (-my * mz / NEIGHBOUR_FLAT)) / radius
    rr = px * px + py * py
    soft = 1.6 * p[P_PIXEL] / radius
    cover = 1.0 - smooth(1.0 - soft, 1.0 + soft, math.sqrt(rr))
    nz = math.sqrt(max(1.0 - rr, 0.0))
    # Light from the sun's side, as the disc sees it.
    side = p[P_SUN] * rx + p[P_SUN + 2] * rz
    light = clamp01(0.25 + 0.75 * (px * side + py * (0.35 + 0.5 * p[P_SUN + 1]) + nz * 0.25))
    light = light * light * (3.0 - 2.0 * light)
    tilt = py + 0.18 * px
    n0, n1, _, n3 = tap(tex, 0.03 * px + 0.002 * p[P_TIME], 0.12 * tilt)
    stripe = clamp01(0.5 + 0.5 * math.sin(11.0 * tilt + 4.0 * (n0 - 0.5) + 0.5 * (n1 - 0.5)) + 0.15 * (n3 - 0.3))
    halo = math.exp(-7.0 * max(math.sqrt(rr) - 1.0, 0.0)) * (0.10 + 0.35 * light) * (1.0 - cover)
    rim = 0.35 * (1.0 - nz) * (1.0 - nz)
    r = mix(p[P_GROUND2] + 0.08, p[P_ACCENT] + 0.15, stripe)
    g = mix(p[P_GROUND2 + 1] + 0.06, p[P_ACCENT + 1] + 0.20, stripe)
    b = mix(p[P_GROUND2 + 2] + 0.08, p[P_ACCENT + 2] + 0.22, stripe)
    k = (0.02 + 0.85 * light) * cover
    return (r * k + (0.30 * rim * light * cover + 0.35 * halo), g * k + (0.38 * rim * light * cover + 0.42 * halo),
            b * k + (0.55 * rim * light * cover + 0.60 * halo), cover)


@kernel
def disc(p: Any, dx: float, dy: float, dz: float) -> tuple[float, float, float]:
    """Sun by day; by night the moon with its phase and seas hinted by shading."""
    cosine = dx * p[P_SUN] + dy * p[P_SUN + 1] + dz * p[P_SUN + 2]
    if cosine < 0.995:
        return 0.0, 0.0, 0.0
    angle = math.sqrt(max(2.0 * (1.0 - cosine), 0.0))
    soft = max(1.2 * p[P_PIXEL], 0.0015)
    moon = p[P_MOON]
    size = mix(0.019, 0.024, moon)
    cover = 1.0 - smooth(size - soft, size + soft, angle)
    if cover <= 0.0:
        return 0.0, 0.0, 0.0
    bright = 5.5
    if moon > 0.0:
        # A sphere lit from the upper right: three quarters full.
        flat = math.sqrt(max(p[P_SUN] * p[P_SUN] + p[P_SUN + 2] * p[P_SUN + 2], 1e-6))
        px = (dx * p[P_SUN + 2] - dz * p[P_SUN]) / (flat * size)
        py = (dy - p[P_SUN + 1]) / size
        pz = math.sqrt(max(1.0 - px * px - py * py, 0.0))
        lit = smooth(-0.1, 0.35, 0.72 * px + 0.25 * py + 0.65 * pz)
        bright = mix(bright, 3.4 * (0.03 + 0.97 * lit), moon)
    return p[P_DISC] * bright * cover, p[P_DISC + 1] * bright * cover, p[P_DISC + 2] * bright * cover


@kernel
def sharp(p: Any, dx: float, dy: float, dz: float) -> bool:
    """Whether the edge of the sun, the moon or the neighbour may run through this direction."""
    if dx * p[P_SUN] + dy * p[P_SUN + 1] + dz * p[P_SUN + 2] > 0.998:
        return True
    if p[P_SPACE] <= 0.0:
        return False
    away = 1.0 - (dx * NEIGHBOUR_MIDDLE[0] + dy * NEIGHBOUR_MIDDLE[1] + dz * NEIGHBOUR_MIDDLE[2])
    return 0.8 * NEIGHBOUR_LIMB < away < 1.25 * NEIGHBOUR_LIMB


@kernel
def aurora(p: Any, tex: Any, turn: float, dy: float) -> tuple[float, float, float]:
    """Three curtains: a foot that winds along the azimuth, rays that stand on it and fade upward, green to magenta."""
    r = 0.0
    g = 0.0
    b = 0.0
    t = p[P_TIME]
    for layer in range(3):
        u = turn + 0.37 * layer + (0.0016 - 0.0011 * layer) * t
        n0, n1, n2, _ = tap(tex, u, 0.29 + 0.23 * layer + 0.0021 * t)
        foot = 0.10 + 0.13 * layer + 0.16 * (n0 - 0.5) + 0.015 * (n1 - 0.5)
        lift = (dy - foot) / (0.20 + 0.10 * layer + 0.12 * n1)
        if lift > -0.12:
            rise = smooth(-0.12, 0.10, lift)
            fall = math.exp(-2.1 * max(lift, 0.0))
            ray = 0.25 + 0.75 * smooth(0.15, 0.95, n1) + 0.22 * (n2 - 0.5)
            wax = smooth(0.10, 0.75, 0.5 + 0.5 * math.sin(2.0 * math.pi * turn + 1.9 * layer + 0.11 * t))
            light = rise * fall * ray * wax * (1.0 - 0.2 * layer)
            high = smooth(0.15, 1.5, lift)
            r += light * mix(0.05, 0.55, high)
            g += light * mix(0.95, 0.22, high)
            b += light * mix(0.40, 0.85, high)
    k = p[P_AURORA] * 0.30 * smooth(0.01, 0.10, dy) * (1.0 - smooth(0.80, 0.98, dy))
    return r * k, g * k, b * k
