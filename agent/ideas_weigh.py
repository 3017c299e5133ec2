"""What an idea is worth: how surprising its world is to the world model, in bits, as long as it hangs together.

Surprise and coherence are those of agent/surprising.py: bits a step above what is typical of the take's words, and how
plausible the world is without words, beside the take itself. The pictures have a say before the model has.
"""

from __future__ import annotations

from collections.abc import Generator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from threading import Lock
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from agent.ideas_afar import Afar, Seen, Wanted, glance
from agent.ideas_excerpt import FPS, Excerpt, Signals, excerpt, shots_shown
from agent.ideas_pictures import SIZE_PX, Look, distance, look_at, readable, structure
from agent.ideas_types import Made, Scene
from world_model.sim.picture import Renderer

if TYPE_CHECKING:
    import torch

    from world_model.joint.pipeline import WorldPipeline
    from world_model.joint.surprise import Typical

Floats = NDArray[np.float64]
WORKERS = 2
# The model is shown the middle two seconds: it is what takes the time.
STEPS = 8
# The model halves the coherence for every margin (three spreads of its own plain samples) by which a world is less
# likely. Under the first floor an idea pays for it, under the second it is not shown: seven halvings and a half. A film
# on the weirdness dial stays above 0.5; with that floor no idea turns a world upside down or makes a fox a giant.
COHERENCE_FLOOR, LEAST_COHERENCE = 0.25, 0.005
READABLE = 0.6
# Nearer to what was tried than this is no idea.
LEAST_DISTANCE = 0.3
# So much of it must be left in grey: no palette swaps.
LEAST_STRUCTURE = 0.24
# A penalty for each unit under a floor; surprise itself is worth up to 1.
PENALTY = 2.0


@dataclass(frozen=True)
class Weighed:
    """A made idea with its excerpt and what was measured of it. glance: its look by one or two pictures, look: the
    closest look that was taken; distance: from the nearest of everything tried; value: the objective. surprise_bits and
    coherence are nan where the picture had already been refused."""

    made: Made
    shown: Excerpt
    glance: Look
    look: Look
    distance: float
    readable: float
    surprise_bits: float
    coherence: float
    value: float

    @property
    def good(self) -> bool:
        return self.readable >= READABLE and self.coherence >= LEAST_COHERENCE and self.distance >= LEAST_DISTANCE


@dataclass(frozen=True)
class Usual:
    """What the model makes of the take: Typical of its words, and its own bits a step with and without them."""

    typical: Typical
    bits: float
    open_bits: float


