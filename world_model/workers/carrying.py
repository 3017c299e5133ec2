"""On a worker: bytes in, work, bytes out. Faults of the work travel as values, so that only the dead look dead."""

from __future__ import annotations

import hashlib
import os
import pickle
from collections.abc import Iterator
from typing import Any

# What was shared last, by the digest of its bytes: tasks of one run come one after another.
_shared: dict[str, Any] = {}


def packed(work: Any, arguments: tuple[Any, ...]) -> bytes:
    """A task as bytes. Raises TypeError or pickle.PicklingError for what cannot travel."""
    return pickle.dumps((work, arguments), protocol=5)


def carried(shared: bytes, own: bytes) -> Iterator[bytes]:
    """Runs a packed task and yields pickled pairs: ("told", value), last ("done", result) or ("failed", fault)."""
    prepare()
    try:
        work, arguments = pickle.loads(own)
        running = work(opened(shared), *arguments)
        try:
            while True:
                yield pickle.dumps(("told", next(running)), protocol=5)
        except StopIteration as end:
            last = ("done", end.value)
        finally:
            running.close()
        yield pickle.dumps(last, protocol=5)
    except GeneratorExit:
        raise
    except Exception as fault:
        yield _failed(fault)


def opened(shared: bytes) -> Any:
    """The shared value of a run; unpickled once, however many of its tasks come here. It must not be changed."""
    digest = hashlib.blake2b(shared, digest_size=16).hexdigest()
    if digest not in _shared:
        _shared.clear()
        _shared[digest] = pickle.loads(shared)
    return _shared[digest]


def prepare() -> None:
    """What a Beecam process sets before its libraries are imported: kernels in their place, no network, quiet."""
    os.environ.setdefault("HF_HUB_OFFLINE", "1")
    os.environ.setdefault("HF_HUB_DISABLE_TELEMETRY", "1")
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    from world_model import kernel_cache

    kernel_cache.place()


def _failed(fault: Exception) -> bytes:
    try:
        data = pickle.dumps(("failed", fault), protocol=5)
        pickle.loads(data)
        return data
    except Exception:
        # A fault that cannot travel is told in words.
        return pickle.dumps(("failed", RuntimeError(f"{type(fault).__name__}: {fault}"[:500])), protocol=5)
