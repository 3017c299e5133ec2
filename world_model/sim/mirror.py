"""Reflections in water, found in the picture itself: a march along the mirrored ray through the depth buffer."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from world_model.sim.compiled import kernel
from world_model.sim.geometry import WATER
from world_model.sim.view import CENTRE_X, CENTRE_Y, FOCAL, FORWARD, RIGHT, UP

MIRROR_STEPS = 22


@kernel
def solid_top(objects: NDArray[np.int16]) -> float:
    """The first row that shows anything but sky and water; the picture's height when none does."""
    height, width = objects.shape
    for y in range(height):
        for x in range(width):
            if objects[y, x] != 0 and objects[y, x] != WATER:
                return float(y)
    return float(height)


@kernel
def mirror(view: NDArray[np.float64], ex: float, ey: float, ez: float, rx: float, ry: float, rz: float,
           depth: NDArray[np.float32], weight: NDArray[np.float32], hdr: NDArray[np.float32],
           objects: NDArray[np.int16], top: float) -> tuple[float, float, float, float]:
    """What the picture shows along a mirrored ray from (ex, ey, ez) (relative to the eye), and how sure that is.

    top is the highest row of the picture that shows anything solid: above it there is nothing to meet.

    A march through the depth buffer with growing steps, then a bisection (McGuire and Mara, "Efficient GPU
    screen-space ray tracing", 2014, in its simple form).
    """
    height, width = depth.shape
    start = max(math.sqrt(ex * ex + ey * ey + ez * ez), 0.3)
    # On the screen a straight ray is a straight line in homogeneous pixels: foot + along * way.
    foot_w = view[FORWARD] * ex + view[FORWARD + 1] * ey + view[FORWARD + 2] * ez
    way_w = view[FORWARD] * rx + view[FORWARD + 1] * ry + view[FORWARD + 2] * rz
    foot_x = view[CENTRE_X] * foot_w + view[FOCAL] * (view[RIGHT] * ex + view[RIGHT + 1] * ey + view[RIGHT + 2] * ez)
    way_x = view[CENTRE_X] * way_w + view[FOCAL] * (view[RIGHT] * rx + view[RIGHT + 1] * ry + view[RIGHT + 2] * rz)
    foot_y = view[CENTRE_Y] * foot_w - view[FOCAL] * (view[UP] * ex + view[UP + 1] * ey + view[UP + 2] * ez)
    way_y = view[CENTRE_Y] * way_w - view[FOCAL] * (view[UP] * rx + view[UP + 1] * ry + view[UP + 2] * rz)
    step = 0.06 * start
    along = step
    before = 0.0
    for _ in range(MIRROR_STEPS):
        w = foot_w + along * way_w
        if w < 0.1:
            break
        inv = 1.0 / w
        px = (foot_x + along * way_x) * inv
        py = (foot_y + along * way_y) * inv
        if px < 0.0 or py < top or px >= width or py >= height:
            break
        i = int(px)
        j = int(py)
        gap = w - depth[j, i]
        # Things that stand off the ray by more than a few steps are in front of it, not on it.
        if gap > 0.0 and gap < 1.6 * (along - before) + 0.08 * w and objects[j, i] != WATER:
            low = before
            high = along
            for _ in range(4):
                middle = 0.5 * (low + high)
                w = foot_w + middle * way_w
                inv = 1.0 / w
                px = (foot_x + middle * way_x) * inv
                py = (foot_y + middle * way_y) * inv
                i = min(max(int(px), 0), width - 1)
                j = min(max(int(py), 0), height - 1)
                if w > depth[j, i]:
                    high = middle
                else:
                    low = middle
            if weight[j, i] <= 0.0 or objects[j, i] == WATER:
                break
            edge = min(min(px, width - px) / (0.08 * width), min(py, height - py) / (0.08 * height))
            sure = min(1.0, max(0.0, edge))
            return hdr[j, i, 0], hdr[j, i, 1], hdr[j, i, 2], sure
        before = along
        step *= 1.22
        along += step
    return 0.0, 0.0, 0.0, 0.0
