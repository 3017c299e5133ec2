"""Laws of motion brushes: inside flows as dragged, outside is untouched, a frame alone is the frame in sequence."""

from __future__ import annotations

import time
from itertools import pairwise

import cv2
import numpy as np
import pytest
from pydantic import ValidationError

from agent.direction import Brush as Wish
from agent.direction import Direction, Shot, Span
from agent.edits import apply_patch, parse_setting, patch_for
from agent.studio import _brushes
from modalities.engines.brush_truth import followed
from modalities.engines.brushes import Brush, Brushes, Flow, mask_of
from modalities.faults import Unusable

SIZE, FPS, LENGTH_S = (256, 144), 24, 6.0
LAKE = ((0.2, 0.3), (0.8, 0.3), (0.75, 0.9), (0.25, 0.9))


def picture(seed: int = 0, size=SIZE) -> np.ndarray:
    grain = np.random.default_rng(seed).standard_normal((size[1], size[0], 3)).astype(np.float32)
    grain = cv2.GaussianBlur(grain, (0, 0), 1.6)
    return np.clip(127 + 90 * grain / np.abs(grain).max() * 1.6, 0, 255).astype(np.uint8)


@pytest.mark.parametrize("direction", [(0.08, 0.0), (-0.05, 0.04), (0.0, -0.09), (0.3, 0.1)])
def test_the_inside_flows_as_dragged_and_the_outside_stands(direction):
    brush, still = Brush(LAKE, direction), picture()
    flow = Flow(brush, SIZE, LENGTH_S)
    for t_s in (0.2, 1.3, 2.9, 4.4):
        pair = flow.moved(still, t_s), flow.moved(still, t_s + 1 / FPS)
        seen = followed(brush, (still, still), pair, 1 / FPS)
        assert seen.cosine > 0.9 and 0.6 < seen.speed < 1.4, (t_s, seen)
        assert seen.outside < 0.05
    turned = followed(Brush(LAKE, (-direction[1], direction[0])), (still, still), pair, 1 / FPS)
    assert turned.cosine < 0.4


def test_outside_the_region_every_byte_is_the_frames_own():
    still = picture()
    for soft in (0.0, 0.05, 0.3):
        brush = Brush(LAKE, (0.1, 0.03), soft)
        outside = mask_of(brush, SIZE) == 0
        moved = Flow(brush, SIZE, LENGTH_S).moved(still, 1.7)
        assert np.array_equal(moved[outside], still[outside]) and not np.array_equal(moved, still)


def test_first_and_last_frame_are_the_frames_themselves_and_loops_close():
    flow, still = Flow(Brush(LAKE, (0.1, 0.0)), SIZE, LENGTH_S), picture()
    assert flow.moved(still, 0.0) is still and flow.moved(still, LENGTH_S) is still
    loops = LENGTH_S / flow.loop_s
    assert loops == pytest.approx(round(loops)) and loops >= 1
    assert np.array_equal(flow.moved(still, 0.4), flow.moved(still, 0.4 + flow.loop_s))


def test_no_reset_is_seen():
    """From frame to frame the picture changes by about as much all the time: nothing jumps where a copy starts again."""
    flow, still = Flow(Brush(LAKE, (0.08, 0.02)), SIZE, LENGTH_S), picture()
    film = [flow.moved(still, i / FPS).astype(np.float32) for i in range(int(LENGTH_S * FPS) + 1)]
    steps = np.array([np.abs(b - a).mean() for a, b in pairwise(film)])
    assert steps.max() < 1.6 * np.median(steps) and steps.min() > 0.4 * np.median(steps)


def test_contrast_stays_where_two_copies_are_mixed():
    flow, still = Flow(Brush(LAKE, (0.08, 0.02)), SIZE, LENGTH_S), picture()
    inside = mask_of(flow.brush, SIZE) > 0.99
    spread = [flow.moved(still, flow.loop_s * u)[inside].std() / still[inside].std() for u in (0.25, 0.5, 0.75)]
    # The mean of two pictures that do not agree keeps 0.71 of it.
    assert min(spread) > 0.82 and max(spread) < 1.1


def test_a_brush_flows_only_between_its_ends_and_eases():
    brush, still = Brush(LAKE, (0.1, 0.0), 0.05, 0.25, 0.75), picture()
    flow = Flow(brush, SIZE, LENGTH_S)
    assert all(flow.moved(still, t) is still for t in (0.0, 1.0, 1.5, 4.5, 5.0, 6.0))
    assert not np.array_equal(flow.moved(still, 2.5), still)
    clock = np.array([flow.flowed_s(t) for t in np.linspace(0, LENGTH_S, 601)])
    speed = np.diff(clock) / 0.01
    assert speed.min() >= -1e-9 and speed.max() < 1.001 and np.abs(np.diff(speed)).max() < 0.05
    assert clock[-1] == pytest.approx(3.0 - 0.4)


