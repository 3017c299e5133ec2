"""What it saves that only what changed is drawn again: a film of five shots is made, one shot of it edited, its sound
edited, and the whole made once more.

    python benchmarks/segments.py [--size 512x288] [--seconds 20] [--fps 24]

Prints a table and a JSON line. Cold and reused are measured in one run, one after the other, on the same film.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from pathlib import Path
from threading import Event
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--size", default="512x288")
    options.add_argument("--seconds", type=float, default=20.0)
    options.add_argument("--fps", type=int, default=24)
    chosen = options.parse_args()
    from world_model import kernel_cache

    kernel_cache.place()
    from agent.edits import apply_patch
    from agent.graph import run
    from agent.request import parse_size
    from agent.studio import Studio
    from modalities.registry import default_registry
    from modalities.store import Store
    from ui_gen.compose import panel_for

    rows: list[dict[str, Any]] = []
    with tempfile.TemporaryDirectory() as first, tempfile.TemporaryDirectory() as other:
        studio, fresh = (Studio(Store(Path(folder)).open(), default_registry(), panel_for) for folder in (first, other))
        small = {"prompt": "a bee over a meadow", "duration_s": 0.5, "size_px": (64, 36), "fps": 4}
        list(run(fresh, {"request": small}))  # kernels and soundfont are loaded before any clock runs
        request = {"prompt": "a train crosses a desert, then a city at night, then the sea, five shots, techno",
                   "duration_s": chosen.seconds, "size_px": parse_size(chosen.size), "fps": chosen.fps}

        def made(name: str, start: dict[str, Any], where: Studio = studio) -> str:
            begun = time.perf_counter()
            takes = [event.text for event in run(where, start | {"quiet": True}) if event.kind == "take"]
            spent = time.perf_counter() - begun
            take = where.store.take(takes[-1])
            rows.append({"what": name, "seconds": round(spent, 2), "frames": take.rendering["frames"],
                         "drawn": take.rendering["rendered"], "picture_s": take.rendering["picture_s"]})
            return take.id

        whole = made("the film, cold", {"request": request})
        direction = studio.load(whole)[1]
        shot = len(direction.shots) // 2
        look = [{"op": "replace", "path": f"/shots/{shot}/world/look", "value": "noir"}]
        made(f"one shot of {len(direction.shots)} edited", {"parent": whole, "patch": look, "request": {}})
        if direction.score is not None:
            made("its music edited", {"parent": whole, "request": {}, "patch": [
                {"op": "replace", "path": "/score/music_level", "value": 0.6}]})
        made("again, nothing edited", {"parent": whole, "request": {}, "patch": [
            {"op": "replace", "path": "/title", "value": "Again"}]})
        # The same edit where no piece is there.
        edited = apply_patch(direction, look, reason="cold")
        begun = time.perf_counter()
        heard = fresh.heard_again(edited, lambda p: None, Event())
        from agent.brief import Brief
        from agent.referring import Referred

        take = fresh.render(edited, Brief(goal=""), heard, Referred(words=""), parent=None, reason="", request={},
                            emit=lambda p: None, stop=Event())
        rows.append({"what": "that shot edited, cold", "seconds": round(time.perf_counter() - begun, 2),
                     "frames": take.rendering["frames"], "drawn": take.rendering["rendered"],
                     "picture_s": take.rendering["picture_s"]})
        same = (take.dir / "video.mp4").read_bytes() == (studio.store.take("t0002").dir / "video.mp4").read_bytes()
        size = sum(path.stat().st_size for path in studio.store.segments_dir.iterdir())
    print("| what | seconds | of these picture | frames | drawn |\n| --- | --- | --- | --- | --- |")
    for row in rows:
        print(f"| {row['what']} | {row['seconds']} | {row['picture_s']} | {row['frames']} | {row['drawn']} |")
    print(json.dumps({"rows": rows, "same_bytes_as_cold": same, "pieces_mib": round(size / 2**20, 1),
                      "size": chosen.size, "duration_s": chosen.seconds}))


if __name__ == "__main__":
    main()
