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
    step = 0.06 * start
    along = step
    before = 0.0
    for _ in range(MIRROR_STEPS):
        x = ex + rx * along
        y = ey + ry * along
        z = ez + rz * along
        w = view[FORWARD] * x + view[FORWARD + 1] * y + view[FORWARD + 2] * z
        if w < 0.1:
            break
        px = view[CENTRE_X] + view[FOCAL] * (view[RIGHT] * x + view[RIGHT + 1] * y + view[RIGHT + 2] * z) / w
        py = view[CENTRE_Y] - view[FOCAL] * (view[UP] * x + view[UP + 1] * y + view[UP + 2] * z) / w
        if px < 0.0 or py < top or px >= width or py >= height:
            break
        i = int(px)
        j = int(py)
        # Things that stand off the ray by more than a few steps are in front of it, not on it.
        if w > depth[j, i] and objects[j, i] != WATER and w - depth[j, i] < 1.6 * (along - before) + 0.08 * w:
            low = before
            high = along
            for _ in range(4):
                middle = 0.5 * (low + high)
                x = ex + rx * middle
                y = ey + ry * middle
                z = ez + rz * middle
                w = view[FORWARD] * x + view[FORWARD + 1] * y + view[FORWARD + 2] * z
                px = view[CENTRE_X] + view[FOCAL] * (view[RIGHT] * x + view[RIGHT + 1] * y + view[RIGHT + 2] * z) / w
                py = view[CENTRE_Y] - view[FOCAL] * (view[UP] * x + view[UP + 1] * y + view[UP + 2] * z) / w
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
