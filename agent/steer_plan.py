"""Who steers what: every role of a film is given to the references that may have it, and contradictions are settled.

Words win over references, a reference that was named first over a later one; palettes are mixed, the first leading.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from agent.brief import Brief, Trait
from agent.director_wishes import SAID
from agent.seen import SOUNDS, Seen
from modalities.cues import FilmCues

# The axes of the words that overrule a role.
WORDS: dict[str, tuple[str, ...]] = {
    "palette": ("palette",), "light": ("light", "time_h"), "style": ("look", "style"), "camera": ("camera",),
    "pacing": ("pacing", "shots"), "mood": ("mood",), "rhythm": ("tempo_bpm",), "content": ("setting",)}
PLAIN = {"palette": "the palette", "light": "the light", "style": "the look", "camera": "the camera",
         "pacing": "the pacing", "mood": "the mood", "rhythm": "the tempo", "content": "the place",
         "layout": "the layout", "subject": "the subject's place", "motion": "what moves", "structure": "the structure",
         "timbre": "the sound", "lyrics": "the lyrics"}
# Roles that several references can have side by side.
SHARED = ("palette", "speech", "all")
STRONGER = 0.7  # the share of the first of several palettes


@dataclass(frozen=True)
class Steering:
    """by_role: the references of each role, the one that leads first. whole: the film that is made again, if one is.
    cast_named: the words say who is in the film. notes: how contradictions were settled."""

    by_role: Mapping[str, tuple[Seen, ...]] = field(default_factory=dict[str, tuple[Seen, ...]])
    whole: Seen | None = None
    cast_named: bool = False
    notes: tuple[str, ...] = ()

    def lead(self, role: str) -> Seen | None:
        """The reference that has a role, or None."""
        found = self.by_role.get(role, ())
        return found[0] if found else None

    def film(self, role: str) -> FilmCues | None:
        """The film that has a role, or None where something else or nothing has it."""
        lead = self.lead(role)
        return lead.film if lead is not None else None

    @property
    def heard(self) -> Seen | None:
        """The recording that is played: what was asked to be heard, else the first music that sets the rhythm."""
        asked = [seen for seen in self.by_role.get("timbre", ()) if seen.kind in SOUNDS or seen.film is not None]
        for seen in (*asked, *self.by_role.get("rhythm", ()), *self.by_role.get("structure", ())):
            if seen in asked or seen.kind == "audio":
                return seen
        return None


def steering_of(seen: Sequence[Seen], brief: Brief) -> Steering:
    """The roles of all references, given the words (traits that no reference gave and that are as sure as SAID)."""
    notes: list[str] = []
    said = {axis: trait for trait in brief.traits if not trait.negated and trait.confidence >= SAID
            and trait.part is None and trait.reference is None for axis in (trait.axis,)}
    by_role: dict[str, tuple[Seen, ...]] = {}
    lost: dict[tuple[str, str], list[str]] = {}
    for role in dict.fromkeys(role for one in seen for role in one.roles):
        having = tuple(one for one in seen if role in one.roles)
        word = next((said[axis] for axis in WORDS.get(role, ()) if axis in said), None)
        if word is not None and role != "all":
            notes.append(f"The words say {_quoted(word)}, so {PLAIN[role]} of {_names(having)} is not used.")
            continue
        if len(having) > 1 and role == "palette":
            notes.append(f"Of the palettes {having[0].name} leads and {_names(having[1:])} "
                         f"{'joins' if len(having) == 2 else 'join'} in what is built and what shines.")
        elif len(having) > 1 and role not in SHARED:
            lost.setdefault((having[0].name, _names(having[1:])), []).append(PLAIN.get(role, role))
        by_role[role] = having if role in SHARED else having[:1]
    if (style := by_role.get("style", (None,))[0]) is not None and style.shots:
        # A style is line, colour and light; colours and light of their own win over those of a style.
        for role in ("palette", "light"):
            if not any(role in one.roles for one in seen) and not any(axis in said for axis in WORDS[role]):
                by_role[role] = (style,)
    notes += [f"{first} was named first, so {' and '.join(what)} of {others} {'is' if len(what) == 1 else 'are'} not "
              "used." for (first, others), what in lost.items()]
    if by_role.get("pacing") and by_role.get("rhythm") and by_role["pacing"] != by_role["rhythm"]:
        notes.append(f"The cuts follow the lengths of {by_role['pacing'][0].name} and fall on the beats of "
                     f"{by_role['rhythm'][0].name}.")
    whole = next((one for one in seen if "all" in one.roles and one.film is not None), None)
    named = any(trait.axis == "body" and trait.reference is None for trait in brief.traits)
    return Steering(by_role, whole, named, tuple(notes))


def _quoted(trait: Trait) -> str:
    return f"“{trait.because[:60]}”" if trait.because else str(trait.value)


def _names(seen: Sequence[Seen]) -> str:
    return " and ".join(one.name for one in seen)
