"""Streams back to state rows: the camera's motion is integrated, bodies stand round it, the ground holds them up."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from world_model.sim.rollout import origin_m
from world_model.sim.terrain import trail_position
from world_model.state import BODY_SLOTS, CAMERA, GROUND, LIGHT, POSE, WEATHER, WIDTH, offsets
from world_model.streams.from_state import surface_at
from world_model.streams.layout import (
    AIR_LIGHT,
    BODY_POSE,
    BODY_SLOTS_KEPT,
    BODY_WIDTH,
    STEP_S,
    Floats,
    symexp,
)
from world_model.vocabulary import BODIES, MEDIUM, SETTINGS, STYLE_FIELDS, STYLE_NEUTRAL

Rows = NDArray[np.float32]
F64 = NDArray[np.float64]
AT = offsets()
STANDING = tuple(k for k, kind in enumerate(BODIES) if MEDIUM[kind] in ("ground", "surface"))
LEAST_CLEARANCE_M = 0.25
# What a picture is made with. One has it or not; every look of the vocabulary has more than half of its own.
MEDIA = ("pixel", "hatch", "halftone", "neon", "ink", "clay")
# A kind fainter than this is noise of the model, not a ghost in the picture.
LEAST_PRESENCE = 0.35


@dataclass(frozen=True)
class Footing:
    """Where a world's streams are set down: film time, place along z, heading, shot number and phases so far."""

    time_s: float = 0.0
    x_m: float = 0.0
    z_m: float = 0.0
    yaw_rad: float = 0.0
    shot: int = 0
    phase: tuple[float, ...] = (0.0,) * BODY_SLOTS


def footing(place: Floats, seed: int) -> Footing:
    """On the trail of the world in row 0 of the place stream (T, 23), at the seed's own spot, looking along it."""
    row = np.zeros(WIDTH, np.float32)
    row[AT["place"].start:AT["ground"].stop] = _place(np.asarray(place[:1], np.float64))[0]
    z = origin_m(seed, float(row[AT["ground"]][GROUND.index("variant")]), seed)
    ends = trail_position(row, np.array([z - 2.0, z, z + 2.0]))
    return Footing(0.0, float(ends[1]), z, float(np.arctan2(ends[2] - ends[0], 4.0)))


def _place(place: F64) -> F64:
    mixture = np.clip(place[:, : len(SETTINGS)], 0.0, None)
    mixture[mixture < 0.04] = 0.0
    total = mixture.sum(1, keepdims=True)
    mixture = np.where(total > 1e-6, mixture / np.maximum(total, 1e-6), 1.0 / len(SETTINGS))
    ground = place[:, len(SETTINGS):].copy()
    for name, low, high in (("relief", 0, 3), ("density", 0, 3), ("object_scale", 0.2, 3), ("water_level_m", -20, 20),
                            ("wave_m", 0, 3), ("variant", -1000, 1000)):
        at = GROUND.index(name)
        ground[:, at] = np.clip(ground[:, at], low, high)
    return np.concatenate([mixture, ground], 1)


def state_rows(streams: dict[str, Floats], fps: int, foot: Footing, before: dict[str, Floats] | None = None
               ) -> tuple[Rows, Footing]:
    """Packed rows (T * fps / 4, 328) of the five state streams (T, width), and the footing after them.

    `before` is the step that came last ({name: (1, width)}), so that pieces of a longer run join smoothly. Values are
    brought inside the state's own bounds; the camera stays above the ground. Raises ValueError when fps is no multiple
    of 4 or a stream is missing.
    """
    size = int(fps * STEP_S)
    if size != fps * STEP_S:
        raise ValueError(f"fps must be a multiple of 4, not {fps}")
    missing = [name for name in ("place", "air", "look", "bodies", "camera") if name not in streams]
    if missing:
        raise ValueError(f"a world needs the streams place, air, look, bodies and camera; {missing[0]} is missing")
    steps = len(streams["place"])
    cut = streams["camera"][:, 9] > 0.5
    cut[0] = cut[0] and before is not None

    def over(name: str, values: Floats | None = None) -> F64:
        given = np.asarray(streams[name] if values is None else values, np.float64)
        early = None if before is None else np.asarray(before[name][-1:], np.float64)
        return per_frame(np.nan_to_num(given), size, cut, early)

    count = steps * size
    rows = np.zeros((count, WIDTH))
    rows[:, AT["place"].start:AT["ground"].stop] = _place(over("place"))
    look = over("look")
    rows[:, AT["palette"].start:AT["style"].stop] = look
    _bound_style(rows[:, AT["style"]])
    rows[:, AT["time_s"].start] = foot.time_s + np.arange(count) / fps
    rows[:, AT["shot"].start] = foot.shot + np.repeat(np.cumsum(cut), size)
    after = _set_camera(rows, over("camera"), foot, size, fps, cut)
    _set_air(rows, over("air"))
    phases = _set_bodies(rows, over("bodies"), foot, fps)
    done = Footing(foot.time_s + count / fps, after[0], after[1], after[2], foot.shot + int(cut.sum()), phases)
    return np.nan_to_num(rows).astype(np.float32), done


