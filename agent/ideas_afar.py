"""Ideas looked at, weighed and filmed by workers: the same functions, on other machines, to the same numbers.

Moves are functions and stay here; what travels are the Directions that they lead to.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from threading import Event as Flag
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from agent.direction import Direction
from agent.ideas_excerpt import Excerpt, Signals, excerpt
from agent.ideas_pictures import SIZE_PX, Look, look_at
from agent.ideas_preview import SIZE_PX as PREVIEW_PX
from agent.ideas_preview import film
from modalities.cluster.machines import Cluster
from modalities.cluster.placing import piece_place
from modalities.engine import Needs
from world_model.sim.picture import Renderer
from world_model.workers.tasks import Task, results

if TYPE_CHECKING:
    from world_model.joint.pipeline import WorldPipeline

Floats = NDArray[np.float64]
Streams = dict[str, NDArray[np.float32]]
Seen = tuple[Excerpt, Look] | None
# Of a worker that holds the small model and a renderer.
NEEDS = Needs(memory_mb=1000)


@dataclass(frozen=True)
class Wanted:
    """One look that is wanted: a Direction, its shots that are shown, and whether the change lies in their course."""

    direction: Direction
    shots: Any
    turned: bool


class Afar:
    """The workers of a cluster, at the service of a search. Raises Unavailable, Stopped."""

    def __init__(self, cluster: Cluster, stop: Flag) -> None:
        self._cluster, self._stop = cluster, stop

    def glances(self, wanted: Sequence[Wanted], signals: Signals | None) -> list[Seen]:
        """Each as `glance` sees it, in their order."""
        each = max(1, -(-len(wanted) // int(2 * max(1.0, self._cluster.kind(self._stop).cores))))
        parts = [tuple(wanted[k:k + each]) for k in range(0, len(wanted), each)]
        return [one for part in self._run([(glanced, (part,)) for part in parts], signals) for one in part]

    def bits(self, streams: Streams, words: Sequence[Sequence[str]]) -> list[Floats]:
        """The bits of all streams under each of several wordings, side by side."""
        return self._run([(measured_bits, (tuple(one),)) for one in words], streams)

    def films(self, shown: Sequence[Excerpt]) -> list[bytes]:
        """Moving thumbnails as MP4, in their order."""
        return self._run([(filmed, (one,)) for one in shown], None)

    def _run(self, works: Sequence[tuple[Callable[..., Any], tuple[Any, ...]]], shared: Any) -> list[Any]:
        place = piece_place(NEEDS, self._cluster.kind(self._stop).nodes)
        tasks = [Task(work, given, place, "ideas") for work, given in works]
        return results(self._cluster.run(tasks, shared, self._stop), len(tasks))


def glance(one: Wanted, signals: Signals | None, renderer: Renderer) -> Seen:
    """What is shown of a Direction and how it looks; None where it cannot be rolled out."""
    try:
        shown = excerpt(one.direction, one.shots, signals, one.turned)
    except (ValueError, LookupError):
        return None
    return shown, look_at(shown, renderer)


def glanced(signals: Signals | None, wanted: tuple[Wanted, ...]) -> Generator[int, None, list[Seen]]:
    """A task: several glances."""
    _alone()
    out: list[Seen] = []
    for number, one in enumerate(wanted):
        out.append(glance(one, signals, _renderer(SIZE_PX)))
        yield number + 1
    return out


def measured_bits(streams: Streams, words: tuple[str, ...]) -> Generator[int, None, Floats]:
    """A task: the bits a step of each of several worlds under the words."""
    import torch

    from world_model.joint.surprise import bits

    _alone()
    yield 0
    given = {name: torch.from_numpy(np.array(value)) for name, value in streams.items()}
    return bits(_model(), given, words).numpy().astype(np.float64)


def filmed(shared: None, shown: Excerpt) -> Generator[int, None, bytes]:
    """A task: the moving thumbnail of an excerpt."""
    _alone()
    yield 0
    with tempfile.TemporaryDirectory(prefix="beecam-idea-", ignore_cleanup_errors=True) as name:
        return film(shown, Path(name) / "idea.mp4", _renderer(PREVIEW_PX), Flag()).read_bytes()


@cache
def _renderer(size_px: tuple[int, int]) -> Renderer:
    return Renderer(size_px, threads=1)


@cache
def _model() -> WorldPipeline:
    from world_model.joint.shipped import open_world

    return open_world("small")


def _alone() -> None:
    """One thread of torch, as where ideas are weighed at home."""
    import torch

    if torch.get_num_threads() != 1:
        torch.set_num_threads(1)
