"""The head of the picture stream: from what the tokens want to latents, cell by cell.

What a guide says of a step's latents is mostly linear, and that part is fitted in closed form (ridge regression over
3 x 3 cells); some convolutions add what it cannot say, told by the tokens what is where and by the noise level how
far the cleaning is. Blocks as in ConvNeXt (Liu et al., 2022), modulated as in FiLM (Perez et al., 2018).
"""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional

from world_model.joint.guide import PLANES

RIDGE = 1e-4


class HeadBlock(nn.Module):
    """x (N, W, h, w) and told (N, C) to the shape of x."""

    def __init__(self, width: int, told: int) -> None:
        super().__init__()
        self.near = nn.Conv2d(width, width, 5, padding=2, groups=width)
        self.film = nn.Linear(told, 2 * width)
        self.wide, self.narrow = nn.Linear(width, 3 * width), nn.Linear(3 * width, width)
        nn.init.zeros_(self.film.weight)
        nn.init.zeros_(self.film.bias)
        nn.init.normal_(self.narrow.weight, std=0.01)
        nn.init.zeros_(self.narrow.bias)

    def forward(self, x: Tensor, told: Tensor) -> Tensor:
        y = self.near(x).permute(0, 2, 3, 1)
        scale, shift = self.film(told)[:, None, None].chunk(2, -1)
        y = functional.layer_norm(y, (y.shape[-1],)) * (1.0 + scale) + shift
        return x + self.narrow(functional.gelu(self.wide(y), approximate="tanh")).permute(0, 3, 1, 2)


class PictureHead(nn.Module):
    """channels: of the latents; width and depth of the convolutions; told: width of the model's modulation."""

    def __init__(self, channels: int, width: int, depth: int, told: int) -> None:
        super().__init__()
        self.carry = nn.Conv2d(PLANES, channels, 3, padding=1, padding_mode="replicate", bias=False)
        nn.init.zeros_(self.carry.weight)
        self.carry.weight.requires_grad_(False)  # fitted, not learnt: see `fit_carry`
        self.enter = nn.Conv2d(2 * channels + PLANES, width, 3, padding=1)
        self.blocks = nn.ModuleList(HeadBlock(width, told) for _ in range(depth))
        self.leave = nn.Conv2d(width, channels, 1)
        for weight in self.leave.parameters():
            nn.init.zeros_(weight)

    def forward(self, noisy: Tensor, wanted: Tensor, guide: Tensor, told: Tensor) -> Tensor:
        """noisy, wanted (N, C, h, w): latents so far and what the tokens say; guide (N, 54, h, w), see
        `guide.folded`; told (N, K). Returns clean latents (N, C, h, w)."""
        x = self.enter(torch.cat([noisy, wanted, guide], 1))
        for block in self.blocks:
            x = block(x, told)
        return self.carry(guide) + wanted + self.leave(x)

    @torch.no_grad()
    def fit_carry(self, guides: list[Tensor], latents: list[Tensor]) -> float:
        """Fit the linear way from guides (N, 54, h, w) to latents (N, C, h, w), in batches, every way of holding at
        once; the share of variance that is left."""
        size = guides[0].shape[1] * 9
        gram = torch.zeros(size, size, dtype=torch.float64)
        cross = torch.zeros(size, latents[0].shape[1], dtype=torch.float64)
        total, count = 0.0, 0
        for guide, latent in zip(guides, latents, strict=True):
            x = _around(guide).double()
            y = latent.permute(0, 2, 3, 1).reshape(-1, latent.shape[1]).double()
            gram += x.T @ x
            cross += x.T @ y
            total, count = total + float(y.square().sum()), count + len(x)
        way = torch.linalg.solve(gram + RIDGE * count * torch.eye(size, dtype=torch.float64), cross)
        left = total - float((way * (2.0 * cross - gram @ way)).sum())
        self.carry.weight.copy_(way.T.reshape(-1, guides[0].shape[1], 3, 3).to(self.carry.weight))
        return left / max(total, 1e-9)


def _around(guide: Tensor) -> Tensor:
    """(N h w, 54 * 9): the 3 x 3 cells around each, in the order of a convolution's weights."""
    padded = functional.pad(guide, (1, 1, 1, 1), mode="replicate")
    return functional.unfold(padded, 3).transpose(1, 2).reshape(-1, guide.shape[1] * 9)
