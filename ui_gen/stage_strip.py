"""What the strip under the film shows: the sound's outline, beats, and shots. Read once per take."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import soundfile as sf

from agent.direction import Direction
from agent.unroll_spans import bars_to_s, beats_s
from ui_gen.stage_cuts import cuts_of, in_time

POINTS = 400
BLOCK = 1 << 18
# Of very long films only so many ticks are told.
MOST_BEATS = 3000


def strip_of(direction: Direction, audio: Path) -> dict[str, Any]:
    """{"length": seconds, "wave": POINTS numbers 0..100 (empty without sound), "beats": seconds of beats, "bars": of
    bar lines, "cuts": where each shot begins, "shots": its place in the Direction}."""
    length = direction.duration_s
    beats = beats_s(direction.music, length)
    first = -2 - int(np.ceil(max(float(bars_to_s(direction.music, 0.0)), 0.0)))
    lines = bars_to_s(direction.music, np.arange(first, len(beats) + 2))
    bars = lines[(lines >= -1e-6) & (lines <= length + 1e-6)]
    return {"length": round(length, 4), "wave": list(_wave(audio)), "beats": _told(beats), "bars": _told(bars),
            "cuts": [0.0, *(round(cut.at_s, 4) for cut in cuts_of(direction))], "shots": in_time(direction)}


def _told(times: Any) -> list[float]:
    return [] if len(times) > MOST_BEATS else [round(float(t), 4) for t in times]


def _wave(audio: Path) -> tuple[int, ...]:
    try:
        changed = audio.stat().st_mtime_ns
    except OSError:
        return ()
    return _outline(audio, changed)


@lru_cache(maxsize=64)
def _outline(audio: Path, changed: int) -> tuple[int, ...]:
    """Loudness of POINTS even parts of a sound file, 0 to 100, read in blocks; empty where it cannot be read."""
    try:
        with sf.SoundFile(audio) as file:
            count = file.frames
            if count < POINTS:
                return ()
            power, weight = np.zeros(POINTS), np.zeros(POINTS)
            done = 0
            for block in file.blocks(BLOCK, dtype="float32", always_2d=True):
                part = ((done + np.arange(len(block))) * POINTS) // count
                energy = np.square(block, dtype=np.float64).mean(1)
                power += np.bincount(part, energy, POINTS)
                weight += np.bincount(part, minlength=POINTS)
                done += len(block)
    except (OSError, RuntimeError, ValueError):
        return ()
    level = np.sqrt(power / np.maximum(weight, 1))
    top = float(level.max())
    # Quiet parts still show that something sounds.
    return tuple(int(v) for v in np.round(100 * np.power(level / top, 0.7))) if top > 1e-4 else (0,) * POINTS


__all__ = ["POINTS", "strip_of"]
