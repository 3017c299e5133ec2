"""A genome of numbers to an idea: which of its genes speak, and what each says.

Two numbers a gene: how loudly it speaks and which of its moves it says; one more says where in the film it holds. The
loudest one to three genes are heard, so an idea stays one idea, and near genomes are near ideas.
"""

from __future__ import annotations

import jsonpatch
import numpy as np
from numpy.typing import NDArray
from pydantic import ValidationError

from agent import ideas_change, ideas_view, ideas_world
from agent.direction import Direction
from agent.edits import Patch
from agent.ideas_types import GENES, Document, Gene, Made, Move, Scene, Scope

Floats = NDArray[np.float64]
MOVES: tuple[Move, ...] = (*ideas_view.MOVES, *ideas_world.MOVES, *ideas_change.MOVES)
SIZE = 2 * len(GENES) + 1
HEARD = 0.78
MOST_HEARD = 3
# Where `from` begins on the last number of a genome.
LATER = 0.7
# Genes that write the same things; the louder one is heard.
RIVALS: tuple[frozenset[Gene], ...] = (frozenset({"viewpoint", "carried"}),)
# Those that frame the subject themselves are not framed again by others of these.
FRAMING = {"carried by", "its own back", "giant", "tiny", "a crowd", "only one", "against the sun", "no weight",
           "it dances", "straight above", "from far away"}


def fitting(scene: Scene) -> dict[Gene, tuple[Move, ...]]:
    """The moves that make sense for a take, by gene; genes with none are left out."""
    found: dict[Gene, tuple[Move, ...]] = {}
    for gene in GENES:
        moves = tuple(move for move in MOVES if move.gene == gene and move.fits(scene))
        if moves:
            found[gene] = moves
    return found


def decoded(genome: Floats, moves: dict[Gene, tuple[Move, ...]]) -> tuple[tuple[Move, ...], Scope]:
    """(one to three moves, loudest first, and where they hold) of a genome (SIZE,) in [0, 1]."""
    loud: dict[Gene, float] = {gene: float(genome[2 * k]) for k, gene in enumerate(GENES) if gene in moves}
    order: list[Gene] = sorted(loud, key=lambda gene: (-loud[gene], GENES.index(gene)))
    heard: list[Move] = []
    for gene in order:
        if heard and (loud[gene] < HEARD or len(heard) == MOST_HEARD):
            break
        at = min(1.0 - 1e-9, max(0.0, float(genome[2 * GENES.index(gene) + 1])))
        move = moves[gene][int(at * len(moves[gene]))]
        if not any(_rivals(move, one) for one in heard):
            heard.append(move)
    where = float(genome[-1])
    scope: Scope = "all" if where < LATER else "from"
    return tuple(heard), scope


def _rivals(move: Move, other: Move) -> bool:
    frames = [one for one in (move, other) if one.gene in ("viewpoint", "carried") or
              any(one.name.startswith(name) for name in FRAMING)]
    places = [one for one in (move, other) if one.gene == "world" or one.name in (
        "one place melts into another", "another world at every cut")]
    hours = [one for one in (move, other) if one.gene == "light" or "day" in one.name or "sun" in one.name]
    hands = [one for one in (move, other) if one.gene == "style" or one.name == "another hand at every cut"]
    return any(len(both) == 2 for both in (frames, places, hours, hands))


def made(scene: Scene, moves: tuple[Move, ...], scope: Scope) -> Made | None:
    """The Direction that moves lead to; None where they do not go together or change nothing."""
    before: Document = scene.direction.model_dump(mode="json")
    document: Document = scene.direction.model_dump(mode="json")
    count = len(scene.direction.shots)
    if count < 3:
        scope = "all"
    first = {"all": 0, "from": scene.key}[scope]
    # What lays the shots anew comes last: the others know them by number.
    for move in sorted(moves, key=lambda one: (one.whole, one.name == "one unbroken shot")):
        if move.whole:
            move.apply(document, scene, 0)
            continue
        for k in range(first, count):
            move.apply(document, scene, k)
    _let_go(before, document)
    try:
        direction = Direction.model_validate(document)
    except ValidationError:
        return None
    return Made(moves, scope, direction) if document != before else None


def _let_go(before: Document, after: Document) -> None:
    """A curve of the take's own would win over a number that an idea sets; it is let go where that number changed."""
    for old, new in zip(before["shots"], after["shots"], strict=False):
        for pointer in list(new["curves"]):
            if new["curves"][pointer] == old["curves"].get(pointer) and _at(old, pointer) != _at(new, pointer):
                del new["curves"][pointer]


def _at(shot: Document, pointer: str) -> object:
    at: object = shot
    for token in pointer.split("/")[1:]:
        if isinstance(at, dict):
            at = at.get(token)
        elif isinstance(at, list) and token.isdecimal() and int(token) < len(at):
            at = at[int(token)]
        else:
            return None
    return at


def patch_between(before: Direction, after: Direction) -> Patch:
    """The RFC 6902 patch from one Direction to another."""
    return jsonpatch.make_patch(before.model_dump(mode="json"), after.model_dump(mode="json")).patch
