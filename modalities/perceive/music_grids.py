"""Which grid of beats: several hypotheses are decoded, each is described, and the best described one is taken.

A decoder alone often takes half or double the tempo, or the off-beats: those grids fit the onsets as well. What tells
them apart is what happens on the beats against halfway between: harmony changes on beats, hi-hats between them, and
the bars of the right grid are regular. The weights are a conditional logit fitted by `python -m benchmarks.music_fit`.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace

import numpy as np
from numpy.typing import NDArray

from modalities.perceive import music_bars, music_beats
from modalities.perceive.music_features import CHROMA_EVERY, FRAME_HZ, Features

Rows = NDArray[np.float64]
SLOWEST_BPM, FASTEST_BPM = 42.0, 240.0
GRID_FEATURES = ("hi-hats on beats", "harmony on beats", "timbre on beats", "octaves from 115 bpm", "squared",
                 "repeats after a beat", "strong and weak alternate", "harmony alternates", "unsteady",
                 "beats with onsets", "hi-hats alternate", "repeats after half a beat", "after two thirds",
                 "four to a bar", "three to a bar", "bass on beats", "onsets on beats")
FOUR_TO_A_BAR = GRID_FEATURES.index("four to a bar")
MEANS = np.array([
    0.022, 0.006, 0.017, -0.252, 0.523, 0.227, 0.171, 0.241,
    0.004, 0.441, 0.317, 0.071, 0.133, 0.559, 0.237, 0.021, 0.013])
SCALES = np.array([
    0.578, 0.144, 0.162, 0.678, 0.514, 0.291, 0.208, 0.273,
    0.003, 0.282, 0.389, 0.233, 0.29, 0.441, 0.308, 0.552, 0.33])
WEIGHTS = np.array([
    0.592, 0.214, 0.428, 1.08, -1.372, 0.686, -0.34, 0.318,
    -0.268, 1.214, 0.316, 0.908, -0.947, 0.37, 0.572, 0.15, 0.385])


@dataclass(frozen=True)
class Grid:
    """Beats in seconds, the indices of those that start a bar, beats per bar, median tempo, confidence [0, 1]."""

    beats_s: Rows
    first: NDArray[np.int64]
    beats_per_bar: int
    tempo_bpm: float
    confidence: float


EMPTY = Grid(np.zeros(0), np.zeros(0, np.int64), 4, 0.0, 0.0)


def grid(features: Features) -> Grid:
    """The metrical grid of a piece; EMPTY when there is too little to hear one (under 2.4 s, or no onsets). Where the
    tempo changes for good, the part that the one grid does not fit gets its own."""
    whole = _one_grid(features)
    turn = _turn(music_beats.activation(features), whole.beats_s * FRAME_HZ) if len(whole.beats_s) >= 24 else None
    if turn is None:
        return whole
    frame, later, fit = turn
    part = slice(frame, len(features.flux)) if later else slice(0, frame)
    other = _one_grid(_cut(features, part))
    if other.confidence < 0.45 or len(other.beats_s) < 12:
        return whole
    ratio = float(np.log2(other.tempo_bpm / whole.tempo_bpm))
    strength = music_beats.activation(_cut(features, part))
    if abs(ratio - round(ratio)) < 0.06 or float(_fit(strength, other.beats_s * FRAME_HZ).mean()) < fit + 0.2:
        return whole
    return _joined(whole, other, frame / FRAME_HZ, later=later)


def _cut(features: Features, part: slice) -> Features:
    """The features of a stretch of frames."""
    rate = {"chroma": CHROMA_EVERY, "pitch": CHROMA_EVERY, "bass_pitch": CHROMA_EVERY, "gliding": FRAME_HZ / 40}
    return replace(features, duration_s=(part.stop - part.start) / FRAME_HZ, **{
        field.name: getattr(features, field.name)[int(part.start / rate.get(field.name, 1)):
                                                  int(part.stop / rate.get(field.name, 1))]
        for field in fields(features) if field.name != "duration_s"})


def _fit(strength: NDArray[np.float32], frames: Rows) -> Rows:
    """How much stronger onsets are on each beat (but the last) than between it and the next."""
    steps = np.diff(frames)
    between = (music_bars.peak_near(strength, frames[:-1] + steps * 0.38, 2)
               + music_bars.peak_near(strength, frames[:-1] + steps * 0.62, 2)) / 2
    return music_bars.peak_near(strength, frames[:-1], 2) - between


def _turn(strength: NDArray[np.float32], frames: Rows) -> tuple[int, bool, float] | None:
    """(frame, whether what comes later is meant, its fit) where a grid ceases to fit, or begins to; None if it fits
    alike all over. Both parts last 8 s at least."""
    fits = _fit(strength, frames)
    sums = np.concatenate([[0.0], np.cumsum(fits)])
    ends = np.flatnonzero((frames[:-1] > 800) & (frames[:-1] < frames[-1] - 800))
    if not len(ends):
        return None
    left, right = sums[ends] / ends, (sums[-1] - sums[ends]) / (len(fits) - ends)
    best = int((np.abs(left - right) * np.sqrt(ends * (len(fits) - ends))).argmax())
    high, low = max(left[best], right[best]), min(left[best], right[best])
    if high < 0.2 or low > 0.65 * high:
        return None
    return int(frames[ends[best]]), bool(right[best] < left[best]), float(low)


def _joined(whole: Grid, other: Grid, turn_s: float, *, later: bool) -> Grid:
    """One grid of the part of `whole` that fits and the other part's own."""
    gap = 0.3 * float(np.median(np.diff(other.beats_s)))
    kept = whole.beats_s < turn_s - gap if later else whole.beats_s > turn_s + gap
    mine, mine_first = whole.beats_s[kept], np.isin(np.arange(len(kept)), whole.first)[kept]
    theirs, theirs_first = other.beats_s + (turn_s if later else 0.0), np.isin(np.arange(len(other.beats_s)),
                                                                                other.first)
    order = (mine, theirs) if later else (theirs, mine)
    firsts = (mine_first, theirs_first) if later else (theirs_first, mine_first)
    leading = whole if len(mine) >= len(theirs) else other
    return Grid(np.concatenate(order), np.flatnonzero(np.concatenate(firsts)), leading.beats_per_bar,
                leading.tempo_bpm, min(whole.confidence + 0.1, other.confidence))


