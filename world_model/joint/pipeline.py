"""WorldPipeline: any streams from any others, by one call with a different mask."""

from __future__ import annotations

import copy
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar, cast

import torch
from diffusers.pipelines.pipeline_utils import DiffusionPipeline
from diffusers.schedulers.scheduling_flow_match_euler_discrete import FlowMatchEulerDiscreteScheduler
from torch import Tensor

from world_model.joint.model import JointModel
from world_model.joint.noise import sigmas
from world_model.joint.presets import TEXT_WIDTH
from world_model.streams.layout import STATE_STREAMS

# Streams the model has always been trained with; what is not asked for is there as noise.
ALWAYS = (*STATE_STREAMS, "score")


@dataclass(frozen=True)
class JointOutput:
    """streams: name -> (B, T, width) float32 in the streams' own units, the known ones unchanged."""

    streams: dict[str, Tensor]


@dataclass(frozen=True)
class Asked:
    """One window of a call, on the model's device, normalised: what is known where, and in which steps it only serves
    as the past (and so is kept when guidance forgets the rest)."""

    clean: dict[str, Tensor]
    known: dict[str, Tensor]
    past: Tensor
    text: Tensor
    there: Tensor


class WorldPipeline(DiffusionPipeline):
    """A JointModel with its sampler. Saved by save_pretrained; see `load_pipeline` for loading."""

    model_cpu_offload_seq = "model"
    _callback_tensor_inputs: ClassVar[list[str]] = ["streams"]

    def __init__(self, model: JointModel, scheduler: FlowMatchEulerDiscreteScheduler) -> None:
        super().__init__()
        self.register_modules(model=model, scheduler=scheduler)
        self.model: JointModel = model
        self.scheduler: FlowMatchEulerDiscreteScheduler = scheduler

    @torch.no_grad()
    def __call__(self, known: Mapping[str, Tensor] | None = None, wanted: Sequence[str] = ALWAYS,
                 text: Sequence[str] | Tensor = (), steps: int | None = None, batch: int = 1,
                 known_at: Mapping[str, Tensor] | None = None, num_inference_steps: int = 12,
                 guidance_scale: float = 2.0, generator: torch.Generator | None = None, noise_scale: float = 1.0,
                 callback_on_step_end: Callable[[int, int], None] | None = None) -> JointOutput:
        """Fill in the wanted streams from the known ones and the words.

        known: name -> (B, T, width) in the stream's own units; known_at: name -> (B, T) bool, where it is known (all
        of it by default). text: phrases for the whole batch, or embeddings (B, K, 384). steps and batch matter only
        where nothing is known. A known stream comes back unchanged where it is known. The same generator seed gives
        the same output. guidance_scale 1 is none; noise_scale widens the first noise (1 is what was trained).
        callback_on_step_end(done, total) may raise to stop. Raises ValueError for unknown streams, widths that do
        not fit, or lengths that differ.
        """
        known = dict(known or {})
        self._check(known, wanted)
        count, length = _shape(known, batch, steps)
        device = self.model.device
        embedded, there = embed_words(text, count)
        names = [n for n in self.model.table if n in known or n in wanted or n in ALWAYS]
        full = {n: self.model.normalised(n, v.to(device)) for n, v in known.items()}
        at = {n: (known_at or {}).get(n, torch.ones(count, length)).to(device).bool() for n in known}
        draw = generator or torch.Generator().manual_seed(0)
        windows = _windows(length, self.model.window)
        done: dict[str, Tensor] = {}
        total = len(windows) * num_inference_steps
        for number, (start, seen, stop) in enumerate(windows):
            clean, mask = dict[str, Tensor](), dict[str, Tensor]()
            for n in names:
                size = self.model.table[n][0]
                value, given = torch.zeros(count, stop - start, size, device=device), torch.zeros(
                    count, stop - start, device=device, dtype=torch.bool)
                if n in full:
                    value, given = full[n][:, start:stop].clone(), at[n][:, start:stop].clone()
                if seen > start:
                    value[:, :seen - start] = torch.where(given[:, :seen - start, None], value[:, :seen - start],
                                                          done[n][:, start:seen])
                    given[:, :seen - start] = True
                clean[n], mask[n] = value, given
            past = torch.zeros(stop - start, dtype=torch.bool, device=device)
            past[:seen - start] = True
            asked = Asked(clean, mask, past, embedded.to(device), there.to(device))
            first = number * num_inference_steps
            made = self._fill(asked, num_inference_steps, guidance_scale, noise_scale, draw,
                              lambda k, a=first: callback_on_step_end(a + k, total) if callback_on_step_end else None)
            for n in names:
                fresh = made[n][:, seen - start:]
                done[n] = fresh if n not in done else torch.cat([done[n], fresh], 1)
        out: dict[str, Tensor] = {}
        for n in dict.fromkeys([*known, *wanted]):
            value = self.model.restored(n, done[n]).float().cpu()
            if n in known:  # exactly as given, not through a normalisation and back
                value = torch.where(at[n].cpu()[..., None], known[n].float().cpu(), value)
            out[n] = value
        return JointOutput(out)

    def _check(self, known: Mapping[str, Tensor], wanted: Sequence[str]) -> None:
        for name in (*known, *wanted):
            if name not in self.model.table:
                raise ValueError(f"this model has no stream {name!r}; it has {', '.join(self.model.table)}")
        for name, value in known.items():
            if value.ndim != 3 or value.shape[2] != self.model.table[name][0]:
                raise ValueError(f"stream {name} must be (batch, steps, {self.model.table[name][0]}), "
                                 f"not {tuple(value.shape)}")
            if not bool(torch.isfinite(value).all()):
                raise ValueError(f"stream {name} holds numbers that are not finite")

    def _fill(self, asked: Asked, count: int, guidance: float, noise_scale: float, draw: torch.Generator,
              told: Callable[[int], None]) -> dict[str, Tensor]:
        """One window, all streams cleaned together; normalised."""
        x: dict[str, Tensor] = {}
        for name, value in asked.clean.items():
            noise = torch.randn(value.shape, generator=draw).to(value.device) * noise_scale
            x[name] = torch.where(asked.known[name][..., None], value, noise)
        schedulers: dict[str, Any] = {}  # the library's annotations name tensor types of old
        for name in x:  # each stream's scheduler counts its own steps
            schedulers[name] = copy.deepcopy(self.scheduler)
            schedulers[name].set_timesteps(sigmas=sigmas(count), device=next(iter(x.values())).device)
        noisy_levels = next(iter(schedulers.values())).sigmas
        for k in range(count):
            sigma = float(noisy_levels[k])
            guess = self._guess(x, asked, sigma, guidance, draw)
            for name, value in x.items():
                velocity = (value - guess[name]) / sigma
                stepped = schedulers[name].step(velocity, schedulers[name].timesteps[k], value).prev_sample
                x[name] = torch.where(asked.known[name][..., None], asked.clean[name], stepped)
            told(k + 1)
        return x

    def _guess(self, x: dict[str, Tensor], asked: Asked, sigma: float, guidance: float, draw: torch.Generator
               ) -> dict[str, Tensor]:
        """The clean streams as the model sees them now; guidance pushes away from what it would see unasked
        (Ho and Salimans, Classifier-free guidance, 2022)."""
        tau = {n: torch.where(asked.known[n], 0.0, sigma) for n in x}
        if guidance == 1.0:
            return self.model(x, tau, asked.text, asked.there)[0]
        unasked_x, unasked_tau = dict[str, Tensor](), dict[str, Tensor]()
        for n, value in x.items():
            forget = asked.known[n] & ~asked.past[None]
            noise = torch.randn(value.shape, generator=draw).to(value.device)
            unasked_x[n] = torch.where(forget[..., None], noise, value)
            unasked_tau[n] = torch.where(forget, 1.0, tau[n])
        both_x = {n: torch.cat([x[n], unasked_x[n]]) for n in x}
        both_tau = {n: torch.cat([tau[n], unasked_tau[n]]) for n in x}
        there = torch.cat([asked.there, torch.zeros_like(asked.there)])
        made = self.model(both_x, both_tau, torch.cat([asked.text, asked.text]), there)[0]
        out: dict[str, Tensor] = {}
        for n, value in made.items():
            with_it, without = value.chunk(2)
            out[n] = without + guidance * (with_it - without)
        return out


