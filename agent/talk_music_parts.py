"""The music of one part of a film, in words: "quieter music in the verse", "no music in the outro", "harder drums
at the drop".

Our own music has one tempo, key and level for the whole film; what a part of it has of its own is its energy (how much
is played and how loud), and whether it is played at all. So that is what turns; the sections around stay.
"""

from __future__ import annotations

import re
from typing import Any

from agent.talk_change import Changed, Where
from agent.talk_lines import without
from agent.unroll_spans import bars_to_s

_NOUN = r"(?:the |its |any |all )?(?:music|score|song|soundtrack|track|tune|drums?|percussion|beats?|band|kicks?|bass)"
_BE = r"(?: (?:should|could|must|be|is|are|a bit|a little|much|even|way|to|get|gets|play|plays|sound|sounds))*"
_UP = (r"louder|harder|heavier|bigger|stronger|wilder|livelier|more intense|more energetic|fuller|more dramatic|"
       r"more epic")
_DOWN = r"quieter|softer|calmer|gentler|lighter|weaker|less intense|less energetic|sparser|thinner|lower"
_MOVED = re.compile(rf"\b(?:(?P<up>more|{_UP})|(?P<down>less|{_DOWN})) {_NOUN}\b|"
                    rf"\b{_NOUN}{_BE} (?:(?P<up2>{_UP}|up)|(?P<down2>{_DOWN}|down|too loud|too much))\b|"
                    rf"\bturn (?:up {_NOUN}|{_NOUN} (?P<up3>up))|\bturn (?:(?P<down3>down) {_NOUN}|{_NOUN} "
                    rf"(?P<down4>down))\b")
_OFF = re.compile(rf"\b(?:no|without|mute|silence|switch off|turn off|kill|remove|drop|stop|cut) {_NOUN}\b|"
                  rf"\b{_NOUN}{_BE} (?:off|silent|muted|stops?|pauses?)\b|^(?:silence|silent|mute(?: it)?)$")


def music_in_part(made: Changed, text: str, strength: float, where: Where) -> str:
    """Does what a clause about a part of the film says of our own music there; returns what is left of it."""
    score: dict[str, Any] | None = made.document["score"]
    off, moved = _OFF.search(text), _MOVED.search(text)
    if score is None or not where.windows or (off is None and moved is None):
        return text
    meant = [k for k, section in enumerate(made.music.sections) if any(
        _shared(made, section.bars, low, high) > 0.5 for low, high in where.windows)]
    if len(made.music.sections) != len(score["sections"]):
        return text
    if not meant:
        names = ", ".join(dict.fromkeys(section.name for section in made.music.sections))
        made.missed.append(f"The music changes by its sections only ({names})")
        return ""
    if off is not None:
        for k in meant:
            for sections in (score["sections"], made.document["music"]["sections"]):
                sections[k] |= {"name": "silence", "energy": 0.05}
        made.told("the music is silent", "music")
        return without(text, off)
    assert moved is not None
    groups = moved.groupdict()
    grows = any(groups[name] for name in ("up", "up2", "up3")) or moved[0].startswith("turn up")
    factor = (1.35 if grows else 0.65) ** min(strength, 2.0)
    before = [section["energy"] for section in score["sections"]]
    for k in meant:
        for sections in (score["sections"], made.document["music"]["sections"]):
            sections[k]["energy"] = round(min(1.0, max(0.05, float(sections[k]["energy"]) * factor)), 3)
    said = f"the music is played with {'more' if grows else 'less'}"
    if before == [section["energy"] for section in score["sections"]]:
        made.clamped.append(said.capitalize())
    else:
        made.told(said, "music")
    return without(text, moved)


def _shared(made: Changed, bars: tuple[float, float], low: float, high: float) -> float:
    """How much of a section lies in a stretch of the film, [0, 1]."""
    start, end = (float(t) for t in bars_to_s(made.music, bars))
    end = min(end, made.duration_s)
    return max(0.0, min(end, high) - max(start, low)) / max(1e-6, end - start)


__all__ = ["music_in_part"]
