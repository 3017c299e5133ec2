"""Streams: a world goes in and comes out as it was; what is measured does not depend on where the world stands."""

from __future__ import annotations

import numpy as np
import pytest

from world_model.data.worlds import held_out_pair, sample_clip, sample_recipe, window
from world_model.sim.sampling import random_world
from world_model.state import offsets
from world_model.streams.from_state import state_streams, surface_at
from world_model.streams.layout import SOUND_RATE_HZ, WIDTHS, symexp, symlog
from world_model.streams.music import score_spec, score_stream
from world_model.streams.senses import glimpse, glimpse_rgb, hearing
from world_model.streams.to_state import Footing, footing, state_rows

CAMERA, BODY, LIGHT, STYLE = slice(262, 270), slice(196, 244), slice(23, 39), slice(67, 88)


def foot_of(row: np.ndarray) -> Footing:
    return Footing(0.0, float(row[262]), float(row[264]), float(row[265]))


@pytest.mark.parametrize("seed", range(8))
def test_a_world_comes_back_as_it_was(seed: int):
    rows = random_world(seed, 96, 24).state.pack().numpy()
    streams = state_streams(rows, 24)
    back, after = state_rows(streams, 24, foot_of(rows[0]))
    assert {name: value.shape for name, value in streams.items()} == {
        name: (16, WIDTHS[name]) for name in ("place", "air", "look", "bodies", "camera")}
    assert np.abs(back[:, CAMERA] - rows[:, CAMERA])[:, :3].max() < 1.5
    assert np.abs(back[:, 265] - rows[:, 265]).max() < 0.12
    assert np.abs(back[:, STYLE] - rows[:, STYLE]).max() < 0.06
    again = state_streams(back, 24)
    for name in streams:
        assert np.abs(again[name] - streams[name]).mean() < 0.02, name
    assert after.time_s == pytest.approx(4.0)


def test_a_world_has_no_absolute_place():
    rows = random_world(5, 48, 24).state.pack().numpy()
    streams = state_streams(rows, 24)
    turned, _ = state_rows(streams, 24, Footing(3.0, 40.0, -300.0, 1.1))
    again = state_streams(turned, 24)
    for name in ("place", "look", "bodies", "air"):
        if name != "bodies":  # a body on other ground stands higher or lower
            assert np.abs(again[name] - streams[name]).max() < 0.02, name
    assert np.abs(again["camera"][:, :1] - streams["camera"][:, :1]).max() < 0.2


def test_a_run_in_pieces_is_the_run():
    rows = random_world(11, 192, 24).state.pack().numpy()
    streams = state_streams(rows, 24)
    whole, _ = state_rows(streams, 24, foot_of(rows[0]))
    first = {name: value[:16] for name, value in streams.items()}
    second = {name: value[16:] for name, value in streams.items()}
    a, foot = state_rows(first, 24, foot_of(rows[0]))
    b, _ = state_rows(second, 24, foot, before=first)
    joined = np.concatenate([a, b])
    assert np.abs(joined[:, 262] - whole[:, 262]).max() < 0.6
    assert np.abs(np.diff(joined[:, CAMERA], axis=0)).max() < 3 * np.abs(np.diff(whole[:, CAMERA], axis=0)).max() + 0.2


@pytest.mark.parametrize("seed", range(6))
def test_wild_streams_still_make_a_world_that_can_be_drawn(seed: int):
    rng = np.random.default_rng(seed)
    streams = {name: rng.normal(size=(8, WIDTHS[name])).astype(np.float32) * 3
               for name in ("place", "air", "look", "bodies", "camera")}
    streams["air"][2, 3] = np.nan
    rows, _ = state_rows(streams, 12, footing(streams["place"], seed))
    assert np.isfinite(rows).all()
    assert np.allclose(rows[:, :17].sum(1), 1.0, atol=1e-4) and rows[:, :17].min() >= 0
    assert (rows[:, 39:46] >= 0).all() and (rows[:, 39:46] <= 1).all()
    for k in range(0, len(rows), 5):
        assert rows[k, 263] > surface_at(rows[k], float(rows[k, 262]), float(rows[k, 264])) - 0.35


def test_cuts_do_not_move_the_camera():
    a, b = (random_world(seed, 24, 24).state.pack().numpy() for seed in (1, 2))
    b[:, offsets()["shot"]] = 1
    streams = state_streams(np.concatenate([a, b]), 24)
    assert streams["camera"][:, 9].tolist() == [0, 0, 0, 0, 1, 0, 0, 0]
    alone = state_streams(b, 24)
    assert np.allclose(streams["camera"][4:, :9], alone["camera"][:, :9], atol=1e-5)


