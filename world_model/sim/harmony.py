"""Chords from numerals, and voicings that move by small steps.

A numeral is written against the major scale: lower case is minor, upper case major, `b` lowers the root, and a suffix
adds to the triad ("i9", "bVImaj7", "V7", "ii7b5", "Isus2"). Pitch classes count from C = 0, pitches are MIDI numbers.
"""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass
from functools import lru_cache

MAJOR = (0, 2, 4, 5, 7, 9, 11)
MINOR = (0, 2, 3, 5, 7, 8, 10)
DEGREES = {"i": 0, "ii": 2, "iii": 4, "iv": 5, "v": 7, "vi": 9, "vii": 11}
SUFFIXES: dict[str, tuple[int, ...]] = {  # semitones above the root that join or replace the triad's third and fifth
    "": (),
    "6": (9,),
    "7": (10,),
    "maj7": (11,),
    "9": (10, 14),
    "maj9": (11, 14),
    "add9": (14,),
    "sus2": (),
    "sus4": (),
    "7sus4": (10,),
    "7b5": (10,),
    "dim": (),
}
NUMERAL = re.compile(r"(b?)([ivIV]+)(.*)")
LARGEST_STEP = 7


@dataclass(frozen=True)
class Chord:
    """root and tones are pitch classes; tones begin with the root and stand in order of importance for the ear."""

    name: str
    root: int
    tones: tuple[int, ...]


@lru_cache(maxsize=1024)
def chord(numeral: str, key: int) -> Chord:
    """The chord of a numeral in the key with tonic `key`. Raises ValueError on a numeral it cannot read."""
    match = NUMERAL.fullmatch(numeral)
    if not match or match[2].lower() not in DEGREES or match[3] not in SUFFIXES:
        raise ValueError(f"cannot read the chord {numeral!r}")
    flat, letters, suffix = match.groups()
    root = (key + DEGREES[letters.lower()] - len(flat)) % 12
    third = 3 if letters.islower() else 4
    third = {"sus2": 2, "sus4": 5, "7sus4": 5}.get(suffix, third)
    fifth = 6 if suffix in ("7b5", "dim") else 7
    semitones = (0, third, *SUFFIXES[suffix], fifth)
    return Chord(numeral, root, tuple(dict.fromkeys((root + s) % 12 for s in semitones)))


def scale(key: int, minor: bool) -> tuple[int, ...]:
    """Seven pitch classes, ascending from the tonic."""
    return tuple((key + s) % 12 for s in (MINOR if minor else MAJOR))


def local_scale(key: int, minor: bool, here: Chord) -> tuple[int, ...]:
    """The key's scale bent to a borrowed chord: a tone that clashes with a chord tone half a step away becomes it."""
    bent = list(scale(key, minor))
    for tone in here.tones:
        if tone not in bent:
            near = min(
                range(7), key=lambda n: (min((bent[n] - tone) % 12, (tone - bent[n]) % 12), bent[n] in here.tones)
            )
            bent[near] = tone
    return tuple(bent)


def _close(tones: tuple[int, ...], start: int, low: int) -> tuple[int, ...]:
    """Close position from tones[start], lowest note the first at or above `low`."""
    order = sorted(tones, key=lambda t: (t - tones[start]) % 12)
    first = low + (order[0] - low) % 12
    return tuple(first + (t - order[0]) % 12 for t in order)


@lru_cache(maxsize=4096)
def voicings(tones: tuple[int, ...], voices: int, low: int, high: int) -> tuple[tuple[int, ...], ...]:
    """Ways to set the chord for so many voices between two pitches: close position and drop-2, each inversion."""
    body = tones[:voices] if len(tones) >= voices else tones
    found: set[tuple[int, ...]] = set()
    for start in range(len(body)):
        for base in range(low, high - 4):
            notes = list(_close(body, start, base))
            while len(notes) < voices:
                notes.append(notes[len(notes) - len(body)] + 12)
            for shape in (notes, [notes[0], *notes[2:], notes[1] + 12] if voices > 3 else notes):
                if max(shape) <= high:
                    found.add(tuple(sorted(shape)))
    return tuple(sorted(found))


def step(before: tuple[int, ...], after: tuple[int, ...]) -> int:
    """The largest move of any voice, in semitones."""
    return max(abs(a - b) for a, b in zip(before, after))


def voice(
    here: Chord, before: tuple[int, ...] | None, voices: int = 4, low: int = 52, high: int = 77
) -> tuple[int, ...]:
    """The voicing that moves least from `before` and stays near the middle of its range."""
    middle = (low + high) / 2
    options = voicings(here.tones, voices, low, high)

    def cost(notes: tuple[int, ...]) -> float:
        centre = abs(sum(notes) / voices - middle) * 0.25
        muddy = sum(1.5 for a, b in itertools.pairwise(notes) if b - a <= 2 and a < 57)
        if before is None or len(before) != voices:
            return centre + muddy
        return sum(abs(a - b) for a, b in zip(before, notes)) + centre + muddy + 3 * max(0, step(before, notes) - 5)

    return min(options, key=cost)
