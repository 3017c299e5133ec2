"""A studio's look on large video models: low-rank additions through the pipeline's own hooks (diffusers and peft).

Honest about memory: learning a 14B transformer needs a card that holds it beside its activations; what is here works on
whatever transformer is handed in and refuses, with the figures, where what is known to be needed is not free.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from modalities.faults import Unavailable, Unusable

if TYPE_CHECKING:
    from torch import Tensor

LAYERS = ["to_q", "to_k", "to_v", "to_out.0"]
FILE = "pytorch_lora_weights.safetensors"


def needed_bytes(transformer: Any, rank: int = 8) -> int:
    """What learning needs at the very least: the frozen weights as they lie, and the additions with their gradients
    and AdamW's two moments in float32. Activations come on top and are not known before they are measured."""
    frozen = sum(one.numel() * one.element_size() for one in transformer.parameters())
    added = sum(rank * (layer.in_features + layer.out_features) for name, layer in transformer.named_modules()
                if name.endswith(tuple(LAYERS)) and hasattr(layer, "in_features"))
    return frozen + 16 * added


def learn_large(transformer: Any, latents: Tensor, words: Tensor, free_bytes: int, seed: int, steps: int,
                rank: int = 8, rate: float = 1e-3) -> list[float]:
    """Adds an adapter named "style" to a Wan-shaped transformer and teaches it latents (N, C, T, H, W), already
    normalised, under words (1, K, W): rectified flow, the velocity is noise less latents. Returns the losses. Raises
    Unavailable where the least that is needed is not free."""
    import torch
    from peft import LoraConfig

    least = needed_bytes(transformer, rank)
    if least > free_bytes:
        raise Unavailable(f"Learning a style on this model needs at least {least / 2**30:.2f} GiB before activations; "
                          f"{free_bytes / 2**30:.2f} GiB are free.")
    torch.manual_seed(seed)
    transformer.requires_grad_(False)
    transformer.add_adapter(LoraConfig(r=rank, lora_alpha=rank, target_modules=LAYERS), adapter_name="style")
    weights = [one for one in transformer.parameters() if one.requires_grad]
    optimiser = torch.optim.AdamW(weights, rate, weight_decay=0.0)
    draw, losses = torch.Generator().manual_seed(seed), list[float]()
    for _ in range(steps):
        clean = latents[int(torch.randint(len(latents), (1,), generator=draw))][None]
        noise, level = torch.randn(clean.shape, generator=draw), float(torch.rand(1, generator=draw))
        noisy = torch.lerp(clean, noise, level)
        made = transformer(hidden_states=noisy, timestep=torch.tensor([1000.0 * level]), encoder_hidden_states=words,
                           return_dict=False)[0]
        loss = (made - (noise - clean)).square().mean()
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        losses.append(float(loss.detach()))
    return losses


def save_large(transformer: Any, folder: Path) -> None:
    """The adapter alone, as diffusers reads it."""
    transformer.save_lora_adapter(str(folder), adapter_name="style", weight_name=FILE)


def load_large(pipe: Any, folder: Path, amount: float = 1.0) -> None:
    """A saved look into a diffusers pipeline, `amount` in [0, 1] of it. Raises Unusable where it does not fit."""
    if not 0.0 <= amount <= 1.0:
        raise Unusable(f"A style's amount is 0 to 1, not {amount}.")
    try:
        if hasattr(pipe, "load_lora_weights"):
            pipe.load_lora_weights(str(folder), weight_name=FILE, adapter_name="style", local_files_only=True)
            pipe.set_adapters("style", amount)
        else:
            pipe.load_lora_adapter(str(folder), weight_name=FILE, adapter_name="style", prefix=None,
                                   local_files_only=True)
            pipe.set_adapters("style", amount)
    except Exception as fault:  # a folder can be wrong in many ways
        raise Unusable(f"The style in {folder} does not fit this model ({type(fault).__name__}: {str(fault)[:120]})."
                       ) from None
