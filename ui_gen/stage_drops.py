"""Something dropped at a moment of the film: weather, night, a flash, a shake, a cut, words.

What is dropped moves numbers of the shot that runs through the moment by a curve, and those of later shots as a whole
where it lasts. Frames before the moment keep every number that they had: a curve that was there is taken over frame by
frame up to the moment, because a smooth curve with another key behind it would also run otherwise before it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import jsonpatch
import numpy as np
from numpy.typing import NDArray

from agent.direction import Direction
from agent.edits import Patch, apply_patch
from agent.titles import LEAST_S as TITLE_S
from agent.titles import LETTER_S, MOST_S
from agent.unroll_spans import cut_frames
from agent.unroll_values import number_at
from modalities.faults import Unusable
from modalities.titles_type import LONGEST, check
from ui_gen.stage_cuts import Edit, cut_here, told_s
from ui_gen.stage_handles import first_row
from world_model.clock import TimeGrid
from world_model.sim.keys import keyed

Floats = NDArray[np.float64]
# (seconds after the moment, what is added to what was) of what passes.
FLASH = ((0.0, 2.6), (0.085, 0.5), (0.13, 1.8), (0.5, 0.0))
SHAKE = ((0.045, 0.9), (0.4, 0.6), (1.2, 0.0))
# A jolt: degrees at its start, swings a second, and when it is over. The camera only rolls that quickly: how fast it
# pans and tilts is bounded, and what goes over that is smoothed into the frames before.
JOLT_DEG, JOLT_HZ, JOLT_S, JOLT_MM = 2.6, 5.5, 0.9, 28.0
RAIN, CLOUD, NIGHT_H = 0.75, 0.75, 22.0
# Hours between which it is not night, and amounts under which it does not rain.
DAY_H, DRY = (4.7, 20.4), 0.03
LEAST_TITLE_S = 0.4


class Film:
    """A Direction from one frame on, while it is being changed."""

    def __init__(self, direction: Direction, at_s: float) -> None:
        grid = TimeGrid(direction.grid.steps_per_s, direction.grid.fps, direction.grid.sample_rate_hz)
        self.direction, self.fps = direction, direction.grid.fps
        self.document: dict[str, Any] = direction.model_dump(mode="json")
        self.cuts = cut_frames(direction, grid)
        self.frame = min(grid.frame_at(at_s), self.cuts[-1][2] - 1)

    def here(self) -> tuple[int, int, int]:
        """(shot, first frame, frame after the last) of the shot under the moment."""
        return next(cut for cut in self.cuts if cut[1] <= self.frame < cut[2])

    def values(self, shot: int, frames: int, pointer: str) -> Floats:
        """(frames,) of a number of a shot, without couplings."""
        given = self.direction.shots[shot]
        keys = given.curves.get(pointer)
        if keys:
            return keyed(keys, _shares(frames))
        return np.full(frames, number_at(given, pointer).base or 0.0)

    def now(self, pointer: str) -> float:
        """The number at the moment."""
        shot, start, end = self.here()
        return float(self.values(shot, end - start, pointer)[self.frame - start])

    def later(self, pointer: str) -> list[tuple[int, Floats]]:
        """(shot, values) of every shot from the moment on, from there to its end."""
        return [(k, self.values(k, end - start, pointer)[max(0, self.frame - start):])
                for k, start, end in self.cuts if end > self.frame]

    def passes(self, pointer: str, added: Sequence[tuple[float, float]]) -> None:
        """A number goes away from what it was and comes back, within the shot."""
        shot, start, end = self.here()
        was, low_high = self.values(shot, end - start, pointer), number_at(self.direction.shots[shot], pointer)
        first, last = self.frame - start, end - start - 1
        keys: dict[int, float] = {}
        for after_s, more in added:
            at = min(last, first + round(after_s * self.fps))
            keys[at] = float(np.clip(was[at] + more, low_high.low, low_high.high))
        if last - first < 2:
            # Hardly a frame is left of the shot: the loudest of it.
            keys = {last: float(np.clip(was[last] + max(more for _, more in added), low_high.low, low_high.high))}
        done = max(keys)
        old = self.direction.shots[shot].curves.get(pointer) or ()
        us = _shares(end - start)
        self._write(shot, pointer, was, first, keys, [[u, v] for u, v in old if u > us[done]])

    def jolts(self) -> None:
        """The camera is jolted, less the longer its lens; its own curves go on beneath."""
        shot, start, end = self.here()
        camera, first = self.direction.shots[shot].camera, self.frame - start
        size = float(np.clip(JOLT_MM / camera.lens_mm, 0.3, 1.2))
        us, last = _shares(end - start), min(end - start - 1, first + round(JOLT_S * self.fps))
        old = camera.curves.get("roll_deg") or ()
        was = keyed(old, us) if old else np.zeros(len(us))
        after_s = np.arange(last - first + 1) / self.fps
        swing = size * JOLT_DEG * np.exp(-after_s / 0.26) * np.cos(2 * np.pi * JOLT_HZ * after_s)
        swing[-1] = 0.0 if last > first + 2 else swing[-1]
        keys = {first + n: float(was[first + n] + value) for n, value in enumerate(swing)}
        self._write(shot, "roll_deg", was, first, keys, [[u, v] for u, v in old if u > us[last]])

    def put_back(self, shot: int, pointer: str) -> None:
        """The curve of a shot as it was."""
        curves, old = self.document["shots"][shot]["curves"], self.direction.shots[shot].curves.get(pointer)
        curves.pop(pointer, None)
        if old is not None:
            curves[pointer] = [list(key) for key in old]

    def lasts(self, pointer: str, way: Callable[[float], float], over_s: float) -> None:
        """A number becomes another one and stays so, to the end of the film."""
        for k, start, end in self.cuts:
            if end <= self.frame:
                continue
            was = self.values(k, end - start, pointer)
            if start > self.frame:
                if any(way(float(value)) != float(value) for value in was):
                    _put(self.document["shots"][k], pointer, way(float(was[0])))
                    self.document["shots"][k]["curves"].pop(pointer, None)
                continue
            first, last = self.frame - start, end - start - 1
            done = min(last, first + max(1, round(over_s * self.fps)))
            if any(way(float(value)) != float(value) for value in was[first:]):
                # At a cut as within a shot it comes on gradually.
                begun = {} if first else {0: float(was[0])}
                self._write(k, pointer, was, first, begun | {done: way(float(was[first]))}, [])

    def patch(self) -> Patch:
        return list(jsonpatch.make_patch(self.direction.model_dump(mode="json"), self.document))

    def _write(self, shot: int, pointer: str, was: Floats, first: int, keys: dict[int, float],
               rest: list[list[float]]) -> None:
        """A curve that is `was` before frame `first` and runs through `keys` (by frame) from there on. pointer: into
        the shot, or the name of one of its camera's curves."""
        us = _shares(len(was))
        before = [k for k in range(first) if k in (0, first - 1) or not was[k - 1] == was[k] == was[k + 1]]
        curve = [[float(us[k]), float(was[k])] for k in before]
        curve += [[float(us[k]), round(value, 4)] for k, value in sorted(keys.items())]
        given = self.document["shots"][shot]
        (given if pointer.startswith("/") else given["camera"])["curves"][pointer] = curve + rest


