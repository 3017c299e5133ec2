"""A live engine out of three parts: the world that makes rows, the sound that goes with them, and a painter.

The world and the sound are the same for every painter; so any painter of rows (the simulator, a neural one) is steered
by the same inputs, gets the same receipts and replays from the same log.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from modalities.faults import Unusable
from modalities.live.dials import NAMES
from modalities.live.player import Drawn, Slice
from modalities.live.sound_live import LiveSound
from modalities.live.start import LIVE_GRID, LiveStart
from modalities.live.steering import AnyInput, Fly, Happen, Music, Receipt
from modalities.live.world_live import LiveState, LiveWorld, Row
from world_model.clock import TimeGrid
from world_model.state import Event, offsets
from world_model.vocabulary import STYLE_FIELDS

AT = offsets()
HOLD = AT["style"].start + STYLE_FIELDS.index("hold_frames")
# An input that has not shown after this long is told so; and no more than this many are watched at once.
PATIENCE_S = 4.0
MOST_WATCHED = 4


class Painter(Protocol):
    """Draws rows. Used by one thread at a time; rows come in rising order, with gaps where pictures were dropped."""

    @property
    def id(self) -> str: ...

    @property
    def frames_per_slice(self) -> int:
        """How many rows it takes at once (1 for lowest latency); a divisor of the frame rate."""
        ...

    def open(self, first_row: NDArray[np.float32], size_px: tuple[int, int], fps: int, seed: int) -> None:
        """Get ready, warm (compiled, loaded), so that the first picture is not late."""
        ...

    def paint(self, rows: NDArray[np.float32], frame0: int) -> NDArray[np.uint8]:
        """(k, H, W, 3) uint8 sRGB of rows (k, 328) that are frames frame0 and on."""
        ...

    def glance(self, rows: NDArray[np.float32], frame0: int) -> NDArray[np.uint8]:
        """The same at the same size, sooner and softer where that can be had: somebody waits to see what they did."""
        ...

    def differs(self, row: NDArray[np.float32], other: NDArray[np.float32]) -> bool:
        """Whether a viewer could tell the pictures of two rows apart. True is claimed only when it is so."""
        ...

    def close(self) -> None: ...


@dataclass(frozen=True)
class _Watched:
    """Inputs whose effect has not been seen yet, and the world as it is without them."""

    ids: tuple[int, ...]
    shadow: LiveState
    row: Row
    since: int


class RowEngine:
    """See `player.LiveEngine`."""

    def __init__(self, painter: Painter) -> None:
        self._painter = painter
        self._lock = threading.Lock()
        self._watched: tuple[_Watched, ...] = ()
        self._seen: set[int] = set()
        self._sound: LiveSound | None = None
        self._grid, self._size = LIVE_GRID, (0, 0)
        self._shown = -1

    @property
    def id(self) -> str:
        return self._painter.id

    @property
    def grid(self) -> TimeGrid:
        return self._grid

    @property
    def size_px(self) -> tuple[int, int]:
        return self._size

    @property
    def underruns(self) -> int:
        return self._sound.underruns if self._sound is not None else 0

    @property
    def state(self) -> LiveState:
        """Where the world is now."""
        return self._state

    def dials(self) -> dict[str, float]:
        return dict(zip(NAMES, self._state.dials.tolist(), strict=True))

    def open(self, start: LiveStart, size_px: tuple[int, int], *, waits: bool = False) -> None:
        self.close()
        self._grid, self._size, self._shown = start.grid, size_px, -1
        self._samples = start.grid.sample_rate_hz // start.grid.fps
        self._world = LiveWorld(start)
        self._state = self._world.beginning
        self._watched, self._seen = (), set()
        self._sound = LiveSound(start.score, self._world.first_row, start.seed, start.grid.sample_rate_hz, waits)
        self._painter.open(self._world.first_row, size_px, start.grid.fps, start.seed)
        self._sound.prepare(1.0)

    def step(self, inputs: Sequence[AnyInput]) -> Slice:
        sound = self._sound
        if sound is None:
            raise RuntimeError("the engine is not open")
        frame0 = self._state.frame + 1
        taken: list[AnyInput] = []
        receipts: list[Receipt] = []
        for given in inputs:
            base = Receipt(given.id, given.kind, frame0 / self._grid.fps, given.seen_frame)
            try:
                self._world.check(self._state, given)
                receipts.append(self._accepted(given, base, frame0, sound))
                taken.append(given)
            except Unusable as fault:
                receipts.append(base.at(why=str(fault)))
        before = self._state
        rows: list[Row] = []
        parts: list[NDArray[np.float32]] = []
        heard: list[Event] = []
        with self._lock:
            watched = [w for w in self._watched if not self._seen.intersection(w.ids)]
        watched += self._cohorts(before, taken)
        for k in range(self._painter.frames_per_slice):
            now = tuple(taken) if k == 0 else ()
            self._state, row, events = self._world.advance(self._state, now)
            watched = [self._shadowed(w, now) for w in watched]
            rows.append(row)
            heard.extend(events)
            parts.append(sound.block(row, events, self._samples, self._state.paused))
        frame = frame0 + len(rows) - 1
        patient = frame - round(PATIENCE_S * self._grid.fps)
        tired = [(w, "No change could be seen.") for w in watched if w.since < patient]
        watched = [w for w in watched if w.since >= patient]
        tired += [(w, "Applied; too much was steered at once to watch for it.") for w in watched[MOST_WATCHED:]]
        receipts += [Receipt(number, "", 0.0, -1, w.since, why=why) for w, why in tired for number in w.ids]
        watched = watched[:MOST_WATCHED]
        with self._lock:
            self._watched = tuple(watched)
            self._seen &= {number for w in watched for number in w.ids}
        return Slice(frame0, np.stack(rows), np.concatenate(parts), tuple(heard), tuple(receipts),
                     tuple((w.ids, w.row) for w in watched))

    def draw(self, part: Slice) -> Drawn:
        hold = max(1, round(float(part.rows[-1, HOLD]) * self._grid.fps / 24.0))
        if self._shown >= 0 and part.frame // hold == self._shown // hold and self._painter.frames_per_slice == 1:
            return Drawn(part.frame, np.zeros((0, self._size[1], self._size[0], 3), np.uint8))
        self._shown = part.frame
        waited_for = any(ids[0] not in self._seen for ids, _ in part.shadows)
        painted = self._painter.glance if waited_for else self._painter.paint
        return Drawn(part.frame, painted(part.rows, part.frame0))

    def seen(self, part: Slice) -> tuple[int, ...]:
        seen: list[int] = []
        for ids, without in part.shadows:
            if ids[0] not in self._seen and self._painter.differs(part.rows[-1], without):
                seen.extend(ids)
        if seen:
            with self._lock:
                self._seen.update(seen)
        return tuple(seen)

    def close(self) -> None:
        if self._sound is not None:
            self._sound.close()
            self._painter.close()
            self._sound = None

    def _accepted(self, given: AnyInput, base: Receipt, frame: int, sound: LiveSound) -> Receipt:
        """The receipt of an input that will be applied at `frame`. Raises Unusable where there is no music."""
        if isinstance(given, Music):
            sample = sound.change(given)
            if sample is None:
                raise Unusable("This piece has no music of its own to change.")
            heard = sample // self._samples
            wait_s = max(0.0, (heard - frame) / self._grid.fps)
            return base.at(applied_frame=frame, heard_frame=heard, why=f"Heard from the next bar, in {wait_s:.1f} s.")
        if _only_heard(given):
            return base.at(applied_frame=frame, heard_frame=frame, why="Heard, not shown.")
        return base.at(applied_frame=frame)

    def _cohorts(self, before: LiveState, taken: list[AnyInput]) -> list[_Watched]:
        """What to watch for: the camera's controls of one slice together, every other input by itself. A shadow begins
        at the frame before; `_shadowed` leaves the inputs out when it steps over their frame."""
        flown = tuple(given.id for given in taken if isinstance(given, Fly))
        others = [(given.id,) for given in taken if not isinstance(given, Fly | Music) and not _only_heard(given)]
        return [_Watched(ids, before, np.zeros(0, np.float32), before.frame + 1)
                for ids in ([flown] if flown else []) + others]

    def _shadowed(self, watched: _Watched, inputs: tuple[AnyInput, ...]) -> _Watched:
        shadow, row, _ = self._world.advance(watched.shadow, tuple(i for i in inputs if i.id not in watched.ids))
        return replace(watched, shadow=shadow, row=row)


def _only_heard(given: AnyInput) -> bool:
    return isinstance(given, Happen) and given.name != "lightning"
