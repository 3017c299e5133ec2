"""Laws of what lies round the sound engines: pieces, tempo, mixing, foley, narration."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path
from threading import Event as Flag

import numpy as np
import pytest

from modalities.engines.sound.foley import KINDS, clip_of, modelled, placed, synthesised
from modalities.engines.sound.mixing import ducking, mixed
from modalities.engines.sound.pieces import joined, of_length, spans
from modalities.engines.sound.tempo import fit, fitted, heard_grid
from modalities.engines.sound.voice import BREATH_S, laid, missing_voice, narration, said
from modalities.faults import Stopped, Unavailable
from modalities.media import Sound
from modalities.script import SpokenLine
from world_model.sim.effects import EVENT_LEVEL
from world_model.sim.loudness import true_peak_dbtp
from world_model.state import Event

RATE_HZ = 24000


def noise(seconds: float, level: float = 0.1, seed: int = 0) -> Sound:
    return (level * np.random.default_rng(seed).normal(size=(round(seconds * RATE_HZ), 2))).astype(np.float32)


def drums(bpm: float, first_s: float, seconds: float) -> tuple[Sound, np.ndarray]:
    """Kick, snare and hats in four, beginning with a downbeat; and the times of the beats."""
    rng = np.random.default_rng(1)
    out = np.zeros((round(seconds * RATE_HZ), 2), np.float32)
    t = np.arange(round(0.12 * RATE_HZ)) / RATE_HZ
    beats = np.arange(first_s, seconds - 0.2, 60 / bpm)
    kick = (np.sin(2 * np.pi * (50 * t + 6 * (1 - np.exp(-t / 0.02)))) * np.exp(-t / 0.05)).astype(np.float32)
    snare = (rng.normal(size=len(t)) * np.exp(-t / 0.03) * 0.5).astype(np.float32)
    hat = (rng.normal(size=len(t)) * np.exp(-t / 0.008) * 0.2).astype(np.float32)
    for k, beat in enumerate(beats):
        hits = [(beat, snare if k % 2 else kick), (beat, hat), (beat + 30 / bpm, hat)]
        hits += [(beat, 0.8 * kick), (beat, 0.6 * hat)] if k % 4 == 0 else []
        for time_s, hit in hits:
            at = round(time_s * RATE_HZ)
            end = max(at, min(len(out), at + len(hit)))
            out[at:end] += hit[:end - at, None] * np.float32(0.4)
    return out, beats


# ------------------------------------------------------------------------------------------------------------- pieces
@pytest.mark.parametrize("length, longest", [(0.5, 30), (29.9, 30), (61, 30), (200, 47), (333.3, 30)])
def test_pieces_tile_the_film_and_none_is_too_long(length: float, longest: float):
    downs = np.arange(0.4, length, 2.0)
    plan = spans(length, longest, downs, [downs[len(downs) // 2]] if len(downs) else [])
    assert plan[0].start_s == 0 and plan[-1].end_s == length and plan[0].lead_s == 0
    for before, after in pairwise(plan):
        assert before.end_s == after.start_s and min(abs(downs - after.start_s)) < 1e-9
        assert after.lead_s == pytest.approx(2.0)
    assert all(0 < one.duration_s <= longest + 1e-9 for one in plan)


def test_a_section_is_where_pieces_meet():
    assert spans(50, 30, np.arange(0, 50, 2.0), [10.0, 24.0])[0].end_s == 24.0


def test_a_join_keeps_loudness_whether_the_parts_are_alike_or_not():
    same = noise(2.0)
    assert np.allclose(joined(same[:30000], same[20000:], 10000), same, atol=1e-6)
    strange = joined(noise(1.0), noise(1.0, seed=7), 12000)
    assert len(strange) == 2 * RATE_HZ - 12000
    middle = float(np.sqrt((strange[16000:20000] ** 2).mean()))
    assert middle == pytest.approx(0.1, rel=0.05)
    assert of_length(same, 7).shape == (7, 2) and not of_length(same[:3], 9)[3:].any()


# -------------------------------------------------------------------------------------------------------------- tempo
@pytest.mark.parametrize("bpm, late_s", [(117.0, 0.33), (123.5, 0.1)])
def test_music_near_the_tempo_lands_on_the_films_beats(bpm: float, late_s: float):
    stem, clicks = drums(bpm, late_s, 18.0)
    film = np.arange(0, 40, 0.5)
    how = fit(heard_grid(stem, RATE_HZ), film, film[::4])
    assert how.near and how.heard_bpm == pytest.approx(bpm, rel=0.004)
    moved = clicks * how.stretch + how.shift_s
    late = np.abs((moved + 0.25) % 0.5 - 0.25)
    assert float(late.max()) < 0.03
    # What begins a bar there begins one here.
    assert np.abs((moved[::4] + 1.0) % 2.0 - 1.0).max() < 0.03
    made = fitted(stem, RATE_HZ, how)
    assert len(made) == pytest.approx(len(stem) * how.stretch + how.shift_s * RATE_HZ, abs=0.012 * RATE_HZ)
    again = fit(heard_grid(made, RATE_HZ), film, film[::4])
    assert again.stretch == pytest.approx(1.0, abs=0.002) and abs(again.shift_s) < 0.03


def test_music_in_another_tempo_and_noise_are_left_alone():
    stem, _ = drums(96.0, 0.0, 20.0)
    film = np.arange(0, 40, 0.5)
    for sound in (stem, noise(8.0), np.zeros((RATE_HZ * 8, 2), np.float32), noise(0.1)):
        how = fit(heard_grid(sound, RATE_HZ), film, film[::4])
        assert not how.near and fitted(sound, RATE_HZ, how) is sound


# ------------------------------------------------------------------------------------------------------------- mixing
def test_stems_add_up_to_the_mix_and_the_mix_is_mastered():
    music, world, speech = noise(6.0, 0.2), noise(6.0, 0.02, 1), np.zeros((6 * RATE_HZ, 2), np.float32)
    speech[2 * RATE_HZ:3 * RATE_HZ] = noise(1.0, 0.1, 2)
    mix = mixed(music, world, speech, [(2 * RATE_HZ, 3 * RATE_HZ)], RATE_HZ, None, 9.0, played=True)
    assert set(mix.stems) == {"music", "world", "speech"}
    assert true_peak_dbtp(mix.sound) <= -1.0 and mix.loudness_lufs == pytest.approx(-14.0, abs=1.5)
    quiet = mixed(0.1 * music, world, speech, [(2 * RATE_HZ, 3 * RATE_HZ)], RATE_HZ, None, 9.0, played=False)
    assert np.allclose(sum(quiet.stems.values()), quiet.sound, atol=1e-5)


def test_music_steps_back_for_speech_and_comes_back():
    gain = ducking(10 * RATE_HZ, RATE_HZ, [(3 * RATE_HZ, 5 * RATE_HZ)], 9.0)
    down = 10 ** (-9 / 20)
    assert np.allclose(gain[3 * RATE_HZ:5 * RATE_HZ], down, atol=1e-6)
    assert (gain[:round(2.8 * RATE_HZ)] == 1).all() and (gain[round(5.6 * RATE_HZ):] == 1).all()
    assert float(np.abs(np.diff(gain)).max()) < 0.001
    assert (ducking(RATE_HZ, RATE_HZ, [(0, RATE_HZ)], 0.0) == 1).all()
    for duck_db in (3.0, 6.0, 12.0):
        assert ducking(RATE_HZ, RATE_HZ, [(0, RATE_HZ)], duck_db).min() == pytest.approx(10 ** (-duck_db / 20))


def test_silence_stays_silent():
    nothing = np.zeros((RATE_HZ, 2), np.float32)
    mix = mixed(nothing, nothing, nothing, [], RATE_HZ, None, 9.0, played=True)
    assert not mix.sound.any() and not mix.stems


# -------------------------------------------------------------------------------------------------------------- foley
def test_a_clips_attack_falls_on_the_events_own_sample():
    late = np.zeros((RATE_HZ, 2), np.float32)
    late[7777] = 0.5
    clip = clip_of(late, RATE_HZ, 0.5)
    assert clip is not None
    for time_s in (0.0, 0.123456, 1.5):
        out = placed([Event(time_s, "impact")], {"impact": (clip,)}, RATE_HZ, 2 * RATE_HZ)
        assert int(np.abs(out[:, 0]).argmax()) == round(time_s * RATE_HZ)
        assert np.count_nonzero(out) == 2


def test_events_outside_the_film_or_unknown_are_not_heard_and_strength_counts():
    clips = synthesised(EVENT_LEVEL, RATE_HZ, 3)
    assert set(clips) == set(EVENT_LEVEL) == set(KINDS)
    out = placed([Event(-1, "impact"), Event(9, "impact"), Event(0.5, "sneeze")], clips, RATE_HZ, RATE_HZ)
    assert not out.any()
    loud, soft = (np.abs(placed([Event(0.1, "splash", strength)], clips, RATE_HZ, RATE_HZ)).max()
                  for strength in (1.0, 0.25))
    assert loud == pytest.approx(4 * soft, rel=1e-4)
    assert np.array_equal(clips["step"][0].mono, synthesised(["step"], RATE_HZ, 3)["step"][0].mono)


class Clicker:
    """A fake engine: a click after as many samples as the prompt has letters; silent where told."""

    def __init__(self, silent: str = "") -> None:
        self.silent, self.told = silent, list[str]()

    def effect(self, prompt: str, duration_s: float, rate_hz: int, seed: int, stop: Flag) -> Sound:
        if stop.is_set():
            raise Stopped("stopped")
        self.told.append(prompt)
        out = np.zeros((round(duration_s * rate_hz), 2), np.float32)
        if not self.silent or self.silent not in prompt:
            out[len(prompt)] = 0.3
        return out


def test_foley_of_a_model_is_placed_exactly_and_silence_is_filled_in():
    engine = Clicker("bell")
    clips = modelled(engine, ["impact", "chime", "impact"], RATE_HZ, 5, Flag())  # pyright: ignore
    assert [len(clips[kind]) for kind in ("impact", "chime")] == [2, 1] and len(engine.told) == 3
    out = placed([Event(0.25, "impact"), Event(0.75, "impact")], clips, RATE_HZ, RATE_HZ)
    assert np.flatnonzero(out[:, 0]).tolist() == [RATE_HZ // 4, RATE_HZ * 3 // 4]
    assert len(clips["chime"][0].mono) > 100
    stop = Flag()
    stop.set()
    with pytest.raises(Stopped):
        modelled(engine, ["impact"], RATE_HZ, 5, stop)  # pyright: ignore


# ---------------------------------------------------------------------------------------------------------- narration
def test_lines_begin_on_their_sample_and_wait_for_one_another():
    out = np.zeros((4 * RATE_HZ, 2), np.float32)
    line = np.full((RATE_HZ, 2), 0.5, np.float32)
    spoken = laid(out, [100, 12000, 3 * RATE_HZ + 12000, 5 * RATE_HZ], [line, line, line, line], RATE_HZ)
    assert spoken.spans[0] == (100, 100 + RATE_HZ)
    assert spoken.spans[1][0] == 100 + RATE_HZ + round(BREATH_S * RATE_HZ)
    assert spoken.spans[2] == (3 * RATE_HZ + 12000, 4 * RATE_HZ) and spoken.lost == 1
    assert float(np.abs(spoken.speech).max()) == 0.5 and abs(float(spoken.speech[-1, 0])) < 1e-6
    assert spoken.late_s == pytest.approx((spoken.spans[1][0] - 12000) / RATE_HZ)


def test_without_the_voice_it_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("importlib.util.find_spec", lambda _: None)
    assert "beecam[voice]" in (missing_voice() or "")
    with pytest.raises(Unavailable, match="pip install"):
        narration([SpokenLine(0.0, "Hello.")], RATE_HZ, RATE_HZ, 1.0, Flag())
    assert not narration([SpokenLine(0.0, " … ")], RATE_HZ, RATE_HZ, 1.0, Flag()).speech.any()


@pytest.mark.skipif(missing_voice() is not None, reason="the extra `voice` is not installed")
def test_the_packaged_voice_speaks_the_same_every_time(tmp_path: Path):
    texts = ["The rain begins.", "; rm -rf / \n $(touch x) --model", "The rain begins."]
    (first, rate), (odd, _), (again, _) = said(texts, 1.0, Flag())
    fast = said(texts[:1], 2.0, Flag())[0][0]
    assert rate == 22050 and np.array_equal(first, again) and len(odd) > 1000
    assert 0.5 < len(first) / rate < 2.5 and len(fast) < 0.7 * len(first)
    assert np.flatnonzero(np.abs(first).max(1) > 0.005)[0] < 0.01 * rate
    assert list(tmp_path.iterdir()) == []
    stop = Flag()
    stop.set()
    with pytest.raises(Stopped):
        said(texts, 1.0, stop)
