"""Make training data: python -m world_model.data.make --kind pictures --clips 512 --out DIR [--workers 2].

Shards that are there are kept, so a stopped run goes on where it was, and more clips can be added later.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Generator
from concurrent.futures import ProcessPoolExecutor, as_completed
from multiprocessing import get_context
from pathlib import Path

from world_model.workers.folders import Folder, bytes_of, laid, marked
from world_model.workers.tasks import Done, Task, Workers


def make(kind: str, clips: int, out: Path, workers: int = 1, held_out: bool = False, minutes: float = 1e9,
         clips_in: int | None = None, cluster: Workers | None = None) -> int:
    """Shards for at least `clips` clips of a kind, `clips_in` in each; the number of shards written now. cluster: who
    makes them, None for `workers` processes of this machine.

    Stops early after `minutes` (a shard that was begun is finished). Raises NoWorkers where the cluster is gone; shards
    that were finished are kept.
    """
    from world_model.data.shards import CLIPS_IN

    out.mkdir(parents=True, exist_ok=True)
    shards = -(-clips // (clips_in or CLIPS_IN[kind]))
    started, written = time.monotonic(), 0
    missing = [n for n in range(shards) if not (out / f"streams-{kind}-{n:05d}.npz").exists()]
    until = time.time() + 60.0 * minutes
    if cluster is not None:
        with marked(out) as folder:
            tasks = [Task(shard, (kind, n, held_out, until, clips_in), name=f"shard {n} of {kind}") for n in missing]
            for event in cluster.run(tasks, folder):
                if isinstance(event, Done):
                    fresh, files = event.result
                    laid(files, out, last="streams-")
                    written += fresh
                    took_s = time.monotonic() - started
                    sys.stderr.write(f"{kind}: {written} of {len(missing)} shards, {took_s:.0f} s\n")
        return written
    if workers == 1:
        return sum(_one(str(out), kind, n, held_out, until, clips_in) for n in missing)
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn"), initializer=_prepare) as pool:
        waiting = {pool.submit(_one, str(out), kind, n, held_out, until, clips_in) for n in missing}
        for done in as_completed(waiting):
            written += done.result()
            sys.stderr.write(f"\r{kind}: {written} of {len(missing)} shards, {time.monotonic() - started:.0f} s")
    sys.stderr.write("\n")
    return written


def _prepare() -> None:
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    from world_model import kernel_cache

    kernel_cache.place()
    import torch

    torch.set_num_threads(1)


def shard(folder: Folder, kind: str, number: int, held_out: bool, until: float, clips_in: int | None
          ) -> Generator[None, None, tuple[int, dict[str, bytes]]]:
    """A task: (shards written, their files where they have to be sent). until: seconds since 1970."""
    _prepare()
    yield None
    seen = folder.here()
    if seen is not None:
        return _one(str(seen), kind, number, held_out, until, clips_in), {}
    with tempfile.TemporaryDirectory(prefix="beecam-shard-", ignore_cleanup_errors=True) as name:
        written = _one(name, kind, number, held_out, until, clips_in)
        return written, bytes_of(Path(name))


def _one(folder: str, kind: str, number: int, held_out: bool, until: float, clips_in: int | None) -> int:
    from world_model.data.shards import write_shard

    return int(time.time() < until and write_shard(Path(folder), kind, number, held_out, clips_in))


def main() -> None:
    """The command line of this module."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kind", choices=("states", "glimpses", "pictures"), required=True)
    parser.add_argument("--clips", type=int, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--held-out", action="store_true", help="worlds of combinations that training never sees")
    parser.add_argument("--minutes", type=float, default=1e9)
    arguments = parser.parse_args()
    make(arguments.kind, arguments.clips, arguments.out, arguments.workers, arguments.held_out, arguments.minutes)


if __name__ == "__main__":
    main()
