"""The agent as a graph: interpret -> plan -> render, one render for each take. The only file that knows langgraph.

State is small JSON; media stay in the store. Nodes stream AgentEvents while they work.
"""

from __future__ import annotations

from collections.abc import Iterator
from threading import Event as Flag
from typing import Any, Required, TypedDict

from langgraph.config import get_stream_writer
from langgraph.graph import END, START, StateGraph

from agent.brief import Brief
from agent.direction import Direction
from agent.edits import Patch, apply_patch
from agent.events import AgentEvent
from agent.referring import Referred, with_references
from agent.request import Request, checked
from agent.studio import Studio, merged, with_seed
from modalities.engine import Emit, Progress


class GraphState(TypedDict, total=False):
    """JSON only. A run starts with `request`; an edit starts with `parent` and `patch` or `request.prompt`; with
    `referring` the references of its request replace those of the parent."""

    request: Required[dict[str, Any]]
    parent: str | None
    referring: bool
    patch: Patch
    brief: Required[dict[str, Any]]
    direction: Required[dict[str, Any]]
    reason: str
    done: int
    takes: list[str]


def _tell(event: AgentEvent) -> None:
    get_stream_writer()(event.model_dump())


def _emit(take: int, takes: int) -> Emit:
    # The writer belongs to the node's own context; engines may emit from other threads, so it is fetched once here.
    write = get_stream_writer()

    def emit(progress: Progress) -> None:
        write(AgentEvent(kind="progress", stage=progress.stage, done=progress.done, total=progress.total,
                         unit=progress.unit, left_s=progress.left_s, take=take, takes=takes,
                         preview=str(progress.preview_png) if progress.preview_png else None).model_dump())

    return emit


def build(studio: Studio, stop: Flag) -> Any:
    """The compiled graph over one studio. `stop` ends a run within half a second."""

    def interpret(state: GraphState) -> dict[str, Any]:
        request, notes = checked(Request.model_validate(state["request"]))
        for note in notes:
            _tell(AgentEvent(kind="note", text=note))
        emit = _emit(0, request.takes)
        if state.get("parent"):
            _, _, before = studio.load(str(state.get("parent")))
            referred = studio.perceive(request, emit, stop) if state.get("referring") else studio.perceived(
                before, request.prompt, stop)
            wanted = request.model_copy(update={"prompt": referred.words, "references": ()})
            said = Brief(goal=request.prompt[:400]) if not referred.words.strip() else studio.interpret(
                wanted, Referred(words=referred.words))
            brief = with_references(merged(before, said), referred)
        else:
            referred = studio.perceive(request, emit, stop)
            brief = studio.interpret(request, referred)
        for note in dict.fromkeys(referred.notes + brief.notes):
            _tell(AgentEvent(kind="note", text=note))
        _tell(AgentEvent(kind="brief", data=brief.model_dump(mode="json")))
        return {"brief": brief.model_dump(mode="json"), "request": request.model_dump(mode="json")}

    def plan(state: GraphState) -> dict[str, Any]:
        request = Request.model_validate(state["request"])
        brief = Brief.model_validate(state["brief"])
        emit = _emit(0, request.takes)
        emit(Progress("plan", 0, 1, "steps"))
        referred = studio.perceived(brief, "", stop)
        heard = studio.heard(referred, brief, stop)
        if state.get("parent"):
            take, before, _ = studio.load(str(state.get("parent")))
            heard = heard or (None if state.get("referring") else studio.heard_again(before, emit, stop))
            wanted = request.model_copy(update={
                "duration_s": request.duration_s or _kept_duration(brief, before, heard is not None),
                "seed": before.seed if request.seed is None else request.seed,
                "size_px": request.size_px or before.size_px, "fps": request.fps or before.grid.fps})
            direction, brief = studio.direct(wanted, brief, heard, referred)
            direction = direction.model_copy(update={"parent": before.id, "id": f"{take.id}e", "author": "creator",
                                                     "reason": request.prompt[:500]})
        else:
            told = brief.notes
            direction, brief = studio.direct(request, brief, heard, referred)
            for note in brief.notes:
                if note not in told:
                    _tell(AgentEvent(kind="note", text=note))
        emit(Progress("plan", 1, 1, "steps"))
        _tell(AgentEvent(kind="direction", data=direction.model_dump(mode="json")))
        return {"direction": direction.model_dump(mode="json"), "brief": brief.model_dump(mode="json"), "done": 0,
                "takes": [], "reason": state.get("reason") or request.prompt[:500] or brief.goal[:500]}

    def edit(state: GraphState) -> dict[str, Any]:
        take, direction, brief = studio.load(str(state.get("parent")))
        reason = state.get("reason") or "; ".join(f"{op['path']} = {op.get('value')}" for op in state.get("patch", []))
        edited = apply_patch(direction, state.get("patch", []), reason=reason, new_id=f"{take.id}e")
        _tell(AgentEvent(kind="direction", data=edited.model_dump(mode="json")))
        return {"direction": edited.model_dump(mode="json"), "brief": brief.model_dump(mode="json"), "done": 0,
                "takes": [], "reason": reason, "request": take.request | {"takes": 1}}

    def render(state: GraphState) -> dict[str, Any]:
        request = Request.model_validate(state["request"])
        index = state.get("done", 0)
        emit = _emit(index, request.takes)
        direction = Direction.model_validate(state["direction"])
        brief = Brief.model_validate(state["brief"])
        referred = studio.perceived(brief, "", stop)
        if index:
            direction = with_seed(direction, (direction.seed + index) % 2**31)
            if not state.get("patch"):
                again = request.model_copy(update={"seed": direction.seed})
                heard = studio.heard(referred, brief, stop) or studio.heard_again(direction, emit, stop)
                direction, _ = studio.direct(again, brief, heard, referred)
        heard = studio.heard_again(direction, emit, stop)
        take = studio.render(direction, brief, heard, referred, parent=state.get("parent"),
                             reason=state.get("reason", ""), request=request.model_dump(mode="json"), emit=emit,
                             stop=stop)
        _tell(AgentEvent(kind="take", text=take.id, take=index, takes=request.takes))
        return {"takes": [*state.get("takes", []), take.id], "done": index + 1}

    def entry(state: GraphState) -> str:
        return "edit" if state.get("patch") else "interpret"

    def more(state: GraphState) -> str:
        return "render" if state.get("done", 0) < int(state["request"].get("takes", 1)) else END

    graph = StateGraph(GraphState)
    graph.add_node("interpret", interpret)
    graph.add_node("plan", plan)
    graph.add_node("edit", edit)
    graph.add_node("render", render)
    graph.add_conditional_edges(START, entry, ["interpret", "edit"])
    graph.add_edge("interpret", "plan")
    graph.add_edge("plan", "render")
    graph.add_edge("edit", "render")
    graph.add_conditional_edges("render", more, ["render", END])
    return graph.compile()


def run(studio: Studio, start: dict[str, Any], stop: Flag | None = None) -> Iterator[AgentEvent]:
    """Run the graph and yield its events. Raises what the work raises: Unusable, Unavailable, Stopped, OSError."""
    graph = build(studio, stop or Flag())
    for event in graph.stream(start, stream_mode="custom", config={"recursion_limit": 64}):
        yield AgentEvent.model_validate(event)


def _kept_duration(brief: Brief, before: Direction, has_track: bool) -> float | None:
    stated = [t for t in brief.traits if t.axis == "duration_s" and not t.negated]
    return None if stated or has_track else before.duration_s
