"""The nodes of the graph that read: perceive, interpret, direct, and those that only answer."""

from __future__ import annotations

from typing import Any

from agent.brief import Brief
from agent.direction import Direction
from agent.edits import apply_patch
from agent.events import AgentEvent
from agent.profile import profile_bias
from agent.referring import Referred, with_references
from agent.request import Request, checked
from agent.run_state import Hands, RunState
from agent.standing import directing, standing_of
from agent.studio import Studio, merged
from agent.talk_takes import take_named
from agent.talk_types import Turn
from agent.tree_make import joined
from agent.variations import seeds_apart, varied
from modalities.engine import Progress
from modalities.faults import Unusable
from modalities.take_labels import set_label

MAKING = frozenset({"edit", "merge", "again", "variations"})


def perceive(hands: Hands, state: RunState) -> dict[str, Any]:
    """Every reference is looked at or listened to; what was found lies in the project, by content."""
    request, notes = checked(Request.model_validate(state.get("request") or {}))
    for note in notes:
        hands.tell(AgentEvent(kind="note", text=note))
    if not state.get("parent") or state.get("referring"):
        hands.studio.perceive(request, hands.emit(0, request.takes), hands.stop)
    return {"request": request.model_dump(mode="json")}


def interpret(hands: Hands, state: RunState) -> dict[str, Any]:
    """Words and references to a Brief, or a line about a take to a Turn; says where the run goes from here."""
    request = Request.model_validate(state["request"])
    parent = state.get("parent")
    if not parent:
        return _first(hands, request, state)
    _, _, before = hands.studio.load(parent)
    emit = hands.emit(0, request.takes)
    standing = standing_of(hands.studio, parent, state.get("shown") or (), state.get("said") or ())
    # "The light of t0001" speaks of a take, not of what a reference is for.
    of_a_take = not state.get("referring") and take_named(request.prompt.lower(), standing)[0] is not None
    referred = hands.studio.perceive(request, emit, hands.stop) if state.get("referring") else \
        hands.studio.perceived(before, "" if of_a_take else request.prompt, hands.stop)
    roles = {use.id: use.roles for use in before.references}
    given = with_references(before, referred)
    if state.get("referring") or {use.id: use.roles for use in given.references} != roles:
        wanted = request.model_copy(update={"prompt": referred.words, "references": ()})
        said = Brief(goal=request.prompt[:400]) if not referred.words.strip() else hands.studio.interpret(
            wanted, Referred(words=referred.words), hands.stop)
        return _briefed(hands, with_references(merged(before, said), referred), referred)
    turn = hands.studio.planner.turn(request.prompt, standing, directing(hands.studio), hands.stop)
    written = {"turn": turn.model_dump(mode="json")}
    if turn.kind == "new":
        first = _first(hands, request.model_copy(update={"prompt": turn.prompt or request.prompt}), state)
        return written | first | {"parent": None, "reason": turn.reason}
    if turn.kind == "ask":
        return written | {"route": "ask", "question": {"text": turn.question, "choices": list(turn.choices)}}
    return written | {"route": "direct" if turn.kind in MAKING else "tell"}


def direct(hands: Hands, state: RunState) -> dict[str, Any]:
    """The Direction to render, and for several takes the seeds."""
    made = _merged(hands, state) if state.get("merge") else _patched(hands, state) if state.get("patch") else \
        _turned(hands, state) if _kind(state) in MAKING else _directed(hands, state)
    if made.get("direction") is not None:
        hands.tell(AgentEvent(kind="direction", data=made["direction"]))
    return made


def tell(hands: Hands, state: RunState) -> dict[str, Any]:
    """Turns that render nothing: answers, ways through the tree, labels, ideas."""
    turn = Turn.model_validate(state["turn"])
    parent = turn.parent or str(state.get("parent"))
    if turn.kind == "label":
        given = {key: turn.label[key] for key in ("name", "starred", "note", "discarded") if key in turn.label}
        labelled = str(turn.label.get("take") or parent)
        set_label(hands.studio.store, labelled, **given)
        if hands.studio.taught is not None:
            hands.studio.taught((labelled,))
    if turn.kind == "ideas":
        _ideas(hands, turn, parent)
    if turn.kind == "go_to":
        hands.tell(AgentEvent(kind="go_to", text=parent))
    hands.tell(AgentEvent(kind="said", text=turn.said, data={"kind": turn.kind, "parent": parent, "patch": []}))
    return {"route": "done"}


