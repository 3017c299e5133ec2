"""Laws of the soundtrack: length, peaks, loudness, silence, events on time, determinism, chunks."""

import io
import threading

import numpy as np
import pyloudnorm
import pytest
import soundfile
import torch

from world_model.clock import TimeGrid
from world_model.score import ScoreSection, ScoreSpec
from world_model.sim import instruments, soundfont
from world_model.sim.ambience import Ambience, noise, scene
from world_model.sim.arrange import STYLES
from world_model.sim.compose import compose, default_spec
from world_model.sim.effects import EVENT_LEVEL, Effects, event_sound
from world_model.sim.loudness import Loudness, true_peak_dbtp
from world_model.sim.mix import Stopped
from world_model.sim.sound import render_soundtrack
from world_model.state import GROUND, WEATHER, WIDTHS, Event, World, unpack
from world_model.vocabulary import BODIES, BODY_SIZE_M, SETTINGS

RATE = 48000


def a_world(duration_s, setting="meadow", body=None, events=(), sun=.4, wind=3.0, seed=3, **weather):
    grid = TimeGrid()
    state = unpack(torch.zeros(grid.frames(duration_s), sum(WIDTHS.values())))
    state.place[:, SETTINGS.index(setting)] = 1
    state.light[:, 0] = sun
    state.weather[:, WEATHER.index("wind_mps")] = wind
    state.ground[:, GROUND.index("wave_m")] = .6
    state.camera[:, 1], state.camera[:, 6] = 2, 1
    for name, value in weather.items():
        state.weather[:, WEATHER.index(name)] = value
    if body:
        t = torch.arange(len(state)) / grid.fps
        state.body_kind[:, 0, BODIES.index(body)] = 1
        state.body_pose[:, 0, 0], state.body_pose[:, 0, 2] = 6 * torch.sin(t), 8
        state.body_pose[:, 0, 6], state.body_pose[:, 0, 7] = BODY_SIZE_M[body], t * 1.5
    return World(grid, state, tuple(events), seed)


def quiet_world(duration_s, **more):
    """A place that makes no sound of its own."""
    return a_world(duration_s, "clouds", wind=0.0, **more)


def onset_of(x, threshold=.12):
    level = np.abs(x).max(1)
    return int(np.argmax(level > threshold * level.max()))


@pytest.mark.parametrize("genre", [
    genre if genre in ("ambient", "drum_and_bass", "jazz", "orchestral", "techno") else
    pytest.param(genre, marks=pytest.mark.slow) for genre in sorted(STYLES)])
def test_a_film_with_score_is_loud_enough_and_never_clips(genre):
    duration_s = 24.0
    spec = default_spec(genre, 4, duration_s)
    x = render_soundtrack(a_world(duration_s), spec, compose(spec, duration_s))
    assert x.shape == (round(duration_s * RATE), 2) and x.dtype == np.float32 and np.isfinite(x).all()
    assert true_peak_dbtp(x) <= -1.0
    assert -20 <= pyloudnorm.Meter(RATE).integrated_loudness(x) <= -13
    assert np.abs(x.mean(0)).max() < 1e-3  # no DC
    assert np.abs(x[:3]).max() < 1e-3 and np.abs(x[-3:]).max() < 1e-3  # the file begins and ends at rest
    assert np.corrcoef(x.T)[0, 1] > 0  # survives mono


@pytest.mark.parametrize("duration_s", [.05, 1 / 24, 3.0])
def test_short_films_have_their_exact_length(duration_s):
    world = a_world(duration_s)
    spec = default_spec("folk", 1, world.duration_s)
    x = render_soundtrack(world, spec, compose(spec, world.duration_s))
    assert len(x) == world.grid.samples(world.duration_s) and np.isfinite(x).all()


