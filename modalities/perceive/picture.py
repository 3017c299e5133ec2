"""Looking at one picture: palette, light, framing, medium and setting."""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np
from numpy.typing import NDArray

from modalities.cues import MEDIA, Framing, PictureCues, Swatch
from modalities.perceive.picture_framing import framing, lab_of
from modalities.perceive.picture_light import light
from modalities.perceive.picture_medium import qualities
from modalities.perceive.picture_palette import palette
from modalities.perceive.picture_setting import answer, border_scorer
from world_model.vocabulary import SETTINGS

# Dates the caches of what was seen.
VERSION = 4
LONGEST_PX = 320
SHORTEST_PX = 24
# Weights below this are left out; where none reaches LEAST_SURE, no setting is named.
LEAST_WEIGHT, LEAST_SURE = 0.04, 0.16
# How much of what is said of sky and land is believed where a thing fills the picture.
CLOSE = 0.3


def look_at(rgb: NDArray[np.uint8]) -> PictureCues:
    """What a picture (H, W, 3) uint8 sRGB of any size holds. The same picture always gives the same answer."""
    lab = lab_of(shrunk(rgb))
    said = answer(lab)
    frame = framing(lab, said.horizon, said.horizon_error, border_scorer())
    line, grain, texture = qualities(lab)
    setting = {name: float(weight) for name, weight in zip(SETTINGS, said.setting, strict=True)
               if weight >= LEAST_WEIGHT and float(said.setting.max()) >= LEAST_SURE}
    medium = {name: float(weight) for name, weight in zip(MEDIA, said.medium, strict=True)}
    lit = light(lab, frame, said.day)
    if fills_the_frame(frame):
        # What lies behind a thing seen close is no sky to tell the hour by, and its edge no land to be built.
        frame = replace(frame, skyline=None, horizon_confidence=CLOSE * frame.horizon_confidence)
        lit = replace(lit, confidence=CLOSE * lit.confidence)
    return PictureCues(palette(lab), lit, frame, medium, line, grain, texture,
                       dict(sorted(setting.items(), key=lambda pair: -pair[1])), land(lab, frame))


def fills_the_frame(frame: Framing) -> bool:
    """Whether a picture is of one thing seen close."""
    if frame.subject is None or frame.subject_confidence < 0.6:
        return False
    left, top, right, bottom = frame.subject
    return (right - left) * (bottom - top) >= 0.3


def land(lab: NDArray[np.float64], frame: Framing) -> tuple[Swatch, ...]:
    """The palette of what lies under the skyline, or nothing where sky or land fill the picture."""
    if frame.skyline is None or not 0.12 < frame.layers[0] < 0.9:
        return ()
    height, width = lab.shape[:2]
    columns = (np.arange(width) + 0.5) / width
    line = np.interp(columns, (np.arange(len(frame.skyline)) + 0.5) / len(frame.skyline), frame.skyline)
    # A little under the line, so that the sky's rim between leaves is none of the land's colours.
    under = lab[(np.arange(height) + 0.5)[:, None] / height > line[None] + 0.03]
    return palette(under) if len(under) >= 0.08 * height * width else ()


def shrunk(rgb: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """At most LONGEST_PX on the longer side, at least SHORTEST_PX on the shorter."""
    height, width = rgb.shape[:2]
    scale = min(1.0, LONGEST_PX / max(height, width))
    size = (max(SHORTEST_PX, round(width * scale)), max(SHORTEST_PX, round(height * scale)))
    if size == (width, height):
        return np.ascontiguousarray(rgb)
    how = cv2.INTER_AREA if scale < 1.0 else cv2.INTER_NEAREST
    return np.asarray(cv2.resize(np.ascontiguousarray(rgb), size, interpolation=how), np.uint8)
