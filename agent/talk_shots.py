"""Shots added, taken out, doubled, swapped and moved in words; more and fewer cuts; how one shot goes over into the next."""

from __future__ import annotations

import copy
import re
from collections.abc import Callable, Sequence
from typing import Any

from agent.lexicon.words import NUMBERS
from agent.talk_change import Changed, Where, fresh_id, relink, split
from agent.talk_lengths import laid, own_clock
from agent.talk_takes import ORDINALS
from agent.taste import SCALE_ORDER

Inner = Callable[[Changed, str, Where], str]
_SHOT = r"(?:shots?|scenes?)"
_N = "|".join([r"\d{1,3}", *ORDINALS, "middle"])
_REMOVE = re.compile(r"\b(?:remove|delete|drop|cut out|throw out|take out|get rid of|lose|kill|skip|leave out|"
                     r"without|no)\b")
_TWICE = re.compile(r"\b(?:duplicate|double|repeat|copy|clone|show)\b|\btwice\b")
_SPLIT = re.compile(r"\b(?:split|cut|divide|break)\b.*?\b(?:in|into) (?:two|2|half|halves)\b|\bsplit\b")
_SWAP = re.compile(rf"\b(?:swap|switch|exchange|flip)(?: round|"
                   rf" around)? (?:the )?(?:{_SHOT} )?(?P<a>{_N})(?: {_SHOT})? (?:and|with|"
                   rf"for) (?:the )?(?:{_SHOT} )?(?P<b>{_N})(?: {_SHOT})?(?: around)?\b")
_MOVE = re.compile(rf"\b(?:move|put|"
                   rf"bring) (?:the )?(?:{_SHOT} )?(?P<a>{_N})(?: {_SHOT})? (?:to |at |in )?(?:(?P<end>(?:the )?(?:very )?(?:end|last place|back))|"
                   rf"(?P<start>(?:the )?(?:very )?(?:start|beginning|front|first place))|(?P<side>before|after|"
                   rf"behind|in front of) (?:the )?(?:{_SHOT} )?(?P<b>{_N})(?: {_SHOT})?)\b")
_REVERSE = re.compile(r"\breverse (?:the )?(?:order|shots)\b|\bshots? in reverse(?: order)?\b|\bbackwards order\b")
_ADD = re.compile(rf"\b(?:add|insert|put in|include|give me|append|i want)(?: another| a| an| one more| some| one|"
                  rf" a new| a last| a final| a first)* (?P<how>(?:[\w-]+ ){{0,3}}?)(?:{_SHOT}|ending|opening|"
                  rf"intro shot)\b"
                  rf"(?: (?:of|with|where|showing|in which|that shows|from|in))?(?P<what>.*)$|"
                  r"^(?P<w>begin|start|open|end|finish|close) (?:it |the film )?(?:with|on) (?:an? |"
                  r"another )(?P<h2>(?:[\w-]+ ){0,3}?)(?:shot|scene) (?:of|with|where|showing|in)(?P<what2>.*)$|"
                  r"\badd (?:a|an|another) (?P<size>close-?up|wide shot|establishing shot|detail|"
                  r"aerial)(?: shot)?(?: of| with| on)?(?P<what3>.*)$")
_PLACE_OF_ADD = re.compile(r"\b(?:at|in) the (?P<where>very end|end|beginning|very beginning|start|front|middle)\b|"
                           r"\b(?P<side>before|after|between) (?:the )?(?:shots? )?(?P<n>\d{1,3}|" + "|".join(ORDINALS) +
                               r")(?: shot)?(?: and (?:the )?\w+)?\b")
