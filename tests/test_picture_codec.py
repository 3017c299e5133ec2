"""Laws of the picture codec, its training stage and the pieces every training stage shares."""

from __future__ import annotations

import csv
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
import torch

from world_model.codec.picture import PRESETS, PictureCodec, load_codec, make_codec
from world_model.train.budget import (
    Budget,
    CsvLog,
    Ema,
    learning_rate,
    load_checkpoint,
    plot_log,
    read_log,
    save_checkpoint,
)
from world_model.train.picture import (
    Crop,
    draw_batch,
    held_out,
    losses,
    open_shards,
    optimise,
    to_video,
    train_picture,
)

SMALL = Crop(steps=2, height_px=32, width_px=48)


def shaken(seed: int = 0) -> PictureCodec:
    """A tiny codec none of whose weights is zero, so that every path carries something."""
    torch.manual_seed(seed)
    codec = make_codec("tiny")
    with torch.no_grad():
        for weight in codec.parameters():
            weight.add_(0.05 * torch.randn_like(weight))
    codec.set_latent_scale(torch.linspace(-1, 1, 8), torch.linspace(0.5, 2, 8))
    return codec.eval()


def a_video(steps: int = 4, seed: int = 1) -> torch.Tensor:
    return torch.rand(2, 3 * steps, 3, 32, 48, generator=torch.Generator().manual_seed(seed))


def moving_shards(folder: Path, shards: int = 2, clips: int = 3) -> Path:
    """Clips of soft waves that move, as the data writer lays them out."""
    rng = np.random.default_rng(5)
    y, x = np.mgrid[:32, :64] / 16.0
    folder.mkdir(exist_ok=True)
    for i in range(shards):
        made = np.empty((clips, 12, 32, 64, 3), np.uint8)
        for clip in range(clips):
            turn, speed, hue = rng.uniform(0, 6, 3)
            for t in range(12):
                wave = np.sin(3 * (np.cos(turn) * x + np.sin(turn) * y) + 0.1 * speed * t)
                made[clip, t] = 127 + 90 * np.stack([wave, wave * np.cos(hue), np.roll(wave, 3, 1)], -1)
        np.save(folder / f"rgb-{i:05d}.npy", made)
    return folder


@torch.no_grad()
def test_shapes_and_range():
    codec = shaken()
    latents, _ = codec.encode(a_video())
    assert latents.shape == (2, 4, 8, 2, 3)
    video, _ = codec.decode(30 * latents)
    assert video.shape == (2, 12, 3, 32, 48)
    assert float(video.min()) == 0.0 and float(video.max()) == 1.0
    assert float(codec.train().decode(30 * latents)[0].max()) > 1.0


@torch.no_grad()
@pytest.mark.parametrize("pieces", [(1, 1, 1, 1), (3, 1), (1, 2, 1)])
def test_streaming_equals_batch(pieces: tuple[int, ...]):
    codec = shaken()
    video = a_video()
    latents, _ = codec.encode(video)
    whole, _ = codec.decode(latents)
    here, there, at, coded, made = None, None, 0, [], []
    for steps in pieces:
        z, here = codec.encode(video[:, 3 * at:3 * (at + steps)], here)
        v, there = codec.decode(z, there)
        coded.append(z)
        made.append(v)
        at += steps
    torch.testing.assert_close(torch.cat(coded, 1), latents, atol=1e-5, rtol=0)
    torch.testing.assert_close(torch.cat(made, 1), whole, atol=1e-5, rtol=0)


@torch.no_grad()
def test_the_past_is_remembered_and_the_future_is_not_known():
    codec = shaken()
    video = a_video()
    other = video.clone()
    other[:, 6:9] = 1.0 - other[:, 6:9]
    latents, changed = codec.encode(video)[0], codec.encode(other)[0]
    torch.testing.assert_close(changed[:, :2], latents[:, :2], atol=1e-5, rtol=0)
    assert float((changed[:, 2] - latents[:, 2]).abs().mean()) > 1e-3
    assert float((changed[:, 3] - latents[:, 3]).abs().mean()) > 1e-5
    mixed = latents.clone()
    mixed[:, 2] += 1.0
    made, remade = codec.decode(latents)[0], codec.decode(mixed)[0]
    torch.testing.assert_close(remade[:, :6], made[:, :6], atol=1e-5, rtol=0)
    assert float((remade[:, 9:] - made[:, 9:]).abs().mean()) > 1e-5


