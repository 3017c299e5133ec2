"""docs/conversation.md, written by `python -m benchmarks.conversations --write`."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from benchmarks import first_requests, spoken_languages

PAGE = Path(__file__).parent.parent / "docs" / "conversation.md"
TEXT = """# Conversation: what is understood, and how well

Written by `python -m benchmarks.conversations --write`; nothing is rendered. The suite lies in `tests/suite/`:
{requests} first requests, {talks} conversations with {turns} later lines, and translations. Each item is marked
`dev` or `held_out`; held-out items are for scoring only. The language of expectations is described in
`benchmarks/suite.py`.

Planner: {planner}. The model planner is scored by the same commands once one is wired to the studio.

## First requests

A request is right when every expectation holds of its Direction. Shuffled: the same films against the
expectations of other requests. Time to a Direction (model and tables loaded): median {ms[median]} ms, 95th
percentile {ms[p95]} ms, worst {ms[worst]} ms (to beat: 300 ms on 2 cores).

{first}

## Later lines

A line is right when its kind, the take it starts from, every expectation, and "only these parts changed" hold.
A mistake early in a conversation often fails later lines too. Shuffled: every line replaced by another
conversation's. Time to a turn: median {talk_ms[median]} ms, 95th percentile {talk_ms[p95]} ms, worst
{talk_ms[worst]} ms.

{talk}

What leans on the line before ("sadder still", "the other chorus too", "but not in the outro") is told in full first
(`agent/talk_leaning.py`), and wordings that mean the same are brought to one (`agent/talk_wordings.py`).

309 further lines were written after the planner and before any of them was run (`--suite unseen_2026_11`, the
development half worked on since): 27 November 2026, right before and after, development 72 and 97%, held out 74 and
77%; whole conversations (half of them thirteen lines that must all be right) 11 and 78%, held out 17 and 17%. What
still fails there is mostly a wording that is not known and is answered as such.

## Languages

English is read as it is. German, French, Spanish, Italian, Portuguese and Dutch go through a dictionary
(`agent/languages.py`, `agent/lexicon/languages/`); the Brief says how a text was read and keeps the creator's
own words as reasons. "No dictionary" is the reader as it was, with the German, French and Spanish words of its
own lexicon. The packaged encoder (all-MiniLM-L6-v2) is an English model: the last two columns show how often a
translation is nearest to its own English among all of them, and how near. Polish, Japanese and Chinese have no
dictionary here.

{languages}

The translations were written by the author of the dictionaries and checked by no native speaker: read the
figures as an upper bound. Later lines count only where the English one is understood. What fails: words outside
the dictionary, idioms, separable verbs and denials far from what they deny.
"""


def write(talk: Sequence[str], talked: dict[str, Any]) -> None:
    """Runs the first requests and languages too, and writes the page."""
    from benchmarks.suite import load

    first = first_requests.main(["--planner", talked["planner"]])
    spoken = spoken_languages.main([])
    conversations = load("conversations")
    PAGE.write_text(TEXT.format(
        requests=first["all"]["n"], talks=len(conversations), turns=talked["all"]["n"],
        planner={"built-in": "built in", "model": "a model"}[talked["planner"]], ms=first["ms"], talk_ms=talked["ms"],
        first="\n".join(first_requests.table(first)), talk="\n".join(talk),
        languages="\n".join(spoken_languages.table(spoken))), encoding="utf-8")
    results = PAGE.parent.parent / "benchmarks" / "results" / "conversation.json"
    results.write_text(json.dumps({"first": first, "later": talked, "languages": spoken}, indent=1) + "\n", "utf-8")
