"""The HTTP API, asked for what it should not do: one sentence, and nothing is begun or left."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from starlette.testclient import TestClient

from modalities.store import Store
from tests.api_client import ALICE, BOB, ME, V1, api_client, auth
from tests.test_desk import put_take
from ui_gen import api_desk, api_uploads
from ui_gen.api_rooms import Rooms


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("api") / "p"


@pytest.fixture(scope="module")
def client(place: Path):
    with api_client(place) as client:
        yield client


def turned_off(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is rendered by requests that should have been refused."""
    def refuse(self, user, room, kind, work):
        raise AssertionError("a job was begun")

    monkeypatch.setattr(api_desk.ApiDesk, "_put", refuse)


@pytest.mark.parametrize("body", [
    {}, [], None, "x", 3, {"prompt": " "}, {"prompt": 5}, {"prompt": "x", "paths": ["/etc/passwd"]}, {"prompt": "x" * 20_001},
    {"prompt": "x", "duration_s": 1e9}, {"prompt": "x", "duration_s": "long"}, {"prompt": "x", "duration_s": 1000},
    {"prompt": "x", "size": "9x9"}, {"prompt": "x", "size": "100000x100000"}, {"prompt": "x", "size": "big"},
    {"prompt": "x", "takes": 17}, {"prompt": "x", "seed": -1}, {"prompt": "x", "fps": 0}, {"prompt": "x", "weird": 2},
    {"prompt": "x", "cap_s": 0}, {"prompt": "x", "engine": "nothing"}, {"prompt": "x", "project": "../me"},
    {"prompt": "x", "project": "other"}, {"prompt": "x", "project": "main\n"}, {"prompt": "x", "references": [{"file": "/etc/passwd"}]},
    {"prompt": "x", "references": [{"path": "/etc/passwd"}]}, {"prompt": "x", "references": [{"file": "f" + "0" * 24}]},
    {"prompt": "x", "references": [{"file": "f" + "0" * 24}] * 13}])
def test_bad_wishes_are_one_sentence(client: TestClient, monkeypatch, body):
    turned_off(monkeypatch)
    found = client.post(f"{V1}/make", json=body, headers=auth(BOB))
    assert found.status_code in (404, 422), (found.status_code, found.text)
    sentence = found.json()["error"]
    assert set(found.json()) == {"error"} and "\n" not in sentence and "--" not in sentence and len(sentence) < 400
    assert "Traceback" not in sentence and str(Path.cwd()) not in sentence


@pytest.mark.parametrize("raw, content, status", [
    (b"{", "application/json", 422), (b"\xff\xfe", "application/json", 422), (b"[" * 100_000, "application/json", 422),
    (b'{"prompt": "\\ud800"}', "application/json", 422), (b'{"prompt": "x", "weird": NaN}', "application/json", 422),
    (b'{"prompt": ' + b"[" * 90 + b"]" * 90 + b"}", "application/json", 422), (b"prompt=x", "text/plain", 415),
    (b'{"prompt":"' + b"x" * (2 << 20) + b'"}', "application/json", 413), (b"x", "multipart/form-data", 422),
    (b"--b\r\nnonsense", "multipart/form-data; boundary=b", 422), (b"prompt=x", "application/x-www-form-urlencoded", 415)])
def test_bad_bytes_are_one_sentence(client: TestClient, monkeypatch, raw: bytes, content: str, status: int):
    turned_off(monkeypatch)
    found = client.post(f"{V1}/make", content=raw, headers=auth(BOB) | {"content-type": content})
    assert found.status_code == status and set(found.json()) == {"error"}, found.text


OP = {"op": "replace", "path": "/shots/0/world/weather/rain", "value": 0.5}


