"""Sounds in: music or the sound of a film as hearing, brought to the loudness the world model was brought up with."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np

from modalities.convert.given import LONGEST_OWN_S, Given, over
from modalities.faults import Unusable
from modalities.media import Track, decode_track
from world_model.streams.layout import SOUND_RATE_HZ, STEP_S, Floats, steps_in
from world_model.streams.senses import hearing

SOUNDS = (".wav", ".flac", ".ogg", ".mp3", ".m4a", ".opus", ".aiff", ".aif", ".aac", ".wma")
# The loud parts of the worlds' own soundtracks lie about here; silence is not lifted into noise.
LOUD_DB, MOST_GAIN_DB = -17.0, 30.0
PIECE_S = 16


def levelled(mono: Floats) -> Floats:
    """Mono sound with the root mean square of its louder half at -17 dB."""
    size = SOUND_RATE_HZ // 4
    whole = mono[:len(mono) // size * size] if len(mono) >= size else mono
    blocks = whole.reshape(-1, size) if len(whole) >= size else whole[None]
    power = (blocks.astype(np.float64) ** 2).mean(1)
    loud = float(power[power >= np.median(power)].mean()) if len(power) else 0.0
    if loud < 1e-9:
        return mono
    gain_db = min(LOUD_DB - 10.0 * np.log10(loud), MOST_GAIN_DB)
    return (mono * np.float32(10.0 ** (gain_db / 20.0))).astype(np.float32)


def hearing_of(path: Path, longest_s: float, folder: Path, stopped: Callable[[], bool] = lambda: False,
               needed: bool = True) -> tuple[Floats, Track] | None:
    """(T, 100) of at most longest_s of a file's sound, and the sound itself at 48 kHz in `folder`. None where there is
    none and it is not needed. Raises Unusable, InterruptedError."""
    try:
        track = decode_track(path, folder / "heard-48k.wav", 48000, stopped, longest_s)
        low = decode_track(path, folder / "heard.wav", SOUND_RATE_HZ, stopped, longest_s)
    except Unusable:
        if needed:
            raise
        return None
    # Mono at 24 kHz is small: an hour would be 330 MB, and at most ten minutes are read.
    mono = np.concatenate([low.read(start, PIECE_S * SOUND_RATE_HZ).mean(1)
                           for start in range(0, low.frames, PIECE_S * SOUND_RATE_HZ)])
    return hearing(levelled(mono)), track


def audio_given(path: Path, duration_s: float | None, folder: Path,
                stopped: Callable[[], bool] = lambda: False) -> Given:
    """Music or any sound: heard in every step it lasts."""
    longest = duration_s or LONGEST_OWN_S
    found = hearing_of(path, longest, folder, stopped)
    assert found is not None
    heard, track = found
    steps = steps_in(duration_s) if duration_s is not None else min(len(heard), steps_in(longest))
    made = over("audio", {"hearing": heard}, steps)
    notes = list(track.notes)
    if duration_s is None and track.duration_s >= longest - STEP_S:
        notes.append(f"The first {longest:g} s of {path.name} are used.")
    return Given("audio", steps, made.known, made.known_at, track=track, notes=tuple(notes))
