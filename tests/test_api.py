"""The HTTP API: who may call, what may be asked, and that a user meets only what is theirs. A few tiny films are made."""

from __future__ import annotations

import io
import json
import re
import threading
import time
from pathlib import Path

import numpy as np
import pytest
import soundfile as sf
from PIL import Image
from starlette.testclient import TestClient

from agent.studio import Studio
from modalities.faults import Unusable
from modalities.store import Store
from tests.api_client import ALICE, BOB, ME, V1, api_client, auth
from tests.test_desk import put_take
from ui_gen import api_desk
from ui_gen.api_addresses import addressed
from ui_gen.api_bodies import Body
from ui_gen.api_doors import foreign_page, known_host
from ui_gen.api_rooms import Rooms
from ui_gen.api_tokens import remove_token, token_for, tokens, user_of
from ui_gen.api_uploads import Uploads, plain_name

TINY = {"duration_s": 1.0, "size": "64x36", "fps": 12}


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("api") / "p"


@pytest.fixture(scope="module")
def client(place: Path):
    with api_client(place) as client:
        yield client


def done(client: TestClient, answer, token: str = ALICE, seconds: float = 240.0) -> dict:
    assert answer.status_code == 202, answer.text
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        status = client.get(answer.json()["status"], headers=auth(token)).json()
        if status["state"] in ("done", "failed", "stopped"):
            return status
        time.sleep(0.1)
    raise AssertionError(status)


def wav(seconds: float = 1.0) -> bytes:
    out = io.BytesIO()
    t = np.arange(int(22050 * seconds)) / 22050
    sf.write(out, 0.3 * np.sin(2 * np.pi * 220 * t) * (t % 0.5 < 0.1), 22050, format="WAV")
    return out.getvalue()


@pytest.fixture(scope="module")
def film(client: TestClient) -> dict:
    """Alice's first take."""
    status = done(client, client.post(f"{V1}/make", json={"prompt": "a bee over a meadow at dawn", "seed": 5, **TINY},
                                      headers=auth(ALICE)))
    assert status["state"] == "done", status
    return status


# ---------------------------------------------------------------------------------------------------- who may call
@pytest.mark.parametrize("headers", [
    {}, auth("c" * 20), {"authorization": ALICE}, {"authorization": f"Basic {ALICE}"}, auth(ALICE[:-1]),
    auth(ALICE + "a"), auth(""), auth("é" * 20), auth("x" * 5000)])
@pytest.mark.parametrize("path", ["/projects", "/jobs", "/takes/t0001", "/takes/t0001/video", "/nowhere"])
def test_without_a_token_nothing_is_said(client: TestClient, headers: dict, path: str):
    headers = {name: value.encode("utf-8") for name, value in headers.items()}
    found = client.get(V1 + path, headers=headers)
    assert found.status_code == 401 and set(found.json()) == {"error"} and "beecam token" in found.json()["error"]


@pytest.mark.parametrize("more, status", [
    ({"host": "evil.example"}, 421), ({"host": "127.0.0.1.evil.example:7860"}, 421), ({"host": ""}, 421),
    ({"origin": "http://evil.example"}, 403), ({"origin": "null"}, 403), ({"origin": "http://127.0.0.1:9"}, 403),
    ({"sec-fetch-site": "cross-site"}, 403), ({"sec-fetch-site": "same-site"}, 403),
    ({"origin": "http://127.0.0.1:7860", "sec-fetch-site": "same-origin"}, 200), ({"host": "localhost:7860"}, 200)])
def test_foreign_pages_and_names_stay_outside_even_with_a_token(client: TestClient, more: dict, status: int):
    assert client.get(f"{V1}/projects", headers=auth(ALICE) | more).status_code == status
    assert client.get(f"{V1}/openapi.json", headers=more).status_code == status


def test_hosts_of_a_server_that_is_open_to_others():
    assert known_host("192.168.1.5:7860", "0.0.0.0", {}) and known_host("[fe80::1]:80", "::", {})
    assert not known_host("studio.example", "0.0.0.0", {})
    assert known_host("studio.example", "0.0.0.0", {"BEECAM_HOSTS": "studio.example"})
    assert known_host("studio.lan:80", "studio.lan", {}) and not known_host("[", "0.0.0.0", {})
    assert not foreign_page({"host": "a"}) and foreign_page({"host": "a", "origin": "file://a"})


