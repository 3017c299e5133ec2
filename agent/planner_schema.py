"""The two flat forms a chat model fills in: what a request asks for, and what a next line asks for.

Every field is always there, an empty text or 0 means "not said", every name is one of a list, nothing refers to
anything else: what strict servers, grammars and small models all take. No field names a file, an engine, a size or a
command.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from agent.director_tables import COLOURS, INSTRUMENTS
from agent.lexicon.moods import MOODS
from world_model.vocabulary import (
    BODIES,
    CAMERA_MOVES,
    GAITS,
    GENRES,
    LIGHTS,
    PALETTES,
    SCALES,
    SETTINGS,
    STYLES,
    WEATHERS,
)

Schema = dict[str, Any]
# A model's field to the trait's axis and the names it may have.
NAMES: dict[str, tuple[str, tuple[str, ...]]] = {
    "settings": ("setting", SETTINGS), "light": ("light", tuple(LIGHTS)), "weathers": ("weather", tuple(WEATHERS)),
    "look": ("look", tuple(STYLES)), "palette": ("palette", tuple(PALETTES)), "camera": ("camera", CAMERA_MOVES),
    "scale": ("scale", SCALES), "genre": ("genre", GENRES), "moods": ("mood", tuple(MOODS)),
    "instruments": ("instrument", tuple(INSTRUMENTS)), "pacing": ("pacing", ("slow", "fast"))}
MANY = {"settings": 3, "weathers": 3, "moods": 3, "instruments": 5}
IN_STEPS = ("settings", "light", "weathers", "look", "palette", "camera", "scale")
WHEN = ("then", "intro", "verse", "build", "drop", "chorus", "break", "bridge", "outro", "middle", "end")
MOST_BODIES, MOST_STEPS, MOST_EDITS = 6, 12, 12
QUOTED = ("setting", "light", "weather", "look", "palette", "camera", "scale", "genre", "mood", "instrument", "pacing",
          "body", "duration", "tempo", "title", "step", "absent")
# What an edit may be about: the Brief's axes, numbers that are turned up or down, and what only the studio's own
# grammar reads (cuts, lengths, the order of shots, players), said to it in plain words.
SET = ("setting", "light", "weather", "look", "palette", "camera", "scale", "body", "tempo")
WORDS = "words"
TURN = ("energy", "speed", "brightness", "colour_strength", "warmth", "closeness", "music_level")
HOW = ("set", "more", "less", "add", "remove")
KINDS = ("as_read", "edit", "new", "go_to", "variations", "again", "ideas", "label", "answer", "ask")


def _name(names: Sequence[str]) -> Schema:
    return {"type": "string", "enum": ["", *names]}


def _one_of(names: Sequence[str]) -> Schema:
    return {"type": "string", "enum": list(names)}


def _list(item: Schema, most: int) -> Schema:
    return {"type": "array", "items": item, "maxItems": most}


def _object(fields: dict[str, Schema]) -> Schema:
    return {"type": "object", "properties": fields, "required": list(fields), "additionalProperties": False}


TEXT: Schema = {"type": "string"}
NUMBER: Schema = {"type": "number"}
WHOLE: Schema = {"type": "integer"}


def _named(field: str) -> Schema:
    names = NAMES[field][1]
    return _list(_one_of(names), MANY[field]) if field in MANY else _name(names)


def _bodies() -> Schema:
    return _list(_object({"kind": _one_of(BODIES), "word": TEXT, "count": WHOLE,
                          "colour": _name(tuple(COLOURS)), "gait": _name(GAITS)}), MOST_BODIES)


def brief_schema() -> Schema:
    """What a first request is read into."""
    step = {"when": _one_of(WHEN), "at_s": NUMBER} | {
        field: _named(field) for field in IN_STEPS} | {"bodies": _bodies()}
    return _object({field: _named(field) for field in NAMES} | {
        "bodies": _bodies(), "absent": _list(TEXT, 6), "music": _name(("on", "off")), "duration_s": NUMBER,
        "tempo_bpm": NUMBER, "title": TEXT, "steps": _list(_object(step), MOST_STEPS),
        "quotes": _list(_object({"of": _one_of(QUOTED), "words": TEXT}), 16),
        "question": TEXT})


def turn_schema(take_ids: Sequence[str]) -> Schema:
    """What a next line is read into; takes are named by their ids."""
    edit = _object({"what": _one_of((*SET, *TURN, WORDS)), "how": _one_of(HOW), "value": TEXT, "amount": NUMBER,
                    "shot": WHOLE, "from_s": NUMBER, "to_s": NUMBER})
    return _object({"kind": _one_of(KINDS), "take": _name(tuple(take_ids)),
                    "edits": _list(edit, MOST_EDITS), "count": WHOLE, "name": TEXT,
                    "star": _name(("yes", "no")), "answer": TEXT, "question": TEXT, "choices": _list(TEXT, 4)})


__all__ = ["HOW", "IN_STEPS", "KINDS", "MANY", "MOST_BODIES", "MOST_EDITS", "MOST_STEPS", "NAMES", "SET", "TURN",
           "WHEN", "WORDS", "brief_schema", "turn_schema"]
