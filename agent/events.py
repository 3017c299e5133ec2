"""What the agent tells while it works. Plain data: a page, a terminal or a test can read it."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict

Kind = Literal["job", "progress", "note", "brief", "direction", "take", "said", "go_to", "question", "ideas", "review",
               "proposals"]


class AgentEvent(BaseModel):
    """kind: `job` (text: its name; always first), `progress` (stage, done, total, unit, left_s, preview), `note`
    (text), `brief` and `direction` (data), `take` (text: its id), `said` (text: one sentence of what was done or the
    answer; data: {kind, parent, patch}), `go_to` (text: a take's id), `question` (text; data: {choices}; the run then
    waits for an answer), `ideas` (data: {ideas, take}), `review` (text: what a take came to against what was asked),
    `proposals` (data: {lines}: what could be said next, each seen to be understood)."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    kind: Kind
    text: str = ""
    stage: str = ""
    done: int = 0
    total: int = 0
    unit: str = ""
    left_s: float | None = None
    preview: str | None = None
    take: int = 0
    takes: int = 1
    data: dict[str, Any] | None = None
