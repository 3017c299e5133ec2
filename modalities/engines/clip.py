"""Where a picture is, by a vision-language model (Radford et al., CLIP, 2021; Zhai et al., SigLIP, 2023).

Through transformers, from a folder of weights on this machine, named by BEECAM_CLIP or fetched with
`beecam engines get siglip2`; nothing is downloaded here. The setting is the one whose descriptions lie nearest the
picture. It takes the place of the small network's answer (modalities.perceive.picture_setting), which only knows
pictures of this world.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import cv2
import numpy as np
from numpy.typing import NDArray

from modalities.engines.understand.catalogue import SIGHT, folder_of
from modalities.engines.understand.opening import lacking
from modalities.faults import Unavailable
from world_model.vocabulary import SETTINGS

if TYPE_CHECKING:
    from torch import Tensor

Picture = NDArray[np.uint8]
VARIABLE = "BEECAM_CLIP"
WANTED = ("a folder with config.json, model.safetensors and tokenizer files of a CLIP or SigLIP model, such as "
          "openai/clip-vit-base-patch32")
MEAN, SPREAD = (0.48145466, 0.4578275, 0.40821073), (0.26862954, 0.26130258, 0.27577711)
DESCRIBED: dict[str, tuple[str, ...]] = {
    "ocean": ("the open sea", "ocean waves"), "desert": ("a desert with sand dunes",),
    "meadow": ("a meadow with flowers and grass", "green fields"), "forest": ("a forest", "trees in a wood"),
    "mountains": ("high mountains",), "city": ("a city with tall buildings", "a street in a town"),
    "village": ("a village with small houses",), "lake": ("a calm lake",), "crystals": ("a cave of glowing crystals",),
    "islands": ("small islands in the sea", "a tropical beach"), "underwater": ("the underwater world of a reef",),
    "space": ("outer space with stars and planets",), "snowfield": ("a field of snow", "ice and snow"),
    "canyon": ("a rocky canyon",), "clouds": ("the view above the clouds", "a sky full of clouds"),
    "fluid": ("an abstract picture of flowing colours",), "particles": ("an abstract picture of glowing particles",)}
MANNERS = ("a photo of {}", "a painting of {}", "a drawing of {}")
# Weights below this are left out.
LEAST_WEIGHT = 0.04


def weights_in(environ: Mapping[str, str] = os.environ) -> Path | None:
    """The folder that the environment names, else the one that was fetched, or None. Raises Unavailable when the
    environment names one that cannot be used."""
    given = environ.get(VARIABLE, "").strip()
    if not given:
        return folder_of(SIGHT, environ)
    folder = Path(given).expanduser()
    if not (folder / "config.json").is_file() or not any(folder.glob("*.safetensors")):
        raise Unavailable(f"{VARIABLE} names {folder}, which is not {WANTED}.")
    return folder


def mark_of(weights: Path) -> str:
    """Tells two sets of weights apart: a digest of names, sizes and the configuration."""
    files = sorted(f"{path.name}:{path.stat().st_size}" for path in weights.glob("*.safetensors"))
    return hashlib.sha256((weights / "config.json").read_bytes() + json.dumps(files).encode()).hexdigest()[:12]


def setting_of(rgb: Picture, weights: Path) -> dict[str, float]:
    """Names of SETTINGS to weights, heaviest first; rgb is (H, W, 3) sRGB. Raises Unavailable."""
    import torch

    model, words, scale, side = _opened(str(weights.absolute()))
    with torch.inference_mode():
        seen = _unit(model.get_image_features(pixel_values=_pixels(rgb, side, weights)))
    scores = (scale * (words @ seen[0])).double().cpu().numpy()
    raised = np.exp(scores - scores.max())
    shares = raised / raised.sum()
    found = {name: float(share) for name, share in zip(SETTINGS, shares, strict=True) if share >= LEAST_WEIGHT}
    return dict(sorted(found.items(), key=lambda pair: -pair[1]))


def likeness(pictures: Sequence[Picture], texts: Sequence[str], weights: Path) -> NDArray[np.float32]:
    """(pictures, texts) cosines in [-1, 1] of pictures (H, W, 3) with texts. Raises Unavailable."""
    import torch

    folder = str(weights.absolute())
    model, _, _, side = _opened(folder)
    try:
        with torch.inference_mode():
            seen = torch.cat([_unit(model.get_image_features(pixel_values=_pixels(one, side, weights)))
                              for one in pictures])
            told = _read(model, _tokens(folder), list(texts))
            return np.asarray((seen @ told.T).float().cpu().numpy(), np.float32)
    except Exception as fault:  # models fail in many ways
        raise Unavailable(f"The weights at {folder} do not compare pictures with words ({type(fault).__name__}); "
                          f"expected {WANTED}.") from None


@lru_cache(1)
def _opened(folder: str) -> tuple[Any, Any, float, int]:
    """The model, one unit vector for each setting (17, D), the scale of likeness, and its picture side in pixels."""
    import torch
    from transformers import AutoModel
    from transformers.utils import logging

    logging.disable_progress_bar()
    try:
        loaded: Any = AutoModel.from_pretrained(folder, local_files_only=True, dtype=torch.float32,
                                                output_loading_info=True)
        model = loaded[0].eval()
        if lacking(model, loaded[1]):
            raise ValueError("weights are missing")
        tokens = _tokens(folder)
        rows: list[Any] = []
        with torch.inference_mode():
            for name in SETTINGS:
                said = [manner.format(thing) for thing in DESCRIBED[name] for manner in MANNERS]
                rows.append(_unit(_read(model, tokens, said).mean(0, keepdim=True))[0])
        side = model.config.vision_config.image_size
        return model, torch.stack(rows), float(model.logit_scale.detach().exp()), int(side)
    except Exception as fault:  # a folder can be wrong in many ways
        raise Unavailable(f"The weights at {folder} cannot be opened ({type(fault).__name__}); expected {WANTED}."
                          ) from None


def _tokens(folder: str) -> Any:
    from transformers import AutoTokenizer

    return cast(Any, AutoTokenizer).from_pretrained(folder, local_files_only=True)


def _read(model: Any, tokens: Any, texts: list[str]) -> Any:
    """(len(texts), D) unit vectors."""
    longest = int(model.config.text_config.max_position_embeddings)
    read = tokens(texts, padding="max_length", max_length=longest, truncation=True, return_tensors="pt")
    return _unit(model.get_text_features(**{k: v for k, v in read.items() if k in ("input_ids", "attention_mask")}))


def _unit(features: Any) -> Any:
    vectors = getattr(features, "pooler_output", features)
    return vectors / vectors.norm(dim=-1, keepdim=True).clamp_min(1e-9)


def _pixels(rgb: Picture, side_px: int, weights: Path) -> Tensor:
    """The middle square as the model wants it, (1, 3, side, side)."""
    import torch

    mean, spread = _scaling(str(weights.absolute()))
    height, width = rgb.shape[:2]
    short = min(height, width)
    top, left = (height - short) // 2, (width - short) // 2
    square = rgb[top: top + short, left: left + short, :3]
    how = cv2.INTER_AREA if short > side_px else cv2.INTER_CUBIC
    small = cv2.resize(np.ascontiguousarray(square), (side_px, side_px), interpolation=how)
    scaled = (np.asarray(small, np.float32) / 255.0 - np.array(mean, np.float32)) / np.array(spread, np.float32)
    return torch.from_numpy(np.ascontiguousarray(scaled.transpose(2, 0, 1)[None]))


def _scaling(folder: str) -> tuple[tuple[float, ...], tuple[float, ...]]:
    try:
        said = json.loads((Path(folder) / "preprocessor_config.json").read_text("utf-8"))
        mean, spread = tuple(map(float, said["image_mean"])), tuple(map(float, said["image_std"]))
        return (mean, spread) if len(mean) == len(spread) == 3 and min(spread) > 0 else (MEAN, SPREAD)
    except (OSError, ValueError, KeyError, TypeError):
        return MEAN, SPREAD
