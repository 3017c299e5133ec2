"""Estimates: never cheaper for more, within their own interval after some takes, and a cap that renders nothing."""

from __future__ import annotations

import json
from dataclasses import asdict, replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agent.direction import Direction, Music, Shot, ShotWorld, Span
from agent.estimate import PRIOR, Cap, Costs, estimate, estimated, record, work_of
from modalities.faults import Unusable
from modalities.machine import facts
from modalities.store import Store, Take
from ui_gen.command_line.run import main

SIZES = ((96, 54), (192, 108), (512, 288), (1280, 720))


def direction(duration_s: float = 4.0, size_px: tuple[int, int] = (192, 108), fps: int = 24, look: str = "photoreal"):
    shot = Shot(id="s1", span=Span(s=(0.0, duration_s)), world=ShotWorld(place={"meadow": 1.0}, look=look))
    return Direction(duration_s=duration_s, size_px=size_px, shots=(shot,), music=Music(),
                     grid={"steps_per_s": 4, "fps": fps, "sample_rate_hz": 48000})


def past_take(made: Direction, costs: Costs, noise: float, engine: str = "sim", **changed: object) -> Take:
    """A take as a machine of these costs would have left it."""
    work = work_of(made, engine)
    picture_s = noise * (work.drawings * (costs.drawing_s + costs.megapixel_s * work.megapixels)
                         + work.frames * costs.encode_s * work.megapixels + costs.film_s * work.film_s)
    sound_s = 0.1 * costs.sound_s * work.film_s
    told = record(made, engine, {"sound_s": sound_s, "picture_s": picture_s, "frames": work.frames,
                                 "rendered": work.frames, "reused": 0, "compiled": 0}, picture_s) | changed
    return Take("t0001", Path(), None, "", engine, 1, work.film_s, picture_s + sound_s + costs.once_s, {}, "",
                rendering=json.loads(json.dumps(told)))


def machine(rng: np.random.Generator) -> Costs:
    """Half to ten times as slow as the prior's, and not evenly so."""
    speed = np.exp(rng.uniform(-0.7, 2.3))
    base = PRIOR["sim"]
    return replace(base, once_s=base.once_s * speed, drawing_s=base.drawing_s * speed * rng.uniform(0.7, 1.4),
                   megapixel_s=base.megapixel_s * speed * rng.uniform(0.7, 1.4))


def some(rng: np.random.Generator) -> Direction:
    return direction(float(rng.uniform(2, 30)), SIZES[rng.integers(len(SIZES))], int(rng.choice([12, 24, 30])))


@settings(max_examples=60, deadline=None)
@given(seed=st.integers(0, 999), takes=st.integers(0, 8), longer=st.floats(1.0, 4.0), larger=st.floats(1.0, 4.0),
       faster=st.integers(0, 40), engine=st.sampled_from(["sim", "dream"]))
def test_more_is_never_cheaper(seed: int, takes: int, longer: float, larger: float, faster: int, engine: str):
    rng = np.random.default_rng(seed)
    here = machine(rng)
    past = [past_take(some(rng), here, np.exp(rng.normal(0, 0.3)), engine) for _ in range(takes)]
    less = some(rng)
    wide, high = less.size_px
    more = direction(less.duration_s * longer, (int(wide * larger), int(high * larger)), less.grid.fps + faster)
    a, b = (estimated(work_of(one, engine), past) for one in (less, more))
    assert a.low_s <= a.seconds <= a.high_s
    assert a.seconds <= b.seconds + 0.01 and a.low_s <= b.low_s + 0.01 and a.high_s <= b.high_s + 0.01
    assert a.memory_mb <= b.memory_mb and a.cost == 0.0


@pytest.mark.parametrize("takes", [1, 3, 10])
def test_after_some_takes_the_truth_lies_in_the_interval(takes: int):
    rng = np.random.default_rng(takes)
    inside, width, first = 0, 0.0, estimated(work_of(some(rng), "sim"), [])
    for _ in range(100):
        here = machine(rng)
        past = [past_take(some(rng), here, np.exp(rng.normal(0, 0.15))) for _ in range(takes)]
        wanted = some(rng)
        actual = past_take(wanted, here, np.exp(rng.normal(0, 0.15))).wall_s
        found = estimated(work_of(wanted, "sim"), past)
        inside += found.low_s <= actual <= found.high_s
        width += found.high_s / found.low_s / 100
        assert found.takes == takes
    assert inside >= 85
    assert width < first.high_s / first.low_s


def test_what_is_there_already_costs_nothing_and_strange_takes_are_not_learnt_from():
    wanted = direction()
    whole, half = (estimated(work_of(wanted, "sim", share), []) for share in (0.0, 0.5))
    assert half.seconds < whole.seconds and half.reused_share == 0.5
    for changed in ({"machine": facts() | {"cores": 4096}}, {"compiled": 1}, {"work": {}}, {"picture_s": "x"},
                    {"work": asdict(work_of(wanted, "sim")) | {"megapixels": -1.0}}):
        assert estimated(work_of(wanted, "sim"), [past_take(wanted, PRIOR["sim"], 9.0, **changed)]) == whole
    assert estimated(work_of(wanted, "dream"), [past_take(wanted, PRIOR["sim"], 9.0)]).takes == 0


def test_drawn_looks_draw_less():
    plain, drawn = (estimated(work_of(direction(look=look), "sim"), []) for look in ("photoreal", "cel"))
    assert drawn.seconds < plain.seconds


@pytest.mark.parametrize("seconds", [0.0, -1.0, float("nan"), float("inf")])
def test_a_cap_that_is_none(seconds: float):
    with pytest.raises(Unusable, match="--cap"):
        Cap(seconds)


def test_a_cap_refuses_before_anything_is_rendered(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    words = ["make", "a bee over a meadow", "--duration", "40", "--project", str(tmp_path / "p"), "--cap", "9"]
    assert main(words) == 2
    said = capsys.readouterr().err.strip().splitlines()[-1]
    assert "over the cap of 9 s" in said and "shorter" in said and "smaller" in said
    assert Store(tmp_path / "p").open().ids() == []


def test_the_command_tells_every_engine(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    assert main(["estimate", "a bee", "--duration", "2", "--project", str(tmp_path / "p"), "--json"]) == 0
    found = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert found["estimate"]["engine"] == "sim" and found["estimate"]["low_s"] < found["estimate"]["high_s"]
    assert {one["engine"] for one in found["engines"]} >= {"sim"} and found["actual_s"] is None
    assert main(["estimate", "a bee", "--engine", "nobody", "--project", str(tmp_path / "p")]) == 2
    assert main(["estimate", "a bee", "--set", "/seed=2", "--project", str(tmp_path / "p")]) == 2


def test_it_is_the_stores_takes_that_are_asked(tmp_path: Path):
    store = Store(tmp_path).open()
    slow = past_take(direction(), PRIOR["sim"], 5.0)
    sidecar = {name: getattr(slow, name) for name in ("parent", "reason", "engine", "seed", "duration_s", "wall_s",
                                                      "measured", "made_at", "rendering")}
    before = estimate(direction(), "sim", store)
    with store.making() as folder:
        store.publish(folder, sidecar, {}, {})
    after = estimate(direction(), "sim", store)
    assert (before.takes, after.takes) == (0, 1) and after.seconds > 1.5 * before.seconds
