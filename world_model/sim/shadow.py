"""Shadows of the sun (or the moon): one orthographic map of what stands near the camera.

The map covers a square round a point ahead of the camera and is snapped to whole texels of a fixed light grid, so
that shadow edges stand still while the camera moves. It fades out towards its border. Look-ups average 3 x 3
neighbours with bilinear weights (percentage-closer filtering: Reeves, Salesin and Cook, 1987).
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from world_model.sim.compiled import exact
from world_model.sim.noise import smoothstep
from world_model.sim.optics import P_KEY, P_SUN
from world_model.sim.view import FORWARD

SIZE_PX = 1024
REACH_M = 44.0
# Places in a shadow array (16,): axes across, up and towards the light; the middle; texels per metre; how strong.
ACROSS, ALONG, TOWARDS, MIDDLE, SCALE, ON = 0, 3, 6, 9, 12, 13


def make_shadow_view(light: NDArray[np.float32], view: NDArray[np.float64]) -> NDArray[np.float64]:
    """The shadow array (16,) float64 for a light table and a view; slot ON is the shadows' strength, 0 at sunset."""
    shadow = np.zeros(16)
    towards = light[P_KEY:P_KEY + 3].astype(np.float64)
    towards /= max(float(np.linalg.norm(towards)), 1e-9)
    if towards[1] < 0.03:
        return shadow
    forward = view[FORWARD:FORWARD + 3]
    across = np.cross((0.0, 0.0, 1.0) if abs(towards[2]) < 0.9 else (1.0, 0.0, 0.0), towards)
    across /= np.linalg.norm(across)
    along = np.cross(towards, across)
    scale = SIZE_PX / (2.0 * REACH_M)
    # Ahead of the eye, on the level of the ground it looks at, as far as the map's fade allows.
    ahead = view[:3] + forward * np.array([1.0, 0.35, 1.0]) * REACH_M * 0.62
    middle = np.zeros(3)
    for axis in (across, along):
        middle += axis * (np.floor(float(ahead @ axis) * scale + 0.5) / scale)
    middle += towards * float(ahead @ towards)
    shadow[ACROSS:ACROSS + 3], shadow[ALONG:ALONG + 3], shadow[TOWARDS:TOWARDS + 3] = across, along, towards
    shadow[MIDDLE:MIDDLE + 3] = middle - view[:3]
    shadow[SCALE], shadow[ON] = scale, smoothstep(-0.012, 0.05, float(light[P_SUN + 1]))
    return shadow


@exact
def to_map(shadow: NDArray[np.float64], position: NDArray[np.float32], start: int, stop: int,
           spot: NDArray[np.float32]) -> None:
    """Where position[start:stop] (relative to the eye) fall on the map: texels across and along, metres towards the
    light, into spot[start:stop]."""
    half = 0.5 * SIZE_PX
    k = shadow[SCALE]
    mx, my, mz = shadow[MIDDLE], shadow[MIDDLE + 1], shadow[MIDDLE + 2]
    for v in range(start, stop):
        px = position[v, 0] - mx
        py = position[v, 1] - my
        pz = position[v, 2] - mz
        spot[v, 0] = half + k * (shadow[ACROSS] * px + shadow[ACROSS + 1] * py + shadow[ACROSS + 2] * pz)
        spot[v, 1] = half + k * (shadow[ALONG] * px + shadow[ALONG + 1] * py + shadow[ALONG + 2] * pz)
        spot[v, 2] = shadow[TOWARDS] * px + shadow[TOWARDS + 1] * py + shadow[TOWARDS + 2] * pz


@exact
def on_map(spot: NDArray[np.float32], faces: NDArray[np.int32], start: int, stop: int, found: NDArray[np.int32]) -> int:
    """Numbers of the faces in [start, stop) that may touch a texel's middle into found[start:]; returns their end.

    spot (V, 3) is what `to_map` says of the vertices.
    """
    high = SIZE_PX - 0.5
    end = start
    for t in range(start, stop):
        a, b, c = faces[t, 0], faces[t, 1], faces[t, 2]
        y0, y1, y2 = spot[a, 1], spot[b, 1], spot[c, 1]
        bottom, top = max(y0, y1, y2), min(y0, y1, y2)
        if bottom < 0.5 or top > high or math.floor(bottom - 0.5) < math.ceil(top - 0.5):
            continue
        x0, x1, x2 = spot[a, 0], spot[b, 0], spot[c, 0]
        right, left = max(x0, x1, x2), min(x0, x1, x2)
        if right < 0.5 or left > high or math.floor(right - 0.5) < math.ceil(left - 0.5):
            continue
        found[end] = t
        end += 1
    return end


