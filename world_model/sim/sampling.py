"""Random scenes that are still well composed: for benchmarks, tests and training data.

Everything follows from one seed. All settings, bodies, lights, weathers, styles and camera moves occur.
"""

from __future__ import annotations

import numpy as np
import torch
from numpy.typing import NDArray

from world_model import colour
from world_model.clock import TimeGrid
from world_model.sim.camera_frame import Lens
from world_model.sim.rollout import BodyPlan, ShotPlan, roll_shot
from world_model.state import World, unpack
from world_model.vocabulary import (
    BODIES,
    BODY_SIZE_M,
    CAMERA_MOVES,
    GAITS,
    LIGHTS,
    MEDIUM,
    PALETTES,
    SCALES,
    SETTINGS,
    STYLE_FIELDS,
    STYLE_NEUTRAL,
    STYLES,
    WEATHERS,
)

Floats = NDArray[np.float64]
LENSES_MM = {"wide": (16.0, 28.0), "full": (22.0, 40.0), "medium": (28.0, 55.0), "close": (35.0, 85.0),
             "detail": (50.0, 100.0)}


def fitting_bodies(setting: str) -> list[str]:
    """Bodies that belong in a setting."""
    if setting == "underwater":
        return [kind for kind in BODIES if MEDIUM[kind] == "water"]
    if setting == "space":
        return ["rocket", "planet", "lantern", "ball", "walker"]
    if setting == "clouds":
        return ["bird", "balloon", "dragon", "kite", "rocket", "whale"]
    dry = [kind for kind in BODIES if MEDIUM[kind] in ("air", "ground")]
    if setting in ("ocean", "lake", "islands"):
        return ["boat", "whale", "bird", "fish", "balloon", "lantern", "dragon", "jellyfish"]
    return dry


def row_of(names: tuple[str, ...], values: dict[str, float]) -> Floats:
    """values laid out in the order of names, 0 where missing."""
    return np.array([values.get(name, 0.0) for name in names])


def style_row(look: str) -> Floats:
    """(21,) of a named look over the neutral style."""
    return row_of(STYLE_FIELDS, {**STYLE_NEUTRAL, **STYLES[look]})


def random_plan(seed: int, frames: int, fps: int = 24, aspect: float = 16 / 9, **fixed: str) -> ShotPlan:
    """A random shot. `fixed` may name setting, kind, gait, light, weather, palette, look, move, scale."""
    rng = np.random.default_rng(seed)

    def pick(name: str, among: tuple[str, ...] | list[str]) -> str:
        chosen = among[int(rng.integers(len(among)))]
        return fixed.get(name, chosen)

    setting = pick("setting", SETTINGS)
    light, weather = LIGHTS[pick("light", list(LIGHTS))], dict(WEATHERS[pick("weather", list(WEATHERS))])
    if setting in ("underwater", "space") and "weather" not in fixed:
        weather = {"wind_mps": 1.0}
    move, scale = pick("move", CAMERA_MOVES), pick("scale", SCALES)
    palette = colour.oklch_to_oklab(np.array(PALETTES[pick("palette", list(PALETTES))]))
    style = style_row(pick("look", list(STYLES)))
    place = row_of(SETTINGS, {setting: 1.0})
    if rng.random() < 0.25 and "setting" not in fixed:
        place = 0.75 * place + 0.25 * row_of(SETTINGS, {pick("other", SETTINGS): 1.0})
    flat = np.ones(frames)

    def over(row: Floats) -> Floats:
        return np.repeat(row[None], frames, 0)

    kind = pick("kind", fitting_bodies(setting))
    gait = pick("gait", GAITS)
    has_body = "kind" in fixed or (rng.random() < 0.75 and fixed.get("has") != "0")
    count = float(rng.choice([1, 1, 3, 9, 24])) if kind in ("bird", "fish", "bee", "butterfly", "lantern", "balloon",
                                                          "jellyfish") else 1.0
    body = BodyPlan(kind, gait, flat * BODY_SIZE_M[kind] * rng.uniform(0.8, 1.25), flat, flat * count,
                    flat * float(kind == "lantern"))
    low, high = LENSES_MM[scale]
    shot_seed = int(rng.integers(2**31))
    lens = Lens(move, scale, flat * rng.uniform(low, high), flat, flat * 0.0, float(rng.choice([-1, 1])),
                aspect=aspect, seed=shot_seed)
    ground = np.array([rng.uniform(0.7, 1.3), rng.uniform(0.6, 1.3), rng.uniform(0.8, 1.3), 0.0,
                       rng.uniform(0.1, 0.8), rng.uniform(-2.0, 2.0)])
    sky = np.array([light["time_h"], light.get("tint_hue_deg", 0.0), light.get("tint", 0.0),
                    rng.choice([-1, 1]) * rng.uniform(30, 70), 0.0])
    air = row_of(("rain", "snow", "fog", "cloud", "storm", "dust", "aurora", "wind_mps"), weather)
    return ShotPlan(over(place), over(ground), over(sky), over(air), np.repeat(palette[None], frames, 0), over(style),
                    (body,) if has_body else (), lens, 0 if has_body else None, np.arange(0.0, frames / fps, 0.5), 0.0,
                    float(fps), shot_seed, seed, 0)


def world_of(plan: ShotPlan) -> World:
    """The World of one shot."""
    rows, events = roll_shot(plan)
    return World(TimeGrid.for_fps(round(plan.fps)), unpack(torch.from_numpy(rows)), tuple(events), plan.film_seed)


def random_world(seed: int, frames: int, fps: int = 24, **fixed: str) -> World:
    """A World of one random, composed shot of `frames` frames; the same for the same arguments."""
    return world_of(random_plan(seed, frames, fps, 16 / 9, **fixed))
