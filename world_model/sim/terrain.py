"""The ground: one height for every place, blended from the landforms of the settings.

Every setting has its own landform, a function of place alone (fluid and clouds also of time). The world's ground
is their mixture by `place`, so that any two worlds blend continuously. A trail winds along +z through the origin:
cameras, cars and walkers follow it, valleys follow it, and things that grow keep clear of it.

Heights are metres above 0, which is where the trail runs in most dry settings.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike, NDArray

from world_model.sim.compiled import exact
from world_model.sim.noise import billow, craters, fbm, noise, ridged, smoothstep
from world_model.sim.skyline import shaped
from world_model.state import GROUND, offsets
from world_model.vocabulary import SETTINGS

_PLACE = offsets()["place"].start
_GROUND = offsets()["ground"].start
_RELIEF = _GROUND + GROUND.index("relief")
_WATER = _GROUND + GROUND.index("water_level_m")
_VARIANT = _GROUND + GROUND.index("variant")
_KINDS = len(SETTINGS)
_CITY = SETTINGS.index("city")
_CLOUDS = SETTINGS.index("clouds")
_FLUID = SETTINGS.index("fluid")

# Height that relief does not scale: sea beds stay below the sea when the relief is flat.
BASE_M = np.array([-24.0, 0.5, 0.5, 0.5, 0.5, 0.2, 0.5, -7.0, 0.5, -15.0, 0.0, 0.5, 0.5, 0.5, -15.0, 0.0, 0.0])
# Level of the setting's own water, and whether it has any.
LEVEL_M = np.array([0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, -1.0, 0.0, 0.0, 16.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0])
WET = np.array([1.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 1.0, 0.0, 1.0, 1.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0])
DRY_DROP_M = 60.0


@exact
def trail_x(row: NDArray[np.float32], z: float) -> float:
    """Where the trail runs at z (metres); 0 at the origin, straight in a city."""
    variant = float(row[_VARIANT])
    bend = 1.0 - min(1.0, 1.5 * float(row[_PLACE + _CITY]))
    if bend <= 0.0:
        return 0.0
    a = 1.3 * variant
    b = 2.1 * variant + 1.7
    c = 0.7 * variant + 0.4
    wind = 13.0 * (math.sin(z / 97.0 + a) - math.sin(a)) + 5.0 * (math.sin(z / 43.0 + b) - math.sin(b))
    return bend * (wind + 110.0 * (math.sin(z / 520.0 + c) - math.sin(c)))


@exact
def water_level(row: NDArray[np.float32]) -> float:
    """Height of the water (metres); where the world has none it lies some 60 m below the ground."""
    level = 0.0
    wet = 0.0
    for i in range(_KINDS):
        weight = float(row[_PLACE + i])
        level += weight * LEVEL_M[i]
        wet += weight * WET[i]
    return level - DRY_DROP_M * (1.0 - smoothstep(0.0, 0.25, wet)) + float(row[_WATER])


@exact
def moves(row: NDArray[np.float32]) -> bool:
    """Whether the ground itself changes with time."""
    return float(row[_PLACE + _CLOUDS]) > 0.0 or float(row[_PLACE + _FLUID]) > 0.0


@exact
def dune(x: float, z: float, variant: float, length_m: float, seed: int) -> float:
    """One train of dunes in [0, 1]: slow windward rise, sharp crest, steep lee; crests wander and fork."""
    bend = noise(x / (2.6 * length_m), z / (3.4 * length_m), seed, variant)
    bend += 0.35 * noise(x / (0.9 * length_m), z / (1.3 * length_m), seed + 1, variant)
    t = (0.86 * x + 0.5 * z) / length_m + 1.15 * bend
    f = t - math.floor(t)
    # The crest (at 0.68) is rounded over a small part of the length, the trough is a smooth bowl.
    rise = f / 0.68
    fall = (1.0 - f) / 0.32
    shape = 0.5 * (rise + fall - math.sqrt((rise - fall) * (rise - fall) + 0.0012))
    shape = max(0.0, shape)
    shape = shape * shape * (1.9 - 0.9 * shape)
    size = 0.72 + 0.6 * noise(x / (3.1 * length_m), z / (2.2 * length_m), seed + 2, variant)
    return shape * min(1.0, max(0.12, size))


@exact
def terraces(t: float, steps: float) -> float:
    """Turn a slope in [0, 1] into `steps` benches with steep faces."""
    s = t * steps
    k = math.floor(s)
    f = s - k
    f = smoothstep(0.55, 0.95, f)
    return (k + 0.16 * (s - k) + 0.84 * f) / steps


@exact
def landform(kind: int, x: float, z: float, u: float, variant: float, time_s: float) -> float:
    """Height over BASE_M[kind] (metres). u is the signed distance from the trail along x."""
    d = abs(u)
    if kind == 0:  # ocean: a bed that nobody sees but the light does
        return 5.0 * noise(x / 130.0, z / 130.0, 11, variant) + 1.5 * noise(x / 37.0, z / 37.0, 12, variant)
    if kind == 1:  # desert
        large = dune(x, z, variant, 120.0, 21)
        small = dune(x + 0.3 * z, z - 0.3 * x, variant, 37.0, 25)
        calm = 0.4 + 0.6 * smoothstep(3.0, 40.0, d)
        swell = 7.0 * noise(x / 420.0, z / 420.0, 29, variant)
        return calm * (25.0 * large + 3.0 * small * (1.0 - 0.6 * large)) + swell * smoothstep(10.0, 200.0, d)
    if kind == 2:  # meadow
        roll = 3.0 * noise(x / 85.0, z / 85.0, 31, variant) + 0.8 * noise(x / 24.0, z / 24.0, 32, variant)
        roll += 0.10 * noise(x / 3.7, z / 3.7, 33, variant)
        hills = 62.0 * smoothstep(-0.2, 0.5, fbm(x / 480.0, z / 480.0, 34, variant, 3))
        return roll * (0.4 + 0.6 * smoothstep(2.0, 30.0, d)) + hills * smoothstep(50.0, 520.0, d)
    if kind == 3:  # forest
        roll = 4.2 * noise(x / 62.0, z / 62.0, 41, variant) + 1.1 * noise(x / 17.0, z / 17.0, 42, variant)
        roll += 0.16 * noise(x / 2.9, z / 2.9, 43, variant)
        hills = 95.0 * smoothstep(-0.25, 0.5, fbm(x / 430.0, z / 430.0, 44, variant, 3))
        valley = 5.0 * smoothstep(8.0, 90.0, d)
        return roll * (0.25 + 0.75 * smoothstep(2.0, 26.0, d)) + valley + hills * smoothstep(60.0, 480.0, d)
    if kind == 4:  # mountains
        near = 2.4 * noise(x / 52.0, z / 52.0, 51, variant) + 0.55 * noise(x / 13.0, z / 13.0, 52, variant)
        near += 0.12 * noise(x / 2.7, z / 2.7, 53, variant)
        foot = smoothstep(25.0, 200.0, d)
        peak = smoothstep(80.0, 480.0, d)
        hills = 16.0 * (0.6 + fbm(x / 170.0, z / 170.0, 54, variant, 3))
        crest = 30.0 + 390.0 * ridged(x / 760.0, z / 760.0, 55, variant, 6)
        return near * (0.3 + 0.7 * smoothstep(2.0, 22.0, d)) + foot * hills + peak * crest
    if kind == 5:  # city
        return 60.0 * smoothstep(900.0, 2400.0, d) * (0.5 + 0.5 * noise(x / 600.0, z / 600.0, 61, variant))
    if kind == 6:  # village
        roll = 2.0 * noise(x / 70.0, z / 70.0, 71, variant) + 0.07 * noise(x / 4.1, z / 4.1, 72, variant)
        hills = 70.0 * smoothstep(-0.25, 0.5, fbm(x / 460.0, z / 460.0, 74, variant, 3))
        return roll * (0.3 + 0.7 * smoothstep(3.0, 30.0, d)) + 3.5 * smoothstep(6.0, 70.0, d) \
            + hills * smoothstep(100.0, 600.0, d)
    if kind == 7:  # lake: a basin round the trail, a shore, then mountains
        shore = 95.0 + 55.0 * noise(x / 150.0, z / 150.0, 81, variant) + 9.0 * noise(x / 23.0, z / 23.0, 82, variant)
        rise = smoothstep(shore - 55.0, shore + 45.0, d)
        bank = smoothstep(shore, shore + 260.0, d)
        crest = 14.0 + 250.0 * ridged(x / 640.0, z / 640.0, 83, variant, 6)
        floor = 1.5 * noise(x / 31.0, z / 31.0, 87, variant)
        hills = 10.0 * (0.5 + fbm(x / 120.0, z / 120.0, 88, variant, 3))
        return floor + 12.0 * rise + bank * hills + smoothstep(shore + 30.0, shore + 620.0, d) * crest
    if kind == 8:  # crystals: a broken floor, and spires of rock far off
        n = noise(x / 26.0, z / 26.0, 91, variant)
        slab = terraces(0.5 + 0.5 * n, 5.0)
        broken = 5.0 * slab + 0.7 * noise(x / 5.0, z / 5.0, 92, variant)
        rock = 190.0 * ridged(x / 330.0, z / 330.0, 93, variant, 4)
        return broken * (0.2 + 0.8 * smoothstep(2.0, 24.0, d)) + rock * smoothstep(120.0, 640.0, d)
    if kind == 9:  # islands
        n = fbm(x / 210.0, z / 210.0, 101, variant, 3)
        clear = smoothstep(14.0, 85.0, d)
        land = smoothstep(-0.02, 0.55, n) * clear
        hill = 22.0 * smoothstep(-0.05, 0.22, n) * clear + 62.0 * land * land
        return hill + 0.8 * noise(x / 15.0, z / 15.0, 105, variant) * (0.4 + land)
    if kind == 10:  # underwater: a floor with ridges, sand ripples, and walls of rock
        floor = 2.2 * noise(x / 45.0, z / 45.0, 111, variant) + 0.10 * noise(x / 1.9, z / 3.1, 112, variant)
        rock = ridged(x / 95.0, z / 95.0, 113, variant, 4)
        return floor + smoothstep(5.0, 55.0, d) * (16.0 * rock * rock * 2.0 - 2.0)
    if kind == 11:  # space: a grey moon
        roll = 4.0 * noise(x / 140.0, z / 140.0, 121, variant) + 0.10 * noise(x / 3.0, z / 3.0, 122, variant)
        pits = 30.0 * craters(x / 260.0, z / 260.0, 123, variant)
        pits += 10.0 * craters((0.8 * x + 0.6 * z) / 61.0, (0.8 * z - 0.6 * x) / 61.0, 124, variant)
        pits += 2.4 * craters((0.6 * x - 0.8 * z) / 15.0, (0.6 * z + 0.8 * x) / 15.0, 125, variant)
        rims = 210.0 * ridged(x / 900.0, z / 900.0, 126, variant, 4)
        calm = 0.55 + 0.45 * smoothstep(3.0, 40.0, d)
        return calm * (roll + pits) + rims * smoothstep(160.0, 800.0, d)
    if kind == 12:  # snowfield
        drift = 4.6 * billow(x / 75.0, z / 48.0, 131, variant, 2) + 2.6 * noise(x / 130.0, z / 130.0, 133, variant)
        drift += 0.10 * noise(x / 6.0, z / 2.3, 134, variant)
        crest = 260.0 * ridged(x / 780.0, z / 780.0, 135, variant, 6)
        return drift * (0.35 + 0.65 * smoothstep(2.0, 25.0, d)) + crest * smoothstep(150.0, 800.0, d)
    if kind == 13:  # canyon: walls with benches on both sides of the trail, mesas behind
        wander = noise(x / 85.0, z / 85.0, 141, variant)
        edge = 34.0 + 20.0 * wander + 5.0 * noise(x / 19.0, z / 19.0, 142, variant)
        t = min(1.0, max(0.0, (d - edge) / 55.0))
        gap = smoothstep(0.10, -0.22, noise(x / 300.0, z / 300.0, 143, variant)) * smoothstep(150.0, 300.0, d)
        wall = terraces(t, 4.0) * (62.0 + 16.0 * noise(x / 240.0, z / 240.0, 144, variant))
        floor = 0.9 * noise(x / 21.0, z / 21.0, 145, variant) + 0.12 * noise(x / 3.1, z / 3.1, 146, variant)
        return floor * (0.3 + 0.7 * smoothstep(2.0, 14.0, d)) + 6.0 * smoothstep(6.0, 60.0, d) + wall * (1.0 - gap)
    if kind == 14:  # clouds: a sea of billowing tops that drifts and boils slowly
        s = 2.4 * time_s
        heads = billow((x + s) / 110.0, (z + 0.5 * s) / 110.0, 151, variant + 0.05 * time_s, 3)
        swell = noise((x + 0.6 * s) / 420.0, z / 420.0, 155, variant)
        towers = smoothstep(0.1, 0.8, noise((x + s) / 330.0, (z + 0.5 * s) / 330.0, 156, variant))
        return 19.0 * heads + 5.0 * swell + smoothstep(40.0, 260.0, d) * towers * (30.0 + 46.0 * heads)
    if kind == 15:  # fluid: slow waves bent by slower ones
        t = time_s
        v = 2.0 * variant
        wx = x + 9.0 * math.sin(0.043 * z + 0.31 * t + v) + 4.0 * math.sin(0.11 * z - 0.23 * t)
        wz = z + 9.0 * math.sin(0.039 * x - 0.27 * t + 1.3 * v) + 4.0 * math.sin(0.097 * x + 0.29 * t)
        wave = 2.1 * math.sin(0.083 * wx + 0.41 * t) * math.sin(0.071 * wz - 0.33 * t + v)
        wave += 0.9 * math.sin(0.19 * wx + 0.13 * wz + 0.57 * t) + 0.35 * math.sin(0.41 * wz - 0.23 * wx - 0.71 * t)
        calm = 0.45 + 0.55 * smoothstep(2.0, 40.0, d)
        rise = 30.0 * smoothstep(120.0, 900.0, d) * (0.5 + 0.5 * math.sin(0.011 * wx + v) * math.sin(0.009 * wz))
        return calm * wave + rise
    return 0.0  # particles: a still floor


@exact
def height(row: NDArray[np.float32], x: float, z: float, time_s: float) -> float:
    """Height of the ground at (x, z), metres."""
    variant = float(row[_VARIANT])
    relief = float(row[_RELIEF])
    u = x - trail_x(row, z)
    total = 0.0
    for i in range(_KINDS):
        weight = float(row[_PLACE + i])
        if weight > 0.0:
            total += weight * (BASE_M[i] + relief * landform(i, x, z, u, variant, time_s))
    return shaped(row, x, z, total)


@exact
def fill_heights(row: NDArray[np.float32], xs: NDArray[np.float64], zs: NDArray[np.float64], time_s: float,
                 out: NDArray[np.float64]) -> None:
    """out[k] = height(row, xs[k], zs[k])."""
    for k in range(xs.shape[0]):
        out[k] = height(row, xs[k], zs[k], time_s)


def ground_height(row: ArrayLike, x: ArrayLike, z: ArrayLike, time_s: float = 0.0) -> NDArray[np.float64]:
    """Height of the ground in metres at x, z (broadcast together) for a packed row (328,); same shape, float64."""
    row32 = np.ascontiguousarray(row, np.float32)
    xs, zs = np.broadcast_arrays(np.asarray(x, np.float64), np.asarray(z, np.float64))
    out = np.empty(xs.size, np.float64)
    fill_heights(row32, np.ascontiguousarray(xs).reshape(-1), np.ascontiguousarray(zs).reshape(-1), float(time_s), out)
    return out.reshape(xs.shape)


def trail_position(row: ArrayLike, z: ArrayLike) -> NDArray[np.float64]:
    """x in metres of the trail at z (any shape), float64."""
    row32 = np.ascontiguousarray(row, np.float32)
    zs = np.asarray(z, np.float64)
    return np.array([trail_x(row32, float(v)) for v in zs.reshape(-1)], np.float64).reshape(zs.shape)


def water_height(row: ArrayLike) -> float:
    """Height of the still water in metres for a packed row (328,)."""
    return float(water_level(np.ascontiguousarray(row, np.float32)))
