"""The agent as a graph: perceive → interpret → (clarify) → direct → render, one for each take → review → propose. The
only file that knows langgraph.

Every step is written down (SQLite in the project, or PostgreSQL where BEECAM_DATABASE_URL is set) before the next
begins, so a run whose process was killed goes on where it was: finished takes are not rendered again. State is small
JSON; media stay in the store. It is kept only while a run is unfinished; the story of a film is in its takes.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Generator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from threading import Event as Flag
from typing import Any

from langgraph.config import get_stream_writer
from langgraph.graph import END, START, StateGraph
from langgraph.types import Command, Send, interrupt

from agent import run_making, run_reading
from agent.events import AgentEvent
from agent.jobs import held, is_held, new_job, project_key, sweep
from agent.run_state import Hands, RunState
from agent.studio import Studio
from agent.turns import Turns
from modalities.faults import Stopped, Unavailable, Unusable
from modalities.store import Store

DATABASE = "graph.sqlite"
BUSY_S = 20.0
Node = Callable[[Hands, RunState], dict[str, Any]]


@dataclass(frozen=True)
class Unfinished:
    """A job that was not brought to its end. state: as it was last written down; question: what it waits to be told,
    {text, choices}, or None where its process died; running: some process is at it now."""

    job: str
    state: dict[str, Any]
    question: dict[str, Any] | None
    running: bool


def build(studio: Studio, stop: Flag, saver: Any = None) -> Any:
    """The compiled graph over one studio. `stop` ends a run within half a second."""

    def node(work: Node) -> Any:
        def run_node(state: RunState) -> dict[str, Any]:
            # The writer belongs to the node's own context; engines may emit from other threads, so it is fetched once.
            write = get_stream_writer()
            return work(Hands(studio, stop, lambda event: write(event.model_dump())), state)

        return run_node

    turns = Turns(lambda: run_making.at_once(studio))

    def render(hands: Hands, state: RunState) -> dict[str, Any]:
        with turns.at(state.get("number", 0), stop):
            return run_making.render(hands, state)

    def clarify(state: RunState) -> dict[str, Any]:
        # Runs again from its top when the answer comes: nothing may happen before this line.
        answer = interrupt(state.get("question"))
        return run_reading.answered(state, str(answer.get("answer", "")))

    def entry(state: RunState) -> str:
        return "direct" if state.get("patch") or state.get("merge") else "perceive"

    def after_reading(state: RunState) -> str:
        return {"ask": "clarify", "tell": "tell"}.get(state.get("route", "direct"), "direct")

    def after_clarify(state: RunState) -> str:
        return "direct" if state.get("merge") else "perceive"

    def fan_out(state: RunState) -> str | list[Send]:
        if state.get("route") == "ask":
            return "clarify"
        return [Send("render", {**state, "number": k}) for k in range(len(state.get("seeds") or []))]

    graph = StateGraph(RunState)
    for name, work in (("perceive", run_reading.perceive), ("interpret", run_reading.interpret),
                       ("direct", run_reading.direct), ("tell", run_reading.tell), ("render", render),
                       ("review", run_making.review), ("propose", run_making.propose)):
        graph.add_node(name, node(work))
    graph.add_node("clarify", clarify)
    graph.add_conditional_edges(START, entry, ["perceive", "direct"])
    graph.add_edge("perceive", "interpret")
    graph.add_conditional_edges("interpret", after_reading, ["clarify", "tell", "direct"])
    graph.add_conditional_edges("clarify", after_clarify, ["perceive", "direct"])
    graph.add_conditional_edges("direct", fan_out, ["render", "clarify"])
    graph.add_edge("render", "review")
    graph.add_edge("review", "propose")
    graph.add_edge("propose", END)
    graph.add_edge("tell", END)
    return graph.compile(checkpointer=saver)


def run(studio: Studio, start: dict[str, Any], stop: Flag | None = None) -> Generator[AgentEvent]:
    """Run the graph and yield its events, the job's name first. A run that ends with a `question` waits for `answer`.
    Raises what the work raises: Unusable, Unavailable, Stopped, OSError."""
    job = new_job()
    yield AgentEvent(kind="job", text=job)
    yield from _events(studio, job, {"said": [], **start, "job": job}, stop or Flag())


def answer(studio: Studio, job: str, text: str, stop: Flag | None = None) -> Generator[AgentEvent]:
    """Go on with a run that asked something. Raises as `run`, and Unusable where there is no such question."""
    waiting = next((one for one in unfinished(studio.store) if one.job == job), None)
    if waiting is None or waiting.question is None:
        raise Unusable(f"Job {job[:40]} asked nothing; its question may have been answered before.")
    yield AgentEvent(kind="job", text=job)
    yield from _events(studio, job, Command(resume={"answer": text}), stop or Flag())


def resume(studio: Studio, job: str, stop: Flag | None = None) -> Generator[AgentEvent]:
    """Go on with a run whose process died. What it had finished is not done again. Raises as `run`."""
    left = next((one for one in unfinished(studio.store) if one.job == job), None)
    if left is None:
        raise Unusable(f"There is no unfinished job {job[:40]!r} in this project.")
    if left.question is not None:
        raise Unusable(f"Job {job} waits for an answer: {left.question.get('text', '')}")
    yield AgentEvent(kind="job", text=job)
    yield from _events(studio, job, None, stop or Flag())


def forget(store: Store, job: str) -> None:
    """Give up an unfinished run; the takes it made stay. Raises Unusable where some process is at it."""
    with held(store, job), _saver(store) as saver:
        saver.delete_thread(job)


def unfinished(store: Store) -> list[Unfinished]:
    """Runs of this project that were not brought to their end, oldest first."""
    if not (store.root / DATABASE).exists() and not os.environ.get("BEECAM_DATABASE_URL"):
        return []
    found: dict[str, Any] = {}
    with _saver(store) as saver:
        for one in saver.list(None, filter={"project": project_key(store)}):
            # Newest first; a run's newest state is its state.
            found.setdefault(one.config["configurable"]["thread_id"], one)
    sweep(store, set(found))
    jobs: list[Unfinished] = []
    for job, one in sorted(found.items()):
        state = dict(one.checkpoint.get("channel_values", {}))
        waits = any(write[1] == "__interrupt__" for write in one.pending_writes or ())
        question = state.get("question") or None
        jobs.append(Unfinished(job, {k: v for k, v in state.items() if k in RunState.__annotations__},
                               question if waits else None, is_held(store, job)))
    return jobs


def _events(studio: Studio, job: str, start: Any, stop: Flag) -> Generator[AgentEvent]:
    store = studio.store
    # Projects that share a database know their runs by their own key.
    config = {"configurable": {"thread_id": job}, "recursion_limit": 64, "metadata": {"project": project_key(store)}}
    with held(store, job), _saver(store) as saver:
        graph = build(studio, stop, saver)
        stream = graph.stream(start, config, stream_mode="custom", durability="sync")
        try:
            for event in stream:
                yield AgentEvent.model_validate(event)
            snapshot = graph.get_state(config)
            asked = next((one.value for one in snapshot.interrupts), None)
        except (Unusable, Unavailable, Stopped):
            # Ended by its own fault or by the creator: there is nothing to go on with.
            saver.delete_thread(job)
            raise
        except GeneratorExit:
            # Nobody listens any more (a closed pipe, a fault in the listener): the work ends now, not when it is done,
            # and stays unfinished. A stream that is not read to its end leaves a thread that waits for ever.
            stop.set()
            with suppress(Exception):
                for _ in stream:
                    pass
            raise
        if asked is None:
            saver.delete_thread(job)
    if asked is not None:
        yield AgentEvent(kind="question", text=str(asked.get("text", "")), data={"choices": asked.get("choices", [])})


@contextmanager
def _saver(store: Store) -> Generator[Any]:
    """Where runs are written down. Raises Unusable where the database cannot be used."""
    url = os.environ.get("BEECAM_DATABASE_URL", "").strip()
    if url:
        with _postgres(url) as saver:
            yield saver
        return
    import sqlite3

    from langgraph.checkpoint.sqlite import SqliteSaver

    path = store.root / DATABASE
    connection = _opened(path)
    try:
        saver = SqliteSaver(connection)
        try:
            saver.setup()
        except sqlite3.DatabaseError as fault:
            if isinstance(fault, sqlite3.OperationalError):
                raise Unusable(f"The record of runs cannot be used: {fault}.") from None
            # Damaged: only unfinished runs are in it. It is set aside, and work goes on.
            connection.close()
            for name in (path, Path(f"{path}-wal"), Path(f"{path}-shm")):
                if name.exists():
                    name.replace(name.with_name(f"{name.name}.damaged"))
            connection = _opened(path)
            saver = SqliteSaver(connection)
            saver.setup()
        yield saver
    finally:
        connection.close()


def _opened(path: Path) -> Any:
    import sqlite3

    try:
        connection = sqlite3.connect(path, check_same_thread=False, timeout=BUSY_S)
        connection.execute(f"PRAGMA busy_timeout={int(BUSY_S * 1000)}")
        return connection
    except sqlite3.Error as fault:
        raise Unusable(f"The record of runs {path} cannot be opened: {fault}.") from None


@contextmanager
def _postgres(url: str) -> Generator[Any]:
    try:
        import psycopg
        from langgraph.checkpoint.postgres import PostgresSaver
    except ImportError:
        raise Unavailable("BEECAM_DATABASE_URL is set, but its client is not installed: pip install "
                          "'beecam[postgres]'.") from None
    try:
        with PostgresSaver.from_conn_string(url) as saver:
            saver.setup()
            yield saver
    except psycopg.OperationalError as fault:
        # The address may hold a password; the server's own words do not.
        said = " ".join(str(fault).split())[:160].replace(url, "…")
        raise Unavailable(f"The database of BEECAM_DATABASE_URL cannot be reached: {said}.") from None


__all__ = ["Unfinished", "answer", "build", "forget", "resume", "run", "unfinished"]
