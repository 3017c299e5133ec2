"""What an animated body is made of: a rest mesh whose vertices know their limb, and a function that bends it.

Local space: forward is z, up is y, right is x; the largest dimension is 1. The origin is the ground or water contact
for what walks, drives, rests or sails, and the centre for what flies and swims.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.interpolate import PchipInterpolator
from scipy.sparse import csr_matrix

from world_model.sim.mesh import Floats, Ints, Mesh, face_normals, mesh_of

Pose = Callable[[Mesh, NDArray[np.float64], NDArray[np.float64]], NDArray[np.float64]]

# Colours that bodies have beside the mesh roles, linear RGB: amber, skin, glass, flame.
AMBER, SKIN, GLASS, FLAME = range(10, 14)
BODY_COLOURS = ((0.95, 0.52, 0.05), (0.74, 0.44, 0.29), (0.05, 0.08, 0.11), (1.0, 0.42, 0.08))
# Steps between two roles, so that coats run into each other: role, other role, share of the other.
PALE, DEEP, MIST, SLATE = range(14, 18)
MIXED_COLOURS = ((4, 6, 0.55), (4, 7, 0.55), (5, 6, 0.5), (5, 7, 0.6))
TURN = 2 * np.pi


@dataclass(frozen=True)
class Rig:
    """near: the mesh of a leader (up to some 1500 triangles); member: the mesh of its company, a few hundred;
    pose(mesh, phase (N,), time_s (N,)) -> (N, V, 3) float64 in local space, of period 1 in phase; gloss (0 matt to
    1 polished); glow: emission of its own in [0, 1]; heeds: 'all' of yaw, pitch and roll, or only 'yaw'."""

    near: Mesh
    member: Mesh
    pose: Pose
    gloss: float = 0.25
    glow: float = 0.0
    heeds: str = "all"


def incidence(mesh: Mesh) -> csr_matrix:
    """(V, F) ones where a vertex belongs to a face: times face normals gives smooth vertex normals.

    Vertices that lie on each other and whose rest normals agree within some 40 degrees share their faces, so a border
    between two colours is no edge of the shading; the sides of a box and of a sheet stay apart.
    """
    faces = mesh.faces
    place = np.unique(np.round(mesh.vertices, 6), axis=0, return_inverse=True)[1].reshape(-1)
    order = np.argsort(place, kind="stable")
    ends = np.append(np.flatnonzero(np.diff(place[order])) + 1, len(order))
    rows: list[NDArray[np.int64]] = [faces.ravel().astype(np.int64)]
    columns: list[NDArray[np.int64]] = [np.repeat(np.arange(len(faces)), 3)]
    owner = csr_matrix((np.ones(faces.size, np.float32), (rows[0], columns[0])), shape=(len(place), len(faces)))
    start = 0
    for end in ends:
        group = order[start:end]
        start = int(end)
        for a in group if len(group) > 1 else ():
            for b in group:
                if a != b and mesh.part[a] == mesh.part[b] and mesh.normals[a] @ mesh.normals[b] > 0.75:
                    own = owner.indices[owner.indptr[b]:owner.indptr[b + 1]]
                    rows.append(np.full(len(own), a))
                    columns.append(own.astype(np.int64))
    row, column = np.concatenate(rows), np.concatenate(columns)
    return csr_matrix((np.ones(len(column), np.float32), (row, column)), shape=(len(place), len(faces)))


def limbs(mesh: Mesh, *parts: int) -> Ints:
    """Vertex numbers of some parts."""
    return np.flatnonzero(np.isin(mesh.part, parts)).astype(np.int32)


def copies(mesh: Mesh, count: int) -> NDArray[np.float64]:
    """(N, V, 3) of the rest mesh, free to be written."""
    return np.repeat(mesh.vertices[None].astype(np.float64), count, 0)


def swing(points: NDArray[np.float64], rows: Ints, pivot: ArrayLike, axis: int, angle: ArrayLike) -> None:
    """Turns vertices `rows` of points (N, V, 3), in place, about an axis (0: y to z, 1: z to x, 2: x to y) through
    pivot by angle: (N,), or (N, R) for a bend along the limb."""
    if not len(rows):
        return
    turn = np.asarray(angle, np.float64)
    turn = turn[:, None] if turn.ndim == 1 else turn
    u, v = ((1, 2), (2, 0), (0, 1))[axis]
    centre = np.asarray(pivot, np.float64)
    a, b = points[:, rows, u] - centre[u], points[:, rows, v] - centre[v]
    cos, sin = np.cos(turn), np.sin(turn)
    points[:, rows, u] = cos * a - sin * b + centre[u]
    points[:, rows, v] = sin * a + cos * b + centre[v]


def loft(stations: Sequence[Sequence[float]], sides: int = 10, role: int = 0, shade: float = 1.0,
         part: int = 0) -> Mesh:
    """A body along z from elliptic sections (z, half width, half height, y of the middle), back to front; a section
    of width 0 is a point; open ends are closed."""
    rows = np.asarray(stations, np.float64)
    angle = np.arange(sides) * TURN / sides
    rings = np.stack([rows[:, 1:2] * np.cos(angle), rows[:, 3:4] + rows[:, 2:3] * np.sin(angle),
                      np.repeat(rows[:, :1], sides, 1)], -1)
    vertices = [rings.reshape(-1, 3)]
    faces: list[tuple[int, int, int]] = []
    for k in range(len(rows) - 1):
        for j in range(sides):
            a, b = k * sides + j, k * sides + (j + 1) % sides
            faces += [(a, b, b + sides), (a, b + sides, a + sides)]
    count = len(rows) * sides
    for k, flip in ((0, True), (len(rows) - 1, False)):
        vertices.append(np.array([[0, rows[k, 3], rows[k, 0]]]))
        ring = [(k * sides + j, k * sides + (j + 1) % sides) for j in range(sides)]
        faces += [(count, b, a) if flip else (count, a, b) for a, b in ring]
        count += 1
    points = np.concatenate(vertices)
    faces_kept = np.array(faces)
    a, b, c = (points[faces_kept[:, i]] for i in range(3))
    area = np.linalg.norm(np.cross(b - a, c - a), axis=1)
    return mesh_of(points, faces_kept[area > 1e-9], role, shade, 0.0, part)


def _strips(rings: NDArray[np.float64], role: int, shade: float, part: int) -> Mesh:
    """A closed skin over rings (K, S, 3): quads between them, a fan at each end, wound outward."""
    count, sides = rings.shape[:2]
    k, j = np.meshgrid(np.arange(count - 1), np.arange(sides), indexing="ij")
    a, b = (k * sides + j).ravel(), (k * sides + (j + 1) % sides).ravel()
    quads = np.stack([a, b, b + sides, a, b + sides, a + sides], 1).reshape(-1, 3)
    one, two = np.arange(sides), (np.arange(sides) + 1) % sides
    first, last = count * sides, (count - 1) * sides
    lids = [np.stack([np.full(sides, first), two, one], 1),
            np.stack([np.full(sides, first + 1), last + one, last + two], 1)]
    points = np.concatenate([rings.reshape(-1, 3), rings[:1].mean(1), rings[-1:].mean(1)])
    faces = np.concatenate([quads, *lids])
    cross = face_normals(points, faces).astype(np.float64)
    keep = np.linalg.norm(cross, axis=1) > 1e-9
    if np.einsum("fk,fk->", points[faces[:, 0]] - points.mean(0), cross) < 0:
        faces = faces[:, ::-1]
    return mesh_of(points, faces[keep], role, shade, 0.0, part)


def skin(stations: Sequence[Sequence[float]], at: ArrayLike, sides: int, role: int = 0, shade: float = 1.0,
         part: int = 0, square: float = 1.0) -> Mesh:
    """A smooth organic body along z. stations: (z, half width, height above and depth below the middle, y of the
    middle), back to front, drawn through by monotone cubics (Fritsch and Carlson 1980) and read at the z values `at`.
    square below 1 makes the sections fuller than an ellipse, above 1 leaner."""
    table = np.asarray(stations, np.float64)
    z = np.asarray(at, np.float64)
    wide, up, down, middle = PchipInterpolator(table[:, 0], table[:, 1:])(z).T
    angle = (np.arange(sides) + 0.5) * TURN / sides - np.pi / 2     # an edge row left and right of the keel
    cos, sin = np.cos(angle), np.sin(angle)
    x = wide[:, None] * np.sign(cos) * np.abs(cos) ** square
    y = np.where(sin > 0, up[:, None], down[:, None]) * sin + middle[:, None]
    return _strips(np.stack([x, y, np.repeat(z[:, None], sides, 1)], -1), role, shade, part)


def foil(lead: ArrayLike, trail: ArrayLike, thick: ArrayLike, up: ArrayLike, role: int = 0, shade: float = 1.0,
         part: int = 0) -> Mesh:
    """A fin, fluke or flipper with body: lead and trail (K, 3) edges from root to tip, thick (K,) its thickness where
    it is deepest (a third behind the lead), up (3,) the way it is thick."""
    front, back = np.asarray(lead, np.float64), np.asarray(trail, np.float64)
    half = np.broadcast_to(np.asarray(thick, np.float64), len(front))[:, None] / 2 * np.asarray(up, np.float64)
    middle = front + (back - front) * 0.36
    return _strips(np.stack([front, middle + half, back, middle - half], 1), role, shade, part)


def split_at(mesh: Mesh, roles: Callable[[Floats], ArrayLike]) -> Mesh:
    """Crisp colour borders: each quad (two neighbouring faces of a grid) takes the role that `roles` gives for its
    middle ((F, 3) to (F,)); vertices on a border are doubled, so borders are edges of the shading too."""
    middle = mesh.vertices[mesh.faces].mean(1)
    one, two = mesh.faces[:-1], mesh.faces[1:]
    pair = (((one[:, 0] == two[:, 0]) & (one[:, 2] == two[:, 1]))
            | ((one[:, 2] == two[:, 2]) & (one[:, 0] == two[:, 1])))
    first = np.flatnonzero(pair)
    first = first[np.concatenate([[True], np.diff(first) > 1])] if len(first) else first
    middle[first] = middle[first + 1] = (middle[first] + middle[first + 1]) / 2
    face_role = np.asarray(roles(middle), np.int64)
    key = mesh.faces.astype(np.int64) * 64 + face_role[:, None]
    keys, faces = np.unique(key, return_inverse=True)
    old = (keys // 64).astype(np.int64)
    return Mesh(mesh.vertices[old], mesh.normals[old], faces.reshape(-1, 3).astype(np.int32),
                (keys % 64).astype(np.int8), mesh.shade[old], mesh.sway[old], mesh.part[old])


def countershaded(mesh: Mesh, low: float = 0.75, high: float = 1.15) -> Mesh:
    """Lighter above, darker below: baked sky light."""
    y = mesh.vertices[:, 1]
    span = max(float(y.max() - y.min()), 1e-6)
    tone = low + (high - low) * (y - y.min()) / span
    return Mesh(mesh.vertices, mesh.normals, mesh.faces, mesh.role, (mesh.shade * tone).astype(np.float32), mesh.sway,
                mesh.part)
