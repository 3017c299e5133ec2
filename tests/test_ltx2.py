"""LTX-2 beyond the contract of all engines: music that leads, control films, sound of its own, on tiny random weights."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import soundfile as sf
from test_video_engines import film, frames_of, job, quiet
from tiny_ltx2 import build_control, build_ltx2

from modalities.engines.video.engine import LargeVideo
from modalities.engines.video.ltx2 import SCALE, Ltx2, adapter_for, scale_of
from modalities.engines.video.ltx2_sound import Still, heard, played
from modalities.faults import Unavailable, Unusable
from modalities.media import Track, file_sha256


@pytest.fixture(scope="module")
def weights(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("weights")
    build_ltx2(root / "ltx2")
    build_ltx2(root / "ltx2.5", distilled=True)
    return root


@pytest.fixture(autouse=True)
def here(weights: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import torch

    torch.set_num_threads(1)
    monkeypatch.setenv("BEECAM_MODELS", str(weights))


@pytest.fixture(params=[False, True], ids=["ltx2", "ltx2.5"])
def engine(request: pytest.FixtureRequest) -> LargeVideo:
    return LargeVideo(Ltx2(distilled=request.param))


def music(folder: Path, hz: float) -> Track:
    """A second of two tones, as a decoded track of 48 kHz."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{hz:.0f}.wav"
    time_s = np.arange(48000) / 48000
    wave = 0.5 * np.sin(2 * np.pi * hz * time_s) * (time_s % 0.25 < 0.1)
    sf.write(path, np.stack([wave, wave], 1).astype(np.float32), 48000, subtype="FLOAT")
    return Track(path, path, file_sha256(path), 48000, 48000, 0.5, None, ())


def test_music_leads_the_picture_and_is_played_as_it_is(engine: LargeVideo, tmp_path: Path):
    work = job(film((0.5,)), engine, tmp_path / "a", freedom=1.0)
    low, high = music(tmp_path / "m", 110.0), music(tmp_path / "m", 1760.0)
    first = engine.run(replace(work, track=low), quiet)
    folders = iter(tmp_path / name for name in "bcd")

    def again(**changed: object) -> Path:
        folder = next(folders)
        folder.mkdir()
        return engine.run(replace(work, folder=folder, **changed), quiet).video

    same, other_music = again(track=low), again(track=high)
    assert first.video.read_bytes() == same.read_bytes()
    assert (frames_of(first.video) != frames_of(other_music)).any()
    assert (frames_of(first.video) != frames_of(again(track=low, seed=9))).any()
    kept, rate = sf.read(first.audio, dtype="float32")
    assert rate == 48000 and np.abs(kept - low.read(0, len(kept))).max() < 1e-4


def test_held_sound_comes_back_as_it_went_in(engine: LargeVideo, tmp_path: Path, monkeypatch):
    work = job(film((0.5,)), engine, tmp_path / "a", freedom=1.0)
    seen: list[tuple[object, object]] = []
    pipe = engine._pipeline(next(iter(engine._attempts(work, work.params)))[0])
    call = type(pipe).__call__

    def spied(self, *args, **named):
        out = call(self, *args, **named)
        seen.append((named["audio_latents"], out.audio))
        return out

    monkeypatch.setattr(type(pipe), "__call__", spied)
    engine.run(replace(work, track=music(tmp_path / "m", 220.0)), quiet)
    (given, back), = seen
    assert given.shape == back.shape and np.allclose(given.numpy(), back.float().numpy(), atol=1e-4)


def test_a_waveform_as_latents_has_its_length_and_tells_tones_apart(engine: LargeVideo, tmp_path: Path):
    work = job(film((0.5,)), engine, tmp_path / "a")
    pipe = engine._pipeline(next(iter(engine._attempts(work, work.params)))[0])
    low, high = (music(tmp_path / "m", hz).read() for hz in (110.0, 1760.0))
    a, b = heard(pipe, low, 48000), heard(pipe, high, 48000)
    assert a.shape == b.shape and abs(a.shape[2] - 25) <= 1 and (a != b).any()
    assert np.isfinite(heard(pipe, np.zeros((4800, 2), np.float32), 48000).numpy()).all()
    sound, rate = played(pipe, a)
    assert sound.shape[1] == 2 and rate > 0 and np.isfinite(sound).all() and np.abs(sound).max() <= 1.0


