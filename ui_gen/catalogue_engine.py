"""Controls that an engine's own card offers: every knob of its Params that acts on a take."""

from __future__ import annotations

from typing import Any

from agent.direction import Direction
from modalities.engine import Engine
from ui_gen.candidate import Candidate
from ui_gen.panel import Control

ACTING = ("take", "live")
# A model that has to be fetched cannot be tried for every knob: of its knobs only those marked "panel" are offered, and
# they say that they were not tried.
UNTRIED = "Not tried on this film: a try takes as long as a take."


def engine_controls(direction: Direction, engine: Engine | None) -> list[Candidate]:
    """One candidate for each bounded number, choice or switch of the engine's Params in the phases take and live."""
    if engine is None or engine.card.id != direction.engine.id:
        return []
    found: list[Candidate] = []
    for name, field in engine.Params.model_json_schema().get("properties", {}).items():
        large = bool(engine.card.needs.sets)
        if field.get("phase") not in ACTING or (large and not field.get("panel")):
            continue
        control = _control(engine, name, field, direction.engine.params.get(name, field.get("default")))
        if control is not None:
            found.append(Candidate("look", engine.card.title[:40], 0.9 if large else 0.5, control))
    return found


def _control(engine: Engine, name: str, field: dict[str, Any], value: Any) -> Control | None:
    low, high = field.get("minimum"), field.get("maximum")
    common: dict[str, Any] = {
        "id": f"engine_{name}"[:48], "label": name.replace("_", " ").capitalize()[:40], "source": "engine",
        "binds": (f"/engine/params/{name}",), "unit": str(field.get("unit", ""))[:16],
        "why": f"{field.get('description', '')}. {UNTRIED}"[:200] if engine.card.needs.sets else
               str(field.get("description", ""))[:200]}
    if "enum" in field:
        return Control(kind="choice", value=value, choices=tuple(str(one) for one in field["enum"]), **common)
    if field.get("type") == "boolean":
        return Control(kind="switch", value=bool(value), **common)
    if field.get("type") in ("integer", "number") and low is not None and high is not None:
        whole = field["type"] == "integer"
        step = 1.0 if whole else round((high - low) / 50, 4)
        return Control(kind="slider", value=int(value) if whole else float(value), bounds=(low, high), step=step,
                       **common)
    return None
