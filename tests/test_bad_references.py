"""Files as they come: broken, mislabelled, odd or hostile. Each is used with a note or refused in one sentence, and
nothing half-written stays in the project. All files are made here."""

from __future__ import annotations

import io
import json
import os
import zipfile
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from threading import Event

import av
import numpy as np
import pytest
import soundfile as sf
from PIL import Image, ImageDraw

from agent.referring import refer, understood
from agent.request import Reference, Request, checked
from modalities.faults import Unusable
from modalities.store import Store
from ui_gen.command_line.run import main

Make = Callable[[Path], Path]
RATE = 48000
SIZE = (96, 54)


# ------------------------------------------------------------------------------------------------------ what is whole
def scene(seed: int = 3, size: tuple[int, int] = (160, 90)) -> Image.Image:
    """A sky over noisy ground."""
    pick = np.random.default_rng(seed)
    rgb = np.zeros((size[1], size[0], 3), np.float32)
    rgb[: size[1] // 2] = np.linspace(90, 220, size[1] // 2)[:, None, None] * np.array([0.6, 0.8, 1.0])
    rgb[size[1] // 2:] = (90 + 50 * pick.random((size[1] - size[1] // 2, size[0], 1))) * np.array([0.9, 1.0, 0.6])
    return Image.fromarray(np.clip(rgb + pick.normal(0, 4, rgb.shape), 0, 255).astype(np.uint8))


def drawing(ink: str = "black", paper: str | tuple[int, ...] = "white", mode: str = "RGB") -> Image.Image:
    picture = Image.new(mode, (200, 150), paper)
    draw = ImageDraw.Draw(picture)
    draw.line([(0, 110), (60, 70), (120, 95), (199, 60)], fill=ink, width=3)
    draw.rectangle([30, 95, 55, 130], outline=ink, width=3)
    return picture


def film(path: Path, frames: int = 18, codec: str = "libx264", gaps: bool = False, turned: int = 0,
         sound: str | None = "aac", size: tuple[int, int] = SIZE) -> Path:
    """Moving pictures with one cut. gaps: frame times that vary."""
    with av.open(str(path), "w", format={".mkv": "matroska"}.get(path.suffix, "mp4")) as out:
        stream = out.add_stream(codec, rate=Fraction(24), options={"preset": "ultrafast", "g": "6", "bf": "0"})
        stream.width, stream.height, stream.pix_fmt = *size, "yuv420p"
        stream.time_base = stream.codec_context.time_base = Fraction(1, 1000)
        audio = out.add_stream(sound, rate=RATE, layout="stereo") if sound else None
        at = 0
        for k in range(frames):
            big = np.asarray(scene(3 if k < frames // 2 else 9, (size[0] + 40, size[1])))[:, 2 * k:][:, : size[0]]
            frame = av.VideoFrame.from_ndarray(np.ascontiguousarray(big), format="rgb24")
            frame.pts, frame.time_base = at, Fraction(1, 1000)
            at += (42, 17, 125)[k % 3] if gaps else 42
            out.mux(stream.encode(frame))
        out.mux(stream.encode(None))
        if audio is not None:
            t = np.arange(int(at / 1000 * RATE)) / RATE
            wave = np.repeat((0.2 * np.sin(2 * np.pi * 220 * t))[None], 2, 0).astype(np.float32)
            tone = av.AudioFrame.from_ndarray(wave, format="fltp", layout="stereo")
            tone.sample_rate = RATE
            out.mux(audio.encode(tone))
            out.mux(audio.encode(None))
    if turned:
        data = path.read_bytes()
        # The display matrix of the first track header says how the picture is held (ISO 14496-12, 8.3.2).
        place = data.index(b"tkhd") + 4 + 40
        one = (1 << 16).to_bytes(4, "big", signed=True)
        none, minus = bytes(4), (-(1 << 16)).to_bytes(4, "big", signed=True)
        matrix = none + one + none + minus + none + none + bytes(8) + (1 << 30).to_bytes(4, "big")
        path.write_bytes(data[:place] + matrix + data[place + 36:])
    return path


def written(path: Path, data: bytes | str) -> Path:
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    return path


def saved(path: Path, picture: Image.Image, kind: str, **how: object) -> Path:
    held = io.BytesIO()
    picture.save(held, kind, **how)
    return written(path, held.getvalue())


def sounding(path: Path, wave: np.ndarray, subtype: str = "FLOAT", rate: int = RATE) -> Path:
    sf.write(path, wave, rate, subtype=subtype, format="WAV")
    return path


def cut_off(path: Path, share: float) -> Path:
    data = path.read_bytes()
    return written(path, data[: int(share * len(data))])


def scrambled(path: Path, share: float = 0.3) -> Path:
    """A container with noise in its middle."""
    data = bytearray(path.read_bytes())
    start, count = int(len(data) * 0.3), int(len(data) * share)
    data[start: start + count] = np.random.default_rng(2).bytes(count)
    return written(path, bytes(data))


# ----------------------------------------------------------------------------------------------------------- the rest
def zip_with_password(path: Path) -> Path:
    with zipfile.ZipFile(path, "w") as held:
        held.writestr("film.mp4", bytes(2000))
    data = bytearray(path.read_bytes())
    # Bit 0 of the flags says that an entry is encrypted.
    data[6] |= 1
    data[data.index(b"PK\x01\x02") + 8] |= 1
    return written(path, bytes(data))


def matryoshka(path: Path) -> Path:
    """Lists in lists, deeper than a parser may go."""
    return written(path, "[" * 100_000 + "]" * 100_000)


def huge_gesture(path: Path) -> Path:
    points = ",".join(f"[{k * 0.0005:.4f},{0.5 + 0.4 * np.sin(k / 999):.4f},0.5]" for k in range(120_000))
    return written(path, '{"format": "beecam-gesture/1", "strokes": [{"points": [' + points + "]}]}")


def odd_gesture(value: str) -> Make:
    return lambda folder: written(folder / "g.json", '{"format": "beecam-gesture/1", "strokes": [{"points": [[0, 0.1, '
                                                     '0.1], [1, ' + value + ', 0.5], [2, 0.8, 0.5]]}]}')


def nan_sound(folder: Path) -> Path:
    wave = 0.2 * np.random.default_rng(0).standard_normal((RATE, 2))
    wave[1000:3000] = np.nan
    wave[5000:5100] = np.inf
    return sounding(folder / "nan.wav", wave)


def link_in_a_circle(folder: Path) -> Path:
    (folder / "a.mp4").symlink_to(folder / "b.mp4")
    (folder / "b.mp4").symlink_to(folder / "a.mp4")
    return folder / "a.mp4"


def fifo(folder: Path) -> Path:
    os.mkfifo(folder / "pipe.mp4")
    return folder / "pipe.mp4"


def bomb(folder: Path) -> Path:
    """A PNG whose header claims 60000 by 60000 pixels."""
    path = saved(folder / "bomb.png", Image.new("L", (8, 8)), "PNG")
    data = bytearray(path.read_bytes())
    data[16:24] = (60000).to_bytes(4, "big") * 2
    import zlib

    data[29:33] = zlib.crc32(bytes(data[12:29])).to_bytes(4, "big")
    return written(path, bytes(data))


def deep(folder: Path) -> Path:
    grey = (np.linspace(0, 65535, 160)[None] * np.ones((90, 1))).astype(np.uint16)
    return saved(folder / "deep.png", Image.fromarray(grey), "PNG")


def moving(folder: Path, kind: str, pictures: int) -> Path:
    frames = [scene(k) for k in range(pictures)]
    return saved(folder / f"m.{kind.lower()}", frames[0], kind, save_all=True, append_images=frames[1:], duration=80)


def half_alpha(folder: Path, ink: str, alpha_of_paper: int = 0) -> Path:
    return saved(folder / "clear.png", drawing(ink, (255, 255, 255, alpha_of_paper), "RGBA"), "PNG")


def unknown_codec(folder: Path) -> Path:
    path = film(folder / "e.mp4", sound=None)
    return written(path, path.read_bytes().replace(b"avc1", b"encv"))


def not_utf8(folder: Path) -> Path:
    return saved(Path(os.fsdecode(os.fsencode(folder) + b"/a\xff.png")), scene(), "PNG")


SVG = "<svg xmlns='http://www.w3.org/2000/svg'><script>fetch('http://localhost/x')</script><rect width='9'/></svg>"
LRC = "[00:00.50]<script>alert(1)</script> a red fox\n[00:02.00]{{7*7}} ${HOME} rain\n[00:04.00]'; DROP TABLE x\n"

# What is used, with words that must be among the notes; "" where none is owed.
USED: dict[str, tuple[Make, str]] = {
    "frame times that vary": (lambda f: film(f / "v.mp4", gaps=True, sound=None), ""),
    "rotation in the header": (lambda f: film(f / "r.mp4", turned=90, sound=None), ""),
    "no sound": (lambda f: film(f / "n.mp4", sound=None), ""),
    "sound of no length": (lambda f: film(f / "s.mkv", sound="libopus"), ""),
    "one frame": (lambda f: film(f / "one.mp4", 1, sound=None), "film of one picture"),
    "two frames": (lambda f: film(f / "two.mp4", 2, sound=None), ""),
    "broken mkv": (lambda f: cut_off(film(f / "c.mkv", 36, sound=None), 0.7), ""),
    "noise inside mkv": (lambda f: scrambled(film(f / "x.mkv", 24, sound=None)), ""),
    "8K of one colour": (lambda f: saved(f / "8k.png", Image.new("RGB", (7680, 4320), (20, 90, 160)), "PNG"),
                         "one colour"),
    "print colours": (lambda f: saved(f / "k.jpg", scene().convert("CMYK"), "JPEG"), "CMYK"),
    "16 bit": (deep, "8 bits"),
    "animated gif": (lambda f: moving(f, "GIF", 5), "the first is used"),
    "long gif": (lambda f: moving(f, "GIF", 14), ""),
    "animated webp": (lambda f: moving(f, "WEBP", 3), "the first is used"),
    "drawing on nothing": (lambda f: half_alpha(f, "black"), ""),
    "white drawing on nothing": (lambda f: half_alpha(f, "white"), ""),
    "all white": (lambda f: saved(f / "w.png", Image.new("RGB", (200, 150), "white"), "PNG"), "one colour"),
    "all black": (lambda f: saved(f / "b.png", Image.new("RGB", (200, 150), "black"), "PNG"), "one colour"),
    "inverted": (lambda f: saved(f / "i.png", drawing("white", "black"), "PNG"), ""),
    "one pixel": (lambda f: saved(f / "p.png", Image.new("RGB", (1, 1), "red"), "PNG"), ""),
    "png called mp4": (lambda f: saved(f / "p.mp4", scene(), "PNG"), "whatever its name says"),
    "mp4 called png": (lambda f: film(f / "t.mp4", sound=None).rename(f / "t.png"), ""),
    "a name with everything": (lambda f: saved(f / "a\nb 'c' \"d\" ü 蜂 $(x) :.png", scene(), "PNG"), ""),
    "broken metadata": (lambda f: saved(f / "e.jpg", scene(), "JPEG", exif=b"Exif\0\0MM\0*rubbish\xff\xff"), ""),
    "half a jpeg": (lambda f: cut_off(saved(f / "h.jpg", scene(1, (320, 180)), "JPEG", quality=95), 0.6), "breaks off"),
    "NaN in sound": (nan_sound, "silence"),
    "silence": (lambda f: sounding(f / "q.wav", np.zeros((RATE, 2))), "silent"),
    "half a sound": (lambda f: cut_off(sounding(f / "h.wav", 0.1 * np.ones((RATE, 1)), "PCM_16"), 0.5), ""),
    "lyrics with scripts": (lambda f: written(f / "l.lrc", LRC), ""),
    "a huge gesture": (lambda f: huge_gesture(f / "g.json"), "every"),
    "a gesture with NaN": (odd_gesture("NaN"), "finite"),
}
# What is refused, with words of the sentence.
REFUSED: dict[str, tuple[Make, str]] = {
    "mp4 without its end": (lambda f: cut_off(film(f / "c.mp4", sound=None), 0.5), "a film that is damaged"),
    "a protected film": (unknown_codec, "protected"),
    "a name not in UTF-8": (not_utf8, "not in UTF-8"),
    "a home of nobody": (lambda f: Path("~nobody-lives-here/x.png"), "nobody"),
    "half a gif": (lambda f: cut_off(moving(f, "GIF", 2), 0.002), "damaged"),
    "a picture of a phone": (lambda f: written(f / "i.jpg", b"\0\0\0\x18ftypheic" + bytes(999)), "HEIC"),
    "a document": (lambda f: written(f / "i.png", b"%PDF-1.4\n1 0 obj\n"), "PDF"),
    "noise called mp4": (lambda f: written(f / "x.mp4", np.random.default_rng(1).bytes(5000)), "x.mp4"),
    "noise called png": (lambda f: written(f / "x.png", np.random.default_rng(1).bytes(5000)), "x.png"),
    "noise called wav": (lambda f: written(f / "x.wav", np.random.default_rng(1).bytes(5000)), "sound file"),
    "text called wav": (lambda f: written(f / "t.wav", "I am no sound at all.\n"), "plain text"),
    "zero bytes": (lambda f: written(f / "e.mp4", b""), "is empty"),
    "a folder": (lambda f: (f / "d.mp4", (f / "d.mp4").mkdir())[0], "is not a file"),
    "a pipe": (fifo, "is not a file"),
    "a circle of links": (link_in_a_circle, "a.mp4"),
    "a link to nothing": (lambda f: ((f / "l.png").symlink_to(f / "gone.png"), f / "l.png")[1], "no file"),
    "a locked archive": (lambda f: zip_with_password(f / "z.mp4"), "archive"),
    "svg with a script": (lambda f: written(f / "s.svg", SVG), "SVG drawing"),
    "lists in lists": (lambda f: matryoshka(f / "m.json"), "m.json"),
    "a gesture of words": (odd_gesture('"left"'), "no number"),
    "a gesture far out": (odd_gesture("1e300"), "point 2"),
    "a bomb": (bomb, "too large"),
    "wholly clear": (lambda f: saved(f / "c.png", Image.new("RGBA", (64, 64), (0, 0, 0, 0)), "PNG"), "transparent"),
    "spaces": (lambda f: written(f / "s.txt", " \n\t\n"), "no words"),
}


def left_over(project: Path) -> list[str]:
    """Files that look half-written, and folders of references without anything in them."""
    everything = list(project.rglob("*"))
    return [str(path) for path in everything if ".part" in path.name or path.name.endswith(".tmp")
            or (path.is_dir() and path.parent.name == "refs" and not any(path.iterdir()))]


def told(path: Path, project: Path, capsys: pytest.CaptureFixture[str]) -> tuple[int, dict, str]:
    """Exit code, the JSON that was printed, and what was said of `beecam perceive`."""
    capsys.readouterr()
    code = main(["perceive", str(path), "--project", str(project), "--json"])
    out, said = capsys.readouterr()
    assert not any(word in said for word in ("Warning", "libmpg123")), said
    assert "Traceback" not in out + said and "Something went wrong" not in said, said
    return code, json.loads(out.strip().splitlines()[-1]) if out.strip() else {}, said


@pytest.mark.parametrize("name", USED)
def test_what_can_be_used_is_used_and_says_what_is_odd(name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    make, words = USED[name]
    project, path = tmp_path / "project", make(tmp_path)
    code, found, said = told(path, project, capsys)
    assert code == 0 and found["cues"] is not None, said
    assert words in " ".join(found["notes"]), found["notes"]
    request, _ = checked(Request(prompt="a meadow", references=(Reference(path=path),)))
    referred = refer(Store(project).open(), request, lambda _: None, Event())
    assert referred.seen[0].kind == found["kind"] and referred.seen[0].roles
    assert words in " ".join(referred.notes), referred.notes
    assert all("\n" not in note and "Error" not in note for note in referred.notes)
    understood(referred, request).model_dump_json()
    assert left_over(project) == []


@pytest.mark.parametrize("name", REFUSED)
def test_what_cannot_be_used_gets_one_sentence(name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    make, words = REFUSED[name]
    project, path = tmp_path / "project", make(tmp_path)
    code, found, said = told(path, project, capsys)
    assert code == 2 and found == {}, said
    assert words in said and len(said.strip().splitlines()) == 1 and said.strip().endswith("."), said
    store = Store(project).open()
    request = Request(prompt="a meadow", references=(Reference(path=path),))
    with pytest.raises(Unusable, match=r"\.$"):
        refer(store, request, lambda _: None, Event())
    with pytest.raises(Unusable):
        checked(request)
        refer(store, request, lambda _: None, Event())
    assert left_over(project) == []
    assert not any(path.is_file() for path in store.refs_dir.rglob("*"))
