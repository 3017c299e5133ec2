"""Stems to a mix: what the world sounds like, music that steps back for speech, loudness and true peak set at the end.

Loudness is ITU-R BS.1770's, the limiter world_model.sim.loudness's. The stems that are kept add up to the mix wherever
the limiter had nothing to do.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from threading import Event as Flag

import numpy as np

from modalities.engines.sound.large_music import STOPPED
from modalities.faults import Stopped
from modalities.media import Sound
from world_model.score import ScoreSpec
from world_model.sim.ambience import Ambience, scene
from world_model.sim.effects import Effects, walked
from world_model.sim.instruments import CHUNK_S
from world_model.sim.loudness import Loudness, limit
from world_model.sim.mix import Bus, Reverb, room
from world_model.sim.sound import TARGET_LUFS, USUAL_LUFS, WORLD_LUFS
from world_model.state import Event, World

# Speech before the mix is set; music steps back this long before and comes back this long after.
SPEECH_LUFS = -17.0
AHEAD_S, BACK_S = 0.15, 0.5
MOST_LIFT_DB = 18.0
EDGE_S = 0.006


@dataclass(frozen=True)
class Mix:
    """sound (n, 2) float32, true peak at most -1 dBTP; stems by name, of the same shape."""

    sound: Sound
    stems: dict[str, Sound]
    loudness_lufs: float


def events_of(world: World) -> tuple[Event, ...]:
    """All that is heard to happen: a world's events, and the steps of those who walk."""
    here = scene(world)
    listed = world.events if any(one.kind == "step" for one in world.events) else (*world.events, *walked(here))
    return tuple(listed)


def world_sound(world: World, score: ScoreSpec | None, rate_hz: int, samples: int, stop: Flag,
                tell: Callable[[float], None] = lambda _: None, events: bool = True) -> Sound:
    """(samples, 2): place, bodies and, unless somebody else makes them, events, as loud as in our own mix."""
    here = scene(world)
    ambience_level = score.ambience_level if score else 1.0
    effects_level = score.effects_level if score else 1.0
    out = np.zeros((samples, 2), np.float32)
    if not len(here) or (ambience_level <= 0 and effects_level <= 0):
        return out
    chunk = round(CHUNK_S * rate_hz)
    # One silent step keeps our own footsteps away where events are made elsewhere.
    listed = world.events if events else (Event(-1.0, "step", 0.0),)
    place = {name: float(values.mean()) for name, values in here.place.items()}
    ambience = Ambience(here, world.seed, rate_hz, samples, chunk) if ambience_level > 0 else None
    effects = Effects(here, listed, world.seed, rate_hz, samples, chunk) if effects_level > 0 else None
    reverb, bus = Reverb(room(None, place), rate_hz), Bus(rate_hz, threshold_db=-14)
    for start in range(0, samples, chunk):
        if stop.is_set():
            raise Stopped(STOPPED)
        count = min(chunk, samples - start)
        block, send = np.zeros((count, 2), np.float32), np.zeros((count, 2), np.float32)
        if ambience is not None:
            block += ambience.chunk(start, count) * np.float32(ambience_level)
        if effects is not None:
            near = effects.chunk(start, count) * np.float32(effects_level)
            block += near
            send += near * np.float32(0.22)
        out[start:start + count] = bus.process(block + reverb.process(send))
        tell((start + count) / samples)
    return out


def ducking(samples: int, rate_hz: int, spans: Sequence[tuple[int, int]], duck_db: float) -> np.ndarray:
    """(samples,) float32 gain: down by duck_db while someone speaks, there when they begin."""
    down = np.zeros(samples, np.float32)
    for start, end in spans:
        ahead, back = round(AHEAD_S * rate_hz), round(BACK_S * rate_hz)
        first, last = max(0, start - ahead), min(samples, end + back)
        shape = np.ones(last - first, np.float32)
        fall, rise = start - first, last - end
        shape[:fall] = np.linspace(0.0, 1.0, fall, endpoint=False, dtype=np.float32)
        shape[len(shape) - max(0, rise):] = np.linspace(1.0, 0.0, max(0, rise), dtype=np.float32)
        down[first:last] = np.maximum(down[first:last], shape)
    return (10.0 ** (-duck_db * down / 20.0)).astype(np.float32)


def mixed(music: Sound, world: Sound, speech: Sound, spans: Sequence[tuple[int, int]], rate_hz: int,
          score: ScoreSpec | None, duck_db: float, played: bool) -> Mix:
    """All of one length. played: whether the music's own level is to be set (a creator's recording keeps its own)."""
    stems: dict[str, Sound] = {}
    target = TARGET_LUFS.get(score.genre, USUAL_LUFS) if score else USUAL_LUFS
    heard = bool(np.any(music))
    if heard:
        gain = 1.0
        if played:
            level = score.music_level if score else 1.0
            gain = level * 10.0 ** (min(target - _lufs(music, rate_hz), MOST_LIFT_DB) / 20.0)
        stems["music"] = music * (ducking(len(music), rate_hz, spans, duck_db) * np.float32(gain))[:, None]
    if np.any(world):
        stems["world"] = world
    if spans:
        stems["speech"] = speech * np.float32(10.0 ** (min(SPEECH_LUFS - _lufs(speech, rate_hz), MOST_LIFT_DB) / 20.0))
    out = np.zeros_like(music)
    for stem in stems.values():
        out += stem
    loudness = _lufs(out, rate_hz)
    if math.isfinite(loudness):
        # A mix is only turned down; a world alone may be lifted, as in our own soundtrack.
        lift_db = min(0.0, max(target, USUAL_LUFS) - loudness) if heard or spans else \
            min(WORLD_LUFS - loudness, MOST_LIFT_DB)
        edges = _edges(len(out), rate_hz) * np.float32(10.0 ** (lift_db / 20.0))
        out *= edges[:, None]
        stems = {name: stem * edges[:, None] for name, stem in stems.items()}
        limit(out, rate_hz)
    return Mix(out, stems, _lufs(out, rate_hz))


def _lufs(sound: Sound, rate_hz: int) -> float:
    meter, size = Loudness(rate_hz), round(CHUNK_S * rate_hz)
    for start in range(0, len(sound), size):
        meter.feed(sound[start:start + size])
    return meter.lufs()


def _edges(samples: int, rate_hz: int) -> np.ndarray:
    """(samples,) float32: 1, but for the file's ends."""
    out = np.ones(samples, np.float32)
    edge = min(samples // 2, round(EDGE_S * rate_hz))
    if edge:
        ramp = (np.sin(np.linspace(0, np.pi / 2, edge)) ** 2).astype(np.float32)
        out[:edge] *= ramp
        out[samples - edge:] *= ramp[::-1]
    return out
