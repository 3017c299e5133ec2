"""What the ear takes from a track before any thought of beats: log-mel, onsets by band, pitch classes, loudness.

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
from modalities.perceive import music_parts

RATE_HZ = 24000
HOP = 240
FRAME_HZ = RATE_HZ // HOP
WINDOW = 1024
CHROMA_WINDOW = 8192
CHROMA_EVERY = 5
MELS = 72
BLOCK_S = 8
Floats = NDArray[np.float32]


@dataclass(frozen=True)
class Features:
    """Frames at FRAME_HZ (100 a second), chroma at FRAME_HZ / CHROMA_EVERY (20 a second).

    mel (T, 24) log power; register (T, 12) amplitude of the bands from 60 to 400 Hz; flux, low, mid, high (T,) onset
    strength, all >= 0; level_db (T,); low_level (T,) log power under 150 Hz; centroid_hz (T,); chroma (T / 5, 12) >= 0.
    pitch (T / 5, 36) and bass_pitch (T / 5, 36): pitch classes in thirds of a semitone, of all and of 55 to 270 Hz, of
    what lasts. harmonic, percussive (T,) amplitudes. gliding (0.4 T,) [0, 1], 40 a second: share of the
    partials whose pitch glides. duration_s of the track.
    """

    mel: Floats
    register: Floats
    flux: Floats
    low: Floats
    mid: Floats
    high: Floats
    level_db: Floats
    low_level: Floats
    centroid_hz: Floats
    chroma: Floats
    duration_s: float
    pitch: Floats
    bass_pitch: Floats
    harmonic: Floats
    percussive: Floats
    gliding: Floats


def measure(track: Track, stopped: Callable[[], bool], progress: Callable[[float], None]) -> Features:
    """Features of a whole track. Raises InterruptedError when `stopped()` turns true."""
    import librosa

    mel_bank = librosa.filters.mel(sr=RATE_HZ, n_fft=WINDOW, n_mels=MELS, fmin=30.0, fmax=11500.0).astype(np.float32)
    chroma_bank = librosa.filters.chroma(sr=RATE_HZ, n_fft=CHROMA_WINDOW, tuning=0.0, ctroct=5.0,
                                         octwidth=1.6).astype(np.float32)
    centres_hz = librosa.mel_frequencies(n_mels=MELS, fmin=30.0, fmax=11500.0)
    bins = np.fft.rfftfreq(WINDOW, 1 / RATE_HZ).astype(np.float32)
    fine_banks = [music_parts.pitch_bank(low_hz, high_hz, RATE_HZ, CHROMA_WINDOW)
                  for low_hz, high_hz in ((110.0, 3000.0), (55.0, 270.0))]
    parts: dict[str, list[Floats]] = {name: [] for name in ("mel", "register", "onsets", "level", "centroid", "chroma",
                                                            "pitch", "bass_pitch", "gliding")}
    before: Floats | None = None
    split, tracked = music_parts.Split(), music_parts.Partials(RATE_HZ)
    for piece in _hops(track, stopped, progress):
        power = _power(piece, WINDOW, HOP, CHROMA_WINDOW)
        mel = np.log1p(1e3 * (power @ mel_bank.T)).astype(np.float32)
        onsets, before = _fluxes(mel, before, centres_hz)
        total = power.sum(1) + 1e-12
        fine = _power(piece, CHROMA_WINDOW, HOP * CHROMA_EVERY, CHROMA_WINDOW)
        chroma = np.sqrt(fine @ chroma_bank.T)
        peaks = music_parts.peaks_only(np.sqrt(fine))
        split.add(power @ mel_bank.T)
        glide = tracked.glides(_power(piece, music_parts.PARTIAL_WINDOW, music_parts.PARTIAL_HOP, CHROMA_WINDOW))
        deep = mel[:, centres_hz < 150].mean(1)
        for name, rows in (
                ("mel", mel.reshape(len(mel), 24, -1).mean(2)), ("register", np.exp(np.minimum(mel[:, 2:14], 12) / 2)),
                ("onsets", onsets), ("chroma", chroma), ("pitch", peaks @ fine_banks[0].T),
                ("bass_pitch", peaks @ fine_banks[1].T), ("gliding", glide), ("centroid", power @ bins / total),
                ("level", np.stack([10 * np.log10(total / (WINDOW * WINDOW / 16)), deep], 1))):
            parts[name].append(rows.astype(np.float32))
    whole = {name: np.concatenate(rows) for name, rows in parts.items()}
    flux, low, mid, high = (np.ascontiguousarray(curve) for curve in whole["onsets"].T)
    harmonic, percussive = split.finished()
    return Features(whole["mel"], whole["register"], flux, low, mid, high, whole["level"][:, 0].copy(),
                    whole["level"][:, 1].copy(), whole["centroid"], whole["chroma"], track.duration_s, whole["pitch"],
                    whole["bass_pitch"], harmonic, percussive, whole["gliding"])


def _hops(track: Track, stopped: Callable[[], bool], progress: Callable[[float], None]) -> Iterator[Floats]:
    """Blocks of mono samples at RATE_HZ: a whole number of chroma hops each, with CHROMA_WINDOW of context."""
    down = soxr.ResampleStream(track.sample_rate_hz, RATE_HZ, 1, dtype="float32", quality="MQ")
    unit = HOP * CHROMA_EVERY
    kept = np.zeros(CHROMA_WINDOW // 2, np.float32)
    position, block = 0, track.sample_rate_hz * BLOCK_S
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


def _fluxes(mel: Floats, before: Floats | None, centres_hz: NDArray[np.float64]) -> tuple[Floats, Floats]:
    """(T, 4) onset strength of all, low, mid and high bands, and the two frames the next block needs.

    SuperFlux (Böck and Widmer, 2013): the rise against a frequency-widened frame 20 ms before.
    """
    whole = np.concatenate([mel[:1].repeat(2, axis=0) if before is None else before, mel])
    rise = np.maximum(0, mel - maximum_filter1d(whole[:-2], 3, axis=1))
    if before is None:
        rise[:2] = 0
    bands = (centres_hz > 0, centres_hz < 150, (centres_hz > 200) & (centres_hz < 5000), centres_hz > 6000)
    return np.stack([rise[:, band].mean(1) for band in bands], 1), whole[-2:]


def local_contrast(curve: Floats, seconds: float = 1.0) -> Floats:
    """A curve minus its moving mean, half-wave, over its moving deviation: the same for loud and quiet parts."""
    width = max(3, int(seconds * FRAME_HZ))
    mean = uniform_filter1d(curve, width)
    spread = np.sqrt(np.maximum(uniform_filter1d((curve - mean) ** 2, 4 * width), 1e-10))
    floor = 0.15 * float(np.sqrt(np.mean((curve - mean) ** 2)) + 1e-6)
    return (np.maximum(0, curve - mean) / (spread + floor)).astype(np.float32)
