"""Phrases, numbers and bodies gathered into traits: rivals settled, steps kept apart, moods turned to suggestions."""

from __future__ import annotations

import re
from typing import Any

from agent.brief import Trait
from agent.interpret_bodies import as_gait
from agent.interpret_changes import changes
from agent.interpret_extras import colours, numbers, rest, title
from agent.interpret_reading import GLOBAL, Reading, Said, part_of
from agent.lexicon import places, words
from agent.lexicon.moods import MOODS

_ONE = ("light", "palette", "look", "scale", "genre", "pacing")


_MANY = ("weather", "camera", "instrument", "sound", "mood")


def gather(r: Reading) -> tuple[list[Trait], list[str], list[str]]:
    """(traits, questions, notes)."""
    notes: list[str] = []
    said = _said(r, notes)
    traits = numbers(r, notes)
    traits += [
        Trait(
            axis="sequence",
            value={"part": s.part, "at": s.at, **({"t_s": s.t_s} if s.t_s is not None else {}),
                   **({"until_s": s.until_s} if s.until_s is not None else {}),
                   **({"nth": s.nth} if s.nth else {}), **({"after": True} if s.after else {})},
            because=s.words or "the order of the request",
            part=s.part,
        )
        for s in r.steps
    ]
    traits += _settings(said, r)
    traits += _bodies(r, notes)
    for axis in _ONE:
        traits += _one(said, axis, notes)
    for axis in _MANY:
        traits += _many(said, axis)
    traits += rest(said, r)
    traits += colours(r)
    traits += changes(r, traits)
    traits += title(r.text)
    traits = _settled(_suggested(traits + _denied_places(r, traits)))
    if r.has_music and any(t.axis in ("genre", "tempo_bpm", "instrument") and not t.negated for t in traits):
        notes.append("The film keeps your own track; words about the music are only taken as its mood.")
    notes += [t.note for t in traits if t.note and t.axis in ("setting", "look", "sound") and not t.negated]
    return traits, _questions(traits, r), notes


def _denied_places(r: Reading, traits: list[Trait]) -> list[Trait]:
    """ "No water": every place with water, unless it was asked for."""
    asked = {name for t in traits if t.axis == "setting" and not t.negated
             for name in (t.value if isinstance(t.value, dict) else [t.value])}
    have = {t.value for t in traits if t.axis == "setting" and t.negated}
    return [Trait(axis="setting", value=name, because=said, negated=True)
            for said in r.denied for word in said.split()[1:]
            for name in places.DENIED.get(word, ()) if name not in asked and name not in have]


def _settled(traits: list[Trait]) -> list[Trait]:
    """Without denials of the whole film that are asked for in a step (those of a step hold there alone), and
    without what is denied in the same breath ("no longer raining: a wet street")."""
    asked = {(t.axis, t.value, t.part) for t in traits if not t.negated and isinstance(t.value, str)}
    denied = {(t.axis, t.value, t.part) for t in traits if t.negated and isinstance(t.value, str)}
    out: list[Trait] = []
    for t in traits:
        key = (t.axis, t.value, t.part) if isinstance(t.value, str) else None
        if t.negated and key and t.part is None and any(k[:2] == key[:2] and k[2] != key[2] for k in asked):
            continue
        if not t.negated and key in denied and t.axis == "weather":
            continue
        out.append(t)
    return out


