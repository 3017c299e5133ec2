"""Small files that several threads and processes share: written whole or not at all, changed by one at a time."""

from __future__ import annotations

import os
import secrets
import threading
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

try:
    import fcntl
except ImportError:  # Windows: two processes at the same instant are not kept apart there
    fcntl = None

_turn = threading.RLock()


def write_whole(path: Path, content: str | bytes) -> None:
    """The new content in one step: a reader, or a run that is killed, never meets half of it. Raises OSError."""
    part = path.with_name(f".{path.name}.{os.getpid()}-{secrets.token_hex(4)}.part")
    try:
        part.write_bytes(content.encode() if isinstance(content, str) else content)
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


@contextmanager
def alone(lock: Path) -> Generator[None]:
    """Waits until no other thread or process is in here with the same lock file. Raises OSError."""
    with _turn, lock.open("a") as file:
        if fcntl is not None:
            fcntl.flock(file, fcntl.LOCK_EX)
        yield


def taken(file: IO[str]) -> bool:
    """Takes an open lock file for as long as it stays open; False where somebody else has it. The system lets go of it
    when its process ends in any way."""
    try:
        if fcntl is not None:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


__all__ = ["alone", "taken", "write_whole"]