@torch.no_grad()
def test_a_state_is_a_value():
    codec = shaken()
    _, state = codec.encode(a_video(2))
    first, _ = codec.encode(a_video(1, 3), state)
    codec.encode(a_video(1, 4), state)
    torch.testing.assert_close(codec.encode(a_video(1, 3), state)[0], first, atol=0, rtol=0)


@torch.no_grad()
def test_saved_and_loaded_is_the_same(tmp_path: Path):
    codec = shaken()
    codec.save_pretrained(tmp_path / "codec")
    again = load_codec(str(tmp_path / "codec"))
    assert not again.training and dict(again.config)["latent_channels"] == 8
    for name, weight in codec.state_dict().items():
        assert torch.equal(again.state_dict()[name], weight), name
    latents = codec.encode(a_video())[0]
    torch.testing.assert_close(again.encode(a_video())[0], latents, atol=1e-5, rtol=0)
    torch.testing.assert_close(again.decode(latents)[0], codec.decode(latents)[0], atol=1e-5, rtol=0)


@pytest.mark.parametrize("shape", [(1, 3, 3, 30, 48), (1, 3, 3, 32, 40), (1, 4, 3, 32, 48), (1, 3, 4, 32, 48),
                                   (3, 3, 32, 48), (1, 0, 3, 32, 48)])
def test_wrong_videos_are_refused(shape: tuple[int, ...]):
    with pytest.raises(ValueError, match="must be"):
        shaken().encode(torch.rand(shape))


def test_wrong_latents_states_and_presets_are_refused():
    codec = shaken()
    latents, state = codec.encode(a_video())
    with pytest.raises(ValueError, match="latents"):
        codec.decode(latents[:, :, :5])
    with pytest.raises(ValueError, match="state"):
        codec.decode(latents, state)
    with pytest.raises(ValueError, match="state"):
        codec.encode(a_video()[:1], state)
    with pytest.raises(ValueError, match="tiny, small, base"):
        make_codec("huge")
    with pytest.raises(ValueError, match="above zero"):
        codec.set_latent_scale(torch.zeros(8), torch.zeros(8))


def test_sizes_of_the_presets():
    count = {name: sum(w.numel() for w in make_codec(name).parameters()) for name in PRESETS}
    assert count["tiny"] < 0.3e6 < 2e6 < count["small"] < 4e6 < 15e6 < count["base"] < 26e6


@torch.no_grad()
def test_linear_start_is_the_best_of_its_rank():
    torch.manual_seed(0)
    codec = make_codec("tiny").eval()
    mixture = torch.randn(8, 3 * 3 * 16 * 16) * 0.05
    patches = (torch.randn(64, 8) @ mixture).reshape(64, 1, 9, 16, 16)
    video = (0.5 + patches.reshape(64, 3, 3, 16, 16)).clamp(0, 1)
    codec.fit_linear(video)
    made, latents = codec(video)
    assert float((made - video).square().mean()) < 1e-3 * float((video - 0.5).square().mean())
    torch.testing.assert_close(latents.flatten(0, 1).flatten(1).std(0), torch.ones(8), atol=0.05, rtol=0)


