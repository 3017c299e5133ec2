"""Pieces on their way from the workers into the store, while the film is put together here."""

from __future__ import annotations

import contextvars
import threading
import time
from collections.abc import Sequence
from pathlib import Path
from threading import Event as Flag

from modalities.cluster.machines import Cluster
from modalities.cluster.parcels import Parcel
from modalities.cluster.works import draw_piece
from modalities.engine import Emit, Job, Progress
from modalities.engines.filming_pieces import Pieces
from modalities.faults import Stopped, Unavailable
from modalities.segments_store import SegmentStore
from world_model.workers.tasks import Done, Place, Task, Told

LOOK_S = 0.1
TELL_EVERY_S = 0.25


class Bringing:
    """Asks for pieces in the order of the film, keeps each as it comes, and lets who wants one wait for it.

    Use as a context manager. After it: brought (frames that workers drew), lost (workers that died meanwhile).
    """

    def __init__(self, cluster: Cluster, job: Job, there: Pieces, numbers: Sequence[int], emit: Emit) -> None:
        self._cluster, self._job, self._there, self._emit = cluster, job, there, emit
        self._numbers = list(numbers)
        self._store = SegmentStore(job.segments or job.folder / "pieces")
        self._changed = threading.Condition()
        self._awaited = {there.keys[number] for number in numbers}
        self._fault: BaseException | None = None
        self._halt = Flag()
        self._thread: threading.Thread | None = None
        self._began = 0.0
        self._told = time.monotonic()
        self._part: dict[int, int] = {}
        self._preview: Path | None = None
        self.brought = self.lost = 0

    def begin(self, parcel: Parcel, place: Place) -> None:
        """Workers draw from now on."""
        tasks = [Task(draw_piece, (number,), place, f"piece {number + 1} of {len(self._there.plan)}")
                 for number in self._numbers]
        # Whoever listens to progress may only hear it from the context that the film is made in (langgraph).
        context = contextvars.copy_context()
        self._thread = threading.Thread(target=context.run, args=(self._run, tasks, parcel), name="pieces", daemon=True)
        self._thread.start()

    def __enter__(self) -> Bringing:
        return self

    def __exit__(self, *_: object) -> None:
        self._halt.set()
        if self._thread is not None:
            self._thread.join()
        if self._preview is not None:
            self._preview.unlink(missing_ok=True)

    def wait(self, key: str) -> None:
        """Until the piece of this key is there, or it is known that no worker brings it (then it is drawn here).
        Raises Stopped, Unavailable where the cluster is gone, and what the drawing raised."""
        with self._changed:
            while key in self._awaited and self._fault is None:
                self._changed.wait(LOOK_S)
                if self._job.stop.is_set():
                    raise Stopped("The run was stopped; nothing of this take was kept.")
            if key not in self._awaited or self._fault is None:
                return
            fault = self._fault
        if isinstance(fault, Unavailable):
            done = len(self._there.plan) - len(self._awaited)
            raise Unavailable(f"{fault} {done} of {len(self._there.plan)} pieces of the film are finished and kept; "
                              "the same request goes on from them.") from None
        raise fault

    @property
    def busy(self) -> bool:
        """Whether pieces are still to come."""
        return bool(self._awaited) and self._fault is None

    def _run(self, tasks: list[Task], parcel: Parcel) -> None:
        try:
            for event in self._cluster.run(tasks, parcel, self._halt):
                number = self._numbers[event.number]
                start, end = self._there.plan[number]
                if isinstance(event, Told):
                    self._part[number] = min(event.value[0], end - start)
                    self._tell(event.value[1])
                elif isinstance(event, Done):
                    self._keep(number, end - start, *event.result)
                else:
                    self.lost += 1
                    self._part.pop(number, None)
                    self._cluster.tell(f"A worker {event.why}; frames {start} to {end - 1} are drawn again by another.")
        except BaseException as fault:
            with self._changed:
                self._fault = fault
                self._changed.notify_all()

    def _keep(self, number: int, frames: int, key: str, data: bytes | None) -> None:
        wanted = self._there.keys[number]
        if data is not None and key == wanted:
            self._store.adopt(key, data)
            self.brought += frames
        self._part[number] = frames
        with self._changed:
            self._awaited.discard(wanted)
            self._changed.notify_all()
        self._tell(None)

    def _tell(self, shown: bytes | None) -> None:
        """Frames of the film that are there, and the newest picture that came."""
        now = time.monotonic()
        if shown is not None:
            self._preview = self._job.folder / ".preview-workers.jpg"
            part = self._job.folder / ".preview-workers.part"
            part.write_bytes(shown)
            part.replace(self._preview)
        done, total = sum(self._part.values()), len(self._there.shots)
        fresh = sum(end - start for start, end in (self._there.plan[number] for number in self._numbers))
        self._began = self._began or now
        if now - self._told >= TELL_EVERY_S or done == fresh:
            self._told = now
            left_s = (now - self._began) / done * (fresh - done) if done > 3 and now > self._began else None
            self._emit(Progress("picture", total - fresh + done, total, "frames", left_s, self._preview))