def per_frame(values: F64, size: int, cut: NDArray[np.bool_], early: F64 | None) -> F64:
    """(T, D) at the middles of steps to (T * size, D) by straight lines, stepping at cuts."""
    steps = len(values)
    known = values if early is None else np.concatenate([early, values])
    first = 0 if early is None else 1
    where = (np.arange(steps * size) + 0.5) / size - 0.5 + first
    low = np.clip(np.floor(where).astype(np.int64), 0, len(known) - 1)
    high = np.minimum(low + 1, len(known) - 1)
    share = np.clip(where - low, 0.0, 1.0)[:, None]
    own = np.arange(steps * size) // size
    at_cut = cut[np.clip(high - first, 0, steps - 1)] & (high > low) & (high - first >= 0)
    straight = known[low] * (1 - share) + known[high] * share
    return np.where(at_cut[:, None], known[own + first], straight)


def _bound_style(style: F64) -> None:
    np.clip(style, 0.0, 2.0, out=style)
    for name in STYLE_FIELDS:
        at = STYLE_FIELDS.index(name)
        if name not in STYLE_NEUTRAL:
            # Nearly nothing of a look is nothing: a trace of hatching is only dirt, and says the model is undecided.
            least = 0.3 if name in MEDIA else 0.06
            style[:, at] = np.where(style[:, at] < least, 0.0, np.minimum(style[:, at], 1.0))
    at = STYLE_FIELDS.index("hold_frames")
    style[:, at] = np.maximum(np.round(style[:, at]), 1.0)


def _set_camera(rows: F64, camera: F64, foot: Footing, size: int, fps: int, cut: NDArray[np.bool_]
                ) -> tuple[float, float, float]:
    count = len(rows)
    turn = np.clip(camera[:, 3], -4.0, 4.0) / fps
    yaw = foot.yaw_rad + np.cumsum(turn) - turn
    ahead, right = np.clip(symexp(camera[:, 0]), -80, 80) / fps, np.clip(symexp(camera[:, 1]), -80, 80) / fps
    step_x = ahead * np.sin(yaw) + right * np.cos(yaw)
    step_z = ahead * np.cos(yaw) - right * np.sin(yaw)
    x, z = foot.x_m + np.cumsum(step_x) - step_x, foot.z_m + np.cumsum(step_z) - step_z
    floor = _floor(rows, x, z, size)
    # Height over the ground decides; the ground under the camera is smoothed so that no stone is felt.
    y = floor + np.maximum(symexp(camera[:, 8]), LEAST_CLEARANCE_M)
    at = AT["camera"].start
    rows[:, at], rows[:, at + 1], rows[:, at + 2], rows[:, at + 3] = x, y, z, yaw
    rows[:, at + CAMERA.index("pitch_rad")] = np.clip(camera[:, 4], -1.55, 1.55)
    rows[:, at + CAMERA.index("roll_rad")] = np.clip(camera[:, 5], -1.6, 1.6)
    rows[:, at + CAMERA.index("fov_rad")] = np.exp(np.clip(camera[:, 6], np.log(0.15), np.log(2.4)))
    rows[:, at + CAMERA.index("focus_m")] = np.exp(np.clip(camera[:, 7], np.log(0.1), np.log(5e3)))
    _above_ground(rows, x, z, fps)
    last = count - 1
    return float(x[last] + step_x[last]), float(z[last] + step_z[last]), float(yaw[last] + turn[last])


