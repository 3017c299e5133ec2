"""Block-causal attention over steps, with a bounded window and cached keys and values.

A token sees every token of its own step and of the WINDOW - 1 steps before, and the context phrases. Positions are
rotary over steps (Su et al., RoFormer, 2021) in half of every head, so only distances count and a run may be endless.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional

ROPE_BASE = 200.0


@dataclass(frozen=True)
class Cache:
    """Keys and values of the last steps, one pair per block, each (B, heads, steps * tokens, size); `step` is the
    index of the next step, `context` holds the blocks' keys and values of the phrases, or None before the first."""

    keys: tuple[Tensor, ...]
    values: tuple[Tensor, ...]
    step: int


def rotate(x: Tensor, steps: Tensor) -> Tensor:
    """x (B, heads, L, size) with the first half of its numbers turned by the step index (L,) of each token."""
    quarter = x.shape[-1] // 4
    # Double precision: after hours of play a step's index is large, and only differences may count.
    rates = ROPE_BASE ** (-torch.arange(quarter, device=x.device, dtype=torch.float64) / quarter)
    angle = steps.to(torch.float64)[:, None] * rates
    cos, sin = angle.cos().to(x.dtype), angle.sin().to(x.dtype)
    a, b, still = x[..., :quarter], x[..., quarter:2 * quarter], x[..., 2 * quarter:]
    return torch.cat([a * cos - b * sin, a * sin + b * cos, still], -1)


def timeless(x: Tensor) -> Tensor:
    """x (B, heads, K, size) without the half that turns with time: what is said is said of every step alike."""
    return torch.cat([torch.zeros_like(x[..., :2 * (x.shape[-1] // 4)]), x[..., 2 * (x.shape[-1] // 4):]], -1)


def block_mask(queries: Tensor, keys: Tensor, window: int, context: Tensor) -> Tensor:
    """(B, 1, Lq, K + Lk) True where a query's step may look: its own step and window - 1 before, and the phrases that
    are there (`context` (B, K) bool)."""
    apart = queries[:, None] - keys[None, :]
    near = (apart >= 0) & (apart < window)
    batch = context.shape[0]
    seen = context[:, None, None, :].expand(batch, 1, len(queries), context.shape[1])
    return torch.cat([seen, near[None, None].expand(batch, 1, -1, -1)], -1)


class Block(nn.Module):
    """One transformer block; scale, shift and gate come from the noise level (adaLN-single: Chen et al., PixArt-alpha,
    2023) and are shared by the tokens of a stream in a step."""

    def __init__(self, width: int, heads: int) -> None:
        super().__init__()
        self.heads = heads
        self.qkv = nn.Linear(width, 3 * width, bias=False)
        self.context = nn.Linear(width, 2 * width, bias=False)
        self.out = nn.Linear(width, width)
        self.up = nn.Linear(width, 4 * width)
        self.down = nn.Linear(4 * width, width)
        self.offset = nn.Parameter(torch.randn(6, width) * 0.02)

    def forward(self, x: Tensor, level: Tensor, phrases: Tensor, mask: Tensor, steps: Tensor,
                past: tuple[Tensor, Tensor, Tensor] | None) -> tuple[Tensor, Tensor, Tensor]:
        """x (B, L, D), level (B, L, 6, D), phrases (B, K, D), mask (B, 1, Lq, K + Lk), steps (L,); past keys and
        values with their steps. Returns the new x and this call's own keys (unturned by position) and values."""
        batch, length, width = x.shape
        scale_a, shift_a, gate_a, scale_b, shift_b, gate_b = (level + self.offset).unbind(2)
        y = functional.layer_norm(x, (width,)) * (1 + scale_a) + shift_a
        q, k, v = (t.transpose(1, 2) for t in self.qkv(y).view(batch, length, 3, self.heads, -1).unbind(2))
        size = q.shape[-1]
        q, k = functional.rms_norm(q, (size,)), functional.rms_norm(k, (size,))
        told = self.context(phrases).view(batch, -1, 2, self.heads, size)
        ck, cv = (t.transpose(1, 2) for t in told.unbind(2))
        all_k, all_v, all_steps = (k, v, steps) if past is None else (
            torch.cat([past[0], k], 2), torch.cat([past[1], v], 2), torch.cat([past[2], steps]))
        keys = torch.cat([timeless(functional.rms_norm(ck, (size,))), rotate(all_k, all_steps)], 2)
        y = functional.scaled_dot_product_attention(rotate(q, steps), keys, torch.cat([cv, all_v], 2), attn_mask=mask)
        x = x + gate_a * self.out(y.transpose(1, 2).reshape(batch, length, width))
        y = functional.layer_norm(x, (width,)) * (1 + scale_b) + shift_b
        return x + gate_b * self.down(functional.gelu(self.up(y), approximate="tanh")), k, v
