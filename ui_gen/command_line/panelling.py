"""`beecam panel`: the controls of a take, each with what it was measured to do on this film."""

from __future__ import annotations

import argparse
from contextlib import closing
from threading import Event as Flag
from typing import Any

from agent.studio import Studio
from modalities.faults import Stopped, Unusable
from modalities.take_labels import take_id_of
from ui_gen.command_line.telling import Teller
from ui_gen.compose import Wish
from ui_gen.panel import Panel
from ui_gen.panels import panel_of_take

Result = dict[str, Any]


def panel(arguments: argparse.Namespace, studio: Studio, teller: Teller, stop: Flag) -> Result:
    """{panel, measured: {control id: what it does}}; with --schema {schema, flat_schema}; with --a2ui also {a2ui}.

    Raises Unusable, Stopped.
    """
    from ui_gen.panel_export import a2ui_messages
    from ui_gen.panel_schema import flat_schema, panel_schema

    if arguments.schema:
        teller.line("The schema of panels goes out with --json.")
        return {"schema": panel_schema(), "flat_schema": flat_schema()}
    if not arguments.take:
        raise Unusable("beecam panel needs a take, such as t0001, or --schema.")
    take_id = take_id_of(studio.store, arguments.take)
    last: Panel | None = None
    with closing(panel_of_take(studio, take_id, Wish(focus=arguments.focus), None, stop)) as growing:
        for grown in growing:
            last = grown
    if last is None:
        raise Stopped("Stopped before the panel was measured.")
    teller.line(last.title)
    for section in last.sections:
        for control in section.controls:
            said = str((control.measured or {}).get("words", ""))
            value = told(control.value)
            stands = value if control.kind in ("timeline", "mask", "brush") else f"{value} {control.unit}".strip()
            teller.line(f"  {section.title:<10} {control.label:<28} {stands:<12}  {said}".rstrip())
    found = {"panel": last.model_dump(mode="json"),
             "measured": {control.id: control.measured for control in last.controls}}
    return found | ({"a2ui": a2ui_messages(last)} if arguments.a2ui else {})


def told(value: Any) -> str:
    """A value in a line."""
    if isinstance(value, float):
        return f"{value:g}"
    if isinstance(value, list):
        return f"{len(value)} points" if value and isinstance(value[0], list) else \
            " to ".join(told(one) for one in value) if len(value) == 2 else f"{len(value)} marks"
    if isinstance(value, dict):
        return ", ".join(f"{name} {weight:g}" for name, weight in value.items())
    return "–" if value is None else str(value)[:40]
