"""JointModel: a denoiser over aligned streams, each with its own noise level at every step.

Rectified flow (Liu et al., 2022): x_tau = (1 - tau) x + tau noise, tau in [0, 1]; 0 is known, 1 is to be filled in.
A noise level per stream and step is diffusion forcing (Chen et al., 2024). The network predicts the clean x itself,
since wide rows would not fit through a narrow model as noise (Li and He, Back to Basics, 2025).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import cast

import torch
from diffusers.configuration_utils import ConfigMixin, register_to_config
from diffusers.models.modeling_utils import ModelMixin
from torch import Tensor, nn
from torch.nn import functional

from world_model.joint.attention import Block, Cache, block_mask
from world_model.joint.guide import PLANES, Guide, folded, no_guide
from world_model.joint.head import PictureHead
from world_model.joint.patches import from_row, to_row
from world_model.joint.presets import TEXT_WIDTH, stream_table

FREQUENCIES = 64


class JointModel(ModelMixin, ConfigMixin):
    """streams: [[name, width, tokens], ...] in the order of the tokens; a width is a multiple of its tokens."""

    @register_to_config
    def __init__(self, streams: list[list[str | int]], width: int = 256, depth: int = 6, heads: int = 4,
                 window: int = 16, picture_patch: list[int] | None = None, picture_channels: int = 32,
                 head_width: int = 0, head_depth: int = 4) -> None:
        super().__init__()
        if width % (4 * heads):
            raise ValueError(f"width {width} must be a multiple of four times the heads, {4 * heads}")
        self.table = stream_table(streams)
        self.window, self.model_width = window, width
        self.mean = nn.ParameterDict()
        self.spread = nn.ParameterDict()
        self.read, self.write, self.place = nn.ModuleDict(), nn.ModuleDict(), nn.ParameterDict()
        for name, (size, tokens) in self.table.items():
            # Statistics travel with the weights: frozen, not learnt.
            self.mean[name] = nn.Parameter(torch.zeros(size), requires_grad=False)
            self.spread[name] = nn.Parameter(torch.ones(size), requires_grad=False)
            self.read[name] = nn.Linear(size // tokens, width)
            self.write[name] = nn.Linear(width, size // tokens)
            nn.init.zeros_(cast("nn.Linear", self.write[name]).weight)
            self.place[name] = nn.Parameter(torch.randn(tokens, width) * 0.02)
        self.phrase = nn.Linear(TEXT_WIDTH, width)
        self.gist = nn.Linear(TEXT_WIDTH, width)
        self.nothing = nn.Parameter(torch.randn(1, width) * 0.02)
        self.noise = nn.Sequential(nn.Linear(2 * FREQUENCIES, width), nn.SiLU(), nn.Linear(width, width))
        self.level = nn.Sequential(nn.SiLU(), nn.Linear(width, 6 * width))
        nn.init.zeros_(cast("nn.Linear", self.level[1]).weight)
        nn.init.zeros_(cast("nn.Linear", self.level[1]).bias)
        with torch.no_grad():  # gates open a little from the start
            cast("nn.Linear", self.level[1]).bias.view(6, width)[[2, 5]] = 0.1
        self.blocks = nn.ModuleList(Block(width, heads) for _ in range(depth))
        self.head: PictureHead | None = None
        if "picture" in self.table and picture_patch and head_width:
            self.patch = (int(picture_patch[0]), int(picture_patch[1]))
            self.head = PictureHead(picture_channels, head_width, head_depth, width)
            self.look = nn.Linear(PLANES * self.patch[0] * self.patch[1], width)
            # What an error of each channel weighs in pixels; frozen.
            self.weight = nn.Parameter(torch.ones(picture_channels), requires_grad=False)

    # The streams' own units <-> about unit normal -----------------------------------------------------------------
    def normalised(self, name: str, values: Tensor) -> Tensor:
        """(…, width) in the stream's units to about unit normal, clipped at 8."""
        return ((values.to(self.dtype) - self.mean[name]) / self.spread[name]).clamp(-8.0, 8.0)

    def restored(self, name: str, values: Tensor) -> Tensor:
        """The inverse of `normalised`."""
        return values * self.spread[name] + self.mean[name]

    def fit_statistics(self, name: str, mean: Tensor, spread: Tensor) -> None:
        """Set a stream's statistics, each (width,)."""
        with torch.no_grad():
            self.mean[name].copy_(mean)
            self.spread[name].copy_(spread)

    # ------------------------------------------------------------------------------------------------------------------
    def forward(self, noisy: Mapping[str, Tensor], tau: Mapping[str, Tensor], text: Tensor, text_there: Tensor,
                cache: Cache | None = None, keep: bool = False, guide: Guide | None = None
                ) -> tuple[dict[str, Tensor], Cache | None]:
        """The clean streams as the model sees them.

        noisy: name -> (B, T, width), normalised; any subset of the model's streams, the same in every call that shares
        a cache. tau: name -> (B, T). text (B, K, 384) unit vectors, text_there (B, K) bool. With a cache, the T steps
        follow those kept in it. `keep` returns a cache with these steps in it (else None). guide: a small picture for
        each of the T steps of a picture.
        """
        names = [name for name in self.table if name in noisy]
        batch, length = next(iter(noisy.values())).shape[:2]
        # Words reach every token twice: their mean through the modulation, each by itself through attention.
        said = text_there[..., None].to(text.dtype)
        gist = self.gist((text * said).sum(1) / said.sum(1).clamp(min=1.0) * 8.0)
        cells = None
        if self.head is not None and "picture" in noisy:
            cells = folded(guide or no_guide(batch, length, noisy["picture"])).to(noisy["picture"].dtype)
        x, level, counts = self._tokens(noisy, tau, names, gist, length, cells)
        tokens = sum(counts)
        start = 0 if cache is None else cache.step
        steps = torch.arange(start, start + length, device=x.device).repeat_interleave(tokens)
        old = 0 if cache is None else cache.keys[0].shape[2] // tokens
        old_steps = torch.arange(start - old, start, device=x.device).repeat_interleave(tokens)
        phrases = torch.cat([self.nothing.expand(batch, 1, -1), self.phrase(text.to(x.dtype) * 8.0)], 1)
        there = torch.cat([text_there.new_ones(batch, 1), text_there], 1)
        mask = block_mask(steps, torch.cat([old_steps, steps]), self.window, there)
        keys, values = list[Tensor](), list[Tensor]()
        for n, block in enumerate(self.blocks):
            past = None if cache is None else (cache.keys[n], cache.values[n], old_steps)
            x, k, v = block(x, level, phrases, mask, steps, past)
            if keep:
                kept = (self.window - 1) * tokens
                keys.append((k if cache is None else torch.cat([cache.keys[n], k], 2))[:, :, -kept:])
                values.append((v if cache is None else torch.cat([cache.values[n], v], 2))[:, :, -kept:])
        out = self._streams(x, names, counts, batch, length)
        if cells is not None:
            told = self.noise(waves(tau["picture"])) + gist[:, None]
            out["picture"] = self._drawn(noisy["picture"], out["picture"], cells, told)
        return out, (Cache(tuple(keys), tuple(values), start + length) if keep else None)

    def _tokens(self, noisy: Mapping[str, Tensor], tau: Mapping[str, Tensor], names: list[str], gist: Tensor,
                length: int, cells: Tensor | None) -> tuple[Tensor, Tensor, list[int]]:
        batch = gist.shape[0]
        pieces, levels, counts = list[Tensor](), list[Tensor](), list[int]()
        for name in names:
            size, tokens = self.table[name]
            row = noisy[name].reshape(batch, length, tokens, size // tokens)
            noise = self.noise(waves(tau[name]))
            token = self.read[name](row) + self.place[name] + noise[:, :, None]
            if name == "picture" and cells is not None:
                token = token + self.look(to_row(cells, self.patch).reshape(batch, length, tokens, -1))
            pieces.append(token)
            level = self.level(noise + gist[:, None]).view(batch, length, 1, 6, -1)
            levels.append(level.expand(-1, -1, tokens, -1, -1))
            counts.append(tokens)
        flat = torch.cat(pieces, 2).reshape(batch, -1, self.model_width)
        return flat, torch.cat(levels, 2).reshape(batch, flat.shape[1], 6, self.model_width), counts

    def _streams(self, x: Tensor, names: list[str], counts: list[int], batch: int, length: int) -> dict[str, Tensor]:
        x = functional.layer_norm(x, (self.model_width,)).view(batch, length, sum(counts), -1)
        parts = x.split(counts, 2)
        return {name: self.write[name](part).reshape(batch, length, -1)
                for name, part in zip(names, parts, strict=True)}

    def _drawn(self, noisy: Tensor, wanted: Tensor, cells: Tensor, told: Tensor) -> Tensor:
        """The picture's rows through its head."""
        assert self.head is not None
        high, wide = cells.shape[-2:]
        grids = [from_row(rows, self.patch, high, wide).flatten(0, 1) for rows in (noisy, wanted)]
        made = self.head(grids[0], grids[1], cells.flatten(0, 1), told.flatten(0, 1))
        return to_row(made.unflatten(0, noisy.shape[:2]), self.patch)


def waves(tau: Tensor) -> Tensor:
    """(…,) noise levels in [0, 1] as (…, 128) sines and cosines."""
    rates = torch.exp(torch.linspace(0.0, 6.0, FREQUENCIES, device=tau.device))
    angle = tau[..., None].float() * rates
    return torch.cat([angle.sin(), angle.cos()], -1)
