"""Sampled worlds for training: a Recipe in names, the world it makes over four seconds, and its music.

Everything follows from one seed. Some combinations of setting, look and body are kept out of training
(`held_out_pair`), so that a test can ask for what was never seen together.
"""

from __future__ import annotations

import zlib
from dataclasses import dataclass, replace
from typing import cast

import numpy as np
import torch
from numpy.typing import NDArray

from world_model.clock import TimeGrid
from world_model.data.affinity import genre_for, light_for, palette_for, weather_for
from world_model.data.phrases import Recipe
from world_model.score import Composition, Genre, ScoreSection, ScoreSpec
from world_model.sim.arrange import STYLES as PLAYING
from world_model.sim.compose import compose, default_spec
from world_model.sim.keys import smootherstep
from world_model.sim.rollout import BodyPlan, ShotPlan, roll_shot
from world_model.sim.sampling import fitting_bodies, random_plan
from world_model.sim.signals import signals
from world_model.state import Event, World, offsets, unpack
from world_model.streams.layout import PICTURE_FPS, STEP_S
from world_model.vocabulary import BODY_SIZE_M, CAMERA_MOVES, GAITS, SCALES, SETTINGS, STYLE_FIELDS, STYLES, WEATHERS

F64 = NDArray[np.float64]
Rows = NDArray[np.float32]
CLIP_STEPS = 16
PIECE_S = 24.0
GRID = TimeGrid(4, PICTURE_FPS, 48000)
AIR = ("rain", "snow", "fog", "cloud", "storm", "dust", "aurora", "wind_mps")
GRAIN = offsets()["style"].start + STYLE_FIELDS.index("grain")
HELD_OUT_SHARE = 0.07
# Changes of the air and light that happen inside a clip, and the weather or hour they start from and end in.
AIR_CHANGES = {"rain_starts": ("clouds", "rain"), "fog_lifts": ("fog", "clear"), "storm_breaks": ("overcast", "storm"),
               "snow_starts": ("overcast", "snow")}
HOUR_CHANGES = {"night_falls": (18.6, 23.0), "sun_rises": (4.4, 8.0)}
MUSIC_CHANGES = ("music_builds", "music_drops")


@dataclass(frozen=True)
class Clip:
    """rows (frames, 328) at 12 frames/s; score is the music's spec (its sections are of the piece); piece is what
    sounds, from the clip's start."""

    seed: int
    recipe: Recipe
    rows: Rows
    score: ScoreSpec
    piece: Composition
    events: tuple[Event, ...]
    piece_start_s: float
    whole: Composition

    @property
    def world(self) -> World:
        return World(GRID, unpack(torch.from_numpy(self.rows)), self.events, self.seed)


def held_out_pair(setting: str, look: str, body: str | None) -> bool:
    """Whether any two of the three are never seen together in training: about 7 % of each kind of pair."""
    pairs = [f"{setting}+{look}"] + ([f"{setting}+{body}", f"{look}+{body}"] if body else [])
    return any(zlib.crc32(pair.encode()) % 1000 < 1000 * HELD_OUT_SHARE for pair in pairs)


def sample_recipe(seed: int, held_out: bool = False) -> Recipe:
    """A recipe of training, or one with a combination that training never saw."""
    rng = np.random.default_rng([seed, 77])
    for _ in range(400):
        setting, look = SETTINGS[int(rng.integers(len(SETTINGS)))], list(STYLES)[int(rng.integers(len(STYLES)))]
        fits = fitting_bodies(setting)
        body = fits[int(rng.integers(len(fits)))] if rng.random() < 0.75 else None
        if held_out_pair(setting, look, body) == held_out:
            return _filled(rng, setting, look, body)
    raise ValueError("no such combination was found")  # cannot happen with 7 % of hundreds of pairs


