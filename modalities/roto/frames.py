"""A film's whole frames, one after another, at an even rate, upright, in constant memory."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from threading import Event as Flag

import av
import cv2
import numpy as np
from av.error import FFmpegError
from av.video.frame import VideoFrame
from av.video.stream import VideoStream
from numpy.typing import NDArray

from modalities.faults import Stopped, Unusable
from modalities.media import check_file

Picture = NDArray[np.uint8]
ACCEPTED = "an MP4, MOV, MKV or WebM film"
LEAST_PX, MOST_PX = 16, 8192
RATES = (1, 120)
WORK_PX = 384
STOPPED = "The run was stopped; nothing of this take was kept."


@dataclass(frozen=True)
class Clip:
    """A film that can be read. size_px: upright (width, height). rate: frames a second. frames: how many are expected,
    at least 1; the real number is known at the end only."""

    path: Path
    size_px: tuple[int, int]
    rate: Fraction
    frames: int
    has_sound: bool

    @property
    def duration_s(self) -> float:
        return float(self.frames / self.rate)

    @property
    def work_px(self) -> tuple[int, int]:
        """The size in which the subject is followed: at most 384 px on the longer side."""
        scale = min(1.0, WORK_PX / max(self.size_px))
        return max(LEAST_PX, round(self.size_px[0] * scale)), max(LEAST_PX, round(self.size_px[1] * scale))


def look_at_film(path: Path) -> Clip:
    """What kind of film it is. Raises Unusable with one sentence where no picture of it can be read."""
    check_film(path)
    try:
        with av.open(str(path), metadata_errors="ignore") as container:
            if not container.streams.video:
                raise Unusable(f"{path} holds no moving picture; expected {ACCEPTED}.")
            stream = container.streams.video[0]
            first = next(iter(container.decode(stream)), None)
            if first is None:
                raise Unusable(f"{path} holds no picture that can be decoded; expected {ACCEPTED}.")
            high, wide = _upright(first).shape[:2]
            rate = Fraction(stream.average_rate or stream.guessed_rate or 24).limit_denominator(1001)
            rate = rate if RATES[0] <= rate <= RATES[1] else Fraction(24)
            whole_s = float(stream.duration * stream.time_base) if stream.duration and stream.time_base else \
                float(container.duration or 0) / 1e6
            count = max(1, round(whole_s * rate)) if whole_s > 0 else max(1, int(stream.frames or 1))
            sound = bool(container.streams.audio)
    except Unusable:
        raise
    except (FFmpegError, OSError, ValueError, MemoryError) as fault:
        raise Unusable(f"{path} is not a film that can be read ({type(fault).__name__}); expected {ACCEPTED}."
                       ) from None
    if min(wide, high) < LEAST_PX or max(wide, high) > MOST_PX:
        raise Unusable(f"{path} has {wide} x {high} pixels; sides from {LEAST_PX} to {MOST_PX} are read.")
    return Clip(path, (wide, high), rate, count, sound)


def check_film(path: Path) -> None:
    """Raises Unusable where there is no file that could be a film."""
    try:
        check_file(path)
    except Unusable as fault:
        raise Unusable(str(fault).replace("wav, flac, ogg, mp3, m4a, opus or aiff, or a film with sound", ACCEPTED)
                       ) from None


def frames_of(clip: Clip, stop: Flag, rate: Fraction | None = None) -> Iterator[Picture]:
    """The film's frames (H, W, 3) uint8 sRGB at an even `rate` (its own by default), at least one.

    A film whose frames come unevenly is shown as a player would show it. A film that breaks off ends there. Raises
    Unusable where nothing can be decoded and Stopped when `stop` is set.
    """
    rate = rate or clip.rate
    held: Picture | None = None
    count, first_s, held_s = 0, 0.0, 0.0
    step_s = float(1 / rate)
    try:
        with av.open(str(clip.path), metadata_errors="ignore") as container:
            stream: VideoStream = container.streams.video[0]
            stream.thread_type = "AUTO"
            for frame in container.decode(stream):
                if stop.is_set():
                    raise Stopped(STOPPED)
                own_s = float(frame.time) if frame.pts is not None else first_s + held_s + float(1 / clip.rate)
                if held is None:
                    first_s = own_s
                at_s = own_s - first_s
                # Half a step early is on time: clocks of containers are coarse.
                while held is not None and count * step_s < at_s - 0.5 * step_s:
                    yield held
                    count += 1
                    if stop.is_set():
                        raise Stopped(STOPPED)
                picture = _upright(frame)
                if picture.shape[1::-1] != clip.size_px:
                    picture = np.asarray(cv2.resize(picture, clip.size_px, interpolation=cv2.INTER_AREA), np.uint8)
                held, held_s = picture, at_s
    except (FFmpegError, OSError, ValueError, MemoryError) as fault:
        if held is None:
            raise Unusable(f"{clip.path} holds no picture that can be decoded ({type(fault).__name__}); "
                           f"expected {ACCEPTED}.") from None
    if held is None:
        raise Unusable(f"{clip.path} holds no picture that can be decoded; expected {ACCEPTED}.")
    while count * step_s < held_s + 0.5 * step_s:
        yield held
        count += 1


def _upright(frame: VideoFrame) -> Picture:
    """(H, W, 3), turned as its metadata asks."""
    rgb = frame.to_ndarray(format="rgb24")
    return np.ascontiguousarray(np.rot90(rgb, round(frame.rotation / 90.0) % 4), np.uint8)
