"""Bodies on their marks: where each stands so that the first frame shows it in its place.

A body that rests on the ground stands where the ray through its mark meets the land at the height of its middle; one
in the air stands on that ray as far away as its size in the picture says. Its whole path is shifted there, so that the
gait goes on from the mark.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from world_model.sim import camera_frame, layout, motion
from world_model.sim.blocking import Blocking
from world_model.sim.layout import Layout, Mark
from world_model.sim.shot_plan import BodyPlan, Floats, ShotPlan
from world_model.sim.stage import Stage
from world_model.vocabulary import MEDIUM

# A body may be made so much larger or smaller than asked to fill its height where its place is given by the ground.
RESIZE = (0.35, 2.8)
# So little over the land (share of the picture's height) still stands on it.
NEARLY = 0.04
LOWEST_M = -8.0


def mark_of(asked: Layout, slot: int | None) -> Mark | None:
    """The mark of a body slot, if it has one."""
    return asked.marks[slot] if slot is not None and slot < len(asked.marks) else None


def high_m(body: BodyPlan) -> float:
    """Metres a body is high at its start."""
    return camera_frame.EXTENT[body.kind][0] * float(body.size_m[0])


def grounded(kind: str, stage: Stage) -> bool:
    """Whether a body of this kind rests on ground or water, so that its height follows from its place."""
    medium = MEDIUM[kind]
    return medium in ("ground", "surface") or (medium == "water" and stage.submerged <= 0.5
                                               and bool((stage.water_m - stage.ground(*_anchor(stage))).mean() > 1.0))


def _anchor(stage: Stage) -> tuple[Floats, Floats]:
    count = len(stage.time_s)
    x, _ = stage.lane(np.full(count, stage.z_m))
    return x, np.full(count, stage.z_m)


def climbing(plan: ShotPlan, found: Blocking, asked: Layout, horizon: float | None) -> dict[int, float]:
    """Bodies on the ground (by slot) whose feet are asked for over the horizon, where only a hill can carry them, and
    the distance (metres) at which they can still fill their mark's height."""
    out: dict[int, float] = {}
    _, tan_v = layout.half_tangents(found.camera[0], plan.lens.aspect)
    for slot, body in enumerate(plan.bodies):
        mark = mark_of(asked, slot)
        if mark is None or mark.at is None or horizon is None or not grounded(body.kind, found.stage):
            continue
        high = mark.height if mark.height is not None else high_m(body) / (2.0 * tan_v * max(found.away_m, 0.1))
        if mark.at[1] + 0.5 * high < horizon - 0.015:
            out[slot] = 1e9 if mark.height is None else RESIZE[1] * high_m(body) / (2.0 * tan_v * mark.height) / 0.8
    return out


def on_marks(plan: ShotPlan, found: Blocking, asked: Layout, tracked: bool,
              farthest_m: float | None) -> tuple[ShotPlan, dict[int, tuple[motion.Actor, float]]]:
    """The plan (bodies resized where they must be) and every actor with its depth in the first frame; those with a
    mark stand on it."""
    bodies = list(plan.bodies)
    out: dict[int, tuple[motion.Actor, float]] = {}
    for slot, body in enumerate(plan.bodies):
        actor, mark = found.actors[slot], mark_of(asked, slot)
        placed = mark is not None and mark.at is not None and not (tracked and slot == plan.target)
        if not placed or mark is None:
            out[slot] = (actor, _depth(found, actor, plan) if slot != plan.target else found.away_m)
            continue
        actor, depth, size = _on_mark(plan, found, body, actor, mark, farthest_m)
        bodies[slot] = replace(body, size_m=body.size_m * size)
        out[slot] = (actor, depth)
    return replace(plan, bodies=tuple(bodies)), out


def _depth(found: Blocking, actor: motion.Actor, plan: ShotPlan) -> float:
    """Metres ahead of the first camera at which an actor starts; 0 for what is behind or in the sky."""
    if MEDIUM[actor.kind] == "sky":
        return 0.0
    centre = motion.move(actor, found.stage, plan.fps, plan.beats_s).centre(actor.kind)[0]
    return max(float(layout.places(found.camera[0], plan.lens.aspect, centre)[2]), 0.0)


