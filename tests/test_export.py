"""What is handed to an editor is read back: cuts on the frame, media that is there, markers where the music has them."""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlparse
from xml.etree import ElementTree

import numpy as np
import opentimelineio
import pytest
import soundfile as sf
from PIL import Image

from agent.direction import Direction, Section
from agent.edits import apply_patch
from agent.tree_diff import spans_of
from agent.tree_handover import cut_list
from modalities.export.cut_list import Clip, CutList, Marker, film_of, plain
from modalities.export.edl_file import edl_text
from modalities.export.fcpxml_file import fcpxml_text
from modalities.export.otio_file import otio_text
from modalities.faults import Unusable
from modalities.film import FilmWriter
from modalities.store import Store, Take
from tests.test_merge import film
from tests.test_tree_labels import SIDECAR
from ui_gen.command_line.run import main

otio: Any = opentimelineio
FPS = 24


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> tuple[Store, Take, Direction]:
    """A film of 12 s and three shots of odd lengths, in a folder with a name that has to be escaped."""
    store = Store(tmp_path_factory.mktemp("x") / "été & %20").open()
    base = film((0, 1.7, 4.1, 6))
    direction = base.model_copy(update={
        "grid": base.grid.model_copy(update={"fps": FPS}), "title": "Nuit <étoilée> & “fin”\n",
        "music": base.music.model_copy(update={"sections": (Section(name="intro", bars=(0, 2)),
                                                            Section(name="drop", bars=(2, 6)))})})
    with store.making() as folder:
        sound = np.zeros((12 * 48000, 2), np.float32)
        sf.write(folder / "audio.wav", sound, 48000, subtype="PCM_16")
        with FilmWriter(folder / "video.mp4", (64, 36), FPS, 48000, len(sound),
                        lambda start, count: sound[start: start + count]) as out:
            for k in range(12 * FPS):
                out.add(np.full((36, 64, 3), k // 2, np.uint8))
        take = store.publish(folder, SIDECAR | {"duration_s": 12.0}, direction.model_dump(mode="json"), {})
    return store, take, direction


def wanted(direction: Direction) -> list[tuple[int, int]]:
    return [(round(a * FPS), round(b * FPS)) for a, b in spans_of(direction).values()]


def test_otio_read_back(project: tuple[Store, Take, Direction]):
    _, take, direction = project
    timeline = otio.adapters.read_from_string(otio_text(cut_list(take, direction)), "otio_json")
    assert wanted(direction) == [(0, 81), (81, 196), (196, 288)] and timeline.name == "Nuit <étoilée> & “fin”"
    for track in timeline.tracks:
        spans = [(c.source_range.start_time.value, c.source_range.end_time_exclusive().value) for c in track]
        assert spans == wanted(direction) and {c.source_range.start_time.rate for c in track} == {FPS}
        assert track.duration().to_seconds() == pytest.approx(12)
        assert {c.media_reference.target_url for c in track} == {take.video.as_uri()}
        assert unquote(urlparse(track[0].media_reference.target_url).path) == str(take.video)
    marks = {(m.name, m.marked_range.start_time.value) for m in timeline.tracks.markers}
    assert {("intro", 0), ("drop", 96), ("bar 1", 0), ("bar 3", 96), ("beat", 12)} <= marks
    assert sum(name.startswith("b") for name, _ in marks) == 24  # twelve seconds at 120 bpm


def test_edl_read_back(project: tuple[Store, Take, Direction]):
    _, take, direction = project
    text = edl_text(cut_list(take, direction))
    assert text.isascii()
    timeline = otio.adapters.read_from_string(text, "cmx_3600", rate=FPS)
    track = timeline.video_tracks()[0]
    assert [(c.source_range.start_time.value, c.source_range.end_time_exclusive().value) for c in track] == wanted(
        direction)
    assert [c.name for c in track] == ["01 s1", "02 s2", "03 s3"]
    marks = {(m.name, m.marked_range.start_time.value) for c in track for m in c.markers}
    assert {("drop", 96), ("intro", 0)} <= marks


def test_fcpxml_read_back(project: tuple[Store, Take, Direction]):
    _, take, direction = project
    text = fcpxml_text(cut_list(take, direction))
    root = ElementTree.fromstring(text)
    clips = root.findall(".//spine/asset-clip")

    def frame(value: str) -> int:
        seconds = Fraction(value.removesuffix("s"))
        assert (seconds * FPS).denominator == 1
        return int(seconds * FPS)

    assert [(frame(c.attrib["offset"]), frame(c.attrib["offset"]) + frame(c.attrib["duration"])) for c in clips
            ] == wanted(direction)
    assert all(c.attrib["offset"] == c.attrib["start"] for c in clips)
    assert root.find(".//media-rep").attrib["src"] == take.video.as_uri()
    assert root.find(".//project").attrib["name"] == "Nuit <étoilée> & “fin”"
    for clip, (start, end) in zip(clips, wanted(direction), strict=True):
        marks = [frame(m.attrib["start"]) for m in clip.findall("marker")]
        assert marks and all(start <= mark < end for mark in marks)
    # The library's own reader takes it for a timeline of the same cuts.
    found = otio.adapters.read_from_string(text, "fcpx_xml")
    track = found.find_children(descended_from_type=otio.schema.Track)[0]
    assert [round(c.source_range.duration.to_seconds() * FPS) for c in track] == [b - a for a, b in wanted(direction)]


def test_rates_that_are_no_whole_number_and_too_many_cuts():
    cuts = CutList("x", Path("/x/v.mp4"), Fraction(30000, 1001), 300, (64, 36), 48000,
                   (Clip("a", 0, 100, "hard"), Clip("b", 100, 300, "dissolve")), (Marker("m", 100, 101, "bar"),))
    root = ElementTree.fromstring(fcpxml_text(cuts))
    assert [c.attrib["duration"] for c in root.findall(".//spine/asset-clip")] == ["100100/30000s", "200200/30000s"]
    assert "00:00:03:10 00:00:10:00" in edl_text(cuts)
    with pytest.raises(Unusable, match="999"):
        edl_text(CutList("x", Path("/x"), Fraction(24), 2000, (64, 36), 48000, tuple(
            Clip("a", k, k + 1, "hard") for k in range(1000)), ()))
    assert plain("a\x00b\ud800\u2028c") == "a b c"


def test_command_line(project: tuple[Store, Take, Direction], tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    store, take, _ = project
    where = ["--project", str(store.root), "--json"]

    def export(*words: str) -> tuple[int, dict]:
        code = main(["export", *words, *where])
        return code, json.loads(capsys.readouterr().out or "{}")

    code, found = export("t0001", "--to", "mp4", "--out", str(tmp_path / "new" / "film.mp4"))
    assert code == 0 and Path(found["output"]).read_bytes() == take.video.read_bytes()
    code, found = export("t0001", "--to", "frames", "--out", str(tmp_path / "pictures"))
    pictures = sorted(Path(found["output"]).glob("*.png"))
    assert len(pictures) == 288 == found["outputs"][0]["frames"] and (tmp_path / "pictures" / "sound.wav").is_file()
    assert abs(float(np.asarray(Image.open(pictures[200])).mean()) - 100) < 3
    for kind in ("otio", "edl", "fcpxml"):
        first, second = (Path(export("t0001", "--to", kind)[1]["output"]) for _ in range(2))
        assert first != second and first.read_bytes() == second.read_bytes() and first.suffix == f".{kind}"
    for words in (("t0001", "--to", "mp4", "--out", str(tmp_path / "new" / "film.mp4")), ("t0404", "--to", "otio"),
                  ("t0001", "--to", "otio", "--out", str(tmp_path / "film.mp4")), ("t0001", "--to", "aaf")):
        assert export(*words)[0] == 2, words
    assert not list(tmp_path.rglob("*.part"))


def test_a_film_without_music_of_its_own_and_a_broken_one(project: tuple[Store, Take, Direction], tmp_path: Path):
    _, take, direction = project
    mute = apply_patch(direction, [{"op": "replace", "path": "/score", "value": None}, {
        "op": "replace", "path": "/music/downbeats_s", "value": []}, {"op": "replace", "path": "/music/sections",
                                                                      "value": []}], reason="x")
    assert not cut_list(take, mute).markers and film_of(take.video).frames == 288
    (tmp_path / "v.mp4").write_bytes(b"x" * 100)
    with pytest.raises(Unusable, match="cannot be read"):
        film_of(tmp_path / "v.mp4")
