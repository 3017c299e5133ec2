"""Lines that lean on the line before, told in full: "sadder still", "the other chorus too", "make it thicker there",
"but not in the outro", "both of them".

What a line leaves out is taken from the line that made the take on screen (or the one that line itself leans on).
"""

from __future__ import annotations

import copy
import re

from agent.direction import Direction
from agent.director_wishes import SECTION_WORDS
from agent.talk_change import Changed, Where, opened, part_of, patch_of, whole_inside
from agent.talk_holding import names_in
from agent.talk_lines import clauses, plain
from agent.talk_merge import body_from
from agent.talk_places import where_in
from agent.talk_since import same_where, step_in
from agent.talk_takes import ORDINALS
from agent.talk_types import KnownTake, Standing
from agent.unroll_spans import bars_to_s

_NTH = "|".join(ORDINALS)
_THING = "one|shot|scene|chorus|verse|drop|bridge|break|intro|outro|refrain|build"
MUSIC = re.compile(r"\b(?:music|songs?|tune|score|soundtrack|track|tempo|bpm|melody|beats?|drums?|percussion|bass|"
                   r"kicks?|"
                   r"snares?)\b")
# Of music a bare word like these can be meant.
OF_MUSIC = re.compile(r"(?:a bit |a little |much |even |way |far |slightly |still )*(?:faster|slower|quicker|louder|"
                      r"quieter|"
                      r"softer|calmer|gentler|wilder|livelier|sadder|happier|darker|brighter|gloomier|moodier|cheerier|"
                      r"funnier|jollier|tenser|scarier|dreamier|bigger|(?:more|less) (?:hopeful|epic|dramatic|"
                      r"cheerful|sad|"
                      r"happy|melancholic|upbeat|ominous|intense|energetic|playful|uplifting|dreamy|dark|tense))")
_MARKED = re.compile(r"\b(?:even|still|yet|again|than that|than this|ever)\b")
_HOW = re.compile(r"^(?:it |make it |now |and |but |so |that |be |get |should |could |then |back )*(?P<much>much |a "
                  r"bit |a little "
                  r"|a lot |far |way |slightly )?(?:even |still |yet |ever )*(?P<how>[a-z]{2,}er|(?:more|less) [a-z]+)"
                  r"(?: still| yet| again| than (?:that|this))*$")
_TOO = re.compile(rf"^(?:(?:in|for|at|on|during|to) )?(?P<where>(?:the )?(?:(?:other|next|{_NTH}) "
                  rf")(?:{_THING})(?:e?s)?|"
                  r"shots? \d[\d, and]*|everywhere(?: else)?|the rest|(?:all )?the others?|the other (?:shots|ones)|"
                  r"all (?:the )?shots) (?:too|as well|also|likewise)$")
_THICKER = re.compile(r"^(?:make |let |have |should |can |turn )*(?:it|that|them|this)(?: should| could)?(?: be| "
                      r"get| fall| "
                      r"come)?(?P<much> a bit| much| even| a little| way)? (?P<how>thicker|denser|heavier|stronger|"
                      r"thinner|"
                      r"lighter|weaker|harder|softer|gentler)(?P<tail> .*)?$")
_WEATHER = re.compile(r"\b(?:fog|mist|haze|rain|snow|clouds|storm|dust|wind|waves|grain|bloom|vignette|contrast)\b")
_NAMES_OF = {"foggy": "fog", "misty": "fog", "rainy": "rain", "raining": "rain", "snowy": "snow", "snowing": "snow",
             "stormy": "storm", "windy": "wind", "cloudy": "clouds", "grainy": "grain"}
_NOT_THERE = re.compile(r"^(?:and |but |just |only )*(?:not|except|leave (?:it )?out|apart from|other than|no,? "
                        r"not)(?: for)? "
                        r"(?P<where>.+)$")
_BACK_IN = re.compile(r"^(?:no,? )?(?:bring|put|give (?:me|us)|get) (?:the |back the |me the )?(?P<who>[a-z-]+) "
                      r"back(?: in)?$")
