"""The simulator's picture: one packed state row in, one picture with its depth, normals and object ids out.

A frame is a pure function of its row (and, for optical flow, of the row before). A Renderer keeps buffers and the
heights of the ground between frames; it belongs to one thread at a time. The number of threads changes no byte.
"""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from world_model.sim.finish import finish
from world_model.sim.flow import flow_between
from world_model.sim.geometry import GROUND_VERTICES, Geometry, Scene, run_tasks, spans
from world_model.sim.light import prepare
from world_model.sim.mirror import solid_top
from world_model.sim.raster import SAMPLE_X, SAMPLE_Y, SAMPLES, draw
from world_model.sim.resolve import shade_rows, shade_water_rows
from world_model.sim.shadow import ON, SIZE_PX, cast, make_shadow_view, on_map, to_map
from world_model.sim.surface import noise_texture
from world_model.state import State

LEAST_PX = 16
MOST_PX = 8192
BANDS = 8


@dataclass(frozen=True)
class GBuffer:
    """One frame before it is finished. H, W are the picture's height and width.

    hdr (H, W, 3) float32 linear radiance >= 0; depth_m (H, W) float32 metres along the viewing axis, 1e4 for the sky;
    normal (H, W, 3) float32 unit in the world, 0 for the sky; object_id (H, W) int16: 0 sky, 1 ground, 2 water,
    3 growth, 4 structure, 10 + slot a body; flow_px (H, W, 2) float32 movement since the row before in pixels, right
    and down, or None when it was not asked for.
    """

    hdr: NDArray[np.float32]
    depth_m: NDArray[np.float32]
    normal: NDArray[np.float32]
    object_id: NDArray[np.int16]
    flow_px: NDArray[np.float32] | None = None


def packed_rows(state: State | NDArray[np.float32]) -> NDArray[np.float32]:
    """(T, 328) float32, every number finite."""
    rows = state.pack().numpy() if isinstance(state, State) else np.asarray(state, np.float32)
    if rows.ndim == 1:
        rows = rows[None]
    return np.clip(np.nan_to_num(rows, nan=0.0, posinf=0.0, neginf=0.0), -1.0e6, 1.0e6).astype(np.float32)


