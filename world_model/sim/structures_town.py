"""Town and country: houses, church, barn, windmill, fence, lamps, and the city's towers with lit window bands."""

from __future__ import annotations

import numpy as np

from world_model.sim.flora_trees import Lods
from world_model.sim.mesh import (
    ACCENT,
    DARK,
    GLOW,
    GROUND2,
    STRUCTURE,
    WHITE,
    WOOD,
    Mesh,
    box,
    ellipsoid,
    extrude,
    flat,
    lathe,
    merge,
    mesh_of,
    moved,
    painted,
    shaded,
    tube,
    unit_height,
)

Three = tuple[float, float, float]


def gable(width: float, length: float, eaves: float, ridge: float, role: int, roof: int, over: float = 0.12,
          thick: float = 0.05) -> Mesh:
    """Walls up to a pointed gable, and a roof with eaves. The ridge runs along z."""
    wall = extrude([(-width / 2, 0), (width / 2, 0), (width / 2, eaves), (0, ridge), (-width / 2, eaves)], length, role)
    slope = (ridge - eaves) / (width / 2)
    out = width / 2 + over
    low = ridge - slope * out
    cover = extrude([(-out, low), (0, ridge), (out, low), (out, low + thick * 1.5), (0, ridge + thick * 1.5),
                     (-out, low + thick * 1.5)], length + 2 * over, roof, 0.9)
    return merge(wall, cover)


def window(at: Three, width: float, height: float, facing: str, frame: bool = True) -> Mesh:
    """A lit pane just proud of a wall that faces front (-z), back (+z), left or right."""
    yaw = {"back": 0.0, "right": np.pi / 2, "front": np.pi, "left": -np.pi / 2}[facing]
    w, h = width / 2, height / 2
    front = mesh_of([(-w, -h, 0.02), (w, -h, 0.02), (w, h, 0.02), (-w, h, 0.02)], [(0, 1, 2), (0, 2, 3)], GLOW)
    parts = [front]
    if frame:
        parts.append(box((width * 1.25, height * 0.12, 0.06), (0, -height * 0.56, 0.02), WHITE))
        parts.append(box((width * 0.1, height, 0.03), (0, 0, 0.015), WHITE))
    return moved(merge(*parts), at, yaw=yaw)


def _dark_panes(mesh: Mesh) -> Mesh:
    """Nobody is at home: the panes are dark glass."""
    return shaded(painted(mesh, DARK, lambda v: mesh.role == GLOW), np.where(mesh.role == GLOW, 3.2, 1.0))


def house(seed: int, width: float = 0.9, length: float = 1.25, eaves: float = 0.5, roof: int = ACCENT,
          wall: int = STRUCTURE, roof_tone: float = 0.9, wall_tone: float = 1.0) -> Lods:
    """A gabled house; its roof is darker at the eaves, a part of its panes is lit."""
    rng = np.random.default_rng(seed)
    body = gable(width, length, eaves, 0.92, wall, roof)
    covers = body.vertices[:, 1] > eaves * 0.72
    tiled = np.where((body.role == roof) & covers, roof_tone / 0.9 * (0.75 + 0.35 * body.vertices[:, 1]), wall_tone)
    body = shaded(body, tiled if roof != wall else 1.0)
    plinth = box((width + 0.04, 0.1, length + 0.04), (0, 0.05, 0), GROUND2, bottom=False)
    side = 1 if seed % 2 else -1
    chimney = box((0.13, 0.36, 0.13), (side * 0.2, 0.86, length * 0.22), GROUND2, 0.8)
    w, l = width / 2, length / 2
    glass = [window((x, y, sign * l), 0.16, 0.18, face) for sign, face in ((1, "back"), (-1, "front"))
             for x, y in ((-0.22, 0.3), (0.22, 0.3))]
    glass += [window((sign * w, 0.3, z), 0.16, 0.18, face) for sign, face in ((1, "right"), (-1, "left"))
              for z in (-0.36, 0.36)]
    glass = [m if rng.random() < 0.45 else _dark_panes(m) for m in glass]
    door = [box((0.17, 0.3, 0.04), (0, 0.2, s * l), WOOD, 0.9) for s in (1, -1)]
    attic = window((0, 0.64, -l), 0.12, 0.12, "front", False)
    near = merge(body, plinth, chimney, attic, *glass, *door)
    bare = [window((x, 0.3, s * l), 0.17, 0.18, f, False) for s, f in ((1, "back"), (-1, "front")) for x in (-.2, .2)]
    bare += [window((s * w, 0.3, 0), 0.4, 0.16, f, False) for s, f in ((1, "right"), (-1, "left"))]
    bare = [m if rng.random() < 0.5 else _dark_panes(m) for m in bare]
    middle = merge(body, chimney, *bare)
    far = merge(extrude([(-w, 0), (w, 0), (w, eaves), (-w, eaves)], length, wall, wall_tone),
                extrude([(-w * 1.15, eaves * 0.95), (w * 1.15, eaves * 0.95), (0, 1.0)], length * 1.08, roof,
                        roof_tone))
    return unit_height(near), unit_height(middle), unit_height(far)


