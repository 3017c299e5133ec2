"""Laws of merging two Directions that come from one, and what is said where they clash. Nothing is rendered."""

from __future__ import annotations

import random
from itertools import pairwise
from typing import Any

import pytest

from agent.direction import Body, Camera, Direction, Link, Music, Shot, ShotWorld, Span, Weather
from agent.edits import apply_patch, patch_for
from agent.tree_fields import IDENTITY, direction_of, table
from agent.tree_merge import merge
from agent.tree_order import merged_order
from world_model.score import ScoreSection, ScoreSpec


def film(bars: tuple[float, ...] = (0, 2, 4, 6)) -> Direction:
    shots = tuple(Shot(id=f"s{k + 1}", span=Span(bars=(a, b)), camera=Camera(target="bee"),
                       curves={"/world/weather/fog": ((0, 0.1), (1, 0.3)), "/world/bodies/1/glow": ((0, 0), (1, 1))},
                       world=ShotWorld(bodies=(Body(id="bee", kind="bee"), Body(id="fox", kind="fox"))))
                  for k, (a, b) in enumerate(pairwise(bars)))
    return Direction(
        id="d1", duration_s=2.0 * bars[-1], shots=shots, score=ScoreSpec(tempo_bpm=120, sections=(
            ScoreSection(name="verse", bars=6, energy=0.5),)), music=Music(tempo_bpm=120, downbeats_s=tuple(
                2.0 * k for k in range(7))),
        links=(Link(**{"from": "music.kick", "to": "/shots/1/world/light/exposure_ev", "amount": 0.4}),
               Link(**{"from": "music.energy", "to": "/shots/*/camera/speed", "amount": 0.6})))


def edited(base: Direction, *settings: tuple[str, Any], new_id: str = "d2") -> Direction:
    patch = [op for pointer, value in settings for op in patch_for(base, pointer, value)]
    return apply_patch(base, patch, reason=new_id, new_id=new_id)


def changed(base: Direction, **parts: Any) -> Direction:
    return Direction.model_validate(base.model_dump(mode="json") | {
        key: [one if isinstance(one, dict) else one.model_dump(mode="json") for one in value]
        if key == "shots" else value for key, value in parts.items()})


def bare(direction: Direction) -> dict[str, Any]:
    return {key: value for key, value in direction.model_dump(mode="json").items() if key not in IDENTITY}


def without(base: Direction, at: int) -> Direction:
    return changed(base, shots=[shot for k, shot in enumerate(base.shots) if k != at])


EDITS = (("/shots/0/world/weather/rain", 0.8), ("/shots/1/world/light/time_h", 21.5), ("/shots/2/camera/move", "orbit"),
         ("/shots/0/world/style/grain", 0.4), ("/shots/1/world/bodies/1/size_m", 3.0), ("/shots/2/world/look", "cel"),
         ("/shots/1/world/place", {"lake": 1.0}), ("/score/genre", "techno"), ("/links/0/amount", 1.1), ("/seed", 7),
         ("/weird", 0.6), ("/shots/2/curves", {"/world/weather/rain": [[0, 0], [1, 1]]}), ("/shots/0/cut", "fade"),
         ("/shots/1/world/palette/name", "neon"), ("/score/tempo_bpm", 100.0), ("/shots/0/brushes", [
             {"region": [[0, 0], [0.5, 0], [0.5, 0.5]], "direction": [0.1, 0.0]}]))


def test_table_and_direction_are_inverse():
    for direction in (film(), edited(film(), *EDITS), changed(film(), score=None)):
        identity = {name: getattr(direction, name) for name in IDENTITY}
        again = direction_of(table(direction), identity)
        assert again == direction and again.model_dump_json() == direction.model_dump_json()


def test_one_side_alone_is_taken_whole_and_disjoint_edits_commute():
    base, dice = film(), random.Random(1)
    for _ in range(40):
        picked = dice.sample(EDITS, dice.randint(2, 8))
        half = len(picked) // 2
        ours, theirs = edited(base, *picked[:half]), edited(base, *picked[half:], new_id="d3")
        assert merge(base, ours, base).direction == ours == merge(base, ours, ours).direction
        assert merge(base, base, theirs).direction == theirs
        one, other = merge(base, ours, theirs), merge(base, theirs, ours)
        assert not one.conflicts and not other.conflicts and bare(one.direction) == bare(other.direction)
        # Both sets of edits, whoever made them first.
        assert bare(one.direction) == bare(edited(edited(base, *picked[:half]), *picked[half:]))


@pytest.mark.parametrize("setting", EDITS, ids=lambda s: s[0])
def test_the_same_edit_on_both_sides_is_no_conflict_and_another_is_one(setting: tuple[str, Any]):
    base = film()
    both = edited(base, setting)
    merged = merge(base, both, edited(base, setting, ("/title", "x")))
    assert not merged.conflicts and bare(merged.direction) == bare(edited(both, ("/title", "x")))
    other = {"/score/genre": "jazz", "/shots/0/cut": "dissolve", "/shots/1/world/place": {"city": 1.0},
             "/shots/2/camera/move": "pan", "/shots/1/world/palette/name": "mono", "/shots/2/world/look": "noir",
             "/shots/2/curves": {"/world/weather/rain": [[0, 1], [1, 0]]}, "/seed": 9,
             "/shots/0/brushes": [{"region": [[0, 0], [1, 0], [1, 1]], "direction": [0.1, 0.0]}]}.get(setting[0], 0.25)
    theirs = edited(base, (setting[0], 130.0 if "tempo" in setting[0] else other))
    for take, wanted in (("ours", both), ("theirs", theirs)):
        merged = merge(base, both, theirs, take)
        assert len(merged.conflicts) == 1 and bare(merged.direction) == bare(wanted)
        one = merged.conflicts[0]
        assert one.ours != one.theirs and one.ours in one.said and one.theirs in one.said, one


