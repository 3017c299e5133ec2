"""What a run of the graph carries from node to node: small JSON only; media stay in the store."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from threading import Event as Flag
from typing import Annotated, Any, Literal, Required, TypedDict

from agent.edits import Patch
from agent.events import AgentEvent
from agent.studio import Studio
from modalities.engine import Emit, Progress

Route = Literal["direct", "ask", "tell", "done"]


def joined_takes(before: dict[str, str] | None, more: dict[str, str] | None) -> dict[str, str]:
    """Finished takes by their number in the run, from nodes that ran side by side."""
    return {**(before or {}), **(more or {})}


class RunState(TypedDict, total=False):
    """A run starts with one of
    - `request` (a new film),
    - `request` and `parent` (a line about a take; with `referring` the request's references replace the take's),
    - `parent` and `patch` (an edit that is known), with `reason`,
    - `merge`: {ours, theirs, side or None, base or None}.

    shown, said: takes in the order they were on screen and earlier lines, where a conversation has them. quiet: nothing
    is proposed afterwards. The rest is written by nodes.
    """

    job: str
    request: Required[dict[str, Any]]
    parent: str | None
    referring: bool
    patch: Patch
    reason: str
    merge: dict[str, Any]
    shown: list[str]
    said: list[str]
    quiet: bool
    route: Route
    turn: Required[dict[str, Any]]
    question: dict[str, Any]
    brief: Required[dict[str, Any]]
    direction: dict[str, Any]
    parents: list[str]
    seeds: list[int]
    varied: bool
    number: int
    takes: Annotated[dict[str, str], joined_takes]


@dataclass(frozen=True)
class Hands:
    """What a node works with: the studio, the flag that stops it, and where events go."""

    studio: Studio
    stop: Flag
    tell: Callable[[AgentEvent], None]

    def emit(self, take: int = 0, takes: int = 1) -> Emit:
        """Progress of an engine as events."""
        def emit(progress: Progress) -> None:
            self.tell(AgentEvent(kind="progress", stage=progress.stage, done=progress.done, total=progress.total,
                                 unit=progress.unit, left_s=progress.left_s, take=take, takes=takes,
                                 preview=str(progress.preview_png) if progress.preview_png else None))

        return emit


__all__ = ["Hands", "Route", "RunState", "joined_takes"]
