"""How the director films a story: purposes of its beats, places that return, beats on the bars, music that follows."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

from agent.direction import Purpose, Shot, ShotWorld
from agent.director_wishes import Wish
from agent.pacing import BarGrid, Slot, Stretch
from world_model.vocabulary import MEDIUM

# What the shots of a beat are for after its first: closer, along, across, and wide again.
WITH_SOMEBODY: tuple[Purpose, ...] = ("detail", "follow", "contrast", "approach")
ALONE: tuple[Purpose, ...] = ("contrast", "rest", "approach", "detail")
# The music of each purpose, as sections of a score are named.
SECTION_OF: dict[str, str] = {"establish": "intro", "approach": "verse", "reveal": "verse", "follow": "verse",
                              "detail": "verse", "contrast": "verse", "rest": "break", "turn": "build",
                              "climax": "chorus", "release": "outro"}
LEAST_SECTION_BARS = 2
# From the lens of a medium frame to that of a full one.
WIDEN = 30 / 42
# Where the second of two subjects stands in the first frame: across, and down by what carries it.
BESIDE_X, BESIDE_Y = 0.67, {"ground": 0.64, "surface": 0.62, "air": 0.42, "water": 0.55, "sky": 0.3}


def told(steps: Sequence[Wish]) -> bool:
    """Whether the film tells a story of beats with purposes."""
    return bool(steps) and all(step.purpose is not None for step in steps)


def one_stretch_each(stretches: tuple[Stretch, ...], steps: Sequence[Wish]) -> tuple[Stretch, ...]:
    """The stretches of a story, one for each beat: a section of the music that begins within a beat cuts nothing."""
    if not told(steps):
        return stretches
    out: list[Stretch] = []
    for stretch in stretches:
        last = out[-1] if out else None
        if last is not None and last.part == stretch.part:
            before, own = last.end_s - last.start_s, stretch.end_s - stretch.start_s
            level = (last.energy * before + stretch.energy * own) / max(1e-9, before + own)
            out[-1] = replace(last, end_s=stretch.end_s, energy=level,
                              name=last.name if before >= own else stretch.name)
        else:
            out.append(stretch)
    return tuple(out)


def story_purposes(slots: Sequence[Slot], stretches: Sequence[Stretch], within: Sequence[Wish],
                   plain: Sequence[Purpose]) -> tuple[Purpose, ...]:
    """The purpose of every shot: its beat's for the first shot of the beat (of the last beat, for the last shot), and
    those that vary it for the others. within: the wish of each shot's own beat; plain: without a story."""
    out: list[Purpose] = []
    nth = 0
    for k, (slot, wish) in enumerate(zip(slots, within, strict=True)):
        part = stretches[slot.stretch].part
        nth = nth + 1 if k and stretches[slots[k - 1].stretch].part == part else 0
        if wish.purpose is None:
            out.append(plain[k])
            continue
        final = k == len(slots) - 1 and wish.purpose == "release"
        if nth == 0 and wish.purpose != "release":
            out.append(wish.purpose)
        elif final:
            out.append("release")
        else:
            cycle = WITH_SOMEBODY if wish.bodies else ALONE
            out.append(cycle[(nth - 1) % len(cycle)] if nth else "approach")
    return tuple(out)


def same_places(worlds: Sequence[ShotWorld], steps: Sequence[Wish]) -> list[ShotWorld]:
    """The worlds with places that return looking as they did: the same ground and mixture, and the same colours where
    none are asked for anew."""
    first: dict[int, int] = {}
    out: list[ShotWorld] = []
    for k, (world, step) in enumerate(zip(worlds, steps, strict=True)):
        if step.place_number is None:
            out.append(world)
            continue
        home = out[first[step.place_number]] if step.place_number in first else world
        first.setdefault(step.place_number, k)
        began = steps[first[step.place_number]]
        changes: dict[str, object] = {"ground": world.ground.model_copy(update={"variant": home.ground.variant})}
        if step.place == began.place:
            changes["place"] = home.place
        if step.colours == began.colours and step.palette == began.palette and step.look == began.look:
            changes["palette"] = home.palette
        out.append(world.model_copy(update=changes))
    return out