def _filled(rng: np.random.Generator, setting: str, look: str, body: str | None) -> Recipe:
    genre = genre_for(rng, setting, look)
    style = PLAYING[cast("Genre", genre)]
    change = None
    if rng.random() < 0.3:
        choices = (*MUSIC_CHANGES, *AIR_CHANGES, *HOUR_CHANGES)
        change = choices[int(rng.integers(len(choices)))]
        if setting in ("underwater", "space") and change not in MUSIC_CHANGES:
            change = None
    weather = weather_for(rng, genre)
    if setting in ("underwater", "space"):
        weather = "clear"
    if change in AIR_CHANGES:
        weather = AIR_CHANGES[change][1]
    light = light_for(rng, genre)
    if change in HOUR_CHANGES:
        light = {"night_falls": "night", "sun_rises": "morning"}[change]
    many = body in ("bird", "fish", "bee", "butterfly", "lantern", "balloon", "jellyfish")
    return Recipe(
        setting=setting, light=light, weather=weather, palette=palette_for(rng, look), look=look,
        move=CAMERA_MOVES[int(rng.integers(len(CAMERA_MOVES)))], scale=SCALES[int(rng.integers(len(SCALES)))],
        genre=genre, tempo_bpm=round(float(rng.uniform(style.tempo_bpm[0], style.tempo_bpm[2]))),
        minor=bool(rng.random() < style.minor), energy=float(rng.choice([0.2, 0.35, 0.5, 0.65, 0.8, 0.95])),
        body=body, body_count=int(rng.choice([1, 1, 3, 9, 24])) if many else 1,
        gait=GAITS[int(rng.integers(len(GAITS)))] if body else None, change=change,
        density=(None, None, "sparse", "dense")[int(rng.integers(4))],
        relief=(None, None, "flat", "rugged")[int(rng.integers(4))])


def sample_clip(seed: int, held_out: bool = False, recipe: Recipe | None = None, steps: int = CLIP_STEPS) -> Clip:
    """The clip of a seed: its recipe (or the given one) made into a world of `steps` quarter seconds, with music."""
    recipe = recipe or sample_recipe(seed, held_out)
    rng = np.random.default_rng([seed, 78])
    frames, duration_s = steps * PICTURE_FPS // 4, steps * STEP_S
    spec, whole, start_s = _music(recipe, rng, seed, duration_s)
    piece = window(whole, start_s, duration_s)
    plan = random_plan(seed, frames, PICTURE_FPS, 16 / 9, **_names(recipe))
    heard = signals(whole, whole.duration_s_total, 50.0)
    at = np.clip(((start_s + np.arange(frames) / PICTURE_FPS) * 50.0).astype(int), 0, len(heard["energy"]) - 1)
    plan = _changed(_coupled(plan, recipe, rng, heard["energy"][at], heard["kick"][at], piece), recipe, rng)
    rows, events = roll_shot(plan)
    return Clip(seed, recipe, rows, spec, piece, tuple(events), start_s, whole)


def _names(recipe: Recipe) -> dict[str, str]:
    names = {"setting": recipe.setting, "light": recipe.light, "weather": recipe.weather, "palette": recipe.palette,
             "look": recipe.look, "move": recipe.move, "scale": recipe.scale}
    if recipe.body:
        return {**names, "kind": recipe.body, "gait": recipe.gait or "cruise"}
    return {**names, "has": "0"}


def _music(recipe: Recipe, rng: np.random.Generator, seed: int, duration_s: float
           ) -> tuple[ScoreSpec, Composition, float]:
    genre = cast("Genre", recipe.genre)
    spec = default_spec(genre, seed, PIECE_S, None, recipe.tempo_bpm, int(rng.integers(12)), recipe.minor)
    half = max(1, round(0.5 * PIECE_S / spec.bar_s))
    if recipe.change == "music_builds":
        parts = (("build", half, 0.25), ("drop", half, 0.95))
    elif recipe.change == "music_drops":
        parts = (("drop", half, 0.95), ("break", half, 0.2))
    else:
        name = "intro" if recipe.energy < 0.3 else "verse" if recipe.energy < 0.6 else \
            "chorus" if recipe.energy < 0.9 else "drop"
        parts = ((name, 2 * half, recipe.energy),)
    spec = spec.model_copy(update={"sections": tuple(
        ScoreSection.model_validate({"name": n, "bars": b, "energy": e}) for n, b, e in parts)})
    piece = compose(spec, PIECE_S)
    beat_s = 60.0 / spec.tempo_bpm
    if recipe.change in MUSIC_CHANGES:
        start = half * spec.bar_s - 0.5 * duration_s
    else:
        start = float(rng.uniform(0.25, 0.6)) * PIECE_S
    return spec, piece, max(0.0, round(start / beat_s) * beat_s)


