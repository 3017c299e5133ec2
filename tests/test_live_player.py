"""Laws of live play: continuous, replayable, honest receipts, sound without seams."""

from __future__ import annotations

import json

import numpy as np
import pytest

from modalities.faults import Unusable
from modalities.live.ambience_live import LiveAmbience
from modalities.live.control_log import Checker, ControlLog, read_log
from modalities.live.dials import INDEX
from modalities.live.engines import live_engine, live_engines
from modalities.live.music_live import MusicStream
from modalities.live.player import Nobody, Player
from modalities.live.row_engine import RowEngine
from modalities.live.sim_live import SimPainter
from modalities.live.sound_live import LiveSound, bent
from modalities.live.start import LiveStart
from modalities.live.steering import Ease, Fly, Happen, Look, Music, Pause, Reset, parse_input
from modalities.live.world_live import LiveWorld
from world_model.score import ScoreSpec
from world_model.sim.sampling import random_plan
from world_model.sim.terrain import ground_height
from world_model.state import WEATHER, WIDTHS, Event, offsets

AT = offsets()
FPS = 24
RAIN = AT["weather"].start + WEATHER.index("rain")
FLASH = AT["weather"].start + WEATHER.index("flash")


def start(seed: int = 3, score: ScoreSpec | None = None, **fixed: str) -> LiveStart:
    named = {"setting": "meadow", "kind": "bee", "look": "photoreal", "weather": "clear", "light": "noon",
             "move": "fly_through", "scale": "wide"} | fixed
    return LiveStart(random_plan(seed, 24, **named), score, seed)


def roll(world: LiveWorld, frames: int, inputs=None, state=None):
    state, rows, heard = state or world.beginning, [], []
    for _ in range(frames):
        state, row, events = world.advance(state, tuple((inputs or {}).get(state.frame + 1, ())))
        rows.append(row)
        heard += events
    return state, np.stack(rows), heard


BUSY = {10: (Fly(id=1, thrust=(0.3, 0.4, 1.0), turn=(0.8, -0.3)),), 30: (Ease(id=2, values={"/weather/rain": 0.9}),),
        40: (Fly(id=3), Happen(id=4, name="lightning")), 55: (Look(id=5, look="noir"), Fly(id=6, drag_rad=(0.2, 0.1))),
        80: (Pause(id=7),), 95: (Pause(id=8, on=False), Reset(id=9))}


def test_the_same_start_and_inputs_give_the_same_rows():
    one, two = (roll(LiveWorld(start()), 140, BUSY)[1] for _ in range(2))
    assert np.array_equal(one, two)
    other = roll(LiveWorld(start()), 140, {**BUSY, 30: ()})[1]
    assert np.array_equal(one[:30], other[:30]) and not np.array_equal(one[30], other[30])


@pytest.mark.parametrize("setting", ["meadow", "city", "ocean", "underwater", "mountains"])
def test_nothing_jumps_and_the_camera_stays_above_the_ground(setting):
    kind = "fish" if setting == "underwater" else "bird"
    world = LiveWorld(start(setting=setting, kind=kind))
    down = {5: (Fly(id=1, thrust=(0, -1, 1), turn=(0.5, -1)),), 90: (Ease(id=2, values={"/weather/fog": 1.0}, over_s=1),),
            120: (Fly(id=3),)}
    _, rows, _ = roll(world, 260, down)
    camera = rows[:, AT["camera"]].astype(float)
    assert np.abs(np.diff(camera[:, :3], axis=0)).max() < 3.0
    speed = np.diff(camera[:, :3], axis=0) * FPS
    assert np.linalg.norm(np.diff(speed[5:], axis=0), axis=1).max() < 12.0, "momentum: speed changes over frames"
    assert np.abs(np.diff(camera[:, 3:6], axis=0)).max() < 0.12
    poses = rows[:, AT["body_pose"]].reshape(len(rows), -1, 8)[:, 0, :3].astype(float)
    assert np.abs(np.diff(poses, axis=0)).max() < 1.5
    for row in rows[::7]:
        x, y, z = row[AT["camera"]][:3].astype(float)
        assert y > float(ground_height(row, x, z, float(row[AT["time_s"]][0]))), "under the ground"
    eased = np.abs(np.diff(rows[:, AT["weather"]][:, :9].astype(float), axis=0))
    assert eased.max() < 2.1 / FPS + 0.05


