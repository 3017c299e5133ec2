"""Later lines that lean on the line before, and lines that were read wrongly once: what they change, and what they keep."""

from __future__ import annotations

import pytest

from agent.direction import Direction
from agent.director import direct
from agent.edits import apply_patch
from agent.interpret import interpret
from agent.talk import KnownTake, Standing, Turn, understand
from agent.taste import SCALE_ORDER
from agent.unroll_spans import bars_to_s, spans_s


class Talk:
    """A conversation in memory: what each line made."""

    def __init__(self, words: str, seconds: float = 40.0) -> None:
        brief = interpret(words)
        self.takes = [KnownTake(id="t0001", parent=None, direction=direct(brief, None, duration_s=seconds), brief=brief)]
        self.current, self.shown, self.said = "t0001", ["t0001"], list[str]()

    def say(self, line: str) -> Turn:
        standing = Standing(takes=tuple(self.takes), current=self.current, shown=tuple(self.shown), said=tuple(self.said))
        turn = understand(line, standing)
        self.said.append(line)
        if turn.kind == "edit":
            base = standing.take(turn.parent)
            assert base is not None
            after = apply_patch(base.direction, turn.patch, reason=line)
            fresh = KnownTake(id=f"t{len(self.takes) + 1:04d}", parent=base.id, reason=line, direction=after,
                              brief=base.brief)
            self.takes.append(fresh)
            self.current = fresh.id
        elif turn.kind == "go_to":
            self.current = str(turn.parent)
        self.shown.append(self.current)
        return turn

    @property
    def film(self) -> Direction:
        return next(take.direction for take in self.takes if take.id == self.current)


def edited(words: str, *lines: str) -> tuple[Direction, Direction]:
    """The film before the last of some lines and after it."""
    talk = Talk(words)
    for line in lines[:-1]:
        talk.say(line)
    before = talk.film
    turn = talk.say(lines[-1])
    assert turn.kind in ("edit", "go_to"), turn.said
    return before, talk.film


SEA = "a whale and a boat on the ocean, orchestral"


@pytest.mark.parametrize("line", ["make the music sadder", "happier music", "darker music", "a dreamier tune"])
def test_moods_of_music_move_no_cut(line: str) -> None:
    talk = Talk(SEA)
    for _ in range(2):
        # Where one degree turns the mode, the next turns how much is played: neither the tempo nor a cut.
        before = talk.film
        assert talk.say(line).kind == "edit"
        assert spans_s(talk.film) == spans_s(before) and talk.film.shots == before.shots
        assert before.score and talk.film.score and talk.film.score.tempo_bpm == before.score.tempo_bpm
        assert talk.film.score != before.score


@pytest.mark.parametrize(("line", "plus"), [("ten bpm faster", 10), ("faster by 12 bpm", 12), ("twenty slower", -20),
                                            ("5 bpm slower", -5)])
def test_tempo_is_counted_in_beats_a_minute(line: str, plus: float) -> None:
    before, after = edited(SEA, line)
    assert before.score and after.score and after.score.tempo_bpm == pytest.approx(before.score.tempo_bpm + plus)


def test_louder_waves_are_heard_and_change_no_picture() -> None:
    before, after = edited(SEA, "louder waves")
    assert before.score and after.score and after.shots == before.shots
    assert after.score.ambience_level > before.score.ambience_level
    assert after.score.music_level == before.score.music_level


def test_a_denied_body_takes_no_shot_with_it() -> None:
    before, after = edited(SEA, "without the boat in the second and third")
    assert len(after.shots) == len(before.shots)
    for k, (was, now) in enumerate(zip(before.shots, after.shots, strict=True)):
        assert any(body.kind == "boat" for body in now.world.bodies) == (
            k not in (1, 2) and any(body.kind == "boat" for body in was.world.bodies))
        assert k in (1, 2) or was == now


def test_closer_on_somebody_turns_the_camera_and_adds_nobody() -> None:
    before, after = edited("a fox in a forest and a bird over it", "closer on the bird")
    moved = 0
    for was, now in zip(before.shots, after.shots, strict=True):
        assert was.world == now.world
        if any(body.kind == "bird" for body in now.world.bodies):
            assert now.camera.target == "bird"
            moved += SCALE_ORDER.index(now.camera.scale) - SCALE_ORDER.index(was.camera.scale)
    assert moved > 0
    assert Talk("a fox in a forest").say("closer on the whale").kind == "answer"


def test_taller_mountains_are_relief_not_another_place() -> None:
    before, after = edited("a lake between mountains at dawn", "make the mountains taller")
    for was, now in zip(before.shots, after.shots, strict=True):
        assert now.world.ground.relief > was.world.ground.relief and now.world.place == was.world.place


