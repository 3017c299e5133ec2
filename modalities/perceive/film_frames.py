"""Films as a stream of small pictures: any container, in constant memory, about twelve looks a second.

Every frame is decoded; most are only compared with the one before, as a thumbnail, so that a cut can be placed on its
exact frame. Rotation and the shape of pixels are undone. What cannot be read gives one clear sentence.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from threading import Event as Flag

import av
import cv2
import numpy as np
from av.container import InputContainer
from av.error import InvalidDataError
from av.stream import Disposition
from av.video.frame import VideoFrame
from av.video.reformatter import Interpolation, VideoReformatter
from av.video.stream import VideoStream
from numpy.typing import NDArray

from modalities.cues import CURVE_HZ
from modalities.faults import Stopped, Unusable

Grey = NDArray[np.uint8]
ACCEPTED = "an MP4, MOV, MKV, WebM, AVI or GIF film"
LONG_PX, GREY_PX, THUMB_PX = 320, 192, (64, 36)
LARGEST_BYTES = 64 << 30
GAP_S = 20.0
IDLE_PACKETS = 4000
STEPS_KEPT = 5000
BLOCK_PX, BLOCK_ROWS, BLOCK_MATTERS_PX = 8, 96, 3.0
PROTECTED = {"encv", "drmi", "enca", "p608"}


@dataclass(frozen=True)
class Moment:
    """One look at the film. time_s: when the picture begins to be shown, from the film's start. rgb: uint8 (H, W, 3),
    upright, with square pixels, at most 320 px on its longer side. grey: uint8 (h, w), at most 192. jump_s: the time of
    the frame, since the last look, that differs most from the one before it. share: of the file that has been read.
    blocks: how blocky hard compression has left the picture as grey shows it, 0 (not at all) to about 0.7; from 0.15 on
    details stay with the screen rather than with what is shown."""

    time_s: float
    rgb: Grey
    grey: Grey
    jump_s: float
    share: float
    blocks: float = 0.0


@dataclass
class Reading:
    """What is known of the file; filled in while it is read. size_px is upright, with square pixels."""

    size_px: tuple[int, int] = (0, 0)
    frames: int = 0
    duration_s: float = 0.0
    fps: float = 0.0
    has_sound: bool = False
    notes: list[str] | None = None


def moments(path: Path, reading: Reading, stop: Flag) -> Iterator[Moment]:
    """The film's looks in order, at least one, about CURVE_HZ a second and no more than it has frames.

    Raises Unusable with one sentence where no picture can be read, Stopped when `stop` is set.
    """
    reading.notes = []
    _check(path)
    try:
        container = av.open(str(path), metadata_errors="ignore")
    except Exception as fault:
        raise Unusable(f"{path} is not a film that can be read ({type(fault).__name__}); expected {ACCEPTED}."
                       ) from None
    with container:
        stream = _stream(path, container)
        reading.has_sound = bool(container.streams.audio)
        stream.thread_type = "AUTO"
        whole_s = float(container.duration or 0) / 1e6
        yield from _Looks(path, reading, stream, whole_s, stop).run(container)


def _check(path: Path) -> None:
    try:
        if not path.exists():
            raise Unusable(f"There is no file {path}.")
        if not path.is_file():
            raise Unusable(f"{path} is not a file.")
        size = path.stat().st_size
        if size == 0:
            raise Unusable(f"{path} is empty; expected {ACCEPTED}.")
        if size > LARGEST_BYTES:
            raise Unusable(f"{path} is {size >> 30} GiB; films up to {LARGEST_BYTES >> 30} GiB are read.")
        with path.open("rb") as file:
            file.read(1)
    except OSError as fault:
        raise Unusable(f"{path} cannot be read ({type(fault).__name__}).") from None


def _stream(path: Path, container: InputContainer) -> VideoStream:
    """The moving picture, not the cover of an album. Raises Unusable."""
    streams = [stream for stream in container.streams.video if not _is_cover(stream)]
    if not streams:
        raise Unusable(f"{path} holds no moving picture; expected {ACCEPTED}.")
    streams = [stream for stream in streams if stream.codec_context]
    if not streams:
        raise Unusable(f"{path} is a film that is protected against copying, or coded in a way that is not known here; "
                       f"expected {ACCEPTED}.")
    stream = max(streams, key=_area)
    tag = str(getattr(stream.codec_context, "codec_tag", "") or "")
    if tag.strip("\x00").lower() in PROTECTED:
        raise Unusable(f"{path} is protected against copying, so its pictures cannot be read; expected {ACCEPTED}.")
    return stream


def _area(stream: VideoStream) -> int:
    return int(stream.codec_context.width or 0) * int(stream.codec_context.height or 0)


def _is_cover(stream: VideoStream) -> bool:
    return bool(stream.disposition & Disposition.attached_pic)


class _Looks:
    """Frames in, looks out. Holds one frame at a time."""

    def __init__(self, path: Path, reading: Reading, stream: VideoStream, whole_s: float, stop: Flag) -> None:
        self._path, self._reading, self._stream, self._stop = path, reading, stream, stop
        self._whole_s = whole_s
        self._shrink = VideoReformatter()
        self._thumb: NDArray[np.float32] | None = None
        self._first_s: float | None = None
        self._late_s = 0.0
        self._last_s = -1.0
        self._steps: list[float] = []
        self._jump, self._jump_s = -1.0, 0.0
        self._next = 0
        self._held: tuple[float, VideoFrame] | None = None

    def run(self, container: InputContainer) -> Iterator[Moment]:
        reading, failed = self._reading, False
        notes = reading.notes if reading.notes is not None else []
        frames = self._frames(container)
        while True:
            try:
                frame = next(frames, None)
            except Stopped:
                raise
            except Exception as fault:  # decoders raise many kinds
                if self._held is None:
                    raise Unusable(f"{self._path} holds no picture that can be decoded ({type(fault).__name__}); "
                                   f"expected {ACCEPTED}.") from None
                failed = True
                break
            if frame is None:
                break
            yield from self._see(frame)
        if self._held is None:
            raise Unusable(f"{self._path} holds no picture that can be decoded; expected {ACCEPTED}.")
        step_s = float(np.median(self._steps)) if self._steps else 1.0 / 24.0
        reading.duration_s = self._last_s + step_s
        spread = np.abs(np.array(self._steps) - step_s).max() if self._steps else 0.0
        reading.fps = 0.0 if spread > 0.26 * step_s + 0.002 else round(1.0 / step_s, 3) if self._steps else 0.0
        if self._next == 0 or self._next < reading.duration_s * CURVE_HZ - 1e-6:
            yield self._look(*self._held)
        missing_s = self._whole_s - reading.duration_s
        if failed or (missing_s > 1.0 and missing_s > 0.05 * self._whole_s):
            notes.append(f"{self._path.name} breaks off; the {reading.duration_s:.1f} s that can be read are used.")

    def _frames(self, container: InputContainer) -> Iterator[VideoFrame]:
        """Every frame that can be decoded; damaged packets are passed over, up to a bound."""
        idle = faults = 0
        for packet in container.demux(self._stream):
            if self._stop.is_set():
                raise Stopped("The run was stopped; nothing of this take was kept.")
            try:
                frames = packet.decode()
            except InvalidDataError:
                faults += 1
                if faults > 200 and self._reading.frames < faults:
                    raise
                frames = []
            idle = 0 if frames else idle + 1
            if idle > IDLE_PACKETS:
                return
            yield from frames

    def _see(self, frame: VideoFrame) -> Iterator[Moment]:
        """A frame arrives: give the looks that fall before it."""
        at_s = self._clock(frame)
        if at_s <= self._last_s:
            return
        if self._last_s >= 0 and len(self._steps) < STEPS_KEPT:
            self._steps.append(at_s - self._last_s)
        self._last_s = at_s
        self._reading.frames += 1
        if self._held is not None and math.floor(at_s * CURVE_HZ - 1e-6) + 1 > self._next:
            # The next frame begins after a point of the grid, so the held one is what is shown there.
            yield self._look(*self._held)
            self._next = math.floor(at_s * CURVE_HZ - 1e-6) + 1
        thumb = _thumbnail(frame)
        if self._thumb is not None and self._thumb.shape == thumb.shape:
            change = float(np.abs(thumb - self._thumb).mean())
            if change > self._jump:
                self._jump, self._jump_s = change, at_s
        self._thumb = thumb
        self._held = (at_s, frame)

    def _clock(self, frame: VideoFrame) -> float:
        """Seconds from the film's start; frames without a time follow the one before, leaps are closed."""
        step_s = self._steps[-1] if self._steps else 1.0 / float(self._stream.average_rate or 24)
        if frame.pts is None:
            return self._last_s + step_s if self._last_s >= 0 else 0.0
        time_s = float(frame.time)
        if self._first_s is None:
            self._first_s = time_s
        at_s = time_s - self._first_s - self._late_s
        if self._last_s >= 0 and not -1.0 < at_s - self._last_s < GAP_S:
            self._late_s += at_s - self._last_s - step_s
            at_s = self._last_s + step_s
        return at_s

    def _look(self, at_s: float, frame: VideoFrame) -> Moment:
        aspect = float(self._stream.sample_aspect_ratio or 1) or 1.0
        aspect = aspect if 0.1 < aspect < 10.0 else 1.0
        wide, high = frame.width * aspect, float(frame.height)
        scale = min(1.0, LONG_PX / max(wide, high))
        size = max(16, round(wide * scale)), max(16, round(high * scale))
        small = self._shrink.reformat(frame, width=size[0], height=size[1], format="rgb24",
                                      interpolation=Interpolation.AREA if scale < 1 else Interpolation.BILINEAR)
        turns = round(frame.rotation / 90.0) % 4
        rgb = np.ascontiguousarray(np.rot90(small.to_ndarray(), turns))
        if self._reading.size_px == (0, 0):
            full = round(wide), frame.height
            self._reading.size_px = full if turns % 2 == 0 else (full[1], full[0])
            self._shape = rgb.shape
        elif rgb.shape != self._shape:  # the size changes on the way
            rgb = cv2.resize(rgb, (self._shape[1], self._shape[0]), interpolation=cv2.INTER_AREA)
        jump_s = self._jump_s if self._jump >= 0 else at_s
        self._jump = -1.0
        share = min(1.0, at_s / self._whole_s) if self._whole_s > 0 else 0.0
        grey = cv2.cvtColor(rgb, cv2.COLOR_RGB2GRAY)
        less = min(1.0, GREY_PX / max(grey.shape))
        if less < 1.0:
            size = max(8, round(grey.shape[1] * less)), max(8, round(grey.shape[0] * less))
            grey = cv2.resize(grey, size, interpolation=cv2.INTER_AREA)
        # Blocks much smaller than what is followed do not matter.
        counts = min(1.0, BLOCK_PX * GREY_PX / max(frame.width, frame.height) / BLOCK_MATTERS_PX)
        return Moment(at_s, np.asarray(rgb, np.uint8), np.asarray(grey, np.uint8), jump_s, share,
                      counts * _blocks(_luma(frame)) if frame.format.is_planar else 0.0)


