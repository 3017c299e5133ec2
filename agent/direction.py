"""The Direction: the one editable document of a piece. Everything that can be changed lives here.

Frozen pydantic, JSON on disk. A change is an RFC 6902 patch; a revision is never altered. Pointers are RFC 6901
into `Direction.model_dump(mode="json")`; `*` in a link's pointer means every shot.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from world_model.score import ScoreSpec
from world_model.vocabulary import BODIES, SETTINGS, STYLE_FIELDS

Amount = float
# A place in the first frame, as a fraction of the picture from its top or left; a little outside is allowed.
Fraction = Annotated[float, Field(ge=-1.0, le=2.0)]
CameraMove = Literal["static", "pan", "tilt", "dolly_in", "dolly_out", "truck", "orbit", "crane_up", "crane_down",
                     "fly_through", "bee_cam", "follow", "handheld", "dolly_zoom", "reveal", "top_down"]
Scale = Literal["wide", "full", "medium", "close", "detail"]
Purpose = Literal["establish", "approach", "reveal", "follow", "contrast", "rest", "release",
                  "detail", "turn", "climax"]
Gait = Literal["still", "cruise", "dart", "hover", "flock", "bounce", "drift", "circle", "dance", "soar"]
# Signals a link can listen to, each a curve in [0, 1] over the film.
SIGNALS = ("music.energy", "music.kick", "music.snare", "music.hihat", "music.bass", "music.onset",
           "music.brightness", "music.beat", "music.downbeat", "music.build")


class Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


class Grid(Frozen):
    steps_per_s: int = 4
    fps: int = Field(default=24, ge=1, le=120)
    sample_rate_hz: int = 48000


class Span(Frozen):
    """Where a shot lies: bars of the music (`bars`, may be fractional) or seconds (`s`). Exactly one."""

    bars: tuple[float, float] | None = None
    s: tuple[float, float] | None = None

    @model_validator(mode="after")
    def _one(self) -> Span:
        given = self.bars if self.bars is not None else self.s
        if (self.bars is None) == (self.s is None) or given is None or given[1] <= given[0]:
            raise ValueError("a span needs either bars or s, with the end after the start")
        return self


class Light(Frozen):
    time_h: float = Field(default=12.5, ge=0, le=24)
    exposure_ev: float = Field(default=0.0, ge=-3, le=3)
    azimuth_deg: float = Field(default=-40.0, ge=-180, le=180,
                               description="where the sun stands; 0 is straight ahead, +z")
    tint_hue_deg: float = Field(default=0.0, ge=0, le=360)
    tint: Amount = Field(default=0.0, ge=0, le=1)
    sun_at: tuple[Fraction, Fraction] | None = Field(
        default=None, description="(x, y) where the sun or moon stands in the shot's first frame; overrides azimuth")


class Weather(Frozen):
    rain: Amount = Field(default=0.0, ge=0, le=1)
    snow: Amount = Field(default=0.0, ge=0, le=1)
    fog: Amount = Field(default=0.0, ge=0, le=1)
    cloud: Amount = Field(default=0.2, ge=0, le=1)
    storm: Amount = Field(default=0.0, ge=0, le=1)
    dust: Amount = Field(default=0.0, ge=0, le=1)
    aurora: Amount = Field(default=0.0, ge=0, le=1)
    wind_mps: float = Field(default=3.0, ge=0, le=30)


class Ground(Frozen):
    relief: float = Field(default=1.0, ge=0, le=3)
    density: float = Field(default=1.0, ge=0, le=3)
    object_scale: float = Field(default=1.0, ge=0.2, le=3)
    water_level_m: float = Field(default=0.0, ge=-20, le=20)
    wave_m: float = Field(default=0.3, ge=0, le=3)
    variant: float = Field(default=0.0, ge=-1000, le=1000)
    skyline: tuple[Fraction, ...] | None = Field(
        default=None, min_length=32, max_length=32,
        description="y of the land's upper edge at the middles of 32 even columns of the shot's first frame")


class Palette(Frozen):
    """A named palette from the vocabulary, then moved: hue shift in degrees, saturation and lightness factors.
    `roles` (six OKLCH colours in the order of PALETTE_ROLES) takes the place of the named one, as when a reference
    gives its colours; `dominant` and `accent` (OKLCH) override the ground and accent roles of either."""

    name: str = "natural"
    hue_shift_deg: float = Field(default=0.0, ge=-180, le=180)
    chroma: float = Field(default=1.0, ge=0, le=2)
    lightness: float = Field(default=1.0, ge=0.5, le=1.5)
    dominant: tuple[float, float, float] | None = None
    accent: tuple[float, float, float] | None = None
    roles: tuple[tuple[float, float, float], ...] | None = Field(default=None, min_length=6, max_length=6)


class Body(Frozen):
    id: str = Field(pattern=r"^[a-z0-9_]{1,32}$")
    kind: str
    gait: Gait = "cruise"
    size_m: float = Field(default=1.0, gt=0, le=200)
    count: int = Field(default=1, ge=1, le=48)
    speed: float = Field(default=1.0, ge=0, le=4)
    height_m: float | None = Field(default=None, ge=-50, le=200)
    glow: Amount = Field(default=0.0, ge=0, le=1)
    shown_as: str | None = Field(default=None, description="the creator's own word, when the kind is only the nearest")
    frame_at: tuple[Fraction, Fraction] | None = Field(
        default=None, description="(x, y) where its middle stands in the shot's first frame")
    frame_height: float | None = Field(default=None, ge=0.01, le=2,
                                       description="share of the first frame's height that it fills")

    @model_validator(mode="after")
    def _known(self) -> Body:
        if self.kind not in BODIES:
            raise ValueError(f"body kind {self.kind!r} is none of {', '.join(BODIES)}")
        return self


class Camera(Frozen):
    """curves: u in [0, 1] over the shot to value, for height_m, distance_m, yaw_deg, pitch_deg, roll_deg, lens_mm."""

    move: CameraMove = "dolly_in"
    scale: Scale = "wide"
    target: str | None = Field(default=None, description="a body's id, or null for the place")
    lens_mm: float = Field(default=24.0, ge=8, le=200)
    speed: float = Field(default=1.0, ge=0, le=4)
    height_m: float | None = Field(default=None, ge=0.05, le=400)
    shake: Amount = Field(default=0.0, ge=0, le=1)
    side: Literal[-1, 1] = 1
    view_deg: float | None = Field(default=None, ge=0, le=180,
                                   description="from where a moving subject is seen: 0 from behind, 90 in profile, "
                                   "180 from the front; null leaves it to the move")
    horizon: Fraction | None = Field(default=None, description="y of the horizon in the shot's first frame")
    curves: dict[str, tuple[tuple[float, float], ...]] = Field(default_factory=dict)


class ShotWorld(Frozen):
    """What is there. `place` is a mixture over settings; `style` overrides single style fields of `look`."""

    place: dict[str, float] = Field(default_factory=lambda: {"meadow": 1.0})
    ground: Ground = Ground()
    light: Light = Light()
    weather: Weather = Weather()
    palette: Palette = Palette()
    look: str = "photoreal"
    style: dict[str, float] = Field(default_factory=dict)
    bodies: tuple[Body, ...] = Field(default=(), max_length=6)

    @model_validator(mode="after")
    def _known(self) -> ShotWorld:
        wrong = [name for name in self.place if name not in SETTINGS]
        if wrong or not self.place or sum(self.place.values()) <= 0 or min(self.place.values()) < 0:
            raise ValueError(f"place must weigh settings out of {', '.join(SETTINGS)}; got {self.place}")
        wrong = [name for name in self.style if name not in STYLE_FIELDS]
        if wrong:
            raise ValueError(f"unknown style field {wrong[0]!r}; known: {', '.join(STYLE_FIELDS)}")
        return self


class Brush(Frozen):
    """A motion brush: what the finished picture shows inside a painted region flows in a direction, in any engine.

    region: corners (x, y) of a polygon, shares of the picture from its top left. direction: (right, down) in picture
    widths a second. softness: how far inside the edge the moving picture has quite taken over, in picture widths. start
    and end: when it flows, in shares u of the shot."""

    region: tuple[tuple[float, float], ...] = Field(min_length=3, max_length=400)
    direction: tuple[float, float]
    softness: float = Field(default=0.05, ge=0, le=0.3)
    start: float = Field(default=0.0, ge=0, le=1)
    end: float = Field(default=1.0, ge=0, le=1)

    @model_validator(mode="after")
    def _flows(self) -> Brush:
        if any(not 0 <= value <= 1 for corner in self.region for value in corner):
            raise ValueError("a brush's region lies in the picture: x and y from 0 to 1")
        turned = zip(self.region, (*self.region[1:], self.region[0]), strict=True)
        if abs(sum(ax * by - bx * ay for (ax, ay), (bx, by) in turned)) < 2e-5:
            raise ValueError("a brush's region has no area")
        if not 0 < self.direction[0] ** 2 + self.direction[1] ** 2 <= 1:
            raise ValueError("a brush moves by up to 1 picture width a second, and not by 0")
        if self.end <= self.start:
            raise ValueError("a brush ends after it starts")
        return self


class Title(Frozen):
    """Words over the finished picture, in any engine. kind: a title in the middle, a subtitle low in the frame, credits
    (a line each), or an intertitle, a card of its own as in silent films. shot: the id of the shot it is seen in; a
    title whose shot is gone is not seen. start and end: when, in shares u of the shot."""

    text: str = Field(min_length=1, max_length=400)
    kind: Literal["title", "subtitle", "credits", "intertitle"] = "title"
    shot: str = Field(pattern=r"^[a-z0-9_]{1,32}$")
    start: float = Field(default=0.0, ge=0, le=1)
    end: float = Field(default=1.0, ge=0, le=1)

    @model_validator(mode="after")
    def _seen(self) -> Title:
        if self.end <= self.start:
            raise ValueError("a title ends after it starts")
        return self


class Shot(Frozen):
    """One shot. `curves` move any number of this shot over its length: pointer inside the shot, such as
    `/world/weather/rain`, to keys (u in [0, 1], value)."""

    id: str = Field(pattern=r"^[a-z0-9_]{1,32}$")
    span: Span
    section: str | None = None
    purpose: Purpose = "establish"
    cut: Literal["hard", "dissolve", "fade"] = "hard"
    world: ShotWorld = ShotWorld()
    camera: Camera = Camera()
    curves: dict[str, tuple[tuple[float, float], ...]] = Field(default_factory=dict)
    brushes: tuple[Brush, ...] = Field(default=(), max_length=8)
    ending: Literal["hard", "fade"] = Field(default="hard", description="of the last shot: fade goes out to black")


class Section(Frozen):
    name: str
    label: str | None = None
    bars: tuple[float, float]
    energy: float = Field(default=0.5, ge=0, le=1)


class Music(Frozen):
    """The musical clock. source: "score" (our own, from Direction.score) or "ref:<sha256>" (a creator's track,
    whose cues lie in the project's store). downbeats_s: one entry per bar line, the last one closing the last bar;
    bar b (from 0) runs from downbeats_s[b] to downbeats_s[b + 1]."""

    source: str = "score"
    tempo_bpm: float = Field(default=90.0, gt=0, le=400)
    beats_per_bar: int = Field(default=4, ge=1, le=12)
    first_downbeat_s: float = 0.0
    downbeats_s: tuple[float, ...] = ()
    sections: tuple[Section, ...] = ()


class Link(Frozen):
    """A coupling: while the film runs, amount * signal(t - lag_s) is added to the number at `to`."""

    from_: str = Field(alias="from")
    to: str
    amount: float = Field(ge=-10, le=10)
    lag_s: float = Field(default=0.0, ge=-2, le=2)
    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True, serialize_by_alias=True)


class EngineChoice(Frozen):
    id: str = "sim"
    params: dict[str, float | int | str | bool] = Field(default_factory=dict)


class SoundChoice(Frozen):
    """Who plays the music: "synth" is the score on our own instruments; others are models
    (modalities.engines.sound)."""

    id: str = "synth"
    params: dict[str, float | int | str | bool] = Field(default_factory=dict)


class Direction(Frozen):
    format: Literal["beecam-direction/1"] = "beecam-direction/1"
    id: str = "d1"
    parent: str | None = None
    reason: str = ""
    author: Literal["creator", "agent"] = "agent"
    title: str = ""
    seed: int = Field(default=0, ge=0, le=2**31 - 1)
    duration_s: float = Field(default=12.0, gt=0, le=3 * 3600)
    grid: Grid = Grid()
    size_px: tuple[int, int] = (768, 432)
    music: Music = Music()
    shots: tuple[Shot, ...] = Field(min_length=1)
    links: tuple[Link, ...] = ()
    titles: tuple[Title, ...] = Field(default=(), max_length=200)
    score: ScoreSpec | None = None
    weird: Amount = Field(default=0.15, ge=0, le=1)
    engine: EngineChoice = EngineChoice()
    sound: SoundChoice = SoundChoice()
