"""Trees: conifers, snow-laden firs, broadleaves, birches, autumn shrubs, palms, cacti. Each function gives LODs,
near to far, one unit high. Shapes follow how the real thing fills space (skirts that droop, crowns made of clumps,
fronds that arch), because at film sizes the silhouette is what reads."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from world_model.sim.mesh import (
    ACCENT,
    DARK,
    GROUND2,
    GROWTH,
    WHITE,
    WOOD,
    Floats,
    Mesh,
    ellipsoid,
    lathe,
    merge,
    moved,
    painted,
    roughen,
    shaded,
    sheet,
    swaying,
    tube,
    unit_height,
    warp,
)

Lods = tuple[Mesh, ...]


def dappled(amount: float, seed: int, frequency: float = 9.0) -> Callable[[Floats], Floats]:
    """Shade per vertex: leafy light and dark, darker low down and inside."""
    rng = np.random.default_rng(seed)
    waves, phases = rng.normal(size=(5, 3)) * frequency, rng.uniform(0, 6.28, 5)

    def factor(v: Floats) -> Floats:
        return (1 + amount * np.sin(v @ waves.T + phases).sum(1) / 5 ** 0.5).clip(0.4, 1.7).astype(np.float32)
    return factor


def _skirts(levels: int, sides: int, seed: int, slim: float, snow: bool, fine: bool) -> Mesh:
    rng = np.random.default_rng(seed)
    parts: list[Mesh] = []
    for k in range(levels):
        at = k / levels
        low, high = 0.10 + 0.80 * at, min(1.0, 0.10 + 0.80 * at + 1.5 / levels + 0.06)
        radius = slim * (1 - at) ** 0.85 + 0.045
        mid = [(radius * 0.50, low + (high - low) * 0.36)] if fine else []
        skirt = lathe([(0, low + 0.045), (radius, low), *mid, (0, high)], sides, GROWTH, ripple=0.2 if fine else 0.1)
        tilt = rng.normal(size=2) * 0.05
        skirt = moved(moved(skirt, (0, -low, 0), yaw=rng.uniform(0, 6.28)), (*rng.normal(size=1) * 0.006, low, 0),
                      pitch=tilt[0], roll=tilt[1])
        reach = np.hypot(skirt.vertices[:, 0], skirt.vertices[:, 2]) / radius
        skirt = shaded(skirt, (0.62 + 0.55 * reach) * (0.8 + 0.35 * at))
        if snow:                                 # snow lies on top, the green shows under the eaves
            white = skirt.normals[:, 1] > 0.0
            skirt = painted(skirt, WHITE, lambda v, white=white: white)
            skirt = shaded(skirt, np.where(white, 1.25, 0.8))
        parts.append(skirt)
    return merge(*parts)


def conifer(seed: int, slim: float = 0.24, snow: bool = False) -> Lods:
    near = merge(lathe([(0.035, 0), (0.02, 0.3)], 5, WOOD, 0.8), _skirts(6, 12, seed, slim, snow, True))
    middle = merge(lathe([(0.035, 0), (0.02, 0.3)], 3, WOOD, 0.8), _skirts(4, 6, seed, slim, snow, False))
    far = _skirts(1, 5, seed, slim * 0.9, False, False)
    if snow:
        far = shaded(painted(far, WHITE), 0.85)
    return tuple(swaying(unit_height(m), 2.0, 0.5) for m in (near, middle, far))


def _crown(points: int, clumps: np.ndarray, role: int, seed: int) -> Mesh:
    """One closed skin around overlapping balls (x, y, z, radius): rays from the centre to the furthest ball."""
    centre = clumps[:, :3].mean(0)

    def swell(v: Floats) -> np.ndarray:
        ray = v / np.linalg.norm(v, axis=1, keepdims=True)
        offset = clumps[:, :3] - centre
        along = ray @ offset.T
        inside = along ** 2 - (offset ** 2).sum(1) + clumps[:, 3] ** 2
        reach = np.where(inside > 0, along + np.sqrt(np.maximum(inside, 0)), 0.0).max(1)
        bulk = np.abs(offset).max(0) + clumps[:, 3].min() * 0.5      # fills the gaps between the clumps
        reach = np.maximum(reach, 0.86 / np.linalg.norm(ray / bulk, axis=1))
        return ray * reach[:, None] + centre
    skin = warp(ellipsoid(1.0, points=points, role=role), swell)
    low, high = skin.vertices[:, 1].min(), skin.vertices[:, 1].max()
    reach = np.linalg.norm(skin.vertices - centre, axis=1)
    hollow = 0.55 + 0.55 * np.clip(reach / reach.mean() - 0.3, 0, 1.1)
    rise = 0.70 + 0.45 * (skin.vertices[:, 1] - low) / (high - low)
    return shaded(shaded(skin, hollow * rise), dappled(0.14, seed))


def _leaves(skin: Mesh, count: int, size: float, seed: int) -> Mesh:
    """Leaf sprays on the crown, so that its edge is leafy and not a balloon's."""
    rng = np.random.default_rng(seed)
    chosen = rng.choice(len(skin.vertices), count, replace=count > len(skin.vertices))
    parts: list[Mesh] = []
    for at in chosen:
        out = skin.normals[at] + rng.normal(size=3) * 0.35
        out /= np.linalg.norm(out)
        side = np.cross(out, rng.normal(size=3))
        side /= np.linalg.norm(side)
        base = skin.vertices[at] - out * size * 0.3
        tip = base + out * size * 1.3 + np.array([0, -size * 0.2, 0])
        leaf = sheet([[base - side * size * 0.5, base + side * size * 0.5], [tip, tip]], int(skin.role[at]),
                     float(skin.shade[at] * rng.uniform(0.9, 1.3)), normal=skin.normals[at])
        parts.append(leaf)
    return merge(*parts)


