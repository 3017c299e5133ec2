"""Moods of the picture in words: "dreamier", "something ominous", "cosy, like a bedtime story", "less lonely".

A mood turns numbers by degrees (light, warmth, contrast, bloom, grain, fog, pace), never what is shown: place, bodies,
cuts and music stay, so it can be said again, and taken back.
"""

from __future__ import annotations

import re

from agent.talk_change import Changed, Where
from agent.talk_moves import Dial, strength_of, turn_dial

_LIGHT = "/world/light/exposure_ev"
_CHROMA = "/world/palette/chroma"
_FOG = "/world/weather/fog"
_CAMERA = "/camera/speed"
_BODIES = "/world/bodies/*/speed"


def _style(name: str, by: float) -> tuple[str, str, float, float, float]:
    low, high = (-1.0, 1.0) if name == "warmth" else (0.0, 2.0) if name == "contrast" else (0.0, 1.0)
    return (f"/world/style/{name}", "times" if name == "contrast" else "plus", by, low, high)


def _pace(by: float) -> tuple[tuple[str, str, float, float, float], ...]:
    return ((_CAMERA, "times", by, 0, 4), (_BODIES, "times", by, 0, 4))


def _mood(name: str, less: str, *turns: tuple[str, str, float, float, float]) -> Dial:
    parts = ["light" if any(t[0] == _LIGHT for t in turns) else "", "weather" if any(
        "weather" in t[0] for t in turns) else "", "look" if any("style" in t[0] for t in turns) else "",
        "colours" if any(t[0] == _CHROMA for t in turns) else "", "camera" if any("camera" in t[0] for t in turns)
        else "", "bodies" if any("bodies" in t[0] for t in turns) else ""]
    return Dial("", "", "", turns, (f"it feels {name}", f"it feels {less}"), tuple(part for part in parts if part))


