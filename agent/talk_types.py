"""What a conversation is made of: the takes it knows, where it stands, and what one more line asks for."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal

from pydantic import Field

from agent.brief import Brief
from agent.direction import Direction, Frozen
from agent.edits import Patch

# Directs words anew in the shape of a film: same length, size, frame rate and seed.
DirectAnew = Callable[[str, Direction], Direction]
TurnKind = Literal["new", "edit", "answer", "go_to", "variations", "merge", "ideas", "label", "ask", "again"]


class KnownTake(Frozen):
    """A take as the conversation knows it."""

    id: str
    parent: str | None
    name: str = ""
    starred: bool = False
    reason: str = ""
    direction: Direction
    brief: Brief


class Standing(Frozen):
    """Where the conversation stands, rebuilt from the store for every turn. takes: in the order they were made;
    shown: takes in the order they were on screen; said: the creator's earlier lines, oldest first."""

    takes: tuple[KnownTake, ...] = ()
    current: str | None = None
    shown: tuple[str, ...] = ()
    said: tuple[str, ...] = ()

    def take(self, identity: str | None) -> KnownTake | None:
        return next((take for take in self.takes if take.id == identity), None)

    @property
    def here(self) -> KnownTake | None:
        """The take that is on screen: the current one, else the newest."""
        return self.take(self.current) or (self.takes[-1] if self.takes else None)


class Turn(Frozen):
    """What a line asks for. parent: the take it starts from or goes to; patch: RFC 6902 on the parent's Direction,
    already seen to apply; prompt: what goes to the planner (new, variations); said: one sentence with what changed and
    what was kept, or the answer; question and choices: of kind "ask", answered by the next line; label: take, name,
    starred, note; others: further takes used; reason: goes into the take."""

    kind: TurnKind
    parent: str | None = None
    patch: Patch = Field(default_factory=list[dict[str, Any]])
    prompt: str = ""
    count: int = Field(default=1, ge=1, le=16)
    said: str = ""
    question: str = ""
    choices: tuple[str, ...] = ()
    label: dict[str, Any] = Field(default_factory=dict)
    others: tuple[str, ...] = ()
    reason: str = ""
