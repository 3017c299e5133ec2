"""The ends out: streams to a file of each kind. Whoever calls gives a private path and moves it into place."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event as Flag
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from modalities.convert.camera_path import path_of_stream
from modalities.convert.drawing import LOOK_PX, Rows, drawn, frame_at, pencil, rows_of
from modalities.convert.drawn_land import with_land
from modalities.convert.given import Given
from modalities.convert.treatment import treatment
from modalities.engine import Emit, Progress
from modalities.faults import Stopped, Unusable
from modalities.film import FilmWriter, even_size
from modalities.media import Sound, write_wav
from world_model.clock import TimeGrid
from world_model.score import PARTS, Composition, ScoreSpec
from world_model.sim.compose import compose
from world_model.sim.picture import Renderer
from world_model.state import WEATHER, Event, World, offsets, unpack
from world_model.streams.layout import STEP_S, Floats
from world_model.streams.music import score_spec

PanelOf = Callable[[Mapping[str, Floats], int], dict[str, Any]]
ENDINGS = {"text": (".txt", ".md"), "image": (".png", ".jpg", ".webp"), "sketch": (".png", ".jpg", ".webp"),
           "video": (".mp4",), "audio": (".wav",), "score": (".json",), "camera": (".json",), "panel": (".json",)}
FPS, RATE_HZ = 24, 48000
FLASH = offsets()["weather"].start + WEATHER.index("flash")
THUNDER_AFTER_S = 0.5


def untold(progress: Progress) -> None:
    """Tells no one."""


@dataclass(frozen=True)
class Making:
    """How an output is made. panel_of(streams, seed) gives the panel as data; it lives above this room."""

    seed: int = 0
    size_px: tuple[int, int] = (768, 432)
    fps: int = FPS
    threads: int = 2
    panel_of: PanelOf | None = None
    emit: Emit = untold
    stop: Flag = field(default_factory=Flag)


def write_output(to: str, streams: Mapping[str, Floats], given: Given, path: Path, making: Making) -> dict[str, Any]:
    """Write streams (T, width) as a file of the kind `to` at `path`; what is told of it besides (text, duration_s).

    Raises Stopped; Unusable where a panel is asked for and no one can make it.
    """
    duration_s = len(streams["place"]) * STEP_S
    match to:
        case "text":
            text = treatment(streams)
            path.write_text(text + "\n", "utf-8")
            return {"text": text}
        case "camera":
            _write_json(path, {"camera": path_of_stream(streams["camera"], given.start)})
        case "score":
            spec, piece = music_of(streams, making.seed)
            _write_json(path, score_document(spec, piece, duration_s))
        case "panel":
            if making.panel_of is None:
                raise Unusable("A panel cannot be made here.")
            _write_json(path, making.panel_of(streams, making.seed))
        case "image" | "sketch":
            _save(path, picture_of(streams, given.moment, making, to == "sketch", given.skyline))
        case "audio":
            rows = rows_of(streams, making.fps, making.seed)
            sound = sound_of(streams, rows, making.fps, making.seed, RATE_HZ, making)
            write_wav(path, iter((sound,)), RATE_HZ, 24, 1.0)
        case _:
            _film(path, streams, given, making)
    return {"duration_s": duration_s} if to in ("video", "audio", "camera", "score") else {}


def music_of(streams: Mapping[str, Floats], seed: int) -> tuple[ScoreSpec | None, Composition | None]:
    """The spec that a score stream asks for, and its notes over the streams' length; None where there is no music."""
    spec = score_spec(streams["score"], seed)
    return spec, None if spec is None else compose(spec, len(streams["score"]) * STEP_S)


def score_document(spec: ScoreSpec | None, piece: Composition | None, duration_s: float) -> dict[str, Any]:
    """The score as data: the spec, which can be given back, and the notes it makes (times in s, MIDI numbers)."""
    if spec is None or piece is None:
        return {"score": None, "duration_s": duration_s, "notes": [], "beats_s": [], "downbeats_s": []}
    notes = [{"part": PARTS[int(part)], "start_s": round(float(start), 4), "duration_s": round(float(length), 4),
              "pitch": int(pitch), "velocity": int(velocity)}
             for start, length, pitch, velocity, part in zip(piece.start_s, piece.duration_s, piece.pitch,
                                                             piece.velocity, piece.part, strict=True)]
    return {"score": spec.model_dump(mode="json"), "duration_s": duration_s, "notes": notes,
            "beats_s": [round(float(t), 4) for t in piece.beats_s],
            "downbeats_s": [round(float(t), 4) for t in piece.downbeats_s]}


