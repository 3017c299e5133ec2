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

from world_model.sim import layout, motion
from world_model.sim.blocking import SPOTS, Blocking, block, on_spot, reach_m
from world_model.sim.keys import cover
from world_model.sim.layout import Layout, Mark
from world_model.sim.marks import climbing, grounded, high_m, mark_of, on_marks
from world_model.sim.scout import hidden_share
from world_model.sim.shot_plan import Floats, ShotPlan
from world_model.sim.stage import Stage, set_stage
from world_model.state import offsets
from world_model.vocabulary import MEDIUM, SETTINGS

AT = offsets()
ROUNDS = 4
MOST_LIFT_M = 60.0
# So much of a body may be hidden before the shot looks for another spot.
SEEN = 0.3
# How far away the drawn line stands, metres: at the end of a fine level of the ground's grid, where trees are still
# drawn (146), or farther where the land is large.
CREST_M = {"mountains": 560.0, "snowfield": 560.0, "space": 560.0, "underwater": 13.0}
DRY = tuple(name for name in SETTINGS if name not in ("ocean", "islands", "lake"))
LARGE = ("lake", "ocean", "islands", "desert", "canyon", "clouds", "fluid", "city")
NEAREST_CREST_M = 24.0
LEAST_CLEAR_M = 0.3


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
        mark = mark_of(plan.layout, slot)
        if mark is not None and mark.at is not None and MEDIUM[actor.kind] != "sky":
            centre = motion.move(actor, found.stage, plan.fps, plan.beats_s).centre(actor.kind)[:1]
            worst = max(worst, hidden_share(found.stage.rows[0], found.camera[:1, :3], centre,
                                            0.8 * high_m(plan.bodies[slot])))
    return worst


def compose(plan: ShotPlan, found: Blocking) -> tuple[ShotPlan, Blocking]:
    """The plan and its blocking so that the first frame keeps plan.layout."""
    asked = plan.layout
    assert asked is not None
    above = plan.lens.move == "top_down"
    skyline = None if above else asked.skyline
    horizon = None if above else layout.horizon_of(asked)
    target = plan.target
    mark = mark_of(asked, target)
    natural = found.stage
    if mark is not None and mark.height is not None:
        plan = _framed(plan, found, mark)
    hilly = target is not None and target in climbing(plan, found, asked, horizon)
    tracked = target is not None and not hilly and not (above and mark is not None)
    filmed = replace(plan, target=None) if hilly else plan
    rows = natural.rows.copy()
    far_m = reach_m(plan) + 700.0
    raised_m, lift_m, sized = 0.0, 0.0, plan
    for _ in range(ROUNDS):
        stage = set_stage(rows, natural.time_s, natural.z_m, far_m)
        found = block(_raised(filmed, raised_m), stage)
        found.camera[:, 1] += lift_m
        camera, raise_m = _turned(filmed, found, asked, mark if tracked else None, horizon, lift_m)
        raised_m += raise_m
        found = replace(found, camera=camera)
        rows = natural.rows.copy()
        stage = set_stage(rows, natural.time_s, natural.z_m, far_m)
        sized, actors = on_marks(plan, replace(found, stage=stage), asked, tracked, None)
        if skyline is not None:
            climbers = climbing(plan, found, asked, horizon)
            depth = max([0.0, *(d for slot, (_, d) in actors.items() if slot not in climbers)])
            water = _open_water(stage, camera[0])
            away = crest_m(stage, depth, min(climbers.values(), default=1e9))
            rows[:, AT["skyline"]] = layout.skyline_field(camera[0], plan.lens.aspect, skyline, away, water)
            stage = set_stage(rows, natural.time_s, natural.z_m, far_m)
            found = replace(found, camera=_over_land(camera, stage, plan.fps))
            sized, actors = on_marks(plan, replace(found, stage=stage), asked, tracked, depth)
        found = replace(found, stage=stage, actors={slot: actor for slot, (actor, _) in actors.items()})
        # A camera that has to keep its target on a mark does not rise for the others.
        bound = tracked and mark is not None
        more_m = 0.0 if above or bound else _too_high(plan, found, asked, tracked)
        if raise_m <= 0.01 and more_m <= 0.01 and skyline is None:
            break
        lift_m = min(lift_m + 1.1 * more_m, MOST_LIFT_M)
    return sized, found


