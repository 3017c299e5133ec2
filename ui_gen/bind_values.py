"""What a control takes: a value from a page, a file or a model, brought into the control's own type and bounds."""

from __future__ import annotations

import itertools
import math
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any, cast

import numpy as np

from modalities.faults import Unusable
from ui_gen.panel import Control, Pair

Keys = list[list[float]]
MOST_KEYS, MOST_TEXT, MOST_BRUSHES = 64, 400, 8
LEAST_SHOT = 1e-3
HEX = re.compile(r"#[0-9a-fA-F]{6}")


def accepted(control: Control, value: Any) -> Any:
    """The value in the control's own type and bounds: numbers are brought inside, anything else is refused.

    Idempotent. Raises Unusable with one sentence.
    """
    return TAKES[control.kind](control, value)


def number(control: Control, value: Any, bounds: Pair | None = None) -> float:
    """A finite number inside the bounds. Raises Unusable."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        raise Unusable(f"{control.label} needs a number.")
    try:
        found = float(value)
    except ValueError:
        raise Unusable(f"{control.label} needs a number.") from None
    if not math.isfinite(found):
        raise Unusable(f"{control.label} needs a finite number.")
    low, high = bounds or control.bounds or (-math.inf, math.inf)
    return min(max(found, low), high)


def listed(control: Control, value: Any, least: int, most: int, what: str) -> list[Any]:
    """A list of `least` to `most` entries. Raises Unusable."""
    if not isinstance(value, list | tuple) or not least <= len(cast(Sequence[Any], value)) <= most:
        raise Unusable(f"{control.label} needs {what}.")
    return list(cast(Sequence[Any], value))


def _slider(control: Control, value: Any) -> Any:
    found = number(control, value)
    whole = control.step is not None and float(control.step).is_integer() and isinstance(control.value, int)
    return round(found) if whole else found


def _switch(control: Control, value: Any) -> bool:
    if not isinstance(value, bool):
        raise Unusable(f"{control.label} is on or off.")
    return value


def _choice(control: Control, value: Any) -> str:
    if value not in (control.choices or ()):
        raise Unusable(f"{control.label} cannot be {str(value)[:40]!r}.")
    return str(value)


def _colour(control: Control, value: Any) -> str:
    if not isinstance(value, str) or not HEX.fullmatch(value.strip()):
        raise Unusable(f"{control.label} needs a colour such as #d08030.")
    return value.strip().lower()


def _range(control: Control, value: Any) -> list[float]:
    return [number(control, one) for one in listed(control, value, 2, 2, "two numbers, the first and the last")]


def _pad(control: Control, value: Any) -> list[float]:
    x, y = listed(control, value, 2, 2, "two numbers, across and up")
    return [number(control, x), number(control, y, control.bounds_y)]


def _keys(control: Control, value: Any, bounds: Sequence[Pair | None]) -> Keys:
    """Rows [u, number, …] in order of u, one row for each u; the last one said counts."""
    rows = listed(control, value, 1, MOST_KEYS, f"1 to {MOST_KEYS} points")
    table: dict[float, list[float]] = {}
    for row in rows:
        at, *rest = listed(control, row, 1 + len(bounds), 1 + len(bounds), f"points of {1 + len(bounds)} numbers")
        table[number(control, at, (0.0, 1.0))] = [number(control, one, bound)
                                                  for one, bound in zip(rest, bounds, strict=True)]
    return [[at, *table[at]] for at in sorted(table)]


def _mix(control: Control, value: Any) -> dict[str, float]:
    if not isinstance(value, Mapping):
        raise Unusable(f"{control.label} needs a weight for each name.")
    weights = cast(Mapping[Any, Any], value)
    for name in weights:
        if name not in (control.choices or ()):
            raise Unusable(f"{control.label} knows no {str(name)[:40]!r}.")
    found = {str(name): number(control, weight, (0.0, 1.0)) for name, weight in weights.items()}
    if sum(found.values()) <= 1e-6:
        raise Unusable(f"{control.label} needs at least one weight above 0.")
    return {name: found[name] for name in sorted(found) if found[name] > 0}


def _timeline(control: Control, value: Any) -> list[float]:
    count = len(control.binds)
    edges = [number(control, one) for one in
             listed(control, value, count + 1, count + 1, f"{count + 1} places, the ends included")]
    if any(b - a < LEAST_SHOT for a, b in itertools.pairwise(edges)):
        raise Unusable(f"{control.label}: every shot must end after it starts.")
    first, last = control.value[0], control.value[-1]
    if abs(edges[0] - first) > 1e-6 or abs(edges[-1] - last) > 1e-6:
        raise Unusable(f"{control.label}: the film's own two ends stay where they are.")
    return edges


def _brush(control: Control, value: Any) -> list[Any]:
    from pydantic import ValidationError

    from agent.direction import Brush

    found = listed(control, value, 0, MOST_BRUSHES, f"up to {MOST_BRUSHES} painted regions")
    try:
        return [Brush.model_validate(one).model_dump(mode="json") for one in found]
    except ValidationError as fault:
        said = fault.errors()[0]["msg"].removeprefix("Value error, ")
        raise Unusable(f"{control.label}: {said}.") from None


def _mask(control: Control, value: Any) -> list[float] | None:
    if value is None:
        return None
    return [number(control, one, (-1.0, 2.0)) for one in listed(control, value, 32, 32, "32 heights, left to right")]


def _roles(control: Control, value: Any) -> list[str]:
    found = listed(control, value, 0, 16, "a list of roles")
    for role in found:
        if role not in (control.choices or ()):
            raise Unusable(f"{control.label} cannot be used for {str(role)[:40]!r}.")
    return [str(role) for role in dict.fromkeys(found)]


def _text(control: Control, value: Any) -> str:
    if not isinstance(value, str):
        raise Unusable(f"{control.label} needs words.")
    kept = "".join(sign for sign in value if sign == "\n" or sign.isprintable()).strip()
    if not kept:
        raise Unusable(f"{control.label} needs at least one word.")
    return kept[:MOST_TEXT]


TAKES: dict[str, Callable[[Control, Any], Any]] = {
    "slider": _slider, "learned": _slider, "switch": _switch, "choice": _choice, "takes": _choice, "colour": _colour,
    "range": _range, "pad": _pad, "curve": lambda control, value: _keys(control, value, [control.bounds]),
    "camera": lambda control, value: _keys(control, value, [control.bounds, control.bounds_y]), "mix": _mix,
    "timeline": _timeline, "brush": _brush, "mask": _mask, "roles": _roles, "text": _text}


def oklch_of(hexed: str) -> list[float]:
    """[lightness 0..1, chroma 0..0.4, hue in degrees 0..360] of "#rrggbb" (Ottosson 2020)."""
    from world_model.colour import linear_to_oklab, oklab_to_oklch, srgb_to_linear

    rgb = np.array([int(hexed[k:k + 2], 16) for k in (1, 3, 5)]) / 255.0
    light, chroma, hue = oklab_to_oklch(linear_to_oklab(srgb_to_linear(rgb)))
    return [round(float(light), 4), round(float(chroma), 4), round(float(hue) % 360.0, 2)]


def hex_of(lch: Sequence[float]) -> str:
    """The nearest "#rrggbb" of an OKLCH triple."""
    from world_model.colour import linear_to_srgb, oklab_to_linear, oklch_to_oklab

    rgb = np.clip(linear_to_srgb(np.clip(oklab_to_linear(oklch_to_oklab(np.array(lch, np.float64))), 0, 1)), 0, 1)
    return "#" + "".join(f"{round(255 * float(one)):02x}" for one in rgb)


__all__ = ["Keys", "accepted", "hex_of", "number", "oklch_of"]
