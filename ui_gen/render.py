"""The studio page: talk on the left, the film in the middle, a panel made for this film on the right.

Everything on it comes from the Desk; the page holds only what it last saw. Four rules keep Gradio's render well:
explicit triggers, one render at a time, `interactive=True` on every input, no keys on listeners.
"""

from __future__ import annotations

import html
import time
from pathlib import Path
from typing import Any

import gradio as gr
from PIL import Image

from agent.director_words import clock
from agent.request import parse_size
from modalities.take_labels import Label
from ui_gen.attached_page import GIVEN_SCRIPT, SCRIPT, given_html, rows_html
from ui_gen.command_line.telling import STAGES
from ui_gen.desk import Desk
from ui_gen.desk_acts import act, cannot_merge, changed_words, known_labels, newest_child, parent_of
from ui_gen.desk_stage import Stage
from ui_gen.ideas_page import SCRIPT as MOVING
from ui_gen.ideas_page import ideas_html
from ui_gen.render_engines import engines_part
from ui_gen.render_panel import QUIET, panel_of
from ui_gen.stage_page import TEMPLATE, stage_data
from ui_gen.stage_script import SCRIPT as STAGE
from ui_gen.take_bar import SCRIPT as ACTS
from ui_gen.take_bar import bar_html
from ui_gen.tree_page import tree_html
from ui_gen.tree_posters import small_poster
from ui_gen.tree_script import SCRIPT as TREE

# On a phone the film stays in view; the talk can be scrolled without a mouse.
ARRIVED = """() => {
  if (innerWidth > 820) document.querySelector('#bc-words textarea')?.focus();
  document.querySelector('#bc-chat .bubble-wrap')?.setAttribute('tabindex', '0');
}"""
# As it stands in the box now: what the page was told of it may be older than the last letters.
LET_GO = "() => ({text: document.querySelector('#bc-words textarea')?.value || '', files: []})"
SIZES = {"16:9 small": "512x288", "16:9": "768x432", "16:9 HD": "1280x720", "Square": "576x576",
         "Vertical": "432x768", "Wide 2.39": "1032x432"}


