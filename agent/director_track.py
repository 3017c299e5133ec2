"""The creator's track as a musical clock: bar lines, sections and stretches, however odd the measurements are."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise

import numpy as np

from agent.direction import Music, Section
from agent.director_wishes import Wish
from agent.pacing import LEAST_SHOT_S, BarGrid, Stretch, has_metre
from modalities.cues import MusicCues

SECTION_NAMES = ("intro", "verse", "build", "drop", "chorus", "break", "bridge", "outro", "silence")
TWINS = {"drop": ("chorus", "build"), "chorus": ("drop", "verse"), "build": ("drop", "chorus"),
         "break": ("bridge", "verse"), "bridge": ("break", "verse"), "verse": ("chorus",), "intro": (), "outro": ()}


def bar_lines(cues: MusicCues, duration_s: float) -> tuple[float, ...]:
    """Bar lines in [0, duration_s], strictly rising, with one more that closes the last bar. Made up from the tempo
    where none were heard, so that sections still have bars to be counted in."""
    heard = np.asarray(cues.downbeats_s, np.float64).reshape(-1)
    heard = np.unique(heard[np.isfinite(heard) & (heard >= 0) & (heard < duration_s)])
    keep: list[float] = []
    for line in heard:
        if not keep or line - keep[-1] > 0.05:
            keep.append(float(line))
    beats = min(12, max(1, int(cues.beats_per_bar or 4)))
    bar_s = 60.0 / tempo_of(cues) * beats
    if len(keep) >= 2:
        bar_s = float(np.median(np.diff(keep)))
    if not keep:
        keep = [0.0]
    if not has_metre(cues) and len(keep) < 2:
        while keep[-1] + bar_s < duration_s and len(keep) < 20000:
            keep.append(keep[-1] + bar_s)
    return (*keep, keep[-1] + bar_s)


def tempo_of(cues: MusicCues) -> float:
    """A tempo that a clock can run on, whatever was measured."""
    tempo = float(cues.tempo_bpm)
    return min(400.0, max(20.0, tempo)) if np.isfinite(tempo) and tempo > 0 else 90.0


def sections_heard(cues: MusicCues, duration_s: float) -> tuple[Stretch, ...]:
    """The track's sections in order, without gaps, over [0, duration_s]; silence after a track that ends early."""
    found: list[Stretch] = []
    for label, name, start_s, end_s, energy in sorted(cues.sections, key=lambda section: section[2]):
        if not (np.isfinite(start_s) and np.isfinite(end_s)) or end_s <= start_s or start_s >= duration_s:
            continue
        word = name if name in SECTION_NAMES else "verse"
        level = float(energy) if np.isfinite(energy) else 0.5
        found.append(Stretch(word, label or "A", max(0.0, float(start_s)), min(duration_s, float(end_s)),
                             min(1.0, max(0.0, level))))
    if not found:
        name = "silence" if cues.silent else "verse"
        found = _divided(name, min(duration_s, max(cues.duration_s, LEAST_SHOT_S)))
    if duration_s - cues.duration_s >= 2 * LEAST_SHOT_S and cues.duration_s > 0:
        found.append(Stretch("outro", "Z", cues.duration_s, duration_s, 0.1))
    starts = [0.0, *(stretch.start_s for stretch in found[1:])]
    ends = [*starts[1:], duration_s]
    return tuple(Stretch(stretch.name, stretch.label, start_s, end_s, stretch.energy)
                 for stretch, start_s, end_s in zip(found, starts, ends, strict=True) if end_s > start_s)


def _divided(name: str, length_s: float) -> list[Stretch]:
    """A track without sections, in thirds (A B A) once it is long enough to want a change of look."""
    if length_s < 24:
        return [Stretch(name, "A", 0.0, length_s, 0.4)]
    count = max(3, round(length_s / 40))
    return [Stretch(name, "ABAC"[k % 4], length_s * k / count, length_s * (k + 1) / count, 0.4) for k in range(count)]


def music_of_track(cues: MusicCues, source: str, stretches: Sequence[Stretch], lines: tuple[float, ...]) -> Music:
    """The musical clock of a creator's track."""
    grid = BarGrid(lines)
    sections = tuple(Section(name=stretch.name, label=stretch.label, energy=stretch.energy,
                             bars=(_tidy(grid.bar_of(stretch.start_s)), _tidy(grid.bar_of(stretch.end_s))))
                     for stretch in stretches)
    return Music(source=source, tempo_bpm=tempo_of(cues), beats_per_bar=min(12, max(1, int(cues.beats_per_bar or 4))),
                 first_downbeat_s=lines[0], downbeats_s=lines, sections=sections)


def _tidy(bar: float) -> float:
    return float(round(bar)) if abs(bar - round(bar)) < 1e-6 else round(bar, 6)


