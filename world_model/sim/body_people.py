"""What goes on legs: the walker, a figure from a child's book in coat and scarf, and the fox. Two-bone legs swing
from hip and knee; the lowest foot stays on the ground; arms, scarf, ears and tail follow late."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from world_model.sim.body_rig import (
    DEEP,
    PALE,
    SKIN,
    TURN,
    Rig,
    copies,
    countershaded,
    limbs,
    skin,
    split_at,
    swing,
)
from world_model.sim.mesh import (
    ACCENT,
    DARK,
    GROUND2,
    STRUCTURE,
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


def _stand(out: Doubles, feet: NDArray[np.int32]) -> None:
    """Lift or lower each copy so that its lowest foot touches y = 0 (a soft minimum, so that support passes over
    smoothly)."""
    y = out[:, feet, 1]
    low = y.min(1)
    out[..., 1] -= low[:, None]


@lru_cache(maxsize=1)
def walker() -> Rig:
    """Parts: 1, 2 left thigh and shin; 3, 4 right; 5, 6 left upper arm and forearm; 7, 8 right; 9 head; 10 coat;
    11 scarf's tail."""
    hip, knee, shoulder, elbow = 0.46, 0.25, 0.735, 0.575

    def build(sides: int, full: bool) -> Mesh:
        coat = lathe([(0.0, 0.40), (0.165, 0.36), (0.165, 0.36), (0.15, 0.46), (0.112, 0.58), (0.115, 0.68), (0.088,
                                                                                                              0.755),
                      (0.045, 0.79), (0, 0.80)], sides, ACCENT, 1.0, 10)
        coat = moved(coat, scale=(1, 1, 0.78))
        belt = moved(lathe([(0.117, 0.56), (0.122, 0.575), (0.117, 0.6)], sides, DARK, 2.0, 10), scale=(1, 1, 0.8))
        buttons = [ellipsoid(0.012, (0, y, z), 8, WHITE, 1.0, 10) for y, z in ((0.7, 0.088), (0.64, 0.092))]
        scarf = moved(lathe([(0.05, 0.755), (0.083, 0.765), (0.088, 0.79), (0.07, 0.82), (0.05, 0.82)], sides,
                            STRUCTURE, 1.05, 10), scale=(1, 1, 0.9))
        t = np.linspace(0, 1, 6 if full else 4)
        flow = np.stack([-0.03 - 0.03 * t, 0.79 - 0.08 * t, -0.06 - 0.27 * t], 1)
        breadth = np.array([0.03, 0.012, 0])
        tail = sheet(np.stack([flow - breadth, flow + breadth], 1), STRUCTURE, 1.05, 11)
        head = ellipsoid((0.083, 0.09, 0.083), (0, 0.875, 0.008), 60 if full else 18, SKIN, 1.0, 9)
        hat = moved(lathe([(0.094, 0.885), (0.1, 0.9), (0.097, 0.92), (0.085, 0.955), (0.05, 0.985), (0.0, 0.99)],
                          sides, WOOD, 1.1, 9), (0, 0, -0.006))
        pom = ellipsoid(0.028, (0, 1.0 - 0.02, -0.006), 16 if full else 8, WHITE, 1.0, 9)
        parts = [coat, belt, scarf, tail, head, hat, pom]
        if full:
            parts += buttons
            parts += [ellipsoid(0.011, (s * 0.03, 0.873, 0.086), 8, DARK, 0.6, 9) for s in (-1, 1)]
            parts += [ellipsoid(0.013, (0, 0.852, 0.096), 8, SKIN, 0.85, 9),
                      ellipsoid((0.017, 0.012, 0.006), (0.05, 0.848, 0.072), 8, ACCENT, 1.0, 9),
                      ellipsoid((0.017, 0.012, 0.006), (-0.05, 0.848, 0.072), 8, ACCENT, 1.0, 9)]
        for s, first in ((-1, 1), (1, 3)):
            x = s * 0.062
            parts += [tube([(x, hip, 0), (x, knee, 0)], (0.056, 0.044), sides // 2, GROUND2, 0.75, first),
                      tube([(x, knee + 0.02, 0), (x, 0.08, 0)], (0.043, 0.036), sides // 2, GROUND2, 0.75, first + 1),
                      moved(lathe([(0.05, 0.13), (0.053, 0.15), (0.04, 0.155)], sides // 2 + 1, WOOD, 0.9, first + 1),
                            (x, 0, 0)),
                      ellipsoid((0.044, 0.042, 0.078), (x, 0.042, 0.024), 22 if full else 10, WOOD, 0.75, first + 1)]
        for s, first in ((-1, 5), (1, 7)):
            x0, x1 = s * 0.105, s * 0.15
            parts += [tube([(x0, shoulder + 0.012, 0), (x1, elbow, 0)], (0.042, 0.038), sides // 2, ACCENT, 0.88,
                           first),
                      tube([(x1, elbow + 0.02, 0), (x1 + s * 0.008, elbow - 0.14, 0.0)], (0.038, 0.04), sides // 2,
                           ACCENT, 0.88, first + 1),
                      ellipsoid(0.034, (x1 + s * 0.01, elbow - 0.16, 0.0), 16 if full else 7, STRUCTURE, 0.9,
                                first + 1)]
        return merge(*parts)

    def pose(mesh: Mesh, phase: Doubles, time_s: Doubles) -> Doubles:
        out = copies(mesh, len(phase))
        beat = TURN * phase
        for thigh, side, lead in ((1, -1, 0.0), (3, 1, np.pi)):
            stride = 0.47 * np.cos(beat + lead)                 # heel strikes at the whole cycle (left), half (right)
            bend = 0.10 + 0.85 * np.clip(np.sin(beat + lead + np.pi + 0.35), 0, 1) ** 1.5
            x = side * 0.062
            swing(out, limbs(mesh, thigh + 1), (x, knee, 0), 0, bend)
            swing(out, limbs(mesh, thigh, thigh + 1), (x, hip, 0), 0, -stride)
        for arm, side, lead in ((5, -1, np.pi), (7, 1, 0.0)):
            reach = 0.6 * np.cos(beat + lead - 0.25)
            swing(out, limbs(mesh, arm + 1), (side * 0.15, elbow, 0), 0,
                  -0.5 - 0.3 * np.clip(np.cos(beat + lead - 0.6), -1, 1))
            swing(out, limbs(mesh, arm, arm + 1), (side * 0.105, shoulder, 0), 0, -reach)
        rows = limbs(mesh, 10)
        low = np.clip((0.56 - mesh.vertices[rows, 1]) / 0.2, 0, 1).astype(np.float64)
        out[:, rows, 2] += 0.035 * low * np.sin(2 * beat - 1.2)[:, None] * np.sign(mesh.vertices[rows, 2])
        rows = limbs(mesh, 11)
        far = np.clip((-0.06 - mesh.vertices[rows, 2]) / 0.27, 0, 1).astype(np.float64)
        flap = 0.05 * np.sin(2 * beat[:, None] - 3 * far) + 0.04 * np.sin(2.3 * time_s[:, None] - 4 * far)
        out[:, rows, 1] += far * flap
        out[:, rows, 0] += far * 0.06 * np.sin(1.7 * time_s[:, None] - 3 * far)
        swing(out, limbs(mesh, 9), (0, 0.79, 0), 1, 0.1 * np.sin(0.53 * time_s))
        swing(out, limbs(mesh, 9), (0, 0.79, 0), 0, 0.05 * np.sin(2 * beat - 0.8))
        upper = limbs(mesh, 5, 6, 7, 8, 9, 10, 11)
        swing(out, upper, (0, hip, 0), 0, 0.05 + 0 * beat)
        swing(out, upper, (0, hip, 0), 1, 0.1 * np.cos(beat + np.pi))
        swing(out, np.arange(len(mesh.vertices), dtype=np.int32), (0, 0, 0), 2, 0.025 * np.sin(beat))
        _stand(out, limbs(mesh, 2, 4))
        return out
    return Rig(countershaded(build(14, True), 0.8, 1.08), countershaded(build(8, False), 0.8, 1.08), pose, 0.12)


@lru_cache(maxsize=1)
def fox() -> Rig:
    """Parts: 1..8 four legs, upper and lower (front left, front right, hind left, hind right); 9 tail; 10 head;
    11, 12 ears."""
    corners = ((-0.062, 0.17), (0.062, 0.17), (-0.058, -0.17), (0.058, -0.17))
    hip, knee = 0.30, 0.16

    def build(sides: int, full: bool) -> Mesh:
        trunk = skin([(-0.285, 0.02, 0.03, 0.03, 0.365), (-0.25, 0.055, 0.058, 0.06, 0.362),
                      (-0.17, 0.074, 0.07, 0.078, 0.358), (-0.05, 0.068, 0.066, 0.07, 0.362),
                      (0.06, 0.07, 0.066, 0.088, 0.362), (0.15, 0.076, 0.074, 0.1, 0.366),
                      (0.22, 0.064, 0.086, 0.085, 0.385), (0.275, 0.045, 0.07, 0.06, 0.415),
                      (0.3, 0.02, 0.03, 0.03, 0.43)], np.linspace(-0.285, 0.3, 15 if full else 7), sides, ACCENT)
        high = np.sin((np.arange(len(trunk.vertices)) % sides + 0.5) * TURN / sides - np.pi / 2)
        chest = trunk.vertices[:, 2] > 0.14
        pale = np.where((high < -0.4) | chest & (high < 0.05), PALE, ACCENT)
        role = np.where((high < -0.72) | chest & (high < -0.25), WHITE, pale)
        trunk = replace(trunk, role=role.astype(np.int8), shade=(1.02 - 0.2 * np.clip(high, 0, 1)).astype(np.float32))
        neck = tube([(0, 0.385, 0.19), (0, 0.45, 0.25), (0, 0.50, 0.295)], (0.076, 0.062, 0.052), sides, ACCENT, part=0)
        front = neck.normals[:, 2] - 0.6 * neck.normals[:, 1] > 0.55
        neck = replace(neck, role=np.where(front, WHITE, ACCENT).astype(np.int8))
        skull = skin([(0.235, 0.03, 0.03, 0.03, 0.515), (0.27, 0.07, 0.056, 0.056, 0.52),
                      (0.315, 0.084, 0.058, 0.06, 0.517), (0.36, 0.06, 0.044, 0.05, 0.505),
                      (0.405, 0.028, 0.024, 0.028, 0.493), (0.45, 0.019, 0.016, 0.018, 0.488),
                      (0.48, 0.009, 0.009, 0.009, 0.486)],
                     np.linspace(0.235, 0.48, 13 if full else 7), sides, ACCENT, 1.0, 10)
        skull = split_at(skull, lambda m: np.where((m[:, 1] < 0.505 - 0.25 * np.clip(m[:, 2] - 0.36, 0, 1))
                                                   & (m[:, 2] > 0.28), WHITE, ACCENT))
        nose = ellipsoid((0.016, 0.013, 0.014), (0, 0.491, 0.482), 20 if full else 7, DARK, 0.7, 10)
        parts = [trunk, neck, skull, nose]
        for s, p in ((-1, 11), (1, 12)):
            ear = tube([(s * 0.05, 0.545, 0.285), (s * 0.06, 0.6, 0.283), (s * 0.072, 0.645, 0.278),
                        (s * 0.08, 0.68, 0.274)], (0.04, 0.034, 0.018, 0), 8 if full else 5, ACCENT, 0.95, p, 0.5)
            black = ear.vertices[:, 1] > 0.64
            parts.append(replace(ear, role=np.where(black, DARK, ACCENT).astype(np.int8)))
            if full:
                parts.append(ellipsoid((0.016, 0.036, 0.006), (s * 0.058, 0.595, 0.3), 14, PALE, 0.8, p))
                parts.append(ellipsoid((0.009, 0.013, 0.013), (s * 0.054, 0.53, 0.358), 14, DARK, 0.5, 10))
                parts.append(ellipsoid(0.004, (s * 0.061, 0.536, 0.364), 6, WHITE, 1.5, 10))
                cheek = tube([(s * 0.06, 0.505, 0.33), (s * 0.09, 0.485, 0.305), (s * 0.112, 0.475, 0.275)],
                             (0.03, 0.018, 0), 5, WHITE, 0.95, 10, 0.6)
                parts.append(cheek)
        z = np.linspace(-0.235, -0.535, 12 if full else 6)
        along = (-0.235 - z) / 0.3
        wide = 0.022 + 0.068 * np.sin(np.pi * np.clip(along ** 0.8, 0, 1)) ** 0.9
        wide[-1] = 0.003
        tail = skin(np.column_stack([z, wide, wide, wide, 0.385 - 0.06 * along])[::-1].tolist(), z[::-1], sides, ACCENT,
                    1.0, 9)
        tip = np.where(tail.vertices[:, 2] < -0.455, WHITE, np.where(tail.vertices[:, 2] < -0.42, DEEP, ACCENT))
        tail = replace(tail, role=tip.astype(np.int8))
        tail.shade[:] *= 1 - 0.12 * (np.arange(len(tail.shade)) % 2)              # fur in strands
        parts.append(tail)
        for s in (-1, 1) if full else ():        # haunch and shoulder
            parts += [ellipsoid((0.03, 0.085, 0.07), (s * 0.056, 0.335, -0.175), 36, ACCENT, 0.95),
                      ellipsoid((0.028, 0.08, 0.05), (s * 0.058, 0.35, 0.165), 30, ACCENT, 0.95)]
        for k, (x, zz) in enumerate(corners):
            upper, thick = 1 + 2 * k, 0.036 if k < 2 else 0.044
            parts += [tube([(x, hip + 0.06, zz), (x, knee, zz)], (thick, 0.022), max(sides // 2, 4), ACCENT, 0.95,
                           upper),
                      tube([(x, knee + 0.015, zz), (x, 0.02, zz)], (0.021, 0.015), max(sides // 2, 4), DARK, 1.4,
                           upper + 1),
                      ellipsoid((0.024, 0.018, 0.034), (x, 0.018, zz + 0.012), 10 if full else 6, DARK, 1.2, upper + 1)]
        return merge(*parts)

    def pose(mesh: Mesh, phase: Doubles, time_s: Doubles) -> Doubles:
        out = copies(mesh, len(phase))
        beat = TURN * phase
        for k, (x, z) in enumerate(corners):
            lead = 0.0 if k in (0, 3) else np.pi                 # a trot: diagonal pairs together
            stride = 0.6 * np.cos(beat + lead)
            lift = np.clip(np.sin(beat + lead + np.pi + 0.3), 0, 1) ** 1.3
            fold = (1.15 if k < 2 else -1.0) * lift              # wrists fold back, hocks fold forward
            swing(out, limbs(mesh, 2 + 2 * k), (x, knee, z), 0, fold + (0.08 if k < 2 else -0.2))
            swing(out, limbs(mesh, 1 + 2 * k, 2 + 2 * k), (x, hip, z), 0, -stride + (0.0 if k < 2 else 0.15))
        rows = limbs(mesh, 9)
        far = np.clip((-0.25 - mesh.vertices[rows, 2]) / 0.27, 0, 1).astype(np.float64)
        swing(out, rows, (0, 0.385, -0.25), 0, 0.16 * np.sin(2 * beat[:, None] - 1.5 - 1.2 * far) - 0.25 * far)
        wag = 0.3 * np.sin(beat[:, None] - 1.0 - far) + 0.15 * np.sin(1.3 * time_s[:, None])
        swing(out, rows, (0, 0.385, -0.25), 1, far * wag)
        head = limbs(mesh, 10, 11, 12)
        for part, salt in ((11, 0.0), (12, 2.0)):
            swing(out, limbs(mesh, part), (0, 0.56, 0.29), 0,
                  0.12 * np.sin(2 * beat - 2.0) + 0.06 * np.sin(2.9 * time_s + salt))
        swing(out, head, (0, 0.48, 0.26), 0, 0.07 * np.sin(2 * beat - 0.7))
        swing(out, head, (0, 0.48, 0.26), 1, 0.14 * np.sin(0.61 * time_s))
        spine = np.flatnonzero(mesh.part == 0).astype(np.int32)
        out[:, spine, 0] += (0.012 * np.sin(beat[:, None] + 6 * mesh.vertices[spine, 2]))
        _stand(out, limbs(mesh, 2, 4, 6, 8))
        return out
    return Rig(countershaded(build(16, True), 0.85, 1.08), countershaded(build(7, False), 0.85, 1.08), pose, 0.12)
