"""The panel's widgets in a real browser, over a desk that is a fake: one control of every kind, moved by mouse and by
keys alone; what arrives is what the real desk would accept."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import gradio as gr
import pytest

from modalities.faults import Unusable
from tests.browser import CHROMIUM, browser
from ui_gen.bind_values import accepted
from ui_gen.panel import KINDS, Control, Panel, PanelSection
from ui_gen.render_panel import panel_of
from ui_gen.render_room import CSS, HEAD, theme
from ui_gen.widget_data import drawn_bounds, widget_data
from ui_gen.widgets import WIDGETS

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine (apt-get install chromium)")
HOSTILE = "<img src=x onerror=alert(1)>${a}{{b}}`'\""
LINE = [round(0.6 + 0.1 * (k % 5) / 5, 3) for k in range(32)]
MEASURED = {"outcome": "brightness", "words": "Brightness +18 over its range", "effect": 18.0, "interval": [14.2, 21.9],
            "sign": 1, "monotone": True, "live": [6.0, 20.0], "leaks": ["warmth", HOSTILE], "also": None,
            "curve": [[0, 0.02], [4, 0.04], [8, 0.3], [12, 1.0], [16, 0.7], [20, 0.1], [24, 0.05]]}


def control(kind: str, label: str, value: Any, **more: Any) -> Control:
    return Control(id=f"a_{kind}" if "id" not in more else more.pop("id"), label=label, kind=kind,
                   binds=more.pop("binds", ("/shots/0/world/x",)), value=value, **more)


CONTROLS: dict[str, tuple[Control, ...]] = {
    "Light": (
        control("slider", "Hour of the day", 12.0, bounds=(0, 24), step=0.25, unit="h", measured=MEASURED,
                why="Where the sun stands."),
        control("learned", "Wetter, slower, further away", 0.0, bounds=(-3, 3), step=0.1,
                measured={**MEASURED, "live": [-3, 3], "curve": [[-3, 0], [0, 0.5], [3, 1]], "monotone": False}),
        control("range", "Fog, first to last", [0.1, 0.7], bounds=(0, 1), step=0.01,
                why="It thickens from the first shot to the last."),
        control("switch", "Stars", False),
        control("slider", "How many", 12, bounds=(1, 48), step=1, id="a_count", locked=True)),
    "Colour": (
        control("colour", "Accent", "#d08030", why="The one colour that stands out."),
        control("choice", "Drawn on", "twos", choices=("ones", "twos", "threes", "fours")),
        control("choice", "Palette", "dusk", choices=("dusk", "noon", "neon_city", "sepia", "frost"), id="a_palette"),
        control("mix", "Place", {"meadow": 0.7, "lake": 0.3}, choices=("canyon", "desert", "lake", "meadow", "town"))),
    "Camera": (
        control("pad", "Speed", [1.0, 0.2], bounds=(0, 3), bounds_y=(0, 1), label_y="Shake", step=0.05,
                binds_y=("/shots/0/camera/shake",)),
        control("camera", "The way of the camera", [[0, 12, 1.5], [0.6, 30, 9], [1, 4, 3]], bounds=(1, 80),
                bounds_y=(0, 30), shot="s2", binds=("/a", "/b"))),
    "Time": (
        control("curve", "Rain", [[0, 0.1], [0.45, 0.8], [1, 0.2]], bounds=(0, 1), step=0.05, binds=("/a", "/b", "/c"),
                spans=((0, 0.3), (0.3, 0.7), (0.7, 1)), span=(0.3, 1)),
        control("curve", "Fog", [[0, 0.25], [1, 0.25]], bounds=(0, 1), step=0.05, id="a_fog", spans=((0, 1),)),
        control("timeline", "Cuts", [0, 4, 10, 16], unit="bars", step=1, binds=("/a", "/b", "/c"))),
    "Picture": (control("brush", "What moves", []), control("mask", "Skyline", LINE)),
    "Words": (
        control("takes", "Go on from", "t0001", choices=("t0001", "t0002", "t0003")),
        control("roles", "Use it for", ["palette"], choices=("palette", "light", "camera_moves")),
        control("text", "Title", "Home", why=HOSTILE)),
    HOSTILE[:40]: (control("slider", HOSTILE[:40], 0.5, bounds=(0, 1), id="a_hostile", unit="<b>x</b>"),)}


class FakeDesk:
    """A fake: what the panel needs of a desk, without films. `got` is every value that arrived, in order."""

    def __init__(self) -> None:
        sections = tuple(PanelSection(title=title, controls=controls) for title, controls in CONTROLS.items())
        self.shown = Panel(id="fake", title=HOSTILE, sections=sections)
        self.got: list[tuple[str, Any]] = []
        self.locks: list[tuple[str, bool]] = []
        self.values: dict[str, Any] = {}
        self.studio = SimpleNamespace(store=None)

    def panel(self, take: str | None) -> tuple[Panel, dict[str, Any]]:
        return self.shown, dict(self.values)

    def takes(self) -> dict[str, Any]:
        return {}

    def moved(self, take: str, control_id: str, value: Any) -> None:
        self.got.append((control_id, value))
        found = next(one for one in self.shown.controls if one.id == control_id)
        self.values[control_id] = accepted(found, value)

    def lock(self, take: str, control_id: str, locked: bool) -> None:
        self.locks.append((control_id, locked))

    def apply(self, take: str) -> None: ...

    def again(self, take: str) -> None: ...

    def reset(self, take: str) -> None:
        self.values.clear()


def served(desk: Any) -> Iterator[str]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with gr.Blocks(title="widgets", analytics_enabled=False, fill_width=True) as page:
        turn = gr.State(0)
        more = gr.Button("Draw it again", elem_id="draw-again")
        with gr.Row(), gr.Column(elem_id="bc-panel", min_width=300):

            @gr.render(inputs=[turn], triggers=[page.load, turn.change], concurrency_limit=1, show_progress="hidden")
            def panel(now: int) -> None:
                panel_of(desk, "t0001", desk.lock)
                gr.HTML(str(now), elem_id="drawn")

        more.click(lambda now: now + 1, turn, turn, show_progress="hidden")
    page.launch(server_port=port, quiet=True, prevent_thread_lock=True, theme=theme(), css=CSS, head=HEAD, ssr_mode=False,
                footer_links=[])
    yield f"http://127.0.0.1:{port}"
    page.close(verbose=False)


@pytest.fixture(scope="module")
def desk() -> FakeDesk:
    return FakeDesk()


@pytest.fixture(scope="module")
def address(desk: FakeDesk) -> Iterator[str]:
    yield from served(desk)


@pytest.fixture(scope="module")
def page(address: str):
    with browser() as chromium:
        page = chromium.new_page(viewport={"width": 460, "height": 900}, has_touch=True)
        faults: list[str] = []
        page.on("pageerror", lambda fault: faults.append(str(fault)))
        page.on("console", lambda line: faults.append(line.text) if "js_on_load" in line.text or "watch" in line.text
                else None)
        page.on("dialog", lambda dialog: (faults.append("a dialog"), dialog.dismiss()))
        page.set_default_timeout(10_000)
        page.goto(address)
        page.wait_for_selector("#bc-c-a_hostile .w-label")
        page.wait_for_timeout(300)
        yield page
        assert faults == []


def came(desk: FakeDesk, ident: str, act: Any, page: Any, quiet: int = 2) -> list[Any]:
    """The values of one control that arrive after an act, once no more come; the desk has accepted the last."""
    before = len(desk.got)
    act()
    end, still = time.monotonic() + 5, 0
    while time.monotonic() < end and still < quiet:
        count = len(desk.got)
        page.wait_for_timeout(45)
        still = still + 1 if len(desk.got) == count > before else 0
    found = [value for one, value in desk.got[before:] if one == ident]
    assert len(found) == len(desk.got) - before, "another control spoke"
    assert found, f"{ident} sent nothing"
    known = next(one for one in desk.shown.controls if one.id == ident)
    assert desk.values[ident] == accepted(known, found[-1])
    return found


def part(page: Any, ident: str, inner: str = "") -> Any:
    found = page.locator(f"#bc-c-{ident} {inner}").first
    found.scroll_into_view_if_needed()
    return found


def pull(page: Any, node: Any, begin: tuple[float, float], end: tuple[float, float]) -> None:
    """From one place of a node to another, as shares of its box."""
    box = node.bounding_box()
    page.mouse.move(box["x"] + begin[0] * box["width"], box["y"] + begin[1] * box["height"])
    page.mouse.down()
    page.mouse.move(box["x"] + end[0] * box["width"], box["y"] + end[1] * box["height"], steps=6)
    page.mouse.up()


def pressed(page: Any, node: Any, *keys: str) -> None:
    node.focus()
    for key in keys:
        page.keyboard.press(key)


# (control, the node, from, to): how a mouse moves each.
MICE = (("a_slider", ".w-range", (0.5, 0.5), (0.75, 0.5)), ("a_learned", ".w-range", (0.5, 0.5), (0.7, 0.5)),
        ("a_range", ".w-rail", (0.7, 0.5), (0.3, 0.5)), ("a_colour", "[data-part='2']", (0.16, 0.5), (0.6, 0.5)),
        ("a_pad", ".w-plot", (0.3, 0.5), (0.6, 0.2)), ("a_camera", ".w-camera .w-plot", (0.567, 0.733), (0.4, 0.3)),
        ("a_curve", ".w-plot", (0.45, 0.2), (0.6, 0.6)), ("a_timeline", ".w-film", (0.25, 0.4), (0.44, 0.4)),
        ("a_mix", ".w-parts", (0.3, 0.5), (0.6, 0.5)), ("a_mask", ".w-land", (0.1, 0.5), (0.9, 0.3)))


@pytest.mark.parametrize(("ident", "inner", "begin", "end"), MICE, ids=[one[0] for one in MICE])
def test_a_mouse_moves_it_and_it_can_be_put_back(page, desk, ident, inner, begin, end):
    start = next(one for one in desk.shown.controls if one.id == ident).value
    found = came(desk, ident, lambda: pull(page, part(page, ident, inner), begin, end), page)
    assert found[-1] != start
    assert part(page, ident, ".bc-w").get_attribute("data-moved") == "yes"
    assert came(desk, ident, part(page, ident, ".w-back").click, page) == [start]
    assert part(page, ident, ".bc-w").get_attribute("data-moved") == "no"


# Keys alone, from the place where Tab arrives; the first value that is sent for each.
KEYS = (("a_slider", ".w-range", ("ArrowRight",), 12.25), ("a_learned", ".w-range", ("ArrowLeft",), -0.1),
        ("a_range", ".w-first", ("Shift+ArrowRight",), [0.2, 0.7]), ("a_switch", ".w-switch", ("Space",), True),
        ("a_choice", "[aria-checked=true]", ("ArrowRight",), "threes"), ("a_palette", "select", ("ArrowDown",), "noon"),
        ("a_mix", ".w-edge", ("ArrowRight",), {"lake": 0.31, "meadow": 0.69}),
        ("a_pad", ".w-knob", ("ArrowUp",), [1.0, 0.21]),
        ("a_camera", ".w-places .w-knob >> nth=2", ("Delete",), [[0, 12, 1.5], [0.6, 30, 9]]),
        ("a_camera", ".w-moments .w-knob >> nth=1", ("ArrowLeft",), [[0, 12, 1.5], [0.59, 30, 9], [1, 4, 3]]),
        ("a_curve", ".w-knob >> nth=1", ("ArrowUp",), [[0, 0.1], [0.45, 0.85], [1, 0.2]]),
        ("a_curve", ".w-knob >> nth=1", ("Delete",), [[0, 0.1], [1, 0.2]]),
        ("a_curve", ".w-knob >> nth=0", ("Enter",), [[0, 0.1], [0.225, 0.45], [0.45, 0.8], [1, 0.2]]),
        ("a_timeline", ".w-knob >> nth=1", ("ArrowRight",), [0, 4, 11, 16]),
        ("a_mask", ".w-land", ("Delete",), None), ("a_takes", "[aria-checked=true]", ("ArrowRight",), "t0002"),
        ("a_roles", ".w-chip >> nth=1", ("Space",), ["palette", "light"]),
        ("a_colour", "[data-part='0']", ("ArrowRight",), "#d18131"))


@pytest.mark.parametrize(("ident", "inner", "keys", "first"), KEYS,
                         ids=[f"{one[0]}-{one[2][0]}" for one in KEYS])
def test_keys_alone_move_it(page, desk, ident, inner, keys, first):
    start = next(one for one in desk.shown.controls if one.id == ident).value
    node = part(page, ident, inner)
    assert node.evaluate("node => node.tabIndex") == 0 and node.evaluate("node => !!(node.ariaLabel || node.innerText)")
    found = came(desk, ident, lambda: pressed(page, node, *keys), page)
    assert found == [first]
    back = part(page, ident, ".w-back")
    assert came(desk, ident, lambda: pressed(page, back, "Enter"), page) == [start]


def test_numbers_and_words_can_be_typed(page, desk):
    for ident, inner, text, value in (("a_slider", ".w-number", "99", 24.0), ("a_pad", ".w-number >> nth=1", ".5", [1.0, .5]),
                                      ("a_colour", ".w-hex", "4C8A43", "#4c8a43"), ("a_text", "textarea", " Away ", "Away")):
        node = part(page, ident, inner)
        assert came(desk, ident, lambda n=node, t=text: (n.fill(t), n.blur()), page)[-1] == value
        came(desk, ident, part(page, ident, ".w-back").click, page)
    before = len(desk.got)
    for ident, inner, text in (("a_slider", ".w-number", ""), ("a_colour", ".w-hex", "red"), ("a_text", "textarea", "  ")):
        node = part(page, ident, inner)
        node.fill(text)
        node.blur()
    page.wait_for_timeout(800)
    assert len(desk.got) == before and part(page, "a_text", "textarea").input_value() == "Home"


def test_a_finger_and_a_double_press_do_what_the_mouse_does(page, desk):
    tools = page.context.new_cdp_session(page)
    box = part(page, "a_range", ".w-rail").bounding_box()

    def swipe() -> None:
        for kind, share in (("touchStart", 0.7), ("touchMove", 0.6), ("touchMove", 0.5), ("touchEnd", None)):
            places = [] if share is None else [{"x": box["x"] + share * box["width"], "y": box["y"] + 3}]
            tools.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": places})

    assert came(desk, "a_range", swipe, page)[-1] == [0.1, 0.5]
    came(desk, "a_range", lambda: part(page, "a_range", ".w-label").dblclick(), page)
    assert desk.values["a_range"] == [0.1, 0.7]
    plot = part(page, "a_curve", ".w-plot")
    box = plot.bounding_box()
    added = came(desk, "a_curve", lambda: plot.click(position={"x": 0.8 * box["width"], "y": 0.5 * box["height"]}), page)
    assert len(added[-1]) == 4
    page.wait_for_timeout(450)
    gone = came(desk, "a_curve", lambda: plot.dblclick(position={"x": 0.8 * box["width"], "y": 0.5 * box["height"]}), page)
    assert gone[-1] == [[0, 0.1], [0.45, 0.8], [1, 0.2]]


def test_a_level_piece_of_a_curve_moves_as_one_and_a_press_on_it_adds_a_key(page, desk):
    level = part(page, "a_fog", ".w-plot")
    found = came(desk, "a_fog", lambda: pull(page, level, (0.5, 0.75), (0.8, 0.25)), page)
    assert found[-1] == [[0, pytest.approx(0.75, abs=0.02)], [1, found[-1][0][1]]]
    came(desk, "a_fog", part(page, "a_fog", ".w-back").click, page)
    box = level.bounding_box()
    added = came(desk, "a_fog", lambda: level.click(position={"x": 0.5 * box["width"], "y": 0.75 * box["height"]}), page)
    assert len(added) == 1 and added[0][1] == [pytest.approx(0.5, abs=0.02), pytest.approx(0.25, abs=0.02)]
    came(desk, "a_fog", part(page, "a_fog", ".w-back").click, page)


def test_a_long_pull_sends_fifteen_a_second_at_most_and_ends_with_the_last(page, desk):
    node = part(page, "a_pad", ".w-plot")
    box = node.bounding_box()
    began = time.monotonic()

    def long() -> None:
        page.mouse.move(box["x"] + 20, box["y"] + 100)
        page.mouse.down()
        for k in range(40):
            page.mouse.move(box["x"] + 20 + 4 * k, box["y"] + 100 - k)
            page.wait_for_timeout(8)
        page.mouse.up()

    found = came(desk, "a_pad", long, page)
    assert 3 <= len(found) <= 15 * (time.monotonic() - began) + 2
    assert found[-1][0] == pytest.approx(3 * 176 / box["width"], abs=0.06)
    came(desk, "a_pad", part(page, "a_pad", ".w-back").click, page)


def test_what_the_desk_does_not_take_goes_back_and_is_said(page, desk, monkeypatch):
    def refusing(take: str, ident: str, value: Any) -> None:
        desk.got.append((ident, value))
        raise Unusable(f"{HOSTILE} is not for moving.")

    said = part(page, "a_timeline", ".w-said")
    with monkeypatch.context() as patch:
        patch.setattr(desk, "moved", refusing)
        part(page, "a_timeline", ".w-knob").focus()
        page.keyboard.press("ArrowRight")
        page.wait_for_selector(".toast-body:has-text('is not for moving')")
        assert page.locator("img[src=x]").count() == 0
        assert said.inner_text().startswith("cut 1 at 4") and desk.got[-1] == ("a_timeline", [0, 5, 10, 16])
    # What is brought inside comes back too, and what was refused can be sent again.
    known = desk.moved
    monkeypatch.setattr(desk, "moved", lambda take, ident, value: known(take, ident, [0, 6, 10, 16]))
    part(page, "a_timeline", ".w-knob").focus()
    page.keyboard.press("ArrowRight")
    page.wait_for_function("document.querySelector('#bc-c-a_timeline .w-said').textContent.startsWith('cut 1 at 6')")
    monkeypatch.undo()
    came(desk, "a_timeline", part(page, "a_timeline", ".w-back").click, page)


def test_a_control_can_be_kept_as_it_is(page, desk):
    assert part(page, "a_count", ".w-lock").get_attribute("aria-pressed") == "true"
    part(page, "a_switch", ".w-lock").click()
    part(page, "a_count", ".w-lock").click()
    page.wait_for_timeout(300)
    assert sorted(desk.locks) == [("a_count", False), ("a_switch", True)]


def test_measurements_are_told_and_text_stays_text(page):
    spark = part(page, "a_slider", ".w-spark")
    spark.click()
    told = part(page, "a_slider", ".w-told").inner_text()
    assert told.startswith("Brightness +18 over its range.") and "Works from 6 to 20 h" in told
    assert f"Also moves: warmth, {HOSTILE}." in told
    assert spark.locator("path").count() == 2
    assert page.locator("#bc-c-a_slider .w-dead:visible").count() == 2
    assert page.locator("#bc-c-a_count .w-spark").is_hidden()
    spark.click()
    assert part(page, "a_hostile", ".w-label").inner_text() == HOSTILE[:40]
    assert page.locator("#bc-panel img[src=x]").count() == 0


def test_hands_find_everything_on_a_phone_by_day_and_by_night(page):
    from axe_playwright_python.sync_playwright import Axe

    for scheme, width in (("light", 390), ("dark", 460)):
        page.emulate_media(color_scheme=scheme)
        page.set_viewport_size({"width": width, "height": 900})
        page.reload()
        page.wait_for_selector("#bc-c-a_hostile .w-label")
        page.wait_for_timeout(400)
        page.locator("#bc-c-a_slider .w-spark").click()
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        small = page.evaluate("""() => [...document.querySelectorAll('#bc-panel .bc-w button')]
            .filter(node => node.offsetParent && Math.min(node.offsetWidth, node.offsetHeight) < 38)
            .map(node => node.className)""")
        assert small == []
        found = [f"{one['id']}: {one['nodes'][0]['html'][:200]}" for one in Axe().run(page).response["violations"]
                 if one["impact"] in ("serious", "critical")]
        assert found == [], scheme


def test_a_panel_drawn_thirty_times_sends_every_value_once(page, desk):
    few = PanelSection(title="Few", controls=(CONTROLS["Light"][0], CONTROLS["Light"][3], *CONTROLS["Time"]))
    desk.shown, desk.values = desk.shown.model_copy(update={"sections": (few,)}), {}
    for k in range(30):
        if k == 29:  # the keyboard is on a key of the curve while the panel is drawn anew
            part(page, "a_curve", ".w-knob >> nth=2").focus()
        page.evaluate("document.querySelector('#draw-again').click()")
        page.wait_for_selector(f"#drawn:has-text('{k + 1}')")
    page.wait_for_function("document.activeElement.matches('#bc-c-a_curve .w-knob:nth-child(3)')")
    assert page.locator(".bc-w").count() == 5
    for ident, inner, key in (("a_slider", ".w-range", "ArrowLeft"), ("a_switch", ".w-switch", "Space"),
                              ("a_curve", ".w-knob", "ArrowUp"), ("a_timeline", ".w-knob", "ArrowLeft")):
        assert len(came(desk, ident, lambda i=ident, n=inner, k=key: pressed(page, part(page, i, n), k), page, 8)) == 1
    page.wait_for_selector("#bc-waiting:has-text('4 changes waiting')")


def test_every_kind_has_a_widget_and_wrong_measurements_are_left_out():
    assert set(WIDGETS) == set(KINDS)
    one = CONTROLS["Light"][0]
    assert widget_data(one.model_copy(update={"measured": None}), "t1")["measured"] is None
    odd = {"words": 5, "interval": ["a", 1], "curve": [[1, "x"], [2, float("nan")], [0, 3], 7], "live": [9, 2],
           "leaks": [None, "hue"]}
    assert widget_data(one.model_copy(update={"measured": odd}), "t1")["measured"] == {
        "told": ["Also moves: hue."], "points": [[0.0, 1.0]], "live": None}
    loose = Control(id="a", label="A", kind="pad", binds=("/a",), value=[-2.0, 5.0])
    assert drawn_bounds(loose) == ([-3.0, 0.0], [0.0, 7.5])
    assert widget_data(CONTROLS["Picture"][0], "a/b?c")["pad"] == "/pad?take=a%2Fb%3Fc#move"
