"""One cell of any-to-any: an input, the joint model's infilling, one output, moved into place when it is whole."""

from __future__ import annotations

import math
import os
import re
import secrets
import tempfile
from pathlib import Path
from threading import Event as Flag
from typing import TYPE_CHECKING, Any

from modalities.convert.ends_in import read_input
from modalities.convert.ends_out import ENDINGS, Making, PanelOf, untold, write_output
from modalities.convert.fill import SAMPLING_STEPS, imagine, one_of, open_small
from modalities.convert.given import LONGEST_S, OUTPUTS
from modalities.engine import Emit, Progress
from modalities.faults import Stopped, Unusable

if TYPE_CHECKING:
    from world_model.joint.pipeline import WorldPipeline

SIZE_PX = (768, 432)
MOST_SAMPLING_STEPS = 200


def convert(source: str, to: str, out: Path | None = None, kind: str | None = None, seed: int = 0,
            duration_s: float | None = None, sampling_steps: int = SAMPLING_STEPS,
            size_px: tuple[int, int] = SIZE_PX, panel_of: PanelOf | None = None,
            pipeline: WorldPipeline | None = None, emit: Emit = untold, stop: Flag | None = None) -> dict[str, Any]:
    """Make `to` (one of OUTPUTS) out of a file or, for kind "text", a sentence, through the joint model's infilling.

    out: the file to write, or a folder; by default beside the input, as STEM-TO. Nothing is overwritten: -2, -3 are
    added. kind: one of INPUTS, or None to find out. duration_s: None is the input's own length up to 60 s, or 4 s.
    pipeline: the shipped one by default. The same arguments give the same bytes. Returns output (Path), from, to,
    seed, duration_s, notes and, for text, text. Raises Unusable, Unavailable (weights missing), Stopped.
    """
    flag = stop or Flag()
    _check(to, seed, duration_s, sampling_steps)
    with tempfile.TemporaryDirectory(prefix="beecam-") as private:
        emit(Progress("perceive", 0, 1, "steps"))
        try:
            given = read_input(source, kind, duration_s, Path(private), flag.is_set)
        except InterruptedError:
            raise Stopped("The run was stopped; nothing half-made was kept.") from None
        folder, stem, ending = _place(source, given.kind, to, out)
        model = pipeline or open_small()

        def told(done: int, total: int) -> None:
            if flag.is_set():
                raise Stopped("The run was stopped; nothing half-made was kept.")
            emit(Progress("roll out", done, total, "steps"))

        streams = one_of(imagine(model, [given], seed, sampling_steps, told=told), 0)
        part = folder / f".{stem[:80]}.{secrets.token_hex(4)}.part{ending}"
        making = Making(seed, size_px, panel_of=panel_of, emit=emit, stop=flag)
        try:
            more = write_output(to, streams, given, part, making)
            final = publish(part, folder, stem, ending)
        finally:
            part.unlink(missing_ok=True)
    return {"output": final, "from": given.kind, "to": to, "seed": seed, "notes": list(given.notes), **more}


def publish(part: Path, folder: Path, stem: str, ending: str) -> Path:
    """Give a finished file its name, STEM, STEM-2, …: whole or not at all, and never onto something that is there."""
    number = 1
    while True:
        final = folder / (f"{stem}{ending}" if number == 1 else f"{stem}-{number}{ending}")
        try:
            os.link(part, final)
            return final
        except FileExistsError:
            number += 1
        except OSError:  # a disk without links: the moment between the look and the rename is the best there is
            if final.exists():
                number += 1
                continue
            return part.rename(final)


def _check(to: str, seed: int, duration_s: float | None, sampling_steps: int) -> None:
    if to not in OUTPUTS:
        raise Unusable(f"There is no kind of output {to[:40]!r}; expected one of {', '.join(OUTPUTS)}.")
    if duration_s is not None and not (math.isfinite(duration_s) and 0 < duration_s <= LONGEST_S):
        raise Unusable(f"duration must be more than 0 and at most {LONGEST_S:.0f} seconds, not {duration_s:g}.")
    if not 1 <= sampling_steps <= MOST_SAMPLING_STEPS:
        raise Unusable(f"steps must be from 1 to {MOST_SAMPLING_STEPS}, not {sampling_steps}.")
    if not 0 <= seed < 2**31:
        raise Unusable(f"seed must be from 0 to {2**31 - 1}, not {seed}.")


def _place(source: str, kind: str, to: str, out: Path | None) -> tuple[Path, str, str]:
    """Folder, stem and ending of the output; the folder is there and can be written to."""
    from modalities.store import check_writable

    usual = ENDINGS[to][0]
    if kind == "text" and not _is_file(source):
        folder, stem = Path.cwd(), re.sub(r"[^\w]+", "-", source.lower()).strip("-")[:40].strip("-") or "text"
    else:
        given = Path(source).expanduser().absolute()
        folder, stem = given.parent, given.stem
        if out is None and not os.access(folder, os.W_OK):
            folder = Path.cwd()
    stem = f"{stem[:80]}-{to}"
    if out is not None:
        wanted = out.expanduser().absolute()
        if wanted.is_dir():
            folder = wanted
        else:
            if wanted.suffix and wanted.suffix.lower() not in ENDINGS[to]:
                raise Unusable(f"{wanted.name} cannot hold {to}; expected a name that ends in "
                               f"{' or '.join(ENDINGS[to])}.")
            folder, stem, usual = wanted.parent, wanted.stem, wanted.suffix.lower() or usual
    check_writable(folder)
    return folder, stem, usual


def _is_file(source: str) -> bool:
    try:
        return Path(source).is_file()
    except (OSError, ValueError):
        return False
