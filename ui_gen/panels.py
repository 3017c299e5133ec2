"""The measured panel of a take: composed for the talk as it is now, control by control, from what the project keeps."""

from __future__ import annotations

import threading
import time
from collections.abc import Generator
from contextlib import closing
from dataclasses import dataclass, replace
from threading import Event as Flag

from agent.brief import Brief
from agent.direction import Direction
from agent.ideas_excerpt import Signals, signals_of
from agent.studio import Studio
from modalities.engine import Engine, Progress
from modalities.faults import Stopped, Unavailable, Unusable
from ui_gen.candidate import Candidate
from ui_gen.catalogue import candidates
from ui_gen.compose import IN_VIEW, MOST_FOUND, Wish, compose, composing
from ui_gen.intents import intent_of, weighed
from ui_gen.measure_store import MeasureStore, measuring
from ui_gen.panel import Control, Focus, Panel
from ui_gen.panel_model import model_candidates
from ui_gen.panel_use import leaning_of

FOLDER = ".measured"
MOST_BESIDE = 24


def panel_of_take(studio: Studio, take_id: str, wish: Wish | None = None, store: MeasureStore | None = None,
                  stop: Flag | None = None) -> Generator[Panel]:
    """The panel of a take as it grows; the last one is whole. Raises Unusable, Stopped, OSError."""
    _, direction, brief = studio.load(take_id)
    wish = wish or Wish()
    wish = replace(wish, more=(*wish.more, *takes_beside(studio, take_id)), leaning=wish.leaning or leaning_of(studio))
    yield from measured_panel(studio, direction, brief, wish, store or store_of(studio), stop or Flag())


def measured_panel(studio: Studio, direction: Direction, brief: Brief, wish: Wish | None, store: MeasureStore,
                   stop: Flag) -> Generator[Panel]:
    """The panel of a Direction as it grows: nothing is on it that was not seen to work."""
    wish = wish or Wish()
    engine = engine_of(studio, direction)
    ranked = weighed([*wish.more, *candidates(direction, engine)], intent_of(direction, brief), brief, wish.focus,
                     wish.leaning)
    ahead = (*wish.kept, *(one.control for _, one in ranked[:IN_VIEW - MOST_FOUND]))
    signals = signals_for(studio, direction, stop)
    asked = replace(wish, finding=lambda own: store.found(direction, own, signals))
    plain = None
    with measuring(direction, signals, store, engine, ahead) as measure:
        with closing(composing(direction, brief, engine, asked, measure)) as growing:
            for plain in growing:
                if stop.is_set():
                    return
                yield plain
        chosen, said = model_candidates(studio.planner, direction, brief, candidates(direction, engine), engine, stop)
        if plain is None or not (chosen or said):
            return
        # Quicker than any model, the composed panel is there; the model's takes its place once it was tried as well.
        theirs = replace(asked, more=(*wish.more, *chosen))
        panel = compose(direction, brief, engine, theirs, measure) if chosen else plain
        yield panel.model_copy(update={"reason": said[:200], "revision": plain.revision + 1})


def takes_beside(studio: Studio, take_id: str) -> tuple[Candidate, ...]:
    """A picker of the takes that were made together with this one, where there are several."""
    here = studio.store.take(take_id)
    run = here.job.rpartition("/")[0]
    beside = [one.id for one in studio.store.newest(MOST_BESIDE) if run and one.job.rpartition("/")[0] == run]
    if len(beside) < 2 or take_id not in beside:
        return ()
    control = Control(id="takes", label="Take to go on from", kind="takes", binds=("/parent",), value=take_id,
                      choices=tuple(sorted(beside, key=lambda one: int(one[1:]))), cost="live",
                      why="These were made together; the panel follows the one that is chosen.")
    return (Candidate("look", "Takes", 1.3, control),)


def store_of(studio: Studio) -> MeasureStore:
    return MeasureStore(studio.store.root / FOLDER)


def engine_of(studio: Studio, direction: Direction) -> Engine | None:
    """The engine of a Direction, where it can run here."""
    try:
        return studio.registry.get(direction.engine.id)
    except Unavailable:
        return None


