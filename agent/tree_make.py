"""Takes made out of other takes: the merge of two, as a Direction that has both as its parents."""

from __future__ import annotations

from dataclasses import dataclass

from agent.brief import Brief
from agent.direction import Direction
from agent.studio import Studio
from agent.tree_ancestry import common_take, parents_of
from agent.tree_merge import Merged, Side, merge, settled
from agent.tree_words import no_common_take
from modalities.faults import Unusable


@dataclass(frozen=True)
class Joined:
    """A merge that is not rendered yet. base, ours, theirs: ids of takes."""

    base: str
    ours: str
    theirs: str
    merged: Merged
    direction: Direction
    brief: Brief
    reason: str


def joined(studio: Studio, ours: str, theirs: str, base: str | None = None, take: Side | None = None) -> Joined:
    """The merge of two takes. base: a take to compare both with, else the nearest that both come from.

    Raises Unusable where there is none, where one take comes from the other (there is nothing to merge then), and for
    damaged takes.
    """
    if ours == theirs:
        raise Unusable(f"{ours} cannot be merged with itself; give two takes.")
    root = base or common_take(ours, theirs, parents_of(studio.store.takes()))
    if root is None:
        raise no_common_take(ours, theirs)
    if root in (ours, theirs):
        newer = theirs if root == ours else ours
        raise Unusable(f"{newer} comes from {root} and holds all of it; there is nothing to merge.")
    (_, start, _), (_, mine, brief), (_, other, said) = (studio.load(one) for one in (root, ours, theirs))
    merged = merge(start, mine, other, take)
    reason = f"{ours} and {theirs} merged" + (f", {take} where they clash" if merged.conflicts and take else "")
    known = {use.id for use in brief.references}
    joint = brief.model_copy(update={
        "references": (*brief.references, *(use for use in said.references if use.id not in known)),
        "notes": tuple(dict.fromkeys((*brief.notes, *said.notes)))})
    return Joined(root, ours, theirs, merged, settled(merged, new_id=f"{ours}m", parent=mine.id, reason=reason), joint,
                  reason)
