"""What a few words name, and whether a shot or a take shows it: "the night one", "the shot with the whale"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from agent.direction import Direction, Shot
from agent.director_wishes import wishes_of
from agent.interpret import interpret
from agent.talk_types import KnownTake
from world_model.vocabulary import LIGHTS, STYLES, WEATHERS

Named = tuple[str, str]   # axis, name
# How far from the hour that a light is named for a shot may be, hours.
NEAR_H = 1.7
NIGHT = (20.2, 5.0)
_SMALL = frozenset(["the", "a", "an", "of", "with", "and", "in", "one", "that", "this"])


@lru_cache(maxsize=512)
def names_in(words: str) -> tuple[Named, ...]:
    """Places, bodies, lights, weathers, looks, palettes, camera moves and sizes that are named outright."""
    if not any(letter.isalpha() for letter in words):
        return ()
    brief = interpret(words)
    brief = brief.model_copy(update={"traits": tuple(t for t in brief.traits if t.confidence >= 0.9 and not t.negated)})
    wishes = wishes_of(brief)
    out: list[Named] = []
    for wish in (wishes.whole, *wishes.steps):
        out += [("body", body.kind) for body in wish.bodies]
        out += [("place", name) for name, _ in wish.place] if "setting" in wish.firm else []
        out += [(axis, str(getattr(wish, name))) for axis, name, said in (
            ("light", "light", "light"), ("look", "look", "look"), ("palette", "palette", "palette"),
            ("move", "camera", "camera"), ("scale", "scale", "scale")) if said in wish.firm and getattr(wish, name)]
        out += [("weather", name) for name in wish.weathers] if "weather" in wish.firm else []
    out += [("genre", wishes.genre)] if wishes.genre else []
    return tuple(dict.fromkeys(out))


def shows(shot: Shot, names: Sequence[Named]) -> bool:
    """Whether a shot shows all of what is named."""
    return all(_shows(shot, axis, name) for axis, name in names)


def _shows(shot: Shot, axis: str, name: str) -> bool:
    world, camera = shot.world, shot.camera
    if axis == "body":
        return any(body.kind == name for body in world.bodies)
    if axis == "place":
        return world.place.get(name, 0.0) / sum(world.place.values()) >= 0.3
    if axis == "light":
        hour = world.light.time_h % 24
        if name in ("night", "moonlight"):
            return hour >= NIGHT[0] or hour <= NIGHT[1]
        return abs((hour - LIGHTS[name]["time_h"] + 12) % 24 - 12) <= NEAR_H
    if axis == "weather":
        strong = {key: value for key, value in WEATHERS[name].items()
                  if key not in ("wind_mps", "cloud", "fog") or key in name or name in ("clouds", "overcast")}
        keys = {pointer.rsplit("/", 1)[-1]: max(v for _, v in keys) for pointer, keys in shot.curves.items()
                if pointer.startswith("/world/weather/")}
        have = {key: max(getattr(world.weather, key), keys.get(key, 0.0)) for key in WEATHERS["storm"] | strong}
        if name == "clear":
            return have.get("rain", 0.0) < 0.1 and world.weather.cloud < 0.35
        return all(have[key] >= 0.45 * value for key, value in strong.items() if key != "wind_mps")
    if axis == "look":
        return world.look == name and name in STYLES
    if axis == "palette":
        return world.palette.name == name
    return (camera.move if axis == "move" else camera.scale if axis == "scale" else None) == name


def film_shows(direction: Direction, names: Sequence[Named]) -> bool:
    """Whether a film has all of what is named: bodies in any shot, the rest in most of its shots."""
    for axis, name in names:
        if axis == "genre":
            if direction.score is None or direction.score.genre != name:
                return False
            continue
        held = sum(_shows(shot, axis, name) for shot in direction.shots)
        if held < (1 if axis == "body" else 0.5 * len(direction.shots)):
            return False
    return True


def take_with(words: str, takes: Sequence[KnownTake], not_this: str | None = None) -> KnownTake | None:
    """The take that words describe: the newest other than the one on screen that shows all they name, else one whose
    own line said them."""
    names = names_in(words)
    rest = [take for take in reversed(takes) if take.id != not_this]
    if names and (take := next((take for take in rest if film_shows(take.direction, names)), None)):
        return take
    spoken = set(re.findall(r"[a-z]{3,}", words)) - _SMALL
    if not spoken or (names and not any(film_shows(take.direction, (name,)) for take in rest for name in names)):
        return None
    return next((take for take in rest if spoken <= set(re.findall(r"[a-z]{3,}",
                                                                   f"{take.reason} {take.name}".lower()))),
                None)
