"""What a hand does on the stage: cuts, handles, things dropped and taps are patches that do just what they say."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile as sf

from agent.direction import Body, Camera, Direction, Grid, Light, Music, Shot, ShotWorld, Span, Title, Weather
from agent.edits import apply_patch
from agent.studio import Studio
from agent.unroll import unroll
from agent.unroll_spans import beats_s, spans_s
from modalities.faults import Unusable
from modalities.registry import default_registry
from modalities.store import Store
from tests.test_desk import put_take
from ui_gen.desk import Desk
from ui_gen.desk_acts import act
from ui_gen.desk_stage import Stage
from ui_gen.stage_cuts import LEAST_S, cut_here, cuts_of, in_time, moved_cut
from ui_gen.stage_drops import DROPS, dropped
from ui_gen.stage_handles import moved_handle, standing
from ui_gen.stage_strip import POINTS, strip_of
from ui_gen.stage_taps import in_tempo, offered, on_taps, tempo_of
from world_model.score import ScoreSpec
from world_model.state import State

SIZE = (192, 108)
PLACES = ("meadow", "ocean", "city", "mountains")


def film(lengths: tuple[float, ...] = (2.0, 2.0, 2.0), bars: bool = True, place: str = "meadow", fps: int = 8,
         body: Body | None = None, **world: Any) -> Direction:
    """A film of shots of these lengths (bars of 2 s at 120 bpm, or seconds), with a score of its own."""
    ends = np.cumsum((0.0, *lengths))
    shots = tuple(
        Shot(id=f"s{k}", span=Span(bars=(a / 2, b / 2)) if bars else Span(s=(a, b)),
             world=ShotWorld(place={place: 1.0}, bodies=(body,) if body else (), **world),
             camera=Camera(move="static" if k % 2 else "dolly_in", target=body.id if body else None))
        for k, (a, b) in enumerate(zip(ends[:-1].tolist(), ends[1:].tolist(), strict=True)))
    return Direction(shots=shots, duration_s=float(ends[-1]), size_px=SIZE, grid=Grid(fps=fps), seed=5,
                     score=ScoreSpec(tempo_bpm=120.0), music=Music(
                         tempo_bpm=120.0, downbeats_s=tuple(2.0 * n for n in range(int(ends[-1] / 2) + 1))))


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    store = Store(tmp_path / "p").open()
    put_take(store, (), "first", 0.0)
    return Desk(Studio(store, default_registry(), lambda direction, brief: {}))


def after(direction: Direction, edit: tuple[Any, str]) -> Direction:
    return apply_patch(direction, edit[0], reason=edit[1])


def rows(direction: Direction) -> np.ndarray:
    return unroll(direction).state.pack().numpy()


# ---------------------------------------------------------------- cuts

@pytest.mark.parametrize("bars", [True, False])
def test_a_moved_cut_keeps_the_film_and_the_other_cuts(bars: bool) -> None:
    rng = np.random.default_rng(1)
    for _ in range(40):
        direction = film(tuple(rng.uniform(0.7, 3.0, int(rng.integers(2, 6))).tolist()), bars)
        before = cuts_of(direction)
        number, at_s, free = int(rng.integers(1, len(before) + 1)), float(rng.uniform(-1, 12)), bool(rng.integers(2))
        try:
            edit = moved_cut(direction, number, at_s, free)
        except Unusable:
            continue
        now = after(direction, edit)
        assert sum(b - a for a, b in spans_s(now)) == pytest.approx(sum(b - a for a, b in spans_s(direction)), abs=1e-4)
        starts = [0.0, *(cut.at_s for cut in cuts_of(now)), now.duration_s]
        assert min(np.diff(starts)) >= LEAST_S - 1e-3 and in_time(now) == in_time(direction)
        assert [one for n, one in enumerate(starts[1:-1], 1) if n != number] == pytest.approx(
            [cut.at_s for n, cut in enumerate(before, 1) if n != number])
        assert all((shot.span.bars is not None) == bars for shot in now.shots)
        beats = beats_s(direction.music, direction.duration_s)
        cut = before[number - 1]
        if not free and ((beats > cut.least_s) & (beats < cut.most_s)).any():
            assert np.abs(beats - starts[number]).min() < 1e-4
        elif free:
            assert starts[number] == pytest.approx(np.clip(at_s, cut.least_s, cut.most_s), abs=1e-3)
        assert len(unroll(now).state) == len(unroll(direction).state)
        assert {step["path"] for step in edit.patch} == {f"/shots/{number - 1}/span", f"/shots/{number}/span"}


def test_a_moved_cut_is_told_in_words_and_moves_the_picture() -> None:
    direction = film()
    edit = moved_cut(direction, 1, 2.6, free=False)
    assert edit.why == "cut 1 from 2.0 s to 2.5 s"
    shots = unroll(after(direction, edit)).state.shot[:, 0].numpy()
    assert int((shots == 0).sum()) == 20 and len(shots) == 48
    assert moved_cut(direction, 2, 3.33, free=True).why == "cut 2 from 4.0 s to 3.33 s"
    for number, at_s in ((0, 2.0), (3, 2.0), (1, 2.1)):
        with pytest.raises(Unusable):
            moved_cut(direction, number, at_s, free=False)
    with pytest.raises(Unusable, match="no room"):
        moved_cut(film((0.2, 0.2, 2.0)), 1, 0.3, free=True)


def test_a_shot_is_cut_where_it_was_asked_and_its_words_stay_where_they_were() -> None:
    direction = film((4.0, 2.0)).model_copy(update={"titles": (
        Title(text="early", shot="s0", start=0.1, end=0.4), Title(text="late", shot="s0", start=0.6, end=1.0))})
    now = after(direction, cut_here(direction, 2.0))
    assert [cut.at_s for cut in cuts_of(now)] == [2.0, 4.0]
    shots = {shot.id: span for shot, span in zip(now.shots, spans_s(now), strict=True)}
    for title, (start_s, end_s) in zip(now.titles, ((0.4, 1.6), (2.4, 4.0)), strict=True):
        a, b = shots[title.shot]
        assert (a + title.start * (b - a), a + title.end * (b - a)) == pytest.approx((start_s, end_s), abs=1e-3)
    assert now.shots[0].camera.scale != now.shots[1].camera.scale
    unroll(now)
    with pytest.raises(Unusable, match="already"):
        cut_here(direction, 3.9)


# ---------------------------------------------------------------- handles

@pytest.mark.parametrize("place", PLACES)
def test_what_was_dragged_is_found_there_on_the_unrolled_first_frame(place: str) -> None:
    rng = np.random.default_rng(len(place))
    body = Body(id="b", kind="balloon", size_m=4.0)
    for k in range(3):
        direction = film(place=place, body=body if k else None, light=Light(time_h=(9.0, 17.5, 23.0)[k]))
        shot = int(rng.integers(3))
        x, y, horizon = float(rng.uniform(0.1, 0.9)), float(rng.uniform(0.05, 0.3)), float(rng.uniform(0.4, 0.75))
        now = after(direction, moved_handle(direction, shot, "horizon", (0.5, horizon)))
        edit = moved_handle(now, shot, "sun", (x, y))
        assert edit.why.startswith("moon" if k == 2 else "sun")
        now = after(now, edit)
        state = unroll(now).state
        first = int(np.flatnonzero(state.shot[:, 0].numpy() == shot)[0])
        found = standing(now, shot, state.pack().numpy()[first])
        assert found.sun_seen and found.sun == pytest.approx((x, y), abs=0.03)
        assert found.horizon is not None and found.horizon[1] == pytest.approx(horizon, abs=0.03)
        # What the page shows is what the film has.
        assert np.allclose(np.array(standing(now, shot).sun), found.sun, atol=1e-3)


def test_a_dragged_body_stands_where_it_was_put_and_as_large() -> None:
    direction = film(body=Body(id="b", kind="balloon", size_m=4.0))
    at, high = (0.3, 0.35), 0.3
    now = after(direction, moved_handle(direction, 1, "body", at, high))
    found = standing(now, 1)
    assert found.body == 0 and found.body_at == pytest.approx(at, abs=0.04)
    assert found.body_size[1] == pytest.approx(high, abs=0.06)
    assert standing(now, 0) == standing(direction, 0)


def test_handles_that_are_not_there_are_refused() -> None:
    direction = film()
    above = direction.model_copy(update={"shots": (direction.shots[0].model_copy(update={
        "camera": Camera(move="top_down")}),)})
    assert standing(above, 0).horizon is None and standing(direction, 0).body is None
    for wrong, shot, name in ((direction, 0, "body"), (direction, 9, "sun"), (direction, 0, "moon"),
                              (above, 0, "horizon")):
        with pytest.raises(Unusable):
            moved_handle(wrong, shot, name, (0.5, 0.5))


# ---------------------------------------------------------------- drops

@pytest.mark.parametrize("what", [one for one in DROPS if one not in ("cut", "title")])
@pytest.mark.parametrize("place", ["meadow", "ocean"])
def test_what_is_dropped_changes_nothing_before_its_moment(what: str, place: str) -> None:
    wet = Weather(rain=0.5 if what == "dry" else 0.0, storm=0.4 if what == "dry" else 0.0)
    plain = film((3.0, 3.0), place=place, weather=wet, body=Body(id="b", kind="bird"), fps=24)
    # Curves that were there go on before the moment as they did.
    pointers = ("/world/weather/rain", "/world/light/exposure_ev", "/world/light/time_h", "/camera/shake")
    curves: dict[str, tuple[tuple[float, float], ...]] = dict.fromkeys(pointers, ((0.0, 0.1), (0.3, 0.4), (0.6, 0.15), (1.0, 0.3)))
    curves["/world/light/time_h"] = ((0.0, 9.0), (0.4, 10.0), (1.0, 16.0))
    camera = plain.shots[0].camera.model_copy(update={"curves": {"roll_deg": ((0.0, 0.0), (0.5, 4.0), (1.0, 1.0))}})
    bent = plain.model_copy(update={"shots": (plain.shots[0].model_copy(update={"curves": curves, "camera": camera}),
                                              plain.shots[1])})
    for direction in (plain, bent):
        before = rows(direction)
        for at_s in (1.0, 1.5, 2.9, 3.0):
            changed = rows(after(direction, dropped(direction, what, at_s)))
            frame = int(at_s * 24 + 1e-6)
            assert before[:frame].tobytes() == changed[:frame].tobytes()
            assert before[frame:frame + 8].tobytes() != changed[frame:frame + 8].tobytes()


def test_weather_that_begins_stays_and_what_passes_is_over() -> None:
    direction = film((3.0, 3.0, 2.0))
    states: dict[str, State] = {what: unroll(after(direction, dropped(direction, what, 2.0))).state
                                for what in ("rain", "flash", "night", "shake")}
    rain = states["rain"].weather[:, 0].numpy()
    assert (rain[:16] == 0).all() and (np.diff(rain[16:24]) >= 0).all() and (rain[26:] > 0.7).all()
    plain = rows(direction)
    flash = states["flash"].pack().numpy()
    assert not np.array_equal(flash[16], plain[16]) and np.array_equal(flash[24:], plain[24:])
    assert states["night"].light[-1, 14] > 0.7 > states["night"].light[0, 14]
    assert np.array_equal(states["shake"].pack().numpy()[24:], plain[24:])
    wet = after(direction, dropped(direction, "rain", 1.0))
    dry = after(wet, dropped(wet, "dry", 4.0))
    amount = unroll(dry).state.weather[:, 0].numpy()
    assert amount[:8].max() == 0 and amount[24] > 0.7 and amount[48:].max() == 0
    for wrong, what, at_s in ((wet, "rain", 4.0), (direction, "dry", 1.0), (direction, "hail", 1.0),
                              (direction, "rain", 99.0), (after(direction, dropped(direction, "night", 1.0)), "night", 6.0)):
        with pytest.raises(Unusable):
            dropped(wrong, what, at_s)


def test_words_are_dropped_into_the_shot_under_the_moment() -> None:
    direction = film((3.0, 3.0))
    edit = dropped(direction, "title", 3.5, "  Home ".strip())
    assert edit.why == "title “Home” at 3.5 s"
    [title] = after(direction, edit).titles
    assert title.shot == "s1" and 3.0 + 3.0 * title.start == pytest.approx(3.5, abs=0.01) and title.end > title.start
    for text, at_s in (("", 1.0), ("x" * 900, 1.0), ("Home", 2.9)):
        with pytest.raises(Unusable):
            dropped(direction, "title", at_s, text)


# ---------------------------------------------------------------- taps

def test_a_tempo_is_what_was_tapped() -> None:
    rng = np.random.default_rng(3)
    for bpm in (48.0, 93.0, 120.0, 171.0):
        even = 1.0 + np.arange(12) * 60 / bpm
        assert tempo_of(even.tolist()) == pytest.approx(bpm, abs=0.5)
        assert tempo_of((even + rng.normal(0, 0.012, 12)).tolist()) == pytest.approx(bpm, rel=0.02)
        # A rest is no slower tempo.
        assert tempo_of(np.delete(even, [4, 7]).tolist()) == pytest.approx(bpm, abs=0.5)
    for few in ([], [1.0, 2.0, 3.0], [1.0, 1.0, 1.01, 1.02, 1.03]):
        with pytest.raises(Unusable):
            tempo_of(few)


def test_cuts_go_to_the_taps_beside_them() -> None:
    direction = film((2.0, 2.0, 2.0, 2.0))
    now = after(direction, on_taps(direction, [0.9, 2.2, 3.1, 5.7, 6.9]))
    assert [cut.at_s for cut in cuts_of(now)] == pytest.approx([2.2, 3.1, 5.7], abs=1e-3)
    rng = np.random.default_rng(0)
    for _ in range(30):
        taps = np.sort(rng.uniform(-1, 9, int(rng.integers(4, 20)))).tolist()
        try:
            now = after(direction, on_taps(direction, taps))
        except Unusable:
            continue
        cuts = [cut.at_s for cut in cuts_of(now)]
        assert min(np.diff([0.0, *cuts, 8.0])) >= LEAST_S - 1e-3
        assert all(min(abs(t - cut) for t in [*taps, old]) < 1e-3 for cut, old in zip(cuts, (2.0, 4.0, 6.0), strict=True))
        unroll(now)


def test_a_tapped_tempo_is_the_scores_and_the_film_follows() -> None:
    direction = film((2.0, 2.0))
    taps = [k * 0.6 for k in range(6)]
    said = offered(direction, taps)
    assert said["bpm"] == 100.0 and said["tempo"] == ["Tempo of the score: 100 bpm", True]
    now = after(direction, in_tempo(direction, taps))
    assert now.score is not None and now.score.tempo_bpm == 100.0 and now.duration_s == pytest.approx(4.0 * 1.2)
    assert cuts_of(now)[0].at_s == pytest.approx(2.4)
    given = direction.model_copy(update={"score": None})
    assert offered(given, taps)["tempo"][1] is False
    with pytest.raises(Unusable):
        in_tempo(given, taps)


# ---------------------------------------------------------------- the strip and the desk

def test_the_strip_shows_the_sound_as_it_is(tmp_path: Path) -> None:
    time = np.arange(48000 * 3) / 48000
    sf.write(tmp_path / "a.wav", (np.sin(700 * time) * (time > 1.5))[:, None].repeat(2, 1) * 0.6, 48000)
    found = strip_of(film(), tmp_path / "a.wav")
    wave = np.array(found["wave"])
    assert len(wave) == POINTS and wave[:195].max() == 0 and wave[205:].min() > 80
    assert found["cuts"] == [0.0, 2.0, 4.0] and found["bars"] == [0.0, 2.0, 4.0, 6.0] and len(found["beats"]) == 13
    assert len(json.dumps(found)) < 6000
    (tmp_path / "b.wav").write_bytes(b"no sound")
    assert strip_of(film(), tmp_path / "b.wav")["wave"] == strip_of(film(), tmp_path / "none.wav")["wave"] == []


def test_whatever_a_page_sends_is_checked(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[dict[str, Any]] = []
    monkeypatch.setattr("agent.graph.run", lambda studio, start, stop: asked.append(start) or (event for event in ()))
    wrong: list[dict[str, Any]] = [
        {"do": "cut", "take": "t9999", "cut": 1, "at": 1.0}, {"do": "cut", "take": "t0001", "cut": True, "at": 1.0},
        {"do": "cut", "take": "t0001", "cut": 1, "at": float("nan")}, {"do": "handle", "take": "t0001", "shot": 0},
        {"do": "handle", "take": "t0001", "shot": 99, "name": "sun", "at": [0.1, 0.2]},
        {"do": "handle", "take": "t0001", "shot": 0, "name": "sun", "at": ["a", None]},
        {"do": "drop", "take": "t0001", "what": "../x", "at": 1.0}, {"do": "drop", "take": ["t0001"], "what": "rain"},
        {"do": "drop", "take": "t0001", "what": "title", "at": 0.5, "text": "\u4f60"},
        {"do": "taps", "take": "t0001", "taps": [1, 2], "way": "cuts"},
        {"do": "taps", "take": "t0001", "taps": [1, 2, 3, 4], "way": "both"},
        {"do": "taps", "take": "t0001", "taps": [0.1] * 500, "way": "tempo"}]
    for given in wrong:
        said = len(desk.messages())
        act(desk, given)
        assert len(desk.messages()) == said + 1 and desk.messages()[-1].role == "assistant", given
    stage = Stage(desk)
    for odd in (None, [], "x", {"take": "t0001", "shot": "0"}, {"take": "t0001", "shot": 0, "name": "sun"}):
        assert "fault" in stage.still(odd) and "fault" in stage.taps(odd)
    assert asked == []
    act(desk, {"do": "drop", "take": "t0001", "what": "rain", "at": 0.6, "free": True})
    desk.finish(10)
    assert asked[0]["parent"] == "t0001" and asked[0]["reason"] == "rain begins at 0.6 s" and asked[0]["patch"]


def test_a_still_shows_what_a_drag_would_make(desk: Desk) -> None:
    stage = Stage(desk)
    plain = stage.standing({"take": "t0001", "shot": 0})
    assert {"sun", "horizon", "body"} == set(plain) and plain["body"]["name"] == "bee"
    asked = {"take": "t0001", "shot": 0, "name": "sun", "at": [0.4, 0.2]}
    first, second = stage.still(asked), stage.still(asked | {"at": [0.9, 0.3]})
    assert first["standing"]["sun"]["at"] == pytest.approx([0.4, 0.2], abs=0.02)
    assert first["still"].startswith("data:image/jpeg;base64,") and first["still"] != second["still"]