def dropped(direction: Direction, what: str, at_s: float, text: str = "") -> Edit:
    """The edit that drops `what` (a key of DROPS) at a moment; text: the words of a title.

    Raises Unusable for what is not known, for a moment outside the film and where it would change nothing.
    """
    if what not in DROPS:
        raise Unusable("That cannot be dropped into a film.")
    if not 0.0 <= at_s <= direction.duration_s:
        raise Unusable(f"{told_s(at_s)} lies outside the film.")
    if what == "cut":
        return cut_here(direction, at_s)
    film, when = Film(direction, at_s), told_s(at_s)
    if what == "title":
        return _title(film, text, when)
    _WORK[what](film, when)
    patch = film.patch()
    if not patch:
        raise Unusable(f"That would change nothing at {when}.")
    return Edit(patch, f"{DROPS[what][1]} at {when}")


def _flash(film: Film, when: str) -> None:
    film.passes("/world/light/exposure_ev", FLASH)


def _shake(film: Film, when: str) -> None:
    film.passes("/camera/shake", SHAKE)
    shot, start, _ = film.here()
    edited = apply_patch(film.direction, film.patch(), reason="")
    if film.frame > start and not np.array_equal(first_row(edited, shot), first_row(film.direction, shot)):
        # A camera that would bump its head stands elsewhere from the start; then it only rolls.
        film.put_back(shot, "/camera/shake")
    film.jolts()


