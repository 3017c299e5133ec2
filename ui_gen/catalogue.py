"""What a panel may offer: candidates, each able to say whether it makes sense for this Direction.

A candidate looks at the Direction and answers with a Control, or None when it would do nothing here. `weight` says
how much a creator of this kind of piece is likely to reach for it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from statistics import median
from typing import Any

from agent.direction import Direction
from ui_gen.panel import Control
from world_model.vocabulary import PALETTES, STYLE_NEUTRAL, STYLES

DRAWN = frozenset({"flat", "cel", "watercolour", "pencil", "pixel", "riso", "ink", "clay", "gouache",
                   "coloured_pencil"})
FILMED = frozenset({"photoreal", "noir", "vhs"})


@dataclass(frozen=True)
class Candidate:
    """section groups controls in the panel; weight is highest first."""

    section: str
    weight: float
    control: Control


def look_of(direction: Direction) -> str:
    """The look of most of the film's time."""
    looks = [shot.world.look for shot in direction.shots]
    return max(sorted(set(looks)), key=looks.count)


def _shots(direction: Direction, inner: str) -> tuple[str, ...]:
    return tuple(f"/shots/{i}{inner}" for i in range(len(direction.shots)))


def _number(direction: Direction, ident: str, label: str, inner: str, read: Callable[[Any], float],
            bounds: tuple[float, float], step: float, unit: str, why: str) -> Control:
    value = median(read(shot) for shot in direction.shots)
    clipped = min(max(value, bounds[0]), bounds[1])
    return Control(id=ident, label=label, kind="slider", binds=_shots(direction, inner), value=round(clipped, 3),
                   bounds=bounds, step=step, unit=unit, why=why)


def _style(direction: Direction, field: str, label: str, bounds: tuple[float, float], why: str,
           step: float = 0.05) -> Control:
    def read(shot: Any) -> float:
        return shot.world.style.get(field, STYLES.get(shot.world.look, {}).get(field, STYLE_NEUTRAL.get(field, 0.0)))

    return _number(direction, f"style_{field}", label, f"/world/style/{field}", read, bounds, step, "", why)


def candidates(direction: Direction) -> list[Candidate]:
    """Every control that would do something for this piece."""
    look = look_of(direction)
    found = _line_and_colour(direction, look) + _lens_and_light(direction, look) + _weather(direction, look)
    return found + _subject(direction) + _music(direction, look)


def _line_and_colour(direction: Direction, look: str) -> list[Candidate]:
    drawn = look in DRAWN
    names = {shot.world.palette.name for shot in direction.shots}
    # A look without colour has nothing for a palette to change.
    grey = STYLES.get(look, {}).get("saturation", 1.0) < 0.05
    found = [] if grey else [Candidate("Colour", 0.75 if drawn else 0.35, Control(
        id="palette", label="Palette", kind="choice", binds=_shots(direction, "/world/palette/name"),
        value=sorted(names)[0] if len(names) == 1 else direction.shots[0].world.palette.name,
        choices=tuple(PALETTES), why="The colours of ground, growth, buildings and the accent.")),
        Candidate("Colour", 0.55, _number(direction, "chroma", "Colour strength", "/world/palette/chroma",
                                          lambda s: s.world.palette.chroma, (0.0, 2.0), 0.05, "×",
                                          "How vivid the palette is."))]
    own = {"cel": ("outline", "Line weight", (0.0, 1.5)), "flat": ("levels", "Poster steps", (0.0, 1.0)),
           "watercolour": ("wash", "Bleed", (0.0, 1.0)), "pencil": ("hatch", "Hatching", (0.0, 1.0)),
           "pixel": ("pixel", "Pixel size", (0.0, 1.0)), "riso": ("halftone", "Dot screen", (0.0, 1.0)),
           "gouache": ("wash", "Brush", (0.0, 1.0)), "coloured_pencil": ("hatch", "Hatching", (0.0, 1.0)),
           "ink": ("ink", "Ink", (0.0, 1.0)), "clay": ("clay", "Clay", (0.0, 1.0)),
           "synthwave": ("neon", "Neon", (0.0, 1.0)), "vhs": ("chroma", "Tape smear", (0.0, 1.0)),
           "noir": ("contrast", "Contrast", (0.6, 2.0)), "photoreal": ("grain", "Film grain", (0.0, 1.0))}
    if look in own:
        field, label, bounds = own[look]
        found.append(Candidate("Look", 0.95, _style(direction, field, label, bounds,
                                                    f"What makes it {look}: pull it down to calm it.")))
    second = {"cel": ("levels", "Tone steps"), "flat": ("outline", "Line weight"), "watercolour": ("paper", "Paper"),
              "pencil": ("outline", "Line weight"), "riso": ("paper", "Paper"), "ink": ("paper", "Paper"),
              "clay": ("wobble", "Hand wobble"), "synthwave": ("bloom", "Glow"), "vhs": ("scanline", "Scan lines"),
              "noir": ("grain", "Film grain"), "photoreal": ("bloom", "Halation"), "pixel": ("levels", "Colour steps")}
    if look in second:
        field, label = second[look]
        found.append(Candidate("Look", 0.7, _style(direction, field, label, (0.0, 1.0), "The material it is made of.")))
    if drawn:
        found.append(Candidate("Look", 0.8, _style(direction, "hold_frames", "Frames held", (1.0, 4.0),
                                                   "Drawn on ones, twos, threes or fours.", 1.0)))
        found.append(Candidate("Shapes", 0.5, _number(
            direction, "density", "How much stands there", "/world/ground/density",
            lambda s: s.world.ground.density, (0.0, 2.0), 0.05, "×", "Trees, houses, flowers: none to crowded.")))
    return found


