"""Takes made again from their sidecars in another process, and compared byte by byte with what is kept.

    python -m agent.tree_replay PROJECT OUT TAKE…

renders every TAKE anew into the scratch project OUT and writes one JSON line for each: {"take", "dir"} or {"take",
"fault", "code"}.
"""

from __future__ import annotations

import json
import os
import queue
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Generator, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Event as Flag
from typing import IO, TYPE_CHECKING, Any

from modalities.faults import Stopped, Unavailable, Unusable

if TYPE_CHECKING:
    from agent.studio import Studio
    from modalities.store import Take

COMPARED = ("video.mp4", "audio.wav", "poster.png")
LOOK_EVERY_S = 0.2


@dataclass(frozen=True)
class Replayed:
    """same: file to whether its bytes are equal; first_difference_s: where picture or sound first differ, if they do
    (0 where they cannot be compared); wall_s: what making it again took. fault: why it could not be made, in one
    sentence; unavailable: because an engine is not here."""

    take: str
    same: dict[str, bool]
    first_difference_s: float | None
    wall_s: float
    fault: str = ""
    unavailable: bool = False

    @property
    def exact(self) -> bool:
        return not self.fault and all(self.same.values())


def replays(project: Path, takes: Sequence[Take], stop: Flag) -> Iterator[Replayed]:
    """Every take made again, all in one other process, in order. Raises Stopped; Unusable when that process ends."""
    kept = {take.id: take.dir for take in takes}
    with tempfile.TemporaryDirectory(prefix="beecam-replay-") as scratch, _maker(project, takes, scratch) as lines:
        for take in takes:
            started = time.monotonic()
            told = _next(lines, stop)
            if told is None:
                raise Unusable(f"{take.id} could not be made again: the process that made it ended.")
            wall_s = round(time.monotonic() - started, 2)
            if "fault" in told:
                yield Replayed(take.id, {}, None, wall_s, str(told["fault"]), told["code"] == 3)
                continue
            made = Path(told["dir"])
            same = {name: _equal(kept[take.id] / name, made / name) for name in COMPARED}
            first_s = None if all(same.values()) else _first_difference(kept[take.id], made)
            yield Replayed(take.id, same, first_s, wall_s)
            shutil.rmtree(made, ignore_errors=True)


@contextmanager
def _maker(project: Path, takes: Sequence[Take], scratch: str) -> Generator[queue.Queue[str | None]]:
    """The other process, as a queue of its lines that ends with None; it ends with the block."""
    root = str(Path(__file__).resolve().parent.parent)
    path = os.pathsep.join(part for part in (root, os.environ.get("PYTHONPATH", "")) if part)
    lines: queue.Queue[str | None] = queue.Queue()

    def read(source: IO[str]) -> None:
        for line in source:
            lines.put(line)
        lines.put(None)

    with subprocess.Popen([sys.executable, "-m", "agent.tree_replay", str(project), scratch, *(t.id for t in takes)],
                          stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
                          env=os.environ | {"PYTHONPATH": path}) as process:
        assert process.stdout is not None
        reader = threading.Thread(target=read, args=(process.stdout,), daemon=True)
        reader.start()
        try:
            yield lines
        finally:
            process.kill()
            reader.join()


def _next(lines: queue.Queue[str | None], stop: Flag) -> dict[str, Any] | None:
    while True:
        if stop.is_set():
            raise Stopped("The run was stopped; nothing of it was kept.")
        try:
            line = lines.get(timeout=LOOK_EVERY_S)
        except queue.Empty:
            continue
        if line is None or line.startswith("{"):
            return None if line is None else json.loads(line)


def _equal(one: Path, other: Path) -> bool:
    if not (one.is_file() and other.is_file()):
        return False
    with one.open("rb") as left, other.open("rb") as right:
        while block := left.read(1 << 20):
            if block != right.read(1 << 20):
                return False
        return not right.read(1)


def _first_difference(kept: Path, made: Path) -> float | None:
    import numpy as np

    from modalities.take_measures import differing_frames, differing_samples_s, heard, seen

    found: list[float] = []
    try:
        apart = differing_frames(kept / "video.mp4", made / "video.mp4")
        if apart is None or apart.any():
            found.append(0.0 if apart is None else float(np.argmax(apart)) / seen(made / "video.mp4").fps)
        at_s = differing_samples_s(heard(kept / "audio.wav"), heard(made / "audio.wav"))
        found += [at_s] if at_s is not None else []
    except Unusable:
        return 0.0
    # Files that differ in bytes only, as a poster's, differ nowhere in time.
    return round(min(found), 4) if found else None


def again(studio: Studio, take_id: str, out: Path) -> Path:
    """Renders a take's Direction into the scratch project `out`. Raises Unusable, Unavailable."""
    from agent.studio import Studio
    from modalities.store import Store

    take, direction, brief = studio.load(take_id)
    if take.engine != direction.engine.id:
        raise Unusable(f"It was made by {take.engine} out of other films, not from its Direction alone.")
    stop = Flag()
    heard = studio.heard_again(direction, lambda p: None, stop)
    # References only measure what a film came to against them; what they gave stands in the Direction.
    brief = brief.model_copy(update={"references": ()})
    scratch = Studio(Store(out).open(), studio.registry, lambda direction, brief: {})
    return scratch.render(direction, brief, heard, studio.perceived(brief, "", stop), parent=None, reason="",
                          request={}, emit=lambda p: None, stop=stop).dir


def _main(words: list[str]) -> int:
    from agent.studio import Studio
    from modalities.registry import default_registry
    from modalities.store import Store

    studio = Studio(Store(Path(words[0])).open(), default_registry(), lambda direction, brief: {})
    for take_id in words[2:]:
        try:
            told: dict[str, Any] = {"dir": str(again(studio, take_id, Path(words[1])))}
        except (Unusable, Unavailable) as fault:
            told = {"fault": str(fault), "code": 2 if isinstance(fault, Unusable) else 3}
        sys.stdout.write(json.dumps({"take": take_id} | told) + "\n")
        sys.stdout.flush()
    return 0


if __name__ == "__main__":
    from world_model import kernel_cache

    kernel_cache.place()
    sys.exit(_main(sys.argv[1:]))
