"""Meshes and templates: the value types for everything that stands, grows, flies and swims, and their builders.

Winding. Axes are x right, y up, z forward. A face (a, b, c) is wound so that cross(b - a, c - a) points out of the
solid; seen from outside it then has a *positive* signed area in pixel coordinates (x right, y down):
(bx - ax)(cy - ay) - (by - ay)(cx - ax) > 0. Solids can be back-face culled. Thin sheets (leaves, wings, sails)
carry each face twice, once per winding, so culling is safe for them too.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.spatial import ConvexHull

from world_model.vocabulary import SETTINGS

Floats = NDArray[np.float32]
Ints = NDArray[np.int32]

GROUND, GROUND2, GROWTH, STRUCTURE, ACCENT, WATER, WHITE, DARK, WOOD, GLOW = range(10)

# Linear RGB of the roles that the palette does not set: white, dark, wood (and, at shade 2.2, skin), glow.
FIXED_COLOURS = ((0.80, 0.80, 0.78), (0.025, 0.026, 0.03), (0.20, 0.115, 0.065), (1.0, 0.66, 0.30))


@dataclass(frozen=True)
class Mesh:
    """A triangle mesh in metres (templates: 1 high).

    vertices, normals (V, 3) float32; faces (F, 3) int32, see the module's note on winding
    role (V,) int8: 0..5 = vocabulary.PALETTE_ROLES, 6 white, 7 dark, 8 wood or skin, 9 emissive
    shade (V,) float32: factor on the role's colour, baked occlusion and variation, (0, 3]
    sway (V,) float32 in [0, 1]: share of the wind's bend at the top that a vertex follows
    part (V,) int16: which limb a vertex belongs to (bodies only)
    """

    vertices: Floats
    normals: Floats
    faces: Ints
    role: NDArray[np.int8]
    shade: Floats
    sway: Floats
    part: NDArray[np.int16]


@dataclass(frozen=True)
class Template:
    """One kind of thing that stands on a grid of cells, and how often.

    lods near to far; amounts (17,) float32 probability per setting that a cell of cell_m holds one, seen to range_m;
    height_m (least, most); width (least, most) ratio to the height's scale; base_m (least, most) above the ground or
    the water for floating things, drift_m how far these swirl; slope_max = tan of the steepest ground it stands on;
    water: avoid (dry only), bed (on the bottom, under water only), float (on the surface), any;
    trail_clear_m: kept this far from the trail; align: free, or avenue (turned in right angles);
    object_id: 3 growth, 4 structure.
    """

    name: str
    lods: tuple[Mesh, ...]
    amounts: Floats
    cell_m: float
    range_m: float
    height_m: tuple[float, float]
    width: tuple[float, float] = (1.0, 1.0)
    base_m: tuple[float, float] = (0.0, 0.0)
    drift_m: float = 0.0
    slope_max: float = 0.7
    water: str = "avoid"
    trail_clear_m: float = 0.0
    align: str = "free"
    object_id: int = 3


def amounts(**per_setting: float) -> Floats:
    """(17,) float32 from setting names; KeyError for an unknown one."""
    row = np.zeros(len(SETTINGS), np.float32)
    index = {name: i for i, name in enumerate(SETTINGS)}
    for name, amount in per_setting.items():
        row[index[name]] = amount
    return row


def face_normals(vertices: ArrayLike, faces: ArrayLike) -> Floats:
    """(F, 3) cross products: twice the area, out of the solid."""
    v, f = np.asarray(vertices, np.float32), np.asarray(faces)
    return np.cross(v[f[:, 1]] - v[f[:, 0]], v[f[:, 2]] - v[f[:, 0]])


def smooth_normals(vertices: ArrayLike, faces: ArrayLike) -> Floats:
    """(V, 3) unit normals, area-weighted over the faces that share a vertex index."""
    v, f = np.asarray(vertices, np.float32), np.asarray(faces)
    cross = face_normals(v, f)
    total = np.stack([np.bincount(f.ravel(), np.repeat(cross[:, k], 3), len(v)) for k in range(3)], 1)
    length = np.linalg.norm(total, axis=1, keepdims=True)
    return np.where(length > 1e-12, total / np.maximum(length, 1e-12), (0.0, 1.0, 0.0)).astype(np.float32)


def mesh_of(vertices: ArrayLike, faces: ArrayLike, role: int = 0, shade: ArrayLike = 1.0, sway: ArrayLike = 0.0,
            part: int = 0, normals: ArrayLike | None = None) -> Mesh:
    """A Mesh of one role; normals are smoothed over shared vertices unless given."""
    v, f = np.asarray(vertices, np.float32), np.asarray(faces, np.int32).reshape(-1, 3)
    count = len(v)
    n = smooth_normals(v, f) if normals is None else np.broadcast_to(np.asarray(normals, np.float32), v.shape).copy()
    return Mesh(v, n, f, np.full(count, role, np.int8), np.broadcast_to(np.asarray(shade, np.float32), count).copy(),
                np.broadcast_to(np.asarray(sway, np.float32), count).copy(), np.full(count, part, np.int16))


def merge(*meshes: Mesh) -> Mesh:
    """All of them as one mesh."""
    starts = np.cumsum([0] + [len(m.vertices) for m in meshes])
    return Mesh(np.concatenate([m.vertices for m in meshes]), np.concatenate([m.normals for m in meshes]),
                np.concatenate([m.faces + s for m, s in zip(meshes, starts)]).astype(np.int32),
                np.concatenate([m.role for m in meshes]), np.concatenate([m.shade for m in meshes]),
                np.concatenate([m.sway for m in meshes]), np.concatenate([m.part for m in meshes]))


def turn(yaw: float = 0.0, pitch: float = 0.0, roll: float = 0.0) -> NDArray[np.float64]:
    """(3, 3) rotation for column vectors: roll about z, then pitch (nose up), then yaw (z towards x), all as in
    state.py. Radians."""
    cy, sy, cp, sp, cr, sr = np.cos(yaw), np.sin(yaw), np.cos(pitch), np.sin(pitch), np.cos(roll), np.sin(roll)
    return (np.array([[cy, 0, sy], [0, 1, 0], [-sy, 0, cy]]) @ np.array([[1, 0, 0], [0, cp, sp], [0, -sp, cp]])
            @ np.array([[cr, -sr, 0], [sr, cr, 0], [0, 0, 1]]))


def moved(mesh: Mesh, by: ArrayLike = (0.0, 0.0, 0.0), scale: ArrayLike = 1.0, yaw: float = 0.0, pitch: float = 0.0,
          roll: float = 0.0) -> Mesh:
    """Scaled (a number or three), then turned (radians), then shifted. A mirror (negative scale) keeps the winding
    outward."""
    factors = np.broadcast_to(np.asarray(scale, np.float64), 3)
    matrix = turn(yaw, pitch, roll)
    vertices = (mesh.vertices * factors) @ matrix.T + np.asarray(by)
    normals = (mesh.normals / factors) @ matrix.T
    normals /= np.maximum(np.linalg.norm(normals, axis=1, keepdims=True), 1e-12)
    faces = mesh.faces[:, ::-1].copy() if np.prod(factors) < 0 else mesh.faces
    return replace(mesh, vertices=vertices.astype(np.float32), normals=normals.astype(np.float32), faces=faces)


def flat(mesh: Mesh) -> Mesh:
    """Faceted: every face gets its own vertices and its own normal."""
    index = mesh.faces.ravel()
    normals = np.repeat(face_normals(mesh.vertices, mesh.faces), 3, 0)
    normals = normals / np.maximum(np.linalg.norm(normals, axis=1, keepdims=True), 1e-12)
    return Mesh(mesh.vertices[index], normals.astype(np.float32), np.arange(len(index), dtype=np.int32).reshape(-1, 3),
                mesh.role[index], mesh.shade[index], mesh.sway[index], mesh.part[index])


def warp(mesh: Mesh, change: Callable[[Floats], ArrayLike]) -> Mesh:
    """Vertices through `change` ((V, 3) to (V, 3)), normals smoothed anew."""
    vertices = np.asarray(change(mesh.vertices), np.float32)
    return replace(mesh, vertices=vertices, normals=smooth_normals(vertices, mesh.faces))


def roughen(mesh: Mesh, amount: float, frequency: float, seed: int) -> Mesh:
    """Pushed along its normals by a sum of sines: the same lumps for the same seed, no seams."""
    rng = np.random.default_rng(seed)
    waves, phases = rng.normal(size=(7, 3)) * frequency, rng.uniform(0, 2 * np.pi, 7)
    bump = np.sin(mesh.vertices @ waves.T + phases).sum(1, keepdims=True) / 7 ** 0.5
    return warp(mesh, lambda v: v + mesh.normals * bump * amount)


def shaded(mesh: Mesh, factor: ArrayLike | Callable[[Floats], ArrayLike]) -> Mesh:
    """Shade times a number, an array (V,) or a function of the vertices."""
    value = factor(mesh.vertices) if callable(factor) else factor
    return replace(mesh, shade=(mesh.shade * np.asarray(value, np.float32)).astype(np.float32))


def painted(mesh: Mesh, role: int, where: Callable[[Floats], ArrayLike] | None = None) -> Mesh:
    """Another role, everywhere or where a function of the vertices says so."""
    mask = np.ones(len(mesh.role), bool) if where is None else np.asarray(where(mesh.vertices), bool)
    return replace(mesh, role=np.where(mask, np.int8(role), mesh.role).astype(np.int8))


def swaying(mesh: Mesh, power: float = 1.5, amount: float = 1.0) -> Mesh:
    """Bends in the wind like a stem: nothing at y = 0, `amount` at y = 1."""
    height = np.clip(mesh.vertices[:, 1], 0, 1)
    return replace(mesh, sway=(amount * height ** power).astype(np.float32))


def unit_height(mesh: Mesh) -> Mesh:
    """Shifted and scaled so that y runs from 0 to 1."""
    low, high = float(mesh.vertices[:, 1].min()), float(mesh.vertices[:, 1].max())
    lifted = mesh.vertices - np.array([0, low, 0], np.float32)
    vertices = lifted / np.float32(high - low)
    vertices[:, 1] = np.clip(vertices[:, 1], 0, 1)
    return replace(mesh, vertices=vertices)


def _rings(points: NDArray[np.float64], joins: Sequence[bool]) -> Ints:
    """Faces of stacked rings points (K, S, 3); a ring whose points coincide is a pole; joins[k]: k to k + 1."""
    rings, sides = points.shape[:2]
    faces: list[tuple[int, int, int]] = []
    pole = np.linalg.norm(points - points[:, :1], axis=2).max(1) < 1e-9
    for k in range(rings - 1):
        if not joins[k]:
            continue
        for j in range(sides):
            a, b = k * sides + j, k * sides + (j + 1) % sides
            c, d = a + sides, b + sides
            if pole[k]:
                faces.append((k * sides, d, c))
            elif pole[k + 1]:
                faces.append((a, b, (k + 1) * sides))
            else:
                faces += [(a, b, d), (a, d, c)]
    return np.array(faces, np.int32).reshape(-1, 3)


def _used(points: NDArray[np.float64], faces: Ints) -> tuple[NDArray[np.float64], Ints]:
    keep, index = np.unique(faces, return_inverse=True)
    return points.reshape(-1, 3)[keep], index.reshape(-1, 3).astype(np.int32)


def lathe(profile: Sequence[tuple[float, float]], sides: int = 12, role: int = 0, shade: float = 1.0, part: int = 0,
          ripple: float = 0.0) -> Mesh:
    """Turned about y. profile: (radius, y) from the bottom up; a point given twice makes a crease; radius 0 is a
    pole; ripple [0, 1) pulls in every other side (needs even sides)."""
    outline = np.asarray(profile, np.float64)
    angle = np.arange(sides) * 2 * np.pi / sides
    reach = outline[:, :1] * (1 - ripple * (np.arange(sides) % 2))
    points = np.stack([reach * np.sin(angle), np.repeat(outline[:, 1:], sides, 1), reach * np.cos(angle)], -1)
    joins = [bool(np.abs(outline[k + 1] - outline[k]).max() > 1e-9) for k in range(len(outline) - 1)]
    return mesh_of(*_used(points, _rings(points, joins)), role, shade, 0.0, part)


def tube(path: ArrayLike, radii: ArrayLike, sides: int = 6, role: int = 0, shade: float = 1.0, part: int = 0,
         aspect: float = 1.0) -> Mesh:
    """Along path (K, 3) with radii (K,) or one; ends close in a point. aspect squeezes it sideways."""
    line = np.asarray(path, np.float64)
    radius = np.broadcast_to(np.asarray(radii, np.float64), len(line))
    tangent = np.gradient(line, axis=0)
    tangent /= np.linalg.norm(tangent, axis=1, keepdims=True)
    seed = np.array([1.0, 0, 0]) if abs(tangent[0, 0]) < 0.8 else np.array([0, 0, 1.0])
    frames = np.zeros((len(line), 2, 3))
    for k, direction in enumerate(tangent):      # parallel transport: no twist along the way
        seed = seed - direction * (seed @ direction)
        seed /= np.linalg.norm(seed)
        frames[k] = seed, np.cross(direction, seed)
    angle = np.arange(sides) * 2 * np.pi / sides
    ring = (np.cos(angle)[None, :, None] * aspect * frames[:, None, 0]
            + np.sin(angle)[None, :, None] * frames[:, None, 1])
    points = line[:, None] + ring * radius[:, None, None]
    points = np.concatenate([np.repeat(line[:1, None], sides, 1), points, np.repeat(line[-1:, None], sides, 1)])
    keep = np.ones(len(points), bool)
    keep[0], keep[-1] = radius[0] > 1e-9, radius[-1] > 1e-9      # a tip that is a pole already needs no cap
    points = points[keep]
    return mesh_of(*_used(points, _rings(points, [True] * (len(points) - 1))), role, shade, 0.0, part)


def ellipsoid(radii: ArrayLike = 1.0, centre: ArrayLike = (0.0, 0.0, 0.0), points: int = 42, role: int = 0,
              shade: float = 1.0, part: int = 0) -> Mesh:
    """A ball of `points` vertices on a Fibonacci spiral (2 * points - 4 triangles), so any budget can be met."""
    index = np.arange(points) + 0.5
    y = 1 - 2 * index / points
    angle = index * np.pi * (1 + 5 ** 0.5)
    ring = np.sqrt(1 - y * y)
    ball = np.stack([ring * np.cos(angle), y, ring * np.sin(angle)], 1)
    ball[0], ball[-1] = (0, 1, 0), (0, -1, 0)
    faces = np.asarray(ConvexHull(ball).simplices, np.int32)
    inward = np.einsum("fk,fk->f", face_normals(ball, faces), ball[faces].mean(1)) < 0
    faces[inward] = faces[inward][:, ::-1]
    size = np.broadcast_to(np.asarray(radii, np.float64), 3)
    normals = ball / size
    normals /= np.linalg.norm(normals, axis=1, keepdims=True)
    return mesh_of(ball * size + np.asarray(centre), faces, role, shade, 0.0, part, normals)


def box(size: ArrayLike = 1.0, centre: ArrayLike = (0.0, 0.0, 0.0), role: int = 0, shade: float = 1.0, part: int = 0,
        bevel: float = 0.0, bottom: bool = True) -> Mesh:
    """A box; bevel (a length) rounds its edges. Each of the 24 vertices keeps the flat normal of its side."""
    half = np.broadcast_to(np.asarray(size, np.float64), 3) / 2
    vertices, normals, faces = [], [], []
    corner: dict[tuple[int, int, int, int], int] = {}
    for axis in range(3):
        u, v = (axis + 1) % 3, (axis + 2) % 3
        for sign in (-1, 1):
            start = len(vertices)
            for su, sv in ((-1, -1), (1, -1), (1, 1), (-1, 1)):
                point, key = np.zeros(3), [0, 0, 0]
                key[axis], key[u], key[v] = sign, su, sv
                point[axis], point[u], point[v] = sign * half[axis], su * (half[u] - bevel), sv * (half[v] - bevel)
                corner[(key[0], key[1], key[2], axis)] = len(vertices)
                vertices.append(point)
                normals.append(np.eye(3)[axis] * sign)
            if axis == 1 and sign < 0 and not bottom:
                continue
            quad = [(start, start + 1, start + 2), (start, start + 2, start + 3)]
            faces += quad if sign > 0 else [q[::-1] for q in quad]
    place = np.array(vertices)
    if bevel > 0:
        extra: list[tuple[int, int, int]] = []
        signs = (-1, 1)
        for a in range(3):                       # an edge strip between sides a and b along the third axis
            b, c = (a + 1) % 3, (a + 2) % 3
            for sa in signs:
                for sb in signs:
                    ends = np.zeros((2, 3), int)
                    ends[:, a], ends[:, b], ends[:, c] = sa, sb, signs
                    (px, py, pz), (qx, qy, qz) = ends.tolist()
                    strip = [corner[(px, py, pz, a)], corner[(px, py, pz, b)], corner[(qx, qy, qz, b)],
                             corner[(qx, qy, qz, a)]]
                    extra += [(strip[0], strip[1], strip[2]), (strip[0], strip[2], strip[3])]
        extra += [(corner[(x, y, z, 0)], corner[(x, y, z, 1)], corner[(x, y, z, 2)])
                  for x in signs for y in signs for z in signs]
        bevels = np.array(extra)
        inward = np.einsum("fk,fk->f", face_normals(place, bevels), place[bevels].mean(1)) < 0
        bevels[inward] = bevels[inward][:, ::-1]
        faces += [tuple(row) for row in bevels.tolist()]
    return mesh_of(place + np.asarray(centre), faces, role, shade, 0.0, part, np.array(normals))


def cone(radius: float, height: float, sides: int = 8, role: int = 0, shade: float = 1.0, part: int = 0,
         ripple: float = 0.0) -> Mesh:
    """Standing on y = 0 with a closed foot."""
    return lathe([(0, 0), (radius, 0), (radius, 0), (0, height)], sides, role, shade, part, ripple)


def _ears(outline: NDArray[np.float64]) -> list[tuple[int, int, int]]:
    """Triangles of a simple polygon (K, 2) that runs counter-clockwise (ear clipping)."""
    left, faces = list(range(len(outline))), []

    def area(a: int, b: int, c: int) -> float:
        (ax, ay), (bx, by), (cx, cy) = outline[a], outline[b], outline[c]
        return float((bx - ax) * (cy - ay) - (by - ay) * (cx - ax))

    while len(left) > 3:
        for k in range(len(left)):
            a, b, c = left[k - 1], left[k], left[(k + 1) % len(left)]
            clear = not any(area(a, b, p) >= 0 and area(b, c, p) >= 0 and area(c, a, p) >= 0
                            for p in left if p not in (a, b, c))
            if area(a, b, c) > 0 and clear:
                break
        else:
            a, b, c = left[-1], left[0], left[1]
        faces.append((a, b, c))
        left.remove(b)
    return [*faces, (left[0], left[1], left[2])]


def extrude(outline: ArrayLike, depth: float, role: int = 0, shade: float = 1.0, part: int = 0) -> Mesh:
    """A polygon (K, 2) in x and y given depth along z, centred on z = 0; flat sides."""
    flat_outline = np.asarray(outline, np.float64)
    x, y = flat_outline.T
    if np.sum(x * np.roll(y, -1) - np.roll(x, -1) * y) < 0:
        flat_outline = flat_outline[::-1]
    count = len(flat_outline)
    front = np.column_stack([flat_outline, np.full(count, depth / 2)])
    back = front * (1, 1, -1)
    lid = _ears(flat_outline)
    sides = [(k, k + count, (k + 1) % count + count) for k in range(count)]
    sides += [(k, (k + 1) % count + count, (k + 1) % count) for k in range(count)]
    faces = lid + [(a + count, c + count, b + count) for a, b, c in lid] + sides
    return flat(mesh_of(np.concatenate([front, back]), faces, role, shade, 0.0, part))


def sheet(rows: ArrayLike, role: int = 0, shade: ArrayLike = 1.0, part: int = 0,
          normal: ArrayLike | None = None) -> Mesh:
    """A thin surface through a grid of points (K, L, 3), both sides drawn; shade: one number or (K,) per row.

    normal: one direction for all of it, which lets leaves and grass take the light softly from both sides, with half
    the vertices; without it each side has its own true normals.
    """
    grid = np.asarray(rows, np.float64)
    k, l = grid.shape[:2]
    index = np.arange(k * l).reshape(k, l)
    a, b, c, d = (q.ravel() for q in (index[:-1, :-1], index[:-1, 1:], index[1:, 1:], index[1:, :-1]))
    faces = np.stack([a, b, c, a, c, d], 1).reshape(-1, 3)
    points = grid.reshape(-1, 3)
    area = np.linalg.norm(face_normals(points, faces), axis=1)
    faces = faces[area > 1e-10]                  # a leaf that ends in a point has half a quad there
    tone = np.broadcast_to(np.asarray(shade, np.float64).reshape(-1, 1), (k, l)).ravel()
    if normal is not None:
        both = np.concatenate([faces, faces[:, ::-1]])
        facing = np.asarray(normal, np.float64)
        return mesh_of(points, both, role, tone, 0.0, part, facing / np.linalg.norm(facing))
    return mesh_of(np.concatenate([points, points]), np.concatenate([faces, faces[:, ::-1] + k * l]), role,
                   np.tile(tone, 2), 0.0, part)
