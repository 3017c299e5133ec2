"""A large video model as an engine: shot by shot, guided by the world, exact in time, resumable."""

from __future__ import annotations

import gc
import hashlib
import json
import tempfile
from collections.abc import Generator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from modalities.accelerator import Fit, accelerator
from modalities.engine import Emit, EngineCard, EngineParams, Job, Needs, Progress, Rendered, SoundWish
from modalities.engines.filming import shoot
from modalities.engines.placing import fits, out_of_memory
from modalities.engines.video.guides import fitted, moments, of_world
from modalities.engines.video.params import VideoParams
from modalities.engines.video.request import Frames, VideoModel
from modalities.engines.video.shots import Shot, Size, lasting, made
from modalities.faults import Stopped, Unavailable, Unusable
from modalities.measured_memory import measuring, of
from modalities.media import Track, write_wav
from modalities.script import ShotWords
from modalities.segments import Source
from modalities.weights import FETCHED, found, missing, size_on_disk_mb

WHOLE = Fit("cuda", "bfloat16", "none", False, 0.0).said
# How much less is asked for when memory does not suffice: of the area, then of the length.
SHARES = ((1.0, 1.0), (0.6, 1.0), (0.6, 0.5), (0.36, 0.5))


class LargeVideo:
    """The engine of one model. The pipeline stays open between takes until `close`."""

    def __init__(self, model: VideoModel) -> None:
        self.model = model
        card = model.card
        self.card = EngineCard(
            id=card.id, version="1", title=card.title, tasks=("film",), accepts=("world", "score", "track", "words"),
            emits=("video", "audio"), needs=Needs(sets=(card.weights, *card.also)), streams=card.streams,
            determinism="same bytes on one machine with the same layout", licence=card.weights.licence)
        self._pipe: Any = None
        self._opened: tuple[Path, Fit] | None = None

    @property
    def Params(self) -> type[EngineParams]:  # noqa: N802 - it names a class
        return self.model.Params

    def available(self) -> str | None:
        """One sentence with the command where weights are missing, or with numbers where they do not fit."""
        lost = missing(self.model.card.weights)
        if lost:
            return lost
        try:
            self._fits(Size(self.model.card.shape.size_px((768, 432), self.model.card.shape.area_px), 17))
        except Unavailable as fault:
            return str(fault)
        return None

    def close(self) -> None:
        self._pipe, self._opened = None, None
        gc.collect()

    def source(self, job: Job) -> Source:
        """A shot's pictures depend on the whole shot: every row carries the shot's digest beside it."""
        from world_model.sim.picture import packed_rows

        rows = packed_rows(job.world.state)
        folder = found(self.model.card.weights)
        by = json.dumps([self.card.id, self.card.version, job.params.model_dump(), job.seed, _mark(folder),
                         accelerator().name, str(job.script.pictures), str(job.script.film),
                         job.script.film_guides], sort_keys=True)
        digests = np.zeros((len(rows), 16), np.float32)
        for words in job.script.shots:
            span = slice(words.first_frame, words.first_frame + words.frames)
            told = hashlib.sha256(rows[span].tobytes() + repr(words).encode())
            if job.track is not None and "sound" in self.model.card.accepts:
                told.update(f"{job.track.sha256} {words.first_frame}".encode())
            digests[span] = np.frombuffer(told.digest()[:16], np.uint8).astype(np.float32)
        return Source(np.concatenate([rows, digests], 1), by)

    def run(self, job: Job, emit: Emit) -> Rendered:
        """Shots are made when the film comes to them; those that earlier takes left are not made again. Raises Stopped,
        Unavailable (also for want of memory, with the shots so far kept), Unusable."""
        params = job.params if isinstance(job.params, VideoParams) else VideoParams()
        wrong = self.refused(params)
        if wrong:
            raise Unusable(wrong)
        if not job.script.shots:
            raise Unusable(f"{self.card.title} needs the film in words, and there are none.")
        shots, total = {words.number: words for words in job.script.shots}, len(job.world.state)
        numbers = job.world.state.shot[:, 0].numpy().astype(np.int64)
        here: list[tuple[int, Shot]] = []
        notes = {"shots_made": 0.0, "shots_previz": 0.0, "asked_for_less": 0.0}

        def draw(index: int) -> Frames:
            words = shots.get(int(numbers[index]))
            words = words if words is not None and words.first_frame <= index < words.first_frame + words.frames else \
                next(one for one in job.script.shots if one.first_frame <= index < one.first_frame + one.frames)
            if not here or here[0][0] != words.number:
                here.clear()

                def tell(share: float) -> None:
                    emit(Progress("picture", words.first_frame + int(share * words.frames), total))

                here.append((words.number, self._shot(job, words, params, tell, notes)))
            return fitted(here[0][1].pictures[index - words.first_frame], job.size_px)

        if getattr(params, "sound", "film") == "model":
            if job.track is not None:
                raise Unusable("sound = model and your own music cannot both be heard; leave one of them out.")
            return self._sounding(job, emit, params, notes)
        rendered = shoot(job, emit, draw, source=self.source(job))
        return replace(rendered, measured=rendered.measured | {k: v for k, v in notes.items() if v})

    def _sounding(self, job: Job, emit: Emit, params: VideoParams, notes: dict[str, float]) -> Rendered:
        """A take with the sound that the model makes: its shots come first, because a film is written sound first."""
        total, rate = len(job.world.state), job.world.grid.sample_rate_hz
        with tempfile.TemporaryDirectory(prefix=".shots", dir=job.folder) as kept:
            sounds: list[NDArray[np.float32]] = []
            for number, words in enumerate(job.script.shots):
                def tell(share: float, words: ShotWords = words) -> None:
                    emit(Progress("picture", words.first_frame + int(share * words.frames), total))

                shot = self._shot(job, words, params, tell, notes)
                np.save(Path(kept) / f"{number}.npy", shot.pictures)
                sounds.append(lasting(shot, words.frames / job.world.grid.fps, rate))
            sound = np.concatenate(sounds)
            path, peak = Path(kept) / "sound.wav", float(np.abs(sound).max(initial=0.0))
            write_wav(path, iter((sound,)), rate, None, max(1.0, peak))
            track = Track(path, path, hashlib.sha256(sound.tobytes()).hexdigest(), rate, len(sound), peak, None, ())
            pictures = [np.load(Path(kept) / f"{number}.npy", mmap_mode="r") for number in range(len(job.script.shots))]

            def draw(index: int) -> Frames:
                number, words = next((k, one) for k, one in enumerate(job.script.shots)
                                     if one.first_frame <= index < one.first_frame + one.frames)
                return fitted(np.asarray(pictures[number][index - words.first_frame]), job.size_px)

            heard = replace(job, track=track, score=None, composition=None, cues=None, sound=SoundWish())
            rendered = shoot(heard, emit, draw)
        return replace(rendered, measured=rendered.measured | {k: v for k, v in notes.items() if v})

    def refused(self, params: VideoParams) -> str | None:
        """One sentence where this model cannot do what is asked."""
        accepts, asked = self.model.card.accepts, ("", "")
        if params.hold not in accepts:
            asked = ("hold", params.hold)
        elif params.repaint != "everything" and "repaint" not in accepts:
            asked = ("repaint", params.repaint)
        elif params.ends != "open" and ("after" if params.ends == "after" else "ends") not in accepts:
            asked = ("ends", params.ends)
        if not asked[0]:
            return None
        holds = ", ".join(sorted(accepts & {"depth", "edges", "pictures", "none"}))
        return f"{self.card.title} cannot take {asked[0]} = {asked[1]}; it holds to: {holds}."

    def _shot(self, job: Job, words: ShotWords, params: VideoParams, tell: Any, notes: dict[str, float]) -> Shot:
        """The shot at the most that memory allows; then, if asked, its previz."""
        last: BaseException | None = None
        tried = 0
        try:
            for fit, size in self._attempts(job, params):
                try:
                    pipe = self._pipeline(fit)
                    with measuring(self.card.id, size.size_px, size.window_frames, fit.said):
                        shot = made(job, words, self.model, pipe, params, size, tell)
                    notes["shots_made"] += 1
                    notes["asked_for_less"] = max(notes["asked_for_less"], float(tried))
                    return shot
                except Stopped:
                    raise
                except Exception as fault:
                    if not out_of_memory(fault):
                        raise
                    last, tried = fault, tried + 1
                    self.close()
            raise Unavailable(f"Shot {words.number + 1} does not fit into memory, however little is asked for at a "
                              f"time ({str(last)[:120]}); the shots before it are kept, and a smaller height_px goes "
                              "on there.")
        except (Stopped, Unusable):
            raise
        except Exception as fault:
            if params.failing == "previz":
                notes["shots_previz"] += 1
                fps = float(job.world.grid.fps)
                at = moments(words.first_frame, words.frames, fps, fps)
                return Shot(of_world(job, at, job.size_px, "everything").pictures)
            if isinstance(fault, Unavailable):
                raise
            raise Unavailable(f"{self.card.title} failed in shot {words.number + 1} ({type(fault).__name__}: "
                              f"{str(fault)[:160]}); the shots before it are kept.") from fault

    def _attempts(self, job: Job, params: VideoParams) -> Generator[tuple[Fit, Size]]:
        """Ways to lay the model out, best first; then the same with less asked for at a time."""
        shape = self.model.card.shape
        width, height = job.size_px
        area = min(shape.area_px, round(params.height_px ** 2 * width / height), width * height)
        last: tuple[float, Size] | None = None
        for share, length in SHARES:
            size = Size(shape.size_px(job.size_px, round(share * area)),
                        max(shape.step + 1, round(params.window_frames * length)))
            for fit in self._fits(size):
                if last == (fit.needs_mb, size):
                    continue
                last = (fit.needs_mb, size)
                yield fit, size

    def _fits(self, size: Size) -> tuple[Fit, ...]:
        folder = found(self.model.card.weights)
        if folder is None:
            raise Unavailable(missing(self.model.card.weights) or "")
        return fits(folder, self._work_mb(folder, size))

    def _work_mb(self, folder: Path, size: Size) -> float:
        """Beside the weights: what was measured on this card, for as many pixels; else what the adapter says."""
        asked = size.size_px[0] * size.size_px[1] * size.window_frames
        weights_mb = sum(size_on_disk_mb(folder).values())
        for peak in of(self.card.id):
            there = peak.size_px[0] * peak.size_px[1] * peak.frames
            if peak.card_mb is not None and peak.layout == WHOLE and peak.machine == accelerator().name and there:
                return max(0.0, peak.card_mb - weights_mb) * asked / there
        return self.model.work_mb(size.size_px, size.window_frames)

    def _pipeline(self, fit: Fit) -> Any:
        folder = found(self.model.card.weights)
        if folder is None:
            raise Unavailable(missing(self.model.card.weights) or "")
        if self._opened != (folder, replace(fit, needs_mb=0.0)):
            self.close()
            check_pipeline(folder, self.model.card.pipeline)
            self._pipe = self.model.open(folder, fit)
            self._opened = (folder, replace(fit, needs_mb=0.0))
        return self._pipe


def check_pipeline(folder: Path, wanted: str) -> None:
    """Raises Unavailable when a folder holds another pipeline than the adapter speaks to."""
    try:
        named = json.loads((folder / "model_index.json").read_text("utf-8")).get("_class_name", "")
    except (OSError, ValueError, AttributeError):
        named = ""
    if wanted and named != wanted:
        raise Unavailable(f"{folder} holds {str(named)[:60] or 'no pipeline'}, and {wanted} is needed.")


def _mark(folder: Path | None) -> str:
    """Tells two sets of weights apart by names, sizes and what was fetched."""
    if folder is None:
        return ""
    files = sorted(f"{path.relative_to(folder)}:{path.stat().st_size}" for path in folder.rglob("*.safetensors"))
    head = (folder / FETCHED).read_text("utf-8", "replace") if (folder / FETCHED).is_file() else ""
    return hashlib.sha256(json.dumps([files, head]).encode()).hexdigest()[:16]

