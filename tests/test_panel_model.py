"""A chat model may choose and name controls; what it writes is checked, measured, and never trusted further.

The server is a fake that gives scripted answers: the client, the checks, the repairs and the measuring are real.
"""

from __future__ import annotations

import json
from pathlib import Path
from threading import Event as Flag
from typing import Any

import pytest

from agent.brief import Brief
from agent.direction import Direction
from agent.director import direct
from agent.interpret import interpret
from agent.planner import BuiltIn, ChatSettings
from agent.planner_model import ModelPlanner
from agent.studio import Studio
from modalities.registry import default_registry
from modalities.store import Store
from tests.fake_chat_server import FakeChatServer, Reply
from ui_gen.candidate import Candidate
from ui_gen.catalogue import candidates
from ui_gen.compose import panel_for
from ui_gen.measure_store import MeasureStore
from ui_gen.panel import Panel
from ui_gen.panel_model import model_candidates
from ui_gen.panels import measured_panel


def piece() -> tuple[Direction, Brief]:
    brief = interpret("photoreal meadow at noon, a fox, 4 s")
    return direct(brief, None), brief


def control(ident: str, **update: Any) -> dict[str, Any]:
    return {"id": ident, "section": "Evening", "label": f"My {ident}", "why": "It makes the evening.", "kind": "slider",
            "binds": [], "low": None, "high": None, "choices": []} | update


def answer(*controls: dict[str, Any], **update: Any) -> dict[str, Any]:
    return {"title": "A fox at dusk", "reason": "You spoke of the evening.", "controls": list(controls)} | update


# One piece, measured once: what the tests differ in is what a model answers.
MEASURED = MeasureStore(None)


def panels(folder: Path, *replies: Any) -> tuple[list[Panel], FakeChatServer]:
    """Every state of a panel that a model answers with these replies."""
    direction, brief = piece()
    with FakeChatServer(*replies) as server:
        planner = ModelPlanner(ChatSettings("fake-scripted", server.url, "sk-secret", 5.0))
        studio = Studio(Store(folder).open(), default_registry(), panel_for, planner)
        return list(measured_panel(studio, direction, brief, None, MEASURED, Flag())), server


def test_what_the_model_chooses_comes_first_under_its_names(tmp_path: Path):
    grown, server = panels(tmp_path, answer(
        control("time_h", label="How late it is"), control("exposure", label="Dimness"),
        control("long", label="Look closer", binds=["/shots/*/camera/lens_mm"], low=20, high=90)))
    last = grown[-1]
    assert [c.label for c in last.sections[0].controls] == ["How late it is", "Dimness", "Look closer"]
    assert last.sections[0].title == "Evening" and last.reason == "You spoke of the evening."
    assert all(c.source == "model" and c.measured["alive"] for c in last.sections[0].controls)
    assert len(last.controls) == 7 and last.revision == grown[-2].revision + 1
    # The composed panel was whole before the model was asked for anything.
    assert len(grown[-2].controls) == 7 and "Evening" not in {s.title for s in grown[-2].sections}
    told = json.loads(server.asked[0]["messages"][1]["content"])
    assert {"id", "label", "kind", "why", "about"} == set(told["controls"][0]) and len(server.asked) == 1


def test_a_control_of_the_models_that_does_nothing_here_is_not_shown(tmp_path: Path):
    grown, _ = panels(tmp_path, answer(control("swell", label="Swell", binds=["/shots/*/world/ground/wave_m"], low=0, high=3),
                                       control("exposure", label="Dimness")))
    labels = {c.label for c in grown[-1].controls}
    assert "Dimness" in labels and "Swell" not in labels


BROKEN: tuple[Any, ...] = (
    "no json at all", answer(control("x", binds=["/nowhere"], low=0, high=1)), answer(), {"title": "t"},
    answer(control("time_h", label="<img src=x onerror=alert(1)>")), answer(control("time_h", why="see https://evil")),
    answer(*(control(f"n{k}", binds=["/shots/0/camera/lens_mm"], low=20, high=90) for k in range(9))),
    answer(control("time_h"), html="<b>"))


def asked(*replies: Any) -> tuple[tuple[Candidate, ...], str, FakeChatServer]:
    """What a model that answers so would show, and what is said of it; nothing is measured."""
    direction, brief = piece()
    with FakeChatServer(*replies) as server:
        planner = ModelPlanner(ChatSettings("fake-scripted", server.url, "sk-secret", 5.0))
        return (*model_candidates(planner, direction, brief, candidates(direction)), server)


@pytest.mark.parametrize("number", range(len(BROKEN)))
def test_a_broken_answer_is_sent_back_and_mended(number: int):
    chosen, _, server = asked(BROKEN[number], answer(control("exposure", label="Dimness")))
    assert len(server.asked) == 2 and "Answer again" in server.asked[1]["messages"][-1]["content"]
    assert [one.control.label for one in chosen] == ["Dimness"]


def test_where_nothing_usable_comes_that_is_said():
    for replies in (("a", "b", "c"), (Reply(status=500), Reply(status=500)), (Reply(status=401),)):
        chosen, said, _ = asked(*replies)
        assert chosen == () and "did not answer usefully" in said and "sk-secret" not in said


def test_then_the_composed_panel_stands(tmp_path: Path):
    grown, _ = panels(tmp_path, Reply(status=401))
    assert grown[-1].controls == grown[-2].controls and "did not answer usefully" in grown[-1].reason


def test_without_a_model_nothing_is_asked():
    direction, brief = piece()
    assert model_candidates(BuiltIn(), direction, brief, candidates(direction)) == ((), "")
