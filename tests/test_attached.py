"""References in the studio: attached, recognised, given roles by switches, kept until removed, and answered for."""

from __future__ import annotations

import json
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import av
import numpy as np
import pytest
from PIL import Image

from agent.brief import ReferenceUse
from agent.references import DEFAULT_ROLES, GIVES
from agent.request import parse_reference
from agent.studio import Studio
from modalities.faults import Unusable
from modalities.registry import default_registry
from modalities.store import Store
from tests.browser import CHROMIUM, browser
from ui_gen.attached_page import given_html, rows_html
from ui_gen.attached_words import given_by, given_lines
from ui_gen.compose import panel_for
from ui_gen.desk import Desk

ROOT = Path(__file__).resolve().parent.parent
HOSTILE = "<img src=x onerror=alert(1)>&'\".txt"
MEASURED = {"ref.1.pacing.cut_correlation": 0.99, "ref.1.pacing.shuffled": 0.44, "ref.2.palette.distance": 0.1,
            "ref.2.palette.shuffled": 0.19, "cuts": 4.0}


def project(folder: Path) -> Desk:
    return Desk(Studio(Store(folder / "p").open(), default_registry(), panel_for))


def picture(path: Path) -> Path:
    height = np.linspace(0, 1, 90)[:, None, None]
    rgb = np.broadcast_to(np.array([60, 110, 190]) * (1 - height) + np.array([240, 180, 110]) * height, (90, 160, 3)).copy()
    rgb[60:] = [50, 70, 45]
    rgb += np.random.default_rng(0).normal(0, 4, rgb.shape)
    Image.fromarray(rgb.clip(0, 255).astype(np.uint8)).save(path)
    return path


def film(path: Path) -> Path:
    """2 s of two shots that pan."""
    rng = np.random.default_rng(1)
    with av.open(str(path), "w") as out:
        stream = out.add_stream("mpeg4", rate=12)
        stream.width, stream.height, stream.pix_fmt, stream.bit_rate = 96, 64, "yuv420p", 900_000
        for _shot in range(2):
            wide = np.kron(rng.integers(0, 255, (8, 40, 3)), np.ones((8, 8, 1))).astype(np.uint8)
            for k in range(12):
                frame = av.VideoFrame.from_ndarray(np.ascontiguousarray(wide[:, 4 * k: 4 * k + 96]), "rgb24")
                for packet in stream.encode(frame):
                    out.mux(packet)
        for packet in stream.encode():
            out.mux(packet)
    return path


def texts(folder: Path) -> dict[str, Path]:
    gesture = {"format": "beecam-gesture/1", "strokes": [{"points": [[0, 0.1, 0.5], [1, 0.9, 0.5]]}]}
    held = {"lyrics": ("song.lrc", "[00:01.00]rain on the sea\n[00:03.00]sun on the hill\n"),
            "text": ("scene.txt", "INT. BARN - NIGHT\n\nA fox looks up.\n\nCUT TO:\n\nEXT. HILL - DAY\n\nIt runs.\n"),
            "gesture": ("hand.json", json.dumps(gesture))}
    for name, text in held.values():
        (folder / name).write_text(text)
    return {kind: folder / name for kind, (name, _) in held.items()}


def test_every_kind_offers_what_it_can_give_and_says_what_it_is(tmp_path):
    desk = project(tmp_path)
    given = texts(tmp_path) | {"image": picture(tmp_path / "dusk.png")}
    desk.attach([str(path) for path in given.values()])
    desk.shelf.settle()
    items = {item.kind: item for item in desk.shelf.items()}
    assert set(items) == set(given)
    for kind, item in items.items():
        assert set(item.offered) == set(GIVES[kind]) and item.roles == DEFAULT_ROLES[kind]
        assert item.path != given[kind] and item.path.read_bytes() == given[kind].read_bytes()
    assert "2 lines" in items["lyrics"].told and "a screenplay" in items["text"].told
    assert "1 stroke" in items["gesture"].told and "pan" in items["gesture"].told
    assert "160 × 90" in items["image"].told and len(items["image"].colours) >= 3


