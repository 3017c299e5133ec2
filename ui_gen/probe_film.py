"""What a control does to a film's course and sound: its length, its cuts, its notes, seconds of its soundtrack."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from agent.direction import Direction
from agent.edits import apply_patch
from agent.unroll import unroll
from agent.unroll_spans import spans_s
from modalities.faults import Unusable
from ui_gen.bind import written
from ui_gen.panel import Control
from ui_gen.probe import FPS, probe_of
from world_model.state import World

Floats = NDArray[np.float64]
SOUND_RATE_HZ, SOUND_S = 16000, 2.0
BANDS = 24


def of_the_film(control: Control) -> bool:
    """Whether a control reaches beyond what is in the shots: the clock, the cuts or the score."""
    return any(not pointer.startswith(("/shots/", "/links/")) or pointer.endswith("/span") for pointer in control.binds)


def of_the_sound(control: Control) -> bool:
    return any(pointer.startswith("/score/") for pointer in control.binds)


def with_value(direction: Direction, control: Control, value: Any) -> Direction:
    """The whole Direction with the control at a value. Raises Unusable."""
    patch = written(direction, control, value)
    return apply_patch(direction, patch, reason="tried") if patch else direction


def film_outcomes(direction: Direction) -> dict[str, float]:
    """Outcomes of a whole Direction that nothing has to be drawn for."""
    starts = sorted(start for start, _ in spans_s(direction) if 0.02 < start < direction.duration_s)
    out = {"length": direction.duration_s, "cuts": 60.0 * len(starts) / direction.duration_s,
           "cut_moment": float(np.mean(starts)) if starts else 0.0, "tempo": direction.music.tempo_bpm}
    if direction.score is not None:
        from world_model.sim.compose import compose

        piece = compose(direction.score, min(direction.duration_s, 60.0))
        tuned = piece.pitch[piece.part < 3]
        out |= {"tempo": direction.score.tempo_bpm, "pitch": float(tuned.mean()) if len(tuned) else 0.0,
                "notes": len(piece.start_s) / max(1e-6, min(direction.duration_s, 60.0))}
    return out


def heard(direction: Direction, control: Control, value: Any) -> tuple[dict[str, float], Floats]:
    """(outcomes, level in dB of each of 24 bands) of SOUND_S of the soundtrack with the control at a value.

    The music is that of the film's own middle. Raises Unusable.
    """
    from dataclasses import replace

    from world_model.sim.compose import compose
    from world_model.sim.sound import render_soundtrack

    changed = with_value(direction, control, value)
    probe = probe_of(changed, control.model_copy(update={"binds": ("/seed",), "binds_y": ()}), None)
    world = unroll(probe.direction)
    world = World(world.grid, world.state.rows(0, round(SOUND_S * FPS)),
                  tuple(event for event in world.events if event.time_s < SOUND_S), world.seed)
    composition = None
    if changed.score is not None:
        whole = compose(changed.score, changed.duration_s)
        from_s = max(0.0, 0.5 * (changed.duration_s - SOUND_S))
        inside = (whole.start_s >= from_s) & (whole.start_s < from_s + SOUND_S)
        composition = replace(
            whole, start_s=whole.start_s[inside] - from_s, duration_s=whole.duration_s[inside],
            pitch=whole.pitch[inside], velocity=whole.velocity[inside], part=whole.part[inside],
            beats_s=whole.beats_s[(whole.beats_s >= from_s)] - from_s,
            downbeats_s=whole.downbeats_s[(whole.downbeats_s >= from_s)] - from_s,
            sections=(), duration_s_total=SOUND_S)
    try:
        sound = render_soundtrack(world, changed.score, composition, SOUND_RATE_HZ).mean(1).astype(np.float64)
    except (ValueError, LookupError) as fault:
        raise Unusable(f"{control.label} cannot be tried: {fault}.") from None
    return _sound_outcomes(sound)


def _sound_outcomes(sound: Floats) -> tuple[dict[str, float], Floats]:
    size = 512
    frames = np.lib.stride_tricks.sliding_window_view(sound, size)[::size // 2] * np.hanning(size)
    power = np.square(np.abs(np.fft.rfft(frames, axis=1)))
    mean = power.mean(0)
    hz = np.fft.rfftfreq(size, 1.0 / SOUND_RATE_HZ)
    edges = np.geomspace(60.0, SOUND_RATE_HZ / 2, BANDS + 1)
    bands = np.array([mean[(hz >= low) & (hz < high)].mean() if ((hz >= low) & (hz < high)).any() else 0.0
                      for low, high in pairwise(edges)])
    # Spectral flux against its own median: a plain count of what begins.
    flux = np.maximum(np.diff(np.log1p(1e3 * power.sum(1))), 0.0)
    onsets = int(((flux[1:-1] > flux[:-2]) & (flux[1:-1] >= flux[2:]) & (flux[1:-1] > 0.25)).sum())
    return {"loudness": 10.0 * float(np.log10(np.mean(np.square(sound)) + 1e-9)),
            "brilliance": float((hz * mean).sum() / (mean.sum() + 1e-12)), "onsets": onsets / SOUND_S}, \
        10.0 * np.log10(bands + 1e-6)


def band_distance(a: Floats, b: Floats) -> float:
    """Mean distance in dB of two band levels (24,)."""
    return float(np.abs(a - b).mean())
