"""Laws of `beecam surprise`: one sentence without weights, numbers that add up with them, a film that is there whole."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import soundfile as sf
import torch
from test_surprise import model_of

from ui_gen.command_line.run import main
from world_model.joint import shipped
from world_model.joint.pipeline import new_pipeline
from world_model.streams.layout import WIDTHS

WORDS = "a fox in a snowy forest at night"


@pytest.fixture(scope="module")
def weights(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model that says little but what streams look like on the average."""
    folder = tmp_path_factory.mktemp("weights")
    model = model_of()
    with torch.no_grad():
        for name in WIDTHS:
            model.spread[name].fill_(0.3)
    new_pipeline(model).save_pretrained(folder / "small")
    return folder


@pytest.fixture
def with_weights(weights: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BEECAM_WEIGHTS", str(weights))
    monkeypatch.setattr(shipped, "_open", {})


def told(capsys: pytest.CaptureFixture[str], *words: str) -> dict:
    assert main([*words, "--json"]) == 0
    return json.loads(capsys.readouterr().out.splitlines()[-1])


def test_without_weights_one_sentence_and_code_3(tmp_path: Path, monkeypatch, capsys):
    monkeypatch.setenv("BEECAM_WEIGHTS", str(tmp_path / "none"))
    assert main(["surprise", WORDS, "--json"]) == 3
    done = capsys.readouterr()
    assert done.out == "" and "world_model.train" in done.err and "Traceback" not in done.err
    plan = told(capsys, "plan", WORDS, "--weird", "0.4")
    assert "measured" not in plan and plan["direction"]["weird"] == 0.4


@pytest.mark.parametrize("words", [["surprise", ""], ["surprise", "x", "--weird", "2"], ["surprise", "x", "--weird",
                                   "nan"], ["surprise", "x", "--size", "1x1"], ["surprise", "t0099"]], ids=" ".join)
def test_bad_words_get_one_sentence_and_code_2(words: list[str], with_weights, capsys):
    assert main([*words, "--json"]) == 2
    done = capsys.readouterr()
    assert done.out == "" and 10 < len(done.err.splitlines()[-1]) < 400


def test_numbers_add_up_and_come_again(with_weights, capsys):
    found = told(capsys, "surprise", WORDS)
    assert found["surprise_bits"] == pytest.approx(found["bits"] - found["typical_bits"], abs=2e-3)
    assert 0.0 <= found["coherence"] <= 1.0 and found["spread_bits"] > 0 and "world" not in found
    parts = [one["surprise_bits"] for one in found["over_film"]]
    assert np.mean(parts) == pytest.approx(found["surprise_bits"], abs=0.01) and len(parts) == 4
    assert found == told(capsys, "surprise", WORDS)
    plain, wild = (told(capsys, "plan", WORDS, "--weird", dial, "--seed", "1") for dial in ("0", "1"))
    assert plain["direction"]["weird"] == 0.0 and wild["direction"]["weird"] == 1.0
    assert wild["measured"]["surprise_bits"] >= plain["measured"]["surprise_bits"]
    assert any("bits a step" in note for note in wild["brief"]["notes"])
    assert "measured" not in told(capsys, "plan", WORDS)


@pytest.mark.slow
def test_a_weird_world_is_filmed_and_never_onto_another(with_weights, tmp_path: Path, capsys):
    out = tmp_path / "worlds"
    (out / "weird-1").mkdir(parents=True)
    made = told(capsys, "surprise", WORDS, "--weird", "0", "--size", "32x18", "--out", str(out))["world"]
    assert made["how"] == "plain" and made["target_bits"] == pytest.approx(made["surprise_bits"], abs=1e-3)
    assert Path(made["video"]) == out / "weird-1-2" / "video.mp4" and Path(made["video"]).stat().st_size > 0
    assert sf.info(made["audio"]).duration == 4.0
    assert sorted(p.name for p in out.iterdir()) == ["weird-1", "weird-1-2"] and not list((out / "weird-1").iterdir())
