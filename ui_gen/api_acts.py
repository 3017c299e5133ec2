"""What each kind of request comes to: the same functions that the command line calls, on a room of a user.

Everything that can be told at once is checked before the job waits in the queue.
"""

from __future__ import annotations

import io
from argparse import Namespace
from collections.abc import Callable
from pathlib import Path
from threading import Event as Flag
from typing import Any

from agent.direction import Direction
from agent.edits import FIXED, Patch, apply_patch
from agent.estimate import Cap
from agent.references import ROLES
from agent.request import Reference, Request, checked, parse_size
from agent.studio import Studio
from modalities.faults import Unusable
from modalities.hearing import TRACK_NAME
from modalities.store import TAKE_ID, Take
from modalities.take_labels import take_id_of
from ui_gen.api_bodies import (
    AnswerBody,
    ChangeBody,
    EditBody,
    EstimateBody,
    IdeasBody,
    MakeBody,
    PanelBody,
    PerceiveBody,
)
from ui_gen.api_rooms import Missing, Room
from ui_gen.command_line.making import made, patched
from ui_gen.command_line.telling import Teller
from ui_gen.queue_jobs import Result, Work
from world_model.clock import TimeGrid

MOST_COPIES = 6
FileOf = Callable[[str], Path]


def make(room: Room, body: MakeBody, file_of: FileOf) -> Work:
    """Raises Unusable, Unavailable, Missing for what cannot be made."""
    references = tuple(Reference(path=file_of(one.file), roles=_roles(one.roles)) for one in body.references)
    request, _ = checked(Request(
        prompt=body.prompt, references=references, duration_s=body.duration_s,
        size_px=parse_size(body.size) if body.size else None, fps=body.fps, engine=body.engine, takes=body.takes,
        seed=body.seed, weird=body.weird))
    _capped(room, body.cap_s).registry.get(request.engine)

    def work(teller: Teller, stop: Flag) -> Result:
        return made(_capped(room, body.cap_s), request, None, teller, stop)

    return work


def edit(room: Room, body: EditBody) -> Work:
    """Raises Unusable, and Missing where the take is not there."""
    return change(room, body.take, body)


def change(room: Room, take: str, body: ChangeBody) -> Work:
    """See `edit`."""
    found, direction = loaded(room, take)
    if body.say is not None:
        line = body.say

        def say(teller: Teller, stop: Flag) -> Result:
            from ui_gen.command_line.saying import said

            return said(_capped(room, body.cap_s), found.id, direction, line, None, teller, stop)

        return say
    patch: Patch = [one.model_dump(by_alias=True, exclude_unset=True) for one in body.patch or ()]
    _check_patch(direction, patch)
    reason = "; ".join(f"{one['path']} = {one['value']}" if one["op"] in ("add", "replace") else
                       f"{one['op']} {one['path']}" for one in patch)

    def work(teller: Teller, stop: Flag) -> Result:
        return patched(_capped(room, body.cap_s), found, patch, reason, None, teller, stop)

    return work


def ideas(room: Room, body: IdeasBody) -> Work:
    """Raises Unusable, and Missing where the take is not there."""
    what = loaded(room, body.take)[0].id if body.take is not None else (body.prompt or "").strip()
    if body.take is None and (not what or TAKE_ID.match(what)):
        raise Unusable("prompt holds no words; a take goes into the field take.")
    if body.choose is not None and body.choose > body.count:
        raise Unusable(f"choose {body.choose} is none of the {body.count} ideas; expected 1 to {body.count}.")

    def work(teller: Teller, stop: Flag) -> Result:
        from ui_gen.command_line.ideas import ideas as proposed

        asked = Namespace(what=what, count=body.count, seed=body.seed, number=body.choose, out=None)
        return proposed(asked, room.studio(), teller, stop)

    return work


def perceive(room: Room, body: PerceiveBody, file_of: FileOf) -> Work:
    """Raises Unusable, and Missing where the file is not there."""
    path = file_of(body.file)
    if body.role is not None:
        _roles((body.role,))

    def work(teller: Teller, stop: Flag) -> Result:
        from ui_gen.command_line.perceiving import perceive as one_reference

        return one_reference(Namespace(project=room.folder, file=path, role=body.role), teller, stop)

    return work


def panel(room: Room, body: PanelBody) -> Work:
    """Raises Missing where the take is not there."""
    take_id = loaded(room, body.take)[0].id

    def work(teller: Teller, stop: Flag) -> Result:
        from ui_gen.command_line.panelling import panel as measured

        asked = Namespace(take=take_id, focus=body.focus, schema=False, a2ui=False)
        return measured(asked, room.studio(), teller, stop)

    return work


