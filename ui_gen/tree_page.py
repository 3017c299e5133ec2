"""The tree of takes, drawn: posters by generation from left to right, with lines to what each was made from.
Every first take begins a tree of its own; the one worked on last stands on top. Text is escaped."""

from __future__ import annotations

import html
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from modalities.store import Take
from modalities.take_labels import Label
from ui_gen.ideas_page import file_url

NODE_W, NODE_H, GAP_X, GAP_Y = 116, 96, 26, 12
POSTER_H = 65
# First takes that lead nowhere stand side by side in rows of so many columns.
COLUMNS = 5
Spot = tuple[int, int]


@dataclass(frozen=True)
class Node:
    """A take in the drawing. column: generation; row: 0 on top."""

    id: str
    parents: tuple[str, ...]
    column: int
    row: int


def laid_out(takes: Iterable[Take]) -> tuple[Node, ...]:
    """Where every take stands. The first child goes on in its parent's row, others branch off below; no two takes share
    a place. Parents that are gone are left out."""
    parents = {take.id: take.parents for take in takes}
    parents = {one: tuple(p for p in above if p in parents and _number(p) < _number(one))
               for one, above in parents.items()}
    order = sorted(parents, key=_number)
    generation: dict[str, int] = {}
    root: dict[str, str] = {}
    made: dict[str, list[str]] = {one: [] for one in order}
    for one in order:
        above = parents[one]
        generation[one] = 1 + max((generation[p] for p in above), default=-1)
        root[one] = root[above[0]] if above else one
        if above:
            made[above[0]].append(one)
    newest = {root[one]: _number(one) for one in order}
    spots: dict[str, Spot] = {}
    left, top, high = 0, 0, 0
    for first in sorted(newest, key=lambda one: -newest[one]):
        block = _block(first, made, generation)
        wide, tall = (1 + max(spot[k] for spot in block.values()) for k in (0, 1))
        if left and (left + wide > COLUMNS or high > 1 or tall > 1):
            left, top, high = 0, top + high, 0
        spots |= {one: (left + column, top + row) for one, (column, row) in block.items()}
        left, high = left + wide, max(high, tall)
    return tuple(Node(one, parents[one], *spots[one]) for one in order)


def _block(first: str, made: Mapping[str, Sequence[str]], generation: Mapping[str, int]) -> dict[str, Spot]:
    """One tree: a run of first children keeps its row, and takes the highest row that is free all along it."""
    taken: list[set[int]] = []
    spots: dict[str, Spot] = {}
    waiting = [(first, 0)]
    while waiting:
        start, least = waiting.pop()
        run = [start]
        while made[run[-1]]:
            run.append(made[run[-1]][0])
        # One place before it as well, through which its line comes.
        needs = set(range(max(0, generation[start] - 1), generation[run[-1]] + 1))
        row = next((k for k in range(least, len(taken)) if not taken[k] & needs), max(least, len(taken)))
        taken += [set() for _ in range(row + 1 - len(taken))]
        taken[row] |= needs
        for one in run:
            spots[one] = (generation[one], row)
        # Branches of the latest takes first: they lie nearest below.
        waiting += [(child, row + 1) for one in run for child in reversed(made[one][1:])]
    return spots


def tree_html(takes: Mapping[str, Take], known: Mapping[str, Label], posters: Mapping[str, Path], current: str | None,
              compared: str | None, no_merge: str) -> str:
    """The drawing with its buttons; empty without takes. posters: a small picture of each; no_merge: why the two takes
    cannot be merged, empty where they can."""
    if not takes:
        return ""
    nodes = laid_out(takes.values())
    wide, tall = (1 + max(getattr(node, name) for node in nodes) for name in ("column", "row"))
    width, height = wide * (NODE_W + GAP_X) - GAP_X + 8, tall * (NODE_H + GAP_Y) - GAP_Y + 8
    places = {node.id: (4 + node.column * (NODE_W + GAP_X), 4 + node.row * (NODE_H + GAP_Y)) for node in nodes}
    lines = "".join(_line(places[p], places[node.id], k > 0) for node in nodes for k, p in enumerate(node.parents))
    focus = current if current in places else nodes[-1].id
    buttons = "".join(_node(takes[node.id], node.parents, known.get(node.id, Label()), posters.get(node.id),
                            places[node.id], current, compared, node.id == focus) for node in nodes)
    return (_head(len(nodes), current, compared, no_merge)
            + f"<div class='bc-tree' tabindex='-1'><div class='bc-tree-all' role='group' aria-label='Tree of takes' "
              f"style='width:{width}px;height:{height}px'><svg width='{width}' height='{height}' aria-hidden='true'>"
              f"{lines}</svg>{buttons}</div></div>")