def test_left_alone_the_world_flies_on():
    state, rows, _ = roll(LiveWorld(start()), 24 * 20)
    camera = rows[:, AT["camera"]].astype(float)
    gone = np.linalg.norm(np.diff(camera[:, [0, 2]], axis=0), axis=1).sum()
    assert gone > 15.0
    body = rows[-1, AT["body_pose"]].reshape(-1, 8)[0, :3]
    assert np.linalg.norm(body - camera[-1, :3]) < 40.0, "company is kept"
    assert rows.shape[1] == sum(WIDTHS.values()) and np.isfinite(rows).all()
    assert state.frame == 24 * 20 - 1


def test_an_ease_begins_at_once_and_ends_exactly():
    world = LiveWorld(start())
    _, rows, _ = roll(world, 60, {10: (Ease(id=1, values={"/weather/rain": 0.8}, over_s=1.5),)})
    rain = rows[:, RAIN]
    assert rain[9] == 0.0 and rain[10] > 0.0 and np.all(np.diff(rain) >= -1e-6)
    assert rain[45] == pytest.approx(0.8) and rain[59] == pytest.approx(0.8)


def test_time_goes_the_short_way_round_the_clock():
    world = LiveWorld(start(light="night"))
    state, rows, _ = roll(world, 30, {1: (Ease(id=1, values={"/light/time_h": 22.0}, over_s=1.0),)})
    assert state.dials[INDEX["/light/time_h"]] == pytest.approx(-2.0)
    # Never through noon: it stays dark.
    assert rows[:, AT["light"]][:, 8:11].max() < 0.3


def test_lightning_is_seen_at_once_and_heard_later():
    _, rows, heard = roll(LiveWorld(start()), 60, {20: (Happen(id=1, name="lightning"),)})
    assert rows[19, FLASH] == 0.0 and rows[20, FLASH] > 0.9 and rows[58, FLASH] == 0.0
    thunder = [event for event in heard if event.kind == "thunder"]
    assert len(thunder) == 1 and thunder[0].time_s == pytest.approx(20 / FPS + 1.0)


def test_a_pause_holds_the_world_and_goes_on_without_a_jump():
    _, rows, _ = roll(LiveWorld(start()), 80, {20: (Pause(id=1),), 50: (Pause(id=2, on=False),)})
    body = rows[:, AT["body_pose"]].reshape(len(rows), -1, 8)[:, 0]
    assert np.ptp(rows[21:50, AT["time_s"]]) == 0.0 and np.array_equal(body[25], body[45])
    assert float(rows[50, AT["time_s"]][0] - rows[49, AT["time_s"]][0]) == pytest.approx(1 / FPS, abs=1e-5)


def test_what_cannot_be_steered_is_refused_in_one_sentence():
    world = LiveWorld(start())
    for wrong in (Ease(values={"/weather/rian": 1.0}), Look(look="nothing"), Look(), Music(), Pause(on=False),
                  Ease(values={"/weather/rain": 0.0}), Ease(values={"/ground/variant": 3.0})):
        with pytest.raises(Unusable) as fault:
            world.check(world.beginning, wrong)
        assert str(fault.value).endswith(".")
    for bad in ({"kind": "fly", "thrust": [2, 0, 0]}, {"kind": "ease", "values": {}}, {"kind": "no"}, 3,
                {"kind": "ease", "values": {"/weather/rain": float("nan")}}):
        with pytest.raises(Unusable):
            parse_input(bad)
    with pytest.raises(Unusable, match="sim"):
        live_engine("nothing")
    assert "sim" in live_engines()


