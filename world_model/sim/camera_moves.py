"""The sixteen camera moves: where the camera stands and looks in every frame of a shot.

A move is written the way a crew would say it: how the distance, the side, the height and the aim change from the
start frame to the end frame, both of them composed (subject on a third with room ahead, horizon on a third). The
land then lifts the camera where it would touch, and the operator keeps the subject inside the frame.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from world_model.sim.camera_aim import aim, shaken, slewed
from world_model.sim.camera_frame import (
    FLYING,
    GROWN,
    LOOK_M,
    MOST_TURN,
    PLACE_HEIGHT_M,
    WOODED,
    Floats,
    Lens,
    Plan,
    Subject,
    above_growth,
    canopy_m,
    half_width,
    share_of,
)
from world_model.sim.keys import chance, cover, lagged, progress, smoothed, smootherstep, smoothstep, soft_clip, wander
from world_model.sim.stage import OPEN_M, Stage
from world_model.vocabulary import SETTINGS

# A crane arm, a dolly or a drone round something huge still moves like a machine of its size.
FASTEST_MPS = 12.0
CALM = ("dolly_in", "dolly_out", "crane_up", "crane_down")
# How far a crane goes up in distances to its subject: close to, it would only look at the ground.
LIFT = {"wide": 0.36, "full": 0.3, "medium": 0.2, "close": 0.14, "detail": 0.1}


def _saturate(rate: float, most: float) -> float:
    """Amount of a move that grows with time and speed but stops short of `most`."""
    return most * (1.0 - float(np.exp(-rate / max(most, 1e-9))))


def _move(lens: Lens, subject: bool, distance: float, duration_s: float, tan_h: float, lane_m: float) -> Plan:
    """The plan of a move at a framing `distance` for a shot of `duration_s`."""
    count = len(lens.speed)
    p = progress(duration_s, lens.speed)
    q = p - 0.5
    flat, zero = np.ones(count), np.zeros(count)
    effort = duration_s * float(lens.speed.mean())
    near, swing, truck, rise, aim_x, aim_y, tangent = flat, zero, zero, zero, zero, zero, flat
    open_air = min(1.0, lane_m / 20.0)
    slack = 0.30 if subject else 0.55
    # Share of its full size that a move may take before the camera would race.
    brisk = min(1.0, FASTEST_MPS * max(effort, 0.3) / (0.6 * distance))
    tan_v = tan_h / lens.aspect
    match lens.move:
        case "pan":
            sweep = _saturate(np.radians(9.0) * effort, 2.0 * slack * float(np.arctan(tan_h)) + (0 if subject else 0.2))
            aim_x = lens.side * q * np.tan(sweep) / tan_h
        case "tilt":
            sweep = _saturate(np.radians(7.0) * effort, 1.5 * slack * float(np.arctan(tan_v)) + (0 if subject else 0.1))
            aim_y = (1.0 - p) * np.tan(sweep) / tan_v * lens.side
        case "dolly_in" | "dolly_out":
            reach = _saturate(0.10 * effort, 0.42)
            way = q if lens.move == "dolly_in" else -q
            near = 1.0 - brisk * reach * way * 1.3
        case "truck":
            truck = -lens.side * q * min(_saturate(0.16 * effort, 0.8) * distance, 1.3 * lane_m)
        case "orbit":
            swing = lens.side * q * _saturate(np.radians(19.0) * effort, brisk * np.radians(40.0 + 90.0 * open_air))
        case "crane_up" | "crane_down":
            way = p if lens.move == "crane_up" else 1.0 - p
            most = LIFT[lens.scale] if subject else 0.5
            rise = way * min(_saturate(0.11 * effort, most) * distance, 18.0)
            near = 1.0 + 0.05 * way
        case "handheld":
            near = 1.0 - 0.10 * q
        case "follow":
            near = 1.08 - 0.14 * p
        case "dolly_zoom":
            reach = min(_saturate(0.16 * effort, 0.62), 0.62 * brisk)
            tangent = np.exp(lens.side * q * 2.0 * reach * 0.75)
            near = 1.0 / tangent
        case "reveal":
            # From behind what stands in front: low and near the ground, then up and on.
            near = 1.16 - 0.26 * p
            rise = smootherstep(p) * min(0.16 * distance, 7.0)
        case "top_down":
            swing = lens.side * q * _saturate(np.radians(6.0) * effort, np.radians(35.0))
            near = 1.0 + lens.side * 0.22 * q
        case _:
            pass
    return Plan(near, swing, truck, rise, aim_x, aim_y, tangent)


def film(lens: Lens, subject: Subject | None, stage: Stage, fps: float) -> tuple[Floats, float]:
    """Camera (n, 8) as state.CAMERA for n frames, and the shot's main heading (radians) for the light."""
    count = len(stage.time_s)
    duration_s = count / fps
    tan_h = float(half_width(lens.lens_mm.mean()))
    scale = lens.scale
    calm = max(1, round(0.5 * fps))
    lane_x, lane_yaw = stage.lane(np.array([stage.z_m]))
    trail_yaw = float(lane_yaw[0])

    if subject is None:
        distance = LOOK_M[scale] * (24.0 / float(lens.lens_mm.mean())) ** 0.5
        x, z = stage.along(np.array([distance]), np.array([0.0]))
        anchor = np.array([x[0], 0.0, z[0]])
        centre = np.repeat(anchor[None], count, 0)
        floor = stage.surface(centre[:, 0], centre[:, 2])
        centre[:, 1] = float(floor.mean()) + 0.25 * PLACE_HEIGHT_M[scale]
        base = np.full(count, float(np.arctan2(x[0] - lane_x[0], z[0] - stage.z_m)))
        angle = 0.0
        track = centre
    else:
        distance = lens.away_m(subject.extent_m, stage.sight_m)
        centre = subject.centre
        if above_growth(subject, stage):
            stage = replace(stage, lane_m=OPEN_M)
        track, base, angle = _rig(lens, subject, distance, duration_s, stage, trail_yaw, fps)
    if lens.move == "top_down":
        # From above a person is small, and a road close to is only a grey.
        distance = max(distance, 14.0) if subject is None else max(distance * subject.seen_from_above, 0.8)
    plan = _move(lens, subject is not None, distance, duration_s, tan_h, stage.lane_m)
    heading = float(base[count // 2]) + angle
    if lens.move == "top_down":
        return _top_down(lens, plan, centre, track, distance, stage, heading, fps, subject is not None), heading
    away = plan.near * distance if lens.distance_m is None else lens.distance_m
    if lens.move in FLYING:
        position, view = _flight(lens, subject, centre, distance, stage, fps)
    else:
        view = base + angle + plan.swing
        right_x, right_z = np.cos(view), -np.sin(view)
        px = track[:, 0] - away * np.sin(view) + plan.truck * right_x
        pz = track[:, 2] - away * np.cos(view) + plan.truck * right_z
        px = _in_lane(px, pz, stage, fps)
        position = np.stack([px, _height(lens, subject, plan, px, pz, track, away, stage, calm), pz], 1)
    position = _clear(lens, position, centre, stage, fps, subject is not None)
    tan = half_width(lens.lens_mm) * plan.tangent
    if lens.move == "dolly_zoom":
        middle = count // 2
        depth = np.linalg.norm(smoothed(centre, calm) - position, axis=1)
        tan = half_width(lens.lens_mm) * depth[middle] / np.maximum(depth, 0.05)
    yaw, pitch, roll = aim(lens, plan, subject, centre, position, view, tan, stage, fps)
    depth = np.linalg.norm(centre - position, axis=1)
    camera = np.stack([*position.T, yaw, pitch, roll, 2.0 * np.arctan(tan), np.maximum(smoothed(depth, calm), 0.1)], 1)
    return shaken(lens, camera, fps), heading


def _rig(lens: Lens, subject: Subject, distance: float, duration_s: float, stage: Stage, trail_yaw: float,
         fps: float) -> tuple[Floats, Floats, float]:
    """(track (n, 3), base yaw (n,), viewing angle): what the rig rides along with, and from which side it looks."""
    centre = subject.centre
    count = len(centre)
    ride = smoothed(centre, min(round(0.9 * fps), max(1, count // 2)))
    step = np.linalg.norm(np.diff(ride[:, (0, 2)], axis=0), axis=1).sum()
    room = {"static": 0.8, "tilt": 0.8, "pan": 0.8, "truck": 0.35}.get(lens.move, 0.4) * distance
    if lens.scale == "wide" and lens.move in CALM:
        # In a wide the subject crosses the picture; a rig that runs along would only blur the land.
        room = 0.75 * distance
    share = float(np.clip(1.0 - room / max(step, 1e-6), 0.0, 1.0))
    middle = ride[count // 2]
    track = middle + share * (ride - middle)
    # Up and down the rig goes with the body, but lazily.
    track[:, 1] = smoothed(centre[:, 1], min(round(1.2 * fps), max(1, count // 2)))
    base = np.full(count, trail_yaw)
    wide_open = float(smoothstep((stage.lane_m - 5.0) / 20.0))
    angle = np.radians({"truck": 12 + 56 * wide_open, "static": 12 + 26 * wide_open, "pan": 12 + 30 * wide_open,
                        "orbit": 12 + 22 * wide_open}.get(lens.move, 10 + 20 * wide_open))
    if lens.view_deg is not None:
        # As far round as the lane lets the camera stand.
        asked = lens.view_deg if subject.facing > 0 else 180.0 - lens.view_deg
        angle = min(np.radians(np.clip(asked, 0.0, 90.0)), np.arcsin(min(1.0, 0.9 * stage.lane_m / distance)))
    angle = -lens.side * subject.facing * float(angle)
    if lens.move == "follow":
        track = np.stack([lagged(centre[:, k], 0.28, fps) for k in range(3)], 1)
        gone = track[-1] - track[0]
        if float(np.hypot(gone[0], gone[2])) > 0.5 * distance:
            span = max(1, round(min(max(distance / 8.0, 1.0), 3.0) * fps))
            turned = np.unwrap(np.arctan2(np.gradient(smoothed(track[:, 0], span)),
                                          np.gradient(smoothed(track[:, 2], span)))) if count > 2 else base
            base = slewed(smoothed(turned, span), min(MOST_TURN, 9.0 / distance), fps)
        angle = np.radians(5 + 7 * wide_open * (1.0 - 0.7 * share_of(stage, GROWN)))
        if lens.view_deg is not None:
            angle = min(np.radians(min(lens.view_deg, 60.0)), np.arcsin(min(1.0, 0.5 * stage.lane_m / distance)))
        angle = -lens.side * angle
    return track, base, float(angle)


def _in_lane(x: Floats, z: Floats, stage: Stage, fps: float) -> Floats:
    """x (n,) held inside the free lane along the trail."""
    if stage.lane_m > 45.0:
        return x
    middle, _ = stage.lane(z)
    middle = smoothed(middle, round(0.4 * fps))
    return middle + soft_clip(x - middle, stage.lane_m)


def _height(lens: Lens, subject: Subject | None, plan: Plan, x: Floats, z: Floats, track: Floats, away: Floats,
            stage: Stage, calm: int) -> Floats:
    """Camera y (n,) before clearance."""
    floor = smoothed(stage.surface(x, z), 2 * calm)
    if lens.height_m is not None:
        return floor + lens.height_m + plan.rise * (0.0 if lens.move == "reveal" else 1.0)
    if subject is None:
        tall = PLACE_HEIGHT_M[lens.scale] * (0.55 + 0.75 * chance(lens.seed, 81))
        start = 0.5 if lens.move == "reveal" else tall
        return floor + start + plan.rise
    lift = {"wide": 0.05, "full": 0.03, "medium": 0.0, "close": 0.0, "detail": 0.04}[lens.scale]
    if subject.airborne:
        lift = {"wide": -0.17, "full": -0.12, "medium": -0.06}.get(lens.scale, 0.0)
    level = track[:, 1] + lift * away
    if subject.airborne:
        # Over the treetops rather than through them.
        high = canopy_m(stage) if stage.lane_m >= OPEN_M else 0.85 * share_of(stage, WOODED) * (track[:, 1] - floor)
        level = np.maximum(level, floor + np.minimum(high, track[:, 1] - floor))
    if lens.move == "reveal":
        # Low, but not so low that what flies is seen against nothing but sky.
        low = track[:, 1] - 0.12 * away if subject.airborne else floor
        level = np.minimum(level, np.maximum(low, floor + 0.5 + 0.04 * away))
    grown = share_of(stage, GROWN) * {"wide": 1.7, "full": 1.6, "medium": 1.15}.get(lens.scale, 0.4)
    lowest = floor + np.maximum(min(0.35 + 0.03 * float(away.mean()), 1.6), grown if away.mean() > 2.5 else 0.0)
    return np.maximum(level, lowest) + plan.rise


def _flight(lens: Lens, subject: Subject | None, centre: Floats, distance: float, stage: Stage,
            fps: float) -> tuple[Floats, Floats]:
    """(position (n, 3), view yaw (n,)) of a camera that flies along the trail: a drone, or a bee."""
    count = len(stage.time_s)
    t = np.arange(count) / fps
    bee = lens.move == "bee_cam"
    seed = lens.seed
    duration_s = count / fps
    burst = (0.35 + 1.3 * smoothstep(1.5 * wander(0.75 * t, seed + 41, 1) + 0.4)) if bee else np.ones(count)
    pace = (1.5 if bee else 8.0) * lens.speed * burst
    way = np.concatenate([[0.0], np.cumsum(0.5 * (pace[1:] + pace[:-1]))]) / fps
    weave = (0.45 if bee else 1.6) * wander((0.55 if bee else 0.21) * t, seed + 42)
    weave = weave * min(1.0, stage.lane_m / 6.0)
    if subject is None:
        start = -0.5 * float(way[-1])
        x, z = stage.along(start + way, weave + 0.25 * lens.side)
    else:
        # Comes up on the subject from behind and stays short of it.
        closing = progress(duration_s, lens.speed * burst)
        far, close = (2.4, 1.0) if bee else (2.0, 0.95)
        reach = (far - close) * distance * _saturate(0.3 * duration_s * float(lens.speed.mean()), 1.0)
        reach = min(reach, (2.2 if bee else FASTEST_MPS) * duration_s * max(float(lens.speed.mean()), 0.1))
        gap = close * distance + reach * (1.0 - closing)
        ride = smoothed(centre, min(round(0.9 * fps), max(1, count // 2)))
        _, yaw = stage.lane(ride[:, 2])
        yaw = smoothed(yaw, round(0.5 * fps))
        off = weave * min(1.0, 0.12 * distance) + 0.22 * gap * lens.side
        x = ride[:, 0] - gap * np.sin(yaw) + off * np.cos(yaw)
        z = ride[:, 2] - gap * np.cos(yaw) - off * np.sin(yaw)
    x = _in_lane(x, z, stage, fps)
    floor = smoothed(stage.surface(x, z), round((0.25 if bee else 1.0) * fps))
    tall = share_of(stage, ("city", "mountains", "canyon", "crystals", "clouds"))
    level = np.full(count, 0.26 if bee else 2.6 + 3.4 * tall)
    if lens.height_m is not None:
        level = np.minimum(lens.height_m, 0.45) if bee else lens.height_m
    if bee:
        level = level * (1.0 + 0.3 * wander(0.6 * t, seed + 43)) + 0.012 * np.sin(2 * np.pi * 1.7 * t)
    elif subject is not None and lens.height_m is None:
        # Something small is flown at on its own height, not from above.
        level = level * min(1.0, distance / 14.0)
        level = np.maximum(level, smoothed(centre[:, 1], round(fps)) - floor + 0.05 * distance)
        level = smoothed(level, round(0.8 * fps))
    y = floor + level + (0.0 if bee else 0.5 * wander(0.17 * t, seed + 44))
    dx, dz = np.gradient(smoothed(x, round(0.5 * fps))), np.gradient(smoothed(z, round(0.5 * fps)))
    view = np.unwrap(np.arctan2(dx, dz)) if count > 2 else np.zeros(count)
    return np.stack([x, y, z], 1), smoothed(view, round(0.5 * fps))


def _clear(lens: Lens, position: Floats, centre: Floats, stage: Stage, fps: float, sees: bool) -> Floats:
    """Position (n, 3) lifted smoothly over ground, water and whatever hill stands before the subject."""
    x, y, z = position.T
    radius = max(1, round(0.7 * fps))
    margin = 0.14 if lens.move == "bee_cam" else 0.3
    around = ((0.0, 0.0), (0.35, 0.0), (-0.35, 0.0), (0.0, 0.35), (0.0, -0.35))
    floor = np.maximum.reduce([stage.ground(x + dx, z + dz) for dx, dz in around]) + margin
    if stage.submerged <= 0.5:
        wave = stage.rows[:, len(SETTINGS) + 4].astype(np.float64)
        floor = np.maximum(floor, stage.water_m + margin + 0.45 * wave)
    need = np.maximum(floor - y, 0.0)
    if sees and lens.move != "bee_cam":
        for share in (0.15, 0.3, 0.5, 0.7, 0.85):
            sx, sz = x + share * (centre[:, 0] - x), z + share * (centre[:, 2] - z)
            line = y + share * (centre[:, 1] - y)
            need = np.maximum(need, np.minimum((stage.ground(sx, sz) + 0.1 - line) / (1.0 - share), 40.0))
    y = y + (cover(need, radius) if need.max() > 0 else 0.0)
    if stage.submerged > 0.5:
        y = np.maximum(y - cover(np.maximum(y - stage.water_m + 0.6, 0.0), radius), floor)
    return np.stack([x, y, z], 1)


def _top_down(lens: Lens, plan: Plan, centre: Floats, track: Floats, distance: float, stage: Stage, heading: float,
              fps: float, sees: bool) -> Floats:
    """Camera (n, 8) straight above, drifting and slowly turning."""
    count = len(centre)
    duration_s = count / fps
    high = (distance if sees else 0.8 * distance + 4.0) * plan.near
    high = high if lens.height_m is None else lens.height_m + 0.0 * high
    if lens.distance_m is not None:
        high = lens.distance_m
    yaw = heading + plan.swing
    glide = (progress(duration_s, lens.speed) - 0.5) * 0.35 * distance * (0.25 if sees else 1.0)
    x, z = track[:, 0] + glide * np.sin(yaw), track[:, 2] + glide * np.cos(yaw)
    base = smoothed(track[:, 1], max(1, round(fps))) if sees else stage.surface(x, z)
    if stage.submerged > 0.5:
        high = np.minimum(high, np.maximum(stage.water_m - 0.6 - base, 1.0))
    if sees:
        room = 0.45 * float(high.min()) * float(half_width(lens.lens_mm.mean())) / lens.aspect
        calm = smoothed(centre, max(1, round(0.4 * fps)))
        x = calm[:, 0] + soft_clip(x - calm[:, 0], room)
        z = calm[:, 2] + soft_clip(z - calm[:, 2], room)
    floor = cover(stage.surface(x, z), max(1, round(fps)))
    y = np.maximum((base if sees else floor) + high, floor + 0.4)
    # Four degrees short of straight down keeps yaw meaningful.
    pitch = np.full(count, np.radians(-86.0))
    back = np.tan(np.radians(4.0)) * np.maximum(y - base, 0.0)
    x, z = x - back * np.sin(yaw), z - back * np.cos(yaw)
    if lens.yaw_rad is not None:
        yaw = yaw + lens.yaw_rad
    if lens.pitch_rad is not None:
        pitch = pitch + lens.pitch_rad
    roll = np.zeros(count) if lens.roll_rad is None else lens.roll_rad
    fov = 2.0 * np.arctan(half_width(lens.lens_mm))
    return shaken(lens, np.stack([x, y, z, yaw, pitch, roll, fov, np.maximum(high, 0.1)], 1), fps)
