"""Direction to World: shots placed on the clock, curves and couplings applied, every shot rolled out, shots joined."""

from __future__ import annotations

import zlib
from collections.abc import Mapping

import numpy as np
import torch
from numpy.typing import NDArray

from agent.direction import Direction, Palette, Shot
from agent.unroll_spans import beats_s, cut_frames, spans_s
from agent.unroll_values import Values, link_curves, shot_values
from world_model import colour
from world_model.clock import TimeGrid
from world_model.sim.camera_frame import PLACE_HEIGHT_M, Lens
from world_model.sim.keys import keyed, smootherstep
from world_model.sim.layout import Layout, Mark
from world_model.sim.motion import ALTITUDE_M
from world_model.sim.rollout import BodyPlan, ShotPlan, fade, morph, roll_shot
from world_model.state import GROUND, Event, World, unpack
from world_model.vocabulary import PALETTE_ROLES, PALETTES, SETTINGS, STYLE_FIELDS, STYLES

__all__ = ["shot_plan", "spans_s", "unroll"]

Floats = NDArray[np.float64]
AIR = ("rain", "snow", "fog", "cloud", "storm", "dust", "aurora", "wind_mps")
DISSOLVE_S = 0.6
WIDE = 16 / 9
FADE_S = 0.45


def unroll(direction: Direction, signals: Mapping[str, NDArray[np.float32]] | None = None,
           signal_rate_hz: float = 50.0, size_px: tuple[int, int] | None = None) -> World:
    """The World of a Direction: grid.frames(duration_s) rows of state, and its events in order of time.

    signals: curves (T,) in [0, 1] of the music by name without prefix ("energy", "kick", …) at signal_rate_hz, for
    the links. size_px only sets the shape of the picture for framing; the Direction's own by default. The same
    arguments give the same tensors. Raises ValueError naming a pointer, signal, palette, look or camera target that
    does not exist.
    """
    grid = TimeGrid(direction.grid.steps_per_s, direction.grid.fps, direction.grid.sample_rate_hz)
    wide, high = size_px or direction.size_px
    cuts = cut_frames(direction, grid)
    times = {k: np.arange(start, end) / grid.fps for k, start, end in cuts}
    added = link_curves(direction, signals, signal_rate_hz, times)
    beats = beats_s(direction.music, direction.duration_s)
    _check(direction)
    parts: list[NDArray[np.float32]] = []
    events: list[Event] = []
    for k, start, end in cuts:
        values = shot_values(direction.shots[k], end - start, added[k])
        plan = _plan(direction, k, values, start, grid, beats, wide / high)
        rows, heard = roll_shot(plan)
        parts.append(rows)
        events.extend(heard)
    shots = [direction.shots[k] for k, _, _ in cuts]
    joined = np.concatenate(_joined(parts, shots, grid.fps))
    events = [event for event in events if 0.0 <= event.time_s < direction.duration_s]
    events.sort(key=lambda event: (event.time_s, event.kind))
    return World(grid, unpack(torch.from_numpy(joined)), tuple(events), direction.seed)


def shot_plan(direction: Direction, number: int, frames: int, size_px: tuple[int, int] | None = None) -> ShotPlan:
    """The plan of one shot alone, `frames` long and without links: what live play starts from.

    Raises ValueError as `unroll` does.
    """
    grid = TimeGrid(direction.grid.steps_per_s, direction.grid.fps, direction.grid.sample_rate_hz)
    wide, high = size_px or direction.size_px
    _check(direction)
    begin_s = max(spans_s(direction)[number][0], 0.0)
    values = shot_values(direction.shots[number], frames, {})
    return _plan(direction, number, values, grid.frame_at(begin_s), grid,
                 beats_s(direction.music, direction.duration_s), wide / high)


def _check(direction: Direction) -> None:
    """Names that only the world knows. Raises ValueError with the known ones."""
    for shot in direction.shots:
        if shot.world.look not in STYLES:
            raise ValueError(f"shot {shot.id!r}: no look is called {shot.world.look!r}; known: {', '.join(STYLES)}")
        if shot.world.palette.name not in PALETTES:
            raise ValueError(f"shot {shot.id!r}: no palette is called {shot.world.palette.name!r}; "
                             f"known: {', '.join(PALETTES)}")
        names = [body.id for body in shot.world.bodies]
        if shot.camera.target is not None and shot.camera.target not in names:
            raise ValueError(f"shot {shot.id!r}: the camera's target {shot.camera.target!r} is none of its bodies "
                             f"({', '.join(names) or 'it has none'})")


def _plan(direction: Direction, number: int, values: Values, start: int, grid: TimeGrid, beats: Floats,
          aspect: float) -> ShotPlan:
    """The plan of one shot from its values over time."""
    shot = values.shot
    count = values.frames
    seed = (direction.seed * 2654435761 + zlib.crc32(shot.id.encode())) % 2**31
    names = [body.id for body in shot.world.bodies]
    begin_s = start / grid.fps
    place = np.stack([values.over(f"/world/place/{name}") for name in SETTINGS], 1)
    light = np.stack([values.over(f"/world/light/{name}")
                      for name in ("time_h", "tint_hue_deg", "tint", "azimuth_deg", "exposure_ev")], 1)
    return ShotPlan(
        place=place, ground=np.stack([values.over(f"/world/ground/{name}") for name in GROUND], 1), light=light,
        weather=np.stack([values.over(f"/world/weather/{name}") for name in AIR], 1),
        palette=_palette(values), style=np.stack([values.over(f"/world/style/{name}") for name in STYLE_FIELDS], 1),
        bodies=tuple(_body(values, slot) for slot in range(len(names))), lens=_lens(values, aspect, seed),
        target=names.index(shot.camera.target) if shot.camera.target is not None else None,
        beats_s=beats[(beats > begin_s - 4.0) & (beats < begin_s + count / grid.fps + 4.0)] - begin_s,
        start_s=begin_s, fps=float(grid.fps), seed=seed, film_seed=direction.seed, shot=number,
        layout=_layout(shot))


