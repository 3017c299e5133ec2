"""A take made again from its sidecar in another process, and compared byte by byte with what is kept.

    python -m agent.tree_replay PROJECT TAKE OUT

renders TAKE anew into the scratch project OUT and writes its folder as the last line.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from threading import Event as Flag
from typing import TYPE_CHECKING

from modalities.faults import Stopped, Unavailable, Unusable

if TYPE_CHECKING:
    from modalities.store import Take

COMPARED = ("video.mp4", "audio.wav", "poster.png")
PATIENCE_S = 0.2
FAULTS: dict[int, type[Exception]] = {2: Unusable, 3: Unavailable, 130: Stopped}


@dataclass(frozen=True)
class Replayed:
    """same: file to whether its bytes are equal; first_difference_s: where picture or sound first differ, if they do
    (0 where they cannot be compared); wall_s: what making it again took."""

    same: dict[str, bool]
    first_difference_s: float | None
    wall_s: float

    @property
    def exact(self) -> bool:
        return all(self.same.values())


def replay(project: Path, take: Take, stop: Flag) -> Replayed:
    """Raises Unusable for a take that is not made from a Direction alone, Unavailable, Stopped."""
    started = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="beecam-replay-") as scratch:
        made = _made_again(project, take, Path(scratch), stop)
        wall_s = time.monotonic() - started
        same = {name: _equal(take.dir / name, made / name) for name in COMPARED}
        return Replayed(same, None if all(same.values()) else _first_difference(take.dir, made), round(wall_s, 2))


def _made_again(project: Path, take: Take, scratch: Path, stop: Flag) -> Path:
    root = str(Path(__file__).resolve().parent.parent)
    path = os.pathsep.join(part for part in (root, os.environ.get("PYTHONPATH", "")) if part)
    with subprocess.Popen([sys.executable, "-m", "agent.tree_replay", str(project), take.id, str(scratch)],
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                          env=os.environ | {"PYTHONPATH": path}) as process:
        try:
            while True:
                try:
                    out, err = process.communicate(timeout=PATIENCE_S)
                    break
                except subprocess.TimeoutExpired:
                    if stop.is_set():
                        raise Stopped("The run was stopped; nothing of it was kept.") from None
        except BaseException:
            process.kill()
            raise
    if process.returncode:
        said = " ".join((err.strip().splitlines() or ["it ended without a word"])[-1].split())
        raise FAULTS.get(process.returncode, Unusable)(f"{take.id} could not be made again: {said}")
    return Path(out.strip().splitlines()[-1])


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


def _again(project: Path, take_id: str, out: Path) -> Path:
    """Renders a take's Direction into the scratch project `out`. Raises Unusable, Unavailable."""
    from agent.studio import Studio
    from modalities.registry import default_registry
    from modalities.store import Store

    registry = default_registry()
    studio = Studio(Store(project).open(), registry, lambda direction, brief: {})
    take, direction, brief = studio.load(take_id)
    if take.engine != direction.engine.id:
        raise Unusable(f"it was made by {take.engine} out of other films, not from its Direction alone.")
    registry.get(take.engine)
    stop = Flag()
    heard = studio.heard_again(direction, lambda p: None, stop)
    # References only measure what a film came to against them; what they gave stands in the Direction.
    brief = brief.model_copy(update={"references": ()})
    bare = studio.perceived(brief, "", stop)
    again = Studio(Store(out).open(), registry, studio.panel_for).render(
        direction, brief, heard, bare, parent=None, reason="", request={}, emit=lambda p: None, stop=stop)
    return again.dir


def _main(words: list[str]) -> int:
    try:
        sys.stdout.write(f"{_again(Path(words[0]), words[1], Path(words[2]))}\n")
        return 0
    except (Unusable, Unavailable) as fault:
        sys.stderr.write(f"{fault}\n")
        return 2 if isinstance(fault, Unusable) else 3


if __name__ == "__main__":
    from world_model import kernel_cache

    kernel_cache.place()
    sys.exit(_main(sys.argv[1:]))
