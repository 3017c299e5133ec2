"""Questions about a film answered from what is written down: purposes, sections, reasons, what differs."""

from __future__ import annotations

import re
from collections.abc import Callable

import numpy as np

from agent.direction import Direction
from agent.director_words import clock
from agent.talk_facts import fact, hour_word, whole_words
from agent.talk_holding import names_in, shows
from agent.talk_places import where_in
from agent.talk_takes import before, shot_named, take_named
from agent.talk_types import KnownTake, Standing, Turn
from agent.unroll_spans import spans_s

_ASKS = re.compile(r"^(?:why|what|how come|how (?:long|many|fast|big|much)|which|who|where|when|is (?:it|there|this)|"
                   r"are (?:there|they)|does (?:it|the)|did you|whose)\b")
_WISHES = re.compile(r"^what (?:if|about)|^how about|^why (?:not|don't)|^what i (?:don't|do not|want|would|really)|"
                     r"^who cares")
_MEASURES: tuple[tuple[str, str, Callable[[Direction], float]], ...] = (
    (r"bright|light", "brightest", lambda d: _mean(d,
        lambda s: s.world.light.exposure_ev - (2.0 if _dark(s.world.light.time_h) else 0.0))),
    (r"dark|dim", "darkest", lambda d: -_mean(d,
        lambda s: s.world.light.exposure_ev - (2.0 if _dark(s.world.light.time_h) else 0.0))),
    (r"longe|long", "longest", lambda d: d.duration_s), (r"short", "shortest", lambda d: -d.duration_s),
    (r"fast|quick|wild|live", "fastest", lambda d: _mean(d, lambda s: s.camera.speed)),
    (r"slow|calm|quiet", "calmest", lambda d: -_mean(d, lambda s: s.camera.speed)),
    (r"colou?rful|satur|vivid", "most colourful",
     lambda d: _mean(d, lambda s: s.world.palette.chroma * (s.world.palette.name != "mono"))),
    (r"warm", "warmest", lambda d: _mean(d, lambda s: s.world.style.get("warmth", 0.0))),
    (r"rain|wet", "rainiest", lambda d: _mean(d, lambda s: s.world.weather.rain)),
    (r"weird|strange", "weirdest", lambda d: d.weird), (r"clos", "closest",
        lambda d: _mean(d, lambda s: {"wide": 0, "full": 1, "medium": 2, "close": 3, "detail": 4}[s.camera.scale])))


_HELP = ("Say what should change: place, weather, light, look, colours, bodies, camera, shots, length or music; or "
         "undo, "
         "back to a take, parts of two takes in one, or four others.")
_THANKS = re.compile(r"^(?:(?:ok(?:ay)?|perfect|great|thanks?(?: you)?(?: (?:so|very) much)?|hello|hi|hey|nice|cool|"
                     r"good|wow|"
                     r"awesome|lovely|beautiful|wonderful|excellent|amazing|yes|no|fine|super|so|very|really|it's|"
                     r"that's|that is|"
                     r"i|love|like|it|this|that|looks?|much|better|well done|bravo|there)[ ,!.]*)+$")


def _dark(hour: float) -> bool:
    return hour % 24 >= 20.2 or hour % 24 <= 5


def _mean(direction: Direction, value: Callable[..., float]) -> float:
    lengths = [end - start for start, end in spans_s(direction)]
    return float(np.average([value(shot) for shot in direction.shots], weights=np.maximum(lengths, 1e-6)))