class Renderer:
    """Draws rows of a State as pictures of size_px = (width, height), each 16 to 8192 pixels (else ValueError)."""

    def __init__(self, size_px: tuple[int, int], threads: int = 2) -> None:
        width, height = int(size_px[0]), int(size_px[1])
        if not (LEAST_PX <= width <= MOST_PX and LEAST_PX <= height <= MOST_PX):
            raise ValueError(f"a picture must be {LEAST_PX} to {MOST_PX} pixels wide and high, not {width} x {height}")
        self.size_px = (width, height)
        self.threads = max(1, int(threads))
        self._pool = ThreadPoolExecutor(self.threads) if self.threads > 1 else None
        self._geometry = Geometry(self.size_px, self._pool)
        self._nearness = np.zeros((height, SAMPLES, width), np.float32)
        self._seen = np.zeros((height, SAMPLES, width), np.int32)
        self._first = np.zeros((height, width, 3), np.float32)
        self._weight = np.zeros((height, width), np.float32)
        self._shadow = np.zeros((SIZE_PX, SIZE_PX), np.float32)

    def close(self) -> None:
        """Let the worker threads go; the Renderer must not be used afterwards."""
        if self._pool is not None:
            self._pool.shutdown()

    def geometry(self, state: State | NDArray[np.float32], i: int = 0, want_flow: bool = False) -> GBuffer:
        """Frame i of a State (or of packed rows (T, 328)) as a GBuffer with arrays of its own."""
        rows = packed_rows(state if not isinstance(state, State) else state.rows(max(0, i - 1), i + 1))
        at = i if not isinstance(state, State) else len(rows) - 1
        row = np.ascontiguousarray(rows[at])
        light = prepare(row, self.size_px[0])
        scene = self._geometry.build(row, light)
        buffer = self._shade(scene, light)
        if not want_flow:
            return buffer
        before = np.ascontiguousarray(rows[max(0, at - 1)])
        flow = flow_between(before, row, self.size_px, buffer.depth_m, buffer.object_id)
        return GBuffer(buffer.hdr, buffer.depth_m, buffer.normal, buffer.object_id, flow)

    def render(self, state: State | NDArray[np.float32], i: int = 0, seed: int = 0) -> NDArray[np.uint8]:
        """Frame i as sRGB (H, W, 3) uint8, in the row's style."""
        rows = packed_rows(state if not isinstance(state, State) else state.rows(i, i + 1))
        row = rows[0 if isinstance(state, State) else i]
        return finish(self.geometry(row), row, seed, self.threads)

    def channels(self, state: State | NDArray[np.float32], i: int = 0, seed: int = 0) -> Mapping[str, NDArray]:
        """Frame i as rgb (H, W, 3) uint8, depth_m, flow_px, object_id (as in GBuffer) and edge (H, W) float32 [0, 1]
        where depth, thing or slope change."""
        buffer = self.geometry(state, i, want_flow=True)
        rows = packed_rows(state if not isinstance(state, State) else state.rows(i, i + 1))
        row = rows[0 if isinstance(state, State) else i]
        assert buffer.flow_px is not None
        return {"rgb": finish(buffer, row, seed, self.threads), "depth_m": buffer.depth_m, "flow_px": buffer.flow_px,
                "object_id": buffer.object_id, "edge": edges_of(buffer)}

    def _shade(self, scene: Scene, light: NDArray[np.float32]) -> GBuffer:
        width, height = self.size_px
        shadow_view = self._cast(scene, light)
        depth = np.empty((height, width), np.float32)
        normal = np.empty((height, width, 3), np.float32)
        objects = np.empty((height, width), np.int16)
        texture = noise_texture()
        bands = [(2 * a, min(2 * b, height)) for a, b in spans((height + 1) // 2, BANDS)]
        faces = len(scene.faces)

        def first(a: int, b: int) -> None:
            self._nearness[a:b] = 0.0
            self._seen[a:b] = -1
            draw(scene.screen, scene.faces, 0, faces, scene.rows, a, b, self._nearness, self._seen, SAMPLE_X, SAMPLE_Y)
            shade_rows(a, b, self._seen, self._nearness, scene.view, light, texture, shadow_view, self._shadow,
                       scene.position, scene.attribute, scene.screen, scene.faces, scene.owner,
                       scene.instance_object, self._first, self._weight, depth, normal, objects, *scratch(),
                       np.full(((b - a) // 2 + 3, width // 2 + 3, 4), np.nan, np.float32))

        run_tasks(self._pool, [lambda a=a, b=b: first(a, b) for a, b in bands])
        if scene.water_end == scene.ground_end:
            return GBuffer(self._first.copy(), depth, normal, objects)
        top = solid_top(objects)
        hdr = np.empty((height, width, 3), np.float32)
        def second(a: int, b: int) -> None:
            shade_water_rows(a, b, self._seen, self._nearness, scene.view, light, texture, shadow_view, self._shadow,
                             scene.position, scene.attribute, scene.screen, scene.faces, scene.owner, self._first,
                             self._weight, depth, objects, top, hdr, *scratch())

        run_tasks(self._pool, [lambda a=a, b=b: second(a, b) for a, b in bands])
        return GBuffer(hdr, depth, normal, objects)

    def _cast(self, scene: Scene, light: NDArray[np.float32]) -> NDArray[np.float64]:
        """Fill the shadow map; the shadow array that tells how to read it."""
        shadow_view = make_shadow_view(light, scene.view)
        if shadow_view[ON] <= 0.0 or len(scene.faces) == scene.water_end:
            shadow_view[ON] = 0.0
            return shadow_view

        spot = np.empty_like(scene.position)
        found = np.empty(len(scene.faces), np.int32)
        vertex, face = 2 * GROUND_VERTICES, scene.water_end
        run_tasks(self._pool, [lambda a=a, b=b: to_map(shadow_view, scene.position, vertex + a, vertex + b, spot)
                               for a, b in spans(len(scene.position) - vertex, 2)])
        pieces = [(face + a, face + b) for a, b in spans(len(scene.faces) - face, 2)]
        ends: dict[int, int] = {}

        def choose(a: int, b: int) -> None:
            ends[a] = on_map(spot, scene.faces, a, b, found)

        run_tasks(self._pool, [lambda a=a, b=b: choose(a, b) for a, b in pieces])

        def part(a: int, b: int) -> None:
            self._shadow[a:b] = -1.0e9
            for start, end in ends.items():
                cast(spot, scene.faces, found, start, end, a, b, self._shadow)

        run_tasks(self._pool, [lambda a=a, b=b: part(a, b) for a, b in spans(SIZE_PX, 4)])
        return shadow_view


def scratch() -> tuple[NDArray[np.int32], NDArray[np.float64]]:
    """Room for the surfaces of one pixel, as `gather` fills it."""
    return np.empty(SAMPLES, np.int32), np.empty((SAMPLES, 4), np.float64)


def edges_of(buffer: GBuffer) -> NDArray[np.float32]:
    """(H, W) float32 in [0, 1]: outlines where the thing changes, the depth jumps or the surface bends."""
    depth = np.log(np.maximum(buffer.depth_m, 0.01))
    out = np.zeros(depth.shape, np.float32)
    for axis in (0, 1):
        jump = np.clip(np.abs(np.diff(depth, axis=axis)) * 6.0 - 0.25, 0.0, 1.0)
        bend = np.clip(0.9 - (np.take(buffer.normal, range(1, depth.shape[axis]), axis)
                              * np.take(buffer.normal, range(depth.shape[axis] - 1), axis)).sum(-1), 0.0, 1.0)
        change = np.diff(buffer.object_id, axis=axis) != 0
        edge = np.maximum(np.maximum(jump, 0.7 * bend), change).astype(np.float32)
        pad = [(0, 1), (0, 0)] if axis == 0 else [(0, 0), (0, 1)]
        out = np.maximum(out, np.pad(edge, pad))
    return out
