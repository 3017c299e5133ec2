"""Fields of a Direction and their values in a creator's words, with units."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from agent.director_words import GENRE_WORDS, LOOK_WORDS, hour_word
from agent.tree_fields import CLOCK, CURVE, Path
from modalities.faults import Unusable

KEYS = ("C", "C sharp", "D", "E flat", "E", "F", "F sharp", "G", "A flat", "A", "B flat", "B")
ABSENT = "nothing"
LONGEST = 60
# The end of a field's path, and what it is called; the last part of a path does where it is not listed.
NAMES: dict[str, str] = {
    "duration_s": "the length", "title": "the title", "seed": "the seed", "size_px": "the size", "weird": "the "
    "strangeness", "grid/fps": "the frame rate", "engine/id": "the engine", "score": "the score",
    "score/genre": "the genre", "score/tempo_bpm": "the tempo", "music/tempo_bpm": "the tempo", "score/key": "the key",
    "score/minor": "the mode", "score/sections": "the sections of the music", "music/sections": "the sections of the "
    "music", "score/beats_per_bar": "the metre", "music/beats_per_bar": "the metre", "music/downbeats_s": "the bar "
    "lines", "music/first_downbeat_s": "the first beat", "music/source": "the source of the music",
    "score/music_level": "the level of the music", "score/ambience_level": "the level of the ambience",
    "score/effects_level": "the level of the effects", "score/seed": "the seed of the music",
    "span": "the place in time", "cut": "the cut into it", "ending": "the ending", "world/place": "the place",
    "world/look": "the look", "palette/name": "the palette", "palette/roles": "the colours of the reference",
    "palette/dominant": "the main colour", "palette/accent": "the accent colour", "palette/chroma": "colourfulness",
    "palette/lightness": "lightness", "palette/hue_shift_deg": "the hue shift", "light/time_h": "the hour",
    "light/exposure_ev": "exposure", "light/azimuth_deg": "where the sun stands", "light/sun_at": "where the sun is "
    "seen", "light/tint": "the tint", "light/tint_hue_deg": "the hue of the tint", "weather/cloud": "clouds",
    "weather/wind_mps": "wind", "weather/dust": "dust", "weather/aurora": "aurora", "ground/wave_m": "waves",
    "ground/water_level_m": "the water level", "ground/skyline": "the skyline", "ground/variant": "the lie of the land",
    "camera/move": "the camera move", "camera/scale": "the shot size", "camera/target": "what the camera watches",
    "camera/lens_mm": "the lens", "camera/speed": "the camera's speed", "camera/height_m": "the camera's height",
    "camera/shake": "shake", "camera/side": "the camera's side", "camera/view_deg": "the angle of view",
    "camera/horizon": "the horizon", "camera/distance_m": "the camera's distance", "camera/yaw_deg": "the camera's "
    "turn", "camera/pitch_deg": "the camera's tilt", "camera/roll_deg": "the camera's roll",
    "brushes": "motion brushes", "titles": "the titles", "amount": "the amount", "lag_s": "the delay"}
UNITS: tuple[tuple[str, str], ...] = (("_s", " s"), ("_m", " m"), ("_mm", " mm"), ("_deg", "°"), ("_ev", " EV"),
                                      ("_mps", " m/s"), ("_bpm", " bpm"), ("_hz", " Hz"), ("fps", " frames a second"))


def field_named(path: Path) -> str:
    """What a field is called, without the shot it is in."""
    if path == CLOCK:
        return "the length, tempo and bars"
    inner = tuple(part for part in path if part not in (CURVE, "curves"))
    if inner[:1] == ("links",):
        coupling = inner[1].replace("music.", "the music's ").replace(" > ", " on ")
        target = re.sub(r"/shots/\*/|@[^/]+/|/?world/|/?camera/(?=\w+$)", "", coupling).replace("@", "")
        return f"the coupling of {_bare(target.replace('/', ' '))}"
    if inner[:1] == ("shots",):
        inner = inner[2:]
        if not inner:
            return "the shot"
        if inner[:2] == ("world", "bodies") and len(inner) > 2:
            body, rest = inner[2].replace("_", " "), " ".join(inner[3:])
            return f"the {body}'s {_bare(rest)}" if rest else f"the {body}"
        if inner[:2] == ("world", "style"):
            return f"style: {_bare(inner[2])}" if len(inner) > 2 else "the style"
    for take in (2, 1):
        if name := NAMES.get("/".join(inner[-take:])):
            return name
    return _bare(path[-1])


def value_said(path: Path, value: Any) -> str:
    """A value as a person reads it; None where there is none is "nothing"."""
    name = path[-1]
    if value is None:
        return ABSENT
    if CURVE in path or "curves" in path:
        return f"moving from {_number(value[0][1])} to {_number(value[-1][1])}"
    if name == "time_h":
        return f"{int(value):02d}:{round(60 * (value % 1)) % 60:02d} ({hour_word(value % 24)})"
    if name == "place" and isinstance(value, dict):
        return " and ".join(_bare(key) for key, share in sorted(value.items(), key=lambda one: -one[1]) if share > 0.05)
    if name == "span" and isinstance(value, dict):
        unit, pair = ("bars", value["bars"]) if value.get("bars") is not None else ("s", value["s"])
        return f"{_number(pair[0])} to {_number(pair[1])} {unit}"
    if path[0] == "score" and name == "key":
        return KEYS[int(value) % 12]
    if name == "minor":
        return "minor" if value else "major"
    if name == "size_px":
        return f"{value[0]} × {value[1]}"
    if name in ("dominant", "accent"):
        return f"lightness {_number(value[0])}, chroma {_number(value[1])}, hue {value[2]:.0f}°"
    if name == "source":
        return "its own score" if value == "score" else "your track"
    if isinstance(value, list):
        return _list_said(name, value)
    if isinstance(value, dict):
        return ", ".join(f"{_bare(str(key))} {inner}" for key, inner in list(value.items())[:4])[:LONGEST]
    if isinstance(value, bool):
        return "on" if value else "off"
    if isinstance(value, int | float):
        return _number(value) + next((unit for end, unit in UNITS if name.endswith(end)), "")
    words: Mapping[str, Mapping[str, str]] = {"genre": GENRE_WORDS, "look": LOOK_WORDS}
    text = words.get(name, {}).get(value, str(value).replace("_", " ") if name != "title" else f"“{value}”")
    return text if len(text) <= LONGEST else f"{text[:LONGEST - 1]}…"


def shots_said(numbers: list[int], count: int) -> str:
    """ "in shots 2 and 4", "in every shot"; numbers from 1."""
    if len(numbers) == count and count > 1:
        return "in every shot"
    if len(numbers) == 1:
        return f"in shot {numbers[0]}"
    return f"in shots {', '.join(map(str, numbers[:-1]))} and {numbers[-1]}"


def thing_said(prefix: Path, fields: Mapping[Path, Any], numbered: Callable[[str], str]) -> str:
    """A shot, a body, a coupling or the score, by name."""
    if prefix[0] == "shots" and len(prefix) == 2:
        return numbered(prefix[1])
    if prefix[0] == "shots":
        kind, word = fields.get((*prefix, "kind")), fields.get((*prefix, "shown_as"))
        return f"the {word or _bare(str(kind or prefix[-1]))}"
    return field_named(prefix)


def no_common_take(one: str, other: str) -> Unusable:
    return Unusable(f"{one} and {other} do not come from one take; say with --base which take to compare both with.")


def _list_said(name: str, value: list[Any]) -> str:
    if not value:
        return "none"
    if name == "titles":
        return ", ".join(f"“{' '.join(str(part.get('text', '')).split())[:24]}”" for part in value)[:LONGEST]
    if name == "sections":
        return " ".join(str(part.get("name", "")) for part in value)[:LONGEST]
    if name in ("downbeats_s", "skyline", "roles", "brushes"):
        one = {"downbeats_s": "bar line", "brushes": "brush", "roles": "colour"}.get(name, "point")
        return f"{len(value)} {one if len(value) == 1 else f'{one}es' if one == 'brush' else f'{one}s'}"
    return ", ".join(_number(part) if isinstance(part, int | float) else str(part)[:20] for part in value)[:LONGEST]


def _bare(name: str) -> str:
    return re.sub(r"_(?:s|m|mm|deg|ev|mps|px|hz|bpm|h)$", "", name).replace("_", " ")


def _number(value: float) -> str:
    return f"{value:.3g}" if abs(value) < 100 else f"{value:.0f}" if abs(value) < 1e6 else f"{value:g}"
