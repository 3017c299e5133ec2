"""A Direction in the words of a film crew: every shot is told, nothing banned is asked for, times tile the film."""

from __future__ import annotations

from pathlib import Path
from threading import Event as Flag

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agent.brief import Brief
from agent.direction import Body, Direction, Shot, ShotWorld, Span, Title
from agent.request import Request
from agent.script import LOOKS, MOST_TOLD, PLACES, SOUNDS, script_of
from agent.studio import Plan, Studio
from modalities.registry import Registry
from modalities.store import Store
from world_model.vocabulary import SETTINGS, STYLES


@pytest.fixture(scope="module")
def studio(tmp_path_factory: pytest.TempPathFactory) -> Studio:
    return Studio(Store(tmp_path_factory.mktemp("project")).open(), Registry(), lambda direction, brief: {})


def planned(studio: Studio, words: str) -> Plan:
    return studio.plan(Request(prompt=words), lambda progress: None, Flag())


def test_every_place_and_look_has_words():
    assert set(PLACES) == set(SETTINGS) == set(SOUNDS)
    assert set(STYLES) <= set(LOOKS)


@pytest.mark.parametrize("words", [
    "a lonely robot walks through the rain at night, film noir, no birds",
    "First a fox wakes in the snow. Then it finds a red lantern in the forest. At last it flies over the city.",
    "underwater whales, watercolour, 20 seconds, calm piano", "a train at dawn"])
def test_shots_tile_the_film_and_say_what_is_there(studio: Studio, words: str):
    plan = planned(studio, words)
    script = script_of(plan.direction, plan.brief)
    at = 0
    for one in script.shots:
        shot = plan.direction.shots[one.number]
        assert one.first_frame == at and one.frames > 0 and one.id == shot.id
        at += one.frames
        assert LOOKS[shot.world.look] in one.prompt
        assert all((body.shown_as or body.kind)[:3].lower() in one.prompt.lower() for body in shot.world.bodies[:3])
    assert at == round(plan.direction.duration_s * plan.direction.grid.fps)


def test_a_story_is_told_step_by_step_in_the_creators_words(studio: Studio):
    plan = planned(studio, "First a fox wakes in the snow. Then it finds a red lantern in the forest. "
                           "At last it flies over the city with it.")
    told = list(dict.fromkeys(one.told for one in script_of(plan.direction, plan.brief).shots))
    assert told == ["A fox wakes in the snow.", "It finds a red lantern in the forest.", "It flies over the city with it."]


def test_what_is_not_wanted_is_only_in_the_negative_words(studio: Studio):
    plan = planned(studio, "a lonely robot walks through the rain at night, without birds")
    for one in script_of(plan.direction, plan.brief).shots:
        assert "birds" in one.avoid and "birds" not in one.prompt.lower()


def test_drawn_looks_avoid_photographs_and_photographs_do_not(studio: Studio):
    drawn = script_of(planned(studio, "a fox, watercolour").direction)
    real = script_of(planned(studio, "a fox, photoreal").direction)
    assert all("photograph" in one.avoid for one in drawn.shots)
    assert not any("photograph" in one.avoid for one in real.shots)


def test_the_music_is_told_with_its_tempo_and_key(studio: Studio):
    plan = planned(studio, "a fox in a forest with techno at 128 bpm")
    music = script_of(plan.direction, plan.brief).music
    assert "techno" in music.style and "128 bpm" in music.style and music.tempo_bpm == pytest.approx(128, abs=2)
    assert music.key in music.style
    ends = [(one.start_s, one.end_s) for one in music.sections]
    assert all(0 <= a <= b <= plan.direction.duration_s + 1e-6 for a, b in ends)
    silent = plan.direction.model_copy(update={"score": plan.direction.score.model_copy(update={"music_level": 0.0})})
    assert script_of(silent).music.style == ""


def test_subtitles_are_spoken_at_their_moment_and_titles_are_not():
    shots = tuple(Shot(id=f"s{k}", span=Span(s=(2.0 * k, 2.0 * k + 2.0))) for k in range(2))
    made = Direction(duration_s=4.0, shots=shots, titles=(
        Title(text="Hello.", kind="subtitle", shot="s1", start=0.5), Title(text="THE END", kind="title", shot="s1"),
        Title(text="Lost.", kind="subtitle", shot="gone")))
    lines = script_of(made).lines
    assert [(line.text, line.start_s) for line in lines] == [("Hello.", pytest.approx(3.0, abs=0.05))]


@settings(max_examples=40, deadline=None)
@given(st.text(max_size=400), st.text(min_size=1, max_size=60))
def test_any_words_make_a_script(goal: str, name: str):
    world = ShotWorld(bodies=(Body(id="one", kind="fox", shown_as=name),))
    made = Direction(duration_s=2.0, shots=(Shot(id="s0", span=Span(s=(0.0, 2.0)), world=world),))
    script = script_of(made, Brief(goal=goal, constraints=(goal[:50],)), (Path("a.png"),), Path("b.mp4"), True)
    (one,) = script.shots
    assert len(one.told) <= MOST_TOLD + 1 and len(one.prompt) < 1500
    assert script_of(made, Brief(goal=goal, constraints=(goal[:50],)), (Path("a.png"),), Path("b.mp4"), True) == script
