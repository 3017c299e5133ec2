"""The schema of panels as published, and a flat one of the same source that language models can be held to.

Strict modes of model servers refuse `oneOf`, defaults and length limits, and a model that writes values invents them.
So a model names controls, where they write and how they are called; what they stand at is read from the Direction, and
the whole goes through `panel_check` like any other panel.
"""

from __future__ import annotations

from typing import Any, cast

from pydantic import BaseModel, ConfigDict, ValidationError

from agent.direction import Direction
from agent.edits import pointers
from modalities.engine import Engine
from modalities.faults import Unusable
from ui_gen.bind_values import hex_of
from ui_gen.catalogue import candidates
from ui_gen.compose import ACTIONS
from ui_gen.panel import KINDS, Panel
from ui_gen.panel_check import read_panel

# Kinds a model may write by itself; the others it can take from the catalogue by their id.
WRITTEN = ("slider", "switch", "choice", "colour", "text")
DROPPED = ("default", "title", "minItems", "maxItems", "minLength", "maxLength", "minimum", "maximum", "pattern",
           "exclusiveMinimum", "exclusiveMaximum")


class FlatControl(BaseModel):
    """id: of a control of the catalogue, which then brings its own kind, binds and bounds; or a new name with `kind`,
    `binds`, `low` and `high` (numbers) or `choices`."""

    model_config = ConfigDict(extra="forbid", allow_inf_nan=False)
    id: str
    section: str
    label: str
    why: str
    kind: str
    binds: list[str]
    low: float | None
    high: float | None
    choices: list[str]


class FlatPanel(BaseModel):
    model_config = ConfigDict(extra="forbid")
    title: str
    reason: str
    controls: list[FlatControl]


def panel_schema() -> dict[str, Any]:
    """JSON schema (2020-12) of a whole panel, with what each kind holds."""
    return Panel.model_json_schema() | {"$id": "urn:beecam:schema:panel:1"}


def flat_schema() -> dict[str, Any]:
    """JSON schema for structured output: every field required, nothing extra, no limits, no unions of objects."""
    found = _strict(FlatPanel.model_json_schema(), False)
    found["$defs"]["FlatControl"]["properties"]["kind"] = {"type": "string", "enum": list(KINDS)}
    return cast(dict[str, Any], found)


def _strict(node: Any, names: bool) -> Any:
    if isinstance(node, list):
        return [_strict(one, False) for one in cast(list[Any], node)]
    if not isinstance(node, dict):
        return node
    given = cast(dict[str, Any], node)
    kept = {key: _strict(value, key in ("properties", "$defs")) for key, value in given.items()
            if names or key not in DROPPED}
    if not names and kept.get("type") == "object" and "properties" in kept:
        kept |= {"required": list(kept["properties"]), "additionalProperties": False}
    return kept


def read_flat(given: Any, direction: Direction, engine: Engine | None = None) -> Panel:
    """The panel that a model wrote. Raises Unusable with the first thing that is wrong."""
    try:
        flat = FlatPanel.model_validate(given)
    except (ValidationError, RecursionError) as fault:
        said = fault.errors()[0] if isinstance(fault, ValidationError) else {"loc": (), "msg": "nested too deeply"}
        where = "/" + "/".join(str(part) for part in said["loc"])
        raise Unusable(f"This is no panel: {where}: {str(said['msg']).lower()}.") from None
    known = {one.control.id: one.control for one in candidates(direction, engine)}
    sections: dict[str, list[dict[str, Any]]] = {}
    for one in flat.controls:
        if one.id in known:
            own = known[one.id].model_dump(mode="json")
            own |= {"label": one.label or own["label"], "why": one.why[:200], "source": "model"}
        else:
            own = _new(one, direction)
        sections.setdefault(one.section, []).append(own)
    return read_panel({"id": f"panel_{direction.id}"[:64], "title": flat.title, "reason": flat.reason[:200],
                       "sections": [{"title": title, "controls": found} for title, found in sections.items()],
                       "actions": [action.model_dump() for action in ACTIONS]}, direction, engine)


def _new(one: FlatControl, direction: Direction) -> dict[str, Any]:
    """A control of the model's own, standing where the Direction stands."""
    if one.kind not in WRITTEN:
        raise Unusable(f"{one.id[:48]}: a new control is one of {', '.join(WRITTEN)}; others come from the catalogue.")
    found = [pointer for bind in one.binds[:200] for pointer in pointers(direction.model_dump(mode="json"), bind)]
    if not found:
        raise Unusable(f"{one.id[:48]}: {', '.join(one.binds)[:80] or 'no pointer'} is not in this Direction.")
    value = _value(direction.model_dump(mode="json"), found[0])
    control: dict[str, Any] = {"id": one.id, "label": one.label, "kind": one.kind, "binds": found, "value": value,
                               "why": one.why[:200], "source": "model"}
    if one.kind == "slider":
        if one.low is None or one.high is None:
            raise Unusable(f"{one.id[:48]} needs low and high.")
        control |= {"bounds": [one.low, one.high], "step": (one.high - one.low) / 50}
    elif one.kind == "colour":
        control["value"] = hex_of(cast(list[float], value)) if isinstance(value, list) else "#808080"
    elif one.kind == "choice":
        control["choices"] = one.choices
    return control


def _value(document: Any, pointer: str) -> Any:
    at = document
    for part in pointer.split("/")[1:]:
        at = at[int(part)] if isinstance(at, list) else at[part.replace("~1", "/").replace("~0", "~")]
    return cast(Any, at)