def broadleaf(seed: int, spread: float = 0.27, role: int = GROWTH, trunk: int = WOOD, stem: float = 0.36,
              tall: float = 1.0) -> Lods:
    rng = np.random.default_rng(seed)
    count = 7
    angle = np.arange(count) * 2.4 + rng.uniform(0, 6)
    ring = spread * np.sqrt((np.arange(count) + 0.4) / count)
    clumps = np.stack([ring * np.cos(angle), stem + 0.24 * tall + 0.17 * tall * rng.uniform(-0.8, 1, count),
                       ring * np.sin(angle), rng.uniform(0.5, 0.8, count) * spread * 0.8], 1)
    clumps[0, :3] = 0, stem + 0.42 * tall, 0
    trunk_path = np.array([(0, 0, 0), (0.012, stem * 0.5, 0.01), (-0.01, stem, 0), (0.01, stem + 0.2, 0.02)])
    boughs = [tube([trunk_path[2] * (1, 0.8, 1), clumps[k, :3] * (0.55, 0.9, 0.55), clumps[k, :3]], (0.02, 0.015, 0.0),
                   3, trunk, 0.7) for k in (2, 3, 5)]
    foot = lathe([(0.06, 0), (0.038, 0.05), (0.032, 0.15)], 6, trunk, 0.85)
    near_skin = _crown(88, clumps, role, seed)
    near = merge(foot, tube(trunk_path, (0.034, 0.032, 0.03, 0.01), 5, trunk, 0.85), *boughs, near_skin,
                 _leaves(near_skin, 26, 0.055, seed))
    post = trunk_path[[0, 3]]
    middle = merge(tube(post, (0.04, 0.02), 3, trunk, 0.8), _crown(24, clumps, role, seed))
    far = merge(tube(post, (0.045, 0.0), 3, trunk, 0.8), _crown(8, clumps, role, seed))
    return tuple(swaying(unit_height(m), 1.6, 0.6) for m in (near, middle, far))


