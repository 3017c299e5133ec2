"""What the ear takes from a track before any thought of beats: log-mel, onsets by band, chroma, loudness.

Streams over the track in blocks; memory is a few numbers for each hundredth of a second.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
import soxr
from numpy.typing import NDArray
from scipy.ndimage import maximum_filter1d, uniform_filter1d

from modalities.media import Track

RATE_HZ = 24000
HOP = 240
FRAME_HZ = RATE_HZ // HOP
WINDOW = 1024
CHROMA_WINDOW = 8192
CHROMA_EVERY = 5
MELS = 72
Floats = NDArray[np.float32]


@dataclass(frozen=True)
class Features:
    """Frames at FRAME_HZ (100 a second), chroma at FRAME_HZ / CHROMA_EVERY (20 a second).

    mel (T, 72) log power; flux, low, mid, high (T,) onset strength, all >= 0; level_db (T,); centroid_hz (T,);
    low_level (T,) log power under 150 Hz; chroma (T / 5, 12) >= 0. duration_s of the track; peak of its samples.
    """

    mel: Floats
    flux: Floats
    low: Floats
    mid: Floats
    high: Floats
    level_db: Floats
    low_level: Floats
    centroid_hz: Floats
    chroma: Floats
    duration_s: float


def measure(track: Track, stopped: Callable[[], bool], progress: Callable[[float], None]) -> Features:
    """Features of a whole track. Raises InterruptedError when `stopped()` turns true."""
    import librosa

    mel_bank = librosa.filters.mel(sr=RATE_HZ, n_fft=WINDOW, n_mels=MELS, fmin=30.0, fmax=11500.0).astype(np.float32)
    chroma_bank = librosa.filters.chroma(sr=RATE_HZ, n_fft=CHROMA_WINDOW, tuning=0.0, ctroct=5.0,
                                         octwidth=1.6).astype(np.float32)
    mels: list[Floats] = []
    levels: list[Floats] = []
    centroids: list[Floats] = []
    chromas: list[Floats] = []
    for piece in _hops(track, stopped, progress):
        power = _power(piece, WINDOW, HOP, CHROMA_WINDOW)
        mels.append(np.log1p(1e3 * (power @ mel_bank.T)).astype(np.float32))
        total = power.sum(1) + 1e-12
        levels.append((10 * np.log10(total / (WINDOW * WINDOW / 16))).astype(np.float32))
        bins = np.fft.rfftfreq(WINDOW, 1 / RATE_HZ).astype(np.float32)
        centroids.append((power @ bins / total).astype(np.float32))
        chromas.append(np.sqrt(_power(piece, CHROMA_WINDOW, HOP * CHROMA_EVERY, CHROMA_WINDOW) @ chroma_bank.T))
    mel = np.concatenate(mels)
    flux, low, mid, high = _fluxes(mel, librosa.mel_frequencies(n_mels=MELS, fmin=30.0, fmax=11500.0))
    low_bands = librosa.mel_frequencies(n_mels=MELS, fmin=30.0, fmax=11500.0) < 150
    return Features(mel, flux, low, mid, high, np.concatenate(levels), mel[:, low_bands].mean(1),
                    np.concatenate(centroids), np.concatenate(chromas).astype(np.float32), track.duration_s)


def _hops(track: Track, stopped: Callable[[], bool], progress: Callable[[float], None]) -> Iterator[Floats]:
    """Blocks of mono samples at RATE_HZ: a whole number of chroma hops each, with CHROMA_WINDOW of context."""
    down = soxr.ResampleStream(track.sample_rate_hz, RATE_HZ, 1, dtype="float32", quality="MQ")
    unit = HOP * CHROMA_EVERY
    kept = np.zeros(CHROMA_WINDOW // 2, np.float32)
    position, block = 0, track.sample_rate_hz * 8
    total = int(np.ceil(track.frames * RATE_HZ / track.sample_rate_hz / unit)) * unit
    sent = 0
    while sent < total:
        if stopped():
            raise InterruptedError
        last = position >= track.frames
        if last:
            tail = down.resample_chunk(np.zeros(0, np.float32), last=True)
            fill = max(0, total - sent + CHROMA_WINDOW - len(kept) - len(tail))
            kept = np.concatenate([kept, tail, np.zeros(fill, np.float32)])
        else:
            mono = track.read(position, block).mean(1)
            position += block
            kept = np.concatenate([kept, down.resample_chunk(np.ascontiguousarray(mono, np.float32))])
        ready = min((len(kept) - CHROMA_WINDOW) // unit * unit, total - sent)
        if ready > 0:
            yield kept[: ready + CHROMA_WINDOW]
            kept = kept[ready:]
            sent += ready
        elif last:
            return
        progress(0.8 * min(1.0, sent / max(1, total)))


def _power(piece: Floats, window: int, hop: int, context: int) -> Floats:
    """Power spectra (n, window / 2 + 1) of frames centred on each hop; `context` samples surround the block."""
    start = (context - window) // 2
    count = (len(piece) - context) // hop
    frames = np.lib.stride_tricks.sliding_window_view(piece[start:], window)[: count * hop: hop]
    spectrum = np.fft.rfft(frames * np.hanning(window).astype(np.float32), axis=1)
    return (spectrum.real**2 + spectrum.imag**2).astype(np.float32)


def _fluxes(mel: Floats, centres_hz: NDArray[np.float64]) -> tuple[Floats, Floats, Floats, Floats]:
    """Onset strength by SuperFlux (Böck and Widmer, 2013): rise against a frequency-widened frame 20 ms before."""
    before = maximum_filter1d(mel, 3, axis=1)
    rise = np.zeros_like(mel)
    rise[2:] = np.maximum(0, mel[2:] - before[:-2])
    low, high = centres_hz < 150, centres_hz > 6000
    mid = (centres_hz > 200) & (centres_hz < 5000)
    flux = rise.mean(1)
    return flux, rise[:, low].mean(1), rise[:, mid].mean(1), rise[:, high].mean(1)


def local_contrast(curve: Floats, seconds: float = 1.0) -> Floats:
    """A curve minus its moving mean, half-wave, over its moving deviation: the same for loud and quiet parts."""
    width = max(3, int(seconds * FRAME_HZ))
    mean = uniform_filter1d(curve, width)
    spread = np.sqrt(np.maximum(uniform_filter1d((curve - mean) ** 2, 4 * width), 1e-10))
    floor = 0.15 * float(np.sqrt(np.mean((curve - mean) ** 2)) + 1e-6)
    return (np.maximum(0, curve - mean) / (spread + floor)).astype(np.float32)
