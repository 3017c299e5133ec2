"""The picture coder that all Wan models share, called as its pipelines call it: latents scaled channel by channel."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from modalities.engines.video.request import Frames

if TYPE_CHECKING:
    from torch import Tensor


def decoded(pipe: Any, latents: Any) -> Frames:
    """Latents (1, C, T, h, w) as pictures (4 (T - 1) + 1, H, W, 3) uint8; the coder is causal, so a shot whose windows
    were joined in latents has no seam."""
    import torch

    mean, spread = _scaling(pipe.vae)
    with torch.inference_mode():
        device = pipe._execution_device
        ready = (latents.float() * spread + mean).to(device, pipe.vae.dtype)
        made = pipe.vae.decode(ready, return_dict=False)[0][0]
    levels = (made.float().clamp(-1, 1).add(1).mul(127.5)).round().to(torch.uint8)
    return np.ascontiguousarray(levels.permute(1, 2, 3, 0).cpu().numpy())


def encoded(pipe: Any, pictures: Frames) -> Tensor:
    """Pictures (4 k + 1, H, W, 3) uint8 as latents (1, C, k + 1, h, w) float32, the mode of what the coder gives."""
    import torch

    mean, spread = _scaling(pipe.vae)
    with torch.inference_mode():
        device = pipe._execution_device
        ready = torch.from_numpy(np.ascontiguousarray(pictures)).to(device, pipe.vae.dtype).permute(3, 0, 1, 2)[None]
        seen = pipe.vae.encode(ready / 127.5 - 1.0).latent_dist.mode()
    return (seen.float().cpu() - mean) / spread


def _scaling(vae: Any) -> tuple[Tensor, Tensor]:
    import torch

    shape = (1, vae.config.z_dim, 1, 1, 1)
    return torch.tensor(vae.config.latents_mean).view(shape), torch.tensor(vae.config.latents_std).view(shape)