class Plain:
    """A painter for tests: grey by the row, and it tells two rows apart by the rain and the camera."""

    id = "plain"

    def __init__(self, frames_per_slice: int = 1) -> None:
        self.frames_per_slice = frames_per_slice

    def open(self, first_row, size_px, fps, seed):
        self.size = size_px

    def paint(self, rows, frame0):
        return np.stack([np.full((self.size[1], self.size[0], 3), min(255, int(255 * row[RAIN])), np.uint8)
                         for row in rows])

    glance = paint

    def differs(self, row, other):
        return abs(float(row[RAIN] - other[RAIN])) > 0.1 or bool(np.any(row[AT["camera"]] != other[AT["camera"]]))

    def close(self):
        pass


def played(tmp_path, script, seconds=3.0, per_slice=1):
    engine, sink = RowEngine(Plain(per_slice)), Nobody(keep=True)
    engine.open(start(), (64, 36), waits=True)
    log = ControlLog(tmp_path / "log.jsonl", engine="plain", size_px=(64, 36), origin={"x": 1})
    Player(engine, sink, log, fast=True).run(seconds, script)
    engine.close()
    return sink


@pytest.mark.parametrize("per_slice", [1, 6])
def test_receipts_say_when_an_input_was_applied_and_first_seen(tmp_path, per_slice):
    acts = {12: (Ease(id=1, values={"/weather/rain": 1.0}, over_s=2.0, seen_frame=9),),
            24: (Fly(id=2, thrust=(0, 0, 1)), Ease(id=3, values={"/weather/rian": 1}), Happen(id=4, name="chime"))}
    sink = played(tmp_path, lambda frame: acts.get(frame, ()), per_slice=per_slice)
    last = {receipt.id: receipt for receipt in sink.receipts}
    assert (last[1].bound_frame, last[1].applied_frame) == (9, 12)
    seen = last[1].first_visible_frame
    assert seen is not None and seen >= 12
    # True, and the first for which it is true: rain without the input is 0.
    shown = dict(sink.pictures)
    assert int(shown[seen].max()) > 25
    assert all(int(shown[frame].max()) <= 25 for frame in shown if frame < seen)
    assert last[2].first_visible_frame is not None and last[2].applied_frame == 24
    assert last[3].applied_frame is None and "/weather/rain" in last[3].why
    assert last[4].heard_frame == 24 and last[4].first_visible_frame is None
    assert sum(len(sound) for sound in sink.sounds) == 3 * 48000, "sound is exact"


def test_a_log_replays_to_the_same_rows_and_notices_another(tmp_path):
    acts = {12: (Ease(id=1, values={"/weather/rain": 1.0}),), 30: (Fly(id=2, turn=(1, 0)),),
            31: (Ease(id=3, values={"/no": 1}),)}
    played(tmp_path, lambda frame: acts.get(frame, ()), 6.0)
    found = read_log(tmp_path / "log.jsonl")
    assert found.frames == 144 and len(found.digests) == 2 and found.origin == {"x": 1}
    assert [given.id for group in found.inputs.values() for given in group] == [1, 2], "refused inputs are left out"
    for script, same in ((found.script, True), (lambda frame: (), False)):
        engine = RowEngine(Plain())
        engine.open(start(), (64, 36), waits=True)
        checker = Checker(found)
        for frame in range(found.frames):
            checker.see(engine.step(list(script(frame))))
        engine.close()
        assert checker.checked == 2 and (checker.first_difference is None) == same
    lines = (tmp_path / "log.jsonl").read_text().splitlines()
    (tmp_path / "cut.jsonl").write_text("\n".join(lines[:3]) + '\n{"frame": 9')
    assert read_log(tmp_path / "cut.jsonl").frames > 0
    (tmp_path / "bad.jsonl").write_text(json.dumps({"format": "other"}))
    with pytest.raises(Unusable, match=r"bad\.jsonl"):
        read_log(tmp_path / "bad.jsonl")


