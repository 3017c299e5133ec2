"""Workers of a Ray cluster, as seen by the program that asks: a pipe to `ray_side`, and no Ray in this process."""

from __future__ import annotations

import contextlib
import importlib.util
import os
import pickle
import queue
import re
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Generator, Sequence
from itertools import count
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from pathlib import Path
from threading import Event as Flag
from typing import Any

from world_model.workers.carrying import packed
from world_model.workers.tasks import Done, Event, Halted, Lost, Node, NoWorkers, Place, Task, Told

ROOT = Path(__file__).resolve().parent.parent.parent
ADDRESS = re.compile(r"^(\[[0-9A-Fa-f:]+\]|[A-Za-z0-9.-]{1,253}):(\d{1,5})$")
# A cluster that answers does so at once; a local one takes some seconds to start, more on a busy machine.
REACHED_S, START_S = 3.0, 60.0
# ray_side says that it lives twice a second.
SILENT_S = 15.0
LOOK_S = 0.1


class OnRay:
    """The workers of the cluster at `address` ("host:port", or "auto": the one this machine is part of), or of one that
    is started here with `cores` and ends with this program ("local"). It is reached in the background: `nodes` waits.
    """

    def __init__(self, address: str = "local", cores: int | None = None) -> None:
        """Raises NoWorkers at once where ray is not installed or nobody listens, ValueError for what is no address."""
        if importlib.util.find_spec("ray") is None:
            raise NoWorkers("Ray is not installed here: pip install 'beecam[cluster]'.")
        self.address = _checked(address)
        self._runs: dict[int, queue.Queue[tuple[Any, ...]]] = {}
        self._numbers = count(1)
        self._lock = threading.Lock()
        self._known = threading.Event()
        self._nodes: tuple[Node, ...] = ()
        self._why_gone = ""
        self._closed = False
        self._heard = self._started = time.monotonic()
        ours, theirs = Pipe()
        self._pipe: Connection = ours
        self._process = subprocess.Popen(
            [sys.executable, "-m", "world_model.workers.ray_side", str(theirs.fileno()), self.address,
             str(cores or _cores())],
            pass_fds=[theirs.fileno()], start_new_session=True, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL, env=_environment())
        theirs.close()
        threading.Thread(target=self._listen, name="cluster", daemon=True).start()

    @property
    def nodes(self) -> tuple[Node, ...]:
        while not self._known.wait(LOOK_S):
            if time.monotonic() - self._started > START_S:
                self._end(f"it did not answer within {START_S:.0f} s")
        if self._why_gone:
            raise NoWorkers(self._sentence())
        return self._nodes

    @property
    def gone(self) -> bool:
        return bool(self._why_gone) or self._closed

    def run(self, tasks: Sequence[Task], shared: Any = None, stop: Flag | None = None) -> Generator[Event]:
        if not tasks:
            return
        orders = [(packed(task.work, task.arguments), task.place.cpus, task.place.gpus, task.place.memory_mb,
                   task.place.nodes) for task in tasks]
        common = pickle.dumps(shared, protocol=5)
        while not self._known.wait(LOOK_S):
            _look(stop)
            if time.monotonic() - self._started > START_S:
                self._end(f"it did not answer within {START_S:.0f} s")
        for task in tasks:
            self._check_fits(task)
        run, heard = next(self._numbers), queue.Queue[tuple[Any, ...]]()
        with self._lock:
            self._runs[run] = heard
        left = set(range(len(tasks)))
        try:
            self._send(("run", run, common, orders))
            while left:
                _look(stop)
                if self._why_gone and heard.empty():
                    raise NoWorkers(self._sentence())
                if time.monotonic() - self._heard > SILENT_S:
                    self._end("it has fallen silent")
                try:
                    said, number, value = heard.get(timeout=LOOK_S)
                except queue.Empty:
                    continue
                if said == "lost":
                    yield Lost(number, value)
                elif said == "failed":
                    raise NoWorkers(f"The cluster could not do {tasks[number].name}: {value}.")
                elif said == "item":
                    kind, result = pickle.loads(value)
                    if kind == "failed":
                        raise result
                    if kind == "done":
                        left.discard(number)
                    yield Done(number, result) if kind == "done" else Told(number, result)
        finally:
            with self._lock:
                self._runs.pop(run, None)
            if left and not self._why_gone:
                with contextlib.suppress(NoWorkers):
                    self._send(("stop", run))

    def close(self) -> None:
        """Ends the local cluster, or leaves the other. Takes a second or two at most."""
        self._closed = True
        try:
            self._send(("close",))
            self._process.wait(5.0)
        except (NoWorkers, subprocess.TimeoutExpired):
            self._process.kill()
            self._process.wait()
        self._pipe.close()

    def _check_fits(self, task: Task) -> None:
        """Raises NoWorkers where no machine could ever take this task: it would wait for ever."""
        if self._why_gone:
            raise NoWorkers(self._sentence())
        place = task.place
        open_to = [node for node in self._nodes if not place.nodes or node.id in place.nodes]
        if place.gpus and not any(node.gpus >= place.gpus for node in open_to):
            raise NoWorkers(f"No machine of the cluster has a graphics card for {task.name}; it has "
                            f"{self._said()}.")
        if not any(_fits(node, place) for node in open_to):
            raise NoWorkers(f"No machine of the cluster has {place.cpus:g} cores and {place.memory_mb} MB for "
                            f"{task.name}; it has {self._said()}.")

    def _said(self) -> str:
        return "; ".join(f"{node.cpus:g} cores, {node.gpus:g} graphics cards, {node.memory_mb} MB"
                         for node in self._nodes[:4]) + (" and more" if len(self._nodes) > 4 else "")

    def _send(self, order: tuple[Any, ...]) -> None:
        try:
            with self._lock:
                self._pipe.send(order)
        except (OSError, ValueError):
            raise NoWorkers(self._sentence()) from None

    def _listen(self) -> None:
        """A thread: what comes out of the pipe goes to the run that it belongs to."""
        why = "it has ended"
        while True:
            try:
                said, *rest = self._pipe.recv()
            except (EOFError, OSError, pickle.UnpicklingError, TypeError):
                break
            self._heard = time.monotonic()
            if said == "nodes":
                self._nodes = tuple(Node(*one) for one in rest[0])
                self._known.set()
            elif said in ("refused", "gone"):
                why = str(rest[0])
            elif said != "beat":
                with self._lock:
                    heard = self._runs.get(rest[0])
                if heard is not None:
                    heard.put((said, rest[1], rest[2]))
        self._why_gone = self._why_gone or why
        self._known.set()

    def _end(self, why: str) -> None:
        self._why_gone = why
        self._known.set()
        self._process.kill()

    def _sentence(self) -> str:
        where = "started on this machine" if self.address == "local" else f"at {self.address}"
        return f"The cluster {where} cannot be used: {self._why_gone or 'it has been closed'}."


