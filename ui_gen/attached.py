"""The shelf: the references of a conversation, with the roles a person gave them, looked at in the background.

They stay until they are removed, and a refresh or a restart finds them again. No gradio here.
"""

from __future__ import annotations

import json
import os
import secrets
import shutil
import threading
import time
import traceback
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from threading import Event as Flag
from typing import Any

from agent.brief import ReferenceUse
from agent.references import ALL, DEFAULT_ROLES, GIVES, Kind, kind_named, kind_of
from agent.request import MOST_REFERENCES, Reference
from modalities.faults import Stopped, Unavailable, Unusable
from modalities.media import file_sha256
from modalities.store import Store
from ui_gen.attached_words import colours, one_line

FULL = f"{MOST_REFERENCES} references are as many as are read at once; remove one first."


@dataclass(frozen=True)
class Attachment:
    """A reference on the shelf. roles are those switched on; chosen: a person (or the words of a take) said so, else
    they are the usual ones of the kind. told: what was recognised, one line; colours: CSS colours of its palette.
    state: "waiting", "looking", "told"."""

    id: str
    name: str
    path: Path
    kind: Kind
    roles: tuple[str, ...]
    chosen: bool = False
    told: str = ""
    colours: tuple[str, ...] = ()
    state: str = "waiting"

    @property
    def offered(self) -> tuple[str, ...]:
        """The roles that it can give, usual ones first."""
        usual = DEFAULT_ROLES[self.kind]
        rest = tuple(role for role in GIVES[self.kind] if role not in usual)
        return usual + rest + (("all",) if self.kind in ALL else ())

    def reference(self) -> Reference | None:
        """As `--ref FILE:roles` would give it; None when every role is off."""
        if not self.roles:
            return None
        if not self.chosen:
            return Reference(path=self.path)
        return Reference(path=self.path, roles=("all",) if "all" in self.roles else self.roles)


