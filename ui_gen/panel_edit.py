"""Changes to a panel that stands: JSON Patches (RFC 6902) with a reason, checked whole before they are taken.

The creator's hand comes first: what was touched or locked stays where it is and as it is, whoever writes the patch. A
patch that leaves anything wrong changes nothing.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import jsonpatch
import jsonpointer

from agent.direction import Direction
from modalities.engine import Engine
from modalities.faults import Unusable
from ui_gen.panel import Panel
from ui_gen.panel_check import read_panel

Patch = list[dict[str, Any]]
MOST_STEPS = 64


def edited(panel: Panel, patch: Patch, reason: str, direction: Direction, touched: Collection[str] = (),
           engine: Engine | None = None) -> Panel:
    """The next revision of a panel. touched: ids of controls that the creator moved; they and locked ones may not be
    changed or go. Raises Unusable with one sentence; the panel that was given is what it was."""
    if not reason.strip():
        raise Unusable("A change of a panel needs a reason.")
    if not 0 < len(patch) <= MOST_STEPS:
        raise Unusable(f"A change of a panel has 1 to {MOST_STEPS} steps, not {len(patch)}.")
    try:
        document = jsonpatch.apply_patch(panel.model_dump(mode="json"), patch)
    except (jsonpatch.JsonPatchException, jsonpointer.JsonPointerException, TypeError, KeyError) as fault:
        raise Unusable(f"The change does not fit this panel: {str(fault)[:120]}.") from None
    if not isinstance(document, dict):
        raise Unusable("The change leaves no panel.")
    after = read_panel(document | {"id": panel.id, "revision": panel.revision + 1, "reason": reason.strip()[:200]},
                       direction, engine)
    now = {control.id: control for control in after.controls}
    for control in panel.controls:
        if (control.locked or control.id in touched) and now.get(control.id) != control:
            raise Unusable(f"{control.label} is in the creator's hand and stays as it is.")
    return after


def difference(before: Panel, after: Panel) -> Patch:
    """The shortest patch from one panel to another, but for its own revision and reason."""
    mine, other = (one.model_dump(mode="json", exclude={"revision", "reason"}) for one in (before, after))
    return list(jsonpatch.make_patch(mine, other))


def taken_over(before: Panel, after: Panel, touched: Collection[str]) -> Panel:
    """A newly composed panel with what the creator touched or locked as it stood, in the same places where there is
    room: hands find things where they left them."""
    kept = {control.id: control for control in before.controls if control.locked or control.id in touched}
    sections = tuple(section.model_copy(update={"controls": tuple(
        kept.get(control.id, control) for control in section.controls)}) for section in after.sections)
    order = [section.title for section in before.sections]
    ranked = sorted(sections, key=lambda section: order.index(section.title) if section.title in order else len(order))
    return after.model_copy(update={"sections": tuple(ranked), "revision": before.revision + 1})


__all__ = ["Patch", "difference", "edited", "taken_over"]
