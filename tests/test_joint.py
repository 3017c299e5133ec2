"""Laws of the joint model, its sampler and its dreams, on a tiny model with random weights."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import torch

from world_model.joint.noise import draw_noise, loss_weight, sigmas
from world_model.joint.patches import from_row, to_row
from world_model.joint.presets import PRESETS, model_options, stream_table, streams_of


@pytest.fixture(scope="module")
def tiny():
    from world_model.joint.model import JointModel

    torch.manual_seed(0)
    size = PRESETS["tiny"]
    model = JointModel(**{**model_options(size), "window": 6}).eval()
    with torch.no_grad():  # nothing starts at zero, so that every path is seen
        for weight in model.parameters():
            if weight.requires_grad:
                weight.add_(torch.randn_like(weight) * 0.05)
    return model


@pytest.fixture(scope="module")
def pipeline(tiny):
    from world_model.joint.pipeline import new_pipeline

    return new_pipeline(tiny)


def some(model, names, steps, seed=0, batch=2):
    draw = torch.Generator().manual_seed(seed)
    x = {n: torch.randn(batch, steps, model.table[n][0], generator=draw) for n in names}
    tau = {n: torch.rand(batch, steps, generator=draw) for n in names}
    text = torch.nn.functional.normalize(torch.randn(batch, 3, 384, generator=draw), dim=-1)
    there = torch.tensor([[True, True, False], [True, False, False]])[:batch]
    return x, tau, text, there


NAMES = ["place", "camera", "score", "glimpse", "picture"]


@pytest.mark.parametrize("cuts", [(1,) * 12, (5, 1, 6), (11, 1), (6, 6)])
def test_cached_rollout_equals_full_forward(tiny, cuts):
    x, tau, text, there = some(tiny, NAMES, 12)
    full, _ = tiny(x, tau, text, there)
    cache, parts, at = None, [], 0
    for count in cuts:
        piece, cache = tiny({n: v[:, at:at + count] for n, v in x.items()},
                            {n: v[:, at:at + count] for n, v in tau.items()}, text, there, cache, keep=True)
        parts.append(piece)
        at += count
    for n in NAMES:
        assert torch.allclose(torch.cat([p[n] for p in parts], 1), full[n], atol=2e-5), n


def test_the_future_changes_nothing_in_the_past(tiny):
    x, tau, text, there = some(tiny, NAMES, 8)
    before, _ = tiny(x, tau, text, there)
    for n in NAMES:
        x[n][:, 5:] += 3.0
        tau[n][:, 5:] = 0.9
    after, _ = tiny(x, tau, text, there)
    for n in NAMES:
        assert torch.equal(before[n][:, :5], after[n][:, :5])
        assert not torch.allclose(before[n][:, 5:], after[n][:, 5:])


def test_only_the_window_is_seen(tiny):
    x, tau, text, there = some(tiny, NAMES, 14)
    before, _ = tiny(x, tau, text, there)
    x["place"][:, 0] += 3.0
    after, _ = tiny(x, tau, text, there)
    # Two blocks of window 6 reach 10 steps back, not more.
    assert torch.equal(before["place"][:, 11:], after["place"][:, 11:])
    assert not torch.equal(before["place"][:, 5], after["place"][:, 5])


def test_only_distance_in_time_counts(tiny):
    x, tau, text, there = some(tiny, NAMES, 3)
    _, cache = tiny(x, tau, text, there, keep=True)
    import dataclasses

    late = dataclasses.replace(cache, step=cache.step + 40_000)
    a, _ = tiny(x, tau, text, there, cache)
    b, _ = tiny(x, tau, text, there, late)
    assert torch.allclose(a["place"], b["place"], atol=2e-3)


def test_words_that_are_not_there_say_nothing(tiny):
    x, tau, text, there = some(tiny, NAMES, 4)
    a, _ = tiny(x, tau, text, there)
    b, _ = tiny(x, tau, torch.where(there[..., None], text, torch.full_like(text, 9.0)), there)
    c, _ = tiny(x, tau, -text, there)
    assert torch.equal(a["place"], b["place"]) and not torch.equal(a["place"], c["place"])


def test_noise_of_training_covers_every_way_of_asking():
    draw = torch.Generator().manual_seed(5)
    tau = draw_noise(["a", "b", "c"], 4000, 16, draw)
    levels = torch.stack([tau[n] for n in "abc"], 1)
    assert float(levels.min()) == 0.0 and float(levels.max()) == 1.0
    known, absent = (levels == 0).all(2), (levels == 1).all(2)
    for pattern in ((True, False, False), (False, True, True), (False, False, False)):
        assert (known == torch.tensor(pattern)).all(1).any()
    assert (known[:, 0] & absent[:, 1]).any()
    rising = (levels[:, :, 1:] >= levels[:, :, :-1] - 1e-6).all(2) & (levels[:, :, 0] < levels[:, :, -1])
    assert rising.float().mean() > 0.03  # a clean past, an unknown future
    same = draw_noise(["a", "b", "c"], 4000, 16, torch.Generator().manual_seed(5))
    assert all(torch.equal(tau[n], same[n]) for n in tau)


def test_what_is_given_is_not_graded():
    weight = loss_weight(torch.tensor([0.0, 0.2, 0.6, 1.0]))
    assert weight[0] == 0 and weight[1] > weight[2] > weight[3] > 0


@pytest.mark.parametrize("count", [1, 2, 5, 30])
def test_schedules_start_at_full_noise_never_rise_and_end_clean(pipeline, count):
    import copy

    scheduler = copy.deepcopy(pipeline.scheduler)
    scheduler.set_timesteps(sigmas=sigmas(count))
    levels = scheduler.sigmas.tolist()
    assert levels[0] == 1.0 and levels[-1] == 0.0 and levels == sorted(levels, reverse=True) and len(levels) == count + 1


def test_no_steps_are_refused():
    with pytest.raises(ValueError, match="at least one"):
        sigmas(0)


@pytest.mark.parametrize("steps", [3, 6, 17])
def test_known_streams_come_back_unchanged(pipeline, steps):
    camera = torch.randn(2, steps, 10) * 4
    at = torch.rand(2, steps) < 0.5
    sketch = torch.rand(2, steps, 576)
    out = pipeline({"camera": camera, "sketch": sketch}, ["camera", "sketch", "place", "score"],
                   known_at={"sketch": at}, num_inference_steps=2).streams
    assert torch.equal(out["camera"], camera)
    assert torch.equal(out["sketch"][at], sketch[at]) and not torch.allclose(out["sketch"][~at], sketch[~at])
    assert out["place"].shape == (2, steps, 23) and bool(torch.isfinite(out["place"]).all())


def test_same_seed_same_output_and_another_seed_another(pipeline):
    def run(seed):
        return pipeline(steps=4, num_inference_steps=3, generator=torch.Generator().manual_seed(seed)).streams["place"]

    assert torch.equal(run(1), run(1)) and not torch.allclose(run(1), run(2))


def test_what_is_known_matters(pipeline):
    a, b = (pipeline({"camera": torch.full((1, 4, 10), v)}, ["place"], num_inference_steps=2,
                     generator=torch.Generator().manual_seed(1)).streams["place"] for v in (0.0, 2.0))
    assert not torch.allclose(a, b)


def test_wrong_questions_are_refused(pipeline):
    with pytest.raises(ValueError, match="no stream 'smell'"):
        pipeline({"smell": torch.zeros(1, 4, 3)})
    with pytest.raises(ValueError, match=r"camera must be \(batch, steps, 10\)"):
        pipeline({"camera": torch.zeros(1, 4, 3)})
    with pytest.raises(ValueError, match="not finite"):
        pipeline({"camera": torch.full((1, 4, 10), float("nan"))})
    with pytest.raises(ValueError, match="one length"):
        pipeline({"camera": torch.zeros(1, 4, 10), "place": torch.zeros(1, 5, 23)})
    with pytest.raises(ValueError, match="must say how much"):
        pipeline()


def test_a_run_can_be_stopped(pipeline):
    class Enough(Exception):
        pass

    def told(done, total):
        if done == 2:
            raise Enough(f"{done} of {total}")

    with pytest.raises(Enough, match="2 of 8"):
        pipeline(steps=7, num_inference_steps=4, callback_on_step_end=told)


def test_saved_and_loaded_it_is_the_same(pipeline, tmp_path: Path):
    from world_model.joint.pipeline import load_pipeline

    pipeline.save_pretrained(tmp_path / "p")
    again = load_pipeline(tmp_path / "p")
    for (name, a), (other, b) in zip(pipeline.model.state_dict().items(), again.model.state_dict().items(), strict=True):
        assert name == other and torch.equal(a, b)
    ask = {"steps": 4, "num_inference_steps": 2}
    assert torch.equal(pipeline(**ask).streams["air"], again(**ask).streams["air"])
    config = tmp_path / "p" / "model" / "config.json"
    known = json.loads(config.read_text())
    known["depth"] = 3
    config.write_text(json.dumps(known))
    with pytest.raises(ValueError, match="do not fit"):
        load_pipeline(tmp_path / "p")
    with pytest.raises(ValueError, match="no trained world model"):
        load_pipeline(tmp_path / "nothing")


def test_patches_go_both_ways():
    latents = torch.randn(2, 3, 5, 9, 16)
    for patch in ((1, 1), (3, 2), (9, 8)):
        rows = to_row(latents, patch)
        assert torch.equal(from_row(rows, patch, 9, 16), latents)
    # A token is a patch: changing one corner changes one token only.
    moved = latents.clone()
    moved[:, :, :, 0, 0] += 1
    changed = (to_row(moved, (3, 2)) != to_row(latents, (3, 2))).view(2, 3, 24, -1).any(-1)
    assert changed[..., 0].all() and not changed[..., 1:].any()
    with pytest.raises(ValueError, match="do not fill"):
        to_row(latents, (2, 2))


def test_every_preset_is_whole():
    for preset in PRESETS.values():
        table = stream_table(streams_of(preset))
        assert all(width % tokens == 0 for width, tokens in table.values())
    with pytest.raises(ValueError, match="equal tokens"):
        stream_table([["x", 10, 3]])


@pytest.fixture(scope="module")
def dreamer(pipeline):
    from world_model.codec.picture import make_codec
    from world_model.dream import Dreamer

    torch.manual_seed(2)
    return Dreamer(pipeline, make_codec("tiny").eval(), passes=2)


def world_steps(count: int, seed: int = 0) -> list[dict[str, np.ndarray]]:
    rng = np.random.default_rng(seed)
    widths = {"place": 23, "air": 28, "look": 39, "bodies": 90, "camera": 10, "score": 91}
    return [{n: rng.normal(size=(1, w)).astype(np.float32) for n, w in widths.items()} for _ in range(count)]


def test_dreams_follow_from_seed_and_world(dreamer):
    steps = world_steps(4)

    def run(seed, given):
        dreamer.begin(seed, ())
        return np.concatenate([dreamer.step(step) for step in given])

    first = run(3, steps)
    assert first.shape == (12, 144, 256, 3) and first.dtype == np.uint8
    assert np.array_equal(first, run(3, steps)) and not np.array_equal(first, run(4, steps))
    # A world that turns out otherwise later was dreamt alike until then.
    other = run(3, [*steps[:2], *world_steps(2, 9)])
    assert np.array_equal(first[:6], other[:6]) and not np.array_equal(first[6:], other[6:])


def test_an_endless_dream_costs_no_more(dreamer):
    dreamer.begin(0, ())
    for step in world_steps(20):
        dreamer.latents(step)
    assert dreamer._cache.keys[0].shape[2] == 5 * (8 - 2 + 2)  # window - 1 steps of six tokens of state and two of picture


def test_looking_whether_it_differs_changes_nothing(dreamer):
    steps = world_steps(3)
    dreamer.begin(1, ())
    dreamer.step(steps[0])
    assert dreamer.tells_apart(steps[1], steps[2], 1e-6) and not dreamer.tells_apart(steps[1], steps[1], 1e-6)
    after = dreamer.step(steps[1])
    dreamer.begin(1, ())
    dreamer.step(steps[0])
    assert np.array_equal(after, dreamer.step(steps[1]))


def test_a_model_without_pictures_cannot_dream():
    from world_model.codec.picture import make_codec
    from world_model.dream import Dreamer
    from world_model.joint.model import JointModel
    from world_model.joint.pipeline import new_pipeline

    blind = new_pipeline(JointModel([["place", 23, 1]], 16, 1, 2))
    with pytest.raises(ValueError, match="cannot dream"):
        Dreamer(blind, make_codec("tiny"))
