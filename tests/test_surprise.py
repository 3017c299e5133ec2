"""Laws of surprise and of the weirdness dial, on a tiny model that was hardly trained."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest
import torch

from world_model.joint.model import JointModel
from world_model.joint.pipeline import ALWAYS, WorldPipeline, new_pipeline
from world_model.joint.presets import Preset, streams_of
from world_model.joint.surprise import FLOOR, LEVELS, WEIGHTS, Typical, bits, bits_by_stream, typical, typical_of
from world_model.joint.weird import COHERENCE_FLOOR, Candidates, choose, coherence, propose, weird_worlds
from world_model.train.joint import Words, joint_loss

STEPS = 4


def model_of(seed: int = 0) -> JointModel:
    torch.manual_seed(seed)
    model = JointModel(streams_of(Preset(32, 2, 2)), 32, 2, 2)
    with torch.no_grad():
        for layer in model.write.values():
            layer.weight.normal_(0.0, 0.1)
            layer.bias.zero_()
    return model


def worlds(count: int, scale: float = 1.0, steps: int = STEPS, seed: int = 5) -> dict[str, torch.Tensor]:
    draw = torch.Generator().manual_seed(seed)
    table = model_of().table
    return {name: scale * torch.randn(count, steps, table[name][0], generator=draw) for name in ALWAYS}


def words(count: int = 2, seed: int = 3) -> torch.Tensor:
    rows = torch.randn(1, count, 384, generator=torch.Generator().manual_seed(seed))
    return rows / rows.norm(dim=-1, keepdim=True)


@pytest.fixture(scope="module")
def pipeline() -> WorldPipeline:
    return new_pipeline(model_of())


@pytest.fixture(scope="module")
def drawn(pipeline: WorldPipeline) -> Candidates:
    return propose(pipeline, words(), seed=4, candidates=6, steps=STEPS, others=words(9, 8)[0], inference_steps=2)


def test_the_best_guess_of_pure_noise_costs_what_its_channel_carries():
    # A unit normal number seen at level t is guessed with error t^2 / ((1 - t)^2 + t^2).
    nats = sum(w * t * t / ((1 - t) ** 2 + t * t) for t, w in zip(LEVELS, WEIGHTS))
    exact = 0.5 * math.log(1 + ((1 - FLOOR) / FLOOR) ** 2)
    assert nats == pytest.approx(exact, rel=0.05)


def test_a_world_has_one_number_alone_or_in_a_batch_and_again(pipeline: WorldPipeline):
    several = worlds(3)
    together = bits(pipeline, several, words().expand(3, -1, -1))
    again = bits(pipeline, several, words().expand(3, -1, -1))
    assert torch.equal(together, again)
    alone = torch.cat([bits(pipeline, {n: v[k:k + 1] for n, v in several.items()}, words()) for k in range(3)])
    assert torch.allclose(alone, together, rtol=1e-4)
    assert not torch.allclose(bits(pipeline, several, words().expand(3, -1, -1), seed=1), together, rtol=1e-6)


def test_known_streams_cost_nothing_and_parts_sum_to_the_whole(pipeline: WorldPipeline):
    several = worlds(2)
    parts = bits_by_stream(pipeline, several, known=("score", "camera"))
    assert set(parts) == set(several) - {"score", "camera"}
    assert torch.allclose(sum(parts.values()), bits(pipeline, several, known=("score", "camera")))
    with pytest.raises(ValueError, match="no stream is left"):
        bits(pipeline, several, known=tuple(several))
    with pytest.raises(ValueError, match="must be"):
        bits(pipeline, {**several, "air": several["air"][:, :2]})


def test_a_sample_is_not_measured_with_the_noise_it_was_made_of(monkeypatch):
    pipeline = new_pipeline(model_of())
    # A model that repeats what it is shown errs by the distance between a world and the noise.
    monkeypatch.setattr(pipeline.model, "forward", lambda noisy, *_: (dict(noisy), None))
    for seed in (0, 4):
        draw = torch.Generator().manual_seed(seed)
        table = pipeline.model.table
        made_of = {name: torch.randn(1, STEPS, table[name][0], generator=draw) for name in table if name in ALWAYS}
        other = worlds(1, seed=77)
        same, apart = bits(pipeline, made_of, seed=seed), bits(pipeline, other, seed=seed)
        assert float(same[0]) == pytest.approx(float(apart[0]), rel=0.15)


def test_long_worlds_are_measured_by_the_step(pipeline: WorldPipeline):
    one, two = worlds(1, steps=16), worlds(1, steps=40)
    assert float(bits(pipeline, two)[0]) == pytest.approx(float(bits(pipeline, one)[0]), rel=0.2)


def test_a_little_training_makes_noise_surprising():
    model = model_of()
    centre = {name: 1.5 * torch.randn(model.table[name][0]) for name in ALWAYS}

    def toy(count: int) -> dict[str, torch.Tensor]:
        return {name: value + 0.1 * torch.randn(count, STEPS, len(value)) for name, value in centre.items()}

    def gap() -> float:
        pipe = new_pipeline(model)
        noise = {name: value.std() * torch.randn_like(value) for name, value in toy(4).items()}
        return float(bits(pipe, noise).mean() - bits(pipe, toy(4)).mean())

    torch.manual_seed(1)
    before = gap()
    optimiser = torch.optim.Adam([p for p in model.parameters() if p.requires_grad], 1e-2)
    draw = torch.Generator().manual_seed(2)
    for _ in range(30):
        loss, _ = joint_loss(model.train(), toy(8), Words(torch.zeros(8, 1, 384), torch.zeros(8, 1).bool()), draw)
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
    model.eval()
    after = gap()
    assert after > 0 and after > 2 * abs(before)


def test_zero_is_the_plain_sample_to_the_bit(pipeline: WorldPipeline, drawn: Candidates):
    plain = pipeline({}, ALWAYS, words(), STEPS, num_inference_steps=2, guidance_scale=1.5,
                     generator=torch.Generator().manual_seed(4)).streams
    chosen = choose(drawn, 0.0)
    assert chosen.chosen is drawn.plain
    assert all(torch.equal(plain[name], chosen.streams[name]) for name in ALWAYS)


def test_surprise_never_falls_when_the_dial_is_turned_up(drawn: Candidates):
    dial = [choose(drawn, float(w)).chosen for w in np.linspace(0.0, 1.0, 41)]
    surprise = [one.surprise_bits for one in dial]
    assert all(b >= a for a, b in itertools.pairwise(surprise))
    assert all(one is drawn.plain or one.coherence >= COHERENCE_FLOOR for one in dial)


def test_the_dial_is_in_bits_and_finds_what_is_nearest(drawn: Candidates):
    for weird in (0.1, 0.5, 0.9):
        made = choose(drawn, weird)
        assert made.target_bits == max(drawn.plain.surprise_bits, weird * drawn.full_bits)
        better = [one for one in drawn.all if one.coherence >= COHERENCE_FLOOR
                  and one.surprise_bits >= drawn.plain.surprise_bits
                  and abs(one.surprise_bits - made.target_bits) < abs(made.chosen.surprise_bits - made.target_bits)]
        assert better == []


def test_same_arguments_same_world(pipeline: WorldPipeline):
    one, two = (weird_worlds(pipeline, words(), 0.7, seed=9, candidates=3, steps=2, others=words(5, 8)[0])
                for _ in range(2))
    assert one.chosen.how == two.chosen.how and one.chosen.bits == two.chosen.bits
    assert all(torch.equal(one.streams[name], two.streams[name]) for name in one.streams)


def test_known_streams_stay_and_are_not_counted(pipeline: WorldPipeline):
    score = worlds(1)["score"]
    made = weird_worlds(pipeline, words(), 1.0, {"score": score}, seed=2, candidates=3, others=words(5, 8)[0])
    assert all(torch.equal(one.streams["score"], score) for one in made.candidates.all)


def test_coherence_falls_with_open_bits_only_above_typical():
    usual = Typical(100.0, 5.0, 120.0, 4.0, 8)
    values = [coherence(b, usual) for b in (90.0, 120.0, 125.0, 132.0, 200.0)]
    assert values[0] == values[1] == 1.0 and values[3] == pytest.approx(0.5)
    assert all(b <= a for a, b in itertools.pairwise(values)) and values[-1] < COHERENCE_FLOOR


def test_what_is_typical_is_that_of_the_pipelines_own_samples(pipeline: WorldPipeline):
    found = typical(pipeline, words(), steps=2, count=4, inference_steps=2)
    assert found == typical(pipeline, words(), steps=2, count=4, inference_steps=2)
    assert found.spread > 0 and found.count == 4
    with pytest.raises(ValueError, match="cannot be told"):
        typical_of(pipeline, worlds(1))


def test_a_dial_beyond_its_ends_is_refused(drawn: Candidates):
    for wrong in (-0.1, 1.1, float("nan")):
        with pytest.raises(ValueError, match="weird must be"):
            choose(drawn, wrong)
