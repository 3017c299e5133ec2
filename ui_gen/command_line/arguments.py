"""The commands and their options. Wrong words end with one sentence and exit code 2."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import NoReturn

from agent.references import ROLES
from modalities.faults import Unusable
from ui_gen.command_line.cluster_words import add_cluster
from ui_gen.command_line.convert_words import add_convert, add_matrix
from ui_gen.command_line.engines_words import add_engines
from ui_gen.command_line.estimate_words import add_cap, add_estimate
from ui_gen.command_line.ideas_words import add_ideas
from ui_gen.command_line.mcp_command import add_mcp
from ui_gen.command_line.panel_words import add_panel
from ui_gen.command_line.profiling_words import add_taste
from ui_gen.command_line.resume_words import add_resume
from ui_gen.command_line.roto_words import add_roto
from ui_gen.command_line.sounding_words import add_codec, add_sound, add_sound_choice
from ui_gen.command_line.styling_words import add_style
from ui_gen.command_line.tokens import add_token
from ui_gen.command_line.treating_words import add_treatment
from ui_gen.command_line.tree_words import add_diff, add_export, add_label, add_merge, add_prune, add_verify

PROJECT = Path("beecam-project")


class Parser(argparse.ArgumentParser):
    """argparse, but a mistake is an Unusable like any other."""

    def error(self, message: str) -> NoReturn:
        raise Unusable(f"{self.prog}: {message}. Try: {self.prog} --help")


def build() -> Parser:
    """The whole command line."""
    parser = Parser(prog="beecam", description="A studio you talk to: words and references in, a film with sound out.",
                    allow_abbrev=False)
    commands = parser.add_subparsers(dest="command", required=True, parser_class=Parser, metavar="COMMAND")

    def command(name: str, text: str) -> argparse.ArgumentParser:
        sub = commands.add_parser(name, help=text, description=text, allow_abbrev=False)
        sub.add_argument("--project", type=Path, default=PROJECT, metavar="DIR",
                         help="where takes are kept (default: ./beecam-project)")
        sub.add_argument("--json", action="store_true", help="one JSON object as the last line of standard output")
        return sub

    studio = command("studio", "the conversational studio in the browser")
    studio.add_argument("--host", default="127.0.0.1")
    studio.add_argument("--port", type=int, default=7860)
    studio.add_argument("--no-browser", action="store_true", help="do not open a browser window")

    for name, text in (("make", "words and references to a finished film with sound"),
                       ("plan", "the Brief, the Direction and the panel; nothing is rendered")):
        sub = command(name, text)
        sub.add_argument("prompt", help="what should be seen and heard; may be empty when there is a --ref")
        sub.add_argument("--ref", action="append", default=[], metavar="FILE[:role,role]",
                         help="a film, picture, drawing, music, speech, lyrics, gesture or text, as often as you "
                              f"like; roles: {', '.join(ROLES)} (default: what its kind is for)")
        sub.add_argument("--duration", type=float, metavar="S",
                         help="seconds; default: the track's or the paced film's own, or 16")
        sub.add_argument("--size", metavar="WxH", help="pixels (default: 768x432)")
        sub.add_argument("--fps", type=int, metavar="N", help="frames a second (default: 24)")
        sub.add_argument("--engine", default="sim", metavar="ID", help="who makes the pictures; see beecam engines")
        sub.add_argument("--engine-param", action="append", default=[], metavar="NAME=VALUE", dest="engine_params",
                         help="a knob of that engine, such as freedom=0.4")
        add_sound_choice(sub)
        sub.add_argument("--seed", type=int, metavar="N")
        sub.add_argument("--weird", type=float, metavar="0..1", help="how far from the expected (default: 0.15)")
        if name == "make":
            sub.add_argument("--takes", type=int, default=1, metavar="N")
            add_cap(sub)
            add_cluster(sub)
            sub.add_argument("--out", type=Path, metavar="DIR", help="copy the finished takes here as well")

    perceive = command("perceive", "what is measured in a reference of any kind: the cues a film is built on")
    perceive.add_argument("file", type=Path)
    perceive.add_argument("--role", default=None, metavar="ROLE",
                          help=f"only the cues of this role: {', '.join(ROLES)}")

    edit = command("edit", "a new take forked from one")
    edit.add_argument("take", metavar="TAKE", nargs="?", help="a take's id or name")
    edit.add_argument("--from", metavar="TAKE", dest="origin", help="the same, as an option")
    edit.add_argument("--at", type=float, metavar="S", dest="at_s",
                      help="with --set: the edit begins S seconds into the film, all before it stays")
    edit.add_argument("--set", action="append", default=[], metavar="POINTER=VALUE", dest="settings",
                      help="write a value into the Direction; * stands for every shot")
    add_cap(edit)
    add_cluster(edit)
    edit.add_argument("--say", metavar="TEXT", help="say in words what should change")
    edit.add_argument("--out", type=Path, metavar="DIR")

    live = command("live", "play a world live without a page, steered by a script, and measure it")
    live.add_argument("--engine", metavar="ID", help="sim or dream (default: sim)")
    live.add_argument("--prompt", metavar="TEXT", help="what the world is")
    live.add_argument("--seconds", type=float, default=30.0, metavar="N")
    live.add_argument("--size", metavar="WxH", help="pixels (default: 512x288)")
    live.add_argument("--log", type=Path, metavar="FILE", help="write the control log here")
    live.add_argument("--replay", type=Path, metavar="FILE", help="play a control log again and compare every row")
    live.add_argument("--fast", action="store_true", help="as fast as it goes instead of in real time")

    surprising = command("surprise", "how surprising a film is to the world model, in bits, and worlds to match")
    surprising.add_argument("what", metavar="TAKE|PROMPT", help="a take's id, or what should be seen and heard")
    surprising.add_argument("--weird", type=float, metavar="0..1",
                            help="also draw and film a world that is this surprising (0 is the plain sample)")
    surprising.add_argument("--seed", type=int, default=1, metavar="N")
    surprising.add_argument("--size", metavar="WxH", help="pixels of that film (default: 384x216)")
    surprising.add_argument("--out", type=Path, metavar="DIR", help="where it goes (default: worlds in the project)")

    add_ideas(command("ideas", "unexpected but coherent proposals, each with a moving thumbnail and the shortest edit"))
    add_resume(command("resume", "go on with a run that was cut off, or answer what it asked"))
    add_roto(command("roto", "one subject cut out of a film: its alpha, its mask, or itself in another world"))
    add_sound(command("sound", "the sound of a take made anew, or of a film from what is seen in it, with its stems"))
    add_codec(command("codec", "sound through a neural codec and back: how it sounds and what it costs"))
    add_convert(command("convert", "one thing into another: words, pictures, drawings, films, music, camera paths"))
    add_matrix(command("matrix", "every input to every output on held-out worlds, scored against two baselines"))

    add_panel(command("panel", "the controls of a take, each with what it was measured to do on this film"))
    command("tree", "the history of takes")
    add_diff(command("diff", "what was changed between two takes, and what it came to in picture and sound"))
    add_merge(command("merge", "two takes that come from one, put together; what clashes is named"))
    add_verify(command("verify", "whether takes are as they were made, and come out the same when made again"))
    add_prune(command("prune", "discarded takes go to the project's trash, never one that others come from"))
    add_export(command("export", "takes for an editing program: otio, fcpxml, edl, mp4 or numbered pictures"))
    add_treatment(command("treatment", "a take in words: logline, arc, shots, references, how it came to be"))
    add_label(command("label", "a take's name, star and note, and whether it is discarded"))
    add_taste(command("taste", "what was learnt of your taste from your choices; set, forget, off, on, learn"))
    add_estimate(command("estimate", "what a film will cost before it is made: seconds, memory, money"))
    add_token(command("token", "a token for the API and MCP; each name has projects of its own"))
    add_mcp(command("mcp", "the MCP server over standard input and output: make, edit, ideas, perceive as tools"))
    add_style(command("style", "a look learnt from your own clips, with a certificate; used by the dream"))
    add_engines(command("engines", "what can run here, what is missing, and the one command that gets it"))
    command("doctor", "what is installed, what is missing, and the cure")
    bench = command("bench", "how fast this machine makes pictures and sound")
    bench.add_argument("--quick", action="store_true", help="a few scenes only")
    return parser
