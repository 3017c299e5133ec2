"""Film out: frames and sound streamed into one MP4 (H.264 yuv420p, AAC, faststart) by PyAV.

Frames are encoded as they come, or come encoded in pieces that stand alone (`Coder`, modalities.segments).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from types import TracebackType

import av
import numpy as np
from av.audio.stream import AudioStream
from av.codec.context import Flags
from av.video.codeccontext import VideoCodecContext
from av.video.stream import VideoStream
from numpy.typing import NDArray

Fetch = Callable[[int, int], NDArray[np.float32]]
AUDIO_BLOCK = 1024
# The same frames give the same bytes.
ENCODING = {"preset": "veryfast", "crf": "18", "threads": "2", "colorprim": "bt709", "transfer": "bt709",
            "colormatrix": "bt709",
            # x264's macroblock tree gives other bytes now and then (measured with PyAV 18.1.0, also on one thread): in
            # one run of twenty with sides that are no multiple of 16, in one of ninety with others, on a busy machine.
            "x264-params": "mbtree=0"}
# Frames that x264 looks ahead before it gives the first: every packet is decoded so much before it may be shown.
REORDERED = 2


@dataclass(frozen=True)
class Coded:
    """One packet of H.264. frame: which frame of its piece it is; key: whether decoding can start here."""

    data: bytes
    frame: int
    key: bool


def even_size(size_px: tuple[int, int]) -> tuple[int, int]:
    """The next size up with even sides: 4:2:0 video stores colour for 2 x 2 pixels."""
    return size_px[0] + size_px[0] % 2, size_px[1] + size_px[1] % 2


class Coder:
    """Encodes one piece: closed groups of pictures that depend on these frames alone, byte for byte."""

    def __init__(self, size_px: tuple[int, int], fps: int) -> None:
        codec = av.CodecContext.create("libx264", "w")
        assert isinstance(codec, VideoCodecContext)
        _configure(codec, size_px, fps)
        codec.framerate = Fraction(fps, 1)
        codec.options = dict(ENCODING)
        # Parameter sets go into the film's header once, not before every piece.
        codec.flags |= Flags.global_header
        self._codec, self._fps, self._frame = codec, fps, 0
        self._packets: list[Coded] = []

    def add(self, rgb: NDArray[np.uint8]) -> None:
        """The next frame, uint8 (height, width, 3) sRGB."""
        self._keep(self._codec.encode(_frame(rgb, self._frame, self._fps)))
        self._frame += 1

    def finish(self) -> tuple[tuple[Coded, ...], bytes]:
        """All packets in the order of decoding, and the parameter sets they need."""
        self._keep(self._codec.encode(None))
        return tuple(self._packets), bytes(self._codec.extradata or b"")

    def _keep(self, packets: Iterable[av.Packet]) -> None:
        self._packets += [Coded(bytes(packet), int(packet.pts or 0), bool(packet.is_keyframe)) for packet in packets]


class FilmWriter:
    """Writes frames in order, and just as much sound beside each, so memory stays flat at any length.

    fetch(start, count) gives (n, 2) float32 samples in [-1, 1]; sample_count is the whole length. Use as a context
    manager; on an exception the half-written file is left to the caller's private folder.
    """

    def __init__(self, path: Path, size_px: tuple[int, int], fps: int, sample_rate_hz: int, sample_count: int,
                 fetch: Fetch) -> None:
        self._container = av.open(str(path), "w", options={"movflags": "+faststart"})
        video = self._container.add_stream("libx264", rate=fps, options=dict(ENCODING))
        assert isinstance(video, VideoStream)
        _configure(video.codec_context, size_px, fps)
        audio = self._container.add_stream("aac", rate=sample_rate_hz, layout="stereo", options={"b": "224k"})
        assert isinstance(audio, AudioStream)
        self._video, self._audio = video, audio
        self._fps, self._rate, self._count, self._fetch = fps, sample_rate_hz, sample_count, fetch
        self._frame, self._sample = 0, 0

    def __enter__(self) -> FilmWriter:
        return self

    def __exit__(self, kind: type[BaseException] | None, fault: BaseException | None,
                 trace: TracebackType | None) -> None:
        try:
            if kind is None:
                self._sound_until(self._count)
                self._container.mux(self._audio.encode(None))
                self._container.mux(self._video.encode(None))
        finally:
            self._container.close()

    def add(self, rgb: NDArray[np.uint8]) -> None:
        """The next frame, uint8 (height, width, 3) sRGB."""
        self._container.mux(self._video.encode(_frame(rgb, self._frame, self._fps)))
        self._frame += 1
        self._sound_until(min(self._count, self._frame * self._rate // self._fps))

    @property
    def header(self) -> bytes:
        """The parameter sets that this film's frames are decoded with; pieces with others do not fit in."""
        self._container.start_encoding()
        return bytes(self._video.codec_context.extradata or b"")

    def add_coded(self, coded: tuple[Coded, ...]) -> None:
        """The next piece, as its Coder gave it: as many frames as packets. A film takes frames or pieces, not both."""
        begin = self._frame
        for one in coded:
            packet = av.Packet(one.data)
            packet.pts, packet.dts = begin + one.frame, self._frame - REORDERED
            packet.duration, packet.time_base = 1, Fraction(1, self._fps)
            packet.stream, packet.is_keyframe = self._video, one.key
            self._container.mux(packet)
            self._frame += 1
            self._sound_until(min(self._count, self._frame * self._rate // self._fps))

    def _sound_until(self, sample: int) -> None:
        while self._sample < sample and (sample - self._sample >= AUDIO_BLOCK or sample == self._count):
            block = self._fetch(self._sample, min(AUDIO_BLOCK, self._count - self._sample))
            if not len(block):
                self._sample = self._count
                return
            planes = np.ascontiguousarray(np.clip(block, -1.0, 1.0).T, np.float32)
            frame = av.AudioFrame.from_ndarray(planes, format="fltp", layout="stereo")
            frame.sample_rate, frame.pts = self._rate, self._sample
            frame.time_base = Fraction(1, self._rate)
            self._container.mux(self._audio.encode(frame))
            self._sample += len(block)


def _configure(codec: VideoCodecContext, size_px: tuple[int, int], fps: int) -> None:
    codec.width, codec.height = size_px
    codec.pix_fmt = "yuv420p"
    codec.time_base = Fraction(1, fps)
    codec.gop_size = fps * 2
    codec.color_range = 1
    codec.colorspace = 1


def _frame(rgb: NDArray[np.uint8], number: int, fps: int) -> av.VideoFrame:
    frame = av.VideoFrame.from_ndarray(rgb, format="rgb24")
    frame = frame.reformat(format="yuv420p", dst_colorspace="ITU709", dst_color_range="MPEG")
    frame.pts, frame.time_base = number, Fraction(1, fps)
    return frame
