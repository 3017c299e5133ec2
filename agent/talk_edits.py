"""A line as a change of a Direction: clause by clause, each where it is about, and nothing else is touched.

Relative words turn numbers (talk_moves), names set them (talk_named), shots and lengths are laid anew (talk_shots,
talk_lengths); the patch is the difference, so what was not spoken of cannot move.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Sequence
from dataclasses import replace

from pydantic import ValidationError

from agent.brief import Brief
from agent.direction import Direction
from agent.director_weird import strange
from agent.director_wishes import Wishes, wishes_of
from agent.interpret import interpret
from agent.talk_bodies import bodies_said
from agent.talk_change import WHOLE, Changed, Where, inside, opened, patch_of, put, whole_inside
from agent.talk_framing import framed_said
from agent.talk_gradual import gradual, stepwise
from agent.talk_holding import names_in
from agent.talk_leaning import OF_MUSIC
from agent.talk_lengths import lengths_said
from agent.talk_lines import clauses, kept, plain, without
from agent.talk_moods import felt
from agent.talk_moves import moved, strength_of
from agent.talk_music import music_said
from agent.talk_music_parts import music_in_part
from agent.talk_named import absent, apply, named, one_name, remove_bodies, sure
from agent.talk_places import outside, where_in
from agent.talk_shots import shots_said, whole_line
from agent.talk_tints import hours_said, tinted
from agent.talk_whom import kind_meant
from agent.talk_wordings import reworded
from agent.unroll_values import link_targets
from world_model.clock import TimeGrid

# Words of a wish that by themselves wish nothing.
_EMPTY = re.compile(r"'s\b|[^a-z0-9]|\b(?:make|it|its|it's|the|is|are|be|much|more|and|but|please|keep|everything|all|"
                    r"that|this|a|an|of|in|on|to|at|"
                    r"there|should|would|could|film|movie|whole|bit|little|again|very|so|too|just|only|for|with|them|"
                    r"let|"
                    r"have|get|gets|set|use|put|go|goes|want|like|some|now|then|will|shot|shots|scene|turn|change|"
                    r"changes|camera|"
                    r"do|does|starts?|begins?|becomes?|come|comes|can|we|you|i|by|as|still|even|also|here|than|"
                    r"before|look|"
                    r"looks|feel|feels|until|till|no|yes|slowly|gently|gradually|really|right|left|day|one|ones|"
                    r"happen|happens)\b")
_ADDING = re.compile(r"\b(?:add|put|place|insert|join|joins|appears?|there (?:is|are|should|comes?)|with|and|have|"
                     r"want|some|another|walks?|"
                     r"flies|comes?|should)\b")
_WEIRD = re.compile(r"\b(?P<less>(?:less|not so|too) (?:weird|strange|odd|surreal|crazy)|more normal)\b|"
                    r"\b(?:(?P<less2>not )?(?:weirder|stranger|odder|crazier|more (?:weird|strange|surreal|odd|"
                    r"unexpected|"
                    r"experimental)|too (?:normal|ordinary|conventional|predictable)))\b")
_LENS = re.compile(r"\b(?:with |on |use |set |the |a |an )*(?:lens (?:of |at |to |is |= ?)?(\d{1,3}(?:\.\d)?) ?(?:mm)?|"
                   r"(\d{1,3}(?:\.\d)?) ?mm(?: lens)?|focal length (?:of |to |at )?(\d{1,3}) ?(?:mm)?)(?: lens)?(?!\w)")
# What an adjective may be said of without another meaning: "make the sky cloudier", "the colours warmer".
_SUBJECTS = re.compile(r"\b(?:the |its |their )?(?:colou?rs?|tones?|sky|light(?:ing)?|picture|image|film|movie|"
                       r"camera|view|"
                       r"scene|weather|place|world|water|sea|air|atmosphere|mood|ground|land|landscape|background|"
                       r"everything|rest|whole thing|motion|movements?|pace|tempo|rhythm|style|look)\b")
# "The whale should come later, after the first shot": and not before.
_COMES_LATER = re.compile(r"\b(?:comes?|appears?|enters?|arrives?|shows? up|turns? up)\b.*\b(?:later|only)\b")
_MUSIC_FIRST = re.compile(r"^(?:make |let |have )?(?:the |its |this )?(?:music|song|tune|score|soundtrack|track|"
                          r"beat|melody)\b|"
                          r"\b(?:kicks?|drums?|beats?|bass|percussion)$")
_STILL_AIR = re.compile(r"\bno (?:more )?(?:wind|breeze|gusts)(?: at all)?\b|\bwindless\b|\b(?:the )?(?:air|wind) "
                        r"(?:should "
                        r"|is |be |stands? |must )*still\b|\bdead calm air\b")
_BUT = re.compile(r"(?:and |but )?(?:no|not|except|only not|just not|never)(?: though)?")
_ELSE = re.compile(r"\b(?:the rest(?: of (?:it|the film))?|everything else|everywhere else|"
                   r"all (?:of )?the other(?: shots|s)?|"
                   r"the other(?: shots|s)|elsewhere)\b")


def changed(direction: Direction, text: str, shot: int | None, spoken: Sequence[str] = (), last: Where | None = None
            ) -> Changed:
    """The document after a line about the whole film, or about one shot (from 0). text: lower case, references to takes
    taken out; spoken: the creator's earlier lines; last: where the edit before this one was made. What could not be
    done is in `missed`."""
    made = opened(direction)
    spans = made.spans()
    fixed = None if shot is None else Where((spans[shot],), f"in shot {shot + 1}", shots=(shot,))
    parts = clauses(text)
    read = [(where, rest) for where, rest in (
        (fixed, part) if fixed is not None else (WHOLE, part) if whole_line(part) else where_in(part, direction, last)
        for part in parts)]
    leading: Where | None = None
    made.there = last if last is not None and last.windows else None
    for at, (where, rest) in enumerate(read):
        assert where is not None
        if at and _MUSIC_FIRST.search(parts[at - 1]) and OF_MUSIC.fullmatch(rest):
            # "Make the music darker, slower": the second is said of the music too.
            rest = f"the music {rest}"
        bare = not _EMPTY.sub("", rest) and not re.search(r"\bday\b", rest)
        if where.windows and fixed is None and (kept(f"{rest} it") == "it" or _BUT.fullmatch(rest)):
            # "Keep the first shot", "not in the intro": the other wishes are for everywhere else.
            leading = outside(where, direction)
            if at and not read[at - 1][0].windows:
                continue
            continue
        if where.windows and bare and len(read) > 1:
            # "After the second chorus, heavy snow": a place alone holds for what follows.
            leading = where
            continue
        if where.windows is None and not where.wrong and fixed is None:
            where, rest = _placed_by(read, at, where, rest, leading, made, direction)
        elif where.leading:
            leading = where
        made.there = where if where.windows else made.there
        if where.wrong:
            made.missed.append(where.wrong.rstrip("."))
            continue
        if where.windows and (alone := re.match(r"(?:just|only) the (?P<who>[a-z-]+)\b", parts[at])) \
                and re.fullmatch(rf"(?:(?:just|only) )?(?:the )?{alone['who']}", rest):
            # "Just the car at the end": there it is alone.
            _alone(made, alone["who"], where)
        elif where.windows and (re.search(r"\bonly\b(?! (?:one|an?|two|three|\d))", parts[at])
                                or _COMES_LATER.search(parts[at])):
            _only_there(made, rest, outside(where, direction))
            if kind_meant(made, rest, ()) and re.fullmatch(r"(?:the |an? )?[a-z-]+", rest):
                continue
        # Earlier clauses may have moved the cuts: shots are known by their place in time, not by number.
        _clause(made, rest, where, (*spoken, *parts[:at]))
    _settled(made)
    return made


def _only_there(made: Changed, text: str, elsewhere: Where) -> None:
    """"A dragon only in the last shot": what is named is taken out everywhere else."""
    names = names_in(text)
    if not names and (kind := kind_meant(made, text, ())) is not None:
        names = (("body", kind),)
    banned = {axis: frozenset(name for kind, name in names if kind == axis) for axis in ("body", "weather")}
    told, same = list(made.what), made.same
    absent(made, {axis: kinds for axis, kinds in banned.items() if kinds}, False, elsewhere)
    made.what, made.same = told or [f"it is only {elsewhere.words.removeprefix('everywhere but ')}"], same


def _alone(made: Changed, who: str, where: Where) -> None:
    """In a place nobody but who is named."""
    kinds = {name for axis, name in names_in(who) if axis == "body"}
    for shot in whole_inside(made, where) if kinds else ():
        gone = {body["id"] for body in shot["world"]["bodies"] if body["kind"] not in kinds}
        if gone:
            remove_bodies(shot, gone)
            made.told(f"only the {who} is there", "bodies")


def _placed_by(read: Sequence[tuple[Where, str]], at: int, where: Where, rest: str, leading: Where | None,
               made: Changed,
               direction: Direction) -> tuple[Where, str]:
    """Where a clause without a place of its own is about: there, everywhere else, where the one before said in front,
    or where the one after says at its end."""
    if made.there is not None and (found := _ELSE.search(rest)):
        return (leading or outside(made.there, direction)), without(rest, found)
    if found := _ELSE.search(rest):
        return leading or where, without(rest, found)
    if made.there is not None and (found := re.search(r"\b(?:there|in there|in (?:that|this) (?:shot|scene|part)|"
                                                      r"in it)$", rest)):
        return made.there, without(rest, found)
    if at + 1 < len(read):
        after, words = read[at + 1]
        if after.windows and _BUT.fullmatch(words):
            return outside(after, direction), rest
        if after.windows and len(read) == at + 2 and not _EMPTY.sub("", words):
            return after, rest
    later = next((one for one, _ in read[at + 1:] if one.windows is not None), None)
    # A place said at the end holds for the bare words before it too: "slower and darker in the chorus".
    bare = later is not None and not later.leading and not re.match(
        r"(?:make|add|put|let|the|it|no|set|turn|give|have|in|from|at)\b", read[at + 1][1]) and \
        re.search(r"er$|^more |^less ", rest)
    return leading or (later if bare and later is not None else WHOLE), rest


def _clause(made: Changed, text: str, where: Where, spoken: Sequence[str]) -> None:
    before = (len(made.what), len(made.clamped), len(made.missed), made.same)
    made_same, made.same = made.same, False
    rest = said_in(made, text, where, spoken)
    if rest and _EMPTY.sub("", rest):
        made.missed.append(f"“{rest[:60]}” was not understood")
    elif where.words and len(made.what) > before[0]:
        made.what[before[0]:] = [what if re.search(r"\bshots? \d|the film ", what) else f"{what} {where.words}"
                                 for what in made.what[before[0]:]]
    made.same = made.same or made_same


def said_in(made: Changed, text: str, where: Where, spoken: Sequence[str] = ()) -> str:
    """Does what one clause says, where it says it; returns the words that mean nothing here."""
    rest = " ".join(text.split()).strip(" ,.?!")
    if kept(rest) is not None:
        return ""
    rest = reworded(rest)
    if (more := gradual(rest)) is not None:
        return stepwise(made, more, where, lambda words, at: said_in(made, words, at, spoken))
    strength = strength_of(rest)[0]
    for act in (lambda words: shots_said(made, words, where, lambda m, w, at: said_in(m, w, at, spoken)),
                lambda words: lengths_said(made, words, where, strength_of(words)[0])):
        left = act(rest)
        if left != rest and not _EMPTY.sub("", left):
            return ""
        rest = left
    for act in (lambda words: tinted(made, words, where, strength_of(words)[0]),
                lambda words: hours_said(made, words, where), lambda words: _no_wind(made, words, where)):
        if (left := act(rest)) != rest and not _EMPTY.sub("", left):
            return ""
    if (left := _weird(made, rest, strength)) != rest and not _EMPTY.sub("", left):
        return ""
    if found := _LENS.search(rest):
        rest = without(rest, found)
        lens_mm = min(200.0, max(8.0, float(next(n for n in found.groups() if n))))
        for shot in whole_inside(made, where):
            one_name(made, [shot], "lens", lens_mm)
    left = music_said(made, music_in_part(made, rest, strength, where), strength)
    if left != rest and not _EMPTY.sub("", left):
        return ""
    if left == rest:
        left = framed_said(made, rest, where, strength, spoken)
    if left == rest:
        # "Twice as many" says itself how much; "much bigger" says it beside the word.
        left = bodies_said(made, rest, where, 1.0 if re.search(r"\b(?:twice|double|half)\b", rest) else strength,
                           spoken)
    if left != rest and not _EMPTY.sub("", left):
        return ""
    if (left_over := felt(made, left, where)) != left and not _EMPTY.sub("", left_over):
        return ""
    kept_document, told = copy.deepcopy(made.document), (list(made.what), set(made.parts), list(made.clamped))
    turned = moved(made, left, where)
    over = _worded(made, turned, where, left)
    if over and turned != left:
        over = _SUBJECTS.sub(" ", over)
    loose = [word for word in re.findall(r"[a-z]{3,}", _EMPTY.sub(" ", over))
             if re.search(rf"(?:er|more [a-z]+|less [a-z]+) {word}\b", left)] if over else []
    if over and turned != left and (loose or re.search(r"\b(?:the|its|their|these|those) [a-z]{3,}", over)):
        # "Make the transitions softer": of a thing that is not known nothing is turned.
        made.document = kept_document
        made.what, made.parts, made.clamped = told
        return left
    return over


def _worded(made: Changed, rest: str, where: Where, text: str) -> str:
    """What is named outright in the rest of a clause."""
    if not _EMPTY.sub("", rest) and not re.search(r"\bday\b", rest):
        return rest
    if where.wrong:
        return rest
    brief = interpret(rest)
    there = frozenset(str(body["shown_as"]).lower().split()[-1].rstrip("s") for shot in made.shots
                      for body in shot["world"]["bodies"] if body["shown_as"])
    wishes = wishes_of(sure(brief, rest if _ADDING.search(rest) else "", there))
    if wishes.whole.colours and _uncovered(rest, brief):
        wishes = replace(wishes, whole=replace(wishes.whole, colours=()))
    done = (len(made.what), len(made.missed), made.same)
    before = patchable(made)
    apply(made, Direction.model_validate(made.document), wishes, where)
    framed = _framed(made, wishes)
    if (len(made.what), len(made.missed), made.same) == done and patchable(made) == before and not framed:
        return rest if rest != text or _EMPTY.sub("", rest) else text
    return ""


def _weird(made: Changed, text: str, strength: float) -> str:
    """The dial of strangeness: more of it comes true (agent.director_weird)."""
    found = _WEIRD.search(text)
    if found is None:
        return text
    dial = float(made.document["weird"])
    if found["less"] or found["less2"]:
        made.missed.append("What is strange cannot be made plain by a word; undo, or name what should be otherwise")
    elif dial >= 1:
        made.clamped.append("It is weirder")
    else:
        wanted = round(min(1.0, dial + 0.3 * strength), 3)
        direction = Direction.model_validate(made.document)
        shots = strange(direction.shots, wishes_of(Brief(goal="")), wanted, direction.seed)
        made.document |= {"weird": wanted, "shots": [shot.model_dump(mode="json") for shot in shots]}
        made.told("it is weirder", "camera", "colours", "place", "bodies")
    return without(text, found)


def _no_wind(made: Changed, text: str, where: Where) -> str:
    """ "No wind": the air stands still."""
    found = _STILL_AIR.search(text)
    if found is None:
        return text
    moved = [put(shot, "/world/weather/wind_mps", 0.2, within) for shot, within in inside(made, where)]
    if any(moved):
        made.told("no wind is left", "weather")
    else:
        made.same = True
    return without(text, found)


def patchable(made: Changed) -> str:
    return repr(made.document)


def _uncovered(text: str, brief: Brief) -> str:
    """The words of a clause that no trait was read from."""
    covered = {word for trait in brief.traits for word in re.findall(r"[a-z]+", trait.because.lower())}
    left = " ".join(word for word in re.findall(r"[a-z]+", text) if word not in covered)
    return re.sub(r"\b(?:colou?rs?|tones?|tint|palette|sky|accents?|water|sea|ocean|waves|lake|ground|grass|leaves|"
                  r"sand|"
                  r"mountains|hills|forest|city|lights?|background|world|trees|flowers|snow|clouds)\b", "",
                  _EMPTY.sub("", left)).strip()


def _framed(made: Changed, wishes: Wishes) -> bool:
    """What is of the whole piece: its frame rate, its size, its title."""
    document, hit = made.document, False
    if wishes.size_px and list(wishes.size_px) != list(document["size_px"]):
        document["size_px"], hit = list(wishes.size_px), True
        made.told(f"the picture is {wishes.size_px[0]} × {wishes.size_px[1]}", "size")
    if wishes.fps and wishes.fps != document["grid"]["fps"]:
        document["grid"] |= {"fps": wishes.fps,
                             "steps_per_s": TimeGrid.for_fps(wishes.fps, most_steps_per_s=4).steps_per_s}
        made.told(f"it has {wishes.fps} frames a second", "size")
        hit = True
    if wishes.title and wishes.title != document["title"]:
        document["title"], hit = wishes.title, True
        made.told(f"its title is “{wishes.title}”", "title")
    return hit


def _settled(made: Changed) -> None:
    """Couplings whose number is gone go too; a film must unroll after every edit."""
    if not made.document["links"]:
        return
    try:
        direction = Direction.model_validate(made.document)
    except ValidationError:
        return
    good: list[bool] = []
    for link in direction.links:
        try:
            link_targets(direction, link)
            good.append(True)
        except ValueError:
            good.append(False)
    if not all(good):
        made.document["links"] = [link for link, keep in zip(made.document["links"], good, strict=True) if keep]


__all__ = ["Changed", "Where", "changed", "named", "patch_of", "plain", "said_in", "whole_inside"]