def signals_for(studio: Studio, direction: Direction, stop: Flag) -> Signals | None:
    """What the music does, where anything listens to it."""
    if not direction.links:
        return None
    heard = studio.heard_again(direction, _untold, stop)
    return signals_of(direction, *((heard.cues.signals, heard.cues.signal_rate_hz) if heard else (None, 50.0)))


def _untold(progress: Progress) -> None:
    return None


@dataclass(frozen=True)
class Growing:
    """A panel that a page may show: revision rises whenever it is another one; whole once everything was measured."""

    panel: Panel | None
    whole: bool
    revision: int


class Panels:
    """The panels of a desk's takes, measured by a thread of their own; a page asks for what there is by now."""

    def __init__(self, studio: Studio) -> None:
        self._studio, self._store = studio, store_of(studio)
        self._lock = threading.RLock()
        self._held: dict[str, Growing] = {}
        self._wishes: dict[str, Wish] = {}
        self._stops: dict[str, Flag] = {}
        self._threads: list[threading.Thread] = []
        self._closed = False

    def now(self, take_id: str) -> Growing:
        """What there is of a take's panel; the first call begins to make it."""
        with self._lock:
            if take_id not in self._held:
                self._begin(take_id)
            return self._held[take_id]

    def wish(self, take_id: str) -> Wish:
        with self._lock:
            return self._wishes.get(take_id, Wish())

    def turn_to(self, take_id: str, focus: Focus | None, kept: tuple[Control, ...]) -> None:
        """A new panel for the same take, about something else; what the creator touched stays on it."""
        with self._lock:
            self._wishes[take_id] = replace(self.wish(take_id), focus=focus, kept=kept)
            self._begin(take_id)

    def lock(self, take_id: str, control_id: str, locked: bool) -> None:
        """The creator keeps a control as it is, or lets it go."""
        with self._lock:
            held = self._held.get(take_id)
            if held is None or held.panel is None:
                return
            sections = tuple(section.model_copy(update={"controls": tuple(
                control.model_copy(update={"locked": locked}) if control.id == control_id else control
                for control in section.controls)}) for section in held.panel.sections)
            panel = held.panel.model_copy(update={"sections": sections})
            self._held[take_id] = Growing(panel, held.whole, held.revision)

    def finish(self, take_id: str, timeout_s: float = 60.0) -> Panel | None:
        """The whole panel, waited for."""
        done = threading.Event()
        for _ in range(max(1, round(timeout_s / 0.05))):
            held = self.now(take_id)
            if held.whole:
                return held.panel
            done.wait(0.05)
        return self.now(take_id).panel

    def close(self, timeout_s: float = 5.0) -> None:
        """Ends what is being measured, within a control or two."""
        with self._lock:
            self._closed = True
            for stop in self._stops.values():
                stop.set()
            working = [thread for thread in self._threads if thread.is_alive()]
        until = time.monotonic() + timeout_s
        for thread in working:
            thread.join(max(0.0, until - time.monotonic()))

    def _begin(self, take_id: str) -> None:
        before = self._held.get(take_id)
        if (running := self._stops.get(take_id)) is not None:
            running.set()
        stop = self._stops[take_id] = Flag()
        self._held[take_id] = Growing(before.panel if before else None, False, before.revision + 1 if before else 0)
        if self._closed:
            return
        thread = threading.Thread(target=self._grow, args=(take_id, stop), daemon=True, name="beecam-panel")
        self._threads = [*(one for one in self._threads if one.is_alive()), thread]
        thread.start()

    def _grow(self, take_id: str, stop: Flag) -> None:
        """A damaged or deleted take has no panel; the page says so elsewhere."""
        last: Panel | None = None
        try:
            with closing(panel_of_take(self._studio, take_id, self.wish(take_id), self._store, stop)) as growing:
                for panel in growing:
                    last = panel
                    self._put(take_id, stop, panel, False)
        except (Unusable, Unavailable, Stopped, OSError):
            pass
        finally:
            self._put(take_id, stop, last, True)

    def _put(self, take_id: str, stop: Flag, panel: Panel | None, whole: bool) -> None:
        with self._lock:
            if stop.is_set():
                return
            held = self._held[take_id]
            self._held[take_id] = Growing(panel or held.panel, whole, held.revision + 1)
