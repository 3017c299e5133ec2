"""Where a conversation stands, rebuilt from the store for every line: nothing of it can be lost or out of date."""

from __future__ import annotations

from collections.abc import Sequence

from agent.brief import Brief
from agent.direction import Direction
from agent.referring import Referred
from agent.request import Request
from agent.studio import Studio
from agent.talk_types import DirectAnew, KnownTake, Standing
from modalities.faults import Unusable
from modalities.store import Take
from modalities.take_labels import Label, labels

# Takes the conversation may speak of; older ones only by way of being an ancestor of the one on screen.
MOST_KNOWN = 200
MOST_SAID = 40


def standing_of(studio: Studio, current: str | None, shown: Sequence[str] = (), said: Sequence[str] = ()) -> Standing:
    """The takes with their names and documents, the one on screen, what was shown and what was said before. Without
    `said`, the reasons of the takes that lead to the current one stand in for it. Damaged takes are left out."""
    takes = studio.store.takes()
    by_id = {take.id: take for take in takes}
    line: list[str] = []
    at = current
    while at in by_id and at not in line and len(line) < MOST_KNOWN:
        line.append(at)
        at = by_id[at].parent or ""
    wanted = set(line) | {take.id for take in takes[-MOST_KNOWN:]}
    try:
        named = labels(studio.store)
    except Unusable:
        named = {}
    known = [found for take in takes if take.id in wanted
             and (found := _known(studio, take, named.get(take.id, Label()))) is not None]
    there = {take.id for take in known}
    earlier = list(said) or [by_id[one].reason for one in reversed(line)]
    return Standing(takes=tuple(known), current=current if current in there else None,
                    shown=tuple(one for one in (shown or [take.id for take in known]) if one in there)[-MOST_KNOWN:],
                    said=tuple(text for text in earlier if text.strip())[-MOST_SAID:])


def directing(studio: Studio) -> DirectAnew:
    """Directs words anew in the shape of a film: its length, size, frame rate and seed."""
    def anew(words: str, like: Direction) -> Direction:
        request = Request(prompt=words, duration_s=like.duration_s, size_px=like.size_px, fps=like.grid.fps,
                          seed=like.seed, engine=like.engine.id)
        referred = Referred(words=words)
        brief = studio.interpret(request, referred)
        # Nothing would tell that taste had leaned in: the Brief of the film stays as it is.
        return studio.direct(request, brief, None, referred, lean=False)[0]

    return anew


def _known(studio: Studio, take: Take, label: Label) -> KnownTake | None:
    try:
        direction = Direction.model_validate(take.document("direction"))
        brief = Brief.model_validate(take.brief) if take.brief else Brief(goal="")
    except (OSError, ValueError):
        return None
    return KnownTake(id=take.id, parent=take.parent, name=label.name, starred=label.starred, reason=take.reason,
                     direction=direction, brief=brief)


__all__ = ["directing", "standing_of"]