def church(seed: int) -> Lods:
    nave = moved(gable(0.3, 0.62, 0.24, 0.42, WHITE, ACCENT, 0.03, 0.02), (0, 0, 0.18))
    tower = box((0.2, 0.56, 0.2), (0, 0.28, -0.2), WHITE, 0.95, bevel=0.008)
    belfry = box((0.22, 0.03, 0.22), (0, 0.56, -0.2), GROUND2, 0.9)
    spire = moved(lathe([(0.14, 0.0), (0.085, 0.09), (0, 0.36)], 4, ACCENT, 0.85), (0, 0.575, -0.2), yaw=np.pi / 4)
    cross = merge(box((0.012, 0.07, 0.012), (0, 0.965, -0.2), DARK), box((0.045, 0.012, 0.012), (0, 0.97, -0.2), DARK))
    glass = [window((s * 0.15, 0.13, z), 0.045, 0.13, f, False) for s, f in ((1, "right"), (-1, "left"))
             for z in (0.02, 0.18, 0.34)]
    glass += [window((0, 0.5, -0.3), 0.05, 0.07, "front", False), window((0.1, 0.5, -0.2), 0.05, 0.07, "right", False),
              window((-0.1, 0.5, -0.2), 0.05, 0.07, "left", False)]
    door = box((0.08, 0.14, 0.02), (0, 0.07, -0.3), WOOD)
    near = merge(nave, tower, belfry, spire, cross, door, *glass)
    middle = merge(nave, box((0.2, 0.56, 0.2), (0, 0.28, -0.2), WHITE), spire)
    far = merge(box((0.3, 0.34, 0.6), (0, 0.17, 0.15), WHITE, bottom=False), box((0.2, 0.56, 0.2), (0, 0.28, -0.2),
                                                                                 WHITE),
                moved(lathe([(0.14, 0), (0, 0.42)], 4, ACCENT), (0, 0.56, -0.2), yaw=np.pi / 4))
    return unit_height(near), unit_height(middle), unit_height(far)


