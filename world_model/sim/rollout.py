"""One shot, rolled out: from what is asked to one packed State row per frame.

A ShotPlan holds numbers per frame and nothing of other shots, so a shot comes out the same whatever stands before
or after it.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from world_model.sim import motion
from world_model.sim.blocking import scouted, spread_m
from world_model.sim.composition import composed, sun_angles
from world_model.sim.keys import chance, wander
from world_model.sim.light import light_at
from world_model.sim.shot_plan import BodyPlan, Floats, ShotPlan, origin_m
from world_model.sim.stage import set_stage
from world_model.state import BODY_SLOTS, GROUND, WIDTH, Event, offsets
from world_model.vocabulary import BODIES, STYLE_FIELDS

__all__ = ["WIDTH", "BodyPlan", "ShotPlan", "fade", "held", "morph", "origin_m", "roll_shot"]

Rows = NDArray[np.float32]
AT = offsets()
HOLD = STYLE_FIELDS.index("hold_frames")
STORM = 4
VARIANT = AT["ground"].start + GROUND.index("variant")
LEAST_FRAMES = 6


def held(style: Floats, fps: float) -> NDArray[np.int64]:
    """For each frame (n,) the frame whose drawing is on screen, for `hold_frames` counted at 24 frames a second."""
    holds = np.maximum(np.round(style[:, HOLD] * fps / 24.0), 1).astype(np.int64)
    index = np.empty(len(style), np.int64)
    last = 0
    for i, hold in enumerate(holds):
        if i - last >= hold:
            last = i
        index[i] = last
    return index


def _strikes(plan: ShotPlan, time_s: Floats) -> tuple[Floats, list[tuple[float, float]]]:
    """(flash (n,), [(seconds, strength)]): lightning by chance, each a stroke and a weaker second one."""
    storm = plan.weather[:, STORM]
    flash = np.zeros(len(storm))
    strikes: list[tuple[float, float]] = []
    if storm.max() <= 0.05:
        return flash, strikes
    t = np.arange(len(storm)) / plan.fps
    # One draw every 0.7 s: about one strike in three seconds in a full storm.
    for k in range(int(t[-1] / 0.7) + 1):
        at = 0.7 * (k + 0.8 * chance(plan.seed, 21, k))
        now = float(np.interp(at, t, storm))
        if chance(plan.seed, 22, k) > 0.27 * now or at > t[-1]:
            continue
        power = 0.55 + 0.45 * chance(plan.seed, 23, k)
        for delay, share, decay in ((0.0, 1.0, 0.07), (0.11 + 0.09 * chance(plan.seed, 24, k), 0.7, 0.13)):
            since = t - at - delay
            flash = np.maximum(flash, np.where(since >= 0, power * share * np.exp(-np.maximum(since, 0) / decay), 0))
        strikes.append((float(time_s[0]) + at, power))
    return np.where(flash < 0.004, 0.0, np.minimum(flash, 1.0)), strikes


def _thunder(plan: ShotPlan, strikes: list[tuple[float, float]], camera: Floats) -> list[Event]:
    """What is heard of the lightning: 300 m to 2 km away, as late as sound is."""
    out: list[Event] = []
    for k, (at, power) in enumerate(strikes):
        far = 300.0 + 1700.0 * chance(plan.seed, 25, k)
        side = float(camera[0, 3]) + 1.6 * (chance(plan.seed, 26, k) - 0.5)
        spot = (float(camera[0, 0] + far * np.sin(side)), float(camera[0, 1] + 300.0),
                float(camera[0, 2] + far * np.cos(side)))
        out.append(Event(at + far / 340.0, "thunder", power * (1.0 - 0.25 * far / 2000.0), spot))
    return out


def _stretched(plan: ShotPlan, frames: int) -> ShotPlan:
    """The plan with its last frame repeated: velocities need a few frames, however short the shot."""
    index = np.minimum(np.arange(frames), len(plan.place) - 1)

    def longer(values: Floats) -> Floats:
        return values[index]

    def maybe(values: Floats | None) -> Floats | None:
        return None if values is None else values[index]

    lens = plan.lens
    return replace(
        plan, place=longer(plan.place), ground=longer(plan.ground), light=longer(plan.light),
        weather=longer(plan.weather), palette=longer(plan.palette), style=longer(plan.style),
        bodies=tuple(replace(b, size_m=longer(b.size_m), speed=longer(b.speed), count=longer(b.count),
                             glow=longer(b.glow), altitude_m=maybe(b.altitude_m)) for b in plan.bodies),
        lens=replace(lens, lens_mm=longer(lens.lens_mm), speed=longer(lens.speed), shake=longer(lens.shake),
                     height_m=maybe(lens.height_m), distance_m=maybe(lens.distance_m), yaw_rad=maybe(lens.yaw_rad),
                     pitch_rad=maybe(lens.pitch_rad), roll_rad=maybe(lens.roll_rad)))


def roll_shot(plan: ShotPlan) -> tuple[Rows, list[Event]]:
    """(rows (n, 328) float32, events) of a shot. Raises ValueError for more bodies than there are slots."""
    if len(plan.bodies) > BODY_SLOTS:
        raise ValueError(f"a shot holds at most {BODY_SLOTS} bodies, not {len(plan.bodies)}")
    count = len(plan.place)
    if count < LEAST_FRAMES:
        rows, events = roll_shot(_stretched(plan, LEAST_FRAMES))
        return rows[:count], [event for event in events if event.time_s < plan.start_s + count / plan.fps]
    time_s = plan.start_s + np.arange(count) / plan.fps
    rows = np.zeros((count, WIDTH), np.float32)
    weights = np.maximum(plan.place, 0.0)
    total = weights.sum(1, keepdims=True)
    weights = np.where(total > 1e-6, weights / np.maximum(total, 1e-6), plan.place[:1] / plan.place[:1].sum())
    rows[:, AT["place"]] = weights
    rows[:, AT["ground"]] = plan.ground
    rows[:, AT["palette"]] = plan.palette.reshape(count, -1)
    rows[:, AT["style"]] = plan.style
    flash, strikes = _strikes(plan, time_s)
    breeze = 6.2832 * chance(plan.film_seed, 13) + 0.5 * wander(time_s / 23.0, plan.film_seed, 1)
    rows[:, AT["weather"]] = np.column_stack([plan.weather, breeze, flash])
    rows[:, AT["time_s"]] = time_s[:, None]
    rows[:, AT["shot"]] = plan.shot

    found = scouted(plan, rows, time_s)
    if plan.layout is not None and plan.layout.composed:
        plan, found = composed(plan, found)
        rows[:, AT["skyline"]] = found.stage.rows[:, AT["skyline"]]
    camera = found.camera
    rows[:, AT["camera"]] = camera
    hours, hue, tint, azimuth, exposure = plan.light.T
    light = light_at(hours, hue, tint, azimuth + np.degrees(found.heading), plan.weather[:, 3], exposure)
    if plan.layout is not None and plan.layout.sun is not None:
        light[:, :2] += sun_angles(camera[0], plan.lens.aspect, plan.layout.sun) - light[0, :2]
    rows[:, AT["light"]] = light

    events = _thunder(plan, strikes, camera)
    kinds, poses, groups = _empty(count)
    for slot, actor in found.actors.items():
        body = plan.bodies[slot]
        acted = motion.move(actor, found.stage, plan.fps, plan.beats_s)
        kinds[:, slot, BODIES.index(body.kind)] = 1.0
        poses[:, slot] = acted.pose
        groups[:, slot] = np.column_stack([body.count, spread_m(body), body.glow])
        events.extend(acted.events)
        events.extend(_passes(acted, camera, time_s, plan.fps))
        events.extend(_calls(plan, body, acted, time_s, slot))
    rows[:, AT["body_kind"]] = kinds.reshape(count, -1)
    rows[:, AT["body_pose"]] = poses.reshape(count, -1)
    rows[:, AT["body_group"]] = groups.reshape(count, -1)
    events.sort(key=lambda e: (e.time_s, e.kind))
    return rows[held(plan.style, plan.fps)], events


def _empty(count: int) -> tuple[Floats, Floats, Floats]:
    """Slots without bodies: kind, pose, group; sizes and counts are 1 so that blends stay sane."""
    poses = np.zeros((count, BODY_SLOTS, 8))
    poses[:, :, 6] = 1.0
    groups = np.zeros((count, BODY_SLOTS, 3))
    groups[:, :, :2] = 1.0
    return np.zeros((count, BODY_SLOTS, len(BODIES))), poses, groups


def _passes(acted: motion.Motion, camera: Floats, time_s: Floats, fps: float) -> list[Event]:
    """A whoosh where a body goes by the camera close and fast."""
    if len(camera) < 5:
        return []
    gap = acted.pose[:, :3] - camera[:, :3]
    far = np.linalg.norm(gap, axis=1)
    speed = np.linalg.norm(np.diff(gap, axis=0), axis=1) * fps
    nearest = int(far.argmin())
    size = float(acted.pose[:, 6].mean())
    if not 0 < nearest < len(far) - 1 or far[nearest] > 3.0 * size + 3.0 or speed[nearest] < 6.0:
        return []
    x, y, z = (float(v) for v in acted.pose[nearest, :3])
    return [Event(float(time_s[nearest]), "whoosh", float(np.clip(speed[nearest] / 30.0, 0.2, 1.0)), (x, y, z))]


def _calls(plan: ShotPlan, body: BodyPlan, acted: motion.Motion, time_s: Floats, slot: int) -> list[Event]:
    """A rocket's start, and now and then a horn."""
    duration_s = len(time_s) / plan.fps
    x, y, z = (float(v) for v in acted.pose[0, :3])
    if body.kind == "rocket" and body.gait != "still":
        return [Event(float(time_s[0]), "launch", 0.8, (x, y, z))]
    if body.kind in ("train", "boat") and duration_s > 3.0 and chance(plan.seed, 51, slot) < 0.4:
        return [Event(float(time_s[0]) + 0.3 * duration_s, "horn", 0.5, (x, y, z))]
    return []


