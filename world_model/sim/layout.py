"""Where things stand in the first frame: from places in the picture to bearings in the world and back.

A place in the picture is (x, y) as fractions of its width and height from the top left corner. With half-width
tangent th = tan(fov / 2) and half-height tangent tv = th / aspect the ray through it is, in the camera's own axes,
(2x - 1) th to the right, (1 - 2y) tv up and 1 ahead; roll, pitch and yaw turn it into the world (state.CAMERA). The
ray's azimuth is atan2(x, z) and its slope, the tangent of its elevation, y / hypot(x, z). The earth is flat here:
the horizon is slope 0 in every direction, whatever the camera's height.

A skyline given at columns of the picture becomes slopes at equal bearings round the first camera: `skyline_field`
fills state.SKYLINE, and `skyline` shapes the ground by it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from world_model.state import SKYLINE, SKYLINE_COLUMNS

Floats = NDArray[np.float64]

# Land never ends lower than this slope over the eye's own level, and no hill is steeper to look up at than that.
LEAST_SLOPE, MOST_SLOPE = 0.0015, 2.6
MOST_HALF = 2.2
FEATHER = 0.55
MOST_PITCH = 1.25


@dataclass(frozen=True)
class Mark:
    """Where one body stands in the first frame: `at` (x, y) of its middle, height as a share of the picture's."""

    at: tuple[float, float] | None = None
    height: float | None = None


@dataclass(frozen=True)
class Layout:
    """What the first frame of a shot must keep, each where it was asked for: skyline (n,) y of the land's upper edge
    at n even columns, horizon y, sun (x, y), and a Mark or None for every body."""

    skyline: Floats | None = None
    horizon: float | None = None
    sun: tuple[float, float] | None = None
    marks: tuple[Mark | None, ...] = ()

    @property
    def composed(self) -> bool:
        """Whether the camera or the bodies have to answer to it."""
        return self.skyline is not None or self.horizon is not None or any(mark is not None for mark in self.marks)


def half_tangents(camera: Floats, aspect: float) -> tuple[float, float]:
    """Tangents of half the horizontal and half the vertical angle of view of a camera (8,)."""
    across = float(np.tan(0.5 * camera[6]))
    return across, across / aspect


def rays(camera: Floats, aspect: float, x: Floats, y: Floats) -> Floats:
    """World directions (n, 3), not of unit length, of the rays through places (x, y) (n,) for a camera (8,)."""
    th, tv = half_tangents(camera, aspect)
    a, b = (2.0 * np.asarray(x, np.float64) - 1.0) * th, (1.0 - 2.0 * np.asarray(y, np.float64)) * tv
    yaw, pitch, roll = (float(v) for v in camera[3:6])
    # Roll turns the picture's axes; then pitch and yaw.
    right, up = a * np.cos(roll) - b * np.sin(roll), a * np.sin(roll) + b * np.cos(roll)
    ahead, high = np.cos(pitch) - up * np.sin(pitch), np.sin(pitch) + up * np.cos(pitch)
    return np.stack([right * np.cos(yaw) + ahead * np.sin(yaw), high, ahead * np.cos(yaw) - right * np.sin(yaw)], -1)


def bearings(directions: Floats) -> tuple[Floats, Floats]:
    """(azimuth in radians, slope) of world directions (…, 3)."""
    flat = np.maximum(np.hypot(directions[..., 0], directions[..., 2]), 1e-9)
    return np.arctan2(directions[..., 0], directions[..., 2]), directions[..., 1] / flat


def places(camera: Floats, aspect: float, points: Floats) -> Floats:
    """(…, 3): x, y in the picture and depth in metres along the viewing axis of world points (…, 3)."""
    th, tv = half_tangents(camera, aspect)
    away = np.asarray(points, np.float64) - camera[:3]
    yaw, pitch, roll = (float(v) for v in camera[3:6])
    right = away[..., 0] * np.cos(yaw) - away[..., 2] * np.sin(yaw)
    ahead = away[..., 0] * np.sin(yaw) + away[..., 2] * np.cos(yaw)
    up = away[..., 1] * np.cos(pitch) - ahead * np.sin(pitch)
    depth = away[..., 1] * np.sin(pitch) + ahead * np.cos(pitch)
    a, b = right * np.cos(roll) + up * np.sin(roll), up * np.cos(roll) - right * np.sin(roll)
    safe = np.where(np.abs(depth) < 1e-6, 1e-6, depth)
    return np.stack([0.5 + 0.5 * a / (safe * th), 0.5 - 0.5 * b / (safe * tv), depth], -1)