def test_the_simulator_claims_only_what_its_picture_shows():
    painter = SimPainter(threads=1)
    world = LiveWorld(start())
    state, rows, _ = roll(world, 3)
    painter.open(rows[0], (64, 36), FPS, 1)
    _, rained, _ = roll(world, 20, {3: (Ease(id=1, values={"/weather/rain": 1.0, "/weather/cloud": 1.0}, over_s=0.5),)},
                        state)
    _, dry, _ = roll(world, 20, None, state)
    assert painter.differs(rained[-1], dry[-1])
    assert not painter.differs(dry[-1], dry[-1])
    barely = dry[-1].copy()
    barely[RAIN] += 1e-5
    assert not painter.differs(barely, dry[-1])
    assert painter.paint(dry[-1:], 3).shape == (1, 36, 64, 3)
    painter.close()


def test_ambience_has_no_seams():
    _, rows, _ = roll(LiveWorld(start(weather="storm")), 50)
    place = LiveAmbience(1, 48000)
    sound = np.concatenate([place.block(row, 2000) for row in rows])
    step = np.abs(np.diff(sound, axis=0)).max(1)
    borders = step[1999::2000]
    inside = np.delete(step, np.arange(1999, len(step), 2000))
    assert np.abs(sound).max() > 0.005
    assert borders.max() <= np.quantile(inside, 0.9999) * 1.3


def test_an_event_sounds_on_its_sample_over_many_blocks():
    world = LiveWorld(start(setting="space", kind="planet"))
    _, rows, _ = roll(world, 30)
    quiet, loud = (LiveSound(None, world.first_row, 1, 48000) for _ in range(2))
    event = Event(3.5 * 2000 / 48000, "impact", 1.0)
    one, two = (np.concatenate([sound.block(row, events if n == 1 else (), 2000) for n, row in enumerate(rows)])
                for sound, events in ((quiet, ()), (loud, (event,))))
    apart = np.abs(two - one).max(1)
    assert apart[:6999].max() == 0.0 and apart[7000:7300].max() > 0.01
    assert np.abs(bent(np.float32([[5.0, -5.0]]))).max() <= 1.0 and bent(np.float32([[0.5, -0.5]]))[0, 0] == 0.5


def test_music_is_the_same_in_any_blocks_and_changes_on_the_bar():
    spec = ScoreSpec(genre="lofi", tempo_bpm=120, seed=4)
    got = []
    for size in (2000, 12000):
        music = MusicStream(spec, 48000)
        first = np.concatenate([music.read(size) for _ in range(48000 // size)])
        begins = music.change(Music(tempo_factor=1.25))
        assert begins % (2 * 48000) == 0 and begins >= 48000 + 0.7 * 48000
        rest = np.concatenate([music.read(size) for _ in range(3 * 48000 // size)])
        assert music.spec.tempo_bpm == 150.0
        music.close()
        got.append(np.concatenate([first, rest]))
    assert np.abs(got[0]).max() > 0.01
    assert np.abs(got[0] - got[1]).max() < 1e-6


def test_who_waits_to_see_what_they_did_gets_a_softer_picture_at_once_and_a_sharp_one_next():
    """The glance has the picture's size and shows the same world; without anybody waiting every picture is whole."""
    painter = SimPainter(threads=1)
    engine = RowEngine(painter)
    engine.open(start(), (128, 72), waits=True)
    try:
        plain = engine.step(())
        whole = engine.draw(plain)
        assert np.array_equal(whole.frames, painter.paint(plain.rows, plain.frame0))
        part = engine.step((Ease(id=1, values={"/light/exposure_ev": 1.5}, over_s=0.25),))
        sooner = engine.draw(part)
        if len(sooner.frames):
            sharp = painter.paint(part.rows, part.frame0)
            assert sooner.frames.shape == sharp.shape and sooner.frames.dtype == np.uint8
            assert not np.array_equal(sooner.frames, sharp)
            assert abs(sooner.frames.astype(float).mean() - sharp.mean()) < 6.0
    finally:
        engine.close()
