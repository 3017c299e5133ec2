"""Jobs that several users asked for: who waits, who is at work, how far it is, and what came of it.

Work runs in the threads of a lane, a bounded number at a time, in the order of `queue_fair`. Nothing here knows what
the work is: it is given a Teller to tell what happens and a flag that stops it.
"""

from __future__ import annotations

import io
import logging
import threading
import time
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from threading import Event as Flag
from typing import Any, Literal

from agent.events import AgentEvent
from agent.jobs import new_job
from modalities.faults import Stopped, Unavailable, Unusable
from ui_gen.command_line.telling import Teller
from ui_gen.queue_fair import FairQueue

Result = dict[str, Any]
Work = Callable[[Teller, Flag], Result]
State = Literal["waiting", "running", "done", "failed", "stopped"]
ENDED = frozenset({"done", "failed", "stopped"})
LANES = {"make": "render", "edit": "render", "answer": "render", "ideas": "render", "perceive": "look",
         "panel": "look", "estimate": "look"}
# How long a job of a kind takes before any was seen, seconds.
USUAL_S = {"make": 45.0, "edit": 30.0, "answer": 30.0, "ideas": 30.0, "perceive": 8.0, "panel": 20.0,
           "estimate": 2.0}
MOST_WAITING, MOST_KEPT, MOST_EVENTS, KEPT_S = 20, 50, 400, 86400.0
# Where in the whole each stage of a take lies.
STAGES = {"perceive": (0.0, 0.1), "plan": (0.1, 0.14), "roll out": (0.14, 0.17), "estimate": (0.17, 0.17),
          "reuse": (0.17, 0.17), "sound": (0.17, 0.3), "compile": (0.3, 0.3), "picture": (0.3, 0.97),
          "finish": (0.97, 0.99), "ideas": (0.0, 0.99)}
STOPPED = "Stopped; nothing half-made was kept, earlier takes are intact."
DISK_FULL = "The disk is full; nothing half-made was kept, earlier takes are intact."
_log = logging.getLogger("beecam.jobs")


class Full(Unusable):
    """A user has too many jobs waiting."""


@dataclass(eq=False)
class Job:
    """One job. Times are seconds on the wall clock. events: (number, kind, data), numbers grow; progress that nobody
    read yet is replaced by newer."""

    id: str
    user: str
    project: str
    kind: str
    work: Work | None
    made_at: float = field(default_factory=time.time)
    state: State = "waiting"
    started_at: float | None = None
    ended_at: float | None = None
    progress: float = 0.0
    stage: str = ""
    left: tuple[float, float] | None = None
    result: Result | None = None
    error: str = ""
    unavailable: bool = False
    lines: list[str] = field(default_factory=list[str])
    stop: Flag = field(default_factory=Flag)
    events: deque[tuple[int, str, Result]] = field(default_factory=lambda: deque(maxlen=MOST_EVENTS))
    _number: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def add(self, kind: str, data: Result) -> None:
        """One more event."""
        with self._lock:
            if kind == "progress" and self.events and self.events[-1][1] == "progress":
                self.events.pop()
            self._number += 1
            self.events.append((self._number, kind, data))

    def after(self, number: int) -> list[tuple[int, str, Result]]:
        """The events after one with this number."""
        with self._lock:
            return [event for event in self.events if event[0] > number]

    def heard(self, event: AgentEvent) -> None:
        """What the agent tells, as events of this job. Progress never goes back."""
        if event.kind == "progress":
            low, high = STAGES.get(event.stage, (self.progress, self.progress))
            share = low + (high - low) * (event.done / event.total if event.total > 0 else 0.0)
            self.progress = min(0.99, max(self.progress, (event.take + share) / max(1, event.takes)))
            self.stage = event.stage
            self.left = None if event.left_s is None else (event.left_s, time.monotonic())
            self.add("progress", {"stage": event.stage, "progress": round(self.progress, 4), "left_s": self.left_s,
                                  "take": event.take + 1, "takes": event.takes})
        elif event.kind in ("note", "said", "review", "take", "question", "proposals"):
            data = {"text": event.text} if event.text else {}
            if event.kind in ("question", "proposals"):
                data |= event.data or {}
            self.add(event.kind, data)

    @property
    def left_s(self) -> float | None:
        """Seconds until it is done, where that is known."""
        if self.left is None or self.state != "running":
            return None
        seconds, told = self.left
        return round(max(0.0, seconds - (time.monotonic() - told)), 1)


class JobTeller(Teller):
    """Tells a job instead of a terminal."""

    def __init__(self, job: Job) -> None:
        super().__init__(io.StringIO())
        self._job = job

    def tell(self, event: AgentEvent) -> None:
        """One event of the agent."""
        self._job.heard(event)

    def line(self, text: str) -> None:
        """A line for a person; the newest hundred are kept."""
        del self._job.lines[:-99]
        self._job.lines.append(text)

    def clear(self) -> None:
        """There is no line to clear."""


class _Lane:
    def __init__(self, workers: int) -> None:
        self.queue: FairQueue[Job] = FairQueue()
        self.workers, self.threads = workers, 0
        self.running: list[Job] = []


