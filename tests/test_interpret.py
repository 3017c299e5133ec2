"""Laws of the planner's reading, and tables of sentences as creators type them."""

from __future__ import annotations

import random
import time
from pathlib import Path
from zlib import crc32

import numpy as np
import pytest
from interpret_table import failed, rows

from agent.brief import Brief
from agent.interpret import interpret
from agent.interpret_numbers import numbers_of, sized
from agent.lexicon import index, stem
from modalities.faults import Unusable
from world_model import text as embed
from world_model import vocabulary as v
from world_model.text import Embedder, Vectors

SENTENCES = rows("interpret_sentences.txt")
HELD_OUT = rows("interpret_heldout.txt") + rows("interpret_heldout2.txt")


class Blind:
    """An embedder that finds everything unlike everything, and knows every word."""

    name = "blind"

    def embed(self, phrases: list[str]) -> Vectors:
        out = np.zeros((len(phrases), 4096), np.float32)
        for row, phrase in enumerate(phrases):
            # The same in every process: `hash` of a text is not.
            out[row, crc32(phrase.encode()) % 4096] = 1.0
        return out

    def knows(self, word: str) -> bool:
        return True


BLIND: Embedder = Blind()
needs_model = pytest.mark.skipif(embed.packaged() is None, reason="the embedding package is not installed")


def main(brief: Brief) -> dict[str, object]:
    """What a film is mostly: the surest value of each main axis, steps kept apart."""
    out: dict[str, object] = {}
    for t in sorted(brief.traits, key=lambda t: t.confidence):
        if t.axis in ("setting", "light", "weather", "look", "camera", "genre", "duration_s") and t.confidence >= 0.5:
            out[f"{t.axis} {t.part} {t.negated}"] = t.value
        elif t.axis == "body":
            out[f"body {t.part} {t.negated} {t.value.get('kind')}"] = True
    return out


def said(brief: Brief, axis: str) -> list[object]:
    return [t.value for t in brief.traits if t.axis == axis and not t.negated]


@pytest.mark.parametrize(("sentence", "checks"), SENTENCES, ids=[s[:40] for s, _ in SENTENCES])
def test_sentences(sentence: str, checks: list[str]) -> None:
    assert failed(interpret(sentence, embed=BLIND), checks) == []


@needs_model
def test_held_out_sentences() -> None:
    checks = [(sentence, check) for sentence, wanted in HELD_OUT for check in wanted]
    wrong = [pair for sentence, wanted in HELD_OUT for pair in failed(interpret(sentence), wanted)]
    assert len(HELD_OUT) >= 80 and len(wrong) <= 0.08 * len(checks), wrong


def test_the_tables_are_large_enough_and_every_name_has_words() -> None:
    assert len(SENTENCES) >= 150
    known: dict[str, set[object]] = {}
    for entries in index().values():
        for entry in entries:
            for sense in entry.senses:
                values = list(sense.value) if isinstance(sense.value, dict) else [sense.value]
                for value in values:
                    known.setdefault(sense.axis, set()).add(value)
    for axis, names in (("setting", v.SETTINGS), ("body", v.BODIES), ("light", v.LIGHTS), ("weather", v.WEATHERS),
                        ("look", v.STYLES), ("palette", v.PALETTES), ("camera", v.CAMERA_MOVES), ("scale", v.SCALES),
                        ("genre", v.GENRES), ("gait", v.GAITS)):
        assert known[axis] == set(names), axis


def test_deterministic() -> None:
    for sentence, _ in SENTENCES[:40]:
        assert interpret(sentence, embed=BLIND) == interpret(sentence, embed=BLIND)


@pytest.mark.parametrize("change", [str.upper, str.title, lambda s: f"  {s}\n\n", lambda s: s.replace(" ", "  "),
                                    lambda s: s + "!!!", lambda s: s + "."])
def test_case_spaces_and_a_last_mark_change_nothing(change) -> None:
    for sentence, _ in SENTENCES[::3]:
        assert main(interpret(change(sentence), embed=BLIND)) == main(interpret(sentence, embed=BLIND)), sentence


