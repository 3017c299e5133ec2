"""What moods come to on this piece: each is turned a little, and the outcomes are measured. Names for directions."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from agent.direction import Direction
from agent.talk_change import opened
from agent.talk_moods import MOODS
from agent.talk_moves import Dial, turn_dial
from agent.talk_places import Where
from ui_gen.answers import Answers, compressed

Floats = NDArray[np.float64]
STRENGTH = 1.5


def mood_name(dial: Dial) -> str:
    """"Dreamier", of a dial that says "it feels dreamier"."""
    said = dial.said[0].removeprefix("it feels ")
    return said[0].upper() + said[1:]


def with_mood(direction: Direction, dial: Dial, strength: float = STRENGTH) -> Direction:
    """The Direction turned towards a mood, all of it; shot sizes stay as they are."""
    made = opened(direction)
    still = replace(dial, turns=tuple(turn for turn in dial.turns if turn[1] != "scale"))
    turn_dial(made, still, 1, strength, Where(None))
    return Direction.model_validate(made.document)


def mood_directions(answers: Answers, still: Floats, pool: ThreadPoolExecutor, moods: Sequence[Dial] | None = None
                    ) -> list[tuple[str, Floats]]:
    """(name, (K,) answer) of every mood on this piece, compressed as the directions' own are."""
    dials = [dial for _, dial in MOODS] if moods is None else list(moods)
    told = [pool.submit(answers.of, with_mood(answers.probe.direction, dial)) for dial in dials]
    return [(mood_name(dial), compressed(one.result() - still)) for dial, one in zip(dials, told, strict=True)]
