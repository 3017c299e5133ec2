"""The sound of a live world, block by block: endless music, the place as it is now, and what happens, on the sample.

Blocks follow each other without a seam: every part carries its state, every gain runs, and the last stage is a curve
without memory.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from modalities.live.ambience_live import LiveAmbience, Overlap
from modalities.live.music_live import MusicStream
from modalities.live.steering import Music
from world_model.score import ScoreSpec
from world_model.sim.effects import EVENT_LEVEL, bearing, event_sound
from world_model.sim.mix import Bus, Reverb, room
from world_model.state import BODY_SLOTS, POSE, Event, offsets
from world_model.vocabulary import BODIES, BODY_SIZE_M, SETTINGS

F32 = NDArray[np.float32]
AT = offsets()
UNDERWATER = AT["place"].start + SETTINGS.index("underwater")
# Above this a peak is bent, never cut.
KNEE = 0.7
WORLD_GAIN = 1.6
# What hums while it lives: pitch in hertz, partials, loudness, and how far it carries in metres.
HUMS = {"bee": (196.0, (0.5, 0.42, 0.34, 0.26, 0.2, 0.15), 0.11, 1.6), "car": (64.0, (0.5, 0.6, 0.35, 0.3), 0.05, 14.0),
        "train": (48.0, (0.5, 0.5, 0.4, 0.3, 0.2), 0.06, 30.0), "boat": (41.0, (0.5, 0.4, 0.3), 0.04, 14.0),
        "rocket": (37.0, (0.5, 0.6, 0.5, 0.4), 0.08, 70.0)}


class _Hum:
    """A body's own tone; pitch and place run from block to block."""

    def __init__(self, kind: str, slot: int, rate_hz: int) -> None:
        self._hz, self._partials, self._level, self._reach = HUMS[kind]
        self._kind, self._slot, self._rate = kind, slot, rate_hz
        self._phase, self._gains = 0.37 * slot, np.zeros(2)

    def add(self, out: F32, row: NDArray[np.float32], time_s: float) -> None:
        pose = row[AT["body_pose"]].reshape(BODY_SLOTS, len(POSE))[self._slot].astype(np.float64)
        there = float(row[AT["body_kind"]].reshape(BODY_SLOTS, -1)[self._slot, BODIES.index(self._kind)])
        camera = row[AT["camera"]].astype(np.float64)
        left, right, far = _bearing(pose, camera)
        size = min(max(pose[6] / BODY_SIZE_M[self._kind], 0.2), 4.0)
        near = there * self._level * self._reach * size / max(self._reach * size, far)
        gains = near * np.array([left, right])
        count = len(out)
        hz = self._hz * (1 + 0.06 * math.sin(1.7 * time_s + self._slot) * math.sin(0.6 * time_s)) / math.sqrt(size)
        phase = self._phase + 2 * np.pi * hz * np.arange(1, count + 1) / self._rate
        self._phase = float(phase[-1]) % (2 * np.pi)
        tone = sum((a * np.sin((n + 1) * phase + n * n) for n, a in enumerate(self._partials)), np.zeros(count))
        u = np.linspace(0.0, 1.0, count)[:, None]
        out += (tone[:, None] * (self._gains + (gains - self._gains) * u)).astype(np.float32)
        self._gains = gains


