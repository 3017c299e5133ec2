"""`beecam engines`: the table is true, and `get` is the only thing that ever asks a hub (here: a fake on this machine)."""

from __future__ import annotations

import json
import os
import threading
import time
from pathlib import Path
from threading import Event as Flag

import pytest

from modalities import fetching
from modalities.accelerator import Accelerator
from modalities.availability import rows
from modalities.engine import EngineCard, EngineParams, Needs
from modalities.faults import Stopped
from modalities.registry import Registry, default_registry
from modalities.weights import FETCHED, Weights, found, missing
from tests.fake_hub import COMMIT, FakeHub, fake_hub
from ui_gen.command_line import engines as command
from ui_gen.command_line.run import main

TINY = Weights("tiny", "fake/tiny", "main", None, "MIT", True, "free below 10 M USD of revenue", index="config.json")
NOT_SOLD = Weights("unsold", "fake/unsold", "main", 1500, "CC-BY-NC-4.0", False, index="config.json")
SECRET = "hf_secret_of_this_test"


class Painter:
    """An engine that is none: only its card is looked at."""

    Params = EngineParams

    def __init__(self, name: str, *sets: Weights) -> None:
        self.card = EngineCard(name, "1", name.title(), ("film",), (), (), Needs(sets=sets), "none", False,
                               sets[0].licence if sets else "MIT")

    def available(self) -> str | None:
        return next((lost for one in self.card.needs.sets if (lost := missing(one))), None)

    def run(self, job, emit):
        raise AssertionError("nobody asked for a film")

    def close(self) -> None:
        pass


def files(size: int = 60_000) -> dict[str, bytes]:
    return {"config.json": b'{"a": 1}', "model.safetensors": os.urandom(size), "tokenizer.json": b"{}", "LICENSE": b"MIT",
            "pytorch_model.bin": b"no" * 4000, "modeling.py": b"import os", "onnx/model.onnx": b"no"}


@pytest.fixture
def root(tmp_path, monkeypatch) -> Path:
    monkeypatch.setenv("BEECAM_MODELS", str(tmp_path / "models"))
    monkeypatch.setenv("HF_HOME", str(tmp_path / "hf"))
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    monkeypatch.delenv("HF_TOKEN", raising=False)
    monkeypatch.setattr(command, "default_registry", lambda *given: Registry((Painter("painter", TINY),
                                                                       Painter("unsold", NOT_SOLD), Painter("plain"))))
    (tmp_path / "hf").mkdir()
    (tmp_path / "hf" / "token").write_text("hf_of_somebody_else")
    return tmp_path / "models"


@pytest.fixture
def hub(monkeypatch):
    with fake_hub(FakeHub("fake/tiny", files())) as made:
        monkeypatch.setenv("HF_ENDPOINT", made.address)
        yield made


def run(capsys, *words: str) -> tuple[int, dict, str]:
    code = main([*words, "--json"])
    out, told = capsys.readouterr()
    assert "Traceback" not in told
    return code, json.loads(out.splitlines()[-1]) if out else {}, told


def test_the_table_says_what_is_missing_its_terms_and_the_command(root, hub, capsys):
    code, found_now, told = run(capsys, "engines")
    assert code == 0 and hub.asked == []
    by_id = {one["id"]: one for one in found_now["engines"]}
    assert by_id["painter"]["commands"] == ["beecam engines get tiny"] and not by_id["painter"]["available"]
    assert by_id["unsold"]["commands"] == ["beecam engines get unsold --accept-licence"]
    assert by_id["plain"]["available"] and by_id["plain"]["commands"] == []
    assert "CC-BY-NC-4.0, not for sale" in told and "free below 10 M USD of revenue" in told
    assert "1.5 GB as published" in told and "not measured here" in told
    assert {one["group"] for one in found_now["engines"]} >= {"picture", "understanding"}
    for one in by_id.values():
        assert one["available"] == (one["missing"] is None)


def test_every_real_engine_has_a_row_and_every_missing_one_a_command_or_a_reason(root):
    listed = rows(default_registry().all(), here=Accelerator("cuda", "a card", 24e3, 64e3, True))
    assert {engine.card.id for engine in default_registry().all()} <= {row.id for row in listed}
    assert [row.id for row in listed if not row.ready and not row.commands and not row.missing] == []
    assert len({row.id for row in listed}) == len(listed)


