"""The arc of a story: what each beat is for, how strong it is, how long it lasts and how it begins."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from agent.direction import Purpose
from agent.story_form import Beat

_TURN = re.compile(r"^(?:but|suddenly|yet|however|until|without warning|all at once)\b|\bsuddenly\b|\ball at once\b|"
                   r"\beverything changes\b", re.I)
_STRONG = re.compile(r"\b(?:storm|lightning|thunder|explod\w+|burst\w*|breaks?|crash\w*|roar\w*|erupt\w*|"
                     r"rac(?:es?|ing)|runs?|chas\w+|falls?|leaps?|huge|giant|enormous|fire|blaz\w+|scream\w*|dives?|soars?|rises?|"
                     r"thousands?|finally|at last|dragon|whale|fight\w*|swarm\w*|bright\w*|everywhere|fast\w*)\b", re.I)
_QUIET = re.compile(r"\b(?:quiet\w*|silen\w+|still|calm\w*|sleep\w*|slow\w*|rests?|resting|alone|empty|soft\w*|"
                    r"gentl\w+|waits?|mist\w*|drifts?|breath\w*|peace\w*|stops?|looks?|watch\w*)\b", re.I)
_DETAIL = re.compile(r"\b(?:close-?up|closeup|detail|macro|tiny|hands?|eyes?|drops? of|petal|leaf|footprints?|key|"
                     r"letter|up close)\b", re.I)
_TIME = re.compile(r"\b(?:later|next (?:day|morning|night|year)|in the (?:morning|evening)|years? (?:pass|later)|"
                   r"(?:hours|days|weeks|months|seasons) (?:pass|later|go)|by (?:dawn|nightfall|evening|morning)|"
                   r"(?:night|evening|dusk|darkness|winter|spring|summer|autumn) (?:falls?|comes?|arrives?)|"
                   r"at (?:dawn|dusk|night|sunrise|sunset|noon)|that night|morning comes|one day|long after|"
                   r"meanwhile)\b", re.I)
LEAST_S, MOST_S = 3.2, 10.0
BASE_S, WORD_S = 2.4, 0.27


@dataclass(frozen=True)
class Told:
    """What the reading of a beat knows. place: a number per place; new: subjects seen for the first time; light: what
    light it says."""

    beat: Beat
    place: int | None
    cast: tuple[str, ...]
    new: tuple[str, ...]
    light: str | None


def strength(text: str) -> float:
    """How strong a sentence is, about -1 to 1, by its words."""
    return max(-1.0, min(1.0, 0.4 * len(_STRONG.findall(text)) - 0.35 * len(_QUIET.findall(text))
                         + 0.3 * text.count("!") + 0.3 * bool(_TURN.search(text))))


def passes_time(text: str) -> bool:
    """Whether time goes by before what a sentence tells."""
    return _TIME.search(text) is not None


def climax_of(told: Sequence[Told]) -> int | None:
    """The strongest beat of the later half, near two thirds of the way; None for stories of fewer than four beats."""
    count = len(told)
    if count < 4:
        return None
    return max(range(count // 3 + 1, count - 1), key=lambda k: (
        strength(told[k].beat.text) + 0.35 * bool(told[k].new) - 0.8 * abs((k + 0.5) / count - 0.68), -k))


def purposes(told: Sequence[Told]) -> list[tuple[Purpose, str]]:
    """(what a beat is for, why) for every beat."""
    peak = climax_of(told)
    out: list[tuple[Purpose, str]] = []
    places: set[int] = set()
    for k, one in enumerate(told):
        text, fresh = one.beat.text, one.place is not None and one.place not in places
        places |= {one.place} if one.place is not None else set()
        if k == 0:
            out.append(("establish", "it opens the story"))
        elif k == len(told) - 1:
            out.append(("release", "it ends the story"))
        elif k == peak:
            out.append(("climax", "the strongest moment, two thirds of the way in"))
        elif _TURN.search(text):
            out.append(("turn", "here the story turns"))
        elif _DETAIL.search(text):
            out.append(("detail", "it speaks of something small"))
        elif not one.cast:
            out.append(("establish", "a new place") if fresh else ("rest", "nobody is in it"))
        elif one.new:
            out.append(("reveal", f"{' and '.join(one.new)} for the first time"))
        elif fresh or k == 1:
            out.append(("approach", "the story moves on to another place" if fresh else "closer to who it is about"))
        else:
            before = [purpose for purpose, _ in out[-2:]]
            out.append(("contrast", "seen from another side") if before == ["follow", "follow"]
                       else ("follow", "it goes along with who is there"))
    return out


def energies(told: Sequence[Told]) -> list[float]:
    """[0, 1] for each beat: rising to the climax and falling after it, moved by each sentence's own strength."""
    count, peak = len(told), climax_of(told)
    top = peak if peak is not None else max(0, count - 2)
    out: list[float] = []
    for k, one in enumerate(told):
        arc = 0.25 + 0.55 * (k / max(1, top)) if k <= top else 0.8 - 0.55 * (k - top) / max(1, count - 1 - top)
        level = 0.95 if k == peak else min(0.88, arc + 0.2 * strength(one.beat.text))
        out.append(round(min(1.0, max(0.12, level)), 3))
    return out


def lengths_s(told: Sequence[Told], energy: Sequence[float], asked_s: float | None) -> list[float]:
    """Seconds of each beat: as stated, else by the weight of its words, strong moments a little longer. asked_s: of the
    whole film; then what is not stated shares what is left."""
    free = [min(MOST_S, max(LEAST_S, BASE_S + WORD_S * len(one.beat.text.split()))) * (1.0 + 0.15 * (level > 0.9))
            for one, level in zip(told, energy, strict=True)]
    stated = [one.beat.length_s for one in told]
    if asked_s is not None:
        fixed = sum(length for length in stated if length is not None)
        rest = sum(length for length, own in zip(free, stated, strict=True) if own is None)
        if rest > 0 and asked_s - fixed > len(told) * 0.8:
            free = [length * (asked_s - fixed) / rest for length in free]
        else:
            scale = asked_s / sum(own or length for own, length in zip(stated, free, strict=True))
            return [round((own or length) * scale, 3) for own, length in zip(stated, free, strict=True)]
    return [round(own if own is not None else length, 3) for own, length in zip(stated, free, strict=True)]


def transitions(told: Sequence[Told]) -> list[tuple[str, str]]:
    """(how a beat begins, why): a dissolve where time passes, a match cut where somebody goes on in another place, and
    cuts otherwise."""
    out: list[tuple[str, str]] = []
    for k, one in enumerate(told):
        before = told[k - 1] if k else None
        if before is None:
            out.append(("cut", "the film begins"))
        elif passes_time(one.beat.text) or (one.light and before.light and one.light != before.light):
            out.append(("dissolve", "time passes"))
        elif one.place != before.place and set(one.cast) & set(before.cast):
            out.append(("match cut", f"the same {sorted(set(one.cast) & set(before.cast))[0]} in another place"))
        else:
            out.append(("cut", "on the beat"))
    return out
