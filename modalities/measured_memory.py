"""What engines took of this machine's memory when they ran: measured, kept beside the weights, never guessed.

Whoever runs a large engine does so inside `measuring`; a card's memory is CUDA's own peak, a process's is sampled.
"""

from __future__ import annotations

import json
import sys
import threading
from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from modalities.one_writer import alone, write_whole
from modalities.weights import weights_root

FILE = "measured.json"
# Of an engine at one size, length and layout on one machine the largest peak is kept; of an engine so many.
MOST_KEPT = 24
SAMPLE_S = 0.1


@dataclass(frozen=True)
class Peak:
    """One run. engine: its id; frames 0 for what has none; layout: how it was laid out (Fit.said); machine: the card,
    or the processor; card_mb: of the card, None without one; process_mb: of main memory, all of the process."""

    engine: str
    size_px: tuple[int, int]
    frames: int
    layout: str
    machine: str
    card_mb: float | None
    process_mb: float
    at: str = ""

    @property
    def said(self) -> str:
        """In words: "measured 7.9 GB for 832x480x81 on NAME"."""
        took = self.process_mb if self.card_mb is None else self.card_mb
        width, height = self.size_px
        shape = f"{width}x{height}" + (f"x{self.frames}" if self.frames else "") if width else \
            f"{self.frames} frames" if self.frames else "one run"
        return f"measured {took / 1000:.1f} GB for {shape} on {self.machine}" \
               + ("" if self.card_mb is not None else " (main memory)")


def of(engine: str, path: Path | None = None) -> tuple[Peak, ...]:
    """What was measured of an engine on this machine, largest first; empty where nothing was."""
    found = [one for one in _read(path or default_path()) if one.engine == engine]
    return tuple(sorted(found, key=lambda one: -(one.card_mb if one.card_mb is not None else one.process_mb)))


def record(peak: Peak, path: Path | None = None) -> bool:
    """Keeps a measurement; the largest of its kind stands. False where it cannot be written: nothing depends on it."""
    path = path or default_path()
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with alone(path.with_name(f".{FILE}.lock")):
            known = list(_read(path))
            same = [one for one in known if _kind(one) == _kind(peak)]
            took = max([peak, *same], key=lambda one: (one.card_mb or 0.0, one.process_mb))
            others = [one for one in known if _kind(one) != _kind(peak)]
            mine = [one for one in others if one.engine == peak.engine][-(MOST_KEPT - 1):]
            kept = [one for one in others if one.engine != peak.engine] + mine + [took]
            write_whole(path, json.dumps([asdict(one) for one in kept], indent=1))
    except OSError:
        return False
    return True


@contextmanager
def measuring(engine: str, size_px: tuple[int, int] = (0, 0), frames: int = 0, layout: str = "",
              path: Path | None = None, keep: Callable[[Peak], Any] | None = None) -> Generator[None]:
    """Measures what runs inside, and keeps it when that went well. keep: told of it instead of the file."""
    import psutil

    cuda = _cuda()
    if cuda is not None:
        cuda.reset_peak_memory_stats()
    process, done = psutil.Process(), threading.Event()
    most = [process.memory_info().rss]

    def sample() -> None:
        while not done.wait(SAMPLE_S):
            most[0] = max(most[0], process.memory_info().rss)

    watcher = threading.Thread(target=sample, daemon=True, name="beecam-memory")
    watcher.start()
    try:
        yield
    finally:
        done.set()
        watcher.join()
    card_mb = None if cuda is None else cuda.max_memory_reserved() / 1e6
    most[0] = max(most[0], process.memory_info().rss)
    peak = Peak(engine, size_px, frames, layout, _machine(cuda), card_mb, most[0] / 1e6,
                datetime.now(UTC).isoformat(timespec="seconds"))
    if keep is not None:
        keep(peak)
    else:
        record(peak, path)


def default_path() -> Path:
    """Beside the weights."""
    return weights_root() / FILE


def _kind(peak: Peak) -> tuple[Any, ...]:
    return peak.engine, peak.size_px, peak.frames, peak.layout, peak.machine


def _read(path: Path) -> tuple[Peak, ...]:
    try:
        listed = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError):
        return ()
    return tuple(peak for one in listed if (peak := _peak(one)) is not None) if isinstance(listed, list) else ()


def _peak(one: Any) -> Peak | None:
    """A stored measurement; None for what is none."""
    if not isinstance(one, Mapping):
        return None
    try:
        width, height = one["size_px"]
        card = one["card_mb"]
        return Peak(str(one["engine"])[:80], (int(width), int(height)), int(one["frames"]), str(one["layout"])[:80],
                    str(one["machine"])[:80], None if card is None else float(card), float(one["process_mb"]),
                    str(one.get("at", ""))[:40])
    except (KeyError, TypeError, ValueError):
        return None


def _cuda() -> Any:
    """torch.cuda where there is a card and torch is in use already."""
    torch: Any = sys.modules.get("torch")
    return torch.cuda if torch is not None and torch.cuda.is_available() else None


def _machine(cuda: Any) -> str:
    from modalities.machine import facts

    return str(cuda.get_device_name(0)) if cuda is not None else str(facts()["cpu"])
