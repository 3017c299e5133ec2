"""References: known by their content, given roles, and refused in one sentence."""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path
from threading import Event

import av
import numpy as np
import pytest
import soundfile as sf
from PIL import Image, ImageDraw

from agent.references import ALL, DEFAULT_ROLES, GIVES, ROLES, kind_of, usable_roles
from agent.referring import Referred, refer, refer_again, with_references
from agent.request import Reference, Request, checked, parse_reference
from agent.studio import Studio
from modalities import cue_files, seeing
from modalities.cues import Line, WordCues
from modalities.faults import Unavailable, Unusable
from modalities.registry import default_registry
from modalities.store import Store
from ui_gen.compose import panel_for

STROKE = {"stroke": [{"t_s": 0.1 * k, "x": 0.1 + 0.08 * k, "y": 0.5} for k in range(10)]}
LRC = "[00:00.50]a red fox in the snow\n[00:03.00]rain over the city\n[00:06.00]then the stars\n"
SRT = "1\n00:00:00,500 --> 00:00:02,000\nA fox in the snow.\n\n2\n00:00:03,000 --> 00:00:05,000\nRain.\n"


def photo() -> Image.Image:
    """Something that is seen and not drawn: a sky over noisy ground."""
    pick = np.random.default_rng(4)
    rgb = np.zeros((180, 320, 3), np.float32)
    rgb[:100] = np.linspace(80, 220, 100)[:, None, None] * np.array([0.6, 0.8, 1.0])
    rgb[100:] = (90 + 50 * pick.random((80, 320, 1))) * np.array([0.9, 1.0, 0.6])
    return Image.fromarray(np.clip(rgb + pick.normal(0, 4, rgb.shape), 0, 255).astype(np.uint8))


def drawing() -> Image.Image:
    picture = Image.new("RGB", (320, 240), "white")
    draw = ImageDraw.Draw(picture)
    draw.line([(0, 170), (80, 120), (160, 150), (240, 90), (319, 160)], fill="black", width=3)
    draw.ellipse([250, 20, 280, 50], outline="black", width=3)
    draw.rectangle([40, 150, 75, 200], outline="black", width=3)
    return picture