def answered(state: RunState, answer: str) -> dict[str, Any]:
    """The state after a question was answered."""
    if merge := state.get("merge"):
        sides = {"ours": str(merge["ours"]), "theirs": str(merge["theirs"])}
        plain = answer.strip().lower()
        side = next((side for side, take in sides.items() if plain in (side, take) or take in plain.split()), None)
        return {"merge": merge | {"side": side}, "question": {}, "route": "direct"}
    request = Request.model_validate(state["request"])
    turn = Turn.model_validate(state["turn"])
    # What a film should show that was asked for without a word about it.
    prompt = answer if turn.parent else f"new film: {answer}"
    return {"request": request.model_copy(update={"prompt": prompt}).model_dump(mode="json"), "question": {},
            "said": [*(state.get("said") or []), request.prompt]}


def _kind(state: RunState) -> str:
    return str((state.get("turn") or {}).get("kind", ""))


def _first(hands: Hands, request: Request, state: RunState) -> dict[str, Any]:
    referred = hands.studio.perceive(request, hands.emit(0, request.takes), hands.stop)
    brief = hands.studio.interpret(request, referred, hands.stop)
    return {"request": request.model_dump(mode="json")} | _briefed(hands, brief, referred)


def _briefed(hands: Hands, brief: Brief, referred: Referred) -> dict[str, Any]:
    # What contradicts itself is made one way, and asked about beside it: nobody waits for an answer.
    for note in dict.fromkeys(referred.notes + brief.notes + brief.questions):
        hands.tell(AgentEvent(kind="note", text=note))
    hands.tell(AgentEvent(kind="brief", data=brief.model_dump(mode="json")))
    return {"brief": brief.model_dump(mode="json"), "route": "direct"}


def _directed(hands: Hands, state: RunState) -> dict[str, Any]:
    """A Brief directed: a new film, or one whose references have new jobs."""
    studio, emit = hands.studio, hands.emit()
    request = Request.model_validate(state["request"])
    brief = Brief.model_validate(state["brief"])
    emit(Progress("plan", 0, 1, "steps"))
    referred = studio.perceived(brief, "", hands.stop)
    heard = studio.heard(referred, brief, hands.stop)
    if parent := state.get("parent"):
        take, before, _ = studio.load(parent)
        heard = heard or (None if state.get("referring") else studio.heard_again(before, emit, hands.stop))
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
                hands.tell(AgentEvent(kind="note", text=note))
    emit(Progress("plan", 1, 1, "steps"))
    return {"direction": direction.model_dump(mode="json"), "brief": brief.model_dump(mode="json"),
            "parents": [str(state.get("parent"))] if state.get("parent") else [],
            "seeds": [(direction.seed + k) % 2**31 for k in range(request.takes)],
            "reason": state.get("reason") or request.prompt[:500] or brief.goal[:500], "route": "direct"}


def _patched(hands: Hands, state: RunState) -> dict[str, Any]:
    take, direction, brief = hands.studio.load(str(state.get("parent")))
    patch = state.get("patch") or []
    reason = state.get("reason") or "; ".join(f"{op['path']} = {op.get('value')}" for op in patch)
    edited = apply_patch(direction, patch, reason=reason, new_id=f"{take.id}e")
    return {"direction": edited.model_dump(mode="json"), "brief": brief.model_dump(mode="json"),
            "parents": [take.id], "seeds": [edited.seed], "reason": reason,
            "request": take.request | {"takes": 1}, "route": "direct"}