def test_switches_are_the_roles_of_the_command_line_and_outlive_a_restart(tmp_path):
    desk = project(tmp_path)
    item = desk.shelf.attach(picture(tmp_path / "dusk.png"))
    assert desk.shelf.references()[0] == parse_reference(str(item.path))
    for role in DEFAULT_ROLES["image"]:
        desk.shelf.switch(item.id, role, role in ("palette", "light"))
    desk.shelf.switch(item.id, "camera", True)
    assert desk.shelf.references()[0] == parse_reference(f"{item.path}:palette,light")
    again = project(tmp_path).shelf
    assert again.references() == desk.shelf.references()
    for role in ("palette", "light"):
        again.switch(item.id, role, False)
    assert again.references() == () and len(again.items()) == 1
    again.remove(item.id)
    assert project(tmp_path).shelf.items() == () and item.path.is_file()


def test_all_of_a_film_is_one_switch(tmp_path):
    shelf = project(tmp_path).shelf
    item = shelf.attach(film(tmp_path / "a.mp4"))
    assert item.kind == "film"
    shelf.switch(item.id, "all", True)
    assert shelf.references()[0] == parse_reference(f"{item.path}:all")
    shelf.switch(item.id, "camera", False)
    assert "all" not in shelf.references()[0].roles and "pacing" in shelf.references()[0].roles


@pytest.mark.parametrize("content, words", [(b"", "empty"), (b"no music", "not a sound file"), (b"\0\1\2" * 99, "not")])
def test_what_cannot_be_used_is_said_in_one_sentence_and_not_kept(tmp_path, content, words):
    desk = project(tmp_path)
    bad = tmp_path / "bad.mp3"
    bad.write_bytes(content)
    desk.attach([str(bad)])
    said = desk.messages()[-1].text
    assert words in said and "bad.mp3" in said and str(tmp_path) not in said and "\n" not in said
    assert desk.kept() == () and not list(desk.studio.store.refs_dir.iterdir())


def test_what_turns_out_damaged_is_said_and_let_go(tmp_path):
    desk = project(tmp_path)
    broken = tmp_path / "hand.json"
    broken.write_text('{"format": "beecam-gesture/1"}')
    desk.attach([str(broken)])
    end = time.monotonic() + 20
    while desk.kept() and time.monotonic() < end:
        time.sleep(0.02)
    desk.shelf.settle()
    assert desk.kept() == () and "hand.json" in desk.messages()[-1].text
    assert not list(desk.studio.store.refs_dir.rglob("hand.json"))


def test_there_is_an_end_to_how_many(tmp_path):
    desk = project(tmp_path)
    for k in range(13):
        (tmp_path / f"{k}.txt").write_text(f"a fox in forest {k}")
    desk.attach([str(tmp_path / f"{k}.txt") for k in range(13)])
    assert len(desk.kept()) == 12 and "remove one" in desk.messages()[-1].text


def test_names_are_text(tmp_path):
    shelf = project(tmp_path).shelf
    path = tmp_path / HOSTILE
    path.write_text("a fox")
    item = shelf.attach(path)
    page = rows_html(shelf.items(), 0.0, 1)
    brief = {"references": [{"kind": "text", "path": str(item.path), "roles": ["content"],
                             "used": [f"content: {HOSTILE}"]}]}
    for text in (page, given_html(given_by(brief, {}))):
        assert "<img" not in text and "&lt;img" in text
        assert not re.search(r"=['\"][^>]*onerror=alert\(1\)>", text.replace("&lt;img src=x onerror=alert(1)&gt;", ""))


def test_words_that_gave_roles_are_shown_on_the_switches(tmp_path):
    shelf = project(tmp_path).shelf
    item = shelf.attach(picture(tmp_path / "dusk.png"))
    use = ReferenceUse(id="ref:x", kind="image", path=str(item.path), roles=("palette",), because="said in the words")
    shelf.follow([use], {})
    assert shelf.items()[0].roles == DEFAULT_ROLES["image"]
    shelf.follow([use], {item.path: item.roles})
    assert shelf.items()[0].roles == ("palette",) and shelf.references()[0].roles == ("palette",)


