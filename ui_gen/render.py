"""The studio page: talk on the left, the film in the middle, a panel made for this film on the right.

Everything on it comes from the Desk; the page holds only what it last saw. Four rules keep Gradio's render well:
explicit triggers, one render at a time, `interactive=True` on every input, no keys on listeners.
"""

from __future__ import annotations

import html
import time
from pathlib import Path
from typing import Any
from urllib.parse import quote

import gradio as gr
from PIL import Image

from agent.director_words import clock
from agent.request import parse_size
from modalities.faults import Unusable
from ui_gen.attached_page import GIVEN_SCRIPT, SCRIPT, given_html, rows_html
from ui_gen.command_line.telling import STAGES
from ui_gen.desk import Desk
from ui_gen.panel import Control

SIZES = {"16:9 small": "512x288", "16:9": "768x432", "16:9 HD": "1280x720", "Square": "576x576",
         "Vertical": "432x768", "Wide 2.39": "1032x432"}
IDEAS = ("A bee explores a poppy meadow at golden hour, watercolour, folk guitar",
         "Synthwave drive through a neon city at night, 12 seconds, 110 bpm",
         "A paper boat crosses a stormy sea, then the sun comes out",
         "Lanterns rise over a snowy village under an aurora, piano")
PRIVATE: dict[str, Any] = {"api_visibility": "private"}
QUIET: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}


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
                    file_count="multiple", show_label=False, lines=1, max_lines=8, autofocus=True, elem_id="bc-words",
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
                gr.HTML("<p class='bc-sub'>Or start from one of these:</p>", padding=False)
                ideas = [gr.Button(idea, size="sm", elem_classes="bc-idea") for idea in IDEAS]
            with gr.Column(scale=7, min_width=340, elem_id="bc-screen"):
                status = gr.HTML("", elem_id="bc-status", padding=False)
                coming = gr.Image(visible=False, show_label=False, interactive=False, elem_id="bc-coming", buttons=[])
                with gr.Row():
                    before = gr.Video(visible=False, label="Before", elem_id="bc-before", buttons=[], loop=True)
                    film = gr.Video(label="Film", elem_id="bc-film", buttons=["download"], loop=True)
                takes = gr.Gallery(label="Takes", columns=6, rows=1, height=150, object_fit="cover",
                                   allow_preview=False, elem_id="bc-gallery", buttons=[], visible=False)
                given = gr.HTML("", elem_id="bc-given", padding=False, js_on_load=GIVEN_SCRIPT)
                beside = gr.Checkbox(True, label="Show the take before beside it", elem_id="bc-beside")
            with gr.Column(scale=4, min_width=300, elem_id="bc-panel"):

                @gr.render(inputs=[shown], triggers=[page.load, shown.change], concurrency_limit=1,
                           show_progress="hidden")
                def panel(take: str) -> None:  # pyright: ignore[reportCallIssue]
                    _panel(desk, take.split(":")[0])

        outputs = [seen, shown, talk, status, coming, stop, before, film, takes, given,
                   seen_refs, kept]

        def look(revision: int, refs: str, take: str, with_before: bool) -> list[Any]:
            return [*_look(desk, revision, take, with_before), *_look_at_refs(desk, refs)]

        def look_again(take: str, with_before: bool) -> list[Any]:
            return [*_look(desk, -1, take, with_before), *_look_at_refs(desk, "")]

        timer = gr.Timer(0.6)
        timer.tick(look, [seen, seen_refs, shown, beside], outputs, concurrency_limit=None, **QUIET)
        page.load(look_again, [shown, beside], outputs, **QUIET)
        beside.input(look_again, [shown, beside], outputs, **QUIET)

        def say(message: dict[str, Any], new_film: bool, seconds: float | None, shape: str,
                how_many: float) -> bool:
            chosen = None if shape == "16:9" else parse_size(SIZES.get(shape, "768x432"))
            desk.say(str(message.get("text") or ""), [str(name) for name in message.get("files") or []],
                     duration_s=float(seconds) if seconds else None, takes=int(how_many), size_px=chosen,
                     new_film=bool(new_film))
            return False

        # The browser empties the box at once: an answer that did it later would take along what is typed meanwhile.
        words.submit(say, [words, fresh, length, size, count], fresh, trigger_mode="multiple", **QUIET)
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
        arrived.change(None, words, words, js="m => ({text: m ? m.text : '', files: []})", **QUIET)

        def switched(event: gr.EventData) -> str:
            ref, role = str(event.ref)[:40], str(event.role)[:40]
            if not role:
                desk.shelf.remove(ref)
                return ""
            desk.shelf.switch(ref, role, event.on is True)
            # This page shows the switch already; only that every role is off has to be said.
            return _refs_now(desk) if any(item.id == ref and item.roles for item in desk.shelf.items()) else ""

        kept.select(switched, None, seen_refs, trigger_mode="multiple", **QUIET)

        def take_idea(idea: str) -> Any:
            return gr.MultimodalTextbox(value={"text": idea, "files": []})

        for button in ideas:
            button.click(take_idea, button, words, **QUIET)

        def pick(event: gr.SelectData) -> None:
            ids = list(reversed(desk.studio.store.ids()))
            index = event.index if isinstance(event.index, int) else event.index[0]
            if 0 <= index < len(ids):
                desk.compare(desk.current)
                desk.show(ids[index])

        takes.select(pick, None, None, **QUIET)
    return page


