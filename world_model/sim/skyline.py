"""A drawn line of hills becomes land: the ground is shaped so that one eye sees it end along a given line.

Seen from an eye E, every bearing a has a slope s(a) under which the land must end. All points of that slope form the
sight surface C(r, a) = E.y + s(a) r, r metres away. Inside the wedge of bearings the natural ground T is first bent
under C by a soft minimum (so that no hill before or behind sticks out), then drawn up to touch C exactly along a
crest that wanders about `crest_m` away. From E the silhouette is therefore s, whatever the natural land is; from
anywhere else it is a real ridge with foot, spurs and back, and the land goes on beyond it. At the wedge's edges the
shaping fades over `feather_rad`.

The shape travels with every packed row (`state.SKYLINE`); strength 0 leaves the ground as it is, bit by bit, and
rows that are too short to hold it count as strength 0.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from world_model.sim.compiled import exact
from world_model.sim.noise import fbm, noise, ridged, smoothstep
from world_model.state import GROUND, SKYLINE, SKYLINE_COLUMNS, offsets

_AT = offsets()["skyline"].start
_STRENGTH, _X, _Y, _Z, _YAW, _HALF, _FEATHER, _CREST = (_AT + SKYLINE.index(name) for name in SKYLINE)
_SLOPES = _AT + len(SKYLINE)
_LAST = SKYLINE_COLUMNS - 1
_END = _SLOPES + SKYLINE_COLUMNS
_VARIANT = offsets()["ground"].start + GROUND.index("variant")
# Shares of the crest's distance between which the ridge is full. A high hill has a wide foot and a long back.
TOP_FROM, TOP_TO = 0.95, 1.05
# Room between the bent natural ground and the sight surface, and the softness of the bend, as slopes.
ROOM, SOFT = 0.008, 0.03
# Things that stand on the land may rise this far over the line, as a slope.
OVER = 0.006
# Share of a thing's widest reach that counts as its outline.
RIM = 0.8
WANDER = 0.16
RAVINES = 0.55
ROUGH = 0.0022


@exact
def slope_at(row: NDArray[np.float32], bearing: float) -> float:
    """Tangent of the elevation under which the land ends at a bearing (radians from the shape's heading).

    Monotone cubic between the columns (Fritsch and Butland, 1984): no overshoot beside a steep step.
    """
    half = max(float(row[_HALF]), 1.0e-3)
    t = (bearing + half) / (2.0 * half) * _LAST
    t = min(max(t, 0.0), float(_LAST))
    i = min(int(t), _LAST - 1)
    f = t - i
    p0 = float(row[_SLOPES + max(i - 1, 0)])
    p1 = float(row[_SLOPES + i])
    p2 = float(row[_SLOPES + i + 1])
    p3 = float(row[_SLOPES + min(i + 2, _LAST)])
    a = p1 - p0
    b = p2 - p1
    c = p3 - p2
    m1 = 2.0 * a * b / (a + b) if a * b > 0.0 else 0.0
    m2 = 2.0 * b * c / (b + c) if b * c > 0.0 else 0.0
    f2 = f * f
    f3 = f2 * f
    return p1 * (2.0 * f3 - 3.0 * f2 + 1.0) + p2 * (3.0 * f2 - 2.0 * f3) + m1 * (f3 - 2.0 * f2 + f) + m2 * (f3 - f2)


@exact
def wedge(row: NDArray[np.float32], x: float, z: float, radius: float) -> tuple[float, float, float, float]:
    """(share, distance, bearing, half width) of a thing of some radius (metres): how far the shaping holds there
    [0, 1], metres, and radians from the eye's heading. Share 0 wherever there is no shape."""
    if row.shape[0] < _END or float(row[_STRENGTH]) <= 0.0:
        return 0.0, 0.0, 0.0, 0.0
    dx = x - float(row[_X])
    dz = z - float(row[_Z])
    r = math.sqrt(dx * dx + dz * dz)
    yaw = float(row[_YAW])
    c = math.cos(yaw)
    s = math.sin(yaw)
    bearing = math.atan2(dx * c - dz * s, dx * s + dz * c)
    half = float(row[_HALF])
    turn = math.atan(radius / max(r, 1.0e-3))
    share = 1.0 - smoothstep(half, half + max(float(row[_FEATHER]), 1.0e-3), abs(bearing) - turn)
    return min(float(row[_STRENGTH]), 1.0) * share, r, bearing, turn


@exact
def shaped(row: NDArray[np.float32], x: float, z: float, natural: float) -> float:
    """Height of the ground (metres) at (x, z) where the land by itself is `natural` metres high."""
    share, r, bearing, _ = wedge(row, x, z, 0.0)
    crest = float(row[_CREST]) if share > 0.0 else 0.0
    if crest <= 1.0 or r <= 1.0e-3:
        return natural
    variant = float(row[_VARIANT])
    far = crest * (1.0 + WANDER * noise(2.2 * bearing, 0.37, 171, variant))
    slope = slope_at(row, bearing)
    if slope > 0.01:
        # The pen's line is smooth; land is not quite.
        slope += ROUGH * fbm(26.0 * bearing, 0.71, 172, variant, 3) * min(1.0, 20.0 * slope)
    eye = float(row[_Y])
    sight = eye + slope * r
    most = sight - ROOM * r
    soft = SOFT * r
    over = natural - most
    bent = most + 0.5 * (over - math.sqrt(over * over + 4.0 * soft * soft))
    u = r / far
    tall = max(slope, 0.0)
    rise = smoothstep(0.95 - min(0.7, 0.28 + 1.3 * tall), TOP_FROM, u)
    rise *= 1.0 - smoothstep(TOP_TO, TOP_TO + min(1.25, 0.35 + 2.0 * tall), u)
    if 0.0 < rise < 1.0:
        # Spurs and ravines on the flanks, none where the line itself is.
        grain = ridged(x / (0.42 * crest) + 0.3, z / (0.42 * crest) - 0.2, 173, variant, 4)
        rise -= RAVINES * rise * (1.0 - rise) * (1.0 - grain)
    ridge = bent + max(rise, 0.0) * (sight - bent)
    return natural + share * (ridge - natural)


@exact
def headroom(row: NDArray[np.float32], x: float, z: float, foot: float, radius: float) -> float:
    """Metres that a thing of this radius may stand over its foot (metres above 0) at (x, z) without hiding the line;
    1e9 where nothing limits it."""
    share, r, bearing, turn = wedge(row, x, z, RIM * radius)
    if share <= 0.003:
        return 1.0e9
    # The corner that is nearest to the eye and the lowest stretch of the line behind the thing decide.
    wide = min(RIM * radius, 0.7 * r)
    slope = min(slope_at(row, bearing), min(slope_at(row, bearing - turn), slope_at(row, bearing + turn)))
    top = float(row[_Y]) + (slope + OVER) * (r - wide)
    return max(top - foot, 0.02) / (share * share)
