"""Names for what streams show: the vocabulary's nearest words, each with how sure that is."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

import numpy as np
from numpy.typing import NDArray

from world_model import colour
from world_model.data.phrases import energy_name, tempo_name
from world_model.sim.light import light_at
from world_model.sim.sampling import row_of, style_row
from world_model.streams.layout import (
    AIR_LIGHT,
    BODY_POSE,
    BODY_SLOTS_KEPT,
    BODY_WIDTH,
    Floats,
    symlog,
)
from world_model.streams.moves import move_of
from world_model.streams.music import head, score_spec
from world_model.vocabulary import (
    BODIES,
    GENRES,
    LIGHTS,
    PALETTE_ROLES,
    PALETTES,
    SETTINGS,
    STYLE_FIELDS,
    STYLES,
    WEATHERS,
)

F64 = NDArray[np.float64]
Named = dict[str, tuple[str, float]]
LEAST_PRESENCE = 0.35
AMOUNTS = ("rain", "snow", "fog", "cloud", "storm", "dust", "aurora")
# Where the colours of the light and the amounts of weather stand in the air stream.
COLOURS = slice(3, 15)
STARS = AIR_LIGHT.index("stars")
WEATHER_AT = len(AIR_LIGHT)
# A nearest name is as sure as its share of exp(-SHARPNESS * mean squared distance in spreads of the table).
SHARPNESS = 8.0
# What is plain air where no weather comes down.
AIRLESS = ("underwater", "space")


def names_of_streams(streams: Mapping[str, Floats]) -> Named:
    """Aspect to (name, confidence in [0, 1]) for the streams given, each (T, width); aspects as in data.phrases.

    place gives `setting` (and `other_setting` where a second place has a share of 0.25), bodies `body`, `body_count`
    (a number as a string) and nothing where none is there, air `light` and `weather`, look `look` and `palette`, camera
    `move`, score `genre`, `tempo`, `key` and `energy`. Light and weather are those at the end.
    """
    found: Named = {}
    given = {name: np.nan_to_num(np.asarray(values, np.float64)) for name, values in streams.items()}
    if "place" in given:
        found |= _setting(given["place"])
    if "bodies" in given:
        found |= _body(given["bodies"])
    if "air" in given:
        last = given["air"][-max(1, len(given["air"]) // 4):].mean(0)
        found["light"] = nearest(_lit(last), _lights())
        setting = found["setting"][0] if "setting" in found else ""
        found["weather"] = ("clear", 1.0) if setting in AIRLESS else nearest(_blown(last), _weathers())
    if "look" in given:
        look = given["look"].mean(0)
        found["look"] = nearest(look[3 * len(PALETTE_ROLES):], _looks())
        found["palette"] = nearest(look[:3 * len(PALETTE_ROLES)], _palettes())
    if "camera" in given:
        found["move"] = move_of(given["camera"].astype(np.float32))
    if "score" in given:
        found |= _music(given["score"].astype(np.float32))
    return found


def nearest(value: F64, table: tuple[tuple[str, ...], F64]) -> tuple[str, float]:
    """The row of a table nearest to a value, by distance in the table's own spreads, and how much nearer than the
    others it is."""
    names, rows = table
    spread = np.maximum(rows.std(0), 0.05)
    away = (((rows - value) / spread) ** 2).mean(1)
    share = np.exp(-SHARPNESS * (away - away.min()))
    best = int(away.argmin())
    return names[best], float(share[best] / share.sum())


def hour_of(air: Floats) -> tuple[float, float, float]:
    """(time_h, tint_hue_deg, tint) whose clear light is nearest to the mean of an air stream (T, 28): every quarter
    hour untinted, and the named tinted lights."""
    names, rows = _hours()
    value = _lit(np.nan_to_num(np.asarray(air, np.float64)).mean(0))
    best = int((((rows - value) / np.maximum(rows.std(0), 0.05)) ** 2).mean(1).argmin())
    return names[best]


def _setting(place: F64) -> Named:
    mixture = np.maximum(place[:, :len(SETTINGS)].mean(0), 0.0)
    total = max(float(mixture.sum()), 1e-6)
    order = np.argsort(-mixture)
    found: Named = {"setting": (SETTINGS[int(order[0])], float(mixture[order[0]] / total))}
    if mixture[order[1]] / total >= 0.25:
        found["other_setting"] = (SETTINGS[int(order[1])], float(mixture[order[1]] / total))
    return found


def _body(bodies: F64) -> Named:
    slots = bodies.reshape(len(bodies), BODY_SLOTS_KEPT, BODY_WIDTH)
    presence = np.clip(slots[:, :, len(BODY_POSE) + 3:], 0.0, 1.0).mean(0)
    slot = int(presence.max(1).argmax()) if presence[0].max() < LEAST_PRESENCE else 0
    best = int(presence[slot].argmax())
    sure = float(presence[slot, best])
    if sure < LEAST_PRESENCE:
        return {}
    count = int(np.clip(np.round(np.exp(np.clip(slots[:, slot, len(BODY_POSE)].mean(), 0.0, 4.0))), 1, 48))
    return {"body": (BODIES[best], sure), "body_count": (str(count), sure)}


def _music(score: Floats) -> Named:
    spec = score_spec(score)
    if spec is None:
        return {}
    shares = np.maximum(score[:, :len(GENRES)].mean(0), 0.0)
    sure = float(shares[GENRES.index(spec.genre)] / max(float(shares.sum()), 1e-6))
    minor = float(np.clip(head(score, "minor").mean(), 0.0, 1.0))
    swing = float(np.std(head(score, "log_tempo")))
    return {"genre": (spec.genre, sure), "tempo": (tempo_name(spec.tempo_bpm), 1.0 / (1.0 + 4.0 * swing)),
            "key": ("minor" if spec.minor else "major", max(minor, 1.0 - minor)),
            "energy": (energy_name(round(float(np.clip(head(score, "energy").mean(), 0.0, 1.0)), 2)), 1.0)}


def _lit(air: F64) -> F64:
    """(14,): the sun's height, the colours and the stars of one row of the air stream."""
    return np.concatenate([air[:1], air[COLOURS], air[STARS:STARS + 1]])


