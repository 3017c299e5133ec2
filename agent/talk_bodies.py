"""Who is in the film, changed in words: gone, another in the place of one, more of them, watched."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from agent.director_cast import body_of
from agent.director_read import BodyWish
from agent.director_words import PLURALS
from agent.lexicon.words import NUMBERS
from agent.talk_change import Changed, Where, whole_inside
from agent.talk_gaits import ways_said
from agent.talk_named import remove_bodies
from agent.talk_whom import IT, bodies_of, kind_meant, kinds_in, nobody
from world_model.vocabulary import BODY_SIZE_M

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
    r"^(?:prefer |rather |i'd prefer |i would prefer )?(?:an? |some )(?P<new>[\w-]+) (?:to|over) the (?P<old>[\w-]+)$",
    rf"^(?:make it |use |have |show |take |put )?{_A}(?P<new>[\w -]+?) instead$"))
_COUNT = re.compile(rf"^(?:(?:make|have|show|there (?:are|should be)|i want|with|only|just) )*(?P<n>\d{{1,2}}|"
                    rf"{'|'.join(NUMBERS)}) of {IT}$")
_MANY = re.compile(r"^(?:add |with |show |put |have |there (?:should|could) be |give (?:me|us) )*(?P<how>many more|"
                   r"more|fewer|less|a few more|twice as many|double the|"
                   r"half as many|(?:one |yet )?another|one more|a second|a third|two more|three more|only one|"
                   r"just one|a single|too many|not enough)"
                   r" (?P<who>[\w -]+?)(?: please)?$")
_ONE_LESS = re.compile(r"^no (?:the )?(?P<n>one|two|three|1|2|3) (?:of the )?(?P<who>[\w -]+?)(?: less)?$|"
                       r"^(?P<m>one|two|three) "
                       r"(?P<w2>[\w -]+?) (?:less|fewer)$")
_PLUS = re.compile(rf"^(?:add|put in|insert) (?P<n>an?|some|\d{{1,2}}|"
                   rf"{'|'.join(w for w in NUMBERS if w.isalpha())}) (?:more |extra |other )?(?P<who>[\w -]+)$")
_WATCH = re.compile(r"\b(?:(?:look|point|aim|focus)(?:s|ed)? (?:the camera )?(?:at|on|to)|(?:follow|watch|track|show|"
                    r"frame)s?|stay (?:on|with)|"
                    r"camera (?:on|at)|target) (?:the )?(?P<who>[\w-]+(?: [\w-]+){0,2}?)(?: (?:with the camera|"
                    r"instead|more))?$")


def bodies_said(made: Changed, text: str, where: Where, strength: float, spoken: Sequence[str] = ()) -> str:
    """Does what a clause says of bodies that are there; returns what is left. spoken: the creator's earlier lines,
    oldest first, for what "it" stands for."""
    for act in (_counted, _gone, _swapped, ways_said, _watched):
        rest = act(made, text, where, strength, spoken)
        if rest is not None:
            return rest
    return text


def _gone(made: Changed, text: str, where: Where, strength: float, spoken: Sequence[str]) -> str | None:
    """"Remove it": whoever was spoken of last. "No rabbit": where a rabbit is shown as a fox, the foxes stay."""
    found = re.fullmatch(r"no (?:more |the |a |an |any |other )*(?P<who>[a-z][\w -]*?)(?: any ?more| at all)?", text)
    if found and _shown_gone(made, found["who"], where):
        return ""
    if not re.fullmatch(rf"no (?:more |all of |any of )?{IT}(?: any ?more| at all)?", text):
        return None
    kind = kind_meant(made, "it", spoken)
    if kind is None:
        made.missed.append("There is nobody in the film to be taken out")
        return ""
    for shot, body in bodies_of(made, kind, where):
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
    made.told(f"no {word} {'are' if word.endswith('s') else 'is'} left", "bodies")
    return True


def _swapped(made: Changed, text: str, where: Where, strength: float, spoken: Sequence[str]) -> str | None:
    for pattern in _SWAPS:
        found = pattern.match(text)
        if found is None:
            continue
        wanted = found["new"]
        fresh = kinds_in(wanted)
        if "old" not in found.groupdict():
            # "A dragon instead": of whoever was spoken of last, if that is another body.
            old = kind_meant(made, "it", spoken) if fresh else None
        else:
            old = kind_meant(made, found["old"], spoken)
        if old and fresh and fresh[0].kind != old:
            _exchange(made, old, fresh[0], where)
            return ""
        if old and fresh and _renamed(made, old, found.groupdict().get("old") or "", fresh[0], where):
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


def _renamed(made: Changed, kind: str, old: str, new: BodyWish, where: Where) -> bool:
    """ "An owl for the crow": both are birds here; those that were called one are called the other. Whether any was."""
    word, old = new.word or new.kind, re.sub(r"^(?:the|a|an) ", "", old)
    hit = False
    for _, body in bodies_of(made, kind, where):
        called = str(body["shown_as"] or body["kind"]).lower()
        if called != word and (called in (old, kind) or old in ("", kind)):
            body["shown_as"] = word if word != kind else None
            body["size_m"] = round(min(200.0, max(0.05, BODY_SIZE_M[kind] * new.size_factor)), 3)
            hit = True
    if hit:
        made.told(f"the {word} takes the place of the {old or kind}", "bodies")
    return hit


def _exchange(made: Changed, old: str, new: BodyWish, where: Where) -> None:
    for shot, body in bodies_of(made, old, where):
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
    if (found := _ONE_LESS.match(text)) and (kind := kind_meant(made, found["who"] or found["w2"], spoken)):
        minus = {"one": 1, "two": 2, "three": 3}.get(found["n"] or found["m"]) or int(found["n"])
        most = max(body["count"] for _, body in bodies_of(made, kind, where))
        if most > minus:
            _count_to(made, kind, where, lambda n: max(1, n - minus))
        else:
            for shot, body in bodies_of(made, kind, where):
                remove_bodies(shot, {body["id"]})
            made.told(f"no {kind} is left", "bodies")
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
    for _, body in bodies_of(made, kind, where):
        after = int(min(48, max(1, way(body["count"]))))
        moved, hit = moved or after != body["count"], True
        body["count"] = after
    if moved:
        made.told(f"there {'is' if after == 1 else 'are'} {after} "
                  f"{kind if after == 1 else PLURALS.get(kind, kind + 's')} now", "bodies")
    elif hit:
        made.same = True


def _watched(made: Changed, text: str, where: Where, strength: float, spoken: Sequence[str]) -> str | None:
    found = _WATCH.search(text)
    if found is None:
        return None
    if (kind := kind_meant(made, found["who"], spoken)) is None:
        return nobody(made, found["who"]) if not re.match(r"show|frame", found[0]) else None
    moved = False
    for shot, body in bodies_of(made, kind, where):
        moved = moved or shot["camera"]["target"] != body["id"]
        shot["camera"]["target"] = body["id"]
        if found[0].startswith(("follow", "track")) and shot["camera"]["move"] != "follow":
            shot["camera"]["move"], moved = "follow", True
    if moved:
        made.told(f"the camera is on the {kind}", "camera")
    else:
        made.same = True
    return ""


__all__ = ["bodies_said"]
