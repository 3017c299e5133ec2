"""`beecam resume`: runs that were not brought to their end, because a process died or because something was asked."""

from __future__ import annotations

import argparse
from threading import Event as Flag
from typing import Any

from agent.graph import Unfinished, answer, forget, unfinished
from agent.graph import resume as go_on
from agent.studio import Studio
from modalities.faults import Unusable
from ui_gen.command_line.running import told
from ui_gen.command_line.saying import shown
from ui_gen.command_line.telling import Teller

Result = dict[str, Any]


def resume(arguments: argparse.Namespace, studio: Studio, teller: Teller, stop: Flag) -> Result:
    """{unfinished: [{job, asked, question, choices, running, takes}]} with --list or --forget, else as `told`. Raises
    Unusable where there is nothing to go on with."""
    left = unfinished(studio.store)
    if arguments.list_only:
        for one in left:
            teller.line(f"{one.job}  {_said(one)}")
        if not left:
            teller.line("Nothing is unfinished.")
        return {"unfinished": [_row(one) for one in left]}
    found = _chosen(left, arguments.job, arguments.answer is not None)
    if arguments.forget:
        forget(studio.store, found.job)
        teller.line(f"{found.job} is given up; the takes it made stay.")
        return {"unfinished": [_row(one) for one in left if one.job != found.job]}
    if arguments.answer is not None:
        if not arguments.answer.strip():
            raise Unusable("--answer is empty. Say one of the choices, or something of your own.")
        events = answer(studio, found.job, arguments.answer, stop)
    else:
        events = go_on(studio, found.job, stop)
    return shown(studio, told(studio, events, None, teller), None, teller)


def _chosen(left: list[Unfinished], job: str | None, answering: bool) -> Unfinished:
    if job is not None:
        found = next((one for one in left if one.job == job), None)
        if found is None:
            known = ", ".join(one.job for one in left[-3:]) or "none"
            raise Unusable(f"There is no unfinished run {job[:40]!r} here; unfinished are: {known}.")
        return found
    fitting = [one for one in left if not one.running and (one.question is not None) == answering]
    if not fitting:
        raise Unusable("Nothing is unfinished here." if not left else
                       "No run here waits for an answer." if answering else
                       f"What is unfinished waits for an answer or is being worked on: {left[-1].job}, "
                       f"{_said(left[-1])}")
    return fitting[-1]


def _said(one: Unfinished) -> str:
    words = str((one.state.get("request") or {}).get("prompt") or one.state.get("reason") or "an edit")
    state = "is being worked on" if one.running else f"asks: {one.question.get('text', '')}" if one.question else \
        "was cut off"
    return f"“{' '.join(words.split())[:80]}” {state}"


def _row(one: Unfinished) -> Result:
    question = one.question or {}
    return {"job": one.job, "asked": str((one.state.get("request") or {}).get("prompt") or ""), "running": one.running,
            "question": question.get("text", ""), "choices": list(question.get("choices", [])),
            "takes": sorted((one.state.get("takes") or {}).values())}
