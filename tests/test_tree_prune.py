"""Pruning loses nothing that others come from, and everything comes back; forks in mid-film keep what is before."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from agent.tree_fork import forked_at
from agent.tree_trash import prunable, prune, restore
from agent.unroll import unroll
from modalities.faults import Unusable
from modalities.store import Store
from modalities.take_labels import labels, set_label
from tests.test_merge import edited, film, without
from tests.test_tree_labels import SIDECAR, project
from ui_gen.command_line.run import main
from world_model.state import WEATHER, offsets


def grown(folder: Path) -> Store:
    """t0001 > t0002 > t0003, t0001 > t0004, and t0005 merged from t0003 and t0004."""
    store = project(folder, 3)
    for parents in (["t0001"], ["t0003", "t0004"]):
        with store.making() as made:
            store.publish(made, SIDECAR | {"parent": parents[0], "parents": parents}, {"a": 1}, {"b": 2})
    return store


def test_what_others_come_from_stays(tmp_path: Path):
    store = grown(tmp_path)
    for take_id in ("t0002", "t0004"):
        set_label(store, take_id, discarded=True)
    assert prunable(store).held == {"t0002": ("t0003", "t0005"), "t0004": ("t0005",)} and not prune(store).going
    set_label(store, "t0005", discarded=True)
    assert prune(store).going == ("t0005", "t0004") and store.ids() == ["t0001", "t0002", "t0003"]
    set_label(store, "t0003", discarded=True)
    assert prune(store).going == ("t0003", "t0002")
    # A number in the trash is not given again.
    with store.making() as made:
        assert store.publish(made, SIDECAR, {}, {}).id == "t0006"
    assert restore(store, "t0005") == ("t0002", "t0003", "t0004", "t0005")
    assert store.ids() == [f"t{n:04d}" for n in range(1, 7)] and labels(store) == {}
    assert store.take("t0005").parents == ("t0003", "t0004") and list(store.trash_dir.iterdir()) == []


def test_command_line_and_bad_input(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    store = grown(tmp_path)
    where = ["--project", str(store.root), "--json"]
    set_label(store, "t0005", discarded=True)
    assert main(["prune", "--dry-run", *where]) == 0 and len(store.ids()) == 5
    assert json.loads(capsys.readouterr().out)["pruned"] == ["t0005"]
    assert main(["prune", *where]) == 0 and len(store.ids()) == 4
    for words in (["--restore", "t0001"], ["--restore", "../takes/t0001"], ["--restore", "t0005", "--dry-run"]):
        assert main(["prune", *words, *where]) == 2
    assert main(["prune", "--restore", "t0005", *where]) == 0 and len(store.ids()) == 5
    # Where nobody can tell what depends on what, nothing leaves.
    (store.takes_dir / "t0003" / "take.json").write_text("{")
    assert main(["prune", *where]) == 2


def test_all_before_the_moment_stays_and_all_after_is_new():
    base = film()
    after = edited(base, ("/shots/*/world/weather/rain", 0.8), ("/shots/*/world/look", "cel"))
    forked = forked_at(base, after, 5.0)
    assert forked.waits == ("the look",) and [s.world.look for s in forked.direction.shots] == [
        "photoreal", "photoreal", "cel"]
    signals = {name: np.zeros(700, np.float32) for name in ("kick", "energy")}
    rain = offsets()["weather"].start + WEATHER.index("rain")
    worlds = [unroll(direction, signals).state.pack().numpy() for direction in (base, after, forked.direction)]
    frame = 5 * base.grid.fps
    assert np.array_equal(worlds[0][:frame], worlds[2][:frame])
    assert np.array_equal(worlds[1][8 * base.grid.fps:], worlds[2][8 * base.grid.fps:])
    assert (worlds[2][frame:8 * base.grid.fps, rain] == worlds[1][frame:8 * base.grid.fps, rain]).all()


def test_what_cannot_begin_in_mid_film_is_said():
    base = film()
    with pytest.raises(Unusable, match="outside the film"):
        forked_at(base, edited(base, ("/shots/0/world/weather/rain", 0.8)), 12.0)
    with pytest.raises(Unusable, match="the genre belongs to the whole film"):
        forked_at(base, edited(base, ("/score/genre", "jazz")), 5.0)
    with pytest.raises(Unusable, match="comes earlier"):
        forked_at(base, edited(base, ("/shots/0/world/weather/rain", 0.8)), 5.0)
    with pytest.raises(Unusable, match="at a cut, and none follows"):
        forked_at(base, edited(base, ("/shots/2/world/look", "cel")), 9.0)
    with pytest.raises(Unusable):
        forked_at(base, without(base, 2), 5.0)
