"""Does a first request become the film that was asked for? tests/suite/requests.yaml against Studio.plan, unrendered.

    python -m benchmarks.first_requests [--planner built-in|model] [--half dev|held_out] [--failures] [--language de]

Score: the share of requests whose every expectation holds, and the share of expectations that hold. Shuffled: the same
Directions against the expectations of other requests; what is left is what any film would have met. A table, then one
JSON line. (Not named requests.py: run as a script, that would shadow the package of that name.)
"""

from __future__ import annotations

import argparse
import json
import os
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from agent.brief import Brief
from agent.direction import Direction
from agent.planner import BuiltIn, planner_from
from agent.request import Request
from agent.studio import Studio
from benchmarks.suite import holds, load
from benchmarks.suite_film import Film
from modalities.faults import Unusable
from modalities.registry import Registry
from modalities.store import Store


@dataclass(frozen=True)
class Scored:
    """One request: which expectations failed, and how long the Direction took."""

    item: dict[str, Any]
    film: Film | None
    failed: tuple[str, ...]
    ms: float

    @property
    def share(self) -> float:
        return 1.0 - len(self.failed) / len(self.item["want"])


def studio_in(folder: Path, planner: str = "built-in") -> Studio:
    """A studio that plans and never renders. planner: built-in, or model (set by BEECAM_LLM_MODEL and its kin)."""
    registry, store = Registry(), Store(folder)
    found = planner_from(os.environ) if planner == "model" else BuiltIn()
    if planner == "model" and found.name == "built-in":
        raise SystemExit("--planner model needs BEECAM_LLM_MODEL and BEECAM_LLM_BASE_URL or BEECAM_LLM_API_KEY.")
    return Studio(store, registry, _no_panel, found)


def _no_panel(_direction: Direction, _brief: Brief) -> dict[str, Any]:
    return {}


def scored(items: Iterable[dict[str, Any]], studio: Studio, word: str = "say") -> list[Scored]:
    """Every item planned once, after a plan that opens the model and its tables, so that loading is not timed."""
    out: list[Scored] = []
    studio.plan(Request(prompt="a gleaming thingamajig upon the moors, thus and so"), lambda _: None)
    for item in items:
        started = time.perf_counter()
        try:
            plan = studio.plan(Request(prompt=item[word]), lambda _: None)
            film: Film | None = Film(plan.direction, plan.brief)
        except Unusable:
            film = None
        ms = 1000 * (time.perf_counter() - started)
        out.append(Scored(item, film, tuple(w for w in item["want"] if not holds(w, film)), ms))
    return out


def shuffled(rows: Sequence[Scored], seed: int = 5) -> tuple[float, float]:
    """(share of requests, share of expectations) met when every film answers for another; mean of 5 shuffles."""
    chance = random.Random(seed)
    whole, parts = [], []
    for _ in range(5):
        order = list(range(len(rows)))
        chance.shuffle(order)
        for k, at in enumerate(order):
            other = rows[order[(k + 1) % len(order)]]
            met = [holds(want, rows[at].film) for want in other.item["want"]]
            whole.append(all(met))
            parts.append(sum(met) / len(met))
    return statistics.fmean(whole), statistics.fmean(parts)


def summary(rows: Sequence[Scored]) -> dict[str, Any]:
    """Scores in all, by half, by kind and by who asks; shuffled; milliseconds to a Direction."""

    def share(part: Sequence[Scored]) -> dict[str, Any]:
        return {"n": len(part), "requests": round(statistics.fmean(not row.failed for row in part), 3),
                "expectations": round(statistics.fmean(row.share for row in part), 3)}

    def groups(key: str) -> dict[str, Any]:
        return {name: share([row for row in rows if row.item[key] == name])
                for name in dict.fromkeys(row.item[key] for row in rows)}

    whole, parts = shuffled(rows)
    times = sorted(row.ms for row in rows)
    return {"all": share(rows), "half": groups("half"), "kind": groups("kind"), "who": groups("who"),
            "shuffled": {"requests": round(whole, 3), "expectations": round(parts, 3)},
            "ms": {"median": round(statistics.median(times)), "p95": round(times[int(0.95 * (len(times) - 1))]),
                   "worst": round(times[-1])}}


def table(result: dict[str, Any]) -> list[str]:
    """Markdown rows: part, items, share of items all right, share of expectations."""
    lines = ["| requests | n | all right | expectations |", "| --- | --- | --- | --- |"]
    rows = [("all", result["all"]), *result["half"].items(), *result["kind"].items(), *result["who"].items()]
    lines += [f"| {name.replace('_', ' ')} | {row['n']} | {row['requests']:.0%} | {row['expectations']:.0%} |"
              for name, row in rows]
    off = result["shuffled"]
    return [*lines, f"| shuffled | {result['all']['n']} | {off['requests']:.0%} | {off['expectations']:.0%} |"]


def main(argv: Sequence[str] | None = None) -> dict[str, Any]:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--planner", choices=("built-in", "model"), default="built-in")
    parser.add_argument("--half", choices=("dev", "held_out"))
    parser.add_argument("--failures", action="store_true", help="say what failed (development half only)")
    arguments = parser.parse_args(argv)
    items = [item for item in load("requests") if arguments.half in (None, item["half"])]
    with tempfile.TemporaryDirectory() as folder:
        rows = scored(items, studio_in(Path(folder), arguments.planner))
    result = {"planner": arguments.planner} | summary(rows)
    if arguments.failures:
        for row in rows:
            if row.failed and row.item["half"] == "dev":
                print(f"{row.item['id']} {row.item['say'][:90]!r}: {'; '.join(row.failed)}", file=sys.stderr)
    print("\n".join(table(result)))
    print(json.dumps(result))
    return result


if __name__ == "__main__":
    main()
