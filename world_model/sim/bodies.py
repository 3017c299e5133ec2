"""The animated bodies of one frame: every kind that is present, its company in formation, posed, coloured, in world
metres. A pure function of the packed row and the time."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from world_model import colour
from world_model.sim import body_air, body_land, body_people, body_sky, body_water
from world_model.sim.body_rig import BODY_COLOURS, FLAME, MIXED_COLOURS, Rig, incidence
from world_model.sim.mesh import FIXED_COLOURS, GLOW, Floats, Ints, Mesh
from world_model.state import BODY_SLOTS, GROUP, POSE, offsets
from world_model.vocabulary import BODIES, PALETTE_ROLES

Doubles = NDArray[np.float64]
MOST_MEMBERS = 48
RIGS: dict[str, Callable[[], Rig]] = {
    "bird": body_air.bird, "bee": body_air.bee, "butterfly": body_air.butterfly, "fish": body_water.fish,
    "whale": body_water.whale, "jellyfish": body_water.jellyfish, "boat": body_water.boat, "car": body_land.car,
    "train": body_land.train, "rocket": body_sky.rocket, "balloon": body_sky.balloon, "walker": body_people.walker,
    "fox": body_people.fox, "ball": body_land.ball, "planet": body_sky.planet, "lantern": body_sky.lantern,
    "dragon": body_sky.dragon, "kite": body_sky.kite}
GROUNDED = ("car", "train", "walker", "fox", "ball", "boat")
_AT = offsets()


@dataclass(frozen=True)
class BodyMesh:
    """vertices (V, 3) float32 metres in the world; normals (V, 3) float32; faces (F, 3) int32 wound as mesh.py says;
    colour (V, 3) float32 linear RGB; gloss (V,) and emissive (V,) float32 in [0, 1]; object_id (F,) int16 = 10 + slot.
    """

    vertices: Floats
    normals: Floats
    faces: Ints
    colour: Floats
    gloss: Floats
    emissive: Floats
    object_id: NDArray[np.int16]


@lru_cache(maxsize=64)
def _rig(kind: str) -> tuple[Rig, tuple[csr_matrix, csr_matrix]]:
    rig = RIGS[kind]()
    return rig, (incidence(rig.near), incidence(rig.member))


def role_colours(palette: NDArray[np.floating]) -> Doubles:
    """(18, 3) linear RGB of all roles for a palette (6, 3) in OKLab."""
    chosen = np.clip(colour.oklab_to_linear(palette), 0.0, 4.0)
    known = np.concatenate([chosen, np.array(FIXED_COLOURS), np.array(BODY_COLOURS)])
    mixed = [known[a] * (1 - share) + known[b] * share for a, b, share in MIXED_COLOURS]
    return np.concatenate([known, np.array(mixed)])


def _chance(index: Doubles, salt: int) -> Doubles:
    """Fixed numbers in [0, 1) per member: the golden and plastic ratios spread them evenly."""
    return (index * (0.6180339887, 0.7548776662, 0.5698402910)[salt % 3] + 0.37 * salt) % 1.0


def formation(kind: str, count: float, time_s: float) -> tuple[Doubles, Doubles, Doubles]:
    """Where the members are: offsets (N, 3) in units of the spread, x right, y up, z forward of the leader; small turns
    (N, 3) yaw, pitch, roll; scales (N,) in [0, 1], the last one by the fraction of the count. N = ceil(count).

    The leader is member 0, at the origin. Birds fly in a breathing V with a flock behind it, fish fill a ball that
    swells and turns, what walks and drives goes in file two by two, everything else drifts in a cloud.
    """
    whole = int(np.ceil(np.clip(count, 0.0, MOST_MEMBERS)))
    index = np.arange(max(whole, 1), dtype=np.float64)
    scale = np.clip(count - index, 0.0, 1.0)
    a, b, c = (_chance(index, k) * 2 * np.pi for k in (1, 2, 3))
    t = time_s
    drift = np.stack([np.sin(0.53 * t + a), np.sin(0.41 * t + b), np.sin(0.47 * t + c)], 1)
    turns = np.stack([0.10 * np.sin(0.61 * t + b), 0.07 * np.sin(0.83 * t + c), 0.10 * np.sin(0.71 * t + a)], 1)
    if kind in ("bird", "rocket", "dragon"):
        rank, side = np.ceil(index / 2), np.where(index % 2 == 1, 1.0, -1.0)
        place = np.stack([side * rank * 0.95, 0.12 * np.sin(0.9 * t - 0.55 * rank) * rank ** 0.5, -0.8 * rank], 1)
        crowd = np.maximum(index - 8, 0.0)                        # from the tenth on: a loose flock behind the V
        reach, angle = 1.25 * crowd ** 0.45 * (1 + 0.12 * np.sin(0.6 * t)), 2.39996 * crowd + 0.1 * np.sin(0.19 * t)
        behind = np.stack([reach * np.cos(angle), 0.9 * np.sin(b + 0.5 * np.sin(0.4 * t)),
                           -2.6 + 0.75 * reach * np.sin(angle)], 1)
        place = np.where(crowd[:, None] > 0, behind, place) + drift * np.array([0.22, 0.2, 0.25])
    elif kind in ("fish", "bee", "butterfly", "jellyfish", "lantern", "balloon", "planet", "kite", "whale"):
        radius = (0.7 * (index + 0.4)) ** (1 / 3) * (1.0 + 0.16 * np.sin(0.7 * t)) * 1.15
        height = 1 - 2 * ((index * 0.754877 + 0.3) % 1.0)
        angle = index * 2.39996 + 0.12 * np.sin(0.23 * t)
        ring = np.sqrt(np.maximum(1 - height ** 2, 0))
        long = 1.5 if kind in ("fish", "whale") else 1.0
        place = np.stack([ring * np.cos(angle), height * 0.62, ring * np.sin(angle) * long], 1) * radius[:, None]
        loose = 0.35 if kind in ("bee", "butterfly", "lantern") else 0.2
        place += drift * loose
    elif kind == "train":
        place = np.stack([1.6 * np.where(index % 2 == 1, 1.0, -1.0) * np.ceil(index / 2), 0 * index, -0.7 * index], 1)
    else:
        rank, side = np.ceil(index / 2), np.where(index % 2 == 1, 1.0, -1.0)
        place = np.stack([side * (0.45 + 0.2 * np.sin(a)), 0 * index, -rank * 1.05], 1)
        place += drift * np.array([0.12, 0.0, 0.15])
    if kind in GROUNDED:
        turns[:, 1:] = 0.0
    place[0], turns[0] = 0.0, 0.0
    return place, turns, scale


def _rotations(yaw: Doubles, pitch: Doubles, roll: Doubles) -> Doubles:
    """(N, 3, 3), as mesh.turn: roll, then pitch, then yaw."""
    cy, sy, cp, sp, cr, sr = np.cos(yaw), np.sin(yaw), np.cos(pitch), np.sin(pitch), np.cos(roll), np.sin(roll)
    return np.stack([np.stack([cy * cr - sy * sp * sr, -cy * sr - sy * sp * cr, sy * cp], -1),
                     np.stack([cp * sr, cp * cr, sp], -1),
                     np.stack([-sy * cr - cy * sp * sr, sy * sr - cy * sp * cr, cy * cp], -1)], -2)


def _normals(points: Doubles, mesh: Mesh, gather: csr_matrix) -> Floats:
    """(N, V, 3) unit normals of posed points (N, V, 3)."""
    f = mesh.faces
    a, b, c = points[:, f[:, 0]], points[:, f[:, 1]], points[:, f[:, 2]]
    u, v = b - a, c - a
    cross = np.empty_like(u)
    for k in range(3):
        i, j = (k + 1) % 3, (k + 2) % 3
        cross[..., k] = u[..., i] * v[..., j] - u[..., j] * v[..., i]
    count = len(points)
    total = gather @ cross.transpose(1, 0, 2).reshape(len(f), -1)
    total = total.reshape(-1, count, 3).transpose(1, 0, 2)
    length = np.sqrt((total * total).sum(-1, keepdims=True))
    return np.where(length > 1e-20, total / np.maximum(length, 1e-20), np.array([0.0, 1.0, 0.0])).astype(np.float32)


def _drawn(rig: Rig, mesh: Mesh, gather: csr_matrix, phase: Doubles, time_s: Doubles, places: Doubles, turns: Doubles,
           sizes: Doubles, palette: Doubles, glow: float, slot: int) -> BodyMesh:
    """N copies of one mesh, posed and put into the world."""
    points = rig.pose(mesh, phase, time_s)
    normals = _normals(points, mesh, gather)
    rotation = _rotations(turns[:, 0], turns[:, 1], turns[:, 2])
    world = (points * sizes[:, None, None]) @ rotation.transpose(0, 2, 1) + places[:, None]
    normals = normals @ rotation.transpose(0, 2, 1).astype(np.float32)
    count, vertices = len(phase), len(mesh.vertices)
    tint = palette[mesh.role] * mesh.shade[:, None]
    own = np.where((mesh.role == GLOW) | (mesh.role == FLAME), 1.0, rig.glow)
    emissive = np.clip(own + 0.75 * glow, 0.0, 1.0)
    faces = (mesh.faces[None] + (np.arange(count) * vertices)[:, None, None]).reshape(-1, 3)
    return BodyMesh(world.reshape(-1, 3).astype(np.float32), normals.reshape(-1, 3).astype(np.float32),
                    faces.astype(np.int32), np.tile(tint, (count, 1)).astype(np.float32),
                    np.full(count * vertices, rig.gloss, np.float32), np.tile(emissive, count).astype(np.float32),
                    np.full(len(faces), 10 + slot, np.int16))


def _kind_in_slot(kind: str, presence: float, pose: Doubles, group: Doubles, time_s: float, palette: Doubles,
                  slot: int) -> list[BodyMesh]:
    rig, (near, member) = _rig(kind)
    place, turn, scale = formation(kind, float(group[0]), time_s)
    keep = scale > 1e-4
    keep[0] = True
    scale[0] = 1.0
    place, turn, scale = place[keep], turn[keep], scale[keep]
    index = np.flatnonzero(keep).astype(np.float64)
    yaw, pitch, roll = pose[3:6]
    attitude = np.array([yaw, pitch, roll]) if rig.heeds == "all" else np.array([yaw, 0.0, 0.0])
    heading = _rotations(pose[3:4], np.zeros(1), np.zeros(1))[0]
    world = pose[:3] + (place * group[1]) @ heading.T
    sizes = max(float(pose[6]), 0.0) * presence * scale * (1.0 - 0.22 * _chance(index, 2) * (index > 0))
    phases = (pose[7] + np.where(index > 0, _chance(index, 1), 0.0)) % 1.0
    clock = time_s + 3.7 * _chance(index, 0) * (index > 0)
    parts = [_drawn(rig, rig.near, near, phases[:1], clock[:1], world[:1], turn[:1] + attitude, sizes[:1], palette,
                    float(group[2]), slot)]
    if len(index) > 1:
        parts.append(_drawn(rig, rig.member, member, phases[1:], clock[1:], world[1:], turn[1:] + attitude, sizes[1:],
                            palette, float(group[2]), slot))
    return parts


def pose_bodies(row: NDArray[np.float32], time_s: float) -> BodyMesh | None:
    """All bodies of a packed row (328,) at time_s seconds, or None where no slot holds one. Values out of range are
    brought into range, never an error; y of a pose is the ground or water contact for what walks, drives, rests or
    sails, and the centre for the others."""
    whole = np.nan_to_num(np.asarray(row, np.float64), nan=0.0, posinf=1e6, neginf=-1e6)
    kinds = np.clip(whole[_AT["body_kind"]].reshape(BODY_SLOTS, len(BODIES)), 0.0, 1.0)
    if not (kinds > 1e-3).any():
        return None
    poses = np.clip(whole[_AT["body_pose"]].reshape(BODY_SLOTS, len(POSE)), -1e6, 1e6)
    groups = whole[_AT["body_group"]].reshape(BODY_SLOTS, len(GROUP))
    groups = np.clip(groups, (1.0, 0.0, 0.0), (MOST_MEMBERS, 1e4, 1.0))
    palette = role_colours(whole[_AT["palette"]].reshape(len(PALETTE_ROLES), 3))
    time_s = float(np.clip(np.nan_to_num(time_s), -1e6, 1e6))
    parts: list[BodyMesh] = []
    for slot in range(BODY_SLOTS):
        for k in np.flatnonzero(kinds[slot] > 1e-3):
            parts += _kind_in_slot(BODIES[k], float(kinds[slot, k]), poses[slot], groups[slot], time_s, palette, slot)
    starts = np.cumsum([0] + [len(p.vertices) for p in parts])
    return BodyMesh(np.concatenate([p.vertices for p in parts]), np.concatenate([p.normals for p in parts]),
                    np.concatenate([p.faces + s for p, s in zip(parts, starts)]).astype(np.int32),
                    np.concatenate([p.colour for p in parts]), np.concatenate([p.gloss for p in parts]),
                    np.concatenate([p.emissive for p in parts]), np.concatenate([p.object_id for p in parts]))
