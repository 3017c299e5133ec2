"""Moods of our own music by degrees: sadder, happier, darker, more hopeful, more epic, tenser, dreamier.

The first degree is the mode (minor or major), further ones are how much is played (energy: drums, density, loudness).
The tempo stays, and so do the cuts, which hang on its beats.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from agent.talk_change import Changed
from agent.talk_lines import without


@dataclass(frozen=True)
class Mood:
    """up: words for more of it; down: the mood that less of it is; minor: its mode, None for any; energy: factor of one
    degree; level: factor of the music's level."""

    said: str
    up: str
    down: str
    minor: bool | None
    energy: float
    level: float = 1.0


MOODS: dict[str, Mood] = {mood.said: mood for mood in (
    Mood("sadder", r"sad(?:der)?|melanchol(?:ic|y)|mournful|gloom(?:y|ier)|sorrowful|tragic|moodier|blu(?:e|er)|"
         r"wistful|depressing|heart-?breaking|bittersweet|lonel(?:y|ier)", "happier", True, 0.75),
    Mood("happier", r"happ(?:y|ier)|cheer(?:ful|ier|y)|joll(?:y|ier)|joyful|bright(?:er)?|funn(?:y|ier)|merr(?:y|ier)|"
         r"playful|sunn(?:y|ier)|upbeat|light-?hearted|fun", "sadder", False, 1.22),
    Mood("darker", r"dark(?:er)?|ominous|sinister|scar(?:y|ier)|eer(?:y|ier)|menacing|creep(?:y|ier)|spook(?:y|ier)|"
         r"brooding", "happier", True, 0.88),
    Mood("more hopeful", r"hopeful|uplifting|optimistic|inspiring|encouraging", "sadder", False, 1.15),
    Mood("more epic", r"epic|grand(?:er)?|heroic|majestic|triumphant|big(?:ger)?|huge|massive|powerful|dramatic|"
         r"hit harder|hits harder|cinematic", "dreamier", None, 1.3, 1.1),
    Mood("tenser", r"tens(?:e|er)|suspenseful|urgent|nervous|anxious|thriller-like|edg(?:y|ier)", "calmer", True, 1.12),
    Mood("dreamier", r"dream(?:y|ier)|ethereal|float(?:y|ier|ing)|hypnotic|hazy|romantic|tender|intimate|cos(?:y|ier)|"
         r"coz(?:y|ier)|nostalgic|magical", "more epic", None, 0.78),
    Mood("calmer", r"(?<!x)xx", "tenser", None, 0.75),
)}
_NOUN = r"(?:the |its |this )?(?:music|songs?|tunes?|melod(?:y|ies)|scores?|soundtrack|track|beat)"
_BE = (r"(?: (?:should|could|must|can|needs? to|has to|to|be|is|are|sounds?|feels?|gets?|become|becomes|a bit|a little|"
       r"much|even|way|a lot|really|very|somewhat|slightly|still|rather|quite))*")
_HOW = r"(?P<how>(?:more|less|too|not so|not as) )?"
_WORDS = "|".join(mood.up for mood in MOODS.values())
_SAID = re.compile(rf"\b{_NOUN}{_BE} {_HOW}(?P<word>{_WORDS})\b|"
                   rf"^(?:make |i want |give (?:me|it|us) |some |a |an )*(?:a bit |a little |much |even )?"
                   rf"{_HOW.replace('how', 'how2')}(?P<word2>{_WORDS}) {_NOUN}\b")
_DRUMS = re.compile(r"\b(?P<up>more|harder|heavier|louder|bigger|stronger)? ?(?P<down>fewer|less|lighter|softer|"
                    r"gentler|quieter|not so many)? ?(?:the )?(?:drums?|percussion|drumming|beats?|"
                    r"kicks?)(?: (?:should |"
                    r"could |are |is |be |a bit |much )*(?:(?P<up2>harder|heavier|louder|stronger|bigger)|(?P<down2>"
                    r"lighter|softer|quieter|gentler|fewer|too (?:loud|much|hard|heavy))))?\b")


def mood_said(made: Changed, text: str, strength: float) -> str | None:
    """Does what a clause says of the mood of our own music; what is left of it, None where it says nothing of it."""
    found = _SAID.search(text)
    score: dict[str, Any] | None = made.document["score"]
    if found is not None and score is not None:
        word, how = found["word"] or found["word2"], (found["how"] or found["how2"] or "").strip()
        mood = next(mood for mood in MOODS.values() if re.fullmatch(mood.up, word))
        _felt(made, score, MOODS[mood.down] if how and how != "more" else mood, strength)
        return without(text, found)
    drums = _DRUMS.search(text)
    if drums is None or score is None or (not (up := drums["up"] or drums["up2"]) and not (
            drums["down"] or drums["down2"])):
        return None
    if score["genre"] == "piano" and "drums" not in score["instruments"]:
        made.missed.append("There are no drums in this music")
    else:
        _energy(made, score, (1.25 if up else 0.72) ** strength)
        made.told(f"the drums play {'harder' if up else 'less'}, and all with them", "music")
    return without(text, drums)


def _felt(made: Changed, score: dict[str, Any], mood: Mood, strength: float) -> None:
    fresh = mood.minor is not None and score["minor"] != mood.minor
    told: list[str] = []
    if fresh:
        score["minor"] = mood.minor
        told.append(f"in {'minor' if mood.minor else 'major'}")
    # Where the mode turns, that is most of it; the rest goes half as far.
    power = min(strength, 2.0) * (0.5 if fresh else 1.0)
    if _energy(made, score, mood.energy ** power):
        told.append("played with more" if mood.energy > 1 else "played with less")
    level = round(min(1.5, float(score["music_level"]) * mood.level ** power), 3)
    if level != score["music_level"]:
        score["music_level"] = level
        told.append("louder")
    if told:
        said = f"the music is {mood.said} ({', '.join(told)})"
        made.told(said, "music")
    else:
        made.clamped.append(f"The music is {mood.said}")


def _energy(made: Changed, score: dict[str, Any], factor: float) -> bool:
    """Every section's energy times a factor, within [0.05, 1]; whether any moved."""
    moved = False
    for section in (*score["sections"], *made.document["music"]["sections"]):
        after = round(min(1.0, max(0.05, float(section["energy"]) * factor)), 3)
        moved = moved or after != section["energy"]
        section["energy"] = after
    return moved


__all__ = ["MOODS", "mood_said"]
