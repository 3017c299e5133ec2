"""What a creator does with takes and ideas by a click: one table of acts, each checked, since a page could send
anything. No gradio here."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from typing import Any

from agent.edits import apply_patch
from agent.tree_ancestry import ancestors, common_take, parents_of
from agent.tree_diff import changes
from modalities.faults import Unusable
from modalities.take_labels import LONGEST_NAME, LONGEST_NOTE, Label, labels, set_label
from ui_gen.desk import Desk
from ui_gen.desk_stage import STAGE_ACTS

Given = Mapping[str, Any]
# What an empty stage offers.
STARTS = ("A bee explores a poppy meadow at golden hour, watercolour, folk guitar",
          "Synthwave drive through a neon city at night, 12 seconds, 110 bpm",
          "A paper boat crosses a stormy sea, then the sun comes out",
          "Lanterns rise over a snowy village under an aurora, piano")
MOST_CHANGES = 12


def act(desk: Desk, given: Given) -> None:
    """Does what was clicked; a sentence in the conversation where it cannot be done."""
    work = ACTS.get(str(given.get("do", ""))[:20])
    if work is None:
        return
    try:
        work(desk, given)
    except Unusable as fault:
        desk.tell(str(fault))


def parent_of(desk: Desk, take_id: str | None) -> str | None:
    """The take it was made from, while that is still there."""
    take = desk.takes().get(take_id or "")
    return take.parent if take is not None and take.parent in desk.takes() else None


def newest_child(desk: Desk, take_id: str | None) -> str | None:
    """The newest take made from this one; one that was discarded only where there is no other."""
    known = known_labels(desk)
    made = [take.id for take in desk.takes().values() if take_id is not None and take_id in take.parents]
    kept = [one for one in made if not known.get(one, Label()).discarded]
    return max(kept or made, key=lambda one: int(one[1:]), default=None)


def known_labels(desk: Desk) -> dict[str, Label]:
    """The labels of this project; none where their file is damaged (setting one says so)."""
    try:
        return labels(desk.studio.store)
    except Unusable:
        return {}


def cannot_merge(desk: Desk) -> str:
    """Why the take on the screen and the one beside it cannot be merged; empty where they can."""
    one, other = desk.current, desk.compared
    if one is None or other is None or one == other:
        return "Choose a second take first."
    parents = parents_of(desk.takes().values())
    if common_take(one, other, parents) is None:
        return f"{one} and {other} come from no common take."
    if one in ancestors(other, parents) or other in ancestors(one, parents):
        return "One of them comes from the other and holds all of it."
    return ""


def changed_words(desk: Desk, take_id: str | None) -> tuple[str, ...]:
    """What was changed from the take before to this one, in words; empty for a first take."""
    before = parent_of(desk, take_id)
    if take_id is None or before is None:
        return ()
    try:
        said = [one.said for one in changes(desk.studio.load(before)[1], desk.studio.load(take_id)[1])]
    except Unusable:
        return ()
    rest = len(said) - MOST_CHANGES
    return (*said[:MOST_CHANGES], *([f"And {rest} more."] if rest > 0 else []))


# ---------------------------------------------------------------- acts

def _take(desk: Desk, given: Given) -> str:
    take_id = str(given.get("take", ""))[:12]
    if take_id not in desk.takes():
        raise Unusable("That take is not there any more.")
    return take_id


def _labelled(desk: Desk, take_id: str, **what: Any) -> None:
    set_label(desk.studio.store, take_id, **what)
    if desk.studio.taught is not None:
        desk.studio.taught((take_id,))
    desk.changed()


def _show(desk: Desk, given: Given) -> None:
    desk.show(_take(desk, given))


def _compare(desk: Desk, given: Given) -> None:
    desk.compare(_take(desk, given) if given.get("take") else None)


def _star(desk: Desk, given: Given) -> None:
    _labelled(desk, _take(desk, given), starred=given.get("on") is True)


def _discard(desk: Desk, given: Given) -> None:
    _labelled(desk, _take(desk, given), discarded=given.get("on") is True)


def _name(desk: Desk, given: Given) -> None:
    # One letter more than may be kept, so that what is too long is refused and not cut in silence.
    _labelled(desk, _take(desk, given), name=str(given.get("text", ""))[:LONGEST_NAME + 1])


def _note(desk: Desk, given: Given) -> None:
    _labelled(desk, _take(desk, given), note=str(given.get("text", ""))[:LONGEST_NOTE + 1])


def _undo(desk: Desk, given: Given) -> None:
    if before := parent_of(desk, desk.current):
        desk.show(before)


def _redo(desk: Desk, given: Given) -> None:
    if after := newest_child(desk, desk.current):
        desk.show(after)


def _surprise(desk: Desk, given: Given) -> None:
    if desk.current is not None:
        desk.say("surprise me", [])


def _idea(desk: Desk, given: Given) -> None:
    number = given.get("number")
    if not isinstance(number, int) or not 0 <= number < len(desk.ideas) or desk.ideas_of is None:
        raise Unusable("That idea is not there any more.")
    idea = desk.ideas[number]
    desk.change(desk.ideas_of, list(idea["patch"]), str(idea["title"]))
    if desk.studio.taught is not None:
        _teach(desk, desk.ideas_of, number)


def _teach(desk: Desk, take_id: str, taken: int) -> None:
    """The taste learns from an idea that was taken, against those that were shown beside it."""
    from agent.profile_learn import learn_taken

    direction = desk.studio.load(take_id)[1]
    shown = [apply_patch(direction, list(one["patch"]), reason=str(one["title"])) for one in desk.ideas]
    learn_taken(os.environ, shown[taken], [one for k, one in enumerate(shown) if k != taken])


def _no_ideas(desk: Desk, given: Given) -> None:
    desk.put_ideas((), None)


def _merge(desk: Desk, given: Given) -> None:
    why = cannot_merge(desk)
    if why or desk.current is None or desk.compared is None:
        raise Unusable(why)
    desk.merge(desk.current, desk.compared)


def _start(desk: Desk, given: Given) -> None:
    number = given.get("number")
    if isinstance(number, int) and 0 <= number < len(STARTS) and desk.work() is None:
        desk.say(STARTS[number], [], new_film=True)


ACTS: dict[str, Callable[[Desk, Given], None]] = {
    "show": _show, "compare": _compare, "star": _star, "discard": _discard, "name": _name, "note": _note,
    "undo": _undo, "redo": _redo, "surprise": _surprise, "idea": _idea, "no_ideas": _no_ideas, "merge": _merge,
    "start": _start, **STAGE_ACTS}

__all__ = ["STARTS", "act", "cannot_merge", "changed_words", "known_labels", "newest_child", "parent_of"]