def test_how_it_would_be_laid_out_follows_the_card_and_says_numbers_where_it_does_not_fit():
    engine = Painter("unsold", Weights("unsold", "fake/unsold", "main", 30_000, "MIT", True))
    said = {gb: next(row.layout for row in rows([engine], {}, Accelerator("cuda", "a card", gb * 1e3, 96e3, True))
                     if row.id == "unsold") for gb in (80, 24, 8, 2)}
    assert said[80] == "probably all on the card" and "8 bits" in said[24] and "streamed" in said[8]
    assert "does not fit" in said[2] and "GB" in said[2] and "a card" in said[2]
    cpu = next(row.layout for row in rows([engine], {}, Accelerator("cpu", "no GPU", 0, 96e3, False)) if row.id == "unsold")
    assert "needs a GPU: 30.0 GB" in cpu


def test_get_fetches_what_is_data_marks_it_and_nothing_else_goes_online(root, hub, capsys, monkeypatch):
    hub.token = SECRET
    monkeypatch.setenv("HF_TOKEN", SECRET)
    code, told, said = run(capsys, "engines", "get", "painter", "--yes")
    assert code == 0 and told["fetched"][0]["commit"] == COMMIT and SECRET not in said
    folder = root / "tiny"
    assert sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*")) == [
        "LICENSE", FETCHED, "config.json", "model.safetensors", "tokenizer.json"]
    assert (folder / "model.safetensors").read_bytes() == hub.files["model.safetensors"]
    mark = json.loads((folder / FETCHED).read_text())
    assert mark["commit"] == COMMIT and mark["repo"] == "fake/tiny" and SECRET not in (folder / FETCHED).read_text()
    assert found(TINY) == folder and not (root / "tiny.part").exists()
    assert not any(name in one for one in hub.asked for name in (".bin", ".py", ".onnx"))
    assert "MIT" in said and "GB are free" in said and COMMIT[:12] in said
    assert os.environ["HF_HUB_OFFLINE"] == "1"
    from huggingface_hub import constants
    assert constants.HF_HUB_OFFLINE

    hub.asked.clear()
    assert run(capsys, "engines", "get", "tiny", "--yes")[1]["fetched"][0]["fetched"] is False and hub.asked == []
    assert run(capsys, "engines", "remove", "tiny")[1]["freed_mb"] > 0
    assert found(TINY) is None and not folder.exists()


def test_a_set_that_lost_a_file_is_mended_without_fetching_the_rest(root, hub, capsys):
    hub.files["model-2.safetensors"] = os.urandom(9000)
    assert run(capsys, "engines", "get", "tiny", "--yes")[0] == 0
    (root / "tiny" / "config.json").unlink()
    assert "config.json is missing" in (missing(TINY) or "")
    hub.asked.clear()
    assert run(capsys, "engines", "get", "tiny", "--yes")[0] == 0 and found(TINY) == root / "tiny"
    assert [one for one in hub.asked if one.startswith("GET") and "safetensors" in one] == []


@pytest.mark.parametrize(("how", "code", "says"), [
    ({"status": 401, "code": "GatedRepo"}, 3, "accept its terms"), ({"status": 403}, 3, "HF_TOKEN"),
    ({"status": 404, "code": "RepoNotFound"}, 3, "has no fake/tiny"),
    ({"lie": 5}, 3, "not what the hub announced"), ({"wrong": "model.safetensors"}, 3, "SHA-256"),
    ({"listed": {"../../evil.json": b"{}"}}, 3, "leads elsewhere")])
def test_a_hub_that_misbehaves_is_one_sentence_and_leaves_nothing_that_counts(root, hub, capsys, how, code, says):
    for name, value in how.items():
        setattr(hub, name, value)
    got, _, told = run(capsys, "engines", "get", "tiny", "--yes")
    assert got == code and says in told.splitlines()[-1]
    assert found(TINY) is None and not (root / "tiny").exists()
    assert not list(root.parent.rglob("evil*"))


@pytest.mark.parametrize("name", ["/etc/a.json", "a\\..\\b.json", "../a.json", "a/../../b.json", "./a.json", "a//b.json",
                                  "C:a.json", "a\n.json", "", "a" * 300, "a/./b.json", "\u202ea.json"])
