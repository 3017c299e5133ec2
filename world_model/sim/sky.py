"""The sky in any direction: gradient, sun and moon, stars, clouds, aurora, space, and the surface seen from below.

All of it is a function of direction and of the frame's table P, so that a still camera sees a still sky. Clouds are
a thin slab of noise cut by a threshold that rises with height: three cuts give heaped clouds lit rims and flat bases
at the price of four texture lookups. Nothing is smaller than a pixel, so nothing shimmers.
"""

from __future__ import annotations

import math
from typing import Any

from world_model.sim.air import airlight, fog_depth, waterlight
from world_model.sim.heavens import aurora, deep_sky, disc, neighbour, stars
from world_model.sim.optics import (
    P_AMBIENT,
    P_AURORA,
    P_CLOUD,
    P_CLOUD_DARK,
    P_CLOUD_LIT,
    P_DRIFT_X,
    P_DRIFT_Z,
    P_EYE,
    P_FLASH,
    P_GLOW,
    P_GLOW_TIGHT,
    P_MIDDLE,
    P_NIGHT,
    P_OVERCAST,
    P_SPACE,
    P_STARS,
    P_STORM,
    P_SUN,
    P_SUN_RGB,
    P_TIME,
    P_UNDER,
    P_WATER_LEVEL,
    P_ZENITH,
    clamp01,
    kernel,
    mix,
    smooth,
    tap,
)

CLOUD_PERIOD_M = 15000.0


@kernel
def dome(p: Any, ar: float, ag: float, ab: float, dx: float, dy: float, dz: float) -> tuple[float, float, float]:
    """Sky without clouds, disc or stars: the airlight (ar, ag, ab) at the horizon, rising into the zenith."""
    up = max(dy, 0.0)
    # Horizon, rose middle, zenith: two soft steps, quick near the ground where most pictures look.
    low = math.exp(-10.0 * up)
    high = 1.0 - math.exp(-3.4 * up)
    t = high
    mid_r = mix(p[P_MIDDLE], p[P_ZENITH], t)
    mid_g = mix(p[P_MIDDLE + 1], p[P_ZENITH + 1], t)
    mid_b = mix(p[P_MIDDLE + 2], p[P_ZENITH + 2], t)
    flash = 0.12 * p[P_FLASH]
    glow = 0.0
    cosine = dx * p[P_SUN] + dy * p[P_SUN + 1] + dz * p[P_SUN + 2]
    if cosine > 0.0:
        glow = (0.10 * math.exp(8.0 * (cosine - 1.0)) + 0.5 * p[P_GLOW_TIGHT] * math.exp(70.0 * (cosine - 1.0))) \
            * (1.0 - low)
    return (mix(mid_r + flash, ar, low) + glow * p[P_GLOW], mix(mid_g + flash, ag, low) + glow * p[P_GLOW + 1],
            mix(mid_b + flash, ab, low) + glow * p[P_GLOW + 2])


@kernel
def sky_soft(p: Any, dx: float, dy: float, dz: float) -> tuple[float, float, float]:
    """The sky as rough things reflect it: the dome, clouds only as an average."""
    ar, ag, ab = airlight(p, dx, dy, dz)
    r, g, b = dome(p, ar, ag, ab, dx, dy, dz)
    veil = 0.55 * p[P_CLOUD] * (1.0 - p[P_OVERCAST]) * smooth(0.0, 0.3, dy)
    return (mix(r, 0.5 * (p[P_CLOUD_LIT] + p[P_CLOUD_DARK]), veil),
            mix(g, 0.5 * (p[P_CLOUD_LIT + 1] + p[P_CLOUD_DARK + 1]), veil),
            mix(b, 0.5 * (p[P_CLOUD_LIT + 2] + p[P_CLOUD_DARK + 2]), veil))


