"""Recorded rhythm: tapping, clapping or beat-boxing becomes a beat grid.

Unlike music, where beats are inferred, here every tap was meant: the taps themselves are the beats, even or not. Such
a recording is short strokes with silence between them that die away quickly and play no tune.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import soxr
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter1d, maximum_filter1d, minimum_filter1d, uniform_filter1d
from scipy.signal import butter, sosfilt

from modalities.cues import MusicCues
from modalities.media import SILENT_PEAK, Track
from modalities.perceive import music, music_mood, speech
from modalities.perceive.music_signals import SIGNAL_HZ, pulse

Rows = NDArray[np.float64]
Floats = NDArray[np.float32]
RATE_HZ = 32000
ENVELOPE_HZ = 1000
LONGEST_S = 600.0
RISE_DB = 9.0  # a stroke stands out by so much from the 30 ms before it
CLOSEST_S = 0.055
MOST_A_SECOND = 9.0
DECAY_DB, DECAY_S = 12.0, 0.16  # a stroke falls by so much in this time; a plucked or struck note rings longer
DUTY = 0.42  # the largest share of the time that is within 15 dB of the strokes
STROKE_S = 0.06
HAT_OCTAVES, HAT_CLEAR = 0.4, 2.5


@dataclass(frozen=True)
class Strokes:
    """at_s (n,) onsets. strength (n,) in (0, 1]. drum: 0 kick, 1 snare, 2 hi-hat by the band that is loudest."""

    at_s: Rows
    strength: Rows
    drum: NDArray[np.int64]


def tapped(track: Track) -> MusicCues | None:
    """The beats of a recording of tapping, clapping or beat-boxing, on its strokes; None if it is anything else.

    tempo_bpm follows the median gap. With kick- and snare-like sounds beside hi-hat-like ones, the hi-hats are no
    beats. beat_confidence is 0.6 for a free rhythm and rises to 0.95 for an even one.
    """
    if track.peak < SILENT_PEAK or not 1.0 <= track.duration_s <= LONGEST_S:
        return None
    sound = np.asarray(soxr.resample(track.read().mean(1), track.sample_rate_hz, RATE_HZ), np.float32)
    strokes = find_strokes(sound)
    if strokes is None or speech.sounds_like_speech(track) > 0.5:
        return None
    beats = _beats(strokes)
    beats_s = strokes.at_s[beats]
    gaps = np.diff(beats_s)
    middle = float(np.median(gaps))
    # Rests are whole multiples of the gap: they do not make a rhythm uneven.
    multiple = np.maximum(1, np.round(gaps / middle))
    uneven = float(np.median(np.abs(gaps / (multiple * middle) - 1)))
    metre, first = _bar(strokes.strength[beats], strokes.drum[beats])
    confidence = 0.6 + 0.35 * float(np.clip(1 - uneven / 0.12, 0, 1))
    curves = _signals(strokes, beats_s, beats_s[first::metre], track.duration_s)
    tempo_bpm = 60.0 / (float(np.median(gaps / multiple)) if uneven < 0.12 else middle)
    return MusicCues(
        duration_s=track.duration_s, tempo_bpm=tempo_bpm, beats_per_bar=metre, beats_s=beats_s,
        downbeats_s=beats_s[first::metre],
        sections=(("A", "verse", 0.0, track.duration_s, float(curves["energy"].mean())),), signals=curves,
        signal_rate_hz=SIGNAL_HZ, key=0, minor=False, loudness_lufs=music.loudness(track), beat_confidence=confidence,
        silent=False, tempo_curve=music_mood.tempo_curve(beats_s, confidence), arousal=float(np.clip(
            (tempo_bpm - 100) / 80, -1, 1)))


def find_strokes(sound: Floats) -> Strokes | None:
    """Strokes of mono sound at RATE_HZ, or None where it is not made of short strokes without a tune."""
    high = np.asarray(sosfilt(butter(2, 40, "highpass", fs=RATE_HZ, output="sos"), sound), np.float32)
    hop = RATE_HZ // ENVELOPE_HZ
    power = (high[: len(high) // hop * hop].reshape(-1, hop) ** 2).mean(1)
    level = 10 * np.log10(uniform_filter1d(power, 4) + 1e-10)
    level = np.maximum(level, float(level.max()) - 60)
    before = minimum_filter1d(level, 31, origin=15)  # the quietest of the 30 ms up to here
    rise = level - before
    top = (rise >= maximum_filter1d(rise, 2 * int(CLOSEST_S * ENVELOPE_HZ) + 1)) & (rise > RISE_DB)
    at = np.flatnonzero(top)
    peaks = np.array([level[n: n + 40].max() for n in at])
    if len(at) < 4:
        return None
    loud = peaks > np.quantile(peaks, 0.8) - 26
    at, peaks = at[loud], peaks[loud]
    at = at[np.concatenate([[True], np.diff(at) > CLOSEST_S * ENVELOPE_HZ])]
    if len(at) < 4 or len(at) / (len(level) / ENVELOPE_HZ) > MOST_A_SECOND:
        return None
    starts = np.array([_start(level, int(n)) for n in at])
    peaks = np.array([level[n: n + 50].max() for n in starts])
    spectra, fast = [], 0
    for n, peak in zip(starts, peaks, strict=True):
        tail = level[n + int(level[n: n + 50].argmax()): n + int(1.5 * DECAY_S * ENVELOPE_HZ)]
        fast += bool((tail[: int(DECAY_S * ENVELOPE_HZ)] < peak - DECAY_DB).any())
        piece = high[n * hop: n * hop + int(STROKE_S * RATE_HZ)]
        spectra.append(np.abs(np.fft.rfft(piece * np.hanning(2 * len(piece))[len(piece):], 4096)) ** 2)
    duty = float(np.mean(level > np.median(peaks) - 15))
    if fast < 0.7 * len(starts) or duty > DUTY or _plays_a_tune(np.stack(spectra)):
        return None
    strength = 10 ** ((peaks - peaks.max()) / 40)
    return Strokes(starts / ENVELOPE_HZ, strength, _drums(np.stack(spectra)))


def _start(level: Floats, at: int) -> int:
    """Where the stroke near a peak begins: the first millisecond within 12 dB of its top, after the last lull."""
    a, b = max(0, at - 30), min(len(level), at + 30)
    top = a + int(level[a:b].argmax())
    low = top
    while low > a and level[low - 1] > level[top] - 12:
        low -= 1
    return low + 1  # the level is smoothed over 4 ms


def _plays_a_tune(spectra: Rows) -> bool:
    """Whether the strokes have pitches (in 200 to 4000 Hz) and these change, as those of a plucked tune do."""
    hz = np.fft.rfftfreq(4096, 1 / RATE_HZ)
    band = (hz > 200) & (hz < 4000)
    inside, total = spectra[:, band], spectra.sum(1)
    width = np.stack([np.roll(inside, d, axis=1) for d in range(-3, 4)]).sum(0)
    clear = width.max(1) / (total + 1e-12)
    pitched = clear > 0.6
    if pitched.mean() < 0.6:
        return False
    semitones = 12 * np.log2(hz[band][width.argmax(1)[pitched]])
    return len(np.unique(np.round(semitones / 1.5))) > 2


def _drums(spectra: Rows) -> NDArray[np.int64]:
    """0 kick, 1 snare, 2 hi-hat for each stroke; one sort of stroke alone counts as the kick. Hi-hats are those that
    stand clearly apart in brightness: strokes of one sort vary as well."""
    hz = np.fft.rfftfreq(4096, 1 / RATE_HZ)
    total = spectra.sum(1) + 1e-12
    drum = np.where(spectra[:, hz < 220].sum(1) / total > 0.45, 0, 1)
    others = np.flatnonzero(drum == 1)
    bright = np.log2((spectra[others] * hz).sum(1) / total[others])
    ordered = np.sort(bright)
    best, level = 0.0, np.inf
    for n in range(2, len(ordered) - 1):
        below, above = ordered[:n], ordered[n:]
        apart = float(above.mean() - below.mean())
        clear = apart / (float(below.std() + above.std()) + 0.04)
        if apart > HAT_OCTAVES and clear > max(best, HAT_CLEAR):
            best, level = clear, float(above[0])
    drum[others[bright >= level]] = 2
    return np.zeros(len(drum), np.int64) if len(np.unique(drum)) == 1 else drum.astype(np.int64)


def _beats(strokes: Strokes) -> NDArray[np.int64]:
    """Indices of the strokes that are beats: all, but for hi-hats beside kicks or snares."""
    main = np.flatnonzero(strokes.drum != 2)
    return main if len(main) >= 4 and len(main) < len(strokes.drum) else np.arange(len(strokes.drum))


def _bar(strength: Rows, drum: NDArray[np.int64]) -> tuple[int, int]:
    """(beats a bar, first downbeat) by which beats are accented: kicks and louder strokes; 4 and 0 without accents."""
    weight = strength / (strength.mean() + 1e-9) + 0.6 * ((drum == 0) & (len(np.unique(drum)) > 1))
    spread = float(weight.std())
    options = [(float(weight[k::m].mean() - weight.mean()), m, k) for m in (4, 3) for k in range(m)
               if len(weight) >= 2 * m]
    if not options or spread < 0.08:
        return 4, 0
    best = max(options, key=lambda o: o[0] - (0.15 * spread if o[1] == 3 else 0.0) - 0.02 * o[2] * spread)
    return (best[1], best[2]) if best[0] > 0.5 * spread else (4, 0)


def _signals(strokes: Strokes, beats_s: Rows, downbeats_s: Rows, duration_s: float) -> dict[str, Floats]:
    count = max(1, int(np.ceil(duration_s * SIGNAL_HZ)))
    times = np.arange(count) / SIGNAL_HZ

    def hits(which: NDArray[np.bool_]) -> Floats:
        curve = np.zeros(count, np.float32)
        for at_s, strength in zip(strokes.at_s[which], strokes.strength[which], strict=True):
            # A signal's frame at or after the stroke, never before it.
            n = min(count - 1, int(np.ceil(at_s * SIGNAL_HZ - 1e-6)))
            fall = strength * np.exp(-np.arange(min(count - n, 50)) / SIGNAL_HZ / 0.09)
            curve[n: n + len(fall)] = np.maximum(curve[n: n + len(fall)], fall)
        return curve

    onset = hits(np.ones(len(strokes.at_s), bool))
    energy = gaussian_filter1d(onset, 0.35 * SIGNAL_HZ)
    energy = (energy / (energy.max() + 1e-9)).astype(np.float32)
    empty = np.zeros(count, np.float32)
    kick = hits(strokes.drum == 0)
    return {"energy": energy, "kick": kick, "snare": hits(strokes.drum == 1), "hihat": hits(strokes.drum == 2),
            "bass": empty, "onset": onset, "brightness": np.full(count, 0.5, np.float32) * (energy > 0.02),
            "beat": pulse(beats_s, times, 0.16), "downbeat": pulse(downbeats_s, times, 0.3), "build": empty.copy(),
            "harmonic": empty.copy(), "percussive": onset.copy(), "vocals": empty.copy()}
