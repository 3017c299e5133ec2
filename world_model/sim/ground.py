"""What the ground is made of: one albedo for every place, blended from the materials of the settings.

Texture is read at three scales (1900 m, 230 m, 17 m per period), each channel faded out before its waves become
smaller than two pixels, so that the ground neither shimmers nor turns to mush. Colours come from the palette; each
setting bends them towards what it is (sand, turf, rock, snow, asphalt, cloud).
"""

from __future__ import annotations

import math
from typing import Any

from world_model.sim.optics import (
    P_ACCENT,
    P_GROUND,
    P_GROUND2,
    P_GROWTH,
    P_NIGHT,
    P_PLACE,
    P_RAIN,
    P_SNOW,
    P_SNOW_LINE,
    P_TIME,
    P_WATER,
    P_WATER_LEVEL,
    clamp01,
    kernel,
    mix,
    scramble,
    smooth,
    tap,
)
from world_model.sim.terrain import trail_x
from world_model.vocabulary import SETTINGS

_OCEAN, _DESERT, _MEADOW, _FOREST, _MOUNTAINS, _CITY, _VILLAGE, _LAKE, _CRYSTALS, _ISLANDS = range(10)
_UNDERWATER, _SPACE, _SNOWFIELD, _CANYON, _CLOUDS, _FLUID, _PARTICLES = range(10, len(SETTINGS))
_LEAST = 0.002


@kernel
def stripe(offset_m: float, width_m: float, footprint_m: float) -> float:
    """How much of a pixel a painted line covers: a box filter, exact when the line is thinner than the pixel."""
    foot = max(footprint_m, 0.004)
    high = min(offset_m + 0.5 * foot, 0.5 * width_m)
    low = max(offset_m - 0.5 * foot, -0.5 * width_m)
    return max(high - low, 0.0) / foot


@kernel
def street(x: float, z: float, grit: float, footprint_m: float) -> tuple[float, float, float]:
    """Avenue along x = 0: (albedo, line paint, paving) with dashed middle, edge lines, kerb and slabs."""
    d = abs(x)
    road = 1.0 - smooth(6.7, 6.9 + footprint_m, d)
    dash = z / 6.0 - math.floor(z / 6.0)
    soft = max(footprint_m / 6.0, 0.01)
    on = smooth(0.0, soft, dash) * (1.0 - smooth(0.5, 0.5 + soft, dash))
    on = mix(on, 0.5, smooth(1.5, 5.0, footprint_m))
    paint = (stripe(x, 0.20, footprint_m) + stripe(d - 3.3, 0.14, footprint_m)) * on
    paint += stripe(d - 6.1, 0.16, footprint_m)
    joint = 0.0
    near = 1.0 - smooth(0.15, 0.6, footprint_m)
    if near > 0.0:
        u = x / 1.5 - math.floor(x / 1.5) - 0.5
        v = z / 1.5 - math.floor(z / 1.5) - 0.5
        joint = (stripe(abs(u) * 1.5 - 0.75, 0.05, footprint_m) + stripe(abs(v) * 1.5 - 0.75, 0.05, footprint_m)) * near
    asphalt = 0.045 * (0.85 + 0.5 * grit)
    slab = 0.125 * (0.85 + 0.3 * grit) * (1.0 - 0.5 * min(joint, 1.0))
    kerb = stripe(d - 6.95, 0.22, footprint_m)
    return mix(mix(slab, asphalt, road), 0.30, kerb), paint * road, 1.0 - road


@kernel
def motes(x: float, z: float, cell_m: float, radius_m: float, footprint_m: float, time_s: float) -> float:
    """Points of light, one in each cell of the floor; a point thinner than a pixel spreads and dims alike."""
    u = math.floor(x / cell_m)
    v = math.floor(z / cell_m)
    h = scramble(u, v, 7)
    ox = x - (u + 0.3 + 0.4 * (h & 0xFF) / 255.0) * cell_m
    oz = z - (v + 0.3 + 0.4 * ((h >> 8) & 0xFF) / 255.0) * cell_m
    radius = max(radius_m, 0.8 * footprint_m)
    if radius > 0.3 * cell_m:
        radius = 0.3 * cell_m
    pulse = 0.6 + 0.4 * math.sin((0.5 + ((h >> 16) & 0xFF) / 170.0) * time_s + (h & 0x3FF))
    share = radius_m * radius_m / (radius * radius)
    spread = (ox * ox + oz * oz) / (radius * radius)
    fade = 1.0 - smooth(0.35 * cell_m, 0.8 * cell_m, footprint_m)
    # Far off the points run together: their mean light.
    mean = 0.6 * 2.0 * radius_m * radius_m / (cell_m * cell_m)
    point = share * pulse * math.exp(-1.5 * spread) if spread < 6.0 else 0.0
    return mix(mean, point, fade)


