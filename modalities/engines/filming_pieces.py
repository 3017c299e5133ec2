"""The pictures of a film, piece by piece: a piece that an earlier take has made is taken as it is, the rest is drawn.

Drawing runs ahead of encoding by a few frames. A piece is kept as soon as it is whole, so that a run that was killed
goes on where it stopped when the same film is asked for again.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from modalities.engine import Emit, Job, Progress
from modalities.engines.filming_brushed import Brushed
from modalities.faults import Stopped
from modalities.film import Coder, FilmWriter
from modalities.segments import Picture, Segment, Source, keys, middle, pieces
from modalities.segments_store import SegmentStore
from modalities.titles import Titles
from modalities.watching import Watcher

PREVIEW_EVERY_S = 2.0
TELL_EVERY_S = 0.25
TRIM_EVERY = 64
AHEAD = 4


class Pieces:
    """The pieces of one job's film, and which of them are there. source: None where an engine does not say what it
    draws from; then nothing is kept and nothing reused."""

    def __init__(self, job: Job, source: Source | None) -> None:
        self.shots = job.world.state.shot[:, 0].numpy().astype(np.int64)
        self.fps = job.world.grid.fps
        self.plan = pieces(self.shots, self.fps, job.joins)
        self.keys: list[str] = []
        self.store: SegmentStore | None = None
        self._there: set[str] = set()
        if source is not None and job.segments is not None:
            self.store = SegmentStore(job.segments)
            self.keys = keys(source, self.plan, job.size_px, self.fps, self._added(job), job.made_on)
            self._there = self.store.known(self.keys)

    def frames_there(self) -> int:
        """How many frames earlier takes have left."""
        return sum(end - start for (start, end), key in zip(self.plan, self.keys, strict=True) if key in self._there
                   ) if self.keys else 0

    def _added(self, job: Job) -> Mapping[int, Any]:
        """What is laid over the frames of each piece: motion brushes, then titles."""
        found = dict(self._brushes(job))
        titles = Titles(job.titles, job.size_px, self.shots, self.fps)
        for start, end in self.plan if titles else ():
            if own := titles.added(start, end):
                found[start] = {"brushes": found.get(start), "titles": own}
        return found

    def _brushes(self, job: Job) -> Mapping[int, Any]:
        """What motion brushes add to each piece: they flow by their shot's whole length."""
        found: dict[int, Any] = {}
        for start, end in self.plan:
            own = sorted({shot for shot in self.shots[start:end].tolist() if job.brushes.get(shot)})
            if own:
                found[start] = [[[asdict(brush) for brush in job.brushes[shot]],
                                 int(np.argmax(self.shots == shot)) - start, int((self.shots == shot).sum()),
                                 middle(self.shots, shot) - start] for shot in own]
        return found


def share_there(job: Job, engine: object) -> float:
    """Which share of a job's frames earlier takes have left, in [0, 1]; 0 for an engine that does not say what it draws
    from."""
    tells = getattr(engine, "source", None)
    if tells is None or job.segments is None or not job.segments.is_dir():
        return 0.0
    there = Pieces(job, tells(job))
    return there.frames_there() / max(1, len(there.shots))


