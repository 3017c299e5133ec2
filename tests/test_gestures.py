"""Laws of gestures: what the hand did is what the camera does, jitter is taken off, and bad files get one sentence."""

from __future__ import annotations

import json
import math
from pathlib import Path

import numpy as np
import pytest

from modalities.convert.camera_path import TILT_RAD, TURN_RAD
from modalities.cues import CURVE_HZ
from modalities.faults import Unusable
from modalities.live.control_log import ControlLog
from modalities.live.flight import MOST_MPS
from modalities.live.player import Slice
from modalities.live.steering import Fly, Receipt
from modalities.perceive.gesture import brush_documents, gesture_cues, read_gesture
from modalities.perceive.gesture_file import MOST_POINTS
from modalities.perceive.gesture_motion import HAND_HZ, PAN_DEG, TILT_DEG, steadied

FORMAT = {"format": "beecam-gesture/1"}
SQUARE = [[0.2, 0.5], [0.8, 0.5], [0.8, 0.9], [0.2, 0.9]]


def stroke(points, on: str = "frame", **more) -> dict:
    return FORMAT | {"strokes": [{"on": on, "points": [list(map(float, p)) for p in points]}]} | more


def arc(n: int = 60, seconds: float = 3.0, noise: float = 0.0):
    u = np.linspace(0, 1, n)
    hand = np.random.default_rng(0).normal(0, noise, (n, 2)) if noise else np.zeros((n, 2))
    smooth = u * u * (3 - 2 * u)
    return np.stack([u * seconds, 0.2 + 0.5 * smooth + hand[:, 0], 0.8 - 0.4 * smooth + hand[:, 1]], 1)


def test_the_whole_turn_is_the_whole_way_of_the_pen():
    seen = read_gesture(stroke(arc()))
    assert seen.camera["camera.pan"].sum() / CURVE_HZ == pytest.approx(0.5 * PAN_DEG, abs=0.05)
    assert seen.camera["camera.tilt"].sum() / CURVE_HZ == pytest.approx(0.4 * TILT_DEG, abs=0.05)
    assert len(seen.camera["camera.pan"]) == math.ceil(3.0 * CURVE_HZ) and set(seen.camera) == {"camera.pan", "camera.tilt"}
    assert math.radians(PAN_DEG) == pytest.approx(TURN_RAD) and math.radians(TILT_DEG) == pytest.approx(TILT_RAD)


def test_a_mirrored_stroke_turns_the_other_way():
    there, points = read_gesture(stroke(arc())), arc()
    points[:, 1] = 1.0 - points[:, 1]
    back = read_gesture(stroke(points))
    assert np.allclose(back.camera["camera.pan"], -there.camera["camera.pan"], atol=1e-3)
    assert np.allclose(back.camera["camera.tilt"], there.camera["camera.tilt"], atol=1e-3)


def test_the_filter_takes_the_jitter_and_leaves_the_motion():
    clean = read_gesture(stroke(arc(180))).camera["camera.pan"]
    shaky = arc(180, noise=0.006)
    kept = read_gesture(stroke(shaky)).camera["camera.pan"]
    edges = np.arange(len(clean) + 1) / CURVE_HZ
    raw = np.diff(np.interp(edges, shaky[:, 0], shaky[:, 1])) * CURVE_HZ * PAN_DEG
    assert np.abs(kept - clean).mean() < 0.6 * np.abs(raw - clean).mean()
    assert np.corrcoef(clean, kept)[0, 1] > 0.95


def test_the_filter_does_not_lag_and_keeps_both_ends():
    t = np.arange(180) / HAND_HZ
    bump = np.exp(-((t - 1.5) / 0.3) ** 2)[:, None]
    calm = steadied(bump, HAND_HZ)
    assert abs(int(calm.argmax()) - int(bump.argmax())) <= 1
    assert calm[0] == pytest.approx(bump[0]) and calm[-1] == pytest.approx(bump[-1])


def test_a_circle_on_a_plan_turns_once_round_and_goes_its_length():
    u = np.linspace(0, 1, 200)
    points = np.stack([6 * u, 0.5 - 0.2 * np.cos(2 * np.pi * u), 0.5 - 0.2 * 16 / 9 * np.sin(2 * np.pi * u)], 1)
    seen = read_gesture(stroke(points, "plan", plan_m=50))
    assert seen.camera["forward"].sum() / CURVE_HZ == pytest.approx(2 * np.pi * 10, rel=0.05)
    assert seen.camera["camera.pan"].sum() / CURVE_HZ == pytest.approx(360, rel=0.08)
    ahead = read_gesture(stroke(points, "plan", plan_m=50, look="ahead"))
    assert "camera.pan" not in ahead.camera and abs(ahead.camera["right"].sum()) / CURVE_HZ < 0.5


