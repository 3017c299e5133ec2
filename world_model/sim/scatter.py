"""What stands on the ground: thousands of instances of a few templates, found anew for every frame.

A template owns a grid of cells that covers the world; a hash of the cell says whether, where, how large and how
turned its one instance is. A frame only visits the cells in range and in view, so the world has no end and needs
no memory. All choices are smooth: an instance grows out of the ground as the world's mixture, the density, the
variant or the camera's distance pass its own threshold, so nothing pops.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from world_model.sim.clipmap import box_in_view
from world_model.sim.compiled import exact
from world_model.sim.mesh import Template
from world_model.sim.noise import lattice_hash, smoothstep, triangle_wave, unit_high, unit_low
from world_model.sim.skyline import headroom
from world_model.sim.terrain import height, trail_x
from world_model.state import GROUND, offsets
from world_model.vocabulary import SETTINGS

_PLACE = offsets()["place"].start
_GROUND = offsets()["ground"].start
_DENSITY = _GROUND + GROUND.index("density")
_SCALE = _GROUND + GROUND.index("object_scale")
_VARIANT = _GROUND + GROUND.index("variant")
_KINDS = len(SETTINGS)
_MIX = np.uint64(0x9E3779B97F4A7C15)

# Numbers of one template, as columns of Library.rule; the settings' amounts come after them.
CELL, RANGE, TALL_0, TALL_1, WIDE_0, WIDE_1, BASE_0, BASE_1, DRIFT, SLOPE, WATER, CLEAR, AVENUE, OBJECT, REACH, LODS, \
    FIRST_LOD, SEED, AMOUNTS = range(19)
WATER_WORDS = ("avoid", "bed", "float", "any")

# What hangs higher than this is no part of the land; what a skyline would leave less of than this share goes.
AFLOAT_M = 2.0
GONE = 0.12

# Columns of an instance: place relative to the eye, turn, size across and up, wind phase, tint, glow.
IX, IY, IZ, YAW, WIDE, TALL, PHASE, TINT, LIT, FIELDS = range(10)
# A nearer level of detail is used from this height on screen (pixels) upwards.
LOD_PX = np.array([80.0, 26.0, 9.0])


@dataclass(frozen=True)
class Library:
    """All templates in a few arrays.

    rule (K, 19 + 17) float64; lods (L, 4) int32: first and last vertex, first and last face; vertices, normals
    (V, 3) float32; faces (F, 3) int32 counted from the lod's first vertex; role (V,) int8; shade, sway (V,) float32.
    """

    rule: NDArray[np.float64]
    lods: NDArray[np.int32]
    vertices: NDArray[np.float32]
    normals: NDArray[np.float32]
    faces: NDArray[np.int32]
    role: NDArray[np.int8]
    shade: NDArray[np.float32]
    sway: NDArray[np.float32]


def make_library(templates: tuple[Template, ...]) -> Library:
    """Pack templates for the compiled functions."""
    rule = np.zeros((len(templates), AMOUNTS + _KINDS))
    lods: list[tuple[int, int, int, int]] = []
    meshes = [mesh for t in templates for mesh in t.lods]
    at = 0
    vertex = face = 0
    for k, t in enumerate(templates):
        reach = max(float(np.abs(m.vertices[:, ::2]).max()) for m in t.lods)
        rule[k, :AMOUNTS] = (t.cell_m, t.range_m, *t.height_m, *t.width, *t.base_m, t.drift_m, t.slope_max,
                             WATER_WORDS.index(t.water), t.trail_clear_m, t.align == "avenue", t.object_id, reach,
                             len(t.lods), at, 1000 + 17 * k)
        rule[k, AMOUNTS:] = t.amounts
        for m in t.lods:
            lods.append((vertex, vertex + len(m.vertices), face, face + len(m.faces)))
            vertex += len(m.vertices)
            face += len(m.faces)
        at += len(t.lods)
    return Library(rule, np.array(lods, np.int32), np.concatenate([m.vertices for m in meshes]).astype(np.float32),
                   np.concatenate([m.normals for m in meshes]).astype(np.float32),
                   np.concatenate([m.faces for m in meshes]).astype(np.int32),
                   np.concatenate([m.role for m in meshes]).astype(np.int8),
                   np.concatenate([m.shade for m in meshes]).astype(np.float32),
                   np.concatenate([m.sway for m in meshes]).astype(np.float32))


@exact
def template_amount(rule: NDArray[np.float64], row: NDArray[np.float32]) -> float:
    """Share of cells [0, 1] that hold an instance in this world."""
    total = 0.0
    for i in range(_KINDS):
        total += float(row[_PLACE + i]) * rule[AMOUNTS + i]
    return min(1.0, max(0.0, total * float(row[_DENSITY])))


@exact
def find_instances(rule: NDArray[np.float64], row: NDArray[np.float32], time_s: float, level: float,
                   view: NDArray[np.float64], planes: NDArray[np.float64], low_y: float, high_y: float,
                   everywhere_m: float, found: NDArray[np.float32], lod_of: NDArray[np.int32]) -> int:
    """Instances of one template: their columns into found, their level of detail into lod_of; returns how many.

    low_y and high_y bound the ground (metres above 0) and level is the water's height. Instances out of view are
    left out unless they are nearer than everywhere_m (they may still cast shadows into the picture).
    """
    amount = template_amount(rule, row)
    scale = float(row[_SCALE])
    if amount <= 0.0 or scale <= 0.01:
        return 0
    eye_x, eye_y, eye_z = view[0], view[1], view[2]
    variant = float(row[_VARIANT])
    cell = rule[CELL]
    reach_m = rule[RANGE]
    seed = int(rule[SEED])
    water = int(rule[WATER])
    lods = int(rule[LODS])
    wide_most = rule[REACH] * rule[WIDE_1] * rule[TALL_1] * scale
    side = wide_most + 0.5 * cell + rule[DRIFT]
    top = rule[TALL_1] * scale + rule[BASE_1] + rule[DRIFT] + 1.0
    box_low = low_y - eye_y - 1.0
    box_high = max(high_y, level) - eye_y + top
    jitter = 0.16 if rule[AVENUE] > 0.5 else 0.86
    count = 0
    k0 = math.floor((eye_z - reach_m) / cell)
    k1 = math.floor((eye_z + reach_m) / cell)
    i0 = math.floor((eye_x - reach_m) / cell)
    i1 = math.floor((eye_x + reach_m) / cell)
    for k in range(k0, k1 + 1):
        mid_z = (k + 0.5) * cell - eye_z
        for i in range(i0, i1 + 1):
            h = lattice_hash(i, k, seed)
            u = 0.5 + 0.5 * triangle_wave(unit_high(h) + variant * (0.1 + 0.3 * unit_low(h)))
            grow = smoothstep(0.9 * u, 0.9 * u + 0.1, amount)
            if grow <= 0.0:
                continue
            mid_x = (i + 0.5) * cell - eye_x
            flat2 = mid_x * mid_x + mid_z * mid_z
            if flat2 > reach_m * reach_m:
                continue
            near = flat2 < everywhere_m * everywhere_m
            if not near and not box_in_view(planes, mid_x - side, box_low, mid_z - side, mid_x + side, box_high,
                                            mid_z + side):
                continue
            h2 = h * _MIX
            h2 ^= h2 >> np.uint64(31)
            h3 = h2 * _MIX
            h3 ^= h3 >> np.uint64(29)
            h4 = h3 * _MIX
            h4 ^= h4 >> np.uint64(31)
            x = (i + 0.5 + jitter * (unit_high(h2) - 0.5)) * cell
            z = (k + 0.5 + jitter * (unit_low(h2) - 0.5)) * cell
            size = unit_high(h3)
            tall = scale * (rule[TALL_0] + (rule[TALL_1] - rule[TALL_0]) * size * (0.4 + 0.6 * size))
            wide = tall * (rule[WIDE_0] + (rule[WIDE_1] - rule[WIDE_0]) * unit_low(h3))
            radius = rule[REACH] * wide
            clear = rule[CLEAR]
            if clear > 0.0:
                away = abs(x - trail_x(row, z)) - min(radius, 0.5 * clear)
                grow *= smoothstep(0.55 * clear, 1.05 * clear, away)
                if grow <= 0.0:
                    continue
            y = height(row, x, z, time_s)
            if rule[SLOPE] < 3.0:
                sx = height(row, x + 0.8, z, time_s) - y
                sz = height(row, x, z + 0.8, time_s) - y
                slope = math.sqrt(sx * sx + sz * sz) / 0.8
                grow *= smoothstep(rule[SLOPE], 0.7 * rule[SLOPE], slope)
            if water == 0:
                grow *= smoothstep(level + 0.05, level + 0.7, y)
            elif water == 1:
                grow *= smoothstep(level - 0.3, level - 1.5, y)
                room = max(level - y, 0.0) * 0.85
                if rule[BASE_1] <= 0.0 and tall > room:
                    wide *= 0.5 + 0.5 * room / tall
                    tall = room
            elif water == 2:
                grow *= smoothstep(level - 0.1, level - 0.8, y)
            if grow <= 0.0:
                continue
            if water == 2:
                y = level
            elif water == 3 and rule[BASE_1] > 0.0:
                y = max(y, level)
            if rule[BASE_1] <= AFLOAT_M:
                # Before a drawn skyline things stay low; what would be too low is not there, walls keep their width.
                room = headroom(row, x, z, y, radius)
                if tall > room:
                    less = room / tall
                    grow *= smoothstep(GONE, GONE + 0.15, less)
                    if grow <= 0.0:
                        continue
                    tall = room
                    if rule[AVENUE] <= 0.5:
                        wide *= less
            y += rule[BASE_0] + (rule[BASE_1] - rule[BASE_0]) * unit_high(h4)
            if rule[DRIFT] > 0.0:
                d = rule[DRIFT]
                a = 6.2832 * unit_low(h4)
                speed = 0.5 + unit_high(h2)
                x += d * math.sin(0.31 * speed * time_s + a)
                z += d * math.sin(0.27 * speed * time_s + 2.1 * a)
                y += 0.4 * d * math.sin(0.43 * speed * time_s + 3.3 * a)
            x -= eye_x
            z -= eye_z
            y -= eye_y
            flat = math.sqrt(x * x + z * z)
            grow *= smoothstep(reach_m, 0.78 * reach_m, flat)
            # Whatever comes close to the lens shrinks out of its way.
            rise = max(max(y, -(y + tall)), 0.0)
            gap = math.sqrt(flat * flat + rise * rise) - 0.6 * radius
            shy = min(1.4, 0.12 + 0.35 * tall)
            grow *= smoothstep(0.25 * shy, shy, gap)
            if grow <= 0.004 or count >= found.shape[0]:
                continue
            tall *= grow
            wide *= grow
            px = view[12] * max(tall, 0.6 * radius * grow) / max(math.sqrt(flat * flat + y * y), 0.3)
            if px < 0.35:
                continue
            lod = 0
            while lod < lods - 1 and px < LOD_PX[min(lod, 2)]:
                lod += 1
            turn = 6.2832 * unit_high(h4 * _MIX)
            if rule[AVENUE] > 0.5:
                turn = 1.5707963 * math.floor(4.0 * unit_high(h4 * _MIX))
            found[count, IX] = x
            found[count, IY] = y - 0.015 * tall
            found[count, IZ] = z
            found[count, YAW] = turn
            found[count, WIDE] = wide
            found[count, TALL] = tall
            found[count, PHASE] = 6.2832 * unit_low(h3)
            found[count, TINT] = unit_low(h2)
            found[count, LIT] = unit_high(h2)
            lod_of[count] = int(rule[FIRST_LOD]) + lod
            count += 1
    return count


@exact
def place_instances(found: NDArray[np.float32], lod_of: NDArray[np.int32], start: int, stop: int,
                    first_vertex: NDArray[np.int64], first_face: NDArray[np.int64], owner_base: int,
                    lods: NDArray[np.int32], vertices: NDArray[np.float32], normals: NDArray[np.float32],
                    mesh_faces: NDArray[np.int32], role: NDArray[np.int8], shade: NDArray[np.float32],
                    sway: NDArray[np.float32], colours: NDArray[np.float32], wind_x: float, wind_z: float,
                    time_s: float, view: NDArray[np.float64], position: NDArray[np.float32],
                    attribute: NDArray[np.float32], faces: NDArray[np.int32], owner: NDArray[np.int32]) -> None:
    """Write instances [start, stop) as triangles: instance k from first_vertex[k] and first_face[k] on.

    colours (10, 3) are the linear RGB of the mesh roles; wind is the bend of a stem at its top, as a share of its
    height.
    """
    for k in range(start, stop):
        c = math.cos(found[k, YAW])
        s = math.sin(found[k, YAW])
        wide = found[k, WIDE]
        tall = found[k, TALL]
        ox, oy, oz = found[k, IX], found[k, IY], found[k, IZ]
        # Gusts travel over the land; every stem adds its own beat.
        wave = 0.09 * (ox + view[0]) + 0.07 * (oz + view[2]) - 0.6 * found[k, PHASE]
        gust = 0.55 + 0.45 * math.sin(1.3 * time_s - wave)
        beat = 0.22 * math.sin((2.3 + 0.7 * found[k, TINT]) * time_s + found[k, PHASE])
        bend_x = (wind_x * (gust + beat) - wind_z * 0.3 * beat) * tall
        bend_z = (wind_z * (gust + beat) + wind_x * 0.3 * beat) * tall
        tint = 0.84 + 0.32 * found[k, TINT]
        warm = 0.94 + 0.12 * found[k, LIT]
        lod = lod_of[k]
        v0 = lods[lod, 0]
        at = first_vertex[k]
        for v in range(v0, lods[lod, 1]):
            x = vertices[v, 0] * wide
            y = vertices[v, 1] * tall
            z = vertices[v, 2] * wide
            w = sway[v]
            position[at, 0] = ox + c * x + s * z + w * bend_x
            position[at, 1] = oy + y
            position[at, 2] = oz - s * x + c * z + w * bend_z
            nx = normals[v, 0] * tall
            ny = normals[v, 1] * wide
            nz = normals[v, 2] * tall
            n = 1.0 / max(math.sqrt(nx * nx + ny * ny + nz * nz), 1.0e-9)
            attribute[at, 0] = (c * nx + s * nz) * n
            attribute[at, 1] = ny * n
            attribute[at, 2] = (c * nz - s * nx) * n
            r = role[v]
            t = shade[v] * tint
            attribute[at, 3] = colours[r, 0] * t * warm
            attribute[at, 4] = colours[r, 1] * t
            attribute[at, 5] = colours[r, 2] * t * (2.0 - warm)
            attribute[at, 6] = 0.0
            attribute[at, 7] = 0.0
            if r == 9:
                attribute[at, 7] = smoothstep(0.25, 0.6, found[k, LIT])
            elif r == 4 or r == 3:
                attribute[at, 6] = 0.25
            at += 1
        shift = np.int32(first_vertex[k])
        to = first_face[k]
        for f in range(lods[lod, 2], lods[lod, 3]):
            faces[to, 0] = mesh_faces[f, 0] + shift
            faces[to, 1] = mesh_faces[f, 1] + shift
            faces[to, 2] = mesh_faces[f, 2] + shift
            owner[to] = owner_base + k
            to += 1
