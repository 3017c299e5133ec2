"""How a film is cut, in words: more and fewer cuts, a number of shots, dissolves, fades in and out."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from agent.lexicon.words import NUMBERS
from agent.talk_change import Changed, Where, split
from agent.talk_lengths import laid
from agent.talk_lines import without
from agent.talk_takes import ORDINALS
from agent.taste import SCALE_ORDER

Inner = Callable[[Changed, str, Where], str]
_SHOT = r"(?:shots?|scenes?)"
_N = "|".join([r"\d{1,3}", *ORDINALS, "middle"])
_PACE = re.compile(r"\b(?:(?P<less>(?:slower|fewer|less|longer time between) (?:cuts?|cutting|editing|edits|shots)|"
                   r"(?:cut|edit)(?:s|ting)? (?:it )?(?:slower|less(?: often)?)|(?:cuts?|cutting|editing) (?:is |"
                   r"are |should be |a bit |be )*(?:slower|too fast|too quick|too hectic|too nervous|too wild|calmer|"
                   r"less)|(?:too many|"
                   r"longer) (?:cuts|shots)|calmer (?:cuts|cutting|editing))|"
                   r"(?P<more>(?:faster|quicker|more|snappier|shorter) (?:cuts?|cutting|editing|edits|shots)|(?:cut|"
                   r"edit)(?:s|ting)? (?:it )?(?:faster|quicker|more(?: often)?)|(?:cuts?|cutting|editing) (?:is |"
                   r"are |should be |a bit |be )*(?:faster|quicker|too slow|more)|too few (?:cuts|shots)|"
                   r"not enough cuts|(?:cuts|shots) (?:are )?too long))\b")
_TIMES = re.compile(r"\b(?:cuts?|cutting|edit|editing)(?: it| the film)?(?: should be| is| be| to be)? (?P<x>twice|"
                    r"double|two times|"
                    r"three times|half|four times) as (?P<how>fast|often|quick|quickly|many|much|slow|slowly)\b|"
                    r"\b(?P<x2>twice|three times|four times|half) as many (?:cuts|shots)\b|"
                    r"\b(?P<x3>double|halve|half) the (?:cuts|number of (?:cuts|shots))\b")
_SHARE = {"twice": 2.0, "double": 2.0, "two times": 2.0, "three times": 3.0, "four times": 4.0, "half": 0.5,
          "halve": 0.5}
_NO_CUTS = re.compile(r"\b(?:no|without(?: any)?) cuts\b|\b(?:in |as )?(?:a |one )single (?:take|shot)\b|"
                      r"\bone (?:long |continuous )?(?:take|shot)(?: only)?$|\ball in one\b")
_ONLY = re.compile(rf"^(?:(?:make|use|have|it|only|just|in|the film|with|cut|to|into|should|be|as|"
                   rf"of) )*(?P<n>\d{{1,3}}|{'|'.join(w for w in NUMBERS if w.isalpha())}) {_SHOT}(?: only)?$")
_NUMBER_OF = re.compile(rf"\b(?:reduce|cut|bring|lower|raise|"
                        rf"increase)(?: down)? (?:the )?(?:number of )?{_SHOT} (?:down )?to (?P<n>\d{{1,3}}|"
                        rf"{'|'.join(w for w in NUMBERS if w.isalpha())})$")
_CUTS = re.compile(r"\b(?P<no>no |without |instead of |not )?(?P<how>(?:cross-?)?dissolves?|cross-?fades?|(?:hard|"
                   r"straight|clean) cuts?|fades?(?: to black| through black)?(?= between)|fade between)"
                   r"(?: between(?: the)? (?:shots|scenes)| everywhere| between them| transitions?)?\b")
_FADE = re.compile(r"\b(?P<no>no |without (?:a |the )?|don't )?fade(?:s|d)?[- ](?P<how>out|in|to black|"
                   r"from black)\b(?! (?:between|everywhere))(?: (?:at|in) the (?:very )?(?:end|beginning|"
                   r"start))?(?: to black| from black)?")
_BETWEEN = re.compile(rf"\bbetween (?:the )?(?:shots? |"
                      rf"scenes? )?(?P<a>{_N})(?: shot)? and (?:the )?(?:shot )?(?P<b>{_N})(?: {_SHOT})?\b")


def of_a_cut(text: str) -> bool:
    """Whether a clause is about the cut between two shots."""
    return bool(_BETWEEN.search(text) and _CUTS.search(text))


def nth_shot(word: str, count: int) -> int:
    """The shot (from 0) of "2", "third", "last" or "middle"."""
    at = int(word) - 1 if word.isdigit() else count // 2 if word == "middle" else ORDINALS[word]
    return count + at if at < 0 and not word.isdigit() else at


def no_such(made: Changed, numbers: list[int]) -> bool:
    """Notes and tells that one of the shots is not there."""
    count = len(made.shots)
    if any(not 0 <= n < count for n in numbers):
        made.missed.append(f"There is no such shot: this film has {count}")
        return True
    return False


def halve(made: Changed, k: int) -> None:
    """A shot cut in two near its middle (on a beat of our own music), the second half seen from another distance."""
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


def transitions(made: Changed, text: str, where: Where, inner: Inner) -> str | None:
    """Dissolves, hard cuts and fades; None where a clause names none."""
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
        return without(text, found)
    between = _BETWEEN.search(text)
    text = without(text, between) if between else text
    found = _CUTS.search(text)
    if found is None:
        return None
    rest = re.sub(r"\binstead(?: of (?:the )?(?:hard |straight |clean )?(?:cuts|dissolves|fades))?\b|\b(?:use|make|"
                  r"with|only|soft|all|the|have|cuts?|to)\b", " ", without(text, found))
    how = found["how"]
    wanted = "dissolve" if "dissolve" in how or "cross" in how else "hard" if "cut" in how else "fade"
    if found["no"] and found["no"].strip() in ("no", "without", "not"):
        wanted = "hard" if wanted != "hard" else "dissolve"
    chosen: Sequence[int] = where.shots or range(1, len(made.shots))
    if between:
        chosen = (max(nth_shot(between["a"], len(made.shots)), nth_shot(between["b"], len(made.shots))),)
        if no_such(made, list(chosen)):
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


def paced(made: Changed, text: str, where: Where, inner: Inner) -> str | None:
    """More or fewer cuts, or so many shots; None where a clause names none."""
    del inner
    spans, count = made.spans(), len(made.shots)
    meant = [k for k, (a, b) in enumerate(spans) if where.windows is None or any(
        low - 0.05 <= (a + b) / 2 <= high for low, high in where.windows)]
    if found := _NO_CUTS.search(text):
        target = 1
    elif found := _ONLY.match(text) or _NUMBER_OF.search(text):
        target = int(found["n"]) if found["n"].isdigit() else int(NUMBERS[found["n"]])
    elif found := _TIMES.search(text):
        share = _SHARE[found["x"] or found["x2"] or found["x3"]]
        share = 1 / share if (found["how"] or "").startswith("slow") else share
        target = max(1, round(len(meant) * share))
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
    return without(text, found)


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


__all__ = ["halve", "no_such", "nth_shot", "of_a_cut", "paced", "to_count", "transitions"]
