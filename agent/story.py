"""A story in prose, or a numbered storyboard, as a Brief: a step for each thing that happens, in the order it is told.

Each step has a purpose, an energy, a length, a place (places that return have one number), its bodies (subjects that
return are one and the same) and a way to begin. Axes beside those of agent/interpret.py: purpose (what the shot is
for), place (the number of its place), heading (the sentence), transition. Values of bodies carry "id".
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from agent.brief import Brief, Trait
from agent.interpret import interpret
from agent.languages import in_english, quoted
from agent.lexicon.tables import word_set
from agent.story_arc import Told, energies, lengths_s, passes_time, purposes, transitions
from agent.story_cast import Company, Subject
from agent.story_form import Beat, Form, form_of
from world_model.text import Embedder

# What a sentence of a story does not say of its shot; a camera is only asked for by name.
_NOT_OF_A_BEAT = word_set("sequence duration_s size_px fps takes shots title music sound key energy pacing weird "
                           "transition ending nobody speed look genre tempo_bpm instrument degree")
_CAMERA = re.compile(r"\b(?:camera|shot|close-?up|we (?:see|follow|fly|move|pull|push)|pan(?:s|ning)?|dolly|zoom\w*|"
                     r"aerial|drone|angle|lens|wide|tracking|crane|from (?:very )?(?:high )?above|bird'?s[- ]eye|"
                     r"handheld|point of view|pov)\b", re.I)
_LEAD = re.compile(r"^(?:then|finally|suddenly|at last|next|after that|now|and|but|so|meanwhile|where|until|while|as)\b"
                   r"[,\s]*", re.I)
_ELSE = re.compile(r"\b(?:another|a different|a second|the next|a new)\b", re.I)
_EASE = re.compile(r"\b(?:rain|storm|snow|fog|wind)\w*\s+(?:stops?|ends?|clears?|passes|lifts?|is over|has passed)\b",
                   re.I)


def story(text: str, *, embed: Embedder | None = None) -> Brief | None:
    """The Brief of a long request, or None for one that is not told in at least four sentences (three, where each says
    what somebody or something does) or three numbered items that can be seen. A length named for the whole film is
    kept; stated lengths of single beats are theirs."""
    spoken = in_english(text)
    form = form_of(spoken.text)
    if form is None:
        return None
    read = [interpret(_LEAD.sub("", beat.text) or beat.text, embed=embed) for beat in form.beats]
    seen = [any(t.axis in ("body", "setting", "weather", "light", "time_h") and not t.negated and t.confidence >= 0.45
                for t in brief.traits) for brief in read]
    if sum(seen) < (2 if form.numbered else 3):
        return None
    whole = interpret(form.whole, embed=embed) if re.search(r"\w", form.whole) else None
    traits: list[Trait] = []
    notes: list[str] = [f"A story of {len(form.beats)} {'shots' if form.numbered else 'beats'}, told in their order."]
    if whole is not None:
        traits += [t.model_copy(update={"part": None}) for t in whole.traits if t.axis != "sequence"
                   and not (t.axis in ("setting", "body", "mood", "energy") and t.confidence < 0.6)]
        notes += whole.notes
    asked = next((float(t.value) for t in traits if t.axis == "duration_s"), None)
    told, own, company = _told(form.beats, [brief.traits for brief in read], traits)
    if not any(t.axis == "title" for t in traits) and company.subjects:
        traits.append(Trait(axis="title", value=_title(company), because="who it is about", confidence=0.4))
    traits += _arc(told, asked)
    traits += own
    notes += _notes(company, told, form)
    notes += [note for brief in read for note in brief.notes if "shown as" in note or "will not be shown" in note][:12]
    # What holds for the whole film stands last, as in a screenplay: of several lengths the last is the film's.
    traits.sort(key=lambda t: t.part is None)
    brief = Brief(goal=_goal(form), traits=tuple(traits), notes=tuple(dict.fromkeys(notes)))
    return quoted(brief, spoken)


def _told(beats: Sequence[Beat], read: Sequence[Sequence[Trait]],
          whole: Sequence[Trait]) -> tuple[list[Told], list[Trait], Company]:
    company = Company()
    told: list[Told] = []
    out: list[Trait] = []
    places: dict[tuple[str, str], int] = {}
    lasting: list[Trait] = [t for t in whole if t.axis == "setting"]
    place: int | None = None
    light: str | None = None
    wet = False
    for part, (beat, traits) in enumerate(zip(beats, read, strict=True)):
        plain = _plain(traits, beat.text)
        known = {s.key for s in company.subjects}
        cast = company.cast(part, beat.text, plain)
        named = [t for t in plain if t.axis == "setting" and t.confidence >= (0.5 if part else 0.3)]
        if named:
            stays = place is not None and _main(named) == _main(lasting) and not _ELSE.search(beat.text)
            lasting = lasting if stays else named
            place = place if stays else places.setdefault((_main(named), _word(named)), len(places))
        elif re.search(r"\b(?:home|back to where|where it (?:all )?began)\b", beat.text, re.I) and places:
            place = 0
            lasting = [t for t in out if t.axis == "setting" and t.part == 0] or lasting
        elif place is None:
            place = places.setdefault(("", ""), len(places))
        sky = [t for t in plain if t.axis in ("light", "time_h")]
        weather = [t for t in plain if t.axis == "weather"]
        stripped = [t for t in plain if t.axis not in ("body", "setting", "light", "time_h", "weather", "colour")]
        day = next((str(t.value) for t in sky if t.axis == "light"), None)
        if not weather and wet and ((day and day != light and passes_time(beat.text)) or _EASE.search(beat.text)):
            weather = [Trait(axis="weather", value="clear", because=day or beat.text[:80], confidence=0.6, part=part)]
        wet = any(t.value in ("rain", "snow", "storm", "fog") for t in weather) or (wet and not weather)
        light = day or light
        out.append(Trait(axis="heading", value=beat.text[:120], because=beat.text[:200], part=part))
        out += _at(part, [*stripped, *sky, *weather, *lasting])
        out.append(Trait(axis="place", value=place, because=_word(lasting) or "the same place", part=part))
        moved = any(t.axis in ("setting", "weather", "light", "time_h") for t in (*named, *weather, *sky))
        if not cast and not moved and company.before() and not re.search(r"\bempty|nobody|no one\b", beat.text, re.I):
            # "Everything glows": who was there still is.
            cast = [(s, {**s.value, "id": s.key}, "who was there") for s in company.before()]
        out += _bodies(part, cast, [t for t in plain if t.axis == "colour"])
        told.append(Told(beat, place, tuple(s.word for s, _, _ in cast),
                         tuple(s.word for s, _, _ in cast if s.key not in known), day or light))
    return told, out, company


def _plain(traits: Sequence[Trait], text: str) -> list[Trait]:
    """What a beat shows: of rivals told one after another ("day turns to night") the last, weak guesses left out."""
    last = max((t.part or 0 for t in traits), default=0)
    camera = _CAMERA.search(text) is not None
    out: list[Trait] = []
    for t in traits:
        if t.axis in _NOT_OF_A_BEAT or (t.axis in ("camera", "scale", "lens", "lens_mm") and not camera):
            continue
        weak = t.confidence < (0.6 if t.axis in ("palette", "mood") else 0.5)
        if t.because == "the whole request" or (t.axis in ("palette", "mood", "light", "weather") and weak):
            continue
        if t.axis in ("light", "setting") and t.part is not None and t.part < last and any(
                o.axis == t.axis and o.part == last for o in traits):
            continue
        if t.axis == "weather" and re.match(r"(?:wind|gust)", t.because) and t.value in ("clear", "clouds"):
            continue
        out.append(t)
    return out


def _bodies(part: int, cast: Sequence[tuple[Subject, dict[str, Any], str]], colours: Sequence[Trait]) -> list[Trait]:
    if not cast:
        return [Trait(axis="nobody", value=True, because="nobody is named", part=part)]
    out = [Trait(axis="body", value=value, because=because, part=part, confidence=round(1.0 - 0.02 * k, 2))
           for k, (_, value, because) in enumerate(cast[:6])]
    kept = list(colours)
    for subject, _, _ in cast:
        kept += [t for t in subject.colours if all(t.value != o.value for o in kept)]
    return [*out, *_at(part, kept)]


def _at(part: int, traits: Sequence[Trait]) -> list[Trait]:
    return [t.model_copy(update={"part": part}) for t in traits]


def _main(traits: Sequence[Trait]) -> str:
    """The setting that weighs most."""
    value = max((t for t in traits if t.axis == "setting"), key=lambda t: t.confidence).value if traits else ""
    return max(value, key=lambda name: float(value[name])) if isinstance(value, dict) and value else str(value)


def _word(traits: Sequence[Trait]) -> str:
    return ", ".join(t.because for t in traits if t.axis == "setting")


def _arc(told: Sequence[Told], asked_s: float | None) -> list[Trait]:
    out: list[Trait] = []
    energy = energies(told)
    lengths = lengths_s(told, energy, asked_s)
    start_s = 0.0
    for part, (length, level, (purpose, why), (how, reason)) in enumerate(
            zip(lengths, energy, purposes(told), transitions(told), strict=True)):
        stated = told[part].beat.length_s is not None
        out += [
            Trait(axis="sequence", value={"part": part, "at": f"beat {part + 1}", "t_s": round(start_s, 3),
                                          "soft": not stated}, because=told[part].beat.text[:80], part=part),
            Trait(axis="duration_s", value=length, because="as stated" if stated else "the weight of its words",
                  part=part, confidence=0.9 if stated else 0.6),
            Trait(axis="purpose", value=purpose, because=why, part=part),
            Trait(axis="energy", value=level, because=purpose, part=part, confidence=0.6),
            Trait(axis="transition", value=how, because=reason, part=part)]
        start_s += length
    if asked_s is None:
        out.append(Trait(axis="duration_s", value=round(start_s, 2), because="the length of what is told",
                         confidence=0.6))
    return out


def _notes(company: Company, told: Sequence[Told], form: Form) -> list[str]:
    again = [s for s in company.subjects if sum(s.word in one.cast for one in told) > 1]
    out = []
    if again:
        out.append(f"Kept the same throughout: {', '.join(f'the {s.word}' for s in again[:6])}.")
    if len(form.beats) >= 48:
        out.append("The story has more beats than 48; the shortest neighbours were joined.")
    return out


def _title(company: Company) -> str:
    """ "The girl and the fox": who is named first, and who comes next."""
    words = [s.named or f"the {s.word}" for s in company.subjects[:2]]
    title = " and ".join(words)[:60]
    return title[0].upper() + title[1:]


def _goal(form: Form) -> str:
    text = " ".join((*(beat.text for beat in form.beats), form.whole))
    line = " ".join("".join(c if c.isprintable() else " " for c in text[:4000]).split())
    return line if len(line) <= 400 else line[:399] + "…"