def _said(r: Reading, notes: list[str]) -> list[Said]:
    """One entry per phrase and meaning, context applied."""
    out: list[Said] = []
    for n, match in enumerate(r.matches):
        if match.has("ignore"):
            continue
        moves_body = as_gait(match, r.tokens, r.matches)
        before_body = n in r.used and match.has("colour")
        for sense in match.senses:
            axis = sense.axis
            if n in r.used and axis in ("gait", "size", "speed", "group", "colour", "glow", "degree", "body"):
                continue
            if (axis == "camera" and moves_body) or (axis == "light" and before_body):
                continue
            if axis in ("body", "group", "glow", "colour", "degree"):
                continue
            if axis == "not_made":
                if not match.negated:
                    notes.append(f"'{match.text}': {sense.value} cannot be made here and is left out")
                continue
            confidence = sense.confidence
            if match.text == "clearing" and r.tokens[match.i].gap and axis == "setting":
                # "Fog, clearing after a while" is no place in a forest.
                out.append(Said("weather", "clear", match.text, 0.7, part_of(r, match.i, axis), False, False, match.i))
                continue
            if axis == "setting" and any(
                m.text in words.FAR and 0 <= m.i - match.j <= 2 for m in r.matches[n + 1 : n + 2]
            ):
                confidence *= 0.5
            part = part_of(r, match.i, axis)
            if axis == "weather" and not match.negated and (after := _stopped(r, match.j)) is not None:
                if part is not None and after == part and part > 0:
                    part -= 1
                if after != part:
                    out.append(Said(axis, "clear", f"{match.text} stops", 0.7, after, False, False, match.i))
            note = f"{match.text}: shown as {_named(sense.value)}" if sense.near and axis == "setting" else None
            if axis == "beyond":
                axis, confidence = "setting", 0.5
                note = f"'{match.text}' is beyond this world: nearest is the {sense.value}"
            out.append(
                Said(
                    axis,
                    sense.value,
                    match.text,
                    confidence,
                    part,
                    match.negated,
                    sense.near,
                    match.i,
                    note,
                )
            )
    return out


_STOPPING = re.compile(r"(stop|end|lift|clear|fade|pass|disappear|vanish|dissolve|subside|calm|cease)(s|es|ing)?$|"
                       r"hort$")


def _stopped(r: Reading, j: int) -> int | None:
    """The step in which weather that is named right before token j is over, or None where it goes on."""
    if j >= len(r.tokens) or r.tokens[j].gap or not _STOPPING.match(r.tokens[j].word) or not r.steps:
        return None
    here = r.parts[j]
    later = next((p for p in r.parts[j : j + 8] if p is not None and p != here), None)
    return later if later is not None and (here is None or later > here) else here


def _named(value: Any) -> str:
    return " and ".join(value) if isinstance(value, dict) else str(value)


def _parts_of(said: list[Said]) -> list[int | None]:
    found = sorted({s.part for s in said if s.part is not None})
    return [*([None] if any(s.part is None for s in said) else []), *found]


def _trait(s: Said, value: Any = None, confidence: float | None = None) -> Trait:
    return Trait(
        axis=s.axis,
        value=s.value if value is None else value,
        because=s.words,
        part=s.part,
        negated=s.negated,
        confidence=round(min(1.0, s.confidence if confidence is None else confidence), 2),
        note=s.note,
    )


def _settings(said: list[Said], r: Reading) -> list[Trait]:
    """One mixture per step: the surest and the first weigh most; faint hints fall away beside a plain name."""
    out: list[Trait] = []
    mine = [s for s in said if s.axis == "setting"]
    for s in mine:
        if s.negated:
            out += [_trait(s, name) for name in (s.value if isinstance(s.value, dict) else [s.value])]
    mine = [s for s in mine if not s.negated]
    banned = {t.value for t in out}
    for part in _parts_of(mine):
        here = [s for s in mine if s.part == part]
        top = max(s.confidence for s in here)
        here = [
            s
            for s in here
            if s.confidence >= 0.55 or s.confidence >= top - 0.01 or (top < 0.8 and s.confidence >= 0.5 * top)
        ]
        weights: dict[str, float] = {}
        for rank, s in enumerate(here[:6]):
            share = s.confidence * (1.0 if rank == 0 else 0.75 if rank == 1 else 0.5)
            for name, weight in s.value.items() if isinstance(s.value, dict) else [(s.value, 1.0)]:
                if name not in banned:
                    weights[name] = max(weights.get(name, 0.0), share * weight)
        kept = sorted(weights.items(), key=lambda item: -item[1])[:3]
        total = sum(weight for _, weight in kept)
        if not kept:
            continue
        kept = [(name, round(weight / total, 2)) for name, weight in kept if weight / total >= 0.08]
        value: Any = kept[0][0] if len(kept) == 1 else dict(kept)
        note = "; ".join(dict.fromkeys(s.note for s in here if s.note)) or None
        out.append(
            Trait(
                axis="setting",
                value=value,
                because=", ".join(dict.fromkeys(s.words for s in here)),
                part=part,
                confidence=round(min(1.0, top), 2),
                note=note,
            )
        )
    return out


