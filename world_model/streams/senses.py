"""What is seen and heard, as streams: a glimpse of the picture and mel bands of the sound."""

from __future__ import annotations

import functools

import numpy as np
from numpy.typing import NDArray

from world_model.colour import linear_to_oklab, linear_to_srgb, oklab_to_linear, srgb_to_linear
from world_model.streams.layout import (
    GLIMPSE_PX,
    HEARING_BANDS,
    SOUND_RATE_HZ,
    STEP_S,
    SUBSTEPS,
    Floats,
)

HOP = int(SOUND_RATE_HZ * STEP_S / SUBSTEPS / 4)  # four looks a substep: 64 a second
WINDOW = 1024
FLOOR_DB = -80.0


def glimpse(rgb: NDArray[np.uint8]) -> Floats:
    """(432,) OKLab of a picture (H, W, 3) sRGB at 16 x 9, rows first. Any size and shape; the middle is stretched to
    16 : 9 without cropping. Raises ValueError for anything else than H, W >= 1 and three channels."""
    return linear_to_oklab(srgb_to_linear(shrunk(rgb, GLIMPSE_PX))).reshape(-1).astype(np.float32)


def shrunk(rgb: NDArray[np.uint8], size_px: tuple[int, int]) -> NDArray[np.float64]:
    """(height, width, 3) sRGB in [0, 1] of a picture (H, W, 3), stretched to size_px (width, height): means over the
    cells. Raises ValueError for anything else than H, W >= 1 and three channels."""
    if rgb.ndim != 3 or rgb.shape[2] != 3 or min(rgb.shape[:2]) < 1:
        raise ValueError(f"a picture must be (height, width, 3), not {rgb.shape}")
    return _area(rgb.astype(np.float64) / 255.0, size_px)


def glimpse_rgb(stream: Floats) -> NDArray[np.uint8]:
    """(T, 9, 16, 3) sRGB of a glimpse stream (T, 432)."""
    lab = np.asarray(stream, np.float64).reshape(-1, GLIMPSE_PX[1], GLIMPSE_PX[0], 3)
    return np.round(np.clip(linear_to_srgb(oklab_to_linear(lab)), 0.0, 1.0) * 255.0).astype(np.uint8)


def _area(picture: NDArray[np.float64], size_px: tuple[int, int]) -> NDArray[np.float64]:
    """Means over the cells of a coarser grid; cells may share a source pixel by parts."""
    for axis, cells in ((0, size_px[1]), (1, size_px[0])):
        picture = np.moveaxis(np.tensordot(_weights(picture.shape[axis], cells), picture, (1, axis)), 0, axis)
    return picture


@functools.lru_cache(32)
def _weights(length: int, cells: int) -> NDArray[np.float64]:
    edges = np.linspace(0.0, length, cells + 1)
    at = np.arange(length)
    overlap = np.minimum(edges[1:, None], at[None] + 1.0) - np.maximum(edges[:-1, None], at[None])
    overlap = np.maximum(overlap, 0.0)
    return overlap / overlap.sum(1, keepdims=True)


@functools.lru_cache(1)
def mel_filters() -> Floats:
    """(24, 513) triangles of area one, 40 Hz to 11 kHz, evenly spaced on the mel scale (Slaney's formula is not used;
    HTK's: 2595 log10(1 + f / 700))."""
    edges = 700.0 * (10.0 ** (np.linspace(_mel(40.0), _mel(11000.0), HEARING_BANDS + 2) / 2595.0) - 1.0)
    bins = np.linspace(0.0, SOUND_RATE_HZ / 2, WINDOW // 2 + 1)
    # A band narrower than a bin still hears its nearest bin.
    rising = (bins - edges[:-2, None]) / np.maximum(edges[1:-1] - edges[:-2], 24.0)[:, None]
    falling = (edges[2:, None] - bins) / np.maximum(edges[2:] - edges[1:-1], 24.0)[:, None]
    bank = np.maximum(np.minimum(rising, falling), 0.0)
    for k in range(HEARING_BANDS):
        bank[k, int(np.abs(bins - edges[k + 1]).argmin())] += 1e-3
    return (bank / bank.sum(1, keepdims=True)).astype(np.float32)


def _mel(hz: float) -> float:
    return float(2595.0 * np.log10(1.0 + hz / 700.0))


def hearing(sound: Floats, steps: int | None = None) -> Floats:
    """(T, 100) of mono sound (N,) at 24 kHz: four times a step, 24 mel bands in (dB + 40) / 20 and how much they rose.

    Windows look back only, so that hearing is causal. Not finite samples count as silence. T covers the sound, or is
    `steps` with silence after it.
    """
    mono = np.nan_to_num(np.asarray(sound, np.float32).reshape(-1), posinf=0.0, neginf=0.0)
    size = int(SOUND_RATE_HZ * STEP_S)
    count = max(1, -(-len(mono) // size)) if steps is None else steps
    room = np.zeros(count * size + WINDOW - HOP, np.float32)
    kept = min(len(mono), count * size)
    room[WINDOW - HOP:WINDOW - HOP + kept] = mono[:kept]
    frames = np.lib.stride_tricks.sliding_window_view(room, WINDOW)[::HOP][:count * SUBSTEPS * 4]
    window = np.hanning(WINDOW + 1)[:-1].astype(np.float32)
    level = np.empty((len(frames), HEARING_BANDS), np.float32)
    for a in range(0, len(frames), 4096):  # long tracks in little memory
        power = np.abs(np.fft.rfft(frames[a:a + 4096] * window, axis=1)) ** 2 / (window.sum() ** 2 / 4)
        level[a:a + 4096] = 10.0 * np.log10(power.astype(np.float32) @ mel_filters().T + 10.0 ** (FLOOR_DB / 10))
    level = (level + 40.0) / 20.0
    rise = np.maximum(np.diff(level, axis=0, prepend=level[:1]), 0.0).mean(1)
    bands = level.reshape(count, SUBSTEPS, 4, HEARING_BANDS).mean(2)
    attack = rise.reshape(count, SUBSTEPS, 4).max(2)[:, :, None]
    return np.concatenate([bands, 2.0 * attack], 2).reshape(count, -1).astype(np.float32)