def with_steps(stretches: Sequence[Stretch], steps: Sequence[Wish], duration_s: float) -> tuple[Stretch, ...]:
    """Stretches cut where the steps of a "first … then …" begin, each knowing its step (-1: before the first).

    A step with a moment ("at the drop") begins with the first section of that name after the step before it; the
    others share the time between their neighbours evenly.
    """
    if not steps:
        return tuple(Stretch(s.name, s.label, s.start_s, s.end_s, s.energy, -1) for s in stretches)
    starts = _starts(stretches, steps, duration_s)
    ends = {k: step.end_s for k, step in enumerate(steps) if step.end_s is not None and step.end_s > starts[k]}
    marks = sorted({*starts, *ends.values()})
    given = {start for k, start in enumerate(starts) if start > 0 and (
        steps[k].start_s is not None or (k and (steps[k - 1].length_s is not None or steps[k - 1].end_s is not None)))}
    given |= set(ends.values())
    out: list[Stretch] = []
    for stretch in _moved(stretches, {time_s for time_s in given if not any(
            step.scene and step.purpose is None and abs(start - time_s) < 1e-6
            for step, start in zip(steps, starts, strict=True))}):
        inside = [mark for mark in marks if stretch.start_s + LEAST_SHOT_S <= mark <= stretch.end_s - LEAST_SHOT_S]
        edges = [stretch.start_s, *inside, stretch.end_s]
        for start_s, end_s in pairwise(edges):
            step = _step_at((start_s + end_s) / 2, starts, ends)
            exact = any(abs(time_s - start_s) < 1e-6 for time_s in given)
            out.append(Stretch(stretch.name, stretch.label, start_s, end_s, stretch.energy, step, exact))
    return tuple(out)


def _moved(stretches: Sequence[Stretch], given: Collection[float]) -> list[Stretch]:
    """Stretches whose edges lie at a moment that was given in seconds where they lie too near for a shot between."""
    out = [stretches[0]]
    for stretch in stretches[1:]:
        near = min(given, key=lambda time_s: abs(time_s - stretch.start_s), default=stretch.start_s)
        fits = abs(near - stretch.start_s) < LEAST_SHOT_S and out[-1].start_s < near < stretch.end_s
        start_s = near if fits else stretch.start_s
        out[-1] = replace(out[-1], end_s=start_s)
        out.append(replace(stretch, start_s=start_s))
    return out


def _step_at(time_s: float, starts: Sequence[float], ends: Mapping[int, float]) -> int:
    """The step at a time; one that is over gives way to the one before it."""
    step = max((k for k, start in enumerate(starts) if start <= time_s), default=-1)
    while step >= 0 and ends.get(step, np.inf) <= time_s:
        step -= 1
    return step


def _starts(stretches: Sequence[Stretch], steps: Sequence[Wish], duration_s: float) -> list[float]:
    known: list[float | None] = []
    for number, step in enumerate(steps):
        before = max((start for start in known if start is not None), default=-1.0)
        start = step.start_s if step.start_s is not None else _moment(step, stretches, duration_s, before, number)
        last = known[-1] if known else None
        if start is None and last is not None and steps[number - 1].end_s is not None:
            start = steps[number - 1].end_s
        if start is None and last is not None and steps[number - 1].length_s is not None:
            start = last + (steps[number - 1].length_s or 0.0)
        known.append(start if start is not None or number else 0.0)
    if known[0] is None:
        known[0] = 0.0
    k = 0
    while k < len(known):
        if known[k] is None:
            last = next((j for j in range(k, len(known)) if known[j] is not None), len(known))
            low = known[k - 1] or 0.0
            high = duration_s if last == len(known) else known[last] or duration_s
            for j in range(k, last):
                known[j] = low + (high - low) * (j - k + 1) / (last - k + 1)
        k += 1
    return [start or 0.0 for start in known]


def _counted(step: Wish, stretches: Sequence[Stretch]) -> float | None:
    """Where "the second chorus" begins (or ends, for what comes after it): the second that is heard, the last where
    there are fewer. Neighbours of one name count once. None where there is none of that name or of its like."""
    for name in (step.at or "", *TWINS.get(step.at or "", ())):
        runs: list[tuple[float, float]] = []
        for before, stretch in zip((None, *stretches[:-1]), stretches, strict=True):
            if stretch.name != name:
                continue
            if before is not None and before.name == name:
                runs[-1] = (runs[-1][0], stretch.end_s)
            else:
                runs.append((stretch.start_s, stretch.end_s))
        if not runs:
            continue
        nth = step.nth or 1
        start_s, end_s = runs[-1] if nth < 0 or nth > len(runs) else runs[nth - 1]
        return end_s if step.after and end_s < stretches[-1].end_s - LEAST_SHOT_S else start_s
    return None


def _moment(step: Wish, stretches: Sequence[Stretch], duration_s: float, after_s: float,
            number: int) -> float | None:
    at = step.at
    if at is None:
        return None
    if step.nth and (start := _counted(step, stretches)) is not None and start > after_s:
        return start
    if at == "middle":
        return duration_s / 2 if after_s < duration_s / 2 else None
    if at == "peak":
        later = [stretch for stretch in stretches if stretch.start_s > max(after_s, 0.3 * duration_s)]
        if later:
            return max(later, key=lambda stretch: stretch.energy).start_s
        at = "late"
    if at == "late":
        return max(after_s + LEAST_SHOT_S, duration_s * 2 / 3)
    if at == "intro":
        return 0.0 if number == 0 else None
    for name in (at, *TWINS.get(at, ())):
        for stretch in stretches:
            if stretch.name == name and stretch.start_s > after_s and (stretch.start_s > 0 or number == 0):
                return stretch.start_s
    if at == "outro":
        return max(after_s + LEAST_SHOT_S, duration_s * 0.78)
    if at in ("drop", "chorus"):
        later = [stretch for stretch in stretches if stretch.start_s > after_s and stretch.start_s > 0]
        if later:
            return max(later, key=lambda stretch: stretch.energy).start_s
    return None
