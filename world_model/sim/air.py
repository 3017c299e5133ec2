"""Air and water between the eye and things: aerial perspective, fog, dust, the sea's blue, shafts and lightning.

Fog is a layer that thins exponentially with height; its optical depth along a ray has a closed form (Quilez, "Better
fog", 2010; Wenzel, "Real-time atmospheric effects in games", 2006). Whatever fades away fades into `airlight`, the
colour that `sky` shows at the horizon in the same direction, so that there is no seam.
"""

from __future__ import annotations

import math
from typing import Any

from world_model.sim.optics import (
    P_AIR,
    P_AIR_BETA,
    P_AMBIENT,
    P_EYE,
    P_FLASH,
    P_FOG_BETA,
    P_FOG_FALL,
    P_GLOW,
    P_GLOW_TIGHT,
    P_GLOW_WIDE,
    P_KEY,
    P_SHAFT,
    P_SUN,
    P_SUN_RGB,
    P_TIME,
    P_UNDER,
    P_WATER_BETA,
    P_WATER_DEEP,
    P_WATER_LEVEL,
    clamp01,
    kernel,
)


@kernel
def airlight(p: Any, dx: float, dy: float, dz: float) -> tuple[float, float, float]:
    """Colour of endless air in a direction: the horizon, warmer towards the sun."""
    cosine = dx * p[P_SUN] + dy * p[P_SUN + 1] + dz * p[P_SUN + 2]
    wide = p[P_GLOW_WIDE] * math.exp(3.2 * (cosine - 1.0)) + 0.45 * p[P_GLOW_TIGHT] * math.exp(28.0 * (cosine - 1.0))
    flash = 0.22 * p[P_FLASH]
    # Away from a low sun the air is cooler and darker: the shadow side of the sky.
    away = 1.0 - 0.55 * p[P_GLOW_WIDE] * (1.0 - cosine)
    return (p[P_AIR] * away + p[P_GLOW] * wide + flash * 0.85,
            p[P_AIR + 1] * (0.5 + 0.5 * away) + p[P_GLOW + 1] * wide + flash * 0.9,
            p[P_AIR + 2] + p[P_GLOW + 2] * wide + flash)


@kernel
def fog_depth(p: Any, dist: float, dy: float, eye_y: float) -> float:
    """Optical depth of the fog layer along a ray of `dist` metres."""
    fall = p[P_FOG_FALL]
    start = p[P_FOG_BETA] * math.exp(-fall * min(max(eye_y, -20.0), 4000.0))
    k = fall * dy * dist
    k = min(max(k, -30.0), 60.0)
    if abs(k) < 1e-4:
        return start * dist
    return start * dist * (1.0 - math.exp(-k)) / k


@kernel
def shafts(p: Any, dx: float, dy: float, dz: float) -> float:
    """Beams of sunlight under water in [0, 1]: stripes round the axis to the sun that wander with time."""
    up = p[P_KEY] * dx + p[P_KEY + 1] * dy + p[P_KEY + 2] * dz
    # A plane across the sun's axis; the angle in it stays put along a beam.
    ax = dx - up * p[P_KEY]
    az = dz - up * p[P_KEY + 2]
    angle = math.atan2(ax, az)
    t = p[P_TIME]
    wave = (math.sin(7.0 * angle + 0.31 * t) + math.sin(13.0 * angle - 0.47 * t + 1.7)
            + 0.7 * math.sin(23.0 * angle + 0.71 * t + 0.6))
    # Round the axis itself the angle turns too fast to be drawn.
    spread = clamp01((ax * ax + az * az) * 9.0)
    beam = clamp01(0.34 * wave - 0.05)
    return beam * spread * math.exp(-1.6 * (1.0 - up)) + 0.25 * math.exp(-5.0 * (1.0 - up))


@kernel
def waterlight(p: Any, dx: float, dy: float, dz: float, depth_m: float) -> tuple[float, float, float]:
    """Colour of endless water in a direction, seen from within: bright above, dark below, with shafts."""
    up = 0.62 + 0.85 * max(dy, 0.0) * max(dy, 0.0) + 0.38 * dy
    dim = math.exp(-0.02 * min(max(depth_m, 0.0), 120.0))
    beam = p[P_SHAFT] * shafts(p, dx, dy, dz) * clamp01(0.75 + 0.5 * dy) * dim
    up = max(up, 0.16)
    return (p[P_WATER_DEEP] * up * dim + 0.07 * beam * p[P_SUN_RGB],
            p[P_WATER_DEEP + 1] * up * dim + 0.14 * beam * p[P_SUN_RGB + 1],
            p[P_WATER_DEEP + 2] * up * dim + 0.16 * beam * p[P_SUN_RGB + 2])


@kernel
def air(p: Any, r: float, g: float, b: float, dist: float, dx: float, dy: float, dz: float,
        eye_y: float) -> tuple[float, float, float]:
    """Radiance (r, g, b) of a thing `dist` metres away along the unit ray (dx, dy, dz), as it reaches the eye."""
    dist = max(dist, 0.0)
    under = p[P_UNDER]
    out_r = r
    out_g = g
    out_b = b
    if under < 1.0:
        ar, ag, ab = airlight(p, dx, dy, dz)
        fog = fog_depth(p, dist, dy, eye_y)
        thin = p[P_AIR_BETA] * dist
        # Clear air takes red last from what it adds and blue first from what it passes: far is paler and bluer.
        tr = math.exp(-(fog + 0.75 * thin))
        tg = math.exp(-(fog + 1.0 * thin))
        tb = math.exp(-(fog + 1.35 * thin))
        out_r = r * tr + ar * (1.0 - tr)
        out_g = g * tg + ag * (1.0 - tg)
        out_b = b * tb + ab * (1.0 - tb)
        flash = p[P_FLASH] * 0.25
        if flash > 0.0:
            # Lightning lights near things from the sky too.
            out_r += r * tr * flash / (0.12 + p[P_AMBIENT]) * 0.16
            out_g += g * tg * flash / (0.12 + p[P_AMBIENT + 1]) * 0.17
            out_b += b * tb * flash / (0.12 + p[P_AMBIENT + 2]) * 0.19
    if under > 0.0:
        depth = p[P_WATER_LEVEL] - p[P_EYE + 1]
        wr, wg, wb = waterlight(p, dx, dy, dz, depth)
        tr = math.exp(-p[P_WATER_BETA] * dist)
        tg = math.exp(-p[P_WATER_BETA + 1] * dist)
        tb = math.exp(-p[P_WATER_BETA + 2] * dist)
        out_r += (r * tr + wr * (1.0 - tr) - out_r) * under
        out_g += (g * tg + wg * (1.0 - tg) - out_g) * under
        out_b += (b * tb + wb * (1.0 - tb) - out_b) * under
    return out_r, out_g, out_b
