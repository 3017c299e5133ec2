"""What a call of a tool does: it begins a job or reads, waits while progress is told, and gives one sentence for what
is wrong. A call that is cancelled ends the job it began."""

from __future__ import annotations

import base64
import binascii
import io
import logging
import math
import time
from collections.abc import Awaitable, Callable
from typing import Any

import anyio
from mcp_types import CallToolResult, ContentBlock, TextContent

from modalities.faults import Unavailable, Unusable
from ui_gen import api_acts
from ui_gen.api_bodies import AnswerBody, read
from ui_gen.api_desk import ApiDesk
from ui_gen.api_forms import kept
from ui_gen.mcp_resources import links
from ui_gen.mcp_tools import (
    LARGEST_INLINE,
    LONGEST_WAIT_S,
    TOOLS,
    USUAL_WAIT_S,
    DiffBody,
    ReplyBody,
    StopBody,
    TakeBody,
    TakesBody,
    UploadBody,
    WaitBody,
)
from ui_gen.queue_jobs import ENDED, Job

Report = Callable[[float, float | None, str | None], Awaitable[None]]
EVERY_S = 0.1
_log = logging.getLogger("beecam.mcp")
# A client that hears nothing for long gives up; waiting in the queue moves nothing.
SILENCE_S = 5.0
BODIES = {name: (kind, queued) for name, kind, queued, _ in TOOLS}


async def called(desk: ApiDesk, user: str, name: str, arguments: dict[str, Any], report: Report) -> CallToolResult:
    """The result of one call; what is wrong is in it, never raised."""
    try:
        return await _called(desk, user, name, dict(arguments), report)
    except (Unusable, Unavailable) as fault:
        return failed(desk.sentence(user, fault))
    except OSError:
        return failed("A file could not be used.")
    except Exception as fault:
        _log.exception("tool %s failed", name[:40])
        return failed(f"Something went wrong inside ({type(fault).__name__}).")


async def _called(desk: ApiDesk, user: str, name: str, arguments: dict[str, Any], report: Report) -> CallToolResult:
    if name not in BODIES:
        raise Unusable(f"There is no tool {name[:40]!r}; there are {', '.join(BODIES)}.")
    kind, queued = BODIES[name]
    wait_s = _wait_s(arguments.pop("wait_s", USUAL_WAIT_S)) if queued else 0.0
    body = read(kind, arguments)
    if isinstance(body, WaitBody) and not isinstance(body, (ReplyBody, StopBody)):
        return await followed(desk, desk.job(user, body.job), wait_s, report)
    if queued:
        job = await anyio.to_thread.run_sync(lambda: _begun(desk, user, name, body))
        try:
            return await followed(desk, job, wait_s, report)
        except anyio.get_cancelled_exc_class():
            desk.board.stop(job)
            raise
    return await anyio.to_thread.run_sync(lambda: _read(desk, user, body))


def _begun(desk: ApiDesk, user: str, name: str, body: Any) -> Job:
    if isinstance(body, ReplyBody):
        return desk.answer(user, desk.job(user, body.job), AnswerBody(text=body.text))
    return desk.begin(user, name, body)


def _read(desk: ApiDesk, user: str, body: Any) -> CallToolResult:
    if isinstance(body, StopBody):
        job = desk.job(user, body.job)
        desk.board.stop(job)
        return answered({"job": job.id, "state": job.state}, [f"Job {job.id} is told to stop."])
    if isinstance(body, TakesBody):
        room = desk.rooms.room(user, body.project)
        found = desk.takes(room, body.newest)
        lines = [f"{one['id']}  {one['duration_s']:g} s  {one['reason'][:80]}" for one in found]
        return answered({"takes": found}, lines or ["There are no takes yet."])
    if isinstance(body, TakeBody):
        room = desk.rooms.room(user, body.project)
        found = desk.take(room, body.take)
        take = found["take"]
        return answered(found, [f"{take['id']}: {take['reason'][:200]}", f"video: {take['video']}"],
                        links(room.project, [take["id"]]))
    if isinstance(body, DiffBody):
        room = desk.rooms.room(user, body.project)
        found = desk.told(room, api_acts.diff(room, body.a, body.b))
        return answered(found, [str(one["said"]) for one in found["changed"]] or ["Nothing was changed."])
    if isinstance(body, UploadBody):
        return _uploaded(desk, user, body)
    raise Unusable("This tool does nothing.")


