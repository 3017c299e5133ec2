"""Wonders: crystals, ice, arches and spires of rock, ruins, asteroids, glowing orbs and shards, ribbons and blobs of
fluid, pillars of cloud."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from world_model.sim.flora_trees import Lods, dappled
from world_model.sim.mesh import (
    ACCENT,
    GLOW,
    GROUND,
    GROUND2,
    STRUCTURE,
    WATER,
    WHITE,
    Mesh,
    box,
    ellipsoid,
    flat,
    lathe,
    merge,
    moved,
    painted,
    roughen,
    shaded,
    sheet,
    tube,
    unit_height,
    warp,
)


def _prism(length: float, radius: float, sides: int, role: int, glow: float, seed: int) -> Mesh:
    """A crystal: uneven sides, a sharp cut tip off the axis, each face with a tone of its own, clear light rising."""
    rng = np.random.default_rng(seed)
    tip = min(radius * rng.uniform(1.4, 2.2), 0.45 * length)
    body = lathe([(radius * 0.82, 0), (radius, length - tip), (0, length)], sides, role)
    angle = np.arctan2(body.vertices[:, 0], body.vertices[:, 2])
    uneven = 1 + 0.16 * np.sin(2 * angle + seed) + 0.1 * np.sin(3 * angle + 2 * seed)
    at_tip = body.vertices[:, 1:2] > length - 1e-6
    cut = 0.55 * tip * np.sin(angle + seed) * ((body.vertices[:, 1] > 0.3 * length) & ~at_tip[:, 0])
    off = rng.normal(size=2) * 0.3 * radius * at_tip
    points = np.column_stack([body.vertices[:, 0] * uneven + off[:, 0], body.vertices[:, 1] + cut,
                              body.vertices[:, 2] * uneven + off[:, 1]])
    body = flat(warp(body, lambda v: points))
    facing = body.normals @ rng.normal(size=3) + 0.35 * np.sin(5 * body.normals[:, 0] + 7 * body.normals[:, 2])
    body = shaded(body, (1 + 0.3 * facing).clip(0.55, 1.5))
    rise = body.vertices[:, 1] / length
    return shaded(body, 0.42 + (0.6 + glow) * rise ** 0.8)


def crystals(seed: int, role: int = ACCENT, lit: bool = False) -> Lods:
    rng = np.random.default_rng(seed)
    spikes = [(0.0, 0.07, 1.0, 0.12), (2.6, 0.24, 0.78, 0.085)]
    spikes += [(k * 2.4 + rng.normal() * 0.35, rng.uniform(0.35, 0.95), rng.uniform(0.26, 0.66) * (1 - 0.05 * k),
                rng.uniform(0.045, 0.08)) for k in range(7)]

    def cluster(count: int, sides: int) -> Mesh:
        parts: list[Mesh] = []
        for k, (angle, lean, length, radius) in enumerate(spikes[:count]):
            one = _prism(length, radius, sides, GLOW if lit and k == 2 else role, 0.5, seed + k)
            one = moved(moved(one, pitch=-lean), (np.sin(angle) * radius, 0, np.cos(angle) * radius), yaw=angle)
            parts.append(one)
        cluster = merge(*parts)
        cluster.vertices[:, 1] = np.maximum(cluster.vertices[:, 1], 0)
        return unit_height(cluster)
    return cluster(9, 6), cluster(5, 5), cluster(3, 3)


def ice(seed: int) -> Lods:
    return tuple(shaded(painted(m, WHITE, lambda v: v[:, 1] > 0.05), 1.0) for m in crystals(seed, WATER))


def _worn(mesh: Mesh) -> Mesh:
    """Weathered rock: facets only hinted at, normals between each face's own and the smooth ones."""
    hard = flat(mesh)
    soft = hard.normals * 0.4 + mesh.normals[mesh.faces.ravel()] * 0.6
    soft /= np.maximum(np.linalg.norm(soft, axis=1, keepdims=True), 1e-9)
    return replace(hard, normals=soft.astype(np.float32))


def spire(seed: int, role: int = GROUND2) -> Lods:
    """A hoodoo: banded rock worn by wind, wider at the cap."""
    rng = np.random.default_rng(seed)
    rise = np.linspace(0, 1, 9)
    width = 0.2 * (1.35 - 0.75 * rise) * rng.uniform(0.8, 1.15, 9)
    width[-2] *= 1.45

    def rock(sides: int, step: int) -> Mesh:
        profile = [(float(w), float(y)) for w, y in zip(width[::step], rise[::step])]
        body = lathe([*profile[:-1], (float(width[-1]) * 0.6, 1.0), (0, 1.0)], sides, role)
        body = warp(body, lambda v: v + np.stack([0.05 * np.sin(4 * v[:, 1] + seed), 0 * v[:, 1],
                                                  0.05 * np.cos(3 * v[:, 1])], 1))
        body = _worn(roughen(body, 0.022, 7, seed))
        bands = 1 + 0.2 * np.tanh(3 * np.sin(body.vertices[:, 1] * 31 + 2 * body.vertices[:, 0] + seed))
        return unit_height(shaded(body, bands))
    return rock(12, 1), rock(8, 2), rock(5, 4)


