"""Reading any sound: laws of decoding, and every kind of bad file."""

from __future__ import annotations

from pathlib import Path

import av
import numpy as np
import pytest
import soundfile as sf

from modalities.faults import Unusable
from modalities.film import FilmWriter, even_size
from modalities.media import decode_track, to_stereo, write_wav


def music(seconds: float, rate: int, channels: int = 2, seed: int = 0) -> np.ndarray:
    """A few struck, decaying tones over noise: not one sine."""
    rng = np.random.default_rng(seed)
    t = np.arange(int(seconds * rate)) / rate
    x = 0.01 * rng.standard_normal((len(t), channels))
    for onset in np.arange(0, max(seconds, 0.01), 0.5):
        pitch = 220 * 2 ** (rng.integers(0, 12) / 12)
        decay = np.where(t >= onset, np.exp(-6 * (t - onset)), 0)
        x += (0.3 * decay * np.sin(2 * np.pi * pitch * t))[:, None] * rng.uniform(0.5, 1, channels)
    return np.clip(x, -0.9, 0.9).astype(np.float32)


@pytest.mark.parametrize("subtype, depth", [("PCM_16", 16), ("PCM_24", 24)])
def test_integer_pcm_at_the_grids_rate_is_kept_to_the_bit(tmp_path: Path, subtype: str, depth: int):
    source, out = tmp_path / "a.wav", tmp_path / "out.wav"
    sf.write(source, music(1.3, 48000), 48000, subtype=subtype)
    track = decode_track(source, tmp_path / "d.wav")
    assert track.exact_pcm == depth
    write_wav(out, iter((track.read(0, 10_000), track.read(10_000))), 48000, track.exact_pcm, track.peak)
    assert np.array_equal(sf.read(source, dtype="int32")[0], sf.read(out, dtype="int32")[0])
    assert sf.info(out).subtype == subtype


@pytest.mark.parametrize("rate", [8000, 11025, 22050, 44100, 96000, 192000])
@pytest.mark.parametrize("channels", [1, 2, 6])
def test_any_rate_and_channels_keep_length_and_shape(tmp_path: Path, rate: int, channels: int):
    source = tmp_path / "a.wav"
    sf.write(source, music(0.9, rate, channels), rate, subtype="FLOAT")
    track = decode_track(source, tmp_path / "d.wav")
    assert abs(track.duration_s - 0.9) < 2e-4
    whole = track.read()
    assert whole.shape == (track.frames, 2) and np.isfinite(whole).all() and np.abs(whole).max() > 0.05


def test_fold_down_never_clips_and_keeps_mono():
    full = np.ones((4, 6), np.float32)
    assert np.abs(to_stereo(full)).max() <= 1.0 + 1e-6
    mono = music(0.1, 48000, 1)
    assert np.array_equal(to_stereo(mono), np.repeat(mono, 2, 1))


@pytest.mark.parametrize("suffix, codec", [(".mp3", "mp3"), (".m4a", "aac"), (".opus", "libopus"), (".mp4", "aac")])
def test_lossy_kinds_are_read(tmp_path: Path, suffix: str, codec: str):
    source = tmp_path / f"a{suffix}"
    x = music(2.0, 48000)
    with av.open(str(source), "w") as container:
        stream = container.add_stream(codec, rate=48000, layout="stereo")
        for start in range(0, len(x), 960):
            frame = av.AudioFrame.from_ndarray(np.ascontiguousarray(x[start:start + 960].T), "fltp", "stereo")
            frame.sample_rate, frame.pts = 48000, start
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    track = decode_track(source, tmp_path / "d.wav")
    assert abs(track.duration_s - 2.0) < 0.12
    assert track.exact_pcm is None


def test_nan_becomes_silence_with_a_note(tmp_path: Path):
    x = music(0.5, 48000)
    x[1000:1100] = np.nan
    x[2000, 0] = np.inf
    sf.write(tmp_path / "a.wav", x, 48000, subtype="FLOAT")
    track = decode_track(tmp_path / "a.wav", tmp_path / "d.wav")
    assert np.isfinite(track.read()).all()
    assert "not numbers" in track.notes[0] and "201" in track.notes[0]


def test_truncated_file_gives_what_can_be_read(tmp_path: Path):
    sf.write(tmp_path / "a.ogg", music(6.0, 44100), 44100, format="OGG", subtype="VORBIS")
    data = (tmp_path / "a.ogg").read_bytes()
    (tmp_path / "cut.ogg").write_bytes(data[: len(data) // 2])
    track = decode_track(tmp_path / "cut.ogg", tmp_path / "d.wav")
    assert 1.0 < track.duration_s < 6.0


def bad_files(folder: Path) -> dict[str, Path]:
    (folder / "text.mp3").write_text("this is not music " * 50)
    (folder / "empty.wav").write_bytes(b"")
    (folder / "noise.flac").write_bytes(np.random.default_rng(0).bytes(5000))
    sf.write(folder / "zero.wav", np.zeros((0, 2), np.float32), 48000)
    (folder / "folder.wav").mkdir()
    return {name: folder / name for name in ("text.mp3", "empty.wav", "noise.flac", "zero.wav", "folder.wav",
                                             "missing.wav")}


@pytest.mark.parametrize("name", ["text.mp3", "empty.wav", "noise.flac", "zero.wav", "folder.wav", "missing.wav"])
def test_bad_files_get_one_sentence_and_leave_nothing(tmp_path: Path, name: str):
    path, out = bad_files(tmp_path)[name], tmp_path / "d.wav"
    with pytest.raises(Unusable) as caught:
        decode_track(path, out)
    assert name in str(caught.value) and "\n" not in str(caught.value)
    assert not out.exists()


def test_longest_s_ends_early(tmp_path: Path):
    sf.write(tmp_path / "a.wav", music(3.0, 44100), 44100)
    assert decode_track(tmp_path / "a.wav", tmp_path / "d.wav", longest_s=1.25).frames == 60000


def test_stopping_in_the_middle(tmp_path: Path):
    sf.write(tmp_path / "a.wav", music(3.0, 48000), 48000)
    with pytest.raises(InterruptedError):
        decode_track(tmp_path / "a.wav", tmp_path / "d.wav", stopped=lambda: True)


def test_film_keeps_picture_and_sound_together_to_the_end(tmp_path: Path):
    """A flash and a click at the same late moment stay within one frame after encoding."""
    fps, rate, seconds, at = 24, 48000, 20, 19.0
    sound = np.zeros((seconds * rate, 2), np.float32)
    sound[int(at * rate): int(at * rate) + 480] = 0.8
    path = tmp_path / "f.mp4"
    with FilmWriter(path, (64, 48), fps, rate, len(sound), lambda start, count: sound[start:start + count]) as film:
        for index in range(seconds * fps):
            film.add(np.full((48, 64, 3), 220 if index == int(at * fps) else 20, np.uint8))
    with av.open(str(path)) as container:
        luma = [(float(f.pts * f.time_base), f.to_ndarray(format="gray").mean()) for f in container.decode(video=0)]
    with av.open(str(path)) as container:
        pieces = [(float(f.pts * f.time_base), f.to_ndarray()[0]) for f in container.decode(audio=0)]
    assert len(luma) == seconds * fps
    flash_s = max(luma, key=lambda item: item[1])[0]
    click_s = next(t + int(np.argmax(np.abs(x) > 0.3)) / rate for t, x in pieces if np.abs(x).max() > 0.3)
    assert abs(flash_s - click_s) < 1 / fps


def test_even_size():
    assert even_size((513, 287)) == (514, 288) and even_size((512, 288)) == (512, 288)
