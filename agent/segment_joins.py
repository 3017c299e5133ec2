"""Where a film's transitions begin and end: what lies between changes with both shots, and no other frame does."""

from __future__ import annotations

from agent.direction import Direction
from agent.unroll import DISSOLVE_S, FADE_S
from agent.unroll_spans import cut_frames
from world_model.clock import TimeGrid


def joins(direction: Direction) -> tuple[int, ...]:
    """Frames, in rising order, at which a dissolve or a fade begins, as long as `agent.unroll` makes them."""
    fps = direction.grid.fps
    cuts = cut_frames(direction, TimeGrid(direction.grid.steps_per_s, fps, direction.grid.sample_rate_hz))
    found: set[int] = set()
    before = 0
    for number, start, end in cuts:
        cut = direction.shots[number].cut
        if cut == "dissolve" and start:
            reach = round(0.5 * DISSOLVE_S * fps)
            found |= {start - min(reach, (start - before) // 2), start + min(reach, (end - start) // 2)}
        elif cut == "fade":
            reach = round(FADE_S * fps)
            found |= {start - min(reach, (start - before) // 3), start + min(reach, (end - start) // 3)}
        before = start
    if cuts and direction.shots[cuts[-1][0]].ending == "fade":
        _, start, end = cuts[-1]
        found.add(end - min(round(2 * FADE_S * fps), (end - start) // 2))
    return tuple(sorted(frame for frame in found if frame > 0))
