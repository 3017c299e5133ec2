"""Words beyond the dictionary: the nearest thing the world can show, said openly, or a plain word that it cannot.

Nearest neighbours by cosine over single nouns and short anchor sentences. An abstract word becomes a mood, never a
body.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np

from agent.interpret_text import Match, Token
from agent.lexicon import anchors, bodies, places, split, stems_of, words
from agent.lexicon.moods import MOODS
from world_model.text import Embedder, Vectors, table
from world_model.vocabulary import BODIES, SETTINGS

NEAR, VAGUE = 0.55, 0.42
MOST_PHRASES = 12
# Endings of words for what cannot be seen.
_ABSTRACT = ("ness", "ity", "tion", "sion", "ism", "ment", "ence", "ance", "ship", "hood", "dom", "cy")


class DictionaryOnly:
    """An embedder that finds nothing like anything, so that only the dictionary is read."""

    name = "dictionary only"

    def embed(self, phrases: Sequence[str]) -> Vectors:
        return np.zeros((len(phrases), 512), np.float32)

    def knows(self, word: str) -> bool:
        return True


@dataclass(frozen=True)
class Guess:
    """axis: body, setting, mood, beyond (a place not shown) or nothing (a thing not shown)."""

    axis: str
    value: str
    words: str
    like: str
    similarity: float
    at: int


@cache
def _rows() -> tuple[tuple[str, tuple[str, str]], ...]:
    """(phrase, (axis, value)) of every anchor; plurals and long phrases add nothing to a vote and are left out."""
    rows: list[tuple[str, tuple[str, str]]] = []
    for axis, named in (("body", bodies.BODIES), ("setting", places.SETTINGS), ("beyond", places.BEYOND)):
        for value, text in named.items():
            rows += [(phrase, (axis, value)) for phrase, confidence, _, _ in split(text) if confidence >= 0.6]
    for value, text in anchors.MORE_BODIES.items():
        rows += [(phrase, ("body", value)) for phrase, _, _, _ in split(text)]
    rows += [(phrase, ("nothing", "")) for phrase, _, _, _ in split(anchors.THINGS)]
    rows += [(phrase, ("skip", "")) for phrase, _, _, _ in split(anchors.SKIP)]
    for value, mood in MOODS.items():
        rows += [(phrase, ("mood", value)) for phrase, c, _, _ in split(mood.words) if c >= 0.6]
    kept: dict[tuple[str, ...], tuple[str, tuple[str, str]]] = {}
    for phrase, label in rows:
        kept.setdefault(stems_of(phrase), (phrase, label))
    return tuple(sorted((row for stems, row in kept.items() if len(stems) <= 3), key=lambda row: (len(row[0]), row)))


# Rare words of tables that hold English only.
_ENGLISH = frozenset(p for text in (*anchors.MORE_BODIES.values(), anchors.THINGS) for p, _, _, _ in split(text))
_known: dict[str, tuple[tuple[str, ...], tuple[tuple[str, str], ...]]] = {}


def _anchors(embedder: Embedder) -> tuple[tuple[str, ...], tuple[tuple[str, str], ...]]:
    """(phrases, (axis, value) of each) that the embedder's language holds: foreign words would only be noise."""
    if embedder.name not in _known:
        rows = [r for r in _rows() if r[0] in _ENGLISH or all(embedder.knows(word) for word in r[0].split())]
        _known[embedder.name] = tuple(r[0] for r in rows), tuple(r[1] for r in rows)
    return _known[embedder.name]


@cache
def _mood_sentences() -> tuple[tuple[str, ...], tuple[str, ...]]:
    rows = [(sentence, name) for name, mood in MOODS.items() for sentence in mood.anchors]
    return tuple(r[0] for r in rows), tuple(r[1] for r in rows)


@dataclass(frozen=True)
class Unread:
    """A run of words nothing has read. at: its last token; lead: the preposition before it, if any; noun: whether it
    stands where a noun stands; style: "in the style of" it."""

    words: str
    at: int
    lead: str
    noun: bool
    style: bool


def unread_phrases(tokens: list[Token], matches: list[Match], taken: set[int]) -> list[Unread]:
    """The nouns nothing else has read. What stands right before a known noun only colours it and is left out."""
    owner = {k: match for match in matches for k in range(match.i, match.j)}
    out: list[Unread] = []
    run: list[int] = []
    for k in range(len(tokens) + 1):
        free = k < len(tokens) and k not in owner and k not in taken and _content(tokens[k].word)
        if free and not (run and tokens[k].gap):
            run.append(k)
            continue
        if run:
            after = owner.get(k) if k < len(tokens) and not tokens[k].gap else None
            if after is None or not after.has("body", "setting", "beyond", "camera", "genre"):
                out.append(_unread(tokens, owner, run))
        run = [k] if free else []
    return out[:MOST_PHRASES]


def _unread(tokens: list[Token], owner: dict[int, Match], run: list[int]) -> Unread:
    first, last = run[0], run[-1]
    follows = tokens[last + 1].word if last + 1 < len(tokens) and not tokens[last + 1].gap else ""
    words_ = " ".join(tokens[n].word for n in run[-3:])
    return Unread(words_, last, _lead(tokens, first), _nominal(tokens, owner, first), follows in _STYLE_TALK)


