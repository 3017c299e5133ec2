"""The page of perception is what its command makes of the kept lines, and tells what is weak."""

from __future__ import annotations

import copy
from pathlib import Path

import pytest

from benchmarks import perception
from benchmarks.perception_page import SECTIONS, page, table

ROOT = Path(__file__).resolve().parent.parent


def test_the_page_is_made_from_the_kept_lines():
    parts = perception.stored()
    assert set(perception.PARTS) == set(SECTIONS)
    assert (ROOT / "docs/perception.md").read_text("utf-8") == page(parts)
    for name, part in parts.items():
        assert part["run"]["command"].startswith(f"python -m benchmarks.{perception.PARTS[name].module}")
        assert "/" not in part["run"]["machine"]


def test_what_misses_its_bar_is_called_weak():
    parts = copy.deepcopy(perception.stored())
    row = parts["sound"]["found"]["table"]["clean"]
    row["key"] = 1.0
    assert "music, clean: key:" not in page(parts)
    row["key"] = 0.1
    assert "- music, clean: key: 0.10 (wanted 0.8 or more)" in page(parts)
    del parts["rotoscope"]
    assert "Not measured yet (`--again rotoscope`)" in page(parts)


def test_a_part_without_a_line_is_a_fault_and_numbers_are_short(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(perception, "RESULTS", tmp_path)
    with pytest.raises(ValueError):
        perception.kept("sound", "no line of it\n", "python -m x")
    perception.kept("sound", 'a table\n{"seed": 1}\nThu\n', "python -m x")
    assert perception.stored()["sound"]["found"] == {"seed": 1}
    assert table(["a"], [[0.0123], [0.5], [None], [float("nan")], [3]]).splitlines()[2:] == [
        "| 0.012 |", "| 0.50 |", "| - |", "| - |", "| 3 |"]