def _shape(known: Mapping[str, Tensor], batch: int, steps: int | None) -> tuple[int, int]:
    shapes = {tuple(value.shape[:2]) for value in known.values()}
    if len(shapes) > 1:
        raise ValueError(f"known streams must have one batch and one length, not {sorted(shapes)}")
    if shapes:
        count, length = shapes.pop()
        if steps is not None and steps != length:
            raise ValueError(f"{steps} steps were asked for, but what is known has {length}")
        return count, length
    if steps is None or steps < 1 or batch < 1:
        raise ValueError("where nothing is known, steps and batch must say how much is wanted")
    return batch, steps


def _windows(length: int, window: int) -> list[tuple[int, int, int]]:
    """(start, first new step, stop) of the windows of a run: each sees half a window of what came before."""
    overlap = window // 2
    out = [(0, 0, min(length, window))]
    while out[-1][2] < length:
        seen = out[-1][2]
        out.append((seen - overlap, seen, min(length, seen - overlap + window)))
    return out


def embed_words(text: Sequence[str] | Tensor, batch: int) -> tuple[Tensor, Tensor]:
    """((B, K, 384), (B, K) bool) of phrases for a whole batch, or of embeddings (B, K, 384); K is at least 1.

    Raises ValueError where the sentence encoder is not installed and phrases are given.
    """
    if isinstance(text, Tensor):
        return text.float(), torch.ones(text.shape[:2], dtype=torch.bool)
    phrases = [phrase for phrase in text if phrase.strip()]
    if not phrases:
        return torch.zeros(batch, 1, TEXT_WIDTH), torch.zeros(batch, 1, dtype=torch.bool)
    from world_model.text import packaged

    embedder = packaged()
    if embedder is None:
        raise ValueError("the sentence encoder is not installed; run make setup")
    rows = torch.from_numpy(embedder.embed(phrases))
    return rows[None].expand(batch, -1, -1), torch.ones(batch, len(phrases), dtype=torch.bool)


