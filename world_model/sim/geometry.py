"""One frame as triangles: ground, water sheet, instances and bodies in a few flat arrays.

A Geometry belongs to one Renderer and one thread at a time; it keeps its buffers from frame to frame, and of the
results only pure ones (heights of the ground).
"""

from __future__ import annotations

import math
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from world_model.sim import clipmap, scatter
from world_model.sim.bodies import pose_bodies
from world_model.sim.compiled import exact
from world_model.sim.flora import templates as flora_templates
from world_model.sim.mesh import FIXED_COLOURS
from world_model.sim.optics import P_PALETTE
from world_model.sim.raster import bound, project
from world_model.sim.structures import templates as structure_templates
from world_model.sim.terrain import moves, water_level
from world_model.sim.view import make_view, side_planes
from world_model.state import WEATHER, offsets

_AT = offsets()
_WIND = _AT["weather"].start + WEATHER.index("wind_mps")
_WIND_YAW = _AT["weather"].start + WEATHER.index("wind_yaw_rad")
TERRAIN, WATER, INSTANCE = 1, 2, 1000
LEVEL_VERTICES = clipmap.SIDE * clipmap.SIDE
GROUND_VERTICES = clipmap.LEVELS * LEVEL_VERTICES
ATTRIBUTES = 8
SHADOW_REACH_M = 40.0
MOST_INSTANCES = 6000

Task = Callable[[], None]


@lru_cache(maxsize=1)
def library() -> scatter.Library:
    """All templates of the world, packed (built once per process)."""
    return scatter.make_library((*flora_templates(), *structure_templates()))


@dataclass(frozen=True)
class Scene:
    """Triangles of one frame; the arrays are views into buffers that the next frame reuses.

    position (V, 3) float32 relative to the eye, attribute (V, 8) float32: normal, linear RGB (for water: the height
    of the ground below in the first), gloss, emissive; screen (V, 3) float32 homogeneous pixels; faces (T, 3) int32;
    rows (T, 2) int16 touched rows; owner (T,) int32: 1 ground, 2 water, 10 + slot a body, 1000 + k instance k;
    instance_object (K,) int16 object id of instance k. Faces run: ground, water (until water_end), the rest.
    """

    view: NDArray[np.float64]
    level_m: float
    position: NDArray[np.float32]
    attribute: NDArray[np.float32]
    screen: NDArray[np.float32]
    faces: NDArray[np.int32]
    rows: NDArray[np.int16]
    owner: NDArray[np.int32]
    instance_object: NDArray[np.int16]
    ground_end: int
    water_end: int
    body_start: int


def run_tasks(pool: ThreadPoolExecutor | None, tasks: list[Task]) -> None:
    """Run all tasks, in order without a pool; an error in one of them is raised here."""
    if pool is None:
        for task in tasks:
            task()
        return
    for done in [pool.submit(task) for task in tasks]:
        done.result()


