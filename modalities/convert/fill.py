"""The middle: what is known of several inputs of one kind, filled in by the joint model in one call."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import numpy as np
import torch
from torch import Tensor

from modalities.convert.given import Given
from modalities.faults import Unavailable
from world_model.streams.layout import STATE_STREAMS, Floats

if TYPE_CHECKING:
    from world_model.joint.pipeline import WorldPipeline

WANTED = (*STATE_STREAMS, "score")
SAMPLING_STEPS = 12
GUIDANCE = 2.0


def nobody(done: int, total: int) -> None:
    """Tells no one."""


def open_small() -> WorldPipeline:
    """The shipped pipeline. Raises Unavailable where its weights are not here."""
    from world_model.joint.shipped import open_world

    try:
        return open_world("small")
    except ValueError as fault:
        raise Unavailable(f"{fault}.") from None


def imagine(pipeline: WorldPipeline, given: Sequence[Given], seed: int, sampling_steps: int = SAMPLING_STEPS,
            guidance: float = GUIDANCE, told: Callable[[int, int], None] = nobody) -> dict[str, Floats]:
    """The state streams and the score, name -> (len(given), steps, width), and the known streams unchanged.

    All inputs have one kind, one length and as many phrases. Columns that are NaN are filled with what is usual for
    that stream. `told(done, total)` may raise to stop. Raises Unavailable where words cannot be read here.
    """
    first = given[0]
    known, known_at = dict[str, Tensor](), dict[str, Tensor]()
    for name in first.known:
        values = torch.from_numpy(np.stack([one.known[name] for one in given]))
        usual = pipeline.model.mean[name].detach().float().cpu()
        known[name] = torch.where(torch.isnan(values), usual, values)
        known_at[name] = torch.from_numpy(np.stack([
            one.known_at.get(name, np.ones(one.steps, np.bool_)) for one in given]))
    draw = torch.Generator().manual_seed(seed)
    text: Sequence[str] | Tensor = _embedded(given) if first.text else ()
    made = pipeline(known=known, wanted=WANTED, text=text, steps=first.steps, batch=len(given), known_at=known_at,
                    num_inference_steps=sampling_steps, guidance_scale=guidance, generator=draw,
                    callback_on_step_end=told)
    return {name: value.float().numpy() for name, value in made.streams.items()}


def one_of(streams: dict[str, Floats], number: int) -> dict[str, Floats]:
    """The streams (T, width) of one input of a batch."""
    return {name: values[number] for name, values in streams.items()}


def _embedded(given: Sequence[Given]) -> Tensor:
    """(B, K, 384) of the inputs' phrases."""
    from world_model.text import packaged

    embedder = packaged()
    if embedder is None:
        raise Unavailable("The sentence encoder is not installed; run make setup.")
    counts = {len(one.text) for one in given}
    if len(counts) != 1:
        raise ValueError(f"inputs of one call must have as many phrases, not {sorted(counts)}")
    phrases = list(dict.fromkeys(phrase for one in given for phrase in one.text))
    rows = dict(zip(phrases, embedder.embed(phrases), strict=True))
    return torch.from_numpy(np.stack([np.stack([rows[phrase] for phrase in one.text]) for one in given]))
