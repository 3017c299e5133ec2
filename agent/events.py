"""What the agent tells while it works. Plain data: a page, a terminal or a test can read it."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict


class AgentEvent(BaseModel):
    """kind: `progress` (stage, done, total, unit, left_s, preview), `note` (text), `brief`, `direction`, `take`."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    kind: Literal["progress", "note", "brief", "direction", "take"]
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
