"""A next line read by the model planner, against a scripted FAKE chat server: edits become patches by our own code."""

from __future__ import annotations

import json

import pytest
from fake_chat_server import MODEL, FakeChatServer, Reply
from test_planner_model import HOSTILE

from agent.director import direct
from agent.edits import apply_patch
from agent.planner import ChatSettings
from agent.planner_model import ModelPlanner
from agent.referring import Referred, understood
from agent.request import Request
from agent.talk import understand
from agent.talk_types import KnownTake, Standing, Turn

pytest.importorskip("openai", reason="the extra llm is not installed")


@pytest.fixture(scope="module")
def standing() -> Standing:
    brief = understood(Referred(words="two foxes in a forest at noon, 12 seconds"), Request())
    film = direct(brief, None, duration_s=12.0, size_px=(96, 54), seed=4)
    first = KnownTake(id="t0001", parent=None, name="Foxes", direction=film, brief=brief)
    return Standing(takes=(first, first.model_copy(update={"id": "t0002", "parent": "t0001", "name": ""})),
                    current="t0002", shown=("t0001", "t0002"), said=("two foxes",))


def turned(standing: Standing, answer: dict | Reply, line: str = "do the thing we spoke about") -> Turn:
    with FakeChatServer(answer) as fake:
        turn = ModelPlanner(ChatSettings(MODEL, fake.url)).turn(line, standing)
        turn_asked[:] = fake.asked
        return turn


turn_asked: list[dict] = []


def edit(what: str, how: str = "set", value: str = "", **more) -> dict:
    return {"what": what, "how": how, "value": value, "amount": 0, "shot": 0, "from_s": 0, "to_s": 0} | more


def line_of(kind: str = "edit", *edits: dict, **more) -> dict:
    return {"kind": kind, "take": "", "edits": list(edits), "count": 0, "name": "", "star": "", "answer": "",
            "question": "", "choices": []} | more


def after(standing: Standing, turn: Turn):
    take = standing.take(turn.parent)
    assert turn.kind == "edit" and turn.patch and take is not None
    return take.direction, apply_patch(take.direction, turn.patch, reason="test")


@pytest.mark.parametrize(("change", "look", "wanted"), [
    (edit("weather", value="snow"), lambda s: s.world.weather.snow > 0.5, all),
    (edit("weather", value="drizzle", shot=1), lambda s: s.world.weather.rain > 0.5, any),
    (edit("light", value="night"), lambda s: s.world.light.time_h == 0.0, all),
    (edit("setting", value="desert"), lambda s: s.world.place == {"desert": 1.0}, all),
    (edit("look", value="noir"), lambda s: s.world.look == "noir", all),
    (edit("palette", value="neon"), lambda s: s.world.palette.name == "neon", all),
    (edit("camera", value="orbit"), lambda s: s.camera.move == "orbit", all),
    (edit("scale", value="close"), lambda s: s.camera.scale == "close", all),
    (edit("body", "add", "dragon", amount=3), lambda s: any(
        b.kind == "dragon" and b.count == 3 for b in s.world.bodies), all),
    (edit("body", "remove", "fox"), lambda s: all(b.kind != "fox" for b in s.world.bodies), all),
    (edit("brightness", "less"), lambda s: s.world.light.exposure_ev < 0, all)])
def test_every_edit_becomes_a_patch_that_applies(standing: Standing, change: dict, look, wanted):
    before, now = after(standing, turned(standing, line_of("edit", change)))
    assert wanted(look(shot) for shot in now.shots)
    assert not all(look(shot) for shot in before.shots) and len(turn_asked) == 1
    assert (now.seed, now.size_px, now.engine, now.grid) == (before.seed, before.size_px, before.engine, before.grid)


@pytest.mark.parametrize("what", ["energy", "speed", "brightness", "colour_strength", "warmth", "closeness",
                                  "music_level"])
def test_everything_that_is_turned_goes_both_ways(standing: Standing, what: str):
    films = []
    for how in ("more", "less"):
        films.append(after(standing, turned(standing, line_of("edit", edit(what, how, amount=1))))[1])
    assert films[0].model_dump(exclude={"reason"}) != films[1].model_dump(exclude={"reason"})


