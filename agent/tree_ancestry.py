"""Where takes come from: their ancestors, and the take that two of them have in common."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from modalities.store import Take

Parents = Mapping[str, tuple[str, ...]]


def parents_of(takes: Iterable[Take]) -> dict[str, tuple[str, ...]]:
    """The parents of every take, by id."""
    return {take.id: take.parents for take in takes}


def ancestors(take_id: str, parents: Parents) -> set[str]:
    """The take itself and all it comes from, as far as that is still there."""
    found: set[str] = set()
    waiting = [take_id]
    while waiting:
        one = waiting.pop()
        if one in parents and one not in found:
            found.add(one)
            waiting += parents[one]
    return found


def common_take(one: str, other: str, parents: Parents) -> str | None:
    """The nearest take both come from (which may be one of them): a common ancestor that no other common ancestor
    comes from; of several, as after crossed merges, the newest. None where there is none."""
    shared = ancestors(one, parents) & ancestors(other, parents)
    older = {elder for take in shared for elder in ancestors(take, parents) - {take}}
    return max(shared - older, key=lambda take: int(take[1:]), default=None)


def dependants(take_id: str, parents: Parents) -> set[str]:
    """Takes that were made from this one, also by way of others."""
    return {take for take in parents if take != take_id and take_id in ancestors(take, parents)}
