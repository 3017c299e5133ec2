"""The nodes of the graph that make: render one take, look at what came of it, propose what could come next."""

from __future__ import annotations

from typing import Any

from agent.brief import Brief
from agent.direction import Direction
from agent.events import AgentEvent
from agent.propose import proposals
from agent.request import Request
from agent.review import reviewed
from agent.run_state import Hands, RunState
from agent.standing import standing_of
from agent.studio import Studio, with_seed
from agent.variations import varied
from modalities.faults import Stopped, Unusable

# A take that is put together here takes a share of this machine; so many cores are busy with one meanwhile.
MOST_AT_ONCE, CORES_A_TAKE = 4, 4


def render(hands: Hands, state: RunState) -> dict[str, Any]:
    """Take `number` of the run. A take that an earlier process had finished for this job is not made again."""
    studio, stop = hands.studio, hands.stop
    number, seeds = state.get("number", 0), state.get("seeds") or []
    name = f"{state.get('job', '')}/{number}"
    made = studio.store.take_of(name)
    if made is None:
        if stop.is_set():
            raise Stopped("The run was stopped; finished takes were kept.")
        emit = hands.emit(number, len(seeds))
        request: dict[str, Any] = state.get("request") or {}
        direction = Direction.model_validate(state.get("direction"))
        brief = Brief.model_validate(state.get("brief"))
        referred = studio.perceived(brief, "", stop)
        if number:
            again = Request.model_validate(request).model_copy(update={"seed": seeds[number]})
            heard = studio.heard(referred, brief, stop) or studio.heard_again(direction, emit, stop)
            fresh, _ = studio.direct(again, varied(brief, seeds[number]) if state.get("varied") else brief, heard,
                                     referred)
            direction = with_seed(fresh, seeds[number]).model_copy(update={"parent": direction.parent})
        heard = studio.heard_again(direction, emit, stop)
        parents = tuple(state.get("parents") or ())
        made = studio.render(direction, brief, heard, referred, parent=parents[0] if parents else None,
                             parents=parents or None, reason=state.get("reason", ""), request=request, emit=emit,
                             stop=stop, job_id=name)
    hands.tell(AgentEvent(kind="take", text=made.id, take=number, takes=len(seeds)))
    return {"takes": {str(number): made.id}}


def at_once(studio: Studio) -> int:
    """How many takes of a run are in the making: a renderer of this machine fills it alone; where a cluster draws, a
    few, because sound and putting together leave its workers idle. Raises Unavailable where it cannot be reached."""
    return 1 if studio.cluster is None else min(MOST_AT_ONCE, int(studio.cluster.cores) // CORES_A_TAKE)


def review(hands: Hands, state: RunState) -> dict[str, Any]:
    """What every take came to, against what was asked and against the take it came from."""
    for _, take_id in sorted((state.get("takes") or {}).items()):
        take, direction, brief = hands.studio.load(take_id)
        try:
            before = hands.studio.store.take(take.parent) if take.parent else None
        except Unusable:
            before = None
        text = reviewed(take, direction, brief, before)
        if text:
            hands.tell(AgentEvent(kind="review", text=text, data={"take": take_id}))
    return {}


def propose(hands: Hands, state: RunState) -> dict[str, Any]:
    """Lines that could be said next about the newest take, each seen to be understood and to change it."""
    takes = sorted((state.get("takes") or {}).items(), key=lambda item: int(item[0]))
    if takes and not state.get("quiet"):
        last = takes[-1][1]
        lines = proposals(standing_of(hands.studio, last, (), state.get("said") or ()))
        if lines:
            hands.tell(AgentEvent(kind="proposals", data={"take": last, "lines": list(lines)}))
    return {"route": "done"}


__all__ = ["at_once", "propose", "render", "review"]
