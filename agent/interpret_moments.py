"""Where a step begins: "after 10 seconds", "at 0:30", "from 0:10 to 0:20", "until 0:20"."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from agent.lexicon.words import NUMBERS

# (axis, value, note) of what was read.
Taken = tuple[str, Any, str | None]
# Axes of moments: where a step begins; where the next one begins; a step that closes the film.
MOMENTS = ("moment", "until", "closing")
# Ordinals of choruses, drops and the like; what is told after and comes before; weather that is over.
NTH_WORDS = {1: ("first", "1st", "erste", "ersten", "erster"), 2: ("second", "2nd", "zweite", "zweiten", "zweiter"),
              3: ("third", "3rd", "dritte", "dritten"), 4: ("fourth", "4th"),
              -1: ("last", "final", "letzte", "letzten")}
NTH_NAMES = {"refrain": "chorus", "hook": "chorus", "strophe": "verse", "breakdown": "break"}
NTH = re.compile(
    rf"\b(?:(?:at|in|on|during|for|by|when|with|(?P<after>after|following|nach)|from|bei|beim|im) )?"
    rf"(?:the |der |dem |des )?"
    rf"(?P<nth>{'|'.join(word for names in NTH_WORDS.values() for word in names)}) "
    rf"(?P<what>chorus|refrain|hook|verse|strophe|drop|bridge|breakdown|build|solo)\b(?: (?:is|are|shows|starts|begins|"
    rf"comes in|hits)\b)?"
)
BEFORE_COMES = re.compile(
    r"\bbefore (?P<what>(?:the|a|an) (?:\w+ ){1,3}?(?:comes|arrives|begins|starts|hits|breaks|rolls in|sets in|falls|"
    r"strikes|appears)\b)(?P<then>,)?"
)
EARLIER = re.compile(r"\b(?:and |but )?(?:before that|beforehand|previously|formerly|once upon a time there was|davor|"
                      r"zuvor|vorher|avant cela|avant ca|antes de eso)\b")
STOPS = re.compile(
    r"\b(?:rain|storm|thunderstorm|snow|snowfall|blizzard|fog|mist|haze|clouds?|wind|sandstorm|regen|schnee|nebel|"
    r"pluie|neige|lluvia|nieve)\w* (?P<verb>stops?|ends?|lifts?|clears?|fades?(?: away)?|passes|disappears?|"
    r"vanish(?:es)?|dissolves?(?! into)|subsides?|calms down|ceases?|hort auf|verschwindet|s'arrete|cesse|para|"
    r"cesa)\b(?! (?:in)?to)"
)
_UNTIL = re.compile(
    r"(?:^|(?<=[\s,.;:]))(?:there (?:is|are) )?(?:no|not any|without(?: any)?|kein|keine|pas de|sin) "
    r"(?P<what>\w+(?: \w+)?) (?:until|till|before|bis|avant|jusqu'a|hasta) (?:you (?:see|reach) )?"
    r"(?P<when>the (?:very )?(?:end|ending|drop|finale|chorus|climax|break|bridge|outro|middle|(?:last|final|closing) "
    r"(?:shot|scene|seconds|moments))|(?:zum ende|zum schluss|la fin|el final|al final)|\d{1,2}:\d\d|"
    r"\d{1,3} ?(?:seconds|s|sec)|halfway)(?P<rest>,? ?)"
)


def before_until(text: str) -> str:
    """ "No birds until the end" says that there are birds at the end."""

    def turned(m: re.Match[str]) -> str:
        lead = "" if m["when"] == "halfway" else "in " if re.search("seconds|moments", m["when"]) else "at "
        when = re.sub(r"^(\d+) ?(?:seconds|s|sec)$", r"\1 seconds", m["when"])
        lead = "after " if when.endswith("seconds") and when[0].isdigit() else lead
        return f"{lead}{when} {m['what']}" + (". " if m["rest"] else "")

    return _UNTIL.sub(turned, text)
NUM = (
    r"(?:\d+(?:[.,]\d+)?|(?:"
    + "|".join(sorted(NUMBERS, key=len, reverse=True))
    + r")(?:[ -](?:one|two|three|four|five|six|seven|eight|nine|hundred))?)"
)


def number(text: str) -> float:
    """ "2.5", "twenty", "twenty-five", "two hundred" as a number."""
    text = text.strip()
    if text[:1].isdigit():
        return float(text.replace(",", "."))
    total = 0.0
    for word in re.split(r"[ -]+", text):
        value = NUMBERS.get(word, 0)
        total = max(1.0, total) * 100 if value == 100 else total + value
    return total


def moments(take: Callable[[str, Callable[[re.Match[str]], Taken | None]], None]) -> None:
    """ "after 10 seconds", "at 0:30", "15 seconds in", "from 0:10 to 0:20": where a step begins; "until 0:20", "for
    the first 10 seconds": where the next one does (axis "until")."""

    def seconds(m: re.Match[str], key: str = "") -> float:
        if m["clock" + key]:
            minutes, rest = m["clock" + key].split(":")
            return int(minutes) * 60.0 + float(rest)
        if m.groupdict().get("half"):
            return 30.0 if m["half"].startswith("m") else 0.5
        return number(m["n" + key]) * (60.0 if m["unit" + key].startswith("m") else 1.0)

    def at(axis: str) -> Callable[[re.Match[str]], Taken]:
        return lambda m: (axis, seconds(m), None)

    def span(m: re.Match[str]) -> Taken | None:
        start, end = seconds(m), seconds(m, "2")
        return ("moment", (start, end) if end > start else start, None)

    unit = r"(?P<unit>seconds?|secs?|s|minutes?|mins?|sekunden?|secondes?|segundos?|minuten|minutos)"
    clock = r"(?P<clock>\d{1,2}:[0-5]\d)"
    length = rf"(?:{clock}|(?P<n>{NUM}) ?-?{unit})"
    half = r"(?:half an?|une demi|eine halbe|medio) (?P<half>minute|second|minuto|segundo)"
    take(rf"\b(?:until|till|up to|bis|jusqu'a|jusque|hasta) (?:about )?{length}\b", at("until"))
    take(
        rf"(?P<clock>)\b(?:(?:for|in|during) )?the first (?P<n>{NUM}) ?-?{unit}\b(?! (?:of (?:the|a)|snow))",
        at("until"),
    )
    take(
        rf"\b(?:from|between) {length} (?:to|until|till|and|-|–) "
        rf"(?:{_twin(clock)}|(?P<n2>{NUM}) ?-?{_twin(unit)})\b",
        span,
    )
    # "From 5 to 10 seconds": the unit of the second number is that of the first.
    take(rf"(?P<clock>)\b(?:from|between) (?:seconds? )?(?P<n>{NUM}) (?:to|until|till|and|-|–) (?P<clock2>)"
         rf"(?P<n2>{NUM}) ?-?(?P<unit>seconds?|secs?|s)(?P<unit2>)\b(?! (?:long|apart))", span)
    after = r"(?:after(?: about)?|nach|apres|despues de|al cabo de|au bout de)"
    take(rf"\b{after} {length}\b(?! of\b)", at("moment"))
    take(rf"(?P<clock>)\b{after} {half}\b", at("moment"))
    take(
        r"\b(?:at|from|around|by|um|ab|bei) (?P<clock>[0-4]:[0-5]\d)(?P<n>)(?P<unit>)(?: on(?:wards?)?)?\b"
        r"(?! ?[ap]\.?m)", at("moment"))
    take(
        rf"(?P<clock>)\b(?P<n>{NUM}) ?{unit} (?:in|into it|into the (?:film|video|clip))\b(?! (?:the|a|an)\b)",
        at("moment"),
    )
    take(rf"(?P<clock>)\bat (?:the )?(?P<n>{NUM})[ -]?{unit}(?:[ -]mark)?\b(?! (?:per|each|long))", at("moment"))
    take(rf"(?P<clock>)\b(?:at|from) (?:second|sekunde) (?P<n>{NUM})(?P<unit>)\b", at("moment"))
    take(rf"(?P<clock>)\b(?:ab|bei) sekunde (?P<n>{NUM})(?P<unit>)\b", at("moment"))
    take(
        rf"(?P<clock>)\b(?:in|during|for) the (?:last|final) (?P<n>{NUM}) ?-?{unit}\b", lambda m: ("closing", 0.0, None)
    )


def _twin(pattern: str) -> str:
    """A pattern with its groups renamed, to stand a second time in one expression."""
    return re.sub(r"\(\?P<(\w+)>", r"(?P<\g<1>2>", pattern)