def new_pipeline(model: JointModel) -> WorldPipeline:
    """A pipeline round a model, with the sampler it was trained for."""
    return WorldPipeline(model.eval(), FlowMatchEulerDiscreteScheduler(num_train_timesteps=1000, shift=1.0))


def load_pipeline(folder: Path, device: str = "cpu") -> WorldPipeline:
    """The pipeline saved in a folder, float32, strictly: a missing or unknown weight raises. Never from a network.

    Raises ValueError, naming the folder, when it holds no pipeline.
    """
    if not (folder / "model_index.json").is_file():
        raise ValueError(f"there is no trained world model in {folder}")
    loaded: Any = JointModel.from_pretrained(folder / "model", local_files_only=True, output_loading_info=True,
                                             torch_dtype=torch.float32)
    model, told = cast("tuple[JointModel, dict[str, list[str]]]", loaded)
    wrong = [*told["missing_keys"], *told["unexpected_keys"], *told["mismatched_keys"]]
    if wrong:
        raise ValueError(f"the weights in {folder} do not fit this version: {wrong[0]}")
    scheduler: Any = FlowMatchEulerDiscreteScheduler.from_pretrained(folder / "scheduler", local_files_only=True)
    pipeline = WorldPipeline(model.eval(), scheduler)
    return pipeline.to(device)
