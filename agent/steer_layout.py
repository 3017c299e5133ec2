"""The composition of a picture or a drawing: skyline, horizon, sun, where the subject stands, and what moves."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from agent.direction import Brush, Direction, Scale, Shot
from agent.seen import Seen
from modalities.cues import Arrow, Box, GestureCues, PictureCues, SketchCues
from world_model.sim.camera_frame import FILL

SURE = 0.2
COLUMNS = 32
# An arrow across the whole picture moves what it crosses by so many picture widths a second.
ARROW_RATE = 0.12
LEAST_ARROW = 0.04
SOFT = 0.03


@dataclass(frozen=True)
class Layout:
    """skyline: COLUMNS heights from the top; horizon from the top; sun and subject as in the cues."""

    skyline: tuple[float, ...] | None = None
    horizon: float | None = None
    sun: tuple[float, float] | None = None
    subject: Box | None = None


def layout_of_sketch(sketch: SketchCues) -> Layout:
    return Layout(_line(sketch.skyline), sketch.horizon, sketch.sun, sketch.subject)


def layout_of_picture(picture: PictureCues) -> Layout:
    """What of a picture's framing is sure enough to be followed."""
    frame = picture.framing
    horizon = frame.horizon if frame.horizon is not None and frame.horizon_confidence >= SURE else None
    return Layout(_line(frame.skyline), horizon, None, frame.subject if frame.subject_confidence >= SURE else None)


def layout_of(seen: Seen, share: float = 0.0) -> Layout | None:
    """The layout of a reference at a share [0, 1] of its length, or None where it has none."""
    if seen.sketch is not None:
        return layout_of_sketch(seen.sketch)
    picture = seen.picture_at(share)
    return layout_of_picture(picture) if picture is not None else None


def _line(skyline: Any) -> tuple[float, ...] | None:
    if skyline is None or len(skyline) < 2:
        return None
    line = np.asarray(skyline, np.float64)
    good = np.isfinite(line)
    if not good.any():
        return None
    at = np.arange(len(line))
    line = np.interp(np.linspace(0, len(line) - 1, COLUMNS), at[good], line[good])
    return tuple(round(float(np.clip(y, 0.0, 1.0)), 4) for y in line)


def with_layout(shot: Shot, layout: Layout) -> Shot:
    """The shot whose first frame has this skyline, horizon and sun."""
    world = shot.world
    if layout.skyline is not None:
        world = world.model_copy(update={"ground": _checked(world.ground, skyline=layout.skyline)})
    if layout.sun is not None:
        world = world.model_copy(update={"light": _checked(world.light, sun_at=_inside(layout.sun))})
    camera = shot.camera
    if layout.horizon is not None:
        camera = _checked(camera, horizon=round(float(np.clip(layout.horizon, -0.5, 1.5)), 4))
    return shot.model_copy(update={"world": world, "camera": camera})


def with_subject(shot: Shot, box: Box) -> Shot:
    """The shot whose subject stands where the box is, and about as large; nothing where nobody is in the shot."""
    if not shot.world.bodies:
        return shot
    target = shot.camera.target or shot.world.bodies[0].id
    middle = ((box[0] + box[2]) / 2, (box[1] + box[3]) / 2)
    bodies = shot.world.bodies
    high = round(float(np.clip(box[3] - box[1], 0.03, 1.2)), 4)
    bodies = tuple(_checked(body, frame_at=_inside(middle), frame_height=high) if body.id == target else body
                   for body in bodies)
    camera = shot.camera.model_copy(update={"target": target, "scale": scale_of(box[3] - box[1])})
    return shot.model_copy(update={"world": shot.world.model_copy(update={"bodies": bodies}), "camera": camera})


def scale_of(height: float) -> Scale:
    """The scale of shot at which a subject fills this share of the picture's height."""
    scales: tuple[Scale, ...] = ("wide", "full", "medium", "close", "detail")
    return min(scales, key=lambda scale: abs(np.log(FILL[scale] / max(height, 0.02))))


def with_brushes(direction: Direction, seen: Seen) -> Direction:
    """The Direction with what a gesture or drawn arrows set in motion, in every shot of the opening section."""
    brushes: tuple[Brush, ...] = ()
    if seen.gesture is not None:
        brushes = brushes_of_gesture(seen.gesture) or brushes_of_arrows(seen.gesture.arrows)
    elif seen.sketch is not None:
        brushes = brushes_of_arrows(seen.sketch.arrows)
    if not brushes:
        return direction
    numbers = set(opening(direction))
    shots = tuple(shot.model_copy(update={"brushes": (*shot.brushes, *brushes)[:8]}) if k in numbers else shot
                  for k, shot in enumerate(direction.shots))
    return direction.model_copy(update={"shots": shots})


def brushes_of_gesture(gesture: GestureCues) -> tuple[Brush, ...]:
    """The regions that were painted and dragged, as motion brushes; those that cannot flow are left out."""
    soft = (*gesture.softness, *(SOFT,) * len(gesture.regions))
    return tuple(brush for (region, direction), softness in zip(gesture.regions[:8], soft, strict=False)
                 if (brush := _brush(region, direction, softness)))


def brushes_of_arrows(arrows: Sequence[Arrow]) -> tuple[Brush, ...]:
    """A drawn arrow moves a band of the picture round it, the longer the faster."""
    out: list[Brush] = []
    for arrow in arrows[:8]:
        tail, head = np.array(arrow.tail, np.float64), np.array(arrow.head, np.float64)
        way = head - tail
        length = float(np.hypot(*way))
        if length < LEAST_ARROW:
            continue
        side = np.array([-way[1], way[0]]) / length * max(0.08, 0.35 * length)
        ahead = way / length * 0.05
        corners = [tail - ahead - side, head + ahead - side, head + ahead + side, tail - ahead + side]
        brush = _brush(np.array(corners), tuple(way * ARROW_RATE / max(length, 0.3)))
        if brush is not None:
            out.append(brush)
    return tuple(out)


def _brush(region: Any, direction: tuple[float, ...], softness: float = SOFT) -> Brush | None:
    corners = [(round(float(np.clip(x, 0, 1)), 4), round(float(np.clip(y, 0, 1)), 4)) for x, y in region]
    if len(corners) > 400:
        corners = [corners[int(k)] for k in np.linspace(0, len(corners) - 1, 400)]
    try:
        return Brush(region=tuple(corners), direction=(float(direction[0]), float(direction[1])),
                     softness=float(np.clip(softness, 0.0, 0.3)))
    except ValueError:
        return None


def opening(direction: Direction) -> list[int]:
    """The first shot, and the shots of the same section that show the same place."""
    first = direction.shots[0]
    return [k for k, shot in enumerate(direction.shots)
            if k == 0 or (first.section is not None and shot.section == first.section)]


def _inside(point: tuple[float, float]) -> tuple[float, float]:
    return round(float(np.clip(point[0], 0.0, 1.0)), 4), round(float(np.clip(point[1], 0.0, 1.0)), 4)


def _checked(model: Any, **changes: Any) -> Any:
    """A copy with other values, checked against the fields' bounds."""
    return type(model).model_validate({**model.model_dump(), **changes})