@pytest.mark.parametrize("kind", sorted(EVENT_LEVEL))
def test_an_event_is_heard_within_ten_milliseconds(kind):
    for at in (.5, 2.0, 3.5123):
        world = quiet_world(5, events=[Event(at, kind, 1.0, (1.0, 2.0, 3.0))])
        x = render_soundtrack(world, None, None)
        assert abs(onset_of(x) / RATE - at) < .010


def test_events_pan_and_fade_with_distance():
    def heard(where):
        here = scene(quiet_world(2))
        effects = Effects(here, (Event(.5, "impact", 1.0, where),), 1, RATE, 2 * RATE, 2 * RATE)
        return np.sqrt((effects.chunk(0, 2 * RATE) ** 2).mean(0))
    right, left, far = heard((10, 2, 1)), heard((-10, 2, 1)), heard((100, 2, 10))
    assert right[1] > 2 * right[0] and left[0] > 2 * left[1] and far[1] < .3 * right[1]


def test_an_unknown_event_makes_no_noise_and_its_sound_is_refused():
    assert np.abs(render_soundtrack(quiet_world(1, events=[Event(.2, "gasp")]), None, None)).max() < 1e-9
    with pytest.raises(ValueError, match="no sound"):
        event_sound("gasp", np.random.default_rng(0), RATE)


def test_levels_at_zero_are_silence():
    spec = default_spec("techno", 1, 6).model_copy(update={"music_level": 0.0, "ambience_level": 0.0, "effects_level": 0.0})
    assert np.abs(render_soundtrack(a_world(6, "ocean", "bee"), spec, compose(spec, 6))).max() == 0


def test_a_section_called_silence_is_silent():
    wish = (ScoreSection(name="verse", bars=4, energy=.8), ScoreSection(name="silence", bars=2, energy=0),
            ScoreSection(name="drop", bars=4, energy=1))
    spec = ScoreSpec(genre="synthwave", tempo_bpm=120, sections=wish, ambience_level=0, effects_level=0)
    c = compose(spec, 20)
    x = render_soundtrack(a_world(20), spec, c)
    _, a, b = c.sections[1]
    inside = x[int((a + .3) * RATE):int((b - .05) * RATE)]
    assert np.abs(inside).max() < 2e-3 * np.abs(x).max()
    assert np.abs(x[int(b * RATE):int((b + .2) * RATE)]).max() > .1


def test_turning_the_music_down_leaves_the_place_alone():
    spec = default_spec("piano", 1, 8)
    c, world = compose(spec, 8), a_world(8, "ocean", wind=9)
    def gap(level):
        with_place = render_soundtrack(world, spec.model_copy(update={"music_level": level}), c)
        return pyloudnorm.Meter(RATE).integrated_loudness(with_place)
    assert gap(.25) < gap(1.0) - 3


@pytest.mark.parametrize(("setting", "body"), [("forest", "bee"), ("underwater", "whale"), ("city", "car"), ("space", "rocket")])
def test_same_inputs_same_bytes(setting, body):
    spec = default_spec("drum_and_bass", 2, 5)
    world = a_world(5, setting, body, [Event(1.0, "thunder")], rain=.6)
    a, b = (render_soundtrack(world, spec, compose(spec, 5)) for _ in range(2))
    assert a.tobytes() == b.tobytes()


def test_chunks_equal_the_whole():
    world = a_world(5, "forest", "train", [Event(1.97, "splash"), Event(2.0, "chime")], rain=.5, sun=.05)
    here, total = scene(world), 5 * RATE
    for make in (lambda size: Ambience(here, 3, RATE, total, size), lambda size: Effects(here, world.events, 3, RATE, total, size)):
        def run(size, make=make):
            source = make(size)
            return np.concatenate([source.chunk(a, min(size, total - a)) for a in range(0, total, size)])
        np.testing.assert_allclose(run(12_000), run(total), atol=2e-6)
    np.testing.assert_array_equal(noise((1, 2), 5000, 9000)[:100], noise((1, 2), 0, 6000)[5000:5100])


