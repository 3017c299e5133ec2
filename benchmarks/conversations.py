"""Does a conversation do what was said? tests/suite/conversations.yaml against agent.talk.understand, nothing rendered.

    python -m benchmarks.conversations [--planner built-in|model] [--failures] [--write]

Every line is understood where the conversation stands; the takes it makes are faked in memory (a Direction and a Brief,
no film). A turn is right when its kind, the take it starts from, every expectation and "only these parts changed" hold.
Shuffled: every later line is replaced by another conversation's; what is left is what any line would have met.
--write puts this table and that of the first requests and languages into docs/conversation.md.
"""

from __future__ import annotations

import argparse
import json
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from agent.brief import Brief
from agent.direction import Direction
from agent.edits import apply_patch
from agent.request import Request
from agent.studio import Studio
from agent.talk import KnownTake, Standing, Turn, warm
from benchmarks.first_requests import studio_in
from benchmarks.suite import Told, holds, load, strayed
from benchmarks.suite_film import Film
from modalities.faults import Unusable

Understand = Callable[[str, Standing], Turn]
NO_TAKE = ("answer", "ask", "ideas", "label", "go_to")


@dataclass
class Faked:
    """A project as the conversation knows it, in memory: takes are Directions that were never rendered.

    made: the take (or takes) of every turn, from 1."""

    studio: Studio
    takes: list[KnownTake] = field(default_factory=list[KnownTake])
    current: str | None = None
    shown: list[str] = field(default_factory=list[str])
    said: list[str] = field(default_factory=list[str])
    made: dict[int, list[str]] = field(default_factory=dict[int, list[str]])

    def standing(self) -> Standing:
        return Standing(takes=tuple(self.takes), current=self.current, shown=tuple(self.shown), said=tuple(self.said))

    def film(self, identity: str | None) -> Film | None:
        take = next((take for take in self.takes if take.id == identity), None)
        return Film(take.direction, take.brief) if take is not None else None

    def direct_anew(self, prompt: str, like: Direction) -> Direction:
        """Words in the shape of a film, as the studio directs them."""
        return self.planned(prompt, like.seed, like)[0]

    def planned(self, prompt: str, seed: int, like: Direction | None = None) -> tuple[Direction, Brief]:
        request = Request(prompt=prompt, seed=seed)
        if like is not None:
            request = Request(prompt=prompt, seed=seed, duration_s=like.duration_s, size_px=like.size_px,
                              fps=like.grid.fps)
        plan = self.studio.plan(request, lambda _: None)
        return plan.direction, plan.brief

    def follow(self, number: int, line: str, turn: Turn) -> None:
        """What the graph would do with a turn, without rendering. Raises Unusable where the patch does not apply."""
        self.said.append(line)
        if turn.kind == "go_to":
            self.current = turn.parent
            self.shown.append(str(turn.parent))
        if turn.kind == "label":
            known = {key: turn.label[key] for key in ("name", "starred") if key in turn.label}
            self.takes = [take.model_copy(update=known) if take.id == turn.label.get("take") else take
                          for take in self.takes]
        if turn.kind in NO_TAKE:
            return
        parent = next((take for take in self.takes if take.id == turn.parent), None)
        fresh: list[tuple[Direction, Brief]] = []
        if turn.kind in ("new", "variations"):
            fresh = [self.planned(turn.prompt or line, 1 + 1000 * k) for k in range(turn.count)]
        elif parent is not None:
            direction = apply_patch(parent.direction, turn.patch, reason=turn.reason)
            if turn.kind == "again":
                direction = direction.model_copy(update={"seed": direction.seed + 1})
            fresh = [(direction, parent.brief)]
        for direction, brief in fresh:
            take = KnownTake(id=f"t{len(self.takes) + 1:04d}", parent=turn.parent, reason=turn.reason,
                             direction=direction, brief=brief)
            self.takes.append(take)
            self.shown.append(take.id)
            self.made.setdefault(number, []).append(take.id)
            self.current = take.id


@dataclass(frozen=True)
class Row:
    """One turn: what was wrong with it."""

    conversation: str
    half: str
    number: int
    line: str
    kind: str
    wrong: tuple[str, ...]
    ms: float


def talked(item: dict[str, Any], studio: Studio, lines: Sequence[str] | None = None,
           understood: Understand | None = None) -> list[Row]:
    """All turns of a conversation. lines: said instead of its own (for the ablation)."""
    project = Faked(studio)
    out: list[Row] = []
    for number, wanted in enumerate(item["turns"], start=1):
        line = lines[number - 1] if lines else wanted["say"]
        if item.get("alone") and number > 1:
            project.takes, project.current, project.shown, project.said = project.takes[:1], project.takes[0].id, [], []
        standing, here, turn = project.standing(), project.current, None
        started = time.perf_counter()
        wrong: list[str] = []
        try:
            turn = (understood(line, standing) if understood else
                    studio.planner.turn(line, standing, project.direct_anew))
            ms = 1000 * (time.perf_counter() - started)
            project.follow(number, line, turn)
        except Unusable as fault:
            ms = 1000 * (time.perf_counter() - started)
            wrong = [f"refused: {fault}"]
        wrong = wrong or _wrong(wanted, number, project, here, turn)
        if number == 1:  # a conversation's first line is scored as a first request elsewhere
            continue
        out.append(Row(item["id"], item["half"], number, line, wanted["kind"].split("|")[0], tuple(wrong), ms))
    return out


