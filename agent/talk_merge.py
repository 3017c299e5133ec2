"""Parts of one take put into another: "combine the sky of A with the motion of B", "the first one's colours".

A part is a set of fields; where two films are cut otherwise, numbers follow the other film's time and names follow the
shot that shows at the same share of the film.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Callable
from typing import Any

import numpy as np

from agent.direction import Direction
from agent.talk_change import Changed, opened, put
from agent.talk_named import remove_bodies

# What a part is called, and the fields it is made of (a field of a shot, or of the whole film with a leading "=").
_LIGHT = ("/world/light",)
_WEATHER = ("/world/weather",)
_COLOURS = ("/world/palette", "/world/style/warmth", "/world/style/saturation")
_CAMERA = ("/camera",)
PARTS: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    (r"sk(?:y|ies)", "sky", (*_LIGHT, *_WEATHER)),
    (r"light(?:ing|s)?|time of day|hour|night|mood light", "light", _LIGHT),
    (r"weather|atmosphere", "weather", _WEATHER), (r"rain|storm", "rain", ("/world/weather/rain",
        "/world/weather/storm", "/world/weather/cloud")),
    (r"snow", "snow", ("/world/weather/snow", "/world/weather/cloud")), (r"fog|mist", "fog", ("/world/weather/fog",)),
    (r"clouds?", "clouds", ("/world/weather/cloud",)), (r"wind", "wind", ("/world/weather/wind_mps",)),
    (r"colou?rs?|palette|grade|grading|tones?", "colours", _COLOURS),
    (r"look|style|rendering|drawing", "look", ("/world/look", "/world/style")),
    (r"world|scenery", "world", ("/world",)),
    (r"place|setting|landscape|location|ground|terrain|land|background|environment", "place", ("/world/place",
        "/world/ground")),
    (r"waves|sea|water", "waves", ("/world/ground/wave_m", "/world/ground/water_level_m")),
    (r"camera(?: ?work| moves?| movements?| angles?| speed)?|motion|movements?|moves?|framing|angles?|shots? sizes?|"
     r"cinematography", "camera", _CAMERA),
    (r"lens", "lens", ("/camera/lens_mm",)),
    (r"bod(?:y|ies)|animals?|creatures?|characters?|cast|subjects?|actors?|people|figures?", "bodies", (
        "/world/bodies",)),
    (r"music|score|soundtrack|song|sound|tune", "music", ("=music",)),
    (r"transitions?|dissolves|fades", "transitions", ("/cut", "/ending")))
_NAMES = "|".join(pattern for pattern, _, _ in PARTS)
PART = rf"(?:{_NAMES})"


def parts_in(words: str) -> list[tuple[str, tuple[str, ...]]]:
    """(name, fields) of every part that words name."""
    return [(name, fields) for pattern, name, fields in PARTS if re.search(rf"\b(?:{pattern})\b", words)]


def merged(base: Direction, taken: list[tuple[Direction, str, tuple[str, ...]]]) -> Changed:
    """The base with fields of other films. taken: (film, name of the part, its fields)."""
    made = opened(base)
    for source, name, fields in taken:
        before = copy.deepcopy(made.document)
        for field in fields:
            if field == "=music":
                _music(made, source)
            else:
                _field(made, source, field)
        if made.document != before:
            made.told(name, {"sky": "light", "rain": "weather", "snow": "weather", "fog": "weather",
                             "clouds": "weather",
                             "wind": "weather", "lens": "camera", "waves": "place"}.get(name, name))
        else:
            made.same = True
    return made


def body_from(made: Changed, source: Direction, kind: str) -> bool:
    """One kind of body of another film brought in (or put in the place of its own kind); whether anything changed."""
    before = copy.deepcopy(made.document)
    for shot, other in _pairs(made, source):
        theirs = [body for body in other["world"]["bodies"] if body["kind"] == kind]
        if not theirs:
            continue
        mine = shot["world"]["bodies"]
        places = [k for k, body in enumerate(mine) if body["kind"] == kind]
        if places:
            mine[places[0]] = copy.deepcopy(theirs[0]) | {"id": mine[places[0]]["id"]}
        elif len(mine) < 6:
            taken = {body["id"] for body in mine}
            mine.append(copy.deepcopy(theirs[0]) | ({"id": f"{kind}_m"} if theirs[0]["id"] in taken else {}))
    return made.document != before


def restored(base: Direction, made: Changed, fields: tuple[str, ...]) -> None:
    """Fields put back to what they were: "keep the camera". Shots are matched by id; what was added stays."""
    old = {shot["id"]: shot for shot in base.model_dump(mode="json")["shots"]}
    for field in fields:
        if field == "=music":
            whole = base.model_dump(mode="json")
            if made.document["duration_s"] == whole["duration_s"]:
                made.document |= {"music": whole["music"], "score": whole["score"]}
            continue
        for shot in made.shots:
            if shot["id"] in old:
                _copied(shot, old[shot["id"]], field)


def _pairs(made: Changed, source: Direction) -> list[tuple[dict[str, Any], dict[str, Any]]]:
    """Every shot with the one that shows in the other film at the same share of it."""
    other = opened(source)
    spans, theirs = made.spans(), other.spans()
    if [shot["id"] for shot in made.shots] == [shot["id"] for shot in other.shots] and np.allclose(
            np.array(spans) / made.duration_s, np.array(theirs) / other.duration_s, atol=0.01):
        return list(zip(made.shots, other.shots, strict=True))
    out: list[tuple[dict[str, Any], dict[str, Any]]] = []
    for shot, (start, end) in zip(made.shots, spans, strict=True):
        at = (start + end) / 2 / made.duration_s * other.duration_s
        k = next((n for n, (a, b) in enumerate(theirs) if a <= at < b), len(theirs) - 1)
        out.append((shot, other.shots[k]))
    return out


def _field(made: Changed, source: Direction, field: str) -> None:
    pairs = _pairs(made, source)
    exact = all(shot["id"] == other["id"] for shot, other in pairs)
    for shot, other in pairs:
        _copied(shot, other, field)
    if not exact and field.startswith(("/world/light", "/world/weather")):
        _in_time(made, source, field)


def _copied(shot: dict[str, Any], other: dict[str, Any], field: str) -> None:
    *path, key = field.strip("/").split("/")
    owner, theirs = shot, other
    for part in path:
        owner, theirs = owner[part], theirs[part]
    if key in theirs:
        owner[key] = copy.deepcopy(theirs[key])
    else:
        owner.pop(key, None)
    shot["curves"] = {p: k for p, k in shot["curves"].items() if not _under(p, field)} | {
        p: copy.deepcopy(k) for p, k in other["curves"].items() if _under(p, field)}
    if field == "/world":
        shot["world"]["bodies"] = copy.deepcopy(other["world"]["bodies"])
    ids = [body["id"] for body in shot["world"]["bodies"]]
    if shot["camera"]["target"] not in ids:
        # The camera watches whoever is there of the kind it watched, else the first.
        kinds = {body["id"]: body["kind"] for body in other["world"]["bodies"]}
        wanted = kinds.get(shot["camera"]["target"])
        same = [body["id"] for body in shot["world"]["bodies"] if body["kind"] == wanted]
        shot["camera"]["target"] = same[0] if same else ids[0] if ids and shot["camera"]["target"] else None
    remove_bodies(shot, set())
    gone = [p for p in shot["curves"] if re.match(r"/world/bodies/(\d+)/", p) and int(p.split("/")[3]) >= len(ids)]
    for pointer in gone:
        del shot["curves"][pointer]


def _under(pointer: str, field: str) -> bool:
    return pointer == field or pointer.startswith(f"{field}/")


def _in_time(made: Changed, source: Direction, field: str) -> None:
    """Numbers of light and weather that change at the other film's cuts change at the same share of this one."""
    other = opened(source)
    leaves = [field] if not isinstance(_leaf(other.shots[0], field), dict) else [
        f"{field}/{key}" for key, value in _leaf(other.shots[0], field).items() if isinstance(value, int | float)]
    scale = made.duration_s / other.duration_s
    for shot, (start, end) in zip(made.shots, made.spans(), strict=True):
        reached = [(max(0.0, (a * scale - start) / (end - start)), min(1.0, (b * scale - start) / (end - start)), one)
                   for one, (a, b) in zip(other.shots, other.spans(), strict=True)
                   if b * scale > start + 1e-6 and a * scale < end - 1e-6]
        if len(reached) < 2:
            continue
        for leaf in leaves:
            if any(leaf in one["curves"] for _, _, one in reached):
                continue
            for low, high, one in reached:
                low, high = (0.0 if low < 0.04 else round(low, 4)), (1.0 if high > 0.96 else round(high, 4))
                if high - low > 0.04:
                    put(shot, leaf, float(_leaf(one, leaf)), (low, high))


def _leaf(shot: dict[str, Any], pointer: str) -> Any:
    value: Any = shot
    for part in pointer.strip("/").split("/"):
        value = value[part]
    return value


def _music(made: Changed, source: Direction) -> None:
    """Genre, key, players and levels of another film's own music; tempo and bars stay, so that the cuts do."""
    score, other = made.document["score"], source.model_dump(mode="json")["score"]
    if score is None or other is None:
        made.missed.append("Music can be taken over only between films with a score of their own")
        return
    score |= {key: other[key] for key in ("genre", "key", "minor", "instruments", "seed", "music_level",
                                          "ambience_level", "effects_level")}


Find = Callable[[str], Any]