def _head(count: int, current: str | None, compared: str | None, no_merge: str) -> str:
    second = compared if compared != current else None
    told = f"<span class='bc-pair'>{current} and {second}</span>" if second else ""
    ab = "" if second else " disabled"
    merge = f" disabled title='{html.escape(no_merge, quote=True)}'" if no_merge else f" title='{current} and {second}'"
    return (f"<div class='bc-row bc-tree-head'><h2>{count} take{'s' if count > 1 else ''}</h2>{told}"
            "<span class='bc-gap'></span>"
            "<button type='button' class='bc-quiet' data-second data-key='second' aria-pressed='false' "
            "title='The next take you choose stands beside this one (or hold Shift)'>Compare with…</button>"
            f"<button type='button' class='bc-quiet' data-ab data-key='ab'{ab}>A/B</button>"
            f"<button type='button' class='bc-quiet' data-do='merge' data-key='merge'{merge}>Merge</button></div>")


def _line(parent: Spot, child: Spot, second: bool) -> str:
    x0, y0 = parent[0] + NODE_W, parent[1] + POSTER_H // 2
    x1, y1 = child[0], child[1] + POSTER_H // 2
    # The first line of a branch turns behind its parent, where its row is free; the other one before its child.
    turn = x1 - GAP_X // 2 if second else x0 + GAP_X // 2
    bend = 6 if y1 > y0 else -6
    path = f"M{x0} {y0}H{x1}" if y0 == y1 else (
        f"M{x0} {y0}H{turn - 6}Q{turn} {y0} {turn} {y0 + bend}V{y1 - bend}Q{turn} {y1} {turn + 6} {y1}H{x1}")
    return f"<path class='{'second' if second else 'first'}' d='{path}'/>"


def _node(take: Take, parents: Sequence[str], label: Label, poster: Path | None, place: Spot, current: str | None,
          compared: str | None, focus: bool) -> str:
    words = label.name or take.reason or take.id
    said = [take.id, words if words != take.id else "", "starred" if label.starred else "",
            "discarded" if label.discarded else "", f"made from {' and '.join(parents)}" if parents else "first take",
            "on the screen" if take.id == current else "beside it" if take.id == compared else ""]
    told = html.escape(", ".join(one[:120] for one in said if one), quote=True)
    marks = "".join((" discarded" if label.discarded else "", " second" if take.id == compared else ""))
    shown = " aria-current='true'" if take.id == current else ""
    picture = f"<img src='{html.escape(file_url(poster), quote=True)}' alt='' loading='lazy' draggable='false'>" \
        if poster is not None else "<i></i>"
    star = "<b aria-hidden='true'>★</b>" if label.starred else ""
    return (f"<button type='button' class='bc-node{marks}' style='left:{place[0]}px;top:{place[1]}px' "
            f"data-take='{take.id}' data-key='{take.id}' data-from='{parents[0] if parents else ''}' "
            f"tabindex='{0 if focus else -1}' aria-label='{told}' title='{told}'{shown}>{picture}{star}"
            f"<span dir='auto'>{html.escape(words[:60])}</span><small>{take.id}</small></button>")


def _number(take_id: str) -> int:
    return int(take_id[1:])


__all__ = ["Node", "laid_out", "tree_html"]
