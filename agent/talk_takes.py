"""Which take or shot a creator speaks of: "the first one", "t0003", "the one before", a name; "the third shot"."""

from __future__ import annotations

import re

from agent.lexicon import roles
from agent.lexicon.tables import phrases
from agent.talk_types import KnownTake, Standing

ORDINALS = {word: n for n, text in roles.ORDINALS.items() if n >= -1 for word in phrases(text)} | {
    "sixth": 5, "6th": 5, "final": -1}
_NTH = rf"(?P<nth>{'|'.join(ORDINALS)})"
_TAKE_ID = re.compile(r"\bt\d{4,}\b")
_NTH_TAKE = re.compile(rf"\b(?:the )?{_NTH} (?:one|take|version)\b")
_BEFORE = re.compile(r"\b(?:the )?(?:previous (?:one|take|version)|(?:one|take|version) before)\b")
_NTH_SHOT = re.compile(rf"\b(?:in |of |during )?(?:the )?{_NTH} (?:shot|scene)\b")
_NUMBERED = re.compile(r"\b(?:in |of )?shot (?P<number>\d{1,3})\b")


def take_named(text: str, standing: Standing) -> tuple[KnownTake | None, str]:
    """(the take that is named or None, the text without its name). text: lower case."""
    found = _TAKE_ID.search(text)
    if found and (take := standing.take(found[0])):
        return take, _without(text, found)
    for take in reversed(standing.takes):
        found = re.search(rf"\b(?:the )?{re.escape(take.name.lower())}(?: (?:one|take|version))?\b", text) \
            if take.name.strip() else None
        if found:
            return take, _without(text, found)
    if (found := _NTH_TAKE.search(text)) and (take := _at(standing.takes, ORDINALS[found["nth"]])):
        return take, _without(text, found)
    if found := _BEFORE.search(text):
        return before(standing), _without(text, found)
    return None, text


def before(standing: Standing) -> KnownTake | None:
    """What the take on screen was made from; for a first take the one that was on screen before it."""
    here = standing.here
    if here is None:
        return None
    if parent := standing.take(here.parent):
        return parent
    earlier = [identity for identity in standing.shown if identity != here.id]
    return standing.take(earlier[-1]) if earlier else None


def shot_named(text: str, count: int) -> tuple[int | None, str, str]:
    """(shot from 0 or None, the text without it, what is wrong with it)."""
    found = _NTH_SHOT.search(text) or _NUMBERED.search(text)
    if found is None:
        return None, text, ""
    at = ORDINALS[found["nth"]] if found.re is _NTH_SHOT else int(found["number"]) - 1
    at = count - 1 if at == -1 and found.re is _NTH_SHOT else at
    wrong = "" if 0 <= at < count else f"There is no such shot: this film has {count}."
    return at, _without(text, found), wrong


def _at(takes: tuple[KnownTake, ...], at: int) -> KnownTake | None:
    return takes[at] if takes and -1 <= at < len(takes) else None


def _without(text: str, found: re.Match[str]) -> str:
    return " ".join(f"{text[:found.start()]} {text[found.end():]}".split())
