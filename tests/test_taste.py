"""The rules of taste, of pacing and of couplings, each as a law."""

from __future__ import annotations

import itertools
import random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent import pacing, taste
from agent.couplings import links_for, said
from agent.direction import Body, Light, Shot, ShotWorld, Span
from agent.director_score import GENRE_TEMPO, sections_for
from agent.director_weird import amount_past
from world_model.vocabulary import CAMERA_MOVES, GENRES, SETTINGS

PURPOSES = tuple(taste.SCALES_FOR)


@given(st.integers(1, 200), st.sampled_from(pacing.FEELS), st.sampled_from(tuple(taste.PURPOSES_IN)),
       st.floats(0, 1), st.floats(0.9, 5.5), st.integers(0, 9))
def test_shot_lengths_fill_their_section(bars, feel, name, energy, bar_s, seed):
    lengths = pacing.broken_runs(pacing.bar_lengths(bars, feel, name, energy, bar_s, random.Random(seed)))
    assert sum(lengths) == pytest.approx(bars) and min(lengths) > 0
    runs = [len(list(run)) for _, run in itertools.groupby(lengths)]
    assert max(runs) <= pacing.MOST_EQUAL
    low, high = pacing.BARS[feel]
    if name in ("verse", "chorus") and bars >= 2 * high:
        assert min(low, 1) / 2 <= np.median(lengths) <= high


def test_pacing_by_feel():
    for bar_s, feel, low, high in ((4.0, "ambient", 4, 16), (3.4, "ballad", 2, 8), (2.2, "mid", 1, 4), (1.9, "dance", 1, 2)):
        for energy in np.linspace(0, 1, 9):
            assert low <= pacing.shot_bars(feel, "verse", energy, bar_s) <= high
        assert pacing.shot_bars(feel, "verse", 0.0, bar_s) >= pacing.shot_bars(feel, "verse", 1.0, bar_s)


@pytest.mark.parametrize("bars", range(2, 33))
def test_a_build_halves_and_the_drop_holds(bars):
    build = pacing.build_bars(bars, 2.0)
    assert sum(build) == pytest.approx(bars)
    assert all(a >= b for a, b in itertools.pairwise(build))
    assert build[-1] <= 1 and (bars < 4 or build[0] >= 2 * build[-1])
    drop = pacing.bar_lengths(16, "dance", "drop", 0.9, 1.9, random.Random(0))
    assert drop[0] > build[-1] and drop[0] >= 2 * drop[1]


@given(st.floats(0.1, 900), st.floats(0, 1), st.integers(0, 9))
def test_without_a_metre_shots_last_four_to_nine_seconds(length_s, energy, seed):
    lengths = pacing.free_lengths(length_s, energy, random.Random(seed))
    assert sum(lengths) == pytest.approx(length_s)
    if length_s >= 18:
        assert min(lengths) >= 3.5 and max(lengths) <= 10


@given(st.lists(st.floats(0.5, 6), min_size=2, max_size=12), st.floats(-5, 40))
def test_bars_and_seconds_are_inverse(steps, bar):
    grid = pacing.BarGrid(tuple(np.cumsum(steps)))
    assert grid.bar_of(grid.time_of(bar)) == pytest.approx(bar, abs=1e-6)


@given(st.lists(st.sampled_from(taste.SCALE_ORDER), min_size=1, max_size=3), st.sampled_from(taste.SCALE_ORDER),
       st.sampled_from((*taste.SCALE_ORDER, None)))
def test_the_next_scale_always_cuts(wanted, before, after):
    scale = taste.next_scale(wanted, before, after)
    assert taste.differ_enough(before, scale) and scale != after


def test_a_turn_of_thirty_degrees_also_cuts():
    assert not taste.differ_enough("wide", "wide", 29) and taste.differ_enough("wide", "wide", 31)
    assert taste.differ_enough("wide", "wide", -40) and not taste.differ_enough("wide", "wide", 359)


def test_every_shot_has_a_move_and_banned_moves_never_come():
    for purpose, medium, family, setting in itertools.product(
            PURPOSES, ("air", "water", "surface", "ground", "sky", "place"), ("photoreal", "flat", "noir", "pixel"), SETTINGS):
        for energy in (0.1, 0.9):
            moves = taste.moves_for(purpose, energy, medium, family, (setting,), ("dolly_in", "orbit"))
            assert moves and not {"dolly_in", "orbit"} & set(moves) and set(moves) <= set(CAMERA_MOVES)
            assert medium != "place" or "follow" not in moves
            assert family not in ("flat", "pixel") or set(moves) <= set(taste.FRONTAL)
    assert taste.moves_for("rest", 0, "place", "photoreal", (), CAMERA_MOVES) == ("static",)


