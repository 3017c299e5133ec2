"""ACE-Step 1.5 through diffusers: music from words, tempo, metre and key, following the score as a cover of it.

Gong et al. 2026, "ACE-Step 1.5: Pushing the Boundaries of Open-Source Music Generation".
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from pydantic import Field

from modalities.accelerator import Fit
from modalities.engines.placing import opened
from modalities.engines.sound.large_music import MusicCard, Piece
from modalities.engines.sound.request import FoleyParams, MusicParams
from modalities.faults import Unusable
from modalities.script import MusicWords
from modalities.weights import Weights, missing

# Its page on the hub names no size; revision: the branch, no commit could be looked up.
WEIGHTS = Weights("ace-step", "ACE-Step/acestep-v15-xl-turbo-diffusers", "main", None, "MIT", True,
                  terms="the project is under MIT; pages of copies say Apache-2.0")


class AceStepParams(FoleyParams):
    """Guidance counts for weights that are not distilled only."""

    guidance: float = Field(default=7.0, ge=1.0, le=20.0, description="how closely the words are followed",
                            json_schema_extra={"unit": "", "phase": "take"})


class AceStep:
    card = MusicCard("ace-step", "ACE-Step 1.5", WEIGHTS, longest_s=600.0, least_s=10.0, pipeline="AceStepPipeline")
    Params = AceStepParams

    def refused(self) -> str | None:
        return None

    def lost(self) -> str | None:
        return missing(WEIGHTS)

    def open(self, folder: Path, fit: Fit) -> Any:
        from diffusers.pipelines.ace_step.pipeline_ace_step import AceStepPipeline

        return opened(AceStepPipeline, folder, fit)

    def rate_hz(self, pipe: Any) -> int:
        return int(pipe.sample_rate)

    def make(self, pipe: Any, piece: Piece, params: MusicParams, on_step: Callable[[float], None]) -> Any:
        """A cover of the guide where there is one, else what comes before goes on, else words alone."""
        asked: dict[str, Any] = {"task_type": "text2music"}
        if piece.guide is not None:
            if pipe.audio_tokenizer is None or pipe.audio_token_detokenizer is None:
                raise Unusable("These weights of ACE-Step have no tokens of sound and cannot follow a score; set "
                               "follow to 0, or get the whole set.")
            asked = {"task_type": "cover", "src_audio": _tensor(piece.guide), "audio_cover_strength": params.follow}
        elif piece.before is not None:
            import numpy as np

            whole = round(piece.duration_s * self.rate_hz(pipe))
            source = np.zeros((whole, 2), np.float32)
            source[:len(piece.before)] = piece.before[:whole]
            asked = {"task_type": "repaint", "src_audio": _tensor(source),
                     "repainting_start": len(piece.before) / self.rate_hz(pipe), "repainting_end": piece.duration_s}
        guidance = params.guidance if isinstance(params, AceStepParams) else 7.0
        return self._called(pipe, piece.words.style, piece, params.steps, on_step, guidance_scale=guidance,
                            bpm=round(piece.words.tempo_bpm), keyscale=named_key(piece.words),
                            timesignature=str(piece.words.beats_per_bar), lyrics="[instrumental]", **asked)

    def effect(self, pipe: Any, prompt: str, piece: Piece, steps: int, on_step: Callable[[float], None]) -> Any:
        return self._called(pipe, f"sound effect, no music: {prompt}", piece, steps, on_step, lyrics="[instrumental]")

    def _called(self, pipe: Any, prompt: str, piece: Piece, steps: int, on_step: Callable[[float], None], **asked: Any
                ) -> Any:
        def told(_: Any, step: int, __: Any, kept: dict[str, Any]) -> dict[str, Any]:
            on_step((step + 1) / steps)
            return kept

        if getattr(pipe, "is_turbo", False):
            asked["guidance_scale"] = 1.0
        return pipe(prompt=prompt, audio_duration=piece.duration_s, num_inference_steps=steps,
                    generator=piece.generator(), callback_on_step_end=told, **asked).audios[0]


def named_key(words: MusicWords) -> str:
    """As the model was taught keys: "F# minor", "Bb major"."""
    return words.key.replace(" sharp", "#").replace(" flat", "b")


def _tensor(sound: Any) -> Any:
    import torch

    return torch.from_numpy(sound.T.copy())