def _wrong(wanted: dict[str, Any], number: int, project: Faked, here: str | None, turn: Turn | None) -> list[str]:
    if turn is None or "kind" not in wanted:
        return []
    if turn.kind not in wanted["kind"].split("|"):
        return [f"kind is {turn.kind}, not {wanted['kind']}: {turn.said[:90]}"]
    start = _taken(project, str(wanted["from"])) if "from" in wanted else here
    checked = turn.kind in ("edit", "again", "variations", "merge") or "from" in wanted
    out = [f"starts from {turn.parent}, not {start}"] if checked and turn.parent != start else []
    now = project.film(turn.parent if turn.kind == "go_to" else project.current)
    before = project.film(start)
    made = {n: film for n, ids in project.made.items() if (film := project.film(ids[0])) is not None}
    told = Told(f"{turn.said} {turn.question}", turn.label, turn.count if turn.kind in ("variations", "ideas") else 0)
    out += [line for line in wanted.get("want", ()) if not holds(line, now, before, made, told)]
    if "only" in wanted and turn.kind in ("edit", "merge") and now is not None and before is not None:
        stray = strayed(wanted["only"], before, now)
        out += [f"changed too: {', '.join(stray[:4])}"] if stray else []
    return out


def _taken(project: Faked, name: str) -> str | None:
    turn, _, nth = name.partition(".")
    ids = project.made.get(int(turn), [])
    at = int(nth or 1) - 1
    return ids[at] if at < len(ids) else None


def shuffled(items: Sequence[dict[str, Any]], studio: Studio, seed: int = 5) -> list[Row]:
    """Every later line replaced by a line of another conversation."""
    chance = random.Random(seed)
    pool = [(item["id"], turn["say"]) for item in items for turn in item["turns"][1:]]
    out: list[Row] = []
    for item in items:
        others = [line for identity, line in pool if identity != item["id"]] or [line for _, line in pool]
        lines = [item["turns"][0]["say"], *chance.sample(others, min(len(others), len(item["turns"]) - 1))]
        out += talked(item, studio, lines)
    return out


def summary(rows: Sequence[Row], off: Sequence[Row]) -> dict[str, Any]:
    """Share of turns that are right, and of conversations that are right throughout; by half and by kind."""

    def share(part: Sequence[Row]) -> dict[str, Any]:
        whole = {row.conversation: True for row in part} | {row.conversation: False for row in part if row.wrong}
        return {"n": len(part), "turns": round(statistics.fmean(not row.wrong for row in part), 3),
                "conversations": round(statistics.fmean(whole.values()), 3)}

    times = sorted(row.ms for row in rows)
    return {"all": share(rows),
            "half": {half: share([row for row in rows if row.half == half])
                     for half in dict.fromkeys(row.half for row in rows)},
            "kind": {kind: share([row for row in rows if row.kind == kind])
                     for kind in dict.fromkeys(row.kind for row in rows)},
            "shuffled": share(off),
            "ms": {"median": round(statistics.median(times)), "p95": round(times[int(0.95 * (len(times) - 1))]),
                   "worst": round(times[-1])}}


def table(result: dict[str, Any]) -> list[str]:
    """Markdown rows: part, turns, share of turns right, share of conversations right throughout."""
    rows = [("all", result["all"]), *result["half"].items(), *result["kind"].items(),
            ("lines shuffled", result["shuffled"])]
    return ["| turns | n | right | whole conversations right |", "| --- | --- | --- | --- |",
            *(f"| {name.replace('_', ' ')} | {row['n']} | {row['turns']:.0%} | {row['conversations']:.0%} |"
              for name, row in rows)]


def main(argv: Sequence[str] | None = None) -> dict[str, Any]:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--planner", choices=("built-in", "model"), default="built-in")
    parser.add_argument("--suite", default="conversations", help="another file of tests/suite, such as unseen_2026_11")
    parser.add_argument("--failures", action="store_true", help="say what failed (development half only)")
    parser.add_argument("--write", action="store_true", help="write docs/conversation.md")
    arguments = parser.parse_args(argv)
    items = load(arguments.suite)
    warm()
    with tempfile.TemporaryDirectory() as folder:
        studio = studio_in(Path(folder), arguments.planner)
        rows = [row for item in items for row in talked(item, studio)]
        result = {"planner": arguments.planner} | summary(rows, shuffled(items, studio))
    if arguments.failures:
        for row in rows:
            if row.wrong and row.half == "dev":
                print(f"{row.conversation}.{row.number} {row.line[:80]!r}: {'; '.join(row.wrong)}", file=sys.stderr)
    if arguments.write:
        from benchmarks.conversation_page import write

        write(table(result), result)
    print("\n".join(table(result)))
    print(json.dumps(result))
    return result


if __name__ == "__main__":
    main()