_PACE = re.compile(r"\b(?:(?P<less>(?:slower|fewer|less|longer time between) (?:cuts?|cutting|editing|edits|shots)|"
                   r"(?:cut|edit)(?:s|ting)? (?:it )?(?:slower|less(?: often)?)|(?:cuts?|cutting|editing) (?:is |"
                   r"are |should be |a bit |be )*(?:slower|too fast|too quick|calmer|less)|(?:too many|"
                   r"longer) (?:cuts|shots)|calmer (?:cuts|cutting|editing))|"
                   r"(?P<more>(?:faster|quicker|more|snappier|shorter) (?:cuts?|cutting|editing|edits|shots)|(?:cut|"
                   r"edit)(?:s|ting)? (?:it )?(?:faster|quicker|more(?: often)?)|(?:cuts?|cutting|editing) (?:is |"
                   r"are |should be |a bit |be )*(?:faster|quicker|too slow|more)|too few (?:cuts|shots)|"
                   r"not enough cuts|(?:cuts|shots) (?:are )?too long))\b")
_NO_CUTS = re.compile(r"\b(?:no|without(?: any)?) cuts\b|\b(?:in |as )?(?:a |one )single (?:take|shot)\b|"
                      r"\bone (?:long |continuous )?(?:take|shot)(?: only)?$|\ball in one\b")
_ONLY = re.compile(rf"^(?:(?:make|use|have|it|only|just|in|the film|with|cut|to|into|should|be|as|"
                   rf"of) )*(?P<n>\d{{1,3}}|{'|'.join(w for w in NUMBERS if w.isalpha())}) {_SHOT}(?: only)?$")
_NUMBER_OF = re.compile(rf"\b(?:reduce|cut|bring|lower|raise|increase)(?: down)? (?:the )?(?:number of )?{_SHOT} (?:down )?to (?P<n>\d{{1,3}}|{'|'.join(w for w in NUMBERS if w.isalpha())})$")
_CUTS = re.compile(r"\b(?P<no>no |without |instead of |not )?(?P<how>(?:cross-?)?dissolves?|cross-?fades?|(?:hard|"
                   r"straight|clean) cuts?|fades?(?: to black| through black)?(?= between)|fade between)"
                   r"(?: between(?: the)? (?:shots|scenes)| everywhere| between them| transitions?)?\b")
_FADE = re.compile(r"\b(?P<no>no |without (?:a |the )?|don't )?fade(?:s|d)?[- ](?P<how>out|in|to black|"
                   r"from black)\b(?: (?:at|in) the (?:very )?(?:end|beginning|start))?(?: to black| from black)?")
_ENDS = re.compile(r"\b(?:start|begin|open)(?:s|ing)?(?: (?:with|on|in|at|as|from))?(?: an?)? (?P<a>.+?),? (?:and|"
                   r"then|,)(?: then)? (?:end|finish|close|stop)(?:s|ing)?(?: up)?(?: (?:with|on|in|at|"
                   r"as))?(?: an?)? (?P<b>.+)$|"
                   r"^from (?:a )?(?P<a2>wide|close|full|medium|detail)(?: shot)? to (?:a )?(?P<b2>wide|close|full|"
                   r"medium|detail)(?:[- ]up)?(?: shot)?$")


_ONE_END = re.compile(r"^(?:(?:the (?:film|movie)|it|we|this) )?(?:should |could |must |has to )?(?P<w>begin|start|open|end|finish|close)(?:s|ing)? (?:it |the film )?(?:on|with|in|at|as) "
                      r"(?:an? |the )?(?P<what>(?!(?:end|start|beginning|shots?|fade|music)\b).+)$")
_BETWEEN = re.compile(rf"\bbetween (?:the )?(?:shots? |scenes? )?(?P<a>{_N})(?: shot)? and (?:the )?(?:shot )?(?P<b>{_N})(?: {_SHOT})?\b")


_THEN = re.compile(r"^(?:(?:the film|it) )?(?:should )?(?:start|begin|open)s?(?: with| in| at| as)? (?P<a>.+?),? (?:and )?(?:then|let it|later|gradually|gets?|becomes?|grows?|turns?)"
                   r"(?: let)?(?: it| the film)? (?P<b>.+)$")


