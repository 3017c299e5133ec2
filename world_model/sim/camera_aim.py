"""Where a camera looks: thirds, horizon, lead room, the operator's hand. The subject never leaves the frame."""

from __future__ import annotations

import numpy as np

from world_model.sim.camera_frame import (
    FLYING,
    HIDDEN_HORIZON,
    HORIZON_SHARE,
    MOST_TURN,
    MOST_TURN_FLYING,
    REACH_ACROSS,
    REACH_UP,
    TALL,
    THIRD,
    Floats,
    Lens,
    Plan,
    Subject,
    share_of,
)
from world_model.sim.keys import chance, smoothed, smootherstep, soft_clip, wander
from world_model.sim.stage import Stage


def glances(t: Floats, seed: int) -> Floats:
    """Held glances in [-1, 1] with quick smooth turns between, as an insect looks about."""
    when = 0.9 * t + 0.35 * wander(0.5 * t, seed + 1, 1)
    i = np.floor(when).astype(np.int64)
    f = smootherstep((when - i - 0.62) / 0.38)
    return (1.0 - f) * wander(i * 3.7, seed, 1) + f * wander((i + 1) * 3.7, seed, 1)


def aim(lens: Lens, plan: Plan, subject: Subject | None, centre: Floats, position: Floats, view: Floats,
         tan_h: Floats, stage: Stage, fps: float) -> tuple[Floats, Floats, Floats]:
    """(yaw, pitch, roll): composed on thirds, kept inside the frame, no faster than an operator would turn."""
    count = len(position)
    t = np.arange(count) / fps
    tan_v = tan_h / lens.aspect
    calm = max(1, round(0.35 * fps))
    low = share_of(stage, TALL)
    hidden = share_of(stage, HIDDEN_HORIZON)
    to = centre - position
    flat = np.maximum(np.hypot(to[:, 0], to[:, 2]), 1e-3)
    bearing = np.unwrap(np.arctan2(to[:, 0], to[:, 2]))
    bearing += 2 * np.pi * np.round((view[0] - bearing[0]) / (2 * np.pi))
    elevation = np.arctan2(to[:, 1], flat)
    flying = lens.move in FLYING
    # Horizon on a third: pitching up puts it low. Tall places and things in the air want sky.
    sky = low if subject is None else max(low, 1.0 if subject.airborne else 0.0)
    pitch_horizon = (2.0 * sky - 1.0) * np.arctan(tan_v * 0.34) * (1.0 - hidden) - 0.06 * hidden
    if lens.scale in ("close", "detail") and subject is None:
        pitch_horizon = -np.arctan(tan_v * (0.4 if lens.scale == "close" else 0.55))
    if subject is None:
        glance = 0.16 * glances(t, lens.seed + 51) if lens.move == "bee_cam" else 0.0
        drift = view if flying or lens.move == "truck" else bearing
        third = lens.side * THIRD[lens.scale] * (0.35 if flying else 1.0)
        yaw = drift - np.arctan(tan_h * third) + glance
        rise = np.arctan2(plan.rise, np.maximum(flat, 1.0))
        base = pitch_horizon - 0.3 * rise
        if lens.move == "bee_cam":
            base = np.full(count, 0.05) + 0.06 * wander(0.5 * t, lens.seed + 52)
        yaw = yaw + np.arctan(tan_h * plan.aim_x)
        pitch = base + np.arctan(tan_v * plan.aim_y)
    else:
        moved = np.gradient(smoothed(centre, calm), axis=0) * fps if count > 2 else np.zeros((count, 3))
        rides = np.gradient(smoothed(position, calm), axis=0) * fps if count > 2 else np.zeros((count, 3))
        across = (moved[:, 0] - 0.0 * rides[:, 0]) * np.cos(bearing) - moved[:, 2] * np.sin(bearing)
        lead = np.tanh(float(across.mean()) / (0.04 * float(flat.mean()) + 0.05))
        third = -(lead if abs(lead) > 0.3 else lens.side) * THIRD[lens.scale]
        sx = third - plan.aim_x
        body_yaw = bearing - np.arctan(tan_h * sx)
        slow = smoothed(body_yaw, min(2 * calm, max(1, count // 2)))
        if lens.move in ("static", "tilt"):
            slow = slow.mean() + 0.25 * (slow - slow.mean())
        if lens.move == "bee_cam":
            slow = slow + 0.10 * glances(t, lens.seed + 51)
        error = np.tan(np.clip(bearing - slow, -1.3, 1.3)) / tan_h
        yaw = bearing - np.arctan(tan_h * soft_clip(error, REACH_ACROSS[lens.scale]))
        share = HORIZON_SHARE[lens.scale] * (1.0 - 0.8 * float(lens.move == "bee_cam")) * (1.0 - hidden)
        rest = elevation - np.arctan(tan_v * (0.06 - plan.aim_y))
        pitch = share * pitch_horizon + (1.0 - share) * smoothed(rest, calm)
        pitch = pitch + share * np.arctan(tan_v * plan.aim_y)
        error = np.tan(np.clip(elevation - pitch, -1.3, 1.3)) / tan_v
        pitch = elevation - np.arctan(tan_v * soft_clip(error, REACH_UP[lens.scale]))
    roll = np.zeros(count)
    if lens.yaw_rad is not None:
        yaw = yaw + lens.yaw_rad
    if lens.pitch_rad is not None:
        pitch = pitch + lens.pitch_rad
    most = MOST_TURN_FLYING if flying else MOST_TURN
    yaw, pitch = slewed(yaw, most, fps), np.clip(slewed(pitch, most, fps), -1.5, 1.5)
    if flying and count > 2:
        turn = smoothed(np.gradient(yaw) * fps, calm)
        bank = 0.55 if lens.move == "fly_through" else 0.25
        roll = -soft_clip(bank * turn, 0.5)
    if lens.roll_rad is not None:
        roll = roll + lens.roll_rad
    return yaw, pitch, roll


def slewed(angle: Floats, most_rad_per_s: float, fps: float) -> Floats:
    """Angles (n,) smoothed until none turns faster than allowed; a last clip makes it certain."""
    radius = max(1, round(0.08 * fps))
    while len(angle) > 2 and radius < len(angle) and np.abs(np.diff(angle)).max() * fps > most_rad_per_s:
        angle = smoothed(angle, radius)
        radius = radius * 2
    step = np.clip(np.diff(angle), -most_rad_per_s / fps, most_rad_per_s / fps)
    if len(step) and not np.array_equal(step, np.diff(angle)):
        middle = len(angle) // 2
        way = np.concatenate([[0.0], np.cumsum(step)])
        angle = angle[middle] + way - way[middle]
    return angle


def shaken(lens: Lens, camera: Floats, fps: float) -> Floats:
    """Adds the hand (low, slow) and the shake (more, quicker)."""
    t = np.arange(len(camera)) / fps
    hand = 1.0 if lens.move == "handheld" else 0.06 if lens.move == "follow" else 0.0
    if hand == 0.0 and not lens.shake.any():
        return camera
    tele = np.clip(24.0 / lens.lens_mm, 0.35, 1.3)
    for column, slow, quick in ((3, 0.011, 0.012), (4, 0.008, 0.012), (5, 0.007, 0.010)):
        seed = lens.seed + 61 + column
        camera[:, column] += tele * (hand * slow * wander(0.9 * t + chance(seed, 1), seed)
                                     + lens.shake * quick * wander(3.9 * t, seed + 9))
    lift = hand * 0.012 * wander(1.3 * t, lens.seed + 71) + 0.02 * lens.shake * wander(3.1 * t, lens.seed + 72)
    camera[:, 1] += np.maximum(lift, -0.05)
    return camera
