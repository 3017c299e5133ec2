"""One contract for every large video engine, on tiny random-weight pipelines: real plumbing, no real weights."""

from __future__ import annotations

import json
from dataclasses import replace
from functools import partial
from pathlib import Path
from threading import Event as Flag

import numpy as np
import pytest
from tiny_cosmos import FakeGuard, build_cosmos
from tiny_ltx2 import build_ltx2
from tiny_video import build_anyflow, build_wan_vace

from agent.direction import Direction, Grid, Shot, Span
from agent.script import script_of
from agent.unroll import unroll
from modalities.accelerator import Accelerator
from modalities.engine import Job, Progress
from modalities.engines.video import engine as large
from modalities.engines.video.catalogue import video_engines
from modalities.engines.video.cosmos import CosmosTransfer
from modalities.engines.video.engine import LargeVideo
from modalities.engines.video.guides import fitted
from modalities.engines.video.request import WindowRequest
from modalities.engines.video.shots import Size
from modalities.faults import Stopped, Unavailable, Unusable
from modalities.weights import missing

# Engine id to what builds its tiny pipeline. A model without an entry here fails `test_every_engine_has_a_tiny_self`.
TINY = {"wan-vace": build_wan_vace, "ltx2": build_ltx2, "ltx2.5": partial(build_ltx2, distilled=True),
        "anyflow": build_anyflow, "anyflow-14b": build_anyflow, "cosmos-transfer": build_cosmos}
# One model in two sizes is met once; of one family, one model meets the whole contract in the quick suite.
MET = ("wan-vace", "ltx2", "anyflow", "ltx2.5", "cosmos-transfer")
QUICK = ("wan-vace", "ltx2")
SIZE, FPS = (64, 48), 12