def build(desk: Desk) -> gr.Blocks:
    """The page over one desk."""
    with gr.Blocks(title="Beecam", fill_width=True, analytics_enabled=False) as page:
        seen = gr.State(0)
        seen_refs = gr.State("")
        arrived = gr.State(0)
        shown = gr.State("")
        gr.HTML("<h1 class='bc-mark'><span>bee</span>cam</h1>", padding=False)
        with gr.Row(elem_id="bc-desk", equal_height=False):
            with gr.Column(scale=4, min_width=300, elem_id="bc-talk"):
                talk = gr.Chatbot(label="Conversation", height=430, sanitize_html=True, render_markdown=False,
                                  elem_id="bc-chat", buttons=[])
                words = gr.MultimodalTextbox(
                    placeholder="A place, a mood, a look… or drop a film, picture, music",
                    file_count="multiple", show_label=False, lines=1, max_lines=8, elem_id="bc-words",
                    max_plain_text_length=200000)
                with gr.Row():
                    fresh = gr.Checkbox(False, label="Start a new film", elem_id="bc-new", min_width=140)
                    stop = gr.Button("Stop", elem_id="bc-stop", size="sm", min_width=80, interactive=False)
                kept = gr.HTML(_kept(desk), elem_id="bc-kept", padding=False, js_on_load=SCRIPT)
                with gr.Accordion("Length, size, takes", open=False):
                    length = gr.Number(None, label="Seconds (empty: as said, or the music's own)", minimum=0,
                                       maximum=3600, elem_id="bc-length")
                    size = gr.Dropdown(list(SIZES), value="16:9", label="Size", elem_id="bc-size")
                    count = gr.Slider(1, 4, 1, step=1, label="Takes at once", elem_id="bc-takes")
                maker = engines_part(desk, page)
            with gr.Column(scale=7, min_width=340, elem_id="bc-screen"):
                status = gr.HTML("", elem_id="bc-status", padding=False)
                coming = gr.Image(visible=False, show_label=False, interactive=False, elem_id="bc-coming", buttons=[])
                stage = gr.HTML(stage_data(desk), html_template=TEMPLATE, elem_id="bc-stage", padding=False,
                                js_on_load=STAGE, server_functions=_asked(desk))
                bar = gr.HTML(_bar(desk), elem_id="bc-bar", padding=False, js_on_load=ACTS)
                ideas = gr.HTML("", elem_id="bc-ideas", padding=False, js_on_load=ACTS + MOVING)
                tree = gr.HTML("", elem_id="bc-tree", padding=False, js_on_load=ACTS + TREE)
                given = gr.HTML("", elem_id="bc-given", padding=False, js_on_load=GIVEN_SCRIPT)
            with gr.Column(scale=4, min_width=300, elem_id="bc-panel"):

                @gr.render(inputs=[shown], triggers=[page.load, shown.change], concurrency_limit=1,
                           show_progress="hidden")
                def panel(take: str) -> None:  # pyright: ignore[reportCallIssue]
                    take = take.split(":")[0]
                    panel_of(desk, take, desk.panels.lock, desk.panels.growing(take))

        outputs = [seen, shown, talk, status, coming, stop, stage, bar, ideas, tree, given, seen_refs, kept]

        def look(revision: int, refs: str, take: str) -> list[Any]:
            return [*_look(desk, revision, take), *_look_at_refs(desk, refs)]

        def look_again(take: str) -> list[Any]:
            return [*_look(desk, -1, take), *_look_at_refs(desk, "")]

        timer = gr.Timer(0.6)
        timer.tick(look, [seen, seen_refs, shown], outputs, concurrency_limit=None, **QUIET)
        page.load(look_again, shown, outputs, **QUIET)
        page.load(None, js=ARRIVED)

        def acted(revision: int, refs: str, take: str, event: gr.EventData) -> list[Any]:
            act(desk, vars(event).get("_data") or {})
            return look(revision, refs, take)

        for part in (stage, bar, ideas, tree):
            part.select(acted, [seen, seen_refs, shown], outputs, concurrency_limit=None, trigger_mode="multiple",
                        **QUIET)

        def say(message: dict[str, Any], new_film: bool, seconds: float | None, shape: str, how_many: float,
                engine: str | None) -> bool:
            chosen = None if shape == "16:9" else parse_size(SIZES.get(shape, "768x432"))
            desk.say(str(message.get("text") or ""), [str(name) for name in message.get("files") or []],
                     duration_s=float(seconds) if seconds else None, takes=int(how_many), size_px=chosen,
                     new_film=bool(new_film), engine=engine or "sim")
            return False

        # The browser empties the box at once: an answer that did it later would take along what is typed meanwhile.
        words.submit(say, [words, fresh, length, size, count, maker], fresh, trigger_mode="multiple", **QUIET)
        words.submit(None, None, words, js="() => ({text: '', files: []})", trigger_mode="multiple", **QUIET)
        stop.click(desk.stop, None, None, **QUIET)

        def chosen(event: gr.SelectData) -> None:
            # Only what this conversation offered; the page could send anything.
            if any(str(event.value) in message.choices for message in desk.messages()):
                desk.say(str(event.value), [])

        talk.option_select(chosen, None, None, **QUIET)

        # Files go to the rows above as soon as they are there; the box then lets them go in the browser itself, so that
        # nothing that is typed meanwhile is lost.
        def arrive(message: dict[str, Any] | None, count: int) -> Any:
            return count + 1 if desk.attach([str(name) for name in (message or {}).get("files") or []]) else gr.skip()

        words.change(arrive, [words, arrived], arrived, trigger_mode="always_last", **QUIET)
        arrived.change(None, None, words, js=LET_GO, **QUIET)

        def switched(event: gr.EventData) -> str:
            ref, role = str(event.ref)[:40], str(event.role)[:40]
            if not role:
                desk.shelf.remove(ref)
                return ""
            desk.shelf.switch(ref, role, event.on is True)
            # This page shows the switch already; only that every role is off has to be said.
            return _refs_now(desk) if any(item.id == ref and item.roles for item in desk.shelf.items()) else ""

        kept.select(switched, None, seen_refs, trigger_mode="multiple", **QUIET)
    return page