def _look(desk: Desk, revision: int, take: str, with_before: bool) -> list[Any]:
    """What changed since this page last looked; `skip` for everything that did not."""
    # Before the work is looked at: what begins in between is a later revision, and is seen the next time.
    now = desk.revision
    work = desk.work()
    status, coming = _status(desk), gr.skip()
    if work is not None and work.preview is not None:
        picture = _picture(work.preview)
        coming = gr.Image(picture, visible=True) if picture is not None else gr.skip()
    stop = gr.Button(interactive=work is not None)
    if revision == now:
        if work is None:
            return [gr.skip()] * 10
        return [gr.skip(), gr.skip(), gr.skip(), status, coming] + [gr.skip()] * 5
    # The chat renders what it is given as markup, pictures from elsewhere included: words stay words.
    messages: list[dict[str, Any]] = [{"role": m.role, "content": html.escape(m.text, quote=False)}
                                      for m in desk.messages()]
    if messages and (choices := desk.messages()[-1].choices):
        messages[-1]["options"] = [{"value": one, "label": one} for one in choices]
    store, current, other = desk.studio.store, desk.current, desk.compared
    ids = list(reversed(store.ids()))
    film = gr.Video(str(store.takes_dir / current / "video.mp4"), label=f"Film: {current}") \
        if current in ids else gr.skip()
    both = with_before and other in ids and other != current
    before = gr.Video(str(store.takes_dir / str(other) / "video.mp4"), label=f"Before: {other}", visible=True) \
        if both else gr.Video(visible=False)
    gallery = gr.Gallery([(str(store.takes_dir / name / "poster.png"), name) for name in ids[:60]],
                         visible=len(ids) > 0)
    if work is None:
        coming = gr.Image(visible=False)
    elif work.preview is None:
        coming = gr.skip()
    return [now, f"{current or ''}:{now}" if _panel_changed(take, current, now) else gr.skip(), messages, status,
            coming, stop, before, film, gallery, given_html(desk.given(current))]


def _look_at_refs(desk: Desk, refs: str) -> list[Any]:
    now = _refs_now(desk)
    return [gr.skip(), gr.skip()] if refs == now else [now, _kept(desk)]


def _refs_now(desk: Desk) -> str:
    return f"{desk.shelf.revision}:{desk.shelf.share:.1f}"


def _kept(desk: Desk) -> str:
    return rows_html(desk.shelf.items(), desk.shelf.share, desk.shelf.revision)


def _panel_changed(take: str, current: str | None, now: int) -> bool:
    name, _, rest = take.partition(":")
    return name != (current or "") or not rest or int(rest) != now


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


def _panel(desk: Desk, take: str) -> None:
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
