"""Noise levels: what is drawn in training, so that every way of asking is practised, and the schedules of sampling."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch
from torch import Tensor

from world_model.streams.layout import STATE_STREAMS

ALIKE, STREAMING = 0.55, 0.85  # shares of the three ways, as edges on [0, 1]
PAST_NOISE = 0.12
DREAMING = 0.5  # of the clips with pictures
KNOWN_IN_DREAMS = (*STATE_STREAMS, "score")


def levels(count: tuple[int, ...], draw: torch.Generator) -> Tensor:
    """Noise levels of a training step: three in four logit-normal (Esser et al., 2024), the rest even over
    [0, 1], and one in twelve full noise, from which sampling starts."""
    bell = torch.sigmoid(torch.randn(count, generator=draw) * 1.1 + 0.3)
    even = torch.where(torch.rand(count, generator=draw) < 0.75, bell, torch.rand(count, generator=draw))
    return torch.where(torch.rand(count, generator=draw) < 0.08, 1.0, even)


def draw_noise(names: Sequence[str], batch: int, steps: int, draw: torch.Generator) -> dict[str, Tensor]:
    """name -> (batch, steps) noise levels of a training batch: 0 is given, 1 is not there, between is to be cleaned.

    Three ways, drawn per clip: streams given, absent or noisy alike over all steps (any-to-any; a given stream may be
    given in some steps only); a nearly clean past with noise from some step on (streaming); every stream at every step
    by itself (diffusion forcing).
    """
    count = len(names)
    way = torch.rand(batch, generator=draw)
    # Often nothing but words is given, as at the start of most pieces.
    given_share = torch.rand(batch, 1, generator=draw) * (torch.rand(batch, 1, generator=draw) < 0.65)
    given = torch.rand(batch, count, generator=draw) < given_share
    absent = ~given & (torch.rand(batch, count, generator=draw) < 0.4)
    # Half of the time all wanted streams are cleaned together, as the sampler does.
    shared = levels((batch, 1), draw)
    own = torch.where(torch.rand(batch, 1, generator=draw) < 0.5, shared, levels((batch, count), draw))
    base = torch.where(given, 0.0, torch.where(absent, 1.0, own))[:, :, None].expand(batch, count, steps).clone()

    # A given stream that is given only for a moment or a run: a sketch of the first picture, the first half of a song.
    partly = (torch.rand(batch, count, generator=draw) < 0.35) & given
    start = torch.randint(0, steps, (batch, count, 1), generator=draw)
    start = torch.where(torch.rand(batch, count, 1, generator=draw) < 0.6, torch.zeros_like(start), start)
    length = torch.where(torch.rand(batch, count, 1, generator=draw) < 0.5, torch.ones_like(start),
                         torch.randint(1, steps + 1, (batch, count, 1), generator=draw))
    at = torch.arange(steps)[None, None]
    inside = (at >= start) & (at < start + length)
    base = torch.where(partly[:, :, None] & ~inside, own[:, :, None].expand_as(base), base)

    edge = torch.randint(0, steps, (batch, 1, 1), generator=draw)
    past = torch.rand(batch, 1, 1, generator=draw) * PAST_NOISE
    future = torch.where(at > edge, torch.where(base == 0.0, 0.0, 1.0), base)
    streaming = torch.where(at < edge, past.expand_as(base), future)
    forced = levels((batch, count, steps), draw)
    way = way[:, None, None]
    tau = torch.where(way < ALIKE, base, torch.where(way < STREAMING, streaming, forced))
    if "picture" in names:
        # Dreaming: the state is given throughout, the picture's past is nearly clean, the rest noisy step by step.
        dreamt = torch.rand(batch, 1, 1, generator=draw) < DREAMING
        state = torch.tensor([name in KNOWN_IN_DREAMS for name in names])[None, :, None]
        seen = torch.tensor([name == "picture" for name in names])[None, :, None]
        own_way = torch.where(state, 0.0, torch.where(seen, torch.where(at < edge, past, forced), tau))
        tau = torch.where(dreamt, own_way, tau)
    return {name: tau[:, k] for k, name in enumerate(names)}


def loss_weight(tau: Tensor) -> Tensor:
    """Weight of the squared error of x at a noise level: that of the velocity, 1 / tau^2, capped; 0 where given."""
    return torch.where(tau > 0.01, 1.0 / (tau * tau + 0.08), torch.zeros_like(tau))


def sigmas(steps: int) -> list[float]:
    """`steps` noise levels of sampling, from full noise to just before clean, evenly; the scheduler adds the 0.

    Raises ValueError when steps < 1.
    """
    if steps < 1:
        raise ValueError(f"sampling needs at least one step, not {steps}")
    return [float(s) for s in np.linspace(1.0, 1.0 / steps, steps)]
