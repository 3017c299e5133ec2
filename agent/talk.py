"""What a creator's next line means where takes already exist: an edit, a question, a way back, more of the same.

Pure and deterministic: nothing is rendered, stored or asked of a network here.
"""

from __future__ import annotations

import re

from agent.edits import apply_patch
from agent.interpret import interpret
from agent.talk_answers import explained
from agent.talk_beyond import beyond
from agent.talk_change import Changed, Where, opened
from agent.talk_combine import combined, kept_fields
from agent.talk_couplings import coupled
from agent.talk_edits import changed, patch_of
from agent.talk_engines import engined
from agent.talk_leaning import both, brought_back, not_there, told_in_full
from agent.talk_lines import clauses, kept, plain
from agent.talk_merge import restored
from agent.talk_moving import labelled, moving, new_film
from agent.talk_since import gone_on, same_where, step_in, where_before
from agent.talk_takes import take_named
from agent.talk_titles import lettered
from agent.talk_types import DirectAnew, KnownTake, Standing, Turn
from modalities.faults import Unusable

MOST_CHARS = 4000
PARTS = ("place", "weather", "light", "colours", "look", "bodies", "camera", "music")
_WORLD = re.compile(r"^what if (?:it|this|they|we|all this|the film|everything) (?:was|were|is|are|would be|happened|"
                    r"took place|played) (?P<a>.+)$|"
                    r"(?:keep|leave) (?:only )?the camera,? (?:and |but )?(?:change|replace|swap) the (?:world|rest|"
                    r"place)(?: (?:to|with|for|by) (?P<b>.+))?$|"
                    r"^(?:change|replace|swap|put it in|move it to) (?:the |a |another )?(?:whole |"
                    r"entire )?world(?: (?:to|with|for|by) (?P<c>.+))?$|"
                    r"^(?:give me )?(?:another|a different|a new) world(?:: (?P<d>.+))?$")
_LIKE = re.compile(r"^(?:(?:make it |do it |more |a bit more |rather |again )*(?:like|as in|from|with|based on|use|"
                   r"take|starting from)) (?=,|but|and|$)|"
                   r"^(?:more like|like|as in|from|based on|go (?:back )?to|back to|take|use)\b|^(?:,? ?(?:but|and|"
                   r"only|just))\b")
_TITLE = re.compile(r"^(?:please )?(?:(?:en)?title (?:it|this|the film)|(?:set |make )?(?:the |"
                    r"its )?title(?: (?:should be|is|to|of it is))?|"
                    r"give it the title):? [\"“'‘]?(?P<name>[^\"”]{1,60}?)[\"”'’.]*$", re.I)
WARM_LINES = ("make it rain in the second shot", "a gnome instead of the fox", "calmer and darker")


def warm() -> None:
    """Loads what the first line would wait for: the dictionary, the languages and the sentence embedder. Takes some
    seconds; does nothing where the embedder is not installed."""
    for line in WARM_LINES:
        for part in clauses(plain(line)):
            interpret(part)
    interpret("a zyzzyva of quiet bewilderment")


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
    line = plain(text)
    # A line with other wishes beside it does those, and says of this one that it was not understood.
    if len(clauses(line)) == 1 and (never := beyond(line)) is not None:
        return _answer(here, never)
    turn = labelled(line, text, standing, here) or _leaning(line, text, standing, here) or new_film(line, text) or \
        moving(line, standing, here) or explained(line, standing, here)
    if turn is not None:
        return turn
    if (world := _WORLD.search(line)) or _asked_for_a_world(standing, text):
        words = next((value for value in world.groups() if value), "") if world else line
        return _new_world(words, text, here, direct)
    if titled := _TITLE.match(" ".join(text.split())):
        made = opened(here.direction)
        made.document["title"] = titled["name"].strip()[:60]
        made.told(f"the title is “{titled['name'].strip()[:60]}”", "title")
        return _edit(made, here, here, text)
    for made in (engined(text, here), coupled(text, here), lettered(text, here)):
        if made is not None:
            return _edit(made, here, here, text)
    return _further(line, text, standing, here) or _merged(line, text, standing, here) or \
        _edited(line, text, standing, here)


