"""The panel as data. A panel is a view of a Direction: every control is bound to it by JSON Pointer.

What the kinds hold as their value (always JSON), and what they write through their `binds`:

| kind | value | writes |
| --- | --- | --- |
| slider | number | the number, everywhere |
| switch | bool | choices[0] or choices[1], everywhere |
| choice | one of choices | it, everywhere |
| text | str | it, everywhere |
| colour | "#rrggbb" | an OKLCH triple, everywhere |
| range | [first, last] | a straight way from the first bind to the last |
| pad | [x, y] | x through binds, y through binds_y |
| curve | [[u, value], ...], u in [0, 1] of the film | a curve of each shot; `spans` says where each bind's shot lies |
| camera | [[u, yaw_deg, distance_m, height_m], ...] | the camera's curves of one shot |
| mix | {name: weight} | the weights, everywhere |
| learned | number | base + value * gain, each bind its own |
| timeline | [0, ..., end] | where shots begin and end, one bind each |
| brush | motion brushes | the brushes of one shot |
| mask | 32 heights or null | the land's upper edge of one shot |
| takes | a take's id | nothing of the Direction: which take is gone on from |
| roles | [role, ...] | nothing of the Direction: what a reference is used for |
"""

from __future__ import annotations

from typing import Any, Literal, get_args

from pydantic import BaseModel, ConfigDict, Field

Kind = Literal["slider", "range", "switch", "choice", "colour", "pad", "curve", "camera", "brush", "mask", "timeline",
               "mix", "learned", "takes", "roles", "text"]
KINDS: tuple[str, ...] = get_args(Kind)
# Kinds whose value is no part of the Direction.
BESIDE = ("takes", "roles")
Intent = Literal["music_video", "animation", "landscape", "character", "restyle", "foley", "live", "story", "film"]
Focus = Literal["light", "colour", "camera", "subject", "weather", "land", "look", "music", "sound", "time"]
FOCUSES: tuple[str, ...] = get_args(Focus)
Pair = tuple[float, float]


class Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


class Control(Frozen):
    """binds: JSON Pointers into the Direction (see the table above). bounds and step for numbers, bounds_y for the
    second number of a pad; choices for a choice and the two ends of a switch. shot: the id of the one shot it is for,
    None for the film; span: the part of the film it works in, shares u of its length. cost: what moving it runs again.
    promise: the named outcome it is meant to move; measured: what it moved when that was tried on this piece
    (ui_gen/measured.py). fallback: the kind to draw where this one cannot be. locked: by the creator; the agent leaves
    it as it is."""

    id: str = Field(pattern=r"^[a-z0-9_]{1,48}$")
    label: str = Field(min_length=1, max_length=40)
    kind: Kind
    binds: tuple[str, ...] = Field(min_length=1, max_length=2000)
    binds_y: tuple[str, ...] = Field(default=(), max_length=2000)
    value: Any
    bounds: Pair | None = None
    bounds_y: Pair | None = None
    step: float | None = None
    choices: tuple[str, ...] | None = Field(default=None, max_length=64)
    unit: str = Field(default="", max_length=16)
    label_y: str = Field(default="", max_length=40)
    spans: tuple[Pair, ...] = ()
    bases: tuple[float, ...] = ()
    gains: tuple[float, ...] = ()
    limits: tuple[Pair, ...] = ()
    shot: str | None = None
    span: Pair | None = None
    why: str = Field(default="", max_length=200)
    source: Literal["planner", "engine", "model", "creator"] = "planner"
    cost: Literal["live", "preview", "take"] = "take"
    promise: str = ""
    fallback: Kind | None = None
    locked: bool = False
    measured: dict[str, Any] | None = None


class PanelSection(Frozen):
    title: str = Field(min_length=1, max_length=40)
    controls: tuple[Control, ...] = Field(min_length=1)


class Action(Frozen):
    id: str = Field(pattern=r"^[a-z0-9_]{1,48}$")
    label: str = Field(min_length=1, max_length=60)


class Panel(Frozen):
    """What is shown for one piece. revision counts the changes of this panel; reason says the last one."""

    format: Literal["beecam-panel/1"] = "beecam-panel/1"
    id: str = Field(pattern=r"^[A-Za-z0-9_]{1,64}$")
    title: str = Field(min_length=1, max_length=120)
    intent: Intent = "film"
    focus: Focus | None = None
    revision: int = Field(default=0, ge=0)
    reason: str = Field(default="", max_length=200)
    sections: tuple[PanelSection, ...] = Field(min_length=1, max_length=7)
    actions: tuple[Action, ...] = Field(default=(), max_length=8)

    @property
    def controls(self) -> tuple[Control, ...]:
        return tuple(control for section in self.sections for control in section.controls)
