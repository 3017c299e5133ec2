"""The panel of one take, drawn from its data: a widget for every control, and the buttons that make a take of it."""

from __future__ import annotations

import html
from typing import Any
from urllib.parse import quote

import gradio as gr

from modalities.faults import Unusable
from ui_gen.desk import Desk
from ui_gen.panel import Control

QUIET: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}


def panel_of(desk: Desk, take: str) -> None:
    """The panel of a take, or a line where there is none."""
    found = desk.panel(take or None)
    if found is None:
        gr.HTML("<p class='bc-empty'>The panel appears with the first take, made for that film.</p>")
        return
    panel, moved = found
    gr.HTML(f"<h2 class='bc-title'>{html.escape(panel.title)}</h2><p class='bc-sub'>{html.escape(take)}</p>"
            f"<a class='bc-live' href='/live?take={quote(take)}' target='_blank' rel='noopener'>Play live</a>",
            padding=False)
    waiting = gr.HTML(_waiting(len(moved)), elem_id="bc-waiting", padding=False)
    for section in panel.sections:
        with gr.Group(elem_classes="bc-section"):
            gr.HTML(f"<h3>{html.escape(section.title)}</h3>", padding=False)
            for control in section.controls:
                _control(desk, take, control, moved.get(control.id, control.value), waiting)
    with gr.Row():
        make = gr.Button("Make a new take", variant="primary", elem_id="bc-make")
        again = gr.Button("Another seed", elem_id="bc-again", min_width=100)
        reset = gr.Button("Put back", elem_id="bc-reset", min_width=90)
    make.click(lambda: desk.apply(take), None, None, **QUIET)
    again.click(lambda: desk.again(take), None, None, **QUIET)
    reset.click(lambda: desk.reset(take), None, None, **QUIET)


def _control(desk: Desk, take: str, control: Control, value: Any, waiting: Any) -> None:
    label = f"{control.label} ({control.unit})" if control.unit not in ("", "×") else control.label
    common: dict[str, Any] = {"label": label, "info": control.why or None, "interactive": True,
                              "elem_id": f"bc-c-{control.id}"}
    if control.kind == "slider" and control.bounds is not None:
        low, high = control.bounds
        widget: Any = gr.Slider(low, high, value, step=control.step, **common)
    elif control.kind == "choice":
        widget = gr.Dropdown(list(control.choices or ()), value=value, **common)
    elif control.kind == "switch":
        widget = gr.Checkbox(bool(value), **common)
    else:
        widget = gr.Textbox(str(value), **common)

    def moved(new: Any) -> str:
        try:
            desk.moved(take, control.id, new)
        except Unusable as fault:
            raise gr.Error(str(fault)) from None
        found = desk.panel(take)
        return _waiting(len(found[1]) if found else 0)

    widget.input(moved, widget, waiting, trigger_mode="always_last", **QUIET)


def _waiting(count: int) -> str:
    if count == 0:
        return "<p class='bc-sub'>Move a control, then make a new take; this one stays as it is.</p>"
    return f"<p class='bc-sub bc-warm'>{count} change{'s' if count > 1 else ''} waiting for a new take.</p>"


__all__ = ["QUIET", "panel_of"]
