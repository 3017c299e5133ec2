"""A fake of a model hub on this machine: it answers what huggingface_hub asks for one repository, and misbehaves on
demand. It is no hub: it holds a few files in memory, and knows no accounts but one token."""

from __future__ import annotations

import hashlib
import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import unquote, urlsplit

COMMIT = "0123456789abcdef0123456789abcdef01234567"
LARGE = 4096


@dataclass
class FakeHub:
    """files: name to bytes. status: answered to everything instead, with code as X-Error-Code. cut_after: bytes of a
    large file after which its connection breaks, so often as `cuts` says. lie: bytes that are added to every announced
    size. wrong: name of a file whose bytes are others of the same length. token: asked for where set. pause_s: waited after
    each million bytes."""

    repo: str
    files: dict[str, bytes]
    status: int = 0
    code: str = ""
    cut_after: int = 0
    cuts: int = 0
    lie: int = 0
    wrong: str = ""
    token: str = ""
    pause_s: float = 0.0
    listed: dict[str, bytes] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    ranges: list[str] = field(default_factory=list)
    tokens: set[str] = field(default_factory=set)
    address: str = ""

    def sibling(self, name: str, data: bytes) -> dict:
        large = {"lfs": {"sha256": hashlib.sha256(data).hexdigest(), "oid": hashlib.sha256(data).hexdigest(),
                         "size": len(data) + self.lie, "pointerSize": 130}} if len(data) >= LARGE else {}
        return {"rfilename": name, "path": name, "type": "file", "size": len(data) + self.lie,
                "blobId": hashlib.sha1(data).hexdigest(), "oid": hashlib.sha1(data).hexdigest(), **large}


@contextmanager
def fake_hub(hub: FakeHub) -> Iterator[FakeHub]:
    """Serves a FakeHub on 127.0.0.1; its address is in hub.address."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, format, *args):
            pass

        def do_HEAD(self):
            self.reply(body=False)

        def do_GET(self):
            self.reply(body=True)

        def reply(self, body: bool) -> None:
            path = unquote(urlsplit(self.path).path)
            hub.asked.append(f"{self.command} {path}")
            given = self.headers.get("Authorization", "")
            hub.tokens.add(given)
            if hub.status or (hub.token and given != f"Bearer {hub.token}"):
                return self.plain(hub.status or 401, {"error": "said by the fake"}, body, {"X-Error-Code": hub.code})
            listed = {**hub.files, **hub.listed}
            if path == f"/api/models/{hub.repo}/revision/main" or path == f"/api/models/{hub.repo}/revision/{COMMIT}":
                return self.plain(200, {"id": hub.repo, "sha": COMMIT, "siblings": [
                    hub.sibling(*one) for one in listed.items()]}, body)
            if path.startswith(f"/api/models/{hub.repo}/tree/{COMMIT}"):
                return self.plain(200, [hub.sibling(*one) for one in listed.items()], body)
            head = f"/{hub.repo}/resolve/{COMMIT}/"
            if path.startswith(head) and path.removeprefix(head) in hub.files:
                return self.file(path.removeprefix(head), body)
            return self.plain(404, {"error": "not in the fake"}, body, {"X-Error-Code": "RepoNotFound"})

        def plain(self, status: int, what, body: bool, more: dict | None = None) -> None:
            data = json.dumps(what).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(data)))
            for name, value in (more or {}).items():
                if value:
                    self.send_header(name, value)
            self.end_headers()
            if body:
                self.wfile.write(data)

        def file(self, name: str, body: bool) -> None:
            data = hub.files[name]
            etag = hashlib.sha256(data).hexdigest() if len(data) >= LARGE else hashlib.sha1(data).hexdigest()
            sent = bytes(255 - one for one in data) if name == hub.wrong else data
            first = 0
            wanted = self.headers.get("Range", "")
            if wanted.startswith("bytes="):
                first = int(wanted.removeprefix("bytes=").partition("-")[0])
                hub.ranges.append(wanted)
            part = sent[first:]
            self.send_response(206 if first else 200)
            self.send_header("X-Repo-Commit", COMMIT)
            self.send_header("ETag", f'"{etag}"')
            self.send_header("Content-Length", str(len(part)))
            if first:
                self.send_header("Content-Range", f"bytes {first}-{len(data) - 1}/{len(data)}")
            self.end_headers()
            if not body:
                return
            if hub.cuts and hub.cut_after and len(part) > hub.cut_after:
                hub.cuts -= 1
                self.wfile.write(part[:hub.cut_after])
                self.wfile.flush()
                self.close_connection = True
                self.connection.close()
                return
            for at in range(0, len(part), 1_000_000):
                try:
                    self.wfile.write(part[at: at + 1_000_000])
                except OSError:  # who asked has gone away
                    return
                time.sleep(hub.pause_s)

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    hub.address = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield hub
    finally:
        server.shutdown()
        server.server_close()
