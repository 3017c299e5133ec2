"""Opening a diffusers pipeline from a folder and laying it out as `modalities.accelerator` chose."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from modalities.accelerator import Accelerator, Fit, accelerator, ways
from modalities.faults import Unavailable
from modalities.weights import size_on_disk_mb


def fits(folder: Path, work_mb: float, here: Accelerator | None = None, scale: float = 1.0) -> tuple[Fit, ...]:
    """Ways to run the pipeline in `folder`, best first. scale: weights as computed to weights as stored. Raises
    Unavailable."""
    return ways({part: scale * size for part, size in size_on_disk_mb(folder).items()}, work_mb, here or accelerator())


def opened(kind: Any, folder: Path, fit: Fit, parts: Mapping[str, Any] | None = None, whole: tuple[str, ...] = ()
           ) -> Any:
    """The pipeline of class `kind` in `folder`, ready to be called. parts: components to be put in place of stored ones
    (a None takes one out); whole: components that stay in 32 bits. Raises Unavailable for a folder that cannot be
    opened."""
    import torch
    from diffusers.utils import logging
    from transformers.utils import logging as text_logging

    logging.disable_progress_bar()
    text_logging.disable_progress_bar()
    logging.set_verbosity_error()
    dtype = getattr(torch, fit.dtype)
    dtypes: Any = {"default": dtype} | dict.fromkeys(whole, torch.float32) if whole else dtype
    try:
        pipe = kind.from_pretrained(str(folder), local_files_only=True, dtype=dtypes, **dict(parts or {}))
    except Exception as fault:  # a folder can be wrong in many ways
        raise Unavailable(f"The weights at {folder} cannot be opened as {kind.__name__} ({type(fault).__name__}: "
                          f"{str(fault)[:160]}).") from None
    for model in pipe.components.values():
        if isinstance(model, torch.nn.Module):
            model.eval().requires_grad_(False)
    placed(pipe, fit)
    pipe.set_progress_bar_config(disable=True)
    return pipe


def placed(pipe: Any, fit: Fit) -> None:
    """Lay the pipeline out; the picture coder works in tiles wherever memory is short."""
    import torch

    if fit.device == "cpu":
        pipe.to("cpu")
        return
    if fit.eight_bits:
        pipe.transformer.enable_layerwise_casting(storage_dtype=torch.float8_e4m3fn,
                                                  compute_dtype=getattr(torch, fit.dtype))
    if fit.offload == "none":
        pipe.to(fit.device)
        return
    if hasattr(pipe.vae, "enable_tiling"):
        pipe.vae.enable_tiling()
    if fit.offload == "model":
        pipe.enable_model_cpu_offload(device=fit.device)
        return
    pipe.enable_group_offload(onload_device=torch.device(fit.device), offload_device=torch.device("cpu"),
                              offload_type="leaf_level", use_stream=True)


def out_of_memory(fault: BaseException) -> bool:
    """Whether a failure was for want of memory, on a card or beside it."""
    import torch

    return isinstance(fault, torch.OutOfMemoryError | MemoryError) or "out of memory" in str(fault).lower()
