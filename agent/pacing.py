"""Where the cuts lie: shot lengths from the music, in bars where there are bars and in seconds where there are none.

The rules are those of editing by ear: quiet music holds, loud music cuts, a build halves its lengths, a drop holds
long again, a section start is always a cut, and no more than eight shots in a row have the same length.
"""

from __future__ import annotations

import math
import random
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from agent.direction import Music, Span
from modalities.cues import MusicCues

Feel = Literal["ambient", "ballad", "mid", "dance", "free"]

# Shortest and longest ordinary shot in bars, and the seconds aimed at when the music is silent and when it is full.
BARS: dict[Feel, tuple[int, int]] = {"ambient": (4, 16), "ballad": (2, 8), "mid": (2, 4), "dance": (1, 2)}
AIM_S: dict[Feel, tuple[float, float]] = {"ambient": (26.0, 12.0), "ballad": (14.0, 5.0), "mid": (6.0, 2.4),
                                          "dance": (4.2, 1.8), "free": (9.0, 4.0)}
FEELS: tuple[Feel, ...] = ("ambient", "ballad", "mid", "dance")
GENRE_FEEL: dict[str, Feel] = {"ambient": "ambient", "folk": "mid", "piano": "ballad", "suspense": "ballad",
                               "orchestral": "mid", "techno": "dance", "synthwave": "mid", "lofi": "mid",
                               "jazz": "mid", "chiptune": "dance", "waltz": "mid", "drum_and_bass": "dance"}
LEAST_SHOT_S = 0.8
LONGEST_BAR_S = 5.5
MOST_SHOTS = 600
MOST_EQUAL = 8
METRE_CONFIDENCE = 0.35


@dataclass(frozen=True)
class Stretch:
    """A section of the film before it is cut. part is the step of a "first … then …" sequence it belongs to;
    exact: its start was given in seconds and does not move to a bar line."""

    name: str
    label: str
    start_s: float
    end_s: float
    energy: float
    part: int = 0
    exact: bool = False


@dataclass(frozen=True)
class Slot:
    """Room for one shot. `index` of `count` within its stretch; energy [0, 1] of the music while it lasts."""

    start_s: float
    end_s: float
    span: Span
    stretch: int
    index: int
    count: int
    energy: float


@dataclass(frozen=True)
class BarGrid:
    """Bar lines in seconds, strictly rising. Bars before the first and after the last line go on at the pace of
    their neighbour, so that bar numbers may be negative or fractional."""

    lines_s: tuple[float, ...]

    def time_of(self, bar: float) -> float:
        """Seconds at which `bar` begins."""
        last = len(self.lines_s) - 1
        k = min(max(math.floor(bar), 0), last - 1)
        return self.lines_s[k] + (bar - k) * (self.lines_s[k + 1] - self.lines_s[k])

    def bar_of(self, time_s: float) -> float:
        """The (fractional) bar that sounds at `time_s`."""
        last = len(self.lines_s) - 1
        k = int(np.searchsorted(np.asarray(self.lines_s), time_s, side="right")) - 1
        k = min(max(k, 0), last - 1)
        return k + (time_s - self.lines_s[k]) / (self.lines_s[k + 1] - self.lines_s[k])

    @property
    def bar_s(self) -> float:
        """The typical length of a bar."""
        return float(np.median(np.diff(np.asarray(self.lines_s))))


def grid_of(music: Music) -> BarGrid:
    """The bar lines of a Direction's music; from its tempo when it lists none."""
    if len(music.downbeats_s) >= 2:
        return BarGrid(music.downbeats_s)
    bar_s = 60.0 / music.tempo_bpm * music.beats_per_bar
    return BarGrid((music.first_downbeat_s, music.first_downbeat_s + bar_s))


def span_s(span: Span, music: Music) -> tuple[float, float]:
    """A span in seconds."""
    if span.s is not None:
        return span.s
    assert span.bars is not None
    grid = grid_of(music)
    return grid.time_of(span.bars[0]), grid.time_of(span.bars[1])


def has_metre(music: MusicCues) -> bool:
    """Whether a track's bar lines can be trusted to hang cuts on."""
    return bool(music.beat_confidence >= METRE_CONFIDENCE and not music.silent and len(music.downbeats_s) >= 2)


def feel_of_track(music: MusicCues) -> Feel:
    """What kind of pacing a track asks for, from its tempo, its kick and its onsets."""
    if not has_metre(music):
        return "free"
    lines = np.asarray(music.downbeats_s, np.float64)
    if float(np.median(np.diff(lines))) > LONGEST_BAR_S:
        return "free"
    level = {name: float(np.mean(np.nan_to_num(curve))) if len(curve) else 0.0
             for name, curve in music.signals.items()}
    kick, onset, energy = level.get("kick", 0.1), level.get("onset", 0.1), level.get("energy", 0.5)
    tempo = music.tempo_bpm
    if onset < 0.04 and kick < 0.03 and energy < 0.45:
        return "ambient"
    if tempo >= 150 or (tempo >= 116 and kick >= 0.1):
        return "dance"
    if tempo < 84 and energy < 0.55:
        return "ballad"
    return "mid"