def _rain(film: Film, when: str) -> None:
    if film.now("/world/weather/rain") > RAIN - 0.1:
        raise Unusable(f"It rains at {when} already.")
    film.lasts("/world/weather/rain", lambda was: max(was, RAIN), 1.2)
    film.lasts("/world/weather/cloud", lambda was: max(was, CLOUD), 2.0)


def _dry(film: Film, when: str) -> None:
    names = ("/world/weather/rain", "/world/weather/storm")
    if all(values.max() <= DRY for name in names for _, values in film.later(name)):
        raise Unusable(f"It does not rain from {when} on.")
    for name in names:
        film.lasts(name, lambda was: 0.0, 1.5)


def _night(film: Film, when: str) -> None:
    if not DAY_H[0] < film.now("/world/light/time_h") % 24.0 < DAY_H[1]:
        raise Unusable(f"It is night at {when} already.")
    film.lasts("/world/light/time_h", lambda was: NIGHT_H, 3.0)


def _title(film: Film, text: str, when: str) -> Edit:
    if len(text) > LONGEST:
        raise Unusable(f"A title holds up to {LONGEST} letters.")
    said = check(text)
    shot, start, end = film.here()
    left_s = (end - film.frame) / film.fps
    if left_s < LEAST_TITLE_S:
        raise Unusable(f"Only {told_s(left_s)} of the shot are left for words; take an earlier moment.")
    stays_s = min(MOST_S, max(TITLE_S, 1.2 + LETTER_S * len(said)), left_s)
    begin = (film.frame - start) / (end - start)
    value = {"text": said, "kind": "title", "shot": film.direction.shots[shot].id, "start": round(begin, 4),
             "end": round(min(1.0, begin + stays_s * film.fps / (end - start)), 4)}
    short = said if len(said) <= 40 else f"{said[:39]}…"
    return Edit([{"op": "add", "path": "/titles/-", "value": value}], f"title “{short}” at {when}")


def _shares(frames: int) -> Floats:
    # As the unrolling divides a shot.
    return np.linspace(0.0, 1.0, frames) if frames > 1 else np.zeros(1)


def _put(shot: dict[str, Any], pointer: str, value: float) -> None:
    *path, name = pointer.strip("/").split("/")
    at: Any = shot
    for part in path:
        at = at[part]
    at[name] = value


# What it is called where it is chosen, and in a reason.
DROPS = {"flash": ("Flash of lightning", "flash of lightning"), "rain": ("Rain begins", "rain begins"),
         "dry": ("Rain ends", "rain ends"), "night": ("Night falls", "night falls"), "cut": ("Cut here", "cut"),
         "shake": ("Camera shake", "the camera shakes"), "title": ("Title…", "title")}
_WORK: dict[str, Callable[[Film, str], None]] = {"flash": _flash, "rain": _rain, "dry": _dry, "night": _night,
                                                 "shake": _shake}

__all__ = ["DROPS", "Film", "dropped"]
