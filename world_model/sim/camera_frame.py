"""What a camera is asked for and how a picture is composed: scales, thirds, distances, lenses."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from world_model.sim.stage import Stage
from world_model.vocabulary import SETTINGS

Floats = NDArray[np.float64]

FRAME_WIDTH_MM = 36.0
# How much of the frame's height the subject fills, and how far away the place itself is looked at (metres).
FILL = {"wide": 0.18, "full": 0.30, "medium": 0.50, "close": 0.70, "detail": 1.20}
LOOK_M = {"wide": 46.0, "full": 26.0, "medium": 13.0, "close": 6.0, "detail": 3.2}
PLACE_HEIGHT_M = {"wide": 3.2, "full": 2.0, "medium": 1.4, "close": 0.8, "detail": 0.4}
# Share of the horizon (against the subject) in deciding the tilt, and how far off centre the subject stands.
HORIZON_SHARE = {"wide": 1.0, "full": 0.75, "medium": 0.3, "close": 0.05, "detail": 0.0}
THIRD = {"wide": 0.34, "full": 0.32, "medium": 0.26, "close": 0.14, "detail": 0.04}
# Height and length of a body in sizes, as seen from the side.
EXTENT = {"bird": (0.5, 1.0), "bee": (0.7, 1.0), "butterfly": (0.8, 1.0), "fish": (0.5, 1.0), "whale": (0.35, 1.0),
          "jellyfish": (1.2, 0.8), "boat": (0.8, 1.0), "car": (0.36, 1.0), "train": (0.3, 0.5), "rocket": (1.0, 0.6),
          "balloon": (1.2, 1.0), "walker": (1.0, 0.5), "fox": (0.6, 1.0), "ball": (1.0, 1.0), "planet": (1.0, 1.0),
          "lantern": (1.0, 0.8), "dragon": (0.5, 1.2), "kite": (1.0, 1.0)}
# Settings whose upper part is the picture: the horizon goes on the lower third.
TALL = ("desert", "mountains", "city", "crystals", "space", "snowfield", "canyon", "ocean")
HIDDEN_HORIZON = ("underwater", "particles")
# Where plants stand close, the lens goes over the grass.
GROWN = ("meadow", "forest", "village", "mountains")
WOODED = ("forest", "mountains", "village", "crystals")
CANOPY_M = {"forest": 11.0, "mountains": 11.0, "city": 60.0, "canyon": 12.0, "village": 7.0, "crystals": 7.0,
            "underwater": 4.0, "lake": 6.0, "islands": 6.0, "snowfield": 4.0, "desert": 2.0, "meadow": 1.0}
# Share of a group's width that the scale wants in the picture; a close-up is of the leader.
COMPANY = {"wide": 0.8, "full": 0.7, "medium": 0.3, "close": 0.05, "detail": 0.0}
# Shares of half the frame by which the subject's middle may stand off the centre, so that it all stays in.
REACH_UP = {"wide": 0.6, "full": 0.5, "medium": 0.32, "close": 0.2, "detail": 0.12}
REACH_ACROSS = {"wide": 0.68, "full": 0.58, "medium": 0.48, "close": 0.34, "detail": 0.24}
MOST_CROWD = 4.0
LOCKED = ("static", "pan", "tilt", "top_down")
FLYING = ("fly_through", "bee_cam")
MOST_TURN = np.radians(44.0)
MOST_TURN_FLYING = np.radians(115.0)


@dataclass(frozen=True)
class Lens:
    """How a shot is to be filmed; arrays are (n,). height_m is over the surface; distance_m to the subject; the
    three offsets (radians) are added to the move's own angles. view_deg is from where the subject is seen (0 behind, 90
    in profile, 180 in front). framing_m is the distance the move starts from instead of the scale's. Any of the
    optional ones overrides the move."""

    move: str
    scale: str
    lens_mm: Floats
    speed: Floats
    shake: Floats
    side: float
    height_m: Floats | None = None
    distance_m: Floats | None = None
    yaw_rad: Floats | None = None
    pitch_rad: Floats | None = None
    roll_rad: Floats | None = None
    aspect: float = 16 / 9
    seed: int = 0
    view_deg: float | None = None
    framing_m: float | None = None

    def away_m(self, extent_m: float, sight_m: float = 1e9) -> float:
        """Metres from which a subject `extent_m` high is filmed."""
        if self.framing_m is not None:
            return self.framing_m
        return framing_distance(self.scale, extent_m, float(self.lens_mm.mean()), self.aspect, sight_m)


@dataclass(frozen=True)
class Subject:
    """What is filmed: centre (n, 3) metres, its apparent size (metres of height at which FILL holds), its heading
    (n,), whether it is in the air, which way along the trail it goes (+1 or -1), and how large it is from above
    against from the side."""

    centre: Floats
    extent_m: float
    yaw: Floats
    airborne: bool
    facing: float
    seen_from_above: float = 1.0


def half_width(lens_mm: Floats | float) -> Floats:
    """Tangent of half the horizontal angle of view."""
    return FRAME_WIDTH_MM / (2.0 * np.asarray(lens_mm, np.float64))


def apparent_m(kind: str, size_m: float, count: float, spread_m: float, scale: str, aspect: float = 16 / 9) -> float:
    """The height (metres) a body or a group takes in the picture; length counts less where the frame is wide."""
    room = 1.275 * np.sqrt(min(max(aspect, 0.4), 16 / 9))
    high, long = EXTENT[kind]
    group = 0.55 * COMPANY[scale] * spread_m * np.sqrt(max(count - 1.0, 0.0))
    one = max(high * size_m, long * size_m / room)
    # However many there are, each can still be made out.
    return float(max(one, min(0.8 * high * size_m + group / (0.88 * room), MOST_CROWD * one)))


def framing_distance(scale: str, extent_m: float, lens_mm: float, aspect: float, sight_m: float = 1e9) -> float:
    """Metres from which something `extent_m` high fills what the scale asks for; nearer where the air or the water
    lets one see only `sight_m`."""
    tall = 2.0 * float(half_width(lens_mm)) / aspect
    return max(min(extent_m / (FILL[scale] * tall), sight_m), 0.75 * extent_m + 0.12)


def above_growth(subject: Subject, stage: Stage) -> bool:
    """Whether the subject moves over what stands on the ground, so that the camera may leave the lane."""
    floor = stage.surface(subject.centre[:, 0], subject.centre[:, 2])
    return subject.airborne and float((subject.centre[:, 1] - floor).mean()) > canopy_m(stage)


def canopy_m(stage: Stage) -> float:
    """Metres up to which plants and buildings stand, by the place's mixture."""
    return sum(high * share_of(stage, (name,)) for name, high in CANOPY_M.items())


def share_of(stage: Stage, names: tuple[str, ...]) -> float:
    """Share of the place that is made of `names`."""
    place = stage.rows[len(stage.rows) // 2, : len(SETTINGS)].astype(np.float64)
    return float(sum(place[SETTINGS.index(name)] for name in names) / max(place.sum(), 1e-9))


@dataclass(frozen=True)
class Plan:
    """What a move changes over the shot, all (n,): distance factor, angle round the subject, sideways and forward
    way, height added, aim offsets in shares of half the field of view, and the tangent of the lens as a factor."""

    near: Floats
    swing: Floats
    truck: Floats
    rise: Floats
    aim_x: Floats
    aim_y: Floats
    tangent: Floats
