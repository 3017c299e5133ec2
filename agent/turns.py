"""One at a time, lowest number first: the takes of a run are nodes that langgraph starts side by side, but a renderer
uses every core by itself. (langgraph's own `max_concurrency=1` also starves the thread that delivers events: the run
then never begins.)"""

from __future__ import annotations

import threading
from collections.abc import Generator
from contextlib import contextmanager
from threading import Event as Flag

from modalities.faults import Stopped

LOOK_S = 0.1


class Turns:
    """Safe for any number of threads."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._waiting: set[int] = set()
        self._busy = False

    @contextmanager
    def at(self, number: int, stop: Flag) -> Generator[None]:
        """Waits until nobody is at it and no lower number waits. Raises Stopped when stopped while waiting."""
        with self._changed:
            self._waiting.add(number)
            try:
                while self._busy or min(self._waiting) != number:
                    self._changed.wait(LOOK_S)
                    if stop.is_set():
                        raise Stopped("The run was stopped; finished takes were kept.")
                self._busy = True
            finally:
                self._waiting.discard(number)
                self._changed.notify_all()
        try:
            yield
        finally:
            with self._changed:
                self._busy = False
                self._changed.notify_all()


__all__ = ["Turns"]
