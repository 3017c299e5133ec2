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
    lathe,
    merge,
    mesh_of,
    moved,
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


def house(seed: int, width: float = 0.9, length: float = 1.25, eaves: float = 0.5, roof: int = ACCENT,
          wall: int = STRUCTURE) -> Lods:
    body = gable(width, length, eaves, 0.92, wall, roof)
    plinth = box((width + 0.04, 0.1, length + 0.04), (0, 0.05, 0), GROUND2, bottom=False)
    side = 1 if seed % 2 else -1
    chimney = box((0.13, 0.36, 0.13), (side * 0.2, 0.86, length * 0.22), GROUND2, 0.8)
    w, l = width / 2, length / 2
    glass = [window((x, y, sign * l), 0.16, 0.18, face) for sign, face in ((1, "back"), (-1, "front"))
             for x, y in ((-0.22, 0.3), (0.22, 0.3))]
    glass += [window((sign * w, 0.3, z), 0.16, 0.18, face) for sign, face in ((1, "right"), (-1, "left"))
              for z in (-0.36, 0.36)]
    door = [box((0.17, 0.3, 0.04), (0, 0.2, s * l), WOOD, 0.9) for s in (1, -1)]
    attic = window((0, 0.64, -l), 0.12, 0.12, "front", False)
    near = merge(body, plinth, chimney, attic, *glass, *door)
    bare = [window((x, 0.3, s * l), 0.17, 0.18, f, False) for s, f in ((1, "back"), (-1, "front")) for x in (-.2, .2)]
    bare += [window((s * w, 0.3, 0), 0.4, 0.16, f, False) for s, f in ((1, "right"), (-1, "left"))]
    middle = merge(body, chimney, *bare)
    far = gable(width * 1.06, length * 1.1, eaves, 0.99, wall, roof, 0.02, 0.01)
    far = merge(extrude([(-w, 0), (w, 0), (w, eaves), (-w, eaves)], length, wall),
                extrude([(-w * 1.15, eaves * 0.95), (w * 1.15, eaves * 0.95), (0, 1.0)], length * 1.08, roof, 0.9))
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


def _block(x: float, z: float, width: float, depth: float, low: float, high: float, bands: int, seed: int,
           role: int = STRUCTURE, tone: float = 1.0) -> list[Mesh]:
    """A massing with lit window bands on all four sides; some windows are dark, differently on each side."""
    rng = np.random.default_rng(seed)
    parts = [box((width, high - low, depth), (x, (low + high) / 2, z), role, tone, bottom=False)]
    if bands == 0:
        return parts
    step = (high - low) / (bands + 0.6)
    for k in range(bands):
        y = low + step * (k + 0.75)
        for face, (sx, sz, span) in {"right": (1, 0, depth), "left": (-1, 0, depth), "back": (0, 1, width),
                                     "front": (0, -1, width)}.items():
            left, right = np.sort(rng.choice(np.linspace(-0.44, 0.44, 7), 2, replace=False))
            at = (x + sx * width / 2, y, z + sz * depth / 2)
            shift = (left + right) / 2 * span
            centre = (at[0] + (shift if sz else 0), at[1], at[2] + (shift if sx else 0))
            pane = window(centre, (right - left) * span, step * 0.5, face, False)
            pane.shade[:] = rng.uniform(0.45, 1.15)
            parts.append(pane)
    return parts


def _ledge(x: float, z: float, width: float, depth: float, y: float, role: int = GROUND2) -> Mesh:
    return box((width * 1.04, 0.012, depth * 1.04), (x, y, z), role, 0.8)


def tower(kind: int) -> Lods:
    """Six massings: slab, setback, twin, needle, round, stepped pyramid."""
    def massing(bands: int, sides: int) -> Mesh:
        tone = 0.75 + 0.12 * (kind % 3)
        role = STRUCTURE if kind % 2 else GROUND2
        if kind == 0:
            parts = [*_block(0, 0, 0.30, 0.2, 0, 0.97, bands, 1, role, tone), _ledge(0, 0, 0.3, 0.2, 0.975),
                     box((0.1, 0.03, 0.08), (0.05, 0.985, 0), DARK, 4)]
        elif kind == 1:
            parts = [*_block(0, 0, 0.32, 0.32, 0, 0.45, bands // 2, 2, role, tone), _ledge(0, 0, 0.32, 0.32, 0.45),
                     *_block(0, 0, 0.23, 0.23, 0.45, 0.72, bands // 3, 3, role, tone), _ledge(0, 0, 0.23, 0.23, 0.72),
                     *_block(0, 0, 0.14, 0.14, 0.72, 0.87, bands // 4, 4, role, tone),
                     lathe([(0.09, 0.87), (0.02, 0.93), (0.006, 1.0)], 4, ACCENT)]
        elif kind == 2:
            parts = [*_block(-0.12, 0, 0.15, 0.2, 0, 1.0, bands, 5, role, tone),
                     *_block(0.12, 0.02, 0.15, 0.2, 0, 0.84, bands, 6, role, tone),
                     box((0.16, 0.04, 0.1), (0, 0.62, 0), GLOW, 0.6)]
        elif kind == 3:
            parts = [*_block(0, 0, 0.2, 0.2, 0, 0.7, bands, 7, role, tone),
                     moved(lathe([(0.13, 0), (0.06, 0.14), (0.012, 0.2), (0.004, 0.3)], 4, role, tone), (0, 0.7, 0),
                           yaw=np.pi / 4), ellipsoid(0.012, (0, 0.99, 0), 6, ACCENT, 1.5)]
        elif kind == 4:
            parts = [lathe([(0.15, 0), (0.15, 0.9), (0.15, 0.9), (0.12, 0.94), (0, 0.95)], max(sides, 5), role, tone)]
            step = 0.86 / max(bands, 1)
            parts += [lathe([(0.153, step * (k + 0.5)), (0.153, step * (k + 0.85))], max(sides, 5), GLOW,
                            0.4 + 0.5 * ((k * 0.618) % 1)) for k in range(bands)]
            parts.append(tube([(0, 0.94, 0), (0, 1, 0)], (0.01, 0), 3, DARK, 3))
        else:
            parts: list[Mesh] = []
            for k, (size, low, high) in enumerate(((0.38, 0, 0.25), (0.3, 0.25, 0.48), (0.22, 0.48, 0.7), (0.14, 0.7,
                                                                                                           0.88))):
                parts += _block(0, 0, size, size, low, high, bands // 4, 10 + k, role, tone)
                if bands > 2:
                    parts.append(_ledge(0, 0, size, size, high, ACCENT if k == 3 else STRUCTURE))
            parts.append(tube([(0, 0.88, 0), (0, 1.0, 0)], (0.014, 0.004), 4, DARK, 3))
        return unit_height(merge(*parts))
    return massing(13, 12), massing(6, 8), massing(2, 5)


def low_block(seed: int) -> Lods:
    """Shops and flats of a few storeys, with awnings and roof clutter."""
    def massing(bands: int, clutter: bool) -> Mesh:
        parts = _block(0, 0, 1.15, 0.95, 0, 0.88, bands, seed, (STRUCTURE, GROUND2, ACCENT)[seed % 3], 0.85)
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
