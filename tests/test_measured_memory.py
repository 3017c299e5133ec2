"""Memory of engines is measured as they run, and the largest of a kind is kept."""

from __future__ import annotations

import json
import threading

import numpy as np
import pytest

from modalities.measured_memory import MOST_KEPT, Peak, measuring, of, record


def peak(engine: str = "painter", card_mb: float | None = 7900.0, frames: int = 81, machine: str = "a card") -> Peak:
    return Peak(engine, (832, 480), frames, "all on the card", machine, card_mb, 3000.0, "2026-11-27T00:00:00+00:00")


def test_a_measurement_is_said_with_its_shape_and_its_machine():
    assert peak().said == "measured 7.9 GB for 832x480x81 on a card"
    assert peak(card_mb=None).said == "measured 3.0 GB for 832x480x81 on a card (main memory)"


def test_the_largest_of_a_kind_stands_and_other_kinds_beside_it(tmp_path):
    path = tmp_path / "deep" / "measured.json"
    assert of("painter", path) == ()
    for one in (peak(), peak(card_mb=5000.0), peak(frames=17, card_mb=4000.0), peak("other", 1.0)):
        assert record(one, path)
    assert of("painter", path) == (peak(), peak(frames=17, card_mb=4000.0))
    for n in range(3 * MOST_KEPT):
        record(peak(frames=n + 100), path)
    assert len(of("painter", path)) == MOST_KEPT and of("other", path) == (peak("other", 1.0),)


@pytest.mark.parametrize("content", ["", "{", "[]", "{}", '[1, null, {"engine": "painter"}]', '[{"size_px": "x"}]', "\x00"])
def test_a_damaged_store_is_an_empty_one_and_is_mended(tmp_path, content):
    path = tmp_path / "measured.json"
    path.write_text(content)
    assert of("painter", path) == ()
    assert record(peak(), path) and of("painter", path) == (peak(),)


def test_a_folder_that_cannot_be_written_costs_nothing(tmp_path):
    (tmp_path / "file").write_text("")
    assert record(peak(), tmp_path / "file" / "measured.json") is False


def test_many_at_once_lose_nothing(tmp_path):
    path = tmp_path / "measured.json"
    threads = [threading.Thread(target=record, args=(peak(f"engine{n}"), path)) for n in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(json.loads(path.read_text())) == 12


def test_what_runs_inside_is_measured_and_a_failure_is_not_kept(tmp_path):
    import psutil

    path = tmp_path / "measured.json"
    before_mb = psutil.Process().memory_info().rss / 1e6
    with measuring("painter", (64, 32), 5, "on the CPU in 32 bits", path):
        held = np.ones(200_000_000, np.uint8)
        held[::4096] += 1
        threading.Event().wait(0.3)
        del held
    found = of("painter", path)
    assert len(found) == 1 and found[0].size_px == (64, 32) and found[0].layout == "on the CPU in 32 bits"
    assert found[0].card_mb is None and found[0].process_mb > before_mb + 150
    with pytest.raises(ValueError), measuring("other", path=path):
        raise ValueError
    assert of("other", path) == ()
