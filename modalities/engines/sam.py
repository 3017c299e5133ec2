"""A SAM 2 video model as a follower of one subject (Ravi et al., SAM 2: Segment anything in images and videos, 2024).

Through transformers, from a folder of weights on this machine; nothing is downloaded. Streaming: of its memories only
those that the model still looks at are kept.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import cv2
import numpy as np
from numpy.typing import NDArray

from modalities.faults import Unavailable
from modalities.roto.propagate import Seen
from modalities.roto.start import Wish

if TYPE_CHECKING:
    from torch import Tensor

Picture = NDArray[np.uint8]
Floats = NDArray[np.float32]
MEAN, SPREAD = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)
WANTED = "a folder with config.json and model.safetensors of a Sam2VideoModel, such as facebook/sam2.1-hiera-tiny"
# Labels of the model's prompts: a point on the subject, a box's upper left and lower right corner.
ON, UPPER_LEFT, LOWER_RIGHT = 1, 2, 3


def missing(weights: Path) -> str | None:
    """None when the model can be opened, else one sentence."""
    if not weights.is_dir():
        return f"There are no weights at {weights}; expected {WANTED}."
    if not (weights / "config.json").is_file():
        return f"{weights} holds no config.json; expected {WANTED}."
    if not any(weights.glob("*.safetensors")):
        return f"{weights} holds no .safetensors file; expected {WANTED}."
    return None


class SamFollower:
    """Follows what the wish points at, or without one what the first mask covers. Raises Unavailable."""

    def __init__(self, weights: Path, wish: Wish) -> None:
        wrong = missing(weights)
        if wrong:
            raise Unavailable(wrong)
        import torch
        from transformers import Sam2VideoModel
        from transformers.utils import logging

        logging.disable_progress_bar()
        device = "cuda" if torch.cuda.is_available() else "cpu"
        try:
            loaded: Any = Sam2VideoModel.from_pretrained(str(weights), local_files_only=True, dtype=torch.float32)
            self._model: Any = loaded.to(device).eval()
        except Exception as fault:  # a folder can be wrong in many ways
            raise Unavailable(f"The weights at {weights} cannot be opened ({type(fault).__name__}); expected {WANTED}."
                              ) from None
        self._wish, self._device = wish, device
        side = self._model.config.vision_config.backbone_config.image_size or self._model.config.image_size
        self._side_px = (int(side), int(side)) if isinstance(side, int) else (int(side[0]), int(side[1]))
        self._session: Any = None
        self._index = 0

    def start(self, rgb: Picture, mask: Floats) -> Seen:
        """Begin with a picture (H, W, 3) and, where the wish names no place, the subject's mask (H, W)."""
        import torch
        from transformers.models.sam2_video.modeling_sam2_video import Sam2VideoInferenceSession

        height, width = rgb.shape[:2]
        self._session = Sam2VideoInferenceSession(video_height=height, video_width=width,
                                                  inference_device=self._device, dtype=torch.float32)
        self._index = 0
        points, labels = self._prompt(mask)
        at = torch.tensor(points, dtype=torch.float32) * torch.tensor(self._side_px[::-1], dtype=torch.float32)
        number = self._session.obj_id_to_idx(1)
        self._session.add_point_inputs(number, 0, {"point_coords": at[None, None],
                                                   "point_labels": torch.tensor(labels, dtype=torch.int32)[None, None]})
        self._session.obj_with_new_inputs = [1]
        return self._run(rgb)

    def step(self, rgb: Picture) -> Seen:
        """The subject in the next picture."""
        return self._run(rgb)

    def _prompt(self, mask: Floats) -> tuple[list[tuple[float, float]], list[int]]:
        """Points as fractions (x, y), and their labels."""
        if self._wish.at is not None:
            return [self._wish.at], [ON]
        if self._wish.box is not None:
            left, top, right, bottom = self._wish.box
        else:
            rows, columns = np.flatnonzero((mask > 0.5).any(1)), np.flatnonzero((mask > 0.5).any(0))
            height, width = mask.shape
            left, right = float(columns[0]) / width, float(columns[-1] + 1) / width
            top, bottom = float(rows[0]) / height, float(rows[-1] + 1) / height
        return [(left, top), (right, bottom)], [UPPER_LEFT, LOWER_RIGHT]

    def _run(self, rgb: Picture) -> Seen:
        import torch

        with torch.inference_mode():
            out = self._model(self._session, frame_idx=self._index, frame=self._pixels(rgb))
        logits = out.pred_masks[0, 0].float().cpu().numpy()
        score = out.object_score_logits
        there = float(score.reshape(-1)[0]) if score is not None else 1.0
        self._forget()
        self._index += 1
        wide = np.asarray(cv2.resize(np.asarray(logits, np.float32), rgb.shape[1::-1]), np.float32)
        mask = (0.5 * (1.0 + np.tanh(0.5 * wide))).astype(np.float32)
        if there <= 0.0 or float(mask.max()) < 0.5:
            return Seen(np.zeros_like(mask), 0.0, "lost", None)
        return Seen(mask, float(0.5 * (1.0 + np.tanh(0.5 * there))), "held", None)

    def _pixels(self, rgb: Picture) -> Tensor:
        import torch

        small = cv2.resize(rgb, (self._side_px[1], self._side_px[0]), interpolation=cv2.INTER_LINEAR)
        scaled = (np.asarray(small, np.float32) / 255.0 - np.array(MEAN, np.float32)) / np.array(SPREAD, np.float32)
        return torch.from_numpy(np.ascontiguousarray(scaled.transpose(2, 0, 1)[None])).to(self._device)

    def _forget(self) -> None:
        """Drop pictures and memories that the model will not look at again."""
        config = self._model.config
        keep = self._index - 1 - max(int(config.num_maskmem), int(config.max_object_pointers_in_encoder))
        for old in [k for k in self._session.processed_frames if k < self._index]:
            del self._session.processed_frames[old]
        for kept in self._session.output_dict_per_obj.values():
            others = kept["non_cond_frame_outputs"]
            for old in [k for k in others if k < keep]:
                del others[old]
        for tracked in self._session.frames_tracked_per_obj.values():
            for old in [k for k in tracked if k < keep]:
                del tracked[old]