@pytest.mark.parametrize(("one", "other"), [
    ("a boat on the ocean at sunset", "a sailing ship on the sea as the sun goes down"),
    ("a fox in the forest at night", "a fox in the woods after dark"),
    ("watercolor village, rain", "a hamlet in the rain, painted in watercolours"),
    ("camera orbits around a balloon", "circle around a hot air balloon"),
    ("techno in a city", "a metropolis with techno music"),
    ("20 seconds of fog over a lake", "mist over a lake, twenty seconds long"),
    ("a bee, close-up", "close up of a honeybee"),
    ("pixel art desert", "a desert in 8-bit style"),
])
def test_paraphrases_mean_the_same(one: str, other: str) -> None:
    a, b = main(interpret(one, embed=BLIND)), main(interpret(other, embed=BLIND))
    weak = {"genre None False"}  # "8-bit" also suggests its music
    assert {k: x for k, x in a.items() if k not in weak or k in b} == {k: x for k, x in b.items() if k not in weak or k in a}


@pytest.mark.parametrize("thing", ["rain", "fog", "snow", "people", "birds", "cars", "clouds"])
@pytest.mark.parametrize("no", ["no {}", "without {}", "without any {}", "please don't show any {}", "but not {}"])
def test_denial_flips(thing: str, no: str) -> None:
    base = "a lake in the mountains"
    plain = interpret(f"{base}, {thing}", embed=BLIND)
    denied = interpret(f"{base}, {no.format(thing)}", embed=BLIND)
    axis = "weather" if thing in ("rain", "fog", "snow", "clouds") else "body"
    assert said(plain, axis) and not said(denied, axis)
    assert any(t.axis == axis and t.negated for t in denied.traits) and denied.constraints
    assert said(denied, "setting") == said(plain, "setting")


def test_a_denied_list_is_denied_whole_and_ends_in_time() -> None:
    brief = interpret("a meadow without rain, snow or fog, with bees", embed=BLIND)
    assert {t.value for t in brief.traits if t.axis == "weather" and t.negated} == {"rain", "snow", "fog"}
    assert [b["kind"] for b in said(brief, "body")] == ["bee"]  # type: ignore[index]
    brief = interpret("no people, sunny beach, a kite", embed=BLIND)
    assert [b["kind"] for b in said(brief, "body")] == ["kite"]  # type: ignore[index]


@pytest.mark.parametrize("clause", [", 24 fps", ", four versions", ". Make it beautiful.", ", 15 seconds", ", for my website"])
def test_an_unrelated_clause_removes_nothing(clause: str) -> None:
    for sentence, _ in SENTENCES[::4]:
        before = main(interpret(sentence, embed=BLIND))
        after = main(interpret(sentence + clause, embed=BLIND))
        before = {k: x for k, x in before.items() if not k.startswith("duration")}
        assert all(after.get(k) == x for k, x in before.items()), sentence


@pytest.mark.parametrize(("text", "axis", "value"), [
    ("20 seconds", "duration_s", 20), ("20-second", "duration_s", 20), ("half a minute", "duration_s", 30),
    ("a minute and a half", "duration_s", 90), ("1:30", "duration_s", 90), ("10s", "duration_s", 10),
    ("two and a half minutes", "duration_s", 150), ("1m30s", "duration_s", 90), ("1.5 min", "duration_s", 90),
    ("twenty-five seconds", "duration_s", 25), ("ninety seconds", "duration_s", 90), ("0:45", "duration_s", 45),
    ("zwanzig Sekunden", "duration_s", 20), ("une minute", "duration_s", 60), ("2 hours", "duration_s", 3600),
    ("1080p", "size_px", [1920, 1080]), ("512x288", "size_px", [512, 288]), ("4k", "size_px", [1920, 1080]),
    ("720p vertical", "size_px", [720, 1280]), ("1:1", "size_px", [576, 576]), ("in 4:3", "size_px", [640, 480]),
    ("12 fps", "fps", 12), ("60 frames per second", "fps", 60), ("500 fps", "fps", 120),
    ("120 bpm", "tempo_bpm", 120), ("tempo of 90", "tempo_bpm", 90), ("1000 bpm", "tempo_bpm", 240),
    ("at 6 pm", "time_h", 18), ("6:30am", "time_h", 6.5), ("at 18:45", "time_h", 18.75), ("midnight", "time_h", 0),
    ("5 o'clock in the morning", "time_h", 5), ("12 am", "time_h", 0), ("three versions", "takes", 3),
    ("in D minor", "key", "D minor"), ("F sharp major", "key", "F# major"), ("in a minor key", "key", "minor"),
    ("one continuous shot", "shots", 1), ("slightly weird", "weird", 0.42), ("weird", "weird", 0.7),
    ("not weird", "weird", 0.0),
])
def test_numbers_and_units(text: str, axis: str, value: object) -> None:
    found = said(interpret(f"a lake, {text}", embed=BLIND), axis)
    assert found and (found[0] == pytest.approx(value) if isinstance(value, int | float) else found[0] == value)


