"""The location scout: how well a subject can be seen from where the camera stands, among all that grows there.

Plants and buildings are found by the very rule that draws them, then taken as upright cylinders; rays from the lens
to the subject count what is hidden. It costs a few milliseconds, and it is why a tree seldom stands before a fox.
"""

from __future__ import annotations

import math
from functools import lru_cache

import numpy as np
from numba import njit
from numpy.typing import NDArray

from world_model.sim.geometry import library
from world_model.sim.scatter import CELL, FIELDS, IX, IY, IZ, RANGE, REACH, TALL, WIDE, find_instances
from world_model.sim.terrain import fill_heights, water_level
from world_model.state import offsets
from world_model.vocabulary import SETTINGS

Floats = NDArray[np.float64]
AT = offsets()
UNDERWATER = AT["place"].start + SETTINGS.index("underwater")
# A crown is not a wall: share of a template's widest reach that hides what is behind it.
SOLID = 0.62
# Lower things than this share of the subject's extent hide nothing worth moving for.
LOW = 0.25
MOST_REACH_M = 70.0
MOST_FOUND = 6000


@lru_cache(maxsize=1)
def _rules() -> Floats:
    """The templates' rules (K, …), float64."""
    return library().rule


def obstacles(row: NDArray[np.float32], x: float, z: float, reach_m: float, taller_m: float) -> Floats:
    """What stands within reach of (x, z): (m, 5) float64 as x, z, foot, top, radius in metres."""
    reach_m = min(reach_m, MOST_REACH_M)
    view = np.zeros(20)
    # Seen from far above, through a very long lens: nothing is too small and nothing makes way for the lens.
    view[:3], view[12] = (x, 5000.0, z), 1.0e9
    planes = np.zeros((5, 3))
    found = np.empty((MOST_FOUND, FIELDS), np.float32)
    lods = np.empty(MOST_FOUND, np.int32)
    level, time_s = float(water_level(row)), float(row[AT["time_s"]][0])
    parts: list[Floats] = []
    for rule in _rules():
        rule = rule.copy()
        reach = min(float(rule[RANGE]), reach_m / 0.78)
        if rule[CELL] < 0.75 and taller_m > 0.4:
            continue
        rule[RANGE] = reach
        count = find_instances(rule, row, time_s, level, view, planes, -1e4, 1e4, reach + 1.0, found, lods)
        some = found[:count].astype(np.float64)
        some = some[some[:, TALL] > taller_m]
        if len(some):
            foot = some[:, IY] + view[1]
            parts.append(np.stack([some[:, IX] + x, some[:, IZ] + z, foot, foot + some[:, TALL],
                                   SOLID * rule[REACH] * some[:, WIDE]], 1))
    return np.concatenate(parts) if parts else np.zeros((0, 5))


@njit(nogil=True, cache=True, error_model="numpy")
def _hidden(eyes: Floats, points: Floats, stands: Floats) -> Floats:
    """For each ray (n,): 1 when a cylinder stands in its way, else 0."""
    out = np.zeros(len(eyes))
    for k in range(len(eyes)):
        dx, dz = points[k, 0] - eyes[k, 0], points[k, 2] - eyes[k, 2]
        flat = dx * dx + dz * dz
        if flat < 1e-6:
            continue
        for m in range(len(stands)):
            ox, oz = stands[m, 0] - eyes[k, 0], stands[m, 1] - eyes[k, 2]
            s = (ox * dx + oz * dz) / flat
            if s <= 0.0 or s >= 0.97:
                continue
            across = math.sqrt((ox - s * dx) ** 2 + (oz - s * dz) ** 2)
            y = eyes[k, 1] + s * (points[k, 1] - eyes[k, 1])
            # Crowns taper: full width at two thirds of the height, little at the top.
            share = (y - stands[m, 2]) / max(stands[m, 3] - stands[m, 2], 1e-6)
            if share < 0.0 or share > 1.0:
                continue
            wide = stands[m, 4] * min(1.0, 2.2 * (1.0 - share) + 0.12)
            # What is very near the lens shrinks out of its way when it is drawn.
            near = min(1.0, s * math.sqrt(flat) / 0.5)
            if across < wide * near:
                out[k] = 1.0
                break
    return out


