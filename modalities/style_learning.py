"""From clips to a style of a project: read, learn, measured, published whole or not at all."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from pathlib import Path
from threading import Event as Flag
from typing import TYPE_CHECKING, Any

import numpy as np
from PIL import Image

from modalities.faults import Stopped, Unavailable, Unusable
from modalities.media import file_sha256
from modalities.style_clips import MOST_RUNS, runs_of
from modalities.style_store import checked, learning, publish

if TYPE_CHECKING:
    from world_model.style.certificate import Dreamt
    from world_model.style.material import Plain

MOST_CLIPS = 50
LESSON_SEEDS, PROBE_SEEDS = range(9000, 9012), range(7700, 7706)
Tell = Callable[[str, int, int], None]


def learn_style(project: Path, name: str, clips: list[Path], minutes: float, seed: int, steps: int | None, tell: Tell,
                stop: Flag) -> dict[str, Any]:
    """The certificate of the new style. tell: stage, done, total. The same clips, seed and steps give the same adapter
    on one machine. Raises Unusable, Unavailable, Stopped (then nothing is left)."""
    _check(name, clips, minutes, seed, steps)
    from world_model.joint.shipped import missing, open_picture_codec, open_world
    from world_model.style.adapter import merged, save
    from world_model.style.certificate import certify
    from world_model.style.grade import grade_between, save_grade
    from world_model.style.learn import Halted, learn
    from world_model.style.material import material_of, plain_worlds

    wrong = missing("live") or missing("picture_codec")
    if wrong:
        raise Unavailable(f"A style is learnt on the dream's own model, and {wrong}.")

    def told(stage: str, done: int, total: int) -> None:
        if stop.is_set():
            raise Stopped("Learning was stopped; nothing of the style was kept.")
        tell(stage, done, total)

    with learning(project.expanduser().absolute(), name) as folder:
        begun = time.monotonic()
        runs, sources = list[Any](), list[dict[str, Any]]()
        for number, path in enumerate(clips):
            told("read", number, len(clips))
            here = runs_of(path, stop, max(1, MOST_RUNS // len(clips)))
            sources.append({"file": path.name, "sha256": file_sha256(path), "seconds": len(here)})
            runs += here
        model, codec = open_world("live").model, open_picture_codec()
        material = material_of(runs, codec, model.patch)
        told("worlds", 0, 2)
        plain = plain_worlds(LESSON_SEEDS, lambda done: told("worlds", done, len(LESSON_SEEDS) + len(PROBE_SEEDS)))
        probes = plain_worlds(PROBE_SEEDS, lambda done: told("worlds", len(LESSON_SEEDS) + done,
                                                             len(LESSON_SEEDS) + len(PROBE_SEEDS)))
        try:
            wrapped, made = learn(model, material, plain, seed, minutes, steps, lambda one: _learning(one, tell, stop))
        except Halted:
            raise Stopped("Learning was stopped; nothing of the style was kept.") from None
        save(wrapped, folder)
        grade = grade_between(plain.guides, material.guides)
        save_grade(grade, folder)
        told("measure", 0, 1)
        shown, before, after = certify(model, merged(model, folder), codec, material, probes, seed,
                                       grade)
        pairs(folder, probes, before, after)
        told("measure", 1, 1)
        (folder / "sources.json").write_text(json.dumps(sources, ensure_ascii=False, indent=1) + "\n", "utf-8")
        certificate = {"format": "beecam-style/1", "name": name, "seed": seed, "steps": made,
                       "wall_s": round(time.monotonic() - begun, 1), "probes": list(probes.settings),
                       "sources": sources} | shown
        publish(folder, name, certificate)
    return certificate


def pairs(folder: Path, probes: Plain, before: Dreamt, after: Dreamt) -> None:
    """pair-N-SETTING.png: the simulator's picture, the dream without the style, the dream with it, side by side."""
    for number, setting in enumerate(probes.settings):
        row = [frames[number, -1] for frames in (probes.frames, before.frames, after.frames)]
        Image.fromarray(np.concatenate(row, 1)).save(folder / f"pair-{number + 1}-{setting}.png")


def _learning(one: Any, tell: Tell, stop: Flag) -> bool:
    tell("learn", round(1000 * one.share), 1000)
    return stop.is_set()


def _check(name: str, clips: list[Path], minutes: float, seed: int, steps: int | None) -> None:
    checked(name)
    if not clips or len(clips) > MOST_CLIPS:
        raise Unusable(f"A style is learnt from 1 to {MOST_CLIPS} clips, not {len(clips)}.")
    if not 0.05 <= minutes <= 600.0:
        raise Unusable(f"--minutes {minutes} cannot be used; expected 0.05 to 600.")
    if steps is not None and not 1 <= steps <= 1_000_000:
        raise Unusable(f"--steps {steps} cannot be used; expected 1 to 1000000.")
    if not 0 <= seed < 2**31:
        raise Unusable(f"--seed {seed} cannot be used; expected 0 to {2**31 - 1}.")
