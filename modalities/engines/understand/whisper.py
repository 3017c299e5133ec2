"""What is said in a recording, by Whisper (Radford et al., 2022) through transformers, where its weights are here.

Stands in for faster-whisper (modalities.perceive.speech) and keeps its rules: what the model is not sure of, and what
repeats itself, is left out.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from threading import Event as Flag
from typing import Any, cast

import numpy as np
import soxr
from numpy.typing import NDArray

from modalities.cues import Line, WordCues
from modalities.engines.understand.opening import asked, device, model_of, opened
from modalities.faults import Stopped
from modalities.media import SILENT_PEAK, Track

Floats = NDArray[np.float32]
WANTED = "a Whisper model in transformers format, such as openai/whisper-small"
RATE_HZ = 16000
# The model hears half a minute at once; pieces are cut at the quietest moment of their last part.
PIECE_S, QUIETEST_OF_S = 28.0, 8.0
NO_SPEECH, LEAST_LIKELY, MOST_REPEATED = 0.6, -1.0, 2.4
LONGEST_LINE = 500


def transcribed(track: Track, folder: Path, stop: Flag | None = None,
                progress: Callable[[float], None] = lambda _: None) -> WordCues:
    """Lines with their times in seconds; none where nobody speaks. Raises Unavailable, Stopped."""
    if track.peak < SILENT_PEAK:
        return WordCues((), "", "speech", track.duration_s, ("Nothing is said in the recording.",))
    lines: list[Line] = []
    languages: dict[str, float] = {}
    for start_s, samples in pieces(track):
        if stop is not None and stop.is_set():
            raise Stopped("The run was stopped; nothing of this take was kept.")
        if float(np.abs(samples).max(initial=0.0)) >= SILENT_PEAK:
            language, heard = _heard(samples, folder)
            for begin_s, end_s, text in heard:
                until_s = min(start_s + end_s, track.duration_s)
                lines.append(Line(min(start_s + begin_s, until_s), until_s, text))
                languages[language] = languages.get(language, 0.0) + end_s - begin_s
        progress(min(1.0, (start_s + len(samples) / RATE_HZ) / track.duration_s))
    progress(1.0)
    notes = () if lines else ("Nothing was understood in the recording.",)
    return WordCues(tuple(lines), max(languages, key=lambda name: languages[name], default=""), "speech",
                    track.duration_s, notes)


def pieces(track: Track) -> Iterator[tuple[float, Floats]]:
    """(start_s, mono samples at RATE_HZ) of at most PIECE_S each, together the whole track."""
    at, rate = 0, track.sample_rate_hz
    longest, tail, width = int(PIECE_S * rate), int(QUIETEST_OF_S * rate), rate // 5
    while at < track.frames:
        block = track.read(at, min(longest, track.frames - at)).mean(1)
        if at + len(block) < track.frames:
            level = np.convolve(np.abs(block[-tail:]), np.ones(width) / width, "valid")
            block = block[: len(block) - tail + width // 2 + int(level.argmin())]
        yield at / rate, np.asarray(soxr.resample(block, rate, RATE_HZ), np.float32)
        at += len(block)


def _heard(samples: Floats, folder: Path) -> tuple[str, list[tuple[float, float, str]]]:
    """(language, (start_s, end_s, text) …) of one piece."""
    model, ears, tokens = _opened(folder)

    def ask() -> tuple[str, list[tuple[float, float, str]]]:
        given = ears(samples, sampling_rate=RATE_HZ, return_tensors="pt").input_features.to(device())
        many = bool(getattr(model.generation_config, "is_multilingual", False))
        spoken = int(model.detect_language(given)[0]) if many else None
        language = "en" if spoken is None else str(tokens.convert_ids_to_tokens(spoken)).strip("<|>")
        how: dict[str, Any] = {"language": language, "task": "transcribe"} if many else {}
        # What is likely no speech, and unlikely as words, is skipped, as in the paper.
        out = model.generate(given, return_timestamps=True, return_segments=True, do_sample=False, num_beams=1,
                             no_speech_threshold=NO_SPEECH, logprob_threshold=LEAST_LIKELY, temperature=(0.0,), **how)
        return language, _lines(out["segments"][0], tokens, len(samples) / RATE_HZ)

    return asked(ask, folder, WANTED)


def _lines(segments: Sequence[Mapping[str, Any]], tokens: Any, longest_s: float) -> list[tuple[float, float, str]]:
    """The sentences in what the model wrote, but those that repeat themselves, or lie after the end."""
    found: list[tuple[float, float, str]] = []
    for segment in segments:
        text = " ".join(str(tokens.decode(segment["tokens"], skip_special_tokens=True)).split())[:LONGEST_LINE]
        text = "".join(letter for letter in text if letter.isprintable())
        begin_s, end_s = float(segment["start"]), min(float(segment["end"]), longest_s)
        if begin_s < longest_s and any(letter.isalnum() for letter in text) and _repeats(text) <= MOST_REPEATED:
            found.append((begin_s, max(begin_s, end_s), text))
    return found


def _repeats(text: str) -> float:
    """How much shorter a text becomes by packing; invented text repeats itself."""
    plain = text.encode()
    return len(plain) / len(zlib.compress(plain))


@lru_cache(1)
def _opened(folder: Path) -> tuple[Any, Any, Any]:
    from transformers import AutoTokenizer, WhisperFeatureExtractor, WhisperForConditionalGeneration

    ears = opened(lambda path: WhisperFeatureExtractor.from_pretrained(path, local_files_only=True), folder, WANTED)
    tokens = opened(lambda path: cast(Any, AutoTokenizer).from_pretrained(path, local_files_only=True), folder, WANTED)
    return model_of(WhisperForConditionalGeneration, folder, WANTED), ears, tokens
