"""What a hand does on the stage: a cut dragged, a handle moved, something dropped, a rhythm tapped. Each is one patch
and one new take, with its reason in words. Whatever a page sends is checked. No gradio here."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any

from agent.direction import Direction
from agent.edits import apply_patch
from modalities.faults import Unusable
from ui_gen.desk import BUSY, Desk
from ui_gen.stage_cuts import Edit, moved_cut, on_beat
from ui_gen.stage_drops import DROPS, dropped
from ui_gen.stage_handles import MOST_HIGH, NAMES, Stills, first_row, moved_handle, standing
from ui_gen.stage_taps import LEAST_TAPS, MOST_TAPS, in_tempo, offered, on_taps

Given = Mapping[str, Any]
ODD = "That did not arrive whole; try it again."
KEPT = 64


def edited(desk: Desk, direction: Direction, take: str, edit: Edit) -> None:
    """A new take of an edit, which has to fit its Direction. Raises Unusable."""
    apply_patch(direction, edit.patch, reason=edit.why)
    if desk.work() is not None:
        raise Unusable(BUSY)
    desk.change(take, edit.patch, edit.why)


def move_cut(desk: Desk, given: Given) -> None:
    """{"take", "cut": from 1, "at": seconds, "free": whether off the beat}."""
    take, direction = _film(desk, given)
    edited(desk, direction, take, moved_cut(direction, _whole(given, "cut"), _moment(direction, given),
                                            given.get("free") is True))


def move_handle(desk: Desk, given: Given) -> None:
    """{"take", "shot", "name": one of NAMES, "at": [x, y], "high": share or none}."""
    take, direction = _film(desk, given)
    edited(desk, direction, take, _handle(direction, given))


def drop(desk: Desk, given: Given) -> None:
    """{"take", "what": a key of DROPS, "at": seconds, "free": whether off the beat, "text": of a title}."""
    take, direction = _film(desk, given)
    what, at_s = str(given.get("what", ""))[:12], _moment(direction, given)
    if given.get("free") is not True:
        at_s = on_beat(direction, at_s, 0.0, direction.duration_s - 1 / direction.grid.fps)
    edited(desk, direction, take, dropped(direction, what, at_s, str(given.get("text") or "")[:1000].strip()))


def use_taps(desk: Desk, given: Given) -> None:
    """{"take", "taps": seconds of the film, "way": "cuts" or "tempo"}."""
    take, direction = _film(desk, given)
    work = {"cuts": on_taps, "tempo": in_tempo}.get(str(given.get("way", ""))[:8])
    if work is None:
        raise Unusable(ODD)
    edited(desk, direction, take, work(direction, _taps(given)))


class Stage:
    """What the page's script asks for while a hand is on the stage; every answer is plain data."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._stills = Stills()
        self._seen: dict[tuple[str, int], dict[str, Any]] = {}

    def standing(self, given: Any) -> dict[str, Any]:
        """{"take", "shot"}: where the handles of a shot stand, or {"fault": why not}."""
        return _told(lambda: self._standing(_mapping(given)))

    def still(self, given: Any) -> dict[str, Any]:
        """As `move_handle`: what it would make of the shot's first frame, {"standing", "still"}; {"busy": true} while
        another is drawn or a film is made; or {"fault": why not}."""
        return _told(lambda: self._still(_mapping(given)))

    def taps(self, given: Any) -> dict[str, Any]:
        """{"take", "taps"}: what they could do, or {"fault": why nothing}."""
        return _told(lambda: offered(_film(self._desk, _mapping(given))[1], _taps(_mapping(given))))

    def _standing(self, given: Given) -> dict[str, Any]:
        take, direction = _film(self._desk, given)
        key = take, _shot(direction, given)
        if key not in self._seen:
            if len(self._seen) >= KEPT:
                self._seen.pop(next(iter(self._seen)), None)
            self._seen[key] = standing(direction, key[1], first_row(direction, key[1])).as_json()
        return self._seen[key]

    def _still(self, given: Given) -> dict[str, Any]:
        if self._desk.work() is not None:
            return {"busy": True}
        _, direction = _film(self._desk, given)
        found = self._stills.still(direction, _shot(direction, given), _handle(direction, given))
        return {"busy": True} if found is None else {"standing": found[0].as_json(), "still": found[1]}


def _told(work: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    try:
        return work()
    except Unusable as fault:
        return {"fault": str(fault)}


def _mapping(given: Any) -> Given:
    return given if isinstance(given, Mapping) else {}


def _film(desk: Desk, given: Given) -> tuple[str, Direction]:
    take = str(given.get("take", ""))[:12]
    if take not in desk.takes():
        raise Unusable("That take is not there any more.")
    return take, desk.studio.load(take)[1]


def _handle(direction: Direction, given: Given) -> Edit:
    name, at = str(given.get("name", ""))[:12], given.get("at")
    if name not in NAMES or not isinstance(at, list) or len(at) != 2:
        raise Unusable(ODD)
    x, y = (_number(value, -1.0, 2.0) for value in at)
    high = None if given.get("high") is None else _number(given.get("high"), 0.0, MOST_HIGH + 1.0)
    return moved_handle(direction, _shot(direction, given), name, (x, y), high)


def _shot(direction: Direction, given: Given) -> int:
    shot = _whole(given, "shot")
    if not 0 <= shot < len(direction.shots):
        raise Unusable("That shot is not in the film.")
    return shot


def _moment(direction: Direction, given: Given) -> float:
    return _number(given.get("at"), 0.0, direction.duration_s + 1.0)


def _taps(given: Given) -> list[float]:
    taps = given.get("taps")
    if not isinstance(taps, list):
        raise Unusable(ODD)
    if len(taps) > MOST_TAPS:
        raise Unusable(f"That are {len(taps)} taps; up to {MOST_TAPS} are read.")
    if len(taps) < LEAST_TAPS:
        raise Unusable(f"Tap at least {LEAST_TAPS} times.")
    return sorted(_number(tap, -60.0, 4 * 3600.0) for tap in taps)


def _whole(given: Given, name: str) -> int:
    value = given.get(name)
    if not isinstance(value, int) or isinstance(value, bool):
        raise Unusable(ODD)
    return value


def _number(value: Any, low: float, high: float) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise Unusable(ODD)
    return float(min(max(value, low), high))


STAGE_ACTS: dict[str, Callable[[Desk, Given], None]] = {
    "cut": move_cut, "handle": move_handle, "drop": drop, "taps": use_taps}

__all__ = ["DROPS", "STAGE_ACTS", "Stage"]
