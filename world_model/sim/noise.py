"""Lattice noise that can be morphed.

Gradient noise after Perlin ("Improving Noise", 2002); the gradients turn with a third coordinate, `variant`, as in
flow noise (Perlin and Neyret, 2001), each at its own rate, so that a landscape changes continuously into another
one without sliding. Coordinates are float64, so that places far from the origin do not jitter. All functions are
compiled scalars without state.
"""

from __future__ import annotations

import math

import numpy as np

from world_model.sim.compiled import exact, inlined

_A = np.uint64(0x9E3779B97F4A7C15)
_B = np.uint64(0xC2B2AE3D27D4EB4F)
_C = np.uint64(0xD6E8FEB86659FD93)
_S32 = np.uint64(32)
_S40 = np.uint64(40)
_S16 = np.uint64(16)
_LOW24 = np.uint64(0xFFFFFF)
_U24 = 1.0 / 16777216.0


@inlined
def lattice_hash(ix: int, iz: int, seed: int) -> np.uint64:
    """64 mixed bits of a lattice point (uint64)."""
    h = np.uint64(np.int64(ix)) * _A + np.uint64(np.int64(iz)) * _B + np.uint64(np.int64(seed)) * _C
    h ^= h >> _S32
    h *= _C
    h ^= h >> _S32
    return h


@inlined
def unit_high(h: np.uint64) -> float:
    """A number in [0, 1) from the upper bits of a hash."""
    return float(h >> _S40) * _U24


@inlined
def unit_low(h: np.uint64) -> float:
    """A number in [0, 1) from the lower bits of a hash, independent of `unit_high`."""
    return float(h & _LOW24) * _U24


@inlined
def unit_middle(h: np.uint64) -> float:
    """A number in [0, 1) from middle bits; overlaps the other two, good enough for a third choice."""
    return float((h >> _S16) & _LOW24) * _U24


@exact
def triangle_wave(t: float) -> float:
    """A triangle wave of period 1 in [-1, 1]."""
    return 1.0 - 4.0 * abs(t - math.floor(t) - 0.5)


@exact
def corner(ix: int, iz: int, seed: int, variant: float, dx: float, dz: float) -> float:
    """What the gradient of one lattice point adds at the offset (dx, dz)."""
    h = lattice_hash(ix, iz, seed)
    t = unit_high(h) + variant * (0.2 + 0.5 * unit_low(h))
    return triangle_wave(t) * dx + triangle_wave(t + 0.25) * dz


@exact
def noise(x: float, z: float, seed: int, variant: float) -> float:
    """Gradient noise, about [-1, 1], mean 0, feature size 1, continuous with its first two derivatives."""
    fx = math.floor(x)
    fz = math.floor(z)
    ix = int(fx)
    iz = int(fz)
    dx = x - fx
    dz = z - fz
    ux = dx * dx * dx * (dx * (dx * 6.0 - 15.0) + 10.0)
    uz = dz * dz * dz * (dz * (dz * 6.0 - 15.0) + 10.0)
    a = corner(ix, iz, seed, variant, dx, dz)
    b = corner(ix + 1, iz, seed, variant, dx - 1.0, dz)
    c = corner(ix, iz + 1, seed, variant, dx, dz - 1.0)
    d = corner(ix + 1, iz + 1, seed, variant, dx - 1.0, dz - 1.0)
    near = a + ux * (b - a)
    far = c + ux * (d - c)
    return 1.7 * (near + uz * (far - near))


@exact
def fbm(x: float, z: float, seed: int, variant: float, octaves: int) -> float:
    """Sum of octaves, each half as high and turned, about [-1, 1]."""
    total = 0.0
    weight = 0.55
    for i in range(octaves):
        total += weight * noise(x, z, seed + i, variant)
        x, z = 1.62 * x + 1.21 * z + 7.3, -1.21 * x + 1.62 * z - 3.1
        weight *= 0.5
    return total


@exact
def ridged(x: float, z: float, seed: int, variant: float, octaves: int) -> float:
    """Ridged multifractal (Musgrave, 1994) in [0, 1]: sharp crests, and detail only where it is already high."""
    total = 0.0
    weight = 0.5
    carry = 1.0
    for i in range(octaves):
        # The crest is rounded a little, so that it does not alias on a grid.
        n = noise(x, z, seed + i, variant)
        r = 1.0 - math.sqrt(n * n + 0.0012)
        r = max(r, 0.0)
        r = r * r * carry
        carry = min(1.0, max(0.0, 1.7 * r))
        total += weight * r
        x, z = 1.62 * x + 1.21 * z + 5.1, -1.21 * x + 1.62 * z + 9.7
        weight *= 0.5
    return min(total, 1.0)


@exact
def billow(x: float, z: float, seed: int, variant: float, octaves: int) -> float:
    """Round heads and sharp valleys in about [0, 1]: the inside-out of `ridged`, for cloud tops and drifts."""
    total = 0.0
    weight = 0.55
    for i in range(octaves):
        n = noise(x, z, seed + i, variant)
        total += weight * (1.6 * math.sqrt(n * n + 0.004))
        x, z = 1.62 * x + 1.21 * z + 5.1, -1.21 * x + 1.62 * z + 9.7
        weight *= 0.42
    return min(total, 1.2)


@exact
def smoothstep(low: float, high: float, x: float) -> float:
    """0 below low, 1 above high, a smooth S between."""
    t = min(1.0, max(0.0, (x - low) / (high - low)))
    return t * t * (3.0 - 2.0 * t)


@exact
def craters(x: float, z: float, seed: int, variant: float) -> float:
    """Bowls with raised rims on a grid of cells of size 1, at most one in each, height about [-1, 0.35].

    A crater lies wholly inside its cell, so that one look-up is enough. It grows and shrinks with `variant`.
    """
    fx = math.floor(x)
    fz = math.floor(z)
    h = lattice_hash(int(fx), int(fz), seed)
    live = 0.5 + 0.5 * triangle_wave(unit_high(h) + 0.3 * variant)
    reach = 0.16 + 0.30 * live * unit_low(h)
    cx = reach + (1.0 - 2.0 * reach) * unit_middle(h)
    cz = reach + (1.0 - 2.0 * reach) * unit_middle(h * _A)
    dx = x - fx - cx
    dz = z - fz - cz
    r = math.sqrt(dx * dx + dz * dz) / reach
    if r >= 1.0:
        return 0.0
    bowl = -1.0 + 2.1 * r * r
    rim = 0.42 * smoothstep(1.0, 0.66, r)
    shape = min(bowl, rim) if r > 0.5 else bowl
    return shape * reach * 2.0 * smoothstep(0.12, 0.5, live)
