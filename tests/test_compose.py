"""Laws of the score: grid, span, key, voice leading, form, signals."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from world_model.score import PARTS, SILENT, ScoreSection, ScoreSpec
from world_model.sim.arrange import STYLES, bar_count, default_spec, plan, sections_of
from world_model.sim.compose import compose
from world_model.sim.harmony import LARGEST_STEP, chord, local_scale, scale, step, voice
from world_model.sim.instruments import band
from world_model.sim.signals import NAMES, signals

GENRES = sorted(STYLES)


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(GENRES), st.integers(0, 10_000), st.floats(1.0, 400))
def test_notes_lie_within_the_film_and_the_grid_is_exact(genre, seed, duration_s):
    spec = default_spec(genre, seed, duration_s)
    c = compose(spec, duration_s)
    assert len(c.start_s) > 0 and (c.start_s >= 0).all() and (c.duration_s > 0).all()
    assert (c.start_s + c.duration_s <= duration_s + 1e-9).all()
    assert ((c.pitch >= 0) & (c.pitch <= 127) & (c.velocity >= 1) & (c.velocity <= 127)).all()
    np.testing.assert_allclose(c.beats_s, np.arange(len(c.beats_s)) * 60 / spec.tempo_bpm, atol=1e-12)
    np.testing.assert_array_equal(c.downbeats_s, c.beats_s[::spec.beats_per_bar])
    assert c.sections[0][1] == 0 and c.sections[-1][2] == duration_s
    assert all(a[2] == b[1] for a, b in pairwise(c.sections))
    for _, start, _ in c.sections:  # sections begin on downbeats
        assert np.abs(c.downbeats_s - start).min() < 1e-9
    assert sum(s.bars for s in spec.sections) == bar_count(spec, duration_s)


@pytest.mark.parametrize("genre", GENRES)
@pytest.mark.parametrize("part", PARTS)
def test_a_silent_part_leaves_the_others_as_they_were(genre, part):
    spec = default_spec(genre, 5, 40)
    whole = compose(spec, 40)
    without = compose(spec.model_copy(update={"instruments": {part: SILENT}}), 40)
    kept = whole.part != PARTS.index(part)
    for name in ("start_s", "duration_s", "pitch", "velocity", "part"):
        np.testing.assert_array_equal(getattr(without, name), getattr(whole, name)[kept])
    assert band(spec.model_copy(update={"instruments": {part: SILENT}}))[part] == ()


@pytest.mark.parametrize("genre", GENRES)
def test_every_pitch_is_in_key_or_in_its_named_chord(genre):
    for seed in range(4):
        spec = default_spec(genre, seed, 90)
        c, bars = compose(spec, 90), plan(spec, 90)
        for n in np.flatnonzero(c.part != PARTS.index("drums")):
            at = min(int((c.start_s[n] + .04) / spec.bar_s), len(bars) - 1)
            near = bars[max(0, at - 1):at + 2]
            allowed = set(scale(spec.key, spec.minor)) | {t for b in near for t in b.chord.tones} | {
                t for b in near for t in local_scale(spec.key, spec.minor, b.chord)}
            if genre == "jazz" and PARTS[c.part[n]] == "bass":  # a walking line may pass through the major scale
                allowed |= set(scale(spec.key, False))
            assert int(c.pitch[n]) % 12 in allowed, (genre, seed, at, bars[at].chord)


@pytest.mark.parametrize("genre", GENRES)
def test_voices_move_by_small_steps(genre):
    moves = []
    for seed in range(4):
        spec = default_spec(genre, seed, 120)
        before = None
        for bar in plan(spec, 120):
            notes = voice(bar.chord, before, STYLES[genre].voices)
            assert {p % 12 for p in notes} <= set(bar.chord.tones) and len(set(notes)) == len(notes)
            if before is not None:
                moves.append(step(before, notes))
            before = notes
    assert max(moves) <= LARGEST_STEP
    assert np.mean(moves) < 3.5


@pytest.mark.parametrize("genre", GENRES)
def test_same_spec_same_notes_and_another_seed_others(genre):
    a, b = (compose(default_spec(genre, 5, 45), 45) for _ in range(2))
    for name in ("start_s", "duration_s", "pitch", "velocity", "part"):
        np.testing.assert_array_equal(getattr(a, name), getattr(b, name))
    other = compose(default_spec(genre, 6, 45), 45)
    assert len(other.pitch) != len(a.pitch) or (other.pitch != a.pitch).any()


@pytest.mark.parametrize("genre", GENRES)
def test_it_is_no_loop_of_one_bar_but_phrases_return(genre):
    spec = default_spec(genre, 3, 120)
    c = compose(spec, 120)
    bars = {}
    for n in range(len(c.start_s)):
        at = int((c.start_s[n] + .02) / spec.bar_s)
        bars.setdefault(at, set()).add((round(((c.start_s[n] + .02) % spec.bar_s) / spec.bar_s * 16), int(c.pitch[n]), int(c.part[n])))
    shapes = [frozenset(bars.get(n, ())) for n in range(bar_count(spec, 120))]
    assert len(set(shapes)) > .35 * len(shapes)  # bars differ
    def likeness(a, b):
        return len(a & b) / max(1, len(a | b))
    back = [max(likeness(shapes[n], shapes[k]) for k in range(n - 3)) for n in range(12, len(shapes) - 1) if shapes[n]]
    assert np.mean(back) > .45  # and come back


@pytest.mark.parametrize("genre", GENRES)
def test_the_end_is_the_tonic_and_rings(genre):
    spec = default_spec(genre, 2, 60)
    c, last = compose(spec, 60), plan(spec, 60)[-1]
    assert last.chord.root == spec.key
    ringing = (c.start_s + c.duration_s > 60 - 1e-6) & (c.part == PARTS.index("bass"))
    assert ringing.any() and (c.pitch[ringing] % 12 == spec.key).all()


def test_a_breath_comes_before_the_drop():
    for genre in ("techno", "synthwave", "drum_and_bass"):
        spec = default_spec(genre, 1, 120)
        c = compose(spec, 120)
        drop = next(i for i, s in enumerate(c.sections) if s[0] == "drop" and c.sections[i - 1][0] == "build")
        at, beat = c.sections[drop][1], 60 / spec.tempo_bpm
        onsets = c.start_s[(c.start_s > at - .8 * beat) & (c.start_s < at - .05)]
        assert len(onsets) == 0
        assert ((c.start_s > at - .03) & (c.start_s < at + .03)).sum() >= 3


def test_energy_arc_and_wishes_are_kept():
    spec = default_spec("folk", 1, 80, energy_arc=[.1, .5, 1.0], tempo_bpm=97.0, key=14, minor=True)
    assert (spec.tempo_bpm, spec.key, spec.minor) == (97.0, 2, True)
    energies = [s.energy for s in spec.sections]
    assert energies == sorted(energies) and energies[-1] > energies[0] + .4


def test_given_sections_are_fitted_to_the_film():
    wish = tuple(ScoreSection(name=n, bars=b, energy=e) for n, b, e in
                 (("intro", 4, .3), ("silence", 2, 0.0), ("drop", 8, 1.0)))
    spec = ScoreSpec(genre="techno", tempo_bpm=120, sections=wish)
    assert sections_of(spec, 28.0) == wish
    for duration_s in (2.0, 9.0, 300.0):
        assert sum(s.bars for s in sections_of(spec, duration_s)) == bar_count(spec, duration_s)
    c = compose(spec, 28.0)
    name, a, b = c.sections[1]
    assert name == "silence" and not ((c.start_s > a + .02) & (c.start_s < b - .02)).any()


def test_numerals():
    assert chord("V7", 0).tones[:2] == (7, 11) and set(chord("V7", 0).tones) == {7, 11, 2, 5}
    assert set(chord("bVI", 0).tones) == {8, 0, 3} and set(chord("ii7b5", 0).tones) == {2, 5, 8, 0}
    with pytest.raises(ValueError, match="cannot read"):
        chord("Q9", 0)


@pytest.mark.parametrize("bad", [0, -1, float("inf"), float("nan")])
def test_durations_that_are_none_are_refused(bad):
    with pytest.raises(ValueError, match="duration_s"):
        compose(ScoreSpec(), bad)


def test_signals_follow_the_notes():
    spec = default_spec("techno", 1, 60)
    c = compose(spec, 60)
    s = signals(c, 60, 50)
    assert set(s) == set(NAMES) and all(v.shape == (3000,) and v.dtype == np.float32 for v in s.values())
    assert all(np.isfinite(v).all() and v.min() >= 0 and v.max() <= 1 for v in s.values())
    kicks = c.start_s[(c.part == 3) & (c.pitch == 36)]
    steps = np.ceil(kicks * 50 - 1e-6).astype(int)
    steps = steps[steps < 3000]
    assert (s["kick"][steps] > .3).all()
    build = next((a, b) for n, a, b in c.sections if n == "build")
    inside = s["build"][int(build[0] * 50) + 1:int(build[1] * 50) - 1]
    assert (np.diff(inside) > 0).all() and inside[-1] > .95
    level = [s["energy"][int(a * 50):int(b * 50)].mean() for n, a, b in c.sections if n in ("drop", "break")]
    assert max(level) > 1.5 * min(level)
    empty = signals(c, .001)
    assert all(len(v) == 1 for v in empty.values())