def _turned(hands: Hands, state: RunState) -> dict[str, Any]:
    """A line about a take: its patch applied, another seed, or several films of the same words."""
    turn = Turn.model_validate(state["turn"])
    studio = hands.studio
    take, direction, brief = studio.load(str(turn.parent or state.get("parent")))
    others = [one for one in turn.others if one != take.id]
    hands.tell(AgentEvent(kind="said", text=turn.said, data={"kind": turn.kind, "parent": take.id,
                                                             "patch": turn.patch}))
    common: dict[str, Any] = {"reason": turn.reason or turn.said[:500], "route": "direct",
                              "parents": [take.id, *others]}
    if turn.kind == "variations":
        request = Request.model_validate(state["request"]).model_copy(update={
            "prompt": turn.prompt or brief.goal, "duration_s": direction.duration_s, "size_px": direction.size_px,
            "fps": direction.grid.fps, "engine": direction.engine.id, "takes": turn.count, "seed": direction.seed})
        referred = studio.perceived(brief, "", hands.stop)
        heard = studio.heard(referred, brief, hands.stop) or studio.heard_again(direction, hands.emit(), hands.stop)

        def directed(seed: int) -> Direction:
            return studio.direct(request.model_copy(update={"seed": seed}), varied(brief, seed), heard, referred)[0]

        # The film on screen is one of that kind already: the others keep away from it as well.
        seeds = seeds_apart(directed, direction.seed, turn.count + 1, hands.stop,
                            profile_bias(studio.profile() if studio.profile else None))[1:]
        first = directed(seeds[0]).model_copy(update={"parent": direction.id, "id": f"{take.id}e"})
        return common | {"direction": first.model_dump(mode="json"), "brief": brief.model_dump(mode="json"),
                         "seeds": list(seeds), "varied": True, "request": request.model_dump(mode="json")}
    edited = apply_patch(direction, turn.patch, reason=turn.reason, new_id=f"{take.id}e")
    if turn.kind == "again":
        edited = edited.model_copy(update={"seed": (direction.seed * 48271 + 11) % (2**31 - 1)})
    brief = _with_references_of(studio, brief, others)
    return common | {"direction": edited.model_dump(mode="json"), "brief": brief.model_dump(mode="json"),
                     "seeds": [edited.seed], "request": take.request | {"takes": 1}}


def _merged(hands: Hands, state: RunState) -> dict[str, Any]:
    """Two takes in one; where they clash and nobody said whose holds, that is asked."""
    merge: dict[str, Any] = state.get("merge") or {}
    ours, theirs = str(merge["ours"]), str(merge["theirs"])
    joint = joined(hands.studio, ours, theirs, merge.get("base"), merge.get("side"))
    if joint.merged.conflicts and not merge.get("side"):
        clashes = " ".join(one.said for one in joint.merged.conflicts[:4])
        more = len(joint.merged.conflicts) - 4
        rest = f" And {more} more." if more > 0 else ""
        return {"route": "ask", "question": {"text": f"{clashes}{rest} Whose should hold?", "choices": [ours, theirs]}}
    return {"direction": joint.direction.model_dump(mode="json"), "brief": joint.brief.model_dump(mode="json"),
            "parents": [ours, theirs], "seeds": [joint.direction.seed], "reason": joint.reason,
            "request": hands.studio.store.take(ours).request | {"takes": 1}, "parent": ours, "route": "direct"}


def _with_references_of(studio: Studio, brief: Brief, others: list[str]) -> Brief:
    known = {use.id for use in brief.references}
    more = tuple(use for one in others for use in studio.load(one)[2].references if use.id not in known)
    return brief.model_copy(update={"references": (*brief.references, *more)}) if more else brief


def _ideas(hands: Hands, turn: Turn, parent: str) -> None:
    from agent.ideas import ideas_for

    # Asked again after another take, other ideas come.
    tried = len(hands.studio.store.ids())
    found = ideas_for(hands.studio, parent, turn.count, tried, hands.emit(), hands.stop)
    if not found:
        raise Unusable("No idea was found that hangs together; say it again after another take.")
    hands.tell(AgentEvent(kind="ideas", data={"take": parent, "ideas": [
        {"title": one.title, "why": one.why, "distance": one.distance, "surprise_bits": one.surprise_bits,
         "patch": one.patch, "preview": str(one.preview)} for one in found]}))


def _kept_duration(brief: Brief, before: Direction, has_track: bool) -> float | None:
    stated = [t for t in brief.traits if t.axis == "duration_s" and not t.negated]
    return None if stated or has_track else before.duration_s


__all__ = ["answered", "direct", "interpret", "perceive", "tell"]
