"""A creator's track in the project is found again by its name, whole or cut short, and by no other name."""

from __future__ import annotations

from pathlib import Path
from threading import Event as Flag

import numpy as np
import pytest
import soundfile as sf

from modalities.faults import Unusable
from modalities.hearing import heard_track, stored_track
from modalities.store import Store


@pytest.fixture(scope="module")
def song(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("song") / "song.wav"
    t = np.arange(5 * 22050) / 22050
    sf.write(path, 0.4 * np.exp(-18 * (t % 0.5)) * np.sin(2 * np.pi * 80 * t), 22050)
    return path


@pytest.mark.parametrize("longest_s", [None, 2.0])
def test_a_track_is_found_again_by_its_name(song: Path, tmp_path: Path, longest_s: float | None):
    store = Store(tmp_path).open()
    track, cues = heard_track(store, song, longest_s, Flag())
    again, same = stored_track(store, track.sha256, Flag())
    assert again == track and np.array_equal(same.beats_s, cues.beats_s)
    assert sf.info(track.path).duration == pytest.approx(longest_s or 5.0, abs=0.02)


@pytest.mark.parametrize("name", ["", "../x", "a/b", "..", "a-b", "a-1-2", "-5", "x" * 200, "a\x00", "a.json"])
def test_no_name_leads_out_of_the_project(tmp_path: Path, name: str):
    with pytest.raises(Unusable):
        stored_track(Store(tmp_path).open(), name, Flag())
