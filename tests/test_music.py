"""Hearing a track: laws on drum machines and pieces whose grid is known."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from threading import Event
from typing import Any

import numpy as np
import pytest
import soundfile as sf

from benchmarks.music import RATE, drum_track, f_measure, genre_track, precision
from modalities.cues import MusicCues
from modalities.faults import Stopped
from modalities.media import Track, decode_track
from modalities.perceive import music, music_features

Opened = Callable[..., Track]


@pytest.fixture
def opened(tmp_path: Path) -> Opened:
    def open_it(sound: Any, rate_hz: int = RATE) -> Track:
        path = tmp_path / f"{len(list(tmp_path.iterdir()))}.wav"
        sf.write(path, np.asarray(sound, np.float32), rate_hz, subtype="FLOAT")
        return decode_track(path, path.with_suffix(".decoded.wav"))
    return open_it


def well_formed(heard: MusicCues) -> None:
    assert heard.sections[0][2] == 0.0 and heard.sections[-1][3] == pytest.approx(heard.duration_s)
    for before, after in zip(heard.sections, heard.sections[1:], strict=False):
        assert before[3] == after[2] and before[2] < before[3]
    assert set(heard.signals) == {"energy", "kick", "snare", "hihat", "bass", "onset", "brightness", "beat", "vocals",
                                  "downbeat", "build", "harmonic", "percussive"}
    count = max(1, int(np.ceil(heard.duration_s * heard.signal_rate_hz)))
    for name, curve in heard.signals.items():
        assert curve.shape == (count,) and curve.dtype == np.float32, name
        assert np.isfinite(curve).all() and curve.min() >= 0 and curve.max() <= 1, name
    assert np.all(np.diff(heard.beats_s) > 0) and np.isin(heard.downbeats_s, heard.beats_s).all()
    assert 0 <= heard.beat_confidence <= 1 and all(0 <= s[4] <= 1 for s in heard.sections)
    assert len(heard.beats_s) == 0 or (heard.beats_s[0] >= 0 and heard.beats_s[-1] < heard.duration_s)


@pytest.mark.parametrize("genre", ["techno", "drum_and_bass", "folk", "waltz", *(
    pytest.param(genre, marks=pytest.mark.slow) for genre in ("synthwave", "lofi", "chiptune"))])
def test_the_grid_of_our_own_pieces_is_found(genre: str, opened: Opened) -> None:
    sound, beats, first, _ = genre_track(genre, 3, 40.0)
    heard = music.hear(opened(sound))
    well_formed(heard)
    assert f_measure(heard.beats_s, beats) > 0.9
    assert precision(heard.downbeats_s, first) > 0.8
    assert heard.beat_confidence > 0.5
    assert heard.tempo_bpm == pytest.approx(60 / np.diff(beats)[0], rel=0.02)


@pytest.mark.parametrize(("pattern", "tempo_bpm", "metre"), [
    ("waltz", 103.7, 3), ("three", 133.3, 3), ("four to the floor", 121.1, 4), ("broken", 87.9, 4), ("sparse", 76.4, 4)])
def test_drum_machines_at_odd_tempi(pattern: str, tempo_bpm: float, metre: int, opened: Opened) -> None:
    sound, beats, first = drum_track(pattern, tempo_bpm, 30.0, seed=4)
    heard = music.hear(opened(sound))
    assert heard.tempo_bpm == pytest.approx(tempo_bpm, rel=0.005)
    assert f_measure(heard.beats_s, beats, 0.02) > 0.9, "beats within 20 ms"
    assert precision(heard.downbeats_s, first, 0.02) > 0.8
    assert heard.beats_per_bar == metre and heard.beat_confidence > 0.5


def test_a_click_keeps_its_tempo_and_time(opened: Opened) -> None:
    sound, beats, _ = drum_track("click", 115.01, 30.0)
    heard = music.hear(opened(sound))
    assert heard.tempo_bpm == pytest.approx(115.01, rel=0.005)
    late = [t - beats[np.abs(beats - t).argmin()] for t in heard.beats_s[2:-2]]
    assert np.abs(late).max() < 0.01


def test_silence_in_front_moves_everything_by_its_length(opened: Opened) -> None:
    sound, _, _ = drum_track("rock", 110.0, 25.0)
    one = music.hear(opened(sound))
    two = music.hear(opened(np.concatenate([np.zeros((round(0.37 * RATE), 2), np.float32), sound])))
    for a, b in ((one.beats_s, two.beats_s), (one.downbeats_s, two.downbeats_s)):
        gaps = [np.abs(b - 0.37 - t).min() for t in a[1:-1]]
        assert max(gaps) < 0.015
    kick = two.signals["kick"][round(0.37 * 50):]
    size = min(len(kick), len(one.signals["kick"]))
    assert np.corrcoef(kick[:size], one.signals["kick"][:size])[0, 1] > 0.8


@pytest.mark.parametrize("gain", [0.03, 1.9])
def test_gain_changes_only_the_loudness(gain: float, opened: Opened) -> None:
    sound, _, _ = drum_track("broken", 96.0, 20.0)
    one, two = music.hear(opened(sound)), music.hear(opened(sound * np.float32(gain)))
    assert one.beats_per_bar == two.beats_per_bar
    assert one.tempo_bpm == pytest.approx(two.tempo_bpm, rel=0.005)
    assert f_measure(one.beats_s, two.beats_s, 0.015) > 0.95
    assert two.loudness_lufs - one.loudness_lufs == pytest.approx(20 * np.log10(gain), abs=0.05)


def _noise(seconds: float) -> Any:
    return 0.2 * np.random.default_rng(0).standard_normal((int(seconds * RATE), 2))


def _drone() -> Any:
    t = np.arange(30 * RATE) / RATE
    tones = np.stack([0.1 * np.sin(2 * np.pi * f * t + f) for f in (55.0, 82.4, 110.0, 164.8)])
    return np.repeat(tones.sum(0)[:, None], 2, axis=1)


def _scattered() -> Any:
    """Plucks at random times: onsets enough, but no grid."""
    rng, sound, t = np.random.default_rng(3), np.zeros(40 * RATE), np.arange(RATE) / RATE
    for at in np.cumsum(rng.exponential(0.45, 70)):
        if at < 39:
            start = int(at * RATE)
            sound[start: start + RATE] += np.sin(2 * np.pi * 220 * 2 ** (rng.integers(24) / 12) * t) * np.exp(-4 * t)
    return np.repeat(0.3 * sound[:, None], 2, axis=1)


@pytest.mark.parametrize("made", [lambda: _noise(30.0), _drone, _scattered])
def test_no_grid_is_claimed_where_there_is_none(made: Callable[[], Any], opened: Opened) -> None:
    heard = music.hear(opened(made()))
    well_formed(heard)
    assert heard.beat_confidence < 0.35


@pytest.mark.parametrize("sound", [
    np.full((1, 2), 0.5), _noise(0.05), np.zeros((5 * RATE, 2)), np.full((10 * RATE, 1), 0.5),
    np.sign(_noise(6.0)), _noise(1.0)[:, :1], _noise(3.0)], ids=["one sample", "50 ms", "silence", "dc", "clipped",
                                                                "mono second", "three seconds"])
def test_odd_sounds_are_heard_without_fault(sound: Any, opened: Opened) -> None:
    heard = music.hear(opened(sound))
    well_formed(heard)
    assert heard.silent == (not np.any(sound))
    if heard.silent:
        assert not len(heard.beats_s) and all(not curve.any() for curve in heard.signals.values())
    assert len(music.as_cues(heard)) >= 3


def test_a_narrow_band_source_keeps_its_grid(opened: Opened) -> None:
    sound, beats, _ = drum_track("broken", 100.0, 25.0)
    heard = music.hear(opened(sound[::6, 0], 8000))
    assert f_measure(heard.beats_s, beats) > 0.9


def test_signals_peak_on_the_drums_and_use_their_range(opened: Opened) -> None:
    sound, _, first = drum_track("sparse", 90.0, 30.0)
    heard = music.hear(opened(sound))
    for name, at_s in (("kick", first), ("onset", first), ("snare", first + 2 * 60 / 90.0)):
        curve = heard.signals[name]
        assert curve.max() > 0.95 and curve.min() < 0.05, name
        for t in at_s[(at_s > 0.5) & (at_s < 29)]:
            start = int(t * 50) - 6
            peak_s = (start + int(curve[start: start + 13].argmax())) / 50
            assert abs(peak_s - t) <= 0.02, (name, t)


def test_sections_follow_the_music(opened: Opened) -> None:
    quiet, _, _ = drum_track("sparse", 120.0, 16.0, 0.0, seed=1)
    loud, _, _ = drum_track("four to the floor", 120.0, 16.0, 0.0, seed=2)
    heard = music.hear(opened(np.concatenate([0.2 * quiet, loud, 0.2 * quiet, loud])))
    starts = np.array([s[2] for s in heard.sections])
    for border in (16.0, 32.0, 48.0):
        assert np.abs(starts - border).min() < 1.0
    labels = {round(border): next(s[0] for s in heard.sections if s[2] <= border < s[3]) for border in (5, 24, 40, 56)}
    assert labels[5] == labels[40] != labels[24] == labels[56]
    levels = {border: next(s[4] for s in heard.sections if s[2] <= border < s[3]) for border in (5, 24, 40, 56)}
    assert min(levels[24], levels[56]) > max(levels[5], levels[40])


def test_blocks_do_not_matter(opened: Opened, monkeypatch: pytest.MonkeyPatch) -> None:
    sound, _, _ = drum_track("rock", 120.0, 20.0)
    track = opened(sound)
    whole = music_features.measure(track, lambda: False, lambda _: None)
    monkeypatch.setattr(music_features, "BLOCK_S", 3)
    pieces = music_features.measure(track, lambda: False, lambda _: None)
    for name in ("mel", "flux", "low", "chroma", "level_db"):
        np.testing.assert_allclose(getattr(whole, name), getattr(pieces, name), atol=2e-3, err_msg=name)


def test_saved_cues_come_back(opened: Opened, tmp_path: Path) -> None:
    heard = music.hear(opened(drum_track("rock", 120.0, 20.0)[0]))
    music.save(heard, tmp_path / "cues.npz")
    again = music.load(tmp_path / "cues.npz")
    assert again is not None and again.sections == heard.sections and again.tempo_bpm == heard.tempo_bpm
    np.testing.assert_array_equal(again.beats_s, heard.beats_s)
    for name, curve in heard.signals.items():
        np.testing.assert_array_equal(again.signals[name], curve)
    (tmp_path / "cues.npz").write_bytes((tmp_path / "cues.npz").read_bytes()[:200])
    assert music.load(tmp_path / "cues.npz") is None
    assert music.load(tmp_path / "none.npz") is None


def test_a_stopped_run_says_so(opened: Opened) -> None:
    flag = Event()
    flag.set()
    with pytest.raises(Stopped):
        music.hear(opened(_noise(2.0)), flag)


def test_loudness_is_that_of_the_standard(opened: Opened) -> None:
    t = np.arange(5 * RATE) / RATE
    tone = 10 ** (-23 / 20) * np.sin(2 * np.pi * 1000 * t)
    assert music.loudness(opened(np.stack([tone, tone], 1))) == pytest.approx(-23.0, abs=0.1)  # EBU Tech 3341, case 1
