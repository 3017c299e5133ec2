"""What swims and sails: fish, whale, jellyfish, boat. A travelling wave runs from head to tail and grows on its way
(Lighthill's slender body); a bell closes fast and opens slowly; a boat answers the swell."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from world_model.sim.body_rig import TURN, Rig, copies, countershaded, limbs, loft, split_at, swing
from world_model.sim.mesh import ACCENT, DARK, WATER, WHITE, WOOD, Mesh, ellipsoid, lathe, merge, moved, sheet, tube

Doubles = NDArray[np.float64]


@lru_cache(maxsize=1)
def fish() -> Rig:
    """Part 1, 2: pectoral fins; 3: tail fin."""
    def build(sides: int, full: bool) -> Mesh:
        body = loft([(-0.30, 0.012, 0.045, 0.0), (-0.2, 0.035, 0.07, 0.0), (-0.09, 0.065, 0.125, 0.0),
                     (0.01, 0.086, 0.167, 0.0), (0.1, 0.096, 0.187, 0.0), (0.2, 0.098, 0.19, -0.003),
                     (0.28, 0.092, 0.175, -0.006), (0.38, 0.07, 0.125, -0.015),
                     (0.46, 0.035, 0.055, -0.025), (0.485, 0.012, 0.02, -0.03)], sides, ACCENT)

        def coat(m: np.ndarray) -> np.ndarray:
            band = ((m[:, 2] > 0.2) & (m[:, 2] < 0.28)) | ((m[:, 2] > -0.09) & (m[:, 2] < 0.01))
            return np.where(band, WHITE, ACCENT)
        body = split_at(body, coat)
        tail = sheet([[(0, 0.035, -0.29), (0, 0.02, -0.3), (0, 0.0, -0.3), (0, -0.02, -0.3), (0, -0.035, -0.29)],
                      [(0, 0.2, -0.48), (0, 0.1, -0.43), (0, 0.0, -0.39), (0, -0.1, -0.43), (0, -0.19, -0.48)]], ACCENT,
                     [0.8, 1.15], 3)
        t = np.linspace(0, 1, 5)
        dorsal = sheet(np.stack([np.stack([0 * t, 0.17 - 0.08 * t ** 2, 0.18 - 0.34 * t], 1),
                                 np.stack([0 * t, 0.19 + 0.14 * np.sin(np.pi * (0.25 + 0.62 * t)), 0.12 - 0.38 * t],
                                          1)]),
                       ACCENT, [0.75, 1.1])
        under = sheet([[(0, -0.12, 0.02), (0, -0.08, -0.14)], [(0, -0.22, -0.08), (0, -0.15, -0.2)]], ACCENT, [0.75,
                                                                                                               1.1])
        fins = [sheet([[(s * 0.085, -0.02, 0.22), (s * 0.085, -0.09, 0.22)],
                       [(s * 0.2, -0.04, 0.07), (s * 0.17, -0.13, 0.1)]], ACCENT, [0.8, 1.2], p)
                for s, p in ((-1, 1), (1, 2))]
        eyes = [ellipsoid((0.016, 0.032, 0.032), (s * 0.066, 0.035, 0.37), 16 if full else 7, r, 1.0)
                for s in (-1, 1) for r in ((WHITE,) if full else (DARK,))]
        if full:
            eyes += [ellipsoid((0.014, 0.018, 0.018), (s * 0.076, 0.035, 0.378), 10, DARK, 0.6) for s in (-1, 1)]
        return merge(body, tail, dorsal, under, *fins, *eyes)

    def pose(mesh: Mesh, phase: Doubles, time_s: Doubles) -> Doubles:
        out = copies(mesh, len(phase))
        beat = TURN * phase[:, None]
        for part, side in ((1, -1), (2, 1)):
            swing(out, limbs(mesh, part), (side * 0.085, -0.05, 0.22), 2, side * 0.35 * np.sin(2.1 * time_s + 1.0))
        z = mesh.vertices[:, 2].astype(np.float64)
        late = (0.5 - z)[None]
        swell = 0.012 + 0.15 * np.clip(late, 0, 1) ** 2
        out[..., 0] += swell * np.sin(beat - 4.4 * late)
        return out
    return Rig(countershaded(build(12, True), 0.7, 1.15), countershaded(build(7, False), 0.7, 1.15), pose, 0.55)


@lru_cache(maxsize=1)
def whale() -> Rig:
    """Part 1, 2: flippers; 3: flukes."""
    def build(sides: int, full: bool) -> Mesh:
        shape = np.array([(-0.40, 0.012, 0.018, 0.015), (-0.32, 0.028, 0.04, 0.01), (-0.2, 0.064, 0.078, 0.0),
                          (-0.06, 0.115, 0.13, -0.008), (0.08, 0.148, 0.162, -0.012), (0.24, 0.155, 0.168, -0.012),
                          (0.37, 0.142, 0.15, -0.01), (0.45, 0.108, 0.112, -0.01), (0.485, 0.06, 0.065, -0.01)])
        body = loft(shape.tolist(), sides, WATER)

        def coat(m: np.ndarray) -> np.ndarray:
            middle, half = (np.interp(m[:, 2], shape[:, 0], shape[:, k]) for k in (3, 2))
            line = np.where(m[:, 2] > 0.484, -0.25, -0.42)       # the last faces meet in the snout's point
            return np.where(((m[:, 1] - middle) / half < line) & (m[:, 2] > -0.2), WHITE, WATER)
        body = split_at(body, coat)
        grooves = 1 - 0.16 * ((body.role == WHITE) & (np.round(np.arctan2(body.vertices[:, 0],
                                                                          -body.vertices[:, 1]) * 8) % 2 == 0))
        body.shade[:] = body.shade * grooves * np.where(body.role == WATER, 0.8, 0.95)
        t = np.linspace(0, 1, 5 if full else 3)
        flukes: list[Mesh] = []
        for s in (-1, 1):
            front = np.stack([s * 0.19 * t, 0.015 + 0.01 * t, -0.37 - 0.115 * t ** 1.3], 1)
            back = np.stack([s * 0.19 * t, 0.015 + 0.01 * t, -0.425 - 0.06 * t - 0.025 * np.sin(np.pi * t)], 1)
            flukes.append(sheet(np.stack([front, back], 1), WATER, 0.7, 3))
        flippers: list[Mesh] = []
        for s, p in ((-1, 1), (1, 2)):
            front = np.stack([s * (0.13 + 0.19 * t), -0.06 - 0.06 * t, 0.23 - 0.16 * t ** 1.2], 1)
            back = np.stack([s * (0.13 + 0.19 * t), -0.06 - 0.06 * t, 0.14 - 0.09 * t], 1)
            flippers.append(sheet(np.stack([front, back], 1), WATER, 0.75, p))
        fin = sheet([[(0, 0.11, -0.05), (0, 0.08, -0.15)], [(0, 0.155, -0.14), (0, 0.15, -0.155)]], WATER, 0.7)
        eyes = [ellipsoid(0.011, (s * 0.14, -0.04, 0.36), 10, DARK, 0.5) for s in (-1, 1)] if full else []
        return merge(body, fin, *flukes, *flippers, *eyes)

    def pose(mesh: Mesh, phase: Doubles, time_s: Doubles) -> Doubles:
        out = copies(mesh, len(phase))
        beat = TURN * phase[:, None]
        z = mesh.vertices[:, 2].astype(np.float64)
        late = (0.5 - z)[None]
        for part, side in ((1, -1), (2, 1)):
            swing(out, limbs(mesh, part), (side * 0.13, -0.06, 0.18), 2,
                  side * (0.28 * np.sin(TURN * phase - 0.9) - 0.1))
        rows = limbs(mesh, 3)
        swing(out, rows, (0, 0.015, -0.38), 0, -0.5 * np.cos(TURN * phase - 4.0))
        out[..., 1] += (0.012 + 0.13 * np.clip(late - 0.15, 0, 1) ** 2) * np.sin(beat - 3.2 * late)
        out[..., 0] += 0.012 * np.sin(0.31 * time_s)[:, None] * late
        return out
    return Rig(countershaded(build(20, True), 0.75, 1.2), countershaded(build(9, False), 0.75, 1.2), pose, 0.5)


@lru_cache(maxsize=1)
def jellyfish() -> Rig:
    """Part 1: bell; 2: tentacles; 3: mouth arms. Bell on top, the tentacles hang."""
    def build(sides: int, arms: int, steps: int) -> Mesh:
        profile = [(0.255, 0.22), (0.29, 0.23), (0.285, 0.3), (0.25, 0.39), (0.17, 0.46), (0.08, 0.492), (0, 0.5)]
        bell = lathe([(0.0, 0.36), (0.15, 0.33), *profile], sides, ACCENT, 1.0, 1)
        bell = split_at(bell, lambda m: np.where((m[:, 1] < 0.25) & (np.hypot(m[:, 0], m[:, 2]) > 0.2), WHITE, ACCENT))
        ribs = 0.92 + 0.22 * np.cos(8 * np.arctan2(bell.vertices[:, 0], bell.vertices[:, 2]))
        bell.shade[:] = bell.shade * ribs * (0.75 + 1.0 * np.clip(bell.vertices[:, 1] - 0.22, 0, 0.3))
        parts = [bell]
        t = np.linspace(0, 1, steps)
        for k in range(arms):
            a = TURN * k / arms
            r = 0.25 * (1 - 0.25 * t)
            path = np.stack([r * np.sin(a), 0.24 - (0.5 + 0.22 * ((k * 0.618) % 1)) * t, r * np.cos(a)], 1)
            parts.append(tube(path, 0.011 * (1 - t) + 0.002, 3, ACCENT, 1.2, 2))
        for k in range(4):
            a = TURN * (k + 0.5) / 4
            out, side = np.array([np.sin(a), 0, np.cos(a)]), np.array([np.cos(a), 0, -np.sin(a)])
            spine = out * (0.07 + 0.03 * np.sin(6 * t))[:, None] + np.array([0, 1, 0]) * (0.34 - 0.55 * t)[:, None]
            half = side * (0.05 * (1 - t) * (1 + 0.5 * np.cos(np.arange(steps) * np.pi)))[:, None]
            parts.append(sheet(np.stack([spine - half, spine + half], 1), WHITE, 1.0 - 0.25 * t, 3))
        return merge(*parts)

    def pose(mesh: Mesh, phase: Doubles, time_s: Doubles) -> Doubles:
        out = copies(mesh, len(phase))
        y = mesh.vertices[:, 1].astype(np.float64)[None]
        beat = TURN * phase[:, None]
        low = np.clip((0.5 - y) / 0.28, 0, 1) ** 1.4           # the rim moves most, the crown hardly
        late = np.clip(0.24 - y, 0, 1)                           # how far down the tentacle: lag
        squeeze = np.sin(beat + 0.5 * np.sin(beat) - 5.0 * late)  # closes fast, opens slowly
        reach = 1 - 0.17 * low * squeeze * np.where(y < 0.2, np.clip(1 - 1.2 * late, 0.2, 1), 1.0)
        out[..., 0] *= reach
        out[..., 2] *= reach
        out[..., 1] += 0.035 * low * squeeze + 0.03 * np.sin(beat - 1.1)
        out[..., 0] += 0.16 * late ** 1.3 * np.sin(0.83 * time_s[:, None] - 5 * late + 9 * mesh.vertices[:, 2])
        out[..., 2] += 0.16 * late ** 1.3 * np.sin(0.71 * time_s[:, None] - 5 * late + 7 * mesh.vertices[:, 0])
        return out
    return Rig(build(20, 12, 9), build(10, 5, 5), pose, 0.6, 0.38)


@lru_cache(maxsize=1)
def boat() -> Rig:
    """Part 1: main sail, 2: jib, 3: pennant; the rest is hull, mast and boom. y = 0 is the water line."""
    def build(sides: int, steps: int, full: bool) -> Mesh:
        hull = loft([(-0.42, 0.085, 0.075, 0.03), (-0.3, 0.125, 0.11, 0.015), (-0.1, 0.15, 0.13, 0.005),
                     (0.12, 0.14, 0.128, 0.012), (0.3, 0.085, 0.11, 0.035), (0.42, 0.03, 0.08, 0.07),
                     (0.48, 0.004, 0.05, 0.105)], sides, WHITE)
        cut = hull.vertices.copy()
        sheer = 0.075 + 0.16 * np.clip(cut[:, 2], 0, 1) ** 2 + 0.04 * np.clip(-cut[:, 2], 0, 1) ** 2
        cut[:, 1] = np.minimum(cut[:, 1], sheer)                  # the deck: everything above the sheer line is flat
        hull = Mesh(cut, hull.normals, hull.faces, hull.role, hull.shade, hull.sway, hull.part)

        def coat(m: np.ndarray) -> np.ndarray:
            sheer_m = 0.06 + 0.16 * np.clip(m[:, 2], 0, 1) ** 2 + 0.04 * np.clip(-m[:, 2], 0, 1) ** 2
            return np.where(m[:, 1] > sheer_m, WOOD, np.where(m[:, 1] > 0.0, ACCENT, WHITE))
        hull = split_at(hull, coat)
        cabin = moved(loft([(-0.1, 0.06, 0.05, 0.1), (0.06, 0.055, 0.048, 0.105), (0.12, 0.035, 0.03, 0.1)], 8, WHITE),
                      (0, 0.0, -0.06))
        mast = tube([(0, 0.05, 0.08), (0, 0.93, 0.06)], (0.012, 0.006), 5, WOOD, 1.3)
        boom = tube([(0, 0.2, 0.08), (0, 0.19, -0.36)], (0.009, 0.006), 5, WOOD, 1.3)
        t = np.linspace(0, 1, steps)
        u = np.linspace(0, 1, 5 if full else 3)
        main = np.array([[(0, 0.21 + 0.7 * a, 0.065 - (0.41 * (1 - a) ** 0.9 + 0.015) * b) for b in u] for a in t])
        sail = sheet(main, WHITE, 1.15, 1)
        sail = split_at(sail, lambda m: np.where((m[:, 1] > 0.36) & (m[:, 1] < 0.52), ACCENT, WHITE))
        jib = sheet(np.array([[(0, 0.14 + 0.66 * a, 0.47 - 0.39 * a - (0.29 * (1 - a)) * b) for b in u] for a in t]),
                    ACCENT, 1.0, 2)
        flag = sheet([[(0, 0.93, 0.06), (0, 0.98, 0.06)], [(0, 0.945, -0.02), (0, 0.97, -0.02)],
                      [(0, 0.955, -0.1), (0, 0.96, -0.1)]], ACCENT, 1.1, 3)
        return merge(hull, cabin, mast, boom, sail, jib, flag)

    def pose(mesh: Mesh, phase: Doubles, time_s: Doubles) -> Doubles:
        out = copies(mesh, len(phase))
        y, z = mesh.vertices[:, 1].astype(np.float64), mesh.vertices[:, 2].astype(np.float64)
        flutter = 1 + 0.07 * np.sin(2.3 * time_s[:, None] - 9 * z) + 0.05 * np.sin(3.7 * time_s[:, None] + 7 * y)
        for part, foot, luff, deep in ((1, 0.21, 0.065, 0.11), (2, 0.14, 0.47, 0.1)):
            rows = limbs(mesh, part)
            high = np.clip((y[rows] - foot) / 0.7, 0, 1)
            across = np.clip((luff - 0.39 * high * (part == 2) - z[rows]) / (0.42 * (1 - high) + 0.03), 0, 1)
            belly = deep * np.sin(np.pi * np.clip(across, 0, 1)) * (1 - high) ** 0.5
            out[:, rows, 0] += flutter[:, rows] * (belly + 0.13 * across * (1 - high))
        rows = limbs(mesh, 3)
        out[:, rows, 0] += 0.5 * (0.06 - z[rows]) * np.sin(7.1 * time_s[:, None] + 30 * z[rows])
        beat = TURN * phase
        everything = np.arange(len(y), dtype=np.int32)
        swing(out, everything, (0, 0, 0), 0, -0.045 * np.sin(beat))
        swing(out, everything, (0, 0, 0), 2, 0.05 * np.sin(beat + 1.9) - 0.07)
        out[..., 1] += 0.014 * np.sin(beat - 0.8)[:, None]
        return out
    return Rig(countershaded(build(14, 8, True), 0.85, 1.1), countershaded(build(8, 4, False), 0.85, 1.1), pose, 0.35)
