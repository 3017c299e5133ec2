"""Laws of easing, keys and noise."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from world_model.sim.keys import chance, cover, ease_rate, keyed, lagged, progress, smoothed, soft_clip, wander

finite = st.floats(-100, 100, allow_nan=False)


@given(st.lists(st.tuples(st.floats(0, 1), finite), min_size=1, max_size=8, unique_by=lambda k: round(k[0], 3)))
def test_keys_are_met_and_never_overshot(keys):
    values = keyed(keys, np.array([at for at, _ in keys]))
    assert np.allclose(values, [value for _, value in keys], atol=1e-6)
    dense = keyed(keys, np.linspace(0, 1, 301))
    assert dense.min() >= min(v for _, v in keys) - 1e-6
    assert dense.max() <= max(v for _, v in keys) + 1e-6


def test_keys_have_no_corners():
    u = np.linspace(0, 1, 4001)
    values = keyed(((0.0, 0.0), (0.3, 2.0), (0.5, 2.5), (0.8, -1.0), (1.0, 0.0)), u)
    slope = np.diff(values) * 4000
    assert np.abs(np.diff(slope)).max() < 0.2


def test_an_empty_curve_is_refused():
    with pytest.raises(ValueError, match="at least one key"):
        keyed((), np.zeros(1))


@given(st.floats(0.1, 60), st.integers(2, 300), st.floats(0, 4))
def test_progress_runs_from_0_to_1_and_never_back(duration_s, frames, speed):
    p = progress(duration_s, np.full(frames, speed))
    assert p[0] == 0 and p[-1] == pytest.approx(1) and (np.diff(p) >= 0).all()


def test_long_moves_rest_at_both_ends_and_short_ones_run_through_the_cut():
    u = np.linspace(0, 1, 101)
    assert ease_rate(u, 8.0)[[0, -1]].max() < 0.01 and ease_rate(u, 8.0)[50] == pytest.approx(1)
    assert ease_rate(u, 0.6).min() > 0.95


def test_noise_is_smooth_bounded_and_the_same_every_time():
    t = np.linspace(-50, 50, 20001)
    values = wander(t, 3)
    assert np.abs(values).max() <= 1.0 and values.std() > 0.15
    assert np.abs(np.diff(values, 2)).max() < 5e-3
    assert (values == wander(t, 3)).all() and not np.allclose(values, wander(t, 4))


def test_chance_is_even():
    draws = np.array([chance(5, k) for k in range(4000)])
    assert draws.min() >= 0 and draws.max() < 1
    assert abs(draws.mean() - 0.5) < 0.03 and abs(draws.std() - 0.2887) < 0.02


@given(st.integers(0, 1000), st.integers(1, 30), st.integers(2, 120))
def test_cover_is_never_below(seed, radius, count):
    values = np.random.default_rng(seed).normal(size=count)
    assert (cover(values, radius) >= values - 1e-9).all()


def test_smoothing_keeps_a_steady_drift():
    line = np.linspace(0, 9, 50)
    assert np.allclose(smoothed(line, 12), line)


def test_a_follower_of_a_steady_walk_stays_behind_by_a_constant():
    way = np.linspace(0, 20, 240)
    gap = way - lagged(way, 0.3, 24.0)
    assert gap.min() > 0 and np.ptp(gap) < 0.02


@given(st.floats(-1e4, 1e4), st.floats(0.01, 10))
def test_soft_clip_stays_inside_and_keeps_the_sign(value, most):
    held = float(soft_clip(np.array([value]), most)[0])
    assert abs(held) <= most + 1e-9 and held * value >= 0
    if abs(value) < 0.59 * most:
        assert held == pytest.approx(value)
