"""Laws of roles in words and screenplays, and tables of phrases with negation, degree, order and time."""

from __future__ import annotations

import random
import re
from itertools import pairwise

import pytest
from interpret_table import FOLDER, failed, rows

from agent.brief import Brief
from agent.director import direct
from agent.interpret import interpret
from agent.interpret_open import DictionaryOnly
from agent.interpret_roles import roles_said
from agent.interpret_screenplay import EIGHTH_S, MOST_STEPS, fitted, screenplay
from agent.lexicon import fold

PLAIN = DictionaryOnly()


def role_rows(name: str) -> list[tuple[str, list[str], list[str], list[str]]]:
    """(prompt, kinds, names, checks) of a table of roles."""
    out: list[tuple[str, list[str], list[str], list[str]]] = []
    for line in (FOLDER / name).read_text(encoding="utf-8").splitlines():
        if "=>" in line and not line.startswith("#"):
            refs, _, rest = line.partition(" | ")
            prompt, _, wanted = rest.rpartition("=>")
            named = [ref.partition(":") for ref in refs.split(",")]
            out.append((prompt.strip(), [kind.strip() for kind, _, _ in named],
                        [name for _, _, name in named], wanted.split()))
    return out


def roles_wrong(prompt: str, kinds: list[str], names: list[str], checks: list[str]) -> list[str]:
    """The checks that do not hold; a role nobody asked for is one more."""
    roles, rest = roles_said(prompt, kinds, names)
    words = re.findall(r"\w+", rest.lower())
    wrong: list[str] = []
    for check in checks:
        if check[0] in "+-":
            if (check[1:].lower() in words) != (check[0] == "+"):
                wrong.append(f"{check} in {rest!r}")
            continue
        ref, _, asked = check.partition(":")
        have = roles.get(int(ref), ())
        fits = asked[1:] not in have and have != () if asked[0] == "!" else set(asked.split(",")) == set(have)
        if not fits:
            wrong.append(f"{check}, not {have}")
    spoken = {int(check.partition(":")[0]) for check in checks if check[0].isdigit()}
    return wrong + [f"{ref} was given {have}" for ref, have in roles.items() if ref not in spoken]


def phrase_wrong(brief: Brief, checks: list[str]) -> list[str]:
    """The checks of a row that do not hold; time@1=45 and degree=rain:0.45 beside those of interpret_table."""
    wrong: list[str] = []
    for check in checks:
        axis, _, value = check.partition("=")
        if axis.startswith("time@"):
            times = [t.value.get("t_s") for t in brief.traits if t.axis == "sequence" and t.part == int(axis[5:])]
            wrong += [] if times == [float(value)] else [f"{check}, not {times}"]
        elif axis == "degree":
            of, _, amount = value.partition(":")
            have = [t.value["amount"] for t in brief.traits if t.axis == "degree" and t.value["of"] == of]
            wrong += [] if have == [float(amount)] else [f"{check}, not {have}"]
        else:
            wrong += failed(brief, [check])
    return wrong


ROLES = role_rows("roles_sentences.txt")
ROLES_HELD_OUT = role_rows("roles_heldout.txt") + role_rows("roles_heldout2.txt") + role_rows("roles_heldout3.txt")
ROLES_HELD_OUT += role_rows("roles_heldout4.txt")
PHRASES = rows("phrases_sentences.txt")
PHRASES_HELD_OUT = rows("phrases_heldout.txt") + rows("phrases_heldout2.txt")


def test_roles_in_words() -> None:
    wrong = {row[0]: found for row in ROLES if (found := roles_wrong(*row))}
    assert len(ROLES) >= 50 and not wrong


def test_roles_in_words_held_out() -> None:
    wrong = {row[0]: found for row in ROLES_HELD_OUT if (found := roles_wrong(*row))}
    assert len(ROLES_HELD_OUT) >= 80 and len(wrong) <= 0.05 * len(ROLES_HELD_OUT), wrong


