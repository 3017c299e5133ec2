"""Cues: things measured in a reference, each with its span, unit, value, confidence and method."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class Cue:
    """span_s is (start, end); an instant has start == end."""

    name: str
    span_s: tuple[float, float]
    unit: str
    value: Any
    confidence: float
    method: str


@dataclass(frozen=True)
class MusicCues:
    """What was heard in a track, ready for a director.

    beats_s, downbeats_s: float64 seconds. sections: (label such as "A", function such as "drop", start_s, end_s,
    energy [0, 1]). signals: name to (T,) float32 in [0, 1] at signal_rate_hz, for energy, kick, snare, hihat, bass,
    onset, brightness, beat, downbeat, build, harmonic, percussive, vocals. key: 0 = C … 11 = B. confidence [0, 1] of
    the beat grid: below 0.35 the music is treated as free of metre. chords: (start_s, end_s, name such as "C#m",
    confidence). tempo_curve: stretches (start_s, end_s, bpm, confidence). vocals [0, 1]: how likely somebody sings or
    speaks. valence, arousal in [-1, 1]; mood: a word for them. genres, moods, instruments: names to weights [0, 1],
    heaviest first, and named_by what named them; empty where no model for that is here.
    """

    duration_s: float
    tempo_bpm: float
    beats_per_bar: int
    beats_s: NDArray[np.float64]
    downbeats_s: NDArray[np.float64]
    sections: tuple[tuple[str, str, float, float, float], ...]
    signals: dict[str, NDArray[np.float32]]
    signal_rate_hz: float
    key: int
    minor: bool
    loudness_lufs: float
    beat_confidence: float
    silent: bool
    key_confidence: float = 0.0
    chords: tuple[tuple[float, float, str, float], ...] = ()
    tempo_curve: tuple[tuple[float, float, float, float], ...] = ()
    vocals: float = 0.0
    valence: float = 0.0
    arousal: float = 0.0
    mood: str = ""
    genres: dict[str, float] = field(default_factory=dict[str, float])
    moods: dict[str, float] = field(default_factory=dict[str, float])
    instruments: dict[str, float] = field(default_factory=dict[str, float])
    named_by: str = ""


# --- What is seen ---------------------------------------------------------------------------------------------------
# Positions in a picture are fractions (x, y): (0, 0) is the top left corner, (1, 1) the bottom right.
CURVE_HZ = 12.0
CAMERA_CURVES = ("camera.pan", "camera.tilt", "camera.roll", "camera.zoom", "camera.dolly")
MEDIA = ("photo", "drawn", "painted", "pixelated", "flat")
Box = tuple[float, float, float, float]


@dataclass(frozen=True)
class Swatch:
    """A colour of a palette in OKLCH (lightness [0, 1], chroma, hue in degrees) and its share [0, 1] of the picture."""

    lightness: float
    chroma: float
    hue_deg: float
    share: float


@dataclass(frozen=True)
class LightCues:
    """key: mean OKLab lightness [0, 1]. contrast: its standard deviation. warmth [-1, 1]: blue to orange of what is
    nearly grey. time_h: the hour it looks like, or None where no sky or sun tells. confidence [0, 1] of the hour."""

    key: float
    contrast: float
    warmth: float
    time_h: float | None
    confidence: float


@dataclass(frozen=True)
class Framing:
    """horizon: its height as a fraction of the picture from the top (outside [0, 1] allowed), or None; tilt_deg: how it
    leans, clockwise. skyline: (32,) y of the upper edge of the land at 32 columns, or None. subject: box
    (left, top, right, bottom) of what draws the eye, or None. layers: shares of the picture that are (sky, far, near).
    Confidences [0, 1]."""

    horizon: float | None
    tilt_deg: float
    skyline: NDArray[np.float32] | None
    subject: Box | None
    layers: tuple[float, float, float]
    horizon_confidence: float
    subject_confidence: float


@dataclass(frozen=True)
class PictureCues:
    """What one picture holds. palette: up to 6 swatches, largest first. medium: MEDIA to weights that sum to 1. line,
    grain, texture: [0, 1]. setting: names of world_model.vocabulary.SETTINGS to weights (may be empty). land: the
    palette under the skyline, where there is a sky worth leaving out; else empty. setting_by: what named it. said: one
    sentence on the picture, by the model said_by, and subjects the names of world_model.vocabulary.BODIES in it;
    layers_by: the model that measured framing.layers; empty where no such model is here."""

    palette: tuple[Swatch, ...]
    light: LightCues
    framing: Framing
    medium: dict[str, float]
    line: float
    grain: float
    texture: float
    setting: dict[str, float]
    land: tuple[Swatch, ...] = ()
    setting_by: str = "trained on the simulator's worlds"
    said: str = ""
    said_by: str = ""
    subjects: tuple[str, ...] = ()
    layers_by: str = ""


@dataclass(frozen=True)
class ImageCues:
    """A still. notes are sentences for the creator (animation: first picture used, transparency, CMYK …)."""

    size_px: tuple[int, int]
    picture: PictureCues
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class FilmShot:
    """One shot of a film. transition: how it begins: "start", "cut", "dissolve" or "fade". picture: its middle.
    motion [0, 1]: mean of the film's motion curve over the shot."""

    start_s: float
    end_s: float
    transition: str
    picture: PictureCues
    motion: float