def test_tokens_are_made_once_kept_closed_and_taken_away(tmp_path: Path):
    there = {"BEECAM_PROFILE": str(tmp_path / "b" / "taste.json")}
    first, other = token_for(there, "me"), token_for(there, "ann")
    path = tmp_path / "b" / "api-tokens"
    assert path.stat().st_mode & 0o777 == 0o600 and token_for(there, "me") == first != other
    assert user_of(f"Bearer {other}", tokens(there)) == "ann" and user_of(f"bearer  {first} ", tokens(there)) == "me"
    assert token_for(there, "me", new=True) != first and user_of(f"Bearer {first}", tokens(there)) is None
    remove_token(there, "ann")
    assert set(tokens(there)) == {"me"} and path.stat().st_mode & 0o777 == 0o600
    path.chmod(0o644)
    with pytest.raises(ValueError, match="read by others"):
        tokens(there)
    for bad in ("me", "me:short", "ME:" + "x" * 20, f"a:{ALICE},a:{BOB}", f"a:{ALICE},b:{ALICE}", "../x:" + "x" * 20):
        with pytest.raises(ValueError) as fault:
            tokens({"BEECAM_API_TOKENS": bad})
        assert "x" * 20 not in str(fault.value), "a token is never told"


# --------------------------------------------------------------------------------------------------------- the films
def test_a_film_is_made_watched_and_edited(client: TestClient, film: dict, place: Path):
    take = film["result"]["takes"][0]
    assert film["progress"] == 1.0 and take["id"] == "t0001" and take["engine"] == "sim" and film["error"] is None
    assert str(place) not in json.dumps(film)
    for name in ("video", "audio", "poster", "direction", "panel", "dir"):
        assert take[name].startswith(f"{V1}/takes/t0001")
        got = client.get(take[name], headers=auth(ALICE))
        assert got.status_code == 200 and got.content and got.headers["x-content-type-options"] == "nosniff"
    whole = client.get(take["video"], headers=auth(ALICE))
    assert whole.headers["content-type"] == "video/mp4" and whole.headers["accept-ranges"] == "bytes"
    part = client.get(take["video"], headers=auth(ALICE) | {"range": "bytes=100-199"})
    assert part.status_code == 206 and part.content == whole.content[100:200]
    assert part.headers["content-range"] == f"bytes 100-199/{len(whole.content)}"
    assert client.get(take["video"], headers=auth(ALICE) | {"range": f"bytes={10**9}-"}).status_code == 416
    with Image.open(io.BytesIO(client.get(take["poster"], headers=auth(ALICE)).content)) as poster:
        assert poster.format == "PNG"
    full = client.get(f"{V1}/takes/t0001", headers=auth(ALICE)).json()
    assert full["direction"]["size_px"] == [64, 36] and full["panel"]["sections"] and full["measured"]
    assert [one["id"] for one in client.get(f"{V1}/projects/main/takes", headers=auth(ALICE)).json()["takes"]] == ["t0001"]
    assert client.get(f"{V1}/projects/main/takes?newest=0", headers=auth(ALICE)).status_code == 422

    patch = [{"op": "replace", "path": "/shots/0/world/weather/rain", "value": 0.8}]
    edited = done(client, client.post(f"{V1}/takes/t0001/edit", json={"patch": patch}, headers=auth(ALICE)))
    assert edited["state"] == "done", edited
    assert edited["result"]["patch"] == patch and edited["result"]["takes"][0]["parent"] == "t0001"
    after = client.get(f"{V1}/takes/{edited['result']['takes'][0]['id']}", headers=auth(ALICE)).json()
    assert after["direction"]["shots"][0]["world"]["weather"]["rain"] == 0.8
    said = done(client, client.post(f"{V1}/edit", json={"take": "t0001", "say": "make it snow"}, headers=auth(ALICE)))
    assert said["state"] == "done" and said["result"]["said"] and said["result"]["patch"], said


def test_history_differences_panel_and_cost(client: TestClient, film: dict):
    nodes = client.get(f"{V1}/projects/main/tree", headers=auth(ALICE)).json()["nodes"]
    assert nodes[0]["id"] == "t0001" and nodes[0]["dir"] == f"{V1}/takes/t0001"
    changed = client.get(f"{V1}/takes/t0001/diff/{nodes[-1]['id']}", headers=auth(ALICE)).json()
    assert changed["a"] == "t0001" and changed["patch"] is not None and changed["picture"]["said"]
    assert client.get(f"{V1}/takes/t0001/diff/t0099", headers=auth(ALICE)).status_code == 404
    cost = done(client, client.post(f"{V1}/estimate", json={"take": "t0001"}, headers=auth(ALICE)))["result"]
    assert cost["actual_s"] > 0 and cost["estimate"]["seconds"] > 0
    measured = done(client, client.post(f"{V1}/panel", json={"take": "t0001"}, headers=auth(ALICE)))
    assert measured["state"] == "done", measured
    assert 1 <= sum(len(s["controls"]) for s in measured["result"]["panel"]["sections"]) <= 7
    assert set(measured["result"]) == {"panel", "measured"}