def barn(seed: int) -> Lods:
    outline = [(-0.55, 0), (0.55, 0), (0.55, 0.5), (0.36, 0.82), (0, 1.0), (-0.36, 0.82), (-0.55, 0.5)]
    wall = extrude(outline, 1.5, ACCENT, 0.75)
    roof = extrude([(-0.62, 0.46), (-0.4, 0.84), (0, 1.03), (0.4, 0.84), (0.62, 0.46), (0.56, 0.46), (0.36, 0.80),
                    (0, 0.98), (-0.36, 0.80), (-0.56, 0.46)], 1.62, GROUND2, 0.7)
    trim: list[Mesh] = []
    for s in (1, -1):
        z = s * 0.755
        trim += [box((0.42, 0.04, 0.03), (0, y, z), WHITE) for y in (0.03, 0.43)]
        trim += [box((0.04, 0.42, 0.03), (x, 0.23, z), WHITE) for x in (-0.2, 0.2)]
        trim.append(moved(box((0.54, 0.035, 0.02), role=WHITE), (0, 0.23, z), roll=0.76))
        trim.append(moved(box((0.54, 0.035, 0.02), role=WHITE), (0, 0.23, z), roll=-0.76))
        trim.append(box((0.16, 0.16, 0.03), (0, 0.68, z), WHITE))
    near = merge(wall, roof, *trim)
    return unit_height(near), unit_height(merge(wall, roof)), unit_height(extrude(outline, 1.5, ACCENT, 0.7))


def windmill(seed: int) -> Lods:
    body = lathe([(0.19, 0), (0.19, 0.02), (0.12, 0.52), (0.12, 0.52), (0.15, 0.53), (0.15, 0.56), (0.12, 0.57),
                  (0.115, 0.62)], 10, WHITE, 0.95)
    cap = lathe([(0.14, 0.62), (0.14, 0.64), (0.09, 0.72), (0, 0.77)], 10, ACCENT, 0.9)
    hub = np.array([0, 0.67, -0.17])
    axle = tube([(0, 0.67, 0), (0, 0.67, -0.17)], 0.02, 5, DARK)
    sails: list[Mesh] = []
    for k in range(4):
        arm = moved(merge(box((0.012, 0.36, 0.012), (0, 0.18, 0), WOOD),
                          box((0.075, 0.27, 0.006), (0.04, 0.215, 0.004), WHITE, 1.1)), hub, roll=0.35 + k * np.pi / 2)
        sails.append(arm)
    glass = [window((0, y, -r), 0.05, 0.07, "front", False) for y, r in ((0.22, 0.165), (0.4, 0.14))]
    glass.append(window((0.155, 0.3, 0), 0.05, 0.07, "right", False))
    door = box((0.08, 0.13, 0.03), (0, 0.065, -0.185), WOOD)
    near = merge(body, cap, axle, door, *glass, *sails)
    low = merge(lathe([(0.19, 0), (0.115, 0.62)], 6, WHITE), lathe([(0.14, 0.62), (0, 0.77)], 6, ACCENT, 0.9), *sails)
    cross = [moved(box((0.06, 0.66, 0.01), role=WHITE), hub, roll=r) for r in (0.35, 0.35 + np.pi / 2)]
    far = merge(lathe([(0.19, 0), (0.13, 0.6), (0, 0.77)], 4, WHITE), *cross)
    tall = float(near.vertices[:, 1].max())
    return tuple(moved(m, scale=1 / max(tall, float(m.vertices[:, 1].max()))) for m in (near, low, far))


def fence(seed: int) -> Lods:
    posts = [box((0.12, 1.0, 0.12), (x, 0.5, 0), WOOD, 1.2 + 0.1 * (k % 2), bottom=False) for k, x in
             enumerate((-1.5, 0, 1.5))]
    rails = [box((3.3, 0.13, 0.06), (0, y, 0.04), WOOD, 1.35) for y in (0.38, 0.76)]
    thin = [box((3.2, 0.12, 0.05), (0, y, 0), WOOD, 1.3) for y in (0.38, 0.76)]
    return (unit_height(merge(*posts, *rails)), unit_height(merge(posts[0], posts[2], *thin)),
            unit_height(merge(posts[1], box((3.2, 0.3, 0.05), (0, 0.6, 0), WOOD, 1.2))))


