"""Stable Audio 3 through diffusers: music and sounds from words, beginning from the score's own sound.

Its checkpoints are published in their maker's format; diffusers converts them (documentation, "Stable Audio 3").
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from modalities.accelerator import Fit
from modalities.engines.placing import opened, placed
from modalities.engines.sound.ace_step import named_key
from modalities.engines.sound.large_music import MusicCard, Piece
from modalities.engines.sound.request import FoleyParams, MusicParams
from modalities.weights import Weights, missing

# "The Stability AI checkpoints are not published in diffusers format, so convert them locally" (documentation of
# diffusers, Stable Audio 3); the licence as told on pages of copies; no size was found, no commit could be looked up.
WEIGHTS = Weights("stable-audio3", "stabilityai/stable-audio-3-medium", "main", None, "Stability AI Community License",
                  True, terms="free under 1 M USD of yearly revenue, above it a paid licence; its text encoder is "
                  "under the Gemma terms; access must be asked for", by_hand="diffusers' conversion script (its page "
                  "on Stable Audio 3), into the folder stable-audio3 of large models")
# What is left of noise when the score is to be followed most and least; at 1 nothing of it is heard.
NOISE_LEAST, NOISE_MOST = 0.35, 0.98


class StableAudio3:
    card = MusicCard("stable-audio3", "Stable Audio 3", WEIGHTS, longest_s=180.0, least_s=1.0,
                     pipeline="StableAudio3Pipeline")
    Params = FoleyParams

    def refused(self) -> str | None:
        return None

    def lost(self) -> str | None:
        return missing(WEIGHTS)

    def open(self, folder: Path, fit: Fit) -> Any:
        from diffusers.pipelines.stable_audio_3.pipeline_stable_audio_3 import StableAudio3Pipeline

        pipe = opened(StableAudio3Pipeline, folder, fit)
        pipe.beecam_fit = fit
        return pipe

    def rate_hz(self, pipe: Any) -> int:
        return int(pipe.vae.config.sampling_rate)

    def make(self, pipe: Any, piece: Piece, params: MusicParams, on_step: Callable[[float], None]) -> Any:
        """From the guide's own latents with noise, else what comes before goes on, else words alone."""
        import diffusers.pipelines.stable_audio_3.pipeline_stable_audio_3_audio2audio as varied
        import diffusers.pipelines.stable_audio_3.pipeline_stable_audio_3_inpaint as filled

        words = piece.words
        prompt = ", ".join(part for part in (words.style.rstrip("."), f"{words.tempo_bpm:.0f} BPM", named_key(words))
                           if part)
        if piece.guide is not None:
            noise = NOISE_MOST + (NOISE_LEAST - NOISE_MOST) * params.follow
            return self._called(pipe, varied.StableAudio3AudioToAudioPipeline, prompt, piece, params.steps, on_step,
                                audio=_batch(piece.guide), init_noise_level=noise)
        if piece.before is not None:
            whole = round(piece.duration_s * self.rate_hz(pipe))
            source = np.zeros((whole, 2), np.float32)
            source[:len(piece.before)] = piece.before[:whole]
            return self._called(pipe, filled.StableAudio3InpaintPipeline, prompt, piece, params.steps, on_step,
                                audio=_batch(source), mask_start_seconds=len(piece.before) / self.rate_hz(pipe),
                                mask_end_seconds=piece.duration_s)
        return self._called(pipe, None, prompt, piece, params.steps, on_step)

    def effect(self, pipe: Any, prompt: str, piece: Piece, steps: int, on_step: Callable[[float], None]) -> Any:
        return self._called(pipe, None, prompt, piece, steps, on_step)

    def _called(self, pipe: Any, kind: Any, prompt: str, piece: Piece, steps: int, on_step: Callable[[float], None],
                **asked: Any) -> Any:
        def told(_: Any, step: int, __: Any, kept: dict[str, Any]) -> dict[str, Any]:
            on_step((step + 1) / steps)
            return kept

        turned = pipe
        if kind is not None:
            turned = kind(**pipe.components)
            turned.set_progress_bar_config(disable=True)
            # Hooks that move parts belong to a pipeline; streamed parts keep theirs.
            if pipe.beecam_fit.offload == "model":
                placed(turned, pipe.beecam_fit)
        try:
            return turned(prompt=prompt, duration=piece.duration_s, num_inference_steps=steps,
                          generator=piece.generator(), callback_on_step_end=told, **asked).audios[0]
        finally:
            if turned is not pipe and pipe.beecam_fit.offload == "model":
                placed(pipe, pipe.beecam_fit)


def _batch(sound: Any) -> Any:
    import torch

    return torch.from_numpy(sound.T.copy())[None]