class Scales:
    """Weighs ideas for one take, on two threads; the model is fetched while the first pictures are drawn."""

    def __init__(self, scene: Scene, words: Sequence[str], signals: Signals | None, tried: Sequence[Look] = (),
                 afar: Afar | None = None) -> None:
        self.scene, self.words, self.signals, self._afar = scene, list(words), signals, afar
        self._lock = Lock()
        self._renderers = [Renderer(SIZE_PX, threads=1) for _ in range(WORKERS)]
        self._pool = ThreadPoolExecutor(WORKERS, initializer=_alone)
        self._fetching = ThreadPoolExecutor(1, initializer=_alone)
        self._opened = self._fetching.submit(_opened)
        self.shown = excerpt(scene.direction, shots_shown(scene.direction, scene, None), signals)
        self._usual = self._fetching.submit(self._take)
        self.look = look_at(self.shown, self._renderers[0])
        self.tried = (self.look, *tried)

    @property
    def usual(self) -> Usual:
        """Raises ValueError where the world model's weights are not here."""
        return self._usual.result()

    def close(self) -> None:
        """Let the threads go; nothing can be weighed afterwards."""
        self._pool.shutdown(cancel_futures=True)
        self._fetching.shutdown(cancel_futures=True)

    def _take(self) -> Usual:
        from world_model.joint.surprise import bits, typical

        pipeline, streams = self._opened.result(), self._streams([self.shown])
        usual = typical(pipeline, self.words, wanted=tuple(streams), steps=next(iter(streams.values())).shape[1])
        return Usual(usual, float(bits(pipeline, streams, self.words)[0]), float(bits(pipeline, streams)[0]))

    def glances(self, ideas: Sequence[Made]) -> list[Look | None]:
        """Only how ideas look at a glance, in their order; None for those that cannot be rolled out."""
        return [None if one is None else one[2] for one in self._all_seen(ideas)]

    def closely(self, ideas: Sequence[Weighed]) -> list[Weighed]:
        """The ideas with a closer look, from the beginning to the end of what is shown; those that cannot be read all
        the way, or turn out to be near to what was tried, are left out."""
        def again(one: Weighed) -> Weighed:
            look, clear = self._look(one.made, one.shown)
            return replace(one, look=look, readable=clear, distance=self._far(look))
        return [one for one in self._pool.map(again, ideas) if one.good]

    def weigh(self, ideas: Sequence[Made], every: bool = False) -> list[Weighed]:
        """The ideas, weighed, in their order. Those that cannot be rolled out are left out. The model is asked only
        about those that a picture does not rule out already, or about `every` one."""
        seen = [one for one in self._all_seen(ideas) if one is not None]
        fit = [k for k, (_, _, _, far, clear) in enumerate(seen)
               if every or (clear >= READABLE and far >= LEAST_DISTANCE)]
        asked, unasked = self._bits([seen[k][1] for k in fit]) if fit else (np.zeros(0), np.zeros(0))
        at = {k: n for n, k in enumerate(fit)}
        out: list[Weighed] = []
        for k, (one, shown, look, far, clear) in enumerate(seen):
            if k not in at:
                out.append(Weighed(one, shown, look, look, far, clear, float("nan"), float("nan"), -PENALTY + clear))
                continue
            bits, coherent = float(asked[at[k]]) - self.usual.typical.mean, self._coherent(float(unasked[at[k]]))
            out.append(Weighed(one, shown, look, look, far, clear, bits, coherent, self._value(bits, coherent, clear)))
        return out

    def _value(self, bits: float, coherent: float, clear: float) -> float:
        from world_model.joint.weird import full_bits

        usual = self.usual
        above = (bits - (usual.bits - usual.typical.mean)) / full_bits(usual.typical)
        return float(np.clip(above, -0.5, 1.0)) - PENALTY * max(0.0, COHERENCE_FLOOR - coherent) - (1.0 - clear)

    def _coherent(self, open_bits: float) -> float:
        from world_model.joint.weird import coherence

        usual = self.usual
        return coherence(open_bits - usual.open_bits + usual.typical.open_mean, usual.typical)

    def _all_seen(self, ideas: Sequence[Made]) -> list[tuple[Made, Excerpt, Look, float, float] | None]:
        """Every idea with what is shown of it, its look, how far that is and how clear; None where it cannot be rolled
        out."""
        wanted = [self._wanted(one) for one in ideas]
        found = self._afar.glances([one for one in wanted if one is not None], self.signals) if self._afar else \
            list(self._pool.map(self._glance, [one for one in wanted if one is not None]))
        looks = iter(found)
        out: list[tuple[Made, Excerpt, Look, float, float] | None] = []
        for made, one in zip(ideas, wanted, strict=True):
            seen = None if one is None else next(looks)
            out.append(None if seen is None else (made, *seen, self._far(seen[1]), self._clear(made, seen[1])))
        return out

    def _wanted(self, one: Made) -> Wanted | None:
        try:
            return Wanted(one.direction, shots_shown(one.direction, self.scene, one),
                          any(move.turned for move in one.moves))
        except (ValueError, LookupError):
            return None

    def _glance(self, one: Wanted) -> Seen:
        with self._renderer() as renderer:
            return glance(one, self.signals, renderer)

    def _look(self, one: Made, shown: Excerpt) -> tuple[Look, float]:
        with self._renderer() as renderer:
            look = look_at(shown, renderer, True)
        return look, self._clear(one, look)

    @contextmanager
    def _renderer(self) -> Generator[Renderer]:
        with self._lock:
            renderer = self._renderers.pop()
        try:
            yield renderer
        finally:
            with self._lock:
                self._renderers.append(renderer)

    def _clear(self, one: Made, look: Look) -> float:
        return readable(look, self.scene.body is not None and not _leaves(one), self.look)

    def _far(self, look: Look) -> float:
        """How far from everything tried; 0 where only colour and light tell them apart."""
        if min(structure(look, other) for other in self.tried) < LEAST_STRUCTURE:
            return 0.0
        return min(distance(look, other) for other in self.tried)

    def _bits(self, shown: Sequence[Excerpt]) -> tuple[Floats, Floats]:
        """(bits under the words, bits without words), the two side by side."""
        streams = self._streams(shown)
        if self._afar is not None:
            asked, unasked = self._afar.bits({name: value.numpy() for name, value in streams.items()}, (self.words, ()))
            return asked, unasked
        asked, unasked = (self._pool.submit(self._bits_of, streams, words) for words in (self.words, ()))
        return asked.result(), unasked.result()

    def _bits_of(self, streams: dict[str, torch.Tensor], words: Sequence[str]) -> Floats:
        from world_model.joint.surprise import bits

        return bits(self._opened.result(), streams, words).numpy().astype(np.float64)

    def _streams(self, shown: Sequence[Excerpt]) -> dict[str, torch.Tensor]:
        import torch

        from world_model.streams.from_state import state_streams

        middle = slice(STEPS // 2, STEPS // 2 + STEPS)
        each = [{name: value[middle] for name, value in state_streams(one.rows, FPS).items()} for one in shown]
        return {name: torch.from_numpy(np.stack([one[name] for one in each])) for name in each[0]}


def _opened() -> WorldPipeline:
    from world_model.joint.shipped import open_world

    return open_world("small")


def _leaves(made: Made) -> bool:
    """Whether it is the very idea that the subject is not there, or not the one that is looked at."""
    return any(move.name == "it leaves" or move.name.startswith("carried by") for move in made.moves)


def _alone() -> None:
    """One thread each: with two workers torch's own pool would only wait for a core, and burn another meanwhile."""
    import torch

    torch.set_num_threads(1)
