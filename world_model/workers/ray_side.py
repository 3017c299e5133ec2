"""The process that speaks Ray: python -m world_model.workers.ray_side FD, started by `on_ray.OnRay`. The only file that
imports ray.

Ray takes over the process it lives in: it starts threads, sets handlers, and ends the process when its head is lost. So
it has one of its own, and the program that asked sees a pipe that closes. Bytes only pass through here; tasks and
results are pickled and unpickled at the ends.

In: ("run", run, shared, [(task, cpus, gpus, memory_mb, nodes), ...]), ("stop", run), ("close",).
Out: ("nodes", [(id, cpus, gpus, memory_mb), ...]), ("refused", sentence), ("gone", sentence), ("beat",), and of a run
("item", run, number, bytes), ("lost", run, number, why), ("failed", run, number, why).
"""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import sys
import time
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from typing import Any

# How often a task is begun anew after its worker died.
AGAIN = 3
BEAT_S = 0.5
LOOK_S = 0.02
# So many tasks for every core are handed to Ray; the others wait here, where they can be dropped and taken in turn.
AHEAD = 2.0
STORE_BYTES = 256 << 20


@dataclass
class _Run:
    """Tasks of one caller that Ray has not seen yet; running: Ray's generators by number."""

    shared: Any
    tasks: dict[int, tuple[Any, ...]]
    waiting: deque[int]
    lost: dict[int, int] = field(default_factory=dict)


def carry(shared: bytes, own: bytes) -> Iterator[bytes]:
    """What a worker of Ray runs."""
    from world_model.workers.carrying import carried

    yield from carried(shared, own)


class Side:
    """Takes orders from one pipe until it closes."""

    def __init__(self, pipe: Connection, ray: Any, errors: Any) -> None:
        self._pipe, self._ray, self._errors = pipe, ray, errors
        # Ray's own retries are silent and would begin a stream of progress anew.
        self._remote = ray.remote(max_retries=0, num_returns="streaming")(carry)
        self._runs: dict[int, _Run] = {}
        self._running: dict[Any, tuple[int, int]] = {}
        self._cpus = 1.0
        self._turn = 0
        self._told = 0.0

    def serve(self) -> None:
        """Until the pipe closes or says so. Raises EOFError, OSError where nobody listens any more."""
        self._look_at_nodes(first=True)
        while True:
            idle = not self._running
            while self._pipe.poll(BEAT_S if idle and not self._any_waiting() else 0.0):
                if not self._obey(self._pipe.recv()):
                    return
                idle = False
            self._hand_out()
            self._collect()
            if time.monotonic() - self._told > BEAT_S:
                self._told = time.monotonic()
                self._pipe.send(("beat",))
                self._look_at_nodes()

    def _any_waiting(self) -> bool:
        return any(run.waiting for run in self._runs.values())

    def _obey(self, order: tuple[Any, ...]) -> bool:
        if order[0] == "close":
            return False
        if order[0] == "stop":
            self._runs.pop(order[1], None)
            for reference, (run, _) in list(self._running.items()):
                if run == order[1]:
                    del self._running[reference]
                    # It may have ended meanwhile.
                    with contextlib.suppress(Exception):
                        self._ray.cancel(reference)
        elif order[0] == "run":
            _, run, shared, tasks = order
            self._runs[run] = _Run(self._ray.put(shared), dict(enumerate(tasks)), deque(range(len(tasks))))
        return True

    def _hand_out(self) -> None:
        """Tasks to Ray, of each run in turn."""
        while len(self._running) < AHEAD * self._cpus:
            ready = [run for run, one in self._runs.items() if one.waiting]
            if not ready:
                return
            self._turn += 1
            run = ready[self._turn % len(ready)]
            one = self._runs[run]
            number = one.waiting.popleft()
            own, cpus, gpus, memory_mb, nodes = one.tasks[number]
            chosen = {"ray.io/node-id": f"in({','.join(nodes)})"} if nodes else None
            remote = self._remote.options(num_cpus=cpus, num_gpus=gpus, memory=memory_mb << 20, label_selector=chosen)
            self._running[remote.remote(one.shared, own)] = (run, number)

    def _collect(self) -> None:
        if not self._running:
            return
        ready, _ = self._ray.wait(list(self._running), num_returns=len(self._running), timeout=LOOK_S)
        for reference in ready:
            run, number = self._running[reference]
            one = self._runs[run]
            try:
                self._pipe.send(("item", run, number, self._ray.get(next(reference))))
            except StopIteration:
                del self._running[reference], one.tasks[number]
                if not one.tasks:
                    del self._runs[run]
            except (EOFError, OSError):
                raise
            except Exception as fault:
                del self._running[reference]
                self._lost(run, one, number, fault)

    def _lost(self, run: int, one: _Run, number: int, fault: Exception) -> None:
        errors = self._errors
        dead = isinstance(fault, (errors.WorkerCrashedError, errors.OutOfMemoryError, errors.NodeDiedError,
                                  errors.ObjectLostError, errors.OwnerDiedError, errors.LocalRayletDiedError))
        why = "ran out of memory" if isinstance(fault, errors.OutOfMemoryError) else "died"
        if dead and one.lost.get(number, 0) < AGAIN:
            one.lost[number] = one.lost.get(number, 0) + 1
            one.waiting.appendleft(number)
            self._pipe.send(("lost", run, number, why))
        elif dead:
            self._pipe.send(("failed", run, number, f"its worker {why} {AGAIN + 1} times"))
        else:
            said = " ".join(str(getattr(fault, "cause", None) or fault).split())
            self._pipe.send(("failed", run, number, f"{type(fault).__name__}: {said[-300:]}"))

    def _look_at_nodes(self, first: bool = False) -> None:
        """Tells of the machines that are there, when they have changed; ends this process where none is left."""
        alive = [node for node in self._ray.nodes() if node.get("Alive")]
        if not alive:
            self._pipe.send(("gone", "none of its machines answers any more"))
            self._pipe.close()
            os._exit(1)
        nodes = [(node["NodeID"], float(node["Resources"].get("CPU", 0.0)), float(node["Resources"].get("GPU", 0.0)),
                  int(node["Resources"].get("memory", 0)) >> 20) for node in alive]
        cpus = max(1.0, sum(one[1] for one in nodes))
        if first or cpus != self._cpus:
            self._pipe.send(("nodes", nodes))
        self._cpus = cpus