def lamp(seed: int) -> Lods:
    post = lathe([(0.05, 0), (0.05, 0.03), (0.02, 0.08), (0.014, 0.86)], 6, DARK, 2.0)
    arm = tube([(0, 0.85, 0), (0, 0.95, -0.04), (0, 0.97, -0.18)], 0.011, 4, DARK, 2.0)
    head = merge(lathe([(0.045, 0.93), (0.02, 0.985), (0, 1.0)], 6, DARK, 2.0), ellipsoid((0.035, 0.03, 0.035),
                                                                                   (0, 0.925, 0), 12, GLOW, 1.3))
    near = merge(post, arm, moved(head, (0, 0, -0.18)))
    low = merge(tube([(0, 0, 0), (0, 0.95, 0)], 0.016, 3, DARK, 2.0), ellipsoid(0.045, (0, 0.95, -0.15), 7, GLOW))
    far = merge(tube([(0, 0, 0), (0, 0.93, 0)], (0.02, 0), 3, DARK, 2.0), ellipsoid(0.05, (0, 0.95, -0.12), 5, GLOW))
    return unit_height(near), unit_height(low), unit_height(far)


def _panel(face: int, left: float, right: float, low: float, high: float, out: float, half: tuple[float, float],
           role: int, tone: float) -> Mesh:
    """A flat rectangle on side `face` (0 back, 1 right, 2 front, 3 left) of a block with half width and half depth;
    left and right run along the side, out is how far it stands proud."""
    reach = half[1] if face % 2 == 0 else half[0]
    flat_pane = mesh_of([(left, low, reach + out), (right, low, reach + out), (right, high, reach + out),
                         (left, high, reach + out)], [(0, 1, 2), (0, 2, 3)], role, tone)
    return moved(flat_pane, yaw=face * np.pi / 2)


def _block(x: float, z: float, width: float, depth: float, low: float, high: float, bands: int, seed: int,
           role: int = STRUCTURE, tone: float = 1.0, columns: int = 5) -> list[Mesh]:
    """A massing with a window grid: a ribbon of dark glass per floor, piers across the ribbons, and warm panes in a
    part of the cells, differently on each side. Few triangles: the piers and ribbons make the grid together."""
    rng = np.random.default_rng(seed)
    core = box((width, high - low, depth), (0, (low + high) / 2, 0), role, tone, bottom=False)
    core = shaded(core, lambda v: 0.72 + 0.36 * v[:, 1])         # the street is in its own shade
    parts = [core]
    half = (width / 2, depth / 2)
    step = (high - low) / max(bands + 0.4, 1.0)
    for face in range(4 if bands else 0):
        span = (width if face % 2 == 0 else depth) * 0.92
        cells = max(2, round(columns * span / 0.2)) if columns else 0
        for k in range(bands):
            y = low + step * (k + 0.35)
            parts.append(_panel(face, -span / 2, span / 2, y, y + step * 0.62, 0.003, half, DARK,
                                2.6 + 1.6 * ((k * 0.618 + 0.37 * face) % 1.0)))
            for c in np.flatnonzero(rng.random(cells) < 0.24) if cells else ():
                one = -span / 2 + span * c / cells
                parts.append(_panel(face, one, one + span / cells, y, y + step * 0.62, 0.005, half, GLOW,
                                    rng.uniform(0.35, 0.95)))
        edges = np.linspace(-span / 2, span / 2, cells + 1) if cells else ()
        for c in edges:
            thick = span / cells * 0.17
            parts.append(_panel(face, c - thick, c + thick, low, high - step * 0.05, 0.008, half, role, tone * 0.92))
    return [moved(m, (x, 0, z)) for m in parts]


def _ledge(x: float, z: float, width: float, depth: float, y: float, role: int = GROUND2) -> Mesh:
    return box((width * 1.04, 0.012, depth * 1.04), (x, y, z), role, 0.8)