def _lens_and_light(direction: Direction, look: str) -> list[Candidate]:
    filmed = look in FILMED
    hours = {round(shot.world.light.time_h, 1) for shot in direction.shots}
    found = [Candidate("Light", 0.85 if filmed else 0.4, _number(
        direction, "time_h", "Hour of the day", "/world/light/time_h", lambda s: s.world.light.time_h, (0.0, 24.0),
        0.25, "h", "One hour for the whole film." if len(hours) > 1 else "Where the sun stands.")),
        Candidate("Light", 0.6 if filmed else 0.25, _number(
            direction, "exposure", "Exposure", "/world/light/exposure_ev",
            lambda s: s.world.light.exposure_ev, (-2.0, 2.0), 0.1, "EV", "Darker or brighter, in stops."))]
    if filmed:
        found.append(Candidate("Lens", 0.8, _number(
            direction, "lens", "Focal length", "/camera/lens_mm", lambda s: s.camera.lens_mm, (12.0, 100.0), 1.0,
            "mm", "Wide shows the place, long draws the subject out of it.")))
    found.append(Candidate("Motion", 0.58, _number(
        direction, "camera_speed", "Camera speed", "/camera/speed", lambda s: s.camera.speed, (0.0, 3.0), 0.05, "×",
        "How far the camera travels in each shot.")))
    return found


def _weather(direction: Direction, look: str) -> list[Candidate]:
    found: list[Candidate] = []
    for field, label, weight in (("rain", "Rain", 0.82), ("snow", "Snow", 0.82), ("fog", "Fog", 0.5),
                                 ("dust", "Dust", 0.7), ("aurora", "Aurora", 0.8), ("cloud", "Clouds", 0.3)):
        strength = max(getattr(shot.world.weather, field) for shot in direction.shots)
        if strength > 0.05 or (field == "fog" and look in FILMED):
            found.append(Candidate("Weather", weight * (1.0 if strength > 0.3 else 0.7), _number(
                direction, field, label, f"/world/weather/{field}",
                lambda s, f=field: getattr(s.world.weather, f), (0.0, 1.0), 0.05, "", "It is in this film's air.")))
    place = {name for shot in direction.shots for name, share in shot.world.place.items() if share > 0.2}
    if place & {"ocean", "fluid", "islands"}:
        found.append(Candidate("Place", 0.65, _number(
            direction, "waves", "Wave height", "/world/ground/wave_m", lambda s: s.world.ground.wave_m, (0.0, 3.0),
            0.05, "m", "The sea in this film.")))
    if place & {"mountains", "desert", "canyon", "snowfield", "lake"}:
        found.append(Candidate("Place", 0.45, _number(
            direction, "relief", "Relief", "/world/ground/relief", lambda s: s.world.ground.relief, (0.2, 2.0), 0.05,
            "×", "Flat land to steep land.")))
    return found


def _subject(direction: Direction) -> list[Candidate]:
    holders: dict[str, list[tuple[str, Any]]] = {}
    for i, shot in enumerate(direction.shots):
        for k, body in enumerate(shot.world.bodies):
            holders.setdefault(body.kind, []).append((f"/shots/{i}/world/bodies/{k}", body))
    if not holders:
        return []
    kind = max(sorted(holders), key=lambda name: len(holders[name]))
    bases, bodies = [base for base, _ in holders[kind]], [body for _, body in holders[kind]]
    size = median(body.size_m for body in bodies)
    name = bodies[0].shown_as or kind
    share = len(bases) / len(direction.shots)
    found = [Candidate("Subject", 0.45 + 0.3 * share, Control(
        id="subject_size", label=f"Size of the {name}"[:40], kind="slider",
        binds=tuple(f"{base}/size_m" for base in bases), value=round(size, 2),
        bounds=(round(size / 4, 3), round(size * 4, 3)), step=round(size / 50, 4), unit="m",
        why="Small against the land, or larger than life."))]
    if kind in {"bird", "butterfly", "fish", "lantern", "jellyfish", "bee", "balloon"}:
        found.append(Candidate("Subject", 0.55 * share + 0.1, Control(
            id="subject_count", label="How many", kind="slider", binds=tuple(f"{base}/count" for base in bases),
            value=bodies[0].count, bounds=(1, 48), step=1, why="One, a few, a swarm.")))
    return found


def _music(direction: Direction, look: str) -> list[Candidate]:
    found: list[Candidate] = []
    for i, link in enumerate(direction.links[:3]):
        reach = max(1.0, 2 * abs(link.amount))
        target = link.to.rsplit("/", 1)[-1].split("_")[0]
        found.append(Candidate("Music", 0.9 - 0.22 * i if direction.music.source != "score" else 0.5 - 0.2 * i, Control(
            id=f"link_{i}", label=f"{link.from_.removeprefix('music.').capitalize()} moves {target}"[:40],
            kind="slider", binds=(f"/links/{i}/amount",), value=round(link.amount, 3), bounds=(-reach, reach),
            step=0.05, why="How strongly the picture follows this part of the music.")))
    if direction.score is not None:
        found.append(Candidate("Music", 0.72, Control(
            id="tempo", label="Tempo", kind="slider", binds=("/score/tempo_bpm",),
            value=round(direction.score.tempo_bpm, 1), bounds=(40.0, 180.0), step=1.0, unit="bpm",
            why="Cuts stay on their bars; the film gets longer or shorter.")))
        found.append(Candidate("Music", 0.42, Control(
            id="ambience", label="Sound of the place", kind="slider", binds=("/score/ambience_level",),
            value=direction.score.ambience_level, bounds=(0.0, 1.5), step=0.05, unit="×",
            why="Wind, rain, sea and engines against the music.")))
    return found
