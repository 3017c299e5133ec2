"""Laws of taste: empty changes nothing, learning is counted once and in any order, off is none, the file is safe."""

from __future__ import annotations

import json
import math
import multiprocessing
import os
from dataclasses import replace
from pathlib import Path

import pytest

from agent.brief import Brief, Trait
from agent.direction import Direction
from agent.director import direct
from agent.profile import Profile, changed, load, path_of, profile_bias, with_choices
from agent.profile_axes import AXES, difference, features, known
from agent.profile_fit import Choice, fitted
from agent.profile_lean import leaned_axes, note_of, open_axes, with_taste
from agent.profile_learn import choices_of, learn, learn_taken
from agent.profile_words import sentences
from agent.variations import seeds_apart
from modalities.faults import Unusable
from modalities.store import Store
from modalities.take_labels import set_label
from ui_gen.command_line.run import main


def brief_of(**said: object) -> Brief:
    return Brief(goal="a film", traits=tuple(Trait(axis=axis, value=value, because="said")
                                             for axis, value in said.items()))


def film(seed: int = 1, **said: object) -> Direction:
    return direct(brief_of(**said), None, seed=seed)


def take(store: Store, direction: Direction, parent: str | None = None, reason: str = "", job: str = "",
         number: int = 0) -> str:
    """A take without its media, as far as taste looks at one."""
    with store.making() as folder:
        return store.publish(folder, {
            "parent": parent, "reason": reason, "engine": "sim", "seed": direction.seed, "job": job,
            "duration_s": direction.duration_s, "wall_s": 1.0, "measured": {},
            "made_at": f"2026-11-26T10:00:{number:02d}+00:00"}, direction.model_dump(mode="json"), {}).id


def chosen(good: Direction, bad: Direction, number: int = 0, kind: str = "starred") -> Choice:
    return Choice(f"k{number}", f"2026-11-26T10:{number // 60:02d}:{number % 60:02d}", kind, 1.0,
                  tuple(sorted(difference(features(good), [features(bad)]).items())))


def learnt(*choices: Choice) -> Profile:
    return with_choices(Profile(), {one.key: one for one in choices})


@pytest.fixture(scope="module")
def noir() -> Profile:
    """Somebody who kept noir and slow cameras eight times."""
    return learnt(*(chosen(film(k, look="noir", speed={"of": "camera", "factor": 0.5}), film(k), k) for k in range(8)))


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Store:
    store = Store(tmp_path_factory.mktemp("taste-project")).open()
    first = take(store, film(1))
    kept = take(store, film(1, look="noir"), first, number=1)
    take(store, film(1, look="cel"), first, number=2)
    take(store, film(2, look="noir", light="night"), kept, number=3)
    take(store, film(5, look="noir", light="night", weather="fog"), kept, number=4)
    set_label(store, kept, starred=True)
    set_label(store, "t0003", discarded=True)
    return store


def env(tmp_path: Path) -> dict[str, str]:
    return {"BEECAM_PROFILE": str(tmp_path / "taste.json")}


@pytest.mark.parametrize("profile", [None, Profile(), Profile(on=False, pins=(("look", "noir", 1.0),))])
def test_an_empty_profile_and_one_that_is_off_change_nothing(profile: Profile | None):
    for seed in range(3):
        for brief in (brief_of(), brief_of(body={"kind": "fox"}), brief_of(genre="jazz", light="night")):
            leaned = with_taste(brief, profile, seed)
            assert leaned == brief
            assert direct(leaned, None, seed=seed) == direct(brief, None, seed=seed)
            assert note_of(profile, leaned, film(seed)) == ""
    assert profile_bias(profile) is None


def test_a_taste_leans_what_is_open_and_says_so(noir: Profile):
    shown = 0
    for seed in range(8):
        brief = with_taste(brief_of(), noir, seed)
        direction = direct(brief, None, seed=seed)
        assert {"look", "camera_speed"} <= set(leaned_axes(brief))
        assert features(direction)["camera_speed +"] < features(film(seed))["camera_speed +"] - 0.2
        looks, note = {shot.world.look for shot in direction.shots}, note_of(noir, brief, direction)
        assert "slow cameras (8 of 8)" in note and note.count(" of 8)") <= 5
        assert direct(Brief.model_validate_json(brief.model_dump_json()), None, seed=seed) == direction
        assert with_taste(brief, Profile(), seed) == brief_of()
        shown += looks == {"noir"}
    # Most are, and not all: a seed draws from what is known.
    assert 4 <= shown <= 8