def test_swimming_in_circles_is_how_they_go() -> None:
    before, after = edited("fish in a coral sea", "the fish should swim in circles")
    fish = [body for shot in after.shots for body in shot.world.bodies if body.kind == "fish"]
    assert fish and all(body.gait == "circle" for body in fish)
    assert [shot.camera for shot in after.shots] == [shot.camera for shot in before.shots]


def test_cut_twice_as_fast_in_a_part() -> None:
    before, after = edited(SEA, "cut twice as fast in the last third")
    edge = before.duration_s * 2 / 3
    late = sum((a + b) / 2 >= edge for a, b in spans_s(before))
    assert late and len(after.shots) == len(before.shots) + late
    kept = sum(b <= edge for _, b in spans_s(before))
    assert spans_s(after)[:kept] == spans_s(before)[:kept]
    assert {shot.camera.speed for shot in after.shots} <= {shot.camera.speed for shot in before.shots}


def test_back_to_colour_keeps_the_cuts() -> None:
    before, after = edited(SEA, "make it black and white", "cut faster", "go back to colour but keep the faster cuts")
    assert all(shot.world.palette.name == "mono" for shot in before.shots)
    assert all(shot.world.palette.name != "mono" for shot in after.shots)
    assert spans_s(after) == spans_s(before)


def test_the_same_for_the_last_one() -> None:
    before, after = edited("a lake at noon", "storm in the second shot", "the same for the last one")
    assert before.shots[:-1] == after.shots[:-1]
    assert after.shots[-1].world.weather.storm > before.shots[-1].world.weather.storm


def chorus_rain(film: Direction) -> list[float]:
    out: list[float] = []
    for section in film.music.sections:
        if section.name == "chorus":
            middle = float(sum(bars_to_s(film.music, section.bars))) / 2
            shot = next(shot for shot, (a, b) in zip(film.shots, spans_s(film), strict=True) if a <= middle < b)
            out.append(max([shot.world.weather.rain, *(v for _, v in shot.curves.get("/world/weather/rain", ()))]))
    return out


@pytest.mark.parametrize("line", ["the other chorus too", "and the second one as well", "the same in the second chorus"])
def test_another_part_too(line: str) -> None:
    before, after = edited("a meadow, folk music", "make it rain in the first chorus", line)
    assert len(chorus_rain(before)) >= 2
    assert chorus_rain(before)[0] > 0.3 > chorus_rain(before)[1]
    assert chorus_rain(after)[0] > 0.3 and chorus_rain(after)[1] > 0.3


@pytest.mark.parametrize(("first", "then"), [("make the music sadder", "sadder still"), ("darker", "even darker"),
                                             ("more fog", "even more"), ("make the fog thicker", "thicker still")])
def test_further_the_same_way(first: str, then: str) -> None:
    talk = Talk("a forest in fog, orchestral")
    values: list[float] = []
    for line in (first, then):
        talk.say(line)
        world, score = talk.film.shots[0].world, talk.film.score
        assert score is not None
        values.append(-sum(section.energy for section in score.sections) if "sad" in first else
                      -world.light.exposure_ev if "dark" in first else world.weather.fog)
    assert values[1] > values[0]


def test_a_bit_less_than_that() -> None:
    talk = Talk("a forest at noon")
    fog = [talk.film.shots[0].world.weather.fog]
    for line in ("much more fog", "a bit less than that"):
        talk.say(line)
        fog.append(talk.film.shots[0].world.weather.fog)
    assert fog[0] < fog[2] < fog[1]


def test_but_not_there() -> None:
    talk = Talk("a meadow, folk music")
    first = talk.film
    for line in ("make it snow", "more of it", "but not in the first shot"):
        talk.say(line)
    assert talk.film.shots[0].world == first.shots[0].world
    assert all(shot.world.weather.snow > 0.3 for shot in talk.film.shots[1:])


def test_one_of_several_is_taken_away() -> None:
    before, after = edited("three balloons and a bird over a meadow", "remove one balloon")
    for was, now in zip(before.shots, after.shots, strict=True):
        for one, other in zip(was.world.bodies, now.world.bodies, strict=True):
            assert other.count == one.count - (one.kind == "balloon")


def test_little_by_little() -> None:
    before, after = edited("a meadow at noon", "darker and darker")
    lost = [round(was.world.light.exposure_ev - now.world.light.exposure_ev, 3)
            for was, now in zip(before.shots, after.shots, strict=True)]
    assert lost[0] == 0 and lost[-1] > 0.5 and lost == sorted(lost)


@pytest.mark.parametrize("line", ["stop the rain", "forget the rain", "the rain should stop", "turn off the rain"])
def test_weather_is_ended_in_many_words(line: str) -> None:
    before, after = edited("a city in the rain", line)
    assert before.shots[0].world.weather.rain > 0.3
    assert all(shot.world.weather.rain == 0 for shot in after.shots)