def _floor(rows: F64, x: F64, z: F64, size: int) -> F64:
    at = np.arange(0, len(rows), max(1, size // 2))
    heights = np.array([surface_at(rows[k].astype(np.float32), float(x[k]), float(z[k])) for k in at])
    if len(at) > 2:
        padded = np.pad(heights, 2, mode="edge")
        heights = np.convolve(padded, np.array([1, 2, 3, 2, 1]) / 9.0, "valid")
    return np.interp(np.arange(len(rows)), at, heights)


def _above_ground(rows: F64, x: F64, z: F64, fps: int) -> None:
    at = AT["camera"].start + 1
    lift = np.zeros(len(rows))
    for k in range(0, len(rows), max(1, fps // 8)):
        lift[k] = surface_at(rows[k].astype(np.float32), float(x[k]), float(z[k])) + LEAST_CLEARANCE_M - rows[k, at]
    if lift.max() > 0:
        width = max(3, fps // 2) | 1
        spread = np.array([lift[max(0, k - width):k + width + 1].max() for k in range(len(lift))])
        padded = np.pad(np.maximum(spread, 0.0), width // 2, mode="edge")
        rows[:, at] += np.convolve(padded, np.ones(width) / width, "valid")


def _set_air(rows: F64, air: F64) -> None:
    yaw = rows[:, AT["camera"].start + 3]
    light, weather = rows[:, AT["light"]], rows[:, AT["weather"]]
    light[:, 0] = np.clip(air[:, 0], -1.57, 1.57)
    light[:, 1] = yaw + np.arctan2(air[:, 1], air[:, 2])
    light[:, 2:14] = np.maximum(symexp(air[:, 3:15]), 0.0)
    light[:, LIGHT.index("stars")] = np.clip(air[:, 15], 0.0, 1.0)
    light[:, LIGHT.index("exposure_ev")] = np.clip(air[:, 16], -3.0, 3.0)
    rest = air[:, len(AIR_LIGHT):]
    amounts = np.clip(rest[:, :7], 0.0, 1.0)
    weather[:, :7] = np.where(amounts < 0.04, 0.0, amounts)
    weather[:, WEATHER.index("wind_mps")] = np.clip(symexp(rest[:, 7]), 0.0, 30.0)
    weather[:, WEATHER.index("wind_yaw_rad")] = yaw + np.arctan2(rest[:, 8], rest[:, 9])
    weather[:, WEATHER.index("flash")] = np.where(rest[:, 10] < 0.08, 0.0, np.clip(rest[:, 10], 0.0, 1.0))


def _set_bodies(rows: F64, bodies: F64, foot: Footing, fps: int) -> tuple[float, ...]:
    count = len(rows)
    pose = rows[:, AT["body_pose"]].reshape(count, BODY_SLOTS, len(POSE))
    kind = rows[:, AT["body_kind"]].reshape(count, BODY_SLOTS, len(BODIES))
    group = rows[:, AT["body_group"]].reshape(count, BODY_SLOTS, -1)
    camera = rows[:, AT["camera"]]
    phases = list(foot.phase)
    for slot in range(BODY_SLOTS_KEPT):
        seen = bodies[:, slot * BODY_WIDTH:(slot + 1) * BODY_WIDTH]
        shares = np.clip(seen[:, len(BODY_POSE) + 3:], 0.0, 1.0)
        best = int(shares.mean(0).argmax())
        there = shares[:, best] if shares[:, best].max() >= LEAST_PRESENCE else np.zeros(count)
        kind[:, slot, best] = np.where(there >= LEAST_PRESENCE, np.minimum(there * 1.15, 1.0), 0.0)
        where = symexp(seen[:, :3])
        sin, cos = np.sin(camera[:, 3]), np.cos(camera[:, 3])
        pose[:, slot, 0] = camera[:, 0] + where[:, 0] * cos + where[:, 2] * sin
        pose[:, slot, 1] = camera[:, 1] + where[:, 1]
        pose[:, slot, 2] = camera[:, 2] - where[:, 0] * sin + where[:, 2] * cos
        if best in STANDING and there.max() > 0:
            pose[:, slot, 1] = _floor(rows, pose[:, slot, 0], pose[:, slot, 2], max(2, fps // 4))
        pose[:, slot, 3] = camera[:, 3] + np.arctan2(seen[:, 3], seen[:, 4])
        pose[:, slot, 4:6] = np.clip(seen[:, 5:7], -1.57, 1.57)
        pose[:, slot, 6] = np.exp(np.clip(seen[:, 7], np.log(0.02), np.log(200.0)))
        pace = np.clip(symexp(seen[:, 8]), -30.0, 30.0) / fps
        pose[:, slot, 7] = phases[slot] + np.cumsum(pace) - pace
        phases[slot] = float(phases[slot] + pace.sum())
        group[:, slot, 0] = np.clip(np.round(np.exp(np.clip(seen[:, 9], 0.0, np.log(48.0)))), 1, 48)
        group[:, slot, 1] = np.clip(symexp(seen[:, 10]), 0.0, 200.0)
        group[:, slot, 2] = np.clip(seen[:, 11], 0.0, 1.0)
    # Views of `rows` were written through; reshape of a slice copies, so put them back.
    rows[:, AT["body_pose"]] = pose.reshape(count, -1)
    rows[:, AT["body_kind"]] = kind.reshape(count, -1)
    rows[:, AT["body_group"]] = group.reshape(count, -1)
    return tuple(phases)
