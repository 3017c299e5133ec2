"""The weirdness dial: from the canonical film at 0 to one that is unusual but still of a piece at 1.

All draws are made first and do not depend on the dial; the dial only decides how many of them come true and how far
they go. So turning it up adds to what was strange before, and never swaps it for something else.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import cast

from agent.direction import CameraMove, Shot
from agent.director_looks import rounded
from agent.director_tables import STRANGERS
from agent.director_wishes import Wishes
from agent.taste import MAPS, family_of
from world_model.vocabulary import MEDIUM

QUIET = 0.2
# From here on a place may hold what lives elsewhere, and things may have the wrong size.
FOREIGN = 0.5
# A low dial is subtle: an insect's height or a turn. Drawn worlds stay frontal.
FRONTAL_ODD: tuple[CameraMove, ...] = ("tilt", "dolly_out")
QUIET_ODD: tuple[CameraMove, ...] = ("bee_cam", "orbit")
ODD_MOVES: tuple[CameraMove, ...] = ("bee_cam", "top_down", "dolly_zoom", "orbit")


def amount_past(weird: float, start: float) -> float:
    """0 up to `start`, then rising evenly to 1 at weird = 1."""
    return max(0.0, (weird - start) / (1.0 - start))


def strange(shots: Sequence[Shot], wishes: Wishes, weird: float, seed: int,
            key: int | None = None) -> tuple[Shot, ...]:
    """The shots with their share of strangeness. Whatever was refused stays refused; the key image (shot
    `key`) is not the one that a low dial plays its single trick on."""
    if weird <= 0.02:
        return tuple(shots)
    film = random.Random(f"weird {seed}")
    turn_deg = film.choice((-1, 1)) * (70 + 60 * film.random())
    big, hue = film.random() < 0.5, 360 * film.random()
    inner = [k for k in range(1, len(shots) - 1) if k != key]
    surprise = inner[min(len(inner) - 1, int(len(inner) * (0.25 + 0.5 * film.random())))] if inner else None
    out: list[Shot] = []
    for k, shot in enumerate(shots):
        draw = random.Random(f"weird {seed} {k}")
        looks = random.Random(f"weird {seed} {shot.section} {max(shot.world.place, key=shot.world.place.__getitem__)}")
        shot = _world(shot, wishes, weird, turn_deg, big, hue, looks)
        shot = _bodies(shot, weird, big, looks)
        asked = wishes.whole.camera is not None or any(step.camera for step in wishes.steps)
        out.append(_camera(shot, wishes, weird, draw, k == surprise, 0 < k < len(shots) - 1, asked))
    return tuple(out)


def _large(shot: Shot) -> bool:
    """Whether the camera's subject is something an insect would only see the belly of."""
    return any(body.id == shot.camera.target and body.size_m > 2.5 and MEDIUM[body.kind] in ("air", "water")
               for body in shot.world.bodies)


def _watery(place: dict[str, float]) -> bool:
    return max(place, key=lambda name: place[name]) in ("ocean", "lake", "islands", "fluid", "particles")


