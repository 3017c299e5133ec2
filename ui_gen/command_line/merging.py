"""`beecam merge`: two takes that come from one, put together; what clashes is named and asked."""

from __future__ import annotations

import argparse
from dataclasses import asdict
from threading import Event as Flag
from typing import Any

from agent.studio import Studio
from agent.tree_diff import changes
from agent.tree_make import joined
from modalities.take_labels import take_id_of
from ui_gen.command_line.running import told
from ui_gen.command_line.telling import Teller

Result = dict[str, Any]


def merge(arguments: argparse.Namespace, studio: Studio, teller: Teller, stop: Flag) -> Result:
    """{ok, base, ours, theirs, conflicts: [{field, shot, said, base, ours, theirs}], changed, direction, takes}. ok is
    false (exit code 1) and nothing is made where conflicts are left. Raises Unusable, Unavailable, Stopped."""
    from agent.graph import run

    ours, theirs = (take_id_of(studio.store, text) for text in (arguments.ours, arguments.theirs))
    base = take_id_of(studio.store, arguments.base) if arguments.base else None
    joint = joined(studio, ours, theirs, base, arguments.side)
    conflicts = joint.merged.conflicts
    open_still = bool(conflicts) and arguments.side is None
    changed = changes(studio.load(ours)[1], joint.direction)
    result: Result = {"ok": not open_still, "base": joint.base, "ours": ours, "theirs": theirs,
                      "conflicts": [asdict(one) for one in conflicts], "changed": [asdict(one) for one in changed],
                      "direction": None if open_still else joint.direction.model_dump(mode="json"), "takes": []}
    for one in conflicts:
        teller.line(one.said)
    if open_still:
        teller.line(f"{ours} and {theirs} clash in {len(conflicts)} "
                    f"thing{'s' if len(conflicts) > 1 else ''}; say --take ours ({ours}) or --take theirs ({theirs}).")
        return result
    if arguments.plan_only:
        for one in changed:
            teller.line(one.said)
        return result

    merge = {"ours": ours, "theirs": theirs, "side": arguments.side, "base": base}
    takes = told(studio, run(studio, {"merge": merge, "quiet": True}, stop), None, teller)["takes"]
    teller.line(f"{takes[0]['id']} is {ours} and {theirs} together, from {joint.base}: {takes[0]['video']}")
    return result | {"takes": takes}
