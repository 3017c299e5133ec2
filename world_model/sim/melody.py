"""Melodies from motifs: a call of two bars, its sequence, and an answer that closes.

A motif is a rhythm and a contour in scale steps. Strong beats take chord tones, weak ones pass through the scale; a
leap is followed by a step back; the fourth bar of a phrase rests on a long chord tone, every second phrase on the tonic
chord's own. Verse and chorus have their own motif, a bridge turns the verse's upside down, a break stretches it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from world_model.sim.arrange import Bar
from world_model.sim.harmony import Chord, local_scale

Tone = tuple[float, float, int, int]  # beat inside the bar, length in beats, pitch, velocity

# One-bar rhythms as lengths in beats; negative is a rest.
RHYTHMS: dict[str, tuple[tuple[float, ...], ...]] = {
    "sparse": ((2, 2), (-1, 3), (3, 1), (1.5, 2.5), (-2, 1, 1)),
    "song": ((1, 1, 1, 1), (1.5, 0.5, 2), (1, 0.5, 0.5, 2), (0.5, 0.5, 1, 2), (2, 1, 1), (1, 1, 1.5, 0.5)),
    "lyric": ((1.5, 0.5, 1, 1), (2, 1, 1), (1, 0.5, 0.5, 1, 1), (3, 0.5, 0.5), (-0.5, 0.5, 1, 2)),
    "dark": ((3, 1), (2, 2), (-1, 1, 2), (1.5, 1.5, 1)),
    "hymn": ((2, 1, 1), (1.5, 0.5, 1, 1), (1, 1, 2), (1.5, 0.5, 2), (3, 0.5, 0.5)),
    "riff": (
        (0.75, 0.75, 0.5, 0.75, 0.75, 0.5),
        (-0.5, 0.5, -0.5, 0.5, -0.5, 0.75, 0.75),
        (0.75, 0.75, 1, 0.75, 0.75),
        (0.5, -0.25, 0.5, -0.25, 0.5, -0.5, 0.5, -0.25, 0.75),
    ),
    "lead": ((1.5, 1.5, 1), (2, 1.5, 0.5), (0.75, 0.75, 0.5, 2), (1, 0.5, 0.5, 2), (1.5, 0.5, 0.75, 0.75, 0.5)),
    "lazy": ((-0.5, 1, 0.5, 2), (1.5, 0.5, -0.5, 1.5), (-1, 0.5, 0.5, 1, 1), (0.5, 0.5, 1, -2), (-1.5, 0.5, 2)),
    "bop": (
        (0.5, 0.5, 0.5, 0.5, 1, 1),
        (-0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 1),
        (1, 0.5, 0.5, 1.5, 0.5),
        (0.5, 0.5, 1, -0.5, 0.5, 0.5, 0.5),
        (-1, 0.5, 0.5, 0.5, 0.5, 1),
    ),
    "game": (
        (0.5, 0.5, 0.5, 0.5, 1, 1),
        (1, 0.5, 0.5, 1, 1),
        (0.75, 0.75, 0.5, 1, 1),
        (0.5, 0.5, 1, 0.5, 0.5, 1),
        (1.5, 0.5, 0.5, 0.5, 1),
    ),
    "dance3": ((2, 1), (1, 1, 1), (1.5, 0.5, 1), (1, 2), (2, 0.5, 0.5)),
}


@dataclass(frozen=True)
class Motif:
    """Two bars: lengths in beats (negative rests) and steps in the scale between sounding notes."""

    lengths: tuple[tuple[float, ...], tuple[float, ...]]
    steps: tuple[tuple[int, ...], tuple[int, ...]]


def fit(lengths: tuple[float, ...], beats: int) -> tuple[float, ...]:
    """The rhythm cut or lengthened to one bar of so many beats."""
    out, total = [], 0.0
    for length in lengths:
        room = beats - total
        if room <= 0:
            break
        size = min(abs(length), room)
        out.append(size if length > 0 else -size)
        total += size
    if total < beats:
        out[-1] += (beats - total) * (1 if out[-1] > 0 else -1)
    return tuple(out)


def invent(manner: str, beats: int, rng: np.random.Generator) -> Motif:
    """A motif in a manner of RHYTHMS: mostly steps, at most one leap a bar, and the leap turns back."""
    pool = RHYTHMS[manner]
    picks = rng.choice(len(pool), 2, replace=False)
    lengths = (fit(pool[picks[0]], beats), fit(pool[picks[1]], beats))
    lean = 1 if rng.random() < .6 else -1
    steps: list[tuple[int, ...]] = []
    for number, row in enumerate(lengths):
        count, bar, leapt = sum(x > 0 for x in row), [0], 0
        for _ in range(count - 1):
            if leapt:
                move, leapt = -int(np.sign(leapt)), 0
            elif rng.random() < .28:
                move = int(rng.choice([2, 3, 4])) * lean
                leapt = move
            else:
                move = int(rng.choice([1, 1, -1, 0 if manner in ("riff", "hymn", "dark") else 1])) * lean
            bar.append(move)
        steps.append(tuple(bar))
        lean = -lean if number == 0 else lean
    return Motif(lengths, (steps[0], steps[1]))


def ladder(here: Chord, key: int, minor: bool, low: int, high: int) -> list[int]:
    """Pitches of the scale, bent to the chord, between two pitches."""
    inside = set(local_scale(key, minor, here))
    return [p for p in range(low, high + 1) if p % 12 in inside]


def _snap(pitch: int, here: Chord, low: int, high: int) -> int:
    """The chord tone nearest to a pitch (a triad tone when it is as near)."""
    tones = [p for p in range(low, high + 1) if p % 12 in here.tones]
    first = {t: n for n, t in enumerate(here.tones)}
    return min(tones, key=lambda p: (abs(p - pitch) + .3 * first[p % 12], p))


def _line(lengths: tuple[float, ...], steps: tuple[int, ...], start: int, bar: Bar, key: int, minor: bool,
          low: int, high: int, flip: int) -> tuple[list[tuple[float, float, int]], int]:
    rungs = ladder(bar.chord, key, minor, low, high)
    pitch, at, index = _snap(start, bar.chord, low, high), 0.0, 0
    out: list[tuple[float, float, int]] = []
    for length in lengths:
        if length < 0:
            at -= length
            continue
        if index:
            place = min(range(len(rungs)), key=lambda n: abs(rungs[n] - pitch))
            place = place + flip * steps[index]
            if not 0 <= place < len(rungs):  # turn back at the edge of the range
                place = min(max(place - 2 * flip * steps[index], 0), len(rungs) - 1)
            pitch = rungs[place]
        strong = at % 1 == 0 and (at % 2 == 0 or length >= 1)
        if strong or length >= 1.5:
            near = _snap(pitch, bar.chord, low, high)
            pitch = near if abs(near - pitch) <= 4 else pitch
        out.append((at, length, pitch))
        at += length
        index += 1
    return out, pitch


def sing(bars: list[Bar], manner: str, register: int, key: int, minor: bool, beats: int, seed: int,
         least_energy: float) -> dict[int, list[Tone]]:
    """Bar number to its tones. Sections below `least_energy` sing only every other phrase, silence never."""
    verse = invent(manner, beats, np.random.default_rng([seed, 51]))
    chorus = invent(manner, beats, np.random.default_rng([seed, 52]))
    out: dict[int, list[Tone]] = {}
    pitch = register
    for bar in bars:
        if bar.name == "silence" or bar.final:
            continue
        phrase, place = bar.within // 4, bar.within % 4
        resting = bar.energy < least_energy and phrase % 2 == 0 and bar.name != "outro"
        if (
            resting
            or (bar.name == "build"
            and bar.energy < 0.5)
            or (bar.name == "intro"
            and bar.length >= 4
            and phrase == 0)
        ):
            continue
        rng = np.random.default_rng(
            [seed, 53, bar.section if bar.name == "bridge" else 0, place, phrase % 2, bar.variant % 2]
        )
        motif = chorus if bar.name in ("chorus", "drop") else verse
        high_section = bar.name in ("chorus", "drop")
        low, high = register - 8 + 3 * high_section, register + 9 + 3 * high_section
        arch = register + (0, 2, 4, 1)[place] + 3 * high_section + (2 if phrase % 2 else 0)
        start = (pitch + arch) // 2 if place else arch
        half = place % 2
        lengths, steps, flip = motif.lengths[half], motif.steps[half], 1
        if bar.name == "bridge":
            flip = -1
        if bar.name == "break" or bar.name == "outro":  # stretched: only the motif's first notes, held
            lengths = fit(tuple(2 * x for x in motif.lengths[half]), beats)
        if place == 3:  # the phrase ends: a short pick-up at most, then a held chord tone
            lengths = fit((1, beats - 1) if phrase % 2 == 0 else (beats - .5, -.5), beats)
            steps = (0, -1)
            if phrase % 2:
                start = _snap(pitch, bar.chord, low, high)
        elif phrase % 2 and half and rng.random() < .5:  # the answer varies the second bar
            lengths = fit(tuple(sorted(lengths, reverse=bool(rng.random() < .5))), beats)
        tones, pitch = _line(lengths, (*steps, *([1] * 12)), start, bar, key, minor, low, high, flip)
        accent = 58 + 42 * bar.energy
        out[bar.at] = [(at, length * (.95 if length >= 1 else .85), p,
                        int(np.clip(accent + (8 if at == 0 else 4 if at % 1 == 0 else -5) + (p - register) * .6
                                    + rng.integers(-4, 5), 20, 120)))
                       for at, length, p in tones]
    return out
