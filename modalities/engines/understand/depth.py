"""How near what a picture shows is (Yang et al., Depth Anything V2, 2024; Ranftl et al., DPT, 2021), and what follows.

Networks for one picture give nearness (inverse depth) up to scale and shift. A film is scaled once for all its frames,
or it would pump. A flat ground's nearness grows linearly down the picture from nothing at the horizon (Labayrade et
al., v-disparity, 2002), which finds the horizon.
"""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import cv2
import numpy as np
from numpy.typing import NDArray

from modalities.cues import Framing, PictureCues
from modalities.engines.understand.opening import asked, device, model_of

if TYPE_CHECKING:
    from torch import Tensor

Frames = NDArray[np.uint8]
Maps = NDArray[np.float32]
WANTED = "a depth model in transformers format, such as depth-anything/Depth-Anything-V2-Small-hf"
MEAN, SPREAD = np.array((0.485, 0.456, 0.406), np.float32), np.array((0.229, 0.224, 0.225), np.float32)
# Of the range between the farthest and the nearest: less is sky, more is near.
SKY, NEAR = 0.03, 0.45
LEAST_SKY, SURE_FIT = 0.05, 0.85
LONGEST_SIDE = 2.5  # of the shorter


def depth_of(frames: Frames, folder: Path) -> Maps:
    """Nearness (T, H, W) float32 in [0, 1], 1 is near, of pictures (T, H, W, 3) uint8; one scale for all. Raises
    Unavailable."""
    model = _model(folder)
    near = np.stack([asked(lambda one=one: _seen(model, one), folder, WANTED) for one in frames])
    low, high = np.percentile(near, (0.5, 99.5))
    return np.clip((near - low) / max(float(high - low), 1e-9), 0.0, 1.0).astype(np.float32)


def with_depth(seen: PictureCues, rgb: Frames, folder: Path) -> PictureCues:
    """The same with layers from depth, and its horizon where that is surer. Raises Unavailable."""
    near = depth_of(rgb[None, ..., :3], folder)[0]
    return replace(seen, framing=framed(seen.framing, near), layers_by=f"depth, {folder.name}")


def framed(frame: Framing, near: Maps) -> Framing:
    """A framing whose layers are those of a map of nearness (H, W); the horizon follows where a ground shows it."""
    sky = _sky(near)
    share = float(sky.mean())
    close = float(((near >= NEAR) & ~sky).mean())
    changed = replace(frame, layers=(round(share, 4), round(max(0.0, 1.0 - share - close), 4), round(close, 4)))
    horizon, sure = horizon_of(near, sky)
    if horizon is not None and sure > frame.horizon_confidence:
        changed = replace(changed, horizon=horizon, tilt_deg=0.0, horizon_confidence=sure)
    return changed


def horizon_of(near: Maps, sky: NDArray[np.bool_]) -> tuple[float | None, float]:
    """(height of the horizon as a fraction from the top, confidence [0, 1]) by a line through the rows of the ground;
    none without a sky, whose nearness is nothing, or without a ground."""
    height = len(near)
    if float(sky.mean()) < LEAST_SKY:
        return None, 0.0
    rows = np.arange(height // 2, height)
    level = np.median(near[rows], axis=1).astype(np.float64)
    at = (rows + 0.5) / height
    slope, offset = np.polyfit(at, level, 1)
    spread = float(level.var())
    fit = 1.0 - float(((slope * at + offset - level) ** 2).mean()) / spread if spread > 1e-8 else 0.0
    if slope <= 0.1 or fit < SURE_FIT:
        return None, 0.0
    horizon = float(-offset / slope)
    return (round(horizon, 4), round(0.8 * fit, 4)) if -0.5 < horizon < 1.0 else (None, 0.0)


def _sky(near: Maps) -> NDArray[np.bool_]:
    """What is farthest and hangs together with the upper edge."""
    far = (near <= SKY).astype(np.uint8)
    count, labels = cv2.connectedComponents(far)
    if count < 2:
        return np.zeros(near.shape, np.bool_)
    top = set(np.unique(labels[0]).tolist()) - {0}
    return np.isin(labels, sorted(top)) if top else np.zeros(near.shape, np.bool_)


def _seen(model: Any, rgb: Frames) -> Maps:
    """Inverse depth (H, W) of one picture, without a scale."""
    height, width = rgb.shape[:2]
    out = model(pixel_values=_pixels(model, rgb)).predicted_depth
    found = np.asarray(out.reshape(out.shape[-2:]).float().cpu().numpy(), np.float32)
    if str(getattr(model.config, "depth_estimation_type", "relative")) == "metric":
        found = 1.0 / np.maximum(found, 1e-3)
    return np.asarray(cv2.resize(found, (width, height), interpolation=cv2.INTER_LINEAR), np.float32)


def _pixels(model: Any, rgb: Frames) -> Tensor:
    """(1, 3, h, w) with both sides whole patches, the shorter as the network was taught."""
    import torch

    backbone = getattr(model.config, "backbone_config", None) or model.config
    patch, side = int(backbone.patch_size), int(backbone.image_size)
    height, width = rgb.shape[:2]
    scale = side / min(height, width)
    longest = LONGEST_SIDE * side
    high, wide = (max(patch, round(min(scale * length, longest) / patch) * patch) for length in (height, width))
    how = cv2.INTER_AREA if scale < 1.0 else cv2.INTER_CUBIC
    small = np.asarray(cv2.resize(np.ascontiguousarray(rgb), (wide, high), interpolation=how), np.float32)
    scaled = (small / 255.0 - MEAN) / SPREAD
    return torch.from_numpy(np.ascontiguousarray(scaled.transpose(2, 0, 1)[None])).to(device())


@lru_cache(1)
def _model(folder: Path) -> Any:
    from transformers import AutoModelForDepthEstimation

    return model_of(AutoModelForDepthEstimation, folder, WANTED)