def window(piece: Composition, start_s: float, duration_s: float) -> Composition:
    """The part of a piece that begins in [start_s, start_s + duration_s), moved to 0 and cut at the end."""
    keep = (piece.start_s >= start_s - 1e-6) & (piece.start_s < start_s + duration_s - 1e-3)
    starts = np.maximum(piece.start_s[keep] - start_s, 0.0)
    lengths = np.minimum(piece.duration_s[keep], duration_s - starts)

    def inside(times: F64) -> F64:
        return times[(times >= start_s - 1e-6) & (times < start_s + duration_s)] - start_s

    sections = tuple((name, max(0.0, a - start_s), min(duration_s, b - start_s)) for name, a, b in piece.sections
                     if b > start_s and a < start_s + duration_s)
    return Composition(starts, lengths, piece.pitch[keep], piece.velocity[keep], piece.part[keep],
                       np.maximum(inside(piece.beats_s), 0.0), np.maximum(inside(piece.downbeats_s), 0.0), sections,
                       duration_s)


def _coupled(plan: ShotPlan, recipe: Recipe, rng: np.random.Generator, energy: NDArray[np.float32],
             kick: NDArray[np.float32], piece: Composition) -> ShotPlan:
    """The music drives the world: how fast things go, how hard the light beats."""
    pace = np.clip((0.5 + 0.75 * energy.astype(np.float64)) * np.sqrt(recipe.tempo_bpm / 105.0), 0.35, 2.0)
    light = plan.light.copy()
    light[:, 4] += float(rng.choice([0.0, 0.25, 0.5])) * kick
    ground = plan.ground.copy()
    for column, word, low, high in ((0, recipe.relief, "flat", "rugged"), (1, recipe.density, "sparse", "dense")):
        if word:
            ground[:, column] = {low: rng.uniform(0.3, 0.6), high: rng.uniform(1.5, 2.2)}[word]
    bodies = tuple(replace(body, speed=body.speed * pace, count=np.full_like(body.count, recipe.body_count))
                   for body in plan.bodies)
    if bodies and rng.random() < 0.2:
        bodies = (*bodies, _second(rng, recipe, len(pace), pace))
    return replace(plan, light=light, ground=ground, bodies=bodies, beats_s=piece.beats_s,
                   lens=replace(plan.lens, speed=plan.lens.speed * pace))


def _second(rng: np.random.Generator, recipe: Recipe, frames: int, pace: F64) -> BodyPlan:
    fits = [kind for kind in fitting_bodies(recipe.setting) if not held_out_pair(recipe.setting, recipe.look, kind)]
    kind = fits[int(rng.integers(len(fits)))] if fits else str(recipe.body)
    flat = np.ones(frames)
    return BodyPlan(kind, GAITS[int(rng.integers(len(GAITS)))], flat * BODY_SIZE_M[kind], pace, flat, flat * 0.0)


def _changed(plan: ShotPlan, recipe: Recipe, rng: np.random.Generator) -> ShotPlan:
    """Weather and hours that change inside the clip, at about its middle."""
    if recipe.change not in AIR_CHANGES and recipe.change not in HOUR_CHANGES:
        return plan
    frames = len(plan.place)
    middle, width = rng.uniform(0.3, 0.6), rng.uniform(0.25, 0.5)
    share = smootherstep(np.clip((np.linspace(0.0, 1.0, frames) - middle) / width + 0.5, 0.0, 1.0))[:, None]
    if recipe.change in AIR_CHANGES:
        before, after = (np.array([WEATHERS[name].get(field, 0.0) for field in AIR])
                         for name in AIR_CHANGES[recipe.change])
        return replace(plan, weather=before * (1 - share) + after * share)
    light = plan.light.copy()
    first, last = HOUR_CHANGES[recipe.change]
    light[:, :1] = first * (1 - share) + last * share
    return replace(plan, light=light)


def without_grain(rows: Rows) -> Rows:
    """The rows as the picture codec sees them: grain is noise, added after decoding and never learnt."""
    clean = rows.copy()
    clean[:, GRAIN] = 0.0
    return clean
