"""`beecam engines`: what can run here, what is missing, and the one command that gets it."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path
from threading import Event as Flag
from typing import Any

from agent.director_words import clock
from agent.events import AgentEvent
from modalities.accelerator import accelerator
from modalities.availability import Row, all_sets, in_words, rows
from modalities.engines.sound.catalogue import sound_engines
from modalities.faults import Stopped, Unusable
from modalities.fetching import Offer, fetched, free_mb, offered, removed
from modalities.registry import Registry, default_registry
from modalities.weights import VARIABLE, Weights, found, missing, weights_root
from ui_gen.command_line.telling import Teller
from ui_gen.engines_told import by_group, engines_told, state_of

Result = dict[str, Any]
ID_WIDTH, STATE_WIDTH = 22, 9


def engines(arguments: argparse.Namespace, teller: Teller, stop: Flag) -> Result:
    """Lists, gets or removes. Raises Unusable, Unavailable, Stopped."""
    registry = default_registry(arguments.project)
    if arguments.action is None:
        for option, given in (("--yes", arguments.yes), ("--accept-licence", arguments.accept_licence),
                              ("--out", arguments.out)):
            if given:
                raise Unusable(f"{option} goes with: beecam engines get NAME.")
        return listed(registry, teller)
    if not arguments.name:
        raise Unusable(f"Say which: beecam engines {arguments.action} NAME; names are: {', '.join(_names(registry))}.")
    wanted = sets_of(registry, arguments.name)
    root = arguments.out.expanduser().absolute() if arguments.out is not None else weights_root()
    if arguments.action == "remove":
        freed = sum(removed(one, root) for one in wanted)
        teller.line(f"{arguments.name}: {in_words(freed)} are free again." if freed else
                    f"{arguments.name}: nothing of it was in {root}.")
        return {"removed": [one.name for one in wanted], "freed_mb": round(freed, 1)}
    return {"fetched": [_get(one, root, arguments, teller, stop) for one in wanted]}


def listed(registry: Registry, teller: Teller) -> Result:
    """The table, and the same as data."""
    for title, of_group in by_group(rows(registry.all())):
        teller.line(title)
        for row in of_group:
            for line in lines_of(row):
                teller.line(line)
    root = weights_root()
    teller.line(f"Weights are in {root} ({VARIABLE}); {free_mb(root) / 1000:.0f} GB are free there.")
    here = accelerator()
    card = f"{here.name}, {in_words(here.memory_mb)}" if here.memory_mb else here.name
    teller.line(f"This machine: {card}; {in_words(here.host_mb)} of main memory are free.")
    machine = {"device": here.device, "name": here.name, "memory_mb": here.memory_mb, "host_mb": round(here.host_mb)}
    return engines_told(registry) | {"weights": str(root), "machine": machine}


def lines_of(row: Row) -> list[str]:
    """A row for a person: one line, and under it what there is to say."""
    head = f"  {row.id:<{ID_WIDTH}} {state_of(row):<{STATE_WIDTH}} {row.title}"
    facts = [row.licence_said, row.size_said]
    lines = [f"{head}; {'; '.join(fact for fact in facts if fact)}"]

    def under(word: str, text: str) -> None:
        if text:
            lines.append(f"  {'':<{ID_WIDTH}} {word:<{STATE_WIDTH}} {text}")

    under("for", row.used_for)
    if not row.ready and not row.commands:
        under("why", row.missing or "")
    for command in row.commands:
        under("get", command)
    under("here", row.layout)
    if row.sets or row.ready:
        under("memory", row.memory)
    return lines


def sets_of(registry: Registry, name: str) -> tuple[Weights, ...]:
    """The sets of an engine, or one set by its own name. Raises Unusable."""
    carded = (*registry.all(), *sound_engines())
    of_engine = next((engine.card.needs.sets for engine in carded if engine.card.id == name), None)
    if of_engine == ():
        raise Unusable(f"{name} needs nothing that could be fetched.")
    wanted = of_engine or tuple(one for one in all_sets(registry.all()).values() if one.name == name)
    if not wanted:
        raise Unusable(f"There are no weights {name[:60]!r}; names are: {', '.join(_names(registry))}.")
    by_hand = next((one for one in wanted if one.by_hand), None)
    if by_hand is not None:
        raise Unusable(f"{by_hand.name} has to be converted by hand: {by_hand.by_hand}.")
    return wanted


def _names(registry: Registry) -> list[str]:
    return list(all_sets(registry.all()))


def _get(one: Weights, root: Path, arguments: argparse.Namespace, teller: Teller, stop: Flag) -> Result:
    """One set, after what it is has been shown and agreed to."""
    there = found(one, os.environ | {VARIABLE: str(root)})
    if there is not None and (arguments.out is None or there.parent == root):
        teller.line(f"{one.name} is here already: {there}")
        return {"name": one.name, "dir": str(there), "commit": None, "size_mb": None, "fetched": False}
    forbids = f"{one.name} ({one.licence}) forbids selling what is made with it"
    if not one.commercial and not arguments.accept_licence and not _agreed(
            f"{forbids}. Fetch it all the same?", arguments, teller):
        raise Unusable(f"{forbids}; to fetch it all the same say --accept-licence.")
    offer = offered(one, stop)
    _show(offer, root, teller)
    if not arguments.yes and not _agreed("Fetch it?", arguments, teller):
        raise Unusable(f"Nothing was fetched; to go ahead say: beecam engines get {one.name} --yes.")

    def tell(done_mb: float, total_mb: float) -> None:
        teller.tell(AgentEvent(kind="progress", stage="fetching", done=int(done_mb), total=max(1, int(total_mb)),
                               unit="MB"))

    if stop.is_set():
        raise Stopped("Stopped before anything was fetched.")
    try:
        folder = fetched(offer, root, stop, tell)
    except KeyboardInterrupt:
        teller.line(f"What came of {one.name} is kept; the same command goes on with it.")
        raise
    teller.line(f"{one.name} is here: {folder}")
    if root != weights_root():
        teller.line(f"Beecam finds it with {VARIABLE}={root}")
    lost = missing(one, os.environ | {VARIABLE: str(root)})
    if lost:
        raise Unusable(lost)
    return {"name": one.name, "dir": str(folder), "commit": offer.commit, "size_mb": round(offer.size_mb, 1),
            "fetched": True}


def _show(offer: Offer, root: Path, teller: Teller) -> None:
    one = offer.weights
    teller.line(f"{one.name}: {one.repo}, revision {one.revision} (commit {offer.commit[:12]})")
    teller.line(f"  {in_words(offer.size_mb)} in {len(offer.files)} files; {free_mb(root) / 1000:.0f} GB are free in "
                f"{root}")
    sold = "what is made with it may be sold" if one.commercial else "what is made with it may not be sold"
    teller.line(f"  licence: {one.licence}; {sold}" + (f"; {one.terms}" if one.terms else ""))
    if offer.size_mb > 200:
        teller.line(f"  at 100 Mbit/s about {clock(offer.size_mb * 8 / 100)}")


def _agreed(question: str, arguments: argparse.Namespace, teller: Teller) -> bool:
    """Asks a person at a terminal; nobody else agrees to anything."""
    if arguments.json or not sys.stdin.isatty():
        return False
    teller.line(f"{question} [y/N]")
    return sys.stdin.readline().strip().lower() in ("y", "yes")


__all__ = ["engines", "lines_of", "listed", "sets_of"]
