"""Controls that a sound engine's own knobs offer. A try would take as long as the music itself: none is made."""

from __future__ import annotations

from typing import Any

from agent.direction import Direction
from modalities.engines.sound.catalogue import PLAIN, sound_engines
from modalities.engines.sound.voice import missing_voice
from ui_gen.candidate import Candidate
from ui_gen.catalogue_engine import UNTRIED
from ui_gen.panel import Control

POINTER = "/sound/params/"


def sound_engine_controls(direction: Direction) -> list[Candidate]:
    """The knobs marked "panel" of the engine that plays; narration where there are lines and a voice to speak them."""
    engine = next((one for one in sound_engines() if one.card.id == direction.sound.id), None)
    if engine is None:
        return []
    spoken = any(title.kind == "subtitle" for title in direction.titles) and missing_voice() is None
    found: list[Candidate] = []
    for name, field in engine.Params.model_json_schema().get("properties", {}).items():
        if not field.get("panel") or (name == "narrate" and not spoken):
            continue
        control = _control(name, field, direction.sound.params.get(name, field.get("default")))
        weight = 0.9 if engine.card.id != PLAIN else 0.4
        found.append(Candidate("sound", engine.card.title[:40], weight, control))
    return found


def _control(name: str, field: dict[str, Any], value: Any) -> Control:
    common: dict[str, Any] = {
        "id": f"sound_{name}"[:48], "label": name.replace("_", " ").capitalize()[:40], "source": "engine",
        "binds": (f"{POINTER}{name}",), "unit": str(field.get("unit", ""))[:16],
        "why": f"{field.get('description', '')}. {UNTRIED}"[:200]}
    if field.get("type") == "boolean":
        return Control(kind="switch", value=bool(value), **common)
    low, high = float(field["minimum"]), float(field["maximum"])
    return Control(kind="slider", value=float(value), bounds=(low, high), step=round((high - low) / 50, 4), **common)
