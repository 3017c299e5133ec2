"""The soundtrack of a world: music, place, bodies and events on one clock, mastered.

Three passes over one (N, 2) buffer, each in chunks: the music bus (its loudness sets its gain), then ambience and
effects are added, then loudness and true peak are set. Same inputs, same bytes.
"""

from __future__ import annotations

import math
import threading
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from world_model.score import Composition, ScoreSpec
from world_model.sim.ambience import Ambience, scene
from world_model.sim.effects import Effects
from world_model.sim.instruments import CHUNK_S
from world_model.sim.loudness import Loudness, limit
from world_model.sim.mix import Bus, Reverb, check, music_chunks, room
from world_model.sim.signals import signals
from world_model.state import World

__all__ = ["render_soundtrack", "signals"]
F32 = NDArray[np.float32]
# Integrated loudness of a genre's own mix; a quiet genre may sit lower.
TARGET_LUFS = {"ambient": -17.0, "piano": -16.0, "suspense": -16.0, "lofi": -15.0}
USUAL_LUFS, WORLD_LUFS = -14.0, -18.0
MOST_LIFT_DB = 18.0
EDGE_S = .006


def render_soundtrack(
    world: World,
    score: ScoreSpec | None,
    composition: Composition | None,
    sample_rate_hz: int = 48000,
    progress: Callable[[float], None] | None = None,
    stop: threading.Event | None = None,
) -> F32:
    """(N, 2) float32 with N = round(world.duration_s * sample_rate_hz), true peak at most -1 dBTP.

    Without score or composition only the world sounds. progress gets the share done in [0, 1]; a set `stop` raises
    Stopped within a chunk of two seconds.
    """
    return master(composition, score, world, sample_rate_hz, world.duration_s, progress, stop)


def master(
    composition: Composition | None,
    spec: ScoreSpec | None,
    world: World | None,
    rate_hz: int,
    duration_s: float,
    progress: Callable[[float], None] | None,
    stop: threading.Event | None,
) -> F32:
    """Music and world to one buffer; either may be missing. Levels of `spec` act after the music's own loudness is set,
    so that turning music down leaves the place where it was."""
    total, chunk = round(duration_s * rate_hz), round(CHUNK_S * rate_hz)
    out = np.zeros((total, 2), dtype=np.float32)
    music_level = spec.music_level if spec else 0.0
    ambience_level = spec.ambience_level if spec else 1.0
    effects_level = spec.effects_level if spec else 1.0
    here = scene(world) if world is not None and len(world.state) else None
    place = {name: float(values.mean()) for name, values in here.place.items()} if here else None

    def tell(share: float) -> None:
        check(stop)
        if progress:
            progress(min(1.0, share))

    playing = composition is not None and spec is not None and music_level > 0 and len(composition.start_s) > 0
    gain = 0.0
    if playing and composition is not None and spec is not None:
        bus, meter = Bus(rate_hz), Loudness(rate_hz)
        sounding = music_chunks(composition, spec, rate_hz, here=room(spec.genre, place), stop=stop, total=total)
        for start, block in zip(range(0, total, chunk), sounding):
            block = bus.process(block)
            meter.feed(block)
            out[start:start + len(block)] = block
            tell(.7 * (start + len(block)) / max(1, total))
        loudness = meter.lufs()
        target = TARGET_LUFS.get(spec.genre, USUAL_LUFS)
        gain = music_level * 10 ** (min(target - loudness, MOST_LIFT_DB) / 20) if math.isfinite(loudness) else 0.0
    meter = Loudness(rate_hz)
    world_on = here is not None and world is not None and (ambience_level > 0 or effects_level > 0)
    if here is not None and world is not None and world_on:
        ambience = Ambience(here, world.seed, rate_hz, total, chunk) if ambience_level > 0 else None
        effects = Effects(here, world.events, world.seed, rate_hz, total, chunk) if effects_level > 0 else None
        reverb, bus = Reverb(room(None, place), rate_hz), Bus(rate_hz, threshold_db=-14)
        for start in range(0, total, chunk):
            count = min(chunk, total - start)
            block, send = np.zeros((count, 2), dtype=np.float32), np.zeros((count, 2), dtype=np.float32)
            if ambience is not None:
                block += ambience.chunk(start, count) * np.float32(ambience_level)
            if effects is not None:
                near = effects.chunk(start, count) * np.float32(effects_level)
                block += near
                send += near * np.float32(.22)
            block = bus.process(block + reverb.process(send))
            out[start:start + count] = out[start:start + count] * np.float32(gain) + block
            meter.feed(out[start:start + count])
            tell(.7 + .2 * (start + count) / max(1, total))
    elif playing:
        out *= np.float32(gain)
        meter.feed(out)
    _finish(out, rate_hz, meter.lufs(), playing, spec, max(ambience_level, effects_level))
    tell(1.0)
    return out


def _finish(out: F32, rate_hz: int, loudness: float, playing: bool, spec: ScoreSpec | None, world_level: float) -> None:
    """In place: the last gain, the limiter, the file's ends. A mix is only turned down; a world alone may be lifted."""
    if math.isfinite(loudness) and len(out):
        if playing and spec is not None:
            target = TARGET_LUFS.get(spec.genre, USUAL_LUFS) + 20 * math.log10(max(1.0, spec.music_level))
            lift_db = min(0.0, max(target, USUAL_LUFS) - loudness)
        else:
            lift_db = min(WORLD_LUFS + 20 * math.log10(max(world_level, 1e-3)) - loudness, MOST_LIFT_DB)
        out *= np.float32(10 ** (lift_db / 20))
        _limited(out, rate_hz, loudness + lift_db)
    edge = min(len(out) // 2, round(EDGE_S * rate_hz))
    if edge:
        ramp = (np.sin(np.linspace(0, np.pi / 2, edge)) ** 2).astype(np.float32)[:, None]
        out[:edge] *= ramp
        out[len(out) - edge:] *= ramp[::-1]


def _limited(out: F32, rate_hz: int, wanted_lufs: float) -> None:
    """In place: limit to the ceiling. What the limiter takes from the loudness is given back once, if it is much."""
    limit(out, rate_hz)
    meter = Loudness(rate_hz)
    size = round(CHUNK_S * rate_hz)
    for start in range(0, len(out), size):
        meter.feed(out[start:start + size])
    missing = wanted_lufs - meter.lufs()
    if math.isfinite(missing) and missing > .4:
        out *= np.float32(10 ** (min(missing, 3.0) / 20))
        limit(out, rate_hz)
