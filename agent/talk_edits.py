"""A line as a change of a Direction: relative words turn numbers, names set them, and nothing else is touched.

The change is made on a copy of the document; the patch is the difference, so what was not spoken of cannot move.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import jsonpatch

from agent.brief import Brief
from agent.direction import Direction
from agent.director_cast import body_of
from agent.director_wishes import Wish, wishes_of
from agent.director_words import clock
from agent.edits import Patch
from agent.interpret import interpret
from agent.taste import SCALE_ORDER
from agent.unroll_spans import bars_to_s, spans_s
from world_model.vocabulary import LIGHTS, WEATHERS

# Weather that one preset replaces of another; wind stays as it was unless the preset blows.
FALLING = ("rain", "snow", "fog", "storm", "dust")
# What a word does: pointers in a shot, how (times a factor, plus a step), lowest, highest, in which part, and its name.
Move = tuple[tuple[str, ...], str, float, float, float]
CAMERA_SPEED, BODY_SPEED = ("/camera/speed",), ("/world/bodies/*/speed",)
MOVES: tuple[tuple[str, str, tuple[Move, ...]], ...] = (
    (r"calmer|calm(?: it)? down|gentler|more peaceful|too (?:wild|busy|hectic)", "It is calmer", (
        (CAMERA_SPEED, "times", 0.65, 0, 4), (BODY_SPEED, "times", 0.7, 0, 4), (("/camera/shake",), "times", 0.4, 0, 1),
        (("/world/weather/wind_mps",), "times", 0.6, 0, 30), (("/world/ground/wave_m",), "times", 0.6, 0, 3))),
    (r"wilder|livelier|more (?:energy|intense|dramatic)|too (?:calm|boring|tame)", "It is wilder", (
        (CAMERA_SPEED, "times", 1.4, 0, 4), (BODY_SPEED, "times", 1.4, 0, 4),
        (("/world/weather/wind_mps",), "times", 1.6, 0, 30), (("/world/ground/wave_m",), "times", 1.5, 0, 3))),
    (r"slower|slow(?: it)? down|too (?:fast|quick)", "Camera and bodies move slower", (
        (CAMERA_SPEED, "times", 0.65, 0, 4), (BODY_SPEED, "times", 0.7, 0, 4))),
    (r"faster|speed(?: it)? up|too slow", "Camera and bodies move faster", (
        (CAMERA_SPEED, "times", 1.5, 0, 4), (BODY_SPEED, "times", 1.4, 0, 4))),
    (r"brighter|lighter|too dark", "It is brighter", ((("/world/light/exposure_ev",), "plus", 0.8, -3, 3),)),
    (r"darker|dimmer|too bright", "It is darker", ((("/world/light/exposure_ev",), "plus", -0.8, -3, 3),)),
    (r"less (?:saturated|colourful|colorful)|too (?:colourful|colorful|saturated)", "The colours are weaker", (
        (("/world/palette/chroma",), "times", 0.7, 0, 2),)),
    (r"more (?:saturated|colourful|colorful)|too (?:grey|gray|dull)", "The colours are stronger", (
        (("/world/palette/chroma",), "times", 1.35, 0, 2),)),
    (r"warmer(?: colou?rs)?|too cold", "The colours are warmer", ((("/world/style/warmth",), "plus", 0.3, -1, 1),)),
    (r"(?:cooler|colder)(?: colou?rs)?|too warm", "The colours are cooler", (
        (("/world/style/warmth",), "plus", -0.3, -1, 1),)),
    (r"closer|nearer|too far(?: away)?", "The camera is closer", ((("/camera/scale",), "scale", 1, 0, 4),)),
    (r"wider|further away|too close", "The view is wider", ((("/camera/scale",), "scale", -1, 0, 4),)),
)
MUSIC: tuple[tuple[str, str, float], ...] = (
    (r"(?:turn (?:the )?music down|turn down (?:the )?music|(?:quieter|softer) music|music (?:is )?too loud)",
     "The music is quieter", 0.6),
    (r"(?:turn (?:the )?music up|turn up (?:the )?music|louder music|music (?:is )?too quiet)",
     "The music is louder", 1.3),
)
_DEGREES = ((r"\b(?:a (?:tiny )?(?:bit|little)|slightly|somewhat)\b", 0.5),
            (r"\b(?:way|far|a lot|lots) (?=too\b|more\b|less\b|\w+er\b)|\b(?:much|way)\b", 1.8))


@dataclass
class Changed:
    """A document being changed. what: clauses in the past; parts: what was touched; clamped: what is at its bound."""

    document: dict[str, Any]
    what: list[str] = field(default_factory=list[str])
    parts: set[str] = field(default_factory=set[str])
    clamped: list[str] = field(default_factory=list[str])


def changed(direction: Direction, text: str, shot: int | None) -> Changed:
    """The document after a line about the whole film or about one shot. text: lower case, references taken out."""
    made = Changed(copy.deepcopy(direction.model_dump(mode="json")))
    shots = made.document["shots"] if shot is None else [made.document["shots"][shot]]
    rest = text
    strength = next((amount for pattern, amount in _DEGREES if re.search(pattern, rest)), 1.0)
    for pattern, said, factor in MUSIC:
        if made.document["score"] is not None and re.search(rf"\b{pattern}\b", rest):
            score = made.document["score"]
            score["music_level"] = round(min(1.5, score["music_level"] * factor ** strength), 4)
            made.what.append(said)
            made.parts.add("music")
            rest = re.sub(rf"\b{pattern}\b", " ", rest)
    for pattern, said, moves in MOVES:
        if re.search(rf"\b(?:{pattern})\b", rest):
            rest = re.sub(rf"\b(?:{pattern})\b", " ", rest)
            if _moved(made, shots, moves, strength):
                made.what.append(said)
            else:
                made.clamped.append(said)
    for pattern, _ in _DEGREES:
        rest = re.sub(pattern, " ", rest)
    if re.sub(r"[^a-z0-9]|\b(?:make|it|the|is|much|more|and|but|please|keep|everything|all|that|this)\b", "", rest):
        _named(made, direction, interpret(rest), shots, shot)
    return made


def patch_of(direction: Direction, made: Changed) -> Patch:
    """The shortest difference, RFC 6902."""
    return list(jsonpatch.make_patch(direction.model_dump(mode="json"), made.document))


def _moved(made: Changed, shots: list[dict[str, Any]], moves: tuple[Move, ...], strength: float) -> bool:
    """Whether any number could still move."""
    any_moved = False
    for shot in shots:
        for pointers, how, by, low, high in moves:
            for owner, key in (found for pointer in pointers for found in _places(shot, pointer)):
                before = owner.get(key, 0.0)
                if how == "scale":
                    step = by * (2 if strength > 1 else 1)
                    after: Any = SCALE_ORDER[int(min(4, max(0, SCALE_ORDER.index(before) + step)))]
                else:
                    after = before * by ** strength if how == "times" else before + by * strength
                    after = round(min(high, max(low, after)), 4)
                if after != before:
                    owner[key] = after
                    any_moved = True
                    made.parts.add(_part(pointers[0]))
                if how != "scale" and (keys := shot["curves"].get(pointers[0])):
                    times, plus = (by ** strength, 0.0) if how == "times" else (1.0, by * strength)
                    turned = [[u, round(min(high, max(low, v * times + plus)), 4)] for u, v in keys]
                    any_moved = any_moved or turned != [list(key) for key in keys]
                    shot["curves"][pointers[0]] = turned
    return any_moved


def _places(shot: dict[str, Any], pointer: str) -> list[tuple[dict[str, Any], str]]:
    *path, key = pointer.strip("/").split("/")
    owners: list[Any] = [shot]
    for part in path:
        owners = [item for owner in owners for item in (owner if part == "*" else [owner[part]])]
    return [(owner, key) for owner in owners]


def _part(pointer: str) -> str:
    names = {"camera": "camera", "light": "light", "weather": "weather", "palette": "colours", "style": "colours",
             "bodies": "bodies", "place": "place", "look": "look", "ground": "place"}
    return next(name for part, name in names.items() if f"/{part}" in pointer)


def _named(made: Changed, direction: Direction, brief: Brief, shots: list[dict[str, Any]], shot: int | None) -> None:
    """What was named outright: weather, light, place, look, palette, camera, bodies, tempo."""
    wishes = wishes_of(brief)
    for wish in (wishes.whole, *wishes.steps):
        start_s, end_s = _when(direction, wish)
        for k, one in enumerate(made.document["shots"]):
            if shot is not None and k != shot:
                continue
            _shot_named(made, one, wish, _inside(spans_s(direction)[k], start_s, end_s))
        if wish.weathers and "weather" in wish.firm:
            until = "the end" if end_s >= direction.duration_s else clock(end_s)
            whole = start_s <= 0 and end_s >= direction.duration_s
            made.what.append(f"{wish.weathers[0].capitalize()} comes in" + (
                "" if whole else f" from {clock(start_s)} to {until}"))
        made.what += [said for said, given in (
            (f"the light is {wish.light}", wish.light and "light" in wish.firm),
            (f"the place is {wish.place[0][0] if wish.place else ''}", wish.place and "setting" in wish.firm),
            (f"the look is {wish.look}", wish.look and "look" in wish.firm),
            (f"the colours are {wish.palette}", wish.palette and "palette" in wish.firm),
            (f"the camera move is {str(wish.camera).replace('_', ' ')}", wish.camera and "camera" in wish.firm),
            (f"the view is {wish.scale}", wish.scale and "scale" in wish.firm)) if given]
    for kind in wishes.banned.get("body", ()):
        for one in shots:
            kept = [body for body in one["world"]["bodies"] if body["kind"] != kind]
            if len(kept) < len(one["world"]["bodies"]):
                gone = {body["id"] for body in one["world"]["bodies"]} - {body["id"] for body in kept}
                one["world"]["bodies"] = kept
                one["camera"]["target"] = None if one["camera"]["target"] in gone else one["camera"]["target"]
                made.parts |= {"bodies"}
                if f"no {kind} is left" not in made.what:
                    made.what.append(f"no {kind} is left")
    if wishes.tempo_bpm and made.document["score"] is not None:
        made.document["score"]["tempo_bpm"] = min(240.0, max(30.0, wishes.tempo_bpm))
        made.parts.add("music")
        made.what.append(f"the music goes at {made.document['score']['tempo_bpm']:g} bpm")


def _shot_named(made: Changed, shot: dict[str, Any], wish: Wish, inside: tuple[float, float] | None) -> None:
    """One shot of a step; inside: which shares of the shot the step covers."""
    if inside is None:
        return
    world, camera = shot["world"], shot["camera"]
    if wish.weathers and "weather" in wish.firm:
        preset: Mapping[str, float] = dict.fromkeys(FALLING, 0.0) | WEATHERS[wish.weathers[0]]
        for name, value in preset.items():
            _set(shot, f"/world/weather/{name}", world["weather"], name, value, inside)
        made.parts.add("weather")
    # The rest cannot begin in the middle of a shot: it holds from the first shot that starts inside.
    if inside[0] > 0.02:
        return
    if (wish.light and "light" in wish.firm) or wish.time_h is not None:
        hour = {"time_h": wish.time_h} if wish.time_h is not None else LIGHTS[str(wish.light)]
        for name, value in ({"tint": 0.0} | hour).items():
            _set(shot, f"/world/light/{name}", world["light"], name, value, (0.0, 1.0))
        made.parts.add("light")
    if wish.place and "setting" in wish.firm:
        world["place"] = {name: round(weight, 4) for name, weight in wish.place}
        made.parts.add("place")
    for name, part in (("look", "look"), ("palette", "colours")):
        value = getattr(wish, name)
        if value and name in wish.firm:
            if name == "look":
                world["look"] = value
            else:
                world["palette"] |= {"name": value, "roles": None}
            made.parts.add(part)
    if wish.camera and "camera" in wish.firm:
        camera["move"] = wish.camera
        made.parts.add("camera")
    if wish.scale and "scale" in wish.firm:
        camera["scale"] = wish.scale
        made.parts.add("camera")
    for body in wish.bodies:
        same = [at for at, one in enumerate(world["bodies"]) if one["kind"] == body.kind]
        fresh = body_of(body.kind, body, 0.5, False).model_dump(mode="json")
        if same and body.count and world["bodies"][same[0]]["count"] != body.count:
            world["bodies"][same[0]]["count"] = body.count
            said = f"there are {body.count} of the {body.kind}"
        elif not same and len(world["bodies"]) < 6:
            world["bodies"] = [*world["bodies"], fresh]
            said = f"{body.word or body.kind} joined"
        else:
            continue
        made.parts.add("bodies")
        made.what += [said] if said not in made.what else []


def _set(shot: dict[str, Any], pointer: str, owner: dict[str, Any], key: str, value: float,
         inside: tuple[float, float]) -> None:
    """A number for the whole shot, or by a curve for a part of it."""
    start, end = inside
    if start <= 0.02 and end >= 0.98:
        owner[key] = value
        shot["curves"].pop(pointer, None)
    elif owner[key] != value:
        before, soft = owner[key], 0.02
        keys = [[0.0, before], [start, before], [min(1.0, start + soft), value]] if start > 0.02 else [[0.0, value]]
        keys += [[end, value], [min(1.0, end + soft), before], [1.0, before]] if end < 0.98 else [[1.0, value]]
        shot["curves"][pointer] = [key for at, key in enumerate(keys) if at == 0 or key[0] > keys[at - 1][0]]


def _when(direction: Direction, wish: Wish) -> tuple[float, float]:
    """From when to when a step holds, seconds."""
    end_s = wish.end_s if wish.end_s is not None else direction.duration_s
    if wish.start_s is not None:
        return wish.start_s, end_s
    named = [section for section in direction.music.sections if section.name == wish.at]
    if not named:
        return (direction.duration_s / 2 if wish.at == "middle" else 0.0), end_s
    nth = wish.nth or 1
    section = named[-1] if nth < 0 or nth > len(named) else named[nth - 1]
    start, end = (float(t) for t in bars_to_s(direction.music, section.bars))
    return (end, end_s) if wish.after else (start, min(end_s, end))


def _inside(span: tuple[float, float], start_s: float, end_s: float) -> tuple[float, float] | None:
    length = max(1e-6, span[1] - span[0])
    start, end = max(0.0, (start_s - span[0]) / length), min(1.0, (end_s - span[0]) / length)
    return (round(start, 4), round(end, 4)) if end - start > 0.02 else None


# Edits that a model planner names outright go the same way as those that were read in words.
named = _named