def spans(count: int, parts: int) -> list[tuple[int, int]]:
    """[0, count) in at most `parts` near-equal pieces."""
    edges = [count * k // parts for k in range(parts + 1)]
    return [(a, b) for a, b in pairwise(edges) if b > a]


@exact
def lay_water(position: NDArray[np.float32], attribute: NDArray[np.float32], start: int, shift: int, level: float,
              seen: NDArray[np.uint8]) -> None:
    """The water's vertices over the seen ground vertices of the grid that starts at vertex `start`: `shift` places
    later, at level (relative to the eye)."""
    for j in range(clipmap.SIDE):
        for i in range(clipmap.SIDE):
            if clipmap.vertex_seen(seen, j, i):
                k = start + j * clipmap.SIDE + i
                w = k + shift
                position[w, 0] = position[k, 0]
                position[w, 1] = level
                position[w, 2] = position[k, 2]
                attribute[w, 0] = 0.0
                attribute[w, 1] = 1.0
                attribute[w, 2] = 0.0
                attribute[w, 3] = position[k, 1]


@exact
def project_level(view: NDArray[np.float64], position: NDArray[np.float32], start: int, seen: NDArray[np.uint8],
                  screen: NDArray[np.float32]) -> None:
    """`project` for the seen vertices of the grid that starts at vertex `start`."""
    for bj in range(clipmap.BLOCKS):
        for bi in range(clipmap.BLOCKS):
            if seen[bj, bi] != 0:
                for j in range(bj * clipmap.BLOCK, (bj + 1) * clipmap.BLOCK + 1):
                    k = start + j * clipmap.SIDE + bi * clipmap.BLOCK
                    project(view, position, k, k + clipmap.BLOCK + 1, screen)


class Geometry:
    """Builds Scenes of size_px = (width, height)."""

    def __init__(self, size_px: tuple[int, int], pool: ThreadPoolExecutor | None) -> None:
        self.size_px = size_px
        self._pool = pool
        self._levels = [clipmap.LevelHeights(k) for k in range(clipmap.LEVELS)]
        self._library = library()
        kinds = len(self._library.rule)
        self._found = [np.empty((0, scatter.FIELDS), np.float32)] * kinds
        self._lod_of = [np.empty(0, np.int32)] * kinds
        self._reserve(2 * GROUND_VERTICES + 20_000, 150_000)

    def _reserve(self, vertices: int, faces: int) -> None:
        """Room for at least so many vertices and faces; what is there stays."""
        if not hasattr(self, "_position"):
            self._position = np.zeros((0, 3), np.float32)
            self._attribute = np.zeros((0, ATTRIBUTES), np.float32)
            self._faces = np.zeros((0, 3), np.int32)
            self._owner = np.zeros(0, np.int32)
            self._screen = np.zeros((0, 3), np.float32)
            self._rows = np.zeros((0, 2), np.int16)
        if vertices > len(self._position):
            extra = int(vertices * 1.3) - len(self._position)
            self._position = np.concatenate([self._position, np.zeros((extra, 3), np.float32)])
            self._attribute = np.concatenate([self._attribute, np.zeros((extra, ATTRIBUTES), np.float32)])
            self._screen = np.zeros((len(self._position), 3), np.float32)
        if faces > len(self._faces):
            extra = int(faces * 1.3) - len(self._faces)
            self._faces = np.concatenate([self._faces, np.zeros((extra, 3), np.int32)])
            self._owner = np.concatenate([self._owner, np.zeros(extra, np.int32)])
            self._rows = np.zeros((len(self._faces), 2), np.int16)

    def build(self, row: NDArray[np.float32], light: NDArray[np.float32]) -> Scene:
        """The Scene of a packed row (328,) float32, finite, under its light table (optics)."""
        view = make_view(row, self.size_px)
        planes = side_planes(view)
        time_s = float(row[_AT["time_s"]][0])
        level = float(water_level(row))
        ground_end, water_end, vertex_end = self._ground(row, view, planes, time_s, level)
        body_start, face_end, vertex_end, instance_object = self._instances(row, light, view, planes, time_s, level,
                                                                            water_end, vertex_end)
        face_end, vertex_end = self._bodies(row, view, time_s, face_end, vertex_end)
        width, height = self.size_px
        grids = [(k * LEVEL_VERTICES + shift, grid) for shift in (0, GROUND_VERTICES) for k, grid in
                 enumerate(self._levels) if shift == 0 or water_end > ground_end]
        rest = 2 * GROUND_VERTICES
        run_tasks(self._pool, [*(lambda a=a, grid=grid: project_level(view, self._position, a, grid.seen, self._screen)
                                 for a, grid in grids),
                               *(lambda a=a, b=b: project(view, self._position, rest + a, rest + b, self._screen)
                                 for a, b in spans(vertex_end - rest, 4))])
        run_tasks(self._pool, [lambda a=a, b=b: bound(self._screen, self._faces, a, b, ground_end, water_end, width,
                                                      height, self._rows) for a, b in spans(face_end, 4)])
        return Scene(view, level, self._position[:vertex_end], self._attribute[:vertex_end],
                     self._screen[:vertex_end], self._faces[:face_end], self._rows[:face_end],
                     self._owner[:face_end], instance_object, ground_end, water_end, body_start)

    def _ground(self, row: NDArray[np.float32], view: NDArray[np.float64], planes: NDArray[np.float64],
                time_s: float, level: float) -> tuple[int, int, int]:
        """Ground and water sheet; ends of their faces, and of the vertices."""
        moving = bool(moves(row))
        parts = ("place", "ground", "skyline", "time_s") if moving else ("place", "ground", "skyline")
        key = b"".join(row[_AT[name]].tobytes() for name in parts)
        x, y, z = (float(v) for v in view[:3])

        holes = self._holes(x, z)

        def measure(k: int) -> None:
            grid = self._levels[k]
            grid.update(row, key, x, y, z, time_s, planes, holes[k], level)
            clipmap.level_vertices(grid.values, *grid.corner, grid.cell_m, k == clipmap.LEVELS - 1, x, y, z,
                                   k * LEVEL_VERTICES, grid.seen, self._position, self._attribute)

        run_tasks(self._pool, [lambda k=k: measure(k) for k in range(clipmap.LEVELS)])
        low_m, high_m = min(grid.low_m for grid in self._levels), max(grid.high_m for grid in self._levels)
        # Between the heights that were looked at the land may be a little lower or higher.
        slack_m = 4.0 + 0.25 * (high_m - low_m)
        self.low_m, self.high_m = low_m - slack_m, high_m + slack_m
        at = self._ground_faces(planes, holes, 0, 1.0e9)
        self._owner[:at] = TERRAIN
        ground_end = at
        if self.low_m < level:
            run_tasks(self._pool, [lambda k=k, grid=grid: lay_water(self._position, self._attribute, k * LEVEL_VERTICES,
                                                                    GROUND_VERTICES, level - y, grid.seen)
                                   for k, grid in enumerate(self._levels)])
            at = self._ground_faces(planes, holes, GROUND_VERTICES, level - y + 0.01, at)
            self._owner[ground_end:at] = WATER
        return ground_end, at, 2 * GROUND_VERTICES

    def _holes(self, x: float, z: float) -> list[tuple[int, int, int, int]]:
        """What the next finer level covers of each level round (x, z), in vertices: x0, z0, x1, z1."""
        holes = [(0, 0, 0, 0)]
        corners = [grid.corner_for(x, z) for grid in self._levels]
        for here, finer in zip(corners[1:], corners[:-1], strict=True):
            x0, z0 = finer[0] // 2 - here[0], finer[1] // 2 - here[1]
            half = clipmap.CELLS // 2
            holes.append((x0 + 1, z0 + 1, x0 + half - 1, z0 + half - 1))
        return holes

    def _ground_faces(self, planes: NDArray[np.float64], holes: list[tuple[int, int, int, int]], shift: int,
                      below_y: float, at: int = 0) -> int:
        for k, grid in enumerate(self._levels):
            at = clipmap.level_faces(self._position, k * LEVEL_VERTICES + shift, grid.seen, planes, *holes[k], below_y,
                                     self._faces, at, self._position, k * LEVEL_VERTICES)
            self._reserve(0, at + 2 * clipmap.CELLS * clipmap.CELLS)
        return at

    def _instances(self, row: NDArray[np.float32], light: NDArray[np.float32], view: NDArray[np.float64],
                   planes: NDArray[np.float64], time_s: float, level: float, face: int,
                   vertex: int) -> tuple[int, int, int, NDArray[np.int16]]:
        """Everything that stands on the ground; start of the bodies' faces, ends of faces and vertices, object ids."""
        lib = self._library
        live = [k for k in range(len(lib.rule)) if scatter.template_amount(lib.rule[k], row) > 0.0]
        counts = dict.fromkeys(live, 0)

        def look(k: int) -> None:
            if not len(self._found[k]):
                cells = math.pi * (lib.rule[k, scatter.RANGE] / lib.rule[k, scatter.CELL] + 1.0) ** 2
                room = min(int(cells) + 64, MOST_INSTANCES)
                self._found[k] = np.empty((room, scatter.FIELDS), np.float32)
                self._lod_of[k] = np.empty(room, np.int32)
            counts[k] = scatter.find_instances(lib.rule[k], row, time_s, level, view, planes, self.low_m, self.high_m,
                                               SHADOW_REACH_M, self._found[k], self._lod_of[k])

        run_tasks(self._pool, [lambda k=k: look(k) for k in live])
        found = np.concatenate([np.zeros((0, scatter.FIELDS), np.float32), *(self._found[k][:counts[k]] for k in live)])
        lod_of = np.concatenate([np.zeros(0, np.int32), *(self._lod_of[k][:counts[k]] for k in live)])
        objects = np.repeat(np.array([lib.rule[k, scatter.OBJECT] for k in live], np.int16),
                            np.array([counts[k] for k in live], np.int64))
        sizes = lib.lods[lod_of] if len(lod_of) else np.zeros((0, 4), np.int32)
        first_vertex = vertex + np.concatenate([[0], np.cumsum(sizes[:, 1] - sizes[:, 0])]).astype(np.int64)
        first_face = face + np.concatenate([[0], np.cumsum(sizes[:, 3] - sizes[:, 2])]).astype(np.int64)
        self._reserve(int(first_vertex[-1]), int(first_face[-1]))
        colours = np.concatenate([light[P_PALETTE:P_PALETTE + 18].reshape(6, 3),
                                  np.array(FIXED_COLOURS, np.float32)]).astype(np.float32)
        wind = min(0.3, 0.016 * max(0.0, float(row[_WIND])))
        yaw = float(row[_WIND_YAW])
        run_tasks(self._pool, [lambda a=a, b=b: scatter.place_instances(
            found, lod_of, a, b, first_vertex, first_face, INSTANCE, lib.lods, lib.vertices, lib.normals, lib.faces,
            lib.role, lib.shade, lib.sway, colours, wind * math.sin(yaw), wind * math.cos(yaw), time_s, view,
            self._position, self._attribute, self._faces, self._owner) for a, b in spans(len(found), 4)])
        return int(first_face[-1]), int(first_face[-1]), int(first_vertex[-1]), objects

    def _bodies(self, row: NDArray[np.float32], view: NDArray[np.float64], time_s: float, face: int,
                vertex: int) -> tuple[int, int]:
        """The animated bodies; ends of faces and vertices."""
        body = pose_bodies(row, time_s)
        if body is None or not len(body.faces):
            return face, vertex
        v, f = len(body.vertices), len(body.faces)
        self._reserve(vertex + v, face + f)
        self._position[vertex:vertex + v] = body.vertices.astype(np.float64) - view[:3]
        attribute = self._attribute[vertex:vertex + v]
        attribute[:, 0:3], attribute[:, 3:6] = body.normals, body.colour
        attribute[:, 6], attribute[:, 7] = body.gloss, body.emissive
        self._faces[face:face + f] = body.faces + vertex
        self._owner[face:face + f] = body.object_id
        return face + f, vertex + v
