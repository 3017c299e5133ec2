"""Single values of a Brief: names, numbers, places, colours, bodies and moods, or None for what cannot be read."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from agent.director_tables import COLOURS, MOODS, SIZE_WORDS, SPEED_WORDS
from world_model.vocabulary import BODIES, GAITS, SETTINGS

LCH = tuple[float, float, float]


@dataclass(frozen=True)
class BodyWish:
    """A body that was asked for; None means: as the director likes."""

    kind: str
    count: int | None = None
    word: str | None = None
    gait: str | None = None
    size_factor: float = 1.0
    speed_factor: float = 1.0
    colour: LCH | None = None
    glow: float | None = None
    # The same through a whole story; None: as the director counts.
    identity: str | None = None


def number(value: Any, low: float, high: float) -> float | None:
    """A finite number within bounds (clipped), or None for anything else."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        return None
    return min(high, max(low, float(value)))


def name_in(value: Any, known: Mapping[str, Any] | tuple[str, ...]) -> str | None:
    """A known name out of a name or a record that holds one under name, word or kind."""
    if isinstance(value, Mapping):
        for key in ("name", "kind", "value", "move", "word"):
            found = name_in(value.get(key), known)
            if found:
                return found
        return None
    if not isinstance(value, str):
        return None
    word = value.strip().lower().replace("-", "_").replace(" ", "_")
    return word if word in known else None


def place_in(value: Any) -> tuple[tuple[str, float], ...]:
    """A mixture over settings out of a name, a list of names or a record of weights."""
    if isinstance(value, str):
        name = name_in(value, SETTINGS)
        return ((name, 1.0),) if name else ()
    if isinstance(value, list | tuple):
        names = [name for name in (name_in(item, SETTINGS) for item in value) if name]
        return tuple((name, 1.0 / len(names)) for name in dict.fromkeys(names))
    if isinstance(value, Mapping):
        weights = {str(key): number(weight, 0.0, 1e6) for key, weight in value.items() if str(key) in SETTINGS}
        kept = {key: weight for key, weight in weights.items() if weight}
        if kept:
            total = sum(kept.values())
            return tuple((key, weight / total) for key, weight in kept.items())
        name = name_in(value, SETTINGS)
        return ((name, 1.0),) if name else ()
    return ()


def colour_in(value: Any) -> LCH | None:
    """OKLCH of a colour word or of three numbers in range."""
    if isinstance(value, str):
        words = value.lower().replace("-", " ").split()
        found = [COLOURS[word] for word in words if word in COLOURS]
        if not found:
            return None
        lightness, chroma, hue = found[-1]
        shift = 0.12 * bool({"light", "pale"} & set(words)) - 0.14 * bool({"dark", "deep"} & set(words))
        return min(0.97, max(0.12, lightness + shift)), chroma, hue
    if isinstance(value, list | tuple) and len(value) == 3:
        numbers = [number(part, low, high) for part, low, high in zip(value, (0, 0, 0), (1, 0.4, 360), strict=True)]
        if all(part is not None for part in numbers):
            return numbers[0] or 0.0, numbers[1] or 0.0, numbers[2] or 0.0
    if isinstance(value, Mapping):
        for key in ("lch", "oklch", "word", "name", "value"):
            found = colour_in(value.get(key))
            if found:
                return found
    return None


def _factor(value: Any, words: Mapping[str, float]) -> float:
    if isinstance(value, str):
        return next((factor for word, factor in words.items() if word in value.lower().split()), 1.0)
    return number(value, 0.05, 10.0) or 1.0


def body_in(value: Any) -> BodyWish | None:
    """A body out of a name or a record {"kind", "count", "word", "colour", "gait", "size", "speed"}."""
    kind = name_in(value, BODIES)
    if kind is None:
        return None
    if not isinstance(value, Mapping):
        return BodyWish(kind)
    count, glow = number(value.get("count"), 1, 48), number(value.get("glow"), 0, 1)
    word = value.get("word")
    word = word[:60] if isinstance(word, str) and word else None
    identity = value.get("id")
    known = isinstance(identity, str) and re.fullmatch(r"[a-z0-9_]{1,32}", identity) is not None
    return BodyWish(kind, None if count is None else round(count), word,
                    name_in(value.get("gait"), GAITS), _factor(value.get("size"), SIZE_WORDS),
                    _factor(value.get("speed"), SPEED_WORDS), colour_in(value.get("colour")), glow,
                    str(identity) if known else None)


def mood_in(value: Any) -> tuple[float, float] | None:
    """(valence, arousal) of a mood word."""
    word = str(value.get("word", value.get("name", ""))) if isinstance(value, Mapping) else value
    if not isinstance(word, str):
        return None
    return next((mood for start, mood in MOODS.items() if word.strip().lower().startswith(start)), None)
