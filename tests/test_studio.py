"""The studio in a real browser: a person types, watches, moves a control, refreshes, stops."""

from __future__ import annotations

import re
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import soundfile as sf

from tests.browser import CHROMIUM, browser, served

ROOT = Path(__file__).resolve().parent.parent
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine (apt-get install chromium)")


@pytest.fixture(scope="module")
def studio(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Path]]:
    folder = tmp_path_factory.mktemp("studio")
    with (folder / "log").open("w") as log:
        server, address = served(folder / "p", log)
    yield address, folder
    server.send_signal(signal.SIGINT)
    server.wait(30)
    assert "Traceback" not in (folder / "log").read_text(), (folder / "log").read_text()[-3000:]


@pytest.fixture(scope="module")
def page(studio):
    with browser() as chromium:
        page = chromium.new_page(viewport={"width": 1500, "height": 1000})
        faults: list[str] = []
        page.on("pageerror", lambda fault: faults.append(str(fault)))
        page.set_default_timeout(60_000)
        page.goto(studio[0])
        page.wait_for_selector("#bc-words textarea")
        yield page
        assert faults == []


def small(page) -> None:
    """Short and small, through the page's own controls."""
    if not page.locator("#bc-length input").is_visible():
        page.get_by_role("button", name=re.compile("Length, size")).click()
    page.locator("#bc-length input").fill("1.5")
    page.locator("#bc-size input").click()
    page.get_by_role("option", name="16:9 small").click()
    page.wait_for_timeout(400)


def say(page, text: str) -> None:
    page.locator("#bc-words textarea").fill(text)
    page.keyboard.press("Enter")


def takes(folder: Path) -> list[str]:
    return sorted(p.name for p in (folder / "p" / "takes").iterdir() if not p.name.startswith("."))


def idle(page, seconds: float = 240) -> None:
    """Nothing is being made any more. A short film may be done before anyone could have pressed Stop."""
    end = time.monotonic() + seconds
    still = 0
    while still < 6 and time.monotonic() < end:
        page.wait_for_timeout(300)
        still = 0 if page.locator(".bc-work").count() else still + 1
    assert still >= 6, page.locator("#bc-chat").inner_text()


def wait_for_takes(page, folder: Path, count: int, seconds: float = 240) -> None:
    end = time.monotonic() + seconds
    while len(takes(folder)) < count and time.monotonic() < end:
        page.wait_for_timeout(300)
    assert len(takes(folder)) >= count, page.locator("#bc-chat").inner_text()
    page.wait_for_timeout(2500)


def whole_panel(page) -> None:
    """Every control of the panel has been tried on the film."""
    page.wait_for_selector("[id^=bc-c-]")
    page.wait_for_function("!document.querySelector('#bc-panel')?.innerText.includes('Trying')")
    page.wait_for_timeout(900)


def test_the_page_says_what_can_run_here_and_what_gets_the_rest(page):
    page.get_by_role("button", name=re.compile("^Engines")).click()
    page.wait_for_selector(".bc-engines li[data-engine=sim][data-state=ready]")
    missing = page.locator(".bc-engines li[data-state=missing]")
    assert missing.count() >= 3 and missing.locator("code").count() >= missing.count()
    missing.locator("summary").first.click()
    assert missing.locator("code").first.inner_text().startswith("beecam engines get ")
    page.locator("#bc-engine input").click()
    assert {"Simulator", "Dream"} <= {one.split("\n")[-1] for one in page.get_by_role("option").all_inner_texts()}
    page.keyboard.press("Escape")
    page.get_by_role("button", name=re.compile("^Engines")).click()


def test_a_sentence_becomes_a_film_with_its_own_panel(page, studio):
    folder = studio[1]
    small(page)
    say(page, "a bee over a poppy meadow, cel animation, folk guitar")
    page.wait_for_selector(".bc-work")
    wait_for_takes(page, folder, 1)
    assert page.locator("#bc-film video").count() == 1
    assert page.evaluate("document.querySelector('#bc-film video').duration") == pytest.approx(1.5, abs=0.2)
    whole_panel(page)
    controls = page.locator("[id^=bc-c-]")
    assert 3 <= controls.count() <= 7
    assert page.locator("#bc-c-style_hold_frames").count() == 1
    page.screenshot(path=str(folder / "first.png"))


