"""The store: whole or not at all, never overwritten, honest about what is missing."""

from __future__ import annotations

import json
import threading
from pathlib import Path

import pytest

from modalities.faults import Unusable
from modalities.store import Store

SIDECAR = {"parent": None, "reason": "r", "engine": "sim", "seed": 1, "duration_s": 1.0, "wall_s": 0.1,
           "measured": {}, "made_at": "2026-01-01T00:00:00+00:00"}


def made(store: Store, name: str = "x") -> str:
    with store.making() as folder:
        (folder / "video.mp4").write_text(name)
        return store.publish(folder, SIDECAR, {"a": 1}, {"b": 2}).id


def test_published_whole_and_numbered(tmp_path: Path):
    store = Store(tmp_path / "p").open()
    ids = [made(store) for _ in range(3)]
    assert ids == ["t0001", "t0002", "t0003"]
    take = store.take("t0002")
    assert take.document("direction") == {"a": 1} and take.video.read_text() == "x"


def test_a_failure_leaves_nothing(tmp_path: Path):
    store = Store(tmp_path / "p").open()
    made(store)
    with pytest.raises(RuntimeError), store.making() as folder:
        (folder / "video.mp4").write_text("half")
        raise RuntimeError
    assert [p.name for p in store.takes_dir.iterdir()] == ["t0001"]


def test_what_a_killed_run_left_is_swept(tmp_path: Path):
    store = Store(tmp_path / "p").open()
    (store.takes_dir / ".making-999999999-abcd").mkdir()
    assert list(Store(tmp_path / "p").open().takes_dir.iterdir()) == []


def test_two_writers_never_share_a_number(tmp_path: Path):
    store = Store(tmp_path / "p").open()
    found: list[str] = []

    def work(name: str) -> None:
        for _ in range(8):
            found.append(made(store, name))

    threads = [threading.Thread(target=work, args=(str(i),)) for i in range(4)]
    [t.start() for t in threads]
    [t.join() for t in threads]
    assert len(set(found)) == 32 == len(store.ids())


@pytest.mark.parametrize("name", ["t9999", "../../etc", "t0001/../t0001", "", "t0001\0", "‮t0001"])
def test_unknown_and_hostile_ids(tmp_path: Path, name: str):
    store = Store(tmp_path / "p").open()
    made(store)
    with pytest.raises(Unusable):
        store.take(name)


def test_damaged_sidecar_is_named_and_the_rest_still_lists(tmp_path: Path):
    store = Store(tmp_path / "p").open()
    made(store)
    made(store)
    (store.takes_dir / "t0001" / "take.json").write_text("{")
    with pytest.raises(Unusable, match="damaged"):
        store.take("t0001")
    assert [take.id for take in store.takes()] == ["t0002"]


def test_copies_never_overwrite(tmp_path: Path):
    store = Store(tmp_path / "p").open()
    take = store.take(made(store))
    first, second = store.copy_out(take, tmp_path / "o1"), None
    second = store.copy_out(take, tmp_path / "o1")
    assert first.dir != second.dir and json.loads((second.dir / "take.json").read_text())["id"] == "t0001"


def test_unusable_project_folder(tmp_path: Path):
    (tmp_path / "file").write_text("x")
    with pytest.raises(Unusable):
        Store(tmp_path / "file" / "p").open()