def test_lenses_heights_and_speeds():
    mm = [taste.lens_mm(scale, "dolly_in") for scale in taste.SCALE_ORDER]
    assert all(a < b for a, b in itertools.pairwise(mm))
    for scale, purpose in itertools.product(taste.SCALE_ORDER, PURPOSES):
        assert taste.height_m(scale, purpose, "bee_cam", "ground", 1.0) < 0.5
        assert taste.camera_speed(1, scale) > 2 * taste.camera_speed(0, scale) > 0
    assert taste.shot_exposure_ev(1) > taste.shot_exposure_ev(0) and taste.shot_chroma(1) > taste.shot_chroma(0)


def test_the_key_image_is_about_two_thirds_in():
    for count in range(3, 40):
        spans = [(k, k + 1) for k in range(count)]
        key = taste.key_shot(spans)
        assert 0 < key < count - 1 and abs((key + 0.5) / count - 2 / 3) <= 1 / count + 0.1
    assert taste.key_shot([(0, 4), (4, 8)]) is None


def test_views_show_long_bodies_from_the_side_and_turn_where_the_scale_stays():
    for kind, purpose, move, pick in itertools.product(("whale", "car", "walker", "kite"), PURPOSES, CAMERA_MOVES,
                                                       (0.0, 0.5, 0.99)):
        view = taste.view_deg(kind, purpose, move, None, False, pick)
        assert 0 <= view <= 180
        assert kind not in taste.PROFILES or 40 <= view <= 140
        for before in (view, 35.0, 90.0, 130.0):
            again = taste.view_deg(kind, purpose, move, before, True, pick)
            assert kind in taste.FRONTS or taste.differ_enough("full", "full", again - before)


def test_the_side_is_kept_unless_the_music_breaks():
    assert taste.side_after(1, False, True) == 1 and taste.side_after(1, True, False) == 1
    assert taste.side_after(1, True, True) == -1


def shot(bodies=(), hour=12.0, **world):
    return Shot(id="a", span=Span(s=(0, 4)), world=ShotWorld(bodies=bodies, light=Light(time_h=hour), **world))


def test_links_are_one_strong_and_two_soft():
    lantern = Body(id="lantern", kind="lantern", glow=0.5)
    for feel, family in itertools.product(pacing.AIM_S, ("photoreal", "flat", "noir", "paper")):
        links = links_for(feel, family, (shot(),), settings=("meadow",))
        assert len(links) == 3 and len({link.to for link in links}) == 3
        assert all("bodies" not in link.to for link in links_for(feel, family, (shot((lantern,)), shot())))
        assert all(" drives " in phrase for phrase in said(links))
    assert links_for("dance", "photoreal", (shot((lantern,), 22.0),))[0].to.endswith("/glow")
    assert "waves" in said(links_for("mid", "photoreal", (shot(),), settings=("ocean",)))[-1]
    strong = [links_for(feel, "photoreal", (shot(),))[0] for feel in pacing.FEELS]
    strikes = [link.amount for link in strong]
    # What strikes grows with the feel; the slow energy may lift the light further, since it cannot flicker.
    struck = [link.amount for link in strong if link.from_ != "music.energy"]
    assert all(a < b for a, b in itertools.pairwise(struck)) and len(struck) >= 2
    assert links_for("dance", "photoreal", (shot(),), silent=True) == ()
    full = Body(id="lantern", kind="lantern", glow=0.9)
    assert links_for("dance", "photoreal", (shot((full,), 22.0),))[0].to.endswith("/exposure_ev")
    assert max(strikes) <= 0.5


@pytest.mark.parametrize("genre", GENRES)
def test_our_own_sections_fill_any_length_with_an_arc(genre):
    assert genre in GENRE_TEMPO
    for bars in (*range(1, 140), 300, 1200):
        sections = sections_for(genre, bars, ("drop",) if bars % 2 else ())
        assert sum(section.bars for section in sections) == bars
        if bars >= 6:
            energies = [section.energy for section in sections]
            assert sections[0].name == "intro" and sections[-1].name == "outro"
            assert max(energies) > energies[0] and max(energies) > energies[-1]
            assert bars % 2 == 0 or "drop" in {section.name for section in sections}


def test_the_weird_ramp_rises_from_its_start_to_one():
    assert amount_past(0.2, 0.2) == 0 and amount_past(1, 0.2) == pytest.approx(1) and amount_past(0.1, 0.3) == 0
