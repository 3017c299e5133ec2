"""What falls, drifts and glows in the air: rain, snow, blown dust, plankton and bubbles, fireflies, splashes.

Particles live in layers at fixed distances. A layer is a lattice of cells over angle (so it slides against the
camera's turning), every column of cells has its own speed and phase, every cell its own place, size and chance: no
row or grid is ever seen. A layer is hidden by what stands nearer than its distance.
"""

from __future__ import annotations

from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from world_model.sim.compiled import kernel
from world_model.sim.stylise_bands import run_bands
from world_model.sim.stylise_noise import hash01, ramp, value_noise
from world_model.state import CAMERA, LIGHT, WEATHER, offsets
from world_model.vocabulary import SETTINGS

Floats = NDArray[np.float32]

# One layer, a row of float64: distance_m, cell width and height (tangent of angle), particle half width and half
# height, drift and fall per second, slant (du/dv), chance per cell, opacity, swirl, softness [0, 1], twinkle,
# hollow (bubbles), colour r g b, additive [0, 1].
LAYER = 18


class Air(Protocol):
    """The part of a G-buffer that weather is laid over."""

    @property
    def hdr(self) -> Floats: ...
    @property
    def depth_m(self) -> Floats: ...
    @property
    def normal(self) -> Floats: ...
    @property
    def object_id(self) -> NDArray[np.int16]: ...


@kernel
def _lay(first: int, last: int, depth: Floats, layers: NDArray[np.float64], view: NDArray[np.float64],
         turn: NDArray[np.float64], time_s: float, seed: int, out: Floats) -> None:
    """Draw every particle of every layer, far layers first, into rows [first, last) of radiance `out`."""
    width = depth.shape[1]
    focal, pixel = view[12], 1.0 / view[12]
    yaw, pitch, c, s = turn[0], turn[1], turn[2], turn[3]
    half_a, half_b = view[13] * pixel, view[14] * pixel
    reach_u, reach_v = half_a * abs(c) + half_b * abs(s), half_b * abs(c) + half_a * abs(s)
    for i in range(layers.shape[0]):
        far, wide, high, slant = layers[i, 0], layers[i, 1], layers[i, 2], layers[i, 7]
        move = layers[i, 5] * time_s + i * 3.7
        ends = (reach_v + abs(pitch)) * abs(slant)
        left = int(np.floor((yaw - reach_u - ends + move) / wide)) - 1
        right = int(np.floor((yaw + reach_u + ends + move) / wide)) + 1
        for column in range(left, min(right, left + 4000) + 1):
            key = hash01(column, i, seed)
            fall = layers[i, 6] * time_s * (0.82 + 0.36 * key) + key * 57.0 * high
            low = int(np.floor((pitch - reach_v + fall) / high)) - 1
            top = int(np.floor((pitch + reach_v + fall) / high)) + 1
            for row in range(low, min(top, low + 4000) + 1):
                there = hash01(column, row, seed + 31 * i + 1)
                if there > layers[i, 8]:
                    continue
                # Low bits of a hash are as good as another hash, and cheaper.
                p = there * 4096.0 - np.floor(there * 4096.0)
                q = hash01(column, row, seed + 31 * i + 3)
                r = q * 4096.0 - np.floor(q * 4096.0)
                size = 0.55 + 0.9 * p * p
                half_u, half_v = layers[i, 3] * size, layers[i, 4] * size
                swing = layers[i, 10] * 0.5 * np.sin(time_s * (0.7 + p) + 6.28 * p + 9.0 * q)
                v = (row + r) * high - fall
                u = (column + q + swing) * wide - move + v * slant
                # Thinner than a pixel: keep a pixel's width and dim it instead, so that nothing flickers.
                thin_u, thin_v = max(half_u, 0.72 * pixel), max(half_v, 0.72 * pixel)
                a, b = (u - yaw) * c - (v - pitch) * s, (v - pitch) * c + (u - yaw) * s
                x, y = view[13] + a * focal, view[14] - b * focal
                lean_u = thin_u + abs(slant) * thin_v
                box_x = (lean_u * abs(c) + thin_v * abs(s)) * focal
                box_y = (thin_v * abs(c) + lean_u * abs(s)) * focal
                y0, y1 = max(first, int(np.ceil(y - box_y - 0.5))), min(last - 1, int(np.floor(y + box_y - 0.5)))
                x0, x1 = max(0, int(np.ceil(x - box_x - 0.5))), min(width - 1, int(np.floor(x + box_x - 0.5)))
                if y0 > y1 or x0 > x1:
                    continue
                strength = layers[i, 9] * (0.30 + 0.70 * min(1.0, half_u / (0.72 * pixel)))
                if layers[i, 12] > 0.0:
                    strength *= ramp(0.1, 0.9, 0.5 + 0.5 * np.sin(time_s * (1.2 + 1.7 * p) + 40.0 * q))
                soft = 1.0 / max(0.08, layers[i, 11])
                for yy in range(y0, y1 + 1):
                    for xx in range(x0, x1 + 1):
                        if depth[yy, xx] <= far:
                            continue
                        da, db = (xx + 0.5 - x) * pixel, (y - yy - 0.5) * pixel
                        pu, pv = da * c + db * s, db * c - da * s
                        du, dv = (pu - pv * slant) / thin_u, pv / thin_v
                        d = du * du + dv * dv
                        if d >= 1.0:
                            continue
                        k = min(1.0, (1.0 - d) * soft)
                        if layers[i, 13] > 0.0:
                            k *= 0.25 + 0.75 * ramp(0.45, 0.8, d)
                            k += 0.9 * ramp(0.12, 0.0, (du + 0.4) ** 2 + (dv - 0.4) ** 2)
                        k = min(1.0, k * strength)
                        keep = 1.0 - k * (1.0 - layers[i, 17])
                        out[yy, xx, 0] = out[yy, xx, 0] * keep + layers[i, 14] * k
                        out[yy, xx, 1] = out[yy, xx, 1] * keep + layers[i, 15] * k
                        out[yy, xx, 2] = out[yy, xx, 2] * keep + layers[i, 16] * k


