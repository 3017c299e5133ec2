"""What is learnt from: pictures of clips as latents and guides, and plain worlds of our own to lay the look over."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import torch
from numpy.typing import NDArray

from world_model.joint.guide import guide_of
from world_model.joint.patches import to_row
from world_model.streams.layout import FRAMES_PER_STEP, PICTURE_FPS, PICTURE_PX, STATE_STREAMS, Floats

if TYPE_CHECKING:
    from world_model.codec.picture import PictureCodec

STEPS = 4
PROBE_SETTINGS = ("mountains", "city", "lake", "forest", "desert", "meadow")


@dataclass(frozen=True)
class Material:
    """The clips, one row a step of a quarter second, runs of STEPS: frames (N, 144, 256, 3) uint8 the middle frames;
    guides (N, 6912); latents (N, width) in the model's patch order, as the codec gives them; psnr_db of the codec on
    them."""

    frames: NDArray[np.uint8]
    guides: Floats
    latents: Floats
    psnr_db: float


@dataclass(frozen=True)
class Plain:
    """Worlds of ours as the simulator draws them, photoreal: known name -> (W, STEPS, width), guides (W, STEPS, 6912),
    frames (W, STEPS, 144, 256, 3) uint8, names of their settings."""

    known: dict[str, Floats]
    guides: Floats
    frames: NDArray[np.uint8]
    settings: tuple[str, ...]


@torch.no_grad()
def material_of(runs: list[NDArray[np.uint8]], codec: PictureCodec, patch: tuple[int, int]) -> Material:
    """runs: pieces of clips (STEPS * 3, 144, 256, 3) sRGB at 12 frames/s. Raises ValueError where there are none."""
    if not runs:
        raise ValueError("there is nothing to learn from")
    frames, guides, latents, errors = list[NDArray[np.uint8]](), list[Floats](), list[Floats](), list[float]()
    for run in runs:
        video = torch.from_numpy(np.ascontiguousarray(run)).permute(0, 3, 1, 2)[None].float() / 255.0
        made, _ = codec.encode(video)
        errors.append(float((codec.decode(made)[0] - video).square().mean()))
        latents.append(to_row(made, patch)[0].numpy())
        middle = run[FRAMES_PER_STEP // 2::FRAMES_PER_STEP]
        frames.append(middle)
        guides.append(np.stack([guide_of(frame) for frame in middle]))
    psnr = -10.0 * float(np.log10(max(float(np.mean(errors)), 1e-10)))
    return Material(np.concatenate(frames), np.concatenate(guides), np.concatenate(latents), psnr)


def plain_worlds(seeds: range, tell: Callable[[int], None] = lambda done: None) -> Plain:
    """Worlds of those seeds, one after another in PROBE_SETTINGS, without grain and drawn photoreal."""
    from world_model.data.worlds import sample_clip, sample_recipe, without_grain
    from world_model.sim.finish import finish
    from world_model.sim.picture import Renderer
    from world_model.streams.from_state import state_streams

    renderer = Renderer(PICTURE_PX, threads=1)
    known: dict[str, list[Floats]] = {name: [] for name in STATE_STREAMS}
    guides, frames, settings = list[Floats](), list[NDArray[np.uint8]](), list[str]()
    for number, seed in enumerate(seeds):
        setting = PROBE_SETTINGS[number % len(PROBE_SETTINGS)]
        recipe = replace(sample_recipe(seed), setting=setting, look="photoreal", palette="natural", change=None,
                         body=None, gait=None, weather="clear", light=("noon", "golden", "morning")[seed % 3])
        rows = without_grain(sample_clip(seed, recipe=recipe, steps=STEPS).rows)
        streams = state_streams(rows, PICTURE_FPS)
        for name in STATE_STREAMS:
            known[name].append(streams[name])
        middle = rows[FRAMES_PER_STEP // 2::FRAMES_PER_STEP]
        drawn = np.stack([finish(renderer.geometry(row[None]), row, 0, 1) for row in middle])
        frames.append(drawn)
        guides.append(np.stack([guide_of(frame) for frame in drawn]))
        settings.append(setting)
        tell(number + 1)
    return Plain({name: np.stack(rows) for name, rows in known.items()}, np.stack(guides), np.stack(frames),
                 tuple(settings))
