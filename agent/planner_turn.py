"""A chat model's reading of a next line as a Turn: its flat edits become a JSON Patch by our own code.

An edit names a thing, a way and a value; where in the Direction that stands, and what else has to move with it, is not
the model's to say.
"""

from __future__ import annotations

from typing import Any

from pydantic import ValidationError

from agent.brief import Brief, Trait
from agent.direction import Direction
from agent.edits import apply_patch
from agent.planner_answer import Mended, Unfit, nearest, number_in, records, text_in, texts
from agent.planner_schema import HOW, KINDS, MOST_EDITS, NAMES, SET, TURN, WORDS
from agent.talk import PARTS
from agent.talk_edits import Changed, changed, named, patch_of
from agent.talk_types import KnownTake, Standing, Turn
from modalities.faults import Unusable
from world_model.vocabulary import BODIES

# The words of agent/talk_edits.py for a thing that is turned up or down.
TURNED = {("energy", "more"): "wilder", ("energy", "less"): "calmer", ("speed", "more"): "faster",
          ("speed", "less"): "slower", ("brightness", "more"): "brighter", ("brightness", "less"): "darker",
          ("colour_strength", "more"): "more colourful", ("colour_strength", "less"): "less colourful",
          ("warmth", "more"): "warmer", ("warmth", "less"): "cooler", ("closeness", "more"): "closer",
          ("closeness", "less"): "wider", ("music_level", "more"): "louder music",
          ("music_level", "less"): "quieter music"}
FIELDS = {axis: field for field, (axis, _) in NAMES.items()}
LONGEST_S = 3 * 3600.0


def turn_of(found: dict[str, Any], text: str, standing: Standing, here: KnownTake, stood: Turn,
            mended: Mended) -> Turn:
    """The Turn. stood: the built-in reading of the same line. Raises Unfit for what cannot be made one."""
    kind = text_in(found.get("kind"), "kind").strip().lower()
    if kind not in KINDS:
        raise Unfit(f"kind must be one of {', '.join(KINDS)}.")
    if kind == "as_read":
        return stood
    take = _take(found, standing) or here
    reason = text[:500]
    if kind == "edit":
        return _edited(records(found.get("edits"), "edits", MOST_EDITS), text, take, here, stood, mended)
    if kind == "new":
        return stood if stood.kind == "new" else Turn(kind="new", prompt=text, reason=reason)
    if kind == "go_to":
        return Turn(kind="go_to", parent=take.id, said=f"{take.id}, exactly as it was.", reason=reason)
    if kind == "again":
        return Turn(kind="again", parent=take.id, said=f"{take.id} once more, with another seed.", reason=reason)
    if kind == "ideas":
        return Turn(kind="ideas", parent=take.id, count=4, said=f"Four ideas that start from {take.id}.",
                    reason=reason)
    if kind == "variations":
        count = round(number_in(found.get("count"), "count", 1, 16, mended) or 4)
        return Turn(kind="variations", parent=take.id, prompt=take.brief.goal, count=count, reason=reason,
                    said=f"{count} different films of “{take.brief.goal[:80]}”.")
    if kind == "label":
        return _labelled(found, take, mended)
    if kind == "ask":
        question = mended.plain(text_in(found.get("question"), "question"), 200)
        if not question:
            raise Unfit("question is empty, and kind is ask.")
        offered = [mended.plain(one, 60) for one in texts(found.get("choices"), "choices", 4)]
        return Turn(kind="ask", parent=take.id, question=question, choices=tuple(one for one in offered if one))
    answer = mended.plain(text_in(found.get("answer"), "answer"), 400)
    if not answer:
        raise Unfit("answer is empty, and kind is answer.")
    return Turn(kind="answer", parent=take.id, said=answer)


def _take(found: dict[str, Any], standing: Standing) -> KnownTake | None:
    said = text_in(found.get("take"), "take").strip()
    if not said:
        return None
    for take in standing.takes:
        if said == take.id or (take.name and said.lower() == take.name.lower()):
            return take
    raise Unfit(f"take must be empty or one of {', '.join(take.id for take in standing.takes[-12:])}.")


def _labelled(found: dict[str, Any], take: KnownTake, mended: Mended) -> Turn:
    name, star = mended.plain(text_in(found.get("name"), "name"), 60), text_in(found.get("star"), "star").lower()
    label: dict[str, Any] = {"take": take.id} | ({"name": name} if name else {}) | (
        {"starred": star == "yes"} if star in ("yes", "no") else {})
    if len(label) == 1:
        raise Unfit("name and star are empty, and kind is label.")
    said = f"{take.id} is now called {name}." if name else (
        f"{take.id} is {'starred' if star == 'yes' else 'no longer starred'}.")
    return Turn(kind="label", parent=take.id, label=label, said=said)


