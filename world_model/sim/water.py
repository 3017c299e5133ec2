"""Water: two scales of ripples, Fresnel reflection, glitter, depth, foam; and its skin seen from below.

Ripples that are smaller than a pixel do not vanish: their slope variance widens the sun's glitter instead of
aliasing (after Toksvig, "Mipmapping normal maps", 2005, and Bruneton et al., "Real-time realistic ocean lighting",
2010).
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from world_model.sim.optics import (
    P_AMBIENT,
    P_FLAT,
    P_KEY,
    P_MOON,
    P_OVERCAST,
    P_PIXEL,
    P_RAIN,
    P_SHADE,
    P_SUN_RGB,
    P_TIME,
    P_UNDER,
    P_WATER,
    P_WATER_DEEP,
    P_WATER_SHALLOW,
    P_WAVE,
    P_WIND,
    TEXELS,
    clamp01,
    kernel,
    mix,
    smooth,
    tap,
)
from world_model.sim.sky import sky_soft

LONG_M = 74.0
SHORT_M = 13.0


@kernel
def slope(tex: Any, u: float, v: float, w0: float, w1: float, w2: float) -> tuple[float, float, float]:
    """Value of the weighted noise at (u, v) in periods, and its differences over three texels along both axes.

    Three `tap`s with the same place between texels.
    """
    x = (u - math.floor(u)) * TEXELS
    y = (v - math.floor(v)) * TEXELS
    i = int(x)
    j = int(y)
    fx = np.float32(x - i)
    fy = np.float32(y - j)
    gx = np.float32(1.0) - fx
    gy = np.float32(1.0) - fy
    a = gx * gy
    b = fx * gy
    c = gx * fy
    d = fx * fy
    one = np.float32(w0)
    two = np.float32(w1)
    three = np.float32(w2)
    i0 = i & (TEXELS - 1)
    i1 = (i + 1) & (TEXELS - 1)
    i3 = (i + 3) & (TEXELS - 1)
    i4 = (i + 4) & (TEXELS - 1)
    j0 = j & (TEXELS - 1)
    j1 = (j + 1) & (TEXELS - 1)
    j3 = (j + 3) & (TEXELS - 1)
    j4 = (j + 4) & (TEXELS - 1)
    here = one * (a * tex[j0, i0, 0] + b * tex[j0, i1, 0] + c * tex[j1, i0, 0] + d * tex[j1, i1, 0]) \
        + two * (a * tex[j0, i0, 1] + b * tex[j0, i1, 1] + c * tex[j1, i0, 1] + d * tex[j1, i1, 1])
    east = one * (a * tex[j0, i3, 0] + b * tex[j0, i4, 0] + c * tex[j1, i3, 0] + d * tex[j1, i4, 0]) \
        + two * (a * tex[j0, i3, 1] + b * tex[j0, i4, 1] + c * tex[j1, i3, 1] + d * tex[j1, i4, 1])
    north = one * (a * tex[j3, i0, 0] + b * tex[j3, i1, 0] + c * tex[j4, i0, 0] + d * tex[j4, i1, 0]) \
        + two * (a * tex[j3, i0, 1] + b * tex[j3, i1, 1] + c * tex[j4, i0, 1] + d * tex[j4, i1, 1])
    if w2 > 0.0:
        here += three * (a * tex[j0, i0, 2] + b * tex[j0, i1, 2] + c * tex[j1, i0, 2] + d * tex[j1, i1, 2])
        east += three * (a * tex[j0, i3, 2] + b * tex[j0, i4, 2] + c * tex[j1, i3, 2] + d * tex[j1, i4, 2])
        north += three * (a * tex[j3, i0, 2] + b * tex[j3, i1, 2] + c * tex[j4, i0, 2] + d * tex[j4, i1, 2])
    return here, east - here, north - here


@kernel
def water(p: Any, tex: Any, x: float, y: float, z: float, depth_below_m: float, shadow: float, dist: float,
          footprint_m: float, dx: float, dy: float, dz: float, refl_r: float, refl_g: float, refl_b: float,
          refl_ok: float) -> tuple[float, float, float]:
    """Linear radiance of the water's skin at (x, y, z), before air.

    depth_below_m: water under the point (0 at the shore). shadow [0, 1], 1 = in sunlight. footprint_m: width of a
    pixel there. (dx, dy, dz): unit ray from the eye. refl_*: a reflection seen in the picture, weighted by refl_ok.
    """
    t = p[P_TIME]
    wind = min(p[P_WIND] / 12.0, 1.6)
    lively = 0.35 + 0.5 * min(p[P_WAVE], 2.0) + 0.5 * wind
    # A pixel is stretched away from the eye at grazing angles; the mean of both sides decides what can be drawn.
    footprint_m = max(footprint_m, dist * p[P_PIXEL] / math.sqrt(max(abs(dy), 0.03)))
    long_fade = 1.0 - smooth(0.6, 4.0, footprint_m)
    short_fade = 1.0 - smooth(0.08, 0.55, footprint_m)
    nx = 0.0
    nz = 0.0
    crest = 0.5
    if long_fade > 0.0:
        u = x / LONG_M
        v = z / LONG_M
        crest, sx, sz = slope(tex, u + 0.011 * t, v + 0.017 * t, 0.7, 0.3, 0.0)
        nx -= 1.1 * sx * long_fade
        nz -= 1.1 * sz * long_fade
    if short_fade > 0.0:
        u = (0.83 * x + 0.56 * z) / SHORT_M
        v = (0.83 * z - 0.56 * x) / SHORT_M
        _, sx, sz = slope(tex, u - 0.043 * t, v + 0.031 * t, 0.55, 0.40, 0.05 + 0.3 * p[P_RAIN])
        nx -= 0.5 * sx * short_fade
        nz -= 0.5 * sz * short_fade
    nx *= lively
    nz *= lively
    inv = 1.0 / math.sqrt(nx * nx + 1.0 + nz * nz)
    nx *= inv
    nz *= inv
    ny = inv

    # From below the skin is a mirror outside Snell's window and a bright sky inside.
    if p[P_UNDER] > 0.5 and dy > 0.0:
        tilt = dy * ny - dx * nx - dz * nz
        window = smooth(0.56, 0.78, tilt)
        sr, sg, sb = sky_soft(p, dx * 0.8, dy, dz * 0.8)
        lift = 0.8 + 3.0 * clamp01(crest - 0.5)
        return (mix(p[P_WATER_DEEP] * 1.3, 0.6 * sr * lift + 0.2 * p[P_SUN_RGB], window),
                mix(p[P_WATER_DEEP + 1] * 1.3, 0.9 * sg * lift + 0.25 * p[P_SUN_RGB + 1], window),
                mix(p[P_WATER_DEEP + 2] * 1.3, 0.9 * sb * lift + 0.25 * p[P_SUN_RGB + 2], window))

    facing = max(-(dx * nx + dy * ny + dz * nz), 0.0)
    grazing = 1.0 - min(facing, 1.0)
    # Distant waves show their faces: a rough sea never reflects as a flat mirror at the horizon.
    g2 = grazing * grazing
    fresnel = 0.02 + 0.98 * g2 * g2 * grazing / (1.0 + 0.9 * lively)
    twice = -2.0 * (dx * nx + dy * ny + dz * nz)
    rx = dx + twice * nx
    ry = abs(dy + twice * ny) + 0.02
    rz = dz + twice * nz
    sr, sg, sb = sky_soft(p, rx, min(ry, 1.0), rz)
    keep = clamp01(refl_ok)
    sr = mix(sr, refl_r, keep)
    sg = mix(sg, refl_g, keep)
    sb = mix(sb, refl_b, keep)

    # What comes back out of the water: the bed near the shore, turquoise, then the deep.
    depth = max(depth_below_m, 0.0) / max(facing, 0.25)
    shallow = math.exp(-0.30 * depth)
    bed = math.exp(-1.6 * depth)
    sunlit = 0.45 + 0.55 * shadow
    body_r = mix(p[P_WATER_DEEP], p[P_WATER_SHALLOW], shallow * 0.85)
    body_g = mix(p[P_WATER_DEEP + 1], p[P_WATER_SHALLOW + 1], shallow)
    body_b = mix(p[P_WATER_DEEP + 2], p[P_WATER_SHALLOW + 2], shallow)
    # Light through the crests.
    through = clamp01(2.2 * (crest - 0.52)) * lively * 0.55
    body_r = (body_r + through * 0.25 * p[P_WATER_SHALLOW]) * sunlit
    body_g = (body_g + through * 0.45 * p[P_WATER_SHALLOW + 1]) * sunlit
    body_b = (body_b + through * 0.40 * p[P_WATER_SHALLOW + 2]) * sunlit
    sand = 0.30 * bed
    body_r += sand * (p[P_AMBIENT] + 0.4 * p[P_SUN_RGB] * shadow) * 0.55
    body_g += sand * (p[P_AMBIENT + 1] + 0.4 * p[P_SUN_RGB + 1] * shadow) * 0.48
    body_b += sand * (p[P_AMBIENT + 2] + 0.4 * p[P_SUN_RGB + 2] * shadow) * 0.36

    out_r = mix(body_r, sr, fresnel)
    out_g = mix(body_g, sg, fresnel)
    out_b = mix(body_b, sb, fresnel)

    # Glitter: a lobe as wide as the slopes that were filtered away.
    hx = p[P_KEY] - dx
    hy = p[P_KEY + 1] - dy
    hz = p[P_KEY + 2] - dz
    hl = 1.0 / math.sqrt(hx * hx + hy * hy + hz * hz + 1e-9)
    nh = (hx * nx + hy * ny + hz * nz) * hl
    lost = 0.0016 + 0.010 * lively * (1.0 - short_fade) + 0.008 * lively * (1.0 - long_fade)
    if nh > 0.5:
        spread = (1.0 - nh * nh) / (nh * nh * lost)
        if spread < 14.0:
            lobe = math.exp(-spread) / (1.0 + 260.0 * lost)
            k = lobe * shadow * (0.25 + 0.75 * fresnel) * (2.6 + 2.4 * p[P_MOON]) * (1.0 - 0.9 * p[P_OVERCAST])
            out_r += k * p[P_SUN_RGB]
            out_g += k * p[P_SUN_RGB + 1]
            out_b += k * p[P_SUN_RGB + 2]

    # Foam: lace at the shore that comes and goes, caps when it blows.
    blow = clamp01((p[P_WIND] - 5.0) / 10.0) * (0.4 + 0.6 * min(p[P_WAVE], 1.5))
    foam = 0.0
    if depth_below_m < 2.5 or blow > 0.0:
        f0, f1, f2, f3 = tap(tex, x / 19.0 + 0.006 * t, z / 19.0 - 0.004 * t)
        lace = 1.0 - smooth(0.5, 4.0, footprint_m)
        grain = 0.5 + (0.45 * (f1 - 0.5) + 0.6 * (f3 - 0.5) + 0.3 * (f2 - 0.5) * lace) * lace
        wash = 0.55 + 0.35 * math.sin(0.9 * t + 5.0 * f0) + 0.25 * p[P_WAVE]
        edge = 1.0 - smooth(0.05, 0.25 + max(wash, 0.0), max(depth_below_m, 0.0))
        foam = edge * smooth(0.30, 0.62, grain + 0.25 * edge)
        if blow > 0.0:
            foam = max(foam, blow * smooth(0.60, 0.80, crest * 0.75 + 0.25 * grain + 0.09 * blow) * long_fade)
        foam = clamp01(foam) * 0.85
        white_r = p[P_AMBIENT] + 0.42 * p[P_SUN_RGB] * shadow
        white_g = p[P_AMBIENT + 1] + 0.42 * p[P_SUN_RGB + 1] * shadow
        white_b = p[P_AMBIENT + 2] + 0.42 * p[P_SUN_RGB + 2] * shadow
        out_r = mix(out_r, white_r * 0.86, foam)
        out_g = mix(out_g, white_g * 0.88, foam)
        out_b = mix(out_b, white_b * 0.90, foam)

    # Poster colour: the palette's water in one light, with a pale shore.
    shade = p[P_SHADE]
    if shade < 1.0:
        ripple = 1.0 + 0.5 * smooth(0.56, 0.60, crest) * long_fade
        flat_r = mix(p[P_WATER] * ripple, 0.8, 0.7 * foam) * p[P_FLAT]
        flat_g = mix(p[P_WATER + 1] * ripple, 0.84, 0.7 * foam) * p[P_FLAT + 1]
        flat_b = mix(p[P_WATER + 2] * ripple, 0.88, 0.7 * foam) * p[P_FLAT + 2]
        out_r = mix(flat_r, out_r, shade)
        out_g = mix(flat_g, out_g, shade)
        out_b = mix(flat_b, out_b, shade)
    return max(out_r, 0.0), max(out_g, 0.0), max(out_b, 0.0)
