"""Picture latents as rows of a stream: cut into patches, so that equal pieces of a row are the model's tokens."""

from __future__ import annotations

from torch import Tensor


def to_row(latents: Tensor, patch: tuple[int, int]) -> Tensor:
    """(B, T, C, H, W) to (B, T, H * W * C): patch by patch, rows of patches first. ValueError where patches do not
    fit."""
    batch, steps, channels, height, width = latents.shape
    tall, wide = patch
    if height % tall or width % wide:
        raise ValueError(f"patches of {tall} x {wide} do not fill latents of {height} x {width}")
    cut = latents.reshape(batch, steps, channels, height // tall, tall, width // wide, wide)
    return cut.permute(0, 1, 3, 5, 4, 6, 2).reshape(batch, steps, -1)


def from_row(rows: Tensor, patch: tuple[int, int], height: int, width: int) -> Tensor:
    """The inverse of `to_row`: (B, T, H * W * C) to (B, T, C, H, W)."""
    batch, steps = rows.shape[:2]
    tall, wide = patch
    cut = rows.reshape(batch, steps, height // tall, width // wide, tall, wide, -1)
    return cut.permute(0, 1, 6, 2, 4, 3, 5).reshape(batch, steps, -1, height, width)
