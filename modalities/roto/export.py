"""A subject's alpha as files: pictures or a film with transparency, or the mask as a grey film.

Colours are straight (not multiplied by alpha), and what leaked into the edge from behind is taken out.
"""

from __future__ import annotations

import shutil
from collections.abc import Generator
from contextlib import contextmanager
from fractions import Fraction
from pathlib import Path
from types import TracebackType
from typing import Any, Protocol

import av
import cv2
import numpy as np
from av.video.stream import VideoStream
from numpy.typing import NDArray

from modalities.faults import Unusable

Picture = NDArray[np.uint8]
Floats = NDArray[np.float32]
# Suffix to codec, pixel format of the file and of what is given, and options.
FORMATS: dict[str, tuple[str, str, str, dict[str, str]]] = {
    ".mov": ("prores_ks", "yuva444p10le", "rgba", {"profile": "4444", "alpha_bits": "16"}),
    ".webm": ("libvpx-vp9", "yuva420p", "rgba", {"crf": "18", "b": "0", "deadline": "realtime", "cpu-used": "6",
                                                 "auto-alt-ref": "0", "row-mt": "0"}),
    ".mkv": ("ffv1", "bgra", "rgba", {"level": "3", "slices": "4"}),
}
MASK_FORMAT = ("libx264", "yuv420p", "gray", {"preset": "veryfast", "crf": "12", "threads": "2"})
HELD = ("PNG pictures in a folder", ".mov (ProRes 4444)", ".webm (VP9)", ".mkv (FFV1, lossless)")


class Sink(Protocol):
    """Where frames with alpha go."""

    def add(self, rgb: Picture, alpha: Floats) -> None: ...


class PngFolder:
    """Numbered RGBA pictures in a folder, 000000.png first."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._folder, self._count = folder, 0

    def add(self, rgb: Picture, alpha: Floats) -> None:
        """The next frame: rgb (H, W, 3) uint8, alpha (H, W) in [0, 1]."""
        from PIL import Image

        Image.fromarray(with_alpha(rgb, alpha)).save(self._folder / f"{self._count:06d}.png", compress_level=3)
        self._count += 1


class AlphaFilm:
    """A film with transparency, or with grey=True the mask alone; streamed. Use as a context manager."""

    def __init__(self, path: Path, size_px: tuple[int, int], rate: Fraction, grey: bool = False) -> None:
        codec, stored, given, options = MASK_FORMAT if grey else FORMATS[path.suffix.lower()]
        self._grey, self._given, self._stored = grey, given, stored
        self._even = "420" in stored
        self._container = av.open(str(path), "w", options={"movflags": "+faststart"} if path.suffix in (".mp4", ".mov")
                                  else {})
        stream: Any = self._container.add_stream(codec, rate=rate, options=options)
        assert isinstance(stream, VideoStream)
        stream.width = size_px[0] + (size_px[0] % 2 if self._even else 0)
        stream.height = size_px[1] + (size_px[1] % 2 if self._even else 0)
        stream.pix_fmt = stored
        stream.codec_context.time_base = 1 / rate
        stream.codec_context.color_range = 1 if stored != "bgra" else 2
        if codec == "libx264":
            stream.codec_context.colorspace = 1
        self._stream, self._time_base, self._count = stream, 1 / rate, 0

    def __enter__(self) -> AlphaFilm:
        return self

    def __exit__(self, kind: type[BaseException] | None, fault: BaseException | None,
                 trace: TracebackType | None) -> None:
        try:
            if kind is None:
                self._container.mux(self._stream.encode(None))
        finally:
            self._container.close()

    def add(self, rgb: Picture, alpha: Floats) -> None:
        """The next frame: rgb (H, W, 3) uint8, alpha (H, W) in [0, 1]."""
        if self._grey:
            data = np.rint(255.0 * alpha).astype(np.uint8)
            if data.shape[0] % 2 or data.shape[1] % 2:
                data = np.pad(data, ((0, data.shape[0] % 2), (0, data.shape[1] % 2)), mode="edge")
        else:
            data = with_alpha(rgb, alpha)
            if self._even and (data.shape[0] % 2 or data.shape[1] % 2):
                data = np.pad(data, ((0, data.shape[0] % 2), (0, data.shape[1] % 2), (0, 0)), mode="edge")
        frame = av.VideoFrame.from_ndarray(np.ascontiguousarray(data), format=self._given)
        if self._given != self._stored:
            frame = frame.reformat(format=self._stored, dst_color_range="MPEG" if self._stored != "bgra" else "JPEG")
        frame.pts, frame.time_base = self._count, self._time_base
        self._container.mux(self._stream.encode(frame))
        self._count += 1


def with_alpha(rgb: Picture, alpha: Floats) -> Picture:
    """(H, W, 4) uint8 straight RGBA; nothing of what lies behind is left in it, nor where alpha is 0."""
    out = np.zeros((*alpha.shape, 4), np.uint8)
    part = part_of(alpha, 8)
    if part is not None:
        out[part][..., :3] = np.rint(own_colours(rgb[part], alpha[part]))
        out[..., 3] = np.rint(255.0 * alpha)
        out[out[..., 3] == 0] = 0
    return out


def own_colours(rgb: Picture, alpha: Floats) -> Floats:
    """(H, W, 3) float32 in [0, 255]: the subject's colours, where it is see-through taken from the nearest of it that
    is not (pulled outwards, wider where there is nothing near)."""
    solid = (alpha > 0.95).astype(np.float32)
    if not solid.any():
        return rgb.astype(np.float32)
    picture = rgb.astype(np.float32)
    out, filled = picture * solid[..., None], solid.copy()
    for reach in (2.0, 5.0, 12.0):
        weight = np.asarray(cv2.GaussianBlur(solid, (0, 0), reach), np.float32)
        colour = np.asarray(cv2.GaussianBlur(picture * solid[..., None], (0, 0), reach), np.float32)
        fresh = (filled < 0.5) & (weight > 0.01)
        out[fresh] = colour[fresh] / weight[fresh][:, None]
        filled[fresh] = 1.0
    # Thin things have no solid inside: what was filmed is the best that is known of them.
    share = np.where(filled > 0.5, np.clip(1.0 - alpha, 0.0, 1.0), 0.0)[..., None]
    return np.clip(picture + np.minimum(1.0, 1.5 * share) * (out - picture), 0.0, 255.0).astype(np.float32)


def part_of(alpha: Floats, margin_px: int) -> tuple[slice, slice] | None:
    """The rows and columns where alpha is not 0, and a margin; None where it is 0 everywhere."""
    rows, columns = np.flatnonzero(alpha.max(1) > 0.002), np.flatnonzero(alpha.max(0) > 0.002)
    if not len(rows):
        return None
    height, width = alpha.shape
    return (slice(max(0, int(rows[0]) - margin_px), min(height, int(rows[-1]) + margin_px + 1)),
            slice(max(0, int(columns[0]) - margin_px), min(width, int(columns[-1]) + margin_px + 1)))


@contextmanager
def whole_or_nothing(out: Path) -> Generator[Path]:
    """A private place beside `out` that becomes `out` when all went well and vanishes otherwise. Raises Unusable where
    something is at `out` already or its folder cannot be written to."""
    from modalities.store import check_writable

    if out.exists():
        raise Unusable(f"{out} is there already; nothing is overwritten.")
    check_writable(out.parent)
    part = out.with_name(f".part-{out.name}")
    _remove(part)
    try:
        yield part
        part.rename(out)
    finally:
        _remove(part)


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)
