"""From pictures one after another to a finished take: sound first, film, poster, preview, progress, measures.

Engines give a function that draws one frame; everything round it is the same for all of them.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from modalities.engine import Emit, Job, Progress, Rendered
from modalities.engines.brushes import Brush, Brushes
from modalities.faults import Stopped
from modalities.film import FilmWriter
from modalities.media import Sound, write_wav
from modalities.watching import Watcher

PREVIEW_EVERY_S = 2.0
TELL_EVERY_S = 0.25
Picture = NDArray[np.uint8]


def shoot(job: Job, emit: Emit, draw: Callable[[int], Picture], compiling: bool = False) -> Rendered:
    """The take of a job, frame i drawn by draw(i) as (H, W, 3) uint8 of the job's size, asked for in rising order.

    compiling: whether the first picture will keep the creator waiting. Raises Stopped, or OSError on a full disk.
    """
    folder = job.folder
    audio = folder / "audio.wav"
    began = time.monotonic()
    fetch_from, loudness_lufs = _make_sound(job, audio, emit)
    heard = time.monotonic()
    watcher = Watcher(job.world.grid.fps)
    brushed = _Brushed(job, draw)
    with fetch_from as fetch:
        if compiling:
            emit(Progress("compile", 0, 1, "steps"))
        poster = _pictures(job, fetch, watcher, brushed.draw if job.brushes else draw, emit)
    frames = len(job.world.state)
    spent = {"sound_s": round(heard - began, 3), "picture_s": round(time.monotonic() - heard, 3),
             "frames": frames, "rendered": frames, "reused": 0, "compiled": int(compiling)}
    shots = job.world.state.shot[:, 0].numpy()
    cuts = np.flatnonzero(np.diff(shots) != 0) + 1
    energy = _energy_per_frame(job)
    measured = watcher.measured(cuts, energy) | brushed.measured()
    if loudness_lufs is not None:
        measured["loudness_lufs"] = round(loudness_lufs, 2)
    emit(Progress("finish", 1, 1, "steps", 0.0))
    return Rendered(folder / "video.mp4", audio, poster, job.world.duration_s, measured, spent)


def _pictures(job: Job, fetch: _Fetch, watcher: Watcher, draw: Callable[[int], Picture], emit: Emit) -> Path:
    world = job.world
    total = len(world.state)
    key_frame = _key_frame(world.state.shot[:, 0].numpy())
    poster = job.folder / "poster.png"
    samples = world.grid.samples(world.duration_s)
    started = told = shown = time.monotonic()
    preview: Path | None = None
    with FilmWriter(job.folder / "video.mp4", job.size_px, world.grid.fps, world.grid.sample_rate_hz, samples,
                    fetch.block) as film, ThreadPoolExecutor(1) as pool:
        waiting: deque[Future[None]] = deque()
        for index in range(total):
            if job.stop.is_set():
                raise Stopped("The run was stopped; nothing of this take was kept.")
            rgb = draw(index)
            watcher.see(rgb)
            if index == key_frame:
                Image.fromarray(rgb).save(poster)
            waiting.append(pool.submit(film.add, rgb))
            while len(waiting) > 4 or (waiting and waiting[0].done()):
                waiting.popleft().result()
            now = time.monotonic()
            if now - shown > PREVIEW_EVERY_S or index == 0:
                shown = now
                preview = _preview(rgb, job.folder)
            if now - told > TELL_EVERY_S or index in (0, total - 1):
                told = now
                left_s = (now - started) / (index + 1) * (total - index - 1) if index > 2 else None
                emit(Progress("picture", index + 1, total, "frames", left_s, preview))
        for future in waiting:
            future.result()
    if preview is not None:
        preview.unlink(missing_ok=True)
    return poster


class _Brushed:
    """A film's frames with its motion brushes, and what the brushes added: the flow in the middle of every shot that
    has some, against the same two frames without."""

    def __init__(self, job: Job, draw: Callable[[int], Picture]) -> None:
        fps = job.world.grid.fps
        shots = job.world.state.shot[:, 0].numpy().astype(np.int64)
        # Rows carry single precision; the drawing's own frame gives its time exactly.
        drawn = np.rint(job.world.state.time_s[:, 0].numpy().astype(np.float64) * fps)
        times_s = np.clip(drawn, 0, np.arange(len(shots))) / fps
        self._brushes, self._draw, self._times_s = Brushes(job.brushes, job.size_px, shots, times_s), draw, times_s
        self._looks = {_middle(shots, shot): shot for shot in job.brushes if (shots == shot).sum() > 4}
        self._before: tuple[int, Picture, Picture] | None = None
        self._found: list[tuple[float, float]] = []

    def draw(self, index: int) -> Picture:
        plain = self._draw(index)
        moved = self._brushes.moved(index, plain)
        begin = self._before
        if begin is not None and self._times_s[index] > self._times_s[begin[0]]:
            self._look(begin, plain, moved, index)
            self._before = begin = None
        if begin is None and index in self._looks:
            self._before = (index, plain.copy(), moved.copy())
        return moved

    def measured(self) -> dict[str, float]:
        """brush_cosine: the least agreement with a direction; brush_outside: the most that moved beside a region."""
        found = [pair for pair in self._found if pair[0] == pair[0]]
        return {} if not found else {"brush_cosine": round(min(c for c, _ in found), 3),
                                     "brush_outside": round(max(o for _, o in found), 3)}

    def _look(self, before: tuple[int, Picture, Picture], plain: Picture, moved: Picture, index: int) -> None:
        from modalities.engines.brush_truth import followed

        brushes: tuple[Brush, ...] = self._brushes.of(before[0])
        # Two brushes in one shot cross each other's regions; one alone can be told apart.
        if len(brushes) == 1 and brushes[0].start < 0.5 < brushes[0].end:
            step_s = float(self._times_s[index] - self._times_s[before[0]])
            seen = followed(brushes[0], (before[1], plain), (before[2], moved), step_s)
            self._found.append((seen.cosine, seen.outside))


def _middle(shots: NDArray[np.int64], shot: int) -> int:
    same = np.flatnonzero(shots == shot)
    return int(same[len(same) // 2])


class _Fetch:
    """Reads the finished sound back in blocks while the film is written."""

    def __init__(self, path: Path) -> None:
        import soundfile as sf

        self._file = sf.SoundFile(path)

    def __enter__(self) -> _Fetch:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    def block(self, start: int, count: int) -> Sound:
        if self._file.tell() != start:
            self._file.seek(start)
        return np.asarray(self._file.read(count, dtype="float32", always_2d=True), np.float32)


def _make_sound(job: Job, audio: Path, emit: Emit) -> tuple[_Fetch, float | None]:
    world = job.world
    rate = world.grid.sample_rate_hz
    total = world.grid.samples(world.duration_s)
    emit(Progress("sound", 0, 1, "steps"))
    if job.track is not None:
        track = job.track
        kept = min(total, track.frames)

        def blocks() -> Iterator[Sound]:
            for start in range(0, kept, 1 << 18):
                if job.stop.is_set():
                    raise Stopped("The run was stopped; nothing of this take was kept.")
                yield track.read(start, min(1 << 18, kept - start))

        write_wav(audio, blocks(), rate, track.exact_pcm, track.peak)
        loudness = job.cues.loudness_lufs if job.cues else None
    else:
        from world_model.sim.mix import Stopped as SoundStopped
        from world_model.sim.sound import render_soundtrack

        try:
            sound = render_soundtrack(world, job.score, job.composition, rate, lambda share: emit(
                Progress("sound", int(share * 100), 100, "percent")), job.stop)
        except SoundStopped:
            raise Stopped("The run was stopped; nothing of this take was kept.") from None
        write_wav(audio, iter((sound,)), rate, 24, 1.0)
        loudness = _loudness(sound, rate)
    emit(Progress("sound", 1, 1, "steps"))
    return _Fetch(audio), loudness


def _loudness(sound: Sound, rate: int) -> float | None:
    import pyloudnorm

    if len(sound) < rate or not np.any(sound):
        return None
    # Five minutes tell the loudness of a piece; double precision of an hour would not fit beside it.
    value = float(pyloudnorm.Meter(rate).integrated_loudness(sound[: 300 * rate].astype(np.float64)))
    return value if np.isfinite(value) else None


def _key_frame(shots: NDArray[np.float32]) -> int:
    """The middle of the shot that runs at 62 % of the film: where a director puts the image worth remembering."""
    at = min(len(shots) - 1, int(0.62 * len(shots)))
    same = np.flatnonzero(shots == shots[at])
    return int(same[len(same) // 2])


def _preview(rgb: NDArray[np.uint8], folder: Path) -> Path:
    """A small JPEG of the newest frame, replaced in one step so that a reader never sees half of it."""
    image = Image.fromarray(rgb)
    image.thumbnail((480, 480))
    part, final = folder / ".preview.part.jpg", folder / ".preview.jpg"
    image.save(part, quality=80)
    part.replace(final)
    return final


def _energy_per_frame(job: Job) -> NDArray[np.float32] | None:
    count, fps = len(job.world.state), job.world.grid.fps
    if job.cues is not None:
        curve, rate = job.cues.signals.get("energy"), job.cues.signal_rate_hz
    elif job.composition is not None:
        from world_model.sim.sound import signals

        rate = 50.0
        curve = signals(job.composition, job.world.duration_s, rate).get("energy")
    else:
        return None
    if curve is None or len(curve) == 0:
        return None
    times = np.arange(count) / fps
    return np.interp(times, np.arange(len(curve)) / rate, curve).astype(np.float32)
