"""Live play over a WebSocket: the page's routes, who may come in, and one session per viewer.

Frames do not go through Gradio's queue. A token is minted for every page that is served, works once and soon ends; the
origin must be the page's own. The server never has more than MOST_UNSEEN pictures on their way to a viewer; sound is
never held back.

Messages to the viewer: bytes "P" + frame (uint32, little-endian) + JPEG, bytes "S" + frame + 16-bit stereo, or JSON
with one of hello, receipt, told, opening, error. From the viewer: JSON {"ack": frame}, {"input": …} or {"words": …}.
"""

from __future__ import annotations

import asyncio
import io
import json
import secrets
import struct
import threading
import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any
from urllib.parse import urlsplit

import numpy as np
from PIL import Image
from starlette.requests import Request as Asked
from starlette.responses import HTMLResponse, Response
from starlette.routing import BaseRoute, Route, WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect, WebSocketState

from agent.direction import Direction
from agent.live_start import PROMPT, live_direction, live_start, origin_of
from agent.live_words import steering_of
from agent.request import parse_size
from modalities.faults import Unavailable, Unusable
from modalities.live.control_log import ControlLog
from modalities.live.engines import live_engine
from modalities.live.player import Drawn, LiveEngine, Player, Slice, check_size
from modalities.live.steering import AnyInput, Receipt, parse_input
from ui_gen.desk import Desk
from ui_gen.live_page import SCRIPT, page_html

MOST_SESSIONS, MOST_UNSEEN = 2, 3
TOKEN_S, MOST_CHARS, MOST_WAITING = 600.0, 4096, 400
LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
FULL = "Two worlds are being played here already, which is all this machine holds; try again when one has ended."
GUARD = {"Content-Security-Policy": "default-src 'self'; connect-src 'self' ws: wss:; img-src 'self' blob: data:; "
                                    "style-src 'self' 'unsafe-inline'; frame-ancestors 'self'",
         "Cache-Control": "no-store", "X-Content-Type-Options": "nosniff", "Referrer-Policy": "same-origin"}


@dataclass(frozen=True)
class Wish:
    """What a page asked for when it was served."""

    engine: str
    prompt: str
    take: str | None
    size_px: tuple[int, int]


class Doors:
    """Tokens and seats. host is what the server listens on; on loopback only loopback names may ask."""

    def __init__(self, desk: Desk, host: str) -> None:
        self.desk, self._local = desk, host in LOOPBACK
        self._tokens: dict[str, tuple[float, Wish]] = {}
        self._seats = 0
        self._lock = threading.Lock()

    def mint(self, wish: Wish) -> str:
        now = time.monotonic()
        with self._lock:
            self._tokens = {token: kept for token, kept in self._tokens.items() if kept[0] > now}
            token = secrets.token_urlsafe(24)
            self._tokens[token] = (now + TOKEN_S, wish)
            return token

    def redeem(self, token: str) -> Wish | None:
        """The wish behind a token, once."""
        with self._lock:
            until, wish = self._tokens.pop(token, (0.0, None))
            return wish if until > time.monotonic() else None

    def sit(self) -> bool:
        with self._lock:
            if self._seats >= MOST_SESSIONS:
                return False
            self._seats += 1
            return True

    def leave(self) -> None:
        with self._lock:
            self._seats -= 1

    def known_host(self, headers: Mapping[str, str]) -> bool:
        """Whether the request names this server: a foreign name that points at loopback is refused."""
        host = urlsplit(f"//{headers.get('host', '')}").hostname or ""
        return not self._local or host in LOOPBACK

    def own_origin(self, headers: Mapping[str, str]) -> bool:
        origin = urlsplit(headers.get("origin", ""))
        return origin.scheme in ("http", "https") and bool(origin.netloc) and origin.netloc == headers.get("host")


