"""A FAKE chat model: a real HTTP server on this machine that gives scripted answers to /v1/chat/completions.

It knows nothing and reads nothing; it only shows that the client, the checks and the repairs work. For tests, and for
trying the wiring by hand: python tests/fake_chat_server.py ANSWERS.json [PORT], a JSON list of answers, given in turn.
"""

from __future__ import annotations

import json
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

MODEL = "fake-scripted"


@dataclass(frozen=True)
class Reply:
    """What is sent for one call. text: the message; raw: the whole body instead; wait_s: before anything is sent."""

    text: str = ""
    status: int = 200
    raw: bytes | None = None
    headers: dict[str, str] = field(default_factory=dict)
    finish: str = "stop"
    refusal: str | None = None
    wait_s: float = 0.0
    drip: bool = False
    hang_up: bool = False

    def body(self) -> bytes:
        if self.raw is not None:
            return self.raw
        if self.status != 200:
            return json.dumps({"error": {"message": self.text}}).encode()
        return json.dumps({"id": "fake", "object": "chat.completion", "created": 0, "model": MODEL, "choices": [
            {"index": 0, "finish_reason": self.finish, "message": {"role": "assistant", "content": self.text,
                                                                   "refusal": self.refusal}}]}).encode()


Script = Callable[[dict[str, Any]], Reply]


class FakeChatServer:
    """Give it replies (or a function of the request); `asked` keeps every request's document, `headers` its fields."""

    def __init__(self, *replies: Reply | dict[str, Any] | str, script: Script | None = None, port: int = 0) -> None:
        self.asked: list[dict[str, Any]] = []
        self.headers: list[dict[str, str]] = []
        self.released = threading.Event()
        self._replies = [_reply(reply) for reply in replies]
        self._script = script
        fake = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                fake.asked.append(asked)
                fake.headers.append({name.lower(): value for name, value in self.headers.items()})
                reply = fake.next(asked)
                if reply.wait_s:
                    fake.released.wait(reply.wait_s)
                if reply.hang_up:
                    self.close_connection = True
                    return
                body = reply.body()
                try:
                    self.send_response(reply.status)
                    for name, value in ({"Content-Type": "application/json", "Content-Length": str(len(body))}
                                        | reply.headers).items():
                        self.send_header(name, value)
                    self.end_headers()
                    for start in range(0, len(body), 1 if reply.drip else len(body) or 1):
                        self.wfile.write(body[start:start + (1 if reply.drip else len(body))])
                        if reply.drip and fake.released.wait(0.02):
                            return
                except OSError:
                    pass  # the client hung up first, as it may

            def log_message(self, format: str, *args: Any) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}/v1"

    def next(self, asked: dict[str, Any]) -> Reply:
        """The reply to the next call; the last one again when the script is at its end."""
        if self._script is not None:
            return self._script(asked)
        return self._replies[min(len(self.asked), len(self._replies)) - 1]

    def __enter__(self) -> FakeChatServer:
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self.released.set()
        self._server.shutdown()
        self._server.server_close()

    @property
    def environ(self) -> dict[str, str]:
        return {"BEECAM_LLM_MODEL": MODEL, "BEECAM_LLM_BASE_URL": self.url}


def _reply(given: Reply | dict[str, Any] | str) -> Reply:
    return given if isinstance(given, Reply) else Reply(given if isinstance(given, str) else json.dumps(given))


def main() -> None:
    replies = json.loads(Path(sys.argv[1]).read_text())
    with FakeChatServer(*replies, port=int(sys.argv[2]) if len(sys.argv) > 2 else 0) as fake:
        print(f"A fake chat model with {len(replies)} scripted answers: BEECAM_LLM_MODEL={MODEL} "
              f"BEECAM_LLM_BASE_URL={fake.url}", flush=True)
        while True:
            time.sleep(3600)


if __name__ == "__main__":
    main()