def _one_grid(features: Features) -> Grid:
    """The best single grid of all its frames."""
    strength = music_beats.activation(features)
    if len(strength) < 2 * music_beats.LONGEST or strength.max() <= 0 or features.flux.max() < 1e-3:
        return EMPTY
    found = hypotheses(strength)
    if not found:
        return EMPTY
    heard = music_bars.listen(features)
    repeats = music_beats.autocorrelation(strength)
    table = np.stack([describe(heard, strength, repeats, frames) for frames in found])
    best = int(np.argmax((table - MEANS) / SCALES @ WEIGHTS))
    frames = music_beats.refined(found[best], strength)
    first, metre = music_bars.downbeats(heard, frames)
    return Grid(music_bars.rate_s(frames), first, metre, music_beats.tempo_of(frames),
                confidence(strength, repeats, found[best], table[best]))


def confidence(strength: NDArray[np.float32], repeats: Rows, frames: Rows, described: Rows) -> float:
    """[0, 1]. Any grid decoded from noise or speech finds onsets for its beats; only music comes back after one to
    four of them, or has bars. So the contrast on the beats counts as far as those say that it is no accident."""
    period = float(np.median(np.diff(frames)))
    comes_back = max(_at(repeats, n * period) for n in (1, 2, 3, 4))
    bars = float(np.clip(described[FOUR_TO_A_BAR: FOUR_TO_A_BAR + 2].max() - 0.5, 0, 1))
    chance = 0.4 / np.sqrt(len(strength) / FRAME_HZ)  # what a short piece repeats by accident; 0.05 for a minute
    no_accident = float(np.clip(0.2 + 3.0 * (comes_back - chance) + 0.35 * bars, 0, 1))
    return music_beats.contrast(strength, frames) * no_accident


