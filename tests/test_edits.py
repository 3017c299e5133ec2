"""Edits of a Direction: pointers, patches, tempo that never breaks sync, and the panel's own patches."""

from __future__ import annotations

import pytest

from agent.brief import Brief
from agent.direction import Body, Direction, Link, Music, Shot, ShotWorld, Span
from agent.edits import apply_patch, parse_setting, patch_for
from agent.request import Request, checked, parse_reference, parse_size
from modalities.faults import Unusable
from ui_gen.bind import patch_of
from ui_gen.compose import compose
from world_model.score import ScoreSpec


def piece(look: str = "photoreal", **world) -> Direction:
    shots = tuple(Shot(id=f"s{i}", span=Span(bars=(2 * i, 2 * i + 2)),
                       world=ShotWorld(look=look, bodies=(Body(id="bee", kind="bee"),), **world)) for i in range(4))
    return Direction(shots=shots, duration_s=16.0, score=ScoreSpec(tempo_bpm=120),
                     music=Music(tempo_bpm=120, downbeats_s=tuple(2.0 * i for i in range(9))),
                     links=(Link(**{"from": "music.kick", "to": "/shots/*/world/light/exposure_ev", "amount": 0.4}),))


def test_star_reaches_every_shot_and_nothing_else_moves():
    before = piece()
    after = apply_patch(before, patch_for(before, "/shots/*/world/weather/rain", 0.7), reason="rain")
    assert [s.world.weather.rain for s in after.shots] == [0.7] * 4
    assert after.parent == before.id and before.shots[0].world.weather.rain == 0.0
    back = apply_patch(after, patch_for(after, "/shots/*/world/weather/rain", 0.0), reason="back")
    assert back.shots == before.shots


@pytest.mark.parametrize("text", ["no equals", "shots/0=1", "=1", ""])
def test_settings_that_are_none(text: str):
    with pytest.raises(Unusable):
        parse_setting(text)


@pytest.mark.parametrize("pointer, value", [
    ("/shots/9/world/weather/rain", 1), ("/nowhere", 1), ("/id", "x"), ("/shots/0/world/weather/rain", 7),
    ("/shots/0/world/weather/rain", "wet"), ("/size_px", "big"), ("/duration_s", -1),
    ("/shots/0/world/bodies/0/kind", "unicorn"), ("/shots/0/world/place/narnia", 1.0),
    ("/shots/0/world/style/glitter", 1.0)])
def test_wrong_edits_get_a_sentence(pointer: str, value):
    before = piece()
    with pytest.raises(Unusable) as caught:
        apply_patch(before, patch_for(before, pointer, value), reason="")
    assert "\n" not in str(caught.value)


def test_a_new_tempo_moves_the_bar_lines_and_keeps_the_cuts_on_them():
    before = piece()
    after = apply_patch(before, patch_for(before, "/score/tempo_bpm", 60), reason="slower")
    assert after.music.downbeats_s == tuple(4.0 * i for i in range(9))
    assert after.duration_s == 32.0 and after.music.tempo_bpm == 60
    assert [s.span for s in after.shots] == [s.span for s in before.shots]


def test_panels_differ_by_intent_and_stay_small():
    panels = {look: compose(piece(look), Brief(goal="")) for look in ("photoreal", "cel", "pixel", "noir", "synthwave")}
    kinds = {look: frozenset(c.id for c in panel.controls) for look, panel in panels.items()}
    assert len(set(kinds.values())) == len(kinds)
    assert "lens" in kinds["photoreal"] and "lens" not in kinds["cel"] and "style_hold_frames" in kinds["cel"]
    assert all(1 <= len(panel.controls) <= 7 for panel in panels.values())
    assert panels["cel"] == compose(piece("cel"), Brief(goal=""))


def test_every_control_of_every_look_writes_a_valid_direction_that_differs():
    for look in ("photoreal", "flat", "cel", "watercolour", "pencil", "pixel", "synthwave", "noir", "clay", "vhs",
                 "riso", "ink"):
        before = piece(look, place={"ocean": 1.0})
        panel = compose(before, Brief(goal=""))
        for control in panel.controls:
            other = control.bounds[0] if control.bounds and control.value != control.bounds[0] else (
                control.bounds[1] if control.bounds else next(c for c in control.choices if c != control.value))
            after = apply_patch(before, patch_of(before, panel, {control.id: other}), reason="moved")
            assert after.model_dump(exclude={"id", "parent", "reason", "author"}) != before.model_dump(
                exclude={"id", "parent", "reason", "author"}), (look, control.id)


def test_a_panel_at_rest_is_no_patch():
    before = piece()
    panel = compose(before, Brief(goal=""))
    assert patch_of(before, panel, {c.id: c.value for c in panel.controls}) == []


@pytest.mark.parametrize("value", [float("nan"), "x", None, [], float("inf")])
def test_hostile_values_from_a_page(value):
    before = piece()
    panel = compose(before, Brief(goal=""))
    slider = next(c for c in panel.controls if c.kind == "slider")
    with pytest.raises(Unusable):
        patch_of(before, panel, {slider.id: value})


@pytest.mark.parametrize("change", [
    {"prompt": ""}, {"prompt": "   \n"}, {"fps": 0}, {"fps": -3}, {"duration_s": -1.0}, {"duration_s": 0.0},
    {"duration_s": float("nan")}, {"duration_s": 2000.0}, {"takes": 0}, {"weird": 2.0}, {"seed": -1}, {"size_px": (0, 10)},
    {"size_px": (100000, 100)}])
def test_requests_that_cannot_be(change: dict):
    with pytest.raises(Unusable):
        checked(Request(**{"prompt": "a bee"} | change))


def test_odd_sizes_are_mended_with_a_note():
    request, notes = checked(Request(prompt="a bee", size_px=(513, 287)))
    assert request.size_px == (514, 288) and "513x287" in notes[0]


def test_references(tmp_path):
    odd = tmp_path / "a:b.wav"
    odd.write_bytes(b"x")
    assert parse_reference(str(odd)).roles == ()
    assert parse_reference(f"{odd}:rhythm,mood").roles == ("rhythm", "mood")
    assert parse_size("512x288") == (512, 288)
    for text in (f"{odd}:dance", "x.wav:", "", "a\0b"):
        with pytest.raises(Unusable):
            parse_reference(text)
    for text in ("big", "1x", "x", "1x2x3", "1.5x2"):
        with pytest.raises(Unusable):
            parse_size(text)
