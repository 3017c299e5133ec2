"""The knobs that all video models share."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from modalities.engine import EngineParams


class VideoParams(EngineParams):
    """How a large model finishes the world."""

    freedom: float = Field(default=0.6, ge=0.0, le=1.0,
                           json_schema_extra={"unit": "share", "phase": "take", "panel": True}, description="0 shows "
                           "the previz itself, 0.5 paints over it holding to its shapes, 1 is free")
    hold: Literal["depth", "edges", "pictures", "none"] = Field(
        default="depth", json_schema_extra={"unit": "", "phase": "take", "panel": True},
        description="what of the world the model holds to: how near things are, their outlines, the pictures "
        "themselves, or nothing but the words")
    repaint: Literal["everything", "subject", "place", "border"] = Field(
        default="everything", json_schema_extra={"unit": "", "phase": "take"},
        description="what is made anew: everything, the subjects, what is round them, or a border outside the picture")
    ends: Literal["open", "first", "first_last", "after"] = Field(
        default="open", json_schema_extra={"unit": "", "phase": "take"},
        description="whether each shot begins, or begins and ends, with the world's own picture; after: the first shot "
        "goes on from the last pictures of the creator's film")
    steps: int = Field(default=20, ge=1, le=100, description="denoising steps",
                       json_schema_extra={"unit": "steps", "phase": "take"})
    guidance: float = Field(default=5.0, ge=1.0, le=15.0, description="how closely the words are followed",
                            json_schema_extra={"unit": "", "phase": "take"})
    height_px: int = Field(default=480, ge=16, le=1440, description="picture height the model works at, at most",
                           json_schema_extra={"unit": "px", "phase": "take"})
    window_frames: int = Field(default=81, ge=5, le=257, description="frames made at a time, at most",
                               json_schema_extra={"unit": "frames", "phase": "take"})
    rate: Literal["film", "model"] = Field(
        default="film", json_schema_extra={"unit": "", "phase": "take"},
        description="frames a second: the film's, or fewer as the model was taught, each then shown a little longer")
    failing: Literal["stop", "previz"] = Field(
        default="stop", json_schema_extra={"unit": "", "phase": "take"},
        description="what happens when a shot cannot be made: stop and keep the shots so far, or show its previz")
