"""From streams to a Direction: what the world model dreamt becomes a document that can be edited and made again."""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from agent.couplings import links_for
from agent.direction import (
    Body,
    Camera,
    Direction,
    Ground,
    Light,
    Music,
    Palette,
    Scale,
    Shot,
    ShotWorld,
    Span,
    Weather,
)
from agent.director_score import music_of
from agent.director_words import title_of
from agent.pacing import GENRE_FEEL
from agent.taste import family_of
from world_model.sim.light import light_at
from world_model.state import GROUND
from world_model.streams.layout import AIR_LIGHT, BODY_POSE, BODY_SLOTS_KEPT, BODY_WIDTH, STEP_S, Floats, symexp
from world_model.streams.music import score_spec
from world_model.streams.naming import AMOUNTS, LEAST_PRESENCE, WEATHER_AT, hour_of, names_of_streams
from world_model.vocabulary import BODIES, SETTINGS

F64 = NDArray[np.float64]
LEAST_SHARE = 0.08
FRAME_WIDTH_MM = 36.0
# How far away the subject is in its own sizes, as a scale of shot.
SCALES: tuple[tuple[float, Scale], ...] = ((2.0, "detail"), (3.5, "close"), (5.5, "medium"), (9.0, "full"))


def direction_of(streams: Mapping[str, Floats], seed: int = 0) -> Direction:
    """One shot that is as near to streams (T, width) as a Direction can say: place, light, weather, palette and look,
    bodies, the camera's move, and the score. Numbers are brought inside the Direction's bounds."""
    given = {name: np.nan_to_num(np.asarray(values, np.float64)) for name, values in streams.items()}
    named = names_of_streams(streams)
    duration_s = len(given["place"]) * STEP_S
    look = named["look"][0]
    bodies = _bodies(given["bodies"])
    world = ShotWorld(place=_place(given["place"]), ground=_ground(given["place"]), light=_light(given["air"]),
                      weather=_weather(given["air"]), palette=Palette(name=named["palette"][0]), look=look,
                      bodies=bodies)
    score = score_spec(np.asarray(streams["score"], np.float32), seed)
    shot = Shot(id="s1", span=Span(s=(0.0, duration_s)), world=world,
                camera=_camera(given["camera"], given["bodies"], named["move"][0], bodies))
    music = music_of(score, duration_s) if score is not None else Music()
    feel = GENRE_FEEL[score.genre] if score is not None else "free"
    links = links_for(feel, family_of(look), (shot,), score is None, set(world.place))
    return Direction(title=title_of("", (shot,), False), seed=seed, duration_s=duration_s, reason="filled in",
                     music=music, shots=(shot,), links=links, score=score)


def _place(place: F64) -> dict[str, float]:
    mixture = np.maximum(place[:, :len(SETTINGS)].mean(0), 0.0)
    mixture = mixture / max(float(mixture.sum()), 1e-6)
    kept = {name: round(float(share), 3) for name, share in zip(SETTINGS, mixture, strict=True) if share >= LEAST_SHARE}
    return kept or {SETTINGS[int(mixture.argmax())]: 1.0}


def _ground(place: F64) -> Ground:
    values = {str(name): float(value) for name, value in zip(GROUND, place[:, len(SETTINGS):].mean(0), strict=True)}
    limits = {"relief": (0, 3), "density": (0, 3), "object_scale": (0.2, 3), "water_level_m": (-20, 20),
              "wave_m": (0, 3), "variant": (-1000, 1000)}
    return Ground.model_validate({name: _within(values[name], *bounds) for name, bounds in limits.items()})


def _light(air: F64) -> Light:
    hour, hue, tint = hour_of(air.astype(np.float32))
    middle = air.mean(0)
    clear = light_at(hour, hue, tint, cloud=float(np.clip(middle[WEATHER_AT + AMOUNTS.index("cloud")], 0.0, 1.0)))
    exposure = _within(middle[AIR_LIGHT.index("exposure_ev")] - float(clear[-1]), -3, 3)
    stray = 25.0 * math.sin(2 * math.pi * (hour - 18.5) / 24.0)
    azimuth = math.degrees(math.atan2(middle[1], middle[2])) - stray
    return Light(time_h=hour, exposure_ev=exposure, azimuth_deg=_within((azimuth + 180) % 360 - 180, -180, 180),
                 tint_hue_deg=hue, tint=tint)


def _weather(air: F64) -> Weather:
    values = air[:, WEATHER_AT:WEATHER_AT + len(AMOUNTS)].mean(0)
    amounts = {name: _within(0.0 if value < 0.04 else value, 0, 1) for name, value in zip(AMOUNTS, values, strict=True)}
    wind = float(symexp(air[:, WEATHER_AT + len(AMOUNTS)]).mean())
    return Weather(**amounts, wind_mps=_within(wind, 0, 30))


def _bodies(bodies: F64) -> tuple[Body, ...]:
    found: list[Body] = []
    for slot in range(BODY_SLOTS_KEPT):
        seen = bodies[:, slot * BODY_WIDTH:(slot + 1) * BODY_WIDTH].mean(0)
        shares = seen[len(BODY_POSE) + 3:]
        best = int(shares.argmax())
        if shares[best] < LEAST_PRESENCE:
            continue
        size = math.exp(min(max(seen[BODY_POSE.index("size")], math.log(0.05)), math.log(150.0)))
        count = round(math.exp(min(max(seen[len(BODY_POSE)], 0.0), math.log(48.0))))
        found.append(Body(id=f"{BODIES[best]}{slot + 1}", kind=BODIES[best], size_m=round(size, 3), count=count,
                          glow=_within(seen[len(BODY_POSE) + 2], 0, 1)))
    return tuple(found)


def _camera(camera: F64, bodies: F64, move: str, cast: tuple[Body, ...]) -> Camera:
    tangent = math.tan(0.5 * float(np.exp(np.clip(np.median(camera[:, 6]), -2.0, 1.0))))
    height = _within(float(np.median(symexp(camera[:, 8]))), 0.05, 400)
    scale: Scale = "wide"
    if cast:
        away = float(np.linalg.norm(symexp(bodies[:, :3]).mean(0))) * tangent / max(cast[0].size_m, 0.05)
        near: list[Scale] = [name for limit, name in SCALES if away < limit]
        scale = near[0] if near else "wide"
    return Camera.model_validate({
        "move": move, "scale": scale, "target": cast[0].id if cast else None,
        "lens_mm": _within(FRAME_WIDTH_MM / (2.0 * tangent), 8, 200), "height_m": height})


def _within(value: float, low: float, high: float) -> float:
    return round(min(max(float(value), low), high), 3)
