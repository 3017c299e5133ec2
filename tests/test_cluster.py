"""Workers on a real local Ray: the same bytes as without, and a worker that is killed loses nothing."""

from __future__ import annotations

import json
import os
import pickle
import signal
import socket
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from threading import Event, Timer

import pytest

from agent.brief import Brief
from agent.referring import Referred
from modalities.cluster.choosing import cluster_from
from modalities.cluster.engine import clustered
from modalities.cluster.machines import Cluster, kind_of
from modalities.cluster.placing import piece_place, take_place
from modalities.engine import Needs, Progress
from modalities.faults import Stopped, Unavailable, Unusable
from modalities.registry import default_registry
from modalities.segments import made_with
from modalities.store import Take
from tests.cluster_work import at_work, counted, refusing
from tests.test_segments import film, same, studio_in
from world_model.workers import on_ray
from world_model.workers.on_ray import OnRay
from world_model.workers.tasks import Done, Halted, InProcess, Lost, NoWorkers, Place, Task, Told, Workers, results


@pytest.fixture(scope="module")
def ray() -> Iterator[OnRay]:
    workers = OnRay("local", cores=2)
    yield workers
    workers.close()
    assert workers.gone


@pytest.fixture(params=["in process", "on ray"])
def workers(request: pytest.FixtureRequest) -> Workers:
    return InProcess() if request.param == "in process" else request.getfixturevalue("ray")


def drawn(project: Path, cluster: Cluster | None = None, told: list[Progress] | None = None, stop: Event | None = None,
          hear=None) -> Take:
    """The film of test_segments in a project, drawn by a cluster or here."""
    studio = studio_in(project)
    if cluster is not None:
        studio.registry = clustered(studio.registry, cluster)

    def emit(progress: Progress) -> None:
        if told is not None:
            told.append(progress)
        if hear is not None:
            hear(progress)

    return studio.render(film(), Brief(goal=""), None, Referred(words=""), parent=None, reason="", request={},
                         emit=emit, stop=stop or Event())


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Take:
    return drawn(tmp_path_factory.mktemp("plain"))


def test_every_task_is_done_once_wherever_it_is_done(workers: Workers):
    tasks = [Task(counted, (number,)) for number in range(5)]
    events = list(workers.run(tasks, shared=7))
    assert sorted((one.number, one.result) for one in events if isinstance(one, Done)) == [(k, 7 * k) for k in range(5)]
    for number in range(5):
        assert [one.value[0] for one in events if isinstance(one, Told) and one.number == number] == [0, 1, 2]
    assert results(workers.run(tasks, shared=2), 5) == [0, 2, 4, 6, 8]
    assert list(workers.run([])) == []


def test_faults_of_the_work_are_the_callers(workers: Workers):
    with pytest.raises(ValueError, match="this cannot be done"):
        list(workers.run([Task(refusing, ("plain",))]))
    with pytest.raises(Exception, match="nor this"):
        list(workers.run([Task(refusing, ("local",))]))
    assert results(workers.run([Task(counted, (1,))], shared=1), 1) == [1]


def test_stop_is_heard_within_a_second_and_the_workers_stay(workers: Workers):
    stop = Event()
    Timer(0.3, stop.set).start()
    began = time.monotonic()
    with pytest.raises(Halted):
        list(workers.run([Task(counted, (k, 100, 0.05)) for k in range(20)], shared=1, stop=stop))
    assert time.monotonic() - began < 1.3
    assert results(workers.run([Task(counted, (3,))], shared=1), 1) == [3]


def test_a_killed_worker_loses_nothing(ray: OnRay):
    events, killed = [], 0
    for event in ray.run([Task(counted, (number, 8, 0.05)) for number in range(4)], shared=3):
        events.append(event)
        if isinstance(event, Told) and event.value[0] == 4 and not killed:
            killed = event.number + 1
            os.kill(event.value[1], signal.SIGKILL)
    assert [one.number for one in events if isinstance(one, Lost)] == [killed - 1]
    assert sorted((one.number, one.result) for one in events if isinstance(one, Done)) == [(k, 3 * k) for k in range(4)]


def test_work_that_kills_every_worker_is_given_up(ray: OnRay):
    lost = 0
    with pytest.raises(NoWorkers, match=r"could not do the deadly one: its worker died 4 times"):
        for event in ray.run([Task(counted, (1, 2, 0.02), name="the deadly one")], shared=1):
            if isinstance(event, Told):
                os.kill(event.value[1], signal.SIGKILL)
            lost += isinstance(event, Lost)
    assert lost == 3


def test_what_no_machine_has_is_said_at_once(ray: OnRay):
    with pytest.raises(NoWorkers, match=r"No machine of the cluster has a graphics card for engine x; it has 2 cores"):
        list(ray.run([Task(counted, (1,), Place(gpus=1.0), "engine x")], shared=1))
    with pytest.raises(NoWorkers, match=r"has 64 cores and 5 MB"):
        list(ray.run([Task(counted, (1,), Place(cpus=64.0, memory_mb=5))], shared=1))


