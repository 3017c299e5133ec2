"""What a creator's next line means where takes already exist: an edit, a question, a way back, more of the same.

Pure and deterministic: nothing is rendered, stored or asked of a network here.
"""

from __future__ import annotations

import re

from agent.director_words import clock
from agent.edits import apply_patch
from agent.interpret_text import normalise
from agent.languages import in_english
from agent.lexicon.words import NUMBERS
from agent.talk_edits import changed, patch_of
from agent.talk_takes import before, shot_named, take_named
from agent.talk_types import DirectAnew, KnownTake, Standing, Turn
from agent.unroll_spans import spans_s
from modalities.faults import Unusable

MOST_CHARS = 4000
PARTS = ("place", "weather", "light", "colours", "look", "bodies", "camera", "music")
_UNDO = re.compile(r"^(?:please )?(?:undo|go back|back|revert|step back)(?: (?:that|this|it|again|please|one step))?$")
_REDO = re.compile(r"^(?:please )?redo(?: (?:that|it))?$|^go forward$")
_AGAIN = re.compile(r"^(?:once )?(?:again|once more|one more time|another (?:one|take)|do it again)(?: please)?$")
_VARIATIONS = re.compile(r"\b(?:give|show|make)(?: me)? (?P<n>\w+) (?:\w+ )*?"
                         r"(?:different|variations?|versions?|others?)\b")
_IDEAS = re.compile(r"\bsurprise me\b|\b(?:any|give me|show me) (?:other )?ideas\b")
_STAR = re.compile(r"^(?P<un>un)?star\b|^(?:i (?:like|love)|keep) (?:this|that|it)(?: one)?$")
_NAME = re.compile(r"^(?:call|name) (?P<what>.+?) [\"“']?(?P<name>[^\"”']{1,60})[\"”']?$")
_WORLD = re.compile(r"^what if (?:it|this|they|we|all this) (?:was|were|is|are|would be) (?P<a>.+)$|"
                    r"(?:keep|leave) the camera,? (?:and |but )?change the world(?: to (?P<b>.+))?$")
# Changes of the cutting, of who is who, of two takes at once and of what was said before: not made here yet.
_NOT_MADE = re.compile(r"\bcuts?\b|\b(?:swap|combine|merge|shorten|lengthen|remove|delete|instead|replace)\b|"
                       r"\badd (?:\w+ ){0,3}(?:shot|scene|close.?up|take|ending)\b|"
                       r"\b(?:longer|shorter) \w+|\bmake (?:the )?\w+ an? \w+|\bstart \w+ and end\b|"
                       r"\b(?:more|less) of (?:that|it|this)\b")
_LIKE = re.compile(r"\bmore like\b|\b(?:like|as in|from|to) (?=,|but|and|$)|^go (?:back )?to\b|^(?:,? ?but|and)\b")


def understand(text: str, standing: Standing, direct: DirectAnew | None = None) -> Turn:
    """What a line asks for. direct: directs a whole new world where one is asked for. Raises Unusable for a line
    without a letter or number, and for a far too long one."""
    if not any(letter.isalnum() for letter in text):
        raise Unusable('The line is empty. Say what should change, such as "make it rain" or "calmer".')
    if len(text) > MOST_CHARS:
        raise Unusable(f"That line has {len(text):,} characters; at most {MOST_CHARS:,} are read.")
    here = standing.here
    if here is None:
        return Turn(kind="new", prompt=text, reason=text[:500])
    line = " ".join(normalise(in_english(text).text).lower().split()).strip(" .!")
    turn = _moving(line, standing, here) or _labelled(line, text, standing, here) or _explained(line, standing, here)
    if turn is not None:
        return turn
    if world := _WORLD.search(line):
        return _new_world(world["a"] or world["b"] or "", text, here, direct)
    return _edited(line, text, standing, here)


