"""The whole training chain with the tiny preset: data, codecs, latents, joint model, shipped weights, and on from a kill."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import torch

ROOT = Path(__file__).resolve().parent.parent


def train(*words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-m", "world_model.train", *words], cwd=ROOT, capture_output=True, text=True,
                          timeout=280)


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("run")
    done = train("--preset", "tiny", "--minutes", "0.12", "--out", str(out), "--workers", "1", "--threads", "1")
    assert done.returncode == 0, done.stderr[-3000:]
    stages = [json.loads(line)["stage"] for line in done.stdout.splitlines() if line.startswith("{")]
    assert stages == ["data", "picture", "sound", "latents", "joint", "ship"]
    return out


def test_the_chain_leaves_weights_that_open_and_dream(run: Path, monkeypatch: pytest.MonkeyPatch):
    from world_model.dream import Dreamer
    from world_model.joint import shipped

    monkeypatch.setenv("BEECAM_WEIGHTS", str(run / "weights"))
    monkeypatch.setattr(shipped, "_open", {})
    assert shipped.missing("tiny") is None and "train" in str(shipped.missing("base"))
    pipeline, codec, sound = shipped.open_world("tiny"), shipped.open_picture_codec(), shipped.open_sound_codec()
    assert next(pipeline.model.parameters()).dtype == torch.float32
    out = pipeline(text=["a red fox in snow"], steps=4, num_inference_steps=2).streams
    frames = Dreamer(pipeline, codec).step({name: out[name][0, :1].numpy() for name in ("place", "air", "look", "bodies",
                                                                                       "camera", "score")})
    assert frames.shape == (3, 144, 256, 3)
    assert sound.decode(sound.encode(torch.zeros(1, 24000))).shape == (1, 24000)
    files = list((run / "weights").rglob("*.safetensors"))
    assert files and all(path.stat().st_size <= 16 * 2**20 for path in files)
    metrics = json.loads((run / "weights" / "metrics.json").read_text())
    assert metrics["tiny/joint"]["steps"] >= 1


def test_statistics_come_from_the_data(run: Path):
    from world_model.data.shards import load_clips
    from world_model.joint.model import JointModel

    clips = load_clips(run / "data")
    model = JointModel.from_pretrained(run / "joint", local_files_only=True)
    x = torch.from_numpy(clips.streams["camera"].astype(np.float32))
    assert torch.allclose(model.restored("camera", model.normalised("camera", x)), x, atol=0.05)
    assert abs(float(model.normalised("look", torch.from_numpy(clips.streams["look"].astype(np.float32))).mean())) < 0.3


@pytest.mark.parametrize("stage", ["joint", pytest.param("data", marks=pytest.mark.slow)])
def test_a_second_call_makes_nothing_twice_and_goes_on(run: Path, stage: str):
    before = {path: path.stat().st_mtime_ns for path in (run / "data").iterdir()}
    steps = json.loads((run / "weights" / "metrics.json").read_text())["tiny/joint"]["steps"]
    done = train("--preset", "tiny", "--minutes", "0.12", "--resume", str(run), "--stage", stage, "--workers", "1",
                 "--threads", "1")
    assert done.returncode == 0, done.stderr[-3000:]
    # What time ran out for the first time may come now; what was there is left alone.
    assert {path: path.stat().st_mtime_ns for path in before} == before
    if stage == "data":
        return
    assert json.loads((run / "weights" / "metrics.json").read_text())["tiny/joint"]["steps"] > steps
    rows = (run / "joint.csv").read_text().splitlines()
    numbers = [int(row.split(",")[0]) for row in rows[1:]]
    assert numbers == sorted(set(numbers))


def test_wrong_words_end_with_a_sentence(tmp_path: Path):
    done = train("--preset", "tiny", "--minutes", "1")
    assert done.returncode == 2 and "--out DIR" in done.stderr and "Traceback" not in done.stderr
    done = train("--preset", "tiny", "--minutes", "1", "--out", str(tmp_path), "--stage", "joint")
    assert done.returncode == 2 and "no shards" in done.stderr and "Traceback" not in done.stderr


def test_blocks_are_taken_over_by_a_larger_model():
    from world_model.joint.model import JointModel
    from world_model.train.joint import take_over

    small = JointModel([["place", 23, 1]], 16, 2, 2)
    large = JointModel([["place", 23, 1], ["camera", 10, 1]], 16, 2, 2)
    taken = take_over(large, small)
    assert taken == len(small.state_dict())
    assert torch.equal(large.blocks[1].qkv.weight, small.blocks[1].qkv.weight)


def test_learning_lowers_the_error(run: Path):
    from world_model.data.shards import load_clips
    from world_model.joint.model import JointModel
    from world_model.train.joint import Words, batch_of, fit_statistics, joint_loss

    clips = load_clips(run / "data")
    torch.manual_seed(0)
    names = ("place", "air", "look")
    model = JointModel([[n, clips.streams[n].shape[2], 1] for n in names], 32, 2, 2)
    fit_statistics(model, clips)
    optimiser = torch.optim.AdamW(model.parameters(), 3e-3)
    clean = batch_of(clips, names, np.arange(4))
    words = Words(torch.zeros(4, 1, 384), torch.zeros(4, 1, dtype=torch.bool))
    losses = []
    for k in range(60):
        loss, _ = joint_loss(model, clean, words, torch.Generator().manual_seed(k % 3))
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        losses.append(float(loss.detach()))
    assert np.mean(losses[-6:]) < 0.6 * np.mean(losses[:6])
