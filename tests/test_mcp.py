"""MCP as a client meets it: the SDK's own client over standard input and output and over HTTP. Tiny films are made."""

from __future__ import annotations

import base64
import io
import json
import os
import socket
import sys
import threading
import time
from contextlib import contextmanager
from pathlib import Path

import anyio
import httpx2
import numpy as np
import pytest
import soundfile as sf
import uvicorn
from mcp import Client, StdioServerParameters
from mcp.client.streamable_http import streamable_http_client
from mcp.shared.exceptions import MCPError
from PIL import Image
from starlette.applications import Starlette

from modalities.faults import Unusable
from modalities.store import Store
from tests.test_desk import put_take
from ui_gen.api_serve import api_routes
from ui_gen.command_line.mcp_command import _file, _folder

ROOT = Path(__file__).resolve().parent.parent
TOKENS = {"ann": "a" * 20, "ben": "b" * 20}
TINY = {"duration_s": 1.0, "size": "64x36", "fps": 12}
HELLO = {"jsonrpc": "2.0", "id": 1, "method": "initialize", "params": {
    "protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": {"name": "t", "version": "1"}}}
NAMES = {"make", "edit", "ideas", "perceive", "answer", "wait", "stop", "takes", "take", "upload", "panel", "estimate", "diff"}


def tap(path: Path) -> bytes:
    t = np.arange(22050) / 22050
    sf.write(path, 0.3 * np.sin(2 * np.pi * 220 * t) * (t % 0.5 < 0.1), 22050)
    return path.read_bytes()


def sentence(result) -> str:
    assert result.is_error and len(result.content) == 1 and result.structured_content is None
    text = result.content[0].text
    assert text and "\n" not in text and "Traceback" not in text and "--" not in text.replace("beecam mcp --files", "") and len(text) < 500
    return text


async def film_edited(client: Client, expect_paths: bool) -> None:
    """Lists, makes, edits and reads, as an agent would."""
    listed = {tool.name: tool for tool in (await client.list_tools()).tools}
    assert set(listed) == NAMES
    for tool in listed.values():
        assert tool.description and tool.input_schema["type"] == "object" and "$ref" not in json.dumps(tool.input_schema)
    told: list[tuple[float, float | None, str | None]] = []

    async def progress(done: float, total: float | None, message: str | None) -> None:
        told.append((done, total, message))

    made = await client.call_tool("make", {"prompt": "a bee over a meadow at dawn", "seed": 5, **TINY},
                                  progress_callback=progress)
    assert not made.is_error, made.content
    take = made.structured_content["takes"][0]
    assert take["id"] in made.content[0].text and take["duration_s"] == 1.0
    assert told and [one[0] for one in told] == sorted({one[0] for one in told}) and all(one[1] == 1.0 for one in told)
    assert Path(take["video"]).is_file() == expect_paths and take["video"].startswith("/api/v1/") != expect_paths
    links = {link.name: link.uri for link in made.content[1:]}
    poster = (await client.read_resource(links[f"{take['id']} poster"])).contents[0]
    with Image.open(io.BytesIO(base64.b64decode(poster.blob))) as picture:
        assert picture.format == "PNG"
    panel = (await client.read_resource(links[f"{take['id']} panel"])).contents[0]
    assert json.loads(panel.text)["sections"]
    assert links[f"{take['id']} poster"] in {str(one.uri) for one in (await client.list_resources()).resources}

    patch = [{"op": "replace", "path": "/shots/0/world/weather/rain", "value": 0.8}]
    edited = await client.call_tool("edit", {"take": take["id"], "patch": patch})
    assert not edited.is_error and edited.structured_content["takes"][0]["parent"] == take["id"], edited.content
    whole = await client.call_tool("take", {"take": edited.structured_content["takes"][0]["id"]})
    assert whole.structured_content["direction"]["shots"][0]["world"]["weather"]["rain"] == 0.8
    changed = await client.call_tool("diff", {"a": take["id"], "b": edited.structured_content["takes"][0]["id"]})
    assert "rain" in changed.content[0].text.lower() and changed.structured_content["patch"]
    cost = await client.call_tool("estimate", {"prompt": "a lake", "duration_s": 2})
    assert cost.structured_content["estimate"]["seconds"] > 0 and cost.content[0].text
    asks = await client.call_tool("edit", {"take": take["id"], "say": "keep the camera, change the world"})
    assert asks.structured_content["question"] and asks.structured_content["choices"] and not asks.structured_content["takes"]
    assert asks.structured_content["question"] in asks.content[0].text and "resume" not in asks.content[0].text
    answer = {"job": asks.structured_content["job"], "text": "underwater"}
    went_on = await client.call_tool("answer", answer)
    assert not went_on.is_error and went_on.structured_content["takes"][0]["parent"] == take["id"], went_on.content
    sentence(await client.call_tool("answer", answer))
    takes = (await client.call_tool("takes", {})).structured_content["takes"]
    assert [one["parent"] for one in takes] == [None, take["id"], take["id"]]
    assert len((await client.call_tool("takes", {"newest": 1})).structured_content["takes"]) == 1


