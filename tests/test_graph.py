"""Runs of the graph: what every kind of line comes to, and that nothing finished is lost or done twice when a run is cut
off at any node, stopped, or asked for by two at once."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import threading
import time
import traceback
from collections.abc import Iterator
from pathlib import Path
from threading import Event as Flag
from typing import Any

import pytest

from agent import graph, run_making, run_reading
from agent.events import AgentEvent
from agent.graph import answer, forget, resume, run, unfinished
from agent.jobs import held, is_held, new_job, project_key
from agent.studio import Studio
from agent.turns import Turns
from modalities.faults import Stopped, Unusable
from modalities.registry import default_registry
from modalities.store import Store
from ui_gen.compose import panel_for

ROOT = Path(__file__).resolve().parent.parent
TINY: dict[str, Any] = {"prompt": "a bee over a meadow, then a fox in the snow", "duration_s": 1.0, "size_px": (64, 36),
                        "fps": 6}
NODES = ("perceive", "interpret", "direct", "render", "review", "propose")


def studio_at(folder: Path) -> Studio:
    return Studio(Store(folder).open(), default_registry(), panel_for)


@pytest.fixture(scope="module")
def one_take(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("graph") / "p"
    events = list(run(studio_at(folder), {"request": TINY}))
    assert events[0].kind == "job" and taken(events) == ["t0001"]
    return folder


@pytest.fixture()
def studio(one_take: Path, tmp_path: Path) -> Studio:
    shutil.copytree(one_take, tmp_path / "p")
    return studio_at(tmp_path / "p")


def taken(events: list[AgentEvent]) -> list[str]:
    return [event.text for event in events if event.kind == "take"]


def line(studio: Studio, text: str, parent: str = "t0001", **more: Any) -> list[AgentEvent]:
    return list(run(studio, {"request": {"prompt": text}, "parent": parent, **more}))


def one(events: list[AgentEvent], kind: str) -> AgentEvent:
    found = [event for event in events if event.kind == kind]
    assert len(found) == 1, [event.kind for event in events]
    return found[0]


def test_lines_come_to_what_they_ask_for(studio: Studio) -> None:
    events = line(studio, "make it rain")
    assert taken(events) == ["t0002"]
    take, direction, _ = studio.load("t0002")
    assert take.parent == "t0001" and take.reason == "make it rain" and one(events, "said").data
    assert all(shot.world.weather.rain > 0.3 for shot in direction.shots)
    proposed = one(events, "proposals").data
    assert proposed and 1 <= len(proposed["lines"]) <= 3
    # None of these makes a take.
    assert one(line(studio, "undo", "t0002"), "go_to").text == "t0001"
    assert "make it rain" in one(line(studio, "why is it raining?", "t0002"), "said").text
    line(studio, "star this", "t0002")
    from modalities.take_labels import labels

    assert labels(studio.store)["t0002"].starred
    assert studio.store.ids() == ["t0001", "t0002"] and unfinished(studio.store) == []


def test_every_proposal_is_understood(studio: Studio) -> None:
    from agent.propose import proposals
    from agent.standing import standing_of
    from agent.talk import understand

    standing = standing_of(studio, "t0001")
    lines = proposals(standing, 8)
    assert len(lines) >= 3
    for text in lines:
        assert understand(text, standing).patch, text


def test_a_question_waits_also_in_another_process(studio: Studio) -> None:
    question = one(line(studio, "another world"), "question")
    assert question.data and "underwater" in question.data["choices"]
    again = studio_at(studio.store.root)
    [waiting] = unfinished(again.store)
    assert waiting.question and waiting.question["text"] == question.text and not waiting.running
    with pytest.raises(Unusable, match="waits for an answer"):
        list(resume(again, waiting.job))
    events = list(answer(again, waiting.job, "underwater"))
    [made] = taken(events)
    _, before, _ = again.load("t0001")
    _, after, _ = again.load(made)
    assert all("underwater" in shot.world.place for shot in after.shots)
    assert [shot.span for shot in after.shots] == [shot.span for shot in before.shots]
    assert unfinished(again.store) == []
    with pytest.raises(Unusable, match="asked nothing"):
        list(answer(again, waiting.job, "underwater"))


def test_different_ones_differ_in_what_was_left_open(studio: Studio) -> None:
    from agent.variations import apart, features

    events = line(studio, "give me two very different ones")
    made = taken(events)
    assert len(made) == 2
    films = [studio.load(take)[1] for take in ("t0001", *made)]
    for a, b in ((0, 1), (0, 2), (1, 2)):
        assert apart(features(films[a]), features(films[b])) > 0.15
    # Places were said outright.
    places = [{name for shot in film.shots for name in shot.world.place} for film in films]
    assert all("meadow" in names for names in places)


@pytest.mark.parametrize("node", NODES)
def test_a_run_cut_off_at_any_node_goes_on(node: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The process is not killed here (see the next tests); a fault nobody expected leaves the same behind."""
    studio = studio_at(tmp_path / "p")
    where: Any = run_reading if hasattr(run_reading, node) else run_making
    real = getattr(where, node)
    calls = {"n": 0}

    def cut_off(hands: Any, state: Any) -> dict[str, Any]:
        if node == "render" and state.get("number") != 1:
            return real(hands, state)
        calls["n"] += 1
        raise MemoryError("the machine went away")

    monkeypatch.setattr(where, node, cut_off)
    # Nodes that only pass on what they are given are cheap; the film is made once.
    with pytest.raises(MemoryError):
        list(run(studio, {"request": TINY | {"takes": 2 if node == "render" else 1}}))
    made = {take: (studio.store.take(take).dir / "take.json").stat().st_mtime_ns for take in studio.store.ids()}
    assert len(made) == {"render": 1, "review": 1, "propose": 1}.get(node, 0)
    [left] = unfinished(studio.store)
    assert not left.running and left.question is None
    monkeypatch.setattr(where, node, real)
    list(resume(studio, left.job))
    assert len(studio.store.ids()) == (2 if node == "render" else 1) and unfinished(studio.store) == []
    for take, written in made.items():
        assert (studio.store.take(take).dir / "take.json").stat().st_mtime_ns == written


