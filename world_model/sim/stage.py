"""Where a shot takes place: the ground, the water and the trail under a run of frames.

A Stage answers "how high is it here, in this frame" for whole shots at once, so that bodies stand on the ground and
cameras stay above it. It holds no picture; it only reads the land's own height function.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numba import njit
from numpy.typing import NDArray

from world_model.sim.keys import smoothed
from world_model.sim.terrain import height, trail_x, water_level
from world_model.state import offsets
from world_model.vocabulary import SETTINGS

Floats = NDArray[np.float64]
Rows = NDArray[np.float32]

PLACE = offsets()["place"]
# Half the width (metres) of the lane along the trail in which a camera may stand and bodies may go.
LANE_M = {"city": 4.0, "forest": 4.5, "canyon": 9.0, "village": 4.5, "crystals": 7.0, "mountains": 20.0,
          "underwater": 9.0, "lake": 25.0, "islands": 22.0}
OPEN_M = 60.0


@njit(nogil=True, cache=True, error_model="numpy")
def _heights(rows: Rows, x: Floats, z: Floats, time_s: Floats, out: Floats) -> None:
    """out[k] = height of the ground of rows[k] at (x[k], z[k])."""
    for k in range(x.shape[0]):
        out[k] = height(rows[k], x[k], z[k], time_s[k])


@njit(nogil=True, cache=True, error_model="numpy")
def _trail(row: Rows, z: Floats, out: Floats) -> None:
    """out[k] = x of the trail at z[k]."""
    for k in range(z.shape[0]):
        out[k] = trail_x(row, z[k])


@dataclass(frozen=True)
class Stage:
    """rows (n, 272) packed float32 with place, ground and weather filled; time_s (n,) film seconds; z_m the anchor.

    trail_z, trail_x and trail_yaw sample the trail every metre around the anchor; water_m (n,) is the still water;
    lane_m is the free half-width along the trail; submerged in [0, 1].
    """

    rows: Rows
    time_s: Floats
    z_m: float
    trail_z: Floats
    trail_x: Floats
    trail_yaw: Floats
    water_m: Floats
    lane_m: float
    submerged: float

    def ground(self, x: Floats, z: Floats, index: NDArray[np.int64] | None = None) -> Floats:
        """Height (m,) of the ground at x, z (m,) for frames `index` (m,); without index, frame k at point k."""
        rows = self.rows if index is None else self.rows[index]
        time_s = self.time_s if index is None else self.time_s[index]
        out = np.empty(len(x))
        _heights(rows, np.ascontiguousarray(x, np.float64), np.ascontiguousarray(z, np.float64),
                 np.ascontiguousarray(time_s), out)
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
        middle = int(np.searchsorted(self.trail_z, self.z_m))
        step = np.hypot(np.diff(self.trail_x), np.diff(self.trail_z))
        length = np.concatenate([[0.0], np.cumsum(step)])
        z = np.interp(forward_m, length - length[middle], self.trail_z)
        x, yaw = self.lane(z)
        return x + right_m * np.cos(yaw), z - right_m * np.sin(yaw)


def set_stage(rows: Rows, time_s: Floats, z_m: float, reach_m: float) -> Stage:
    """The Stage of a shot whose bodies and camera stay within `reach_m` of the anchor at z_m."""
    middle = np.ascontiguousarray(rows[len(rows) // 2], np.float32)
    reach = float(np.ceil(reach_m)) + 30.0
    trail_z = np.arange(np.floor(z_m) - reach, np.floor(z_m) + reach + 1.0)
    trail = np.empty(len(trail_z))
    _trail(middle, trail_z, trail)
    yaw = np.arctan2(np.gradient(trail), np.gradient(trail_z))
    place = middle[PLACE].astype(np.float64)
    place /= max(place.sum(), 1e-9)
    # The narrowest setting present rules: a village half blended into a meadow still has houses.
    narrow = sum(w / LANE_M.get(name, OPEN_M) for name, w in zip(SETTINGS, place, strict=True))
    water = np.array([water_level(row) for row in _distinct(rows)])[_which(rows)]
    return Stage(rows, time_s, z_m, trail_z, trail, smoothed(yaw, 3), water, float(1.0 / narrow),
                 float(place[SETTINGS.index("underwater")]))


def _which(rows: Rows) -> NDArray[np.int64]:
    """For each frame, the index of its run of equal place and ground."""
    head = rows[:, : offsets()["ground"].stop]
    return np.concatenate([[0], np.cumsum(np.any(head[1:] != head[:-1], axis=1))])


def _distinct(rows: Rows) -> Rows:
    """The first row of each run."""
    which = _which(rows)
    return np.ascontiguousarray(rows[np.concatenate([[True], which[1:] != which[:-1]])])
