"""Low-rank additions (LoRA: Hu et al., 2021; through peft) to the picture path of the joint model."""

from __future__ import annotations

import copy
import re
import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import torch

if TYPE_CHECKING:
    from world_model.joint.model import JointModel

RANK = 8
BASE = "beecam/live"
PATHS = re.compile(r"(blocks\.\d+\.(qkv|out|up|down)|look|write\.picture|head\.(carry|enter|leave)"
                   r"|head\.blocks\.\d+\.(film|wide|narrow))$")


def targets(model: JointModel) -> list[str]:
    """Names of the layers that draw pictures: attention and MLP of the tokens, the guide's reading, and the head."""
    return [name for name, _ in model.named_modules() if PATHS.fullmatch(name)]


def with_lora(model: JointModel, seed: int, rank: int = RANK) -> Any:
    """A copy of the model with fresh low-rank additions (a PeftModel); at first they add nothing."""
    from peft import LoraConfig, get_peft_model

    own = copy.deepcopy(model)
    torch.manual_seed(seed)
    config = LoraConfig(r=rank, lora_alpha=2 * rank, target_modules=targets(model), bias="none",
                        base_model_name_or_path=BASE)
    with warnings.catch_warnings():
        # It says that the model has another name than the adapter's base; both are ours.
        warnings.simplefilter("ignore", UserWarning)
        wrapped = get_peft_model(cast("Any", own), config)
    # Where the weights once lay is nobody's business.
    wrapped.peft_config["default"].base_model_name_or_path = BASE
    return wrapped


def save(wrapped: Any, folder: Path) -> None:
    """adapter_model.safetensors and adapter_config.json, by peft."""
    wrapped.peft_config["default"].base_model_name_or_path = BASE
    wrapped.save_pretrained(str(folder), safe_serialization=True, save_embedding_layers=False)
    (folder / "README.md").unlink(missing_ok=True)


def merged(model: JointModel, folder: Path, amount: float = 1.0) -> JointModel:
    """A copy of the model with a saved adapter laid into its weights, `amount` in [0, 1] of it. Raises ValueError with
    a sentence where the folder holds none that fits."""
    from peft import PeftModel
    from peft.tuners.lora import LoraLayer

    if not 0.0 <= amount <= 1.0:
        raise ValueError(f"a style's amount is 0 to 1, not {amount}")
    try:
        wrapped = PeftModel.from_pretrained(cast("Any", copy.deepcopy(model)), str(folder), local_files_only=True)
    except Exception as fault:  # a file can be wrong in many ways
        raise ValueError(f"the style's adapter cannot be read ({type(fault).__name__}: {str(fault)[:120]})") from None
    for layer in wrapped.modules():
        if isinstance(layer, LoraLayer):
            layer.scale_layer(amount)
    return cast("JointModel", wrapped.merge_and_unload()).eval()
