"""Weird worlds: a dial in [0, 1] that is calibrated in bits of the model's own surprise, with a floor of coherence.

Candidates are drawn once for a prompt and a seed: plain samples, samples that heed the words less, samples from wider
noise, and samples of a prompt with a foreign phrase in it. Each has its surprise (bits a step above what is typical of
the prompt) and its coherence (how plausible it is as a world of any prompt). Dial 1 stands for FULL_SPREADS spreads of
plain samples above typical; the dial picks, among those coherent enough and no less surprising than the plain sample,
the one nearest to its target. Targets rise with the dial and the candidates lie on a line, so surprise never falls
when the dial is turned up.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import torch
from torch import Tensor

from world_model.joint.surprise import (
    GUIDANCE,
    INFERENCE_STEPS,
    SAMPLES,
    STEPS,
    Typical,
    bits,
    plain_samples,
    salted,
    text_for,
    typical_of,
)

if TYPE_CHECKING:
    from world_model.joint.pipeline import WorldPipeline

FULL_SPREADS = 4.0
# A spread of a few samples may come out tiny by chance, and then no step of the dial would be worth one.
LEAST_SPREAD = 0.02
# Bits without words may exceed those of plain samples by this many of their spreads, and by a share of their mean, to
# halve the coherence.
OPEN_SPREADS, OPEN_SHARE = 3.0, 0.05
COHERENCE_FLOOR = 0.5
HEEDING_LESS = (1.0, 0.5)
WIDER = (1.1, 1.2)
ASPECTS = ("setting", "look", "body", "light", "weather", "genre")


@dataclass(frozen=True)
class Candidate:
    """One world: streams name -> (1, T, width); bits a step under the prompt, surprise above typical, coherence in
    [0, 1]; `how` it was drawn."""

    streams: dict[str, Tensor]
    bits: float
    surprise_bits: float
    coherence: float
    how: str


@dataclass(frozen=True)
class Candidates:
    """All that was drawn for a prompt and a seed; the first is the plain sample."""

    all: tuple[Candidate, ...]
    typical: Typical
    full_bits: float

    @property
    def plain(self) -> Candidate:
        return self.all[0]


@dataclass(frozen=True)
class WeirdChoice:
    """The world that a dial picked. target_bits is the surprise that was asked for."""

    chosen: Candidate
    target_bits: float
    candidates: Candidates

    @property
    def streams(self) -> dict[str, Tensor]:
        return self.chosen.streams


def weird_worlds(pipeline: WorldPipeline, text: Sequence[str] | Tensor, weird: float,
                 known: Mapping[str, Tensor] | None = None, wanted: Sequence[str] | None = None, seed: int = 0,
                 candidates: int = 12, steps: int = STEPS, others: Tensor | None = None) -> WeirdChoice:
    """The world of a prompt whose surprise is nearest to `weird` * full_bits. `weird` 0 is the pipeline's own sample of
    that seed, to the bit. Arguments as in `propose`; raises ValueError for a dial outside [0, 1]."""
    return choose(propose(pipeline, text, known, wanted, seed, candidates, steps, others), weird)


def choose(candidates: Candidates, weird: float) -> WeirdChoice:
    """The candidate of a dial in [0, 1] (else ValueError); surprise never falls as the dial rises."""
    if not 0.0 <= weird <= 1.0:
        raise ValueError(f"weird must be from 0 to 1, not {weird}")
    plain = candidates.plain
    target = max(plain.surprise_bits, weird * candidates.full_bits)
    if weird == 0.0:
        return WeirdChoice(plain, plain.surprise_bits, candidates)
    fit = [one for one in candidates.all if one is plain or (
        one.coherence >= COHERENCE_FLOOR and one.surprise_bits >= plain.surprise_bits)]
    # Ties go to the less surprising, whichever way they were drawn.
    chosen = min(sorted(fit, key=lambda one: one.surprise_bits), key=lambda one: abs(one.surprise_bits - target))
    return WeirdChoice(chosen, target, candidates)


def propose(pipeline: WorldPipeline, text: Sequence[str] | Tensor, known: Mapping[str, Tensor] | None = None,
            wanted: Sequence[str] | None = None, seed: int = 0, candidates: int = 12, steps: int = STEPS,
            others: Tensor | None = None, inference_steps: int = INFERENCE_STEPS, guidance: float = GUIDANCE
            ) -> Candidates:
    """The plain sample of the seed, SAMPLES more plain ones (which tell what is typical) and `candidates` strange ones.

    text: phrases, or embeddings (1, K, 384). others: embeddings (N, 384) of foreign phrases; by default phrases of six
    aspects drawn by the seed. The same arguments give the same worlds. Raises ValueError for fewer than 3 candidates
    or as the pipeline does.
    """
    if candidates < 3:
        raise ValueError(f"at least 3 candidates are needed, not {candidates}")
    rng = np.random.default_rng([seed, 81])
    names = tuple(known or {})

    def drawn(words: Sequence[str] | Tensor, count: int, salt: int, heed: float = guidance, wide: float = 1.0
              ) -> dict[str, Tensor]:
        own = seed if salt == 0 else salted(seed, salt)
        return plain_samples(pipeline, words, known, wanted, steps, count, own, inference_steps, heed, wide)

    plain = drawn(text, 1, 0)
    usual = drawn(text, SAMPLES, 1)
    found: list[tuple[dict[str, Tensor], list[str]]] = [(plain, ["plain"]), (usual, ["plain"] * SAMPLES)]
    each = candidates // 3
    for k, heed in enumerate(HEEDING_LESS):
        if count := (each + 1 - k) // 2:
            found.append((drawn(text, count, 10 + k, heed=heed), [f"heeds the words less: guidance {heed}"] * count))
    for k, wide in enumerate(WIDER):
        if count := (each + 1 - k) // 2:
            found.append((drawn(text, count, 20 + k, wide=wide), [f"wider noise: {wide}"] * count))
    mixes, said = mixed(text, candidates - 2 * each, rng, others)
    found.append((drawn(mixes, len(mixes), 30), said))
    worlds = {name: torch.cat([streams[name] for streams, _ in found]) for name in plain}
    usual_is = typical_of(pipeline, usual, text_for(text, SAMPLES), names, seed)
    count = len(next(iter(worlds.values())))
    asked = bits(pipeline, worlds, text_for(text, count), names, seed)
    unasked = bits(pipeline, worlds, (), names, seed)
    how = [way for _, ways in found for way in ways]
    return Candidates(tuple(
        Candidate({name: value[k:k + 1] for name, value in worlds.items()}, float(asked[k]),
                  float(asked[k]) - usual_is.mean, coherence(float(unasked[k]), usual_is), how[k])
        for k in range(count)), usual_is, full_bits(usual_is))


def full_bits(usual: Typical) -> float:
    """The surprise, in bits a step, that dial 1 asks for."""
    return FULL_SPREADS * max(usual.spread, LEAST_SPREAD * usual.mean)


def coherence(open_bits: float, usual: Typical) -> float:
    """In (0, 1]: 1 where a world without words costs no more than plain samples do, halved with every margin above."""
    margin = max(OPEN_SPREADS * usual.open_spread, OPEN_SHARE * usual.open_mean, 1e-6)
    return 2.0 ** -(max(0.0, open_bits - usual.open_mean) / margin)


def mixed(text: Sequence[str] | Tensor, count: int, rng: np.random.Generator, others: Tensor | None = None
          ) -> tuple[Tensor, list[str]]:
    """((count, K, 384), how each was made): the words with one foreign phrase, which takes another's place where there
    are three or more. Raises ValueError where the sentence encoder is not installed and phrases are given."""
    from world_model.joint.pipeline import embed_words

    embedded, there = embed_words(text, 1)
    own = embedded[0][there[0]]
    if others is None:
        foreign = foreign_phrases(count, rng)
        rows = embed_words(foreign, 1)[0][0]
        said = [f"foreign phrase: {phrase}" for phrase in foreign]
    else:
        picked = [int(rng.integers(len(others))) for _ in range(count)]
        rows, said = others[picked], [f"foreign phrase {k}" for k in picked]
    out: list[Tensor] = []
    for row in rows:
        words = own
        if len(own) >= 3:
            words = torch.cat([own[:(k := int(rng.integers(len(own))))], own[k + 1:]])
        out.append(torch.cat([words, row[None]]))
    return torch.stack(out), said


def foreign_phrases(count: int, rng: np.random.Generator) -> list[str]:
    """Plain phrases of places, looks, bodies, hours, weathers and music, one aspect after another."""
    from world_model.data.phrases import TABLES, canonical

    order = [ASPECTS[int(k)] for k in rng.permutation(len(ASPECTS))]
    out: list[str] = []
    for k in range(count):
        names = list(TABLES[order[k % len(order)]])
        out.append(canonical(order[k % len(order)], names[int(rng.integers(len(names)))]))
    return out
