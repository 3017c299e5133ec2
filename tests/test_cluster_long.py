"""Workers, the long way round: a cluster that dies, two machines, whole takes, ideas, training data, Ctrl-C."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from threading import Event

import numpy as np
import pytest

from agent.brief import Brief
from agent.direction import EngineChoice
from agent.ideas import Start, ideas_from
from agent.ideas_excerpt import signals_of
from agent.referring import Referred
from modalities.cluster.engine import clustered
from modalities.cluster.machines import Cluster
from modalities.engine import Progress
from modalities.faults import Unavailable
from modalities.store import Take
from tests.cluster_work import card, counted, processes
from tests.test_cluster import drawn
from tests.test_segments import ROOT, film, same, studio_in
from world_model.data import make as data
from world_model.train import latents
from world_model.workers import folders
from world_model.workers.on_ray import OnRay
from world_model.workers.tasks import Place, Task, Told, results

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]


@pytest.fixture(scope="module")
def ray() -> Iterator[OnRay]:
    workers = OnRay("local", cores=2)
    yield workers
    workers.close()


def child_of(ray: OnRay, name: str) -> int:
    """The process `name` of a local cluster."""
    return next(number for number, (parent, words) in processes().items()
                if parent == ray._process.pid and words.split(b"\0")[0].endswith(f"/{name}".encode()))


@pytest.mark.parametrize("part", ["gcs_server", "raylet", "ray_side"])
def test_a_dead_cluster_is_said_and_the_next_run_goes_on(part: str, tmp_path: Path):
    made: list[OnRay] = []

    def reach() -> OnRay:
        made.append(OnRay("local", cores=2))
        return made[-1]

    cluster, killed = Cluster(reach), list[float]()

    def hear(progress: Progress) -> None:
        if progress.stage == "picture" and progress.done >= 12 and not killed:
            killed.append(time.monotonic())
            os.kill(made[0]._process.pid if part == "ray_side" else child_of(made[0], part), signal.SIGKILL)

    with pytest.raises(Unavailable, match=r"^The cluster started on this machine cannot be used: it \w+.*\. \d of 7 pieces"):
        drawn(tmp_path / "p", cluster, hear=hear)
    assert time.monotonic() - killed[0] < 30.0
    kept = len(list((tmp_path / "p" / "segments").glob("*.npz")))
    assert kept and not list((tmp_path / "p" / "takes").iterdir())
    # The same Cluster reaches for workers anew.
    take = drawn(tmp_path / "p", cluster)
    cluster.close()
    assert len(made) == 2 and take.rendering["reused"] > 0
    assert same(take, drawn(tmp_path / "plain"))


def test_a_cluster_that_is_there_and_has_two_machines(tmp_path: Path):
    with subprocess.Popen([sys.executable, "-m", "tests.cluster_of_two"], cwd=ROOT, stdin=subprocess.PIPE, text=True,
                          stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
                          env=os.environ | {"PYTHONPATH": str(ROOT)}) as process:
        assert process.stdout is not None and process.stdin is not None
        workers = OnRay(process.stdout.readline().strip())
        nodes = workers.nodes
        assert len(nodes) == 2 and all(node.cpus == 1.0 for node in nodes)
        for node in nodes:
            tasks = [Task(counted, (number,), Place(nodes=(node.id,))) for number in range(4)]
            where = {one.value[1] for one in workers.run(tasks, shared=1) if isinstance(one, Told)}
            assert len(where) == 1
        # What needs a card goes where one is, and is given it; what needs none sees none.
        assert sorted(node.gpus for node in nodes) == [0.0, 1.0]
        cards = results(workers.run([Task(card, (), Place(gpus=1.0))] * 3 + [Task(card)] * 2), 5)
        assert cards[:3] == ["0"] * 3 and cards[3:] == [""] * 2
        take = drawn(tmp_path / "p", Cluster(lambda: workers))
        assert take.rendering["workers"] == 2.0 and same(take, drawn(tmp_path / "plain"))
        workers.close()
        process.stdin.close()
        process.wait(30)


def dreamt(project: Path, cluster: Cluster | None) -> tuple[Take, list[Progress]]:
    studio, told = studio_in(project), list[Progress]()
    if cluster is not None:
        studio.registry = clustered(studio.registry, cluster)
    take = studio.render(film(engine=EngineChoice(id="dream")), Brief(goal=""), None, Referred(words=""), parent=None,
                         reason="", request={}, emit=told.append, stop=Event())
    return take, told


def test_a_take_that_goes_on_from_itself_is_made_by_one_worker(ray: OnRay, tmp_path: Path):
    take, told = dreamt(tmp_path / "p", Cluster(lambda: ray))
    plain, _ = dreamt(tmp_path / "plain", None)
    assert same(take, plain) and take.measured == plain.measured and take.rendering["workers"] == 1.0
    done = [one.done for one in told if one.stage == "picture"]
    assert done == sorted(done) and done[-1] == 30 and any(one.preview_png for one in told)
    # Its pieces came along: made again here, nothing is painted.
    again, _ = dreamt(tmp_path / "p", None)
    assert again.rendering["reused"] == 30 and same(again, take)


def test_ideas_are_the_same_ones(ray: OnRay, tmp_path: Path):
    from agent.request import Request

    studio = studio_in(tmp_path / "p")
    direction = studio.plan(Request(prompt="a fox in a meadow", duration_s=6.0, size_px=(64, 36)), lambda p: None,
                            Event()).direction
    start = Start(direction, "a fox in a meadow", signals_of(direction, None, 50.0), ())
    here, there = (ideas_from(start, 2, 3, tmp_path / name, "x", lambda p: None, Event(), cluster)
                   for name, cluster in (("here", None), ("there", Cluster(lambda: ray))))
    assert [one.title for one in here] == [one.title for one in there] and len(here) == 2
    for one, other in zip(here, there, strict=True):
        assert (one.direction, one.patch, one.surprise_bits, one.distance, one.coherence) == \
            (other.direction, other.patch, other.surprise_bits, other.distance, other.coherence)
        assert one.preview is not None and other.preview is not None
        assert one.preview.read_bytes() == other.preview.read_bytes()


@pytest.mark.parametrize("seen", [True, False], ids=["a folder in common", "bytes"])
def test_training_data_is_the_same(ray: OnRay, seen: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    if not seen:
        monkeypatch.setattr(folders.Folder, "here", lambda self: None)
        # On the workers as well: they look for a mark that is not there.
        monkeypatch.setattr(folders.secrets, "token_hex", lambda count: "x/../y")
        monkeypatch.setattr(folders.Path, "touch", lambda self: None)
    for kind, clips in (("states", 6), ("pictures", 2)):
        assert data.make(kind, clips, tmp_path / "there", clips_in=2, cluster=ray) == clips // 2
        assert data.make(kind, clips, tmp_path / "there", clips_in=2, cluster=ray) == 0
    monkeypatch.undo()
    for kind, clips in (("states", 6), ("pictures", 2)):
        data.make(kind, clips, tmp_path / "here", clips_in=2)
    names = sorted(path.name for path in (tmp_path / "here").iterdir())
    assert sorted(path.name for path in (tmp_path / "there").iterdir()) == names and len(names) == 6
    for name in names:
        ours, theirs = (np.load(tmp_path / side / name) for side in ("here", "there"))
        for key in ours.files if name.endswith(".npz") else [None]:
            assert np.array_equal(ours[key] if key else ours, theirs[key] if key else theirs), (name, key)


def test_latents_are_the_same(ray: OnRay, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    done = subprocess.run([sys.executable, "-m", "world_model.train", "--preset", "tiny", "--minutes", "0.1", "--out",
                           str(tmp_path), "--workers", "1", "--threads", "1"], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[-800:]
    shards = tmp_path / "data"
    before = {path.name: path.read_bytes() for path in shards.glob("latents-*.npy")}
    assert before
    for seen in (True, False):
        for name in before:
            (shards / name).unlink()
        monkeypatch.setattr(latents, "seen_by_all", lambda workers, folder, seen=seen: seen)
        assert latents.write_latents(shards, tmp_path, "tiny", "cpu", 1, ray) == len(before)
        assert {path.name: path.read_bytes() for path in shards.glob("latents-*.npy")} == before
        assert latents.write_latents(shards, tmp_path, "tiny", "cpu", 1, ray) == 0


def test_training_without_a_cluster_where_one_was_named():
    done = subprocess.run([sys.executable, "-m", "world_model.train", "--preset", "tiny", "--minutes", "0.1", "--out", "x"],
                          cwd=ROOT, capture_output=True, text=True, env=os.environ | {"RAY_ADDRESS": "127.0.0.1:1"})
    assert done.returncode == 3 and done.stderr.startswith("No cluster answers at 127.0.0.1:1") and not Path("x").exists()


def test_ctrl_c_at_a_film_on_workers(tmp_path: Path):
    words = [sys.executable, str(ROOT / "app.py"), "make", "a fox in the rain", "--duration", "20", "--size", "512x288",
             "--cluster", "--project", str(tmp_path / "p"), "--json"]
    with subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=tmp_path) as process:
        assert process.stderr is not None
        line = ""
        while "picture" not in line:
            line = process.stderr.readline()
            assert line, "it ended before it drew"
        began = time.monotonic()
        process.send_signal(signal.SIGINT)
        said = process.stderr.readline()
        while "Stopped" not in said:
            said = process.stderr.readline()
            assert said, "it ended without a word"
        assert time.monotonic() - began < 2.0
        said += process.stderr.read()
        assert process.wait(20) == 130
    assert "Stopped; nothing half-made was kept" in said and "Traceback" not in said
    assert not list((tmp_path / "p" / "takes").iterdir())
    end = time.monotonic() + 15
    while time.monotonic() < end and json.dumps(left := listed(str(tmp_path))) != "[]":
        time.sleep(0.2)
    assert not left


def listed(folder: str) -> list[str]:
    """Processes that were started in a folder and are still there."""
    found: list[str] = []
    for one in Path("/proc").iterdir():
        try:
            if one.name.isdigit() and int(one.name) != os.getpid() and str((one / "cwd").readlink()) == folder:
                found.append((one / "cmdline").read_text())
        except OSError:
            continue
    return found
