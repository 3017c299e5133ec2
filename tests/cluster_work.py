"""Small work for the workers of tests/test_cluster.py; module level, so that it can travel."""

from __future__ import annotations

import os
import time
from collections.abc import Generator


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
