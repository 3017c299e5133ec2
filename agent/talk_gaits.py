"""How bodies are and move, in words: bigger, glowing, standing still, faster, higher."""

from __future__ import annotations

import re
from collections.abc import Sequence

from agent.director_tables import GAIT_OF
from agent.talk_change import Changed, Where, inside, turn
from agent.talk_moves import strength_of
from agent.talk_whom import IT, bodies_of, kind_meant, nobody
from world_model.sim.motion import ALTITUDE_M
from world_model.vocabulary import BODY_SIZE_M

_SIZES = (("as (?:big|large|huge|tall) as .+", 3.0), ("as (?:small|tiny|little) as .+", 1 / 3),
          (r"bigger|larger|taller|longer|huger|too small|(?<=be )(?:big|large|tall)$", 1.6), ("huge|giant|gigantic|"
                                                                                              "enormous|massive", 3.0),
          (r"smaller|shorter|tinier|too (?:big|large)|(?<=be )(?:small|short)$", 1 / 1.6), ("tiny|minuscule|"
                                                                                            "miniature", 1 / 3),
          ("twice as (?:big|large)|double (?:the |its )?size", 2.0),
          ("half as (?:big|large)|half (?:the |its )?size", 0.5))
_PACES = "faster|quicker|slower|higher|lower"
_GLOW = re.compile(r"^(?:(?:make|let|have) )?(?:the )?(?P<who>[\w -]+?) (?:should |could |must |to |can |start to |"
                   r"be )*(?P<off>not |stop(?:s|ped)? )?"
                   r"(?P<g>glow(?:s|ing)?|shin(?:e|es|ing)|luminous|light(?:s)? up)(?: (?:more|brighter))?$|"
                   r"^(?P<w2>glowing) (?P<who2>[\w -]+)$")
_STANDS = re.compile(r"^(?:let |make |have )?(?:the )?(?P<who>[a-z][\w-]*(?: [\w-]+)??) (?:should |must |could |to "
                     r"|can |just |"
                     r"only )*(?:(?:stop|stops|stand|stands|sit|sits|stay|stays|wait|waits|pause|pauses|rest|rests|"
                     r"sleep|sleeps|"
                     r"freeze|freezes|lie|lies|halt|halts)(?: (?:still|down|there|moving|in place|quietly|quite still|"
                     r"running|walking|flying|swimming|dancing))*|(?P<goes>(?:move|moves|walk|walks|go|goes|run|runs)"
                     r"(?: on)? again|(?:start|starts|begin|begins|keep|keeps) (?:to move|moving|going|walking|"
                     r"running)))$")


def ways_said(made: Changed, text: str, where: Where, strength: float, spoken: Sequence[str]) -> str | None:
    """Does what a clause says of how somebody is or moves; None where it says nothing of that. spoken: the creator's
    earlier lines, oldest first, for what "it" stands for."""
    for act in (_sized, _glowing, _standing, _moving):
        rest = act(made, text, where, strength, spoken)
        if rest is not None:
            return rest
    return None


def _sized(made: Changed, text: str, where: Where, strength: float, spoken: Sequence[str]) -> str | None:
    for words, factor in _SIZES:
        found = re.search(rf"\b(?:{words})\b", text)
        if found is None:
            continue
        rest = re.sub(r"\b(?:make|the|should|be|is|are|could|much|a bit|bit|a|must|and|let|have|even|get|gets)\b|,",
                      " ",
                      f"{text[:found.start()]} {re.sub(r'^ than .*$', '', text[found.end():])}")
        words_left = " ".join(rest.split())
        kind = kind_meant(made, words_left or "it", spoken) or (
            kind_meant(made, re.sub(rf"\b{IT}\b", "", words_left).strip() or "it", spoken))
        if kind is None:
            return nobody(made, words_left)
        moved = False
        for _, body in bodies_of(made, kind, where):
            size = round(min(200.0, max(0.05, body["size_m"] * factor ** strength)), 3)
            moved = moved or size != body["size_m"]
            body["size_m"] = size
        said = f"the {kind} is {'bigger' if factor > 1 else 'smaller'}"
        if moved:
            made.told(said, "bodies")
        else:
            made.clamped.append(said.capitalize())
        return ""
    return None