@kernel
def caustics(p: Any, tex: Any, x: float, y: float, z: float, footprint_m: float) -> float:
    """Net of focused sunlight on things under water, mean about 1."""
    depth = p[P_WATER_LEVEL] - y
    if depth <= 0.0:
        return 1.0
    fade = smooth(0.0, 0.6, depth) * math.exp(-0.045 * depth) * (1.0 - smooth(0.08, 0.7, footprint_m))
    if fade < 0.01:
        return 1.0
    t = p[P_TIME]
    u = (x + 0.3 * y) / 15.0
    v = (z + 0.2 * y) / 15.0
    _, _, _, a = tap(tex, u + 0.013 * t, v + 0.007 * t)
    _, _, _, b = tap(tex, 0.37 - 0.87 * u + 0.011 * t, 0.71 - 0.87 * v - 0.012 * t)
    web = min(a, b) + 0.35 * a * b
    return 1.0 + fade * (2.6 * web * web * web - 0.42)


@kernel
def ground(p: Any, tex: Any, x: float, y: float, z: float, nx: float, ny: float, nz: float, footprint_m: float
           ) -> tuple[float, float, float, float, float, float, float, float, float]:
    """(albedo r, g, b, gloss, emission r, g, b, translucency, relief) of the ground.

    relief is a small brightness of the fine shape, about [-0.5, 0.5], that the sun should pick out.
    """
    g_r, g_g, g_b = p[P_GROUND], p[P_GROUND + 1], p[P_GROUND + 2]
    s_r, s_g, s_b = p[P_GROUND2], p[P_GROUND2 + 1], p[P_GROUND2 + 2]
    # The plane is sheared by height, so that cliffs are not smeared.
    px = x + 0.61 * y
    pz = z + 0.47 * y
    big, _, _, _ = tap(tex, 0.8 * px / 1900.0 + 0.6 * pz / 1900.0, 0.8 * pz / 1900.0 - 0.6 * px / 1900.0)
    big -= 0.5
    m0, m1, m2, m3 = tap(tex, px / 230.0, pz / 230.0)
    m0 = (m0 - 0.5) * (1.0 - smooth(2.0, 8.0, footprint_m))
    m1 = (m1 - 0.5) * (1.0 - smooth(0.8, 3.0, footprint_m))
    m2 = (m2 - 0.5) * (1.0 - smooth(0.3, 1.1, footprint_m))
    f0 = 0.0
    f1 = 0.0
    f2 = 0.0
    f3 = 0.0
    if footprint_m < 0.5:
        f0, f1, f2, f3 = tap(tex, px / 17.0 + 0.3, pz / 17.0 + 0.7)
        f0 = (f0 - 0.5) * (1.0 - smooth(0.12, 0.5, footprint_m))
        f1 = (f1 - 0.5) * (1.0 - smooth(0.06, 0.25, footprint_m))
        f2 = (f2 - 0.5) * (1.0 - smooth(0.02, 0.08, footprint_m))
        f3 *= 1.0 - smooth(0.05, 0.3, footprint_m)
    steep = 1.0 - ny
    level = p[P_WATER_LEVEL]
    patch = clamp01(0.5 + 0.9 * big + 0.7 * m0)
    grit = f1 + 0.8 * f2 + 0.5 * m2

    r = 0.0
    g = 0.0
    b = 0.0
    gloss = 0.0
    glow_r = 0.0
    glow_g = 0.0
    glow_b = 0.0
    through = 0.0
    relief = 0.0

    # Rock shared by all: the second ground colour, greyer, with cracks.
    grey = 0.30 * s_r + 0.55 * s_g + 0.15 * s_b
    crack = 1.0 + 0.55 * m1 + 0.5 * f0 + 0.4 * grit
    crack -= 0.25 * smooth(0.62, 0.95, m3) * (1.0 - smooth(1.0, 5.0, footprint_m))
    rock_r = mix(s_r, grey, 0.55) * crack * 1.05
    rock_g = mix(s_g, grey, 0.55) * crack * 1.03
    rock_b = mix(s_b, grey, 0.55) * crack * 1.05

    green = p[P_PLACE + _MEADOW] + p[P_PLACE + _FOREST] + p[P_PLACE + _VILLAGE] + p[P_PLACE + _LAKE] \
        + p[P_PLACE + _MOUNTAINS]
    if green > _LEAST:
        lush = 0.45 * patch
        blade = 1.0 + 0.5 * big + 0.35 * m0 + 0.45 * m1 + 0.55 * f0 + 0.7 * grit
        wood = p[P_PLACE + _FOREST] / green
        t_r = mix(g_r, p[P_GROWTH], lush) * blade
        t_g = mix(g_g, p[P_GROWTH + 1], lush) * blade
        t_b = mix(g_b, p[P_GROWTH + 2], lush) * blade
        # Under trees leaves and needles lie in patches.
        litter = wood * smooth(-0.12, 0.18, m1 + 0.6 * f0 + 0.4 * big) * 0.65
        t_r = mix(t_r, s_r * (0.8 + grit), litter)
        t_g = mix(t_g, s_g * (0.8 + grit), litter)
        t_b = mix(t_b, s_b * (0.8 + grit), litter)
        # Dry seed heads in the meadow catch the light.
        dry = (1.0 - wood) * smooth(0.05, 0.35, m0 + 0.5 * m1 - 0.3 * big) * 0.28
        t_r = mix(t_r, t_r * 1.35 + 0.05, dry)
        t_g = mix(t_g, t_g * 1.20 + 0.035, dry)
        # The trail is trodden earth with soft edges.
        off = abs(x - trail_x(p, z)) + 1.3 * m1 + 0.9 * f0
        path = (1.0 - smooth(0.9, 1.7 + footprint_m, off)) * (1.0 - 0.8 * p[P_PLACE + _LAKE] / green)
        t_r = mix(t_r, mix(s_r, grey, 0.45) * 1.20 * (1.0 + grit), path * 0.62)
        t_g = mix(t_g, mix(s_g, grey, 0.45) * 1.16 * (1.0 + grit), path * 0.62)
        t_b = mix(t_b, mix(s_b, grey, 0.45) * 1.12 * (1.0 + grit), path * 0.62)
        # Shore of a lake: pebbles between turf and water.
        beach = (1.0 - smooth(0.4, 1.8, y - level + 1.6 * m1)) * 0.9
        t_r = mix(t_r, rock_r * 1.15, beach)
        t_g = mix(t_g, rock_g * 1.15, beach)
        t_b = mix(t_b, rock_b * 1.15, beach)
        alpine = p[P_PLACE + _MOUNTAINS] + p[P_PLACE + _LAKE]
        bare = smooth(0.16, 0.36, steep + 0.22 * m0 + 0.22 * m1 + 0.10 * big)
        bare = max(bare, alpine / green * smooth(60.0, 150.0, y + 60.0 * big + 40.0 * m0))
        r += green * mix(t_r, rock_r, bare)
        g += green * mix(t_g, rock_g, bare)
        b += green * mix(t_b, rock_b, bare)
        relief += green * (0.5 * m1 + 0.7 * f0 + 0.4 * grit)
        through += 0.25 * green * (1.0 - bare)

    w = p[P_PLACE + _DESERT]
    if w > _LEAST:
        base_r = mix(mix(s_r, g_r, 0.45), 0.56, 0.32)
        base_g = mix(mix(s_g, g_g, 0.40), 0.39, 0.32)
        base_b = mix(mix(s_b, g_b, 0.35), 0.235, 0.32)
        near = 1.0 - smooth(0.05, 0.22, footprint_m)
        wave = 0.0
        if near > 0.0:
            wave = math.sin(9.5 * (0.86 * x + 0.5 * z) + 13.0 * m1 + 7.0 * f0) * near
        broad = math.sin(0.55 * (0.86 * x + 0.5 * z) + 9.0 * m0) * (1.0 - smooth(1.2, 4.0, footprint_m))
        tone = 1.0 + 0.28 * big + 0.14 * m0 + 0.06 * broad + 0.22 * grit - 0.12 * steep
        r += w * base_r * tone
        g += w * base_g * tone
        b += w * base_b * tone
        relief += w * (0.30 * wave * (1.0 - smooth(0.12, 0.3, steep)) + 0.12 * broad + 0.15 * grit)

    sea = p[P_PLACE + _OCEAN] + p[P_PLACE + _ISLANDS] + p[P_PLACE + _UNDERWATER]
    if sea > _LEAST:
        sand_r = mix(s_r, 0.62, 0.62)
        sand_g = mix(s_g, 0.54, 0.62)
        sand_b = mix(s_b, 0.38, 0.62)
        near = 1.0 - smooth(0.05, 0.25, footprint_m)
        wave = math.sin(7.0 * (0.6 * x + 0.8 * z) + 11.0 * m1 + 8.0 * f0) * near if near > 0.0 else 0.0
        tone = 1.0 + 0.22 * m0 + 0.2 * m1 + 0.3 * grit
        sand_r *= tone
        sand_g *= tone
        sand_b *= tone
        dive = p[P_PLACE + _UNDERWATER] / sea
        bare = smooth(0.10, 0.30, steep + 0.2 * m0 + 0.2 * m1)
        # Rock under water carries weed and coral in patches of the palette's growth and accent.
        life = dive * smooth(0.02, 0.25, m1 + 0.5 * f0 + 0.3 * m0)
        coral = dive * smooth(0.16, 0.30, m0 - 0.4 * m1) * 0.5
        k_r = mix(mix(rock_r, p[P_GROWTH], 0.6 * life), p[P_ACCENT], coral)
        k_g = mix(mix(rock_g, p[P_GROWTH + 1], 0.6 * life), p[P_ACCENT + 1], coral)
        k_b = mix(mix(rock_b, p[P_GROWTH + 2], 0.6 * life), p[P_ACCENT + 2], coral)
        t_r = mix(sand_r, k_r, bare)
        t_g = mix(sand_g, k_g, bare)
        t_b = mix(sand_b, k_b, bare)
        # Islands: above the beach grows green.
        grown = (1.0 - dive) * smooth(1.4, 4.6, y - level + 3.0 * m0 + 1.5 * m1)
        blade = 1.0 + 0.4 * big + 0.5 * m0 + 0.5 * m1 + 0.5 * f0 + 0.6 * grit
        cliff = smooth(0.28, 0.48, steep + 0.2 * m1)
        v_r = mix(mix(g_r, p[P_GROWTH], patch) * blade, rock_r, cliff)
        v_g = mix(mix(g_g, p[P_GROWTH + 1], patch) * blade, rock_g, cliff)
        v_b = mix(mix(g_b, p[P_GROWTH + 2], patch) * blade, rock_b, cliff)
        r += sea * mix(t_r, v_r, grown)
        g += sea * mix(t_g, v_g, grown)
        b += sea * mix(t_b, v_b, grown)
        relief += sea * (0.25 * wave * (1.0 - bare) * (1.0 - grown) + (0.5 * m1 + 0.5 * f0) * max(bare, grown))
        through += 0.2 * sea * grown

    w = p[P_PLACE + _CITY]
    if w > _LEAST:
        tone, paint, paved = street(x, z, 0.5 + grit + 0.6 * m1, footprint_m)
        cool = mix(1.06, 1.0, paved)
        far = smooth(120.0, 260.0, abs(x))
        r += w * mix(mix(tone, tone * s_r / max(grey, 0.02), 0.35) + 0.42 * paint, g_r * (1.0 + m0), far)
        g += w * mix(mix(tone, tone * s_g / max(grey, 0.02), 0.35) + 0.40 * paint, g_g * (1.0 + m0), far)
        b += w * mix(mix(tone * cool, tone * s_b / max(grey, 0.02), 0.35) + 0.34 * paint, g_b * (1.0 + m0), far)
        gloss += w * (0.16 + 0.16 * m1) * (1.0 - far)
        # Street light pools by night.
        pool = math.exp(-0.012 * x * x) * (0.55 + 0.45 * math.cos(z * 0.2094)) * (1.0 - smooth(6.0, 16.0, footprint_m))
        lamp = w * p[P_NIGHT] * pool * (tone + 0.1 * paint) * (1.0 - far)
        glow_r += 0.85 * lamp
        glow_g += 0.52 * lamp
        glow_b += 0.24 * lamp

    w = p[P_PLACE + _CRYSTALS]
    if w > _LEAST:
        turn = 0.5 + 0.5 * math.sin(3.0 * nx + 2.0 * nz + 4.0 * big + 2.0 * m0)
        tone = 1.05 + 0.6 * m0 + 0.6 * m1 + 0.5 * f0
        r += w * mix(g_r, p[P_WATER], 0.55 * turn) * tone
        g += w * mix(g_g, p[P_WATER + 1], 0.55 * turn) * tone
        b += w * mix(g_b, p[P_WATER + 2], 0.55 * turn) * tone
        gloss += w * clamp01(0.55 + 0.5 * m1)
        # Veins that glow from inside.
        vein = smooth(0.80, 1.0, m3) * (1.0 - smooth(0.4, 2.0, footprint_m)) + smooth(0.6, 1.0, f3) * patch
        vein *= 0.3 + 0.7 * patch
        k = w * vein * (0.12 + 0.35 * p[P_NIGHT]) * (0.8 + 0.2 * math.sin(0.7 * p[P_TIME] + 9.0 * big))
        glow_r += k * p[P_ACCENT]
        glow_g += k * p[P_ACCENT + 1]
        glow_b += k * p[P_ACCENT + 2]
        relief += w * (0.5 * m1 + 0.3 * f0)

    w = p[P_PLACE + _SPACE]
    if w > _LEAST:
        tone = 1.0 + 0.55 * big + 0.45 * m0 + 0.30 * m1 + 0.3 * f0 + 0.55 * grit
        dust = (0.26 + 0.35 * grey) * tone
        r += w * mix(dust, s_r * tone, 0.35)
        g += w * mix(dust * 0.98, s_g * tone, 0.35)
        b += w * mix(dust * 1.0, s_b * tone, 0.35)
        relief += w * (0.6 * m1 + 0.8 * f0 + 0.6 * grit)

    w = p[P_PLACE + _SNOWFIELD]
    if w > _LEAST:
        bare = smooth(0.34, 0.52, steep + 0.2 * m0 + 0.15 * m1)
        tone = 0.97 + 0.06 * big + 0.05 * m0 + 0.10 * grit
        r += w * mix(mix(0.57, g_r, 0.12) * tone, rock_r, bare)
        g += w * mix(mix(0.63, g_g, 0.12) * tone, rock_g, bare)
        b += w * mix(mix(0.72, g_b, 0.12) * tone, rock_b, bare)
        drift = math.sin(2.2 * x + 0.7 * z + 12.0 * m0 + 8.0 * m1) * (1.0 - smooth(0.2, 0.9, footprint_m))
        relief += w * (0.10 * drift + 0.25 * m1 + 0.25 * f0)
        through += 0.2 * w * (1.0 - bare)
        gloss += 0.10 * w

    w = p[P_PLACE + _CANYON]
    if w > _LEAST:
        s = 0.115 * y + 0.8 * big + 0.28 * m0 + 0.16 * m1
        band = 0.5 + 0.32 * math.sin(6.2832 * s)
        band += 0.22 * math.sin(6.2832 * 2.63 * s + 1.0) * (1.0 - smooth(0.8, 3.0, footprint_m))
        band += 0.14 * math.sin(6.2832 * 7.1 * s) * (1.0 - smooth(0.3, 1.2, footprint_m))
        wall = smooth(0.05, 0.25, steep)
        stain = 1.0 + 0.35 * m1 + 0.4 * f0 + 0.35 * grit + 0.25 * big
        k = clamp01(band)
        pale = smooth(0.72, 0.95, k)
        w_r = mix(mix(s_r, g_r, k) * 1.05 + 0.035, 0.62, 0.45 * pale) * stain
        w_g = mix(mix(s_g, g_g, k), 0.47, 0.45 * pale) * stain
        w_b = mix(mix(s_b, g_b, k) * 0.95, 0.34, 0.45 * pale) * stain
        f_r = mix(s_r, 0.52, 0.30) * (1.0 + 0.4 * m0 + 0.5 * grit)
        f_g = mix(s_g, 0.36, 0.30) * (1.0 + 0.4 * m0 + 0.5 * grit)
        f_b = mix(s_b, 0.22, 0.30) * (1.0 + 0.4 * m0 + 0.5 * grit)
        r += w * mix(f_r, w_r, wall)
        g += w * mix(f_g, w_g, wall)
        b += w * mix(f_b, w_b, wall)
        relief += w * (0.5 * (band - 0.5) * wall + 0.5 * m1 + 0.5 * f0)

    w = p[P_PLACE + _CLOUDS]
    if w > _LEAST:
        # Heads are white, the folds between them fill with the sky's blue.
        head = smooth(-14.0, 10.0, y + 5.0 * m0)
        puff = 0.12 * m0 + 0.06 * m1
        r += w * (0.42 + 0.26 * head + puff)
        g += w * (0.48 + 0.24 * head + puff)
        b += w * (0.60 + 0.20 * head + puff)
        through += 0.35 * w
        relief += w * (0.55 * m0 + 0.30 * m1)

    w = p[P_PLACE + _FLUID]
    if w > _LEAST:
        phase = 2.4 * ny + 1.2 * nx + 0.10 * y + 2.5 * big + 0.9 * m0 + 0.05 * p[P_TIME]
        a = 0.5 + 0.5 * math.sin(3.1 * phase)
        c = 0.5 + 0.5 * math.sin(4.7 * phase + 2.1)
        r += w * mix(mix(p[P_WATER], p[P_ACCENT], a), p[P_GROWTH], 0.55 * c)
        g += w * mix(mix(p[P_WATER + 1], p[P_ACCENT + 1], a), p[P_GROWTH + 1], 0.55 * c)
        b += w * mix(mix(p[P_WATER + 2], p[P_ACCENT + 2], a), p[P_GROWTH + 2], 0.55 * c)
        gloss += 0.85 * w
        through += 0.4 * w

    w = p[P_PLACE + _PARTICLES]
    if w > _LEAST:
        tone = 0.35 + 0.4 * patch
        r += w * g_r * tone
        g += w * g_g * tone
        b += w * g_b * tone
        gloss += 0.4 * w
        ring = 0.5 + 0.5 * math.sin(0.09 * math.sqrt(x * x + z * z + 1.0) - 0.8 * p[P_TIME] + 5.0 * big)
        speck = motes(x, z, 0.9, 0.045, footprint_m, p[P_TIME]) + motes(x, z, 5.3, 0.16, footprint_m, p[P_TIME])
        speck = speck * (0.35 + 0.65 * ring) + 0.05 * ring * patch
        k = 2.6 * w * speck
        glow_r += k * mix(p[P_ACCENT], p[P_WATER], patch)
        glow_g += k * mix(p[P_ACCENT + 1], p[P_WATER + 1], patch)
        glow_b += k * mix(p[P_ACCENT + 2], p[P_WATER + 2], patch)

    # Snow: on the mountains' tops by height, elsewhere as the weather lays it on flats.
    high = (p[P_PLACE + _MOUNTAINS] + 0.8 * p[P_PLACE + _LAKE])
    cover = 0.0
    if high > _LEAST:
        cover = high * smooth(-30.0, 45.0, y - p[P_SNOW_LINE] + 90.0 * big + 55.0 * m0 + 20.0 * m1) \
            * smooth(0.60, 0.80, ny + 0.15 * m1)
    dry_land = 1.0 - p[P_PLACE + _UNDERWATER] - p[P_PLACE + _CLOUDS] - p[P_PLACE + _SPACE] - p[P_PLACE + _FLUID]
    laid = dry_land * smooth(0.0, 0.45, p[P_SNOW] * (1.25 + 0.8 * m1 + 0.9 * f0 + 0.6 * big) - 0.06) \
        * smooth(0.62, 0.86, ny + 0.12 * m1)
    cover = max(cover, laid * (1.0 - 0.35 * p[P_PLACE + _CITY]))
    if cover > 0.0:
        r = mix(r, 0.59 + 0.10 * grit, cover)
        g = mix(g, 0.64 + 0.10 * grit, cover)
        b = mix(b, 0.73 + 0.10 * grit, cover)
        relief = mix(relief, 0.3 * m1 + 0.3 * f0, cover)
        through = max(through, 0.2 * cover)

    # Wet: dark at the shore, dark and shining in the rain, with puddles in the hollows.
    shore = 1.0 - smooth(0.05, 0.9, y - level + 0.5 * m1)
    pool = p[P_RAIN] * smooth(0.90, 0.985, ny) * smooth(-0.05, 0.16, m0 + 0.5 * m1 - 0.2) * dry_land
    wet = max(shore, p[P_RAIN] * 0.75 * dry_land) * (1.0 - p[P_PLACE + _UNDERWATER])
    if wet > 0.0:
        dark = 1.0 - 0.42 * wet * (1.0 - cover)
        r *= dark
        g *= dark
        b *= dark
        gloss = max(gloss, wet * (0.30 + 0.25 * m0) + 0.5 * pool)
    if y < level + 0.3:
        net = caustics(p, tex, x, y, z, footprint_m)
        r *= net
        g *= net
        b *= net
    return (min(max(r, 0.004), 1.4), min(max(g, 0.004), 1.4), min(max(b, 0.004), 1.4), clamp01(gloss), glow_r, glow_g,
            glow_b, clamp01(through), min(max(relief, -0.6), 0.6))
