"""Where a shot takes place: the ground, the water and the trail under a run of frames.

A Stage answers "how high is it here, in this frame" for whole shots at once, so that bodies stand on the ground and
cameras stay above it. It holds no picture; it only reads the land's own height function.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from world_model.sim.keys import smoothed
from world_model.sim.terrain import fill_heights, moves, trail_position, water_level
from world_model.state import WEATHER, offsets
from world_model.vocabulary import SETTINGS

Floats = NDArray[np.float64]
Rows = NDArray[np.float32]

PLACE = offsets()["place"]
# The amounts that hide things: snow, fog, dust.
AIR = [offsets()["weather"].start + WEATHER.index(name) for name in ("snow", "fog", "dust")]
# Half the width (metres) of the lane along the trail in which a camera may stand and bodies may go.
LANE_M = {"city": 4.0, "forest": 4.5, "canyon": 9.0, "village": 4.5, "crystals": 7.0, "mountains": 10.0,
          "underwater": 9.0, "lake": 25.0, "islands": 22.0}
OPEN_M = 60.0


@dataclass(frozen=True)
class Stage:
    """rows (n, 328) packed float32 with place, ground and weather filled; time_s (n,) film seconds; z_m the anchor.

    runs are [start, stop) of frames over which the land is the same. trail_z, trail_x and trail_yaw sample the trail
    around the anchor; water_m (n,) is the still water;
    lane_m is the free half-width along the trail; submerged in [0, 1]; sight_m is how far a
    body can be made out through fog, snow or water.
    """

    rows: Rows
    time_s: Floats
    z_m: float
    runs: tuple[tuple[int, int], ...]
    trail_z: Floats
    trail_x: Floats
    trail_yaw: Floats
    water_m: Floats
    lane_m: float
    submerged: float
    sight_m: float

    def ground(self, x: Floats, z: Floats) -> Floats:
        """Height (n,) of the ground at x, z (n,): frame k at point k."""
        xs, zs = np.ascontiguousarray(x, np.float64), np.ascontiguousarray(z, np.float64)
        out = np.empty(len(xs))
        for start, stop in self.runs:
            fill_heights(self.rows[start], xs[start:stop], zs[start:stop], float(self.time_s[start]), out[start:stop])
        return out

    def surface(self, x: Floats, z: Floats) -> Floats:
        """What a thing stands or floats on (n,): the higher of ground and water; the bed when under water."""
        ground = self.ground(x, z)
        return ground if self.submerged > 0.5 else np.maximum(ground, self.water_m)

    def lane(self, z: Floats) -> tuple[Floats, Floats]:
        """(x, yaw) of the trail at z (any shape)."""
        return np.interp(z, self.trail_z, self.trail_x), np.interp(z, self.trail_z, self.trail_yaw)

    def along(self, forward_m: Floats, right_m: Floats) -> tuple[Floats, Floats]:
        """World (x, z) of points `forward_m` along the trail from the anchor and `right_m` beside it."""
        middle = len(self.trail_z) // 2
        # Way along the trail, counted from the anchor, which is the middle sample.
        step = np.hypot(np.diff(self.trail_x), np.diff(self.trail_z))
        length = np.concatenate([[0.0], np.cumsum(step)])
        z = np.interp(forward_m, length - length[middle], self.trail_z)
        x, yaw = self.lane(z)
        return x + right_m * np.cos(yaw), z - right_m * np.sin(yaw)


def set_stage(rows: Rows, time_s: Floats, z_m: float, reach_m: float) -> Stage:
    """The Stage of a shot whose bodies and camera stay within `reach_m` of the anchor at z_m."""
    middle = np.ascontiguousarray(rows[len(rows) // 2], np.float32)
    reach = float(np.ceil(reach_m)) + 30.0
    # A metre apart, or coarser over the long ways of fast things; the trail bends slowly.
    step = max(1.0, reach / 2000.0)
    trail_z = z_m + step * np.arange(-np.ceil(reach / step), np.ceil(reach / step) + 1.0)
    trail = trail_position(middle, trail_z)
    yaw = np.arctan2(np.gradient(trail), np.gradient(trail_z))
    place = middle[PLACE].astype(np.float64)
    place /= max(place.sum(), 1e-9)
    # The narrowest setting present rules: a village half blended into a meadow still has houses.
    narrow = sum(w / LANE_M.get(name, OPEN_M) for name, w in zip(SETTINGS, place, strict=True))
    submerged = float(place[SETTINGS.index("underwater")])
    thick = float(rows[:, AIR].max(1).mean())
    sight = 9.0 + 400.0 * (1.0 - thick) ** 3 if submerged < 0.5 else 11.0
    runs = _runs(rows)
    water = np.empty(len(rows))
    for start, stop in runs:
        water[start:stop] = water_level(rows[start])
    return Stage(rows, time_s, z_m, runs, trail_z, trail, smoothed(yaw, 3), water, float(1.0 / narrow),
                 submerged, sight)


def _runs(rows: Rows) -> tuple[tuple[int, int], ...]:
    """[start, stop) of frames over which the land does not change; single frames where it moves with time."""
    head = rows[:, : offsets()["ground"].stop]
    changes = np.any(head[1:] != head[:-1], axis=1)
    line = rows[:, offsets()["skyline"]]
    changes |= np.any(line[1:] != line[:-1], axis=1)
    for k in np.flatnonzero(np.any(head[:, (SETTINGS.index("clouds"), SETTINGS.index("fluid"))] > 0, axis=1)):
        if moves(rows[k]):
            changes[max(k - 1, 0):k + 1] = True
    cuts = [0, *(int(k) + 1 for k in np.flatnonzero(changes)), len(rows)]
    return tuple(pairwise(cuts))
