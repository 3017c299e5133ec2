"""A first frame that keeps what was asked of it: the line of hills, the horizon, the place of every body, the sun.

The camera of the shot stays the one its move makes; it is only turned and lifted as a whole, so that its first frame
is composed as asked and the move goes on from there. A skyline becomes a ridge round that first camera, and bodies are
set on their marks on the land that results. Land, camera and bodies depend on each other, so this goes round a few
times; it settles at once unless the camera had to be lifted.

Where wishes contradict each other: the horizon goes down to a skyline that lies below it; a body on the ground that
is asked for high in the picture stands on the hill behind, or over the ground where there is none; seen straight from
above there is neither horizon nor skyline, and both are left out.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from world_model.sim import camera_frame, layout, motion
from world_model.sim.blocking import SPOTS, Blocking, block, on_spot, reach_m
from world_model.sim.keys import cover
from world_model.sim.layout import Layout, Mark
from world_model.sim.scout import hidden_share
from world_model.sim.shot_plan import BodyPlan, Floats, ShotPlan
from world_model.sim.stage import Stage, set_stage
from world_model.state import offsets
from world_model.vocabulary import MEDIUM, SETTINGS

AT = offsets()
ROUNDS = 3
# So much of a body may be hidden before the shot looks for another spot.
SEEN = 0.3
# How far away the drawn line stands, metres: at the end of a fine level of the ground's grid, where trees are still
# drawn (146), or farther where the land is large.
CREST_M = {"mountains": 560.0, "snowfield": 560.0, "space": 560.0, "underwater": 13.0}
DRY = tuple(name for name in SETTINGS if name not in ("ocean", "islands", "lake"))
LARGE = ("lake", "ocean", "islands", "desert", "canyon", "clouds", "fluid", "city")
NEAREST_CREST_M = 24.0
LEAST_CLEAR_M = 0.3
# A body may be made so much larger or smaller than asked to fill its height where its place is given by the ground.
RESIZE = (0.35, 2.8)
# So little over the land (share of the picture's height) still stands on it.
NEARLY = 0.04


def sun_angles(camera: Floats, aspect: float, at: tuple[float, float]) -> NDArray[np.float32]:
    """(elevation, azimuth) radians of the sun that the camera (8,) sees at `at`; never below the horizon."""
    azimuth, slope = layout.bearings(layout.rays(camera, aspect, np.array(at[0]), np.array(at[1])))
    return np.array([max(float(np.arctan(slope)), 0.005), float(azimuth)], np.float32)


def crest_m(stage: Stage, farthest_m: float, hill_m: float) -> float:
    """Metres to the ridge of a drawn skyline: as far as the place is large, in sight, no farther than a body on it
    can be made out (hill_m), and behind the others (farthest_m)."""
    place = stage.rows[len(stage.rows) // 2, AT["place"]].astype(np.float64)
    place /= max(float(place.sum()), 1e-9)
    usual = {name: CREST_M.get(name, 292.0 if name in LARGE else 146.0) for name in SETTINGS}
    far = float(np.exp(sum(w * np.log(usual[name]) for name, w in zip(SETTINGS, place, strict=True))))
    if stage.submerged <= 0.5:
        far = min(far, 25.0 + 1.6 * stage.sight_m)
    return max(min(far, max(hill_m, NEAREST_CREST_M)), 1.5 * farthest_m)


def composed(plan: ShotPlan, found: Blocking) -> tuple[ShotPlan, Blocking]:
    """`compose` from the scouted spot, or from another where growth does not hide a body that has a mark."""
    best = compose(plan, found)
    least = _hidden(*best)
    for spot in range(SPOTS):
        if least <= SEEN:
            break
        other = compose(plan, on_spot(plan, found.stage.rows, found.stage.time_s, spot))
        hidden = _hidden(*other)
        if hidden < least - 0.1:
            best, least = other, hidden
    return best


def _hidden(plan: ShotPlan, found: Blocking) -> float:
    """The largest share [0, 1] of a body with a mark that is hidden in the first frame."""
    assert plan.layout is not None
    worst = 0.0
    for slot, actor in found.actors.items():
        mark = _mark(plan.layout, slot)
        if mark is not None and mark.at is not None and MEDIUM[actor.kind] != "sky":
            centre = motion.move(actor, found.stage, plan.fps, plan.beats_s).centre(actor.kind)[:1]
            worst = max(worst, hidden_share(found.stage.rows[0], found.camera[:1, :3], centre,
                                            0.8 * _high_m(plan.bodies[slot])))
    return worst


def compose(plan: ShotPlan, found: Blocking) -> tuple[ShotPlan, Blocking]:
    """The plan and its blocking so that the first frame keeps plan.layout."""
    asked = plan.layout
    assert asked is not None
    above = plan.lens.move == "top_down"
    skyline = None if above else asked.skyline
    horizon = None if above else layout.horizon_of(asked)
    target = plan.target
    mark = _mark(asked, target)
    natural = found.stage
    if mark is not None and mark.height is not None:
        plan = _framed(plan, found, mark)
    tracked = target is not None and target not in _climbing(plan, found, asked, horizon)
    filmed = plan if tracked or target is None else replace(plan, target=None)
    rows = natural.rows.copy()
    far_m = reach_m(plan) + 700.0
    raised_m, sized = 0.0, plan
    for _ in range(ROUNDS):
        stage = set_stage(rows, natural.time_s, natural.z_m, far_m)
        found = block(_raised(filmed, raised_m), stage)
        camera, raise_m = _turned(filmed, found, asked, mark if tracked else None, horizon, above)
        raised_m += raise_m
        found = replace(found, camera=camera)
        rows = natural.rows.copy()
        stage = set_stage(rows, natural.time_s, natural.z_m, far_m)
        sized, actors = _on_marks(plan, replace(found, stage=stage), asked, tracked, None)
        if skyline is not None:
            climbing = _climbing(plan, found, asked, horizon)
            depth = max([0.0, *(d for slot, (_, d) in actors.items() if slot not in climbing)])
            water = _open_water(stage, camera[0])
            away = crest_m(stage, depth, min(climbing.values(), default=1e9))
            rows[:, AT["skyline"]] = layout.skyline_field(camera[0], plan.lens.aspect, skyline, away, water)
            stage = set_stage(rows, natural.time_s, natural.z_m, far_m)
            found = replace(found, camera=_over_land(camera, stage, plan.fps))
            sized, actors = _on_marks(plan, replace(found, stage=stage), asked, tracked, depth)
        found = replace(found, stage=stage, actors={slot: actor for slot, (actor, _) in actors.items()})
    return sized, found


def _mark(asked: Layout, slot: int | None) -> Mark | None:
    return asked.marks[slot] if slot is not None and slot < len(asked.marks) else None


def _framed(plan: ShotPlan, found: Blocking, mark: Mark) -> ShotPlan:
    """The plan with the camera so far from its target that it fills the mark's height in the first frame."""
    assert plan.target is not None and mark.height is not None
    body = plan.bodies[plan.target]
    _, tan_v = layout.half_tangents(found.camera[0], plan.lens.aspect)
    wanted = _high_m(body) / (2.0 * tan_v * mark.height)
    if found.subject is None:
        return plan
    start = layout.places(found.camera[0], plan.lens.aspect, found.subject.centre[0])
    # The move may start nearer or farther than its framing distance.
    ratio = float(start[2]) / max(found.away_m, 1e-6)
    if not 0.2 < ratio < 5.0:
        ratio = 1.0
    away = max(wanted / ratio, 0.6 * float(body.size_m.mean()) + 0.1)
    lens = plan.lens
    if lens.distance_m is not None:
        scaled = lens.distance_m * wanted / max(float(lens.distance_m[0]), 1e-3)
        return replace(plan, lens=replace(lens, distance_m=scaled))
    return replace(plan, lens=replace(lens, framing_m=away))


