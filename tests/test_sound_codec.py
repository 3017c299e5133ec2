"""The sound codec: geometry, streams, weights that move between two implementations, training from shards."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import torch

from world_model.codec.sound import CHANNELS, FRAMES_PER_STEP, SAMPLES_PER_STEP, SCALE_FILE, SoundCodec, build
from world_model.codec.sound_rename import to_encodec, to_transformers
from world_model.train.sound import SoundShards, build_trainable, fit_codebooks, si_sdr_db, train_sound
from world_model.train.sound_linear import start_linear

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="module")
def codec() -> SoundCodec:
    return SoundCodec.untrained("tiny", seed=3)


def noise(steps: int, batch: int = 2, seed: int = 0) -> torch.Tensor:
    return torch.randn(batch, steps * SAMPLES_PER_STEP, generator=torch.Generator().manual_seed(seed)) * .2


def write_shard(folder: Path, at: int, clips: int = 6) -> None:
    rng = np.random.default_rng(at)
    seconds = np.arange(24000) / 24000
    rows = [np.sin(2 * np.pi * rng.uniform(100, 800) * seconds) * rng.uniform(.1, .5) for _ in range(clips)]
    np.save(folder / f"sound-{at:05d}.npy", (np.stack(rows) * 32767).astype(np.int16))


def test_one_step_is_sixteen_latents(codec: SoundCodec):
    for steps in (1, 3):
        latents = codec.encode(noise(steps))
        assert latents.shape == (2, steps, FRAMES_PER_STEP, CHANNELS)
        assert codec.decode(latents).shape == (2, steps * SAMPLES_PER_STEP)
        assert codec.codes(noise(steps)).shape == (2, 4, steps * FRAMES_PER_STEP)
    assert codec.encode(noise(2)[:, :-5]).shape[1] == 2
    with pytest.raises(ValueError, match="latents must be"):
        codec.decode(torch.zeros(1, 2, 8, CHANNELS))


def test_small_has_the_promised_size():
    assert .7e6 < sum(p.numel() for p in build("small").parameters()) < 1.5e6


def test_streams_give_what_one_call_gives(codec: SoundCodec):
    sound = noise(6)
    latents = codec.encode(sound)
    whole = codec.decode(latents)
    stream = codec.decoder_stream()
    for _ in range(2):
        pieces = torch.cat([stream.push(latents[:, a:b]) for a, b in ((0, 1), (1, 2), (2, 5), (5, 6))], 1)
        assert (pieces - whole).abs().max() < 1e-5 * max(1.0, float(whole.abs().max()))
        stream.reset()
    encoder = codec.encoder_stream()
    pieces = torch.cat([encoder.push(part) for part in sound.split(2 * SAMPLES_PER_STEP, 1)], 1)
    assert (pieces - latents).abs().max() < 1e-5


def test_the_future_changes_nothing_in_the_past(codec: SoundCodec):
    sound, other = noise(4), noise(4)
    other[:, 2 * SAMPLES_PER_STEP:] = noise(2, seed=9)
    a, b = codec.encode(sound), codec.encode(other)
    assert torch.equal(a[:, :2], b[:, :2]) and not torch.equal(a[:, 2:], b[:, 2:])
    one, two = codec.decode(a), codec.decode(b)
    assert (one - two)[:, :2 * SAMPLES_PER_STEP].abs().max() < 1e-6 < (one - two).abs().max()


def test_weights_move_by_rename_and_give_equal_codes():
    torch.manual_seed(1)
    package = build_trainable("tiny").eval()
    x = noise(3)[:, None]
    with torch.no_grad():
        fit_codebooks(package.quantizer, package.encoder(x).transpose(1, 2).reshape(-1, CHANNELS), warm=False)
    ours = build("tiny")
    ours.load_state_dict(to_transformers(package.state_dict()), strict=True)
    assert to_encodec(to_transformers(package.state_dict())).keys() == package.state_dict().keys()
    assert to_transformers(to_encodec(ours.state_dict())).keys() == ours.state_dict().keys()
    back = build_trainable("tiny")
    back.load_state_dict(to_encodec(ours.state_dict()), strict=True)
    bandwidth = package.target_bandwidths[-1]
    package.set_target_bandwidth(bandwidth)
    with torch.no_grad():
        codes, made = package.encode(x)[0][0], package.decode(package.encode(x))
        theirs = ours.encode(x, bandwidth=bandwidth)
        again = ours.decode(theirs.audio_codes, theirs.audio_scales).audio_values
    assert codes.shape[1] == 4 and codes.unique().numel() > 8
    assert torch.equal(codes, theirs.audio_codes[0])
    assert (made - again).abs().max() < 1e-5


def test_codes_say_what_the_quantised_latents_are(codec: SoundCodec):
    sound = noise(2)
    assert torch.allclose(codec.latents_of(codec.codes(sound)), codec.encode(sound, quantised=True), atol=1e-6)


def test_saved_and_loaded_is_the_same(codec: SoundCodec, tmp_path: Path):
    scaled = SoundCodec(codec.model, torch.linspace(-1, 1, CHANNELS), torch.linspace(.5, 2, CHANNELS))
    scaled.save(tmp_path / "a")
    loaded = SoundCodec.load(tmp_path / "a")
    assert torch.equal(loaded.encode(noise(2)), scaled.encode(noise(2)))
    assert torch.equal(loaded.codes(noise(2)), scaled.codes(noise(2)))
    assert torch.allclose(loaded.decode(loaded.encode(noise(2))), codec.decode(codec.encode(noise(2))), atol=1e-5)
    scaled.save(tmp_path / "half", torch.float16)
    half = SoundCodec.load(tmp_path / "half")
    assert half.mean.dtype == torch.float32 and next(half.model.parameters()).dtype == torch.float32
    assert (half.encode(noise(2)) - scaled.encode(noise(2))).abs().max() < .05


def test_weights_that_do_not_fit_are_refused(codec: SoundCodec, tmp_path: Path):
    from safetensors.torch import load_file, save_file

    codec.save(tmp_path)
    state = load_file(tmp_path / "model.safetensors")
    state.pop("decoder.layers.0.conv.bias")
    save_file(state, tmp_path / "model.safetensors", {"format": "pt"})
    with pytest.raises(ValueError, match="do not fit"):
        SoundCodec.load(tmp_path)
    (tmp_path / SCALE_FILE).unlink()
    with pytest.raises(OSError):
        SoundCodec.load(tmp_path)


def test_torchaudio_is_only_lent():
    code = ("import sys\nfrom world_model.codec.encodec_import import import_encodec\n"
            "assert 'torchaudio' not in sys.modules\ne = import_encodec()\nassert e is import_encodec()\n"
            "import importlib.util\nthere = importlib.util.find_spec('torchaudio') is not None\n"
            "assert there or 'torchaudio' not in sys.modules\nassert hasattr(e, 'EncodecModel')\n")
    done = subprocess.run([sys.executable, "-W", "ignore", "-c", code], cwd=ROOT, capture_output=True, text=True,
                          timeout=120)
    assert done.returncode == 0, done.stderr[-1500:]


def test_shards_hold_some_clips_out_and_grow(tmp_path: Path):
    with pytest.raises(ValueError, match="no file"):
        SoundShards(tmp_path)
    write_shard(tmp_path, 0)
    (tmp_path / "sound-00001.npy.part").write_bytes(b"half")
    data = SoundShards(tmp_path)
    assert data.held_out(24).shape == (1, 24000)
    held = data.held_out(1)[0].abs().max()
    peaks = np.abs(np.load(tmp_path / "sound-00000.npy").astype(np.float32) / 32768).max(1)
    assert float(held) == pytest.approx(float(peaks[-1]), abs=1e-3)
    write_shard(tmp_path, 1)
    data.list_again()
    assert len(data.held_out(24)) == 2
    again = data.crops(4, 6000, np.random.default_rng(5))
    assert again.shape == (4, 6000) and torch.equal(again, data.crops(4, 6000, np.random.default_rng(5)))


def test_training_lowers_the_loss_and_goes_on(tmp_path: Path):
    shards = tmp_path / "shards"
    shards.mkdir()
    write_shard(shards, 0)
    first = train_sound(shards, tmp_path / "out", "tiny", minutes=5, most_steps=20)
    assert first["steps"] == 20 and all(np.isfinite(value) for value in first.values())
    second = train_sound(shards, tmp_path / "out", "tiny", minutes=5, most_steps=100, resume=True)
    assert second["steps"] == 100 and second["minutes"] > first["minutes"]
    assert second["mel"] < first["mel"] < first["untrained_mel"]
    rows = (tmp_path / "out" / "sound.csv").read_text().splitlines()
    assert [int(row.split(",")[0]) for row in rows[1:]] == [19, 39, 59, 79, 99]
    again = train_sound(shards, tmp_path / "out", "tiny", minutes=5, most_steps=100, resume=True)
    assert again["mel"] == second["mel"]
    codec = SoundCodec.load(tmp_path / "out" / "sound_codec")
    latents = codec.encode(SoundShards(shards).crops(8, 24000, np.random.default_rng(1)))
    assert .4 < float(latents.std()) < 2.5
    assert codec.codes(noise(4)).unique().numel() > 8


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_the_linear_start_of_small_carries_the_wave(seed: int):
    hz = torch.linspace(80, 400, 16)[:, None]
    tones = .3 * torch.sin(2 * torch.pi * hz * torch.arange(24000) / 24000)
    torch.manual_seed(seed)
    model = build_trainable("small")
    with torch.no_grad():
        fresh = model.decoder(model.encoder(tones[:, None]))[:, 0]
        start_linear(model, tones)
        made = model.decoder(model.encoder(tones[:, None]))[:, 0]
    assert si_sdr_db(fresh, tones).max() < -20
    assert si_sdr_db(made, tones).min() > 6


def test_silence_stays_finite_and_quiet(codec: SoundCodec):
    silent = torch.zeros(1, 4 * SAMPLES_PER_STEP)
    made = codec.decode(codec.encode(silent))
    assert bool(torch.isfinite(made).all())
    assert made.std() < codec.decode(codec.encode(noise(4, 1))).std()
