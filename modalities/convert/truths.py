"""Held-out worlds as truth: what each kind of input would say of them, and what each kind of output should show."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import torch

from modalities.convert.camera_path import (
    DEFAULTS,
    PATH_FIELDS,
    STROKE_FIELDS,
    path_of_stream,
    stream_of_path,
    stream_of_stroke,
    stroke_of_stream,
    table_of,
)
from modalities.convert.drawing import pencil, rows_of
from modalities.convert.drawn_land import skyline_in, with_land
from modalities.convert.ends_in import phrases_in
from modalities.convert.ends_out import PanelOf, music_of
from modalities.convert.given import Given, only_at, over
from modalities.convert.seen_words import words_of_picture
from modalities.convert.sounds_in import levelled
from world_model.clock import TimeGrid
from world_model.data.phrases import names_of, paraphrases
from world_model.data.shards import HELD_OUT_SEED
from world_model.data.sketches import ink_of_image
from world_model.data.worlds import CLIP_STEPS, Clip, sample_clip, window, without_grain
from world_model.score import ScoreSpec
from world_model.sim.finish import finish
from world_model.sim.picture import Renderer
from world_model.sim.sound import render_soundtrack
from world_model.state import World, unpack
from world_model.streams.from_state import state_streams
from world_model.streams.layout import FRAMES_PER_STEP, PICTURE_FPS, SOUND_RATE_HZ, Floats
from world_model.streams.music import score_stream
from world_model.streams.naming import names_of_streams
from world_model.streams.senses import glimpse, hearing

MATRIX_INPUTS = ("text", "image", "sketch", "video", "audio", "camera", "gesture")
SIZE_PX = (128, 72)
# The steps of which pictures are compared: the first (an input's own), the middle and the last.
MOMENTS = (0, CLIP_STEPS // 2, CLIP_STEPS - 1)
HEARD_STEPS = 8
SAID = ("setting", "light", "weather", "look", "palette", "move", "genre")
SOUND_FPS = 4


@dataclass(frozen=True)
class Shown:
    """What can be compared of one world: names by aspect, glimpses (3, 432) and inks (3, 18, 32) at MOMENTS, hearing
    (T, 100), the score's spec, camera (T, 10), the panel as data."""

    names: dict[str, str]
    glimpses: Floats
    inks: Floats
    heard: Floats
    score: ScoreSpec | None
    camera: Floats
    panel: dict[str, Any]


@dataclass(frozen=True)
class Truth:
    """A held-out world: what it shows, and what each kind of input says of it."""

    seed: int
    shown: Shown
    inputs: dict[str, Given]


def truth_of(number: int, renderer: Renderer, panel_of: PanelOf) -> Truth:
    """Held-out world `number`, rendered at SIZE_PX and heard for its four seconds."""
    seed = HELD_OUT_SEED + number
    clip = sample_clip(seed, held_out=True)
    streams = {**state_streams(clip.rows, PICTURE_FPS),
               "score": score_stream(clip.score, clip.whole, CLIP_STEPS, clip.piece_start_s)}
    rows = without_grain(clip.rows)
    looks, inks, words = list[Floats](), list[Floats](), dict[int, tuple[str, ...]]()
    land: Floats | None = None
    for step in range(CLIP_STEPS):
        at = step * FRAMES_PER_STEP + FRAMES_PER_STEP // 2
        buffer = renderer.geometry(rows[at:at + 1])
        picture = finish(buffer, rows[at], 0, 1)
        looks.append(glimpse(picture))
        if step in MOMENTS:
            drawing = pencil(buffer)
            inks.append(ink_of_image(drawing))
            words[step] = words_of_picture(picture)
            land = skyline_in(drawing) if step == 0 else land
    sound = render_soundtrack(clip.world, clip.score, clip.piece, SOUND_RATE_HZ).mean(1)
    heard = hearing(levelled(sound), CLIP_STEPS)
    seen = np.stack(looks)
    shown = Shown(true_names(clip), seen[list(MOMENTS)], np.stack(inks), heard, clip.score, streams["camera"],
                  panel_of(streams, seed % 2**31))
    return Truth(seed, shown, inputs_of(clip, streams["camera"], seen, inks[0], heard,
                                                                     (words[MOMENTS[0]], words[MOMENTS[1]]), land))


