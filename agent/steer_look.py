"""The colours, the light and the look of a reference, in the terms of this world."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from scipy.optimize import linear_sum_assignment

from agent.direction import Light, Palette, Shot
from modalities.cues import LightCues, PictureCues, Swatch
from world_model import colour
from world_model.vocabulary import PALETTE_ROLES, STYLES

LCH = tuple[float, float, float]
# Shares of a palette in so many parts, for comparing two.
PARTS = 24
# The mean lightness and the spread that a plain picture of this world has.
USUAL_KEY, USUAL_CONTRAST = 0.56, 0.17
EV_PER_KEY = 4.5
# What a medium may be drawn as: line art, colour and grain decide.
LEAST_MEDIUM = 0.3


def palette_distance(one: Sequence[Swatch], other: Sequence[Swatch]) -> float:
    """How far two palettes are apart: the mean way in OKLab that colour must be moved, share by share, to turn one into
    the other (earth mover's distance, Rubner et al. 2000). 0 is equal; 0.05 is near; above 0.2 is another film."""
    if not one or not other:
        return 1.0
    a, b = _parts(one), _parts(other)
    cost = np.linalg.norm(a[:, None] - b[None], axis=-1)
    rows, columns = linear_sum_assignment(cost)
    return float(cost[rows, columns].mean())


def _parts(swatches: Sequence[Swatch]) -> np.ndarray:
    """(PARTS, 3) OKLab, every swatch as often as its share."""
    shares = np.array([max(swatch.share, 1e-6) for swatch in swatches])
    edges = np.round(np.cumsum(shares / shares.sum()) * PARTS).astype(int)
    lab = colour.oklch_to_oklab([(s.lightness, s.chroma, s.hue_deg) for s in swatches])
    return np.repeat(lab, np.diff(np.concatenate([[0], edges])), axis=0)


def mixed(palettes: Sequence[tuple[Sequence[Swatch], float]]) -> tuple[Swatch, ...]:
    """Several palettes as one, each with its weight, largest shares first."""
    total = sum(weight for _, weight in palettes) or 1.0
    every = [replace(swatch, share=swatch.share * weight / total) for swatches, weight in palettes
             for swatch in swatches]
    return tuple(sorted(every, key=lambda swatch: -swatch.share))


def stock(name: str, roles: Sequence[LCH]) -> tuple[Swatch, ...]:
    """A palette of the vocabulary as swatches, in the shares that its roles usually have in a picture."""
    shares = (0.34, 0.2, 0.16, 0.14, 0.06, 0.1)
    return tuple(Swatch(*lch, share) for lch, share in zip(roles, shares, strict=True))


def roles_of(swatches: Sequence[Swatch], sky_share: float = 0.0) -> tuple[LCH, ...]:
    """Six colours for the roles of a palette: the large areas are the ground and what stands on it, the most vivid
    small one is the accent, the coolest the water. sky_share of the picture is the sky, which is light and not a
    thing: its colour comes last."""
    found = [swatch for swatch in swatches if swatch.share > 0.015] or list(swatches)
    if len(found) > 2 and sky_share > 0.2:
        light = max(found, key=lambda s: s.lightness + 0.3 * s.share)
        found = [*(s for s in found if s is not light), light]
    accent = max(found, key=lambda s: s.chroma * (1.25 - s.share) + 0.02 * s.lightness)
    plain = [s for s in found if s is not accent] or [accent]
    water = min(plain[1:] or plain, key=lambda s: _warm(s) + 0.2 * s.lightness)
    ground = plain[0]
    rest = [s for s in plain if s not in (ground, water)]
    ground2 = rest[0] if rest else _shifted(ground, -0.07)
    # What grows covers much of a picture: a small bright colour is something else.
    growth = rest[1] if len(rest) > 1 and rest[1].share > 0.15 else _shifted(ground, -0.04)
    structure = max([*rest, ground], key=lambda s: s.lightness)
    if structure in (ground, ground2):
        structure = _shifted(structure, 0.07)
    chosen = {"ground": ground, "ground2": ground2, "growth": growth, "structure": structure, "accent": accent,
              "water": water}
    return tuple((round(s.lightness, 4), round(min(s.chroma, 0.37), 4), round(s.hue_deg % 360.0, 2)) for s in
                 (chosen[role] for role in PALETTE_ROLES))


def joined_roles(roles: tuple[LCH, ...], others: tuple[LCH, ...]) -> tuple[LCH, ...]:
    """The colours of two references together: the land keeps those of the first, what is built and what shines takes
    those of the second. Mixed paint would be neither."""
    return tuple(other if role in ("accent", "structure") else own
                 for role, own, other in zip(PALETTE_ROLES, roles, others, strict=True))


def _warm(swatch: Swatch) -> float:
    """How warm a colour is: orange positive, blue negative, grey 0."""
    return swatch.chroma * float(np.cos(np.radians(swatch.hue_deg - 55.0))) * 4.0


def _shifted(swatch: Swatch, by: float) -> Swatch:
    return replace(swatch, lightness=float(np.clip(swatch.lightness + by, 0.05, 0.97)))


def with_palette(shot: Shot, roles: tuple[LCH, ...]) -> Shot:
    """The shot in these colours; a colour that the words named stays."""
    before = shot.world.palette
    palette = Palette(name=before.name, dominant=before.dominant, accent=before.accent, roles=roles,
                      lightness=round(1 + 0.35 * (before.lightness - 1), 4))
    curves = {pointer: keys for pointer, keys in shot.curves.items() if not pointer.startswith("/world/palette/")}
    return shot.model_copy(update={"world": shot.world.model_copy(update={"palette": palette}), "curves": curves})


def with_light(shot: Shot, light: LightCues) -> Shot:
    """The shot in the light of a picture: its hour where it can be told, its brightness, contrast and warmth."""
    before = shot.world.light
    hour = light.time_h if light.time_h is not None and light.confidence >= 0.25 else None
    change = float(np.clip(EV_PER_KEY * (light.key - USUAL_KEY), -1.6, 1.2))
    if hour is not None and (hour < 5.2 or hour > 20.3):
        # A night is dark by itself.
        change = max(change, -0.4)
    lit: Light = before.model_copy(update={
        "time_h": round(hour % 24.0, 3) if hour is not None else before.time_h,
        "exposure_ev": round(float(np.clip(before.exposure_ev + change, -3.0, 3.0)), 3)})
    look = STYLES.get(shot.world.look, {})
    contrast = look.get("contrast", 1.0) + float(np.clip(2.2 * (light.contrast - USUAL_CONTRAST), -0.35, 0.5))
    style = {**shot.world.style, "contrast": round(float(np.clip(contrast, 0.4, 1.9)), 3),
             "warmth": round(float(np.clip(look.get("warmth", 0.0) + 0.5 * light.warmth, -1.0, 1.0)), 3)}
    curves = {pointer: keys for pointer, keys in shot.curves.items()
              if hour is None or pointer != "/world/light/time_h"}
    return shot.model_copy(update={
        "world": shot.world.model_copy(update={"light": lit, "style": style}), "curves": curves})


def look_of(picture: PictureCues) -> tuple[str, dict[str, float], float]:
    """(look, single fields of it, confidence): the nearest of this world's looks to how a picture is made."""
    medium = max(picture.medium, key=lambda name: picture.medium[name]) if picture.medium else "photo"
    sure = picture.medium.get(medium, 0.0)
    chroma = sum(s.chroma * s.share for s in picture.palette) / max(sum(s.share for s in picture.palette), 1e-6)
    light = sum(s.lightness * s.share for s in picture.palette) / max(sum(s.share for s in picture.palette), 1e-6)
    if sure < LEAST_MEDIUM or medium == "photo":
        grey = chroma < 0.012
        look = "noir" if grey else "photoreal"
        style = {"grain": round(float(np.clip(0.05 + 0.6 * picture.grain, 0.0, 0.7)), 3)}
        return look, style, max(0.2, sure)
    if medium == "pixelated":
        return "pixel", {}, sure
    if medium == "flat":
        glows = chroma > 0.08 and (light < 0.35 or (picture.line > 0.8 and light < 0.55))
        look = "synthwave" if glows else "flat"
        return look, {"outline": round(0.7 * picture.line, 3)} if look == "flat" else {}, sure
    if medium == "drawn":
        look = "pencil" if chroma < 0.02 else "coloured_pencil" if picture.grain > 0.45 or light > 0.8 else "cel"
        return look, {"outline": round(float(np.clip(0.45 + 0.6 * picture.line, 0.0, 1.0)), 3)}, sure
    look = "ink" if chroma < 0.025 else "watercolour" if light > 0.68 else "gouache"
    return look, {}, sure


def with_look(shot: Shot, look: str, style: dict[str, float]) -> Shot:
    """The shot in another look; single style fields of the old one go with it."""
    kept = {name: value for name, value in shot.world.style.items() if name in ("contrast", "warmth")}
    return shot.model_copy(update={"world": shot.world.model_copy(update={"look": look, "style": {**kept, **style}})})
