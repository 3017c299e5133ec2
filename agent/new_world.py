"""Keep a film's subject, replace its world: a world is directed and rendered in the film's length, size and camera, the
subject is put into it, and the result is a take like any other, with the film's own sound."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from fractions import Fraction
from importlib.metadata import version
from pathlib import Path
from threading import Event as Flag
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from agent.brief import Brief
from agent.direction import Direction, Link, Span
from agent.request import Request
from agent.studio import Studio
from modalities.engine import Emit, Progress
from modalities.faults import Stopped, Unusable
from modalities.film import FilmWriter, even_size
from modalities.media import Sound, decode_track, write_wav
from modalities.roto.composite import Compositor
from modalities.roto.cut_out import CutOut, told
from modalities.roto.frames import STOPPED, Clip, frames_of, look_at_film
from modalities.roto.propagate import State
from modalities.store import Take
from modalities.watching import Watcher

Picture = NDArray[np.uint8]
RATE_HZ = 48000
FPS = (1, 60)
TELL_EVERY_S = 0.25
# What floats, flies or swims throws no shadow on the ground under it.
SHADOWLESS = ("space", "underwater", "clouds", "fluid", "particles")


def as_filmed(clip: Clip) -> tuple[Clip, int]:
    """The clip as it goes into a film of ours: even sides, and a whole number of frames a second."""
    fps = int(np.clip(round(clip.rate), *FPS))
    return replace(clip, size_px=even_size(clip.size_px), rate=Fraction(fps),
                   frames=max(1, round(clip.duration_s * fps))), fps


def world_take(studio: Studio, clip: Clip, words: str, seed: int, still: bool, emit: Emit, stop: Flag) -> Take:
    """A take of the world that was asked for, in the clip's length, size and rate, one shot, filmed as the clip was."""
    request = Request(prompt=words, duration_s=max(0.2, clip.duration_s), size_px=clip.size_px,
                      fps=int(clip.rate), seed=seed)
    plan = studio.plan(request, emit, stop)
    direction = one_shot(plan.direction)
    if not still:
        direction = filmed_like(direction, clip, emit, stop)
    return studio.render(direction, plan.brief, plan.heard, studio.perceive(request, emit, stop), parent=None,
                         reason=f"a world for {clip.path.name}: {words}"[:500], request=request.model_dump(mode="json"),
                         emit=emit, stop=stop)


def one_shot(direction: Direction) -> Direction:
    """The Direction with its first shot all through, the camera on the place: the film's subject is the subject."""
    first = direction.shots[0]
    camera = first.camera.model_copy(update={"move": "static", "target": None, "shake": 0.0, "view_deg": None,
                                             "curves": {}})
    shot = first.model_copy(update={"span": Span(s=(0.0, direction.duration_s)), "camera": camera, "cut": "hard"})
    links: tuple[Link, ...] = tuple(link for link in direction.links if link.to.startswith(("/shots/*/", "/shots/0/"))
                                    and "/camera/" not in link.to)
    return direction.model_copy(update={"shots": (shot,), "links": links})


def filmed_like(direction: Direction, clip: Clip, emit: Emit, stop: Flag) -> Direction:
    """The Direction, filmed with the camera path that is seen in the clip."""
    from agent.steer_camera import of_film, with_camera
    from agent.steer_time import time_map
    from modalities.perceive.film import see_film

    film = see_film(clip.path, stop=stop, listen=False, progress=lambda share: emit(
        Progress("perceive", int(100 * share), 100, "percent")))
    return with_camera(direction, of_film(film, time_map(film, direction.duration_s, True)))


def in_new_world(studio: Studio, clip: Clip, cut: Iterator[CutOut], world: Take, shadow: bool, request: dict[str, Any],
                 emit: Emit, stop: Flag) -> tuple[Take, list[str]]:
    """The take of the clip's subject in the pictures of another take, and sentences for the creator.

    Raises Stopped, Unusable and OSError; then nothing of it is kept.
    """
    started = time.monotonic()
    direction, brief = _documents(studio, world)
    shadow = shadow and not any(direction.shots[0].world.place.get(name, 0.0) > 0.5 for name in SHADOWLESS)
    notes: list[str] = []
    with studio.store.making() as folder:
        audio, samples = _sound(clip, world, folder, stop, notes)
        states, measured = _pictures(clip, cut, look_at_film(world.video), folder, audio, samples, shadow, emit, stop,
                                     notes)
        notes += told(states, clip.rate)
        sidecar = {
            "format": "beecam-take/1", "parent": world.id, "reason": f"{clip.path.name}'s subject in {world.id}",
            "engine": "roto", "seed": world.seed, "duration_s": round(len(states) / float(clip.rate), 6),
            "wall_s": round(time.monotonic() - started, 3), "measured": measured,
            "made_at": datetime.now(UTC).isoformat(timespec="seconds"), "request": request,
            "brief": brief.model_copy(update={"notes": (*brief.notes, *notes)}).model_dump(mode="json"),
            "versions": {name: version(name) for name in ("beecam", "numpy", "opencv-python-headless")},
        }
        take = studio.store.publish(folder, sidecar, direction.model_dump(mode="json"),
                                    studio.panel_for(direction, brief))
    return take, notes


