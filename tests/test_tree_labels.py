"""Labels: names, stars, notes, discarded; kept apart from the takes, whole or not at all."""

from __future__ import annotations

import json
import threading
from pathlib import Path

import pytest

from modalities.faults import Unusable
from modalities.store import Store
from modalities.take_labels import FILE, Label, labels, set_label, take_id_of
from ui_gen.command_line.run import main

SIDECAR = {"parent": None, "reason": "r", "engine": "sim", "seed": 1, "duration_s": 1.0, "wall_s": 0.1,
           "measured": {}, "made_at": "2026-01-01T00:00:00+00:00"}


def project(folder: Path, takes: int = 2) -> Store:
    store = Store(folder / "p").open()
    for number in range(takes):
        with store.making() as made:
            parent = {"parent": f"t{number:04d}"} if number else {}
            store.publish(made, SIDECAR | parent, {"a": 1}, {"b": 2})
    return store


def test_what_is_given_is_set_and_the_rest_stays(tmp_path: Path):
    store = project(tmp_path)
    set_label(store, "t0001", name="  Morning \n 夜明け ", starred=True)
    assert set_label(store, "t0001", note="like this\nvery much") == Label(
        "Morning 夜明け", True, "like this\nvery much", False)
    assert labels(store) == {"t0001": Label("Morning 夜明け", True, "like this\nvery much")}
    assert take_id_of(store, "morning 夜明け") == "t0001" == take_id_of(store, "t0001")
    set_label(store, "t0001", name="", starred=False, note="")
    assert labels(store) == {} and not list(store.root.glob("*.part"))


@pytest.mark.parametrize("given", [{"name": "t0002"}, {"name": "x" * 61}, {"note": "y" * 2001}, {"name": "a\x1b[31m"},
                                   {"name": "\u202eabc"}, {"note": "a\ud800"}, {"name": "Other"}])
def test_bad_labels_change_nothing(tmp_path: Path, given: dict[str, str]):
    store = project(tmp_path)
    set_label(store, "t0002", name="other")
    before = (store.root / FILE).read_bytes()
    with pytest.raises(Unusable):
        set_label(store, "t0001", **given)
    with pytest.raises(Unusable):
        set_label(store, "../t0001", name="x")
    assert (store.root / FILE).read_bytes() == before


@pytest.mark.parametrize("text", ["{", "[]", '{"format": "beecam-labels/1", "takes": {"t0001": {"name": 3}}}', "", "\0",
                                  '{"format": "beecam-labels/1", "takes": {"t0001": 7}}', "[" * 100000])
def test_a_damaged_file_is_named_and_kept(tmp_path: Path, text: str):
    store = project(tmp_path)
    (store.root / FILE).write_text(text)
    with pytest.raises(Unusable, match=FILE):
        set_label(store, "t0001", name="x")
    assert (store.root / FILE).read_text() == text


def test_two_writers_lose_nothing(tmp_path: Path):
    store = project(tmp_path, 12)
    threads = [threading.Thread(target=set_label, args=(store, take_id), kwargs={"note": take_id})
               for take_id in store.ids()]
    [t.start() for t in threads]
    [t.join() for t in threads]
    assert {take_id: label.note for take_id, label in labels(store).items()} == {i: i for i in store.ids()}


def test_command_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    where = ["--project", str(project(tmp_path).root), "--json"]
    assert main(["label", "t0002", "--name", "The wild one", "--star", *where]) == 0
    assert json.loads(capsys.readouterr().out)["name"] == "The wild one"
    assert main(["label", "the WILD one", "--discard", *where]) == 0
    capsys.readouterr()
    assert main(["tree", *where]) == 0
    told = capsys.readouterr()
    nodes = json.loads(told.out)["nodes"]
    assert [n["starred"] for n in nodes] == [False, True] and nodes[1]["parents"] == ["t0001"]
    assert "★" in told.err and "“The wild one”" in told.err and "(discarded)" in told.err
    for words in (["label", "t0001"], ["label", "nobody", "--star"], ["label", "t0001", "--star", "--unstar"]):
        assert main([*words, *where]) == 2
        assert len(capsys.readouterr().err.strip().splitlines()) == 1
