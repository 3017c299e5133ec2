"""The guide: a small picture that tells a dream where things are, and how tightly it is held to.

64 x 36 pixels of a step's middle frame: four by four of them over each cell of picture latents. It comes from the
simulator (the same world, drawn small), or from a glimpse that the joint model filled in itself. A dream may hold to
all of it, to its 16 x 9 colours alone, or to nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional

from world_model.streams.layout import GLIMPSE_PX, Floats
from world_model.streams.senses import glimpse_rgb, shrunk

GUIDE_PX = (64, 36)
FOLD = GUIDE_PX[0] // GLIMPSE_PX[0]
GUIDE_WIDTH = 3 * GUIDE_PX[0] * GUIDE_PX[1]
PLANES = 3 + 3 * FOLD * FOLD + 3
Hold = Literal["free", "glimpse", "full"]
HOLDS: tuple[Hold, ...] = ("free", "glimpse", "full")


@dataclass(frozen=True)
class Guide:
    """pixels (B, T, 6912) sRGB less a half, rows of 36 x 64 x 3; hold (B, T) int64, an index of HOLDS."""

    pixels: Tensor
    hold: Tensor

    def steps(self, start: int, stop: int) -> Guide:
        """Steps [start, stop)."""
        return Guide(self.pixels[:, start:stop], self.hold[:, start:stop])


def guide_of(rgb: NDArray[np.uint8]) -> Floats:
    """(6912,) of a picture (H, W, 3) sRGB of any size. Raises ValueError for anything else."""
    return (shrunk(rgb, GUIDE_PX) - 0.5).reshape(-1).astype(np.float32)


def guide_of_glimpse(stream: Floats) -> Floats:
    """(T, 6912) of a glimpse stream (T, 432); only its 16 x 9 colours count, so hold it at "glimpse"."""
    small = glimpse_rgb(stream).astype(np.float32) / 255.0 - 0.5
    return small.repeat(FOLD, 1).repeat(FOLD, 2).reshape(len(small), -1)


def folded(guide: Guide) -> Tensor:
    """(B, T, 54, 9, 16): the guide over the cells of the latents: the mean colour of a cell, what its 4 x 4 pixels
    differ from it, each zero where it is not held to, and three planes that say how it is held."""
    batch, steps = guide.hold.shape
    picture = guide.pixels.reshape(batch * steps, GUIDE_PX[1], GUIDE_PX[0], 3).permute(0, 3, 1, 2)
    cells = functional.pixel_unshuffle(picture, FOLD).unflatten(1, (3, -1))
    mean = cells.mean(2, keepdim=True)
    hold = guide.hold.reshape(-1, 1, 1, 1)
    detail = (cells - mean).flatten(1, 2) * (hold == 2)
    planes = functional.one_hot(guide.hold.reshape(-1), len(HOLDS)).to(picture.dtype)[:, :, None, None]
    whole = torch.cat([mean[:, :, 0] * (hold > 0), detail, planes.expand(-1, -1, *detail.shape[2:])], 1)
    return whole.unflatten(0, (batch, steps))


def no_guide(batch: int, steps: int, like: Tensor) -> Guide:
    """A guide that is not held to at all."""
    return Guide(like.new_zeros(batch, steps, GUIDE_WIDTH), torch.zeros(batch, steps, dtype=torch.long,
                                                                       device=like.device))
