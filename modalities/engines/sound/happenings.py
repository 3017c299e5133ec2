"""What happens in a film that can be heard: bodies that hit something, things that rush past, flashes of light.

From dense optical flow (Kroeger et al. 2016, "Fast Optical Flow using Dense Inverse Search") of small pictures: the
camera's own motion is taken off (a robust affine fit), what is left moves by itself. A sudden turn or stop of it is an
impact, a peak of fast motion across much of the picture a whoosh, a sudden flash lightning. Cuts are none of these.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from threading import Event as Flag
from typing import Any

import numpy as np
from numpy.typing import NDArray

from modalities.engines.sound.large_music import STOPPED
from modalities.faults import Stopped, Unusable
from world_model.state import Event

F64 = NDArray[np.float64]
Grey = NDArray[np.uint8]
SIDE_PX = 160
# In picture widths a second: from where motion counts, and how much of it must be gone (or turned) within a frame.
MOVING, TURNED = 0.08, 0.55
RUSHING = 0.9
# Of the picture: what moves by itself is at least, and for a whoosh at least.
LEAST_AREA, WIDE_AREA = 0.0012, 0.12
FLASH = 0.14
CUT = 0.32
# Two events of a kind are further apart than this.
APART_S = {"impact": 0.12, "whoosh": 0.6, "thunder": 1.0}


@dataclass(frozen=True)
class Happenings:
    events: tuple[Event, ...]
    duration_s: float
    fps: float
    size_px: tuple[int, int]


@dataclass(frozen=True)
class _Step:
    """From one frame to the next. flow: mean (right, down) of what moves by itself, in widths a second; area: its share
    of the picture; at: its middle, in widths from the picture's; light: mean lightness [0, 1]; cut: a new shot."""

    time_s: float
    flow: tuple[float, float]
    area: float
    at: tuple[float, float]
    light: float
    cut: bool


def seen(path: Path, stop: Flag, tell: Callable[[float], None] = lambda _: None) -> Happenings:
    """The events of a film, strength [0, 1], where they are seen, 8 m before a camera at the origin. Raises Unusable,
    Stopped."""
    frames = _Frames(path, stop, tell)
    steps = list(_steps(frames))
    hits = _impacts(steps)
    # What hits something was fast just before: that is one sound, not two.
    rushes = [one for one in _rushes(steps) if all(abs(one.time_s - hit.time_s) > APART_S["whoosh"] for hit in hits)]
    events = sorted((*hits, *rushes, *_flashes(steps)), key=lambda one: one.time_s)
    return Happenings(tuple(events), frames.duration_s, frames.fps, frames.size_px)


def _steps(frames: _Frames) -> Iterator[_Step]:
    import cv2

    vision: Any = cv2
    finder = vision.DISOpticalFlow_create(vision.DISOPTICAL_FLOW_PRESET_FAST)
    last: tuple[float, Grey] | None = None
    for time_s, grey in frames:
        if last is not None:
            before_s, before = last
            apart = float(np.abs(np.sort(grey, None)[::64].astype(int) - np.sort(before, None)[::64]).mean()) / 255
            changed = float((np.abs(grey.astype(int) - before) > 40).mean())
            light = float(grey.mean()) / 255
            cut = (changed > CUT and apart < FLASH / 2) or (changed > 0.75 and apart < 2 * FLASH)
            per_s = 1.0 / max(1e-3, time_s - before_s) / grey.shape[1]
            flow = np.zeros((*grey.shape, 2)) if cut else np.asarray(finder.calc(before, grey, None), np.float64)
            own, area, at = _own(flow, per_s)
            yield _Step(time_s, own, area, at, light, cut)
        last = time_s, grey


def _own(flow: F64, per_s: float) -> tuple[tuple[float, float], float, tuple[float, float]]:
    """What moves beside the camera's own motion: a plane through the flow, fitted thrice without what is far off."""
    height, width = flow.shape[:2]
    y, x = np.mgrid[0:height, 0:width]
    rows = np.stack([np.ones(height * width), x.ravel() / width, y.ravel() / width], 1)[::7]
    values = flow.reshape(-1, 2)
    keep = np.ones(len(rows), bool)
    plane = np.zeros((3, 2))
    for _ in range(3):
        plane = np.linalg.lstsq(rows[keep], values[::7][keep], rcond=None)[0]
        off = np.linalg.norm(values[::7] - rows @ plane, axis=1)
        keep = off <= max(0.15, 2.0 * float(np.median(off)))
    whole = np.stack([np.ones(height * width), x.ravel() / width, y.ravel() / width], 1)
    rest = (values - whole @ plane) * per_s
    speed = np.linalg.norm(rest, axis=1)
    moving = speed > MOVING
    area = float(moving.mean())
    if area < LEAST_AREA:
        return (0.0, 0.0), 0.0, (0.0, 0.0)
    # The fastest part tells where a thing goes; its slow rim is the flow's own blur.
    fast = moving & (speed >= 0.6 * float(np.quantile(speed[moving], 0.9)))
    mean = rest[fast].mean(0)
    across, down = x.ravel()[fast] / width - 0.5, (y.ravel()[fast] - 0.5 * height) / width
    return (float(mean[0]), float(mean[1])), area, (float(across.mean()), float(down.mean()))


