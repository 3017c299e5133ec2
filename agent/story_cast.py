"""Who is in each beat of a story: subjects that are named once and stay themselves when they come back.

"She", "it", "they", "the two", "the creature" and names ("a girl named Mara … Mara …") lead to the subject they mean,
which keeps its kind, word, number, size and colour unless it is told to change.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from agent.brief import Trait
from agent.lexicon.tables import word_set

_FEMALE = re.compile(r"\b(?:girl|woman|mother|queen|princess|grandmother|sister|daughter|lady|witch|bride|actress|"
                     r"nun|aunt|wife|mermaid)s?\b", re.I)
_MALE = re.compile(r"\b(?:boy|man|father|king|prince|grandfather|brother|son|gentleman|wizard|groom|monk|uncle|"
                   r"husband|fisherman|guy)s?\b", re.I)
_GENERIC = re.compile(r"\b(?:child|kid|figure|person|traveller|traveler|wanderer|stranger|animal|creature|beast|"
                      r"hero|heroine|one|machine|vehicle|vessel|insect|machine)\b", re.I)
_PRONOUN = re.compile(r"\b(?P<she>she|her|hers|herself)\b|\b(?P<he>he|him|his|himself)\b|"
                      r"\b(?P<it>it|its|itself)\b|\b(?P<they>they|them|their|themselves|both|the two|the pair|"
                      r"side by side)\b", re.I)
# "It rains", "it is night": nobody is meant.
_EMPTY_IT = re.compile(r"\bit(?:'s|’s)?\s+(?:rains?|snows?|is|was|gets?|begins?|starts?|becomes?|grows? (?:dark|cold|"
                       r"late)|has|seems?)\b", re.I)
_NEW_CLAUSE = re.compile(r"(?:^|[,;:]|\b(?:and|but|as|when|while|because|until|where|then|so|that|if|before|"
                         r"after))\s*$", re.I)
_NAMED = re.compile(r"\b(?:named|called)\s+(?P<name>[A-Z][\w’'-]+)|^(?P<first>[A-Z][\w’'-]+),\s+(?:an?|the)\s", re.M)
_CAPITAL = re.compile(r"(?<=[a-z,;] )(?P<name>[A-Z][a-zà-ÿ]{2,})\b")
_NO_NAME = word_set("January February March April May June July August September October November December Monday "
                     "Tuesday Wednesday Thursday Friday Saturday Sunday English French German God")
# What a subject is; how it moves belongs to its beat.
_LASTING = ("kind", "word", "count", "colour", "size", "glow")


@dataclass
class Subject:
    """key: the same through the whole film. value: as a body trait's; colours: traits that came with it."""

    key: str
    value: dict[str, Any]
    colours: list[Trait] = field(default_factory=list[Trait])
    last: int = -1
    named: str | None = None

    @property
    def word(self) -> str:
        return str(self.value.get("word") or self.value["kind"])

    @property
    def many(self) -> bool:
        return int(self.value.get("count") or 1) > 1 or bool(re.search(r"(?<!s)s$", self.word))

    @property
    def person(self) -> bool:
        return self.value["kind"] == "walker"


