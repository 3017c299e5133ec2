"""Whether the shots of a merged film still follow each other."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

from agent.direction import Music, Span
from agent.tree_fields import CLOCK, Table, group_of
from agent.unroll_spans import bars_to_s

# How much wider than in either side a gap or an overlap between two shots may become, seconds.
SLACK_S = 0.05


def broken_timeline(made: Table, base: Table, ours: Table, theirs: Table) -> bool:
    """True where both sides changed the cutting and what comes out is none: no shots, shots out of order, beyond the
    end, or with gaps and overlaps that neither side had."""
    if not made.orders[("shots",)]:
        return True
    if not (_cutting(ours) != _cutting(base) != _cutting(theirs)) or _cutting(ours) == _cutting(theirs):
        return False
    clocks = [_clock(side) for side in (base, ours, theirs)]
    if clocks[1] != clocks[2] and any(side.fields[("shots", key, "span")]["s"] is not None for side in (ours, theirs)
                                      for key in side.orders[("shots",)]):
        # Seconds of one side and the clock of the other do not belong together.
        return True
    spans = _spans(made)
    starts = [start for start, _ in spans]
    if any(b <= a for a, b in pairwise(starts)) or starts[-1] >= made.fields[("duration_s",)]:
        return True
    return _worst(spans) > max(_worst(_spans(ours)), _worst(_spans(theirs))) + SLACK_S


def timeline_of(side: Table) -> str:
    """The cutting in words."""
    count = len(side.orders[("shots",)])
    return f"{count} shot{'' if count == 1 else 's'} in {side.fields[('duration_s',)]:.4g} s"


def _cutting(side: Table) -> Any:
    keys = side.orders[("shots",)]
    return [(key, side.fields[("shots", key, "span")]) for key in keys], _clock(side)


def _clock(side: Table) -> Any:
    return {path: value for path, value in side.fields.items() if group_of(path) == CLOCK}


def _spans(side: Table) -> list[tuple[float, float]]:
    music = Music.model_validate({path[1]: value for path, value in side.fields.items() if path[0] == "music"})
    out: list[tuple[float, float]] = []
    for key in side.orders[("shots",)]:
        span = Span.model_validate(side.fields[("shots", key, "span")])
        start, end = span.s if span.s is not None else bars_to_s(music, span.bars or (0.0, 0.0))
        out.append((float(start), float(end)))
    return out


def _worst(spans: list[tuple[float, float]]) -> float:
    return max((abs(b[0] - a[1]) for a, b in pairwise(spans)), default=0.0)
