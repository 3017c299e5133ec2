"""Text into tokens, tokens into phrases of the dictionary, and which of those phrases are denied."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from agent import lexicon
from agent.lexicon import Sense, words
from world_model.text import Embedder

READ_CHARS = 4000
_TAG = re.compile(r"</?[a-z!][^<>]{0,300}>", re.I)
_WORD = re.compile(r"\w+(?:\.\d+)?")


@dataclass(frozen=True)
class Token:
    """word: as typed, folded; gap: the strongest punctuation before it ("", "," or ".")."""

    word: str
    stem: str
    plural: bool
    gap: str
    start: int
    end: int


@dataclass(frozen=True)
class Match:
    """Tokens [i, j) read as a phrase of the dictionary. text: the words as typed."""

    i: int
    j: int
    senses: tuple[Sense, ...]
    text: str
    negated: bool = False

    def sense(self, axis: str) -> Sense | None:
        return next((s for s in self.senses if s.axis == axis), None)

    def has(self, *axes: str) -> bool:
        return any(s.axis in axes for s in self.senses)


def normalise(prompt: str) -> str:
    """At most 4,000 characters, folded, tags and control characters out, signs such as emoji turned into words."""
    text = unicodedata.normalize("NFKC", prompt[:READ_CHARS])
    text = _TAG.sub(" ", text)
    for sign, meaning in words.SIGNS.items():
        if sign in text:
            text = text.replace(sign, meaning)
    text = "".join(c if c in "\n\t" or unicodedata.category(c)[0] != "C" else " " for c in text)
    text = re.sub(r"[^\S\n]+", " ", re.sub(r"\s*\n\s*", "\n", text)).strip()
    return lexicon.fold(text)[: READ_CHARS * 2]


def tokens_of(text: str) -> list[Token]:
    """Words of a folded text. Hyphens, apostrophes and quotes join or vanish; other punctuation is a gap."""
    out: list[Token] = []
    last = 0
    for found in _WORD.finditer(text):
        between = text[last : found.start()]
        gap = (
            "." if re.search(r"[.;:!?\n()\[\]—|]|\s-\s|\s–\s", between) else "," if re.search(r"[,/]", between) else ""
        )
        word = found.group()
        stem = lexicon.stem(word)
        plural = word in lexicon.bodies.IRREGULAR_PLURALS or (stem != word and word.endswith("s"))
        out.append(Token(word, stem, plural, gap, found.start(), found.end()))
        last = found.end()
    return out


def matches_of(tokens: list[Token], embedder: Embedder | None) -> list[Match]:
    """Longest phrases first, left to right; a word with one slip of the keyboard counts as the word meant."""
    known = lexicon.index()
    out: list[Match] = []
    i = 0
    while i < len(tokens):
        found = _longest(tokens, i, known, tokens[i].stem)
        if found is None and (meant := _meant(tokens[i].stem, embedder)):
            found = _longest(tokens, i, known, meant)
        if found is None and tokens[i].stem.endswith("less") and len(tokens[i].stem) > 6:
            found = _lacking(tokens[i], i, known)
        if found is None:
            found = _compound(tokens[i], i, known, embedder)
        if found is None:
            i += 1
            continue
        out.append(found)
        i = found.j
    return out


def _longest(tokens: list[Token], i: int, known: dict[str, tuple[lexicon.Entry, ...]], first: str) -> Match | None:
    for entry in known.get(first, ()):
        j = i + len(entry.stems)
        if j > len(tokens) or any(token.gap == "." for token in tokens[i + 1 : j]):
            continue
        if any(t.stem != s for t, s in zip(tokens[i + 1 : j], entry.stems[1:], strict=True)):
            continue
        if entry.exact and any(t.word != w for t, w in zip(tokens[i:j], entry.exact, strict=True)):
            continue
        if (
            any(token.gap == "," for token in tokens[i + 1 : j])
            and len(entry.stems) > 1
            and not entry.stems[1].isdigit()
        ):
            continue
        return Match(i, j, entry.senses, " ".join(t.word for t in tokens[i:j]))
    return None


def _lacking(token: Token, i: int, known: dict[str, tuple[lexicon.Entry, ...]]) -> Match | None:
    """ "moonless": a known word that is denied."""
    base = lexicon.stem(token.stem[:-4])
    entry = next((e for e in known.get(base, ()) if len(e.stems) == 1), None)
    return Match(i, i + 1, entry.senses, token.word, negated=True) if entry else None


def _compound(
    token: Token, i: int, known: dict[str, tuple[lexicon.Entry, ...]], embedder: Embedder | None
) -> Match | None:
    """ "sommerregen": an unknown long word made of two known ones, with or without a joining s, n or en."""
    word = token.word
    if len(word) < 9 or not word.isalpha() or (embedder is not None and embedder.knows(word)):
        return None
    for cut in range(4, len(word) - 3):
        tail = _single(known, word[cut:])
        if tail is None:
            continue
        for joint in ("", "s", "n", "en", "es"):
            head = word[:cut].removesuffix(joint) if joint else word[:cut]
            first = _single(known, head) if len(head) >= 4 else None
            if first is not None:
                return Match(i, i + 1, (*tail.senses, *(s for s in first.senses if s.axis not in _axes(tail))), word)
    return None


def _single(known: dict[str, tuple[lexicon.Entry, ...]], word: str) -> lexicon.Entry | None:
    return next((e for e in known.get(lexicon.stem(word), ()) if len(e.stems) == 1 and not e.exact), None)


def _axes(entry: lexicon.Entry) -> set[str]:
    return {sense.axis for sense in entry.senses}


_slips: dict[str, str | None] = {}


def _meant(word: str, embedder: Embedder | None) -> str | None:
    """The one dictionary word a slip away (a letter lost, added, swapped or changed), for long unknown words."""
    if len(word) < 6 or not word.isalpha() or word in words.STOP or not word.isascii():
        return None
    if embedder is not None and embedder.knows(word):
        return None
    if word not in _slips:
        if len(_slips) > 5000:
            _slips.clear()
        singles = (first for first, entries in lexicon.index().items() if any(len(e.stems) == 1 for e in entries))
        near = [
            first
            for first in singles
            if len(first) >= 6 and first[0] == word[0] and abs(len(first) - len(word)) < 2 and _one_slip(first, word)
        ]
        # Without the model's word list an ordinary word could look like a slip: then only lost or added letters count.
        if embedder is None:
            near = [first for first in near if len(first) != len(word) or sorted(first) == sorted(word)]
        _slips[word] = near[0] if len(near) == 1 else None
    return _slips[word]


def _one_slip(a: str, b: str) -> bool:
    if len(a) > len(b):
        a, b = b, a
    k = next((n for n, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), len(a))
    if len(a) < len(b):
        return a[k:] == b[k + 1 :]
    return a[k + 1 :] == b[k + 1 :] or (a[k + 2 :] == b[k + 2 :] and a[k : k + 2] == b[k : k + 2][::-1])


def deny(tokens: list[Token], matches: list[Match]) -> tuple[list[Match], list[str], set[int]]:
    """Marks what a "no", "without", "not" … reaches: (matches, the denied words as said, tokens denied).

    Reach: to the next comma, preposition, article or "but"; on through "or", "nor", and through commas or "and"
    where the list goes on in kind.
    """
    from dataclasses import replace

    starts = {match.i: n for n, match in enumerate(matches)}
    inside = {k for match in matches for k in range(match.i, match.j)}
    out = list(matches)
    said: list[str] = []
    reached: set[int] = set()
    i = 0
    while i < len(tokens):
        width = _negation_at(tokens, i) if i not in inside else 0
        if not width or (i + width < len(tokens) and tokens[i + width].stem in words.NOT_NEGATED):
            i += max(1, width)
            continue
        end = _reach(tokens, i + width, starts, matches)
        for k in range(i + width, end):
            reached.add(k)
            if k in starts:
                out[starts[k]] = replace(matches[starts[k]], negated=not matches[starts[k]].negated)
        reached.update(range(i, i + width))
        if end > i + width:
            said.append(" ".join(t.word for t in tokens[i:end]))
        i = max(end, i + width)
    return out, said, reached


def _negation_at(tokens: list[Token], i: int) -> int:
    pair = (tokens[i].word, tokens[i + 1].word) if i + 1 < len(tokens) else ("", "")
    if pair in words.NEGATION_PAIRS:
        # "No longer than ten seconds" denies nothing.
        return 0 if pair[0] == "no" and i + 2 < len(tokens) and tokens[i + 2].word == "than" else 2
    return 1 if tokens[i].word in words.NEGATIONS or tokens[i].stem == "not" else 0


def _reach(tokens: list[Token], start: int, starts: dict[int, int], matches: list[Match]) -> int:
    """The first token after the denied words."""
    k, hit, listing = start, False, False
    kinds: set[str] = set()
    while k < len(tokens) and k - start < 24:
        token = tokens[k]
        if token.gap == ".":
            break
        if token.gap == "," and k > start:
            if not hit or not _goes_on(tokens, k, starts, matches, kinds):
                break
            listing = True
        if k in starts:
            match = matches[starts[k]]
            if (
                hit
                and not listing
                and not match.has("degree", "size", "speed", "colour", "group")
                and any(t.gap for t in tokens[match.i : match.i + 1])
            ):
                break
            content = {s.axis for s in match.senses}
            hit, listing = hit or not content <= {"degree", "size", "speed", "group", "colour", "glow"}, False
            kinds |= content
            k = match.j
            continue
        if token.word in ("or", "nor", "oder", "ou", "ni", "noch"):
            listing = True
        elif token.word in ("and", "und", "et", "y", "&"):
            if not _goes_on(tokens, k + 1, starts, matches, kinds):
                break
            listing = True
        elif (
            token.word in words.SCOPE_ENDS
            or (k > start and token.word in words.PREPOSITIONS)
            or (hit and not listing)
            or (hit and token.word in words.DETERMINERS and token.word not in ("any", "the"))
        ):
            break
        k += 1
        if not hit and k - start > 6:
            break
    return k


def _goes_on(tokens: list[Token], k: int, starts: dict[int, int], matches: list[Match], kinds: set[str]) -> bool:
    """Whether a list of denied things goes on at token k: the same kind of thing, bare, with an "or" or "nor" ahead
    or "no … and …" of one kind."""
    if k >= len(tokens):
        return False
    if tokens[k].word in ("or", "nor", "oder", "ou", "ni"):
        return True
    if k not in starts:
        return False
    match = matches[starts[k]]
    alike = bool({s.axis for s in match.senses} & kinds)
    ahead = [t.word for t in tokens[match.j : match.j + 6]]
    listed = any(word in ("or", "nor", "oder") for word in ahead)
    joined = k > 0 and tokens[k - 1].word in ("and", "und", "et", "y")
    return (alike and joined) or listed