def arch(seed: int) -> Lods:
    """A natural arch, wide enough to fly through."""
    def span(steps: int, sides: int) -> Mesh:
        angle = np.linspace(-0.12, np.pi + 0.12, steps)
        path = np.stack([-0.72 * np.cos(angle), 0.86 * np.sin(angle) - 0.05, 0.05 * np.sin(2 * angle + seed)], 1)
        thick = 0.14 + 0.13 * np.abs(np.cos(angle)) ** 1.5
        rock = tube(path, thick, sides, GROUND2, aspect=1.1)
        rock = _worn(roughen(rock, 0.035, 5, seed))
        rock = shaded(rock, 1 + 0.16 * np.sign(np.sin(rock.vertices[:, 1] * 26)))
        rock.vertices[:, 1] = np.maximum(rock.vertices[:, 1], 0)
        return unit_height(rock)
    return span(12, 8), span(7, 5), span(5, 3)


def standing_stones(seed: int) -> Lods:
    def stone(height: float, points: int, k: int) -> Mesh:
        slab = flat(roughen(ellipsoid((0.2, 0.62, 0.13), points=points, role=STRUCTURE), 0.02, 5, seed + k))
        slab = warp(slab, lambda v: np.stack([v[:, 0], np.clip(v[:, 1], -0.5, 0.5) + 0.5, v[:, 2]], 1))
        return moved(flat(slab), scale=(1, height, 1), roll=0.06 * (-1) ** k)
    pair = [moved(stone(0.86, 30, 0), (-0.42, 0, 0)), moved(stone(0.84, 30, 1), (0.42, 0, 0))]
    lintel = flat(roughen(box((1.15, 0.16, 0.28), (0, 0.92, 0), STRUCTURE, bevel=0.03), 0.012, 5, seed))
    lean = moved(stone(0.6, 24, 2), (1.0, 0, 0.4), yaw=0.7)
    low = [moved(stone(0.86, 12, 0), (-0.42, 0, 0)), moved(stone(0.84, 12, 1), (0.42, 0, 0)),
           box((1.15, 0.16, 0.28), (0, 0.92, 0), STRUCTURE)]
    posts = [box((0.36, 0.86, 0.22), (x, 0.43, 0), STRUCTURE, bottom=False) for x in (-0.42, 0.42)]
    return tuple(unit_height(shaded(m, dappled(0.08, seed, 5)))
                 for m in (merge(*pair, lintel, lean), merge(*low), merge(*posts, low[2])))


def column(seed: int) -> Lods:
    """A broken fluted column with its fallen drum."""
    def shaft(sides: int, drum: bool) -> Mesh:
        parts = [box((0.42, 0.08, 0.42), (0, 0.04, 0), STRUCTURE, bottom=False),
                 lathe([(0.18, 0.08), (0.15, 0.13), (0.13, 0.93), (0.13, 0.93), (0.02, 1.0), (0, 0.97)], sides,
                       STRUCTURE,
                       ripple=0.1 if sides > 6 else 0.0)]
        if drum:
            parts.append(moved(lathe([(0, 0), (0.13, 0), (0.13, 0), (0.13, 0.35), (0.13, 0.35), (0, 0.35)], sides,
                                     STRUCTURE,
                                     0.9, ripple=0.1), (0.32, 0.13, -0.1), pitch=1.57, yaw=0.8))
        return unit_height(shaded(merge(*parts), dappled(0.06, seed, 6)))
    return shaft(14, True), shaft(6, True), shaft(4, False)


def asteroid(seed: int) -> Lods:
    def rock(points: int) -> Mesh:
        ball = roughen(ellipsoid((0.62, 0.5, 0.52), points=points, role=GROUND2), 0.09, 3.0, seed)
        rng = np.random.default_rng(seed)
        for pit in rng.normal(size=(5, 3)):
            pit /= np.linalg.norm(pit)
            near = np.exp(-((ball.normals - pit) ** 2).sum(1) / 0.12)
            ball = shaded(warp(ball, lambda v, near=near: v * (1 - 0.22 * near[:, None])), 1 - 0.35 * near)
        return unit_height(shaded(_worn(ball), 1.3))
    return rock(140), rock(60), rock(22)


