"""Progress for a person at a terminal: one line that is rewritten, or plain lines when it is not a terminal."""

from __future__ import annotations

import sys
import time
from typing import TextIO

from agent.director_words import clock
from agent.events import AgentEvent

WIDTH = 28
STAGES = {"perceive": "perceiving", "plan": "directing", "roll out": "rolling out", "estimate": "estimated",
          "sound": "sound", "compile": "preparing the renderer for this machine (once, about a minute)",
          "picture": "picture", "reuse": "unchanged", "finish": "finishing"}


class Teller:
    """Writes AgentEvents to a stream (standard error)."""

    def __init__(self, stream: TextIO | None = None) -> None:
        self._stream = stream or sys.stderr
        self._live = self._stream.isatty()
        self._stage, self._told, self._dirty = "", 0.0, False

    def tell(self, event: AgentEvent) -> None:
        if event.kind in ("note", "said", "review"):
            self.line(event.text)
        elif event.kind == "question":
            choices = " / ".join(str(one) for one in (event.data or {}).get("choices", []))
            self.line(f"{event.text} {choices}".strip())
        elif event.kind == "proposals":
            self.line(f"You could say: {'; '.join(str(one) for one in (event.data or {}).get('lines', []))}.")
        elif event.kind == "progress":
            self._progress(event)

    def line(self, text: str) -> None:
        self.clear()
        self._stream.write(text + "\n")
        self._stream.flush()

    def clear(self) -> None:
        if self._dirty:
            self._stream.write("\r\x1b[2K")
            self._dirty = False

    def _progress(self, event: AgentEvent) -> None:
        share = event.done / event.total if event.total else 0.0
        name = STAGES.get(event.stage, event.stage)
        which = f"take {event.take + 1}/{event.takes}  " if event.takes > 1 else ""
        left = f"  {clock(event.left_s)} left" if event.left_s is not None else ""
        now = time.monotonic()
        if self._live:
            bar = "█" * int(share * WIDTH) + "·" * (WIDTH - int(share * WIDTH))
            self._stream.write(f"\r\x1b[2K{which}{name:<11} {bar} {share:4.0%}{left}")
            self._dirty = True
        elif event.stage != self._stage or now - self._told > 5.0:
            self._stream.write(f"{which}{name} {share:4.0%}{left}\n")
            self._told = now
        self._stage = event.stage
        self._stream.flush()