def test_a_conflict_names_shot_field_and_both_values():
    base = film()
    ours, theirs = (edited(base, ("/shots/1/world/weather/wind_mps", wind)) for wind in (12.0, 1.0))
    [one] = merge(base, ours, theirs).conflicts
    assert one.said == "Shot 2: wind was 3 m/s; ours makes it 12 m/s, theirs 1 m/s." and one.shot == "s2"


def test_a_number_and_its_curve_belong_together():
    base = film()
    ours = edited(base, ("/shots/0/world/weather/fog", 0.9))
    theirs = edited(base, ("/shots/0/curves", {"/world/weather/fog": [[0, 0], [1, 0.5]]}))
    assert [one.field for one in merge(base, ours, theirs).conflicts] == ["shots/s1/world/weather/fog",
                                                                         "shots/s1/world/bodies/fox/glow"][:1]


def test_shots_are_matched_by_id_and_couplings_follow():
    base = film()
    ours = without(base, 0)
    ours = changed(ours, links=[link.model_dump(mode="json") | ({"to": "/shots/0/world/light/exposure_ev"} if k == 0
                                                               else {}) for k, link in enumerate(base.links)])
    theirs = edited(base, ("/shots/2/world/weather/rain", 1.0))
    merged = merge(base, ours, theirs)
    assert not merged.conflicts and [shot.id for shot in merged.direction.shots] == ["s2", "s3"]
    assert merged.direction.shots[1].world.weather == Weather(rain=1.0)
    assert merged.direction.links[0].to == "/shots/0/world/light/exposure_ev"


def test_taken_out_here_and_changed_there_is_asked():
    base = film()
    theirs = edited(base, ("/shots/0/world/weather/rain", 1.0))
    [one] = merge(base, without(base, 0), theirs).conflicts
    assert one.said == "Ours takes out shot 1, theirs changes it (rain)."
    assert len(merge(base, without(base, 0), theirs, "ours").direction.shots) == 2
    assert merge(base, without(base, 0), theirs, "theirs").direction.shots[0].world.weather.rain == 1.0


def test_both_cut_in_their_own_way():
    base = film()
    ours, theirs = film((0, 1, 4, 6)), film((0, 2, 5, 6))
    assert [shot.span.bars for shot in merge(base, ours, film((0, 2, 4, 6))).direction.shots] == [(0, 1), (1, 4), (4, 6)]
    merged = merge(base, ours, theirs, "theirs")
    assert len(merged.conflicts) == 1 and merged.direction.shots == theirs.shots
    # Nothing is left when each takes out what the other keeps.
    two = film((0, 3, 6))
    merged = merge(two, without(two, 0), without(two, 1), "ours")
    assert len(merged.conflicts) == 1 and [shot.id for shot in merged.direction.shots] == ["s2"]
    # Cuts far apart do not touch.
    four = film((0, 2, 4, 6, 8))
    merged = merge(four, film((0, 1, 4, 6, 8)), film((0, 2, 4, 7, 8)))
    assert not merged.conflicts and [s.span.bars for s in merged.direction.shots] == [(0, 1), (1, 4), (4, 7), (7, 8)]


def test_a_camera_watches_somebody_who_is_there():
    base = film()
    shot = base.shots[0].model_dump(mode="json")
    alone = shot | {"world": shot["world"] | {"bodies": shot["world"]["bodies"][:1]}, "curves": {}}
    ours = changed(base, shots=[alone, *base.shots[1:]])
    theirs = edited(base, ("/shots/0/camera/target", "fox"))
    for take, target, cast in (("ours", "bee", ["bee"]), ("theirs", "fox", ["bee", "fox"])):
        merged = merge(base, ours, theirs, take)
        assert len(merged.conflicts) == 1 and "fox" in merged.conflicts[0].said
        first = merged.direction.shots[0]
        assert first.camera.target == target and [body.id for body in first.world.bodies] == cast


@pytest.mark.parametrize(("base", "ours", "theirs", "wanted"), [
    ("abc", "abxc", "abc", "abxc"), ("abc", "ac", "abyc", "ayc"), ("abc", "abcx", "abcy", "abcxy"),
    ("abc", "cab", "abcx", "cxab"), ("", "b", "a", "ab"), ("ab", "xab", "ab", "xab")])
def test_orders(base: str, ours: str, theirs: str, wanted: str):
    there = {key for key in {*base, *ours, *theirs} if key not in base or (key in ours and key in theirs)}
    assert "".join(merged_order(base, ours, theirs, there=there)) == wanted
    if sorted(ours) != sorted(theirs):
        assert "".join(merged_order(base, theirs, ours, there=there)) == wanted
