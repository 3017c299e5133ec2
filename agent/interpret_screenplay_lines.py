"""Single lines of a screenplay: scene headings, transitions, cards, cues, and the words for shots."""

from __future__ import annotations

import re

LINES_PER_PAGE = 55
_BONEYARD = re.compile(r"/\*.*?(?:\*/|\Z)|\[\[.*?(?:\]\]|\Z)", re.S)
_WHERE = r"INT\.?\s?/\s?EXT|EXT\.?\s?/\s?INT|I\.?/E|E/I|INT|EXT|EST|INTERIOR|EXTERIOR|INNEN\s?/\s?AU(?:SS|ß)EN|INNEN|" \
         r"AU(?:SS|ß)EN"
_HEADING = re.compile(rf"^\s*(?:#?\d+[A-Z]?#?[.):]?\s+)?(?P<where>{_WHERE})(?P<dot>\.?)(?=[\s.:–—-])[\s.:–—-]*"
                      r"(?P<rest>\S.*)$", re.I)
_INLINE = re.compile(rf"(?<=[^\d\s][.!?:\"”)])[ \t]+(?=(?:\d+[A-Z]?[.)]?\s+)?(?:{_WHERE})\.\s)|(?<=[.!?:\"”)])[ "
                     rf"\t]+(?=(?:BEGIN )?(?:MONTAGE|SERIES OF SHOTS)\b)")
_TIMES = (r"(?:EARLY |LATE |MID-?)?(?:MORNING|AFTERNOON|EVENING|NIGHT|DAY)|(?:PRE-?)?DAWN|SUNRISE|DAYBREAK|NOON|"
          r"MIDDAY|MIDNIGHT|DUSK|TWILIGHT|SUNSET|SUNDOWN|MAGIC HOUR|GOLDEN HOUR|BLUE HOUR|MOMENTS? LATER|SECONDS "
          r"LATER|HOURS LATER|LATER|CONTINUOUS|CONT'?D?|SAME(?: TIME)?|TAG|NACHT|MORGEN|ABEND|JOUR|NUIT|MATIN|SOIR|"
          r"D[IÍ]A|NOCHE|TARDE|AMANECER|ATARDECER|AUBE|CREPUSCULE|CRÉPUSCULE|DÄMMERUNG")
_TIME_END = re.compile(rf"[\s,.–—-]+\(?(?P<time>(?:{_TIMES})(?:\s*/\s*(?:{_TIMES}))?)\)?[.:]?\s*$", re.I)
_TIME_CUT = re.compile(rf"(?:[–—-]\s*|,\s*)(?:{_TIMES})\b[.:,]?\s+(?=[^\W\d_]{{1,20}}[ ,'’])", re.I)
_SHIFT = (r"(?:SMASH |MATCH |JUMP |HARD |QUICK |TIME |SHOCK )?CUT(?:S)?(?: BACK)?(?: TO)?(?: BLACK| WHITE)?|"
          r"(?:CROSS ?|RIPPLE |SLOW |LAP )?DISSOLVES?(?: BACK)?(?: TO)?|CROSS-?FADE(?: TO)?|"
          r"(?:SLOW )?FADE ?(?:IN|OUT|UP|TO|DOWN)?(?: ON| TO)?(?: BLACK| WHITE)?|WIPE(?: TO)?|IRIS (?:IN|OUT)|WHIP "
          r"PAN TO|FLASH(?:BACK|FORWARD)? TO|INTERCUT(?: WITH)?|MORPH TO|ÜBERBLENDUNG(?: ZU)?|SCHNITT(?: AUF| ZU)?|"
          r"FONDU(?: AU NOIR| ENCHAÎNÉ)?|CORTE A|FUNDIDO(?: A NEGRO)?")
_TRANSITION = re.compile(rf"^\s*>?\s*(?P<kind>{_SHIFT})\s*(?P<end>[:.]|$)\s*(?P<rest>.*)$", re.I)
_INLINE_TRANSITION = re.compile(
    r"(?<=\S)(?<!SMASH)(?<!MATCH)(?<!JUMP)(?<!HARD)(?<!QUICK)(?<!TIME)(?<!SHOCK)(?<!RIPPLE)(?<!SLOW)(?<!LAP)(?<!CROSS)"
    rf"[ \t]+(?=(?:{_SHIFT})\s*:)|(?<=[.!?\"”])[ \t]+(?=FADE (?:OUT|TO BLACK)\b)")
