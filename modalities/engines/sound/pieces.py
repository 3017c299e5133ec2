"""Long music from a model that makes a few minutes at a time: where it is parted, and how the parts are joined.

Parts meet on downbeats, at the beginning of a section where one is near; each begins a bar before its place, and over
that bar the one before goes over into it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from modalities.media import Sound

# Of the longest allowed piece, how much shorter it may be for the sake of a section's beginning.
EARLIER = 0.35
# Where nothing is known of bars.
OVERLAP_S = 2.0


@dataclass(frozen=True)
class Span:
    """A piece from start_s to end_s, made from start_s - lead_s on."""

    start_s: float
    end_s: float
    lead_s: float = 0.0

    @property
    def duration_s(self) -> float:
        return self.end_s - self.start_s + self.lead_s


def spans(duration_s: float, longest_s: float, downbeats_s: Iterable[float] = (), sections_s: Iterable[float] = ()
          ) -> tuple[Span, ...]:
    """Pieces that tile [0, duration_s], none made longer than longest_s."""
    downs = np.array(sorted(one for one in downbeats_s if 0 < one < duration_s))
    parts = np.array(sorted(one for one in sections_s if 0 < one < duration_s))
    out: list[Span] = []
    start, lead = 0.0, 0.0
    while duration_s - start + lead > longest_s + 1e-9:
        limit = start - lead + longest_s
        end = _best(downs, parts, start, limit, EARLIER * longest_s)
        out.append(Span(start, end, lead))
        bar = downs[downs < end - 1e-6]
        before = end - float(bar[-1]) if len(bar) else OVERLAP_S
        # The bar must leave the next piece most of its length, and lie inside this one.
        lead = min(before if before > 0.2 else OVERLAP_S, 0.25 * longest_s, end - start)
        start = end
    out.append(Span(start, duration_s, lead))
    return tuple(out)


def _best(downs: np.ndarray, parts: np.ndarray, start: float, limit: float, earlier: float) -> float:
    """The last section's beginning, else the last downbeat, within the last `earlier` seconds before the limit."""
    for marks in (parts, downs):
        able = marks[(marks > max(start, limit - earlier)) & (marks <= limit)]
        if len(able):
            return float(able[-1])
    return limit


def joined(before: Sound, after: Sound, overlap: int) -> Sound:
    """Two sounds, the last `overlap` samples of one going over into the first of the other.

    Loudness holds whether they are alike there (a straight fade) or not (an equal-power one): weights are set by their
    correlation. Shapes (n, 2) and (m, 2) give (n + m - overlap, 2).
    """
    overlap = min(overlap, len(before), len(after))
    if not overlap:
        return np.concatenate([before, after])
    a, b = before[len(before) - overlap:].astype(np.float64), after[:overlap].astype(np.float64)
    power = float(np.sqrt((a * a).sum() * (b * b).sum()))
    alike = float(np.clip((a * b).sum() / power, 0.0, 1.0)) if power > 1e-12 else 0.0
    turn = np.linspace(0.0, np.pi / 2, overlap + 2)[1:-1, None]
    one, two = np.cos(turn), np.sin(turn)
    mixed = (one * a + two * b) / np.sqrt(1.0 + 2.0 * alike * one * two)
    return np.concatenate([before[:len(before) - overlap], mixed.astype(np.float32), after[overlap:]])


def of_length(sound: Sound, samples: int) -> Sound:
    """Cut, or filled up with silence, to exactly so many samples; a cut end falls silent over 5 ms."""
    if len(sound) < samples:
        return np.concatenate([sound, np.zeros((samples - len(sound), 2), np.float32)])
    return np.ascontiguousarray(sound[:samples])
