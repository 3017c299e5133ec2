"""Laws of the director: whatever is asked and heard, the film tiles its time, cuts on the music and keeps its word."""

from __future__ import annotations

import itertools
import random

import numpy as np
import pytest

from agent.brief import Brief, Trait
from agent.direction import Direction
from agent.director import direct, explain
from agent.pacing import LEAST_SHOT_S, span_s
from agent.taste import differ_enough
from agent.unroll_values import link_targets, number_at
from modalities.cues import MusicCues
from modalities.engine import Unusable
from world_model import vocabulary as v


def trait(axis, value, part=None, negated=False, confidence=1.0):
    return Trait(axis=axis, value=value, because="a test", part=part, negated=negated, confidence=confidence)


def brief(*traits, goal="a test film"):
    return Brief(goal=goal, traits=traits)


def cues(duration_s=180.0, tempo=120.0, beats=4, first_s=0.3, sections=None, confidence=0.9, silent=False, kick=0.3,
         energy=0.6, downbeats=True, seed=0):
    """A synthetic track; sections as (label, name, energy) of equal length."""
    beat_s = 60 / tempo if tempo > 0 else 0.5
    bar_s = beat_s * beats
    lines = np.arange(first_s, duration_s, bar_s) if downbeats else np.zeros(0)
    named = sections if sections is not None else [("A", "intro", 0.3), ("B", "verse", 0.5), ("C", "chorus", 0.8),
                                                   ("B", "verse", 0.5), ("D", "build", 0.6), ("C", "drop", 0.9),
                                                   ("A", "outro", 0.3)]
    step = duration_s / max(1, len(named))
    spans = tuple((label, name, k * step, (k + 1) * step, e) for k, (label, name, e) in enumerate(named))
    rate, pick = 50.0, np.random.default_rng(seed)
    count = max(1, int(duration_s * rate))
    level = np.full(count, energy)
    for _, _, start, end, e in spans:
        level[int(start * rate):int(end * rate)] = e
    signals = {name: np.clip(level * kick * 2 + 0.05 * pick.random(count), 0, 1).astype(np.float32)
               for name in ("kick", "snare", "hihat", "bass", "onset", "brightness", "beat", "downbeat", "build")}
    signals["energy"] = level.astype(np.float32)
    if silent:
        signals = {name: np.zeros(count, np.float32) for name in signals}
    return MusicCues(duration_s, tempo, beats, np.arange(first_s, duration_s, beat_s) if downbeats else np.zeros(0),
                     lines, spans, signals, rate, 0, False, -14.0, confidence, silent)


def random_brief(seed):
    pick = random.Random(seed)
    some = lambda names: pick.choice(list(names))  # noqa: E731
    traits = []
    for axis, names in (("setting", v.SETTINGS), ("light", v.LIGHTS), ("weather", v.WEATHERS), ("palette", v.PALETTES),
                        ("look", v.STYLES), ("camera", v.CAMERA_MOVES), ("scale", v.SCALES), ("genre", v.GENRES)):
        if pick.random() < 0.4:
            traits.append(trait(axis, some(names), confidence=pick.random(),
                                part=pick.choice((None, None, 1, 2, 3))))
        if pick.random() < 0.15:
            traits.append(trait(axis, some(names), negated=True))
    for _ in range(pick.randrange(3)):
        traits.append(trait("body", {"kind": some(v.BODIES), "count": pick.choice((1, 3, 20, 400)), "word": "some thing",
                                     "colour": "red", "size": pick.choice((0.2, 1, 5, "giant")),
                                     "speed": pick.choice((0, 1, 9, "fast"))}, part=pick.choice((None, 1, 2))))
    if pick.random() < 0.3:
        traits.append(trait("at", pick.choice(("drop", "chorus", "end", "middle", "nonsense")), part=pick.choice((1, 2))))
    # What no director can read must do no harm.
    for _ in range(pick.randrange(4)):
        traits.append(trait(pick.choice(("setting", "body", "light", "tempo_bpm", "size_px", "weird", "colour", "x", "mood",
                                         "fps", "duration_s", "energy", "pacing", "time_h", "shots")),
                            pick.choice((None, "??", -1, 1e30, float("nan"), [], {}, [1, 2, 3], True, {"kind": 3}))))
    if pick.random() < 0.3:
        traits.append(trait("tempo_bpm", pick.choice((30, 61.5, 90, 140, 240))))
    return brief(*traits, goal=pick.choice(("", "a fox", "x" * 3000, "?!", "an empty city at night", "🐝")))


