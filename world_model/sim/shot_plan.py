"""What a shot is asked for: numbers per frame, and nothing of other shots."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from world_model.sim.camera_frame import Lens
from world_model.sim.keys import chance
from world_model.sim.layout import Layout

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class BodyPlan:
    """One body slot over n frames; arrays are (n,). altitude_m is over the surface, or None for the kind's own."""

    kind: str
    gait: str
    size_m: Floats
    speed: Floats
    count: Floats
    glow: Floats
    altitude_m: Floats | None = None


@dataclass(frozen=True)
class ShotPlan:
    """All a shot needs. place (n, 17) weights, ground (n, 6), light (n, 5) as time_h, tint_hue_deg, tint, azimuth_deg
    (from the camera's heading), exposure_ev; weather (n, 8) up to wind_mps; palette (n, 6, 3) OKLab; style (n, 21).
    target is a body slot or None; beats_s are seconds from the shot's start; start_s is film time; seed is the
    shot's own and film_seed the film's; shot is its number; layout is what the first frame must keep."""

    place: Floats
    ground: Floats
    light: Floats
    weather: Floats
    palette: Floats
    style: Floats
    bodies: tuple[BodyPlan, ...]
    lens: Lens
    target: int | None
    beats_s: Floats
    start_s: float
    fps: float
    seed: int
    film_seed: int
    shot: int
    layout: Layout | None = None


def origin_m(film_seed: int, variant: float, seed: int, spot: int = 0) -> float:
    """Where along the trail a shot stands: one region within ± 2000 m per film and variant, and within it a spot of
    the shot's own; further spots are others near by."""
    region = chance(film_seed, 11, round(variant * 1000)) * 3800.0 - 1900.0
    return region + ((chance(seed, 12, spot) if spot else chance(seed, 12)) - 0.5) * 160.0
