"""How a taste leans in the director's own choices: only where a Brief leaves them open, and written into the Brief.

A trait of the axis `taste` holds what leans: {"look": {"noir": 1.2}, "camera_speed": {"z": -0.8}, …}, odds of e for
names, spreads from the usual for numbers. A Brief without that trait is directed as if nobody had ever chosen anything.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import TypeVar

from agent.brief import Trait
from agent.profile_axes import NAMED, NUMBERS, angle_of

Leans = Mapping[str, Mapping[str, float]]
Name = TypeVar("Name", bound=str)
AXIS = "taste"
# The director's own choice stands unless another is worth this much more.
OWN = 0.35
# Beyond the director's own list only what is worth this much comes in.
WANTED = 0.5
PACED = 0.5


def leans_of(traits: Sequence[Trait]) -> Leans:
    """What leans in a Brief; whatever cannot be read is left out."""
    found: dict[str, dict[str, float]] = {}
    for trait in traits:
        if trait.axis != AXIS or trait.negated or not isinstance(trait.value, Mapping):
            continue
        for axis, values in trait.value.items():
            if isinstance(axis, str) and isinstance(values, Mapping):
                found[axis] = {str(name): max(-9.0, min(9.0, float(value))) for name, value in values.items()
                               if isinstance(value, (int, float)) and math.isfinite(value)}
    return found


def picked(leans: Leans, axis: str, options: Sequence[Name], own: Name) -> Name:
    """The option that is worth most; the director's own where none is worth clearly more."""
    worth = leans.get(axis)
    if not worth or not options:
        return own
    best = max(options, key=lambda name: worth.get(name, 0.0))
    return best if worth.get(best, 0.0) > worth.get(own, 0.0) + OWN else own


def wanted(leans: Leans, axis: str, banned: frozenset[str] = frozenset()) -> list[str]:
    """The names of an axis that are wanted enough to come in where the director has no list, in fixed order."""
    worth = leans.get(axis, {})
    return [name for name in NAMED[axis] if worth.get(name, 0.0) > WANTED and name not in banned]


def hours_worth(leans: Leans, hour: float) -> float:
    """What an hour is worth."""
    worth, angle = leans.get("hour", {}), angle_of(hour)
    return worth.get("cos", 0.0) * math.cos(angle) + worth.get("sin", 0.0) * math.sin(angle)


def hour_among(leans: Leans, hours: Sequence[float]) -> float:
    """The hour that is worth most of those the director has; the first where none is worth clearly more."""
    best = max(hours, key=lambda hour: hours_worth(leans, hour))
    return best if hours_worth(leans, best) > hours_worth(leans, hours[0]) + OWN else hours[0]


def z_of(leans: Leans, axis: str) -> float:
    """How far a number leans, in spreads from the usual, within ±1.5."""
    return max(-1.5, min(1.5, leans.get(axis, {}).get("z", 0.0)))


def speed_factor(leans: Leans) -> float:
    """By what the camera's speed is multiplied."""
    return 2.0 ** (z_of(leans, "camera_speed") * NUMBERS["camera_speed"].spread)


def chroma_factor(leans: Leans) -> float:
    """By what the strength of colours is multiplied."""
    number = NUMBERS["colour"]
    return number.value_of(z_of(leans, "colour")) / number.usual


def pacing_of(leans: Leans) -> str | None:
    """"fast" or "slow" where many or few cuts are liked."""
    z = z_of(leans, "cut_rate")
    return "fast" if z > PACED else "slow" if z < -PACED else None


def sky_among(leans: Leans, indoors: bool, banned: frozenset[str]) -> str | None:
    """The weather that is liked, if one is liked clearly more than a clear sky."""
    options = wanted(leans, "weather", banned)
    sky = None if indoors or not options else picked(leans, "weather", options, "clear")
    return None if sky == "clear" else sky


__all__ = ["AXIS", "Leans", "chroma_factor", "hour_among", "leans_of", "pacing_of", "picked", "sky_among",
           "speed_factor", "wanted", "z_of"]

