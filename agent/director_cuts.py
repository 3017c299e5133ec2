"""From stretches of music to slots for shots that tile the film exactly."""

from __future__ import annotations

import math
import random
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np

from agent.direction import Span
from agent.pacing import (
    LEAST_SHOT_S,
    MOST_EQUAL,
    MOST_SHOTS,
    BarGrid,
    Feel,
    Slot,
    Stretch,
    bar_lengths,
    broken_runs,
    free_lengths,
    onset_near,
)
from modalities.cues import MusicCues

NEAR = 1e-6


@dataclass(frozen=True)
class Cut:
    """A cut: its time, its bar where it lies on the grid, and the stretch that begins or goes on after it."""

    time_s: float
    bar: float | None
    stretch: int


def count_range(duration_s: float, with_track: bool) -> tuple[int, int]:
    """The fewest and the most shots a film of this length should have."""
    if duration_s < 2 * LEAST_SHOT_S:
        return 1, 1
    fewest = 1 if duration_s <= 4 else 2 if duration_s <= 8 else 3 if duration_s < 12 else 4 if duration_s < 30 else 5
    if with_track:
        return fewest, MOST_SHOTS
    most = 3 if duration_s <= 8 else 4 if duration_s < 12 else 6 if duration_s <= 20 else MOST_SHOTS
    return fewest, most


def snapped(stretches: Sequence[Stretch], grid: BarGrid | None, duration_s: float) -> tuple[Stretch, ...]:
    """Stretches that begin on bar lines, cover [0, duration_s] and are long enough to hold a shot."""
    out: list[Stretch] = []
    for stretch in stretches:
        start_s = 0.0 if not out else stretch.start_s
        on_bar = bool(out) and not stretch.exact
        if on_bar and grid is not None and grid.lines_s[0] - grid.bar_s / 2 < start_s < grid.lines_s[-1]:
            start_s = grid.time_of(max(0, round(grid.bar_of(start_s))))
        if start_s > duration_s - LEAST_SHOT_S and out:
            break
        if out and start_s - out[-1].start_s < LEAST_SHOT_S:
            # Too short to be seen: the later one takes the place, unless it opens the film.
            out[-1] = replace(stretch, start_s=out[-1].start_s)
            continue
        out.append(replace(stretch, start_s=start_s))
    ends = [stretch.start_s for stretch in out[1:]] + [duration_s]
    return tuple(replace(stretch, end_s=end_s) for stretch, end_s in zip(out, ends, strict=True))


def _inside(stretch: Stretch, number: int, grid: BarGrid | None, feel: Feel, music: MusicCues | None,
            pick: random.Random) -> list[Cut]:
    """The cuts of one stretch, the first at its start."""
    start = Cut(stretch.start_s, None, number)
    if grid is None or feel == "free":
        return [start, *_free(stretch.start_s, stretch.end_s, number, stretch.energy, music, pick)]
    first, last = grid.bar_of(stretch.start_s), grid.bar_of(stretch.end_s)
    first_bar = max(0, math.ceil(first - NEAR))
    last_bar = min(len(grid.lines_s) - 1, math.floor(last + NEAR))
    cuts = [replace(start, bar=float(first_bar)) if abs(first - first_bar) < NEAR else start]
    if last_bar <= first_bar:
        return [*cuts, *_free(stretch.start_s, stretch.end_s, number, stretch.energy, music, pick)]
    lead_s = grid.time_of(first_bar) - stretch.start_s
    if lead_s > 4.0:
        # Music before its first bar line (or a film that outlasts its track) is cut by the clock.
        cuts += _free(stretch.start_s, grid.time_of(first_bar), number, stretch.energy, music, pick)
        cuts.append(Cut(grid.time_of(first_bar), float(first_bar), number))
    bar = float(first_bar)
    lengths = broken_runs(bar_lengths(last_bar - first_bar, feel, stretch.name, stretch.energy, grid.bar_s, pick))
    for length in lengths[:-1]:
        bar += length
        cuts.append(Cut(grid.time_of(bar), bar, number))
    tail_s = stretch.end_s - grid.time_of(last_bar)
    if tail_s > 4.0:
        cuts.append(Cut(grid.time_of(last_bar), float(last_bar), number))
        cuts += _free(grid.time_of(last_bar), stretch.end_s, number, stretch.energy, music, pick)
    return cuts


