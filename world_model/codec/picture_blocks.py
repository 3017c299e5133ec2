"""What the picture codec is made of: residual blocks, memory of the step before, and a linear patch codec.

Everything is a 2D convolution in channels_last: the frames of one step lie in the channels, the steps in the batch.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import cast

import torch
import torch.nn.functional as fn
from torch import Tensor, nn

FACTOR = 16
"""Pixels per latent, across and down."""
FOLD = 4
"""Pixels folded into channels before the first and after the last convolution: thin full-size layers cost most."""


def last(x: Tensor) -> Tensor:
    """x in channels_last memory, which 2D convolutions on a CPU and on tensor cores want."""
    return x.contiguous(memory_format=torch.channels_last)


def scaled(conv: nn.Conv2d, after: str = "linear") -> nn.Conv2d:
    """conv with weights that keep the variance of what comes in (He et al. 2015); after: "relu" or "linear"."""
    nn.init.kaiming_normal_(conv.weight, nonlinearity="relu" if after == "relu" else "linear")
    return conv


class ResidualBlock(nn.Module):
    """x + conv(relu(conv(relu(x)))), 3 x 3, the second convolution starting at zero; (N, C, h, w) to the same."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.first = scaled(nn.Conv2d(channels, channels, 3, padding=1), "relu")
        self.second = nn.Conv2d(channels, channels, 3, padding=1)
        nn.init.zeros_(self.second.weight)
        nn.init.zeros_(cast(Tensor, self.second.bias))

    def forward(self, x: Tensor) -> Tensor:
        return x + self.second(fn.relu(self.first(fn.relu(x))))


class StepMemory(nn.Module):
    """Mixes in the features of the step before; a residual block follows.

    The projection is linear, so project(previous - now) is a difference of two projections and each step is projected
    once. Where nothing came before, the step before is taken to be the step itself: the difference is zero.
    """

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.project = nn.Conv2d(channels, channels, 3, padding=1, bias=False)
        self.block = ResidualBlock(channels)
        with torch.no_grad():
            self.project.weight.mul_(0.3)

    def forward(self, x: Tensor, batch: int, before: Tensor | None) -> tuple[Tensor, Tensor]:
        """x (batch * T, C, h, w), steps fastest; before (batch, C, h, w), what this returned last, or None.

        Returns the mixed features, of the shape of x, and what the next call needs as `before`.
        """
        now = self.project(x).permute(0, 2, 3, 1).unflatten(0, (batch, -1))
        first = now[:, :1] if before is None else before.permute(0, 2, 3, 1)[:, None].to(now.dtype)
        change = torch.cat([first, now[:, :-1]], 1) - now
        mixed = self.block(x + change.flatten(0, 1).permute(0, 3, 1, 2))
        return mixed, now[:, -1].permute(0, 3, 1, 2)


class Level(nn.Module):
    """Some residual blocks at one resolution, then (with_memory) the memory of the step before."""

    def __init__(self, channels: int, blocks: int, with_memory: bool) -> None:
        super().__init__()
        self.blocks = nn.Sequential(*[ResidualBlock(channels) for _ in range(blocks)])
        self.memory = StepMemory(channels) if with_memory else None

    def forward(self, x: Tensor, batch: int, before: Tensor | None) -> tuple[Tensor, Tensor | None]:
        x = self.blocks(x)
        return (x, None) if self.memory is None else self.memory(x, batch, before)


class Encoder(nn.Module):
    """Folded pictures (N, in_channels, H, W) to a correction of the latents (N, latents, H / 16, W / 16).

    channels: at H / 4, H / 8, H / 16. The two lower resolutions remember.
    """

    memories = 2

    def __init__(self, in_channels: int, channels: tuple[int, ...], latents: int, blocks: int) -> None:
        super().__init__()
        high, middle, low = channels
        self.stem = scaled(nn.Conv2d(in_channels * FOLD**2, high, 1))
        self.levels = nn.ModuleList([Level(high, blocks, False), Level(middle, blocks, True), Level(low, blocks, True)])
        self.down = nn.ModuleList([scaled(nn.Conv2d(high, middle, 2, 2)), scaled(nn.Conv2d(middle, low, 2, 2))])
        self.head = nn.Conv2d(low, latents, 3, padding=1)
        nn.init.zeros_(self.head.weight)
        nn.init.zeros_(cast(Tensor, self.head.bias))

    def forward(self, x: Tensor, batch: int, before: tuple[Tensor, ...] | None) -> tuple[Tensor, tuple[Tensor, ...]]:
        x = self.stem(last(fn.pixel_unshuffle(x, FOLD)))
        kept: list[Tensor] = []
        for i, level in enumerate(self.levels):
            x, memory = level(x, batch, None if before is None or i == 0 else before[i - 1])
            kept += [] if memory is None else [memory]
            x = self.down[i](x) if i < len(self.down) else x
        return self.head(fn.relu(x)), tuple(kept)


