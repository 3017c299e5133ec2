"""`beecam edit --say`: one more line about a take. Most lines make a take; some only answer, ask or lead elsewhere."""

from __future__ import annotations

from pathlib import Path
from threading import Event as Flag
from typing import Any

import jsonpatch

from agent.direction import Direction
from agent.request import Request
from agent.studio import Studio
from ui_gen.command_line.estimating import took
from ui_gen.command_line.running import told
from ui_gen.command_line.telling import Teller
from ui_gen.intents import focus_said

Result = dict[str, Any]


def said(studio: Studio, take_id: str, direction: Direction, line: str, out: Path | None, teller: Teller, stop: Flag
         ) -> Result:
    """See `told`; patch is the difference to the first take that was made. Raises Unusable, Unavailable, Stopped."""
    from agent.graph import run

    if (focus := focus_said(line)) is not None:
        answer = f"A panel about that: beecam panel {take_id} --focus {focus}"
        teller.line(answer)
        return {"takes": [], "job": "", "said": answer, "kind": "panel", "parent": take_id, "patch": [], "question": "",
                "ideas": [], "focus": focus}
    request = Request(prompt=line, engine=direction.engine.id)
    start = {"parent": take_id, "request": request.model_dump(mode="json")}
    return shown(studio, told(studio, run(studio, start, stop), out, teller), direction, teller)


def shown(studio: Studio, result: Result, before: Direction | None, teller: Teller) -> Result:
    """The result with its closing lines told."""
    for take in result["takes"]:
        origin = f"forked from {take['parent']} " if take["parent"] else ""
        teller.line(f"{take['id']} {origin}{took(take)}: {take['video']}")
    for number, idea in enumerate(result["ideas"], 1):
        teller.line(f"{number}. {idea['title']}: {idea['why']}\n   {idea['preview']}")
    if result["question"]:
        teller.line(f"Answer with: beecam resume {result['job']} --answer \"…\"")
    if before is not None and result["takes"] and not result["patch"]:
        after = studio.store.take(result["takes"][0]["id"]).document("direction")
        result["patch"] = jsonpatch.make_patch(before.model_dump(mode="json"), after).patch
    return result
