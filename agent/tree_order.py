"""Two orders of things that come from one, put together."""

from __future__ import annotations

from collections.abc import Collection, Sequence


def merged_order(base: Sequence[str], ours: Sequence[str], theirs: Sequence[str], *, there: Collection[str],
                 prefer_ours: bool = True) -> tuple[str, ...]:
    """The order of `there`: old things as the side that moved them has them (both moved: the preferred side), new ones
    behind the old one that they followed; new ones of both sides at one place by name, so that sides may be swapped."""
    old = [key for key in base if key in there]
    moved = [[key for key in side if key in old] for side in (ours, theirs)]
    ways = [way for way in moved if way != [key for key in old if key in way]]
    spine = old if not ways else moved[0] if moved[0] in ways and (len(ways) == 1 or prefer_ours) else moved[1]
    # An old thing which the chosen side took out while it stays after all keeps its old place.
    spine = _with_missing(spine, old)
    chains: dict[str | None, list[list[str]]] = {}
    for side in (ours, theirs):
        anchor: str | None = None
        chain: list[str] = []
        for key in (*side, None):
            if key is None or key in base:
                if chain:
                    chains.setdefault(anchor, []).append(chain)
                # What stood behind a thing that is gone stands behind the one before that.
                anchor, chain = (key if key in spine else anchor), []
            elif key in there:
                chain.append(key)
    out: list[str] = []
    for key in (None, *spine):
        if key is not None:
            out.append(key)
        for chain in sorted(chains.get(key, [])):
            out += [one for one in chain if one not in out]
    return tuple(out)


def _with_missing(spine: Sequence[str], old: Sequence[str]) -> list[str]:
    out = list(spine)
    for n, key in enumerate(old):
        if key not in out:
            before = next((one for one in reversed(old[:n]) if one in out), None)
            out.insert(out.index(before) + 1 if before is not None else 0, key)
    return out