_BOTH = re.compile(r"^(?:no,? )?(?:i want |let's have |let us have |have |show |use |take |with |keep )*(?:them "
                   r"both|both"
                   r"(?: of (?:them|those|these))?|the two(?: of them)?|all of them)(?: together)?$")


def told_in_full(line: str, text: str, standing: Standing, here: KnownTake) -> str | None:
    """A line that leans on the one before as it would be said alone; None for one that stands by itself. line: plain;
    text: as typed, for words that the plain line leaves out."""
    base = base_of(here, standing)
    if base is None:
        return None
    said = plain(base.reason)
    raw = " ".join(text.lower().split()).strip(" .!")
    if (found := _HOW.match(line)) and _MARKED.search(raw):
        how = found["how"]
        if re.search(rf"\b{re.escape(how)}\b", said):
            return said
        if MUSIC.search(said) and OF_MUSIC.fullmatch(how):
            return f"make the music {found['much'] or ''}{how}"
        return None
    if (found := _THICKER.match(line)) and (thing := _weather_of(said)):
        return f"make the {thing}{found['much'] or ''} {found['how']}{found['tail'] or ''}"
    elsewhere = same_where(line)
    if elsewhere is None and (found := _TOO.match(line)):
        elsewhere = found["where"]
    if elsewhere is None:
        return None
    places = _elsewhere(elsewhere, said, here.direction)
    bare = bare_of(said, base.direction)
    return " and ".join(f"{place}, {bare}" for place in places) if places and bare else None


def base_of(here: KnownTake, standing: Standing) -> KnownTake | None:
    """The take whose line says what the last edit was: the one on screen, or the one its own line leans on."""
    take = here
    for _ in range(12):
        if take.parent is None or not any(letter.isalnum() for letter in take.reason):
            return None
        line = plain(take.reason)
        leans = any(pattern.match(line) for pattern in (_TOO, _NOT_THERE, _THICKER)) or step_in(line) is not None
        leans = leans or same_where(line) is not None or (_HOW.match(line) and _MARKED.search(take.reason.lower()))
        if not leans:
            return take
        before = standing.take(take.parent)
        if before is None or before.parent is None:
            return take
        take = before
    return None


def bare_of(said: str, direction: Direction) -> str:
    """A plain line without its place in the film."""
    return " and ".join(rest for part in clauses(said) if (rest := where_in(part, direction)[1]))


def _weather_of(said: str) -> str | None:
    if found := _WEATHER.search(said):
        return found[0]
    return next((thing for word, thing in _NAMES_OF.items() if re.search(rf"\b{word}\b", said)), None)


def _elsewhere(where: str, said: str, direction: Direction) -> list[str]:
    """Places of a film ("in the second chorus") that "the other chorus", "the last one" or "the rest" stand for, after
    a line that was about a place itself."""
    where = re.sub(r"^(?:in|for|to|at|during|with|on) ", "", where).strip()
    before = next((at for part in clauses(said) if (at := where_in(part, direction)[0]).windows), None)
    noun = next((word for word in re.findall(r"[a-z]+", said) if word in SECTION_WORDS and word in _THING), None)
    one = noun if noun and not (before and before.shots) else "shot"
    where = re.sub(r"\bones\b", f"{one}s", re.sub(r"\bone\b", one, where))
    if found := re.fullmatch(r"(?:the )?(?:other|next) (?P<name>[a-z]+)", where):
        name = found["name"] if found["name"] in SECTION_WORDS else re.sub(r"e?s$", "", found["name"])
        if name in ("shot", "scene"):
            return _other_shots(before, direction, "next" in where)
        spans = [tuple(float(t) for t in bars_to_s(direction.music, section.bars))
                 for section in direction.music.sections if section.name == SECTION_WORDS.get(name, name)]
        held = [k for k, (start, end) in enumerate(spans) if before is not None and any(
            low < (start + end) / 2 < high for low, high in before.windows or ())]
        # Where all of them were meant (or none), the first is the one that was spoken of.
        spoken = held[:1] if len(held) != 1 else held
        words = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth")
        rest = [k for k in range(len(spans)) if k not in spoken]
        rest = [k for k in rest if k > max(spoken, default=-1)][:1] if "next" in where else rest
        return [f"in the {words[k]} {name}" for k in rest if k < len(words)]
    if re.fullmatch(r"the rest|everywhere else|(?:all )?the others?", where) and before is not None:
        return _other_shots(before, direction, False) if before.shots else [f"everywhere but {before.words}"]
    return [where if re.match(r"(?:before|after|until|from|everywhere|all)\b", where) else f"in {where}"]


