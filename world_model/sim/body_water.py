"""What swims and sails: fish, whale, jellyfish, boat. A travelling wave runs from head to tail and grows on its way
(Lighthill's slender body); a bell closes fast and opens slowly; a boat answers the swell."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from scipy.interpolate import PchipInterpolator

from world_model.sim.body_rig import (
    DEEP,
    MIST,
    PALE,
    TURN,
    Rig,
    copies,
    countershaded,
    foil,
    limbs,
    loft,
    skin,
    split_at,
    swing,
)
from world_model.sim.mesh import ACCENT, DARK, WATER, WHITE, WOOD, Mesh, ellipsoid, lathe, merge, moved, sheet, tube

Doubles = NDArray[np.float64]


@lru_cache(maxsize=1)
def fish() -> Rig:
    """A reef fish in bands. Part 1, 2: pectoral fins; 3: tail fin; 4: the other fins."""
    stations = [(-0.29, 0.014, 0.05, 0.046, 0.0), (-0.2, 0.032, 0.072, 0.07, 0.0), (-0.08, 0.06, 0.128, 0.125, 0.0),
                (0.05, 0.084, 0.175, 0.165, 0.0), (0.17, 0.092, 0.188, 0.178, -0.002),
                (0.29, 0.083, 0.162, 0.16, -0.008), (0.39, 0.06, 0.108, 0.112, -0.02),
                (0.45, 0.038, 0.06, 0.066, -0.03), (0.482, 0.016, 0.022, 0.028, -0.036)]
    bands = ((-0.235, -0.205), (-0.03, 0.05), (0.235, 0.295))
    rim = 0.013

    def fin(edge: list[tuple[float, float]], root: list[tuple[float, float]], part: int, rays: bool) -> Mesh:
        """An upright fin between two lines of (z, y): darker at the root, a dark hem, rays."""
        a, b = np.array(root), np.array(edge)
        levels = (0.0, 0.45, 0.86, 1.0) if rays else (0.0, 1.0)
        grid = np.stack([np.stack([0 * a[:, 0], a[:, 1] + (b - a)[:, 1] * t, a[:, 0] + (b - a)[:, 0] * t], 1)
                         for t in levels])
        cloth = sheet(grid, ACCENT, [*[0.7, 0.95, 1.15, 1.0][:len(levels) - 1], 1.1], part)
        comb = 1 + 0.16 * (-1.0) ** np.arange(len(a))
        cloth.shade[:] = cloth.shade * np.tile(comb, len(cloth.shade) // len(a))
        if not rays:
            return cloth
        reach = np.tile(np.repeat(np.arange(len(levels)), len(a)), 2)
        hem = reach[cloth.faces].sum(1) >= 7
        return split_at(cloth, lambda m: np.where(hem, DARK, ACCENT))

    def build(sides: int, full: bool) -> Mesh:
        lines = [e for a, b in bands for e in ((a - rim, a, b, b + rim) if full else (a, b))]
        z = np.array(sorted({*lines, -0.29, -0.26, -0.15, -0.09, 0.11, 0.17, 0.34, 0.39, 0.43, 0.462, 0.482} if full
                            else {*lines, -0.29, -0.12, 0.14, 0.38, 0.482}))
        body = skin(stations, z, sides, ACCENT, square=0.92)

        def coat(m: np.ndarray) -> np.ndarray:
            white = np.any([(m[:, 2] > a) & (m[:, 2] < b) for a, b in bands], 0)
            edge = np.any([(m[:, 2] > a - rim) & (m[:, 2] < b + rim) for a, b in bands], 0)
            return np.where(white, WHITE, np.where(edge & full, DARK, ACCENT))
        body = split_at(body, coat)
        y = body.vertices[:, 1]
        body.shade[:] = body.shade * np.where(body.role == ACCENT, 0.95 - 1.1 * np.clip(y, -0.1, 0.16), 1.0)
        body = replace(body, role=np.where((body.role == ACCENT) & (y < -0.09), PALE, body.role).astype(np.int8))
        tail = fin([(-0.485, 0.2), (-0.465, 0.125), (-0.435, 0.06), (-0.425, 0.0), (-0.435, -0.06), (-0.465, -0.125),
                    (-0.485, -0.195)], [(-0.275, y) for y in (0.045, 0.03, 0.015, 0.0, -0.015, -0.03, -0.045)], 3, full)
        t = np.linspace(0, 1, 8 if full else 4)
        spine = PchipInterpolator([r[0] for r in stations], [r[2] + r[4] for r in stations])
        keel = PchipInterpolator([r[0] for r in stations], [r[4] - r[3] for r in stations])
        at = 0.25 - 0.44 * t
        high = 0.10 * np.sin(np.pi * np.clip(0.12 + 0.75 * t, 0, 1)) * (1 + 0.35 * (t > 0.55)) + 0.02
        dorsal = fin(np.stack([at - 0.05 - 0.03 * t, spine(at) + high], 1).tolist(),
                     np.stack([at, spine(at) - 0.012], 1).tolist(), 4, full)
        at = -0.02 - 0.19 * t
        anal = fin(np.stack([at - 0.06, keel(at) - 0.11 * np.sin(np.pi * (0.2 + 0.72 * t))], 1).tolist(),
                   np.stack([at, keel(at) + 0.012], 1).tolist(), 4, full)
        at = 0.16 - 0.08 * t[:4]
        pelvic = fin(np.stack([at - 0.1 * (1 - t[:4]) - 0.03, keel(at) - 0.10 + 0.09 * t[:4]], 1).tolist(),
                     np.stack([at, keel(at) + 0.012], 1).tolist(), 4, full)
        fins: list[Mesh] = []
        for s, p in ((-1, 1), (1, 2)):
            fan = np.linspace(-0.75, 0.95, 6 if full else 3)
            root = np.array([s * 0.082, -0.035, 0.2])
            edge = root + 0.155 * np.stack([s * (0.5 + 0.12 * np.cos(fan)), -0.75 * np.sin(fan), -np.cos(fan)], 1)
            fins.append(sheet(np.stack([root + (edge - root) * q for q in (0.12, 0.7, 1.0)]), PALE, [0.75, 1.0, 1.2],
                              p))
        eyes: list[Mesh] = []
        for s in (-1, 1):
            if full:
                eyes += [ellipsoid((0.02, 0.03, 0.03), (s * 0.055, 0.03, 0.375), 30, WHITE, 1.0),
                         ellipsoid((0.016, 0.021, 0.021), (s * 0.0635, 0.03, 0.379), 22, DARK, 0.6),
                         ellipsoid(0.006, (s * 0.078, 0.042, 0.386), 8, WHITE, 1.6)]
            else:
                eyes.append(ellipsoid((0.016, 0.03, 0.03), (s * 0.062, 0.03, 0.375), 7, DARK, 0.6))
        lips = [ellipsoid((0.024, 0.012, 0.014), (0, -0.026, 0.482), 16, PALE, 0.9),
                ellipsoid((0.022, 0.011, 0.013), (0, -0.05, 0.476), 14, PALE, 0.75)] if full else []
        return merge(body, tail, dorsal, anal, pelvic, *fins, *eyes, *lips)

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
    return Rig(countershaded(build(18, True), 0.82, 1.1), countershaded(build(6, False), 0.8, 1.1), pose, 0.45)


@lru_cache(maxsize=1)
def whale() -> Rig:
    """A humpback: long and tapering, a third of it head. Part 1, 2: flippers; 3: flukes."""
    stations = [(-0.452, 0.003, 0.005, 0.005, 0.004), (-0.435, 0.009, 0.018, 0.018, 0.004),
                (-0.40, 0.014, 0.03, 0.027, 0.004), (-0.32, 0.027, 0.043, 0.036, 0.002),
                (-0.22, 0.048, 0.06, 0.052, 0.0), (-0.1, 0.072, 0.078, 0.076, -0.004), 
                (0.04, 0.096, 0.087, 0.099, -0.008), (0.16, 0.106, 0.086, 0.114, -0.012),
                (0.26, 0.101, 0.076, 0.116, -0.014), (0.34, 0.088, 0.062, 0.106, -0.014),
                (0.41, 0.068, 0.043, 0.087, -0.014), (0.465, 0.043, 0.026, 0.058, -0.018),
                (0.492, 0.02, 0.011, 0.028, -0.026), (0.5, 0.006, 0.004, 0.01, -0.03)]

    def build(sides: int, rings: int, full: bool) -> Mesh:
        z = -0.452 + 0.952 * np.sin(np.linspace(0, np.pi / 2, rings)) ** 0.85
        body = skin(stations, z, sides, WATER)
        column = np.arange(len(body.vertices)) % sides
        angle = (column + 0.5) * TURN / sides - np.pi / 2
        high = np.sin(angle)
        at = body.vertices[:, 2]
        tail = np.clip((0.02 - at) / 0.3, 0, 1)                  # towards the tail the dark back takes the whole flank
        line = 0.02 - 0.9 * tail - 0.2 * np.clip((at - 0.12) / 0.2, 0, 1)
        role = np.where(high > line - 0.05, WATER, np.where(high > line - 0.3, MIST, WHITE))
        tone = np.where(role == WATER, 0.92 - 0.34 * np.clip(high, -0.2, 1), np.where(role == MIST, 0.8, 0.86))
        head = np.clip((at - 0.29) / 0.03, 0, 1)                 # the mouth: a dark line that ends below the eye
        seam = full & (np.abs(high + 0.11) < 0.11) & (head > 0)
        tone = np.where(seam, tone * (1 - 0.62 * head), tone)
        grooved = full & (high < -0.24) & (at > -0.06)
        furrow = grooved & (column % 2 == 0)
        body = replace(body, role=role.astype(np.int8),
                       shade=(tone * np.where(furrow, 0.45, 1.0)).astype(np.float32))
        inward = np.where(furrow, 0.955, 1.0) * np.where(seam & (high < -0.05), 0.985, 1.0)
        body.vertices[:, :2] *= inward[:, None]
        t = np.linspace(0, 1, 8 if full else 4)
        fins: list[Mesh] = []
        for s in (-1, 1):
            sweep = 0.115 * t ** 1.35 + 0.02 * np.sin(np.pi * t)
            lead = np.stack([s * 0.2 * t, 0.004 + 0.016 * t ** 2, -0.375 - sweep * 0.95], 1)
            notch = 0.03 * np.exp(-t / 0.12)
            trail = np.stack([s * 0.2 * t, 0.004 + 0.016 * t ** 2,
                              -0.49 + notch - 0.018 * t + 0.006 * np.sin(22 * t) * (t < 0.95)], 1)
            trail[-1] = lead[-1] - (0, 0, 0.004)
            fins.append(foil(lead, trail, 0.024 * (1 - t) + 0.003, (0, 1, 0), WATER, 0.62, 3))
        for s, p in ((-1, 1), (1, 2)):
            spread, bumps = s * (0.07 + 0.235 * t), 0.006 * np.cos(26 * t) * (1 - t)
            lead = np.stack([spread, -0.05 - 0.105 * t ** 1.2, 0.235 - 0.175 * t ** 1.15 + bumps], 1)
            chord = 0.085 * (1 - 0.35 * t) * np.sqrt(np.clip(1 - t ** 5, 0, 1)) + 0.004
            trail = lead - np.stack([0 * t, 0.008 + 0 * t, chord], 1)
            one = foil(lead, trail, 0.026 * (1 - 0.8 * t), (0, 1, 0), WATER, 0.75, p)
            ring = np.arange(len(one.vertices))
            under = (ring < 4 * len(t)) & (ring % 4 == 3) | (one.vertices[:, 0] * s > 0.27)
            fins.append(replace(one, role=np.where(under, WHITE, WATER).astype(np.int8)))
        b = np.linspace(0, 1, 6 if full else 3)
        lead = np.stack([0 * b, 0.05 + 0.062 * b, -0.09 - 0.075 * b ** 0.75], 1)
        trail = np.stack([0 * b, 0.045 + 0.067 * b, -0.205 + 0.032 * b ** 0.5], 1)
        fins.append(foil(lead, trail, 0.03 * (1 - b) + 0.003, (1, 0, 0), WATER, 0.55))
        extras: list[Mesh] = []
        if full:
            for s in (-1, 1):
                extras += [ellipsoid(0.0075, (s * 0.0965, -0.024, 0.288), 14, DARK, 0.5),
                           ellipsoid((0.006, 0.003, 0.012), (s * 0.0975, -0.0135, 0.289), 10, WATER, 0.45)]
                extras += [ellipsoid(0.0055, (s * x, y, zz), 8, WATER, 0.75)
                           for x, y, zz in ((0.05, 0.024, 0.40), (0.035, 0.018, 0.44), (0.062, 0.02, 0.37),
                                            (0.028, 0.0, 0.472))]
            extras.append(ellipsoid((0.014, 0.006, 0.024), (0, 0.057, 0.30), 16, WATER, 0.7))
        return merge(body, *fins, *extras)

    def pose(mesh: Mesh, phase: Doubles, time_s: Doubles) -> Doubles:
        out = copies(mesh, len(phase))
        beat = TURN * phase[:, None]
        z = mesh.vertices[:, 2].astype(np.float64)
        late = (0.5 - z)[None]
        for part, side in ((1, -1), (2, 1)):
            swing(out, limbs(mesh, part), (side * 0.08, -0.05, 0.18), 2,
                  side * (0.28 * np.sin(TURN * phase - 0.9) - 0.05))
        rows = limbs(mesh, 3)
        swing(out, rows, (0, 0.004, -0.405), 0, -0.5 * np.cos(TURN * phase - 4.0))
        out[..., 1] += (0.012 + 0.13 * np.clip(late - 0.15, 0, 1) ** 2) * np.sin(beat - 3.2 * late)
        out[..., 0] += 0.012 * np.sin(0.31 * time_s)[:, None] * late
        return out
    return Rig(build(32, 26, True), build(10, 11, False), pose, 0.4)


@lru_cache(maxsize=1)
def jellyfish() -> Rig:
    """Part 1: bell; 2: tentacles; 3: mouth arms. Bell on top, the tentacles hang."""
    def build(sides: int, arms: int, steps: int) -> Mesh:
        full = steps > 5
        outer = np.array([(0.262, 0.2), (0.283, 0.225), (0.29, 0.26), (0.283, 0.31), (0.262, 0.36), (0.225, 0.41),
                          (0.175, 0.449), (0.115, 0.479), (0.055, 0.495), (0.0, 0.5)])
        profile = outer if full else outer[::3]
        bell = lathe([(0.0, 0.34), (0.16, 0.31), (0.235, 0.23), *((float(r), float(y)) for r, y in profile)], sides,
                     ACCENT, 1.0, 1)
        round_ = np.arctan2(bell.vertices[:, 0], bell.vertices[:, 2])
        high = np.clip((bell.vertices[:, 1] - 0.2) / 0.3, 0, 1)
        reach = np.hypot(bell.vertices[:, 0], bell.vertices[:, 2])
        inside = np.arange(len(bell.vertices)) < 1 + 2 * sides
        # a pale crown and a pale hem as if light came through, radial canals, a scalloped rim
        role = np.where(inside, DEEP, np.where((high < 0.1) | (high > 0.86), PALE, ACCENT))
        canals = 0.94 + 0.2 * np.cos(8 * round_) * (reach > 0.04) * (1 - 0.5 * high)
        bell = replace(bell, role=role.astype(np.int8), shade=(canals * (0.78 + 0.5 * high)).astype(np.float32))
        bell.vertices[:, 1] -= 0.016 * np.cos(16 * round_) * (high < 0.14) * full
        parts = [bell]
        for k in range(4 if full else 0):        # the four rings that shine through the bell
            a = TURN * (k + 0.5) / 4
            parts.append(ellipsoid((0.05, 0.012, 0.05), (0.1 * np.sin(a), 0.474, 0.1 * np.cos(a)), 18, WHITE, 1.1, 1))
        t = np.linspace(0, 1, steps)
        for k in range(arms):
            a = TURN * k / arms
            r = 0.262 * (1 - 0.25 * t)
            path = np.stack([r * np.sin(a), 0.2 - (0.46 + 0.22 * ((k * 0.618) % 1)) * t, r * np.cos(a)], 1)
            strand = tube(path, 0.008 * (1 - t) + 0.0015, 3, ACCENT, 1.1, 2)
            pale = strand.vertices[:, 1] < -0.12
            parts.append(replace(strand, role=np.where(pale, PALE, ACCENT).astype(np.int8)))
        u = np.linspace(0, 1, 2 * steps - 1)
        for k in range(4):                       # mouth arms: frilled ribbons, broad above
            a = TURN * (k + 0.5) / 4
            out, side = np.array([np.sin(a), 0, np.cos(a)]), np.array([np.cos(a), 0, -np.sin(a)])
            spine = out * (0.06 + 0.035 * np.sin(6 * u))[:, None] + np.array([0, 1, 0]) * (0.34 - 0.66 * u)[:, None]
            frill = 1 + 0.45 * np.cos(np.arange(len(u)) * np.pi)
            half = side * (0.062 * (1 - u) ** 0.8 * frill)[:, None] + out * (0.02 * (frill - 1))[:, None]
            parts.append(sheet(np.stack([spine - half, spine, spine + half], 1), PALE if k % 2 else WHITE,
                               1.05 - 0.3 * u, 3))
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
    return Rig(build(32, 16, 9), build(10, 5, 4), pose, 0.6, 0.3)


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
