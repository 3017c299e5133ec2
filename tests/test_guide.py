"""The guide of a dream and the head that follows it: what is not held to has no effect, what is fitted is the best."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from world_model.joint.guide import (
    GUIDE_PX,
    GUIDE_WIDTH,
    HOLDS,
    PLANES,
    Guide,
    folded,
    guide_of,
    guide_of_glimpse,
    no_guide,
)
from world_model.joint.head import PictureHead
from world_model.joint.model import JointModel
from world_model.joint.presets import PRESETS, model_options
from world_model.streams.senses import glimpse


def pixels(seed: int, batch: int = 2, steps: int = 3) -> torch.Tensor:
    return torch.rand(batch, steps, GUIDE_WIDTH, generator=torch.Generator().manual_seed(seed)) - 0.5


def held(seed: int, how: str, batch: int = 2, steps: int = 3) -> Guide:
    return Guide(pixels(seed, batch, steps), torch.full((batch, steps), HOLDS.index(how)))  # type: ignore[arg-type]


def test_a_guide_is_the_picture_made_small():
    rgb = np.random.default_rng(1).integers(0, 256, (144, 256, 3), dtype=np.uint8)
    small = guide_of(rgb).reshape(GUIDE_PX[1], GUIDE_PX[0], 3)
    assert np.allclose(small[5, 7], rgb[20:24, 28:32].mean((0, 1)) / 255.0 - 0.5, atol=1e-6)
    flat = np.full((7, 5, 3), 200, np.uint8)
    assert np.allclose(guide_of(flat), 200 / 255 - 0.5, atol=1e-6)
    with pytest.raises(ValueError, match="height"):
        guide_of(np.zeros((4, 4), np.uint8))


def test_a_glimpse_is_a_guide_of_colours_alone():
    rgb = np.random.default_rng(2).integers(0, 256, (72, 128, 3), dtype=np.uint8)
    full = Guide(torch.from_numpy(guide_of(rgb))[None, None], torch.ones(1, 1, dtype=torch.long))
    coarse = Guide(torch.from_numpy(guide_of_glimpse(glimpse(rgb)[None])[0])[None, None], full.hold)
    assert torch.allclose(folded(full), folded(coarse), atol=0.01)


def test_what_is_not_held_to_is_not_seen():
    assert torch.equal(folded(held(1, "free")), folded(held(2, "free")))
    assert torch.equal(folded(held(1, "free")), folded(no_guide(2, 3, pixels(0))))
    assert not torch.equal(folded(held(1, "full")), folded(held(2, "full")))
    one, two = pixels(1), pixels(1)
    two.view(2, 3, 9, 4, 16, 4, 3)[:, :, :, [0, 3]] = one.view(2, 3, 9, 4, 16, 4, 3)[:, :, :, [3, 0]]
    colours = torch.ones(2, 3, dtype=torch.long)
    assert torch.allclose(folded(Guide(one, colours)), folded(Guide(two, colours)), atol=1e-6)
    assert not torch.allclose(folded(Guide(one, 2 * colours)), folded(Guide(two, 2 * colours)), atol=1e-3)


def test_the_fitted_part_finds_a_linear_way():
    torch.manual_seed(3)
    head, truth = PictureHead(4, 8, 1, 16), torch.nn.Conv2d(PLANES, 4, 3, padding=1, padding_mode="replicate", bias=False)
    guides = [folded(held(k, how, 1, 6))[0] for k in range(20) for how in HOLDS]
    with torch.no_grad():
        left = head.fit_carry(guides, [truth(guide) for guide in guides])
        fresh = folded(held(99, "full", 1, 2))[0]
        off = (head.carry(fresh) - truth(fresh)).square().mean() / truth(fresh).square().mean()
    assert left < 0.02 and float(off) < 0.05


def random_model() -> JointModel:
    torch.manual_seed(5)
    model = JointModel(**model_options(PRESETS["tiny"])).eval()
    with torch.no_grad():
        for weight in model.parameters():
            if weight.requires_grad:
                weight.add_(0.2 * torch.randn_like(weight))
    return model


def asked(model: JointModel, steps: int) -> tuple[dict[str, torch.Tensor], dict[str, torch.Tensor], torch.Tensor, torch.Tensor]:
    draw = torch.Generator().manual_seed(8)
    names = ("place", "camera", "picture")
    x = {name: torch.randn(2, steps, model.table[name][0], generator=draw) for name in names}
    tau = {name: torch.rand(2, steps, generator=draw) for name in names}
    return x, tau, torch.zeros(2, 1, 384), torch.zeros(2, 1, dtype=torch.bool)


def test_guided_step_by_step_is_guided_at_once():
    model = random_model()
    x, tau, text, there = asked(model, 5)
    guide = held(4, "full", 2, 5)
    with torch.no_grad():
        whole, _ = model(x, tau, text, there, guide=guide)
        cache, parts = None, []
        for k in range(5):
            made, cache = model({n: v[:, k:k + 1] for n, v in x.items()}, {n: v[:, k:k + 1] for n, v in tau.items()},
                                text, there, cache, keep=True, guide=guide.steps(k, k + 1))
            parts.append(made["picture"])
    assert torch.allclose(torch.cat(parts, 1), whole["picture"], atol=2e-5)


def test_the_guide_to_come_changes_nothing_before():
    model = random_model()
    x, tau, text, there = asked(model, 4)
    one, two = held(1, "full", 2, 4), held(1, "full", 2, 4)
    two.pixels[:, 3] = pixels(7, 2, 1)[:, 0]
    with torch.no_grad():
        a, _ = model(x, tau, text, there, guide=one)
        b, _ = model(x, tau, text, there, guide=two)
    assert torch.equal(a["picture"][:, :3], b["picture"][:, :3]) and not torch.equal(a["picture"][:, 3], b["picture"][:, 3])


def test_grain_is_new_in_every_frame_and_none_where_there_is_none():
    from world_model.dream_guide import with_grain

    grey = np.full((3, 36, 64, 3), 120, np.uint8)
    same = with_grain(grey, np.zeros(3, np.float32), 0, 1)
    assert np.array_equal(same, grey)
    noisy = with_grain(grey, np.array([0.0, 1.0, 1.0], np.float32), 5, 1)
    assert np.array_equal(noisy[0], grey[0]) and not np.array_equal(noisy[1], noisy[2])
    assert abs(noisy[1:].mean() - 120) < 1.5 and 2 < noisy[1].std() < 20
    assert np.array_equal(with_grain(grey[1:2], np.array([1.0], np.float32), 6, 1)[0], noisy[1])
