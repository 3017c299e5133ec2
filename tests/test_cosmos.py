"""Cosmos-Transfer beyond the contract of all engines: its guard stays, and what it lacks is one sentence."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from test_video_engines import film, job, quiet
from tiny_cosmos import FakeGuard, build_cosmos

from modalities.engines.video.cosmos import CosmosTransfer
from modalities.engines.video.engine import LargeVideo
from modalities.faults import Unavailable, Unusable


@pytest.fixture(scope="module")
def weights(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("weights")
    build_cosmos(root / "cosmos-transfer")
    return root


@pytest.fixture
def engine(weights: Path, monkeypatch: pytest.MonkeyPatch) -> LargeVideo:
    import torch

    torch.set_num_threads(1)
    monkeypatch.setenv("BEECAM_MODELS", str(weights))
    monkeypatch.setattr(CosmosTransfer, "guard", lambda self: FakeGuard())
    return LargeVideo(CosmosTransfer())


def test_words_that_the_guard_forbids_make_nothing(engine: LargeVideo, tmp_path: Path):
    work = job(film((0.4,)), engine, tmp_path / "a")
    (words,) = work.script.shots
    told = replace(work, script=replace(work.script, shots=(replace(words, told="Something forbidden."),)))
    with pytest.raises(Unusable, match="does not allow these words"):
        engine.run(told, quiet)


def test_pictures_that_the_guard_forbids_are_not_kept(engine: LargeVideo, tmp_path: Path, monkeypatch):
    monkeypatch.setattr(FakeGuard, "blind", True)
    with pytest.raises(Unusable, match="does not allow these pictures"):
        engine.run(job(film((0.4,)), engine, tmp_path / "a"), quiet)


def test_without_its_guard_it_does_not_open(weights: Path, tmp_path: Path, monkeypatch):
    monkeypatch.setenv("BEECAM_MODELS", str(weights))
    engine = LargeVideo(CosmosTransfer())
    with pytest.raises(Unavailable, match=r"needs the package (torchvision|cosmos_guardrail)"):
        engine.run(job(film((0.4,)), engine, tmp_path / "a"), quiet)


def test_a_control_network_that_is_not_here_is_named(engine: LargeVideo, weights: Path, tmp_path: Path, monkeypatch):
    import shutil

    shutil.copytree(weights / "cosmos-transfer", tmp_path / "w" / "cosmos-transfer")
    monkeypatch.setenv("BEECAM_MODELS", str(tmp_path / "w"))
    with pytest.raises(Unavailable, match="beecam engines get cosmos-control-edge"):
        engine.run(job(film((0.4,)), engine, tmp_path / "a", hold="edges"), quiet)