def _documents(studio: Studio, world: Take) -> tuple[Direction, Brief]:
    _, direction, brief = studio.load(world.id)
    return direction, brief


def _sound(clip: Clip, world: Take, folder: Path, stop: Flag, notes: list[str]) -> tuple[Path, int]:
    """(audio.wav in the folder, its samples): the clip's own sound, or where it has none the world's."""
    audio, raw = folder / "audio.wav", folder / ".raw.wav"
    source = clip.path if clip.has_sound else world.audio
    if not clip.has_sound:
        notes.append(f"{clip.path.name} has no sound; the world's is heard.")
    try:
        track = decode_track(source, raw, RATE_HZ, stop.is_set, clip.duration_s)
    except InterruptedError:
        raise Stopped(STOPPED) from None
    except Unusable:
        # A sound track that cannot be decoded is no reason to lose the pictures.
        notes.append(f"The sound of {clip.path.name} cannot be read; the world's is heard.")
        track = decode_track(world.audio, raw, RATE_HZ, stop.is_set, clip.duration_s)
    total = max(1, round(clip.duration_s * RATE_HZ))

    def blocks() -> Iterator[Sound]:
        for at in range(0, total, 1 << 18):
            count = min(1 << 18, total - at)
            block = track.read(at, count) if at < track.frames else np.zeros((0, 2), np.float32)
            yield block if len(block) == count else np.concatenate([block, np.zeros((count - len(block), 2),
                                                                                    np.float32)])

    write_wav(audio, blocks(), RATE_HZ, track.exact_pcm, track.peak)
    raw.unlink(missing_ok=True)
    return audio, total


def _pictures(clip: Clip, cut: Iterator[CutOut], behind: Clip, folder: Path, audio: Path, samples: int, shadow: bool,
              emit: Emit, stop: Flag, notes: list[str]) -> tuple[list[tuple[int, State]], dict[str, float]]:
    """Write video.mp4 and poster.png; the states of the mask and what was measured."""
    import soundfile as sf

    fps = int(clip.rate)
    worlds = frames_of(replace(behind, size_px=clip.size_px), stop, clip.rate)
    compositor, watcher = Compositor(shadow), Watcher(fps)
    states: list[tuple[int, State]] = []
    areas: list[float] = []
    still: float | None = None
    poster, last, told_s, begun = folder / "poster.png", None, 0.0, time.monotonic()
    key = min(clip.frames - 1, int(0.62 * clip.frames))
    with sf.SoundFile(audio) as heard:
        def fetch(start: int, count: int) -> Sound:
            if heard.tell() != start:
                heard.seek(start)
            return np.asarray(heard.read(count, dtype="float32", always_2d=True), np.float32)

        with FilmWriter(folder / "video.mp4", clip.size_px, fps, RATE_HZ, samples, fetch) as film:
            for one in cut:
                if stop.is_set():
                    raise Stopped(STOPPED)
                world = next(worlds, None)
                if world is None and last is not None and still is None and len(states) < clip.frames - 1:
                    still = len(states) / fps
                    notes.append(f"The world's film is shorter; its last picture stands still from {still:.2f} s.")
                last = world if world is not None else last
                assert last is not None
                rgb = compositor.over(one.rgb, one.alpha, last)
                film.add(rgb)
                watcher.see(rgb)
                states.append((one.index, one.state))
                areas.append(float(one.alpha.mean()))
                if one.index == key or one.index == 0:
                    Image.fromarray(rgb).save(poster)
                now = time.monotonic()
                if now - told_s > TELL_EVERY_S:
                    told_s = now
                    left = (now - begun) / len(states) * max(0, clip.frames - len(states))
                    emit(Progress("picture", len(states), max(clip.frames, len(states)), "frames", left))
    found = watcher.measured(np.zeros(0, np.int64), None)
    seen = [area for area, (_, state) in zip(areas, states, strict=True) if state in ("held", "found")]
    return states, found | {"subject_share": round(float(np.mean(seen)) if seen else 0.0, 5),
                            "subject_seen": round(len(seen) / max(1, len(states)), 5)}
