"""Moves weights between the two implementations of EnCodec (Defossez et al. 2022): a pure rename of tensors.

Training runs the `encodec` package, everything else runs transformers' EncodecModel. Both build the same layers in the
same order; only the wrappers around a convolution and the two styles of weight normalisation are named differently.
"""

from __future__ import annotations

import re

from torch import Tensor

GAIN, DIRECTION = ".parametrizations.weight.original0", ".parametrizations.weight.original1"


def to_transformers(state: dict[str, Tensor]) -> dict[str, Tensor]:
    """The package's state dict under transformers' names. Tensors are shared, not copied."""
    return {_to_transformers(name): tensor for name, tensor in state.items()}


def to_encodec(state: dict[str, Tensor]) -> dict[str, Tensor]:
    """The way back. Tensors are shared, not copied."""
    growing = _growing_layers(state)
    return {_to_encodec(name, growing): tensor for name, tensor in state.items()}


def _to_transformers(name: str) -> str:
    name = re.sub(r"^(encoder|decoder)\.model\.", r"\1.layers.", name)
    name = re.sub(r"\.(conv\.conv|convtr\.convtr)\.", ".conv.", name)
    name = re.sub(r"\.weight_g$", GAIN, name)
    name = re.sub(r"\.weight_v$", DIRECTION, name)
    return name.replace("quantizer.vq.layers.", "quantizer.layers.").replace("._codebook.", ".codebook.")


def _growing_layers(state: dict[str, Tensor]) -> set[str]:
    """The decoder's transposed convolutions: all its outermost convolutions but the first and the last."""
    found = {int(match[1]) for name in state if (match := re.match(r"decoder\.layers\.(\d+)\.conv\.", name))}
    return {f"decoder.layers.{at}." for at in found - {min(found), max(found)}} if found else set()


def _to_encodec(name: str, growing: set[str]) -> str:
    transposed = any(name.startswith(layer + "conv.") for layer in growing)
    if name.startswith(("encoder.", "decoder.")):
        name = name.replace(".conv.", ".convtr.convtr." if transposed else ".conv.conv.", 1)
        name = re.sub(r"^(encoder|decoder)\.layers\.", r"\1.model.", name)
    name = name.replace(GAIN, ".weight_g").replace(DIRECTION, ".weight_v")
    return name.replace("quantizer.layers.", "quantizer.vq.layers.").replace(".codebook.", "._codebook.")
