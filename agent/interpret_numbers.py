"""Numbers with units out of a folded text: lengths, sizes, frame rates, tempi, clock times, keys, versions.

What was read is blanked, so that no later reading takes "30" for thirty balloons.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from agent.interpret_moments import NUM as _NUM
from agent.interpret_moments import moments, number

LONGEST_S = 3600.0
LARGEST_PX = (1920, 1080)
SMALLEST_PX = 64
_UNIT = (
    r"(?:(s|sec|secs|second|seconds|sekunde|sekunden|seconde|secondes|segundo|segundos|secondi)|(m|min|mins|"
    r"minute|minutes|minuten|minuto|minutos|minuti)|(h|hr|hour|hours|stunde|stunden|heure|heures|hora|horas))"
)
_RATIOS = {
    "1:1": (1, 1),
    "9:16": (9, 16),
    "16:9": (16, 9),
    "4:3": (4, 3),
    "3:4": (3, 4),
    "4:5": (4, 5),
    "5:4": (5, 4),
    "21:9": (21, 9),
    "3:2": (3, 2),
    "2:3": (2, 3),
    "2:1": (2, 1),
    "1:2": (1, 2),
    "16:10": (16, 10),
}
_LINES = {
    "4320": 4320,
    "2160": 2160,
    "1440": 1440,
    "1080": 1080,
    "720": 720,
    "540": 540,
    "480": 480,
    "360": 360,
    "240": 240,
    "144": 144,
    "8k": 4320,
    "6k": 3240,
    "5k": 2880,
    "4k": 2160,
    "uhd": 2160,
    "2k": 1440,
    "qhd": 1440,
    "full hd": 1080,
    "fullhd": 1080,
    "fhd": 1080,
    "hd ready": 720,
}
_SHAPES = (
    (
        (
            r"(?:in )?(?:vertical|portrait|upright|hochformat|hochkant)(?: (?:video|film|format|orientation|mode|"
            r"clip|frame|aspect|ratio|movie|crop))+|(?:for|as an?) (?:tik ?tok|instagram (?:story|stories|reels?)|"
            r"reels?|(?:youtube )?shorts|stories|phones?|mobile|snapchat)\b"
            r"|\bvertical\b(?!\s+(?:pan|tilt|line|lines|stripe|stripes|cliff|cliffs|wall|walls|drop|climb|move|"
            r"movement|takeoff))|\bhochformat\b|\bhochkant\b"
        ),
        (9, 16),
    ),
    (
        (
            r"\bsquare (?:video|film|format|frame|clip|aspect|aspect ratio|picture|ratio|crop|movie|image|version|"
            r"orientation)s?\b|\bin (?:a )?square\b(?! \w+ (?:of|in))|^\s*square\s*$|[,;.]\s*square\s*(?=$|[,;.])|"
            r"\bfor instagram(?! \w+)\b|\bquadratisch\w*\b|\bformat carre\b|\bcuadrado\b"
        ),
        (1, 1),
    ),
    (
        (
            r"\b(?:cinemascope|cinema scope|scope format|anamorphic(?: widescreen)?|ultra ?wide(?:screen)?(?! "
            r"(?:lens|angle|shot))|2[.,]39(?::1)?|2[.,]35(?::1)?|2[.,]4:1|letterbox(?:ed)?)\b"
        ),
        (239, 100),
    ),
    (r"\b(?:academy ratio|old tv format|fullscreen 4 by 3)\b", (4, 3)),
    (r"\b(?:widescreen|landscape (?:format|orientation|mode)|querformat|format paysage|breitbild)\b", (16, 9)),
)


@dataclass(frozen=True)
class Found:
    """A number read. start and end are places in the text."""

    axis: str
    value: Any
    words: str
    start: int
    end: int
    note: str | None = None


class _Reader:
    def __init__(self, text: str) -> None:
        self.text = text
        self.found: list[Found] = []

    def take(self, pattern: str, read: Callable[[re.Match[str]], tuple[str, Any, str | None] | None]) -> None:
        """Every place the pattern stands: what `read` makes of it is kept and the place blanked."""
        for hit in list(re.finditer(pattern, self.text)):
            said = read(hit)
            if said is None or not hit.group().strip():
                continue
            axis, value, note = said
            lead = len(hit.group()) - len(hit.group().lstrip(" ,;.\n"))
            start = hit.start() + lead
            self.found.append(Found(axis, value, hit.group().strip(" ,;.\n"), start, hit.end(), note))
            blank = "\x00" if axis == "decade" else " "
            self.text = self.text[:start] + blank * (hit.end() - start) + self.text[hit.end() :]


def numbers_of(text: str) -> tuple[str, list[Found]]:
    """(the text with what was read blanked, what was read in order of place)."""
    reader = _Reader(text)
    _sizes(reader)
    _rates(reader)
    _clock(reader)
    moments(reader.take)
    _durations(reader)
    _key(reader)
    _counts(reader)
    # Decades were only hidden from the readers above: "80s synths" is a word of the dictionary.
    out = "".join(typed if seen == "\x00" else seen for typed, seen in zip(text, reader.text, strict=True))
    return out, sorted((f for f in reader.found if f.axis != "decade"), key=lambda f: f.start)


def _sizes(r: _Reader) -> None:
    r.take(
        r"\b(\d{2,5})\s?(?:x|\*|by)\s?(\d{2,5})\b(?:\s?(?:px|pixels))?",
        lambda m: ("size_px", *_clamp_size(int(m[1]), int(m[2]))),
    )
    r.take(
        r"(?<![\d:])(\d{1,2}:\d{1,2})(?![\d:]|\s?[ap]\.?m)(?:\s?(?:aspect ratio|aspect|ratio|format|video))?",
        lambda m: ("shape", _RATIOS[m[1]], None) if m[1] in _RATIOS else None,
    )
    for pattern, shape in _SHAPES:
        r.take(pattern, lambda m, shape=shape: ("shape", shape, None))
    r.take(
        (
            r"\b(4320|2160|1440|1080|720|540|480|360|240|144)\s?p(?:ixels)?\b|\b(8k|6k|5k|4k|uhd|2k|qhd|full ?hd|fhd|"
            r"hd ready)\b(?:\s?(?:resolution|video|quality|ultra hd))?"
        ),
        lambda m: ("lines", _LINES[(m[1] or m[2])], None),
    )


def _clamp_size(width: int, height: int) -> tuple[list[int], str | None]:
    factor = min(1.0, LARGEST_PX[0] / max(width, height), LARGEST_PX[1] / min(width, height)) if width and height else 0
    w, h = max(SMALLEST_PX, round(width * factor)), max(SMALLEST_PX, round(height * factor))
    if (w, h) == (width, height):
        return [w, h], None
    return [w, h], f"{width}x{height} is outside what is made here: {w}x{h} is used"


def sized(shape: tuple[int, int] | None, lines: int | None) -> tuple[list[int], str | None]:
    """Width and height out of an aspect and a number of lines (the shorter side); even numbers."""
    across, down = shape or (16, 9)
    wanted = lines or {(16, 9): 432, (9, 16): 432, (1, 1): 576, (239, 100): 384}.get((across, down), 480)
    short = min(wanted, LARGEST_PX[1])
    long = short * max(across, down) / min(across, down)
    if long > LARGEST_PX[0]:
        short, long = short * LARGEST_PX[0] / long, float(LARGEST_PX[0])
    a, b = round(long / 2) * 2, round(short / 2) * 2
    size = [a, b] if across >= down else [b, a]
    note = f"{wanted} lines are more than is made here: {size[0]}x{size[1]} is used" if wanted > short + 1 else None
    return size, note


def _rates(r: _Reader) -> None:
    def fps(m: re.Match[str]) -> tuple[str, Any, str | None] | None:
        value = number(m[1])
        if value < 1:
            return "ignored", None, f"{value:g} frames per second cannot be shown and is left out"
        kept = min(120, round(value))
        return "fps", kept, None if kept == value else f"{value:g} frames per second: {kept} is used"

    r.take(
        (
            rf"\b(?:at )?({_NUM})\s?-?(?:fps|frames?(?: per | a | ?/ ?|/)(?:second|sec|s)\b|bilder pro sekunde|"
            rf"images par seconde)"
        ),
        fps,
    )

    def tempo(m: re.Match[str]) -> tuple[str, Any, str | None] | None:
        value = number(m[1])
        kept = min(240.0, max(30.0, value))
        return "tempo_bpm", kept, None if kept == value else f"{value:g} beats per minute: {kept:g} is used"

    r.take(rf"\b(?:at )?({_NUM})\s?-?(?:bpm|beats (?:per|a) minute)\b", tempo)
    r.take(r"\bbpm\s?(?:of|:|=)?\s?(\d{2,3})\b", tempo)
    r.take(r"\btempo\s?(?:of|:|=)?\s?(\d{2,3})\b", tempo)


def _clock(r: _Reader) -> None:
    def clock(m: re.Match[str]) -> tuple[str, Any, str | None] | None:
        hour, minute = number(m["h"]), float(m["m"] or 0)
        half = (m["ap"] or "").replace(".", "")
        if hour > 24 or minute > 59:
            return None
        late = half == "pm" or bool(re.search("afternoon|evening|night|abends|soir|tarde|noche", half))
        if late and hour < 12 and not (half.endswith("night") and hour < 5):
            hour += 12
        if half == "am" and hour == 12:
            hour = 0
        return "time_h", round((hour + minute / 60) % 24, 3), None

    r.take(r"\b(?:at |around |about |by )?(?P<h>\d{1,2})(?:[:.](?P<m>\d{2}))?\s?(?P<ap>[ap]\.?m\.?)(?!\w)", clock)
    r.take(
        (
            rf"\b(?:at |around |about )?(?P<h>{_NUM})(?::(?P<m>\d\d))? ?(?:o'? ?clock|uhr)(?P<ap> in the (?:morning|"
            rf"afternoon|evening)| at night| morgens| abends)?\b"
        ),
        clock,
    )
    r.take(
        (
            rf"\b(?:at |around |about )?(?P<h>{_NUM})(?::(?P<m>\d\d))?(?P<ap> in the (?:morning|afternoon|evening)| "
            rf"at night| de la tarde| de la noche| du soir)\b"
        ),
        clock,
    )
    r.take(
        r"\b(?:at|around|by|um) (?P<h>[01]?\d|2[0-4]):(?P<m>[0-5]\d)(?P<ap>)(?!:?\d)(?! ?(?:seconds|s\b|into))",
        lambda m: clock(m) if int(m["h"]) > 4 else None,
    )


def _durations(r: _Reader) -> None:
    def said(seconds: float) -> tuple[str, Any, str | None]:
        if seconds <= 0:
            return "ignored", None, "a film of no length cannot be made: the usual length is used"
        if seconds > LONGEST_S:
            return "duration_s", LONGEST_S, f"{seconds / 60:g} minutes is longer than is made here: an hour is used"
        return "duration_s", round(seconds, 3), None

    def unit(m: re.Match[str], k: int) -> float:
        return 1.0 if m[k] else 60.0 if m[k + 1] else 3600.0

    # Decades ("80s synths", "the 1920s") are not lengths, nor are ages or what comes "every ten seconds".
    r.take(
        r"\b(?:(?:the|early|late|mid)[ -](?:19|20)?[2-9]0s|(?:18|19|20)\d0s|"
        r"[2-9]0s(?= (?!of\b|long|video|clip|film|movie|loop|short|piece|animation|"
        r"and\b|with|at\b|in\b|on\b|for)[a-z]))\b",
        lambda m: ("decade", m.group(), None),
    )
    guard = r"(?<!every )(?<!each )(?<!per )"
    r.take(rf"{guard}\b({_NUM})\s?-?{_UNIT} (?:and )?(?:a )?half\b", lambda m: said((number(m[1]) + 0.5) * unit(m, 2)))
    r.take(rf"{guard}\b(?:an?|eine?) {_UNIT} and a half\b", lambda m: said(1.5 * unit(m, 1)))
    r.take(rf"{guard}\b({_NUM}) and a half {_UNIT}\b", lambda m: said((number(m[1]) + 0.5) * unit(m, 2)))
    r.take(
        rf"{guard}\b(\d+)\s?(?:m|min|minutes?),?\s?(?:and )?(\d+)\s?(?:s|secs?|seconds?)\b",
        lambda m: said(int(m[1]) * 60.0 + int(m[2])),
    )
    r.take(
        rf"{guard}\b(?:half an?|half|eine halbe|une demi|media|medio) ?-?{_UNIT}\b", lambda m: said(0.5 * unit(m, 1))
    )
    r.take(rf"{guard}\b(?:a )?(?:three quarters|3/4) of an? {_UNIT}\b", lambda m: said(0.75 * unit(m, 1)))
    r.take(rf"{guard}\b(?:a )?quarter (?:of an? )?{_UNIT}\b", lambda m: said(0.25 * unit(m, 1)))
    r.take(rf"{guard}\b(?:a )?couple (?:of )?{_UNIT}\b", lambda m: said(2.0 * unit(m, 1)))
    r.take(
        (
            rf"{guard}\b(?:an?|eine|einer|une|una|un) (?:short |long |full )?(?:(s)(?!\w)|(minute|minuto)|(hour|"
            rf"stunde|heure|hora))\b(?! (?:too|later|before|after|ago))"
        ),
        lambda m: said(unit(m, 1)),
    )
    r.take(
        rf"{guard}(?<![\d:.])-?({_NUM})\s?-?{_UNIT}\b(?! (?:ago|old|later))(?:[ -]long\b)?",
        lambda m: said(-1.0) if m.group().startswith("-") else said(number(m[1]) * unit(m, 2)),
    )
    r.take(
        r"(?<![\d:])(\d{1,2}):([0-5]\d)(?![\d:])(?: (?:min(?:utes)?|long))?",
        lambda m: said(int(m[1]) * 60.0 + int(m[2])),
    )
    r.take(
        r"(?<![\d:])(\d{1,2}):([0-5]\d):([0-5]\d)(?![\d:])",
        lambda m: said(int(m[1]) * 3600.0 + int(m[2]) * 60.0 + int(m[3])),
    )


_TONICS = {"c": 0, "d": 2, "e": 4, "f": 5, "g": 7, "a": 9, "b": 11}


def _key(r: _Reader) -> None:
    def key(m: re.Match[str]) -> tuple[str, Any, str | None]:
        sign = (m["sign"] or "").strip(" -")
        mode = "minor" if m["mode"] in ("minor", "min", "moll", "mineur", "menor") else "major"
        shown = m["tonic"].upper() + ("#" if sign in ("sharp", "#") else "b" if sign in ("flat", "b") else "")
        return "key", f"{shown} {mode}", None

    after = (
        r"(?=\s*(?:$|[,.;!?)]|(?:and|with|at|for|then|please|key|piano|music|song|piece|melody|waltz|strings|"
        r"techno|score|theme|chords?|orchestral|ambient|jazz|folk|synthwave)\b))"
    )
    mode = r"(?P<mode>minor|major|moll|dur|mineur|majeur|menor|mayor)\b"
    r.take(
        r"\b(?:in (?:a )?)?(minor|major) (?:key|chords?|mode|scale|harmon(?:y|ies))\b", lambda m: ("key", m[1], None)
    )
    r.take(
        rf"\b(?:in |in the key of |key of |key: ?)(?P<tonic>[a-g])(?P<sign>[ -]?(?:sharp|flat)|#|b)? {mode}{after}", key
    )
    r.take(rf"\b(?P<tonic>[a-g])(?P<sign>[ -](?:sharp|flat)|#) {mode}", key)
    r.take(rf"\b(?P<tonic>[b-g])(?P<sign>) (?P<mode>minor|moll){after}", key)


def _counts(r: _Reader) -> None:
    def takes(m: re.Match[str]) -> tuple[str, Any, str | None] | None:
        n = int(number(m[1]))
        kept = min(8, max(1, n))
        return ("takes", kept, None if kept == n else f"{n} versions: {kept} are made") if n else None

    r.take(
        (
            rf"\b({_NUM}) (?:different |alternative |alternate )?(?:versions?|variations?|variants?|takes|"
            rf"alternatives|varianten|variantes)\b"
        ),
        takes,
    )
    r.take(rf"\b(?:give|show|make|with)(?: me)? ({_NUM}) (?:different )?options\b", takes)
    r.take(
        rf"\b(?:in |with |of )?({_NUM}) (?:different )?(?:shots|cuts|scenes|einstellungen|plans)\b",
        lambda m: ("shots", max(1, min(200, int(number(m[1])))), None),
    )
