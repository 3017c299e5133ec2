"""A world that plays for ever, as the streams a dream takes: the same for drift and for speed."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from modalities.live.start import LIVE_GRID, LiveStart
from modalities.live.steering import AnyInput, Ease
from modalities.live.world_live import LiveWorld
from world_model.sim.sampling import random_plan
from world_model.streams.from_state import state_streams
from world_model.streams.layout import FRAMES_PER_STEP, PICTURE_FPS, Floats

# What is steered, again every minute, so that its first and last are alike: seconds into the minute, and dials.
MINUTE: tuple[tuple[float, dict[str, float]], ...] = (
    (8.0, {"/weather/rain": 0.6, "/weather/cloud": 0.9}), (22.0, {"/weather/rain": 0.0, "/weather/cloud": 0.2}),
    (30.0, {"/light/time_h": 18.6}), (42.0, {"/light/time_h": 12.5}), (48.0, {"/weather/fog": 0.5}),
    (55.0, {"/weather/fog": 0.0}))


def live_steps(seconds: float, seed: int, setting: str = "meadow", look: str = "photoreal"
               ) -> Iterator[tuple[NDArray[np.float32], dict[str, Floats]]]:
    """Quarter seconds of a live flight with a bird: (rows (6, 272) at 24 frames/s, streams of one step each)."""
    plan = random_plan(seed, 48, LIVE_GRID.fps, setting=setting, look=look, light="noon", weather="clear", kind="bird",
                       move="fly_through", palette="natural")
    world = LiveWorld(LiveStart(plan, None, seed))
    state, size = world.beginning, LIVE_GRID.frames_per_step
    for step in range(round(seconds * LIVE_GRID.steps_per_s)):
        now_s = step / LIVE_GRID.steps_per_s % 60.0
        given: tuple[AnyInput, ...] = tuple(Ease(id=step, values=values, over_s=4.0) for at_s, values in MINUTE
                                            if at_s == now_s)
        rows: list[NDArray[np.float32]] = []
        for k in range(size):
            state, row, _ = world.advance(state, given if k == 0 else ())
            rows.append(row)
        packed = np.stack(rows)
        yield packed, state_streams(packed[np.arange(FRAMES_PER_STEP) * size // FRAMES_PER_STEP], PICTURE_FPS)
