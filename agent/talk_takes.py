"""Which take a creator speaks of: "the first one", "t0003", "B", "the one before", a name, "the night one"."""

from __future__ import annotations

import re

from agent.lexicon import roles
from agent.lexicon.tables import phrases
from agent.talk_lines import without
from agent.talk_types import KnownTake, Standing

ORDINALS = {word: n for n, text in roles.ORDINALS.items() if n >= -1 for word in phrases(text)} | {
    "sixth": 5, "6th": 5, "seventh": 6, "7th": 6, "eighth": 7, "8th": 7, "ninth": 8, "9th": 8, "tenth": 9, "10th": 9,
    "final": -1}
_NTH = rf"(?P<nth>{'|'.join(ORDINALS)})"
_THING = r"(?:one|take|version|film|variation|try|attempt|idea)"
_TAKE_ID = re.compile(r"\bt\d{4,}\b")
_NTH_TAKE = re.compile(rf"\b(?:the )?(?:very )?{_NTH} {_THING}(?! (?:shot|scene|half|third|chorus|verse))(?:'s)?\b")
_NTH_BARE = re.compile(rf"\b(?:of |like |from |in )?the (?:very )?{_NTH}(?:'s)?"
                       r"(?=$|,| (?:with|and|but|to|in|is|was|combined|merged)\b)(?!.*\b(?:shots?|scenes?|cuts?|"
                       r"chorus|verse|drop|build|break|refrain)\b)")
_NUMBER = re.compile(rf"\b{_THING} (?:number |no\.? ?|#)?(?P<number>\d{{1,2}})\b|(?:^|\s)#(?P<hash>\d{{1,2}})\b")
_BEFORE = re.compile(rf"\b(?:the )?(?:previous {_THING}|{_THING} before(?: (?:that|this|it))?|last but one|(?:one|"
                     rf"two) takes? (?:ago|back))(?:'s)?\b")
_LETTER = re.compile(r"\b(?:(?:of|from|in|take|like|to|with|version|option|and|merge|combine) "
                     r"(?P<a>[a-h])(?=$|,|'s| (?:and|with|but|to|into|here|too)\b)|(?P<b>[a-h])'s\b)")
_HERE = re.compile(rf"\b(?:this|the current|the present|the latest|the newest|my) {_THING}(?:'s)?\b|"
                   rf"\bthis(?:'s)? one's\b|\bof this\b|\bthis one(?:'s)?\b")
_ONE = r"(?:one|take|version|variation)"
_KIND = re.compile(rf"\bthe (?P<what>(?!one\b)[a-z-]{{3,20}}(?: [a-z-]{{3,20}})?) {_ONE}(?:'s)?\b|"
                   rf"\bthe {_ONE} (?:with|of|in|at|where|that has|showing) (?:the |a |an )?"
                   r"(?P<with>[a-z ]{3,40}?)(?=$|,| but| and)")
_NTH_SHOT = re.compile(rf"\b(?:in |of |during )?(?:the )?{_NTH} (?:shot|scene)\b")
_NUMBERED = re.compile(r"\b(?:in |of )?shot (?P<number>\d{1,3})\b")


def take_named(text: str, standing: Standing) -> tuple[KnownTake | None, str]:
    """(the take that is named or None, the text without its name). text: lower case."""
    found = _TAKE_ID.search(text)
    if found and (take := standing.take(found[0])):
        return take, without(text, found)
    for take in reversed(standing.takes):
        found = re.search(rf"\b(?:the )?{re.escape(take.name.lower())}(?: {_THING})?(?:'s)?(?!\w)", text) \
            if take.name.strip() else None
        if found:
            return take, without(text, found)
    for pattern in (_NTH_TAKE, _NTH_BARE):
        if (found := pattern.search(text)) and (take := nth_take(standing, ORDINALS[found["nth"]], found[0])):
            return take, without(text, found)
    if (found := _NUMBER.search(text)) and (take := nth_take(standing, int(found["number"] or found["hash"]) - 1,
                                                             found[0])):
        return take, without(text, found)
    if found := _BEFORE.search(text):
        return before(standing), without(text, found)
    if (found := _LETTER.search(text)) and (take := lettered(standing, found["a"] or found["b"])):
        return take, without(text, found)
    if (found := _HERE.search(text)) and standing.here is not None:
        return standing.here, without(text, found)
    for found in _KIND.finditer(text):
        if take := described(found["what"] or found["with"], standing):
            return take, without(text, found)
    return None, text


def described(words: str, standing: Standing) -> KnownTake | None:
    """The take that words describe by what it shows."""
    from agent.talk_holding import take_with

    here = standing.here
    return take_with(words, standing.takes, here.id if here else None)


def batch(standing: Standing) -> tuple[KnownTake, ...]:
    """The newest takes that were made together ("four different ones"); empty where the newest was made alone."""
    if not standing.takes:
        return ()
    last = standing.takes[-1]
    run = [take for take in standing.takes if take.parent == last.parent and take.reason == last.reason]
    tail = standing.takes[-len(run):]
    return tuple(tail) if len(run) > 1 and list(tail) == run and last.parent is not None else ()


def nth_take(standing: Standing, at: int, said: str = "") -> KnownTake | None:
    """The take of a number from 0 (-1 the last): of the variations just made, else of all; "take" says of all."""
    group = batch(standing)
    here = standing.here
    among = group if group and here in group and not re.search(r"\b(?:take|film|very)\b", said) else standing.takes
    if at >= len(among):
        among = standing.takes
    return among[at] if among and -1 <= at < len(among) else None


def lettered(standing: Standing, letter: str) -> KnownTake | None:
    """A, B, C: of the variations that were just made, else of all takes."""
    among = batch(standing) or standing.takes
    at = ord(letter) - ord("a")
    return among[at] if at < len(among) else None


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
    return at, without(text, found), wrong
