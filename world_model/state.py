"""The world's state: typed, continuous numbers on the frame clock.

A State is a run of T frames. Everything the simulator draws or sounds is a function of one row (plus the row
before, for optical flow), so any frame can be asked for alone. Everything is continuous: any two rows can be
blended, any number nudged.

Axes: x right, y up, z forward, metres. Yaw 0 looks along +z and grows towards +x; pitch grows upward; roll
positive tips the horizon clockwise. Angles are radians. The world is infinite; `ground[variant]` morphs it.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING

from world_model.clock import TimeGrid
from world_model.vocabulary import BODIES, PALETTE_ROLES, SETTINGS, STYLE_FIELDS

if TYPE_CHECKING:
    from torch import Tensor

BODY_SLOTS = 6

GROUND = ("relief", "density", "object_scale", "water_level_m", "wave_m", "variant")
LIGHT = ("sun_elevation_rad", "sun_azimuth_rad", "sun_r", "sun_g", "sun_b", "zenith_r", "zenith_g", "zenith_b",
         "horizon_r", "horizon_g", "horizon_b", "ambient_r", "ambient_g", "ambient_b", "stars", "exposure_ev")
WEATHER = ("rain", "snow", "fog", "cloud", "storm", "dust", "aurora", "wind_mps", "wind_yaw_rad", "flash")
POSE = ("x_m", "y_m", "z_m", "yaw_rad", "pitch_rad", "roll_rad", "size_m", "phase")
GROUP = ("count", "spread_m", "glow")
CAMERA = ("x_m", "y_m", "z_m", "yaw_rad", "pitch_rad", "roll_rad", "fov_rad", "focus_m")
# The shape of a drawn skyline, then its slopes at SKYLINE_COLUMNS bearings (world_model.sim.skyline).
SKYLINE = ("strength", "x_m", "y_m", "z_m", "yaw_rad", "half_rad", "feather_rad", "crest_m")
SKYLINE_COLUMNS = 48

# Width of one packed row, by field. `time_s`, `shot` and `skyline` are not blended by the model and come last.
WIDTHS = {
    "place": len(SETTINGS), "ground": len(GROUND), "light": len(LIGHT), "weather": len(WEATHER),
    "palette": 3 * len(PALETTE_ROLES), "style": len(STYLE_FIELDS), "body_kind": BODY_SLOTS * len(BODIES),
    "body_pose": BODY_SLOTS * len(POSE), "body_group": BODY_SLOTS * len(GROUP), "camera": len(CAMERA),
    "time_s": 1, "shot": 1, "skyline": len(SKYLINE) + SKYLINE_COLUMNS,
}
WIDTH = sum(WIDTHS.values())


@dataclass(frozen=True)
class State:
    """T frames of world, float32 tensors.

    place       (T, 17)      mixture over SETTINGS, >= 0, sums to 1
    ground      (T, 6)       GROUND: relief, density, object_scale are factors (1 = typical, [0, 3]);
                             water_level_m is added to the setting's own; wave_m [0, 3]; variant any real
    light       (T, 16)      LIGHT: colours are linear RGB radiance >= 0, sun points *to* the sun
    weather     (T, 10)      WEATHER: amounts [0, 1], wind in m/s, flash = lightning now [0, 1]
    palette     (T, 6, 3)    OKLab, PALETTE_ROLES
    style       (T, 21)      STYLE_FIELDS
    body_kind   (T, 6, 18)   per slot, presence of each kind in [0, 1]; the sum scales the body (0 = empty slot)
    body_pose   (T, 6, 8)    POSE of the (leading) body in the world; phase in gait cycles
    body_group  (T, 6, 3)    count [1, 48] members, spread_m between them, glow [0, 1]
    camera      (T, 8)       CAMERA; fov_rad is horizontal
    time_s      (T, 1)       seconds on the film's clock (already held for styles that hold frames)
    shot        (T, 1)       shot number; a change is a cut
    skyline     (T, 56)      SKYLINE and slopes: the line under which one eye sees the land end; all 0 without one
    """

    place: Tensor
    ground: Tensor
    light: Tensor
    weather: Tensor
    palette: Tensor
    style: Tensor
    body_kind: Tensor
    body_pose: Tensor
    body_group: Tensor
    camera: Tensor
    time_s: Tensor
    shot: Tensor
    skyline: Tensor

    def __len__(self) -> int:
        return self.place.shape[0]

    def rows(self, start: int, stop: int) -> State:
        """Frames [start, stop)."""
        return State(**{f.name: getattr(self, f.name)[start:stop] for f in fields(self)})

    def pack(self) -> Tensor:
        """(T, D) float32 with D = sum(WIDTHS.values())."""
        import torch

        return torch.cat([getattr(self, name).reshape(len(self), -1) for name in WIDTHS], 1).float()


def unpack(rows: Tensor) -> State:
    """The State of packed rows (T, D); rows that end before the skyline have none. Raises ValueError when D is not the
    packed width."""
    import torch

    width = WIDTH
    if rows.ndim == 2 and rows.shape[1] == width - WIDTHS["skyline"]:
        rows = torch.nn.functional.pad(rows, (0, WIDTHS["skyline"]))
    if rows.ndim != 2 or rows.shape[1] != width:
        raise ValueError(f"packed state must be (T, {width}), not {tuple(rows.shape)}")
    parts = dict(zip(WIDTHS, torch.split(rows, list(WIDTHS.values()), 1), strict=True))
    count = rows.shape[0]
    parts["palette"] = parts["palette"].reshape(count, -1, 3)
    for name in ("body_kind", "body_pose", "body_group"):
        parts[name] = parts[name].reshape(count, BODY_SLOTS, -1)
    return State(**parts)


def blend(a: State, b: State, amount: float) -> State:
    """a at 0, b at 1, straight in between, field by field; the shot number stays a's.

    A skyline that only one of them has grows or sinks where it stands.
    """
    import torch

    mixed = {f.name: torch.lerp(getattr(a, f.name), getattr(b, f.name), amount) for f in fields(a)}
    has_a, has_b = a.skyline[:, :1] > 0, b.skyline[:, :1] > 0
    shape = torch.where(has_a & ~has_b, a.skyline, torch.where(has_b & ~has_a, b.skyline, mixed["skyline"]))
    skyline = torch.cat([mixed["skyline"][:, :1], shape[:, 1:]], 1)
    return replace(State(**mixed), shot=a.shot, skyline=skyline)


def offsets() -> dict[str, slice]:
    """Where each field lies in a packed row."""
    place: dict[str, slice] = {}
    at = 0
    for name, width in WIDTHS.items():
        place[name] = slice(at, at + width)
        at += width
    return place


@dataclass(frozen=True)
class Event:
    """Something that happens at an instant and is both seen and heard.

    kind: thunder, splash, impact, step, wing, horn, whoosh, chime, launch. strength [0, 1]. position_m in the
    world, or None for everywhere.
    """

    time_s: float
    kind: str
    strength: float = 1.0
    position_m: tuple[float, float, float] | None = None


@dataclass(frozen=True)
class World:
    """A rolled-out Direction: what the engines read. `state` has one row per frame of `grid`."""

    grid: TimeGrid
    state: State
    events: tuple[Event, ...] = ()
    seed: int = 0

    @property
    def duration_s(self) -> float:
        return len(self.state) / self.grid.fps
