"""`beecam convert` and `beecam matrix`: the cells of any-to-any, one at a time or all of them scored."""

from __future__ import annotations

import argparse
import time
from collections.abc import Mapping
from threading import Event as Flag
from typing import Any

from agent.brief import Brief
from agent.director_words import clock
from agent.events import AgentEvent
from agent.from_streams import direction_of
from modalities.engine import Progress
from modalities.faults import Unusable
from ui_gen.command_line.convert_words import QUICK_WORLDS, WORLDS
from ui_gen.command_line.telling import Teller
from ui_gen.compose import panel_for
from world_model.streams.layout import Floats

Result = dict[str, Any]
MOST_WORLDS = 256


def panel_of(streams: Mapping[str, Floats], seed: int) -> dict[str, Any]:
    """The panel of what streams show."""
    direction = direction_of(streams, seed)
    return panel_for(direction, Brief(goal=direction.title))


def convert(arguments: argparse.Namespace, teller: Teller, stop: Flag) -> Result:
    from agent.request import parse_size
    from modalities.convert.convert import SIZE_PX
    from modalities.convert.convert import convert as made_of

    begun = time.monotonic()
    size = parse_size(arguments.size) if arguments.size else SIZE_PX

    def emit(progress: Progress) -> None:
        teller.tell(AgentEvent(kind="progress", stage=progress.stage, done=progress.done, total=progress.total,
                               unit=progress.unit))

    found = made_of(arguments.input, arguments.to, arguments.out, arguments.kind, arguments.seed, arguments.duration,
                    arguments.steps, size, panel_of, emit=emit, stop=stop)
    teller.clear()
    for note in found["notes"]:
        teller.line(note)
    wall_s = round(time.monotonic() - begun, 2)
    if "text" in found:
        teller.line(found["text"])
    teller.line(f"{found['from']} to {found['to']} in {clock(wall_s)}: {found['output']}")
    return {**found, "output": str(found["output"].absolute()), "wall_s": wall_s}


def matrix(arguments: argparse.Namespace, teller: Teller, stop: Flag) -> Result:
    from modalities.convert.fill import open_small
    from modalities.convert.matrix import matrix as every_cell
    from modalities.convert.matrix_page import page, table_lines
    from modalities.faults import Stopped
    from modalities.store import check_writable

    worlds = arguments.worlds if arguments.worlds is not None else QUICK_WORLDS if arguments.quick else WORLDS
    if not 2 <= worlds <= MOST_WORLDS:
        raise Unusable(f"--worlds must be from 2 to {MOST_WORLDS}, not {worlds}.")
    out = arguments.out.expanduser().absolute() if arguments.out else None
    if out is not None:
        check_writable(out.parent)
    pipeline = open_small()

    def tell(line: str) -> None:
        if stop.is_set():
            raise Stopped("The matrix was stopped.")
        teller.line(line)

    result = every_cell(pipeline, panel_of, worlds, tell=tell)
    lines = table_lines(result["cells"])
    for line in (*lines, f"{result['passed']} of {result['of']} cells pass, {clock(result['wall_s'])}"):
        # People read the table on standard output; with --json that is kept for the one object.
        if arguments.json:
            teller.line(line)
        else:
            print(line)
    if out is not None:
        part = out.with_name(f".{out.name}.part")
        part.write_text(page(result, f"beecam matrix --worlds {worlds}"), "utf-8")
        part.replace(out)
        result["page"] = str(out)
    return result
