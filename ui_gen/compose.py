"""Direction to Panel: at most seven controls in view, chosen for this piece, grouped so that a hand finds them."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Mapping
from dataclasses import dataclass, field

from agent.brief import Brief
from agent.direction import Direction
from modalities.engine import Engine
from ui_gen.candidate import Candidate, look_of
from ui_gen.catalogue import candidates
from ui_gen.intents import intent_of, weighed
from ui_gen.measured import Measured
from ui_gen.panel import Action, Control, Focus, Panel, PanelSection

IN_VIEW = 7
MOST_IN_SECTION, MOST_IN_FOCUS, MOST_FOUND = 3, 7, 2
ACTIONS = (Action(id="take", label="Make a new take"), Action(id="again", label="Again, another seed"))
TITLES = {"music_video": "Music video", "animation": "Drawn film", "landscape": "Landscape", "character": "Character",
          "restyle": "Restyle", "foley": "Sound", "live": "Live set", "story": "Story", "film": "Film"}
# Says what a control does on the piece, or that it cannot be tried (None).
Measuring = Callable[[Control], Measured | None]


@dataclass(frozen=True)
class Wish:
    """What else a panel is composed for. focus: the part the talk is about; kept: controls that the creator touched or
    locked, in their order; leaning: what is reached for, by control id; more: further candidates; finding: says which
    controls the piece itself offers, made of the sliders that are given to it."""

    focus: Focus | None = None
    kept: tuple[Control, ...] = ()
    leaning: Mapping[str, float] = field(default_factory=dict[str, float])
    more: tuple[Candidate, ...] = ()
    finding: Callable[[list[Candidate]], list[Candidate]] | None = None


def compose(direction: Direction, brief: Brief, engine: Engine | None = None, wish: Wish | None = None,
            measuring: Measuring | None = None) -> Panel:
    """The panel for a piece. The same Direction gives the same panel; with `measuring`, only what was seen to work."""
    return list(composing(direction, brief, engine, wish, measuring))[-1]


def composing(direction: Direction, brief: Brief, engine: Engine | None = None, wish: Wish | None = None,
              measuring: Measuring | None = None) -> Generator[Panel]:
    """The panel as it grows, control by control, each measured before it is shown."""
    wish = wish or Wish()
    intent = intent_of(direction, brief)
    found = [*wish.more, *candidates(direction, engine)]
    homes = {one.control.id: one for one in found}
    kept = [Candidate(homes[one.id].topic, homes[one.id].section, 9.0, one) for one in wish.kept if one.id in homes]
    ranked = [one for _, one in weighed(found, intent, brief, wish.focus, wish.leaning)]
    chosen: list[tuple[Candidate, Control]] = []
    waiting = [*kept, *(one for one in ranked if one.control.id not in {k.control.id for k in kept})]
    finding = wish.finding if wish.focus is None else None
    while waiting and len(chosen) < IN_VIEW:
        if finding is not None and len(chosen) == IN_VIEW - MOST_FOUND:
            own = [one for one in waiting if _has_room(one, [c for c, _ in chosen], None, crowded=True)]
            waiting = [*finding(own)[:MOST_FOUND], *waiting]
            finding = None
            continue
        candidate = waiting.pop(0)
        if not _has_room(candidate, [one for one, _ in chosen], wish.focus):
            continue
        control = candidate.control
        if measuring is not None:
            measured = measuring(control)
            if measured is not None and not measured.alive and not control.locked:
                continue
            control = with_measured(control, measured)
        chosen.append((candidate, control))
        if measuring is not None and len(chosen) < IN_VIEW:
            yield _panel(direction, intent, wish, chosen)
    if not chosen:  # every piece has a length and a picture; this is for worlds in which nothing answers
        chosen = [(candidate, candidate.control) for candidate in ranked[:1]]
    yield _panel(direction, intent, wish, chosen)


def with_measured(control: Control, measured: Measured | None) -> Control:
    """The control with what was measured; choices that are like another one are left out."""
    if measured is None:
        return control
    update: dict[str, object] = {"measured": measured.as_json()}
    if control.kind == "choice" and measured.dead and control.choices:
        gone = set(measured.dead) - {control.value}
        update["choices"] = tuple(name for name in control.choices if name not in gone)
    return control.model_copy(update=update)


def _has_room(candidate: Candidate, chosen: Iterable[Candidate], focus: Focus | None, crowded: bool = False) -> bool:
    """No number is bound twice, and no section crowds out the others, but for the one the talk is about. crowded: in a
    section of its own."""
    others = list(chosen)
    binds = {*candidate.control.binds, *candidate.control.binds_y}
    if any(binds & {*one.control.binds, *one.control.binds_y} for one in others):
        return False
    if crowded:
        return True
    most = MOST_IN_FOCUS if candidate.topic == focus else MOST_IN_SECTION
    return sum(one.section == candidate.section for one in others) < most


def _panel(direction: Direction, intent: str, wish: Wish, chosen: list[tuple[Candidate, Control]]) -> Panel:
    order = list(dict.fromkeys(candidate.section for candidate, _ in chosen))
    sections = tuple(PanelSection(title=title, controls=tuple(c for one, c in chosen if one.section == title))
                     for title in order)
    return Panel.model_validate({
        "id": f"panel_{direction.id}"[:64], "title": direction.title[:120] or _title(direction, intent),
        "intent": intent, "focus": wish.focus, "sections": sections, "actions": ACTIONS})


def _title(direction: Direction, intent: str) -> str:
    return f"{TITLES[intent]}, {look_of(direction).replace('_', ' ')}"


def panel_for(direction: Direction, brief: Brief) -> dict[str, object]:
    """The panel as JSON, as takes keep it: composed, not yet measured."""
    return compose(direction, brief).model_dump(mode="json")