@pytest.mark.parametrize("setting", SETTINGS)
def test_every_place_has_its_own_sound(setting):
    x = render_soundtrack(a_world(6, setting, wind=5), None, None)
    level = Loudness(RATE)
    level.feed(x)
    assert -30 < level.lufs() <= -14 and true_peak_dbtp(x) <= -1 and np.isfinite(x).all()


@pytest.mark.parametrize("body", BODIES)
def test_every_body_sounds_finite_and_bounded(body):
    here = scene(a_world(2, body=body))
    x = Effects(here, (), 1, RATE, 2 * RATE, 2 * RATE).chunk(0, 2 * RATE)
    assert np.isfinite(x).all() and np.abs(x).max() < 1.5
    if body in ("bee", "car", "train", "rocket", "dragon", "walker"):
        assert np.abs(x).max() > .01


def test_a_cut_makes_no_click():
    world = a_world(4, "underwater", "whale")
    half = len(world.state) // 2
    world.state.place[half:] = 0
    world.state.place[half:, SETTINGS.index("space")] = 1
    world.state.shot[half:] = 1
    x = render_soundtrack(world, None, None)
    jump = np.abs(np.diff(x, axis=0)).max(1)
    near = slice(2 * RATE - 4800, 2 * RATE + 4800)
    assert jump[near].max() <= 1.5 * max(jump[:near.start].max(), jump[near.stop:].max())


def test_values_that_are_no_numbers_are_survived():
    world = a_world(1)
    world.state.weather[3:9] = float("nan")
    world.state.body_pose[:] = float("inf")
    assert np.isfinite(render_soundtrack(world, None, None)).all()


def test_stop_and_progress():
    stop, told = threading.Event(), []
    spec = default_spec("folk", 1, 6)
    render_soundtrack(a_world(6), spec, compose(spec, 6), progress=told.append)
    assert told == sorted(told) and told[-1] == 1.0
    stop.set()
    with pytest.raises(Stopped):
        render_soundtrack(a_world(6), spec, compose(spec, 6), stop=stop)


def test_our_loudness_is_the_libraries():
    x = (np.random.default_rng(1).normal(size=(5 * RATE, 2)) * .1).astype(np.float32)
    x[RATE:2 * RATE] *= .01
    meter = Loudness(RATE)
    for a in range(0, len(x), 7777):
        meter.feed(x[a:a + 7777])
    assert abs(meter.lufs() - pyloudnorm.Meter(RATE).integrated_loudness(x)) < .1


def test_the_soundfont_ships_small_and_reads_back():
    assert soundfont.FONT_PATH.stat().st_size <= 12 * 2**20 and (soundfont.FONT_PATH.parent / "LICENSE.txt").is_file()
    font = soundfont.shipped()
    there = {(p[2], p[1]) for p in font.presets}
    assert {v[:2] for v in instruments.FONT.values()} | {(128, k) for k, _ in instruments.KITS.values()} <= there
    small = soundfont.read(soundfont.cut(frozenset({(0, 73)})))
    assert len(small.presets) == 1 and 0 < len(small.samples) < 20
    sound, _ = soundfile.read(io.BytesIO(small.samples[0].data))
    assert np.abs(sound).max() > .01
    with pytest.raises(soundfont.SoundfontError):
        soundfont.read(b"not a font at all")


def test_instruments_by_name():
    spec = default_spec("folk", 1, 5).model_copy(update={"instruments": {"melody": "kalimba + synth lead", "harmony": "Choir"}})
    assert [layer.instrument for layer in instruments.band(spec)["melody"]] == ["kalimba", "synth lead"]
    stems = instruments.render_stems(compose(spec, 5), spec)
    assert set(stems) == {"bass", "harmony", "melody", "drums"} and all(s.shape == (5 * RATE, 2) for s in stems.values())
    assert np.abs(stems["melody"]).max() > .01
    with pytest.raises(ValueError, match="kazoo"):
        instruments.band(spec.model_copy(update={"instruments": {"melody": "kazoo"}}))
