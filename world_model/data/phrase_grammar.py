"""A little English: plurals, numbers of things, verb forms, and phrases without their article."""

from __future__ import annotations

import re

_PLURALS = {"person": "people", "man": "men", "woman": "women", "child": "children", "wolf": "wolves",
            "deer": "deer", "koi": "koi", "salmon": "salmon", "trout": "trout", "someone": "several people",
            "spacecraft": "spacecraft"}
_DOUBLED = ("hop", "skip", "zip", "hum", "spin", "run", "sit", "swim", "trot", "bob", "step")
_LEADING = re.compile(r"^(at|in|under|by|on|with|during|the|an|a|this|while|as) ")
_NUMBERS = {2: "two", 3: "three", 4: "four", 5: "five"}


def bare(phrase: str) -> str:
    """The phrase without prepositions and articles in front: "under a full moon" -> "full moon".

    A phrase that would be left as a clause ("as the sun sets") keeps its words from the subject on.
    """
    while True:
        shorter = _LEADING.sub("", phrase)
        if shorter == phrase:
            return phrase
        phrase = shorter


def with_article(noun: str) -> str:
    if noun == "someone":
        return noun
    return f"{'an' if noun[0] in 'aeiou' else 'a'} {noun}"


def plural(noun: str) -> str:
    """"paper kite" -> "paper kites", "kite on a string" -> "kites on a string"."""
    split = re.match(r"(.+?)( (?:on|with|of) .+)$", noun)
    if split:
        return plural(split[1]) + split[2]
    rest, _, last = noun.rpartition(" ")
    if last in _PLURALS:
        last = _PLURALS[last]
    elif last.endswith("fish"):
        pass
    elif re.search(r"[^aeiou]y$", last):
        last = last[:-1] + "ies"
    else:
        last += "es" if last.endswith(("s", "x", "sh", "ch")) else "s"
    return f"{rest} {last}".strip()


def counted(noun: str, count: int, group: str, bare_too: bool = True) -> tuple[str, ...]:
    """Ways to say that many of a thing; with bare_too also the noun alone."""
    if count <= 1:
        one = with_article(noun)
        return (noun, one) if bare_too else (one,)
    many = plural(noun)
    if noun == "someone":
        return (many,)
    alone = (many,) if bare_too else ()
    if count in _NUMBERS:
        few = (f"{_NUMBERS[count]} {many}",)
        return few + alone if count < 4 else (*few, f"a few {many}", f"several {many}", *alone)
    return (f"many {many}", f"a {group} of {many}", f"lots of {many}", *alone)


def gerund(verb: str) -> str:
    """"glide along" -> "gliding along"."""
    first, space, rest = verb.partition(" ")
    if first in _DOUBLED:
        first += first[-1]
    elif first.endswith("e") and not first.endswith("ee"):
        first = first[:-1]
    return f"{first}ing{space}{rest}"


def present(verb: str, many: bool) -> str:
    """"glide along" -> "glides along" for one, unchanged for many."""
    if many:
        return verb
    first, space, rest = verb.partition(" ")
    if re.search(r"[^aeiou]y$", first):
        first = first[:-1] + "ies"
    else:
        first += "es" if first.endswith(("s", "x", "sh", "ch", "go")) else "s"
    return f"{first}{space}{rest}"
