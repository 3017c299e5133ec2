"""From a ScoreSpec to notes: the plan's bars are filled by bass, harmony, melody and drums, then humanised.

Same spec and duration, same notes. The beat grid is exact (60 / tempo_bpm apart from 0), players lean around it by a
few milliseconds. The last downbeat carries the final chord, which rings to the end of the film.
"""

from __future__ import annotations

import itertools

import numpy as np

from world_model.score import PARTS, SILENT, Composition, ScoreSpec
from world_model.sim.accompany import bass, figure
from world_model.sim.arrange import STYLES, Bar, Style, default_spec, plan
from world_model.sim.grooves import bar_of_drums
from world_model.sim.harmony import voice
from world_model.sim.melody import sing

__all__ = ["compose", "default_spec"]
BASS, HARMONY, MELODY, DRUMS = range(len(PARTS))
Note = tuple[float, float, int, int, int]  # start_s, duration_s, pitch, velocity, part


def compose(spec: ScoreSpec, duration_s: float) -> Composition:
    """The notes of a piece exactly `duration_s` long. Raises ValueError unless duration_s is above 0 and finite."""
    if not 0 < duration_s < float("inf"):
        raise ValueError(f"duration_s must be above 0, not {duration_s}")
    style, beat_s = STYLES[spec.genre], 60.0 / spec.tempo_bpm
    bars = plan(spec, duration_s)
    notes = _fill(spec, style, bars, beat_s)
    notes += _ending(spec, style, bars, beat_s, duration_s)
    # Dropped after all is composed, so that the other parts play what they would have played.
    silent = {PARTS.index(part) for part, who in spec.instruments.items() if who == SILENT and part in PARTS}
    notes = [note for note in _humanise(notes, spec, style, duration_s) if int(note[4]) not in silent]
    count = int(np.floor(duration_s / beat_s - 1e-9)) + 1
    beats_s = np.arange(count, dtype=np.float64) * np.float64(beat_s)
    edges = [bars[0].at * spec.bar_s]
    names = [bars[0].name]
    for before, here in itertools.pairwise(bars):
        if here.section != before.section:
            edges.append(here.at * spec.bar_s)
            names.append(here.name)
    edges.append(duration_s)
    table = np.array(notes, dtype=np.float64).reshape(-1, 5)
    whole = table[:, 2:].astype(np.int64)
    return Composition(table[:, 0].copy(), table[:, 1].copy(), whole[:, 0].copy(), whole[:, 1].copy(),
                       whole[:, 2].copy(), beats_s, beats_s[::spec.beats_per_bar].copy(),
                       tuple((n, a, b) for n, a, b in zip(names, edges, edges[1:])), float(duration_s))


def _swung(beat: float, swing: float) -> float:
    """The off-beat eighth falls later by `swing` beats; what lies between stretches with it."""
    whole, part = divmod(beat, 1.0)
    late = .5 + swing
    return whole + (part / .5 * late if part < .5 else late + (part - .5) / .5 * (1 - late))


