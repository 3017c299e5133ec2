"""Sound from pictures, the codec, and whole takes with a sound engine."""

from __future__ import annotations

import json
from pathlib import Path
from threading import Event as Flag

import numpy as np
import pytest

from modalities.engines.sound.codec import folder_of, round_trip, spectral_distance_db
from modalities.engines.sound.happenings import seen
from modalities.faults import Stopped, Unavailable, Unusable
from modalities.film import FilmWriter
from modalities.media import Sound

FPS, SIZE = 24, (160, 90)


def film(path: Path, frames: np.ndarray) -> Path:
    with FilmWriter(path, SIZE, FPS, 48000, 0, lambda start, count: np.zeros((0, 2), np.float32)) as out:
        for rgb in frames:
            out.add(rgb)
    return path


def ground(pan_px: float = 0.0, seed: int = 0) -> np.ndarray:
    """A soft grey texture that a camera pans over."""
    from scipy.ndimage import gaussian_filter

    wide = gaussian_filter(np.random.default_rng(seed).normal(size=(90, 400)), 3)
    wide = (110 + 35 * wide / wide.std() * 0.6).clip(0, 255)
    begin = 20 + round(pan_px)
    return np.repeat(wide[:, begin:begin + 160, None], 3, 2).astype(np.uint8)


def bouncing(count: int, every: int, pan_px: float = 0.0) -> tuple[np.ndarray, list[float]]:
    """A ball that hits the ground every so many frames, first half-way; and when it does."""
    y, x = np.mgrid[0:90, 0:160]
    frames, hits = [], []
    for k in range(count):
        phase = ((k + every / 2) % every) / every
        height = 60 * 4 * phase * (1 - phase)
        rgb = ground(pan_px * k)
        rgb[(x - 70) ** 2 + (y - (76 - height)) ** 2 < 81] = (240, 230, 40)
        frames.append(rgb)
        if k and (k + every / 2) % every == 0:
            hits.append(k / FPS)
    return np.stack(frames), hits


@pytest.mark.parametrize("pan_px", [0.0, 1.0])
def test_a_ball_is_heard_when_it_hits_the_ground(tmp_path: Path, pan_px: float):
    frames, hits = bouncing(96, 24, pan_px)
    found = seen(film(tmp_path / "ball.mp4", frames), Flag())
    impacts = [one for one in found.events if one.kind == "impact"]
    assert len(impacts) == len(hits) == 4
    assert max(abs(one.time_s - hit) for one, hit in zip(impacts, hits, strict=True)) <= 1.5 / FPS
    assert found.duration_s == pytest.approx(4.0) and found.size_px == SIZE
    assert [one.kind for one in found.events] == ["impact"] * 4
    # It lies left of the middle.
    assert all(one.position_m is not None and one.position_m[0] < 0 for one in impacts)