@kernel
def heap(p: Any, tex: Any, r: float, g: float, b: float, u: float, dy: float, base: float, tall: float, scale: float,
         away: float, forward: float, side: float) -> tuple[float, float, float, float]:
    """One bank of cumulus as it stands over the horizon: flat base at elevation `base`, heads up to `tall` above it.

    u is the azimuth in periods, scale the size of the noise, away [0, 1] how far it has faded into the air. The
    last number is the share of what lies behind that is still seen.
    """
    lift = (dy - base) * (1.0 / tall)
    bar = 0.93 - 0.62 * p[P_CLOUD] + 0.42 * max(lift, 0.0)
    if lift < -0.6 or bar > 1.04:
        return r, g, b, 1.0
    v = dy * 0.42 * scale
    n0, n1, n2, _ = tap(tex, u * scale + 0.31 * scale, v + 0.17 * scale)
    ragged = 0.055 * (n1 - 0.5) + 0.016 * (n2 - 0.5)
    bar += 1.6 * max(-lift - 0.12 * (n1 - 0.5), 0.0)
    body = n0 + ragged - bar
    if body <= 0.0:
        return r, g, b, 1.0
    # Lit where the heap falls away towards the sun; dark in its base.
    toward = 2.0 * ragged
    if away < 0.4:
        t0, t1, _, _ = tap(tex, u * scale + 0.31 * scale + 0.013 * side, v + 0.17 * scale + 0.012)
        toward += n0 - t0 - 0.11 * (t1 - 0.5)
    lit = clamp01(0.40 + 3.0 * toward + 0.42 * clamp01(lift) - 0.22 * smooth(0.1, 0.5, body))
    lit = mix(lit, 0.35 + 0.5 * lit, p[P_OVERCAST])
    rim = 1.0 + 1.0 * forward * (1.0 - smooth(0.0, 0.22, body)) * (1.0 - p[P_OVERCAST])
    cover = smooth(0.0, 0.15, body) * (1.0 - away)
    flash = p[P_FLASH] * (0.12 + 0.4 * clamp01(lit))
    return (mix(r, mix(p[P_CLOUD_DARK], p[P_CLOUD_LIT], lit) * rim + 0.9 * flash, cover),
            mix(g, mix(p[P_CLOUD_DARK + 1], p[P_CLOUD_LIT + 1], lit) * rim + 0.93 * flash, cover),
            mix(b, mix(p[P_CLOUD_DARK + 2], p[P_CLOUD_LIT + 2], lit) * rim + flash, cover), 1.0 - cover)


@kernel
def clouds(p: Any, tex: Any, turn: float, r: float, g: float, b: float, dx: float, dy: float, dz: float
           ) -> tuple[float, float, float, float]:
    """Lay cirrus and then cumulus over the sky colour (r, g, b); last the share of it that is still seen."""
    amount = p[P_CLOUD]
    clear = 1.0
    away = 1.0 / (dy + 0.045)
    fade = smooth(0.0, 0.16, dy)
    cosine = dx * p[P_SUN] + dy * p[P_SUN + 1] + dz * p[P_SUN + 2]
    # Cirrus: combed along one axis, thin, bright near the sun.
    thin = min(0.3 + 1.2 * amount, 1.0) * (1.0 - p[P_OVERCAST]) * (1.0 - 0.55 * p[P_NIGHT])
    if thin > 0.01:
        u = (p[P_EYE] * 0.2 + 0.35 * p[P_DRIFT_X]) / 26000.0 + dx * away * 0.105
        v = (p[P_EYE + 2] * 0.2 + 0.35 * p[P_DRIFT_Z]) / 26000.0 + dz * away * 0.105
        c0, c1, _, _ = tap(tex, 0.45 * u + 0.32 * v, 1.9 * v - 1.3 * u)
        veil = thin * fade * smooth(0.55, 1.15, c0 + 0.16 * (c1 - 0.5)) * 0.42
        near = 0.85 + 0.35 * math.exp(5.0 * (cosine - 1.0))
        r = mix(r, p[P_CLOUD_LIT] * near + 0.25 * r, veil)
        g = mix(g, p[P_CLOUD_LIT + 1] * near + 0.25 * g, veil)
        b = mix(b, p[P_CLOUD_LIT + 2] * near + 0.25 * b, veil)
        clear = 1.0 - 0.75 * veil
    if amount < 0.01:
        return r, g, b, clear
    if dy < 0.46 and p[P_OVERCAST] < 0.8:
        # Banks that stand far off hardly move when the camera does, so azimuth and elevation are their ground.
        u = 1.5 * turn + 0.00004 * p[P_DRIFT_X]
        hide = smooth(0.1, 0.8, p[P_OVERCAST])
        forward = math.exp(7.0 * (cosine - 1.0))
        side = clamp01(0.5 + 2.0 * (dx * p[P_SUN + 2] - dz * p[P_SUN])) * -2.0 + 1.0
        r, g, b, part = heap(p, tex, r, g, b, u, dy, 0.035, 0.12, 2.0, 0.45 + 0.55 * hide, forward, side)
        clear *= part
        r, g, b, part = heap(p, tex, r, g, b, u, dy, 0.105, 0.24, 1.0, 0.08 + 0.92 * hide, forward, side)
        clear *= part
    fade = mix(smooth(0.24, 0.46, dy), fade, smooth(0.1, 0.8, p[P_OVERCAST]))
    if fade <= 0.0:
        return r, g, b, clear
    bar = 1.02 - 0.92 * amount
    base = 1350.0
    cover = 0.0
    shade = 0.0
    u0 = (p[P_EYE] + p[P_DRIFT_X]) / CLOUD_PERIOD_M
    v0 = (p[P_EYE + 2] + p[P_DRIFT_Z]) / CLOUD_PERIOD_M
    # Detail once, at the base; it wanders a little against the heaps, so that clouds change shape as they go.
    reach = base / CLOUD_PERIOD_M * away
    _, d1, d2, _ = tap(tex, 3.1 * (u0 + dx * reach) + 0.0007 * p[P_TIME], 3.1 * (v0 + dz * reach))
    ragged = 0.085 * (d1 - 0.5) + 0.018 * (d2 - 0.5)
    for step in range(3):
        lift = step * 0.5
        reach = (base + 620.0 * lift) / CLOUD_PERIOD_M * away
        n0, n1, _, _ = tap(tex, u0 + dx * reach, v0 + dz * reach)
        body = n0 + 0.10 * (n1 - 0.5) + ragged - 0.10 * lift * (1.0 - p[P_OVERCAST]) - bar
        part = smooth(0.0, 0.13, body) * (1.0 - cover)
        # High cuts and thin edges catch the light; the thick base is in its own shadow.
        thick = clamp01(body * 2.6)
        shade += part * (1.0 - thick) * (0.62 + 0.38 * lift) + part * thick * 0.42 * lift
        cover += part
        if cover > 0.997:
            break
    if cover <= 0.0:
        return r, g, b, clear
    shade /= cover
    forward = math.exp(7.0 * (cosine - 1.0))
    lit = clamp01(shade * 1.05 + 0.45 * p[P_OVERCAST] * (0.5 + 1.6 * (ragged + 0.05)))
    silver = 1.0 + 1.1 * forward * shade * shade * (1.0 - p[P_OVERCAST])
    flash = 0.5 * p[P_FLASH] * clamp01(0.35 + 1.2 * ragged + 0.5 * shade)
    cover *= fade * (0.94 - 0.10 * p[P_STORM] * ragged)
    clear *= 1.0 - cover
    r = mix(r, mix(p[P_CLOUD_DARK], p[P_CLOUD_LIT], lit) * silver + 0.9 * flash, cover)
    g = mix(g, mix(p[P_CLOUD_DARK + 1], p[P_CLOUD_LIT + 1], lit) * silver + 0.93 * flash, cover)
    b = mix(b, mix(p[P_CLOUD_DARK + 2], p[P_CLOUD_LIT + 2], lit) * silver + flash, cover)
    return r, g, b, clear


