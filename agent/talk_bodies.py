"""Who is in the film, changed in words: another in the place of one, bigger, more of them, glowing, watched."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from agent.brief import Brief
from agent.director_cast import body_of
from agent.director_read import BodyWish, body_in
from agent.director_words import PLURALS
from agent.interpret import interpret
from agent.lexicon.words import NUMBERS
from agent.talk_change import Changed, Where, inside, turn, whole_inside
from agent.talk_moves import strength_of
from agent.talk_named import remove_bodies
from world_model.sim.motion import ALTITUDE_M
from world_model.vocabulary import BODY_SIZE_M

_IT = r"(?:it|them|him|her|they|that one|those|these|this one|he|she)"
_A = r"(?:an? |the |some |one |any )"
_SWAPS = tuple(re.compile(pattern) for pattern in (
    rf"^(?:replace|swap|exchange|substitute) (?:the )?(?P<old>.+?) (?:with|by|for|against) {_A}?(?P<new>.+)$",
    rf"^(?:instead of|rather than|in place of) (?:the |a |an )?(?P<old>[\w-]+(?: [\w-]+)??),? (?:make it |use |have |"
    rf"show |take |put )?{_A}?(?P<new>.+)$",
    rf"^(?:make it |use |have |show |take |put |i want |with )?{_A}?(?P<new>[\w -]+?) (?:instead of|rather than|"
    rf"in place of|not) (?:the |a |an )?(?P<old>.+)$",
    rf"^(?:make|turn|change|transform) (?:the )?(?P<old>.+?) (?:in)?to {_A}?(?P<new>.+)$",
    r"^(?:make|turn) (?:the )?(?P<old>[\w-]+) (?:an?|the|some) (?P<new>.+)$",
    r"^(?:the )?(?P<old>[\w-]+) (?:should|could|must|shall) (?:be|become|turn into) (?:an?|some) (?P<new>.+)$",
    rf"^(?:make it |use |have |show |take |put )?{_A}(?P<new>[\w -]+?) instead$"))
_SIZES = (("as (?:big|large|huge|tall) as .+", 3.0), ("as (?:small|tiny|little) as .+", 1 / 3),
          (r"bigger|larger|taller|longer|huger|too small|(?<=be )(?:big|large|tall)$", 1.6), ("huge|giant|gigantic|"
                                                                                              "enormous|massive", 3.0),
          (r"smaller|shorter|tinier|too (?:big|large)|(?<=be )(?:small|short)$", 1 / 1.6), ("tiny|minuscule|"
                                                                                            "miniature", 1 / 3),
          ("twice as (?:big|large)|double (?:the |its )?size", 2.0),
          ("half as (?:big|large)|half (?:the |its )?size", 0.5))
_GAITS = "faster|quicker|slower|higher|lower"
_COUNT = re.compile(rf"^(?:(?:make|have|show|there (?:are|should be)|i want|with|only|just) )*(?P<n>\d{{1,2}}|"
                    rf"{'|'.join(NUMBERS)}) of {_IT}$")
_MANY = re.compile(r"^(?:add |with |show |put |have |there (?:should|could) be |give (?:me|us) )*(?P<how>many more|"
                   r"more|fewer|less|a few more|twice as many|double the|"
                   r"half as many|(?:one |yet )?another|one more|a second|a third|two more|three more|only one|"
                   r"just one|a single|too many|not enough)"
                   r" (?P<who>[\w -]+?)(?: please)?$")
_PLUS = re.compile(rf"^(?:add|put in|insert) (?P<n>an?|some|\d{{1,2}}|"
                   rf"{'|'.join(w for w in NUMBERS if w.isalpha())}) (?:more |extra |other )?(?P<who>[\w -]+)$")
_GLOW = re.compile(r"^(?:(?:make|let|have) )?(?:the )?(?P<who>[\w -]+?) (?:should |could |must |to |can |start to |"
                   r"be )*(?P<off>not |stop(?:s|ped)? )?"
                   r"(?P<g>glow(?:s|ing)?|shin(?:e|es|ing)|luminous|light(?:s)? up)(?: (?:more|brighter))?$|"
                   r"^(?P<w2>glowing) (?P<who2>[\w -]+)$")
_WATCH = re.compile(r"\b(?:(?:look|point|aim|focus)(?:s|ed)? (?:the camera )?(?:at|on|to)|(?:follow|watch|track|show|"
                    r"frame)s?|stay (?:on|with)|"
                    r"camera (?:on|at)|target) (?:the )?(?P<who>[\w-]+(?: [\w-]+){0,2}?)(?: (?:with the camera|"
                    r"instead|more))?$")


def bodies_said(made: Changed, text: str, where: Where, strength: float, spoken: Sequence[str] = ()) -> str:
    """Does what a clause says of bodies that are there; returns what is left. spoken: the creator's earlier lines,
    oldest first, for what "it" stands for."""
    for act in (_gone, _swapped, _counted, _sized, _glowing, _moving, _watched):
        rest = act(made, text, where, strength, spoken)
        if rest is not None:
            return rest
    return text


def _gone(made: Changed, text: str, where: Where, strength: float, spoken: Sequence[str]) -> str | None:
    """"Remove it": whoever was spoken of last. "No rabbit": where a rabbit is shown as a fox, the foxes stay."""
    found = re.fullmatch(r"no (?:more |the |a |an |any |other )*(?P<who>[a-z][\w -]*?)(?: any ?more| at all)?", text)
    if found and _shown_gone(made, found["who"], where):
        return ""
    if not re.fullmatch(rf"no (?:more |all of |any of )?{_IT}(?: any ?more| at all)?", text):
        return None
    kind = kind_meant(made, "it", spoken)
    if kind is None:
        made.missed.append("There is nobody in the film to be taken out")
        return ""
    for shot, body in _of(made, kind, where):
        remove_bodies(shot, {body["id"]})
    made.told(f"no {kind} is left", "bodies")
    return ""


def _shown_gone(made: Changed, word: str, where: Where) -> bool:
    """Takes out who is shown under a creator's own word, or who is called by the name of a kind that is also shown
    under other words; whether anybody was meant so."""
    def called(body: dict[str, Any]) -> str:
        return str(body["shown_as"] or body["kind"]).lower()

    def one(name: str) -> str:
        return re.sub(r"(?<=..)(?:es|s)$", "", name)

    bodies = [body for shot in made.shots for body in shot["world"]["bodies"]]
    meant = [body for body in bodies if one(called(body)) == one(word)]
    kinds = {body["kind"] for body in meant}
    if not meant or (not any(body["shown_as"] for body in bodies if body["kind"] in kinds)):
        return False
    for shot in whole_inside(made, where):
        remove_bodies(shot, {body["id"] for body in shot["world"]["bodies"] if one(called(body)) == one(word)})
    made.told(f"no {word} is left", "bodies")
    return True


def _kinds(words: str) -> list[BodyWish]:
    brief: Brief = interpret(words)
    found = [body_in(trait.value) for trait in brief.traits if trait.axis == "body" and trait.confidence >= 0.9]
    return [body for body in found if body is not None]


def _present(made: Changed, kind: str) -> bool:
    return any(body["kind"] == kind for shot in made.shots for body in shot["world"]["bodies"])


def kind_meant(made: Changed, words: str, spoken: Sequence[str]) -> str | None:
    """The kind of body in the film that words or a pronoun stand for."""
    if not re.fullmatch(rf"(?:the |all |of )*{_IT}", words.strip()):
        named = [body.kind for body in _kinds(words)] if words.strip() else []
        shown = {str(body["shown_as"]).lower(): body["kind"] for shot in made.shots for body in shot["world"]["bodies"]
                 if body["shown_as"]}
        return next((kind for kind in named if _present(made, kind)),
                    shown.get(re.sub(r"^(the|a|an) ", "", words.strip())))
    for line in reversed(spoken[-6:]):
        for body in _kinds(line):
            if _present(made, body.kind):
                return body.kind
    counts: dict[str, int] = {}
    for shot in made.shots:
        for slot, body in enumerate(shot["world"]["bodies"]):
            counts[body["kind"]] = counts.get(body["kind"], 0) + (3 if body["id"] == shot["camera"]["target"]
                                                                  else 2 - min(1, slot))
    return max(counts, key=lambda kind: counts[kind]) if counts else None


def nobody(made: Changed, words: str) -> str | None:
    """Notes that a kind that was named is not in the film; None where no kind was named."""
    absent = _kinds(words) if words.strip() else []
    if not absent or _present(made, absent[0].kind):
        return None
    made.missed.append(f"There is no {absent[0].word or absent[0].kind} in this film")
    return ""


def _of(made: Changed, kind: str, where: Where) -> list[tuple[dict[str, Any], dict[str, Any]]]:
    shots = whole_inside(made, where)
    return [(shot, body) for shot in shots for body in shot["world"]["bodies"] if body["kind"] == kind]


def _swapped(made: Changed, text: str, where: Where, strength: float, spoken: Sequence[str]) -> str | None:
    for pattern in _SWAPS:
        found = pattern.match(text)
        if found is None:
            continue
        wanted = found["new"]
        fresh = _kinds(wanted)
        if "old" not in found.groupdict():
            # "A dragon instead": of whoever was spoken of last, if that is another body.
            old = kind_meant(made, "it", spoken) if fresh else None
        else:
            old = kind_meant(made, found["old"], spoken)
        if old and fresh and fresh[0].kind != old:
            _exchange(made, old, fresh[0], where)
            return ""
        if "old" in found.groupdict() and found["old"] and ("instead" in text or "rather" in text or "replace" in text
                                                            or "swap" in text
                                                           or re.match(r"(?:turn|change|transform)", text)):
            # Of a place, a light, a look or weather the new one takes the old one's room by itself.
            same = re.search(r"\b(shots?|cuts?|music)\b", found["old"])
            return text if same else wanted
        if "old" not in found.groupdict():
            return wanted
    return None


def _exchange(made: Changed, old: str, new: BodyWish, where: Where) -> None:
    for shot, body in _of(made, old, where):
        if any(one["kind"] == new.kind for one in shot["world"]["bodies"]):
            remove_bodies(shot, {body["id"]})
            continue
        fresh = body_of(new.kind, new, 0.5, False).model_dump(mode="json")
        identity = body["id"]
        place = shot["world"]["bodies"].index(body)
        kept = {"frame_at": body["frame_at"], "speed": body["speed"]}
        fresh["count"] = new.count or (body["count"] if body["count"] <= 3 or fresh["count"] > 1 else fresh["count"])
        shot["world"]["bodies"][place] = fresh | kept
        if shot["camera"]["target"] == identity:
            shot["camera"]["target"] = fresh["id"]
        shot["curves"].pop(f"/world/bodies/{place}/height_m", None)
        shot["curves"].pop(f"/world/bodies/{place}/size_m", None)
    made.told(f"the {new.word or new.kind} takes the place of the {old}", "bodies")


def _counted(made: Changed, text: str, where: Where, strength: float, spoken: Sequence[str]) -> str | None:
    if found := _COUNT.match(text):
        kind = kind_meant(made, "it", spoken)
        number = int(found["n"]) if found["n"].isdigit() else int(NUMBERS[found["n"]])
        if kind is None:
            made.missed.append("There is nobody in the film to be counted")
            return ""
        _count_to(made, kind, where, lambda _: number)
        return ""
    if bare := re.match(r"^(?:and |just )?(?P<how>(?:one|two|three) more|fewer|too many|not (?:that|so) many|"
                        r"more of them|less of them|"
                        r"twice as many|half as many)$", text):
        kind, how = kind_meant(made, "it", spoken), bare["how"]
        if kind is not None:
            plus = {"one more": 1, "two more": 2, "three more": 3}.get(how, 0)
            factor = 2.0 if how == "twice as many" else 1.6 if how == "more of them" else 0.6
            _count_to(made, kind, where, lambda n: n + plus if plus
                      else max(1, n + 1 if factor > 1 and n < 2 else round(n * factor)))
            return ""
    if (found := _PLUS.match(text)) and (kind := kind_meant(made, found["who"], spoken)) and all(
            any(body["kind"] == kind for body in shot["world"]["bodies"]) for shot in made.shots[:1]):
        word = found["n"]
        plus = {"a": 1, "an": 1, "some": 3}.get(word) or int(word if word.isdigit() else NUMBERS[word])
        _count_to(made, kind, where, lambda n: n + plus)
        return ""
    if (found := _MANY.match(text)) and (kind := kind_meant(made, found["who"], spoken)):
        how = found["how"]
        number = {"only one": 1, "just one": 1, "a single": 1, "a second": 2, "a third": 3}.get(how)
        if number:
            _count_to(made, kind, where, lambda _, number=number: number)
        elif how in ("another", "one another", "yet another", "one more", "two more", "three more"):
            plus = {"two more": 2, "three more": 3}.get(how, 1)
            _count_to(made, kind, where, lambda n: n + plus)
        else:
            factor = {"twice as many": 2.0, "double the": 2.0, "half as many": 0.5, "many more": 2.5}.get(
                how, 0.6 if how in ("fewer", "less", "too many") else 1.6)
            _count_to(made, kind, where,
                      lambda n: max(1, n + 1 if factor > 1 and n * factor < n + 1 else round(n * factor)))
        return ""
    return None


def _count_to(made: Changed, kind: str, where: Where, way: Any) -> None:
    hit, moved, after = False, False, 0
    for _, body in _of(made, kind, where):
        after = int(min(48, max(1, way(body["count"]))))
        moved, hit = moved or after != body["count"], True
        body["count"] = after
    if moved:
        made.told(f"there {'is' if after == 1 else 'are'} {after} "
                  f"{kind if after == 1 else PLURALS.get(kind, kind + 's')} now", "bodies")
    elif hit:
        made.same = True


def _sized(made: Changed, text: str, where: Where, strength: float, spoken: Sequence[str]) -> str | None:
    for words, factor in _SIZES:
        found = re.search(rf"\b(?:{words})\b", text)
        if found is None:
            continue
        rest = re.sub(r"\b(?:make|the|should|be|is|are|could|much|a bit|bit|a|must|and|let|have|even|get|gets)\b|,",
                      " ",
                      f"{text[:found.start()]} {text[found.end():]}")
        words_left = " ".join(rest.split())
        kind = kind_meant(made, words_left or "it", spoken) or (
            kind_meant(made, re.sub(rf"\b{_IT}\b", "", words_left).strip() or "it", spoken))
        if kind is None:
            return nobody(made, words_left)
        moved = False
        for _, body in _of(made, kind, where):
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
    for _, body in _of(made, kind, where):
        glow = 0.0 if off else round(min(1.0, max(0.7 if strength >= 1 else 0.35, body["glow"] + 0.3 * strength)), 3)
        moved = moved or glow != body["glow"]
        body["glow"] = glow
    if moved:
        made.told(f"the {kind} {'no longer glows' if off else 'glows'}", "bodies")
    else:
        made.same = True
    return ""


def _moving(made: Changed, text: str, where: Where, strength: float, spoken: Sequence[str]) -> str | None:
    """"The bird flies faster", "the birds higher"."""
    found = re.search(rf"\b(?P<how>{_GAITS})\b(?! (?:cuts?|shots?|music|camera|tempo))", text)
    if found is None:
        return None
    who = re.sub(r"\b(?:make|the|should|could|must|fly|flies|swim|swims|move|moves|go|goes|run|runs|be|is|are|to|let|"
                 r"a bit|much|walk|walks|drive|drives|up|much)\b",
                 " ", f"{text[:found.start()]} {text[found.end():]}")
    who = " ".join(who.split())
    kind = kind_meant(made, who, spoken) if who and not re.fullmatch(_IT, who) else None
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


def _watched(made: Changed, text: str, where: Where, strength: float, spoken: Sequence[str]) -> str | None:
    found = _WATCH.search(text)
    if found is None:
        return None
    if (kind := kind_meant(made, found["who"], spoken)) is None:
        return nobody(made, found["who"]) if not re.match(r"show|frame", found[0]) else None
    moved = False
    for shot, body in _of(made, kind, where):
        moved = moved or shot["camera"]["target"] != body["id"]
        shot["camera"]["target"] = body["id"]
        if found[0].startswith(("follow", "track")) and shot["camera"]["move"] != "follow":
            shot["camera"]["move"], moved = "follow", True
    if moved:
        made.told(f"the camera is on the {kind}", "camera")
    else:
        made.same = True
    return ""


__all__ = ["bodies_said", "kind_meant", "nobody"]
