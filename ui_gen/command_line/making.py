"""What `make`, `edit` and the API have in common: a studio over a project, new takes, and takes from a patch."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from threading import Event as Flag
from typing import Any

from agent.director_words import clock
from agent.edits import Patch
from agent.planner import planner_from
from agent.profile import load
from agent.profile_learn import learn_quietly
from agent.request import Request
from agent.studio import Studio
from modalities.cluster.choosing import cluster_from
from modalities.cluster.engine import clustered
from modalities.cluster.machines import Cluster
from modalities.registry import default_registry
from modalities.store import Store, Take
from ui_gen.command_line.estimating import took
from ui_gen.command_line.running import told
from ui_gen.command_line.telling import Teller
from ui_gen.compose import panel_for

Result = dict[str, Any]


def studio_in(project: Path, environ: Mapping[str, str], cluster: Cluster | None = None) -> Studio:
    """The studio over a project; environ says whose taste it leans to, which planner reads, and which cluster draws
    where none is given. Raises Unusable."""
    cluster = cluster or cluster_from(environ)
    registry = clustered(default_registry(project), cluster) if cluster else default_registry(project)
    studio = Studio(Store(project).open(), registry, panel_for, planner_from(environ))
    studio.cluster = cluster
    studio.profile = lambda: load(environ)
    studio.taught = lambda takes: learn_quietly(environ, studio.store, takes)
    return studio


def made(studio: Studio, request: Request, out: Path | None, teller: Teller, stop: Flag) -> Result:
    """{takes}: the films of a request. Raises Unusable, Unavailable, Stopped, OSError."""
    takes = run_graph(studio, {"request": request.model_dump(mode="json")}, out, teller, stop)
    for take in takes:
        teller.line(f"{take['id']}  {clock(take['duration_s'])} of film {took(take)}  {take['video']}")
    return {"takes": takes}


def patched(studio: Studio, take: Take, patch: Patch, reason: str, out: Path | None, teller: Teller, stop: Flag
            ) -> Result:
    """{takes, patch}: a take forked from one by an edit that is known. Raises Unusable, Unavailable, Stopped,
    OSError."""
    takes = run_graph(studio, {"parent": take.id, "patch": patch, "request": {}, "quiet": True,
                               "reason": reason[:500]}, out, teller, stop)
    teller.line(f"{takes[0]['id']} forked from {take.id} {took(takes[0])}: {takes[0]['video']}")
    return {"takes": takes, "patch": patch}


def run_graph(studio: Studio, start: dict[str, Any], out: Path | None, teller: Teller, stop: Flag) -> list[Result]:
    """The takes of a run that makes some."""
    from agent.graph import run

    return list(told(studio, run(studio, start, stop), out, teller)["takes"])
