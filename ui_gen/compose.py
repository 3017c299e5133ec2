"""Direction to Panel: at most seven controls in view, chosen for this piece, grouped so that a hand finds them."""

from __future__ import annotations

from agent.brief import Brief
from agent.direction import Direction
from ui_gen.catalogue import Candidate, candidates, look_of
from ui_gen.panel import Action, Panel, PanelSection

IN_VIEW = 7
MOST_IN_SECTION = 3
ASKED = {"weather": ("rain", "snow", "fog", "dust", "aurora", "cloud"), "palette": ("palette", "chroma"),
         "colour": ("palette", "chroma"), "light": ("time_h", "exposure"), "time_h": ("time_h",),
         "camera": ("camera_speed", "lens"), "body": ("subject_size", "subject_count"), "tempo_bpm": ("tempo",),
         "size": ("subject_size",), "count": ("subject_count",)}


def compose(direction: Direction, brief: Brief) -> Panel:
    """The panel for a piece. What the creator spoke of weighs more; the same Direction gives the same panel."""
    spoken = {name for trait in brief.traits for name in ASKED.get(trait.axis, ())}
    ranked = sorted(candidates(direction), key=lambda c: (-c.weight - 0.15 * (c.control.id in spoken), c.control.id))
    chosen: list[Candidate] = []
    for candidate in ranked:
        same = sum(other.section == candidate.section for other in chosen)
        if len(chosen) < IN_VIEW and same < MOST_IN_SECTION:
            chosen.append(candidate)
    order = list(dict.fromkeys(candidate.section for candidate in chosen))
    sections = tuple(PanelSection(title=title, controls=tuple(c.control for c in chosen if c.section == title))
                     for title in order)
    return Panel(id=f"panel_{direction.id}", title=direction.title or f"A {look_of(direction)} film",
                 sections=sections, actions=(Action(id="take", label="Make a new take"),
                                             Action(id="again", label="Again, another seed")))


def panel_for(direction: Direction, brief: Brief) -> dict[str, object]:
    """The panel as JSON, as takes keep it."""
    return compose(direction, brief).model_dump(mode="json")
