"""From a moved control to a patch of the Direction. Every value is checked against its own control."""

from __future__ import annotations

import math
from typing import Any

from agent.direction import Direction
from agent.edits import Patch, patch_for
from modalities.faults import Unusable
from ui_gen.panel import Control, Panel


def accepted(control: Control, value: Any) -> Any:
    """The value in the control's own type and bounds. Raises Unusable."""
    if control.kind == "choice":
        if value not in (control.choices or ()):
            raise Unusable(f"{control.label} cannot be {str(value)[:40]!r}.")
        return value
    if control.kind == "switch":
        return bool(value)
    if control.kind in ("slider", "pad"):
        try:
            number = float(value)
        except (TypeError, ValueError):
            raise Unusable(f"{control.label} needs a number.") from None
        low, high = control.bounds or (-math.inf, math.inf)
        if not math.isfinite(number):
            raise Unusable(f"{control.label} needs a finite number.")
        number = min(max(number, low), high)
        return round(number) if control.step is not None and float(control.step).is_integer() and \
            isinstance(control.value, int) else number
    return str(value)[:400]


def patch_of(direction: Direction, panel: Panel, values: dict[str, Any]) -> Patch:
    """The patch for every control whose value differs from what the panel showed."""
    patch: Patch = []
    for control in panel.controls:
        if control.id not in values:
            continue
        value = accepted(control, values[control.id])
        if value == control.value:
            continue
        for pointer in control.binds:
            patch += patch_for(direction, pointer, value)
    return patch
