"""A subject in another world: its own pixels over new pictures, with light, edge, shadow and grain made to fit, gently.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from modalities.roto.export import own_colours, part_of
from world_model.colour import linear_to_oklab, linear_to_srgb, oklab_to_linear, srgb_to_linear

Picture = NDArray[np.uint8]
Floats = NDArray[np.float32]
# How far towards the world's light a subject goes, and never further than.
LIGHT_SHARE, COLOUR_SHARE, CONTRAST_SHARE = 0.35, 0.25, 0.3
LIGHT_MOST, COLOUR_MOST, CONTRAST_MOST = 0.1, 0.03, 1.15
CALM = 0.9
SHADOW, GRAIN_MOST = 0.38, 6.0


class Compositor:
    """Puts a subject over a world frame by frame; light is matched slowly, so that it does not flicker."""

    def __init__(self, shadow: bool = True, seed: int = 0) -> None:
        self._shadow, self._seed = shadow, seed
        self._match: NDArray[np.float64] | None = None
        self._grain = -1.0
        self._count = 0

    def over(self, rgb: Picture, alpha: Floats, world: Picture) -> Picture:
        """(H, W, 3): the subject of `rgb` (H, W, 3) with alpha (H, W) over `world` (H, W, 3)."""
        self._count += 1
        part = part_of(alpha, 8)
        if part is None:
            return world
        back = self._grained(rgb, world).astype(np.float32)
        if self._shadow:
            back *= 1.0 - shadow_of(alpha)[..., None]
        subject = self._lit(own_colours(rgb[part], alpha[part]), alpha[part], world)
        see = alpha[part][..., None]
        back[part] = see * subject + (1.0 - see) * back[part]
        return np.rint(np.clip(back, 0.0, 255.0)).astype(np.uint8)

    def _lit(self, colours: Floats, alpha: Floats, world: Picture) -> Floats:
        """The subject's colours, moved a little towards the light of the world's lower half."""
        solid = alpha > 0.5
        if solid.sum() < 16:
            return colours
        step = max(1, int(np.sqrt(solid.sum()) / 64))
        own = _lab(colours[::step, ::step][solid[::step, ::step]])
        lower = world[world.shape[0] // 2::max(1, world.shape[0] // 96), ::max(1, world.shape[1] // 96)]
        there = _lab(lower.reshape(-1, 3).astype(np.float32))
        if len(own) < 8:
            return colours
        shift = np.clip((there.mean(0) - own.mean(0)) * [LIGHT_SHARE, COLOUR_SHARE, COLOUR_SHARE],
                        [-LIGHT_MOST, -COLOUR_MOST, -COLOUR_MOST], [LIGHT_MOST, COLOUR_MOST, COLOUR_MOST])
        ratio = (float(there[:, 0].std()) + 0.03) / (float(own[:, 0].std()) + 0.03)
        contrast = float(np.clip(ratio ** CONTRAST_SHARE, 1.0 / CONTRAST_MOST, CONTRAST_MOST))
        new = np.array([*shift, contrast, float(own[:, 0].mean())])
        self._match = new if self._match is None else CALM * self._match + (1.0 - CALM) * new
        out = colours.copy()
        seen = alpha > 0.002
        lab = _lab(colours[seen])
        lab[:, 0] = self._match[4] + (lab[:, 0] - self._match[4]) * self._match[3]
        lab += self._match[:3]
        out[seen] = 255.0 * linear_to_srgb(oklab_to_linear(lab))
        return out.astype(np.float32)

    def _grained(self, rgb: Picture, world: Picture) -> Picture | Floats:
        """The world with as much grain as the film has, if it has more."""
        if self._grain < 0.0:
            self._grain = float(np.clip(np.sqrt(max(0.0, grain_of(rgb) ** 2 - grain_of(world) ** 2)), 0.0, GRAIN_MOST))
        if self._grain < 0.4:
            return world
        noise = np.random.default_rng([self._seed, self._count]).standard_normal(world.shape[:2], np.float32)
        return (world + self._grain * noise[..., None]).astype(np.float32)


def shadow_of(alpha: Floats) -> Floats:
    """(H, W) in [0, 1]: the darkness on the ground where the subject stands, soft, widest at its feet."""
    part = part_of((alpha > 0.5).astype(np.float32), 0)
    out = np.zeros(alpha.shape, np.float32)
    if part is None:
        return out
    bottom, height = int(part[0].stop), int(part[0].stop - part[0].start)
    feet = alpha[max(0, bottom - max(2, height // 8)): bottom].max(0)
    columns = np.flatnonzero(feet > 0.5)
    if not len(columns) or bottom >= alpha.shape[0] - 1:
        return out  # it stands below the picture's edge
    wide = max(3.0, float(columns[-1] - columns[0] + 1))
    centre = (round(0.5 * float(columns[0] + columns[-1])), bottom - 1)
    tall = max(2, round(0.11 * wide))
    cv2.ellipse(out, centre, (max(2, round(0.52 * wide)), tall), 0, 0, 360, SHADOW, -1)
    return np.asarray(cv2.GaussianBlur(out, (0, 0), max(1.0, 0.7 * tall)), np.float32)


def grain_of(rgb: Picture) -> float:
    """The standard deviation of a picture's grain, 0 to 255 (Immerkær, Fast noise variance estimation, 1996; the median
    keeps texture out)."""
    grey = np.asarray(cv2.cvtColor(rgb, cv2.COLOR_RGB2GRAY), np.float32)
    kernel = np.array([[1, -2, 1], [-2, 4, -2], [1, -2, 1]], np.float32)
    found = np.abs(np.asarray(cv2.filter2D(grey, cv2.CV_32F, kernel), np.float32))
    return float(np.median(found)) / (0.6745 * 6.0)


def _lab(colours: Floats) -> NDArray[np.float64]:
    """(N, 3) sRGB in [0, 255] as OKLab."""
    return linear_to_oklab(srgb_to_linear(colours / 255.0))
