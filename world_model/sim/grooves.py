"""Drum patterns: a quiet and a loud bar per groove, fills, and what changes every 4 and 8 bars.

A row is one General MIDI drum over one bar in sixteenths: `.` rests, 1 to 9 is the weight of the stroke.
"""

from __future__ import annotations

import numpy as np

from world_model.sim.arrange import Bar

KICK, RIM, SNARE, CLAP, CLOSED, PEDAL, OPEN, CRASH, RIDE, TAMBOURINE, SHAKER = (
    36,
    37,
    38,
    39,
    42,
    44,
    46,
    49,
    51,
    54,
    70,
)
BRUSH_TAP, BRUSH_SWIRL = 38, 40
TOMS = (50, 48, 47, 45, 43, 41)
Stroke = tuple[float, int, int]  # beat inside the bar, drum, velocity
Rows = dict[int, str]

GROOVES: dict[str, tuple[Rows, Rows]] = {
    "none": ({}, {}),
    "air": ({}, {SHAKER: "....2.......3...", KICK: "4..............."}),
    "folk": (
        {SHAKER: "3.2.4.2.3.2.4.2.", KICK: "6......." + "5......."},
        {
            KICK: "7.....4.6.......",
            SNARE: "....5.......6..1",
            SHAKER: "4.2.5.2.4.2.5.2.",
            TAMBOURINE: "....5.......5...",
        },
    ),
    "tense": ({KICK: "5..............."}, {KICK: "8.....5.7...4...", 41: "..............45", 45: "....4..3....4..."}),
    "orchestra": (
        {KICK: "5..............."},
        {KICK: "8.......6.......", SNARE: "....3..23...4.22", 57: "................"},
    ),
    "techno": (
        {KICK: "9...9...9...9...", CLOSED: "..5...5...5...5."},
        {
            KICK: "9...9...9...9...",
            CLOSED: "3.5.3.5.3.5.3.54",
            OPEN: "..6...6...6...6.",
            CLAP: "....8.......8...",
            RIM: "...3..4....3..4.",
        },
    ),
    "synthwave": (
        {KICK: "8.......8.......", CLOSED: "4.3.4.3.4.3.4.3."},
        {KICK: "9...8...9...8.5.", SNARE: "....9.......9...", CLOSED: "5.4.5.4.5.4.5.43", OPEN: "..............4."},
    ),
    "lofi": (
        {KICK: "7.........6.....", CLOSED: "4.3.4.3.4.3.4.2."},
        {KICK: "8......4..7.....", SNARE: "....7..1....7.1.", CLOSED: "5.3.4.354.3.5.3.", RIM: "..........2....."},
    ),
    "jazz": (
        {RIDE: "6...5.4.6...5.4.", PEDAL: "....4.......4..."},
        {RIDE: "7...6.5.7...6.5.", PEDAL: "....5.......5...", BRUSH_TAP: "..2...3.2....3..", KICK: "3...2...3...2..."},
    ),
    "chip": (
        {KICK: "8.......8.......", CLOSED: "..4...4...4...4."},
        {KICK: "9..5..9...9.....", SNARE: "....8.......8..4", CLOSED: "5.4.5.4.5.4.5.4."},
    ),
    "waltz": ({PEDAL: "....3...3..."}, {KICK: "6...........", RIM: "....4...4...", TAMBOURINE: "....3...3.2."}),
    "dnb": (
        {CLOSED: "4.3.5.3.4.3.5.3.", RIM: "....5.......5..."},
        {KICK: "9.........8.....", SNARE: "....9..2.1..9..2", CLOSED: "6.4.6.4.6.4.6.45", RIDE: "4...4...4...4..."},
    ),
}
SECOND_BAR: dict[str, Rows] = {  # every other loud bar, so that two bars make one phrase of rhythm
    "dnb": {KICK: "9..5......8..5..", SNARE: "....9..2.2.39..3"},
    "lofi": {KICK: "8.....4...7..3..", SNARE: "....7.......7..2"},
    "synthwave": {KICK: "9...8..49...8...", CLOSED: "5.4.5.445.4.5.4."},
    "techno": {RIM: "..3...4..3....4."},
    "folk": {KICK: "7.....4.6..3..4."},
    "chip": {KICK: "9..5..9.9..5..9.", SNARE: "....8.......8.34"},
    "jazz": {BRUSH_TAP: ".....2....3..2..", KICK: "3...2...3...2.3."},
    "orchestra": {SNARE: "....3.223...4222"},
    "tense": {KICK: "8..4..5.7..4..5.", 45: "..4...4...4...44"},
}
QUIET_FIRST = {"techno", "synthwave", "chip", "dnb", "lofi"}  # grooves that play even in an intro


def _strokes(rows: Rows, gain: float, rng: np.random.Generator) -> list[Stroke]:
    out: list[Stroke] = []
    for drum, row in rows.items():
        for at, mark in enumerate(row):
            if mark != ".":
                velocity = (22 + 11 * int(mark)) * gain + rng.integers(-4, 5)
                out.append((at / 4, drum, int(np.clip(velocity, 8, 127))))
    return out


