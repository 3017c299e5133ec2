"""Quality-diversity search for ideas: MAP-Elites (pyribs) over genomes of ideas_genome.

The archive keeps the best idea of each kind of picture: how far its look is from the take's, how the camera is tilted,
how large the subject is, how fast it goes by. So the search cannot spend itself on one good trick.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from threading import Event as Flag
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from agent.direction import Direction
from agent.ideas_genome import SIZE, decoded, fitting, made
from agent.ideas_types import Made, Scene
from agent.ideas_weigh import Scales, Weighed
from modalities.faults import Stopped, Unavailable

Floats = NDArray[np.float64]
# The first round is the largest: its pictures are drawn while the model is still being fetched.
FIRST, BATCH, ROUNDS = 20, 10, 3
# Look's distance from the take, tilt of the camera (rad), log10 of the subject's share, log10 of the pace.
DIMS = (5, 4, 4, 4)
RANGES = ((0.1, 1.1), (-0.8, 0.5), (-2.6, -0.5), (-1.6, 0.4))
# Steps of a child from its parent, and along the line to another elite: genomes lie in [0, 1].
STEP, LINE = 0.18, 0.35
AGAIN = 8
# What an idea gains at most by being to the creator's taste, in distance.
LIKED = 0.15


def searched(scales: Scales, scene: Scene, seed: int, stop: Flag, told: Callable[[int, int], None] | None = None,
             rounds: int = ROUNDS, batch: int = BATCH, first: int = FIRST) -> list[Weighed]:
    """Every idea that was weighed and is good enough to show, best first, one for each set of moves. The same take,
    seed and numbers give the same ideas. Raises Stopped; Unavailable where pyribs is not installed."""
    try:
        from ribs.archives import GridArchive
        from ribs.emitters import IsoLineEmitter
        from ribs.schedulers import Scheduler
    except ImportError:
        raise Unavailable("Ideas need pyribs, which is not installed here: pip install ribs.") from None
    moves = fitting(scene)
    archive: Any = GridArchive(solution_dim=SIZE, dims=DIMS, ranges=RANGES, seed=seed)
    start = np.random.default_rng([seed, 5]).random((first, SIZE))
    emitter: Any = IsoLineEmitter(archive, iso_sigma=STEP, line_sigma=LINE, initial_solutions=start,
                                  bounds=[(0.0, 1.0)] * SIZE, batch_size=batch, seed=seed)
    scheduler: Any = Scheduler(archive, [emitter])
    spare = np.random.default_rng([seed, 6])
    found: dict[str, Weighed] = {}
    for number in range(rounds):
        if stop.is_set():
            raise Stopped("The search for ideas was stopped; nothing was kept.")
        genomes = cast(Floats, scheduler.ask())
        ideas = [_idea(scene, genome, moves, found, spare) for genome in genomes]
        weighed = {id(one.made): one for one in scales.weigh([one for one in ideas if one is not None])}
        values, measures = np.full(len(genomes), -3.0), np.tile([low for low, _ in RANGES], (len(genomes), 1))
        for k, idea in enumerate(ideas):
            one = weighed.get(id(idea))
            if one is not None:
                values[k], measures[k] = one.value, measured(one, scales)
                found[said(one.made)] = one
        scheduler.tell(values, measures)
        if told is not None:
            told(number + 1, rounds)
    return sorted((one for one in found.values() if one.good), key=lambda one: (-one.value, said(one.made)))


def _idea(scene: Scene, genome: Floats, moves: dict[Any, Any], found: dict[str, Weighed], spare: np.random.Generator
          ) -> Made | None:
    """The idea of a genome; one that was weighed before is nudged until it says something new, in place."""
    for _ in range(AGAIN):
        heard, scope = decoded(genome, moves)
        idea = made(scene, heard, scope)
        if idea is not None and said(idea) not in found:
            return idea
        genome[:] = np.clip(genome + spare.normal(0.0, STEP, SIZE), 0.0, 1.0)
    return None


def said(idea: Made) -> str:
    """What tells one idea from another."""
    return f"{idea.scope} {sorted(move.name for move in idea.moves)}"


def measured(one: Weighed, scales: Scales) -> list[float]:
    """Where an idea lies in the archive."""
    from agent.ideas_pictures import distance

    look = one.look
    return [distance(look, scales.look), look.pitch_rad, float(np.log10(look.subject + 0.002)), look.motion]


def chosen(ideas: Sequence[Weighed], count: int, liking: Callable[[Direction], float] | None = None
           ) -> list[Weighed]:
    """`count` ideas that differ most from each other and from what was tried, the more valuable first among equals.

    One after another, each the one whose nearest neighbour (among what was tried and what is chosen) is farthest; an
    idea that repeats a move or a gene of another counts as nearer to it. What is to the creator's taste (liking) comes
    before what is equally far.
    """
    from agent.ideas_pictures import distance

    left, out = list(ideas), list[Weighed]()
    worth_of = {id(one): liking(one.made.direction) if liking else 0.0 for one in left}
    middle = sum(worth_of.values()) / max(1, len(left))
    liked = {name: math.tanh(0.5 * (worth - middle)) for name, worth in worth_of.items()}
    while left and len(out) < count:
        def worth(one: Weighed) -> float:
            near = min([one.distance, *(distance(one.look, other.look) * _apart(one, other) for other in out)])
            return near + 0.3 * one.value - 0.05 * (len(one.made.moves) - 1) + LIKED * liked[id(one)]
        best = max(left, key=worth)
        out.append(best)
        left = [one for one in left if one is not best]
    return out


def _apart(one: Weighed, other: Weighed) -> float:
    mine, theirs = ({move.name for move in w.made.moves} for w in (one, other))
    kinds, others = ({move.gene for move in w.made.moves} for w in (one, other))
    return 0.3 if mine & theirs else 0.6 if kinds & others else 1.0
