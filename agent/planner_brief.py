"""A chat model's reading of a request as a Brief, laid over the built-in reading of the same words.

On every axis that the model fills in, its reading takes the place of the built-in one; numbers and refusals that were
said outright, and all that the model leaves out, stay as they were read.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from agent.brief import Brief, Trait
from agent.director_bans import AXES, REFUSED
from agent.director_tables import COLOURS
from agent.planner_answer import Mended, Unfit, nearest, number_in, records, text_in, texts
from agent.planner_schema import IN_STEPS, MANY, MOST_BODIES, MOST_STEPS, NAMES, WHEN
from world_model.vocabulary import BODIES, GAITS

# A reading with words of the request behind it, and one without.
QUOTED, READ = 0.9, 0.6
ON_STEPS = frozenset({"sequence", "transition", "nobody", "degree", "speed", "time_h", "colour"})


def brief_of(found: dict[str, Any], stood: Brief, heard: str, model: str, mended: Mended) -> Brief:
    """The Brief. found: the model's object; stood: the built-in reading; heard: the words of request and references.
    Raises Unfit where a field has the wrong type, or where nothing at all was filled in."""
    because = _Because(_quotes(found, heard, mended), stood, f"read by the language model {model}")
    traits = _world(found, None, because, mended)
    steps = records(found.get("steps"), "steps", MOST_STEPS)
    said = [] if len(steps) < 2 else [trait for part, step in enumerate(steps)
                                      for trait in _step(step, part, because, mended)]
    for name in ("genre", "moods", "instruments", "pacing"):
        traits += _names(found, name, None, because, mended)
    traits += _absent(found, because, mended)
    if text_in(found.get("music"), "music").strip().lower() == "off":
        traits.append(Trait(axis="music", value="off", because=because.by, confidence=READ))
    traits += _numbers(found, because, mended)
    title = mended.plain(text_in(found.get("title"), "title"), 60)
    if title:
        traits.append(Trait(axis="title", value=title, because=because("title", title)[0], confidence=READ))
    if not traits and not said:
        raise Unfit("Nothing was filled in; fill in what the request asks for.")
    question = mended.plain(text_in(found.get("question"), "question"), 160)
    kept = _kept(stood, traits, said, mended)
    return stood.model_copy(update={
        "traits": (*kept, *traits, *said),
        "questions": stood.questions or ((question,) if question.endswith("?") else ()),
        "notes": tuple(dict.fromkeys((*stood.notes, *mended.notes, f"The language model {model} read this request.")))})


def _kept(stood: Brief, traits: list[Trait], said: list[Trait], mended: Mended) -> list[Trait]:
    """What stays of the built-in reading. What the words refuse is taken out of the model's."""
    for trait in (trait for trait in stood.traits if trait.negated and trait.part is None):
        for found in (traits, said):
            for one in [one for one in found if one.axis == trait.axis and not one.negated and _same(one, trait)]:
                found.remove(one)
                mended.note(f"“{trait.because[:60]}” refuses it, so the language model's {_shown(one)} was left out.")
    axes = {trait.axis for trait in traits if not trait.negated}
    seen = axes & {"setting", "body", "light"}
    if len({trait.part for trait in stood.traits} - {None}) == 1 and seen and not said:
        # One step alone is a word misread ("at first light") where the model sees none.
        stood = stood.model_copy(update={"traits": tuple(
            trait.model_copy(update={"part": None}) for trait in stood.traits if trait.axis != "sequence")})
    if "light" in axes or "time_h" in axes:
        axes |= {"light"}
    out: list[Trait] = []
    alike = len({trait.part for trait in said}) == len({trait.part for trait in stood.traits} - {None})
    for trait in stood.traits:
        if trait.part is not None and trait.reference is None:
            # A refusal stays in its step where both readings have as many.
            keep = not said or (trait.negated and alike)
        elif trait.reference is not None or trait.negated or trait.axis in ("duration_s", "fps", "size_px", "takes"):
            keep = True
        elif said and trait.axis in ON_STEPS:
            keep = False
        elif trait.axis in ("tempo_bpm", "time_h", "shots", "title", "key", "sound", "colour", "degree", "speed",
                            "ending", "weird"):
            keep = True
        else:
            keep = trait.axis not in axes
        if keep:
            out.append(trait)
    exact = {trait.axis for trait in out if not trait.negated and trait.part is None}
    traits[:] = [trait for trait in traits
                 if not (trait.axis in ("duration_s", "tempo_bpm", "title") and trait.axis in exact)]
    return out