@kernel
def _splash(first: int, last: int, depth: Floats, normal: Floats, ids: NDArray[np.int16], view: NDArray[np.float64],
            amount: float, light: Floats, time_s: float, seed: int, out: Floats) -> None:
    """Rings of drops on near upward ground, each for a third of a second, then elsewhere."""
    for y in range(first, last):
        for x in range(depth.shape[1]):
            z = depth[y, x]
            if z > 26.0 or ids[y, x] == 0 or normal[y, x, 1] < 0.75:
                continue
            a, b = (x + 0.5 - view[13]) / view[12], (view[14] - y - 0.5) / view[12]
            px = view[0] + (view[9] + a * view[3] + b * view[6]) * z
            pz = view[2] + (view[11] + a * view[5] + b * view[8]) * z
            cell = 0.32 if z < 11.0 else 0.64
            i, j = int(np.floor(px / cell)), int(np.floor(pz / cell))
            when = time_s * 3.1 + hash01(i, j, seed)
            beat = int(np.floor(when))
            if hash01(i, j, seed + 7 + beat * 13) > amount * 0.55:
                continue
            age = when - beat
            cx = (i + 0.3 + 0.4 * hash01(i, j, seed + 8 + beat)) * cell
            cz = (j + 0.3 + 0.4 * hash01(i, j, seed + 9 + beat)) * cell
            radius = cell * (0.04 + 0.24 * age)
            away = abs(np.sqrt((px - cx) ** 2 + (pz - cz) ** 2) - radius)
            thick = max(0.02 * cell, 1.1 * z / view[12])
            k = max(0.0, 1.0 - away / thick) * (1.0 - age) * 0.5 * ramp(26.0, 14.0, z)
            for c in range(3):
                out[y, x, c] += (light[c] - out[y, x, c]) * k


