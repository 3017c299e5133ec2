"""Laws of a conversation's later lines: an edit applies and unrolls, what was not spoken of stays, nonsense changes nothing."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agent.direction import Direction
from agent.director import direct
from agent.edits import apply_patch
from agent.interpret import interpret
from agent.talk import KnownTake, Standing, Turn, understand
from agent.talk_lines import clauses, distance, plain
from agent.talk_places import where_in
from agent.unroll_spans import spans_s
from agent.unroll_values import link_targets, number_at

WORDS = ("a whale and birds over the ocean at sunset, orchestral, 40 seconds", "a fox in a forest at night in the rain, 24 s")


def known(words: str, identity: str, parent: str | None = None, **more: Any) -> KnownTake:
    brief = interpret(words)
    return KnownTake(id=identity, parent=parent, direction=direct(brief, None, seed=3), brief=brief, **more)


@pytest.fixture(scope="module")
def standing() -> Standing:
    return Standing(takes=(known(WORDS[0], "t0001"), known(WORDS[1], "t0002", reason=WORDS[1])), current="t0001",
                    shown=("t0002", "t0001"))


def edited(line: str, standing: Standing) -> tuple[Turn, Direction, Direction]:
    turn = understand(line, standing)
    assert turn.kind in ("edit", "merge"), turn
    take = standing.take(turn.parent)
    assert take is not None
    after = apply_patch(take.direction, turn.patch, reason=line)
    sound(after)
    assert turn.said.count(".") >= 1 and "\n" not in turn.said
    return turn, take.direction, after


def sound(direction: Direction) -> None:
    """Shots tile the film, and whatever moves a number finds one."""
    spans = spans_s(direction)
    assert spans[0][0] == pytest.approx(0, abs=1e-3) and spans[-1][1] >= direction.duration_s - 0.06
    assert all(abs(a[1] - b[0]) < 0.02 and a[1] > a[0] for a, b in pairwise(spans)), spans
    assert len({shot.id for shot in direction.shots}) == len(direction.shots)
    for link in direction.links:
        assert link_targets(direction, link)
    for shot in direction.shots:
        assert shot.camera.target in (None, *(body.id for body in shot.world.bodies))
        for pointer in shot.curves:
            number_at(shot, pointer)
    if direction.score is not None:
        assert sum(section.bars for section in direction.score.sections) * direction.score.bar_s >= direction.duration_s - 0.1


def touched(turn: Turn) -> set[str]:
    return {re.sub(r"/\d+", "/*", step["path"]) for step in turn.patch}


# Lines nobody put into the suite, and the pointers that each may touch.
@pytest.mark.parametrize("line, allowed", [
    ("85mm lens", r"/camera/lens_mm"), ("lower the horizon", r"/camera/horizon"), ("in 3/4", r"/(music|score)/"),
    ("less contrast and more grain", r"/style"), ("foggier in the second shot", r"/weather/(fog)|/curves"),
    ("make the whale a dragon", r"/bodies|/target"), ("the birds should fly faster", r"/bodies/\*/speed|/curves"),
    ("twice as many birds", r"/bodies/\*/count"), ("drop the birds", r"/bodies|/target|/links"),
    ("the music should be calmer", r"/(music|score)/sections"), ("in a minor key", r"/score/(minor|key)"),
    ("dissolves instead of hard cuts", r"/cut$"), ("fade out at the end", r"/ending$"), ("9:16", r"/size_px"),
    ("not so dark", r"/light/exposure_ev"), ("halfway through it starts to snow", r"/weather/|/curves"),
    ("from 5 to 9 seconds fog", r"/weather/|/curves"), ("start wide and end close", r"/camera/scale"),
    ("the last two shots handheld", r"/camera/move"), ("as bright as possible", r"/light/exposure_ev"),
    ("mkae it drker", r"/light/exposure_ev"), ("it could be a tad warmer, please", r"/style"),
    ("keep the camera, but make everything wilder", r"/bodies|/weather|/ground")])
def test_a_line_touches_what_it_speaks_of(standing: Standing, line: str, allowed: str) -> None:
    turn, _, _ = edited(line, standing)
    assert touched(turn) and all(re.search(allowed, path) for path in touched(turn)), touched(turn)


@pytest.mark.parametrize("line, factor", [("make it 20 seconds", 0.5), ("twice as long", 2.0), ("half as long", 0.5),
                                          ("ten seconds longer", 1.25), ("cut it to 0:30", 0.75)])
def test_a_length_is_kept_to_and_every_shot_shares_it(standing: Standing, line: str, factor: float) -> None:
    _, before, after = edited(line, standing)
    assert after.duration_s == pytest.approx(before.duration_s * factor)
    assert [shot.world for shot in after.shots] == [shot.world for shot in before.shots]


def test_one_shot_longer_leaves_the_shots_before_it_in_place(standing: Standing) -> None:
    _, before, after = edited("make the third shot twice as long", standing)
    old, new = spans_s(before), spans_s(after)
    assert new[:2] == old[:2] and new[2][1] - new[2][0] == pytest.approx(2 * (old[2][1] - old[2][0]), rel=0.15)
    assert after.duration_s > before.duration_s and len(new) == len(old)


def test_shots_are_removed_doubled_swapped_moved_and_added(standing: Standing) -> None:
    def ids(direction: Direction) -> list[str]:
        return [shot.id for shot in direction.shots]

    first = ids(standing.takes[0].direction)
    assert ids(edited("remove the second shot", standing)[2]) == [first[0], *first[2:]]
    assert len(edited("duplicate shot 2", standing)[2].shots) == len(first) + 1
    swapped = edited("swap shots 2 and 3", standing)[2]
    assert ids(swapped) == [first[0], first[2], first[1], *first[3:]]
    assert spans_s(swapped) == spans_s(standing.takes[0].direction)
    assert ids(edited("move the last shot to the beginning", standing)[2]) == [first[-1], *first[:-1]]
    added = edited("add a close-up of a dragon at the end", standing)[2]
    assert added.shots[-1].camera.scale == "close" and any(b.kind == "dragon" for b in added.shots[-1].world.bodies)
    assert [shot.world for shot in added.shots[:-1]] == [shot.world for shot in standing.takes[0].direction.shots]
    assert len(edited("more cuts", standing)[2].shots) > len(first) > len(edited("fewer cuts", standing)[2].shots)
    assert len(edited("only 3 shots", standing)[2].shots) == 3


def test_a_merge_takes_what_was_named_and_nothing_else(standing: Standing) -> None:
    turn, before, after = edited("combine the camera of this one with the colours of the second", standing)
    other = standing.takes[1].direction
    assert turn.kind == "merge" and turn.others == ("t0002",) and turn.parent == "t0001"
    assert {shot.world.palette.name for shot in after.shots} <= {shot.world.palette.name for shot in other.shots}
    assert [shot.camera for shot in after.shots] == [shot.camera for shot in before.shots]
    assert [shot.world.weather for shot in after.shots] == [shot.world.weather for shot in before.shots]
    assert understand("merge the first and the second", standing).kind == "ask"


def told(standing: Standing, *lines: str) -> Standing:
    """The standing after edits that were all kept."""
    for line in lines:
        turn, _, after = edited(line, standing)
        take = standing.take(turn.parent)
        assert take is not None
        fresh = take.model_copy(update={"id": f"t{len(standing.takes) + 1:04d}", "parent": turn.parent,
                                        "reason": turn.reason, "direction": after})
        standing = standing.model_copy(update={"takes": (*standing.takes, fresh), "current": fresh.id, "said": (
            *standing.said, line)})
    return standing


def test_more_less_and_the_opposite_go_on_from_the_last_edit(standing: Standing) -> None:
    def level(of: Standing) -> float:
        assert of.here is not None
        return of.here.direction.shots[0].world.light.exposure_ev

    plain_ev, once = level(standing), told(standing, "brighter")
    assert level(told(once, "even more")) > level(once) > level(told(once, "too much")) > plain_ev
    assert level(told(once, "the opposite")) < plain_ev
    assert understand("more", standing).kind == "answer"
    assert understand("undo that", once).parent == "t0001"


def test_pronouns_mean_the_last_one_named(standing: Standing) -> None:
    said = told(standing, "make the whale bigger")
    turn, _, after = edited("remove it", said)
    assert all(body.kind != "whale" for shot in after.shots for body in shot.world.bodies) and "whale" in turn.said


@pytest.mark.parametrize("line, parent", [
    ("the night one", "t0002"), ("go back to the fox", "t0002"), ("i prefer the second one", "t0002"), ("take 2", "t0002")])
def test_takes_by_what_they_show(standing: Standing, line: str, parent: str) -> None:
    turn = understand(line, standing)
    assert (turn.kind, turn.parent) == ("go_to", parent)


def test_places_in_time(standing: Standing) -> None:
    film = standing.takes[0].direction
    spans, end = spans_s(film), film.duration_s
    for text, windows in (("snow from 10 to 14 seconds", [(10, 14)]), ("in the last 5 seconds fog", [(end - 5, end)]),
                          ("shots 1 and 2 darker", spans[:2]), ("until 0:07 rain", [(0, 7)]),
                          ("in the second half, rain", [(end / 2, end)]), ("calmer except in shot 1", [(spans[0][1], end)])):
        where, rest = where_in(text, film)
        assert [pytest.approx(w, abs=0.01) for w in where.windows or ()] == [tuple(w) for w in windows], text
        assert rest and not re.search(r"\d|shot|second|half", rest)
    assert where_in("rain from 90 to 95 seconds", film)[0].wrong
    assert where_in("rain after the ninth chorus", film)[0].wrong


@pytest.mark.parametrize("line", [
    "asdf qwer", "make it smell of oranges", "the weather of last tuesday", "delete everything", "shot 99 brighter",
    "look at the elephantine dragon", "make it taste better", "no banjo", "1,000,000 seconds long", "remove all shots",
    "; DROP TABLE takes", "💥", "more more more of whatever", "in the third chorus of the fourth verse"])
def test_what_cannot_be_done_is_said_and_nothing_changes(standing: Standing, line: str) -> None:
    if not any(letter.isalnum() for letter in line):
        line += "x"
    turn = understand(line, standing)
    assert turn.kind in ("answer", "ask") and not turn.patch and len(turn.said or turn.question) > 10


def test_a_line_of_two_wishes_does_the_one_and_tells_the_other(standing: Standing) -> None:
    turn, _, _ = edited("make it snow and make it smell of oranges", standing)
    assert "Snow begins" in turn.said and "oranges" in turn.said and "not understood" in turn.said


@pytest.mark.parametrize("line, word", [("why did you cut there?", "begins"), ("how long is it?", "40"),
                                        ("which music is that?", "orchestral"), ("which one is darker?", "t0002"),
                                        ("is there a whale?", "Yes"), ("what is different from the second one?", "differs"),
                                        ("thanks!", "stays"), ("how many shots are there?", "shots")])
def test_questions_are_answered_and_change_nothing(standing: Standing, line: str, word: str) -> None:
    turn = understand(line, standing)
    assert turn.kind == "answer" and word in turn.said and not turn.patch


def test_slips_of_the_keyboard_and_clauses() -> None:
    assert plain("mkae it rian plz") == "make it rain" and plain("Nah, undo") == "undo"
    assert distance("drker", "darker", 2) == 1 and distance("abcd", "badc", 1) == 2
    assert clauses("no rain in the intro but rain in the chorus") == ["no rain in the intro", "rain in the chorus"]
    assert clauses("black and white, without fog and clouds") == ["black and white", "without fog", "without clouds"]


PARTS = ("make", "it", "rain", "the", "second", "shot", "more", "less", "not", "last", "10", "seconds", "longer", "whale",
         "bigger", "instead", "of", "and", "but", "remove", "add", "in", "chorus", "colours", "from", "first", "one", "cuts",
         "half", "night", "swap", "with", "a", "dragon", "music", "twice", "end", "too", "everything", "except")


@settings(max_examples=25, deadline=None)
@given(st.lists(st.sampled_from(PARTS), min_size=1, max_size=9))
def test_any_line_gives_a_turn_whose_patch_applies(words: list[str]) -> None:
    take = _small()
    turn = understand(" ".join(words), Standing(takes=(take,), current=take.id))
    if turn.patch:
        sound(apply_patch(take.direction, turn.patch, reason=""))
    assert turn.said or turn.question or turn.kind == "new"


def _small() -> KnownTake:
    if not _KEPT:
        _KEPT.append(known(WORDS[0], "t0001"))
    return _KEPT[0]


_KEPT: list[KnownTake] = []
