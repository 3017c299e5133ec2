"""The seam of live engines, and the player that runs one in real time.

Sound is the master clock. A slice of the world (rows and sound) is made when it is due and goes out at once; pictures
are drawn by a thread of their own from the newest slice, so that a slow picture is dropped and never holds the sound.
"""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from modalities.faults import Unusable
from modalities.live.control_log import ControlLog
from modalities.live.start import LiveStart
from modalities.live.steering import AnyInput, Receipt
from world_model.clock import TimeGrid
from world_model.state import Event

# A slice later than this after it was due would be heard as a gap: what a viewer's buffer holds.
LEAD_S = 0.12


@dataclass(frozen=True)
class Slice:
    """Some frames of play. rows (k, 328) float32; sound (k * samples per frame, 2) float32; receipts: what became of
    the inputs given to this step, or of earlier ones that are given up; shadows: for inputs not yet seen, (their
    ids, the last row as it would be without them)."""

    frame0: int
    rows: NDArray[np.float32]
    sound: NDArray[np.float32]
    events: tuple[Event, ...] = ()
    receipts: tuple[Receipt, ...] = ()
    shadows: tuple[tuple[tuple[int, ...], NDArray[np.float32]], ...] = ()

    @property
    def frame(self) -> int:
        """The last frame of the slice."""
        return self.frame0 + len(self.rows) - 1


@dataclass(frozen=True)
class Drawn:
    """Pictures (k, H, W, 3) uint8 of a slice that ends with `frame`; k is 0 where a drawn look holds its picture."""

    frame: int
    frames: NDArray[np.uint8]

    def distinct(self) -> list[tuple[int, NDArray[np.uint8]]]:
        """(frame, picture (H, W, 3)) of every picture that is not the one before it again; the last is numbered
        `frame`, so that what shows in this slice is on the screen by then."""
        count = len(self.frames)
        new = [k for k in range(count) if k == 0 or not np.array_equal(self.frames[k], self.frames[k - 1])]
        first = self.frame - count + 1
        return [(self.frame if k == new[-1] else first + k, self.frames[k]) for k in new]


class LiveEngine(Protocol):
    """A world that plays for ever. `step` is called by one thread, `draw` by another, `draw` with rising frames and
    gaps where pictures were dropped."""

    @property
    def id(self) -> str: ...

    @property
    def grid(self) -> TimeGrid: ...

    @property
    def size_px(self) -> tuple[int, int]: ...

    @property
    def underruns(self) -> int:
        """Blocks of sound that were not ready in time."""
        ...

    def dials(self) -> dict[str, float]:
        """Where every number that can be steered stands now, by pointer (see `dials.NAMES`)."""
        ...

    def open(self, start: LiveStart, size_px: tuple[int, int], *, waits: bool = False) -> None:
        """Get ready to play `start`. waits: sound is waited for instead of being left out (not real time)."""
        ...

    def step(self, inputs: Sequence[AnyInput]) -> Slice:
        """The next slice, with inputs applied from its first frame on. The same start and the same inputs at the same
        steps give the same rows."""
        ...

    def draw(self, part: Slice) -> Drawn:
        """The pictures of a slice."""
        ...

    def seen(self, part: Slice) -> tuple[int, ...]:
        """The ids of inputs that show in the slice just drawn and did not before; asked after the pictures are out."""
        ...

    def close(self) -> None: ...


class Sink(Protocol):
    """Whoever watches and hears."""

    def sound(self, part: Slice) -> None: ...

    def picture(self, drawn: Drawn) -> None: ...

    def receipt(self, receipt: Receipt) -> None: ...

    def wants_picture(self) -> bool:
        """False while too many pictures are on their way (back-pressure)."""
        ...


@dataclass
class Tally:
    """What happened so far. latency_ms: from an input's arrival to the first picture in which it is visible."""

    slices: int = 0
    pictures: int = 0
    dropped: int = 0
    late_slices: int = 0
    latency_ms: list[float] = field(default_factory=list[float])
    step_ms: list[float] = field(default_factory=list[float])
    draw_ms: list[float] = field(default_factory=list[float])


