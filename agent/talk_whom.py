"""Who is meant in a line: a kind of body by its name, by a creator's own word for it, or by "it"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from agent.brief import Brief
from agent.director_read import BodyWish, body_in
from agent.interpret import interpret
from agent.talk_change import Changed, Where, whole_inside

IT = r"(?:it|them|him|her|they|that one|those|these|this one|he|she)"


def kinds_in(words: str) -> list[BodyWish]:
    brief: Brief = interpret(words)
    found = [body_in(trait.value) for trait in brief.traits if trait.axis == "body" and trait.confidence >= 0.9]
    return [body for body in found if body is not None]


def present(made: Changed, kind: str) -> bool:
    return any(body["kind"] == kind for shot in made.shots for body in shot["world"]["bodies"])


def kind_meant(made: Changed, words: str, spoken: Sequence[str]) -> str | None:
    """The kind of body in the film that words or a pronoun stand for."""
    if not re.fullmatch(rf"(?:the |all |of )*{IT}", words.strip()):
        named = [body.kind for body in kinds_in(words)] if words.strip() else []
        shown = {str(body["shown_as"]).lower(): body["kind"] for shot in made.shots for body in shot["world"]["bodies"]
                 if body["shown_as"]}
        return next((kind for kind in named if present(made, kind)),
                    shown.get(re.sub(r"^(the|a|an) ", "", words.strip())))
    for line in reversed(spoken[-6:]):
        for body in kinds_in(line):
            if present(made, body.kind):
                return body.kind
    counts: dict[str, int] = {}
    for shot in made.shots:
        for slot, body in enumerate(shot["world"]["bodies"]):
            counts[body["kind"]] = counts.get(body["kind"], 0) + (3 if body["id"] == shot["camera"]["target"]
                                                                  else 2 - min(1, slot))
    return max(counts, key=lambda kind: counts[kind]) if counts else None


def nobody(made: Changed, words: str) -> str | None:
    """Notes that a kind that was named is not in the film; None where no kind was named."""
    absent = kinds_in(words) if words.strip() else []
    if not absent or present(made, absent[0].kind):
        return None
    made.missed.append(f"There is no {absent[0].word or absent[0].kind} in this film")
    return ""


def bodies_of(made: Changed, kind: str, where: Where) -> list[tuple[dict[str, Any], dict[str, Any]]]:
    shots = whole_inside(made, where)
    return [(shot, body) for shot in shots for body in shot["world"]["bodies"] if body["kind"] == kind]


__all__ = ["IT", "bodies_of", "kind_meant", "kinds_in", "nobody", "present"]