def birch(seed: int) -> Lods:
    def bark(mesh: Mesh) -> Mesh:
        bands = np.sin(mesh.vertices[:, 1] * 61 + mesh.vertices[:, 0] * 40) > 0.72
        white = (mesh.role == WOOD) & ~bands
        dark = (mesh.role == WOOD) & bands
        return shaded(painted(painted(mesh, WHITE, lambda v: white), DARK, lambda v: dark),
                      np.where(white, 0.85, np.where(dark, 1.6, 1.12)))
    lods = broadleaf(seed, 0.17, GROWTH, WOOD, 0.42, 1.15)
    ring = np.linspace(0, 0.62, 8)
    stem = tube(np.stack([0.02 * np.sin(ring * 5), ring, 0.015 * np.cos(ring * 4)], 1), 0.024 - 0.02 * ring, 5, WOOD)
    return tuple(swaying(unit_height(bark(merge(m, stem) if k == 0 else m)), 1.6, 0.9) for k, m in enumerate(lods))


def shrub(seed: int, role: int = ACCENT) -> Lods:
    rng = np.random.default_rng(seed)
    clumps = np.column_stack([rng.uniform(-0.32, 0.32, 5), rng.uniform(0.35, 0.62, 5), rng.uniform(-0.32, 0.32, 5),
                              rng.uniform(0.3, 0.4, 5)])
    skin = shaded(_crown(56, clumps, role, seed), 0.85)
    near = merge(skin, _leaves(skin, 34, 0.16, seed))
    lods = near, shaded(_crown(28, clumps, role, seed), 0.85), shaded(_crown(12, clumps, role, seed), 0.85)
    return tuple(swaying(unit_height(warp(m, lambda v: np.stack([v[:, 0], np.maximum(v[:, 1], 0), v[:, 2]], 1))), 1.2,
                         0.6) for m in lods)


def palm(seed: int) -> Lods:
    rng = np.random.default_rng(seed)
    lean = rng.uniform(0.12, 0.24)
    heading = rng.uniform(0, 6.28)
    rise = np.linspace(0, 0.80, 7)
    path = np.stack([lean * rise ** 1.8 * np.cos(heading), rise, lean * rise ** 1.8 * np.sin(heading)], 1)
    top = path[-1]

    def frond(angle: float, droop: float, steps: int) -> Mesh:
        along = np.linspace(0, 1, steps)
        out = np.array([np.cos(angle), 0, np.sin(angle)])
        side = np.array([-out[2], 0, out[0]])
        spine = top + out * (0.36 * along)[:, None] + np.array([0, 1, 0]) * (0.26 * along - droop * along ** 2)[:, None]
        width = 0.075 * np.sin(np.pi * np.clip(along * 0.93 + 0.07, 0, 1)) ** 0.7
        fold = np.array([0, -0.035, 0])
        rows = np.stack([spine - side * width[:, None] + fold * along[:, None], spine,
                         spine + side * width[:, None] + fold * along[:, None]], 1)
        return sheet(rows, GROWTH, 0.75 + 0.45 * along)

    def crown(count: int, steps: int) -> list[Mesh]:
        return [frond(k * 2 * np.pi / count + rng.normal() * 0.1, 0.24 + 0.36 * ((k * 0.618) % 1), steps)
                for k in range(count)]
    nuts = [ellipsoid(0.026, top + np.array([0.03 * np.cos(a), -0.02, 0.03 * np.sin(a)]), 8, WOOD, 0.8)
            for a in (0.5, 2.6, 4.6)]
    ringed = tube(path, np.linspace(0.034, 0.02, 7) * (1 + 0.2 * (np.arange(7) % 2)), 6, WOOD, 1.5)
    near = merge(ringed, *crown(9, 5), *nuts)
    middle = merge(tube(path[[0, 3, 6]], (0.03, 0.025, 0.02), 3, WOOD, 1.5), *crown(6, 3))
    far = merge(tube(path[[0, 6]], (0.03, 0.0), 3, WOOD, 1.5), *crown(4, 2)[:4])
    return tuple(swaying(unit_height(m), 1.8, 0.9) for m in (near, middle, far))