def test_without_references_nothing_is_said_of_them() -> None:
    for prompt, _, _names, _ in (*ROLES, *ROLES_HELD_OUT):
        assert roles_said(prompt, [], []) == ({}, prompt)
    for prompt, _ in rows("interpret_sentences.txt"):
        roles, rest = roles_said(prompt, ["film", "image", "audio"], ["take.mp4", "still.png", "mix.wav"])
        assert roles == {} and rest == prompt, prompt


def test_the_order_of_the_sentences_does_not_change_the_jobs() -> None:
    scene = "A small boat in a storm"
    for prompt, kinds, names, _ in ROLES:
        if "this" in prompt.split()[:2]:
            continue
        before, rest = roles_said(f"{prompt.rstrip('.!')}. {scene}.", kinds, names)
        after, other = roles_said(f"{scene}. {prompt}", kinds, names)
        assert before == after, prompt
        assert scene in rest and scene in other


def test_roles_never_fail_on_any_words() -> None:
    words = [*" ".join(row[0] for row in (*ROLES, *ROLES_HELD_OUT)).split(), ".", ",", ":", "#9", "'s", "—", "é"]
    rng = random.Random(3)
    kinds = ["film", "image", "audio", "sketch", "lyrics"]
    for _ in range(300):
        text = " ".join(rng.choices(words, k=rng.randint(1, 25)))
        have = kinds[:rng.randint(1, 5)]
        roles, rest = roles_said(text, have, [f"{kind}.bin" for kind in have])
        assert all(0 <= ref < len(have) and jobs for ref, jobs in roles.items())
        assert set(re.findall(r"\w+", rest)) <= set(re.findall(r"\w+", text))


def test_phrases() -> None:
    wrong = {s: found for s, checks in PHRASES if (found := phrase_wrong(interpret(s, embed=PLAIN), checks))}
    assert len(PHRASES) >= 30 and not wrong


def test_phrases_held_out() -> None:
    wrong = {s: found for s, checks in PHRASES_HELD_OUT if (found := phrase_wrong(interpret(s, embed=PLAIN), checks))}
    assert len(PHRASES_HELD_OUT) >= 30 and len(wrong) <= 0.1 * len(PHRASES_HELD_OUT), wrong


@pytest.mark.parametrize("when", ["after 20 seconds", "at 0:30", "at 12 s", "ten seconds in", "until 0:20",
                                  "from 0:10 to 0:20", "after the second chorus", "for the first 10 seconds",
                                  "in the last 5 seconds", "before that", "the storm stops"])
@pytest.mark.parametrize("text", ["{}", "{} it rains", "it rains {}", "a lake, {}", "a lake. {}, rain", "and {} and"])
def test_times_anywhere_are_read(when: str, text: str) -> None:
    brief = interpret(text.format(when), embed=PLAIN)
    assert all(t.part is None or t.part >= 0 for t in brief.traits)


# --- Screenplays ----------------------------------------------------------------------------------------------------
SCRIPT = """FADE IN:

INT. FARMHOUSE - NIGHT

A small red fox sits at the window. Rain. ANNA (30s) waits.

ANNA
(whispering)
{said}

CUT TO:

EXT. FOREST - DAWN

Mist between the trees.

CLOSE ON a deer. Its breath.

DISSOLVE TO:

EXT. OCEAN - SUNSET

A boat. {more}

FADE OUT.
"""


def script(said: str = "Did you see the dragons?", more: str = "The waves are calm.") -> Brief:
    brief = screenplay(SCRIPT.format(said=said, more=more), embed=PLAIN)
    assert brief is not None
    return brief


def of(brief: Brief, axis: str) -> list[tuple[int | None, object]]:
    return [(t.part, t.value) for t in brief.traits if t.axis == axis and not t.negated]


