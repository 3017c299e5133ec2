"""A prompt as a row of items: mentions of references, words for roles, and the small words between them.

Each item carries one letter (see agent/lexicon/roles.py SORTS; R a role, F a reference, f a bare noun for one, W any
other word, "." "," ":" punctuation), so that agent/interpret_roles.py can read sentences with plain patterns.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import PurePath

from agent.lexicon import index, roles, stem
from agent.lexicon.tables import phrases

_WORD = re.compile(r"#?\w+|[.;!?\n]|[,()]|[:=]|\s[-–—]\s|'")
_MOST_WORDS = 6


@dataclass(frozen=True)
class Item:
    """text[start:end] and what it is. role: for R. refs: reference numbers, for F and f. all_of: a plural mention."""

    letter: str
    start: int
    end: int
    words: str
    role: str = ""
    refs: tuple[int, ...] = ()


def folded(text: str) -> str:
    """Lower case without accents, as long as the text itself."""
    out: list[str] = []
    for char in text:
        plain = "".join(c for c in unicodedata.normalize("NFKD", char) if not unicodedata.combining(c)).casefold()
        plain = {"’": "'", "‘": "'", "ß": "s"}.get(plain, plain)
        out.append(plain if len(plain) == 1 else char.lower() if len(char.lower()) == 1 else char)
    return "".join(out)


@cache
def _table() -> dict[tuple[str, ...], tuple[str, str]]:
    return {words: meanings[0] for words, meanings in roles.table().items()}


@cache
def _nouns() -> dict[tuple[str, ...], tuple[str, ...]]:
    return {tuple(noun.split()): kinds for kinds, text in roles.NOUNS.items() for noun in phrases(text)}


@cache
def _ordinals() -> dict[str, int]:
    return {word: n for n, text in roles.ORDINALS.items() for word in phrases(text)}


def items_of(text: str, kinds: Sequence[str], names: Sequence[str]) -> list[Item]:
    """The items of a prompt in order."""
    plain = folded(text)
    named = _file_names(plain, names)
    for start, end, _ in named:
        plain = plain[:start] + " " * (end - start) + plain[end:]
    rows = [(m.group().strip() or "-", m.start(), m.end()) for m in _WORD.finditer(plain)]
    tokens = sorted([(w, s, e, -1) for w, s, e in rows if w != "'"]
                    + [("", s, e, ref) for s, e, ref in named], key=lambda t: t[1])
    out: list[Item] = []
    last: tuple[int, ...] = ()
    k = 0
    while k < len(tokens):
        word, start, end, ref = tokens[k]
        if ref >= 0:
            out.append(Item("F", start, end, text[start:end], refs=(ref,)))
            last = (ref,)
            k += 1
            continue
        if not re.match(r"[\w#]", word):
            out.append(Item("." if word in ".;!?\n" else ":" if word in ":=" else ",", start, end, word))
            k += 1
            continue
        run = _run(tokens, k)
        found = _mention(run, kinds, last)
        if found is not None and not (found[0] == "f" and _phrase(run)[0] > found[2]):
            letter, refs, width = found
            last = refs if letter == "F" else last
            out.append(Item(letter, start, tokens[k + width - 1][2], " ".join(run[:width]), refs=refs))
            k += width
            continue
        width, (letter, role) = _phrase(run)
        if word == "s" and plain[start - 1: start] == "'":
            width, letter, role = 1, "S", ""
        out.append(Item(letter, start, tokens[k + width - 1][2], " ".join(run[:width]), role))
        k += width
    return out


def _file_names(plain: str, names: Sequence[str]) -> list[tuple[int, int, int]]:
    """Where the files' names stand, with or without their ending. A name that is a common word needs its ending."""
    out: list[tuple[int, int, int]] = []
    for ref, name in enumerate(names):
        base = folded(PurePath(name).name)
        bare = base.rsplit(".", 1)[0]
        common = len(bare) < 3 or stem(bare) in index() or (bare,) in _table() or (bare,) in _nouns()
        for said in dict.fromkeys([base] if common else [base, bare]):
            if not said:
                continue
            for hit in re.finditer(rf"(?<!\w)[\"']?{re.escape(said)}[\"']?(?!\w)", plain):
                if all(hit.end() <= s or hit.start() >= e for s, e, _ in out):
                    out.append((hit.start(), hit.end(), ref))
    return sorted(out)