def _world(shot: Shot, wishes: Wishes, weird: float, turn_deg: float, big: bool, hue: float,
           draw: random.Random) -> Shot:
    """A second setting, impossible light, turned colours, things of the wrong size."""
    world = shot.world
    chance, at = draw.random(), draw.randrange(2)
    place = dict(world.place)
    main = max(place, key=lambda name: place[name])
    strangers = [name for name in STRANGERS[main] if name not in wishes.banned["setting"]]
    # What belongs to another medium or scale comes only to those who ask for the strange.
    share = 0.45 * amount_past(weird, FOREIGN - 0.1) if weird >= FOREIGN else 0.0
    if strangers and chance < 1.5 * amount_past(weird, FOREIGN - 0.2) and share > 0.02:
        stranger = strangers[at % len(strangers)]
        place = {name: weight * (1 - share) for name, weight in place.items()}
        place[stranger] = place.get(stranger, 0.0) + share
    far = amount_past(weird, 0.3)
    shift = world.palette.hue_shift_deg + turn_deg * far
    chroma = round(min(2.0, world.palette.chroma + 0.3 * far), 3)
    palette = world.palette.model_copy(update={"hue_shift_deg": round((shift + 180) % 360 - 180, 2), "chroma": chroma})
    tint = max(world.light.tint, 0.7 * amount_past(weird, 0.4) if draw.random() < weird else 0.0)
    light = world.light.model_copy(update={
        "tint": round(tint, 3), "tint_hue_deg": round(hue, 1) if tint > world.light.tint else world.light.tint_hue_deg})
    weather = world.weather
    if "aurora" not in wishes.banned["weather"] and draw.random() < weird - 0.35:
        weather = weather.model_copy(update={"aurora": round(max(weather.aurora, 0.9 * far), 3)})
    size = 1 + (1.6 if big else -0.65) * (far if weird >= FOREIGN else 0.0)
    ground = world.ground.model_copy(update={
        "object_scale": round(min(3.0, max(0.2, world.ground.object_scale * size)), 3),
        "relief": round(min(3.0, world.ground.relief * (1 + 0.7 * far)), 3)})
    return shot.model_copy(update={"world": world.model_copy(update={
        "place": rounded(place), "palette": palette, "light": light, "weather": weather, "ground": ground})})


def _bodies(shot: Shot, weird: float, big: bool, draw: random.Random) -> Shot:
    """A giant bee over a tiny city, or a small thing in a land of giants; and something of a glow."""
    far = amount_past(weird, 0.3) if weird >= FOREIGN else 0.0
    factor = (1 + 0.5 * far) if big else 1 + (6.0 if draw.random() < 0.8 else 2.0) * far
    bodies = tuple(body.model_copy(update={
        "size_m": round(min(60.0, body.size_m * factor), 3) if body.size_m < 60 else body.size_m,
        "glow": round(max(body.glow, 0.5 * amount_past(weird, 0.5)), 3)}) for body in shot.world.bodies)
    return shot.model_copy(update={"world": shot.world.model_copy(update={"bodies": bodies})})


def _camera(shot: Shot, wishes: Wishes, weird: float, draw: random.Random, surprise: bool, inner: bool,
            asked: bool) -> Shot:
    """An angle nobody asked for: one at most while the dial is low, more and tilted ones higher up."""
    chance, tip, which = draw.random(), draw.choice((-1, 1)) * (0.4 + 0.6 * draw.random()), draw.random()
    camera = shot.camera
    drawn = family_of(shot.world.look) in ("flat", "pixel") and weird < 0.5
    moves = FRONTAL_ODD if drawn else QUIET_ODD if weird <= QUIET else ODD_MOVES
    odd = [move for move in moves if move not in wishes.banned["camera"] and move != camera.move
           and not (move in ("top_down", "bee_cam") and {"space", "clouds", "underwater"} & set(shot.world.place))
           and not (move == "top_down" and not camera.target and not MAPS & set(shot.world.place))
           and not (move == "bee_cam" and weird < FOREIGN and (_watery(shot.world.place) or _large(shot)))]
    likely = 0.75 * amount_past(weird, QUIET)
    if odd and inner and ((surprise and weird >= 0.1) or chance < likely) and not (asked and chance >= 0.3 * likely):
        move = cast(CameraMove, odd[int(which * len(odd))])
        bee = move == "bee_cam"
        camera = camera.model_copy(update={"move": move, "lens_mm": 16.0 if bee else camera.lens_mm,
                                           "height_m": 0.3 if bee else None})
    roll_deg = 14.0 * tip * amount_past(weird, 0.35)
    if abs(roll_deg) > 0.5 and inner:
        keys = ((0.0, round(roll_deg, 2)), (1.0, round(-0.4 * roll_deg, 2)))
        camera = camera.model_copy(update={"curves": {**camera.curves, "roll_deg": keys}})
    return shot.model_copy(update={"camera": camera})