def horizon_pitch(camera: Floats, aspect: float, horizon: float) -> float:
    """Pitch (radians) at which the horizon crosses the middle column at height `horizon`."""
    _, tv = half_tangents(camera, aspect)
    pitch = np.arctan((2.0 * horizon - 1.0) * tv * np.cos(float(camera[5])))
    return float(np.clip(pitch, -MOST_PITCH, MOST_PITCH))


def facing(camera: Floats, aspect: float, at: tuple[float, float], azimuth: float, elevation: float,
           pitch: float | None = None) -> tuple[float, float]:
    """(yaw, pitch) with which the camera shows the direction (azimuth, elevation; radians) at place `at`. With a fixed
    pitch only the yaw answers, so that the direction's column is right wherever its height falls."""
    th, tv = half_tangents(camera, aspect)
    a, b = (2.0 * at[0] - 1.0) * th, (1.0 - 2.0 * at[1]) * tv
    roll = float(camera[5])
    right, up = a * np.cos(roll) - b * np.sin(roll), a * np.sin(roll) + b * np.cos(roll)
    if pitch is None:
        lift = np.sqrt(1.0 + right * right + up * up) * np.sin(elevation) / np.sqrt(1.0 + up * up)
        pitch = float(np.arcsin(np.clip(lift, -1.0, 1.0)) - np.arctan(up))
        pitch = float(np.clip(pitch, -MOST_PITCH, MOST_PITCH))
    yaw = azimuth - np.arctan2(right, np.cos(pitch) - up * np.sin(pitch))
    return float(yaw), float(pitch)


def horizon_of(layout: Layout) -> float | None:
    """The y at which the horizon has to lie, or None where nothing is asked of it: as asked, but no land ends below it,
    so a skyline takes it down (nearly) to its lowest point; a skyline alone puts it there."""
    if layout.skyline is None:
        return layout.horizon
    lowest = float(np.clip(np.max(layout.skyline), -0.2, 1.1))
    return lowest + 0.002 if layout.horizon is None else max(layout.horizon, lowest - 0.015)


def skyline_field(camera: Floats, aspect: float, skyline: Floats, crest_m: float,
                  water_m: float | None = None) -> NDArray[np.float32]:
    """state.SKYLINE and slopes (56,) float32: the land ends along `skyline` (n,) (y at the middles of n even columns)
    for this camera (8,), on a ridge about crest_m away. Where the line runs along the horizon and there is water
    (its height in metres), the ridge stays under it and the horizon is open.
    """
    line = np.asarray(skyline, np.float64)
    columns = (np.arange(len(line)) + 0.5) / len(line)
    # Dense, edge to edge, so that a tilted or pitched picture loses nothing on the way to equal bearings.
    x = np.linspace(0.0, 1.0, 8 * len(line) + 1)
    azimuth, slope = bearings(rays(camera, aspect, x, np.interp(x, columns, line)))
    bearing = np.unwrap(azimuth - float(camera[3]))
    order = np.argsort(bearing, kind="stable")
    half = float(np.clip(np.abs(bearing).max(), 0.02, MOST_HALF))
    even = np.linspace(-half, half, SKYLINE_COLUMNS)
    slopes = np.clip(np.interp(even, bearing[order], slope[order]), LEAST_SLOPE, MOST_SLOPE)
    if water_m is not None:
        drown = (float(camera[1]) - water_m + 3.0) / crest_m
        t = np.clip((slopes - 0.006) / 0.012, 0.0, 1.0)
        slopes = slopes - (1.0 - t * t * (3.0 - 2.0 * t)) * (drown + 0.01)
    head = dict(zip(SKYLINE, (1.0, *camera[:4], half, min(FEATHER, np.pi - half - 0.05), crest_m), strict=True))
    return np.array([*head.values(), *slopes], np.float32)