def bars_of(steps: Sequence[Wish], lines_s: Sequence[float], duration_s: float) -> list[float] | None:
    """The bar at which every beat begins, rising, each beat lasting a bar or (where there are more beats than bars) a
    half at least; None where there is no room for that."""
    grid = BarGrid(tuple(lines_s))
    bars = grid.bar_of(duration_s)
    unit = 1.0 if bars >= 1.3 * len(steps) else 0.5 if bars >= 0.65 * len(steps) else 0.25
    if bars < len(steps) * unit:
        return None
    starts = [0.0]
    for k, step in enumerate(steps[1:], 1):
        wanted = round(grid.bar_of(step.start_s or 0.0) / unit) * unit
        latest = math.floor((bars - (len(steps) - k) * unit) / unit + 1e-6) * unit
        starts.append(min(max(wanted, starts[-1] + unit), latest))
    return starts


def on_bars(steps: tuple[Wish, ...], lines_s: Sequence[float], duration_s: float) -> tuple[Wish, ...]:
    """The beats of a story with those that state no times beginning on bar lines: it is cut on the beat."""
    if not told(steps) or not all(step.soft for step in steps) or len(lines_s) < 2:
        return steps
    starts = bars_of(steps, lines_s, duration_s)
    if starts is None:
        return steps
    grid = BarGrid(tuple(lines_s))
    return tuple(replace(step, start_s=max(0.0, round(grid.time_of(bar), 6)) if k else 0.0)
                 for k, (step, bar) in enumerate(zip(steps, starts, strict=True)))


def story_sections(steps: Sequence[Wish], bars: int, bar_s: float) -> list[tuple[str, int, float]]:
    """(name, bars, energy) of the sections of a score that follows the story; [] where there is none to follow. A
    section lasts two bars at least; neighbours of one kind and about one strength are one section."""
    if not told(steps) or bars < 4:
        return []
    edges = [min(bars, round((step.start_s or 0.0) / bar_s)) for step in steps] + [bars]
    rough = [(SECTION_OF[step.purpose or "follow"], edges[k + 1] - edges[k], step.energy or 0.5)
             for k, step in enumerate(steps)]
    out: list[tuple[str, int, float]] = []
    for name, count, energy in rough:
        if count <= 0:
            continue
        last = out[-1] if out else None
        joins = last is not None and ((last[0] == name and abs(last[2] - energy) < 0.15)
                                      or last[1] < LEAST_SECTION_BARS)
        if last is not None and joins:
            total = last[1] + count
            strong = name if energy > last[2] else last[0]
            out[-1] = (strong, total, round((last[1] * last[2] + count * energy) / total, 3))
        else:
            out.append((name, count, round(energy, 3)))
    if len(out) > 1 and out[-1][1] < LEAST_SECTION_BARS:
        name, count, energy = out.pop()
        out[-1] = (name, out[-1][1] + count, round((out[-1][2] + energy) / 2, 3))
    return out


def side_by_side(shots: Sequence[Shot]) -> list[Shot]:
    """The shots with two subjects seen both: a medium frame is widened for two where its neighbours leave room for
    that, and the second stands beside the first where the camera does not circle."""
    out: list[Shot] = []
    for k, shot in enumerate(shots):
        target = next((body for body in shot.world.bodies if body.id == shot.camera.target), None)
        other = next((body for body in shot.world.bodies if body.id != shot.camera.target), None)
        beside = {near.camera.scale for near in (*out[-1:], *shots[k + 1:k + 2])}
        camera = shot.camera
        if target is None or other is None or other.frame_at is not None:
            out.append(shot)
            continue
        if camera.scale == "medium" and "full" not in beside and camera.move not in ("bee_cam", "handheld"):
            camera = camera.model_copy(update={"scale": "full", "lens_mm": round(camera.lens_mm * WIDEN, 1),
                                               "move": "truck" if camera.move == "orbit" else camera.move})
        bodies = shot.world.bodies
        if camera.scale in ("wide", "full") and camera.move not in ("bee_cam", "top_down", "orbit"):
            across = BESIDE_X if camera.side == 1 else 1 - BESIDE_X
            placed = other.model_copy(update={"frame_at": (across, BESIDE_Y.get(MEDIUM[other.kind], 0.55))})
            bodies = tuple(placed if body.id == other.id else body for body in bodies)
        out.append(shot.model_copy(update={"camera": camera,
                                           "world": shot.world.model_copy(update={"bodies": bodies})}))
    return out
