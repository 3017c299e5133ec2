"""How the time of a reference lies in the time of the film that follows it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from modalities.cues import FilmCues

Floats = NDArray[np.float64]
# A rhythm stretched or squeezed by more than this is another rhythm: it is repeated, or only a part of it is used.
MOST_STRETCH = 2.0
SHORT_S = 0.6


@dataclass(frozen=True)
class TimeMap:
    """The stretch [start_s, end_s] of a reference fills the film's duration_s, `rounds` times over."""

    start_s: float
    end_s: float
    duration_s: float
    rounds: int = 1

    @property
    def scale(self) -> float:
        """Seconds of film for a second of the reference."""
        return self.duration_s / self.rounds / max(self.end_s - self.start_s, 1e-6)

    def reference_s(self, film_s: ArrayLike) -> Floats:
        """Seconds of the reference at seconds of the film."""
        at = np.asarray(film_s, np.float64) / self.scale
        return self.start_s + np.mod(at, self.end_s - self.start_s)

    def film_s(self, reference_s: ArrayLike) -> Floats:
        """Seconds of the film, all rounds of them in order, at seconds of the reference inside the stretch."""
        at = np.asarray(reference_s, np.float64)
        at = at[(at >= self.start_s) & (at < self.end_s)]
        length = self.duration_s / self.rounds
        return np.concatenate([(at - self.start_s) * self.scale + k * length for k in range(self.rounds)])


def time_map(film: FilmCues, duration_s: float, whole: bool = False) -> TimeMap:
    """The whole reference where its rhythm bears it; a long film goes through a short reference again, and a short film
    takes the stretch of a long reference that is most like the whole of it. whole: all of it, once, whatever comes."""
    length_s = max(film.duration_s, 0.1)
    scale = duration_s / length_s
    if whole:
        return TimeMap(0.0, length_s, duration_s)
    if scale > MOST_STRETCH:
        return TimeMap(0.0, length_s, duration_s, max(1, round(scale)))
    lengths = np.array([shot.end_s - shot.start_s for shot in film.shots])
    if scale >= 1.0 / MOST_STRETCH or len(lengths) < 3 or float(np.percentile(lengths, 25)) * scale >= SHORT_S:
        return TimeMap(0.0, length_s, duration_s)
    starts = np.array([shot.start_s for shot in film.shots])
    usual = len(lengths) / length_s * duration_s
    best, cost = 0.0, np.inf
    for start_s in starts[starts <= length_s - duration_s]:
        count = int(((starts >= start_s) & (starts < start_s + duration_s)).sum())
        if abs(count - usual) < cost - 0.5:
            best, cost = float(start_s), abs(count - usual)
    return TimeMap(best, best + duration_s, duration_s)


def cuts_of(film: FilmCues) -> Floats:
    """Seconds at which the shots after the first begin."""
    return np.array([shot.start_s for shot in film.shots[1:]], np.float64)


def curve_over(film: FilmCues, name: str, times: TimeMap, film_s: ArrayLike) -> Floats:
    """A curve of the reference at seconds of the film; zeros where it was not measured."""
    curve = film.curves.get(name)
    at = times.reference_s(film_s)
    if curve is None or len(curve) == 0:
        return np.zeros(at.shape)
    clock = np.arange(len(curve)) / film.curve_rate_hz
    return np.interp(at, clock, np.nan_to_num(np.asarray(curve, np.float64)))