def tower(kind: int) -> Lods:
    """Six massings: slab, setback, twin, needle, round, stepped pyramid."""
    def massing(bands: int, sides: int, columns: int) -> Mesh:
        role, tone = ((STRUCTURE, 0.6), (STRUCTURE, 0.9), (GROUND2, 0.85), (STRUCTURE, 1.05), (DARK, 5.0),
                      (STRUCTURE, 0.78))[kind]
        near, far = columns > 3, bands < 3

        def stage(x: float, z: float, w: float, d: float, low: float, high: float, seed: int) -> list[Mesh]:
            floors = max(round(bands * (high - low)), 1) if bands else 0
            return _block(x, z, w, d, low, high, floors, seed, role, tone, columns)
        if kind == 0:
            parts = [*stage(0, 0, 0.30, 0.2, 0, 0.93, 1), _ledge(0, 0, 0.3, 0.2, 0.935)]
            parts += [box((0.12, 0.05, 0.1), (0.05, 0.96, 0), DARK, 4, bottom=False),
                      box((0.05, 0.03, 0.07), (-0.09, 0.95, 0.02), GROUND2, 0.7, bottom=False),
                      tube([(0.08, 0.96, 0), (0.08, 1.0, 0)], (0.004, 0.002), 3, DARK, 3)] if near else [
                          box((0.12, 0.06, 0.1), (0.05, 0.97, 0), DARK, 4, bottom=False)]
        elif kind == 1:
            parts = [*stage(0, 0, 0.32, 0.32, 0, 0.42, 2), _ledge(0, 0, 0.32, 0.32, 0.42),
                     *stage(0, 0, 0.24, 0.24, 0.42, 0.7, 3), _ledge(0, 0, 0.24, 0.24, 0.7),
                     *stage(0, 0, 0.15, 0.15, 0.7, 0.86, 4), _ledge(0, 0, 0.15, 0.15, 0.86, ACCENT),
                     lathe([(0.07, 0.86), (0.045, 0.9), (0.012, 0.93), (0.004, 1.0)], 4, DARK, 3)]
        elif kind == 2:
            parts = [*stage(-0.12, 0, 0.15, 0.2, 0, 0.98, 5), *stage(0.12, 0.02, 0.15, 0.2, 0, 0.82, 6),
                     _ledge(-0.12, 0, 0.15, 0.2, 0.985), _ledge(0.12, 0.02, 0.15, 0.2, 0.825),
                     box((0.16, 0.04, 0.1), (0, 0.62, 0), DARK, 4), box((0.161, 0.014, 0.102), (0, 0.62, 0), GLOW, 0.6),
                     tube([(-0.12, 0.98, 0), (-0.12, 1.04, 0)], (0.005, 0.002), 3, ACCENT)]
        elif kind == 3:
            parts = [*stage(0, 0, 0.2, 0.2, 0, 0.6, 7), _ledge(0, 0, 0.2, 0.2, 0.6),
                     *stage(0, 0, 0.155, 0.155, 0.6, 0.74, 8),
                     moved(flat(lathe([(0.115, 0), (0.055, 0.11), (0.012, 0.17), (0.004, 0.26)], 4, role, tone * 0.9)),
                           (0, 0.74, 0), yaw=np.pi / 4), ellipsoid(0.009, (0, 0.992, 0), 6, ACCENT, 1.6)]
        elif kind == 4:
            count = max(sides, 6)
            parts = [lathe([(0.15, 0), (0.15, 0.9), (0.15, 0.9), (0.12, 0.94), (0, 0.95)], count, role, tone)]
            floors = round(bands * 0.9)
            step = 0.88 / max(floors, 1)
            for k in range(floors):
                ring = lathe([(0.1525, step * (k + 0.35)), (0.1525, step * (k + 0.92))], count, DARK,
                             2.4 + 1.6 * ((k * 0.618) % 1))
                parts.append(ring)
                lit = np.random.default_rng(20 + k).random(count) < 0.22
                if near:
                    faces = ring.faces[np.repeat(lit, 2)]
                    warm = mesh_of(ring.vertices * (1.008, 1, 1.008), faces, GLOW, 0.7) if len(faces) else None
                    parts += [warm] if warm is not None else []
            parts.append(tube([(0, 0.94, 0), (0, 1, 0)], (0.01, 0), 3, DARK, 3))
            parts = [_trimmed(m) for m in parts]
        else:
            parts: list[Mesh] = []
            for k, (size, low, high) in enumerate(((0.38, 0, 0.25), (0.3, 0.25, 0.48), (0.22, 0.48, 0.7),
                                                   (0.14, 0.7, 0.86))):
                parts += stage(0, 0, size, size, low, high, 10 + k)
                if bands > 2:
                    parts.append(_ledge(0, 0, size, size, high, ACCENT if k == 3 else STRUCTURE))
            parts.append(tube([(0, 0.86, 0), (0, 1.0, 0)], (0.014, 0.004), 4, DARK, 3))
        if far:                                  # from afar the ledges only shimmer
            parts = [m for m in parts if not (len(m.faces) == 12 and np.ptp(m.vertices[:, 1]) < 0.013)]
        return unit_height(merge(*parts))
    fine = (15, 15, 11, 14, 16, 13)[kind]
    return (massing(fine, 16, (5, 4, 4, 5, 5, 4)[kind]), massing((8, 8, 6, 6, 7, 7)[kind], 7, 2 * (kind in (0, 3))),
            massing(2 if kind in (0, 4) else 0, 6, 0))


