"""Laws of timed words: what is sung of is seen when it is sung, figures of speech show nothing."""

from __future__ import annotations

from itertools import pairwise

from interpret_table import FOLDER

from agent.brief import Trait
from agent.director import direct
from agent.interpret import interpret
from agent.interpret_lyrics import traits_of_lines, with_lines
from agent.interpret_open import DictionaryOnly
from modalities.cues import Line, WordCues

PLAIN = DictionaryOnly()


def sung(*texts: str, each_s: float = 5.0) -> WordCues:
    lines = tuple(Line(k * each_s, (k + 1) * each_s, text) for k, text in enumerate(texts))
    return WordCues(lines, "en", "lrc", len(texts) * each_s)


def looks(traits: tuple[Trait, ...]) -> dict[float, set[str]]:
    start = {t.part: t.value["t_s"] for t in traits if t.axis == "sequence"}
    out: dict[float, set[str]] = {time: set() for time in start.values()}
    for t in traits:
        if t.part is not None and t.axis != "sequence":
            out[start[t.part]].add(f"{t.axis} {t.value}")
    return out


SONG = sung("Rain falls on the city", "I think of you", "Birds fly over the sea (oh oh)", "Hold me now",
            "The train rolls on through the night", "I think of you", "Birds fly over the sea", "Hold me now")


def test_lines_are_seen_when_they_are_sung() -> None:
    found = looks(traits_of_lines(SONG))
    assert list(found) == [0.0, 10.0, 20.0, 30.0]
    assert "setting city" in found[0.0] and "weather rain" in found[0.0] and "light night" in found[20.0]


def test_a_chorus_looks_the_same_each_time() -> None:
    found = looks(traits_of_lines(SONG))
    assert found[10.0] == found[30.0] and "setting ocean" in found[10.0] and found[10.0] != found[20.0]
    fast = sung(*(line.text for line in SONG.lines * 6), each_s=1.0)
    traits = traits_of_lines(fast)
    starts = [t.value["t_s"] for t in traits if t.axis == "sequence"]
    assert len(starts) <= 24 and all(b - a >= 4 - 1e-9 for a, b in pairwise(starts))


def test_later_lines_do_not_change_earlier_ones_times() -> None:
    cut = WordCues(SONG.lines[:4], "en", "lrc", 20.0)
    assert list(looks(traits_of_lines(cut))) == list(looks(traits_of_lines(SONG)))[:2]


def lyric_rows() -> list[tuple[str, bool, bool]]:
    out: list[tuple[str, bool, bool]] = []
    held = False
    for line in (FOLDER / "lyrics_sentences.txt").read_text(encoding="utf-8").splitlines():
        held = held or line.startswith("# held out")
        if "=>" in line and not line.startswith("#"):
            text, _, wanted = line.rpartition("=>")
            out.append((text.strip(), wanted.strip() == "seen", held))
    return out


def test_figures_of_speech_show_nothing() -> None:
    for held in (False, True):
        mine = [(text, seen) for text, seen, late in lyric_rows() if late == held]
        wrong = [text for text, seen in mine
                 if seen != any(t.axis == "sequence" for t in traits_of_lines(sung(text)))]
        assert len(mine) >= 30 and len(wrong) <= (0.07 * len(mine) if held else 0), wrong


def test_lines_that_show_nothing_only_lean_the_mood() -> None:
    traits = traits_of_lines(sung("I'm so sad and lonely", "nothing left to say", "tears of sorrow"))
    assert traits and {t.axis for t in traits} == {"mood"} and all(t.confidence < 0.5 and t.part is None for t in traits)
    assert traits_of_lines(sung("", "la la la", "oh")) == () == traits_of_lines(WordCues((), "", "srt", 10.0))


def test_an_order_of_the_request_wins_over_the_song() -> None:
    brief = interpret("first a forest, then a lake", embed=PLAIN)
    assert [t for t in with_lines(brief, SONG).traits if t.axis == "sequence"] == [
        t for t in brief.traits if t.axis == "sequence"]
    free = with_lines(interpret("watercolour", embed=PLAIN), SONG)
    assert len([t for t in free.traits if t.axis == "sequence"]) == 4


def test_what_is_not_sung_of_never_replaces_the_request() -> None:
    brief = with_lines(interpret("at dawn, in the desert", embed=PLAIN), SONG)
    assert [t.value for t in brief.traits if t.axis == "light" and t.part in (0, 1, 3)] == []
    assert [t.value for t in brief.traits if t.axis == "setting" and t.part == 2] == []
    assert [t.value for t in brief.traits if t.axis == "light" and t.part == 2] == ["night"]


def test_a_film_shows_the_chorus_each_time() -> None:
    brief = with_lines(interpret("watercolour, 40 seconds", embed=PLAIN), SONG)
    shots = direct(brief, None, seed=1).shots
    for start_s, place, rain in ((10.0, "ocean", False), (30.0, "ocean", False)):
        mine = [shot for shot in shots if shot.span.s is not None and abs(shot.span.s[0] - start_s) < 1e-6]
        assert mine and mine[0].world.place[place] > 0.5 and (mine[0].world.weather.rain > 0.3) == rain
    assert shots[0].world.place["city"] > 0.5 and shots[0].world.weather.rain > 0.3