class Company:
    """The subjects of a story as it is told, beat by beat."""

    def __init__(self) -> None:
        self.subjects: list[Subject] = []
        self._before: list[Subject] = []
        self._together: list[Subject] = []

    def cast(self, beat: int, text: str, traits: Sequence[Trait]) -> list[tuple[Subject, dict[str, Any], str]]:
        """(subject, its body value here, the words that brought it) in the order of the sentence."""
        found: dict[str, tuple[int, Subject, dict[str, Any], str]] = {}

        def add(at: int, subject: Subject, value: dict[str, Any], because: str) -> None:
            known = found.get(subject.key)
            if known is None or at < known[0]:
                found[subject.key] = (at, subject, value if known is None else known[2], because)

        low = text.lower()
        for trait in traits:
            if trait.axis != "body" or trait.negated or not isinstance(trait.value, dict) or trait.confidence < 0.45:
                continue
            subject = self._known(trait)
            at = low.find(trait.because.lower())
            add(at if at >= 0 else max(0, low.find(subject.word)), subject, {**trait.value, **_lasting(subject)},
                trait.because)
            subject.colours = [t for t in traits if t.axis == "colour" and isinstance(t.value, dict)
                               and str(t.value.get("of", "")) in (subject.word, subject.value["kind"])
                               ] or subject.colours
        self._name(text, [entry[1] for entry in found.values()])
        for subject in self.subjects:
            if subject.named and (hit := re.search(rf"\b{re.escape(subject.named)}\b", text)):
                add(hit.start(), subject, dict(subject.value), subject.named)
        for hit in _PRONOUN.finditer(text):
            if hit["it"] and _EMPTY_IT.match(text, hit.start()):
                continue
            earlier = [entry[1] for entry in sorted(found.values(), key=lambda entry: entry[0])
                       if entry[0] < hit.start()]
            # "A fox watches it": what somebody does something to is another one.
            doer = earlier[0] if earlier and hit.group().lower() == "it" and not _NEW_CLAUSE.search(
                text[:hit.start()]) else None
            for subject in self._meant(hit, earlier, doer):
                add(hit.start(), subject, dict(subject.value), hit.group())
        order = sorted(found.values(), key=lambda entry: entry[0])
        for _, subject, _, _ in order:
            subject.last = beat
        if order:
            self._before = [entry[1] for entry in order]
        if len(order) > 1:
            self._together = self._before
        return [(subject, {**value, "id": subject.key}, because) for _, subject, value, because in order]

    def before(self) -> list[Subject]:
        """Who was there when somebody last was."""
        return list(self._before)

    def _known(self, trait: Trait) -> Subject:
        """The subject that a body trait means: one that was named before, or a new one."""
        kind, word = str(trait.value["kind"]), str(trait.value.get("word") or trait.value["kind"])
        same = [s for s in self.subjects if s.value["kind"] == kind]
        again = next((s for s in same if _stem(s.word) == _stem(word)), None)
        definite = re.match(r"(?:the|this|that|these|those|his|her|their|its)\b", trait.because, re.I) is not None
        another = re.match(r"(?:another|a second|a new|a different)\b", trait.because, re.I) is not None
        if again is None and same and definite and (_GENERIC.search(word) or word == kind):
            again = max(same, key=lambda s: s.last)
        if again is not None and not another:
            for name in ("size", "colour", "glow"):
                if name in trait.value:
                    # "The fox grows huge": told to change, and so from now on.
                    again.value[name] = trait.value[name]
            if again.value.get("count", 1) != trait.value.get("count", 1) and not definite and "count" in trait.value:
                again.value["count"] = trait.value["count"]
            return again
        key = kind if not same else f"{kind}_{len(same) + 1}"
        subject = Subject(key, {name: value for name, value in trait.value.items() if name in _LASTING})
        self.subjects.append(subject)
        return subject

    def _name(self, text: str, here: list[Subject]) -> None:
        """Names: given to who is in the sentence, else to somebody new."""
        known = {s.named for s in self.subjects}
        people = [s for s in here if s.named is None and not s.many]
        hit = _NAMED.search(text)
        if hit is not None and people:
            people[0].named = hit["name"] or hit["first"]
            return
        name = next((hit["name"] for hit in _CAPITAL.finditer(text) if hit["name"] not in _NO_NAME), None)
        if name is not None and name not in known and not here and re.search(rf"\b{name}\b\s+[a-z]+s\b", text):
            self.subjects.append(Subject("walker" if not any(s.person for s in self.subjects)
                                         else f"walker_{sum(s.person for s in self.subjects) + 1}",
                                         {"kind": "walker", "word": name, "count": 1}, named=name))

    def _meant(self, hit: re.Match[str], earlier: list[Subject], doer: Subject | None = None) -> list[Subject]:
        pool = [s for s in (*sorted(self.subjects, key=lambda s: s.last), *earlier) if s is not doer]
        if hit["they"]:
            many = [s for s in reversed(pool) if s.many]
            group = earlier if len(earlier) > 1 else self._before
            if len(group) > 1:
                return group
            return many[:1] or self._together or group
        if hit["it"]:
            return [s for s in reversed(pool) if not s.person and not s.many][:1]
        mine, other = (_FEMALE, _MALE) if hit["she"] else (_MALE, _FEMALE)
        people = [s for s in reversed(pool) if s.person and not s.many]
        sure = [s for s in people if mine.search(s.word)]
        open_ = [s for s in people if not other.search(s.word)]
        return sure[:1] or open_[:1]


def _lasting(subject: Subject) -> dict[str, Any]:
    return {name: subject.value[name] for name in _LASTING if name in subject.value}


def _stem(word: str) -> str:
    return re.sub(r"(?:es|s)$", "", word.lower().split()[-1]) if word.split() else ""