@exact
def cast(spot: NDArray[np.float32], faces: NDArray[np.int32], found: NDArray[np.int32], start: int, stop: int,
         row0: int, row1: int, out: NDArray[np.float32]) -> None:
    """Draw the faces found[start:stop] into rows [row0, row1) of the map: the largest height towards the light wins.

    All faces count, whichever side they show.
    """
    size = out.shape[1]
    for k in range(start, stop):
        t = found[k]
        a, b, c = faces[t, 0], faces[t, 1], faces[t, 2]
        y0, y1, y2 = float(spot[a, 1]), float(spot[b, 1]), float(spot[c, 1])
        top = max(math.ceil(min(y0, y1, y2) - 0.5), float(row0))
        bottom = min(math.floor(max(y0, y1, y2) - 0.5), row1 - 1.0)
        if top > bottom:
            continue
        x0, x1, x2 = float(spot[a, 0]), float(spot[b, 0]), float(spot[c, 0])
        z0, z1, z2 = float(spot[a, 2]), float(spot[b, 2]), float(spot[c, 2])
        det = (x1 - x0) * (y2 - y0) - (x2 - x0) * (y1 - y0)
        if abs(det) < 1.0e-9:
            continue
        zx = ((z1 - z0) * (y2 - y0) - (z2 - z0) * (y1 - y0)) / det
        zy = ((x1 - x0) * (z2 - z0) - (x2 - x0) * (z1 - z0)) / det
        # By height: the long side faces the two short ones.
        if y0 > y1:
            x0, y0, z0, x1, y1, z1 = x1, y1, z1, x0, y0, z0
        if y1 > y2:
            x1, y1, z1, x2, y2, z2 = x2, y2, z2, x1, y1, z1
        if y0 > y1:
            x0, y0, z0, x1, y1, z1 = x1, y1, z1, x0, y0, z0
        long = (x2 - x0) / (y2 - y0)
        first = (x1 - x0) / (y1 - y0) if y1 > y0 else 0.0
        second = (x2 - x1) / (y2 - y1) if y2 > y1 else 0.0
        for j in range(int(top), int(bottom) + 1):
            y = j + 0.5
            xa = x0 + (y - y0) * long
            xb = x0 + (y - y0) * first if y < y1 else x1 + (y - y1) * second
            low = min(xa, xb)
            high = max(xa, xb)
            i0 = int(max(math.ceil(low - 0.5), 0.0))
            i1 = int(min(math.floor(high - 0.5), size - 1.0))
            z = z0 + zy * (y - y0) + zx * (0.5 - x0)
            if i1 - i0 > 8:
                # Long rows as a slice of their own, so that they are filled many texels at a time.
                span = out[j, i0:i1 + 1]
                slope = np.float32(zx)
                foot = np.float32(z + zx * i0)
                for i in range(span.shape[0]):
                    span[i] = max(span[i], foot + slope * np.float32(i))
            else:
                for i in range(i0, i1 + 1):
                    h = np.float32(z + zx * i)
                    if h > out[j, i]:
                        out[j, i] = h


@exact
def sunlit(shadow: NDArray[np.float64], out: NDArray[np.float32], ex: float, ey: float, ez: float, nx: float,
           ny: float, nz: float) -> float:
    """Share of the light [0, 1] that reaches a point (relative to the eye) with a unit normal."""
    if shadow[ON] <= 0.0:
        return 1.0
    slope = nx * shadow[TOWARDS] + ny * shadow[TOWARDS + 1] + nz * shadow[TOWARDS + 2]
    if slope <= 0.0:
        return 1.0
    # A push along the normal keeps a slanting surface from shadowing itself.
    push = (1.0 + 2.6 * (1.0 - slope)) / shadow[SCALE]
    px = ex + nx * push - shadow[MIDDLE]
    py = ey + ny * push - shadow[MIDDLE + 1]
    pz = ez + nz * push - shadow[MIDDLE + 2]
    size = out.shape[0]
    half = 0.5 * size
    a = half + shadow[SCALE] * (shadow[ACROSS] * px + shadow[ACROSS + 1] * py + shadow[ACROSS + 2] * pz) - 0.5
    b = half + shadow[SCALE] * (shadow[ALONG] * px + shadow[ALONG + 1] * py + shadow[ALONG + 2] * pz) - 0.5
    edge = min(min(a, size - 1.0 - a), min(b, size - 1.0 - b))
    if edge < 3.0:
        return 1.0
    c = shadow[TOWARDS] * px + shadow[TOWARDS + 1] * py + shadow[TOWARDS + 2] * pz + 1.1 / shadow[SCALE]
    i = math.floor(a)
    j = math.floor(b)
    fa = a - i
    fb = b - j
    total = 0.0
    # A 3 x 3 tent made of 4 x 4 taps: the outer ones count by their share.
    for q in range(-1, 3):
        wq = 1.0 - fb if q == -1 else (fb if q == 2 else 1.0)
        part = 0.0
        if out[j + q, i - 1] <= c:
            part += 1.0 - fa
        if out[j + q, i] <= c:
            part += 1.0
        if out[j + q, i + 1] <= c:
            part += 1.0
        if out[j + q, i + 2] <= c:
            part += fa
        total += wq * part
    lit = total / 9.0
    fade = shadow[ON] * min(1.0, (edge - 3.0) / (0.16 * size))
    return 1.0 - fade * (1.0 - lit)