def _on_mark(plan: ShotPlan, found: Blocking, body: BodyPlan, actor: motion.Actor, mark: Mark,
             farthest_m: float | None) -> tuple[motion.Actor, float, float]:
    """(actor, depth in metres, factor on its size) of a body whose middle stands at the mark in the first frame."""
    camera, stage, aspect = found.camera[0], found.stage, plan.lens.aspect
    assert mark.at is not None
    ray = layout.rays(camera, aspect, np.array(mark.at[0]), np.array(mark.at[1]))
    _, tan_v = layout.half_tangents(camera, aspect)
    size = float(body.size_m[0])
    rests = grounded(body.kind, stage)
    natural = _depth(found, actor, plan) or high_m(body) / (0.6 * tan_v)
    wanted = natural if mark.height is None else high_m(body) / (2.0 * tan_v * mark.height)

    def factor(depth: Floats) -> Floats:
        if mark.height is None:
            return np.ones_like(depth)
        return np.clip(2.0 * tan_v * depth * mark.height / high_m(body), *RESIZE)

    far = 4.0 * max(wanted, natural, 60.0) if farthest_m is None else max(2.0 * farthest_m, 900.0)
    depths = np.geomspace(0.25 * size + 0.15, far, 700)
    depths = depths[depths >= 0.75 * size * factor(depths) + 0.2]
    least = float(depths[0])
    points = camera[:3] + depths[:, None] * ray
    below = _surface0(stage, points[:, 0], points[:, 2])
    middle = motion.CENTRE.get(body.kind, 0.0 if rests else 0.55) * size * factor(depths)
    if rests:
        # A leap or a dance may begin in the air.
        start = motion.move(actor, stage, plan.fps, plan.beats_s).pose[0]
        middle += max(float(start[1] - _surface0(stage, start[:1], start[2:3])[0]), 0.0) * factor(depths)
    sunk = points[:, 1] - below - middle <= 0.0
    hit = int(np.argmax(sunk)) if sunk.any() else -1
    if rests and hit >= 0:
        depth = float(depths[hit])
        if hit > 0:
            gap = points[:, 1] - below - middle
            share = gap[hit - 1] / max(gap[hit - 1] - gap[hit], 1e-9)
            depth = float(depths[hit - 1] + share * (depths[hit] - depths[hit - 1]))
    else:
        # In the air, or over land that is not there; never inside the hill behind.
        depth = max(wanted, least) if hit <= 0 else max(min(wanted, 0.95 * float(depths[hit])), least)
    scale = float(factor(np.array(depth))) if rests or depth < 0.95 * wanted else 1.0
    point = camera[:3] + depth * ray
    hovering = rests and hit < 0
    if hovering:
        over = (points[:, 1] - below - middle) / (2.0 * tan_v * depths)
        nearest = int(np.argmin(over))
        if over[nearest] < NEARLY:
            # A hand's breadth over the hill is on it.
            depth, hovering = float(depths[nearest]), False
            scale, point = float(factor(np.array(depth))), camera[:3] + depth * ray
    actor = replace(actor, size_m=actor.size_m * scale, placed=True)
    return _moved_to(plan, stage, actor, point, not rests or hovering), depth, scale


def _surface0(stage: Stage, x: Floats, z: Floats) -> Floats:
    """Ground or water (n,) in the first frame."""
    one = replace(stage, rows=stage.rows[:1], time_s=np.full(1, stage.time_s[0]), runs=((0, len(x)),),
                  water_m=np.full(1, stage.water_m[0]))
    return one.surface(x, z)


def _moved_to(plan: ShotPlan, stage: Stage, actor: motion.Actor, point: Floats, free: bool) -> motion.Actor:
    """The actor on a path shifted as a whole, so that its middle is at `point` in the first frame."""
    for _ in range(12):
        pose = motion.move(actor, stage, plan.fps, plan.beats_s)
        gap = point - pose.centre(actor.kind)[0]
        away = float(np.hypot(gap[0], gap[2]))
        if away < 0.01 and (not free or abs(gap[1]) < 0.01):
            break
        _, yaw = stage.lane(pose.pose[:1, 2])
        sin, cos = float(np.sin(yaw[0])), float(np.cos(yaw[0]))
        height = actor.altitude_m
        if free and away < 0.5:
            # The height is over the land at the place, so the place comes first.
            over = float(pose.pose[0, 1] - _surface0(stage, pose.pose[:1, 0], pose.pose[:1, 2])[0])
            height = np.maximum((np.full(len(actor.size_m), over) if height is None else height) + gap[1], LOWEST_M)
        actor = replace(actor, forward_m=actor.forward_m + gap[0] * sin + gap[2] * cos,
                        right_m=actor.right_m + gap[0] * cos - gap[2] * sin, altitude_m=height)
    return actor
