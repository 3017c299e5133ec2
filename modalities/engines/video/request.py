"""What a video model is asked for one window of a shot, and what it gives back. The same for every model."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from modalities.accelerator import Fit
from modalities.engine import EngineParams
from modalities.engines.video.shape import Shape
from modalities.weights import Weights

Frames = NDArray[np.uint8]
Maps = NDArray[np.float32]
OnStep = Callable[[int, int], None]


@dataclass(frozen=True)
class Guide:
    """What a window should follow, T frames. pictures (T, H, W, 3) uint8 sRGB; nearness (T, H, W) float32 [0, 1], 1 is
    near; edges (T, H, W) float32 [0, 1]; repaint (T, H, W) float32, 1 where something new is to be made, or None for
    everywhere."""

    pictures: Frames
    nearness: Maps
    edges: Maps
    repaint: Maps | None = None

    def part(self, first: int, after: int) -> Guide:
        """Frames [first, after); past the end the last frame stands."""
        at = np.minimum(np.arange(first, after), len(self.pictures) - 1)
        return Guide(self.pictures[at], self.nearness[at], self.edges[at],
                     None if self.repaint is None else self.repaint[at])


@dataclass(frozen=True)
class WindowRequest:
    """One window. frames: a length the model makes; known: latents (as the model keeps them) that the window begins
    with and must keep exactly, or None; freedom in [0, 1]: 0 the guide itself, 1 nothing held; first, last: pictures
    the window begins and ends with; subjects: pictures of what should be recognised; sound (N, 2) float32 at
    sound_rate_hz under these frames; heard: what the place sounds like, in words."""

    prompt: str
    avoid: str
    size_px: tuple[int, int]
    frames: int
    fps: float
    seed: int
    guide: Guide
    freedom: float
    known: Any | None = None
    first: Frames | None = None
    last: Frames | None = None
    subjects: tuple[Frames, ...] = ()
    sound: NDArray[np.float32] | None = None
    sound_rate_hz: int = 48000
    heard: str = ""


@dataclass(frozen=True)
class Window:
    """latents: with time on axis 2; audio (N, 2) float32 where the model makes sound."""

    latents: Any
    audio: NDArray[np.float32] | None = None
    audio_rate_hz: int = 0


@dataclass(frozen=True)
class ModelCard:
    """What an adapter says of itself. accepts: of holds, "subjects", "ends", "after", "repaint", "sound"; makes:
    "video" and perhaps "audio"; overlap: latents handed on between windows."""

    id: str
    title: str
    shape: Shape
    weights: Weights
    accepts: frozenset[str]
    makes: frozenset[str] = frozenset({"video"})
    overlap: int = 3
    streams: bool = False
    # Class of the diffusers pipeline in the folder, by name, so that a folder of another model is refused early.
    pipeline: str = ""
    also: tuple[Weights, ...] = field(default_factory=tuple)


class VideoModel(Protocol):
    """An adapter: one large model behind the same calls."""

    @property
    def card(self) -> ModelCard: ...

    @property
    def Params(self) -> type[EngineParams]:  # noqa: N802 - it names a class
        """Knobs beside the common ones (`modalities.engines.video.params.VideoParams` is their base)."""
        ...

    def work_mb(self, size_px: tuple[int, int], frames: int) -> float:
        """Memory beside the weights for one window of this size, in MB: an estimate, until it was measured here."""
        ...

    def open(self, folder: Path, fit: Fit) -> Any:
        """The pipeline, laid out. Raises Unavailable."""
        ...

    def make(self, pipe: Any, request: WindowRequest, params: EngineParams, on_step: OnStep) -> Window:
        """One window. on_step(done, total) after each step may raise to stop."""
        ...

    def decode(self, pipe: Any, latents: Any) -> Frames:
        """The latents of a whole shot, joined, as (T, H, W, 3) uint8; T = step * (latents - 1) + 1."""
        ...

    def encode(self, pipe: Any, pictures: Frames) -> Any:
        """Pictures (step * k + 1, H, W, 3) uint8 as k + 1 latents; asked of models that accept "after"."""
        ...