CARD = re.compile(r"^\s*(?:SUPER(?:IMPOSED?)?|(?:MAIN |OPENING )?TITLE(?: CARD)?|CARD|CAPTION|CHYRON|TEXT(?: ON "
                  r"SCREEN)?|ON SCREEN|LEGEND|SUBTITLE)\s*(?:OVER [A-Z ]+)?\s*[:–—-]\s*(?P<text>\S.*)$")
MONTAGE = re.compile(r"^\s*(?:BEGIN )?(?:MONTAGE|SERIES OF SHOTS|MONTAGESEQUENZ)\b[\s:.–—-]*(?P<rest>.*)$")
MONTAGE_END = re.compile(r"^\s*(?:END (?:OF )?(?:MONTAGE|SERIES(?: OF SHOTS)?)|BACK TO SCENE)\b", re.I)
ITEM = re.compile(r"^\s*(?:[-–—*•]+|\(?[A-Za-z0-9]{1,2}[).])\s+(?P<rest>\S.*)$")
CUE = re.compile(r"^\s*(?:@(?P<forced>[^\n(]{1,40}?)|(?P<name>[A-ZÀ-Þ][A-ZÀ-Þ0-9 .'’#&/-]{0,38}?))\s*(?:\^|"
                  r"(?P<notes>(?:\([^)\n]{1,40}\)\s*)*))\s*\^?\s*$")
SPOKEN = re.compile(r"^\s*(?P<name>[A-ZÀ-Þ][A-ZÀ-Þ0-9 "
                    r".'’-]{1,28}?)\s*(?P<notes>\([^)\n]{1,40}\))?\s*:\s*(?P<text>\S.*)$")
QUOTED = re.compile(r"(?:\b(?P<name>[A-ZÀ-Þ][A-ZÀ-Þ0-9 .'’-]{1,28}?)\s*(?P<notes>\([^)\n]{1,40}\))?\s*:\s*)?"
                     r"[\"“„](?P<text>[^\"”“„\n]{2,400})[\"”“]")
TITLE_KEY = re.compile(r"^(title|credit|authors?|source|draft date|date|contact|copyright|notes|"
                       r"revision)\s*:\s*(.*)$", re.I)
SIDE_NOTE = re.compile(r"^\s*(?:CONTINUED:?|\(?MORE\)?|\(CONTINUED\)|CONT'D|={3,}|"
                       r">?\s*(?:THE )?END\s*<?|#+\s.*|=\s.*|\d+\.)\s*$")
# Capital words that are no names.
NO_NAMES = re.compile(r"^(?:THE END|END|BEAT|PAUSE|SILENCE|BLACK|BLACKNESS|DARKNESS|CREDITS|LATER|MOMENTS LATER|"
                      r"BANG|BOOM)\b|\b(?:SHOT|CLOSE|WIDE|ANGLE|POV|AERIAL|TRACKING|CRANE|PAN|INSERT|MONTAGE|VIEW|"
                      r"TITLE|SUPER)\b")
