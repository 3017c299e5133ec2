"""The drawing pad's routes: its page and script, the poster under it, and what it hands to the studio.

A page gets a token of its own that holds for hours; what is posted needs it, and the page's own origin. Nothing that
arrives is believed: a picture is decoded and written anew, a gesture is read as any other file is.
"""

from __future__ import annotations

import asyncio
import hashlib
import io
import json
import secrets
import threading
import time
from pathlib import Path
from typing import Any

import numpy as np
from starlette.requests import Request as Asked
from starlette.responses import FileResponse, HTMLResponse, JSONResponse, Response
from starlette.routing import BaseRoute, Route

from agent.direction import Direction
from agent.unroll_spans import cut_frames
from modalities.faults import Unusable
from modalities.one_writer import write_whole
from modalities.perceive.gesture import brush_documents, read_gesture
from ui_gen.desk import Desk
from ui_gen.live_socket import GUARD, Doors
from ui_gen.pad_page import page_html
from ui_gen.pad_script import SCRIPT
from ui_gen.pad_wave import SCRIPT as WAVE
from world_model.clock import TimeGrid

MOST_BYTES, MOST_SIDE_PX = 24 << 20, 4096
TOKEN_S, MOST_TOKENS = 12 * 3600.0, 200
# Where the poster of a take stands in its film.
POSTER_AT = 0.62
USUAL_PX = (1280, 720)


class Passes:
    """Tokens of pages that may post, each for some hours; the oldest goes when there are too many."""

    def __init__(self) -> None:
        self._until: dict[str, float] = {}
        self._lock = threading.Lock()

    def mint(self) -> str:
        now = time.monotonic()
        with self._lock:
            fresh = [(token, until) for token, until in self._until.items() if until > now][-MOST_TOKENS + 1:]
            token = secrets.token_urlsafe(24)
            self._until = dict(fresh) | {token: now + TOKEN_S}
            return token

    def good(self, token: str) -> bool:
        with self._lock:
            return self._until.get(token, 0.0) > time.monotonic()


def pad_routes(desk: Desk, host: str = "127.0.0.1") -> list[BaseRoute]:
    """/pad and what belongs to it, over one desk. They go before the routes of the page they stand beside."""
    doors, passes = Doors(desk, host), Passes()

    def page(asked: Asked) -> Response:
        if not doors.known_host(asked.headers):
            return Response("This studio is open on this machine only.", 403)
        take, size_px = _film(desk, asked.query_params.get("take"))
        return HTMLResponse(page_html(passes.mint(), take, size_px), 200, GUARD)

    def script(asked: Asked) -> Response:
        text = WAVE if asked.url.path.endswith("wave.js") else SCRIPT
        return Response(text, media_type="text/javascript", headers=GUARD)

    def poster(asked: Asked) -> Response:
        try:
            if not doors.known_host(asked.headers):
                raise Unusable("This studio is open on this machine only.")
            path = desk.studio.store.take(asked.path_params["take"]).poster
            if not path.is_file():
                raise Unusable("This take has no poster.")
        except Unusable as fault:
            return Response(str(fault), 404)
        return FileResponse(path, media_type="image/png", headers=GUARD)

    async def posted(asked: Asked) -> bytes | Response:
        """The body, or the answer to one who may not post."""
        if not doors.known_host(asked.headers) or not doors.own_origin(asked.headers):
            return _refused("Only the pad's own page may hand things in.", 403)
        if not passes.good(asked.headers.get("x-beecam-token", "")[:100]):
            return _refused("This page is too old; download the drawing, then load the page again.", 401)
        held = bytearray()
        async for part in asked.stream():
            held += part
            if len(held) > MOST_BYTES:
                return _refused(f"That is larger than the {MOST_BYTES >> 20} MiB that the pad may hand in.", 413)
        return bytes(held)

    async def keep(asked: Asked) -> Response:
        body = await posted(asked)
        if isinstance(body, Response):
            return body
        kind = asked.headers.get("content-type", "").split(";")[0]
        return await asyncio.to_thread(_answered, lambda: _kept(desk, kind, body))

    async def move(asked: Asked) -> Response:
        body = await posted(asked)
        if isinstance(body, Response):
            return body
        take = asked.query_params.get("take", "")
        return await asyncio.to_thread(_answered, lambda: _moved(desk, take, body))

    return [Route("/pad", page), Route("/pad/pad.js", script), Route("/pad/wave.js", script),
            Route("/pad/poster/{take}", poster),
            Route("/pad/keep", keep, methods=["POST"]), Route("/pad/move", move, methods=["POST"])]


