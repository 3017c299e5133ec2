"""Laws of naming: what a clip was made from is read back from its streams, also through some noise."""

from __future__ import annotations

import numpy as np
import pytest

from modalities.convert.camera_path import stream_of_path
from modalities.convert.treatment import treatment
from world_model.data.phrases import canonical, names_of
from world_model.data.shards import sense
from world_model.data.worlds import Clip, sample_clip
from world_model.streams.moves import move_of
from world_model.streams.naming import hour_of, names_of_streams

CLIPS = 14


@pytest.fixture(scope="module")
def clips() -> list[tuple[Clip, dict[str, np.ndarray]]]:
    made = [sample_clip(91_000_000 + seed) for seed in range(CLIPS)]
    return [(clip, sense(clip, "states", {}).streams) for clip in made]


def share_right(clips: list, aspect: str, noise: float = 0.0) -> float:
    rng = np.random.default_rng(0)
    right = 0
    for clip, streams in clips:
        heard = {name: values + noise * rng.normal(size=values.shape).astype(np.float32)
                 for name, values in streams.items()}
        right += names_of_streams(heard).get(aspect, (None, 0.0))[0] == names_of(clip.recipe).get(aspect)
    return right / len(clips)


@pytest.mark.parametrize("aspect, least", [
    ("setting", 0.9), ("look", 0.9), ("genre", 0.9), ("body", 0.9), ("palette", 0.9), ("light", 0.7), ("weather", 0.7),
    ("tempo", 0.9), ("key", 0.9), ("move", 0.5)])
def test_true_streams_are_named_rightly(clips: list, aspect: str, least: float):
    assert share_right(clips, aspect) >= least


@pytest.mark.parametrize("aspect", ["setting", "look", "genre", "body", "palette", "weather"])
def test_a_little_noise_renames_nothing(clips: list, aspect: str):
    assert share_right(clips, aspect, noise=0.1) >= 0.8


def test_confidence_lies_in_0_to_1_and_falls_between_names(clips: list):
    for _, streams in clips:
        assert all(0.0 <= sure <= 1.0 for _, sure in names_of_streams(streams).values())
    a, b = clips[0][1], next(s for c, s in clips if c.recipe.look != clips[0][0].recipe.look)
    sure = [names_of_streams({"look": (1 - t) * a["look"] + t * b["look"]})["look"][1] for t in (0.0, 0.5)]
    assert sure[1] < sure[0]


def test_the_hour_is_read_from_the_light(clips: list):
    still = [(c, s) for c, s in clips if c.recipe.light == "noon" and c.recipe.change is None]
    for _, streams in still:
        assert 10.0 <= hour_of(streams["air"])[0] <= 15.0


def test_streams_that_are_not_given_are_not_named(clips: list):
    assert set(names_of_streams({"camera": clips[0][1]["camera"]})) == {"move"}


def test_a_treatment_names_what_is_there(clips: list):
    for clip, streams in clips[:5]:
        said = treatment(streams)
        assert canonical("look", clip.recipe.look) in said and canonical("genre", clip.recipe.genre) in said
        assert "\n" not in said and said.endswith(".")


def path(**columns: np.ndarray) -> np.ndarray:
    t = np.linspace(0.0, 4.0, 33)
    defaults = {"x": 0 * t, "y": 1.5 + 0 * t, "z": 0 * t, "yaw": 0 * t, "pitch": 0 * t, "roll": 0 * t, "fov": 60 + 0 * t,
                "focus": 10 + 0 * t}
    return np.stack([t, *(defaults | {k: np.broadcast_to(v, t.shape) for k, v in columns.items()}).values()], 1)


T = np.linspace(0.0, 4.0, 33)


@pytest.mark.parametrize("name, columns", [
    ("static", {}), ("dolly_out", {"z": -T}), ("dolly_in", {"z": T, "focus": 10 - 1.5 * T}), ("truck", {"x": T}),
    ("pan", {"yaw": 20 * np.sin(T / 2)}), ("tilt", {"pitch": 5 * T}), ("top_down", {"pitch": -86.0, "y": 20.0, "z": T}),
    ("crane_up", {"y": 2 + T, "pitch": -2 * T}), ("dolly_zoom", {"fov": 60 - 8 * T, "z": -T}),
    ("orbit", {"x": 5 * np.sin(0.3 * T), "z": 5 - 5 * np.cos(0.3 * T), "yaw": -np.degrees(0.3 * T)}),
    ("bee_cam", {"z": 1.5 * T, "y": 0.25, "roll": 3 * np.sin(2 * T)}),
    ("fly_through", {"z": 8 * T, "y": 5.0, "roll": 3 * np.sin(2 * T)})])
def test_plain_moves_have_plain_names(name: str, columns: dict[str, np.ndarray]):
    stream, _ = stream_of_path(path(**columns), 16)
    assert move_of(stream)[0] == name
