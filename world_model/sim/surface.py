"""Light on things: the noise that all textures read, and the shading of ground, objects and bodies.

One key light with cool fill: a wrapped sun, a hemisphere of sky over the bounce of the ground, a soft highlight with
the sky's reflection, a rim that frees subjects from their background. `shade` fades all of that into flat poster
colour: the albedo in one soft light.
"""

from __future__ import annotations

import math
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import KDTree

from world_model.sim.ground import caustics, ground
from world_model.sim.optics import (
    P_AMBIENT,
    P_BOUNCE,
    P_FLASH,
    P_FLAT,
    P_KEY,
    P_NIGHT,
    P_RAIN,
    P_SHADE,
    P_SNOW,
    P_SPACE,
    P_SUN_RGB,
    P_UNDER,
    P_WATER_LEVEL,
    TEXELS,
    clamp01,
    kernel,
    mix,
    smooth,
)
from world_model.sim.sky import sky_soft

TERRAIN = 0
OBJECT = 1


def _even(values: NDArray[np.float64]) -> NDArray[np.float32]:
    """Same order, evenly spread over [0, 1]: a threshold then covers exactly its share."""
    order = np.argsort(values, axis=None, kind="stable")
    out = np.empty(values.size, np.float64)
    out[order] = np.linspace(0.0, 1.0, values.size)
    return out.reshape(values.shape).astype(np.float32)


def _band(seed: int, low: float, high: float, slope: float) -> NDArray[np.float64]:
    """Tileable Gaussian noise with power along |k|^-slope for waves per period in [low, high]."""
    rng = np.random.default_rng(seed)
    k = np.fft.fftfreq(TEXELS) * TEXELS
    radius = np.hypot(k[:, None], k[None, :])
    gain = np.where(radius > 0, np.maximum(radius, 1.0) ** (-slope), 0.0)
    # Soft ends, so that no ringing shows.
    gain *= 1.0 / (1.0 + (low / np.maximum(radius, 0.5)) ** 6) / (1.0 + (radius / high) ** 8)
    return np.real(np.fft.ifft2(np.fft.fft2(rng.standard_normal((TEXELS, TEXELS))) * gain))


@lru_cache(maxsize=1)
def noise_texture() -> NDArray[np.float32]:
    """(512, 512, 4) float32 in [0, 1], tileable, the same on every run; do not write to it.

    0: heaps and patches (4-32 waves a period), 1: clumps (20-64), 2: grain (80-200), 3: a net of bright veins
    (distance to the border of Voronoi cells). Channels 0-2 are spread evenly over [0, 1].
    """
    heaps = _band(11, 2.5, 34.0, 1.75)
    clumps = _band(12, 20.0, 62.0, 1.1)
    grain = _band(13, 80.0, 190.0, 0.4)
    rng = np.random.default_rng(14)
    cells = 18
    sites = (np.stack(np.meshgrid(np.arange(cells), np.arange(cells)), -1).reshape(-1, 2)
             + 0.5 + rng.uniform(-0.42, 0.42, (cells * cells, 2))) / cells
    tiled = np.concatenate([sites + np.array([i, j]) for i in (-1, 0, 1) for j in (-1, 0, 1)])
    axis = np.arange(TEXELS) / TEXELS
    points = np.stack(np.meshgrid(axis, axis), -1).reshape(-1, 2)
    warp = 0.012 * np.stack([clumps, heaps]).reshape(2, -1).T / np.array([clumps.std(), heaps.std()])
    distance, _ = KDTree(tiled).query(points + warp, k=2)
    border = (distance[:, 1] - distance[:, 0]).reshape(TEXELS, TEXELS) * cells
    veins = np.exp(-5.5 * border).astype(np.float32)
    return np.ascontiguousarray(np.stack([_even(heaps), _even(clumps), _even(grain), veins], -1), np.float32)


