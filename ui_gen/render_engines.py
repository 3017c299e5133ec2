"""The page's part on engines: what can run here, what gets the rest, and who makes the pictures."""

from __future__ import annotations

from typing import Any

import gradio as gr

from modalities.availability import rows
from ui_gen.desk import Desk
from ui_gen.engines_told import engines_html, make_again, makers
from ui_gen.render_panel import QUIET


def engines_part(desk: Desk, page: gr.Blocks) -> gr.Dropdown:
    """Builds it; the dropdown holds the id of the engine for new films. The list is read when a page opens or the part
    is unfolded, so that what was fetched meanwhile is there."""
    with gr.Accordion("Engines", open=False, elem_id="bc-engines") as part:
        choice = gr.Dropdown([("Simulator", "sim")], value="sim", label="Who makes a new film", elem_id="bc-engine",
                             interactive=True)
        again = gr.Button("This film again with it", size="sm", elem_id="bc-engine-again")
        table = gr.HTML("", padding=False)

    def listed(chosen: str | None) -> list[Any]:
        ready = makers(desk.studio.registry)
        known = [one for _, one in ready]
        return [gr.Dropdown(choices=ready, value=chosen if chosen in known else known[0] if known else None),
                engines_html(rows(desk.studio.registry.all()))]

    def remade(chosen: str | None) -> None:
        make_again(desk, chosen)

    page.load(listed, choice, [choice, table], **QUIET)
    part.expand(listed, choice, [choice, table], **QUIET)
    again.click(remade, choice, None, **QUIET)
    return choice