def _free(start_s: float, end_s: float, number: int, energy: float, music: MusicCues | None,
          pick: random.Random) -> list[Cut]:
    cuts: list[Cut] = []
    at_s = start_s
    lengths = free_lengths(end_s - start_s, energy, pick)
    for length_s in lengths[:-1]:
        at_s += length_s
        reach_s = min(1.0, length_s / 4)
        cut_s = onset_near(at_s, reach_s, music)
        cuts.append(Cut(cut_s, None, number))
    return cuts


def _cleaned(cuts: Sequence[Cut], duration_s: float) -> list[Cut]:
    """Without cuts that would leave a shot too short to be read; a section start outranks a cut inside one."""
    out: list[Cut] = []
    for cut in cuts:
        if out and cut.time_s - out[-1].time_s < LEAST_SHOT_S - NEAR:
            if cut.stretch != out[-1].stretch and len(out) > 1 and out[-1].stretch == out[-2].stretch:
                out[-1] = cut
            continue
        out.append(cut)
    while len(out) > 1 and duration_s - out[-1].time_s < LEAST_SHOT_S - NEAR:
        out.pop()
    return out


def _split(cuts: list[Cut], duration_s: float, grid: BarGrid | None) -> list[Cut] | None:
    """One more cut in the middle of the longest shot, on a bar line where one is near; None when nothing fits."""
    edges = [cut.time_s for cut in cuts] + [duration_s]
    for k in sorted(range(len(cuts)), key=lambda k: (-(round(edges[k + 1] - edges[k], 6)), k)):
        start_s, end_s = edges[k], edges[k + 1]
        if end_s - start_s < 2 * LEAST_SHOT_S:
            return None
        middle_s, bar = (start_s + end_s) / 2, None
        if grid is not None and grid.lines_s[0] <= middle_s <= grid.lines_s[-1]:
            exact = grid.bar_of(middle_s)
            for whole in (1.0, 0.5):
                near = round(exact / whole) * whole
                near_s = grid.time_of(near)
                if min(near_s - start_s, end_s - near_s) >= LEAST_SHOT_S:
                    middle_s, bar = near_s, near
                    break
        return [*cuts[:k + 1], Cut(middle_s, bar, cuts[k].stretch), *cuts[k + 1:]]
    return None


def _merge(cuts: list[Cut], duration_s: float, parts: Sequence[int]) -> list[Cut]:
    """One cut fewer: the one whose two shots are shortest together, section starts and story steps last."""
    edges = [cut.time_s for cut in cuts] + [duration_s]

    def cost(k: int) -> tuple[int, float]:
        before, here = cuts[k - 1].stretch, cuts[k].stretch
        rank = 0 if before == here else 1 if parts[before] == parts[here] else 2
        return rank, round(edges[k + 1] - edges[k - 1], 6)

    gone = min(range(1, len(cuts)), key=cost)
    return [*cuts[:gone], *cuts[gone + 1:]]


def _unrolled_runs(cuts: list[Cut], duration_s: float) -> list[Cut]:
    """Runs of equal lengths across section borders are broken too, by dropping a cut inside a section."""
    out = list(cuts)
    k, run = 1, 1
    edges = [cut.time_s for cut in out] + [duration_s]
    while k < len(out):
        same = abs((edges[k + 1] - edges[k]) - (edges[k] - edges[k - 1])) < 0.02
        run = run + 1 if same else 1
        if run > MOST_EQUAL:
            inner = [j for j in range(k, k - MOST_EQUAL, -1) if out[j].stretch == out[j - 1].stretch]
            gone = inner[0] if inner else k
            del out[gone], edges[gone]
            k, run = max(1, k - 2 * MOST_EQUAL), 1
            continue
        k += 1
    return out