def _bodies(r: Reading, notes: list[str]) -> list[Trait]:
    """Bodies by step. A body stays when a later step only brings another and keeps the place."""
    out: list[Trait] = []
    seen: dict[tuple[str, str, int | None, bool], int] = {}
    for one in r.cast:
        part = r.parts[one.at]
        near = one.near and one.word.split()[-1] != one.kind
        many = r.tokens[one.at].plural or one.record.get("count", 1) != 1
        shown = (
            f"{one.word}: shown as {_plural(one.kind)}"
            if many
            else f"{_article(one.word)}: shown as {_article(one.kind)}"
        )
        note = shown if near else None
        key = (one.kind, r.tokens[one.at].stem, part, one.negated)
        if key in seen:
            old = out[seen[key]]
            out[seen[key]] = old.model_copy(update={"value": {**one.record, **old.value}})
            continue
        seen[key] = len(out)
        if note and not one.negated:
            notes.append(note)
        out.append(
            Trait(
                axis="body",
                value=one.record,
                because=one.said,
                confidence=round(one.confidence, 2),
                part=part,
                negated=one.negated,
                note=note,
            )
        )
    placed = {r.parts[m.i] for m in r.matches if m.has("setting") and not m.negated}
    for step in r.steps:
        mine = [t for t in out if t.part == step.part and not t.negated]
        earlier = [t for t in out if t.part is not None and t.part == step.part - 1 and not t.negated]
        changed = re.search(r"\b(turn|becom|morph|transform|chang|verwandel|devien|convierte)", r.text)
        if mine and earlier and step.part not in placed and not changed:
            kinds = {(t.value["kind"], t.value["word"]) for t in mine}
            out += [
                t.model_copy(update={"part": step.part, "confidence": round(t.confidence * 0.8, 2)})
                for t in earlier
                if (t.value["kind"], t.value["word"]) not in kinds
            ]
    empty = any(word in r.text for word in ("nobody", "no one", "anyone", "anybody")) and r.steps
    if r.denied and not empty and re.search(
        r"\b(animals?|creatures?|characters?|living things?|life|bodies|anyone|anybody|nobody|no one)\b",
        " ; ".join(r.denied),
    ):
        out.append(Trait(axis="body", value={"word": "anyone"}, because=r.denied[0], negated=True))
    return out


def _article(word: str) -> str:
    return f"{'an' if word[:1] in 'aeiou' else 'a'} {word}"


def _plural(kind: str) -> str:
    return {"fish": "fish", "jellyfish": "jellyfish", "butterfly": "butterflies", "fox": "foxes"}.get(kind, kind + "s")


