"""Deterministic noise and sampling for the finishing passes.

Noise is an integer hash of lattice position and seed (Wang/Murmur-style finaliser), never a random generator, so a
frame asked for alone has the same noise as in the film. Textures that do not depend on time (paper, grain tile)
are pure functions of size and seed and are kept in small caches.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from world_model.sim.compiled import kernel

GRAIN_TILE_PX = 256


@kernel
def hash01(x: int, y: int, z: int) -> float:
    """A number in [0, 1) from three integers."""
    h = (np.uint32(x) * np.uint32(0x8DA6B343)) ^ (np.uint32(y) * np.uint32(0xD8163841))
    h = np.uint32(h ^ (np.uint32(z) * np.uint32(0xCB1AB31F)))
    h = np.uint32((h ^ (h >> np.uint32(16))) * np.uint32(0x7FEB352D))
    h = np.uint32((h ^ (h >> np.uint32(15))) * np.uint32(0x846CA68B))
    h = np.uint32(h ^ (h >> np.uint32(16)))
    return float(h >> np.uint32(8)) * (1.0 / 16777216.0)


@kernel
def value_noise(x: float, y: float, seed: int) -> float:
    """Smooth noise in [0, 1], one lattice cell per unit."""
    fx, fy = np.floor(x), np.floor(y)
    ix, iy = int(fx), int(fy)
    u, v = x - fx, y - fy
    u, v = u * u * (3.0 - 2.0 * u), v * v * (3.0 - 2.0 * v)
    a, b = hash01(ix, iy, seed), hash01(ix + 1, iy, seed)
    c, d = hash01(ix, iy + 1, seed), hash01(ix + 1, iy + 1, seed)
    top, low = a + (b - a) * u, c + (d - c) * u
    return top + (low - top) * v


@kernel
def value_noise3(x: float, y: float, z: float, seed: int) -> float:
    """Smooth noise in [0, 1] in three dimensions."""
    fz = np.floor(z)
    iz = int(fz)
    w = z - fz
    w = w * w * (3.0 - 2.0 * w)
    a = value_noise(x, y, seed + iz * 7919)
    b = value_noise(x, y, seed + (iz + 1) * 7919)
    return a + (b - a) * w


@kernel
def ramp(low: float, high: float, x: float) -> float:
    """Smooth step from 0 at `low` to 1 at `high`."""
    t = (x - low) / (high - low)
    t = min(1.0, max(0.0, t))
    return t * t * (3.0 - 2.0 * t)


@kernel
def sample(buffer: NDArray[np.float32], y: float, x: float) -> tuple[float, float, float]:
    """Bilinear look-up of (H, W, 3) at pixel centres (y, x), clamped at the borders."""
    rows, columns = buffer.shape[0], buffer.shape[1]
    y = min(max(y, 0.0), rows - 1.0)
    x = min(max(x, 0.0), columns - 1.0)
    y0, x0 = int(y), int(x)
    y1, x1 = min(y0 + 1, rows - 1), min(x0 + 1, columns - 1)
    v, u = np.float32(y - y0), np.float32(x - x0)
    one = np.float32(1.0)
    a, b, c, d = (one - v) * (one - u), (one - v) * u, v * (one - u), v * u
    return (a * buffer[y0, x0, 0] + b * buffer[y0, x1, 0] + c * buffer[y1, x0, 0] + d * buffer[y1, x1, 0],
            a * buffer[y0, x0, 1] + b * buffer[y0, x1, 1] + c * buffer[y1, x0, 1] + d * buffer[y1, x1, 1],
            a * buffer[y0, x0, 2] + b * buffer[y0, x1, 2] + c * buffer[y1, x0, 2] + d * buffer[y1, x1, 2])


@kernel
def sample1(buffer: NDArray[np.float32], y: float, x: float) -> float:
    """Bilinear look-up of (H, W) at pixel centres (y, x), clamped at the borders."""
    rows, columns = buffer.shape[0], buffer.shape[1]
    y = min(max(y, 0.0), rows - 1.0)
    x = min(max(x, 0.0), columns - 1.0)
    y0, x0 = int(y), int(x)
    y1, x1 = min(y0 + 1, rows - 1), min(x0 + 1, columns - 1)
    v, u = y - y0, x - x0
    return ((1.0 - v) * ((1.0 - u) * buffer[y0, x0] + u * buffer[y0, x1])
            + v * ((1.0 - u) * buffer[y1, x0] + u * buffer[y1, x1]))


@kernel
def _fill_paper(out: NDArray[np.float32], seed: int) -> None:
    height, width = out.shape
    unit = 1.0 / height
    for y in range(height):
        for x in range(width):
            u, v = (x + 0.5) * unit, (y + 0.5) * unit
            tooth = value_noise(u * 150.0, v * 150.0, seed) + 0.7 * value_noise(u * 73.0, v * 73.0, seed + 1) - 0.85
            cloud = value_noise(u * 6.0, v * 6.0, seed + 2) - 0.5
            fibre = 0.0
            for k in range(3):
                # Long thin noise cells, bent by slow noise, read as fibres pressed into the sheet.
                turn = 0.5 + 1.1 * k + 1.5 * value_noise(u * 2.0, v * 2.0, seed + 10 + k)
                c, s = np.cos(turn), np.sin(turn)
                line = value_noise((u * c + v * s) * 14.0, (v * c - u * s) * 120.0, seed + 20 + k)
                fibre += max(0.0, line - 0.78) * 3.0
            out[y, x] = 0.9 * tooth + 0.35 * cloud - 0.8 * fibre


@lru_cache(maxsize=4)
def paper_texture(height_px: int, width_px: int, seed: int) -> NDArray[np.float32]:
    """(H, W) float32 relief of a sheet of paper, about [-1, 1], the same sheet at every size."""
    out = np.zeros((height_px, width_px), np.float32)
    _fill_paper(out, seed & 0x7FFFFFFF)
    out.setflags(write=False)
    return out


@kernel
def _fill_grain(out: NDArray[np.float32]) -> None:
    side = out.shape[0]
    for y in range(side):
        for x in range(side):
            total = 0.0
            for dy in range(-1, 2):
                for dx in range(-1, 2):
                    weight = (2.0 - abs(dx)) * (2.0 - abs(dy)) if dx or dy else 6.0
                    yy, xx = (y + dy) % side, (x + dx) % side
                    total += weight * (hash01(xx, yy, 1) + hash01(xx, yy, 2) + hash01(xx, yy, 3) - 1.5)
            out[y, x] = total * 0.22


@lru_cache(maxsize=1)
def grain_tile() -> NDArray[np.float32]:
    """(256, 256) float32 repeating film grain, mean 0, deviation about 1."""
    out = np.zeros((GRAIN_TILE_PX, GRAIN_TILE_PX), np.float32)
    _fill_grain(out)
    out -= out.mean()
    out /= out.std()
    out.setflags(write=False)
    return out


@kernel
def _fill_pools(out: NDArray[np.float32], seed: int) -> None:
    height, width = out.shape
    unit = 1.0 / height
    for y in range(height):
        for x in range(width):
            u, v = (x + 0.5) * unit, (y + 0.5) * unit
            out[y, x] = value_noise(u * 5.0, v * 5.0, seed) * 0.6 + value_noise(u * 11.0, v * 11.0, seed + 1) * 0.4


@lru_cache(maxsize=4)
def pools(height_px: int, width_px: int, seed: int) -> NDArray[np.float32]:
    """(H, W) float32 in [0, 1]: where liquid gathers on a sheet, slow blots at two scales."""
    out = np.zeros((height_px, width_px), np.float32)
    _fill_pools(out, seed & 0x7FFFFFFF)
    out.setflags(write=False)
    return out


@kernel
def _fill_warp(out: NDArray[np.float32], height_px: int, step: int, warp_px: float, boil: int) -> None:
    for y in range(out.shape[0]):
        for x in range(out.shape[1]):
            u, v = x * step * 17.0 / height_px, y * step * 17.0 / height_px
            out[y, x, 0] = (value_noise(u, v, boil) - 0.5) * 2.0 * warp_px
            out[y, x, 1] = (value_noise(u, v, boil + 1) - 0.5) * 2.0 * warp_px
            out[y, x, 2] = 0.0


def warp_field(height_px: int, width_px: int, warp_px: float, boil: int) -> NDArray[np.float32]:
    """Displacement right and down in pixels, up to warp_px, on a lattice of 1/96 of the height; see `warp_at`."""
    step = max(1, height_px // 96)
    out = np.zeros((height_px // step + 2, width_px // step + 2, 3), np.float32)
    if warp_px > 0.0:
        _fill_warp(out, height_px, step, warp_px, boil)
    return out


@kernel
def warp_at(field: NDArray[np.float32], step: int, y: int, x: int) -> tuple[float, float]:
    """Displacement (right, down) at a pixel; step is height_px // 96, at least 1."""
    r, d, _ = sample(field, y / step, x / step)
    return r, d