class Decoder(nn.Module):
    """Latents (N, latents, h, w) to a correction of the pictures (N, out_channels, 16 h, 16 w).

    channels: at h, 2 h, 4 h. Most of the weights work at the low resolution, where a weight is cheapest.
    """

    memories = 3

    def __init__(self, out_channels: int, channels: tuple[int, ...], latents: int, blocks: int) -> None:
        super().__init__()
        low, middle, high = channels
        self.stem = scaled(nn.Conv2d(latents, low, 3, padding=1))
        self.levels = nn.ModuleList([Level(width, blocks, True) for width in channels])
        self.up = nn.ModuleList([scaled(nn.Conv2d(low, 4 * middle, 1)), scaled(nn.Conv2d(middle, 4 * high, 1))])
        self.head = nn.Conv2d(high, out_channels * FOLD**2, 3, padding=1)
        nn.init.zeros_(self.head.weight)
        nn.init.zeros_(cast(Tensor, self.head.bias))

    def forward(self, x: Tensor, batch: int, before: tuple[Tensor, ...] | None) -> tuple[Tensor, tuple[Tensor, ...]]:
        x = self.stem(last(x))
        kept: list[Tensor] = []
        for i, level in enumerate(self.levels):
            x, memory = level(x, batch, None if before is None else before[i])
            kept.append(memory)
            x = last(fn.pixel_shuffle(self.up[i](x), 2)) if i < len(self.up) else x
        return fn.pixel_shuffle(self.head(fn.relu(x)), FOLD), tuple(kept)


class LinearPatches(nn.Module):
    """The best linear codec of 16 x 16 patches, found in closed form; the networks learn only what it cannot do.

    The leading principal components (Pearson 1901), each scaled to unit variance. It saves a short training most of
    its time: the first step starts from a blocky but right picture. On the way back a patch is drawn from its own
    latents and its eight neighbours' (`refit`), which takes most of the blocks away.
    """

    def __init__(self, channels: int, latents: int) -> None:
        super().__init__()
        self.analysis = nn.Conv2d(channels * FACTOR**2, latents, 1)
        self.synthesis = nn.Conv2d(latents, channels * FACTOR**2, 3, padding=1, padding_mode="replicate")
        with torch.no_grad():
            self.synthesis.weight.mul_(0.1)

    def encode(self, x: Tensor) -> Tensor:
        """(N, channels, H, W) to (N, latents, H / 16, W / 16)."""
        return self.analysis(fn.pixel_unshuffle(x, FACTOR))

    def decode(self, z: Tensor) -> Tensor:
        """The way back."""
        return fn.pixel_shuffle(self.synthesis(z), FACTOR)

    @torch.no_grad()
    def fit(self, x: Tensor) -> None:
        """Set both directions from pictures (N, channels, H, W). ValueError with fewer patches than latents."""
        patches = fn.pixel_unshuffle(x.float(), FACTOR).permute(0, 2, 3, 1).flatten(0, 2)
        latents = self.analysis.out_channels
        if len(patches) <= latents:
            raise ValueError(f"{len(patches)} patches are too few to find {latents} principal components")
        mean = patches.mean(0)
        _, singular, axes = torch.svd_lowrank(patches - mean, q=min(latents + 16, *patches.shape), niter=3)
        spread = (singular[:latents] / len(patches) ** 0.5).clamp_min(1.0e-2)
        analysis = (axes[:, :latents] / spread).T
        self.analysis.weight.copy_(analysis[:, :, None, None])
        cast(Tensor, self.analysis.bias).copy_(-analysis @ mean)
        self.synthesis.weight.zero_()
        self.synthesis.weight[:, :, 1, 1] = axes[:, :latents] * spread
        cast(Tensor, self.synthesis.bias).copy_(mean)

    @torch.no_grad()
    def refit(self, pairs: Iterable[tuple[Tensor, Tensor]], ridge: float = 1.0e-3) -> None:
        """Set the way back by least squares over (latents (N, latents, h, w), wanted (N, channels, 16 h, 16 w)).

        ridge: weight of the penalty on the weights, per patch. ValueError without pairs.
        """
        size = self.synthesis.in_channels * 9 + 1
        gram = torch.zeros(size, size, dtype=torch.float64)
        cross = torch.zeros(size, self.synthesis.out_channels, dtype=torch.float64)
        patches = 0
        for z, wanted in pairs:
            around = fn.unfold(fn.pad(z.float(), (1, 1, 1, 1), mode="replicate"), 3).transpose(1, 2).flatten(0, 1)
            around = torch.cat([around, torch.ones(len(around), 1, device=z.device)], 1)
            aim = fn.pixel_unshuffle(wanted.float(), FACTOR).permute(0, 2, 3, 1).flatten(0, 2)
            gram += (around.T @ around).double().cpu()
            cross += (around.T @ aim).double().cpu()
            patches += len(around)
        if not patches:
            raise ValueError("a way back needs pictures to be fitted to")
        penalty = ridge * patches * torch.eye(size, dtype=torch.float64)
        penalty[-1, -1] = 0.0
        solved = torch.linalg.solve(gram + penalty, cross).float()
        self.synthesis.weight.copy_(solved[:-1].T.reshape(self.synthesis.weight.shape))
        cast(Tensor, self.synthesis.bias).copy_(solved[-1])