def _asked_for_a_world(standing: Standing, text: str) -> bool:
    """Whether the line before was answered with "Which world should it be?"."""
    earlier = [line for line in standing.said if line.strip() != text.strip()]
    found = _WORLD.search(plain(earlier[-1])) if earlier and any(c.isalnum() for c in earlier[-1]) else None
    return found is not None and not any(found.groups()) and len(text.split()) <= 8


def _new_world(words: str, text: str, here: KnownTake, direct: DirectAnew | None) -> Turn:
    """Place, ground, light, weather, colours and bodies of words directed anew; camera, cuts and music stay."""
    words = words.strip(" ?.!")
    if not words:
        return Turn(kind="ask", parent=here.id, question="Which world should it be?",
                    choices=("underwater", "a desert at dusk", "a city at night", "a surprise"))
    if direct is None:
        return _edited(words, text, Standing(takes=(here,), current=here.id), here)
    fresh = direct(words, here.direction)
    made = opened(here.direction)
    for k, shot in enumerate(made.shots):
        world = fresh.shots[min(len(fresh.shots) - 1, k * len(fresh.shots) // len(here.direction.shots))].world
        shot["world"] = world.model_dump(mode="json")
        shot["curves"] = {pointer: keys for pointer, keys in shot["curves"].items() if "/camera/" in pointer}
        if shot["camera"]["target"] is not None:
            shot["camera"]["target"] = world.bodies[0].id if world.bodies else None
    patch = patch_of(here.direction, made)
    apply_patch(here.direction, patch, reason=text)
    return Turn(kind="edit", parent=here.id, patch=patch, reason=text[:500],
                said=f"The world is {words} now; camera moves, cuts and music are as they were.")


def _leaning(line: str, text: str, standing: Standing, here: KnownTake) -> Turn | None:
    """A line that leaves out what the line before said."""
    if (full := told_in_full(line, text, standing, here)) is not None:
        return _edited(full, text, standing, here)
    if (back := brought_back(line, standing, here)) is not None:
        return Turn(kind="go_to", parent=back.id, said=f"Back at {back.id}, exactly as it was.", reason=text[:500])
    for made in (not_there(line, standing, here), both(line, standing, here)):
        if made is not None:
            return _edit(made, here, here, text)
    return None


def _further(line: str, text: str, standing: Standing, here: KnownTake) -> Turn | None:
    """More, less or the opposite of the last edit; the same elsewhere."""
    parent = standing.take(here.parent)
    amount, elsewhere = step_in(line), same_where(line)
    if amount is None and elsewhere is None:
        return None
    if parent is None or not here.reason:
        return _answer(here, f"{here.id} was not made by an edit, so there is nothing to go on from; nothing was "
                             f"changed.")
    made = gone_on(parent.direction, here.direction, amount or 0.0)
    if not made.what:
        return _answer(here, f"“{here.reason[:80]}” turned no number that could go further; nothing was changed.")
    made.what = [f"“{here.reason[:60].strip(' .!?')}” " + {True: "goes further", False: "is taken back in part"}[
        (amount or 0) > 0] if (amount or 0) > -1.5 else f"“{here.reason[:60].strip(' .!?')}” is turned round"]
    return _edit(made, here, here, text, "all that it did not touch is as it was")


def _merged(line: str, text: str, standing: Standing, here: KnownTake) -> Turn | None:
    """Parts of several takes in one."""
    found = combined(line, standing, here)
    if found is None or isinstance(found, Turn):
        return found
    base, made, others, rest, told = found
    for part in clauses(rest):
        more = changed(base.direction.model_validate(made.document), part, None, standing.said)
        if more.what:
            made.document = more.document
            made.what += more.what
            told += f", and {' and '.join(more.what)}"
        made.missed += more.missed
    patch = patch_of(base.direction, made)
    if not patch and base.id != here.id and not made.missed:
        return Turn(kind="go_to", parent=base.id, reason=text[:500],
                    said=f"{base.id}, exactly as it was; it already has that.")
    if not patch:
        return _answer(base, "; ".join(made.missed) + "; nothing was changed." if made.missed else
                       f"{base.id} already has that; nothing was changed.")
    apply_patch(base.direction, patch, reason=text)
    missed = f" {made.missed[0]}." if made.missed else ""
    return Turn(kind="merge", parent=base.id, others=others, patch=patch, reason=text[:500],
                said=f"{told}; everything else is as in {base.id}.{missed}")


def _edited(line: str, text: str, standing: Standing, here: KnownTake) -> Turn:
    take, rest = take_named(line, standing)
    base = take or here
    if take is not None:
        for _ in range(2):
            rest = " ".join(_LIKE.sub(" ", rest).split()).strip(" ,")
        if not rest:
            return Turn(kind="go_to", parent=take.id, said=f"{take.id}, exactly as it was.", reason=text[:500])
    before = [plain(one) for one in reversed(standing.said[-6:]) if any(c.isalnum() for c in one)]
    last = where_before([plain(here.reason), *before] if here.reason.strip() else before, base.direction) \
        if re.search(r"\b(?:that|then|this|there)\b", rest) else None
    made = changed(base.direction, rest, None, list(reversed(before)) or [here.brief.goal], last)
    held = [fields for part in clauses(rest) if (what := kept(part)) for fields in kept_fields(what)]
    for fields in held:
        restored(base.direction, made, fields)
    return _edit(made, base, here, text)


def _edit(made: Changed, base: KnownTake, here: KnownTake, text: str, others: str = "") -> Turn:
    """The turn of a change, told in one sentence; an answer where nothing came of it."""
    patch = patch_of(base.direction, made)
    missed = f"; {made.missed[0]}" if made.missed else ""
    if not patch:
        if made.missed:
            first = made.missed[0]
            if "not understood" in first:
                return _answer(base, f"“{text[:80]}” names nothing that can be changed here; say it with a place, "
                                     f"weather, "
                                     "light, look, camera, body, shot, length or music; nothing was changed.")
            return _answer(base, f"{first}; nothing was changed.")
        if made.clamped:
            return _answer(base, f"{made.clamped[0]}: that is already as far as it goes; nothing was changed.")
        if made.same:
            return _answer(base, "That is how it already is; nothing was changed.")
        return _answer(base, f"“{text[:80]}” names nothing that can be changed here; say it with a place, weather, "
                             "light, look, camera, body, shot, length or music; nothing was changed.")
    apply_patch(base.direction, patch, reason=text)
    left = [part for part in PARTS if part not in made.parts][-3:]
    start = f"From {base.id}: " if base.id != here.id else ""
    what = " and ".join(made.what) or "It changed"
    rest = others or (f"{', '.join(left[:-1])} and {left[-1]} are as they were" if len(left) > 1 else
        "the rest is as it was")
    clamp = f" ({made.clamped[0][0].lower()}{made.clamped[0][1:]} as far as it goes)" if made.clamped else ""
    said = f"{start}{what}{clamp}; {rest}{missed}."
    return Turn(kind="edit", parent=base.id, patch=patch, said=said[0].upper() + said[1:], reason=text[:500])


def _answer(take: KnownTake, said: str) -> Turn:
    return Turn(kind="answer", parent=take.id, said=said if re.match(r"t\d{4}", said) else said[0].upper() + said[1:])


__all__ = ["DirectAnew", "KnownTake", "Standing", "Turn", "Where", "understand", "warm"]