def runs_of(desk, monkeypatch):
    """What would be run is kept, and nothing is."""
    begun = []
    monkeypatch.setattr("agent.graph.run", lambda studio, start, stop: iter([begun.append(start)]))
    monkeypatch.setattr(desk, "_begin", lambda events, label: list(events(None)))
    return begun


def test_an_edit_keeps_references_and_says_when_they_changed(tmp_path, monkeypatch):
    desk = project(tmp_path)
    begun = runs_of(desk, monkeypatch)
    first = desk.shelf.attach(picture(tmp_path / "dusk.png"))
    desk.current = "t0001"
    held = {str(first.path): set(first.roles)}
    monkeypatch.setattr(desk, "_uses", lambda: held)
    desk.say("make it night", [])
    assert begun[-1]["parent"] == "t0001" and not begun[-1]["referring"]
    desk.shelf.switch(first.id, "light", False)
    desk.say("make it night", [])
    assert begun[-1]["parent"] == "t0001" and begun[-1]["referring"]
    assert "light" not in begun[-1]["request"]["references"][0]["roles"]
    text = tmp_path / "scene.txt"
    text.write_text("a fox in snow")
    desk.say("neon particles", [str(text)])
    assert "parent" not in begun[-1] and len(begun[-1]["request"]["references"]) == 2
    desk.shelf.clear()
    desk.say("make it night", [])
    assert begun[-1]["parent"] == "t0001" and begun[-1]["referring"] and not begun[-1]["request"]["references"]


def test_the_answer_names_what_each_gave_and_how_near_it_came():
    brief = {"references": [
        {"kind": "film", "path": "/x/a.mp4", "roles": ["pacing"], "used": ["pacing: 5 shots cut in its rhythm"]},
        {"kind": "image", "path": "/x/b.png", "roles": ["palette"], "used": ["palette: the colours of b.png"]}]}
    found = given_by(brief, MEASURED)
    lines = given_lines(found)
    assert lines == ["From a.mp4: pacing (cuts 0.99, by chance 0.44).",
                     "From b.png: palette (colours apart 0.10, by chance 0.19)."]
    table = given_html(found)
    assert table.count("<table") == 2 and "0.99" in table and "by chance 0.19" in table
    why = "The words say “night”, so the light of b.png is not used."
    assert why in given_html(given_by(brief | {"notes": [why, "Another thing."]}, {}))
    assert given_html(given_by({}, MEASURED)) == ""


def test_missing_files_are_refused(tmp_path):
    with pytest.raises(Unusable, match=r"There is no file gone\.png"):
        project(tmp_path).shelf.attach(tmp_path / "gone.png")


# ------------------------------------------------------------------------------------------------------ in a browser
@pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine (apt-get install chromium)")
def test_attach_switch_make_and_read_what_each_gave(tmp_path):
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    dusk, clip = picture(tmp_path / "dusk.png"), film(tmp_path / "clip <b>.mp4")
    with (tmp_path / "log").open("w") as log:
        server = subprocess.Popen([sys.executable, str(ROOT / "app.py"), "studio", "--port", str(port), "--no-browser",
                                   "--project", str(tmp_path / "p")], stdout=log, stderr=log, cwd=tmp_path)
    try:
        for _ in range(240):
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{port}", timeout=1)
                break
            except OSError:
                time.sleep(0.5)
        with browser() as chromium:
            page = chromium.new_page(viewport={"width": 1500, "height": 1000})
            page.set_default_timeout(240_000)
            faults: list[str] = []
            page.on("pageerror", lambda fault: faults.append(str(fault)))
            page.goto(f"http://127.0.0.1:{port}")
            _drive(page, tmp_path, dusk, clip)
            assert faults == []
    finally:
        server.send_signal(signal.SIGINT)
        server.wait(30)
    assert "Traceback" not in (tmp_path / "log").read_text()


