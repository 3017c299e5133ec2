"""The sky in any direction: gradient, sun and moon, stars, clouds, aurora, space, and the surface seen from below.

All of it is a function of direction and of the frame's table P, so that a still camera sees a still sky. Clouds are
a thin slab of noise cut by a threshold that rises with height: three cuts give heaped clouds lit rims and flat bases
at the price of four texture lookups. Nothing is smaller than a pixel, so nothing shimmers.
"""

from __future__ import annotations

import math
from typing import Any

from world_model.sim.air import airlight, fog_depth, waterlight
from world_model.sim.optics import (
    P_ACCENT,
    P_AMBIENT,
    P_AURORA,
    P_CLOUD,
    P_CLOUD_DARK,
    P_CLOUD_LIT,
    P_DISC,
    P_DRIFT_X,
    P_DRIFT_Z,
    P_EYE,
    P_FLASH,
    P_GLOW,
    P_GLOW_TIGHT,
    P_GROUND2,
    P_MOON,
    P_OVERCAST,
    P_PIXEL,
    P_SPACE,
    P_STARS,
    P_STORM,
    P_SUN,
    P_SUN_RGB,
    P_TIME,
    P_UNDER,
    P_WATER,
    P_WATER_LEVEL,
    P_ZENITH,
    clamp01,
    kernel,
    mix,
    scramble,
    smooth,
    tap,
)

STAR_CELLS = 44
CLOUD_PERIOD_M = 11000.0


@kernel
def dome(p: Any, dx: float, dy: float, dz: float) -> tuple[float, float, float]:
    """Sky without clouds, disc or stars: airlight at the horizon, rising into the zenith."""
    ar, ag, ab = airlight(p, dx, dy, dz)
    up = max(dy, 0.0)
    # Two slopes: a quick one that clears the haze and a slow one to the zenith.
    t = 1.0 - (0.62 * math.exp(-5.5 * up) + 0.38 * math.exp(-1.5 * up))
    t = min(t * 1.12, 1.0)
    flash = 0.25 * p[P_FLASH]
    glow = 0.0
    cosine = dx * p[P_SUN] + dy * p[P_SUN + 1] + dz * p[P_SUN + 2]
    if cosine > 0.0:
        glow = 0.10 * math.exp(9.0 * (cosine - 1.0)) + 0.30 * p[P_GLOW_TIGHT] * math.exp(60.0 * (cosine - 1.0))
    return (mix(ar, p[P_ZENITH] + flash, t) + glow * t * p[P_GLOW],
            mix(ag, p[P_ZENITH + 1] + flash, t) + glow * t * p[P_GLOW + 1],
            mix(ab, p[P_ZENITH + 2] + flash, t) + glow * t * p[P_GLOW + 2])


@kernel
def sky_soft(p: Any, dx: float, dy: float, dz: float) -> tuple[float, float, float]:
    """The sky as rough things reflect it: the dome, clouds only as an average."""
    r, g, b = dome(p, dx, dy, dz)
    veil = 0.55 * p[P_CLOUD] * (1.0 - p[P_OVERCAST]) * smooth(0.0, 0.3, dy)
    return (mix(r, 0.5 * (p[P_CLOUD_LIT] + p[P_CLOUD_DARK]), veil),
            mix(g, 0.5 * (p[P_CLOUD_LIT + 1] + p[P_CLOUD_DARK + 1]), veil),
            mix(b, 0.5 * (p[P_CLOUD_LIT + 2] + p[P_CLOUD_DARK + 2]), veil))


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
    cx = i + 0.3 + 0.4 * ((h >> 8) & 0xFF) / 255.0
    cy = j + 0.3 + 0.4 * ((h >> 16) & 0xFF) / 255.0
    # Radius in cells: a cell is about 2 / STAR_CELLS wide on a face at distance w.
    radius = max(1.15 * p[P_PIXEL], 0.0011) * (0.8 + 0.5 * size) * STAR_CELLS * 0.5 / (w * w)
    radius = min(radius, 0.22)
    d2 = ((s - cx) * (s - cx) + (t - cy) * (t - cy)) / (radius * radius)
    if d2 > 4.0:
        return 0.0, 0.0, 0.0
    twinkle = 0.85 + 0.15 * math.sin((1.1 + 2.3 * size) * p[P_TIME] + (h & 0x3FF))
    light = (0.05 + 0.95 * size ** 5) * math.exp(-1.6 * d2) * (1.0 - 0.25 * d2) * twinkle
    warm = ((h >> 24) & 0xFF) / 255.0
    return light * (0.75 + 0.35 * warm), light * 0.88, light * (1.15 - 0.4 * warm)


