"""The world model's own pictures as an engine: neural, loose, alive; anywhere its weights lie."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from pydantic import Field

from modalities.engine import Emit, EngineCard, EngineParams, Job, Needs, Rendered
from modalities.engines.filming import Picture, shoot
from modalities.faults import Stopped, Unusable
from modalities.media import file_sha256
from modalities.segments import Source
from modalities.style_store import certificate_of, folder_of
from world_model.streams.layout import FRAMES_PER_STEP, PICTURE_FPS, PICTURE_PX, STEP_S, Floats

if TYPE_CHECKING:
    from world_model.joint.pipeline import WorldPipeline
    from world_model.style.grade import Grade

WEIGHTS_MB = 20


class DreamParams(EngineParams):
    """How the model dreams; what it dreams of is in the Direction."""

    passes: int = Field(default=2, ge=1, le=16, description="how often each picture is cleaned",
                        json_schema_extra={"unit": "passes", "phase": "take"})
    hold: Literal["free", "imagined", "glimpse", "full"] = Field(
        default="full", description="how tightly the dream holds to the world as the simulator draws it: to its shapes "
        "(full), to its colours (glimpse), to colours it imagined itself (imagined), to nothing (free)",
        json_schema_extra={"unit": "", "phase": "take"})
    sameness: float = Field(default=0.9, ge=0.0, le=0.99, description="how much stays as it was, step to step",
                            json_schema_extra={"unit": "share", "phase": "take"})
    style: str = Field(default="", max_length=40, pattern=r"^([a-z0-9][a-z0-9_-]*)?$", description="a look of this "
                       "project's, learnt with beecam style learn; none where empty",
                       json_schema_extra={"unit": "", "phase": "take"})
    style_amount: float = Field(default=1.0, ge=0.0, le=1.0, description="how much of that look",
                                json_schema_extra={"unit": "share", "phase": "take"})


class DreamEngine:
    """Pictures of the joint model, three to a quarter second at 256 x 144, enlarged to the size that is asked for."""

    card = EngineCard(
        id="dream", version="1", title="Dream", tasks=("film",), accepts=("world", "score", "track"),
        emits=("video", "audio"), needs=Needs(memory_mb=900, weights=(("live", "1", WEIGHTS_MB, "Apache-2.0"),)),
        determinism="same bytes on one machine", streams=True, licence="Apache-2.0")
    Params = DreamParams

    def available(self) -> str | None:
        from world_model.joint.shipped import missing

        return missing("live") or missing("picture_codec")

    def close(self) -> None:
        return None

    def source(self, job: Job) -> Source:
        """A dream goes on from itself: a frame depends on every row before it, the score and the weights."""
        import torch

        from world_model.joint.shipped import weights_folder
        from world_model.sim.picture import packed_rows

        weights = [(path.name, file_sha256(path)) for name in ("live", "small", "picture_codec")
                   for path in sorted((weights_folder() / name).rglob("*")) if path.is_file()]
        params = job.params if isinstance(job.params, DreamParams) else DreamParams()
        if params.style:
            adapter = style_folder(job, params) / "adapter_model.safetensors"
            weights += [(path.name, file_sha256(path)) for path in (adapter, adapter.parent / "grade.json")
                        if path.is_file()]
        knobs = params.model_dump(exclude=set() if params.style else {"style", "style_amount"})
        made_by = [self.card.id, self.card.version, knobs, job.seed, torch.get_num_threads(),
                   None if job.score is None else job.score.model_dump(mode="json"), job.world.duration_s, weights]
        return Source(packed_rows(job.world.state), json.dumps(made_by, sort_keys=True), alone=False)

    def run(self, job: Job, emit: Emit) -> Rendered:
        """Steps of a quarter second, dreamt in order; each frame of the film shows the dream's nearest."""
        from world_model.dream import Dreamer
        from world_model.dream_guide import GRAIN, GuideView, Imagined, guided, with_grain
        from world_model.joint.shipped import open_picture_codec, open_world

        params = job.params if isinstance(job.params, DreamParams) else DreamParams()
        dreamer = Dreamer(styled(job, params), open_picture_codec(), params.passes, params.sameness)
        dreamer.begin(job.seed, ())
        fps = job.world.grid.fps
        rows = step_rows(job)
        steps = known_steps(job, rows)
        view, imagined = GuideView(2), Imagined(open_world("small"), job.seed) if params.hold == "imagined" else None
        palette = grade_of(job, params)
        shown: list[Picture] = []
        done = [-1]

        def draw(index: int) -> Picture:
            wanted = min(int(index / fps / STEP_S + 1e-6), len(steps["place"]) - 1)
            while done[0] < wanted:
                # After pieces that are reused, their steps are dreamt all the same, one after another.
                if job.stop.is_set():
                    raise Stopped("The run was stopped; nothing of this take was kept.")
                done[0] += 1
                three = rows[done[0] * FRAMES_PER_STEP:(done[0] + 1) * FRAMES_PER_STEP]
                known = {name: value[done[0]:done[0] + 1] for name, value in steps.items()}
                if imagined is not None:
                    frames = dreamer.step(known, looked(imagined.of(known), palette, params), "glimpse")
                else:
                    hold = "glimpse" if params.hold == "imagined" else params.hold
                    frames = dreamer.step(known, looked(guided(view, three, hold), palette, params), hold)
                frames = with_grain(frames, three[:, GRAIN], done[0] * FRAMES_PER_STEP, job.seed)
                with ThreadPoolExecutor(FRAMES_PER_STEP) as pool:
                    shown[:] = list(pool.map(lambda frame: enlarged(frame, job.size_px), frames))
            at = int((index / fps - done[0] * STEP_S) * PICTURE_FPS + 1e-6)
            return shown[min(max(at, 0), FRAMES_PER_STEP - 1)]

        rendered = shoot(job, emit, draw, source=self.source(job))
        if not params.style:
            return rendered
        # A look that failed may still be wanted: it is shown, and the take says that it had failed.
        passed = certificate_of(style_folder(job, params))["passed"]
        return replace(rendered, measured=rendered.measured | {"style_passed": float(passed)})


