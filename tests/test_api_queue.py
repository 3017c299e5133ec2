"""The queue: nobody is starved, whatever the others ask for. Jobs are simulated; nothing is rendered."""

from __future__ import annotations

import threading
import time
from threading import Event as Flag

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agent.events import AgentEvent
from modalities.faults import Stopped, Unavailable, Unusable
from ui_gen.queue_fair import FairQueue
from ui_gen.queue_jobs import ENDED, MOST_WAITING, Board, Full, Job

USERS = "abcd"
# What happens: a user's job arrives, a job begins, or a waiting job is given up.
STEPS = st.lists(st.one_of(st.sampled_from(USERS), st.just("begin"), st.just("drop")), max_size=80)


@given(STEPS)
@settings(max_examples=300, deadline=None)
def test_from_the_moment_a_user_waits_no_other_begins_twice_before_them(steps: list[str]):
    queue, waiting, begun = FairQueue[int](), {u: list[int]() for u in USERS}, []
    since: dict[str, list[str]] = {}
    for number, step in enumerate(steps):
        if step == "begin":
            expected, length = queue.order(), len(queue)
            job = queue.take()
            assert (job is None) == (length == 0)
            if job is None:
                continue
            assert job == expected[0], "what was foretold is what happens"
            user = next(u for u in USERS if job in waiting[u])
            assert job == waiting[user].pop(0), "a user's own jobs keep their order"
            begun.append(job)
            since.pop(user, None)
            for others in since.values():
                others.append(user)
                assert len(set(others)) == len(others), "another began twice while one waited"
            if waiting[user]:
                since[user] = []
        elif step == "drop":
            user = max(USERS, key=lambda u: len(waiting[u]))
            if waiting[user]:
                assert queue.drop(user, waiting[user].pop())
                if not waiting[user]:
                    since.pop(user, None)
            assert not queue.drop(user, -1)
        else:
            queue.put(step, number)
            waiting[step].append(number)
            since.setdefault(step, [])
    assert len(queue) == sum(map(len, waiting.values())) == len(queue.order())
    assert sorted(queue.order()) == sorted(n for jobs in waiting.values() for n in jobs)


def test_one_with_ten_does_not_starve_one_who_comes_later():
    queue = FairQueue[str]()
    for k in range(10):
        queue.put("many", f"m{k}")
    assert queue.take() == "m0"
    queue.put("late", "l0")
    assert queue.order()[:2] == ["l0", "m1"]


class Gate:
    """Work that waits until it is let through, and what ran at the same time."""

    def __init__(self) -> None:
        self.open, self.at_work, self.most, self.order = threading.Semaphore(0), 0, 0, list[str]()
        self._lock = threading.Lock()

    def work(self, name: str):
        def work(teller, stop: Flag):
            with self._lock:
                self.order.append(name)
                self.at_work += 1
                self.most = max(self.most, self.at_work)
            while not self.open.acquire(timeout=0.02):
                if stop.is_set():
                    with self._lock:
                        self.at_work -= 1
                    raise Stopped("stopped")
            with self._lock:
                self.at_work -= 1
            return {"name": name}

        return work


def until(done, seconds: float = 20.0) -> None:
    end = time.monotonic() + seconds
    while not done() and time.monotonic() < end:
        time.sleep(0.01)
    assert done()


@pytest.fixture
def board():
    board = Board()
    yield board
    board.close()


@pytest.mark.parametrize("workers", [1, 2])
def test_only_so_many_run_at_a_time_and_every_job_ends(workers: int):
    board, gate = Board({"render": workers}), Gate()
    jobs = [board.submit(user, "main", "make", gate.work(f"{user}{k}")) for user in "ab" for k in range(4)]
    for done in range(8):
        until(lambda done=done: len(gate.order) >= min(8, done + workers))
        gate.open.release()
    until(lambda: all(job.state == "done" for job in jobs))
    assert gate.most == workers and sorted(gate.order) == sorted(f"{u}{k}" for u in "ab" for k in range(4))
    if workers == 1:
        assert gate.order == ["a0", "b0", "a1", "b1", "a2", "b2", "a3", "b3"]
    board.close()


