"""What a sound engine is asked for, and what it must give: the music of a film, and short sounds of what happens."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Event as Flag
from typing import Literal, Protocol

from pydantic import Field

from modalities.engine import Emit, EngineCard, EngineParams
from modalities.media import Sound
from modalities.script import MusicWords


class SoundParams(EngineParams):
    """Knobs of every soundtrack, whoever plays the music."""

    narrate: bool = Field(default=False, description="whether subtitles are spoken aloud, each at its moment",
                          json_schema_extra={"unit": "", "phase": "take", "panel": True})
    pace: float = Field(default=1.0, ge=0.5, le=2.0, description="how fast lines are spoken",
                        json_schema_extra={"unit": "times", "phase": "take"})
    duck_db: float = Field(default=9.0, ge=0.0, le=24.0, json_schema_extra={"unit": "dB", "phase": "take"},
                           description="how far the music steps back while someone speaks")
    under_track: bool = Field(default=False, json_schema_extra={"unit": "", "phase": "take"},
                              description="whether place and events are heard under the creator's own music as well")


class MusicParams(SoundParams):
    """Knobs of the models that make music."""

    follow: float = Field(default=0.6, ge=0.0, le=1.0,
                          json_schema_extra={"unit": "share", "phase": "take", "panel": True},
                          description="how closely the model keeps to melody and harmony of the score: 0 hears words, "
                          "tempo and key only, 1 keeps closest")
    steps: int = Field(default=8, ge=1, le=200, description="denoising steps",
                       json_schema_extra={"unit": "steps", "phase": "take"})
    hold_tempo: bool = Field(default=True, json_schema_extra={"unit": "", "phase": "take"},
                             description="whether music a little off the film's tempo is stretched onto its beats")
    piece_s: float = Field(default=120.0, ge=5.0, le=600.0, description="seconds made at a time, at most",
                           json_schema_extra={"unit": "s", "phase": "take"})


class FoleyParams(MusicParams):
    """Knobs of the models that make sounds by words as well."""

    foley: Literal["world", "model"] = Field(
        default="world", json_schema_extra={"unit": "", "phase": "take"},
        description="who makes the sounds of what happens: our own synthesis, or the model, by words")


@dataclass(frozen=True)
class SoundJob:
    """Music for a film. samples at rate_hz is the exact length of what must come back. beats_s, downbeats_s: the film's
    own, on which its cuts hang; guide: plays the score on our instruments, (samples, 2) at rate_hz, or None where
    there is no score. Engines look at `stop` between steps."""

    words: MusicWords
    samples: int
    rate_hz: int
    params: SoundParams
    seed: int
    beats_s: tuple[float, ...] = ()
    downbeats_s: tuple[float, ...] = ()
    guide: Callable[[], Sound] | None = None
    stop: Flag = field(default_factory=Flag)

    @property
    def duration_s(self) -> float:
        return self.samples / self.rate_hz


@dataclass(frozen=True)
class Played:
    """What an engine gave. music (samples, 2) float32, finite, within [-1, 1]; measured: what was found and done."""

    music: Sound
    measured: dict[str, float] = field(default_factory=dict)


class SoundEngine(Protocol):
    @property
    def card(self) -> EngineCard: ...

    @property
    def Params(self) -> type[SoundParams]:  # noqa: N802 - it names a class
        """The model of this engine's knobs."""
        ...

    @property
    def makes_effects(self) -> bool:
        """Whether `effect` can be called."""
        ...

    def available(self) -> str | None:
        """None when it can run here, else one sentence that says what is missing."""
        ...

    def run(self, job: SoundJob, emit: Emit) -> Played:
        """The music. On a CPU the same job gives the same bytes. Raises Stopped, Unavailable, Unusable."""
        ...

    def effect(self, prompt: str, duration_s: float, rate_hz: int, seed: int, stop: Flag) -> Sound:
        """A short sound by words, (round(duration_s * rate_hz), 2) float32. Raises Stopped, Unavailable."""
        ...

    def close(self) -> None: ...
