"""The best linear codec as a starting point for the sound codec: what a short budget would not get to by itself.

A fresh EnCodec network needs thousands of steps before its output has anything to do with its input. Here every
convolution is set, from some real sound, such that the network as a whole is a block transform: each stage of the
encoder keeps the principal components of the samples it takes in, each stage of the decoder predicts, by least squares,
what the matching stage of the encoder had. Residual branches start at nothing, LSTMs near it. An ELU is the identity
above zero, so each channel is lifted by a few of its deviations before one, and the next layer takes the lift out.
"""

from __future__ import annotations

from typing import Any

import torch
import torch.nn.functional as fn
from torch import Tensor

LIFT = 4.0  # deviations
RIDGE = 1e-4
MOST_ROWS = 16000


@torch.no_grad()
def start_linear(codec: Any, samples: Tensor) -> None:
    """Sets the weights of the `encodec` package's model (causal, weight norm, one stage per ratio) in place.

    samples: (B, N) float32, N a multiple of the hop; some 50 seconds or more of real sound.
    """
    encoder, decoder = list(codec.encoder.model), list(codec.decoder.model)
    _calm(codec)
    first = encoder[0].conv.conv
    taps = torch.randn(first.out_channels, 1, first.kernel_size[0], device=samples.device) * .3
    taps[..., -1] = torch.sign(taps[..., -1])
    signal = fn.conv1d(fn.pad(samples[:, None], (taps.shape[-1] - 1, 0)), taps)
    scale = signal.std().clamp_min(1e-4)
    signal, lift = signal / scale, _lift(signal / scale)
    _set(first, taps / scale, lift)
    wanted = [samples[:, None], signal]
    for layer in [layer for layer in encoder[1:] if hasattr(layer, "conv")]:
        signal, lift = _keep_components(layer.conv.conv, signal, lift, last=layer is encoder[-1])
        wanted.append(signal)
    got, lift = _predict(decoder[0].conv.conv, wanted.pop(), wanted.pop(), None, last=False)
    for layer in [layer for layer in decoder if hasattr(layer, "convtr")]:
        got, lift = _predict_growing(layer.convtr.convtr, got, wanted.pop(), lift)
    _predict(decoder[-1].conv.conv, got, wanted.pop(), lift, last=True)


def _calm(codec: Any) -> None:
    """Residual blocks pass their input on; LSTMs keep their output gates nearly shut."""
    for module in codec.modules():
        if hasattr(module, "shortcut"):
            side = module.shortcut.conv.conv
            _set(side, torch.eye(side.out_channels, device=side.bias.device)[..., None], torch.zeros_like(side.bias))
            end = module.block[-1].conv.conv
            end.weight_g.zero_()  # not just small: lifted channels leak into faint ones
            end.bias.zero_()
        if isinstance(module, torch.nn.LSTM):
            for name, value in module.named_parameters():
                if name.startswith("bias_ih"):
                    value[3 * module.hidden_size:].sub_(5.0)


def _set(layer: Any, weight: Tensor, bias: Tensor) -> None:
    """Weight norm over the first dimension: direction and length."""
    weight = weight + 1e-6 * torch.randn_like(weight)
    layer.weight_v.copy_(weight)
    layer.weight_g.copy_(weight.flatten(1).norm(dim=1)[:, None, None])
    layer.bias.copy_(bias)


def _lift(signal: Tensor) -> Tensor:
    return LIFT * signal.std((0, 2)).clamp_min(1e-3)


def _keep_components(conv: Any, signal: Tensor, lift: Tensor, last: bool) -> tuple[Tensor, Tensor]:
    """A strided convolution on the newest `stride` inputs; returns its centred output and the lift it gives it."""
    stride, size, out = conv.stride[0], conv.kernel_size[0], conv.out_channels
    rows = signal.unfold(-1, stride, stride).permute(0, 2, 1, 3).flatten(2)  # (B, T, C * stride)
    flat = _thin(rows.reshape(-1, rows.shape[-1])).double()
    _, basis = torch.linalg.eigh(flat.T @ flat / len(flat))
    basis = basis.flip(1)[:, :out].to(signal)
    made = (rows @ basis).transpose(1, 2)
    scale = made.std().clamp_min(1e-6)
    weight = signal.new_zeros(out, signal.shape[1], size)
    weight[..., size - stride:] = (basis / scale).T.reshape(out, signal.shape[1], stride)
    made = made / scale
    up = torch.zeros_like(conv.bias) if last else _lift(made)
    _set(conv, weight, up - weight.sum(-1) @ lift)
    return made, up


def _thin(rows: Tensor) -> Tensor:
    """Enough rows, evenly taken; a step that shares no factor with the strides sees every phase."""
    return rows[::max(1, len(rows) // MOST_ROWS | 1)]


def _solve(rows: Tensor, wanted: Tensor, silent: Tensor | None = None) -> Tensor:
    """(D, O) ridge regression of (M, O) on (M, D). silent: (S, D) inputs that must give nothing."""
    x, y = _thin(rows).double(), _thin(wanted).double()
    gram = x.T @ x
    level = gram.diagonal().mean()
    if silent is not None:
        unit = silent.double() / silent.double().norm(dim=1, keepdim=True)
        gram = gram + 1e4 * level * unit.T @ unit
    eye = torch.eye(len(gram), dtype=gram.dtype, device=gram.device)
    return torch.linalg.solve(gram + RIDGE * level * eye, x.T @ y).to(rows)


def _predict(conv: Any, got: Tensor, wanted: Tensor, lift: Tensor | None, last: bool) -> tuple[Tensor, Tensor]:
    size = conv.kernel_size[0]
    windows, step = fn.pad(got, (size - 1, 0)), max(1, got.shape[0] * got.shape[2] // MOST_ROWS | 1)
    rows = windows.unfold(-1, size, step).permute(0, 2, 1, 3).flatten(2)
    found = _solve(rows.flatten(0, 1), wanted[..., ::step].transpose(1, 2).flatten(0, 1))
    weight = found.T.reshape(conv.out_channels, got.shape[1], size)
    made = fn.conv1d(windows, weight)
    up = torch.zeros_like(conv.bias) if last else _lift(made)
    _set(conv, weight, up if lift is None else up - weight.sum(-1) @ lift)
    return made, up


def _predict_growing(conv: Any, got: Tensor, wanted: Tensor, lift: Tensor) -> tuple[Tensor, Tensor]:
    """A transposed convolution: this frame and the one before give `stride` outputs. Its bias is the same at every one
    of them, and the first frame has none before it, so the lift of either has to vanish in the weights."""
    stride, out, channels = conv.stride[0], conv.out_channels, got.shape[1]
    rows = fn.pad(got, (1, 0)).unfold(-1, 2, 1).permute(0, 2, 3, 1).flatten(2)  # (B, T, before and now, C)
    blocks = wanted.unfold(-1, stride, stride).permute(0, 2, 1, 3).flatten(2)
    found = _solve(rows.flatten(0, 1), blocks.flatten(0, 1), torch.block_diag(lift[None], lift[None]))
    made = (rows @ found).reshape(len(got), -1, out, stride).permute(0, 2, 1, 3).flatten(2)
    before, now = found.reshape(2, channels, out, stride)
    up = _lift(made)
    _set(conv, torch.cat([now, before], -1), up)
    return made, up