def test_a_screenplay_is_one_step_a_shot_in_order() -> None:
    brief = script()
    assert of(brief, "setting") == [(0, "village"), (1, "forest"), (2, "forest"), (3, "ocean")]
    assert [(part, light) for part, light in of(brief, "light")][:4] == [
        (0, "night"), (1, "dawn"), (2, "dawn"), (3, "sunset")]
    assert of(brief, "transition") == [(0, "fade"), (1, "cut"), (3, "dissolve")] and of(brief, "ending") == [(3, "fade")]
    assert (2, "close") in of(brief, "scale")
    assert {(part, body["kind"]) for part, body in of(brief, "body")} == {  # type: ignore[index]
        (0, "fox"), (0, "walker"), (2, "fox"), (3, "boat")}
    times = [t.value["t_s"] for t in brief.traits if t.axis == "sequence"]
    lengths = [t.value for t in brief.traits if t.axis == "duration_s" and t.part is not None]
    assert times[0] == 0 and [b - a for a, b in pairwise(times)] == pytest.approx(lengths[:-1])
    assert [t.value for t in brief.traits if t.axis == "duration_s" and t.part is None] == [pytest.approx(sum(lengths))]


def test_dialogue_is_never_scenery() -> None:
    loud = "Whales! Snow over the desert, 20 seconds of techno, and the city is burning at noon, watercolour"
    calm = "Xxxxxx! Xxxx xxxx xxx xxxxxx, xx xxxxxxx xx xxxxxx, xxx xxx xxxx xx xxxxxxx xx xxxx, xxxxxxxxxxx"
    scenic = [[t for t in script(said).traits if t.axis != "dialogue"] for said in (loud, calm)]
    assert scenic[0] == scenic[1]
    assert any(loud in note for note in script(loud).notes)
    inline = screenplay(f'INT. CABIN - DAY\n\nTom turns. TOM: "{loud}" He waits.', embed=PLAIN)
    assert inline is not None and not of(inline, "weather") and [v for _, v in of(inline, "setting")] == ["village"]
    assert [value["words"] for _, value in of(inline, "dialogue")] == [loud]  # type: ignore[index]


def test_more_action_lasts_longer_and_moves_nothing_else() -> None:
    short, long = script(), script(more="The waves are calm. " * 40)
    a, b = of(short, "duration_s"), of(long, "duration_s")
    assert a[:3] == b[:3] and float(str(b[3][1])) > float(str(a[3][1]))
    assert all(round(float(str(v)) / EIGHTH_S) >= 1 for part, v in b if part == 3)


@pytest.mark.parametrize("change", [
    lambda s: s.replace("EXT. FOREST", "12 EXT. FOREST").replace("DAWN", "DAWN 12"),
    lambda s: s.replace("INT. FARMHOUSE - NIGHT", "int. farmhouse - night"),
    lambda s: s.replace("Mist", "[[ dragons here ]] Mist").replace("A boat.", "/* whales\n\nsnow */ A boat."),
    lambda s: s.replace("\n", "\r\n"), lambda s: s.replace("EXT. OCEAN - SUNSET", "EXT. OCEAN – SUNSET"),
    lambda s: s.replace("EXT. OCEAN", ".EXT. OCEAN"), lambda s: s.replace("DISSOLVE TO:", "> DISSOLVE TO:"),
    lambda s: s.replace("ANNA\n", "@Anna\n"), lambda s: s.replace("A boat", "**A boat**"),
])
def test_ways_of_typing_mean_the_same(change) -> None:
    changed = screenplay(change(SCRIPT.format(said="Hm.", more="Calm.")), embed=PLAIN)
    assert changed is not None
    for axis in ("setting", "light", "body", "weather", "transition", "scale"):
        assert [(p, str(v).lower()) for p, v in of(changed, axis)] == [
            (p, str(v).lower()) for p, v in of(script("Hm.", "Calm."), axis)], axis


def test_one_line_or_many() -> None:
    one = screenplay("INT. CABIN - NIGHT. A cat walks. CUT TO: EXT. FOREST - DAWN A fox in the snow. FADE "
                     "OUT.", embed=PLAIN)
    many = screenplay("INT. CABIN - NIGHT\n\nA cat walks.\n\nCUT TO:\n\nEXT. FOREST - DAWN\n\nA fox in the "
                      "snow.\n\nFADE OUT.",
                      embed=PLAIN)
    assert one is not None and many is not None
    for axis in ("setting", "light", "body", "weather", "transition", "ending"):
        assert of(one, axis) == of(many, axis)


