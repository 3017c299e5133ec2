"""Laws of ideas: every move makes a Direction that unrolls, ideas differ, edits are short and lead where they say."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from threading import Event as Flag

import numpy as np
import pytest
import torch
from test_surprise import model_of

from agent.direction import Direction
from agent.edits import apply_patch
from agent.ideas import Start, ideas_from, looks_of_takes
from agent.ideas_excerpt import FPS, LENGTH_S, excerpt, shots_shown
from agent.ideas_genome import MOVES, SIZE, decoded, fitting, made, patch_between
from agent.ideas_pictures import Look, distance, readable, structure
from agent.ideas_shorten import alike, shortened
from agent.ideas_types import GENES, Scene, scene_of
from agent.request import Request
from agent.studio import Studio
from modalities.faults import Stopped, Unavailable
from modalities.registry import default_registry
from modalities.store import Store
from ui_gen.command_line.run import main
from world_model.joint import shipped
from world_model.joint.pipeline import new_pipeline
from world_model.streams.layout import WIDTHS

WORDS = "a fox in a meadow at noon"
SIDECAR = {"parent": None, "reason": WORDS, "engine": "sim", "seed": 1, "duration_s": 0.5, "wall_s": 0.1, "measured": {},
           "made_at": "2026-01-01T00:00:00+00:00"}


@pytest.fixture(scope="module")
def direction(tmp_path_factory: pytest.TempPathFactory) -> Direction:
    studio = Studio(Store(tmp_path_factory.mktemp("p")).open(), default_registry(), lambda direction, brief: {})
    return studio.plan(Request(prompt=WORDS, duration_s=9.0, size_px=(64, 36)), lambda p: None, Flag()).direction


@pytest.fixture(scope="module")
def scene(direction: Direction) -> Scene:
    return scene_of(direction)


@pytest.fixture(scope="module")
def weights(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model that says little but what streams look like on the average."""
    folder = tmp_path_factory.mktemp("weights")
    model = model_of()
    with torch.no_grad():
        for name in WIDTHS:
            model.spread[name].fill_(1000.0)
    new_pipeline(model).save_pretrained(folder / "small")
    return folder


