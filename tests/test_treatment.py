"""A take explains itself: every shot with its time and purpose, what references gave, and how it came to be."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from agent.brief import Brief, ReferenceUse, Trait
from agent.direction import Direction
from agent.director import direct
from agent.interpret_open import DictionaryOnly
from agent.story import story
from agent.titles_words import titles_asked, with_asked
from agent.treatment import treated, treatment
from modalities.faults import Unusable
from modalities.store import Store
from ui_gen.command_line.run import main

PLAIN: Any = DictionaryOnly()
TEXT = ("At dawn a girl walks through a forest. She finds a fox by the lake. Suddenly a storm breaks. The fox leads her "
        "home. In the evening she sits in the forest.")
SIDECAR: dict[str, Any] = {"parent": None, "reason": TEXT, "engine": "sim", "seed": 1, "duration_s": 20.0, "wall_s": 0.1,
                           "measured": {}, "made_at": "2026-01-01T00:00:00+00:00"}


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    brief = story(TEXT, embed=PLAIN)
    assert brief is not None
    brief = with_asked(brief, titles_asked('with a title card "Home"')[0])
    used = ReferenceUse(id="ref:0", kind="image", path="/somewhere/sea <b>.png", roles=("palette",), because="its kind",
                        used=("palette: six colours of the picture",))
    brief = brief.model_copy(update={"references": (used,), "traits": (*brief.traits, Trait(
        axis="palette", value="teal", because="the cue palette", reference=1))})
    first = direct(brief, None)
    second = first.model_copy(update={"shots": (first.shots[0].model_copy(update={"cut": "fade"}), *first.shots[1:])})
    store = Store(tmp_path_factory.mktemp("treatment") / "p").open()
    for direction, more in ((first, {}), (second, {"parent": "t0001", "reason": "begin slowly"})):
        with store.making() as made:
            store.publish(made, SIDECAR | {"brief": Brief.model_dump(brief, mode="json")} | more,
                          Direction.model_dump(direction, mode="json"), {})
    return store


def test_a_take_explains_itself(store: Store) -> None:
    found, text = treated("t0002", store), treatment("t0002", store)
    direction = Direction.model_validate(store.take("t0002").document("direction"))
    assert len(found.shots) == len(direction.shots) and found.title == "Home"
    assert found.shots[0].start_s == 0 and found.shots[-1].end_s == pytest.approx(direction.duration_s, abs=0.1)
    assert "girl" in found.logline and "fox" in found.logline and "high point" in found.arc
    told = [shot.told for shot in found.shots if shot.told]
    assert told == [part.strip() if part.endswith(".") else f"{part}." for part in TEXT[:-1].split(". ")]
    assert found.shots[0].words == ("Home",) and found.shots[0].begins == "Fades in."
    assert "palette by the cue palette" in found.references[0] and "six colours" in found.references[0]
    assert "begin slowly" in found.history[1] and "fade" in found.history[1] and len(found.history) == 2
    assert all(part in text for part in ("SHOTS", "SOUND", "REFERENCES", "HOW IT CAME TO BE"))
    assert "/somewhere" not in text


def test_on_the_command_line(store: Store, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "t.txt"
    assert main(["treatment", "t0001", "--project", str(store.root), "--out", str(out), "--json"]) == 0
    result = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert out.read_text("utf-8") == result["text"] == treatment("t0001", store) and result["output"] == str(out)
    assert main(["treatment", "t0001", "--project", str(store.root), "--out", str(tmp_path)]) == 2
    assert main(["treatment", "t0009", "--project", str(store.root)]) == 2


def test_damaged_documents_are_said(tmp_path: Path) -> None:
    store = Store(tmp_path / "p").open()
    with store.making() as made:
        store.publish(made, SIDECAR, {"a": 1}, {})
    with pytest.raises(Unusable, match="damaged"):
        treatment("t0001", store)
