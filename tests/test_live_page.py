"""The live page in a real browser: it opens, it moves, a key and a sentence are answered by the picture."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator

import pytest
import uvicorn
from starlette.applications import Starlette

from agent.studio import Studio
from modalities.registry import default_registry
from modalities.store import Store
from tests.browser import CHROMIUM, browser
from ui_gen.compose import panel_for
from ui_gen.desk import Desk
from ui_gen.live_socket import live_routes

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine (apt-get install chromium)")


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    desk = Desk(Studio(Store(tmp_path_factory.mktemp("live") / "p").open(), default_registry(), panel_for))
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = uvicorn.Server(uvicorn.Config(Starlette(routes=live_routes(desk)), host="127.0.0.1", port=port,
                                           log_level="error"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.05)
    yield f"http://127.0.0.1:{port}"
    server.should_exit = True
    thread.join(20)


def until(page, question: str, arg=None, seconds: float = 120.0) -> None:
    """Ask until it is so. (The page's content policy forbids the eval that Playwright's own waiting needs.)"""
    end = time.monotonic() + seconds
    while not page.evaluate(question, arg):
        assert time.monotonic() < end, (question, page.evaluate("() => document.body.innerText"))
        page.wait_for_timeout(100)


@pytest.fixture(scope="module")
def page(address):
    with browser() as chromium:
        page = chromium.new_page(viewport={"width": 1280, "height": 860})
        faults: list[str] = []
        outside: list[str] = []
        page.on("pageerror", lambda fault: faults.append(str(fault)))
        page.on("request", lambda asked: None if asked.url.startswith((address, "blob:", "data:", "ws"))
                else outside.append(asked.url))
        page.set_default_timeout(120_000)
        page.goto(f"{address}/live?size=128x72")
        until(page, "() => Boolean(window.LIVE) && LIVE.frames > 3", seconds=280.0)
        yield page
        assert faults == [] and outside == []


def pixels(page) -> list[int]:
    return page.evaluate("Array.from(document.getElementById('view').getContext('2d').getImageData(0, 0, 128, 72).data)")


def seen(page, label: str, count: int) -> dict:
    until(page, "([l, n]) => LIVE.receipts.filter(r => r.first_visible_frame !== null && "
          "(r.label || r.kind).includes(l)).length > n", [label, count])
    return page.evaluate("l => LIVE.receipts.filter(r => r.first_visible_frame !== null && "
                         "(r.label || r.kind).includes(l)).pop()", label)


def test_the_picture_moves_and_the_sound_comes(page):
    before, frames = pixels(page), page.evaluate("LIVE.frames")
    until(page, "n => LIVE.frames > n + 6", frames)
    after = pixels(page)
    assert sum(a != b for a, b in zip(before, after, strict=True)) > 500
    until(page, "() => LIVE.blocks > 20")
    assert not page.locator("#veil").is_visible()


def test_a_key_press_is_seen_at_the_frame_its_receipt_names(page):
    page.locator("#view").focus()
    page.keyboard.down("w")
    receipt = seen(page, "fly", 0)
    page.keyboard.up("w")
    assert receipt["bound_frame"] >= 0
    assert receipt["applied_frame"] <= receipt["first_visible_frame"]
    until(page, "() => document.getElementById('receipt').textContent.includes('visible at')")


def test_words_make_it_rain(page, tmp_path):
    page.locator("#words").fill("let it rain")
    page.keyboard.press("Enter")
    receipt = seen(page, "rain", 0)
    assert receipt["kind"] == "ease"
    assert page.evaluate("LIVE.told[LIVE.told.length - 1].done") == ["rain"]
    page.screenshot(path=str(tmp_path / "live.png"))
    page.locator("#words").fill("xyzzy plugh")
    page.keyboard.press("Enter")
    until(page, "() => document.getElementById('receipt').textContent.includes('not understood')")


def test_a_phone_has_no_sideways_scroll(page, tmp_path):
    page.set_viewport_size({"width": 390, "height": 844})
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert page.locator("#view").bounding_box()["width"] > 350
    page.wait_for_timeout(300)
    page.screenshot(path=str(tmp_path / "phone.png"))
