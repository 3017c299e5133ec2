"""Looks learnt from clips: laws of grade and adapter, the certificate against planted failures, the store, the dream."""

from __future__ import annotations

import json
from pathlib import Path
from threading import Event as Flag

import numpy as np
import pytest
import torch

from modalities import style_learning
from modalities.faults import Stopped, Unusable
from modalities.style_clips import runs_of
from modalities.style_learning import learn_style
from modalities.style_store import folder_of, styles
from world_model.joint.shipped import open_picture_codec, open_world
from world_model.style.adapter import merged, save, targets, with_lora
from world_model.style.certificate import _copies, bare, certify, distance, nearest, verdict
from world_model.style.grade import grade_between, load_grade, save_grade
from world_model.style.material import material_of, plain_worlds


@pytest.fixture(scope="module", autouse=True)
def one_thread() -> None:
    torch.set_num_threads(1)


def quiet(stage: str, done: int, total: int) -> None:
    return None


def clip(path: Path, seconds: float = 2.0, tint: tuple[float, float, float] = (0.4, 0.5, 1.0)) -> Path:
    """A film of blue stripes that travel."""
    import av

    with av.open(str(path), "w") as film:
        stream = film.add_stream("libx264", rate=12)
        stream.width, stream.height, stream.pix_fmt = 256, 144, "yuv420p"
        across = np.arange(256)[None, :, None]
        for k in range(round(12 * seconds)):
            level = 127 + 90 * np.sin((across + 6 * k) / (9 + np.arange(144)[:, None, None] / 30))
            film.mux(stream.encode(av.VideoFrame.from_ndarray(
                np.clip(level * np.array(tint), 0, 255).astype(np.uint8), format="rgb24")))
        film.mux(stream.encode(None))
    return path


