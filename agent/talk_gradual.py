"""What comes on little by little over a film or a part of it: "darker and darker", "more and more rain", "gradually
foggier", "zoom out over time".

It is done in steps: half a degree from a third of the way on, another from a half, another from three quarters.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from agent.talk_change import Changed, Where

_TWICE = re.compile(r"\b(?P<a>[a-z]+er|more|less|louder|fewer) and (?P=a)\b")
_SLOWLY = re.compile(r"\b(?:gradually|progressively|bit by bit|little by little|step by step|over time|over the "
                     r"(?:whole )?"
                     r"(?:film|course of (?:the|it)(?: film)?)|as (?:it|the film) goes (?:on|along)|by and by|"
                     r"increasingly|"
                     r"from shot to shot|throughout the film|during the film)\b")
_GROWS = re.compile(r"^(?:let |make |have |the )*(?P<thing>rain|snow|fog|mist|wind|storm|waves) (?:that |which |"
                    r"should |slowly |"
                    r"to )*(?:grows?|gets?|becomes?|builds?|rises?|increases?)(?: up)?(?: stronger| heavier| "
                    r"thicker| higher)?$")
STEPS = (1 / 3, 1 / 2, 3 / 4)


def gradual(text: str) -> str | None:
    """What a clause wants more of little by little; None where it wants it at once."""
    if found := _GROWS.match(text):
        return f"more {found['thing']}"
    twice, slowly = _TWICE.search(text), _SLOWLY.search(text)
    if twice is None and slowly is None:
        return None
    rest = _TWICE.sub(lambda found: found["a"], text)
    rest = " ".join(_SLOWLY.sub(" ", rest).split())
    rest = re.sub(r"^(?:let|make|have) (?:it|everything|the film) (?:get |become |go |turn |grow |rain )?(?=.)",
                  lambda found: "more rain " if "rain" in found[0] else "", rest)
    rest = re.sub(r"^more rain (?:harder|stronger|heavier)$", "more rain", rest)
    degree = re.search(r"(?:[a-z]{2,}er|more [a-z]+|less [a-z]+|zoom (?:in|out)|pull back|move (?:in|back))\b", rest)
    return rest if degree is not None else None


def stepwise(made: Changed, text: str, where: Where, once: Callable[[str, Where], str]) -> str:
    """Does a clause in steps over the film or where it is about; returns what is left of it. once: does it at once."""
    windows = where.windows or ((0.0, made.duration_s),)
    low, high = min(a for a, _ in windows), max(b for _, b in windows)
    told, left = len(made.what), ""
    starts = [start for start, _ in made.spans()]
    for share in STEPS:
        at = low + share * (high - low)
        # A film changes best at its cuts.
        near = min(starts, key=lambda start: abs(start - at))
        at = near if abs(near - at) < 0.12 * (high - low) and near > low + 1e-6 else at
        left = once(f"a bit {text}", Where(((at, high),), "little by little"))
        if left and left == f"a bit {text}":
            return left
    made.what[told:] = [f"{what} little by little" for what in dict.fromkeys(made.what[told:])]
    return left


__all__ = ["gradual", "stepwise"]
