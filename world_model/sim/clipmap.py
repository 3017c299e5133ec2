"""The ground as triangles: nested grids round the camera, after Losasso and Hoppe, "Geometry Clipmaps" (2004).

Level l is a grid of CELLS x CELLS cells, each FINEST_M * 2**l wide, snapped to even cells so that its vertices never
move over the land. Towards its outer edge every vertex glides from its own height to the height of the next
coarser grid at that point, slopes too; where two levels meet they are therefore the same surface, and nothing pops
or cracks while the camera moves. A level overlaps the next one by a cell, so that rounding opens no gap.

Heights are measured where the camera looks. They depend only on the row's place and ground (and time, for ground
that moves), so a level keeps those that are still inside when the camera moves on: the cache holds pure results.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from world_model.sim.compiled import exact
from world_model.sim.noise import smoothstep
from world_model.sim.terrain import height

CELLS = 128
SIDE = CELLS + 1
APRON = 2
GRID = SIDE + 2 * APRON
LEVELS = 9
FINEST_M = 0.25
BLOCK = 16
BLOCKS = CELLS // BLOCK
# Heights at every so many vertices bound the land: no slope rises STEEP metres a metre all the way between two.
LATTICE = 8
STEEP = 3.0


class LevelHeights:
    """Heights of one level with an apron of two vertices, and the corner and world they were measured for.

    values (GRID, GRID) float64 metres, right where known (GRID, GRID) uint8 is 1; seen (BLOCKS, BLOCKS) uint8: the
    blocks that may be in view; low_m, high_m: bounds of every LATTICE-th height, in view or not.
    """

    def __init__(self, level: int) -> None:
        self.cell_m = FINEST_M * 2.0 ** level
        self.values = np.zeros((GRID, GRID))
        self.known = np.zeros((GRID, GRID), np.uint8)
        self.seen = np.zeros((BLOCKS, BLOCKS), np.uint8)
        self.corner = (0, 0)
        self.key = b""
        self.low_m = self.high_m = 0.0

    def corner_for(self, eye_x: float, eye_z: float) -> tuple[int, int]:
        """First vertex (in cells, even) of the level round the eye, without the apron."""
        snap = 2.0 * self.cell_m
        return (2 * math.floor(eye_x / snap + 0.5) - CELLS // 2, 2 * math.floor(eye_z / snap + 0.5) - CELLS // 2)

    def update(self, row: NDArray[np.float32], key: bytes, eye_x: float, eye_y: float, eye_z: float, time_s: float,
               planes: NDArray[np.float64], hole: tuple[int, int, int, int], level_m: float) -> None:
        """Make the values in view right for this eye and world; only what is not yet known is measured.

        planes bound the view (view.side_planes); hole: what the finer level covers, in vertices of this one;
        level_m: height of the water.
        """
        corner = self.corner_for(eye_x, eye_z)
        dx, dz = corner[0] - self.corner[0], corner[1] - self.corner[1]
        if self.key != key or abs(dx) >= GRID or abs(dz) >= GRID:
            self.known[:] = 0
        elif dx != 0 or dz != 0:
            z0, z1, x0, x1 = max(0, -dz), GRID - max(0, dz), max(0, -dx), GRID - max(0, dx)
            values, known = np.zeros_like(self.values), np.zeros_like(self.known)
            values[z0:z1, x0:x1] = self.values[z0 + dz:z1 + dz, x0 + dx:x1 + dx]
            known[z0:z1, x0:x1] = self.known[z0 + dz:z1 + dz, x0 + dx:x1 + dx]
            self.values, self.known = values, known
        self.corner, self.key = corner, key
        x0, z0 = corner[0] - APRON, corner[1] - APRON
        self.low_m, self.high_m = fill_lattice(row, x0, z0, self.cell_m, time_s, self.known, self.values)
        mark_blocks(planes, x0, z0, self.cell_m, eye_x, eye_y, eye_z, *hole, level_m, self.values, self.seen)
        fill_blocks(row, x0, z0, self.cell_m, time_s, self.seen, self.known, self.values)


@exact
def box_in_view(planes: NDArray[np.float64], x0: float, y0: float, z0: float, x1: float, y1: float,
                z1: float) -> bool:
    """Whether a box (relative to the eye) may meet the frustum."""
    for p in range(planes.shape[0]):
        x = x1 if planes[p, 0] > 0.0 else x0
        y = y1 if planes[p, 1] > 0.0 else y0
        z = z1 if planes[p, 2] > 0.0 else z0
        if planes[p, 0] * x + planes[p, 1] * y + planes[p, 2] * z < 0.0:
            return False
    return True


@exact
def fill_lattice(row: NDArray[np.float32], x0: int, z0: int, cell_m: float, time_s: float, known: NDArray[np.uint8],
                 out: NDArray[np.float64]) -> tuple[float, float]:
    """Heights at (x0 + i, z0 + j) * cell_m into out[j, i] for every LATTICE-th vertex of the world's grid that is not
    known; returns the least and the greatest of them all."""
    low = 1.0e9
    high = -1.0e9
    for j in range(-z0 % LATTICE, GRID, LATTICE):
        for i in range(-x0 % LATTICE, GRID, LATTICE):
            if known[j, i] == 0:
                known[j, i] = 1
                out[j, i] = height(row, (x0 + i) * cell_m, (z0 + j) * cell_m, time_s)
            low = min(low, out[j, i])
            high = max(high, out[j, i])
    return low, high


@exact
def mark_blocks(planes: NDArray[np.float64], x0: int, z0: int, cell_m: float, eye_x: float, eye_y: float,
                eye_z: float, hole_x0: int, hole_z0: int, hole_x1: int, hole_z1: int, level_m: float,
                values: NDArray[np.float64], seen: NDArray[np.uint8]) -> None:
    """Set seen to 1 for blocks outside the hole that may be in view, else 0, by their heights on the lattice.

    Water at level_m stands in a block that may lie lower.
    """
    side = BLOCK * cell_m
    # A little wider than the block, whose corners are rounded to float32 later.
    slack = 0.01 * side
    tall = STEEP * LATTICE * cell_m
    for bj in range(BLOCKS):
        for bi in range(BLOCKS):
            j0 = bj * BLOCK
            i0 = bi * BLOCK
            low = 1.0e9
            high = -1.0e9
            for j in range(-z0 % LATTICE, GRID, LATTICE):
                if j0 + APRON - LATTICE <= j <= j0 + BLOCK + APRON + LATTICE:
                    for i in range(-x0 % LATTICE, GRID, LATTICE):
                        if i0 + APRON - LATTICE <= i <= i0 + BLOCK + APRON + LATTICE:
                            low = min(low, values[j, i])
                            high = max(high, values[j, i])
            if low - tall < level_m:
                high = max(high, level_m - tall + 1.0)
            covered = i0 >= hole_x0 and i0 + BLOCK <= hole_x1 and j0 >= hole_z0 and j0 + BLOCK <= hole_z1
            x = (x0 + APRON + i0) * cell_m - eye_x
            z = (z0 + APRON + j0) * cell_m - eye_z
            seen[bj, bi] = not covered and box_in_view(planes, x - slack, low - tall - eye_y, z - slack,
                                                       x + side + slack, high + tall - eye_y, z + side + slack)


@exact
def fill_blocks(row: NDArray[np.float32], x0: int, z0: int, cell_m: float, time_s: float, seen: NDArray[np.uint8],
                known: NDArray[np.uint8], out: NDArray[np.float64]) -> None:
    """Heights at (x0 + i, z0 + j) * cell_m into out[j, i] where a seen block needs them and they are not known."""
    for bj in range(BLOCKS):
        for bi in range(BLOCKS):
            if seen[bj, bi] == 0:
                continue
            for j in range(bj * BLOCK, (bj + 1) * BLOCK + 1 + 2 * APRON):
                for i in range(bi * BLOCK, (bi + 1) * BLOCK + 1 + 2 * APRON):
                    if known[j, i] == 0:
                        known[j, i] = 1
                        out[j, i] = height(row, (x0 + i) * cell_m, (z0 + j) * cell_m, time_s)


@exact
def morph_amount(dx: float, dz: float, cell_m: float, last: bool) -> float:
    """0 inside a level, 1 at its edge, by the distance from the eye along the farther axis."""
    if last:
        return 0.0
    reach = (0.5 * CELLS - 5.0) * cell_m
    return smoothstep(reach * 0.72, reach, max(abs(dx), abs(dz)))


@exact
def vertex_seen(seen: NDArray[np.uint8], j: int, i: int) -> bool:
    """Whether vertex (j, i) belongs to a seen block; those on a border belong to both sides."""
    bj, bi = min(j // BLOCK, BLOCKS - 1), min(i // BLOCK, BLOCKS - 1)
    if seen[bj, bi] != 0:
        return True
    left = i % BLOCK == 0 and bi > 0
    above = j % BLOCK == 0 and bj > 0
    return (left and seen[bj, bi - 1] != 0) or (above and seen[bj - 1, bi] != 0) \
        or (left and above and seen[bj - 1, bi - 1] != 0)


@exact
def level_vertices(values: NDArray[np.float64], corner_x: int, corner_z: int, cell_m: float, last: bool,
                   eye_x: float, eye_y: float, eye_z: float, first: int, seen: NDArray[np.uint8],
                   position: NDArray[np.float32], attribute: NDArray[np.float32]) -> None:
    """Vertices of the seen blocks of one level: place relative to the eye into position[first:], unit normal into
    attribute[:, :3]."""
    inv = 0.5 / cell_m
    for j in range(SIDE):
        z = (corner_z + j) * cell_m - eye_z
        for i in range(SIDE):
            if not vertex_seen(seen, j, i):
                continue
            x = (corner_x + i) * cell_m - eye_x
            a = j + APRON
            b = i + APRON
            h = values[a, b]
            gx = (values[a, b + 1] - values[a, b - 1]) * inv
            gz = (values[a + 1, b] - values[a - 1, b]) * inv
            m = morph_amount(x, z, cell_m, last)
            if m > 0.0:
                oi = i & 1
                oj = j & 1
                # The coarser grid's edge (or diagonal) through this point runs between two even vertices.
                a0, b0, a1, b1 = a - oj, b - oi, a + oj, b + oi
                hc = 0.5 * (values[a0, b0] + values[a1, b1])
                wide = 0.25 * inv
                gxc = wide * (values[a0, b0 + 2] - values[a0, b0 - 2] + values[a1, b1 + 2] - values[a1, b1 - 2])
                gzc = wide * (values[a0 + 2, b0] - values[a0 - 2, b0] + values[a1 + 2, b1] - values[a1 - 2, b1])
                h += m * (hc - h)
                gx += m * (gxc - gx)
                gz += m * (gzc - gz)
            k = first + j * SIDE + i
            position[k, 0] = x
            position[k, 1] = h - eye_y
            position[k, 2] = z
            n = 1.0 / math.sqrt(1.0 + gx * gx + gz * gz)
            attribute[k, 0] = -gx * n
            attribute[k, 1] = n
            attribute[k, 2] = -gz * n


@exact
def level_faces(position: NDArray[np.float32], first: int, seen: NDArray[np.uint8], planes: NDArray[np.float64],
                hole_x0: int, hole_z0: int, hole_x1: int, hole_z1: int, below_y: float, faces: NDArray[np.int32],
                at: int, base: NDArray[np.float32], base_first: int) -> int:
    """Append the faces of the seen blocks in view to faces[at:] and return the new end.

    The hole (in vertices of this level) is what the finer level covers. Blocks whose base (the ground under a
    sheet of water; the same grid as position for the ground itself) lies wholly above below_y are left out.
    """
    for bj in range(BLOCKS):
        for bi in range(BLOCKS):
            j0 = bj * BLOCK
            i0 = bi * BLOCK
            if seen[bj, bi] == 0:
                continue
            low = 1.0e9
            high = -1.0e9
            ground = 1.0e9
            for j in range(j0, j0 + BLOCK + 1):
                for i in range(i0, i0 + BLOCK + 1):
                    y = position[first + j * SIDE + i, 1]
                    low = min(low, y)
                    high = max(high, y)
                    ground = min(ground, base[base_first + j * SIDE + i, 1])
            if ground > below_y:
                continue
            k0 = first + j0 * SIDE + i0
            k1 = first + (j0 + BLOCK) * SIDE + i0 + BLOCK
            if not box_in_view(planes, position[k0, 0], low, position[k0, 2], position[k1, 0], high, position[k1, 2]):
                continue
            for j in range(j0, j0 + BLOCK):
                inside_z = hole_z0 <= j < hole_z1
                for i in range(i0, i0 + BLOCK):
                    if inside_z and hole_x0 <= i < hole_x1:
                        continue
                    a = first + j * SIDE + i
                    c = a + SIDE + 1
                    faces[at, 0] = a
                    faces[at, 1] = a + SIDE
                    faces[at, 2] = c
                    faces[at + 1, 0] = a
                    faces[at + 1, 1] = c
                    faces[at + 1, 2] = a + 1
                    at += 2
    return at
