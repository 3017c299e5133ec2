"""Every number of a live world that can be turned while it plays, as one flat vector with names and bounds.

A turned dial never jumps: it runs along an ease that starts at once (so that a viewer sees the answer early) and
comes in softly.
"""

from __future__ import annotations

from dataclasses import dataclass
from difflib import get_close_matches

import numpy as np
from numpy.typing import NDArray

from modalities.faults import Unusable
from world_model import colour
from world_model.sim.rollout import ShotPlan
from world_model.sim.sampling import style_row
from world_model.state import GROUND
from world_model.vocabulary import PALETTE_ROLES, PALETTES, SETTINGS, STYLE_FIELDS, STYLES

Floats = NDArray[np.float64]
LIGHT_DIALS = ("time_h", "tint_hue_deg", "tint", "azimuth_deg", "exposure_ev")
AIR = ("rain", "snow", "fog", "cloud", "storm", "dust", "aurora", "wind_mps")
_BOUNDS = {"relief": (0.0, 3.0), "density": (0.0, 3.0), "object_scale": (0.2, 3.0), "water_level_m": (-20.0, 20.0),
           "wave_m": (0.0, 3.0), "variant": (-1000.0, 1000.0), "time_h": (0.0, 24.0), "tint_hue_deg": (0.0, 360.0),
           "azimuth_deg": (-720.0, 720.0), "exposure_ev": (-3.0, 3.0), "wind_mps": (0.0, 30.0),
           "saturation": (0.0, 2.0), "contrast": (0.0, 2.0), "hold_frames": (1.0, 8.0), "warmth": (-1.0, 1.0),
           "speed": (0.0, 4.0), "L": (0.02, 0.98), "a": (-0.4, 0.4), "b": (-0.4, 0.4)}
NAMES: tuple[str, ...] = (
    *(f"/place/{name}" for name in SETTINGS), *(f"/ground/{name}" for name in GROUND),
    *(f"/light/{name}" for name in LIGHT_DIALS), *(f"/weather/{name}" for name in AIR),
    *(f"/palette/{role}/{axis}" for role in PALETTE_ROLES for axis in "Lab"),
    *(f"/style/{name}" for name in STYLE_FIELDS), "/bodies/speed", "/bodies/glow", "/camera/speed")
INDEX = {name: k for k, name in enumerate(NAMES)}
LOW, HIGH = (np.array([_BOUNDS.get(name.rsplit("/", 1)[-1], (0.0, 1.0))[end] for name in NAMES]) for end in (0, 1))
# What would be another land under the lens from one frame to the next.
FIXED = frozenset({"/ground/variant"})
TIME_H = INDEX["/light/time_h"]


def span(room: str) -> slice:
    """Where one room of the vector lies: place, ground, light, weather, palette or style."""
    at = [k for k, name in enumerate(NAMES) if name.startswith(f"/{room}/")]
    return slice(at[0], at[-1] + 1)


PLACE, GROUND_AT, LIGHT_AT, AIR_AT, PALETTE_AT, STYLE_AT = (
    span(room) for room in ("place", "ground", "light", "weather", "palette", "style"))


def dials_of(plan: ShotPlan, azimuth_deg: float) -> Floats:
    """The vector (n,) at the first frame of a plan. azimuth_deg: where the low sun stands, from +z."""
    out = np.zeros(len(NAMES))
    out[PLACE], out[GROUND_AT] = plan.place[0], plan.ground[0]
    out[LIGHT_AT], out[AIR_AT] = plan.light[0], plan.weather[0]
    out[LIGHT_AT.start + 3] = azimuth_deg
    out[PALETTE_AT], out[STYLE_AT] = plan.palette[0].ravel(), plan.style[0]
    out[INDEX["/bodies/speed"]] = 1.0
    out[INDEX["/camera/speed"]] = 1.0
    return np.clip(out, LOW, HIGH)


@dataclass(frozen=True)
class Ramp:
    """One dial on its way from frame `start` to `start + frames`."""

    dial: int
    origin: float
    target: float
    start: int
    frames: int

    def at(self, frame: int) -> float:
        """The value at a frame; quadratic ease-out, exact at the end. Frame `start` already has its first step."""
        u = min(1.0, (frame - self.start + 1) / self.frames)
        return self.target if u >= 1.0 else self.origin + (self.target - self.origin) * u * (2.0 - u)


def turned(values: Floats, ramps: tuple[Ramp, ...], wanted: dict[str, float], frame: int,
           frames: int) -> tuple[Ramp, ...]:
    """The ramps with new ones for `wanted` (pointer to value). Raises Unusable for a pointer that is no dial."""
    new: dict[int, Ramp] = {}
    for pointer, value in wanted.items():
        dial = dial_at(pointer)
        target = float(np.clip(value, LOW[dial], HIGH[dial]))
        origin = float(values[dial])
        if dial == TIME_H:
            # The short way round the clock; the light reads hours modulo 24.
            target = origin + (value - origin + 12.0) % 24.0 - 12.0
        if abs(target - origin) > 1e-9:
            new[dial] = Ramp(dial, origin, target, frame, max(1, frames))
    gone = {dial_at(pointer) for pointer in wanted}
    return (*(ramp for ramp in ramps if ramp.dial not in gone), *new.values())


def run(values: Floats, ramps: tuple[Ramp, ...], frame: int) -> tuple[Floats, tuple[Ramp, ...]]:
    """(values at `frame`, the ramps that go on after it)."""
    if not ramps:
        return values, ramps
    out = values.copy()
    for ramp in ramps:
        out[ramp.dial] = ramp.at(frame)
    if abs(out[TIME_H]) > 48.0:
        out[TIME_H] %= 24.0
    return out, tuple(ramp for ramp in ramps if frame + 1 < ramp.start + ramp.frames)


def dial_at(pointer: str) -> int:
    """The index of a dial. Raises Unusable naming the nearest ones."""
    dial = INDEX.get(pointer)
    if dial is None or pointer in FIXED:
        near = get_close_matches(pointer, NAMES, 3, 0.4) or ["/weather/rain", "/light/time_h", "/style/outline"]
        raise Unusable(f"{pointer[:60]!r} is not a number that can be steered live; near it are {', '.join(near)}.")
    return dial


def look_values(look: str | None, palette: str | None) -> dict[str, float]:
    """The dials of a named look and a named palette. Raises Unusable naming the known ones."""
    out: dict[str, float] = {}
    if look is None and palette is None:
        raise Unusable("A change of look needs a look or a palette by name.")
    if look is not None:
        if look not in STYLES:
            raise Unusable(f"No look is called {look[:40]!r}; known: {', '.join(STYLES)}.")
        out |= {f"/style/{name}": float(v) for name, v in zip(STYLE_FIELDS, style_row(look), strict=True)}
    if palette is not None:
        if palette not in PALETTES:
            raise Unusable(f"No palette is called {palette[:40]!r}; known: {', '.join(PALETTES)}.")
        lab = colour.oklch_to_oklab(np.array(PALETTES[palette]))
        out |= {f"/palette/{role}/{axis}": float(lab[r, k]) for r, role in enumerate(PALETTE_ROLES)
                for k, axis in enumerate("Lab")}
    return out
