"""Laws of the parts that large video engines are made of: windows, sizes, layouts, noise, indices."""

from __future__ import annotations

import json
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from modalities.accelerator import Accelerator, ways
from modalities.engines.video.noising import keeping, start_of, starting_at
from modalities.engines.video.shape import Shape
from modalities.faults import Unavailable
from modalities.weights import holes


@pytest.mark.parametrize("frames", [1, 2, 5, 17, 81, 82, 200, 300])
@pytest.mark.parametrize("step,most", [(4, 81), (8, 121), (4, 9)])
def test_windows_tile_a_shot(frames: int, step: int, most: int):
    shape = Shape(16, step, most, 16.0, 832 * 480)
    legal = shape.frames(frames)
    assert legal >= frames and (legal - 1) % step == 0 and legal - frames < step
    windows = shape.windows(legal, most, 2)
    total = shape.latents(legal)
    covered = np.zeros(total, int)
    for first, count in windows:
        covered[first: first + count] += 1
        begin, end = shape.frames_of((first, count))
        assert (end - begin - 1) % step == 0 and (end - begin <= most or count == 2)
    assert (covered > 0).all() and windows[0][0] == 0
    assert all(b[0] < a[0] + a[1] for a, b in pairwise(windows))


@pytest.mark.parametrize("film_px", [(16, 16), (512, 288), (1280, 720), (720, 1280), (4096, 100)])
def test_sizes_are_legal_and_no_larger_than_asked(film_px: tuple[int, int]):
    shape = Shape(32, 8, 121, 0.0, 768 * 512)
    width, height = shape.size_px(film_px, shape.area_px)
    assert width % 32 == 0 == height % 32
    assert width * height <= max(shape.area_px, 32 * max(width, height), (film_px[0] + 32) * (film_px[1] + 32))


def test_each_way_to_lay_a_model_out_needs_less_than_the_one_before():
    parts = {"transformer": 3000.0, "text_encoder": 11000.0, "vae": 500.0}
    for memory in (80_000.0, 24_000.0, 12_000.0):
        fits = ways(parts, 4000.0, Accelerator("cuda", "a card", memory, 64_000.0, True))
        needs = [fit.needs_mb for fit in fits]
        assert needs == sorted(needs, reverse=True) and needs[0] <= memory
    assert ways(parts, 4000.0, Accelerator("cuda", "a card", 80_000.0, 64_000.0, True))[0].offload == "none"
    with pytest.raises(Unavailable, match="GB of GPU memory"):
        ways(parts, 4000.0, Accelerator("cuda", "a card", 3_000.0, 64_000.0, True))
    with pytest.raises(Unavailable, match="needs a GPU"):
        ways(parts, 4000.0, Accelerator("cpu", "no GPU", 0.0, 64_000.0, False))


def test_kept_latents_are_exact_after_the_last_step():
    import torch

    class Schedule:  # a stand-in with the two fields that are read
        sigmas = torch.tensor([1.0, 0.5, 0.0])
        step_index = 1

    pipe = type("Pipe", (), {"scheduler": Schedule()})()
    known, noise = torch.randn(1, 2, 3, 2, 2), torch.randn(1, 2, 6, 2, 2)
    after = keeping(lambda done, total: None, 2, known, 1, noise)
    half = after(pipe, 0, None, {"latents": torch.zeros(1, 2, 6, 2, 2)})["latents"]
    assert torch.allclose(half[:, :, 1:4], 0.5 * known + 0.5 * noise[:, :, 1:4]) and not half[:, :, 4:].any()
    pipe.scheduler.step_index = 2
    assert torch.equal(after(pipe, 1, None, {"latents": half})["latents"][:, :, 1:4], known)


def test_an_index_that_is_no_index_is_a_hole(tmp_path: Path):
    assert holes(tmp_path) == ("model_index.json",)
    (tmp_path / "model_index.json").write_text("[1, 2")
    assert holes(tmp_path) == ("model_index.json",)
    (tmp_path / "model_index.json").write_text(json.dumps({"vae": ["diffusers", "AutoencoderKLWan"], "_class_name": "X"}))
    assert holes(tmp_path) == ("vae",)


@pytest.mark.parametrize("kind", ["UniPCMultistepScheduler", "FlowMatchEulerDiscreteScheduler"])
@pytest.mark.parametrize("freedom", [0.05, 0.3, 0.6, 1.0])
def test_a_late_start_ends_at_the_picture_that_the_noise_was_laid_over(kind: str, freedom: float):
    import diffusers
    import torch

    named = {"prediction_type": "flow_prediction", "use_flow_sigmas": True, "flow_shift": 3.0} if kind.startswith("Uni") \
        else {"shift": 3.0}
    scheduler = getattr(diffusers, kind)(**named)
    first, sigma = start_of(scheduler, 10, freedom)
    assert 0.0 < sigma <= 1.0 and (first == 9 or sigma <= freedom + 1e-6)
    clean, noise = torch.randn(1, 2, 3, 4, 4), torch.randn(1, 2, 3, 4, 4)
    x, steps = (1.0 - sigma) * clean + sigma * noise, 0
    with starting_at(scheduler, first):
        scheduler.set_timesteps(10)
        for time in scheduler.timesteps:
            # A model that knows: the velocity from the picture to the noise.
            x = scheduler.step(noise - clean, time, x, return_dict=False)[0]
            steps += 1
    assert steps == 10 - first and torch.allclose(x, clean, atol=2e-3)
    scheduler.set_timesteps(10)
    assert len(scheduler.timesteps) == 10 and "set_timesteps" not in vars(scheduler)


@pytest.mark.parametrize("latents", [2, 3, 5, 21])
@pytest.mark.parametrize("known", [0, 1, 3, 20])
def test_chunks_tile_a_window_and_what_is_known_ends_with_a_chunk(latents: int, known: int):
    from modalities.engines.video.anyflow import CHUNK, partition

    known = min(known, latents - 1)
    chunks = partition(latents, known)
    assert sum(chunks) == latents and max(chunks) <= CHUNK and min(chunks) >= 1
    assert known in np.cumsum((0, *chunks))
    assert int(np.searchsorted(np.cumsum(chunks), known)) + 1 == max(1, -(-known // CHUNK)) or not known