async def bad_calls(client: Client) -> None:
    for name, given in (
            ("nothing", {}), ("make", {}), ("make", {"prompt": 3}), ("make", {"prompt": "x", "duration_s": -1}),
            ("make", {"prompt": "x", "wait_s": -1}), ("make", {"prompt": "x", "wait_s": "long"}),
            ("make", {"prompt": "x", "project": "../x"}), ("make", {"prompt": "x", "out": "/tmp"}),
            ("make", {"prompt": "x", "references": [{"file": "/etc/passwd"}]}), ("edit", {"take": "t0099", "say": "rain"}),
            ("edit", {"take": "t0001"}), ("perceive", {"file": "../../etc/passwd"}), ("perceive", {"file": "nothing.wav"}),
            ("perceive", {"file": "a\0b"}), ("wait", {"job": "j0"}), ("stop", {"job": "j0"}), ("answer", {"job": "j0", "text": "a"}),
            ("panel", {"take": "t0099"}), ("panel", {"take": "t0001", "focus": "soup"}), ("estimate", {}),
            ("diff", {"a": "t0001", "b": "t0099"}),
            ("take", {"take": "../t0001"}), ("upload", {"name": "a.wav", "content_base64": "!"}),
            ("upload", {"name": "a.bin", "content_base64": base64.b64encode(bytes(500)).decode()})):
        sentence(await client.call_tool(name, given))
    for uri in ("beecam://main/t0099/poster", "beecam://../t0001/poster", "beecam://main/t0001/take", "file:///etc/passwd"):
        with pytest.raises(MCPError):
            await client.read_resource(uri)


# ------------------------------------------------------------------------------------------------------------- stdio
def test_a_film_over_standard_input_and_output(tmp_path: Path):
    (tmp_path / "in").mkdir()
    tap(tmp_path / "in" / "tap.wav")
    tap(tmp_path / "outside.wav")
    (tmp_path / "in" / "link.wav").symlink_to(tmp_path / "outside.wav")
    server = StdioServerParameters(
        command=sys.executable, args=[str(ROOT / "app.py"), "mcp", "--project", str(tmp_path / "p"), "--files",
                                      str(tmp_path / "in")], cwd=tmp_path,
        env={"BEECAM_PROFILE": os.environ["BEECAM_PROFILE"]} | {k: v for k, v in os.environ.items() if k.startswith("NUMBA")})

    async def talk() -> None:
        with anyio.fail_after(250):
            async with Client(server) as client:
                await film_edited(client, expect_paths=True)
                heard = await client.call_tool("perceive", {"file": "tap.wav"})
                assert not heard.is_error and heard.structured_content["cues"], heard.content
                for outside in ("../outside.wav", str(tmp_path / "outside.wav"), "link.wav"):
                    assert "outside" in sentence(await client.call_tool("perceive", {"file": outside}))
                await bad_calls(client)

    anyio.run(talk)
    assert Store(tmp_path / "p").ids() == ["t0001", "t0002", "t0003"]


