"""What a creator does by a click, without a browser: labels, undo, ideas, merging, and where they stood after a
restart."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from agent.director import direct
from agent.interpret import interpret
from agent.studio import Studio
from modalities.registry import default_registry
from modalities.store import Store, Take
from modalities.take_labels import Label, labels
from ui_gen.desk import Desk
from ui_gen.desk_acts import act, cannot_merge, changed_words, newest_child, parent_of
from ui_gen.ideas_page import ideas_html
from ui_gen.stage_page import TEMPLATE, stage_data
from ui_gen.take_bar import bar_html
from ui_gen.tree_page import laid_out, tree_html
from ui_gen.tree_posters import small_poster

HOSTILE = "<img src=x onerror=alert(1)>'\""


def put_take(store: Store, parents: tuple[str, ...], reason: str, fog: float) -> Take:
    """A take whose film is only a file of bytes: nothing here looks at pictures."""
    brief = interpret("a bee over a meadow, cel animation")
    document = direct(brief, None, duration_s=2.0, size_px=(192, 108), seed=1).model_dump(mode="json")
    document["shots"][0]["world"]["weather"]["fog"] = fog
    with store.making() as folder:
        (folder / "video.mp4").write_bytes(b"film")
        (folder / "audio.wav").write_bytes(b"sound")
        Image.new("RGB", (640, 360), (200, 90, 40)).save(folder / "poster.png")
        return store.publish(folder, {
            "parent": parents[0] if parents else None, "parents": list(parents), "reason": reason, "engine": "sim",
            "seed": 1, "duration_s": 2.0, "wall_s": 1.0, "measured": {}, "made_at": "2026-11-26T20:00:00Z",
            "brief": brief.model_dump(mode="json")}, document, {})


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """t0001 with two children, t0002 and t0003."""
    store = Store(tmp_path / "p").open()
    put_take(store, (), HOSTILE, 0.0)
    put_take(store, ("t0001",), "fog", 0.4)
    put_take(store, ("t0001",), "more fog", 0.7)
    return Desk(Studio(store, default_registry(), lambda direction, brief: {}))


def test_labels_are_set_by_a_click_and_bad_ones_are_told(desk: Desk) -> None:
    before = desk.revision
    for given in ({"do": "star", "take": "t0002", "on": True}, {"do": "name", "take": "t0002", "text": "Mist"},
                  {"do": "note", "take": "t0002", "text": "softer"}, {"do": "discard", "take": "t0003", "on": True}):
        act(desk, given)
    assert labels(desk.studio.store) == {"t0002": Label("Mist", True, "softer", False),
                                         "t0003": Label(discarded=True)}
    assert desk.revision > before
    act(desk, {"do": "name", "take": "t0001", "text": "mist"})
    assert "already" in desk.messages()[-1].text
    act(desk, {"do": "name", "take": "t0001", "text": "x" * 500})
    assert "letters" in desk.messages()[-1].text
    act(desk, {"do": "star", "take": "../../etc", "on": True})
    assert "not there" in desk.messages()[-1].text
    said = len(desk.messages())
    for odd in ({}, {"do": "rm -rf"}, {"do": ["show"]}, {"do": None}):
        act(desk, odd)
    assert len(desk.messages()) == said and len(labels(desk.studio.store)) == 2


def test_undo_goes_to_the_parent_and_redo_to_the_newest_child_that_was_kept(desk: Desk) -> None:
    assert desk.current == "t0003"
    act(desk, {"do": "undo"})
    assert desk.current == "t0001" and desk.compared == "t0003"
    act(desk, {"do": "undo"})
    assert desk.current == "t0001" and parent_of(desk, "t0001") is None
    act(desk, {"do": "redo"})
    assert desk.current == "t0003"
    act(desk, {"do": "discard", "take": "t0003", "on": True})
    assert newest_child(desk, "t0001") == "t0002"
    assert changed_words(desk, "t0001") == () and any("og" in one and "0.7" in one
                                                      for one in changed_words(desk, "t0003"))


def test_two_takes_are_merged_only_where_that_means_something(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "second" in cannot_merge(desk)
    act(desk, {"do": "compare", "take": "t0001"})
    assert "comes from the other" in cannot_merge(desk)
    act(desk, {"do": "compare", "take": "t0003"})
    assert desk.compared is None
    act(desk, {"do": "compare", "take": "t0002"})
    assert cannot_merge(desk) == ""
    asked: list[dict[str, Any]] = []

    def fake_run(studio: Studio, start: dict[str, Any], stop: Any) -> Any:
        asked.append(start)
        return (event for event in ())

    monkeypatch.setattr("agent.graph.run", fake_run)
    act(desk, {"do": "merge"})
    desk.finish(10)
    assert asked[0]["merge"] == {"ours": "t0003", "theirs": "t0002", "side": None}


def test_an_idea_is_taken_with_its_patch_and_survives_a_restart(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    root = desk.studio.store.root
    (root / "ideas").mkdir()
    (root / "ideas" / "one.mp4").write_bytes(b"film")
    patch = [{"op": "replace", "path": "/shots/0/world/weather/fog", "value": 0.1}]
    idea = {"title": HOSTILE, "why": HOSTILE, "patch": patch, "preview": str(root / "ideas" / "one.mp4"),
            "distance": 0.4, "surprise_bits": 2.0}
    desk.put_ideas((idea, {**idea, "preview": "/etc/passwd"}), "t0001")
    act(desk, {"do": "show", "take": "t0001"})
    again = Desk(desk.studio)
    # What names a file outside the project's ideas does not come back.
    assert again.ideas == (idea,) and again.ideas_of == "t0001"
    assert (again.current, again.compared) == ("t0001", "t0003")
    text = ideas_html(again.ideas, "t0001", busy=False)
    assert "<img" not in text and "onerror" in text and text.count("<video") == 1
    asked: list[dict[str, Any]] = []
    monkeypatch.setattr("agent.graph.run", lambda studio, start, stop: asked.append(start) or (event for event in ()))
    for number in (5, -1, "0", None):
        act(again, {"do": "idea", "number": number})
    again.finish(10)
    assert asked == []
    act(again, {"do": "idea", "number": 0})
    again.finish(10)
    assert asked[0]["parent"] == "t0001" and asked[0]["patch"] == patch and asked[0]["reason"] == HOSTILE
    act(again, {"do": "no_ideas"})
    assert again.ideas == () and Desk(desk.studio).ideas == ()
    (root / "desk.json").write_text('{"current": ["t0001"], "ideas": 5}')
    assert Desk(desk.studio).current == "t0003"


def test_a_tree_of_many_takes_is_laid_out_without_overlap(desk: Desk) -> None:
    one = desk.takes()["t0001"]
    takes: list[Take] = []
    for k in range(1, 61):
        above = () if k in (1, 9, 10, 11, 40) else tuple(dict.fromkeys((f"t{max(1, k - 1 - k * 7 % 5):04d}",
                                                                        *([f"t{k // 2:04d}"] if k % 13 == 0 else []))))
        takes.append(replace(one, id=f"t{k:04d}", parent=above[0] if above else None, parents=above))
    nodes = laid_out(takes)
    assert len({(node.column, node.row) for node in nodes}) == 60
    where = {node.id: node for node in nodes}
    assert all(where[node.parents[0]].column < node.column for node in nodes if node.parents)
    newest_root = "t0060"
    while where[newest_root].parents:
        newest_root = where[newest_root].parents[0]
    assert where[newest_root].row == 0
    # A parent that was thrown away leaves a take that begins a tree.
    assert laid_out([replace(one, id="t0007", parents=("t0003",))])[0].parents == ()
    text = tree_html({take.id: take for take in takes}, {"t0002": Label(HOSTILE, True), "t0003": Label(discarded=True)},
                     {}, "t0005", "t0004", "")
    assert "<img src=x" not in text and text.count("class='bc-node") == 60
    assert len(re.findall("tabindex='0'", text)) == 1 and text.count("aria-current") == 1
    assert " discarded" in text and "★" in text
    assert sum(len(node.parents) for node in nodes) == text.count("<path")


def test_the_stage_says_what_it_shows_and_text_stays_text(desk: Desk) -> None:
    act(desk, {"do": "name", "take": "t0003", "text": HOSTILE})
    act(desk, {"do": "compare", "take": "t0002"})
    data = json.loads(stage_data(desk))
    assert data["film"]["name"] == HOSTILE and data["film"]["fps"] == 24.0 and data["before"]["take"] == "t0002"
    assert str(desk.studio.store.takes_dir / "t0003" / "video.mp4") in data["film"]["url"]
    bar = bar_html("t0003", Label(HOSTILE, note=HOSTILE), "t0001", None, [HOSTILE])
    assert "<img" not in bar and "value='&lt;img src=x onerror=alert(1)&gt;&#x27;&quot;'" in bar
    # Every control of the page has a name.
    for text in (bar, TEMPLATE):
        for tag in re.findall(r"<(?:button|input|textarea)\b[^>]*>(?=\s*<svg|[^\w]|$)", text):
            assert "aria-label" in tag or "data-do='surprise'" in tag or "data-do='start'" in tag, tag


def test_small_posters_are_made_once_and_again_for_a_new_take(desk: Desk) -> None:
    take = desk.takes()["t0001"]
    small = small_poster(desk.studio.store, take)
    assert small is not None and small.parent.name == "thumbs"
    with Image.open(small) as picture:
        assert picture.size == (256, 144)
    made = small.stat().st_mtime_ns
    assert small_poster(desk.studio.store, take) == small and small.stat().st_mtime_ns == made
    take.poster.write_bytes(b"broken")
    assert small_poster(desk.studio.store, take) == take.poster
    assert not [one for one in small.parent.iterdir() if one.name.endswith(".part")]
