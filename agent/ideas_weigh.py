"""What an idea is worth: how surprising its world is to the world model, in bits, as long as it hangs together.

Surprise and coherence are those of agent/surprising.py: bits a step above what is typical of the take's words, and how
plausible the world is without words, beside the take itself. The pictures have a say before the model has.
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from threading import Lock
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from agent.ideas_excerpt import FPS, Excerpt, Signals, excerpt, shots_shown
from agent.ideas_pictures import SIZE_PX, Look, distance, look_at, readable
from agent.ideas_types import Made, Scene
from world_model.sim.picture import Renderer

if TYPE_CHECKING:
    import torch

    from world_model.joint.pipeline import WorldPipeline
    from world_model.joint.surprise import Typical

Floats = NDArray[np.float64]
WORKERS = 2
# An idea may hang together less than a film at any setting of the weirdness dial does (0.5), but not much less.
COHERENCE_FLOOR = 0.25
READABLE = 0.6
# Nearer to what was tried than this is no idea.
LEAST_DISTANCE = 0.3
# A penalty for each unit under a floor; surprise itself is worth up to 1.
PENALTY = 2.0


@dataclass(frozen=True)
class Weighed:
    """A made idea with its excerpt and what was measured of it. distance: from the nearest of everything tried.
    value: the objective. surprise_bits and coherence are nan where the picture had already been refused."""

    made: Made
    shown: Excerpt
    look: Look
    distance: float
    readable: float
    surprise_bits: float
    coherence: float
    value: float

    @property
    def good(self) -> bool:
        return self.readable >= READABLE and self.coherence >= COHERENCE_FLOOR and self.distance >= LEAST_DISTANCE


class Scales:
    """Weighs ideas for one take. Raises ValueError where the world model's weights are not here."""

    def __init__(self, scene: Scene, words: Sequence[str], signals: Signals | None, tried: Sequence[Look] = ()
                 ) -> None:
        from world_model.joint.shipped import open_world

        self.scene, self.words, self.signals = scene, list(words), signals
        self._lock = Lock()
        self._renderers = [Renderer(SIZE_PX, threads=1) for _ in range(WORKERS)]
        self._pool = ThreadPoolExecutor(WORKERS, initializer=_alone)
        self.pipeline: WorldPipeline = open_world("small")
        self.shown = excerpt(scene.direction, shots_shown(scene.direction, scene, None), signals)
        self.look = look_at(self.shown, self._renderers[0])
        self.tried = (self.look, *tried)
        self.usual, self.bits, self._open_bits = self._pool.submit(self._take).result()

    def close(self) -> None:
        """Let the threads go; nothing can be weighed afterwards."""
        self._pool.shutdown()

    def _take(self) -> tuple[Typical, float, float]:
        from world_model.joint.surprise import typical

        streams = self._streams([self.shown])
        usual = typical(self.pipeline, self.words, wanted=tuple(streams), steps=next(iter(streams.values())).shape[1])
        asked, unasked = (self._bits_of(streams, words) for words in (self.words, ()))
        return usual, float(asked[0]), float(unasked[0])

    def weigh(self, ideas: Sequence[Made]) -> list[Weighed]:
        """The ideas, weighed, in their order. Those that cannot be rolled out are left out."""
        seen = [one for one in self._pool.map(self._seen, ideas) if one is not None]
        fit = [k for k, (_, _, _, far, clear) in enumerate(seen) if clear >= READABLE and far >= LEAST_DISTANCE]
        asked, unasked = self._bits([seen[k][1] for k in fit]) if fit else (np.zeros(0), np.zeros(0))
        at = {k: n for n, k in enumerate(fit)}
        out: list[Weighed] = []
        for k, (one, shown, look, far, clear) in enumerate(seen):
            if k not in at:
                out.append(Weighed(one, shown, look, far, clear, float("nan"), float("nan"), -PENALTY + clear))
                continue
            bits, coherent = float(asked[at[k]]) - self.usual.mean, self._coherent(float(unasked[at[k]]))
            out.append(Weighed(one, shown, look, far, clear, bits, coherent, self._value(bits, coherent, clear)))
        return out

    def _value(self, bits: float, coherent: float, clear: float) -> float:
        from world_model.joint.weird import full_bits

        above = (bits - (self.bits - self.usual.mean)) / full_bits(self.usual)
        return float(np.clip(above, -0.5, 1.0)) - PENALTY * max(0.0, COHERENCE_FLOOR - coherent) - (1.0 - clear)

    def _coherent(self, open_bits: float) -> float:
        from world_model.joint.weird import coherence

        return coherence(open_bits - self._open_bits + self.usual.open_mean, self.usual)

    def _seen(self, one: Made) -> tuple[Made, Excerpt, Look, float, float] | None:
        try:
            shown = excerpt(one.direction, shots_shown(one.direction, self.scene, one), self.signals,
                            any(move.turned for move in one.moves))
        except (ValueError, LookupError):
            return None
        with self._lock:
            renderer = self._renderers.pop()
        try:
            look = look_at(shown, renderer)
        finally:
            with self._lock:
                self._renderers.append(renderer)
        clear = readable(look, self.scene.body is not None and not _leaves(one), self.look)
        return one, shown, look, min(distance(look, other) for other in self.tried), clear

    def _bits(self, shown: Sequence[Excerpt]) -> tuple[Floats, Floats]:
        """(bits under the words, bits without words), the two side by side."""
        streams = self._streams(shown)
        asked, unasked = (self._pool.submit(self._bits_of, streams, words) for words in (self.words, ()))
        return asked.result(), unasked.result()

    def _bits_of(self, streams: dict[str, torch.Tensor], words: Sequence[str]) -> Floats:
        from world_model.joint.surprise import bits

        return bits(self.pipeline, streams, words).numpy().astype(np.float64)

    def _streams(self, shown: Sequence[Excerpt]) -> dict[str, torch.Tensor]:
        import torch

        from world_model.streams.from_state import state_streams

        each = [state_streams(one.rows, FPS) for one in shown]
        return {name: torch.from_numpy(np.stack([one[name] for one in each])) for name in each[0]}


def _leaves(made: Made) -> bool:
    """Whether it is the very idea that the subject is not there, or not the one that is looked at."""
    return any(move.name == "it leaves" or move.name.startswith("carried by") for move in made.moves)


def _alone() -> None:
    """One thread each: with two workers torch's own pool would only wait for a core, and burn another meanwhile."""
    import torch

    torch.set_num_threads(1)
