"""Controls that a piece offers of itself: made of several numbers, apart from each other, named by what they feel like."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from itertools import combinations

import numpy as np
import pytest

from agent.brief import Brief
from agent.direction import Direction
from agent.director import direct
from agent.interpret import interpret
from agent.talk_moods import MOODS
from ui_gen.answers import Answers
from ui_gen.catalogue import candidates
from ui_gen.compose import Wish, compose
from ui_gen.intents import intent_of, weighed
from ui_gen.measure import measure
from ui_gen.measure_store import MeasureStore, measuring
from ui_gen.mood_effects import mood_directions, mood_name
from ui_gen.panel import Panel
from ui_gen.panel_check import faults
from ui_gen.propose import ALONE, Table, directions, knobs_of, named, proposed
from world_model.sim.picture import Renderer


def piece(words: str = "photoreal meadow at dusk, a fox, fog, 6 s") -> tuple[Direction, Brief]:
    brief = interpret(words)
    return direct(brief, None), brief


def sliders(direction: Direction, brief: Brief):
    return [one for _, one in weighed(candidates(direction), intent_of(direction, brief), brief, None)]


@pytest.fixture(scope="module")
def found():
    direction, brief = piece()
    return direction, sliders(direction, brief), proposed(direction, sliders(direction, brief), None)


def test_what_is_proposed_works_and_can_be_shown(found):
    direction, _, own = found
    assert 1 <= len(own) <= 3
    eye = Renderer((96, 54), threads=1)
    for one in own:
        control = one.control
        assert control.source == "model" and len(set(control.binds)) == len(control.binds) > len(direction.shots) > 0
        panel = Panel.model_validate({"id": "p", "title": "t", "sections": [{"title": "s", "controls": [control]}]})
        assert faults(panel, direction) == ()
        told = measure(direction, control, None, eye)
        assert told is not None and told.alive and told.changed > 1.0
    for a, b in combinations(own, 2):
        assert not set(a.control.binds) & set(b.control.binds) and a.control.label != b.control.label


def test_the_same_piece_proposes_the_same(found):
    direction, own, first = found
    assert proposed(direction, own, None) == first


def test_a_direction_is_never_nearly_one_number():
    rng = np.random.default_rng(3)
    for _ in range(40):
        table = Table((), rng.normal(size=(9, 8)) * rng.uniform(0.1, 9, 8), np.zeros(9))
        ways = directions(table)
        for way in ways:
            assert np.linalg.norm(way) == pytest.approx(1.0) and np.abs(way).max() <= ALONE + 1e-9
            assert 2 <= np.count_nonzero(way) <= 4
        assert all(not np.any((a != 0) & (b != 0)) for a, b in combinations(ways, 2))
    assert directions(Table((), np.zeros((9, 8)), np.zeros(9))) == []
    single = np.zeros((9, 8))
    single[2, 5] = 9.0
    assert directions(Table((), single, np.zeros(9))) == []


def test_a_mood_is_called_by_its_own_name_and_its_opposite_turned():
    direction, brief = piece()
    answers = Answers(direction, knobs_of(direction, sliders(direction, brief)), None)
    with ThreadPoolExecutor(2) as pool:
        still = answers.of(answers.probe.direction)
        moods = mood_directions(answers, still, pool)
    assert [name for name, _ in moods] == [mood_name(dial) for _, dial in MOODS]
    strong = [(name, effect) for name, effect in moods if np.linalg.norm(effect) > 1.0]
    right = 0
    for name, effect in strong:
        right += named(effect, moods, set()) == (name, 1.0)
        assert named(-effect, moods, set())[1] == -named(effect, moods, set())[1]
    assert len(strong) >= 8 and right == len(strong)
    plain, _ = named(np.eye(len(strong[0][1]))[0], (), set())
    assert plain.startswith("Brighter")


def test_a_panel_holds_what_was_found_beside_what_everyone_has():
    direction, brief = piece("cel animation, a dragon over a village, rain, 6 s")
    store = MeasureStore(None)
    with measuring(direction, None, store) as now:
        panel = compose(direction, brief, None, Wish(finding=lambda own: store.found(direction, own, None)), now)
    kinds = [control.kind for control in panel.controls]
    assert 1 <= kinds.count("learned") <= 2 and len(kinds) == 7
    assert faults(panel, direction) == ()
