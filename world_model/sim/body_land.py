"""What rolls: car, train, ball. Wheels turn as far as the ground goes by, springs and rods answer."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from world_model.sim.body_rig import DEEP, GLASS, TURN, Rig, copies, limbs, loft, split_at, swing
from world_model.sim.mesh import (
    ACCENT,
    DARK,
    GLOW,
    STRUCTURE,
    WHITE,
    Mesh,
    box,
    ellipsoid,
    lathe,
    merge,
    moved,
)

Doubles = NDArray[np.float64]
CAR_WHEEL = 0.08
CAR_AXLES = (-0.27, 0.29)
TRAIN_WHEEL = 0.032
PUFF_PART = 200


def wheel(radius: float, width: float, x: float, z: float, part: int, sides: int, spokes: bool,
          hub: int = WHITE) -> Mesh:
    """A tyre with a pale hub, its axle along x, standing on y = 0."""
    if sides < 8:                                # far company: a plain drum
        drum = [(0, -width / 2), (radius, -width / 2), (radius, -width / 2), (radius, width / 2), (radius, width / 2),
                (0, width / 2)]
        return moved(lathe(drum, sides, DARK, 1.3, part), (x, radius, z), roll=-np.pi / 2)
    tyre = lathe([(radius * 0.55, -width / 2), (radius * 0.92, -width / 2), (radius, -width * 0.28),
                  (radius, width * 0.28), (radius * 0.92, width / 2), (radius * 0.55, width / 2)], sides, DARK, 1.2,
                 part)
    hubs = [moved(lathe([(0.0, 0.0), (radius * 0.58, 0.0), (radius * 0.45, width * 0.12), (0, width * 0.2)], sides, hub,
                        0.75, part), (0, s * width * 0.36, 0), (1, s, 1)) for s in (-1, 1)]
    parts = [tyre, *hubs]
    if spokes:
        parts += [moved(box((radius * 0.95, width * 0.12, radius * 0.16), (0, s * width * 0.56, 0), DARK, 2.5, part),
                        yaw=a) for s in (-1, 1) for a in (0.0, np.pi / 2)]
    return moved(merge(*parts), (x, radius, z), roll=-np.pi / 2)


def _spoked(radius: float, width: float, x: float, z: float, part: int, sides: int) -> Mesh:
    """A rail wheel: a drum whose outer side shows rim, field and hub; cheap, for a train has dozens."""
    h = width / 2
    drum = lathe([(0, -h), (radius, -h), (radius, -h), (radius, h), (radius, h), (radius * 0.8, h), (radius * 0.8, h),
                  (radius * 0.22, h * 0.6), (0, h * 1.6)], sides, DARK, 1.6, part)
    field = np.hypot(drum.vertices[:, 0], drum.vertices[:, 2]) < radius * 0.81
    drum = replace(drum, role=np.where(field & (drum.vertices[:, 1] > 0), ACCENT, DARK).astype(np.int8))
    comb = 0.45 + 0.55 * (np.arange(len(drum.vertices)) % 2 == 0)             # light and dark: spokes
    drum.shade[:] = np.where(drum.role == ACCENT, comb, drum.shade)
    return moved(drum, (x, radius, z), (1, 1 if x > 0 else -1, 1), roll=-np.pi / 2)


@lru_cache(maxsize=1)
def car() -> Rig:
    """A small round car. Parts 1 to 4: wheels; 5: body on its springs."""
    def build(sides: int, full: bool) -> Mesh:
        shell = loft([(-0.49, 0.10, 0.05, 0.135), (-0.465, 0.165, 0.085, 0.135), (-0.38, 0.19, 0.105, 0.14),
                      (-0.2, 0.198, 0.112, 0.14), (0.05, 0.2, 0.112, 0.138), (0.28, 0.195, 0.105, 0.132),
                      (0.41, 0.175, 0.088, 0.122), (0.475, 0.13, 0.06, 0.115), (0.495, 0.07, 0.035, 0.112)], sides,
                     ACCENT,
                     1.0, 5)
        cabin = np.array([(-0.40, 0.10, 0.03, 0.225), (-0.34, 0.145, 0.08, 0.23), (-0.24, 0.158, 0.122, 0.232),
                          (-0.09, 0.16, 0.13, 0.232), (-0.055, 0.16, 0.13, 0.232), (0.06, 0.155, 0.118, 0.23),
                          (0.13, 0.145, 0.082, 0.225), (0.2, 0.13, 0.035, 0.215), (0.25, 0.1, 0.01, 0.2)])
        roof = loft(cabin.tolist(), 16 if full else 10, ACCENT, 1.0, 5)

        def coat(m: np.ndarray) -> np.ndarray:
            z = m[:, 2]
            up = (m[:, 1] - np.interp(z, cabin[:, 0], cabin[:, 3])) / np.interp(z, cabin[:, 0], cabin[:, 2])
            pillar = (z > -0.09) & (z < -0.055) | (z < -0.34) | (z > 0.2)
            side = (up > 0.02) & (up < 0.66) & ~pillar
            screen = (z > 0.06) & (z < 0.2) & (up > 0.6) | (z < -0.24) & (z > -0.34) & (up > 0.6)
            return np.where(side | screen, GLASS, ACCENT)
        roof = split_at(roof, coat)
        parts = [shell, roof, box((0.36, 0.035, 0.03), (0, 0.09, 0.475), WHITE, 0.8, 5, 0.008),
                 box((0.36, 0.035, 0.03), (0, 0.09, -0.475), WHITE, 0.8, 5, 0.008),
                 box((0.37, 0.05, 0.86), (0, 0.06, 0.0), DARK, 1.0, 5)]
        parts += [ellipsoid((0.036, 0.036, 0.02), (s * 0.115, 0.145, 0.462), 18 if full else 8, GLOW, 1.0, 5)
                  for s in (-1, 1)]
        parts += [box((0.05, 0.03, 0.02), (s * 0.12, 0.145, -0.475), ACCENT, 1.6, 5) for s in (-1, 1)]
        if full:
            parts += [ellipsoid((0.015, 0.022, 0.014), (s * 0.185, 0.25, 0.14), 10, ACCENT, 0.8, 5) for s in (-1, 1)]
            arch = lathe([(CAR_WHEEL, -0.03), (CAR_WHEEL * 1.24, 0.0), (CAR_WHEEL, 0.03)], 16, ACCENT, 0.8, 5)
            arch = replace(arch, faces=arch.faces[arch.vertices[arch.faces].mean(1)[:, 0] < 0.02])     # upper part
            parts += [moved(arch, (s * 0.172, CAR_WHEEL * 1.12, z), roll=-np.pi / 2) for s in (-1, 1)
                      for z in CAR_AXLES]
        parts += [wheel(CAR_WHEEL, 0.066, s * 0.165, z, 1 + k * 2 + (s > 0), 16 if full else 7, full)
                  for k, z in enumerate(CAR_AXLES) for s in (-1, 1)]
        return merge(*parts)

    def pose(mesh: Mesh, phase: Doubles, time_s: Doubles) -> Doubles:
        out = copies(mesh, len(phase))
        for k, z in enumerate(CAR_AXLES):
            swing(out, limbs(mesh, 1 + 2 * k, 2 + 2 * k), (0, CAR_WHEEL, z), 0, TURN * phase)
        shell = limbs(mesh, 5)
        swing(out, shell, (0, 0.08, 0), 0, 0.012 * np.sin(5.3 * time_s))
        swing(out, shell, (0, 0.08, 0), 2, 0.014 * np.sin(3.9 * time_s + 1))
        out[:, shell, 1] += 0.006 * np.sin(7.1 * time_s)[:, None]
        return out
    return Rig(build(14, True), build(7, False), pose, 0.8)


@lru_cache(maxsize=1)
def train() -> Rig:
    """A steam engine and three coaches. Parts 1..: wheels by axle; 100, 101: rods; 200..: puffs of steam."""
    engine_axles = (0.465, 0.43, 0.365, 0.31, 0.255)
    drive = (0.365, 0.31, 0.255)
    coaches = (0.09, -0.155, -0.40)
    puffs = 6

    def axle_part(number: int) -> int:
        return 1 + number

    def axle(radius: float, half_gauge: float, z: float, part: int, full: bool) -> list[Mesh]:
        if not full:
            return [wheel(radius, 0.11, 0.0, z, part, 5, False)]
        return [_spoked(radius, 0.014, s * half_gauge, z, part, 14 if radius > 0.04 else 9) for s in (-1, 1)]

    def build(sides: int, full: bool) -> Mesh:
        boiler = moved(loft([(0.27, 0.05, 0.05, 0), (0.45, 0.05, 0.05, 0), (0.475, 0.053, 0.053, 0),
                             (0.485, 0.046, 0.046, 0), (0.49, 0.02, 0.02, 0)], sides, DARK, 2.2), (0, 0.118, 0))
        bands = [moved(loft([(z - 0.004, 0.052, 0.052, 0), (z + 0.004, 0.052, 0.052, 0)], sides, ACCENT), (0, 0.118, 0))
                 for z in (0.32, 0.38, 0.44)] if full else []
        funnel = moved(lathe([(0.016, 0), (0.016, 0.05), (0.03, 0.075), (0.03, 0.09), (0.018, 0.09)], sides, DARK, 1.6),
                       (0, 0.16, 0.445))
        dome = ellipsoid((0.022, 0.03, 0.022), (0, 0.17, 0.36), 16, ACCENT)
        cab = [box((0.12, 0.09, 0.085), (0, 0.115, 0.235), ACCENT, 1.0, 0, 0.006),
               box((0.12, 0.018, 0.02), (0, 0.185, 0.272), ACCENT), box((0.12, 0.05, 0.016), (0, 0.165, 0.198), ACCENT),
               box((0.118, 0.05, 0.07), (0, 0.178, 0.235), GLASS),
               box((0.14, 0.014, 0.115), (0, 0.205, 0.235), DARK, 2.0, 0, 0.005)]
        frame = box((0.085, 0.02, 0.3), (0, 0.062, 0.345), ACCENT, 0.7)
        catcher = moved(lathe([(0.075, 0), (0.045, 0.05)], 4, ACCENT, 0.8), (0, 0.012, 0.485), (1, 1, 0.5), yaw=0.0)
        light = ellipsoid((0.014, 0.014, 0.01), (0, 0.165, 0.488), 12, GLOW, 1.2)
        parts = [boiler, *bands, funnel, dome, *cab, frame, catcher, light]
        number = 0
        for z in engine_axles:
            r = 0.045 if z in drive else TRAIN_WHEEL
            parts += axle(r, 0.052, z, axle_part(number), full)
            number += 1
        parts += [box((0.006, 0.01, 0.12), (s * 0.064, 0.045, 0.31), WHITE, 0.8, 100 + (s > 0)) for s in (-1, 1)]
        for z in coaches:
            parts += [box((0.115, 0.1, 0.21), (0, 0.115, z), STRUCTURE, 0.95, 0, 0.01 if full else 0.0),
                      box((0.117, 0.03, 0.212), (0, 0.078, z), ACCENT, 0.95),
                      moved(loft([(-0.108, 0.064, 0.024, 0), (0.108, 0.064, 0.024, 0)], 8, DARK, 2.2), (0, 0.165, z)),
                      box((0.02, 0.016, 0.06), (0, 0.06, z + 0.125), DARK)]
            parts += [box((0.119, 0.04, 0.03 if full else 0.17), (0, 0.13, z + k * 0.05),
                          GLASS if k == 0.5 else GLOW, 0.75)
                      for k in ((-1.5, -0.5, 0.5, 1.5) if full else (0.0,))]
            for dz in (-0.07, 0.07):
                parts += axle(TRAIN_WHEEL, 0.05, z + dz, axle_part(number), full)
                number += 1
        parts += [ellipsoid(0.035, (0, 0.26, 0.445), 30 if full else 10, WHITE, 1.0, PUFF_PART + k)
                  for k in range(puffs if full else 3)]
        return merge(*parts)

    axles = [*engine_axles, *(z + d for z in coaches for d in (-0.07, 0.07))]

    def pose(mesh: Mesh, phase: Doubles, time_s: Doubles) -> Doubles:
        out = copies(mesh, len(phase))
        beat = TURN * phase
        for number, z in enumerate(axles):
            r = 0.045 if z in drive else TRAIN_WHEEL
            swing(out, limbs(mesh, axle_part(number)), (0, r, z), 0, beat)
        for part, lead in ((100, 0.0), (101, np.pi / 2)):        # the two sides are a quarter turn apart
            rows = limbs(mesh, part)
            out[:, rows, 2] += 0.026 * np.sin(beat + lead)[:, None]
            out[:, rows, 1] += 0.026 * np.cos(beat + lead)[:, None]
        wobble = mesh.vertices[:, 2].astype(np.float64)
        above = mesh.vertices[:, 1].astype(np.float64)
        out[..., 0] += 0.02 * above * np.sin(2.7 * time_s[:, None] + 9 * wobble)
        total = int(mesh.part.max()) - PUFF_PART + 1
        for k in range(total):                                     # steam: rises, grows, trails, fades out by shrinking
            rows = limbs(mesh, PUFF_PART + k)
            age = ((0.45 * time_s + k / total) % 1.0)[:, None, None]
            size = 1.5 * np.sin(np.pi * age ** 0.6) * (0.5 + age)
            centre = np.array([0, 0.26, 0.445])
            shift = np.concatenate([0.03 * np.sin(5 * age + k), 0.02 + 0.17 * age ** 0.7, -0.42 * age], -1)
            out[:, rows] = (mesh.vertices[rows] - centre) * size + centre + shift
        return out
    return Rig(build(14, True), build(8, False), pose, 0.45)


@lru_cache(maxsize=1)
def ball() -> Rig:
    """A beach ball: six gores, two poles. It rolls once a cycle and is squashed where the cycle is whole."""
    def build(sides: int, rings: int) -> Mesh:
        angle = np.linspace(-np.pi / 2, np.pi / 2, rings)
        sphere = lathe([(0.5 * float(np.cos(a)) if 0 < k < rings - 1 else 0.0, 0.5 * float(np.sin(a)))
                        for k, a in enumerate(angle)], sides, ACCENT)

        def gores(m: np.ndarray) -> np.ndarray:
            sector = np.floor(
                np.arctan2(m[:, 0], m[:, 2]) / TURN * 6 + 1e-6).astype(int)
            pole = np.abs(m[:, 1]) > 0.472
            return np.where(pole, DEEP, np.where(sector % 2 == 0, ACCENT, np.where(sector % 3 == 0, STRUCTURE, WHITE)))
        return moved(split_at(sphere, gores), roll=np.pi / 2 - 0.35)

    def pose(mesh: Mesh, phase: Doubles, time_s: Doubles) -> Doubles:
        out = copies(mesh, len(phase))
        swing(out, np.arange(len(mesh.vertices), dtype=np.int32), (0, 0, 0), 0, TURN * phase)
        press = np.exp(4.0 * (np.cos(TURN * phase) - 1))[:, None]     # 1 on the ground, gone in the air
        tall = 1 - 0.11 * press + 0.03 * (1 - np.cos(TURN * phase)[:, None]) / 2
        out[..., 1] = (out[..., 1] + 0.5) * tall
        out[..., 0] /= np.sqrt(tall)
        out[..., 2] /= np.sqrt(tall)
        return out
    return Rig(build(36, 21), build(12, 8), pose, 0.6)
