"""The control log: JSON lines written while a world plays, from which exactly the same rows can be made again.

Line 1 names the format, the engine, the size and the piece (`origin`, as whoever started it describes it). Then one
line per input with the frame it was applied at, and now and then a digest over all rows so far.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from modalities.faults import Unusable
from modalities.live.steering import AnyInput, Music, parse_input

if TYPE_CHECKING:
    from modalities.live.player import Slice

FORMAT = "beecam-live/1"
DIGEST_FRAMES = 120


class ControlLog:
    """Written line by line, so that what was played up to a crash is there."""

    def __init__(self, path: Path, *, engine: str, size_px: tuple[int, int], origin: dict[str, Any]) -> None:
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._file = path.open("w", encoding="utf-8")
        except OSError as fault:
            raise Unusable(f"The control log cannot be written: {path} ({fault.strerror}).") from None
        self._digest = hashlib.sha256()
        self._frames = 0
        self._write({"format": FORMAT, "engine": engine, "size_px": list(size_px), "origin": origin})

    def slice(self, part: Slice, inputs: Sequence[AnyInput]) -> None:
        """One slice and the inputs given to it. Refused inputs are left out."""
        taken = {receipt.id: receipt for receipt in part.receipts if receipt.applied_frame is not None}
        samples = len(part.sound) // max(1, len(part.rows))
        for given in inputs:
            receipt = taken.get(given.id)
            if receipt is None:
                continue
            if isinstance(given, Music) and receipt.heard_frame is not None:
                given = given.model_copy(update={"at_sample": receipt.heard_frame * samples})
            self._write({"frame": receipt.applied_frame, "input": given.model_dump(mode="json")})
        for row in part.rows:
            self._digest.update(row.tobytes())
            self._frames += 1
            if self._frames % DIGEST_FRAMES == 0:
                self._write({"frame": self._frames, "digest": self._digest.hexdigest()[:16]})

    def close(self) -> None:
        if not self._file.closed:
            self._write({"frame": self._frames, "digest": self._digest.hexdigest()[:16], "end": True})
            self._file.close()

    def _write(self, line: dict[str, Any]) -> None:
        self._file.write(json.dumps(line, ensure_ascii=False) + "\n")
        self._file.flush()


@dataclass(frozen=True)
class Played:
    """A control log read back. inputs: by frame; digests: (frames, digest) in order; frames: how many were played."""

    engine: str
    size_px: tuple[int, int]
    origin: dict[str, Any]
    inputs: dict[int, tuple[AnyInput, ...]]
    digests: tuple[tuple[int, str], ...]
    frames: int

    def script(self, frame: int) -> Sequence[AnyInput]:
        """The inputs of the slice beginning at `frame`, for Player.run."""
        return self.inputs.get(frame, ())


def read_log(path: Path) -> Played:
    """Raises Unusable when the file is no control log; a line cut off at the end is left out."""
    try:
        lines = path.read_text("utf-8").splitlines()
        head = json.loads(lines[0])
        if head["format"] != FORMAT:
            raise KeyError("format")
        size = (int(head["size_px"][0]), int(head["size_px"][1]))
        origin, engine = dict(head["origin"]), str(head["engine"])
    except (OSError, ValueError, KeyError, IndexError, TypeError):
        raise Unusable(f"{path} is not a control log of live play (format {FORMAT}).") from None
    inputs: dict[int, tuple[AnyInput, ...]] = {}
    digests: list[tuple[int, str]] = []
    frames = 0
    for text in lines[1:]:
        try:
            line = json.loads(text)
        except ValueError:
            break
        frame = int(line["frame"])
        frames = max(frames, frame)
        if "input" in line:
            inputs[frame] = (*inputs.get(frame, ()), parse_input(line["input"]))
        else:
            digests.append((frame, str(line["digest"])))
    return Played(engine, size, origin, inputs, tuple(digests), frames)


class Checker:
    """Compares rows with a log's digests while they are made again."""

    def __init__(self, played: Played) -> None:
        self._wanted = dict(played.digests)
        self._digest = hashlib.sha256()
        self._frames = 0
        self.first_difference: int | None = None
        self.checked = 0

    def see(self, part: Slice) -> None:
        for row in part.rows:
            self._digest.update(row.tobytes())
            self._frames += 1
            wanted = self._wanted.get(self._frames)
            if wanted is not None:
                self.checked += 1
                if wanted != self._digest.hexdigest()[:16] and self.first_difference is None:
                    self.first_difference = self._frames
