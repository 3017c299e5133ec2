"""The live socket: who may come in, what is held back, and that every deed is answered."""

from __future__ import annotations

import json
import struct
import time

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient
from starlette.websockets import WebSocketDisconnect

from agent.studio import Studio
from modalities.live.row_engine import RowEngine
from modalities.registry import default_registry
from modalities.store import Store
from tests.test_live_player import Plain
from ui_gen import live_socket
from ui_gen.compose import panel_for
from ui_gen.desk import Desk
from ui_gen.live_page import page_html

# The test client calls itself "testserver" on sockets, whatever its base address.
OWN = {"origin": "http://127.0.0.1", "host": "127.0.0.1"}


@pytest.fixture
def client(tmp_path, monkeypatch):
    monkeypatch.setattr(live_socket, "live_engine", lambda engine_id: RowEngine(Plain()))
    desk = Desk(Studio(Store(tmp_path / "p").open(), default_registry(), panel_for))
    app = Starlette(routes=live_socket.live_routes(desk))
    with TestClient(app, base_url="http://127.0.0.1") as client:
        yield client


def token(client, query: str = "size=64x64") -> str:
    page = client.get(f"/live?{query}")
    assert page.status_code == 200
    return json.loads(page.text.split('id="conf">')[1].split("</script>")[0])["token"]


def enter(client, given: str, headers=OWN):
    return client.websocket_connect(f"/live/socket?t={given}", headers=dict(headers))


def code_of(client, given: str, headers) -> int:
    with pytest.raises(WebSocketDisconnect) as fault, enter(client, given, headers):
        pass
    return fault.value.code


class Viewer:
    """Reads messages and keeps them by kind."""

    def __init__(self, ws, acks: bool = True) -> None:
        self.ws, self.acks = ws, acks
        self.pictures: list[int] = []
        self.sound: list[int] = []
        self.told: list[dict] = []

    def until(self, done, seconds: float = 60.0) -> None:
        end = time.monotonic() + seconds
        while not done(self) and time.monotonic() < end:
            message = self.ws.receive()
            if message.get("bytes"):
                data = message["bytes"]
                frame = struct.unpack("<I", data[1:5])[0]
                if data[:1] == b"P":
                    assert data[5:7] == b"\xff\xd8"
                    self.pictures.append(frame)
                    if self.acks:
                        self.ws.send_text(json.dumps({"ack": frame}))
                else:
                    assert len(data) == 5 + 2000 * 4
                    self.sound.append(frame)
            else:
                self.told.append(json.loads(message["text"]))
        assert done(self), (self.told, len(self.pictures), len(self.sound))

    def last(self, kind: str) -> dict:
        return next((m[kind] for m in reversed(self.told) if kind in m), {})


def test_strangers_stay_outside(client):
    assert code_of(client, "nothing", OWN) == 4401
    good = token(client)
    assert code_of(client, good, {"origin": "http://elsewhere.example"}) == 4403
    assert code_of(client, good, {"host": "127.0.0.1"}) == 4403
    assert code_of(client, good, OWN | {"host": "elsewhere.example"}) == 4403
    assert client.get("/live", headers={"host": "elsewhere.example"}).status_code == 403
    with enter(client, good) as ws:
        assert "opening" in ws.receive_json()
    assert code_of(client, good, OWN) == 4401, "a token works once"


def test_pictures_wait_for_the_viewer_and_sound_does_not(client):
    with enter(client, token(client)) as ws:
        viewer = Viewer(ws, acks=False)
        viewer.until(lambda v: len(v.sound) >= 40)
        assert len(viewer.pictures) == live_socket.MOST_UNSEEN
        assert viewer.sound == list(range(len(viewer.sound))), "no block of sound is left out"
        ws.send_text(json.dumps({"ack": viewer.pictures[-1]}))
        viewer.acks = True
        viewer.until(lambda v: len(v.pictures) >= 8)
        assert viewer.pictures == sorted(set(viewer.pictures))


def test_every_deed_gets_its_receipt_and_words_are_understood(client):
    with enter(client, token(client)) as ws:
        viewer = Viewer(ws)
        viewer.until(lambda v: len(v.pictures) >= 3)
        assert viewer.last("hello")["fps"] == 24
        ws.send_text(json.dumps({"input": {"kind": "fly", "id": 7, "sent_at_ms": 5.5, "seen_frame": viewer.pictures[-1],
                                           "thrust": [0, 0, 1]}}))
        viewer.until(lambda v: v.last("receipt").get("first_visible_frame") is not None)
        receipt = viewer.last("receipt")
        assert receipt["id"] == 7 and receipt["sent_at_ms"] == 5.5 and receipt["bound_frame"] <= receipt["applied_frame"]
        assert receipt["first_visible_frame"] >= receipt["applied_frame"]
        ws.send_text(json.dumps({"words": "let it rain", "id": 8, "sent_at_ms": 1, "seen_frame": 3}))
        viewer.until(lambda v: v.last("told").get("id") == 8)
        assert viewer.last("told")["done"] == ["rain"]
        viewer.until(lambda v: v.last("receipt").get("id") == 8 and v.last("receipt")["first_visible_frame"] is not None)
        ws.send_text(json.dumps({"words": "a whale appears", "id": 9}))
        viewer.until(lambda v: v.last("told").get("id") == 9)
        assert "whale" in viewer.last("told")["missed"][0]
        for bad in ('{"input": {"kind": "fly", "thrust": [9, 0, 0]}}', "[]", "no json", '{"words": ""}', "[" * 3000):
            ws.send_text(bad)
            before = len(viewer.told)
            viewer.until(lambda v, n=before: any("told" in m or "error" in m for m in v.told[n:]))
        shown = len(viewer.pictures)
        viewer.until(lambda v: len(v.pictures) > shown + 2)


def test_two_may_play_and_a_third_is_told_so(client):
    with enter(client, token(client)), enter(client, token(client)), enter(client, token(client)) as third:
        message = third.receive_json()
        assert message == {"error": live_socket.FULL}
    end = time.monotonic() + 30
    while time.monotonic() < end:
        with enter(client, token(client)) as ws:
            if "opening" in ws.receive_json():
                return
        time.sleep(0.2)
    raise AssertionError("a seat that was left stays taken")


def test_what_was_played_is_in_a_log_that_can_be_read(client, tmp_path):
    from modalities.live.control_log import read_log

    with enter(client, token(client)) as ws:
        viewer = Viewer(ws)
        viewer.until(lambda v: len(v.pictures) >= 3)
        ws.send_text(json.dumps({"words": "make it night", "id": 1}))
        viewer.until(lambda v: v.last("receipt").get("id") == 1)
    for _ in range(100):
        found = read_log(next((tmp_path / "p" / "live").glob("*.jsonl")))
        if found.digests:
            break
        time.sleep(0.1)
    assert found.digests and found.inputs and "direction" in found.origin


def test_the_page_holds_no_foreign_text_as_markup():
    page = page_html("t", "</script><img src=x onerror=alert(1)>", (16, 9))
    assert "<img" not in page and "http://" not in page and "https://" not in page


def test_a_size_that_cannot_be_played_is_said_on_the_page(client):
    page = client.get("/live?size=9999x9")
    assert page.status_code == 400 and "cannot be played live" in page.text
