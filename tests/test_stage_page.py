"""The stage in a real browser: a hand drags a cut and the sun, drops rain and taps a rhythm; each becomes a take."""

from __future__ import annotations

import json
import socket
import time
from collections.abc import Iterator
from pathlib import Path
from threading import Event
from typing import Any

import numpy as np
import pytest
import soundfile as sf

from agent.brief import Brief
from agent.direction import Body, Camera, Direction, Grid, Light, Music, Shot, ShotWorld, Span
from agent.referring import Referred
from agent.studio import Studio
from modalities.registry import default_registry
from modalities.store import Store
from tests.browser import CHROMIUM, FLAGS, browser
from ui_gen.compose import panel_for
from ui_gen.desk import Desk
from ui_gen.render import build
from ui_gen.render_room import CSS, HEAD, theme
from ui_gen.stage_cuts import cuts_of
from ui_gen.stage_script import CSS as STAGE
from ui_gen.take_bar import CSS as BAR
from ui_gen.tree_script import CSS as TREE
from world_model.score import ScoreSpec

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine (apt-get install chromium)")


def film() -> Direction:
    """Two seconds at 120 bpm, cut in the middle."""
    world = ShotWorld(place={"lake": 1.0}, light=Light(time_h=17.0), bodies=(Body(id="b", kind="balloon", size_m=3.0),))
    shots = tuple(Shot(id=f"s{k}", span=Span(bars=(k / 2, k / 2 + 0.5)), world=world,
                       camera=Camera(move="static", target="b", scale="full", side=1 if k else -1)) for k in range(2))
    return Direction(shots=shots, duration_s=2.0, size_px=(192, 108), grid=Grid(fps=12), seed=4,
                     score=ScoreSpec(tempo_bpm=120.0), music=Music(tempo_bpm=120.0, downbeats_s=(0.0, 2.0)))


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """The film as the first take. Its panel is not measured: nothing here looks at it."""
    patch = pytest.MonkeyPatch()
    patch.setattr("ui_gen.panels.panel_of_take", lambda *_: (panel for panel in ()))
    studio = Studio(Store(tmp_path_factory.mktemp("p") / "p").open(), default_registry(), panel_for)
    studio.render(film(), Brief(goal="a lake"), None, Referred(words=""), parent=None, reason="", request={},
                  emit=lambda event: None, stop=Event())
    yield Desk(studio)
    patch.undo()


@pytest.fixture(scope="module")
def address(desk: Desk) -> Iterator[str]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    page = build(desk)
    page.queue().launch(server_name="127.0.0.1", server_port=port, quiet=True, ssr_mode=False, inbrowser=False,
                        allowed_paths=[str(desk.studio.store.root)], theme=theme(), css=CSS + BAR + STAGE + TREE, head=HEAD,
                        prevent_thread_lock=True)
    yield f"http://127.0.0.1:{port}"
    desk.finish(30)
    page.close(verbose=False)


@pytest.fixture(scope="module")
def page(address: str) -> Iterator[Any]:
    with browser() as chromium:
        page = chromium.new_page(viewport={"width": 1500, "height": 1000})
        faults: list[str] = []
        page.on("pageerror", lambda fault: faults.append(str(fault)))
        page.on("console", lambda line: faults.append(line.text) if line.type == "error" else None)
        page.set_default_timeout(20_000)
        page.goto(address)
        page.wait_for_selector(".bc-cut")
        page.wait_for_function("document.querySelector('#bc-film video').readyState > 1")
        page.evaluate("document.activeElement.blur()")
        yield page
        assert faults == []


def newest(desk: Desk, count: int) -> tuple[Direction, str]:
    """The Direction and the reason of the newest of `count` takes, once it is there."""
    end = time.monotonic() + 30
    while (len(desk.takes()) < count or desk.work() is not None) and time.monotonic() < end:
        time.sleep(0.05)
    take, direction, _ = desk.studio.load(f"t{count:04d}")
    return direction, json.loads((take.dir / "take.json").read_text())["reason"]


def drag(page: Any, selector: str, right: float, down: float = 0.0) -> None:
    box = page.locator(selector).bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + right / 2, y + down / 2)
    page.mouse.move(x + right, y + down)


def shown(page: Any, take: str) -> None:
    page.wait_for_function(f"document.querySelector('#bc-film video').src.includes('{take}/')")
    page.wait_for_function("document.querySelector('#bc-film video').readyState > 1")


def at_s(page: Any, wanted_s: float, within_s: float) -> None:
    """The film comes to stand at a moment; a seek takes as long as the machine is busy."""
    page.wait_for_function("([wanted, within]) => Math.abs(document.querySelector('#bc-film video').currentTime - wanted) "
                           "< within", arg=[wanted_s, within_s], timeout=15_000)


