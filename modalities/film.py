"""Film out: frames and sound streamed into one MP4 (H.264 yuv420p, AAC, faststart) by PyAV."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from types import TracebackType

import av
import numpy as np
from av.audio.stream import AudioStream
from av.video.stream import VideoStream
from numpy.typing import NDArray

Fetch = Callable[[int, int], NDArray[np.float32]]
AUDIO_BLOCK = 1024


def even_size(size_px: tuple[int, int]) -> tuple[int, int]:
    """The next size up with even sides: 4:2:0 video stores colour for 2 x 2 pixels."""
    return size_px[0] + size_px[0] % 2, size_px[1] + size_px[1] % 2


class FilmWriter:
    """Writes frames in order, and just as much sound beside each, so memory stays flat at any length.

    fetch(start, count) gives (n, 2) float32 samples in [-1, 1]; sample_count is the whole length. Use as a context
    manager; on an exception the half-written file is left to the caller's private folder.
    """

    def __init__(self, path: Path, size_px: tuple[int, int], fps: int, sample_rate_hz: int, sample_count: int,
                 fetch: Fetch) -> None:
        self._container = av.open(str(path), "w", options={"movflags": "+faststart"})
        video = self._container.add_stream("libx264", rate=fps, options={
            "preset": "veryfast", "crf": "18", "threads": "2", "colorprim": "bt709", "transfer": "bt709",
            "colormatrix": "bt709"})
        assert isinstance(video, VideoStream)
        video.width, video.height = size_px
        video.pix_fmt = "yuv420p"
        video.codec_context.time_base = Fraction(1, fps)
        video.gop_size = fps * 2
        video.codec_context.color_range = 1
        video.codec_context.colorspace = 1
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
        frame = av.VideoFrame.from_ndarray(rgb, format="rgb24")
        frame = frame.reformat(format="yuv420p", dst_colorspace="ITU709", dst_color_range="MPEG")
        frame.pts = self._frame
        frame.time_base = Fraction(1, self._fps)
        self._container.mux(self._video.encode(frame))
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
