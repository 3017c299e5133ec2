"""Discarded takes out of the way, into the project's trash and back. No take leaves on which another depends."""

from __future__ import annotations

from dataclasses import dataclass

from agent.tree_ancestry import ancestors, dependants, parents_of
from modalities.faults import Unusable
from modalities.store import Store
from modalities.take_labels import labels, set_label


@dataclass(frozen=True)
class Pruning:
    """going: takes that may go, in an order in which none goes before what was made from it; held: discarded takes
    that stay, each with the takes that come from it; freed_bytes: what going takes up."""

    going: tuple[str, ...]
    held: dict[str, tuple[str, ...]]
    freed_bytes: int


def prunable(store: Store) -> Pruning:
    """What may leave: discarded takes from which nothing comes that is not leaving as well.

    Raises Unusable where a take's sidecar or the labels are damaged, because what depends on what is not known then.
    """
    takes = [store.take(take_id) for take_id in store.ids()]
    parents = parents_of(takes)
    discarded = {take_id for take_id, label in labels(store).items() if label.discarded and take_id in parents}
    needed = {take_id: dependants(take_id, parents) - discarded for take_id in discarded}
    number = {take.id: int(take.id[1:]) for take in takes}
    going = tuple(sorted((take_id for take_id in discarded if not needed[take_id]), key=lambda i: -number[i]))
    held = {take_id: tuple(sorted(needed[take_id], key=lambda i: number[i])) for take_id in sorted(
        discarded, key=lambda i: number[i]) if needed[take_id]}
    return Pruning(going, held, sum(path.stat().st_size for take_id in going
                                    for path in (store.takes_dir / take_id).rglob("*") if path.is_file()))


def prune(store: Store) -> Pruning:
    """Moves what `prunable` names into the trash. Raises Unusable, OSError."""
    found = prunable(store)
    for take_id in found.going:
        store.bin(take_id)
    return found


def restore(store: Store, take_id: str) -> tuple[str, ...]:
    """Brings a take back from the trash with the takes it comes from, none of them discarded any more; their ids.

    Raises Unusable when it is not in the trash.
    """
    binned = {take.id: take for take in store.binned()}
    if take_id not in binned:
        known = ", ".join(list(binned)[-5:]) or "nothing"
        raise Unusable(f"There is no take {take_id[:60]!r} in the trash of {store.root}; it holds: {known}.")
    back = sorted(ancestors(take_id, parents_of(binned.values())), key=lambda i: int(i[1:]))
    for one in back:
        store.unbin(one)
        set_label(store, one, discarded=False)
    return tuple(back)
