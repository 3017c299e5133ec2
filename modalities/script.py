"""What a film is about in words and times, as large models want to be told: one entry a shot, written from a Direction.

The agent writes it (agent.script); engines read it. Engines that paint from the world alone do without.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True)
class ShotWords:
    """A shot as a prompt. number: as in the world's state; first_frame and frames tile the film. told: the creator's
    own words for what happens here, or empty; seen: what is there, in one sentence; look: the finish; light, camera: as
    a camera crew would say it; heard: what the place sounds like; avoid: what must not be seen."""

    number: int
    id: str
    first_frame: int
    frames: int
    seen: str
    look: str
    light: str
    camera: str
    heard: str = ""
    avoid: str = ""
    told: str = ""
    subjects: tuple[str, ...] = ()

    @property
    def prompt(self) -> str:
        """All of it, most important first."""
        return " ".join(part for part in (self.told, self.seen, self.light, self.camera, self.look) if part)


@dataclass(frozen=True)
class MusicSection:
    """A part of the music in seconds; energy in [0, 1]."""

    name: str
    start_s: float
    end_s: float
    energy: float


@dataclass(frozen=True)
class MusicWords:
    """The music as a prompt: style is a sentence; key like "A minor"; empty style where there is no music."""

    style: str = ""
    tempo_bpm: float = 90.0
    beats_per_bar: int = 4
    key: str = ""
    sections: tuple[MusicSection, ...] = ()


@dataclass(frozen=True)
class SpokenLine:
    """Something to be said aloud, beginning at a moment."""

    start_s: float
    text: str


@dataclass(frozen=True)
class Script:
    """The film in words. pictures: files of the creator whose content subjects should look like; film: a film of the
    creator, or None; film_guides: whether its pictures guide in place of the simulator's, because this film keeps its
    cuts and its length."""

    title: str = ""
    shots: tuple[ShotWords, ...] = ()
    music: MusicWords = field(default_factory=MusicWords)
    lines: tuple[SpokenLine, ...] = ()
    pictures: tuple[Path, ...] = ()
    film: Path | None = None
    film_guides: bool = False
