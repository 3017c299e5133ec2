"""The written suite: its data files are well formed, every expectation can fail, and the scores hold their floors."""

from __future__ import annotations

from pathlib import Path

import pytest

from agent.direction import (
    Body,
    Camera,
    Direction,
    Grid,
    Light,
    Music,
    Palette,
    Section,
    Shot,
    ShotWorld,
    Span,
    Weather,
)
from agent.studio import Studio
from benchmarks import conversations, first_requests
from benchmarks.suite import Told, holds, load, only_parts, strayed
from benchmarks.suite_film import Film
from world_model.score import ScoreSpec
from world_model.vocabulary import BODIES, CAMERA_MOVES, GENRES, PALETTES, SCALES, SETTINGS, STYLES

REQUESTS, CONVERSATIONS = load("requests"), load("conversations")
KINDS = {"new", "edit", "answer", "go_to", "variations", "merge", "ideas", "label", "ask", "again"}

SUNG = Music(tempo_bpm=30, sections=tuple(Section(name=name, bars=(n, n + 1)) for n, name in enumerate(
    ("intro", "verse", "chorus", "chorus", "outro"))))


def crowded(k: int) -> Film:
    """A film that shows everything at once in the worst weather, one of many places, looks and bodies."""
    kinds = [BODIES[(6 * k + n) % len(BODIES)] for n in range(6)]
    shots = tuple(Shot(
        id=f"s{n}", span=Span(s=(20.0 * n, 20.0 * n + 20)), cut="fade",
        world=ShotWorld(place={SETTINGS[(k + 3 * n) % len(SETTINGS)]: 1.0}, light=Light(time_h=(3.1 * k + n) % 24),
                        weather=Weather(rain=1, snow=1, fog=1, cloud=1, storm=1, dust=1, aurora=1,
                                        wind_mps=0 if k % 2 else 30),
                        palette=Palette(name=list(PALETTES)[k % len(PALETTES)], chroma=k % 3),
                        look=list(STYLES)[k % len(STYLES)],
                        bodies=tuple(Body(id=kind, kind=kind, count=9, speed=4, glow=1) for kind in kinds)),
        camera=Camera(move=CAMERA_MOVES[(k + n) % len(CAMERA_MOVES)], scale=SCALES[k % len(SCALES)], speed=4 * (k % 2),
                      lens_mm=11 + k)) for n in range(2 + k % 3))
    score = ScoreSpec(genre=GENRES[k % len(GENRES)], tempo_bpm=31 + 11 * (k % 19), key=k % 12, minor=k % 2 == 0)
    return Film(Direction(shots=shots, duration_s=20.0 * len(shots), size_px=(16, 30), score=score, grid=Grid(fps=12 + k),
                          music=SUNG))


def plain() -> Film:
    world = ShotWorld(place={"meadow": 1.0}, weather=Weather(cloud=0, wind_mps=0))
    return Film(Direction(shots=(Shot(id="s1", span=Span(s=(0, 300)), world=world),), duration_s=300, size_px=(3000, 16),
                          music=SUNG))


def hectic() -> Film:
    shots = tuple(Shot(id=f"s{n}", span=Span(s=(n / 2, n / 2 + 0.5))) for n in range(12))
    return Film(Direction(shots=shots, duration_s=6))


WRONG = [plain(), hectic(), *(crowded(k) for k in range(24))]


def test_the_files_are_well_formed() -> None:
    assert len(REQUESTS) >= 120 and len(CONVERSATIONS) >= 60
    for items in (REQUESTS, CONVERSATIONS):
        assert len({item["id"] for item in items}) == len(items)
        halves = [item["half"] for item in items]
        assert set(halves) == {"dev", "held_out"} and abs(halves.count("dev") * 2 - len(halves)) <= 2
    assert len({item["say"] for item in REQUESTS}) == len(REQUESTS)
    for item in CONVERSATIONS:
        assert 3 <= len(item["turns"]) <= 8 and "kind" not in item["turns"][0], item["id"]
        for number, turn in enumerate(item["turns"][1:], start=2):
            assert set(turn["kind"].split("|")) <= KINDS, (item["id"], turn)
            assert int(str(turn.get("from", 1)).split(".")[0]) < number
            assert not only_parts(turn.get("only", "")), turn


@pytest.mark.parametrize("item", REQUESTS, ids=lambda item: item["id"])
def test_every_expectation_of_a_request_can_fail(item: dict) -> None:
    for want in item["want"]:
        where = want.partition("@")[2].strip()
        assert any(not holds(want, film) for film in WRONG if film.instants(where)), want


def test_every_expectation_of_a_turn_can_fail() -> None:
    one, two = WRONG[0], WRONG[6]
    for item in CONVERSATIONS:
        for turn in item["turns"]:
            for want in turn.get("want", ()):
                where = want.partition("@")[2].strip()
                tries = [(after, before) for after in WRONG[:6] for before in (two, after) if before.instants(where)]
                assert any(not holds(want, a, b, dict.fromkeys(range(1, 9), b), Told()) for a, b in tries), want
            if turn.get("only"):
                assert strayed(turn["only"], one, two), (item["id"], turn)


def test_the_language_refuses_what_is_none() -> None:
    for line in ("rain", "rain is much", "rain > 0.3 @ yesterday"):
        with pytest.raises(ValueError):
            holds(line, WRONG[1])


def test_values_are_looked_up_where_they_hold() -> None:
    """A curve and a shot cut in two say the same of the same rain."""
    def rainy(*shots: Shot) -> Film:
        return Film(Direction(shots=shots, duration_s=10))

    wet = ShotWorld(weather=Weather(rain=0.8))
    cut = rainy(Shot(id="a", span=Span(s=(0, 5))), Shot(id="b", span=Span(s=(5, 10)), world=wet))
    keys = ((0.0, 0.0), (0.5, 0.0), (0.51, 0.8), (1.0, 0.8))
    curve = rainy(Shot(id="a", span=Span(s=(0, 10)), curves={"/world/weather/rain": keys}))
    dry = rainy(Shot(id="a", span=Span(s=(0, 10))))
    for film in (cut, curve):
        assert holds("all rain > 0.3 @ 55-100%", film) and holds("all rain < 0.1 @ 0-5s", film)
        assert holds("rises rain", film, dry) and holds("same weather @ 0-45%", film, dry)
        assert not holds("falls rain", film, dry) and not holds("same weather", film, dry)
        assert not [p for p in strayed("weather @ 50-100%", dry, film) if not p.startswith("/spans")]
        assert strayed("weather @ 0-20%", dry, film) and strayed("light", dry, film)


@pytest.fixture(scope="module")
def studio(tmp_path_factory: pytest.TempPathFactory) -> Studio:
    return first_requests.studio_in(Path(tmp_path_factory.mktemp("suite")))


def test_first_requests_hold_their_floor_and_shuffled_ones_collapse(studio: Studio) -> None:
    rows = first_requests.scored(REQUESTS[::6], studio)
    result = first_requests.summary(rows)
    assert result["all"]["expectations"] >= 0.85 and result["all"]["requests"] >= 0.6, result
    assert result["shuffled"]["requests"] < 0.2 and result["shuffled"]["expectations"] < 0.4


def test_conversations_hold_their_floor_and_shuffled_ones_collapse(studio: Studio) -> None:
    items = CONVERSATIONS[::8]
    rows = [row for item in items for row in conversations.talked(item, studio)]
    result = conversations.summary(rows, conversations.shuffled(items, studio))
    assert result["all"]["turns"] >= 0.8, result
    assert result["shuffled"]["turns"] < 0.5 * result["all"]["turns"]
