"""What the picture stream needs beside its latents: guides, the head's fitted part, and what each channel weighs."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import torch
from torch import Tensor

from world_model.data.shards import ClipSet
from world_model.joint.guide import GUIDE_WIDTH, HOLDS, Guide, folded
from world_model.joint.patches import from_row

if TYPE_CHECKING:
    from world_model.joint.model import JointModel

HOLD_SHARES = (0.12, 0.28, 0.60)  # free, glimpse, full
FITTED_STEPS = 6000
BATCH_STEPS = 256


def guide_streams() -> dict[str, int]:
    """What `load_clips` must read beside the streams of a model that draws pictures."""
    return {"guide": GUIDE_WIDTH}


def draw_guide(pixels: Tensor, draw: torch.Generator) -> Guide:
    """Guides (B, T, 6912) held to in one of the three ways, clip by clip."""
    batch, steps = pixels.shape[:2]
    edges = torch.tensor(np.cumsum(HOLD_SHARES)[:-1].tolist())
    hold = torch.bucketize(torch.rand(batch, generator=draw), edges)
    return Guide(pixels, hold[:, None].expand(batch, steps).to(pixels.device))


def fit_head(model: JointModel, clips: ClipSet, codec: Path) -> float:
    """Set a new model's channel weights from the picture codec in a folder, and the linear part of its head from the
    clips; the share of the latents' variance that is left, or 1 where there is nothing to fit."""
    if model.head is None or "guide" not in clips.has:
        return 1.0
    if codec.is_dir():
        model.weight.copy_(channel_weights(codec))
    rows = np.flatnonzero(clips.has["picture"] & clips.has["guide"])
    if len(rows) == 0:
        return 1.0
    flat = [(int(row), step) for row in rows for step in range(clips.streams["picture"].shape[1])]
    chosen = [flat[k] for k in np.linspace(0, len(flat) - 1, min(len(flat), FITTED_STEPS)).astype(int)]
    guides, latents = list[Tensor](), list[Tensor]()
    for start in range(0, len(chosen), BATCH_STEPS):
        part = np.array(chosen[start:start + BATCH_STEPS])
        pixels = torch.from_numpy(clips.streams["guide"][part[:, 0], part[:, 1]].astype(np.float32))[:, None]
        picture = torch.from_numpy(clips.streams["picture"][part[:, 0], part[:, 1]].astype(np.float32))[:, None]
        normal = model.normalised("picture", picture)
        for hold in range(len(HOLDS)):
            cells = folded(Guide(pixels, torch.full((len(part), 1), hold)))
            guides.append(cells[:, 0])
            latents.append(from_row(normal, model.patch, *cells.shape[-2:])[:, 0])
    return model.head.fit_carry(guides, latents)


def channel_weights(codec: Path) -> Tensor:
    """(C,) what an error of each channel of normalised latents weighs in pixels, mean 1; by amplitude, not by power, so
    that fine structure counts for something too."""
    from world_model.codec.picture import load_codec

    found = load_codec(str(codec)).float()
    size = found.linear.synthesis.weight.detach().square().sum((0, 2, 3)).sqrt() * found.latent_std
    return size / size.mean()