class Board:
    """Every job of every user. Thread-safe.

    workers: how many jobs each lane runs at a time; `render` for what makes pictures, `look` for what only looks.
    """

    def __init__(self, workers: Mapping[str, int] | None = None) -> None:
        given = {"render": 1, "look": 1} | dict(workers or {})
        self._lanes = {name: _Lane(count) for name, count in given.items()}
        self._jobs: dict[str, Job] = {}
        self._took = dict(USUAL_S)
        self._closed = False
        self._turn = threading.Condition(threading.RLock())

    def submit(self, user: str, project: str, kind: str, work: Work) -> Job:
        """A job that waits for its turn. Raises Full where its user has too many waiting."""
        lane = self._lanes[LANES[kind]]
        with self._turn:
            self._forget(user)
            waiting = sum(one.queue.waiting(user) for one in self._lanes.values())
            if waiting >= MOST_WAITING:
                raise Full(f"{waiting} jobs of yours wait already, which is the most; stop one or wait for one.")
            job = Job(new_job(), user, project, kind, work)
            self._jobs[job.id] = job
            lane.queue.put(user, job)
            if lane.threads < lane.workers:
                lane.threads += 1
                threading.Thread(target=self._serve, args=(lane,), daemon=True, name="beecam-queue").start()
            self._turn.notify_all()
        return job

    def job(self, user: str, job_id: str) -> Job | None:
        """A job of this user; nobody sees another's."""
        found = self._jobs.get(job_id)
        return found if found is not None and found.user == user else None

    def jobs(self, user: str) -> list[Job]:
        """All jobs of this user that are known, oldest first."""
        with self._turn:
            return [job for job in self._jobs.values() if job.user == user]

    def stop(self, job: Job) -> None:
        """Ends a job: at once where it waits, within a moment where it runs; nothing where it has ended."""
        job.stop.set()
        with self._turn:
            if self._lanes[LANES[job.kind]].queue.drop(job.user, job):
                self._end(job, "stopped", error=STOPPED)

    def status(self, job: Job) -> Result:
        """The job as data. position: 1 is next; wait_s: seconds until it begins, as far as can be told."""
        with self._turn:
            position, wait_s = self._wait(job)
            return {"job": job.id, "kind": job.kind, "project": job.project, "state": job.state, "stage": job.stage,
                    "progress": round(job.progress, 4), "left_s": job.left_s, "position": position, "wait_s": wait_s,
                    "made_at": job.made_at, "started_at": job.started_at, "ended_at": job.ended_at,
                    "error": job.error or None, "result": job.result}

    def close(self, wait_s: float = 3.0) -> None:
        """Stops every job and waits a little for those that run."""
        with self._turn:
            self._closed = True
            for job in list(self._jobs.values()):
                if job.state not in ENDED:
                    self.stop(job)
            self._turn.notify_all()
            end = time.monotonic() + wait_s
            while any(lane.running for lane in self._lanes.values()) and time.monotonic() < end:
                self._turn.wait(0.1)

    # ---------------------------------------------------------------- inside

    def _serve(self, lane: _Lane) -> None:
        while True:
            with self._turn:
                while (job := None if self._closed else lane.queue.take()) is None:
                    if self._closed:
                        return
                    self._turn.wait()
                job.state, job.started_at = "running", time.time()
                lane.running.append(job)
            job.add("running", {})
            outcome = _done(job)
            with self._turn:
                lane.running.remove(job)
                self._end(job, *outcome)
                self._turn.notify_all()

    def _end(self, job: Job, state: State, result: Result | None = None, error: str = "", unavailable: bool = False
             ) -> None:
        job.ended_at, job.result, job.error, job.unavailable = time.time(), result, error, unavailable
        if state == "done":
            job.progress = 1.0
            spent = job.ended_at - (job.started_at or job.ended_at)
            self._took[job.kind] += 0.3 * (spent - self._took[job.kind])
        # The state last: who sees it ended sees all of it. What the work held on to is let go.
        job.state, job.work = state, None
        job.add(state, {"error": error} if error else {})

    def _wait(self, job: Job) -> tuple[int | None, float | None]:
        if job.state != "waiting":
            return None, None
        lane = self._lanes[LANES[job.kind]]
        order = lane.queue.order()
        place = order.index(job) if job in order else 0
        busy = [self._left(one) for one in lane.running]
        free = [0.0] * max(0, lane.workers - len(busy))
        ends = sorted(free + busy)
        for ahead in order[:place]:
            ends = sorted([ends[0] + self._took[ahead.kind], *ends[1:]])
        return place + 1, round(ends[0], 1)

    def _left(self, job: Job) -> float:
        told = job.left_s
        spent = time.time() - (job.started_at or time.time())
        return told if told is not None else max(0.0, self._took[job.kind] - spent)

    def _forget(self, user: str) -> None:
        """Ended jobs of a user go when they are old or too many."""
        ended = [job for job in self._jobs.values() if job.user == user and job.state in ENDED]
        old = time.time() - KEPT_S
        for number, job in enumerate(ended):
            if number < len(ended) - MOST_KEPT or (job.ended_at or 0.0) < old:
                del self._jobs[job.id]


def _done(job: Job) -> tuple[State, Result | None, str, bool]:
    """Does the work of a job: its state, its result, a sentence where there is none, and whether something is missing
    here."""
    try:
        if job.stop.is_set() or job.work is None:
            return "stopped", None, STOPPED, False
        return "done", job.work(JobTeller(job), job.stop), "", False
    except Stopped:
        return "stopped", None, STOPPED, False
    except Unusable as fault:
        return "failed", None, " ".join(str(fault).split()), False
    except Unavailable as fault:
        return "failed", None, " ".join(str(fault).split()), True
    except OSError as fault:
        full = fault.errno in (28, 122, 27)
        return "failed", None, DISK_FULL if full else f"A file could not be used: {fault.strerror or 'unknown'}.", False
    except Exception as fault:
        # The log has the whole story; who asked gets a sentence.
        _log.exception("job %s of kind %s failed", job.id, job.kind)
        said = f"Something went wrong inside ({type(fault).__name__}); nothing half-made was kept."
        return "failed", None, said, False


__all__ = ["ENDED", "MOST_WAITING", "Board", "Full", "Job", "JobTeller"]