# Shots: words, whether they begin a new one, and what they ask of the camera.
SHOTS: tuple[tuple[re.Pattern[str], bool, tuple[tuple[str, str], ...]], ...] = tuple(
    (re.compile(rf"\b(?:{words})\b(?:\s+(?:ON|OF|SHOT|VIEW|"
                rf"ANGLE))*[\s:,–—-]*", re.I if words.islower() else 0), new, asks)
    for words, new, asks in (
        (r"(?:BEE|INSECT|BUTTERFLY)(?:'S|’S)? (?:EYE VIEW|POV)", True, (("camera", "bee_cam"),)),
        (r"(?:[A-Z]+(?:'S|’S) )?(?:POV|POINT OF VIEW)", True, (("camera", "handheld"),)),
        (r"EXTREME CLOSE(?:[ -]?UP)?|ECU|XCU|MACRO|INSERT", True, (("scale", "detail"),)),
        (r"(?:VERY )?CLOSE(?:R)?(?:[ -]?UP)?|CLOSEUP|CU|TIGHT(?:ER)?", True, (("scale", "close"),)),
        (r"MED(?:IUM|\.)? (?:SHOT|ON|CLOSE[ -]?UP)|TWO[ -]SHOT", True, (("scale", "medium"),)),
        (r"FULL SHOT", True, (("scale", "full"),)),
        (r"(?:EXTREME |VERY )?WIDE(?:R)?|LONG SHOT|ESTABLISHING|MASTER SHOT|VISTA", True, (("scale", "wide"),)),
        (r"AERIAL|DRONE|HELICOPTER", True, (("camera", "fly_through"),)),
        (r"OVERHEAD|TOP[ -]DOWN|TOP SHOT|(?:BIRD|GOD)(?:'S|’S)?[ -]EYE", True, (("camera", "top_down"),)),
        (r"(?:LOW|HIGH|REVERSE|NEW|ANOTHER|DUTCH) ANGLE|ANGLE ON|REVERSE SHOT|BACK TO SCENE|BACK TO", True, ()),
        (r"(?:WE )?(?:TRACK(?:S|ING)?|FOLLOW(?:S|ING)?)(?: SHOT)? (?:WITH|BEHIND|ALONGSIDE)|STEADICAM", False,
         (("camera", "follow"),)),
        (r"TRACKING(?: SHOT)?|(?:WE )?TRACKS?(?: SHOT)?|TRUCKING|TRUCKS?", False, (("camera", "truck"),)),
        (r"(?:WHIP )?PAN(?:S|NING)?", False, (("camera", "pan"),)),
        (r"TILT(?:S|ING)?", False, (("camera", "tilt"),)),
        (r"(?:CRANE|CRANES|CRANING|BOOM|BOOMS|JIB) DOWN", False, (("camera", "crane_down"),)),
        (r"(?:CRANE|CRANES|CRANING|BOOM|BOOMS|JIB)(?: UP| SHOT)?", False, (("camera", "crane_up"),)),
        (r"(?:PUSH|PUSHES|PUSHING|DOLLY|DOLLIES|ZOOM|ZOOMS|MOVE|MOVES|CREEP|CREEPS)(?: SLOWLY)? (?:IN|FORWARD|CLOSER)"
         r"(?: TO| ON)?", False, (("camera", "dolly_in"),)),
        (r"(?:PULL|PULLS|PULLING|DOLLY|DOLLIES|ZOOM|ZOOMS|MOVE|MOVES)(?: SLOWLY)? (?:BACK|OUT|AWAY)", False,
         (("camera", "dolly_out"),)),
        (r"DOLLY ZOOM|VERTIGO SHOT", False, (("camera", "dolly_zoom"),)),
        (r"ORBITS?|CIRCLES AROUND|ARC(?:S)? AROUND", False, (("camera", "orbit"),)),
        (r"HAND-?HELD", False, (("camera", "handheld"),)),
        (r"STATIC|LOCKED[ -]OFF", False, (("camera", "static"),)),
    ))
SHOT_WORDS = re.compile(r"^\s*(?:close(?:[ -]?up)?(?: shot)? (?:on|of)|wide shot|wide on|extreme close[ -]?up|long "
                        r"shot|establishing shot|aerial shot|tracking shot|angle on|insert|pov|overhead shot|"
                        r"medium shot)\b(?=[\s:,–—-])", re.I)
BEAT = re.compile(r"^\W*(?:a |another |long )?(?:beat|pause)\W*$", re.I)


