"""The values at which a control is tried: four over its bounds, or some of what can be chosen."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from ui_gen.panel import Control

LEVELS = 4
MOST_OPTIONS = 5


@dataclass(frozen=True)
class Level:
    """value: as the control takes it; at: the number it stands at, None among things that are chosen; name: of what is
    chosen; between: the value at any other number, where there are such."""

    value: Any
    at: float | None = None
    name: str = ""
    between: Callable[[float], Any] | None = None


def ladder(control: Control) -> tuple[Level, ...]:
    """The levels of a control, at least two. Numbers rise; the names of what is chosen come in their own order."""
    make = _BETWEEN.get(control.kind)
    if make is not None and control.bounds is not None:
        low, high = control.bounds
        if control.unit == "h" and high - low >= 24.0:
            high = low + (high - low) * 0.8  # both ends of a day are the same midnight
        between = make(control)
        return tuple(Level(between(float(at)), float(at), between=between) for at in np.linspace(low, high, LEVELS))
    return tuple(Level(value, name=name) for name, value in _options(control))


def _spread(names: tuple[str, ...], first: Any) -> list[str]:
    """Up to MOST_OPTIONS of the names, what is chosen now among them."""
    others = [name for name in names if name != first]
    if len(others) >= MOST_OPTIONS:
        others = [others[int(k)] for k in np.linspace(0, len(others) - 1, MOST_OPTIONS - 1)]
    return ([first] if first in names else []) + others


def _options(control: Control) -> list[tuple[str, Any]]:
    names = control.choices or ()
    if control.kind == "switch":
        return [("off", False), ("on", True)]
    if control.kind == "choice":
        return [(name, name) for name in _spread(names, control.value)]
    if control.kind == "mix":
        return [(name, {name: 1.0}) for name in _spread(names, max(control.value, key=control.value.get))]
    if control.kind == "colour":
        return [(value, value) for value in dict.fromkeys((control.value, "#c8402c", "#2e8b57", "#2f5fc4", "#e8c040"))]
    if control.kind == "timeline":
        return [("as it is", control.value), ("a cut moved", _moved_cut(control))]
    if control.kind == "mask":
        flat, hill = [0.55] * 32, [0.6 - 0.35 * float(np.sin(np.pi * k / 31)) for k in range(32)]
        return [("flat", flat), ("a hill", hill)]
    return [("as it is", control.value), ("painted", [{
        "region": [[0.05, 0.05], [0.95, 0.05], [0.95, 0.95], [0.05, 0.95]], "direction": [0.3, 0.0]}])]


def _moved_cut(control: Control) -> list[float]:
    """The timeline with its roomiest inner cut moved by a step of the grid or half the room."""
    edges = [float(edge) for edge in control.value]
    if len(edges) < 3:
        return edges
    room = [edges[k + 1] - edges[k] for k in range(1, len(edges) - 1)]
    at = 1 + int(np.argmax(room))
    by = min(control.step or 0.5, 0.5 * (edges[at + 1] - edges[at]))
    return [edge + (by if k == at else 0.0) for k, edge in enumerate(edges)]


def _pad(control: Control) -> Callable[[float], Any]:
    return lambda at: [at, control.value[1]]


def _camera(control: Control) -> Callable[[float], Any]:
    """The whole way nearer or farther: every point's distance in proportion, its middle at the value."""
    rows = control.value
    middle = float(np.mean([row[1] for row in rows])) or 1.0
    return lambda at: [[row[0], row[1] * at / middle, row[2]] for row in rows]


_BETWEEN: dict[str, Callable[[Control], Callable[[float], Any]]] = {
    "slider": lambda control: _number(control), "learned": lambda control: _number(control), "pad": _pad,
    "range": lambda control: lambda at: [at, at], "curve": lambda control: lambda at: [[0.0, at], [1.0, at]],
    "camera": _camera}


def _number(control: Control) -> Callable[[float], Any]:
    whole = control.step is not None and float(control.step).is_integer() and isinstance(control.value, int)
    return (lambda at: round(at)) if whole else (lambda at: at)