def hidden_share(row: NDArray[np.float32], eyes: Floats, centres: Floats, extent_m: float) -> float:
    """Share [0, 1] of a subject `extent_m` high that growth, buildings and hills hide.

    eyes and centres are (n, 3): a few frames of the shot, of which the first and the last count more.
    """
    middle = 0.5 * (eyes + centres)
    x, z = float(middle[:, 0].mean()), float(middle[:, 2].mean())
    far = max(float(np.hypot(eyes[:, 0] - x, eyes[:, 2] - z).max()),
              float(np.hypot(centres[:, 0] - x, centres[:, 2] - z).max()))
    stands = obstacles(row, x, z, far + 6.0, LOW * extent_m)
    to = centres - eyes
    flat = np.maximum(np.hypot(to[:, 0], to[:, 2]), 1e-6)
    side = np.stack([to[:, 2] / flat, np.zeros(len(to)), -to[:, 0] / flat], 1)
    up = np.array([0.0, 1.0, 0.0])
    rays = [centres + 0.35 * extent_m * (a * side + b * up) for a, b in ((0, 0.4), (0, -0.6), (-1, 0), (1, 0), (0, 1))]
    points, starts = np.concatenate(rays), np.tile(eyes, (len(rays), 1))
    blocked = _hidden(starts, points, stands)
    steps = np.linspace(0.08, 0.94, 9)
    along = starts[:, None] + steps[:, None] * (points - starts)[:, None]
    ground = np.empty(along.shape[0] * len(steps))
    fill_heights(row, np.ascontiguousarray(along[..., 0].ravel()), np.ascontiguousarray(along[..., 2].ravel()),
                 float(row[AT["time_s"]][0]), ground)
    if row[UNDERWATER] < 0.5:
        ground = np.maximum(ground, float(water_level(row)))
    blocked = np.maximum(blocked, (along[..., 1].ravel() < ground).reshape(along.shape[:2]).any(1))
    shares = blocked.reshape(len(rays), len(eyes)).mean(0)
    weights = np.ones(len(eyes))
    weights[0], weights[-1] = 2.0, 1.5
    return float((shares * weights).sum() / weights.sum())


def crowded_share(row: NDArray[np.float32], cameras: Floats, near_m: float) -> float:
    """Share [0, 1] of the middle of the picture that things nearer than `near_m` take; cameras are (n, 8)."""
    x, z = float(cameras[:, 0].mean()), float(cameras[:, 2].mean())
    reach = float(np.hypot(cameras[:, 0] - x, cameras[:, 2] - z).max()) + near_m
    stands = obstacles(row, x, z, reach, 0.5)
    spans = [(a, b) for a in (-0.7, -0.4, -0.15, 0.15, 0.4, 0.7) for b in (-0.3, 0.1, 0.45)]
    total = 0.0
    for camera in cameras:
        half = math.tan(0.5 * camera[6])
        yaw = camera[3] + np.arctan(half * np.array([a for a, _ in spans]))
        pitch = camera[4] + np.arctan(half * 9 / 16 * np.array([b for _, b in spans]))
        way = np.stack([np.sin(yaw), np.tan(pitch), np.cos(yaw)], 1) * near_m
        eyes = np.tile(camera[:3], (len(spans), 1))
        ground = np.empty(len(spans) * 4)
        ahead = eyes[:, None] + np.array([0.15, 0.3, 0.55, 0.85])[:, None] * way[:, None]
        fill_heights(row, np.ascontiguousarray(ahead[..., 0].ravel()), np.ascontiguousarray(ahead[..., 2].ravel()),
                     float(row[AT["time_s"]][0]), ground)
        hill = (ahead[..., 1] < ground.reshape(ahead.shape[:2])).any(1) & np.array([b > 0.0 for _, b in spans])
        total += float(np.maximum(_hidden(eyes, eyes + way, stands), hill).mean())
    return total / len(cameras)