def estimate(room: Room, body: EstimateBody) -> Work:
    """Raises Unusable, and Missing where the take is not there."""
    what = loaded(room, body.take)[0].id if body.take is not None else (body.prompt or "").strip()
    if body.take is None and (not what or TAKE_ID.match(what)):
        raise Unusable("prompt holds no words; a take goes into the field take.")
    asked = Namespace(what=what, ref=[], settings=[], duration=body.duration_s, size=body.size, fps=body.fps,
                      engine=body.engine)

    def work(teller: Teller, stop: Flag) -> Result:
        from ui_gen.command_line.estimating import estimated

        return estimated(asked, room.studio(), teller, stop)

    return work


def tree(room: Room) -> Result:
    """The history of a project."""
    from ui_gen.command_line.labelling import tree as listed

    return listed(Namespace(project=room.folder), Teller(io.StringIO()), Flag())


def diff(room: Room, first: str, second: str) -> Result:
    """What was changed between two takes. Raises Missing where one is not there, Unusable."""
    from ui_gen.command_line.comparing import diff as compared

    one, other = (loaded(room, name)[0].id for name in (first, second))
    return compared(Namespace(first=one, second=other), room.studio(), Teller(io.StringIO()), Flag())


def answer(room: Room, asked: Result | None, body: AnswerBody) -> Work:
    """Goes on with a run that asked something. asked: the result of the job that did. Raises Unusable."""
    if not asked or not asked.get("question"):
        raise Unusable("This job asked nothing.")
    if not body.text.strip():
        raise Unusable("text is empty; say one of the choices, or something of your own.")
    run = str(asked["job"])

    def work(teller: Teller, stop: Flag) -> Result:
        from agent.graph import answer as go_on
        from ui_gen.command_line.running import told
        from ui_gen.command_line.saying import shown

        studio = room.studio()
        return shown(studio, told(studio, go_on(studio, run, body.text, stop), None, teller), None, teller)

    return work


def loaded(room: Room, name: str) -> tuple[Take, Direction]:
    """A take by its id or name, with its Direction. Raises Missing where it is not there, Unusable where it is
    damaged."""
    store = room.store
    try:
        take = store.take(take_id_of(store, name))
    except Unusable:
        raise Missing(f"There is no take {name[:60]!r} in project {room.project}.") from None
    try:
        return take, Direction.model_validate(take.document("direction"))
    except (OSError, ValueError):
        raise Unusable(f"The documents of take {take.id} are damaged.") from None


def take_told(take: Take) -> dict[str, Any]:
    """A take without its documents, as a list of takes has it."""
    from ui_gen.command_line.running import take_result

    return take_result(take) | {"reason": take.reason, "made_at": take.made_at, "parents": list(take.parents)}


def _capped(room: Room, cap_s: float | None) -> Studio:
    studio = room.studio()
    if cap_s is not None:
        studio.cap = Cap(cap_s)
    return studio


def _roles(roles: tuple[str, ...]) -> tuple[str, ...]:
    wrong = [role for role in roles if role not in ROLES]
    if wrong:
        raise Unusable(f"Unknown role {wrong[0][:40]!r}; roles are {', '.join(ROLES)}.")
    return roles


def _check_patch(direction: Direction, patch: Patch) -> None:
    """Raises Unusable for a patch that does not fit, changes what a document is, or names music that is none of this
    project's."""
    # Every copy may double the document.
    if sum(one["op"] == "copy" for one in patch) > MOST_COPIES:
        raise Unusable(f"A patch holds at most {MOST_COPIES} copies.")
    for one in patch:
        for pointer in (one["path"], one.get("from") or one["path"]):
            if not pointer or any(pointer == fixed or pointer.startswith(f"{fixed}/") for fixed in FIXED):
                raise Unusable(f"{pointer or 'The whole'} cannot be edited; it is the document's own identity.")
        if one["op"] in ("add", "replace", "test") and "value" not in one:
            raise Unusable(f"{one['op']} {one['path'][:80]} has no value.")
        if one["op"] in ("move", "copy") and not one.get("from"):
            raise Unusable(f"{one['op']} {one['path'][:80]} has no from.")
    after = apply_patch(direction, patch, reason="checked", new_id="d0")
    checked(Request(prompt="a film", fps=after.grid.fps,
                    duration_s=after.duration_s if after.duration_s != direction.duration_s else None,
                    size_px=after.size_px if after.size_px != direction.size_px else None))
    try:
        TimeGrid(after.grid.steps_per_s, after.grid.fps, direction.grid.sample_rate_hz)
    except ValueError as fault:
        raise Unusable(f"/grid: {fault}.") from None
    if after.grid.sample_rate_hz != direction.grid.sample_rate_hz:
        raise Unusable(f"/grid/sample_rate_hz stays {direction.grid.sample_rate_hz}.")
    source = after.music.source
    if source.startswith("ref:") and not TRACK_NAME.fullmatch(source.removeprefix("ref:")):
        raise Unusable("/music/source can be score, or ref: with the name of music in this project.")


__all__ = ["answer", "change", "diff", "edit", "estimate", "ideas", "loaded", "make", "panel", "perceive", "take_told",
           "tree"]
