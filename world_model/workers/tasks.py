"""What workers do, and what they say of it: the seam between work and whoever does it.

A task is a generator function with frozen arguments: what it yields is progress, what it returns is its result. The
same function runs in this process (`InProcess`) or on another machine (`on_ray.OnRay`), and whoever asked for it cannot
tell which from the result.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass
from threading import Event as Flag
from typing import Any, Protocol

Work = Callable[..., Generator[Any, None, Any]]


class NoWorkers(RuntimeError):
    """There is no cluster, or it is gone, or nobody in it can do this: one sentence."""


class Halted(Exception):
    """The work was stopped by its flag."""


@dataclass(frozen=True)
class Place:
    """What a task needs of the worker that does it: cores, graphics cards, MB of main memory; nodes: only these, by
    their id, or any."""

    cpus: float = 1.0
    gpus: float = 0.0
    memory_mb: int = 0
    nodes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Task:
    """work(shared, *arguments): a generator function at the top of a module; everything it is given and gives can be
    pickled. name: what it is to a person."""

    work: Work
    arguments: tuple[Any, ...] = ()
    place: Place = Place()
    name: str = "a task"


@dataclass(frozen=True)
class Told:
    """Progress of task `number`, as its work yielded it. After a worker died it begins again."""

    number: int
    value: Any


@dataclass(frozen=True)
class Done:
    """Task `number` returned `result`; every task is done once."""

    number: int
    result: Any


@dataclass(frozen=True)
class Lost:
    """The worker of task `number` died; another does it from its beginning. why: one sentence."""

    number: int
    why: str


Event = Told | Done | Lost


@dataclass(frozen=True)
class Node:
    """One machine of a cluster."""

    id: str
    cpus: float
    gpus: float
    memory_mb: int


class Workers(Protocol):
    """Those who do tasks. Safe for several threads: runs of several callers are served in turn."""

    @property
    def nodes(self) -> tuple[Node, ...]:
        """The machines; waits until they are known. Raises NoWorkers."""
        ...

    @property
    def gone(self) -> bool:
        """Whether they are lost for good, or were let go."""
        ...

    def run(self, tasks: Sequence[Task], shared: Any = None, stop: Flag | None = None) -> Generator[Event]:
        """Every task to its end, side by side where there are several workers; events as they come. `shared` travels
        once. Raises what the work raises, Halted within half a second of `stop`, NoWorkers where the workers are gone
        or none could do it. Closing the generator gives up what is not done."""
        ...

    def close(self) -> None:
        """Let go; nothing can be run afterwards."""
        ...


class InProcess:
    """This process does it, one task after another."""

    @property
    def nodes(self) -> tuple[Node, ...]:
        return (Node("here", 1.0, 0.0, 0),)

    @property
    def gone(self) -> bool:
        return False

    def run(self, tasks: Sequence[Task], shared: Any = None, stop: Flag | None = None) -> Generator[Event]:
        for number, task in enumerate(tasks):
            work = task.work(shared, *task.arguments)
            try:
                while True:
                    if stop is not None and stop.is_set():
                        raise Halted
                    yield Told(number, next(work))
            except StopIteration as end:
                yield Done(number, end.value)
            finally:
                work.close()

    def close(self) -> None:
        return None


def results(events: Generator[Event], count: int) -> list[Any]:
    """What `count` tasks returned, in their order; progress is not listened to. Raises as `Workers.run`."""
    found: list[Any] = [None] * count
    for event in events:
        if isinstance(event, Done):
            found[event.number] = event.result
    return found