@pytest.fixture
def few(weights: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """That model, and a search of a few ideas."""
    monkeypatch.setenv("BEECAM_WEIGHTS", str(weights))
    monkeypatch.setattr(shipped, "_open", {})
    monkeypatch.setattr("agent.ideas_search.searched.__defaults__", (None, 1, 4, 8))
    monkeypatch.setattr("agent.ideas_preview.FRAMES", 4)


def test_the_scene_knows_its_subject_and_its_key_shot(direction: Direction, scene: Scene):
    assert scene.kind == "fox" and scene.who == "fox" and scene.slots[scene.key] is not None
    alone = Direction(shots=tuple(shot.model_copy(update={
        "world": shot.world.model_copy(update={"bodies": ()}),
        "camera": shot.camera.model_copy(update={"target": None})}) for shot in direction.shots), duration_s=9.0)
    bare = scene_of(alone)
    assert bare.body is None and bare.who == bare.where
    assert not {move.name for moves in fitting(bare).values() for move in moves} & {"giant", "its own back", "it leaves"}


def test_every_move_makes_another_film_that_unrolls(scene: Scene):
    names = [move.name for move in MOVES]
    assert len(set(names)) == len(names) and {move.gene for move in MOVES} == set(GENES)
    before, rolled = scene.direction.model_dump_json(), set[str]()
    for moves in fitting(scene).values():
        for move in moves:
            idea = made(scene, (move,), "all")
            assert idea is not None, move.name
            assert all(text.format(who="x", where="x", s="", es="", be="", a_who="x") for text in (*move.heads, move.tail))
            # One of each table is enough.
            if (table := move.name.split()[0]) in ("into", "half", "drawn", "carried") and table in rolled:
                continue
            rolled.add(table)
            rows = excerpt(idea.direction, shots_shown(idea.direction, scene, idea)[:1], None).rows
            assert len(rows) == LENGTH_S * FPS and np.isfinite(rows).all(), move.name
    assert scene.direction.model_dump_json() == before


def test_genomes_say_one_to_three_things_that_do_not_fight(scene: Scene):
    moves = fitting(scene)
    rng = np.random.default_rng(3)
    for genome in rng.random((200, SIZE)):
        heard, scope = decoded(genome, moves)
        assert 1 <= len(heard) <= 3 and len({move.gene for move in heard}) == len(heard)
        assert sum(move.gene in ("viewpoint", "carried") for move in heard) <= 1
        assert decoded(genome, moves) == (heard, scope)


def look(light: float = 0.5, subject: float = 0.05, low: float = 0.2, high: float = 0.8, apart: float = 0.2) -> Look:
    grid = np.tile(np.linspace(light - 0.2, light + 0.2, 48), (2, 1))
    things = np.tile([0.3, 0.6 - subject, 0.0, 0.1, 0.0, subject], (2, 1))
    return Look(grid, np.zeros((2, 2, 48)), things, np.full(2, -1.5), np.full((2, 2), 0.5),
                np.tile([low, high, apart], (2, 1)), 0.0, 0.0, -1.0)


def test_distance_is_a_distance_and_dark_or_empty_pictures_cannot_be_read():
    a, b = look(), look(subject=0.3)
    assert distance(a, a) == 0.0 and distance(a, b) == pytest.approx(distance(b, a)) and distance(a, b) > 0.1
    darker = look(light=0.4)
    assert structure(a, darker) < 1e-9 < distance(a, darker)
    assert readable(a, True, a) == 1.0
    for bad in (look(subject=0.0), look(subject=0.9), look(low=0.0, high=0.1), look(low=0.97, high=1.0), look(apart=0.0)):
        assert readable(bad, True, a) < 0.3
    assert readable(look(subject=0.0), False, a) == 1.0
    assert Look.of_list(a.listed()).listed() == a.listed()
    for bad in ([], [1.0] * 7, [float("nan")] * len(a.listed())):
        with pytest.raises(ValueError):
            Look.of_list(bad)


def test_an_edit_is_cut_to_what_can_be_measured(direction: Direction, scene: Scene):
    giant = next(move for move in MOVES if move.name == "giant")
    idea = made(scene, (giant,), "all")
    assert idea is not None
    # A note nobody can see goes with it; it must not stay in the edit.
    noted = idea.direction.model_copy(update={"title": "another title", "shots": tuple(
        shot.model_copy(update={"section": "x"}) for shot in idea.direction.shots)})
    patch, after = shortened(direction, noted, None)
    full = patch_between(direction, noted)
    assert 0 < len(patch) < len(full) and not any(op["path"].endswith("/section") for op in patch)
    for k in range(len(direction.shots)):
        assert alike(excerpt(after, [k], None).rows, excerpt(noted, [k], None).rows)
    assert apply_patch(direction, patch, reason="").shots == after.shots
    assert not alike(excerpt(after, [0], None).rows, excerpt(direction, [0], None).rows)


def told(capsys: pytest.CaptureFixture[str], *words: str) -> dict:
    assert main([*words, "--json"]) == 0
    return json.loads(capsys.readouterr().out.splitlines()[-1])


def test_ideas_for_a_take_and_one_is_taken(few, direction: Direction, tmp_path: Path, capsys):
    import av

    project = tmp_path / "p"
    studio = Studio(Store(project).open(), default_registry(), lambda direction, brief: {})
    short = direction.model_copy(update={"shots": direction.shots[:1], "duration_s": 0.5})
    with studio.store.making() as folder:
        first = studio.store.publish(folder, SIDECAR, short.model_dump(mode="json"), {})
    with studio.store.making() as folder:
        studio.store.publish(folder, SIDECAR | {"parent": first.id}, short.model_dump(mode="json"), {})
    words = ["ideas", first.id, "--count", "2", "--project", str(project), "--seed", "3"]
    found = told(capsys, *words)["ideas"]
    assert 1 <= len(found) <= 2 and len({one["title"] for one in found}) == len(found)
    for one in found:
        assert Direction.model_validate(one["direction"]).shots == apply_patch(short, one["patch"], reason="").shots
        assert one["patch"] and one["distance"] >= 0.3 and one["why"].endswith(".") and np.isfinite(one["surprise_bits"])
        with av.open(one["preview"]) as film:
            assert sum(1 for _ in film.decode(video=0)) == 4
    assert [len(one.light) for one in looks_of_takes(studio, studio.store.takes())] == [1, 1]
    # The list that was shown is the list that is chosen from: nothing is looked for again.
    done = told(capsys, *words, "--take", "1", "--out", str(tmp_path / "out"))
    copies = [Path(one.pop("preview")) for one in done["ideas"]]
    assert copies[0] == tmp_path / "out" / "ideas-1" / "idea-1.mp4" and all(path.is_file() for path in copies)
    for one in found:
        one.pop("preview")
    take = studio.store.take(done["take"]["id"])
    assert done["ideas"] == found and take.parent == first.id and take.reason == found[0]["title"]
    assert Direction.model_validate(take.document("direction")).shots == apply_patch(short, found[0]["patch"],
                                                                                     reason="").shots
    assert studio.store.ids() == ["t0001", "t0002", "t0003"]


def test_stopped_or_without_a_library_nothing_is_kept(few, direction: Direction, scene: Scene, tmp_path: Path,
                                                      monkeypatch):
    stop = Flag()
    stop.set()
    start = Start(direction, WORDS, None, ())
    with pytest.raises(Stopped):
        ideas_from(start, 1, 1, tmp_path / "out", "x", lambda p: None, stop)
    monkeypatch.setitem(sys.modules, "ribs.archives", None)
    with pytest.raises(Unavailable, match="pyribs"):
        ideas_from(start, 1, 1, tmp_path / "out", "x", lambda p: None, Flag())
    assert not (tmp_path / "out").exists()


def test_bad_words_get_one_sentence(few, tmp_path: Path, capsys, monkeypatch):
    for words in ([""], ["x", "--count", "0"], ["x", "--count", "99"], ["x", "--take", "5"], ["t0099"],
                  ["x", "--seed", "-1"]):
        assert main(["ideas", *words, "--project", str(tmp_path / "p"), "--json"]) == 2
        done = capsys.readouterr()
        assert done.out == "" and 10 < len(done.err.splitlines()[-1]) < 300 and "Traceback" not in done.err
    monkeypatch.setenv("BEECAM_WEIGHTS", str(tmp_path / "none"))
    assert main(["ideas", WORDS, "--project", str(tmp_path / "p")]) == 3
    assert not list((tmp_path / "p" / "ideas").glob("*/*.mp4"))
