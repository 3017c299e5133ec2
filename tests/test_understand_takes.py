"""A take is compared with its own words where models for that are here, and the review speaks of what was measured."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from threading import Event as Flag

import numpy as np
import pytest
import soundfile as sf

from agent.brief import Brief
from agent.review import reviewed
from agent.studio import Studio
from modalities import agreement as module
from modalities.agreement import agreement, words_of
from modalities.faults import Stopped, Unavailable
from modalities.registry import default_registry
from modalities.script import MusicWords, Script, ShotWords
from modalities.store import Store
from tests import tiny_understanding as tiny
from tests.test_understand import SIGHT_WORDS, SOUND_WORDS, picture, things  # noqa: F401 - a fixture
from ui_gen.command_line.run import main


@pytest.fixture(scope="module")
def root(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("models")
    for name, build, words in (("siglip2", tiny.build_clip, SIGHT_WORDS), ("clap-music", tiny.build_clap, SOUND_WORDS)):
        (folder / name).mkdir()
        build(folder / name, words)
    return folder


@pytest.fixture(autouse=True)
def _here(root, monkeypatch, tmp_path):
    monkeypatch.setenv("BEECAM_MODELS", str(root))
    monkeypatch.setenv("HF_HOME", str(tmp_path / "no hub"))
    monkeypatch.delenv("BEECAM_CLIP", raising=False)


def shot(number: int, seen: str) -> ShotWords:
    return ShotWords(number, f"s{number}", 15 * number, 15, seen, "", "", "")


SCRIPT = Script("", (shot(0, "high mountains in snow"), shot(1, "a calm lake")), MusicWords("jazz music with piano"))


def wav(folder: Path) -> Path:
    t = np.arange(48000 * 3) / 48000
    sf.write(folder / "audio.wav", (0.3 * np.sin(2 * np.pi * 220 * t)).astype(np.float32), 48000)
    return folder / "audio.wav"


def test_each_shot_is_set_beside_the_words_of_the_others(root, things, tmp_path):  # noqa: F811
    from modalities.engines.clip import likeness
    from modalities.understanding import middles

    found = agreement(SCRIPT, things["film"], wav(tmp_path), 12.0, Flag())
    table = likeness(list(middles(things["film"], [7.5 / 12, 22.5 / 12])), [words_of(one) for one in SCRIPT.shots],
                     root / "siglip2")
    mine, rest = np.diag(table), np.diag(table[:, ::-1])
    assert found["clip.shots"] == pytest.approx(mine.mean(), abs=1e-3)
    assert found["clip.others"] == pytest.approx(rest.mean(), abs=1e-3)
    assert found["clip.least"] == pytest.approx((mine - rest).min(), abs=1e-3)
    assert found["clip.least_shot"] == 1 + int(np.argmin(mine - rest))
    assert -1 <= found["clap.music"] <= 1 and "clap.others" in found
    assert found == agreement(SCRIPT, things["film"], wav(tmp_path), 12.0, Flag())


def test_what_cannot_be_compared_is_left_out(things, tmp_path, monkeypatch):  # noqa: F811
    alone = agreement(replace(SCRIPT, shots=SCRIPT.shots[:1], music=MusicWords()), things["film"], wav(tmp_path), 12.0, Flag())
    assert set(alone) == {"clip.shots"}
    assert agreement(Script(), things["film"], wav(tmp_path), 12.0, Flag()) == {}
    assert agreement(SCRIPT, wav(tmp_path), wav(tmp_path), 12.0, Flag()) == {}

    def broken(*given):
        raise Unavailable("broken")

    monkeypatch.setattr(module, "picture_likeness", broken)
    assert agreement(SCRIPT, things["film"], wav(tmp_path), 12.0, Flag()) == {}
    monkeypatch.setenv("BEECAM_MODELS", str(tmp_path / "none"))
    assert agreement(SCRIPT, things["film"], wav(tmp_path), 12.0, Flag()) == {}


def test_it_stops_when_it_is_told_to(things, tmp_path):  # noqa: F811
    stop = Flag()
    stop.set()
    with pytest.raises(Stopped):
        agreement(SCRIPT, things["film"], wav(tmp_path), 12.0, stop)


def test_a_take_carries_the_numbers_and_the_review_speaks_of_them(tmp_path, capsys):
    words = ["make", "a fox in a snowy forest, jazz. then a calm lake at night", "--duration", "1", "--size", "64x36", "--fps",
             "8", "--project", str(tmp_path / "p"), "--json"]
    assert main(words) == 0
    made = json.loads(capsys.readouterr().out.splitlines()[-1])["takes"][0]
    assert -1 <= made["measured"]["clip.shots"] <= 1 and -1 <= made["measured"]["clap.music"] <= 1
    studio = Studio(Store(tmp_path / "p").open(), default_registry(), lambda direction, brief: {})
    take, direction, _ = studio.load(made["id"])
    behind = {"clip.shots": 0.21, "clip.others": 0.24, "clip.least": -0.07, "clip.least_shot": 2.0, "clap.music": 0.1,
              "clap.others": 0.2}
    told = reviewed(replace(take, measured=take.measured | behind), direction, Brief(goal=""), None)
    assert "Shot 2 looks more like the words of other shots" in told and "0.07" in told
    assert "less like the music that was meant (0.10) than like other kinds of music (0.20)" in told
    ahead = behind | {"clip.least": 0.05, "clap.music": 0.3}
    told = reviewed(replace(take, measured=take.measured | ahead), direction, Brief(goal=""), None)
    assert "looks more like" not in told and "music that was meant" not in told
