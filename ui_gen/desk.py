"""The desk: one project's conversation, jobs and panels on the server. Pages only look at it.

A job runs in its own thread, so a closed or refreshed page loses nothing. Everything a page shows comes from
`snapshot`; everything a person does is one method. No gradio here.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Generator, Iterable
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event as Flag
from typing import Any

from agent.direction import Direction
from agent.edits import Patch, apply_patch
from agent.events import AgentEvent
from agent.request import Request, checked
from agent.run_reading import MAKING
from agent.studio import Studio
from modalities.faults import Stopped, Unavailable, Unusable
from modalities.store import Take
from ui_gen.attached import Shelf
from ui_gen.attached_words import Given, given_by
from ui_gen.desk_messages import Message, read, take_told, write
from ui_gen.desk_panel import PanelDesk
from ui_gen.desk_place import Place, read_place, write_place
from ui_gen.desk_words import is_change, mark, one_after_another
from ui_gen.panel import Panel

GREETING = ("Tell me what you would like to see and hear: a place, a mood, a creature, a look. Or drop a film, a "
            "picture, a drawing, music, a voice or a text here, and say what to take from it.")
BUSY = "One film at a time: stop this one, or wait until it is done."
DISK_FULL = "The disk is full; nothing half-made was kept, earlier takes are intact."


@dataclass
class Work:
    """A running job, as a page shows it. sent: the roles of the references as they were when it was asked for."""

    label: str
    stop: Flag = field(default_factory=Flag)
    started: float = field(default_factory=time.monotonic)
    event: AgentEvent | None = None
    preview: str | None = None
    sent: dict[Path, tuple[str, ...]] = field(default_factory=dict[Path, tuple[str, ...]])


class Desk:
    """Thread-safe. `revision` grows with every visible change other than progress."""

    def __init__(self, studio: Studio) -> None:
        self.studio = studio
        self._lock = threading.RLock()
        self._log = studio.store.root / "conversation.jsonl"
        self._messages = read(self._log)
        takes = studio.store.ids()
        # What was on the screen last: the newest take, or an older one that was gone back to.
        spoken = next((m.take for m in reversed(self._messages) if m.take in takes), None)
        place = read_place(studio.store)
        self.current: str | None = place.current or spoken or (takes[-1] if takes else None)
        self._shown: list[str] = []
        self._pending: str | None = None
        self.ideas, self.ideas_of, self.compared = place.ideas, place.ideas_of, place.compared
        self._takes: dict[str, Take] = {}
        self._work: Work | None = None
        self._sent: dict[Path, tuple[str, ...]] = {}
        self.revision = 1
        self.panels = PanelDesk(studio)
        self.shelf = Shelf(studio.store, lambda fault: self._add(Message("assistant", fault)))

    def go_on(self) -> None:
        """Takes up what an earlier process left: a question waits for its answer, a cut-off run goes on."""
        from agent.graph import unfinished

        try:
            left = [one for one in unfinished(self.studio.store) if not one.running]
        except (Unusable, Unavailable) as fault:
            self._add(Message("assistant", str(fault)))
            return
        self._pending = next((one.job for one in reversed(left) if one.question), None)
        cut = [one.job for one in left if one.question is None]
        if cut:
            self._add(Message("assistant", "Going on with what was cut off."))
            self._begin(lambda stop: one_after_another(self.studio, cut, stop), "Going on")

    # ---------------------------------------------------------------- what a page sees

    def messages(self) -> list[Message]:
        with self._lock:
            return [Message("assistant", GREETING), *self._messages]

    def work(self) -> Work | None:
        return self._work

    def takes(self) -> dict[str, Take]:
        """Every take of the project by id, oldest first; takes never change, so each is read once."""
        store = self.studio.store
        there = store.ids()
        with self._lock:
            for take_id in there:
                if take_id not in self._takes:
                    try:
                        self._takes[take_id] = store.take(take_id)
                    except Unusable:
                        continue
            return {take_id: self._takes[take_id] for take_id in there if take_id in self._takes}

    def kept(self) -> tuple[Path, ...]:
        """The references of this conversation."""
        return tuple(item.path for item in self.shelf.items())

    def given(self, take_id: str | None) -> tuple[Given, ...]:
        """What the references of a take gave to it, with what was measured."""
        try:
            take = self.studio.store.take(take_id or "")
        except Unusable:
            return ()
        return given_by(take.brief, take.measured)

    def panel(self, take_id: str | None) -> tuple[Panel, dict[str, Any]] | None:
        """The panel of a take as far as it was measured, and what was moved on it but not yet rendered."""
        found = self.panels.panel(take_id)
        return None if found is None else found[:2]

    # ---------------------------------------------------------------- what a person does

    def say(self, text: str, files: list[str], duration_s: float | None = None, takes: int = 1,
            size_px: tuple[int, int] | None = None, new_film: bool = False, engine: str = "sim") -> None:
        """A message, with the references of this conversation. Decides between a new film and a change of this one; the
        answer to a question goes to what asked it. engine: of new films."""
        from agent.graph import answer, run

        text = text.strip()
        self.attach(files)
        used = [item for item in self.shelf.items() if item.roles]
        answered = None if used or new_film else self.panels.focus_said(self.current, text)
        shown = text + "".join(f"\n{mark(item)} {item.name}" for item in used)
        self._add(Message("user", shown or "…", line=text))
        if answered is not None:
            self._add(Message("assistant", answered))
            return
        try:
            request, _ = checked(Request(prompt=text, references=self.shelf.references(), duration_s=duration_s,
                                         takes=takes, size_px=size_px, engine=engine[:40]))
        except Unusable as fault:
            self._add(Message("assistant", str(fault)))
            return
        pending, self._pending = self._pending, None
        self._sent = {item.path: item.roles for item in used}
        if pending is not None and not new_film and text and not files:
            self._begin(lambda stop: answer(self.studio, pending, text, stop), "Reading")
            return
        start: dict[str, Any] = {"request": request.model_dump(mode="json"), "shown": self._shown[-40:],
                                 "said": [m.line for m in self._messages[:-1] if m.role == "user" and m.line][-40:]}
        before = self._uses()
        if self.current is not None and not new_film and is_change(text, used, before):
            start["parent"] = self.current
            start["referring"] = {str(item.path): set(item.roles) for item in used} != before
        self._begin(lambda stop: run(self.studio, start, stop),
                    "Changing the film" if "parent" in start else "Making the film")

    def attach(self, files: list[str]) -> bool:
        """Files from outside join the conversation; of one that cannot be used one sentence is said. Whether any were
        given."""
        for name in files:
            try:
                self.shelf.attach(Path(name))
            except Unusable as fault:
                self._add(Message("assistant", str(fault)))
        return bool(files)

    def keep(self, path: Path) -> None:
        """A file that was drawn joins the conversation; of two of one name the newer one. Raises Unusable."""
        self.shelf.keep(path)

    def let_go(self) -> None:
        """No reference is used any more; the files stay in the project."""
        self.shelf.clear()

    def brush(self, take_id: str, shot: int, brushes: list[dict[str, Any]]) -> None:
        """A new take in which painted regions of a shot move. Raises Unusable."""
        _, direction, _ = self.studio.load(take_id)
        patch: Patch = [{"op": "replace", "path": f"/shots/{shot}/brushes", "value": brushes}]
        apply_patch(direction, patch, reason="motion brushes")
        if self._work is not None:
            raise Unusable(BUSY)
        count = len(brushes)
        self.change(take_id, patch, f"{count} painted region{'s' if count > 1 else ''} of shot {shot + 1} "
                                    f"move{'s' if count == 1 else ''}")

    def moved(self, take_id: str, control_id: str, value: Any) -> None:
        """A control was moved; kept until a take is made of it. A take picker shows the take. Raises Unusable."""
        if self.panels.moved(take_id, control_id, value) in self.studio.store.ids() and control_id == "takes":
            self.show(str(value))

    def reset(self, take_id: str) -> None:
        """Forget what was moved on this take's panel."""
        self.panels.reset(take_id)

    def apply(self, take_id: str) -> None:
        """Make a new take with what was moved on its panel."""
        try:
            patch, labels = self.panels.waiting(take_id)
        except Unusable as fault:
            self._add(Message("assistant", str(fault)))
            return
        self.change(take_id, patch, labels)

    def again(self, take_id: str) -> None:
        """The same Direction with another seed."""
        _, direction, _ = self.studio.load(take_id)
        seed = (direction.seed * 48271 + 11) % (2**31 - 1)
        self.change(take_id, [{"op": "replace", "path": "/seed", "value": seed}], f"again, with seed {seed}")

    def change(self, take_id: str, patch: Patch, why: str) -> None:
        """A new take with this patch; why, in words, is its reason."""
        from agent.graph import run

        self._add(Message("user", f"{take_id}: {why}"))
        self._sent = {}
        start = {"parent": take_id, "patch": patch, "request": {}, "reason": why[:500], "quiet": True}
        self._begin(lambda stop: run(self.studio, start, stop), "Making a new take")

    def merge(self, ours: str, theirs: str) -> None:
        """Both in one new take; where they clash, that is asked."""
        from agent.graph import run

        self._add(Message("user", f"Merge {theirs} into {ours}"))
        self._sent = {}
        start = {"merge": {"ours": ours, "theirs": theirs, "side": None}, "request": {}, "quiet": True}
        self._begin(lambda stop: run(self.studio, start, stop), "Merging")

    def tell(self, text: str) -> None:
        """A sentence from the desk itself."""
        self._add(Message("assistant", text))

    def changed(self) -> None:
        """Something that pages show was changed elsewhere: labels."""
        with self._lock:
            self.revision += 1

    def stop(self) -> None:
        work = self._work
        if work is not None:
            work.stop.set()

    def show(self, take_id: str) -> None:
        """Put a take on the screen; what was there is kept for comparing."""
        with self._lock:
            if take_id in self.studio.store.ids() and take_id != self.current:
                self._arrived(take_id)
                self.revision += 1

    def put_ideas(self, ideas: tuple[dict[str, Any], ...], take_id: str | None) -> None:
        """The ideas on the table, and the take they start from."""
        with self._lock:
            self.ideas, self.ideas_of = ideas, take_id
            self.revision += 1
            self._stand()

    def compare(self, take_id: str | None) -> None:
        with self._lock:
            self.compared = take_id if take_id in self.studio.store.ids() and take_id != self.current else None
            self.revision += 1
            self._stand()

    def finish(self, timeout_s: float = 600.0) -> None:
        """Wait for the running job, for tests and a tidy end."""
        end = time.monotonic() + timeout_s
        while self._work is not None and time.monotonic() < end:
            time.sleep(0.05)

    # ---------------------------------------------------------------- inside

    def _uses(self) -> dict[str, set[str]]:
        """The references of the take on the screen, by path, with their roles."""
        try:
            _, _, brief = self.studio.load(self.current or "")
        except Unusable:
            return {}
        return {use.path: set(use.roles) for use in brief.references}

    def _begin(self, events: Callable[[Flag], Generator[AgentEvent]], label: str) -> None:
        with self._lock:
            if self._work is not None:
                self._add(Message("assistant", BUSY))
                return
            work = self._work = Work(label, sent=self._sent)
            self.revision += 1
        threading.Thread(target=self._run, args=(events, work), daemon=True, name="beecam-job").start()

    def _run(self, events: Callable[[Flag], Generator[AgentEvent]], work: Work) -> None:
        try:
            self.shelf.hold(list(work.sent), work.stop, lambda share: self._looking(work, share))
            with closing(events(work.stop)) as found:  # a listener that fails ends the run
                self._follow(found, work)
        except (Unusable, Unavailable, Stopped) as fault:
            self._add(Message("assistant", str(fault)))
        except OSError as fault:
            self._add(Message("assistant", DISK_FULL if fault.errno in (28, 122, 27) else
                              f"A file could not be used: {fault.strerror or fault}."))
        except Exception as fault:
            # A thread that died in silence would leave the page waiting for ever; the log has the whole story.
            self._add(Message("assistant", f"Something went wrong inside ({type(fault).__name__}); this take was not "
                                           "kept, earlier takes are intact."))
            raise
        finally:
            with self._lock:
                self._work = None
                self.revision += 1
            self.shelf.go_on()

    def _follow(self, events: Iterable[AgentEvent], work: Work) -> None:
        """Every event of a run, as the conversation tells it."""
        notes: list[str] = []
        job, said, told = "", "", False
        direction: Direction | None = None
        for event in events:
            data = event.data or {}
            if event.kind == "job":
                job = event.text
            elif event.kind == "note":
                notes.append(event.text)
            elif event.kind == "direction":
                direction = Direction.model_validate(data)
            elif event.kind == "said":
                said = event.text
                if data.get("kind") not in MAKING:
                    self._add(Message("assistant", said, data.get("parent")))
                    told = True
            elif event.kind == "go_to":
                self.show(event.text)
            elif event.kind == "take":
                self._arrived(event.text)
                self.shelf.follow(self.studio.load(event.text)[2].references, work.sent)
                text = take_told(self.studio.store, event.text, said if event.takes == 1 else "", direction, notes)
                self._add(Message("assistant", text, event.text))
                notes, told = [], True
            elif event.kind == "ideas":
                self.put_ideas(tuple(data.get("ideas", ())), data.get("take"))
            elif event.kind == "review":
                self._add(Message("assistant", event.text, data.get("take")))
            elif event.kind == "proposals":
                self._add(Message("assistant", "You could say:", data.get("take"), tuple(data.get("lines", ()))))
            elif event.kind == "question":
                self._pending = job
                self._add(Message("assistant", event.text, choices=tuple(data.get("choices", ()))))
                told = True
            else:
                work.event = event
                work.preview = event.preview or work.preview
        if notes and not told:
            self._add(Message("assistant", "\n".join(notes)))

    def _arrived(self, take_id: str) -> None:
        with self._lock:
            self.compared, self.current = self.current, take_id
            self._shown.append(take_id)
            self._stand()

    def _stand(self) -> None:
        write_place(self.studio.store, Place(self.current, self.compared, self.ideas, self.ideas_of))

    def _looking(self, work: Work, share: float) -> None:
        work.event = AgentEvent(kind="progress", stage="perceive", done=int(100 * share), total=100, unit="percent")

    def _add(self, message: Message) -> None:
        with self._lock:
            self._messages.append(message)
            self.revision += 1
            write(self._log, message)


__all__ = ["Desk", "Message", "Work"]