def explained(line: str, standing: Standing, here: KnownTake) -> Turn | None:
    """The answer to a question; None where the line asks for something to be done."""
    if line.strip(" ?") in ("help", "help me"):
        return _answer(here, _HELP)
    if _THANKS.match(line):
        return _answer(here, f"{here.id} stays as it is; say what should change, or “star it” to keep it in sight.")
    if not _ASKS.match(line) or _WISHES.match(line):
        return None
    line = line.strip(" ?!.")
    if re.search(r"\bwhat (?:can|could|should) (?:i|you|we)\b", line):
        return _answer(here, _HELP)
    found = re.match(r"which (?:one|take|version|of (?:them|these|the two))?.*?\b(?:is|was|has|"
                         r"looks) (?:the )?(?P<how>.+)$", line)
    if found and (said := _compared(found["how"], standing)) is not None:
        return _answer(here, said)
    take, rest = take_named(line, standing)
    if re.search(r"\b(?:differen|differs?|changed?|change|compare|do|done)\b|\bdifferen", line) and re.match(
        r"what|how|which|did", line):
        return _answer(take or here, _differs(line, take, standing, here))
    take = take or here
    direction = take.direction
    at, _, wrong = shot_named(rest, len(direction.shots))
    if wrong:
        return _answer(take, wrong)
    if re.search(r"\bcuts?\b|\bcutting\b", line) and re.match(r"why|how come", line):
        return _answer(take, _why_cut(direction, at, line))
    if said := fact(line, take, at):
        return _answer(take, said)
    if line.startswith(("what", "who")) and at is not None:
        return _answer(take, _shot_words(direction, at))
    if (found := re.match(r"(?:is|are|does|did|do)\b(?: (?:there|it|this|they|the|any))* (?P<what>.+)$", line)) and \
            (names := names_in(found["what"])):
        held = [str(k + 1) for k, shot in enumerate(direction.shots) if shows(shot, names)]
        where = f"in shot{'s' if len(held) > 1 else ''} {', '.join(held)}"
        where = "in every shot" if len(held) == len(direction.shots) else where
        return _answer(take, f"Yes, {where}." if held else f"No, {take.id} shows no {found['what']}.")
    if not re.match(r"why|how come", line):
        return _answer(take, f"That is not written in the film's Direction; it shows {whole_words(direction)}.")
    return _answer(take, _because(line, take, standing))


def _compared(how: str, standing: Standing) -> str | None:
    found = next(((word, value) for pattern, word, value in _MEASURES if re.search(rf"\b{pattern}", how)), None)
    if found is None or len(standing.takes) < 2:
        return None
    word, value = found
    rated = sorted(((value(take.direction), take.id) for take in standing.takes[-12:]), reverse=True)
    if abs(rated[0][0] - rated[-1][0]) < 1e-6:
        return f"None is the {word}; the takes are alike in that."
    return f"{rated[0][1]} is the {word}, {rated[-1][1]} the least so."


def _differs(line: str, take: KnownTake | None, standing: Standing, here: KnownTake) -> str:
    if re.search(r"\bwhat (?:did|have) you (?:change|do)", line) or take is None or take.id == here.id:
        other = before(standing)
        if other is None:
            return f"{here.id} is the first take of this request; nothing was changed."
        why = here.reason or "another take of the same request"
        return f"{here.id}: {why}; against {other.id} {difference(other.direction, here.direction)}."
    return f"Against {take.id}, {here.id} differs in this: {difference(take.direction, here.direction)}."