def _other_shots(before: Where | None, direction: Direction, next_one: bool) -> list[str]:
    if before is None or not before.shots:
        return []
    rest = [k for k in range(len(direction.shots)) if k not in before.shots]
    rest = [k for k in rest if k > max(before.shots)][:1] if next_one else rest
    return [f"in shot {k + 1}" for k in rest]


def not_there(line: str, standing: Standing, here: KnownTake) -> Changed | None:
    """ "But not in the outro": there it is as it was before the edit that was spoken of. None where no place, or no
    edit before, is meant."""
    found = _NOT_THERE.match(line)
    base = base_of(here, standing) if found else None
    before = standing.take(base.parent) if base is not None else None
    if found is None or base is None or before is None:
        return None
    where, rest = where_in(found["where"], here.direction)
    if not where.windows or re.sub(r"\b(?:there|please|it|that|though|in|the)\b|[^a-z]", "", rest):
        return None
    made = opened(here.direction)
    old = opened(before.direction)
    spans = old.spans()
    for shot in whole_inside(made, where):
        start, end = made.spans()[made.shots.index(shot)]
        k = next((n for n, (a, b) in enumerate(spans) if a <= (start + end) / 2 < b), len(spans) - 1)
        length = max(1e-6, spans[k][1] - spans[k][0])
        low, high = max(0.0, (start - spans[k][0]) / length), min(1.0, (end - spans[k][0]) / length)
        theirs = old.shots[k]
        shot |= {name: copy.deepcopy(theirs[name]) for name in ("world", "camera")}
        whole = low < 0.04 and high > 0.96
        shot["curves"] = {pointer: copy.deepcopy(keys) if whole else part_of(keys, low, high)
                          for pointer, keys in theirs["curves"].items()}
        if not whole:
            curves = theirs["camera"]["curves"]
            shot["camera"]["curves"] = {name: part_of(keys, low, high) for name, keys in curves.items()}
    made.told(f"{where.words} it is as it was before “{base.reason[:60].strip(' .!?')}”", "shots")
    return made


def brought_back(line: str, standing: Standing, here: KnownTake) -> KnownTake | None:
    """ "Bring the walker back": the take before, where the last edit took away who is named and touched nobody else's
    place, light, camera or music; else None."""
    found = _BACK_IN.match(line)
    before = standing.take(here.parent) if found else None
    if found is None or before is None:
        return None
    def kinds(take: KnownTake) -> set[str]:
        return {name for shot in take.direction.shots for body in shot.world.bodies
                for name in (body.kind, (body.shown_as or "").lower())}

    meant = {name for axis, name in names_in(found["who"]) if axis == "body"} | {found["who"]}
    steps = patch_of(before.direction, opened(here.direction))
    alone = all(re.search(r"/bodies|/target$|/curves", step["path"]) for step in steps)
    return before if alone and meant & (kinds(before) - kinds(here)) else None


def both(line: str, standing: Standing, here: KnownTake) -> Changed | None:
    """ "Both of them": who was in the take shown before this one and is not here comes in beside who is."""
    if not _BOTH.match(line):
        return None
    mine = {body.kind for shot in here.direction.shots for body in shot.world.bodies}
    for take in [standing.take(identity) for identity in reversed(standing.shown)]:
        theirs = {body.kind: body.shown_as or body.kind for shot in (take.direction.shots if take else ())
                  for body in shot.world.bodies}
        fresh = [kind for kind in theirs if kind not in mine]
        if take is None or take.id == here.id or not fresh or not mine:
            continue
        made = opened(here.direction)
        for kind in fresh:
            if body_from(made, take.direction, kind):
                made.told(f"the {theirs[kind]} is there too", "bodies")
        return made
    return None


__all__ = ["MUSIC", "OF_MUSIC", "both", "brought_back", "not_there", "told_in_full"]
