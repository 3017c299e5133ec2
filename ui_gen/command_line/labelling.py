"""`beecam label`: a take's name, star and note, and whether it is discarded; `beecam tree` shows them."""

from __future__ import annotations

import argparse
import os
from dataclasses import asdict
from threading import Event as Flag
from typing import Any

from agent.profile_learn import learn_quietly
from modalities.faults import Unusable
from modalities.store import Store, Take
from modalities.take_labels import Label, labels, set_label, take_id_of
from ui_gen.command_line.telling import Teller

Result = dict[str, Any]


def label(arguments: argparse.Namespace, teller: Teller, stop: Flag) -> Result:
    """{id, name, starred, note, discarded} as it is now. Raises Unusable."""
    given = {key: getattr(arguments, key) for key in ("name", "starred", "note", "discarded")}
    if all(value is None for value in given.values()):
        raise Unusable("beecam label needs one of --name, --star, --unstar, --note, --discard or --keep.")
    store = Store(arguments.project).open()
    take_id = take_id_of(store, arguments.take)
    now = set_label(store, take_id, **given)
    chosen = given["starred"] is not None or given["discarded"] is not None
    if chosen and (fault := learn_quietly(os.environ, store, [take_id])):
        teller.line(fault)
    teller.line(f"{take_id}  {said(now) or 'has no label'}")
    return {"id": take_id} | asdict(now)


def said(label: Label) -> str:
    """A label in one line."""
    parts = ["★" if label.starred else "", f"“{label.name}”" if label.name else "",
             "(discarded)" if label.discarded else "", " ".join(label.note.split())[:60]]
    return "  ".join(part for part in parts if part)


def tree(arguments: argparse.Namespace, teller: Teller, stop: Flag) -> Result:
    """{nodes: [{id, parent, parents, why, name, starred, note, discarded, …}]}, takes in the order they were made."""
    store = Store(arguments.project).open()
    takes = store.takes()
    try:
        known = labels(store)
    except Unusable as fault:  # the takes are there all the same
        teller.line(str(fault))
        known = {}
    children: dict[str | None, list[Take]] = {}
    ids = {take.id for take in takes}
    for take in takes:
        children.setdefault(take.parent if take.parent in ids else None, []).append(take)
    waiting = [(take, 0) for take in reversed(children.get(None, []))]
    while waiting:
        take, depth = waiting.pop()
        also = [parent for parent in take.parents if parent != take.parent]
        told = [said(known.get(take.id, Label())), " ".join(take.reason.split())[:70],
                f"(with {', '.join(also)})" if also else ""]
        teller.line(f"{'  ' * min(depth, 40)}{take.id}  {'  '.join(part for part in told if part)}")
        waiting += [(child, depth + 1) for child in reversed(children.get(take.id, []))]
    if not takes:
        teller.line("No takes yet. Try: beecam make \"a bee over a meadow at dawn\"")
    return {"nodes": [{"id": t.id, "parent": t.parent, "parents": list(t.parents), "why": t.reason,
                       "made_at": t.made_at, "seed": t.seed, "engine": t.engine, "duration_s": t.duration_s,
                       "dir": str(t.dir)} | asdict(known.get(t.id, Label())) for t in takes]}