def test_a_still_film_a_pan_and_a_cut_are_not_heard(tmp_path: Path):
    panned = np.stack([ground(k * 1.5) for k in range(48)])
    cut = np.stack([ground(seed=k // 24) for k in range(48)])
    for name, frames in (("pan", panned), ("cut", cut), ("still", np.stack([ground()] * 24))):
        assert not seen(film(tmp_path / f"{name}.mp4", frames), Flag()).events, name


def test_a_flash_is_thunder_and_a_light_that_stays_is_not(tmp_path: Path):
    dark = np.stack([ground() // 3] * 48)
    flash, on = dark.copy(), dark.copy()
    flash[20:23] = np.minimum(255, flash[20:23].astype(int) + 120)
    on[20:] = np.minimum(255, on[20:].astype(int) + 120)
    found = seen(film(tmp_path / "flash.mp4", flash), Flag()).events
    assert [one.kind for one in found] == ["thunder"] and abs(found[0].time_s - 20 / FPS) <= 1 / FPS
    assert not seen(film(tmp_path / "on.mp4", on), Flag()).events


def test_what_is_no_film_is_refused_and_looking_stops(tmp_path: Path):
    (tmp_path / "words.mp4").write_text("no film")
    for path in (tmp_path / "words.mp4", tmp_path / "none.mp4", tmp_path):
        with pytest.raises(Unusable):
            seen(path, Flag())
    stop = Flag()
    stop.set()
    with pytest.raises(Stopped):
        seen(film(tmp_path / "still.mp4", np.stack([ground()] * 4)), stop)


# -------------------------------------------------------------------------------------------------------------- codec
def tones(seconds: float, rate_hz: int = 24000) -> Sound:
    t = np.arange(round(seconds * rate_hz)) / rate_hz
    left = sum(0.15 * np.sin(2 * np.pi * hz * t) * (0.5 + 0.5 * np.sin(2 * np.pi * k * t)) for k, hz in
               enumerate((220.0, 330.0, 523.0), 1))
    return np.stack([left, 0.7 * left], 1).astype(np.float32)


def test_more_bits_come_closer_with_the_codec_that_ships():
    sound = tones(1.5) + np.float32(0.05) * np.random.default_rng(4).normal(size=(36000, 2)).astype(np.float32)
    made = [round_trip(sound, 24000, kbps, "sound_codec", Flag()) for kbps in (0.1, 4.0, None)]
    assert [one.sound.shape for one in made] == [sound.shape] * 3 and made[0].codebooks < made[1].codebooks
    assert made[0].kbps < made[1].kbps < made[2].kbps == made[0].offered_kbps[-1]
    assert made[0].snr_db < made[1].snr_db < made[2].snr_db
    assert made[0].spectral_db > made[2].spectral_db
    again = round_trip(sound, 24000, None, "sound_codec", Flag())
    assert np.array_equal(again.sound, made[2].sound)
    assert abs(again.loudness_after_lufs - again.loudness_before_lufs) < 2.0


def test_parts_leave_no_seam_and_other_rates_come_back(monkeypatch: pytest.MonkeyPatch):
    from modalities.engines.sound import codec

    sound = tones(2.4)
    whole = round_trip(sound, 24000, None, "sound_codec", Flag()).sound
    monkeypatch.setattr(codec, "PART_S", 1.25)
    parted = round_trip(sound, 24000, None, "sound_codec", Flag()).sound
    assert float(np.sqrt(((whole - parted) ** 2).mean())) < 0.2 * float(np.sqrt((whole**2).mean()))
    assert round_trip(tones(1.0, 44100), 44100, None, "sound_codec", Flag()).sound.shape == (44100, 2)


def test_any_encodec_folder_can_be_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    from transformers import EncodecConfig, EncodecModel

    monkeypatch.setenv("BEECAM_MODELS", str(tmp_path))
    model = EncodecModel(EncodecConfig(target_bandwidths=[1.5, 3.0], num_filters=2, hidden_size=16, codebook_dim=16,
                                       num_lstm_layers=1, audio_channels=2))
    for layer in model.quantizer.layers:
        layer.codebook.embed.normal_()
    model.save_pretrained(tmp_path / "theirs")
    made = round_trip(tones(0.5), 24000, 3.0, "theirs", Flag())
    assert (made.kbps, made.channels, made.sound.shape) == (3.0, 2, (12000, 2)) and made.offered_kbps == (1.5, 3.0)
    with pytest.raises(Unavailable, match="no codec"):
        folder_of("others")
    for name in ("../theirs", "", "/etc", ".hidden"):
        with pytest.raises(Unusable):
            folder_of(name)
    (tmp_path / "theirs" / "config.json").write_text("{")
    with pytest.raises(Unavailable, match="cannot be opened"):
        round_trip(tones(0.5), 24000, None, "theirs", Flag())


def test_the_spectral_distance_is_a_distance():
    a, b = tones(0.5), 0.5 * tones(0.5)
    assert spectral_distance_db(a, a, 24000) == 0 and spectral_distance_db(a, b, 24000) == \
        spectral_distance_db(b, a, 24000) > 1
    with pytest.raises(Unusable):
        round_trip(a[:0], 24000, None, "sound_codec", Flag())
    assert json.dumps(round_trip(0 * a, 24000, None, "sound_codec", Flag()).snr_db)
