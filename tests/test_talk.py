"""What a next line means: laws over edits, ways through the tree, references to takes and shots."""

from __future__ import annotations

import pytest

from agent.direction import Direction
from agent.director import direct
from agent.edits import apply_patch
from agent.interpret import interpret
from agent.talk import KnownTake, Standing, Turn, understand
from agent.unroll_spans import bars_to_s, spans_s
from modalities.faults import Unusable


def film(words: str) -> Direction:
    return direct(interpret(words), None, duration_s=24.0)


@pytest.fixture(scope="module")
def standing() -> Standing:
    def seen(identity: str, parent: str | None, words: str, name: str = "") -> KnownTake:
        return KnownTake(id=identity, parent=parent, name=name, direction=film(words), brief=interpret(words))

    return Standing(takes=(seen("t0001", None, "a bee and birds over a poppy field at dawn"),
                           seen("t0002", "t0001", "a city in the rain", "rainy")), current="t0002",
                    shown=("t0001", "t0002"))


def edited(line: str, standing: Standing) -> tuple[Turn, Direction, Direction]:
    turn = understand(line, standing)
    assert turn.kind == "edit", turn
    take = standing.take(turn.parent)
    assert take is not None
    return turn, take.direction, apply_patch(take.direction, turn.patch, reason=line)


@pytest.mark.parametrize("line, expected", [
    ("calmer", ("/camera/speed", "/camera/shake", "/world/bodies/", "/world/weather/wind_mps", "/world/ground/wave_m")),
    ("too dark", ("/world/light/exposure_ev",)), ("at night", ("/world/light/",)),
    ("warmer colours", ("/world/style",)), ("less saturated", ("/world/palette/chroma",)),
    ("make it snow", ("/world/weather/", "/curves/")), ("turn the music down", ("/score/music_level",)),
    ("handheld", ("/camera/move",)), ("slow it to 71 bpm", ("/score/tempo_bpm",)),
    ("no birds", ("/world/bodies", "/camera/target"))])
def test_only_what_was_spoken_of_is_touched(standing: Standing, line: str, expected: tuple[str, ...]) -> None:
    turn, _, _ = edited(f"{line}" if line != "no birds" else "like the first one but no birds", standing)
    assert turn.patch and all(any(part in step["path"] for part in expected) for step in turn.patch), turn.patch
    assert turn.said and turn.reason


@pytest.mark.parametrize("line, part", [("no drums", "drums"), ("without the bass please", "bass"), ("mute the melody", "melody"),
                                        ("take the drums out", "drums"), ("drums off", "drums")])
def test_a_part_falls_silent_and_plays_again(line: str, part: str) -> None:
    made = film("a car in a neon city, synthwave music")
    standing = Standing(takes=(KnownTake(id="t0001", parent=None, name="", direction=made, brief=interpret("a car")),),
                        current="t0001")
    turn, before, after = edited(line, standing)
    assert after.score.instruments[part] == "none" and "silent" in turn.said
    assert all(step["path"].startswith("/score/instruments") for step in turn.patch)
    silenced = Standing(takes=(standing.takes[0].model_copy(update={"direction": after}),), current="t0001")
    _, _, again = edited(f"bring the {part} back", silenced)
    assert again.score == before.score


@pytest.mark.parametrize("line", ["at night", "make it snow", "handheld", "slow it to 71 bpm"])
def test_what_is_set_outright_is_set_once(standing: Standing, line: str) -> None:
    turn, _, after = edited(line, standing)
    take = standing.take(turn.parent)
    assert take is not None
    again = Standing(takes=(take.model_copy(update={"direction": after}),), current=take.id)
    assert understand(line, again).kind == "answer"


def test_degrees_grow_and_end_at_the_bound(standing: Standing) -> None:
    def bright(line: str) -> float:
        return edited(line, standing)[2].shots[0].world.light.exposure_ev

    assert bright("a bit brighter") < bright("brighter") < bright("much brighter")
    take = standing.takes[0]
    turn = understand("brighter", standing)
    for _ in range(12):
        turn = understand("brighter", Standing(takes=(take,), current=take.id))
        if turn.kind == "answer":
            break
        take = take.model_copy(update={"direction": apply_patch(take.direction, turn.patch, reason="")})
    assert turn.kind == "answer" and "as far as it goes" in turn.said
    assert all(shot.world.light.exposure_ev == 3 for shot in take.direction.shots)


def test_rain_after_a_section_leaves_what_came_before(standing: Standing) -> None:
    turn, before, after = edited("like the first one but make it rain after the first chorus", standing)
    assert turn.parent == "t0001"
    chorus = next(section for section in before.music.sections if section.name == "chorus")
    end_s = float(bars_to_s(before.music, chorus.bars[1]))
    for k, (start_s, stop_s) in enumerate(spans_s(before)):
        if stop_s <= end_s + 1e-6:
            assert after.shots[k] == before.shots[k]
        elif start_s >= end_s - 1e-6:
            assert after.shots[k].world.weather.rain > 0.5 and after.shots[k].camera == before.shots[k].camera


def test_a_shot_alone(standing: Standing) -> None:
    _, before, after = edited("keep everything but make the second shot wider", standing)
    assert [k for k, pair in enumerate(zip(before.shots, after.shots, strict=True)) if pair[0] != pair[1]] == [1]
    assert understand("make the ninety shot 99 closer", standing).kind == "answer"


def test_a_new_world_keeps_camera_cuts_and_music(standing: Standing) -> None:
    turn = understand("what if it were underwater?", standing,
                      lambda words, like: direct(interpret(words), None, duration_s=like.duration_s, seed=like.seed))
    take = standing.take(turn.parent)
    assert take is not None
    after = apply_patch(take.direction, turn.patch, reason="")
    assert after.music == take.direction.music and after.score == take.direction.score
    assert all("underwater" in new.world.place and new.span == old.span and new.camera.move == old.camera.move
               for new, old in zip(after.shots, take.direction.shots, strict=True))
    assert understand("keep the camera, change the world", standing).kind == "ask"


@pytest.mark.parametrize("line, kind, parent", [
    ("undo that", "go_to", "t0001"), ("go back", "go_to", "t0001"), ("the first one", "go_to", "t0001"),
    ("again", "again", "t0002"), ("give me four very different ones", "variations", "t0002"),
    ("surprise me", "ideas", "t0002"), ("star this one", "label", "t0002"), ("star the first one", "label", "t0001"),
    ("why did you cut there?", "answer", "t0002"), ("what is in the second shot?", "answer", "t0002"),
    ("swap shots 2 and 99", "answer", "t0002"), ("make it smell of tax", "answer", "t0002")])
def test_kinds_and_takes(standing: Standing, line: str, kind: str, parent: str) -> None:
    turn = understand(line, standing)
    assert (turn.kind, turn.parent) == (kind, parent) and turn.said
    assert understand(line, standing) == turn


def test_names_and_redo(standing: Standing) -> None:
    assert understand("call this Dawn Two", standing).label == {"take": "t0002", "name": "Dawn Two"}
    first = standing.model_copy(update={"current": "t0001"})
    assert understand("redo", first).parent == "t0002"
    assert understand("like the rainy one but calmer", first).parent == "t0002"


def test_first_lines_and_bad_ones(standing: Standing) -> None:
    assert understand("a fox in the snow", Standing()).kind == "new"
    for bad in ("", "  ?!", "x" * 5000):
        with pytest.raises(Unusable):
            understand(bad, standing)
