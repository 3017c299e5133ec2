"""Laws of what is read and then filmed: screenplays, lyrics, times, counted sections, denials, growing weather."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image, ImageDraw

from agent.brief import Brief, Trait
from agent.direction import Direction
from agent.director import direct
from agent.director_track import with_steps
from agent.director_wishes import wishes_of
from agent.interpret import interpret
from agent.interpret_open import DictionaryOnly
from agent.interpret_roles import roles_said, without_names
from agent.pacing import Stretch
from agent.request import Reference, Request
from agent.studio import Plan, Studio
from agent.unroll import unroll
from agent.unroll_spans import spans_s
from modalities.perceive.picture import VERSION
from modalities.registry import default_registry
from modalities.seeing import cache_path
from modalities.store import Store
from ui_gen.compose import panel_for

PLAIN = DictionaryOnly()
SCRIPT = """INT. FARMHOUSE - NIGHT

A small red fox sits at the window. Rain.

CUT TO:

EXT. FOREST - DAWN

Mist between the trees. No birds.

DISSOLVE TO:

EXT. OCEAN - SUNSET

A boat on calm waves.

CLOSE ON the boat.

FADE OUT.
"""
LRC = "[00:02.00]rain over the city\n[00:08.00]birds fly over the sea\n[00:14.00]snow in the forest\n[00:20.00]oh\n"


@pytest.fixture
def studio(tmp_path: Path) -> Studio:
    return Studio(Store(tmp_path / "p").open(), default_registry(), panel_for)


def planned(studio: Studio, prompt: str = "", *paths: Path, duration_s: float | None = None) -> Plan:
    references = tuple(Reference(path=path) for path in paths)
    return studio.plan(Request(prompt=prompt, references=references, duration_s=duration_s), lambda _: None)


def filmed(prompt: str, duration_s: float | None = None) -> Direction:
    return direct(interpret(prompt, embed=PLAIN), None, duration_s=duration_s, seed=1)


def at(direction: Direction, time_s: float) -> int:
    return next(k for k, (start, end) in enumerate(spans_s(direction)) if start <= time_s < end)


def place(direction: Direction, k: int) -> str:
    found = direction.shots[k].world.place
    return max(found, key=lambda name: found[name])


def kinds(direction: Direction, k: int) -> set[str]:
    return {body.kind for body in direction.shots[k].world.bodies}


# --- Screenplays ----------------------------------------------------------------------------------------------------
def test_a_screenplay_is_filmed_scene_by_scene(studio: Studio) -> None:
    film = planned(studio, SCRIPT).direction
    spans, places = spans_s(film), [place(film, k) for k in range(len(film.shots))]
    assert list(dict.fromkeys(places)) == ["village", "forest", "ocean"] and film.duration_s == pytest.approx(22.5)
    for k in range(len(film.shots)):
        assert kinds(film, k) == {"village": {"fox"}, "forest": set(), "ocean": {"boat"}}[places[k]]
    forest, ocean = places.index("forest"), places.index("ocean")
    assert spans[forest][0] == pytest.approx(7.5) and spans[ocean][0] == pytest.approx(15.0)
    assert film.shots[forest].cut == "hard" and film.shots[ocean].cut == "dissolve"
    assert film.shots[-1].ending == "fade" and film.shots[-1].camera.scale == "close"
    # A cut shows nothing of what is to come.
    assert "/world/light/time_h" not in film.shots[forest - 1].curves


def test_a_screenplay_lasts_as_long_as_it_is_told(studio: Studio, tmp_path: Path) -> None:
    (tmp_path / "s.fountain").write_text(SCRIPT)
    whole = planned(studio, "watercolour", tmp_path / "s.fountain").direction
    short = planned(studio, "watercolour", tmp_path / "s.fountain", duration_s=12.0).direction
    assert whole.duration_s == pytest.approx(22.5) and short.duration_s == 12.0
    for film in (whole, short):
        third = film.duration_s / 3
        assert [place(film, at(film, third * k + 0.1)) for k in range(3)] == ["village", "forest", "ocean"]
        assert {shot.world.look for shot in film.shots} == {"watercolour"}


def test_the_words_of_a_screenplay_give_no_reference_a_role(studio: Studio, tmp_path: Path) -> None:
    picture = Image.new("RGB", (160, 90), "navy")
    ImageDraw.Draw(picture).rectangle([0, 60, 160, 90], fill="olive")
    picture.save(tmp_path / "a.png")
    script = SCRIPT.replace("A boat on calm waves.", "A boat. The colours of the photo, not the light.")
    plan = planned(studio, script, tmp_path / "a.png")
    assert "usually" in plan.brief.references[0].because
    assert [place(plan.direction, k) for k in (0, -1)] == ["village", "ocean"]


def test_a_fade_out_ends_in_black_and_changes_nothing_else() -> None:
    film = filmed("a fox in the snow, fade out at the end", 5.0)
    plain = film.model_copy(update={"shots": tuple(s.model_copy(update={"ending": "hard"}) for s in film.shots)})
    faded, bare = unroll(film).state.light[:, -1], unroll(plain).state.light[:, -1]
    assert float(faded[-1] - bare[-1]) <= -7.9 and (faded[:-24] == bare[:-24]).all()
    assert film.shots[-1].ending == "fade" and filmed("a fox in the snow", 5.0).shots[-1].ending == "hard"


@pytest.mark.parametrize(("words", "cut"), [("cut to a lake", "hard"), ("dissolving into a lake", "dissolve"),
                                            ("fade to black, then a lake", "fade")])
def test_how_a_step_begins_is_filmed(words: str, cut: str) -> None:
    film = filmed(f"a forest, {words}", 14.0)
    lake = next(k for k in range(len(film.shots)) if place(film, k) == "lake")
    assert lake > 0 and film.shots[lake].cut == cut and "black" not in str(film.shots[lake].world.palette)


# --- Lyrics ---------------------------------------------------------------------------------------------------------
def test_lyrics_are_seen_at_their_times(studio: Studio, tmp_path: Path) -> None:
    (tmp_path / "l.lrc").write_text(LRC)
    film = planned(studio, "cel animation", tmp_path / "l.lrc").direction
    for time_s, name in ((2.0, "city"), (8.0, "ocean"), (14.0, "forest")):
        k = at(film, time_s + 0.01)
        assert spans_s(film)[k][0] == pytest.approx(time_s, abs=0.01) and place(film, k) == name
    rain = [film.shots[at(film, time_s)].world.weather.rain for time_s in (2.5, 8.5, 14.5)]
    assert rain[0] > 0.3 and rain[1] < 0.05 and rain[2] < 0.05
    ordered = planned(studio, "first a desert, then a canyon", tmp_path / "l.lrc")
    assert {place(ordered.direction, k) for k in range(len(ordered.direction.shots))} <= {"desert", "canyon"}
    assert all(t.part is None for t in ordered.brief.traits if t.reference == 1)


# --- Times and counted sections -------------------------------------------------------------------------------------
def test_what_holds_from_one_time_to_another_ends() -> None:
    film = filmed("a forest, rain from 0:10 to 0:20")
    assert film.duration_s > 20
    for k, (start, end) in enumerate(spans_s(film)):
        inside = start >= 10 - 1e-6 and end <= 20 + 1e-6
        assert inside or end <= 10 + 1e-6 or start >= 20 - 1e-6
        assert (film.shots[k].world.weather.rain > 0.3) == inside and place(film, k) == "forest"
    later = filmed("a forest, from 0:05 to 0:10 a fox, then a city")
    assert place(later, at(later, 10.01)) == "city" and spans_s(later)[at(later, 10.01)][0] == pytest.approx(10)


def test_weather_grows_from_the_time_that_was_given() -> None:
    for words, more in (("the rain gets heavier after 10 seconds, a forest", True),
                        ("a forest in the rain, after 10 seconds it gets lighter", False)):
        film = filmed(words, 20.0)
        rain = [(start, film.shots[k].world.weather.rain) for k, (start, _) in enumerate(spans_s(film))]
        before, after = [r for start, r in rain if start < 9.9], [r for start, r in rain if start >= 9.9]
        assert min(before + after) > 0.1
        assert min(after) > max(before) + 0.15 if more else max(after) < min(before) - 0.1


@pytest.mark.parametrize(("when", "start_s"), [("at the second chorus", 30.0), ("after the second chorus", 40.0),
                                               ("at the first chorus", 10.0), ("at the last chorus", 50.0),
                                               ("after the ninth chorus".replace("ninth", "fourth"), 50.0)])
def test_sections_are_counted(when: str, start_s: float) -> None:
    names = ("verse", "chorus", "verse", "chorus", "bridge", "chorus")
    song = [Stretch(name, name[0], 10.0 * k, 10.0 * k + 10, 0.5) for k, name in enumerate(names)]
    steps = wishes_of(interpret(f"a lake, {when} it snows", embed=PLAIN)).steps
    placed = with_steps(song, steps, 60.0)
    assert min(stretch.start_s for stretch in placed if stretch.part == 1) == start_s


def test_a_section_gives_way_to_a_time_that_was_given() -> None:
    song = [Stretch("verse", "A", 0.0, 8.25, 0.5), Stretch("chorus", "B", 8.25, 20.0, 0.8)]
    steps = wishes_of(interpret("a lake, at 0:08 it snows", embed=PLAIN)).steps
    assert [(s.start_s, s.part, s.exact) for s in with_steps(song, steps, 20.0)] == [(0.0, 0, False), (8.0, 1, True)]


# --- Who is not there -----------------------------------------------------------------------------------------------
@pytest.mark.parametrize("empty", ["an empty lake", "a lake with no one", "a deserted lake", "a lake without anyone"])
def test_nobody_comes_along_into_an_empty_step(empty: str) -> None:
    film = filmed(f"first a forest with a fox, then {empty}", 14.0)
    for k in range(len(film.shots)):
        if place(film, k) == "lake":
            assert kinds(film, k) == set()
    assert any("fox" in kinds(film, k) for k in range(len(film.shots)))


def test_a_denial_in_a_step_holds_there_alone() -> None:
    film = filmed("first mountains without snow, then snow over the mountains", 14.0)
    assert film.shots[0].world.weather.snow == 0 and film.shots[-1].world.weather.snow > 0.3
    traits = (Trait(axis="setting", value="forest", because="", part=0),
              Trait(axis="body", value={"kind": "bird"}, because="", part=0),
              Trait(axis="body", value={"kind": "bird"}, because="birds", part=1, negated=True),
              Trait(axis="setting", value="lake", because="", part=1))
    birds = direct(Brief(goal="x", traits=traits), None, duration_s=14.0, seed=2)
    for k in range(len(birds.shots)):
        assert place(birds, k) == "forest" or "bird" not in kinds(birds, k)
    assert any("bird" in kinds(birds, k) for k in range(len(birds.shots)))


# --- Jobs in words --------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(("words", "have", "roles"), [
    ("use the sketch only for where things stand", ["sketch"], {0: ("layout",)}),
    ("make the photo move like the film", ["image", "film"], {1: ("motion",)}),
    ("let the drums decide when to cut", ["audio"], {0: ("pacing",)}),
    ("cut like the film", ["film"], {0: ("pacing",)}), ("cut it like the film", ["film"], {0: ("pacing",)}),
    ("film it like the clip", ["film"], {0: ("camera",)}), ("draw it like the sketch", ["sketch"], {0: ("style",)}),
    ("let the song decide how it feels", ["audio"], {0: ("mood",)}),
    ("the photo decides which colours to use", ["image"], {0: ("palette",)}),
    ("cut when the drums hit", ["audio"], {0: ("rhythm",)}),
    ("let the film decide how the camera moves", ["film"], {0: ("camera",)})])
def test_jobs_in_other_words(words: str, have: list[str], roles: dict[int, tuple[str, ...]]) -> None:
    names = ["a.mp4", "b.png"][:len(have)]
    for prompt in (words, f"A boat at noon. {words}.", f"{words}. A boat at noon."):
        found, rest = roles_said(prompt, have, names)
        assert found == roles and rest.strip(". ") in ("", "A boat at noon"), prompt


@pytest.mark.parametrize("name", ["the sketch", "my drawing", "this photo", "sketch.png"])
def test_a_name_of_a_reference_is_no_look(name: str) -> None:
    have = ["image" if "photo" in name else "sketch"]
    rest = without_names(f"{name} comes alive in the snow", have, ["sketch.png"])
    assert not [t for t in interpret(rest, embed=PLAIN).traits if t.axis == "look"]
    for prompt in ("a pencil sketch of a fox", "a fox, drawn as a photo", "no sketch"):
        assert without_names(prompt, have, ["a.png"]) == prompt


def test_caches_of_pictures_are_dated(tmp_path: Path) -> None:
    assert VERSION >= 2
    assert cache_path(Store(tmp_path / "p").open(), "0" * 64, "image").name.endswith(f"-{VERSION}.npz")
