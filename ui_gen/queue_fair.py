"""Who is next: one job of each user in turn, however many one user has waiting. Plain data, no threads, no clock."""

from __future__ import annotations

from collections import deque
from collections.abc import Hashable
from typing import Generic, TypeVar

J = TypeVar("J", bound=Hashable)


class FairQueue(Generic[J]):
    """Waiting jobs by user. The next job is the oldest one of the user who was served longest ago; users that were
    never served come first, in the order in which they came.

    So from the moment a user has a job waiting until one of theirs begins, no other user's begins twice.
    """

    def __init__(self) -> None:
        self._waiting: dict[str, deque[J]] = {}
        self._served: dict[str, int] = {}
        self._turns = 0

    def __len__(self) -> int:
        return sum(map(len, self._waiting.values()))

    def put(self, user: str, job: J) -> None:
        """The job waits behind the others of its user."""
        self._waiting.setdefault(user, deque()).append(job)

    def take(self) -> J | None:
        """The next job, which is then no longer waiting; None where none waits."""
        user = self._next(self._waiting, self._served)
        if user is None:
            return None
        self._turns += 1
        self._served[user] = self._turns
        waiting = self._waiting[user]
        job = waiting.popleft()
        if not waiting:
            del self._waiting[user]
        return job

    def drop(self, user: str, job: J) -> bool:
        """Gives up a waiting job; False where it does not wait."""
        waiting = self._waiting.get(user, deque[J]())
        if job not in waiting:
            return False
        waiting.remove(job)
        if not waiting:
            del self._waiting[user]
        return True

    def waiting(self, user: str) -> int:
        """How many jobs of a user wait."""
        return len(self._waiting.get(user, ()))

    def order(self) -> list[J]:
        """All waiting jobs in the order in which they will begin if nobody comes or goes."""
        left = {user: deque(jobs) for user, jobs in self._waiting.items()}
        served, turns, found = dict(self._served), self._turns, list[J]()
        while (user := self._next(left, served)) is not None:
            turns += 1
            served[user] = turns
            found.append(left[user].popleft())
            if not left[user]:
                del left[user]
        return found

    @staticmethod
    def _next(waiting: dict[str, deque[J]], served: dict[str, int]) -> str | None:
        # min keeps the first of equals: users that were never served go by when they came.
        return min(waiting, key=lambda user: served.get(user, 0), default=None)


__all__ = ["FairQueue"]
