"""Where a creator stands in a project: the take on the screen, the one beside it, and the ideas on the table. Kept in
`<project>/desk.json`, so that a restart loses nothing; written in one step."""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from modalities.one_writer import write_whole
from modalities.store import TAKE_ID, Store

FILE = "desk.json"
MOST_IDEAS = 8


@dataclass(frozen=True)
class Place:
    """ideas: as the agent gave them (title, why, patch, preview…); ideas_of: the take they start from."""

    current: str | None = None
    compared: str | None = None
    ideas: tuple[dict[str, Any], ...] = ()
    ideas_of: str | None = None


def read_place(store: Store) -> Place:
    """As it was left; what is damaged or no longer there is left out."""
    try:
        given = json.loads((store.root / FILE).read_text("utf-8"))
        there = set(store.ids())
        takes = {key: given.get(key) for key in ("current", "compared", "ideas_of")}
        takes = {key: value for key, value in takes.items() if isinstance(value, str) and TAKE_ID.match(value)
                 and value in there}
        ideas = tuple(one for one in given.get("ideas") or () if _whole(store, one))[:MOST_IDEAS]
        return Place(takes.get("current"), takes.get("compared"), ideas if "ideas_of" in takes else (),
                     takes.get("ideas_of"))
    except (OSError, ValueError, TypeError, AttributeError, RecursionError):
        return Place()


def write_place(store: Store, place: Place) -> None:
    """Work goes on without it when the disk is full; takes report such a thing themselves."""
    with suppress(OSError):
        write_whole(store.root / FILE, json.dumps(asdict(place), ensure_ascii=False) + "\n")


def _whole(store: Store, idea: Any) -> bool:
    if not isinstance(idea, dict) or not isinstance(idea.get("patch"), list):
        return False
    if not (isinstance(idea.get("title"), str) and isinstance(idea.get("why"), str)):
        return False
    preview = Path(str(idea.get("preview", "")))
    return preview.is_file() and preview.resolve().is_relative_to(store.root.resolve() / "ideas")


__all__ = ["Place", "read_place", "write_place"]
