"""Colours and light of a reference, tried out: a few small pictures of each look are rendered, and what brings them
nearest to the reference is kept. A palette names what things are; only a picture tells how they look in this light."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from agent.direction import Direction, Shot
from agent.steer_look import LCH, palette_distance
from modalities.cues import LightCues, Swatch
from world_model.state import offsets
from world_model.vocabulary import STYLES

AT = offsets()
SIZE_PX = (96, 54)
FRAMES = 6
# At most so many different looks of a film are tried; the others take what was best for the nearest.
MOST_LOOKS = 5
ROUNDS = 2
# How much a difference of lightness counts beside a difference of palette.
LIGHT_WEIGHT, CONTRAST_WEIGHT, WARMTH_WEIGHT = 1.0, 0.5, 0.25
MOST_TINT_DEG = 75.0
# What is tried of each knob, round its neutral value; the tint's hue comes from the reference.
STEPS: dict[str, tuple[float, ...]] = {
    "tint": (0.0, 0.35, 0.7), "lightness": (0.8, 1.0, 1.2), "saturation": (0.6, 1.0, 1.4), "warmth": (-0.35, 0.0, 0.35),
    "exposure": (-0.8, -0.35, 0.0, 0.35, 0.8), "contrast": (-0.2, 0.0, 0.2)}
OF_PALETTE, OF_LIGHT = ("tint", "lightness", "saturation", "warmth"), ("exposure", "contrast", "warmth")
NEUTRAL = {"tint": 0.0, "lightness": 1.0, "saturation": 1.0, "warmth": 0.0, "exposure": 0.0, "contrast": 0.0}


@dataclass(frozen=True)
class Wanted:
    """What a shot should look like: a palette, a light, or both."""

    palette: tuple[Swatch, ...] | None
    light: LightCues | None


def fitted(direction: Direction, wanted: Sequence[Wanted | None]) -> Direction:
    """The Direction whose shots look most like what is wanted of each (None leaves a shot alone)."""
    groups: dict[object, list[int]] = {}
    for k, (shot, want) in enumerate(zip(direction.shots, wanted, strict=True)):
        if want is not None and (want.palette or want.light):
            groups.setdefault(_look(shot), []).append(k)
    shots = list(direction.shots)
    for numbers in sorted(groups.values(), key=len, reverse=True)[:MOST_LOOKS]:
        middle = numbers[len(numbers) // 2]
        want = wanted[middle]
        assert want is not None
        knobs, hue_deg = _fit(direction, middle, want)
        for k in numbers:
            shots[k] = with_knobs(shots[k], knobs, hue_deg)
    return direction.model_copy(update={"shots": tuple(shots)})


def _look(shot: Shot) -> object:
    light = shot.world.light
    return (shot.world.palette.roles, shot.world.look, tuple(shot.world.place), round(light.time_h),
            shot.world.style.get("contrast"), round(light.exposure_ev * 2))


def with_knobs(shot: Shot, knobs: Mapping[str, float], hue_deg: float) -> Shot:
    """The shot with colours and light moved."""
    world = shot.world
    look = STYLES.get(world.look, {})

    def styled(name: str, value: float, low: float, high: float) -> float:
        return round(float(np.clip(value, low, high)), 3)

    style = dict(world.style)
    if knobs["saturation"] != 1.0:
        base = style.get("saturation", look.get("saturation", 1.0))
        style["saturation"] = styled("saturation", base * knobs["saturation"], 0.0, 2.0)
    if knobs["warmth"]:
        style["warmth"] = styled("warmth", style.get("warmth", look.get("warmth", 0.0)) + knobs["warmth"], -1.0, 1.0)
    if knobs["contrast"]:
        style["contrast"] = styled("contrast", style.get("contrast", look.get("contrast", 1.0)) + knobs["contrast"],
                                   0.4, 1.9)
    light = world.light.model_copy(update={
        "exposure_ev": styled("", world.light.exposure_ev + knobs["exposure"], -3.0, 3.0)})
    if knobs["tint"]:
        light = light.model_copy(update={"tint": knobs["tint"], "tint_hue_deg": round(hue_deg % 360.0, 1)})
    palette = world.palette
    if palette.roles is not None and knobs["lightness"] != 1.0:
        palette = palette.model_copy(update={"roles": tuple(_lighter(role, knobs["lightness"])
                                                            for role in palette.roles)})
    return shot.model_copy(update={"world": world.model_copy(update={"style": style, "light": light,
                                                                     "palette": palette})})


def _lighter(role: LCH, factor: float) -> LCH:
    return round(float(np.clip(role[0] * factor, 0.05, 0.97)), 4), role[1], role[2]


def _fit(direction: Direction, number: int, want: Wanted) -> tuple[dict[str, float], float]:
    """The best knobs for a shot by trying one after another, twice, the second time in smaller steps."""
    names = list(dict.fromkeys((*(OF_PALETTE if want.palette else ()), *(OF_LIGHT if want.light else ()))))
    hue_deg = sky_hue(want.palette) if want.palette else 0.0
    if want.palette and _apart_deg(hue_deg, area_hue(want.palette)) > MOST_TINT_DEG:
        # A bright thing before a ground of another hue is no light that falls on it.
        names.remove("tint")
    shot = direction.shots[number]
    table = _Tries(direction, number, want, hue_deg)
    best = dict(NEUTRAL)
    cost = table.cost(shot, best)
    for scale in [1.0 / 2 ** k for k in range(ROUNDS)]:
        for name in names:
            for step in STEPS[name]:
                value = NEUTRAL[name] + (step - NEUTRAL[name]) * scale if scale == 1.0 else \
                    best[name] + (step - NEUTRAL[name]) * scale
                if name == "tint":
                    value = float(np.clip(value, 0.0, 0.9))
                if abs(value - best[name]) < 1e-6:
                    continue
                tried = {**best, name: round(value, 3)}
                new = table.cost(shot, tried)
                # What changes nothing to speak of is left as it was.
                if new < cost - 0.002:
                    best, cost = tried, new
    return best, hue_deg


def sky_hue(palette: Sequence[Swatch]) -> float:
    """The hue that the light is drawn to: that of the palette's lighter half, each colour as heavy as it is vivid."""
    middle = float(np.average([s.lightness for s in palette], weights=[max(s.share, 1e-3) for s in palette]))
    parts = [s for s in palette if s.lightness >= middle - 0.02] or list(palette)
    weight = np.array([s.share * s.chroma for s in parts]) + 1e-9
    angle = np.radians([s.hue_deg for s in parts])
    return float(np.degrees(np.arctan2((weight * np.sin(angle)).sum(), (weight * np.cos(angle)).sum())) % 360.0)


