"""Opening a transformers model from a folder of weights on this machine; nothing is downloaded."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from modalities.faults import Unavailable

# Some published files lack what can be computed again.
MOST_LACKING = 0.1


def device() -> str:
    """Where small models run."""
    import torch

    return "cuda" if torch.cuda.is_available() else "cpu"


def opened(load: Callable[[str], Any], folder: Path, wanted: str) -> Any:
    """What `load` makes of the folder, in 32 bits, ready to be asked. Raises Unavailable with one sentence."""
    from transformers.utils import logging

    logging.disable_progress_bar()
    logging.set_verbosity_error()
    try:
        made = load(str(folder.absolute()))
    except Exception as fault:  # a folder can be wrong in many ways
        raise Unavailable(f"The weights at {folder} cannot be opened ({type(fault).__name__}); expected {wanted}."
                          ) from None
    return made.to(device()).eval().requires_grad_(False) if hasattr(made, "parameters") else made


def lacking(model: Any, told: Mapping[str, Any]) -> bool:
    """Whether the files held too little of a model, by what the library tells of loading it: it makes up the rest."""
    return len(told["missing_keys"]) > MOST_LACKING * len(model.state_dict())


def model_of(kind: Any, folder: Path, wanted: str) -> Any:
    """The model of class `kind` in a folder. Raises Unavailable, also where its files hold too little of it."""
    import torch

    def load(path: str) -> Any:
        made, told = kind.from_pretrained(path, local_files_only=True, dtype=torch.float32, output_loading_info=True)
        if lacking(made, told):
            raise ValueError("weights are missing")
        return made

    return opened(load, folder, wanted)


def asked(ask: Callable[[], Any], folder: Path, wanted: str) -> Any:
    """What a model answers. Raises Unavailable where it fails: the weights are of another kind, or memory is short."""
    import torch

    try:
        with torch.inference_mode():
            return ask()
    except Exception as fault:  # models fail in many ways
        raise Unavailable(f"The weights at {folder} open but do not work ({type(fault).__name__}); expected {wanted}."
                          ) from None
