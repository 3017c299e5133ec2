"""What a picture says in words, for a model that was taught mostly by words: place, look and light, as perceived."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from modalities.cues import PictureCues
from modalities.perceive.picture import look_at
from world_model.data.phrases import paraphrases
from world_model.vocabulary import LIGHTS

# Less sure than this, nothing is said of it; the count of phrases stays, so that pictures can be asked for together.
SURE = 0.22
UNSAID = {"setting": "a place", "look": "a picture", "light": "some light"}
# A medium is the look of most pictures of its kind; what has no colour is drawn in pencil.
LOOKS = {"photo": "photoreal", "drawn": "cel", "painted": "watercolour", "pixelated": "pixel", "flat": "flat"}
GREY_CHROMA = 0.02


def words_of_picture(rgb: NDArray[np.uint8]) -> tuple[str, ...]:
    """Three phrases (place, look, light) of a picture (H, W, 3) sRGB of any size."""
    return words_of(look_at(rgb))


def words_of(seen: PictureCues) -> tuple[str, ...]:
    """Three phrases of what was perceived."""
    place = max(seen.setting, key=seen.setting.__getitem__, default="")
    medium = max(seen.medium, key=seen.medium.__getitem__, default="")
    light = light_at(seen.light.time_h) if seen.light.time_h is not None and seen.light.confidence > SURE else ""
    return (_phrase("setting", place if seen.setting.get(place, 0.0) >= SURE else ""),
            _phrase("look", look_of(seen, medium) if seen.medium.get(medium, 0.0) >= SURE else ""),
            _phrase("light", light))


def look_of(seen: PictureCues, medium: str) -> str:
    """The look nearest to a medium, in this palette."""
    chroma = sum(swatch.chroma * swatch.share for swatch in seen.palette)
    if chroma < GREY_CHROMA and medium in ("drawn", "photo"):
        return "pencil" if medium == "drawn" else "noir"
    return LOOKS.get(medium, "")


def light_at(time_h: float) -> str:
    """The named light whose hour is nearest, round the clock; tinted lights are no hours."""
    plain = {name: lamp["time_h"] for name, lamp in LIGHTS.items() if "tint" not in lamp}
    return min(plain, key=lambda name: abs((plain[name] - time_h + 12.0) % 24.0 - 12.0))


def _phrase(aspect: str, name: str) -> str:
    return paraphrases(aspect, name)[0] if name else UNSAID[aspect]
