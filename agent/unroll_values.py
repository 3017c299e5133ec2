"""Numbers of a shot over its frames: base value, curves, links, bounds.

Pointers are resolved inside the typed Direction, so that a misspelt one is refused by name instead of doing nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel
from pydantic.fields import FieldInfo

from agent.direction import SIGNALS, Direction, Link, Shot
from world_model.sim.keys import keyed, smoothed
from world_model.vocabulary import SETTINGS, STYLE_FIELDS, STYLE_NEUTRAL, STYLES

Floats = NDArray[np.float64]
# Bounds of the style fields; the rest lie in [0, 1].
STYLE_BOUNDS = {"saturation": (0.0, 2.0), "contrast": (0.0, 2.0), "hold_frames": (1.0, 8.0), "warmth": (-1.0, 1.0)}
OKLCH_BOUNDS = ((0.0, 1.0), (0.0, 0.4), (-360.0, 720.0))
# Where a link ends in light.
LIT = ("/exposure_ev", "/glow")
# What only says where things stand in the first frame.
LAID_OUT = ("skyline", "sun_at", "frame_at", "frame_height", "horizon")
CAMERA_CURVES = ("height_m", "distance_m", "yaw_deg", "pitch_deg", "roll_deg", "lens_mm")


@dataclass(frozen=True)
class Number:
    """A number found by pointer: its value (None where the Direction leaves it to the world) and its bounds."""

    base: float | None
    low: float
    high: float


def _bounds(info: FieldInfo) -> tuple[float, float]:
    low, high = -np.inf, np.inf
    for rule in info.metadata:
        low = max(low, float(getattr(rule, "ge", low)), float(getattr(rule, "gt", low)))
        high = min(high, float(getattr(rule, "le", high)), float(getattr(rule, "lt", high)))
    return low, high


def number_at(shot: Shot, pointer: str) -> Number:
    """The number at a pointer inside a shot, such as /world/weather/rain or /world/style/bloom.

    Raises LookupError when there is none or when it cannot move over time.
    """
    tokens = [token.replace("~1", "/").replace("~0", "~") for token in pointer.split("/")[1:]]
    if not pointer.startswith("/") or tokens[:1] not in (["world"], ["camera"]):
        raise LookupError(pointer)
    if tokens[:2] == ["world", "style"] and len(tokens) == 3 and tokens[2] in STYLE_FIELDS:
        look = STYLES.get(shot.world.look, {})
        base = {**STYLE_NEUTRAL, **look, **shot.world.style}.get(tokens[2], 0.0)
        return Number(base, *STYLE_BOUNDS.get(tokens[2], (0.0, 1.0)))
    if tokens[:2] == ["world", "place"] and len(tokens) == 3 and tokens[2] in SETTINGS:
        return Number(shot.world.place.get(tokens[2], 0.0), 0.0, 10.0)
    at: object = shot
    bounds = (-np.inf, np.inf)
    for token in tokens:
        if isinstance(at, BaseModel) and token in type(at).model_fields:
            bounds = _bounds(type(at).model_fields[token])
            at = getattr(at, token)
        elif isinstance(at, tuple) and token.isdecimal() and int(token) < len(at):
            at = at[int(token)]
            if tokens[1] == "palette":
                # Of `roles` the first number names the role, the second the channel.
                bounds = OKLCH_BOUNDS[min(int(token), 2)]
        else:
            raise LookupError(pointer)
    loose = tokens[-1] == "height_m"
    # `side`, the point of view and the first frame's layout are choices, not amounts.
    fixed = bool({"side", "view_deg", *LAID_OUT} & set(tokens)) or isinstance(at, bool)
    if fixed or not (isinstance(at, int | float) or (at is None and loose)):
        raise LookupError(pointer)
    return Number(None if at is None else float(at), *bounds)


@dataclass(frozen=True)
class Values:
    """The numbers of one shot over n frames. set_ replaces (curves), add comes on top (links)."""

    shot: Shot
    frames: int
    set_: dict[str, Floats] = field(default_factory=dict[str, Floats])
    add: dict[str, Floats] = field(default_factory=dict[str, Floats])

    def moves(self, pointer: str) -> bool:
        return pointer in self.set_ or pointer in self.add

    def over(self, pointer: str, otherwise: float | None = None) -> Floats:
        """(n,) of the number at `pointer`; `otherwise` where the Direction leaves it open."""
        number = number_at(self.shot, pointer)
        base = number.base if number.base is not None else otherwise
        values = self.set_.get(pointer)
        if values is None:
            if base is None:
                raise LookupError(pointer)
            values = np.full(self.frames, base)
        if pointer in self.add:
            values = values + self.add[pointer]
        if not self.moves(pointer):
            return values
        least = number.low + 1e-3 if pointer.endswith("/size_m") else number.low
        return np.clip(values, least, number.high)

    def maybe(self, pointer: str, otherwise: float) -> Floats | None:
        """As `over`, but None where the Direction leaves it open and nothing moves it."""
        if number_at(self.shot, pointer).base is None and not self.moves(pointer):
            return None
        return self.over(pointer, otherwise)


def shot_values(shot: Shot, frames: int, added: Mapping[str, Floats]) -> Values:
    """The Values of a shot with its curves. Raises ValueError naming a curve's pointer that does not resolve."""
    u = np.linspace(0.0, 1.0, frames) if frames > 1 else np.zeros(1)
    fixed: dict[str, Floats] = {}
    for pointer, keys in shot.curves.items():
        try:
            number_at(shot, pointer)
        except LookupError:
            raise ValueError(f"shot {shot.id!r}: the curve {pointer!r} points at no number of the shot") from None
        if keys:
            fixed[pointer] = keyed(keys, u)
    unknown = [name for name in shot.camera.curves if name not in CAMERA_CURVES]
    if unknown:
        raise ValueError(f"shot {shot.id!r}: no camera curve is called {unknown[0]!r}; "
                         f"known: {', '.join(CAMERA_CURVES)}")
    for name in ("height_m", "lens_mm"):
        if shot.camera.curves.get(name):
            fixed[f"/camera/{name}"] = keyed(shot.camera.curves[name], u)
    return Values(shot, frames, fixed, dict(added))


