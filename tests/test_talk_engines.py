"""Engines in words: who makes the pictures, who plays the music, how free a model is; and lines that only sound like it."""

from __future__ import annotations

import pytest

from agent.direction import Direction, EngineChoice
from agent.director import direct
from agent.edits import apply_patch
from agent.interpret import interpret
from agent.talk import KnownTake, Standing, understand
from agent.talk_engines import PICTURES, SOUNDS, TITLES
from modalities.engines.sound.catalogue import sound_engines
from modalities.registry import default_registry


def standing(engine: EngineChoice | None = None) -> Standing:
    made = direct(interpret("a fox in a forest"), None, duration_s=8.0)
    made = made.model_copy(update={"engine": engine or EngineChoice()})
    return Standing(takes=(KnownTake(id="t0001", parent=None, name="", direction=made, brief=interpret("a fox")),),
                    current="t0001")


def after(line: str, where: Standing) -> Direction:
    turn = understand(line, where)
    assert turn.kind == "edit", (line, turn)
    assert all(step["path"].startswith(("/engine", "/sound")) for step in turn.patch), turn.patch
    assert where.here is not None
    return apply_patch(where.here.direction, turn.patch, reason=line)


def test_the_names_are_those_of_engines_that_there_are():
    assert set(PICTURES) == {engine.card.id for engine in default_registry().all()
                             if not engine.card.id.startswith("remote-")}
    assert set(SOUNDS) == {engine.card.id for engine in sound_engines()} and set(TITLES) >= set(PICTURES) | set(SOUNDS)


@pytest.mark.parametrize("line, name", [
    ("render it with Wan VACE", "wan-vace"), ("finish this in LTX", "ltx2"), ("use LTX-2.5", "ltx2.5"),
    ("make the whole film with anyflow please", "anyflow"), ("use the dream engine", "dream"), ("try wan", "wan-vace"),
    ("paint it over with ltx 2", "ltx2"), ("redo it with the big anyflow", "anyflow-14b")])
def test_an_engine_is_chosen_by_name(line: str, name: str):
    where = standing()
    made = after(line, where)
    assert made.engine.id == name and made.shots == where.takes[0].direction.shots


@pytest.mark.parametrize("line, name", [("music by ace step", "ace-step"), ("play the music with Stable Audio", "stable-audio3"),
                                        ("use musicgen for the music", "musicgen")])
def test_a_player_is_chosen_by_name(line: str, name: str):
    made = after(line, standing())
    assert made.sound.id == name and made.engine.id == "sim"


def test_back_to_the_simulator_and_freedom_goes_along_between_large_ones():
    where = standing(EngineChoice(id="wan-vace", params={"freedom": 0.3, "hold": "depth"}))
    assert after("back to the simulator", where).engine == EngineChoice(id="sim")
    assert after("use ltx", where).engine == EngineChoice(id="ltx2", params={"freedom": 0.3})


def test_freer_and_closer_move_freedom_and_stop_at_the_ends():
    where = standing(EngineChoice(id="wan-vace", params={"freedom": 0.6}))
    assert after("freer", where).engine.params["freedom"] == 0.75
    assert after("closer to the previz", where).engine.params["freedom"] == 0.45
    assert after("hold to the edges", where).engine.params["hold"] == "edges"
    assert after("stick to the words only", where).engine.params["hold"] == "none"
    end = standing(EngineChoice(id="wan-vace", params={"freedom": 1.0}))
    turn = understand("freer", end)
    assert turn.kind == "answer" and not turn.patch


@pytest.mark.parametrize("line", ["like a dream", "dreamier", "in the snow", "with a fox", "closer to the fox", "make it rain",
                                  "a synth melody", "use warmer colours", "in a village", "go back", "try something darker",
                                  "with more birds", "back to the first one", "make it like a simulation game"])
def test_lines_that_only_sound_like_it_choose_no_engine(line: str):
    turn = understand(line, standing())
    assert not any(step["path"].startswith(("/engine", "/sound")) for step in turn.patch), turn.patch
