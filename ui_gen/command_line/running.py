"""A run of the graph at a terminal: its events are told, and what came of it is one JSON object."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import closing
from pathlib import Path
from typing import Any

from agent.events import AgentEvent
from agent.studio import Studio
from modalities.store import Take
from ui_gen.command_line.estimating import cost_of
from ui_gen.command_line.telling import Teller

Result = dict[str, Any]


def take_result(take: Take) -> Result:
    """A take as the contract names it; paths are absolute."""
    return {"id": take.id, "dir": str(take.dir), "video": str(take.video), "audio": str(take.audio),
            "poster": str(take.poster), "direction": str(take.dir / "direction.json"),
            "panel": str(take.dir / "panel.json"), "engine": take.engine, "seed": take.seed,
            "duration_s": take.duration_s, "wall_s": take.wall_s, "measured": take.measured, "parent": take.parent,
            **cost_of(take)}


def told(studio: Studio, events: Generator[AgentEvent], out: Path | None, teller: Teller) -> Result:
    """{takes, job, said, kind, patch, parent, question, choices, ideas, shown, review, proposals}; what did not come up
    is empty. shown: the take that a way through the tree leads to. out: finished takes are copied there as well."""
    found: Result = {"takes": [], "job": "", "said": "", "kind": "", "parent": None, "patch": [], "question": "",
                     "choices": [], "ideas": [], "shown": None, "review": [], "proposals": []}
    # A listener that fails (a closed pipe) must end the work at once, not when somebody collects the garbage.
    with closing(events):
        for event in events:
            teller.tell(event)
            data = event.data or {}
            if event.kind == "job":
                found["job"] = event.text
            elif event.kind == "take":
                take = studio.store.take(event.text)
                found["takes"].append(take_result(studio.store.copy_out(take, out) if out else take))
            elif event.kind == "said":
                found |= {"said": event.text, "kind": data.get("kind", ""), "parent": data.get("parent"),
                          "patch": data.get("patch", [])}
            elif event.kind == "go_to":
                found["shown"] = event.text
            elif event.kind == "question":
                found |= {"question": event.text, "choices": list(data.get("choices", []))}
            elif event.kind == "ideas":
                found["ideas"] = list(data.get("ideas", []))
            elif event.kind == "review":
                found["review"].append(event.text)
            elif event.kind == "proposals":
                found["proposals"] = list(data.get("lines", []))
    teller.clear()
    return found
