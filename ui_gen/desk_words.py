"""Small things of the desk: whether a line asks for a new film, how files and values are shown in it."""

from __future__ import annotations

from collections.abc import Generator
from threading import Event as Flag
from typing import Any

from agent.events import AgentEvent
from agent.studio import Studio
from ui_gen.attached import Attachment


def is_change(text: str, used: list[Attachment], before: dict[str, set[str]]) -> bool:
    """A full new idea names a place and a subject or look; anything less changes the film on the screen. What is
    newly attached makes a new film, unless the words say what to take from it."""
    from agent.interpret import interpret
    from agent.interpret_roles import roles_said

    if any(str(item.path) not in before for item in used):
        said, _ = roles_said(text, [item.kind for item in used], [item.name for item in used])
        return bool(said) and not any("all" in roles for roles in said.values())
    if not text:
        return True
    axes = {trait.axis for trait in interpret(text).traits if not trait.negated}
    return not ("setting" in axes and axes & {"body", "look", "genre", "duration_s"} and len(text.split()) >= 5)


def mark(item: Attachment) -> str:
    """A sign before a file's name."""
    return {"audio": "♪", "rhythm": "♪", "sketch": "✎", "gesture": "✎", "film": "▷", "image": "▢"}.get(item.kind, "¶")


def plain(value: Any) -> str:
    """A value of a control as it is told."""
    return f"{value:g}" if isinstance(value, float) else str(value)


def one_after_another(studio: Studio, jobs: list[str], stop: Flag) -> Generator[AgentEvent]:
    """What was cut off, job by job."""
    from agent.graph import resume

    for job in jobs:
        yield from resume(studio, job, stop)


__all__ = ["is_change", "mark", "one_after_another", "plain"]
