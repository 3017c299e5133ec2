"""Titles of a Direction: from what a Brief asks for to shots and times, and from there to what engines draw."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import cast, get_args

from agent.brief import Brief, Trait
from agent.direction import Direction, Shot, Title
from modalities.titles import Title as Drawn
from modalities.titles_type import LONGEST, Kind, check

LEAD_S, TAIL_S = 0.5, 0.2
# Seconds in which a letter is read, and the shortest and longest a text stays.
LETTER_S, LEAST_S, MOST_S = 0.065, 2.2, 7.0
# An intertitle leaves at least so much of its shot to be seen.
MOST_CARD = 0.5


def titles_for(brief: Brief, title: str, shots: Sequence[Shot], spans_s: Sequence[tuple[float, float]],
               parts: Sequence[int]) -> tuple[Title, ...]:
    """The titles that a Brief asks for. spans_s: of the shots; parts: the step of the story that each shot
    belongs to. Raises Unusable for letters that no face has."""
    out: list[Title] = []
    first: dict[int, int] = {}
    for k, part in enumerate(parts):
        first.setdefault(part, k)
    asked = [t.value for t in brief.traits if t.axis == "titles" and isinstance(t.value, Mapping)]
    ends = [value for value in asked if value.get("where") == "end"]
    heads = {t.part: str(t.value) for t in brief.traits if t.axis == "heading" and t.part is not None}
    beats = [part for part in heads if part in first]
    lines = 0
    for value in asked:
        kind, where = str(value.get("kind")), value.get("where")
        if kind not in get_args(Kind):
            continue
        known, text = cast(Kind, kind), str(value.get("text") or "")
        if where == "each":
            told = [(heads[part], first[part]) for part in beats]
            if not told:
                said = [part.strip() for part in re.split(r"(?<=[.!?])\s+", brief.goal) if part.strip()][:len(shots)]
                told = [(part, _spread(k, len(said), len(shots))) for k, part in enumerate(said)]
            out += [_on(known, words, shots, spans_s, k) for words, k in told]
        elif where == "steps":
            at = _spread(lines, sum(v.get("kind") == kind and v.get("where") == "steps" for v in asked), len(shots))
            if beats and lines < len(beats):
                at = first[beats[lines]]
            lines += 1
            out.append(_on(known, text, shots, spans_s, at))
        elif where == "end":
            out.append(_last(known, _own(known, text, title), shots, spans_s, ends.index(value), len(ends)))
        else:
            out.append(_on(known, _own(known, text, title), shots, spans_s, 0))
    out += _of_script(brief, shots, spans_s, first)
    return tuple(out)


def drawn_titles(direction: Direction) -> tuple[Drawn, ...]:
    """The titles of a Direction as engines draw them. Raises Unusable for a text that cannot be set."""
    numbers = {shot.id: k for k, shot in enumerate(direction.shots)}
    return tuple(Drawn(check(title.text), title.kind, numbers[title.shot], title.start, title.end,
                       direction.shots[numbers[title.shot]].world.look)
                 for title in direction.titles if title.shot in numbers)


def _of_script(brief: Brief, shots: Sequence[Shot], spans_s: Sequence[tuple[float, float]],
               first: Mapping[int, int]) -> list[Title]:
    """What a script writes on the screen, and the name on its first lines."""
    out: list[Title] = []
    script = any(t.axis == "heading" for t in brief.traits) and not any(t.axis == "purpose" for t in brief.traits)
    name: Trait | None = next((t for t in brief.traits if t.axis == "title" and t.confidence >= 0.9), None)
    if script and name is not None and not any(t.axis == "titles" for t in brief.traits):
        out.append(_on("title", str(name.value), shots, spans_s, 0))
    for t in brief.traits:
        if t.axis == "card" and t.part is not None and t.part in first and str(t.value).strip():
            out.append(_on("subtitle", str(t.value), shots, spans_s, first[t.part]))
    return out


def _own(kind: Kind, text: str, title: str) -> str:
    return text or (f"{title}\nMade with Beecam" if kind == "credits" else title)


def _stays_s(text: str) -> float:
    return min(MOST_S, max(LEAST_S, 1.2 + LETTER_S * len(text)))


def _on(kind: Kind, text: str, shots: Sequence[Shot], spans_s: Sequence[tuple[float, float]], k: int) -> Title:
    length_s = spans_s[k][1] - spans_s[k][0]
    if kind == "intertitle":
        return _title(kind, text, shots[k], 0.0, min(MOST_CARD, _stays_s(text) / length_s))
    if kind == "subtitle":
        return _title(kind, text, shots[k], min(0.1, LEAD_S / length_s), max(0.8, 1 - TAIL_S / length_s))
    start = min(0.15, LEAD_S / length_s)
    return _title(kind, text, shots[k], start, min(1.0, start + _stays_s(text) / length_s))


def _last(kind: Kind, text: str, shots: Sequence[Shot], spans_s: Sequence[tuple[float, float]], nth: int,
          count: int) -> Title:
    """A title at the end: within the last seconds of the last shot, after those before it."""
    length_s = spans_s[-1][1] - spans_s[-1][0]
    share = min(0.85, (_stays_s(text) * count + 0.6) / length_s)
    start = 1 - share + share * nth / count
    return _title(kind, text, shots[-1], start, min(1.0, start + share / count))


def _spread(number: int, count: int, shots: int) -> int:
    return min(shots - 1, number * shots // max(1, count))


def _title(kind: Kind, text: str, shot: Shot, start: float, end: float) -> Title:
    return Title(text=check(text[:LONGEST]), kind=kind, shot=shot.id, start=round(start, 4), end=round(end, 4))