def test_shards_held_out_and_drawing(tmp_path: Path):
    folder = moving_shards(tmp_path / "s")
    np.save(folder / "rgb-00009.npy.part.npy", np.zeros(3))
    (folder / "rgb-00009.npy.part.npy").rename(folder / "rgb-00009.npy.part")
    (folder / "rgb-00008.npy").write_bytes(b"half")
    shards = open_shards(folder)
    assert len(shards) == 2 and [held_out(np.zeros(n)) for n in (1, 2, 20, 21)] == [0, 1, 1, 2]
    hidden = [np.array(shard) for shard in shards]
    for shard in hidden:
        shard[-1] = 255
        shard[:-1] = np.minimum(shard[:-1], 250)
    drawn = draw_batch(hidden, 64, SMALL, 3, (0, 0))
    assert drawn.shape == (64, 6, 32, 48, 3) and drawn.max() <= 250
    assert np.array_equal(drawn, draw_batch(hidden, 64, SMALL, 3, (0, 0)))
    assert not np.array_equal(drawn, draw_batch(hidden, 64, SMALL, 3, (0, 1)))


def test_losses_vanish_only_at_the_source():
    video = a_video(1)
    none = torch.zeros(1)
    assert all(float(v) == 0.0 for v in losses(video, video, none).values())
    found = losses(video.mean((-1, -2), keepdim=True).expand_as(video), video, none)
    assert all(float(found[name]) > 0.05 for name in ("l1", "gradient", "pyramid", "texture"))


def test_ten_steps_lower_the_loss(tmp_path: Path):
    shards = open_shards(moving_shards(tmp_path / "s"))
    torch.manual_seed(0)
    codec = make_codec("tiny").train()
    video = to_video(draw_batch(shards, 4, SMALL, 3, (0, 0)), torch.device("cpu"))
    optimiser = torch.optim.AdamW(codec.parameters(), lr=2e-3)
    seen = [float(optimise(codec, optimiser, video)["loss"]) for _ in range(11)]
    assert seen[-1] < 0.8 * seen[0]


def test_training_from_shards_improves_and_resumes_where_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("world_model.train.picture.learning_rate", lambda share, peak: 2 * peak)
    folder, out = moving_shards(tmp_path / "s"), tmp_path / "out"
    found = train_picture(folder, out, "tiny", 5.0, batch=2, crop=SMALL, most_steps=10)
    assert found["steps"] == 10 and found["psnr_db"] > 10 and 0.0 < found["sharpness"] < 2.0
    assert (out / "picture_sides.png").stat().st_size > 0 and (out / "picture_loss.png").stat().st_size > 0
    codec = load_codec(str(out / "picture_codec"))
    assert not torch.equal(codec.latent_std, torch.ones(8)) and 0.5 < found["latent_std"] < 2.0
    saved = torch.load(out / "picture.pt", weights_only=True)
    again = train_picture(folder, out, "tiny", 5.0, resume=True, batch=2, crop=SMALL, most_steps=50)
    assert saved["step"] == 10 and again["steps"] == 50
    assert torch.load(out / "picture.pt", weights_only=True)["used_s"] > saved["used_s"]
    assert read_log(out / "picture.csv")["step"] == [9.0, 19.0, 39.0, 49.0]
    assert again["psnr_db"] > found["psnr_db"]


def test_a_run_cut_in_two_equals_one_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("world_model.train.picture.learning_rate", lambda share, peak: peak)
    folder = moving_shards(tmp_path / "s", 1)
    train_picture(folder, tmp_path / "a", "tiny", 5.0, batch=2, crop=SMALL, most_steps=6)
    train_picture(folder, tmp_path / "b", "tiny", 5.0, batch=2, crop=SMALL, most_steps=3)
    train_picture(folder, tmp_path / "b", "tiny", 5.0, resume=True, batch=2, crop=SMALL, most_steps=6)
    a, b = (torch.load(tmp_path / name / "picture.pt", weights_only=True) for name in "ab")
    for part in ("model", "ema"):
        for name, weight in a[part].items():
            torch.testing.assert_close(b[part][name], weight, atol=1e-6, rtol=0)


def test_training_needs_clips(tmp_path: Path):
    with pytest.raises(ValueError, match="two clips"):
        train_picture(tmp_path, tmp_path / "out", "tiny", 1.0)


