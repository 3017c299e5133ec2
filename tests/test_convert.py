"""Laws of any-to-any, with a small random model: every cell gives a whole file of its kind, the same for one seed."""

from __future__ import annotations

import json
from pathlib import Path

import av
import numpy as np
import pytest
import soundfile as sf
import torch
from PIL import Image, ImageDraw

from modalities.convert.camera_path import (
    PATH_FIELDS,
    TURN_RAD,
    path_of_stream,
    stream_of_path,
    stream_of_stroke,
    stroke_of_stream,
    table_of,
)
from modalities.convert.convert import convert
from modalities.convert.ends_in import kind_of, phrases_in, read_input
from modalities.convert.given import INPUTS, OUTPUTS
from modalities.convert.matrix import NOTHING, cells_of
from modalities.convert.matrix_page import page
from modalities.convert.truths import MATRIX_INPUTS, truth_of
from modalities.faults import Unavailable, Unusable
from modalities.film import FilmWriter
from ui_gen.command_line.converting import panel_of
from ui_gen.panel import Panel
from world_model.data.shards import sense
from world_model.data.worlds import sample_clip
from world_model.joint import shipped
from world_model.joint.model import JointModel
from world_model.joint.pipeline import WorldPipeline, new_pipeline
from world_model.joint.presets import TOKENS
from world_model.score import ScoreSpec
from world_model.sim.picture import Renderer
from world_model.streams.layout import WIDTHS

TINY = {"size_px": (64, 36), "sampling_steps": 2, "panel_of": panel_of}
SENTENCE = "a fox in a snowy forest at night, slow piano"


@pytest.fixture(scope="module")
def pipeline() -> WorldPipeline:
    """A random model whose statistics are those of one clip, so that what it makes is a world."""
    streams = sense(sample_clip(92_000_000), "states", {}).streams
    torch.manual_seed(0)
    model = JointModel([[name, width, TOKENS[name]] for name, width in WIDTHS.items()], 32, 1, 2, 16)
    for name in WIDTHS:
        torch.nn.init.normal_(model.write[name].weight, std=0.05)
        if name in streams:
            mean = torch.from_numpy(streams[name].mean(0))
            model.fit_statistics(name, mean, torch.full_like(mean, 0.1))
    return new_pipeline(model)