KILLED = """
import os, signal, sys
sys.path.insert(0, {root!r})
from agent import run_making, run_reading
from tests.test_graph import TINY, studio_at
from agent.graph import run
from pathlib import Path
where = run_reading if hasattr(run_reading, {node!r}) else run_making
real = getattr(where, {node!r})
def killed(hands, state):
    if {node!r} == "render" and state.get("number") != 1:
        return real(hands, state)
    if {after}:
        real(hands, state)
    os.kill(os.getpid(), signal.SIGKILL)
setattr(where, {node!r}, killed)
list(run(studio_at(Path({folder!r})), {{"request": TINY | {{"takes": 2}}}}))
"""


def kill_at(node: str, folder: Path, after: bool) -> None:
    text = KILLED.format(root=str(ROOT), node=node, folder=str(folder), after=after)
    done = subprocess.run([sys.executable, "-c", text], capture_output=True, text=True, timeout=240, cwd=ROOT)
    assert done.returncode == -signal.SIGKILL, done.stderr[-2000:]


def test_a_killed_process_leaves_finished_takes_and_the_run_goes_on(tmp_path: Path) -> None:
    # Killed when the second take lay in the project, before the graph had written down that it was made.
    kill_at("render", tmp_path / "p", after=True)
    studio = studio_at(tmp_path / "p")
    assert studio.store.ids() == ["t0001", "t0002"]
    [left] = unfinished(studio.store)
    assert not left.running
    events = list(resume(studio, left.job))
    assert taken(events) == ["t0002"] and studio.store.ids() == ["t0001", "t0002"]
    assert unfinished(studio.store) == []


@pytest.mark.slow
@pytest.mark.parametrize("node", NODES)
@pytest.mark.parametrize("after", [False, True])
def test_killed_at_every_node(node: str, after: bool, tmp_path: Path) -> None:
    kill_at(node, tmp_path / "p", after)
    studio = studio_at(tmp_path / "p")
    [left] = unfinished(studio.store)
    list(resume(studio, left.job))
    assert len(studio.store.ids()) == 2 and unfinished(studio.store) == []


def test_stop_keeps_what_is_finished_and_leaves_nothing_unfinished(studio: Studio) -> None:
    stop = Flag()
    with pytest.raises(Stopped):
        for event in run(studio, {"request": TINY | {"takes": 3, "duration_s": 1.5}}, stop):
            if event.kind == "take":
                stop.set()
    assert len(studio.store.ids()) == 2 and unfinished(studio.store) == []
    assert not list(studio.store.takes_dir.glob(".making*"))


def test_a_job_is_worked_on_by_one_at_a_time(studio: Studio) -> None:
    job = new_job()
    with held(studio.store, job):
        assert is_held(studio.store, job)
        with pytest.raises(Unusable, match="another Beecam"), held(studio.store, job):
            pass
    assert not is_held(studio.store, job)
    with pytest.raises(Unusable, match="not the name of a job"), held(studio.store, "../../etc/passwd"):
        pass
    assert project_key(studio.store) == project_key(Store(studio.store.root))


