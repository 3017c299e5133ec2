"""A rhythm that was tapped along the film: its tempo, the cuts it could move, the tempo it could give the score."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from agent.direction import Direction
from agent.edits import Patch
from modalities.faults import Unusable
from ui_gen.stage_cuts import LEAST_S, Cut, Edit, cut_patch, cuts_of, told_s

LEAST_TAPS, MOST_TAPS = 4, 400
# Two taps closer than this are one, seconds.
CLOSEST_S = 0.08
SLOWEST_BPM, FASTEST_BPM = 30.0, 240.0


def tempo_of(taps_s: Sequence[float]) -> float:
    """Beats a minute of taps (seconds, rising), as they were meant: a rest is a whole multiple of the usual gap.

    Raises Unusable for fewer than LEAST_TAPS, and for gaps that no score's tempo has.
    """
    gaps = np.diff(np.asarray(taps_s, np.float64))
    gaps = gaps[gaps >= CLOSEST_S]
    if len(gaps) < LEAST_TAPS - 1:
        raise Unusable(f"Tap at least {LEAST_TAPS} times.")
    usual = float(np.median(gaps))
    multiple = np.maximum(1, np.round(gaps / usual))
    # The mean over all of them: one late finger moves a median gap, and hardly the whole.
    even = np.abs(gaps / (multiple * usual) - 1) < 0.16
    bpm = 60.0 / (float(gaps[even].sum() / multiple[even].sum()) if even.any() else usual)
    if not SLOWEST_BPM - 0.5 <= bpm <= FASTEST_BPM + 0.5:
        raise Unusable(f"{bpm:.0f} taps a minute are no tempo of a score; {SLOWEST_BPM:.0f} to {FASTEST_BPM:.0f} are.")
    # Fingers are good to about a beat a minute.
    return float(round(float(np.clip(bpm, SLOWEST_BPM, FASTEST_BPM))))


def on_taps(direction: Direction, taps_s: Sequence[float]) -> Edit:
    """Every cut on the tap that is nearest to it, as far as taps go round and shots keep LEAST_S.

    Raises Unusable where no cut moves.
    """
    moved = _moves(direction, taps_s)
    if not moved:
        raise Unusable("No cut moves: every cut lies on a tap, or no tap lies between its neighbours." if
                       cuts_of(direction) else "This film is one shot; there is no cut to move.")
    patch: Patch = []
    for cut, at_s in moved:
        for step in cut_patch(direction, cut, at_s):
            before = next((one for one in patch if one["path"] == step["path"]), None)
            if before is None:
                patch.append(step)
                continue
            # A shot between two cuts that move keeps the start of the one and the end of the other.
            unit = "s" if step["value"]["s"] is not None else "bars"
            before["value"][unit][1] = step["value"][unit][1]
    where = told_s(moved[0][1]) if len(moved) == 1 else f"{len(moved)} places"
    return Edit(patch, f"{_cuts(len(moved))} on {'a tap' if len(moved) == 1 else 'taps'} at {where}")


def in_tempo(direction: Direction, taps_s: Sequence[float]) -> Edit:
    """The film's own score at the tapped tempo; bars, cuts and length follow. Raises Unusable for a film whose music
    was given, and where the tempo is the same."""
    bpm = tempo_of(taps_s)
    if direction.score is None or direction.music.source != "score":
        raise Unusable("The music of this film was given; only its own score has a tempo to set.")
    if abs(bpm - direction.score.tempo_bpm) < 0.5:
        raise Unusable(f"The score plays at {bpm:g} bpm already.")
    return Edit([{"op": "replace", "path": "/score/tempo_bpm", "value": bpm}], f"tempo of the score {bpm:g} bpm")


def offered(direction: Direction, taps_s: Sequence[float]) -> dict[str, Any]:
    """What taps could do, in words: {"bpm", "cuts": [words, whether it can be done], "tempo": the same}. Raises
    Unusable where they are too few or no tempo."""
    bpm = tempo_of(taps_s)
    moved = len(_moves(direction, taps_s))
    own = direction.score is not None and direction.music.source == "score"
    same = own and direction.score is not None and abs(bpm - direction.score.tempo_bpm) < 0.5
    return {"bpm": bpm,
            "cuts": [f"Cut on these taps: {_cuts(moved)} {'moves' if moved == 1 else 'move'}" if moved else
                     "No cut would move", moved > 0],
            "tempo": [f"Tempo of the score: {bpm:g} bpm" if own else "The music was given; its tempo stays",
                      own and not same]}


def _cuts(count: int) -> str:
    return f"{count} cut{'' if count == 1 else 's'}"


def _moves(direction: Direction, taps_s: Sequence[float]) -> list[tuple[Cut, float]]:
    """Which cuts go to which taps: each in turn to the nearest tap between the cut before, where that is now, and the
    one after it, unless a later cut is nearer to that tap."""
    taps = np.unique(np.asarray(taps_s, np.float64))
    cuts = cuts_of(direction)
    out: list[tuple[Cut, float]] = []
    last_s = 0.0
    for n, cut in enumerate(cuts):
        free = taps[(taps >= last_s + LEAST_S) & (taps <= cut.most_s)]
        last_s = cut.at_s
        if not len(free):
            continue
        tap = float(free[int(np.abs(free - cut.at_s).argmin())])
        nearer = n + 1 < len(cuts) and abs(cuts[n + 1].at_s - tap) < abs(cut.at_s - tap)
        if nearer or abs(tap - cut.at_s) < 0.5 / direction.grid.fps:
            continue
        out.append((cut, tap))
        last_s = tap
    return out


__all__ = ["LEAST_TAPS", "MOST_TAPS", "in_tempo", "offered", "on_taps", "tempo_of"]
