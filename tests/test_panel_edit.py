"""Panels change by patches with a reason, never under the creator's hand, and never into something that is wrong."""

from __future__ import annotations

from typing import Any

import pytest

from agent.brief import Brief, Trait
from agent.direction import Direction
from agent.director import direct
from agent.edits import apply_patch
from agent.interpret import interpret
from modalities.faults import Unusable
from ui_gen.compose import Wish, compose
from ui_gen.intents import focus_said, intent_of
from ui_gen.panel import FOCUSES
from ui_gen.panel_edit import difference, edited, taken_over

INTENTS = {"photoreal mountains at sunrise, no one": "landscape", "a bee over poppies, cel animation": "animation",
           "portrait of a fox, close up, photoreal": "character", "music video for my song, neon city": "music_video",
           "foley for a storm at sea": "foley", "a VJ live set, neon": "live",
           "redraw in the style of watercolour, a lake": "restyle"}


def piece(words: str = "a bee over poppies, cel, 12 s") -> tuple[Direction, Brief]:
    brief = interpret(words)
    return direct(brief, None), brief


def test_a_patch_is_a_new_revision_and_the_old_panel_stays():
    direction, brief = piece()
    panel = compose(direction, brief)
    before = panel.model_dump_json()
    after = edited(panel, [{"op": "replace", "path": "/sections/0/controls/0/label", "value": "Weight of the line"}],
                   "you called it so", direction)
    assert after.revision == panel.revision + 1 and after.reason == "you called it so"
    assert after.controls[0].label == "Weight of the line" and panel.model_dump_json() == before


BAD: tuple[tuple[list[dict[str, Any]], str], ...] = (
    ([], "because"), ([{"op": "remove", "path": "/sections/0/controls/0"}], ""),
    ([{"op": "replace", "path": "/sections/0/controls/0/label", "value": "<i>x</i>"}], "because"),
    ([{"op": "replace", "path": "/sections/0/controls/0/binds", "value": ["/shots/77/camera/lens_mm"]}], "because"),
    ([{"op": "replace", "path": "/sections", "value": []}], "because"),
    ([{"op": "replace", "path": "", "value": 3}], "because"), ([{"op": "burn", "path": "/title"}], "because"),
    ([{"op": "remove", "path": "/nowhere/1"}], "because"), ([{"path": "/title"}], "because"),
    ([{"op": "copy", "from": "/sections/0", "path": "/sections/-"}], "because"))


@pytest.mark.parametrize("number", range(len(BAD)))
def test_a_patch_that_leaves_anything_wrong_changes_nothing(number: int):
    direction, brief = piece()
    patch, reason = BAD[number]
    with pytest.raises(Unusable):
        edited(compose(direction, brief), patch, reason, direction)


def test_what_the_creator_touched_or_locked_cannot_be_changed():
    direction, brief = piece()
    panel = compose(direction, brief)
    mine, other = panel.sections[0].controls[0], panel.controls[-1]
    gone = [{"op": "remove", "path": f"/sections/{len(panel.sections) - 1}"}]
    with pytest.raises(Unusable, match="hand"):
        edited(panel, gone, "tidier", direction, touched={other.id})
    assert other.id not in {c.id for c in edited(panel, gone, "tidier", direction, touched={mine.id}).controls}
    sections = [*panel.sections]
    sections[0] = sections[0].model_copy(update={"controls": (mine.model_copy(update={"locked": True}),
                                                              *sections[0].controls[1:])})
    locked = panel.model_copy(update={"sections": tuple(sections)})
    with pytest.raises(Unusable, match="hand"):
        edited(locked, [{"op": "replace", "path": "/sections/0/controls/0/label", "value": "Mine"}], "nicer", direction)


def test_a_panel_about_something_else_keeps_what_was_touched():
    direction, brief = piece()
    panel = compose(direction, brief)
    kept = panel.controls[0]
    for focus in FOCUSES:
        turned = taken_over(panel, compose(direction, brief, None, Wish(focus=focus, kept=(kept,))), {kept.id})  # type: ignore[arg-type]
        assert kept in turned.controls and len(turned.controls) <= 7
        if focus not in ("time", "sound", "music"):
            assert difference(panel, turned) and len({c.id for c in turned.controls} - {c.id for c in panel.controls}) >= 2


@pytest.mark.parametrize("line", ["let's work on the light", "Now focus on the camera.", "work on the colours", "can we look at "
                                  "the weather", "ok, let us work on the sound", "show me controls for the cuts"])
def test_lines_that_want_another_panel(line: str):
    assert focus_said(line) is not None


@pytest.mark.parametrize("line", ["make the light warmer", "work on a film about light and bees in a meadow", "light", "",
                                  "the camera should work on the left", "let's work on <script>", "add rain"])
def test_lines_that_want_something_else(line: str):
    assert focus_said(line) is None


def test_kinds_of_work_get_panels_of_their_own():
    shown: dict[str, set[str]] = {}
    for words, intent in INTENTS.items():
        direction, brief = piece(words)
        assert intent_of(direction, brief) == intent, words
        shown[intent] = {control.id for control in compose(direction, brief).controls}
    names = list(shown)
    for a in names:
        for b in names[names.index(a) + 1:]:
            assert len(shown[a] & shown[b]) <= 4, (a, b, shown[a] & shown[b])


def test_the_same_piece_gives_the_same_panel_and_an_edit_moves_what_it_shows():
    direction, brief = piece("photoreal meadow, morning, 12 s")
    assert compose(direction, brief) == compose(direction, brief)
    rainy = apply_patch(direction, [{"op": "replace", "path": f"/shots/{k}/world/weather/rain", "value": 0.8}
                                    for k in range(len(direction.shots))], reason="rain")
    assert "rain" in {c.id for c in compose(rainy, brief).controls} - {c.id for c in compose(direction, brief).controls}


def test_what_is_told_in_steps_is_a_story():
    direction, brief = piece("photoreal village at dawn, a boat, three shots, 12 s")
    steps = tuple(Trait(axis="sequence", value=k, because="then", part=k) for k in range(3))
    told = brief.model_copy(update={"traits": (*brief.traits, *steps)})
    assert intent_of(direction, brief) != "story" and intent_of(direction, told) == "story"
    assert "cuts" in {control.id for control in compose(direction, told).controls}
