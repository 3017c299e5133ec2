"""What a ray reads: the layout of the frame's light table P, the noise lookup, and small scalar mathematics.

`light.prepare` fills P once per frame; the per-pixel functions of sky, surface, water and air only read it. Every
`P_…` name is an index (of the first of three for a colour or a vector). All colours are linear RGB.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from world_model.sim.compiled import kernel
from world_model.state import GROUND
from world_model.vocabulary import SETTINGS

# name, width: the order is the layout. Place and ground come first, as in a packed row, so that the functions of
# `terrain` that read only these (the trail's course) take P as well as a row.
_FIELDS = (
    ("place", len(SETTINGS)), ("ground", len(GROUND)),
    ("sun", 3), ("key", 3), ("sun_rgb", 3), ("disc_rgb", 3), ("zenith", 3), ("horizon", 3), ("ambient", 3),
    ("bounce", 3), ("air", 3), ("glow", 3), ("flat", 3), ("cloud_lit", 3), ("cloud_dark", 3), ("water_deep", 3),
    ("water_shallow", 3), ("water_beta", 3), ("palette", 18), ("eye", 3), ("stars", 1),
    ("rain", 1), ("snow", 1), ("fog", 1), ("cloud", 1), ("storm", 1), ("dust", 1), ("aurora", 1), ("flash", 1),
    ("wind", 1), ("drift_x", 1), ("drift_z", 1), ("time_s", 1), ("shade", 1), ("night", 1), ("moon", 1),
    ("under", 1), ("water_level", 1), ("wave", 1), ("air_beta", 1), ("fog_beta", 1), ("fog_fall", 1),
    ("pixel_rad", 1), ("overcast", 1), ("cover", 1), ("space", 1), ("snow_line", 1), ("shadow_soft", 1),
    ("glow_wide", 1), ("glow_tight", 1), ("shaft", 1), ("middle", 3),
)
_AT: dict[str, int] = {name: sum(width for _, width in _FIELDS[:i]) for i, (name, _) in enumerate(_FIELDS)}
P_SIZE = sum(width for _, width in _FIELDS)

P_SUN, P_KEY, P_SUN_RGB, P_DISC = _AT["sun"], _AT["key"], _AT["sun_rgb"], _AT["disc_rgb"]
P_ZENITH, P_HORIZON, P_AMBIENT, P_BOUNCE = _AT["zenith"], _AT["horizon"], _AT["ambient"], _AT["bounce"]
P_AIR, P_GLOW, P_FLAT = _AT["air"], _AT["glow"], _AT["flat"]
P_CLOUD_LIT, P_CLOUD_DARK = _AT["cloud_lit"], _AT["cloud_dark"]
P_WATER_DEEP, P_WATER_SHALLOW, P_WATER_BETA = _AT["water_deep"], _AT["water_shallow"], _AT["water_beta"]
P_PALETTE, P_PLACE, P_EYE, P_STARS = _AT["palette"], _AT["place"], _AT["eye"], _AT["stars"]
P_RAIN, P_SNOW, P_FOG, P_CLOUD, P_STORM = _AT["rain"], _AT["snow"], _AT["fog"], _AT["cloud"], _AT["storm"]
P_DUST, P_AURORA, P_FLASH, P_WIND = _AT["dust"], _AT["aurora"], _AT["flash"], _AT["wind"]
P_DRIFT_X, P_DRIFT_Z, P_TIME, P_SHADE = _AT["drift_x"], _AT["drift_z"], _AT["time_s"], _AT["shade"]
P_NIGHT, P_MOON, P_UNDER, P_WATER_LEVEL, P_WAVE = (_AT["night"], _AT["moon"], _AT["under"], _AT["water_level"],
                                                   _AT["wave"])
P_AIR_BETA, P_FOG_BETA, P_FOG_FALL, P_PIXEL = _AT["air_beta"], _AT["fog_beta"], _AT["fog_fall"], _AT["pixel_rad"]
P_OVERCAST, P_COVER, P_SPACE, P_SNOW_LINE = _AT["overcast"], _AT["cover"], _AT["space"], _AT["snow_line"]
P_SHADOW_SOFT, P_GLOW_WIDE, P_GLOW_TIGHT, P_SHAFT = (_AT["shadow_soft"], _AT["glow_wide"], _AT["glow_tight"],
                                                     _AT["shaft"])
P_GROUND_SHAPE, P_MIDDLE = _AT["ground"], _AT["middle"]
# Palette roles inside P.
P_GROUND, P_GROUND2, P_GROWTH, P_STRUCTURE, P_ACCENT, P_WATER = (P_PALETTE + 3 * i for i in range(6))

TEXELS = 512


@kernel
def smooth(low: float, high: float, x: float) -> float:
    """0 below low, 1 above high, an S in between (low > high turns it round)."""
    # The reciprocal of constants folds away; a division would not.
    t = (x - low) * (1.0 / (high - low))
    t = min(max(t, 0.0), 1.0)
    return t * t * (3.0 - 2.0 * t)


@kernel
def clamp01(x: float) -> float:
    return min(max(x, 0.0), 1.0)


@kernel
def mix(a: float, b: float, t: float) -> float:
    return a + (b - a) * t


@kernel
def tap(tex: Any, u: float, v: float) -> tuple[float, float, float, float]:
    """The four channels of the noise at (u, v) in periods, bilinear, wrapping."""
    x = (u - math.floor(u)) * TEXELS
    y = (v - math.floor(v)) * TEXELS
    i = int(x)
    j = int(y)
    # Single precision from here: the four channels then share vector registers.
    fx = np.float32(x - i)
    fy = np.float32(y - j)
    i &= TEXELS - 1
    j &= TEXELS - 1
    k = (i + 1) & (TEXELS - 1)
    m = (j + 1) & (TEXELS - 1)
    gx = np.float32(1.0) - fx
    gy = np.float32(1.0) - fy
    a = gx * gy
    b = fx * gy
    c = gx * fy
    d = fx * fy
    return (tex[j, i, 0] * a + tex[j, k, 0] * b + tex[m, i, 0] * c + tex[m, k, 0] * d,
            tex[j, i, 1] * a + tex[j, k, 1] * b + tex[m, i, 1] * c + tex[m, k, 1] * d,
            tex[j, i, 2] * a + tex[j, k, 2] * b + tex[m, i, 2] * c + tex[m, k, 2] * d,
            tex[j, i, 3] * a + tex[j, k, 3] * b + tex[m, i, 3] * c + tex[m, k, 3] * d)


@kernel
def scramble(i: int, j: int, k: int) -> int:
    """A 32-bit integer hash of three whole numbers (the finaliser of MurmurHash3, Appleby 2011)."""
    h = (i * 0x9E3779B1 + j * 0x85EBCA77 + k * 0xC2B2AE3D) & 0xFFFFFFFF
    h = ((h ^ (h >> 16)) * 0x85EBCA6B) & 0xFFFFFFFF
    h = ((h ^ (h >> 13)) * 0xC2B2AE35) & 0xFFFFFFFF
    return h ^ (h >> 16)