def check_laws(direction: Direction):
    assert Direction.model_validate_json(direction.model_dump_json(by_alias=True)) == direction
    spans = [span_s(shot.span, direction.music) for shot in direction.shots]
    assert spans[0][0] == pytest.approx(0, abs=1e-6)
    assert spans[-1][1] == pytest.approx(direction.duration_s, abs=1e-6)
    for (_, end), (start, _) in itertools.pairwise(spans):
        assert end == pytest.approx(start, abs=1e-6)
    lengths = [end - start for start, end in spans]
    if len(lengths) > 1:
        assert min(lengths) >= LEAST_SHOT_S - 1e-3
    run = 1
    for before, here in itertools.pairwise(lengths):
        run = run + 1 if abs(before - here) < 0.02 else 1
        assert run <= 8
    assert len({shot.id for shot in direction.shots}) == len(direction.shots)
    for before, here in zip(direction.shots, direction.shots[1:], strict=False):
        views = (before.camera.view_deg, here.camera.view_deg)
        turn = abs(views[1] - views[0]) if None not in views and before.camera.target == here.camera.target else 0.0
        assert differ_enough(before.camera.scale, here.camera.scale, turn)
    for shot in direction.shots:
        assert shot.camera.target is None or shot.camera.target in {body.id for body in shot.world.bodies}
        assert sum(shot.world.place.values()) == pytest.approx(1, abs=0.01)
        if shot.camera.move == "bee_cam":
            assert shot.camera.height_m is not None and shot.camera.height_m < 0.5
        for pointer in shot.curves:
            number_at(shot, pointer)
    for link in direction.links:
        assert len(link_targets(direction, link)) == len(direction.shots), link.to
    assert len(direction.links) <= 3
    lines = np.diff(direction.music.downbeats_s)
    assert len(lines) >= 1 and (lines > 0).all()
    assert explain(direction).endswith(".") and 0 < len(direction.title) <= 60


@pytest.mark.parametrize("seed", range(60))
def test_any_brief_gives_a_film_that_keeps_the_laws(seed):
    pick = random.Random(seed)
    length_s = pick.choice((None, 0.5, 1.7, 3, 8, 14.3, 16, 33, 75, 200))
    dial = pick.choice((None, 0, 0.15, 0.5, 1))
    check_laws(direct(random_brief(seed), None, duration_s=length_s, seed=seed, weird=dial))


@pytest.mark.parametrize("track", [
    cues(), cues(beats=3, tempo=90), cues(tempo=174), cues(tempo=40), cues(tempo=30), cues(silent=True, confidence=0),
    cues(duration_s=0.5, sections=[]), cues(duration_s=0.0, sections=[], downbeats=False), cues(first_s=21.0),
    cues(downbeats=False, confidence=0.0, tempo=0.0), cues(confidence=0.2), cues(duration_s=7, sections=[]),
    cues(duration_s=2400, tempo=128), cues(tempo=float("nan"), downbeats=False, confidence=0.0),
    cues(duration_s=61.7, sections=[("A", "weird name", 7.0)]),
    cues(duration_s=30, sections=[("A", "verse", 0.4)] * 90)], ids=lambda track: f"{track.duration_s:g}s {track.tempo_bpm}")
def test_any_track_gives_a_film_that_keeps_the_laws(track):
    for seed in range(3):
        for length_s in (None, 11.0, track.duration_s + 40 if track.duration_s < 100 else None):
            direction = direct(random_brief(seed + 900), track, music_ref="ref:abc", seed=seed, duration_s=length_s)
            check_laws(direction)
            assert direction.music.source == "ref:abc" and direction.score is None
            if length_s is None and "duration_s" not in {t.axis for t in random_brief(seed + 900).traits} and track.duration_s > 0:
                assert direction.duration_s == pytest.approx(max(0.1, track.duration_s))


