"""Who walks at a water walks on its shore: measured on the state that is drawn."""

from __future__ import annotations

import numpy as np
import pytest

from agent.director import direct
from agent.director_shore import WATERS
from agent.interpret import interpret
from agent.unroll import unroll
from agent.unroll_spans import spans_s
from world_model.sim.terrain import ground_height, water_height


def dry_share(words: str, seed: int) -> float:
    """Share of the looked-at frames in which the first body stands over the water's level."""
    film = direct(interpret(words), None, duration_s=10.0, seed=seed, fps=8)
    world = unroll(film, size_px=(64, 36))
    rows, pose = world.state.pack().numpy(), world.state.body_pose.numpy()
    dry = [float(ground_height(rows[k], pose[k, 0, 0], pose[k, 0, 2])) > float(water_height(rows[k])) - 0.02
           for shot, (start, end) in zip(film.shots, spans_s(film), strict=True) if shot.world.bodies
           for k in range(int(8 * start) + 1, min(int(8 * end), len(rows)), 6)]
    return float(np.mean(dry))


@pytest.mark.parametrize("words", ["a woman walks by a lake", "a walker on a beach by the sea"])
def test_walkers_keep_to_the_shore(words: str) -> None:
    assert np.mean([dry_share(words, seed) for seed in (1, 2)]) > 0.8
    film = direct(interpret(words), None, duration_s=10.0)
    for shot in film.shots:
        # It is still the place that was asked for, and shots of one place share their land and their water.
        assert sum(shot.world.place.get(name, 0.0) for name in WATERS) >= 0.49 * sum(shot.world.place.values())
    grounds = {(shot.world.ground.variant, shot.world.ground.water_level_m) for shot in film.shots if shot.world.bodies}
    assert len(grounds) == len({variant for variant, _ in grounds})


def test_boats_and_dry_places_stay_as_they_were() -> None:
    for words in ("a boat on a lake", "a fox in a forest", "a bird over the sea"):
        film = direct(interpret(words), None, duration_s=10.0)
        assert all(shot.world.ground.water_level_m == 0.0 for shot in film.shots)