def _drive(page, folder: Path, dusk: Path, clip: Path) -> None:
    words = page.locator("#bc-words textarea")
    words.fill("a fox in a fo")
    page.locator("#bc-words input[type=file]").set_input_files([str(dusk), str(clip)])
    words.press_sequentially("rest, ink")
    page.wait_for_selector(".bc-ref >> nth=1")
    drop(page, "song.lrc", b"[00:01.00]rain on the sea\n[00:03.00]sun\n", "text/plain")
    page.wait_for_selector(".bc-ref:has-text('song.lrc')")
    paste(page, "note.png", dusk.read_bytes() + b" ")
    page.wait_for_selector(".bc-ref:has-text('note.png')")
    page.get_by_role("button", name="Remove note.png").click()
    page.wait_for_selector(".bc-ref:has-text('note.png')", state="detached")
    page.get_by_role("button", name="Remove song.lrc").click()
    page.wait_for_selector(".bc-ref:has-text('song.lrc')", state="detached")
    assert words.input_value() == "a fox in a forest, ink"
    page.wait_for_function("document.querySelectorAll('.bc-ref-told.wait').length === 0")
    assert "2 s, 2 shots" in page.locator(".bc-ref:has-text('clip')").inner_text()
    group = page.get_by_role("group", name="What dusk.png is used for")
    light = group.get_by_role("checkbox", name="light")
    light.focus()
    page.keyboard.press("Space")
    page.wait_for_timeout(1500)
    assert not light.is_checked() and page.evaluate("document.activeElement.dataset.role") == "light"
    assert group.get_by_role("checkbox", name="camera").count() == 0
    page.reload()
    page.wait_for_selector(".bc-ref >> nth=1")
    assert not light.is_checked() and group.get_by_role("checkbox", name="palette").is_checked()
    page.get_by_role("button", name=re.compile("Length, size")).click()
    page.locator("#bc-length input").fill("1.5")
    page.locator("#bc-size input").click()
    page.get_by_role("option", name="16:9 small").click()
    page.wait_for_timeout(400)
    words.fill("a fox in a forest, ink")
    page.keyboard.press("Enter")
    page.wait_for_selector(".bc-given")
    take = json.loads((folder / "p" / "takes" / "t0001" / "take.json").read_text())
    asked = {Path(ref["path"]).name: ref["roles"] for ref in take["request"]["references"]}
    shown = next(name for name in asked if name.startswith("clip"))
    assert asked == {"dusk.png": ["palette", "style", "layout", "content"], shown: []}
    assert [Path(use["path"]).name for use in take["brief"]["references"]] == list(asked)
    table = page.locator(".bc-given").inner_text()
    assert "dusk.png" in table and "palette" in table and "by chance" in table
    assert "From dusk.png" in page.locator("#bc-chat").inner_text()
    assert page.locator(".bc-ref").count() == 2
    page.set_viewport_size({"width": 390, "height": 844})
    page.wait_for_timeout(600)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    sizes = [box.bounding_box() for box in page.locator(".bc-role").all()]
    assert min(size["height"] for size in sizes) >= 28


def _transfer(page, name: str, content: bytes, kind: str):
    return page.evaluate_handle("""([name, bytes, type]) => { const held = new DataTransfer();
        held.items.add(new File([new Uint8Array(bytes)], name, {type})); return held; }""", [name, list(content), kind])


def drop(page, name: str, content: bytes, kind: str) -> None:
    held = _transfer(page, name, content, kind)
    for event in ("dragenter", "dragover", "drop"):
        page.locator("#bc-words textarea").dispatch_event(event, {"dataTransfer": held})


def paste(page, name: str, content: bytes) -> None:
    held = _transfer(page, name, content, "image/png")
    page.evaluate("""held => document.querySelector('#bc-words textarea').dispatchEvent(
        new ClipboardEvent('paste', {clipboardData: held, bubbles: true, cancelable: true}))""", held)
