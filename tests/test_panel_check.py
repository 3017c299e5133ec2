"""A panel that is wrong in any way is refused in one sentence; what we compose is not."""

from __future__ import annotations

from typing import Any

import pytest

from agent.brief import Brief
from agent.direction import Direction
from agent.director import direct
from agent.edits import apply_patch
from agent.interpret import interpret
from modalities.faults import Unusable
from ui_gen.bind import accepted, written
from ui_gen.catalogue import candidates
from ui_gen.compose import compose
from ui_gen.measure_levels import ladder
from ui_gen.panel import BESIDE, KINDS, Panel
from ui_gen.panel_check import faults, read_panel
from world_model.vocabulary import STYLES

REQUESTS = ("a bee over poppies, cel, folk guitar, 20 s", "photoreal ocean at dawn, a whale", "techno, neon city, cars, rain",
            "foley for a storm at sea, no music", "a fox in the snow, close up, noir", "particles, ambient")


def piece(words: str = REQUESTS[0]) -> tuple[Direction, Brief]:
    brief = interpret(words)
    return direct(brief, None), brief


@pytest.mark.parametrize("words", REQUESTS)
def test_every_candidate_and_every_panel_of_ours_can_be_shown(words: str):
    direction, brief = piece(words)
    assert faults(compose(direction, brief), direction) == ()
    for one in candidates(direction):
        panel = Panel.model_validate({"id": "p", "title": "t", "sections": [{"title": "s", "controls": [one.control]}]})
        assert faults(panel, direction) == (), one.control.id


@pytest.mark.parametrize("look", STYLES)
def test_ids_are_unique_in_every_look(look: str):
    direction, _ = piece()
    drawn = direction.model_copy(update={"shots": tuple(shot.model_copy(update={
        "world": shot.world.model_copy(update={"look": look})}) for shot in direction.shots)})
    names = [one.control.id for one in candidates(drawn)]
    assert len(set(names)) == len(names)


@pytest.mark.parametrize("words", REQUESTS[:3])
def test_what_is_accepted_is_accepted_again_and_fits_the_direction(words: str):
    direction, _ = piece(words)
    seen = set[str]()
    for one in candidates(direction):
        control = one.control
        seen.add(control.kind)
        if control.kind in (*BESIDE, "text"):
            continue
        for level in ladder(control):
            value = accepted(control, level.value)
            assert accepted(control, value) == value
            apply_patch(direction, written(direction, control, value), reason="tried")
        # Where it stands, it changes nothing that is not said already.
        assert accepted(control, control.value) == accepted(control, accepted(control, control.value))
    assert len(seen) >= 8 and seen <= set(KINDS)


def broken(panel: dict[str, Any], **change: Any) -> dict[str, Any]:
    first = panel["sections"][0]["controls"][0]
    return {**panel, "sections": [{**panel["sections"][0], "controls": [{**first, **change}]}, *panel["sections"][1:]]}


WRONG: tuple[tuple[str, dict[str, Any]], ...] = (
    ("dangling bind", {"binds": ["/shots/99/world/weather/rain"]}), ("no such field", {"binds": ["/shots/0/world/nonsense"]}),
    ("own identity", {"binds": ["/id"]}), ("bounds too wide", {"bounds": [-5.0, 500.0], "value": 0.0}),
    ("bounds upside down", {"bounds": [1.0, 0.0], "value": 0.5}), ("value outside", {"value": 77.0}),
    ("markup", {"label": "<b>Rain</b>"}), ("script", {"why": "see javascript:alert(1)"}),
    ("address", {"why": "http://elsewhere"}), ("handler", {"label": "x onerror=1"}), ("link", {"why": "[a](b)"}),
    ("hidden signs", {"label": "Ra\u202ein"}), ("no kind", {"kind": "knob"}), ("own fallback", {"fallback": "slider"}),
    ("no bounds", {"bounds": None}), ("nan", {"value": float("nan")}), ("text for number", {"value": "much"}),
    ("bad id", {"id": "../../etc"}), ("extra", {"onclick": "x"}), ("no binds", {"binds": []}),
    ("curve without spans", {"kind": "curve", "value": [[0, 0.1], [1, 0.2]], "fallback": None}),
    ("learned without gains", {"kind": "learned"}), ("choice of nothing", {"kind": "choice", "choices": None}),
    ("wrong choices", {"kind": "choice", "choices": ["a", "b"], "value": "a", "binds": ["/shots/0/world/look"]}),
    ("no such shot", {"shot": "nowhere"}), ("pad of one", {"kind": "pad", "value": [0.5]}),
    ("mix of nothing", {"kind": "mix", "choices": ["meadow"], "value": {}, "binds": ["/shots/0/world/place"]}),
    ("text into a number", {"kind": "text", "value": "hello", "bounds": None}))


@pytest.mark.parametrize(("what", "change"), WRONG, ids=[what for what, _ in WRONG])
def test_anything_wrong_is_refused_in_one_sentence(what: str, change: dict[str, Any]):
    direction, brief = piece()
    good = compose(direction, brief).model_dump(mode="json")
    read_panel(good, direction)
    with pytest.raises(Unusable) as refused:
        read_panel(broken(good, **change), direction)
    assert str(refused.value).endswith(".") and "Traceback" not in str(refused.value)


def test_doubles_and_crowds_are_refused():
    direction, brief = piece()
    panel = compose(direction, brief)
    first = panel.controls[0]
    twice = panel.model_copy(update={"sections": (panel.sections[0].model_copy(update={"controls": (first, first)}),)})
    assert any("called" in wrong for wrong in faults(twice, direction))
    other = first.model_copy(update={"id": "another"})
    shared = panel.model_copy(update={"sections": (panel.sections[0].model_copy(update={"controls": (first, other)}),)})
    assert any("both write" in wrong for wrong in faults(shared, direction))
    many = [one.control for one in candidates(direction)][:9]
    crowd = panel.model_copy(update={"sections": (panel.sections[0].model_copy(update={"controls": tuple(many)}),)})
    assert any("in view" in wrong for wrong in faults(crowd, direction))


@pytest.mark.parametrize("given", [None, [], "panel", {}, {"id": "p"}, {"sections": []}, 7, {"id": "p", "title": "", "sections": 3}])
def test_what_is_no_panel_is_refused(given: Any):
    with pytest.raises(Unusable):
        read_panel(given, piece()[0])