def poster_shot(direction: Direction) -> int:
    """The shot that a take's poster shows."""
    grid = TimeGrid(direction.grid.steps_per_s, direction.grid.fps, direction.grid.sample_rate_hz)
    cuts = cut_frames(direction, grid)
    at = min(cuts[-1][2] - 1, int(POSTER_AT * cuts[-1][2]))
    return next(shot for shot, start, end in cuts if start <= at < end)


def _film(desk: Desk, wanted: str | None) -> tuple[str | None, tuple[int, int]]:
    """The take whose picture lies under the pad, with its size; the one on the screen where none is named."""
    for take in (wanted, desk.current):
        if take:
            try:
                return take, desk.studio.load(take)[1].size_px
            except Unusable:
                continue
    return None, USUAL_PX


def _kept(desk: Desk, kind: str, body: bytes) -> dict[str, Any]:
    """A reference of the project, waiting in the conversation. Raises Unusable."""
    if kind == "image/png":
        content, name, what = _clean(body), "drawing.png", "The drawing"
    elif kind == "application/json":
        gesture = read_gesture(body)
        what = "The regions" if gesture.regions else "The path"
        content, name = body, "regions.json" if gesture.regions else "path.json"
    else:
        raise Unusable(f"The pad hands in pictures and gestures, not {kind[:40]!r}.")
    folder = desk.studio.store.reference_dir(hashlib.sha256(content).hexdigest())
    path = folder / name
    _write(path, content)
    desk.keep(path)
    held = "waits" if what != "The regions" else "wait"
    return {"said": f"{what} {held} in the conversation; say what the film should be and send.", "name": name}


def _moved(desk: Desk, take: str, body: bytes) -> dict[str, Any]:
    """A new take in which what was painted moves. Raises Unusable."""
    gesture = read_gesture(body)
    if not gesture.regions:
        raise Unusable("Nothing was painted that should move.")
    shot = poster_shot(desk.studio.load(take)[1])
    desk.brush(take, shot, brush_documents(gesture))
    return {"said": "A new take is being made; it appears in the studio."}


def _clean(body: bytes) -> bytes:
    """The picture, decoded and written anew as PNG. Raises Unusable."""
    from PIL import Image

    try:
        with Image.open(io.BytesIO(body), formats=("PNG",)) as image:
            if max(image.size) > MOST_SIDE_PX:
                raise Unusable(f"The drawing is {image.width} x {image.height}; up to {MOST_SIDE_PX} px are kept.")
            plain = image.convert("RGB")
    except Unusable:
        raise
    except Exception:  # decoders raise many kinds
        raise Unusable("The drawing did not arrive as a picture.") from None
    if int(np.ptp(np.asarray(plain, np.uint8).reshape(-1, 3), axis=0).max()) == 0:
        raise Unusable("The sheet is blank: draw something first.")
    out = io.BytesIO()
    plain.save(out, "PNG", optimize=False)
    return out.getvalue()


def _write(path: Path, content: bytes) -> None:
    try:
        write_whole(path, content)
    except OSError as fault:
        raise Unusable(f"The drawing could not be kept: {fault.strerror or fault}.") from None


def _answered(work: Any) -> Response:
    try:
        return JSONResponse(work())
    except Unusable as fault:
        return _refused(str(fault), 400)


def _refused(why: str, status: int) -> Response:
    return Response(json.dumps({"error": why}), status, media_type="application/json")