def _luma(frame: VideoFrame) -> NDArray[np.uint8]:
    """(h, w or more) what is most like light in a frame: its first plane, 8 bits a sample."""
    plane = frame.planes[0]
    data = np.frombuffer(memoryview(plane), np.uint8)
    rows = data.reshape(-1, plane.line_size)[: frame.height] if plane.line_size * frame.height <= data.size else \
        data[: data.size // plane.line_size * plane.line_size].reshape(-1, plane.line_size)
    if frame.format.components[0].bits > 8:  # the high bytes of little-endian samples
        rows = rows[:, 1:: 2]
    return rows[:, : frame.width * (1 if frame.format.is_planar else 3)]


def _thumbnail(frame: VideoFrame) -> NDArray[np.float32]:
    """(36, 64) float32 of what is most like light in a frame, for telling one frame from the next; cheap."""
    step = max(1, frame.height // 144)
    part = np.ascontiguousarray(_luma(frame)[::step, ::step])
    return np.asarray(cv2.resize(part, THUMB_PX, interpolation=cv2.INTER_AREA), np.float32)


def _blocks(luma: NDArray[np.uint8]) -> float:
    """By how much steps between columns stand out on the grid of coded blocks, more than half way between its lines
    (where drawn pixels show as well), as a share of the mean step."""
    part = luma[:: max(1, luma.shape[0] // BLOCK_ROWS)].astype(np.int16)
    if part.shape[1] < 4 * BLOCK_PX:
        return 0.0
    step = np.abs(np.diff(part, axis=1)).mean(0)
    out = step[1:-1] - 0.5 * (step[2:] + step[:-2])
    on, between = (float(out[start:: BLOCK_PX].mean()) for start in (BLOCK_PX - 2, BLOCK_PX // 2 - 2))
    return max(0.0, on - max(0.0, between)) / (float(step.mean()) + 0.05)