def true_names(clip: Clip) -> dict[str, str]:
    """The names that a clip was made from."""
    return names_of(clip.recipe)


def inputs_of(clip: Clip, camera: Floats, looks: Floats, ink: Floats, heard: Floats,
              seen: tuple[tuple[str, ...], tuple[str, ...]], land: Floats | None) -> dict[str, Given]:
    """What each kind of input says of a clip: words never used in training, its first picture, that picture drawn (and
    its hill line), all its looks and its sound, its sound, its camera's path, and the stroke a hand would draw for it.
    seen: what the first picture and the middle one say in words."""
    steps = len(camera)
    path = table_of(path_of_stream(camera), (*PATH_FIELDS, "focus_m"), DEFAULTS)
    moved, start = stream_of_path(path, steps)
    stroke = table_of(stroke_of_stream(camera), STROKE_FIELDS, {})
    return {"text": Given("text", steps, text=said(clip)),
            "image": only_at("image", "glimpse", looks[0], steps, text=seen[0]),
            "sketch": only_at("sketch", "sketch", ink.reshape(-1), steps, skyline=land),
            "video": replace(over("video", {"glimpse": looks, "hearing": heard}, steps), text=seen[1]),
            "audio": over("audio", {"hearing": heard}, steps),
            "camera": Given("camera", steps, {"camera": moved}, start=start),
            "gesture": Given("gesture", steps, {"camera": stream_of_stroke(stroke, steps)})}


def said(clip: Clip) -> tuple[str, ...]:
    """Eight things said of a clip in held-out wording, as phrases_in reads them from one text: the body (or, where
    none is there, how lively the music is) and the names in SAID."""
    names = names_of(clip.recipe)
    rng = np.random.default_rng([clip.seed, 81])
    aspects = ["body" if "body" in names else "energy", *SAID]
    phrases: list[str] = []
    for aspect in aspects:
        ways = paraphrases(aspect, names[aspect], held_out=True)
        phrases.append(ways[int(rng.integers(len(ways)))])
    return phrases_in(", ".join(phrases))


def shown_by(streams: Mapping[str, Floats], seed: int, renderer: Renderer, panel_of: PanelOf,
             skyline: Floats | None = None) -> Shown:
    """What filled-in streams (T, width) show, rendered as an output would be but small and short."""
    rows = without_grain(with_land(rows_of(streams, SOUND_FPS, seed), skyline, SIZE_PX[0] / SIZE_PX[1]))
    looks, inks = list[Floats](), list[Floats]()
    for step in MOMENTS:
        row = rows[min(step, len(rows) - 1)]
        buffer = renderer.geometry(row[None])
        looks.append(glimpse(finish(buffer, row, 0, 1)))
        inks.append(ink_of_image(pencil(buffer)))
    spec, piece = music_of(streams, seed)
    short = rows[:HEARD_STEPS]
    world = World(TimeGrid(SOUND_FPS, SOUND_FPS, 48000), unpack(torch.from_numpy(short)), (), seed)
    played = None if piece is None else window(piece, 0.0, len(short) / SOUND_FPS)
    sound = render_soundtrack(world, spec, played, SOUND_RATE_HZ).mean(1)
    names = {aspect: name for aspect, (name, _) in names_of_streams(streams).items()}
    return Shown(names, np.stack(looks), np.stack(inks), hearing(levelled(sound)), spec,
                 np.asarray(streams["camera"], np.float32), panel_of(streams, seed % 2**31))
