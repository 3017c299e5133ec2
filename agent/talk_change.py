"""A Direction being changed: a copy of its document, numbers turned for a stretch of time, shots cut in two.

The patch is the difference to what was, so what was not spoken of cannot move.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import jsonpatch
import numpy as np

from agent.direction import Direction, Music, Span
from agent.edits import Patch
from agent.pacing import grid_of, span_s
from agent.talk_places import WHOLE, Where, Window
from agent.unroll_values import STYLE_BOUNDS
from world_model.vocabulary import STYLE_NEUTRAL, STYLES

Keys = list[list[float]]
# How near (share of a shot) a change may lie to a cut to be made at the cut.
NEAR = 0.04
# A change inside a shot comes on over this share of it.
SOFT = 0.02
LEAST_S = 0.5


@dataclass
class Changed:
    """A document being changed. what: clauses in the past; parts: what was touched; clamped: what is at its bound;
    same: what is so already; missed: what could not be done, as short sentences; there: where the last clause was."""

    document: dict[str, Any]
    what: list[str] = field(default_factory=list[str])
    parts: set[str] = field(default_factory=set[str])
    clamped: list[str] = field(default_factory=list[str])
    same: bool = False
    missed: list[str] = field(default_factory=list[str])
    there: Where | None = None

    def told(self, said: str, *parts: str) -> None:
        """Notes what was done."""
        if said not in self.what:
            self.what.append(said)
        self.parts |= set(parts)

    @property
    def shots(self) -> list[dict[str, Any]]:
        return self.document["shots"]

    @property
    def duration_s(self) -> float:
        return float(self.document["duration_s"])

    @property
    def music(self) -> Music:
        return Music.model_validate(self.document["music"])

    def spans(self) -> list[Window]:
        """(start, end) of every shot, seconds; a shot lasts until the next one starts."""
        music = self.music
        starts = [max(0.0, span_s(Span.model_validate(shot["span"]), music)[0]) for shot in self.shots]
        starts[0] = 0.0
        return list(zip(starts, [*starts[1:], self.duration_s], strict=True))


def opened(direction: Direction) -> Changed:
    return Changed(copy.deepcopy(direction.model_dump(mode="json")))


def patch_of(direction: Direction, made: Changed) -> Patch:
    """The shortest difference, RFC 6902."""
    return list(jsonpatch.make_patch(direction.model_dump(mode="json"), made.document))


def inside(made: Changed, where: Where) -> list[tuple[dict[str, Any], Window]]:
    """The shots a place in the film reaches, each with the shares of it that lie inside."""
    if where.windows is None:
        return [(shot, (0.0, 1.0)) for shot in made.shots]
    out: list[tuple[dict[str, Any], Window]] = []
    for shot, (start, end) in zip(made.shots, made.spans(), strict=True):
        for low, high in where.windows:
            length = max(1e-6, end - start)
            u0, u1 = max(0.0, (low - start) / length), min(1.0, (high - start) / length)
            u0, u1 = (0.0 if u0 < NEAR else round(u0, 4)), (1.0 if u1 > 1 - NEAR else round(u1, 4))
            if u1 - u0 > NEAR:
                out.append((shot, (u0, u1)))
    return out


def whole_inside(made: Changed, where: Where) -> list[dict[str, Any]]:
    """As `inside`, for what only a whole shot can have (its look, its camera, who is in it): shots that reach over the
    edge of the place are cut in two there."""
    for window in where.windows or ():
        for edge_s in window:
            for k, (start, end) in enumerate(made.spans()):
                share = (edge_s - start) / max(1e-6, end - start)
                if NEAR < share < 1 - NEAR and min(edge_s - start, end - edge_s) >= LEAST_S:
                    split(made, k, edge_s)
                    break
    spans = made.spans()
    if where.windows is None:
        return list(made.shots)
    return [shot for shot, (start, end) in zip(made.shots, spans, strict=True)
            if any(low - 0.5 * (end - start) < start + 1e-6 and (start + end) / 2 < high + 1e-6 and
                   (start + end) / 2 > low - 1e-6 for low, high in where.windows)]


def split(made: Changed, k: int, at_s: float, cut: str = "hard") -> None:
    """Cuts shot k in two at a moment inside it; what moved goes on moving through the cut."""
    start, end = made.spans()[k]
    share = (at_s - start) / (end - start)
    first, second = made.shots[k], copy.deepcopy(made.shots[k])
    second["id"] = fresh_id(made, f"{first['id'][:26]}b")
    second["cut"], first["ending"] = cut, "hard"
    if first["span"]["bars"] is not None:
        bar = round(grid_of(made.music).bar_of(at_s), 4)
        second["span"]["bars"], first["span"]["bars"] = [bar, first["span"]["bars"][1]], [first["span"]["bars"][0], bar]
    else:
        second["span"]["s"], first["span"]["s"] = [round(at_s, 4), first["span"]["s"][1]], [
            first["span"]["s"][0], round(at_s, 4)]
    for low, high, shot in ((0.0, share, first), (share, 1.0, second)):
        for curves in (shot["curves"], shot["camera"]["curves"]):
            for name, keys in curves.items():
                curves[name] = part_of(keys, low, high)
        shot["brushes"] = [brush | {"start": max(0.0, (brush["start"] - low) / (high - low)),
                                    "end": min(1.0, (brush["end"] - low) / (high - low))}
                           for brush in shot["brushes"] if brush["end"] > low and brush["start"] < high]
    made.shots.insert(k + 1, second)
    relink(made, [n if n <= k else n + 1 for n in range(len(made.shots) - 1)])


def part_of(keys: Sequence[Sequence[float]], low: float, high: float) -> Keys:
    """The keys of a curve between two shares of a shot, as shares of that part."""
    us, vs = [float(key[0]) for key in keys], [float(key[1]) for key in keys]
    ends = [float(v) for v in np.interp([low, high], us, vs)]
    middle = [[round((u - low) / (high - low), 4), v] for u, v in zip(us, vs, strict=True) if low < u < high]
    return [[0.0, round(ends[0], 4)], *middle, [1.0, round(ends[1], 4)]]


def fresh_id(made: Changed, wanted: str) -> str:
    """An id that no shot has."""
    taken, name, n = {shot["id"] for shot in made.shots}, wanted[:28], 2
    while name in taken:
        name, n = f"{wanted[:28]}{n}", n + 1
    return name


def relink(made: Changed, new_at: Sequence[int | None]) -> None:
    """Couplings that name a shot by number follow it; those of a shot that is gone go too."""
    out: list[dict[str, Any]] = []
    for link in made.document["links"]:
        found = re.match(r"/shots/(\d+)(/.*)", link["to"])
        at = new_at[int(found[1])] if found and int(found[1]) < len(new_at) else None
        if found is None:
            out.append(link)
        elif at is not None:
            out.append(link | {"to": f"/shots/{at}{found[2]}"})
    made.document["links"] = out


def places(shot: dict[str, Any], pointer: str) -> list[tuple[str, dict[str, Any], str]]:
    """(concrete pointer, owner, key) of every number a pointer with `*` stands for."""
    *path, key = pointer.strip("/").split("/")
    owners: list[tuple[str, Any]] = [("", shot)]
    for part in path:
        owners = [one for base, owner in owners for one in (
            [(f"{base}/{i}", item) for i, item in enumerate(owner)] if part == "*" else
            [(f"{base}/{part}", owner[int(part) if isinstance(owner, list) else part])])]
    return [(f"{base}/{key}", owner, key) for base, owner in owners]


def turn(shot: dict[str, Any], pointer: str, way: Callable[[float], float], within: Window = (0.0, 1.0),
         usual: float = 0.0) -> bool:
    """Turns the number at a concrete pointer for a part of a shot; whether it moved. usual: what it is where the
    Direction leaves it open."""
    [(_, owner, key)] = places(shot, pointer)
    given = owner.get(key)
    if given is None:
        look = STYLE_NEUTRAL | STYLES.get(shot["world"]["look"], {})
        given = look.get(key, usual) if pointer.startswith("/world/style/") else usual
    base = float(given)
    keys: Keys | None = shot["curves"].get(pointer)
    start, end = within
    if start <= 0 and end >= 1:
        turned = [[u, round(way(v), 4)] for u, v in keys] if keys else None
        after = round(way(base), 4)
        moved = after != round(base, 4) or (turned is not None and turned != [list(key) for key in keys or ()])
        if moved:
            owner[key] = after
            if turned is not None:
                shot["curves"][pointer] = turned
                if len({v for _, v in turned}) == 1:
                    del shot["curves"][pointer]
                    owner[key] = turned[0][1]
        return moved
    us = [float(k[0]) for k in keys] if keys else [0.0, 1.0]
    vs = [float(k[1]) for k in keys] if keys else [base, base]

    def was(u: float) -> float:
        return float(np.interp(u, us, vs))

    new: dict[float, float] = {u: v for u, v in zip(us, vs, strict=True) if u < start or u > end}
    new |= {u: way(v) for u, v in zip(us, vs, strict=True) if start < u < end}
    if start > 0:
        new[start] = was(start)
        new[round(min(start + SOFT, end), 4)] = way(was(min(start + SOFT, end)))
    else:
        new[0.0] = way(was(0.0))
    if end < 1:
        new[end] = way(was(end))
        new[round(min(1.0, end + SOFT), 4)] = was(min(1.0, end + SOFT))
    else:
        new[1.0] = way(was(1.0))
    rounded = [[u, round(v, 4)] for u, v in sorted(new.items())]
    if all(abs(v - was(u)) < 1e-4 for u, v in rounded):
        return False
    shot["curves"][pointer] = rounded
    return True


def put(shot: dict[str, Any], pointer: str, value: float, within: Window = (0.0, 1.0), usual: float = 0.0) -> bool:
    """Sets the number at a pointer for a part of a shot; whether anything changed."""
    return turn(shot, pointer, lambda _: value, within, usual)


def style_bounds(name: str) -> Window:
    return STYLE_BOUNDS.get(name, (0.0, 1.0))


__all__ = ["WHOLE", "Changed", "Where", "inside", "opened", "patch_of", "places", "put", "relink", "split", "turn",
           "whole_inside"]