def test_the_stage_goes_frame_by_frame_and_the_bar_labels_the_take(page, studio):
    page.locator(".bc-tool[data-tool=on]").click()
    page.keyboard.press(".")
    page.keyboard.press(",")
    page.wait_for_selector(".bc-time:has-text('2/36')")
    page.locator("[data-do=name]").fill("<b>Bee</b>")
    page.keyboard.press("Enter")
    page.locator("[data-do=star]").click()
    page.wait_for_selector("[data-do=star][aria-pressed=true]")
    node = page.locator(".bc-node[aria-current]")
    assert node.get_attribute("aria-label") == "t0001, <b>Bee</b>, starred, first take, on the screen"
    assert page.evaluate("document.activeElement.dataset.key") == "star"


def test_a_moved_control_makes_a_new_take_beside_the_old_one(page, studio):
    folder = studio[1]
    first = takes(folder)
    slider = page.locator("#bc-c-style_outline input[type=range]")
    slider.focus()
    for _ in range(4):
        page.keyboard.press("ArrowLeft")
    page.wait_for_selector("text=1 change waiting")
    page.locator("#bc-make").click()
    wait_for_takes(page, folder, len(first) + 1)
    assert page.locator("#bc-before video").is_visible() and page.locator("#bc-film video").is_visible()
    a, b = (folder / "p" / "takes" / name for name in takes(folder)[-2:])
    assert (a / "poster.png").read_bytes() != (b / "poster.png").read_bytes()
    page.locator("[data-ab]").click()
    page.keyboard.press("End")
    assert page.locator(".bc-wipe").get_attribute("aria-valuenow") == "100"
    page.keyboard.press(" ")
    page.wait_for_function("[...document.querySelectorAll('.bc-films video')].every(one => one.currentTime > .4)")
    page.keyboard.press(" ")
    page.wait_for_function("(([a, b]) => Math.abs(a.currentTime - b.currentTime) < .02)"
                           "([...document.querySelectorAll('.bc-films video')])")
    page.locator(".bc-node[aria-current]").focus()
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("Enter")
    page.wait_for_selector(f".bc-node[aria-current][data-take={first[-1]}]")
    page.locator("[data-do=redo]").click()
    page.wait_for_selector(f".bc-node[aria-current][data-take={b.name}]")


def test_the_panel_turns_to_what_the_talk_is_about_and_its_controls_do_what_they_say(page, studio):
    """Through the page: the panel about the light, an exposure moved to its darker end, and a darker film."""
    import json

    from PIL import Image

    folder = studio[1]
    before = takes(folder)
    say(page, "let's work on the light")
    page.wait_for_selector("text=The panel is about the light now")
    page.wait_for_selector("#bc-c-exposure")
    whole_panel(page)
    standing = page.locator(".bc-node[aria-current]").get_attribute("data-take")
    page.locator("#bc-c-exposure .w-spark").click()
    assert "Brightness +" in page.locator("#bc-c-exposure .w-told").inner_text()
    slider = page.locator("#bc-c-exposure input[type=range]")
    slider.focus()
    page.keyboard.press("Home")
    page.wait_for_selector("text=1 change waiting")
    page.locator("#bc-make").click()
    wait_for_takes(page, folder, len(before) + 1)
    made = folder / "p" / "takes" / takes(folder)[-1]
    told = json.loads((made / "direction.json").read_text())
    assert json.loads((made / "take.json").read_text())["parent"] == standing
    assert {shot["world"]["light"]["exposure_ev"] for shot in told["shots"]} == {-2.0}
    bright = [np.asarray(Image.open(folder / "p" / "takes" / name / "poster.png").convert("L")).mean()
              for name in (standing, made.name)]
    assert bright[1] < 0.8 * bright[0]


def test_nothing_serious_stands_in_anyones_way(page, studio):
    from axe_playwright_python.sync_playwright import Axe

    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        page.reload()
        page.wait_for_selector(".bc-node")
        page.wait_for_selector("#bc-chat .bubble-wrap[tabindex]")
        page.wait_for_timeout(800)
        found = [f"{one['id']}: {one['nodes'][0]['html'][:200]}" for one in Axe().run(page).response["violations"]
                 if one["impact"] in ("serious", "critical")]
        assert found == [], scheme