def test_what_is_given_up_is_gone_and_its_takes_stay(studio: Studio) -> None:
    line(studio, "another world")
    [waiting] = unfinished(studio.store)
    forget(studio.store, waiting.job)
    assert unfinished(studio.store) == [] and studio.store.ids() == ["t0001"]
    with pytest.raises(Unusable, match="no unfinished job"):
        list(resume(studio, waiting.job))


def test_a_damaged_record_is_set_aside(studio: Studio) -> None:
    path = studio.store.root / graph.DATABASE
    for other in studio.store.root.glob("graph.sqlite-*"):
        other.unlink()
    path.write_bytes(b"this is no database" * 400)
    assert one(line(studio, "undo"), "said").text
    assert list(studio.store.root.glob("graph.sqlite.damaged")) and unfinished(studio.store) == []


def test_turns_go_lowest_first_and_one_at_a_time() -> None:
    turns, stop, order, begun = Turns(), Flag(), list[int](), threading.Event()

    def work(number: int) -> None:
        with turns.at(number, stop):
            if number == 5:
                begun.set()
                while len(turns._waiting) < 4:  # pyright: ignore[reportPrivateUsage]
                    pass
            order.append(number)

    threads = [threading.Thread(target=work, args=(5,))]
    threads[0].start()
    begun.wait(10)
    threads += [threading.Thread(target=work, args=(k,)) for k in (3, 1, 4, 2)]
    for thread in threads[1:]:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert order == [5, 1, 2, 3, 4]


@pytest.fixture(scope="module")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A real server of its own on a free port."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb")) if Path("/usr/lib/postgresql").exists() else []
    pytest.importorskip("psycopg")
    if not found:
        pytest.skip("no PostgreSQL server on this machine (apt-get install postgresql)")
    bins = found[-1].parent
    base = Path("/tmp") / f"beecam-pg-{os.getpid()}"
    base.mkdir()
    user = ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"] if os.getuid() == 0 else []
    if user:
        shutil.chown(base, "postgres", "postgres")
    data = base / "data"
    subprocess.run([*user, bins / "initdb", "-D", data, "-A", "trust", "-U", "beecam"], check=True, capture_output=True)
    options = f"-k {base} -c listen_addresses='' -c fsync=off"
    subprocess.run([*user, bins / "pg_ctl", "-D", data, "-w", "-l", base / "log", "-o", options, "start"], check=True,
                   capture_output=True)
    yield f"postgresql://beecam@/postgres?host={base}"
    subprocess.run([*user, bins / "pg_ctl", "-D", data, "-m", "immediate", "stop"], check=True, capture_output=True)
    shutil.rmtree(base, ignore_errors=True)


@pytest.mark.slow
def test_postgres_keeps_runs_of_several_projects_apart(postgres: str, studio: Studio, tmp_path: Path,
                                                       monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BEECAM_DATABASE_URL", postgres)
    other = studio_at(tmp_path / "other")
    line(studio, "another world")
    [waiting] = unfinished(studio.store)
    assert unfinished(other.store) == [] and not (other.store.root / graph.DATABASE).exists()
    assert taken(list(answer(studio, waiting.job, "a desert at dusk"))) == ["t0002"]
    assert unfinished(studio.store) == []
    kill_at("render", tmp_path / "third", after=False)
    third = studio_at(tmp_path / "third")
    [left] = unfinished(third.store)
    assert third.store.ids() == ["t0001"] and taken(list(resume(third, left.job)))[-1] == "t0002"


def waiting_in_langgraph() -> list[str]:
    """Threads that wait for events nobody will read: they would keep the process from ending."""
    return [one.f_code.co_filename for frame in sys._current_frames().values() for one, _ in traceback.walk_stack(frame)
            if "langgraph" in one.f_code.co_filename and one.f_code.co_name == "wait"]


def test_a_listener_that_goes_away_ends_the_work_and_leaves_no_thread(studio: Studio) -> None:
    events = run(studio, {"request": TINY | {"duration_s": 20.0}})
    for event in events:
        if event.kind == "progress" and event.stage == "picture":
            break
    events.close()
    end = time.monotonic() + 20
    while waiting_in_langgraph() and time.monotonic() < end:
        time.sleep(0.05)
    assert not waiting_in_langgraph()
    assert studio.store.ids() == ["t0001"] and len(unfinished(studio.store)) == 1
