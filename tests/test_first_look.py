"""Whoever waits sees a picture of their film before its sound is made."""

from __future__ import annotations

from pathlib import Path
from threading import Event as Flag

import pytest
from PIL import Image

from agent.direction import Direction, Shot, Span
from agent.unroll import unroll
from modalities.engine import Job, Progress, Stopped
from modalities.engines.sim import SimEngine, SimParams


def job(folder: Path, stop: Flag) -> Job:
    world = unroll(Direction(duration_s=1.0, shots=(Shot(id="s1", span=Span(s=(0.0, 1.0))),), size_px=(128, 72)))
    folder.mkdir()
    return Job(world, (128, 72), None, None, None, None, SimParams(), 0, folder, stop)


def test_the_first_picture_comes_before_the_sound_and_is_of_this_film(tmp_path: Path):
    SimEngine().run(job(tmp_path / "warm", Flag()), lambda p: None)  # kernels are there now
    told: list[tuple[str, tuple[int, int] | None]] = []

    def hear(progress: Progress) -> None:
        seen = progress.preview_png
        told.append((progress.stage, Image.open(seen).size if seen else None))

    SimEngine().run(job(tmp_path / "told", Flag()), hear)
    assert told[0] == ("roll out", (64, 36))
    assert "picture" in {stage for stage, _ in told[1:]}


def test_a_stopped_run_draws_nothing(tmp_path: Path):
    stop = Flag()
    stop.set()
    told: list[Progress] = []
    with pytest.raises(Stopped):
        SimEngine().run(job(tmp_path / "j", stop), told.append)
    assert all(one.preview_png is None for one in told)
