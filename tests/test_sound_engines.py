"""One contract for every sound engine, on tiny random-weight pipelines: real plumbing, no real weights."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from pathlib import Path
from threading import Event as Flag

import numpy as np
import pytest
from tiny_sound import build_ace_step, build_musicgen, build_stable_audio3

from modalities.engine import Progress, SoundWish
from modalities.engines.sound import large_music
from modalities.engines.sound.catalogue import chosen, sound_engines
from modalities.engines.sound.large_music import LargeMusic
from modalities.engines.sound.request import SoundEngine, SoundJob
from modalities.faults import Stopped, Unavailable, Unusable
from modalities.media import Sound
from modalities.script import MusicWords

# Engine id to what builds its tiny self. A model without an entry here fails `test_every_engine_has_a_tiny_self`.
TINY = {"ace-step": build_ace_step, "stable-audio3": build_stable_audio3, "musicgen": build_musicgen,
        "musicgen-melody": partial(build_musicgen, melody=True)}
GUIDED = ("ace-step", "stable-audio3", "musicgen-melody")
WORDS = MusicWords("Instrumental folk music, flowing.", 100.0, 4, "F sharp minor")
RATE_HZ, SECONDS = 4000, 1.3


@pytest.fixture(scope="module")
def weights(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of tiny weights for every engine."""
    root = tmp_path_factory.mktemp("models")
    for name, build in TINY.items():
        build(root / name)
    return root