def test_the_same_question_has_the_same_answer():
    for seed in range(5):
        a, b = (direct(random_brief(seed), cues(), seed=seed) for _ in range(2))
        assert a == b
        assert direct(brief(), cues(), seed=1) != direct(brief(), cues(), seed=2)


def test_cuts_lie_on_downbeats_and_every_section_start_is_a_cut():
    track = cues(tempo=121, first_s=0.21)
    direction = direct(brief(), track, music_ref="ref:x")
    starts = [span_s(shot.span, direction.music)[0] for shot in direction.shots][1:]
    on = [np.abs(track.downbeats_s - start).min() < 1e-6 for start in starts]
    assert np.mean(on) > 0.9
    bar_s = 240 / 121
    for _, _, start, _, _ in track.sections[1:]:
        assert np.abs(np.array(starts) - start).min() <= bar_s / 2 + 1e-6


def test_pop_has_40_to_90_shots_in_three_minutes_and_ambient_fewer():
    for tempo in (96, 110, 120, 128):
        assert 40 <= len(direct(brief(), cues(tempo=tempo, kick=0.5)).shots) <= 100
    calm = cues(tempo=66, kick=0.0, energy=0.2, sections=[("A", "verse", 0.2), ("B", "bridge", 0.15), ("A", "verse", 0.2)])
    assert 5 <= len(direct(brief(), calm).shots) <= 25
    free = direct(brief(), cues(confidence=0.1))
    lengths = [np.subtract(*span_s(shot.span, free.music)[::-1]) for shot in free.shots]
    assert all(shot.span.s is not None for shot in free.shots) and 3 <= np.median(lengths) <= 9


def test_loud_sections_are_cut_faster_filmed_quicker_and_lit_brighter():
    direction = direct(brief(), cues(kick=0.5))
    by = {name: [shot for shot in direction.shots if shot.section == name] for name in ("intro", "drop")}
    length = {name: np.mean([np.subtract(*span_s(s.span, direction.music)[::-1]) for s in shots]) for name, shots in by.items()}
    assert length["drop"] < length["intro"]
    for read in (lambda s: s.camera.speed, lambda s: s.world.light.exposure_ev, lambda s: s.world.palette.chroma):
        assert np.mean([read(s) for s in by["drop"]]) > np.mean([read(s) for s in by["intro"]])


def test_a_returning_section_returns_to_its_place_and_the_film_travels():
    direction = direct(brief(trait("setting", "meadow")), cues(), seed=3, weird=0)
    grid = {}
    for shot in direction.shots[:-1]:
        section = next(s for s in direction.music.sections if s.bars[0] - 0.51 <= (shot.span.bars or (-0.5, 0))[0] < s.bars[1] - 0.49)
        grid.setdefault(section.label, set()).add((tuple(shot.world.place.items()), shot.world.palette.hue_shift_deg))
    assert all(len(looks) == 1 for looks in grid.values())
    assert len({look for looks in grid.values() for look in looks}) == len(grid) == 4
    assert all(shot.world.place["meadow"] >= 0.5 for shot in direction.shots)


def test_the_last_shot_answers_the_first():
    for seed in range(8):
        shots = direct(brief(trait("setting", "lake")), None, duration_s=20, seed=seed, weird=0).shots
        first, last = shots[0], shots[-1]
        assert first.world.place == last.world.place and first.world.ground.variant == last.world.ground.variant
        assert (first.camera.scale, first.camera.side, first.camera.lens_mm) == (last.camera.scale, last.camera.side, last.camera.lens_mm)
        assert first.world.light.time_h != last.world.light.time_h
        assert first.camera.scale == "wide" and first.purpose == "establish" and last.purpose == "release"


def test_short_films_have_few_shots():
    for length_s, low, high in ((1, 1, 1), (4, 1, 3), (8, 2, 3), (12, 4, 6), (16, 4, 6), (20, 4, 6)):
        for genre in v.GENRES:
            count = len(direct(brief(trait("genre", genre)), None, duration_s=length_s).shots)
            assert low <= count <= high, (length_s, genre, count)


