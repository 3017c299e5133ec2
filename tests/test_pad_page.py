"""The drawing pad in a real browser: what is drawn arrives as drawn, undo goes back, only its own page may hand in."""

from __future__ import annotations

import http.client
import json
import re
import socket
import threading
import time
from collections.abc import Iterator

import numpy as np
import pytest
import uvicorn
from PIL import Image
from starlette.applications import Starlette

from agent.brief import Brief
from agent.direction import Direction, Shot, Span
from agent.studio import Studio
from modalities.faults import Unusable
from modalities.perceive.gesture import read_gesture
from modalities.registry import default_registry
from modalities.store import Store
from tests.browser import CHROMIUM, FLAGS, browser
from ui_gen.compose import panel_for
from ui_gen.desk import Desk
from ui_gen.pad_page import page_html
from ui_gen.pad_routes import pad_routes, poster_shot

needs_chromium = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine (apt-get install chromium)")
BOX = [(0.2, 0.4), (0.8, 0.4), (0.8, 0.9), (0.2, 0.9), (0.2, 0.45)]


def with_take(folder) -> Desk:
    """A project with one finished take: two shots, a poster, documents."""
    store = Store(folder / "p").open()
    studio = Studio(store, default_registry(), panel_for)
    direction = Direction(shots=(Shot(id="a", span=Span(s=(0, 2))), Shot(id="b", span=Span(s=(2, 4)))), duration_s=4.0,
                          size_px=(512, 288))
    with store.making() as making:
        rgb = np.random.default_rng(0).integers(0, 255, (18, 32, 3)).astype(np.uint8)
        Image.fromarray(rgb).resize((512, 288)).save(making / "poster.png")
        (making / "video.mp4").write_bytes(b"")
        sidecar = {"format": "beecam-take/1", "parent": None, "reason": "", "engine": "sim", "seed": 1, "duration_s": 4.0,
                   "wall_s": 1.0, "measured": {}, "made_at": "2026-01-01T00:00:00", "request": {},
                   "brief": Brief(goal="x").model_dump(mode="json")}
        store.publish(making, sidecar, direction.model_dump(mode="json"), panel_for(direction, Brief(goal="x")))
    return Desk(studio)


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    return with_take(tmp_path_factory.mktemp("pad"))


