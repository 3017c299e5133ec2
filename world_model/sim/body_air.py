"""Small flyers: bird, bee, butterfly. Wings bend along the span (the tip lags the root), the body answers the beat."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from scipy.interpolate import PchipInterpolator

from world_model.sim.body_rig import AMBER, DEEP, PALE, TURN, Rig, copies, limbs, loft, skin, split_at, swing
from world_model.sim.mesh import ACCENT, DARK, WHITE, Mesh, ellipsoid, merge, sheet, tube

Doubles = NDArray[np.float64]


def _wing(side: int, part: int, full: bool) -> Mesh:
    """Arm, wrist and a hand of separate feathers: coverts of the body's colour, a pale bar, dark flight feathers."""
    x = np.array([0.035, 0.09, 0.15, 0.21, 0.27, 0.32, 0.37, 0.42, 0.465, 0.5] if full
                 else [0.035, 0.15, 0.27, 0.39, 0.5])
    lead = PchipInterpolator([0.035, 0.13, 0.24, 0.33, 0.43, 0.5], [0.12, 0.175, 0.2, 0.165, 0.07, -0.045])(x)
    trail = PchipInterpolator([0.035, 0.13, 0.24, 0.33, 0.43, 0.5], [-0.115, -0.09, -0.075, -0.1, -0.13, -0.115])(x)
    if full:                                     # the hem is toothed where one feather ends and the next begins
        trail = trail + np.where(np.arange(len(x)) % 2 == 1, 0.026, 0.0) * np.where(x > 0.3, 1.6, 0.8)
    across = np.array([0.0, 0.22, 0.5, 0.6, 1.0] if full else [0.0, 0.55, 1.0])
    camber = 0.032 * np.sin(np.pi * across ** 0.7) * 1.1
    grid = np.stack([np.stack([np.full(len(across), side * u), 0.035 + camber * (1 - 0.7 * u / 0.5),
                               a + (b - a) * across], 1) for u, a, b in zip(x, lead, trail)])
    wing = sheet(grid, ACCENT, 1.0, part)
    row = np.tile(np.arange(len(x) * len(across)) % len(across), 2)
    tone = np.array([0.92, 1.08, 0.9, 1.0, 0.85] if full else [1.0, 1.0, 0.85])[row]
    comb = np.where(np.tile(np.repeat(np.arange(len(x)) % 2, len(across)), 2) == 1, 0.8, 1.08)
    wing.shade[:] = tone * np.where(row >= len(across) - 2, comb, 1.0)
    depth = row[wing.faces].max(1)
    out = np.abs(wing.vertices[wing.faces][:, :, 0]).mean(1)
    if not full:
        return split_at(wing, lambda m: np.where((depth == 2) | (out > 0.4), DARK, ACCENT))
    role = np.where(depth == 4, DARK, np.where((depth == 3) & (out < 0.36), PALE, np.where(out > 0.42, DARK, ACCENT)))
    return split_at(wing, lambda m: role)


