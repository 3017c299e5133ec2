"""LTX-2 (HaCohen et al., LTX-2: Efficient joint audio-visual foundation model, 2026) through diffusers.

One set of weights, four ways in: words alone or with pictures anywhere in the shot (the condition pipeline), control
films read by an in-context adapter (IC-LoRA), music held still while its picture is made, and, with the distilled 2.5
weights, the one-pass DFR pipeline. It makes sound as well; a take keeps its own unless `sound` says otherwise.
"""

from __future__ import annotations

import inspect
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from PIL import Image
from pydantic import Field

from modalities.accelerator import Fit
from modalities.engine import EngineParams
from modalities.engines.placing import opened
from modalities.engines.video.ltx2_sound import Still, heard, played, with_sound_held
from modalities.engines.video.noising import keeping
from modalities.engines.video.params import VideoParams
from modalities.engines.video.request import Frames, ModelCard, OnStep, Window, WindowRequest
from modalities.engines.video.shape import Shape
from modalities.faults import Unavailable
from modalities.weights import Weights, found, missing

if TYPE_CHECKING:
    from torch import Tensor

LICENCE = "LTX-2.x Community"
TERMS = "free below 10 million USD of yearly revenue; models trained on its films count as derivatives"
# Spatio-temporal guidance skips this block; a model with fewer has none to skip.
GUIDED_BLOCK = 28
# Nobody has published what one window takes beside the weights: about four thousand megabytes for 768 x 512 x 121 until
# it was measured here.
WORK_MB = 4000.0 / (768 * 512 * 121)
SHAPE = Shape(multiple_px=32, step=8, most_frames=121, fps=0.0, area_px=768 * 512, least_frames=9)
# Control films may be half as large as the picture (the adapter says so), and are in steps of 32 all the same.
CONTROLLED = Shape(multiple_px=64, step=8, most_frames=121, fps=0.0, area_px=768 * 512)
SCALE = "reference_downscale_factor"
NAMED = {"depth": ("depth", "union"), "edges": ("canny", "edge", "union")}
# Any IC-LoRA of this model in that folder will do; one that is named after what is held to goes before others.
CONTROL = Weights("ltx2-control", "Lightricks/LTX-2-19b-IC-LoRA-Union-Control", "main", None, LICENCE, True, TERMS,
                  ("*.safetensors", "README.md"), "*.safetensors")


class Ltx2Params(VideoParams):
    """LTX-2 follows pictures and words, and hears."""

    hold: Literal["depth", "edges", "pictures", "none"] = Field(
        default="pictures", json_schema_extra={"unit": "", "phase": "take", "panel": True},
        description="what of the world the model holds to: the pictures themselves, nothing but the words, or, with "
        "the control adapter, how near things are or their outlines")
    steps: int = Field(default=30, ge=1, le=100, description="denoising steps (distilled weights take their own eight)",
                       json_schema_extra={"unit": "steps", "phase": "take"})
    guidance: float = Field(default=3.0, ge=1.0, le=15.0, description="how closely the words are followed",
                            json_schema_extra={"unit": "", "phase": "take"})
    height_px: int = Field(default=512, ge=32, le=1440, description="picture height the model works at, at most",
                           json_schema_extra={"unit": "px", "phase": "take"})
    window_frames: int = Field(default=121, ge=9, le=257, description="frames made at a time, at most",
                               json_schema_extra={"unit": "frames", "phase": "take"})
    sound: Literal["film", "model"] = Field(
        default="film", json_schema_extra={"unit": "", "phase": "take"},
        description="whose sound the take has: the film's own, or what the model hears in its pictures")


