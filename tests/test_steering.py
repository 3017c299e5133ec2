"""References steer: each role changes what it names and nothing else, and the take says how far."""

from __future__ import annotations

import json
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from threading import Event

import numpy as np
import pytest

from agent.brief import Brief, Trait
from agent.interpret import interpret
from agent.recreate import agreement
from agent.referring import Referred, with_references
from agent.request import Request
from agent.seen import Seen
from agent.steer_layout import Layout, with_layout
from agent.steer_look import look_of, palette_distance, roles_of, stock
from agent.steer_pacing import on_beats
from agent.steer_plan import steering_of
from agent.steer_report import measured_against, rates_of
from agent.steer_time import time_map
from agent.studio import Studio
from agent.unroll import unroll
from agent.unroll_spans import spans_s
from modalities.cues import (
    Arrow,
    FilmCues,
    FilmShot,
    Framing,
    GestureCues,
    ImageCues,
    LightCues,
    PictureCues,
    SketchCues,
    Swatch,
)
from modalities.registry import default_registry
from modalities.store import Store
from ui_gen.compose import panel_for

SMALL = {"duration_s": 6.0, "size_px": (128, 72), "fps": 12, "seed": 3}
WARM = (Swatch(0.55, 0.12, 45, 0.5), Swatch(0.35, 0.08, 30, 0.3), Swatch(0.75, 0.15, 80, 0.2))
COLD = (Swatch(0.45, 0.10, 250, 0.5), Swatch(0.25, 0.06, 270, 0.3), Swatch(0.8, 0.05, 210, 0.2))


def picture(palette=WARM, key=0.5, hour=None, medium="photo", setting=None, skyline=None, subject=None):
    light = LightCues(key, 0.18, 0.0, hour, 0.8 if hour is not None else 0.0)
    frame = Framing(None, 0.0, skyline, subject, (0.3, 0.3, 0.4), 0.0, 0.9 if subject else 0.0)
    media = {name: 0.9 if name == medium else 0.025 for name in ("photo", "drawn", "painted", "pixelated", "flat")}
    return PictureCues(palette, light, frame, media, 0.2, 0.1, 0.3, setting or {})


def film(lengths=(0.8, 0.6, 2.4, 0.7, 1.5), palette=WARM, curves=None, rate_hz=12.0, **of):
    edges = np.concatenate([[0.0], np.cumsum(lengths)])
    count = int(edges[-1] * rate_hz) + 1
    shots = tuple(FilmShot(float(a), float(b), "cut" if k else "start", picture(palette, **of), 0.4)
                  for k, (a, b) in enumerate(pairwise(edges)))
    t = np.arange(count) / rate_hz
    every = {"motion": (0.5 + 0.45 * np.sin(1.7 * t)).astype(np.float32), **(curves or {})}
    return FilmCues(float(edges[-1]), 24.0, (320, 180), shots, every, rate_hz, 0.9, None)


def seen_film(number=1, roles=("pacing",), name="a.mp4", **of):
    return Seen(number, Path(name), f"ref:{number}", "film", roles, film=film(**of))


def seen_image(number=1, roles=("palette",), name="a.png", **of):
    return Seen(number, Path(name), f"ref:{number}", "image", roles, image=ImageCues((320, 180), picture(**of)))


@pytest.fixture
def studio(tmp_path: Path) -> Studio:
    return Studio(Store(tmp_path / "p").open(), default_registry(), panel_for)


def directed(studio: Studio, *seen: Seen, words="a bee over a meadow", **more):
    """(Direction, Brief) of words and references."""
    referred = Referred(tuple(seen), words)
    brief = with_references(interpret(words), referred)
    return studio.direct(Request(prompt=words, **{**SMALL, **more}), brief, None, referred)


def measured(studio: Studio, direction, brief: Brief, *seen: Seen):
    """A rendered take's measures."""
    take = studio.render(direction, brief, None, Referred(tuple(seen)), parent=None, reason="", request={},
                         emit=lambda _: None, stop=Event())
    return take