def lines_of(text: str) -> list[str]:
    text = _BONEYARD.sub("", text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", "    "))
    text = text.replace("\u2028", "\n").replace("\x0c", "\n")
    out: list[str] = []
    for line in text.split("\n"):
        line = re.sub(r"(?<!\w)[*_]{1,3}(?=\S)|(?<=\S)[*_]{1,3}(?!\w)", "", line)
        for piece in _INLINE_TRANSITION.sub("\n", _INLINE.sub("\n", line)).split("\n"):
            out += _split_heading(piece)
    return out


def _split_heading(line: str) -> list[str]:
    """A heading that runs on into its action on the same line, as two lines."""
    if heading_of(line) is None:
        turn = transition_of(line)
        rest = turn[2] if turn else ""
        return [line[: len(line) - len(rest)], *_split_heading(rest)] if rest else [line]
    line = re.sub(r"(?<=\S)\s{2,}", " ", re.sub(r"\s{2,}#?\d+[A-Z]?#?\s*$", "", line))
    cut = _TIME_CUT.search(line)
    if cut:
        return [line[: cut.end()].rstrip(), line[cut.end():]]
    words = list(re.finditer(r"\S+", line))
    low = next((k for k, word in enumerate(words) if re.search(r"[a-zß-ÿ]", word.group())), None)
    upper = re.match(rf"\s*(?:\S+\s+)?(?:{_WHERE})\b", line) is not None
    if upper and low is not None and low > 1:
        ends = (".", ":", "-", "–")
        while low > 2 and words[low - 1].group() in ("A", "I") and words[low - 2].group().endswith(ends):
            low -= 1
        if words[low - 1].group() not in ("-", "–", "—", "OF", "THE"):
            return [line[: words[low].start()].rstrip(), line[words[low].start():]]
    hit = _HEADING.match(line)
    begin = hit.start("rest") if hit else 1
    stop = re.search(r"(?<=\w\w)[.:]\s+(?=\S)", line[begin:])
    if stop and not _TIME_END.search(line) and len(line) > 40:
        return [line[: begin + stop.end()].rstrip(), line[begin + stop.end():]]
    return [line]


def heading_of(line: str) -> tuple[str, str, bool] | None:
    """(place, time, interior) of a scene heading."""
    forced = re.match(r"^\.(?=[^\W\d_])(?P<rest>.+)$", line.strip())
    hit = _HEADING.match(line)
    if hit is None and forced is None:
        return None
    if hit is None and forced is not None:
        inner = heading_of(forced["rest"])
        if inner is not None:
            return inner
        if forced["rest"].upper() != forced["rest"]:
            return None
        rest, interior = forced["rest"], False
    else:
        assert hit is not None
        if not hit["where"].isupper() and not hit["dot"] and not re.search(r"\s[–—-]\s", hit["rest"]):
            return None
        if not re.search(r"[^\W\d_]{2}", hit["rest"]) or (hit["where"].islower() and hit["rest"][0].isdigit()):
            return None
        rest, interior = hit["rest"], bool(re.match(r"I(?!/E)|E/I", hit["where"], re.I)) and "/" not in hit["where"]
    rest = re.sub(r"\s+#?\d+[A-Z]?#?\s*$", "", rest).strip()
    # "NIGHT (FLASHBACK)", "DAY (1985)": when it is, not where.
    rest = re.sub(rf"(\b(?:{_TIMES}))\s*[(–—-][^()]*\)?$", r"\1", rest, flags=re.I)
    time = _TIME_END.search(" " + rest)
    place = (" " + rest)[: time.start()] if time else rest
    place = re.sub(r"\s+", " ", re.sub(r"\s*[–—-]+\s*", ", ", place)).strip(" ,.:-–—")
    return place, time["time"] if time else "", interior


def transition_of(line: str) -> tuple[str, str, str] | None:
    """(kind, words, rest of the line): cut, smash cut, match cut, jump cut, dissolve, fade, wipe."""
    hit = _TRANSITION.match(line)
    if hit is None:
        return None
    words = hit["kind"].strip()
    alone = not hit["rest"].strip()
    typed_low = hit["end"] == ":" and re.search(r"\b(?:to|auf|zu|a)$|^fade", words, re.I)
    if not (words.isupper() or typed_low or line.lstrip()[:1] == ">"):
        return None
    if hit["end"] != ":" and not alone and not re.match(r"FADE (?:OUT|IN|TO BLACK)", words):
        return None
    low = words.lower()
    kind = next((kind for start, kind in (("smash", "smash cut"), ("shock", "smash cut"), ("match", "match cut"),
                                          ("jump", "jump cut")) if low.startswith(start)), None)
    kind = kind or ("dissolve" if re.search("dissolve|cross|morph|blendung|encha", low)
                    else "fade" if re.search("fade|black|fondu|fundido", low)
                    else "wipe" if re.search("wipe|iris|whip", low) else "cut")
    return kind, words, hit["rest"]