@pytest.mark.parametrize(("line", "axis", "value"), [
    ("CLOSE ON THE "
     "FOX", "scale", "close"), ("WIDE SHOT - THE "
                                             "FOX", "scale", "wide"), ("INSERT - A "
                                                                                       "COIN", "scale", "detail"),
    ("The camera PANS across the fox.", "camera", "pan"), ("We TRACK WITH the fox.", "camera", "follow"),
    ("CRANE UP over the fox.", "camera", "crane_up"), ("FOX'S POV", "camera", "handheld"),
    ("BEE'S POV - the grass", "camera", "bee_cam"), ("AERIAL SHOT: the fox", "camera", "fly_through"),
    ("We PUSH IN on the fox.", "camera", "dolly_in"), ("Wide shot: the fox.", "scale", "wide"),
    ("OVERHEAD SHOT of the fox", "camera", "top_down"), ("The camera tilts up to the fox", "camera", "tilt")])
def test_camera_directions(line: str, axis: str, value: str) -> None:
    brief = screenplay(f"EXT. MEADOW - DAY\n\n{line}\n", embed=PLAIN)
    assert brief is not None and (0, value) in of(brief, axis)


@pytest.mark.parametrize(("heading", "setting", "light"), [
    ("EXT. FOREST - DAY", "forest", "noon"), ("ext. city street - night", "city", "night"),
    ("EXT FOREST NIGHT", "forest", "night"), ("INT./EXT. VILLAGE - DUSK", "village", "dusk"),
    ("I/E. VILLAGE - MORNING", "village", "morning"), ("4A. EXT. LAKE – SUNRISE 4A", "lake", "dawn"),
    ("EXT. DESERT ROAD -- MAGIC HOUR", "desert", "golden"), ("AUSSEN. WALD - NACHT", "forest", "night"),
    ("EXT. FORÊT - "
     "JOUR", "forest", "noon"), ("EXT. BOSQUE - "
                                              "NOCHE", "forest", "night"), (".LAKE AT "
                                                                                          "DAWN", "lake", "dawn")])
def test_headings(heading: str, setting: str, light: str) -> None:
    brief = screenplay(f"EXT. MEADOW - NOON\n\nBees.\n\n{heading}\n\nSomething moves.\n", embed=PLAIN)
    assert brief is not None
    assert (1, setting) in of(brief, "setting") and (1, light) in of(brief, "light")


def test_montage_cards_and_the_title_page() -> None:
    brief = screenplay("Title: The Bee\nAuthor: me\n\nMake it 30 seconds, watercolour.\n\nEXT. OCEAN - "
                       "DAY\n\nMONTAGE - TRAVEL\n\n- A boat.\n- Whales.\n- Lanterns.\n\nEND MONTAGE\n\nEXT. LAKE - "
                       "NIGHT\n\nSUPER: \"Snow, 1905\"\n\nStill water.", embed=PLAIN)
    assert brief is not None
    assert [b["kind"] for _, b in of(brief, "body")] == ["boat", "whale", "lantern"]  # type: ignore[index]
    assert (None, "The Bee") in of(brief, "title") and (None, "watercolour") in of(brief, "look")
    assert not of(brief, "weather") and (3, "Snow, 1905") in of(brief, "card")
    lengths = [float(str(v)) for part, v in of(brief, "duration_s") if part is not None]
    assert sum(lengths) == pytest.approx(30, abs=0.01) and (None, 30.0) in of(brief, "duration_s")
    assert fitted(brief, 60).traits != brief.traits and fitted(fitted(brief, 60), 30).traits == brief.traits