def orb(seed: int) -> Lods:
    """A glowing ball with a paler core band, for worlds of particles."""
    role = (ACCENT, GLOW, WATER, STRUCTURE)[seed % 4]

    def ball(points: int) -> Mesh:
        one = ellipsoid(0.5, (0, 0.5, 0), points, role)
        return unit_height(shaded(one, 1.15 + 0.35 * np.sin(one.vertices[:, 1] * 6 + seed)))
    return ball(62), ball(30), ball(12)


def shard(seed: int) -> Lods:
    role = (ACCENT, WHITE, GLOW, WATER)[seed % 4]

    def gem(sides: int) -> Mesh:
        body = flat(lathe([(0, 0), (0.16, 0.38), (0.13, 0.55), (0, 1)], sides, role))
        return unit_height(shaded(body, np.repeat(np.linspace(0.75, 1.4, len(body.faces)), 3)))
    return gem(6), gem(4), gem(3)


def ribbon(seed: int, role: int = ACCENT) -> Lods:
    """A band of silk that twists through the air."""
    def band(steps: int) -> Mesh:
        t = np.linspace(0, 1, steps)
        spine = np.stack([2.2 * (t - 0.5) + 0.25 * np.sin(7 * t + seed), 0.5 + 0.36 * np.sin(2 * np.pi * t + seed),
                          0.8 * np.sin(4.2 * t + 2 * seed)], 1)
        twist = 5.0 * t + seed
        half = np.stack([0.1 * np.cos(twist), 0.16 * np.sin(twist) + 0.1, 0.16 * np.cos(twist)], 1)
        half *= np.sin(np.pi * np.clip(t, 0.02, 0.98))[:, None] ** 0.6
        tone = 0.75 + 0.5 * (0.5 + 0.5 * np.sin(9 * t + seed))
        return unit_height(sheet(np.stack([spine - half, spine + half], 1), role, tone))
    return band(30), band(18), band(10)


def blob(seed: int, role: int = WATER) -> Lods:
    """A drop of fluid, drawn out and wobbling."""
    def drop(points: int) -> Mesh:
        ball = roughen(ellipsoid((0.5, 0.4, 0.5), points=points, role=role), 0.09, 2.4, seed)
        return unit_height(shaded(ball, lambda v: 0.8 + 0.5 * np.clip(v[:, 1] + 0.4, 0, 1)))
    return drop(110), drop(50), drop(22)


def fluid_column(seed: int) -> Lods:
    """A rising strand of fluid that swells and thins."""
    def strand(steps: int, sides: int) -> Mesh:
        t = np.linspace(0, 1, steps)
        path = np.stack([0.12 * np.sin(6 * t + seed), t, 0.12 * np.cos(5 * t + seed)], 1)
        width = (0.05 + 0.075 * (0.5 + 0.5 * np.sin(13 * t + seed)) + 0.12 * (1 - t) ** 4) * np.clip((1 - t) * 8, 0, 1)
        body = tube(path, width, sides, (GROUND, WATER)[seed % 2])
        return unit_height(shaded(body, lambda v: 0.8 + 0.4 * np.clip(v[:, 1], 0, 1)))
    return strand(20, 8), strand(12, 6), strand(9, 4)


def cloud(seed: int, tower: bool = False) -> Lods:
    """Cumulus: flat below, cauliflower above. One closed skin of overlapping balls."""
    rng = np.random.default_rng(seed)
    count = 9
    if tower:
        rise = np.linspace(0.12, 0.86, count)
        balls = np.column_stack([rng.normal(size=count) * 0.10, rise, rng.normal(size=count) * 0.10,
                                 rng.uniform(0.2, 0.3, count) * (1.15 - 0.5 * rise)])
    else:
        a = np.arange(count) * 2.4
        r = 0.85 * np.sqrt(np.arange(count) / count)
        balls = np.column_stack([r * np.cos(a), 0.3 + 0.25 * (1 - r) * rng.uniform(0.5, 1.2, count),
                                 0.6 * r * np.sin(a),
                                 (0.5 - 0.22 * r) * rng.uniform(0.75, 1.05, count)])
    def puffs(number: int, points: int) -> Mesh:
        parts = [ellipsoid((b[3] * 1.12, b[3] * 0.95, b[3] * 1.12), b[:3], points, WHITE) for b in balls[:number]]
        whole = merge(*parts)
        if not tower:
            whole = Mesh(np.stack([whole.vertices[:, 0], np.maximum(whole.vertices[:, 1], 0.12),
                                   whole.vertices[:, 2]], 1), whole.normals, whole.faces, whole.role, whole.shade,
                         whole.sway, whole.part)
        low, high = whole.vertices[:, 1].min(), whole.vertices[:, 1].max()
        return unit_height(shaded(whole, lambda v: 0.9 + 0.28 * (v[:, 1] - low) / (high - low)))
    return puffs(9, 46), puffs(7, 22), puffs(4, 12)