def shifted(feel: Feel, pacing: str | None) -> Feel:
    """A step quicker or slower, as the creator asked."""
    if feel == "free" or pacing not in ("fast", "slow"):
        return feel
    at = FEELS.index(feel) + (1 if pacing == "fast" else -1)
    return FEELS[min(max(at, 0), len(FEELS) - 1)]


def shot_bars(feel: Feel, name: str, energy: float, bar_s: float) -> float:
    """The ordinary length of a shot in bars: the power of two in the feel's range nearest to the seconds aimed at."""
    low, high = BARS[feel]
    calm = {"intro": 0.25, "break": 0.3, "outro": 0.25, "silence": 0.3}.get(name, 0.0)
    slow_s, fast_s = AIM_S[feel]
    aim_s = slow_s + (fast_s - slow_s) * max(0.0, min(1.0, energy) - calm)
    steps = [2.0 ** k for k in range(5) if low <= 2 ** k <= high]
    if feel == "mid" and energy > 0.6 and bar_s > 1.5:
        steps.insert(0, 1.0)
    return min(steps, key=lambda bars: (abs(math.log2(bars * bar_s / aim_s)), bars))


def build_bars(bars: int, bar_s: float) -> list[float]:
    """A build: lengths that halve (4, 2, 1, ½) and fill `bars`."""
    least = 0.5 if 0.5 * bar_s >= LEAST_SHOT_S else 1.0
    first = max(least, 2.0 ** math.floor(math.log2(max(1, bars)) - 1))
    lengths: list[float] = []
    left = float(bars)
    size = min(4.0, first)
    while left > size + 1e-9 and left > 2 * size + 4:
        lengths.append(size)
        left -= size
    while left > 1e-9:
        while size > left + 1e-9 or (size > least and left - size < size / 2 and left > size):
            size /= 2
        size = max(size, least)
        lengths.append(min(size, left))
        left -= lengths[-1]
        if size > least:
            size /= 2
    return sorted(lengths, reverse=True)


def bar_lengths(bars: int, feel: Feel, name: str, energy: float, bar_s: float, pick: random.Random) -> list[float]:
    """Shot lengths in bars for a section of `bars` whole bars; they sum to `bars`."""
    if name == "build" and bars >= 2:
        return build_bars(bars, bar_s)
    size = shot_bars(feel, name, energy, bar_s)
    high = BARS[feel][1]
    lengths: list[float] = []
    left = float(bars)
    if name == "drop" and left >= 3 * size:
        lengths.append(2 * size)
        left -= 2 * size
    while left >= size:
        lengths.append(size)
        left -= size
        if len(lengths) % 4 == 3 and left >= 2 * size:
            # The end of a phrase is marked: a fill of halves when it is loud, a held shot when it is not.
            half = size / 2
            fill = half >= 1 or (feel == "dance" and energy > 0.6 and half * bar_s >= LEAST_SHOT_S)
            if fill and pick.random() < 0.35 + 0.5 * energy:
                lengths += [half, half]
                left -= size
            elif pick.random() < 0.75 - 0.5 * energy:
                lengths.append(2 * size)
                left -= 2 * size
    if left > 1e-9:
        if lengths and left < size / 2:
            lengths[-1] += left
            if lengths[-1] > high and size >= 2:
                # Longer than this music holds a shot: two of about half.
                lengths[-1:] = [size / 2, lengths[-1] - size / 2]
        else:
            lengths.append(left)
    return lengths


def broken_runs(lengths: Sequence[float], most: int = MOST_EQUAL) -> list[float]:
    """The same total with no more than `most` equal lengths in a row: two of a run too long become one."""
    out: list[float] = []
    run = 0
    for length in lengths:
        run = run + 1 if out and abs(out[-1] - length) < 1e-6 else 1
        if run > most:
            out[-1] += length
            run = 1
        else:
            out.append(length)
    return out


def free_lengths(length_s: float, energy: float, pick: random.Random) -> list[float]:
    """Seconds for music without a metre: 4 to 9, shorter when louder, never all alike."""
    slow_s, fast_s = AIM_S["free"]
    aim_s = slow_s + (fast_s - slow_s) * min(1.0, max(0.0, energy))
    count = max(1, round(length_s / aim_s), math.ceil(length_s / slow_s - 0.25))
    while count > 1 and length_s / count < fast_s:
        count -= 1
    # The spread stays within the 4 to 9 seconds that an eye without a beat is comfortable with.
    mean_s = length_s / count
    spread = max(0.0, min(0.3, mean_s / fast_s - 1, slow_s / mean_s - 1))
    weights = [1 + spread * (pick.random() * 2 - 1) * 0.9 for _ in range(count)]
    return [length_s * weight / sum(weights) for weight in weights]


def onset_near(time_s: float, within_s: float, music: MusicCues | None) -> float:
    """The strongest onset within reach of `time_s`, or `time_s` itself where nothing starts."""
    curve = None if music is None else music.signals.get("onset")
    if music is None or curve is None or len(curve) == 0 or music.silent:
        return time_s
    rate = music.signal_rate_hz
    first, last = max(0, int((time_s - within_s) * rate)), int((time_s + within_s) * rate) + 1
    window = np.nan_to_num(np.asarray(curve[first:last], np.float64))
    if len(window) == 0 or float(window.max()) < 0.15:
        return time_s
    return (first + int(window.argmax())) / rate
