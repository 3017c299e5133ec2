"""`beecam treatment`: a take explains itself as text."""

from __future__ import annotations

import argparse
import sys
from threading import Event as Flag
from typing import Any

from agent.treatment import as_data, as_text, treated
from modalities.export.cut_list import written
from modalities.faults import Unusable
from modalities.store import Store, check_writable
from modalities.take_labels import take_id_of
from ui_gen.command_line.telling import Teller

Result = dict[str, Any]


def treatment(arguments: argparse.Namespace, teller: Teller, stop: Flag) -> Result:
    """{take, text, output, and the parts: title, logline, arc, shots, sound, references, said, history}. Raises
    Unusable."""
    store = Store(arguments.project).open()
    found = treated(take_id_of(store, arguments.take), store)
    text = as_text(found)
    output = None
    if arguments.out is not None:
        out = arguments.out.expanduser().absolute()
        if out.is_dir():
            raise Unusable(f"--out {out.name} is a folder; expected the name of a file.")
        check_writable(out.parent)
        with written(out) as part:
            part.write_text(text, "utf-8")
        output = str(out)
        teller.line(output)
    elif not arguments.json:
        sys.stdout.write(text)
    return {**as_data(found), "text": text, "output": output}
