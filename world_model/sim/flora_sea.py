"""Under water: corals that branch, fold and fan, brain coral, kelp, sea grass, anemones, a sunken ruin's starfish."""

from __future__ import annotations

import numpy as np

from world_model.sim.flora_trees import Lods, dappled
from world_model.sim.mesh import (
    ACCENT,
    GROWTH,
    STRUCTURE,
    WHITE,
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


def branching(seed: int, role: int = ACCENT) -> Lods:
    """Staghorn coral: forks that reach for the light, pale at the tips."""
    rng = np.random.default_rng(seed)
    limbs: list[tuple[np.ndarray, np.ndarray, float, int]] = []

    def grow(base: np.ndarray, heading: np.ndarray, length: float, radius: float, depth: int) -> None:
        tip = base + heading * length
        limbs.append((base, tip, radius, depth))
        if depth == 3:
            return
        for k in range(3 if depth == 0 else 2):
            angle = rng.uniform(0, 6.28) + k * 2.2
            away = heading + 0.75 * np.array([np.cos(angle), 0.25, np.sin(angle)])
            grow(tip - heading * length * 0.05, away / np.linalg.norm(away), length * 0.74, radius * 0.72, depth + 1)
    for k in range(2):
        a = k * 3.1 + 0.4
        start = np.array([0.35 * np.cos(a), 1.0, 0.35 * np.sin(a)])
        grow(np.zeros(3), start / np.linalg.norm(start), 0.34, 0.075, 0)

    def drawn(deepest: int, sides: int) -> Mesh:
        parts = [tube([a, b, b + (b - a) * 0.12], (r, r * 0.75, 0), sides, role, 0.75 + 0.2 * d)
                 for a, b, r, d in limbs if d <= deepest]
        return swaying(unit_height(merge(*parts)), 2.0, 0.1)
    return drawn(2, 3), drawn(1, 3), drawn(0, 3)


def fan(seed: int, role: int = ACCENT) -> Lods:
    """A sea fan: one lacy plane of branches across the current."""
    rng = np.random.default_rng(seed)

    def lace(ribs: int, steps: int) -> Mesh:
        parts = [tube([(0, 0, 0), (0.01, 0.2, 0)], (0.03, 0.02), 4, role, 0.7)]
        for k in range(ribs):
            spread = (k / max(ribs - 1, 1) - 0.5) * 2.5
            along = np.linspace(0, 1, steps)
            bend = spread * (0.45 + 0.55 * along)
            reach = 0.85 * along * (1 - 0.12 * abs(spread)) * rng.uniform(0.88, 1.0)
            spine = np.stack([np.sin(bend) * reach, 0.15 + np.cos(bend) * reach, 0.05 * np.sin(3 * along + k)], 1)
            width = 0.035 + 0.06 * along * (0.6 + 0.4 * np.cos(np.arange(steps) * np.pi))
            half = np.stack([np.cos(bend), -np.sin(bend), np.zeros(steps)], 1) * width[:, None]
            parts.append(sheet(np.stack([spine - half, spine + half], 1), role, 0.7 + 0.5 * along))
        return swaying(unit_height(merge(*parts)), 1.5, 0.6)
    return lace(9, 7), lace(6, 4), lace(3, 2)


def brain(seed: int, role: int = STRUCTURE) -> Lods:
    def dome(points: int) -> Mesh:
        ball = ellipsoid((1, 0.72, 1), points=points, role=role)
        ball = warp(ball, lambda v: np.stack([v[:, 0], np.maximum(v[:, 1], -0.15), v[:, 2]], 1))
        groove = 0.5 + 0.5 * np.sin(11 * ball.vertices[:, 0] + 3 * np.sin(6 * ball.vertices[:, 2] + seed))
        return unit_height(shaded(roughen(ball, 0.03, 3.0, seed), 0.72 + 0.5 * groove))
    return dome(110), dome(28), dome(8)


def plates(seed: int) -> Lods:
    """Table coral: stacked, tilted discs."""
    rng = np.random.default_rng(seed)

    def table(sides: int, tiers: int) -> Mesh:
        parts: list[Mesh] = []
        for k in range(tiers):
            size = rng.uniform(0.45, 0.75) * (1 - 0.2 * k)
            disc = lathe([(0.08, -0.25), (0.12, 0.0), (size, 0.12), (size, 0.17), (0, 0.08)], sides, ACCENT,
                         0.85 + 0.12 * k, ripple=0.08 if sides % 2 == 0 else 0.0)
            parts.append(moved(disc, (rng.normal() * 0.2, 0.25 + 0.3 * k, rng.normal() * 0.2),
                               roll=rng.normal() * 0.12))
        return unit_height(shaded(merge(*parts), dappled(0.08, seed, 5)))
    return table(12, 3), table(9, 2), table(6, 1)


def kelp(seed: int) -> Lods:
    rng = np.random.default_rng(seed)

    def frond(x: float, z: float, tall: float, steps: int, leaves: int) -> list[Mesh]:
        rise = np.linspace(0, 1, steps)
        a, b = rng.uniform(0, 6.28, 2)
        wave = 0.035 * rise
        spine = np.stack([x + wave * np.sin(5 * rise + a), rise * tall, z + wave * np.cos(4 * rise + b)], 1)
        parts = [tube(spine, 0.008, 3, GROWTH, 0.7)]
        for k in range(leaves):
            at = (k + 1) / (leaves + 0.5)
            base = np.array([np.interp(at, rise, spine[:, c]) for c in range(3)])
            angle = k * 2.4 + a
            out = np.array([np.cos(angle), 0.0, np.sin(angle)])
            side = np.array([-np.sin(angle), 0.3 * (-1) ** k, np.cos(angle)])
            along = np.array([0, 0.45, 1.0])             # the blade leaves its stalk, then streams upward
            leaf = base + out * (0.085 * along ** 0.6)[:, None] + np.array([0, 0.17, 0]) * (along ** 1.5)[:, None]
            half = side * np.array([0.005, 0.021, 0.0])[:, None]
            parts.append(sheet(np.stack([leaf - half, leaf + half], 1), GROWTH, 0.85 + 0.5 * at))
        return parts

    def stand(fronds: int, steps: int, leaves: int) -> Mesh:
        parts: list[Mesh] = []
        for k in range(fronds):
            x, z = rng.normal(size=2) * 0.05
            parts += frond(float(x), float(z), 1.0 if k == 0 else rng.uniform(0.6, 0.95), steps, leaves)
        return swaying(unit_height(merge(*parts)), 1.2, 1.0)
    return stand(2, 5, 11), stand(2, 4, 5), stand(1, 3, 3)


def anemone(seed: int) -> Lods:
    rng = np.random.default_rng(seed)

    def body(arms: int, sides: int) -> Mesh:
        parts = [lathe([(0.28, 0), (0.22, 0.2), (0.27, 0.4), (0, 0.38)], max(sides * 2, 4), ACCENT, 0.7)]
        for k in range(arms):
            a, r = k * 2.4, 0.24 * np.sqrt((k + 0.5) / arms)
            out = np.array([np.cos(a), 0, np.sin(a)])
            base = out * r + np.array([0, 0.36, 0])
            tip = out * (r * 2.6) + np.array([0, 0.85 + rng.uniform(-0.1, 0.15), 0])
            arm = tube([base, (base + tip) / 2 + out * 0.03, tip], (0.045, 0.04, 0.025), sides, WHITE, 0.9)
            parts.append(arm)
        return swaying(unit_height(merge(*parts)), 1.3, 0.8)
    far = lathe([(0.28, 0), (0.2, 0.35), (0.46, 0.95), (0, 0.8)], 5, ACCENT, 0.8)
    far = swaying(painted(far, WHITE, lambda v: v[:, 1] > 0.5), 1.3, 0.8)
    return body(13, 3), body(6, 3), unit_height(far)


def sea_grass(seed: int) -> Lods:
    rng = np.random.default_rng(seed)

    def tuft(count: int, steps: int) -> Mesh:
        parts: list[Mesh] = []
        along = np.linspace(0, 1, steps + 1)
        for k in range(count):
            a, tall = k * 2.4, 1.0 if k == 0 else rng.uniform(0.55, 0.95)
            x, z = rng.normal(size=2) * 0.09
            spine = np.stack([x + 0.12 * np.sin(3 * along + a) * along, tall * along, z + 0.1 * np.cos(3 * along + a)
                              * along], 1)
            half = np.array([np.cos(a), 0, np.sin(a)]) * (0.035 * (1 - along ** 3))[:, None]
            facing = (-0.8 * np.sin(a), 0.6, 0.8 * np.cos(a))
            parts.append(shaded(sheet(np.stack([spine - half, spine + half], 1), GROWTH, normal=facing),
                                np.repeat(0.55 + 0.7 * along, 2)))
        return swaying(unit_height(merge(*parts)), 1.3)
    return tuft(8, 3), tuft(4, 2), tuft(2, 1)
