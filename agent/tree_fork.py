"""A fork in mid-film: an edit that begins at a moment, with all before it kept as it was.

Shots that begin at that moment or later take the edit whole. In the shot that runs through it, numbers of weather,
light, colours, style and lens step over a frame; what only a whole shot can have (its place, its cast, its camera move)
waits for the next cut, because a shot that were cut in two there would also move otherwise before the cut.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from agent.direction import Direction
from agent.director_words import clock
from agent.tree_diff import spans_of
from agent.tree_fields import CURVE, IDENTITY, Fields, Path, Table, direction_of, group_of, table
from agent.tree_words import field_named
from agent.unroll_values import number_at
from modalities.faults import Unusable

# Numbers that leave the frames before them alone. A camera's or a body's speed does not: its way is shared out anew.
STEPPED = (("world", "weather"), ("world", "light"), ("world", "palette"), ("world", "style"), ("camera", "lens_mm"),
           ("camera", "shake"))


@dataclass(frozen=True)
class Forked:
    """direction: with the edit from at_s on; at_s: on a frame; waits: what begins only with the next cut, in words."""

    direction: Direction
    at_s: float
    waits: tuple[str, ...]


def forked_at(before: Direction, after: Direction, at_s: float) -> Forked:
    """`before` until at_s, `after` from there.

    Raises Unusable for a moment outside the film, for an edit of what belongs to the whole film (its music, length,
    size, seed, cutting), and where nothing of the edit comes after the moment.
    """
    if not 0.0 < at_s < before.duration_s:
        raise Unusable(f"--at {at_s:g} lies outside the film; expected more than 0 and less than "
                       f"{before.duration_s:.4g} s.")
    old, new = table(before), table(after)
    frame = round(at_s * before.grid.fps)
    at_s = frame / before.grid.fps
    changed = [path for path in dict.fromkeys((*old.fields, *new.fields))
               if old.fields.get(path) != new.fields.get(path)]
    whole = sorted({field_named(path) for path in changed if path[0] != "shots" or path[2:] == ("span",)})
    if whole or old.orders[("shots",)] != new.orders[("shots",)]:
        raise Unusable(f"--at cannot keep what comes before: {', '.join(whole) or 'the order of the shots'} belongs to "
                       "the whole film. Edit that without --at.")
    spans, fields, waits = spans_of(before), dict[Path, Any](), list[str]()
    orders = dict(old.orders)
    for key in old.orders[("shots",)]:
        start_s, end_s = spans.get(key, (0.0, 0.0))
        bodies = ("shots", key, "world", "bodies")
        if start_s >= at_s - 1e-6:
            fields |= new.under(("shots", key))
            orders[bodies] = new.orders[bodies]
            continue
        fields |= old.under(("shots", key))
        if end_s > at_s + 1e-6:
            first, frames = round(start_s * before.grid.fps), round((end_s - start_s) * before.grid.fps)
            stepped, late = _stepped(before, old, new, key, (frame - first - 1) / max(1, frames - 1), 1 / max(
                1, frames - 1))
            fields |= stepped
            waits += late
    fields |= {path: value for path, value in old.fields.items() if path[0] != "shots"}
    order = dict.fromkeys((*old.fields, *new.fields, *fields))
    made = Table({path: fields[path] for path in order if path in fields}, orders)
    direction = direction_of(made, {name: getattr(after, name) for name in IDENTITY})
    if made.fields == old.fields:
        raise Unusable(f"Nothing of this edit can begin at {clock(at_s)}" + (
            f": {', '.join(dict.fromkeys(waits))} can only change at a cut, and none follows." if waits else
            "; what it changes comes earlier in the film."))
    return Forked(direction, at_s, tuple(dict.fromkeys(waits)))


def _stepped(before: Direction, old: Table, new: Table, key: str, u: float, step: float) -> tuple[Fields, list[str]]:
    """Curves that step from the old to the new number after u, and the names of what cannot."""
    shot = next(shot for shot in before.shots if shot.id == key)
    fields: Fields = {}
    late: list[str] = []
    groups: dict[Path, list[Path]] = {}
    for path in dict.fromkeys((*old.under(("shots", key)), *new.under(("shots", key)))):
        if old.fields.get(path) != new.fields.get(path):
            groups.setdefault(group_of(path), []).append(path)
    for group, paths in groups.items():
        inner = group[2:]
        pointer = "/" + "/".join(inner)
        value = new.fields.get(group)
        alone = paths == [group] and (*group[:-1], CURVE, group[-1]) not in old.fields and not (
            inner[0] == "camera" and ("shots", key, "camera", "curves", inner[-1]) in old.fields)
        try:
            base = number_at(shot, pointer).base
        except LookupError:
            base = None
        if alone and base is not None and isinstance(value, int | float) and any(
                inner[: len(way)] == way for way in STEPPED):
            fields[(*group[:-1], CURVE, group[-1])] = [[0.0, base], [u, base], [u + step, float(value)],
                                                       [1.0, float(value)]]
        else:
            late.append(field_named(group))
    return fields, late
