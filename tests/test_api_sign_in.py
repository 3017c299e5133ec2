"""A studio that is open to others: nobody sees the page, live play or files before they have signed in."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route, WebSocketRoute
from starlette.testclient import TestClient
from starlette.websockets import WebSocket, WebSocketDisconnect

from tests.browser import CHROMIUM, browser
from ui_gen import api_sign_in
from ui_gen.api_sign_in import COOKIE, behind

ROOT = Path(__file__).resolve().parent.parent
ME, BOB = "m" * 20, "b" * 20
ENVIRON = {"BEECAM_API_TOKENS": f"me:{ME},bob:{BOB}", "BEECAM_HOSTS": "studio.example"}


@pytest.fixture
def client(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(api_sign_in, "WRONG_S", 0.0)

    async def socket_(ws: WebSocket) -> None:
        await ws.accept()
        await ws.send_text("in")
        await ws.close()

    async def page(asked) -> PlainTextResponse:
        return PlainTextResponse("inside")

    app = Starlette(routes=[WebSocketRoute("/ws", socket_), Route("/{path:path}", page)],
                    middleware=behind("0.0.0.0", ENVIRON))
    with TestClient(app, base_url="http://studio.example", follow_redirects=False) as client:
        yield client


def closed_with(client: TestClient, **headers: str) -> int:
    with pytest.raises(WebSocketDisconnect) as fault, client.websocket_connect("/ws", headers={
            "host": "studio.example"} | headers):
        pass
    return fault.value.code


def test_a_page_on_this_machine_only_needs_no_sign_in():
    assert behind("127.0.0.1", ENVIRON) == behind("localhost", ENVIRON) == behind("::1", ENVIRON) == []


@pytest.mark.parametrize("path", ["/", "/live", "/pad", "/gradio_api/info", "/mcp/x", "/mcpx", "/api/v1x", "/api", "/sign-in"])
def test_nothing_is_seen_before(client: TestClient, path: str):
    assert client.get(path).status_code == 401 and client.post(path).status_code == 401
    page = client.get(path, headers={"accept": "text/html"})
    assert page.status_code == 401 and "<form" in page.text and "inside" not in page.text
    assert not re.findall(r"<script|<link|src=|https?:", page.text)
    assert client.get(path, headers={"cookie": f"{COOKIE}=nothing"}).status_code == 401


def test_sockets_wait_too(client: TestClient):
    assert closed_with(client) == 4401 and closed_with(client, host="evil.example") == 4403
    client.post("/sign-in", data={"token": ME})
    held = client.cookies[COOKIE]
    with client.websocket_connect("/ws", headers={"host": "studio.example", "cookie": f"{COOKIE}={held}"}) as ws:
        assert ws.receive_text() == "in"


def test_the_token_opens_it_and_no_other_does(client: TestClient):
    for given in ({"token": "wrong" * 5}, {"token": BOB}, {"token": ""}, {}, {"token": "x" * 9000}, {"token": [ME[:-1]]}):
        found = client.post("/sign-in", data=given)
        assert found.status_code == 401 and COOKIE not in found.cookies and ME not in found.text
    foreign = client.post("/sign-in", data={"token": ME}, headers={"origin": "http://evil.example"})
    assert foreign.status_code == 403 and COOKIE not in foreign.cookies
    assert client.post("/sign-in", data={"token": ME}, headers={"host": "evil.example"}).status_code == 421
    found = client.post("/sign-in", data={"token": ME}, headers={"origin": "http://studio.example"})
    assert found.status_code == 303 and found.headers["location"] == "/"
    cookie = found.headers["set-cookie"].lower()
    assert "httponly" in cookie and "samesite=strict" in cookie and ME not in cookie
    assert client.get("/live").text == "inside"
    assert client.get("/live", headers={"host": "evil.example"}).status_code == 421


def test_what_has_doors_of_its_own_is_left_to_them(client: TestClient):
    for path in ("/api/v1/projects", "/mcp"):
        assert client.get(path).text == "inside"


@pytest.mark.slow
@pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine")
def test_a_person_signs_in_and_makes_a_film(tmp_path: Path):
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with (tmp_path / "log").open("w") as log:
        server = subprocess.Popen(
            [sys.executable, str(ROOT / "app.py"), "studio", "--host", "0.0.0.0", "--port", str(port), "--no-browser",
             "--project", str(tmp_path / "p")], stdout=log, stderr=log, cwd=tmp_path,
            env=os.environ | {"BEECAM_API_TOKENS": f"me:{ME}"})
    try:
        address = f"http://127.0.0.1:{port}"
        for _ in range(240):
            try:
                urllib.request.urlopen(address, timeout=1)
            except urllib.error.HTTPError as fault:
                assert fault.code == 401
                break
            except OSError:
                time.sleep(0.5)
        with browser() as chromium:
            page = chromium.new_page(viewport={"width": 1500, "height": 1000})
            page.set_default_timeout(60_000)
            page.goto(address)
            page.fill("#token", ME)
            page.click("button")
            page.fill("#bc-words textarea", "a lake, 1 second")
            page.keyboard.press("Enter")
            page.wait_for_function("document.querySelectorAll('video').length > 0", timeout=120_000)
        assert "Traceback" not in (tmp_path / "log").read_text()
    finally:
        server.send_signal(signal.SIGINT)
        server.wait(30)
