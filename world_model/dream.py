"""Dreaming: a world's state streams in, pictures out, step by step, without end.

The joint model's picture stream is cleaned in a few passes while state, camera and score are known; keys and values of
the last steps are cached, so that a step costs the same after an hour as at the start. The noise of a step is mostly
that of the step before, which keeps still what stands still (compare Ge et al., Preserve Your Own Correlation, 2023).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from world_model.streams.layout import PICTURE_PX, STATE_STREAMS, Floats

if TYPE_CHECKING:
    from world_model.codec.picture import CodecState, PictureCodec
    from world_model.joint.attention import Cache
    from world_model.joint.guide import Guide, Hold
    from world_model.joint.pipeline import WorldPipeline

KNOWN = (*STATE_STREAMS, "score")
FACTOR = 16


class Dreamer:
    """Pictures of a world as the joint model sees them. Not safe for two threads at once.

    passes: how often a step's picture is cleaned, 1 to 16 (more is sharper and slower). sameness in [0, 1): how much
    of a step's noise is that of the step before. past_noise: the level at which its own past is shown to the model,
    as in training; it forgives the faults of its own pictures. Raises ValueError where the model has no picture stream.
    """

    def __init__(self, pipeline: WorldPipeline, codec: PictureCodec, passes: int = 2, sameness: float = 0.9,
                 past_noise: float = 0.04) -> None:
        self.model = pipeline.model
        if "picture" not in self.model.table:
            raise ValueError("this world model has no picture stream: it cannot dream")
        if not (1 <= passes <= 16 and 0.0 <= sameness < 1.0 and 0.0 <= past_noise < 0.5):
            raise ValueError("passes must be 1 to 16, sameness in [0, 1), past_noise in [0, 0.5); "
                             f"got {passes}, {sameness}, {past_noise}")
        self.codec, self.passes, self.sameness, self.past_noise = codec, passes, sameness, past_noise
        self.patch = patch_of(self.model.table["picture"], codec.latent_channels)
        self.begin(0, ())

    def begin(self, seed: int, words: Sequence[str]) -> None:
        """Forget everything and dream anew, about these words."""
        self._cache: Cache | None = None
        self._codec_state: CodecState | None = None
        self._draw = torch.Generator().manual_seed(seed)
        self._noise: Tensor | None = None
        self.say(words)

    def say(self, words: Sequence[str]) -> None:
        """From the next step on, dream about these words; what was dreamt stays."""
        from world_model.joint.pipeline import embed_words

        self._text, self._there = embed_words(words, 1)

    @torch.no_grad()
    def latents(self, known: Mapping[str, Floats], guide: Floats | None = None, hold: Hold = "full") -> Tensor:
        """The next step's picture latents, normalised, (1, 1, width). known: name -> (1, width) of the state streams,
        and of the score where there is one. guide: (6912,), see `guide_of`, and how tightly it is held to."""
        held = _held(guide, hold)
        x, tau = dict[str, Tensor](), dict[str, Tensor]()
        for name in KNOWN:
            if name in known:
                x[name] = self.model.normalised(name, torch.from_numpy(np.asarray(known[name], np.float32))[None])
                tau[name] = torch.zeros(1, 1)
            else:
                x[name] = torch.randn(1, 1, self.model.table[name][0], generator=self._draw)
                tau[name] = torch.ones(1, 1)
        picture = self._next_noise()
        for k in range(self.passes):
            level, lower = 1.0 - k / self.passes, 1.0 - (k + 1) / self.passes
            made, _ = self.model({**x, "picture": picture}, {**tau, "picture": torch.full((1, 1), level)}, self._text,
                                 self._there, self._cache, guide=held)
            picture = made["picture"] + lower / level * (picture - made["picture"])
        fresh = torch.randn(picture.shape, generator=self._draw)
        shown = torch.lerp(picture, fresh, self.past_noise)
        _, self._cache = self.model({**x, "picture": shown}, {**tau, "picture": torch.full((1, 1), self.past_noise)},
                                    self._text, self._there, self._cache, keep=True, guide=held)
        return picture

    @torch.no_grad()
    def step(self, known: Mapping[str, Floats], guide: Floats | None = None, hold: Hold = "full"
             ) -> NDArray[np.uint8]:
        """The next quarter second: (3, 144, 256, 3) uint8 sRGB."""
        from world_model.joint.patches import from_row

        row = self.model.restored("picture", self.latents(known, guide, hold))
        grid = from_row(row, self.patch, PICTURE_PX[1] // FACTOR, PICTURE_PX[0] // FACTOR)
        video, self._codec_state = self.codec.decode(grid, self._codec_state)
        return (video[0].clamp(0.0, 1.0) * 255.0).round().to(torch.uint8).permute(0, 2, 3, 1).contiguous().numpy()

    @torch.no_grad()
    def tells_apart(self, one: Mapping[str, Floats], other: Mapping[str, Floats], least: float = 0.05,
                    guides: tuple[Floats | None, Floats | None] = (None, None), hold: Hold = "full") -> bool:
        """Whether the next picture would differ between two worlds (and their guides): root mean square of the model's
        first guess, in standard deviations of the latents, from the same noise and past. Changes nothing."""
        generator = torch.Generator().manual_seed(1)
        picture = torch.randn(1, 1, self.model.table["picture"][0], generator=generator)
        guesses: list[Tensor] = []
        for known, guide in zip((one, other), guides, strict=True):
            x, tau = {"picture": picture}, {"picture": torch.ones(1, 1)}
            for name in KNOWN:
                there = name in known
                x[name] = self.model.normalised(name, torch.from_numpy(known[name])[None]) if there else torch.zeros(
                    1, 1, self.model.table[name][0])
                tau[name] = torch.full((1, 1), 0.0 if there else 1.0)
            made, _ = self.model(x, tau, self._text, self._there, self._cache, guide=_held(guide, hold))
            guesses.append(made["picture"])
        return float((guesses[0] - guesses[1]).square().mean().sqrt()) >= least

    def _next_noise(self) -> Tensor:
        fresh = torch.randn(1, 1, self.model.table["picture"][0], generator=self._draw)
        keep = self.sameness
        # Unit variance whatever is kept.
        noise = fresh if self._noise is None else keep * self._noise + (1.0 - keep * keep) ** 0.5 * fresh
        self._noise = noise
        return noise


def _held(guide: Floats | None, hold: Hold) -> Guide | None:
    from world_model.joint.guide import HOLDS, Guide

    if guide is None or hold == "free":
        return None
    return Guide(torch.from_numpy(np.asarray(guide, np.float32)).reshape(1, 1, -1),
                 torch.full((1, 1), HOLDS.index(hold)))


def patch_of(entry: tuple[int, int], channels: int) -> tuple[int, int]:
    """(rows, columns) of the patches behind a picture stream (width, tokens): those of the preset with that cut."""
    from world_model.joint.presets import PICTURE_COLUMNS, PICTURE_ROWS, PRESETS

    width, tokens = entry
    for preset in PRESETS.values():
        if preset.picture_patch and preset.picture_channels == channels and tokens == (
                PICTURE_ROWS // preset.picture_patch[0]) * (PICTURE_COLUMNS // preset.picture_patch[1]):
            return preset.picture_patch
    raise ValueError(f"no preset cuts {width} numbers of picture into {tokens} tokens")
