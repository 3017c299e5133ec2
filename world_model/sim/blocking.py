"""Blocking, as a stage calls it: where the bodies of a shot stand and go, and from which spot they are filmed."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from world_model.sim import camera_frame, motion
from world_model.sim.camera_moves import CALM, film
from world_model.sim.keys import chance
from world_model.sim.scout import crowded_share, hidden_share
from world_model.sim.shot_plan import BodyPlan, Floats, ShotPlan, origin_m
from world_model.sim.stage import Stage, set_stage
from world_model.vocabulary import BODIES, MEDIUM

Rows = NDArray[np.float32]
# Spots that are looked at before a shot is filmed, frames looked at in each, and a fault small enough to stay.
SPOTS = 6
LOOKS = 7
GOOD = 0.12
SPREAD = {"bird": 2.4, "bee": 2.6, "butterfly": 2.2, "fish": 1.5, "whale": 1.7, "jellyfish": 2.0, "boat": 1.8,
          "car": 2.2, "train": 1.6, "rocket": 2.0, "balloon": 2.0, "walker": 1.0, "fox": 1.8, "ball": 2.0,
          "planet": 3.0, "lantern": 3.2, "dragon": 2.0, "kite": 2.6}


@dataclass(frozen=True)
class Blocking:
    """A shot on its spot: actors by body slot, the camera's subject or None, metres to what is filmed, camera (n, 8)
    as state.CAMERA and the shot's main heading (radians)."""

    stage: Stage
    actors: dict[int, motion.Actor]
    subject: camera_frame.Subject | None
    away_m: float
    camera: Floats
    heading: float


def spread_m(body: BodyPlan) -> Floats:
    """Metres (n,) between the members of a group."""
    return SPREAD[body.kind] * body.size_m


def extent_m(body: BodyPlan, scale: str, aspect: float) -> float:
    size, count = float(body.size_m.mean()), float(body.count.mean())
    return camera_frame.apparent_m(body.kind, size, count, float(spread_m(body).mean()), scale, aspect)


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


def leader(plan: ShotPlan, stage: Stage, body: BodyPlan, slot: int) -> tuple[motion.Actor, camera_frame.Subject]:
    """The body the camera is about, placed at the anchor."""
    lens = plan.lens
    tan_h = float(camera_frame.half_width(lens.lens_mm.mean()))
    extent = extent_m(body, lens.scale, lens.aspect)
    away = lens.away_m(extent, stage.sight_m)
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


def others(plan: ShotPlan, stage: Stage, leader: int | None, away: float) -> dict[int, motion.Actor]:
    """The bodies beside the subject, behind it and to both sides, each where a viewer can find it."""
    lens = plan.lens
    tan_h = float(camera_frame.half_width(lens.lens_mm.mean()))
    actors: dict[int, motion.Actor] = {}
    for slot, body in enumerate(plan.bodies):
        if slot == leader:
            continue
        rank = len(actors) + (1 if leader is not None else 0)
        least = camera_frame.framing_distance("full", extent_m(body, "full", lens.aspect), float(lens.lens_mm.mean()),
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


def reach_m(plan: ShotPlan) -> float:
    """Metres along the trail that anything in the shot may come from the anchor."""
    duration_s = len(plan.place) / plan.fps
    reach = 160.0 + 10.0 * duration_s * max(1.0, float(plan.lens.speed.max()))
    for body in plan.bodies:
        pace = motion.natural_mps(body.kind, float(body.size_m.max())) * max(1.0, float(body.speed.max()))
        far = camera_frame.framing_distance("wide", extent_m(body, "wide", plan.lens.aspect),
                                            float(plan.lens.lens_mm.max()), plan.lens.aspect)
        reach = max(reach, 2.4 * pace * duration_s + 4.0 * far + 60.0)
    if plan.lens.distance_m is not None:
        reach += 2.0 * float(np.max(plan.lens.distance_m))
    return min(reach, 30000.0)


def block(plan: ShotPlan, stage: Stage) -> Blocking:
    """The shot on a stage."""
    actors: dict[int, motion.Actor] = {}
    subject = None
    away = camera_frame.LOOK_M[plan.lens.scale]
    if plan.target is not None:
        actors[plan.target], subject = leader(plan, stage, plan.bodies[plan.target], plan.target)
        away = plan.lens.away_m(subject.extent_m, stage.sight_m)
    actors.update(others(plan, stage, plan.target, away))
    camera, heading = film(plan.lens, subject, stage, plan.fps)
    return Blocking(stage, actors, subject, away, camera, heading)


def fault_of(found: Blocking) -> float:
    """How much stands before the lens and before the subject; 0 is a free view."""
    count = len(found.camera)
    frames = np.unique(np.linspace(0, count - 1, LOOKS).astype(np.int64))
    row = found.stage.rows[count // 2]
    seen = found.camera[frames]
    fault = 0.7 * crowded_share(row, seen, min(0.45 * found.away_m, 12.0))
    if found.subject is not None:
        fault += hidden_share(row, seen[:, :3], found.subject.centre[frames],
                              min(found.subject.extent_m, 0.6 * found.away_m))
    return fault


def on_spot(plan: ShotPlan, rows: Rows, time_s: Floats, spot: int) -> Blocking:
    """The shot on one of the film's spots."""
    variant = float(plan.ground[len(rows) // 2, 5])
    return block(plan, set_stage(rows, time_s, origin_m(plan.film_seed, variant, plan.seed, spot), reach_m(plan)))


def scouted(plan: ShotPlan, rows: Rows, time_s: Floats) -> Blocking:
    """The shot from the first of a few spots where the subject can be seen and nothing stands before the lens; else
    from the best of them."""
    best: Blocking | None = None
    least = np.inf
    for spot in range(SPOTS):
        found = on_spot(plan, rows, time_s, spot)
        if plan.lens.move == "top_down":
            return found
        fault = fault_of(found)
        if fault < least:
            best, least = found, fault
        if fault < GOOD:
            break
    assert best is not None
    return best