def test_a_hand_on_the_stage_makes_takes(page: Any, desk: Desk) -> None:
    lane = page.locator(".bc-lane").bounding_box()
    assert page.locator(".bc-cut").get_attribute("aria-valuetext") == "cut 1 at 1.0 s, beat 3"
    # A press on the sound scrubs.
    page.mouse.click(lane["x"] + 0.75 * lane["width"], lane["y"] + 50)
    at_s(page, 1.5, 0.03)
    # A cut lands on the beat that is nearest to the hand.
    drag(page, ".bc-cut", 0.22 * lane["width"])
    assert page.locator(".bc-bubble").inner_text() == "1.5 s, beat 4"
    page.mouse.up()
    direction, why = newest(desk, 2)
    assert why == "cut 1 from 1.0 s to 1.5 s" and [cut.at_s for cut in cuts_of(direction)] == [1.5]
    shown(page, "t0002")
    # By the keyboard, and left again.
    page.locator(".bc-cut").focus()
    page.keyboard.press("ArrowLeft")
    assert page.locator(".bc-cut").get_attribute("aria-valuetext") == "cut 1 at 1.0 s, beat 3"
    page.keyboard.press("Escape")
    assert page.locator(".bc-cut").get_attribute("aria-valuetext") == "cut 1 at 1.5 s, beat 4"
    # The sun goes where it is dragged, and a still shows that first.
    page.keyboard.press("h")
    sun = page.locator(".bc-sun")
    sun.wait_for()
    at_s(page, 1.54, 0.06)
    picture, at = page.locator(".bc-over").bounding_box(), sun.bounding_box()
    right = picture["x"] + 0.4 * picture["width"] - at["x"] - at["width"] / 2
    down = picture["y"] + 0.2 * picture["height"] - at["y"] - at["height"] / 2
    drag(page, ".bc-sun", right, down)
    page.wait_for_selector(".bc-still[src^='data:image/jpeg']")
    page.keyboard.press("Escape")
    assert page.locator(".bc-still").is_hidden() and len(desk.takes()) == 2
    page.mouse.up()
    drag(page, ".bc-sun", right, down)
    page.mouse.up()
    direction, why = newest(desk, 3)
    assert direction.shots[1].world.light.sun_at == pytest.approx((0.4, 0.2), abs=0.02)
    assert why == "sun of shot 2 to 40 % across, 20 % down" and direction.shots[0].world.light.sun_at is None
    shown(page, "t0003")
    # Rain is dropped at the play head.
    page.locator(".bc-head").focus()
    page.keyboard.press("Home")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("d")
    page.locator("#bc-drop .bc-when", has_text="At 0.5 s, beat 2").wait_for(timeout=15_000)
    page.keyboard.press("ArrowRight")
    page.get_by_label("on the beat").uncheck()
    # A seek is told when the film stands there, which takes as long as the machine is busy.
    page.locator("#bc-drop .bc-when", has_text="At 0.75 s").wait_for(timeout=15_000)
    page.get_by_role("button", name="Rain begins").click()
    direction, why = newest(desk, 4)
    assert why == "rain begins at 0.75 s" and direction.shots[1].world.weather.rain > 0.5
    shown(page, "t0004")
    # Taps become a tempo.
    page.keyboard.press("t")
    for _ in range(6):
        page.keyboard.press(" ")
        page.wait_for_timeout(250)
    page.get_by_role("button", name="Tempo of the score").wait_for()
    assert 170 < int("".join(one for one in page.get_by_role("button", name="Tempo of the score").inner_text()
                             if one.isdigit())) <= 240
    page.keyboard.press("Escape")
    # Undo goes back as after any other edit.
    page.locator("[data-do=undo]").click()
    shown(page, "t0003")


def test_nothing_stands_in_anyones_way(page: Any) -> None:
    from axe_playwright_python.sync_playwright import Axe

    page.evaluate("document.activeElement.blur()")
    for scheme, width in (("light", 1500), ("dark", 390)):
        page.emulate_media(color_scheme=scheme)
        page.set_viewport_size({"width": width, "height": 900})
        page.keyboard.press("d")
        page.wait_for_timeout(500)
        found = [f"{one['id']}: {one['nodes'][0]['html'][:200]}" for one in Axe().run(page, "#bc-stage").response[
            "violations"] if one["impact"] in ("serious", "critical")]
        assert found == [], scheme
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0


def test_a_hummed_rhythm_counts_as_taps(page: Any, address: str, tmp_path: Path) -> None:
    """A hundred notes a minute, hummed into a microphone of the browser's own making."""
    time_s = np.arange(12 * 48000) / 48000
    note = np.minimum(1, 40 * (time_s % 0.6)) * (time_s % 0.6 < 0.38)
    hum = 0.3 * note * sum(np.sin(2 * np.pi * 196 * k * time_s) / k for k in (1, 2, 3))
    sf.write(tmp_path / "hum.wav", (hum + 0.002 * np.random.default_rng(0).normal(size=len(hum))).astype(np.float32), 48000)
    chromium = page.context.browser.browser_type.launch(executable_path=CHROMIUM, args=[
        *FLAGS, "--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream",
        f"--use-file-for-fake-audio-capture={tmp_path / 'hum.wav'}"])
    try:
        heard = chromium.new_page()
        heard.goto(address)
        heard.wait_for_selector(".bc-cut")
        heard.evaluate("document.activeElement.blur()")
        heard.keyboard.press("t")
        heard.get_by_role("button", name="Hum or clap").click()
        heard.wait_for_function("parseInt(document.querySelector('#bc-tap .bc-when').textContent) >= 7")
        heard.get_by_role("button", name="Stop listening").click()
        offer = heard.get_by_role("button", name="Tempo of the score")
        offer.wait_for()
        assert 95 <= int(offer.inner_text().split()[-2]) <= 105
    finally:
        chromium.close()
