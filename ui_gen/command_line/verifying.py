"""`beecam verify`: whether takes are as they were made, and with --rerender whether they come out the same again."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path
from threading import Event as Flag
from typing import Any

from agent.tree_replay import replays
from modalities.faults import Unavailable, Unusable
from modalities.store import TAKE_ID, Store
from modalities.take_hashes import SIDECAR, Checked, check
from modalities.take_labels import take_id_of
from ui_gen.command_line.telling import Teller

Result = dict[str, Any]


def verify(arguments: argparse.Namespace, teller: Teller, stop: Flag) -> Result:
    """{ok, signed, matches, first_difference_s, takes: [{id, manifest, matches, kept, sidecar, changed, missing, added,
    rerendered}]}; ok is false (exit code 1) where something does not match. matches is null for takes that were made
    before hashes were kept. Raises Unusable, Unavailable, Stopped."""
    if bool(arguments.takes) == arguments.all:
        raise Unusable("beecam verify needs either takes or --all.")
    store = Store(arguments.project).open()
    places = [(i, store.takes_dir / i) for i in store.ids()] if arguments.all else [
        _place(store, text) for text in arguments.takes]
    found = {take_id: _checked(take_id, folder, arguments.all) for take_id, folder in places}
    if arguments.rerender:
        _rerendered(store, places, found, stop, lambda one: teller.line(f"{one['id']}  {_said(one)}"))
    else:
        for one in found.values():
            teller.line(f"{one['id']}  {_said(one)}")
    return _summed(list(found.values()))


def _summed(found: list[Result]) -> Result:
    bad = [one for one in found if one["matches"] is False or not (one["rerendered"] or {}).get("exact", True)]
    firsts = [one["rerendered"]["first_difference_s"] for one in found if one["rerendered"]]
    firsts = [first for first in firsts if first is not None]
    return {"ok": not bad, "signed": False, "manifest": found[0]["manifest"] if len(found) == 1 else None,
            "matches": not bad, "first_difference_s": min(firsts, default=None), "takes": found}


def _place(store: Store, text: str) -> tuple[str, Path]:
    """A take of the project, or one that was copied out of it: its folder, or any file in it."""
    path = Path(text).expanduser()
    try:
        folder = path if path.is_dir() else path.parent if path.is_file() else None
    except (OSError, ValueError):
        folder = None
    if not TAKE_ID.match(text) and folder is not None and (folder / SIDECAR).is_file():
        return folder.name, folder.absolute()
    if folder is not None and path.is_file():
        raise Unusable(f"{text[:200]} lies beside no {SIDECAR}; expected a take's id, name, folder or a file in it.")
    take_id = take_id_of(store, text)
    return take_id, store.takes_dir / take_id


def _checked(take_id: str, folder: Path, go_on: bool) -> Result:
    result: Result = {"id": take_id, "manifest": str(folder / SIDECAR), "rerendered": None}
    try:
        checked: Checked = check(folder)
    except Unusable as fault:
        if not go_on:
            raise
        return result | {"matches": False, "fault": str(fault)}
    return result | {"matches": checked.matches if checked.kept else None, "kept": checked.kept,
                     "sidecar": checked.sidecar, "changed": list(checked.changed), "missing": list(checked.missing),
                     "added": list(checked.added)}


def _rerendered(store: Store, places: list[tuple[str, Path]], found: dict[str, Result], stop: Flag,
                tell: Callable[[Result], None]) -> None:
    for _, folder in places:
        if folder.parent != store.takes_dir:
            raise Unusable(f"{folder} lies outside the project; --rerender takes an id, because references stay there.")
    takes = [store.take(take_id) for take_id, one in found.items() if "fault" not in one]
    for again in replays(store.root, takes, stop):
        if again.unavailable and len(takes) == 1:
            raise Unavailable(again.fault)
        found[again.take]["rerendered"] = {
            "exact": again.exact, "same": again.same, "wall_s": again.wall_s, "fault": again.fault,
            "first_difference_s": again.first_difference_s}
        tell(found[again.take])


def _said(one: Result) -> str:
    if "fault" in one:
        return one["fault"]
    wrong = [f"{name} was changed" for name in one["changed"]] + [f"{name} is missing" for name in one["missing"]] + \
        [f"{name} was added" for name in one["added"]] + ([] if one["sidecar"] else [f"{SIDECAR} was changed"])
    said = "has no hashes" if not one["kept"] else "; ".join(wrong) or "is as it was made"
    again = one["rerendered"]
    if again is None:
        return said
    if again["fault"]:
        return f"{said}; not made again: {again['fault']}"
    if again["exact"]:
        return f"{said}; made again, the same bytes"
    apart = ", ".join(name for name, same in again["same"].items() if not same)
    first = again["first_difference_s"]
    return f"{said}; made again, {apart} differ" + ("" if first is None else f" from {first:.2f} s on")
