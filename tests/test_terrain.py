"""The ground is continuous in place, in the world's mixture and in its variant, and suits its setting."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from world_model.sim.terrain import ground_height, trail_position, water_height
from world_model.state import offsets
from world_model.vocabulary import SETTINGS

AT = offsets()
DRY = [s for s in SETTINGS if s not in ("ocean", "lake", "islands", "underwater")]


def world(weights: dict[str, float], variant: float = 0.0, relief: float = 1.0) -> np.ndarray:
    row = np.zeros(AT["shot"].stop, np.float32)
    for name, weight in weights.items():
        row[AT["place"]][SETTINGS.index(name)] = weight
    row[AT["ground"]] = relief, 1, 1, 0, 0, variant
    return row


PLACES = np.random.default_rng(1).uniform(-900, 900, (2, 500))


@pytest.mark.parametrize("setting", SETTINGS)
def test_no_steps_in_space(setting: str) -> None:
    row = world({setting: 1.0}, 0.3)
    x, z = PLACES
    step = np.abs(ground_height(row, x + 0.01, z) - ground_height(row, x, z))
    assert step.max() < 0.12, "steeper than 12 m per metre"


@pytest.mark.parametrize("setting", SETTINGS)
def test_variant_morphs_smoothly_and_changes_the_land(setting: str) -> None:
    x, z = PLACES
    here = ground_height(world({setting: 1.0}, 0.3), x, z)
    assert np.abs(ground_height(world({setting: 1.0}, 0.301), x, z) - here).max() < 6.0
    assert np.median(np.abs(ground_height(world({setting: 1.0}, 0.301), x, z) - here)) < 0.3
    if setting not in ("particles", "city"):
        assert np.abs(ground_height(world({setting: 1.0}, 1.3), x, z) - here).max() > 1.0


@settings(max_examples=25, deadline=None)
@given(st.sampled_from(SETTINGS), st.sampled_from(SETTINGS), st.floats(0, 0.99))
def test_a_small_step_between_worlds_is_small(a: str, b: str, amount: float) -> None:
    x, z = PLACES
    heights = [ground_height(world({a: 1.0 - t, b: t} if a != b else {a: 1.0}), x, z)
               for t in (amount, amount + 0.002)]
    assert np.abs(heights[1] - heights[0]).max() < 2.0
    levels = [water_height(world({a: 1.0 - t, b: t} if a != b else {a: 1.0})) for t in (amount, amount + 0.002)]
    assert abs(levels[1] - levels[0]) < 1.0


@pytest.mark.parametrize("setting", DRY)
def test_dry_worlds_have_no_water(setting: str) -> None:
    row = world({setting: 1.0})
    assert ground_height(row, *PLACES).min() > water_height(row) + 5


def test_the_trail_runs_under_water_at_sea_and_through_the_lake() -> None:
    z = np.linspace(-500, 500, 100)
    for setting in ("ocean", "lake", "islands", "underwater"):
        row = world({setting: 1.0})
        assert ground_height(row, trail_position(row, z), z).max() < water_height(row) - 2


def test_mountains_stand_away_from_the_trail() -> None:
    row = world({"mountains": 1.0})
    z = np.linspace(-1500, 1500, 400)
    assert np.abs(ground_height(row, trail_position(row, z), z)).max() < 8
    x, far = np.meshgrid(np.linspace(500, 1500, 60), z)
    assert ground_height(row, x, far).max() > 120


def test_the_trail_starts_at_the_origin_and_is_straight_in_a_city() -> None:
    assert abs(float(trail_position(world({"forest": 1.0}, 2.7), 0.0))) < 1e-9
    assert np.abs(trail_position(world({"city": 1.0}), np.linspace(0, 900, 9))).max() == 0.0
    steep = np.diff(trail_position(world({"forest": 1.0}), np.arange(0.0, 3000.0)))
    assert np.abs(steep).max() < 0.8


def test_far_places_are_as_exact_as_near_ones() -> None:
    row = world({"meadow": 1.0})
    x = 4.0e6 + np.linspace(0, 1, 200)
    assert np.abs(np.diff(ground_height(row, x, np.full(200, 10.0)), 2)).max() < 1e-3


def test_time_moves_only_what_flows() -> None:
    for setting in SETTINGS:
        row = world({setting: 1.0})
        moved = np.abs(ground_height(row, *PLACES, 5.0) - ground_height(row, *PLACES)).max()
        assert (moved > 0) == (setting in ("clouds", "fluid"))
