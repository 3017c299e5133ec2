"""What workers do of films: a piece, or a whole take. Generator functions: progress out, then the result.

A piece travels back as the bytes it would have on the disk, so workers need no folder in common with who asked.
"""

from __future__ import annotations

import queue
import tempfile
import threading
from collections.abc import Generator
from pathlib import Path
from threading import Event as Flag
from typing import Any, Protocol

from modalities.cluster.parcels import Finished, Parcel, engine_here, finished, opened
from modalities.engine import Emit, Engine, Job, Progress
from modalities.engines.filming_pieces import Pieces
from modalities.faults import Unavailable
from modalities.segments import made_with
from modalities.segments_store import SegmentStore

# (frames done, the newest picture as JPEG or None)
Drawn = tuple[int, bytes | None]
LOOK_S = 0.2


class DrawsPieces(Protocol):
    """An engine whose frames depend on their own row only, and which draws any pieces of a film for itself."""

    def source(self, job: Job) -> Any: ...

    def draw_pieces(self, job: Job, numbers: list[int], emit: Emit) -> None: ...


def draw_piece(parcel: Parcel, number: int) -> Generator[Drawn, None, tuple[str, bytes | None]]:
    """Piece `number` of the film: (its key, its bytes or None where this worker's disk is full). Yields frames done of
    it. Raises Unavailable where this machine would draw other bytes than were asked for."""
    _alone(1)
    if parcel.job.made_on not in ("", made_with()):
        raise Unavailable("A worker draws other pictures than it was asked for: its Beecam was changed meanwhile.")
    with tempfile.TemporaryDirectory(prefix="beecam-piece-", ignore_cleanup_errors=True) as name:
        stop = Flag()
        job = opened(parcel, Path(name), stop)
        engine: Any = engine_here(parcel.engine)
        there = Pieces(job, engine.source(job))
        start = there.plan[number][0]
        for progress in _told(stop, lambda emit: engine.draw_pieces(job, [number], emit)):
            yield progress.done - start, _shown(progress)
        assert job.segments is not None
        return there.keys[number], SegmentStore(job.segments).taken(there.keys[number])


def make_take(parcel: Parcel) -> Generator[tuple[Progress, bytes | None], None, Finished]:
    """The whole take, for engines that go on from what they drew before. Yields its progress with the newest picture.
    """
    _alone(parcel.torch_threads)
    with tempfile.TemporaryDirectory(prefix="beecam-take-", ignore_cleanup_errors=True) as name:
        stop = Flag()
        job = opened(parcel, Path(name), stop)
        engine: Engine = engine_here(parcel.engine)
        made: list[Any] = []
        for progress in _told(stop, lambda emit: made.append(engine.run(job, emit))):
            shown = _shown(progress)
            yield Progress(progress.stage, progress.done, progress.total, progress.unit, progress.left_s), shown
        return finished(job, made[0])


def missing_there(shared: None, engine: str) -> Generator[None, None, str | None]:
    """What keeps an engine from running on the worker that is asked; None where nothing does."""
    from modalities.registry import default_registry

    yield None
    found = next((one for one in default_registry().all() if one.card.id == engine), None)
    return "this Beecam does not have it" if found is None else found.available()


def _told(stop: Flag, work: Any) -> Generator[Progress]:
    """Progress of work(emit), which runs in a thread of its own, as it comes; raises what the work raises. Where nobody
    listens any more, `stop` is set and the work ends within half a second."""
    heard: queue.Queue[Progress | None] = queue.Queue()
    faults: list[BaseException] = []

    def run() -> None:
        try:
            work(heard.put)
        except BaseException as fault:
            faults.append(fault)
        finally:
            heard.put(None)

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    try:
        while True:
            try:
                # Ray's cancelling is heard between two waits.
                progress = heard.get(timeout=LOOK_S)
            except queue.Empty:
                continue
            if progress is None:
                break
            yield progress
    finally:
        stop.set()
        thread.join()
    if faults:
        raise faults[0]


def _shown(progress: Progress) -> bytes | None:
    try:
        return progress.preview_png.read_bytes() if progress.preview_png is not None else None
    except OSError:
        return None


def _alone(threads: int) -> None:
    """As many threads of torch as the machine that asked has: a core was lent, not a machine."""
    import torch

    if torch.get_num_threads() != threads:
        torch.set_num_threads(threads)