class Shelf:
    """Thread-safe. `revision` grows with every visible change. `complain` hears of a file that turns out unusable."""

    def __init__(self, store: Store, complain: Callable[[str], None]) -> None:
        self._store, self._complain = store, complain
        self._lock = threading.RLock()
        self._file = store.root / "attached.json"
        self._items = self._read()
        self._held = False
        self._now: tuple[str, Flag] | None = None
        self._share = 0.0
        self.revision = 1
        self._look()

    def items(self) -> tuple[Attachment, ...]:
        with self._lock:
            return tuple(self._items)

    @property
    def share(self) -> float:
        """How much of the one that is being looked at is done, [0, 1]."""
        return self._share

    def references(self) -> tuple[Reference, ...]:
        """What goes into the next request; references whose roles are all off stay out of it."""
        return tuple(found for found in (item.reference() for item in self.items()) if found is not None)

    # ---------------------------------------------------------------- what a person does

    def attach(self, path: Path) -> Attachment:
        """A file from outside, copied into the project. Raises Unusable; its sentence names only the file."""
        name = path.name
        try:
            kind = kind_of(path)
            kept = _placed(self._store, path)
            return self._add(kept, kind)
        except Unusable as fault:
            raise Unusable(str(fault).replace(str(path), name)) from None
        except OSError as fault:
            raise Unusable(f"{name} could not be kept: {fault.strerror or fault}.") from None

    def keep(self, path: Path) -> Attachment:
        """A file of the project itself, such as a drawing; of two of one name the newer one. Raises Unusable."""
        kind = kind_of(path)
        with self._lock:
            self._items = [item for item in self._items if item.name != path.name]
            return self._add(path, kind)

    def remove(self, ident: str) -> None:
        """The file stays in the project, where takes may need it."""
        with self._lock:
            self._items = [item for item in self._items if item.id != ident]
            if self._now is not None and self._now[0] == ident:
                self._now[1].set()
            self._changed()

    def clear(self) -> None:
        for item in self.items():
            self.remove(item.id)

    def switch(self, ident: str, role: str, on: bool) -> None:
        """Give or take a role. What a kind cannot give is not taken on."""
        with self._lock:
            item = next((item for item in self._items if item.id == ident), None)
            if item is None or role not in item.offered:
                return
            if role == "all":
                wanted = {"all", *ALL[item.kind]} if on else set(DEFAULT_ROLES[item.kind])
            else:
                wanted = set(item.roles) - {"all"}
                wanted = wanted | {role} if on else wanted - {role}
            self._put(replace(item, roles=tuple(one for one in item.offered if one in wanted), chosen=True))

    def follow(self, uses: Sequence[ReferenceUse], sent: Mapping[Path, tuple[str, ...]]) -> None:
        """Show the roles that a take gave them, since words may have said which; a switch that was set since they were
        sent stays as it is."""
        by_path = {use.path: use for use in uses}
        with self._lock:
            for item in list(self._items):
                use = by_path.get(str(item.path.absolute()))
                if use is None or not item.roles or sent.get(item.path) != item.roles:
                    continue
                changed = replace(item, kind=kind_named(use.kind), roles=use.roles,
                                  chosen=item.chosen or use.because.startswith("said in the words"))
                if changed != item:
                    self._put(changed)

    # ---------------------------------------------------------------- looking at them meanwhile

    def hold(self, wanted: Sequence[Path], stop: Flag, tell: Callable[[float], None]) -> None:
        """Look at nothing more until `go_on`: a film is being made. What it needs and is nearly seen is waited for."""
        with self._lock:
            self._held = True
            now = next((item for item in self._items if self._now and item.id == self._now[0]), None)
            if self._now is not None and (now is None or now.path not in wanted):
                self._now[1].set()
        while self._now is not None and not stop.is_set():
            tell(self._share)
            time.sleep(0.05)

    def go_on(self) -> None:
        with self._lock:
            self._held = False
        self._look()

    def settle(self, timeout_s: float = 60.0) -> None:
        """Wait until everything was looked at, for tests."""
        end = time.monotonic() + timeout_s
        while time.monotonic() < end and any(item.state != "told" for item in self.items()):
            time.sleep(0.05)

    def _look(self) -> None:
        with self._lock:
            if self._held or self._now is not None:
                return
            item = next((item for item in self._items if item.state == "waiting"), None)
            if item is None:
                return
            stop = Flag()
            self._now, self._share = (item.id, stop), 0.0
            self._put(replace(item, state="looking"))
        threading.Thread(target=self._see, args=(item, stop), daemon=True, name="beecam-look").start()

    def _see(self, item: Attachment, stop: Flag) -> None:
        from agent.seen import see

        kind, told, state, dots, bad = item.kind, "", "told", item.colours, ""

        def tell(share: float) -> None:
            self._share = min(1.0, share)

        try:
            seen = see(self._store, item.path, 1, (), None, stop, tell)
            kind, told, dots = seen.kind, one_line(seen), colours(seen)
        except Stopped:
            state = "waiting"
        except Unusable as fault:
            bad = str(fault).replace(str(item.path), item.name)
        except Unavailable as fault:
            told = str(fault)
        except Exception as fault:
            # The take will say more about it; the page must not wait for ever, and the log has the whole story.
            traceback.print_exc()
            told = f"It could not be looked at yet ({type(fault).__name__})."
        if bad and any(one.id == item.id for one in self.items()):
            if item.path.parent.name == "given":
                item.path.unlink(missing_ok=True)
            self._complain(bad)
            self.remove(item.id)
        with self._lock:
            self._now = None
            now = next((one for one in self._items if one.id == item.id), None)
            if now is not None:
                roles = now.roles
                if kind != now.kind:
                    left = tuple(role for role in roles if role in GIVES[kind]) if now.chosen else ()
                    roles = left or DEFAULT_ROLES[kind]
                self._put(replace(now, kind=kind, roles=roles, told=told, colours=dots, state=state))
        self._look()

    # ---------------------------------------------------------------- inside

    def _add(self, path: Path, kind: Kind) -> Attachment:
        with self._lock:
            held = next((item for item in self._items if item.path == path), None)
            if held is not None:
                return held
            if len(self._items) >= MOST_REFERENCES:
                raise Unusable(FULL)
            item = Attachment(secrets.token_hex(4), path.name, path, kind, DEFAULT_ROLES[kind])
            self._items.append(item)
            self._changed()
        self._look()
        return item

    def _put(self, item: Attachment) -> None:
        self._items = [item if one.id == item.id else one for one in self._items]
        self._changed()

    def _changed(self) -> None:
        self.revision += 1
        part = self._file.with_suffix(".part")
        try:
            part.write_text(json.dumps([vars(item) | {"path": str(item.path)} for item in self._items],
                                       ensure_ascii=False, indent=1), "utf-8")
            part.replace(self._file)
        except OSError:
            # They stay on the page when the disk is full; takes report such a thing themselves.
            part.unlink(missing_ok=True)

    def _read(self) -> list[Attachment]:
        try:
            rows: list[dict[str, Any]] = json.loads(self._file.read_text("utf-8"))
            return [found for found in map(_stored, rows) if found is not None]
        except (OSError, ValueError, TypeError):
            return []


def _stored(row: dict[str, Any]) -> Attachment | None:
    """One row of the file, or None when what it names is gone or makes no sense."""
    try:
        path, kind = Path(str(row["path"])), kind_named(str(row["kind"]))
        if not path.is_file():
            return None
        item = Attachment(str(row["id"])[:16], path.name, path, kind, (), bool(row["chosen"]), str(row["told"])[:300],
                          tuple(str(one)[:40] for one in row["colours"]),
                          "told" if row["state"] == "told" else "waiting")
        return replace(item, roles=tuple(role for role in item.offered if role in row["roles"]))
    except (KeyError, TypeError, OSError):
        return None


def _placed(store: Store, path: Path) -> Path:
    """The project's own copy of a file, in a folder of its own beside what is measured in it."""
    folder = store.reference_dir(file_sha256(path)) / "given"
    folder.mkdir(exist_ok=True)
    final = folder / path.name
    if not final.exists():
        part = folder / f".{secrets.token_hex(4)}.part"
        try:
            os.link(path, part)
        except OSError:
            shutil.copyfile(path, part)
        part.replace(final)
    return final


__all__ = ["Attachment", "Shelf"]
