"""The camera on somebody, in words: "closer on the whale", "move in slowly on him", "the girl bigger in frame".

Whoever is named is there already: the camera turns to them in the shots that show them, and nobody is added.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from agent.talk_change import Changed, Where, whole_inside
from agent.talk_whom import bodies_of, kind_meant, nobody
from agent.taste import SCALE_ORDER
from world_model.vocabulary import MEDIUM

_A = r"(?:the |a |an |that |this |our |my )?"
_WHO = r"(?P<who>[a-z][\w'-]*(?: [a-z][\w'-]*){0,2}?)"
_GO = (r"(?:make |let |have |go |get |move |come |cut |be |bring |take |the camera |it |the |view |shot |should |"
       r"could )*")
_MUCH = r"(?:(?:a |much |a bit |a little |even |way |far |slightly |slowly |some )*)"
_END = r"(?: (?:please|more|now|there|with the camera|slowly|gently))*$"
_CLOSER = re.compile(
    rf"^{_GO}{_MUCH}(?:in )?(?:closer|nearer|tighter)(?: in| up)? (?:on|to|at|onto|around|with) {_A}{_WHO}{_END}|"
    rf"^(?:slowly |gently )?zoom(?:ed|ing)? in(?: closer)? (?:on|to|onto) {_A}{_WHO.replace('who', 'w2')}{_END}")
_WIDER = re.compile(
    rf"^{_GO}{_MUCH}(?:wider|further (?:away|back|off)|farther (?:away|back|off)|looser) (?:on|from|around|of) "
    rf"{_A}{_WHO}{_END}|^zoom(?:ed|ing)? out(?: further)? (?:from|of) {_A}{_WHO.replace('who', 'w2')}{_END}")
_SIZE = re.compile(
    rf"^(?:make |let |have |i want |should |could |can )*{_A}{_WHO} (?:to |should |could |must |can |be |look |appear |"
    rf"seem |is |are |a |bit |little |much |even |slightly )*(?P<how>bigger|larger|smaller)(?: and closer)? in "
    rf"(?:the )?"
    rf"(?:frame|picture|image|shot|view)s?{_END}")
_FAR = re.compile(rf"^(?:{_A}(?P<who>[a-z][\w-]*) (?:is|are|looks?|seems?) (?:too |so |very )*(?:far(?: away| off)?|"
                  rf"small in "
                  rf"(?:the )?(?:frame|picture|shot)))$")
_BARELY = re.compile(rf"^i? ?(?:can (?:barely|hardly)|can't|cannot|can not)(?: really)? (?:see|make out) "
                     rf"{_A}(?P<who>[a-z][\w-]*)$")
_IN = re.compile(rf"^(?:let |have |the |camera |should |please |slow |slowly |gently |a )*"
                 rf"(?P<way>move|push|dolly|track|creep|travel|glide|go|moves|pushes)(?: slowly| gently)? in"
                 rf"(?: slowly| gently| closer)* (?:on|to|towards?|at) {_A}{_WHO}{_END}")
_OUT = re.compile(rf"^(?:let |have |the |camera |should |please |slow |slowly |gently |a )*"
                  rf"(?P<way>move|pull|dolly|track|creep|travel|glide|go|step)(?: slowly| gently)? (?:out|back|away)"
                  rf"(?: slowly| gently)* (?:from|off) {_A}{_WHO}{_END}")


_SPOT = re.compile(rf"^(?:put |place |move |have |show |let |make |set )*{_A}{_WHO} (?:should |must |could |be |is |"
                   rf"stand |go |more |"
                   r"rather )*(?:on|to|at|in) the (?P<side>left|right|cent(?:re|er)|middle)(?: side| hand side| "
                   r"edge| third|"
                   r" half)?(?: of (?:the )?(?:frame|picture|screen|image|shot))?$")
_ACROSS = {"left": 0.28, "right": 0.72}
_DOWN = {"ground": 0.64, "surface": 0.62, "air": 0.42, "water": 0.55, "sky": 0.3}
_FACED = re.compile(
    rf"^(?:let |have |make )?(?:{_A}{_WHO} )?(?:should |must |could |to |can )*(?:(?:run|walk|fly|swim|drive|come|"
    rf"go|move|"
    r"look|turn|ride|sail)s?(?: straight| right| over| round| around)* (?:towards?|to|at|up to|into) (?:us|me|the "
    r"camera|the "
    r"lens|the viewer)|face (?:us|the camera))$|^(?:seen |film |show |from )*(?:(?P<w2>[a-z]+) )?(?:from the front|"
    r"face on|"
    r"head on)$")
_AWAY = re.compile(rf"^(?:let |have |make )?{_A}{_WHO} (?:should |must |could |to |can )*(?:run|walk|fly|swim|drive|"
                   rf"go|move|"
                   r"ride|sail)s? away(?: from (?:us|me|the camera))?$")
_SIDE = re.compile(rf"^(?:see |seen |film |show |view )*(?:{_A}{_WHO} )?(?:from the side|in profile|side view|side "
                   rf"on)$")


def framed_said(made: Changed, text: str, where: Where, strength: float, spoken: Sequence[str]) -> str:
    """Does what a clause says of how the camera sees somebody; returns what is left, the whole clause where it is about
    something else."""
    text = " ".join(text.split())
    text = _BARELY.sub(r"closer on the \g<who>", _FAR.sub(r"closer on the \g<who>", text))
    for pattern, step, move in ((_CLOSER, 1, None), (_WIDER, -1, None), (_SIZE, 1, None), (_IN, 0, "dolly_in"),
                                (_OUT, 0, "dolly_out")):
        found = pattern.match(text)
        if found is None:
            continue
        groups = found.groupdict()
        who = groups.get("who") or groups.get("w2") or ""
        kind = kind_meant(made, who, spoken)
        if kind is None:
            if nobody(made, who) is None:
                continue
            return ""
        if groups.get("how") == "smaller":
            step = -1
        _seen(made, kind, where, step * (2 if strength > 1 else 1), move)
        return ""
    if (found := _SPOT.match(text)) and (kind := kind_meant(made, found["who"], spoken)):
        return _spotted(made, kind, where, found["side"])
    for pattern, degrees in ((_FACED, 180.0), (_AWAY, 0.0), (_SIDE, 90.0)):
        if found := pattern.match(text):
            who = next((value for value in found.groupdict().values() if value), "it")
            kind = kind_meant(made, who, spoken)
            return text if kind is None else _turned(made, kind, where, degrees)
    return text


def _spotted(made: Changed, kind: str, where: Where, side: str) -> str:
    """A kind of body on the left, on the right or in the middle of the picture as a shot begins; always all of a
    clause."""
    hit = False
    for _, body in bodies_of(made, kind, where):
        down = body["frame_at"][1] if body["frame_at"] else _DOWN.get(MEDIUM[kind], 0.55)
        at = [_ACROSS.get(side, 0.5), down]
        hit, body["frame_at"] = hit or body["frame_at"] != at, at
    if hit:
        spot = f"on the {side}" if side in _ACROSS else "in the middle"
        made.told(f"the {kind} is {spot} of the picture", "bodies")
    else:
        made.same = True
    return ""


def _turned(made: Changed, kind: str, where: Where, degrees: float) -> str:
    """The camera on a kind of body, seen from the front (180), the side (90) or behind (0); always all of a clause."""
    before = repr(made.document)
    for shot in whole_inside(made, where):
        body = next((one for one in shot["world"]["bodies"] if one["kind"] == kind), None)
        if body is not None:
            shot["camera"] |= {"target": body["id"], "view_deg": degrees}
    if repr(made.document) != before:
        made.told(f"the {kind} is seen from "
                  f"{'behind' if degrees < 45 else 'the side' if degrees < 135 else 'the front'}",
                  "camera")
    else:
        made.same = True
    return ""


def _seen(made: Changed, kind: str, where: Where, step: int, move: str | None) -> None:
    """The camera turned to a kind of body in the shots that show it: so many sizes closer, or moving in or out."""
    before, there = repr(made.document), False
    for shot in whole_inside(made, where):
        body = next((one for one in shot["world"]["bodies"] if one["kind"] == kind), None)
        if body is None:
            continue
        there = True
        camera: dict[str, Any] = shot["camera"]
        camera["target"] = body["id"]
        camera["scale"] = SCALE_ORDER[min(4, max(0, SCALE_ORDER.index(camera["scale"]) + step))]
        if move is not None:
            camera["move"] = move
    way = "moves in on" if move == "dolly_in" else "moves back from" if move else "is closer on" if step > 0 else \
        "is further from"
    said = f"the camera {way} the {kind}"
    if not there:
        made.missed.append(f"There is no {kind} there to look at")
    elif repr(made.document) != before:
        made.told(said, "camera")
    else:
        made.clamped.append(said.capitalize())


__all__ = ["framed_said"]