def hypotheses(strength: NDArray[np.float32]) -> list[Rows]:
    """Different grids (frames) worth judging: the free decoding, one around each likely tempo, and of each of these
    the off-beats, the doubled and the two halved grids."""
    prior = music_beats.tempo_prior(strength)
    prior = prior - prior.max()
    shortest, longest = music_beats.SHORTEST, music_beats.LONGEST
    free = music_beats.decode(strength, prior, shortest, music_beats.TIGHTNESS).astype(np.float64)
    if len(free) < 4:
        return []
    peaks = [i for i in range(len(prior)) if prior[i] == prior[max(0, i - 3): i + 4].max()]
    centres = [float(shortest + i) for i in sorted(peaks, key=lambda i: -prior[i])[:6]]
    period = float(np.median(np.diff(free)))
    centres += [period * ratio for ratio in (2 / 3, 3 / 2, 4 / 3, 3 / 4)]
    grids = _family(free)
    tried: list[float] = []
    for centre in centres:
        if not shortest <= centre <= longest or any(abs(centre / other - 1) < 0.04 for other in tried):
            continue
        tried.append(centre)
        low, high = max(shortest, int(centre * 0.92)), min(longest, int(np.ceil(centre * 1.08)))
        near = prior[low - shortest: high + 1 - shortest].copy()
        grids += _family(music_beats.decode(strength, near, low, music_beats.TIGHTNESS).astype(np.float64))
    different: list[Rows] = []
    for frames in grids:
        if len(frames) >= 4 and SLOWEST_BPM <= 60 * FRAME_HZ / np.median(np.diff(frames)) <= FASTEST_BPM \
                and not any(_same(frames, other) for other in different):
            different.append(frames)
    return different


def _family(frames: Rows) -> list[Rows]:
    middle = (frames[1:] + frames[:-1]) / 2
    return [frames, middle, np.sort(np.concatenate([frames, middle])), frames[::2], frames[1::2]]


def _same(a: Rows, b: Rows) -> bool:
    if abs(len(a) / len(b) - 1) > 0.06:
        return False
    right = np.clip(np.searchsorted(b, a), 1, len(b) - 1)
    return bool(np.mean(np.minimum(np.abs(b[right] - a), np.abs(b[right - 1] - a)) < 4) > 0.9)


def describe(heard: music_bars.Listened, strength: NDArray[np.float32], repeats: Rows, frames: Rows) -> Rows:
    """(features,) of one grid; see GRID_FEATURES."""
    steps = np.diff(frames)
    period = float(np.median(steps))
    middle = frames[:-1] + steps / 2
    low, high = heard.contrasts[0], heard.contrasts[2]
    low_on, low_between = (music_bars.peak_near(low, at) for at in (frames, middle))
    high_on, high_between = (music_bars.peak_near(high, at) for at in (frames, middle))
    deviation = 0.3 / (float(high.std()) + 1e-9)
    on = music_bars.peak_near(strength, frames)
    slow = 1.0 / CHROMA_EVERY
    harmony, harmony_between = (music_bars.change(heard.chroma_sum, at, period, slow) for at in (frames, middle))
    timbre, timbre_between = (music_bars.change(heard.timbre_sum, at, period / 2) for at in (frames, middle))
    octave = float(np.log2(60 * FRAME_HZ / period / 115))
    fours = threes = 0.0
    if len(frames) >= 16:
        values = music_bars.evidence(music_bars.beat_features(heard, frames))
        fours, threes = music_bars.strongest(values, 4), music_bars.strongest(values, 3)
    return np.array([
        (high_on.mean() - high_between.mean()) * deviation, _balance(harmony, harmony_between),
        _balance(timbre, timbre_between), octave, octave * octave, _at(repeats, period), _alternates(on),
        _alternates(harmony) / (harmony.mean() + 1e-6), float(np.abs(np.diff(steps)).mean()) / period,
        float((on > 0.3).mean()), _alternates(high_on) * deviation if len(frames) > 8 else 0.0,
        _at(repeats, period / 2), _at(repeats, period * 2 / 3), fours, threes,
        (low_on.mean() - low_between.mean()) * 0.3 / (float(low.std()) + 1e-9),
        on.mean() - music_bars.peak_near(strength, middle).mean()])


def _balance(on: Rows, between: Rows) -> float:
    return float((on.mean() - between.mean()) / (on.mean() + between.mean() + 1e-6))


def _alternates(values: Rows) -> float:
    return float(abs(values[::2].mean() - values[1::2].mean()))


def _at(repeats: Rows, lag: float) -> float:
    at, reach = round(lag), max(1, round(0.015 * lag))
    return float(repeats[max(0, at - reach): at + reach + 1].max()) if at + reach < len(repeats) else 0.0
