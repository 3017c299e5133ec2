"""One shot of a film by a large model: its guide, its windows joined in latents, decoded once, fitted to its time."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from modalities.engine import Job
from modalities.engines.video.guides import ending, fitted, kept, moments, of_film, of_world
from modalities.engines.video.params import VideoParams
from modalities.engines.video.request import Frames, Guide, VideoModel, WindowRequest
from modalities.faults import Stopped, Unusable
from modalities.script import ShotWords

Tell = Callable[[float], None]


@dataclass(frozen=True)
class Size:
    """What is asked of a model at a time: it grows smaller when memory does not suffice."""

    size_px: tuple[int, int]
    window_frames: int


@dataclass(frozen=True)
class Shot:
    """A finished shot. pictures (F, H, W, 3) uint8 at the model's size, one to each frame of the film; sound (N, 2)
    float32 where the model makes some."""

    pictures: Frames
    sound: NDArray[np.float32] | None = None
    sound_rate_hz: int = 0


def made(job: Job, words: ShotWords, model: VideoModel, pipe: Any, params: VideoParams, size: Size, tell: Tell) -> Shot:
    """The shot, from its words and the world. tell: the share that is done, in [0, 1]. Raises Stopped, Unusable."""
    shape, fps = model.card.shape, float(job.world.grid.fps)
    model_fps = fps if params.rate == "film" or shape.fps <= 0 else min(fps, shape.fps)
    at = moments(words.first_frame, words.frames, fps, model_fps)
    guide = guide_of(job, at, size.size_px, params)
    if params.freedom <= 0.0:
        return Shot(_shown(guide.pictures, words.frames, fps, model_fps))
    before = lead(job, model, size.size_px, model_fps) if params.ends == "after" and words.first_frame == 0 else None
    joined: Any = None
    if before is not None:
        guide, joined = led(before, guide), model.encode(pipe, before.pictures)
    led_by = 0 if before is None else len(before.pictures)
    frames = shape.frames(led_by + len(at))
    windows = shape.windows(frames, min(size.window_frames, shape.most_frames), model.card.overlap)
    subjects = subjects_of(job, size.size_px) if "subjects" in model.card.accepts else ()
    sounds: list[tuple[int, NDArray[np.float32], int]] = []
    for number, window in enumerate(windows):
        first, after = shape.frames_of(window)

        def on_step(done: int, total: int, number: int = number) -> None:
            if job.stop.is_set():
                raise Stopped("The run was stopped; nothing of this take was kept.")
            tell((number + done / max(1, total)) / len(windows))

        part = guide.part(first, after)
        request = WindowRequest(
            words.prompt, words.avoid, size.size_px, after - first, model_fps, seed_of(job.seed, words.id, number),
            part, params.freedom, None if joined is None else joined[:, :, window[0]:],
            guide.pictures[0] if params.ends.startswith("first") and number == 0 else None,
            guide.pictures[-1] if params.ends == "first_last" and number == len(windows) - 1 else None,
            subjects, *_sound_under(job, words, (first - led_by) / model_fps, (after - first) / model_fps),
            heard=words.heard)
        made_here = model.make(pipe, request, params, on_step)
        here = made_here.latents
        if made_here.audio is not None:
            sounds.append((first, made_here.audio, made_here.audio_rate_hz))
        joined = here if joined is None else _joined(joined, here, window[0])
    whole = guide.part(0, frames)
    pictures = kept(model.decode(pipe, joined)[:frames], whole)[led_by:]
    tell(1.0)
    sound, rate = _one_sound(sounds, model_fps, words.frames / fps)
    return Shot(_shown(pictures, words.frames, fps, model_fps), sound, rate)


def guide_of(job: Job, at: NDArray[np.int64], size_px: tuple[int, int], params: VideoParams) -> Guide:
    """The creator's own film guides where one is given for its content, else the simulator."""
    if job.script.film is not None and job.script.film_guides and params.ends != "after":
        from modalities.engines.understand.nearness import nearness_model

        return of_film(job.script.film, at, job.world.grid.fps, size_px, nearness_model(), job.stop)
    return of_world(job, at, size_px, params.repaint)


