"""Traits beside the scene: lengths, sizes, colours, degrees, weirdness, silence, the title."""

from __future__ import annotations

import re

from agent.brief import Trait
from agent.interpret_numbers import sized
from agent.interpret_reading import Reading, Said
from agent.lexicon import colours as table
from agent.lexicon import words
from agent.lexicon.tables import word_set

_SKY = word_set("sky light glow sunset sunrise sun moon horizon lighting dusk dawn lights aurora star")
_TONE = word_set("tone colour palette hue tint world everything atmosphere shade")
# Words that also name a colour but speak of the light.
_NOT_COLOURS = word_set("golden")


def rest(said: list[Said], r: Reading) -> list[Trait]:
    """Hours, tempo words, weirdness, silence, speeds of the camera, gaits without a body, degrees."""
    out: list[Trait] = []
    for s in said:
        if s.axis == "hour" and not s.negated:
            out.append(Trait(axis="time_h", value=s.value, because=s.words, part=s.part, confidence=0.9))
        elif s.axis in ("tempo", "tempo_bpm") and not s.negated and not any(n.axis == "tempo_bpm" for n in r.numbers):
            out.append(Trait(axis="tempo_bpm", value=s.value, because=s.words, confidence=0.6))
        elif s.axis == "music":
            out.append(Trait(axis="music", value="off", because=s.words))
        elif s.axis == "silence":
            out += [
                Trait(axis="music", value="off", because=s.words),
                Trait(axis="sound", value="off", because=s.words),
            ]
        elif s.axis == "gait" and not s.negated:
            out.append(Trait(axis="gait", value=s.value, because=s.words, part=s.part, confidence=0.4))
    out += _denied_music(r) + _weird(said, r) + _degrees(r) + _camera_speed(r)
    return out


def _denied_music(r: Reading) -> list[Trait]:
    for said in r.denied:
        if re.search(r"\b(music|soundtrack|score|musik|musique|musica)\b", said) and not any(
            m.has("genre") and m.negated for m in r.matches
        ):
            return [Trait(axis="music", value="off", because=said)]
    if only := re.search(r"\b(only|just) (the )?(natural |ambient |nature )?(sounds?|noise|ambience)\b", r.text):
        return [Trait(axis="music", value="off", because=only[0])]
    if re.search(r"(^|[,.;] ?)(silent|silence|mute|no audio)\s*([,.;]|$)", r.text):
        return [Trait(axis="music", value="off", because="silent"), Trait(axis="sound", value="off", because="silent")]
    return []


def _weird(said: list[Said], r: Reading) -> list[Trait]:
    mine = [s for s in said if s.axis == "weird"]
    if not mine:
        return []
    best = max(mine, key=lambda s: (s.confidence, float(s.value)))
    if best.negated:
        return [Trait(axis="weird", value=0.0 if float(best.value) > 0 else 0.5, because="not " + best.words)]
    value = float(best.value)
    degree = _degree_before(r, best.at)
    if degree is not None and value > 0:
        value = min(1.0, value * (0.6 if degree < 0.6 else 1.25))
    return [Trait(axis="weird", value=round(value, 2), because=best.words, confidence=best.confidence)]


def _degree_before(r: Reading, at: int) -> float | None:
    """The degree or the size or speed word right before token `at` ("heavy rain", "a gentle breeze")."""
    for m in r.matches:
        if 0 <= at - m.j <= (1 if at - m.j == 0 or r.tokens[m.j].word in ("of", "a") else 0) and not any(
            t.gap == "." for t in r.tokens[m.j : at + 1]
        ):
            if (s := m.sense("degree")) is not None:
                return float(s.value)
            if (s := m.sense("speed")) is not None:
                return 0.45 if float(s.value) < 1 else 0.9
            if (s := m.sense("size")) is not None:
                return 0.45 if float(s.value) < 1 else 0.9
    return None


def _degrees(r: Reading) -> list[Trait]:
    out: list[Trait] = []
    for m in r.matches:
        for axis in ("weather", "light", "mood"):
            sense = m.sense(axis)
            if sense is None or m.negated:
                continue
            first = m.text.split()[0]
            degree = (
                next((float(v) for v, t in words.DEGREES.items() if first in [x.strip() for x in t.split(",")]), None)
                if len(m.text.split()) > 1 and axis == "weather"
                else None
            )
            degree = _degree_before(r, m.i) if degree is None else degree
            if degree is not None:
                out.append(
                    Trait(
                        axis="degree",
                        value={"axis": axis, "of": sense.value, "amount": degree},
                        because=m.text,
                        part=r.parts[m.i],
                        confidence=0.8,
                    )
                )
    return out


