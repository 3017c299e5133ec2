"""From a moved control to a patch of the Direction. Every value is checked against its own control first."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from agent.direction import Direction
from agent.edits import Patch, patch_for, pointers
from modalities.faults import Unusable
from ui_gen.bind_values import Keys, accepted, oklch_of
from ui_gen.panel import BESIDE, Control, Pair, Panel

__all__ = ["accepted", "patch_of", "written"]


def patch_of(direction: Direction, panel: Panel, values: dict[str, Any]) -> Patch:
    """The patch for every control whose value differs from what the panel showed. Raises Unusable."""
    patch: Patch = []
    for control in panel.controls:
        if control.id not in values or control.kind in BESIDE:
            continue
        value = accepted(control, values[control.id])
        if value != control.value:
            patch += written(direction, control, value)
    return patch


def written(direction: Direction, control: Control, value: Any) -> Patch:
    """The patch that an accepted value of a control is. Raises Unusable where a bind leads nowhere."""
    return WRITES[control.kind](direction, control, value)


def _everywhere(direction: Direction, control: Control, value: Any) -> Patch:
    return [step for pointer in control.binds for step in patch_for(direction, pointer, value)]


def _switch(direction: Direction, control: Control, value: bool) -> Patch:
    ends = control.choices
    return _everywhere(direction, control, value if ends is None else ends[int(value)])


def _range(direction: Direction, control: Control, value: list[float]) -> Patch:
    way = np.linspace(value[0], value[1], len(control.binds)) if len(control.binds) > 1 else np.array(value[:1])
    return [step for pointer, one in zip(control.binds, way, strict=True)
            for step in patch_for(direction, pointer, round(float(one), 4))]


def _pad(direction: Direction, control: Control, value: list[float]) -> Patch:
    """Two numbers through two sets of binds; without a second set a place in the frame, (right, down)."""
    if not control.binds_y:
        return _everywhere(direction, control, [value[0], round(1.0 - value[1], 4)])
    return [step for binds, one in ((control.binds, value[0]), (control.binds_y, value[1])) for pointer in binds
            for step in patch_for(direction, pointer, one)]


def _curve(direction: Direction, control: Control, value: Keys) -> Patch:
    out: Patch = []
    for pointer, span in zip(control.binds, control.spans, strict=True):
        shot, inner = _split(pointer)
        if not pointers(direction.model_dump(mode="json"), pointer):
            raise Unusable(f"{pointer[:120]} is not in this Direction.")
        name = inner.replace("~", "~0").replace("/", "~1")
        out.append({"op": "add", "path": f"/shots/{shot}/curves/{name}", "value": inside(value, span)})
    return out


def inside(keys: Keys, span: Pair) -> Keys:
    """Film-wide keys [[u, value], …] as a shot's own over its span, joined straight: the same value at the same
    moment at both ends and at every key."""
    start, end = span
    at, value = np.array([key[0] for key in keys]), np.array([key[1] for key in keys])
    moments = sorted({start, end, *(float(u) for u in at if start < u < end)})
    length = max(end - start, 1e-9)
    return [[round((u - start) / length, 5), round(float(np.interp(u, at, value)), 5)] for u in moments]


def _camera(direction: Direction, control: Control, value: Keys) -> Patch:
    """Columns of the rows, one bind each: a missing curve is put in, a present one replaced."""
    return [{"op": "add", "path": pointer, "value": [[row[0], row[column]] for row in value]}
            for column, pointer in enumerate(control.binds, 1)]


def _learned(direction: Direction, control: Control, value: float) -> Patch:
    out: Patch = []
    for pointer, base, gain, (low, high) in zip(control.binds, control.bases, control.gains, control.limits,
                                                strict=True):
        out += patch_for(direction, pointer, round(min(max(base + value * gain, low), high), 5))
    return out


def _timeline(direction: Direction, control: Control, value: list[float]) -> Patch:
    unit = "bars" if control.unit == "bars" else "s"
    return [{"op": "replace", "path": pointer, "value": {unit: [round(a, 6), round(b, 6)]}}
            for pointer, a, b in zip(control.binds, value, value[1:], strict=False)]


def _beside(direction: Direction, control: Control, value: Any) -> Patch:
    return []


def _split(pointer: str) -> tuple[str, str]:
    """("2", "/world/weather/rain") of "/shots/2/world/weather/rain"."""
    _, first, shot, inner = pointer.split("/", 3)
    if first != "shots":
        raise Unusable(f"{pointer[:120]} is no number of a shot.")
    return shot, f"/{inner}"


WRITES: dict[str, Callable[[Direction, Control, Any], Patch]] = {
    "slider": _everywhere, "choice": _everywhere, "text": _everywhere, "mix": _everywhere, "brush": _everywhere,
    "mask": _everywhere, "switch": _switch, "range": _range, "pad": _pad, "curve": _curve, "camera": _camera,
    "learned": _learned, "timeline": _timeline, "takes": _beside, "roles": _beside,
    "colour": lambda direction, control, value: _everywhere(direction, control, oklch_of(value))}