def test_between_strokes_the_camera_rests():
    first, second = arc(), arc()
    second[:, 0] += 5.0
    seen = read_gesture(FORMAT | {"strokes": [{"points": first.tolist()}, {"points": second.tolist()}]})
    pan = seen.camera["camera.pan"]
    assert np.abs(pan[round(3.2 * CURVE_HZ):round(4.8 * CURVE_HZ)]).max() < 1e-3
    assert pan.sum() / CURVE_HZ == pytest.approx(2 * 0.5 * PAN_DEG, abs=0.1)


def test_keys_and_a_stick_fly_the_same_way():
    keys = read_gesture(FORMAT | {"duration_s": 4.0, "keys": [{"t_s": 1, "code": "KeyW"}, {"t_s": 3, "code": "KeyW", "down": False}]})
    stick = read_gesture(FORMAT | {"duration_s": 4.0, "axes": [[0, 0, 0, 0, 0], [1, 0, -1, 0, 0], [3, 0, 0, 0, 0]]})
    assert np.allclose(keys.camera["forward"], stick.camera["forward"])
    assert keys.camera["forward"].max() == pytest.approx(MOST_MPS, rel=0.05)
    assert keys.camera["forward"].sum() / CURVE_HZ == pytest.approx(2 * MOST_MPS, rel=0.05)
    assert set(keys.camera) == {"forward"}


def test_a_live_session_is_a_gesture(tmp_path: Path):
    log = ControlLog(tmp_path / "s.jsonl", engine="sim", size_px=(128, 72), origin={})
    for frame in range(0, 96, 4):
        given = {24: (Fly(id=1, thrust=(0, 0, 1), turn=(0.5, 0)),), 48: (Fly(id=2, drag_rad=(0.2, 0)),)}.get(frame, ())
        log.slice(Slice(frame, np.zeros((4, 8), np.float32), np.zeros((8000, 2), np.float32), (),
                        tuple(Receipt(g.id, "fly", 0.0, -1, frame) for g in given)), given)
    log.close()
    seen = read_gesture(tmp_path / "s.jsonl")
    assert seen.duration_s == pytest.approx(4.0)
    assert seen.camera["forward"].sum() / CURVE_HZ == pytest.approx(MOST_MPS, rel=0.1)
    pan = seen.camera["camera.pan"].sum() / CURVE_HZ
    assert pan == pytest.approx(np.degrees(0.5 * 1.15 + 0.2), rel=0.1)
    (tmp_path / "idle.jsonl").write_text((tmp_path / "s.jsonl").read_text().splitlines()[0])
    with pytest.raises(Unusable, match="nobody steered"):
        read_gesture(tmp_path / "idle.jsonl")


def test_a_drag_is_the_direction_it_went():
    seen = read_gesture(FORMAT | {"brushes": [{"region": SQUARE, "drag": [[0, 0.3, 0.5], [0.5, 0.4, 0.5], [2, 0.5, 0.7]]}]})
    assert seen.regions[0][1] == pytest.approx((0.1, 0.1 * 9 / 16))
    from agent.direction import Brush

    made = Brush.model_validate(brush_documents(seen)[0])
    assert made.direction == pytest.approx((0.1, 0.05625)) and made.softness == 0.05
    swift = read_gesture(FORMAT | {"brushes": [{"region": SQUARE, "direction": [30, 40]}]})
    assert swift.regions[0][1] == pytest.approx((0.6, 0.8))


def test_cues_follow_roles():
    seen = read_gesture(stroke(arc()) | {"brushes": [{"region": SQUARE, "direction": [0.1, 0]}],
                                         "arrows": [{"tail": [0, 0], "head": [1, 1]}]})
    names = [{cue.name for cue in gesture_cues(seen, role)} for role in (None, "camera", "motion")]
    assert names == [{"stroke", "camera.pan", "camera.tilt", "brush", "arrow"}, {"stroke", "camera.pan", "camera.tilt"},
                     {"stroke", "brush", "arrow"}]
    assert all(cue.span_s[0] <= cue.span_s[1] and 0 <= cue.confidence <= 1 for cue in gesture_cues(seen))


