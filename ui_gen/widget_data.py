"""What a widget is given, as data: checked numbers and plain text of one control, and what its moving was measured to
do, in words and as a small curve."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from typing import Any, cast
from urllib.parse import quote

from ui_gen.panel import Control, Pair

MOST_POINTS, MOST_NAMES, MOST_WORDS = 16, 6, 160
# Numbers of a row that are drawn within bounds, and those within bounds_y; u comes first in a row.
ROWS = {"curve": (1, None), "camera": (1, 2)}


def widget_data(control: Control, take: str, *, lockable: bool = False,
                thumbs: Mapping[str, str] | None = None) -> dict[str, Any]:
    """Everything a widget's script reads beside the value. thumbs: addresses of small pictures by take id."""
    bounds, bounds_y = drawn_bounds(control)
    data: dict[str, Any] = {
        "id": control.id, "kind": control.kind, "label": control.label, "label_y": control.label_y,
        "unit": control.unit, "why": control.why, "bounds": bounds, "bounds_y": bounds_y, "step": control.step,
        "start": control.value,
        "choices": list(control.choices) if control.choices else None, "spans": [list(one) for one in control.spans],
        "span": list(control.span) if control.span else None, "locked": control.locked, "lockable": lockable,
        "tag": tag_of(control), "measured": measured_data(control)}
    if control.kind == "brush":
        data["pad"] = f"/pad?take={quote(take, safe='')}#move"
    if control.kind == "mask":
        data["poster"] = f"/pad/poster/{quote(take, safe='')}"
    if control.kind == "takes":
        data["thumbs"] = {name: thumbs[name] for name in control.choices or () if thumbs and name in thumbs}
    return data


def tag_of(control: Control) -> str:
    """A word or two beside the label: the shot a control is for, or that the creator made it."""
    if control.shot is not None and "shot" not in control.label.lower():
        return f"shot {control.shot.removeprefix('s')}"
    return "yours" if control.source == "creator" else ""


def drawn_bounds(control: Control) -> tuple[list[float] | None, list[float] | None]:
    """Bounds to draw within: the control's own, else a little more than what its value takes up; None for kinds that
    are drawn without."""
    value: Any = control.value
    if control.kind in ROWS:
        first, second = ROWS[control.kind]
        return (_around(control.bounds, (row[first] for row in value)),
                _around(control.bounds_y, (row[second] for row in value)) if second is not None else None)
    if control.kind == "pad":
        return _around(control.bounds, value[:1]), _around(control.bounds_y, value[1:2])
    if control.kind == "range":
        return _around(control.bounds, value), None
    return (list(control.bounds) if control.bounds else None), None


def _around(bounds: Pair | None, numbers: Iterable[float]) -> list[float]:
    if bounds is not None and bounds[1] > bounds[0]:
        return list(bounds)
    found = [float(one) for one in numbers] or [0.0]
    low, high = min(0.0, *found), max(0.0, *found)
    return [low * 1.5, high * 1.5] if high > low else [0.0, 1.0]


def measured_data(control: Control) -> dict[str, Any] | None:
    """{"told": [sentence, …], "points": [[value, response 0..1], …], "live": [low, high] or None}, or None where
    nothing was measured. What is no number or no text is left out."""
    given = control.measured
    if not given:
        return None
    points = sorted([pair[0], min(max(pair[1], 0.0), 1.0)] for pair in map(_pair, _list(given.get("curve"))) if pair)
    live = _pair(given.get("live"))
    if live is not None and control.bounds is not None:
        low, high = control.bounds
        live = [min(max(live[0], low), high), min(max(live[1], low), high)]
        live = live if live[1] > live[0] else None
    told = _sentences(control, given, live)
    if not told and not points:
        return None
    return {"told": told, "points": points[:MOST_POINTS], "live": live}


def _sentences(control: Control, given: Mapping[str, Any], live: list[float] | None) -> list[str]:
    words, interval = _words(given.get("words")), _pair(given.get("interval"))
    leaks, alike = _names(given.get("leaks")), _names(given.get("dead"))
    out = [f"{words.rstrip('.')}." if words else ""]
    if interval is not None and interval[1] > interval[0]:
        size = f"{_plain(interval[0])} to {_plain(interval[1])} {_words(given.get('unit'))}".rstrip()
        out.append(f"Tried on this film: {size}, at 95\u202f%.")
    if live is not None and control.bounds is not None and tuple(live) != control.bounds and "works from" not in words:
        unit = f" {control.unit}" if control.unit else ""
        out.append(f"Works from {_plain(live[0])} to {_plain(live[1])}{unit}; beyond, nothing more happens here.")
    if leaks:
        out.append(f"Also moves: {', '.join(leaks)}.")
    if alike:
        out.append(f"No different here: {', '.join(alike)}.")
    return [one for one in out if one]


def _words(given: Any) -> str:
    return given.strip()[:MOST_WORDS] if isinstance(given, str) else ""


def _names(given: Any) -> list[str]:
    return [one[:40] for one in _list(given) if isinstance(one, str)][:MOST_NAMES]


def _plain(number: float) -> str:
    return f"{number:.3g}".replace("-", "−")


def _list(given: Any) -> list[Any]:
    return list(cast(Iterable[Any], given))[:64] if isinstance(given, list | tuple) else []


def _pair(given: Any) -> list[float] | None:
    found = _list(given)
    if len(found) != 2 or any(isinstance(one, bool) or not isinstance(one, int | float) for one in found):
        return None
    return [float(one) for one in found] if all(math.isfinite(one) for one in found) else None


__all__ = ["drawn_bounds", "measured_data", "tag_of", "widget_data"]
