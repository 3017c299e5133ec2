"""What carries a melody: figures for the harmony and lines for the bass, one bar at a time."""

from __future__ import annotations

import numpy as np

from world_model.sim.arrange import Bar

Figure = tuple[float, float, int, float, float]  # beat, length in beats, pitch, weight [0, 1], strum offset in seconds


def _chord(at: float, length: float, notes: tuple[int, ...], weight: float, strum_s: float = 0.0) -> list[Figure]:
    return [(at, length, p, weight, n * strum_s) for n, p in enumerate(notes)]


def _run(notes: tuple[int, ...], beats: int, step: float, order: list[int], weight: float, hold: float) -> list[Figure]:
    out: list[Figure] = []
    for n in range(round(beats / step)):
        pitch = notes[order[n % len(order)] % len(notes)] + 12 * (order[n % len(order)] // len(notes))
        accent = 1.0 if (n * step) % 1 == 0 else .8
        out.append((n * step, step * hold, pitch, weight * accent, 0.0))
    return out


def figure(
    name: str, bar: Bar, notes: tuple[int, ...], held: bool, beats: int, rng: np.random.Generator
) -> list[Figure]:
    """One bar of harmony. `held`: this bar's chord goes on from the bar before, so pads do not strike again."""
    out: list[Figure] = []
    if name.startswith("pad") and not held:
        out += _chord(0, beats * (2 if bar.following == bar.chord and not bar.final else 1), notes, .62)
    up = [0, 1, 2, 3, 4, 3, 2, 1]
    if name == "pad_arp":
        out += _run(
            tuple(p + 12 for p in notes[:3]), beats, 0.5, up if bar.at % 4 < 2 else [0, 2, 1, 3, 2, 4, 3, 1], 0.5, 1.2
        )
    elif name == "pad_ostinato":
        out += [(at, .4, notes[0] + (12 if n % 4 == 3 else 0), .75 if n % 2 == 0 else .55, 0.0)
                for n, at in enumerate(np.arange(0, beats, .5).tolist())]
    elif name == "pad_stab":
        for at in (.75, 2.5) if bar.at % 2 == 0 else (.75, 1.5, 3.0):
            out += _chord(at, .3, notes, .7)
    elif name == "stab":
        for at in ((.5, 1.25, 2.5, 3.25), (.5, 1.5, 2.5, 3.5))[bar.within // 2 % 2]:
            out += _chord(at, .28, notes, .7 if at % 1 == .5 else .55)
    elif name == "pick":
        out += _run(
            notes, beats, 0.5, [0, 2, 1, 3, 0, 2, 3, 1] if bar.at % 2 == 0 else [0, 1, 2, 3, 1, 2, 3, 2], 0.6, 2.2
        )
    elif name == "strum":
        for at, weight in ((0, .8), (1, .55), (1.5, .5), (2.5, .6), (3, .7), (3.5, .5)):
            if at < beats:
                down = at % 1 == 0
                out += _chord(
                    at, 0.55 if at % 1 else 0.95, notes if down else notes[::-1][:3], weight, 0.013 if down else 0.009
                )
    elif name in ("broken", "broken16"):
        step = .5 if name == "broken" else .25
        rows = ([0, 1, 2, 3, 2, 1, 2, 3], [0, 2, 1, 3, 2, 3, 1, 2])
        out += _run(notes, beats, step, rows[bar.at // 2 % 2], .55, 2.6)
    elif name == "tremor" and not held:
        out += _chord(0, beats * (2 if bar.following == bar.chord else 1), notes, .5)
    elif name == "ostinato":
        out += [] if held else _chord(0, beats * 2 if bar.following == bar.chord else beats, notes, .5)
        cell = (0, 0, 1, 0, 0, 2, 0, 1)
        out += [(n / 2, .35, notes[cell[n % 8]], .8 if n % 4 == 0 else .55, 0.0) for n in range(beats * 2)]
    elif name == "comp":
        rows = (((0, 1.4), (2.5, 1.2)), ((.5, .9), (2, 1.5)), ((0, .5), (1.5, 2.0)), ((1, .8), (2.5, 1.0)))
        for at, length in rows[int(rng.integers(len(rows)))]:
            if at < beats:
                out += _chord(at, min(length, beats - at), notes, .58, .004)
    elif name == "arp16":
        rows = ([0, 1, 2, 3], [0, 2, 1, 2], [3, 2, 1, 0])
        out += _run(
            tuple(p + 12 for p in notes), beats, 0.25 if bar.energy > 0.4 else 0.5, rows[bar.within // 2 % 3], 0.6, 0.8
        )
    elif name == "oompah":
        for at in range(1, beats):
            out += _chord(float(at), .6, notes, .62 if at == 1 else .52)
    return out


def bass(name: str, bar: Bar, key: int, beats: int, rng: np.random.Generator, low: int = 33) -> list[Figure]:
    """One bar of bass. Strong beats are the chord's root or fifth; a walking line steps towards the next root."""
    root = low + (bar.chord.root - low) % 12
    if root > low + 9:
        root -= 12
    fifths = [t for t in bar.chord.tones if (t - bar.chord.root) % 12 in (6, 7)]
    fifth = root + (fifths[0] - root) % 12 if fifths else root
    following = low + (bar.following.root - low) % 12
    if name == "drone":
        return [(0.0, float(beats), root, .6, 0.0)] if bar.within % 2 == 0 or bar.following != bar.chord else []
    if name == "long":
        return [(0.0, float(beats), root, .65, 0.0)]
    if name == "octave":
        return [(0.0, beats / 2, root, .75, 0.0), (beats / 2, beats / 2, root + 12, .6, 0.0)]
    if name == "pulse4":
        return [(float(n), .8, root, .8 if n == 0 else .6, 0.0) for n in range(beats)]
    if name == "folk":
        return [(0.0, beats / 2 - .1, root, .8, 0.0), (beats / 2, beats / 2 - .1, fifth, .65, 0.0)]
    if name == "offbeat":
        return [(n + .5, .42, root, .8, 0.0) for n in range(beats)]
    if name == "rolling":
        return [(n + at, .22, root if at < .7 or n % 4 != 3 else root + 12, .8 if at == .5 else .6, 0.0)
                for n in range(beats) for at in (.25, .5, .75)]
    if name == "pulse8":
        jump = bar.within % 4 == 3
        return [(n / 2, .42, root + (12 if n % 2 and (jump or n % 8 == 7) else 0), .8 if n % 2 == 0 else .66, 0.0)
                for n in range(beats * 2)]
    if name == "lofi":
        rows = (((0.0, 1.4, root), (2.5, 1.0, fifth)), ((0.0, 1.9, root), (2.5, .45, root + 12), (3.0, .8, fifth)))
        return [(at, length, p, .7, 0.0) for at, length, p in rows[bar.within % 2]]
    if name == "two":
        return [(0.0, 1.8, root, .75, 0.0), (2.0, 1.8, fifth, .65, 0.0)]
    if name == "walking":
        tones = sorted(root + (t - root) % 12 for t in bar.chord.tones[:3])
        middle = [tones[1], fifth] if bar.within % 2 == 0 else [fifth, tones[1] if rng.random() < .5 else root + 12]
        approach = following + (1 if following < middle[1] else -1)
        approach = (
            approach
            if (approach - key) % 12 in (0, 2, 4, 5, 7, 9, 11)
            else following + (2 if following < middle[1] else -2)
        )
        if (approach - bar.chord.root) % 12 not in {(t - bar.chord.root) % 12 for t in bar.chord.tones} and \
                (approach - key) % 12 not in (0, 2, 4, 5, 7, 9, 11):
            approach = fifth
        return [
            (float(n), 0.92, p, 0.78 if n % 2 == 0 else 0.68, 0.0)
            for n, p in enumerate([root, *middle, approach][:beats])
        ]
    if name == "chip":
        return [(n / 2, .4, root + (12 if n % 2 else 0), .75, 0.0) for n in range(beats * 2)]
    if name == "waltz":
        return [(0.0, 1.0, root if bar.within % 2 == 0 else fifth, .8, 0.0)]
    if name == "sub":
        return [(0.0, beats - .25, root, .75, 0.0)]
    if name == "reese":
        rows = (((0.0, 1.5), (1.75, .5), (2.5, 1.25)), ((0.0, 2.25), (2.5, .5), (3.25, .5)))
        return [(at, length, root + (12 if n == 1 and bar.within % 4 == 3 else 0), .85, 0.0)
                for n, (at, length) in enumerate(rows[bar.within % 2])]
    raise ValueError(f"unknown bass line {name!r}")