class Pictures:
    """Writes a job's pictures into its film. After `write`: poster, and how many frames were rendered and reused."""

    def __init__(self, job: Job, there: Pieces, draw: Callable[[int], Picture], brushed: Brushed, watcher: Watcher,
                 emit: Emit) -> None:
        self._job, self._there, self._draw, self._brushed = job, there, draw, brushed
        self._watcher, self._emit = watcher, emit
        self._total = len(there.shots)
        self._key_frame = key_frame(there.shots)
        self._stills = {middle(there.shots, shot) for shot in np.unique(there.shots).tolist()}
        self.poster = job.folder / "poster.png"
        self.rendered = self.reused = 0
        self._preview: Path | None = None
        self._started = self._told = self._shown = time.monotonic()
        self._fresh = self._total - there.frames_there()

    def write(self, film: FilmWriter) -> None:
        """Raises Stopped, OSError."""
        header, store = film.header, self._there.store
        with ThreadPoolExecutor(1) as pool:
            waiting: deque[Future[None]] = deque()
            for number, (start, end) in enumerate(self._there.plan):
                key = self._there.keys[number] if self._there.keys else ""
                self._brushed.begin()
                if self._job.brought is not None:
                    self._job.brought(key)
                found = store.get(key, self._job.size_px) if store is not None else None
                if found is not None and (found.header != header or len(found.coded) != end - start):
                    found = None
                if found is not None:
                    found = self._reuse(found, key, start, end)
                    waiting.append(pool.submit(film.add_coded, found.coded))
                else:
                    self._render(film, pool, waiting, key, start, end)
                _wait(waiting, AHEAD)
                if store is not None and number % TRIM_EVERY == TRIM_EVERY - 1:
                    waiting.append(pool.submit(store.trim))
            _wait(waiting, 0)
        if store is not None:
            store.trim()
        if self._preview is not None:
            self._preview.unlink(missing_ok=True)

    def fill(self, numbers: Iterable[int]) -> None:
        """Only these pieces of the plan, into the store: for who writes the film elsewhere. Raises Stopped."""
        with ThreadPoolExecutor(1) as pool:
            waiting: deque[Future[None]] = deque()
            for number in numbers:
                self._brushed.begin()
                self._render(None, pool, waiting, self._there.keys[number], *self._there.plan[number])
            _wait(waiting, 0)

    def _reuse(self, found: Segment, key: str, start: int, end: int) -> Segment:
        self._check()
        if start <= self._key_frame < end:
            still = found.stills.get(self._key_frame - start)
            if still is None:
                # The shot's middle lies elsewhere than in the take this piece comes from: this one frame is drawn.
                still = self._draw(self._key_frame).copy()
                self._brushed.begin()
                self.rendered += 1
                found = replace(found, stills={**found.stills, self._key_frame - start: still})
                if self._there.store is not None:
                    self._there.store.put(key, found)
            Image.fromarray(still).save(self.poster)
        self._watcher.join(found.seen)
        self._brushed.found += found.brushed
        self.reused += end - start
        self._tell(end, None)
        return found

    def _render(self, film: FilmWriter | None, pool: ThreadPoolExecutor, waiting: deque[Future[None]], key: str,
                start: int, end: int) -> None:
        coder = Coder(self._job.size_px, self._there.fps)
        watcher = Watcher(self._there.fps)
        stills: dict[int, Picture] = {}
        known = len(self._brushed.found)
        for index in range(start, end):
            self._check()
            rgb = self._draw(index)
            self.rendered += 1
            watcher.see(rgb)
            if index in self._stills:
                stills[index - start] = rgb.copy()
            if index == self._key_frame:
                Image.fromarray(rgb).save(self.poster)
            waiting.append(pool.submit(coder.add, rgb))
            _wait(waiting, AHEAD)
            self._tell(index + 1, rgb)
        self._watcher.join(watcher.seen)
        seen, brushed = watcher.seen, tuple(self._brushed.found[known:])

        def finish() -> None:
            coded, header = coder.finish()
            if film is not None:
                film.add_coded(coded)
            if self._there.store is not None:
                self._there.store.put(key, Segment(coded, header, seen, stills, brushed))

        waiting.append(pool.submit(finish))

    def _check(self) -> None:
        if self._job.stop.is_set():
            raise Stopped("The run was stopped; nothing of this take was kept.")

    def _tell(self, done: int, rgb: Picture | None) -> None:
        now = time.monotonic()
        if rgb is not None and (now - self._shown > PREVIEW_EVERY_S or self._preview is None):
            self._shown = now
            self._preview = preview(rgb, self._job.folder)
        if now - self._told > TELL_EVERY_S or done in (1, self._total):
            self._told = now
            rate_s = (now - self._started) / max(self.rendered, 1)
            left_s = rate_s * max(0, self._fresh - self.rendered) if self.rendered > 3 or done == self._total else None
            self._emit(Progress("picture", done, self._total, "frames", left_s, self._preview))


def _wait(waiting: deque[Future[None]], most: int) -> None:
    while len(waiting) > most or (waiting and waiting[0].done()):
        waiting.popleft().result()


def key_frame(shots: NDArray[np.int64]) -> int:
    """The middle of the shot that runs at 62 % of the film: where a director puts the image worth remembering."""
    return middle(shots, int(shots[min(len(shots) - 1, int(0.62 * len(shots)))]))


def preview(rgb: Picture, folder: Path) -> Path:
    """A small JPEG of the newest frame (H, W, 3), replaced in one step so that a reader never sees half of it."""
    image = Image.fromarray(rgb)
    image.thumbnail((480, 480))
    part, final = folder / ".preview.part.jpg", folder / ".preview.jpg"
    image.save(part, quality=80)
    part.replace(final)
    return final