@kernel
def _sheets(first: int, last: int, depth: Floats, view: NDArray[np.float64], turn: NDArray[np.float64], amount: float,
            drift: float, time_s: float, colour: Floats, seed: int, out: Floats) -> None:
    """Blown dust and ground drift: torn sheets of air running with the wind, densest low down."""
    pixel = 1.0 / view[12]
    for y in range(first, last):
        for x in range(depth.shape[1]):
            a, b = (x + 0.5 - view[13]) * pixel, (view[14] - y - 0.5) * pixel
            u = a * turn[2] + b * turn[3] + turn[0]
            v = b * turn[2] - a * turn[3] + turn[1]
            z = depth[y, x]
            n = value_noise(u * 2.2 + drift * time_s * 0.35, v * 7.0, seed) * 0.5
            n += value_noise(u * 5.0 + drift * time_s * 0.9, v * 19.0 + n, seed + 1) * 0.32
            n += value_noise(u * 13.0 + drift * time_s * 2.1, v * 46.0, seed + 2) * 0.18
            k = amount * (0.05 + 0.95 * ramp(0.38, 0.8, n)) * (1.0 - 0.75 * ramp(-0.1, 0.6, v)) * ramp(1.0, 40.0, z)
            k = min(0.85, k * 0.75)
            for c in range(3):
                out[y, x, c] += (colour[c] - out[y, x, c]) * k


def precipitate(gbuffer: Air, row: NDArray[np.float32], view: NDArray[np.float64], seed: int, threads: int) -> Floats:
    """Radiance (H, W, 3) float32 with the weather in the air before the world; gbuffer.hdr itself on a clear day."""
    part = offsets()
    weather: dict[str, float] = dict(zip(WEATHER, (float(v) for v in row[part["weather"]]), strict=True))
    light = row[part["light"]].astype(np.float64)
    camera = dict(zip(CAMERA, (float(v) for v in row[part["camera"]]), strict=True))
    hdr, depth = np.ascontiguousarray(gbuffer.hdr, np.float32), np.ascontiguousarray(gbuffer.depth_m, np.float32)
    time_s = float(row[part["time_s"]][0])
    ambient = light[LIGHT.index("ambient_r"):LIGHT.index("ambient_r") + 3]
    sun = light[LIGHT.index("sun_r"):LIGHT.index("sun_r") + 3]
    horizon = light[LIGHT.index("horizon_r"):LIGHT.index("horizon_r") + 3]
    sky = (ambient + 0.5 * horizon) * (1.0 + 2.0 * weather["flash"])
    side = weather["wind_mps"] * float(np.sin(weather["wind_yaw_rad"] - camera["yaw_rad"]))
    roll = camera["roll_rad"]
    turn = np.array([camera["yaw_rad"], camera["pitch_rad"], np.cos(roll), np.sin(roll)])
    place = row[part["place"]]
    sea = float(place[SETTINGS.index("underwater")])
    void = float(place[SETTINGS.index("space")])
    dry = max(0.0, 1.0 - sea - void)
    layers: list[list[float]] = []
    _rain(layers, weather["rain"] * dry, side, 0.75 * sky + 0.04 * sun)
    _snow(layers, weather["snow"] * dry, side, 0.85 * sky + 0.12 * sun)
    dust = weather["dust"] * dry
    sand = 0.30 * (sky + 0.22 * sun) * np.array([1.15, 0.88, 0.60])
    _grains(layers, dust, side, 1.3 * sand)
    _sea(layers, sea, 0.8 * sky + 0.04 * sun)
    _fireflies(layers, _calm_dusk(place, weather, horizon))
    out = hdr
    strength = min(1.0, dust + 0.35 * weather["snow"] * dry * min(1.0, weather["wind_mps"] / 14.0))
    if strength > 0.004:
        tone = (sand * dust + 0.7 * sky * weather["snow"]) / max(1e-6, dust + weather["snow"])
        out = hdr.copy()
        run_bands(_sheets, depth.shape[0], threads, depth, view, turn, strength, -side * 0.12, time_s,
                  tone.astype(np.float32), seed + 70, out)
    if weather["rain"] * dry > 0.02:
        out = hdr.copy() if out is hdr else out
        run_bands(_splash, depth.shape[0], threads, depth, np.ascontiguousarray(gbuffer.normal, np.float32),
                  np.ascontiguousarray(gbuffer.object_id, np.int16), view, weather["rain"] * dry,
                  (0.9 * sky).astype(np.float32), time_s, seed + 80, out)
    if layers:
        out = hdr.copy() if out is hdr else out
        run_bands(_lay, depth.shape[0], threads, depth, np.array(layers, np.float64), view, turn, time_s, seed, out)
    return out