@kernel
def above(p: Any, tex: Any, dx: float, dy: float, dz: float) -> tuple[float, float, float, float]:
    """The sky seen through air but for its stars, and how bright those are."""
    ar, ag, ab = airlight(p, dx, dy, dz)
    r, g, b = dome(p, ar, ag, ab, dx, dy, dz)
    space = p[P_SPACE]
    if dy < -0.02 and space <= 0.0:
        return r, g, b, 0.0
    turn = math.atan2(dx, dz) / math.pi
    lift = smooth(-0.01, 0.14, dy)
    lift += (1.0 - lift) * space
    show = p[P_STARS] * lift
    shine = 0.0
    if show > 0.01:
        mr, mg, mb = deep_sky(p, tex, turn, dx, dy, dz)
        r += show * mr
        g += show * mg
        b += show * mb
        shine = show
    if space > 0.0:
        nr, ng, nb, cover = neighbour(p, tex, dx, dy, dz)
        hide = 1.0 - cover * space
        r, g, b = r * hide + nr * space, g * hide + ng * space, b * hide + nb * space
        shine *= hide
    if p[P_AURORA] > 0.0 and dy > 0.0:
        ur, ug, ub = aurora(p, tex, turn, dy)
        r += ur
        g += ug
        b += ub
    sr, sg, sb = disc(p, dx, dy, dz)
    r += sr
    g += sg
    b += sb
    if dy > 0.0 and space < 1.0:
        cr, cg, cb, clear = clouds(p, tex, turn, r, g, b, dx, dy, dz)
        r, g, b = mix(cr, r, space), mix(cg, g, space), mix(cb, b, space)
        shine *= mix(clear, 1.0, space)
    # The fog layer hides what stands low.
    veil = 1.0 - math.exp(-fog_depth(p, 9000.0, max(dy, 0.0), p[P_EYE + 1]))
    return mix(r, ar, veil), mix(g, ag, veil), mix(b, ab, veil), shine * (1.0 - veil)


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
def soft_sky(p: Any, tex: Any, dx: float, dy: float, dz: float) -> tuple[float, float, float, float]:
    """`sky` without its stars, and the share of `stars` that belongs on it: all but the discs changes slowly."""
    under = p[P_UNDER]
    if under <= 0.0:
        return above(p, tex, dx, dy, dz)
    wr, wg, wb = below(p, tex, dx, dy, dz)
    if under >= 1.0:
        return wr, wg, wb, 0.0
    r, g, b, shine = above(p, tex, dx, dy, dz)
    return mix(r, wr, under), mix(g, wg, under), mix(b, wb, under), shine * (1.0 - under)


@kernel
def sky(p: Any, tex: Any, dx: float, dy: float, dz: float) -> tuple[float, float, float]:
    """Linear radiance of the sky in the unit direction (dx, dy, dz), from where the camera is."""
    r, g, b, shine = soft_sky(p, tex, dx, dy, dz)
    if shine > 0.0:
        sr, sg, sb = stars(p, dx, dy, dz)
        r += shine * sr
        g += shine * sg
        b += shine * sb
    return r, g, b
