"""A sentence on a picture by a vision-language model (Li et al., BLIP, 2022), and the words of this world in it.

What a model writes is text from outside: it is cut to one short plain sentence, never read as a request, and from it
only names of fixed lists are taken.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import cv2
import numpy as np
from numpy.typing import NDArray

from modalities.cues import PictureCues
from modalities.engines.clip import MEAN, SPREAD
from modalities.engines.understand.opening import asked, device, model_of, opened
from world_model.vocabulary import BODIES, SETTINGS

if TYPE_CHECKING:
    from torch import Tensor

Picture = NDArray[np.uint8]
WANTED = "a BLIP captioning model in transformers format, such as Salesforce/blip-image-captioning-large"
LONGEST_CHARACTERS, MOST_TOKENS = 160, 40
# Everything but letters of any script, digits, spaces and a sentence's own marks.
FOREIGN = re.compile(r"[^\w\s,.'’\-]|_")
ADDRESSES = re.compile(r"\S*(?:://|www\.|\S\.\S{2,}/)\S*")
# The setting of a model that only writes is less sure than one of a model that compares.
WRITTEN_WEIGHT = 0.7
SEEN_IN = {"walker": ("man", "woman", "person", "people", "boy", "girl", "child", "hiker"), "fish": ("fishes",),
           "boat": ("ship", "sailboat"), "car": ("cars", "truck", "bus"), "bird": ("gull", "eagle", "crow"),
           "train": ("locomotive",), "planet": ("moon", "earth"), "ball": ("globe",), "lantern": ("lamp",),
           "fox": ("foxes",), "butterfly": ("butterflies",), "jellyfish": ("jellyfishes",)}
PLACE_WORDS = {"ocean": ("ocean", "sea", "waves"), "desert": ("desert", "dunes", "dune"),
               "meadow": ("meadow", "grass", "grassy", "field", "flowers"), "forest": ("forest", "trees", "woods"),
               "mountains": ("mountain", "mountains", "peak", "peaks"), "city": ("city", "skyscrapers", "buildings"),
               "village": ("village", "houses", "cottages"), "lake": ("lake", "pond"),
               "crystals": ("crystals", "cave"), "islands": ("island", "islands", "beach"),
               "underwater": ("underwater", "reef", "coral"), "space": ("space", "stars", "galaxy"),
               "snowfield": ("snow", "snowy", "ice"), "canyon": ("canyon", "gorge"), "clouds": ("clouds",),
               "fluid": (), "particles": ()}


@dataclass(frozen=True)
class Told:
    """sentence: plain and short, perhaps empty; settings: names of SETTINGS to weights; subjects: names of BODIES."""

    sentence: str
    settings: dict[str, float]
    subjects: tuple[str, ...]


def with_sentence(seen: PictureCues, rgb: Picture, folder: Path, name_place: bool) -> PictureCues:
    """The same with what the model says of the picture; name_place: also its setting, where the sentence names one.
    Raises Unavailable."""
    told = described(rgb, folder)
    placed = replace(seen, setting=told.settings, setting_by=f"in words, {folder.name}") \
        if name_place and told.settings else seen
    return replace(placed, said=told.sentence, said_by=folder.name, subjects=told.subjects)


def described(rgb: Picture, folder: Path) -> Told:
    """What the model at `folder` says of a picture (H, W, 3) sRGB. The same picture, the same answer. Raises
    Unavailable."""
    model, tokens = _opened(folder)

    def ask() -> str:
        out = model.generate(pixel_values=_pixels(rgb, int(model.config.vision_config.image_size)), num_beams=1,
                             do_sample=False, max_new_tokens=MOST_TOKENS)
        return str(tokens.decode(out[0], skip_special_tokens=True))

    return told_of(asked(ask, folder, WANTED))


def told_of(written: str) -> Told:
    """The plain sentence in what a model wrote, and the names of this world in it."""
    sentence = plain(written)
    words = re.findall(r"[a-z]+", sentence.lower())
    hits = {place: sum(words.count(word) for word in PLACE_WORDS[place]) for place in SETTINGS}
    total = sum(hits.values())
    settings = {place: round(WRITTEN_WEIGHT * count / total, 4) for place, count in hits.items() if count}
    subjects = tuple(body for body in BODIES if {body, f"{body}s", *SEEN_IN.get(body, ())} & set(words))
    return Told(sentence, dict(sorted(settings.items(), key=lambda pair: -pair[1])), subjects[:4])


def plain(written: str) -> str:
    """One sentence of letters and a sentence's own marks, at most LONGEST_CHARACTERS."""
    text = FOREIGN.sub(" ", ADDRESSES.sub(" ", written[:2000].splitlines()[0] if written.strip() else ""))
    text = "".join(letter for letter in text if letter.isprintable())
    text = re.split(r"(?<=\.)\s", " ".join(text.split()), maxsplit=1)[0]
    if len(text) > LONGEST_CHARACTERS:
        text = text[:LONGEST_CHARACTERS].rpartition(" ")[0] or text[:LONGEST_CHARACTERS]
    return text.strip(" .,'-")


def _pixels(rgb: Picture, side_px: int) -> Tensor:
    """The whole picture squeezed to the square that the model was taught on, (1, 3, side, side)."""
    import torch

    how = cv2.INTER_AREA if min(rgb.shape[:2]) > side_px else cv2.INTER_CUBIC
    small = cv2.resize(np.ascontiguousarray(rgb[..., :3]), (side_px, side_px), interpolation=how)
    scaled = (np.asarray(small, np.float32) / 255.0 - np.array(MEAN, np.float32)) / np.array(SPREAD, np.float32)
    return torch.from_numpy(np.ascontiguousarray(scaled.transpose(2, 0, 1)[None])).to(device())


@lru_cache(1)
def _opened(folder: Path) -> tuple[Any, Any]:
    from transformers import AutoTokenizer, BlipForConditionalGeneration

    tokens = opened(lambda path: cast(Any, AutoTokenizer).from_pretrained(path, local_files_only=True), folder, WANTED)
    return model_of(BlipForConditionalGeneration, folder, WANTED), tokens