class LiveSound:
    """Ask for blocks in order. waits: reading waits for the music (a replay, a test); else late music is silence.

    underruns counts blocks whose music was not ready in time.
    """

    def __init__(self, spec: ScoreSpec | None, first_row: NDArray[np.float32], seed: int, rate_hz: int,
                 waits: bool = True) -> None:
        self._rate, self._seed, self._at = rate_hz, seed, 0
        place = {name: float(v) for name, v in zip(SETTINGS, first_row[AT["place"]], strict=True)}
        self._music = MusicStream(spec, rate_hz, waits=waits) if spec is not None else None
        self._levels = (1.0, 1.0) if spec is None else (spec.ambience_level, spec.effects_level)
        self._ambience = LiveAmbience(seed, rate_hz)
        self._reverb, self._bus = Reverb(room(None, place), rate_hz), Bus(rate_hz, threshold_db=-14)
        self._effects = Overlap(9.0, rate_hz)
        kinds = first_row[AT["body_kind"]].reshape(BODY_SLOTS, -1)
        self._hums = [_Hum(BODIES[k], slot, rate_hz) for slot in range(BODY_SLOTS) for k in np.flatnonzero(kinds[slot])
                      if BODIES[k] in HUMS]
        self._number = 0
        self._open = 1.0

    @property
    def underruns(self) -> int:
        return self._music.underruns if self._music is not None else 0

    def prepare(self, seconds: float = 1.0) -> None:
        """Wait until the music is this far ahead."""
        if self._music is not None:
            self._music.prepare(seconds)

    def change(self, wish: Music) -> int | None:
        """Other music; the sample at which it begins, or None where there is no music to change."""
        return self._music.change(wish) if self._music is not None else None

    def block(self, row: NDArray[np.float32], events: Sequence[Event], count: int, paused: bool = False) -> F32:
        """(count, 2) float32 in [-1, 1] that sound with `row` (328,); events carry seconds of play, now or later."""
        time_s = self._at / self._rate
        world = self._ambience.block(row, count) * np.float32(self._levels[0])
        for hum in self._hums:
            hum.add(world, row, time_s)
        for event in events:
            self._lay(event, row)
        near = self._effects.take(count) * np.float32(self._levels[1])
        wet = self._reverb.process(near * np.float32(0.22))
        world = self._bus.process((world + near + wet).astype(np.float32))
        out = world * np.float32(WORLD_GAIN)
        if self._music is not None:
            out += self._music.read(count)
        goal = 0.0 if paused else 1.0
        # A pause closes over about a fifth of a second.
        step = count / (0.2 * self._rate)
        after = self._open + min(max(goal - self._open, -step), step)
        if after != 1.0 or self._open != 1.0:
            out *= np.linspace(self._open, after, count, dtype=np.float32)[:, None]
        self._open = after
        self._at += count
        return bent(out)

    def close(self) -> None:
        if self._music is not None:
            self._music.close()

    def _lay(self, event: Event, row: NDArray[np.float32]) -> None:
        """Put an event's sound where it belongs in the time to come."""
        if event.kind not in EVENT_LEVEL:
            return
        self._number += 1
        level, reference_m = EVENT_LEVEL[event.kind]
        sound = event_sound(event.kind, np.random.default_rng([self._seed, 201, self._number]), self._rate)
        left = right = gain = 1.0
        if event.position_m is not None:
            camera = row[AT["camera"]].astype(np.float64)
            a, b, far = _bearing(np.array(event.position_m), camera)
            left, right, gain = a, b, reference_m / max(reference_m, far)
        amount = level * gain * min(max(event.strength, 0.0), 1.0) * (0.4 if row[UNDERWATER] > 0.5 else 1.0)
        late = max(0, round(event.time_s * self._rate) - self._at)
        self._effects.lay(late, (sound[:, None] * (amount * np.array([left, right]))).astype(np.float32))


def _bearing(spot: NDArray[np.float64], camera: NDArray[np.float64]) -> tuple[float, float, float]:
    """(left gain, right gain, distance in metres) of a spot (3+,) seen from a camera row (8,)."""
    dx, dy, dz = (np.asarray(spot[k] - camera[k]) for k in range(3))
    left, right, far = bearing(dx, dy, dz, np.asarray(camera[3]))
    return float(left), float(right), float(far)


def bent(x: F32) -> F32:
    """Peaks over KNEE bend towards 1 and never reach it; below, the sound is left as it is. C1, without memory."""
    over = np.abs(x) - np.float32(KNEE)
    if not np.any(over > 0):
        return x
    room_left = np.float32(1.0 - KNEE)
    soft = np.float32(KNEE) + room_left * np.tanh(np.maximum(over, 0) / room_left)
    return np.where(over > 0, np.sign(x) * soft, x).astype(np.float32)