def _asked(desk: Desk) -> list[Any]:
    """What the stage's script may ask for by name; Gradio marks each, so none can be a method."""
    held = Stage(desk)

    def standing(given: Any) -> dict[str, Any]:
        return held.standing(given)

    def still(given: Any) -> dict[str, Any]:
        return held.still(given)

    def taps(given: Any) -> dict[str, Any]:
        return held.taps(given)

    return [standing, still, taps]


def _look(desk: Desk, revision: int, take: str) -> list[Any]:
    """What changed since this page last looked; `skip` for everything that did not."""
    # Before the work is looked at: what begins in between is a later revision, and is seen the next time.
    now = desk.revision
    work = desk.work()
    status, coming = _status(desk), gr.skip()
    panel = desk.panels.token(desk.current)
    drawn = gr.skip() if take == panel else panel
    if work is not None and work.preview is not None:
        picture = _picture(work.preview)
        coming = gr.Image(picture, visible=True) if picture is not None else gr.skip()
    if revision == now:
        if work is None:
            return [gr.skip(), drawn] + [gr.skip()] * 9
        return [gr.skip(), drawn, gr.skip(), status, coming] + [gr.skip()] * 6
    # The chat renders what it is given as markup, pictures from elsewhere included: words stay words.
    told = desk.messages()
    # Gradio gives buttons to the last message only; in older ones what could be said stays as words.
    messages: list[dict[str, Any]] = [
        {"role": m.role, "content": html.escape(" ".join([m.text, "; ".join(m.choices)]).strip(), quote=False)}
        for m in told[:-1]]
    messages += [{"role": m.role, "content": html.escape(m.text, quote=False),
                  "options": [{"value": one, "label": one} for one in m.choices]} for m in told[-1:]]
    if work is None:
        coming = gr.Image(visible=False)
    current = desk.current
    strip = ideas_html(desk.ideas, current, work is not None) if desk.ideas_of == current else ""
    return [now, drawn, messages, status, coming,
            gr.Button(interactive=work is not None), stage_data(desk), _bar(desk), strip, _tree(desk),
            given_html(desk.given(current))]


def _bar(desk: Desk) -> str:
    take = desk.current if desk.current in desk.takes() else None
    return bar_html(take, known_labels(desk).get(take or "", Label()), parent_of(desk, take), newest_child(desk, take),
                    changed_words(desk, take))


def _tree(desk: Desk) -> str:
    takes = desk.takes()
    posters = {one: small for one, take in takes.items() if (small := small_poster(desk.studio.store, take))}
    return tree_html(takes, known_labels(desk), posters, desk.current, desk.compared, cannot_merge(desk))


def _look_at_refs(desk: Desk, refs: str) -> list[Any]:
    now = _refs_now(desk)
    return [gr.skip(), gr.skip()] if refs == now else [now, _kept(desk)]


def _refs_now(desk: Desk) -> str:
    return f"{desk.shelf.revision}:{desk.shelf.share:.1f}"


def _kept(desk: Desk) -> str:
    return rows_html(desk.shelf.items(), desk.shelf.share, desk.shelf.revision)


def _picture(path: str) -> Image.Image | None:
    try:
        with Image.open(Path(path)) as image:
            return image.copy()
    except OSError:
        return None


def _status(desk: Desk) -> str:
    work = desk.work()
    if work is None:
        return ""
    event = work.event
    spent = clock(time.monotonic() - work.started)
    share, words = 0.02, "starting"
    if event is not None and event.total:
        share = event.done / event.total
        words = STAGES.get(event.stage, event.stage)
        if event.takes > 1:
            words = f"take {event.take + 1} of {event.takes}, {words}"
        if event.left_s is not None:
            words += f", {clock(event.left_s)} left"
    return (f"<div class='bc-work' role='status' aria-live='polite'><div class='bc-bar' style='width:{share:.1%}'>"
            f"</div><span>{html.escape(work.label)}: {html.escape(words)}</span><em>{spent}</em></div>")