@pytest.fixture(scope="module")
def weights(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of tiny weights for every engine."""
    root = tmp_path_factory.mktemp("weights")
    for name in MET:
        TINY[name](root / name)
    return root


@pytest.fixture(autouse=True)
def here(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    import torch

    torch.set_num_threads(1)
    if "weights" in request.fixturenames:
        monkeypatch.setenv("BEECAM_MODELS", str(request.getfixturevalue("weights")))
        monkeypatch.setattr(CosmosTransfer, "guard", lambda self: FakeGuard())


@pytest.fixture(params=[name if name in QUICK else pytest.param(name, marks=pytest.mark.slow) for name in MET])
def engine(request: pytest.FixtureRequest, weights: Path) -> LargeVideo:
    made = next(one for one in video_engines() if one.card.id == request.param)
    return made


@pytest.fixture(params=MET)
def each(request: pytest.FixtureRequest, weights: Path) -> LargeVideo:
    """Every engine, in the quick suite too."""
    return next(one for one in video_engines() if one.card.id == request.param)


@pytest.fixture
def plain(weights: Path) -> LargeVideo:
    """One engine, for laws of the loop that all engines go through."""
    return next(one for one in video_engines() if one.card.id == "wan-vace")


def film(shots: tuple[float, ...] = (0.5, 0.75), seed: int = 3, place: str = "meadow") -> Direction:
    ends = np.cumsum((0.0, *shots))
    return Direction(duration_s=float(ends[-1]), size_px=SIZE, seed=seed, grid=Grid(fps=FPS), shots=tuple(
        Shot.model_validate({"id": f"s{k}", "span": Span(s=(ends[k], ends[k + 1])), "world": {
            "place": {place: 1.0}, "ground": {"density": 0.0}, "bodies": [{"id": "fox", "kind": "fox", "size_m": 2.0}]},
            "camera": {"target": "fox", "scale": "medium"}}) for k in range(len(shots))))


def job(direction: Direction, engine: LargeVideo, folder: Path, **params: object) -> Job:
    folder.mkdir(parents=True, exist_ok=True)
    given = engine.Params.model_validate({"steps": 2, "window_frames": 9, "guidance": 1.0} | params)
    return Job(unroll(direction, None, 50.0), direction.size_px, None, None, None, None, given, direction.seed, folder,
               script=script_of(direction))


def quiet(_: Progress) -> None:
    return None


def frames_of(path: Path) -> np.ndarray:
    import av

    with av.open(str(path)) as opened:
        return np.stack([one.to_ndarray(format="rgb24") for one in opened.decode(video=0)])


def test_every_engine_has_a_tiny_self():
    assert {one.card.id for one in video_engines()} == set(TINY)


def test_a_take_has_the_films_frames_and_size(each: LargeVideo, tmp_path: Path):
    told: list[Progress] = []
    rendered = each.run(job(film(), each, tmp_path / "a"), told.append)
    seen = frames_of(rendered.video)
    assert seen.shape == (15, SIZE[1], SIZE[0], 3)
    assert rendered.measured["shots_made"] == 2
    done = [one.done for one in told if one.stage == "picture"]
    assert max(done) == 15 and len(set(done)) > 4


def test_a_shot_of_one_frame_is_made(each: LargeVideo, tmp_path: Path):
    rendered = each.run(job(film((1 / FPS,)), each, tmp_path / "a"), quiet)
    assert frames_of(rendered.video).shape[0] == 1


def test_same_seed_same_bytes_another_seed_another_film(engine: LargeVideo, tmp_path: Path):
    once = engine.run(job(film(), engine, tmp_path / "a"), quiet).video.read_bytes()
    engine.close()
    again = engine.run(job(film(), engine, tmp_path / "b"), quiet).video.read_bytes()
    other = engine.run(job(film(seed=4), engine, tmp_path / "c"), quiet).video.read_bytes()
    assert once == again != other


def requests(engine: LargeVideo, monkeypatch: pytest.MonkeyPatch) -> list[WindowRequest]:
    """A spy on what reaches the model."""
    seen: list[WindowRequest] = []
    make = type(engine.model).make

    def spied(self, pipe, request, params, on_step):
        seen.append(request)
        return make(self, pipe, request, params, on_step)

    monkeypatch.setattr(type(engine.model), "make", spied)
    return seen


def test_the_words_of_each_shot_reach_the_model(engine: LargeVideo, tmp_path: Path, monkeypatch):
    seen = requests(engine, monkeypatch)
    direction = film()
    engine.run(job(direction, engine, tmp_path / "a"), quiet)
    assert all("fox" in one.prompt and "meadow" in one.prompt for one in seen)
    other = film(place="desert")
    a = engine.run(job(direction, engine, tmp_path / "b"), quiet).video.read_bytes()
    before = len(seen)
    b = engine.run(replace(job(direction, engine, tmp_path / "c"), script=script_of(other)), quiet).video.read_bytes()
    assert "desert" in seen[before].prompt and a != b


def test_windows_are_joined_in_latents_that_stay_as_they_were(each: LargeVideo, tmp_path: Path, monkeypatch):
    seen = requests(each, monkeypatch)
    made: list[object] = []
    make = type(each.model).make

    def kept(self, *args):
        made.append(make(self, *args))
        return made[-1]

    monkeypatch.setattr(type(each.model), "make", kept)
    joined: list[object] = []
    decode = type(each.model).decode

    def decoded(self, pipe, latents):
        joined.append(latents)
        return decode(self, pipe, latents)

    monkeypatch.setattr(type(each.model), "decode", decoded)
    frames = each.model.card.shape.step * 6
    each.run(job(film((frames / FPS,)), each, tmp_path / "a", window_frames=frames // 2 + 1), quiet)
    assert len(seen) >= 2 and len(joined) == 1
    for before, after, request in zip(made[:-1], made[1:], seen[1:], strict=True):
        lap = request.known.shape[2]
        assert lap >= 1 and bool((after.latents[:, :, :lap] == request.known).all())
        assert bool((before.latents[:, :, -lap:] == request.known).all())
    total = joined[0].shape[2]
    assert total == each.model.card.shape.latents(each.model.card.shape.frames(frames))


def test_stop_comes_within_a_step_and_leaves_no_film(engine: LargeVideo, tmp_path: Path):
    stop = Flag()
    work = replace(job(film(), engine, tmp_path / "a", steps=20), stop=stop)

    def told(progress: Progress) -> None:
        if progress.stage == "picture":
            stop.set()

    with pytest.raises(Stopped):
        engine.run(work, told)


def test_shots_that_earlier_takes_left_are_not_made_again(plain: LargeVideo, tmp_path: Path, monkeypatch):
    first = replace(job(film(), plain, tmp_path / "a"), segments=tmp_path / "segments")
    a = plain.run(first, quiet)
    seen = requests(plain, monkeypatch)
    b = plain.run(replace(job(film(), plain, tmp_path / "b"), segments=tmp_path / "segments"), quiet)
    assert not seen and a.video.read_bytes() == b.video.read_bytes()
    changed = film()
    changed = changed.model_copy(update={"shots": (changed.shots[0], changed.shots[1].model_copy(
        update={"world": changed.shots[1].world.model_copy(update={"look": "noir"})}))})
    plain.run(replace(job(changed, plain, tmp_path / "c"), segments=tmp_path / "segments"), quiet)
    assert seen and all("noir" in one.prompt for one in seen)


def test_without_freedom_the_previz_is_shown(plain: LargeVideo, tmp_path: Path, monkeypatch):
    from modalities.engines.sim import SimEngine

    seen = requests(plain, monkeypatch)
    work = job(film(), plain, tmp_path / "a", freedom=0.0)
    shown = frames_of(plain.run(work, quiet).video)
    drawn = frames_of(SimEngine().run(replace(work, params=SimEngine.Params(), folder=_new(tmp_path / "b")), quiet).video)
    assert not seen
    assert np.abs(shown.astype(int) - drawn.astype(int)).mean() < 12


def test_missing_weights_are_one_sentence_with_the_command(engine: LargeVideo, tmp_path: Path, monkeypatch):
    monkeypatch.setenv("BEECAM_MODELS", str(tmp_path / "none"))
    monkeypatch.setenv("HF_HUB_CACHE", str(tmp_path / "no-hub"))
    said = engine.available()
    assert said is not None and f"beecam engines get {engine.model.card.weights.name}" in said and "\n" not in said
    with pytest.raises(Unavailable):
        engine.run(job(film(), engine, tmp_path / "a"), quiet)


def test_torn_and_foreign_weights_are_refused(engine: LargeVideo, weights: Path, tmp_path: Path, monkeypatch):
    import shutil

    torn = tmp_path / "torn" / engine.card.id
    shutil.copytree(weights / engine.card.id, torn)
    part = next(path for path in sorted(torn.rglob("*.safetensors")) if path.parent != torn)
    part.unlink()
    monkeypatch.setenv("BEECAM_MODELS", str(tmp_path / "torn"))
    assert "not whole" in (missing(engine.model.card.weights) or "")
    foreign = tmp_path / "foreign" / engine.card.id
    shutil.copytree(weights / engine.card.id, foreign)
    head = json.loads((foreign / "model_index.json").read_text())
    (foreign / "model_index.json").write_text(json.dumps(head | {"_class_name": "StableDiffusionPipeline"}))
    monkeypatch.setenv("BEECAM_MODELS", str(tmp_path / "foreign"))
    with pytest.raises(Unavailable, match="is needed"):
        engine.run(job(film(), engine, tmp_path / "a"), quiet)


def test_out_of_memory_asks_for_less_then_says_so(plain: LargeVideo, tmp_path: Path, monkeypatch):
    import torch

    asked: list[tuple[int, int]] = []
    make = type(plain.model).make

    def short(self, pipe, request, params, on_step):
        asked.append(request.size_px)
        if len(asked) < 2:
            raise torch.OutOfMemoryError("CUDA out of memory (planted)")
        return make(self, pipe, request, params, on_step)

    monkeypatch.setattr(large, "SHARES", large.SHARES[:2])
    monkeypatch.setattr(type(plain.model), "make", short)
    wide = film((0.5,)).model_copy(update={"size_px": (128, 96)})
    rendered = plain.run(job(wide, plain, tmp_path / "a"), quiet)
    assert rendered.measured["asked_for_less"] >= 1
    assert asked[1][0] * asked[1][1] < asked[0][0] * asked[0][1]

    def never(self, pipe, request, params, on_step):
        raise torch.OutOfMemoryError("CUDA out of memory (planted)")

    monkeypatch.setattr(type(plain.model), "make", never)
    with pytest.raises(Unavailable, match="does not fit into memory"):
        plain.run(job(wide, plain, tmp_path / "b"), quiet)
    rendered = plain.run(job(wide, plain, tmp_path / "c", failing="previz"), quiet)
    assert rendered.measured["shots_previz"] == 1


def test_what_a_model_cannot_do_is_refused(engine: LargeVideo, tmp_path: Path):
    cannot = [("hold", one) for one in ("depth", "edges", "pictures", "none") if one not in engine.model.card.accepts]
    cannot += [("repaint", "subject")] if "repaint" not in engine.model.card.accepts else []
    for name, value in cannot:
        with pytest.raises(Unusable, match="cannot take"):
            engine.run(job(film(), engine, tmp_path / name, **{name: value}), quiet)


def test_repainting_keeps_the_rest_bit_for_bit(engine: LargeVideo, tmp_path: Path, monkeypatch):
    if "repaint" not in engine.model.card.accepts:
        pytest.skip("this model repaints nothing")
    from modalities.engines.video import shots

    pairs: list[tuple[np.ndarray, object]] = []
    kept = shots.kept

    def spied(made, guide):
        out = kept(made, guide)
        pairs.append((out, guide))
        return out

    monkeypatch.setattr(shots, "kept", spied)
    for repaint in ("subject", "place", "border"):
        engine.run(job(film((0.4,)), engine, tmp_path / repaint, repaint=repaint), quiet)
        out, guide = pairs[-1]
        outside = guide.repaint[: len(out)] < 0.5
        assert outside.any() and (guide.repaint > 0.5).any(), repaint
        assert (out[outside] == guide.pictures[: len(out)][outside]).all(), repaint


def test_a_film_is_gone_on_from_in_latents(engine: LargeVideo, tmp_path: Path, monkeypatch):
    plain = engine.run(job(film((0.5,)), engine, tmp_path / "a"), quiet)
    if "after" not in engine.model.card.accepts:
        with pytest.raises(Unusable, match="cannot take"):
            engine.run(job(film((0.5,)), engine, tmp_path / "b", ends="after"), quiet)
        return
    with pytest.raises(Unusable, match="goes on from a film"):
        engine.run(job(film((0.5,)), engine, tmp_path / "c", ends="after"), quiet)
    seen = requests(engine, monkeypatch)
    work = job(film((0.5,)), engine, tmp_path / "d", ends="after", window_frames=21)
    longer = engine.run(replace(work, script=replace(work.script, film=plain.video)), quiet)
    assert frames_of(longer.video).shape[0] == 6
    lap = engine.model.card.overlap
    assert seen[0].known is not None and seen[0].known.shape[2] == lap
    last = fitted(frames_of(plain.video)[-1], seen[0].size_px).astype(int)
    assert np.abs(seen[0].guide.pictures[engine.model.card.shape.step * (lap - 1)].astype(int) - last).mean() < 4


def test_a_creators_film_guides_in_place_of_the_world(engine: LargeVideo, tmp_path: Path, monkeypatch):
    plain = engine.run(job(film((0.5,)), engine, tmp_path / "a"), quiet)
    seen = requests(engine, monkeypatch)
    work = job(film((0.5,)), engine, tmp_path / "b")
    engine.run(replace(work, script=replace(work.script, film=plain.video, film_guides=True)), quiet)
    shown = np.stack([fitted(one, seen[0].size_px) for one in frames_of(plain.video)]).astype(int)
    assert np.abs(seen[0].guide.pictures[: len(shown)].astype(int) - shown).mean() < 5
    broken = tmp_path / "broken.mp4"
    broken.write_bytes(b"not a film")
    with pytest.raises(Unusable, match="cannot be read"):
        engine.run(replace(work, folder=_new(tmp_path / "c"), script=replace(work.script, film=broken, film_guides=True)),
                   quiet)


def test_what_was_measured_on_this_card_is_believed(plain: LargeVideo, weights: Path, monkeypatch):
    from modalities.measured_memory import Peak

    monkeypatch.setattr(large, "accelerator", lambda: Accelerator("cuda", "a card", 24_000.0, 64_000.0, True))
    size = Size((64, 48), 9)
    folder = weights / plain.card.id
    told = plain._work_mb(folder, size)
    peak = Peak(plain.card.id, (64, 48), 9, large.WHOLE, "a card", 5000.0, 900.0)
    monkeypatch.setattr(large, "of", lambda engine_id: (peak,))
    once, twice = plain._work_mb(folder, size), plain._work_mb(folder, Size((128, 48), 9))
    assert once == pytest.approx(5000.0, rel=0.01) and twice == pytest.approx(2 * once)
    monkeypatch.setattr(large, "of", lambda engine_id: (replace(peak, machine="another card"),))
    assert plain._work_mb(folder, size) == told


def _new(folder: Path) -> Path:
    folder.mkdir()
    return folder


# ------------------------------------------------------------------ real weights, where they are
# beecam engines get wan-vace; python -m pytest -m weights tests/test_video_engines.py

@pytest.mark.weights
@pytest.mark.timeout(7200)
@pytest.mark.parametrize("name", sorted(TINY))
def test_real_weights_make_a_film_that_follows_its_guide(name: str, tmp_path: Path):
    made = next(one for one in video_engines() if one.card.id == name)
    missing_here = made.available()
    if missing_here:
        pytest.skip(missing_here)
    direction = film((2.0,)).model_copy(update={"size_px": (832, 480)})
    work = replace(job(direction, made, tmp_path / "a"), params=made.Params())
    shown = frames_of(made.run(work, quiet).video).astype(float)
    assert len(shown) == 24 and shown.std() > 20 and np.abs(np.diff(shown, axis=0)).mean() > 0.2
    plain = job(direction, made, tmp_path / "b", freedom=0.0)
    guide = frames_of(made.run(plain, quiet).video).astype(float)
    grey, wanted = shown.mean(3).ravel(), guide.mean(3).ravel()
    other = np.roll(guide.mean(3), 200, axis=2).ravel()
    assert np.corrcoef(grey, wanted)[0, 1] > np.corrcoef(grey, other)[0, 1]
