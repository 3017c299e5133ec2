"""What was said at a desk, kept in the project's `conversation.jsonl`, and how a take is told of."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from agent.direction import Direction
from modalities.store import Store
from ui_gen.attached_words import given_by, given_lines

MOST = 400


@dataclass(frozen=True)
class Message:
    """take: the take it speaks of. choices: what could be said in answer, as buttons. line: of the creator's own words
    only: without the files that went with them."""

    role: str
    text: str
    take: str | None = None
    choices: tuple[str, ...] = ()
    line: str = ""


def read(log: Path) -> list[Message]:
    """The last messages; broken lines are left out."""
    if not log.exists():
        return []
    found: list[Message] = []
    for line in log.read_text("utf-8", errors="replace").splitlines()[-MOST:]:
        try:
            given = json.loads(line)
            found.append(Message(**(given | {"choices": tuple(given.get("choices", ()))})))
        except (ValueError, TypeError, AttributeError):
            continue
    return found


def write(log: Path, message: Message) -> None:
    """One more line. The talk goes on without a log when the disk is full; takes report such a thing themselves."""
    try:
        with log.open("a", encoding="utf-8") as file:
            file.write(json.dumps(vars(message), ensure_ascii=False) + "\n")
    except OSError:
        pass


def take_told(store: Store, take_id: str, said: str, direction: Direction | None, notes: Sequence[str]) -> str:
    """A finished take: what changed, or what the film is; notes; what its references gave."""
    from agent.director import explain

    take = store.take(take_id)
    text = said or (explain(direction) if direction is not None else "")
    return "\n".join([f"{take_id}. {text} Made in {take.wall_s:.0f} s.", *notes,
                      *given_lines(given_by(take.brief, take.measured))])


__all__ = ["Message", "read", "take_told", "write"]