def whole_line(text: str) -> bool:
    """Whether a clause names shots or ends of the film as what is moved, not as where something is done."""
    return any(pattern.search(text) for pattern in (_SWAP, _MOVE, _REVERSE, _ENDS, _THEN)) or bool(
        _BETWEEN.search(text) and _CUTS.search(text))


def shots_said(made: Changed, text: str, where: Where, inner: Inner) -> str:
    """Does what a clause says of shots and cuts; returns what is left. inner: puts a wish where it is told, for what
    a new shot shows."""
    if found := _ENDS.search(text):
        return _first_and_last(made, text, found, inner)
    if (found := _THEN.match(text)) and len(made.shots) > 1:
        rest = [_at_end(made, found["a"], 0, inner)]
        spans = made.spans()
        rest.append(inner(made, found["b"], Where(tuple(spans[1:]), "after shot 1", shots=tuple(range(1, len(spans))))))
        return " ".join(one for one in rest if one)
    if (found := _ONE_END.match(text)) and not re.search(r"\bshots? (?:of|with|where|showing)\b", text):
        return _at_end(made, found["what"], 0 if found["w"] in ("begin", "start", "open") else len(made.shots) - 1, inner)
    for act in (_swapped, _added, _transitions, _paced):
        rest = act(made, text, where, inner)
        if rest is not None:
            return rest
    return _those(made, text, where)


def _without(text: str, found: re.Match[str]) -> str:
    return " ".join(f"{text[:found.start()]} {text[found.end():]}".split())


def _nth(word: str, count: int) -> int:
    at = int(word) - 1 if word.isdigit() else count // 2 if word == "middle" else ORDINALS[word]
    return count + at if at < 0 and not word.isdigit() else at


def _missing(made: Changed, numbers: list[int]) -> bool:
    count = len(made.shots)
    if any(not 0 <= n < count for n in numbers):
        made.missed.append(f"There is no such shot: this film has {count}")
        return True
    return False


def _reordered(made: Changed, order: list[int], said: str) -> None:
    """What the shots show in another order; the cuts stay on their beats."""
    slots = [{key: shot[key] for key in ("span", "section", "cut", "ending")} for shot in made.shots]
    made.document["shots"] = [made.shots[k] | slot for k, slot in zip(order, slots, strict=True)]
    relink(made, [order.index(k) for k in range(len(order))])
    made.told(said, "shots")


def _swapped(made: Changed, text: str, where: Where, inner: Inner) -> str | None:
    del where, inner
    count = len(made.shots)
    if found := _SWAP.search(text):
        a, b = _nth(found["a"], count), _nth(found["b"], count)
        if not _missing(made, [a, b]):
            order = list(range(count))
            order[a], order[b] = order[b], order[a]
            if a == b:
                made.same = True
            else:
                _reordered(made, order, f"shots {min(a, b) + 1} and {max(a, b) + 1} have changed places")
        return _without(text, found)
    if found := _MOVE.search(text):
        a = _nth(found["a"], count)
        b = _nth(found["b"], count) if found["b"] else count - 1 if found["end"] else 0
        if not _missing(made, [a, b]):
            order = [k for k in range(count) if k != a]
            at = len(order) if found["end"] else 0 if found["start"] else (
                order.index(b) if b in order else 0) + (found["side"] in ("after", "behind"))
            order.insert(at, a)
            _reordered(made, order, f"what was shot {a + 1} is shot {at + 1} now")
        return _without(text, found)
    if found := _REVERSE.search(text):
        _reordered(made, list(range(count))[::-1], "the shots run in reverse order")
        return _without(text, found)
    return None


