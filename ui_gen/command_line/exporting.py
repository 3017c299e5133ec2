"""`beecam export`: takes as files for an editing program."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path
from threading import Event as Flag
from typing import Any

from agent.studio import Studio
from agent.tree_handover import cut_list
from modalities.export.cut_list import CutList, written
from modalities.export.edl_file import edl_text
from modalities.export.fcpxml_file import fcpxml_text
from modalities.export.media_files import copy_film, write_frames
from modalities.export.otio_file import otio_text
from modalities.faults import Unusable
from modalities.store import check_writable
from modalities.take_labels import Label, labels, take_id_of
from ui_gen.command_line.telling import Teller

Result = dict[str, Any]
TEXTS: dict[str, Callable[[CutList], str]] = {"otio": otio_text, "fcpxml": fcpxml_text, "edl": edl_text}


def export(arguments: argparse.Namespace, studio: Studio, teller: Teller, stop: Flag) -> Result:
    """{output, outputs: [{take, output, format, frames, fps, clips, markers}]}. Raises Unusable, Stopped."""
    kind = str(arguments.kind)
    names = labels(studio.store)
    takes = [take_id_of(studio.store, text) for text in arguments.takes]
    suffix = "" if kind == "frames" else f".{kind}"
    found: list[Result] = []
    for take_id in dict.fromkeys(takes):
        take, direction, _ = studio.load(take_id)
        cuts = cut_list(take, direction, names.get(take_id, Label()).name)
        out = _place(studio, arguments.out, take_id, suffix, len(takes) == 1)
        with written(out) as part:
            if kind in TEXTS:
                part.write_text(TEXTS[kind](cuts), "utf-8")
            elif kind == "mp4":
                copy_film(take.video, part)
            else:
                write_frames(take.video, take.audio, part, stop)
        found.append({"take": take_id, "output": str(out), "format": kind, "frames": cuts.frames,
                      "fps": float(cuts.rate), "clips": len(cuts.clips), "markers": len(cuts.markers)})
        teller.line(str(out))
        if kind == "edl":
            teller.line(f"An EDL does not carry its frame rate: read it at {float(cuts.rate):g} frames a second.")
    return {"output": found[0]["output"], "outputs": found}


def _place(studio: Studio, out: Path | None, take_id: str, suffix: str, alone: bool) -> Path:
    """Where a take goes: the file that was named, else a new name in the folder."""
    if out is not None:
        out = out.expanduser().absolute()
        if alone and not out.is_dir() and (out.suffix.lower() == suffix or not suffix):
            check_writable(out.parent)
            return out
        if out.is_file() or (suffix and out.suffix and not out.is_dir()):
            raise Unusable(f"--out {out.name} cannot hold this; expected a folder"
                           f"{f' or a name that ends in {suffix}' if suffix else ''}.")
    folder = out or studio.store.root / "exports"
    check_writable(folder)
    place, n = folder / f"{take_id}{suffix}", 2
    while place.exists():
        place, n = folder / f"{take_id}-{n}{suffix}", n + 1
    return place