def _blown(air: F64) -> F64:
    """(8,): the amounts of weather and the wind in tens of metres a second."""
    wind = np.expm1(np.clip(air[WEATHER_AT + 7], 0.0, 4.0)) / 10.0
    return np.concatenate([np.clip(air[WEATHER_AT:WEATHER_AT + len(AMOUNTS)], 0.0, 1.0), [wind]])


def _lit_at(time_h: float, tint_hue_deg: float = 0.0, tint: float = 0.0) -> F64:
    row = light_at(time_h, tint_hue_deg, tint).astype(np.float64)
    return np.concatenate([row[:1], symlog(row[2:14]), row[14:15]])


@cache
def _lights() -> tuple[tuple[str, ...], F64]:
    return tuple(LIGHTS), np.stack([_lit_at(**light) for light in LIGHTS.values()])


@cache
def _hours() -> tuple[tuple[tuple[float, float, float], ...], F64]:
    known = [(0.25 * k, 0.0, 0.0) for k in range(96)]
    known += [(light["time_h"], light.get("tint_hue_deg", 0.0), light.get("tint", 0.0)) for light in LIGHTS.values()]
    return tuple(known), np.stack([_lit_at(*one) for one in known])


@cache
def _weathers() -> tuple[tuple[str, ...], F64]:
    rows = [np.append(row_of(AMOUNTS, air), air.get("wind_mps", 0.0) / 10.0) for air in WEATHERS.values()]
    return tuple(WEATHERS), np.stack(rows)


@cache
def _looks() -> tuple[tuple[str, ...], F64]:
    rows = np.stack([style_row(look) for look in STYLES])
    assert rows.shape[1] == len(STYLE_FIELDS)
    return tuple(STYLES), rows


@cache
def _palettes() -> tuple[tuple[str, ...], F64]:
    return tuple(PALETTES), np.stack([colour.oklch_to_oklab(np.array(rows)).reshape(-1) for rows in PALETTES.values()])