def area_hue(palette: Sequence[Swatch]) -> float:
    """The hue of the largest areas, each colour as heavy as it is large and vivid."""
    weight = np.array([s.share ** 2 * s.chroma for s in palette]) + 1e-9
    angle = np.radians([s.hue_deg for s in palette])
    return float(np.degrees(np.arctan2((weight * np.sin(angle)).sum(), (weight * np.cos(angle)).sum())) % 360.0)


def _apart_deg(hue_deg: float, other_deg: float) -> float:
    return abs((hue_deg - other_deg + 180.0) % 360.0 - 180.0)


class _Tries:
    """Renders one moment of a shot under different knobs and compares it with what is wanted."""

    def __init__(self, direction: Direction, number: int, want: Wanted, hue_deg: float) -> None:
        from agent.unroll import shot_plan
        from world_model.sim.picture import Renderer
        from world_model.sim.rollout import roll_shot

        wide, high = direction.size_px
        scale = SIZE_PX[0] / max(wide, high)
        self._size = max(16, 2 * round(wide * scale / 2)), max(16, 2 * round(high * scale / 2))
        self._direction, self._number, self._want, self._hue = direction, number, want, hue_deg
        self._renderer = Renderer(self._size, threads=1)
        self._row = roll_shot(shot_plan(direction, number, FRAMES, direction.size_px))[0][FRAMES // 2]

    def cost(self, shot: Shot, knobs: Mapping[str, float]) -> float:
        """How far the shot under these knobs is from what is wanted."""
        from modalities.perceive.picture_framing import lab_of
        from modalities.perceive.picture_palette import palette

        lab = lab_of(self._renderer.render(self._row_under(with_knobs(shot, knobs, self._hue))))
        cost = 0.0
        if self._want.palette is not None:
            cost += palette_distance(palette(lab), self._want.palette)
        if self._want.light is not None:
            light, brightness = self._want.light, lab[..., 0]
            cost += LIGHT_WEIGHT * abs(float(brightness.mean()) - light.key)
            cost += CONTRAST_WEIGHT * abs(float(brightness.std()) - light.contrast)
            cost += WARMTH_WEIGHT * abs(_warmth(lab) - light.warmth)
        return cost

    def _row_under(self, shot: Shot) -> NDArray[np.float32]:
        """The rolled row (1, width) with another shot's colours, light and style."""
        from agent.unroll import shot_plan
        from world_model.sim.light import light_at

        shots = tuple(shot if k == self._number else other for k, other in enumerate(self._direction.shots))
        plan = shot_plan(self._direction.model_copy(update={"shots": shots}), self._number, 1)
        row = self._row.copy()
        row[AT["palette"]], row[AT["style"]] = plan.palette[0].reshape(-1), plan.style[0]
        hour, hue, tint, _, exposure = plan.light[0]
        light = light_at(hour, hue, tint, 0.0, plan.weather[0, 3], exposure)
        # Where the sun stands was settled when the shot was rolled out.
        light[1] = row[AT["light"]][1]
        row[AT["light"]] = light
        return row[None]


def _warmth(lab: NDArray[np.float64]) -> float:
    """Warmth as LightCues has it, without a framing."""
    from modalities.perceive.picture_light import WARM

    chroma = np.hypot(lab[..., 1], lab[..., 2])
    greyish = np.exp(-((chroma / 0.09) ** 2)) * np.clip(lab[..., 0] / 0.2, 0.0, 1.0)
    tint = (lab[..., 1:] @ WARM * greyish).sum() / max(float(greyish.sum()), 1e-3 * greyish.size)
    return float(np.tanh(tint / 0.035))
