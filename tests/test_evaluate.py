"""Laws of the measures: truth is right, shuffled truth is not, and what is read off streams is what was put in."""

from __future__ import annotations

import json

import numpy as np
import pytest
import torch
from test_surprise import model_of

from world_model.data.shards import ClipSet
from world_model.data.worlds import sample_clip
from world_model.evaluate import TASKS, Task, Truth, accuracies, evaluate, guessed, sampled, stream_errors, table
from world_model.joint.pipeline import new_pipeline
from world_model.sim.sampling import style_row
from world_model.streams.from_state import state_streams
from world_model.streams.layout import BODY_SLOTS_KEPT, BODY_WIDTH, PICTURE_FPS, WIDTHS
from world_model.streams.music import score_stream
from world_model.streams.outcomes import KIND_AT, NAMES, NO_BODY, OUTCOMES, STYLE_AT, named
from world_model.vocabulary import BODIES, SETTINGS, STYLES

CLIPS = 6


@pytest.fixture(scope="module")
def clips() -> ClipSet:
    made = [sample_clip(seed) for seed in range(CLIPS)]
    streams = {name: np.stack(rows).astype(np.float16) for name, rows in zip(
        WIDTHS, zip(*([*state_streams(c.rows, PICTURE_FPS).values(),
                       score_stream(c.score, c.whole, 16, c.piece_start_s)] for c in made)))}
    has = {name: np.full(CLIPS, name in streams) for name in WIDTHS}
    text = np.random.default_rng(0).normal(0, 384 ** -0.5, (CLIPS, 384)).astype(np.float16)
    rows = np.arange(CLIPS, dtype=np.int32)
    return ClipSet(streams, has, text, np.full((CLIPS, 2, 8), -1, np.int32), np.stack([rows, rows], 1),
                   tuple(c.recipe for c in made), rows.astype(np.int64))


@pytest.fixture(scope="module")
def truth(clips: ClipSet) -> Truth:
    streams = {name: torch.from_numpy(value.astype(np.float32)) for name, value in clips.streams.items()}
    return Truth(streams, torch.from_numpy(clips.text.astype(np.float32))[:, None])


def test_truth_is_right_and_shuffled_truth_is_worse(truth: Truth):
    model, names = model_of(), tuple(truth.streams)
    other = truth.shuffled().streams
    assert set(stream_errors(model, truth.streams, truth.streams, names).values()) == {0.0}
    assert set(accuracies(truth.streams, truth.streams, names).values()) == {1.0}
    assert all(error > 0.0 for error in stream_errors(model, truth.streams, other, names).values())
    assert all(right < 1.0 for right in accuracies(truth.streams, other, names).values())


def test_only_the_steps_asked_for_are_measured(truth: Truth):
    model = model_of()
    wrong = {name: value.clone() for name, value in truth.streams.items()}
    wrong["air"][:, :8] += 1.0
    assert stream_errors(model, truth.streams, wrong, ["air"])["air"] > 0
    assert stream_errors(model, truth.streams, wrong, ["air"], 8)["air"] == 0


def test_what_is_named_is_what_the_recipe_says(clips: ClipSet, truth: Truth):
    for aspect in NAMES:
        got = [NAMES[aspect][int(k)] for k in named(truth.streams, aspect)]
        wanted = [getattr(recipe, aspect) or "none" for recipe in clips.recipes]
        # Palette, weather and music leave these alone; a second body may stand beside the first.
        assert sum(a == b for a, b in zip(got, wanted)) >= CLIPS - 1, (aspect, got, wanted)


def test_every_name_is_told_from_every_other():
    look = torch.zeros(len(STYLES), 1, WIDTHS["look"])
    look[:, 0, STYLE_AT:] = torch.from_numpy(np.stack([style_row(name) for name in STYLES]))
    assert named({"look": look}, "look").tolist() == list(range(len(STYLES)))
    place = torch.zeros(len(SETTINGS), 1, WIDTHS["place"])
    place[:, 0, :len(SETTINGS)] = torch.eye(len(SETTINGS))
    assert named({"place": place}, "setting").tolist() == list(range(len(SETTINGS)))
    slots = torch.zeros(len(BODIES) + 1, 1, BODY_SLOTS_KEPT, BODY_WIDTH)
    slots[:-1, 0, 0, KIND_AT:] = torch.eye(len(BODIES))
    assert named({"bodies": slots.flatten(2)}, "body").tolist() == [*range(len(BODIES)), NO_BODY]


def test_outcomes_are_one_finite_number_a_world(truth: Truth):
    streams = {**truth.streams, "glimpse": torch.rand(CLIPS, 16, WIDTHS["glimpse"]),
               "hearing": torch.rand(CLIPS, 16, WIDTHS["hearing"])}
    for name, outcome in OUTCOMES.items():
        value = outcome(streams)
        assert value.shape == (CLIPS,) and bool(torch.isfinite(value).all()), name


def test_a_guess_heeds_what_is_shown_and_only_that(truth: Truth):
    pipeline = new_pipeline(model_of())
    task = Task("", ("score",), ("air",))
    one = guessed(pipeline, task, truth, truth)["air"]
    assert torch.equal(one, guessed(pipeline, task, truth, truth)["air"])
    assert not torch.equal(one, guessed(pipeline, task, truth.shuffled(), truth)["air"])
    hidden = Truth({**truth.streams, "place": truth.streams["place"] + 1.0}, truth.text + 1.0)
    assert torch.equal(one, guessed(pipeline, task, hidden, truth)["air"])
    assert torch.equal(guessed(pipeline, task, None, truth)["air"], guessed(pipeline, task, None, hidden)["air"])


def test_what_comes_later_is_not_shown(truth: Truth):
    pipeline = new_pipeline(model_of())
    task = Task("", ("score",), ("score",), split=8)
    changed = Truth({**truth.streams, "score": truth.streams["score"].clone()}, truth.text)
    changed.streams["score"][:, 8:] += 1.0
    assert torch.equal(guessed(pipeline, task, truth, truth)["score"],
                       guessed(pipeline, task, changed, truth)["score"])
    made = sampled(pipeline, task, truth)["score"]
    assert torch.equal(made[:, :8], truth.streams["score"][:, :8])
    assert torch.equal(made[:, 8:], sampled(pipeline, task, changed)["score"][:, 8:])


def test_the_whole_measure_is_a_table_and_json(clips: ClipSet):
    found = evaluate(new_pipeline(model_of()), clips, 4)
    assert set(found) == {task.name for task in TASKS if not {"glimpse", "sketch", "hearing"} & {
        *task.known, *task.wanted}} | {"bits"}
    assert all(np.isfinite(one["gain"]) for name, one in found.items() if name != "bits")
    assert 0.0 <= found["bits"]["told"] <= 1.0
    assert len(table(found).splitlines()) == len(found) + 1 and json.loads(json.dumps(found)) == found