@pytest.fixture(scope="module")
def learnt(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project with a style of a few steps; worlds few, so that it takes seconds."""
    project = tmp_path_factory.mktemp("project")
    patched = pytest.MonkeyPatch()
    patched.setattr(style_learning, "LESSON_SEEDS", range(9000, 9003))
    patched.setattr(style_learning, "PROBE_SEEDS", range(7700, 7702))
    learn_style(project, "blue", [clip(project / "clip.mp4")], 4.0, 1, 3, quiet, Flag())
    yield project
    patched.undo()


# ------------------------------------------------------------------ grade

def test_a_grade_brings_mean_and_spread_and_nothing_at_zero(tmp_path: Path):
    rng = np.random.default_rng(1)
    plain = (rng.normal(0, 0.1, (8, 6912)) + 0.05).astype(np.float32)
    wanted = (rng.normal(0, 0.05, (8, 2304, 3)) * [1.0, 0.5, 2.0] + [-0.1, 0.0, 0.1]).astype(np.float32).reshape(8, 6912)
    grade = grade_between(plain, wanted)
    made = grade.over(plain).reshape(-1, 3)
    assert np.allclose(made.mean(0), wanted.reshape(-1, 3).mean(0), atol=0.01)
    assert np.allclose(made.std(0), wanted.reshape(-1, 3).std(0), atol=0.02)
    assert np.array_equal(grade.over(plain, 0.0), plain)
    save_grade(grade, tmp_path)
    again = load_grade(tmp_path)
    assert np.allclose(again.over(plain), grade.over(plain))
    (tmp_path / "grade.json").write_text('{"matrix": [[NaN]]}')
    with pytest.raises(ValueError, match="damaged"):
        load_grade(tmp_path)


# ------------------------------------------------------------------ adapter

def test_an_adapter_adds_nothing_at_first_and_comes_back_from_disk(tmp_path: Path):
    model = open_world("live").model
    assert len(targets(model)) > 10
    wrapped = with_lora(model, 3)
    save(wrapped, tmp_path)
    same = merged(model, tmp_path)
    assert all(torch.equal(a, b) for a, b in zip(model.state_dict().values(), same.state_dict().values(), strict=True))
    with torch.no_grad():
        for name, weight in wrapped.named_parameters():
            if "lora_B" in name:
                weight.fill_(0.01)
    save(wrapped, tmp_path)
    whole, half, none = (merged(model, tmp_path, amount) for amount in (1.0, 0.5, 0.0))
    name = next(name for name in model.state_dict() if name.endswith("qkv.weight"))
    base, far, near = (one.state_dict()[name] for one in (model, whole, half))
    assert (far != base).any() and torch.allclose(near - base, 0.5 * (far - base), atol=1e-6)
    assert torch.equal(none.state_dict()[name], base)
    (tmp_path / "adapter_model.safetensors").write_bytes(b"not weights")
    with pytest.raises(ValueError, match="cannot be read"):
        merged(model, tmp_path)


# ------------------------------------------------------------------ certificate

SOUND = {"finite": True, "noise": 0.01, "changed": 0.02, "moved": 0.4, "layout": 0.8, "layout_before": 0.85, "variety": 0.9,
         "leak": {"likeness": 0.6, "threshold": 0.8, "nearest_frame": 3}}


def test_a_sound_certificate_passes_and_each_fault_is_named():
    assert verdict(SOUND) == []
    for change, said in (({"finite": False}, "not finite"), ({"changed": 0.0}, "moves nothing"), ({"moved": 0.05}, "of the way"),
                         ({"layout": 0.2}, "is lost"), ({"variety": 0.1}, "come out alike"),
                         ({"leak": SOUND["leak"] | {"likeness": 0.9}}, "copies frame 3")):
        (reason,) = verdict(SOUND | change)
        assert said in reason


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory):
    """The model, its codec, a clip as material and two plain worlds."""
    model, codec = open_world("live").model, open_picture_codec()
    path = clip(tmp_path_factory.mktemp("clip") / "clip.mp4")
    return model, codec, material_of(runs_of(path, Flag()), codec, model.patch), plain_worlds(range(7700, 7702))


@pytest.mark.parametrize("planted, said", [("nothing", "moves nothing"), ("not a number", "not finite"),
                                           ("far too strong", "is lost|come out alike|of the way|copies")])
def test_planted_broken_adapters_fail(scene, planted: str, said: str, tmp_path: Path):
    import re

    model, codec, material, probes = scene
    wrapped = with_lora(model, 5)
    with torch.no_grad():
        for name, weight in wrapped.named_parameters():
            if "lora_B" in name and planted != "nothing":
                weight.fill_(float("nan")) if planted == "not a number" else weight.normal_(0.0, 0.5)
    save(wrapped, tmp_path)
    shown, _, _ = certify(model, merged(model, tmp_path), codec, material, probes, 1)
    assert not shown["passed"] and any(re.search(said, reason) for reason in shown["reasons"]), shown["reasons"]
    json.dumps(shown, allow_nan=planted == "not a number")


def test_copies_are_told_from_other_pictures(scene):
    model, codec, material, probes = scene
    weight = model.weight.detach()
    clips = bare(material.frames[::3], codec, weight)
    copied = nearest(bare(_copies(material.frames[::3]), codec, weight), clips)[0]
    other = nearest(bare(probes.frames[:, 0], codec, weight), clips)[0]
    assert copied.min() > other.max()


def test_distance_is_nought_to_oneself_and_grows_with_a_tint(scene):
    frames = scene[3].frames[:, 0]
    tinted = (frames * np.array([1.0, 0.6, 0.4])).astype(np.uint8)
    stronger = (frames * np.array([1.0, 0.3, 0.1])).astype(np.uint8)
    assert distance(frames, frames) == 0.0 < distance(tinted, frames) < distance(stronger, frames)


# ------------------------------------------------------------------ the store and the dream

def test_a_style_is_kept_whole_with_certificate_pairs_and_sources(learnt: Path):
    folder = learnt / "styles" / "blue"
    names = {path.name for path in folder.iterdir()}
    assert {"adapter_model.safetensors", "adapter_config.json", "certificate.json", "grade.json", "sources.json"} <= names
    assert sum(name.startswith("pair-") for name in names) == 2
    data = json.loads((folder / "certificate.json").read_text())
    assert data["steps"] == 3 and data["sources"][0]["file"] == "clip.mp4" and len(data["sources"][0]["sha256"]) == 64
    assert str(learnt) not in (folder / "certificate.json").read_text() + (folder / "adapter_config.json").read_text()
    (row,) = styles(learnt)
    assert row["name"] == "blue" and row["passed"] == (not row["reasons"])


def test_the_same_clips_seed_and_steps_give_the_same_adapter(learnt: Path, tmp_path: Path):
    learn_style(tmp_path, "again", [learnt / "clip.mp4"], 4.0, 1, 3, quiet, Flag())
    one, other = (folder / "adapter_model.safetensors" for folder in (learnt / "styles/blue", tmp_path / "styles/again"))
    assert one.read_bytes() == other.read_bytes()


@pytest.mark.parametrize("name", ["../x", "", "A", "a/b", "a" * 41, ".hidden", "ä", "a\n"])
def test_names_lead_nowhere(learnt: Path, name: str):
    with pytest.raises(Unusable, match="cannot name a style"):
        folder_of(learnt, name)
    with pytest.raises(Unusable):
        learn_style(learnt, name, [learnt / "clip.mp4"], 4.0, 1, 1, quiet, Flag())


def test_what_cannot_be_learnt_is_one_sentence_and_leaves_nothing(learnt: Path, tmp_path: Path):
    (tmp_path / "text.mp4").write_text("no film")
    short = clip(tmp_path / "short.mp4", 0.5)
    for clips, said in (([], "1 to 50 clips"), ([tmp_path / "gone.mp4"], "no file"), ([tmp_path / "text.mp4"], "not a film"),
                        ([short], "shorter than a second")):
        with pytest.raises(Unusable, match=said):
            learn_style(tmp_path, "x", clips, 4.0, 1, 1, quiet, Flag())
    with pytest.raises(Unusable, match="already a style"):
        learn_style(learnt, "blue", [learnt / "clip.mp4"], 4.0, 1, 1, quiet, Flag())
    stop = Flag()
    with pytest.raises(Stopped):
        learn_style(tmp_path, "x", [learnt / "clip.mp4"], 4.0, 1, 50,
                    lambda stage, done, total: stop.set() if stage == "learn" else None, stop)
    assert list((tmp_path / "styles").iterdir()) == []


def test_the_dream_takes_the_style_and_more_of_it_is_further_away(learnt: Path, tmp_path: Path):
    from test_video_engines import film, frames_of

    from agent.unroll import unroll
    from modalities.engine import Job
    from modalities.engines.dream import DreamEngine, DreamParams

    direction = film((0.5,))
    engine, world = DreamEngine(), unroll(direction, None, 50.0)

    def made(name: str, **params: object) -> np.ndarray:
        folder = learnt / f".making-{name}"
        folder.mkdir()
        job = Job(world, (64, 36), None, None, None, None, DreamParams.model_validate(params), 3, folder,
                  segments=learnt / "segments")
        return frames_of(engine.run(job, lambda progress: None).video).astype(float)

    plain, none, half, whole = made("a"), made("b", style="blue", style_amount=0.0), \
        made("c", style="blue", style_amount=0.5), made("d", style="blue")
    assert np.abs(none - plain).mean() < 0.5
    assert 0.5 < np.abs(half - plain).mean() < np.abs(whole - plain).mean()
    with pytest.raises(Unusable, match="There is no style"):
        made("e", style="nobody")



# ------------------------------------------------------------------ large models

def test_a_look_is_taught_to_a_large_models_transformer_and_comes_back(tmp_path: Path):
    from diffusers import WanTransformer3DModel

    from modalities.faults import Unavailable
    from modalities.style_large import learn_large, needed_bytes, save_large

    torch.manual_seed(2)
    shape = {"patch_size": (1, 2, 2), "num_attention_heads": 2, "attention_head_dim": 12, "in_channels": 4, "out_channels": 4,
             "text_dim": 16, "freq_dim": 32, "ffn_dim": 24, "num_layers": 1, "rope_max_seq_len": 32}
    model = WanTransformer3DModel(**shape)
    latents, words = 0.3 * torch.randn(2, 4, 2, 4, 4), torch.randn(1, 3, 16)
    with pytest.raises(Unavailable, match="GiB are free"):
        learn_large(model, latents, words, needed_bytes(model) - 1, 1, 1)
    losses = learn_large(model, latents, words, 1 << 30, 1, 60, rate=5e-3)
    assert np.isfinite(losses).all() and np.mean(losses[-15:]) < np.mean(losses[:15])
    save_large(model, tmp_path)
    again = WanTransformer3DModel(**shape)
    again.load_state_dict({name.replace(".base_layer", ""): weight for name, weight in model.state_dict().items()
                           if "lora" not in name})
    again.load_lora_adapter(str(tmp_path), weight_name="pytorch_lora_weights.safetensors", adapter_name="style",
                            prefix=None, local_files_only=True)
    asked = {"hidden_states": latents[:1], "timestep": torch.tensor([500.0]), "encoder_hidden_states": words,
             "return_dict": False}
    with torch.no_grad():
        assert torch.allclose(model(**asked)[0], again(**asked)[0], atol=1e-5)