def cactus(seed: int) -> Lods:
    rng = np.random.default_rng(seed)

    def column(base: np.ndarray, height: float, radius: float, sides: int) -> Mesh:
        ribs = lathe([(radius * 0.8, 0), (radius, height * 0.25), (radius, height * 0.8), (radius * 0.7, height * 0.95),
                      (0, height)], sides, GROWTH, ripple=0.22 if sides > 6 else 0.0)
        reach = np.hypot(ribs.vertices[:, 0], ribs.vertices[:, 2])
        return moved(shaded(ribs, np.where(reach > radius * 0.9, 1.15, 0.8)), base)

    def body(sides: int, elbow: int) -> Mesh:
        parts = [column(np.zeros(3), 1.0, 0.1, sides)]
        for angle, low, rise in ((0.3, 0.36, 0.36), (3.3, 0.5, 0.26)):
            angle += float(rng.normal()) * 0.2
            out = np.array([np.cos(angle), 0, np.sin(angle)])
            corner = out * 0.25 + np.array([0, low + 0.05, 0])
            parts += [tube([np.array([0, low, 0]), out * 0.2 + np.array([0, low, 0]), corner], 0.062, elbow, GROWTH),
                      column(corner - np.array([0, 0.03, 0]), rise, 0.066, sides)]
        return merge(*parts)
    near = merge(body(12, 6), *(ellipsoid((0.035, 0.03, 0.035), (0.04 * np.cos(a), 0.985, 0.04 * np.sin(a)), 7, ACCENT)
                                for a in (0, 2.1, 4.2)))
    post = tube([(0, 0, 0), (0, 0.8, 0), (0, 1, 0)], (0.12, 0.13, 0), 4, GROWTH)
    return tuple(unit_height(m) for m in (near, body(5, 3), post))


def snag(seed: int) -> Lods:
    """A bare, dead tree for deserts, canyons and haunted places."""
    rng = np.random.default_rng(seed)

    def limbs(sides: int, count: int) -> Mesh:
        parts = [tube([(0, 0, 0), (0.03, 0.4, 0), (-0.02, 0.7, 0.04), (0.05, 1, 0.02)], (0.06, 0.045, 0.03, 0), sides,
                      WOOD, 0.75)]
        for k in range(count):
            angle, low = k * 2.4 + rng.normal() * 0.2, 0.3 + 0.45 * k / count
            out = np.array([np.cos(angle), 0, np.sin(angle)])
            reach = 0.32 - 0.16 * k / count
            parts.append(tube([np.array([0, low, 0]), out * reach * 0.6 + (0, low + 0.08, 0),
                               out * reach + (0, low + 0.26, 0)], (0.028, 0.018, 0), sides, WOOD, 0.75))
        return merge(*parts)
    return tuple(swaying(unit_height(m), 2, 0.25) for m in (limbs(5, 7), limbs(3, 3), limbs(3, 1)))


def log(seed: int) -> Lods:
    """A mossy fallen trunk (lies along x)."""
    bole = tube([(-1.6, 0.42, 0), (-0.5, 0.4, 0.06), (0.6, 0.42, -0.04), (1.6, 0.36, 0.05)], (0.4, 0.42, 0.38, 0.33), 9,
                WOOD, 0.9)
    bole = roughen(bole, 0.03, 4, seed)
    moss = bole.normals[:, 1] > 0.55
    bole = shaded(painted(bole, GROWTH, lambda v: moss), np.where(moss, 1.2, 0.85))
    stub = tube([(0.4, 0.6, 0), (0.55, 0.95, 0.1)], (0.1, 0.05), 5, WOOD, 0.8)
    simple = tube([(-1.6, 0.4, 0), (1.6, 0.36, 0)], (0.4, 0.34), 5, WOOD, 0.9)
    return unit_height(merge(bole, stub)), unit_height(simple), unit_height(painted(simple, GROUND2))