def test_names_that_lead_elsewhere_are_refused(name):
    whole = {"name": "model.safetensors", "size": 5, "sha256": None}
    assert [one.name for one in fetching.chosen(TINY, [whole, {"name": "b.py", "size": 1}])] == ["model.safetensors"]
    with pytest.raises(fetching.Unavailable, match="leads elsewhere"):
        fetching.chosen(TINY, [whole, {"name": name, "size": 5, "sha256": None}])


@pytest.mark.parametrize("size", [None, -1, True, "5", 1.5])
def test_sizes_that_are_none_are_refused(size):
    with pytest.raises(fetching.Unavailable, match="how large"):
        fetching.chosen(TINY, [{"name": "model.safetensors", "size": size}])


def test_no_hub_at_all_and_a_repository_without_safetensors(root, hub, capsys, monkeypatch):
    del hub.files["model.safetensors"]
    code, _, told = run(capsys, "engines", "get", "tiny", "--yes")
    assert code == 3 and "no safetensors" in told
    monkeypatch.setenv("HF_ENDPOINT", "http://127.0.0.1:9")
    code, _, told = run(capsys, "engines", "get", "tiny", "--yes")
    assert code == 3 and "cannot be reached" in told


def test_a_connection_that_breaks_is_taken_up_where_it_was(root, hub, capsys):
    hub.files["model.safetensors"] = os.urandom(13_000_000)
    hub.cut_after, hub.cuts = 11_000_000, 1
    assert run(capsys, "engines", "get", "tiny", "--yes")[0] == 0
    assert hub.ranges == [f"bytes={10 << 20}-"]
    assert (root / "tiny" / "model.safetensors").read_bytes() == hub.files["model.safetensors"]


def test_a_stop_leaves_nothing_that_counts_and_the_next_time_goes_on(root, hub):
    hub.files["model.safetensors"] = os.urandom(24_000_000)
    hub.pause_s = 0.1
    stop, env = Flag(), dict(os.environ)
    offer = fetching.offered(TINY, stop, env)

    def tell(done_mb: float, total_mb: float) -> None:
        if done_mb > 10:
            stop.set()

    with pytest.raises(Stopped):
        fetching.fetched(offer, root, stop, tell, env)
    assert found(TINY) is None and (root / "tiny.part").is_dir()
    hub.pause_s = 0.0
    folder = fetching.fetched(offer, root, Flag(), environ=env)
    assert hub.ranges and int(hub.ranges[0].removeprefix("bytes=").rstrip("-")) >= 10 << 20
    assert (folder / "model.safetensors").read_bytes() == hub.files["model.safetensors"]


def test_two_at_once_are_kept_apart(root, hub):
    hub.files["model.safetensors"] = os.urandom(6_000_000)
    hub.pause_s = 0.15
    env = dict(os.environ)
    offer = fetching.offered(TINY, Flag(), env)
    first = threading.Thread(target=fetching.fetched, args=(offer, root, Flag()), kwargs={"environ": env})
    first.start()
    end = time.monotonic() + 20
    while not (root / "tiny.part").exists() and time.monotonic() < end:
        time.sleep(0.02)
    with pytest.raises(fetching.Unusable, match="another Beecam"):
        fetching.fetched(offer, root, Flag(), environ=env)
    first.join()
    assert found(TINY) == root / "tiny"


def test_what_was_not_agreed_to_is_not_fetched(root, hub, capsys):
    code, _, told = run(capsys, "engines", "get", "unsold", "--yes")
    assert code == 2 and "forbids selling" in told and "--accept-licence" in told and hub.asked == []
    code, _, told = run(capsys, "engines", "get", "tiny")
    assert code == 2 and "--yes" in told and not (root / "tiny").exists()


@pytest.mark.parametrize(("words", "says"), [
    (("get",), "names are"), (("get", "../tiny", "--yes"), "There are no weights"), (("get", "\x00", "--yes"), "no weights"),
    (("get", "plain", "--yes"), "needs nothing"), (("steal", "tiny"), "invalid choice"), (("--yes",), "goes with")])