def _uploaded(desk: ApiDesk, user: str, body: UploadBody) -> CallToolResult:
    try:
        content = base64.b64decode(body.content_base64, validate=True)
    except (binascii.Error, ValueError):
        raise Unusable("content_base64 is not base64.") from None
    if len(content) > LARGEST_INLINE:
        raise Unusable(f"The file is larger than {LARGEST_INLINE >> 20} MiB; hand it in with POST /api/v1/files.")
    told = kept(desk.rooms.uploads(user), body.name, io.BytesIO(content)).told()
    return answered(told, [f"{told['file']} ({told['kind']})"])


async def followed(desk: ApiDesk, job: Job, wait_s: float, report: Report) -> CallToolResult:
    """Waits for a job, telling its progress; the result, or how far it is where it takes longer than wait_s."""
    end, told, before = time.monotonic() + wait_s, -math.inf, -1.0
    while job.state not in ENDED and time.monotonic() < end:
        now = time.monotonic()
        if job.progress > before or now - told > SILENCE_S:
            # Every notification says more than the one before, also while nothing moves.
            before, told = max(job.progress, before + 1e-6), now
            await report(before, 1.0, _moment(desk, job))
        await anyio.sleep(EVERY_S)
    status = desk.status(job)
    if job.state not in ENDED:
        names = ("job", "state", "stage", "progress", "left_s", "position", "wait_s")
        said = f"Job {job.id}: {_moment(desk, job)}. Call wait with this job to go on waiting."
        return answered({name: status[name] for name in names}, [said])
    if job.state != "done":
        return failed(status["error"])
    room = desk.rooms.room(job.user, job.project)
    # The graph's own name of a run is of use to the command line only; a question is answered by the job's name here.
    result = status["result"] | {"job": job.id}
    if "ideas" in result:
        # Whole Directions are many pages each; the patch of an idea says the same.
        result["ideas"] = [{name: value for name, value in one.items() if name != "direction"}
                           for one in result["ideas"]]
    # How a terminal would answer a question is no use here: the tool `answer` does.
    lines = [str(desk.told(room, line)) for line in job.lines if not line.startswith("Answer with: beecam")]
    lines += [str(result[name]) for name in ("said", "question") if result.get(name)]
    takes = [one["id"] for one in (*result.get("takes", ()), *([result["take"]] if "take" in result else ()))]
    return answered(result, lines or ["Done."], links(room.project, takes))


def answered(structured: dict[str, Any], lines: list[str], more: list[Any] | None = None) -> CallToolResult:
    """A result: lines for a reader, the same as data, links to what was made."""
    content: list[ContentBlock] = [TextContent(text="\n".join(lines)), *(more or [])]
    return CallToolResult(content=content, structured_content=structured)


def failed(sentence: str) -> CallToolResult:
    """One sentence that says what is wrong."""
    return CallToolResult(content=[TextContent(text=" ".join(sentence.split()))], is_error=True)


def _moment(desk: ApiDesk, job: Job) -> str:
    status = desk.board.status(job)
    if job.state == "waiting":
        return f"waiting, number {status['position']} in the queue, about {status['wait_s']:.0f} s"
    left = f", about {status['left_s']:.0f} s left" if status["left_s"] is not None else ""
    return f"{status['stage'] or job.kind}, {job.progress:.0%}{left}"


def _wait_s(given: Any) -> float:
    if isinstance(given, bool) or not isinstance(given, (int, float)) or not 0 <= given <= LONGEST_WAIT_S:
        raise Unusable(f"wait_s: expected 0 to {LONGEST_WAIT_S:g} seconds.")
    return float(given)


__all__ = ["called", "failed"]
