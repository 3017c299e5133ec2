"""Wonders of the air: rocket, balloon, planet, lantern, dragon, kite."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from world_model.sim.body_rig import (
    AMBER,
    DEEP,
    FLAME,
    GLASS,
    PALE,
    SKIN,
    TURN,
    Rig,
    copies,
    countershaded,
    limbs,
    loft,
    split_at,
    swing,
)
from world_model.sim.mesh import (
    ACCENT,
    DARK,
    GLOW,
    GROUND,
    GROUND2,
    STRUCTURE,
    WATER,
    WHITE,
    WOOD,
    Mesh,
    ellipsoid,
    lathe,
    merge,
    moved,
    sheet,
    tube,
)

Doubles = NDArray[np.float64]


@lru_cache(maxsize=1)
def rocket() -> Rig:
    """Nose along z. Part 1: flame, 2: its core."""
    def build(sides: int, full: bool) -> Mesh:
        hull = lathe([(0.05, -0.30), (0.085, -0.27), (0.109, -0.2), (0.128, -0.1), (0.135, 0.05), (0.122, 0.2),
                      (0.105, 0.27), (0.08, 0.36),
                      (0.04, 0.45), (0, 0.5)], sides, WHITE)
        hull = split_at(hull, lambda m: np.where((m[:, 1] > 0.27) | (m[:, 1] < -0.2), ACCENT, WHITE))
        nozzle = lathe([(0.075, -0.345), (0.05, -0.29)], sides, DARK, 2.0)
        parts = [hull, nozzle]
        for k in range(3 if not full else 4):
            a = TURN * k / (3 if not full else 4) + 0.4
            outline = [(0.1, -0.08), (0.16, -0.16), (0.23, -0.3), (0.235, -0.4), (0.19, -0.36), (0.09, -0.28)]
            ring = np.array([[(r, y, -0.012), (r, y, 0.012)] for r, y in outline])
            fin = [sheet(np.array([[(r, y, w) for r, y in outline[:3]], [(r, y, w) for r, y in outline[:2:-1]]]),
                         ACCENT, 0.95)
                   for w in (-0.012, 0.012)]
            fin.append(sheet(ring, ACCENT, 0.8))
            parts.append(moved(merge(*fin), yaw=a))
        port = [moved(lathe([(0.0, 0.0), (0.05, 0.0), (0.055, 0.015), (0.042, 0.02), (0.042, 0.012), (0, 0.016)], 14,
                            WHITE,
                            0.55), (0, 0.13, 0.118), pitch=-np.pi / 2 + 0.06, scale=(1, 1, 1)),
                ellipsoid((0.042, 0.042, 0.02), (0, 0.13, 0.125), 20, GLASS, 1.6)]
        both = merge(*port)
        parts += [moved(both, yaw=a) for a in (np.pi / 2, -np.pi / 2)]
        if not full:
            parts = parts[:-2]
        t = np.linspace(0, 1, 6 if full else 4)
        for width, long, role, part in ((0.085, 0.34, FLAME, 1), (0.05, 0.2, GLOW, 2)):
            profile = [(width * np.sin(np.pi * np.clip(0.28 + 0.72 * (1 - s), 0, 1)) if s > 0 else 0.0,
                        -0.32 - long * (1 - s)) for s in t[::1]]
            profile[-1] = (width * 0.7, -0.32)
            parts.append(lathe([(float(r), float(y)) for r, y in profile], 10 if full else 6, role, 1.0, part))
        upright = merge(*parts)
        # the axis from y to z: the belly window looks up
        return moved(moved(upright, yaw=np.pi), pitch=-np.pi / 2)

    def pose(mesh: Mesh, phase: Doubles, time_s: Doubles) -> Doubles:
        out = copies(mesh, len(phase))
        clock = time_s[:, None]
        for part, depth in ((1, 1.0), (2, 0.7)):
            rows = limbs(mesh, part)
            z = mesh.vertices[rows, 2].astype(np.float64)
            far = np.clip((-0.32 - z) / 0.34, 0, 1)
            flick = (1 + 0.16 * np.sin(17.3 * clock) + 0.1 * np.sin(29.1 * clock + 1) + 0.12 * np.sin(TURN * phase[:,
                                                                                                                   None]))
            out[:, rows, 2] = -0.32 - (-0.32 - z) * flick * depth ** 0.2
            out[:, rows, 0] += 0.035 * far * np.sin(23 * clock - 9 * far)
            out[:, rows, 1] += 0.035 * far * np.cos(19 * clock - 8 * far)
        everything = np.arange(len(mesh.vertices), dtype=np.int32)
        swing(out, everything, (0, 0, 0), 2, 0.12 * np.sin(0.7 * time_s))
        return out
    # 1 long with its flame at rest
    near, member = (moved(build(s, f), (0, 0, 0.08), 0.86) for s, f in ((24, True), (8, False)))

    def scaled(mesh: Mesh, phase: Doubles, time_s: Doubles) -> Doubles:
        return (pose(moved(mesh, (0, 0, -0.08 / 0.86), 1 / 0.86), phase, time_s) * 0.86) + np.array([0, 0, 0.08])
    return Rig(near, member, scaled, 0.6)


@lru_cache(maxsize=1)
def balloon() -> Rig:
    """Part 1: basket and ropes (they hang and lag); 2: burner flame; the rest is the envelope."""
    def build(gores: int, sides_per_gore: int, full: bool) -> Mesh:
        profile = [(0.075, -0.22), (0.11, -0.17), (0.2, -0.05), (0.278, 0.09), (0.292, 0.14),
                   (0.305, 0.21), (0.295, 0.31), (0.24, 0.42), (0.17, 0.464), (0.09, 0.49), (0.0, 0.5)]
        sides = gores * sides_per_gore
        skin = lathe(profile, sides, ACCENT)
        angle = np.arctan2(skin.vertices[:, 0], skin.vertices[:, 2])
        puff = 1 + 0.035 * np.abs(np.sin(angle * gores / 2))
        points = skin.vertices.copy()
        points[:, 0] *= puff
        points[:, 2] *= puff
        skin = Mesh(points, skin.normals, skin.faces, skin.role, skin.shade * (0.85 + 0.15 * puff).astype(np.float32),
                    skin.sway,
                    skin.part)

        def stripes(m: np.ndarray) -> np.ndarray:
            sector = np.floor(np.arctan2(m[:, 0], m[:, 2]) / TURN * gores + 1e-6).astype(int)
            band = (m[:, 1] > 0.09) & (m[:, 1] < 0.14) | (m[:, 1] > 0.47)
            return np.where(band, DEEP, np.where(sector % 2 == 0, ACCENT, WHITE))
        skin = split_at(skin, stripes)
        basket = moved(lathe([(0.05, -0.5), (0.062, -0.41), (0.066, -0.405), (0.056, -0.405), (0.045, -0.47)], 10
                             if full else 6,
                             WOOD, 1.3, 1), (0, 0, 0))
        floor = lathe([(0, -0.5), (0.05, -0.5)], 10 if full else 6, WOOD, 0.8, 1)
        ropes = [tube([(0.056 * np.sin(a), -0.41, 0.056 * np.cos(a)), (0.072 * np.sin(a), -0.215, 0.072 * np.cos(a))],
                      0.004, 3,
                      DARK, 2.0, 1) for a in (0.4, 1.97, 3.54, 5.11)]
        flame = lathe([(0.0, -0.35), (0.016, -0.33), (0.012, -0.28), (0, -0.22)], 6, FLAME, 1.1, 2)
        parts = [skin, basket, floor, *ropes, flame]
        if full:
            parts.append(ellipsoid((0.024, 0.03, 0.024), (0.01, -0.375, 0.01), 14, SKIN, 1.0, 1))
            parts += [ellipsoid(0.014, (0.068 * np.sin(a), -0.44, 0.068 * np.cos(a)), 8, ACCENT, 0.8, 1)
                      for a in (0, 1.6, 3.1, 4.7)]
        return merge(*parts)

    def pose(mesh: Mesh, phase: Doubles, time_s: Doubles) -> Doubles:
        out = copies(mesh, len(phase))
        beat = TURN * phase
        rows = limbs(mesh, 2)
        rise = 1 + 0.3 * np.sin(11.3 * time_s) + 0.15 * np.sin(17.9 * time_s)
        out[:, rows, 1] = -0.35 + (out[:, rows, 1] + 0.35) * rise[:, None]
        swing(out, limbs(mesh, 1, 2), (0, -0.2, 0), 2, 0.07 * np.sin(beat - 1.2))
        swing(out, limbs(mesh, 1, 2), (0, -0.2, 0), 0, 0.05 * np.sin(beat + 0.4))
        everything = np.arange(len(mesh.vertices), dtype=np.int32)
        swing(out, everything, (0, 0.2, 0), 2, 0.04 * np.sin(beat))
        swing(out, everything, (0, 0, 0), 1, 0.25 * np.sin(0.17 * time_s))
        return out
    return Rig(countershaded(build(12, 3, True), 0.85, 1.1), countershaded(build(8, 2, False), 0.85, 1.1), pose, 0.2,
               heeds="yaw")


@lru_cache(maxsize=1)
def planet() -> Rig:
    """Part 1: globe, 2: ring, 3: moon."""
    def build(sides: int, rings: int) -> Mesh:
        angle = np.linspace(-np.pi / 2, np.pi / 2, rings)
        globe = lathe([(0.29 * float(np.cos(a)) if 0 < k < rings - 1 else 0.0, 0.29 * float(np.sin(a)))
                       for k, a in enumerate(angle)], sides, ACCENT, 1.0, 1)
        order = np.array([DEEP, GROUND2, ACCENT, ACCENT, PALE, STRUCTURE, PALE, ACCENT, WHITE, PALE, ACCENT, DEEP,
                          ACCENT, STRUCTURE, GROUND2, DEEP])
        lon = np.arctan2(globe.vertices[:, 0], globe.vertices[:, 2])
        lat = np.arcsin(np.clip(globe.vertices[:, 1] / 0.29, -1, 1))
        # bands that run into each other and are drawn out by storms; one oval storm of its own
        swirl = lat + 0.03 * np.sin(2 * lon + 5 * lat) + 0.015 * np.sin(5 * lon)
        role = order[np.clip((swirl / np.pi * 16 + 8).astype(int), 0, 15)]
        storm = (np.angle(np.exp(1j * (lon - 0.6))) / 0.42) ** 2 + ((lat + 0.36) / 0.2) ** 2
        role = np.where(storm < 1, DEEP, role)
        globe = replace(globe, role=role.astype(np.int8))
        globe.shade[:] = globe.shade * (1 + 0.1 * np.sin(3 * lon + 9 * lat) + 0.07 * np.sin(5 * lon - 14 * lat))
        count = max(48 if sides > 20 else 20, sides)
        around = np.arange(count + 1) / count * TURN
        bands: list[Mesh] = []
        for inner, outer, role, tone in ((0.35, 0.395, STRUCTURE, 0.8), (0.398, 0.445, WHITE, 0.9), (0.46, 0.5,
                                                                                                     STRUCTURE, 1.05)):
            circle = np.stack([np.sin(around), 0 * around, np.cos(around)], 1)
            bands.append(sheet(np.stack([circle * inner, circle * outer]), role, tone, 2))
        moon = ellipsoid(0.035, (0.43, 0.12, 0.0), 30, WHITE, 0.7, 3)
        return merge(globe, *bands, moon)

    def pose(mesh: Mesh, phase: Doubles, time_s: Doubles) -> Doubles:
        out = copies(mesh, len(phase))
        swing(out, limbs(mesh, 1), (0, 0, 0), 1, 0.12 * time_s)
        swing(out, limbs(mesh, 3), (0, 0, 0), 1, TURN * phase)
        everything = np.arange(len(mesh.vertices), dtype=np.int32)
        swing(out, everything, (0, 0, 0), 2, np.full(len(phase), 0.38))
        swing(out, everything, (0, 0, 0), 0, -0.34 + 0.03 * np.sin(0.19 * time_s))
        return out
    return Rig(build(32, 25), build(10, 9), pose, 0.25)


@lru_cache(maxsize=1)
def lantern() -> Rig:
    """A paper lantern, lit from within. Part 1: tassel; the rest sways as one."""
    def build(sides: int, full: bool) -> Mesh:
        ribs = 9 if full else 5
        y = np.linspace(-0.22, 0.36, 2 * ribs + 1)
        at = (y - 0.07) / 0.29
        r = 0.33 * np.sqrt(np.clip(1 - 0.86 * at ** 2, 0, 1)) * (1 - 0.03 * (np.arange(len(y)) % 2))
        paper = lathe([(float(a), float(b)) for a, b in zip(r, y)], sides, ACCENT)
        glow = np.exp(-((paper.vertices[:, 1] - 0.03) / 0.24) ** 2)
        paper = Mesh(paper.vertices, paper.normals, paper.faces, paper.role,
                     (paper.shade * (0.9 + 0.75 * glow)).astype(np.float32), paper.sway, paper.part)
        paper = split_at(paper, lambda m: np.where(np.abs(m[:, 1] - 0.07) < 0.035, AMBER, ACCENT))
        caps = [moved(lathe([(0, 0), (0.15, 0), (0.15, 0), (0.14, 0.035), (0.14, 0.035), (0, 0.035)], sides, WOOD, 0.7),
                      (0, yy, 0)) for yy in (-0.25, 0.355)]
        handle = tube([(-0.1, 0.38, 0), (-0.06, 0.46, 0), (0, 0.49, 0), (0.06, 0.46, 0), (0.1, 0.38, 0)], 0.009, 4,
                      DARK)
        tassel = [tube([(0, -0.25, 0), (0, -0.32, 0)], 0.008, 4, AMBER, 1.0, 1),
                  lathe([(0, -0.5), (0.045, -0.5), (0.028, -0.36), (0.02, -0.31), (0, -0.3)], 8 if full else 5, AMBER,
                        0.9, 1)]
        return merge(paper, *caps, handle, *tassel)

    def pose(mesh: Mesh, phase: Doubles, time_s: Doubles) -> Doubles:
        out = copies(mesh, len(phase))
        beat = TURN * phase
        swing(out, limbs(mesh, 1), (0, -0.25, 0), 2, 0.28 * np.sin(beat - 1.4))
        swing(out, limbs(mesh, 1), (0, -0.25, 0), 0, 0.2 * np.sin(1.3 * time_s - 0.9))
        everything = np.arange(len(mesh.vertices), dtype=np.int32)
        swing(out, everything, (0, 0.49, 0), 2, 0.12 * np.sin(beat))
        swing(out, everything, (0, 0.49, 0), 0, 0.08 * np.sin(1.3 * time_s))
        return out
    return Rig(build(18, True), build(9, False), pose, 0.1, 0.85, heeds="yaw")


def _bellied(body: Mesh, z: Doubles, lift: Doubles, wide: Doubles) -> Mesh:
    """Amber plates below, with a crisp border; above, the coat that it has."""
    coat = body.role
    split = split_at(body, lambda m: np.where(
        m[:, 1] - np.interp(m[:, 2], z, lift) < -0.45 * np.interp(m[:, 2], z, wide), AMBER, ACCENT))
    back = (split.role == ACCENT) & (split.vertices[:, 1] - np.interp(split.vertices[:, 2], z, lift)
                                     > 0.5 * np.interp(split.vertices[:, 2], z, wide)) & (coat == DEEP).any()
    return replace(split, role=np.where(back, DEEP, split.role).astype(np.int8))


def _membrane(rows: Doubles, part: int) -> Mesh:
    """Wing skin between the fingers: deep at the wrist, its own colour at the hem, darker where it sags."""
    cloth = sheet(rows, ACCENT, np.linspace(0.8, 1.05, len(rows)), part)
    line, column = np.divmod(np.arange(len(cloth.vertices)) % (rows.shape[0] * rows.shape[1]), rows.shape[1])
    sag = np.where(column % 2 == 1, 0.72, 1.0)
    return replace(cloth, role=np.where(line == 0, DEEP, ACCENT).astype(np.int8),
                   shade=(cloth.shade * sag).astype(np.float32))


@lru_cache(maxsize=1)
def dragon() -> Rig:
    """Long, horned, winged. Part 1, 2: wings; 3: head; 4: legs. A wave runs down its spine."""
    def build(sides: int, stations: int, full: bool) -> Mesh:
        z = np.linspace(-0.5, 0.36, stations)
        s = (z + 0.5) / 0.86
        wide = 0.008 + 0.058 * np.sin(np.pi * np.clip(0.06 + 0.62 * s ** 0.9, 0, 1)) ** 1.1
        wide *= np.where(s > 0.85, 0.85 - (s - 0.85), 1.0)
        lift = 0.05 * np.clip((s - 0.8) / 0.2, 0, 1) ** 2
        body = loft(np.column_stack([z, wide, wide * 1.08, lift]).tolist(), sides, ACCENT)
        ridge = np.sin(np.arange(len(body.vertices)) % sides * TURN / sides)          # a deep back, scales in rows
        body = replace(body, role=np.where(ridge > 0.55, DEEP, ACCENT).astype(np.int8))
        scale = (np.arange(len(body.vertices)) // sides) % 2
        body.shade[:] = np.where(full, 0.9 + 0.22 * scale, 1.0)
        body = _bellied(body, z, lift, wide)
        parts = [body]
        skull = loft([(0.33, 0.036, 0.04, 0.058), (0.37, 0.05, 0.046, 0.066), (0.41, 0.043, 0.036, 0.064),
                      (0.46, 0.026, 0.021, 0.05), (0.495, 0.021, 0.017, 0.046)], sides, ACCENT, 1.0, 3)
        jaw = loft([(0.36, 0.03, 0.012, 0.028), (0.43, 0.024, 0.009, 0.016), (0.475, 0.014, 0.006, 0.013)], sides,
                   ACCENT, 0.8, 3)
        parts += [skull, jaw]
        for q in (-1, 1):
            parts.append(tube([(q * 0.025, 0.1, 0.37), (q * 0.04, 0.135, 0.34), (q * 0.045, 0.15, 0.285)], (0.012,
                                                                                                            0.008, 0),
                              5,
                              WHITE, 0.95, 3))
            parts.append(ellipsoid((0.008, 0.012, 0.012), (q * 0.043, 0.082, 0.405), 10, GLOW, 1.2, 3))
            if full:
                parts.append(tube([(q * 0.018, 0.045, 0.49), (q * 0.055, 0.035, 0.49), (q * 0.085, 0.055, 0.44)],
                                  (0.005, 0.004, 0), 4, AMBER, 1.0, 3))
                parts.append(ellipsoid(0.007, (q * 0.012, 0.066, 0.487), 7, DARK, 1.0, 3))
        spikes = 15 if full else 7
        for k in range(spikes):
            at = -0.47 + 0.82 * (k + 0.5) / spikes
            top = float(np.interp(at, z, lift + wide * 1.05)) - 0.004
            high = 0.012 + 0.75 * float(np.interp(at, z, wide))
            parts.append(sheet([[(0, top, at + 0.022), (0, top, at - 0.02)],
                                [(0, top + high, at - 0.026), (0, top + high, at - 0.026)]], AMBER, 0.95))
        tuft = sheet([[(0, 0.004, -0.48), (0, -0.004, -0.48)], [(0, 0.055, -0.53), (0, -0.045, -0.53)],
                      [(0, 0.0, -0.6), (0, 0.0, -0.6)]], AMBER, 1.0)
        parts.append(moved(tuft, (0, 0, 0.03)))
        fingers = 4 if full else 3
        for q, p in ((-1, 1), (1, 2)):
            root = np.array([q * 0.035, 0.035, 0.14])
            wrist = np.array([q * 0.22, 0.07, 0.24])
            a = np.linspace(0.1, 1.25, fingers)
            tips = np.stack([q * (0.22 + 0.31 * np.cos(a * 1.15) + 0.02), 0.06 - 0.02 * a,
                             0.22 - 0.4 * np.sin(a * 1.05)], 1)
            inner = np.array([q * 0.04, 0.03, -0.09])
            rim = [tips[0]]
            for one, two in pairwise(tips):            # scalloped edge between the fingers
                rim += [(one + two) / 2 * 0.9 + wrist * 0.1, two]
            rim += [(tips[-1] + inner) / 2 * 0.9 + wrist * 0.1, inner]
            edge = np.array(rim)
            steps = (0.0, 0.5, 1.0) if full else (0.0, 1.0)
            parts.append(_membrane(np.stack([wrist + (edge - wrist) * t for t in steps]), p))
            parts.append(sheet(np.stack([np.repeat(root[None], 2, 0), np.stack([wrist, inner])]), ACCENT, 0.7, p))
            parts.append(tube([root, wrist, tips[0]], (0.014, 0.011, 0.002), 4, AMBER, 0.9, p))
            if full:
                parts += [tube([wrist, tip], (0.007, 0.001), 3, AMBER, 0.85, p) for tip in tips[1:]]
        for x, at in ((-1, 0.2), (1, 0.2), (-1, -0.12), (1, -0.12)):
            parts.append(tube([(x * 0.035, -0.02, at), (x * 0.055, -0.065, at - 0.03), (x * 0.05, -0.09, at + 0.01),
                               (x * 0.05, -0.095, at + 0.035)], (0.018, 0.014, 0.01, 0), 5 if full else 3, ACCENT,
                              0.85, 4))
        return merge(*parts)

    def pose(mesh: Mesh, phase: Doubles, time_s: Doubles) -> Doubles:
        out = copies(mesh, len(phase))
        beat = TURN * phase
        for part, side in ((1, -1), (2, 1)):
            rows = limbs(mesh, part)
            reach = np.clip(np.abs(mesh.vertices[rows, 0]) / 0.5, 0, 1).astype(np.float64)
            outer = side * (0.5 * np.sin(beat - 1.2)[:, None] - 0.1) * np.clip(reach * 2.2 - 0.9, 0, 1)
            swing(out, rows, (side * 0.2, 0.06, 0), 2, outer)
            swing(out, rows, (side * 0.035, 0.035, 0), 2, side * (0.62 * np.sin(beat) + 0.22))
        swing(out, limbs(mesh, 3), (0, 0.05, 0.34), 0, 0.12 * np.sin(beat - 2.2))
        swing(out, limbs(mesh, 3), (0, 0.05, 0.34), 1, 0.2 * np.sin(0.67 * time_s))
        z = mesh.vertices[:, 2].astype(np.float64)[None]
        late = 0.5 - z
        grow = 0.25 + late
        out[..., 1] += 0.085 * grow * np.sin(beat[:, None] - 5.5 * late) - 0.01 * np.sin(beat)[:, None]
        out[..., 0] += 0.07 * np.clip(late - 0.25, 0, 1) * np.sin(1.1 * time_s[:, None] - 6.0 * late)
        return out
    return Rig(countershaded(build(12, 22, True), 0.75, 1.15), countershaded(build(6, 9, False), 0.75, 1.15), pose,
               0.45)


@lru_cache(maxsize=1)
def kite() -> Rig:
    """Part 1: tail with bows; 2: string; the rest is the sail on its spars. Faces -z, leans back into the wind."""
    def build(full: bool) -> Mesh:
        top, low, wing, cross = 0.5, -0.14, 0.27, 0.29
        corners = {"top": (0, top, 0), "left": (-wing, cross, 0.03), "right": (wing, cross, 0.03), "low": (0, low, 0),
                   "mid": (0, cross, -0.035)}
        parts: list[Mesh] = []
        for a, b, role in (("top", "left", ACCENT), ("right", "top", WHITE), ("left", "low", WHITE), ("low", "right",
                                                                                                      ACCENT)):
            parts.append(sheet([[corners["mid"], corners["mid"]], [corners[a], corners[b]]], role, 1.0))
        parts += [tube([corners["top"], corners["mid"], corners["low"]], 0.006, 4, WOOD),
                  tube([corners["left"], corners["mid"], corners["right"]], 0.005, 4, WOOD)]
        t = np.linspace(0, 1, 9 if full else 5)
        line = np.stack([0 * t, low - 0.36 * t, 0.05 * t], 1)
        parts.append(tube(line, 0.005, 3, WHITE, 1.0, 1))
        for k, y in enumerate((-0.2, -0.27, -0.34, -0.41, -0.47)):
            for q in (-1, 1):
                bow = sheet([[(0, y, 0.05 * (low - y) / 0.36), (0, y, 0.05)], [(q * 0.055, y + 0.025, 0.03),
                                                                               (q * 0.055, y - 0.025, 0.04)]],
                            (ACCENT, GROUND, WATER)[k % 3], 1.1, 1)
                parts.append(bow)
        string = np.stack([0 * t, cross - 1.5 * t ** 1.25, -0.04 - 1.1 * t], 1)
        parts.append(tube(string, 0.0028, 3, WHITE, 0.9, 2))
        return merge(*parts)

    def pose(mesh: Mesh, phase: Doubles, time_s: Doubles) -> Doubles:
        out = copies(mesh, len(phase))
        beat = TURN * phase
        rows = limbs(mesh, 1)
        down = np.clip((-0.14 - mesh.vertices[rows, 1]) / 0.36, 0, 1).astype(np.float64)
        out[:, rows, 0] += 0.11 * down * np.sin(beat[:, None] - 5 * down)
        out[:, rows, 2] += 0.09 * down * np.sin(1.9 * time_s[:, None] - 5 * down)
        sail = np.flatnonzero(mesh.part == 0).astype(np.int32)
        out[:, sail, 2] += 0.012 * np.sin(5.3 * time_s[:, None] + 20 * mesh.vertices[sail, 0])
        body = limbs(mesh, 0, 1)
        swing(out, body, (0, 0.29, 0), 0, -0.3 + 0.06 * np.sin(1.3 * time_s))
        swing(out, body, (0, 0.29, 0), 2, 0.14 * np.sin(beat - 0.6) + 0.05 * np.sin(1.1 * time_s))
        out[..., 0] += 0.05 * np.sin(beat)[:, None] * np.clip(mesh.vertices[:, 1] + 1.2, 0, 1)
        rows = limbs(mesh, 2)
        along = np.clip(-mesh.vertices[rows, 2] / 1.1, 0, 1).astype(np.float64)
        out[:, rows, 0] += 0.05 * np.sin(np.pi * along) * np.sin(0.9 * time_s[:, None] - 2 * along)
        return out
    return Rig(build(True), build(False), pose, 0.15)