def test_wrong_words_are_one_sentence(root, hub, capsys, words, says):
    code, _, told = run(capsys, "engines", *words)
    assert code == 2 and says in told and hub.asked == []


def test_a_full_disk_and_a_folder_of_somebodys_own(root, hub, capsys, monkeypatch):
    monkeypatch.setattr(fetching, "free_mb", lambda root: 100.0)
    code, _, told = run(capsys, "engines", "get", "tiny", "--yes")
    assert code == 2 and "make room" in told
    monkeypatch.undo()
    (root / "tiny").mkdir(parents=True, exist_ok=True)
    (root / "tiny" / "config.json").write_text("mine")
    monkeypatch.setenv("BEECAM_MODELS", str(root))
    monkeypatch.setenv("HF_ENDPOINT", hub.address)
    monkeypatch.setattr(command, "default_registry", lambda *given: Registry((Painter("painter", TINY),)))
    for action in (("get", "tiny", "--yes"), ("remove", "tiny")):
        code, _, told = run(capsys, "engines", *action)
        assert code == 2 and "by Beecam" in told
    assert (root / "tiny" / "config.json").read_text() == "mine"


def test_another_folder_is_taken_and_said(root, hub, capsys, tmp_path):
    code, _, said = run(capsys, "engines", "get", "tiny", "--yes", "--out", str(tmp_path / "else where"))
    assert code == 0 and (tmp_path / "else where" / "tiny" / FETCHED).is_file()
    assert hub.tokens == {""}  # the one that lies in the home folder is nobody's business
    assert f"BEECAM_MODELS={tmp_path / 'else where'}" in said and not (root / "tiny").exists()


def test_the_api_and_the_page_tell_the_same_rows(tmp_path):
    from tests.api_client import ALICE, V1, api_client, auth
    from ui_gen.engines_told import engines_html, engines_told, makers

    registry = default_registry()
    with api_client(tmp_path / "p") as client:
        assert client.get(f"{V1}/engines").status_code == 401
        told = client.get(f"{V1}/engines", headers=auth(ALICE)).json()
    assert told == json.loads(json.dumps(engines_told(registry)))
    page = engines_html(rows(registry.all()))
    for one in told["engines"]:
        assert f"data-engine='{one['id']}'" in page
    assert ("Simulator", "sim") in makers(registry)
    hostile = Painter("<script>", Weights("x", "y/z", "main", None, "<b>MIT</b>", True, "<img src=x>"))
    written = engines_html(rows([hostile]))
    assert "<script>" not in written and "<img" not in written and "<b>MIT" not in written


def test_an_mcp_client_reads_the_same(tmp_path):
    from ui_gen.api_desk import ApiDesk
    from ui_gen.mcp_resources import ENGINES, contents, listed

    desk = ApiDesk(tmp_path / "p")
    assert ENGINES in {str(one.uri) for one in listed(desk, "alice")}
    told = json.loads(contents(desk, "alice", ENGINES).text)
    assert {"sim", "dream"} <= {one["id"] for one in told["engines"]}
    desk.close()


def test_who_makes_the_pictures_is_chosen_for_a_new_film_and_for_this_one(tmp_path, monkeypatch):
    import agent.graph
    from agent.studio import Studio
    from modalities.store import Store
    from tests.test_desk import put_take
    from ui_gen.desk import Desk
    from ui_gen.engines_told import make_again

    begun: list[dict] = []

    def noted(studio, start, stop):
        begun.append(start)
        yield from ()

    monkeypatch.setattr(agent.graph, "run", noted)
    store = Store(tmp_path / "p").open()
    desk = Desk(Studio(store, default_registry(), lambda direction, brief: {}))
    make_again(desk, "sim")
    assert "no film yet" in desk.messages()[-1].text and begun == []
    desk.say("a whale", [], engine="dream")
    desk.finish(20)
    assert begun[0]["request"]["engine"] == "dream"
    put_take(store, (), "first", 0.0)
    desk = Desk(Studio(store, default_registry(), lambda direction, brief: {}))
    make_again(desk, "wan-vace")
    assert "cannot run here now" in desk.messages()[-1].text and len(begun) == 1
    make_again(desk, "dream")
    desk.finish(20)
    assert begun[1]["patch"] == [{"op": "replace", "path": "/engine", "value": {"id": "dream", "params": {}}}]
