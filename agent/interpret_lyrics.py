"""Timed words (lyrics, subtitles) as steps of a film: lines that name something to see are seen when they are sung.

A line that comes back looks the same each time. Lines that only speak in pictures ("you are my sunshine", "drowning in
your love", "like a bird") show nothing; with all the others they only lean the mood.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from functools import lru_cache

from agent.brief import Brief, Trait
from agent.interpret import interpret
from agent.interpret_open import DictionaryOnly
from agent.lexicon import fold
from modalities.cues import WordCues
from modalities.faults import Unusable

MOST_STEPS = 24
LEAST_STEP_S = 4.0
# What a line must be sure of to be shown, by axis.
_SEEN = {"setting": 0.6, "body": 0.7, "weather": 0.6, "light": 0.6, "time_h": 0.8, "palette": 0.7, "colour": 0.9}
_MOST = {"setting": 2, "body": 3, "weather": 2, "light": 1, "time_h": 1, "palette": 1, "colour": 2}
# Each is filled from the rest of the song where a step does not say it, so that a look does not depend on what was
# sung before it.
_FILLED = ("setting", "body", "light")
_LEAN = 0.4
# A light that is sung of for less of the time than this is not that of the rest.
_RARE = 0.4
# Notes on what a step was given because its lines do not say it.
_MOSTLY, _NO_HOUR, _NO_WEATHER = "as in most of what is sung", "no hour is sung of here", "no weather is sung of here"
_FILLERS = re.compile(r"\([^)]*\)|\[[^\]]*\]|♪|♫|\b(?:oh+|o+h|ah+|yeah|hey|la|na|ooh+|uh|mm+|whoa|woah|baby|ha)\b")
_INNER = (r"heart|head|mind|soul|eyes?|veins|dreams?|arms|bones|skin|chest|memor(?:y|ies)|thoughts|love|life|blood|"
          r"lips|touch|hands|kiss|smile|name|ears|brain|herz|kopf|seele|augen|coeur|tete|yeux|corazon|alma|ojos")
_ABSTRACT = (r"love|tears|dreams|hope|pain|sorrow|life|time|lies|fear|desire|emotions?|memor(?:y|ies)|sadness|joy|"
             r"freedom|loneliness|you|me|us|change|destiny|fate|doubt|regret|passion|liebe|tranen|amour|larmes|"
             r"amor|lagrimas")
_SIGNS = (r"sunshine|sun|moon|stars?|thunder|storm|rain|rainbow|fire|flame|ocean|sea|river|angel|bird|butterfly|fox|"
          r"dragon|sky|rocket|island|mountain|night|day|light|shadow|lighthouse|anchor|desert|summer|winter|home|world")
# Where a figure of speech begins; everything that a line names after it is not there to be seen.
_FIGURES = tuple(re.compile(pattern) for pattern in (
    r"\b(?:like|wie|comme|como) (?:an? |the |ein |eine |un |une |una |some )?(?=\w)|\bas (?:if|though)\b|\bas \w+ "
    r"as\b|\b\w+ as an? (?=\w)|\b\w+er than (?:the|an?)\b",
    r"\b(?:i|you|he|she|we|they|love|life|heart|soul|mind|hope|eyes|smile|voice|kiss|du|ich|tu|toi|eres|soy)(?: a|')? ?"
    r"(?:m|re|s|am|are|is|was|were|bist|bin|es|be|will be|could be|feels?|became?|becomes)(?: just| only| all| still| "
    r"always| never| not)? (?:an?|the|my|your|mein|meine|mon|ma|mi|el|la|un|una)\b",
    rf"\b(?:my|your|our|his|her|mein|meine|dein|deine|mon|ma|ton|ta|mi|tu) (?:\w+ ){{0,2}}(?:{_SIGNS})\b",
    r"\bif i (?:was|were|had|could)\b|\bi wish\b|\bi dream(?:ed)? (?:of|that)\b|\bimagine\b|\bwould you\b|\bpretend\b",
    rf"\b\w+(?: full)? (?:of|von|de|der) (?:the |your |my |our |all )?(?:{_ABSTRACT})\b",
    r"\b(?:walking on (?:sunshine|water|air)|rain(?:ing)? on my parade|move mountains|over the moon|rain or shine|"
    r"light of my life|world on fire|cloud nine|no mountain|every mountain|climb every|set fire to|calm before the "
    r"storm|play with fire|playing with fire|fish in the sea|tip of the iceberg|out of the blue|burning (?:for|"
    r"inside|up)|drown(?:ing|ed)? in (?:your|my|you)|break the ice|chasing (?:the )?(?:stars|sun)|reach(?:ing)? "
    r"for the (?:stars|sky|moon))\b",
))
_INWARD = re.compile(rf"\b(?:in|of|inside|through|on|into|from|behind|within|in den?|dans|en) (?:my|your|our|his|her|"
                     rf"mein\w*|dein\w*|mon|ton|tes|mes|mi|tu|tus|mis)(?: \w+)? (?:{_INNER})\b")
# "Every day", "all night": hours that are no light.
_HOURS = re.compile(r"\b(?:every|each|all|one|some|any|another|the other|day after|night after|by|these|those|of) "
                    r"?(?:lonely |single |sleepless |little )?(?:day|night|morning|evening)s?\b|\b(?:day|night) "
                    r"(?:and|after|by) (?:day|night)\b|\ball (?:day|night) long\b")
_BURNS = re.compile(r"\b(?:burn|fire|flame|drown|blaz|hell)\w*")


@dataclass(frozen=True)
class _Step:
    """look: the keys of the lines it shows, in order."""

    start_s: float
    end_s: float
    look: tuple[str, ...]
    words: str


def traits_of_lines(words: WordCues) -> tuple[Trait, ...]:
    """Sequence traits with `t_s` and what is seen in each, at most 24 steps of four seconds or more; mood traits for
    the whole film at low confidence. Empty where nothing is said that can be seen or felt."""
    lines = sorted((line for line in words.lines if line.text.strip()), key=lambda line: line.start_s)
    keys = [_key(line.text) for line in lines]
    seen = [k for k, key in enumerate(keys) if key and _seen(key)]
    steps: list[_Step] = []
    for n, k in enumerate(seen):
        after = lines[seen[n + 1]].start_s if n + 1 < len(seen) else max(lines[k].end_s, words.duration_s)
        steps.append(_Step(max(0.0, lines[k].start_s), max(after, lines[k].start_s), (keys[k],), lines[k].text.strip()))
    steps = _merged(steps)
    home = _home(steps)
    out: list[Trait] = []
    for part, step in enumerate(steps):
        out.append(Trait(axis="sequence", value={"part": part, "at": f"{step.start_s:g} "
                                                                     f"s", "t_s": round(step.start_s, 3)},
                         because=step.words[:200], part=part))
        out += [t.model_copy(update={"part": part}) for t in _look(step.look, home)]
    return (*out, *_moods([key for key in keys if key]))


def with_lines(brief: Brief, words: WordCues) -> Brief:
    """A Brief with the lines' steps, or only with their mood where the Brief has an order of its own. What the lines
    do not say themselves never replaces what the Brief says."""
    traits = traits_of_lines(words)
    own = any(t.axis == "sequence" for t in brief.traits)
    mood = any(t.axis == "mood" and t.confidence >= 0.5 for t in brief.traits)
    said = {("light" if t.axis == "time_h" else t.axis) for t in brief.traits if not t.negated and t.confidence >= 0.5}
    filled = (_MOSTLY, _NO_HOUR, _NO_WEATHER)
    traits = tuple(t for t in traits if t.axis not in said or not (t.note or "").startswith(filled))
    kept = [t for t in traits if not (own and t.part is not None) and not (mood and t.axis == "mood")]
    notes = ("The request has an order of its own; the words that are sung only lean the "
             "mood.",) if own and traits else ()
    return brief.model_copy(update={"traits": (*brief.traits, *kept), "notes": (*brief.notes, *notes)})


def _key(text: str) -> str:
    """A line without what is only sung along, so that it is known when it comes back."""
    plain = re.sub(r"[^\w\s']", " ", _FILLERS.sub(" ", fold(text[:400])))
    return " ".join(plain.split())


@lru_cache(maxsize=4096)
def _read(key: str) -> tuple[Trait, ...]:
    try:
        return interpret(key, embed=DictionaryOnly()).traits
    except Unusable:
        return ()


@lru_cache(maxsize=4096)
def _seen(key: str) -> tuple[Trait, ...]:
    """What a line names that is there to be seen."""
    if _INWARD.search(key):
        return ()
    figure = min((hit.start() for pattern in _FIGURES if (hit := pattern.search(key))), default=len(key))
    plain = _HOURS.sub(" ", key[:figure]).strip()
    if not plain:
        return ()
    persons = re.search(r"\b(?:i|you|we|she|he|me|us|ich|du|wir|je|tu|nous|yo)\b", plain)
    out: list[Trait] = []
    for t in _read(plain):
        if t.negated or t.axis not in _SEEN or t.confidence < _SEEN[t.axis]:
            continue
        if (t.note or "").startswith("suggested") or t.because == "the whole request":
            continue
        if persons and _BURNS.search(t.because):
            continue  # "I am burning", "we drown"
        out.append(t)
    if {t.axis for t in out} <= {"colour"}:
        return ()
    return tuple(out)


def _merged(steps: list[_Step]) -> list[_Step]:
    """Steps that are long enough and few enough. The same pair of looks is joined everywhere at once, so that a line
    that comes back is joined with the same neighbours."""
    out = _runs(steps)
    while len(out) > 1:
        short = [k for k in range(len(out) - 1) if out[k].end_s - out[k].start_s < LEAST_STEP_S]
        if out[-1].end_s - out[-1].start_s < LEAST_STEP_S:
            short.append(len(out) - 2)
        if not short and len(out) <= MOST_STEPS:
            break
        pairs = short or range(len(out) - 1)
        k = min(pairs, key=lambda k: (out[k + 1].end_s - out[k].start_s, k))
        out = _runs(_joined(out, out[k].look, out[k + 1].look))
    return out


def _runs(steps: list[_Step]) -> list[_Step]:
    """Neighbours with one look as one step."""
    out: list[_Step] = []
    for step in steps:
        if out and out[-1].look == step.look:
            out[-1] = _Step(out[-1].start_s, step.end_s, step.look, out[-1].words)
        else:
            out.append(step)
    return out


def _joined(steps: list[_Step], one: tuple[str, ...], other: tuple[str, ...]) -> list[_Step]:
    out: list[_Step] = []
    look = tuple(dict.fromkeys((*one, *other)))
    for step in steps:
        if out and out[-1].look == one and step.look == other:
            out[-1] = _Step(out[-1].start_s, step.end_s, look, out[-1].words)
        else:
            out.append(step)
    return out


def _own(look: tuple[str, ...]) -> dict[str, list[Trait]]:
    """What the lines of a look name, the first of each axis as far as there is room."""
    out: dict[str, list[Trait]] = {}
    for key in look:
        for t in _seen(key):
            mine = out.setdefault(t.axis, [])
            if len(mine) < _MOST[t.axis] and all(str(t.value) != str(other.value) for other in mine):
                mine.append(t)
    return out


def _home(steps: list[_Step]) -> dict[str, Trait]:
    """The place, body and light that the song sings of longest."""
    out: dict[str, Trait] = {}
    total = sum(step.end_s - step.start_s for step in steps)
    for axis in (*_FILLED, "weather"):
        length: Counter[str] = Counter()
        first: dict[str, Trait] = {}
        for step in steps:
            for t in _own(step.look).get(axis, [])[:1]:
                length[str(t.value)] += max(1, round(10 * (step.end_s - step.start_s)))
                first.setdefault(str(t.value), t)
        if length:
            main, sung = length.most_common(1)[0]
            out[axis] = first[main]
            if axis == "light" and sung < _RARE * 10 * total:
                out[axis] = first[main].model_copy(update={"value": "noon", "note": _NO_HOUR})
    return out


def _look(look: tuple[str, ...], home: dict[str, Trait]) -> list[Trait]:
    own = _own(look)
    out = [t for mine in own.values() for t in mine]
    for axis in _FILLED:
        if axis in own or axis not in home or (axis == "light" and "time_h" in own):
            continue
        t = home[axis]
        if t.note == _NO_HOUR:
            out.append(t.model_copy(update={"confidence": 0.5, "because": look[0]}))
            continue
        out.append(t.model_copy(update={"confidence": 0.5, "note": f"{_MOSTLY}: '{t.because}'"}))
    if "weather" in home and "weather" not in own:
        out.append(Trait(axis="weather", value="clear", because=look[0], confidence=0.5,
                         note=_NO_WEATHER))
    return out


def _moods(keys: list[str]) -> list[Trait]:
    """The two moods most lines have, as a leaning."""
    count: Counter[str] = Counter()
    because: dict[str, str] = {}
    for key in keys:
        for name, words in dict.fromkeys((str(t.value), t.because) for t in _read(key)
                                         if t.axis == "mood" and not t.negated and t.confidence >= 0.5):
            count[name] += 1
            because.setdefault(name, words)
    return [Trait(axis="mood", value=name, because=because[name], note="from the words that are sung",
                  confidence=round(min(_LEAN, 0.2 + 0.4 * n / max(1, len(keys))), 2))
            for name, n in sorted(count.items(), key=lambda item: (-item[1], item[0]))[:2]]
