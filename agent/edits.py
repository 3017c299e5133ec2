"""Edits of a Direction: `POINTER=VALUE` and RFC 6902 patches, always checked, never in place."""

from __future__ import annotations

import json
from typing import Any

import jsonpatch
import jsonpointer
from pydantic import ValidationError

from agent.direction import Direction
from modalities.faults import Unusable

Patch = list[dict[str, Any]]
FIXED = ("/format", "/id", "/parent", "/author", "/reason")


def parse_setting(text: str) -> tuple[str, Any]:
    """`/json/pointer=value`; the value is JSON, or plain text when it is not. `*` stands for every shot or body."""
    pointer, equals, raw = text.partition("=")
    pointer = pointer.strip()
    if not equals or not pointer.startswith("/"):
        raise Unusable(f"--set {text[:80]!r} is not POINTER=VALUE, such as /shots/0/world/weather/rain=0.6.")
    try:
        return pointer, json.loads(raw)
    except ValueError:
        return pointer, raw


def pointers(document: Any, pointer: str) -> list[str]:
    """Every concrete pointer that a pointer with `*` stands for, in order."""
    parts = pointer.split("/")[1:]
    found: list[tuple[str, Any]] = [("", document)]
    for part in parts:
        following: list[tuple[str, Any]] = []
        for base, value in found:
            if part == "*" and isinstance(value, list):
                following += [(f"{base}/{i}", item) for i, item in enumerate(value)]
            elif part == "*":
                continue
            elif isinstance(value, list) and part.isdigit() and int(part) < len(value):
                following.append((f"{base}/{part}", value[int(part)]))
            elif isinstance(value, dict):
                key = part.replace("~1", "/").replace("~0", "~")
                if key in value:
                    following.append((f"{base}/{part}", value[key]))
        found = following
    return [base for base, _ in found]


def patch_for(direction: Direction, pointer: str, value: Any) -> Patch:
    """The patch that writes `value` at `pointer`. A style field or a place weight that is not set yet is added.

    Raises Unusable when the pointer leads nowhere.
    """
    document = direction.model_dump(mode="json")
    if any(pointer == fixed or pointer.startswith(fixed + "/") for fixed in FIXED):
        raise Unusable(f"{pointer} cannot be edited; it is the document's own identity.")
    targets = pointers(document, pointer)
    if targets:
        patch = [{"op": "replace", "path": target, "value": value} for target in targets]
        # A palette chosen by name takes the place of the colours that a reference gave.
        return patch + [{"op": "replace", "path": target.replace("/palette/name", "/palette/roles"), "value": None}
                        for target in targets if target.endswith("/world/palette/name")]
    base, _, leaf = pointer.rpartition("/")
    owners = [o for o in pointers(document, base) if o.endswith(("/style", "/place", "/params", "/curves"))]
    if not owners:
        raise Unusable(f"{pointer[:120]} is not in this Direction; look at direction.json for what can be set.")
    return [{"op": "add", "path": f"{owner}/{leaf}", "value": value} for owner in owners]


def apply_patch(direction: Direction, patch: Patch, *, reason: str, author: str = "creator",
                new_id: str | None = None) -> Direction:
    """A new revision. Raises Unusable with the first thing that is wrong; the given one is untouched."""
    try:
        document = jsonpatch.apply_patch(direction.model_dump(mode="json"), patch)
    except (jsonpatch.JsonPatchException, jsonpointer.JsonPointerException) as fault:
        raise Unusable(f"The edit does not fit this Direction: {fault}.") from None
    document |= {"parent": direction.id, "reason": reason[:500], "author": author,
                 "id": new_id or direction.id}
    try:
        return in_time(direction, Direction.model_validate(document))
    except ValidationError as fault:
        raise Unusable(_first(fault)) from None


def in_time(before: Direction, after: Direction) -> Direction:
    """Our own score is the clock: when its tempo or metre was edited, the bar lines and the film's length follow.

    Cuts hang on bars, so sync survives any tempo.
    """
    score, old = after.score, before.score
    if score is None or old is None or after.music.source != "score" or score.bar_s == old.bar_s:
        return after
    if after.music.tempo_bpm == score.tempo_bpm and after.music.beats_per_bar == score.beats_per_bar:
        # The edit laid the bars anew itself, such as a slower music in a film of the same length.
        return after
    ratio = score.bar_s / old.bar_s
    music = after.music.model_copy(update={
        "tempo_bpm": score.tempo_bpm, "beats_per_bar": score.beats_per_bar,
        "first_downbeat_s": after.music.first_downbeat_s * ratio,
        "downbeats_s": tuple(round(t * ratio, 9) for t in after.music.downbeats_s)})
    shots = tuple(shot if shot.span.s is None else shot.model_copy(update={
        "span": shot.span.model_copy(update={"s": (shot.span.s[0] * ratio, shot.span.s[1] * ratio)})})
        for shot in after.shots)
    return after.model_copy(update={"music": music, "shots": shots, "duration_s": after.duration_s * ratio})


def _first(fault: ValidationError) -> str:
    error = fault.errors()[0]
    where = "/" + "/".join(str(part) for part in error["loc"])
    return f"{where} cannot be {str(error.get('input'))[:60]!r}: {error['msg'].lower()}."