class Ltx2:
    """The adapter. Latents are kept as the pipelines take them (not scaled), time on axis 2."""

    Params = Ltx2Params

    def __init__(self, distilled: bool = False) -> None:
        self.distilled = distilled
        # LTX-2.5 is gated: the hub asks for an account that accepted its licence.
        weights = Weights("ltx2.5", "Lightricks/LTX-2.5-Diffusers", "main", 66_000, LICENCE, True,
                          TERMS + "; gated: sign in to the hub and accept it there", files=("*.json", "*.safetensors",
                                                                                           "*.txt", "*.model")) \
            if distilled else Weights("ltx2", "Lightricks/LTX-2", "main", None, LICENCE, True, TERMS,
                                      files=("*.json", "*/*.json", "*/*.safetensors", "*/*.model"))
        holds = {"pictures", "none"} if distilled else {"pictures", "none", "depth", "edges"}
        self.card = ModelCard(
            id="ltx2.5" if distilled else "ltx2", title="LTX-2.5 distilled" if distilled else "LTX-2",
            shape=SHAPE if distilled else CONTROLLED, weights=weights,
            accepts=frozenset(holds | {"ends", "after", "sound"}),
            makes=frozenset({"video", "audio"}), overlap=2, pipeline="LTX2Pipeline",
            also=() if distilled else (CONTROL,))

    def work_mb(self, size_px: tuple[int, int], frames: int) -> float:
        return WORK_MB * size_px[0] * size_px[1] * frames

    def open(self, folder: Path, fit: Fit) -> Any:
        from diffusers.pipelines.ltx2.pipeline_ltx2_condition import LTX2ConditionPipeline
        from diffusers.pipelines.ltx2.pipeline_ltx2_dfr import LTX2DFRPipeline

        pipe = opened(LTX2DFRPipeline if self.distilled else with_sound_held(LTX2ConditionPipeline), folder, fit)
        # A window is decoded whole; a longer shot in pieces of time, blended over two latents. Plain attributes,
        # not stored with the weights.
        pipe.vae.use_framewise_decoding, pipe.vae.use_framewise_encoding = True, False
        pipe.vae.tile_sample_min_num_frames, pipe.vae.tile_sample_stride_num_frames = 128, 112
        pipe.control, pipe.control_scales = None, {}
        return pipe

    def make(self, pipe: Any, request: WindowRequest, params: EngineParams, on_step: OnStep) -> Window:
        import torch

        assert isinstance(params, Ltx2Params)
        from diffusers.pipelines.ltx2.pipeline_ltx2_condition import LTX2VideoCondition

        generator = torch.Generator("cpu").manual_seed(request.seed)
        conditions = [LTX2VideoCondition(frames=frames, index=index, strength=strength, crf=0)
                      for frames, index, strength in pictures_for(request, params)]
        audio = None if request.sound is None else heard(pipe, request.sound, request.sound_rate_hz)
        steps = 8 if self.distilled else params.steps
        known, noise = packed(pipe, request.known, generator, request)
        common: dict[str, Any] = {
            "prompt": prompt_for(request), "conditions": conditions or None, "width": request.size_px[0],
            "height": request.size_px[1], "num_frames": request.frames, "frame_rate": request.fps,
            "generator": generator, "audio_latents": audio, "output_type": "latent",
            "callback_on_step_end": keeping(on_step, steps, known, 0, noise, axis=1)}
        if self.distilled:
            out = pipe(freeze_audio=audio is not None, generate_slots=False, **common)
        else:
            out = self._guided(pipe, request, params, common)
        latents = out.frames[:, :, : SHAPE.latents(request.frames)].float().cpu()
        if request.known is not None:
            # Scaling there and back may cost the last bit of what was handed on.
            latents[:, :, : request.known.shape[2]] = request.known
        sound = played(pipe, out.audio) if params.sound == "model" and audio is None else (None, 0)
        return Window(latents, *sound)

    def decode(self, pipe: Any, latents: Any) -> Frames:
        import torch

        with torch.inference_mode():
            ready = latents.to(pipe._execution_device, pipe.vae.dtype)
            timed = pipe.vae.config.timestep_conditioning
            time = torch.zeros(1, device=ready.device, dtype=ready.dtype) if timed else None
            made = pipe.vae.decode(ready, time, return_dict=False)[0][0]
        levels = made.float().clamp(-1, 1).add(1).mul(127.5).round().to(torch.uint8)
        return np.ascontiguousarray(levels.permute(1, 2, 3, 0).cpu().numpy())

    def encode(self, pipe: Any, pictures: Frames) -> Any:
        import torch

        with torch.inference_mode():
            ready = torch.from_numpy(np.ascontiguousarray(pictures)).permute(3, 0, 1, 2)[None] / 127.5 - 1.0
            seen = pipe.vae.encode(ready.to(pipe._execution_device, pipe.vae.dtype)).latent_dist.mode()
        return seen.float().cpu()

    def _guided(self, pipe: Any, request: WindowRequest, params: Ltx2Params, common: dict[str, Any]) -> Any:
        """One pass with classifier-free, spatio-temporal and modality guidance."""
        blocks = [GUIDED_BLOCK] if pipe.transformer.config.num_layers > GUIDED_BLOCK else None
        pipe.audio_scheduler = Still() if request.sound is not None else None
        guided = common | {"negative_prompt": request.avoid, "num_inference_steps": params.steps,
                           "guidance_scale": params.guidance, "spatio_temporal_guidance_blocks": blocks,
                           "stg_scale": 1.0 if blocks else 0.0, "audio_stg_scale": 1.0 if blocks else 0.0}
        if params.hold not in ("depth", "edges"):
            if pipe.control is not None:
                # The adapter lies in the transformer that both pipelines share.
                pipe.control.disable_lora()
            return pipe(**guided)
        from diffusers.pipelines.ltx2.pipeline_ltx2_ic_lora import LTX2ReferenceCondition

        guide = request.guide.part(0, request.frames)
        level = guide.nearness if params.hold == "depth" else guide.edges
        maps = [Image.fromarray(np.repeat(np.round(255 * one).astype(np.uint8)[..., None], 3, 2)) for one in level]
        controlled = self._control(pipe, params.hold)
        controlled.audio_scheduler = pipe.audio_scheduler
        return controlled(reference_conditions=[LTX2ReferenceCondition(frames=maps, strength=1.0)],
                          reference_downscale_factor=pipe.control_scales[params.hold],
                          conditioning_attention_strength=min(1.0, 2.0 * (1.0 - request.freedom)), **guided)

    def _control(self, pipe: Any, hold: str) -> Any:
        """The in-context pipeline over the same parts, with the adapter of a hold. Raises Unavailable without one."""
        folder = found(CONTROL)
        if folder is None:
            raise Unavailable(f"Holding to depth or edges needs the control adapter: {missing(CONTROL)}.")
        if pipe.control is None:
            from diffusers.pipelines.ltx2.pipeline_ltx2_ic_lora import LTX2InContextPipeline

            kind = with_sound_held(LTX2InContextPipeline)
            wanted = inspect.signature(LTX2InContextPipeline.__init__).parameters
            pipe.control = kind(**{name: part for name, part in pipe.components.items() if name in wanted})
            pipe.control.set_progress_bar_config(disable=True)
        if hold not in pipe.control_scales:
            file = adapter_for(folder, hold)
            try:
                pipe.control.load_lora_weights(str(folder), weight_name=file.name, adapter_name=hold,
                                               local_files_only=True)
                pipe.control_scales[hold] = scale_of(file)
            except Exception as fault:  # a folder can be wrong in many ways
                raise Unavailable(f"The adapter {file} cannot be read ({type(fault).__name__}: {str(fault)[:120]}).") \
                    from None
        pipe.control.enable_lora()
        pipe.control.set_adapters(hold)
        return pipe.control