def live_routes(desk: Desk, host: str = "127.0.0.1") -> list[BaseRoute]:
    """/live, its script and its socket, over one desk. They go before the routes of the page they stand beside."""
    doors = Doors(desk, host)

    def page(asked: Asked) -> Response:
        if not doors.known_host(asked.headers):
            return Response("This studio is open on this machine only.", 403)
        try:
            wish = wish_of(asked.query_params)
        except Unusable as fault:
            return HTMLResponse(page_html("", str(fault), (16, 9)), 400, GUARD)
        return HTMLResponse(page_html(doors.mint(wish), "", wish.size_px), 200, GUARD)

    def script(_: Asked) -> Response:
        return Response(SCRIPT, media_type="text/javascript", headers=GUARD)

    async def socket(ws: WebSocket) -> None:
        if not doors.known_host(ws.headers) or not doors.own_origin(ws.headers):
            await ws.close(4403)
            return
        wish = doors.redeem(ws.query_params.get("t", "")[:100])
        if wish is None:
            await ws.close(4401)
            return
        await ws.accept()
        if not doors.sit():
            await ws.send_json({"error": FULL})
            await ws.close(4429)
            return
        try:
            await Session(ws, desk, wish).play()
        finally:
            doors.leave()

    return [Route("/live", page), Route("/live/play.js", script), WebSocketRoute("/live/socket", socket)]


def wish_of(query: Mapping[str, str]) -> Wish:
    """Raises Unusable for a size that cannot be played."""
    size = check_size(parse_size(query.get("size", "512x288")[:20]))
    return Wish(query.get("engine", "sim")[:40], query.get("prompt", "")[:400], query.get("take") or None, size)


