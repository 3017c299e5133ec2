"""The shortest edit that leads to an idea: moves and operations that change nothing measurable are dropped."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from agent.direction import Direction
from agent.edits import Patch, apply_patch
from agent.ideas_excerpt import Signals, excerpt
from agent.ideas_genome import made, patch_between
from agent.ideas_pictures import distance
from agent.ideas_types import Made
from agent.ideas_weigh import Scales, Weighed
from modalities.faults import Unusable
from world_model.state import offsets

SHOT = re.compile(r"^/shots/(\d+)/")
# A move whose going changes the picture by less than this is not what the idea is about.
LEAST_MOVE = 0.06
# Numbers of the state that differ by less than this share of their range are the same.
LEAST_CHANGE = 0.01
TIMED = ("time_s", "shot")


def bare(ideas: Sequence[Weighed], scales: Scales) -> list[Weighed]:
    """The ideas with as few moves as show in their pictures: one that can be had without one of its moves is."""
    fewer: list[tuple[int, Made]] = []
    for k, one in enumerate(ideas):
        moves = one.made.moves
        for move in moves if len(moves) > 1 else ():
            idea = made(scales.scene, tuple(other for other in moves if other is not move), one.made.scope)
            if idea is not None:
                fewer.append((k, idea))
    best: dict[int, Made] = {}
    for (k, idea), look in zip(fewer, scales.glances([idea for _, idea in fewer]), strict=True):
        if look is not None and distance(look, ideas[k].glance) < LEAST_MOVE and k not in best:
            best[k] = idea
    out = list(ideas)
    for k, again in zip(best, scales.weigh(list(best.values())), strict=True):
        out[k] = again if again.good else ideas[k]
    return out


def shortened(before: Direction, after: Direction, signals: Signals | None) -> tuple[Patch, Direction]:
    """(patch, the Direction it leads to): the difference without operations that change no number of the state.

    Operations on the same field of several shots are tried together, on the first and the last of those shots.
    """
    patch = patch_between(before, after)
    groups: dict[str, list[int]] = {}
    for k, op in enumerate(patch):
        groups.setdefault(SHOT.sub("/shots/*/", op["path"]), []).append(k)
    kept = set(range(len(patch)))
    if len(before.shots) != len(after.shots):
        return patch, after
    rows: dict[int, NDArray[np.float32]] = {}

    def wanted(k: int) -> NDArray[np.float32]:
        if k not in rows:
            rows[k] = excerpt(after, [k], signals).rows
        return rows[k]

    for name, numbers in groups.items():
        shots = sorted({int(found[1]) for k in numbers if (found := SHOT.match(patch[k]["path"]))})
        if not shots or "-" in name.split("/"):
            continue
        trial = [patch[k] for k in sorted(kept - set(numbers))]
        try:
            without = apply_patch(before, trial, reason="")
            same = all(alike(excerpt(without, [k], signals).rows, wanted(k)) for k in {shots[0], shots[-1]})
        except (Unusable, ValueError, LookupError):
            continue
        if same:
            kept -= set(numbers)
    short = [patch[k] for k in sorted(kept)]
    return short, apply_patch(before, short, reason="")


def alike(a: NDArray[np.float32], b: NDArray[np.float32]) -> bool:
    """Whether two runs of rows (n, 328) are the same but for the clock, within LEAST_CHANGE of each number's range."""
    skip = np.zeros(a.shape[1], bool)
    for name in TIMED:
        skip[offsets()[name]] = True
    reach = np.maximum(np.abs(a).max(0), np.abs(b).max(0)) + 0.05
    return bool((np.abs(a - b).mean(0) / reach)[~skip].max() < LEAST_CHANGE)


__all__ = ["alike", "bare", "shortened"]
