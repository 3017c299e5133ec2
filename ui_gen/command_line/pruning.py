"""`beecam prune`: discarded takes go to the project's trash, and come back with --restore."""

from __future__ import annotations

import argparse
from threading import Event as Flag
from typing import Any

from agent.tree_trash import prunable, prune, restore
from modalities.faults import Unusable
from modalities.store import Store
from ui_gen.command_line.telling import Teller

Result = dict[str, Any]


def pruned(arguments: argparse.Namespace, teller: Teller, stop: Flag) -> Result:
    """{pruned: [ids], held: {id: [what comes from it]}, freed_bytes, trash, dry_run, restored}. Raises Unusable."""
    store = Store(arguments.project).open()
    if arguments.restore:
        if arguments.dry_run:
            raise Unusable("--restore and --dry-run cannot go together.")
        back = [one for take_id in arguments.restore for one in restore(store, take_id)]
        teller.line(f"Back from the trash: {', '.join(back)}.")
        return {"pruned": [], "held": {}, "freed_bytes": 0, "trash": str(store.trash_dir), "dry_run": False,
                "restored": back}
    found = prunable(store) if arguments.dry_run else prune(store)
    for take_id, needed in found.held.items():
        teller.line(f"{take_id} stays: {', '.join(needed)} {'comes' if len(needed) == 1 else 'come'} from it.")
    verb = "would go" if arguments.dry_run else "went"
    teller.line(f"{', '.join(found.going)} {verb} to {store.trash_dir} ({found.freed_bytes / 2**20:.1f} MiB)."
                if found.going else "Nothing to prune; discard takes with beecam label TAKE --discard.")
    return {"pruned": list(found.going), "held": {key: list(value) for key, value in found.held.items()},
            "freed_bytes": found.freed_bytes, "trash": str(store.trash_dir), "dry_run": arguments.dry_run,
            "restored": []}