def _high_m(body: BodyPlan) -> float:
    return camera_frame.EXTENT[body.kind][0] * float(body.size_m[0])


def _grounded(kind: str, stage: Stage) -> bool:
    """Whether a body of this kind rests on ground or water, so that its height follows from its place."""
    medium = MEDIUM[kind]
    return medium in ("ground", "surface") or (medium == "water" and stage.submerged <= 0.5
                                               and bool((stage.water_m - stage.ground(*_anchor(stage))).mean() > 1.0))


def _anchor(stage: Stage) -> tuple[Floats, Floats]:
    count = len(stage.time_s)
    x, _ = stage.lane(np.full(count, stage.z_m))
    return x, np.full(count, stage.z_m)


def _open_water(stage: Stage, camera: Floats) -> float | None:
    """Height (metres) of the water that the picture's horizon may be made of; None where there is none."""
    water = float(stage.water_m[0])
    dry = float(stage.rows[0, AT["place"]][[SETTINGS.index(name) for name in DRY]].sum())
    return water if stage.submerged <= 0.5 and dry < 0.6 and camera[1] - water < 40.0 else None


def _climbing(plan: ShotPlan, found: Blocking, asked: Layout, horizon: float | None) -> dict[int, float]:
    """Bodies on the ground (by slot) whose feet are asked for over the horizon, where only a hill can carry them, and
    the distance (metres) at which they can still fill their mark's height."""
    out: dict[int, float] = {}
    _, tan_v = layout.half_tangents(found.camera[0], plan.lens.aspect)
    for slot, body in enumerate(plan.bodies):
        mark = _mark(asked, slot)
        if mark is None or mark.at is None or horizon is None or not _grounded(body.kind, found.stage):
            continue
        high = mark.height if mark.height is not None else _high_m(body) / (2.0 * tan_v * max(found.away_m, 0.1))
        if mark.at[1] + 0.5 * high < horizon - 0.015:
            out[slot] = 1e9 if mark.height is None else RESIZE[1] * _high_m(body) / (2.0 * tan_v * mark.height) / 0.8
    return out