def film(path: Path, frames: int = 24, sound: bool = False, size=(128, 72)) -> Path:
    """Moving pictures in MP4 with one cut in the middle."""
    with av.open(str(path), "w") as out:
        stream = out.add_stream("libx264", rate=Fraction(24), options={"preset": "ultrafast"})
        stream.width, stream.height, stream.pix_fmt = *size, "yuv420p"
        audio = out.add_stream("aac", rate=48000, layout="stereo") if sound else None
        pick = np.random.default_rng(1)
        worlds = [pick.integers(0, 255, (9, 16, 3), np.uint8) for _ in range(2)]
        for k in range(frames):
            big = np.asarray(Image.fromarray(worlds[k >= frames // 2]).resize(size, Image.Resampling.BICUBIC))
            out.mux(stream.encode(av.VideoFrame.from_ndarray(np.roll(big, 2 * k, 1), format="rgb24")))
        out.mux(stream.encode(None))
        if audio is not None:
            _tone(out, audio, frames / 24)
    return path


def sound_film(path: Path) -> Path:
    """An MP4 that has no picture."""
    with av.open(str(path), "w") as out:
        _tone(out, out.add_stream("aac", rate=48000, layout="stereo"), 1.0)
    return path


def _tone(out, stream, seconds: float) -> None:
    t = np.arange(int(seconds * 48000)) / 48000
    wave = (0.3 * np.sin(2 * np.pi * 330 * t)).astype(np.float32)
    frame = av.AudioFrame.from_ndarray(np.stack([wave, wave]), format="fltp", layout="stereo")
    frame.sample_rate = 48000
    out.mux(stream.encode(frame))
    out.mux(stream.encode(None))


def files(folder: Path) -> dict[str, str]:
    """Files of every kind under names that do not always say so."""
    photo().save(folder / "a.png")
    photo().save(folder / "wrong.mp4", "JPEG")
    drawing().save(folder / "d.jpg", quality=92)
    film(folder / "f.mp4")
    film(folder / "still.mp4", 1)
    sound_film(folder / "nopicture.mp4")
    sf.write(folder / "s.wav", 0.1 * np.random.default_rng(0).standard_normal((48000, 2)), 48000)
    (folder / "l.lrc").write_text(LRC)
    (folder / "l.txt").write_text(SRT)
    (folder / "v.vtt").write_text("WEBVTT\n\n00:01.000 --> 00:02.000\nHello snow\n")
    (folder / "t.txt").write_text("A red fox runs through a snowy forest at dawn.")
    (folder / "p.fountain").write_text("INT. CITY - NIGHT\n\nA car waits in the rain.\n")
    (folder / "u.md").write_bytes("a fox at d\xe4mmerung".encode("cp1252"))
    (folder / "g.json").write_text(json.dumps(STROKE))
    return {"a.png": "image", "wrong.mp4": "image", "d.jpg": "sketch", "f.mp4": "film", "still.mp4": "image",
            "nopicture.mp4": "audio", "s.wav": "audio", "l.lrc": "lyrics", "l.txt": "lyrics", "v.vtt": "lyrics",
            "t.txt": "text", "p.fountain": "text", "u.md": "text", "g.json": "gesture"}


@pytest.fixture
def studio(tmp_path: Path) -> Studio:
    return Studio(Store(tmp_path / "p").open(), default_registry(), panel_for)


def test_a_file_is_what_it_holds(tmp_path: Path):
    assert {name: kind_of(tmp_path / name) for name in files(tmp_path)} == files(tmp_path)


def test_every_kind_has_roles_it_can_play():
    for kind, roles in DEFAULT_ROLES.items():
        assert roles and set(roles) <= set(GIVES[kind]) <= set(ROLES)
    assert set(ALL["film"]) <= set(GIVES["film"])
    assert usable_roles("film", ("all",), "f")[0][0] == "all"
    roles, notes = usable_roles("audio", ("rhythm", "palette"), "s.wav")
    assert roles == ("rhythm",) and "palette" in notes[0]
    with pytest.raises(Unusable, match="nothing to give as palette"):
        usable_roles("audio", ("palette",), "s.wav")


BAD = {"empty.png": b"", "text.mp4": b"not a film " * 50, "junk.mp4": bytes(range(256)) * 40, "junk.bin": b"\0\1\2" * 99,
       "blank.txt": b"  \n ", "cut.png": None, "cut.mp4": None, "broken.json": b"{\"stroke\": [1, 2", "zero.lrc": b"\n\n"}


@pytest.mark.parametrize("name", BAD)
def test_what_cannot_be_read_gets_one_sentence(studio: Studio, tmp_path: Path, name: str):
    path = tmp_path / name
    if BAD[name] is None:
        whole = tmp_path / f"whole{path.suffix}"
        photo().save(whole) if path.suffix == ".png" else film(whole)
        path.write_bytes(whole.read_bytes()[:300])
    else:
        path.write_bytes(BAD[name])
    with pytest.raises(Unusable) as fault:
        studio.plan(Request(prompt="a fox", references=(Reference(path=path),)), lambda _: None)
    assert name in str(fault.value) and len(str(fault.value)) < 400 and "\n" not in str(fault.value)
    assert not list((studio.store.root / "takes").iterdir())


def test_a_missing_file_and_an_unknown_role(tmp_path: Path):
    with pytest.raises(Unusable, match="no file"):
        checked(Request(prompt="x", references=(Reference(path=tmp_path / "no.png"),)))
    with pytest.raises(Unusable, match="Unknown role 'dance'"):
        parse_reference("x.png:dance")
    assert parse_reference("x.mp4:pacing,camera").roles == ("pacing", "camera")


def test_cues_come_back_from_disk_as_they_were(tmp_path: Path):
    words = WordCues((Line(0.5, 2.0, "snow"),), "en", "lrc", 4.0, ("a note",))
    cue_files.save(words, tmp_path / "w.npz")
    assert cue_files.load(tmp_path / "w.npz") == words
    photo().save(tmp_path / "a.png")
    store = Store(tmp_path / "p").open()
    first = seeing.image(store, tmp_path / "a.png", "0" * 64)
    again = cue_files.load(seeing.cache_path(store, "0" * 64, "image"))
    assert again.picture.palette == first.picture.palette and again.picture.setting == first.picture.setting
    (tmp_path / "w.npz").write_bytes(b"damaged")
    assert cue_files.load(tmp_path / "w.npz") is None


def test_a_reference_is_perceived_once_and_found_without_its_file(studio: Studio, tmp_path: Path, monkeypatch):
    photo().save(tmp_path / "a.png")
    request = Request(prompt="a fox", references=(Reference(path=tmp_path / "a.png"),))
    first = refer(studio.store, request, lambda _: None, Event())
    monkeypatch.setattr("modalities.perceive.image.see_image", lambda path: pytest.fail("seen twice"))
    refer(studio.store, request, lambda _: None, Event())
    (tmp_path / "a.png").unlink()
    again = refer_again(studio.store, [one.use() for one in first.seen], "", Event())
    assert again.seen[0].image is not None and again.seen[0].roles == first.seen[0].roles


def test_command_line_roles_beat_words_and_words_beat_defaults(studio: Studio, tmp_path: Path):
    photo().save(tmp_path / "a.png")
    said = Request(prompt="a fox, use the picture only for its colours", references=(Reference(path=tmp_path / "a.png"),))
    found = refer(studio.store, said, lambda _: None, Event())
    assert found.seen[0].roles == ("palette",) and "colours" not in found.words and "words" in found.seen[0].because
    firm = said.model_copy(update={"references": (Reference(path=tmp_path / "a.png", roles=("light",)),)})
    assert refer(studio.store, firm, lambda _: None, Event()).seen[0].roles == ("light",)
    plain = said.model_copy(update={"prompt": "a fox"})
    assert refer(studio.store, plain, lambda _: None, Event()).seen[0].roles == DEFAULT_ROLES["image"]


def test_a_text_says_what_the_prompt_leaves_open(studio: Studio, tmp_path: Path):
    (tmp_path / "t.txt").write_text("A red fox runs through a snowy forest at dawn.")
    request = Request(prompt="watercolour, at night", references=(Reference(path=tmp_path / "t.txt"),))
    plan = studio.plan(request, lambda _: None)
    assert {shot.world.look for shot in plan.direction.shots} == {"watercolour"}
    assert any(body.kind == "fox" for shot in plan.direction.shots for body in shot.world.bodies)
    assert all(trait.reference == 1 for trait in plan.brief.traits if trait.axis == "body")
    assert all(s.world.light.time_h > 19 or s.world.light.time_h < 5 for s in plan.direction.shots)


def test_lyrics_come_at_their_times(studio: Studio, tmp_path: Path):
    (tmp_path / "l.lrc").write_text(LRC)
    request = Request(prompt="cel animation", references=(Reference(path=tmp_path / "l.lrc"),), duration_s=9.0)
    plan = studio.plan(request, lambda _: None)
    parts = [trait for trait in plan.brief.traits if trait.axis == "sequence"]
    assert parts and all(trait.reference == 1 for trait in parts)


def test_a_brief_remembers_its_references(studio: Studio, tmp_path: Path):
    photo().save(tmp_path / "a.png")
    plan = studio.plan(Request(references=(Reference(path=tmp_path / "a.png", roles=("palette",)),)), lambda _: None)
    use = plan.brief.references[0]
    assert use.kind == "image" and use.roles == ("palette",) and use.used[0].startswith("palette: ")
    assert plan.brief.goal == "A film after a.png" and "command line" in use.because
    again = with_references(plan.brief, refer_again(studio.store, plan.brief.references, "", Event()))
    assert again.traits == plan.brief.traits
    assert with_references(plan.brief, Referred()).references == ()


def test_what_is_spoken_becomes_words_of_the_request(studio: Studio, tmp_path: Path, monkeypatch):
    sf.write(tmp_path / "voice.wav", 0.1 * np.random.default_rng(0).standard_normal((48000, 2)), 48000)
    monkeypatch.setattr("modalities.perceive.speech.sounds_like_speech", lambda track: 0.9)
    spoken = WordCues((Line(0.0, 1.0, "a red fox at night"),), "en", "speech", 1.0)
    monkeypatch.setattr("modalities.perceive.speech.transcribe", lambda track, stop=None, progress=None: spoken)
    request = Request(prompt="watercolour", references=(Reference(path=tmp_path / "voice.wav"),))
    plan = studio.plan(request, lambda _: None)
    assert plan.brief.references[0].kind == "speech" and plan.heard is None
    assert any(body.kind == "fox" for shot in plan.direction.shots for body in shot.world.bodies)
    assert {shot.world.look for shot in plan.direction.shots} == {"watercolour"}
    heard = request.model_copy(update={"references": (Reference(path=tmp_path / "voice.wav", roles=("timbre",)),)})
    assert studio.plan(heard, lambda _: None).heard is not None


def test_speech_without_a_recogniser_is_a_note_or_a_clear_end(studio: Studio, tmp_path: Path, monkeypatch):
    sf.write(tmp_path / "voice.wav", 0.1 * np.random.default_rng(0).standard_normal((48000, 2)), 48000)
    monkeypatch.setattr("modalities.perceive.speech.sounds_like_speech", lambda track: 0.9)

    def gone(*_: object) -> None:
        raise Unavailable("Understanding speech needs the recogniser, which is not installed.")

    monkeypatch.setattr("modalities.perceive.speech.transcribe", gone)
    voice = (Reference(path=tmp_path / "voice.wav"),)
    told = studio.plan(Request(prompt="a fox", references=voice), lambda _: None)
    assert any("recogniser" in note for note in told.notes)
    with pytest.raises(Unavailable, match="recogniser"):
        studio.plan(Request(references=voice), lambda _: None)


def test_a_white_page_is_said_to_be_one(studio: Studio, tmp_path: Path):
    Image.new("RGB", (200, 100), "white").save(tmp_path / "w.png")
    plan = studio.plan(Request(prompt="a fox", references=(Reference(path=tmp_path / "w.png", roles=("layout",)),)),
                       lambda _: None)
    assert any("w.png is of one colour" in note for note in plan.notes)