@kernel
def surface(p: Any, tex: Any, kind: int, x: float, y: float, z: float, nx: float, ny: float, nz: float, r: float,
            g: float, b: float, gloss: float, emissive: float, shadow: float, dist: float, footprint_m: float,
            dx: float, dy: float, dz: float) -> tuple[float, float, float]:
    """Linear radiance of a solid point before air.

    kind 0 = terrain (r, g, b, gloss, emissive are ignored), 1 = objects and bodies (r, g, b linear albedo). (nx, ny,
    nz) unit normal towards the eye's side, shadow [0, 1] with 1 = sunlit, footprint_m the width of a pixel there,
    (dx, dy, dz) the unit ray from the eye.
    """
    glow_r = 0.0
    glow_g = 0.0
    glow_b = 0.0
    through = 0.0
    relief = 0.0
    if kind == TERRAIN:
        r, g, b, gloss, glow_r, glow_g, glow_b, through, relief = ground(p, tex, x, y, z, nx, ny, nz, footprint_m)
    else:
        if emissive > 0.0:
            k = emissive * (0.50 + 0.45 * p[P_NIGHT])
            glow_r = r * k
            glow_g = g * k
            glow_b = b * k
        top = clamp01(ny) * (1.0 - p[P_UNDER])
        lies = p[P_SNOW] * smooth(0.25, 0.75, top) * 0.85
        if lies > 0.0:
            r = mix(r, 0.80, lies)
            g = mix(g, 0.84, lies)
            b = mix(b, 0.90, lies)
        rain = p[P_RAIN]
        if rain > 0.0:
            dark = 1.0 - 0.25 * rain
            r *= dark
            g *= dark
            b *= dark
            gloss = max(gloss, 0.45 * rain * (0.4 + 0.6 * top))
        if y < p[P_WATER_LEVEL] and p[P_UNDER] > 0.0:
            net = mix(1.0, caustics(p, tex, x, y, z, footprint_m), top)
            r *= net
            g *= net
            b *= net

    # Key: wrapped a little (more through snow, cloud, leaves), texture picked out by low light.
    facing = nx * p[P_KEY] + ny * p[P_KEY + 1] + nz * p[P_KEY + 2]
    wrap = 0.06 + 0.55 * through
    lit = clamp01((facing + wrap) / (1.0 + wrap))
    lit *= 1.0 + relief * (0.9 - 0.5 * lit)
    sunned = lit * mix(shadow, 1.0, 0.25 * through)
    # Fill: sky from above, bounce from below; a hint of occlusion where the shape folds away.
    up = 0.5 + 0.5 * ny
    fill = (0.42 + 0.58 * up) * (1.0 + 0.35 * relief)
    back = (1.0 - up) * 0.8 + 0.10
    e_r = p[P_SUN_RGB] * sunned + p[P_AMBIENT] * fill + p[P_BOUNCE] * back
    e_g = p[P_SUN_RGB + 1] * sunned + p[P_AMBIENT + 1] * fill + p[P_BOUNCE + 1] * back
    e_b = p[P_SUN_RGB + 2] * sunned + p[P_AMBIENT + 2] * fill + p[P_BOUNCE + 2] * back
    flash = p[P_FLASH]
    if flash > 0.0:
        e_r += flash * (0.20 + 0.40 * up)
        e_g += flash * (0.22 + 0.43 * up)
        e_b += flash * (0.28 + 0.50 * up)
    out_r = r * e_r
    out_g = g * e_g
    out_b = b * e_b

    view = -(nx * dx + ny * dy + nz * dz)
    edge = 1.0 - clamp01(abs(view))
    edge2 = edge * edge
    if gloss > 0.02:
        # Blinn-Phong highlight, and the sky by Schlick's Fresnel.
        hx = p[P_KEY] - dx
        hy = p[P_KEY + 1] - dy
        hz = p[P_KEY + 2] - dz
        hl = 1.0 / math.sqrt(hx * hx + hy * hy + hz * hz + 1e-9)
        nh = clamp01((nx * hx + ny * hy + nz * hz) * hl)
        power = math.exp2(3.0 + 6.0 * gloss)
        shine = gloss * (0.10 + 0.02 * power) * math.exp(power * (nh - 1.0)) * shadow * clamp01(facing * 6.0)
        fresnel = gloss * (0.05 + 0.75 * edge2 * edge2 * edge)
        tx = dx + 2.0 * view * nx
        ty = dy + 2.0 * view * ny
        tz = dz + 2.0 * view * nz
        s_r, s_g, s_b = sky_soft(p, tx, ty, tz)
        low = smooth(-0.35, 0.1, ty)
        out_r = mix(out_r, mix(p[P_BOUNCE], s_r, low), fresnel) + shine * p[P_SUN_RGB]
        out_g = mix(out_g, mix(p[P_BOUNCE + 1], s_g, low), fresnel) + shine * p[P_SUN_RGB + 1]
        out_b = mix(out_b, mix(p[P_BOUNCE + 2], s_b, low), fresnel) + shine * p[P_SUN_RGB + 2]
    if kind != TERRAIN:
        behind = clamp01(0.25 + 0.75 * (dx * p[P_KEY] + dy * p[P_KEY + 1] + dz * p[P_KEY + 2]))
        rim = edge2 * edge * (0.35 + 0.65 * up) * 0.55
        k = rim * behind * (0.25 + 0.75 * shadow)
        out_r += rim * 0.35 * p[P_AMBIENT] + k * 0.55 * p[P_SUN_RGB] * (0.25 + r)
        out_g += rim * 0.35 * p[P_AMBIENT + 1] + k * 0.55 * p[P_SUN_RGB + 1] * (0.25 + g)
        out_b += rim * 0.35 * p[P_AMBIENT + 2] + k * 0.55 * p[P_SUN_RGB + 2] * (0.25 + b)
    elif through > 0.0:
        # Light that comes through snow, cloud and grass when the sun is behind them.
        behind = clamp01(dx * p[P_KEY] + dy * p[P_KEY + 1] + dz * p[P_KEY + 2])
        k = through * (0.08 + 0.35 * edge2) * behind * behind * (0.3 + 0.7 * shadow) * (1.0 - p[P_SPACE])
        out_r += k * r * p[P_SUN_RGB]
        out_g += k * g * p[P_SUN_RGB + 1]
        out_b += k * b * p[P_SUN_RGB + 2]

    shade = p[P_SHADE]
    if shade < 1.0:
        out_r = mix(r * p[P_FLAT], out_r, shade)
        out_g = mix(g * p[P_FLAT + 1], out_g, shade)
        out_b = mix(b * p[P_FLAT + 2], out_b, shade)
    return max(out_r + glow_r, 0.0), max(out_g + glow_g, 0.0), max(out_b + glow_b, 0.0)
