"""The score: the sound half of a world, as an editable specification and as composed notes.

ScoreSpec is what a Direction holds. `world_model.sim.compose` turns it into a Composition (notes, beats, sections);
`world_model.sim.sound` renders a Composition with the world's ambience and events to 48 kHz stereo.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field

Genre = Literal["ambient", "folk", "piano", "suspense", "orchestral", "techno", "synthwave", "lofi", "jazz",
                "chiptune", "waltz", "drum_and_bass"]
PARTS = ("bass", "harmony", "melody", "drums")
# In the place of an instrument: nobody plays the part.
SILENT = "none"


class ScoreSection(BaseModel):
    """A run of bars with one character. energy [0, 1]."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    name: Literal["intro", "verse", "build", "drop", "chorus", "break", "bridge", "outro", "silence"]
    bars: int = Field(ge=1, le=512)
    energy: float = Field(ge=0, le=1)


class ScoreSpec(BaseModel):
    """What the music should be. Levels are linear factors [0, 1.5]; 0 is silence, 1 the genre's own balance."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    genre: Genre = "ambient"
    tempo_bpm: float = Field(default=90.0, ge=30, le=240)
    beats_per_bar: int = Field(default=4, ge=2, le=7)
    key: int = Field(default=0, ge=0, le=11, description="pitch class of the tonic, 0 = C")
    minor: bool = False
    sections: tuple[ScoreSection, ...] = ()
    instruments: dict[str, str] = Field(
        default_factory=dict,
        description='part to instrument name, or "none" for a part that nobody plays; else the genre\'s')
    seed: int = 0
    music_level: float = Field(default=1.0, ge=0, le=1.5)
    ambience_level: float = Field(default=1.0, ge=0, le=1.5)
    effects_level: float = Field(default=1.0, ge=0, le=1.5)

    @property
    def bar_s(self) -> float:
        return 60.0 / self.tempo_bpm * self.beats_per_bar


@dataclass(frozen=True)
class Composition:
    """Notes and their time. Arrays of one length per note: start_s, duration_s float64; pitch, velocity, part int
    (MIDI numbers, part indexes PARTS). beats_s and downbeats_s are float64; sections are (name, start_s, end_s)."""

    start_s: NDArray[np.float64]
    duration_s: NDArray[np.float64]
    pitch: NDArray[np.int64]
    velocity: NDArray[np.int64]
    part: NDArray[np.int64]
    beats_s: NDArray[np.float64]
    downbeats_s: NDArray[np.float64]
    sections: tuple[tuple[str, float, float], ...]
    duration_s_total: float