@kernel
def milky(tex: Any, dx: float, dy: float, dz: float) -> tuple[float, float, float, float]:
    """Noise on the sphere: three planes blended by direction, without a seam."""
    wx = dx * dx * dx * dx
    wy = dy * dy * dy * dy
    wz = dz * dz * dz * dz
    total = wx + wy + wz
    a0, a1, a2, a3 = tap(tex, 0.21 * dy + 0.13, 0.21 * dz + 0.41)
    b0, b1, b2, b3 = tap(tex, 0.21 * dx + 0.57, 0.21 * dz + 0.83)
    c0, c1, c2, c3 = tap(tex, 0.21 * dx + 0.91, 0.21 * dy + 0.29)
    return ((a0 * wx + b0 * wy + c0 * wz) / total, (a1 * wx + b1 * wy + c1 * wz) / total,
            (a2 * wx + b2 * wy + c2 * wz) / total, (a3 * wx + b3 * wy + c3 * wz) / total)


@kernel
def deep_sky(p: Any, tex: Any, dx: float, dy: float, dz: float) -> tuple[float, float, float]:
    """Milky Way by night; in space a nebula in the palette's colours and a great ringed neighbour's glow."""
    n0, n1, _, n3 = milky(tex, dx, dy, dz)
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
    mx, my, mz = 0.5024, 0.2793, 0.8182
    cosine = dx * mx + dy * my + dz * mz
    radius = 0.20
    away = 1.0 - cosine
    limb = 1.0 - math.sqrt(1.0 - radius * radius)
    if away > limb * 4.0:
        return 0.0, 0.0, 0.0, 0.0
    # Its own axes: right and up on the disc.
    rx, rz = mz / 0.9602, -mx / 0.9602
    px = (dx * rx + dz * rz) / radius
    py = (dx * (-my * mx / 0.9602) + dy * 0.9602 + dz * (-my * mz / 0.9602)) / radius
    rr = px * px + py * py
    soft = 1.6 * p[P_PIXEL] / radius
    cover = 1.0 - smooth(1.0 - soft, 1.0 + soft, math.sqrt(rr))
    nz = math.sqrt(max(1.0 - rr, 0.0))
    # Light from the sun's side, as the disc sees it.
    side = p[P_SUN] * rx + p[P_SUN + 2] * rz
    light = clamp01(0.25 + 0.75 * (px * side + py * (0.35 + 0.5 * p[P_SUN + 1]) + nz * 0.25))
    light = light * light * (3.0 - 2.0 * light)
    tilt = py + 0.18 * px
    n0, n1, _, n3 = tap(tex, 0.05 * px + 0.002 * p[P_TIME], 0.35 * tilt)
    stripe = clamp01(0.5 + 0.5 * math.sin(13.0 * tilt + 3.0 * (n0 - 0.5) + 1.3 * (n1 - 0.5)) + 0.25 * (n3 - 0.5))
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
def clouds(p: Any, tex: Any, r: float, g: float, b: float, dx: float, dy: float, dz: float
           ) -> tuple[float, float, float]:
    """Lay cirrus and then cumulus over the sky colour (r, g, b)."""
    amount = p[P_CLOUD]
    away = 1.0 / (dy + 0.045)
    fade = smooth(0.0, 0.16, dy)
    cosine = dx * p[P_SUN] + dy * p[P_SUN + 1] + dz * p[P_SUN + 2]
    # Cirrus: combed along one axis, thin, bright near the sun.
    thin = (0.25 + 0.75 * amount) * (1.0 - p[P_OVERCAST])
    if thin > 0.01:
        u = (p[P_EYE] * 0.2 + 0.35 * p[P_DRIFT_X]) / 26000.0 + dx * away * 0.105
        v = (p[P_EYE + 2] * 0.2 + 0.35 * p[P_DRIFT_Z]) / 26000.0 + dz * away * 0.105
        c0, c1, _, _ = tap(tex, 0.45 * u + 0.32 * v, 1.9 * v - 1.3 * u)
        veil = thin * fade * smooth(0.42, 0.95, c0 + 0.22 * (c1 - 0.5)) * 0.62
        near = 0.85 + 0.35 * math.exp(5.0 * (cosine - 1.0))
        r = mix(r, p[P_CLOUD_LIT] * near + 0.25 * r, veil)
        g = mix(g, p[P_CLOUD_LIT + 1] * near + 0.25 * g, veil)
        b = mix(b, p[P_CLOUD_LIT + 2] * near + 0.25 * b, veil)
    if amount < 0.01:
        return r, g, b
    bar = 1.02 - 0.92 * amount
    base = 1350.0
    cover = 0.0
    shade = 0.0
    u0 = (p[P_EYE] + p[P_DRIFT_X]) / CLOUD_PERIOD_M
    v0 = (p[P_EYE + 2] + p[P_DRIFT_Z]) / CLOUD_PERIOD_M
    # Detail once, at the base; it wanders a little against the heaps, so that clouds change shape as they go.
    reach = base / CLOUD_PERIOD_M * away
    _, d1, d2, _ = tap(tex, 5.3 * (u0 + dx * reach) + 0.0007 * p[P_TIME], 5.3 * (v0 + dz * reach))
    ragged = 0.115 * (d1 - 0.5) + 0.045 * (d2 - 0.5)
    for step in range(3):
        lift = step * 0.5
        reach = (base + 620.0 * lift) / CLOUD_PERIOD_M * away
        n0, n1, _, _ = tap(tex, u0 + dx * reach, v0 + dz * reach)
        body = n0 + 0.16 * (n1 - 0.5) + ragged - 0.10 * lift * (1.0 - p[P_OVERCAST]) - bar
        part = smooth(0.0, 0.13, body) * (1.0 - cover)
        # High cuts and thin edges catch the light; the thick base is in its own shadow.
        thick = clamp01(body * 2.6)
        shade += part * (1.0 - thick) * (0.62 + 0.38 * lift) + part * thick * 0.42 * lift
        cover += part
        if cover > 0.98:
            break
    if cover <= 0.0:
        return r, g, b
    shade /= cover
    forward = math.exp(7.0 * (cosine - 1.0))
    lit = clamp01(shade * 1.05 + 0.45 * p[P_OVERCAST] * (0.5 + 1.6 * (ragged + 0.05)))
    silver = 1.0 + 1.1 * forward * shade * shade * (1.0 - p[P_OVERCAST])
    flash = 1.1 * p[P_FLASH] * clamp01(0.3 + 3.0 * ragged + 0.5 * shade)
    cover *= fade * (0.94 - 0.10 * p[P_STORM] * ragged)
    r = mix(r, mix(p[P_CLOUD_DARK], p[P_CLOUD_LIT], lit) * silver + 0.9 * flash, cover)
    g = mix(g, mix(p[P_CLOUD_DARK + 1], p[P_CLOUD_LIT + 1], lit) * silver + 0.93 * flash, cover)
    b = mix(b, mix(p[P_CLOUD_DARK + 2], p[P_CLOUD_LIT + 2], lit) * silver + flash, cover)
    return r, g, b