def lead(job: Job, model: VideoModel, size_px: tuple[int, int], fps: float) -> Guide:
    """The last pictures of the creator's film, as many as the model hands on. Raises Unusable without a film."""
    if job.script.film is None:
        raise Unusable("ends = after goes on from a film, and none was given with --ref FILM:content.")
    pictures = ending(job.script.film, model.card.shape.step * (model.card.overlap - 1) + 1, fps, size_px, job.stop)
    blank = np.zeros(pictures.shape[:3], np.float32)
    return Guide(pictures, blank, blank)


def led(before: Guide, guide: Guide) -> Guide:
    """One guide after another."""
    mask = None if guide.repaint is None else np.concatenate([np.ones_like(before.edges), guide.repaint])
    return Guide(np.concatenate([before.pictures, guide.pictures]), np.concatenate([before.nearness, guide.nearness]),
                 np.concatenate([before.edges, guide.edges]), mask)


def subjects_of(job: Job, size_px: tuple[int, int]) -> tuple[Frames, ...]:
    """The creator's pictures of what should be recognised; one that cannot be read is left out by perception before."""
    import cv2

    found: list[Frames] = []
    for path in job.script.pictures:
        seen = cv2.imread(str(path), cv2.IMREAD_COLOR)
        if seen is not None:
            found.append(fitted(np.asarray(cv2.cvtColor(seen, cv2.COLOR_BGR2RGB), np.uint8), size_px))
    return tuple(found)


def seed_of(seed: int, shot: str, window: int) -> int:
    """A seed for each window, that stays when shots before it come or go."""
    digest = hashlib.sha256(f"{seed} {shot} {window}".encode()).digest()
    return int.from_bytes(digest[:4], "big") & 0x7FFFFFFF


def _joined(before: Any, here: Any, first: int) -> Any:
    import torch

    overlap = before.shape[2] - first
    return torch.cat([before, here[:, :, overlap:]], dim=2)


def _shown(pictures: Frames, frames: int, fps: float, model_fps: float) -> Frames:
    """One picture for each of the film's frames: exactly as many as the shot has, so that every cut keeps its beat."""
    at = np.floor(np.arange(frames) * model_fps / fps + 1e-6).astype(np.int64)
    return pictures[np.minimum(at, len(pictures) - 1)]


def _sound_under(job: Job, words: ShotWords, start_s: float, length_s: float
                 ) -> tuple[NDArray[np.float32] | None, int]:
    """The creator's music under a window, silence after its end; None without any."""
    rate = job.world.grid.sample_rate_hz
    if job.track is None:
        return None, rate
    begin = round((words.first_frame / job.world.grid.fps + start_s) * rate)
    count = round(length_s * rate)
    out = np.zeros((count, 2), np.float32)
    skipped = max(0, -begin)
    there = max(0, min(count, job.track.frames - begin) - skipped)
    if there:
        out[skipped: skipped + there] = job.track.read(begin + skipped, there)
    return out, rate


def _one_sound(parts: list[tuple[int, NDArray[np.float32], int]], fps: float, length_s: float
               ) -> tuple[NDArray[np.float32] | None, int]:
    """The windows' own sound laid after one another, faded over where they overlap, as long as the shot."""
    if not parts:
        return None, 0
    rate = parts[0][2]
    total = round(length_s * rate)
    out, filled = np.zeros((total, 2), np.float32), 0
    for first, sound, _ in parts:
        begin = round(first / fps * rate)
        if begin >= total:
            continue
        piece = sound[: total - begin]
        lap = min(len(piece), max(0, filled - begin), rate)
        if lap:
            rise = np.linspace(0.0, 1.0, lap, dtype=np.float32)[:, None]
            out[begin: begin + lap] = (1.0 - rise) * out[begin: begin + lap] + rise * piece[:lap]
        out[begin + lap: begin + len(piece)] = piece[lap:]
        filled = max(filled, begin + len(piece))
    return out, rate


def lasting(shot: Shot, length_s: float, rate_hz: int) -> NDArray[np.float32]:
    """A shot's own sound (N, 2) at a rate, exactly as long as the shot; silence where it made none."""
    import soxr

    total = round(length_s * rate_hz)
    out = np.zeros((total, 2), np.float32)
    if shot.sound is not None and shot.sound_rate_hz > 0 and len(shot.sound):
        heard = np.asarray(soxr.resample(shot.sound, shot.sound_rate_hz, rate_hz), np.float32)[:total]
        out[: len(heard)] = heard
    return out
