"""Any two worlds blend: a walk from one to the other never jumps."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from world_model.sim.picture import Renderer
from world_model.sim.sampling import random_world
from world_model.sim.terrain import ground_height, trail_position, water_level
from world_model.state import offsets

AT = offsets()
SIZE = (128, 72)
STEPS = 40
FINER = 16


def standing(row: np.ndarray) -> np.ndarray:
    """The row with its camera on the trail, two metres above ground and water: a walk through worlds, not hills."""
    row = row.copy()
    at = AT["camera"].start
    row[at] = float(trail_position(row, np.array([row[at + 2]]))[0])
    ground = float(ground_height(row, np.array([row[at]]), np.array([row[at + 2]]))[0])
    row[at + 1] = max(ground, float(water_level(row))) + 2.0
    return row


@pytest.mark.parametrize("seed", [*range(4), *(pytest.param(k, marks=pytest.mark.slow) for k in range(4, 12))])
def test_a_walk_between_two_worlds_never_jumps(seed: int):
    a, b = (random_world(100 * seed + k, 4).state.pack().numpy()[2] for k in (1, 2))
    for field in ("camera", "time_s", "shot"):
        b[AT[field]] = a[AT[field]]
    for k in range(6):
        start = AT["body_pose"].start + 8 * k
        b[start: start + 3] = a[start: start + 3]
    renderer = Renderer(SIZE)

    def picture(t: float) -> np.ndarray:
        return renderer.render(standing(a + (b - a) * np.float32(t))[None]).astype(np.float32) / 255

    def changes(times: np.ndarray) -> np.ndarray:
        pictures = [picture(t) for t in times]
        return np.array([np.abs(p - q).mean() for p, q in pairwise(pictures)])

    times, found = np.linspace(0, 1, STEPS + 1), []
    for _ in range(3):
        steps = changes(times)
        worst = int(steps.argmax())
        found.append(steps.max())
        times = np.linspace(times[worst], times[worst + 1], FINER + 1)
    # Lines and dots as fine as a pixel saturate a coarse step; a jump would stay as large however short the step.
    assert found[0] < 0.3, f"one step of {STEPS} changes the picture by {found[0]:.3f}"
    assert found[-1] < 0.3 * found[0] + 0.005, f"{found[-1]:.3f} remains in a {FINER * FINER}th of a step"
