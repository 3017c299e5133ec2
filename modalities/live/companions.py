"""Bodies that go on living: each keeps company with the camera in its own manner, at its own pace, for ever.

A body's next pose is a function of its last pose, the camera and the clock. Heading, bank and gait follow from the way
it really goes, as in `world_model.sim.motion`, whose tables are used here.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from modalities.live.flight import Flight, Land
from world_model.sim.keys import wander
from world_model.sim.motion import ALTITUDE_M, BANK, BEAT_HZ, STRIDE, natural_mps
from world_model.state import Event
from world_model.vocabulary import MEDIUM

LAZY = ("still", "hover", "drift", "dance")
FLOATING = ("balloon", "lantern", "jellyfish", "kite")


@dataclass(frozen=True)
class Companion:
    """What a body is: forward_m and right_m from the camera where it likes to be; altitude_m over the surface, or None
    for its kind's own; room_m how far it strays."""

    kind: str
    gait: str
    size_m: float
    speed: float
    count: float
    spread_m: float
    glow: float
    altitude_m: float | None
    forward_m: float
    right_m: float
    room_m: float
    seed: int


@dataclass(frozen=True)
class Life:
    """One body now: pose as state.POSE without its size, and what carries it on."""

    position_m: tuple[float, float, float]
    velocity_mps: tuple[float, float, float]
    yaw_rad: float
    pitch_rad: float
    roll_rad: float
    phase: float


def live_on(body: Companion, before: Life, camera: Flight, land: Land, submerged: bool, water_m: float, factor: float,
            time_s: float, dt_s: float) -> tuple[Life, tuple[Event, ...]]:
    """The body one frame on, and what is heard of it. factor scales its pace."""
    x, y, z = before.position_m
    medium = MEDIUM[body.kind]
    stray = 0.35 * body.room_m
    calm = 0.5 if body.gait in LAZY or body.kind in FLOATING else 1.0
    forward = body.forward_m + stray * _wave(0.11 * calm, time_s, body.seed)
    # Cars and trains keep to their lane.
    aside = 0.1 if body.kind in ("car", "train") else 1.0
    right = body.right_m + aside * stray * _wave(0.13 * calm, time_s, body.seed + 1)
    if body.gait in ("circle", "soar"):
        turn = 0.25 * time_s * factor + body.seed % 7
        forward, right = forward + stray * math.sin(turn), right + stray * math.cos(turn)
    if body.gait == "dart":
        forward, right = (v + 0.5 * stray * _wave(0.7, time_s, body.seed + k) for k, v in ((2, forward), (3, right)))
    sin, cos = math.sin(camera.course_rad), math.cos(camera.course_rad)
    cx, _, cz = camera.position_m
    want_x, want_z = cx + forward * sin + right * cos, cz + forward * cos - right * sin
    gap_x, gap_z = want_x - x, want_z - z
    pace = natural_mps(body.kind, body.size_m) * body.speed * factor
    camera_mps = math.hypot(camera.velocity_mps[0], camera.velocity_mps[2])
    far = math.hypot(gap_x, gap_z)
    # It may hurry to keep up; what is far off hurries more.
    most = max(1.6 * pace, 1.15 * camera_mps + 0.2 + 0.25 * max(far - 2.0 * body.room_m, 0.0))
    drive = min(1.0, most / max(far / 1.2, 1e-6)) / 1.2
    want_vx = camera.velocity_mps[0] * 0.8 + gap_x * drive if medium != "sky" else gap_x * 2.0
    want_vz = camera.velocity_mps[2] * 0.8 + gap_z * drive if medium != "sky" else gap_z * 2.0
    size_v = math.hypot(want_vx, want_vz)
    if size_v > most and medium != "sky":
        want_vx, want_vz = want_vx * most / size_v, want_vz * most / size_v
    give = 1.0 - math.exp(-dt_s / (0.9 if calm == 1.0 else 1.6))
    vx = before.velocity_mps[0] + (want_vx - before.velocity_mps[0]) * give
    vz = before.velocity_mps[2] + (want_vz - before.velocity_mps[2]) * give
    x, z = x + vx * dt_s, z + vz * dt_s

    below = float(land.surface(np.array([x]), np.array([z]))[0])
    rest = _rest(body, below, submerged, water_m, y, time_s)
    grounded = medium in ("ground", "surface")
    rise = (rest - y) * (1.0 - math.exp(-dt_s / (0.12 if grounded else 0.9)))
    if grounded:
        rise = min(max(rise, -12.0 * dt_s), 12.0 * dt_s)
    y_new = y + rise
    least = below + (0.0 if grounded else 0.55 * body.size_m)
    y_new = max(y_new, least) if medium != "sky" else y_new
    vy = (y_new - y) / dt_s

    flat = math.hypot(vx, vz)
    yaw = before.yaw_rad
    if medium != "sky" and flat > 0.15:
        turn = _wrapped(math.atan2(vx, vz) - yaw) * (1.0 - math.exp(-dt_s * flat / (0.35 * flat + 0.4)))
        yaw += min(max(turn, -2.5 * dt_s), 2.5 * dt_s)
    turning = _wrapped(yaw - before.yaw_rad) / dt_s
    lean = -BANK.get(body.kind, 0.0) * math.atan(flat * turning / 9.81)
    nose = 0.0 if body.kind in ("walker", "ball", "balloon", "lantern", "planet", "jellyfish") \
        else 0.7 * math.atan2(vy, flat + 0.8)
    soft = 1.0 - math.exp(-dt_s / 0.25)
    roll = before.roll_rad + (lean - before.roll_rad) * soft
    pitch = before.pitch_rad + (min(max(nose, -0.7), 0.7) - before.pitch_rad) * soft
    if body.kind in STRIDE:
        cycles = flat * dt_s / (STRIDE[body.kind] * body.size_m)
    else:
        cycles = BEAT_HZ[body.kind] * (0.55 + 0.45 * min(factor * body.speed, 2.5)) * dt_s
    after = Life((x, y_new, z), (vx, vy, vz), yaw, pitch, roll, before.phase + cycles)
    return after, _heard(body, before.phase, after, time_s)