def _layout(shot: Shot) -> Layout | None:
    """What the shot's first frame must keep; None where nothing is asked."""
    world = shot.world
    marks = tuple(Mark(body.frame_at, body.frame_height) if body.frame_at or body.frame_height else None
                  for body in world.bodies)
    line = None if world.ground.skyline is None else np.array(world.ground.skyline)
    layout = Layout(line, shot.camera.horizon, world.light.sun_at, marks)
    return layout if layout.composed or layout.sun is not None else None


def _palette(values: Values) -> Floats:
    """OKLab (n, 6, 3) of the named palette, moved."""
    palette: Palette = values.shot.world.palette
    lch = np.repeat(np.array(palette.roles or PALETTES[palette.name])[None], values.frames, 0)
    for name, role, given in (("dominant", "ground", palette.dominant), ("accent", "accent", palette.accent)):
        if given is not None:
            where = PALETTE_ROLES.index(role)
            lch[:, where] = np.stack([values.over(f"/world/palette/{name}/{k}") for k in range(3)], 1)
    lch[..., 0] = np.clip(lch[..., 0] * values.over("/world/palette/lightness")[:, None], 0.02, 0.98)
    lch[..., 1] = np.clip(lch[..., 1] * values.over("/world/palette/chroma")[:, None], 0.0, 0.37)
    lch[..., 2] += values.over("/world/palette/hue_shift_deg")[:, None]
    return colour.oklch_to_oklab(lch)


def _body(values: Values, slot: int) -> BodyPlan:
    body = values.shot.world.bodies[slot]
    at = f"/world/bodies/{slot}"
    return BodyPlan(body.kind, body.gait, values.over(f"{at}/size_m"), values.over(f"{at}/speed"),
                    values.over(f"{at}/count"), values.over(f"{at}/glow"),
                    values.maybe(f"{at}/height_m", ALTITUDE_M.get(body.kind, 0.0)))


def _lens(values: Values, aspect: float, seed: int) -> Lens:
    camera = values.shot.camera
    u = np.linspace(0.0, 1.0, values.frames) if values.frames > 1 else np.zeros(1)

    def curve(name: str, factor: float) -> Floats | None:
        return keyed(camera.curves[name], u) * factor if camera.curves.get(name) else None

    away = curve("distance_m", 1.0)
    # A lens is named for a wide picture; a tall one keeps the diagonal, else it would see the sky and its own feet.
    crop = float(np.hypot(1.0, 1.0 / min(aspect, WIDE)) / np.hypot(1.0, 1.0 / WIDE))
    usual = 0.26 if camera.move == "bee_cam" else PLACE_HEIGHT_M[camera.scale]
    return Lens(camera.move, camera.scale, values.over("/camera/lens_mm") * crop, values.over("/camera/speed"),
                values.over("/camera/shake"), float(camera.side), values.maybe("/camera/height_m", usual),
                None if away is None else np.maximum(away, 0.1), curve("yaw_deg", np.pi / 180),
                curve("pitch_deg", np.pi / 180), curve("roll_deg", np.pi / 180), aspect, seed, camera.view_deg)


def _joined(parts: list[NDArray[np.float32]], shots: list[Shot], fps: int) -> list[NDArray[np.float32]]:
    """The shots' rows with fades and dissolves at their starts, and the film's fade to black at its end.

    A dissolve turns one world into the other through the cut while each camera keeps its own way; a fade goes
    through black. Only the frames near the cut change, so a shot's body does not depend on its neighbours.
    """
    out = list(parts)
    for k, shot in enumerate(shots):
        rows = out[k]
        if shot.cut == "fade":
            length = min(round(FADE_S * fps), len(rows) // 3)
            if length:
                amount = np.zeros(len(rows))
                amount[:length] = 1.0 - np.arange(length) / length
                out[k] = fade(rows, amount)
            if k:
                length = min(round(FADE_S * fps), len(out[k - 1]) // 3)
                amount = np.zeros(len(out[k - 1]))
                amount[len(amount) - length:] = np.arange(1, length + 1) / max(length, 1)
                out[k - 1] = fade(out[k - 1], amount)
        elif shot.cut == "dissolve" and k:
            before, after = out[k - 1], rows
            reach = round(0.5 * DISSOLVE_S * fps)
            left, right = min(reach, len(before) // 2), min(reach, len(after) // 2)
            if left < 1 or right < 1:
                continue
            # Half way exactly at the cut, from both sides.
            rising = 0.5 * smootherstep((np.arange(left) + 0.5) / left)
            falling = 0.5 * smootherstep(1.0 - (np.arange(right) + 0.5) / right)
            head, tail = before[:len(before) - left], morph(before[-left:], after[0], rising)
            out[k - 1] = np.concatenate([head, tail])
            out[k] = np.concatenate([morph(after[:right], before[-1], falling), after[right:]])
    if shots and shots[-1].ending == "fade":
        length = min(round(2 * FADE_S * fps), len(out[-1]) // 2)
        amount = np.zeros(len(out[-1]))
        amount[len(amount) - length:] = np.arange(1, length + 1) / max(length, 1)
        out[-1] = fade(out[-1], amount)
    return out
