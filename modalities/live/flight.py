"""The live camera: free flight with momentum, over the ground, along the trail when nobody steers.

A pure function of the flight before, the controls and the land; nothing else, so that a log replays exactly.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from modalities.live.steering import Fly

Floats = NDArray[np.float64]
# Seconds until speed and turning follow the hand, and the most of both.
THRUST_S, TURN_S = 0.35, 0.16
MOST_MPS, MOST_TURN = 8.0, 1.15
MOST_PITCH = 1.2
CLEARANCE_M = 0.7
CRUISE_MPS = 2.2
# Seconds after the last touch at which the flight begins to go by itself, and until it fully does.
ALONE_S, HANDOVER_S = 1.2, 4.0


@dataclass(frozen=True)
class Land:
    """What the flight asks of the land. surface: heights (n,) at x, z (n,) of what lies below; trail: x at one z;
    roof_m: how high water lets it rise, or infinity; lane_m: free half-width along the trail."""

    surface: Callable[[Floats, Floats], Floats]
    trail: Callable[[float], float]
    roof_m: float
    lane_m: float


@dataclass(frozen=True)
class Flight:
    """position_m (x, y, z), velocity_mps, angles and their rates in radians; height_m it keeps when alone;
    untouched_s since the last control; course_rad is the slow heading that companions follow."""

    position_m: tuple[float, float, float]
    velocity_mps: tuple[float, float, float]
    yaw_rad: float
    pitch_rad: float
    roll_rad: float
    yaw_rate: float
    pitch_rate: float
    height_m: float
    rest_pitch_rad: float
    untouched_s: float
    course_rad: float


def fly(before: Flight, controls: Fly, fresh: bool, land: Land, speed: float, dt_s: float) -> Flight:
    """The flight one frame on. fresh: the controls arrived for this frame, so their drag counts."""
    x, y, z = before.position_m
    held = any(controls.thrust) or any(controls.turn)
    dragged = fresh and any(controls.drag_rad)
    untouched = 0.0 if held or dragged else before.untouched_s + dt_s
    u = min(max((untouched - ALONE_S) / HANDOVER_S, 0.0), 1.0)
    alone = u * u * (3.0 - 2.0 * u)

    here, ahead, far = _floors(before, land, dt_s)
    over = y - here
    trail_x, trail_yaw = _trail(land, z, before.yaw_rad)
    home = _wrapped(trail_yaw - before.yaw_rad)
    # Back to the trail when strayed: steer a little across it.
    aside = (x - trail_x) * math.cos(trail_yaw)
    home -= 0.5 * math.tanh(aside / (2.0 * land.lane_m))
    quick = MOST_TURN * (1.0 - alone)
    yaw_rate = _near(before.yaw_rate, controls.turn[0] * quick + alone * 0.35 * home, dt_s, TURN_S + 0.8 * alone)
    back = before.rest_pitch_rad - before.pitch_rad
    pitch_rate = _near(before.pitch_rate, controls.turn[1] * 0.8 * quick + alone * 0.4 * back, dt_s,
                       TURN_S + 0.8 * alone)
    drag = controls.drag_rad if dragged else (0.0, 0.0)
    yaw = before.yaw_rad + yaw_rate * dt_s + drag[0]
    pitch = min(max(before.pitch_rad + pitch_rate * dt_s + drag[1], -MOST_PITCH), MOST_PITCH)

    # Higher up the same push goes further: a hill is crossed as quickly as a flower bed.
    most = MOST_MPS * speed * (1.0 + min(over, 120.0) / 18.0)
    right, up, forward = controls.thrust
    cruise = alone * CRUISE_MPS * speed * (1.0 + min(over, 60.0) / 12.0)
    climb = alone * min(max(0.5 * (before.height_m + here - y), -1.5), 1.5)
    level = math.cos(pitch) if not alone else 1.0
    want = (most * (right * math.cos(yaw) + forward * math.sin(yaw) * level) + cruise * math.sin(yaw),
            most * (0.7 * up + (0.0 if alone else forward * math.sin(pitch))) + climb,
            most * (-right * math.sin(yaw) + forward * math.cos(yaw) * level) + cruise * math.cos(yaw))
    vx, vy, vz = (_near(v, w, dt_s, THRUST_S + 0.9 * alone) for v, w in zip(before.velocity_mps, want, strict=True))
    # The ground ahead pushes up before it is reached; the ground here is never crossed.
    floor = max(ahead, 0.6 * far + 0.4 * here) + CLEARANCE_M
    if y + vy * dt_s < floor:
        vy += min(3.0 * (floor - y - vy * dt_s), 14.0) * min(1.0, 5.0 * dt_s)
    position = np.array([x + vx * dt_s, y + vy * dt_s, z + vz * dt_s])
    below = float(land.surface(position[:1], position[2:])[0]) + 0.5 * CLEARANCE_M
    roof = max(land.roof_m, below + 0.2)
    if not below <= position[1] <= roof:
        position[1] = min(max(float(position[1]), below), roof)
        vy = max(vy, 0.0) if position[1] == below else min(vy, 0.0)
    bank = -0.22 * math.tanh(yaw_rate * min(math.hypot(vx, vz), 12.0) / 5.0)
    kept = before.height_m if untouched > 0.0 else max(float(position[1]) - here, 1.0)
    course = before.course_rad + _wrapped(yaw - before.course_rad) * (1.0 - math.exp(-dt_s / 1.1))
    return Flight((float(position[0]), float(position[1]), float(position[2])), (vx, vy, vz), yaw, pitch,
                  _near(before.roll_rad, bank, dt_s, 0.3), yaw_rate, pitch_rate, kept, before.rest_pitch_rad,
                  untouched, course)


def _floors(flight: Flight, land: Land, dt_s: float) -> tuple[float, float, float]:
    """Surface heights here, where the flight is in 0.3 s, and in 0.9 s."""
    (x, _, z), (vx, _, vz) = flight.position_m, flight.velocity_mps
    late = np.array([dt_s, 0.3, 0.9])
    low = land.surface(x + vx * late, z + vz * late)
    return float(low[0]), float(low[1]), float(low[2])


def _trail(land: Land, z: float, yaw_rad: float) -> tuple[float, float]:
    """(x, heading) of the trail beside z, in whichever sense is nearer to the flight's own."""
    x, further = land.trail(z), land.trail(z + 4.0)
    heading = math.atan2(further - x, 4.0)
    return x, heading if abs(_wrapped(heading - yaw_rad)) <= math.pi / 2 else heading + math.pi


def _near(value: float, target: float, dt_s: float, slow_s: float) -> float:
    """One step of a first-order lag."""
    return value + (target - value) * (1.0 - math.exp(-dt_s / slow_s))


def _wrapped(angle: float) -> float:
    return (angle + math.pi) % (2.0 * math.pi) - math.pi
