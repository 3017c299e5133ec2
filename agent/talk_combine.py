"""Which parts of which takes a line wants together, and in which take they are put."""

from __future__ import annotations

import re

from agent.talk_change import Changed, opened
from agent.talk_holding import names_in
from agent.talk_merge import PART, body_from, merged, parts_in
from agent.talk_takes import lettered, take_named
from agent.talk_types import KnownTake, Standing, Turn

_BREAK = re.compile(r",? (?:and|with|but|plus|onto|into|to) |, ")
_OF = re.compile(r"^(?P<parts>.*?)\b(?:of|from|out of|like in|as in|like|in|than in|as)\b (?P<take>(?:the )?.+)$")
_OWN = re.compile(r"^(?P<take>.*?(?:'s|s'))(?P<parts> .+)$")
_VERB = re.compile(r"\b(?:combine|merge|mix|blend|cross|join|bring together|fuse)\b")
_LEFT = re.compile(r"\b(?:the|one|too|here|please|also|in|as|well|same|this|that|it|for|take|version|with|of|from|"
                   r"and|make|have|again|use|give|"
                   r"put|back)\b|[,.!?]")

Combined = tuple[KnownTake, Changed, tuple[str, ...], str, str]


def combined(line: str, standing: Standing, here: KnownTake) -> Combined | Turn | None:
    """(the take they are put in, the change, ids of the other takes, what else is wished, what is told); a question if
    takes but no parts are named; None where the line combines nothing."""
    if len(standing.takes) < 2:
        return None
    asked = _VERB.search(line) is not None
    sources: list[tuple[KnownTake, str]] = []
    bases: list[KnownTake] = []
    waiting: list[str] = []
    rest: list[str] = []
    for piece in (" ".join(_VERB.sub("", one).split()) for one in _BREAK.split(line)):
        if asked and re.fullmatch(r"(?:it|this|that|them)", piece):
            bases.append(here)
            continue
        if asked and re.fullmatch("[a-h]", piece) and (named := lettered(standing, piece)):
            bases.append(named)
            continue
        take, parts = _source(piece, standing)
        if take is not None and parts:
            sources += [(take, part) for part in (*waiting, parts)]
            waiting = []
        elif (base := take_named(piece, standing))[0] is not None and not _LEFT.sub("",
                                                                                     _VERB.sub("", base[1])).strip():
            bases.append(base[0])
        elif re.fullmatch(rf"(?:.*\b)?(?:the )?{PART}", _VERB.sub("", piece).strip()) and len(piece.split()) <= 4:
            # "A's light and weather": a part alone belongs to the take before it, else to the one that follows.
            if sources and not bases:
                sources.append((sources[-1][0], piece))
            else:
                waiting.append(piece)
        else:
            rest.append(piece)
    if not sources:
        if asked and len(bases) >= 2:
            one, two = bases[0].id, bases[1].id
            return Turn(kind="ask", parent=here.id, question=f"What should come from {one}, and what from {two}?",
                        choices=(f"the world of {one} with the camera of {two}", f"the colours of {one}, the rest of "
                                                                                 f"{two}",
                                 f"the light of {two}, the rest of {one}"))
        return None
    rest += waiting
    takes = [take for take, _ in sources]
    base = bases[0] if bases else here if here in takes or len({take.id for take in takes}) < 2 else takes[-1]
    tries = [base, *(take for take in takes[::-1] if not bases and take.id != base.id)]
    tries = [one for one in tries if any(take.id != one.id for take in takes)]
    if not tries:
        return None
    given: list[tuple[KnownTake, str]] = []
    made = opened(base.direction)
    for one in tries:
        base, given = one, [(take, parts) for take, parts in sources if take.id != one.id]
        made = merged(base.direction, [(take.direction, name, at) for take, parts in given
                                       for name, at in parts_in(parts)])
        # Where both already have what was to be put together, the other one takes the rest.
        if made.what or not made.same or len({take.id for take in takes}) < 2:
            break
    told: list[str] = []
    for take, parts in given:
        named = [name for name, _ in parts_in(parts)]
        kinds = [kind for axis, kind in names_in(parts) if axis == "body"]
        for kind in kinds if not named else []:
            if body_from(made, take.direction, kind):
                made.told(kind, "bodies")
                named.append(kind)
            elif not any(body.kind == kind for shot in take.direction.shots for body in shot.world.bodies):
                made.missed.append(f"{take.id} has no {kind} to give")
        told += [f"the {' and the '.join(named)} {'come' if len(named) > 1 or named[0].endswith('s') else 'comes'} "
                 f"from {take.id}"] if named else []
    said = " and ".join(told) or "It changed"
    others = tuple(dict.fromkeys(take.id for take, _ in given))
    return base, made, others, " and ".join(" ".join(_VERB.sub("", piece).split()) for piece in rest
                                            if piece.strip()), \
        said[0].upper() + said[1:]


def _source(piece: str, standing: Standing) -> tuple[KnownTake | None, str]:
    """(the take, the parts) of "the sky of the first", "the second one's camera"; (None, "") for anything else."""
    for pattern in (_OWN, _OF):
        found = pattern.match(piece)
        if found is None:
            continue
        take, left = take_named(found["take"].strip(), standing)
        if pattern is _OF and take is None:
            take, left = take_named(f"of {found['take'].strip()}", standing)
            left = re.sub(r"^of\b", "", left)
        parts = found["parts"].strip()
        if take is None or _LEFT.sub("", left).strip():
            continue
        if parts_in(parts) or any(axis == "body" for axis, _ in names_in(parts)):
            return take, parts
    return None, ""


def kept_fields(what: str) -> list[tuple[str, ...]]:
    """The fields of what a clause asks to keep; none for "everything", which the rest of the line says better."""
    if re.match(r"(?:everything|all|the rest)\b", what):
        return []
    return [fields for _, fields in parts_in(what)]


__all__ = ["combined", "kept_fields"]
