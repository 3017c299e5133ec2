"""Everything read of one request, before it is settled into traits."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from agent.interpret_bodies import Cast
from agent.interpret_numbers import Found
from agent.interpret_steps import Step
from agent.interpret_text import Match, Token
from agent.lexicon.tables import word_set

# What holds for the whole film wherever in the request it is said.
GLOBAL = word_set("duration_s size_px fps takes weird title shots key tempo_bpm genre instrument pacing music energy")


@dataclass(frozen=True)
class Reading:
    """Everything read of one request, before it is settled. fades: where it fades to or from black (start, end in the
    text, whether it fades in, words)."""

    text: str
    tokens: list[Token]
    matches: list[Match]
    numbers: list[Found]
    steps: list[Step]
    parts: list[int | None]
    cast: list[Cast]
    used: set[int]
    denied: list[str]
    has_music: bool
    fades: tuple[tuple[int, int, bool, str], ...] = ()


@dataclass(frozen=True)
class Said:
    axis: str
    value: Any
    words: str
    confidence: float
    part: int | None
    negated: bool
    near: bool
    at: int
    note: str | None = None


def part_of(r: Reading, at: int, axis: str) -> int | None:
    return None if axis in GLOBAL else r.parts[at] if at < len(r.parts) else None
