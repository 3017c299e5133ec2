"""Small flyers: bird, bee, butterfly. Wings bend along the span (the tip lags the root), the body answers the beat."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from world_model.sim.body_rig import AMBER, TURN, Rig, copies, countershaded, limbs, loft, split_at, swing
from world_model.sim.mesh import ACCENT, DARK, WHITE, Mesh, ellipsoid, merge, sheet, tube

Doubles = NDArray[np.float64]


def _wing(side: int, span: NDArray[np.float64], lead: NDArray[np.float64], trail: NDArray[np.float64], height: float,
          camber: float, roles: tuple[int, int], tip_from: float, part: int, rows: int = 3) -> Mesh:
    """A wing from its leading and trailing edge (z) along the span (x), cambered; roles of the inner and outer part."""
    across = np.linspace(0, 1, rows)
    grid = np.stack([np.stack([np.full(rows, side * x), height + camber * np.sin(np.pi * across) * (1 - 0.5 * x),
                               a + (b - a) * across], 1) for x, a, b in zip(span, lead, trail)])
    wing = sheet(grid, roles[0], 1.0, part)
    return split_at(wing, lambda m: np.where(np.abs(m[:, 0]) > tip_from, roles[1], roles[0]))


@lru_cache(maxsize=1)
def bird() -> Rig:
    """Part 1, 2: left and right wing; 3: tail; 4: head."""
    def build(sides: int, full: bool) -> Mesh:
        body = loft([(-0.30, 0.012, 0.01, 0.0), (-0.2, 0.045, 0.035, -0.005), (-0.05, 0.08, 0.075, -0.015),
                     (0.08, 0.083, 0.08, -0.015), (0.17, 0.058, 0.06, 0.0), (0.2, 0.05, 0.052, 0.012)], sides, ACCENT)
        head = ellipsoid((0.056, 0.056, 0.066), (0, 0.03, 0.23), 26 if full else 10, ACCENT, part=4)
        body = split_at(body, lambda m: np.where(m[:, 1] < -0.03, WHITE, ACCENT))
        beak = loft([(0.28, 0.022, 0.02, 0.025), (0.34, 0.004, 0.003, 0.012)], 5, AMBER, part=4)
        span = np.array([0.04, 0.15, 0.27, 0.39, 0.5]) if full else np.array([0.04, 0.27, 0.5])
        lead = np.interp(span, [0.04, 0.15, 0.27, 0.39, 0.5], [0.14, 0.19, 0.19, 0.12, -0.02])
        trail = np.interp(span, [0.04, 0.15, 0.27, 0.39, 0.5], [-0.11, -0.09, -0.07, -0.09, -0.1])
        wings = [_wing(s, span, lead, trail, 0.035, 0.025, (ACCENT, DARK), 0.37 if full else 0.3, p, 3 if full else 2)
                 for s, p in ((-1, 1), (1, 2))]
        fan = np.linspace(-0.5, 0.5, 6 if full else 3)
        tip = np.stack([0.2 * np.sin(fan), 0 * fan + 0.005, -0.26 - 0.22 * np.cos(fan)], 1)
        tip[1:-1:2, 2] += 0.025
        root = np.repeat([[0.0, 0.005, -0.2]], len(fan), 0)
        tail = sheet(np.stack([root, tip], 1), ACCENT, 0.8, 3)
        eyes = [ellipsoid(0.014, (s * 0.045, 0.045, 0.255), 8, DARK, part=4) for s in (-1, 1)] if full else []
        return merge(body, head, beak, tail, *wings, *eyes)

    def pose(mesh: Mesh, phase: Doubles, time_s: Doubles) -> Doubles:
        out = copies(mesh, len(phase))
        beat = TURN * phase
        for part, side in ((1, -1), (2, 1)):
            rows = limbs(mesh, part)
            reach = np.abs(mesh.vertices[rows, 0]) / 0.5
            # shoulder first, wrist a fifth of a cycle later; more down-stroke than up
            outer = side * (0.45 * np.sin(beat - 1.3)[:, None] - 0.12) * np.clip(reach * 2 - 0.9, 0, 1) ** 0.8
            swing(out, rows, (side * 0.26, 0.035, 0), 2, outer)
            swing(out, rows, (side * 0.04, 0.035, 0), 2, side * (0.62 * np.sin(beat) + 0.16))
            swing(out, rows, (0, 0.035, 0.05), 0, -0.16 * np.cos(beat)[:, None] * reach)
        swing(out, limbs(mesh, 3), (0, 0, -0.2), 0, 0.16 * np.sin(beat - 2.0) + 0.08)
        swing(out, limbs(mesh, 3), (0, 0, -0.2), 2, 0.12 * np.sin(1.1 * time_s))
        swing(out, limbs(mesh, 4), (0, 0, 0.18), 1, 0.18 * np.sin(0.9 * time_s))
        out[..., 1] -= 0.035 * np.sin(beat)[:, None]
        return out
    return Rig(countershaded(build(10, True)), countershaded(build(6, False)), pose, 0.15)


@lru_cache(maxsize=1)
def bee() -> Rig:
    """Part 1, 2: left and right wings; 3: abdomen; 4: legs; 5: antennae. Its length and its span are both near 1."""
    def build(sides: int, full: bool) -> Mesh:
        z = np.array([-0.5, -0.47, -0.40, -0.33, -0.25, -0.17, -0.09, -0.03])
        w = np.array([0.0, 0.055, 0.125, 0.165, 0.185, 0.18, 0.145, 0.09])
        belly = loft(np.column_stack([z, w, w * 0.95, -0.02 - 0.12 * (z + 0.03) ** 2]).tolist(), sides, AMBER, 1.0, 3)
        belly = split_at(belly, lambda m: np.where(((m[:, 2] + 0.5) / 0.078).astype(int) % 2 == 0, DARK, AMBER))
        thorax = ellipsoid((0.155, 0.15, 0.16), (0, 0.03, 0.09), 60 if full else 20, AMBER, 0.85)
        head = ellipsoid((0.115, 0.11, 0.095), (0, 0.02, 0.28), 40 if full else 14, DARK, 1.6)
        eyes = [ellipsoid((0.05, 0.075, 0.06), (s * 0.085, 0.04, 0.31), 24 if full else 8, DARK, 0.5) for s in (-1, 1)]
        parts = [belly, thorax, head, *eyes]
        if full:                                 # a ruff of fur between thorax and head
            parts.append(ellipsoid((0.12, 0.12, 0.05), (0, 0.03, 0.2), 30, WHITE, 0.9))
            parts += [ellipsoid(0.016, (s * 0.09 + 0.0, 0.07, 0.36), 8, WHITE, 1.3) for s in (-1, 1)]
            for s in (-1, 1):
                parts.append(tube([(s * 0.04, 0.1, 0.34), (s * 0.08, 0.2, 0.42), (s * 0.1, 0.2, 0.5)],
                                  (0.013, 0.01, 0.016), 5, DARK, part=5))
                for z0 in (0.02, 0.1, 0.17):
                    leg = [(s * 0.09, -0.08, z0), (s * 0.17, -0.14, z0 - 0.02), (s * 0.15, -0.25, z0 - 0.1)]
                    parts.append(tube(leg, (0.02, 0.017, 0.01), 5, DARK, part=4))
        for s, p in ((-1, 1), (1, 2)):
            for root, tip, wide in ((0.12, (0.5, -0.12), 0.13), (0.04, (0.34, -0.3), 0.09)):
                t = np.linspace(0, 1, 6 if full else 4)
                x, zz = s * (0.06 + (tip[0] - 0.06) * t), root + (tip[1] - root) * t
                half = wide * np.sin(np.pi * np.clip(t * 0.86 + 0.06, 0, 1)) ** 0.7
                grid = np.stack([np.stack([x, 0.17 + 0.06 * t, zz + half], 1),
                                 np.stack([x, 0.17 + 0.06 * t, zz - half], 1)], 1)
                parts.append(sheet(grid, WHITE, 1.1, p))
        return merge(*parts)

    def pose(mesh: Mesh, phase: Doubles, time_s: Doubles) -> Doubles:
        out = copies(mesh, len(phase))
        beat = TURN * phase
        for part, side in ((1, -1), (2, 1)):
            rows = limbs(mesh, part)
            reach = np.abs(mesh.vertices[rows, 0]) / 0.5
            swing(out, rows, (0, 0.17, 0.08), 0, 0.4 * np.cos(beat)[:, None] * reach)
            swing(out, rows, (side * 0.05, 0.17, 0), 2, side * (0.75 * np.sin(beat) + 0.3))
        swing(out, limbs(mesh, 3), (0, 0, -0.02), 0, 0.06 * np.sin(1.7 * time_s) + 0.1)
        swing(out, limbs(mesh, 4), (0, -0.06, 0.1), 0, 0.15 * np.sin(2.3 * time_s) + 0.12)
        swing(out, limbs(mesh, 5), (0, 0.1, 0.34), 0, 0.15 * np.sin(3.1 * time_s))
        out[..., 1] += 0.012 * np.sin(beat + 2.4)[:, None]
        return out
    return Rig(build(14, True), build(8, False), pose, 0.3)


@lru_cache(maxsize=1)
def butterfly() -> Rig:
    """Part 1, 2: left and right wings; 3: body."""
    def wing(side: int, part: int, full: bool) -> Mesh:
        fore = [(0.30, 0.62), (0.40, 0.92), (0.47, 1.12), (0.49, 1.34), (0.42, 1.55), (0.34, 1.72)]    # radius, angle
        hind = [(0.33, 1.80), (0.37, 2.05), (0.36, 2.3), (0.38, 2.52), (0.28, 2.72), (0.18, 2.95)]
        parts: list[Mesh] = []
        for outline, root, tone in ((fore, 0.05, 1.0), (hind, -0.03, 0.88)):
            edge = np.array(outline if full else outline[::2] + outline[-1:])
            rim = np.stack([side * edge[:, 0] * np.sin(edge[:, 1]), 0 * edge[:, 0], edge[:, 0] * np.cos(edge[:, 1])], 1)
            base = np.array([side * 0.015, 0.01, root])
            levels = (0.0, 0.34, 0.78, 1.0) if full else (0.0, 0.8, 1.0)
            grid = np.stack([base + (rim - base) * t for t in levels])
            cloth = sheet(grid, ACCENT, tone, part)
            middle = np.stack([base + (rim - base) * t for t in levels]).reshape(-1, 3)
            ring = np.repeat(np.arange(len(levels)), len(edge))

            def pattern(m: np.ndarray, middle: np.ndarray = middle, ring: np.ndarray = ring) -> np.ndarray:
                nearest = ((m[:, None] - middle[None]) ** 2).sum(-1)
                outer = ring[np.argsort(nearest, 1)[:, :2]].max(1) == ring.max()
                return np.where(outer, DARK, ACCENT)
            parts.append(split_at(cloth, pattern))
        if full:
            spots = ((0.43, 0.85), (0.455, 1.13), (0.43, 1.42), (0.335, 2.1), (0.34, 2.45))
            parts += [ellipsoid((0.02, 0.006, 0.02), (side * r * np.sin(a), 0.002, r * np.cos(a)), 8, WHITE, 1.1, part)
                      for r, a in spots]
        return merge(*parts)

    def build(full: bool) -> Mesh:
        body = loft([(-0.26, 0.0, 0.0, -0.02), (-0.18, 0.022, 0.022, -0.02), (-0.05, 0.026, 0.026, 0),
                     (0.05, 0.04, 0.04, 0), (0.12, 0.03, 0.03, 0.01), (0.17, 0.034, 0.034, 0.015), (0.21, 0, 0, 0.015)],
                    8 if full else 5, DARK, 1.5, 3)
        feelers = [tube([(s * 0.012, 0.03, 0.19), (s * 0.06, 0.07, 0.3), (s * 0.1, 0.07, 0.36)], (0.005, 0.005, 0.012),
                        4, DARK, part=3) for s in (-1, 1)] if full else []
        return merge(body, wing(-1, 1, full), wing(1, 2, full), *feelers)

    def pose(mesh: Mesh, phase: Doubles, time_s: Doubles) -> Doubles:
        out = copies(mesh, len(phase))
        beat = TURN * phase
        for part, side in ((1, -1), (2, 1)):
            rows = limbs(mesh, part)
            reach = np.abs(mesh.vertices[rows, 0]) / 0.5
            behind = np.clip(0.1 - mesh.vertices[rows, 2], 0, 0.5)      # the hind wing follows late
            angle = 0.82 * np.sin(beat[:, None] - 1.6 * behind - 0.5 * reach) + 0.5
            swing(out, rows, (0, 0.01, 0), 2, side * angle)
        swing(out, limbs(mesh, 3), (0, 0, 0.08), 0, 0.12 * np.sin(beat + 0.8))
        out[..., 1] -= 0.06 * np.sin(beat)[:, None]
        return out
    return Rig(build(True), build(False), pose, 0.1)