def test_our_own_clock_is_exact_and_covers_the_film():
    for genre in v.GENRES:
        for length_s in (2.0, 16.0, 47.3, 180.0):
            direction = direct(brief(trait("genre", genre)), None, duration_s=length_s)
            score, music = direction.score, direction.music
            assert score is not None and score.genre == genre and music.source == "score"
            assert np.allclose(music.downbeats_s, np.arange(len(music.downbeats_s)) * score.bar_s)
            assert music.downbeats_s[-1] >= length_s - 1e-6 > music.downbeats_s[-2] - 1e-3
            assert sum(section.bars for section in score.sections) == len(music.downbeats_s) - 1
            assert music.sections[0].bars[0] == 0 and music.sections[-1].bars[1] == len(music.downbeats_s) - 1
    assert direct(brief(trait("tempo_bpm", 97.5)), None).music.tempo_bpm == 97.5
    assert direct(brief(trait("music", "off")), None).score.music_level == 0


def test_what_was_refused_is_absent_even_at_full_weirdness():
    for seed in range(12):
        asked = brief(trait("setting", "city"), trait("body", "car", negated=True), trait("weather", "rain", negated=True),
                      trait("weather", "clouds", negated=True), trait("camera", "orbit", negated=True),
                      trait("setting", "underwater", negated=True), trait("look", "photoreal", negated=True),
                      trait("weather", "aurora", negated=True))
        for shot in direct(asked, None, duration_s=40, seed=seed, weird=1.0).shots:
            assert "car" not in {body.kind for body in shot.world.bodies}
            assert shot.world.weather.rain == shot.world.weather.storm == shot.world.weather.aurora == 0
            assert shot.world.weather.cloud < 0.1 and "underwater" not in shot.world.place
            assert shot.camera.move != "orbit" and shot.world.look != "photoreal"
    empty = direct(brief(goal="an empty desert, nobody there"), None, duration_s=30)
    assert not any(shot.world.bodies for shot in empty.shots)


def test_what_was_asked_for_is_there():
    fox = direct(brief(trait("body", {"kind": "fox", "count": 2, "word": "wolf", "colour": "blue"}), trait("camera", "orbit"),
                       trait("look", "ink"), trait("light", "night"), trait("weather", "snow")), cues(), weird=0)
    with_fox = [shot for shot in fox.shots if any(body.kind == "fox" for body in shot.world.bodies)]
    assert len(with_fox) >= 0.6 * len(fox.shots)
    assert with_fox[0].world.bodies[0].count == 2 and with_fox[0].world.bodies[0].shown_as == "wolf"
    assert np.mean([shot.camera.move == "orbit" for shot in fox.shots]) >= 0.6
    assert {shot.world.look for shot in fox.shots} == {"ink"}
    assert all(shot.world.weather.snow > 0.4 and (shot.world.light.time_h < 2 or shot.world.light.time_h > 22) for shot in fox.shots)
    assert with_fox[0].world.palette.accent[2] == pytest.approx(260, abs=10)
    assert any(shot.world.bodies for shot in direct(brief(trait("setting", "meadow")), None).shots)
    options = direct(brief(trait("size_px", [640, 360]), trait("fps", 30), trait("duration_s", 9)), None)
    assert (options.size_px, options.grid.fps, options.duration_s) == ((640, 360), 30, 9)
    assert direct(brief(trait("duration_s", 9)), None, duration_s=5, size_px=(512, 288)).size_px == (512, 288)


