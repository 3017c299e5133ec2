"""AnyFlow-FAR (NVIDIA, 2026; causal flow maps over Wan 2.1) through diffusers: any number of steps, chunk after chunk.

The model is causal over chunks of latents with a cache of what it has seen, so a long shot goes on from its own
latents, given as a prefix that stays as it is: no noise is laid over them again.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, Literal

from pydantic import Field

from modalities.accelerator import Fit
from modalities.engine import EngineParams
from modalities.engines.placing import opened
from modalities.engines.video.params import VideoParams
from modalities.engines.video.request import Frames, ModelCard, OnStep, Window, WindowRequest
from modalities.engines.video.shape import Shape
from modalities.engines.video.wan_coder import decoded, encoded
from modalities.weights import Weights

# Latents to a chunk, after the first, which is a picture alone.
CHUNK = 3
# The hub says "license: other" for these weights; until somebody read it, films made with them are not for sale.
LICENCE, TERMS = "other (see the model card)", "read the model card before you sell anything made with it"
# Beside the weights: as for Wan 2.1 of that size (its own table: 8.19 GB in all for 1.3 B, 69.1 GB for 14 B at 720p).
WORK_MB = {"1.3B": 5600.0 / (832 * 480 * 81), "14B": 12000.0 / (832 * 480 * 81)}


class AnyFlowParams(VideoParams):
    """Few steps are enough, and only pictures or words are followed."""

    hold: Literal["depth", "edges", "pictures", "none"] = Field(
        default="pictures", json_schema_extra={"unit": "", "phase": "take", "panel": True},
        description="what of the world the model holds to: the pictures themselves, or nothing but the words")
    steps: int = Field(default=4, ge=1, le=50, description="denoising steps",
                       json_schema_extra={"unit": "steps", "phase": "take"})
    guidance: float = Field(default=1.0, ge=1.0, le=15.0, description="how closely the words are followed",
                            json_schema_extra={"unit": "", "phase": "take"})


class AnyFlow:
    """The adapter, for either size."""

    Params = AnyFlowParams

    def __init__(self, size: Literal["1.3B", "14B"] = "1.3B") -> None:
        name = "anyflow" if size == "1.3B" else "anyflow-14b"
        self.size = size
        self.card = ModelCard(
            id=name, title=f"AnyFlow-FAR {size.replace('B', ' B')}",
            shape=Shape(multiple_px=16, step=4, most_frames=81, fps=16.0, area_px=832 * 480, least_frames=5),
            weights=Weights(name, f"nvidia/AnyFlow-FAR-Wan2.1-{size}-Diffusers", "main", None, LICENCE, False, TERMS,
                            files=("*.json", "*/*.json", "*/*.safetensors", "*/*.model")),
            accepts=frozenset({"pictures", "none", "after"}), overlap=3, streams=True, pipeline="AnyFlowFARPipeline")

    def work_mb(self, size_px: tuple[int, int], frames: int) -> float:
        return WORK_MB[self.size] * size_px[0] * size_px[1] * frames

    def open(self, folder: Path, fit: Fit) -> Any:
        from diffusers.pipelines.anyflow.pipeline_anyflow_far import AnyFlowFARPipeline

        return opened(AnyFlowFARPipeline, folder, fit, whole=("vae",))

    def make(self, pipe: Any, request: WindowRequest, params: EngineParams, on_step: OnStep) -> Window:
        import torch

        assert isinstance(params, VideoParams)
        generator = torch.Generator("cpu").manual_seed(request.seed)
        count = (request.frames - 1) // pipe.vae_scale_factor_temporal + 1
        side = pipe.vae_scale_factor_spatial
        shape = (1, pipe.transformer.config.in_channels, count, request.size_px[1] // side, request.size_px[0] // side)
        latents = torch.randn(shape, generator=generator, dtype=torch.float32)
        sigmas = None
        if params.hold == "pictures" and request.freedom < 1.0:
            # The schedule begins where the guide is still seen through the noise, as far as freedom says.
            sigmas = [request.freedom * (1.0 - k / params.steps) for k in range(params.steps)]
            pipe.scheduler.set_timesteps(params.steps, sigmas=sigmas)
            first = float(pipe.scheduler.sigmas[0])
            clean = encoded(pipe, request.guide.part(0, request.frames).pictures)
            latents = (1.0 - first) * clean + first * latents
        known = None if request.known is None else request.known.permute(0, 2, 1, 3, 4).to(
            pipe._execution_device, pipe.transformer.dtype)
        lap = 0 if request.known is None else min(count, request.known.shape[2])
        parts = partition(count, lap)
        todo = (len(parts) - -(-lap // CHUNK)) * params.steps
        done = [0]

        def stepped(_pipe: Any, _step: int, _time: Any, tensors: dict[str, Any]) -> dict[str, Any]:
            done[0] += 1
            on_step(min(done[0], todo), todo)
            return tensors

        out = pipe(prompt=request.prompt, negative_prompt=request.avoid if params.guidance > 1.0 else None,
                   video_latents=known, height=request.size_px[1], width=request.size_px[0], num_frames=request.frames,
                   num_inference_steps=params.steps, sigmas=sigmas, guidance_scale=params.guidance, generator=generator,
                   latents=latents, output_type="latent", chunk_partition=list(parts), callback_on_step_end=stepped)
        return Window(out.frames.float().cpu())

    def decode(self, pipe: Any, latents: Any) -> Frames:
        return decoded(pipe, latents)

    def encode(self, pipe: Any, pictures: Frames) -> Any:
        return encoded(pipe, pictures)


def partition(latents: int, known: int) -> tuple[int, ...]:
    """Chunks that tile a window, none longer than CHUNK, as the cache is as wide as the longest. What is known ends at
    the end of a chunk; where nothing is, a picture comes first."""
    head = ((known % CHUNK,) if known % CHUNK else ()) + (CHUNK,) * (known // CHUNK) if known else (1,)
    rest = latents - sum(head)
    return (*head, *([CHUNK] * (rest // CHUNK)), *([rest % CHUNK] if rest % CHUNK else []))