@pytest.mark.parametrize("document, words", [
    ({}, "format"), ({"format": "svg"}, "format"), (FORMAT, "empty"), (FORMAT | {"strokes": 3}, "no list"),
    (FORMAT | {"strokes": [{}]}, "points"), (stroke([[0, 0, 0], [1, 5, 0]]), "shares of the surface"),
    (stroke([[0, 0, 0], [1e9, 1, 1]]), "seconds"), (stroke([[0, math.nan, 0]] * 3 + [[1, 0, 0]]), "finite"),
    (FORMAT | {"strokes": [{"points": [["a", 0, 0]]}]}, "no number"), (FORMAT | {"strokes": [{"points": [7]}]}, "neither"),
    (FORMAT | {"strokes": [{"on": "wall", "points": []}]}, "wall"), (FORMAT | {"keys": [{"t_s": 0}]}, "code"),
    (FORMAT | {"keys": [{"t_s": None, "code": "KeyW"}]}, "finite number"), (FORMAT | {"axes": [[0, 1]]}, "6 numbers"),
    (FORMAT | {"brushes": [{"region": [[0, 0], [1, 1]]}]}, "corners"), (FORMAT | {"dolly": [[0, 0], [1, 99]]}, "dolly"),
    (FORMAT | {"brushes": [{"region": [[0, 0], [1, 1], [0.5, 0.5]], "direction": [1, 0]}]}, "area"),
    (FORMAT | {"brushes": [{"region": SQUARE}]}, "direction"), (FORMAT | {"arrows": [{"tail": [0, 0]}]}, "pair"),
    (FORMAT | {"brushes": [{"region": SQUARE, "direction": [0, 0]}]}, "direction"),
    (stroke(arc(), duration_s=math.inf), "finite"), (stroke(arc(), size_px=[0, 1]), "size_px"),
    (stroke(arc(), plan_m=-1), "plan_m"), (FORMAT | {"strokes": [{"points": []}]}, "empty")])
def test_bad_gestures_get_one_sentence(document, words):
    with pytest.raises(Unusable, match=words) as fault:
        read_gesture(json.loads(json.dumps(document)))
    assert str(fault.value).count("\n") == 0 and str(fault.value).endswith(".")


@pytest.mark.parametrize("text", ["", "[", "[1]", "null", "<svg/>", "[" * 100_000])
def test_what_is_no_json_object_gets_one_sentence(text, tmp_path: Path):
    for source in (text, text.encode()):
        with pytest.raises(Unusable):
            read_gesture(source)
    (tmp_path / "g.json").write_text(text)
    with pytest.raises(Unusable, match=r"g\.json"):
        read_gesture(tmp_path / "g.json")
    with pytest.raises(Unusable):
        read_gesture(tmp_path / "none.json")


@pytest.mark.parametrize("points, note", [
    (arc() - (2.0, 0, 0), "moved to begin"), (arc()[::-1], "order"), (arc() - (0, -0.5, 0), "edge"),
    (np.vstack([arc(), [[3.5, math.nan, 0]]]), "finite"), (arc(3 * MOST_POINTS), "were kept|was kept"),
    ([[0.5, 0.5, 0.5]], "single point"), ([[0.1, 0.1], [0.9, 0.1]], "evenly")])
def test_small_faults_are_mended_and_told(points, note):
    import re

    seen = read_gesture(stroke(points))
    assert any(re.search(note, line) for line in seen.notes), seen.notes
    assert all(np.isfinite(curve).all() for curve in seen.camera.values())
    assert seen.duration_s >= 0 and sum(len(s.points) for s in seen.strokes) <= MOST_POINTS + 1
    if len(points) > 1:
        assert abs(seen.camera["camera.pan"].sum()) > 1.0


def test_text_file_and_document_give_the_same(tmp_path: Path):
    document = stroke(arc())
    (tmp_path / "g.json").write_text(json.dumps(document))
    one, two, three = read_gesture(document), read_gesture(json.dumps(document)), read_gesture(tmp_path / "g.json")
    for other in (two, three):
        assert np.array_equal(one.camera["camera.pan"], other.camera["camera.pan"])
        assert np.array_equal(one.strokes[0].points, other.strokes[0].points)
    plain = read_gesture({"stroke": [{"t_s": t, "x": x, "y": y} for t, x, y in arc().tolist()]})
    assert np.allclose(plain.camera["camera.pan"], one.camera["camera.pan"])
