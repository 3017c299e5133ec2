"""`beecam ideas`: unexpected but coherent proposals for a take or a prompt, and with --take N the one to make."""

from __future__ import annotations

import argparse
import json
import shutil
from pathlib import Path
from threading import Event as Flag
from typing import Any

from agent.brief import Brief
from agent.edits import Patch, apply_patch
from agent.events import AgentEvent
from agent.ideas import FOLDER, Idea, Start, ideas_for, ideas_from, looks_of_takes, new_folder
from agent.ideas_excerpt import signals_of
from agent.ideas_types import MOST_IDEAS
from agent.request import Request
from agent.studio import Plan, Studio
from modalities.engine import Progress
from modalities.faults import Unusable
from modalities.store import TAKE_ID, Take, check_writable
from ui_gen.command_line.telling import Teller

Result = dict[str, Any]
LISTED = "ideas.json"


def ideas(arguments: argparse.Namespace, studio: Studio, teller: Teller, stop: Flag) -> Result:
    """{ideas: [...], take: {...} with --take}. Raises Unusable, Unavailable, Stopped."""
    what, number = arguments.what.strip(), arguments.number
    if not what:
        raise Unusable("Ideas need a take's id or some words.")
    if not 1 <= arguments.count <= MOST_IDEAS:
        raise Unusable(f"--count {arguments.count} cannot be given; expected 1 to {MOST_IDEAS}.")
    if number is not None and not 1 <= number <= arguments.count:
        raise Unusable(f"--take {number} is none of the {arguments.count} ideas; expected 1 to {arguments.count}.")
    out = arguments.out.expanduser().absolute() if arguments.out else None
    if out is not None:
        check_writable(out)

    def emit(p: Progress) -> None:
        teller.tell(AgentEvent(kind="progress", stage=p.stage, done=p.done, total=p.total, unit=p.unit,
                               left_s=p.left_s))

    plan = None if TAKE_ID.match(what) else studio.plan(Request(prompt=what, seed=arguments.seed), emit, stop)
    asked = {"what": what, "count": arguments.count, "seed": arguments.seed}
    before = studio.load(what)[1] if plan is None else plan.direction
    shown = _shown_last(studio, asked, before.model_dump(mode="json")) if number is not None else None
    if shown is None:
        found = ideas_for(studio, what, arguments.count, arguments.seed, emit, stop) if plan is None else \
            _from_plan(studio, plan, what, arguments, emit, stop)
        shown = [told(one) for one in found]
        listed = {"asked": asked, "before": before.model_dump(mode="json"), "ideas": shown}
        folder = Path(shown[0]["preview"]).parent
        (folder / LISTED).write_text(json.dumps(listed, ensure_ascii=False, allow_nan=False, indent=1), "utf-8")
    if out is not None:
        shown = _copied(shown, out)
    teller.clear()
    for k, one in enumerate(shown):
        teller.line(f"{k + 1}. {one['title']}  ({one['distance']:.2f} from everything tried, "
                    f"{one['surprise_bits']:.0f} bits)\n   {one['why']}\n   {one['preview']}")
    if number is None:
        return {"ideas": shown}
    if number > len(shown):
        raise Unusable(f"Only {len(shown)} ideas hang together here; --take {number} is none of them.")
    take = _taken(studio, what, plan, shown[number - 1], emit, stop)
    teller.clear()
    teller.line(f"{take.id}: {take.video}")
    from ui_gen.command_line.running import take_result

    return {"ideas": shown, "take": take_result(take)}


def told(one: Idea) -> Result:
    """An idea as the contract names it; paths are absolute."""
    return {"title": one.title, "why": one.why, "distance": one.distance, "surprise_bits": one.surprise_bits,
            "surprise": one.surprise_bits, "coherence": one.coherence, "changes": list(one.genes), "patch": one.patch,
            "direction": one.direction.model_dump(mode="json"), "preview": str(one.preview)}


def _from_plan(studio: Studio, plan: Plan, words: str, arguments: argparse.Namespace, emit: Any, stop: Flag
               ) -> tuple[Idea, ...]:
    given = (plan.heard.cues.signals, plan.heard.cues.signal_rate_hz) if plan.heard else (None, 50.0)
    start = Start(plan.direction, words, signals_of(plan.direction, *given),
                  looks_of_takes(studio, studio.store.takes()))
    return ideas_from(start, arguments.count, arguments.seed, studio.store.root / FOLDER, "prompt", emit, stop,
                      studio.cluster)


def _shown_last(studio: Studio, asked: Result, before: Result) -> list[Result] | None:
    """The newest list that was shown for the same question about the same Direction."""
    lists = sorted((studio.store.root / FOLDER).glob(f"*/{LISTED}"), key=lambda path: path.stat().st_mtime_ns)
    for path in reversed(lists):
        try:
            found = json.loads(path.read_text("utf-8"))
            if found["asked"] == asked and found["before"] == before and found["ideas"]:
                return list(found["ideas"])
        except (OSError, ValueError, TypeError, KeyError):
            continue
    return None


def _taken(studio: Studio, what: str, plan: Plan | None, idea: Result, emit: Any, stop: Flag) -> Take:
    """The idea as a take: forked from the take it was found for, or the first of a prompt."""
    patch: Patch = idea["patch"]
    if plan is not None:
        referred = studio.perceive(Request(prompt=what), emit, stop)
        direction = apply_patch(plan.direction, patch, reason=idea["title"], author="agent")
        return studio.render(direction, plan.brief, plan.heard, referred, parent=None, reason=idea["title"],
                             request={"prompt": what}, emit=emit, stop=stop)
    take, direction, brief = studio.load(what)
    heard = studio.heard_again(direction, emit, stop)
    changed = apply_patch(direction, patch, reason=idea["title"], author="agent", new_id=f"{take.id}e")
    return studio.render(changed, _noted(brief, idea), heard, studio.perceived(brief, "", stop), parent=take.id,
                         reason=idea["title"], request={}, emit=emit, stop=stop)


def _noted(brief: Brief, idea: Result) -> Brief:
    return brief.model_copy(update={"notes": (*brief.notes, f"{idea['title']}: {idea['why']}")})


def _copied(shown: list[Result], out: Path) -> list[Result]:
    """The list with its thumbnails copied to a new folder in `out`. Raises OSError."""
    folder = new_folder(out, "ideas")
    copied = [one | {"preview": shutil.copy(one["preview"], folder / Path(one["preview"]).name)} for one in shown]
    (folder / LISTED).write_text(json.dumps({"ideas": copied}, ensure_ascii=False, default=str, indent=1), "utf-8")
    return [one | {"preview": str(one["preview"])} for one in copied]
