"""Trees: conifers, snow-laden firs, broadleaves, birches, shrubs, palms, cacti. Each function gives LODs,
near to far, one unit high. Shapes follow how the real thing fills space (skirts that droop, crowns made of clumps,
fronds that arch), because at film sizes the silhouette is what reads."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

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
    mesh_of,
    moved,
    painted,
    roughen,
    shaded,
    sheet,
    swaying,
    tube,
    unit_height,
)

Lods = tuple[Mesh, ...]


def dappled(amount: float, seed: int, frequency: float = 9.0) -> Callable[[Floats], Floats]:
    """Shade per vertex: leafy light and dark, darker low down and inside."""
    rng = np.random.default_rng(seed)
    waves, phases = rng.normal(size=(5, 3)) * frequency, rng.uniform(0, 6.28, 5)

    def factor(v: Floats) -> Floats:
        return (1 + amount * np.sin(v @ waves.T + phases).sum(1) / 5 ** 0.5).clip(0.4, 1.7).astype(np.float32)
    return factor


def _tier(radius: float, low: float, high: float, boughs: int, rng: np.random.Generator, snow: bool) -> Mesh:
    """One whorl of boughs: a ragged star that droops, pale at the tips, dark in the gaps and below."""
    count = 2 * boughs
    tip = np.arange(count) % 2 == 0
    angle = (np.arange(count) + rng.uniform(-0.3, 0.3, count)) * 2 * np.pi / count + rng.uniform(0, 6.28)
    reach = radius * np.where(tip, rng.uniform(0.82, 1.18, count), rng.uniform(0.48, 0.66, count))
    drop = low + (high - low) * np.where(tip, rng.uniform(-0.2, 0.06, count), rng.uniform(0.12, 0.26, count))
    rim = np.stack([reach * np.sin(angle), drop, reach * np.cos(angle)], 1)
    lean = rng.normal(size=2) * radius * 0.06
    apex, core = np.array([lean[0], high, lean[1]]), np.array([0.0, low + (high - low) * 0.22, 0.0])
    j = np.arange(count)
    fan = np.stack([np.full(count, count), j, (j + 1) % count], 1)
    upper = mesh_of(np.concatenate([rim, apex[None]]), fan, GROWTH)
    sunny = np.append(np.where(tip, rng.uniform(1.0, 1.3, count), 0.62), 0.72)
    upper = shaded(upper, sunny)
    if snow:
        upper = painted(upper, WHITE, lambda v: np.append(rng.random(count) < 0.86, True))
        upper = shaded(upper, np.where(upper.role == WHITE, 1.15 / np.maximum(sunny, 0.75), 0.8))
    under = mesh_of(np.concatenate([rim, core[None]]), fan[:, ::-1], GROWTH, np.append(np.where(tip, 0.55, 0.36), 0.3))
    outward = upper.vertices - (0, low - 0.6 * radius, 0)        # half its own slope, half a ball's: soft light
    outward /= np.linalg.norm(outward, axis=1, keepdims=True)
    normals = upper.normals * 0.6 + outward * 0.4
    normals /= np.linalg.norm(normals, axis=1, keepdims=True)
    return merge(replace(upper, normals=normals.astype(np.float32)), under)


def _tiers(levels: int, boughs: int, seed: int, slim: float, snow: bool) -> Mesh:
    rng = np.random.default_rng(seed)
    parts: list[Mesh] = []
    for k in range(levels):
        at = k / levels
        low = 0.11 + 0.83 * at
        high = min(1.0, low + 1.75 / levels * (1 - 0.25 * at) + 0.03)
        radius = (slim * (1 - at) ** 0.9 + 0.03) * rng.uniform(0.88, 1.1)
        one = _tier(radius, low, 1.0 if k == levels - 1 else high, max(boughs - (at > 0.6), 3), rng, snow)
        parts.append(shaded(one, 0.78 + 0.4 * at))
    return merge(*parts)


def conifer(seed: int, slim: float = 0.24, snow: bool = False) -> Lods:
    near = merge(lathe([(0.03, 0), (0.016, 0.3)], 5, WOOD, 0.7), _tiers(8, 7, seed, slim, snow))
    middle = merge(lathe([(0.03, 0), (0.016, 0.3)], 3, WOOD, 0.7), _tiers(4, 3, seed, slim * 1.12, snow))
    far = lathe([(0, 0.12), (slim * 0.85, 0.09), (slim * 0.42, 0.5), (0, 1)], 5, GROWTH, 0.85)
    if snow:
        far = shaded(painted(far, WHITE), 0.9)
    return tuple(swaying(unit_height(m), 2.0, 0.5) for m in (near, middle, far))


def _lobes(clumps: np.ndarray, points: int, role: int, seed: int, upright: float = 0.86) -> Mesh:
    """A crown of overlapping clumps (x, y, z, radius): each lit from above and dark below, the inner and lower ones
    darker; normals lean to the whole crown's, so that the light rounds the tree and not only its lumps."""
    rng = np.random.default_rng(seed)
    centre = clumps[:, :3].mean(0)
    low, high = (clumps[:, 1] - clumps[:, 3]).min(), (clumps[:, 1] + clumps[:, 3]).max()
    parts: list[Mesh] = []
    for k, (x, y, z, radius) in enumerate(clumps):
        size = radius * np.array((1, upright, 1)) * rng.uniform((0.95, 0.92, 0.95), (1.15, 1.08, 1.15))
        ball = moved(ellipsoid(size, points=points, role=role), yaw=rng.uniform(0, 6.28), pitch=rng.normal() * 0.3)
        if points > 10:
            ball = roughen(ball, radius * 0.13, 2.6 / radius, seed + k)
        up = np.clip(ball.vertices[:, 1] / radius, -1, 1)
        ball = moved(ball, (x, y, z))
        depth = np.linalg.norm((ball.vertices - centre) / (high - low) * 2, axis=1)
        rise = (ball.vertices[:, 1] - low) / (high - low)
        tone = (0.72 + 0.3 * up) * (0.62 + 0.36 * np.clip(depth, 0, 1.2)) * (0.78 + 0.42 * rise)
        tone *= rng.uniform(0.9, 1.14)
        outward = ball.vertices - centre + (0, 0.1 * (high - low), 0)
        outward /= np.maximum(np.linalg.norm(outward, axis=1, keepdims=True), 1e-9)
        normals = ball.normals * 0.6 + outward * 0.4
        normals /= np.maximum(np.linalg.norm(normals, axis=1, keepdims=True), 1e-9)
        parts.append(shaded(replace(ball, normals=normals.astype(np.float32)), np.maximum(tone * 1.25, 0.22)))
    whole = merge(*parts)
    return shaded(whole, dappled(0.16, seed, 14.0))