def cuts_of(direction):
    return [round(start, 3) for start, _ in spans_s(direction)[1:]]


# -------------------------------------------------------------------------------------------------- who steers what
def test_no_reference_leaves_the_direction_as_the_words_make_it(studio):
    plain, _ = directed(studio)
    again, _ = studio.direct(Request(prompt="a bee over a meadow", **SMALL), interpret("a bee over a meadow"), None)
    assert plain == again


def test_a_role_that_was_not_given_has_no_effect(studio):
    plain, _ = directed(studio)
    coloured, _ = directed(studio, seen_film(roles=("palette",)))
    assert cuts_of(coloured) == cuts_of(plain)
    assert [shot.camera for shot in coloured.shots] == [shot.camera for shot in plain.shots]
    lights = [[(s.world.light.time_h, s.world.light.exposure_ev) for s in d.shots] for d in (coloured, plain)]
    assert lights[0] == lights[1]
    assert all(shot.world.palette.roles for shot in coloured.shots)
    cut, _ = directed(studio, seen_film(roles=("pacing",)))
    assert cuts_of(cut) != cuts_of(plain)
    assert not any(shot.world.palette.roles for shot in cut.shots)
    lit, _ = directed(studio, seen_image(roles=("light",), hour=19.0))
    assert {shot.world.light.time_h for shot in lit.shots} == {19.0} and cuts_of(lit) == cuts_of(plain)


def test_words_beat_references(studio):
    dusk = seen_image(roles=("light", "style"), hour=9.0, medium="pixelated")
    direction, brief = directed(studio, dusk, words="a bee over a meadow at night, watercolour")
    assert all(shot.world.light.time_h > 20 or shot.world.light.time_h < 5 for shot in direction.shots)
    assert {shot.world.look for shot in direction.shots} == {"watercolour"}
    assert sum("a.png is not used" in note for note in brief.notes) == 2
    free, _ = directed(studio, dusk)
    assert {shot.world.look for shot in free.shots} == {"pixel"} and {s.world.light.time_h for s in free.shots} == {9.0}


def test_the_first_named_wins_and_the_brief_says_so(studio):
    quick = seen_film(1, name="quick.mp4", lengths=(0.6,) * 10)
    slow = seen_film(2, name="slow.mp4", lengths=(3.0, 3.0))
    one, brief = directed(studio, quick, slow)
    other, _ = directed(studio, replace(slow, number=1), replace(quick, number=2))
    assert len(one.shots) == 10 and len(other.shots) == 2
    assert any("quick.mp4 was named first" in note and "slow.mp4" in note for note in brief.notes)


def test_two_palettes_are_mixed_and_the_first_leads(studio):
    warm, cold = seen_image(1, name="warm.png", palette=WARM), seen_image(2, name="cold.png", palette=COLD)
    both, brief = directed(studio, warm, cold)
    turned, _ = directed(studio, replace(cold, number=1), replace(warm, number=2))
    far = [palette_distance(stock("x", direction.shots[0].world.palette.roles), WARM) for direction in (both, turned)]
    assert far[0] < far[1]
    assert any("warm.png leads and cold.png joins" in note for note in brief.notes)


def test_a_reference_says_what_it_came_to(studio):
    _, brief = directed(studio, seen_film(roles=("pacing", "palette")))
    assert [use.split(":")[0] for use in brief.references[0].used] == ["palette", "pacing"]
    assert json.loads(brief.model_dump_json())["references"][0]["roles"] == ["pacing", "palette"]


def test_content_leans_and_mood_too(studio):
    snow = seen_image(roles=("content",), setting={"snowfield": 0.8, "mountains": 0.1})
    shown, brief = directed(studio, snow, words="slow and quiet, cel animation")
    assert all(max(shot.world.place, key=shot.world.place.get) == "snowfield" for shot in shown.shots[:1])
    assert [t.because for t in brief.traits if t.reference == 1] == ["what a.png shows"]
    named, _ = directed(studio, snow, words="a city")
    assert "snowfield" not in named.shots[0].world.place


