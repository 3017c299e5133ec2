"""Bee-cam: ideas nobody asked for, that hang together. The few that differ most from each other and from all that was
tried, each with the shortest edit that leads there and a moving thumbnail."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from threading import Event as Flag

from agent.direction import Direction
from agent.ideas_afar import Afar
from agent.ideas_excerpt import Signals, excerpt, shots_shown, signals_of
from agent.ideas_pictures import SIZE_PX, Look, look_at
from agent.ideas_preview import SIZE_PX as PREVIEW_PX
from agent.ideas_preview import film
from agent.ideas_search import chosen, searched
from agent.ideas_shorten import bare, shortened
from agent.ideas_types import MOST_IDEAS, Idea, scene_of
from agent.ideas_weigh import Scales, Weighed
from agent.ideas_words import gene_names, reasons, titled
from agent.profile import profile_bias
from agent.studio import Studio
from modalities.cluster.machines import Cluster
from modalities.engine import Emit, Progress
from modalities.faults import Stopped, Unavailable, Unusable
from modalities.store import Take
from world_model.sim.picture import Renderer

# Takes that are compared with, newest first; their looks are kept in the project.
MOST_TRIED = 40
FOLDER = "ideas"


@dataclass(frozen=True)
class Start:
    """Where ideas are looked for: a Direction, its words, its music's curves, and the takes to keep away from.
    liking: how much a film is to the creator's taste, None where that has no say."""

    direction: Direction
    words: str
    signals: Signals | None
    tried: tuple[Look, ...]
    liking: Callable[[Direction], float] | None = None


def ideas_for(studio: Studio, take_id: str, count: int, seed: int, emit: Emit, stop: Flag) -> tuple[Idea, ...]:
    """`count` ideas for a take, best first; fewer where fewer hang together. Thumbnails go to a new folder in the
    project. The same project, take and seed give the same ideas.

    Raises Unusable, Unavailable (no weights, no pyribs), Stopped, OSError.
    """
    take, direction, brief = studio.load(take_id)
    heard = studio.heard_again(direction, emit, stop)
    given = (heard.cues.signals, heard.cues.signal_rate_hz) if heard else (None, 50.0)
    start = Start(direction, brief.goal or direction.reason or direction.title, signals_of(direction, *given),
                  looks_of_takes(studio, [one for one in studio.store.takes() if one.id != take.id]),
                  profile_bias(studio.profile() if studio.profile else None))
    return ideas_from(start, count, seed, studio.store.root / FOLDER, take.id, emit, stop, studio.cluster)


def ideas_from(start: Start, count: int, seed: int, root: Path, name: str, emit: Emit, stop: Flag,
               cluster: Cluster | None = None) -> tuple[Idea, ...]:
    """As ideas_for, from a Direction that need not be a take. Thumbnails go to root/name-1 or the next that is free.
    cluster: whose workers look at ideas, None where this process does."""
    if not 1 <= count <= MOST_IDEAS:
        raise Unusable(f"{count} ideas cannot be given; expected 1 to {MOST_IDEAS}.")
    if not 0 <= seed < 2**31:
        raise Unusable(f"A seed of {seed} cannot be used; expected 0 to {2**31 - 1}.")
    from world_model.joint.shipped import missing

    if wrong := missing("small"):
        raise Unavailable(f"Ideas cannot be weighed here: {wrong}.")
    if not start.words.strip():
        raise Unusable("This film has no words to be surprising about; give it a title or a reason.")
    emit(Progress("ideas", 0, 10, "steps"))
    scene = scene_of(start.direction)
    afar = Afar(cluster, stop) if cluster is not None else None
    scales = Scales(scene, [start.words], start.signals, start.tried, afar)
    try:
        emit(Progress("ideas", 1, 10, "steps"))
        good = searched(scales, scene, seed, stop, lambda done, rounds: emit(
            Progress("ideas", 1 + round(7 * done / rounds), 10, "steps")))
        if not good:
            raise Unusable("No idea was found that hangs together; try another seed.")
        picked = bare(chosen(scales.closely(chosen(good, 2 * count, start.liking)), count, start.liking), scales)
    finally:
        scales.close()
    titles, whys = titled(picked, scene), reasons(picked, scene, scales)
    films = afar.films([one.shown for one in picked]) if afar is not None else None
    out = new_folder(root, name)

    def finished(number: int) -> Idea:
        one = picked[number]
        patch, direction = shortened(start.direction, one.made.direction, start.signals)
        reason = titles[number]
        direction = direction.model_copy(update={"reason": reason, "author": "agent"})
        preview = out / f"idea-{number + 1}.mp4"
        if films is not None:
            preview.write_bytes(films[number])
        else:
            film(one.shown, preview, Renderer(PREVIEW_PX, threads=1), stop)
        return Idea(reason, whys[number], direction, patch, round(one.distance, 4),
                    round(one.surprise_bits, 3), round(one.coherence, 4), gene_names(one.made.moves), preview)

    try:
        with ThreadPoolExecutor(2) as pool:
            ideas = tuple(pool.map(finished, range(len(picked))))
    except BaseException:
        shutil.rmtree(out, ignore_errors=True)
        raise
    emit(Progress("ideas", 10, 10, "steps"))
    return ideas


def looks_of_takes(studio: Studio, takes: Sequence[Take]) -> tuple[Look, ...]:
    """How the newest takes look; measured once and kept in the project. Takes that cannot be read are left out."""
    kept = studio.store.root / FOLDER / "looks"
    kept.mkdir(parents=True, exist_ok=True)
    renderer: Renderer | None = None
    out: list[Look] = []
    for take in list(reversed(takes))[:MOST_TRIED]:
        path = kept / f"{take.id}.json"
        try:
            out.append(Look.of_list(json.loads(path.read_text("utf-8"))))
            continue
        except (OSError, ValueError, TypeError):
            pass
        try:
            direction = Direction.model_validate(take.document("direction"))
            renderer = renderer or Renderer(SIZE_PX, threads=1)
            look = look_at(excerpt(direction, shots_shown(direction, scene_of(direction), None), None), renderer)
        except (OSError, ValueError, LookupError):
            continue
        path.write_text(json.dumps(look.listed()), "utf-8")
        out.append(look)
    return tuple(out)


def new_folder(root: Path, name: str) -> Path:
    """root/name-1, -2, …: one that is not there yet. Made at once, so that two runs never share one."""
    root.mkdir(parents=True, exist_ok=True)
    number = 1
    while True:
        folder = root / f"{name}-{number}"
        try:
            folder.mkdir()
            return folder
        except FileExistsError:
            number += 1


__all__ = ["Idea", "Start", "Stopped", "Weighed", "ideas_for", "ideas_from", "looks_of_takes", "new_folder"]
