"""Another Beecam as an engine: it is given our Direction and sends back its film of it.

Its API makes films from words and edits them by patches, so a small stand-in film is made there first and then patched
to be exactly ours; what is paid in time for the stand-in is a second or two.
"""

from __future__ import annotations

import hashlib
from typing import Any
from urllib.parse import quote

from modalities.engine import Job
from modalities.engines.remote.line import Line, Refused
from modalities.engines.remote.protocols import Tell, quietly

POLL_S = 1.0
STAND_IN = {"size": "64x36", "fps": 6, "duration_s": 1.0}
# What is ours and not the other's: names of documents, and an engine that may not be there.
KEPT_THERE = ("format", "id", "parent", "reason", "author")


def made(line: Line, job: Job, tell: Tell) -> bytes:
    """The whole film as the other Beecam makes it. Raises Refused, Unavailable, Stopped."""
    if not job.document:
        raise Refused(line.said("needs the Direction, and there is none"))
    references: list[dict[str, Any]] = []
    if job.track is not None:
        sound = job.track.source.read_bytes()
        handed = line.ask("POST", f"files?name={quote(job.track.source.name[:80], safe='')}", files=None,
                          extra={"Content-Type": "application/octet-stream"}, content=sound)
        references = [{"file": str(handed.get("file")), "roles": ["rhythm", "structure"]}]
    words = str(job.document.get("title") or "a film")[:300]
    start = _done(line, line.ask("POST", "make", STAND_IN | {
        "prompt": words, "seed": job.seed, "references": references}, again=False), lambda share: None)
    there = _take(line, start)
    other = line.ask("GET", f"takes/{there}/direction")
    patch = patch_to(other, dict(job.document), line.endpoint.model or "sim")
    asked = line.ask("POST", f"takes/{there}/edit", {"patch": patch}, again=False) if patch else None
    finished = there if asked is None else _take(line, _done(line, asked, tell))
    film = line.fetch(f"takes/{finished}/video")
    told = line.ask("GET", f"takes/{finished}").get("hashes")
    stated = told.get("video.mp4") if isinstance(told, dict) else None
    if isinstance(stated, str) and hashlib.sha256(film).hexdigest() != stated.removeprefix("sha256:"):
        raise Refused(line.said("sent another film than the one it says it made"))
    return film


def patch_to(other: dict[str, Any], ours: dict[str, Any], engine: str) -> list[dict[str, Any]]:
    """RFC 6902: what makes their Direction ours, field by field; rendered there by `engine`."""
    wanted = ours | {"engine": {"id": engine, "params": {}}, "sound": other.get("sound", ours.get("sound"))}
    return [{"op": "replace" if name in other else "add", "path": f"/{name}", "value": value}
            for name, value in wanted.items() if name not in KEPT_THERE and other.get(name) != value]


def _done(line: Line, asked: dict[str, Any], tell: Tell) -> dict[str, Any]:
    """The result of a job there, watched until it ends; stopped there when we stop."""
    number = asked.get("job")
    if not isinstance(number, str):
        raise Refused(line.said("took the film and named no job"))
    at = f"jobs/{quote(number, safe='')}"
    try:
        while True:
            told = line.ask("GET", at)
            state = told.get("state")
            if state == "done":
                return told
            if state in ("failed", "stopped"):
                raise Refused(line.said(f"failed: {str(told.get('error') or 'no reason given')[:200]}"))
            share = told.get("progress")
            tell(min(1.0, max(0.0, float(share))) if isinstance(share, int | float) else 0.0)
            line.rest(POLL_S)
    except BaseException:
        quietly(line, "POST", f"{at}/stop", None)
        raise


def _take(line: Line, told: dict[str, Any]) -> str:
    takes = (told.get("result") or {}).get("takes") if isinstance(told.get("result"), dict) else None
    name = takes[0].get("id") if isinstance(takes, list) and takes and isinstance(takes[0], dict) else None
    if not isinstance(name, str):
        raise Refused(line.said("finished and named no take"))
    return quote(name, safe="")

