"""The camera as numbers: where it stands, which way it looks, and how a point falls on the picture."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from world_model.state import offsets

_CAMERA = offsets()["camera"].start

NEAR_M = 0.04
FAR_M = 4200.0
SKY_DEPTH_M = 1.0e4

# Places in a view array (20,) float64: eye, right, up and forward axes, focal length in pixels, centre, size.
EYE, RIGHT, UP, FORWARD, FOCAL, CENTRE_X, CENTRE_Y, WIDTH, HEIGHT = 0, 3, 6, 9, 12, 13, 14, 15, 16


def make_view(row: NDArray[np.float32], size_px: tuple[int, int]) -> NDArray[np.float64]:
    """The view array (20,) float64 of a packed row for a picture of size_px = (width, height).

    Follows the conventions of world_model.state: yaw 0 looks along +z and grows towards +x, pitch grows upward,
    a positive roll tips the horizon clockwise. Numbers that are not finite count as 0.
    """
    x, y, z, yaw, pitch, roll, fov, _ = (float(v) if math.isfinite(v) else 0.0 for v in row[_CAMERA:_CAMERA + 8])
    width, height = size_px
    pitch = min(1.5533, max(-1.5533, pitch))
    fov = min(2.8, max(0.02, fov))
    cy, sy, cp, sp, cr, sr = math.cos(yaw), math.sin(yaw), math.cos(pitch), math.sin(pitch), math.cos(roll), \
        math.sin(roll)
    right = np.array([cy, 0.0, -sy])
    up = np.array([-sy * sp, cp, -cy * sp])
    view = np.zeros(20)
    view[EYE:EYE + 3] = x, y, z
    view[RIGHT:RIGHT + 3] = cr * right + sr * up
    view[UP:UP + 3] = cr * up - sr * right
    view[FORWARD:FORWARD + 3] = sy * cp, sp, cy * cp
    view[FOCAL] = 0.5 * width / math.tan(0.5 * fov)
    view[CENTRE_X], view[CENTRE_Y], view[WIDTH], view[HEIGHT] = 0.5 * width, 0.5 * height, width, height
    return view


def side_planes(view: NDArray[np.float64]) -> NDArray[np.float64]:
    """(5, 3) float64 inward normals of the frustum's left, right, top, bottom and near side, all through the eye."""
    tan_x = view[CENTRE_X] / view[FOCAL]
    tan_y = view[CENTRE_Y] / view[FOCAL]
    right, up, forward = view[RIGHT:RIGHT + 3], view[UP:UP + 3], view[FORWARD:FORWARD + 3]
    planes = np.stack([forward * tan_x + right, forward * tan_x - right, forward * tan_y - up,
                       forward * tan_y + up, forward])
    return planes / np.linalg.norm(planes, axis=1, keepdims=True)
