"""What music is called: genre, mood and instruments, and how well a text describes it (Wu et al., CLAP, 2023).

Words are chosen from fixed lists by likeness, as CLIP does for pictures; nothing is written freely.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import Any, cast

import numpy as np
import soxr
from numpy.typing import NDArray

from modalities.cues import MusicCues
from modalities.engines.understand.opening import asked, device, model_of, opened
from modalities.media import Track
from modalities.perceive.music_mood import WORDS as MOODS
from world_model.vocabulary import GENRES

Floats = NDArray[np.float32]
WANTED = "a CLAP model in transformers format, such as laion/larger_clap_music"
# Pieces of a track that are listened to, spread evenly, so that the same track always gives the same words.
PIECES = 6
LEAST_WEIGHT, MOST_WORDS = 0.08, 4
SAID_GENRES = {"lofi": "lo-fi hip hop", "drum_and_bass": "drum and bass", "suspense": "suspenseful film score",
               "piano": "solo piano", "orchestral": "orchestral film score", "chiptune": "8-bit video game"}
INSTRUMENTS = ("piano", "acoustic guitar", "electric guitar", "bass guitar", "double bass", "drums", "drum machine",
               "synthesizer", "organ", "strings", "violin", "cello", "harp", "flute", "clarinet", "saxophone",
               "trumpet", "brass", "choir", "singing voice", "bells", "marimba", "accordion", "banjo")


def with_words(cues: MusicCues, track: Track, folder: Path) -> MusicCues:
    """The same cues with genres, moods and instruments as names to weights, heaviest first. Raises Unavailable."""
    if cues.silent:
        return cues
    heard = heard_of(track, folder)
    genres = _chosen(heard, GENRES, [f"{SAID_GENRES.get(name, name)} music" for name in GENRES], folder)
    moods = _chosen(heard, tuple(MOODS), [f"{name} music" for name in MOODS], folder)
    played = _chosen(heard, INSTRUMENTS, [f"music played on {name}" for name in INSTRUMENTS], folder)
    return replace(cues, genres=genres, moods=moods, instruments=played, named_by=f"zero-shot, {folder.name}")


def likeness(track: Track, texts: Sequence[str], folder: Path) -> Floats:
    """(len(texts),) cosines of a track with texts, in [-1, 1]. Raises Unavailable."""
    return (_told(tuple(texts), folder) @ heard_of(track, folder)).astype(np.float32)


def heard_of(track: Track, folder: Path) -> Floats:
    """The track as one unit vector (D,): the mean over pieces. Raises Unavailable."""
    model, ears, _ = _opened(folder)
    rate = int(ears.sampling_rate)
    length = int(ears.nb_max_samples)

    def ask() -> Floats:
        found: list[Any] = []
        for piece in pieces(track, rate, length):
            given = ears(piece, sampling_rate=rate, return_tensors="pt")
            out = model.get_audio_features(**{name: value.to(device()) for name, value in given.items()})
            found.append(_unit(out)[0].float().cpu().numpy())
        mean = np.mean(found, axis=0)
        return np.asarray(mean / max(float(np.linalg.norm(mean)), 1e-9), np.float32)

    return asked(ask, folder, WANTED)


def pieces(track: Track, rate_hz: int, length: int) -> list[Floats]:
    """Up to PIECES mono pieces of at most `length` samples at rate_hz, evenly spread; a short track is one piece."""
    whole = int(length * track.sample_rate_hz / rate_hz)
    count = int(np.clip(track.frames // max(whole, 1), 1, PIECES))
    starts = np.linspace(0, max(0, track.frames - whole), count).astype(int)
    found: list[Floats] = []
    for start in starts.tolist():
        mono = track.read(start, min(whole, track.frames - start)).mean(1)
        found.append(np.asarray(soxr.resample(mono, track.sample_rate_hz, rate_hz), np.float32)[:length])
    return found


def _chosen(heard: Floats, names: Sequence[str], said: Sequence[str], folder: Path) -> dict[str, float]:
    model, _, _ = _opened(folder)
    scores = float(model.logit_scale_a.detach().exp()) * (_told(tuple(said), folder) @ heard).astype(np.float64)
    raised = np.exp(scores - scores.max())
    shares = raised / raised.sum()
    ranked = sorted(zip(names, shares.tolist()), key=lambda pair: -pair[1])[:MOST_WORDS]
    return {name: round(share, 4) for name, share in ranked if share >= LEAST_WEIGHT}


@lru_cache(16)
def _told(texts: tuple[str, ...], folder: Path) -> Floats:
    """(len(texts), D) unit vectors of texts."""
    model, _, tokens = _opened(folder)
    longest = int(model.config.text_config.max_position_embeddings) - 2

    def ask() -> Floats:
        read = tokens(list(texts), padding=True, max_length=min(77, longest), truncation=True, return_tensors="pt")
        known = {name: value.to(device()) for name, value in read.items() if name in ("input_ids", "attention_mask")}
        return np.asarray(_unit(model.get_text_features(**known)).float().cpu().numpy(), np.float32)

    return asked(ask, folder, WANTED)


@lru_cache(1)
def _opened(folder: Path) -> tuple[Any, Any, Any]:
    """The model, what turns sound into its spectrogram, and its tokenizer."""
    from transformers import AutoTokenizer, ClapFeatureExtractor, ClapModel

    ears = opened(lambda path: ClapFeatureExtractor.from_pretrained(path, local_files_only=True), folder, WANTED)
    tokens = opened(lambda path: cast(Any, AutoTokenizer).from_pretrained(path, local_files_only=True), folder, WANTED)
    return model_of(ClapModel, folder, WANTED), ears, tokens


def _unit(features: Any) -> Any:
    vectors = getattr(features, "pooler_output", features)
    return vectors / vectors.norm(dim=-1, keepdim=True).clamp_min(1e-9)
