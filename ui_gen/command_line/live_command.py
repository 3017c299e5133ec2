"""`beecam live`: the player without a page, steered by a script; what it measures is the benchmark of live play."""

from __future__ import annotations

import argparse
import math
import time
from collections.abc import Sequence
from pathlib import Path
from threading import Event as Flag
from typing import Any

import numpy as np

from agent.live_start import PROMPT, live_direction, live_start, origin_of, start_of
from agent.request import parse_size
from modalities.faults import Stopped, Unusable
from modalities.live.control_log import Checker, ControlLog, Played, read_log
from modalities.live.engines import live_engine
from modalities.live.player import LiveEngine, Nobody, Player, Slice, check_size
from modalities.live.steering import AnyInput, Ease, Fly, Happen, Look, Music
from ui_gen.command_line.telling import Teller

Result = dict[str, Any]
SIZE_PX = (512, 288)


def script(frame: int, fps: int = 24) -> Sequence[AnyInput]:
    """A hand that is never still: a push, a turn, a drag or a change every 0.7 s, the same for every run."""
    every = round(0.7 * fps)
    if frame % every or frame == 0:
        return ()
    k = frame // every
    # Ids grow with the frame, and what is asked for is never what is there already.
    acts: tuple[AnyInput, ...] = (
        Fly(thrust=(0.0, 0.0, 1.0)), Fly(turn=(0.6, 0.0)), Fly(), Ease(values={"/weather/rain": 0.3 + 0.5 * (k % 2)}),
        Fly(drag_rad=(0.12, 0.02)), Happen(name="lightning"), Fly(thrust=(0.5, 0.2, 0.5)), Fly(),
        Ease(values={"/light/time_h": 6.0 + 2.0 * (k % 7)}), Look(look=("cel", "photoreal")[k // 11 % 2]),
        Music(tempo_factor=1.1 if k % 2 else 0.9))
    return (acts[k % len(acts)].model_copy(update={"id": k}),)


class _Checked(Nobody):
    """Keeps nothing but compares what is played with a log."""

    def __init__(self, played: Played) -> None:
        super().__init__()
        self.checker = Checker(played)

    def sound(self, part: Slice) -> None:
        self.checker.see(part)


def measure(engine: LiveEngine, player: Player, seconds: float, wall_s: float) -> Result:
    """The figures of a run. NaN-free: a figure that was not measured is null."""
    tally = player.tally

    def share(values: list[float], percent: float) -> float | None:
        return round(float(np.percentile(values, percent)), 1) if values else None

    return {"engine": engine.id, "size_px": list(engine.size_px), "seconds": round(seconds, 2),
            "wall_s": round(wall_s, 2), "fps": round(tally.pictures / max(wall_s, 1e-6), 2),
            "pictures": tally.pictures, "dropped": tally.dropped, "late_slices": tally.late_slices,
            "sound_underruns": engine.underruns, "step_ms_p95": share(tally.step_ms, 95),
            "draw_ms_p50": share(tally.draw_ms, 50), "draw_ms_p95": share(tally.draw_ms, 95),
            "control_to_visible_ms_p50": share(tally.latency_ms, 50),
            "control_to_visible_ms_p95": share(tally.latency_ms, 95), "controls_seen": len(tally.latency_ms)}


def live(arguments: argparse.Namespace, teller: Teller, stop: Flag) -> Result:
    """Play live for a while (or play a log again) and say how well it went."""
    if not (math.isfinite(arguments.seconds) and 0.5 <= arguments.seconds <= 24 * 3600):
        raise Unusable(f"--seconds {arguments.seconds:g} cannot be played; expected 0.5 to 86400.")
    played = read_log(arguments.replay) if arguments.replay else None
    size = check_size(parse_size(arguments.size)) if arguments.size else played.size_px if played else SIZE_PX
    engine = live_engine(arguments.engine or (played.engine if played else "sim"))
    if played is not None:
        direction, start = start_of(played.origin, size)
    else:
        direction = live_direction(arguments.prompt or PROMPT)
        start = live_start(direction, size)
    fast = bool(arguments.fast or played)
    log = ControlLog(_path(arguments.log), engine=engine.id, size_px=size, origin=origin_of(direction, 0)) \
        if arguments.log else None
    teller.line(f"Live: {direction.title or arguments.prompt or PROMPT}, {size[0]}x{size[1]}, engine {engine.id}")
    sink = _Checked(played) if played is not None else Nobody()
    engine.open(start, size, waits=fast)
    begun = time.monotonic()
    try:
        player = Player(engine, sink, log, fast=fast)
        seconds = played.frames / start.grid.fps if played is not None else arguments.seconds
        steering = played.script if played is not None else script
        player.run(seconds, _until(steering, stop, player))
        if stop.is_set():
            raise Stopped("Live play was stopped.")
        result = measure(engine, player, seconds, time.monotonic() - begun)
    finally:
        engine.close()
    if isinstance(sink, _Checked):
        result |= {"replay": str(arguments.replay), "digests_checked": sink.checker.checked,
                   "first_difference_frame": sink.checker.first_difference,
                   "same": sink.checker.first_difference is None and sink.checker.checked > 0}
        teller.line(f"Replay: {sink.checker.checked} digests checked, "
                    + ("all rows the same" if result["same"] else
                       f"rows differ by frame {result['first_difference_frame']}"))
    if arguments.log:
        result["log"] = str(_path(arguments.log))
    teller.line(f"{result['fps']} frames/s, {result['dropped']} dropped, {result['late_slices']} slices late, "
                f"{result['sound_underruns']} sound underruns, control to visible p50 "
                f"{result['control_to_visible_ms_p50']} ms, p95 {result['control_to_visible_ms_p95']} ms "
                f"({result['controls_seen']} seen)")
    return result


def _until(steering: Any, stop: Flag, player: Player) -> Any:
    """The script, ending the player when the person does."""

    def act(frame: int) -> Sequence[AnyInput]:
        if stop.is_set():
            player.stop()
        return steering(frame)

    return act


def _path(path: Path) -> Path:
    return path.expanduser().absolute()