def _camera_speed(r: Reading) -> list[Trait]:
    for n, m in enumerate(r.matches):
        if not m.has("camera") or m.negated:
            continue
        if re.match(r"slow\b", m.text):
            return [Trait(axis="speed", value={"of": "camera", "factor": 0.5}, because=m.text, part=r.parts[m.i])]
        for other in r.matches[max(0, n - 1) : n + 2]:
            speed = other.sense("speed")
            if (
                speed is not None
                and other is not m
                and r.matches.index(other) not in r.used
                and (other.j == m.i or m.j == other.i or (0 < other.i - m.j <= 2))
            ):
                return [
                    Trait(
                        axis="speed",
                        value={"of": "camera", "factor": float(speed.value)},
                        because=f"{other.text} {m.text}",
                        part=r.parts[m.i],
                        confidence=0.8,
                    )
                ]
    return []


def colours(r: Reading) -> list[Trait]:
    """Colours: a body's is the accent; a place's is dominant; the sky's belongs to the light."""
    out: list[Trait] = []
    for one in r.cast:
        if "colour" in one.record and not one.negated:
            out.append(_colour(one.record["colour"], "accent", one.word, one.said, r.parts[one.at], False))
    for n, m in enumerate(r.matches):
        sense = m.sense("colour")
        if sense is None or n in r.used or (m.has("light", "look", "palette") and m.text in _NOT_COLOURS):
            continue
        following = r.tokens[m.j].stem if m.j < len(r.tokens) and not r.tokens[m.j].gap else ""
        place = next((o for o in r.matches[n + 1 : n + 3] if o.has("setting") and o.i - m.j <= 1), None)
        role = "light" if following in _SKY else "dominant" if place is not None or following in _TONE else "accent"
        out.append(
            _colour(
                str(sense.value),
                role,
                place.text if place else following if following not in words.STOP else None,
                m.text,
                r.parts[m.i],
                m.negated,
            )
        )
    return out


def _colour(name: str, role: str, of: str | None, because: str, part: int | None, negated: bool) -> Trait:
    value = {"name": name, "oklch": list(table.COLOURS[name][0]), "role": role, "of": of}
    return Trait(axis="colour", value=value, because=because, part=part, negated=negated, confidence=0.95)


def title(text: str) -> list[Trait]:
    hit = re.search(r"\b(?:called|titled|entitled|title:|named)\s+\"([^\"\n]{1,80})\"", text) or re.search(
        (
            r"\b(?:film|movie|video|clip|piece|short|animation)s? (?:called|titled|entitled|"
            r"named)\s+([^,.;:\n\"]{1,40}?)(?=$|[,.;:\n]| (?:in|with|about|where|set)\b)"
        ),
        text,
    )
    return [Trait(axis="title", value=hit[1].strip().title(), because=hit[0].strip(), confidence=0.9)] if hit else []


def numbers(r: Reading, notes: list[str]) -> list[Trait]:
    """Lengths, sizes and the like. Several lengths in steps add up; the last of rivals elsewhere wins."""
    out: list[Trait] = []
    notes += [n.note for n in r.numbers if n.note]
    for axis in ("fps", "tempo_bpm", "key", "takes", "shots"):
        mine = [n for n in r.numbers if n.axis == axis]
        if mine:
            out.append(Trait(axis=axis, value=mine[-1].value, because=mine[-1].words))
    for n in r.numbers:
        if n.axis == "time_h":
            out.append(Trait(axis="time_h", value=n.value, because=n.words, part=part_at(r, n.start)))
    lengths = [n for n in r.numbers if n.axis == "duration_s"]
    apart = [(part_at(r, n.start), n) for n in lengths]
    if len(lengths) > 1 and len({p for p, _ in apart}) == len(lengths) and all(p is not None for p, _ in apart):
        out += [Trait(axis="duration_s", value=n.value, because=n.words, part=p) for p, n in apart]
        out.append(
            Trait(
                axis="duration_s",
                value=round(sum(float(n.value) for n in lengths), 3),
                because=" + ".join(n.words for n in lengths),
            )
        )
    elif lengths:
        out.append(Trait(axis="duration_s", value=lengths[0].value, because=lengths[0].words))
        if len(lengths) > 1:
            notes.append(f"Two lengths were given: '{lengths[0].words}' is used")
    size = [n for n in r.numbers if n.axis == "size_px"]
    shape, lines = ([n for n in r.numbers if n.axis == axis] for axis in ("shape", "lines"))
    if size:
        out.append(Trait(axis="size_px", value=size[-1].value, because=size[-1].words))
    elif shape or lines:
        value, note = sized(shape[-1].value if shape else None, lines[-1].value if lines else None)
        notes += [note] if note else []
        out.append(Trait(axis="size_px", value=value, because=" ".join(n.words for n in (*shape[-1:], *lines[-1:]))))
    if any(
        re.search(
            (
                r"\b(one|single) (continuous |long |unbroken )?(take|shot)\b|\boner\b|\bno cuts\b|plan sequence|"
                r"plansequenz"
            ),
            m.text,
        )
        for m in r.matches
        if m.has("pacing")
    ):
        out.append(Trait(axis="shots", value=1, because="one take"))
    return out


def part_at(r: Reading, place: int) -> int | None:
    """The step at a place in the text: that of the word before it, or of the first word after."""
    before = [k for k, t in enumerate(r.tokens) if t.end <= place]
    if before:
        return r.parts[before[-1]]
    return r.parts[0] if r.parts else None