@pytest.fixture(scope="module")
def address(desk: Desk) -> Iterator[str]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = uvicorn.Server(uvicorn.Config(Starlette(routes=pad_routes(desk)), host="127.0.0.1", port=port,
                                           log_level="error"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.05)
    yield f"http://127.0.0.1:{port}"
    server.should_exit = True
    thread.join(20)


@pytest.fixture(scope="module")
def page(address):
    with browser() as chromium:
        page = chromium.new_page(viewport={"width": 1280, "height": 860})
        faults: list[str] = []
        outside: list[str] = []
        page.on("pageerror", lambda fault: faults.append(str(fault)))
        page.on("request", lambda asked: None if asked.url.startswith((address, "blob:", "data:"))
                else outside.append(asked.url))
        page.set_default_timeout(60_000)
        page.goto(f"{address}/pad")
        until(page, "() => Boolean(window.PAD)")
        yield page
        assert faults == [] and outside == []


def until(page, question: str, arg=None, seconds: float = 60.0) -> None:
    end = time.monotonic() + seconds
    while not page.evaluate(question, arg):
        assert time.monotonic() < end, (question, page.evaluate("() => document.body.innerText"))
        page.wait_for_timeout(50)


def drag(page, points, steps: int = 5, pause_ms: int = 0) -> None:
    box = page.locator("#sheet").bounding_box()
    spots = [(box["x"] + x * box["width"], box["y"] + y * box["height"]) for x, y in points]
    page.mouse.move(*spots[0])
    page.mouse.down()
    for spot in spots[1:]:
        page.mouse.move(*spot, steps=steps)
        if pause_ms:
            page.wait_for_timeout(pause_ms)
    page.mouse.up()


def mode(page, name: str) -> None:
    page.locator(f"#tab-{name}").click()
    if not page.locator("#clear").is_disabled():
        page.locator("#clear").click()
    assert page.locator("#use").is_disabled()


def handed_in(page, button: str = "#use") -> dict:
    count = page.evaluate("PAD.replies.length")
    page.locator(button).click()
    until(page, "n => PAD.replies.length > n", count)
    return page.evaluate("PAD.replies[PAD.replies.length - 1]")


@needs_chromium
def test_a_drawing_arrives_as_it_was_drawn_and_waits_in_the_conversation(page, desk):
    mode(page, "draw")
    page.locator("[data-ink='#b9432f']").click()
    page.locator("#width").fill("12")
    drag(page, [(0.1, 0.8), (0.5, 0.3), (0.9, 0.8)])
    said = handed_in(page)
    assert "waits in the conversation" in said["said"]
    kept = desk.kept()[-1]
    assert kept.is_relative_to(desk.studio.store.refs_dir) and kept.name == "drawing.png"
    rgb = np.asarray(Image.open(kept)).astype(int)
    assert rgb.shape == (720, 1280, 3)
    red = (rgb[..., 0] - rgb[..., 2]) > 60
    rows, columns = np.nonzero(red)
    assert (rgb[~red] > 240).mean() > 0.98
    assert columns.min() == pytest.approx(128, abs=14) and columns.max() == pytest.approx(1152, abs=14)
    assert rows.min() == pytest.approx(0.3 * 720, abs=22) and abs(columns[rows.argmin()] - 640) < 40


@needs_chromium
def test_undo_and_redo_go_back_and_forth_and_the_eraser_erases(page):
    mode(page, "draw")
    dark = """() => { const d = document.getElementById('sheet').getContext('2d').getImageData(0, 0, 1280, 720).data;
        let n = 0; for (let i = 0; i < d.length; i += 4) n += d[i + 1] < 120; return n; }"""
    page.locator("[data-ink='#2b2620']").click()
    page.locator("[data-pen=pencil]").click()
    drag(page, [(0.1, 0.5), (0.9, 0.5)])
    page.wait_for_timeout(150)
    one = page.evaluate(dark)
    drag(page, [(0.1, 0.7), (0.9, 0.7)])
    page.wait_for_timeout(150)
    two = page.evaluate(dark)
    assert two > 1.7 * one > 0
    page.keyboard.press("Control+z")
    page.wait_for_timeout(150)
    assert page.evaluate(dark) == one
    page.keyboard.press("Control+Shift+Z")
    page.wait_for_timeout(150)
    assert page.evaluate(dark) == two
    page.keyboard.press("e")
    drag(page, [(0.0, 0.5), (1.0, 0.5)])
    page.wait_for_timeout(150)
    assert page.evaluate(dark) == pytest.approx(two - one, rel=0.05)
    page.locator("#undo").click()
    page.wait_for_timeout(150)
    assert page.evaluate(dark) == two
    page.reload()
    until(page, "() => Boolean(window.PAD) && PAD.state().draw.length === 2")


@needs_chromium
def test_a_path_keeps_the_timing_of_the_hand(page, desk):
    mode(page, "camera")
    drag(page, [(0.2, 0.5), (0.3, 0.5), (0.4, 0.5), (0.5, 0.5), (0.9, 0.5)], 2, 250)
    told = page.locator("#told").inner_text()
    assert re.search(r"turns 4[12]° right", told), told
    handed_in(page)
    seen = read_gesture(desk.kept()[-1])
    assert desk.kept()[-1].name == "path.json" and 0.7 < seen.duration_s < 20.0
    pan = seen.camera["camera.pan"]
    assert pan.sum() / seen.curve_rate_hz == pytest.approx(42, abs=1)
    page.keyboard.press("Control+z")
    box = page.locator("#sheet").bounding_box()
    page.mouse.move(box["x"] + 100, box["y"] + 200)
    page.mouse.down()
    for k in range(6):
        page.mouse.move(box["x"] + 150 + 50 * k, box["y"] + 200)
        page.mouse.wheel(0, -80)
        page.wait_for_timeout(60)
    page.mouse.up()
    assert "times as near" in page.locator("#told").inner_text()
    handed_in(page)
    dolly = read_gesture(desk.kept()[-1]).camera["camera.dolly"]
    assert dolly.min() > -0.05 and 0.2 < dolly.sum() / seen.curve_rate_hz < 0.7
    page.locator("[data-on=plan]").click()
    drag(page, [(0.5, 0.9), (0.5, 0.4)], 8, 300)
    assert "goes 11 m" in page.locator("#told").inner_text()
    page.locator("#play").click()
    until(page, "() => document.getElementById('play').textContent === 'Playing…'")
    page.locator("[data-on=frame]").click()


def runs_of(desk, monkeypatch):
    """What would be run is kept, and nothing is."""
    begun = []
    monkeypatch.setattr("agent.graph.run", lambda studio, start, stop: iter([begun.append(start)]))
    monkeypatch.setattr(desk, "_begin", lambda events, label: list(events(None)))
    return begun


@needs_chromium
def test_a_painted_region_moves_as_dragged_in_a_new_take(page, desk, monkeypatch):
    mode(page, "move")
    drag(page, BOX)
    assert "drag the way" in page.locator("#told").inner_text()
    drag(page, [(0.4, 0.6), (0.6, 0.6)])
    assert "right, 10.0 %" in page.locator("#moves").inner_text()
    begun = runs_of(desk, monkeypatch)
    said = handed_in(page, "#make")
    assert "new take" in said["said"], said
    patch = begun[0]["patch"][0]
    assert patch["path"] == "/shots/1/brushes" and begun[0]["parent"] == "t0001"
    brush = patch["value"][0]
    assert brush["direction"] == pytest.approx([0.1, 0.0], abs=0.004)
    corners = np.array(brush["region"])
    assert corners.min(0) == pytest.approx([0.2, 0.4], abs=0.01) and corners.max(0) == pytest.approx([0.8, 0.9], abs=0.01)
    handed_in(page)
    assert desk.kept()[-1].name == "regions.json" and len(read_gesture(desk.kept()[-1]).regions) == 1
    page.get_by_role("button", name="Remove region 1").click()
    assert page.locator("#use").is_disabled()


@needs_chromium
def test_keys_alone_can_draw_and_everything_has_a_name(page):
    mode(page, "draw")
    page.locator("#sheet").focus()
    page.keyboard.press("Space")
    for key in ("ArrowRight",) * 8 + ("ArrowDown",) * 4:
        page.keyboard.press(key)
    page.keyboard.press("Enter")
    points = page.evaluate("PAD.state().draw[0].points")
    assert points[0][1:3] == [0.5, 0.5] and points[-1][1] == pytest.approx(0.58) and points[-1][2] > 0.5
    page.locator("#tab-draw").focus()
    page.keyboard.press("ArrowRight")
    assert page.evaluate("PAD.mode") == "camera" and page.locator("#tab-camera").get_attribute("aria-selected") == "true"
    for name in ("draw", "camera", "move"):
        page.locator(f"#tab-{name}").click()
        nameless = page.evaluate("""() => [...document.querySelectorAll('button, input, canvas, [role=tab]')].filter(e =>
            e.offsetParent && !(e.getAttribute('aria-label') || e.textContent.trim() || (e.labels && e.labels.length)))
            .map(e => e.outerHTML)""")
        assert nameless == []


@needs_chromium
def test_a_finger_draws_on_a_phone_without_sideways_scroll(page, address):
    for scheme in ("light", "dark"):
        context = page.context.browser.new_context(viewport={"width": 390, "height": 844}, has_touch=True,
                                                   color_scheme=scheme)
        phone = context.new_page()
        phone.goto(f"{address}/pad#move")
        until(phone, "() => Boolean(window.PAD)")
        assert phone.evaluate("PAD.mode") == "move"
        assert phone.evaluate("document.documentElement.scrollWidth <= innerWidth")
        phone.locator("#tab-draw").tap()
        phone.locator("#sheet").tap()
        until(phone, "() => PAD.state().draw.length === 1")
        assert phone.locator("#sheet").bounding_box()["width"] > 350
        context.close()


def hand_film(path) -> None:
    """A light hand on an arm that goes from left to right of the room and up, as raw frames for a pretended webcam."""
    width, height, frames, rng = 320, 180, 240, np.random.default_rng(0)
    room = rng.integers(60, 90, (height, width)).astype(np.float32)
    down, across = np.mgrid[0:height, 0:width]
    with path.open("wb") as file:
        file.write(f"YUV4MPEG2 W{width} H{height} F30:1 Ip A1:1 C420jpeg\n".encode())
        for i in range(frames):
            u = min(i / 220, 1.0)
            x, y = 0.2 * width + 0.55 * width * u, 0.7 * height - 0.35 * height * u
            hand = (across - x) ** 2 + (down - y) ** 2 < 18**2
            arm = (abs(across - x) < 9) & (down > y)
            grey = np.where(hand | arm, 210.0, room) + rng.normal(0, 3, (height, width))
            file.write(b"FRAME\n" + np.clip(grey, 0, 255).astype(np.uint8).tobytes() + bytes([128]) * (width * height // 2))


@needs_chromium
def test_a_hand_before_the_webcam_leads_the_camera(page, address, tmp_path):
    hand_film(tmp_path / "hand.y4m")
    chromium = page.context.browser.browser_type.launch(executable_path=CHROMIUM, args=[
        *FLAGS, "--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream",
        f"--use-file-for-fake-video-capture={tmp_path / 'hand.y4m'}"])
    try:
        waved = chromium.new_page()
        waved.goto(f"{address}/pad#camera")
        until(waved, "() => Boolean(window.PAD && PAD.drawing)")
        waved.locator("#wave").click()
        until(waved, "() => PAD.drawing()")
        waved.wait_for_timeout(2600)
        waved.locator("#wave").click()
        points = np.array(waved.evaluate("PAD.state().camera[0].points"))
        assert len(points) > 15 and not waved.locator("#mirror").is_visible()
        # Mirrored: to the right of the room is to the left of the sheet. The film begins anew when it ends.
        jump = int(np.argmax(np.abs(np.diff(points[:, 1])) > 0.2)) if (np.abs(np.diff(points[:, 1])) > 0.2).any() else None
        steps = np.diff(points, axis=0)[:jump]
        assert steps[:, 1].sum() < -0.1 and steps[:, 2].sum() < -0.03
        assert (steps[:, 1] < 0.01).mean() > 0.8
    finally:
        chromium.close()


def asked(address: str, path: str, body: bytes = b"", **headers: str) -> tuple[int, str]:
    host = address.removeprefix("http://")
    connection = http.client.HTTPConnection(host, timeout=20)
    names = {"host": host, "origin": address} | {name.replace("_", "-"): value for name, value in headers.items()}
    connection.request("POST" if body else "GET", path, body or None, {k: v for k, v in names.items() if v})
    answer = connection.getresponse()
    return answer.status, answer.read().decode("utf-8", "replace")


def token(address: str) -> str:
    return re.search(r'"token": "([^"]+)"', asked(address, "/pad")[1])[1]


def test_only_its_own_page_may_hand_in(address, desk):
    gesture = json.dumps({"format": "beecam-gesture/1", "strokes": [{"points": [[0, 0.1, 0.1], [1, 0.9, 0.9]]}]}).encode()
    good = {"x_beecam_token": token(address), "content_type": "application/json"}
    before = desk.kept()
    assert asked(address, "/pad/keep", gesture, **good | {"x_beecam_token": "guess"})[0] == 401
    assert asked(address, "/pad/keep", gesture, **good | {"origin": "http://evil.example"})[0] == 403
    assert asked(address, "/pad/keep", gesture, **good | {"origin": ""})[0] == 403
    assert asked(address, "/pad/keep", gesture, **good | {"host": "evil.example", "origin": "http://evil.example"})[0] == 403
    assert asked(address, "/pad", host="evil.example")[0] == 403
    assert desk.kept() == before
    assert asked(address, "/pad/keep", gesture, **good)[0] == 200 and desk.kept() != before


@pytest.mark.parametrize("kind, body, words", [
    ("image/png", b"no picture", "did not arrive as a picture"), ("text/html", b"<b>", "text/html"),
    ("application/json", b"[]", "no JSON object"), ("application/json", b'{"format": "beecam-gesture/1"}', "empty")])
def test_what_cannot_be_used_is_said(address, desk, kind, body, words):
    before = desk.kept()
    status, text = asked(address, "/pad/keep", body, x_beecam_token=token(address), content_type=kind)
    assert status == 400 and words in json.loads(text)["error"] and desk.kept() == before


def test_blank_and_huge_sheets_are_refused_and_paths_cannot_wander(address):
    import io

    for size, words in (((64, 36), "blank"), ((5000, 10), "5000 x 10")):
        out = io.BytesIO()
        Image.new("RGB", size, "white").save(out, "PNG")
        status, text = asked(address, "/pad/keep", out.getvalue(), x_beecam_token=token(address), content_type="image/png")
        assert status == 400 and words in json.loads(text)["error"]
    for name in ("t9999", "..%2f..%2fetc%2fpasswd", "t0001%00"):
        assert asked(address, f"/pad/poster/{name}")[0] == 404
    status, text = asked(address, "/pad/poster/t0001")
    assert status == 200


def test_text_stays_text():
    page = page_html("t", "</script><img src=x onerror=alert(1)>", (16, 9))
    assert "<img" not in page and page.count("</script>") == 3


def test_the_posters_shot_is_the_one_at_its_place():
    shots = tuple(Shot(id=f"s{i}", span=Span(s=(float(i), i + 1.0))) for i in range(5))
    assert poster_shot(Direction(shots=shots, duration_s=5.0)) == 3
    assert poster_shot(Direction(shots=shots[:1], duration_s=5.0)) == 0


def test_a_drawing_joins_the_conversation_until_it_is_let_go(tmp_path, monkeypatch):
    desk = with_take(tmp_path)
    path = tmp_path / "drawing.png"
    Image.fromarray(np.random.default_rng(0).integers(0, 255, (72, 128, 3)).astype(np.uint8)).save(path)
    begun = runs_of(desk, monkeypatch)
    revision = desk.shelf.revision
    desk.keep(path)
    desk.keep(path)
    assert desk.kept() == (path,) and desk.shelf.revision > revision
    desk.say("", [])
    assert [str(path)] == [ref["path"] for ref in begun[0]["request"]["references"]]
    assert desk.kept() == (path,) and "drawing.png" in desk.messages()[1].text
    desk.let_go()
    desk.say("a forest at night with a fox, watercolour", [], new_film=True)
    assert begun[1]["request"]["references"] == []
    with pytest.raises(Unusable):
        desk.brush("t0001", 7, [{"region": [[0, 0], [1, 0], [1, 1]], "direction": [0.1, 0]}])
    with pytest.raises(Unusable, match="area"):
        desk.brush("t0001", 0, [{"region": [[0, 0], [0, 0], [0, 0]], "direction": [0.1, 0]}])
    assert len(begun) == 2
