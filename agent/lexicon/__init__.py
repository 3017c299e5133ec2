"""The planner's dictionary: every word of natural language that the world's vocabulary answers to.

Tables are plain Python text, phrases separated by commas. `~word` is shown only as its nearest entry (the Brief says
so), `!word` must stand exactly so (no plural folding), `word=0.6` lowers the confidence. `index()` folds them all
into one table from word stems to senses, built once.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cache
from typing import Any

from agent.lexicon import anchors, bodies, camera, colours, looks, moods, music, places, sky, words
from agent.lexicon.tables import word_set

_IRREGULAR = {
    "men": "man",
    "women": "woman",
    "children": "child",
    "geese": "goose",
    "mice": "mouse",
    "wolves": "wolf",
    "elves": "elf",
    "leaves": "leaf",
    "knives": "knife",
    "shelves": "shelf",
    "cacti": "cactus",
    "buses": "bus",
    "fishes": "fish",
    "skies": "sky",
    "lenses": "lens",
    "dwarves": "dwarf",
}
_KEEP = word_set(
    "bus lens glass grass canvas chaos cactus always this gas plus pass bass across less process various jeans news "
    "series species paris venus mars christmas atlantis circus octopus synthesis dis tennis walrus virus universe us"
    " as is was has does its yes nes snes bes aus des les las los tres gris fous analogous cirrus cumulus cosmos "
    "isis oasis apocalypse headless endless"
)


@dataclass(frozen=True)
class Sense:
    """One meaning of a phrase. near: the word is only shown as this."""

    axis: str
    value: Any
    confidence: float = 1.0
    near: bool = False


@dataclass(frozen=True)
class Entry:
    """A phrase as stems, its senses, and the exact words it insists on (or None)."""

    stems: tuple[str, ...]
    senses: tuple[Sense, ...]
    exact: tuple[str, ...] | None = None


def fold(text: str) -> str:
    """Lower case, accents off, one spelling for typographic apostrophes and dashes. Lengths may change."""
    text = unicodedata.normalize("NFKC", text).casefold()
    text = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
    return text.translate({0x2019: "'", 0x2018: "'", 0x201C: '"', 0x201D: '"', 0x00D7: "x"})


@cache
def stem(word: str) -> str:
    """The word without its plural ending, in British spelling."""
    word = words.SPELLING.get(word, word)
    if word in _IRREGULAR:
        return _IRREGULAR[word]
    if len(word) < 4 or word in _KEEP or not word.endswith("s") or word.endswith(("ss", "us", "is")):
        return word
    if word.endswith("ies") and len(word) > 5:
        return word[:-3] + "y"
    if word.endswith(("xes", "ches", "shes", "sses", "oes")):
        return word[:-2]
    return word[:-1]


def stems_of(phrase: str) -> tuple[str, ...]:
    return tuple(stem(word) for word in re.findall(r"\w+", fold(phrase)))


def split(table: str) -> list[tuple[str, float, bool, bool]]:
    """(phrase, confidence, near, exact) of a comma-separated table."""
    out: list[tuple[str, float, bool, bool]] = []
    for item in table.split(","):
        name, _, confidence = item.strip().partition("=")
        near, exact = name.startswith("~"), name.startswith("!")
        name = name.lstrip("~!").strip()
        if name:
            out.append((name, float(confidence) if confidence else (0.8 if near else 1.0), near, exact))
    return out


def _rows() -> list[tuple[str, str, Any, float]]:
    """(table text, axis, value, confidence factor) of every table."""
    rows: list[tuple[str, str, Any, float]] = []
    plain: dict[str, dict[Any, str]] = {
        "setting": dict(places.SETTINGS),
        "body": dict(bodies.BODIES),
        "light": dict(sky.LIGHTS),
        "weather": dict(sky.WEATHERS),
        "look": dict(looks.STYLES),
        "palette": dict(looks.PALETTES),
        "camera": dict(camera.CAMERA_MOVES),
        "scale": dict(camera.SCALES),
        "pacing": dict(camera.PACING),
        "genre": dict(music.GENRES),
        "instrument": dict(music.INSTRUMENTS),
        "sound": dict(music.SOUNDS),
        "tempo": dict(music.TEMPO_WORDS),
        "gait": dict(bodies.GAITS),
        "size": dict(bodies.SIZES),
        "speed": dict(bodies.SPEEDS),
        "group": dict(bodies.GROUPS),
        "degree": dict(words.DEGREES),
        "weird": dict(words.WEIRD),
        "beyond": dict(places.BEYOND),
        "not_made": dict(music.NOT_MADE),
        "colour": {name: table for name, (_, table) in colours.COLOURS.items()},
        "hour": dict(sky.HOURS),
    }
    rows += [(table, axis, value, 1.0) for axis, named in plain.items() for value, table in named.items()]
    rows += [(mood.words, "mood", name, 1.0) for name, mood in moods.MOODS.items()]
    rows += [("~" + table.replace(", ", ", ~"), "body", kind, 0.9) for kind, table in anchors.MORE_BODIES.items()]
    rows += [(table, "setting", mixture, 1.0) for table, mixture in places.MIXED]
    rows += [(table, axis, value, c) for table, senses in looks.REFERENCES for axis, value, c in senses]
    rows += [(table, axis, value, c) for table, senses in sky.SEASONS.items() for axis, value, c in senses]
    rows += [
        (music.MUSIC_OFF, "music", "off", 1.0),
        (music.SOUND_OFF, "silence", "off", 1.0),
        (words.GLOW, "glow", 0.8, 1.0),
        (words.IGNORE, "ignore", None, 1.0),
    ]
    return rows


@cache
def index() -> dict[str, tuple[Entry, ...]]:
    """First stem to the entries that begin with it, longest first; senses of one phrase merged."""
    found: dict[tuple[tuple[str, ...], tuple[str, ...] | None], dict[tuple[str, str], Sense]] = {}
    for table, axis, value, factor in _rows():
        for name, confidence, near, exact in split(table):
            stems = stems_of(name)
            if not stems:
                continue
            number = float(value) if axis in ("weird", "tempo_bpm") else value
            sense = Sense(axis, number, round(confidence * factor, 3), near)
            senses = found.setdefault((stems, tuple(fold(name).split()) if exact else None), {})
            kept = senses.get((axis, str(number)))
            if kept is None or kept.confidence < sense.confidence:
                senses[(axis, str(number))] = sense
    out: dict[str, list[Entry]] = {}
    for (stems, exact), senses in found.items():
        out.setdefault(stems[0], []).append(Entry(stems, tuple(senses.values()), exact))
    return {first: tuple(sorted(entries, key=lambda e: -len(e.stems))) for first, entries in out.items()}
