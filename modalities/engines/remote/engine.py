"""An endpoint as an engine: the same shots, the same cuts, made elsewhere; paid once, its cost said beforehand."""

from __future__ import annotations

import hashlib
import io
import json
import os
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import numpy as np
from PIL import Image
from pydantic import Field

from modalities.engine import Emit, EngineCard, EngineParams, Job, Needs, Progress, Rendered
from modalities.engines.filming import shoot
from modalities.engines.remote import beecam
from modalities.engines.remote.clips import decoded, lasting
from modalities.engines.remote.endpoints import Endpoint
from modalities.engines.remote.line import Line
from modalities.engines.remote.protocols import SPEAKS, Tell, Wanted, headers_for
from modalities.engines.video.guides import of_world
from modalities.engines.video.request import Frames
from modalities.faults import Unavailable, Unusable
from modalities.script import ShotWords
from modalities.segments import Source


class RemoteParams(EngineParams):
    """What an endpoint is asked for."""

    tries: int = Field(default=2, ge=1, le=5, description="how often a shot that came back broken is made again",
                       json_schema_extra={"unit": "times", "phase": "take"})


class RemoteEngine:
    """One endpoint. line_for: makes the line to it, a test's own if given."""

    Params = RemoteParams

    def __init__(self, endpoint: Endpoint, environ: Mapping[str, str] = os.environ) -> None:
        self.endpoint, self.environ = endpoint, environ
        self.card = EngineCard(
            id=f"remote-{endpoint.name}", version="1", title=f"{endpoint.name} ({endpoint.kind}, elsewhere)"[:60],
            tasks=("film",), accepts=("world", "score", "track", "words"), emits=("video",), needs=Needs(),
            determinism="as the endpoint does it", streams=False, licence="the endpoint's own terms")
        self._lines = Line

    def available(self) -> str | None:
        """Whether it is set up; whether it answers is found out when it is asked."""
        if self.endpoint.key_env and not self.endpoint.key(self.environ):
            return f"the environment variable {self.endpoint.key_env} is not set"
        if self.endpoint.workflow is not None and not self.endpoint.workflow.is_file():
            return f"its workflow {self.endpoint.workflow} is not there"
        return None

    def close(self) -> None:
        return None

    def cost(self, film_s: float, shots: int) -> float:
        """What a film costs at most, in the currency of the endpoint's bill."""
        return self.endpoint.price_per_s * self._billed_s(film_s) + self.endpoint.price_per_shot * shots

    def source(self, job: Job) -> Source:
        """A shot's pictures depend on what was asked for it, so that it is paid for once."""
        from world_model.sim.picture import packed_rows

        rows = packed_rows(job.world.state)
        by = json.dumps([self.card.id, self.card.version, self.endpoint.model_dump(mode="json"), job.seed,
                         None if self.endpoint.kind != "beecam" else job.document], sort_keys=True)
        digests = np.zeros((len(rows), 16), np.float32)
        for words in job.script.shots:
            span = slice(words.first_frame, words.first_frame + words.frames)
            told = hashlib.sha256(rows[span].tobytes() + repr(words).encode()).digest()[:16]
            digests[span] = np.frombuffer(told, np.uint8).astype(np.float32)
        return Source(np.concatenate([rows, digests], 1), by)

    def run(self, job: Job, emit: Emit) -> Rendered:
        """Raises Stopped, Unusable (too dear, no words), Unavailable (the endpoint; finished shots are kept)."""
        missing = self.available()
        if missing:
            raise Unavailable(f"Engine {self.card.id} cannot run here: {missing}")
        if not job.script.shots:
            raise Unusable(f"{self.card.title} needs the film in words, and there are none.")
        cost, most = self.cost(job.world.duration_s, len(job.script.shots)), self.endpoint.max_cost
        if most is not None and cost > most + 1e-9:
            raise Unusable(f"{self.card.id} would cost {cost:.2f}, and max_cost is {most:.2f}; nothing was sent.")
        total = len(job.world.state)
        here: list[tuple[int, Frames]] = []
        paid: list[float] = []

        def draw(index: int) -> Frames:
            words = next(one for one in job.script.shots
                         if one.first_frame <= index < one.first_frame + one.frames)
            whole = self.endpoint.kind == "beecam"
            number = -1 if whole else words.number
            if not here or here[0][0] != number:
                here.clear()

                def tell(share: float) -> None:
                    first, count = (0, total) if whole else (words.first_frame, words.frames)
                    emit(Progress("picture", first + int(share * count), total))

                here.append((number, self._film(job, tell) if whole else self._shot(job, words, tell)))
                paid.append(self.cost(job.world.duration_s, len(job.script.shots)) if whole else
                            self.cost(words.frames / job.world.grid.fps, 1))
            return here[0][1][index if whole else index - words.first_frame]

        rendered = shoot(job, emit, draw, source=self.source(job))
        return replace(rendered, measured=rendered.measured | ({"cost": round(sum(paid), 4)} if cost else {}))

    def _line(self, job: Job) -> Line:
        return self._lines(self.endpoint, job.stop, headers_for(self.endpoint, self.endpoint.key(self.environ)))

    def _film(self, job: Job, tell: Tell) -> Frames:
        line = self._line(job)
        frames, _ = decoded(beecam.made(line, job, tell), job.size_px, line.said)
        return lasting(frames, len(job.world.state))

    def _shot(self, job: Job, words: ShotWords, tell: Tell) -> Frames:
        """One shot, asked for again where what came back is broken."""
        line, params = self._line(job), job.params if isinstance(job.params, RemoteParams) else RemoteParams()
        wanted = self._wanted(job, words)
        for number in range(params.tries):
            film = SPEAKS[self.endpoint.kind]().make(line, replace(wanted, key=f"{wanted.key}-{number}"), tell)
            try:
                frames, _ = decoded(film, job.size_px, line.said)
                tell(1.0)
                return lasting(frames, words.frames)
            except Unavailable:
                if number + 1 == params.tries:
                    raise
        raise AssertionError("tries is at least 1")

    def _wanted(self, job: Job, words: ShotWords) -> Wanted:
        width, height = self.endpoint.size_px or job.size_px
        seconds = self._billed_s(words.frames / job.world.grid.fps)
        first = of_world(job, np.array([words.first_frame]), (width - width % 2, height - height % 2), "everything")
        png = io.BytesIO()
        Image.fromarray(first.pictures[0]).save(png, "PNG")
        told = f"{self.card.id} {job.seed} {words!r} {width}x{height} {seconds}"
        key = hashlib.sha256(told.encode()).hexdigest()[:40]
        return Wanted(words.prompt, words.avoid, job.seed, (width, height), words.frames, job.world.grid.fps, seconds,
                      png.getvalue(), key)

    def _billed_s(self, seconds: float) -> float:
        """The length that is made: the shortest the endpoint makes that is not shorter, else its longest."""
        lengths = sorted(self.endpoint.lengths_s)
        return next((one for one in lengths if one >= seconds - 1e-6), lengths[-1] if lengths else seconds)


def remote_engines(project: Path | None, environ: Mapping[str, str] = os.environ) -> tuple[RemoteEngine, ...]:
    """The endpoints that are set up, as engines; nothing is sent. Raises Unusable for a file that is not right."""
    from modalities.engines.remote.endpoints import endpoints

    return tuple(RemoteEngine(one, environ) for one in endpoints(project, environ))