def _same(one: Trait, refused: Trait) -> bool:
    if one.axis != "body":
        return one.value == refused.value
    kind = refused.value.get("kind") if isinstance(refused.value, dict) else refused.value
    words = f"{refused.because} {refused.value.get('word', '') if isinstance(refused.value, dict) else ''}".lower()
    meant = {name for word, kinds in REFUSED.items() if re.search(rf"\b{word}\b", words) for name in kinds}
    return one.value["kind"] == kind or one.value["kind"] in meant


def _shown(trait: Trait) -> str:
    return str(trait.value["kind"] if isinstance(trait.value, dict) else trait.value).replace("_", " ")


def _quotes(found: dict[str, Any], heard: str, mended: Mended) -> dict[str, list[str]]:
    """Words by axis, those alone that are really in what was said. Raises Unfit where none of several is."""
    plain = " ".join(heard.lower().split())
    out: dict[str, list[str]] = {}
    given = found.get("quotes")
    for record in given[:16] if isinstance(given, list) else []:
        axis, words = (record.get("of"), record.get("words")) if isinstance(record, dict) else (None, None)
        if not isinstance(axis, str) or not isinstance(words, str):
            continue
        line = " ".join(words.lower().split()).strip(" .,;“”\"'")
        if len(line) >= 2 and line in plain:
            out.setdefault(axis, []).append(mended.plain(words, 120))
    if isinstance(given, list) and len(given) > 1 and not out:
        # Seen with a small model: it gave the example back.
        raise Unfit("None of the quotes stands in the request; read the request, not the example.")
    return out


@dataclass(frozen=True)
class _Because:
    """Which words a reading has behind it, and how sure that makes it."""

    quotes: dict[str, list[str]]
    stood: Brief
    by: str

    def __call__(self, axis: str, value: Any) -> tuple[str, float]:
        names = [str(name).replace("_", " ").lower().rstrip("s") for name in (
            (value.get("word"), value.get("kind")) if isinstance(value, dict) else (value,)) if name]
        quotes = self.quotes.get(axis, [])
        naming = [quote for quote in quotes if any(name in quote.lower() for name in names)]
        if naming or len(quotes) == 1:
            return (naming or quotes)[0], QUOTED
        for trait in self.stood.traits:
            same = trait.value.get("kind") == value.get("kind") if isinstance(value, dict) and isinstance(
                trait.value, dict) else trait.value == value
            if trait.axis == axis and same and not trait.negated:
                return trait.because, max(READ, trait.confidence)
        return (quotes[0], QUOTED) if quotes else (self.by, READ)

    def more_of(self, body: dict[str, Any]) -> dict[str, Any]:
        """What the words say of a body that the form has no field for, or that was left out: "a little bird"."""
        same = [trait.value for trait in self.stood.traits if trait.axis == "body" and not trait.negated
                and isinstance(trait.value, dict) and trait.value.get("kind") == body["kind"]]
        return dict(same[0]) if len(same) == 1 else {}