def _playing(bar: Bar, style: Style) -> tuple[bool, bool]:
    """Whether bass and harmony play in this bar: an intro grows, a break loses its bass."""
    if bar.name == "silence":
        return False, False
    low = {"intro": bar.within >= bar.length // 2 and bar.energy > .15, "break": bar.energy >= .5}.get(bar.name, True)
    return low or style.bass[0] == "drone", True


def _fill(spec: ScoreSpec, style: Style, bars: tuple[Bar, ...], beat_s: float) -> list[Note]:
    beats, notes = spec.beats_per_bar, list[Note]()
    tunes = sing(list(bars), style.melody, style.register, spec.key, spec.minor, beats, spec.seed, style.melody_energy)
    before: tuple[int, ...] | None = None
    top, low = (79, 55) if style.voices == 3 else (76, 52)
    for bar in bars:
        rng = np.random.default_rng([spec.seed, 61, bar.within % 8, len(bar.name)])
        held = bar.at > 0 and bars[bar.at - 1].chord == bar.chord and bars[bar.at - 1].section == bar.section \
            and bar.within % 2 == 1
        chord_notes = voice(bar.chord, before, style.voices, low, top)
        before = chord_notes
        if bar.final:
            continue
        loud = bar.energy >= .55
        plays_bass, plays_harmony = _playing(bar, style)
        start, end = bar.at * beats, (bar.at + 1) * beats
        stop = end - 1 if bar.next_name in ("drop", "chorus") and bar.within == bar.length - 1 and bar.length > 1 \
            and bar.name in ("build", "break") else None
        strokes: list[Note] = []
        for on, part in ((plays_harmony, HARMONY), (plays_bass, BASS)):
            if not on:
                continue
            name = (style.harmony if part == HARMONY else style.bass)[
                loud and bar.name not in ("intro", "break", "outro")
            ]
            rows = figure(name, bar, chord_notes, held, beats, rng) if part == HARMONY else \
                bass(name, bar, spec.key, beats, rng, 33 if style.groove != "dnb" else 31)
            for at, length, pitch, weight, offset in rows:
                velocity = (30 + 85 * weight) * (.66 + .38 * bar.energy)
                strokes.append(
                    (_swung(start + at, style.swing) * beat_s + offset, length * beat_s, pitch, int(velocity), part)
                )
        for at, length, pitch, velocity in tunes.get(bar.at, []):
            strokes.append((_swung(start + at, style.swing) * beat_s, length * beat_s, pitch, velocity, MELODY))
        for at, drum, velocity in bar_of_drums(bar, style.groove, beats, spec.seed, spec.key):
            strokes.append((_swung(start + at, style.swing) * beat_s, .25 * beat_s, drum, velocity, DRUMS))
        if stop is not None:  # the breath before the drop
            cut = stop * beat_s
            strokes = [(s, min(d, cut - s), p, v, k) for s, d, p, v, k in strokes if s < cut - 1e-6]
        notes += strokes
    return notes


def _ending(spec: ScoreSpec, style: Style, bars: tuple[Bar, ...], beat_s: float, duration_s: float) -> list[Note]:
    """The last bar: root, chord spread upwards, a top note, a last stroke; all ring until the film ends."""
    bar = bars[-1]
    if bar.name == "silence":
        return []
    beats, start = spec.beats_per_bar, bar.at * spec.beats_per_bar * beat_s
    ring = duration_s - start
    before: tuple[int, ...] | None = None
    for b in bars:
        before = voice(b.chord, before, style.voices, *((55, 79) if style.voices == 3 else (52, 76)))
    chord_notes = before or (60, 64, 67)
    root = 33 + (bar.chord.root - 33) % 12
    spread = 0.0 if style.human_ms < 5 else min(.09 if len(bars) > 1 else .22 * beat_s, ring / 8)
    level = 62 + 34 * max(bar.energy, .3)
    notes: list[Note] = [(start, ring, root, int(level), BASS)]
    if style.groove == "waltz" or style.harmony[0] == "oompah":
        chord_notes = tuple(chord_notes)
    notes += [(start + n * spread, ring - n * spread, p, int(level - 6), HARMONY) for n, p in enumerate(chord_notes)]
    tonic_tones = [p for p in range(style.register - 5, style.register + 8) if p % 12 == bar.chord.root]
    notes.append(
        (start + len(chord_notes) * spread, ring - len(chord_notes) * spread, tonic_tones[0], int(level), MELODY)
    )
    for at, drum, velocity in bar_of_drums(bar, style.groove, beats, spec.seed, spec.key):
        notes.append((start + at * beat_s, min(.5, ring), drum, velocity, DRUMS))
    return notes


def _humanise(notes: list[Note], spec: ScoreSpec, style: Style, duration_s: float) -> list[Note]:
    """Lean every note by a few milliseconds and velocity steps, keep all inside the film, sort by time."""
    rng = np.random.default_rng([spec.seed, 71])
    out: list[Note] = []
    for start, length, pitch, velocity, part in sorted(notes):
        lean = float(np.clip(rng.normal(), -2, 2)) * style.human_ms / 1000 * (.5 if part in (DRUMS, BASS) else 1.0)
        begin = max(0.0, start + lean)
        rings_out = start + length >= duration_s - 1e-6
        end = duration_s if rings_out else min(duration_s, begin + length)
        if end - begin < .012:
            continue
        out.append((begin, end - begin, pitch, int(np.clip(velocity + rng.integers(-3, 4), 1, 127)), part))
    return sorted(out)
