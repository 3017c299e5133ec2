"""Where in a film a wish is about: shots by number or by what is in them, sections, seconds, halves, "before that"."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from agent.direction import Direction
from agent.director_wishes import SECTION_WORDS
from agent.director_words import clock
from agent.lexicon.words import NUMBERS
from agent.talk_holding import names_in, shows
from agent.talk_takes import ORDINALS
from agent.unroll_spans import bars_to_s, spans_s

Window = tuple[float, float]
_NTH = "|".join(ORDINALS)
_COUNT = "|".join([*(w for w, n in NUMBERS.items() if 1 <= n <= 12 and w.isalpha()), r"\d{1,3}"])


def _time(name: str) -> str:
    """The pattern of a moment: "0:12", "12 s", "second 12", "ten seconds"; its groups begin with `name`."""
    return (rf"(?:(?:the )?(?:second|sec) )?(?:(?P<{name}m>\d{{1,3}}):(?P<{name}s>\d\d)|"
            rf"(?P<{name}n>\d+(?:\.\d+)?|{_COUNT}))(?: ?(?P<{name}u>seconds?|secs?|s|minutes?|mins?|m))?(?![\w%])")


_IN = r"(?:in|during|for|at|of|on|within|throughout|over|inside|to|through|into|by)"
_A, _B = _time("a"), _time("b")
_SPAN = re.compile(rf"\b(?:from|between) {_A} ?(?:to|and|until|till|-|–) ?{_B}")
_UNTIL_S = re.compile(rf"\b(?:until|till|up to|before) {_A}")
_FROM_S = re.compile(rf"\b(?:from|after|starting (?:at|from)) {_A}(?: (?:on(?:wards?)?|onwards?|in))?|"
                     rf"\b(?:at|from) (?:the )?{_time('c')}(?: mark)?(?: on(?:wards?)?)?|"
                     rf"\b{_time('d')} (?:in|into (?:the film|it))\b")
_ENDS_S = re.compile(rf"\b(?:{_IN} )?the (?P<which>first|last|final|opening|closing) (?:(?P<n>{_COUNT}|few) )?"
                     r"(?P<u>seconds?|secs?|s|minutes?|mins?)\b")
# Shares of a film, a section or a shot: (words, from, to).
_SHARES = ((r"half ?way (?:through|into|in)|from the middle(?: on)?|mid-?way(?: through)?", 0.5, 1.0),
           (r"{IN}the (?:first|opening) half", 0.0, 0.5), (r"{IN}the (?:second|last|latter|other) half", 0.5, 1.0),
           (r"{IN}the first third", 0.0, 1 / 3), (r"{IN}the (?:last|final) third", 2 / 3, 1.0),
           (r"{IN}the (?:second|middle) third|in the middle", 1 / 3, 2 / 3),
           (r"(?:in |for |to )?the middle (?:part|section|bit|stretch)", 1 / 3, 2 / 3),
           (r"(?:in |for |to )?the (?:first|opening) (?:part|section|bit|stretch)", 0.0, 1 / 3),
           (r"(?:in |for |to )?the (?:last|final|closing) (?:part|section|bit|stretch)", 2 / 3, 1.0),
           (r"{IN}the first quarter", 0.0, 0.25), (r"{IN}the (?:last|final) quarter", 0.75, 1.0),
           (r"towards? the (?:very )?(?:end|close|finish)", 0.6, 1.0),
           (r"(?:near|at|in|by|only at|until) the (?:very )?(?:end|finish)", 0.8, 1.0),
           (r"(?:near|at|in|from) the (?:very )?(?:start|beginning|opening)|(?:for |to )?the (?:beginning|opening|"
            r"start)(?= (?:should|must|is|could|needs|"
            r"calmer|darker|brighter|slower|faster|wilder|a bit|much|more|less|in)\b)", 0.0, 0.2),
           (r"(?:at |in |for |to )?the (?:ending|finale)|the end(?= (?:should|must|is|could|needs|calmer|darker|"
            r"brighter|slower|"
            r"faster|wilder|a bit|much|more|less|in)\b)", 0.8, 1.0))
_OF = r"(?: (?:of|through|in|into) (?:the |this )?(?:film|movie|piece|video|clip|whole thing|whole|it)\b)?"
_NAMES = sorted({word for word in SECTION_WORDS if word not in ("start", "beginning", "end", "ending", "middle",
                                                                "halfway", "opening", "second half", "first half",
                                                                "last third")}, key=len, reverse=True)
_SECTION = re.compile(rf"\b(?:(?P<how>before|after|until|till|up to|from|{_IN}) )?(?P<all>every |each |"
                      rf"all (?:the )?)?(?:the )?"
                      rf"(?:(?P<nth>{_NTH}) )?(?P<name>{'|'.join(_NAMES)})(?P<many>e?s)?(?: (?:on(?:wards?)?|section|"
                      rf"part))?\b")
_PAIR = re.compile(rf"\bbetween the (?P<a>{_NTH}) and (?:the )?(?P<b>{_NTH}) (?P<name>{'|'.join(_NAMES)})\b")
_TWINS = {"chorus": ("drop", "peak"), "drop": ("chorus", "peak"), "break": ("bridge",), "bridge": ("break",),
          "peak": ("drop", "chorus"), "build": ("verse",), "verse": ("build",)}
_SHOT = r"(?:shots?|scenes?|clips?)"
_NUMBERS = re.compile(rf"\b(?:{_IN} )?(?:the )?{_SHOT} (?P<list>\d{{1,3}}(?:(?:, ?| ?and ?| ?to ?| ?- ?)\d{{1,3}})*)\b")
_NTH_SHOT = re.compile(rf"\b(?:{_IN} )?(?:the )?(?P<list>(?:{_NTH}|middle|opening|closing)"
                       rf"(?:(?:, | and | and the )(?:{_NTH}|middle))*) {_SHOT}\b")
_RUN = re.compile(rf"\b(?:{_IN} )?the (?P<which>first|last|final) (?P<n>{_COUNT}) {_SHOT}\b")
_MIDDLE = re.compile(rf"\b(?:{_IN} )?the (?P<which>middle|(?:very )?(?:first|last)) one\b(?= should| is| must| needs|"
                     rf" longer| shorter)")
_EVERY = re.compile(rf"\b(?:{_IN} )?(?:every|each) (?P<other>other |second )?{_SHOT}\b|"
                    rf"\b(?:{_IN} )?all (?:the )?{_SHOT}\b")
_WITH = re.compile(rf"\b(?:{_IN} )?the (?P<a>[a-z -]{{3,30}}?) {_SHOT}\b|"
                   rf"\b(?:{_IN} )?(?:the )?{_SHOT} (?:with|of|where you see|that shows?|showing|in) (?:the |a |an )?"
                   r"(?P<b>[a-z]{3,20}(?: [a-z]{3,20})?)(?= (?:should|is|must|needs|to|a)\b|$)")
_SIZED = re.compile(rf"\b(?:{_IN} )?(?:all (?:of )?(?:the )?|the |every )(?P<size>close-?ups?(?: shots?)?|"
                    rf"wide shots?|details?|medium shots?)\b")
_ENDS = {"longest": 1, "shortest": -1}
_NOT = re.compile(r",? ?\b(?:except(?: for| in| during)*|but not|apart from|other than|excluding|outside(?: of)?|"
                  r"everywhere but)$")
# "From the drop to the outro": from where the one begins to where the other ends.
_REACH = re.compile(rf"\b(?:from|"
                    rf"between) (?:the )?(?:(?P<n1>{_NTH}) )?(?P<a>{'|'.join(_NAMES)}) (?:on )?(?P<to>to|until|"
                    rf"till|up to|through|and) (?:the )?(?:(?P<n2>{_NTH}) )?(?P<b>{'|'.join(_NAMES)}|end)\b")
_JUST = re.compile(rf"\b(?P<how>right|just|shortly|a (?:second|moment|beat)|directly|"
                   rf"immediately) (?P<side>before|after) "
                   rf"(?:the )?(?:(?P<nth>{_NTH}) )?(?P<name>{'|'.join(_NAMES)})\b")
_SIDE = re.compile(r"\b(?P<how>before|after|until|till|up to|from)(?: the)?$")
_THAT = re.compile(r"\b(?P<how>before|after|during|until) (?:that|then|this)\b")
NOWHERE: tuple[Window, ...] = ()


@dataclass(frozen=True)
class Where:
    """windows: seconds, None for the whole film; words: how it is said back ("in shot 2"); loose: "towards the end",
    which may as well begin with a shot; leading: it stood in front of the wish; shots: where whole shots were named;
    wrong: what is wrong with it."""

    windows: tuple[Window, ...] | None = None
    words: str = ""
    loose: bool = False
    leading: bool = False
    shots: tuple[int, ...] = ()
    wrong: str = ""


WHOLE = Where()


def where_in(text: str, direction: Direction, last: Where | None = None) -> tuple[Where, str]:
    """(where a clause is about, the clause without it). last: where the edit before this one was made."""
    text = re.sub(r"\bfrom the (?:very )?(?:beginning|start) (?:to|until|till|up to) ", "until ", text)
    where, rest = _shots(text, direction)
    if where is not None and where.shots and not re.search(r"\b(?:add|insert|move|put|append|include|shot)\b", rest):
        where, rest = _beside(where, text, rest, direction)
    if where is None:
        where, rest = _seconds(rest, direction)
    if where is None:
        where, rest = _section(rest, direction)
    if where is None and last is not None and last.windows and (found := _THAT.search(rest)):
        start, end = min(w[0] for w in last.windows), max(w[1] for w in last.windows)
        window = {"before": (0.0, start), "until": (0.0, start), "after": (end, direction.duration_s),
                  "during": (start, end)}[found["how"]]
        if found["how"] == "after" and window[1] - window[0] < 0.1:
            window = (start, direction.duration_s)
        where = Where((window,) if window[1] > window[0] else NOWHERE, _said(window, direction))
        rest = _cut(rest, found)
    where, rest = _share(where, rest, direction)
    if where is None:
        return WHOLE, text
    if where.windows and (found := _NOT.search(rest)):
        where, rest = outside(where, direction), rest[:found.start()].strip(" ,")
    at = text.find(rest.split(" ")[0]) if rest else 0
    leading = bool(rest) and not text.startswith(" ".join(rest.split(" ")[:2])) and at > 0
    if where.windows == NOWHERE and not where.wrong:
        where = replace(where, wrong="That is outside the film, which lasts "
                                     f"{clock(direction.duration_s)}.")
    return replace(where, leading=leading), re.sub(r"\b(?:only|just) ?$|^(?:only|just|into|in|to) ", "",
                                                   rest).strip(" ,")


def _beside(where: Where, text: str, rest: str, direction: Direction) -> tuple[Where, str]:
    """ "After shot 2", "until the third shot": what lies on that side of the shots that were named."""
    words = text.split()
    left = next((n for n, (a, b) in enumerate(zip(words, rest.split(), strict=False)) if a != b), len(rest.split()))
    found = _SIDE.search(" ".join(rest.split()[:left]))
    if found is None:
        return where, rest
    shots = {"before": range(where.shots[0]), "until": range(where.shots[0]), "till": range(where.shots[0]),
             "up to": range(where.shots[-1] + 1), "after": range(where.shots[-1] + 1, len(direction.shots)),
             "from": range(where.shots[0], len(direction.shots))}[found["how"]]
    spans = spans_s(direction)
    rest = " ".join([*" ".join(rest.split()[:left])[:found.start()].split(), *rest.split()[left:]])
    if not shots:
        return Where(NOWHERE, wrong=f"There is nothing {found['how']} shot {where.shots[0] + 1} in this film."), rest
    return Where(tuple((max(0.0, spans[n][0]), min(spans[n][1], direction.duration_s)) for n in shots),
                 f"{found['how']} shot "
                 f"{where.shots[0 if found['how'] in ('before', 'until', 'till', 'from') else -1] + 1}",
                 shots=tuple(shots)), re.sub(r"^(?:on|onwards?)\b ?| (?:on|onwards?)$", "", rest)


def outside(where: Where, direction: Direction) -> Where:
    """Everywhere but there."""
    out: list[Window] = []
    at = 0.0
    for low, high in sorted(where.windows or ()):
        if low - at > 0.05:
            out.append((at, low))
        at = max(at, high)
    if direction.duration_s - at > 0.05:
        out.append((at, direction.duration_s))
    shots = tuple(k for k in range(len(direction.shots)) if k not in where.shots) if where.shots else ()
    return replace(where, windows=tuple(out), shots=shots, words=f"everywhere but {where.words}")


def whole_shots(where: Where, direction: Direction) -> Where:
    """A loose place moved to where shots begin, if one begins inside: a film changes best at its cuts."""
    if not where.loose or not where.windows:
        return where
    spans = spans_s(direction)
    out: list[Window] = []
    for start, end in where.windows:
        inside = [span for span in spans if span[0] >= start - 0.1 and span[0] < end - 0.1] if start > 0.05 else [
            span for span in spans if span[1] <= end + 0.1] or [spans[0]]
        out.append((inside[0][0], max(span[1] for span in inside)) if inside else (start, end))
    return replace(where, windows=tuple(out))


def _cut(text: str, found: re.Match[str]) -> str:
    return " ".join(f"{text[:found.start()]} {text[found.end():]}".split()).strip(" ,")


def _said(window: Window, direction: Direction) -> str:
    if window[1] >= direction.duration_s - 0.05:
        return f"from {clock(window[0])} on"
    return f"until {clock(window[1])}" if window[0] <= 0.05 else f"from {clock(window[0])} to {clock(window[1])}"


def _number(word: str | None) -> float:
    if not word:
        return 0.0
    return float(word) if word[0].isdigit() else float(NUMBERS.get(word, 3 if word == "few" else 0))


def _at(found: re.Match[str], name: str) -> float | None:
    groups = found.groupdict()
    if groups.get(f"{name}m"):
        return 60 * float(groups[f"{name}m"]) + float(groups[f"{name}s"])
    if groups.get(f"{name}n"):
        return _number(groups[f"{name}n"]) * (60.0 if (groups.get(f"{name}u") or "s")[0] == "m" else 1.0)
    return None


def _seconds(text: str, direction: Direction) -> tuple[Where | None, str]:
    length = direction.duration_s

    def timed(start: float, end: float, found: re.Match[str]) -> tuple[Where, str]:
        window = (max(0.0, start), min(length, end))
        good = window[1] - window[0] > 0.02
        return Where((window,) if good else NOWHERE, _said(window, direction) if good else ""), _cut(text, found)

    def unit(found: re.Match[str], *names: str) -> bool:
        return any(found.groupdict().get(f"{name}{part}") for name in names for part in "um") or \
            "second " in found[0] or "mark" in found[0]

    if (found := _SPAN.search(text)) and unit(found, "a", "b"):
        start, end = _at(found, "a"), _at(found, "b")
        if start is not None and end is not None and end > start:
            return timed(start, end, found)
    if found := _ENDS_S.search(text):
        amount = _number(found["n"] or "1") * (60 if found["u"].startswith("m") else 1)
        return timed(0, amount, found) if found["which"] in ("first", "opening") else timed(length - amount, length,
                                                                                            found)
    if (found := _UNTIL_S.search(text)) and unit(found, "a"):
        return timed(0.0, _at(found, "a") or 0.0, found)
    if (found := _FROM_S.search(text)) and unit(found, "a", "c", "d"):
        start = next(t for name in "acd" if (t := _at(found, name)) is not None)
        return timed(start, length, found)
    return None, text


def _spans_of(word: str, direction: Direction) -> list[Window]:
    """Where the sections of a name lie, or of the one it stands for here; empty where there is none."""
    sections, wanted = direction.music.sections, SECTION_WORDS[word]
    name = next((n for n in (wanted, *_TWINS.get(wanted, ())) if any(s.name == n for s in sections)), None)
    return [(float(a), min(float(b), direction.duration_s)) for section in sections if section.name == name
            for a, b in [bars_to_s(direction.music, section.bars)]]


def _section(text: str, direction: Direction) -> tuple[Where | None, str]:
    if found := _JUST.search(text):
        spans = _spans_of(found["name"], direction)
        at = ORDINALS[found["nth"]] if found["nth"] else 0
        if spans and -len(spans) <= at < len(spans):
            edge = spans[at][0] if found["side"] == "before" else spans[at][1]
            low, high = (edge - 1.5, edge) if found["side"] == "before" else (edge, edge + 1.5)
            window = (max(0.0, low), min(direction.duration_s, high))
            if window[1] - window[0] > 0.2:
                return Where((window,), _said(window, direction)), _cut(text, found)
    if (found := _REACH.search(text)) and (one := _spans_of(found["a"], direction)) and (
            two := [(0.0, direction.duration_s)] if found["b"] == "end" else _spans_of(found["b"], direction)):
        first = one[ORDINALS[found["n1"]]] if found["n1"] and ORDINALS[found["n1"]] < len(one) else one[0]
        last = two[ORDINALS[found["n2"]]] if found["n2"] and ORDINALS[found["n2"]] < len(two) else next(
            (span for span in two if span[0] > first[0]), two[-1])
        window = (first[0], last[0] if found["to"] in ("until", "till", "up to") and found["b"] != "end" else last[1])
        if window[1] > window[0]:
            return Where((window,), f"from the {found['a']} {found['to']} the {found['b']}"), _cut(text, found)
    if pair := _PAIR.search(text):
        at = [ORDINALS[pair["a"]], ORDINALS[pair["b"]]]
        spans = [bars_to_s(direction.music, section.bars) for section in direction.music.sections
                 if section.name == SECTION_WORDS[pair["name"]]]
        if max(at) < len(spans) and spans[at[1]][0] > spans[at[0]][1]:
            window = (float(spans[at[0]][1]), float(spans[at[1]][0]))
            return Where((window,), f"between the {pair['a']} and the {pair['b']} {pair['name']}"), _cut(text, pair)
        return Where(NOWHERE, wrong=f"This film has no such two {pair['name']} sections with something between."), text
    for found in _SECTION.finditer(text):
        if not (found["how"] or found["all"] or found["many"] or found.start() == 0 or
                re.search(r"(?:make|keep|set|turn) $", text[:found.start()])
                or re.search(r"\bthe (?:\w+ )?$", text[:found.start("name")])):
            continue
        if found["name"] == "drop" and re.match(r"drop (?:the|this|that|all|every|shots?|in)\b",
                                                text[found.start("name"):]):
            continue
        sections = direction.music.sections
        wanted = SECTION_WORDS[found["name"]]
        name = next((n for n in (wanted, *_TWINS.get(wanted, ())) if any(s.name == n for s in sections)), None)
        if name is None:
            have = ", ".join(dict.fromkeys(section.name for section in sections)) or "none"
            return Where(NOWHERE, wrong=f"This film's music has no {found['name']}; its sections are {have}."), text
        spans = [(float(a), float(b)) for section in sections if section.name == name
                 for a, b in [bars_to_s(direction.music, section.bars)]]
        how, nth = found["how"] or "in", found["nth"]
        if nth:
            at = ORDINALS[nth]
            if not -len(spans) <= at < len(spans):
                wrong = f"There is no {nth} {found['name']} in this film; it has {len(spans)}."
                return Where(NOWHERE, wrong=wrong), text
            spans = [spans[at]]
        if how in ("before", "until", "till", "up to"):
            spans = [(0.0, spans[0][0])]
        elif how == "after":
            spans = [(spans[0][1], direction.duration_s)]
        elif how == "from":
            spans = [(spans[0][0], direction.duration_s)]
        prep = how if how in ("before", "until", "up to", "after", "from") else "in"
        called = f"{nth} {found['name']}" if nth else found["name"] if name == wanted else f"{name} ({found['name']})"
        windows = tuple((a, min(b, direction.duration_s)) for a, b in spans if min(b, direction.duration_s) > a)
        return Where(windows, f"{prep} the {called}" + (" on" if how == "from" else "")), _cut(text, found)
    return None, text


def _shots(text: str, direction: Direction) -> tuple[Where | None, str]:
    count, spans = len(direction.shots), spans_s(direction)

    def those(numbers: list[int], found: re.Match[str]) -> tuple[Where, str]:
        bad = [n for n in numbers if not 0 <= n < count]
        if bad or not numbers:
            return Where(NOWHERE, wrong=f"There is no such shot: this film has {count}."), _cut(text, found)
        numbers = sorted(set(numbers))
        named = ", ".join(str(n + 1) for n in numbers[:-1]) + (" and " if len(numbers) > 1
                                                               else "") + str(numbers[-1] + 1)
        return Where(tuple((max(0.0, spans[n][0]), min(spans[n][1], direction.duration_s)) for n in numbers),
                     f"in shot{'s' if len(numbers) > 1 else ''} {named}", shots=tuple(numbers)), _cut(text, found)

    if found := _NUMBERS.search(text):
        numbers: list[int] = []
        for low, _, high in re.findall(r"(\d+)((?: ?to ?| ?- ?)(\d+))?", found["list"]):
            numbers += range(int(low) - 1, int(high or low))[:count + 1]
        return those(numbers, found)
    if found := _RUN.search(text):
        amount = int(_number(found["n"]))
        return those(list(range(amount)) if found["which"] == "first" else list(range(count - amount, count)), found)
    if found := _NTH_SHOT.search(text) or _MIDDLE.search(text):
        words = re.findall(rf"{_NTH}|middle|opening|closing", found.groupdict().get("list") or found["which"])
        at = [{"middle": count // 2, "opening": 0, "closing": count - 1}.get(word, ORDINALS.get(word, 0))
              for word in words]
        return those([count + n if n < 0 else n for n in at], found)
    if found := _SIZED.search(text):
        scales = {"c": ("close", "detail"), "w": ("wide", "full"), "d": ("detail",), "m": ("medium",)}[found["size"][0]]
        held = [k for k, shot in enumerate(direction.shots) if shot.camera.scale in scales]
        if held:
            return those(held, found)
        return Where(NOWHERE, wrong=f"This film has no {found['size']}."), text
    if found := _EVERY.search(text):
        other = found["other"]
        where, rest = those(list(range(1, count, 2)) if other else list(range(count)), found)
        return where if other else replace(where, words="in every shot"), rest
    for found in _WITH.finditer(text):
        words = (found["a"] or found["b"]).strip()
        if words.split()[-1] in _ENDS:
            order = sorted(range(count), key=lambda k: (spans[k][1] - spans[k][0]) * _ENDS[words.split()[-1]])
            return those([order[-1]], found)
        names = names_in(words)
        if not names or re.search(r"\b(?:another|new|next|same|a|an|no|more|other|wider|closer|hard|longer|shorter)\b",
                                  words):
            continue
        held = [k for k, shot in enumerate(direction.shots) if shows(shot, names)]
        if not held:
            return Where(NOWHERE, wrong=f"No shot of this film shows {words}."), text
        if not re.search(r"\bshots\b|\bscenes\b", found[0]) and len(held) < count and len(held) > 1:
            # "The whale shot": the run of shots that show it most of all, else all that do.
            held = held if found["b"] else held[:1]
        return those(held, found)
    return None, text


def _share(where: Where | None, text: str, direction: Direction) -> tuple[Where | None, str]:
    """A share of the film, or of the shots and sections already found."""
    for pattern, low, high in _SHARES:
        pattern = pattern.replace("{IN}", rf"(?:{_IN} )?")
        found = re.search(rf"\b(?:{pattern}){_OF}\b", text)
        if found is None:
            continue
        if where is not None and (where.wrong or not where.windows):
            return where, text
        within = where.windows if where is not None and where.windows else ((0.0, direction.duration_s),)
        windows = tuple((a + low * (b - a), a + high * (b - a)) for a, b in within)
        loose = where is None and ("end" in pattern or "start" in pattern or "close" in pattern)
        base = f" {where.words}" if where is not None else ""
        rest = re.sub(r"\b(?:of|through|in|into)$", "", _cut(text, found)).strip(" ,")
        out = Where(windows, f"{_said(windows[0], direction)}{base}" if where is None else
                    f"in a part of it{base.replace(' in ', ', ')}", loose=loose)
        out = whole_shots(out, direction)
        if loose and out.windows:
            out = replace(out, words=_said(out.windows[0], direction))
        return out, re.sub(r"^(?:of|through|in|into) (?:it|the film)\b", "", rest).strip(" ,")
    return where, text


__all__ = ["WHOLE", "Where", "Window", "outside", "where_in", "whole_shots"]