# ------------------------------------------------------------------------------------------------------------ pacing
def test_shot_lengths_are_those_of_the_reference(studio):
    direction, _ = directed(studio, seen_film())
    assert cuts_of(direction) == pytest.approx([0.8, 1.4, 3.8, 4.5], abs=0.01)
    stretched, _ = directed(studio, seen_film(), duration_s=9.0)
    assert cuts_of(stretched) == pytest.approx([1.2, 2.1, 5.7, 6.75], abs=0.01)


def test_a_long_film_repeats_a_short_rhythm_and_a_short_one_takes_a_part():
    short = film(lengths=(1.0, 2.0))
    assert time_map(short, 12.0).rounds == 4
    long = film(lengths=[1.0, 2.0, 1.5] * 60)
    times = time_map(long, 12.0)
    assert times.rounds == 1 and times.scale == pytest.approx(1.0) and times.end_s - times.start_s == pytest.approx(12)
    assert time_map(long, 12.0, whole=True).end_s == pytest.approx(long.duration_s)


def test_cuts_fall_on_beats_where_there_are_any():
    beats = np.arange(0.1, 8, 0.5)
    cuts = on_beats([0.9, 2.3, 2.5, 5.0, 7.9], 8.0, beats)
    assert all(np.abs(beats - cut).min() < 1e-6 for cut in cuts)
    edges = [0.0, *cuts, 8.0]
    assert min(np.diff(edges)) >= 0.4


# ------------------------------------------------------------------------------------------------------------- camera
def pan_film(turn=1.0, **of):
    t = np.arange(6 * 12 + 1) / 12
    pan = (turn * 14 * np.sin(2.1 * t)).astype(np.float32)
    tilt = (4 * np.cos(1.3 * t)).astype(np.float32)
    return film(lengths=(2.0, 1.5, 2.5), curves={"camera.pan": pan, "camera.tilt": tilt}, **of)


def test_the_camera_turns_as_the_reference_does(studio):
    seen = replace(seen_film(roles=("camera", "pacing")), film=pan_film())
    direction, brief = directed(studio, seen)
    world = unroll(direction)
    found = measured_against(steering_of([seen], Brief(goal="")), direction, world, _take(studio, direction, brief, seen))
    assert found["ref.1.camera.correlation"] > 0.7 > found["ref.1.camera.shuffled"] + 0.2
    assert found["ref.1.pacing.cut_correlation"] > 0.9 > found["ref.1.pacing.shuffled"] + 0.2
    back = replace(seen, film=pan_film(turn=-1.0))
    other, _ = directed(studio, back)
    yaw = [shot.camera.curves["yaw_deg"] for shot in direction.shots]
    turned = [shot.camera.curves["yaw_deg"] for shot in other.shots]
    assert all(np.corrcoef([v for _, v in a], [v for _, v in b])[0, 1] < -0.9 for a, b in zip(yaw, turned, strict=True))


def _take(studio, direction, brief, *seen):
    return measured(studio, direction, brief, *seen).video


def test_motion_goes_with_the_reference(studio):
    seen = seen_film(roles=("pacing", "motion"), lengths=(3.0, 3.0))
    direction, brief = directed(studio, seen, words="a boat on the ocean, music off")
    take = measured(studio, direction, brief, seen)
    assert take.measured["ref.1.pacing.motion_correlation"] > take.measured["ref.1.pacing.motion_shuffled"] + 0.1


