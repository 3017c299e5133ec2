"""Whole takes with a sound engine, on tiny weights; and what `beecam sound` and `beecam codec` leave behind."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from threading import Event as Flag

import numpy as np
import pytest
import soundfile as sf
from tiny_sound import build_ace_step

from agent.direction import Direction, Shot, Span
from agent.script import script_of
from agent.unroll import unroll
from modalities.engine import EngineParams, Job, Progress, Rendered, SoundWish
from modalities.engines.filming import shoot
from modalities.engines.sound import voice
from modalities.engines.sound.catalogue import sound_engines
from modalities.faults import Stopped
from modalities.media import Track, write_wav
from ui_gen.command_line.run import main
from world_model.score import ScoreSection, ScoreSpec
from world_model.sim.compose import compose
from world_model.sim.loudness import true_peak_dbtp
from world_model.state import Event

SECONDS, RATE_HZ = 3.0, 48000


@pytest.fixture(scope="module")
def weights(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("models")
    build_ace_step(root / "ace-step")
    return root


@pytest.fixture(autouse=True)
def here(weights: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BEECAM_MODELS", str(weights))
    for engine in sound_engines():
        engine.close()


def job(folder: Path, tempo_bpm: float = 100.0, wish: SoundWish | None = None, subtitle: str = "") -> Job:
    folder.mkdir(parents=True)
    score = ScoreSpec(genre="piano", tempo_bpm=tempo_bpm, sections=(ScoreSection(name="verse", bars=8, energy=0.6),))
    titles = [{"text": subtitle, "kind": "subtitle", "shot": "s0", "start": 0.5}] if subtitle else []
    direction = Direction.model_validate({
        "duration_s": SECONDS, "size_px": (64, 48), "seed": 5, "score": score, "titles": titles,
        "shots": [Shot.model_validate({"id": "s0", "span": Span(s=(0, SECONDS))})],
        "music": {"tempo_bpm": tempo_bpm}})
    world = replace(unroll(direction, None, 50.0), events=(Event(1.0, "impact"),))
    return Job(world, direction.size_px, score, compose(score, SECONDS), None, None, EngineParams(), 5, folder,
               script=script_of(direction), sound=wish or SoundWish("ace-step", {"steps": 2}))


def take(job: Job, tell=lambda _: None) -> Rendered:
    grey = np.full((48, 64, 3), 90, np.uint8)
    return shoot(job, tell, lambda _: grey)


def heard(folder: Path) -> dict[str, np.ndarray]:
    return {path.stem: sf.read(path, dtype="float32")[0] for path in folder.glob("*.wav")}


def test_a_take_with_neural_music_is_exact_mastered_and_keeps_its_stems(tmp_path: Path):
    told: list[Progress] = []
    rendered = take(job(tmp_path / "a"), told.append)
    sounds = heard(tmp_path / "a")
    assert set(sounds) == {"audio", "stem-music", "stem-world"}
    assert all(one.shape == (round(SECONDS * RATE_HZ), 2) for one in sounds.values())
    assert true_peak_dbtp(sounds["audio"]) <= -0.99 and rendered.measured["music_pieces"] == 1
    shares = [one.done / one.total for one in told if one.stage == "sound"]
    assert shares == sorted(shares) and len(set(shares)) >= 4
    take(job(tmp_path / "b"))
    assert (tmp_path / "a" / "audio.wav").read_bytes() == (tmp_path / "b" / "audio.wav").read_bytes()
    take(job(tmp_path / "c", tempo_bpm=133.0))
    assert not np.array_equal(heard(tmp_path / "c")["stem-music"], sounds["stem-music"])


def test_our_own_instruments_are_as_they_were(tmp_path: Path):
    take(job(tmp_path / "a", wish=SoundWish()))
    assert set(heard(tmp_path / "a")) == {"audio"}


def test_foley_of_the_model_is_heard_at_the_event(tmp_path: Path):
    take(job(tmp_path / "a", wish=SoundWish("ace-step", {"steps": 2, "foley": "model"})))
    take(job(tmp_path / "b", wish=SoundWish("ace-step", {"steps": 2, "foley": "world"})))
    a, b = (heard(tmp_path / name)["stem-world"] for name in "ab")
    gain = float((a[:20000] * b[:20000]).sum() / (b[:20000] ** 2).sum())
    apart = np.abs(a - gain * b).max(1)
    assert apart[:47000].max() < 0.02 * apart.max() and np.argmax(apart > 0.1 * apart.max()) in range(47800, 48400)


def test_subtitles_are_spoken_on_time_and_music_steps_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    # A fake voice: a tone of half a second for each line.
    beep = np.repeat(0.4 * np.sin(np.arange(11025) / 5)[:, None], 2, 1).astype(np.float32)
    monkeypatch.setattr(voice, "said", lambda texts, pace, stop: [(beep, 22050) for _ in texts])
    monkeypatch.setattr(voice, "missing_voice", lambda: None)
    rendered = take(job(tmp_path / "a", wish=SoundWish("synth", {"narrate": True}), subtitle="It rains."))
    sounds = heard(tmp_path / "a")
    begins = np.flatnonzero(np.abs(sounds["stem-speech"]).max(1) > 1e-3)[0]
    assert abs(begins - 1.5 * RATE_HZ) < 0.005 * RATE_HZ and rendered.measured["lines_spoken"] == 1
    take(job(tmp_path / "b", wish=SoundWish("synth", {"narrate": True, "duck_db": 0.0}), subtitle="It rains."))
    louder = heard(tmp_path / "b")["stem-music"]
    span = slice(round(1.55 * RATE_HZ), round(1.95 * RATE_HZ))
    ratio = np.sqrt((sounds["stem-music"][span] ** 2).sum() / (louder[span] ** 2).sum())
    early = np.sqrt((sounds["stem-music"][:RATE_HZ] ** 2).sum() / (louder[:RATE_HZ] ** 2).sum())
    assert 20 * np.log10(ratio / early) == pytest.approx(-9.0, abs=0.3)


def test_a_creators_track_is_only_added_to(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    t = np.arange(round(SECONDS * RATE_HZ)) / RATE_HZ
    tone = np.repeat(0.1 * np.sin(2 * np.pi * 440 * t)[:, None], 2, 1).astype(np.float32)
    write_wav(tmp_path / "own.wav", iter((tone,)), RATE_HZ, 32, 1.0)
    track = Track(tmp_path / "own.wav", tmp_path / "own.wav", "0", RATE_HZ, len(tone), 0.1, None, ())
    plain = replace(job(tmp_path / "a"), track=track)
    take(plain)
    assert np.allclose(heard(tmp_path / "a")["audio"], tone, atol=1e-6) and not list((tmp_path / "a").glob("stem*"))
    take(replace(job(tmp_path / "b", wish=SoundWish("synth", {"under_track": True})), track=track))
    sounds = heard(tmp_path / "b")
    inner = slice(1000, -1000)
    assert np.allclose(sounds["stem-music"][inner], tone[inner], atol=1e-4) and sounds["stem-world"].any()


def test_stop_leaves_no_sound_behind(tmp_path: Path):
    stop = Flag()
    made = replace(job(tmp_path / "a"), stop=stop)
    with pytest.raises(Stopped):
        take(made, lambda one: stop.set() if one.stage == "sound" and one.done else None)
    assert not list((tmp_path / "a").glob("*.wav"))


def run(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, dict[str, object], str]:
    code = main([*words, "--json"])
    said = capsys.readouterr()
    lines = said.out.strip().splitlines()
    return code, json.loads(lines[-1]) if lines and code == 0 else {}, said.err


def test_codec_on_the_command_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    tone = (0.2 * np.sin(np.arange(48000) / 9)).astype(np.float32)
    sf.write(tmp_path / "söund.wav", tone, 48000)
    code, told, _ = run(capsys, "codec", str(tmp_path / "söund.wav"), "--kbps", "2")
    assert code == 0 and told["kbps"] in told["offered_kbps"] and sf.info(told["output"]).frames == 48000
    assert run(capsys, "codec", str(tmp_path / "söund.wav"))[1]["output"].endswith("-codec-2.wav")
    for words in (("--kbps", "nan"), ("--kbps", "-1"), ("--codec", "../x"), ("--out", str(tmp_path / "x.mp3")),
                  ("--out", str(tmp_path / "söund.wav"))):
        code, _, said = run(capsys, "codec", str(tmp_path / "söund.wav"), *words)
        assert code == 2 and len(said.strip().splitlines()) == 1, words
    (tmp_path / "empty.wav").touch()
    assert run(capsys, "codec", str(tmp_path / "empty.wav"))[0] == 2
    assert run(capsys, "codec", str(tmp_path / "söund.wav"), "--codec", "theirs")[0] == 3
    assert len(list(tmp_path.glob("*codec*"))) == 2


def test_sound_of_a_film_on_the_command_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    import av
    from test_sound_engines_film import bouncing, film

    frames, hits = bouncing(48, 24)
    path = film(tmp_path / "ball.mp4", frames)
    code, told, said = run(capsys, "sound", str(path), "--project", str(tmp_path / "p"))
    assert code == 0, said
    assert [one["kind"] for one in told["events"]] == ["impact"] * len(hits)
    sound = np.abs(sf.read(told["stems"]["world"])[0]).max(1)
    at = round(told["events"][0]["time_s"] * 48000)
    assert not sound[:at - 200].any() and sound[at - 200:at + 200].max() > 0.1 * sound.max()
    with av.open(str(told["film"])) as opened:
        assert {one.type for one in opened.streams} == {"video", "audio"}
        assert sum(1 for _ in opened.decode(video=0)) == 48
    code, _, said = run(capsys, "sound", str(path), "--engine", "musicgen", "--project", str(tmp_path / "p"))
    assert code == 3 and "commercial" in said
    for words in (("--narrate",), ("--engine", "nobody"), ("--param", "x"), ("--seed", "-4")):
        assert run(capsys, "sound", str(path), *words, "--project", str(tmp_path / "p"))[0] == 2, words
    assert sorted(one.name for one in (tmp_path / "p" / "sounds").iterdir()) == ["ball"]


def test_a_sound_engines_knobs_are_on_the_panel(monkeypatch: pytest.MonkeyPatch):
    from agent.edits import apply_patch, patch_for
    from ui_gen import catalogue_sound
    from ui_gen.catalogue import candidates

    monkeypatch.setattr(catalogue_sound, "missing_voice", lambda: None)
    shot = Shot.model_validate({"id": "s0", "span": Span(s=(0, SECONDS))})
    plain = Direction(shots=(shot,), duration_s=SECONDS)

    def offered(direction: Direction) -> dict[str, object]:
        return {one.control.id: one.control for one in candidates(direction) if one.control.id.startswith("sound_")}

    assert not offered(plain)
    neural = Direction.model_validate(plain.model_dump() | {"sound": {"id": "ace-step", "params": {"follow": 0.3}}})
    control = offered(neural)["sound_follow"]
    assert set(offered(neural)) == {"sound_follow"} and (control.value, control.bounds) == (0.3, (0.0, 1.0))
    patch = patch_for(neural, control.binds[0], 0.9)
    assert apply_patch(neural, patch, reason="more").sound.params == {"follow": 0.9}
    title = {"text": "It rains.", "kind": "subtitle", "shot": "s0"}
    assert set(offered(Direction.model_validate(plain.model_dump() | {"titles": [title]}))) == {"sound_narrate"}