def _rain(layers: list[list[float]], amount: float, side_mps: float, colour: NDArray[np.float64]) -> None:
    if amount < 0.004:
        return
    for far, share in ((32.0, 0.5), (14.0, 0.42), (6.5, 0.34), (3.0, 0.26)):
        fall = 9.0 / far
        length = 0.30 / far
        layers.append([far, 0.13 / far ** 0.85, 3.2 * length, 0.0030 / far ** 0.8, 0.5 * length, 0.0, fall,
                       -side_mps / 9.0, min(1.0, amount * (0.45 + share)), 0.34 + 0.5 * share, 0.0, 0.9, 0.0, 0.0,
                       *(float(c) for c in colour), 0.0])


def _snow(layers: list[list[float]], amount: float, side_mps: float, colour: NDArray[np.float64]) -> None:
    if amount < 0.004:
        return
    table = ((46.0, 0.042, 1.0, 0.7), (24.0, 0.032, 1.0, 0.8),
             (13.0, 0.026, 0.9, 0.85), (7.0, 0.022, 0.75, 0.9), (3.6, 0.017, 0.42, 0.85),
             (1.6, 0.013, 0.12, 0.40))
    for far, radius_m, chance, opacity in table:
        cell = (0.26 + 0.017 * far) / far
        radius = 1.2 * radius_m / far
        blur = 0.45 if far > 3.0 else 1.0
        stretch = 1.0 + 0.06 * abs(side_mps)
        layers.append([far, cell, cell * 1.31, radius * stretch, radius, -side_mps * 0.55 / far, 1.25 / far,
                       -0.30 * side_mps / 6.0, min(1.0, 0.15 + amount * chance), opacity * min(1.0, amount * 4.0), 0.9,
                       blur, 0.0, 0.0, *(float(c) for c in colour), 0.0])


def _grains(layers: list[list[float]], amount: float, side_mps: float, colour: NDArray[np.float64]) -> None:
    if amount < 0.004:
        return
    for far in (12.0, 5.0, 2.2):
        cell = 0.5 / far
        long = (0.01 + 0.012 * abs(side_mps)) / far
        layers.append([far, cell + 2 * long, cell * 0.5, long, 0.006 / far, -side_mps / far, 0.25 / far, 0.0,
                       0.75 * amount, 0.6, 0.0, 0.8, 0.0, 0.0, *(float(c) for c in colour), 0.0])


def _sea(layers: list[list[float]], amount: float, colour: NDArray[np.float64]) -> None:
    if amount < 0.004:
        return
    for far, radius_m in ((9.0, 0.012), (4.0, 0.010), (1.8, 0.010)):
        layers.append([far, 0.6 / far, 0.74 / far, radius_m / far, radius_m / far, 0.06 / far, 0.035 / far, 0.1,
                       0.5, 0.30 * amount, 0.9, 1.0, 0.0, 0.0, *(float(c) for c in 1.6 * colour), 0.0])
    for far, radius_m in ((8.0, 0.045), (4.5, 0.035)):
        layers.append([far, 2.2 / far, 2.9 / far, radius_m / far, radius_m / far, 0.0, -0.55 / far, 0.0,
                       0.16, 0.5 * amount, 0.5, 0.25, 0.0, 1.0, *(float(c) for c in 2.0 * colour), 0.3])


def _calm_dusk(place: NDArray[np.float32], weather: dict[str, float], horizon: NDArray[np.float64]) -> float:
    """How much fireflies like it: meadow or forest, still, dry, dusky (height would not tell the moon)."""
    green = float(place[SETTINGS.index("meadow")] + place[SETTINGS.index("forest")])
    calm = max(0.0, 1.0 - weather["wind_mps"] / 8.0) * max(0.0, 1.0 - 3.0 * (weather["rain"] + weather["snow"]))
    dark = float(np.clip((0.22 - horizon @ (0.2126, 0.7152, 0.0722)) / 0.15, 0.0, 1.0))
    return green * calm * dark * max(0.0, 1.0 - weather["dust"])


def _fireflies(layers: list[list[float]], amount: float) -> None:
    if amount < 0.02:
        return
    for far, radius_m in ((16.0, 0.085), (8.0, 0.06), (4.5, 0.05)):
        layers.append([far, 2.4 / far, 1.9 / far, radius_m / far, radius_m / far, 0.10 / far, 0.03 / far, 0.05,
                       0.5 * amount, 1.0, 0.9, 1.0, 1.0, 0.0, 1.25 * amount, 1.05 * amount, 0.28 * amount, 1.0])