def _edited(edits: list[dict[str, Any]], text: str, take: KnownTake, here: KnownTake, stood: Turn, mended: Mended
            ) -> Turn:
    if not edits:
        raise Unfit("edits is empty, and kind is edit.")
    direction, made = take.direction, Changed(take.direction.model_dump(mode="json"))
    for edit in edits:
        one = _one(direction, edit, mended)
        made.what += [said for said in one.what if said not in made.what]
        made.clamped += one.clamped
        made.parts |= one.parts
        made.document = one.document
        try:
            direction = Direction.model_validate(one.document)
        except ValidationError:
            raise Unfit("These edits do not fit the film together.") from None
    patch = patch_of(take.direction, made)
    if not patch:
        if stood.patch:
            return stood
        told = f"{made.clamped[0]} already as far as it goes" if made.clamped else "That is how it already is"
        return Turn(kind="answer", parent=take.id, said=f"{told}; nothing was changed.{_notes(mended)}")
    try:
        apply_patch(take.direction, patch, reason=text)
    except Unusable:
        raise Unfit("These edits do not fit the film.") from None
    kept = [part for part in PARTS if part not in made.parts][-3:]
    what = " and ".join(dict.fromkeys(made.what)) or "It changed"
    rest = f"{', '.join(kept[:-1])} and {kept[-1]} are as they were" if len(kept) > 1 else "the rest is as it was"
    said = f"{f'From {take.id}: ' if take.id != here.id else ''}{what}; {rest}."
    return Turn(kind="edit", parent=take.id, patch=patch, reason=text[:500],
                said=f"{said[0].upper()}{said[1:]}{_notes(mended)}")


def _notes(mended: Mended) -> str:
    return f" {' '.join(mended.notes)}" if mended.notes else ""


def _one(direction: Direction, edit: dict[str, Any], mended: Mended) -> Changed:
    """The document after one edit."""
    what, how = (text_in(edit.get(key), key).strip().lower() for key in ("what", "how"))
    if what not in (*SET, *TURN, WORDS):
        raise Unfit(f"what must be one of {', '.join((*SET, *TURN, WORDS))}.")
    if how not in HOW:
        raise Unfit(f"how must be one of {', '.join(HOW)}.")
    shot = _shot(edit, len(direction.shots))
    if what == WORDS:
        return _worded(direction, mended.plain(text_in(edit.get("value"), "value"), 200), shot)
    amount = number_in(edit.get("amount"), "amount", 0.0, 48.0, mended)
    if what in TURN:
        if (what, how) not in TURNED:
            raise Unfit(f"how of {what} must be more or less.")
        degree = "a little " if amount is not None and amount < 0.75 else "much " if (amount or 1) > 1.5 else ""
        return changed(direction, f"{degree}{TURNED[what, how]}", shot)
    trait = _trait(what, how, edit, amount, mended)
    made = Changed(direction.model_dump(mode="json"))
    if trait is None:
        return made
    brief = Brief(goal="", traits=(*_when(edit, direction.duration_s, mended), trait))
    shots = made.document["shots"] if shot is None else [made.document["shots"][shot]]
    named(made, direction, brief.model_copy(update={"traits": tuple(
        one.model_copy(update={"part": 0}) if len(brief.traits) > 1 else one for one in brief.traits)}), shots, shot)
    return made


def _worded(direction: Direction, said: str, shot: int | None) -> Changed:
    """The document after a line that the model put into plain words; it is read as a creator's line is."""
    if not any(letter.isalnum() for letter in said):
        raise Unfit("value of words is empty.")
    made = changed(direction, said.lower().strip(" .!?"), shot)
    if not made.what and not made.clamped and made.document == direction.model_dump(mode="json"):
        raise Unfit("value of words was not understood; say it in plainer words, or leave it out.")
    return made


def _shot(edit: dict[str, Any], count: int) -> int | None:
    """Which shot, from 0; None for all of them."""
    value = edit.get("shot")
    if value is None or value == "" or value == 0 or str(value).strip().lower() == "all":
        return None
    if isinstance(value, str) and value.strip().isdigit():
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, int | float) or value != int(value):
        raise Unfit("shot must be a whole number.")
    number = count if value == -1 else int(value)
    if not 1 <= number <= count:
        raise Unfit(f"There are {count} shots; {number} is none of them.")
    return number - 1


def _trait(what: str, how: str, edit: dict[str, Any], amount: float | None, mended: Mended) -> Trait | None:
    """What is wished, as a trait; None where its name means nothing here (then a note says so)."""
    value = edit.get("value")
    if what == "tempo":
        bpm = number_in(value if value not in (None, "") else amount, "tempo", 30.0, 240.0, mended)
        if bpm is None:
            raise Unfit("value of a tempo must be a number.")
        return Trait(axis="tempo_bpm", value=bpm, because="the line")
    said = text_in(value, "value").strip()
    if not said:
        raise Unfit(f"value of {what} is empty.")
    if what == "body":
        kind = nearest("body", said, BODIES, mended)
        if kind is None:
            return None
        record: dict[str, Any] = {"kind": kind, "word": mended.plain(said, 40).lower()}
        count = {} if amount is None or how == "remove" else {"count": max(1, round(amount))}
        return Trait(axis="body", value=record | count, because="the line", negated=how == "remove")
    if how == "remove":
        if what != "weather":
            raise Unfit(f"how of {what} must be set.")
        said = "clear"
    name = nearest(what, said, NAMES[FIELDS[what]][1], mended)
    return None if name is None else Trait(axis=what, value=name, because="the line")


def _when(edit: dict[str, Any], duration_s: float, mended: Mended) -> tuple[Trait, ...]:
    """The stretch of the film an edit is about; nothing for all of it."""
    start, end = (number_in(edit.get(key), key, 0.0, LONGEST_S, mended) for key in ("from_s", "to_s"))
    if start is None and (end is None or end >= duration_s):
        return ()
    if start is not None and start >= duration_s:
        raise Unfit(f"from_s is {start:g}, and the film lasts {duration_s:.1f} seconds.")
    if end is not None and start is not None and end <= start:
        raise Unfit("to_s must be later than from_s.")
    value: dict[str, Any] = {"part": 0, "at": "then", "t_s": start or 0.0} | ({"until_s": end} if end else {})
    return (Trait(axis="sequence", value=value, because="the line", part=0),)


__all__ = ["turn_of"]