@pytest.mark.parametrize("axis, value", [
    ("look", "cel"), ("setting", "desert"), ("palette", "candy"), ("weather", "snow"), ("camera", "pan"),
    ("genre", "waltz"), ("light", "noon"), ("tempo_bpm", 150.0), ("speed", {"of": "camera", "factor": 2.0}),
    ("pacing", "fast")])
def test_what_was_said_is_never_overridden(axis: str, value: object):
    pins = (("camera", "orbit", 1.0), ("camera_speed", "0.3", 1.0), ("cut_rate", "4", 1.0), ("genre", "jazz", 1.0),
            ("hour", "23", 1.0), ("look", "noir", 1.0), ("palette", "mono", 1.0), ("setting", "space", 1.0),
            ("tempo", "60", 1.0), ("weather", "rain", 1.0))
    profile = Profile(pins=pins)
    said = brief_of(**{axis: value})
    mine = {"light": "hour", "tempo_bpm": "tempo", "speed": "camera_speed", "pacing": "cut_rate"}.get(axis, axis)
    assert mine not in open_axes(said) and mine in open_axes(brief_of())
    leaned = with_taste(said, profile, 1)
    assert mine not in leaned_axes(leaned) and len(leaned_axes(leaned)) >= 7
    one, other = direct(leaned, None, seed=1), direct(said, None, seed=1)
    if axis in ("look", "palette"):
        assert {getattr(shot.world, axis) if axis == "look" else shot.world.palette.name for shot in one.shots} == {value}
    if axis == "setting":
        assert all("space" not in shot.world.place for shot in one.shots)
    if axis == "weather":
        assert all(shot.world.weather.rain == 0 and shot.world.weather.snow > 0 for shot in one.shots)
    if axis == "light":
        assert abs(one.shots[0].world.light.time_h - other.shots[0].world.light.time_h) < 0.1
    if axis in ("genre", "tempo_bpm"):
        assert one.score and (one.score.genre == value or one.score.tempo_bpm == value)


def test_what_was_refused_does_not_come_back():
    profile = Profile(pins=(("body", "bird", 1.0), ("look", "noir", 1.0), ("weather", "rain", 1.0)))
    no = tuple(Trait(axis=axis, value=value, because="no", negated=True)
               for axis, value in (("look", "noir"), ("weather", "rain"), ("body", {"kind": "bird"})))
    direction = direct(with_taste(Brief(goal="a film", traits=no), profile, 1), None, seed=1)
    assert all(shot.world.look != "noir" and shot.world.weather.rain == 0 for shot in direction.shots)
    assert all(body.kind != "bird" for shot in direction.shots for body in shot.world.bodies)


def test_a_reference_and_a_mood_close_what_they_give():
    mood = Brief(goal="x", traits=(Trait(axis="genre", value="jazz", because="mood", confidence=0.4),
                                   Trait(axis="palette", value="jewel", because="mood", confidence=0.1)))
    assert "genre" not in open_axes(mood) and "palette" in open_axes(mood)
    given = Brief.model_validate({"goal": "x", "references": [
        {"id": "ref:0", "kind": "image", "path": "a.png", "roles": ["palette"]}]})
    assert not {"palette", "colour"} & open_axes(given) and "look" in open_axes(given)
    assert not {"genre", "tempo", "cut_rate"} & open_axes(Brief(goal="x"), played=True)


def test_learning_twice_is_learning_once_and_labels_can_be_taken_back(project: Store, tmp_path: Path):
    once = learn(env(tmp_path), project)
    again = learn(env(tmp_path), project)
    assert once.new == len(once.profile.choices) >= 4 and (again.new, again.gone) == (0, 0)
    assert again.profile == once.profile == load(env(tmp_path))
    kinds = {one.kind for one in once.profile.choices}
    assert kinds >= {"starred", "discarded", "edited"}
    assert any("noir looks" in line for line in sentences(once.profile, least=0.5))
    set_label(project, "t0003", discarded=False)
    back = learn(env(tmp_path), project, ["t0003"])
    set_label(project, "t0003", discarded=True)
    assert "discarded" not in {one.kind for one in back.profile.choices}
    assert learn(env(tmp_path), project).profile == once.profile


