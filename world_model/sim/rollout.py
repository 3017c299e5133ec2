"""One shot, rolled out: from what is asked to one packed State row per frame.

A ShotPlan holds numbers per frame and nothing of other shots, so a shot comes out the same whatever stands before
or after it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from world_model.sim import camera_frame, motion
from world_model.sim.camera_moves import CALM, film
from world_model.sim.keys import chance, wander
from world_model.sim.light import light_at
from world_model.sim.scout import crowded_share, hidden_share
from world_model.sim.stage import Stage, set_stage
from world_model.state import BODY_SLOTS, GROUND, Event, offsets
from world_model.vocabulary import BODIES, MEDIUM, STYLE_FIELDS

Floats = NDArray[np.float64]
Rows = NDArray[np.float32]
AT = offsets()
WIDTH = AT["shot"].stop
HOLD = STYLE_FIELDS.index("hold_frames")
STORM = 4
VARIANT = AT["ground"].start + GROUND.index("variant")
LEAST_FRAMES = 6
# Spots that are looked at before a shot is filmed, frames looked at in each, and a fault small enough to stay.
SPOTS = 6
LOOKS = 7
GOOD = 0.12
SPREAD = {"bird": 2.4, "bee": 2.6, "butterfly": 2.2, "fish": 1.5, "whale": 1.7, "jellyfish": 2.0, "boat": 1.8,
          "car": 2.2, "train": 1.6, "rocket": 2.0, "balloon": 2.0, "walker": 1.0, "fox": 1.8, "ball": 2.0,
          "planet": 3.0, "lantern": 3.2, "dragon": 2.0, "kite": 2.6}


@dataclass(frozen=True)
class BodyPlan:
    """One body slot over n frames; arrays are (n,). altitude_m is over the surface, or None for the kind's own."""

    kind: str
    gait: str
    size_m: Floats
    speed: Floats
    count: Floats
    glow: Floats
    altitude_m: Floats | None = None


@dataclass(frozen=True)
class ShotPlan:
    """All a shot needs. place (n, 17) weights, ground (n, 6), light (n, 5) as time_h, tint_hue_deg, tint, azimuth_deg
    (from the camera's heading), exposure_ev; weather (n, 8) up to wind_mps; palette (n, 6, 3) OKLab; style (n, 21).
    target is a body slot or None; beats_s are seconds from the shot's start; start_s is film time; seed is the
    shot's own and film_seed the film's; shot is its number."""

    place: Floats
    ground: Floats
    light: Floats
    weather: Floats
    palette: Floats
    style: Floats
    bodies: tuple[BodyPlan, ...]
    lens: camera_frame.Lens
    target: int | None
    beats_s: Floats
    start_s: float
    fps: float
    seed: int
    film_seed: int
    shot: int


def origin_m(film_seed: int, variant: float, seed: int, spot: int = 0) -> float:
    """Where along the trail a shot stands: one region within ± 2000 m per film and variant, and within it a spot of
    the shot's own; further spots are others near by."""
    region = chance(film_seed, 11, round(variant * 1000)) * 3800.0 - 1900.0
    return region + ((chance(seed, 12, spot) if spot else chance(seed, 12)) - 0.5) * 160.0


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


def _spread(body: BodyPlan) -> Floats:
    """Metres (n,) between the members of a group."""
    return SPREAD[body.kind] * body.size_m


def _extent(body: BodyPlan, scale: str, aspect: float) -> float:
    size, count = float(body.size_m.mean()), float(body.count.mean())
    return camera_frame.apparent_m(body.kind, size, count, float(_spread(body).mean()), scale, aspect)


def _facing(plan: ShotPlan, body: BodyPlan) -> float:
    """+1 away along the trail, -1 towards the camera: faces are worth showing where the camera does not chase."""
    move = plan.lens.move
    if plan.lens.view_deg is not None:
        return 1.0 if plan.lens.view_deg <= 90.0 or move in ("follow", *camera_frame.FLYING) else -1.0
    if move in ("follow", "fly_through", "bee_cam", "dolly_in", "top_down"):
        return 1.0
    if move == "dolly_out" or (move in ("dolly_zoom", "reveal") and plan.lens.scale in ("medium", "close", "detail")):
        return -1.0
    return -1.0 if chance(plan.seed, 41, BODIES.index(body.kind)) < 0.5 else 1.0


