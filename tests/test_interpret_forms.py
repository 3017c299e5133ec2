"""Laws of roles in words, screenplays, timed lines, and tables of phrases with negation, degree, order and time."""

from __future__ import annotations

import re

import pytest
from interpret_table import FOLDER, failed, rows

from agent.brief import Brief
from agent.interpret_roles import roles_said


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
ROLES_HELD_OUT = role_rows("roles_heldout.txt")


@pytest.mark.parametrize(("prompt", "kinds", "names", "checks"), ROLES, ids=[row[0][:40] for row in ROLES])
def test_roles_in_words(prompt: str, kinds: list[str], names: list[str], checks: list[str]) -> None:
    assert roles_wrong(prompt, kinds, names, checks) == []
