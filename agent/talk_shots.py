"""Shots added, taken out, doubled, split, swapped and moved in words; what a film begins and ends with."""

from __future__ import annotations

import copy
import re
from collections.abc import Callable
from typing import Any

from agent.talk_change import Changed, Where, fresh_id, relink
from agent.talk_cuts import halve, no_such, nth_shot, of_a_cut, paced, transitions
from agent.talk_lengths import laid, own_clock
from agent.talk_lines import without
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
                   rf" around)? (?:the order of )?(?:the )?(?:{_SHOT} )?(?P<a>{_N})(?: {_SHOT})? (?:and|with|"
                   rf"for) (?:the )?(?:{_SHOT} )?(?P<b>{_N})(?: {_SHOT})?(?: around)?\b")
_TWO = re.compile(rf"\b(?:swap|switch|exchange|flip)(?: round| around)? the (?P<which>first|last) (?:two|2) {_SHOT}\b")
_JOIN = re.compile(rf"\b(?:merge|join|combine|put together|fuse) (?:the )?(?:(?P<which>first|last) two {_SHOT}|{_SHOT} "
                   rf"(?P<a>{_N}) (?:and|with) (?:shot )?(?P<b>{_N}))(?: together| into one)?\b")
_FIRST_ONE = re.compile(rf"\bmake (?:the )?(?:{_SHOT} )?(?P<a>{_N})(?: {_SHOT})? the (?P<b>first|last|opening|closing)"
                        rf"(?: one| {_SHOT})?\b")
_MOVE = re.compile(rf"\b(?:move|put|"
                   rf"bring) (?:the )?(?:{_SHOT} )?(?P<a>{_N})(?: {_SHOT})? (?:to |at |"
                   rf"in )?(?:(?P<end>(?:the )?(?:very )?(?:end|last place|back)|"
                   rf"last$)|"
                   rf"(?P<start>(?:the )?(?:very )?(?:start|beginning|front|first place)|"
                   rf"first$)|(?P<side>before|after|"
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
                           r"\b(?P<side>before|after|between) (?:the )?(?:shots? )?(?P<n>\d{1,3}|" +
                           "|".join(ORDINALS) + r")(?: shot)?(?: and (?:the )?\w+)?\b")
_ENDS = re.compile(r"\b(?:start|begin|open)(?:s|ing)?(?: (?:with|on|in|at|as|from))?(?: an?)? (?P<a>.+?),? (?:and|"
                   r"then|,)(?: then)? (?:end|finish|close|stop)(?:s|ing)?(?: up)?(?: (?:with|on|in|at|"
                   r"as))?(?: an?)? (?P<b>.+)$|"
                   r"^from (?:a )?(?P<a2>wide|close|full|medium|detail)(?: shot)? to (?:a )?(?P<b2>wide|close|full|"
                   r"medium|detail)(?:[- ]up)?(?: shot)?$")


_ONE_END = re.compile(r"^(?:(?:the (?:film|movie)|it|we|this) )?(?:should |could |must |has to )?(?P<w>begin|start|"
                      r"open|end|finish|close)(?:s|ing)? (?:it |the film )?(?:on|with|in|at|as) "
                      r"(?:an? |the )?(?P<what>(?!(?:end|start|beginning|shots?|fade|music)\b).+)$")
_THEN = re.compile(r"^(?:(?:the film|it) )?(?:should )?(?:start|begin|open)s?(?: with| in| at|"
                   r" as)? (?P<a>.+?),? (?:and )?(?:then|let it|later|gradually|gets?|becomes?|grows?|turns?)"
                   r"(?: let)?(?: it| the film)? (?P<b>.+)$")


def whole_line(text: str) -> bool:
    """Whether a clause names shots or ends of the film as what is moved, not as where something is done."""
    moved = any(pattern.search(text) for pattern in (_TWO, _SWAP, _JOIN, _FIRST_ONE, _MOVE, _REVERSE, _ENDS, _THEN))
    return moved or of_a_cut(text) or bool(_ADD.search(text) and _PLACE_OF_ADD.search(text))


def shots_said(made: Changed, text: str, where: Where, inner: Inner) -> str:
    """Does what a clause says of shots and cuts; returns what is left. inner: puts a wish where it is told, for what
    a new shot shows."""
    if found := _ENDS.search(text):
        return _first_and_last(made, text, found, inner)
    if (found := _THEN.match(text)) and len(made.shots) > 1:
        rest = [_at_end(made, found["a"], 0, inner)]
        spans = made.spans()
        done = len(made.what)
        rest.append(inner(made, found["b"], Where(tuple(spans[1:]), "after shot 1", shots=tuple(range(1, len(spans))))))
        made.what[done:] = [f"{what} after shot 1" for what in made.what[done:]]
        return " ".join(one for one in rest if one)
    if (found := _ONE_END.match(text)) and not re.search(r"\bshots? (?:of|with|where|showing)\b", text):
        return _at_end(made, found["what"], 0 if found["w"] in ("begin", "start", "open") else len(made.shots) - 1,
                       inner)
    for act in (_swapped, _added, transitions, paced):
        rest = act(made, text, where, inner)
        if rest is not None:
            return rest
    return _those(made, text, where)


def _reordered(made: Changed, order: list[int], said: str) -> None:
    """What the shots show in another order; the cuts stay on their beats."""
    slots = [{key: shot[key] for key in ("span", "section", "cut", "ending")} for shot in made.shots]
    made.document["shots"] = [made.shots[k] | slot for k, slot in zip(order, slots, strict=True)]
    relink(made, [order.index(k) for k in range(len(order))])
    made.told(said, "shots")