def _leader(plan: ShotPlan, stage: Stage, body: BodyPlan, slot: int) -> tuple[motion.Actor, camera_frame.Subject]:
    """The body the camera is about, placed at the anchor."""
    lens = plan.lens
    tan_h = float(camera_frame.half_width(lens.lens_mm.mean()))
    extent = _extent(body, lens.scale, lens.aspect)
    away = camera_frame.framing_distance(lens.scale, extent, float(lens.lens_mm.mean()), lens.aspect,
                                         stage.sight_m)
    if lens.distance_m is not None:
        away = float(lens.distance_m.mean())
    duration_s = len(plan.place) / plan.fps
    pace = motion.natural_mps(body.kind, float(body.size_m.mean())) * float(body.speed.mean())
    fastest = 1e9
    locked = lens.move in camera_frame.LOCKED and lens.scale in ("wide", "full")
    if (locked or (lens.move in CALM and lens.scale == "wide")) and lens.distance_m is None:
        fastest = max(0.35 * pace, (1.1 if lens.move == "pan" else 0.8) * away / duration_s)
    if body.gait == "dart":
        fastest = min(fastest, max(0.3 * pace, 1.3 * away))
    facing = _facing(plan, body)
    altitude = body.altitude_m
    if lens.move == "bee_cam" and altitude is None and MEDIUM[body.kind] == "air" and body.size_m.mean() < 1.0:
        # An insect is met among the stems, not against an empty sky.
        altitude = np.full(len(plan.place), 0.3 + 0.22 * away)
    growth = camera_frame.canopy_m(stage)
    if MEDIUM[body.kind] == "air" and altitude is None and body.size_m.mean() > 3.0 and growth < 30.0:
        # Something large flies well over the treetops.
        altitude = np.maximum(motion.ALTITUDE_M[body.kind], 1.6 * growth + 0.6 * body.size_m)
    actor = motion.Actor(body.kind, body.gait, body.size_m, body.speed, altitude, 0.0, 0.0, facing,
                         away * tan_h, fastest, plan.seed * 7 + slot)
    acted = motion.move(actor, stage, plan.fps, plan.beats_s)
    over = float((acted.pose[:, 1] - stage.surface(acted.pose[:, 0], acted.pose[:, 2])).mean())
    airborne = MEDIUM[body.kind] not in ("ground", "surface") and over > 1.5
    return actor, camera_frame.Subject(acted.centre(body.kind), extent, acted.pose[:, 3], airborne, facing,
                                         0.65 if body.kind == "walker" else 1.25)


