"""The sound of a take made again, by another engine or with other knobs; its pictures stay as they are."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from threading import Event as Flag

from agent.script import script_of
from agent.studio import SIGNAL_RATE_HZ, Studio
from modalities.engine import Emit, Job, SoundWish
from modalities.engines.sound.catalogue import chosen
from modalities.engines.sound.soundtrack import Soundtrack, soundtrack, written

Knobs = Mapping[str, float | int | str | bool]


def sounded(studio: Studio, take_id: str, engine: str | None, knobs: Knobs, seed: int | None, folder: Path, emit: Emit,
            stop: Flag) -> tuple[Soundtrack, SoundWish]:
    """audio.wav and its stems into `folder`. engine: None is the take's own; knobs go over the take's own where the
    engine stays. Raises Unusable, Unavailable, Stopped, OSError."""
    from agent.unroll import unroll
    from world_model.sim.compose import compose
    from world_model.sim.sound import signals

    _, direction, brief = studio.load(take_id)
    same = engine is None or engine == direction.sound.id
    wish = SoundWish(engine or direction.sound.id, (dict(direction.sound.params) if same else {}) | dict(knobs))
    chosen(wish)
    heard = studio.heard_again(direction, emit, stop)
    piece = None if heard is not None or direction.score is None else compose(direction.score, direction.duration_s)
    if heard is not None:
        curves, rate_hz = heard.cues.signals, heard.cues.signal_rate_hz
    else:
        curves = None if piece is None else signals(piece, direction.duration_s, SIGNAL_RATE_HZ)
        rate_hz = SIGNAL_RATE_HZ
    world = unroll(direction, curves, rate_hz)
    params = studio.registry.get("sim").Params()
    job = Job(world, direction.size_px, direction.score, piece, heard.track if heard else None,
              heard.cues if heard else None, params, direction.seed if seed is None else seed, folder, stop,
              script=script_of(direction, brief), sound=wish)
    made = soundtrack(job, emit)
    written(made, folder, world.grid.sample_rate_hz)
    return made, wish


__all__ = ["Knobs", "sounded"]
