"""Lines about what follows the music become couplings that a film unrolls with, and no other lines do."""

from __future__ import annotations

import pytest

from agent.brief import Brief
from agent.director import direct
from agent.interpret import interpret
from agent.talk import understand
from agent.talk_types import KnownTake, Standing
from agent.unroll import unroll

WORDS = "a train crosses a desert, then a fox in a city at night, techno"


@pytest.fixture(scope="module")
def standing() -> Standing:
    direction = direct(interpret(WORDS), None, duration_s=8.0, fps=4)
    return Standing(takes=(KnownTake(id="t0001", parent=None, direction=direction, brief=Brief(goal=WORDS)),))


@pytest.mark.parametrize(("line", "signal", "ends"), [
    ("flash the lights on every downbeat", "music.downbeat", "light/exposure_ev"),
    ("shake the camera on the snare", "music.snare", "camera/shake"),
    ("zoom in on every kick", "music.kick", "camera/lens_mm"),
    ("the colours should pulse with the bass", "music.bass", "palette/chroma"),
    ("let the fox dance to the melody", "music.onset", "/speed"),
    ("the train should grow with each beat", "music.beat", "/size_m"),
    ("waves that swell with the energy of the song", "music.energy", "ground/wave_m")])
def test_a_line_couples_what_it_names_to_what_it_names(standing: Standing, line: str, signal: str, ends: str) -> None:
    from agent.edits import apply_patch

    turn = understand(line, standing)
    assert turn.kind == "edit" and turn.patch and all(op["path"].startswith("/links") for op in turn.patch), turn
    here = standing.takes[0].direction
    after = apply_patch(here, turn.patch, reason=line)
    made = [link for link in after.links if link not in here.links]
    assert made and all(link.from_ == signal and link.to.endswith(ends) for link in made)
    unroll(after)


def test_more_less_and_none(standing: Standing) -> None:
    from agent.edits import apply_patch

    here = standing.takes[0].direction
    assert here.links

    def after(line: str):
        return apply_patch(here, understand(line, standing).patch, reason=line).links

    assert all(abs(a.amount) > abs(b.amount) for a, b in zip(after("react more to the music"), here.links, strict=True))
    assert all(abs(a.amount) < abs(b.amount) for a, b in zip(after("follow the music less"), here.links, strict=True))
    assert after("nothing should pulse to the music any more") == ()
    assert len(after("stop the light flashing")) == len(here.links) - 1


@pytest.mark.parametrize("line", ["let the camera follow the train", "calmer music", "slower camera", "more snow",
                                  "make it rain", "a fox instead of the train", "stop", "cut on every beat"])
def test_other_lines_are_left_to_others(standing: Standing, line: str) -> None:
    from agent.talk_couplings import coupled

    assert coupled(line, standing.takes[0]) is None