@pytest.mark.parametrize("text", ["a major city", "16:9 town square", "a vertical cliff", "the first person I met",
                                  "a square in the old town"])
def test_words_that_only_look_like_settings_of_the_film(text: str) -> None:
    brief = interpret(text, embed=BLIND)
    assert not said(brief, "key") and not said(brief, "sequence") and not said(brief, "duration_s")
    assert all(size[0] > size[1] for size in said(brief, "size_px"))  # type: ignore[index]


def test_blanking_keeps_places() -> None:
    text = "a fox, 20 seconds, 1080p, at 6 pm"
    blanked, found = numbers_of(text)
    assert len(blanked) == len(text)
    assert all(text[f.start:f.end].strip() and not blanked[f.start:f.end].strip() for f in found)
    for shape in ((16, 9), (9, 16), (1, 1), (239, 100), (4, 5)):
        for lines in (144, 360, 1080, 2160):
            (w, h), _ = sized(shape, lines)
            assert w % 2 == 0 and h % 2 == 0 and max(w, h) <= 1920 and abs(w / h - shape[0] / shape[1]) < 0.03


def test_steps_are_numbered_in_the_order_of_the_film() -> None:
    brief = interpret("at the end snow falls. first a meadow, then a city", embed=BLIND)
    place = {t.part: t.value for t in brief.traits if t.axis == "setting"}
    assert place == {0: "meadow", 1: "city"}
    assert [t.part for t in brief.traits if t.axis == "weather"] == [2]
    assert [t.value["part"] for t in brief.traits if t.axis == "sequence"] == [0, 1, 2]


def test_the_boat_stays_when_the_whale_comes() -> None:
    brief = interpret("a boat on a lake, then a whale appears", embed=BLIND)
    assert {t.value["kind"] for t in brief.traits if t.axis == "body" and t.part == 1} == {"boat", "whale"}


def test_attributes_belong_to_their_body() -> None:
    brief = interpret("three tiny red foxes and a giant blue whale dancing slowly", embed=BLIND)
    fox, whale = [t.value for t in brief.traits if t.axis == "body"]
    assert fox["count"] == 3 and fox["size"] < 1 and fox["colour"] == "red"
    assert whale["size"] > 1 and whale["gait"] == "dance" and fox["gait"] == "dance"
    assert {t.value["of"] for t in brief.traits if t.axis == "colour"} >= {"foxes"}


def test_nearest_things_say_so() -> None:
    brief = interpret("a dragonfly in a courtroom", embed=BLIND)
    assert any("dragonfly: shown as a bee" in note for note in brief.notes)
    assert any("courtroom" in note and "city" in note for note in brief.notes)


@needs_model
def test_open_words_go_to_the_nearest_body_and_abstract_ones_to_none() -> None:
    for word, kinds in (("toucan", {"bird"}), ("hovercraft", {"boat", "car"}), ("hyena", {"fox"}),
                        ("catamaran ferry", {"boat"}), ("albatross", {"bird"})):
        found = [t for t in interpret(f"a {word} at dusk").traits if t.axis == "body"]
        assert found and found[0].value["kind"] in kinds, word
    for word in ("love", "hope", "my grandmother's memory", "the feeling of Sunday", "dream", "justice", "freedom"):
        brief = interpret(word)
        assert not [t for t in brief.traits if t.axis == "body"], word


@needs_model
def test_slips_of_the_keyboard() -> None:
    brief = interpret("a buterfly over the mountins in the forrest")
    assert [t.value["kind"] for t in brief.traits if t.axis == "body"] == ["butterfly"]
    assert any("mountains" in t.value for t in brief.traits if t.axis == "setting")
    assert not [t for t in interpret("a chocolate dessert").traits if t.axis == "setting" and t.value == "desert"]


def test_a_question_only_for_a_real_conflict() -> None:
    assert len(interpret("noon at night over the ocean", embed=BLIND).questions) == 1
    assert interpret("from noon to night over the ocean", embed=BLIND).questions == ()
    assert all(interpret(s, embed=BLIND).questions == () for s, _ in SENTENCES)


@pytest.mark.parametrize("prompt", ["", "   ", "\n\t", "\x00\x01", "​"])
def test_empty_prompts_are_unusable(prompt: str) -> None:
    with pytest.raises(Unusable, match="empty"):
        interpret(prompt, embed=BLIND)