def test_a_take_may_have_the_models_own_sound(engine: LargeVideo, tmp_path: Path):
    rendered = engine.run(job(film((0.5, 0.75)), engine, tmp_path / "a", sound="model"), quiet)
    sound, rate = sf.read(rendered.audio, dtype="float32")
    assert rate == 48000 and len(sound) == 60000 and np.isfinite(sound).all()
    assert frames_of(rendered.video).shape[0] == 15
    assert not [path for path in (tmp_path / "a").iterdir() if path.name.startswith(".shots")]


@pytest.mark.parametrize("hold", ["depth", pytest.param("edges", marks=pytest.mark.slow)])
def test_control_films_need_their_adapter_and_then_steer(hold: str, weights: Path, tmp_path: Path, monkeypatch):
    import shutil

    engine = LargeVideo(Ltx2())
    with pytest.raises(Unavailable, match="beecam engines get ltx2-control"):
        engine.run(job(film((0.4,)), engine, tmp_path / "a", hold=hold), quiet)
    both = tmp_path / "both"
    shutil.copytree(weights / "ltx2", both / "ltx2")
    build_control(both / "ltx2-control")
    monkeypatch.setenv("BEECAM_MODELS", str(both))
    engine.close()
    held = engine.run(job(film((0.4,)), engine, tmp_path / "b", hold=hold), quiet).video
    other = job(film((0.4,), place="desert"), engine, tmp_path / "c", hold=hold)
    same_words = job(film((0.4,)), engine, tmp_path / "d", hold=hold).script
    assert (frames_of(held) != frames_of(engine.run(replace(other, script=same_words), quiet).video)).any()
    (both / "ltx2-control" / "pytorch_lora_weights.safetensors").write_bytes(b"not weights")
    engine.close()
    with pytest.raises(Unavailable, match="cannot be read"):
        engine.run(job(film((0.4,)), engine, tmp_path / "e", hold=hold), quiet)


def test_a_control_film_leaves_no_trace_in_later_takes(weights: Path, tmp_path: Path, monkeypatch):
    import shutil

    both = tmp_path / "both"
    shutil.copytree(weights / "ltx2", both / "ltx2")
    build_control(both / "ltx2-control")
    monkeypatch.setenv("BEECAM_MODELS", str(both))
    engine = LargeVideo(Ltx2())
    before = engine.run(job(film((0.4,)), engine, tmp_path / "a", hold="pictures"), quiet).video.read_bytes()
    engine.run(job(film((0.4,)), engine, tmp_path / "b", hold="depth"), quiet)
    after = engine.run(job(film((0.4,)), engine, tmp_path / "c", hold="pictures"), quiet).video.read_bytes()
    assert before == after


def test_what_a_place_sounds_like_is_said_where_the_model_makes_the_sound(engine: LargeVideo, tmp_path: Path, monkeypatch):
    said: list[str] = []
    work = job(film((0.4,)), engine, tmp_path / "a", freedom=1.0, sound="model")
    pipe = engine._pipeline(next(iter(engine._attempts(work, work.params)))[0])
    call = type(pipe).__call__
    monkeypatch.setattr(type(pipe), "__call__", lambda self, *a, **named: said.append(named["prompt"]) or call(self, *a, **named))
    engine.run(work, quiet)
    assert "The sound of birds and insects." in said[0]
    (tmp_path / "b").mkdir()
    quietly = job(film((0.4,)), engine, tmp_path / "c", freedom=1.0)
    engine.run(replace(quietly, track=music(tmp_path / "m", 220.0)), quiet)
    assert "The sound of" not in said[1]
    with pytest.raises(Unusable, match="cannot both be heard"):
        engine.run(replace(work, folder=tmp_path / "b", track=music(tmp_path / "m", 220.0)), quiet)


def test_the_adapter_of_a_hold_and_its_scale_are_read_from_its_file(tmp_path: Path):
    import torch
    from safetensors.torch import save_file

    for name, told in (("a-pose.safetensors", None), ("b-depth-ref0.5.safetensors", "2"), ("c-union.safetensors", "9")):
        save_file({"x": torch.zeros(1)}, tmp_path / name, metadata={SCALE: told} if told else None)
    assert adapter_for(tmp_path, "depth").name.startswith("b-") and adapter_for(tmp_path, "edges").name.startswith("c-")
    assert [scale_of(path) for path in sorted(tmp_path.glob("*.safetensors"))] == [1, 2, 1]


def test_nothing_moves_under_a_still_scheduler():
    still = Still()
    still.set_timesteps(4, sigmas=[1.0, 0.5, 0.2, 0.1])
    assert len(still.timesteps) == 4 and len(still.sigmas) == 5 and not still.sigmas.any()
    sample = object()
    assert still.step(None, 0, sample, return_dict=False)[0] is sample