class Session:
    """One viewer, one engine, one player."""

    def __init__(self, ws: WebSocket, desk: Desk, wish: Wish) -> None:
        self._ws, self._desk, self._wish = ws, desk, wish
        self._loop = asyncio.get_running_loop()
        self._out: asyncio.Queue[bytes | dict[str, Any] | None] = asyncio.Queue()
        self._unseen: list[int] = []
        self._lock = threading.Lock()
        self._names: dict[int, tuple[int, float, str]] = {}
        self._number = 0
        self._player: Player | None = None
        self._engine: LiveEngine | None = None

    async def play(self) -> None:
        sending = asyncio.create_task(self._send_on())
        playing: asyncio.Task[None] | None = None
        try:
            await self._ws.send_json({"opening": "Getting the world ready…"})
            try:
                self._player = await asyncio.to_thread(self._open)
            except Exception as fault:
                expected = isinstance(fault, Unusable | Unavailable)
                self._put({"error": str(fault) if expected else
                           f"The world could not be opened ({type(fault).__name__})."})
                self._put(None)
                await sending
                if expected:
                    return
                raise
            playing = asyncio.create_task(asyncio.to_thread(self._run, self._player))
            await self._listen(self._player)
        except WebSocketDisconnect:
            # The viewer left; that is how a session usually ends.
            pass
        finally:
            if self._player is not None:
                self._player.stop()
            if playing is not None:
                await asyncio.gather(playing, return_exceptions=True)
            if self._engine is not None:
                await asyncio.to_thread(self._engine.close)
            sending.cancel()
            await asyncio.gather(sending, return_exceptions=True)

    # ---------------------------------------------------------------- what the player tells (its own threads)

    def sound(self, part: Slice) -> None:
        pcm = np.clip(part.sound * 32767.0, -32768, 32767).astype("<i2")
        self._put(b"S" + struct.pack("<I", part.frame0) + pcm.tobytes())

    def picture(self, drawn: Drawn) -> None:
        with self._lock:
            self._unseen.append(drawn.frame)
        for frame, rgb in drawn.distinct():
            held = io.BytesIO()
            Image.fromarray(rgb).save(held, "JPEG", quality=82)
            self._put(b"P" + struct.pack("<I", frame) + held.getvalue())

    def receipt(self, receipt: Receipt) -> None:
        known = self._names.get(receipt.id)
        if known is None:
            return
        number, sent_at_ms, label = known
        if receipt.settled:
            self._names.pop(receipt.id, None)
        self._put({"receipt": asdict(receipt) | {"id": number, "sent_at_ms": sent_at_ms, "label": label}})

    def wants_picture(self) -> bool:
        with self._lock:
            return len(self._unseen) < MOST_UNSEEN

    # ---------------------------------------------------------------- inside

    def _open(self) -> Player:
        """The engine, ready to play. Raises Unusable, Unavailable."""
        direction = self._direction()
        wish = self._wish
        engine = live_engine(wish.engine)
        start = live_start(direction, wish.size_px)
        path = self._desk.studio.store.root / "live" / f"{time.strftime('%Y%m%d-%H%M%S')}-{secrets.token_hex(2)}.jsonl"
        log = ControlLog(path, engine=engine.id, size_px=wish.size_px, origin=origin_of(direction, 0))
        engine.open(start, wish.size_px)
        self._engine = engine
        grid = engine.grid
        self._put({"hello": {"fps": grid.fps, "rate_hz": grid.sample_rate_hz, "size_px": list(wish.size_px),
                             "engine": engine.id, "title": direction.title or "Live", "log": path.name}})
        return Player(engine, self, log)

    def _direction(self) -> Direction:
        """The prompt's, else the named take's, else that of the film on the screen, else the house's own."""
        if self._wish.prompt.strip():
            return live_direction(self._wish.prompt)
        take = self._wish.take or self._desk.current
        return self._desk.studio.load(take)[1] if take else live_direction(PROMPT)

    def _run(self, player: Player) -> None:
        try:
            player.run()
        except Exception as fault:
            # The viewer is told; the log of the server has the rest.
            self._put({"error": f"The world stopped ({type(fault).__name__}). Open the page again to go on."})
            raise
        finally:
            self._put(None)

    def _put(self, message: bytes | dict[str, Any] | None) -> None:
        def put() -> None:
            if self._out.qsize() < MOST_WAITING:
                self._out.put_nowait(message)
            elif self._player is not None:
                # The viewer takes nothing any more; sound that is seconds late is of no use.
                self._player.stop()

        self._loop.call_soon_threadsafe(put)

    async def _send_on(self) -> None:
        while True:
            message = await self._out.get()
            if message is None:
                await self._ws.close()
                return
            if isinstance(message, bytes):
                await self._ws.send_bytes(message)
            else:
                await self._ws.send_text(json.dumps(message, ensure_ascii=False))

    async def _listen(self, player: Player) -> None:
        spent, since = 0, time.monotonic()
        while True:
            if self._ws.application_state is not WebSocketState.CONNECTED:
                return
            text = await self._ws.receive_text()
            now = time.monotonic()
            if now - since > 1.0:
                spent, since = 0, now
            spent += 1
            if len(text) > MOST_CHARS or spent > 400:
                self._put({"error": "Too much at once; that message was left out."})
                continue
            try:
                message = json.loads(text)
                if not isinstance(message, dict):
                    raise Unusable("A message is a JSON object.")
                await self._take(player, message)
            except Unusable as fault:
                self._put({"told": {"done": [], "missed": [str(fault)]}})
            except (ValueError, TypeError, RecursionError):
                self._put({"told": {"done": [], "missed": ["A message could not be read."]}})

    async def _take(self, player: Player, message: dict[str, Any]) -> None:
        if "ack" in message:
            frame = int(message["ack"])
            with self._lock:
                self._unseen = [f for f in self._unseen if f > frame]
        elif "input" in message:
            given = parse_input(message["input"])
            self._give(player, given, given.id, given.sent_at_ms, given.kind)
        elif "words" in message and self._engine is not None:
            told = await asyncio.to_thread(steering_of, str(message["words"]), self._engine.dials())
            seen, number = int(message.get("seen_frame", -1)), int(message.get("id", 0))
            for given in told.inputs:
                self._give(player, given.model_copy(update={"seen_frame": max(-1, seen)}), number,
                           float(message.get("sent_at_ms", 0.0)), ", ".join(told.done))
            self._put({"told": {"id": number, "done": list(told.done), "missed": list(told.missed)}})

    def _give(self, player: Player, given: AnyInput, number: int, sent_at_ms: float, label: str) -> None:
        """Hand an input on under a number of our own, so that receipts find their way back."""
        self._number += 1
        self._names[self._number] = (number, sent_at_ms, label)
        player.send(given.model_copy(update={"id": self._number}))
