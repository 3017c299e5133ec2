"""Measurements kept beside the takes, and a panel measured by two threads.

A measurement is a function of the piece and the control, so it is kept by a digest of both, in one small file each:
`<project>/.measured/<digest>.json`. A damaged or missing file is measured again.
"""

from __future__ import annotations

import hashlib
import json
import threading
from collections.abc import Generator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path

from agent.direction import Direction
from modalities.engine import Engine
from modalities.faults import Unusable
from modalities.one_writer import write_whole
from ui_gen.candidate import Candidate
from ui_gen.catalogue_sound import POINTER as SOUND_KNOBS
from ui_gen.compose import MOST_FOUND, Measuring
from ui_gen.measure import measure
from ui_gen.measure_engine import measure_knob
from ui_gen.measured import Measured
from ui_gen.panel import Control
from ui_gen.probe import SIZE_PX, Signals
from ui_gen.propose import proposed

# Raised whenever numbers would come out otherwise.
VERSION = 3
THREADS = 2
LARGEST_BYTES = 1 << 20
# What a Direction is called and who made it changes nothing that is measured.
UNSEEN = ("id", "parent", "reason", "author", "title", "titles")


def digest_of(direction: Direction, control: Control, engine: Engine | None) -> str:
    """By what a measurement is found again."""
    piece = direction.model_dump(mode="json", exclude=set(UNSEEN))
    tried = control.model_dump(mode="json", include={
        "kind", "binds", "binds_y", "value", "bounds", "bounds_y", "step", "choices", "unit", "spans", "bases", "gains",
        "limits", "promise"})
    made_by = f"{engine.card.id} {engine.card.version}" if engine is not None else ""
    return hashlib.sha256(json.dumps([VERSION, piece, tried, made_by], sort_keys=True).encode()).hexdigest()[:32]


class MeasureStore:
    """Measurements of a project on disk; without a folder only in memory. Safe for many threads."""

    def __init__(self, folder: Path | None) -> None:
        self.folder = folder
        self._held: dict[str, Measured | None] = {}

    def get(self, digest: str) -> Measured | None:
        """A kept measurement, or None."""
        if digest in self._held:
            return self._held[digest]
        kept = self._read(digest)
        try:
            found = Measured.model_validate_json(kept) if kept is not None else None
        except ValueError:
            return None
        if found is None:
            return None
        self._held[digest] = found
        return found

    def found(self, direction: Direction, own: list[Candidate], signals: Signals | None) -> list[Candidate]:
        """Controls that the piece itself offers, made of these sliders; kept like measurements."""
        marks = [digest_of(direction, one.control, None) for one in own]
        digest = hashlib.sha256(json.dumps(["found", *marks]).encode()).hexdigest()[:32]
        kept = self._read(digest)
        if kept is not None:
            try:
                return [Candidate(one["topic"], one["section"], one["weight"], Control.model_validate(one["control"]))
                        for one in json.loads(kept)]
            except (ValueError, KeyError, TypeError):
                pass
        found = proposed(direction, own, signals, MOST_FOUND)
        self._write(digest, json.dumps([{"topic": one.topic, "section": one.section, "weight": one.weight,
                                         "control": one.control.model_dump(mode="json")} for one in found]))
        return found

    def _read(self, digest: str) -> str | None:
        if self.folder is None:
            return None
        try:
            path = self.folder / f"{digest}.json"
            return path.read_text("utf-8") if path.stat().st_size <= LARGEST_BYTES else None
        except (OSError, ValueError):
            return None

    def _write(self, digest: str, content: str) -> None:
        """A full disk loses the file, never what was measured."""
        if self.folder is not None:
            with suppress(OSError):
                self.folder.mkdir(parents=True, exist_ok=True)
                write_whole(self.folder / f"{digest}.json", content)

    def put(self, digest: str, found: Measured) -> None:
        """Keeps a measurement."""
        self._held[digest] = found
        self._write(digest, found.model_dump_json())


@contextmanager
def measuring(direction: Direction, signals: Signals | None, store: MeasureStore, engine: Engine | None = None,
              ahead: tuple[Control, ...] = ()) -> Generator[Measuring]:
    """A function that measures a control on this piece. `ahead`: controls that are likely to be asked for next, in
    order; they are measured by a second thread meanwhile. A control that does not fit the Direction is not alive."""
    from world_model.sim.picture import Renderer

    own = threading.local()
    running: dict[str, Future[Measured | None]] = {}
    stopped = threading.Event()

    def work(control: Control, digest: str) -> Measured | None:
        if stopped.is_set():
            return None
        if not hasattr(own, "renderer"):
            own.renderer = Renderer(SIZE_PX, threads=1)
        if any(pointer.startswith(SOUND_KNOBS) for pointer in control.binds):
            return None
        knob = any(pointer.startswith("/engine/params/") for pointer in control.binds)
        try:
            found = measure_knob(direction, control, engine) if knob else \
                measure(direction, control, signals, own.renderer)
        except Unusable as fault:
            found = Measured.nothing(str(fault))
        if found is not None:
            store.put(digest, found)
        return found

    def asked(control: Control) -> Future[Measured | None]:
        digest = digest_of(direction, control, engine)
        kept = store.get(digest)
        if kept is not None:
            done: Future[Measured | None] = Future()
            done.set_result(kept)
            return done
        if digest not in running:
            running[digest] = pool.submit(work, control, digest)
        return running[digest]

    queue = list(ahead)

    def now(control: Control) -> Measured | None:
        wanted = asked(control)
        # One further than is waited for: it is nearly always the next one asked.
        while queue and not wanted.done():
            following = queue.pop(0)
            if following.id != control.id:
                asked(following)
                break
        return wanted.result()

    with ThreadPoolExecutor(THREADS, thread_name_prefix="beecam-measure") as pool:
        try:
            yield now
        finally:
            stopped.set()
            pool.shutdown(wait=True, cancel_futures=True)
