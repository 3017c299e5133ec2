"""Which controls a creator reaches for: counted whenever a take is made of them; the next panel has them at hand.

Kept in `<project>/panel-use.json`; where the taste profile is switched off, nothing is leaned to.
"""

from __future__ import annotations

import json
from collections.abc import Collection
from typing import Any

from agent.studio import Studio
from modalities.one_writer import alone, write_whole
from modalities.store import Store

FILE = "panel-use.json"
LARGEST_BYTES, MOST_NAMES = 1 << 16, 400
# What one use adds to a control's weight, and the most that use can add (see intents.weighed).
EACH, MOST = 0.07, 0.2


def uses(store: Store) -> dict[str, int]:
    """Times each control was used, by id; empty where nothing is known or the file is damaged."""
    try:
        path = store.root / FILE
        given: Any = json.loads(path.read_text("utf-8")) if path.stat().st_size <= LARGEST_BYTES else {}
        return {str(name)[:48]: count for name, count in given.items() if isinstance(count, int) and 0 < count < 10**6}
    except (OSError, ValueError, AttributeError, RecursionError):
        return {}


def note_use(store: Store, controls: Collection[str]) -> None:
    """One more use of each. A full disk loses the count, not the take."""
    try:
        with alone(store.root / ".panel-use.lock"):
            known = uses(store)
            for name in controls:
                known[name] = known.get(name, 0) + 1
            kept = sorted(known, key=lambda name: -known[name])[:MOST_NAMES]
            write_whole(store.root / FILE, json.dumps({name: known[name] for name in kept}, sort_keys=True) + "\n")
    except OSError:
        return


def leaning_of(studio: Studio) -> dict[str, float]:
    """What use adds to the weight of each control, 0 to MOST; nothing where taste has no say."""
    if studio.profile is None or not studio.profile().on:
        return {}
    return {name: min(MOST, EACH * count) for name, count in uses(studio.store).items()}