@lru_cache(maxsize=1)
def bird() -> Rig:
    """Part 1, 2: left and right wing; 3: tail; 4: head."""
    stations = [(-0.32, 0.012, 0.012, 0.01, 0.006), (-0.24, 0.034, 0.03, 0.03, 0.0),
                (-0.13, 0.06, 0.054, 0.066, -0.006), (-0.02, 0.076, 0.066, 0.086, -0.012),
                (0.08, 0.076, 0.066, 0.086, -0.01), (0.16, 0.058, 0.056, 0.066, 0.006),
                (0.21, 0.046, 0.046, 0.046, 0.022)]

    def build(sides: int, full: bool) -> Mesh:
        body = skin(stations, np.linspace(-0.32, 0.21, 13 if full else 6), sides, ACCENT)
        high = np.sin((np.arange(len(body.vertices)) % sides + 0.5) * TURN / sides - np.pi / 2)
        role = np.where(high > -0.15, ACCENT, np.where(high > -0.5, PALE, WHITE))
        body = replace(body, role=role.astype(np.int8), shade=(0.98 - 0.16 * high).astype(np.float32))
        head = ellipsoid((0.055, 0.055, 0.064), (0, 0.04, 0.24), 60 if full else 10, ACCENT, part=4)
        if full:                                 # a dark mask about the eye, a pale throat
            face = head.vertices - (0, 0.04, 0.24)
            mask = (face[:, 2] > 0.01) & (np.abs(face[:, 1] - 0.008) < 0.02)
            head = replace(head, role=np.where(face[:, 1] < -0.022, PALE, np.where(mask, DEEP, ACCENT)).astype(np.int8))
        beak = [loft([(0.285, 0.022, 0.014, 0.04), (0.32, 0.014, 0.009, 0.037), (0.352, 0.002, 0.002, 0.026)], 6, AMBER,
                     part=4)]
        if full:
            beak.append(loft([(0.285, 0.018, 0.008, 0.028), (0.335, 0.003, 0.002, 0.024)], 6, AMBER, 0.7, part=4))
        fan = np.linspace(-0.5, 0.5, 11 if full else 3)
        tip = np.stack([0.21 * np.sin(fan), 0.012 * np.cos(fan * 3), -0.27 - 0.22 * np.cos(fan) + 0.075 * fan ** 2], 1)
        tip[1:-1:2, 2] += 0.02
        root = np.repeat([[0.0, 0.008, -0.22]], len(fan), 0)
        tail = sheet(np.stack([root, root + (tip - root) * 0.78, tip]), ACCENT, [0.75, 0.95, 1.0], 3)
        end = (np.arange(len(tail.vertices)) % (3 * len(fan)) // len(fan))[tail.faces].max(1) == 2
        tail = split_at(tail, lambda m: np.where(end, DARK, ACCENT))
        eyes: list[Mesh] = []
        for s in (-1, 1) if full else ():
            eyes += [ellipsoid(0.0135, (s * 0.044, 0.05, 0.268), 14, DARK, 0.5, part=4),
                     ellipsoid(0.004, (s * 0.054, 0.056, 0.274), 6, WHITE, 1.5, part=4)]
        return merge(body, head, *beak, tail, _wing(-1, 1, full), _wing(1, 2, full), *eyes)

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
    return Rig(build(16, True), build(6, False), pose, 0.15)


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
                vane = sheet(grid, WHITE, 1.1, p)        # brighter along the leading edge, veined
                vane.shade[:] *= np.where(np.arange(len(vane.shade)) % 2 == 0, 1.05, 0.72 + 0.2 * np.tile(
                    np.repeat(np.arange(len(t)) % 2, 2), 2))
                parts.append(vane)
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
            depth = (0.55, 0.85, 1.12, 1.0) if full else (0.7, 1.0, 1.0)
            cloth = sheet(grid, ACCENT, [tone * q for q in depth], part)
            cloth.shade[:] *= np.where(np.arange(len(cloth.shade)) % len(edge) % 2 == 1, 0.8, 1.06)      # veins
            middle = np.stack([base + (rim - base) * t for t in levels]).reshape(-1, 3)
            ring = np.repeat(np.arange(len(levels)), len(edge))

            def pattern(m: np.ndarray, middle: np.ndarray = middle, ring: np.ndarray = ring) -> np.ndarray:
                nearest = ((m[:, None] - middle[None]) ** 2).sum(-1)
                outer = ring[np.argsort(nearest, 1)[:, :2]].max(1) == ring.max()
                return np.where(outer, DARK, ACCENT)
            parts.append(split_at(cloth, pattern))
        if full:
            for outline, root, picks in ((fore, 0.05, (0.78, 1.12, 1.45)), (hind, -0.03, (2.05, 2.4))):
                base = np.array([side * 0.015, 0.01, root])
                for a in picks:                  # pale spots in the dark hem
                    r = float(np.interp(a, *np.array(outline).T[::-1]))
                    rim = np.array([side * r * np.sin(a), 0, r * np.cos(a)])
                    parts.append(ellipsoid((0.018, 0.005, 0.018), base + 0.89 * (rim - base), 10, WHITE, 1.1, part))
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