def test_a_server_started_at_home_reads_no_paths(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("HOME", str(tmp_path))
    assert _folder(None) is None and _folder(tmp_path) == tmp_path.resolve()
    monkeypatch.chdir("/")
    assert _folder(None) is None
    monkeypatch.chdir(tmp_path.parent)
    assert _folder(None) == tmp_path.parent
    with pytest.raises(Unusable, match="beecam mcp --files"):
        _file(None, None, "me", "song.wav")


# -------------------------------------------------------------------------------------------------------------- HTTP
@contextmanager
def serving(project: Path):
    """The address of a server, and what ends the jobs and sessions there; the routes are added while it runs, as the
    studio does."""
    before = os.environ.get("BEECAM_API_TOKENS")
    os.environ["BEECAM_API_TOKENS"] = ",".join(f"{name}:{token}" for name, token in TOKENS.items())
    Store(project).open()
    routes, close = api_routes(project, "127.0.0.1")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    app = Starlette()
    server = uvicorn.Server(uvicorn.Config(app, host="127.0.0.1", port=port, log_level="error"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.02)
    app.router.routes[:0] = routes
    try:
        yield f"http://127.0.0.1:{port}", close
    finally:
        close()
        server.should_exit = True
        thread.join(20)
        os.environ.pop("BEECAM_API_TOKENS")
        if before is not None:
            os.environ["BEECAM_API_TOKENS"] = before
    assert not thread.is_alive(), "a client holds the server open"


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory):
    project = tmp_path_factory.mktemp("mcp") / "p"
    with serving(project) as (url, _):
        yield url, project


def entered(address: str, user: str, mode: str = "auto", **headers: str) -> Client:
    http = httpx2.AsyncClient(headers={"Authorization": f"Bearer {TOKENS.get(user, user)}"} | headers, timeout=60)
    return Client(streamable_http_client(f"{address}/mcp", http_client=http), mode=mode)


@pytest.mark.parametrize("mode", ["auto", "legacy"])
def test_a_film_over_http(address, mode: str, tmp_path: Path):
    user = {"auto": "ann", "legacy": "ben"}[mode]

    async def talk() -> None:
        with anyio.fail_after(250):
            async with entered(address[0], user, mode) as client:
                await film_edited(client, expect_paths=False)
                sound = base64.b64encode(tap(tmp_path / "tap.wav")).decode()
                kept = (await client.call_tool("upload", {"name": "tap.wav", "content_base64": sound})).structured_content
                heard = await client.call_tool("perceive", {"file": kept["file"]})
                assert not heard.is_error and heard.structured_content["cues"], heard.content
                await bad_calls(client)
                assert str(address[1]) not in json.dumps((await client.call_tool("takes", {})).structured_content)

    anyio.run(talk)


def test_a_call_that_does_not_wait_is_waited_for_and_stopped_later(address):
    async def talk() -> None:
        with anyio.fail_after(250):
            async with entered(address[0], "ann") as client:
                long = {"prompt": "a lake", "duration_s": 60.0, "size": "384x216"}
                begun = await client.call_tool("make", long | {"wait_s": 0})
                assert not begun.is_error and begun.structured_content["state"] in ("waiting", "running")
                job = begun.structured_content["job"]
                behind = (await client.call_tool("make", long | {"wait_s": 0.3})).structured_content
                assert behind["state"] == "waiting" and behind["position"] == 1 and behind["wait_s"] > 0
                again = await client.call_tool("wait", {"job": job, "wait_s": 0.2})
                assert again.structured_content["job"] == job and not again.is_error
                async with entered(address[0], "ben") as other:
                    assert "no job" in sentence(await other.call_tool("wait", {"job": job}))
                    assert "no job" in sentence(await other.call_tool("stop", {"job": job}))
                for name in (behind["job"], job):
                    await client.call_tool("stop", {"job": name})
                assert "Stopped" in sentence(await client.call_tool("wait", {"job": job, "wait_s": 60}))

    anyio.run(talk)


@pytest.mark.parametrize("mode", ["auto", "legacy"])
def test_a_call_that_is_given_up_ends_its_job(address, mode: str):
    async def talk() -> None:
        with anyio.fail_after(100):
            async with entered(address[0], "ben", mode) as client:
                with anyio.move_on_after(0.5) as given_up:
                    await client.call_tool("make", {"prompt": "a lake", "duration_s": 60.0, "size": "384x216"})
                assert given_up.cancelled_caught
                own = {"authorization": f"Bearer {TOKENS['ben']}"}
                async with httpx2.AsyncClient(headers=own) as http:
                    while True:
                        job = (await http.get(f"{address[0]}/api/v1/jobs")).json()["jobs"][-1]
                        if job["state"] == "stopped":
                            return
                        await anyio.sleep(0.1)

    anyio.run(talk)


def test_nobody_enters_without_a_token_or_from_a_foreign_page_and_none_takes_over_a_session(address):
    url = f"{address[0]}/mcp"
    usual = {"accept": "application/json, text/event-stream"}
    own = usual | {"authorization": f"Bearer {TOKENS['ann']}"}
    for headers, status in ((usual, 401), (usual | {"authorization": "Bearer x"}, 401),
                            (own | {"origin": "http://evil.example"}, 403), (own | {"host": "evil.example"}, 421),
                            (own | {"sec-fetch-site": "cross-site"}, 403)):
        found = httpx2.post(url, json=HELLO, headers=headers)
        assert found.status_code == status and set(found.json()) == {"error"}
    assert httpx2.post(url, content=b"x" * (10 << 20), headers=own | {"content-type": "application/json"}
                       ).status_code == 413
    opened = httpx2.post(url, json=HELLO, headers=own)
    assert opened.status_code == 200
    session = {"mcp-session-id": opened.headers["mcp-session-id"], "mcp-protocol-version": "2025-06-18"}
    ask = {"jsonrpc": "2.0", "id": 2, "method": "tools/list"}
    assert httpx2.post(url, json=ask, headers=own | session).status_code == 200
    assert httpx2.post(url, json=ask, headers=own | session | {"authorization": f"Bearer {TOKENS['ben']}"}
                       ).status_code == 404


def test_a_client_that_only_listens_does_not_hold_the_server_open(tmp_path: Path):
    own = {"authorization": f"Bearer {TOKENS['ann']}", "accept": "application/json, text/event-stream"}
    with serving(tmp_path / "p") as (url, close):
        opened = httpx2.post(f"{url}/mcp", json=HELLO, headers=own)
        session = {"mcp-session-id": opened.headers["mcp-session-id"], "mcp-protocol-version": "2025-06-18"}
        with httpx2.stream("GET", f"{url}/mcp", headers=own | session, timeout=10) as listening:
            assert listening.status_code == 200
            threading.Timer(0.2, close).start()
            assert not [line for line in listening.iter_lines() if line.startswith("data")]


def test_what_another_made_cannot_be_read(address):
    put_take(Store(address[1] / "users/ann/projects/apart").open(), (), "apart", 0.1)

    async def talk() -> None:
        with anyio.fail_after(100):
            async with entered(address[0], "ann") as ann, entered(address[0], "ben") as ben:
                assert (await ann.call_tool("takes", {"project": "apart"})).structured_content["takes"]
                sentence(await ben.call_tool("takes", {"project": "apart"}))
                sentence(await ben.call_tool("edit", {"take": "t0001", "project": "apart", "say": "rain"}))
                assert (await ann.read_resource("beecam://apart/t0001/poster")).contents
                with pytest.raises(MCPError):
                    await ben.read_resource("beecam://apart/t0001/poster")

    anyio.run(talk)