def _moving(line: str, standing: Standing, here: KnownTake) -> Turn | None:
    """Ways through the tree, repeats, variations, ideas."""
    if _UNDO.match(line):
        back = before(standing)
        if back is None:
            return _answer(here, f"{here.id} is where this began; there is nothing to go back to.")
        return Turn(kind="go_to", parent=back.id, said=f"Back at {back.id}, exactly as it was.", reason="undo")
    if _REDO.match(line):
        children = [take for take in standing.takes if take.parent == here.id]
        if not children:
            return _answer(here, f"Nothing was undone after {here.id}.")
        return Turn(kind="go_to", parent=children[-1].id, said=f"{children[-1].id} again, exactly as it was.",
                    reason="redo")
    if _AGAIN.match(line):
        return Turn(kind="again", parent=here.id, said=f"{here.id} once more, with another seed.", reason="again")
    if _IDEAS.search(line):
        return Turn(kind="ideas", parent=here.id, count=4, said=f"Four ideas that start from {here.id}.",
                    reason="ideas")
    if (found := _VARIATIONS.search(line)) and (count := _count(found["n"])):
        return Turn(kind="variations", parent=here.id, prompt=here.brief.goal, count=count, reason=line[:500],
                    said=f"{count} different films of “{here.brief.goal[:80]}”.")
    return None


def _count(word: str) -> int | None:
    number = int(word) if word.isdigit() else NUMBERS.get(word)
    return max(1, min(16, int(number))) if number else None


def _labelled(line: str, text: str, standing: Standing, here: KnownTake) -> Turn | None:
    if found := _STAR.match(line):
        take = take_named(line, standing)[0] or here
        on = not found["un"]
        return Turn(kind="label", parent=take.id, label={"take": take.id, "starred": on},
                    said=f"{take.id} is {'starred' if on else 'no longer starred'}.")
    plain = re.match(_NAME.pattern, " ".join(text.split()).strip(" .!"), re.I)
    if plain is None:
        return None
    what = plain["what"].lower()
    take = take_named(what, standing)[0]
    if take is None and what not in ("this", "that", "it", "this one", "that one", "this take"):
        return None
    named = take or here
    return Turn(kind="label", parent=named.id, label={"take": named.id, "name": plain["name"]},
                said=f"{named.id} is now called {plain['name']}.")


def _explained(line: str, standing: Standing, here: KnownTake) -> Turn | None:
    """Answers from what is written down: purposes, sections, the words behind traits, the take's reason."""
    if not re.match(r"(?:why|what|how come)\b", line) or line.startswith("what if"):
        return None
    take = take_named(line, standing)[0] or here
    direction = take.direction
    at, _, wrong = shot_named(line, len(direction.shots))
    if wrong:
        return _answer(take, wrong)
    if re.search(r"\bwhat (?:did|have) you (?:change|do)", line):
        return _answer(take, f"{take.id}: {take.reason or 'the first take of this request'}.")
    if re.search(r"\bcuts?\b", line):
        at = at if at is not None else min(1, len(direction.shots) - 1)
        if at == 0:
            return _answer(take, "There is no cut: shot 1 begins the film.")
        shot, start_s = direction.shots[at], spans_s(direction)[at][0]
        where = f"the {shot.section} of the music" if shot.section else "this stretch"
        return _answer(take, f"Shot {at + 1} begins at {clock(start_s)}, in {where}, to {shot.purpose}.")
    if line.startswith("what"):
        if at is None:
            return None
        shot = direction.shots[at]
        who = ", ".join(body.shown_as or body.kind for body in shot.world.bodies) or "nobody"
        place = " and ".join(shot.world.place)
        return _answer(take, f"Shot {at + 1} shows {who} in the {place.replace('_', ' ')}, {shot.camera.scale}, with "
                             f"the camera move {shot.camera.move.replace('_', ' ')}.")
    words = set(re.findall(r"[a-z]{3,}", line)) - {"why", "the", "there", "did", "you", "are", "how", "come"}
    for trait in take.brief.traits:
        if words & set(re.findall(r"[a-z]{3,}", f"{trait.because} {trait.value} {trait.axis}".lower())):
            return _answer(take, f"Because of “{trait.because}” in the request.")
    return _answer(take, "Nothing in the request asked for it; it was chosen to go with "
                         f"“{take.brief.goal[:120]}”.")


