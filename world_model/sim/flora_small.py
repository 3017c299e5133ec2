"""The carpet that a camera below knee height lives in: grass, reeds, flowers, mushrooms, ferns, pebbles and boulders,
lily pads. Very few triangles each, because there are thousands."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from world_model.sim.flora_trees import Lods, dappled
from world_model.sim.mesh import (
    ACCENT,
    DARK,
    GROUND,
    GROUND2,
    GROWTH,
    WHITE,
    WOOD,
    Mesh,
    ellipsoid,
    flat,
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


def _blade(angle: float, height: float, reach: float, width: float, steps: int, role: int, tone: float,
           centre: tuple[float, float] = (0.0, 0.0)) -> Mesh:
    along = np.linspace(0, 1, steps + 1)
    out = np.array([np.cos(angle), 0, np.sin(angle)])
    side = np.array([-out[2], 0, out[0]])
    spine = (np.array([centre[0], 0, centre[1]]) + out * (reach * along ** 1.7)[:, None]
             + np.array([0, height, 0]) * along[:, None])
    half = side * (width * (1 - along ** 1.5) / 2)[:, None]
    # between its own normal and the meadow's: even light, yet no blade is seen edge-on only (which rims it pale)
    blade = sheet(np.stack([spine - half, spine + half], 1), role, tone, normal=out * 0.8 + (0, 0.6, 0))
    return shaded(blade, np.repeat(0.55 + 0.7 * along, 2))


def grass(seed: int, blades: int = 12, dry: bool = False) -> Lods:
    rng = np.random.default_rng(seed)
    role = GROUND2 if dry else GROUND             # the ground's own colour, so that a carpet grows out of it

    def tuft(count: int, steps: int, width: float) -> Mesh:
        parts = [_blade(k * 2.4 + rng.normal() * 0.3, rng.uniform(0.45, 1.0) if k else 1.0, rng.uniform(0.08, 0.5),
                        width * rng.uniform(0.7, 1.2), steps, role, rng.uniform(0.75, 1.3),
                        (rng.normal() * 0.13, rng.normal() * 0.13)) for k in range(count)]
        return swaying(unit_height(merge(*parts)), 1.6)
    return tuft(blades, 2, 0.042), tuft(max(6, blades // 2), 1, 0.06), tuft(2 if blades > 10 else 3, 1, 0.1)


def reeds(seed: int) -> Lods:
    rng = np.random.default_rng(seed)

    def stand(stems: int, leaves: int, sides: int) -> Mesh:
        parts: list[Mesh] = []
        for k in range(stems):
            x, z = rng.normal(size=2) * 0.09
            tall = 1.0 if k == 0 else rng.uniform(0.65, 0.95)
            lean = rng.normal(size=2) * 0.05
            tip = np.array([x + lean[0], tall, z + lean[1]])
            base = np.array([x, 0, z])
            if sides > 3:
                parts.append(tube([base, tip], (0.009, 0.006), 3, GROWTH, 0.9))
            else:                                # from further off a strip does
                across = np.array([0.009, 0, 0.006])
                parts.append(sheet([[base - across, base + across], [tip, tip]], GROWTH, 0.9, normal=(0.3, 0.6, 0.7)))
                mid, wide = base + (tip - base) * 0.9, (tip - base) * 0.08
                parts.append(tube([mid - wide, mid, mid + wide], (0, 0.026, 0), 3, WOOD, 0.75))
                continue
            parts.append(tube([base + (tip - base) * 0.8, base + (tip - base) * 0.83, base + (tip - base) * 0.95,
                               base + (tip - base) * 0.98], (0, 0.026, 0.026, 0), sides, WOOD, 0.75))
        parts += [_blade(k * 2.4, rng.uniform(0.5, 0.85), 0.22, 0.035, 2, GROWTH, rng.uniform(0.9, 1.2))
                  for k in range(leaves)]
        return swaying(unit_height(merge(*parts)), 1.6)
    return stand(4, 6, 5), stand(2, 3, 3), stand(1, 1, 3)


def _stem(height: float, lean: float, role: int = GROWTH) -> Mesh:
    rise = np.linspace(0, 1, 4)
    return tube(np.stack([lean * rise ** 2, rise * height, 0.4 * lean * np.sin(rise * 3)], 1), 0.014, 3, role, 0.85)


def _petals(count: int, length: float, width: float, lift: float, cup: float, role: int, tone: float,
            steps: int = 3) -> Mesh:
    """A ring of petals about the origin: lift = rise at the tip, cup = how much the middle bulges down or up."""
    parts: list[Mesh] = []
    along = np.linspace(0.06, 1, steps + 1)
    for k in range(count):
        angle = 2 * np.pi * k / count
        out, side = np.array([np.cos(angle), 0, np.sin(angle)]), np.array([-np.sin(angle), 0, np.cos(angle)])
        spine = out * (length * along)[:, None] + np.array([0, 1, 0]) * (lift * along ** 2 - cup * np.sin(np.pi * along)
                                                                        )[:, None]
        half = side * (width / 2 * np.sin(np.pi * np.clip(along * 0.8 + 0.08, 0, 1)) ** 0.6)[:, None]
        petal = sheet(np.stack([spine - half, spine + half], 1), role, tone * (0.94 + 0.12 * (k % 2)),
                      normal=out * 0.8 + (0, 0.6, 0))
        parts.append(shaded(petal, np.repeat(0.7 + 0.35 * along, 2)))
    return merge(*parts)


def daisy(seed: int, role: int = WHITE) -> Lods:
    tilt = 0.25 + 0.1 * (seed % 3)
    head = merge(_petals(11, 0.17, 0.075, -0.02, -0.015, role, 1.05, 2),
                 ellipsoid((0.062, 0.035, 0.062), (0, 0.012, 0), 14, ACCENT if role == WHITE else DARK, 1.1))
    leaves = [_blade(a, 0.28, 0.22, 0.07, 2, GROWTH, 1.0) for a in (0.4, 2.5, 4.6)]
    near = merge(_stem(0.9, 0.08), moved(head, (0.08, 0.9, 0.02), roll=-tilt, pitch=0.2), *leaves)
    star = _petals(6, 0.17, 0.15, -0.01, 0, role, 1.0, 1)
    middle = merge(_stem(0.9, 0.08), moved(star, (0.08, 0.9, 0.02), roll=-tilt))
    far = merge(sheet([[(-0.06, 0.9, 0), (0.08, 0.92, -0.15)], [(0.08, 0.88, 0.17), (0.22, 0.9, 0.02)]], role, 1.0,
                      normal=(0, 1, 0)),
                _blade(0.0, 0.9, 0.08, 0.03, 1, GROWTH, 1.0))
    return tuple(swaying(unit_height(m), 1.5) for m in (near, middle, far))


def poppy(seed: int) -> Lods:
    tilt = 0.15 + 0.12 * (seed % 2)
    bowl = merge(_petals(4, 0.19, 0.30, 0.15, 0.02, ACCENT, 1.05, 3),
                 moved(_petals(3, 0.17, 0.26, 0.17, 0.02, ACCENT, 0.9, 2), yaw=0.6),
                 ellipsoid((0.045, 0.05, 0.045), (0, 0.03, 0), 12, DARK, 1.4))
    leaves = [_blade(a, 0.3, 0.2, 0.06, 2, GROWTH, 0.9) for a in (1.0, 3.2, 5.2)]
    near = merge(_stem(0.84, -0.1), moved(bowl, (-0.1, 0.84, 0), roll=tilt), *leaves)
    simple = lathe([(0.02, 0), (0.14, 0.05), (0.2, 0.15), (0.17, 0.14), (0, 0.05)], 6, ACCENT)
    middle = merge(_stem(0.84, -0.1), moved(simple, (-0.1, 0.84, 0), roll=tilt))
    far = merge(moved(lathe([(0, 0), (0.2, 0.16), (0, 0.1)], 4, ACCENT), (-0.1, 0.84, 0)),
                _blade(3.14, 0.86, 0.1, 0.03, 1, GROWTH, 1.0))
    return tuple(swaying(unit_height(m), 1.5) for m in (near, middle, far))


def tulip(seed: int, role: int = ACCENT) -> Lods:
    profile = [(0.015, 0.0), (0.095, 0.05), (0.115, 0.13), (0.085, 0.23), (0.10, 0.29)]
    cup = lathe([*profile, (0.07, 0.27), (0.0, 0.1)], 12, role, ripple=0.16)
    cup = shaded(cup, lambda v: 0.72 + 1.5 * np.clip(v[:, 1], 0, 0.3))
    leaves = [_blade(a, 0.55, 0.13, 0.075, 3, GROWTH, 0.95) for a in (0.2 + seed, 3.4 + seed)]
    near = merge(_stem(0.72, 0.03), moved(cup, (0.03, 0.72, 0)), *leaves)
    middle = merge(_stem(0.72, 0.03), moved(lathe([(0.02, 0), (0.11, 0.12), (0.08, 0.28), (0, 0.2)], 6, role),
                                            (0.03, 0.72, 0)), _blade(0.2, 0.5, 0.12, 0.06, 1, GROWTH, 1.0))
    far = merge(moved(lathe([(0, 0), (0.12, 0.14), (0, 0.28)], 4, role), (0.03, 0.7, 0)),
                _blade(0.2, 0.72, 0.05, 0.04, 1, GROWTH, 1.0))
    return tuple(swaying(unit_height(m), 1.5) for m in (near, middle, far))


def lavender(seed: int) -> Lods:
    rng = np.random.default_rng(seed)

    def spray(stems: int, sides: int) -> Mesh:
        parts: list[Mesh] = []
        for k in range(stems):
            a, tall = k * 2.4, (1.0 if k == 0 else rng.uniform(0.7, 0.95))
            tip = np.array([0.2 * np.cos(a) * (k > 0), tall, 0.2 * np.sin(a) * (k > 0)])
            spike = [tip * t for t in (0.6, 0.66, 0.76, 0.8, 0.9, 1.0)]
            parts += [tube([tip * 0, tip * 0.65], 0.01, 3, GROWTH, 1.0),
                      tube(spike, (0.0, 0.035, 0.022, 0.034, 0.022, 0.0), sides, ACCENT, rng.uniform(0.8, 1.1))]
        return swaying(unit_height(merge(*parts)), 1.4)
    far = swaying(lathe([(0.03, 0), (0.13, 0.7), (0, 1)], 4, ACCENT, 0.95), 1.4)
    return spray(4, 4), spray(2, 3), far


def mushroom(seed: int, spotted: bool = True) -> Lods:
    def cap(sides: int, x: float, size: float, lean: float) -> Mesh:
        crown = lathe([(0.1, 0.6), (0.36, 0.55), (0.4, 0.6), (0.36, 0.76), (0.22, 0.92), (0, 1.0)], sides,
                      ACCENT if spotted else WOOD, 1.0 if spotted else 1.7)
        crown = painted(crown, WHITE, lambda v: v[:, 1] < 0.59)
        foot = lathe([(0.15, 0), (0.1, 0.2), (0.085, 0.6)], max(5, sides // 2), WHITE, 0.9)
        parts = [foot, crown]
        if spotted and sides > 8:
            for k in range(6):
                a, up = k * 2.4, (0.72, 0.86, 0.94)[k % 3]
                r = (0.375, 0.29, 0.14)[k % 3]
                parts.append(moved(ellipsoid((0.055, 0.02, 0.055), points=8, role=WHITE),
                                   (r * np.sin(a), up, r * np.cos(a)), yaw=a, pitch=-(1.1, 0.8, 0.4)[k % 3]))
        return moved(merge(*parts), (x, 0, x * 0.4), size, roll=lean)
    near = merge(cap(12, 0, 1, 0.05), cap(8, 0.34, 0.55, -0.2), cap(6, -0.3, 0.4, 0.2))
    return tuple(unit_height(m) for m in (near, merge(cap(6, 0, 1, 0.05), cap(4, 0.34, 0.55, -0.2)), cap(4, 0, 1, 0.0)))


def fern(seed: int) -> Lods:
    rng = np.random.default_rng(seed)

    def frond(angle: float, steps: int, droop: float, length: float, fine: bool) -> Mesh:
        along = np.linspace(0, 1, steps)
        out, side = np.array([np.cos(angle), 0, np.sin(angle)]), np.array([-np.sin(angle), 0, np.cos(angle)])
        rise = np.array([0, 1, 0]) * (1.5 * along - droop * along ** 2)[:, None]
        spine = (out * (0.85 * along)[:, None] + rise) * length
        comb = np.where(np.arange(steps) % 2 == 1, 1.0, 0.3) if fine else np.full(steps, 0.55)     # leaflets
        half = side * (0.15 * length * comb * np.sin(np.pi * np.clip(0.16 + 0.84 * along, 0, 1)) ** 0.7)[:, None]
        ahead = (out * 0.07 + np.array([0, -0.03, 0])) * comb[:, None]
        rows = [spine + ahead - half, spine, spine + ahead + half] if fine else [spine - half, spine + half]
        leaf = sheet(np.stack(rows, 1), GROWTH, normal=out * 0.7 + (0, 0.7, 0))
        tone = np.repeat(0.55 + 0.6 * along, len(rows))
        return shaded(leaf, tone * np.tile([1.08, 0.78, 1.0] if fine else [1.05, 0.9], steps))

    def plant(count: int, steps: int, fine: bool) -> Mesh:
        fronds = merge(*(frond(k * 2 * np.pi / count + rng.normal() * 0.2, steps, rng.uniform(0.8, 1.25),
                               rng.uniform(0.75, 1.05), fine) for k in range(count)))
        return swaying(unit_height(fronds), 1.3, 0.7)
    return plant(6, 8, True), plant(6, 4, False), plant(3, 3, False)


def boulder(seed: int, squash: float = 0.7, mossy: float = 0.0) -> Lods:
    def rock(points: int) -> Mesh:
        stone = roughen(ellipsoid((1.0, squash, 0.85), points=points, role=GROUND2), 0.15, 1.2, seed)
        stone = roughen(stone, 0.03, 3.4, seed)
        round_ = warp(stone, lambda v: np.stack([v[:, 0], np.maximum(v[:, 1], -0.3 * squash), v[:, 2]], 1))
        stone = flat(round_)
        soft = stone.normals * 0.4 + round_.normals[round_.faces.ravel()] * 0.6      # worn: facets only hinted at
        soft /= np.linalg.norm(soft, axis=1, keepdims=True)
        stone = replace(stone, normals=soft.astype(np.float32))
        stone = shaded(stone, dappled(0.1, seed, 4.0))
        stone = shaded(stone, lambda v: 0.72 + 0.4 * np.clip(v[:, 1] / squash + 0.4, 0, 1))
        if mossy > 0:
            top = stone.normals[:, 1] > 1 - mossy
            stone = shaded(painted(stone, GROWTH, lambda v: top), np.where(top, 0.95, 1.0))
        return unit_height(stone)
    return rock(92), rock(36), rock(14)


def lily_pad(seed: int) -> Lods:
    angle = np.linspace(0.25, 2 * np.pi - 0.25, 13)
    rim = np.stack([np.sin(angle), np.full(13, 0.16), np.cos(angle)], 1)
    rim[:, 1] += 0.05 * np.sin(angle * 3 + seed)
    pad = sheet(np.stack([np.repeat([[0.0, 0.1, 0.0]], 13, 0), rim], 1), GROWTH, 1.0, normal=(0, 1, 0))
    pad = shaded(pad, np.tile([0.75, 1.2], 13))
    bloom = moved(merge(_petals(8, 0.34, 0.17, 0.2, 0.03, WHITE, 1.0, 2),
                        moved(_petals(6, 0.24, 0.15, 0.26, 0.02, ACCENT, 1.2, 2), yaw=0.4)), (0.25, 0.2, -0.1))
    near = merge(pad, bloom) if seed % 2 == 0 else merge(pad, moved(pad, (1.5, 0.02, 0.7), 0.6, yaw=2.0))
    coarse = sheet(np.stack([np.repeat([[0.0, 0.1, 0.0]], 6, 0), rim[::2][:6]], 1), GROWTH, 1.1, normal=(0, 1, 0))
    lods = [near, merge(coarse, ellipsoid((0.25, 0.17, 0.25), (0.25, 0.27, 0), 8, WHITE)) if seed % 2 == 0 else coarse,
            coarse]
    # heights differ a lot between a pad and a pad with a bloom: one scale for all, floor at the water
    low = min(float(m.vertices[:, 1].min()) for m in lods)
    tall = max(float(m.vertices[:, 1].max()) for m in lods) - low
    return tuple(moved(m, (0, -low / tall, 0), 1 / tall) for m in lods)


def pebbles(seed: int) -> Lods:
    rng = np.random.default_rng(seed)

    def group(count: int, points: int) -> Mesh:
        stones = [ellipsoid((s, s * 0.6, s * 0.8), (x, s * 0.25, z), points, GROUND2, rng.uniform(0.8, 1.25))
                  for s, x, z in zip(rng.uniform(0.25, 0.8, count), rng.normal(size=count), rng.normal(size=count))]
        lifted = merge(*stones)
        return unit_height(warp(lifted, lambda v: np.stack([v[:, 0], np.maximum(v[:, 1], 0), v[:, 2]], 1)))
    return group(4, 14), group(3, 7), group(1, 6)


