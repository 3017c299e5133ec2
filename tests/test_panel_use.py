"""Panels lean to what a creator reaches for, a little, and not where taste is switched off."""

from __future__ import annotations

from pathlib import Path

from agent.director import direct
from agent.interpret import interpret
from agent.profile import Profile
from agent.studio import Studio
from modalities.registry import default_registry
from modalities.store import Store
from ui_gen.compose import Wish, compose, panel_for
from ui_gen.panel_use import FILE, MOST, leaning_of, note_use, uses


def studio(folder: Path, on: bool = True) -> Studio:
    made = Studio(Store(folder).open(), default_registry(), panel_for)
    made.profile = lambda: Profile(on=on)
    return made


def test_uses_are_counted_and_lean_up_to_a_limit(tmp_path: Path):
    here = studio(tmp_path)
    assert uses(here.store) == {} and leaning_of(here) == {}
    for _ in range(9):
        note_use(here.store, ["shake", "hue"])
    note_use(here.store, ["hue", "wind"])
    assert uses(here.store) == {"shake": 9, "hue": 10, "wind": 1}
    leaning = leaning_of(here)
    assert leaning["shake"] == leaning["hue"] == MOST > leaning["wind"] > 0
    assert leaning_of(studio(tmp_path, on=False)) == {}
    here.profile = None
    assert leaning_of(here) == {}


def test_a_damaged_file_is_no_use_and_is_written_anew(tmp_path: Path):
    here = studio(tmp_path)
    for content in ("{half", "[]", '{"a": "x", "b": -1, "c": true}', "null", "x" * 70_000):
        (tmp_path / FILE).write_text(content)
        assert set(uses(here.store)) <= {"c"}
    note_use(here.store, ["fog"])
    assert uses(here.store)["fog"] == 1


def test_what_is_used_comes_onto_the_panel(tmp_path: Path):
    brief = interpret("photoreal meadow, morning, 8 s")
    direction = direct(brief, None)
    plain = {control.id for control in compose(direction, brief).controls}
    close = [name for name in ("chroma", "camera_speed", "density", "day", "sun") if name not in plain]
    leaned = {control.id for name in close for control in compose(
        direction, brief, None, Wish(leaning={name: MOST})).controls}
    assert leaned - plain and len(compose(direction, brief, None, Wish(leaning=dict.fromkeys(close, MOST))).controls) == 7