def _raised(plan: ShotPlan, by_m: float) -> ShotPlan:
    """The plan with its target flying higher."""
    if by_m <= 0.0 or plan.target is None:
        return plan
    body = plan.bodies[plan.target]
    usual = max(motion.ALTITUDE_M.get(body.kind, 0.0), 0.9 * float(body.size_m.mean()))
    height = (np.full(len(plan.place), usual) if body.altitude_m is None else body.altitude_m) + by_m
    bodies = tuple(replace(b, altitude_m=height) if k == plan.target else b for k, b in enumerate(plan.bodies))
    return replace(plan, bodies=bodies)


def _turned(plan: ShotPlan, found: Blocking, asked: Layout, mark: Mark | None, horizon: float | None,
            above: bool) -> tuple[Floats, float]:
    """The camera (n, 8), turned and lifted as a whole for its first frame, and by how many metres the target must
    fly higher because the camera cannot stand as low as it would have to."""
    camera = found.camera.copy()
    aspect = plan.lens.aspect
    yaw, pitch = float(camera[0, 3]), float(camera[0, 4])
    if horizon is not None:
        pitch = layout.horizon_pitch(camera[0], aspect, horizon)
    if mark is None or mark.at is None or found.subject is None or above:
        camera[:, 4] = np.clip(camera[:, 4] + pitch - camera[0, 4], -1.5, 1.5)
        return camera if above else _at_height(plan, replace(found, camera=camera), asked, horizon), 0.0
    to = found.subject.centre[0] - camera[0, :3]
    flat = float(np.hypot(to[0], to[2]))
    azimuth, elevation = float(np.arctan2(to[0], to[2])), float(np.arctan2(to[1], flat))
    yaw, pitch = layout.facing(camera[0], aspect, mark.at, azimuth, elevation, pitch if horizon is not None else None)
    turn = (yaw - camera[0, 3] + np.pi) % (2.0 * np.pi) - np.pi
    camera[:, 3] += turn
    camera[:, 4] = np.clip(camera[:, 4] + pitch - camera[0, 4], -1.5, 1.5)
    if horizon is None:
        return camera, 0.0
    _, slope = layout.bearings(layout.rays(camera[0], aspect, np.array(mark.at[0]), np.array(mark.at[1])))
    lift = float(found.subject.centre[0, 1] - float(slope) * flat - camera[0, 1])
    floor = found.stage.surface(camera[:, 0], camera[:, 2]) + LEAST_CLEAR_M
    room = float((floor - camera[:, 1]).max())
    if found.stage.submerged > 0.5:
        lift = min(lift, float((found.stage.water_m - 0.6 - camera[:, 1]).min()))
    camera[:, 1] += max(lift, room)
    free = MEDIUM[plan.bodies[plan.target].kind] not in ("ground", "surface") if plan.target is not None else False
    return camera, max(room - lift, 0.0) if free else 0.0


def _at_height(plan: ShotPlan, found: Blocking, asked: Layout, horizon: float | None) -> Floats:
    """The camera of a shot that follows nobody, at the height from which the body that should look largest does so
    where it stands on the ground."""
    camera = found.camera
    climbing = _climbing(plan, found, asked, horizon)
    _, tan_v = layout.half_tangents(camera[0], plan.lens.aspect)
    chosen: tuple[float, float] | None = None
    for slot, body in enumerate(plan.bodies):
        mark = _mark(asked, slot)
        if mark is None or mark.at is None or mark.height is None or slot in climbing \
                or not _grounded(body.kind, found.stage) or (chosen is not None and chosen[0] >= mark.height):
            continue
        ray = layout.rays(camera[0], plan.lens.aspect, np.array(mark.at[0]), np.array(mark.at[1]))
        depth = _high_m(body) / (2.0 * tan_v * mark.height)
        chosen = mark.height, motion.CENTRE.get(body.kind, 0.0) * float(body.size_m[0]) - depth * float(ray[1])
    if chosen is None:
        return camera
    floor = found.stage.surface(camera[:, 0], camera[:, 2])
    lift = float(np.clip(chosen[1], LEAST_CLEAR_M + 0.3, 40.0) - (camera[0, 1] - floor[0]))
    moved = camera.copy()
    moved[:, 1] += max(lift, float((floor + LEAST_CLEAR_M - camera[:, 1]).max()))
    return moved


