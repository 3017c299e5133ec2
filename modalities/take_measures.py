"""What is seen and heard in a finished take, read back from its files: lightness, colour, motion, loudness, onsets.

Means over stretches of time, so that two takes can be told apart in numbers.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path

import av
import numpy as np
import soundfile as sf
from av.error import FFmpegError
from numpy.typing import NDArray
from scipy.ndimage import maximum_filter1d, uniform_filter1d

from modalities.faults import Unusable
from world_model.colour import linear_to_oklab, srgb_to_linear

Floats = NDArray[np.float64]
Span = tuple[float, float]
THUMB = (64, 36)
WINDOW, HOP = 1024, 480
# An onset stands out of its surroundings by this much, in mean log power over all bands.
ONSET_LEAST = 0.12
SILENT_DB = -70.0
_LINEAR = srgb_to_linear(np.arange(256) / 255.0)


@dataclass(frozen=True)
class Seen:
    """One row a frame. lightness [0, 1], a and b (OKLab), chroma: means over the picture; motion: mean absolute change
    of lightness since the frame before; fps."""

    lightness: Floats
    a: Floats
    b: Floats
    chroma: Floats
    motion: Floats
    fps: float


@dataclass(frozen=True)
class Heard:
    """samples (n, 2) float32 at rate_hz; onsets_s: instants of attacks."""

    samples: NDArray[np.float32]
    rate_hz: int
    onsets_s: Floats


def seen(video: Path) -> Seen:
    """Raises Unusable when the film cannot be read."""
    labs: list[Floats] = []
    moved: list[float] = []
    before: Floats | None = None
    fps = 24.0
    for frame, rate in _frames(video):
        fps = rate
        rgb = frame.reformat(*THUMB, format="rgb24", interpolation="AREA").to_ndarray().astype(np.uint8)
        lab = linear_to_oklab(_LINEAR[rgb])
        labs.append(np.array([*lab.mean((0, 1)), np.hypot(lab[..., 1], lab[..., 2]).mean()]))
        moved.append(0.0 if before is None else float(np.abs(lab[..., 0] - before).mean()))
        before = lab[..., 0]
    if not labs:
        raise Unusable(f"{video} holds no picture.")
    rows = np.array(labs)
    return Seen(rows[:, 0], rows[:, 1], rows[:, 2], rows[:, 3], np.array(moved), fps)


def heard(audio: Path) -> Heard:
    """Raises Unusable when the sound cannot be read."""
    try:
        read, rate = sf.read(audio, dtype="float32", always_2d=True)
        samples = np.asarray(read, np.float32)
    except (sf.LibsndfileError, OSError):
        raise Unusable(f"{audio} cannot be read as sound.") from None
    return Heard(samples, rate, onsets(samples.mean(1), rate))


def onsets(mono: NDArray[np.float32], rate_hz: int) -> Floats:
    """Instants in seconds where the log spectrum rises most: peaks of half-wave rectified spectral flux (Bello et al.,
    2005) over their local mean, 30 ms apart or more."""
    if len(mono) < 2 * WINDOW:
        return np.zeros(0)
    window = np.hanning(WINDOW).astype(np.float32)
    flux: list[Floats] = []
    last: Floats | None = None
    for start in range(0, len(mono), HOP * 4096):  # in blocks, so that an hour fits
        piece = mono[start: start + HOP * 4095 + WINDOW + HOP]
        if len(piece) < WINDOW:
            break
        frames = np.lib.stride_tricks.sliding_window_view(piece, WINDOW)[::HOP][:4096]
        level = np.log10(np.abs(np.fft.rfft(frames * window, axis=1)) ** 2 + 1e-4)
        rows = np.vstack([level[:1] if last is None else last[None], level])
        flux.append(np.maximum(np.diff(rows, axis=0), 0.0).mean(1))
        last = level[-1]
    curve = np.concatenate(flux)
    peaks = (curve == maximum_filter1d(curve, 7)) & (curve > uniform_filter1d(curve, 41) + ONSET_LEAST)
    return np.flatnonzero(peaks) * HOP / rate_hz


def picture_means(film: Seen, span: Span) -> dict[str, float]:
    """lightness, chroma, hue_deg, warmth (OKLab b less what is neutral: yellow above 0, blue below), motion."""
    first, last = _rows(len(film.lightness), film.fps, span)
    cut = film.motion[first + 1: last] if last - first > 1 else film.motion[first:last]
    a, b = float(film.a[first:last].mean()), float(film.b[first:last].mean())
    return {"lightness": round(float(film.lightness[first:last].mean()), 4),
            "chroma": round(float(film.chroma[first:last].mean()), 4), "warmth": round(b, 4),
            "hue_deg": round(float(np.degrees(np.arctan2(b, a)) % 360.0), 1), "motion": round(float(cut.mean()), 5)}


def sound_means(sound: Heard, span: Span) -> dict[str, float]:
    """loudness_lufs (BS.1770, over the stretch; -70 is silence), onsets_per_s."""
    first, last = _rows(len(sound.samples), sound.rate_hz, span)
    within = (sound.onsets_s >= span[0]) & (sound.onsets_s < span[1])
    return {"loudness_lufs": round(loudness(sound.samples[first:last], sound.rate_hz), 2),
            "onsets_per_s": round(float(within.sum()) / max(span[1] - span[0], 1e-6), 3)}


def loudness(samples: NDArray[np.float32], rate_hz: int) -> float:
    """Integrated loudness in LUFS; a stretch under 0.4 s is repeated until it can be measured."""
    import pyloudnorm

    if not len(samples) or not np.any(samples):
        return SILENT_DB
    need = int(0.4 * rate_hz) + 1
    if len(samples) < need:
        samples = np.tile(samples, (-(-need // len(samples)), 1))
    with np.errstate(divide="ignore", invalid="ignore"):
        value = float(pyloudnorm.Meter(rate_hz).integrated_loudness(samples.astype(np.float64)))
    return max(SILENT_DB, value) if np.isfinite(value) else SILENT_DB


def differing_frames(one: Path, other: Path) -> NDArray[np.bool_] | None:
    """(n,) whether each frame differs between two films of one size, compared value by value; frames that only one has
    differ. None where the sizes differ."""
    found: list[bool] = []
    for a, b in zip_longest(_frames(one), _frames(other)):
        if a is None or b is None:
            found.append(True)
            continue
        if (a[0].width, a[0].height) != (b[0].width, b[0].height):
            return None
        found.append(not np.array_equal(a[0].to_ndarray(), b[0].to_ndarray()))
    return np.array(found, bool)


def differing_samples_s(one: Heard, other: Heard) -> float | None:
    """The first instant at which two sounds differ, seconds; None where they do not."""
    if one.rate_hz != other.rate_hz:
        return 0.0
    shared = min(len(one.samples), len(other.samples))
    apart = np.flatnonzero((one.samples[:shared] != other.samples[:shared]).any(1))
    if len(apart):
        return float(apart[0]) / one.rate_hz
    return None if len(one.samples) == len(other.samples) else shared / one.rate_hz


def _frames(video: Path) -> Iterator[tuple[av.VideoFrame, float]]:
    try:
        with av.open(str(video)) as film:
            stream = film.streams.video[0]
            fps = float(stream.average_rate or 24.0)
            for frame in film.decode(stream):
                yield frame, fps
    except (FFmpegError, IndexError, OSError):
        raise Unusable(f"{video} cannot be read as a film.") from None


def _rows(count: int, rate: float, span: Span) -> tuple[int, int]:
    first = min(max(0, round(span[0] * rate)), max(0, count - 1))
    return first, max(first + 1, min(count, round(span[1] * rate)))