_STYLE_TALK = words.word_set("style styled esque vibe vibes look aesthetic inspired type ish movie film")
_NO_NOUN_AFTER = words.word_set(
    "who that which to will would can could it they he she we i you must should may might not"
)


def _nominal(tokens: list[Token], owner: dict[int, Match], first: int) -> bool:
    """Whether a noun may stand here: at the head of a clause, or after an article, number, preposition, "and" or an
    adjective, and not after a subject ("a forest burns", "who talks")."""
    if first == 0 or tokens[first].gap:
        return True
    before = tokens[first - 1].word
    if before in _NO_NOUN_AFTER:
        return False
    match = owner.get(first - 1)
    return match is None or not match.has("body", "setting", "beyond") or match.has("colour", "size", "group")


def _content(word: str) -> bool:
    return (
        len(word) >= 3
        and not word[0].isdigit()
        and word not in words.STOP
        and word not in words.NEGATIONS
        and word not in words.NUMBERS
        and not (word.endswith("ly") and len(word) > 4)
    )


def _lead(tokens: list[Token], first: int) -> str:
    """The preposition before a phrase, adjectives skipped ("through the old courtroom" gives through)."""
    for k in range(first - 1, max(-1, first - 5), -1):
        if tokens[k + 1].gap:
            return ""
        if tokens[k].word in words.PREPOSITIONS:
            return tokens[k].word
        if tokens[k].word not in words.DETERMINERS and tokens[k].word not in words.STOP:
            return ""
    return ""


def guesses(embedder: Embedder, tokens: list[Token], matches: list[Match], taken: set[int]) -> list[Guess]:
    """What each unread noun is nearest to, in reading order."""
    phrases = unread_phrases(tokens, matches, taken)
    if not phrases:
        return []
    names, labels = _anchors(embedder)
    known = table(embedder, names)
    # The head noun carries most of what a phrase is: look at the whole phrase and at its last word.
    asked = [p.words for p in phrases] + [p.words.split()[-1] for p in phrases]
    vectors = embedder.embed(asked)
    out: list[Guess] = []
    for n, unread in enumerate(phrases):
        scores: Vectors = 0.5 * (known @ vectors[n] + known @ vectors[len(phrases) + n])
        if unread.style:
            out.append(Guess("style", "", unread.words, "", 0.0, unread.at))
            continue
        guess = _vote(scores, names, labels, unread.words, unread.at, unread.lead)
        # Word pieces of a word the model has never seen are next to noise: only a clear likeness counts.
        strange = not all(embedder.knows(word) for word in unread.words.split())
        if strange and (guess is None or guess.similarity < NEAR):
            guess = Guess("unread", "", unread.words, "", 0.0, unread.at)
        if guess is not None and (unread.noun or guess.axis == "mood"):
            out.append(guess)
    return out


def _vote(
    scores: Vectors, names: tuple[str, ...], labels: tuple[tuple[str, str], ...], phrase: str, at: int, lead: str
) -> Guess | None:
    """The class with the largest sum over the eight nearest anchors, sharpened; places gain after "in", "at"."""
    order = np.argsort(-scores, kind="stable")[:8]
    best: dict[tuple[str, str], float] = {}
    kinds: dict[str, float] = {}
    for k in order:
        weight = float(np.exp((float(scores[k]) - float(scores[order[0]])) * 12.0))
        if labels[k][0] in ("setting", "beyond") and lead in (
            "in",
            "inside",
            "through",
            "across",
            "into",
            "at",
            "within",
        ):
            weight *= 1.4
        best[labels[k]] = best.get(labels[k], 0.0) + weight
        kinds[labels[k][0]] = kinds.get(labels[k][0], 0.0) + weight
    # First what sort of thing it is, then which one.
    sort = max(kinds, key=lambda kind: kinds[kind])
    label = max((lab for lab in best if lab[0] == sort), key=lambda lab: best[lab])
    top = next(int(k) for k in order if labels[k] == label)
    similarity = float(scores[top])
    axis, value = label
    if axis in ("body", "setting") and phrase.split()[-1].endswith(_ABSTRACT):
        return None
    if axis == "skip" or (axis == "mood" and similarity < NEAR):
        return None
    if axis in ("body", "setting") and similarity < VAGUE:
        axis, value = "nothing", ""
    return Guess(axis, value, phrase, names[top], round(similarity, 3), at)


def mood_of(embedder: Embedder, text: str) -> tuple[str, float] | None:
    """The mood a whole request is nearest to, when it is near at all: (name, cosine)."""
    sentences, names = _mood_sentences()
    scores = table(embedder, sentences) @ embedder.embed([text[:300]])[0]
    top = int(np.argmax(scores))
    return (names[top], round(float(scores[top]), 3)) if float(scores[top]) >= 0.42 else None


@cache
def _scenes() -> tuple[tuple[str, ...], tuple[str, ...]]:
    return tuple(anchors.SCENES), tuple(anchors.SCENES.values())


def place_of(embedder: Embedder, text: str) -> tuple[str, float] | None:
    """The setting a whole request is nearest to, for a request that names none."""
    sentences, names = _scenes()
    scores = table(embedder, sentences) @ embedder.embed([text[:300]])[0]
    top = int(np.argmax(scores))
    return (names[top], round(float(scores[top]), 3)) if float(scores[top]) >= 0.45 else None


assert set(places.BEYOND) <= set(SETTINGS) and set(anchors.MORE_BODIES) <= set(BODIES)