def _glowing(made: Changed, text: str, where: Where, strength: float, spoken: Sequence[str]) -> str | None:
    found = _GLOW.match(text) or _GLOW.match(strength_of(text)[1])
    if found is None:
        return None
    who, off = found["who"] or found["who2"], bool(found["off"])
    who = re.sub(r"^(?:no|without) ", "", who)
    kind = kind_meant(made, who, spoken)
    if kind is None:
        return None if found["who2"] else nobody(made, who)
    moved = False
    for _, body in bodies_of(made, kind, where):
        glow = 0.0 if off else round(min(1.0, max(0.7 if strength >= 1 else 0.35, body["glow"] + 0.3 * strength)), 3)
        moved = moved or glow != body["glow"]
        body["glow"] = glow
    if moved:
        made.told(f"the {kind} {'no longer glows' if off else 'glows'}", "bodies")
    else:
        made.same = True
    return ""


def _standing(made: Changed, text: str, where: Where, strength: float, spoken: Sequence[str]) -> str | None:
    """ "The fox should stop": it stands; "let it move again": it goes on."""
    del strength
    found = _STANDS.match(text)
    if found is None or (kind := kind_meant(made, found["who"], spoken)) is None:
        return None
    hit, goes = False, found["goes"] is not None
    for _, body in bodies_of(made, kind, where):
        gait, speed = (GAIT_OF[kind] if goes else "still"), (max(float(body["speed"]), 0.6) if goes else 0.0)
        hit = hit or (body["gait"], body["speed"]) != (gait, speed)
        body["gait"], body["speed"] = gait, speed
    if hit:
        made.told(f"the {kind} {'moves again' if goes else 'stands still'}", "bodies")
    else:
        made.same = True
    return ""


def _moving(made: Changed, text: str, where: Where, strength: float, spoken: Sequence[str]) -> str | None:
    """"The bird flies faster", "the birds higher"."""
    found = re.search(rf"\b(?P<how>{_PACES})\b(?! (?:cuts?|shots?|music|camera|tempo))", text)
    if found is None:
        return None
    who = re.sub(r"\b(?:make|the|should|could|must|fly|flies|swim|swims|move|moves|go|goes|run|runs|be|is|are|to|let|"
                 r"a bit|much|walk|walks|drive|drives|up|much)\b",
                 " ", f"{text[:found.start()]} {re.sub(r'^ than .*$', '', text[found.end():])}")
    who = " ".join(who.split())
    kind = kind_meant(made, who, spoken) if who and not re.fullmatch(IT, who) else None
    if kind is None:
        return nobody(made, who) if len(who.split()) <= 2 else None
    how, moved = found["how"], False
    for shot, within in inside(made, where):
        for slot, body in enumerate(shot["world"]["bodies"]):
            if body["kind"] != kind:
                continue
            if how in ("higher", "lower"):
                factor = (1.7 if how == "higher" else 1 / 1.7) ** strength
                moved = turn(shot, f"/world/bodies/{slot}/height_m", lambda v, f=factor: min(200.0, max(-50.0, v * f)),
                             within,
                             max(0.5, ALTITUDE_M.get(kind, BODY_SIZE_M[kind]))) or moved
            else:
                factor = (1 / 1.5 if how == "slower" else 1.5) ** strength
                moved = turn(shot, f"/world/bodies/{slot}/speed", lambda v,
                             f=factor: min(4.0, max(0.0, max(v, 0.1) * f)),
                             within) or moved
    said = f"the {kind} moves {how}" if how in ("faster", "quicker", "slower") else f"the {kind} is {how}"
    if moved:
        made.told(said, "bodies")
    else:
        made.clamped.append(said.capitalize())
    return ""


__all__ = ["ways_said"]
