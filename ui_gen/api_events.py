"""A job's events as server-sent events: what was, from the beginning or after the last one seen, then what comes."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncGenerator, Callable
from typing import Any

from ui_gen.queue_jobs import ENDED, Job

EVERY_S, SILENCE_S = 0.2, 15.0


async def events_of(job: Job, after: int, told: Callable[[Any], Any], status: Callable[[], dict[str, Any]]
                    ) -> AsyncGenerator[str]:
    """Texts of an event stream; ends after the event that ends the job, which holds its whole status. told: makes data
    fit for its reader."""
    quiet_s = 0.0
    while True:
        ended = job.state in ENDED
        found = job.after(after)
        for number, kind, data in found:
            after = number
            if kind in ENDED:
                data = status()
            yield f"id: {number}\nevent: {kind}\ndata: {json.dumps(told(data), ensure_ascii=False, default=str)}\n\n"
        if ended:
            return
        quiet_s = 0.0 if found else quiet_s + EVERY_S
        if quiet_s >= SILENCE_S:
            quiet_s = 0.0
            # Keeps the line open through proxies that close silent ones.
            yield ": waiting\n\n"
        await asyncio.sleep(EVERY_S)


__all__ = ["events_of"]