@dataclass(frozen=True)
class FilmCues:
    """A film. curves: name to (T,) float32 at curve_rate_hz: CAMERA_CURVES (pan, tilt, roll in degrees a second, right,
    up and clockwise positive, as the camera moves; zoom and dolly in natural log of magnification a second, inwards
    positive), "motion" [0, 1] (what moves, camera included), "subject_motion" [0, 1] (what moves beside the camera),
    "luma" [0, 1]. music: what is heard in its sound, or None. camera_confidence [0, 1]. fps 0 where frame times vary.
    """

    duration_s: float
    fps: float
    size_px: tuple[int, int]
    shots: tuple[FilmShot, ...]
    curves: dict[str, NDArray[np.float32]]
    curve_rate_hz: float
    camera_confidence: float
    music: MusicCues | None
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Stroke:
    """A drawn line: points (N, 2) float32 (x, y) in [0, 1], in the order of drawing where that is known. colour: sRGB.
    times_s: (N,) seconds from the first stroke's start, or None. closed: its end meets its start."""

    points: NDArray[np.float32]
    colour: tuple[int, int, int]
    closed: bool
    times_s: NDArray[np.float32] | None = None


@dataclass(frozen=True)
class Arrow:
    """A drawn arrow: tail and head (x, y) in [0, 1]."""

    tail: tuple[float, float]
    head: tuple[float, float]


@dataclass(frozen=True)
class SketchCues:
    """A drawing. skyline: (32,) y of the ground's drawn upper edge at 32 columns, or None. horizon as in Framing.
    subject: box of the main closed or dense shape that is no ground line, or None. sun: (x, y) of a drawn sun or moon,
    or None. vanishing: the point (x, y) where drawn lines meet, or None. ink [0, 1]: share covered by lines."""

    size_px: tuple[int, int]
    strokes: tuple[Stroke, ...]
    horizon: float | None
    skyline: NDArray[np.float32] | None
    subject: Box | None
    sun: tuple[float, float] | None
    vanishing: tuple[float, float] | None
    arrows: tuple[Arrow, ...]
    ink: float
    confidence: float
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class GestureCues:
    """Motion that was made by hand. strokes: with times. camera: curves (T,) float32 at curve_rate_hz named as in
    FilmCues, plus "forward", "right", "up" in metres a second where the gesture says so. regions: motion brushes,
    (polygon (N, 2) in [0, 1], direction (dx, dy) in picture widths a second); softness: of each, picture widths."""

    duration_s: float
    strokes: tuple[Stroke, ...]
    camera: dict[str, NDArray[np.float32]]
    curve_rate_hz: float
    regions: tuple[tuple[NDArray[np.float32], tuple[float, float]], ...]
    notes: tuple[str, ...] = ()
    arrows: tuple[Arrow, ...] = ()
    softness: tuple[float, ...] = ()


# --- What is said ---------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Line:
    """A line of words with its time: lyrics, subtitles, speech."""

    start_s: float
    end_s: float
    text: str


@dataclass(frozen=True)
class WordCues:
    """Words with times. source: "lrc", "srt", "vtt", "speech". language: ISO 639-1 or "" where it is not known."""

    lines: tuple[Line, ...]
    language: str
    source: str
    duration_s: float
    notes: tuple[str, ...] = ()