def slots_for(stretches: Sequence[Stretch], grid: BarGrid | None, feel: Feel, duration_s: float, seed: int,
              music: MusicCues | None = None, shots: int | None = None) -> tuple[tuple[Stretch, ...], tuple[Slot, ...]]:
    """The stretches as they were snapped, and the slots that tile [0, duration_s].

    grid is None for music without a metre. shots fixes their number as far as the shortest shot allows.
    """
    stretches = snapped(stretches, grid, duration_s)
    cuts: list[Cut] = []
    for number, stretch in enumerate(stretches):
        cuts += _inside(stretch, number, grid, feel, music, random.Random(f"cuts {seed} {number}"))
    cuts = _cleaned(cuts, duration_s)
    fewest, most = count_range(duration_s, music is not None)
    steps = len({stretch.part for stretch in stretches})
    fewest, most = max(fewest, 1), max(most, steps)
    if shots is not None:
        fewest = most = max(1, shots)
    while len(cuts) > most:
        cuts = _merge(cuts, duration_s, [stretch.part for stretch in stretches])
    cuts = _unrolled_runs(cuts, duration_s)
    while len(cuts) < fewest:
        more = _split(cuts, duration_s, grid)
        if more is None:
            break
        cuts = more
    return stretches, _slots(cuts, stretches, grid, duration_s, music)


def slots_at(stretches: Sequence[Stretch], cuts_s: Sequence[float], grid: BarGrid | None, duration_s: float,
             music: MusicCues | None = None) -> tuple[tuple[Stretch, ...], tuple[Slot, ...]]:
    """As `slots_for`, but cut where a reference cuts: cuts_s in order, inside (0, duration_s). A cut that lies on a bar
    line is named by its bar. A step of the story begins with the cut that is nearest, or with one of its own."""
    stretches = snapped(stretches, grid, duration_s)
    begins = {k for k, stretch in enumerate(stretches) if k and stretch.part != stretches[k - 1].part}
    own = [stretches[k].start_s for k in sorted(begins)
           if all(abs(stretches[k].start_s - time_s) >= LEAST_SHOT_S for time_s in (0.0, *cuts_s, duration_s))]
    cuts: list[Cut] = []
    for time_s in sorted((0.0, *cuts_s, *own)):
        number = max(k for k, stretch in enumerate(stretches)
                     if k == 0 or stretch.start_s <= time_s + (LEAST_SHOT_S if k in begins and time_s else NEAR))
        bar = None
        if grid is not None and grid.lines_s[0] <= time_s + NEAR and time_s <= grid.lines_s[-1] + NEAR:
            exact = grid.bar_of(time_s)
            bar = float(round(exact)) if abs(exact - round(exact)) < NEAR else None
        cuts.append(Cut(float(time_s), bar, number))
    return stretches, _slots(cuts, stretches, grid, duration_s, music)


def _slots(cuts: Sequence[Cut], stretches: Sequence[Stretch], grid: BarGrid | None, duration_s: float,
           music: MusicCues | None) -> tuple[Slot, ...]:
    end_bar = None
    if grid is not None and duration_s <= grid.lines_s[-1] + NEAR:
        exact = grid.bar_of(duration_s)
        end_bar = float(round(exact)) if abs(exact - round(exact)) < NEAR else exact
        end_bar = end_bar if music is None or end_bar == round(end_bar) else None
    edges = [*cuts, Cut(duration_s, end_bar, len(stretches) - 1)]
    counts = [sum(cut.stretch == number for cut in cuts) for number in range(len(stretches))]
    seen = [0] * len(stretches)
    slots: list[Slot] = []
    for here, after in pairwise(edges):
        on_grid = here.bar is not None and after.bar is not None
        span = Span(bars=(here.bar or 0.0, after.bar or 0.0)) if on_grid else Span(s=(here.time_s, after.time_s))
        energy = heard_energy(music, here.time_s, after.time_s, stretches[here.stretch].energy)
        slots.append(Slot(here.time_s, after.time_s, span, here.stretch, seen[here.stretch], counts[here.stretch],
                          energy))
        seen[here.stretch] += 1
    return tuple(slots)


def heard_energy(music: MusicCues | None, start_s: float, end_s: float, otherwise: float) -> float:
    """Mean energy [0, 1] of a track between two times, or the section's own."""
    curve = None if music is None else music.signals.get("energy")
    if music is None or curve is None or len(curve) == 0:
        return min(1.0, max(0.0, otherwise))
    rate = music.signal_rate_hz
    window = np.nan_to_num(np.asarray(curve[int(start_s * rate):max(int(start_s * rate) + 1, int(end_s * rate))]))
    if len(window) == 0:
        return 0.0
    return float(np.clip(0.5 * float(window.mean()) + 0.5 * otherwise, 0.0, 1.0))
