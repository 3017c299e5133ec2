"""What can run here, as the command line, the API, MCP and the page tell it: the same rows for all."""

from __future__ import annotations

import html
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from modalities.availability import GROUPS, Row, group_of, rows
from modalities.engine import Engine
from modalities.registry import Registry

if TYPE_CHECKING:
    from ui_gen.desk import Desk

TITLES = {"picture": "Picture", "sound": "Sound", "understanding": "Understanding (each optional)", "remote": "Remote"}
STATES = {"ready": "ready", "missing": "not here yet", "not here": "cannot run here"}


def engines_told(registry: Registry) -> dict[str, Any]:
    """{"engines": [a row and what the engine's card says beside it, …]}."""
    cards = {engine.card.id: engine.card for engine in registry.all()}
    told: list[dict[str, Any]] = []
    for row in rows(registry.all()):
        one = row.as_json() | {"available": row.ready, "licence_said": row.licence_said}
        card = cards.get(row.id)
        if card is not None and row.group != "understanding":
            one |= {"version": card.version, "tasks": list(card.tasks), "accepts": list(card.accepts),
                    "emits": list(card.emits), "memory_mb": card.needs.memory_mb, "determinism": card.determinism,
                    "weights": [list(each) for each in card.needs.weights]}
        told.append(one)
    return {"engines": told}


def state_of(row: Row) -> str:
    """ready, missing (a command gets it) or not here."""
    return "ready" if row.ready else "missing" if row.commands else "not here"


def by_group(found: Iterable[Row]) -> list[tuple[str, list[Row]]]:
    """The rows under their titles, groups without any left out."""
    listed = list(found)
    parted = [(TITLES[group], [row for row in listed if row.group == group]) for group in GROUPS]
    return [(title, of_group) for title, of_group in parted if of_group]


def makers(registry: Registry) -> list[tuple[str, str]]:
    """(title, id) of engines that can make the pictures of a film on this machine now."""
    return [(engine.card.title, engine.card.id) for engine in registry.all()
            if group_of(engine) in ("picture", "remote") and "film" in engine.card.tasks and _ready(engine)]


def _ready(engine: Engine) -> bool:
    return engine.available() is None


def make_again(desk: Desk, engine: str | None) -> None:
    """A new take of the film on the screen with its pictures by another engine, with that engine's own defaults."""
    if desk.current is None:
        desk.tell("There is no film yet that could be made again.")
    elif engine not in [one for _, one in makers(desk.studio.registry)]:
        desk.tell(f"{(engine or 'No engine')[:40]} cannot run here now; the list says what is missing.")
    else:
        desk.change(desk.current, [{"op": "replace", "path": "/engine", "value": {"id": engine, "params": {}}}],
                    f"again with {engine}")


def engines_html(found: Iterable[Row]) -> str:
    """The table of the page. Everything in it is written as words, never as markup."""
    parts = ["<div class='bc-engines'>"]
    for title, of_group in by_group(found):
        parts.append(f"<h4>{html.escape(title)}</h4><ul>")
        for row in of_group:
            state = state_of(row)
            head = f"<b>{html.escape(row.title)}</b> <i>{STATES[state]}</i>"
            told = [f"<p>{html.escape('; '.join(_facts(row)))}</p>"]
            told += [f"<code>{html.escape(command)}</code>" for command in row.commands]
            # What is not here is folded away: the list is long, and who wants one looks for it by name.
            body = head + "".join(told) if row.ready else \
                f"<details><summary>{head}</summary>{''.join(told)}</details>"
            parts.append(f"<li data-engine='{html.escape(row.id)}' data-state='{state.replace(' ', '-')}'>{body}")
            parts.append("</li>")
        parts.append("</ul>")
    return "".join([*parts, "</div>"])


def _facts(row: Row) -> list[str]:
    why = [row.missing or ""] if not row.ready and not row.commands else []
    memory = [row.memory] if row.sets or row.ready else []
    return [fact for fact in (row.used_for, row.licence_said, row.size_said, row.layout, *memory, *why) if fact]


__all__ = ["by_group", "engines_html", "engines_told", "make_again", "makers", "state_of"]