def _one(said: list[Said], axis: str, notes: list[str]) -> list[Trait]:
    """The surest of a step (the first of equals), a clear second at half confidence."""
    mine = [s for s in said if s.axis == axis]
    out = [_trait(s) for s in mine if s.negated]
    banned = {s.value for s in mine if s.negated}
    for part in _parts_of([s for s in mine if not s.negated]):
        here = [s for s in mine if s.part == part and not s.negated and s.value not in banned]
        score: dict[Any, float] = {}
        for s in here:  # two words for the same thing speak louder than one
            score[s.value] = 1 - (1 - score.get(s.value, 0.0)) * (1 - 0.9 * s.confidence)
        ranked = sorted(score, key=lambda value: -score[value])
        for place, value in enumerate(ranked[:2]):
            best = max((s for s in here if s.value == value), key=lambda s: s.confidence)
            if place == 0:
                out.append(_trait(best))
            elif best.confidence >= 0.75:
                out.append(_trait(best, confidence=best.confidence * 0.5))
                if axis == "look":
                    notes.append(f"Two looks were named: {ranked[0]} leads, {value} is left for later")
    return out


def _many(said: list[Said], axis: str) -> list[Trait]:
    """Every different one of a step; the same said twice counts once."""
    out: list[Trait] = []
    best: dict[tuple[Any, int | None, bool], int] = {}
    for s in (s for s in said if s.axis == axis):
        key = (s.value, s.part, s.negated)
        if key not in best:
            best[key] = len(out)
            out.append(_trait(s))
        elif out[best[key]].confidence < s.confidence:
            out[best[key]] = _trait(s)
    top: dict[int | None, float] = {}
    for t in out:
        if not t.negated:
            top[t.part] = max(top.get(t.part, 0.0), t.confidence)
    return [t for t in out if t.negated or t.confidence >= 0.55 or t.confidence >= top[t.part] - 0.1]


def _suggested(traits: list[Trait]) -> list[Trait]:
    """What the moods suggest on axes that nothing else speaks of, and the energy they have."""
    moods = [t for t in traits if t.axis == "mood" and not t.negated and t.value in MOODS]
    if not moods:
        return traits
    out = list(traits)
    have = {t.axis for t in traits if not t.negated}
    no = {(t.axis, t.value) for t in traits if t.negated and isinstance(t.value, str)}
    denied = {
        s[:2] for t in traits if t.axis == "mood" and t.negated and t.value in MOODS for s in MOODS[t.value].suggests
    }
    for mood in moods[:3]:
        for axis, value, confidence in MOODS[mood.value].suggests:
            if axis in have or (axis, value) in no or (axis, value) in denied:
                continue
            if axis == "light" and "time_h" in have:
                continue
            have.add(axis)
            shown: Any = float(value) if axis in ("tempo_bpm", "weird") else value
            out.append(
                Trait(
                    axis=axis,
                    value=shown,
                    because=mood.because,
                    confidence=round(confidence * mood.confidence, 2),
                    part=None if axis in GLOBAL else mood.part,
                    note=f"suggested by the mood '{mood.value}'",
                )
            )
    energy = sum(MOODS[m.value].energy for m in moods) / len(moods)
    if "energy" not in have:
        out.append(
            Trait(axis="energy", value=round(energy, 2), because=", ".join(m.because for m in moods), confidence=0.4)
        )
    return out


def _questions(traits: list[Trait], r: Reading) -> list[str]:
    """A question only where two plain words cannot both be true."""
    if r.steps:
        return []
    lights = [
        t
        for t in traits
        if t.axis == "light" and not t.negated and t.confidence >= 0.45 and not (t.note or "").startswith("suggested")
    ]
    bright, black = {"noon", "morning"}, {"night", "moonlight"}
    day = next((t for t in lights if t.value in bright), None)
    night = next((t for t in lights if t.value in black), None)
    if day and night:
        return [
            (
                f"Should it be {day.because} or {night.because}? Both were asked for; {lights[0].because} is used "
                f"until you say."
            )
        ]
    hour = next((t for t in traits if t.axis == "time_h"), None)
    if hour and ((night and 8 <= hour.value <= 16) or (day and (hour.value >= 21 or hour.value < 4))):
        other = night or day
        assert other is not None
        return [
            f"Should it be {hour.because} or {other.because}? Both were asked for; the clock is used until you say."
        ]
    return []
