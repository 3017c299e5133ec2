"""What the API and the MCP server stand on: the rooms of all users, the board of their jobs, and how a job is begun."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from modalities.faults import Unusable
from ui_gen import api_acts
from ui_gen.api_addresses import BASE, addressed
from ui_gen.api_bodies import (
    AnswerBody,
    Body,
    ChangeBody,
    EditBody,
    EstimateBody,
    IdeasBody,
    MakeBody,
    PanelBody,
    PerceiveBody,
    plain_words,
)
from ui_gen.api_rooms import Missing, Room, Rooms
from ui_gen.queue_jobs import Board, Job, Work

KINDS: Mapping[str, type[Body]] = {"make": MakeBody, "edit": EditBody, "ideas": IdeasBody, "perceive": PerceiveBody,
                                      "panel": PanelBody, "estimate": EstimateBody}
WORKERS = "BEECAM_API_WORKERS"
MOST_WORKERS = 16


class ApiDesk:
    """rooms: where things lie; board: who waits; local: whether clients sit on this machine, so that paths mean
    something to them. file_of: what a file is called by (by user and name), where it is not an upload's id."""

    def __init__(self, main: Path, *, local: bool = False,
                 file_of: Callable[[str, str], Path] | None = None) -> None:
        self.rooms = Rooms(main)
        self.board = Board({"render": _workers(os.environ)})
        self.local = local
        self._file_of = file_of or self.upload_of

    def upload_of(self, user: str, name: str) -> Path:
        """The file behind an upload's id. Raises Missing."""
        found = self.rooms.uploads(user).get(name)
        if found is None:
            raise Missing(f"There is no file {name[:40]!r}; hand it in first with POST {BASE}/files.")
        return found.path

    def begin(self, user: str, kind: str, body: Body) -> Job:
        """A job that waits for its turn. Raises Unusable, Unavailable, Missing, Full."""
        room = self.rooms.room(user, body.project)

        def file_of(name: str) -> Path:
            return self._file_of(user, name)

        if isinstance(body, MakeBody):
            work = api_acts.make(room, body, file_of)
        elif isinstance(body, EditBody):
            work = api_acts.edit(room, body)
        elif isinstance(body, IdeasBody):
            work = api_acts.ideas(room, body)
        elif isinstance(body, PerceiveBody):
            work = api_acts.perceive(room, body, file_of)
        elif isinstance(body, PanelBody):
            work = api_acts.panel(room, body)
        elif isinstance(body, EstimateBody):
            work = api_acts.estimate(room, body)
        else:
            raise Unusable(f"There is nothing called {kind[:40]!r} to do.")
        return self._put(user, room, kind, work)

    def change(self, user: str, take: str, body: ChangeBody) -> Job:
        """An edit of a take. Raises as `begin`."""
        room = self.rooms.room(user, body.project)
        return self._put(user, room, "edit", api_acts.change(room, take, body))

    def answer(self, user: str, job: Job, body: AnswerBody) -> Job:
        """Goes on with a job that asked something. Raises as `begin`."""
        room = self.rooms.room(user, job.project)
        return self._put(user, room, "answer", api_acts.answer(room, job.result, body))

    def job(self, user: str, job_id: str) -> Job:
        """Raises Missing where this user has no such job."""
        found = self.board.job(user, job_id)
        if found is None:
            raise Missing(f"There is no job {job_id[:40]!r}.")
        return found

    def status(self, job: Job) -> dict[str, Any]:
        """The job as its user may see it."""
        told = self.told(self.rooms.room(job.user, job.project), self.board.status(job))
        error = plain_words(told["error"]) if told["error"] else None
        return told | {"error": error, "events": f"{BASE}/jobs/{job.id}/events", "status": f"{BASE}/jobs/{job.id}"}

    def take(self, room: Room, take_id: str) -> dict[str, Any]:
        """{take, direction, panel, measured}: the take as in a list of takes, and its documents. Raises Missing,
        Unusable."""
        found, direction = api_acts.loaded(room, take_id)
        return {"take": self.told(room, api_acts.take_told(found)), "direction": direction.model_dump(mode="json"),
                "panel": found.document("panel"), "measured": found.measured}

    def takes(self, room: Room, newest: int) -> list[dict[str, Any]]:
        """The newest takes of a project, oldest first."""
        return [self.told(room, api_acts.take_told(take)) for take in room.store.newest(newest)]

    def told(self, room: Room, value: Any) -> Any:
        """A result as its reader can use it."""
        return value if self.local else addressed(value, self.rooms, room)

    def sentence(self, user: str, fault: Exception) -> str:
        """What a fault says, in fields instead of options and without paths."""
        said = plain_words(" ".join(str(fault).split()))
        return str(self.told(self.rooms.room(user), said))

    def close(self) -> None:
        """Stops all jobs."""
        self.board.close()

    def _put(self, user: str, room: Room, kind: str, work: Work) -> Job:
        return self.board.submit(user, room.project, kind, work)


def _workers(environ: Mapping[str, str]) -> int:
    given = environ.get(WORKERS, "").strip() or "1"
    if not given.isascii() or not given.isdigit() or not 1 <= int(given[:4]) <= MOST_WORKERS:
        raise Unusable(f"{WORKERS} {given[:20]!r} cannot be used; expected 1 to {MOST_WORKERS}.")
    return int(given)


__all__ = ["KINDS", "ApiDesk"]
