"""Colours by degrees: "bluer", "more red", "a purple tint", "less green", "pinker light".

A degree of a colour tints the light of a shot; what is there keeps its own colours under it. Time is counted here too:
"half an hour later", "two hours earlier".
"""

from __future__ import annotations

import re

from agent.director_tables import COLOURS
from agent.lexicon.words import NUMBERS
from agent.talk_change import Changed, Where, inside, put, turn
from agent.talk_lines import without

STEP = 0.3
_DEGREES = {"bluer": "blue", "redder": "red", "greener": "green", "pinker": "pink", "yellower": "yellow",
            "purpler": "purple", "browner": "brown", "more golden": "gold", "oranger": "orange", "blue-er": "blue"}
_GREYS = ("black", "white", "grey", "gray", "silver")
_NAMES = "|".join(sorted((name for name in COLOURS if name not in _GREYS), key=len, reverse=True))
_THING = (r"(?: (?:colou?rs?|tones?|tints?|hues?|light(?:ing)?|picture|image|everything|it|all|overall|cast|wash|"
          r"touch|glow|"
          r"shade|in (?:it|the (?:picture|light|colou?rs))))*")
_MORE = re.compile(rf"\b(?P<word>{'|'.join(re.escape(word) for word in _DEGREES)})\b{_THING}|"
                   rf"\b(?P<way>more|less|a (?:bit|little|touch|hint) (?:more )?of|a (?:bit|little)(?: more)?|too|"
                   rf"too much)"
                   rf" (?P<name>{_NAMES})(?:ish)?\b{_THING}$|"
                   rf"\ban? (?:slight |soft |strong |subtle |light )?(?P<name2>{_NAMES})(?:ish)? (?:tint|cast|wash|"
                   rf"tone|hue|"
                   rf"touch|tinge|filter|shade|light)\b|\btint (?:it|everything|the (?:picture|light|film))? ?"
                   rf"(?P<name3>{_NAMES})\b|\b(?P<name4>{_NAMES})[- ]tinted\b")
_GIVE = re.compile(r"\b(?:give|make|put|add|let|have|get|want|with|in|on|over|the|it|its|everything|all|film|"
                   r"picture|image|"
                   r"colou?rs?|light|be|should|a|an|slightly|overall|bit|little|much|some|to|us|me|of|more|is|are|"
                   r"turn|look|"
                   r"looks)\b|[^a-z]")
_HOURS = re.compile(rf"\b(?P<n>half an|an?|one|\d{{1,2}}|a few|a couple of|"
                    rf"{'|'.join(word for word, n in NUMBERS.items() if word.isalpha() and 2 <= n <= 12)}) "
                    rf"(?P<u>hours?|minutes?)"
                    r" (?P<way>later|earlier)\b")


def tinted(made: Changed, text: str, where: Where, strength: float) -> str:
    """Turns the light of what is meant towards a colour (or away from one); returns what is left, the whole clause
    where it says more than that."""
    found = _MORE.search(text)
    if found is None or _GIVE.sub("", without(text, found)):
        return text
    groups = found.groupdict()
    named = (groups[key] for key in ("name", "name2", "name3", "name4"))
    name = _DEGREES.get(groups["word"] or "") or next(one for one in named if one)
    less = (groups["way"] or "") in ("less", "too", "too much")
    hue = COLOURS[name][2]
    moved = False
    for shot, within in inside(made, where):
        light = shot["world"]["light"]
        near = abs((light["tint_hue_deg"] - hue + 180) % 360 - 180) < 25
        if less and not near:
            continue
        if not near:
            # Another colour takes the place of the one that was there.
            light["tint"] = 0.0 if not shot["curves"].get("/world/light/tint") else light["tint"]
            moved = put(shot, "/world/light/tint_hue_deg", float(hue), (0.0, 1.0)) or moved
        step = (-STEP if less else STEP) * min(strength, 2.0)
        moved = turn(shot, "/world/light/tint", lambda v, s=step: min(1.0, max(0.0, v + s)), within) or moved
    said = f"the light is {'less' if less else 'more'} {name}"
    if moved:
        made.told(said, "light", "colours")
    elif less:
        made.missed.append(f"There is no {name} tint to be taken back")
    else:
        made.clamped.append(said.capitalize())
    return ""


def hours_said(made: Changed, text: str, where: Where) -> str:
    """Moves the time of day by as much as is said; returns what is left of a clause."""
    found = _HOURS.search(text)
    if found is None:
        return text
    count = {"half an": 0.5, "a few": 3.0, "a couple of": 2.0, "a": 1.0, "an": 1.0}.get(found["n"])
    amount = count or (float(found["n"]) if found["n"].isdigit() else float(NUMBERS[found["n"]]))
    amount /= 60.0 if found["u"].startswith("minute") else 1.0
    plus = amount if found["way"] == "later" else -amount
    for shot, within in inside(made, where):
        turn(shot, "/world/light/time_h", lambda v: (v + plus) % 24.0, within)
    made.told(f"it is {found[0]}", "light")
    return without(text, found)


__all__ = ["hours_said", "tinted"]
