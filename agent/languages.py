"""Requests and edits in other languages: known words and phrases are put into English, the rest stays as it was.

No grammar is parsed: the reading in agent/interpret.py goes by words, denials and order, and those survive. English
passes untouched. What it cannot do: free word order around denials, idioms, words outside the dictionary.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from functools import cache

from agent.brief import Brief
from agent.lexicon import fold, index, stem
from agent.lexicon.languages import CODES, LINES, NAMES, NOUNS, QUALITIES, SMALL, rows
from agent.lexicon.tables import word_set

READ_CHARS = 4000
LONGEST = 7
# What a noun may end in beside its forms in the dictionary.
ENDINGS = {"de": ("n", "s", "es", "e", "en"), "nl": ("tjes", "tje", "pje", "jes", "je", "s", "en")}
ROMANCE = ("fr", "es", "it", "pt")
_WORD = re.compile(r"[^\W\d_]+['’](?=\w|$)|\w+")
_JOINS = re.compile(r"[\s'’\-–]*")
# English words that say that a text is English and are words of no other language here.
ENGLISH = word_set(
    "the an at with and but to are it its from by for this that these those not without then first finally after into "
    "through like there some my your we you i he she they is was be has have make give show me please more less while "
    "when where who which what why how very only just out up down off again where's it's don't let keep put all "
    "should could would can will about around above below between across until till as if than too much many one "
    "two three four five six seven eight nine ten black white red blue green night day slow fast dark light")
# Words that look like English ones, or that stand in names which English texts use; they prove nothing.
ALIKE = word_set(
    "in a on no of over under die am was so as do come met door los las sin van den son son's all once man me rose "
    "fin sole mare nave pan ape wild wind warm tag hell rot see bad gut fast kind mode star bell herd tan dove mal "
    "is be we he her at an per use note rider mini san santa costa rio i o e y u x to sei tre due noir grand petit "
    "blanc more mais rover viola orca luna sol aurora sierra playa casa vista solo papillon plus tour sage "
    "lang mar bee still rapide immense enorme")


@dataclass(frozen=True)
class Spoken:
    """A text in English. language: "en" or one of CODES; pairs: (English, the creator's own words), in order."""

    text: str
    language: str = "en"
    pairs: tuple[tuple[str, str], ...] = ()


@dataclass
class _Dictionary:
    """One language. phrases: folded words to (English, kind); kinds: noun, quality, small, line."""

    phrases: dict[tuple[str, ...], tuple[str, str]] = field(default_factory=dict[tuple[str, ...], tuple[str, str]])
    stems: dict[str, str] = field(default_factory=dict[str, str])
    markers: set[str] = field(default_factory=set[str])


def in_english(text: str) -> Spoken:
    """The text with what the dictionary of its language knows in English; an English text as it is. Any text is fine;
    what lies beyond 4,000 characters is left as it is."""
    tokens = [(m.start(), m.end()) for m in _WORD.finditer(text[:READ_CHARS])]
    if not tokens or (code := _language(text, tokens)) == "en":
        return Spoken(text)
    runs = _runs(text, tokens, code)
    out: list[str] = []
    if code == "nl":  # 's nachts
        text = re.sub(r"['’](?=s (?:nachts|ochtends|morgens|middags|avonds)\b)", " ", text)
    pairs: list[tuple[str, str]] = []
    at = 0
    for start, end, english in runs:
        out += [text[at:start], english]
        # "l'eau": the article's apostrophe joins, its English does not.
        if text[start:end].endswith(("'", "’")):
            out.append(" ")
        pairs.append((english, text[start:end]))
        at = end
    out.append(text[at:])
    return Spoken("".join(out), code, tuple(pairs))


def language_of(text: str) -> str:
    """ "en", or the code of the language that the text is in, as far as the dictionaries can tell."""
    return _language(text, [(m.start(), m.end()) for m in _WORD.finditer(text[:READ_CHARS])])


def quoted(brief: Brief, spoken: Spoken) -> Brief:
    """The Brief of a translated text with the creator's own words as reasons, and a note that says how it was read."""
    if spoken.language == "en":
        return brief
    own = {english.lower(): said for english, said in spoken.pairs if english}
    if own:
        longest = sorted(own, key=len, reverse=True)
        pattern = re.compile(r"\b(?:" + "|".join(re.escape(word) for word in longest) + r")\b")
        traits = tuple(trait.model_copy(update={"because": pattern.sub(lambda m: own[m[0]], trait.because)})
                       if trait.because != "the whole request" else trait for trait in brief.traits)
        brief = brief.model_copy(update={"traits": traits})
    note = f"Read as {NAMES[spoken.language]}: “{' '.join(spoken.text.split())[:300]}”"
    return brief.model_copy(update={"notes": (note, *brief.notes)})


def folded(word: str, code: str) -> str:
    """Lower case without accents; German umlauts as ae, oe, ue."""
    word = word.casefold().replace("’", "'")
    if code == "de":
        word = unicodedata.normalize("NFC", word)
        for sign, letters in (("ä", "ae"), ("ö", "oe"), ("ü", "ue")):
            word = word.replace(sign, letters)
    return "".join(c for c in unicodedata.normalize("NFKD", word) if not unicodedata.combining(c))


def _stem(word: str, code: str) -> str:
    """A quality without its endings."""
    if code in ("de", "nl"):
        return re.sub(r"(?:e[mnrs]?)$", "", word) if len(word) > 4 else word
    return re.sub(r"(?:es|e?s|[aeo]s|[aeio])$", "", word) if len(word) > 3 else word


@cache
def _dictionary(code: str) -> _Dictionary:
    made = _Dictionary()
    column = 1 + CODES.index(code)
    for kind, table in (("line", LINES), ("small", SMALL), ("noun", NOUNS), ("quality", QUALITIES)):
        for row in rows(table):
            one, _, many = row[0].partition("/")
            for cell in row[column].split(","):
                single, _, plural = cell.strip().partition("/")
                for words, english in ((single, one), (plural, many or one)):
                    key = tuple(folded(m[0], code) for m in _WORD.finditer(words))
                    if not key:
                        continue
                    made.phrases.setdefault(key, (english, kind))
                    if kind == "quality" and len(key) == 1:
                        made.stems.setdefault(_stem(key[0], code), english)
                    if kind in ("line", "small") and len(key) == 1 and key[0] not in ALIKE | ENGLISH:
                        made.markers.add(key[0])
    return made


@cache
def _english_looking() -> frozenset[str]:
    """Words of the English column and of the lists above."""
    words = {m[0].lower() for table in (NOUNS, QUALITIES, SMALL, LINES) for row in rows(table)
             for m in _WORD.finditer(row[0])}
    return frozenset(words | ALIKE | ENGLISH)


def _language(text: str, tokens: list[tuple[int, int]]) -> str:
    """The language with the most small words and known words, where these outweigh the English ones."""
    words = [text[start:end] for start, end in tokens if not text[start:end].isdigit()]
    plain = {folded(word, "en") for word in words}
    english = len(plain & ENGLISH)
    looking = _english_looking()
    best, most = "en", 0.0
    for code in CODES:
        entries = _dictionary(code)
        mine = {folded(word, code) for word in words}
        marks = (mine & entries.markers) - looking
        known = {word for word in mine if _single(entries, word, code) is not None}
        lines = _lines(text, tokens, code)
        weight = len(marks) + 0.5 * len((known - marks) - looking) + 2.0 * lines
        whole = len(known | (mine & ALIKE)) / max(1, len(mine))
        # A lone known word that the English dictionary has no use for ("dunkler") is enough when it is all there is.
        alone = not marks and not lines and whole == 1 and not any(w in index() or w in looking for w in mine)
        sure = len(marks) >= 2 or lines > 0 or (marks and whole >= 0.6) or alone
        if sure and weight > english and weight > most:
            best, most = code, weight
    return best


def _lines(text: str, tokens: list[tuple[int, int]], code: str) -> int:
    """How many phrases of two words or more stand in the text that are said in no English."""
    entries, looking, count, i = _dictionary(code), _english_looking(), 0, 0
    words = [folded(text[start:end], code) for start, end in tokens]
    while i < len(words):
        width = next((n for n in range(min(LONGEST, len(words) - i), 1, -1)
                      if tuple(words[i:i + n]) in entries.phrases and _joined(text, tokens, i, n)
                      and not all(word in looking for word in words[i:i + n])), 0)
        count += width > 0
        i += max(1, width)
    return count


def _joined(text: str, tokens: list[tuple[int, int]], i: int, width: int) -> bool:
    """Whether tokens [i, i + width) stand together without a stop or a comma."""
    return all(_JOINS.fullmatch(text[tokens[k][1]:tokens[k + 1][0]]) for k in range(i, i + width - 1))


def _read_already(text: str, tokens: list[tuple[int, int]], i: int) -> int:
    """How many words from token i make a phrase that the reader knows as it is ("musique classique"); 0 for none."""
    word = [stem(fold(text[start:end])) for start, end in tokens[i:i + LONGEST]]
    widths = [len(entry.stems) for entry in index().get(word[0], ())
              if len(entry.stems) > 1 and tuple(word[:len(entry.stems)]) == tuple(entry.stems)]
    return max(widths, default=0)


def _single(entries: _Dictionary, word: str, code: str) -> tuple[str, str] | None:
    """(English, kind) of one word, endings taken off."""
    if (found := entries.phrases.get((word,))) is not None:
        return found
    if (english := entries.stems.get(_stem(word, code))) is not None and len(word) > 3:
        return english, "quality"
    for ending in ENDINGS.get(code, ("s",)):
        shorter = entries.phrases.get((word.removesuffix(ending),)) if word.endswith(ending) else None
        if shorter is not None and shorter[1] == "noun" and len(word) - len(ending) > 2:
            return shorter
    return None


def _runs(text: str, tokens: list[tuple[int, int]], code: str) -> list[tuple[int, int, str]]:
    """(start, end, English) of every known phrase, longest first; a Romance quality goes before its noun."""
    entries = _dictionary(code)
    words = [folded(text[start:end], code) for start, end in tokens]
    found: list[tuple[int, int, str, str]] = []
    i = 0
    while i < len(words):
        for width in range(min(LONGEST, len(words) - i), 0, -1):
            if not _joined(text, tokens, i, width):
                continue
            hit = entries.phrases.get(tuple(words[i:i + width]))
            if width > 1 and (hit is None or hit[1] != "line") and width == _read_already(text, tokens, i):
                i += width - 1
                break
            hit = hit or (_single(entries, words[i], code) if width == 1 else None)
            if hit is not None:
                found.append((tokens[i][0], tokens[i + width - 1][1], *hit))
                i += width - 1
                break
        i += 1
    if code in ROMANCE:
        found = _turned(text, found)
    return [(start, end, english) for start, end, english, _ in found]


def _turned(text: str, found: list[tuple[int, int, str, str]]) -> list[tuple[int, int, str, str]]:
    """ "ballon rouge": red balloon."""
    out: list[tuple[int, int, str, str]] = []
    for start, end, english, kind in found:
        near = out and kind == "quality" and out[-1][3] == "noun" and text[out[-1][1]:start].isspace()
        if near:
            before = out.pop()
            out.append((before[0], end, f"{english} {before[2]}", "noun"))
        else:
            out.append((start, end, english, kind))
    return out


__all__ = ["Spoken", "folded", "in_english", "language_of", "quoted"]