# (words for it, what turns); the first whose words are found counts.
MOODS: tuple[tuple[str, Dial], ...] = (
    (r"dream(?:y|ier|like|-like)|ethereal|otherworldly|hazy|like (?:in )?a dream|floaty",
     _mood("dreamier", "less dreamy", _style("bloom", 0.25), _style("contrast", 0.88), (_FOG, "plus", 0.06, 0, 1),
           (_CAMERA, "times", 0.85, 0, 4))),
    (r"hypnotic|trance(?:-like|y)?|mesmeri[sz]ing|meditative|trippy|psychedelic",
     _mood("more hypnotic", "less hypnotic", _style("bloom", 0.2), (_CHROMA, "times", 1.15, 0, 2), *_pace(0.75))),
    (r"ominous|eer(?:y|ier)|scar(?:y|ier)|creep(?:y|ier)|spook(?:y|ier)|sinister|menacing|threatening|haunt(?:ed|"
     r"ing)|nightmar(?:e-?like|ish)|"
     r"frightening|unsettling|horror",
     _mood("more ominous", "less ominous", (_LIGHT, "plus", -0.7, -3, 3), (_FOG, "plus", 0.15, 0, 1),
           _style("warmth", -0.15), _style("vignette", 0.2), (_CAMERA, "times", 0.85, 0, 4))),
    (r"tens(?:e|er)|suspenseful|nerv(?:ous|y)|anxious|uneas(?:y|ier)|urgent|paranoid|edg(?:y|ier)|claustrophobic",
     _mood("tenser", "less tense", (_LIGHT, "plus", -0.35, -3, 3), _style("contrast", 1.12), _style("vignette", 0.18),
           _style("warmth", -0.1), ("/camera/shake", "plus", 0.1, 0, 1))),
    (r"co[sz](?:y|ier)|homely|snug|comforting|intimate|tender|cuddly",
     _mood("cosier", "less cosy", _style("warmth", 0.25), _style("bloom", 0.12), _style("vignette", 0.1),
           ("/world/weather/wind_mps", "times", 0.7, 0, 30), *_pace(0.85))),
    (r"lon(?:ely|elier|esome)|solitary|isolated|desolate|forlorn|empt(?:y|ier) feeling|bleak(?:er)?|alone",
     _mood("lonelier", "less lonely", (_CHROMA, "times", 0.8, 0, 2), _style("warmth", -0.15),
           (_LIGHT, "plus", -0.2, -3, 3), ("/camera/scale", "scale", -1, 0, 4), (_CAMERA, "times", 0.8, 0, 4))),
    (r"epic|grand(?:er|iose)?|majestic|heroic|monumental|triumphant|larger than life|awe-?inspiring",
     _mood("more epic", "less epic", _style("contrast", 1.12), _style("bloom", 0.12), (_CHROMA, "times", 1.1, 0, 2),
           ("/camera/scale", "scale", -1, 0, 4), (_CAMERA, "times", 1.2, 0, 4))),
    (r"nostalgic|wistful|retro feeling|like (?:an old |a )memor(?:y|ies)|sentimental|remembered|bittersweet",
     _mood("more nostalgic", "less nostalgic", _style("warmth", 0.22), _style("grain", 0.15), _style("vignette", 0.12),
           (_CHROMA, "times", 0.88, 0, 2))),
    (r"sad(?:der)?|melanchol(?:y|ic)|mournful|sorrowful|heartbreaking|depressing|sombre|somber|moody|moodier|tragic",
     _mood("sadder", "less sad", (_CHROMA, "times", 0.8, 0, 2), (_LIGHT, "plus", -0.3, -3, 3), _style("warmth", -0.15),
           *_pace(0.85))),
    (r"hopeful|optimistic|uplifting|encouraging|full of hope|a (?:bit|touch|glimmer) of hope|inspiring",
     _mood("more hopeful", "less hopeful", (_LIGHT, "plus", 0.4, -3, 3), _style("warmth", 0.18),
           ("/world/weather/cloud", "plus", -0.12, 0, 1), (_CHROMA, "times", 1.1, 0, 2))),
    (r"happ(?:y|ier)|joyful|joyous|cheer(?:ful|y|ier)|jolly|merr(?:y|ier)|sunn(?:y|ier) mood|playful|funn(?:y|ier)|"
     r"light-?hearted|fun|silly|sillier|whimsical",
     _mood("happier", "less happy", (_LIGHT, "plus", 0.3, -3, 3), (_CHROMA, "times", 1.2, 0, 2), _style("warmth", 0.12),
           *_pace(1.12))),
    (r"romantic|loving|sensual|passionate",
     _mood("more romantic", "less romantic", _style("warmth", 0.22), _style("bloom", 0.2), _style("contrast", 0.94),
           (_CAMERA, "times", 0.85, 0, 4))),
    (r"myster(?:ious|y)|enigmatic|secretive",
     _mood("more mysterious", "less mysterious", (_LIGHT, "plus", -0.35, -3, 3), (_FOG, "plus", 0.15, 0, 1),
           _style("vignette", 0.15), (_CAMERA, "times", 0.85, 0, 4))),
    (r"magical|enchant(?:ed|ing)|fairy ?tale(?:-like)?|wondrous|full of wonder",
     _mood("more magical", "less magical", _style("bloom", 0.22), (_CHROMA, "times", 1.15, 0, 2),
           _style("vignette", 0.08), (_CAMERA, "times", 0.9, 0, 4))),
    (r"gritt(?:y|ier)|rough(?:er)? look|raw(?:er)?|dirt(?:y|ier)|grimy|grungy|documentary feel(?:ing)?",
     _mood("grittier", "less gritty", _style("contrast", 1.15), _style("grain", 0.25), (_CHROMA, "times", 0.88, 0, 2))),
)
_FEEL = re.compile(r"\b(?:something|somehow|about|kind|sort|of|whole|thing|picture|pictures|image|images|mood|moods|"
                   r"feeling|feel|feels|vibe|vibes|atmosphere|tone|quality|world|make|it|its|this|that|the|a|an|all|"
                   r"and|more|much|be|should|could|film|movie|give|has|have|in|to|let|get|gets|go|look|looks|pretty|"
                   r"even|quite|really|very|so|too|less|not|everything|scene|scenes|shots?|for|us|me|add|some|with|"
                   r"touch|bit|way|there|air|of|rather|almost|sense|maybe|overall)\b|[^a-z]")
_LESS = re.compile(r"\b(?:less|not (?:so|as|that)|too|no longer|never)\b")


def felt(made: Changed, text: str, where: Where) -> str:
    """Turns the picture towards or away from a mood that a clause names; returns what is left, the whole clause where
    it says more than a mood."""
    strength, rest = strength_of(text)
    for words, dial in MOODS:
        found = re.search(rf"\b(?:{words})\b", rest)
        if found is None:
            continue
        left = f"{rest[:found.start()]} {rest[found.end():]}"
        other = next((words2 for words2, _ in MOODS if words2 != words and re.search(rf"\b(?:{words2})\b", left)), None)
        if _FEEL.sub("", re.sub(rf"\b(?:{other})\b", " ", left) if other else left):
            return text
        turn_dial(made, dial, -1 if _LESS.search(text[:text.find(found[0])]) else 1, min(strength, 2.0), where)
        return felt(made, left, where) if other else ""
    return text


__all__ = ["MOODS", "felt"]
