"""Laws of seeing films, on films built from rendered pictures: windows that move over a large picture."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from threading import Event

import av
import cv2
import numpy as np
import pytest
import soundfile as sf

from modalities.cues import CAMERA_CURVES, CURVE_HZ
from modalities.faults import Stopped, Unusable
from modalities.perceive.film import film_cues, load, save, see_film
from modalities.perceive.film_frames import Reading, moments

SIZE = (192, 108)
FPS = 24


@pytest.fixture(scope="module")
def scenes():
    from world_model.sim.picture import Renderer
    from world_model.sim.rollout import roll_shot
    from world_model.sim.sampling import random_plan

    renderer = Renderer((640, 360), threads=1)
    made = [renderer.render(roll_shot(random_plan(seed, 1, setting=setting, light="noon", weather="clear", look="photoreal",
                                                  move="static", scale="wide", has="0"))[0])
            for seed, setting in ((3, "village"), (4, "mountains"), (5, "forest"), (6, "canyon"))]
    renderer.close()
    return made


def window(picture, x, y, scale=1.0, turn_deg=0.0):
    """A view of SIZE whose middle lies at (x, y); scale > 1 is nearer, turned clockwise by turn_deg."""
    turn = cv2.getRotationMatrix2D((x, y), turn_deg, scale)
    turn[:, 2] += np.array(SIZE) / 2 - (x, y)
    return cv2.warpAffine(picture, turn, SIZE, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT)


def moving(picture, frames, vx=0.0, vy=0.0, x=320.0, y=200.0, zoom=0.0, roll=0.0):
    """Frames of a camera that goes over a picture: pixels a frame right and down, log of magnification and degrees."""
    middle = (frames - 1) / 2
    return [window(picture, x + vx * (k - middle), y + vy * (k - middle), np.exp(zoom * (k - middle)),
                   roll * (k - middle)) for k in range(frames)]


def written(path, frames, fps=FPS, times=None, rotation=None, sound=None, options=None):
    with av.open(str(path), "w") as out:
        stream = out.add_stream("libx264", rate=fps, options=options or {"crf": "20", "preset": "veryfast"})
        stream.height, stream.width = frames[0].shape[:2]
        stream.pix_fmt = "yuv420p"
        if rotation is not None:
            stream.set_display_rotation(rotation)
        if times is not None:
            stream.codec_context.time_base = Fraction(1, 1000)
        audio = None
        if sound is not None:
            audio = out.add_stream("aac", rate=48000, layout="stereo")
        for k, frame in enumerate(frames):
            picture = av.VideoFrame.from_ndarray(frame, format="rgb24")
            if times is not None:
                picture.pts, picture.time_base = round(times[k] * 1000), Fraction(1, 1000)
            out.mux(stream.encode(picture))
        out.mux(stream.encode(None))
        if audio is not None:
            for start in range(0, len(sound) - 1023, 1024):
                block = av.AudioFrame.from_ndarray(np.ascontiguousarray(sound[start: start + 1024].T), "fltp", "stereo")
                block.sample_rate, block.pts, block.time_base = 48000, start, Fraction(1, 48000)
                out.mux(audio.encode(block))
            out.mux(audio.encode(None))
    return path


def borders(film):
    return [(shot.transition, shot.start_s) for shot in film.shots[1:]]


@pytest.fixture(scope="module")
def three(scenes, tmp_path_factory):
    """Three shots with cuts at frames 31 and 60: right, left, up."""
    frames = [*moving(scenes[0], 31, vx=2.0), *moving(scenes[1], 29, vx=-2.0), *moving(scenes[2], 36, vy=-1.5)]
    return written(tmp_path_factory.mktemp("film") / "three.mp4", frames)


@pytest.fixture(scope="module")
def seen(three):
    return see_film(three, listen=False)


def test_cuts_lie_within_a_frame_and_shots_tile_the_film(seen):
    assert [kind for kind, _ in borders(seen)] == ["cut", "cut"]
    assert np.allclose([at for _, at in borders(seen)], (31 / FPS, 60 / FPS), atol=1 / FPS + 1e-6)
    assert seen.shots[0].start_s == 0 and seen.shots[-1].end_s == pytest.approx(seen.duration_s)
    assert all(a.end_s == b.start_s for a, b in zip(seen.shots, seen.shots[1:]))
    assert seen.duration_s == pytest.approx(4.0, abs=0.01) and seen.fps == 24 and seen.size_px == SIZE
    assert seen.music is None and seen.notes == ()


def test_the_camera_has_its_signs_and_nothing_leaks_over_cuts(seen):
    assert set(CAMERA_CURVES) | {"motion", "subject_motion", "luma"} <= set(seen.curves)
    assert all(len(curve) == round(seen.duration_s * CURVE_HZ) for curve in seen.curves.values())
    # Two pixels a frame of a lens that spans 73.7 degrees over 192 pixels.
    wanted = np.degrees(2.0 * FPS / 128)
    pan, tilt = seen.curves["camera.pan"], seen.curves["camera.tilt"]
    first, second, third = slice(1, 15), slice(17, 29), slice(32, 47)
    assert np.median(pan[first]) == pytest.approx(wanted, rel=0.15)
    assert np.median(pan[second]) == pytest.approx(-wanted, rel=0.15)
    assert pan[15] > 0.5 * wanted and pan[17] < -0.5 * wanted
    assert np.median(tilt[third]) == pytest.approx(0.75 * wanted, rel=0.2) and abs(np.median(pan[third])) < 2.0
    assert seen.curves["motion"].min() > 0.15 and seen.camera_confidence > 0.6


@pytest.mark.parametrize("name, move, per_s", [
    ("camera.roll", {"roll": 0.5}, 12.0), ("camera.roll", {"roll": -0.5}, -12.0),
    ("camera.zoom", {"zoom": 0.012}, 0.288), ("camera.zoom", {"zoom": -0.012}, -0.288)])
def test_rolls_and_zooms_are_told(scenes, tmp_path, name, move, per_s):
    film = see_film(written(tmp_path / "a.mp4", moving(scenes[0], 30, **move)), listen=False)
    found = float(np.median(film.curves[name]))
    if name == "camera.zoom":
        found += float(np.median(film.curves["camera.dolly"]))
    assert found == pytest.approx(per_s, rel=0.25) and len(film.shots) == 1


def test_the_same_film_gives_the_same_cues(three, seen):
    again = see_film(three, listen=False)
    assert all(np.array_equal(again.curves[name], curve) for name, curve in seen.curves.items())
    assert [shot.start_s for shot in again.shots] == [shot.start_s for shot in seen.shots]
    assert again.shots[1].picture.palette == seen.shots[1].picture.palette


def test_a_flash_and_a_fast_pan_are_no_cuts(scenes, tmp_path):
    frames = [*moving(scenes[1], 30, vx=0.5), *moving(scenes[1], 30, vx=9.0)]
    for k, share in ((12, 0.9), (13, 0.7), (14, 0.45), (15, 0.2)):
        frames[k] = np.rint(frames[k] * (1 - share) + 255 * share).astype(np.uint8)
    film = see_film(written(tmp_path / "a.mp4", frames[:30]), listen=False)
    assert borders(film) == []
    film = see_film(written(tmp_path / "b.mp4", frames[30:]), listen=False)
    assert borders(film) == []


def test_dissolves_and_fades_are_told_from_cuts(scenes, tmp_path):
    a, b, c = (moving(scene, 40, vx=0.6) for scene in scenes[:3])
    share = np.linspace(0, 1, 16)
    mixed = [np.rint(x * (1 - s) + y * s).astype(np.uint8) for x, y, s in zip(a[-16:], b[:16], share)]
    out = [np.rint(x * s).astype(np.uint8) for x, s in zip(b[-12:], np.linspace(1, 0, 12))]
    back = [np.rint(x * s).astype(np.uint8) for x, s in zip(c[:12], np.linspace(0, 1, 12))]
    film = see_film(written(tmp_path / "a.mp4", [*a[:-16], *mixed, *b[16:-12], *out, *back, *c[12:]]), listen=False)
    assert [kind for kind, _ in borders(film)] == ["dissolve", "fade"]
    assert np.allclose([at for _, at in borders(film)], (32 / FPS, 64 / FPS), atol=0.13)


def test_frame_times_that_vary_are_kept(scenes, tmp_path):
    frames = [*moving(scenes[0], 40, vx=1.0), *moving(scenes[3], 40, vx=1.0)]
    rng = np.random.default_rng(0)
    times = np.cumsum(rng.choice([0.02, 0.04, 0.07], len(frames)))
    times -= times[0]
    film = see_film(written(tmp_path / "a.mkv", frames, times=times), listen=False)
    assert film.fps == 0
    assert len(film.shots) == 2 and film.shots[1].start_s == pytest.approx(times[40], abs=0.071)
    assert film.duration_s == pytest.approx(times[-1], abs=0.12)


def test_held_pictures_move_at_the_pace_of_the_next(scenes, tmp_path):
    frames = moving(scenes[0], 14, vx=3.0)
    film = see_film(written(tmp_path / "a.mp4", [frame for frame in frames for _ in range(4)]), listen=False)
    wanted = np.degrees(3.0 * FPS / 4 / 128)
    assert np.allclose(film.curves["camera.pan"][2:-4], wanted, rtol=0.25)


def test_rotation_is_honoured(scenes, tmp_path):
    frames = moving(scenes[0], 12)
    path = written(tmp_path / "a.mp4", [np.ascontiguousarray(np.rot90(frame)) for frame in frames], rotation=-90)
    reading = Reading()
    first = next(iter(moments(path, reading, Event())))
    assert reading.size_px == SIZE and first.rgb.shape == (SIZE[1], SIZE[0], 3)
    assert np.abs(first.rgb.astype(int) - frames[0]).mean() < 12


def test_one_frame_is_a_film(scenes, tmp_path):
    film = see_film(written(tmp_path / "a.mp4", moving(scenes[0], 1)), listen=False)
    assert len(film.shots) == 1 and film.duration_s > 0 and all(len(curve) == 1 for curve in film.curves.values())
    assert film_cues(film)


def test_truncated_films_give_what_can_be_read(scenes, tmp_path):
    frames = [*moving(scenes[0], 40, vx=1.0), *moving(scenes[3], 60, vx=1.0)]
    path = written(tmp_path / "a.mkv", frames, options={"crf": "18", "g": "12"})
    data = path.read_bytes()
    path.write_bytes(data[: int(0.6 * len(data))])
    film = see_film(path, listen=False)
    assert 0.5 < film.duration_s < 4.1 and np.isfinite(film.curves["camera.pan"]).all()
    assert any("breaks off" in note for note in film.notes)


def test_what_is_no_film_gets_one_sentence(tmp_path, three):
    text, sound, empty = tmp_path / "a.mp4", tmp_path / "b.mp4", tmp_path / "c.mp4"
    text.write_text("no film at all\n" * 400)
    sf.write(tmp_path / "b.wav", np.zeros((4800, 2), np.float32), 48000)
    sound.write_bytes((tmp_path / "b.wav").read_bytes())
    empty.write_bytes(b"")
    headless = tmp_path / "d.mp4"
    headless.write_bytes(three.read_bytes()[:2000])
    for path in (text, sound, empty, headless, tmp_path / "none.mp4", tmp_path):
        with pytest.raises(Unusable) as fault:
            see_film(path)
        assert str(path) in str(fault.value) and str(fault.value).count("\n") == 0


def test_a_wrong_name_is_no_hindrance_and_stop_stops(three, tmp_path):
    other = tmp_path / "film.txt"
    other.write_bytes(three.read_bytes())
    flag = Event()
    told = []

    def progress(share):
        told.append(share)
        flag.set()

    with pytest.raises(Stopped):
        see_film(other, stop=flag, progress=progress, listen=False)
    assert told and 0 <= told[0] <= 1


def test_cues_have_names_spans_and_roles(seen):
    found = film_cues(seen)
    names = {cue.name for cue in found}
    assert {"cut", "shot", *CAMERA_CURVES, "palette", "light", "motion"} <= names
    assert all(0 <= cue.confidence <= 1 and cue.method and cue.span_s[0] <= cue.span_s[1] for cue in found)
    assert [cue.span_s for cue in found] == sorted(cue.span_s for cue in found)
    assert {cue.name for cue in film_cues(seen, "camera")} == set(CAMERA_CURVES)
    assert {cue.name for cue in film_cues(seen, "pacing")} == {"cut", "shot", "motion"}
    assert {cue.name for cue in film_cues(seen, "palette")} == {"palette"}
    assert len(film_cues(seen, "all")) == len(found)


def test_sound_is_heard_and_all_comes_back_from_disk(scenes, tmp_path):
    rng = np.random.default_rng(0)
    sound = np.zeros((48000 * 3, 2), np.float32)
    for at in range(0, len(sound) - 4800, 24000):
        sound[at: at + 4800] += (rng.standard_normal(4800) * np.exp(-np.arange(4800) / 800))[:, None] * 0.3
    film = see_film(written(tmp_path / "a.mp4", moving(scenes[0], 72, vx=1.0), sound=sound))
    assert film.music is not None and film.music.duration_s == pytest.approx(3.0, abs=0.1)
    save(film, tmp_path / "cues.npz")
    back = load(tmp_path / "cues.npz")
    assert back is not None and back.shots[0].picture.palette == film.shots[0].picture.palette
    assert back.size_px == film.size_px and back.music is not None and back.music.sections == film.music.sections
    assert film_cues(back) == film_cues(film)
    line, other = film.shots[0].picture.framing.skyline, back.shots[0].picture.framing.skyline
    assert (line is None) == (other is None) and (line is None or np.array_equal(line, other))
    data = (tmp_path / "cues.npz").read_bytes()
    Path(tmp_path / "cues.npz").write_bytes(data[: len(data) // 2])
    assert load(tmp_path / "cues.npz") is None and load(tmp_path / "none.npz") is None


def rained_on(frames, seed):
    """Frames under bright streaks that lie elsewhere in each, with little contrast behind them."""
    rng = np.random.default_rng(seed)
    out = []
    for frame in frames:
        frame = np.rint(110 + 0.35 * (frame.astype(np.float32) - 110)).astype(np.uint8)
        for x, y in zip(rng.integers(0, SIZE[0], 260), rng.integers(-10, SIZE[1], 260)):
            cv2.line(frame, (int(x), int(y)), (int(x) + 2, int(y) + 12), (190, 195, 200), 1)
        out.append(frame)
    return out


def test_rain_hides_no_cut_and_makes_none(scenes, tmp_path):
    frames = [*moving(scenes[1], 40, vx=0.4), *moving(scenes[2], 44, vx=-0.4)]
    film = see_film(written(tmp_path / "a.mp4", rained_on(frames, 0)), listen=False)
    assert [kind for kind, _ in borders(film)] == ["cut"]
    assert film.shots[1].start_s == pytest.approx(40 / FPS, abs=2 / FPS)
    film = see_film(written(tmp_path / "b.mp4", rained_on(moving(scenes[1], 80, vx=0.4), 1)), listen=False)
    assert borders(film) == []


def test_a_storm_of_lightning_is_no_cut(scenes, tmp_path):
    frames = moving(scenes[1], 90, vx=0.5)
    rng = np.random.default_rng(3)
    for k in np.flatnonzero(rng.random(90) < 0.25):
        frames[k] = np.clip(frames[k] * 1.5 + 50, 0, 255).astype(np.uint8)
    assert borders(see_film(written(tmp_path / "a.mp4", frames), listen=False)) == []


def test_hard_compression_is_owned_up_to(scenes, tmp_path):
    frames = moving(scenes[1], 30, vx=1.0)
    sure = [see_film(written(tmp_path / f"{crf}.mp4", frames, options={"crf": crf, "preset": "veryfast"}), listen=False
                     ).camera_confidence for crf in ("18", "44")]
    assert sure[0] > 0.9 and sure[1] < 0.8 * sure[0]