def _run(tokens: Sequence[tuple[str, int, int, int]], k: int) -> list[str]:
    """Up to six plain words from token k on."""
    out: list[str] = []
    for word, _, _, ref in tokens[k:k + _MOST_WORDS]:
        if ref >= 0 or not re.match(r"[\w#]", word):
            break
        out.append(word)
    return out


def _phrase(run: list[str]) -> tuple[int, tuple[str, str]]:
    known = _table()
    for width in range(min(len(run), 5), 0, -1):
        found = known.get(tuple(run[:width]))
        if found is not None:
            return width, found
    return 1, ("W", "")


def _mention(run: list[str], kinds: Sequence[str], last: tuple[int, ...]) -> tuple[str, tuple[int, ...], int] | None:
    """(F or f, references, words) of a mention that begins here: "the second picture", "clip 3", "#1", "both"."""
    if not kinds:
        return None
    if re.fullmatch(r"#\d+", run[0]):
        number = int(run[0][1:]) - 1
        return ("F", (number,), 1) if 0 <= number < len(kinds) else None
    k, ordinal, pointed = 0, None, False
    if run[k] in roles.POINTERS:
        pointed, k = True, 1
    while k < len(run) and (run[k] in _ordinals() or run[k] in roles.QUALIFIERS):
        if run[k] in _ordinals() and ordinal is None:
            ordinal = _ordinals()[run[k]]
        elif run[k] in roles.QUALIFIERS and (run[k + 1:k + 2] == [] or not _noun(run, k + 1)):
            break
        k += 1
    noun = _noun(run, k)
    if ordinal is not None and not pointed and ordinal != -3 and (noun is None or noun[1] == ()):
        return None
    if noun is None:
        # "camera from the second": an ordinal that stands alone.
        rest = run[k] if k < len(run) else ""
        alone = ordinal is not None and (not rest or _table().get((rest,), ("W", ""))[0] in "AUCOGNJ")
        refs = _chosen((), ordinal, kinds, last, run[k - 1]) if alone else ()
        return ("F", refs, k) if refs else None
    width, choice = noun
    word = run[k + width - 1]
    k += width
    if not pointed and ordinal is None and choice == () and (k >= len(run) or not _number(run[k])):
        return None
    if k < len(run) and ordinal is None and (number := _number(run[k])) is not None and _numbered(run, k):
        refs = _chosen(choice, number, kinds, last, word)
        return ("F", refs, k + 1) if refs else None
    if word == "one" and ordinal is None:
        return None
    refs = _chosen(choice, ordinal, kinds, last, word)
    return ("F" if pointed or ordinal is not None else "f", refs, k) if refs else None


def _noun(run: list[str], k: int) -> tuple[int, tuple[str, ...]] | None:
    known = _nouns()
    return next(((w, known[tuple(run[k:k + w])]) for w in (2, 1)
                 if k + w <= len(run) and tuple(run[k:k + w]) in known), None)


def _number(word: str) -> int | None:
    if word.isdigit() and 0 < int(word) < 100:
        return int(word) - 1
    return roles.NUMBERS.get(word)


def _numbered(run: list[str], k: int) -> bool:
    """Not "film 20 seconds" or "video 2 minutes"."""
    return k + 1 >= len(run) or not re.match(r"s$|sec|min|hour|fps|bpm|p$", run[k + 1])


def _chosen(choice: tuple[str, ...], ordinal: int | None, kinds: Sequence[str], last: tuple[int, ...],
            word: str) -> tuple[int, ...]:
    """The references a mention means."""
    everyone = tuple(range(len(kinds)))
    mine = next((found for kind in choice if (found := tuple(n for n in everyone if kinds[n] == kind))), ())
    if not mine:
        if choice and len(kinds) > 1:
            heard = choice[0] in roles.HEARD
            if ordinal is None or heard != any(kinds[n] in roles.HEARD for n in everyone):
                return ()
        elif choice and (choice[0] in roles.HEARD) != (kinds[0] in roles.HEARD):
            return ()
        mine = everyone
    if ordinal == -3 or (ordinal is None and word in roles.PLURAL):
        return mine
    if ordinal == -2:
        left = tuple(n for n in mine if n not in last) or tuple(n for n in everyone if n not in last)
        return left[:1]
    if ordinal == -1:
        return mine[-1:]
    if ordinal is None:
        return mine[:1]
    if ordinal < len(mine):
        return (mine[ordinal],)
    return (ordinal,) if ordinal < len(kinds) else ()
