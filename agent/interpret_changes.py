"""What happens to a step as a whole: nobody is in it, its weather grows or eases, it begins or ends in a fade."""

from __future__ import annotations

import re
from typing import Any

from agent.brief import Trait
from agent.interpret_reading import Reading
from agent.interpret_text import Token
from agent.lexicon.tables import word_set

_EMPTY = word_set("empty deserted lifeless uninhabited unpopulated nobody menschenleer niemand nadie")
_NO_ONE = {("no", "one"), ("without", "anyone"), ("without", "anybody"), ("no", "people"), ("without", "people"),
           ("not", "anyone"), ("no", "bodies"), ("no", "life")}
_MORE = word_set("heavier stronger thicker denser harder worse wilder fiercer louder intensifies increases more "
                 "starker dichter heftiger intenser bigger deeper")
_LESS = word_set("lighter weaker thinner softer calmer gentler weakens decreases eases thins less fainter "
                 "schwacher leichter")
# Amounts of weather, [0, 1]: 0.6 is the usual.
LOW, HIGH, EASED = 0.3, 0.95, 0.15
_FADE = re.compile(
    r"(?:\b(?:and|then|finally|at the (?:very )?end|in the end|it|the (?:film|video|clip)|we|slowly|ends?|closes?|"
    r"ending|closing|with|on|in|by|a|starts?|begins?|opens?|opening|starting|beginning) )*"
    r"\bfad(?:e|es|ing)(?:[ -](?P<in>in from (?:black|white)|in from (?:the )?dark(?:ness)?|in\b(?= ?[:,.;]|$))"
    r"|[ -]?outs?\b(?: (?:to|into) (?:black|white|darkness))?"
    r"|(?: away)? (?:to|into) (?:black|white|darkness)(?! and white))"
    r"(?: (?:at|in) the (?:very )?end)?")
_BEGINS: tuple[tuple[str, re.Pattern[str]], ...] = tuple((how, re.compile(pattern)) for how, pattern in (
    ("cut", r"(?:and |then )*(?:smash |hard |straight )?(?:cut|cuts|cutting) to\b"),
    ("dissolve", r"(?:and |then )*(?:dissolv(?:e|es|ing)|melt(?:s|ing)?|fad(?:e|es|ing)) (?:in)?to\b")))


def without_fades(text: str) -> tuple[str, list[tuple[int, int, bool, str]]]:
    """The text, as long as before, without "fade to black" and its like, and where they were: (start, end, whether it
    fades in, words). Black is then no colour of a scene."""
    found = [(hit.start(), hit.end(), hit["in"] is not None, hit.group().strip()) for hit in _FADE.finditer(text)]
    for start, end, _, _ in found:
        text = text[:start] + " " * (end - start) + text[end:]
    return text, found


def changes(r: Reading, traits: list[Trait]) -> list[Trait]:
    """Traits of the axes nobody, transition, degree (with the weather it is of) and ending."""
    return _nobody(r) + _growing(r, traits) + _cuts(r) + _fades(r)


def _nobody(r: Reading) -> list[Trait]:
    """Steps that are said to be empty and name nobody."""
    out: dict[int, Trait] = {}
    for k, token in enumerate(r.tokens):
        part = r.parts[k]
        pair = (token.word, r.tokens[k + 1].word if k + 1 < len(r.tokens) else "")
        if part is None or part in out or not (token.word in _EMPTY or pair in _NO_ONE):
            continue
        if any(not one.negated and r.parts[one.at] == part for one in r.cast):
            continue
        out[part] = Trait(axis="nobody", value=True, because=token.word if token.word in _EMPTY else " ".join(pair),
                          part=part)
    return list(out.values())


def _growing(r: Reading, traits: list[Trait]) -> list[Trait]:
    """ "The rain gets heavier after ten seconds": less of it before, more of it from there on."""
    out: list[Trait] = []
    falls = [m for m in r.matches if m.has("weather") and not m.negated]
    for k, token in enumerate(r.tokens):
        part = r.parts[k]
        if part is None or part < 1 or not (token.word in _MORE or token.word in _LESS):
            continue
        more = token.word in _MORE
        beside = [m for m in falls if 0 <= k - m.j <= 3 or m.i == k + 1]
        if not beside and not any(t.word in ("it", "gets", "grows", "getting") for t in r.tokens[max(0, k - 3):k]):
            continue
        # "It gets heavier" is said of the weather that was named last.
        named = beside or [m for m in falls if m.j <= k][-1:]
        for m in named[-1:]:
            sense = m.sense("weather")
            if sense is None or sense.value in ("clear", "clouds"):
                continue
            out += _grown(str(sense.value), _quote(r.tokens, min(m.i, k), max(m.j, k + 1)), part, more, traits)
    return out


def _quote(tokens: list[Token], first: int, last: int) -> str:
    return " ".join(token.word for token in tokens[first:last])[:80]


def _grown(weather: str, words: str, part: int, more: bool, traits: list[Trait]) -> list[Trait]:
    def there(axis: str, step: int) -> bool:
        return any(t.axis == axis and not t.negated and t.part in (step, None) and _of(t) == weather for t in traits)

    def degree(amount: float, step: int) -> Trait:
        value = {"axis": "weather", "of": weather, "amount": amount}
        return Trait(axis="degree", value=value, because=words, part=step, confidence=0.8)

    out = [degree(HIGH if more else EASED, part)]
    if not there("degree", part - 1):
        out.append(degree(LOW if more else 0.6, part - 1))
    out += [Trait(axis="weather", value=weather, because=words, part=step, confidence=0.9)
            for step in (part - 1, part) if not there("weather", step)]
    return out


def _of(t: Trait) -> Any:
    return t.value.get("of") if isinstance(t.value, dict) else t.value


def _cuts(r: Reading) -> list[Trait]:
    """How a step begins, where the words that begin it say so ("cut to", "dissolves into")."""
    out: list[Trait] = []
    for step in r.steps:
        first = next((k for k, part in enumerate(r.parts) if part == step.part), None)
        if first is None or step.part == 0:
            continue
        here = r.text[r.tokens[first].start:r.tokens[first].start + 40]
        hit = next(((how, found) for how, pattern in _BEGINS if (found := pattern.match(here))), None)
        if hit is not None:
            out.append(Trait(axis="transition", value=hit[0], because=hit[1].group(), part=step.part))
    return out


def _fades(r: Reading) -> list[Trait]:
    """Fades at the start, between steps and at the end of the film."""
    out: list[Trait] = []
    for start, end, fades_in, words in r.fades:
        after = next((k for k, t in enumerate(r.tokens) if t.start >= end), None)
        before = any(t.end <= start for t in r.tokens)
        part = r.parts[after] if after is not None else None
        if fades_in or not before:
            out.append(Trait(axis="transition", value="fade", because=words, part=0))
        elif after is None or part is None or re.search(r"\b(?:end|finally|ends|closing|ending|closes)\b", words):
            out.append(Trait(axis="ending", value="fade", because=words))
        else:
            out.append(Trait(axis="transition", value="fade", because=words, part=part))
    return out