def adapter_for(folder: Path, hold: str) -> Path:
    """The file of a hold: one named after it, else the first."""
    files = sorted(folder.glob("*.safetensors"))
    return next((file for word in NAMED[hold] for file in files if word in file.name.lower()), files[0])


def scale_of(file: Path) -> int:
    """How much smaller an adapter wants its control film, as its own file says; 1 where it says nothing."""
    from safetensors import safe_open

    with safe_open(str(file), "pt") as opened_file:
        told = (opened_file.metadata() or {}).get(SCALE, "1")
    return int(told) if told in ("1", "2") else 1


def prompt_for(request: WindowRequest) -> str:
    """The words, with what the place sounds like where the model makes the sound itself."""
    heard_here = request.heard if request.sound is None else ""
    return " ".join(part for part in (request.prompt, heard_here and f"The sound of {heard_here}.") if part)


def pictures_for(request: WindowRequest, params: VideoParams) -> list[tuple[Any, int, float]]:
    """(pictures, index of a latent, strength) of everything that is to be seen. A whole guide is laid under the window:
    at strength s each of its latents has 1 - s of the noise."""
    out: list[tuple[Any, int, float]] = []
    if params.hold == "pictures" and request.freedom < 1.0 and request.known is None:
        guide = request.guide.part(0, request.frames).pictures
        out.append(([Image.fromarray(one) for one in guide], 0, 1.0 - request.freedom))
    elif params.hold == "pictures" and request.freedom < 1.0:
        # What was handed on fills the beginning; the guide follows as a clip further on.
        lap = request.known.shape[2] if request.known is not None else 0
        first = SHAPE.step * (lap - 1) + 1
        count = (request.frames - first - 1) // SHAPE.step * SHAPE.step + 1
        if count > 0:
            guide = request.guide.part(first, first + count).pictures
            out.append(([Image.fromarray(one) for one in guide], lap, 1.0 - request.freedom))
    if request.first is not None:
        out.append((Image.fromarray(request.first), 0, 1.0))
    if request.last is not None:
        out.append((Image.fromarray(request.last), -1, 1.0))
    return out


def packed(pipe: Any, known: Any, generator: Any, request: WindowRequest) -> tuple[Tensor | None, Tensor | None]:
    """What is known as the transformer's tokens (1, S, C), scaled, and noise for the tokens of the whole window."""
    import torch

    if known is None:
        return None, None
    vae = pipe.vae
    scaled = pipe._normalize_latents(known.float(), vae.latents_mean.cpu(), vae.latents_std.cpu(),
                                     vae.config.scaling_factor)
    tokens = pipe._pack_latents(scaled, pipe.transformer_spatial_patch_size, pipe.transformer_temporal_patch_size)
    each = tokens.shape[1] // known.shape[2]
    shape = (1, each * SHAPE.latents(request.frames), tokens.shape[2])
    return tokens, torch.randn(shape, generator=generator, dtype=torch.float32)
