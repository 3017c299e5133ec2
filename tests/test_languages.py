"""Other languages: English passes untouched, known words come out in English, the rest stays, edits mean the same."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from agent.brief import Brief
from agent.interpret import interpret
from agent.languages import Spoken, in_english, language_of, quoted
from agent.lexicon.languages import CODES, LINES, NOUNS, QUALITIES, SMALL, rows
from agent.talk import Turn, understand
from benchmarks.conversations import Faked
from benchmarks.first_requests import scored, studio_in
from benchmarks.suite import FOLDER, load

SAID = yaml.safe_load((FOLDER / "languages.yaml").read_text("utf-8"))
ENGLISH = [item["say"] for item in load("requests") if item["kind"] != "mixed"] + [
    turn["say"] for item in load("conversations") for turn in item["turns"]]
NAMES = ["Rio de Janeiro at night", "La La Land colours, a couple dancing", "Le Corbusier houses in the fog", "El Capitan",
         "an Amélie style café in Montmartre", "Cirque du Soleil acrobats in the clouds", "Blade Runner in Tokio",
         "Los Angeles, neon, cars", "film noir in San Francisco", "Vincent van Gogh sky over a village", "die hard",
         "Don Quixote and a windmill", "the Casa Milà under a red moon"]


@pytest.mark.parametrize("texts", [ENGLISH, NAMES], ids=["suite", "names"])
def test_english_passes_untouched(texts: list[str]) -> None:
    assert [text for text in texts if in_english(text) != Spoken(text)] == []


def test_tables_are_whole() -> None:
    for table in (NOUNS, QUALITIES, SMALL, LINES):
        for row in rows(table):
            assert row[0] and all(row[1:]), row
    with pytest.raises(ValueError):
        rows("fox | fuchs | renard")


@pytest.mark.parametrize("code", CODES)
def test_languages_are_told_apart_and_put_into_english_once(code: str) -> None:
    texts = [item[code] for item in SAID["requests"]] + [item[code] for item in SAID["lines"]]
    told = [language_of(text) for text in texts]
    assert told.count(code) >= 0.85 * len(told), [pair for pair in zip(told, texts, strict=True) if pair[0] != code]
    once = [in_english(text).text for text in texts]
    assert sum(in_english(text).text == text for text in once) >= 0.9 * len(once)


@pytest.mark.parametrize("text, english", [
    ("ein Fuchs im Schnee", "a fox in the snow"), ("un ballon rouge", "a red balloon"),
    ("una ballena Zorblatt!", "a whale Zorblatt!"), ("l'eau noire", "the black water"), ("DUNKLER", "darker"),
    ("mach es ein bisschen langsamer", "make it a bit slower"), ("ancora", "again"), ("más oscuro", "darker"),
    ("een vos, 20 seconden", "a fox, 20 seconds")])
def test_known_words_are_put_into_english_and_the_rest_stays(text: str, english: str) -> None:
    assert " ".join(in_english(text).text.split()) == english


def test_the_brief_keeps_the_creators_own_words() -> None:
    brief = interpret("ein Fuchs in einem verschneiten Dorf")
    fox = next(trait for trait in brief.traits if trait.axis == "body")
    assert "Fuchs" in fox.because and brief.goal == "ein Fuchs in einem verschneiten Dorf"
    assert any("German" in note for note in brief.notes)
    assert quoted(Brief(goal="a"), Spoken("a fox")) == Brief(goal="a")


@pytest.mark.parametrize("text", ["", "…", "\0", "l'", "'" * 99, "ß" * 5000, "der " * 3000, "森の霧", "🦊 " * 40, "d'd'd'd'"])
def test_odd_texts_come_back_whole(text: str) -> None:
    spoken = in_english(text)
    assert isinstance(spoken.text, str) and (spoken.language != "en" or spoken.text == text)


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Faked:
    faked = Faked(studio_in(Path(tmp_path_factory.mktemp("languages"))))
    faked.follow(1, "", Turn(kind="new", prompt="birds over a meadow, noon, folk, 40 seconds"))
    faked.follow(2, "", Turn(kind="edit", parent="t0001", reason="again"))
    return faked


@pytest.mark.parametrize("code", CODES)
def test_a_later_line_means_what_its_english_means(project: Faked, code: str) -> None:
    same = [understand(row[code], project.standing()).model_dump(exclude={"said", "reason"})
            == understand(row["en"], project.standing()).model_dump(exclude={"said", "reason"}) for row in SAID["lines"]]
    assert sum(same) >= 0.85 * len(same)


def test_first_requests_in_other_languages_hold_their_floor(project: Faked) -> None:
    """Of the requests that are right in English, so many are right in the other languages."""
    known = {item["id"]: item for item in load("requests")}
    right = {row.item["id"] for row in scored([known[item["id"]] for item in SAID["requests"][::5]], project.studio)
             if not row.failed}
    items = [{"say": item[code], "want": known[item["id"]]["want"]} for item in SAID["requests"] for code in CODES
             if item["id"] in right]
    assert len(right) >= 4
    assert sum(not row.failed for row in scored(items, project.studio)) >= 0.75 * len(items)