def test_a_script_as_it_is_printed() -> None:
    brief = screenplay("""
                     THE LAST HARBOUR
                            by
                          J. Doe

1    EXT. HARBOUR VILLAGE - PRE-DAWN                             1

     Fog. A GULL lands. MARTA (60s, oilskins) unties a blue boat.

                         MARTA
               Not today, storm.
                    (beat)
               Not today.

                                             MATCH CUT TO:

2    EXT. OPEN SEA - CONTINUOUS                                   2

     Rain.

                                             SMASH CUT TO BLACK.

3    EXT. MARTA'S MEADOW - NIGHT (FLASHBACK)                      3

     A CHILD, 8, runs.

                           THE END
""", embed=PLAIN)
    assert brief is not None
    assert (None, "THE LAST HARBOUR") in of(brief, "title") and not of(brief, "genre")
    assert of(brief, "transition") == [(1, "match cut"), (2, "smash cut")]
    assert of(brief, "light") == [(0, "dawn"), (1, "dawn"), (2, "night")]
    assert [part for part, _ in of(brief, "sequence")] == [0, 1, 2] and of(brief, "weather")[:2] == [(0, "fog"), (1, "rain")]
    assert {body["kind"] for _, body in of(brief, "body")} == {"bird", "boat", "walker"}  # type: ignore[index]


def test_because_quotes_the_script() -> None:
    text = fold(SCRIPT.format(said="Hm.", more="Calm."))
    for t in script("Hm.", "Calm.").traits:
        if t.axis in ("setting", "light", "body", "weather", "camera", "scale", "transition", "ending", "mood", "heading"):
            assert all(word in text for word in re.findall(r"\w+", fold(t.because))), t


def test_plain_prompts_are_no_screenplays() -> None:
    for name in ("interpret_sentences.txt", "interpret_heldout.txt", "phrases_sentences.txt", "roles_sentences.txt"):
        for sentence, _ in rows(name):
            assert screenplay(sentence, embed=PLAIN) is None, sentence
    for text in ("", "\n", "int x = 5", "ext. 204, call me", "CUT TO: a lake", "INT", "EXT.", ".5 seconds of rain"):
        assert screenplay(text, embed=PLAIN) is None, text


def test_a_long_script_stays_within_bounds() -> None:
    scenes = "".join(f"EXT. {place} - DAY\n\nA boat. {'The wind blows. ' * 30}\n\nCLOSE ON A BIRD\n\nIt sings.\n\n"
                     for place in ("OCEAN", "LAKE", "FOREST", "DESERT") * 12)
    brief = screenplay(scenes, embed=PLAIN)
    assert brief is not None
    parts = {t.part for t in brief.traits if t.part is not None}
    assert parts == set(range(MOST_STEPS))
    assert next(t.value for t in brief.traits if t.axis == "duration_s" and t.part is None) <= 600.0


def test_any_mixture_of_lines_is_read() -> None:
    lines = [*SCRIPT.format(said="Hm.", more="Calm.").splitlines(), "MONTAGE", "- x", "END MONTAGE", "SUPER: hi", "@", ".", "!",
             "> <", "~la", "([[", "/*", "*/", "]]", "INT. - DAY", "EXT. ... - NIGHT", "A: b", "\u0000", "TITLE:", "1.", "#", "= x"]
    rng = random.Random(5)
    for _ in range(40):
        text = "\n".join(rng.choices([*lines, ""], k=rng.randint(1, 40)))
        brief = screenplay(text, embed=PLAIN)
        if brief is not None:
            parts = [t.part for t in brief.traits if t.axis == "sequence"]
            assert parts == list(range(len(parts))) and Brief.model_validate_json(brief.model_dump_json()) == brief


def test_a_film_follows_the_script() -> None:
    brief = fitted(script("Hm."), 32.0)
    direction = direct(brief, None, seed=3)
    assert direction.duration_s == 32.0
    places = [max(shot.world.place, key=lambda name, s=shot: s.world.place[name]) for shot in direction.shots]
    order = [place for k, place in enumerate(places) if k == 0 or place != places[k - 1]]
    assert order == ["village", "forest", "ocean"]