def _rest(body: Companion, below: float, submerged: bool, water_m: float, y: float, time_s: float) -> float:
    """The height at which it likes to be, metres."""
    medium, size = MEDIUM[body.kind], body.size_m
    bob = _wave(0.3, time_s, body.seed + 5)
    if medium == "ground":
        return below + max(body.altitude_m or 0.0, 0.0)
    if medium == "surface":
        return below + 0.03 * size * bob
    if medium == "sky":
        return y
    altitude = ALTITUDE_M[body.kind] if body.altitude_m is None else body.altitude_m
    altitude = max(altitude, 0.9 * size) + 0.25 * min(body.room_m, altitude) * bob
    if medium == "water" and submerged:
        return below + min(max(altitude, 0.8 * size), max(water_m - below - 0.8 * size, 0.8 * size))
    if medium == "water" and body.kind != "jellyfish" and water_m >= below - 0.01:
        return water_m + 0.05 * size * (1.0 + bob)
    return below + altitude


def _heard(body: Companion, phase: float, after: Life, time_s: float) -> tuple[Event, ...]:
    """Steps and wing strokes, at the frame where they fall."""
    rate, name, strength = {"walker": (2.0, "step", 0.35), "fox": (1.0, "step", 0.2), "bird": (1.0, "wing", 0.2),
                            "dragon": (1.0, "wing", 0.6)}.get(body.kind, (0.0, "", 0.0))
    if rate and math.floor(after.phase * rate) > math.floor(phase * rate):
        return (Event(time_s, name, strength, after.position_m),)
    return ()


def _wave(hz: float, time_s: float, seed: int) -> float:
    return float(wander(np.array([hz * time_s]), seed)[0])


def _wrapped(angle: float) -> float:
    return (angle + math.pi) % (2.0 * math.pi) - math.pi
