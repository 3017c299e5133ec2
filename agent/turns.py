"""Lowest number first, one at a time or a few: the takes of a run are nodes that langgraph starts side by side, but a
renderer uses every core by itself; only where others draw are several takes in the making. (langgraph's own
`max_concurrency=1` also starves the thread that delivers events: the run then never begins.)"""

from __future__ import annotations

import threading
from collections.abc import Callable, Generator
from contextlib import contextmanager
from threading import Event as Flag

from modalities.faults import Stopped

LOOK_S = 0.1


class Turns:
    """Safe for any number of threads."""

    def __init__(self, most: Callable[[], int] = lambda: 1) -> None:
        """most: how many at a time; asked when the first wants to begin."""
        self._changed = threading.Condition()
        self._waiting: set[int] = set()
        self._busy = 0
        self._asked, self._most = most, 0

    @contextmanager
    def at(self, number: int, stop: Flag) -> Generator[None]:
        """Waits until there is room and no lower number waits. Raises Stopped when stopped while waiting, and what
        asking how many raises."""
        with self._changed:
            self._most = self._most or max(1, self._asked())
            self._waiting.add(number)
            try:
                while self._busy >= self._most or min(self._waiting) != number:
                    self._changed.wait(LOOK_S)
                    if stop.is_set():
                        raise Stopped("The run was stopped; finished takes were kept.")
                self._busy += 1
            finally:
                self._waiting.discard(number)
                self._changed.notify_all()
        try:
            yield
        finally:
            with self._changed:
                self._busy -= 1
                self._changed.notify_all()


__all__ = ["Turns"]
