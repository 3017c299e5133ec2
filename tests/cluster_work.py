"""Small work for the workers of tests/test_cluster*.py, at module level so that it can travel, and who is at it."""

from __future__ import annotations

import os
import time
from collections.abc import Generator
from pathlib import Path

from world_model.workers.on_ray import OnRay


def counted(shared: int, number: int, steps: int = 3, pause_s: float = 0.0) -> Generator[tuple[int, int], None, int]:
    """Yields (step, process id); returns shared * number."""
    for step in range(steps):
        yield step, os.getpid()
        time.sleep(pause_s)
    return shared * number


def card(shared: None) -> Generator[None, None, str]:
    """The graphics card that the task was given."""
    yield None
    return os.environ.get("CUDA_VISIBLE_DEVICES", "")


def refusing(shared: None, kind: str) -> Generator[None, None, None]:
    """Work that fails, with a fault that can travel or with one that cannot."""
    yield None
    if kind == "plain":
        raise ValueError("this cannot be done")

    class Local(Exception):
        pass

    raise Local("nor this")


def processes() -> dict[int, tuple[int, bytes]]:
    """Parent and command line of every process."""
    found: dict[int, tuple[int, bytes]] = {}
    for folder in Path("/proc").iterdir():
        try:
            found[int(folder.name)] = (int((folder / "stat").read_text().rpartition(")")[2].split()[1]),
                                       (folder / "cmdline").read_bytes())
        except (ValueError, OSError):
            continue
    return found


def at_work(ray: OnRay) -> list[int]:
    """Processes that are doing a task of this cluster now."""
    there = processes()

    def ours(number: int) -> bool:
        while number > 1 and number != ray._process.pid:
            number = there.get(number, (0, b""))[0]
        return number == ray._process.pid

    return [number for number, (_, title) in there.items() if title.startswith(b"ray::carry") and ours(number)]