def _trimmed(mesh: Mesh) -> Mesh:
    """Without the vertices that no face uses."""
    keep, index = np.unique(mesh.faces, return_inverse=True)
    return Mesh(mesh.vertices[keep], mesh.normals[keep], index.reshape(-1, 3).astype(np.int32), mesh.role[keep],
                mesh.shade[keep], mesh.sway[keep], mesh.part[keep])


def low_block(seed: int) -> Lods:
    """Shops and flats of a few storeys, with awnings and roof clutter."""
    def massing(bands: int, clutter: bool) -> Mesh:
        parts = _block(0, 0, 1.15, 0.95, 0.24 * (bands > 0), 0.88, bands, seed, (STRUCTURE, GROUND2, WOOD)[seed % 3],
                       (0.95, 0.85, 1.7)[seed % 3], 1 if bands > 3 else 0)
        parts.append(box((1.17, 0.25, 0.97), (0, 0.125, 0), GROUND2, 0.6, bottom=False))
        if clutter:
            parts += [box((1.2, 0.05, 1.0), (0, 0.9, 0), GROUND2, 0.9), box((0.3, 0.1, 0.25), (0.25, 0.95, 0.1), DARK,
                                                                            5),
                      box((0.16, 0.08, 0.16), (-0.3, 0.94, -0.2), WHITE, 0.6)]
            for s in (1, -1):
                parts.append(moved(box((0.8, 0.02, 0.2), role=ACCENT), (0, 0.24, s * 0.56), pitch=-s * 0.4))
                parts.append(window((0, 0.12, s * 0.475), 0.8, 0.16, "back" if s > 0 else "front", False))
        return unit_height(merge(*parts))
    return massing(4, True), massing(3, False), massing(0, False)


def buoy(seed: int) -> Lods:
    """A sea mark with a light in its cage."""
    def mark(sides: int, struts: int) -> Mesh:
        parts = [lathe([(0.0, 0.0), (0.28, 0.02), (0.34, 0.12), (0.3, 0.24), (0.1, 0.3), (0.0, 0.3)], sides, ACCENT),
                 ellipsoid(0.07, (0, 0.86, 0), 12, GLOW, 1.2),
                 lathe([(0.11, 0.93), (0.0, 1.0)], sides, ACCENT, 0.8)]
        for k in range(struts):
            a = k * 2 * np.pi / struts
            parts.append(tube([(0.2 * np.sin(a), 0.26, 0.2 * np.cos(a)), (0.08 * np.sin(a), 0.95, 0.08 * np.cos(a))],
                              0.018, 3, WHITE, 0.9))
        return unit_height(merge(*parts))
    return mark(10, 4), mark(6, 3), mark(4, 1)
