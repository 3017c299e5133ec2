"""What a creator can have a taste in: the axes of a Direction, as named shares of its time and a few numbers.

A feature vector is sparse: {"look noir": 0.6, "camera_speed +": 0.4, …}. The worth of a film is linear in it. A number
has two entries, z and z² (z: in spreads from the usual), so that its worth is a hill with a best place; the hour has
the cosine and the sine of its angle on the clock, a hill that closes on itself (von Mises).
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from agent.direction import Direction, Weather
from agent.unroll_spans import spans_s
from world_model.vocabulary import BODIES, CAMERA_MOVES, GENRES, PALETTES, SETTINGS, STYLE_NEUTRAL, STYLES

Features = Mapping[str, float]
SKIES = ("clear", "clouds", "fog", "rain", "storm", "snow", "dust", "aurora")
NAMED: dict[str, tuple[str, ...]] = {
    "setting": SETTINGS, "look": tuple(STYLES), "palette": tuple(PALETTES), "weather": SKIES, "body": BODIES,
    "camera": CAMERA_MOVES, "genre": GENRES}
LINEAR, SQUARE, COSINE, SINE = "+", "²", "cos", "sin"
FARTHEST = 2.5


@dataclass(frozen=True)
class Number:
    """A number with a taste. usual: what a film has that says nothing of it; spread: one z; octaves: z counts
    doublings; low, high: words for less and more than usual; thing: what is called so."""

    usual: float
    spread: float
    octaves: bool
    low: str
    high: str
    thing: str
    unit: str
    least: float
    most: float

    def z_of(self, value: float) -> float:
        """Spreads from the usual, within ±2.5."""
        away = math.log2(max(value, 1e-3) / self.usual) if self.octaves else value - self.usual
        return min(FARTHEST, max(-FARTHEST, away / self.spread))

    def value_of(self, z: float) -> float:
        return self.usual * 2.0 ** (z * self.spread) if self.octaves else self.usual + z * self.spread


# The usual is what the director makes of sixteen seconds without a wish.
NUMBERS: dict[str, Number] = {
    "camera_speed": Number(0.9, 0.6, True, "slow", "fast", "cameras", "", 0.0, 4.0),
    "cut_rate": Number(18.0, 0.7, True, "few", "many", "cuts", "cuts a minute", 0.5, 120.0),
    "colour": Number(1.1, 0.35, False, "pale", "strong", "colours", "chroma", 0.0, 2.5),
    "tempo": Number(92.0, 0.4, True, "slow", "fast", "music", "beats a minute", 30.0, 240.0)}
HOURS: dict[str, float] = {"dawn": 6.2, "morning": 9.0, "noon": 12.5, "afternoon": 15.5, "evening": 18.5, "night": 23.0}
AXES: tuple[str, ...] = (*NAMED, *NUMBERS, "hour")


def features(direction: Direction) -> dict[str, float]:
    """The feature vector of a film: shares in [0, 1] of its time for names, z and z² for numbers, the hour's angle."""
    spans = spans_s(direction)
    lengths = [max(1e-3, end - start) for start, end in spans]
    found: dict[str, float] = defaultdict(float)
    speed = chroma = 0.0
    for shot, length in zip(direction.shots, lengths, strict=True):
        share, world = length / sum(lengths), shot.world
        whole = sum(world.place.values())
        for name, weight in world.place.items():
            found[f"setting {name}"] += share * weight / whole
        found[f"look {world.look}"] += share
        found[f"palette {world.palette.name}"] += share
        found[f"weather {sky_of(world.weather)}"] += share
        for kind in sorted({body.kind for body in world.bodies}):
            found[f"body {kind}"] += share
        found[f"camera {shot.camera.move}"] += share
        angle = angle_of(world.light.time_h)
        found[f"hour {COSINE}"] += share * math.cos(angle)
        found[f"hour {SINE}"] += share * math.sin(angle)
        speed += share * shot.camera.speed
        own = world.style.get("saturation", STYLES.get(world.look, {}).get("saturation", STYLE_NEUTRAL["saturation"]))
        chroma += share * world.palette.chroma * own
    numbers = {"camera_speed": speed, "cut_rate": 60.0 * len(direction.shots) / direction.duration_s, "colour": chroma}
    if direction.score is not None:
        found[f"genre {direction.score.genre}"] += 1.0
        numbers["tempo"] = direction.score.tempo_bpm
    for axis, value in numbers.items():
        z = NUMBERS[axis].z_of(value)
        found[f"{axis} {LINEAR}"], found[f"{axis} {SQUARE}"] = z, z * z
    return dict(found)


def difference(one: Features, others: Sequence[Features]) -> dict[str, float]:
    """What one has over the mean of the others, without crumbs; an axis that either side lacks is left out."""
    mean: dict[str, float] = defaultdict(float)
    for other in others:
        for name, value in other.items():
            mean[name] += value / len(others)
    both = {axis_of(name) for name in one} & {axis_of(name) for name in mean} | {"body", "setting", "camera"}
    found = {name: round(one.get(name, 0.0) - mean.get(name, 0.0), 3) for name in sorted({*one, *mean})
             if axis_of(name) in both}
    return {name: value for name, value in found.items() if abs(value) >= 0.02}


def sky_of(weather: Weather) -> str:
    """What a person would call this weather."""
    for name, least in (("storm", 0.3), ("aurora", 0.3), ("snow", 0.2), ("dust", 0.3), ("rain", 0.2), ("fog", 0.35)):
        if getattr(weather, name) >= least:
            return name
    return "clouds" if weather.cloud >= 0.5 else "clear"


def angle_of(hour: float) -> float:
    """Of the hour on a clock of 24, radians; noon is 0."""
    return (hour - 12.0) / 24.0 * math.tau


def axis_of(feature: str) -> str:
    return feature.split(" ", 1)[0]


def known(feature: str) -> bool:
    """Whether a feature is one that films have here; a profile may come from another version."""
    axis, _, value = feature.partition(" ")
    return value in NAMED.get(axis, ()) or (axis in NUMBERS and value in (LINEAR, SQUARE)) or (
        axis == "hour" and value in (COSINE, SINE))