def _new_world(words: str, text: str, here: KnownTake, direct: DirectAnew | None) -> Turn:
    """Place, ground, light, weather, colours and bodies of words directed anew; camera, cuts and music stay."""
    if not words.strip(" ?"):
        return Turn(kind="ask", parent=here.id, question="Which world should it be?",
                    choices=("underwater", "a desert at dusk", "a city at night", "a surprise"))
    if direct is None:
        return _edited(words.strip(" ?"), text, Standing(takes=(here,), current=here.id), here)
    fresh = direct(words.strip(" ?"), here.direction)
    made = changed(here.direction, "", None)
    for k, shot in enumerate(made.document["shots"]):
        world = fresh.shots[min(len(fresh.shots) - 1, k * len(fresh.shots) // len(here.direction.shots))].world
        shot["world"] = world.model_dump(mode="json")
        shot["curves"] = {pointer: keys for pointer, keys in shot["curves"].items() if "/camera/" in pointer}
        if shot["camera"]["target"] is not None:
            shot["camera"]["target"] = world.bodies[0].id if world.bodies else None
    patch = patch_of(here.direction, made)
    apply_patch(here.direction, patch, reason=text)
    return Turn(kind="edit", parent=here.id, patch=patch, reason=text[:500],
                said=f"The world is {words.strip(' ?')} now; camera moves, cuts and music are as they were.")


def _edited(line: str, text: str, standing: Standing, here: KnownTake) -> Turn:
    take, rest = take_named(line, standing)
    base = take or here
    rest = " ".join(_LIKE.sub(" ", rest).split()).strip(" ,") if take else rest
    if take is not None and not rest:
        return Turn(kind="go_to", parent=take.id, said=f"{take.id}, exactly as it was.", reason=text[:500])
    shot, rest, wrong = shot_named(rest, len(base.direction.shots))
    if wrong:
        return _answer(base, wrong)
    if _NOT_MADE.search(line):
        return _answer(base, f"“{text[:80]}” cannot be done in words yet; nothing was changed. It can be set in the "
                             "panel or in the Direction.")
    made = changed(base.direction, rest, shot)
    patch = patch_of(base.direction, made)
    if not patch:
        if made.clamped:
            return _answer(base, f"{made.clamped[0]} already as far as it goes; nothing was changed.")
        if made.what:
            return _answer(base, "That is how it already is; nothing was changed.")
        return _answer(base, f"“{text[:80]}” names nothing that can be changed here yet; say it with a place, weather, "
                             "light, look, camera, body or tempo.")
    apply_patch(base.direction, patch, reason=text)
    kept = [part for part in PARTS if part not in made.parts][-3:]
    where = f" in shot {shot + 1}" if shot is not None else ""
    start = f"From {base.id}: " if take is not None else ""
    what = " and ".join(made.what) or "It changed"
    others = ("the other shots are as they were" if shot is not None else
              f"{', '.join(kept[:-1])} and {kept[-1]} are as they were" if len(kept) > 1 else "the rest is as it was")
    clamp = f" ({made.clamped[0].lower()} as far as it goes)" if made.clamped else ""
    said = f"{start}{what}{where}{clamp}; {others}."
    return Turn(kind="edit", parent=base.id, patch=patch, said=said[0].upper() + said[1:], reason=text[:500])


def _answer(take: KnownTake, said: str) -> Turn:
    return Turn(kind="answer", parent=take.id, said=said)


__all__ = ["DirectAnew", "KnownTake", "Standing", "Turn", "understand"]