def _those(made: Changed, text: str, where: Where) -> str:
    """Removing, doubling and splitting the shots that were named."""
    if not where.shots:
        return text
    meant, spans = where.shots, made.spans()
    lengths = [end - start for start, end in spans]
    named = f"shot{'s' if len(meant) > 1 else ''} " + " and ".join(str(k + 1) for k in meant)
    plain = re.sub(r"\b(?:please|the|it|them|film|from)\b", " ", text).split()
    if (found := _SPLIT.search(text)) and len(plain) <= 5:
        for k in reversed(meant):
            halve(made, k)
        made.told(f"{named} is cut in two" if len(meant) == 1 else f"{named} are cut in two", "cuts")
        return _without(text, found)
    if (found := _REMOVE.search(text)) and not re.sub(r"\b(?:please|the|it|them|film|from|out|whole|entire)\b| ", "", _without(text, found)):
        if len(meant) >= len(lengths):
            made.missed.append("A film needs at least one shot")
            return ""
        new = [0.0 if k in meant else length for k, length in enumerate(lengths)]
        if not own_clock(made):
            new = _given_away(new, lengths, meant)
        laid(made, new)
        made.told(f"{named} {'is' if len(meant) == 1 else 'are'} gone" + (
            f", so the film lasts {made.duration_s:.1f} s" if own_clock(made) else "; the shots beside took the time"), "shots")
        return _without(text, found)
    if (found := _TWICE.search(text)) and len(plain) <= 3:
        for k in reversed(meant):
            insert(made, k + 1, copy.deepcopy(made.shots[k]), lengths[k])
        made.told(f"{named} {'comes' if len(meant) == 1 else 'come'} twice", "shots")
        return _without(text, found)
    return text


def _given_away(new: list[float], lengths: list[float], gone: tuple[int, ...]) -> list[float]:
    """The time of shots that go, given to the shot before (the first one's to the shot after)."""
    for k in gone:
        heir = next((j for j in range(k - 1, -1, -1) if j not in gone), None)
        heir = heir if heir is not None else next(j for j in range(k + 1, len(new)) if j not in gone)
        new[heir] += lengths[k]
    return new


def halve(made: Changed, k: int) -> None:
    """A shot cut in two near its middle (on a beat of our own music); the second half is filmed from another distance."""
    start, end = made.spans()[k]
    at = (start + end) / 2
    score = made.document["score"]
    beat_s = 60.0 / float(score["tempo_bpm"]) if score is not None else 0.0
    if beat_s and end - start >= 2 * beat_s:
        at = start + max(1, round((at - start) / beat_s)) * beat_s
    split(made, k, at)
    camera = made.shots[k + 1]["camera"]
    size = SCALE_ORDER.index(camera["scale"])
    camera["scale"] = SCALE_ORDER[size + 1 if size < 3 else size - 2]
    camera["side"] = -camera["side"]


def insert(made: Changed, at: int, shot: dict[str, Any], length_s: float) -> None:
    """A shot put before shot `at`; the film grows by its length, or the shot before gives half of its own where a
    creator's track holds the film."""
    shot["id"] = fresh_id(made, shot["id"])
    spans = made.spans()
    lengths = [end - start for start, end in spans]
    ending = made.shots[-1]["ending"]
    if own_clock(made):
        start = spans[at][0] if at < len(spans) else made.duration_s
    else:
        giver = max(0, at - 1)
        length_s = min(length_s, lengths[giver] / 2)
        start = spans[giver][1] - length_s if at else 0.0
        lengths[giver] -= length_s
    shot["span"] = copy.deepcopy(made.shots[max(0, at - 1)]["span"])
    # An empty place where it goes; `laid` gives it its room.
    if shot["span"]["bars"] is not None:
        from agent.pacing import grid_of

        bar = grid_of(made.music).bar_of(start)
        shot["span"]["bars"] = [bar, bar + 1e-3]
    else:
        shot["span"]["s"] = [start, start + 1e-3]
    shot["ending"] = "hard"
    made.shots[-1]["ending"] = "hard"
    made.shots.insert(at, shot)
    relink(made, [n if n < at else n + 1 for n in range(len(made.shots) - 1)])
    lengths.insert(at, length_s)
    laid(made, lengths)
    made.shots[-1]["ending"] = ending