def picture_of(streams: Mapping[str, Floats], moment: int | None, making: Making, lines: bool = False,
               skyline: Floats | None = None) -> NDArray[np.uint8]:
    """(H, W, 3) uint8 of the step `moment` (the middle for None), as a finished picture or as pencil lines."""
    rows = rows_of(streams, making.fps, making.seed, Renderer(LOOK_PX, threads=1))
    rows = with_land(rows, skyline, making.size_px[0] / making.size_px[1])
    row = rows[frame_at(moment, len(rows), making.fps)][None]
    making.emit(Progress("picture", 0, 1))
    renderer = Renderer(making.size_px, making.threads)
    try:
        return pencil(renderer.geometry(row), making.seed) if lines else renderer.render(row, 0, making.seed)
    finally:
        renderer.close()
        making.emit(Progress("picture", 1, 1))


def sound_of(streams: Mapping[str, Floats], rows: Rows, fps: int, seed: int, rate_hz: int, making: Making) -> Sound:
    """(N, 2) float32: the music of the score stream and the sound of the world in `rows`. Raises Stopped."""
    from world_model.sim.mix import Stopped as SoundStopped
    from world_model.sim.sound import render_soundtrack

    spec, piece = music_of(streams, seed)
    world = World(TimeGrid(round(1 / STEP_S), fps, RATE_HZ), unpack(torch.from_numpy(rows)), thunder(rows, fps), seed)
    try:
        return render_soundtrack(world, spec, piece, rate_hz, lambda share: making.emit(
            Progress("sound", int(share * 100), 100, "percent")), making.stop)
    except SoundStopped:
        raise Stopped("The run was stopped; nothing half-made was kept.") from None


def thunder(rows: Rows, fps: int) -> tuple[Event, ...]:
    """A clap half a second after every flash that begins."""
    flash = rows[:, FLASH]
    begun = np.flatnonzero((flash[1:] > 0.3) & (flash[:-1] <= 0.3)) + 1
    times = [(float(k / fps) + THUNDER_AFTER_S, float(flash[k])) for k in begun]
    return tuple(Event(time_s, "thunder", min(1.0, strength)) for time_s, strength in times
                 if time_s < len(rows) / fps)


def _film(path: Path, streams: Mapping[str, Floats], given: Given, making: Making) -> None:
    """A film with the sound of its own world, or with the creator's track where that is what it was made from."""
    rows = rows_of(streams, making.fps, making.seed, Renderer(LOOK_PX, threads=1))
    rows = with_land(rows, given.skyline, making.size_px[0] / making.size_px[1])
    samples = round(len(rows) * RATE_HZ / making.fps)
    if given.kind == "audio" and given.track is not None:
        track = given.track

        def fetch(start: int, count: int) -> Sound:
            block = track.read(start, count)
            return block if len(block) == count else np.pad(block, ((0, count - len(block)), (0, 0)))
    else:
        sound = sound_of(streams, rows, making.fps, making.seed, RATE_HZ, making)

        def fetch(start: int, count: int) -> Sound:
            return sound[start:start + count]
    size = even_size(making.size_px)
    renderer = Renderer(size, making.threads)
    try:
        with FilmWriter(path, size, making.fps, RATE_HZ, samples, fetch) as film:

            def see(index: int, rgb: NDArray[np.uint8]) -> None:
                if making.stop.is_set():
                    raise Stopped("The run was stopped; nothing half-made was kept.")
                film.add(rgb)
                making.emit(Progress("picture", index + 1, len(rows)))

            drawn(rows, renderer, making.seed, see)
    finally:
        renderer.close()


def _save(path: Path, rgb: NDArray[np.uint8]) -> None:
    from PIL import Image

    options: dict[str, Any] = {} if path.suffix == ".png" else {"quality": 95}
    Image.fromarray(rgb).save(path, **options)


def _write_json(path: Path, document: dict[str, Any]) -> None:
    path.write_text(json.dumps(document, ensure_ascii=False, indent=1, allow_nan=False) + "\n", "utf-8")
