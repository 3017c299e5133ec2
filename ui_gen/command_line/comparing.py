"""`beecam diff`: what was changed between two takes, in words, and what it came to in picture and sound."""

from __future__ import annotations

import argparse
from dataclasses import asdict
from threading import Event as Flag
from typing import Any

from agent.studio import Studio
from agent.tree_diff import compared
from modalities.take_labels import take_id_of
from ui_gen.command_line.telling import Teller

Result = dict[str, Any]


def diff(arguments: argparse.Namespace, studio: Studio, teller: Teller, stop: Flag) -> Result:
    """{a, b, changed: [{said, field, before, after, shots, spans_s}], patch, picture, sound}. Raises Unusable."""
    one, other = (take_id_of(studio.store, text) for text in (arguments.first, arguments.second))
    (first, was, _), (second, now, _) = studio.load(one), studio.load(other)
    found = compared((first, was), (second, now))
    for change in found.changed:
        teller.line(change.said)
    if not found.changed:
        teller.line("Nothing was changed in the Direction.")
    for part in (found.picture, found.sound):
        teller.line(str(part["said"]))
    return {"a": one, "b": other} | asdict(found)