def difference(was: Direction, now: Direction) -> str:
    """What two films differ in, in a few words."""
    said: list[str] = []
    if abs(was.duration_s - now.duration_s) > 0.05:
        said.append(f"it lasts {now.duration_s:.0f} s, not {was.duration_s:.0f}")
    if len(was.shots) != len(now.shots):
        said.append(f"it has {len(now.shots)} shots, not {len(was.shots)}")
    for name in ("rain", "snow", "fog", "storm", "dust", "aurora", "cloud"):
        a, b = (_mean(d, lambda s, n=name: max([getattr(s.world.weather, n), *(v for _, v in s.curves.get(
            f"/world/weather/{n}", ()))]))
                for d in (was, now))
        if abs(a - b) > 0.1:
            said.append(f"there is {'more' if b > a else 'less'} {name}")
    for kind in dict.fromkeys(body.kind for shot in now.shots for body in shot.world.bodies):
        a, b = (max((body.count for shot in d.shots for body in shot.world.bodies if body.kind == kind), default=0)
                for d in (was, now))
        if a and a != b:
            said.append(f"there are {b} of the {kind}, not {a}")
    for word, get in (("the place", lambda s: "/".join(sorted(k for k, v in s.world.place.items() if v >= 0.3))),
                      ("the look", lambda s: s.world.look),
                      ("the colours", lambda s: s.world.palette.name), ("the camera move", lambda s: s.camera.move),
                      ("the bodies", lambda s: ", ".join(sorted(b.kind for b in s.world.bodies)) or "nobody")):
        one, two = ([get(shot) for shot in d.shots] for d in (was, now))
        if set(one) != set(two) or (len(one) == len(two) and one != two):
            fresh = [name for name in dict.fromkeys(two) if name not in one]
            said.append(f"{word} {'are' if word.endswith('s') else 'is'} " + (", ".join(fresh[:3]).replace("_", " ")
                                                                              if fresh else
                "shared out otherwise"))
    for word, get2, least in (("brighter", lambda s: s.world.light.exposure_ev, 0.1),
                              ("faster in the camera", lambda s: s.camera.speed, 0.05),
                              ("warmer", lambda s: s.world.style.get("warmth", 0.0), 0.05),
                              ("more colourful", lambda s: s.world.palette.chroma, 0.05),
                              ("closer", lambda s: {"wide": 0, "full": 1, "medium": 2, "close": 3,
                                                    "detail": 4}[s.camera.scale], 0.1)):
        step = _mean(now, get2) - _mean(was, get2)
        if abs(step) > least:
            said.append(f"it is {word}" if step > 0
                        else f"it is less {word}".replace("less brighter", "darker").replace(
                "less faster in the camera", "slower in the camera").replace("less warmer",
                    "cooler").replace("less more", "less").replace(
                    "less closer", "wider"))
    hours = [hour_word(d.shots[len(d.shots) // 2].world.light.time_h) for d in (was, now)]
    if hours[0] != hours[1]:
        said.append(f"it is {hours[1]}, not {hours[0]}")
    if was.score and now.score and was.score != now.score:
        said.append("the music is another")
    return "; ".join(said[:6]) or "nothing that shows"


def _why_cut(direction: Direction, at: int | None, line: str) -> str:
    spans = spans_s(direction)
    where, _ = where_in(line, direction)
    if at is None and where.windows:
        moment = where.windows[0][0]
        at = min(range(len(spans)), key=lambda k: abs(spans[k][0] - moment))
    at = at if at is not None else min(1, len(spans) - 1)
    if at == 0:
        return "There is no cut: shot 1 begins the film."
    shot, start_s = direction.shots[at], spans[at][0]
    section = next((s for s in direction.music.sections if shot.span.bars
                    and abs(s.bars[0] - shot.span.bars[0]) < 0.05), None)
    reason = f"where the {section.name} of the music begins" if section is not None else (
        f"on a beat inside the {shot.section}" if shot.section and shot.span.bars else "in this stretch")
    return f"Shot {at + 1} begins at {clock(start_s)}, {reason}, to {shot.purpose}."


def _shot_words(direction: Direction, at: int) -> str:
    shot = direction.shots[at]
    who = ", ".join(body.shown_as or body.kind for body in shot.world.bodies) or "nobody"
    place = " and ".join(shot.world.place)
    return (f"Shot {at + 1} shows {who} in the {place.replace('_', ' ')}, {shot.camera.scale}, with the camera move "
            f"{shot.camera.move.replace('_', ' ')}.")


def _because(line: str, take: KnownTake, standing: Standing) -> str:
    words = set(re.findall(r"[a-z]{3,}", line)) - {"why", "the", "there", "did", "you", "are", "how", "come", "does",
                                                   "this", "that"}
    for trait in take.brief.traits:
        if words & set(re.findall(r"[a-z]{3,}", f"{trait.because} {trait.value} {trait.axis}".lower())):
            return f"Because of “{trait.because}” in the request."
    names = set(names_in(re.sub(r"^(?:why|how come)\b", "", line)))
    older: KnownTake | None = take
    while older is not None and older.parent:
        # An edit on the way here may have brought it.
        if older.reason and names & set(names_in(older.reason[:300])):
            return f"Because you said “{older.reason[:120]}”."
        older = standing.take(older.parent)
    stems = {word[:4] for word in words}
    if take.reason and stems & {word[:4] for word in re.findall(r"[a-z]{3,}", take.reason.lower())}:
        return f"Because you said “{take.reason[:120]}”."
    for trait in take.brief.traits:
        if stems & {word[:4] for word in re.findall(r"[a-z]{3,}", f"{trait.because} {trait.value}".lower())}:
            return f"Because of “{trait.because}” in the request."
    return f"Nothing in the request asked for it; it was chosen to go with “{take.brief.goal[:120]}”."


def _answer(take: KnownTake, said: str) -> Turn:
    return Turn(kind="answer", parent=take.id, said=said)


__all__ = ["difference", "explained"]
