"""What differs between two takes: in words from their Directions, in numbers from their files. Nothing is rendered."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import jsonpatch
import numpy as np
import pytest
import soundfile as sf

from agent.direction import Direction
from agent.tree_ancestry import common_take, dependants
from agent.tree_diff import changes, compared
from modalities.faults import Unusable
from modalities.film import FilmWriter
from modalities.store import Take
from modalities.take_measures import heard, onsets, sound_means
from tests.test_merge import EDITS, changed, edited, film, without

RATE = 48000


def said(was: Direction, now: Direction) -> list[str]:
    return [change.said for change in changes(was, now)]


@pytest.mark.parametrize(("setting", "sentence"), [
    (("/shots/*/world/weather/rain", 0.8), "Rain in every shot: 0 → 0.8"),
    (("/shots/1/world/light/time_h", 21.5), "The hour in shot 2: 12:30 (noon light) → 21:30 (night)"),
    (("/shots/0/world/place", {"lake": 1.0}), "The place in shot 1: meadow → lake"),
    (("/shots/0/world/style/grain", 0.4), "Style: grain in shot 1: the look's own → 0.4"),
    (("/shots/2/world/bodies/1/size_m", 3.0), "The fox's size in shot 3: 1 m → 3 m"),
    (("/shots/2/camera/lens_mm", 50), "The lens in shot 3: 24 mm → 50 mm"),
    (("/score/genre", "drum_and_bass"), "The genre: ambient → drum and bass"),
    (("/links/0/amount", 1.0), "The coupling of the music's kick on light exposure (amount): 0.4 → 1"),
    (("/shots/0/world/weather/fog", 0.9), "Fog in shot 1: 0 → 0.9 (a curve over the shot moves it all the same)")])
def test_one_change_one_sentence(setting, sentence: str):
    assert said(film(), edited(film(), setting)) == [sentence]


def test_shots_that_come_and_go_and_nothing():
    base = changed(film(), links=[])
    assert said(base, base) == [] and said(base, without(base, 1)) == ["Shot 2 at 0:04 is gone"]
    assert said(without(base, 1), base) == ["Shot 2 at 0:04 is new"]
    lone = base.shots[0].model_dump(mode="json")
    lone = lone | {"world": lone["world"] | {"bodies": lone["world"]["bodies"][:1]}, "curves": {}}
    assert "The fox is gone in shot 1" in said(base, changed(base, shots=[lone, *base.shots[1:]]))


def test_every_edit_is_told_and_tempo_once():
    for setting in EDITS:
        assert said(film(), edited(film(), setting)), setting
    tempo = said(film(), edited(film(), ("/score/tempo_bpm", 100.0)))
    assert "The tempo: 120 bpm → 100 bpm" in tempo and len([line for line in tempo if "tempo" in line]) == 1


@pytest.fixture(scope="module")
def two(tmp_path_factory: pytest.TempPathFactory) -> tuple[Take, Take]:
    """Two films of 6 s at 4 frames a second; the second is brighter from 2 to 4 s and has clicks there."""
    made: list[Take] = []
    for number, (light, clicks) in enumerate(((60, 0), (160, 10))):
        folder = tmp_path_factory.mktemp(f"t000{number + 1}")
        sound = 0.02 * np.sin(np.arange(6 * RATE) / 20)[:, None].repeat(2, 1)
        for k in range(clicks):
            at = 2 * RATE + int((k + 0.5) * 2 * RATE / 10)
            sound[at: at + 480] += 0.5 * np.random.default_rng(k).standard_normal((480, 2)) * np.linspace(1, 0, 480)[
                :, None]
        sound = np.clip(sound, -1, 1).astype(np.float32)
        sf.write(folder / "audio.wav", sound, RATE, subtype="PCM_24")
        with FilmWriter(folder / "video.mp4", (96, 54), 4, RATE, len(sound),
                        lambda start, count, sound=sound: sound[start: start + count]) as out:
            for k in range(24):
                out.add(np.full((54, 96, 3), light if 8 <= k < 16 else 60, np.uint8))
        made.append(Take(f"t000{number + 1}", folder, None, "", "sim", 1, 6.0, 1.0, {}, ""))
    return made[0], made[1]


def three_shots() -> Direction:
    direction = film((0, 1, 2, 3))
    return direction.model_copy(update={"grid": direction.grid.model_copy(update={"fps": 4})})


def test_what_is_measured_is_what_was_made(two: tuple[Take, Take]):
    base = three_shots()
    found = compared((two[0], base), (two[1], edited(base, ("/shots/1/world/light/exposure_ev", 1.0))))
    picture, sound = found.picture, found.sound
    assert [row["step"]["lightness"] > 0.2 for row in picture["shots"]] == [False, True, False]
    assert picture["shots"][2]["step"]["lightness"] == pytest.approx(0, abs=0.01)
    assert picture["first_difference_s"] <= 2.0 and picture["said"].startswith("The picture is lighter")
    assert "most in shot 2 at 0:02" in picture["said"]
    assert [row["unchanged"] for row in sound["shots"]] == [True, False, True]
    assert sound["first_difference_s"] == pytest.approx(2.1, abs=0.01) and "louder" in sound["said"]
    assert sound["shots"][1]["step"]["onsets_per_s"] == pytest.approx(5, abs=0.5)
    document = base.model_dump(mode="json")
    assert jsonpatch.apply_patch(document, found.patch)["shots"][1]["world"]["light"]["exposure_ev"] == 1.0


def test_equal_bytes_are_unchanged_and_a_broken_film_is_named(two: tuple[Take, Take], tmp_path: Path):
    base = three_shots()
    found = compared((two[0], base), (replace(two[0], id="t0009"), base))
    assert not found.changed and found.picture["unchanged"] and found.sound["unchanged"]
    (tmp_path / "video.mp4").write_bytes(b"no film")
    with pytest.raises(Unusable, match="cannot be read as a film"):
        compared((two[0], base), (replace(two[0], dir=tmp_path), base))


def test_onsets_and_loudness_of_known_sounds(tmp_path: Path):
    assert len(onsets(np.zeros(RATE, np.float32), RATE)) == 0 == len(onsets(np.zeros(10, np.float32), RATE))
    tone = np.sin(2 * np.pi * 997 * np.arange(RATE * 2) / RATE).astype(np.float32)
    sf.write(tmp_path / "a.wav", np.stack([tone, tone], 1), RATE, subtype="FLOAT")
    # BS.1770: a full-scale tone at 997 Hz in both channels is 0 LUFS.
    assert sound_means(heard(tmp_path / "a.wav"), (0, 2))["loudness_lufs"] == pytest.approx(0.0, abs=0.1)


def test_common_take():
    parents = {"t0001": (), "t0002": ("t0001",), "t0003": ("t0001",), "t0004": ("t0002", "t0003"), "t0005": ("t0003",),
               "t0006": (), "t0010": ("t0009",)}
    assert common_take("t0002", "t0003", parents) == "t0001" and common_take("t0004", "t0005", parents) == "t0003"
    assert common_take("t0002", "t0004", parents) == "t0002" and common_take("t0001", "t0006", parents) is None
    assert common_take("t0010", "t0001", parents) is None and dependants("t0003", parents) == {"t0004", "t0005"}
