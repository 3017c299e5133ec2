"""Models that see and hear what perception cannot: each optional, found by name among the weights, used when there.

Without them perception is what it is without them. Building the list opens nothing.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from modalities.weights import FETCHED, Weights, found

TOKENS = ("config.json", "generation_config.json", "preprocessor_config.json", "tokenizer*", "special_tokens_map.json",
          "added_tokens.json", "vocab*", "merges.txt", "normalizer.json", "spiece.model", "model*.safetensors",
          "model.safetensors.index.json")


def _set(name: str, repo: str, licence: str, parameters_m: float | None = None) -> Weights:
    # Millions of parameters as published, four bytes each; None where nobody says.
    size_mb = None if parameters_m is None else round(4 * parameters_m)
    return Weights(name, repo, "main", size_mb, licence, True, files=TOKENS, index="config.json")


@dataclass(frozen=True)
class Understander:
    """A model and what it is used for."""

    id: str
    title: str
    weights: Weights
    used_for: str


# Tschannen et al., SigLIP 2, 2025; Wu et al., CLAP, 2023; Radford et al., Whisper, 2022; Li et al., BLIP, 2022;
# Yang et al., Depth Anything V2, 2024; Ravi et al., SAM 2, 2024.
SIGHT = Understander(
    "siglip2", "SigLIP 2 base", _set("siglip2", "google/siglip2-base-patch16-224", "Apache-2.0", 375.2),
    "where a picture is; how well each shot shows what its words say")
HEARING = Understander(
    "clap-music", "CLAP, music", _set("clap-music", "laion/larger_clap_music", "Apache-2.0"),
    "genre, mood and instruments of music; how well music is what its words say")
SPEECH = Understander(
    "whisper-small", "Whisper small", _set("whisper-small", "openai/whisper-small", "Apache-2.0", 242),
    "what is said in a recording, where the extra `speech` is not installed")
WORDS = Understander(
    "blip-large", "BLIP large", _set("blip-large", "Salesforce/blip-image-captioning-large", "BSD-3-Clause", 470),
    "a sentence on each picture and shot; the setting where no model for that is here")
DEPTH = Understander(
    "depth-anything-small", "Depth Anything V2 small",
    _set("depth-anything-small", "depth-anything/Depth-Anything-V2-Small-hf", "Apache-2.0", 24.8),
    "near and far in pictures; a creator's film as a guide for large video models")
FOLLOWING = Understander(
    "sam2-tiny", "SAM 2.1 tiny", _set("sam2-tiny", "facebook/sam2.1-hiera-tiny", "Apache-2.0", 38.9),
    "following a subject in `beecam roto`")
ALL = (SIGHT, HEARING, SPEECH, WORDS, DEPTH, FOLLOWING)


def folder_of(one: Understander, environ: Mapping[str, str] = os.environ) -> Path | None:
    """The folder of its weights, or None: then it is not used."""
    return found(one.weights, environ)


def mark_of(folder: Path) -> str:
    """Tells two sets of weights apart, for the names of caches: a digest of names, sizes, dates and configuration."""
    files = tuple(sorted((path.name, path.stat().st_size, path.stat().st_mtime_ns) for path in
                         (*folder.glob("*.safetensors"), *folder.glob(FETCHED), *folder.glob("config.json"))))
    return _digest(folder, files)


@lru_cache(32)
def _digest(folder: Path, files: tuple[tuple[str, int, int], ...]) -> str:
    told = json.dumps([(name, size) for name, size, _ in files]).encode()
    return hashlib.sha256((folder / "config.json").read_bytes() + told).hexdigest()[:12]