def style_folder(job: Job, params: DreamParams) -> Path:
    """Where the project of a job keeps the style. Raises Unusable where it has none of that name."""
    project = job.segments.parent if job.segments is not None else job.folder.parent.parent
    return folder_of(project, params.style)


def grade_of(job: Job, params: DreamParams) -> Grade | None:
    """The palette of the style that is asked for. Raises Unusable."""
    from world_model.style.grade import load_grade

    if not params.style:
        return None
    try:
        return load_grade(style_folder(job, params))
    except ValueError as fault:
        raise Unusable(f"The style {params.style!r} cannot be used: {fault}.") from None


def looked(guide: Floats | None, palette: Grade | None, params: DreamParams) -> Floats | None:
    """A guide in the style's palette, as much as is asked for."""
    return guide if guide is None or palette is None else palette.over(guide, params.style_amount)


def styled(job: Job, params: DreamParams) -> WorldPipeline:
    """The live model, with the style that is asked for laid into a copy of it. Raises Unusable."""
    from world_model.joint.pipeline import new_pipeline
    from world_model.joint.shipped import open_world
    from world_model.style.adapter import merged

    plain = open_world("live")
    if not params.style or params.style_amount == 0.0:
        return plain
    folder = style_folder(job, params)
    certificate_of(folder)
    try:
        return new_pipeline(merged(plain.model, folder, params.style_amount))
    except ValueError as fault:
        raise Unusable(f"The style {params.style!r} cannot be used: {fault}.") from None


def step_rows(job: Job) -> NDArray[np.float32]:
    """The job's world at 12 rows a second, three to a step, whole steps: (3 n, 272)."""
    from world_model.sim.picture import packed_rows

    rows = packed_rows(job.world.state)
    count = max(FRAMES_PER_STEP, int(np.ceil(job.world.duration_s * PICTURE_FPS - 1e-6)))
    count += -count % FRAMES_PER_STEP
    at = np.floor(np.arange(count) * job.world.grid.fps / PICTURE_FPS + 1e-6).astype(np.int64)
    return rows[np.minimum(at, len(rows) - 1)]


def known_steps(job: Job, rows: NDArray[np.float32]) -> dict[str, Floats]:
    """The job's world as streams, one row a step: the state, and the score where the music is our own."""
    from world_model.streams.from_state import state_streams
    from world_model.streams.music import score_stream

    steps = state_streams(rows, PICTURE_FPS)
    if job.score is not None and job.composition is not None:
        steps["score"] = score_stream(job.score, job.composition, len(steps["place"]))
    return steps


def enlarged(frame: NDArray[np.uint8], size_px: tuple[int, int]) -> Picture:
    """A dream frame at another size; the shape is kept by cropping the middle."""
    if size_px == PICTURE_PX:
        return frame
    width, height = size_px
    scale = max(width / PICTURE_PX[0], height / PICTURE_PX[1])
    wide, high = width / scale, height / scale
    left, top = (PICTURE_PX[0] - wide) / 2, (PICTURE_PX[1] - high) / 2
    picture = Image.fromarray(frame).resize(size_px, Image.Resampling.BICUBIC, (left, top, left + wide, top + high))
    return np.asarray(picture, np.uint8)