def _swapped(made: Changed, text: str, where: Where, inner: Inner) -> str | None:
    del where, inner
    count = len(made.shots)
    text = _TWO.sub(lambda two: "swap 1 and 2" if two["which"] == "first" else f"swap {count - 1} and {count}", text)
    if found := _SWAP.search(text):
        a, b = nth_shot(found["a"], count), nth_shot(found["b"], count)
        if not no_such(made, [a, b]):
            order = list(range(count))
            order[a], order[b] = order[b], order[a]
            if a == b:
                made.same = True
            else:
                _reordered(made, order, f"shots {min(a, b) + 1} and {max(a, b) + 1} have changed places")
        return without(text, found)
    if found := _MOVE.search(text):
        a = nth_shot(found["a"], count)
        b = nth_shot(found["b"], count) if found["b"] else count - 1 if found["end"] else 0
        if not no_such(made, [a, b]):
            order = [k for k in range(count) if k != a]
            at = len(order) if found["end"] else 0 if found["start"] else (
                order.index(b) if b in order else 0) + (found["side"] in ("after", "behind"))
            order.insert(at, a)
            _reordered(made, order, f"what was shot {a + 1} is shot {at + 1} now")
        return without(text, found)
    if found := _JOIN.search(text):
        at = [0, 1] if found["which"] == "first" else [count - 2, count - 1] if found["which"] == "last" else [
            nth_shot(found["a"], count), nth_shot(found["b"], count)]
        if not no_such(made, at) and at[1] == at[0] + 1:
            lengths = [end - start for start, end in made.spans()]
            lengths[at[0]], lengths[at[1]] = lengths[at[0]] + lengths[at[1]], 0.0
            laid(made, lengths, made.duration_s)
            made.told(f"shots {at[0] + 1} and {at[1] + 1} are one shot now", "shots")
        elif not made.missed:
            made.missed.append("Only shots that follow each other can be made one")
        return without(text, found)
    if found := _FIRST_ONE.search(text):
        a = nth_shot(found["a"], count)
        if not no_such(made, [a]):
            at = 0 if found["b"] in ("first", "opening") else count - 1
            order = [k for k in range(count) if k != a]
            order.insert(at, a)
            _reordered(made, order, f"what was shot {a + 1} is shot {at + 1} now")
        return without(text, found)
    if found := _REVERSE.search(text):
        _reordered(made, list(range(count))[::-1], "the shots run in reverse order")
        return without(text, found)
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
        return without(text, found)
    if (found := _REMOVE.search(text)) and not re.sub(r"\b(?:please|the|it|them|film|from|out|whole|entire)\b| ", "",
                                                      without(text, found)):
        if len(meant) >= len(lengths):
            made.missed.append("A film needs at least one shot")
            return ""
        new = [0.0 if k in meant else length for k, length in enumerate(lengths)]
        if not own_clock(made):
            new = _given_away(new, lengths, meant)
        laid(made, new)
        made.told(f"{named} {'is' if len(meant) == 1 else 'are'} gone" + (
            f", so the film lasts {made.duration_s:.1f} s" if own_clock(made) else "; the shots beside took the time"),
            "shots")
        return without(text, found)
    if (found := _TWICE.search(text)) and len(plain) <= 3:
        for k in reversed(meant):
            insert(made, k + 1, copy.deepcopy(made.shots[k]), lengths[k])
        made.told(f"{named} {'comes' if len(meant) == 1 else 'come'} twice", "shots")
        return without(text, found)
    return text


def _given_away(new: list[float], lengths: list[float], gone: tuple[int, ...]) -> list[float]:
    """The time of shots that go, given to the shot before (the first one's to the shot after)."""
    for k in gone:
        heir = next((j for j in range(k - 1, -1, -1) if j not in gone), None)
        heir = heir if heir is not None else next(j for j in range(k + 1, len(new)) if j not in gone)
        new[heir] += lengths[k]
    return new


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
    how, shown = found["how"] or found["h2"] or found["size"], found["what"] or found["what2"] or found["what3"]
    what = f"{how or ''} {shown or ''}"
    count = len(made.shots)
    at = 0 if found["w"] in ("begin", "start", "open") or re.search(r"\b(?:opening|intro|first|establishing)\b",
                                                                    found[0]) else count
    if place := _PLACE_OF_ADD.search(what):
        what = without(what, place)
        if place["where"]:
            at = {"middle": (count + 1) // 2}.get(place["where"], count if "end" in place["where"] else 0)
        else:
            nth = nth_shot(place["n"], count)
            if no_such(made, [nth]):
                return ""
            at = nth if place["side"] == "before" else nth + 1
    elif where.shots:
        # "After the shot with the whale": the place was read as shots.
        at = where.shots[0] if re.search(r"\bbefore$", what.strip()) else where.shots[-1] + 1
        what = re.sub(r"\b(?:before|after|behind|between)$", "", what.strip())
    elif where.windows:
        spans, first_s = made.spans(), where.windows[0][0]
        at = min(range(count + 1), key=lambda k: abs((spans[k][0] if k < count
                                                      else made.duration_s) - first_s))
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
    return without(text, found)


def _at_end(made: Changed, words: str, at: int, inner: Inner) -> str:
    """A wish for the first or the last shot alone."""
    done = len(made.what)
    left = inner(made, re.sub(r"^close$", "close-up", words),
                 Where((made.spans()[at],), f"in shot {at + 1}", shots=(at,)))
    made.what[done:] = [f"{what} in shot {at + 1}" for what in made.what[done:]]
    return left




__all__ = ["insert", "shots_said", "whole_line"]