def _added(made: Changed, text: str, where: Where, inner: Inner) -> str | None:
    found = _ADD.search(text)
    if found is None or re.search(r"\bmore (?:shots|scenes)\b", text):
        return None
    what = f"{found['how'] or found['h2'] or found['size'] or ''} {found['what'] or found['what2'] or found['what3'] or ''}"
    count = len(made.shots)
    at = 0 if found["w"] in ("begin", "start", "open") or re.search(r"\b(?:opening|intro|first|establishing)\b", found[0]) else count
    if place := _PLACE_OF_ADD.search(what):
        what = _without(what, place)
        if place["where"]:
            at = {"middle": (count + 1) // 2}.get(place["where"], count if "end" in place["where"] else 0)
        else:
            nth = _nth(place["n"], count)
            if _missing(made, [nth]):
                return ""
            at = nth if place["side"] == "before" else nth + 1
    elif where.shots:
        # "After the shot with the whale": the place was read as shots.
        at = where.shots[0] if re.search(r"\bbefore$", what.strip()) else where.shots[-1] + 1
        what = re.sub(r"\b(?:before|after|behind|between)$", "", what.strip())
    elif where.windows:
        spans = made.spans()
        at = min(range(count + 1), key=lambda k: abs((spans[k][0] if k < count else made.duration_s) - where.windows[0][0]))
    lengths = sorted(end - start for start, end in made.spans())
    beside = copy.deepcopy(made.shots[min(max(0, at - 1) if at else 0, count - 1)])
    beside |= {"cut": "hard", "curves": {}, "brushes": []}
    beside["camera"]["curves"] = {}
    size = SCALE_ORDER.index(beside["camera"]["scale"])
    beside["camera"]["scale"] = SCALE_ORDER[size + 2 if size < 3 else size - 2]
    beside["camera"]["side"] = -beside["camera"]["side"]
    insert(made, at, beside, max(2.0, lengths[len(lengths) // 2]))
    at = next(k for k, shot in enumerate(made.shots) if shot["id"] == beside["id"])
    made.told(f"a shot was added as shot {at + 1}", "shots")
    made.there = Where((made.spans()[at],), f"in shot {at + 1}", shots=(at,))
    what = re.sub(r"\b(?:new|last|final|shot|scene|ending|opening|another|extra)\b", " ", what)
    what = " ".join(what.split()).strip(" ,")
    return _at_end(made, what, at, inner) if what else ""


def _first_and_last(made: Changed, text: str, found: re.Match[str], inner: Inner) -> str:
    if len(made.shots) == 1:
        halve(made, 0)
    for words, at in ((found["a"] or found["a2"], 0), (found["b"] or found["b2"], len(made.shots) - 1)):
        if _at_end(made, words.strip(), at, inner):
            made.missed.append(f"“{words.strip()}” was not understood")
    return _without(text, found)


def _at_end(made: Changed, words: str, at: int, inner: Inner) -> str:
    """A wish for the first or the last shot alone."""
    done = len(made.what)
    left = inner(made, re.sub(r"^close$", "close-up", words), Where((made.spans()[at],), f"in shot {at + 1}", shots=(at,)))
    made.what[done:] = [f"{what} in shot {at + 1}" for what in made.what[done:]]
    return left


def _transitions(made: Changed, text: str, where: Where, inner: Inner) -> str | None:
    del inner
    if found := _FADE.search(text):
        on = not found["no"]
        out = found["how"] in ("out", "to black")
        shot, key = (made.shots[-1], "ending") if out else (made.shots[0], "cut")
        wanted = "fade" if on else "hard"
        if shot[key] == wanted:
            made.same = True
        else:
            shot[key] = wanted
            made.told(f"the film {'fades' if on else 'no longer fades'} "
                      f"{'out at the end' if out else 'in at the start'}", "cuts")
        return _without(text, found)
    between = _BETWEEN.search(text)
    text = _without(text, between) if between else text
    found = _CUTS.search(text)
    if found is None:
        return None
    rest = re.sub(r"\binstead(?: of (?:the )?(?:hard |straight |clean )?(?:cuts|dissolves|fades))?\b|\b(?:use|make|"
                  r"with|only|soft|all|the|have|cuts?|to)\b", " ", _without(text, found))
    how = found["how"]
    wanted = "dissolve" if "dissolve" in how or "cross" in how else "hard" if "cut" in how else "fade"
    if found["no"] and found["no"].strip() in ("no", "without", "not"):
        wanted = "hard" if wanted != "hard" else "dissolve"
    chosen: Sequence[int] = where.shots or range(1, len(made.shots))
    if between:
        chosen = (max(_nth(between["a"], len(made.shots)), _nth(between["b"], len(made.shots))),)
        if _missing(made, list(chosen)):
            return ""
    moved = [k for k in chosen if k and made.shots[k]["cut"] != wanted]
    for k in moved:
        made.shots[k]["cut"] = wanted
    if moved:
        into = f" into shot {moved[0] + 1}" if len(moved) == 1 else ""
        made.told({"dissolve": f"there is a dissolve{into}" if into else "shots dissolve into each other",
                   "hard": f"there is a hard cut{into}" if into else "the cuts are hard",
                   "fade": f"there is a fade{into}" if into else "shots fade through black"}[wanted], "cuts")
    else:
        made.same = True
        if len(made.shots) == 1:
            made.missed.append("The film is one shot, so there is no cut to change")
    return " ".join(rest.split())


def _paced(made: Changed, text: str, where: Where, inner: Inner) -> str | None:
    del inner
    spans, count = made.spans(), len(made.shots)
    meant = [k for k, (a, b) in enumerate(spans) if where.windows is None or any(
        low - 0.05 <= (a + b) / 2 <= high for low, high in where.windows)]
    if found := _NO_CUTS.search(text):
        target = 1
    elif found := _ONLY.match(text) or _NUMBER_OF.search(text):
        target = int(found["n"]) if found["n"].isdigit() else int(NUMBERS[found["n"]])
    elif found := _PACE.search(text):
        target = max(1, round(len(meant) / 1.6)) if found["less"] else max(len(meant) + 1, round(len(meant) * 1.6))
        if found["less"] and target == len(meant):
            target -= 1
    else:
        return None
    to_count(made, [made.shots[k]["id"] for k in meant], max(1, target))
    if len(made.shots) == count:
        made.clamped.append("The cuts are")
    else:
        made.told(f"the film has {len(made.shots)} shots instead of {count}", "cuts")
    return _without(text, found)


def to_count(made: Changed, ids: list[str], target: int) -> None:
    """So many shots out of those meant: the shortest is taken into its neighbour, or the longest cut in two."""
    alive = list(ids)
    while len(alive) > target:
        spans = made.spans()
        at = {shot["id"]: k for k, shot in enumerate(made.shots)}
        lengths = [spans[at[one]][1] - spans[at[one]][0] for one in alive]
        gone = min(range(1, len(alive)), key=lambda n: (lengths[n], n)) if len(alive) > 1 else 0
        k = at[alive[gone]]
        new = [end - start for start, end in spans]
        new[k - 1], new[k] = new[k - 1] + new[k], 0.0
        laid(made, new, made.duration_s)
        del alive[gone]
    while len(alive) < target:
        spans = made.spans()
        at = {shot["id"]: k for k, shot in enumerate(made.shots)}
        longest = max(alive, key=lambda one: spans[at[one]][1] - spans[at[one]][0])
        k = at[longest]
        if spans[k][1] - spans[k][0] < 1.0 or len(made.shots) >= 600:
            return
        halve(made, k)
        alive.append(made.shots[k + 1]["id"])


__all__ = ["halve", "insert", "shots_said", "to_count"]
