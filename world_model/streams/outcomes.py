"""Numbers that say what a world shows and plays, read off its streams: for measures of whether it was what was asked.

Every function takes streams as {name: (B, T, width)} in their own units (tensors on the CPU) and gives one number or
one index a world.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import torch
from torch import Tensor

from world_model.sim.sampling import style_row
from world_model.streams.layout import (
    AIR_LIGHT,
    AIR_WEATHER,
    BODY_POSE,
    BODY_WIDTH,
    CAMERA_MOTION,
    SCORE_HEAD,
    SCORE_ONSETS,
    SCORE_SECTIONS,
    SUBSTEPS,
)
from world_model.vocabulary import BODIES, GENRES, PALETTE_ROLES, SETTINGS, STYLE_FIELDS, STYLES

Streams = Mapping[str, Tensor]
STYLE_AT = 3 * len(PALETTE_ROLES)
KIND_AT = len(BODY_POSE) + 3
HEAD_AT = len(GENRES) + 12
ONSET_AT = HEAD_AT + len(SCORE_HEAD) + len(SCORE_SECTIONS)
# A body fainter than this is none (as where streams become a state).
LEAST_PRESENCE = 0.35
NO_BODY = len(BODIES)
NAMES: dict[str, tuple[str, ...]] = {"setting": SETTINGS, "look": tuple(STYLES), "genre": GENRES,
                                     "body": (*BODIES, "none")}
SOURCE = {"setting": "place", "look": "look", "genre": "score", "body": "bodies"}


def shares(streams: Streams, aspect: str) -> Tensor:
    """(B, N) how much each name of NAMES[aspect] is there, larger is more; no particular scale."""
    if aspect == "setting":
        return streams["place"][:, :, :len(SETTINGS)].mean(1)
    if aspect == "genre":
        return streams["score"][:, :, :len(GENRES)].mean(1)
    if aspect == "look":
        style = streams["look"][:, :, STYLE_AT:].mean(1)
        known = torch.stack([torch.from_numpy(style_row(name)) for name in STYLES]).to(style)
        # hold_frames goes from 1 to 2 and would outweigh everything else.
        return -(style[:, None] - known).clamp(-1.0, 1.0).square().sum(2)
    slots = streams["bodies"].unflatten(2, (-1, BODY_WIDTH))[..., KIND_AT:].mean(1)
    most = slots.amax(1)
    return torch.cat([most, torch.full_like(most[:, :1], LEAST_PRESENCE)], 1)


def named(streams: Streams, aspect: str) -> Tensor:
    """(B,) index into NAMES[aspect] of what is there most."""
    return shares(streams, aspect).argmax(1)


def _column(stream: str, at: int) -> Callable[[Streams], Tensor]:
    return lambda streams: streams[stream][:, :, at].mean(1)


def _air(name: str) -> Callable[[Streams], Tensor]:
    return _column("air", AIR_LIGHT.index(name) if name in AIR_LIGHT else len(AIR_LIGHT) + AIR_WEATHER.index(name))


def _camera(name: str) -> Callable[[Streams], Tensor]:
    return _column("camera", CAMERA_MOTION.index(name))


def _head(name: str) -> Callable[[Streams], Tensor]:
    return _column("score", HEAD_AT + SCORE_HEAD.index(name))


def _speed(streams: Streams) -> Tensor:
    motion = streams["camera"]
    return motion[:, :, :3].abs().sum(2).mean(1) + motion[:, :, CAMERA_MOTION.index("turn_rad_per_s")].abs().mean(1)


def _pace(streams: Streams) -> Tensor:
    slots = streams["bodies"].unflatten(2, (-1, BODY_WIDTH))
    return slots[:, :, 0, BODY_POSE.index("pace")].mean(1)


def _crowd(streams: Streams) -> Tensor:
    return streams["bodies"].unflatten(2, (-1, BODY_WIDTH))[:, :, 0, len(BODY_POSE)].mean(1)


def _drums(streams: Streams) -> Tensor:
    onsets = streams["score"][:, :, ONSET_AT:ONSET_AT + SUBSTEPS * len(SCORE_ONSETS)]
    return onsets.unflatten(2, (SUBSTEPS, -1))[..., SCORE_ONSETS.index("kick"):].mean((1, 2, 3))


def _bright(streams: Streams) -> Tensor:
    return streams["glimpse"].unflatten(2, (-1, 3))[..., 0].mean((1, 2))


def _loud(streams: Streams) -> Tensor:
    return streams["hearing"].unflatten(2, (SUBSTEPS, -1))[..., :-1].mean((1, 2, 3))


def _saturation(streams: Streams) -> Tensor:
    return streams["look"][:, :, STYLE_AT + STYLE_FIELDS.index("saturation")].mean(1)


# A named number of a world, (B,).
OUTCOMES: dict[str, Callable[[Streams], Tensor]] = {
    **{name: _air(name) for name in ("sun_elevation", "stars", "rain", "snow", "fog", "cloud", "storm", "dust",
                                     "aurora", "wind")},
    "ahead": _camera("ahead_mps"), "climb": _camera("up_mps"), "pitch": _camera("pitch_rad"),
    "height": _camera("height"), "lens": _camera("log_fov"), "tempo": _head("log_tempo"), "energy": _head("energy"),
    "minor": _head("minor"), "relief": _column("place", len(SETTINGS)), "density": _column("place", len(SETTINGS) + 1),
    "camera_speed": _speed, "body_pace": _pace, "crowd": _crowd, "drums": _drums, "brightness": _bright,
    "loudness": _loud, "saturation": _saturation}