def test_a_story_happens_in_order_and_at_its_moment():
    story = brief(trait("setting", "lake", part=1), trait("weather", "clear", part=1), trait("weather", "storm", part=2),
                  trait("at", "drop", part=2))
    track = cues()
    direction = direct(story, track)
    drop_s = next(start for _, name, start, _, _ in track.sections if name == "drop")
    drop_s = track.downbeats_s[np.abs(track.downbeats_s - drop_s).argmin()]
    for shot in direction.shots:
        start_s = span_s(shot.span, direction.music)[0]
        assert (shot.world.weather.rain > 0.5) == (start_s > drop_s - 1e-6), (start_s, drop_s)
        assert max(shot.world.place, key=shot.world.place.get) == "lake"
    assert any("/world/weather/cloud" in shot.curves for shot in direction.shots)
    own = direct(story, None, duration_s=24)
    assert "drop" in {section.name for section in own.score.sections}
    assert own.shots[0].world.weather.rain == 0 and own.shots[-1].world.weather.rain > 0.5
    three = direct(brief(*(trait("setting", name, part=k) for k, name in enumerate(("desert", "forest", "ocean"), 1))), None)
    mains = [max(shot.world.place, key=shot.world.place.get) for shot in three.shots]
    assert list(dict.fromkeys(mains)) == ["desert", "forest", "ocean"]


def test_from_day_to_night_the_hours_run():
    story = brief(trait("light", "noon", part=0), trait("light", "night", part=1), trait("setting", "desert", part=1))
    direction = direct(story, None)
    keys = [value for shot in direction.shots for _, value in shot.curves.get("/world/light/time_h", ())]
    assert keys == sorted(keys) and keys[0] < 13.5 and keys[-1] == 24.0
    assert all("desert" in shot.world.place for shot in direction.shots)


def strangeness(plain, odd):
    far = 0.0
    for a, b in zip(plain.shots, odd.shots, strict=True):
        names = set(a.world.place) | set(b.world.place)
        far += sum(abs(a.world.place.get(n, 0) - b.world.place.get(n, 0)) for n in names)
        turn = a.world.palette.hue_shift_deg - b.world.palette.hue_shift_deg
        far += abs((turn + 180) % 360 - 180) / 90 + (a.camera.move != b.camera.move)
        far += abs(a.world.light.tint - b.world.light.tint) + abs(a.world.ground.object_scale - b.world.ground.object_scale)
        far += sum(abs(np.log(x.size_m / y.size_m)) for x, y in zip(a.world.bodies, b.world.bodies, strict=True))
    return far


def test_weirdness_grows_and_its_default_is_one_subtle_surprise():
    for seed in range(10):
        films = {w: direct(brief(trait("setting", "meadow")), None, duration_s=30, seed=seed, weird=w)
                 for w in (0, 0.15, 0.4, 0.7, 1)}
        far = [strangeness(films[0], film) for film in films.values()]
        assert far[0] == 0 and far[1] <= 1.001 and far[4] > 2
        assert all(b >= a - 1e-6 for a, b in itertools.pairwise(far)), far


def test_looks_are_filmed_in_their_own_way():
    flat = [shot.camera.move for seed in range(6) for shot in
            direct(brief(trait("look", "flat"), trait("setting", "village")), cues(), seed=seed).shots]
    real = [shot.camera.move for seed in range(6) for shot in
            direct(brief(trait("look", "photoreal"), trait("setting", "village")), cues(), seed=seed).shots]
    assert not {"orbit", "handheld", "fly_through", "bee_cam", "dolly_zoom"} & set(flat)
    assert {"orbit", "fly_through"} & set(real)


def test_unusable_requests_say_so():
    for wrong in (0, -3, float("nan"), float("inf"), 1e9):
        with pytest.raises(Unusable):
            direct(brief(), None, duration_s=wrong)
    for wrong in (0, -1, 500):
        with pytest.raises(Unusable):
            direct(brief(), None, fps=wrong)


def test_no_people_means_no_walkers_and_no_animals_means_no_animals():
    people = trait("body", {"kind": "walker", "word": "people"}, negated=True)
    casts = [direct(brief(trait("setting", "meadow"), people, goal="a meadow, no people"), None, duration_s=40,
                    seed=seed).shots for seed in range(4)]
    kinds = {body.kind for shots in casts for shot in shots for body in shot.world.bodies}
    assert kinds and "walker" not in kinds
    animals = Trait(axis="body", value={"word": "anyone"}, because="no animals", negated=True)
    garden = direct(brief(trait("setting", "meadow"), animals, goal="a garden"), None, duration_s=40)
    assert not {body.kind for shot in garden.shots for body in shot.world.bodies} & {"bird", "bee", "butterfly", "fox"}


