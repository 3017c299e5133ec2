"""MusicGen through transformers, with and without a melody. Its weights may not be used commercially: off by default.

Copet et al. 2023, "Simple and Controllable Music Generation".
"""

from __future__ import annotations

import math
import os
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
from pydantic import Field

from modalities.accelerator import Fit
from modalities.engines.sound.large_music import MusicCard, Piece
from modalities.engines.sound.request import MusicParams
from modalities.faults import Unavailable, Unusable
from modalities.media import Sound
from modalities.weights import Weights, missing

ALLOWED = "BEECAM_ALLOW_NONCOMMERCIAL"
# The licence of the weights: facebookresearch/audiocraft, issues 98 and 198. Sizes and commits were not looked up.
LICENCE = "CC-BY-NC-4.0"
PLAIN = Weights("musicgen", "facebook/musicgen-medium", "main", None, LICENCE, False,
                terms="not for films that earn money", index="config.json")
MELODY = Weights("musicgen-melody", "facebook/musicgen-melody", "main", None, LICENCE, False,
                 terms="not for films that earn money", index="config.json")
# Of the published model's chroma: taken over the guide, so that it hears what it was taught to.
CHROMA_WINDOW, CHROMA_HOP = 16384, 4096


class MusicGenParams(MusicParams):
    """It makes music token by token and no sounds of events; steps do not count."""

    guidance: float = Field(default=3.0, ge=1.0, le=10.0, description="how closely the words are followed",
                            json_schema_extra={"unit": "", "phase": "take"})


class MusicGen:
    """melody: the class that follows a melody; without, pieces go on from one another instead."""

    Params = MusicGenParams

    def __init__(self, melody: bool = False) -> None:
        self.melody = melody
        self.weights = MELODY if melody else PLAIN
        title = "MusicGen with a melody" if melody else "MusicGen"
        self.card = MusicCard(self.weights.name, title, self.weights, longest_s=30.0, least_s=1.0, guided=melody,
                              makes_effects=False)

    def refused(self) -> str | None:
        if os.environ.get(ALLOWED, "").strip() == "1":
            return None
        return (f"the weights of {self.weights.name} may not be used commercially ({LICENCE}), so it is off; where "
                f"that is fine, set {ALLOWED}=1")

    def lost(self) -> str | None:
        return missing(self.weights)

    def open(self, folder: Path, fit: Fit) -> Any:
        import torch
        from transformers import (
            AutoTokenizer,
            MusicgenForConditionalGeneration,
            MusicgenMelodyForConditionalGeneration,
        )
        from transformers.utils import logging

        if fit.offload != "none" or fit.eight_bits:
            raise MemoryError(f"{self.card.title} is laid out whole or not at all")
        logging.disable_progress_bar()
        logging.set_verbosity_error()
        kind: Any = MusicgenMelodyForConditionalGeneration if self.melody else MusicgenForConditionalGeneration
        try:
            model: Any = kind.from_pretrained(str(folder), local_files_only=True, dtype=getattr(torch, fit.dtype))
            words: Any = AutoTokenizer.from_pretrained(str(folder), local_files_only=True)
        except Exception as fault:  # a folder can be wrong in many ways
            raise Unavailable(f"The weights at {folder} cannot be opened as {kind.__name__} ({type(fault).__name__}: "
                              f"{str(fault)[:160]}).") from None
        return SimpleNamespace(model=model.eval().requires_grad_(False).to(fit.device), words=words)

    def rate_hz(self, pipe: Any) -> int:
        return int(pipe.model.config.audio_encoder.sampling_rate)

    def make(self, pipe: Any, piece: Piece, params: MusicParams, on_step: Callable[[float], None]) -> Any:
        model, rate_hz = pipe.model, self.rate_hz(pipe)
        encoder = model.config.audio_encoder
        frame_hz = rate_hz / math.prod(encoder.upsampling_ratios)
        frames = math.ceil(piece.duration_s * frame_hz)
        words = piece.words
        prompt = f"{words.style.rstrip('.')}, {words.tempo_bpm:.0f} bpm, {words.key}"
        asked: dict[str, Any] = dict(pipe.words([prompt], return_tensors="pt").to(model.device))
        made_before = 0
        if self.melody and piece.guide is not None:
            asked["input_features"] = self._chroma(piece.guide, rate_hz, int(model.config.num_chroma)).to(
                model.device, model.dtype)
        elif not self.melody and piece.before is not None:
            heard = _mono(piece.before) if encoder.audio_channels == 1 else piece.before.T
            asked["input_values"] = _tensor(heard).reshape(1, encoder.audio_channels, -1).to(model.device, model.dtype)
            made_before = math.ceil(len(piece.before) / rate_hz * frame_hz)
        # Codebooks are spoken one token after another, the last of them so many tokens late.
        tokens = max(1, frames - made_before) + int(model.decoder.config.num_codebooks)
        guidance = params.guidance if isinstance(params, MusicGenParams) else 3.0
        made: Any = model.generate(**asked, do_sample=True, guidance_scale=guidance, max_new_tokens=tokens,
                                   stopping_criteria=[_Told(on_step, tokens)])
        return made[0]

    def effect(self, pipe: Any, prompt: str, piece: Piece, steps: int, on_step: Callable[[float], None]) -> Any:
        raise Unusable(f"{self.card.title} makes music only.")

    def _chroma(self, guide: Sound, rate_hz: int, bins: int) -> Any:
        """(1, T, bins) with a one where the strongest pitch class is: the library's own extractor wants torchaudio."""
        import torch
        from transformers.audio_utils import chroma_filter_bank

        window = min(CHROMA_WINDOW, 1 << int(math.log2(max(64, len(guide)))))
        hop = max(1, CHROMA_HOP * window // CHROMA_WINDOW)
        bank = torch.from_numpy(np.asarray(chroma_filter_bank(num_frequency_bins=window, num_chroma=bins,
                                                              sampling_rate=rate_hz, tuning=0), np.float32))
        power = torch.stft(_tensor(_mono(guide)), window, hop, window, torch.hann_window(window), center=True,
                           return_complex=True).abs() ** 2
        strongest = (bank @ power).T.argmax(-1)
        return torch.nn.functional.one_hot(strongest, bins).float()[None]


class _Told:
    """Called after each token; never ends the piece itself."""

    def __init__(self, on_step: Callable[[float], None], tokens: int) -> None:
        self._on_step, self._tokens, self._done = on_step, tokens, 0

    def __call__(self, ids: Any, scores: Any, **_: Any) -> Any:
        import torch

        self._done += 1
        self._on_step(self._done / self._tokens)
        return torch.zeros(ids.shape[0], dtype=torch.bool, device=ids.device)


def _mono(sound: Sound) -> Sound:
    return np.ascontiguousarray(sound.mean(1, dtype=np.float32))


def _tensor(values: Any) -> Any:
    import torch

    return torch.from_numpy(np.ascontiguousarray(values, np.float32))
