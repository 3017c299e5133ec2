"""What a film or one step of it must not show."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from agent.brief import Trait
from agent.director_read import name_in, place_in
from world_model.vocabulary import BODIES, CAMERA_MOVES, GENRES, LIGHTS, PALETTES, SCALES, SETTINGS, STYLES, WEATHERS

Banned = Mapping[str, frozenset[str]]
AXES = ("setting", "body", "weather", "light", "palette", "look", "camera", "scale", "genre")
NOBODY = re.compile(r"\b(empty|deserted|lifeless|uninhabited|nobody|no one)\b", re.I)
# Words that refuse a part of what lives: the bodies they mean.
PEOPLE = ("walker",)
ANIMALS = tuple(kind for kind in BODIES if kind in ("bird", "bee", "butterfly", "fish", "whale", "jellyfish", "fox",
                                                    "dragon"))
REFUSED = {"people": PEOPLE, "person": PEOPLE, "humans": PEOPLE, "human": PEOPLE, "man": PEOPLE, "woman": PEOPLE,
           "animals": ANIMALS, "animal": ANIMALS, "creatures": ANIMALS}


def joined(one: Banned, other: Banned) -> Banned:
    """What is absent under both, with an entry for every axis."""
    return {axis: one.get(axis, frozenset()) | other.get(axis, frozenset()) for axis in AXES}


def banned_in(traits: list[Trait]) -> tuple[dict[str, frozenset[str]], bool]:
    """What must be absent, by axis (only those that were spoken of), and whether that is every body."""
    known: dict[str, Mapping[str, Any] | tuple[str, ...]] = {
        "setting": SETTINGS, "body": BODIES, "weather": WEATHERS, "light": LIGHTS, "palette": PALETTES, "look": STYLES,
        "camera": CAMERA_MOVES, "scale": SCALES, "genre": GENRES}
    banned: dict[str, set[str]] = {axis: set() for axis in known}
    nobody = False
    for trait in traits:
        axis = "look" if trait.axis == "style" else trait.axis
        if axis in ("empty", "nobody") and not trait.negated:
            nobody = bool(trait.value)
        if not trait.negated or axis not in known:
            continue
        values = trait.value if isinstance(trait.value, list | tuple) else [trait.value]
        for value in values:
            name = name_in(value, known[axis])
            if name:
                banned[axis].add(name)
            elif axis == "setting":
                banned[axis] |= {place for place, _ in place_in(value)}
            elif axis == "body":
                words = f"{trait.because} {value.get('word', '') if isinstance(value, Mapping) else value}".lower()
                meant = [kinds for word, kinds in REFUSED.items() if re.search(rf"\b{word}\b", words)]
                if meant:
                    banned[axis] |= {kind for kinds in meant for kind in kinds}
                else:
                    # A body of no known kind: nothing alive at all is the safe reading.
                    nobody = True
    return {axis: frozenset(names) for axis, names in banned.items() if names}, nobody
