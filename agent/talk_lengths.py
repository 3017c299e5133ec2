"""How long a film and its shots last, in words; and the laying out anew of shots, bars and sections that follows."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Any

import numpy as np

from agent.director_score import music_of
from agent.lexicon.words import NUMBERS
from agent.pacing import LEAST_SHOT_S, grid_of
from agent.talk_change import Changed, Where
from world_model.score import ScoreSpec

LONGEST_S = 3 * 3600.0
_WORDS = "|".join(sorted((word for word in NUMBERS if word.isalpha()), key=len, reverse=True))
_N = rf"(?:\d+(?:\.\d+)?|{_WORDS}|half a|a few|a couple of|an?)"
_U = r"(?:seconds?|secs?|s|minutes?|mins?|bars?)"
_BY = re.compile(rf"\b(?:(?P<n>{_N}) ?(?P<u>{_U}) (?P<how>longer|shorter|more|less)|"
                 rf"(?P<how2>longer|shorter|lengthen|extend|shorten|stretch|add|cut|trim)(?: (?:it|the film|this|"
                 rf"that))? (?:by )?(?P<n2>{_N}) ?(?P<u2>{_U})(?: (?:to|off|from|of) (?:it|the film))?)\b")
_TO = re.compile(rf"^(?:(?:make|let|have|the|it|film|whole|thing|should|must|be|last|lasts|cut|trim|shorten|lengthen|"
                 rf"extend|stretch|for|down|up|to|all|only|just|is|piece|video|in|hold|this|that|length|duration|"
                 rf"exactly|of) )*"
                 rf"(?P<n>{_N})[ -]?(?P<u>{_U})(?: (?:long|in length|in total|total|film|version|cut|only))?"
                 rf"(?: (?:is|are|would be|will be|should be|will) (?:enough|plenty|fine|ok|okay|right|do|perfect|"
                 rf"best))?$|"
                 r"^(?:make |cut |trim |shorten |lengthen |stretch )?(?:it |the film )?(?:(?:down |"
                 r"up )?to )?(?P<m>(?!(?:16:9|9:16|4:3|3:4|1:1|2:1|4:5|5:4|21:9|3:2|"
                 r"2:3)\b)\d{1,3}):(?P<s>\d\d)(?: long)?$")
_FACTOR = re.compile(r"\b(?:(?P<x>twice|double|two times|three times|triple|half|a third|"
                     r"\d+(?:\.\d+)? ?times) (?:as long|the length|the duration|its length)|(?P<x2>double|"
                     r"halve) (?:the |its )?(?:length|duration)|"
                     r"(?P<p>\d{1,3}) ?(?:%|percent) (?P<ph>longer|shorter)|(?P<w>longer|shorter|too short|too long|"
                     r"lengthen|extend|shorten|stretch|hold(?: (?:it|on))?(?: longer)?|tighten)(?! cuts| shots))\b")
_TRIM = re.compile(rf"\b(?:cut|trim|remove|drop|take|chop|delete|lose)(?: off| away| out)? the (?P<which>first|last|"
                   rf"final|opening) (?P<n>{_N}) ?(?P<u>{_U})\b|"
                   rf"\b(?:keep|use|leave) (?:only |just )?the (?P<kw>first|last) (?P<kn>{_N}) ?(?P<ku>{_U})\b")
_OUT = re.compile(r"^(?:cut|take|remove|delete|skip|leave|throw|lose|get rid of|no)(?: out| away)?(?: everything|"
                  r" all| what is| what comes| the part| it)$|^(?:cut|take|remove|delete|skip|leave|throw|lose|get "
                  r"rid of)"
                  r"(?: out| away)?$|^drop(?: everything| all| the part| it)$")
_PART = re.compile(r"^(?:make |the |a |it |is |should be |be )*(longer|shorter|lengthen|extend|stretch|trim|shorten|"
                   r"tighten|"
                   r"too long|too short|make longer|make shorter)(?: it)?(?: a (?:bit|little))?$")
_FACTORS = {"twice": 2.0, "double": 2.0, "two times": 2.0, "three times": 3.0, "triple": 3.0, "half": 0.5, "halve": 0.5,
            "a third": 1 / 3}


def _number(word: str) -> float:
    known = {"a": 1.0, "an": 1.0, "half a": 0.5, "a few": 3.0, "a couple of": 2.0}
    return known.get(word) or (float(word) if word[0].isdigit() else float(NUMBERS.get(word, 1)))


def lengths_said(made: Changed, text: str, where: Where, strength: float) -> str:
    """Does what a clause says of the length of the film or of its shots; returns what is left of it."""
    bar_s = grid_of(made.music).bar_s

    def seconds(number: str, unit: str) -> float:
        return _number(number) * (60.0 if unit.startswith("m") else bar_s if unit.startswith("bar") else 1.0)

    def rest(found: re.Match[str]) -> str:
        left = f"{text[:found.start()]} {text[found.end():]}"
        return " ".join(re.sub(r"\b(?:make|the|film|it|should|be|is|a bit|bit|much|whole|thing|piece|video|hold|"
                               r"could|must|let|last|little|a|lot|movie|all)\b", " ", left).split())

    if where.windows and not where.shots and (found := _PART.match(text)):
        # "Longer intro", "trim the beginning a bit": the part grows or shrinks with the shots in it.
        grows = re.match(r"longer|lengthen|extend|stretch|make longer|too short", found[1]) is not None
        _stretch(made, where, lambda old: old * (1.5 if grows else 1 / 1.5) ** min(strength, 2.0))
        return ""
    if where.windows and not where.shots and _OUT.match(text):
        _cut_out(made, where)
        return ""
    if found := _TRIM.search(text):
        _trimmed(made, found, seconds)
        return rest(found)
    if found := _BY.search(text):
        amount = seconds(found["n"] or found["n2"], found["u"] or found["u2"])
        less = (found["how"] or found["how2"]) in ("shorter", "less", "shorten", "cut", "trim")
        _stretch(made, where, lambda old: old - amount if less else old + amount)
        return rest(found)
    if (found := _TO.match(text)) and not re.search(r"\bas long\b", text):
        wanted = 60.0 * int(found["m"]) + int(found["s"]) if found["m"] else seconds(found["n"], found["u"])
        _stretch(made, where, lambda _: wanted)
        return rest(found)
    if found := _FACTOR.search(text):
        if found["p"]:
            factor = 1 + (1 if found["ph"] == "longer" else -1) * int(found["p"]) / 100
        elif word := found["x"] or found["x2"]:
            factor = _FACTORS[word] if word in _FACTORS else float(word.split(" ")[0].removesuffix("times"))
        else:
            grows = not re.match(r"shorter|too long|shorten|tighten", found["w"])
            factor = (1.5 if grows else 1 / 1.5) ** min(strength, 2.0)
        left = rest(found)
        if left and (not where.shots or "hold" in found[0]):
            # "The train longer", "hold the camera still": not of the film's length.
            return text
        _stretch(made, where, lambda old: old * max(0.05, factor))
        return left
    return text


def _stretch(made: Changed, where: Where, lengthen: Callable[[float], float]) -> None:
    """The whole film, or the shots that are meant, made longer or shorter."""
    spans = made.spans()
    if where.windows is None:
        wanted = float(lengthen(made.duration_s))
        if not 0.5 <= wanted <= LONGEST_S:
            made.missed.append(f"A film lasts from half a second to three hours, not {wanted:.1f} seconds")
            return
        resized(made, wanted)
        return
    meant = where.shots or tuple(k for k, (a, b) in enumerate(spans)
                                 if any(low - 0.05 <= (a + b) / 2 <= high for low, high in where.windows))
    lengths = [end - start for start, end in spans]
    whole = sum(lengths[k] for k in meant)
    share = 1.0 if where.shots else (float(lengthen(whole)) / whole if whole else 1.0)
    new = [(max(LEAST_SHOT_S, float(lengthen(old))) if where.shots else max(LEAST_SHOT_S, old * share)) if k in meant
           else old
           for k, old in enumerate(lengths)]
    many = len(meant) > 1
    named = f"shot{'s' if many else ''} " + " and ".join(str(k + 1) for k in meant) + (" last " if many else " lasts ")
    if sum(new) > LONGEST_S:
        made.missed.append("A film lasts at most three hours")
        return
    if own_clock(made):
        laid(made, new)
        after = made.spans()
        lasts = ", ".join(f"{after[k][1] - after[k][0]:.1f} s" for k in meant[:3])
        made.told(f"{named}{lasts}, so the film lasts {made.duration_s:.1f} s", "cuts")
        return
    # A creator's track does not move: the next shot (or the one before) gives or takes the time.
    for k in meant:
        other = k + 1 if k + 1 < len(lengths) else k - 1
        if other < 0:
            made.missed.append("The one shot lasts as long as your track")
            return
        give = min(new[k] - lengths[k], lengths[other] - LEAST_SHOT_S)
        lengths[k], lengths[other] = lengths[k] + give, lengths[other] - give
    laid(made, lengths)
    made.told(f"{named}{', '.join(f'{lengths[k]:.1f} s' for k in meant[:3])}; the shot beside gave the time",
              "cuts")


def own_clock(made: Changed) -> bool:
    """Whether the film's length is its own: no track of the creator's holds it."""
    return made.document["score"] is not None or not str(made.document["music"]["source"]).startswith("ref:")


def resized(made: Changed, wanted_s: float) -> None:
    """The whole film in another length: every shot in proportion where the music is ours, cut off where it is not."""
    spans, old = made.spans(), made.duration_s
    if abs(wanted_s - old) < 0.05:
        made.same = True
        return
    if own_clock(made):
        laid(made, [(end - start) * wanted_s / old for start, end in spans], wanted_s)
        made.told(f"the film lasts {round(wanted_s, 1):g} s, every shot in proportion", "cuts")
        return
    lines = made.music.downbeats_s
    longest = max(old, lines[-1] if lines else old)
    if wanted_s > longest + 0.05:
        made.missed.append(f"Your track lasts {longest:.1f} seconds, so the film cannot last {round(wanted_s, 1):g}")
        return
    keep = [(start, min(end, wanted_s)) for start, end in spans]
    laid(made, [max(0.0, end - start) for start, end in keep], wanted_s)
    made.told(f"the film ends after {round(wanted_s, 1):g} s of your track", "cuts")


def _cut_out(made: Changed, where: Where) -> None:
    """The stretches that are meant are gone; the film is shorter by them."""
    spans, old = made.spans(), made.duration_s
    new = [end - start - sum(max(0.0, min(end, high) - max(start, low)) for low, high in where.windows or ())
           for start, end in spans]
    if not own_clock(made):
        made.missed.append("Nothing can be cut out of your own track here; cut it in the file")
    elif sum(new) < 0.5:
        made.missed.append("That would leave nothing of the film")
    else:
        laid(made, [max(0.0, length) for length in new])
        made.told(f"what was {where.words} is gone, so the film lasts {made.duration_s:.1f} s instead of {old:.1f}",
                  "cuts")


def _trimmed(made: Changed, found: re.Match[str], count: Callable[[str, str], float]) -> None:
    spans, old = made.spans(), made.duration_s
    if found["kw"]:
        kept = float(count(found["kn"], found["ku"]))
        head, amount = found["kw"] == "last", old - kept
    else:
        head, amount = found["which"] in ("first", "opening"), float(count(found["n"], found["u"]))
    if not 0 < amount < old - 0.5:
        made.missed.append(f"The film lasts {old:.1f} seconds, so that cannot be cut off")
        return
    if not own_clock(made) and head:
        made.missed.append("The film begins with your track; cut the track's beginning off in the file")
        return
    low, high = (amount, old) if head else (0.0, old - amount)
    laid(made, [max(0.0, min(end, high) - max(start, low)) for start, end in spans], high - low)
    made.told(f"the {'first' if head else 'last'} {round(amount, 1):g} s are gone", "cuts")


def laid(made: Changed, lengths: Sequence[float], duration_s: float | None = None) -> None:
    """Shots laid one after the other in new lengths (seconds, one a shot; 0 leaves a shot out). Cuts fall on beats if
    the music is ours, its sections grow and shrink with the shots they hold, and what did not move keeps its place."""
    from agent.talk_change import relink

    old = made.spans()
    score: dict[str, Any] = made.document["score"] or {}
    ours = bool(score) and made.document["music"]["source"] == "score"
    ends: list[float] = [float(t) for t in np.cumsum(list(lengths))]
    total = duration_s if duration_s is not None else ends[-1]
    beat_s = 60.0 / float(score["tempo_bpm"]) if ours else 0.0
    if ours and duration_s is None and abs(total - made.duration_s) > 1e-6:
        # The film ends with a whole bar, as its music does.
        bar_s = beat_s * int(score["beats_per_bar"])
        bars, old_bars = max(1, round(total / bar_s)), round(made.duration_s / bar_s)
        if bars == old_bars and abs(total - made.duration_s) > 0.05 * bar_s:
            # What was asked for shows: a little longer is a bar longer, a little shorter a bar shorter.
            bars = max(1, bars + (1 if total > made.duration_s else -1))
        total = bars * bar_s
    starts = [0.0, *ends[:-1]]
    moved = [abs(start - was[0]) > 1e-6 for start, was in zip(starts, old, strict=True)]
    if ours:
        starts = [round(start / beat_s) * beat_s if hit and start > 0 else start
                  for start, hit in zip(starts, moved, strict=True)]
    keep = [k for k, length in enumerate(lengths) if length > 1e-6 and starts[k] < total - 0.2]
    keep = [k for at, k in enumerate(keep) if at == 0 or starts[k] - starts[keep[at - 1]] > 0.2]
    points = [(0.0, 0.0), *((old[k][0], starts[k]) for k in range(1, len(old))), (made.duration_s, total)]
    if ours:
        _sections(made, points, total)
    made.document["duration_s"] = round(total, 6)
    grid = grid_of(made.music)
    ending = made.shots[-1]["ending"]
    new_starts = [starts[k] if at else 0.0 for at, k in enumerate(keep)]
    new_ends = [*new_starts[1:], total]
    shots = [made.shots[k] for k in keep]
    for shot, start, end, k in zip(shots, new_starts, new_ends, keep, strict=True):
        if abs(start - old[k][0]) < 1e-6 and abs(end - old[k][1]) < 1e-6 and shot is not shots[-1]:
            continue
        if shot["span"]["bars"] is not None:
            bars = [round(grid.bar_of(start), 4), round(grid.bar_of(end), 4)]
            shot["span"]["bars"] = [bars[0], max(bars[1], bars[0] + 0.01)]
        else:
            shot["span"]["s"] = [round(start, 4), round(max(end, start + 0.05), 4)]
    shots[-1]["ending"] = ending
    if shots[0]["cut"] == "dissolve":
        shots[0]["cut"] = "hard"
    made.document["shots"] = shots
    numbers: list[int | None] = [keep.index(k) if k in keep else None for k in range(len(old))]
    relink(made, numbers)


def _sections(made: Changed, points: Sequence[tuple[float, float]], total: float) -> None:
    """Our own music follows: each section keeps its place among the cuts, in whole bars."""
    score = made.document["score"]
    spec = ScoreSpec.model_validate(score)
    bars = max(1, math.ceil(total / spec.bar_s - 1e-6))
    was, now = [p[0] for p in points], [p[1] for p in points]
    edges = np.cumsum([0, *(section["bars"] for section in score["sections"])]) * spec.bar_s
    mapped = [round(float(np.interp(t, was, now)) / spec.bar_s) for t in edges]
    mapped[-1] = bars
    counts = [max(0, b - a) for a, b in pairwise(mapped)]
    sections = [section | {"bars": min(512, count)} for section, count in zip(score["sections"], counts, strict=True)
                if count]
    missing = bars - sum(section["bars"] for section in sections)
    if sections and missing > 0:
        sections[-1]["bars"] = min(512, sections[-1]["bars"] + missing)
    score["sections"] = sections or [score["sections"][0] | {"bars": min(512, bars)}]
    made.document["music"] = music_of(ScoreSpec.model_validate(score), total).model_dump(mode="json")


__all__ = ["laid", "lengths_said", "own_clock", "resized"]