def _world(found: dict[str, Any], part: int | None, because: _Because, mended: Mended) -> list[Trait]:
    """Place, light, weather, look, palette, camera and bodies of the film or of a step."""
    out = [trait for name in IN_STEPS for trait in _names(found, name, part, because, mended)]
    for record in records(found.get("bodies"), "bodies", MOST_BODIES):
        said = mended.plain(text_in(record.get("kind"), "kind") or text_in(record.get("word"), "word"), 60)
        kind = nearest("body", said, BODIES, mended) if said else None
        if kind is None:
            continue
        word = mended.plain(text_in(record.get("word"), "word"), 60).lower() or said.lower()
        value: dict[str, Any] = {"kind": kind, "word": word}
        count = number_in(record.get("count"), "count", 1, 48, mended)
        if count is not None and round(count) != 1:
            value["count"] = round(count)
        gait, colour = (text_in(record.get(key), key).strip().lower() for key in ("gait", "colour"))
        value |= {"gait": gait} if gait in GAITS else {}
        value |= {"colour": colour} if colour in COLOURS else {}
        value = because.more_of(value) | value
        words, confidence = because("body", value)
        note = None if kind in word or word.rstrip("s") in kind else f"{word}: shown as {kind}"
        if note and kind == said.lower() and not any(f"shown as {kind}" in told for told in because.stood.notes):
            mended.note(note)
        out.append(Trait(axis="body", value=value, because=words, confidence=confidence, part=part, note=note))
    return out


def _names(found: dict[str, Any], name: str, part: int | None, because: _Because, mended: Mended) -> list[Trait]:
    axis, names = NAMES[name]
    said = texts(found.get(name), name, MANY[name]) if name in MANY else [text_in(found.get(name), name)]
    out: list[Trait] = []
    for word in said:
        value = nearest(axis, word, names, mended) if word.strip() else None
        if value is None or any(trait.value == value for trait in out):
            continue
        words, confidence = because(axis, value)
        out.append(Trait(axis=axis, value=value, because=words, confidence=confidence, part=part))
    return out


def _step(step: dict[str, Any], part: int, because: _Because, mended: Mended) -> list[Trait]:
    when = text_in(step.get("when"), "when").strip().lower()
    at = "first" if part == 0 and when in ("", "then") else when if when in WHEN else "then"
    at_s = number_in(step.get("at_s"), "at_s", 0.0, 3600.0, mended)
    words, confidence = because("step", at)
    value: dict[str, Any] = {"part": part, "at": at} | ({"t_s": at_s} if at_s is not None and part else {})
    return [Trait(axis="sequence", value=value, because=words, confidence=confidence, part=part),
            *_world(step, part, because, mended)]


def _absent(found: dict[str, Any], because: _Because, mended: Mended) -> list[Trait]:
    """What must not be there: names of the vocabulary, or everybody of a sort."""
    out: list[Trait] = []
    known = {axis: names for axis, names in NAMES.values() if axis in AXES} | {"body": BODIES}
    for word in texts(found.get("absent"), "absent", 6):
        plain = mended.plain(word, 60).lower().removeprefix("no ").strip()
        if plain in REFUSED:
            out.append(Trait(axis="body", value={"word": plain}, because=because("absent", plain)[0], negated=True,
                             confidence=READ))
            continue
        for axis, names in known.items():
            name = next((name for name in (plain, plain.removesuffix("s")) if name.replace(" ", "_") in names), None)
            if name is not None:
                name = name.replace(" ", "_")
                value: Any = {"kind": name, "word": name} if axis == "body" else name
                out.append(Trait(axis=axis, value=value, because=because("absent", plain)[0], negated=True,
                                 confidence=READ))
                break
    return out


def _numbers(found: dict[str, Any], because: _Because, mended: Mended) -> list[Trait]:
    """A length only with its words behind it (models invent them); a tempo without words is a leaning."""
    out: list[Trait] = []
    duration_s = number_in(found.get("duration_s"), "duration_s", 0.5, 3600.0, mended)
    said = because.quotes.get("duration", [])
    if duration_s is not None and said:
        out.append(Trait(axis="duration_s", value=duration_s, because=said[0], confidence=QUOTED))
    tempo = number_in(found.get("tempo_bpm"), "tempo_bpm", 40.0, 200.0, mended)
    if tempo is not None:
        said = because.quotes.get("tempo", [])
        out.append(Trait(axis="tempo_bpm", value=tempo, because=said[0] if said else because.by,
                         confidence=QUOTED if said else READ))
    return out


__all__ = ["brief_of"]