# --------------------------------------------------------------------------------------------------------------- look
def test_a_take_is_nearer_to_its_own_palette_than_to_another(studio):
    warm, cold = seen_image(1, palette=WARM), seen_image(1, palette=COLD)
    far = {}
    for name, own, other in (("warm", warm, cold), ("cold", cold, warm)):
        direction, brief = directed(studio, own, words="mountains")
        take = measured(studio, direction, brief, own)
        steering = steering_of([other], brief)
        against = measured_against(steering, direction, unroll(direction), take.video)
        far[name] = (take.measured["ref.1.palette.distance"], against["ref.1.palette.distance"])
        assert json.loads((take.dir / "take.json").read_text())["brief"]["references"][0]["roles"] == ["palette"]
    assert far["warm"][0] < far["warm"][1] and far["cold"][0] < far["cold"][1], far


def test_palette_distance_is_a_distance():
    assert palette_distance(WARM, WARM) == pytest.approx(0, abs=1e-9)
    assert palette_distance(WARM, COLD) == pytest.approx(palette_distance(COLD, WARM))
    near = tuple(replace(s, hue_deg=s.hue_deg + 8) for s in WARM)
    assert palette_distance(WARM, near) < palette_distance(WARM, COLD)
    roles = roles_of(WARM)
    assert len(roles) == 6 and palette_distance(stock("", roles), WARM) < palette_distance(stock("", roles), COLD)


def test_a_medium_becomes_a_look():
    assert look_of(picture(medium="pixelated"))[0] == "pixel"
    grey = (Swatch(0.9, 0.004, 0, 0.8), Swatch(0.2, 0.004, 0, 0.2))
    assert look_of(picture(grey, medium="drawn"))[0] == "pencil"
    assert look_of(picture(medium="photo"))[0] == "photoreal"


# ------------------------------------------------------------------------------------------------------------- layout
def test_a_layout_goes_where_it_belongs(studio):
    line = tuple(np.linspace(0.7, 0.3, 32).tolist())
    drawn = SketchCues((320, 180), (), 0.6, np.array(line, np.float32), (0.1, 0.5, 0.2, 0.8), (0.8, 0.2), None, (), 0.05,
                       0.8)
    seen = Seen(1, Path("s.png"), "ref:1", "sketch", ("layout", "subject"), sketch=drawn)
    direction, _ = directed(studio, seen)
    shot = direction.shots[0]
    if hasattr(shot.world.ground, "skyline"):
        assert shot.world.ground.skyline == pytest.approx(line, abs=1e-3)
        assert shot.world.light.sun_at == (0.8, 0.2) and shot.camera.horizon == pytest.approx(0.6)
    assert with_layout(shot, Layout()) == shot


def test_brief_traits_of_references_are_not_words():
    trait = Trait(axis="palette", value="mars", because="x", reference=1)
    steering = steering_of([seen_image()], Brief(goal="", traits=(trait,)))
    assert steering.lead("palette") is not None


def test_a_style_brings_its_colours_unless_others_have_them():
    style = seen_image(1, roles=("style",), name="style.png")
    assert steering_of([style], Brief(goal="")).lead("palette") is style
    own = seen_image(2, roles=("palette",), name="own.png")
    assert steering_of([style, own], Brief(goal="")).lead("palette") is own
    said = Brief(goal="", traits=(Trait(axis="palette", value="mars", because="mars"),))
    assert steering_of([style], said).lead("palette") is None


def test_an_arrow_moves_what_it_crosses(studio):
    drawn = SketchCues((320, 180), (), None, None, None, None, None, (Arrow((0.2, 0.5), (0.7, 0.5)),), 0.02, 0.8)
    seen = Seen(1, Path("s.png"), "ref:1", "sketch", ("motion",), sketch=drawn)
    direction, brief = directed(studio, seen)
    brush = direction.shots[0].brushes[0]
    assert brush.direction[0] > 0.05 and abs(brush.direction[1]) < 1e-6
    assert brief.references[0].used == ("motion: what s.png sets in motion flows in the picture",)
    assert not directed(studio)[0].shots[0].brushes


