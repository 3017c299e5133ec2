"""The widget of every kind of control: its template and its script, both fixed."""

from __future__ import annotations

from ui_gen.panel import Kind
from ui_gen.widget_core import framed, scripted
from ui_gen.widget_numbers import (
    MIX,
    MIX_SCRIPT,
    PAD,
    PAD_SCRIPT,
    RANGE,
    RANGE_SCRIPT,
    SLIDER,
    SLIDER_SCRIPT,
)
from ui_gen.widget_picks import (
    BRUSH,
    BRUSH_SCRIPT,
    CHOICE,
    CHOICE_SCRIPT,
    COLOUR,
    COLOUR_SCRIPT,
    ROLES,
    ROLES_SCRIPT,
    SWITCH,
    SWITCH_SCRIPT,
    TAKES,
    TAKES_SCRIPT,
    TEXT,
    TEXT_SCRIPT,
)
from ui_gen.widget_space import CAMERA, CAMERA_SCRIPT, MASK, MASK_SCRIPT
from ui_gen.widget_time import CURVE, CURVE_SCRIPT, TIMELINE, TIMELINE_SCRIPT

BODIES: dict[Kind, tuple[str, str]] = {
    "slider": (SLIDER, SLIDER_SCRIPT), "learned": (SLIDER, SLIDER_SCRIPT), "range": (RANGE, RANGE_SCRIPT),
    "switch": (SWITCH, SWITCH_SCRIPT), "choice": (CHOICE, CHOICE_SCRIPT), "colour": (COLOUR, COLOUR_SCRIPT),
    "pad": (PAD, PAD_SCRIPT), "curve": (CURVE, CURVE_SCRIPT), "camera": (CAMERA, CAMERA_SCRIPT),
    "mix": (MIX, MIX_SCRIPT), "timeline": (TIMELINE, TIMELINE_SCRIPT), "brush": (BRUSH, BRUSH_SCRIPT),
    "mask": (MASK, MASK_SCRIPT), "takes": (TAKES, TAKES_SCRIPT), "roles": (ROLES, ROLES_SCRIPT),
    "text": (TEXT, TEXT_SCRIPT)}
# kind: (template, script)
WIDGETS: dict[Kind, tuple[str, str]] = {
    kind: (framed(body), scripted(script)) for kind, (body, script) in BODIES.items()}

__all__ = ["WIDGETS"]