def _too_high(plan: ShotPlan, found: Blocking, asked: Layout, tracked: bool) -> float:
    """Metres by which the camera should stand higher, because the ground holds a body up over its mark."""
    more = 0.0
    _, tan_v = layout.half_tangents(found.camera[0], plan.lens.aspect)
    for slot, actor in found.actors.items():
        mark = mark_of(asked, slot)
        if mark is None or mark.at is None or (tracked and slot == plan.target):
            continue
        centre = motion.move(actor, found.stage, plan.fps, plan.beats_s).centre(actor.kind)[0]
        _, y, depth = layout.places(found.camera[0], plan.lens.aspect, centre)
        if depth > 0.0 and mark.at[1] - y > 0.015:
            more = max(more, float((mark.at[1] - y) * 2.0 * tan_v * depth))
    return more


def _framed(plan: ShotPlan, found: Blocking, mark: Mark) -> ShotPlan:
    """The plan with the camera so far from its target that it fills the mark's height in the first frame."""
    assert plan.target is not None and mark.height is not None
    body = plan.bodies[plan.target]
    _, tan_v = layout.half_tangents(found.camera[0], plan.lens.aspect)
    wanted = high_m(body) / (2.0 * tan_v * mark.height)
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


def _open_water(stage: Stage, camera: Floats) -> float | None:
    """Height (metres) of the water that the picture's horizon may be made of; None where there is none."""
    water = float(stage.water_m[0])
    dry = float(stage.rows[0, AT["place"]][[SETTINGS.index(name) for name in DRY]].sum())
    return water if stage.submerged <= 0.5 and dry < 0.6 and camera[1] - water < 40.0 else None


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
            lift_m: float) -> tuple[Floats, float]:
    """The camera (n, 8), turned and lifted as a whole for its first frame, and by how many metres the target must
    fly higher because the camera cannot stand as low as it would have to."""
    camera = found.camera.copy()
    aspect = plan.lens.aspect
    yaw, pitch = float(camera[0, 3]), float(camera[0, 4])
    if horizon is not None:
        pitch = layout.horizon_pitch(camera[0], aspect, horizon)
    if mark is None or mark.at is None or found.subject is None:
        camera[:, 4] = np.clip(camera[:, 4] + pitch - camera[0, 4], -1.5, 1.5)
        free = found.subject is None and plan.lens.move != "top_down"
        return _at_height(plan, replace(found, camera=camera), asked, horizon, lift_m) if free else camera, 0.0
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


def _at_height(plan: ShotPlan, found: Blocking, asked: Layout, horizon: float | None, lift_m: float) -> Floats:
    """The camera of a shot that follows nobody, at the height from which the body that should look largest does so
    where it stands on the ground."""
    camera = found.camera
    climbers = climbing(plan, found, asked, horizon)
    _, tan_v = layout.half_tangents(camera[0], plan.lens.aspect)
    chosen: tuple[float, float] | None = None
    for slot, body in enumerate(plan.bodies):
        mark = mark_of(asked, slot)
        if mark is None or mark.at is None or mark.height is None or slot in climbers \
                or not grounded(body.kind, found.stage) or (chosen is not None and chosen[0] >= mark.height):
            continue
        ray = layout.rays(camera[0], plan.lens.aspect, np.array(mark.at[0]), np.array(mark.at[1]))
        depth = high_m(body) / (2.0 * tan_v * mark.height)
        chosen = mark.height, motion.CENTRE.get(body.kind, 0.0) * float(body.size_m[0]) - depth * float(ray[1])
    if chosen is None:
        return camera
    floor = found.stage.surface(camera[:, 0], camera[:, 2])
    lift = float(np.clip(chosen[1], LEAST_CLEAR_M + 0.3, 40.0) - (camera[0, 1] - lift_m - floor[0]))
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