def _fill(groove: str, beats: int, big: bool, rng: np.random.Generator) -> list[Stroke]:
    """The last beat (two when big) of a bar as a run towards the next."""
    if groove == "none" or groove == "air":
        return []
    start = beats - (2 if big else 1)
    steps = int((beats - start) * 4)
    run = sorted(rng.choice(len(TOMS), steps)) if groove in ("folk", "synthwave", "chip", "tense") else [0] * steps
    out: list[Stroke] = []
    for n in range(steps):
        if n % 2 and rng.random() < .35 and not big:
            continue
        drum = TOMS[int(run[n])] if groove in ("folk", "synthwave", "chip", "tense") else \
            {"jazz": BRUSH_TAP, "waltz": RIM, "techno": CLAP if n % 4 == 2 else CLOSED}.get(groove, SNARE)
        out.append((start + n / 4, drum, int(50 + 45 * (n + 1) / steps)))
    return out


def bar_of_drums(bar: Bar, groove: str, beats: int, seed: int, tonic: int) -> list[Stroke]:
    """The strokes of one bar. The same bar in the same piece gives the same strokes."""
    rng = np.random.default_rng([seed, 37, bar.at])
    steady = np.random.default_rng([seed, 38, bar.variant])
    quiet, loud = GROOVES[groove]
    if groove == "none" or bar.name == "silence":
        return []
    if bar.final:
        crash = (
            CRASH
            if groove not in ("jazz", "lofi", "air", "waltz", "orchestra")
            else 57
            if groove == "orchestra"
            else RIDE
        )
        ends = [(0.0, crash, 60 + int(40 * bar.energy))] if groove not in ("air", "lofi") else []
        return [*ends, (0.0, KICK, 60 + int(45 * bar.energy))]
    to_drop = bar.name == "build" and bar.within == bar.length - 1
    rows: Rows = {}
    if bar.name in ("intro", "break", "outro"):
        if groove in QUIET_FIRST and bar.name != "break":
            rows = dict(quiet)
            if bar.name == "intro" and bar.within < bar.length // 2 and groove != "techno":
                rows.pop(KICK, None)
            if bar.name == "outro" and bar.within >= bar.length // 2:
                rows.pop(CLOSED, None)
        elif bar.energy > .45:
            rows = dict(quiet)
    elif bar.energy < .5:
        rows = dict(quiet)
    else:
        rows = dict(loud)
        if bar.within % 2:
            rows |= SECOND_BAR.get(groove, {})
        if bar.energy < .7 and len(rows) > 3:
            rows.pop(int(steady.choice(list(rows)[2:])))
        if bar.within % 8 >= 4 and groove in ("synthwave", "dnb", "chip", "techno"):
            rows[TAMBOURINE if groove != "techno" else RIDE] = "..4...4...4...4."
    gain = .72 + .34 * bar.energy
    out = _strokes({drum: row[:beats * 4] for drum, row in rows.items()}, gain, rng)
    if bar.name == "build":
        out = [s for s in out if s[1] != SNARE and not (to_drop and s[1] == KICK)]
        if groove in ("techno", "synthwave", "dnb", "chip", "tense", "orchestra", "folk"):
            u0, u1 = bar.within / bar.length, (bar.within + 1) / bar.length
            per_beat = 1 if u1 <= .5 else 2 if u1 <= .8 else 4
            steps = per_beat * beats - (per_beat if to_drop else 0)  # the last beat before a drop is left empty
            for n in range(steps):
                u = u0 + (u1 - u0) * n / (per_beat * beats)
                out.append((n / per_beat, SNARE, int(34 + 72 * u)))
        if to_drop:
            out = [s for s in out if s[0] < beats - 1]
    elif bar.within % 8 == 7 or bar.within == bar.length - 1:
        if rows and bar.length >= 2:
            fill = _fill(groove, beats, bar.within % 8 == 7 and bar.energy > .6, rng)
            if fill:
                out = [s for s in out if s[0] < fill[0][0] or s[1] == KICK] + fill
    elif bar.within % 4 == 3 and rows and bar.energy > .5:
        out += [(beats - 0.5, SNARE if groove != "jazz" else BRUSH_TAP, 58), (beats - 0.25, OPEN, 50)][
            : 2 if beats == 4 else 1
        ]
    if bar.within == 0 and bar.energy >= .6 and bar.name in ("drop", "chorus"):
        out.append((0.0, 57 if groove == "orchestra" else CRASH, int(70 + 40 * bar.energy)))
    if groove == "orchestra":  # tuned timpani lie at 41 to 53 in the orchestra kit
        out = [s for s in out if s[1] not in TOMS]
        if bar.energy > .6 and bar.within % 2 == 0:
            out += [(0.0, 41 + (bar.chord.root - 41) % 12, 96), (beats - .5, 41 + (tonic + 7 - 41) % 12, 70)]
    return sorted(out)
