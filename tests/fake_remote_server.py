"""A fake of the four kinds of endpoint, for tests only: it makes plain grey films, and misbehaves when it is told to."""

from __future__ import annotations

import io
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import urlsplit

import av
import numpy as np


def grey_film(frames: int = 8, fps: int = 8, size_px: tuple[int, int] = (64, 36), level: int = 120) -> bytes:
    """A film that grows lighter."""
    out = io.BytesIO()
    with av.open(out, "w", format="mp4") as film:
        stream = film.add_stream("libx264", rate=fps)
        stream.width, stream.height, stream.pix_fmt = *size_px, "yuv420p"
        for k in range(frames):
            picture = np.full((size_px[1], size_px[0], 3), min(255, level + 8 * k), np.uint8)
            film.mux(stream.encode(av.VideoFrame.from_ndarray(picture, format="rgb24")))
        film.mux(stream.encode(None))
    return out.getvalue()


@dataclass
class Fake:
    """What it saw, and how it behaves. wrong: by step (submit, poll, film), a list of misbehaviours used up one by one:
    a status code, "cut", "html", "hang", "short", "elsewhere", "huge", "nothing", "failed"."""

    key: str = "k-secret-0123456789"
    film: bytes = field(default_factory=grey_film)
    wrong: dict[str, list[Any]] = field(default_factory=dict)
    paid: int = 0
    polls: int = 0
    stopped: list[str] = field(default_factory=list)
    bodies: list[Any] = field(default_factory=list)
    keys_seen: list[str | None] = field(default_factory=list)
    port: int = 0
    retry_after: str | None = None
    slow_polls: int = 1

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"


def _handler(fake: Fake) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def log_message(self, *args: Any) -> None:
            return None

        def _send(self, status: int, body: bytes, kind: str = "application/json", **headers: str) -> None:
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", headers.pop("length", str(len(body))))
            for name, value in headers.items():
                self.send_header(name.replace("_", "-"), value)
            self.end_headers()
            try:
                self.wfile.write(body)
            except OSError:
                return

        def _json(self, value: Any, status: int = 200, **headers: str) -> None:
            self._send(status, json.dumps(value).encode(), **headers)

        def _misbehaves(self, step: str) -> bool:
            todo = fake.wrong.get(step) or []
            if not todo:
                return False
            how = todo.pop(0)
            if isinstance(how, int):
                extra = {"Retry_After": fake.retry_after} if fake.retry_after is not None else {}
                self._json({"error": {"message": f"no: {self.headers.get('Authorization')}"}}, how, **extra)
            elif how == "cut":
                self._send(200, fake.film[: len(fake.film) // 2], "video/mp4", length=str(len(fake.film)))
                self.close_connection = True
            elif how == "short":
                self._send(200, fake.film[: len(fake.film) // 2], "video/mp4")
            elif how == "html":
                self._send(200, b"<html><script>alert(1)</script></html>", "video/mp4")
            elif how == "hang":
                threading.Event().wait(1.5)
                self.close_connection = True
            elif how == "elsewhere":
                self._json({}, 302, Location="http://192.0.2.1/steal")
            elif how == "huge":
                self._send(200, b"x" * (5 << 20))
            elif how == "nothing":
                self._json({"id": "1", "status": "succeeded", "output": None})
            elif how == "failed":
                self._json({"id": "1", "status": "failed", "error": "the model <b>broke</b>\u0007"})
            return True

        def _handle(self) -> None:
            path = urlsplit(self.path).path.strip("/")
            length = int(self.headers.get("Content-Length") or 0)
            raw = self.rfile.read(length)
            fake.keys_seen.append(self.headers.get("Authorization"))
            parts = path.split("/")
            if path == "files/film.mp4" or path.endswith("/content") or path == "view":
                if not self._misbehaves("film"):
                    self._send(200, fake.film, "video/mp4")
            elif self.command == "POST" and (path in ("videos", "prompt", "maker/model")
                                                or parts[-1] == "predictions"):
                fake.paid += 1
                fake.bodies.append(json.loads(raw))
                if not self._misbehaves("submit"):
                    self._json({"id": "1", "prompt_id": "1", "request_id": "1", "status": "queued"})
            elif path == "upload/image":
                fake.bodies.append(raw)
                self._json({"name": "first.png"})
            elif parts[-1] in ("cancel", "interrupt", "queue") or self.command == "DELETE":
                fake.stopped.append(path)
                self._json({})
            elif path == "maker/model/requests/1":
                self._json({"video": {"url": f"{fake.url}/files/film.mp4"}})
            elif path == "maker/model/requests/1/status":
                fake.polls += 1
                if not self._misbehaves("poll"):
                    self._json({"status": "COMPLETED" if fake.polls > fake.slow_polls else "IN_PROGRESS"})
            elif path.startswith(("videos/", "predictions/", "history/")):
                fake.polls += 1
                if self._misbehaves("poll"):
                    return
                if fake.polls <= fake.slow_polls:
                    self._json({"id": "1", "status": "processing", "progress": 30})
                else:
                    self._json({"id": "1", "status": "completed" if parts[0] == "videos" else "succeeded",
                                "output": [f"{fake.url}/files/film.mp4"],
                                "1": {"status": {"status_str": "success", "completed": True}, "outputs": {
                                    "9": {"gifs": [{"filename": "a.mp4", "subfolder": "", "type": "output"}]}}}})
            else:
                self._json({"error": "not here"}, 404)

        do_GET = do_POST = do_DELETE = do_PUT = _handle

    return Handler


@contextmanager
def serving(fake: Fake) -> Iterator[Fake]:
    """The fake on a free port of this machine."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(fake))
    server.daemon_threads = True
    fake.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield fake
    finally:
        server.shutdown()
        server.server_close()