@kernel
def aurora(p: Any, tex: Any, dx: float, dy: float, dz: float) -> tuple[float, float, float]:
    """Curtains: a thin ridge line in a plane, seen at five heights that share their foot."""
    r = 0.0
    g = 0.0
    b = 0.0
    t = p[P_TIME]
    away = 1.0 / (dy + 0.12)
    for step in range(5):
        lift = step * 0.2
        reach = (0.085 + 0.045 * lift) * away
        u = dx * reach + 0.0011 * t
        v = dz * reach - 0.0007 * t
        n0, n1, _, _ = tap(tex, 0.55 * u + 0.31, 0.8 * v + 0.17)
        fold = n0 + 0.05 * (n1 - 0.5) - 0.5
        ridge = math.exp(-520.0 * fold * fold)
        ray = 0.55 + 0.9 * (n1 - 0.3)
        light = ridge * max(ray, 0.1) * (1.0 - 0.75 * lift)
        r += light * (0.08 + 0.55 * lift * lift)
        g += light * (0.95 - 0.75 * lift)
        b += light * (0.32 + 0.42 * lift)
    k = p[P_AURORA] * 0.26 * smooth(0.02, 0.20, dy) * (1.0 - 0.6 * smooth(0.55, 0.95, dy))
    return r * k, g * k, b * k


