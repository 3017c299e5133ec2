"""What came back from elsewhere, as frames: decoded whatever it is, checked, fitted to the shot's time and size."""

from __future__ import annotations

import io
from collections.abc import Callable
from itertools import pairwise

import av
import numpy as np
from av.error import FFmpegError

from modalities.engines.video.guides import fitted
from modalities.engines.video.request import Frames
from modalities.faults import Unavailable

MOST_SIDE_PX, MOST_FRAMES = 8192, 40_000


def decoded(film: bytes, size_px: tuple[int, int], said: Callable[[str], str]) -> tuple[Frames, float]:
    """Frames (T, H, W, 3) uint8 at a size, and their rate. Raises Unavailable for what is no whole film."""
    frames: list[Frames] = []
    times: list[float] = []
    try:
        with av.open(io.BytesIO(film), "r") as opened:
            stream = opened.streams.video[0]
            if max(stream.width, stream.height) > MOST_SIDE_PX:
                raise Unavailable(said(f"sent a film of {stream.width}x{stream.height} pixels"))
            told = stream.frames
            rate = float(stream.average_rate or stream.guessed_rate or 24)
            for frame in opened.decode(stream):
                if len(frames) >= MOST_FRAMES:
                    break
                times.append(float(frame.time if frame.pts is not None else len(frames) / rate))
                frames.append(fitted(np.asarray(frame.to_ndarray(format="rgb24"), np.uint8), size_px))
    except (FFmpegError, IndexError, ValueError, MemoryError) as fault:
        raise Unavailable(said(f"sent something that is no film ({type(fault).__name__})")) from None
    if not frames:
        raise Unavailable(said("sent a film without pictures"))
    if told and len(frames) < 0.9 * told:
        raise Unavailable(said(f"sent a film that breaks off ({len(frames)} of {told} frames)"))
    steps = [b - a for a, b in pairwise(times) if b > a]
    return np.stack(frames), 1.0 / float(np.median(steps)) if steps else rate


def lasting(frames: Frames, count: int) -> Frames:
    """Exactly `count` frames: each shows the clip's nearest moment, so that a shot keeps its length and its cuts."""
    at = np.floor((np.arange(count) + 0.5) * len(frames) / count).astype(np.int64)
    return frames[np.minimum(at, len(frames) - 1)]
