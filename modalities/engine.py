"""The seam between a world and whatever turns it into picture and sound."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event as Flag
from typing import TYPE_CHECKING, Any, Protocol

from pydantic import BaseModel, ConfigDict

from modalities.cues import MusicCues
from modalities.faults import Stopped, Unavailable, Unusable
from modalities.media import Track
from modalities.script import Script
from modalities.weights import Weights
from world_model.score import Composition, ScoreSpec
from world_model.state import World

if TYPE_CHECKING:
    from modalities.engines.brushes import Brush
    from modalities.titles import Title

__all__ = ["Emit", "Engine", "EngineCard", "EngineParams", "Job", "Needs", "Progress", "Rendered", "SoundWish",
           "Stopped", "Unavailable", "Unusable"]


@dataclass(frozen=True)
class Needs:
    """memory_mb and vram_mb measured or None; weights: (name, revision, size_mb, licence) of what ships with Beecam;
    sets: what has to be fetched."""

    memory_mb: int | None = None
    vram_mb: int | None = None
    weights: tuple[tuple[str, str, int, str], ...] = ()
    sets: tuple[Weights, ...] = ()


@dataclass(frozen=True)
class EngineCard:
    id: str
    version: str
    title: str
    tasks: tuple[str, ...]
    accepts: tuple[str, ...]
    emits: tuple[str, ...]
    needs: Needs
    determinism: str
    streams: bool
    licence: str


class EngineParams(BaseModel):
    """Base of every engine's knobs: bounds and unit on the field, phase in json_schema_extra."""

    model_config = ConfigDict(frozen=True, extra="forbid")


@dataclass(frozen=True)
class Progress:
    """stage: perceive, plan, roll out, sound, compile, picture or finish. done and total in `unit`; left_s is None
    until known."""

    stage: str
    done: int
    total: int
    unit: str = "frames"
    left_s: float | None = None
    preview_png: Path | None = None


Emit = Callable[[Progress], None]


@dataclass(frozen=True)
class SoundWish:
    """A sound engine by id, with its knobs as yet unchecked; "synth" plays the score on our own instruments."""

    id: str = "synth"
    params: Mapping[str, float | int | str | bool] = field(default_factory=dict)


@dataclass(frozen=True)
class Job:
    """One take to be made. track is the creator's own music, already decoded to the grid's rate, or None, in which
    case the composition of `score` is played. `folder` is a private, empty folder that the store publishes when
    the engine returns. Engines look at `stop` at least every half second. brushes: motion brushes by shot, laid over
    the finished frames. segments: where finished pieces of films are kept for later takes, or None. joins: frames at
    which transitions between shots begin or end. titles: drawn last of all. script: the film in words, for engines that
    read; sound: who plays the music. brought: told the key of a piece before it is looked for, waits until workers have
    brought it (modalities/cluster); made_on: what the machines are that draw (segments.made_with), "" for this one;
    document: the Direction as JSON, for another Beecam."""

    world: World
    size_px: tuple[int, int]
    score: ScoreSpec | None
    composition: Composition | None
    track: Track | None
    cues: MusicCues | None
    params: EngineParams
    seed: int
    folder: Path
    stop: Flag = field(default_factory=Flag)
    brushes: Mapping[int, tuple[Brush, ...]] = field(default_factory=dict)
    segments: Path | None = None
    joins: tuple[int, ...] = ()
    titles: tuple[Title, ...] = ()
    script: Script = field(default_factory=Script)
    sound: SoundWish = field(default_factory=SoundWish)
    brought: Callable[[str], None] | None = None
    made_on: str = ""
    document: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Rendered:
    """What an engine left in the job's folder, what it measured there, and what that took: spent holds seconds
    (sound_s, picture_s) and frames of the film (frames), drawn for it (rendered) and taken from earlier takes (reused);
    compiled is 1 where kernels had to be compiled first."""

    video: Path
    audio: Path
    poster: Path
    duration_s: float
    measured: dict[str, float]
    spent: dict[str, float] = field(default_factory=dict)


class Engine(Protocol):
    @property
    def card(self) -> EngineCard: ...

    @property
    def Params(self) -> type[EngineParams]:  # noqa: N802 - it names a class
        """The model of this engine's knobs."""
        ...

    def available(self) -> str | None:
        """None when it can run here, else one sentence that says what is missing."""
        ...

    def run(self, job: Job, emit: Emit) -> Rendered:
        """Make the take. Raises Stopped, Unavailable, or OSError when the disk is full."""
        ...

    def close(self) -> None: ...