def test_a_film_is_the_same_bytes_though_a_worker_is_killed(ray: OnRay, plain: Take, tmp_path: Path):
    notes: list[str] = []
    told: list[Progress] = []
    killed: list[int] = []

    def hear(progress: Progress) -> None:
        if progress.stage == "picture" and not killed and (found := at_work(ray)):
            killed.append(found[0])
            os.kill(found[0], signal.SIGKILL)

    cluster = Cluster(lambda: ray, notes.append)
    take = drawn(tmp_path / "p", cluster, told, hear=hear)
    assert same(take, plain) and take.measured == plain.measured
    assert killed and take.rendering["lost_workers"] == 1 == len(notes) and "drawn again by another" in notes[0]
    # Nothing was drawn here; times of this take say nothing about this machine.
    assert (take.rendering["rendered"], take.rendering["reused"], take.rendering["workers"]) == (30, 0, 2.0)
    done = [one.done for one in told if one.stage == "picture"]
    assert done == sorted(done) and done[-1] == 30 and len(done) > 2
    again = drawn(tmp_path / "p", cluster)
    assert same(again, plain) and again.rendering["reused"] == 30 and "workers" not in again.rendering
    assert sorted(path.name for path in take.dir.iterdir()) == sorted(path.name for path in plain.dir.iterdir())


def test_a_stopped_film_leaves_its_pieces_and_nothing_else(ray: OnRay, plain: Take, tmp_path: Path):
    stop = Event()

    def hear(progress: Progress) -> None:
        if progress.stage == "picture" and progress.done >= 12:
            stop.set()

    began: list[float] = []
    with pytest.raises(Stopped):
        drawn(tmp_path / "p", Cluster(lambda: ray), stop=stop,
              hear=lambda one: (hear(one), stop.is_set() and not began and began.append(time.monotonic())))
    assert time.monotonic() - began[0] < 1.5
    assert not list((tmp_path / "p" / "takes").iterdir())
    kept = len(list((tmp_path / "p" / "segments").glob("*.npz")))
    take = drawn(tmp_path / "p", Cluster(lambda: ray))
    assert kept and take.rendering["reused"] > 0 and same(take, plain)


@pytest.mark.parametrize("address, fault, said", [
    ("127.0.0.1:1", Unavailable, "No cluster answers at 127.0.0.1:1"),
    ("ray://127.0.0.1:10001", Unavailable, r"ray start --address=HOST:PORT"),
    ("nowhere", Unusable, "RAY_ADDRESS: 'nowhere' is no address of a cluster"),
    ("127.0.0.1:99999", Unusable, "expected HOST:PORT, auto or local"),
    ("127.0.0.1:6379; rm -rf /", Unusable, "is no address"),
    ("é" * 400, Unusable, "is no address")])
def test_addresses_nobody_answers_at(address: str, fault: type[Exception], said: str):
    began = time.monotonic()
    cluster = cluster_from({"RAY_ADDRESS": address})
    assert cluster is not None
    with pytest.raises(fault, match=said):
        cluster.begin()
    assert time.monotonic() - began < 5.0


def test_no_address_and_no_wish_is_no_cluster():
    assert cluster_from({}) is None and cluster_from({"RAY_ADDRESS": " "}) is None
    assert cluster_from({}, asked=True) is cluster_from({"RAY_ADDRESS": "local"})


