"""`beecam edit --at`: an edit that begins in mid-film."""

from __future__ import annotations

import jsonpatch

from agent.direction import Direction
from agent.edits import Patch, apply_patch
from agent.tree_fork import forked_at
from ui_gen.command_line.telling import Teller


def patch_from(direction: Direction, patch: Patch, at_s: float, teller: Teller) -> Patch:
    """The patch that does from at_s on what `patch` does to the whole film. Raises Unusable."""
    forked = forked_at(direction, apply_patch(direction, patch, reason=direction.reason, author=direction.author), at_s)
    if forked.waits:
        teller.line(f"From the next cut on: {', '.join(forked.waits)}.")
    after = forked.direction.model_copy(update={"parent": direction.parent})
    return list(jsonpatch.make_patch(direction.model_dump(mode="json"), after.model_dump(mode="json")))