def test_words_change_the_film_on_the_screen(page, studio):
    folder = studio[1]
    before = takes(folder)
    small(page)
    say(page, "make it night, with rain")
    wait_for_takes(page, folder, len(before) + 1)
    import json

    newest = folder / "p" / "takes" / takes(folder)[-1]
    direction = json.loads((newest / "direction.json").read_text())
    assert max(shot["world"]["weather"]["rain"] for shot in direction["shots"]) > 0.3
    assert json.loads((newest / "take.json").read_text())["parent"] == before[-1]


def test_a_refresh_finds_everything_and_a_running_job_goes_on(page, studio):
    folder = studio[1]
    before = takes(folder)
    page.get_by_label("Start a new film").check()
    say(page, "a photoreal ocean at golden hour with a boat")
    page.wait_for_selector(".bc-work")
    page.reload()
    page.wait_for_selector("#bc-words textarea")
    page.wait_for_selector("text=a photoreal ocean")
    wait_for_takes(page, folder, len(before) + 1, 300)
    assert page.locator("#bc-c-lens").count() == 1
    assert page.locator("#bc-c-style_hold_frames").count() == 0


def test_stop_ends_the_job_and_keeps_nothing_of_it(page, studio):
    folder = studio[1]
    before = takes(folder)
    page.get_by_role("button", name=re.compile("Length, size")).click()
    page.wait_for_timeout(300)
    if not page.locator("#bc-length input").is_visible():
        page.get_by_role("button", name=re.compile("Length, size")).click()
    page.locator("#bc-length input").fill("40")
    page.get_by_label("Start a new film").check()
    say(page, "a long walk through a forest, photoreal")
    page.wait_for_selector("#bc-status:has-text('picture')", timeout=120_000)
    page.locator("#bc-stop").click()
    page.wait_for_selector("#bc-chat:has-text('stopped')", timeout=15_000)
    assert takes(folder) == before
    assert [p.name for p in (folder / "p" / "takes").iterdir() if p.name.startswith(".making")] == []
    page.locator("#bc-length input").fill("1.5")


def test_bad_and_hostile_input_gets_an_answer(page, studio):
    folder = studio[1]
    before = takes(folder)
    (folder / "bad.mp3").write_text("no music")
    page.locator("#bc-words input[type=file]").set_input_files(str(folder / "bad.mp3"))
    page.wait_for_timeout(1500)
    say(page, "")
    # Typed before the empty line is answered, by a fast hand.
    page.wait_for_timeout(150)
    say(page, "<img src=x onerror=\"document.title='broken'\"><script>document.title='broken'</script>")
    page.wait_for_selector("#bc-chat:has-text('not a sound file')")
    page.wait_for_selector("#bc-chat:has-text('onerror=')")
    page.locator("#bc-words textarea").fill("typed while it works")
    idle(page)
    assert page.locator("#bc-words textarea").input_value() == "typed while it works"
    page.locator("#bc-words textarea").fill("")
    assert page.title() == "Beecam"
    assert page.locator("#bc-chat img[src='x'], #bc-chat script").count() == 0
    assert takes(folder)[: len(before)] == before


def test_music_in_film_out(page, studio):
    folder = studio[1]
    idle(page)
    before = takes(folder)
    rate = 44100
    t = np.arange(6 * rate) / rate
    beat = np.exp(-18 * (t % 0.5)) * np.sin(2 * np.pi * 60 * t) + 0.05 * np.random.default_rng(0).standard_normal(len(t))
    sf.write(folder / "song.wav", 0.5 * np.stack([beat, beat], 1), rate)
    page.locator("#bc-words input[type=file]").set_input_files(str(folder / "song.wav"))
    page.wait_for_timeout(1500)
    say(page, "neon particles, abstract")
    wait_for_takes(page, folder, len(before) + 1, 300)
    assert abs(sf.info(folder / "p" / "takes" / takes(folder)[-1] / "audio.wav").duration - 1.5) < 0.05


def test_a_phone_has_no_sideways_scroll(page, studio):
    page.set_viewport_size({"width": 390, "height": 844})
    page.wait_for_timeout(800)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.screenshot(path=str(studio[1] / "phone.png"))
    page.set_viewport_size({"width": 1500, "height": 1000})


