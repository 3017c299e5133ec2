"""The Brief: what we understood of a request, and why.

Every trait names the words or the cue it came from, so that the creator can see and correct the reading.
"""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ConfigDict


class Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Trait(Frozen):
    """One thing understood. axis: setting, body, light, weather, palette, look, camera, genre, tempo_bpm, duration_s,
    size_px, count, gait, weird, sequence…; value is JSON; because quotes the words or names the cue; confidence
    [0, 1]; part is None for the whole film or the number of the step in a "first … then …" sequence; negated
    means the creator asked for its absence; reference is the number of the reference that gave it, None for words."""

    axis: str
    value: Any
    because: str
    confidence: float = 1.0
    part: int | None = None
    negated: bool = False
    note: str | None = None
    reference: int | None = None


class ReferenceUse(Frozen):
    """A reference and the jobs it was given. id: "ref:<sha256 of its content>"; because: who gave it these jobs;
    used: what each job came to, one sentence a role."""

    id: str
    kind: str
    path: str
    roles: tuple[str, ...]
    because: str = ""
    used: tuple[str, ...] = ()


class Brief(Frozen):
    goal: str
    traits: tuple[Trait, ...] = ()
    constraints: tuple[str, ...] = ()
    questions: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    references: tuple[ReferenceUse, ...] = ()