@pytest.mark.parametrize("prompt", [
    "?!", "🐝", "مرحبا بالعالم", "\u202eesrever", "<script>alert('x')</script>", "a" * 5000, "{'a': 1}", "((((", "no",
    "without", "then then then", "first", "at the drop", "not not not rain", "1:99 99:99 0x0 0 fps", "from to from to",
    "fox \ud83d", "SELECT * FROM films; --", "-5 seconds", "0 seconds", "999999999999999 seconds", "a\u0301" * 300,
    "no no no no people people", "s's s' 's", "10000000 balloons", "\\d+(?:", "%s %d {0}"])
def test_nothing_else_is_ever_refused(prompt: str) -> None:
    brief = interpret(prompt, embed=BLIND)
    assert Brief.model_validate_json(brief.model_dump_json()) == brief


def test_random_words_never_break_it_and_values_stay_in_the_vocabulary() -> None:
    words = [word for s, _ in SENTENCES for word in s.split()] + ["no", "then", "first", "and", "without", ","]
    rng = random.Random(7)
    known = {"light": v.LIGHTS, "weather": v.WEATHERS, "palette": v.PALETTES, "look": v.STYLES, "genre": v.GENRES,
             "camera": v.CAMERA_MOVES, "scale": v.SCALES, "gait": v.GAITS}
    for _ in range(150):
        brief = interpret(" ".join(rng.choices(words, k=rng.randint(1, 40))), embed=BLIND)
        for t in brief.traits:
            assert 0 <= t.confidence <= 1 and t.because
            assert t.axis not in known or t.value in known[t.axis]
            if t.axis == "setting":
                assert set(t.value if isinstance(t.value, dict) else [t.value]) <= set(v.SETTINGS)
            if t.axis == "body" and not t.negated:
                assert t.value["kind"] in v.BODIES and t.value.get("gait", "still") in v.GAITS
                assert 1 <= t.value.get("count", 1) <= 48


def test_a_very_long_prompt_is_read_in_part_and_fast() -> None:
    interpret("warm", embed=BLIND)
    long = "a fox in the forest, no rain, then a city at night. " * 2000
    start = time.perf_counter()
    brief = interpret(long, embed=BLIND)
    assert time.perf_counter() - start < 1.0
    assert any("4,000" in note for note in brief.notes)
    assert "body None False fox" in main(brief) or any(k.startswith("body") for k in main(brief))


def test_without_the_package_it_still_reads(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("agent.interpret.packaged", lambda: None)
    brief = interpret("a red fox in a forest, a zyzzyva")
    assert said(brief, "setting") == ["forest"] and any("not installed" in note for note in brief.notes)


def test_a_broken_model_is_a_note_not_a_crash() -> None:
    class Broken(Blind):
        name = "broken"

        def embed(self, phrases: list[str]) -> Vectors:
            raise OSError("weights damaged")

    brief = interpret("a fox near a zyzzyva", embed=Broken())
    assert any("could not be used" in note for note in brief.notes)


def test_phrase_cache_survives_damage_and_a_folder_that_cannot_be_written(
        tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BEECAM_CACHE", str(tmp_path))
    phrases = ["cache one", "cache two"]
    first = embed.table(BLIND, phrases)
    (stored,) = tmp_path.glob("phrases/*.npy")
    stored.write_bytes(b"not an array")
    monkeypatch.setattr(embed, "_tables", {})
    assert np.array_equal(embed.table(BLIND, phrases), first)
    (tmp_path / "file").write_text("x")
    monkeypatch.setenv("BEECAM_CACHE", str(tmp_path / "file"))
    monkeypatch.setattr(embed, "_tables", {})
    assert np.array_equal(embed.table(BLIND, phrases), first)


@needs_model
def test_embeddings_are_unit_length_and_order_free() -> None:
    model = embed.packaged()
    assert model is not None
    one = model.embed(["a bee", "a courtroom with a judge", "x"])
    assert one.dtype == np.float32 and np.allclose(np.linalg.norm(one, axis=1), 1.0, atol=1e-5)
    assert np.allclose(model.embed(["x", "a bee"])[1], one[0], atol=1e-5)
    near = model.embed(["a bumblebee", "a judge in court"])
    assert near[0] @ one[0] > near[0] @ one[1] and near[1] @ one[1] > near[1] @ one[0]


def test_stems() -> None:
    assert [stem(w) for w in ("foxes", "butterflies", "waves", "grass", "colors", "wolves", "bus")] == \
        ["fox", "butterfly", "wave", "grass", "colour", "wolf", "bus"]