@pytest.fixture(autouse=True)
def here(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    known = "weights" in request.fixturenames
    monkeypatch.setenv("BEECAM_MODELS", str(request.getfixturevalue("weights") if known else tmp_path / "none"))
    monkeypatch.setenv("HF_HOME", str(tmp_path / "cache"))
    monkeypatch.setenv("BEECAM_ALLOW_NONCOMMERCIAL", "1")


@pytest.fixture(params=sorted(TINY))
def engine(request: pytest.FixtureRequest, weights: Path) -> LargeMusic:
    return one(request.param)


def one(name: str) -> LargeMusic:
    made = next(each for each in sound_engines() if each.card.id == name)
    assert isinstance(made, LargeMusic)
    return made


def tune(pitch_hz: float, seconds: float = SECONDS) -> Sound:
    """A guide: one tone that swells."""
    t = np.arange(round(seconds * RATE_HZ)) / RATE_HZ
    wave = 0.4 * np.sin(2 * np.pi * pitch_hz * t) * np.abs(np.sin(np.pi * t))
    return np.stack([wave, wave], 1).astype(np.float32)


def job(engine: SoundEngine, pitch_hz: float = 220.0, seed: int = 3, words: MusicWords = WORDS,
        seconds: float = SECONDS, **params: object) -> SoundJob:
    given = engine.Params.model_validate({"steps": 2, "hold_tempo": False} | params)
    return SoundJob(words, round(seconds * RATE_HZ), RATE_HZ, given, seed, guide=partial(tune, pitch_hz, seconds))


def quiet(_: Progress) -> None:
    return None


def test_every_engine_has_a_tiny_self():
    assert {each.card.id for each in sound_engines()} == {"synth", *TINY}


def test_sound_is_as_long_as_the_film_stereo_finite_and_not_clipped(engine: LargeMusic):
    told: list[Progress] = []
    music = engine.run(job(engine), told.append).music
    assert music.shape == (round(SECONDS * RATE_HZ), 2) and music.dtype == np.float32
    assert np.isfinite(music).all() and float(np.abs(music).max()) <= 1.0 and float(np.abs(music).std()) > 1e-4
    assert [each.stage for each in told] == ["sound"] * len(told) and told[-1].done == told[-1].total == 100
    assert len({each.done for each in told}) >= 2


def test_same_seed_same_bytes_after_closing_too(engine: LargeMusic):
    once = engine.run(job(engine), quiet).music.tobytes()
    other = engine.run(job(engine, seed=4), quiet).music.tobytes()
    engine.close()
    afresh = engine.run(job(engine), quiet).music.tobytes()
    assert once == afresh != other


@pytest.mark.parametrize("name", GUIDED)
def test_another_melody_is_heard_only_where_it_is_followed(name: str, weights: Path):
    engine = one(name)
    followed = [engine.run(job(engine, pitch, follow=1.0), quiet).music.tobytes() for pitch in (220.0, 317.0)]
    free = [engine.run(job(engine, pitch, follow=0.0), quiet).music.tobytes() for pitch in (220.0, 317.0)]
    assert followed[0] != followed[1] and free[0] == free[1]


def test_how_far_the_score_is_followed_changes_the_music(weights: Path):
    for name in ("ace-step", "stable-audio3"):
        engine = one(name)
        made = {engine.run(job(engine, follow=share), quiet).music.tobytes() for share in (0.2, 0.6, 1.0)}
        assert len(made) == 3, name


def test_words_tempo_and_key_reach_the_model(engine: LargeMusic):
    told = (WORDS, replace(WORDS, tempo_bpm=140.0), replace(WORDS, key="C major"),
            replace(WORDS, style="Instrumental jazz."))
    assert len({engine.run(job(engine, words=words, follow=0.0), quiet).music.tobytes() for words in told}) == 4


def test_ace_step_is_told_what_it_was_taught(weights: Path, monkeypatch: pytest.MonkeyPatch):
    from diffusers import AceStepPipeline

    seen: list[dict[str, object]] = []
    call = AceStepPipeline.__call__
    monkeypatch.setattr(AceStepPipeline, "__call__", lambda self, **asked: (seen.append(asked), call(self, **asked))[1])
    engine = one("ace-step")
    engine.run(job(engine, words=replace(WORDS, beats_per_bar=3)), quiet)
    engine.run(job(engine, follow=0.0, seconds=11.0, piece_s=10), quiet)
    first, _, going_on = seen
    assert (first["bpm"], first["keyscale"], first["timesignature"]) == (100, "F# minor", "3")
    assert first["task_type"] == "cover" and first["audio_cover_strength"] == 0.6
    assert going_on["task_type"] == "repaint" and 0 < going_on["repainting_start"] < going_on["repainting_end"]


def test_long_films_are_made_in_pieces(engine: LargeMusic):
    played = engine.run(job(engine, seconds=5.3, piece_s=5.0), quiet)
    assert played.measured["music_pieces"] == 2 and played.music.shape == (round(5.3 * RATE_HZ), 2)
    # No piece ends in a hole where the next has not begun.
    quiet_s = np.flatnonzero(np.abs(played.music).reshape(-1, 400, 2).max((1, 2)) < 1e-6)
    assert not len(quiet_s)


def test_it_stops_within_a_step(engine: LargeMusic):
    stop, steps = Flag(), []

    def tell(progress: Progress) -> None:
        steps.append(progress.done)
        stop.set()

    with pytest.raises(Stopped):
        engine.run(replace(job(engine, steps=8), stop=stop), tell)
    assert len(steps) == 1


def test_out_of_memory_asks_for_less(weights: Path, monkeypatch: pytest.MonkeyPatch):
    engine = one("ace-step")
    asked: list[float] = []
    make = type(engine.model).make

    def tight(self, pipe, piece, params, on_step):
        asked.append(piece.duration_s)
        if piece.duration_s > 10.5:
            raise RuntimeError("CUDA out of memory")
        return make(self, pipe, piece, params, on_step)

    monkeypatch.setattr(type(engine.model), "make", tight)
    assert engine.run(job(engine, seconds=11.0, piece_s=20.0), quiet).measured["music_pieces"] == 2
    assert asked[0] > 10.5 >= asked[-1]


def test_what_never_fits_into_memory_is_said(weights: Path, monkeypatch: pytest.MonkeyPatch):
    engine = one("ace-step")
    monkeypatch.setattr(type(engine.model), "make", lambda *_: (_ for _ in ()).throw(MemoryError()))
    with pytest.raises(Unavailable, match="memory"):
        engine.run(job(engine, piece_s=10.0), quiet)


def test_what_is_not_sound_is_not_given(engine: LargeMusic, monkeypatch: pytest.MonkeyPatch):
    import torch

    monkeypatch.setattr(type(engine.model), "make", lambda *_: torch.full((2, 4000), float("nan")))
    with pytest.raises(Unavailable, match="not sound"):
        engine.run(job(engine), quiet)


@pytest.mark.parametrize("name", ["ace-step", "stable-audio3"])
def test_effects_by_words(name: str, weights: Path):
    engine = one(name)
    thud, splash = (engine.effect(words, 0.7, 8000, 1, Flag()) for words in ("a thud", "a splash"))
    assert thud.shape == splash.shape == (5600, 2) and not np.array_equal(thud, splash)
    assert np.array_equal(thud, engine.effect("a thud", 0.7, 8000, 1, Flag()))


@pytest.mark.parametrize("name", sorted(TINY))
def test_without_weights_it_names_what_gets_them(name: str, monkeypatch: pytest.MonkeyPatch):
    import socket

    monkeypatch.setattr(socket, "socket", lambda *_: pytest.fail("it tried to reach the network"))
    engine = one(name)
    engine.close()
    said = engine.available() or ""
    assert name in said and ("beecam engines get" in said or "conversion script" in said)
    with pytest.raises(Unavailable, match=name):
        engine.run(job(engine), quiet)
    with pytest.raises(Unavailable, match=name):
        chosen(SoundWish(name))


@pytest.mark.parametrize("name", ["musicgen", "musicgen-melody"])
def test_non_commercial_weights_are_off_until_they_are_allowed(name: str, weights: Path, monkeypatch):
    monkeypatch.delenv("BEECAM_ALLOW_NONCOMMERCIAL")
    engine = one(name)
    with pytest.raises(Unavailable, match="commercial"):
        engine.run(job(engine), quiet)
    with pytest.raises(Unavailable, match="BEECAM_ALLOW_NONCOMMERCIAL=1"):
        chosen(SoundWish(name))
    assert not engine.card.needs.sets[0].commercial


@pytest.mark.parametrize("wish, said", [
    (SoundWish("theremin"), "no sound engine 'theremin'"), (SoundWish("synth", {"follow": 0.5}), "follow"),
    (SoundWish("ace-step", {"follow": 2.0}), "follow"), (SoundWish("ace-step", {"steps": float("nan")}), "steps"),
    (SoundWish("synth", {"narrate": "perhaps"}), "narrate")])
def test_unknown_engines_and_knobs_are_refused(wish: SoundWish, said: str, weights: Path):
    with pytest.raises(Unusable, match=said):
        chosen(wish)


def test_a_folder_of_another_pipeline_is_refused(weights: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    import shutil

    shutil.copytree(weights / "stable-audio3", tmp_path / "m" / "ace-step")
    monkeypatch.setenv("BEECAM_MODELS", str(tmp_path / "m"))
    engine = one("ace-step")
    with pytest.raises(Unavailable, match="AceStepPipeline is needed"):
        engine.run(job(engine), quiet)


def test_every_knob_has_a_unit_a_phase_and_a_sentence():
    for engine in sound_engines():
        for name, field in engine.Params.model_json_schema()["properties"].items():
            assert {"unit", "phase", "description"} <= set(field), (engine.card.id, name)


def test_a_film_without_a_score_is_told_so(engine: LargeMusic):
    with pytest.raises(Unusable, match="needs a score"):
        engine.run(replace(job(engine), words=MusicWords()), quiet)


def test_rates_meet(weights: Path):
    ramp = np.linspace(-0.5, 0.5, 3200, dtype=np.float32)[:, None].repeat(2, 1)
    assert len(large_music.at_rate(ramp, 3200, 2000)) == 2000
    assert large_music.at_rate(ramp, 3200, 3200) is ramp
