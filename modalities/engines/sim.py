"""The simulator as an engine: crisp, exact, on any laptop. Picture and sound stream straight into the film."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from modalities.engine import Emit, EngineCard, EngineParams, Job, Needs, Progress, Rendered
from modalities.engines.filming import Picture, fill, shoot
from modalities.engines.filming_pieces import Pieces, key_frame, preview
from modalities.segments import Source


class SimParams(EngineParams):
    """The simulator's own knobs; everything else is in the Direction."""

    threads: int = Field(default=2, ge=1, le=64, description="worker threads of the renderer",
                         json_schema_extra={"unit": "threads", "phase": "load"})


class SimEngine:
    """Renders the world's state row by row: any size, the same bytes for the same state, size and seed."""

    card = EngineCard(
        id="sim", version="1", title="Simulator", tasks=("film", "still"),
        accepts=("world", "score", "track"), emits=("video", "audio", "depth", "flow", "ids", "edges"),
        needs=Needs(memory_mb=1200), determinism="same bytes on one machine", streams=True, licence="Apache-2.0")
    Params = SimParams

    def available(self) -> str | None:
        return None

    def close(self) -> None:
        return None

    def source(self, job: Job) -> Source:
        """A frame's row is all that it is drawn from; the number of threads changes no byte."""
        from world_model.sim.picture import packed_rows

        return Source(packed_rows(job.world.state), f"{self.card.id} {self.card.version}")

    def draw_pieces(self, job: Job, numbers: Sequence[int], emit: Emit) -> None:
        """Only these pieces of the film, into job.segments, on one thread: what a worker does of a film that is put
        together elsewhere. Raises Stopped."""
        source = self.source(job)
        fill(job, emit, _drawn(job, source.rows, 1), source, numbers)

    def run(self, job: Job, emit: Emit) -> Rendered:
        """Every frame from its own row."""
        from world_model.sim.picture import Renderer

        source = self.source(job)
        rows = source.rows
        params = job.params if isinstance(job.params, SimParams) else SimParams()

        def first_look() -> Path:
            """A picture of the film while its sound is made: somebody is waiting."""
            width, height = (max(16, side // 2) for side in job.size_px)
            key = key_frame(job.world.state.shot[:, 0].numpy().astype(np.int64))
            small = Renderer((width, height), threads=params.threads)
            try:
                return preview(small.render(rows[key: key + 1]), job.folder)
            finally:
                small.close()

        cold = not any(Path(os.environ.get("NUMBA_CACHE_DIR", ".")).glob("**/*resolve*.nbc"))
        # What earlier takes left is there in no time.
        if not cold and not job.stop.is_set() and Pieces(job, source).frames_there() == 0:
            emit(Progress("roll out", 1, 1, "steps", None, first_look()))
        return shoot(job, emit, _drawn(job, rows, params.threads), cold, source)


def _drawn(job: Job, rows: NDArray[np.float32], threads: int) -> Callable[[int], Picture]:
    """The function that draws frame i of a job from its row."""
    from world_model.sim.picture import Renderer

    renderer = Renderer(job.size_px, threads=threads)
    last: list[tuple[int, Picture]] = []

    def draw(index: int) -> Picture:
        # A picture is a function of its row alone: drawn looks hold a row for two frames, and one drawing serves both.
        if not last or not np.array_equal(rows[index], rows[last[0][0]]):
            last[:] = [(index, renderer.render(rows[index: index + 1]))]
        return last[0][1]

    return draw