def test_a_frame_alone_is_the_frame_in_sequence_and_shots_keep_apart():
    shots = np.repeat([0, 1, 2], 24)
    times = np.arange(72) / FPS
    brushes = {1: (Brush(LAKE, (0.1, 0.0)), Brush(LAKE, (0.0, 0.1), 0.1))}
    film = [picture(i) for i in range(4)]
    ahead = Brushes(brushes, SIZE, shots, times)
    rows = [ahead.moved(i, film[i % 4]) for i in range(72)]
    assert all(rows[i] is film[i % 4] for i in (*range(25), *range(47, 72)))
    for i in (46, 30, 37):
        assert np.array_equal(Brushes(brushes, SIZE, shots, times).moved(i, film[i % 4]), rows[i])
    assert not Brushes({0: ()}, SIZE, shots, times) and Brushes(brushes, SIZE, shots, times)


def test_held_drawings_hold_the_flow():
    shots, times = np.zeros(48, np.int64), np.repeat(np.arange(24) * 2, 2) / FPS
    held = Brushes({0: (Brush(LAKE, (0.1, 0.0)),)}, SIZE, shots, times)
    still = picture()
    assert np.array_equal(held.moved(10, still), held.moved(11, still))
    assert not np.array_equal(held.moved(10, still), held.moved(12, still))


def test_a_frame_takes_little_time():
    size = (512, 288)
    still, flow = picture(0, size), Flow(Brush(LAKE, (0.06, 0.0)), size, LENGTH_S)
    spent = []
    for i in range(12):
        begun = time.thread_time()
        flow.moved(still, 0.3 + i / FPS)
        spent.append(time.thread_time() - begun)
    assert min(spent) < 0.008


@pytest.mark.parametrize("size", [(16, 16), (20, 64), (640, 36)])
@pytest.mark.parametrize("region", [LAKE, ((0, 0), (1, 0), (1, 1), (0, 1)), ((0, 0), (1, 1), (1, 0.99)),
                                    ((0.5, 0.5), (0.501, 0.5), (0.5, 0.501))])
def test_any_size_and_shape_gives_a_picture(size, region):
    still = picture(1, size)
    for speed in ((1.0, 0.0), (1e-4, 0.0), (0.0, 0.0), (0.6, 0.8)):
        moved = Flow(Brush(region, speed), size, 0.8).moved(still, 0.33)
        assert moved.shape == still.shape and moved.dtype == np.uint8
    assert Flow(Brush(region, (0.1, 0)), size, 0.0).moved(still, 0.0) is still


def piece() -> Direction:
    return Direction(shots=(Shot(id="a", span=Span(s=(0, 2))), Shot(id="b", span=Span(s=(2, 4)))), duration_s=4.0)


def test_a_brush_is_set_by_pointer_and_reaches_the_engine():
    pointer, value = parse_setting('/shots/1/brushes=[{"region":[[0,0],[1,0],[1,1]],"direction":[0.1,0.02]}]')
    before = piece()
    after = apply_patch(before, patch_for(before, pointer, value), reason="flow")
    assert _brushes(after) == {1: (Brush(((0, 0), (1, 0), (1, 1)), (0.1, 0.02)),)} and _brushes(before) == {}
    assert Direction.model_validate_json(after.model_dump_json()) == after
    with pytest.raises(Unusable, match="brushes"):
        apply_patch(before, patch_for(before, pointer, [{"region": [[0, 0], [2, 0], [1, 1]], "direction": [0.1, 0]}]), reason="")


@pytest.mark.parametrize("wrong", [{"region": [[0, 0], [1, 1]]}, {"region": [[0, 0], [0.5, 0.5], [1, 1]]},
                                   {"direction": [0, 0]}, {"direction": [2, 0]}, {"softness": -1}, {"softness": float("nan")},
                                   {"start": 0.5, "end": 0.5}, {"region": [[0, 0], [1, float("inf")], [1, 1]]}])
def test_a_brush_that_cannot_flow_is_refused(wrong):
    with pytest.raises(ValidationError):
        Wish.model_validate({"region": LAKE, "direction": (0.1, 0.0)} | wrong)


def test_a_film_is_made_with_its_brush_and_tells_how_it_was_followed(tmp_path):
    from dataclasses import replace

    import torch

    from modalities.engine import EngineParams, Job
    from modalities.engines.filming_brushed import Brushed
    from world_model.clock import TimeGrid
    from world_model.state import WIDTHS, World, unpack

    rows = np.zeros((48, sum(WIDTHS.values())), np.float32)
    state = unpack(torch.from_numpy(rows))
    state = replace(state, time_s=torch.arange(48)[:, None] / 24.0, shot=(torch.arange(48) // 24)[:, None].float())
    job = Job(World(TimeGrid(4, 24, 48000), state, (), 0), SIZE, None, None, None, None, EngineParams(), 0, tmp_path,
              brushes={1: (Brush(LAKE, (0.1, 0.0)),)})
    still = picture()
    seen: dict[int, np.ndarray] = {}
    brushed = Brushed(job, lambda index: still)
    for index in range(48):
        seen[index] = brushed.draw(index)
    assert all(seen[i] is still for i in range(25)) and not np.array_equal(seen[34], still)
    told = brushed.measured()
    assert told["brush_cosine"] > 0.9 and told["brush_outside"] < 0.05