class Player:
    """Runs one open engine towards one sink. `send` may be called from any thread."""

    def __init__(self, engine: LiveEngine, sink: Sink, log: ControlLog | None = None, *, fast: bool = False) -> None:
        self.engine, self.tally = engine, Tally()
        self._sink, self._log, self._fast = sink, log, fast
        self._inbox: queue.SimpleQueue[tuple[AnyInput, float]] = queue.SimpleQueue()
        self._received: dict[int, tuple[float, Receipt]] = {}
        self._stop = threading.Event()
        self._newest: Slice | None = None
        self._wake = threading.Condition()
        self._fault: BaseException | None = None

    def send(self, given: AnyInput) -> None:
        self._inbox.put((given, time.monotonic()))

    def stop(self) -> None:
        self._stop.set()
        with self._wake:
            self._wake.notify_all()

    def run(self, seconds: float | None = None, script: Callable[[int], Sequence[AnyInput]] | None = None) -> Tally:
        """Play until stopped, or for `seconds`. script(frame) gives inputs for the slice beginning at `frame`."""
        drawing = threading.Thread(target=self._draw_on, daemon=True, name="beecam-live-picture")
        if not self._fast:
            drawing.start()
        begun, frame, slice_s = time.monotonic(), 0, 1.0 / self.engine.grid.fps
        self._begun = begun
        last = None if seconds is None else round(seconds * self.engine.grid.fps)
        try:
            while not self._stop.is_set() and (last is None or frame < last):
                due = begun + frame * slice_s
                now = time.monotonic()
                if not self._fast:
                    if now < due:
                        self._stop.wait(due - now)
                    elif now > due + 1.0:
                        # The machine slept: go on from now instead of racing to catch up.
                        begun += now - due
                    self.tally.late_slices += now > due + LEAD_S
                frame = self._one(tuple(script(frame)) if script else ())
        finally:
            self.stop()
            if not self._fast:
                drawing.join(10.0)
            if self._log is not None:
                self._log.close()
        if self._fault is not None:
            raise self._fault
        return self.tally

    def _one(self, scripted: tuple[AnyInput, ...]) -> int:
        """Make and send one slice; the frame after it."""
        now = time.monotonic()
        inputs: list[AnyInput] = []
        arrived = [(given, now) for given in scripted]
        while not self._inbox.empty():
            arrived.append(self._inbox.get_nowait())
        for given, when in arrived:
            inputs.append(given)
            self._received[given.id] = (when, Receipt(given.id, given.kind, when - self._begun, given.seen_frame))
        part = self.engine.step(inputs)
        self.tally.slices += 1
        self.tally.step_ms.append(1e3 * (time.monotonic() - now))
        del self.tally.step_ms[:-20000]
        if self._log is not None:
            self._log.slice(part, inputs)
        self._sink.sound(part)
        for found in part.receipts:
            if found.id not in self._received:
                continue
            when, known = self._received[found.id]
            told = known.at(applied_frame=found.applied_frame, heard_frame=found.heard_frame, why=found.why)
            self._received[found.id] = (when, told)
            if told.settled:
                self._received.pop(found.id, None)
            self._sink.receipt(told)
        if self._fast:
            self._show(part)
        else:
            with self._wake:
                self.tally.dropped += self._newest is not None
                self._newest = part
                self._wake.notify_all()
        return part.frame + 1

    def _draw_on(self) -> None:
        try:
            while not self._stop.is_set():
                with self._wake:
                    self._wake.wait_for(lambda: self._stop.is_set() or (self._newest is not None
                                                                      and self._sink.wants_picture()), 0.02)
                    if self._newest is None or not self._sink.wants_picture():
                        continue
                    part, self._newest = self._newest, None
                self._show(part)
        except BaseException as fault:
            # Told to the thread that runs the player; a picture that stopped in silence would look like a freeze.
            self._fault = fault
            self.stop()

    def _show(self, part: Slice) -> None:
        begun = time.monotonic()
        drawn = self.engine.draw(part)
        if not len(drawn.frames):
            return
        now = time.monotonic()
        self.tally.draw_ms.append(1e3 * (now - begun))
        del self.tally.draw_ms[:-20000]
        self._sink.picture(drawn)
        self.tally.pictures += len(drawn.distinct())
        for number in self.engine.seen(part):
            when, known = self._received.pop(number, (now, None))
            if known is not None:
                self.tally.latency_ms.append(1e3 * (now - when))
                self._sink.receipt(known.at(first_visible_frame=drawn.frame))


class Nobody:
    """A sink that only keeps the receipts: for benchmarks, replays and tests."""

    def __init__(self, keep: bool = False) -> None:
        self.receipts: list[Receipt] = []
        self.sounds: list[NDArray[np.float32]] = []
        self.pictures: list[tuple[int, NDArray[np.uint8]]] = []
        self._keep = keep

    def sound(self, part: Slice) -> None:
        if self._keep:
            self.sounds.append(part.sound)

    def picture(self, drawn: Drawn) -> None:
        if self._keep:
            self.pictures.append((drawn.frame, drawn.frames[-1]))

    def receipt(self, receipt: Receipt) -> None:
        self.receipts.append(receipt)

    def wants_picture(self) -> bool:
        return True


def check_size(size_px: tuple[int, int]) -> tuple[int, int]:
    """The size, if it can be played live. Raises Unusable."""
    if not all(64 <= side <= 1920 for side in size_px):
        raise Unusable(f"{size_px[0]}x{size_px[1]} cannot be played live; sides from 64 to 1920 pixels.")
    return size_px
