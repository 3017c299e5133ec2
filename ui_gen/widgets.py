"""The widget of every kind of control: its template and its script, both fixed.

All scripts go into the page once, as LIBRARY in its head; what a widget brings along only calls for its own.
"""

from __future__ import annotations

import json

from ui_gen.panel import Kind
from ui_gen.widget_core import CLOSING, OPENING, framed
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
    kind: (framed(body), f"window.beecamWidget('{kind}', element, props, trigger, watch);")
    for kind, (body, _) in BODIES.items()}
# "<" is written as an escape, so that nothing closes the script element it stands in.
_TEXTS = json.dumps([OPENING, CLOSING, {kind: script for kind, (_, script) in BODIES.items()}]).replace("<", "\\u003c")
LIBRARY = f"""<script>(() => {{
const [opening, closing, kinds] = {_TEXTS}, made = {{}};
window.beecamWidget = (kind, ...given) => {{
  made[kind] = made[kind] || Function('element', 'props', 'trigger', 'watch', opening + kinds[kind] + closing);
  made[kind](...given);
}};
}})();</script>"""

__all__ = ["BODIES", "LIBRARY", "WIDGETS"]
