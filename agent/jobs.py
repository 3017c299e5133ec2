"""Jobs: what a run of the graph is called, who is at it, and which were left unfinished by a process that died.

A job is held by a lock on a file in `<project>/jobs/`, which the system lets go of when its process ends in any way.
"""

from __future__ import annotations

import re
import secrets
import time
from collections.abc import Generator
from contextlib import contextmanager, suppress
from pathlib import Path

from modalities.faults import Unusable
from modalities.one_writer import alone, taken, write_whole
from modalities.store import Store

FOLDER = "jobs"
JOB_ID = re.compile(r"^j[0-9a-f]{20}$")
LEFT_OVER_S = 86400.0


def new_job() -> str:
    """A name that sorts by time: j and 20 hex digits."""
    return f"j{time.time_ns() // 1_000_000:012x}{secrets.token_hex(4)}"


def project_key(store: Store) -> str:
    """What tells this project's jobs from another's in a database that several share; kept in the project."""
    path = store.root / FOLDER / "project"
    path.parent.mkdir(exist_ok=True)
    with alone(path.with_name(".project.lock")):
        with suppress(OSError):
            if re.fullmatch(r"[0-9a-f]{16}", found := path.read_text("utf-8").strip()):
                return found
        key = secrets.token_hex(8)
        write_whole(path, key)
        return key


@contextmanager
def held(store: Store, job: str) -> Generator[None]:
    """Holds a job while it is worked on. Raises Unusable where another process (or thread) is at it."""
    path = _path(store, job)
    with path.open("a") as file:
        if not taken(file):
            raise Unusable(f"Job {job} is being worked on by another Beecam just now.")
        yield
    with suppress(OSError):
        path.unlink()


def is_held(store: Store, job: str) -> bool:
    """Whether some process is at this job."""
    path = _path(store, job)
    try:
        with path.open("r") as file:
            return not taken(file)
    except FileNotFoundError:
        return False


def sweep(store: Store, known: set[str]) -> None:
    """Takes away lock files of jobs that are over."""
    for path in (store.root / FOLDER).glob("j*.lock"):
        with suppress(OSError):
            if path.stem not in known and time.time() - path.stat().st_mtime > LEFT_OVER_S \
                    and not is_held(store, path.stem):
                path.unlink()


def _path(store: Store, job: str) -> Path:
    if not JOB_ID.match(job):
        raise Unusable(f"{job[:60]!r} is not the name of a job; `beecam resume` lists them.")
    folder = store.root / FOLDER
    folder.mkdir(exist_ok=True)
    return folder / f"{job}.lock"


__all__ = ["held", "is_held", "new_job", "project_key", "sweep"]
