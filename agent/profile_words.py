"""A taste in words: 'you keep slow cameras (8 of 9)', with the choices each sentence rests on."""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass
from functools import lru_cache
from typing import Any

from agent.profile import Profile
from agent.profile_axes import AXES, LINEAR, NAMED, NUMBERS, angle_of
from agent.profile_fit import Taste, best_hour, best_z, hour_word

# How much more of a feature a choice must have to count for it.
LEAST_SHARE, LEAST_Z, LEAST_ANGLE = 0.2, 0.3, 0.25
THINGS = {"setting": "{} worlds", "look": "{} looks", "palette": "{} palettes", "weather": "{} weather", "body": "{}s",
          "camera": "{} cameras", "genre": "{} music"}
WEATHER = {"clear": "clear skies", "clouds": "clouds", "fog": "fog", "rain": "rain", "storm": "storms", "snow": "snow",
           "dust": "dust", "aurora": "auroras"}
MANY = {"fish": "fish", "butterfly": "butterflies", "fox": "foxes", "jellyfish": "jellyfish"}


@dataclass(frozen=True)
class Liking:
    """One value of one axis. weight: odds of e; sure: probability that its sign is right; kept of `of` choices in
    which it differed went to it; set: by the creator; z: of numbers, where they are liked, in spreads."""

    axis: str
    value: str
    weight: float
    sure: float
    kept: int
    of: int
    set: bool
    z: float
    said: str


@lru_cache(maxsize=8)
def likings(profile: Profile) -> tuple[Liking, ...]:
    """Everything known of a taste, the surest first within what is set and what was learnt."""
    moves: dict[str, list[float]] = {}
    for choice in profile.choices:
        for name, value in choice.difference:
            moves.setdefault(name, []).append(value)
    found = [one for axis in AXES for one in (
        _named(profile.taste, axis, moves) if axis in NAMED else _number(profile.taste, axis, moves)
        if axis in NUMBERS else _hour(profile))]
    return tuple(sorted(found, key=lambda one: (not one.set, -one.sure * min(one.of, 8), -abs(one.weight), one.value)))


def sentences(profile: Profile, least: float = 0.7) -> tuple[str, ...]:
    """The taste as a person would say it: what is kept, then what is passed over."""
    known = [one for one in likings(profile) if one.set or (one.sure >= least and one.of >= 2)]
    liked = [one.said for one in known if one.weight > 0]
    passed = [one.said for one in known if one.weight < 0]
    return tuple([f"You keep {text}." for text in liked] + [f"You pass over {text}." for text in passed])


def as_json(profile: Profile) -> dict[str, Any]:
    """{on, choices, axes: {axis: [{value, weight, sure, kept, of, set, …}]}}."""
    axes: dict[str, list[dict[str, Any]]] = {}
    for one in likings(profile):
        told = asdict(one)
        axes.setdefault(str(told.pop("axis")), []).append(
            told | {"weight": round(one.weight, 3), "sure": round(one.sure, 3), "z": round(one.z, 2)})
    return {"on": profile.on, "choices": len(profile.choices), "axes": axes}


def thing(axis: str, value: str) -> str:
    """A value of a named axis as a noun."""
    if axis == "weather":
        return WEATHER[value]
    name = MANY.get(value) if axis == "body" else None
    return name or THINGS[axis].format(value.replace("_", " "))


def _named(taste: Taste, axis: str, moves: dict[str, list[float]]) -> list[Liking]:
    out: list[Liking] = []
    for name in NAMED[axis]:
        feature = f"{axis} {name}"
        if feature not in taste.mean:
            continue
        kept, of = _counted(moves, feature, LEAST_SHARE)
        mine, weight = feature in taste.pinned, taste.mean[feature]
        shown = kept if weight >= 0 else of - kept
        if of or mine:
            out.append(Liking(axis, name, weight, taste.sure(feature), kept, of, mine, 0.0,
                              f"{thing(axis, name)} ({_evidence(mine, shown, of)})"))
    return out


def _number(taste: Taste, axis: str, moves: dict[str, list[float]]) -> list[Liking]:
    feature, number = f"{axis} {LINEAR}", NUMBERS[axis]
    if feature not in taste.mean:
        return []
    more, of = _counted(moves, feature, LEAST_Z)
    mine, z = feature in taste.pinned, best_z(taste, axis)
    if not (of or mine):
        return []
    low = z < 0
    word = number.low if low else number.high
    value = number.value_of(z)
    shown = of - more if low else more
    text = f"about {value:.3g} {number.unit}" if mine and number.unit else f"{word} {number.thing}"
    return [Liking(axis, f"{value:.4g}", abs(taste.mean[feature]), taste.sure(feature), shown, of, mine, z,
                   f"{text} ({_evidence(mine, shown, of)})")]


def _hour(profile: Profile) -> list[Liking]:
    taste, hour = profile.taste, best_hour(profile.taste)
    if hour is None:
        return []
    cosine, sine = math.cos(angle_of(hour)), math.sin(angle_of(hour))
    along = [sum({"hour cos": cosine, "hour sin": sine}.get(name, 0.0) * value for name, value in one.difference)
             for one in profile.choices]
    moved = [value for value in along if abs(value) >= LEAST_ANGLE]
    mine = "hour cos" in taste.pinned
    if not (moved or mine):
        return []
    kept = sum(value > 0 for value in moved)
    weight = math.hypot(taste.mean.get("hour cos", 0.0), taste.mean.get("hour sin", 0.0))
    sure = max(taste.sure("hour cos"), taste.sure("hour sin"))
    return [Liking("hour", f"{hour:.1f}", weight, sure, kept, len(moved), mine, 0.0,
                   f"the {hour_word(hour)} ({_evidence(mine, kept, len(moved))})")]


def _counted(moves: dict[str, list[float]], feature: str, least: float) -> tuple[int, int]:
    """(for, all): choices in which what was chosen had clearly more of a feature, of those that differed in it."""
    moved = [value for value in moves.get(feature, ()) if abs(value) >= least]
    return sum(value > 0 for value in moved), len(moved)


def _evidence(mine: bool, kept: int, of: int) -> str:
    return ("as you set it" + (f"; {kept} of {of}" if of else "")) if mine else f"{kept} of {of}"


__all__ = ["Liking", "as_json", "likings", "sentences", "thing"]
