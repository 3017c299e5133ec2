"""Lines of the picture: silhouettes, overlaps and creases from the G-buffer, as a sketch draws them.

The second difference of inverse depth vanishes on any plane seen in perspective, so slanted ground raises no false
lines (S. Saito and T. Takahashi, Comprehensible Rendering of 3-D Shapes, 1990, made relative). Each line is drawn on
the nearer side, is about 1/400 of the picture height wide, thins with distance and is smoothed by a tent.
"""

from __future__ import annotations

from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from world_model.sim.compiled import kernel
from world_model.sim.stylise_bands import run_bands
from world_model.sim.stylise_noise import ramp

Floats = NDArray[np.float32]

LINES_PER_HEIGHT = 400.0


class Shapes(Protocol):
    """The part of a G-buffer that lines are read from."""

    @property
    def depth_m(self) -> Floats: ...
    @property
    def normal(self) -> Floats: ...
    @property
    def object_id(self) -> NDArray[np.int16]: ...


@kernel
def _between(here: int, there: int) -> float:
    """How much a change of object counts: plants are many and small, so they draw softly against the ground."""
    if here == there:
        return 0.0
    low, high = min(here, there), max(here, there)
    if high >= 4:
        return 1.0
    if high == 3:
        return 0.8 if low == 0 else 0.3
    return 0.85 if low == 0 else 0.65


@kernel
def _detect(first: int, last: int, depth: Floats, normal: Floats, ids: NDArray[np.int16], width_px: float,
            out: Floats) -> None:
    rows, columns = depth.shape
    rings = max(1, int(np.ceil(width_px)))
    for y in range(first, last):
        for x in range(columns):
            here = ids[y, x]
            z = max(depth[y, x], np.float32(0.05))
            near = np.float32(1.0) / z
            line = np.float32(0.0)
            for k in range(1, rings + 1):
                weight = min(1.0, width_px - k + 1.0) if k > 1 else 1.0
                x0, x1 = max(x - k, 0), min(x + k, columns - 1)
                y0, y1 = max(y - k, 0), min(y + k, rows - 1)
                found = np.float32(0.0)
                for side in range(4):
                    yy = y0 if side == 0 else (y1 if side == 1 else y)
                    xx = x0 if side == 2 else (x1 if side == 3 else x)
                    if ids[yy, xx] != here and depth[yy, xx] >= z:
                        found = max(found, _between(here, ids[yy, xx]))
                if here != 0:
                    across = (2.0 * near - 1.0 / max(depth[y, x0], 0.05) - 1.0 / max(depth[y, x1], 0.05)) * z
                    along = (2.0 * near - 1.0 / max(depth[y0, x], 0.05) - 1.0 / max(depth[y1, x], 0.05)) * z
                    step = max(across, along)
                    if step > 0.12:
                        found = max(found, ramp(0.12, 0.45, step) * (0.6 if here == 3 else 1.0))
                    if here != 2 and here != 3 and found < 0.9:
                        a = normal[y, x, 0] * normal[y, x1, 0] + normal[y, x, 1] * normal[y, x1, 1] \
                            + normal[y, x, 2] * normal[y, x1, 2]
                        b = normal[y, x, 0] * normal[y1, x, 0] + normal[y, x, 1] * normal[y1, x, 1] \
                            + normal[y, x, 2] * normal[y1, x, 2]
                        fold = 1.0 - min(a, b)
                        if fold > 0.25 and ids[y1, x] == here and ids[y, x1] == here:
                            found = max(found, 0.75 * ramp(0.25, 0.8, fold))
                line = max(line, found * weight)
            if line > 0.0:
                line *= 0.35 + 0.65 / (1.0 + 0.006 * z)
            out[y, x] = line


@kernel
def _tent(first: int, last: int, line: Floats, gain: float, out: Floats) -> None:
    rows, columns = line.shape
    for y in range(first, last):
        a, b = max(y - 1, 0), min(y + 1, rows - 1)
        for x in range(columns):
            l, r = max(x - 1, 0), min(x + 1, columns - 1)
            near = line[a, x] + line[b, x] + line[y, l] + line[y, r]
            far = line[a, l] + line[a, r] + line[b, l] + line[b, r]
            total = (4.0 * line[y, x] + 2.0 * near + far) * (gain / 16.0)
            out[y, x] = min(1.0, total)


def edges(gbuffer: Shapes, width: float = 1.0, threads: int = 2) -> Floats:
    """(H, W) float32 lines in [0, 1]; `width` in units of the normal line, 1/400 of the height."""
    depth = np.ascontiguousarray(gbuffer.depth_m, np.float32)
    normal = np.ascontiguousarray(gbuffer.normal, np.float32)
    ids = np.ascontiguousarray(gbuffer.object_id, np.int16)
    rows = depth.shape[0]
    raw, out = np.empty_like(depth), np.empty_like(depth)
    width_px = max(1.0, width * rows / LINES_PER_HEIGHT)
    run_bands(_detect, rows, threads, depth, normal, ids, width_px, raw)
    run_bands(_tent, rows, threads, raw, 1.7 if width_px < 1.5 else 1.25, out)
    return out