@kernel
def above(p: Any, tex: Any, dx: float, dy: float, dz: float) -> tuple[float, float, float]:
    """The sky seen through air."""
    r, g, b = dome(p, dx, dy, dz)
    space = p[P_SPACE]
    if dy < -0.02 and space <= 0.0:
        return r, g, b
    lift = smooth(-0.01, 0.14, dy)
    lift += (1.0 - lift) * space
    show = p[P_STARS] * lift
    if show > 0.01:
        sr, sg, sb = stars(p, dx, dy, dz)
        mr, mg, mb = deep_sky(p, tex, dx, dy, dz)
        r += show * (sr + mr)
        g += show * (sg + mg)
        b += show * (sb + mb)
    if space > 0.0:
        nr, ng, nb, cover = neighbour(p, tex, dx, dy, dz)
        hide = 1.0 - cover * space
        r, g, b = r * hide + nr * space, g * hide + ng * space, b * hide + nb * space
    if p[P_AURORA] > 0.0 and dy > 0.0:
        ur, ug, ub = aurora(p, tex, dx, dy, dz)
        r += ur
        g += ug
        b += ub
    sr, sg, sb = disc(p, dx, dy, dz)
    r += sr
    g += sg
    b += sb
    if dy > 0.0 and space < 1.0:
        cr, cg, cb = clouds(p, tex, r, g, b, dx, dy, dz)
        r, g, b = mix(cr, r, space), mix(cg, g, space), mix(cb, b, space)
    # The fog layer hides what stands low.
    veil = 1.0 - math.exp(-fog_depth(p, 9000.0, max(dy, 0.0), p[P_EYE + 1]))
    ar, ag, ab = airlight(p, dx, dy, dz)
    return mix(r, ar, veil), mix(g, ag, veil), mix(b, ab, veil)


@kernel
def below(p: Any, tex: Any, dx: float, dy: float, dz: float) -> tuple[float, float, float]:
    """The water round a diver, and overhead the sky squeezed into Snell's window."""
    depth = max(p[P_WATER_LEVEL] - p[P_EYE + 1], 0.0)
    r, g, b = waterlight(p, dx, dy, dz, depth)
    if dy > 0.35:
        reach = min(depth / dy, 90.0)
        u = (p[P_EYE] + dx * reach) / 31.0
        v = (p[P_EYE + 2] + dz * reach) / 31.0
        n0, n1, _, n3 = tap(tex, u + 0.011 * p[P_TIME], v - 0.008 * p[P_TIME])
        ripple = 0.10 * (n0 - 0.5) + 0.12 * (n1 - 0.5)
        window = smooth(0.60, 0.76, dy + ripple)
        sr, sg, sb = sky_soft(p, dx * 0.8, dy, dz * 0.8)
        spark = 0.4 + 1.4 * n3 * n3
        clear = math.exp(-0.05 * reach)
        k = window * (0.35 + 0.65 * clear) * 0.8
        r = mix(r, sr * spark * 0.55, k * 0.7)
        g = mix(g, sg * spark * 0.85, k)
        b = mix(b, sb * spark * 0.85, k)
        # Outside the window the surface mirrors the deep, broken by ripples.
        gleam = 0.10 * (1.0 - window) * smooth(0.35, 0.6, dy) * clamp01(3.0 * (n1 - 0.5)) * clear
        r += gleam * p[P_AMBIENT]
        g += gleam * (p[P_AMBIENT + 1] + 0.3 * p[P_SUN_RGB + 1])
        b += gleam * (p[P_AMBIENT + 2] + 0.3 * p[P_SUN_RGB + 2])
    return r, g, b


@kernel
def sky(p: Any, tex: Any, dx: float, dy: float, dz: float) -> tuple[float, float, float]:
    """Linear radiance of the sky in the unit direction (dx, dy, dz), from where the camera is."""
    under = p[P_UNDER]
    if under <= 0.0:
        return above(p, tex, dx, dy, dz)
    wr, wg, wb = below(p, tex, dx, dy, dz)
    if under >= 1.0:
        return wr, wg, wb
    r, g, b = above(p, tex, dx, dy, dz)
    return mix(r, wr, under), mix(g, wg, under), mix(b, wb, under)
