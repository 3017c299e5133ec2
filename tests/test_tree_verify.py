"""Hashes tell what was changed in a take; a take made again from its sidecar has the same bytes."""

from __future__ import annotations

import json
from pathlib import Path
from threading import Event

import pytest

from agent.direction import Direction
from agent.request import Request
from agent.studio import Studio
from agent.tree_replay import COMPARED, again, replays
from modalities.registry import default_registry
from modalities.store import Store, Take
from modalities.take_hashes import check
from tests.test_tree_labels import project
from ui_gen.command_line.run import main


def no_panel(direction: Direction, brief: object) -> dict[str, object]:
    return {}


@pytest.fixture(scope="module")
def rendered(tmp_path_factory: pytest.TempPathFactory) -> tuple[Studio, Take]:
    """A tiny film in a project of its own."""
    studio = Studio(Store(tmp_path_factory.mktemp("p")).open(), default_registry(), no_panel)
    plan = studio.plan(Request(prompt="a bee over a meadow", duration_s=1.0, size_px=(48, 32), fps=8, seed=3),
                       lambda p: None)
    take = studio.render(plan.direction, plan.brief, None, studio.perceived(plan.brief, "", Event()), parent=None,
                         reason="x", request={}, emit=lambda p: None, stop=Event())
    return studio, take


def verify(store: Store, capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, dict]:
    code = main(["verify", *words, "--project", str(store.root), "--json"])
    return code, json.loads(capsys.readouterr().out or "{}")


def test_made_again_from_the_sidecar_it_is_the_same(rendered: tuple[Studio, Take], tmp_path: Path):
    studio, take = rendered
    made = again(studio, take.id, tmp_path)
    assert all((take.dir / name).read_bytes() == (made / name).read_bytes() for name in COMPARED)
    assert check(take.dir).matches


@pytest.mark.slow
def test_made_again_in_another_process_and_a_changed_film_is_told(rendered: tuple[Studio, Take]):
    studio, take = rendered
    [one] = replays(studio.store.root, [take], Event())
    assert one.exact and one.first_difference_s is None
    audio = take.audio.read_bytes()
    take.audio.write_bytes(audio[:-3000] + bytes(3000))
    [one] = replays(studio.store.root, [take], Event())
    take.audio.write_bytes(audio)
    assert not one.exact and one.same["video.mp4"] and one.first_difference_s == pytest.approx(0.98, abs=0.02)


def test_what_was_changed_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    store = project(tmp_path, 3)
    assert verify(store, capsys, "--all")[1]["matches"] is True
    one, two, three = (store.takes_dir / take_id for take_id in store.ids())
    (one / "direction.json").write_text('{"a": 2}')
    (one / "stray.txt").write_text("x")
    (two / "panel.json").unlink()
    sidecar = json.loads((three / "take.json").read_text())
    (three / "take.json").write_text(json.dumps(sidecar | {"seed": 99}))
    code, found = verify(store, capsys, "--all")
    takes = {take["id"]: take for take in found["takes"]}
    assert code == 1 and not found["ok"] and found["signed"] is False
    assert takes["t0001"]["changed"] == ["direction.json"] and takes["t0001"]["added"] == ["stray.txt"]
    assert takes["t0002"]["missing"] == ["panel.json"] and takes["t0003"]["sidecar"] is False
    (two / "take.json").write_text("[" * 9999)
    assert verify(store, capsys, "--all")[0] == 1


def test_a_copy_elsewhere_and_takes_without_hashes(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    store = project(tmp_path, 1)
    copy = store.copy_out(store.take("t0001"), tmp_path / "out")
    assert verify(store, capsys, str(copy.dir / "panel.json"))[1]["takes"][0]["matches"] is True
    assert verify(store, capsys, str(copy.dir), "--rerender")[0] == 2
    sidecar = json.loads((copy.dir / "take.json").read_text())
    (copy.dir / "take.json").write_text(json.dumps({k: v for k, v in sidecar.items() if k not in ("files", "digest")}))
    code, found = verify(store, capsys, str(copy.dir))
    assert code == 0 and found["takes"][0]["matches"] is None and not found["takes"][0]["kept"]
    for words in ([], ["t0001", "--all"], ["t0404"], ["../../etc"], [str(tmp_path)], ["/etc/hostname"], ["a\0b"]):
        assert verify(store, capsys, *words)[0] == 2


def test_what_was_not_made_by_an_engine_cannot_be_made_again(rendered: tuple[Studio, Take], tmp_path: Path):
    studio, take = rendered
    with studio.store.making() as folder:
        other = studio.store.publish(folder, {
            "parent": take.id, "reason": "", "engine": "roto", "seed": 1, "duration_s": 1.0, "wall_s": 1.0,
            "measured": {}, "made_at": ""}, take.document("direction"), {})
    with pytest.raises(ValueError, match="made by roto"):
        again(studio, other.id, tmp_path)
