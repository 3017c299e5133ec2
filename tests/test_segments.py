"""Only what changed is drawn again: a film does not tell which of its pieces came from an earlier take."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from threading import Event
from typing import Any

import av
import numpy as np
import pytest

from agent.brief import Brief
from agent.direction import Brush, Direction, Link, Music, Shot, ShotWorld, Span
from agent.referring import Referred
from agent.studio import Studio
from modalities.registry import default_registry
from modalities.segments import LEAST_FRAMES, Source, keys, pieces
from modalities.segments_store import SegmentStore
from modalities.store import Store, Take
from world_model.score import ScoreSpec
from world_model.sim.compose import default_spec
from world_model.sim.picture import Renderer

ROOT = Path(__file__).resolve().parent.parent
FPS, SHOT_S = 12, 0.5
PLACES = ("meadow", "forest", "lake", "city", "desert")
LAKE = ((0.1, 0.3), (0.9, 0.3), (0.9, 0.8), (0.1, 0.8))


def film(**changed: Any) -> Direction:
    """Five shots of half a second, the third one dissolving in, the last one with a motion brush."""
    shots = tuple(Shot(id=f"s{k}", span=Span(s=(k * SHOT_S, (k + 1) * SHOT_S)), cut="dissolve" if k == 2 else "hard",
                       world=ShotWorld(place={place: 1.0}, look="photoreal"),
                       brushes=(Brush(region=LAKE, direction=(0.1, 0.0)),) if k == 4 else ())
                  for k, place in enumerate(PLACES))
    return Direction(duration_s=5 * SHOT_S, size_px=(96, 54), seed=5, shots=shots, music=Music(),
                     grid={"steps_per_s": 4, "fps": FPS, "sample_rate_hz": 48000}).model_copy(update=changed)


def with_shot(direction: Direction, number: int, **world: Any) -> Direction:
    shot = direction.shots[number]
    changed = shot.model_copy(update={"world": shot.world.model_copy(update=world)})
    return direction.model_copy(update={"shots": (*direction.shots[:number], changed, *direction.shots[number + 1:])})


def studio_in(folder: Path) -> Studio:
    return Studio(Store(folder).open(), default_registry(), lambda direction, brief: {})


def made(studio: Studio, direction: Direction) -> Take:
    return studio.render(direction, Brief(goal=""), None, Referred(words=""), parent=None, reason="", request={},
                         emit=lambda p: None, stop=Event())


@pytest.fixture()
def drawn(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[int]]:
    """Counts what the simulator draws."""
    count: list[int] = []
    plain = Renderer.render

    def counted(self: Renderer, *args: Any, **named: Any):
        count.append(1)
        return plain(self, *args, **named)

    monkeypatch.setattr(Renderer, "render", counted)
    yield count


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> tuple[Studio, Take]:
    studio = studio_in(tmp_path_factory.mktemp("p"))
    return studio, made(studio, film())


def same(a: Take, b: Take) -> bool:
    return all((a.dir / name).read_bytes() == (b.dir / name).read_bytes() for name in ("video.mp4", "audio.wav",
                                                                                       "poster.png"))


def test_again_it_is_the_same_film_and_nothing_is_drawn(first: tuple[Studio, Take], drawn: list[int]):
    studio, take = first
    again = made(studio, film())
    assert same(take, again) and again.measured == take.measured and not drawn
    assert "brush_cosine" in take.measured
    assert (take.rendering["rendered"], take.rendering["reused"]) == (30, 0)
    assert (again.rendering["rendered"], again.rendering["reused"]) == (0, 30)


def test_one_shot_of_five_is_drawn_and_the_film_is_as_if_all_were(first: tuple[Studio, Take], drawn: list[int],
                                                                  tmp_path: Path):
    studio, _ = first
    edited = with_shot(film(), 3, look="noir")
    some = made(studio, edited)
    assert len(drawn) == some.rendering["rendered"] == 6 and some.rendering["reused"] == 24
    fresh = made(studio_in(tmp_path), edited)
    assert same(some, fresh) and some.measured == fresh.measured and fresh.rendering["reused"] == 0


def test_an_edit_next_to_a_dissolve_reaches_as_far_as_the_dissolve(first: tuple[Studio, Take], tmp_path: Path):
    studio, _ = first
    edited = with_shot(film(), 1, place={"canyon": 1.0})
    some = made(studio, edited)
    # Its own six frames, and the half of the third shot that it dissolves into.
    assert some.rendering["rendered"] == 6 + 3
    assert same(some, made(studio_in(tmp_path), edited))


def test_sound_alone_draws_no_picture(first: tuple[Studio, Take], drawn: list[int]):
    studio, take = first
    score: ScoreSpec = default_spec("folk", 1, 2.5)
    sounding = made(studio, film(score=score))
    assert not drawn and sounding.rendering["reused"] == 30
    assert sounding.audio.read_bytes() != take.audio.read_bytes()
    assert frames_of(sounding.video)[0] == frames_of(take.video)[0]
    # Unless the picture listens.
    link = Link.model_validate({"from": "music.energy", "to": "/shots/*/world/light/exposure_ev", "amount": 1.0})
    assert made(studio, film(score=score, links=(link,))).rendering["rendered"] == 30


def frames_of(video: Path) -> tuple[list[int], list[int], list[np.ndarray], list[bool]]:
    """Times of presentation in frames, of decoding likewise, pictures, and whether each packet is a key."""
    with av.open(str(video)) as container:
        stream = container.streams.video[0]
        tick = float(stream.time_base) * FPS
        packets = [packet for packet in container.demux(stream) if packet.size]
        keys_ = [packet.is_keyframe for packet in packets]
        decoding = [round(packet.dts * tick) for packet in packets]
        assert {round(packet.duration * tick) for packet in packets} == {1}
    with av.open(str(video)) as container:
        found = [(round(frame.pts * tick), frame.to_ndarray(format="rgb24")) for frame in container.decode(video=0)]
    return [pts for pts, _ in found], decoding, [picture for _, picture in found], keys_


def test_every_frame_once_in_its_place(first: tuple[Studio, Take]):
    from agent.unroll import unroll

    _, take = first
    times, decoding, pictures, keyed = frames_of(take.video)
    assert times == list(range(30)) and decoding == list(range(decoding[0], decoding[0] + 30))
    rows = unroll(film()).state
    renderer = Renderer((96, 54))
    plain = [renderer.render(rows, index).astype(float) for index in range(24)]
    for index, picture in enumerate(pictures[:24]):
        apart = [float(np.abs(picture - other).mean()) for other in plain]
        assert int(np.argmin(apart)) == index or apart[index] < min(apart) + 0.3
    # Every shot begins with a picture that needs none before it.
    starts = [start for start, _ in pieces(np.repeat(np.arange(5), 6), FPS, (9, 15))]
    assert starts == [0, 6, 9, 12, 15, 18, 24]
    assert [at for at, key in enumerate(keyed) if key] == starts
    with av.open(str(take.video)) as container:
        container.seek(round(18 / FPS * av.time_base))
        assert container.streams.video[0].frames == 30


def test_pieces_tile_and_are_never_too_short():
    rng = np.random.default_rng(0)
    for _ in range(200):
        shots = np.repeat(np.arange(20), rng.integers(1, 90, 20))[: rng.integers(1, 400)]
        fps = int(rng.choice([1, 5, 24, 30]))
        found = pieces(shots, fps, rng.integers(0, 400, 5).tolist())
        assert found[0][0] == 0 and found[-1][1] == len(shots)
        assert all(a[1] == b[0] for a, b in pairwise(found))
        assert all(end - start >= min(LEAST_FRAMES, len(shots)) for start, end in found)
        # Up to three seconds; up to half a second more where a shot's middle wants it.
        assert max(end - start for start, end in found) <= 6 * fps + 1


def test_a_key_changes_with_whatever_changes_a_byte():
    rows = np.zeros((4, 3), np.float32)
    plan = [(0, 2), (2, 4)]
    base = keys(Source(rows, "sim 1"), plan, (96, 54), 12)
    later = rows.copy()
    later[3, 1] = 1e-7
    assert keys(Source(later, "sim 1"), plan, (96, 54), 12) == [base[0], keys(Source(later, "sim 1"), plan, (96, 54),
                                                                              12)[1]]
    for other in (keys(Source(rows, "sim 2"), plan, (96, 54), 12), keys(Source(rows, "sim 1"), plan, (54, 96), 12),
                  keys(Source(rows, "sim 1"), plan, (96, 54), 13), keys(Source(rows, "sim 1", False), plan, (96, 54), 12)):
        assert not set(other) & set(base)
    assert keys(Source(rows, "sim 1"), plan, (96, 54), 12, {2: ["brush"]})[0] == base[0]
    assert keys(Source(rows, "sim 1"), plan, (96, 54), 12, {2: ["brush"]})[1] != base[1]
    first = rows.copy()
    first[0, 0] = 1.0
    # What goes on from itself is new from the first change on.
    assert not set(keys(Source(first, "d", False), plan, (96, 54), 12)) & set(keys(Source(rows, "d", False), plan,
                                                                                   (96, 54), 12))


def test_broken_pieces_are_drawn_again_and_old_ones_go_first(first: tuple[Studio, Take], tmp_path: Path):
    studio, take = first
    kept = sorted(studio.store.segments_dir.glob("*.npz"))
    assert kept and not list(studio.store.segments_dir.glob(".part*"))
    for number, path in enumerate(kept):
        data = path.read_bytes()
        path.write_bytes((b"", data[: len(data) // 2], b"x" * 99, data[:-400] + bytes(400))[number % 4])
    assert same(made(studio, film()), take)
    files = sorted(studio.store.segments_dir.glob("*.npz"))
    for age, path in enumerate(files):
        os.utime(path, (1e9 + age, 1e9 + age))
    left = sum(path.stat().st_size for path in files[2:])
    (studio.store.segments_dir / ".part-999999999-ab").write_bytes(b"x")
    SegmentStore(studio.store.segments_dir, left).trim()
    assert sorted(studio.store.segments_dir.iterdir()) == files[2:]


SLOW = """
import sys, time
from pathlib import Path
from world_model import kernel_cache
kernel_cache.place()
from tests.test_segments import film, made, studio_in
from world_model.sim.picture import Renderer
plain = Renderer.render
count = [0]
def slow(self, *args, **named):
    count[0] += 1
    if count[0] > 20:
        print("far enough", flush=True)
        time.sleep(60)
    return plain(self, *args, **named)
Renderer.render = slow
made(studio_in(Path(sys.argv[1])), film())
"""


def test_what_a_killed_run_had_finished_is_not_drawn_again(first: tuple[Studio, Take], tmp_path: Path):
    with subprocess.Popen([sys.executable, "-c", SLOW, str(tmp_path / "p")], stdout=subprocess.PIPE, text=True,
                          cwd=ROOT, env=os.environ | {"PYTHONPATH": str(ROOT)}) as process:
        assert process.stdout is not None and "far enough" in process.stdout.readline()
        # The last whole piece may still be on its way to the disk.
        end = time.monotonic() + 20
        while len(list((tmp_path / "p" / "segments").glob("*.npz"))) < 5 and time.monotonic() < end:
            time.sleep(0.05)
        process.send_signal(signal.SIGKILL)
    studio = studio_in(tmp_path / "p")
    assert studio.store.ids() == [] and not list(studio.store.takes_dir.iterdir())
    take = made(studio, film())
    assert (take.rendering["reused"], take.rendering["rendered"]) == (18, 12)
    assert same(take, first[1])