def loopback_only(address: str) -> bool:
    """Whether a cluster at a loopback address listens there only; Ray would ask for it at this machine's own."""
    host, _, port = address.rpartition(":")
    if host not in ("127.0.0.1", "localhost", "[::1]"):
        return False
    try:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
            # Nothing is sent: the system only says from which address it would be.
            probe.connect(("192.0.2.1", 9))
            own = probe.getsockname()[0]
        socket.create_connection((own, int(port)), 1.0).close()
        return False
    except OSError:
        return True


def main(words: list[str]) -> int:
    """FD: the pipe; ADDRESS: of a cluster, or "local" to start one here with CORES."""
    pipe, address, cores = Connection(int(words[0])), words[1], int(words[2])
    # Ctrl-C is for the program that asked; it says what is to be done.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if address == "local" or loopback_only(address):
        # Ray then takes the loopback address, here as on a laptop: nobody else can reach this cluster.
        os.environ["RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER"] = "0"
    try:
        import ray
        from ray import exceptions

        common: dict[str, Any] = {"log_to_driver": False, "configure_logging": False, "namespace": "beecam"}
        if address == "local":
            ray.init(address="local", num_cpus=cores, include_dashboard=False, object_store_memory=STORE_BYTES,
                     **common)
        else:
            ray.init(address=address, **common)
    except Exception as fault:
        said = " ".join(str(fault).split())[:200]
        pipe.send(("refused", f"{type(fault).__name__}: {said}" if said else type(fault).__name__))
        return 3
    with contextlib.suppress(EOFError, OSError):
        Side(pipe, ray, exceptions).serve()
    ray.shutdown()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
