"""Which words belong to which step of a "first … then … finally", "from … to", or "at the drop …" request."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace

from agent.interpret_moments import BEFORE_COMES, EARLIER, NTH, NTH_NAMES, NTH_WORDS, STOPS
from agent.interpret_numbers import Found
from agent.interpret_text import Token
from agent.lexicon.tables import pairs, phrases, word_set

_FIRST = phrases(
    "first of all, at first, first, firstly, to begin with, in the beginning, at the beginning, at the start, starts "
    "as, starts with, starts in, starts on, starts at, start as, start with, start in, starting with, starting in, "
    "starting as, starting on, starting from, begins as, begins with, begins in, begins at, begin with, begin in, "
    "beginning with, beginning in, beginning as, opens with, opens on, opens in, opening with, opening on, opening "
    "in, open on, we start in, we start with, we begin in, zuerst, anfangs, am anfang, d abord, au debut, primero, al"
    " principio, starts out as, starts off as, begins, starts"
)
_NEXT = phrases(
    "and then, then, from then on, from there on, from now on, now, ab dann, ab da, a partir de la, after that, "
    "and after it, after it, after which, afterwards, afterward, next, later, later on, a moment later, followed "
    "by, second, secondly, third, thirdly, fourth, cut to, cuts to, cutting to, smash cut to, turns into, turning "
    "into, turn into, turns to, becomes, become, becoming, morphs into, morphing into, morph into, transforms "
    "into, transforming into, transform into, changes to, changes into, changing to, changing into, gives way to, "
    "giving way to, fades into, fading into, fades to, fade to, dissolves into, dissolving into, melts into, "
    "melting into, shifts to, shifting to, transitions to, transitions into, transitioning to, transitioning into, "
    "transition to, transition into, leads to, leading to, until, before diving, only to become, switches to, "
    "switch to, evolves into, evolving into, and suddenly, suddenly, dann, danach, spater, wird zu, verwandelt "
    "sich in, ensuite, puis, apres, devient, luego, despues, entonces, se convierte en, se transforme en, poi, "
    "diventa, eventually, until finally, which turns into, that turns into, and ends up in, arriving at, arriving "
    "in, and arrives in, arrives at, arrives in, into the next scene, gradually becoming, slowly becoming, "
    "gradually turns into, slowly turns into, breaks into, before it turns into, as it becomes"
)
_LAST = phrases(
    "finally, and finally, at the end, in the end, at the very end, ends with, ends as, ends in, ends on, end with, "
    "end on, end in, end as, ending with, ending in, ending on, ending as, ends at, lastly, last, concludes with, "
    "closing with, closes on, closes with, finishes with, finishing with, finishing in, finish with, finish on, for "
    "the finale, zum schluss, am ende, schliesslich, a la fin, enfin, finalmente, al final, and end, ends up as, it "
    "ends with, we end on, we end in"
)
_AT = r"(?:at|in|on|during|for|by|when|as|with|bei|beim|im|au|en)\s+(?:the\s+|der\s+|le\s+|el\s+|first\s+)*"
_MOMENTS = {
    "drop": (
        rf"{_AT}(?:beat |bass |big )?drop(?:s in|s|ping)?|when (?:the )?(?:beat|bass|music|it) (?:drops|"
        rf"kicks in|hits|comes in|explodes)|once (?:the )?(?:beat|bass) drops|(?:the )?(?:beat|bass) drops"
    ),
    "chorus": rf"{_AT}(?:chorus|choruses|refrain|hook)",
    "verse": rf"{_AT}(?:verse|verses|strophe)",
    "bridge": r"(?:in|during|for|at) the bridge(?= of the (?:song|music|track)|\s*$|\s*[,.:;])",
    "build": rf"{_AT}(?:build ?-?up|build|riser)",
    "break": rf"{_AT}(?:breakdown|break|breaks down)",
    "intro": rf"{_AT}intro(?:duction)?",
    "outro": rf"{_AT}outro",
    "finale": (
        rf"{_AT}(?:finale|climax|peak|crescendo|high point)|when (?:the )?music (?:peaks|swells|reaches "
        rf"its peak|climaxes)"
    ),
    "solo": rf"{_AT}(?:guitar |piano )?solo",
    "middle": (
        r"halfway(?: through)?|half way through|in the middle(?! of)|midway(?: through)?|in der mitte|au "
        r"milieu|a la mitad|in the middle of the (?:film|video|song|track|clip|piece)"
    ),
    "second half": (
        r"(?:in |during |for )?the (?:second|2nd|other|last) half(?: of the (?:film|video|song|track|"
        r"clip|piece))?|second half"
    ),
    "first half": r"(?:in |during |for )?the (?:first|1st) half(?: of the (?:film|video|song|track|clip|piece))?",
    "last third": r"(?:in |during )?the (?:last|final) (?:third|quarter)",
    "end": (
        r"(?:at|towards|near|toward|by) the (?:very )?end(?: of the (?:film|video|song|track|clip|piece))?|at "
        r"the ending|in the final (?:seconds|moments|shot|scene)|in the last (?:seconds|moments|shot|scene)|"
        r"final shot|last shot"
    ),
    "start": (
        r"(?:at|from) the (?:very )?(?:start|beginning|opening)(?: of the (?:film|video|song|track|clip|"
        r"piece))?|in the (?:opening|first) (?:seconds|moments|shot|scene)|opening shot|in the beginning"
    ),
}
_FROM_TO = re.compile(
    r"\b(?:from|von|de|del|vom)\s+(?P<a>(?:(?!\b(?:from|to)\b)[^.;!?]){2,60}?)\s+(?:(?:up|down|back|over|out|all "
    r"the way|straight|right|on) )?(?:to|into|zu|zum|zur|bis|nach|a|al|until)\s+(?=\w)"
)
_NOT_FROM = re.compile(
    r"^(?:above|below|behind|afar|far away|the side|the back|a distance|the top|under|inside|within|left|right|"
    r"high|start|beginning|top)\b"
)
_DAY_TO_NIGHT = re.compile(
    r"\b(?P<a>day|night|dawn|dusk|morning|sunrise|sunset|noon|summer|winter|autumn|spring|evening|calm|dark|"
    r"light|black and white|colour)\s+(?:to|into|turns to|turning to|becomes|becoming|fades to|fading "
    r"into)\s+(?=(?:a )?(?:day|night|dawn|dusk|morning|sunrise|sunset|noon|summer|winter|autumn|spring|evening|"
    r"storm|stormy|chaos|light|dark|colour|full colour|moonlight|starry)\b)"
)
_AS_TURNS = re.compile(r"\bas\s+(?=(?:\w+\s+){1,2}(?:turns? (?:in)?to|becomes|fades (?:in)?to|gives way to)\b)")
# Words that may stand between "then" and "becomes" without naming anything new.
_REST = re.compile(
    r"\b(?!(?:it|they|we|he|she|all|everything|this|that|slowly|suddenly|gradually|quickly|finally)\b)\w+"
)
# "Intro: …", "Drop - …", "Scene 1: …", "2) …" at the head of a clause.
_LABELS = pairs(
    "intro=intro, opening=start, verse=verse, build=build, buildup=build, drop=drop, chorus=chorus, refrain=chorus, "
    "bridge=bridge, break=break, breakdown=break, outro=outro, ending=end, end=end, start=start, beginning=start, "
    "middle=middle, finale=finale"
)
_LABEL = re.compile(
    r"(?:^|[.,;!?\n(]\s*)(?P<at>intro|opening|verse|build(?:[ ]?up)?|drop|chorus|refrain|bridge|"
    r"break(?:down)?|outro|ending|end|start|beginning|middle|finale)(?:\s*:|\s+[-–—]\s|(?=\s*=))"
)
_NUMBERED = re.compile(
    r"(?:^|[.,;!?\n]\s*|\s)(?P<at>(?:scene|shot|part|act|step|szene|plan|clip) "
    r"(?:\d{1,2}|one|two|three|four|five|six)\s*[:.)])|(?<!\S)(?P<item>\d{1,2}[.)]\s)(?=[a-z])"
)
_RANK = {
    "intro": -2.0,
    "start": -1.5,
    "first half": -1.0,
    "verse": 0.0,
    "outro": 1e5,
    "end": 1e6,
    "finale": 9e4,
    "last third": 8e4,
}
_BACK_FROM = word_set("and but with while plus add it there as when where")


@dataclass(frozen=True)
class Step:
    """at: the word that began the step; t_s: seconds from the start where they were given;
    nth: which of the moments of that name (-1: the last), 0 where it was not said; after: it begins as that one ends;
    until_s: when it is over, where that was said."""

    part: int
    at: str
    words: str
    t_s: float | None = None
    explicit: bool = True
    nth: int = 0
    after: bool = False
    until_s: float | None = None


@dataclass(frozen=True)
class _Mark:
    start: int
    end: int
    at: str
    rank: float | None
    t_s: float | None = None
    # Whether a "becomes" or "then" follows at once: what stands before is the step before.
    leads: bool = False
    nth: int = 0
    after: bool = False
    until_s: float | None = None


def steps_of(text: str, tokens: list[Token], moments: list[Found]) -> tuple[list[Step], list[int | None], set[int]]:
    """(the steps in the order of the film, the step of each token or None where nothing is in sequence, the tokens
    that only mark steps). Step 0 holds what comes before the first mark."""
    marks = _marks(text, moments)
    if not marks or not tokens:
        return [], [None] * len(tokens), set()
    owner: list[int] = [-1] * len(tokens)  # index into marks
    marking: set[int] = set()
    for n, mark in enumerate(marks):
        inside = [k for k, t in enumerate(tokens) if mark.start <= t.start < mark.end]
        marking.update(inside)
        first = next((k for k, t in enumerate(tokens) if t.start >= mark.end), len(tokens))
        stop = next(
            (k for k, t in enumerate(tokens) if n + 1 < len(marks) and t.start >= marks[n + 1].start), len(tokens)
        )
        closes = first >= len(tokens) or (
            tokens[first].gap == "."
            or (first == stop)
            or (
                tokens[first].gap == ","
                and (not inside or (inside[0] > 0 and tokens[inside[0]].gap == "" and mark.at in _MOMENTS))
            )
            or (tokens[first].word in ("and", "then") and mark.at in _MOMENTS)
        )
        begin = inside[0] if inside else first
        inner = mark.t_s is not None and not mark.leads and mark.at not in ("then", "finally")
        begins = begin > 0 and not re.search(r"[.,;:!?\n()]", text[tokens[begin - 1].end : mark.start])
        # "… and after ten seconds …" begins a clause of its own.
        begins = begins and tokens[begin - 1].word not in _BACK_FROM
        if (closes or inner) and (mark.at in _MOMENTS or mark.t_s is not None) and begin > 0 and begins:
            for k in range(_back(tokens, begin, owner, n), begin):
                owner[k] = n
            if not closes:
                for k in range(first, stop):
                    owner[k] = n
        elif mark.at in _MOMENTS:
            for k in range(first, stop):
                # A moment speaks for its own sentence; a "then" speaks until the next mark.
                if k > first and tokens[k].gap == ".":
                    break
                owner[k] = n
        else:
            for k in range(first, stop):
                owner[k] = n
        for k in inside:
            owner[k] = n
    return _ordered(marks, owner, tokens, marking)


def _ordered(
    marks: list[_Mark], owner: list[int], tokens: list[Token], marking: set[int]
) -> tuple[list[Step], list[int | None], set[int]]:
    head = any(o < 0 and k not in marking for k, o in enumerate(owner))
    ranks: dict[int, float] = {n: (m.rank if m.rank is not None else 10.0 + n) for n, m in enumerate(marks)}
    for n, mark in enumerate(marks):
        if mark.t_s is not None:
            ranks[n] = 10.0 + mark.t_s * 1e-3 + n
    firsts = [n for n, m in enumerate(marks) if m.at == "first"]
    groups: list[list[int]] = []
    for n in sorted(ranks, key=lambda n: ranks[n]):
        same = next(
            (
                g
                for g in groups
                if _same(marks[g[0]], marks[n])
                and (marks[n].t_s is not None or marks[n].at in (*_MOMENTS, "first", "finally"))
            ),
            None,
        )
        if same is not None:
            same.append(n)
        else:
            groups.append([n])
    opens = marks[groups[0][0]].at in ("intro", "start", "first half")
    # Two named moments and nothing before them: the first of them opens the film.
    opens = opens or (not head and len(groups) > 1 and marks[groups[0][0]].at in _MOMENTS)
    explicit_start = bool(firsts) or opens
    offset = 0 if explicit_start else 1
    part = {n: g + offset for g, group in enumerate(groups) for n in group}
    steps: list[Step] = [] if explicit_start else [Step(0, "start", "", explicit=head)]
    steps += [
        Step(g + offset, mark.at, tokens_text(mark), mark.t_s, nth=mark.nth, after=mark.after, until_s=mark.until_s)
        for g, mark in enumerate(marks[group[0]] for group in groups)
    ]
    # Words before every mark are the whole film's where the first step has a mark of its own.
    before: int | None = None if explicit_start else 0
    return steps, [before if o < 0 else part[o] for o in owner], marking


def _same(one: _Mark, other: _Mark) -> bool:
    return (one.at, one.nth, one.after, one.t_s) == (other.at, other.nth, other.after, other.t_s)


def tokens_text(mark: _Mark) -> str:
    return mark.at if mark.t_s is None else f"{mark.t_s:g} s"


def _back(tokens: list[Token], begin: int, owner: list[int], n: int) -> int:
    """Where a moment that closes its clause ("snow at the end") begins to count."""
    k = begin - 1
    mine = (n - 1,) if owner[k] == n - 1 else (-1,)
    while (
        k > 0
        and not tokens[k].gap
        and tokens[k - 1].word not in _BACK_FROM
        and owner[k - 1] in mine
        and begin - k < 14
    ):
        k -= 1
    return max(0, k)


def _marks(text: str, moments: list[Found]) -> list[_Mark]:
    marks: list[_Mark] = []
    for m in (m for m in moments if m.axis == "moment"):
        start_s, until_s = m.value if isinstance(m.value, tuple) else (m.value, None)
        marks.append(_Mark(m.start, m.end, m.words, None, float(start_s), until_s=until_s))
    marks += [_Mark(m.start, m.end, "end", _RANK["end"]) for m in moments if m.axis == "closing"]
    plain = re.sub(r"(?<=\w)[-'’](?=\w)", " ", text)

    def free(start: int, end: int) -> bool:
        return all(end <= m.start or start >= m.end for m in marks)

    for hit in NTH.finditer(plain):
        if free(hit.start(), hit.end()):
            nth = next(n for n, names in NTH_WORDS.items() if hit["nth"] in names)
            marks.append(_Mark(hit.start(), hit.end(), NTH_NAMES.get(hit["what"], hit["what"]), None, nth=nth,
                               after=hit["after"] is not None))
    marks += _turned_round(plain, free)
    for at, pattern in _MOMENTS.items():
        for hit in re.finditer(rf"\b(?:{pattern})\b", plain):
            if free(hit.start(), hit.end()):
                marks.append(_Mark(hit.start(), hit.end(), at, _RANK.get(at)))
    for hit in _LABEL.finditer(plain):
        at = _LABELS[re.sub(r"\W", "", hit["at"])]
        if free(hit.start(), hit.end()):
            marks.append(_Mark(hit.start("at"), hit.end(), at, _RANK.get(at)))
    numbered = [hit for hit in _NUMBERED.finditer(plain) if free(hit.start(), hit.end())]
    # "1. … 2. …" counts from one; a lone number with a full stop ends a sentence.
    counted = len(numbered) > 1 and re.search(r"\b(1|one)\b", numbered[0].group())
    for n, hit in enumerate(numbered if counted else []):
        start = hit.start("at") if hit["at"] else hit.start("item")
        marks.append(_Mark(start, hit.end(), "then" if n else "first", None if n else 1.0))
    for hit in _FROM_TO.finditer(plain):
        inner = hit["a"].strip()
        if _NOT_FROM.match(inner) or not free(hit.start(), hit.end()) or re.search(r"\d$", inner):
            continue
        marks += [_Mark(hit.start(), hit.start("a"), "first", 1.0), _Mark(hit.end("a"), hit.end(), "then", None)]
    for hit in _DAY_TO_NIGHT.finditer(plain):
        if free(hit.end("a"), hit.end()):
            marks += [_Mark(hit.start(), hit.start(), "first", 1.0), _Mark(hit.end("a"), hit.end(), "then", None)]
    for at, said, rank in (("finally", _LAST, 1e6), ("first", _FIRST, 1.0), ("then", _NEXT, None)):
        for phrase in sorted(said, key=len, reverse=True):
            for hit in re.finditer(rf"\b{phrase}\b", plain):
                if free(hit.start(), hit.end()) and _really(plain, hit.start(), hit.end(), phrase):
                    marks.append(_Mark(hit.start(), hit.end(), at, rank))
    found = _one_each(sorted(marks, key=lambda m: m.start), plain)
    for until in (m for m in moments if m.axis == "until"):
        k = next((k for k, m in enumerate(found) if m.start >= until.end), None)
        if k is not None and found[k].t_s is None and found[k].at in ("then", "finally"):
            found[k] = replace(found[k], t_s=float(until.value), leads=True)
    return found


def _turned_round(text: str, free: Callable[[int, int], bool]) -> list[_Mark]:
    """What is told after and comes before: "before the storm comes, a lake"; "a storm, and before that a beach";
    "the rain stops": what is told of rain is what was."""
    out: list[_Mark] = []
    for hit in BEFORE_COMES.finditer(text):
        if free(hit.start(), hit.end()):
            out.append(_Mark(hit.start(), hit.start("what"), "then", None))
            if hit["then"]:
                out.append(_Mark(hit.end(), hit.end(), "first", 1.0))
    for hit in EARLIER.finditer(text):
        if free(hit.start(), hit.end()) and all(hit.end() <= m.start or hit.start() >= m.end for m in out):
            if re.search(r"\w", text[: hit.start()]):
                out.append(_Mark(0, 0, "then", None))
            out.append(_Mark(hit.start(), hit.end(), "first", 1.0))
    for hit in STOPS.finditer(text):
        # Where a time is given with it, the time begins the step.
        near = text[hit.end() : hit.end() + 30]
        if free(hit.start("verb"), hit.end()) and near.strip() and not re.match(r"\s{3,}|\s*(?:at|in|by)\b", near):
            out.append(_Mark(hit.start("verb"), hit.end(), "then", None))
    return out


def _one_each(marks: list[_Mark], text: str) -> list[_Mark]:
    """Without a "then" that only says what a moment already began: "at the drop everything turns into neon"."""
    out: list[_Mark] = []
    for mark in marks:
        last = out[-1] if out else None
        between = text[last.end : mark.start] if last else ""
        same = (
            last is not None
            and last.until_s is None
            and mark.at in ("then", "finally")
            and (last.at in _MOMENTS or last.t_s is not None or last.at == mark.at)
            and not re.search(r"[.;!?\n]", between)
            and (len(between.split()) <= 4 if last.at != mark.at else not _REST.search(between))
        )
        if same and last is not None:
            out[-1] = replace(last, end=mark.end, leads=True)
        elif (
            # "Which becomes a city halfway through": the moment tells when.
            last is not None
            and last.at == "then"
            and last.t_s is None
            and (mark.at in _MOMENTS or mark.t_s is not None)
            and not re.search(r"[.,;:!?\n]", between)
            and 0 < len(between.split()) <= 7
            and not re.match(r"\s*\w", text[mark.end :])
        ):
            out[-1] = replace(mark, start=last.start, end=last.end, leads=True)
            out.append(mark)
        else:
            out.append(mark)
    return out


def _really(text: str, start: int, end: int, phrase: str) -> bool:
    """Words that look like marks but are not: "first person", "the next morning", "last night", "second hand"."""
    rest, before = text[end : end + 24].strip(), text[max(0, start - 14) : start].strip()
    if phrase in ("first", "last", "second", "third", "fourth", "next", "later"):
        if re.match(
            (
                r"(?:person|light|snow|kiss|time|date|day|night|hand|half|world|summer|chance|to\b|class|floor|"
                r"movement|leaves|stars?|rays?|sun|train|drop|chorus|verse)"
            ),
            rest,
        ):
            return False
        if re.search(r"\b(?:the|a|my|its|one|at|very|every|her|his)$", before) and phrase != "later":
            return False
    if phrase in ("begins", "starts", "before diving") and re.match(r"to\b", rest):
        return False
    if phrase in ("starts", "begins"):
        return bool(re.match(r"(?:as|with|in|on|at|from|calm|dark|slow|quiet|bright|black)\b", rest))
    if phrase == "until" and re.match(r"(?:the end|now)", rest):
        return False
    return not (phrase == "become" and re.search(r"\b(?:could|would|to)$", before))
