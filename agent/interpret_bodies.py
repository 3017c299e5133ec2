"""Who is in the film, and how: number, size, speed, colour and gait taken from the words around a body's name."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field
from typing import Any

from agent.interpret_text import Match, Token
from agent.lexicon import bodies as table
from agent.lexicon import words
from agent.lexicon.tables import word_set

MOST = 48
_ATTRIBUTES = ("size", "speed", "gait", "group", "colour", "degree", "glow", "mood", "weird")
# Owner's words after which the owner itself is in the picture.
_OWNS_A_DEED = word_set(
    "flight journey walk path day life travel travels adventure trip voyage dance pov wing wings ride song"
)
_LIKE = word_set("like resembling resembles wie comme como")
_CAMERA_TALK = word_set("camera shot drone view we lens pov kamera shots")
_MOVING = ("fly_through", "orbit", "crane_up", "crane_down", "truck", "follow", "dolly_in", "reveal", "bee_cam")
_STILL_CAMERA = word_set(
    "drone aerial fpv crane jib dolly tracking push pull zoom pan tilt reveal 360 turntable parallax helicopter "
    "behind travelling"
)
_PLURAL_VERB = word_set("gather fly swim dance drift float run walk roam glide hover")


@dataclass
class Cast:
    """One body as it was asked for. at: index of the token of its name."""

    kind: str
    word: str
    at: int
    near: bool
    confidence: float
    negated: bool
    said: str
    record: dict[str, Any] = field(default_factory=dict)


def cast_of(tokens: list[Token], matches: list[Match]) -> tuple[list[Cast], set[int], list[str]]:
    """(the bodies, the matches used up as their attributes, notes)."""
    cast: list[Cast] = []
    used: set[int] = set()
    notes: list[str] = []
    for n, match in enumerate(matches):
        sense = match.sense("body")
        if sense is None or not _stands_for_itself(tokens, matches, n):
            if sense is not None:
                used.add(n)
            continue
        one = Cast(str(sense.value), match.text, match.j - 1, sense.near, sense.confidence, match.negated, match.text)
        left, first = _left(tokens, matches, n)
        right = _right(tokens, matches, n)
        _describe(one, tokens, matches, left, right, notes)
        used.update(left)
        used.update(k for k in right if matches[k].has("gait"))
        one.said = " ".join(t.word for t in tokens[first : match.j])
        cast.append(one)
    _share(cast, tokens)
    return _merged(cast), used, notes


def _stands_for_itself(tokens: list[Token], matches: list[Match], n: int) -> bool:
    """Not in "like a fox", "a fox's memory", "the sound of birds", "fish-shaped"."""
    match = matches[n]
    i, j = match.i, match.j
    k = i - 1
    while (
        k >= 0
        and (tokens[k].word in words.DETERMINERS or any(m.i <= k < m.j and m.has(*_ATTRIBUTES) for m in matches))
        and not tokens[k + 1].gap
    ):
        k -= 1
    before = tokens[k].word if k >= 0 and not tokens[k + 1].gap else ""
    if before in _LIKE and not (k > 0 and tokens[k - 1].word in ("things", "animals", "creatures", "looks", "would")):
        return False
    if (
        before == "of"
        and k > 0
        and tokens[k - 1].stem
        in (
            "sound",
            "shape",
            "song",
            "call",
            "noise",
            "cry",
            "form",
            "style",
            "feeling",
            "dream",
            "memory",
            "story",
            "idea",
            "symbol",
            "size",
            "height",
            "length",
        )
    ):
        return tokens[k - 1].stem in ("story", "dream", "memory", "idea", "song")
    following = next((m for m in matches[n + 1 : n + 2] if m.i == j and m.has("body") and not tokens[j].gap), None)
    if following is not None and not tokens[j - 1].plural:
        return False  # "umbrella crowd": the first only says what kind of crowd
    if j < len(tokens) and tokens[j].word == "s" and not tokens[j].gap:
        owned = tokens[j + 1].stem if j + 1 < len(tokens) else ""
        return owned in _OWNS_A_DEED
    return not (
        j < len(tokens)
        and tokens[j].word in ("shaped", "like", "style", "themed", "colours", "colour", "sounds", "sound", "view")
        and not tokens[j].gap
        and tokens[j].word != "like"
    )


def _left(tokens: list[Token], matches: list[Match], n: int) -> tuple[list[int], int]:
    """Indices of attribute matches in the words before the name, and the first token of the phrase."""
    out: list[int] = []
    k = matches[n].i - 1
    m = n - 1
    while k >= 0 and matches[n].i - k < 9:
        if tokens[k + 1].gap == "." or (
            tokens[k + 1].gap == ","
            and not (m >= 0 and matches[m].j == k + 1 and matches[m].has("size", "colour", "speed", "glow"))
        ):
            break
        if m >= 0 and matches[m].j == k + 1:
            if not matches[m].has(*_ATTRIBUTES) or (
                matches[m].has("body", "camera", "setting", "weather") and not matches[m].has("colour", "gait", "size")
            ):
                break
            out.append(m)
            k, m = matches[m].i - 1, m - 1
            continue
        word = tokens[k].word
        if word in words.DETERMINERS or word in words.NUMBERS or word.isdigit():
            k -= 1
            if word.isdigit() or word in words.NUMBERS:
                continue
            break
        # One unknown adjective may stand between ("a red paper boat"); little words end the phrase.
        if (
            word in words.PREPOSITIONS
            or word in words.SCOPE_ENDS
            or (word in words.STOP and not word.endswith(("y", "ing", "ed", "ful")))
            or word in ("and", "or")
        ):
            break
        k -= 1
    return out, k + 1


def _right(tokens: list[Token], matches: list[Match], n: int) -> list[int]:
    """Indices of gait and speed matches in the words after the name, up to the next body or stop."""
    out: list[int] = []
    for m in range(n + 1, len(matches)):
        match = matches[m]
        between = tokens[matches[n].j : match.i + 1]
        if any(t.gap == "." for t in between) or match.i - matches[n].j > 5 or match.has("body"):
            break
        if any(t.gap == "," for t in between) and not match.has("gait"):
            break
        if match.has("gait", "speed"):
            out.append(m)
    return out


def _describe(
    one: Cast, tokens: list[Token], matches: list[Match], left: list[int], right: list[int], notes: list[str]
) -> None:
    record: dict[str, Any] = {"kind": one.kind, "word": one.word}
    first = matches[left[-1]].i if left else one.at
    count = _count(one, tokens, matches, left, notes)
    if count is not None:
        record["count"] = count
    degree = 1.0
    for k in reversed(left):
        match = matches[k]
        if (size := match.sense("size")) is not None:
            record["size"] = _stronger(float(size.value), degree)
        if (speed := match.sense("speed")) is not None:
            record["speed"] = _stronger(float(speed.value), degree)
        if (colour := match.sense("colour")) is not None:
            record["colour"] = str(colour.value)
        if match.has("glow"):
            record["glow"] = 0.8
        if (gait := match.sense("gait")) is not None:
            _goes(record, str(gait.value))
        degree = 2.0 if (strong := match.sense("degree")) is not None and float(strong.value) >= 0.9 else 1.0
    for k in right:
        match = matches[k]
        if (gait := match.sense("gait")) is not None and not match.negated:
            _goes(record, str(gait.value))
        if (speed := match.sense("speed")) is not None:
            record.setdefault("speed", float(speed.value))
    one.record = record
    one.said = " ".join(t.word for t in tokens[first : one.at + 1])


def _goes(record: dict[str, Any], gait: str) -> None:
    """ "Swims in circles": the plain going on gives way to how it goes; else what is said first counts."""
    if record.get("gait", "cruise") == "cruise":
        record["gait"] = gait


def _stronger(factor: float, degree: float) -> float:
    return round(factor if degree == 1.0 else (factor * 0.7 if factor < 1 else factor * 1.4), 3)


def _count(one: Cast, tokens: list[Token], matches: list[Match], left: list[int], notes: list[str]) -> int | None:
    start = min([matches[k].i for k in left] + [one.at])
    n: int | None = None
    for k in left:
        if (group := matches[k].sense("group")) is not None:
            n = int(group.value)
    for token in reversed(tokens[max(0, start - 2) : one.at]):
        if token.word.isdigit():
            n = int(token.word)
            break
        if token.word in words.NUMBERS and n is None:
            n = words.NUMBERS[token.word]
    name = tokens[one.at]
    if n is None and (name.plural or (name.word in _PLURAL_VERB)):
        n = table.PLURAL_COUNT.get(one.kind, 3)
    if (
        n is None
        and start > 0
        and tokens[start - 1].word in ("a", "an", "one", "single", "lone", "ein", "eine", "un", "une", "una")
    ):
        n = 1
    if n is None:
        return None
    if n > MOST:
        notes.append(f"{n} {one.word}: {MOST} are shown")
    elif n == MOST and any((g := matches[k].sense("group")) is not None and int(g.value) == MOST for k in left):
        notes.append(f"'{one.word}' beyond counting: {MOST} are shown")
    return max(1, min(MOST, n))


def _share(cast: list[Cast], tokens: list[Token]) -> None:
    """ "A fox and a bee dancing": what the last of the pair does, both do."""
    for before, after in itertools.pairwise(cast):
        between = [t.word for t in tokens[before.at + 1 : after.at]]
        if "and" in between and len(between) <= 4 and "gait" in after.record and "gait" not in before.record:
            before.record["gait"] = after.record["gait"]


def _merged(cast: list[Cast]) -> list[Cast]:
    """The same word said twice is one body, with everything said of it."""
    return cast


def as_gait(match: Match, tokens: list[Token], matches: list[Match]) -> bool:
    """Whether a camera verb tells what a body does: "a bird soaring over the lake" moves the bird, not the camera."""
    camera = match.sense("camera")
    if camera is None or camera.value not in _MOVING or tokens[match.i].word in _STILL_CAMERA:
        return False
    for k in range(match.i - 1, max(-1, match.i - 6), -1):
        if (
            tokens[k + 1].gap == "."
            or tokens[k].word in _CAMERA_TALK
            or tokens[k].word in ("over", "around", "with", "and")
        ):
            return False
        body = next((m for m in matches if m.i <= k < m.j and m.has("body")), None)
        if body is not None:
            return True
        if any(m.i <= k < m.j and m.has("camera", "setting", "look") for m in matches):
            return False
    return False