def test_the_result_is_that_of_the_command_line(client: TestClient, film: dict, tmp_path: Path):
    from ui_gen.command_line.run import main

    words = ["make", "a bee over a meadow at dawn", "--duration", "1", "--size", "64x36", "--fps", "12", "--seed", "5",
             "--json"]
    import contextlib

    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        assert main(words) == 0
    there, here = json.loads(out.getvalue().splitlines()[-1])["takes"][0], film["result"]["takes"][0]
    assert set(there) == set(here)
    document = client.get(here["direction"], headers=auth(ALICE)).json()
    assert document == json.loads(Path(there["direction"]).read_text())


def test_events_tell_the_whole_story_and_can_be_taken_up(client: TestClient, film: dict):
    text = client.get(film["events"], headers=auth(ALICE)).text
    events = [dict(line.split(": ", 1) for line in block.splitlines()) for block in text.strip().split("\n\n")]
    kinds = [event["event"] for event in events]
    assert kinds[0] == "running" and kinds[-1] == "done" and "take" in kinds and kinds.count("done") == 1
    shares = [json.loads(e["data"])["progress"] for e in events if e["event"] == "progress"]
    assert shares == sorted(shares) and all(0 <= s < 1 for s in shares)
    assert json.loads(events[-1]["data"])["result"] == film["result"]
    again = client.get(film["events"], headers=auth(ALICE) | {"last-event-id": events[-2]["id"]}).text
    assert again.count("event: ") == 1 and "event: done" in again


def test_files_are_handed_in_perceived_and_given_back(client: TestClient):
    up = client.post(f"{V1}/files?name=../../tap%20tap.wav", content=wav(), headers=auth(ALICE))
    assert up.status_code == 201 and up.json()["name"] == "tap-tap.wav" and up.json()["kind"] == "audio"
    heard = done(client, client.post(f"{V1}/perceive", json={"file": up.json()["file"]}, headers=auth(ALICE)))
    assert heard["state"] == "done" and heard["result"]["cues"] and heard["result"]["duration_s"] == pytest.approx(1, abs=0.1)
    form = client.post(f"{V1}/perceive", files={"file": ("a.txt", b"a calm lake at dusk", "text/plain")}, data={"role": "content"},
                       headers=auth(ALICE))
    assert done(client, form)["state"] == "done"
    assert len(client.get(f"{V1}/files", headers=auth(ALICE)).json()["files"]) == 2
    assert client.get(f"{V1}/files", headers=auth(BOB)).json() == {"files": []}
    for headers, status in ((auth(BOB), 404), (auth(ALICE), 200), (auth(ALICE), 404)):
        assert client.delete(f"{V1}/files/{up.json()['file']}", headers=headers).status_code == status


def test_a_form_hands_in_its_references(client: TestClient):
    picture = io.BytesIO()
    Image.new("RGB", (64, 64), (200, 90, 40)).save(picture, "PNG")
    answer = client.post(f"{V1}/make", data={"prompt": "a lake", "duration_s": "1", "size": "64x36", "fps": "12"},
                         files={"reference:palette": ("red.png", picture.getvalue())}, headers=auth(ALICE))
    made = done(client, answer)
    assert made["state"] == "done", made
    said = client.get(f"{V1}/takes/{made['result']['takes'][0]['id']}", headers=auth(ALICE)).json()
    assert said["take"]["measured"]


# ------------------------------------------------------------------------------------------------------- no mixing
def test_nobody_meets_what_is_anothers(client: TestClient, film: dict):
    job = film["job"]
    for path in ("/takes/t0001", "/takes/t0001/video", "/takes/t0001/panel", "/takes/t0001?project=main",
                 f"/jobs/{job}", f"/jobs/{job}/events", "/projects/alice/takes", "/takes/t0001?project=../alice/projects/main",
                 "/takes/..%2f..%2falice%2fprojects%2fmain%2ftakes%2ft0001", "/ideas/..%2f..%2falice/idea-1.mp4"):
        found = client.get(V1 + path, headers=auth(BOB))
        assert found.status_code == 404 and set(found.json()) == {"error"}, path
    assert client.post(f"{V1}/jobs/{job}/stop", headers=auth(BOB)).status_code == 404
    assert client.post(f"{V1}/jobs/{job}/answer", json={"text": "yes"}, headers=auth(BOB)).status_code == 404
    for body in ({"take": "t0001", "say": "rain"}, {"take": "t0001", "say": "rain", "project": "main"}):
        assert client.post(f"{V1}/edit", json=body, headers=auth(BOB)).status_code == 404
    assert client.post(f"{V1}/ideas", json={"take": "t0001"}, headers=auth(BOB)).status_code == 404
    assert client.get(f"{V1}/jobs", headers=auth(BOB)).json() == {"jobs": []}
    mine = client.get(f"{V1}/files", headers=auth(ALICE)).json()["files"][0]["file"]
    assert client.post(f"{V1}/perceive", json={"file": mine}, headers=auth(BOB)).status_code == 404


