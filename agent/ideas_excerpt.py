"""Four seconds that stand for a film: its key shot, or a few shots in a row where the idea lies in the cuts.

The excerpt is what an idea is measured on and what its moving thumbnail shows. A shot comes out the same whatever
stands before it (world_model/sim/rollout.py), so it need not be rolled out with the rest of the film.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from agent.direction import Direction, Link, Shot, Span
from agent.ideas_types import Made, Scene
from agent.unroll import unroll
from agent.unroll_spans import spans_s
from world_model.sim.picture import packed_rows

Signals = Mapping[str, NDArray[np.float32]]
Rows = NDArray[np.float32]
# As long as the world model's own window, at the rate of its streams.
LENGTH_S, FPS = 4.0, 12
RATE_HZ = 50.0
MOST_SHOTS = 4


@dataclass(frozen=True)
class Excerpt:
    """rows (48, 328) of state at 12 a second; shots: how many there are in it, of one length; whole: whether the change
    lies in its course, so that all of it must be seen."""

    rows: Rows
    shots: int
    whole: bool

    @property
    def mark(self) -> tuple[int, ...]:
        """The one or two rows that tell most: the middle, the end of a change, or two shots of several."""
        count = len(self.rows)
        if self.shots > 1:
            return tuple(int(count * (n + 0.5) / self.shots) for n in (0, self.shots - 1))
        return (int((0.92 if self.whole else 0.5) * count),)

    @property
    def marks(self) -> tuple[int, ...]:
        """Rows over all of what is shown: the middle of every shot, or beginning, middle and end of one."""
        count = len(self.rows)
        if self.shots > 1:
            return tuple(int(count * (n + 0.5) / self.shots) for n in range(self.shots))
        return tuple(int(u * count) for u in ((0.1, 0.5, 0.92) if self.whole else (0.3, 0.5, 0.7)))


def shots_shown(direction: Direction, scene: Scene, made: Made | None) -> tuple[int, ...]:
    """Which shots of a Direction stand for it: the key shot, unless the idea lies in the cuts or later."""
    count = len(direction.shots)
    if count != len(scene.direction.shots):
        return (0,)
    moves = made.moves if made else ()
    if any(move.gene == "story" for move in moves):
        first = min(scene.key, max(0, count - MOST_SHOTS))
        return tuple(range(first, min(count, first + MOST_SHOTS)))
    return (scene.key,)


def excerpt(direction: Direction, shots: Sequence[int], signals: Signals | None, whole: bool = False) -> Excerpt:
    """The excerpt of some shots. signals: curves of the film's music at RATE_HZ. Raises ValueError as unroll does."""
    short, heard = short_film(direction, shots, signals, FPS)
    short = short.model_copy(update={"links": tuple(link for link in links_of(direction, shots) if link is not None)})
    return Excerpt(packed_rows(unroll(short, heard, RATE_HZ).state), len(shots), whole or len(shots) > 1)


def short_film(direction: Direction, shots: Sequence[int], signals: Signals | None, fps: int
               ) -> tuple[Direction, Signals | None]:
    """(a film of LENGTH_S of some shots, of one length and cut hard, what the music does in them). Its links are still
    those of the whole."""
    each_s = LENGTH_S / len(shots)
    starts = spans_s(direction)
    cut: list[Shot] = []
    heard: dict[str, list[NDArray[np.float32]]] = {}
    for n, k in enumerate(shots):
        cut.append(direction.shots[k].model_copy(update={
            "span": Span(s=(n * each_s, (n + 1) * each_s)), "cut": "hard", "ending": "hard"}))
        for name, curve in (signals or {}).items():
            count = round(each_s * RATE_HZ)
            at = min(max(0, round(starts[k][0] * RATE_HZ)), max(0, len(curve) - count))
            heard.setdefault(name, []).append(np.resize(curve[at:at + count], count))
    short = direction.model_copy(update={
        "shots": tuple(cut), "duration_s": LENGTH_S, "grid": direction.grid.model_copy(update={"fps": fps}),
        "music": direction.music.model_copy(update={"downbeats_s": (), "first_downbeat_s": 0.0, "sections": ()})})
    return short, {name: np.concatenate(parts) for name, parts in heard.items()} or None


def links_of(direction: Direction, shots: Sequence[int]) -> list[Link | None]:
    """Every link of the film as it reaches these shots by their new numbers; None where it reaches none of them."""
    out: list[Link | None] = []
    for link in direction.links:
        tokens = link.to.split("/")
        if tokens[2] == "*":
            out.append(link)
        elif tokens[2].isdecimal() and int(tokens[2]) in shots:
            tokens[2] = str(list(shots).index(int(tokens[2])))
            out.append(link.model_copy(update={"to": "/".join(tokens)}))
        else:
            out.append(None)
    return out


def signals_of(direction: Direction, given: Signals | None = None, given_hz: float = RATE_HZ) -> Signals | None:
    """The curves of a film's music at RATE_HZ: of its own score, or `given` ones of a recording."""
    if given is not None:
        count = max(1, round(len(next(iter(given.values()))) / given_hz * RATE_HZ))
        at = np.arange(count) / RATE_HZ
        return {name: np.interp(at, np.arange(len(curve)) / given_hz, curve).astype(np.float32)
                for name, curve in given.items()}
    if direction.score is None:
        return None
    from world_model.sim.compose import compose
    from world_model.sim.signals import signals

    return signals(compose(direction.score, direction.duration_s), direction.duration_s, RATE_HZ)
