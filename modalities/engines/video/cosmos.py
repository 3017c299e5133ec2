"""Cosmos-Transfer 2.5 (NVIDIA, 2025) through diffusers: a 2 B world model that paints over depth or edges.

Its licence wants its guard to stay: the guard reads every prompt before a window and sees every finished shot, and
without the package that holds it this engine does not open.
"""

from __future__ import annotations

import importlib
import importlib.util
from pathlib import Path
from typing import Any, Literal

import numpy as np
from PIL import Image
from pydantic import Field

from modalities.accelerator import Fit
from modalities.engine import EngineParams
from modalities.engines.placing import opened
from modalities.engines.video.noising import keeping
from modalities.engines.video.params import VideoParams
from modalities.engines.video.request import Frames, ModelCard, OnStep, Window, WindowRequest
from modalities.engines.video.shape import Shape
from modalities.engines.video.wan_coder import decoded, encoded
from modalities.faults import Unavailable, Unusable
from modalities.weights import Weights, found, missing

REPO, LICENCE = "nvidia/Cosmos-Transfer2.5-2B", "NVIDIA Open Model License"
TERMS = "commercial use allowed; its guard must stay on"
# Published: 65.4 GB in all for 93 frames of 720p (NVIDIA's documentation); text encoder, transformer and control take
# some 25 GB of that in sixteen bits.
WORK_MB = 40_000.0 / (1280 * 704 * 93)
CONTROLS = {hold: Weights(f"cosmos-control-{word}", REPO, f"diffusers/controlnet/general/{word}", None, LICENCE, True,
                          TERMS, ("*.json", "*.safetensors"), "config.json")
            for hold, word in (("depth", "depth"), ("edges", "edge"))}


class CosmosParams(VideoParams):
    """Cosmos follows a control film always, and words."""

    hold: Literal["depth", "edges", "pictures", "none"] = Field(
        default="depth", json_schema_extra={"unit": "", "phase": "take", "panel": True},
        description="what of the world the model holds to: how near things are, or their outlines")
    steps: int = Field(default=36, ge=1, le=100, description="denoising steps",
                       json_schema_extra={"unit": "steps", "phase": "take"})
    guidance: float = Field(default=3.0, ge=1.0, le=15.0, description="how closely the words are followed",
                            json_schema_extra={"unit": "", "phase": "take"})
    height_px: int = Field(default=704, ge=16, le=1440, description="picture height the model works at, at most",
                           json_schema_extra={"unit": "px", "phase": "take"})
    window_frames: int = Field(default=93, ge=5, le=257, description="frames made at a time, at most",
                               json_schema_extra={"unit": "frames", "phase": "take"})


class CosmosTransfer:
    """The adapter."""

    Params = CosmosParams
    card = ModelCard(
        id="cosmos-transfer", title="Cosmos-Transfer 2.5",
        shape=Shape(multiple_px=16, step=4, most_frames=93, fps=0.0, area_px=1280 * 704, least_frames=5),
        weights=Weights("cosmos-transfer", REPO, "diffusers/general", None, LICENCE, True, TERMS,
                        files=("*.json", "*/*.json", "*/*.safetensors", "*/*.txt")),
        accepts=frozenset({"depth", "edges", "after"}), pipeline="Cosmos2_5_TransferPipeline",
        also=tuple(CONTROLS.values()))

    def work_mb(self, size_px: tuple[int, int], frames: int) -> float:
        return WORK_MB * size_px[0] * size_px[1] * frames

    def open(self, folder: Path, fit: Fit) -> Any:
        guard = self.guard()
        from diffusers.pipelines.cosmos.pipeline_cosmos2_5_transfer import Cosmos2_5_TransferPipeline

        pipe = opened(Cosmos2_5_TransferPipeline, folder, fit, {"controlnet": None, "safety_checker": guard}, ("vae",))
        pipe.held = {}
        return pipe

    def guard(self) -> Any:
        """The guard of the licence. Raises Unavailable where it, or what the model needs beside it, is not there."""
        for package, why in (("torchvision", "for its masks"), ("cosmos_guardrail", "as its licence wants")):
            if importlib.util.find_spec(package) is None:
                raise Unavailable(f"Cosmos-Transfer needs the package {package}, {why}: pip install {package}.")
        return importlib.import_module("cosmos_guardrail").CosmosSafetyChecker()

    def make(self, pipe: Any, request: WindowRequest, params: EngineParams, on_step: OnStep) -> Window:
        import torch

        assert isinstance(params, VideoParams)
        guide = request.guide.part(0, request.frames)
        level = guide.nearness if params.hold == "depth" else guide.edges
        controls = [Image.fromarray(np.repeat(np.round(255 * one).astype(np.uint8)[..., None], 3, 2)) for one in level]
        pipe.controlnet = self._control(pipe, params.hold)
        generator = torch.Generator("cpu").manual_seed(request.seed)
        side = pipe.vae_scale_factor_spatial
        shape = (1, pipe.transformer.config.in_channels - 1, (request.frames - 1) // pipe.vae_scale_factor_temporal + 1,
                 request.size_px[1] // side, request.size_px[0] // side)
        noise = torch.randn(shape, generator=generator, dtype=torch.float32)
        try:
            out = pipe(controls=controls, controls_conditioning_scale=min(1.0, 2.0 * (1.0 - request.freedom)),
                       prompt=request.prompt, negative_prompt=request.avoid, height=request.size_px[1],
                       width=request.size_px[0], num_frames=request.frames, num_frames_per_chunk=request.frames,
                       num_inference_steps=params.steps, guidance_scale=params.guidance, generator=generator,
                       latents=noise, output_type="latent",
                       callback_on_step_end=keeping(on_step, params.steps, request.known, 0, noise))
        except ValueError as fault:
            if "Guardrail" in str(fault):
                raise Unusable("The guard of Cosmos does not allow these words; nothing was made.") from None
            raise
        return Window(out.frames.float().cpu())

    def decode(self, pipe: Any, latents: Any) -> Frames:
        """The pictures, if the guard lets them pass (it may have blurred faces). Raises Unusable."""
        seen = pipe.safety_checker.check_video_safety(decoded(pipe, latents))
        if seen is None:
            raise Unusable("The guard of Cosmos does not allow these pictures; nothing of the shot is kept.")
        return np.ascontiguousarray(np.asarray(seen, np.uint8))

    def encode(self, pipe: Any, pictures: Frames) -> Any:
        return encoded(pipe, pictures)

    def _control(self, pipe: Any, hold: str) -> Any:
        """The control network of a hold, opened once. Raises Unavailable without its weights."""
        if hold not in pipe.held:
            folder = found(CONTROLS[hold])
            if folder is None:
                raise Unavailable(f"Holding to {hold} needs more: {missing(CONTROLS[hold])}.")
            from diffusers.models.controlnets.controlnet_cosmos import CosmosControlNetModel

            loaded: Any = CosmosControlNetModel.from_pretrained(str(folder), local_files_only=True,
                                                                dtype=pipe.transformer.dtype)
            pipe.held[hold] = loaded.to(pipe._execution_device).eval()
        return pipe.held[hold]