def test_projects_are_apart_and_the_owners_main_one_is_the_studios(client: TestClient, place: Path):
    assert client.post(f"{V1}/projects", json={"project": "spring"}, headers=auth(BOB)).status_code == 201
    assert client.post(f"{V1}/projects", json={"project": "spring"}, headers=auth(BOB)).status_code == 422
    assert client.get(f"{V1}/projects/spring/takes", headers=auth(BOB)).json() == {"takes": []}
    assert client.get(f"{V1}/projects/spring/takes", headers=auth(ALICE)).status_code == 404
    put_take(Store(place), (), "<script>alert(1)</script>", 0.1)
    takes = client.get(f"{V1}/projects/main/takes", headers=auth(ME)).json()["takes"]
    assert [one["reason"] for one in takes] == ["<script>alert(1)</script>"]
    assert Rooms(place).room("me").taste is None and Rooms(place).room("bob").taste == place / "users/bob/taste.json"


def test_the_taste_of_one_is_not_the_taste_of_another(place: Path):
    learnt = Rooms(place).room("bob").studio({"HOME": str(place)})
    assert isinstance(learnt, Studio) and learnt.profile is not None and not learnt.profile().leans


def test_music_of_a_direction_does_not_lead_out_of_the_project(place: Path):
    studio = Rooms(place).room("bob").studio()
    _, direction, _ = put_take_of(studio)
    away = direction.model_copy(update={"music": direction.music.model_copy(update={
        "source": "ref:../../../alice/projects/main/references/x"})})
    with pytest.raises(Unusable, match="not the name of music"):
        studio.heard_again(away, lambda progress: None, threading.Event())


def put_take_of(studio: Studio):
    return studio.load(put_take(studio.store, (), "a take", 0.1).id)


@pytest.mark.parametrize("given, plain", [
    ("../../etc/passwd", "passwd"), ("C:\\Temp\\a b.WAV", "a-b.wav"), ("", "file"), ("...", "file"), (".hidden", "hidden"),
    ("é\u202e\0<b>.png", "e-b.png"), ("a" * 500 + ".mp3", "a" * 60 + ".mp3")])
def test_names_of_files_are_plain(given: str, plain: str):
    assert plain_name(given) == plain
    assert Uploads(Path("/x")).get(given) is None


def test_paths_in_texts_become_addresses(tmp_path: Path):
    rooms = Rooms(tmp_path)
    rooms.add("ann", "two")
    room = rooms.room("ann", "two")
    take = f"{room.folder}/takes/t0003"
    told = addressed({"video": f"{take}/video.mp4", "said": [f"kept in {take}, not {take}4/x"], "n": 1.5,
                      "bad": f"{rooms.home('ann')}/uploads/f{'0' * 24}/a.wav is empty; see {tmp_path}/conversation.jsonl",
                      "idea": f"{room.folder}/ideas/t0003-1/idea-2.mp4"}, rooms, room)
    assert told["video"] == "/api/v1/takes/t0003/video?project=two" and told["n"] == 1.5
    assert told["idea"] == "/api/v1/ideas/t0003-1/idea-2.mp4?project=two"
    assert told["bad"].startswith("a.wav is empty") and str(tmp_path) not in json.dumps(told)


def test_it_is_described_and_the_page_fetches_nothing(client: TestClient):
    described = client.get(f"{V1}/openapi.json").json()
    assert described["servers"] == [{"url": V1}] and described["components"]["securitySchemes"]
    for path in ("/make", "/edit", "/ideas", "/perceive", "/files", "/jobs/{job}", "/jobs/{job}/events", "/jobs/{job}/stop",
                 "/projects", "/projects/{project}/takes", "/takes/{take}", "/takes/{take}/edit", "/takes/{take}/{file}"):
        assert path in described["paths"], path
    fields = described["paths"]["/make"]["post"]["requestBody"]["content"]["application/json"]["schema"]["properties"]
    assert {"prompt", "references", "duration_s", "size"} <= set(fields) and "$ref" not in json.dumps(fields)
    page = client.get(f"{V1}/docs").text
    assert not re.findall(r"(?:src|href)=[\"']?(?:https?:)?//|<script|<link|@import|url\(", page)
    assert all(issubclass(kind, Body) for kind in api_desk.KINDS.values())
