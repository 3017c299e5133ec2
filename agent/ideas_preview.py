"""A moving thumbnail of an idea: two seconds, small, silent, drawn by the simulator."""

from __future__ import annotations

import os
from fractions import Fraction
from pathlib import Path
from threading import Event as Flag

import av
import numpy as np
from av.video.stream import VideoStream

from agent.ideas_excerpt import FPS, Excerpt
from modalities.faults import Stopped
from world_model.sim.picture import Renderer

SIZE_PX = (192, 108)
FRAMES = 24
# Without the macroblock tree the same pictures give the same bytes (see modalities/film.py).
PREVIEW_ENCODING = {"preset": "veryfast", "crf": "20", "threads": "1", "x264-params": "mbtree=0"}


def film(shown: Excerpt, path: Path, renderer: Renderer, stop: Flag) -> Path:
    """Write an MP4 (H.264, FRAMES pictures at FPS) of the middle of an excerpt, or of all of it, twice as fast, where
    the change lies in its course. There whole or not at all. Raises Stopped, OSError."""
    count = len(shown.rows)
    middle = np.arange(FRAMES) + (count - FRAMES) // 2
    at = np.linspace(0, count - 1, FRAMES).round().astype(int) if shown.whole else middle
    part = path.with_name(f".{path.stem}-{os.getpid()}.mp4")
    try:
        with av.open(str(part), "w", options={"movflags": "+faststart"}) as out:
            video = out.add_stream("libx264", rate=FPS, options=PREVIEW_ENCODING)
            assert isinstance(video, VideoStream)
            video.width, video.height = renderer.size_px
            video.pix_fmt = "yuv420p"
            video.codec_context.time_base = Fraction(1, FPS)
            drawn, last = renderer.render(shown.rows[at[0]:at[0] + 1]), int(at[0])
            for number, k in enumerate(int(one) for one in at):
                if stop.is_set():
                    raise Stopped("The search for ideas was stopped; nothing was kept.")
                if not np.array_equal(shown.rows[k], shown.rows[last]):
                    # Drawn looks hold a row for two frames, and one drawing serves both.
                    drawn, last = renderer.render(shown.rows[k:k + 1]), k
                frame = av.VideoFrame.from_ndarray(drawn, format="rgb24")
                frame.pts, frame.time_base = number, Fraction(1, FPS)
                out.mux(video.encode(frame))
            out.mux(video.encode(None))
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
    return path
