"""Wan 2.1 VACE (Jiang et al., VACE: All-in-one video creation and editing, 2025) through diffusers.

One model for depth- and edge-guided video, in- and outpainting, first and last frames and subjects from pictures; 1.3 B
parameters, Apache-2.0. The conventions of its control video: a control map or a kept picture where the mask is black,
middle grey where something new is to be made.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from PIL import Image

from modalities.accelerator import Fit
from modalities.engine import EngineParams
from modalities.engines.placing import opened
from modalities.engines.video.noising import keeping, start_of, starting_at
from modalities.engines.video.params import VideoParams
from modalities.engines.video.request import Frames, ModelCard, OnStep, Window, WindowRequest
from modalities.engines.video.shape import Shape
from modalities.engines.video.wan_coder import decoded, encoded
from modalities.weights import Weights

if TYPE_CHECKING:
    from torch import Tensor

GREY = 127
MOST_SUBJECTS = 3
# Published: 1.3 B at 832 x 480 x 81 takes 8.19 GB with 2.6 GB of weights (Wan 2.1's table); scaled by pixels, frames.
WORK_MB = 5600.0 / (832 * 480 * 81)


class WanVace:
    """The adapter. Guidance by simulator tensors is exact in time: one control picture to a frame."""

    card = ModelCard(
        id="wan-vace", title="Wan 2.1 VACE 1.3B",
        shape=Shape(multiple_px=16, step=4, most_frames=81, fps=16.0, area_px=832 * 480),
        weights=Weights("wan-vace", "Wan-AI/Wan2.1-VACE-1.3B-diffusers", "main", None, "Apache-2.0", True,
                        files=("*.json", "*.safetensors", "tokenizer/*")),
        accepts=frozenset({"depth", "edges", "pictures", "none", "subjects", "ends", "after", "repaint"}),
        pipeline="WanVACEPipeline")
    Params = VideoParams

    def work_mb(self, size_px: tuple[int, int], frames: int) -> float:
        return WORK_MB * size_px[0] * size_px[1] * frames

    def open(self, folder: Path, fit: Fit) -> Any:
        from diffusers.pipelines.wan.pipeline_wan_vace import WanVACEPipeline

        # Its picture coder loses colour in sixteen bits.
        return opened(WanVACEPipeline, folder, fit, whole=("vae",))

    def make(self, pipe: Any, request: WindowRequest, params: EngineParams, on_step: OnStep) -> Window:
        import torch

        assert isinstance(params, VideoParams)
        control, mask = control_video(request, params)
        subjects = [Image.fromarray(one) for one in request.subjects[:MOST_SUBJECTS]]
        steps = params.steps
        generator = torch.Generator("cpu").manual_seed(request.seed)
        coder = pipe.vae_scale_factor_temporal
        side = pipe.vae_scale_factor_spatial
        size = (1, pipe.transformer.config.in_channels, (request.frames - 1) // coder + 1 + len(subjects),
                request.size_px[1] // side, request.size_px[0] // side)
        noise: Tensor = torch.randn(size, generator=generator, dtype=torch.float32)
        latents, first = noise, 0
        # Up to 0.5 the previz shows through more and more as less noise is laid over it; from there on control lets go.
        if request.freedom < 0.5 or params.hold == "pictures":
            first, sigma = start_of(pipe.scheduler, steps, min(1.0, 2.0 * request.freedom))
            clean = encoded(pipe, request.guide.part(0, request.frames).pictures)
            latents = noise.clone()
            latents[:, :, len(subjects):] = (1.0 - sigma) * clean + sigma * noise[:, :, len(subjects):]
        held = 0.0 if params.hold == "none" else min(1.0, 2.0 * (1.0 - request.freedom))
        # What is to stay must be seen, however free the rest is.
        scale = max(held, 1.0 if params.repaint != "everything" or params.ends != "open" or subjects else 0.0)
        with starting_at(pipe.scheduler, first):
            out = pipe(prompt=request.prompt, negative_prompt=request.avoid, video=control, mask=mask,
                       reference_images=subjects or None, conditioning_scale=scale, height=request.size_px[1],
                       width=request.size_px[0], num_frames=request.frames, num_inference_steps=steps,
                       guidance_scale=params.guidance, generator=generator, latents=latents, output_type="latent",
                       callback_on_step_end=keeping(on_step, steps - first, request.known, len(subjects), noise))
        return Window(out.frames[:, :, len(subjects):].float().cpu())

    def decode(self, pipe: Any, latents: Any) -> Frames:
        return decoded(pipe, latents)

    def encode(self, pipe: Any, pictures: Frames) -> Any:
        return encoded(pipe, pictures)


def control_video(request: WindowRequest, params: VideoParams) -> tuple[list[Image.Image], list[Image.Image]]:
    """The control pictures and masks of a window (white is made anew), one pair to a frame."""
    guide = request.guide.part(0, request.frames)
    shape = guide.nearness.shape
    grey = np.full((*shape, 3), GREY, np.uint8)
    if params.hold == "depth":
        control = np.repeat(np.round(255 * guide.nearness).astype(np.uint8)[..., None], 3, 3)
    elif params.hold == "edges":
        control = np.repeat(np.round(255 * (1.0 - guide.edges)).astype(np.uint8)[..., None], 3, 3)
    else:
        control = grey
    mask = np.ones(shape, np.float32)
    if guide.repaint is not None:
        mask = (guide.repaint > 0.5).astype(np.float32)
        control = np.where(mask[..., None] > 0.5, control if params.repaint != "border" else grey, guide.pictures)
    control = np.ascontiguousarray(control)
    for picture, at in ((request.first, 0), (request.last, -1)):
        if picture is not None:
            control[at], mask[at] = picture, 0.0
    return ([Image.fromarray(one) for one in control],
            [Image.fromarray(np.uint8(255) * one.astype(np.uint8)) for one in mask])
