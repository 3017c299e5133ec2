"""The panel of one take, drawn from its data: a widget for every control, and the buttons that make a take of it.

A widget is a gr.HTML with the fixed template and script of its kind (ui_gen/widgets.py). It sends its value as JSON;
the desk says what of it is accepted, and where that is another value the widget gets it back.
"""

from __future__ import annotations

import html
from collections.abc import Callable, Mapping, Sequence
from typing import Any
from urllib.parse import quote

import gradio as gr

from modalities.faults import Unusable
from ui_gen.desk import Desk
from ui_gen.ideas_page import file_url
from ui_gen.panel import Control
from ui_gen.tree_posters import small_poster
from ui_gen.widget_data import widget_data
from ui_gen.widgets import WIDGETS

QUIET: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}
Lock = Callable[[str, str, bool], None]


def panel_of(desk: Desk, take: str, lock: Lock | None = None, growing: bool = False) -> None:
    """The panel of a take, or a line where there is none. lock(take, control id, on) keeps a control as it is; without
    it no widget offers that. growing: more controls are being tried on the film."""
    found = desk.panel(take or None)
    if found is None and growing:
        gr.HTML("<p class='bc-empty' role='status'>Trying controls on this film…</p>")
        return
    if found is None:
        gr.HTML("<p class='bc-empty'>The panel appears with the first take, made for that film.</p>")
        return
    panel, moved = found
    gr.HTML(f"<h2 class='bc-title'>{html.escape(panel.title)}</h2><p class='bc-sub'>{html.escape(take)}</p>"
            f"<a class='bc-live' href='/live?take={quote(take)}' target='_blank' rel='noopener'>Play live</a>",
            padding=False)
    if panel.reason:
        gr.HTML(f"<p class='bc-sub'>{html.escape(panel.reason)}</p>", padding=False)
    # Drawn below, where the hand goes from the controls; known here, since every control writes it.
    waiting = gr.HTML(_waiting(panel.controls, moved), elem_id="bc-waiting", padding=False, render=False)
    for section in panel.sections:
        with gr.Group(elem_classes="bc-section"):
            gr.HTML(f"<h3>{html.escape(section.title)}</h3>", padding=False)
            for control in section.controls:
                _control(desk, take, control, moved.get(control.id, control.value), waiting, lock)
    if growing:
        gr.HTML("<p class='bc-sub' role='status'>Trying more controls on this film…</p>", padding=False)
    with gr.Column(elem_id="bc-acts"):
        waiting.render()
        with gr.Row():
            make = gr.Button("Make a new take", variant="primary", elem_id="bc-make", size="md")
            again = gr.Button("Another seed", elem_id="bc-again", size="md")
            reset = gr.Button("Put back", elem_id="bc-reset", size="md")
    make.click(lambda: desk.apply(take), None, None, **QUIET)
    again.click(lambda: desk.again(take), None, None, **QUIET)
    reset.click(lambda: desk.reset(take), None, None, **QUIET)


def _control(desk: Desk, take: str, control: Control, value: Any, waiting: Any, lock: Lock | None) -> None:
    template, script = WIDGETS[control.kind]
    thumbs = _thumbs(desk, control.choices or ()) if control.kind == "takes" else None
    data = widget_data(control, take, lockable=lock is not None, thumbs=thumbs)
    widget: Any = gr.HTML(value, html_template=template, js_on_load=script, conf=data, padding=False,
                          apply_default_css=False, elem_id=f"bc-c-{control.id}", elem_classes="bc-control")

    def sent(new: Any) -> list[Any]:
        try:
            desk.moved(take, control.id, new)
        except Unusable as fault:
            # Said, and not raised: what raises has no outputs, and the widget has to go back.
            gr.Warning(html.escape(str(fault)), title="Not taken")
        found = desk.panel(take)
        if found is None:
            return [gr.skip(), gr.skip()]
        kept = found[1].get(control.id, control.value)
        return [_waiting(found[0].controls, found[1]), gr.skip() if kept == new else gr.HTML(value=kept)]

    widget.input(sent, widget, [waiting, widget], trigger_mode="always_last", **QUIET)
    if lock is not None:
        def locked(event: gr.EventData) -> None:
            wanted = (vars(event).get("_data") or {}).get("lock")
            if isinstance(wanted, bool):
                try:
                    lock(take, control.id, wanted)
                except Unusable as fault:
                    gr.Warning(html.escape(str(fault)), title="Not kept")

        widget.select(locked, None, None, trigger_mode="always_last", **QUIET)


def _thumbs(desk: Desk, takes: tuple[str, ...]) -> dict[str, str]:
    there = desk.takes()
    found = {name: small_poster(desk.studio.store, there[name]) for name in takes if name in there}
    return {name: file_url(path) for name, path in found.items() if path is not None}


def _waiting(controls: Sequence[Control], values: Mapping[str, Any]) -> str:
    # What was put back by hand waits for nothing.
    count = sum(values.get(control.id, control.value) != control.value for control in controls)
    if count == 0:
        return "<p class='bc-sub'>Move a control; this take stays as it is.</p>"
    return f"<p class='bc-sub bc-warm'>{count} change{'s' if count > 1 else ''} waiting for a new take.</p>"


__all__ = ["QUIET", "panel_of"]
