"""Another Beecam as an engine: a real one, on a port of this machine, given our Direction."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import uvicorn
from starlette.applications import Starlette
from test_video_engines import film, frames_of, quiet

from agent.script import script_of
from agent.unroll import unroll
from modalities.engine import Job
from modalities.engines.remote import beecam
from modalities.engines.remote.endpoints import Endpoint
from modalities.engines.remote.engine import RemoteEngine
from modalities.engines.sim import SimEngine
from modalities.faults import Stopped, Unavailable
from modalities.store import Store
from ui_gen.api_serve import api_routes

TOKEN = "t" * 24


@pytest.fixture(scope="module")
def other(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A Beecam that serves its API; its address."""
    place = tmp_path_factory.mktemp("other")
    Store(place).open()
    patched = pytest.MonkeyPatch()
    patched.setenv("BEECAM_API_TOKENS", f"me:{TOKEN}")
    patched.setenv("OTHER_TOKEN", TOKEN)
    routes, close = api_routes(place, "127.0.0.1")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = uvicorn.Server(uvicorn.Config(Starlette(routes=routes), "127.0.0.1", port, log_level="error"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.02)
    yield f"http://127.0.0.1:{port}/api/v1"
    server.should_exit = True
    thread.join(10)
    close()
    patched.undo()


@pytest.fixture(autouse=True)
def hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(beecam, "POLL_S", 0.05)


def engine(url: str, **changed: object) -> RemoteEngine:
    return RemoteEngine(Endpoint.model_validate({"name": "upstairs", "kind": "beecam", "url": url, "model": "sim",
                                                 "key_env": "OTHER_TOKEN", "timeout_s": 120.0} | changed))


def job(folder: Path) -> Job:
    folder.mkdir()
    direction = film((0.5, 0.75), place="desert")
    return Job(unroll(direction, None, 50.0), direction.size_px, None, None, None, None, RemoteEngine.Params(),
               direction.seed, folder, script=script_of(direction), document=direction.model_dump(mode="json"))


def test_it_makes_the_film_that_we_would_have_made(other: str, tmp_path: Path):
    work = job(tmp_path / "a")
    theirs = frames_of(engine(other).run(work, quiet).video).astype(int)
    (tmp_path / "b").mkdir()
    ours = frames_of(SimEngine().run(replace(work, params=SimEngine.Params(), folder=tmp_path / "b"), quiet).video)
    assert theirs.shape == ours.shape == (15, 48, 64, 3)
    # Theirs was encoded twice.
    assert np.abs(theirs - ours.astype(int)).mean() < 4


def test_a_wrong_token_and_an_engine_it_lacks_are_one_sentence(other: str, tmp_path: Path, monkeypatch):
    with pytest.raises(Unavailable, match=r"wan-vace|failed|refused"):
        engine(other, model="wan-vace").run(job(tmp_path / "a"), quiet)
    monkeypatch.setenv("OTHER_TOKEN", "wrong" * 6)
    with pytest.raises(Unavailable, match="401") as fault:
        engine(other).run(job(tmp_path / "b"), quiet)
    assert "wrong" * 6 not in str(fault.value)


def test_stop_is_heard(other: str, tmp_path: Path):
    work = job(tmp_path / "a")
    threading.Timer(0.6, work.stop.set).start()
    began = time.monotonic()
    with pytest.raises(Stopped):
        engine(other).run(work, quiet)
    assert time.monotonic() - began < 8