@pytest.mark.parametrize("patch", [
    [], [OP] * 201, [{"op": "run"}], ["x"], [OP | {"path": "/nowhere/at/all"}], [OP | {"value": 7}], [OP | {"path": "/id"}],
    [OP | {"path": "/format"}], [{"op": "replace", "path": ""}], [{"op": "replace", "path": "/seed"}],
    [{"op": "copy", "path": "/shots/-", "from": "/shots"}] * 7, [{"op": "move", "path": "/seed"}],
    [{"op": "replace", "path": "/size_px", "value": [100000, 100000]}],
    [{"op": "replace", "path": "/duration_s", "value": 9000}], [{"op": "replace", "path": "/grid/steps_per_s", "value": 7}],
    [{"op": "replace", "path": "/grid/sample_rate_hz", "value": 10**9}],
    [{"op": "replace", "path": "/music/source", "value": "ref:../../../alice/projects/main/references/x"}],
    [{"op": "replace", "path": "/shots", "value": []}], [{"op": "test", "path": "/seed", "value": -1}]])
def test_bad_patches_are_refused_before_they_wait(client: TestClient, place: Path, monkeypatch, patch: list):
    if not Store(place).ids():
        put_take(Store(place), (), "a take", 0.1)
    turned_off(monkeypatch)
    found = client.post(f"{V1}/takes/t0001/edit", json={"patch": patch}, headers=auth(ME))
    assert found.status_code == 422 and set(found.json()) == {"error"}, found.text
    assert "\n" not in found.json()["error"]


@pytest.mark.parametrize("path, body", [
    ("/edit", {"take": "t0001"}), ("/edit", {"take": "t0001", "say": "x", "patch": [OP]}), ("/edit", {"say": "x"}),
    ("/edit", {"take": "t0001", "say": " "}), ("/edit", {"take": "../t0001", "say": "x"}), ("/ideas", {}),
    ("/ideas", {"take": "t0001", "prompt": "x"}), ("/ideas", {"prompt": "t0001"}), ("/ideas", {"prompt": "x", "count": 99}),
    ("/ideas", {"prompt": "x", "count": 2, "choose": 3}), ("/perceive", {}), ("/perceive", {"file": "/etc/passwd"}), ("/panel", {}), ("/panel", {"take": "t0001", "focus": "x"}),
    ("/estimate", {}), ("/estimate", {"take": "t0099"}), ("/estimate", {"prompt": "t0001"}),
    ("/perceive", {"file": "f" + "0" * 24, "role": "boss"}), ("/projects", {"project": "../x"}), ("/projects", {"project": "spring\n"}), ("/projects", {})])
def test_other_bad_requests(client: TestClient, monkeypatch, path: str, body: dict):
    turned_off(monkeypatch)
    found = client.post(V1 + path, json=body, headers=auth(BOB))
    assert found.status_code in (404, 422) and set(found.json()) == {"error"}, found.text
    assert "--" not in found.json()["error"]


SCALARS = st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=12),
                    st.sampled_from(["t0001", "main", "../x", "1e9", "64x36", "f" + "0" * 24, "/shots/0", "\ud800", "\0"]))
WILD = st.recursive(SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(
    st.sampled_from(["op", "path", "value", "from", "file", "roles", "x"]), inner, max_size=4), max_leaves=6)
FIELDS = sorted({name for kind in api_desk.KINDS.values() for name in kind.model_fields} | {"patch", "text"})


@given(st.sampled_from([*api_desk.KINDS, "takes/t0001/edit", "projects"]),
       st.dictionaries(st.sampled_from(FIELDS), WILD, max_size=5))
@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_is_asked_the_answer_is_a_job_or_one_sentence(client: TestClient, place: Path, path: str, body: dict):
    if not Store(place).ids():
        put_take(Store(place), (), "a take", 0.1)
    begun: list[str] = []
    with pytest.MonkeyPatch.context() as patch:
        # What would be rendered is not.
        patch.setattr(api_desk.ApiDesk, "_put", lambda self, user, room, kind, work: begun.append(kind) or self.board.submit(
            user, room.project, kind, lambda teller, stop: {}))
        found = client.post(f"{V1}/{path}", content=json.dumps(body), headers=auth(ME) | {"content-type": "application/json"})
    if found.status_code in (201, 202):
        assert begun or path == "projects"
        return
    assert found.status_code in (404, 422, 429, 503), (found.status_code, found.text)
    sentence = found.json()["error"]
    assert set(found.json()) == {"error"} and 3 < len(sentence) < 600 and "\n" not in sentence and str(place) not in sentence


