"""Which machines of a cluster draw the same bytes: a film is drawn by machines of one kind, all with this very Beecam.

Single precision comes out differently in its last digit from one kind of processor to another, so pieces of different
kinds do not make one film.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Generator
from contextlib import suppress
from dataclasses import dataclass
from threading import Event as Flag
from threading import Lock, Thread
from typing import Any

from modalities.faults import Stopped, Unavailable, Unusable
from modalities.segments import made_with
from world_model.workers.tasks import Done, Event, Halted, NoWorkers, Place, Task, Workers

# An address that nobody answers at is not tried again at once: lists of engines ask for each.
ASK_AGAIN_S = 5.0


@dataclass(frozen=True)
class Kind:
    """made_on: what its machines are (segments.made_with), "" where that is what this machine is. nodes: those that
    draw, () for every one; with_code: those that have this very Beecam, () for every one. cores: of those that draw.
    """

    made_on: str
    nodes: tuple[str, ...]
    with_code: tuple[str, ...]
    cores: float
    note: str = ""


class Cluster:
    """Workers for films, reached when they are first needed and again after they were lost. tell: where a sentence for
    the creator goes. Safe for several threads."""

    def __init__(self, reach: Callable[[], Workers], tell: Callable[[str], None] = lambda sentence: None) -> None:
        self._reach, self.tell = reach, tell
        self._lock, self._connecting = Lock(), Lock()
        self._workers: Workers | None = None
        self._refused: tuple[float, Unavailable | Unusable] | None = None
        self._kind: tuple[frozenset[str], Kind] | None = None

    @property
    def workers(self) -> Workers:
        """Raises Unavailable, Unusable where there are none; who asks again at once gets the same answer."""
        with self._connecting:
            if self._workers is None or self._workers.gone:
                if self._refused is not None and time.monotonic() - self._refused[0] < ASK_AGAIN_S:
                    raise self._refused[1]
                try:
                    self._workers = self._reach()
                except (Unavailable, Unusable) as fault:
                    self._refused = time.monotonic(), fault
                    raise
            return self._workers

    @property
    def cores(self) -> float:
        """Of all its machines; waits until they are known. Raises Unavailable, Unusable."""
        try:
            return sum(node.cpus for node in self.workers.nodes)
        except NoWorkers as fault:
            raise Unavailable(str(fault)) from None

    def begin(self) -> None:
        """Reaches the workers at once, and lets them load what they draw with while a film is planned. Raises as
        `workers`."""
        workers = self.workers

        def warm() -> None:
            # Whoever needs them will say what is wrong.
            with suppress(Unavailable, Unusable, NoWorkers):
                kind = self.kind()
                one = Task(warmed, (), Place(1.0, 0.0, 0, kind.nodes), "warming up")
                for _ in workers.run([one] * int(kind.cores)):
                    pass

        Thread(target=warm, name="warm", daemon=True).start()

    def close(self) -> None:
        """Lets the workers go; they are reached again when they are needed again."""
        with self._connecting:
            if self._workers is not None:
                self._workers.close()

    def kind(self, stop: Flag | None = None) -> Kind:
        """The machines that draw; asked again where machines came or went. Raises Unavailable, Stopped."""
        with self._lock:
            try:
                nodes = self.workers.nodes
                there = frozenset(node.id for node in nodes)
                if self._kind is None or self._kind[0] != there:
                    asked = [node for node in nodes if node.cpus > 0]
                    tasks = [Task(made_here, (), Place(0.0, 0.0, 0, (node.id,) if len(nodes) > 1 else ()), "a survey")
                             for node in asked]
                    found: dict[str, tuple[str, float]] = {}
                    for event in self.workers.run(tasks, None, stop):
                        if isinstance(event, Done):
                            found[asked[event.number].id] = (event.result, asked[event.number].cpus)
                    kind = kind_of(found, made_with())
                    if kind.note:
                        self.tell(kind.note)
                    self._kind = (there, kind)
                return self._kind[1]
            except NoWorkers as fault:
                raise Unavailable(str(fault)) from None
            except Halted:
                raise Stopped("The run was stopped; nothing of this take was kept.") from None

    def run(self, tasks: list[Task], shared: Any, stop: Flag) -> Generator[Event]:
        """As Workers.run, in this room's words: raises Unavailable, Stopped, and what the work raises."""
        try:
            yield from self.workers.run(tasks, shared, stop)
        except NoWorkers as fault:
            raise Unavailable(str(fault)) from None
        except Halted:
            raise Stopped("The run was stopped; nothing of this take was kept.") from None


def made_here(shared: None) -> Generator[None, None, str]:
    """A task: what the machine that does it is."""
    yield None
    return made_with()


def warmed(shared: None) -> Generator[None, None, None]:
    """A task: everything that drawing needs is imported."""
    yield None
    import modalities.cluster.works
    import world_model.sim.picture

    assert modalities.cluster.works and world_model.sim.picture


def kind_of(found: dict[str, tuple[str, float]], here: str) -> Kind:
    """The kind with the most cores among machines with this very Beecam; this machine's where they are equal. found:
    (made_with, cores) by node; here: made_with of this machine. Raises NoWorkers where nobody has this Beecam."""
    mine = json.loads(here)
    told = {node: (json.loads(made), cores) for node, (made, cores) in found.items()}
    fit = {node: one for node, one in told.items() if one[0][:2] == mine[:2]}
    if not fit:
        raise NoWorkers(f"None of the {len(found)} machines of the cluster has this very Beecam with the same "
                        "packages; install the same commit on all of them.")
    kinds: dict[str, list[str]] = {}
    for node, (made, _) in fit.items():
        kinds.setdefault(json.dumps(made), []).append(node)
    cores = {made: sum(fit[node][1] for node in nodes) for made, nodes in kinds.items()}
    chosen = max(kinds, key=lambda made: (cores[made], made == json.dumps(mine), made))
    nodes = kinds[chosen]
    other = chosen != json.dumps(mine)
    notes: list[str] = []
    if len(fit) < len(found):
        notes.append(f"{len(found) - len(fit)} of {len(found)} machines have another Beecam or other packages and are "
                     "left out.")
    if len(nodes) < len(fit):
        notes.append(f"{len(fit) - len(nodes)} of {len(fit)} machines have other processors and draw no pieces: their "
                     "pictures differ in the last digit.")
    if other:
        notes.append(f"The film is drawn as {json.loads(chosen)[2]} draws it, in the last digit not as this machine "
                     "would.")
    return Kind(chosen if other else "", () if len(nodes) == len(found) else tuple(sorted(nodes)),
                () if len(fit) == len(found) else tuple(sorted(fit)), cores[chosen], " ".join(notes))