def _leaves(skin: Mesh, count: int, size: float, seed: int) -> Mesh:
    """Leaf sprays on the crown, so that its edge is leafy and not a balloon's."""
    rng = np.random.default_rng(seed)
    chosen = rng.choice(len(skin.vertices), count, replace=count > len(skin.vertices))
    parts: list[Mesh] = []
    for at in chosen:
        out = skin.normals[at] * 0.7 + rng.normal(size=3) * 0.5
        out /= np.linalg.norm(out)
        side = np.cross(out, rng.normal(size=3))
        side /= np.linalg.norm(side)
        reach = size * rng.uniform(0.7, 1.3)
        base = skin.vertices[at] - out * reach * 0.35
        tip = base + out * reach * 1.15 - np.array([0, reach * 0.15, 0])
        leaf = sheet([[base - side * reach * 0.5, base + side * reach * 0.5], [tip, tip]], int(skin.role[at]),
                     float(skin.shade[at] * rng.uniform(0.9, 1.35)), normal=skin.normals[at])
        parts.append(leaf)
    return merge(*parts)


def broadleaf(seed: int, spread: float = 0.27, role: int = GROWTH, trunk: int = WOOD, stem: float = 0.36,
              tall: float = 1.0, girth: float = 1.0, lobe: float = 0.62, upright: float = 0.86) -> Lods:
    rng = np.random.default_rng(seed)
    count = 8
    angle = np.arange(count) * 2.4 + rng.uniform(0, 6)
    ring = spread * np.sqrt((np.arange(count) + 0.3) / count)
    clumps = np.stack([ring * np.cos(angle), stem + 0.25 * tall + 0.19 * tall * rng.uniform(-0.7, 0.9, count),
                       ring * np.sin(angle), rng.uniform(0.8, 1.15, count) * spread * lobe], 1)
    clumps[0, :3] = 0.1 * spread, stem + 0.46 * tall, 0
    rise = np.linspace(0, 1, 6 if girth < 0.7 else 4)
    path = np.stack([0.014 * np.sin(5 * rise), rise * (stem + 0.2 + 0.3 * (girth < 0.7)), 0.01 * np.sin(3 * rise)], 1)
    thick = np.linspace(0.034, 0.01, len(path)) * girth
    boughs = [tube([np.array((0, stem * 0.8, 0)), clumps[k, :3] * (0.55, 0.9, 0.55), clumps[k, :3]],
                   np.array((0.018, 0.013, 0.0)) * girth, 3, trunk, 0.6) for k in (2, 4, 6)]
    foot = lathe([(0.058 * girth, 0), (0.036 * girth, 0.05), (0.03 * girth, 0.15)], 5, trunk, 0.75)
    crown = _lobes(clumps, 12, role, seed, upright)
    near = merge(foot, tube(path, thick, 5, trunk, 0.75), *boughs, crown,
                 _leaves(crown, 62, spread * 0.36, seed))
    post = path[[0, -1]]
    few = clumps[[0, 1, 3, 5, 6]] * (1, 1, 1, 1.12)
    fewer = clumps[[0, 5]] * (0.6, 1, 0.6, 1.75)
    sparse = _lobes(few, 9, role, seed, upright)
    middle = merge(tube(post, (0.036 * girth, 0.02 * girth), 3, trunk, 0.7), sparse,
                   _leaves(sparse, 14, spread * 0.5, seed + 1))
    far = merge(tube(post, (0.04 * girth, 0.0), 3, trunk, 0.7), _lobes(fewer, 6, role, seed, upright))
    return tuple(swaying(unit_height(m), 1.6, 0.6) for m in (near, middle, far))