def test_budget_counts_from_its_start():
    now = [100.0]
    budget = Budget(2.0, used_s=30.0, clock=lambda: now[0])
    now[0] += 50
    assert budget.used_s == 30.0 and budget.share == 0.25
    budget.start()
    now[0] += 30
    budget.start()
    assert budget.used_s == 60.0 and budget.share == 0.5 and not budget.over
    now[0] += 600
    assert budget.share == 1.0 and budget.over
    with pytest.raises(ValueError, match="minutes"):
        Budget(0.0)


def test_learning_rate_rises_then_falls():
    shares = np.linspace(0, 1, 201)
    rates = [learning_rate(float(s), 1.0, warm_up=0.1, least=0.05) for s in shares]
    top = int(np.argmax(rates))
    assert 0 < rates[0] < 0.1 and rates[top] == pytest.approx(1.0) and shares[top] == pytest.approx(0.1)
    assert all(a <= b for a, b in pairwise(rates[:top + 1]))
    assert all(a >= b for a, b in pairwise(rates[top:]))
    assert rates[-1] == pytest.approx(0.05)


@torch.no_grad()
def test_average_follows_and_lets_go():
    model = torch.nn.Linear(2, 2)
    ema = Ema(model, 0.9)
    start = model.weight.detach().clone()
    model.weight.add_(1.0)
    distance = [float((model.weight - ema.weights["weight"]).abs().max())]
    for _ in range(60):
        ema.update(model)
        distance.append(float((model.weight - ema.weights["weight"]).abs().max()))
    assert all(a >= b for a, b in pairwise(distance)) and distance[-1] < 0.01
    own = model.weight.detach().clone()
    ema.weights["weight"].copy_(start)
    with pytest.raises(KeyError), ema.applied(model):
        assert torch.equal(model.weight, start)
        raise KeyError
    assert torch.equal(model.weight, own)


def test_log_is_taken_up_and_drawn(tmp_path: Path):
    path = tmp_path / "log.csv"
    log = CsvLog(path, ("loss", "rate"))
    for step in range(5):
        log.write(step, {"loss": 1.0 / (step + 1), "rate": 0.1})
    with path.open("a") as file:
        file.write("5,0.1")
    CsvLog(path, ("loss", "rate"), 3).write(3, {"loss": 0.5})
    rows = list(csv.reader(path.read_text().splitlines()))
    assert [row[0] for row in rows] == ["step", "0", "1", "2", "3"] and rows[-1] == ["3", "0.5", ""]
    with pytest.raises(ValueError, match="columns"):
        CsvLog(path, ("loss",), 3)
    plot_log(path, tmp_path / "log.png", ("loss", "rate"))
    from PIL import Image

    colours = Image.open(tmp_path / "log.png").convert("RGB").getcolors(1 << 20)
    assert colours is not None and len(colours) > 3


def test_checkpoint_brings_everything_back_and_a_kill_keeps_the_old_one(tmp_path: Path,
                                                                       monkeypatch: pytest.MonkeyPatch):
    def make(seed: int):
        torch.manual_seed(seed)
        model = torch.nn.Linear(3, 3)
        return model, Ema(model), torch.optim.AdamW(model.parameters())

    model, ema, optimiser = make(0)
    model(torch.rand(2, 3)).sum().backward()
    optimiser.step()
    ema.update(model)
    path = tmp_path / "run.pt"
    save_checkpoint(path, model, ema, optimiser, 17, 2.5)
    drawn = torch.rand(3)
    other = make(1)
    assert load_checkpoint(path, *other) == (17, 2.5)
    assert torch.equal(torch.rand(3), drawn)
    assert torch.equal(other[0].weight, model.weight) and other[1].updates == 1
    assert torch.equal(other[1].weights["weight"], ema.weights["weight"])
    assert other[2].state_dict()["state"][0]["step"] == 1

    def killed(content: object, file: object) -> None:
        file.write(b"half")  # type: ignore[attr-defined]
        raise KeyboardInterrupt

    monkeypatch.setattr(torch, "save", killed)
    with pytest.raises(KeyboardInterrupt):
        save_checkpoint(path, model, ema, optimiser, 18, 3.0)
    assert load_checkpoint(path, *make(2))[0] == 17