def test_bad_runs_are_refused():
    rows = random_world(1, 24, 24).state.pack().numpy()
    with pytest.raises(ValueError, match="whole number"):
        state_streams(rows, 25)
    with pytest.raises(ValueError, match="one step"):
        state_streams(rows[:3], 24)
    streams = state_streams(rows, 24)
    del streams["air"]
    with pytest.raises(ValueError, match="air"):
        state_rows(streams, 24, Footing())


def test_symlog_and_back():
    x = np.linspace(-900, 900, 181)
    assert np.allclose(symexp(symlog(x)), x)


@pytest.mark.parametrize("seed", range(12))
def test_a_score_is_told_by_its_stream(seed: int):
    clip = sample_clip(seed)
    found = score_spec(score_stream(clip.score, clip.whole, 16, clip.piece_start_s))
    assert found is not None
    assert (found.genre, found.key, found.minor) == (clip.score.genre, clip.score.key, clip.score.minor)
    assert found.tempo_bpm == pytest.approx(clip.score.tempo_bpm, abs=0.2)
    assert found.beats_per_bar == clip.score.beats_per_bar


def test_no_music_is_no_score():
    assert score_spec(score_stream(None, None, 8)) is None


def test_a_glimpse_keeps_colours_and_sides():
    picture = np.zeros((90, 160, 3), np.uint8)
    picture[:, :80] = (200, 40, 30)
    picture[:, 80:] = (20, 60, 180)
    back = glimpse_rgb(glimpse(picture)[None])[0].astype(int)
    assert np.abs(back[:, :8] - (200, 40, 30)).max() <= 2 and np.abs(back[:, 8:] - (20, 60, 180)).max() <= 2
    assert np.allclose(glimpse(picture[:, ::-1].copy()).reshape(9, 16, 3)[:, ::-1], glimpse(picture).reshape(9, 16, 3),
                       atol=1e-5)
    assert glimpse(np.full((1, 1, 3), 128, np.uint8)).shape == (432,)


def test_hearing_is_causal_and_streams():
    rng = np.random.default_rng(3)
    sound = rng.normal(size=SOUND_RATE_HZ * 2).astype(np.float32) * 0.1
    full = hearing(sound)
    cut = sound.copy()
    cut[SOUND_RATE_HZ:] = 0
    assert np.array_equal(hearing(cut)[:4], full[:4])
    assert not np.allclose(hearing(cut)[4:], full[4:])
    assert hearing(np.full(100, np.nan, np.float32)).shape == (1, 100)


def test_hearing_tells_high_from_low_and_when():
    t = np.arange(SOUND_RATE_HZ) / SOUND_RATE_HZ
    low, high = (np.sin(2 * np.pi * hz * t).astype(np.float32) * 0.3 for hz in (80.0, 6000.0))
    bands = [hearing(s)[2].reshape(4, 25)[1, :24].argmax() for s in (low, high)]
    assert bands[0] < 3 and bands[1] > 17
    click = np.zeros(SOUND_RATE_HZ, np.float32)
    click[SOUND_RATE_HZ // 2 + 100:SOUND_RATE_HZ // 2 + 300] = 0.8
    attack = hearing(click).reshape(4, 4, 25)[:, :, 24].reshape(-1)
    assert attack.argmax() == 8


@pytest.mark.parametrize("seed", range(20))
def test_held_out_pairs_never_train(seed: int):
    told, kept = sample_recipe(seed), sample_recipe(seed, held_out=True)
    assert not held_out_pair(told.setting, told.look, told.body)
    assert held_out_pair(kept.setting, kept.look, kept.body)
    assert sample_recipe(seed) == told


def test_a_clip_follows_from_its_seed():
    a, b = sample_clip(7), sample_clip(7)
    assert np.array_equal(a.rows, b.rows) and np.array_equal(a.piece.start_s, b.piece.start_s)
    assert not np.array_equal(a.rows, sample_clip(8).rows)


def test_a_window_of_a_piece_keeps_its_clock():
    clip = sample_clip(3)
    part = window(clip.whole, clip.piece_start_s + 1.0, 2.0)
    assert ((part.start_s >= 0) & (part.start_s < 2)).all()
    assert set(np.round(part.beats_s + clip.piece_start_s + 1.0, 4)) <= set(np.round(clip.whole.beats_s, 4))
