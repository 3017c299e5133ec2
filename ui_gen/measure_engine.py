"""Whether a knob of an engine's own card does anything: the engine itself is run, small and short, at both its ends."""

from __future__ import annotations

import tempfile
from pathlib import Path
from threading import Event as Flag

import numpy as np
from numpy.typing import NDArray

from agent.direction import Direction
from agent.unroll import unroll
from modalities.engine import Engine, Job, Progress
from modalities.faults import Unavailable, Unusable
from ui_gen.measure_levels import Level, ladder
from ui_gen.measured import Measured
from ui_gen.outcomes import CHANGED, changed
from ui_gen.panel import Control
from ui_gen.probe import probe_of
from world_model.colour import linear_to_oklab, srgb_to_linear
from world_model.state import World

LENGTH_S, SIZE_PX = 1.0, (96, 54)
MOMENTS = 3
MOST_ENDS = 4


def measure_knob(direction: Direction, control: Control, engine: Engine | None) -> Measured | None:
    """What a knob changes in a second of the piece, as its engine makes it; None where a try would take as long as a
    take. Without the engine it is not alive.

    Raises Unusable where the engine refuses a value.
    """
    if engine is None or engine.available() is not None:
        return Measured.nothing("The engine is not here.")
    if engine.card.needs.sets:
        return None
    levels = ladder(control)
    ends = (levels[0], levels[-1]) if levels[0].at is not None else levels[:MOST_ENDS]
    pictures = [_drawn(direction, control, engine, level) for level in ends]
    seen = max((float(np.mean([changed(a, b) for a, b in zip(one, other, strict=True)]))
                for k, one in enumerate(pictures) for other in pictures[:k]), default=0.0)
    light = [float(np.mean([lab[..., 0].mean() for lab in one])) for one in pictures]
    alive = seen >= CHANGED.noticeable
    bounds = control.bounds if levels[0].at is not None else None
    words = f"Changes the picture by {seen:.2g} ΔE over its range." if alive else "Nothing on this piece."
    effect = light[-1] - light[0]
    return Measured(outcome="brightness", unit="L", words=words, effect=effect, interval=(effect, effect), sign=0,
                    monotone=False, alive=alive, changed=seen, at=bounds or (0.0, 0.0), bounds=bounds,
                    live=bounds if alive else None,
                    curve=((bounds[0], 0.0), (bounds[1], 1.0)) if bounds and alive else (), leaks=(), dead=())


def _drawn(direction: Direction, control: Control, engine: Engine, level: Level) -> list[NDArray[np.float64]]:
    """OKLab (times 100) of a few frames of the engine's own film."""
    import av

    name = control.binds[0].rsplit("/", 1)[-1]
    try:
        params = engine.Params.model_validate({**direction.engine.params, name: level.value})
    except ValueError:
        raise Unusable(f"{control.label} cannot be {level.value!r} with {engine.card.title}.") from None
    probe = probe_of(direction, control.model_copy(update={"binds": ("/seed",), "binds_y": ()}), None)
    fps = 12
    short = probe.direction.model_copy(update={"grid": probe.direction.grid.model_copy(update={"fps": fps})})
    world = unroll(short)
    world = World(world.grid, world.state.rows(0, round(LENGTH_S * fps)), (), world.seed)
    with tempfile.TemporaryDirectory() as folder:
        job = Job(world, SIZE_PX, None, None, None, None, params, direction.seed, Path(folder), Flag())
        try:
            film = engine.run(job, _untold).video
        except Unavailable as fault:
            raise Unusable(str(fault)) from None
        with av.open(str(film)) as opened:
            frames = [frame.to_ndarray(format="rgb24") for frame in opened.decode(video=0)]
    picked = [frames[int(k)] for k in np.linspace(0, len(frames) - 1, MOMENTS)]
    return [100.0 * linear_to_oklab(srgb_to_linear(frame / 255.0)) for frame in picked]


def _untold(progress: Progress) -> None:
    return None