def test_flowers_are_the_accent_of_a_meadow_and_a_red_meadow_is_red():
    red = {"name": "red", "oklch": [0.58, 0.21, 27.0], "role": "dominant", "of": "meadow"}
    poppy = direct(brief(trait("setting", "meadow"), Trait(axis="colour", value=red, because="poppy")), None)
    plain = direct(brief(trait("setting", "meadow"), Trait(axis="colour", value=red, because="red")), None)
    assert all(shot.world.palette.dominant is None and shot.world.palette.accent for shot in poppy.shots)
    assert all(shot.world.palette.dominant for shot in plain.shots)


def test_a_guess_from_a_mood_leans_but_does_not_rule():
    guessed = [trait("camera", "crane_up", confidence=0.25), trait("weather", "fog", confidence=0.2),
               trait("palette", "winter", confidence=0.14), trait("weird", 0.9, confidence=0.4)]
    film = direct(brief(trait("setting", "desert"), *guessed), None, duration_s=60)
    assert len({shot.camera.move for shot in film.shots}) > 2 and film.weird <= 0.3
    assert all(shot.world.weather.fog < 0.4 and shot.world.palette.name != "winter" for shot in film.shots)
    said = direct(brief(trait("setting", "desert"), trait("weather", "fog")), None)
    assert all(0.4 < shot.world.weather.fog <= 0.5 for shot in said.shots)


def test_what_lives_elsewhere_comes_only_to_those_who_ask_for_the_strange():
    for setting, seed in itertools.product(("underwater", "meadow", "city"), range(8)):
        films = [direct(brief(trait("setting", setting)), None, duration_s=90, seed=seed, weird=weird)
                 for weird in (0, 0.15, 0.45)]
        assert all([shot.world.place for shot in film.shots] == [shot.world.place for shot in films[0].shots]
                   and [shot.world.bodies for shot in film.shots] == [shot.world.bodies for shot in films[0].shots]
                   for film in films)


def test_bodies_are_where_they_can_live():
    boat = direct(brief(trait("setting", "mountains"), trait("body", "boat")), None)
    assert all(shot.world.place.get("lake", 0) > 0.3 for shot in boat.shots)
    turned = direct(brief(trait("body", "fish", part=0), trait("body", "bird", part=1)), None)
    assert all(("underwater" in shot.world.place) == (shot.world.bodies[0].kind == "fish")
               for shot in turned.shots if shot.world.bodies)


def test_films_of_other_words_are_filmed_otherwise_and_short_ones_come_close():
    films = [direct(brief(trait("setting", place), trait("body", kind), goal=f"a {kind} in the {place}"), None,
                    duration_s=12) for place, kind in (("forest", "fox"), ("underwater", "whale"), ("desert", "car"),
                                                       ("ocean", "bird"), ("mountains", "walker"))]
    assert len({tuple(shot.camera.move for shot in film.shots) for film in films}) >= 4
    for film in films:
        assert {"medium", "close"} & {shot.camera.scale for shot in film.shots}


def test_both_ways_of_cutting_are_used():
    pairs = [(a.camera, b.camera) for seed in range(12) for film in
             [direct(brief(trait("body", "fox"), trait("setting", "meadow")), cues(), seed=seed)]
             for a, b in itertools.pairwise(film.shots)]
    turned = [(a, b) for a, b in pairs if a.scale == b.scale]
    assert 0.01 < len(turned) / len(pairs) < 0.3
    assert all(a.target == b.target and abs(a.view_deg - b.view_deg) >= 30 and a.side == b.side for a, b in turned)


def test_what_swims_is_seen_under_the_water():
    asked = brief(trait("setting", "ocean"), trait("body", {"kind": "jellyfish", "count": 5, "word": "jellyfish"}))
    assert all("underwater" in shot.world.place for shot in direct(asked, None).shots)
    boat = brief(trait("setting", "ocean"), trait("body", {"kind": "boat", "count": 1, "word": "boat"}))
    assert not any("underwater" in shot.world.place for shot in direct(boat, None, weird=0).shots)
