"""The panel as data. A panel is a view of a Direction: every control is bound to it by JSON Pointer."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

Kind = Literal["slider", "switch", "choice", "colour", "pad", "text"]


class Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


class Control(Frozen):
    """binds: JSON Pointers into the Direction; a value is written to all of them. bounds and step for numbers,
    choices for choice. cost: what moving it runs again."""

    id: str = Field(pattern=r"^[a-z0-9_]{1,48}$")
    label: str = Field(min_length=1, max_length=40)
    kind: Kind
    binds: tuple[str, ...] = Field(min_length=1)
    value: Any
    bounds: tuple[float, float] | None = None
    step: float | None = None
    choices: tuple[str, ...] | None = None
    unit: str = ""
    why: str = ""
    source: Literal["planner", "engine", "model", "creator"] = "planner"
    cost: Literal["live", "preview", "take"] = "take"
    measured: dict[str, Any] | None = None


class PanelSection(Frozen):
    title: str = Field(min_length=1, max_length=40)
    controls: tuple[Control, ...] = Field(min_length=1)


class Action(Frozen):
    id: str
    label: str


class Panel(Frozen):
    id: str
    title: str
    sections: tuple[PanelSection, ...] = Field(min_length=1)
    actions: tuple[Action, ...] = ()

    @property
    def controls(self) -> tuple[Control, ...]:
        return tuple(control for section in self.sections for control in section.controls)
