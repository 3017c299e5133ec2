"""The command line as a script sees it: exit codes, one JSON line, one sentence, nothing left behind."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from hashlib import sha256
from pathlib import Path

import numpy as np
import pytest
import soundfile as sf

ROOT = Path(__file__).resolve().parent.parent
TINY = ["--size", "96x54", "--duration", "1.5", "--fps", "12"]


def beecam(*words: str, cwd: Path, timeout: float = 280, **options) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, str(ROOT / "app.py"), *words], cwd=cwd, capture_output=True, text=True,
                          timeout=timeout, **options)


def takes_in(project: Path) -> list[str]:
    folder = project / "takes"
    return sorted(p.name for p in folder.iterdir()) if folder.is_dir() else []


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project with one finished take, shared by the tests that only read or fork."""
    folder = tmp_path_factory.mktemp("made")
    done = beecam("make", "a bee over a meadow at dawn", *TINY, "--seed", "5", "--json", cwd=folder)
    assert done.returncode == 0, done.stderr
    (folder / "result.json").write_text(done.stdout)
    return folder


def test_make_keeps_the_contract(project: Path):
    lines = (project / "result.json").read_text().strip().splitlines()
    take = json.loads(lines[-1])["takes"][0]
    assert len(lines) == 1
    for name in ("id", "dir", "video", "audio", "poster", "direction", "panel", "engine", "seed", "duration_s",
                 "wall_s", "measured"):
        assert name in take
    for name in ("video", "audio", "poster", "direction", "panel"):
        assert Path(take[name]).is_absolute() and Path(take[name]).stat().st_size > 0
    assert sorted(p.name for p in Path(take["dir"]).iterdir()) == [
        "audio.wav", "direction.json", "panel.json", "poster.png", "take.json", "video.mp4"]
    import av

    with av.open(take["video"]) as film:
        video = film.streams.video[0]
        assert (video.codec_context.name, video.codec_context.pix_fmt) == ("h264", "yuv420p")
        assert (video.width, video.height, video.average_rate) == (96, 54, 12)
        assert film.streams.audio[0].codec_context.name.startswith("aac")
        assert sum(1 for _ in film.decode(video=0)) == 18
    assert abs(sf.info(take["audio"]).duration - 1.5) < 0.01


def test_same_seed_same_bytes_in_another_process(project: Path, tmp_path: Path):
    done = beecam("make", "a bee over a meadow at dawn", *TINY, "--seed", "5", "--json", cwd=tmp_path)
    again = json.loads(done.stdout.splitlines()[-1])["takes"][0]
    first = json.loads((project / "result.json").read_text())["takes"][0]
    for name in ("audio", "poster", "video", "direction", "panel"):
        # Digests: a difference in a film, told letter by letter, would take minutes.
        assert sha256(Path(first[name]).read_bytes()).digest() == sha256(Path(again[name]).read_bytes()).digest(), name


def test_edit_forks_and_tree_shows_it(project: Path):
    done = beecam("edit", "t0001", "--set", "/shots/*/world/weather/rain=0.8", "--json", cwd=project)
    assert done.returncode == 0, done.stderr
    result = json.loads(done.stdout)
    assert result["takes"][0]["parent"] == "t0001"
    assert all(op["op"] == "replace" and op["value"] == 0.8 for op in result["patch"]) and result["patch"]
    before = Path(project / "beecam-project/takes/t0001/poster.png").read_bytes()
    assert Path(result["takes"][0]["poster"]).read_bytes() != before
    nodes = json.loads(beecam("tree", "--json", cwd=project).stdout)["nodes"]
    assert {"t0001": None, result["takes"][0]["id"]: "t0001"}.items() <= {n["id"]: n["parent"] for n in nodes}.items()


def test_plan_renders_nothing(tmp_path: Path):
    done = beecam("plan", "a pixel art city at night in the rain, 10 seconds", "--json", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    result = json.loads(done.stdout)
    assert set(result) >= {"brief", "direction", "panel"} and takes_in(tmp_path / "beecam-project") == []
    count = sum(len(s["controls"]) for s in result["panel"]["sections"])
    assert 1 <= count <= 7
    assert {shot["world"]["look"] for shot in result["direction"]["shots"]} == {"pixel"}


@pytest.mark.parametrize("words", [
    ["make", ""], ["make", "   "], ["make", "x", "--ref", "missing.wav"], ["make", "x", "--ref", "text.mp3"],
    ["make", "x", "--ref", "zero.wav"], ["make", "x", "--ref", "ok.wav:dance"], ["make", "x", "--fps", "0"],
    ["make", "x", "--fps", "many"], ["make", "x", "--duration", "-3"], ["make", "x", "--duration", "nan"],
    ["make", "x", "--size", "big"], ["make", "x", "--size", "0x0"], ["make", "x", "--engine", "ghost"],
    ["make", "x", "--takes", "0"], ["make", "x", "--weird", "7"], ["make", "x", "--out", "ok.wav/inside"],
    ["make", "x", "--project", "ok.wav/inside"], ["make"], ["fly"], ["make", "x", "--bogus"],
    ["perceive", "text.mp3"], ["perceive", "ok.wav", "--role", "dance"], ["edit", "t0099", "--set", "/seed=1"],
    ["edit", "t0001"], ["panel", "../../etc/passwd"]], ids=" ".join)
def test_bad_words_get_one_sentence_and_code_2(tmp_path: Path, words: list[str]):
    (tmp_path / "text.mp3").write_text("not music " * 100)
    sf.write(tmp_path / "zero.wav", np.zeros((0, 2)), 48000)
    sf.write(tmp_path / "ok.wav", np.random.default_rng(0).normal(0, 0.1, (24000, 2)), 48000)
    done = beecam(*words, "--json", cwd=tmp_path)
    assert done.returncode == 2, (done.returncode, done.stderr)
    said = done.stderr.strip().splitlines()
    assert "Traceback" not in done.stderr and said and len(said[-1]) < 400
    assert done.stdout == ""
    assert takes_in(tmp_path / "beecam-project") == []


def test_interrupting_a_render_leaves_nothing_half_made(tmp_path: Path):
    process = subprocess.Popen([sys.executable, str(ROOT / "app.py"), "make", "a whale", "--duration", "60"],
                               cwd=tmp_path, stderr=subprocess.PIPE, text=True)
    assert process.stderr is not None
    for line in process.stderr:
        if line.startswith("picture"):
            break
    time.sleep(0.5)
    process.send_signal(signal.SIGINT)
    rest = process.stderr.read()
    assert process.wait(20) == 130
    assert "Stopped" in rest and "Traceback" not in rest
    assert takes_in(tmp_path / "beecam-project") == []


@pytest.mark.skipif(os.geteuid() != 0 or not Path("/proc/mounts").exists(), reason="needs to mount a small disk")
@pytest.mark.parametrize("room", ["900k", "2000k"], ids=["in the sound", "in the picture"])
def test_a_full_disk_keeps_earlier_takes(tmp_path: Path, room: str):
    small = tmp_path / "small"
    small.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={room}", "tmpfs", str(small)]).returncode:
        pytest.skip("no right to mount here")
    try:
        done = beecam("make", "a storm over the ocean", "--duration", "6", "--size", "256x144", "--project",
                      str(small / "p"), "--json", cwd=tmp_path)
        assert done.returncode == 2, done.stderr
        assert "disk is full" in done.stderr and "Traceback" not in done.stderr
        assert takes_in(small / "p") == []
    finally:
        subprocess.run(["umount", str(small)])
