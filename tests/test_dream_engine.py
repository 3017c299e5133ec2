"""The dream engine with small random weights made here (what it dreams means nothing; how it runs is tested), and the
shipped weights of the world model."""

from __future__ import annotations

import json
import os
from pathlib import Path

import numpy as np
import pytest
import torch

from tests.test_command_line import beecam

ROOT = Path(__file__).resolve().parent.parent
WEIGHTS = ROOT / "world_model" / "weights"


def test_shipped_weights_are_small_and_strict():
    files = list(WEIGHTS.rglob("*.safetensors"))
    assert {"small", "picture_codec", "sound_codec"} <= {path.relative_to(WEIGHTS).parts[0] for path in files}
    assert all(path.stat().st_size <= 16 * 2**20 for path in files)
    assert sum(path.stat().st_size for path in files) <= 40 * 2**20
    from world_model.joint.shipped import open_picture_codec, open_sound_codec, open_world

    model = open_world("small").model
    assert all(bool(torch.isfinite(weight).all()) for weight in model.parameters())
    tone = torch.sin(torch.arange(24000) * 0.06)[None] * 0.3
    again = open_sound_codec().decode(open_sound_codec().encode(tone))
    assert again.shape == tone.shape and float((again - tone).square().mean()) < 0.6 * float(tone.square().mean())
    ramp = torch.linspace(0, 1, 256).expand(1, 3, 3, 144, 256)
    with torch.no_grad():
        back = open_picture_codec().decode(open_picture_codec().encode(ramp)[0])[0]
    assert float((back - ramp).abs().mean()) < 0.06


def test_without_its_weights_the_dream_says_what_it_needs(tmp_path: Path):
    done = beecam("make", "a fox", "--engine", "dream", cwd=tmp_path, env={**os.environ, "BEECAM_WEIGHTS": str(tmp_path)})
    assert done.returncode == 3 and "python -m world_model.train" in done.stderr and "Traceback" not in done.stderr
    assert not (tmp_path / "beecam-project" / "takes").exists() or not list((tmp_path / "beecam-project" / "takes").iterdir())


@pytest.fixture(scope="module")
def weights(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A tiny random world model and codec where the trained ones would lie."""
    from world_model.codec.picture import make_codec
    from world_model.joint.model import JointModel
    from world_model.joint.pipeline import new_pipeline
    from world_model.joint.presets import PRESETS, model_options

    folder = tmp_path_factory.mktemp("weights")
    torch.manual_seed(4)
    size = PRESETS["tiny"]
    model = JointModel(**model_options(size))
    with torch.no_grad():
        for name, weight in model.named_parameters():
            if weight.requires_grad and "mean" not in name:
                weight.add_(torch.randn_like(weight) * 0.3)
        for name in ("place", "air", "look"):  # so that what is known weighs much, as it does after training
            model.spread[name].fill_(0.1)
    new_pipeline(model).save_pretrained(folder / "live")
    codec = make_codec("tiny")
    with torch.no_grad():
        codec.linear.synthesis.weight.mul_(8.0)
    codec.save_pretrained(folder / "picture_codec")
    return folder


@pytest.fixture
def here(weights: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    from world_model.joint import shipped

    monkeypatch.setenv("BEECAM_WEIGHTS", str(weights))
    monkeypatch.setattr(shipped, "_open", {})
    return weights


@pytest.fixture(scope="module")
def dreamt(weights: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, object]:
    folder = tmp_path_factory.mktemp("dreamt")
    done = beecam("make", "a sailing boat on the ocean at sunset", "--engine", "dream", "--size", "192x108", "--duration",
                  "1.5", "--seed", "4", "--json", cwd=folder, env={**os.environ, "BEECAM_WEIGHTS": str(weights)})
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.strip().splitlines()[-1])["takes"][0]


def pictures(path: str) -> np.ndarray:
    import av

    with av.open(path) as film:
        return np.stack([frame.to_ndarray(format="rgb24") for frame in film.decode(video=0)])


def test_a_dream_is_a_film_of_three_pictures_a_step(dreamt: dict[str, object]):
    frames = pictures(str(dreamt["video"])).astype(float)
    assert frames.shape == (36, 108, 192, 3) and dreamt["engine"] == "dream"
    moved = np.abs(np.diff(frames, axis=0)).mean((1, 2, 3))
    # 12 pictures a second in a film of 24: every other frame is the one before, up to the film's compression.
    assert moved[1::2].mean() > 3 * moved[0::2].mean()
    assert Path(str(dreamt["audio"])).stat().st_size > 100_000


def state_of(seed: int, **fixed: str) -> np.ndarray:
    from world_model.sim.sampling import random_world

    return random_world(seed, 24, 12, **fixed).state.pack().numpy()


def test_a_live_dream_plays_and_is_steered(here: Path):
    from modalities.live.dream_live import DreamPainter, dream_engine

    assert dream_engine().id == "dream"
    rows = state_of(3, setting="meadow", weather="clear", light="noon")
    painter = DreamPainter()
    painter.open(rows[0], (128, 72), 24, 1)
    frames = painter.paint(rows[:6], 0)
    assert frames.shape == (6, 72, 128, 3) and np.array_equal(frames[0], frames[1]) and not np.array_equal(
        frames[1], frames[2])
    other = state_of(9, setting="city", weather="storm", light="night", look="pencil")[6]
    assert painter.differs(other, rows[6]) and not painter.differs(rows[6], rows[6])
    again = DreamPainter()
    again.open(rows[0], (128, 72), 24, 1)
    assert np.array_equal(again.paint(rows[:6], 0), frames)


def test_a_live_dream_needs_its_weights(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    from modalities.faults import Unavailable
    from modalities.live.dream_live import dream_engine

    monkeypatch.setenv("BEECAM_WEIGHTS", str(tmp_path))
    with pytest.raises(Unavailable, match="train"):
        dream_engine()


def test_the_world_model_fills_in_what_words_say():
    """Held-out wordings: of twelve places, most are what the model makes of them."""
    from world_model.data.phrases import paraphrases
    from world_model.joint.shipped import open_world
    from world_model.vocabulary import SETTINGS

    names = ("ocean", "desert", "forest", "city", "underwater", "space", "snowfield", "mountains", "village", "canyon")
    right = 0
    for name in names:
        phrase = paraphrases("setting", name, held_out=True)[0]
        out = open_world("small")(text=[phrase], steps=4, num_inference_steps=8,
                                  generator=torch.Generator().manual_seed(7)).streams["place"][0, :, :len(SETTINGS)]
        right += SETTINGS[int(out.mean(0).argmax())] == name
    assert right >= 5, f"{right} of {len(names)}"  # by chance 0.6