def test_edits_of_one_line_stay_in_their_shot_and_time(standing: Standing):
    turn = turned(standing, line_of("edit", edit("weather", value="rain", from_s=6, to_s=9), edit(
        "brightness", "less", shot=1, amount=0.5), edit("tempo", value="70"), take="Foxes"))
    before, now = after(standing, turn)
    assert turn.parent == "t0001" and turn.said.startswith("From t0001: ")
    assert now.score is not None and now.score.tempo_bpm == 70
    assert now.shots[0].world.light.exposure_ev == pytest.approx(before.shots[0].world.light.exposure_ev - 0.4)
    assert all(a.world.light == b.world.light for a, b in zip(now.shots[1:], before.shots[1:], strict=True))
    assert any(shot.world.weather.rain > 0 or shot.curves for shot in now.shots)
    assert now.shots[0].world.weather == before.shots[0].world.weather


def test_what_an_edit_may_not_say_is_sent_back(standing: Standing):
    for wrong, sentence in ((edit("engine", value="gpu"), "what must be one of"), (edit("weather", value="rain", shot=99),
                            "none of them"), (edit("light", "remove", "noon"), "must be set"),
                            (edit("tempo", value="fast"), "must be a number"), (edit("speed", "set"), "more or less")):
        with FakeChatServer(line_of("edit", wrong), line_of("edit", edit("light", value="dusk"))) as fake:
            turn = ModelPlanner(ChatSettings(MODEL, fake.url)).turn("do the thing", standing)
        assert turn.kind == "edit" and sentence in fake.asked[1]["messages"][-1]["content"]
    for wrong in (line_of("edit"), line_of("ask"), line_of("label"), line_of("answer"), line_of("dance"),
                  line_of("go_to", take="t0099")):
        with FakeChatServer(wrong, line_of("answer", answer="Two foxes.")) as fake:
            assert ModelPlanner(ChatSettings(MODEL, fake.url)).turn("do it", standing).said == "Two foxes."
        assert len(fake.asked) == 2


def test_what_only_the_grammar_reads_is_said_to_it_in_words(standing: Standing):
    turn = turned(standing, line_of("edit", edit("words", value="Make it <b>brighter</b> and add rain.")))
    before, now = after(standing, turn)
    assert all(shot.world.weather.rain > before.shots[0].world.weather.rain for shot in now.shots)
    with FakeChatServer(line_of("edit", edit("words", value="frobnicate the glib")), line_of("as_read")) as fake:
        turn = ModelPlanner(ChatSettings(MODEL, fake.url)).turn("make it snow", standing)
    assert turn == understand("make it snow", standing) and len(fake.asked) == 2
    assert "not understood" in fake.asked[1]["messages"][-1]["content"]
    assert turn.said in fake.asked[0]["messages"][1]["content"]  # the model was told the built-in reading


def test_the_other_kinds_of_turn(standing: Standing):
    assert turned(standing, line_of("go_to", take="t0001")).parent == "t0001"
    assert turned(standing, line_of("variations", count=300)).count == 16
    assert turned(standing, line_of("label", name="Dusk <b>", star="yes", take="t0001")).label == {
        "take": "t0001", "name": "Dusk", "starred": True}
    asks = turned(standing, line_of("ask", question="Which fox?", choices=["left", "<i>right</i>"]))
    assert asks.question == "Which fox?" and asks.choices == ("left", "right")
    assert turned(standing, line_of("new")).prompt == "do the thing we spoke about"
    assert "<" not in turned(standing, line_of("answer", answer=HOSTILE)).said
    call = json.dumps(turn_asked[-1])
    assert "t0001" in call and "FACTS" in call and len(call) < 30_000


def test_what_the_grammar_reads_outright_is_not_asked(standing: Standing):
    with FakeChatServer(line_of("answer", answer="no")) as fake:
        planner = ModelPlanner(ChatSettings(MODEL, fake.url))
        for line in ("undo", "again", "surprise me", "star this", "why did you cut there?", "call this one Dusk"):
            assert planner.turn(line, standing) == understand(line, standing), line
        assert planner.turn("a fox", Standing()).kind == "new"
    assert not fake.asked


def test_a_line_without_a_useful_answer_is_read_by_the_built_in_planner(standing: Standing):
    turn, plain = turned(standing, Reply("ow", status=500), "make it snow"), understand("make it snow", standing)
    assert turn.patch == plain.patch and turn.said.startswith(plain.said) and "planned without it" in turn.said