def _checked(address: str) -> str:
    """The address, where it can be one and somebody listens there."""
    if address in ("local", "auto"):
        return address
    if address.startswith("ray://"):
        raise NoWorkers("Addresses of Ray Client (ray://) cannot be used. Let this machine join the cluster with ray "
                        "start --address=HOST:PORT --num-cpus=0, and set RAY_ADDRESS=HOST:PORT.")
    found = ADDRESS.match(address)
    if found is None or not 0 < int(found[2]) < 65536:
        raise ValueError(f"{address[:80]!r} is no address of a cluster; expected HOST:PORT, auto or local.")
    try:
        socket.create_connection((found[1].strip("[]"), int(found[2])), REACHED_S).close()
    except OSError as fault:
        raise NoWorkers(f"No cluster answers at {address}: {fault.strerror or fault}.") from None
    return address


def _environment() -> dict[str, str]:
    """Of ray_side, and of the workers that it starts: this very Beecam, no telemetry, and an end within seconds where
    the head is lost."""
    paths = [str(ROOT), *filter(None, [os.environ.get("PYTHONPATH")])]
    return os.environ | {"PYTHONPATH": os.pathsep.join(paths), "RAY_USAGE_STATS_ENABLED": "0",
                         "RAY_DISABLE_IMPORT_WARNING": "1", "RAY_gcs_rpc_server_reconnect_timeout_s": "5",
                         "RAY_ENABLE_UV_RUN_RUNTIME_ENV": "0"}


def _fits(node: Node, place: Place) -> bool:
    return node.cpus >= place.cpus and node.gpus >= place.gpus and node.memory_mb >= place.memory_mb


def _cores() -> int:
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:
        return os.cpu_count() or 1


def _look(stop: Flag | None) -> None:
    if stop is not None and stop.is_set():
        raise Halted


__all__ = ["OnRay"]
