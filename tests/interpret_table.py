"""The tables of sentences with what must be read of them, and how a Brief is held against one row."""

from __future__ import annotations

import json
import re
from pathlib import Path

from agent.brief import Brief, Trait

FOLDER = Path(__file__).parent
_CHECK = re.compile(r"(?P<neg>[!-]?)(?P<axis>[a-z_-]+?)(?:@(?P<part>\d))?(?:(?P<op>[=~])(?P<value>\S+))?$")


def rows(name: str) -> list[tuple[str, list[str]]]:
    out: list[tuple[str, list[str]]] = []
    for line in (FOLDER / name).read_text(encoding="utf-8").splitlines():
        if "=>" in line and not line.startswith("#"):
            sentence, _, wanted = line.partition("=>")
            out.append((sentence.strip(), wanted.split()))
    return out


def value_of(trait: Trait, axis: str) -> set[str]:
    value = trait.value
    if axis == "setting" and isinstance(value, dict):
        top = max(value.values())
        return {name for name, weight in value.items() if weight >= top - 0.02}
    if isinstance(value, dict):
        return {str(value.get("kind", value.get("name", value.get("word"))))}
    if isinstance(value, float) and value == int(value):
        return {str(int(value))}
    return {json.dumps(value).replace(" ", "") if isinstance(value, list | tuple) else str(value).replace(" ", "_")}


def failed(brief: Brief, checks: list[str]) -> list[str]:
    """The checks of a row that the Brief does not meet."""
    return [check for check in checks if not _holds(brief, check)]


def _holds(brief: Brief, check: str) -> bool:
    hit = _CHECK.match(check)
    assert hit, check
    axis, value = hit["axis"], (hit["value"] or "").strip('"')
    traits = [t for t in brief.traits if t.axis == axis and t.negated == (hit["neg"] == "!")]
    if hit["neg"] == "-":
        return not [t for t in traits if not t.negated and t.confidence >= 0.5]
    if axis == "gait-of":
        return any(t.axis == "body" and t.value.get("gait") == value for t in brief.traits)
    if hit["part"] is not None:
        traits = [t for t in traits if t.part == int(hit["part"])]
    if hit["op"] == "~":
        return any(value in (t.value if isinstance(t.value, dict) else [t.value]) for t in traits)
    if axis in ("light", "palette", "look", "genre") and not hit["neg"]:
        parts = {t.part for t in traits}
        traits = [max((t for t in traits if t.part == p), key=lambda t: t.confidence) for p in parts]
    return any(value in value_of(t, axis) for t in traits)