def birch(seed: int) -> Lods:
    """White and slender, with a light, tall crown of small clumps."""
    def bark(mesh: Mesh) -> Mesh:
        bands = np.sin(mesh.vertices[:, 1] * 61 + mesh.vertices[:, 0] * 40) > 0.72
        white = (mesh.role == WOOD) & ~bands
        dark = (mesh.role == WOOD) & bands
        return shaded(painted(painted(mesh, WHITE, lambda v: white), DARK, lambda v: dark),
                      np.where(white, 0.85, np.where(dark, 1.6, 1.2)))
    lods = broadleaf(seed, 0.135, GROWTH, WOOD, 0.4, 1.1, 0.5, 0.5, 1.9)
    return tuple(swaying(unit_height(bark(m)), 1.6, 0.9) for m in lods)


def shrub(seed: int, berries: int = ACCENT) -> Lods:
    """A low bush of several clumps with a few berries or blossoms."""
    rng = np.random.default_rng(seed)
    a = np.arange(6) * 2.4
    clumps = np.column_stack([0.42 * np.sqrt(np.arange(6) / 6) * np.cos(a), rng.uniform(0.25, 0.55, 6),
                              0.42 * np.sqrt(np.arange(6) / 6) * np.sin(a), rng.uniform(0.24, 0.34, 6)])
    clumps[0, 1] = 0.66
    crown = _lobes(clumps, 12, GROWTH, seed)
    chosen = rng.choice(np.flatnonzero(crown.normals[:, 1] > -0.1), 7, replace=False)
    fruit = [ellipsoid(0.045, crown.vertices[k] + crown.normals[k] * 0.02, 6, berries, 1.1) for k in chosen]
    near = merge(crown, _leaves(crown, 60, 0.17, seed), *fruit)
    lods = near, _lobes(clumps[[0, 2, 3, 5]] * (1, 1, 1, 1.15), 8, GROWTH, seed), _lobes(
        clumps[[0, 3]] * (1, 0.9, 1, 1.5), 6, GROWTH, seed)
    return tuple(swaying(unit_height(replace(m, vertices=np.maximum(m.vertices, (-9, 0, -9)).astype(np.float32))), 1.2,
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