def test_what_goes_wrong_inside_is_one_sentence(client: TestClient, monkeypatch):
    def broken(self, user):
        raise KeyError("/secret/place")

    monkeypatch.setattr(Rooms, "projects", broken)
    with TestClient(client.app, base_url="http://127.0.0.1:7860", raise_server_exceptions=False) as lenient:
        found = lenient.get(f"{V1}/projects", headers=auth(ALICE))
    assert found.status_code == 500 and found.json() == {"error": "Something went wrong inside (KeyError)."}
    assert found.headers["x-content-type-options"] == "nosniff"


def test_odd_addresses_and_methods_are_told_in_a_sentence(client: TestClient):
    for method, path, status in (("GET", "/nothing", 404), ("DELETE", "/make", 405), ("GET", "/takes/t0001/passwd", 404),
                                 ("GET", "/takes/t9999", 404), ("GET", "/jobs/j1", 404), ("GET", "/takes/t0001/", 404)):
        found = client.request(method, V1 + path, headers=auth(ALICE))
        assert found.status_code == status and set(found.json()) == {"error"}, (path, found.status_code)


def test_files_that_are_none_too_many_or_too_large(client: TestClient, monkeypatch, place: Path, tmp_path: Path):
    folder = place / "users" / "bob" / "uploads"
    for content, status in ((b"", 415), (b"\x7fELF" + bytes(500), 415), (b"MZ" + bytes(range(256)) * 4, 415)):
        found = client.post(f"{V1}/files?name=x.bin", content=content, headers=auth(BOB))
        assert found.status_code == status and str(place) not in found.text, found.text
    monkeypatch.setattr("ui_gen.api_routes.LARGEST_BYTES", 1000)
    assert client.post(f"{V1}/files?name=a.txt", content=b"x" * 1001, headers=auth(BOB)).status_code == 413
    chunks = (b"word " * 100 for _ in range(10))
    assert client.post(f"{V1}/files?name=a.txt", content=chunks, headers=auth(BOB)).status_code == 413
    assert client.post(f"{V1}/files?name=a.txt", content=b"a calm lake", headers=auth(BOB)).status_code == 201
    monkeypatch.setattr(api_uploads, "MOST_FILES", 1)
    assert client.post(f"{V1}/files?name=a.txt", content=b"a calm lake", headers=auth(BOB)).status_code == 413
    monkeypatch.setattr(api_uploads, "MOST_FILES", 9)
    monkeypatch.setattr(api_uploads, "MOST_BYTES", 5)
    assert client.post(f"{V1}/files?name=a.txt", content=b"a calm lake", headers=auth(BOB)).status_code == 413
    assert len(list(folder.iterdir())) == 1, "nothing is left of what was refused"


@pytest.mark.parametrize("source, fits", [("score", True), ("ref:" + "a" * 64, True), ("ref:" + "a" * 64 + "-8000", True),
                                          ("ref:", False), ("ref:../x", False), ("ref:a/b", False)])
def test_a_patch_may_stand_on_music_that_was_cut_to_a_length(client: TestClient, place: Path, monkeypatch, source, fits):
    if not Store(place).ids():
        put_take(Store(place), (), "a take", 0.1)
    begun: list[str] = []
    monkeypatch.setattr(api_desk.ApiDesk, "_put", lambda self, user, room, kind, work: begun.append(kind) or
                        self.board.submit(user, room.project, kind, lambda teller, stop: {}))
    patch = [{"op": "replace", "path": "/music/source", "value": source}]
    found = client.post(f"{V1}/takes/t0001/edit", json={"patch": patch}, headers=auth(ME))
    assert (found.status_code == 202) is fits and bool(begun) is fits, found.text