def _others(plan: ShotPlan, stage: Stage, leader: int | None, away: float) -> dict[int, motion.Actor]:
    """The bodies beside the subject, behind it and to both sides, each where a viewer can find it."""
    lens = plan.lens
    tan_h = float(camera_frame.half_width(lens.lens_mm.mean()))
    actors: dict[int, motion.Actor] = {}
    for slot, body in enumerate(plan.bodies):
        if slot == leader:
            continue
        rank = len(actors) + (1 if leader is not None else 0)
        least = camera_frame.framing_distance("full", _extent(body, "full", lens.aspect), float(lens.lens_mm.mean()),
                                              lens.aspect, 1.3 * stage.sight_m)
        depth = max(away * (1.0 + 0.35 * rank), least)
        if MEDIUM[body.kind] == "air":
            # Far enough back that its height still lies in the picture, over a horizon on the upper third.
            high = motion.ALTITUDE_M[body.kind] if body.altitude_m is None else float(body.altitude_m.mean())
            depth = max(depth, min(high / (0.5 * tan_h / lens.aspect), 0.8 * stage.sight_m, 150.0))
        side = lens.side * (-1.0) ** rank
        right = -side * depth * tan_h * (0.34 + 0.12 * (rank // 2))
        forward = depth - (away if leader is not None else 0.0)
        pace = motion.natural_mps(body.kind, float(body.size_m.mean())) * float(body.speed.mean())
        fastest = max(0.3 * pace, 1.1 * depth * plan.fps / len(plan.place))
        actors[slot] = motion.Actor(body.kind, body.gait, body.size_m, body.speed, body.altitude_m, forward, right,
                                    1.0 if chance(plan.seed, 42, slot) < 0.6 else -1.0, 0.6 * depth * tan_h, fastest,
                                    plan.seed * 7 + slot)
    return actors


def _reach(plan: ShotPlan) -> float:
    """Metres along the trail that anything in the shot may come from the anchor."""
    duration_s = len(plan.place) / plan.fps
    reach = 160.0 + 10.0 * duration_s * max(1.0, float(plan.lens.speed.max()))
    for body in plan.bodies:
        pace = motion.natural_mps(body.kind, float(body.size_m.max())) * max(1.0, float(body.speed.max()))
        far = camera_frame.framing_distance("wide", _extent(body, "wide", plan.lens.aspect),
                                            float(plan.lens.lens_mm.max()), plan.lens.aspect)
        reach = max(reach, 2.4 * pace * duration_s + 4.0 * far + 60.0)
    if plan.lens.distance_m is not None:
        reach += 2.0 * float(np.max(plan.lens.distance_m))
    return min(reach, 30000.0)


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
    """(rows (n, 272) float32, events) of a shot. Raises ValueError for more bodies than there are slots."""
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

    stage, actors, camera, heading = _scouted(plan, rows, time_s)
    rows[:, AT["camera"]] = camera
    hours, hue, tint, azimuth, exposure = plan.light.T
    rows[:, AT["light"]] = light_at(hours, hue, tint, azimuth + np.degrees(heading), plan.weather[:, 3], exposure)

    events = _thunder(plan, strikes, camera)
    kinds, poses, groups = _empty(count)
    for slot, actor in actors.items():
        body = plan.bodies[slot]
        acted = motion.move(actor, stage, plan.fps, plan.beats_s)
        kinds[:, slot, BODIES.index(body.kind)] = 1.0
        poses[:, slot] = acted.pose
        groups[:, slot] = np.column_stack([body.count, _spread(body), body.glow])
        events.extend(acted.events)
        events.extend(_passes(acted, camera, time_s, plan.fps))
        events.extend(_calls(plan, body, acted, time_s, slot))
    rows[:, AT["body_kind"]] = kinds.reshape(count, -1)
    rows[:, AT["body_pose"]] = poses.reshape(count, -1)
    rows[:, AT["body_group"]] = groups.reshape(count, -1)
    events.sort(key=lambda e: (e.time_s, e.kind))
    return rows[held(plan.style, plan.fps)], events


def _scouted(plan: ShotPlan, rows: Rows, time_s: Floats) -> tuple[Stage, dict[int, motion.Actor], Floats, float]:
    """The shot from the first of a few spots where the subject can be seen and nothing stands before the lens; else
    from the best of them."""
    count = len(rows)
    variant = float(plan.ground[count // 2, 5])
    best: tuple[Stage, dict[int, motion.Actor], Floats, float] | None = None
    least = np.inf
    frames = np.unique(np.linspace(0, count - 1, LOOKS).astype(np.int64))
    row = rows[count // 2]
    for spot in range(SPOTS):
        stage = set_stage(rows, time_s, origin_m(plan.film_seed, variant, plan.seed, spot), _reach(plan))
        actors: dict[int, motion.Actor] = {}
        subject = None
        away = camera_frame.LOOK_M[plan.lens.scale]
        if plan.target is not None:
            actors[plan.target], subject = _leader(plan, stage, plan.bodies[plan.target], plan.target)
            away = camera_frame.framing_distance(plan.lens.scale, subject.extent_m, float(plan.lens.lens_mm.mean()),
                                                 plan.lens.aspect, stage.sight_m)
        actors.update(_others(plan, stage, plan.target, away))
        camera, heading = film(plan.lens, subject, stage, plan.fps)
        if plan.lens.move == "top_down":
            return stage, actors, camera, heading
        seen = camera[frames]
        fault = 0.7 * crowded_share(row, seen, min(0.45 * away, 12.0))
        if subject is not None:
            fault += hidden_share(row, seen[:, :3], subject.centre[frames], min(subject.extent_m, 0.6 * away))
        if fault < least:
            best, least = (stage, actors, camera, heading), fault
        if fault < GOOD:
            break
    assert best is not None
    return best


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
    """Rows (n, 272) with exposure taken down: amount (n,) 0 leaves them, 1 is black (-8 EV). Even in linear light."""
    out = rows.copy()
    out[:, AT["light"].stop - 1] += np.maximum(2.2 * np.log2(np.maximum(1.0 - amount, 1e-3)), -8.0)
    return out


def morph(rows: Rows, other: Rows, amount: Floats) -> Rows:
    """rows (n, 272) with the world (place, ground but for its variant, light, weather, palette, style) taken `amount`
    (n,) of the way to one other row (272,); bodies and camera keep their own paths and their height over the
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

