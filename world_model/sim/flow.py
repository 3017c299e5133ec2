"""Optical flow between two rows, exact from depth and cameras, and from the bodies' poses where one is seen.

The flow at a pixel is how far its point has moved on the picture since the row before, right and down. A body's
point moves rigidly with the body's pose. The sky moves with the camera's turn alone.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from world_model.sim.compiled import exact
from world_model.sim.view import CENTRE_X, CENTRE_Y, FOCAL, FORWARD, RIGHT, SKY_DEPTH_M, UP, make_view
from world_model.state import BODY_SLOTS, POSE, offsets

_POSE = offsets()["body_pose"]


def flow_between(before: NDArray[np.float32], row: NDArray[np.float32], size_px: tuple[int, int],
                 depth_m: NDArray[np.float32], object_id: NDArray[np.int16]) -> NDArray[np.float32]:
    """(H, W, 2) float32 flow in pixels from packed row `before` to `row`, whose frame has this depth and these ids."""
    out = np.zeros((*depth_m.shape, 2), np.float32)
    turns, shifts, middles = _body_moves(before, row)
    _flow(make_view(before, size_px), make_view(row, size_px), depth_m, object_id, turns, shifts, middles, out)
    return out


def _turn(pose: NDArray[np.float64]) -> NDArray[np.float64]:
    """Body axes (3, 3): columns right, up, forward for yaw, pitch and roll."""
    yaw, pitch, roll = pose[3:6]
    cy, sy, cp, sp, cr, sr = (math.cos(yaw), math.sin(yaw), math.cos(pitch), math.sin(pitch), math.cos(roll),
                              math.sin(roll))
    right = np.array([cy, 0.0, -sy])
    up = np.array([-sy * sp, cp, -cy * sp])
    return np.stack([cr * right + sr * up, cr * up - sr * right, np.array([sy * cp, sp, cy * cp])], 1)


def _body_moves(before: NDArray[np.float32], row: NDArray[np.float32]) -> tuple[
        NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Per slot: rotation and scale (6, 3, 3) that undo the last step, place before (6, 3), place now (6, 3)."""
    old = before[_POSE].reshape(BODY_SLOTS, len(POSE)).astype(np.float64)
    new = row[_POSE].reshape(BODY_SLOTS, len(POSE)).astype(np.float64)
    scale = old[:, 6] / np.maximum(new[:, 6], 1e-6)
    turns = np.stack([_turn(a) @ _turn(b).T * s for a, b, s in zip(old, new, scale, strict=True)])
    return turns, old[:, :3].copy(), new[:, :3].copy()


@exact
def _flow(old: NDArray[np.float64], new: NDArray[np.float64], depth_m: NDArray[np.float32],
          object_id: NDArray[np.int16], turns: NDArray[np.float64], places: NDArray[np.float64],
          middles: NDArray[np.float64], out: NDArray[np.float32]) -> None:
    height, width = depth_m.shape
    for y in range(height):
        for x in range(width):
            px = x + 0.5
            py = y + 0.5
            d = float(depth_m[y, x])
            a = (px - new[CENTRE_X]) / new[FOCAL]
            b = (new[CENTRE_Y] - py) / new[FOCAL]
            wx = d * (new[FORWARD] + a * new[RIGHT] + b * new[UP])
            wy = d * (new[FORWARD + 1] + a * new[RIGHT + 1] + b * new[UP + 1])
            wz = d * (new[FORWARD + 2] + a * new[RIGHT + 2] + b * new[UP + 2])
            if d < SKY_DEPTH_M:
                wx += new[0]
                wy += new[1]
                wz += new[2]
                slot = object_id[y, x] - 10
                if slot >= 0:
                    rx = wx - middles[slot, 0]
                    ry = wy - middles[slot, 1]
                    rz = wz - middles[slot, 2]
                    wx = places[slot, 0] + turns[slot, 0, 0] * rx + turns[slot, 0, 1] * ry + turns[slot, 0, 2] * rz
                    wy = places[slot, 1] + turns[slot, 1, 0] * rx + turns[slot, 1, 1] * ry + turns[slot, 1, 2] * rz
                    wz = places[slot, 2] + turns[slot, 2, 0] * rx + turns[slot, 2, 1] * ry + turns[slot, 2, 2] * rz
                wx -= old[0]
                wy -= old[1]
                wz -= old[2]
            w = max(old[FORWARD] * wx + old[FORWARD + 1] * wy + old[FORWARD + 2] * wz, 0.01)
            qx = old[CENTRE_X] + old[FOCAL] * (old[RIGHT] * wx + old[RIGHT + 1] * wy + old[RIGHT + 2] * wz) / w
            qy = old[CENTRE_Y] - old[FOCAL] * (old[UP] * wx + old[UP + 1] * wy + old[UP + 2] * wz) / w
            out[y, x, 0] = px - qx
            out[y, x, 1] = py - qy
