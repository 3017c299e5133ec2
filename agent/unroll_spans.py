"""Musical time to seconds: where shots, bars and beats lie on the film's clock."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from agent.direction import Direction, Music
from world_model.clock import TimeGrid

Floats = NDArray[np.float64]


def bar_s(music: Music) -> float:
    """Length of a bar by the tempo, seconds."""
    return 60.0 / music.tempo_bpm * music.beats_per_bar


def bars_to_s(music: Music, bars: ArrayLike) -> Floats:
    """Seconds at which bars (any shape, may be fractional, from 0) fall.

    Straight between the bar lines that were heard; by the tempo before the first and after the last.
    """
    bars = np.asarray(bars, np.float64)
    lines = np.asarray(music.downbeats_s, np.float64)
    if len(lines) < 2:
        first = float(lines[0]) if len(lines) else music.first_downbeat_s
        return first + bars * bar_s(music)
    last = len(lines) - 1
    inside = np.interp(bars, np.arange(len(lines)), lines)
    inside = np.where(bars < 0, lines[0] + bars * bar_s(music), inside)
    return np.where(bars > last, lines[-1] + (bars - last) * bar_s(music), inside)


def beats_s(music: Music, duration_s: float) -> Floats:
    """Seconds of every beat that falls inside the film."""
    lines = max(len(music.downbeats_s), 1)
    late = lines + int(np.ceil(max(duration_s - float(bars_to_s(music, lines - 1)), 0.0) / bar_s(music))) + 1
    early = -int(np.ceil(max(float(bars_to_s(music, 0.0)), 0.0) / bar_s(music))) - 1
    beats = bars_to_s(music, np.arange(early * music.beats_per_bar, late * music.beats_per_bar) / music.beats_per_bar)
    return beats[(beats >= 0.0) & (beats <= duration_s)]


def spans_s(direction: Direction) -> list[tuple[float, float]]:
    """(start, end) in seconds of every shot, in the order of the Direction."""
    out: list[tuple[float, float]] = []
    for shot in direction.shots:
        if shot.span.bars is not None:
            start, end = bars_to_s(direction.music, shot.span.bars)
        else:
            start, end = shot.span.s or (0.0, 0.0)
        out.append((float(start), float(end)))
    return out


def cut_frames(direction: Direction, grid: TimeGrid) -> list[tuple[int, int, int]]:
    """(shot, first frame, frame after the last), in the order of time; together they tile the film.

    A shot lasts until the next one starts and a cut lies on the frame that holds its instant, so at most one frame
    before the beat and never after. The first shot starts at 0, the last runs to the end; a shot that has no frame of
    its own is left out.
    """
    frames = grid.frames(direction.duration_s)
    spans = spans_s(direction)
    order = sorted(range(len(spans)), key=lambda k: spans[k][0])
    starts = [min(grid.frame_at(max(spans[k][0], 0.0)), frames) for k in order]
    starts[0] = 0
    ends = [*starts[1:], frames]
    return [(k, start, end) for k, start, end in zip(order, starts, ends, strict=True) if end > start]