def test_the_order_of_learning_does_not_matter(project: Store, tmp_path: Path):
    ids = project.ids()
    one, other = env(tmp_path / "a"), env(tmp_path / "b")
    for take_id in ids:
        learn(one, project, [take_id])
    for take_id in reversed(ids):
        learn(other, project, [take_id, "t9999"])
    assert load(one) == load(other) == learn(env(tmp_path), project).profile


def test_forget_then_learn_is_learn(project: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("BEECAM_PROFILE", str(tmp_path / "taste.json"))
    first = learn(os.environ, project).profile
    for words in (["look"], ["--all"]):
        assert main(["taste", "forget", *words]) == 0
        left = load(os.environ)
        assert not any(name.startswith("look ") for one in left.choices for name, _ in one.difference)
        assert bool(left.choices) == (words == ["look"])
        assert learn(os.environ, project).profile == first


def test_contradicting_choices_cancel():
    a, b = film(1, look="noir", light="night"), film(1, look="cel", light="noon")
    taste = learnt(chosen(a, b, 0), chosen(b, a, 1), chosen(a, b, 2), chosen(b, a, 3)).taste
    assert abs(taste.worth(features(a)) - taste.worth(features(b))) < 0.1
    sure = learnt(*(chosen(a, b, k) for k in range(4))).taste
    assert sure.worth(features(a)) - sure.worth(features(b)) > 1.0


def test_certainty_grows_and_newer_choices_count_more():
    a, b = film(1, look="noir"), film(1, look="cel")
    few, many = (learnt(*(chosen(a, b, k) for k in range(count))).taste for count in (1, 12))
    assert 0.5 < few.sure("look noir") < many.sure("look noir") < 1.0
    changed_mind = learnt(*(chosen(a, b, k) for k in range(40)), *(chosen(b, a, 40 + k) for k in range(40))).taste
    assert changed_mind.mean["look cel"] > changed_mind.mean["look noir"]


def test_a_number_has_a_best_place_and_is_not_pushed_past_it():
    def at(factor: float) -> Direction:
        return film(1, speed={"of": "camera", "factor": factor})

    taste = learnt(*(chosen(at(1.0), at(0.35 if k % 2 else 2.8), k) for k in range(20))).taste
    worth = [taste.worth(features(at(factor))) for factor in (0.35, 1.0, 2.8)]
    assert worth[1] > max(worth[0], worth[2]) + 0.5


def test_off_learns_nothing_and_on_goes_on(project: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("BEECAM_PROFILE", str(tmp_path / "taste.json"))
    assert main(["taste", "set", "look", "noir", "1"]) == 0 and main(["taste", "off"]) == 0
    assert learn(os.environ, project).off and load(os.environ).choices == ()
    assert learn_taken(os.environ, film(1, look="noir"), [film(1)]) == "" and not load(os.environ).leans
    assert main(["taste", "learn", "--project", str(project.root)]) == 2
    assert main(["taste", "on"]) == 0 and load(os.environ).leans


def test_ideas_taken_count_over_those_passed_over(tmp_path: Path):
    environ = env(tmp_path)
    for _ in range(2):
        assert learn_taken(environ, film(1, look="ink"), [film(1, look="cel"), film(1, look="clay")]) == ""
    profile = load(environ)
    assert [one.kind for one in profile.choices] == ["taken"] and profile.taste.mean["look ink"] > 0
    store = Store(tmp_path / "p").open()
    before = film(1)
    first = take(store, before)
    patches = [[{"op": "replace", "path": f"/shots/{k}/world/look", "value": look} for k in range(len(before.shots))]
               for look in ("ink", "cel")]
    folder = store.root / "ideas" / "t0001-1"
    folder.mkdir(parents=True)
    (folder / "ideas.json").write_text(json.dumps({
        "asked": {"what": first}, "before": before.model_dump(mode="json"),
        "ideas": [{"title": "In ink", "patch": patches[0]}, {"title": "In cel", "patch": patches[1]}]}))
    (store.root / "ideas" / "bad").mkdir()
    (store.root / "ideas" / "bad" / "ideas.json").write_text("[" * 100_000)
    take(store, film(1, look="ink"), first, "In ink", number=1)
    found = [one for one in choices_of(store).values() if one]
    assert [one.kind for one in found] == ["taken"]
    assert dict(found[0].difference)["look ink"] > 0 > dict(found[0].difference)["look cel"]


@pytest.mark.parametrize("text", [
    "", "{", "[]", "[" * 200_000, '{"format":"beecam-taste/1","on":1,"set":{},"choices":[]}',
    '{"format":"beecam-taste/1","on":true,"set":{"look":{"noir":NaN}},"choices":[]}',
    '{"format":"beecam-taste/1","on":true,"set":{"look":{"noir":1e999}},"choices":[]}',
    '{"format":"beecam-taste/1","on":true,"set":{"look":{"../etc":1}},"choices":[]}',
    '{"format":"beecam-taste/1","on":true,"set":{},"choices":[{"key":"a","at":"b","kind":"starred","weight":1,'
    '"difference":{"look noir":1e99}}]}', "\x00\xff" * 40, '{"format":"beecam-taste/1"}'])
def test_a_damaged_profile_is_said_and_kept_aside(text: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
                                                  capsys: pytest.CaptureFixture[str]):
    path = tmp_path / "taste.json"
    path.write_bytes(text.encode("latin-1"))
    monkeypatch.setenv("BEECAM_PROFILE", str(path))
    found = load(os.environ)
    assert "damaged" in found.fault and not found.leans and path.read_bytes() == text.encode("latin-1")
    assert main(["taste"]) == 0
    assert "It is kept as" in "".join(capsys.readouterr())
    assert (tmp_path / "taste-damaged-1.json").read_bytes() == text.encode("latin-1")
    assert load(os.environ) == Profile()


def test_a_profile_of_a_newer_version_is_left_alone(tmp_path: Path):
    path = tmp_path / "taste.json"
    path.write_text('{"format":"beecam-taste/2","new":[]}')
    assert "another version" in load(env(tmp_path)).fault
    with pytest.raises(Unusable, match="another version"):
        changed(env(tmp_path), lambda profile: replace(profile, on=False))
    assert path.read_text() == '{"format":"beecam-taste/2","new":[]}' and len(list(tmp_path.glob("taste*"))) == 1


@pytest.mark.parametrize("words", [
    ["set", "look", "noir", "nan"], ["set", "look", "noir", "2"], ["set", "look", "nope", "1"],
    ["set", "hour", "inf", "1"], ["set", "tempo", "slow", "-1"], ["set", "x" * 5000, "noir", "1"], ["set", "look"],
    ["forget"], ["forget", "everything"], ["forget", "look", "--all"], ["show", "look"], ["off", "--all"],
    ["set", "look", "\u202enoir", "1"]])
def test_bad_words_get_one_sentence(words: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    assert main(["taste", *words]) == 2
    said = capsys.readouterr().err.strip()
    assert said and "Traceback" not in said and len(said) < 600
    assert not path_of(os.environ).exists()


def test_a_folder_that_cannot_be_written_is_a_sentence(tmp_path: Path):
    (tmp_path / "file").write_text("")
    with pytest.raises(Unusable, match="cannot be written"):
        changed({"BEECAM_PROFILE": str(tmp_path / "file" / "taste.json")}, lambda profile: replace(profile, on=False))


@pytest.mark.parametrize("path", ["folder", "/dev/zero"])
def test_what_is_no_file_is_neither_read_nor_moved(path: str, tmp_path: Path):
    (tmp_path / "folder").mkdir()
    environ = {"BEECAM_PROFILE": str(tmp_path / path)}
    assert "is no file" in load(environ).fault
    with pytest.raises(Unusable):
        changed({"BEECAM_PROFILE": str(tmp_path / "folder")}, lambda profile: replace(profile, on=False))
    assert [one.name for one in tmp_path.iterdir() if not one.name.startswith(".")] == ["folder"]


def test_a_label_teaches_and_no_text_is_kept(project: Store, capsys: pytest.CaptureFixture[str]):
    assert main(["label", "t0002", "--note", "secret words", "--project", str(project.root)]) == 0
    assert load(os.environ).choices == ()
    assert main(["label", "t0002", "--star", "--project", str(project.root)]) == 0
    assert {one.kind for one in load(os.environ).choices} >= {"starred"}
    text = path_of(os.environ).read_text()
    assert "secret" not in text and "t0002" not in text and str(project.root) not in text and "a film" not in text
    assert main(["taste", "--json"]) == 0
    told = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert set(told["axes"]) <= set(AXES) and told["on"] and told["choices"] == len(load(os.environ).choices)
    assert all(math.isfinite(one["weight"]) and 0 <= one["kept"] <= one["of"] for v in told["axes"].values() for one in v)


def _write_some(path: str, name: str) -> None:
    for k in range(12):
        one = Choice(f"{name}{k}", "2026", "starred", 1.0, (("look noir", 0.5),))
        changed({"BEECAM_PROFILE": path}, lambda profile, one=one: with_choices(profile, {one.key: one}))


def test_two_writers_lose_nothing(tmp_path: Path):
    path = str(tmp_path / "taste.json")
    fork = multiprocessing.get_context("fork")
    writers = [fork.Process(target=_write_some, args=(path, name)) for name in "ab"]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join(30)
    assert [writer.exitcode for writer in writers] == [0, 0]
    assert len(load({"BEECAM_PROFILE": path}).choices) == 24
    assert not list(tmp_path.glob(".*.part"))


def test_where_the_profile_lies():
    assert path_of({"XDG_CONFIG_HOME": "/x", "HOME": "/h"}) == Path("/x/beecam/taste.json")
    assert path_of({"HOME": "/h"}) == Path("/h/.config/beecam/taste.json")
    assert path_of({"BEECAM_PROFILE": "/p.json", "XDG_CONFIG_HOME": "/x"}) == Path("/p.json")


def test_variations_come_in_the_order_of_taste_and_ideas_lean(noir: Profile):
    liking = profile_bias(noir)
    assert liking is not None and liking(film(1, look="noir")) > liking(film(1, look="cel"))
    looks = ("photoreal", "noir", "cel", "noir", "ink")

    def directed(seed: int) -> Direction:
        return film(seed, look=looks[seed % len(looks)])

    plain, leaned = seeds_apart(directed, 1, 5), seeds_apart(directed, 1, 5, None, liking)
    worth = [liking(directed(seed)) for seed in leaned[1:]]
    assert leaned[0] == plain[0] == 1 and worth == sorted(worth, reverse=True)
    assert seeds_apart(directed, 1, 5, None, None) == plain


def test_the_studio_leans_and_writes_it_into_the_brief(project: Store):
    from agent.request import Request
    from agent.studio import Studio
    from modalities.registry import default_registry

    studio = Studio(project, default_registry(), lambda direction, brief: {})
    request = Request(prompt="a film", seed=4)
    plain = studio.direct(request, brief_of(), None)
    studio.profile = lambda: Profile(pins=(("look", "ink", 1.0),))
    direction, brief = studio.direct(request, brief_of(), None)
    assert {shot.world.look for shot in direction.shots} == {"ink"} and leaned_axes(brief) == ("look",)
    assert brief.notes == ("Left open, so it leans to your taste: ink looks (as you set it).",)
    # Another Brief that came out of this one is not leaned twice, and words that are only tried on are not at all.
    assert studio.direct(request, brief, None) == (direction, brief)
    assert studio.direct(request, brief_of(), None, lean=False) == plain
    studio.profile = lambda: Profile(on=False, pins=(("look", "ink", 1.0),))
    assert studio.direct(request, brief_of(), None) == plain


def test_of_ideas_that_are_equally_far_the_liked_one_comes_first(noir: Profile, monkeypatch: pytest.MonkeyPatch):
    from agent import ideas_pictures
    from agent.ideas_search import chosen as shown
    from agent.ideas_types import Made
    from agent.ideas_weigh import Weighed

    class FakeLook:
        """All looks are equally far apart here."""

    monkeypatch.setattr(ideas_pictures, "distance", lambda one, other: 0.5)
    look: object = FakeLook()
    ideas = [Weighed(Made((), "all", film(1, look=name)), look, look, look, 0.5, 1.0, 9.0, 0.5, 0.5)
             for name in ("cel", "photoreal", "noir", "ink")]
    liking = profile_bias(noir)
    assert shown(ideas, 4)[0] is ideas[0]
    assert shown(ideas, 4, liking)[0] is ideas[2] and {id(one) for one in shown(ideas, 4, liking)} == set(map(id, ideas))


def test_the_fit_is_finite_for_anything_a_file_may_hold():
    wild = tuple(Choice(str(k), "", "starred", 1.0, (("look noir", 20.0 * (-1) ** k), ("camera_speed ²", 20.0),
                                                     ("of another version", 3.0))) for k in range(60))
    taste = fitted(wild, ())
    assert all(math.isfinite(value) for value in (*taste.mean.values(), *taste.spread.values()))
    assert not known("of another version") and "of another version" not in taste.mean
