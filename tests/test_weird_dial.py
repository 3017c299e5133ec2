"""`make --weird`: a dial in bits of the world model's own surprise, with a floor of coherence."""

from __future__ import annotations

import random

from agent.director import direct
from agent.interpret import interpret
from agent.surprising import Weighed, calibrated, picked, weighed
from world_model.joint.surprise import Typical
from world_model.joint.weird import COHERENCE_FLOOR, full_bits

PROMPT = "a sailing boat on the ocean at sunset"


def film(dial: float):
    return direct(interpret(PROMPT), None, seed=3, weird=dial, duration_s=6.0)


def test_the_plain_film_at_zero_and_never_less_surprise_above():
    tried, usual = weighed(film, PROMPT, (0.0, 0.45, 1.0))
    assert tried[0].direction == film(0.0) and tried[0].coherence == 1.0
    assert picked(tried, usual, 0.0).chosen is tried[0]
    bits = [picked(tried, usual, weird / 10).chosen.surprise_bits for weird in range(11)]
    assert bits == sorted(bits)
    # The director's wildest is stranger to the model than its plain film, by more than chance.
    assert tried[-1].surprise_bits > tried[0].surprise_bits + usual.spread


def test_any_measures_give_a_dial_that_never_falls_and_keeps_the_floor():
    draw = random.Random(5)
    usual = Typical(80.0, 6.0, 84.0, 6.0, 8)
    for _ in range(200):
        tried = [Weighed(None, k / 5, draw.uniform(-20, 90), draw.random()) for k in range(6)]  # type: ignore[arg-type]
        tried[0] = Weighed(None, 0.0, draw.uniform(-20, 60), 1.0)  # type: ignore[arg-type]
        choices = [picked(tried, usual, k / 20).chosen for k in range(21)]
        bits = [one.surprise_bits for one in choices]
        assert choices[0] is tried[0] and bits == sorted(bits)
        assert all(one is tried[0] or one.coherence >= COHERENCE_FLOOR for one in choices)
        nearest = min((one.surprise_bits for one in tried if one is tried[0] or (
            one.coherence >= COHERENCE_FLOOR and one.surprise_bits >= tried[0].surprise_bits)),
            key=lambda found: abs(found - tried[0].surprise_bits - full_bits(usual)))
        assert bits[-1] == nearest


def test_without_words_or_weights_the_director_decides(monkeypatch, tmp_path):
    assert calibrated(film, "  ", 0.5) is None
    monkeypatch.setenv("BEECAM_WEIGHTS", str(tmp_path))
    assert calibrated(film, PROMPT, 0.5) is None
