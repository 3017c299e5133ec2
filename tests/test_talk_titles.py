"""Lines about words on the screen change the titles and nothing else."""

from __future__ import annotations

from agent.brief import Brief
from agent.direction import Direction
from agent.director import direct
from agent.edits import apply_patch
from agent.interpret import interpret
from agent.talk import understand
from agent.talk_types import KnownTake, Standing

WORDS = "a train crosses a desert, then a fox in a city at night, techno"


def after(direction: Direction, line: str) -> Direction:
    take = KnownTake(id="t0001", parent=None, direction=direction, brief=Brief(goal=WORDS))
    turn = understand(line, Standing(takes=(take,)))
    assert turn.kind == "edit" and all(op["path"].startswith("/titles") for op in turn.patch), turn
    return apply_patch(direction, turn.patch, reason=line)


def shown(direction: Direction) -> list[tuple[str, str]]:
    return [(title.kind, title.text) for title in direction.titles]


def test_titles_come_change_and_go() -> None:
    film = direct(interpret(WORDS), None, duration_s=8.0, fps=4)
    film = after(film, 'add a title card "The Long Way Home"')
    film = after(film, "end with credits: a film by Mara")
    assert shown(film) == [("title", "The Long Way Home"), ("credits", "a film by Mara")]
    assert film.titles[0].shot == film.shots[0].id and film.titles[1].shot == film.shots[-1].id
    film = after(film, 'add a title card "Home"')
    assert ("title", "Home") in shown(film) and len(film.titles) == 2
    assert shown(after(film, "no credits please")) == [("title", "Home")]
    assert shown(after(film, "take the words off the screen")) == []


def test_what_cannot_be_shown_is_said_and_changes_nothing() -> None:
    film = direct(interpret(WORDS), None, duration_s=8.0, fps=4)
    take = KnownTake(id="t0001", parent=None, direction=film, brief=Brief(goal=WORDS))
    for line, word in (('add a title "\u4f60\u597d"', "letters"), ("remove the subtitles", "no words")):
        turn = understand(line, Standing(takes=(take,)))
        assert turn.kind == "answer" and not turn.patch and word in turn.said