@pytest.fixture(scope="module")
def inputs(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    folder = tmp_path_factory.mktemp("inputs")
    y, x = np.mgrid[:90, :160]
    photo = np.stack([80 + x, 200 - y, 120 + 0 * x], -1).astype(np.uint8)
    Image.fromarray(photo).save(folder / "photo.png")
    paper = Image.new("L", (320, 180), 255)
    pen = ImageDraw.Draw(paper)
    pen.line([(0, 120), (100, 90), (200, 130), (320, 110)], fill=0, width=3)
    pen.ellipse([200, 30, 240, 70], outline=0, width=3)
    paper.save(folder / "drawn.png")
    tone = (0.3 * np.sin(2 * np.pi * 220 * np.arange(48000) / 48000)).astype(np.float32)[:, None].repeat(2, 1)
    sf.write(folder / "tone.wav", tone, 48000)
    with FilmWriter(folder / "film.mp4", (64, 36), 12, 48000, 24000, lambda a, n: tone[a:a + n]) as film:
        for k in range(6):
            film.add(np.full((36, 64, 3), 40 * k, np.uint8))
    (folder / "path.json").write_text(json.dumps({"camera": [
        {"t_s": 0.5 * k, "x_m": 1.0 + 0.2 * k, "y_m": 2.0, "z_m": 0.9 * k, "yaw_deg": 30.0 + 5 * k, "pitch_deg": -3.0,
         "roll_deg": 0.0, "fov_deg": 55.0} for k in range(3)]}))
    (folder / "stroke.json").write_text(json.dumps({"stroke": [{"t_s": 0.25 * k, "x": 0.2 * k, "y": 0.6 - 0.1 * k}
                                                               for k in range(5)]}))
    (folder / "score.json").write_text(ScoreSpec(genre="jazz", tempo_bpm=110.0, key=5).model_dump_json())
    files = {"image": "photo.png", "sketch": "drawn.png", "video": "film.mp4", "audio": "tone.wav",
             "camera": "path.json", "gesture": "stroke.json", "score": "score.json"}
    return {"text": SENTENCE, **{kind: str(folder / name) for kind, name in files.items()}}


def check(to: str, out: Path, duration_s: float) -> None:
    match to:
        case "text":
            assert len(out.read_text("utf-8").split()) > 12
        case "image" | "sketch":
            picture = np.asarray(Image.open(out))
            assert picture.shape == (36, 64, 3)
            assert to == "image" or picture.mean() > 150
        case "video":
            with av.open(str(out)) as film:
                assert film.streams.audio and film.streams.video[0].codec_context.pix_fmt == "yuv420p"
                assert sum(1 for _ in film.decode(video=0)) == round(24 * duration_s)
        case "audio":
            assert (sf.info(out).samplerate, sf.info(out).frames) == (48000, round(48000 * duration_s))
        case "score":
            document = json.loads(out.read_text())
            assert document["score"] is None or ScoreSpec.model_validate(document["score"])
        case "camera":
            points = json.loads(out.read_text())["camera"]
            assert table_of(points, PATH_FIELDS, {})[-1, 0] == pytest.approx(duration_s)
        case _:
            assert 1 <= len(Panel.model_validate(json.loads(out.read_text())).controls) <= 7


@pytest.mark.parametrize("to", OUTPUTS)
@pytest.mark.parametrize("kind", INPUTS)
def test_every_cell_makes_a_file_of_its_kind(inputs: dict[str, str], pipeline: WorldPipeline, tmp_path: Path, kind: str,
                                             to: str):
    made = convert(inputs[kind], to, tmp_path, "text" if kind == "text" else None, duration_s=0.25, pipeline=pipeline,
                   **TINY)
    assert made["from"] == kind
    check(to, made["output"], 0.25)
    assert [p.name for p in tmp_path.iterdir()] == [made["output"].name]


def test_one_seed_gives_the_same_bytes_under_another_name(inputs: dict[str, str], pipeline: WorldPipeline,
                                                          tmp_path: Path):
    for to in ("camera", "image", "score"):
        first, again, other = (convert(inputs["sketch"], to, tmp_path, seed=seed, duration_s=0.5, pipeline=pipeline,
                                       **TINY)["output"] for seed in (3, 3, 4))
        assert len({first, again, other}) == 3
        assert first.read_bytes() == again.read_bytes()
        if to == "camera":
            assert first.read_bytes() != other.read_bytes()


def test_a_camera_path_comes_back_as_it_went_in(inputs: dict[str, str], pipeline: WorldPipeline, tmp_path: Path):
    out = convert(inputs["camera"], "camera", tmp_path, pipeline=pipeline, **TINY)["output"]
    went = table_of(json.loads(Path(inputs["camera"]).read_text())["camera"], PATH_FIELDS, {})
    came = table_of(json.loads(out.read_text())["camera"], PATH_FIELDS, {})
    for column in range(1, went.shape[1]):
        assert np.interp(went[:, 0], came[:, 0], came[:, column]) == pytest.approx(went[:, column], abs=0.03)


def test_path_and_stream_say_the_same():
    rng = np.random.default_rng(1)
    stream = np.cumsum(rng.normal(0, 0.1, (16, 10)), 0).astype(np.float32)
    stream[:, 8], stream[:, 9] = 1.0 + 0.1 * stream[:, 8], 0.0
    path = table_of(path_of_stream(stream, (3.0, -2.0, 0.7)), (*PATH_FIELDS, "focus_m"), {})
    again, start = stream_of_path(path, 16)
    rest = [k for k in range(10) if k != 2]  # how fast it rises is said by the height
    assert np.abs(again - stream)[:, rest].max() < 1e-3
    assert start == pytest.approx((3.0, -2.0, 0.7), abs=1e-5)


def test_the_look_follows_the_pen():
    t = np.linspace(0.0, 2.0, 9)
    right_up = stream_of_stroke(np.stack([t, 0.1 + 0.4 * t, 0.8 - 0.3 * t], 1), 8)
    assert right_up[:, 3].sum() * 0.25 == pytest.approx(0.8 * TURN_RAD, rel=1e-3)
    assert (np.diff(right_up[:, 4]) > 0).all() and np.isnan(right_up[:, :3]).all()
    known = np.nan_to_num(right_up)
    again = stream_of_stroke(table_of(stroke_of_stream(known), ("t_s", "x", "y"), {}), 8)
    assert np.abs(again[:, 3] - known[:, 3]).max() < 1e-3


def test_a_gesture_is_known_only_while_it_lasts(inputs: dict[str, str], tmp_path: Path):
    given = read_input(inputs["gesture"], None, None, tmp_path)
    assert given.steps == 16 and given.known_at["camera"].tolist() == [True] * 4 + [False] * 12


def test_kinds_are_told_apart(inputs: dict[str, str]):
    for kind, source in inputs.items():
        if kind != "text":
            assert kind_of(source) == kind


def test_a_film_is_looked_at_in_time(inputs: dict[str, str], tmp_path: Path):
    given = read_input(inputs["video"], None, None, tmp_path)
    looks = given.known["glimpse"].reshape(given.steps, -1, 3)[:, :, 0].mean(1)
    assert given.steps == 2 and "hearing" in given.known and looks[1] > looks[0]


def test_phrases_are_clauses():
    assert phrases_in("a fox") == ("a fox",)
    assert phrases_in("a fox, at night. piano") == ("a fox, at night. piano", "a fox", "at night", "piano")


BAD = {"empty.png": b"", "noise.png": b"\x89PNG\r\n\x1a\n" + bytes(range(200)), "text.wav": b"no music " * 40,
       "text.mp4": b"no film " * 40, "what.xyz": b"1", "list.json": b"[1, 2]", "nothing.json": b"{}",
       "nan.json": b'{"camera": [{"t_s": NaN}]}', "deep.json": b'{"camera":' * 100_000,
       "huge.json": b'{"camera": [{"t_s": 0, "x_m": 1e999, "y_m": 1, "z_m": 0, "yaw_deg": 0}, {"t_s": 1}]}',
       "digits.json": b'{"stroke": [{"t_s": 0, "x": 1' + b"0" * 400 + b', "y": 0}, {"t_s": 1, "x": 0, "y": 0}]}',
       "back.json": b'{"stroke": [{"t_s": 1, "x": 0, "y": 0}, {"t_s": 0, "x": 1, "y": 1}]}',
       "outside.json": b'{"stroke": [{"t_s": 0, "x": 0, "y": 0}, {"t_s": 1, "x": 7, "y": 1}]}',
       "one.json": b'{"stroke": [{"t_s": 0, "x": 0, "y": 0}]}', "odd.json": b'{"stroke": {"t_s": 0}}',
       "polka.json": b'{"genre": "polka"}', "fast.json": b'{"score": {"tempo_bpm": 1e999}}',
       "blank.txt": b" \n ", "binary.txt": b"\xff\xfe\x00\x01"}


@pytest.mark.parametrize("name", BAD)
def test_a_bad_file_gets_one_sentence_and_leaves_nothing(pipeline: WorldPipeline, tmp_path: Path, name: str):
    (tmp_path / name).write_bytes(BAD[name])
    with pytest.raises(Unusable) as fault:
        convert(str(tmp_path / name), "camera", pipeline=pipeline, **TINY)
    assert 10 < len(str(fault.value)) < 400 and "\n" not in str(fault.value)
    assert [p.name for p in tmp_path.iterdir()] == [name]


@pytest.mark.parametrize("change", [
    {"to": "smell"}, {"kind": "smell"}, {"duration_s": float("nan")}, {"duration_s": -1.0}, {"seed": -1},
    {"sampling_steps": 0}, {"source": "missing.png"}, {"source": "", "kind": "text"}, {"out": Path("x.mp3")},
    {"source": "missing.txt", "kind": "text"}], ids=str)
def test_bad_words_are_refused(pipeline: WorldPipeline, tmp_path: Path, change: dict):
    words = {"source": SENTENCE, "to": "camera", "kind": "text", "pipeline": pipeline, **TINY, **change}
    if "source" in change and "kind" not in change:
        words["kind"] = None
    with pytest.raises(Unusable):
        convert(**words)
    assert list(tmp_path.iterdir()) == []


def test_missing_weights_are_said_to_be_missing(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    monkeypatch.setenv("BEECAM_WEIGHTS", str(tmp_path / "none"))
    monkeypatch.setattr(shipped, "_open", {})
    with pytest.raises(Unavailable, match="small"):
        convert(SENTENCE, "text", tmp_path, "text", panel_of=panel_of)


@pytest.fixture(scope="module")
def truths() -> list:
    renderer = Renderer((128, 72), threads=1)
    return [truth_of(500 + k, renderer, panel_of).shown for k in (0, 1, 2)]


def test_scores_can_tell_the_truth_from_another_world(truths: list):
    told = cells_of({NOTHING: truths[2:] + truths[:2], "video": truths}, truths)
    assert all(cell.passed and cell.score == pytest.approx(1.0, abs=1e-6) for cell in told), told
    wrong = cells_of({NOTHING: truths[2:] + truths[:2], "video": truths[1:] + truths[:1]}, truths)
    assert not any(cell.passed for cell in wrong)


def test_the_page_shows_every_cell(truths: list):
    rows = [cell.document() for kind in MATRIX_INPUTS for cell in cells_of({NOTHING: truths, kind: truths}, truths)]
    text = page({"cells": rows, "worlds": 3, "first_seed": 1, "seed": 7, "sampling_steps": 12, "passed": 0, "of": 56},
                "beecam matrix --worlds 3")
    assert text.count("| video |") >= 8 and text.count("\n| ") >= 56 and "beecam matrix --worlds 3" in text