def test_a_hand_leads_the_camera(studio):
    t = np.arange(49) / 12
    hand = GestureCues(4.0, (), {"camera.pan": (10 * np.sin(1.5 * t)).astype(np.float32)}, 12.0, ())
    seen = Seen(1, Path("g.json"), "ref:1", "gesture", ("camera",), gesture=hand)
    direction, _ = directed(studio, seen, words="an empty desert, nobody there", duration_s=4.0)
    rates = rates_of(unroll(direction))["camera.pan"]
    wanted = np.interp(np.arange(len(rates)) / 12, t, hand.camera["camera.pan"])
    assert np.corrcoef(rates, wanted)[0, 1] > 0.7


def test_agreement_of_a_film_with_itself_and_with_another():
    one = replace(pan_film(setting={"lake": 0.9}), duration_s=6.0)
    other = film(lengths=(1.0, 3.2, 1.8), palette=COLD, key=0.2)
    same = agreement(one, one, time_map(one, 6.0, whole=True))
    differs = agreement(one, other, time_map(one, 6.0, whole=True))
    assert same["cut_f1"] == 1 and same["palette_distance"] == pytest.approx(0) and same["camera_correlation"] > 0.99
    assert differs["cut_f1"] < 1 and differs["palette_distance"] > 0.1 and differs["light_difference"] > 0.2


def test_a_film_made_again_has_its_places_cuts_and_transitions(studio):
    shots = (FilmShot(0.0, 2.5, "start", picture(setting={"ocean": 0.9}), 0.3),
             FilmShot(2.5, 6.0, "dissolve", picture(COLD, setting={"desert": 0.9}, subject=(0.6, 0.4, 0.8, 0.9)), 0.3))
    model = replace(film(), shots=shots)
    seen = Seen(1, Path("m.mp4"), "ref:1", "film", ("all", "pacing", "content", "subject", "style"), film=model)
    direction, _ = _again(studio, seen)
    assert cuts_of(direction) == [2.5] and direction.shots[1].cut == "dissolve"
    assert [max(shot.world.place, key=shot.world.place.get) for shot in direction.shots] == ["ocean", "desert"]
    assert not direction.shots[0].world.bodies and direction.shots[1].world.bodies[0].frame_at == (0.7, 0.65)
    assert direction.size_px[0] / direction.size_px[1] == pytest.approx(320 / 180, rel=0.02)


def _again(studio, seen):
    referred = Referred((seen,), "")
    brief = with_references(Brief(goal="recreate this"), referred)
    return studio.direct(Request(prompt="recreate this", seed=2), brief, None, referred)


def test_a_story_keeps_its_steps_under_a_reference(studio):
    still = seen_film(lengths=(6.0,))
    direction, _ = directed(studio, still, words="first a meadow, then the ocean", duration_s=8.0)
    places = [max(shot.world.place, key=shot.world.place.get) for shot in direction.shots]
    assert places[0] == "meadow" and places[-1] == "ocean"
    plain, _ = directed(studio, still, words="a meadow", duration_s=8.0)
    assert len(plain.shots) == 1


def test_a_recording_gives_its_bars_as_cuts(studio):
    from tests.test_director import cues

    track = cues(duration_s=8.0, tempo=120.0, first_s=0.0)
    song = Seen(1, Path("song.wav"), "ref:1", "audio", ("pacing",), music=track)
    direction, brief = directed(studio, song, duration_s=8.0)
    assert cuts_of(direction) == [2.0, 4.0, 6.0] and direction.music.source == "score"
    assert not any(trait.reference for trait in brief.traits)
    taps = Seen(1, Path("tap.wav"), "ref:1", "rhythm", ("rhythm", "pacing"),
                music=replace(track, beats_s=np.array([0.5, 1.5, 2.0, 4.0, 6.5]), beat_confidence=0.9))
    direction, _ = directed(studio, taps, duration_s=8.0)
    assert cuts_of(direction) == pytest.approx([0.5, 1.5, 2.0, 4.0, 6.5]) and direction.music.tempo_bpm == 120.0