def fade(rows: Rows, amount: Floats) -> Rows:
    """Rows (n, 328) with exposure taken down: amount (n,) 0 leaves them, 1 is black (-8 EV). Even in linear light."""
    out = rows.copy()
    out[:, AT["light"].stop - 1] += np.maximum(2.2 * np.log2(np.maximum(1.0 - amount, 1e-3)), -8.0)
    return out


def morph(rows: Rows, other: Rows, amount: Floats) -> Rows:
    """rows (n, 328) with the world (place, ground but for its variant, light, weather, palette, style) taken `amount`
    (n,) of the way to one other row (328,); bodies and camera keep their own paths and their height over the
    changing ground."""
    out = rows.copy()
    world = slice(AT["place"].start, AT["style"].stop)
    share = amount[:, None].astype(np.float32)
    keep_hold = rows[:, AT["style"]][:, HOLD].copy()
    # Angles by the short way.
    target = np.repeat(other[None], len(rows), 0)
    for column in (AT["light"].start + 1, AT["weather"].start + 8):
        turn = (target[:, column] - rows[:, column] + np.pi) % (2 * np.pi) - np.pi
        target[:, column] = rows[:, column] + turn
    out[:, world] = rows[:, world] + share * (target[:, world] - rows[:, world])
    out[:, AT["style"].start + HOLD] = keep_hold
    # Another variant is another land: half way there a hill would stand before the lens.
    out[:, VARIANT] = rows[:, VARIANT]
    time_s = rows[:, AT["time_s"].start].astype(np.float64)
    was, now = set_stage(rows, time_s, 0.0, 10.0), set_stage(out, time_s, 0.0, 10.0)
    points = [AT["camera"].start] + [AT["body_pose"].start + 8 * slot for slot in range(BODY_SLOTS)]
    for at in points:
        x, z = rows[:, at].astype(np.float64), rows[:, at + 2].astype(np.float64)
        out[:, at + 1] += (now.surface(x, z) - was.surface(x, z)).astype(np.float32)
    return out

