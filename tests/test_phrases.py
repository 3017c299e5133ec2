"""Laws of the words: nothing without words, training and held out never meet, same seed same words."""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np
import pytest

from world_model import vocabulary as v
from world_model.data import phrases as p
from world_model.data.phrase_grammar import bare, counted, gerund, plural, present

NAMES = {"setting": v.SETTINGS, "body": v.BODIES, "gait": v.GAITS, "light": tuple(v.LIGHTS),
         "weather": tuple(v.WEATHERS), "palette": tuple(v.PALETTES), "look": tuple(v.STYLES), "move": v.CAMERA_MOVES,
         "scale": v.SCALES, "genre": v.GENRES, "change": p.CHANGES}
LEAST = {"palette": 4, "gait": 4, "change": 5}


def recipe(seed: int) -> p.Recipe:
    rng = np.random.default_rng(seed)

    def one(names: tuple[str, ...]) -> str:
        return names[int(rng.integers(len(names)))]

    return p.Recipe(
        *(one(NAMES[a]) for a in ("setting", "light", "weather", "palette", "look", "move", "scale", "genre")),
        tempo_bpm=float(rng.uniform(45, 180)), minor=bool(rng.integers(2)), energy=float(rng.random()),
        other_setting=one(v.SETTINGS) if rng.random() < 0.3 else None, body=one(v.BODIES) if rng.random() < 0.8 else None,
        body_count=int(rng.integers(0, 12)), gait=one(v.GAITS) if rng.random() < 0.6 else None,
        change=one(p.CHANGES) if rng.random() < 0.5 else None, density=(None, "sparse", "dense")[int(rng.integers(3))],
        relief=(None, "flat", "rugged")[int(rng.integers(3))])


def plain(phrase: str) -> str:
    return re.sub(r"[^a-z0-9&/]", "", re.sub(r"^(the|an?) ", "", phrase.lower()))


@pytest.mark.parametrize("aspect", NAMES)
def test_every_name_of_the_vocabulary_has_words_enough(aspect: str):
    assert set(p.TABLES[aspect]) == set(NAMES[aspect])
    for name in NAMES[aspect]:
        both = [len({plain(e) for e in p.paraphrases(aspect, name, held)}) for held in (False, True)]
        assert sum(both) >= LEAST.get(aspect, 6), (name, both)
        assert both[1] >= 1 and both[1] / sum(both) <= 0.26, (name, both)


def test_what_is_held_out_is_never_trained_on():
    train, held = ({plain(e) for e in p.every_phrase(h)} for h in (False, True))
    assert not train & held


def test_one_phrase_belongs_to_one_name_of_its_aspect():
    for aspect, names in p.TABLES.items():
        owner: dict[str, str] = {}
        for name in names:
            for phrase in {plain(e) for h in (False, True) for e in p.paraphrases(aspect, name, h)}:
                assert owner.setdefault(phrase, name) == name, (aspect, phrase)


def test_phrases_come_from_their_own_side():
    sides = [set(p.every_phrase(h)) for h in (False, True)]
    for seed in range(150):
        made = replace(recipe(seed), other_setting=None)
        for held in (False, True):
            said = p.phrases_of(made, np.random.default_rng(seed), 20, held_out=held)
            assert all(s in sides[held] or re.search(r"\d", s) for s in said), said
            assert not any(s in sides[not held] for s in said)


def test_phrases_are_as_many_as_asked_and_one_per_aspect():
    lengths = set[int]()
    for seed in range(200):
        said = p.phrases_of(recipe(seed), np.random.default_rng(seed), 5)
        assert 1 <= len(said) <= 5 and len(set(said)) == len(said)
        lengths.add(len(said))
    assert lengths == {1, 2, 3, 4, 5}
    with pytest.raises(ValueError):
        p.phrases_of(recipe(0), np.random.default_rng(0), 0)


def test_same_seed_same_words_and_other_seed_other_words():
    first = [p.sentence_of(recipe(5), np.random.default_rng(s)) for s in range(30)]
    assert first == [p.sentence_of(recipe(5), np.random.default_rng(s)) for s in range(30)]
    assert len(set(first)) >= 28
    assert p.phrases_of(recipe(5), np.random.default_rng(1)) == p.phrases_of(recipe(5), np.random.default_rng(1))


def test_a_sentence_reads_like_one_and_names_the_place_or_the_body():
    for seed in range(400):
        made = recipe(seed)
        for held in (False, True):
            text = p.sentence_of(made, np.random.default_rng(seed), held)
            assert text == text.strip() and not re.search(r"  | ,|,,|>|\{|\}|\ba [aeiou]", text), text
            forms = [e for s in (made.setting, made.other_setting) if s for e in p.paraphrases("setting", s, held)]
            if made.body and made.body_count:
                forms += p.paraphrases("body", made.body, held, made.body_count)
            assert any(f.lower() in text.lower() for f in forms), text
            assert len(text) < 400


def test_tempo_words_rise_with_the_tempo():
    ranks = [tuple(p.TABLES["tempo"]).index(p.tempo_name(bpm)) for bpm in range(40, 200)]
    assert ranks == sorted(ranks) and set(ranks) == set(range(5))
    assert [p.energy_name(e) for e in (0.0, 0.5, 1.0)] == ["low", "medium", "high"]


def test_nothing_is_said_of_a_body_that_is_not_there():
    made = replace(recipe(3), body="fox", body_count=0, gait="bounce")
    assert not {"body", "gait"} & set(p.names_of(made))


def test_grammar():
    assert [plural(w) for w in ("fox", "butterfly", "koi", "tropical fish", "kite on a string", "lone figure")] == [
        "foxes", "butterflies", "koi", "tropical fish", "kites on a string", "lone figures"]
    assert [gerund(w) for w in ("glide along", "hop", "fly", "soar", "dance")] == [
        "gliding along", "hopping", "flying", "soaring", "dancing"]
    assert [present(w, False) for w in ("fly", "go round", "rush", "stay still")] == [
        "flies", "goes round", "rushes", "stays still"]
    assert counted("eagle", 1, "flock")[1] == "an eagle" and "two eagles" in counted("eagle", 2, "flock")


def test_canonical_names_are_plain_and_unlike_each_other():
    for aspect, names in p.TABLES.items():
        said = [p.canonical(aspect, name) for name in names]
        assert len(set(said)) == len(said) and not any(s.startswith(">") for s in said), said
        if aspect in ("setting", "light", "weather"):
            assert all(bare(s) == s for s in said), said
    with pytest.raises(ValueError):
        p.canonical("setting", "moonbase")
