"""Two takes that come from one, put together: a three-way merge of their Directions, field by field.

What only one side changed is taken from it; what both changed alike is taken once; what they changed differently is a
conflict, named in words with both values, and is never settled silently. Shots, bodies and couplings are matched by id.
After that it is seen to that the film hangs together: shots follow each other, a camera watches somebody who is there.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Literal

from pydantic import ValidationError

from agent.direction import Direction
from agent.tree_fields import CLOCK, IDENTITY, Fields, Path, Table, direction_of, group_of, table, things
from agent.tree_order import merged_order
from agent.tree_timeline import broken_timeline, timeline_of
from agent.tree_words import ABSENT, field_named, thing_said, value_said
from modalities.faults import Unusable

Side = Literal["ours", "theirs"]
MOST_BODIES = 6
Sides = tuple[Fields, Fields, Fields]


@dataclass(frozen=True)
class Conflict:
    """What both sides changed, each in its own way. field: its path, parts joined by "/"; shot: the shot's id, if it is
    in one; base, ours, theirs: the values in words; said: one sentence."""

    field: str
    shot: str | None
    said: str
    base: str
    ours: str
    theirs: str


@dataclass(frozen=True)
class Merged:
    """direction: the merge, with the values of `take` (ours where none was given) wherever there is a conflict;
    conflicts: every one of them, settled by `take` or not."""

    direction: Direction
    conflicts: tuple[Conflict, ...]


def merge(base: Direction, ours: Direction, theirs: Direction, take: Side | None = None) -> Merged:
    """A new Direction out of two that come from `base`; none of the three is touched. take: whose value holds where
    both changed the same thing differently. Identity (id, parent, reason, author) is that of the side that changed it.

    merge(b, a, b) is a, merge(b, b, a) is a, and edits that do not touch come out the same either way round. Raises
    Unusable when no valid Direction comes out.
    """
    three = (table(base), table(ours), table(theirs))
    merging = _Merging(*three, take or "ours")
    merging.fields()
    merging.timeline()
    merging.casts()
    identity = {name: getattr(theirs if getattr(ours, name) == getattr(base, name) else ours, name)
                for name in IDENTITY}
    try:
        direction = direction_of(merging.made, identity)
    except ValidationError as fault:
        error = fault.errors()[0]
        raise Unusable(f"These two do not go together: /{'/'.join(map(str, error['loc']))}: {error['msg'].lower()}."
                       ) from None
    return Merged(direction, tuple(merging.conflicts))


class _Merging:
    def __init__(self, base: Table, ours: Table, theirs: Table, side: Side) -> None:
        self._base, self._ours, self._theirs = base, ours, theirs
        self._side = ours if side == "ours" else theirs
        self.made = Table({}, {})
        self.conflicts: list[Conflict] = []

    def fields(self) -> None:
        """Every group of fields that change together, from the side that changed it."""
        paths = dict.fromkeys((*self._base.fields, *self._ours.fields, *self._theirs.fields))
        whole = self._decided_whole()
        groups: dict[Path, list[Path]] = {}
        for path in paths:
            owner = next((path[:n] for n in range(1, len(path)) if path[:n] in whole), None)
            groups.setdefault(owner or group_of(path), []).append(path)
        chosen: Fields = {}
        for group, members in groups.items():
            base, ours, theirs = (_part(side.fields, members) for side in (self._base, self._ours, self._theirs))
            if ours in (theirs, base):
                chosen |= theirs
            elif theirs == base:
                chosen |= ours
            else:
                self._clash(group, (base, ours, theirs))
                chosen |= _part(self._side.fields, members)
        # In the order in which a Direction is written.
        self.made = Table({path: chosen[path] for path in paths if path in chosen}, self._orders(chosen))

    def timeline(self) -> None:
        """Where both sides moved cuts and the shots no longer follow each other, one side's cutting holds."""
        sides = (self._base, self._ours, self._theirs)
        if not broken_timeline(self.made, *sides):
            return
        said = ("Both cut the film in their own way, and the shots of the two do not follow each other: ours has "
                f"{timeline_of(self._ours)}, theirs has {timeline_of(self._theirs)}.")
        # The single places in time go into this one sentence.
        self.conflicts = [one for one in self.conflicts if not one.field.endswith("/span")
                          and one.field != "/".join(CLOCK)]
        self.conflicts.append(Conflict("shots", None, said, *map(timeline_of, sides)))
        held = {key: dict(self.made.under(("shots", key))) for key in self.made.orders[("shots",)]}
        fields = {path: value for path, value in self.made.fields.items()
                  if path[0] not in ("shots", "links") and group_of(path) != CLOCK}
        fields |= {path: value for path, value in self._side.fields.items() if group_of(path) == CLOCK}
        for key in self._side.orders[("shots",)]:
            fields |= held.get(key) or self._side.under(("shots", key))
            fields[("shots", key, "span")] = self._side.fields[("shots", key, "span")]
        fields |= self.made.under(("links",))
        orders = dict(self.made.orders) | {("shots",): self._side.orders[("shots",)]}
        for key in self._side.orders[("shots",)]:
            if key not in held:
                orders[_bodies(key)] = self._side.orders[_bodies(key)]
        self.made = Table(fields, orders)

    def casts(self) -> None:
        """Cameras that watch a body which the other side took out, and casts that are too large."""
        for key in self.made.orders[("shots",)]:
            cast = self.made.orders.get(_bodies(key), ())
            target = ("shots", key, "camera", "target")
            watched = self.made.fields.get(target)
            lost = watched is not None and watched not in self._ids(key, cast)
            if not (lost or len(cast) > MOST_BODIES):
                continue
            wishes = [self._wish(side, key, str(watched)) for side in (self._base, self._ours, self._theirs)]
            if lost and wishes[1] == wishes[2]:
                continue  # so it was before: not the merge's doing
            where = _cap(self._number(key))
            said = f"{where}: one has the camera watch {watched!r}, the other has no such body." if lost else \
                f"{where} would hold {len(cast)} bodies; {MOST_BODIES} fit."
            self.conflicts.append(Conflict(f"shots/{key}/world/bodies", key, said, *wishes))
            self._whole_cast(key)

    def _whole_cast(self, key: str) -> None:
        """The bodies of a shot and what its camera watches as one side has them."""
        prefix, target = ("shots", key, "world", "bodies"), ("shots", key, "camera", "target")
        kept = {path: value for path, value in self.made.fields.items() if path[:4] != prefix and path != target}
        given = {path: value for path, value in self._side.fields.items() if path[:4] == prefix or path == target}
        self.made = Table(kept | given, self.made.orders | {_bodies(key): self._side.orders.get(_bodies(key), ())})

    def _decided_whole(self) -> set[Path]:
        """Things that one side took out: they stay or go as a whole."""
        ours, theirs = set(things(self._ours)), set(things(self._theirs))
        return {thing for thing in things(self._base) if (thing in ours) != (thing in theirs)}

    def _orders(self, chosen: Fields) -> dict[Path, tuple[str, ...]]:
        found: dict[Path, tuple[str, ...]] = {}
        for prefix in dict.fromkeys((*self._base.orders, *self._ours.orders, *self._theirs.orders)):
            size = len(prefix)
            there = {path[size] for path in chosen if path[:size] == prefix and len(path) > size}
            if prefix != ("shots",) and prefix[0] == "shots" and not any(path[:2] == prefix[:2] for path in chosen):
                continue
            three = [side.orders.get(prefix, ()) for side in (self._base, self._ours, self._theirs)]
            found[prefix] = merged_order(*three, there=there, prefer_ours=self._side is self._ours)
        return found

    def _clash(self, group: Path, sides: Sides) -> None:
        shot = group[1] if group[0] == "shots" else None
        where = f"{self._number(shot)}: " if shot is not None and len(group) > 2 else ""
        base, ours, theirs = (self._said(group, side) for side in sides)
        if not sides[1] or not sides[2]:
            gone, other = ("ours", "theirs") if not sides[1] else ("theirs", "ours")
            what = thing_said(group, sides[0] or sides[1] or sides[2], self._number)
            changed = field_list(sides[0], sides[1] or sides[2])
            said = f"{where}{gone} takes out {what}, {other} changes it ({changed})."
        else:
            if ours == theirs:  # too long to be told in full
                ours, theirs = f"{ours} (one way)", f"{theirs} (another)"
            said = f"{where}{field_named(group)} was {base}; ours makes it {ours}, theirs {theirs}."
        self.conflicts.append(Conflict("/".join(group), shot, _cap(said), base, ours, theirs))

    def _said(self, group: Path, part: Fields) -> str:
        if not part:
            return ABSENT
        if group == CLOCK:
            keys = (("duration_s",), ("music", "tempo_bpm"), ("music", "sections"))
            return ", ".join(value_said(path, part[path]) for path in keys if path in part)
        if group in part or len(part) == 1:
            path = group if group in part else next(iter(part))
            rest = [value_said(other, value) for other, value in part.items() if other != path and value is not None]
            return ", ".join([value_said(path, part[path]), *rest])
        return "as it was" if part == _part(self._base.fields, list(part)) else "there"

    def _number(self, key: str | None) -> str:
        for side in (self._base, self._ours, self._theirs):
            if key in side.orders[("shots",)]:
                return f"shot {side.orders[('shots',)].index(str(key)) + 1}"
        return f"shot {key}"

    def _ids(self, key: str, cast: Iterable[str]) -> set[Any]:
        return {self.made.fields.get((*_bodies(key), body, "id")) for body in cast}

    def _wish(self, side: Table, key: str, watched: str) -> str:
        cast = side.orders.get(_bodies(key), ())
        target = side.fields.get(("shots", key, "camera", "target"))
        return f"{', '.join(cast) or 'nobody'}; the camera watches {target or 'the place'}"


def field_list(base: Fields, now: Fields) -> str:
    """The names of the fields that differ, at most four."""
    changed = list(dict.fromkeys(field_named(group_of(path)) for path in now if now[path] != base.get(path, ABSENT)))
    return ", ".join(changed[:4]) + (f" and {len(changed) - 4} more" if len(changed) > 4 else "")


def settled(merged: Merged, *, new_id: str, parent: str, reason: str) -> Direction:
    """The merged Direction under its own identity."""
    return merged.direction.model_copy(update={"id": new_id, "parent": parent, "reason": reason[:500],
                                               "author": "creator"})


def _part(fields: Fields, paths: list[Path]) -> Fields:
    return {path: fields[path] for path in paths if path in fields}


def _bodies(key: str) -> Path:
    return ("shots", key, "world", "bodies")


def _cap(text: str) -> str:
    return text[:1].upper() + text[1:]


__all__ = ["Conflict", "Merged", "Side", "field_list", "merge", "settled"]