def test_somebody_else_at_that_address(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(on_ray, "START_S", 0.5)
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        workers = OnRay(f"127.0.0.1:{listener.getsockname()[1]}")
        with pytest.raises(NoWorkers, match="cannot be used"):
            _ = workers.nodes
        assert workers.gone
        workers.close()


def test_the_command_line_ends_with_3_and_a_sentence(monkeypatch: pytest.MonkeyPatch, capsys, tmp_path: Path):
    from ui_gen.command_line.run import main

    monkeypatch.setenv("RAY_ADDRESS", "127.0.0.1:1")
    assert main(["make", "a fox", "--project", str(tmp_path / "p")]) == 3
    assert capsys.readouterr().err.strip() == "No cluster answers at 127.0.0.1:1: Connection refused."
    monkeypatch.setenv("RAY_ADDRESS", "nonsense")
    assert main(["edit", "t0001", "--set", "/seed=3", "--project", str(tmp_path / "p")]) == 2
    # What draws nothing does not ask for workers.
    assert main(["tree", "--project", str(tmp_path / "p")]) == 0


def test_one_kind_of_machine_draws_a_film():
    here = json.dumps(["code", ["numpy 2"], "cpu a", "Linux"])
    other = json.dumps(["code", ["numpy 2"], "cpu b", "Linux"])
    older = json.dumps(["code of last week", ["numpy 2"], "cpu a", "Linux"])
    assert kind_of({"n": (here, 4.0)}, here) == kind_of({"n": (here, 4.0), "m": (here, 0.0)}, here).__class__(
        "", (), (), 4.0)
    mixed = kind_of({"a": (here, 2.0), "b": (other, 2.0), "c": (older, 64.0)}, here)
    assert (mixed.made_on, mixed.nodes, mixed.with_code, mixed.cores) == ("", ("a",), ("a", "b"), 2.0)
    assert "1 of 3 machines have another Beecam" in mixed.note and "1 of 2 machines have other processors" in mixed.note
    abroad = kind_of({"a": (here, 2.0), "b": (other, 2.0), "d": (other, 2.0)}, here)
    assert (abroad.made_on, abroad.nodes, abroad.cores) == (other, ("b", "d"), 4.0) and "as cpu b draws" in abroad.note
    with pytest.raises(NoWorkers, match="None of the 1 machines"):
        kind_of({"c": (older, 64.0)}, here)
    assert json.loads(made_with())[0] and len(json.loads(made_with())) == 4


def test_cards_go_to_engines_that_need_one():
    sim, dream = (default_registry().get(name).card.needs for name in ("sim", "dream"))
    assert piece_place(sim) == Place(1.0, 0.0, 1200) and take_place(dream, 16.0) == Place(2.0, 0.0, 900)
    assert take_place(Needs(memory_mb=9000, vram_mb=7000), 16.0, ("a",)) == Place(2.0, 1.0, 9000, ("a",))
    assert take_place(dream, 1.0).cpus == 1.0 and piece_place(Needs()).memory_mb > 0


@pytest.mark.parametrize("most", [0, 1, 3])
def test_takes_side_by_side_are_never_more_than_there_is_room_for(most: int):
    from concurrent.futures import ThreadPoolExecutor
    from threading import Barrier, Lock

    from agent.turns import Turns

    turns, lock, busy, seen, began = Turns(lambda: most), Lock(), [0], list[int](), list[int]()
    together = Barrier(max(1, most))

    def take(number: int) -> None:
        with turns.at(number, Event()):
            with lock:
                busy[0] += 1
                seen.append(busy[0])
                began.append(number)
            if number < most:
                together.wait(10.0)
            with lock:
                busy[0] -= 1

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(take, range(6)))
    assert max(seen) == max(1, most) and sorted(began) == list(range(6))


def test_files_of_a_worker_stay_in_their_folder(tmp_path: Path):
    from world_model.workers.folders import bytes_of, laid, marked

    with marked(tmp_path / "own") as folder:
        assert folder.here() == tmp_path / "own"
        assert replace(folder, mark=".at-work-elsewhere").here() is None
    assert folder.here() is None
    files = {"b/streams-1": b"1", "a": b"2", "streams-0": b""}
    laid(files, tmp_path / "laid", last="streams-")
    assert bytes_of(tmp_path / "laid") == files
    for name in ("../x", "a/../../x", "/tmp/x"):
        with pytest.raises(ValueError, match="named a file"):
            laid({name: b"x"}, tmp_path / "laid")
    assert not (tmp_path / "x").exists()


def test_a_parcel_holds_what_a_take_reads_and_no_path_of_its_own(tmp_path: Path):
    from agent.unroll import unroll
    from modalities.cluster.parcels import Finished, finished, opened, sealed, unpacked
    from modalities.engine import Job, Rendered
    from modalities.registry import default_registry
    from modalities.script import Script

    picture = tmp_path / "mine" / "fox.png"
    picture.parent.mkdir()
    picture.write_bytes(b"a picture")
    sim = default_registry().get("sim")
    job = Job(unroll(film()), (96, 54), None, None, None, None, sim.Params(), 5, tmp_path / "job", segments=tmp_path / "s",
              brought=lambda key: None, script=Script(pictures=(picture,)))
    parcel = pickle.loads(pickle.dumps(sealed("sim", job, "", sound=True)))
    picture.unlink()
    (tmp_path / "there").mkdir()
    again = opened(parcel, tmp_path / "there", Event())
    assert again.script.pictures[0].read_bytes() == b"a picture" and again.brought is None
    assert again.script.pictures[0].is_relative_to(tmp_path / "there") and again.folder.is_dir()
    assert bool((again.world.state.pack() == job.world.state.pack()).all())
    for name in ("video.mp4", "audio.wav", "poster.png", ".preview.jpg"):
        (again.folder / name).write_bytes(name.encode())
    done = finished(again, Rendered(again.folder / "video.mp4", again.folder / "audio.wav", again.folder / "poster.png",
                                    1.0, {}))
    job.folder.mkdir()
    here = unpacked(pickle.loads(pickle.dumps(done)), job)
    assert here.video == job.folder / "video.mp4" and here.video.read_bytes() == b"video.mp4"
    assert sorted(path.name for path in job.folder.iterdir()) == ["audio.wav", "poster.png", "video.mp4"]
    with pytest.raises(OSError, match="named a file"):
        unpacked(Finished({"../x": b""}, done.rendered, {}), job)
