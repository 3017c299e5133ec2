"""A chat model's text as plain data: the object that is in it, names out of our vocabulary, numbers within bounds.

What can be mended without asking again is mended and told in a note; the rest raises Unfit with one sentence, which is
what the model is sent back.
"""

from __future__ import annotations

import difflib
import json
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NoReturn

from agent.planner_chat import Answer
from modalities.faults import Unusable
from world_model.text import packaged

DEEPEST = 6
# Cosine from which two words mean nearly the same; unrelated words stay below 0.35.
NEAR = 0.45


class Unfit(Exception):
    """An answer of the wrong shape; its text is one sentence for the model (and, cut short, for the creator)."""


@dataclass
class Mended:
    """What was changed in an answer, and the key, which is cut out of whatever a model writes."""

    key: str = ""
    notes: list[str] = field(default_factory=list[str])

    def note(self, text: str) -> None:
        if text not in self.notes and len(self.notes) < 12:
            self.notes.append(text)

    def plain(self, value: Any, longest: int = 200) -> str:
        """A text on one line without the signs that a page, a terminal or a Markdown reader would take for markup."""
        if not isinstance(value, str):
            return ""
        text = value.replace(self.key, "…") if self.key else value
        text = re.sub(r"!?\[([^\[\]]{0,200})\]\([^()]{0,2000}\)", r"\1", text[:8000])
        text = re.sub(r"\b(?:https?|ftp|file|data|javascript):\S+", "…", text, flags=re.I)
        text = re.sub(r"<[^<>]{0,2000}>", " ", text)
        text = "".join(letter if letter.isprintable() else " " for letter in text)
        text = " ".join(re.sub(r"[<>`*_#|\\\[\]]", " ", text).split())
        return text if len(text) <= longest else text[:longest - 1] + "…"


def object_in(answer: Answer) -> dict[str, Any]:
    """The JSON object of an answer: bare, in a fence, or between words; thoughts in <think> are passed over. Raises
    Unfit."""
    text = re.sub(r"<think>.*?</think>", " ", answer.text, flags=re.S).strip()
    if not text:
        raise Unfit("The answer was empty.")
    decoder = json.JSONDecoder(parse_constant=_no_number)
    starts = [match.start() for match in re.finditer(r"\{", text)][:50]
    for start in starts:
        try:
            found, _ = decoder.raw_decode(text, start)
        except (ValueError, RecursionError):
            continue
        if isinstance(found, dict) and found:
            if _depth(found) > DEEPEST:
                raise Unfit("The answer is nested too deeply.")
            return found
    if answer.cut_off or (starts and text.count("{") > text.count("}")):
        raise Unfit("The answer was cut off before its end; keep it shorter.")
    if starts and re.search(r"\b(NaN|Infinity)\b", text):
        raise Unfit("NaN and Infinity are not JSON numbers.")
    raise Unfit("The answer is not JSON." if starts else "The answer holds no JSON object.")


def _no_number(_text: str) -> NoReturn:
    raise ValueError("not a number")


def _depth(value: Any, at: int = 1) -> int:
    if at > DEEPEST or not isinstance(value, dict | list):
        return at
    return max((_depth(part, at + 1) for part in (value.values() if isinstance(value, dict) else value)), default=at)


def texts(value: Any, name: str, most: int) -> list[str]:
    """A list of texts; one text counts as a list of one. Raises Unfit."""
    if value is None or value == "":
        return []
    if isinstance(value, str):
        return [value]
    if isinstance(value, list) and all(isinstance(part, str) for part in value):
        return [part for part in value if part][:most]
    raise Unfit(f"{name} must be a list of names.")


def text_in(value: Any, name: str) -> str:
    """One text; nothing counts as an empty one, a list of one as its text. Raises Unfit."""
    if isinstance(value, list) and len(value) == 1:
        value = value[0]
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    raise Unfit(f"{name} must be one text.")


def records(value: Any, name: str, most: int) -> list[dict[str, Any]]:
    """A list of objects; one object counts as a list of one. Raises Unfit."""
    if value is None or value == "":
        return []
    if isinstance(value, dict):
        return [value]
    if isinstance(value, list) and all(isinstance(part, dict) for part in value):
        return value[:most]
    raise Unfit(f"{name} must be a list of objects.")


def number_in(value: Any, name: str, low: float, high: float, mended: Mended) -> float | None:
    """A number within bounds (clamped, with a note); 0, "" and null mean that nothing was said. Raises Unfit."""
    if isinstance(value, str):
        found = re.match(r"\s*(-?\d+(?:\.\d+)?)", value)
        if value.strip() and not found:
            raise Unfit(f"{name} must be a number.")
        value = float(found[1]) if found else None
    if value is None or value == 0:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise Unfit(f"{name} must be a number.")
    try:
        number = float(value)
    except OverflowError:
        raise Unfit(f"{name} is too large.") from None
    if not math.isfinite(number):
        raise Unfit(f"{name} must be a finite number.")
    kept = min(high, max(low, number))
    if kept != number:
        mended.note(f"The language model gave {number:.6g} for {name.replace('_', ' ')}; {kept:g} is used.")
    return kept


def nearest(axis: str, said: str, names: Sequence[str] | Mapping[str, Any], mended: Mended) -> str | None:
    """The name that is meant: itself, its spelling put right, or what the dictionary makes of the word; each but the
    first is noted. None, with a note, where there is nothing near."""
    word = said.strip().lower().replace("-", "_").replace(" ", "_")
    if word in names:
        return word
    shown = mended.plain(said, 60)
    close = difflib.get_close_matches(word, list(names), 1, 0.8)
    found = close[0] if close else _meant(axis, said, names)
    if found is None:
        mended.note(f"“{shown}” is no {axis} this world knows; it was left out.")
    else:
        mended.note(f"{axis.capitalize()} “{shown}”: the nearest here is {found.replace('_', ' ')}.")
    return found


def _meant(axis: str, said: str, names: Sequence[str] | Mapping[str, Any]) -> str | None:
    from agent.interpret import interpret

    try:
        traits = interpret(said[:60].replace("_", " ")).traits
    except Unusable:
        return None
    for trait in sorted(traits, key=lambda trait: -trait.confidence):
        if trait.axis != axis or trait.negated:
            continue
        value: Any = trait.value
        if isinstance(value, dict) and value:
            value = value.get("kind") if axis == "body" else max(value, key=lambda name: float(value[name]))
        if isinstance(value, str) and value in names:
            return value
    return _alike(said, list(names))


def _alike(said: str, names: list[str]) -> str | None:
    """The name nearest in meaning by sentence embedding, if it is near at all."""
    embedder = packaged()
    if embedder is None:
        return None
    try:
        vectors = embedder.embed([said[:60].replace("_", " ").lower(), *(name.replace("_", " ") for name in names)])
    except (OSError, ImportError, RuntimeError):
        return None
    scores = vectors[1:] @ vectors[0]
    best = int(scores.argmax())
    return names[best] if scores[best] >= NEAR else None


__all__ = ["Mended", "Unfit", "nearest", "number_in", "object_in", "records", "text_in", "texts"]
