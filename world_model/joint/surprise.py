"""Surprise: how many bits the joint model needs for a world, and how many are typical of a prompt.

A rectified flow shows x at noise level t as (1 - t) x + t e, a Gaussian channel of signal-to-noise ratio
((1 - t) / t)^2. What the model must be told to know x as well as level FLOOR shows it is, in nats and beyond what
remains hidden at full noise,

    integral over t from FLOOR to 1 of (1 - t) / t^3 * |x - x_t|^2 dt        (x_t: the model's guess from level t)

which is the evidence bound with the weight 1 in log signal-to-noise ratio (Kingma and Gao, Understanding diffusion
objectives as the ELBO with simple data augmentation, 2023), cut off at FLOOR since weights of single precision never
end. For the best possible guess it is the information that the channel carries (Guo, Shamai and Verdu, 2005). The
integral is a sum over five fixed levels, each with the exact integral of the weight over its piece; noises are fixed
by a seed, so that a world has one number, alone or in a batch.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import torch
from torch import Tensor

if TYPE_CHECKING:
    from world_model.joint.pipeline import WorldPipeline

# Below 0.3 it is fine detail that costs, the same for every prompt.
EDGES = (0.3, 0.4, 0.52, 0.66, 0.82, 1.0)
FLOOR = EDGES[0]
SAMPLES = 8
STEPS = 16
INFERENCE_STEPS = 8
GUIDANCE = 1.5


def _primitive(t: float) -> float:
    """Of the weight (1 - t) / t^3."""
    return 1.0 / t - 0.5 / (t * t)


LEVELS = tuple(math.sqrt(a * b) for a, b in itertools.pairwise(EDGES))
WEIGHTS = tuple(_primitive(b) - _primitive(a) for a, b in itertools.pairwise(EDGES))


@dataclass(frozen=True)
class Typical:
    """Bits a step of plain samples of one prompt: mean and standard deviation, given the words (`mean`, `spread`) and
    given none (`open_mean`, `open_spread`). count samples were measured."""

    mean: float
    spread: float
    open_mean: float
    open_spread: float
    count: int


@torch.no_grad()
def bits_by_stream(pipeline: WorldPipeline, streams: Mapping[str, Tensor], text: Sequence[str] | Tensor = (),
                   known: Sequence[str] = (), seed: int = 0) -> dict[str, Tensor]:
    """name -> (B,) bits a step of each stream that is not `known`, on the CPU.

    streams: name -> (B, T, width) in the streams' own units; text: phrases for all, or embeddings (B, K, 384). Known
    streams are shown clean and cost nothing; streams the model always has but which are not given are there as noise.
    Long worlds are measured in windows of the model's own length. Raises ValueError where nothing is to be measured,
    or a stream is unknown or does not fit.
    """
    from world_model.joint.pipeline import ALWAYS, embed_words

    model = pipeline.model
    measured = [name for name in model.table if name in streams and name not in known]
    unknown = [name for name in streams if name not in model.table]
    if unknown or not measured:
        raise ValueError(f"this model has no stream {unknown[0]!r}" if unknown else "no stream is left to be measured")
    batch, length = streams[measured[0]].shape[:2]
    for name, value in streams.items():
        if tuple(value.shape) != (batch, length, model.table[name][0]):
            raise ValueError(f"stream {name} must be ({batch}, {length}, {model.table[name][0]}), "
                             f"not {tuple(value.shape)}")
    device = model.device
    embedded, there = (part.to(device) for part in embed_words(text, batch))
    clean = {name: model.normalised(name, value.to(device)) for name, value in streams.items()}
    names = [name for name in model.table if name in streams or name in ALWAYS]
    # Never the noise of sampling: a world seen through the noise it was made of gives itself away.
    draw = torch.Generator().manual_seed(salted(seed, 0))
    nats = {name: torch.zeros(batch, device=device) for name in measured}
    for start in range(0, length, model.window):
        count = min(model.window, length - start)
        # One noise for all worlds: what differs between two worlds is not luck.
        noise = {name: torch.randn(1, count, model.table[name][0], generator=draw).to(device) for name in names}
        part = {name: value[:, start:start + count] for name, value in clean.items()}
        for level, weight in zip(LEVELS, WEIGHTS, strict=True):
            tau = {name: torch.full((batch, count), 1.0 if name not in part else 0.0 if name in known else level,
                                    device=device) for name in names}
            noisy = {name: torch.lerp(part[name], noise[name].expand_as(part[name]), tau[name][..., None])
                     if name in part else noise[name].expand(batch, -1, -1) for name in names}
            made, _ = model(noisy, tau, embedded, there)
            for name in measured:
                nats[name] += weight * (made[name] - part[name]).square().sum((1, 2))
    return {name: (value / (length * math.log(2.0))).float().cpu() for name, value in nats.items()}


def bits(pipeline: WorldPipeline, streams: Mapping[str, Tensor], text: Sequence[str] | Tensor = (),
         known: Sequence[str] = (), seed: int = 0) -> Tensor:
    """(B,) bits a step of whole worlds under a prompt: the sum over streams of `bits_by_stream`, whose arguments and
    faults it has. The same seed gives the same numbers."""
    return torch.stack(list(bits_by_stream(pipeline, streams, text, known, seed).values())).sum(0)


def typical_of(pipeline: WorldPipeline, samples: Mapping[str, Tensor], text: Sequence[str] | Tensor = (),
               known: Sequence[str] = (), seed: int = 0) -> Typical:
    """The Typical of plain samples that are there already, (N >= 2, T, width) each. Raises ValueError for fewer."""
    count = len(next(iter(samples.values())))
    if count < 2:
        raise ValueError(f"what is typical cannot be told from {count} sample")
    asked = bits(pipeline, samples, text, known, seed)
    unasked = bits(pipeline, samples, (), known, seed)
    return Typical(float(asked.mean()), float(asked.std()), float(unasked.mean()), float(unasked.std()), count)


def typical(pipeline: WorldPipeline, text: Sequence[str] | Tensor, known: Mapping[str, Tensor] | None = None,
            wanted: Sequence[str] | None = None, steps: int = STEPS, count: int = SAMPLES, seed: int = 0,
            inference_steps: int = INFERENCE_STEPS, guidance: float = GUIDANCE) -> Typical:
    """What plain samples of a prompt cost: `count` of them are drawn by the pipeline itself, with its own guidance.

    text: phrases, or embeddings (1, K, 384); known: name -> (1, T, width). Raises ValueError as the pipeline does.
    """
    samples = plain_samples(pipeline, text, known, wanted, steps, count, seed, inference_steps, guidance)
    return typical_of(pipeline, samples, text_for(text, count), tuple(known or {}), seed)


def plain_samples(pipeline: WorldPipeline, text: Sequence[str] | Tensor, known: Mapping[str, Tensor] | None,
                  wanted: Sequence[str] | None, steps: int, count: int, seed: int, inference_steps: int,
                  guidance: float, noise_scale: float = 1.0) -> dict[str, Tensor]:
    """count worlds of one prompt in one call of the pipeline, name -> (count, T, width), what is known included."""
    from world_model.joint.pipeline import ALWAYS

    given = {name: value.expand(count, -1, -1) for name, value in (known or {}).items()}
    asked = tuple(ALWAYS if wanted is None else wanted)
    made = pipeline(given, [name for name in asked if name not in given], text_for(text, count),
                    None if given else steps, count, num_inference_steps=inference_steps, guidance_scale=guidance,
                    generator=torch.Generator().manual_seed(seed), noise_scale=noise_scale)
    return made.streams


def text_for(text: Sequence[str] | Tensor, count: int) -> Sequence[str] | Tensor:
    """The words for a batch: embeddings of one world (1, K, 384) are repeated, phrases serve any batch as they are."""
    return text.expand(count, -1, -1) if isinstance(text, Tensor) and len(text) == 1 else text


def salted(seed: int, salt: int) -> int:
    """Another seed, 32 bits, for another purpose of the same seed."""
    return int(np.random.SeedSequence([seed, 83, salt]).generate_state(1)[0])