def _clean(heard: NDArray[np.float32]) -> Floats:
    return np.clip(np.nan_to_num(np.asarray(heard, np.float64), nan=0.0, posinf=1.0, neginf=0.0), 0.0, 1.0)


def glowing(curve: Floats, rate_hz: float) -> Floats:
    """A curve (n,) as a lamp answers it: up within a frame or two, down over about a third of a second. Light that
    falls as fast as a drum does reads as flicker."""
    keep = float(np.exp(-1.0 / (0.30 * rate_hz)))
    held = np.empty(len(curve))
    last = float(curve[0])
    for i, value in enumerate(curve):
        last = max(float(value), last * keep)
        held[i] = last
    return smoothed(held, max(1, round(0.05 * rate_hz)))


def driving(curve: Floats, rate_hz: float) -> Floats:
    """Energy (n,) as a driver feels it: its own quiet is 0 and its own loud 1, so that steady music still breathes
    through the camera; smoothed over 0.6 s, for a camera has mass. A curve that hardly moves is left as it is."""
    calm = smoothed(curve, max(1, round(0.3 * rate_hz)))
    low, high = (float(value) for value in np.percentile(calm, (10, 90)))
    if high - low < 0.04:
        return calm
    return np.clip((calm - low) / (high - low), 0.0, 1.0)


def link_targets(direction: Direction, link: Link) -> list[tuple[int, str]]:
    """(shot, pointer inside the shot) of every number a link moves. `*` stands for every shot that has the number,
    and for every body. Raises ValueError naming a pointer or a signal that does not exist."""
    if link.from_ not in SIGNALS:
        raise ValueError(f"no signal is called {link.from_!r}; known: {', '.join(SIGNALS)}")
    tokens = link.to.split("/")
    if len(tokens) < 4 or tokens[:2] != ["", "shots"] or not (tokens[2] == "*" or tokens[2].isdecimal()):
        raise ValueError(f"the link's pointer {link.to!r} does not lead into a shot")
    every = tokens[2] == "*"
    chosen = range(len(direction.shots)) if every else [int(tokens[2])]
    found: list[tuple[int, str]] = []
    for k in chosen:
        if k >= len(direction.shots):
            continue
        inner = "/" + "/".join(tokens[3:])
        bodies = range(len(direction.shots[k].world.bodies)) if "/bodies/*/" in inner else [0]
        for slot in bodies:
            pointer = inner.replace("/bodies/*/", f"/bodies/{slot}/")
            try:
                number_at(direction.shots[k], pointer)
            except LookupError:
                continue
            found.append((k, pointer))
    if not found:
        raise ValueError(f"the link's pointer {link.to!r} does not resolve to a number of any shot")
    return found


def link_curves(direction: Direction, signals: Mapping[str, NDArray[np.float32]] | None, rate_hz: float,
                times_s: Mapping[int, Floats]) -> dict[int, dict[str, Floats]]:
    """What the links add, by shot and pointer, at times_s (n,) of each shot that is in the film.

    A signal that was not measured adds nothing. Values outside [0, 1] and non-numbers are brought inside. All
    pointers are checked even where there is no signal.
    """
    out: dict[int, dict[str, Floats]] = {k: {} for k in times_s}
    for link in direction.links:
        targets = link_targets(direction, link)
        heard = (signals or {}).get(link.from_.removeprefix("music."))
        if heard is None or len(heard) == 0:
            continue
        curve = _clean(heard)
        if link.to.endswith(LIT):
            loud = (signals or {}).get("energy")
            if loud is not None and len(loud) == len(curve) and link.from_ != "music.energy":
                # The same drum lands harder where the music is loud.
                curve = curve * (0.25 + 0.75 * driving(_clean(loud), rate_hz))
            curve = glowing(curve, rate_hz)
        elif link.from_ == "music.energy" and link.to.endswith("/speed"):
            curve = driving(curve, rate_hz)
        clock = np.arange(len(curve)) / rate_hz
        for k, pointer in targets:
            if k not in times_s:
                continue
            added = link.amount * np.interp(times_s[k] - link.lag_s, clock, curve)
            out[k][pointer] = out[k].get(pointer, 0.0) + added
    return out
