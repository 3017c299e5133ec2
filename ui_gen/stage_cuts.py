"""Cuts moved by hand: where they lie, how far each may go, and the patch that lays the two shots beside one anew."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from agent.direction import Direction
from agent.edits import Patch
from agent.pacing import grid_of
from agent.talk_change import opened, patch_of, split
from agent.taste import SCALE_ORDER
from agent.unroll_spans import beats_s, spans_s
from modalities.faults import Unusable

# No shot is left shorter than this, seconds.
LEAST_S = 0.25
MOST_SHOTS = 600


class Edit(NamedTuple):
    """A patch of a Direction (RFC 6902), and its reason in words."""

    patch: Patch
    why: str


class Cut(NamedTuple):
    """The cut into a shot: its moment, and how early and late it may lie, seconds; the shots (by their place in the
    Direction) before and after it."""

    at_s: float
    least_s: float
    most_s: float
    before: int
    after: int


def in_time(direction: Direction) -> list[int]:
    """The shots, by their place in the Direction, in the order in which they are seen."""
    spans = spans_s(direction)
    return sorted(range(len(spans)), key=lambda k: spans[k][0])


def cuts_of(direction: Direction) -> list[Cut]:
    """Every cut of the film, in the order of time; cut n is cuts_of(direction)[n - 1]."""
    spans, order = spans_s(direction), in_time(direction)
    starts = [0.0, *(max(spans[k][0], 0.0) for k in order[1:]), direction.duration_s]
    return [Cut(starts[n], starts[n - 1] + LEAST_S, starts[n + 1] - LEAST_S, order[n - 1], order[n])
            for n in range(1, len(order))]


def on_beat(direction: Direction, at_s: float, least_s: float = 0.0, most_s: float | None = None) -> float:
    """The beat nearest to a moment that lies between two others; the moment itself, brought between them, where there
    is none."""
    high = direction.duration_s if most_s is None else most_s
    beats = beats_s(direction.music, direction.duration_s)
    beats = beats[(beats >= least_s - 1e-6) & (beats <= high + 1e-6)]
    if not len(beats):
        return float(np.clip(at_s, least_s, max(least_s, high)))
    return float(beats[int(np.abs(beats - at_s).argmin())])


def moved_cut(direction: Direction, number: int, at_s: float, free: bool) -> Edit:
    """Cut `number` (from 1) at another moment: on the nearest beat, or exactly there where it is `free`.

    Only the spans of its two neighbours change. Raises Unusable for a cut that is not there, has no room, or lies
    there already.
    """
    cuts = cuts_of(direction)
    if not 1 <= number <= len(cuts):
        raise Unusable(f"There is no cut {number}: this film has {len(cuts)}.")
    cut = cuts[number - 1]
    new_s = _placed(direction, cut, at_s, free)
    if abs(new_s - cut.at_s) < 0.5 / direction.grid.fps:
        raise Unusable(f"Cut {number} lies at {told_s(new_s)} already." if cut.least_s <= cut.most_s else
                       f"Cut {number} has no room: the shots beside it are too short.")
    return Edit(cut_patch(direction, cut, new_s), f"cut {number} from {told_s(cut.at_s)} to {told_s(new_s)}")


def cut_patch(direction: Direction, cut: Cut, at_s: float) -> Patch:
    """The spans of the shots beside a cut that lies at another moment."""
    return [_span(direction, cut.before, 1, at_s), _span(direction, cut.after, 0, at_s)]


def cut_here(direction: Direction, at_s: float) -> Edit:
    """The shot under a moment cut in two there, the second half seen from another distance.

    Raises Unusable where a half would be shorter than LEAST_S, and in a film that has very many shots.
    """
    made = opened(direction)
    if in_time(direction) != list(range(len(direction.shots))) or len(direction.shots) >= MOST_SHOTS:
        raise Unusable("This film cannot be cut there.")
    k, (start, end) = next((k, span) for k, span in reversed(list(enumerate(made.spans()))) if span[0] <= at_s or not k)
    if min(at_s - start, end - at_s) < LEAST_S:
        raise Unusable(f"There is a cut within {LEAST_S:g} s of {told_s(at_s)} already.")
    split(made, k, at_s)
    first, second = made.shots[k], made.shots[k + 1]
    camera = second["camera"]
    size = SCALE_ORDER.index(camera["scale"])
    camera["scale"], camera["side"] = SCALE_ORDER[size + 1 if size < 3 else size - 2], -camera["side"]
    # A place that was drawn for the first frame of the whole shot would make both halves look the same.
    for body in second["world"]["bodies"]:
        body["frame_at"] = body["frame_height"] = None
    share = (at_s - start) / (end - start)
    made.document["titles"] = [_in_half(title, first["id"], second["id"], share) for title in made.document["titles"]]
    return Edit(patch_of(direction, made), f"cut at {told_s(at_s)}")


def told_s(at_s: float) -> str:
    """Seconds in words, such as 3.2 s or 3.75 s."""
    text = f"{max(at_s, 0.0):.2f}"
    return f"{text[:-1] if text.endswith('0') else text} s"


def _placed(direction: Direction, cut: Cut, at_s: float, free: bool) -> float:
    if cut.least_s > cut.most_s:
        return cut.at_s
    at_s = float(np.clip(at_s, cut.least_s, cut.most_s))
    return at_s if free else on_beat(direction, at_s, cut.least_s, cut.most_s)


def _span(direction: Direction, shot: int, side: int, at_s: float) -> dict[str, Any]:
    """The patch of a shot that begins (side 0) or ends (side 1) at a moment: in bars where it lies on bars."""
    span = direction.shots[shot].span
    if span.bars is None:
        given, at = span.s or (0.0, 0.0), round(at_s, 4)
    else:
        beats, bar = direction.music.beats_per_bar, grid_of(direction.music).bar_of(at_s)
        # A bar line or a beat is kept as the number that it is.
        near = round(bar * beats) / beats
        given, at = span.bars, round(near if abs(near - bar) < 1e-4 else bar, 6)
    ends = [at, given[1]] if side == 0 else [given[0], at]
    if side == 0 and ends[1] <= at:
        # The last shot may say that it ends before the film does.
        ends[1] = round(at + 1.0, 6)
    elif side == 1 and ends[0] >= at:
        ends[0] = round(at - 1.0, 6)
    value = {"bars": None, "s": ends} if span.bars is None else {"bars": ends, "s": None}
    return {"op": "replace", "path": f"/shots/{shot}/span", "value": value}


def _in_half(title: dict[str, Any], first: str, second: str, share: float) -> dict[str, Any]:
    """A title of a shot that was cut in two, in the half in which most of it is seen."""
    if title["shot"] != first:
        return title
    start, end = float(title["start"]), float(title["end"])
    if (start + end) / 2 >= share:
        start, end = max(0.0, (start - share) / (1 - share)), (end - share) / (1 - share)
        return title | {"shot": second, "start": round(start, 4), "end": round(min(1.0, end), 4)}
    return title | {"start": round(start / share, 4), "end": round(min(1.0, end / share), 4)}


__all__ = ["LEAST_S", "Cut", "Edit", "cut_here", "cut_patch", "cuts_of", "in_time", "moved_cut", "on_beat", "told_s"]