def test_looking_does_not_wait_for_rendering(board: Board):
    gate = Gate()
    board.submit("a", "main", "make", gate.work("film"))
    look = board.submit("b", "main", "perceive", lambda teller, stop: {"cues": []})
    until(lambda: look.state == "done")


def test_status_says_the_place_and_the_wait(board: Board):
    gate = Gate()
    first = board.submit("a", "main", "make", gate.work("a0"))
    until(lambda: first.state == "running")
    rest = [board.submit("a", "main", "make", gate.work(f"a{k}")) for k in (1, 2)]
    other = board.submit("b", "main", "make", gate.work("b0"))
    places = [board.status(job)["position"] for job in (other, *rest)]
    waits = [board.status(job)["wait_s"] for job in (other, *rest)]
    assert places == [1, 2, 3] and waits == sorted(waits) and waits[0] > 0 and waits[2] > waits[0]
    assert board.status(first)["position"] is None and board.status(first)["state"] == "running"
    board.stop(rest[0])
    assert rest[0].state == "stopped" and board.status(rest[1])["position"] == 2
    board.stop(first)
    until(lambda: first.state == "stopped")
    for _ in range(2):
        gate.open.release()
    until(lambda: other.state == rest[1].state == "done")
    assert gate.order == ["a0", "b0", "a2"]


def test_a_user_may_not_fill_the_queue_and_sees_only_their_own(board: Board):
    gate = Gate()
    board.submit("a", "main", "make", gate.work("a"))
    until(lambda: gate.at_work == 1)
    for _ in range(MOST_WAITING):
        last = board.submit("a", "main", "make", gate.work("a"))
    with pytest.raises(Full):
        board.submit("a", "main", "perceive", gate.work("a"))
    other = board.submit("b", "main", "make", gate.work("b"))
    assert board.job("b", last.id) is None and board.job("a", last.id) is last
    assert board.jobs("b") == [other] and len(board.jobs("a")) == MOST_WAITING + 1


@pytest.mark.parametrize("fault, state, said", [
    (Unusable("No  such\ntake."), "failed", "No such take."), (Unavailable("No weights."), "failed", "No weights."),
    (Stopped("x"), "stopped", "Stopped;"), (OSError(28, "No space"), "failed", "disk is full"),
    (PermissionError(13, "Permission denied", "/secret/place"), "failed", "Permission denied"),
    (KeyError("/secret/place"), "failed", "KeyError")])
def test_a_fault_is_one_sentence_and_the_lane_goes_on(board: Board, fault: Exception, state: str, said: str):
    def work(teller, stop):
        raise fault

    job = board.submit("a", "main", "make", work)
    after = board.submit("a", "main", "make", lambda teller, stop: {})
    until(lambda: after.state == "done")
    assert job.state == state and said in job.error and "\n" not in job.error and "/secret" not in job.error


@given(st.lists(st.tuples(st.sampled_from(["perceive", "plan", "sound", "picture", "finish", "odd"]),
                          st.integers(0, 9), st.integers(0, 9), st.integers(0, 2)), max_size=40))
@settings(max_examples=100, deadline=None)
def test_progress_never_goes_back_and_stays_below_one(events: list[tuple[str, int, int, int]]):
    job, before = Job("j", "a", "main", "make", None, state="running"), 0.0
    for stage, done, total, take in events:
        job.heard(AgentEvent(kind="progress", stage=stage, done=done, total=total, take=take, takes=3, left_s=2.0))
        assert before <= job.progress < 1.0
        before = job.progress
        assert job.left_s is not None and 0.0 <= job.left_s <= 2.0
    told = job.after(0)
    assert len(told) <= 1, "progress that nobody read is replaced"
    assert job.state not in ENDED
