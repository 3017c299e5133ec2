"""What is wrong with a panel, in sentences; a panel with anything wrong never takes the place of a good one.

Panels come from our own catalogue, from a language model and from files, and all of them go through here: a bind that
leads nowhere, bounds that the Direction or the engine refuse, doubles, a fallback in a circle, more than seven in view,
anything that looks like markup or an address.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

from pydantic import ValidationError

from agent.direction import Direction
from agent.edits import apply_patch
from agent.unroll_values import number_at
from modalities.engine import Engine
from modalities.faults import Unusable
from ui_gen.bind import written
from ui_gen.bind_values import accepted
from ui_gen.measure_levels import ladder
from ui_gen.panel import BESIDE, Control, Panel
from ui_gen.probe import IN_SHOT
from world_model.vocabulary import PALETTES, STYLES

IN_VIEW = 7
LARGEST_BYTES = 256 << 10
# Tags, entities, addresses and links of markup; a sentence about rain has none of them.
MARKUP = re.compile(r"[<>`]|&#?\w+;|\]\s*\(|\b(?:https?|ftp|file|data|javascript|vbscript)\s*:|\bwww\.|\bon\w+\s*=",
                    re.I)
HIDDEN = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]")
NUMBERS = ("slider", "range", "pad", "curve", "camera", "learned")
NAMED = {"/world/look": STYLES, "/palette/name": PALETTES}


def read_panel(given: Any, direction: Direction, engine: Engine | None = None) -> Panel:
    """A panel out of untrusted JSON. Raises Unusable with the first thing that is wrong."""
    try:
        panel = Panel.model_validate(given)
    except ValidationError as fault:
        error = fault.errors()[0]
        where = "/" + "/".join(str(part) for part in error["loc"])
        raise Unusable(f"This is no panel: {where}: {error['msg'].lower()}.") from None
    except RecursionError:
        raise Unusable("This is no panel: it is nested too deeply.") from None
    wrong = faults(panel, direction, engine)
    if wrong:
        raise Unusable(f"This panel cannot be shown: {wrong[0]}")
    return panel


def faults(panel: Panel, direction: Direction, engine: Engine | None = None) -> tuple[str, ...]:
    """Everything that is wrong, one sentence each; empty for a panel that can be shown."""
    return tuple(_faults(panel, direction, engine))


def _faults(panel: Panel, direction: Direction, engine: Engine | None) -> Iterator[str]:
    controls = panel.controls
    if len(controls) > IN_VIEW:
        yield f"{len(controls)} controls are in view; {IN_VIEW} are the most."
    for ident, count in Counter(control.id for control in controls).items():
        if count > 1:
            yield f"Two controls are called {ident}."
    owners: dict[str, str] = {}
    for control in controls:
        for pointer in dict.fromkeys((*control.binds, *control.binds_y)):
            if pointer in owners and owners[pointer] != control.id:
                yield f"{owners[pointer]} and {control.id} both write {pointer[:80]}."
            owners[pointer] = control.id
    for text in _texts(panel):
        if MARKUP.search(text):
            yield f"{text[:40]!r} looks like markup or an address."
        elif HIDDEN.search(text):
            yield f"{text[:40]!r} has signs in it that cannot be seen."
    for control in controls:
        wrong = next(_wrong(control, direction, engine), None)
        if wrong is not None:
            yield wrong


def _texts(panel: Panel) -> Iterator[str]:
    yield from (panel.title, panel.reason)
    yield from (action.label for action in panel.actions)
    for section in panel.sections:
        yield section.title
        for control in section.controls:
            yield from (control.label, control.label_y, control.why, control.unit, *(control.choices or ()))
            if control.measured and isinstance(control.measured.get("words"), str):
                yield control.measured["words"]


def _wrong(control: Control, direction: Direction, engine: Engine | None) -> Iterator[str]:
    """What is wrong with one control, the plainest first."""
    name = control.id
    if control.fallback == control.kind:
        yield f"{name} falls back to itself."
    if control.kind in NUMBERS and control.bounds is None:
        yield f"{name} has no bounds."
    for bounds in (control.bounds, control.bounds_y):
        if bounds is not None and not bounds[0] < bounds[1]:
            yield f"{name} has bounds from {bounds[0]:g} to {bounds[1]:g}."
    if control.kind in ("choice", "mix", "takes", "roles") and not control.choices:
        yield f"{name} has nothing to choose from."
    if control.choices is not None and len(set(control.choices)) < len(control.choices):
        yield f"{name} offers the same thing twice."
    count = len(control.binds)
    if control.kind == "curve" and len(control.spans) != count:
        yield f"{name} does not say where each of its shots lies."
    if control.kind == "learned" and not len(control.gains) == len(control.bases) == len(control.limits) == count:
        yield f"{name} does not say what each of its numbers does."
    if control.kind == "camera" and count != 2:
        yield f"{name} needs two binds, distance and height."
    if control.shot is not None and control.shot not in {shot.id for shot in direction.shots}:
        yield f"{name} is for a shot {control.shot[:32]!r} that is not there."
    if control.kind in NUMBERS:
        yield from _beyond(control, direction)
    try:
        if accepted(control, control.value) != _plain(control.value) and control.kind not in ("brush", "mask"):
            yield f"{name} stands at {str(control.value)[:40]}, outside its own bounds."
        if control.kind not in BESIDE:
            yield from _refused(control, direction, engine)
    except Unusable as fault:
        yield str(fault)
    except (TypeError, ValueError, KeyError, IndexError, AttributeError):
        yield f"{name} has a value that a {control.kind} cannot have."


def _beyond(control: Control, direction: Direction) -> Iterator[str]:
    """Bounds that go beyond what the world takes for the number."""
    for binds, bounds in ((control.binds, control.bounds), (control.binds_y, control.bounds_y)):
        if bounds is None or control.kind in ("camera", "learned"):
            continue
        for pointer in binds:
            hit = IN_SHOT.match(pointer)
            if hit is None or int(hit[1]) >= len(direction.shots):
                continue
            try:
                number = number_at(direction.shots[int(hit[1])], f"/{pointer[hit.end():]}")
            except LookupError:
                continue
            if bounds[0] < number.low - 1e-6 or bounds[1] > number.high + 1e-6:
                yield (f"{control.id} goes from {bounds[0]:g} to {bounds[1]:g}; "
                       f"{number.low:g} to {number.high:g} is possible.")
                return


def _refused(control: Control, direction: Direction, engine: Engine | None) -> Iterator[str]:
    """Whether the Direction and the engine take the control's value and both its ends."""
    tried = ladder(control) if control.kind in (*NUMBERS, "choice", "switch", "mix") else ()
    values = [level.value for level in tried]
    ends = [values[0], values[-1]] if control.kind in NUMBERS and values else values
    if control.kind == "pad":
        ends += [[control.value[0], end] for end in control.bounds_y or ()]
    for value in [control.value, *ends] if control.kind not in ("brush", "mask") else [control.value]:
        for pointer in control.binds:
            known = next((names for ending, names in NAMED.items() if pointer.endswith(ending)), None)
            if known is not None and value not in known:
                yield f"{control.id} offers {str(value)[:40]!r}, which is not known here."
        try:
            patched = apply_patch(direction, written(direction, control, value), reason="checked")
        except Unusable as fault:
            yield f"{control.id}: {fault}"
            return
        if engine is not None and patched.engine.params != direction.engine.params:
            try:
                engine.Params.model_validate(patched.engine.params)
            except ValueError:
                yield f"{control.id}: {engine.card.title} does not take {str(value)[:40]!r}."
                return


def _plain(value: Any) -> Any:
    """Tuples as the lists that JSON has."""
    return [_plain(one) for one in value] if isinstance(value, list | tuple) else value