def _over_land(camera: Floats, stage: Stage, fps: float) -> Floats:
    """The camera lifted smoothly where the ridge would touch it."""
    short = np.maximum(stage.surface(camera[:, 0], camera[:, 2]) + LEAST_CLEAR_M - camera[:, 1], 0.0)
    if stage.submerged > 0.5:
        short = np.maximum(stage.ground(camera[:, 0], camera[:, 2]) + LEAST_CLEAR_M - camera[:, 1], 0.0)
    if short.max() <= 0.0:
        return camera
    lifted = camera.copy()
    lifted[:, 1] += cover(short, max(1, round(0.7 * fps)))
    return lifted


def _on_marks(plan: ShotPlan, found: Blocking, asked: Layout, tracked: bool,
              farthest_m: float | None) -> tuple[ShotPlan, dict[int, tuple[motion.Actor, float]]]:
    """The plan (bodies resized where they must be) and every actor with its depth in the first frame; those with a
    mark stand on it."""
    bodies = list(plan.bodies)
    out: dict[int, tuple[motion.Actor, float]] = {}
    for slot, body in enumerate(plan.bodies):
        actor, mark = found.actors[slot], _mark(asked, slot)
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
    grounded = _grounded(body.kind, stage)
    natural = _depth(found, actor, plan) or found.away_m
    wanted = natural if mark.height is None else _high_m(body) / (2.0 * tan_v * mark.height)
    least = 0.75 * size + 0.2

    def factor(depth: Floats) -> Floats:
        if mark.height is None:
            return np.ones_like(depth)
        return np.clip(2.0 * tan_v * depth * mark.height / _high_m(body), *RESIZE)

    far = 4.0 * max(wanted, natural, 60.0) if farthest_m is None else max(2.0 * farthest_m, 900.0)
    depths = np.geomspace(least, far, 600)
    points = camera[:3] + depths[:, None] * ray
    below = _surface0(stage, points[:, 0], points[:, 2])
    middle = motion.CENTRE.get(body.kind, 0.0 if grounded else 0.55) * size * factor(depths)
    sunk = points[:, 1] - below - middle <= 0.0
    hit = int(np.argmax(sunk)) if sunk.any() else -1
    if grounded and hit >= 0:
        depth = float(depths[hit])
        if hit > 0:
            gap = points[:, 1] - below - middle
            share = gap[hit - 1] / max(gap[hit - 1] - gap[hit], 1e-9)
            depth = float(depths[hit - 1] + share * (depths[hit] - depths[hit - 1]))
    else:
        # In the air, or over land that is not there; never inside the hill behind.
        depth = max(wanted, least) if hit <= 0 else max(min(wanted, 0.95 * float(depths[hit])), least)
    scale = float(factor(np.array(depth))) if grounded or depth < 0.95 * wanted else 1.0
    point = camera[:3] + depth * ray
    hovering = grounded and hit < 0
    if hovering:
        over = (points[:, 1] - below - middle) / (2.0 * tan_v * depths)
        nearest = int(np.argmin(over))
        if over[nearest] < NEARLY:
            # A hand's breadth over the hill is on it.
            depth, hovering = float(depths[nearest]), False
            scale, point = float(factor(np.array(depth))), camera[:3] + depth * ray
    actor = replace(actor, size_m=actor.size_m * scale, placed=True)
    return _moved_to(plan, stage, actor, point, not grounded or hovering), depth, scale


def _surface0(stage: Stage, x: Floats, z: Floats) -> Floats:
    """Ground or water (n,) in the first frame."""
    one = replace(stage, rows=stage.rows[:1], time_s=np.full(1, stage.time_s[0]), runs=((0, len(x)),),
                  water_m=np.full(1, stage.water_m[0]))
    return one.surface(x, z)


def _moved_to(plan: ShotPlan, stage: Stage, actor: motion.Actor, point: Floats, free: bool) -> motion.Actor:
    """The actor on a path shifted as a whole, so that its middle is at `point` in the first frame."""
    for _ in range(8):
        pose = motion.move(actor, stage, plan.fps, plan.beats_s)
        gap = point - pose.centre(actor.kind)[0]
        if float(np.hypot(gap[0], gap[2])) < 0.01 and (not free or abs(gap[1]) < 0.01):
            break
        _, yaw = stage.lane(pose.pose[:1, 2])
        sin, cos = float(np.sin(yaw[0])), float(np.cos(yaw[0]))
        height = actor.altitude_m
        if free:
            over = float(pose.pose[0, 1] - _surface0(stage, pose.pose[:1, 0], pose.pose[:1, 2])[0])
            height = (np.full(len(actor.size_m), over) if height is None else height) + gap[1]
        actor = replace(actor, forward_m=actor.forward_m + gap[0] * sin + gap[2] * cos,
                        right_m=actor.right_m + gap[0] * cos - gap[2] * sin, altitude_m=height)
    return actor