def _impacts(steps: list[_Step]) -> list[Event]:
    """A fast thing whose motion turns or ends from one step to the next; the moment lies between them."""
    found: list[Event] = []
    for before, after in pairwise(steps):
        came, goes = np.array(before.flow), np.array(after.flow)
        speed = float(np.linalg.norm(came))
        if before.cut or after.cut or speed < 2.0 * MOVING or before.area > 0.6:
            continue
        # What it lost along the way that it came: all of it in a stop, twice that in a bounce.
        lost = (speed - float(goes @ came) / speed) / speed
        if lost < TURNED or not _steady(steps, before):
            continue
        found.append(_event("impact", before.time_s, min(1.0, 0.35 + 0.5 * speed), before.at))
    return _thinned(found, "impact")


def _steady(steps: list[_Step], before: _Step) -> bool:
    """Whether it had moved that way for a while: what flickers hits nothing."""
    number = steps.index(before)
    earlier = steps[max(0, number - 2):number]
    came = np.array(before.flow)
    return len(earlier) > 0 and all(float(np.array(one.flow) @ came) > 0 for one in earlier)


def _rushes(steps: list[_Step]) -> list[Event]:
    speeds = np.array([float(np.hypot(*one.flow)) if one.area >= WIDE_AREA and not one.cut else 0.0 for one in steps])
    found = [_event("whoosh", steps[k].time_s, min(1.0, 0.3 + 0.3 * float(speeds[k])), steps[k].at)
             for k in range(1, len(steps) - 1)
             if speeds[k] > RUSHING and speeds[k] >= speeds[k - 1] and speeds[k] > speeds[k + 1]]
    return _thinned(found, "whoosh")


def _flashes(steps: list[_Step]) -> list[Event]:
    found = [Event(after.time_s, "thunder", min(1.0, 2.0 * (after.light - before.light) + 0.3))
             for before, after in pairwise(steps)
             if not after.cut and after.light - before.light > FLASH and _darkens(steps, after)]
    return _thinned(found, "thunder")


def _darkens(steps: list[_Step], flash: _Step) -> bool:
    """A flash is over within half a second; a light that stays on is none."""
    later = [one.light for one in steps if flash.time_s < one.time_s <= flash.time_s + 0.5]
    return bool(later) and min(later) < flash.light - 0.6 * FLASH


def _event(kind: str, time_s: float, strength: float, at: tuple[float, float]) -> Event:
    return Event(time_s, kind, strength, (8.0 * at[0], -8.0 * at[1], 8.0))


def _thinned(events: list[Event], kind: str) -> list[Event]:
    """The strongest first; none within APART_S of a stronger one."""
    kept: list[Event] = []
    for one in sorted(events, key=lambda event: -event.strength):
        if all(abs(one.time_s - other.time_s) >= APART_S[kind] for other in kept):
            kept.append(one)
    return kept


class _Frames:
    """(time in seconds, (h, w) uint8) of every frame, small; what is known of the film is there when it was read."""

    def __init__(self, path: Path, stop: Flag, tell: Callable[[float], None]) -> None:
        self._path, self._stop, self._tell = path, stop, tell
        self.duration_s, self.fps = 0.0, 24.0
        self.size_px = (0, 0)

    def __iter__(self) -> Iterator[tuple[float, Grey]]:
        import av

        from modalities.media import check_file

        check_file(self._path)
        try:
            container = av.open(str(self._path), metadata_errors="ignore")
        except Exception as fault:
            raise Unusable(f"{self._path} is not a film that can be read ({type(fault).__name__}).") from None
        with container:
            if not container.streams.video:
                raise Unusable(f"{self._path} holds no pictures; expected a film.")
            stream = container.streams.video[0]
            self.fps = float(stream.average_rate or 24)
            whole_s = float(container.duration or 0) / 1e6
            try:
                yield from self._decoded(container.decode(stream), whole_s)
            except (Stopped, Unusable):
                raise
            except Exception as fault:
                # A film that breaks off is heard as far as it can be seen.
                if not self.duration_s:
                    raise Unusable(f"{self._path} is not a film that can be read ({type(fault).__name__}).") from None
        if not self.duration_s:
            raise Unusable(f"{self._path} holds no pictures; expected a film.")

    def _decoded(self, decoded: Any, whole_s: float) -> Iterator[tuple[float, Grey]]:
        first: float | None = None
        for number, frame in enumerate(decoded):
            if self._stop.is_set():
                raise Stopped(STOPPED)
            time_s = number / self.fps if frame.time is None else float(frame.time)
            first = time_s if first is None else first
            self.size_px = (frame.width, frame.height)
            self.duration_s = time_s - first + 1.0 / self.fps
            width = max(16, min(SIDE_PX, frame.width))
            height = max(16, round(width * frame.height / frame.width))
            small = frame.reformat(width=width, height=height, format="gray")
            self._tell(min(1.0, self.duration_s / whole_s) if whole_s else 0.0)
            yield time_s - first, small.to_ndarray()
