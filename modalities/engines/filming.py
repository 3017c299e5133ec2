"""From pictures one after another to a finished take: sound first, film, poster, preview, progress, measures.

Engines give a function that draws one frame; everything round it is the same for all of them.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from modalities.engine import Emit, Job, Progress, Rendered
from modalities.engines.filming_brushed import Brushed
from modalities.engines.filming_pieces import Pictures, Pieces
from modalities.engines.sound.catalogue import wanted
from modalities.faults import Stopped
from modalities.film import FilmWriter
from modalities.media import Sound, write_wav
from modalities.segments import Picture, Source
from modalities.titles import Titles
from modalities.watching import Watcher

__all__ = ["Picture", "fill", "shoot"]


def shoot(job: Job, emit: Emit, draw: Callable[[int], Picture], compiling: bool = False,
          source: Source | None = None) -> Rendered:
    """The take of a job, frame i drawn by draw(i) as (H, W, 3) uint8 of the job's size, asked for in rising order; not
    every frame is, where earlier takes have left pieces that come from the same source.

    compiling: whether the first picture will keep the creator waiting. Raises Stopped, or OSError on a full disk.
    """
    folder = job.folder
    audio = folder / "audio.wav"
    began = time.monotonic()
    fetch_from, loudness_lufs, of_sound = _make_sound(job, audio, emit)
    heard = time.monotonic()
    watcher = Watcher(job.world.grid.fps)
    brushed = Brushed(job, draw)
    there = Pieces(job, source)
    frames, grid = len(job.world.state), job.world.grid
    compiling = compiling and there.frames_there() < frames
    pictures = _pictures(job, emit, draw, there, brushed, watcher)
    with fetch_from as fetch:
        if compiling:
            emit(Progress("compile", 0, 1, "steps"))
        with FilmWriter(folder / "video.mp4", job.size_px, grid.fps, grid.sample_rate_hz,
                        grid.samples(job.world.duration_s), fetch.block) as film:
            pictures.write(film)
    spent = {"sound_s": round(heard - began, 3), "picture_s": round(time.monotonic() - heard, 3),
             "frames": frames, "rendered": pictures.rendered, "reused": pictures.reused, "compiled": int(compiling)}
    cuts = np.flatnonzero(np.diff(there.shots) != 0) + 1
    energy = _energy_per_frame(job)
    measured = watcher.measured(cuts, energy) | brushed.measured() | of_sound
    if loudness_lufs is not None:
        measured["loudness_lufs"] = round(loudness_lufs, 2)
    emit(Progress("finish", 1, 1, "steps", 0.0))
    return Rendered(folder / "video.mp4", audio, pictures.poster, job.world.duration_s, measured, spent)


def fill(job: Job, emit: Emit, draw: Callable[[int], Picture], source: Source, numbers: Iterable[int]) -> None:
    """These pieces of a job's film into job.segments, as `shoot` would draw them; no sound, no film. Raises Stopped."""
    brushed = Brushed(job, draw)
    _pictures(job, emit, draw, Pieces(job, source), brushed, Watcher(job.world.grid.fps)).fill(numbers)


def _pictures(job: Job, emit: Emit, draw: Callable[[int], Picture], there: Pieces, brushed: Brushed, watcher: Watcher
              ) -> Pictures:
    """A job's pictures with all that is laid over them: brushes, then titles."""
    plain = brushed.draw if job.brushes else draw
    titles = Titles(job.titles, job.size_px, there.shots, there.fps)
    return Pictures(job, there, (lambda index: titles.drawn(index, plain(index))) if titles else plain, brushed,
                    watcher, emit)


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


def _make_sound(job: Job, audio: Path, emit: Emit) -> tuple[_Fetch, float | None, dict[str, float]]:
    world = job.world
    rate = world.grid.sample_rate_hz
    total = world.grid.samples(world.duration_s)
    emit(Progress("sound", 0, 1, "steps"))
    of_sound: dict[str, float] = {}
    if wanted(job):
        from modalities.engines.sound.soundtrack import soundtrack, written

        made = soundtrack(job, emit)
        written(made, job.folder, rate)
        loudness, of_sound = _loudness(made.mix.sound, rate), made.measured
    elif job.track is not None:
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
    return _Fetch(audio), loudness, of_sound


def _loudness(sound: Sound, rate: int) -> float | None:
    import pyloudnorm

    if len(sound) < rate or not np.any(sound):
        return None
    # Five minutes tell the loudness of a piece; double precision of an hour would not fit beside it.
    value = float(pyloudnorm.Meter(rate).integrated_loudness(sound[: 300 * rate].astype(np.float64)))
    return value if np.isfinite(value) else None


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
